"""All tables of a report as one Excel workbook: numbers stay numbers, text never becomes a formula."""

from __future__ import annotations

import io
import math
import re
from copy import copy
from dataclasses import replace
from functools import partial
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from vetanalysis.blocks import Column, Document, Said, Table
from vetanalysis.documents.columns import header_spans
from vetanalysis.documents.package import fixed_package, inert
from vetanalysis.errors import WrongCall
from vetanalysis.paths import write_whole

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet

#: The looks of a book's cells, by what they show.
_Looks: TypeAlias = "dict[tuple[bool, bool, str, bool, str], StyleArray]"

_FONT = "Times New Roman"
_NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_BARE = re.compile(r"[-+−–]?\d[\d.,\u00a0 ]*%?")  # a number as it is printed alone
_LONGEST_CELL = 32767
# Widths of columns, in characters of the usual font; a column is as wide as its longest cell, within limits.
_NARROWEST, _WIDEST, _PADDING = 10, 48, 2
_CONTENTS_WIDTH = 90


def write_workbook(document: Document, path: str | Path) -> Path:
    """Write every table of `document` (body, then appendices) to `path`, a sheet each; fixed bytes.

    Cells hold `Table.values` where given, else the worded cells; a missing value stands as it is worded. Where numbers
    are printed with more than themselves (a range, a period, "nearly"), a column behind theirs holds them as printed.
    The first sheet lists the tables.
    """
    from openpyxl import Workbook

    book = Workbook()
    contents = book.active
    contents.title = Said("documents.sheets").get(document.lang)
    tables = tuple(_with_words(one, document.lang) for one in tables_of(document))
    names: list[str] = []
    looks: _Looks = {}
    for number, table in enumerate(tables, start=1):
        names.append(_sheet_name(f"{number}. {table.title}", names))
        _fill_sheet(book.create_sheet(names[-1]), table, _heads(table, number, document), looks)
    _fill_contents(contents, tables, names, document, looks)
    book.properties.creator = inert(document.head.issuing_body)
    book.properties.title = inert(document.title)
    out = io.BytesIO()
    book.save(out)
    return write_whole(fixed_package(out.getvalue()), path)


def write_table(table: Table, path: str | Path, banner: str = "") -> Path:
    """Write one worded table to `path`, alone on its sheet; `banner`: what marks invented figures. Fixed bytes.

    WrongCall for a name that does not end in .xlsx.
    """
    from openpyxl import Workbook

    if Path(path).suffix.lower() != ".xlsx":
        raise WrongCall(Said("calls.excel", given=str(path)))
    book = Workbook()
    sheet = book.active
    sheet.title = _sheet_name(table.title or Said("documents.table").get("en"), [])
    _fill_sheet(sheet, table, [one for one in (table.title, banner) if one], {})
    out = io.BytesIO()
    book.save(out)
    return write_whole(fixed_package(out.getvalue()), path)


def tables_of(document: Document) -> tuple[Table, ...]:
    """All tables in the order of reading, numbered as in the Word file."""
    found = [block for block in document.blocks if isinstance(block, Table)]
    for appendix in document.appendices:
        found += [block for block in appendix.blocks if isinstance(block, Table)]
    return tuple(found)


def _with_words(table: Table, lang: str) -> Table:
    """The table with a column of the printed words behind each in which they say more than the numbers."""

    def more(place: int, row: int) -> bool:
        return not _is_missing(_number(table, row, place)) and not _BARE.fullmatch(table.rows[row][place])

    rows = range(len(table.values))
    told = {place for place in range(len(table.columns)) if any(more(place, row) for row in rows)}
    if not told:
        return table
    heading = Said("documents.as_printed").get(lang)
    columns: list[Column] = []
    cells: list[list[str]] = [[] for _ in rows]
    values: list[list[Any]] = [[] for _ in rows]
    for place, column in enumerate(table.columns):
        columns.append(column)
        if place in told:
            columns.append(replace(column, label=f"{column.heading} ({heading})", measure="", align="left"))
        for row in rows:
            word = table.rows[row][place]
            cells[row] += [word, word] if place in told else [word]
            values[row].append(table.values[row][place])
            if place in told:
                values[row].append("" if _is_missing(_number(table, row, place)) else word)
    return replace(
        table,
        columns=tuple(columns),
        rows=tuple(map(tuple, cells)),
        values=tuple(map(tuple, values)),
        tones=(),
    )


def _number(table: Table, row: int, place: int) -> float | None:
    """The number that a cell holds; None for words."""
    value = table.values[row][place]
    return float(value) if isinstance(value, Real) and not isinstance(value, bool) else None


def _fill_contents(sheet: Worksheet, tables, names, document: Document, looks: _Looks) -> None:
    _put(sheet.cell(1, 1), document.title, looks, bold=True)
    row = 2
    if document.illustrative:
        _put(sheet.cell(row, 1), document.banner, looks, bold=True, fill="FFF3CD")
        row += 1
    for number, (table, name) in enumerate(zip(tables, names, strict=True), start=1):
        cell = sheet.cell(row + number, 1)
        _put(cell, f"{Said('documents.table').get(document.lang)} {number}. {table.title}", looks)
        quoted = name.replace("'", "''")
        cell.hyperlink = f"#'{quoted}'!A1"
    sheet.column_dimensions["A"].width = _CONTENTS_WIDTH


