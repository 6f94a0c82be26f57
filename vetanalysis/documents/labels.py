"""Words a writer itself puts on the page, in both languages."""

from __future__ import annotations

from vetanalysis.text import Text

TO = Text("Kính gửi:", "To:")
TABLE = Text("Bảng", "Table")
FIGURE = Text("Hình", "Figure")
APPENDIX = Text("Phụ lục", "Appendix")
OFFICE_PLACE = Text("Phần đơn vị bổ sung", "To be added by the office")
CONTENTS = Text("Nội dung", "Contents")
SKIP = Text("Đến nội dung chính", "Skip to the content")
END_OF_BODY = Text("./.", "")


def ended(text: str, lang: str) -> str:
    """The last line of the body closed as Decree 30/2020 asks ("./."), once; in English as it stands."""
    mark = END_OF_BODY.get(lang)
    if not mark or text.rstrip().endswith(mark):
        return text
    return text.rstrip().rstrip(".") + mark
