"""Rows beside each other in tables of others: levels left blank, parts that come again below each level."""

import pytest

from tests.small_sheets import HEAD, LEVELS, WHEN, WHOSE, missing, read_rows, rules
from tests.small_sheets import figures as figures_of
from vetanalysis.plan import load_plan

OVER = ("Kết quả tuyển sinh 9 tháng năm 2023",)


@pytest.fixture(scope="module")
def plan():
    return load_plan("lang-son-2023")


def test_a_level_left_blank_is_no_heading_of_what_follows(plan, tmp_path):
    reading = read_rows(plan, tmp_path, WHOSE, WHEN, HEAD, *LEVELS)
    assert figures_of(reading, "indicator", "level", "value") == {
        "C5": ("people_enrolled", "elementary", 150), "C8": ("people_graduated", "", 40),
    }  # fmt: skip
    assert missing(reading) == {"C6", "C7"}
    levels = ((1, "Sơ cấp"), (2, "Trung cấp"), (3, "Cao đẳng"))
    reading = read_rows(plan, tmp_path, WHOSE, OVER, HEAD, *levels, (None, "Tổng số", 75))
    assert figures_of(reading, "level", "value") == {"C7": ("", 75)}
    first = ((1, "Tuyển mới", 170), (None, "Sơ cấp"), (None, "Trung cấp"), (None, "Cao đẳng", 12))
    reading = read_rows(plan, tmp_path, WHOSE, WHEN, HEAD, *first, (2, "Tốt nghiệp", 40))
    assert figures_of(reading, "indicator", "level", "value")["C8"] == ("people_graduated", "", 40)
    assert missing(reading) == {"C5", "C6"}


def test_a_part_below_a_level_left_blank_is_of_which(plan, tmp_path):
    levels = (
        ("Tuyển mới", 50),
        ("Sơ cấp", 30),
        ("Cao đẳng",),
        ("Trong đó: Dân tộc thiểu số", 10),
        ("Tốt nghiệp", 40),
    )
    reading = read_rows(plan, tmp_path, WHOSE, WHEN, HEAD[1:], *levels)
    assert figures_of(reading).keys() == {"B4", "B5", "B8"}
    assert rules(reading) == {"B7": {"not-understood"}}


@pytest.mark.parametrize("first", [True, False])
def test_women_of_all_and_of_each_level_are_told_apart_and_add_up_to_no_total(plan, tmp_path, first):
    total, levels = (("Tổng số", 30), ("Nữ", 14)), (("Sơ cấp", 10), ("Nữ", 4), ("Trung cấp", 20), ("Nữ", 10))
    rows = (*total, *levels, ("Hộ nghèo", 5)) if first else (*levels, *total)
    reading = read_rows(plan, tmp_path, WHOSE, OVER, HEAD[1:], *rows)
    women = {("", 14), ("elementary", 4), ("intermediate", 10)}
    found = {*figures_of(reading, "sex", "level", "value").values()}
    assert {one[1:] for one in found if one[0] == "female"} == women
    assert not rules(reading)
    named = ((1, "Tuyển mới", 30), *((None, *row) for row in (total[1], *levels)))
    reading = read_rows(plan, tmp_path, WHOSE, WHEN, HEAD, *named)
    found = {*figures_of(reading, "sex", "level", "value").values()}
    assert {one[1:] for one in found if one[0] == "female"} == women
    assert {one[1:] for one in found if not one[0]} == {("", 30), ("elementary", 10), ("intermediate", 20)}


@pytest.mark.parametrize("parts", [("Nam", "Nữ"), ("Dân tộc thiểu số", "Hộ nghèo")])
def test_parts_that_come_again_below_each_level_are_of_that_level(plan, tmp_path, parts):
    blank, held = [(one, None) for one in parts], [(one, 5) for one in parts]
    rows = ("Sơ cấp", 30), *held, ("Cao đẳng", None), *blank, ("Trung cấp", 9), *held
    reading = read_rows(plan, tmp_path, WHOSE, OVER, HEAD[1:], *rows)
    assert reading.observations["level"].tolist() == ["elementary"] * 3 + ["intermediate"] * 3
    assert not rules(reading)
    reading = read_rows(plan, tmp_path, WHOSE, OVER, HEAD[1:], ("Sơ cấp", 30), ("Trung cấp", 9), *held)
    assert reading.observations["level"].tolist() == ["elementary", "intermediate", "", ""]