def _heads(table: Table, number: int, document: Document) -> list[str]:
    """What stands above a table of a document: its title and, on invented figures, their mark."""
    title = f"{Said('documents.table').get(document.lang)} {number}. {table.title}"
    title = f"{title} ({table.measure})" if table.measure else title
    return [title, document.banner] if document.illustrative else [title]


def _fill_sheet(sheet: Worksheet, table: Table, heads: list[str], looks: _Looks) -> None:
    """A table below its heads, the first of which is its title and every other one a mark."""
    from openpyxl.utils import get_column_letter

    for place, head in enumerate(heads, start=1):
        _put(sheet.cell(place, 1), head, looks, bold=True, fill="FFF3CD" if place > 1 else "")
    first_head = len(heads) + 2 if heads else 1
    row = _fill_header(sheet, table, first_head, looks)
    for index, words in enumerate(table.rows):
        values = table.values[index] if index < len(table.values) else words
        for place, column in enumerate(table.columns):
            word = words[place] if place < len(words) else ""
            value = values[place] if place < len(values) else word
            _put(
                sheet.cell(row + index, place + 1),
                word if _is_missing(value) else value,
                looks,
                bold=index in table.bold_rows,
                align=column.align,
                boxed=True,
            )
    for offset, note in enumerate(table.notes):
        _put(sheet.cell(row + len(table.rows) + 1 + offset, 1), note, looks, italic=True)
    sheet.freeze_panes = sheet.cell(row, 1)
    sheet.print_title_rows = f"{first_head}:{row - 1}"
    sheet.page_setup.orientation = "landscape" if table.landscape else "portrait"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    for place in range(len(table.columns)):
        longest = max((len(row[place]) for row in table.rows if place < len(row)), default=0)
        width = min(max(longest, _NARROWEST), _WIDEST) + _PADDING
        sheet.column_dimensions[get_column_letter(place + 1)].width = width


def _fill_header(sheet: Worksheet, table: Table, row: int, looks: _Looks) -> int:
    """One or two header rows, merged as in the report; returns the first row of figures."""
    put = partial(_put, looks=looks, bold=True, align="center", boxed=True, fill="E8E8E8")
    if not any(column.group for column in table.columns):
        for place, column in enumerate(table.columns):
            put(sheet.cell(row, place + 1), column.heading)
        return row + 1
    for group, first, count in header_spans(table):
        for place in range(first, first + count):
            put(sheet.cell(row, place + 1), group or table.columns[place].heading)
            put(sheet.cell(row + 1, place + 1), table.columns[place].heading if group else "")
        end_row = row if group else row + 1
        if count > 1 or end_row > row:
            sheet.merge_cells(
                start_row=row, end_row=end_row, start_column=first + 1, end_column=first + count
            )
    return row + 2


def _put(
    cell: Cell,
    value: Any,
    looks: _Looks,
    bold: bool = False,
    italic: bool = False,
    align: str = "left",
    boxed: bool = False,
    fill: str = "",
) -> None:
    """A number as a number, everything else as text that Excel will not compute, also after editing."""
    _dress(cell, looks, (bold, italic, align, boxed, fill))
    if isinstance(value, Real) and not isinstance(value, bool):
        number = float(value)
        cell.value = int(number) if number.is_integer() else number
        cell.number_format = "#,##0" if number.is_integer() else "#,##0.0#"
        return
    text = inert(value)[:_LONGEST_CELL]
    cell.value = text
    if text:
        cell.data_type = "s"
        cell.quotePrefix = text[0] in "=+-@"


def _dress(cell: Cell, looks: _Looks, look: tuple[bool, bool, str, bool, str]) -> None:
    """Give a cell its look; openpyxl compares every part of it with all parts of the book: each look is made once."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    if look in looks:
        cell._style = copy(looks[look])
        return
    bold, italic, align, boxed, fill = look
    cell.font = Font(name=_FONT, size=12, bold=bold, italic=italic)
    cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=boxed)
    if boxed:
        side = Side(style="thin", color="000000")
        cell.border = Border(left=side, right=side, top=side, bottom=side)
    if fill:
        cell.fill = PatternFill("solid", fgColor=fill)
    looks[look] = copy(cell._style)


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _sheet_name(title: str, taken: list[str]) -> str:
    """A sheet name Excel accepts (31 characters, no brackets or slashes), different from those taken."""
    name = _NOT_IN_A_SHEET_NAME.sub(" ", inert(title)).strip()[:31].strip() or "1"
    others = {one.lower() for one in taken}
    number = 2
    while name.lower() in others:
        end = f" ({number})"
        name, number = name[: 31 - len(end)].strip() + end, number + 1
    return name
