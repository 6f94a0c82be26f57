"""The rules of reading: every finding the reader can make, its severity and what to do about it.

`found` makes a finding of one rule; the documentation and the tests read `READING_RULES`.
"""

from __future__ import annotations

from vetanalysis.blocks import Text
from vetanalysis.errors import Finding

READING_RULES: dict[str, tuple[str, Text]] = {
    "file-missing": ("error", Text("kiểm tra đường dẫn và tên tệp", "check the path and the file name")),
    "file-directory": (
        "error",
        Text(
            "lấy tệp bên trong ra, đặt vào thư mục của kỳ",
            "take the file out and put it into the period's folder",
        ),
    ),
    "file-unreadable": (
        "error",
        Text(
            "cấp quyền đọc tệp hoặc đóng chương trình đang mở tệp",
            "give read permission or close the program that holds the file",
        ),
    ),
    "file-empty": ("error", Text("yêu cầu đơn vị gửi lại tệp", "ask the unit to send the file again")),
    "file-too-large": (
        "error",
        Text(
            "yêu cầu gửi biểu tổng hợp, không gửi danh sách kèm hình ảnh",
            "ask for the summary form without pictures or lists",
        ),
    ),
    "file-kind": (
        "error",
        Text("lưu lại thành Excel (.xlsx) rồi gửi", "save it as Excel (.xlsx) and send it"),
    ),
    "file-extension": (
        "warning",
        Text("đổi đuôi tệp cho đúng; số liệu vẫn được đọc", "correct the file name; the figures were read"),
    ),
    "file-password": (
        "error",
        Text("bỏ mật khẩu mở tệp rồi gửi lại", "remove the password and send it again"),
    ),
    "file-damaged": (
        "error",
        Text("mở tệp bằng Excel, lưu lại rồi gửi", "open it in Excel, save and send again"),
    ),
    "file-zip-bomb": ("error", Text("không mở tệp; hỏi lại đơn vị gửi", "do not open it; ask the sender")),
    "file-macros": (
        "warning",
        Text(
            "macro không được chạy; nên gửi tệp .xlsx không có macro",
            "macros were not run; an .xlsx without macros is better",
        ),
    ),
    "file-links": (
        "warning",
        Text(
            "thay liên kết bằng giá trị; giá trị đã lưu được dùng",
            "replace links by values; the stored values were used",
        ),
    ),
    "sheet-dimension": (
        "error",
        Text("xóa các ô ở rất xa bảng rồi lưu lại", "clear cells far outside the table"),
    ),
    "sheet-merged": (
        "warning",
        Text(
            "bỏ bớt ô gộp; chỉ ô gộp ở phần tiêu đề được dùng",
            "unmerge cells; only those of the header were used",
        ),
    ),
    "sheet-hidden": (
        "info",
        Text("xem lại phần bị ẩn có được tính không", "see whether the hidden part counts"),
    ),
    "cell-comment": ("info", Text("đọc ghi chú của ô", "read the comment")),
    "old-font": (
        "info",
        Text("kiểm tra vài tên; nên dùng phông Unicode", "check a few names; a Unicode font is better"),
    ),
    "formula-command": (
        "error",
        Text(
            "công thức không được chạy; xóa nó và hỏi lại đơn vị gửi",
            "the formula was not run; delete it and ask the sender",
        ),
    ),
    "formula-cycle": (
        "error",
        Text("sửa công thức tự tham chiếu", "correct the formula that refers to itself"),
    ),
    "formula-no-value": (
        "warning",
        Text(
            "mở tệp bằng Excel và lưu lại để có giá trị", "open in Excel and save so that the value is stored"
        ),
    ),
    "formula-calculated": (
        "info",
        Text("giá trị được tính lại từ công thức", "the value comes from the formula"),
    ),
    "formula-in-entry": (
        "info",
        Text(
            "ô nhập có công thức; giá trị đã lưu được dùng",
            "an entry cell holds a formula; its stored value was used",
        ),
    ),
    "typed-over": (
        "warning",
        Text(
            "ô này in sẵn hoặc tự tính và không được đọc; số liệu sai thì sửa ô nhập, số in sẵn sai thì báo lại",
            "the cell is printed or worked out and is not read; correct the entry cells, or say what is printed wrong",
        ),
    ),
    "cell-error": ("warning", Text("sửa lỗi công thức trong ô", "correct the formula error in the cell")),
    "not-understood": (
        "warning",
        Text(
            "sửa ô này hoặc thêm vào tệp ánh xạ; ô chưa được tính",
            "correct the cell or describe it in a mapping file; it does not count yet",
        ),
    ),
    "number-guess": ("info", Text("kiểm tra nếu nghi ngờ", "check it if in doubt")),
    "number-doubtful": (
        "warning",
        Text("hỏi lại đơn vị gửi con số đúng", "ask the sender for the right figure"),
    ),
    "note-in-cell": (
        "info",
        Text("ghi chú được giữ lại bên cạnh con số", "the note is kept beside the figure"),
    ),
    "measure-mismatch": (
        "error",
        Text(
            "ghi lại số theo đơn vị tính của cột; ô chưa được tính",
            "give the figure in the column's unit of measure; it does not count yet",
        ),
    ),
    "subtotal-mismatch": (
        "warning",
        Text(
            "kiểm tra các dòng thành phần và dòng tổng; dòng tổng không được cộng thêm",
            "check the parts and the total; the total is never added",
        ),
    ),
    "identity-column": (
        "error",
        Text(
            "xóa cột này trước khi gửi; nội dung không được lưu",
            "delete the column before sending; its content was not kept",
        ),
    ),
    "identity-number": (
        "error",
        Text(
            "xóa số định danh trước khi gửi; số này không được lưu",
            "delete the citizen number before sending; it was not kept",
        ),
    ),
    "unit-unknown": (
        "warning",
        Text(
            "thêm tên vào cột bí danh của units.csv hoặc sửa tên trong tệp",
            "add the name to the aliases in units.csv or correct it in the file",
        ),
    ),
    "unit-ambiguous": ("warning", Text("ghi tên đầy đủ của đơn vị", "write the full name of the unit")),
    "unit-missing": (
        "error",
        Text("ghi tên đơn vị ở đầu biểu", "write the unit's name at the top of the form"),
    ),
    "period-missing": (
        "error",
        Text(
            "ghi kỳ báo cáo ở đầu biểu (ví dụ: Quý III năm 2023)",
            "write the period at the top of the form (quarter III of 2023)",
        ),
    ),
    "period-other": (
        "error",
        Text("sửa kỳ báo cáo cho khớp với kế hoạch", "correct the period to one of the plan"),
    ),
    "column-unknown": (
        "warning",
        Text(
            "thêm cột vào tệp ánh xạ; cột chưa được tính",
            "describe the column in a mapping file; it does not count yet",
        ),
    ),
    "form-plan": ("error", Text("dùng biểu mẫu của đúng kế hoạch", "use the form of this plan")),
    "form-altered": (
        "warning",
        Text(
            "không chèn hoặc xóa dòng, cột, trang ẩn của biểu; số liệu được đọc theo tiêu đề",
            "do not insert or delete rows, columns or hidden sheets; read by the headers instead",
        ),
    ),
    "form-sheet-missing": (
        "warning",
        Text("gửi lại biểu đầy đủ các trang", "send the form with all its sheets"),
    ),
    "row-refused": ("error", Text("sửa dòng này rồi gửi lại", "correct the row and send again")),
    "nothing-read": (
        "error",
        Text("dùng biểu mẫu hoặc thêm tệp ánh xạ", "use the form or add a mapping file"),
    ),
}


def found(rule: str, file: str, place: str, what: Text, *, sheet: str = "", severity: str = "") -> Finding:
    """A finding of one of the reading rules; `severity` only where it differs from the rule's own."""
    usual, remedy = READING_RULES[rule]
    return Finding(severity or usual, file, place, rule, what, remedy, sheet)
