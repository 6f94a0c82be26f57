"""The Word styles of a report, after Decree 30/2020/NĐ-CP, annex I: Times New Roman, black, sizes in points.

Every style names the font in all four slots (ascii, hAnsi, cs, eastAsia): a word processor picks the
slot by character, and a Vietnamese capital must not fall into another font.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph as WordParagraph

FONT = "Times New Roman"
FIRST_LINE_CM = 1.27
LINE_SPACING = 1.0  # the decree: single to 1.5 lines
GAP_PT = 6
TABLE_STYLE = "Report Table"
OFFICE_STYLE = "Office Place"


@dataclass(frozen=True, slots=True)
class Style:
    """One paragraph style: look and place of a part of the report."""

    name: str
    size: float = 14
    bold: bool = False
    italic: bool = False
    caps: bool = False
    align: str = "left"
    first_line_cm: float = 0.0
    before: float = 0
    after: float = 0
    spacing: float = 1.0
    keep_with_next: bool = False
    base: str = "Normal"


STYLES = (
    Style("Normal", base=""),
    Style("Body Text", align="justify", first_line_cm=FIRST_LINE_CM, after=GAP_PT, spacing=LINE_SPACING),
    Style("Heading 1", bold=True, caps=True, align="justify", first_line_cm=FIRST_LINE_CM, before=6,
          after=GAP_PT, spacing=LINE_SPACING, keep_with_next=True),
    Style("Heading 2", bold=True, align="justify", first_line_cm=FIRST_LINE_CM, before=3, after=GAP_PT,
          spacing=LINE_SPACING, keep_with_next=True),
    Style("Heading 3", align="justify", first_line_cm=FIRST_LINE_CM, after=GAP_PT, spacing=LINE_SPACING,
          keep_with_next=True),
    Style("Key Line", size=13, bold=True, align="left", after=2),
    Style("List Item", align="justify", first_line_cm=FIRST_LINE_CM, after=GAP_PT, spacing=LINE_SPACING),
    Style("Appendix Text", size=13, align="justify", first_line_cm=FIRST_LINE_CM, after=GAP_PT, spacing=LINE_SPACING),
    Style("Appendix Item", size=13, align="justify", first_line_cm=FIRST_LINE_CM, after=GAP_PT, spacing=LINE_SPACING),
    Style("Legal Basis", italic=True, align="justify", first_line_cm=FIRST_LINE_CM, after=GAP_PT,
          spacing=LINE_SPACING),
    Style("Report Note", size=11, italic=True, align="justify", after=GAP_PT),
    Style("Caption", size=13, bold=True, align="center", before=6, after=4, keep_with_next=True),
    Style("Table Measure", size=11, italic=True, align="right", after=2, keep_with_next=True),
    Style("Figure", size=13, bold=True, align="center", before=6, after=GAP_PT),
    Style("Table Head", size=12, bold=True, align="center", keep_with_next=True),
    Style("Table Text", size=12),
    Style("Parent Body", size=12, align="center"),
    Style("Issuing Body", size=12, bold=True, align="center"),
    Style("National Title", size=12, bold=True, align="center"),
    Style("Motto", size=13, bold=True, align="center"),
    Style("Number Line", size=13, align="center", before=4),
    Style("Place Date", size=13, italic=True, align="center", before=4),
    Style("Kind", bold=True, align="center", before=8),
    Style("Subject", bold=True, align="center"),
    Style("Rule", size=2, align="center"),
    Style("Addressee", align="center", before=6, after=6),
    Style("Addressee Item", after=2),
    Style("Recipients Label", size=12, bold=True, italic=True),
    Style("Recipients", size=11),
    Style("Signatory", bold=True, align="center"),
    Style("Appendix Label", bold=True, align="center", before=18, keep_with_next=True),
    Style("Appendix Title", bold=True, caps=True, align="center", keep_with_next=True),
    Style("Attached To", size=13, italic=True, align="center", after=8, keep_with_next=True),
    Style("Page Number", size=13, align="center"),
    Style("Illustrative Banner", size=10, bold=True, align="center"),
)  # fmt: skip

# What stands in the list of contents and among the bookmarks of a PDF, and how deep
_LEVELS = {"Heading 1": 0, "Heading 2": 1, "Heading 3": 2, "Appendix Label": 0, "Appendix Title": 1}
_KEEP = {"Normal", "Default Paragraph Font", "Normal Table", "No List", "Header", "Footer"}


def add_styles(word: WordDocument, lang: str) -> None:
    """Give a fresh python-docx document the report's styles only; `lang` sets the proofing language."""
    _drop_others(word)
    _set_defaults(word, lang)
    names = {one.name for one in word.styles}
    for style in STYLES:
        _add_style(word, style, known=style.name in names)
    _add_office_style(word)
    _add_table_style(word)


