"""Numbers, dates and periods as each language writes them."""

import datetime
import math

import pytest

from vetanalysis.errors import WrongCall
from vetanalysis.language import numbers as n


@pytest.mark.parametrize(
    ("call", "vi", "en"),
    [
        # as the provincial statistics office and the plan print them
        (lambda lang: n.people(13500, lang), "13.500 người", "13,500 people"),
        (lambda lang: n.percent(57.2, lang), "57,2%", "57.2%"),
        (lambda lang: n.money(5674.1, lang, "billion_dong"), "5.674,1 tỷ đồng", "5,674.1 billion dong"),
        (lambda lang: n.percent(62, lang, None), "62%", "62%"),
        (lambda lang: n.percent(56, lang), "56,0%", "56.0%"),
        (lambda lang: n.points(1.2, lang), "1,2 điểm phần trăm", "1.2 percentage points"),
        (lambda lang: n.points(1, lang, None), "1 điểm phần trăm", "1 percentage point"),
        (lambda lang: n.people(1, lang), "1 người", "1 person"),
        (lambda lang: n.people(0, lang), "0 người", "0 people"),
        (lambda lang: n.people(12349, lang, step=100), "12.300 người", "12,300 people"),
        (lambda lang: n.number(1234567.891, lang), "1.234.567,89", "1,234,567.89"),
        (lambda lang: n.number(-0.04, lang, 1), "0,0", "0.0"),
        (lambda lang: n.number(-1.25, lang, 1), "-1,3", "-1.3"),
        (lambda lang: n.number(62.25, lang, 1), "62,3", "62.3"),
        (lambda lang: n.percent(None, lang), "chưa có số liệu", "no figure"),
        (lambda lang: n.people(math.nan, lang), "chưa có số liệu", "no figure"),
        (lambda lang: n.date("2024-01-05", lang), "ngày 05 tháng 01 năm 2024", "5 January 2024"),
        (lambda lang: n.date("2021-12-14", lang), "ngày 14 tháng 12 năm 2021", "14 December 2021"),
        (lambda lang: n.date("2023-03-01", lang), "ngày 01 tháng 3 năm 2023", "1 March 2023"),
        (lambda lang: n.short_date("2021-12-14", lang), "14/12/2021", "14 December 2021"),
        (
            lambda lang: n.index(1053, 1000, lang),
            "bằng 105,3% so với cùng kỳ",
            "105.3% of the same period last year",
        ),
        (
            lambda lang: n.index(10, None, lang),
            "chưa có số liệu cùng kỳ để so sánh",
            "no figure for the same period last year",
        ),
        (lambda lang: n.index(10, 0, lang), "cùng kỳ năm trước bằng 0", "the same period last year was zero"),
        (lambda lang: n.index(None, 10, lang), "chưa có số liệu", "no figure"),
        (
            lambda lang: n.share_of_plan(14100, 13180, lang),
            "đạt 107,0% kế hoạch năm",
            "107.0% of the year's plan",
        ),
        (lambda lang: n.share_of_plan(10, 0, lang), "chỉ tiêu được giao bằng 0", "the quota is 0"),
        (lambda lang: n.share_of_plan(10, None, lang), "chưa giao chỉ tiêu", "no quota was set"),
    ],
)
def test_written_as_the_language_writes_it(call, vi, en):
    assert call("vi") == vi
    assert call("en") == en


@pytest.mark.parametrize(
    ("code", "vi", "en"),
    [
        ("2023-start", "đầu năm 2023", "the start of 2023"),
        ("2023-Q1", "quý I năm 2023", "the first quarter of 2023"),
        ("2023-Q3", "quý III năm 2023", "the third quarter of 2023"),
        ("2023-H1", "6 tháng đầu năm 2023", "the first six months of 2023"),
        ("2023-9M", "9 tháng đầu năm 2023", "the first nine months of 2023"),
        ("2023-FY", "năm 2023", "2023"),
    ],
)
def test_periods(code, vi, en):
    assert n.period_name(code, "vi") == vi
    assert n.period_name(code, "en") == en


def test_short_periods_for_table_cells():
    assert [n.short_period(code, "vi") for code in ("2021-FY", "2023-9M", "2023-Q3", "2023-start")] == [
        "2021", "9 tháng 2023", "quý III/2023", "đầu năm 2023",
    ]  # fmt: skip
    assert n.short_period("2023-H1", "en") == "H1 2023"


def test_a_day_in_a_cell_is_short_in_both_languages():
    assert (n.cell_date("2023-09-15", "vi"), n.cell_date("2023-09-15", "en")) == ("15/9/2023", "15 Sep 2023")


def test_up_to():
    assert n.up_to("2023-9M", "vi") == "tính đến hết 9 tháng đầu năm 2023"
    assert n.up_to("2023-start", "vi") == "tính đến đầu năm 2023"
    assert n.up_to("2023-H1", "en") == "as of the end of the first six months of 2023"


