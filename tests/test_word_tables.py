"""Long tables and last lines in Word: no total alone on a page, rows as low as their letters, one closing mark."""

from __future__ import annotations

import io
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn
from printed_widths import in_face_mm
from sample_document import sample, sentence, small_table, wide_table

from vetanalysis.blocks import Column, OfficePlace, Paragraph
from vetanalysis.documents.columns import (
    column_widths,
    lies_across,
    type_size,
    width_mm,
)
from vetanalysis.documents.word import word_bytes
from vetanalysis.documents.word_styles import TABLE_STYLE
from vetanalysis.documents.word_table import TINTS, add_table


def _word(document=None):
    return docx.Document(io.BytesIO(word_bytes(document or sample("vi"))))


def test_a_total_never_stands_alone_on_the_last_page():
    rows = tuple((str(number), f"đơn vị {number}", "1") for number in range(30))
    made = add_table(_word(), replace(small_table("vi"), rows=rows, notes=()), 165, "vi")
    kept = [bool(row.cells[0].paragraphs[0].paragraph_format.keep_with_next) for row in made.rows[1:]]
    assert kept == [True] + [False] * 26 + [True, True, False]
    assert (
        made.rows[0].cells[0].paragraphs[0].style.paragraph_format.keep_with_next
    )  # the head, with two rows


@pytest.mark.parametrize(
    ("words", "kept"), [(1, [True] * 5 + [False]), (60, [True, False, False, True, True, False])]
)
def test_a_short_table_stands_on_one_page_by_its_lines_and_not_by_its_rows(words, kept):
    rows = tuple((str(number), "đơn vị " * words, "1") for number in range(6))
    made = add_table(_word(), replace(small_table("vi"), rows=rows, notes=()), 165, "vi")
    lines = [row.cells[0].paragraphs[0].paragraph_format for row in made.rows[1:]]
    assert [bool(one.keep_with_next) for one in lines] == kept


def test_a_short_table_that_may_split_starts_on_the_page_on_which_it_is_told():
    rows = tuple((str(number), "đơn vị", "1") for number in range(6))
    made = add_table(_word(), replace(small_table("vi"), rows=rows, notes=(), splits=True), 165, "vi")
    lines = [row.cells[0].paragraphs[0].paragraph_format for row in made.rows[1:]]
    assert [bool(one.keep_with_next) for one in lines] == [True, False, False, True, True, False]


def test_no_page_has_the_signature_or_the_end_of_an_appendix_alone():
    said = tuple(Paragraph((sentence(f"Câu {at}."),)) for at in range(9))
    appendix = replace(sample("vi").appendices[0], blocks=said)
    made = _word(replace(sample("vi"), blocks=said, appendices=(appendix,)))
    kept = [
        [bool(one.paragraph_format.keep_with_next) for one in made.paragraphs if one.style.name == style]
        for style in ("Body Text", "Appendix Text")
    ]
    assert kept == [[False] * 4 + [True] * 5, [False] * 5 + [True] * 3 + [False]]


def test_a_line_of_small_type_is_no_higher_than_its_letters():
    made = add_table(_word(), wide_table("vi"), 80, "vi")  # so narrow that the type is small
    line = made.rows[-1].cells[0].paragraphs[0]
    size = line.runs[0].font.size.pt
    assert size < 12
    assert line._p.pPr.find(qn("w:rPr")).find(qn("w:sz")).get(qn("w:val")) == str(int(size * 2))


def test_a_long_wide_table_is_set_smaller_and_closer_than_a_short_one():
    short, long = (add_table(_word(), wide_table("vi", rows), 252, "vi", across=True) for rows in (20, 21))
    sizes = [made.rows[-1].cells[0].paragraphs[0].runs[0].font.size for made in (short, long)]
    assert ((sizes[0] and sizes[0].pt) or 12) - sizes[1].pt == 1
    assert [made._tbl.tblPr.find(qn("w:tblCellMar")) is not None for made in (short, long)] == [False, True]


def test_a_long_table_is_set_as_small_as_lets_it_stand_on_one_page():
    def size(rows: int) -> float:
        made = add_table(_word(), wide_table("vi", rows), 252, "vi", across=True)
        return made.rows[-1].cells[0].paragraphs[0].runs[0].font.size.pt

    assert [size(rows) for rows in (21, 24, 60)] == [11, 10, 11]  # sixty rows take several pages in any size


def test_the_last_line_of_the_body_stays_with_the_signature():
    for blocks in ((Paragraph((sentence("Hết"),)),), (OfficePlace("Đề xuất"),)):
        made = _word(replace(sample("vi"), blocks=blocks, appendices=()))
        ends = [line for line in made.paragraphs if line.style.name == "Body Text"]
        assert ends[-1].paragraph_format.keep_with_next


def test_a_section_break_takes_no_line_of_its_own():
    breaks = [
        line
        for line in _word().paragraphs
        if line._p.pPr is not None and line._p.pPr.find(qn("w:sectPr")) is not None
    ]
    assert breaks
    assert {line.style.name for line in breaks} == {"Rule"}


