"""How the cells of the form look, and how words are put into a cell so that they stay words."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
FONT = "Times New Roman"


def put_text(cell: Any, text: str) -> None:
    """Write words that no spreadsheet program takes for a formula, whatever they begin with.

    The type of the cell is text, and words that begin like a formula (= + - @) carry the quote prefix, so
    that they stay words when a person edits the cell. Control characters, which the format forbids, go.
    """
    clean = _FORBIDDEN.sub("", unicodedata.normalize("NFC", text))
    cell.value = clean or None
    if clean:
        cell.data_type = "s"
        if clean.lstrip()[:1] in ("=", "+", "-", "@"):
            cell.quotePrefix = True


@cache
def style(name: str) -> dict[str, Any]:
    """The attributes of a named style: font, fill, border, alignment, protection, number format."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

    thin = Side(style="thin", color="808080")
    box = Border(left=thin, right=thin, top=thin, bottom=thin)
    yellow, grey, head = (PatternFill("solid", fgColor=one) for one in ("FFF9DB", "EDEDED", "DCE6F1"))
    middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
    left = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
    top = Alignment(horizontal="left", vertical="top", wrap_text=True)
    right = Alignment(horizontal="right", vertical="center")
    plain, bold = Font(name=FONT, size=11), Font(name=FONT, size=11, bold=True)
    small = Font(name=FONT, size=10, italic=True)
    open_cell = Protection(locked=False)
    styles: dict[str, dict[str, Any]] = {
        "unit": {"font": Font(name=FONT, size=12, bold=True), "alignment": Alignment(vertical="center")},
        "title": {"font": Font(name=FONT, size=14, bold=True), "alignment": middle},
        "period": {"font": Font(name=FONT, size=12, italic=True), "alignment": middle},
        "warning": {"font": Font(name=FONT, size=12, bold=True, color="C00000"), "alignment": middle},
        "note": {"font": small, "alignment": top},
        "head": {"font": bold, "fill": head, "border": box, "alignment": middle},
        "letter": {"font": small, "fill": head, "border": box, "alignment": middle},
        "label": {"font": plain, "border": box, "alignment": left},
        "label_total": {"font": bold, "border": box, "alignment": left},
        "heading": {"font": bold, "fill": grey, "border": box, "alignment": left},
        "word": {"font": plain, "border": box, "alignment": middle},
        "plain": {"font": plain, "alignment": left},
        "bold": {"font": bold, "alignment": left},
        "sign": {"font": bold, "alignment": middle},
        "given_text": {"font": plain, "fill": grey, "border": box, "alignment": left},
        "input_text": {"font": plain, "fill": yellow, "border": box, "alignment": top,
                       "protection": open_cell},
        "input_day": {
            "font": plain, "fill": yellow, "border": box, "alignment": middle, "protection": open_cell,
            "number_format": "dd/mm/yyyy",
        },
        "input": {
            "font": plain, "fill": yellow, "border": box, "alignment": right, "protection": open_cell,
            "number_format": "#,##0",
        },
        "given": {"font": plain, "fill": grey, "border": box, "alignment": right, "number_format": "#,##0"},
        "total": {"font": bold, "fill": grey, "border": box, "alignment": right, "number_format": "#,##0"},
    }  # fmt: skip
    for name_of in ("input", "given", "total"):
        styles[f"{name_of}_fraction"] = {**styles[name_of], "number_format": "#,##0.0"}
    return styles[name]


def dress(cell: Any, name: str) -> None:
    """Give a cell a named style."""
    for attribute, value in style(name).items():
        setattr(cell, attribute, value)


def page(sheet: Any, header_rows: int = 0, pages_high: int = 0) -> None:
    """A4 landscape, one page wide (and `pages_high` high where given), header repeated, page number
    below; the sheet protected without a password."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, pages_high
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left, sheet.page_margins.right = 0.6, 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.6, 0.8
    sheet.page_margins.header, sheet.page_margins.footer = 0.3, 0.4
    sheet.oddFooter.right.text = "Trang &P/&N"
    sheet.sheet_view.showGridLines = False
    if header_rows:
        sheet.print_title_rows = f"{header_rows - 2}:{header_rows}"
    protect(sheet)


def protect(sheet: Any) -> None:
    """Only open cells can be edited; widths and heights stay free; no password."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False


def allow_list(sheet: Any, ref: str, words: tuple[str, ...]) -> None:
    """A drop-down list on a cell or range."""
    from openpyxl.worksheet.datavalidation import DataValidation

    rule = DataValidation(type="list", formula1='"' + ",".join(words) + '"', allow_blank=True)
    rule.errorTitle, rule.error = "Chọn trong danh sách", "Chọn một giá trị trong danh sách."
    rule.showErrorMessage = True
    rule.add(ref)
    sheet.add_data_validation(rule)


def allow_numbers(sheet: Any, refs: list[str], whole: bool, most: int | None = None) -> None:
    """Only numbers of at least zero in these cells: whole ones, or with a fraction, up to `most` where
    given."""
    from openpyxl.worksheet.datavalidation import DataValidation

    if not refs:
        return
    limits = {"operator": "between", "formula1": "0", "formula2": str(most)} if most is not None else {}
    rule = DataValidation(
        type="whole" if whole else "decimal",
        allow_blank=True,
        **(limits or {"operator": "greaterThanOrEqual", "formula1": "0"}),
    )
    rule.errorTitle = "Số không hợp lệ"
    rule.error = "Nhập số nguyên từ 0 trở lên." if whole else "Nhập số từ 0 trở lên."
    if most is not None:
        rule.error = f"Nhập số từ 0 đến {most}."
    rule.showErrorMessage = True
    for ref in refs:
        rule.add(ref)
    sheet.add_data_validation(rule)
