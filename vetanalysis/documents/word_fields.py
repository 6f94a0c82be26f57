"""Word parts that a person can update or fill: page and caption numbers, marked places, alternative text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph as WordParagraph

from vetanalysis.documents.word_styles import OFFICE_STYLE


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


def add_caption(paragraph: WordParagraph, label: str, number: int, title: str) -> None:
    """`Bảng 1. Title`, the number counted by Word (SEQ) when tables are added or moved."""
    paragraph.add_run(f"{label} ")
    add_field(paragraph, f"SEQ {label} \\* ARABIC", str(number))
    paragraph.add_run(f". {title}")


def add_office_place(paragraph: WordParagraph, number: int, prompt: str, words: str = "") -> None:
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
    run = paragraph.add_run(words or f"[{prompt.strip('[]')}]", style=OFFICE_STYLE)
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