def style_id(name: str) -> str:
    """What a paragraph calls a style of `STYLES`: python-docx, asked by name, goes through all styles each time."""
    return name.replace(" ", "")


def add_line(place: WordDocument | _Cell, style: str, text: str = "") -> WordParagraph:
    """A paragraph in a style of `STYLES`, at the end of a document or a cell."""
    line = place.add_paragraph(text)
    line._p.style = style_id(style)
    return line


def set_font(properties) -> None:
    """Name the report's font in all four slots of a `w:rPr`, and no theme font."""
    from docx.oxml.ns import qn

    fonts = properties.get_or_add_rFonts()
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for slot in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{slot}"), FONT)


def _drop_others(word: WordDocument) -> None:
    from docx.oxml.ns import qn

    wanted = _KEEP | {style.name for style in STYLES}
    for style in list(word.styles):
        if style.name not in wanted:
            style.delete()
            continue
        for link in style.element.findall(qn("w:link")):  # its partner is among the deleted
            style.element.remove(link)


def language_tag(lang: str) -> str:
    """A language as word processors name it: "vi-VN", "en-GB"; of others the country where most speak it, "de-DE"."""
    from babel.core import get_global

    if lang == "en":
        return "en-GB"
    likely = get_global("likely_subtags").get(lang, lang).split("_")
    return f"{lang}-{likely[-1]}" if len(likely) > 1 else lang


def _set_defaults(word: WordDocument, lang: str) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls, qn

    code = language_tag(lang)
    defaults = word.styles.element.find(qn("w:docDefaults"))
    fonts = " ".join(f'w:{slot}="{FONT}"' for slot in ("ascii", "hAnsi", "cs", "eastAsia"))
    new = parse_xml(
        f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr><w:rFonts {fonts}/>"
        f'<w:sz w:val="28"/><w:szCs w:val="28"/><w:lang w:val="{code}" w:eastAsia="{code}" w:bidi="ar-SA"/>'
        '</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0" w:line="240"'
        ' w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
    )
    defaults.getparent().replace(defaults, new)


def _add_style(word: WordDocument, style: Style, known: bool) -> None:
    """A style of the report; `known`: python-docx's blank document has one of that name."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    if known:
        made = word.styles[style.name]
        for tag in ("w:rPr", "w:pPr", "w:next"):
            for old in made.element.findall(qn(tag)):
                made.element.remove(old)
    else:
        made = word.styles.add_style(style.name, WD_STYLE_TYPE.PARAGRAPH)
    if style.base:
        made.base_style = word.styles[style.base]
    properties = made.element.get_or_add_rPr()
    set_font(properties)
    made.font.size = Pt(style.size)
    made.font.bold, made.font.italic, made.font.all_caps = style.bold, style.italic, style.caps
    colour = OxmlElement("w:color")
    colour.set(qn("w:val"), "000000")
    properties._insert_color(colour)
    complex_size = OxmlElement("w:szCs")
    complex_size.set(qn("w:val"), str(int(style.size * 2)))
    properties.find(qn("w:sz")).addnext(complex_size)

    shape = made.paragraph_format
    shape.alignment = getattr(WD_ALIGN_PARAGRAPH, style.align.upper())
    shape.first_line_indent = Cm(style.first_line_cm)
    shape.space_before, shape.space_after = Pt(style.before), Pt(style.after)
    shape.line_spacing = style.spacing
    shape.keep_with_next = style.keep_with_next
    shape.widow_control = True
    if style.name in _LEVELS:
        level = OxmlElement("w:outlineLvl")
        level.set(qn("w:val"), str(_LEVELS[style.name]))
        made.element.pPr.append(level)
    made.quick_style, made.hidden = True, False


def _add_office_style(word: WordDocument) -> None:
    """The look of a place the office fills: light shading, seen on screen and on paper."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = word.styles.add_style(OFFICE_STYLE, WD_STYLE_TYPE.CHARACTER)
    properties = made.element.get_or_add_rPr()
    set_font(properties)
    made.font.italic = True
    shade = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", "EDEDED")):
        shade.set(qn(f"w:{key}"), value)
    properties.append(shade)


def _add_table_style(word: WordDocument) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    word.styles.element.append(
        parse_xml(
            f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="ReportTable">'
            f'<w:name w:val="{TABLE_STYLE}"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="59"/>'
            f"<w:qFormat/><w:tblPr><w:tblBorders>{lines}</w:tblBorders><w:tblCellMar>"
            '<w:top w:w="28" w:type="dxa"/><w:left w:w="70" w:type="dxa"/><w:bottom w:w="28" w:type="dxa"/>'
            '<w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>'
            '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr>'
            '<w:shd w:val="clear" w:color="auto" w:fill="E8E8E8"/></w:tcPr></w:tblStylePr></w:style>'
        )
    )
