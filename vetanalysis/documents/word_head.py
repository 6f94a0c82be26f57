"""The head of a report and its signatory block, after Decree 30/2020/NĐ-CP, annex I."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vetanalysis.documents.inert import inert
from vetanalysis.documents.labels import TO
from vetanalysis.documents.model import Head, Signature
from vetanalysis.documents.type_width import longest_line_mm, width_mm

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.table import Table as WordTable
    from docx.table import _Cell

LEFT_MM, RIGHT_MM = 68.0, 97.0  # the national title needs 92 mm at 12 pt
_CELL_PADDING_MM = 1.0
_SPACE_FOR_SIGNATURE = 4


def add_head(word: WordDocument, head: Head, lang: str) -> None:
    """Issuing bodies and national title side by side, number and date, kind and subject, addressees."""
    table = _bare_table(word, 2, (LEFT_MM, RIGHT_MM))
    left, right = table.rows[0].cells
    _lines(left, [(head.parent_body, "Parent Body")] if head.parent_body else [])
    _lines(left, [(head.issuing_body, "Issuing Body")])
    room = LEFT_MM - 2 * _CELL_PADDING_MM
    _rule(left, room, 0.4 * longest_line_mm(inert(head.issuing_body), 12, room))
    _lines(right, [(head.national_title, "National Title"), (head.motto, "Motto")])
    room = RIGHT_MM - 2 * _CELL_PADDING_MM
    _rule(right, room, min(width_mm(inert(head.motto), 13), room))
    _lines(table.rows[1].cells[0], [(head.number_line, "Number Line")])
    _lines(table.rows[1].cells[1], [(head.place_date, "Place Date")])

    if head.kind:
        word.add_paragraph(inert(head.kind), style="Kind")
    word.add_paragraph(inert(head.subject), style="Subject")
    text_width = LEFT_MM + RIGHT_MM
    _rule(word, text_width, 0.4 * longest_line_mm(inert(head.subject), 14, text_width))
    _add_addressees(word, head.addressee, lang)


def add_signature(word: WordDocument, signature: Signature) -> None:
    """Recipients left; authority, position, room for the signature and name right; never split."""
    spacer = word.add_paragraph(style="Rule")
    spacer.paragraph_format.keep_with_next = True
    table = _bare_table(word, 1, (80.0, 85.0))
    left, right = table.rows[0].cells
    _lines(left, [(signature.recipients_label, "Recipients Label")])
    last = len(signature.recipients)
    for number, one in enumerate(signature.recipients, start=1):
        end = "." if number == last else ";"
        _lines(left, [(_dashed(inert(one)).rstrip(";. ") + end, "Recipients")])
    _lines(right, [(line, "Signatory") for line in signature.lines])
    _lines(right, [("", "Signatory")] * _SPACE_FOR_SIGNATURE)
    _lines(right, [(signature.name, "Signatory")])


def _add_addressees(word: WordDocument, addressee: tuple[str, ...], lang: str) -> None:
    """One receiver stands on the line of "Kính gửi:", several on their own, closed by ";" and "."."""
    from docx.shared import Mm, Pt

    if not addressee:
        word.add_paragraph(style="Rule").paragraph_format.space_after = Pt(8)
        return
    if len(addressee) == 1:
        word.add_paragraph(f"{TO.get(lang)} {inert(addressee[0])}", style="Addressee")
        return
    line = word.add_paragraph(TO.get(lang), style="Addressee")
    line.paragraph_format.space_after = Pt(2)
    line.paragraph_format.keep_with_next = True
    for number, one in enumerate(addressee, start=1):
        end = "." if number == len(addressee) else ";"
        item = word.add_paragraph(f"- {inert(one).rstrip(';. ')}{end}", style="Addressee Item")
        item.paragraph_format.left_indent = Mm(62)
        if number == len(addressee):
            item.paragraph_format.space_after = Pt(8)


def _dashed(text: str) -> str:
    return text if text.lstrip().startswith("-") else f"- {text}"


def _bare_table(word: WordDocument, rows: int, widths_mm: tuple[float, float]) -> WordTable:
    """A table without lines that only puts blocks side by side; widths stand on columns and cells."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm

    table = word.add_table(rows, len(widths_mm))
    table.autofit = False
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        pad = OxmlElement(f"w:{side}")
        pad.set(qn("w:w"), str(round(_CELL_PADDING_MM / 25.4 * 1440)))
        pad.set(qn("w:type"), "dxa")
        margins.append(pad)
    look = table._tbl.tblPr.find(qn("w:tblLook"))  # the schema wants the margins before it
    table._tbl.tblPr.append(margins) if look is None else look.addprevious(margins)
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        split = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(split)
        for cell, width in zip(row.cells, widths_mm, strict=True):
            cell.width = Mm(width)
            cell._tc.remove(cell.paragraphs[0]._p)
    return table


def _lines(cell: _Cell, lines: list[tuple[str, str]]) -> None:
    for text, style in lines:
        cell.add_paragraph(inert(text), style=style)


def _rule(place, room_mm: float, length_mm: float) -> None:
    """A solid line `length_mm` long in the middle of `room_mm`: the upper border of a line without text."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    line = place.add_paragraph(style="Rule")
    indent = max((room_mm - length_mm) / 2, 0)
    shape = line.paragraph_format
    shape.left_indent = shape.right_indent = Mm(indent)
    shape.space_before = Pt(3)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for key, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
        top.set(qn(f"w:{key}"), value)
    borders.append(top)
    line._p.get_or_add_pPr().insert_element_before(
        borders,
        "w:shd",
        "w:tabs",
        "w:suppressAutoHyphens",
        "w:spacing",
        "w:ind",
        "w:jc",
        "w:outlineLvl",
        "w:rPr",
    )
