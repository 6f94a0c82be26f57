"""Pages of a report in Word, and the parts in them that a person can update or fill.

Pages: A4, the decree's margins, page numbers from page two, the mark of invented data. Parts: page and
caption numbers, marked places, alternative text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vetanalysis.documents.foreign import add_text
from vetanalysis.documents.word_styles import OFFICE_STYLE

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.section import Section
    from docx.text.paragraph import Paragraph as WordParagraph


def add_field(paragraph: WordParagraph, code: str, shown: str) -> None:
    """A field (`PAGE`, `SEQ Hình \\* ARABIC`) with the result it shows until someone updates it."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    def mark(kind: str) -> None:
        part = OxmlElement("w:fldChar")
        part.set(qn("w:fldCharType"), kind)
        paragraph.add_run()._r.append(part)

    mark("begin")
    text = OxmlElement("w:instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = f" {code} "
    paragraph.add_run()._r.append(text)
    mark("separate")
    paragraph.add_run(shown)
    mark("end")


def add_caption(paragraph: WordParagraph, label: str, number: int, title: str, lang: str) -> None:
    """`Bảng 1. Title`, the number counted by Word (SEQ) when tables are added or moved."""
    paragraph.add_run(f"{label} ")
    add_field(paragraph, f"SEQ {label} \\* ARABIC", str(number))
    add_text(paragraph, f". {title}", lang)


def add_office_place(paragraph: WordParagraph, number: int, prompt: str, words: str, lang: str) -> None:
    """A content control named `prompt`: placeholder text to type over or, where given, a unit's own words."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    def tag(name: str, value: str | None = None):
        element = OxmlElement(name)
        if value is not None:
            element.set(qn("w:val"), value)
        return element

    control, about, content = tag("w:sdt"), tag("w:sdtPr"), tag("w:sdtContent")
    about.append(tag("w:alias", prompt[:64]))
    about.append(tag("w:tag", f"office_place_{number}"))
    about.append(tag("w:id", str(100000 + number)))
    if not words:
        about.append(tag("w:showingPlcHdr"))
    about.append(tag("w:richText"))
    for run in add_text(paragraph, words or f"[{prompt.strip('[]')}]", lang):
        run.style = OFFICE_STYLE
        if words:
            run.italic = False
        content.append(run._r)
    control.extend([about, content])
    paragraph._p.append(control)


def describe_picture(shape, name: str, alt: str) -> None:
    """Alternative text of an inline picture (`wp:docPr` and the picture's own name)."""
    about = shape._inline.docPr
    about.set("name", name)
    about.set("descr", alt)
    about.attrib.pop("title", None)
    shape._inline.graphic.graphicData.pic.nvPicPr.cNvPr.set("name", name)


# Decree 30/2020/NĐ-CP, annex I: top and bottom 20-25, left 30-35, right 15-20 mm.
TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 15
WIDTH, HEIGHT = 210, 297
HEADER_FROM_EDGE = 8


def text_width_mm(landscape: bool) -> float:
    """Width of the text on the page, in millimetres."""
    return (HEIGHT if landscape else WIDTH) - LEFT - RIGHT


def set_page(section: Section, landscape: bool) -> None:
    """Paper, direction and margins of one section; margins keep their sides when the page is turned."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width = Mm(HEIGHT if landscape else WIDTH)
    section.page_height = Mm(WIDTH if landscape else HEIGHT)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.header_distance, section.footer_distance = Mm(HEADER_FROM_EDGE), Mm(HEADER_FROM_EDGE)


def start_numbering(section: Section, banner: str) -> None:
    """A part with its own page numbers: none on its first page, then 2, 3 ... centred in the top margin.

    `banner` stands on every page of the part; empty for real data.
    """
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    section.different_first_page_header_footer = True
    number = OxmlElement("w:pgNumType")
    number.set(qn("w:start"), "1")
    _insert_page_number_type(section._sectPr, number)
    section.header.is_linked_to_previous = False
    section.first_page_header.is_linked_to_previous = False
    line = section.header.paragraphs[0]
    line.style = "Page Number"
    add_field(line, "PAGE", "2")
    if banner:
        section.header.add_paragraph(banner, style="Illustrative Banner")
        first = section.first_page_header.paragraphs[0]
        first.style = "Illustrative Banner"
        first.add_run(banner)


def next_section(word: WordDocument, landscape: bool) -> Section:
    """Begin a new page in the given direction; page numbers and headers go on as they were."""
    from docx.enum.section import WD_SECTION
    from docx.oxml.ns import qn
    from docx.shared import Pt

    section = word.add_section(WD_SECTION.NEW_PAGE)
    last = word.paragraphs[-1]
    last.style = "Rule"  # the break takes no line, so that it never makes a page of its own
    last.paragraph_format.line_spacing = Pt(1)
    set_page(section, landscape)
    section.different_first_page_header_footer = False
    for number in section._sectPr.findall(qn("w:pgNumType")):
        section._sectPr.remove(number)
    return section


def _insert_page_number_type(properties, number) -> None:
    """Put `w:pgNumType` where the schema wants it: after the margins, before columns and title page."""
    from docx.oxml.ns import qn

    for old in properties.findall(qn("w:pgNumType")):
        properties.remove(old)
    properties.find(qn("w:pgMar")).addnext(number)
