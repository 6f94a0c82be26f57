"""Tables that are not ours, as people fill them in: each figure is read as it is meant, or told at its cell."""

import pytest

from tests import small_sheets
from tests.any_file.paper import Formula
from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.plan import load_plan

WHEN = "9 tháng đầu năm 2023"
WHOSE = ("Đơn vị: Huyện Cao Lộc",)
SUMMED, UNTOLD, UNCLEAR = {"subtotal-mismatch"}, set(), {"not-understood"}


@pytest.fixture(scope="module")
def plan():
    return load_plan("lang-son-2023")


@pytest.fixture
def read(plan, tmp_path):
    """Figures by cell, cells that are missing, and rules by cell, of a sheet with these rows."""

    def of(*rows, **how):
        reading = small_sheets.read_rows(plan, tmp_path, *rows, **how)
        names = "unit", "indicator", "value", "measure"
        figures = small_sheets.figures(reading, *names, parts=BREAKDOWNS)
        return figures, small_sheets.missing(reading), small_sheets.rules(reading)

    return of


@pytest.mark.parametrize(
    ("head", "cell", "true"),
    [
        ("Kinh phí đã giải ngân (nghìn đồng)", "3 triệu", 3),
        ("Kinh phí đã giải ngân (nghìn đồng)", 3000, 3),
        ("Kinh phí đã giải ngân (nghìn đồng)", "2500 nghìn đồng", 2.5),
        ("Kinh phí đã giải ngân (tỷ đồng)", "900 triệu", 900),
        ("Kinh phí đã giải ngân (tỷ đồng)", "1,2", 1200),
        ("Kinh phí đã giải ngân (tỷ đồng)", "1,2 tỷ đồng", 1200),
        ("Kinh phí đã giải ngân (đồng)", "3 triệu đồng", 3),
        ("Kinh phí đã giải ngân (đồng)", "4500000 đồng", 4.5),
        ("Kinh phí đã giải ngân (triệu đồng)", "3 tỷ", 3000),
        ("Kinh phí đã giải ngân (tỷ đồng)", "900 tr.đ", 900),
        ("Kinh phí đã giải ngân (triệu đồng)", "12,5 trđ", 12.5),
        ("Số người tuyển mới (nghìn người)", "1,2 nghìn", 1200),
        ("Số người tuyển mới (nghìn người)", "1,2 nghìn người", 1200),
        ("Số người tuyển mới (nghìn người)", 1.2, 1200),
    ],
)
def test_a_word_of_size_in_a_cell_stands_for_that_of_its_column(read, head, cell, true):
    figures, _, rules = read((WHEN,), ("Đơn vị", head), ("Huyện Cao Lộc", cell), ("Huyện Bắc Sơn", 1))
    assert figures["B3"][2] == true
    assert "B3" not in rules


@pytest.mark.parametrize(
    ("head", "cell", "rule"),
    [
        ("Số người tuyển mới (nghìn người)", "5%", "measure-mismatch"),
        ("Số người tuyển mới (nghìn người)", "120 người", "measure-mismatch"),
        ("Số người tuyển mới (nghìn người)", "1,2 nghìn lượt", "measure-mismatch"),
        ("Kinh phí đã giải ngân (nghìn đồng)", "3000 đồng", "measure-mismatch"),
        ("Kinh phí đã giải ngân (tỷ đồng)", "12 người", "measure-mismatch"),
        ("Kinh phí đã giải ngân (nghìn đồng)", "500đ", "measure-mismatch"),
        ("Kinh phí đã giải ngân (triệu đồng)", "12 USD", "measure-mismatch"),
        ("Kinh phí đã giải ngân (triệu đồng)", "12 phòng học", "measure-mismatch"),
        ("Số người tuyển mới", "12 USD", "measure-mismatch"),
        ("Kinh phí đã giải ngân (tỷ đồng)", "5%", "measure-mismatch"),
        ("Kinh phí đã giải ngân (tỷ đồng)", "5 nghìn", "not-understood"),  # 5 nghìn đồng or 5 nghìn tỷ
    ],
)
def test_what_is_not_in_the_measure_of_a_converted_column_is_told(read, head, cell, rule):
    figures, _, rules = read((WHEN,), ("Đơn vị", head), ("Huyện Cao Lộc", cell), ("Huyện Bắc Sơn", 1))
    assert "B3" not in figures
    assert rules["B3"] == {rule}


