"""A report as a Word file an office can edit and sign, laid out by Decree 30/2020/NĐ-CP, annex I, or plainly.

The head of the report and its signatory block come first, then the body. A head without a national title is plain.
"""

from __future__ import annotations

import datetime
import io
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from vetanalysis.blocks import (
    Appendix,
    Document,
    Figure,
    Head,
    Heading,
    OfficePlace,
    Paragraph,
    Said,
    Signature,
    Table,
)
from vetanalysis.documents.columns import lies_across, longest_line_mm, width_mm
from vetanalysis.documents.foreign import add_text
from vetanalysis.documents.package import fixed_package, inert
from vetanalysis.documents.word_page import (
    add_caption,
    add_office_place,
    describe_picture,
    next_section,
    set_page,
    start_numbering,
    text_width_mm,
)
from vetanalysis.documents.word_styles import add_line, add_styles
from vetanalysis.documents.word_table import add_table
from vetanalysis.paths import write_whole

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.table import Table as WordTable
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph as WordParagraph


HEAD_MM, _HEAD_SPARE_MM = 165.0, 2.0  # the letterhead: national title and motto stand on one line each
_CELL_PADDING_MM = 1.0
_SPACE_FOR_SIGNATURE = 3
_WITH_SIGNATURE = 5  # lines of text that stand on the page of the signature, so that no page has it alone
_AT_THE_END = 4  # of an appendix: none ends with a line or two on a page of their own


def ended(text: str, lang: str) -> str:
    """The last line of the body closed as Decree 30/2020 asks ("./."), once; else as it stands."""
    mark = Said("documents.ended").get(lang)
    if not mark or text.rstrip().endswith(mark):
        return text
    return text.rstrip().rstrip(".") + mark


def add_head(word: WordDocument, head: Head, lang: str) -> None:
    """Issuing bodies and national title side by side, number and date, kind and subject, addressees."""
    if head.national_title:
        _add_national_head(word, head)
    else:
        for text, style in ((head.issuing_body, "Issuing Body"), (head.number_line, "Number Line"),
                            (head.place_date, "Place Date")):  # fmt: skip
            if text:
                add_line(word, style, inert(text))
    if head.kind:
        add_line(word, "Kind", inert(head.kind))
    add_line(word, "Subject", inert(head.subject))
    _rule(word, HEAD_MM, 0.4 * longest_line_mm(inert(head.subject), 14, HEAD_MM))
    _add_addressees(word, head.addressee, lang)


def _add_national_head(word: WordDocument, head: Head) -> None:
    title, motto = width_mm(inert(head.national_title), 12), width_mm(inert(head.motto), 13)
    right_mm = max(title, motto) + 2 * _CELL_PADDING_MM + _HEAD_SPARE_MM
    table = _bare_table(word, 2, (HEAD_MM - right_mm, right_mm))
    left, right = table.rows[0].cells
    _lines(left, [(head.parent_body, "Parent Body")] if head.parent_body else [])
    _lines(left, [(head.issuing_body, "Issuing Body")])
    room = HEAD_MM - right_mm - 2 * _CELL_PADDING_MM
    _rule(left, room, 0.4 * longest_line_mm(inert(head.issuing_body), 12, room))
    _lines(right, [(head.national_title, "National Title"), (head.motto, "Motto")])
    _rule(right, right_mm - 2 * _CELL_PADDING_MM, motto)
    _lines(table.rows[1].cells[0], [(head.number_line, "Number Line")])
    _lines(table.rows[1].cells[1], [(head.place_date, "Place Date")])


def add_signature(word: WordDocument, signature: Signature) -> None:
    """Recipients left; authority, position, room for the signature and name right; never split."""
    spacer = add_line(word, "Rule")
    spacer.paragraph_format.keep_with_next = True
    table = _bare_table(word, 1, (80.0, 85.0))
    left, right = table.rows[0].cells
    _lines(
        left,
        [(signature.recipients_label, "Recipients Label")]
        if signature.recipients_label
        else [("", "Recipients")],
    )
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
        add_line(word, "Rule").paragraph_format.space_after = Pt(8)
        return
    if len(addressee) == 1:
        add_line(word, "Addressee", f"{Said('documents.to').get(lang)} {inert(addressee[0])}")
        return
    line = add_line(word, "Addressee", Said("documents.to").get(lang))
    line.paragraph_format.space_after = Pt(2)
    line.paragraph_format.keep_with_next = True
    for number, one in enumerate(addressee, start=1):
        end = "." if number == len(addressee) else ";"
        item = add_line(word, "Addressee Item", f"- {inert(one).rstrip(';. ')}{end}")
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
        add_line(cell, style, inert(text))


