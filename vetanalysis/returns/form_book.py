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
from collections.abc import Collection, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from vetanalysis.paths import write_whole
from vetanalysis.returns.form_sheets import Agreement, Cell, Formula, Sheet, address
from vetanalysis.returns.form_words import FormWords
from vetanalysis.returns.key import Key, letters

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
FONT = "Times New Roman"
FORM_SHEET, CELLS_SHEET, TEXTS_SHEET = "_form", "_cells", "_texts"
#: Columns of the hidden sheet `_cells`, one row per cell a person fills with a number.
CELL_COLUMNS = (
    "sheet", "cell", "indicator", "level", "sex", "group", "residence", "trade",
    "fund_source", "channel", "measure", "basis",
)  # fmt: skip
#: Columns that `_cells` has only where a figure belongs to another period than the form's, or to a stated definition.
MORE_COLUMNS = ("period", "base", "concept")
#: Columns of the hidden sheet `_texts`, one row per cell a person fills with words.
TEXT_COLUMNS = ("sheet", "cell", "kind", "ref")
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


def _write(page: Any, at: tuple[int, int], cell: Cell, looks: dict[str, Any]) -> None:
    """`looks`: what openpyxl made of each style in this workbook, which is then copied as a whole."""
    row, column = at
    place = page.cell(row, column)
    last = address(row + max(cell.down - 1, 0), column + max(cell.across - 1, 0))
    merged, framed = f"{address(row, column)}:{last}", cell.look == "heading"
    several = bool(cell.across or cell.down)
    if several and not framed:  # each of its cells has a style of its own, or none
        page.merged_cells.add(merged)
    if cell.look in looks:
        place._style = copy(looks[cell.look])
    elif cell.look:
        for attribute, value in style(cell.look).items():
            setattr(place, attribute, value)
        looks[cell.look] = copy(place._style)
    if isinstance(cell.value, str):
        put_text(place, cell.value)
    elif cell.value is not None:
        place.value = cell.value.text() if isinstance(cell.value, Formula | Agreement) else cell.value
    if cell.as_text:
        place.number_format = "@"
    if several and framed:  # merged last, so that its frame goes round the whole
        page.merge_cells(merged)


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


def _print_on(page: Any, sheet: Sheet, say: FormWords) -> None:
    """A4 landscape, one page wide, header repeated, page number below; protected without a password."""
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, sheet.high
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_options.horizontalCentered = True
    page.page_margins.left, page.page_margins.right = 0.6, 0.4
    page.page_margins.top, page.page_margins.bottom = 0.6, 0.8
    page.page_margins.header, page.page_margins.footer = 0.3, 0.4
    page.oddFooter.right.text = f"{say('page')} &P/&N"
    page.sheet_view.showGridLines = False
    if sheet.header:
        page.print_title_rows = f"{sheet.header - 2}:{sheet.header}"
    protect(page)


