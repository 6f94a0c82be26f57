"""A table of a report in Word: caption above, merged and repeated header rows, rows that never split.

How wide a line of bold Times is (`width_mm`) says how wide columns must be, and how long a rule is that the
decree wants as long as a line. Widths are those of the Adobe Times-Bold metrics (1/1000 of the type size,
characters 32 to 126); Vietnamese letters are as wide as their base letters.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from vetanalysis.blocks import Table
from vetanalysis.documents.package import inert
from vetanalysis.documents.word_styles import TABLE_STYLE

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.table import Table as WordTable


_BOLD = (
    (250, 333, 555, 500, 500, 1000, 833, 333, 333, 333, 500, 570, 250, 333, 250, 278)
    + (500,) * 10
    + (333, 333, 570, 570, 570, 500, 930)
    + (722, 667, 722, 722, 667, 611, 778, 778, 389, 500, 778, 667, 944, 722, 778, 611, 778, 722, 556)
    + (667, 722, 722, 1000, 722, 722, 667, 333, 278, 333, 581, 500, 333)
    + (500, 556, 444, 556, 444, 333, 500, 556, 278, 333, 556, 278, 833, 556, 500, 556, 556, 444, 389)
    + (333, 556, 500, 722, 500, 500, 444, 394, 220, 394, 520)
)
_BARE = str.maketrans("Đđ", "Dd")
_MM_PER_POINT = 25.4 / 72


def width_mm(text: str, size_pt: float) -> float:
    """Width of `text` on one line in bold Times of `size_pt`, in millimetres."""
    bare = unicodedata.normalize("NFD", text.translate(_BARE))
    letters = [c for c in bare if not unicodedata.combining(c)]
    units = sum(_BOLD[ord(c) - 32] if 32 <= ord(c) < 127 else 600 for c in letters)
    return units / 1000 * size_pt * _MM_PER_POINT


def longest_line_mm(text: str, size_pt: float, room_mm: float) -> float:
    """Width of the longest line when `text` is broken between words to fit `room_mm`."""
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and width_mm(longer, size_pt) > room_mm:
            lines.append(line)
            line = word
        else:
            line = longer
    return max((width_mm(one, size_pt) for one in [*lines, line]), default=0.0)


TINTS = {
    "good": "CFE8DD",
    "even": "FFF0C2",
    "bad": "F8D5C6",
    "none": "EDEDED",
}  # `blocks.TONES`; black reads on all
_PADDING_MM = 3.0
_LONGEST_WORD = 24  # what is longer is no word: an address, a code; it may be cut
_KEPT_WHOLE = 10  # rows: a table this short stands on one page
_LONG = 20  # rows: a wide table longer than this is set smaller and closer, to take fewer pages
_TIGHT_DXA = 14  # above and below the text of such a table, twentieths of a point
_KEPT_AT_END = 3  # rows: a total never stands alone on the last page


def header_spans(table: Table) -> tuple[tuple[str, int, int], ...]:
    """The upper header row as (label, first column, columns across); a column without group stands alone."""
    spans: list[tuple[str, int, int]] = []
    for index, column in enumerate(table.columns):
        if column.group and spans and spans[-1][0] == column.group and index == spans[-1][1] + spans[-1][2]:
            label, first, count = spans[-1]
            spans[-1] = (label, first, count + 1)
        else:
            spans.append((column.group, index, 1))
    return tuple(spans)


def add_table(word: WordDocument, table: Table, width_mm: float) -> WordTable:
    """The table over `width_mm` without its caption; its notes follow it."""
    grouped = any(column.group for column in table.columns)
    heads = 2 if grouped else 1
    made = word.add_table(heads + len(table.rows), len(table.columns), style=TABLE_STYLE)
    long = table.landscape and len(table.rows) > _LONG
    size = _type_size(len(table.columns), width_mm) - long
    _set_widths(made, table, width_mm, size)
    _fill_header(made, table, heads, size)
    cells = list(made._cells)
    across = len(table.columns)
    for number, row in enumerate(table.rows):
        left = len(table.rows) - 1 - number
        together = left < _KEPT_AT_END or len(table.rows) <= _KEPT_WHOLE if left else bool(table.notes)
        for index, column in enumerate(table.columns):
            cell = cells[(heads + number) * across + index]
            text = inert(row[index]) if index < len(row) else ""
            _write(cell, text, "Table Text", column.align, size, number in table.bold_rows, together)
            if tone := table.tone(number, index):
                _shade(cell, TINTS[tone])
    for index, row in enumerate(made.rows):
        _mark_row(row, header=index < heads)
    if long:
        _tighten(made)
    for note in table.notes:
        word.add_paragraph(inert(note), style="Report Note")
    if not table.notes:
        word.add_paragraph(style="Rule").paragraph_format.space_after = _points(6)
    return made


def _points(value: float):
    from docx.shared import Pt

    return Pt(value)


def _type_size(columns: int, width_mm: float) -> float:
    """12 pt where there is room, down to 10 pt for tables of many columns."""
    room = width_mm / max(columns, 1)
    return 12 if room >= 22 else 11 if room >= 17 else 10


def _set_widths(made: WordTable, table: Table, width_mm: float, size: float) -> None:
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.shared import Mm

    made.autofit = False
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    cells, across = list(made._cells), len(table.columns)
    for index, width in enumerate(column_widths(table, width_mm, size)):
        made.columns[index].width = Mm(width)
        for cell in cells[index::across]:
            cell.width = Mm(width)


def column_widths(table: Table, width_mm: float, size: float) -> list[float]:
    """Widths in millimetres that sum to `width_mm`: shares as asked for, but no word is cut in two.

    Where all cells fit on one line each, they do. Where the longest words alone do not fit, they share the room
    in proportion.
    """
    words = [_longest_word_mm(table, index, size) for index in range(len(table.columns))]
    lines = [max(word, _longest_cell_mm(table, index, size)) for index, word in enumerate(words)]
    least = lines if sum(lines) <= width_mm else words
    if sum(least) >= width_mm:
        return [width_mm * one / sum(least) for one in least]
    open_columns, room = set(range(len(least))), width_mm
    widths = list(least)
    while open_columns:
        total = sum(table.columns[index].width for index in open_columns)
        asked = {index: room * table.columns[index].width / total for index in open_columns}
        narrow = {index for index in open_columns if asked[index] < least[index]}
        if not narrow:
            widths = [asked.get(index, one) for index, one in enumerate(widths)]
            break
        room -= sum(least[index] for index in narrow)
        open_columns -= narrow
    return widths


def _longest_word_mm(table: Table, index: int, size: float) -> float:
    texts = [table.columns[index].heading, *(row[index] for row in table.rows if index < len(row))]
    words = (word for text in texts for word in inert(text).split())
    longest = max((width_mm(word, size) for word in words if len(word) <= _LONGEST_WORD), default=0.0)
    return longest + _PADDING_MM


def _longest_cell_mm(table: Table, index: int, size: float) -> float:
    cells = (inert(row[index]) for row in table.rows if index < len(row))
    return max((width_mm(cell, size) for cell in cells), default=0.0) + _PADDING_MM


def _tighten(made: WordTable) -> None:
    """Less room above and below the text of every cell."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls, qn

    margins = "".join(f'<w:{side} w:w="{_TIGHT_DXA}" w:type="dxa"/>' for side in ("top", "bottom"))
    part = parse_xml(f"<w:tblCellMar {nsdecls('w')}>{margins}</w:tblCellMar>")
    look = made._tbl.tblPr.find(qn("w:tblLook"))
    made._tbl.tblPr.append(part) if look is None else look.addprevious(part)