@pytest.mark.parametrize(
    ("head", "parts", "total", "rules"),
    [
        ("Kinh phí đã giải ngân", (100.5, 200.25), 300.75, UNTOLD),
        ("Kinh phí đã giải ngân", (100.5, 200.25), 310, SUMMED),
        ("Kinh phí đã giải ngân (tỷ đồng)", (1.5, 2.25), 3.75, UNTOLD),
        ("Kinh phí đã giải ngân (tỷ đồng)", (1.5, 2.25), "3750 triệu", UNTOLD),
        ("Kinh phí đã giải ngân (nghìn đồng)", (1500, 2250), 3950, SUMMED),
        ("Số người tuyển mới (nghìn người)", (1.5, 2.25), 4.75, SUMMED),
        ("Tỷ lệ thất nghiệp (trong độ tuổi)", (2.5, 3.5), 3.1, UNCLEAR),
        ("Tỷ lệ thất nghiệp (trong độ tuổi)", ("2,5%", "3,5%"), "3,1%", UNCLEAR),
        ("Số người tuyển mới", (None, None), 310, SUMMED),
    ],
)
def test_a_total_is_held_against_its_parts_in_their_measure(read, head, parts, total, rules):
    first, second = parts
    figures, _, told = read(
        (WHEN,), ("Đơn vị", head, "Số người tốt nghiệp"),
        ("Huyện Cao Lộc", first, 7), ("Huyện Bắc Sơn", second, 8), ("Tổng cộng", total, 15),
    )  # fmt: skip
    assert told.get("B5", set()) == rules
    assert "B5" not in figures
    assert ("B3" in figures) == (first is not None)


def test_a_total_without_parts_is_the_figure_in_the_measure_beside_it(read):
    rows = (WHOSE, (f"Kinh phí đã giải ngân {WHEN}",), ("Nội dung", "Đơn vị tính", "Thực hiện"))
    figures, _, rules = read(*rows, ("Tổng cộng", "Nghìn đồng", 640500))
    assert figures == {"C4": ("183", "budget_disbursed", 640.5, "million_dong")}
    assert not rules


def test_a_total_without_parts_that_is_blank_or_a_formula_is_told(read):
    rows = (WHOSE, (f"Số người tuyển mới {WHEN}",), ("Nội dung", "Thực hiện", "Nữ"))
    figures, missing, _ = read(*rows, ("Tổng số", None, None), ("Trong đó: Hộ nghèo", 12, 5))
    assert missing == {"B4", "C4"}
    assert figures["B5"] == ("183", "people_enrolled", 12, "persons", "poor")
    _, _, rules = read(*rows, ("Tổng số", Formula("SUM(D1:D9)"), 5))
    assert rules["B4"] == {"formula-no-value"}


def test_a_total_that_a_mapping_names_is_what_it_says(read):
    mapping = """
sheets:
  - first_row: 3
    label: A
    labels: {Tổng cộng: {level: elementary}}
    columns: {B: {indicator: people_enrolled, measure: persons}}
"""
    figures, _, _ = read(WHOSE, (WHEN,), ("Tổng cộng", 70), mapping=mapping)
    assert figures == {"B3": ("183", "people_enrolled", 70, "persons", "elementary")}


@pytest.mark.parametrize("marks", [("I", "II"), ("A", "B"), (None, None)])
def test_a_section_with_its_sum_holds_for_the_units_below(read, marks):
    figures, _, rules = read(
        (f"Số người tuyển mới {WHEN}",), ("STT", "Đơn vị", "Thực hiện"),
        (marks[0], "Trình độ sơ cấp", 70), (1, "Huyện Cao Lộc", 30), (2, "Huyện Bắc Sơn", 40),
        (marks[1], "Trình độ trung cấp", 99), (1, "Huyện Cao Lộc", 10), (2, "Huyện Bắc Sơn", 20),
    )  # fmt: skip
    enrolled = "people_enrolled"
    assert figures == {
        "C4": ("183", enrolled, 30, "persons", "elementary"),
        "C5": ("185", enrolled, 40, "persons", "elementary"),
        "C7": ("183", enrolled, 10, "persons", "intermediate"),
        "C8": ("185", enrolled, 20, "persons", "intermediate"),
    }
    assert rules == {"C6": SUMMED}