def test_cells_stand_on_one_line_each_where_there_is_room_for_all():
    table = small_table("vi")
    long = replace(table, rows=(("1", "Trường Cao đẳng Công nghệ và Nông lâm Đông Bắc", "1"),))
    asked = [column.width for column in long.columns]
    narrow = replace(
        long, columns=tuple(replace(c, width=1.0) for c in long.columns)
    )  # asked for: a third of the room each
    widths = column_widths(narrow, 165, 12)
    assert widths[1] > 165 / 3
    assert sum(widths) == pytest.approx(165)
    assert column_widths(long, 400, 12) == [400 * one / sum(asked) for one in asked]


def test_room_goes_where_it_saves_most_lines():
    """For six names on one line each rather than for one text on fewer lines."""
    name, text = "UBND huyện Hữu Lũng", "Số người được đào tạo trình độ sơ cấp"
    first = small_table("vi").columns[0]
    columns = tuple(replace(first, label=label, measure="", group="") for label in ("Đơn vị", "Nội dung"))
    rows = ((name, text), *((name, "0"),) * 5)
    room = width_mm(name, 12) + 3.2 + 20
    table = replace(small_table("vi"), columns=columns, rows=rows, bold_rows=frozenset())
    widths = column_widths(table, room, 12)
    assert widths[0] - 3.2 > 0.96 * width_mm(name, 12), "of letters that are not bold"
    assert sum(widths) == pytest.approx(room)


def test_the_body_closes_with_one_mark_also_after_a_units_own_words():
    words = ("Đơn vị đề xuất:", "- Bổ sung thiết bị.")
    made = _word(replace(sample("vi"), blocks=(OfficePlace("Đề xuất", words),), appendices=()))
    lines = [
        "".join(one.text or "" for one in line.iter(qn("w:t"))) for line in made.element.body.iter(qn("w:p"))
    ]
    assert "- Bổ sung thiết bị./." in lines


def test_vietnamese_letters_are_as_wide_as_in_the_face_itself():
    letters = "ăâđêôơưĂÂĐÊÔƠƯ" + "".join(chr(code) for code in range(0x1EA0, 0x1EFA)) + "azAZ09%–"
    real = {letter: in_face_mm(letter, 12) for letter in letters}
    if real["a"] is None:
        pytest.skip("Liberation Serif is not installed")
    assert {one for one in letters if width_mm(one, 12) < 0.99 * real[one]} == set()


def test_a_measure_stands_once_above_the_table():
    table = replace(small_table("vi"), measure="Đơn vị tính: người")
    lines = [line.text for line in _word(replace(sample("vi"), blocks=(table,), appendices=())).paragraphs]
    assert lines.count("Đơn vị tính: người") == 1


def test_a_table_whose_words_do_not_fit_upright_lies_across_and_a_short_one_that_fits_stands():
    long = "Trungtâmgiáodục"
    crowded = replace(
        small_table("vi"),
        columns=tuple(Column(long) for _ in range(7)),
        rows=((long,) * 7,),
        bold_rows=frozenset(),
    )
    assert lies_across(crowded, 165)
    assert sum(column_widths(crowded, 252, type_size(crowded, 252))) == pytest.approx(252)
    assert lies_across(wide_table("vi", 13), 165)
    assert not lies_across(wide_table("vi", 12), 165)


def test_a_cell_has_the_colour_of_its_tone():
    table = small_table("vi")
    made = add_table(_word(), replace(table, tones=(("", "bad", ""), ("", "", ""))), 165, "vi")
    grounds = [row.cells[1]._tc.tcPr.find(qn("w:shd")) for row in made.rows[1:]]
    assert grounds[0].get(qn("w:fill")) == TINTS["bad"]
    assert grounds[1] is None


def test_room_goes_to_the_columns_that_make_a_table_high():
    label = "Số người được đào tạo trình độ sơ cấp, trung cấp, cao đẳng"
    columns = (Column("Chỉ tiêu", width=1), Column("Khả năng đạt", width=1), Column("Tin cậy", width=5))
    table = replace(
        small_table("vi"),
        columns=columns,
        rows=((label, "▲ có khả năng đạt (khoảng 70%)", "Thấp"),),
        bold_rows=frozenset(),
    )
    first, second, third = column_widths(table, 120, 12)
    assert first + second + third == pytest.approx(120)
    assert first > second > third
    lines = width_mm(label, 12) / first
    assert lines < 2  # 105 mm of words in two lines, although the last column asked for most of the room


def test_a_name_keeps_its_number_on_its_line():
    columns = (Column("Trung tâm 2", align="left"), Column("Quý 1"), Column("Số"))
    rows = (("TT GDNN cấp tỉnh 2", "12 345", "1 234"), ("đến hết 2022", "10", "3"))
    table = replace(small_table("vi"), columns=columns, rows=rows)
    word = _word(replace(sample(), blocks=(table,)))
    made = next(one for one in word.tables if one.style.name == TABLE_STYLE)
    cells = [[cell.text for cell in row.cells] for row in made.rows]
    assert cells[0] == ["Trung tâm\u00a02", "Quý\u00a01", "Số"]
    assert cells[1] == ["TT GDNN cấp tỉnh\u00a02", "12 345", "1 234"]  # a number of thousands is no name
    assert cells[2][0] == "đến hết 2022"
