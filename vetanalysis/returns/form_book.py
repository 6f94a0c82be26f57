"""The workbook of a form: how its cells look, what stands where, and the file it becomes.

The file has the same bytes whenever it is written and holds the results of its formulas, so that a program
that does not calculate (a reader, a previewer) still shows the totals. openpyxl does neither: it stamps the
present time into the file and cannot store a result; `settle` does both.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from vetanalysis.returns.form_layout import CELL_COLUMNS, TEXT_COLUMNS, Register
from vetanalysis.returns.lists import written

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
FONT = "Times New Roman"
FORM_SHEET, CELLS_SHEET, TEXTS_SHEET = "_form", "_cells", "_texts"
_FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)
# The default theme of openpyxl: no cell of ours uses it, and every program has one of its own.
_THEME = "xl/theme/theme1.xml"
_MENTIONS_THEME = ("[Content_Types].xml", "xl/_rels/workbook.xml.rels")
_THEME_ENTRY = re.compile(rb"<(?:Override|Relationship) [^>]*theme/theme1\.xml[^>]*/>")
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_FORMULA = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*)><f>(.*?)</f><v\s*/?>(?:</v>)?</c>', re.S)
_REFERENCE = re.compile(r"&#([0-9]{3,});")
_ROW = re.compile(r"<row([^>]*)>(.*?)</row>", re.S)
_CELL = re.compile(r'<c r="([A-Z])[0-9]+"(.*?</c>|[^>]*/>)', re.S)
_EMPTY = re.compile(r"<c ([^>]*[^/>])></c>")


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
    sheet.oddFooter.right.text = f"{written('page')} &P/&N"
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
    rule.errorTitle, rule.error = written("entry.list.title"), written("entry.list")
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
    rule.errorTitle = written("entry.number.title")
    rule.error = written("entry.whole" if whole else "entry.number")
    if most is not None:
        rule.error = written("entry.number_up_to", most=most)
    rule.showErrorMessage = True
    for ref in refs:
        rule.add(ref)
    sheet.add_data_validation(rule)


@dataclass(slots=True)
class Form:
    """`book` is the openpyxl workbook, `day` the day stamped into the file (no clock is read)."""

    book: Any
    register: Register
    day: date

    def results(self) -> dict[tuple[str, str], float | str]:
        """The value of every formula, for the numbers that stand in the form now."""
        numbers = dict(self.register.numbers)
        found: dict[tuple[str, str], float | str] = {}
        for _ in range(len(self.register.formulas)):
            before = dict(found)
            by_sheet = _by_sheet({**numbers, **{k: v for k, v in found.items() if not isinstance(v, str)}})
            for (sheet, ref), formula in self.register.formulas.items():
                found[sheet, ref] = formula.value(by_sheet.get(sheet, {}) | by_sheet[""])
            if found == before:
                break
        return found

    def overwrite(self, sheet: str, ref: str, value: float) -> None:
        """Put a typed number in a cell, as a person does who overwrites a formula."""
        self.register.formulas.pop((sheet, ref), None)
        self.register.numbers[sheet, ref] = value
        self.book[sheet][ref].value = value

    def to_bytes(self) -> bytes:
        """The file: the same bytes for the same content, every formula with its value."""
        self.book.properties.creator = self.book.properties.lastModifiedBy = "vetanalysis"
        raw = io.BytesIO()
        self.book.save(raw)
        parts: dict[str, dict[str, float | str]] = {}
        names = {
            sheet.title: f"xl/worksheets/sheet{n}.xml" for n, sheet in enumerate(self.book.worksheets, 1)
        }
        for (sheet, ref), value in self.results().items():
            parts.setdefault(names[sheet], {})[ref] = value
        lists = [names[sheet] for sheet in (FORM_SHEET, CELLS_SHEET, TEXTS_SHEET) if sheet in names]
        return settle(raw.getvalue(), self.day, parts, lists)

    def save(self, path: Path) -> Path:
        """Write the file; its folder is made when missing."""
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.to_bytes())
        return path


def _by_sheet(numbers: dict[tuple[str, str], float]) -> dict[str, dict[str, float]]:
    """Numbers by sheet and address, and under "" by address with the sheet in front."""
    found: dict[str, dict[str, float]] = {"": {}}
    for (sheet, ref), value in numbers.items():
        found.setdefault(sheet, {})[ref] = value
        found[""][f"'{sheet}'!{ref}"] = value
    return found


def add_hidden(book: Any, register: Register, about: dict[str, str]) -> None:
    """The hidden sheets by which a program finds every figure: `_form`, `_cells`, `_texts`.

    `_cells` has the column `period` only where a figure belongs to another period than the form's.
    """
    sheet = _hidden(book, FORM_SHEET, ("key", "value"))
    for fact, value in about.items():
        _append(sheet, (fact, value))
    sheet = _hidden(book, CELLS_SHEET, CELL_COLUMNS)
    with_period = any(key.period for key in register.cells.values())
    if with_period:
        sheet.cell(1, len(CELL_COLUMNS) + 1).value = "period"
    wanted = [*CELL_COLUMNS[2:], *(["period"] if with_period else [])]
    for (name, ref), key in register.cells.items():
        _append(sheet, (name, ref, *(getattr(key, column) for column in wanted)))
    sheet = _hidden(book, TEXTS_SHEET, TEXT_COLUMNS)
    for (name, ref), (kind, what) in register.texts.items():
        _append(sheet, (name, ref, kind, what))


def _hidden(book: Any, name: str, header: tuple[str, ...]) -> Any:
    sheet = book.create_sheet(name)
    sheet.sheet_state = "hidden"
    _append(sheet, header)
    protect(sheet)
    return sheet


def _append(sheet: Any, values: tuple[str, ...]) -> None:
    """A row of words; each stays words (a code like 05971 keeps its zero)."""
    row = 1 if sheet.max_row == 1 and sheet.cell(1, 1).value is None else sheet.max_row + 1
    for place, value in enumerate(values, start=1):
        if value != "":
            cell = sheet.cell(row, place)
            cell.value = value
            cell.data_type = "s"


def settle(
    raw: bytes,
    day: date,
    results: Mapping[str, Mapping[str, float | str]],
    lists: Collection[str] = (),
) -> bytes:
    """The workbook with the day as its time stamps and the result of each formula stored beside it.

    `results` gives, by name of the part (`xl/worksheets/sheet1.xml`), the value by cell address.
    `lists` names the parts that are plain lists of words; their cells follow one another without addresses,
    which the format allows and which halves them.
    """
    out = io.BytesIO()
    stamp = rb"\g<1>" + f"{day.isoformat()}T00:00:00Z".encode() + rb"\g<2>"
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target,
    ):
        for name in source.namelist():
            if name == _THEME:
                continue
            content = source.read(name)
            if name in _MENTIONS_THEME:
                content = _THEME_ENTRY.sub(b"", content)
            elif name == "docProps/core.xml":
                content = _STAMP.sub(stamp, content)
            elif name.startswith("xl/worksheets/"):
                sheet = _with_results(content.decode("utf-8"), results.get(name, {}))
                content = (_in_order(_short(sheet)) if name in lists else _short(sheet)).encode("utf-8")
            info = zipfile.ZipInfo(name, date_time=_FIRST_DAY_OF_ZIP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            info.create_system = 0
            target.writestr(info, content)
    return out.getvalue()


def _short(xml: str) -> str:
    """The same sheet in fewer bytes: letters as letters, and nothing said that is the default."""
    letters = _REFERENCE.sub(lambda match: chr(int(match.group(1))), xml)
    return _EMPTY.sub(r"<c \1/>", letters.replace(' t="n"', ""))


def _in_order(xml: str) -> str:
    """Cells without addresses: empty ones are written where one is left out."""

    def row(match: re.Match[str]) -> str:
        cells, column = [], 0
        for letter, rest in _CELL.findall(match.group(2)):
            place = ord(letter) - ord("A")
            cells.append("<c/>" * (place - column) + "<c" + rest)
            column = place + 1
        return f"<row{match.group(1)}>{''.join(cells)}</row>"

    return _ROW.sub(row, xml)


def _with_results(xml: str, results: Mapping[str, float | str]) -> str:
    def stored(match: re.Match[str]) -> str:
        address, attributes, formula = match.groups()
        value = results.get(address)
        if value is None:
            return match.group(0)
        if isinstance(value, str):
            return f'<c r="{address}"{attributes} t="str"><f>{formula}</f><v>{escape(value)}</v></c>'
        return f'<c r="{address}"{attributes}><f>{formula}</f><v>{value:.15g}</v></c>'

    return _FORMULA.sub(stored, xml)