def test_a_group_numbered_in_roman_with_its_sum_holds_for_the_units_below(read):
    figures, _, rules = read(
        (f"Số người tuyển mới {WHEN}",), ("STT", "Đơn vị", "Thực hiện"),
        ("I", "Hộ nghèo", 70), (1, "Huyện Cao Lộc", 30), (2, "Huyện Bắc Sơn", 40),
        ("II", "Dân tộc thiểu số", 10), (1, "Huyện Cao Lộc", 10),
    )  # fmt: skip
    assert [figure[-1] for figure in figures.values()] == ["poor", "poor", "ethnic_minority"]
    assert not rules


def test_levels_numbered_in_roman_without_rows_below_are_figures(read):
    figures, _, rules = read(
        WHOSE, (f"Số người tuyển mới {WHEN}",), ("STT", "Nội dung", "Thực hiện"),
        ("I", "Trình độ sơ cấp", 70), (None, "Trong đó: nữ", 30), ("II", "Trình độ trung cấp", 20),
        (None, "Tổng cộng", 90),
    )  # fmt: skip
    assert figures == {
        "C4": ("183", "people_enrolled", 70, "persons", "elementary"),
        "C5": ("183", "people_enrolled", 30, "persons", "elementary", "female"),
        "C6": ("183", "people_enrolled", 20, "persons", "intermediate"),
    }
    assert not rules


def test_the_total_of_a_section_is_of_that_section(read):
    figures, _, rules = read(
        WHOSE, (f"Số người tuyển mới {WHEN}",), ("Nội dung", "Thực hiện"),
        ("Trình độ sơ cấp",), ("Tổng số", 70), ("Trong đó: nữ", 30),
        ("Trình độ trung cấp",), ("Tổng số", 20), ("Tổng cộng", 90),
    )  # fmt: skip
    assert figures == {
        "B5": ("183", "people_enrolled", 70, "persons", "elementary"),
        "B6": ("183", "people_enrolled", 30, "persons", "elementary", "female"),
        "B8": ("183", "people_enrolled", 20, "persons", "intermediate"),
    }
    assert rules == {"B9": {"not-understood"}}


@pytest.mark.parametrize("sums", [(None, None), (70, 99)])
def test_a_section_named_over_the_column_of_numbers_holds_for_the_units_below(read, sums):
    figures, _, _ = read(
        (f"Số người tuyển mới {WHEN}",), ("STT", "Đơn vị", "Thực hiện"),
        ("A. Trình độ sơ cấp", None, sums[0]), (1, "Huyện Cao Lộc", 30), (2, "Huyện Bắc Sơn", 40),
        ("B. Trình độ trung cấp", None, sums[1]), (1, "Huyện Cao Lộc", 49), (2, "Huyện Bắc Sơn", 50),
    )  # fmt: skip
    assert {cell: figure[-1] for cell, figure in figures.items()} == {
        "C4": "elementary", "C5": "elementary", "C7": "intermediate", "C8": "intermediate",
    }  # fmt: skip


@pytest.mark.parametrize(("first", "second", "lost"), [(None, "Hộ nghèo", "C4"), ("Hộ nghèo", None, "C6")])
@pytest.mark.parametrize("sums", [(None, None), (30, 31)])
def test_a_section_whose_name_is_gone_gives_its_units_no_figure(read, first, second, lost, sums):
    figures, _, rules = read(
        (f"Số người tuyển mới {WHEN}",), ("STT", "Đơn vị", "Thực hiện"),
        ("I", first, sums[0]), (1, "Huyện Cao Lộc", 30), ("II", second, sums[1]), (1, "Huyện Chi Lăng", 31),
    )  # fmt: skip
    assert {figure[-1] for figure in figures.values()} == {"poor"}
    assert figures.keys() == {"C4", "C6"} - {lost}
    assert rules[lost] == UNCLEAR


@pytest.mark.parametrize("disbursed", ["...", None, 150.5])
def test_parts_of_an_item_whose_name_is_gone_are_not_those_of_the_item_before(read, disbursed):
    figures, _, rules = read(
        WHOSE, (f"Kinh phí {WHEN}",), ("TT", "Nội dung", None, "Thực hiện"),
        (1, "Kinh phí được giao", "triệu đồng", 300.5), (2, None, "triệu đồng", disbursed),
        (3, "Trong đó: Ngân sách trung ương", "triệu đồng", 140.5),
    )  # fmt: skip
    assert figures == {"D4": ("183", "budget_assigned", 300.5, "million_dong")}
    assert rules["D6"] == UNCLEAR


