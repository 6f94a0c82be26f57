"""A table of a report in Word: caption above, merged and repeated header rows, rows that never split."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from vetanalysis.blocks import Table
from vetanalysis.documents.columns import column_widths, header_spans, row_lines, type_size
from vetanalysis.documents.foreign import add_text, mark_language, pieces
from vetanalysis.documents.package import inert
from vetanalysis.documents.word_styles import TABLE_STYLE, add_line, style_id

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.oxml.text.paragraph import CT_P
    from docx.table import Table as WordTable


# `blocks.TONES`; black reads on all
TINTS = {"good": "CFE8DD", "even": "FFF0C2", "bad": "F8D5C6", "none": "EDEDED"}
_KEPT_WHOLE = 12  # lines of its rows: a table this short stands on one page
_MANY_LINES = 11.0  # points: the most for an upright table of more lines; the decree: 11 to 12
_LONG = 20  # rows: a wide table longer than this is set smaller and closer, to take fewer pages
_ONE_PAGE_MM = 135  # left for the rows on a page on its side, below the heading of an appendix
_TIGHT_DXA = 14  # above and below the text of such a table, twentieths of a point
# Before the number of a name: "Centre 2" stays on one line
_NUMBERED = re.compile(r"(?<=[^\W\d_]) (?=\d{1,2}$)")
_KEPT_AT_END = 3  # rows: a total never stands alone on the last page
_KEPT_AT_START = 2  # rows: no page ends with a head and a single row
_SAMPLE = "x"  # text of a run of which others are copies


def add_table(
    word: WordDocument, table: Table, width_mm: float, lang: str, across: bool = False
) -> WordTable:
    """The table over `width_mm` without its caption, on a page that may lie `across`; its notes follow it."""
    grouped = any(column.group for column in table.columns)
    heads = 2 if grouped else 1
    long = across and len(table.rows) > _LONG
    size = _size_of_long(table, heads, width_mm) if long else type_size(table, width_mm)
    widths = column_widths(table, width_mm, size)
    whole = not table.splits and sum(row_lines(table, widths, size)) <= _KEPT_WHOLE
    if not (whole or across) and size > _MANY_LINES:
        size = _MANY_LINES
        widths = column_widths(table, width_mm, size)
    kinds = _kinds_of_rows(table, whole)
    made = word.add_table(heads + len(set(kinds)), len(table.columns), style=TABLE_STYLE)
    _set_widths(made, widths)
    _fill_header(made, table, heads, size, lang)
    for index in range(heads):
        _mark_row(made.rows[index], header=True)
    _fill_rows(made, table, heads, kinds, size, lang)
    if long:
        _tighten(made)
    if table.notes:
        add_text(add_line(word, "Report Note"), " ".join(inert(note) for note in table.notes), lang)
    else:
        add_line(word, "Rule").paragraph_format.space_after = _points(6)
    return made


def _kinds_of_rows(table: Table, whole: bool) -> list[tuple[bool, bool]]:
    """Of every row whether it is bold, and whether it stays on one page with what follows it."""
    kinds = []
    for number in range(len(table.rows)):
        left = len(table.rows) - 1 - number
        together = left < _KEPT_AT_END or number < _KEPT_AT_START - 1 or whole if left else bool(table.notes)
        kinds.append((number in table.bold_rows, together))
    return kinds


def _fill_rows(
    made: WordTable, table: Table, heads: int, kinds: Sequence[tuple[bool, bool]], size: float, lang: str
) -> None:
    """The rows below the head, each a copy of the one row of its kind that python-docx lays out: far fewer steps."""
    from docx.table import _Cell

    first = {}
    for row, kind in zip(list(made.rows)[heads:], dict.fromkeys(kinds), strict=True):
        for cell, column in zip(row.cells, table.columns, strict=True):
            _look(cell, "Table Text", column.align, size, *kind)
        _mark_row(row, header=False)
        made._tbl.remove(row._tr)
        first[kind] = row._tr
    for number, (row, kind) in enumerate(zip(table.rows, kinds, strict=True)):
        laid = copy.deepcopy(first[kind])
        for index, cell in enumerate(laid.tc_lst):
            _say(cell.p_lst[0], inert(row[index]) if index < len(row) else "", lang)
            if tone := table.tone(number, index):
                _shade(_Cell(cell, made), TINTS[tone])
        made._tbl.append(laid)


def _say(line: CT_P, text: str, lang: str) -> None:
    """`text` in the look of the run that the paragraph holds."""
    (sample,) = line.r_lst
    line.remove(sample)
    for piece, spoken in pieces(_NUMBERED.sub("\u00a0", text), lang) or [("", "")]:
        run = copy.deepcopy(sample)
        if piece and piece.isprintable() and piece == piece.strip():
            run.t_lst[0].text = piece
        else:
            run.text = piece
        if spoken:
            mark_language(run, spoken)
        line.append(run)


def _size_of_long(table: Table, heads: int, width_mm: float) -> float:
    """One point smaller than a short table; smaller still where all its rows then stand on one page."""
    size = max(type_size(table, width_mm) - 1, 9.0)
    lines = len(table.rows) + 2 * heads
    fitting = (
        one for one in (size, size - 1, size - 2) if one >= 9 and lines * (one * 0.41 + 0.6) <= _ONE_PAGE_MM
    )
    return next(fitting, size)


def _points(value: float):
    from docx.shared import Pt

    return Pt(value)


def _set_widths(made: WordTable, widths: Sequence[float]) -> None:
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.shared import Mm

    made.autofit = False
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    cells = list(made._cells)
    for index, width in enumerate(widths):
        made.columns[index].width = Mm(width)
        for cell in cells[index :: len(widths)]:
            cell.width = Mm(width)


def _tighten(made: WordTable) -> None:
    """Less room above and below the text of every cell."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls, qn

    margins = "".join(f'<w:{side} w:w="{_TIGHT_DXA}" w:type="dxa"/>' for side in ("top", "bottom"))
    part = parse_xml(f"<w:tblCellMar {nsdecls('w')}>{margins}</w:tblCellMar>")
    look = made._tbl.tblPr.find(qn("w:tblLook"))
    made._tbl.tblPr.append(part) if look is None else look.addprevious(part)