def _fill_header(made: WordTable, table: Table, heads: int, size: float) -> None:
    labels = [inert(column.heading) for column in table.columns]
    if heads == 1:
        for cell, label in zip(made.rows[0].cells, labels, strict=True):
            _write(cell, label, "Table Head", "center", size)
        return
    upper, lower = made.rows[0].cells, made.rows[1].cells
    for group, first, count in header_spans(table):
        if group:
            _write(upper[first].merge(upper[first + count - 1]), inert(group), "Table Head", "center", size)
            for index in range(first, first + count):
                _write(lower[index], labels[index], "Table Head", "center", size)
        else:
            _write(upper[first].merge(lower[first]), labels[first], "Table Head", "center", size)


def _write(
    cell, text: str, style: str, align: str, size: float, bold: bool = False, keep: bool = False
) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    for extra in cell.paragraphs[1:]:
        extra._p.getparent().remove(extra._p)
    line = cell.paragraphs[0]
    line.style = style
    line.alignment = getattr(WD_ALIGN_PARAGRAPH, align.upper())
    if keep:
        line.paragraph_format.keep_with_next = True
    run = line.add_run(text)
    if size != 12:
        run.font.size = _points(size)
        _size_of_mark(line, size)
    if bold:
        run.bold = True
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def _size_of_mark(line, size: float) -> None:
    """The paragraph's own mark in the size of its text: a line is as high as the larger of the two."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    look = OxmlElement("w:rPr")
    for tag in ("w:sz", "w:szCs"):
        part = OxmlElement(tag)
        part.set(qn("w:val"), str(int(size * 2)))
        look.append(part)
    line._p.get_or_add_pPr().append(look)


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