@pytest.mark.parametrize("heads", [("Đơn vị", "Đơn vị"), (None, "Đơn vị"), ("Đơn vị", None)])
@pytest.mark.parametrize("first", [50, "12/15"])
def test_each_of_two_tables_side_by_side_keeps_its_names(read, heads, first):
    figures, _, rules = read(
        (WHEN,), (heads[0], "Tuyển mới", "Nữ", heads[1], "Tốt nghiệp"),
        ("Huyện Cao Lộc", first, 25, "Huyện Chi Lăng", 30), ("Huyện Bắc Sơn", "l5", 26, "Huyện Cao Lộc", 31),
    )  # fmt: skip
    assert {cell: (figure[0], figure[2]) for cell, figure in figures.items() if cell[0] != "B"} == {
        "C3": ("183", 25), "C4": ("185", 26), "E3": ("187", 30), "E4": ("183", 31),
    }  # fmt: skip
    assert figures.get("B3", ("183",))[0] == "183"
    assert {"B3", "B4"} - figures.keys() <= rules.keys()


@pytest.mark.parametrize(
    ("name", "cell"),
    [("Huyện Chi Lăng", "12 tháng"), ("Huyện Chi Lăng", "khoảng chục"), ("Trình độ sơ cấp", "12/15")],
)
@pytest.mark.parametrize("between", [(), ((),)])
def test_a_first_row_that_cannot_be_read_is_no_head(read, name, cell, between):
    rows = (WHOSE, (WHEN,), ("Nội dung", "Số người tuyển mới"), *between, (name, cell))
    below = "Huyện Cao Lộc" if "Huyện" in name else "Trình độ trung cấp"
    figures, _, rules = read(*rows, (below, 20))
    assert rules.keys() == {f"B{len(rows)}"}
    assert figures[f"B{len(rows) + 1}"][:3] == ("183", "people_enrolled", 20)


def test_a_sheet_of_dates_and_quotas_before_the_tables_is_read_to_its_end(plan, tmp_path):
    lines = (("Hạn gửi báo cáo", "15/09/2023"), ("Nơi nhận báo cáo", "Sở Lao động - Thương binh và Xã hội"))
    lines = (*lines, ("Chỉ tiêu được giao năm 2023", "2.700 người"), ("Người lập biểu", "Cán bộ tổng hợp"))
    reading = small_sheets.read_rows(plan, tmp_path, *lines, (), ("Nội dung", "Thực hiện"), ("Tuyển mới", 12))
    assert [*reading.columns["value"]] == [12]


def test_a_first_row_that_cannot_be_read_is_no_head_in_two_columns_of_names_either(read):
    figures, _, rules = read(
        (WHEN,), ("Huyện", "Trình độ", "Tuyển mới", "Tốt nghiệp"), ("Huyện Cao Lộc", "Sơ cấp", "12/15", "ba lớp"),
        (None, "Dưới 3 tháng", 32, 21),
    )  # fmt: skip
    assert rules.keys() == {"C3", "D3"}
    assert figures["C4"] == ("183", "people_enrolled", 32, "persons", "short_course")


def test_two_tables_side_by_side_of_one_row_each_keep_their_names_without_heads(read):
    figures, _, _ = read(
        (WHEN,), (None, "Tuyển mới", None, None, "Tốt nghiệp"), ("Huyện Cao Lộc", 5, None, "Huyện Bắc Sơn", 6)
    )
    assert {cell: figure[0] for cell, figure in figures.items()} == {"B3": "183", "E3": "185"}


def test_a_group_above_every_unit_holds_for_the_units_below_until_the_next(read):
    figures, _, _ = read(
        (f"Số người tuyển mới {WHEN}",), ("Đơn vị", "Thực hiện"), ("Hộ nghèo",), ("Huyện Cao Lộc", 30),
        ("Nữ",), ("Huyện Bắc Sơn", 31), ("Dân tộc thiểu số",), ("Huyện Cao Lộc", 32),
    )  # fmt: skip
    assert [figure[-1] for figure in figures.values()] == ["poor", "poor", "ethnic_minority"]


@pytest.mark.parametrize("cell", ["-", "khoảng chục"])
def test_a_head_over_levels_begins_no_table_where_a_figure_is_missing(read, cell):
    figures, _, rules = read(
        (f"Số người tuyển mới {WHEN}",), ("Đơn vị", "Tổng số", "Trình độ", None), (None, None, "Sơ cấp", "Trung cấp"),
        ("Huyện Cao Lộc", 30, 20, 10), ("Huyện Bắc Sơn", 31, cell, 11),
    )  # fmt: skip
    assert figures.keys() == {"B4", "C4", "D4", "B5", "D5"}
    assert rules.keys() <= {"C5"}