def _rule(place, room_mm: float, length_mm: float) -> None:
    """A solid line `length_mm` long in the middle of `room_mm`: the upper border of a line without text."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    line = add_line(place, "Rule")
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


_NO_DATE = datetime.datetime(2000, 1, 1)
_STYLE_OF_KIND = {
    "body": "Body Text", "key": "Key Line", "list": "List Item", "note": "Report Note", "legal": "Legal Basis",
}  # fmt: skip
_STYLE_IN_APPENDIX = {"body": "Appendix Text", "list": "Appendix Item"}


def write_word(document: Document, path: str | Path) -> Path:
    """Write `document` as a .docx to `path` and return it; the same document gives the same bytes.

    Number, date and signature stay blank for the clerk. Text of any origin is shown, never obeyed.
    """
    return write_whole(word_bytes(document), path)


def word_bytes(document: Document) -> bytes:
    """The .docx of `document` as bytes."""
    import docx

    word = docx.Document(io.BytesIO(_blank(document.lang)))
    _set_properties(word, document)
    banner = inert(document.banner) if document.illustrative else ""
    set_page(word.sections[0], landscape=False)
    start_numbering(word.sections[0], banner)
    add_head(word, document.head, document.lang)
    writer = _Blocks(word, document.lang)
    writer.add(document.blocks, close=True)
    writer.turn(False)
    _keep_end(word, _WITH_SIGNATURE, with_next=True)
    add_signature(word, document.signature)
    for number, appendix in enumerate(document.appendices):
        _add_appendix(writer, appendix, banner, first=number == 0)
    out = io.BytesIO()
    word.save(out)
    return fixed_package(out.getvalue())


@cache
def _blank(lang: str) -> bytes:
    """A document with the report's styles and nothing in it."""
    import docx

    word = docx.Document()
    _drop_thumbnail(word)
    add_styles(word, lang)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


class _Blocks:
    """Lays blocks out one after the other; counts captions and remembers which way the page lies."""

    def __init__(self, word: WordDocument, lang: str) -> None:
        self.word, self.lang = word, lang
        self.tables = self.figures = self.places = 0
        self.landscape = False
        self.annexed = False
        self.home = False  # the direction text stands in: an appendix may be landscape throughout

    def add(self, blocks, close: bool = False) -> None:
        for index, block in enumerate(blocks):
            last = close and index == len(blocks) - 1
            match block:
                case Table():
                    self.turn(_across(block) or self.home)
                    self._table(block)
                case Figure():
                    self.turn(self.home)
                    self._figure(block)
                case Heading():
                    following = blocks[index + 1] if index + 1 < len(blocks) else None
                    # a heading stays with the wide table it announces
                    wide = isinstance(following, Table) and _across(following)
                    self.turn(wide or self.home)
                    line = self._line(block.text, f"Heading {min(max(block.level, 1), 3)}")
                    line.paragraph_format.page_break_before = block.new_page or None
                case Paragraph():
                    self.turn(self.home)
                    self._paragraph(block, last)
                case OfficePlace():
                    self.turn(self.home)
                    self._office_place(block, last)
                case _:
                    raise TypeError(f"a document holds no {type(block).__name__}")

    def turn(self, landscape: bool) -> None:
        if landscape != self.landscape:
            next_section(self.word, landscape)
            self.landscape = landscape

    def _paragraph(self, block: Paragraph, last: bool) -> None:
        style = (_STYLE_IN_APPENDIX if self.annexed else {}).get(block.kind, _STYLE_OF_KIND[block.kind])
        texts = [inert(one.text) for one in block.sentences]
        if block.kind == "body" or block.kind == "note":
            texts = [" ".join(texts)]
        if block.kind == "list":
            texts = [one if one.startswith(("-", "+")) else f"- {one}" for one in texts]
        for index, text in enumerate(texts):
            if last and index == len(texts) - 1 and block.kind != "note":
                text = ended(text, self.lang)
            line = self._line(text, style)
            line.paragraph_format.keep_with_next = last or None  # the signature never stands alone on a page

    def _line(self, text: str, style: str) -> WordParagraph:
        line = add_line(self.word, style)
        add_text(line, inert(text), self.lang)
        return line

    def _table(self, block: Table) -> None:
        self.tables += 1
        caption = add_line(self.word, "Caption")
        add_caption(
            caption, Said("documents.table").get(self.lang), self.tables, inert(block.title), self.lang
        )
        if block.measure:
            self._line(block.measure, "Table Measure")
        add_table(self.word, block, text_width_mm(self.landscape), self.lang, across=self.landscape)

    def _figure(self, block: Figure) -> None:
        """Picture, caption and source in one paragraph that is never split: no page parts them in any program."""
        from docx.shared import Mm, Pt

        self.figures += 1
        line = add_line(self.word, "Figure")
        line.paragraph_format.keep_together = True
        width = min(block.width_mm, text_width_mm(self.landscape))
        run = line.add_run()
        shape = run.add_picture(io.BytesIO(block.png), width=Mm(width))
        describe_picture(shape, inert(block.id), inert(block.alt))
        run.add_break()
        add_caption(
            line, Said("documents.figure").get(self.lang), self.figures, inert(block.title), self.lang
        )
        if block.caption:
            line.add_run().add_break()
            for part in add_text(line, inert(block.caption), self.lang):
                part.bold, part.italic, part.font.size = False, True, Pt(11)

    def _office_place(self, block: OfficePlace, last: bool) -> None:
        prompt = inert(block.prompt)
        words = [inert(one) for one in block.words] or [""]
        for index, text in enumerate(words):
            self.places += 1
            line = add_line(self.word, "Body Text")
            line.paragraph_format.keep_with_next = last or None
            closes = last and index == len(words) - 1 and bool(ended("", self.lang))
            told, asked = (text.rstrip("."), prompt.rstrip(".")) if closes else (text, prompt)
            add_office_place(line, self.places, asked, told, self.lang)
            if closes:
                line.add_run(ended("", self.lang))