def _fill_header(made: WordTable, table: Table, heads: int, size: float, lang: str) -> None:
    labels = [inert(column.heading) for column in table.columns]

    def write(cell, label: str) -> None:
        _look(cell, "Table Head", "center", size)
        _say(cell._tc.p_lst[0], label, lang)

    if heads == 1:
        for cell, label in zip(made.rows[0].cells, labels, strict=True):
            write(cell, label)
        return
    upper, lower = made.rows[0].cells, made.rows[1].cells
    for group, first, count in header_spans(table):
        if group:
            write(upper[first].merge(upper[first + count - 1]), inert(group))
            for index in range(first, first + count):
                write(lower[index], labels[index])
        else:
            write(upper[first].merge(lower[first]), labels[first])


def _look(cell, style: str, align: str, size: float, bold: bool = False, keep: bool = False) -> None:
    """How a cell looks, with a run for `_say` to copy.

    The paragraph's own mark has the size of its text: a line is as high as the larger of the two.
    """
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    def properties(parts: str) -> str:
        return f"<w:rPr>{parts}</w:rPr>" if parts else ""

    half, own = int(size * 2), size != 12  # the style's
    run = ("<w:b/>" if bold else "") + (f'<w:sz w:val="{half}"/>' if own else "")
    mark = f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>' if own else ""
    line = parse_xml(
        f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{style_id(style)}"/>{"<w:keepNext/>" if keep else ""}'
        f'<w:jc w:val="{align}"/>{properties(mark)}</w:pPr>'
        f"<w:r>{properties(run)}<w:t>{_SAMPLE}</w:t></w:r></w:p>"
    )
    for old in cell._tc.p_lst:
        cell._tc.remove(old)
    cell._tc.append(line)
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def _mark_row(row, header: bool) -> None:
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if header:
        properties.append(OxmlElement("w:tblHeader"))
        for cell in row.cells:
            _shade(cell, "E8E8E8")


def _shade(cell, fill: str) -> None:
    """The colour behind a cell, as RRGGBB."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    about = cell._tc.get_or_add_tcPr()
    for old in about.findall(qn("w:shd")):
        about.remove(old)
    shade = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
        shade.set(qn(f"w:{key}"), value)
    after = about.find(qn("w:vAlign"))
    about.append(shade) if after is None else after.addprevious(shade)