@pytest.mark.parametrize("typed", ["12½", "12/15", "7 1/2 lớp"])
def test_figures_that_cannot_be_read_are_told_at_their_cells_though_no_other_is_there(read, typed):
    rows = ("STT", "Nội dung", "Thực hiện"), (1, "Tuyển mới", typed), (2, "Tốt nghiệp", typed)
    figures, _, rules = read(WHOSE, (WHEN,), *rows)
    assert not figures
    assert rules.keys() == {"C4", "C5", ""}


@pytest.mark.parametrize("head", ["Ghi chú", "Người phụ trách"])
def test_a_column_of_words_that_asks_for_no_figure_says_nothing(read, head):
    rows = (("Đơn vị", head, "Tốt nghiệp"), ("Huyện Cao Lộc", "gửi lại", 3), ("Huyện Bắc Sơn", "Lan", 4))
    figures, _, rules = read((WHEN,), *rows)
    assert figures.keys() == {"C3", "C4"}
    assert not rules


@pytest.mark.parametrize("head", ["Tuyển mới", "Thực hiện 9 tháng năm 2022", "6 tháng năm 2023", "Nữ"])
def test_a_column_without_any_figure_that_can_be_read_is_told(read, head):
    rows = (("Đơn vị", head, "Tốt nghiệp"), ("Huyện Cao Lộc", "12/15", 3), ("Huyện Bắc Sơn", "ba", 4))
    figures, _, rules = read((WHEN,), *rows)
    assert figures.keys() == {"C3", "C4"}
    assert rules == {"B3": UNCLEAR, "B4": UNCLEAR}


def test_a_unit_s_column_without_any_figure_that_can_be_read_is_told(read):
    rows = (
        ("Nội dung", "Huyện Cao Lộc", "Huyện Bắc Sơn"),
        ("Tuyển mới", 5, "12/15"),
        ("Tốt nghiệp", 4, "khoảng chục"),
    )
    figures, _, rules = read((WHEN,), *rows)
    assert (figures.keys(), rules) == ({"B3", "B4"}, {"C3": UNCLEAR, "C4": UNCLEAR})


TABLE = (("STT", "Đơn vị", "Số người tuyển mới"), (1, "Huyện Cao Lộc", 10), (2, "Huyện Bắc Sơn", 20))
SIGNED, BLANK = (None, "NGƯỜI LẬP BIỂU"), (None,)


@pytest.mark.parametrize("csv", [False, True])
@pytest.mark.parametrize(
    ("rows", "cells"),
    [
        (((WHEN,), (None, 55), *TABLE), {"B2"}),
        (((WHEN, None, None, "120 người"), *TABLE), {"D1"}),
        (((WHEN, None, None, "1.000 người"), *TABLE), set()),
        (((WHEN,), TABLE[0], (None, None, 77), BLANK, *TABLE[1:]), {"C3"}),
        (((WHEN,), *TABLE, SIGNED, (None, None, 66), (None, 2005), BLANK, *TABLE), {"C6"}),
        (((WHEN,), *TABLE, SIGNED, (None, None, 66), (None, 2005)), {"C6", "B7"}),
        (((WHEN,), *TABLE, *[BLANK] * 25, (None, None, 88)), {"C30"}),
        (((WHEN,), *TABLE, *[BLANK] * 24, SIGNED, (None, 88)), {"B30"}),
        (((WHEN,), *TABLE, SIGNED, *[BLANK] * 20, (3, "Huyện Chi Lăng", 88)), {"A26", "C26"}),
    ],
)
def test_a_number_outside_the_tables_is_told_wherever_it_stands(read, csv, rows, cells):
    _, _, rules = read(*rows, csv=csv)
    assert rules.keys() == cells


def test_a_number_without_a_name_far_below_is_not_the_figure_of_the_sender(read):
    rows = (
        WHOSE,
        (f"Số người tuyển mới {WHEN}",),
        ("Trình độ", "Thực hiện"),
        ("Sơ cấp", 10),
        ("Trung cấp", 20),
    )
    figures, _, rules = read(*rows, *[BLANK] * 24, (None, 88))
    assert figures.keys() == {"B4", "B5"}
    assert rules == {"B30": {"not-understood"}}