def _across(table: Table) -> bool:
    return lies_across(table, text_width_mm(landscape=False))


def _add_appendix(writer: _Blocks, appendix: Appendix, banner: str, first: bool) -> None:
    """An appendix: "Phụ lục I", its title, what it is attached to; appendices have their own page numbers.

    It follows the one before it on the same page where the page lies as it needs it; one of tables alone goes along
    with the direction of the one before, where its words fit.
    """
    word = writer.word
    tables = [block for block in appendix.blocks if isinstance(block, Table)]
    landscape = any(_across(table) for table in tables)
    if not landscape and len(tables) == len(appendix.blocks):
        landscape = appendix.landscape if first else writer.landscape
    if first or landscape != writer.landscape:
        start_numbering(next_section(word, landscape), banner)
    writer.landscape = writer.home = landscape
    writer._line(f"{Said('documents.appendix').get(writer.lang)} {appendix.number}".strip(), "Appendix Label")
    writer._line(appendix.title, "Appendix Title")
    writer._line(appendix.attached_to, "Attached To")
    writer.annexed = True
    writer.add(appendix.blocks)
    writer.annexed = writer.home = False
    _keep_end(word, _AT_THE_END, with_next=False)


def _keep_end(word: WordDocument, lines: int, *, with_next: bool) -> None:
    """The last lines of text on one page; `with_next`: on that of what follows them."""
    from docx.oxml.ns import qn
    from docx.text.paragraph import Paragraph

    def is_text(part) -> bool:
        return part.tag == qn("w:p") and part.find(".//" + qn("w:drawing")) is None

    last = [part for part in word.element.body if part.tag != qn("w:sectPr")][-lines:]
    while not all(is_text(part) for part in last):  # what stands before a table or a picture stays with it
        last = last[1:]
    for part in last if with_next else last[:-1]:
        Paragraph(part, word._body).paragraph_format.keep_with_next = True


def _set_properties(word: WordDocument, document: Document) -> None:
    about = word.core_properties
    about.title, about.subject = inert(document.title)[:255], inert(document.head.subject)[:255]
    about.author = about.last_modified_by = inert(document.head.issuing_body)[:255]
    about.comments = inert("; ".join(f"{key}: {value}" for key, value in document.meta.items()))[:255]
    about.keywords, about.language = "", document.lang
    about.created = about.modified = _NO_DATE
    about.revision = 1


def _drop_thumbnail(word: WordDocument) -> None:
    """python-docx's blank document carries a picture of itself; the report does not."""
    package = word.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del package.rels[key]
