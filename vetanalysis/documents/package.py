"""Office files as bytes that depend on the content alone: no clock, parts in a fixed order, text inert.

`inert` is what becomes of every text a unit typed: it may be shown, never obeyed.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile

# The first moment a zip entry can name; a report's own date stands in its text.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_DATES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
_FIXED_DATE = b"2000-01-01T00:00:00Z"


def fixed_package(data: bytes) -> bytes:
    """The same package (.docx, .xlsx) with parts sorted by name, fixed times and fixed document dates."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in sorted(source.namelist()):
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _DATES.sub(rb"\g<1>" + _FIXED_DATE + rb"\g<3>", content)
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same on every system
            entry.external_attr = 0o644 << 16
            target.writestr(entry, content)
    return out.getvalue()


# Control characters, lone surrogates, non-characters and invisible reordering marks: the first
# three are illegal in XML, the last can make a line read differently from what it holds.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u202a-\u202e\u2066-\u2069\ufeff]"
)
_SPACE = re.compile(r"[\t\r\n\u2028\u2029]+")


def inert(text: object) -> str:
    """`text` composed (NFC), on one line, without control characters or reordering marks; None is empty.

    Ordinary spaces stay as they are, because a number line leaves room for the clerk by them.
    """
    if text is None:
        return ""
    return _UNSAFE.sub("", _SPACE.sub(" ", unicodedata.normalize("NFC", str(text))))