def protect(sheet: Any) -> None:
    """Only open cells can be edited; widths and heights stay free; no password."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False


def _allow(page: Any, ref: str, title: str, message: str, **limits: Any) -> None:
    """What may be typed in cells, and what is said of anything else."""
    from openpyxl.worksheet.datavalidation import DataValidation

    rule = DataValidation(allow_blank=True, showErrorMessage=True, errorTitle=title, error=message, **limits)
    for one in ref.split():
        rule.add(one)
    page.add_data_validation(rule)


def _allow_numbers(page: Any, refs: list[str], whole: bool, most: int | None, say: FormWords) -> None:
    """Only numbers of at least zero in these cells: whole ones, or with a fraction, up to `most` where given."""
    if not refs:
        return
    message = say("entry.whole" if whole else "entry.number")
    limits = {"operator": "greaterThanOrEqual", "formula1": "0"}
    if most is not None:
        message = say("entry.number_up_to", most=most)
        limits = {"operator": "between", "formula1": "0", "formula2": str(most)}
    kind = "whole" if whole else "decimal"
    _allow(page, " ".join(refs), say("entry.number.title"), message, type=kind, **limits)


@dataclass(slots=True)
class Form:
    """A workbook while it is made: `book` of openpyxl, `day` stamped into the file (no clock is read), its words; where
    each figure, text, number and formula stands, by sheet and address.
    """

    day: date
    say: FormWords
    book: Any
    cells: dict[tuple[str, str], Key] = field(default_factory=dict)
    texts: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    numbers: dict[tuple[str, str], float] = field(default_factory=dict)
    formulas: dict[tuple[str, str], Formula | Agreement] = field(default_factory=dict)
    looks: dict[str, Any] = field(default_factory=dict)

    def draw(self, page: Any, sheet: Sheet) -> None:
        """Write a sheet of the form on an empty page of the workbook, and remember what stands where."""
        page.title, say = sheet.name, self.say
        for at, cell in sheet.cells.items():
            _write(page, at, cell, self.looks)
            place = sheet.name, address(*at)
            if isinstance(cell.value, Formula | Agreement):
                self.formulas[place] = cell.value
            elif isinstance(cell.value, int | float):
                self.numbers[place] = cell.value
            if cell.key is not None:
                self.cells[place] = cell.key
            if cell.asked is not None:
                self.texts[place] = cell.asked
        for column, width in sheet.widths.items():
            page.column_dimensions[letters(column - 1)].width = width
        for row, height in sheet.heights.items():
            page.row_dimensions[row].height = height
        for ref, words in sheet.lists:
            choices = '"' + ",".join(words) + '"'
            _allow(page, ref, say("entry.list.title"), say("entry.list"), type="list", formula1=choices)
        for refs, whole, most in sheet.numbers:
            _allow_numbers(page, refs, whole, most, say)
        if sheet.freeze:
            page.freeze_panes = sheet.freeze
        _print_on(page, sheet, say)

    def add_hidden(self, about: dict[str, str]) -> None:
        """The hidden sheets by which a program finds every figure: `_form`, `_cells`, `_texts`.

        Of `MORE_COLUMNS` the sheet `_cells` has those that a figure needs.
        """
        more = [name for name in MORE_COLUMNS if any(getattr(key, name) for key in self.cells.values())]
        named = (*CELL_COLUMNS[2:], *more)
        _hidden(self.book, FORM_SHEET, ("key", "value"), about.items())
        cells = ((*place, *(getattr(key, name) for name in named)) for place, key in self.cells.items())
        _hidden(self.book, CELLS_SHEET, (*CELL_COLUMNS, *more), cells)
        texts = ((*place, *asked) for place, asked in self.texts.items())
        _hidden(self.book, TEXTS_SHEET, TEXT_COLUMNS, texts)

    def results(self) -> dict[tuple[str, str], float | str]:
        """The value of every formula, for the numbers that stand in the form now."""
        found: dict[tuple[str, str], float | str] = {}
        for _ in range(len(self.formulas)):
            before = dict(found)
            by_sheet = _by_sheet(
                {**self.numbers, **{k: v for k, v in found.items() if not isinstance(v, str)}}
            )
            for (sheet, ref), formula in self.formulas.items():
                found[sheet, ref] = formula.value(by_sheet.get(sheet, {}) | by_sheet[""])
            if found == before:
                break
        return found

    def overwrite(self, sheet: str, ref: str, value: float) -> None:
        """Put a typed number in a cell, as a person does who overwrites a formula."""
        self.formulas.pop((sheet, ref), None)
        self.numbers[sheet, ref] = value
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
        return write_whole(self.to_bytes(), path)


def _by_sheet(numbers: dict[tuple[str, str], float]) -> dict[str, dict[str, float]]:
    """Numbers by sheet and address, and under "" by address with the sheet in front."""
    found: dict[str, dict[str, float]] = {"": {}}
    for (sheet, ref), value in numbers.items():
        found.setdefault(sheet, {})[ref] = value
        found[""][f"'{sheet}'!{ref}"] = value
    return found


def _hidden(book: Any, name: str, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """A hidden sheet of words; each stays words (a code like 05971 keeps its zero)."""
    sheet = book.create_sheet(name)
    sheet.sheet_state = "hidden"
    for row, values in enumerate((header, *rows), start=1):
        for column, value in enumerate(values, start=1):
            if value != "":
                cell = sheet.cell(row, column)
                cell.value = value
                cell.data_type = "s"
    protect(sheet)


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