@pytest.mark.parametrize("csv", [False, True])
def test_years_numbers_of_documents_and_lengths_of_courses_are_no_figures(read, csv):
    figures, _, rules = read(
        ("123/BC-SLĐTBXH", None, 2023), (WHEN,), ("STT", "Đơn vị", "Tuyển mới", "3 tháng trở lên"),
        (1, "Huyện Cao Lộc", 10, 3), (2, "Huyện Bắc Sơn", 20, 4), csv=csv,
    )  # fmt: skip
    assert figures.keys() == {"C4", "C5"}
    assert rules == {"D4": {"column-unknown"}}


@pytest.mark.parametrize("csv", [False, True])
def test_a_count_that_might_be_a_year_is_a_figure(read, csv):
    figures, _, rules = read(
        (WHEN,), ("Đơn vị", "Số người tuyển mới"), ("Huyện Cao Lộc", 2000), ("Huyện Bắc Sơn", 2010), csv=csv
    )
    assert [figure[2] for figure in figures.values()] == [2000, 2010]
    assert not rules


@pytest.mark.parametrize(
    "head",
    ["Tỷ lệ có việc làm (%)", "Tỷ lệ lao động qua đào tạo (%)", "Tỷ lệ tốt nghiệp", "% giải ngân", "Cơ cấu hộ nghèo"],
)  # fmt: skip
def test_a_rate_whose_head_names_no_indicator_is_told(read, head):
    rows = (
        ("STT", "Đơn vị", "Số người tuyển mới", head),
        (1, "Huyện Cao Lộc", 10, 40.5),
        (2, "Huyện Bắc Sơn", 20, 50.5),
    )
    figures, _, rules = read((WHEN,), *rows)
    assert figures.keys() == {"C3", "C4"}
    assert rules == {"D3": {"column-unknown"}}


@pytest.mark.parametrize(
    "head",
    ["% KH", "Tỷ lệ (%)", "Tỷ lệ hoàn thành kế hoạch (%)", "% so cùng kỳ", "Tỷ lệ nữ (%)", "Cơ cấu (%)"],
)
def test_what_only_compares_the_counts_beside_it_is_no_figure(read, head):
    rows = (
        ("STT", "Đơn vị", "Số người tuyển mới", head),
        (1, "Huyện Cao Lộc", 10, 40.5),
        (2, "Huyện Bắc Sơn", 20, 50.5),
    )
    figures, _, rules = read((WHEN,), *rows)
    assert figures.keys() == {"C3", "C4"}
    assert not rules


def test_a_row_with_the_share_of_something_is_not_the_thing(read):
    figures, _, rules = read(
        WHOSE, (WHEN,), ("Nội dung", "Thực hiện"), ("Số người tuyển mới", 10), ("Tỷ lệ tốt nghiệp", 80),
        ("Số người tốt nghiệp", 8), ("Tỷ lệ nữ", 40), ("Tỷ lệ giải ngân", 81),
    )  # fmt: skip
    assert figures == {
        "B4": ("183", "people_enrolled", 10, "persons"),
        "B6": ("183", "people_graduated", 8, "persons"),
        "B8": ("183", "disbursement_rate", 81, "percent"),
    }
    assert rules == {"A5": {"not-understood"}, "A7": {"not-understood"}}


@pytest.mark.parametrize(
    ("lines", "sender"),
    [
        (("UBND TỈNH LẠNG SƠN", "SỞ TÀI CHÍNH"), "so-tc"),
        (("ỦY BAN NHÂN DÂN TỈNH LẠNG SƠN", "SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI"), "so-ldtbxh"),
        (("UBND TỈNH LẠNG SƠN", "TRƯỜNG TRUNG CẤP KHÔNG AI BIẾT"), ""),  # not the province
        (("UBND TỈNH LẠNG SƠN", "UBND HUYỆN CAO LỘC"), "183"),
        (("UBND HUYỆN CAO LỘC", "PHÒNG LAO ĐỘNG - TBXH"), "183"),
        (("UBND TỈNH LẠNG SƠN",), "20"),
    ],
)
def test_the_sender_is_the_body_beneath_a_letterhead(plan, tmp_path, lines, sender):
    heads = [(line, None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") for line in lines]
    rows = ((f"Kết quả {WHEN}",), ("Trình độ", "Tuyển mới"), ("Sơ cấp", 120), ("Trung cấp", 50))
    reading = small_sheets.read_rows(plan, tmp_path, *heads, *rows, name="bieu", period="bieu")
    assert reading.unit == sender
