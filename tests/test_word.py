"""The Word file against Decree 30/2020/NĐ-CP, annex I, measured in its XML."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from sample_document import ALT, BANNER, sample, small_table

from vetanalysis.blocks import Heading, Paragraph
from vetanalysis.documents.columns import longest_line_mm, width_mm
from vetanalysis.documents.word import ended, word_bytes, write_word
from vetanalysis.documents.word_styles import STYLES

SLOTS = ("ascii", "hAnsi", "cs", "eastAsia")


@pytest.fixture(scope="module")
def data():
    return word_bytes(sample("vi"))


@pytest.fixture(scope="module")
def word(data):
    return docx.Document(io.BytesIO(data))


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name).decode("utf-8")


def text_of(element) -> str:
    return "".join(one.text or "" for one in element.iter(qn("w:t")))


def styled(word, name):
    return [p for p in word.element.body.iter(qn("w:p")) if p.style == word.styles[name].style_id]


def test_margins_and_paper_of_every_section_are_in_the_decrees_range(word):
    for section in word.sections:
        assert sorted((round(section.page_width.mm), round(section.page_height.mm))) == [210, 297]
        assert 20 <= section.top_margin.mm <= 25.01
        assert 20 <= section.bottom_margin.mm + 0.01 <= 25.01
        assert 30 <= section.left_margin.mm + 0.01 <= 35.01
        assert 15 <= section.right_margin.mm + 0.01 <= 20.01


# Sizes as in annex I (box: allowed range in points, bold, italic).
DECREE = {
    "National Title": (12, 13, True, False),
    "Motto": (13, 14, True, False),
    "Parent Body": (12, 13, False, False),
    "Issuing Body": (12, 13, True, False),
    "Number Line": (13, 13, False, False),
    "Place Date": (13, 14, False, True),
    "Kind": (13, 14, True, False),
    "Subject": (13, 14, True, False),
    "Addressee": (13, 14, False, False),
    "Legal Basis": (13, 14, False, True),
    "Body Text": (13, 14, False, False),
    "List Item": (13, 14, False, False),
    "Appendix Text": (13, 14, False, False),
    "Appendix Item": (13, 14, False, False),
    "Heading 1": (13, 14, True, False),
    "Heading 2": (13, 14, True, False),
    "Heading 3": (13, 14, False, False),
    "Signatory": (13, 14, True, False),
    "Recipients Label": (12, 12, True, True),
    "Recipients": (11, 11, False, False),
    "Appendix Label": (14, 14, True, False),
    "Appendix Title": (13, 14, True, False),
    "Attached To": (13, 14, False, True),
    "Page Number": (13, 14, False, False),
}


@pytest.mark.parametrize("name", DECREE)
def test_styles_have_the_decrees_sizes_and_looks(word, name):
    low, high, bold, italic = DECREE[name]
    font = word.styles[name].font
    assert low <= font.size.pt <= high
    assert (bool(font.bold), bool(font.italic)) == (bold, italic)


@pytest.mark.parametrize("name", [style.name for style in STYLES])
def test_every_style_is_black_times_new_roman_in_all_slots(word, name):
    properties = word.styles[name].element.rPr
    fonts = properties.find(qn("w:rFonts"))
    assert {fonts.get(qn(f"w:{slot}")) for slot in SLOTS} == {"Times New Roman"}
    assert not any("Theme" in key for key in fonts.attrib)
    assert properties.find(qn("w:color")).get(qn("w:val")) == "000000"


# ECMA-376 part 1, annex A: the order in which these elements may hold their parts.
ORDER = {
    "tblPr": "tblStyle tblpPr tblW jc tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign",
    "trPr": "cantSplit tblHeader",
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens spacing ind contextualSpacing jc textAlignment outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike color spacing sz szCs highlight u shd lang",
    "sectPr": "headerReference footerReference footnotePr type pgSz pgMar paperSrc pgBorders lnNumType pgNumType "
    "cols vAlign noEndnote titlePg docGrid",
    "sdtPr": "rPr alias tag id lock placeholder temporary showingPlcHdr dataBinding richText",
    "style": "name aliases basedOn next link hidden uiPriority semiHidden unhideWhenUsed qFormat locked rsid pPr rPr "
    "tblPr trPr tcPr tblStylePr",
}


@pytest.mark.parametrize("name", ORDER)
def test_parts_stand_in_the_order_word_accepts(data, name):
    from lxml import etree

    order = ORDER[name].split()
    seen = 0
    for file in ("word/document.xml", "word/styles.xml", "word/header1.xml"):
        for element in etree.fromstring(part(data, file).encode("utf-8")).iter(qn(f"w:{name}")):
            held = [order.index(etree.QName(child).localname) for child in element]
            assert held == sorted(held), etree.tostring(element)
            seen += 1
    assert seen


def test_styles_refer_to_styles_that_exist(data):
    styles = part(data, "word/styles.xml")
    known = set(re.findall(r'w:styleId="([^"]+)"', styles))
    referred = set(re.findall(r'<w:(?:basedOn|link|next) w:val="([^"]+)"', styles))
    used = set(re.findall(r'<w:(?:pStyle|rStyle|tblStyle) w:val="([^"]+)"', part(data, "word/document.xml")))
    assert referred | used <= known


def test_no_other_font_anywhere(data):
    for name in ("word/document.xml", "word/styles.xml", "word/header1.xml"):
        fonts = re.findall(r"<w:rFonts[^>]*>", part(data, name))
        assert all(set(re.findall(r'"([^"]+)"', one)) == {"Times New Roman"} for one in fonts)


def test_body_is_justified_indented_and_spaced(word):
    shape = word.styles["Body Text"].paragraph_format
    assert shape.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert round(shape.first_line_indent.cm, 2) in (1.0, 1.27)
    assert shape.space_after.pt >= 6
    assert 1 <= shape.line_spacing <= 1.5


def test_head_block_holds_the_parts_in_their_places(word):
    head = word.tables[0]
    left, right = head.rows[0].cells
    assert [p.text for p in left.paragraphs if p.text] == [
        "UBND TỈNH THỬ NGHIỆM",
        "SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI",
    ]
    assert [p.text for p in right.paragraphs if p.text] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
    ]
    assert head.rows[1].cells[0].text.strip() == "Số:        /BC-SLĐTBXH"
    assert head.rows[1].cells[1].text.strip() == "Thử Nghiệm, ngày      tháng      năm 2023"
    assert head._tbl.tblPr.find(qn("w:tblBorders")) is None


def rule_length(paragraph, room: float) -> float:
    indent = paragraph.paragraph_format.left_indent.mm
    return room - 2 * indent


def test_rules_are_as_long_as_the_decree_says(word):
    left, right = word.tables[0].rows[0].cells
    motto = rule_length(right.paragraphs[-1], right.width.mm - 2)
    assert motto == pytest.approx(width_mm("Độc lập - Tự do - Hạnh phúc", 13), abs=1)
    text = longest_line_mm("SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI", 12, left.width.mm - 2)
    assert text / 3 <= rule_length(left.paragraphs[-1], left.width.mm - 2) <= text / 2
    for cell in (left, right):
        assert cell.paragraphs[-1]._p.pPr.find(qn("w:pBdr")) is not None


def test_the_national_title_stays_on_one_line(word):
    assert width_mm("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12) < word.tables[0].rows[0].cells[1].width.mm - 2


def test_headings_are_real_and_keep_with_what_follows(word):
    assert [text_of(p) for p in styled(word, "Heading 1")] == [
        "I. Tình hình chỉ đạo",
        "II. Kết quả thực hiện",
    ]
    for level in (1, 2, 3):
        style = word.styles[f"Heading {level}"]
        assert style.paragraph_format.keep_with_next is True
        assert style.element.pPr.find(qn("w:outlineLvl")).get(qn("w:val")) == str(level - 1)
    assert word.styles["Heading 1"].font.all_caps


def test_a_heading_begins_a_page_only_where_it_is_to():
    document = replace(
        sample("vi"), blocks=(Heading(1, "I. Sau trang một", new_page=True), Heading(1, "II. Liền sau"))
    )
    made = docx.Document(io.BytesIO(word_bytes(document)))
    headings = [one for one in made.paragraphs if one.style.name == "Heading 1"]
    assert [one.paragraph_format.page_break_before for one in headings] == [True, None]


def test_page_number_in_the_top_margin_from_page_two(word):
    first = word.sections[0]
    assert first.different_first_page_header_footer
    number = first.header.paragraphs[0]
    assert "PAGE" in "".join(one.text for one in number._p.iter(qn("w:instrText")))
    assert number.style.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert "PAGE" not in first.first_page_header._element.xml
    assert not first.footer._has_definition


def test_wide_tables_lie_across_and_text_stands_upright(word):
    directions = [section.orientation for section in word.sections]
    upright, across = WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE
    assert directions == [upright, across, upright, across, upright]
    # page numbers go on in the body and begin anew in each appendix
    starts = [section._sectPr.find(qn("w:pgNumType")) for section in word.sections]
    assert [one is not None for one in starts] == [True, False, False, True, True]
    assert [section.different_first_page_header_footer for section in word.sections] == [
        True,
        False,
        False,
        True,
        True,
    ]


def test_tables_have_style_repeated_headers_and_whole_rows(word):
    figures = [table for table in word.tables if table.style.name == "Report Table"]
    assert len(figures) == 4
    for table, heads in zip(figures, (1, 2, 2, 1), strict=True):
        for index, row in enumerate(table.rows):
            properties = row._tr.trPr
            assert properties.find(qn("w:cantSplit")) is not None
            assert (properties.find(qn("w:tblHeader")) is not None) == (index < heads)
    grouped = figures[1]
    assert grouped.cell(0, 1)._tc is grouped.cell(0, 2)._tc
    assert grouped.cell(0, 0)._tc.vMerge == "restart"
    assert grouped.cell(0, 1).text == "Thực hiện"
    assert grouped.cell(1, 3).text == "QI"


def test_table_widths_fill_the_text_and_not_more(word):
    for table, room in zip(
        [t for t in word.tables if t.style.name == "Report Table"], (165, 252, 252, 165), strict=True
    ):
        assert sum(cell.width.mm for cell in table.rows[-1].cells) == pytest.approx(room, abs=1)


def test_no_word_is_cut_by_a_narrow_column():
    from vetanalysis.blocks import Column, Table
    from vetanalysis.documents.columns import column_widths

    table = Table(
        "t", "t", (Column("Probability", width=0.1), Column("Name", width=5)), (("1", "certificate"),)
    )
    widths = column_widths(table, 100, 12)
    assert sum(widths) == pytest.approx(100)
    assert widths[0] >= width_mm("Probability", 12)
    assert (
        column_widths(small_table("vi"), 165, 12)[1] > 165 * 3 / 4.5
    )  # long words get what the short ones leave
    crowded = column_widths(table, 20, 12)
    assert sum(crowded) == pytest.approx(20)


def test_captions_count_with_fields_and_stay_with_their_table(word):
    captions = [text_of(p) for p in styled(word, "Caption")]
    assert [caption.split(".")[0] for caption in captions] == ["Bảng 1", "Bảng 2", "Bảng 3", "Bảng 4"]
    codes = [one.text.strip() for one in word.element.body.iter(qn("w:instrText"))]
    assert codes.count("SEQ Bảng \\* ARABIC") == 4
    assert codes.count("SEQ Hình \\* ARABIC") == 1
    assert word.styles["Caption"].paragraph_format.keep_with_next


def test_a_picture_its_caption_and_its_source_are_one_paragraph_that_is_never_split(word):
    (figure,) = styled(word, "Figure")
    assert figure.findall(".//" + qn("w:drawing"))
    assert text_of(figure).lstrip().startswith("Hình 1. ")
    assert figure.find(qn("w:pPr")).find(qn("w:keepLines")) is not None


def test_figures_carry_alternative_text(word):
    about = next(word.element.body.iter(qn("wp:docPr")))
    assert about.get("descr") == ALT.vi
    assert word.inline_shapes[0].width.mm == pytest.approx(120, abs=0.1)


def test_office_places_are_controls_with_placeholder_or_words(word):
    controls = list(word.element.body.iter(qn("w:sdt")))
    assert len(controls) == 2
    empty, filled = controls
    assert empty.find(qn("w:sdtPr")).find(qn("w:showingPlcHdr")) is not None
    assert text_of(empty) == "[Nêu các văn bản chỉ đạo]"
    assert filled.find(qn("w:sdtPr")).find(qn("w:showingPlcHdr")) is None
    assert "=HYPERLINK" in text_of(filled)
    shade = word.styles["Office Place"].element.rPr.find(qn("w:shd"))
    assert shade.get(qn("w:fill")) not in ("auto", "000000")


def test_recipients_and_signatory_stand_side_by_side_on_one_page(word):
    table = next(t for t in word.tables if t.rows[0].cells[0].text.startswith("Nơi nhận:"))
    left, right = table.rows[0].cells
    assert [p.text for p in left.paragraphs] == ["Nơi nhận:", "- Như trên;", "- Lưu: VT."]
    assert [p.text for p in right.paragraphs if p.text] == ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Nguyễn Văn Mẫu"]
    assert table.rows[0]._tr.trPr.find(qn("w:cantSplit")) is not None


def test_recipients_close_with_semicolons_and_a_full_stop():
    from dataclasses import replace

    from vetanalysis.blocks import Signature

    signature = Signature(("GIÁM ĐỐC",), "", "Nơi nhận:", ("Như trên", "- Lãnh đạo Sở.", "Lưu: VT"))
    made = docx.Document(io.BytesIO(word_bytes(replace(sample("vi"), signature=signature))))
    table = next(t for t in made.tables if t.rows[0].cells[0].text.startswith("Nơi nhận:"))
    assert [p.text for p in table.rows[0].cells[0].paragraphs[1:]] == [
        "- Như trên;",
        "- Lãnh đạo Sở;",
        "- Lưu: VT.",
    ]


def test_the_body_ends_as_the_decree_asks(word):
    bodies = [text_of(p) for p in styled(word, "Body Text")]
    assert "Trân trọng báo cáo./." in bodies
    assert ended("Hết.", "vi") == "Hết./."
    assert ended("Hết./.", "vi") == "Hết./."
    assert ended("The end.", "en") == "The end."


def test_the_banner_is_on_every_page_of_an_illustrative_report_only():
    marked = docx.Document(io.BytesIO(word_bytes(sample("vi"))))
    for section in marked.sections:
        assert BANNER.vi in [p.text for p in section.header.paragraphs]
        if section.different_first_page_header_footer:
            assert BANNER.vi in [p.text for p in section.first_page_header.paragraphs]
    real = word_bytes(sample("vi", illustrative=False))
    with zipfile.ZipFile(io.BytesIO(real)) as package:
        assert not any(
            BANNER.vi in package.read(name).decode("utf-8", "ignore") for name in package.namelist()
        )


def test_english_reports_speak_english():
    data = word_bytes(sample("en"))
    document = part(data, "word/document.xml")
    assert "SEQ Table" in document
    assert "Bảng" not in document
    assert 'w:val="en-GB"' in part(data, "word/styles.xml")
    assert "./." not in document


def test_text_of_units_is_shown_and_never_obeyed(word, data):
    everything = text_of(word.element.body)
    assert "<script>alert(1)</script>" in everything
    assert "{{ 7*7 }}" in everything
    for character in ("\x07", "\x0b", "\u202e", "\ud800"):
        assert character not in everything
    assert "http://x.invalid" not in part(data, "word/_rels/document.xml.rels")
    assert "<w:hyperlink" not in part(data, "word/document.xml")


def test_two_writes_give_the_same_bytes(tmp_path):
    first = write_word(sample("vi"), tmp_path / "a" / "one.docx").read_bytes()
    second = write_word(sample("vi"), tmp_path / "two.docx").read_bytes()
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert package.namelist() == sorted(package.namelist())
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not any(name.endswith((".jpeg", ".bin")) for name in package.namelist())
    assert [one.name for one in tmp_path.iterdir()].count("two.docx.part") == 0


def test_properties_name_the_report(word):
    about = word.core_properties
    assert about.title == "Báo cáo thử nghiệm 9 tháng năm 2023"
    assert about.author == "SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI"
    assert about.language == "vi"


def test_an_unknown_block_is_refused():
    from dataclasses import replace

    with pytest.raises(TypeError, match="str"):
        word_bytes(replace(sample("vi"), blocks=("no block",)))


def test_a_heading_goes_with_its_wide_table(word):
    body = list(word.element.body)
    heading = next(p for p in styled(word, "Heading 2") if text_of(p) == "2. Theo địa bàn")
    before = [one for one in body[: body.index(heading)] if one.find(f".//{qn('w:sectPr')}") is not None]
    assert len(before) == 1  # the section ended before the heading, not after it


def test_no_two_empty_lines_in_the_body(word):
    empty = 0
    for child in word.element.body:
        if child.tag != qn("w:p") or text_of(child) or child.find(f".//{qn('w:drawing')}") is not None:
            empty = 0
            continue
        empty += 1
        assert empty < 3


def test_width_of_bold_times():
    # Adobe Times-Bold: "A" 722, "B" 667 of 1000; marks add nothing
    assert width_mm("AB", 10) == pytest.approx(1.389 * 10 * 25.4 / 72)
    assert width_mm("Ậ", 10) == width_mm("A", 10)
    assert width_mm("Đ", 10) == width_mm("D", 10)
    assert longest_line_mm("AA AA", 10, 1) == width_mm("AA", 10)


def test_short_tables_are_kept_together(word):
    table = next(t for t in word.tables if t.style.name == "Report Table")
    assert len(small_table("vi").rows) < 10
    assert all(row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in table.rows[1:])


def test_unknown_kinds_of_paragraph_are_refused():
    from dataclasses import replace

    with pytest.raises(KeyError):
        word_bytes(replace(sample("vi"), blocks=(Heading(1, "I."), Paragraph((), "poem"))))