@pytest.mark.parametrize("code", ["2023", "2023-Q5", "23-Q1", ""])
def test_a_malformed_period_is_a_wrong_call(code):
    with pytest.raises(WrongCall, match="2023-Q1"):
        n.period_name(code, "vi")


@pytest.mark.parametrize(
    ("before", "after", "measure", "vi", "en"),
    [
        (56.0, 57.2, "percent", "tăng 1,2 điểm phần trăm", "up 1.2 percentage points"),
        (57.2, 56.0, "percent", "giảm 1,2 điểm phần trăm", "down 1.2 percentage points"),
        (57.2, 57.2, "percent", "không thay đổi", "no change"),
        (57.2, 57.24, "percent", "không thay đổi", "no change"),
        (None, 57.2, "percent", "chưa có số liệu để so sánh", "no figure to compare with"),
        (12000, 12001, "persons", "tăng 1 người", "up 1 person"),
        (12000, 10500, "persons", "giảm 1.500 người", "down 1,500 people"),
    ],
)
def test_change(before, after, measure, vi, en):
    assert n.change(before, after, measure, "vi") == vi
    assert n.change(before, after, measure, "en") == en


def test_a_date_object_and_a_wrong_day():
    assert n.date(datetime.date(2024, 2, 9), "vi") == "ngày 09 tháng 02 năm 2024"
    with pytest.raises(WrongCall, match="2024-01-05"):
        n.date("05/01/2024", "vi")


def test_an_unknown_language_or_money_is_named():
    with pytest.raises(KeyError, match="vi, en"):
        n.number(1, "fr")
    with pytest.raises(WrongCall, match="billion_dong"):
        n.money(1, "vi", "euro")


@pytest.mark.parametrize(
    ("value", "goal", "printed"),
    [
        (538.0, 540.0, "538"),  # 540 would read as an even chance of 540
        (531.0, 540.0, "530"),
        (13460.0, 13500.0, "13,460"),
        (13440.0, 13500.0, "13,400"),
        (13512.0, 13500.0, "13,510"),
        (13504.0, 13500.0, "13,504"),
        (13500.0, 13500.0, "13,500"),
        (460.0, math.nan, "460"),
    ],
)
def test_what_is_projected_is_printed_on_the_side_of_its_goal_on_which_it_lies(value, goal, printed):
    assert n.about_bare(value, "persons", "en", goal) == printed
    if goal == goal:
        gap = abs(goal - float(printed.replace(",", "")))
        assert n.projected_gap(value, goal, "persons") == gap, "a difference is that of what is printed"


def test_a_projected_rate_and_its_distance_from_the_goal_agree_as_they_are_printed():
    """19.36 % is printed as 19.4 %: 0.71 short of 20.11 %, not 0.75."""
    assert n.about(19.36, "percent", "en", 20.11) == "19.4%"
    assert n.projected_gap(19.36, 20.11, "percent") == pytest.approx(0.71)
    assert n.projected_gap(57.86, 62, "percent") == pytest.approx(4.1)
    assert n.projected_gap(3.64, 3, "percent") == pytest.approx(0.6)


def test_projected_money_is_no_finer_than_a_projection():
    """Where there is much of it, on the side of its goal, and as far from it as it is printed; else to one decimal."""
    assert n.about(5029.04, "million_dong", "vi", 5000) == "5.030 triệu đồng"
    assert n.about_bare(4884.1, "million_dong", "en", 5000) == "4,900"
    assert n.projected_gap(4884.1, 5000, "million_dong") == 100
    assert n.about(57.34, "million_dong", "vi", 60) == "57,3 triệu đồng"
    assert n.projected_gap(57.34, 60, "million_dong") == pytest.approx(2.7)


@pytest.mark.parametrize(
    ("value", "measure", "vi", "en"),
    [(60, "classes", "60 lớp", "60 classes"), (1, "institutions", "1 cơ sở", "1 institution"),
     (1, "persons", "1 người", "1 person"), (9.5, "million_dong_per_person", "9,5", "9.5"), (None, "classes",
     "chưa có số liệu", "no figure")],
)  # fmt: skip
def test_what_is_counted_is_worded_in_its_measure(value, measure, vi, en):
    assert (n.quantity(value, measure, "vi"), n.quantity(value, measure, "en")) == (vi, en)


def test_people_of_a_statement_on_things_are_those():
    with n.counting("classes"):
        assert (n.people(60, "vi"), n.people(1, "en"), n.counted()) == ("60 lớp", "1 class", "classes")
        with n.counting("percent"):
            assert n.people(60, "en") == "60 classes"
        with n.counting("persons"):
            assert n.people(60, "en") == "60 people"
    assert n.people(60, "vi") == "60 người"
