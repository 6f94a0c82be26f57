"""Units side by side and a unit's own sheet: its quota, its season, its report."""

import math
from dataclasses import replace

import narrative_cases as cases
import pandas as pd
import pytest
from period_cases import PLAN, both, course, facts, line, matrix, standing, year

from vetanalysis.assessment.seasons import season_of
from vetanalysis.blocks import LANGUAGES
from vetanalysis.language.cells import worded
from vetanalysis.language.render import sentence
from vetanalysis.narrative import outlook, unit_sheet, unit_tables
from vetanalysis.narrative.period import PeriodFacts
from vetanalysis.periods import parse_cutoff


@pytest.fixture
def in_season(monkeypatch):
    """Every unit came in by a tenth, three tenths and six tenths of its year, over the two years before."""
    monkeypatch.setattr(
        PeriodFacts, "past_years", lambda self, unit="", level=None: course((0.1, 0.3, 0.6, 1.0))
    )


def test_units_side_by_side_and_why_what_is_needed_is_not_the_sum_of_the_rows(in_season):
    rows = [
        line(
            "people_enrolled", 437, unit="186", plan_value=760.0, percent_of_plan=57.5, index_last_year=96.9
        ),
        line("people_enrolled", 600, unit="183", plan_value=590.0, percent_of_plan=101.7),
        line("people_enrolled", math.nan, unit="178", plan_value=120.0),
        line("people_enrolled", 1037, plan_value=1470.0, percent_of_plan=70.5),
    ]
    units = standing(
        ("186", 760, 437, "behind"), ("183", 590, 600, "within"), ("178", 120, math.nan, "unknown")
    )
    table = worded(unit_tables.units_table(facts(lines=pd.DataFrame(rows), year=year(units))), "vi")
    assert table.rows[0][1:8] == ("Hữu Lũng", "760", "437", "57,5", "96,9", "60,0", "323")
    assert table.rows[2][2:8] == ("120", "..", "..", "..", "60,0", "..")
    assert table.rows[-1][1:8] == ("Tổng cộng", "1.470", "1.037", "70,5", "..", "60,0", "433")
    assert table.notes[-1] == (
        "Tổng số còn thiếu 433 người khác tổng các dòng: gồm 120 người là chỉ tiêu của đơn vị chưa báo cáo (các đơn vị "
        "đã báo cáo đạt 76,8% chỉ tiêu của mình); trừ 10 người vượt hoặc ngoài chỉ tiêu."
    )
    assert unit_tables.units_table(facts()) is None


@pytest.mark.parametrize("held", [{}, {"likely": (60, 25, 0.65), "even": (20, 19, 0.5)}])
def test_a_chance_whose_word_did_not_hold_what_came_is_marked_in_every_table_of_units(in_season, held):
    lines = pd.DataFrame(
        [
            line("people_enrolled", 437, unit=unit, plan_value=760.0, percent_of_plan=57.5)
            for unit in ("186", "20")
        ]
    )
    units = standing(("186", 760, 437, "behind"))
    own = cases.people(probability=0.7, status="likely")
    given = facts(lines=lines, year=year(units), not_held=held, own=own)
    note = {
        "vi": "(†): theo mô phỏng lại, đạt ít hơn: “có khả năng đạt” 42% (đã nêu 65%).",
        "en": "(†): replayed, reached less often: “likely” 42% (65% stated).",
    }
    for lang in LANGUAGES:
        every = worded(unit_tables.units_table(given), lang)
        assert every.rows[-1][-1] == ("70%(†)" if held else "70%")
        assert (note[lang] in every.notes) is bool(held)
        sheet = worded(unit_sheet.table(replace(given, unit="186")), lang)
        assert any(row[2] == "70%(†)" for row in sheet.rows) is bool(held)
        assert (note[lang] in sheet.notes) is bool(held)


def test_once_the_year_is_over_no_table_of_units_estimates():
    rows = [
        line("people_enrolled", value, unit=unit, plan_value=760.0, percent_of_plan=value / 7.6)
        for unit, value in (("186", 700), ("20", 700))
    ]
    over = facts(
        lines=pd.DataFrame(rows),
        cutoff=parse_cutoff("2023-FY"),
        year=year(standing(("186", 760, 700, "behind"))),
    )
    table = worded(unit_tables.units_table(over), "vi")
    assert [column.heading for column in table.columns][-1] == "Thiếu (-), vượt (+)"
    assert table.rows[0][1:] == ("Hữu Lũng", "760", "700", "92,1", "..", "-60")


def test_this_year_stands_beside_three_before_it_at_the_same_point(monkeypatch):
    past = pd.DataFrame({"then": [400.0, 500.0], "whole": [800.0, 800.0]}, index=[2021, 2022])
    past = past.assign(now=600.0, units=2, reported=2)
    monkeypatch.setattr(PeriodFacts, "same_point", past)
    table = worded(unit_tables.years_table(facts(lines=pd.DataFrame([line("people_enrolled", 600)]))), "vi")
    assert table.rows == (
        ("2021", "400", "150,0", "800", "50,0"), ("2022", "500", "120,0", "800", "62,5"),
        ("2023", "600", "-", "-", "-"),
    )  # fmt: skip
    some = past.assign(now=[600.0, 550.0], units=[3, 2], reported=3)  # one of three is new since 2021
    monkeypatch.setattr(PeriodFacts, "same_point", some)
    for lang, says in (
        ("vi", "So với năm 2022: chỉ tính 2/3 đơn vị có số của cả hai năm (năm nay: 550 người)."),
        ("en", "Against 2022 stand only the 2 of 3 units that have figures of both years (this year 550)."),
    ):
        table = worded(
            unit_tables.years_table(facts(lines=pd.DataFrame([line("people_enrolled", 600)]))), lang
        )
        assert says in table.notes
        assert [row[2].replace(".", ",") for row in table.rows] == ["150,0", "110,0", "-"]
    monkeypatch.setattr(PeriodFacts, "same_point", past.iloc[:0])
    assert unit_tables.years_table(facts()) is None


def test_a_unit_stands_against_its_own_course_of_earlier_years(in_season):
    lines = pd.DataFrame([line("people_enrolled", 437, unit="186", plan_value=760.0, percent_of_plan=57.5)])
    vi, en = both(unit_sheet.in_season, facts(unit="186", lines=lines))
    assert "Huyện Hữu Lũng đã thực hiện 437 người, đạt 57,5% chỉ tiêu; các năm 2021-2022" in vi
    assert "thường đã có 60,0% số người của cả năm" in vi
    assert "it usually had 60.0% of a year's people by now" in en


def test_past_years_that_differ_are_told_with_their_range(monkeypatch):
    past = pd.DataFrame(
        [[100.0, 300.0, 554.0, 1000.0], [100.0, 300.0, 641.0, 1000.0], [100.0, 300.0, 727.0, 1000.0]],
        index=[2020, 2021, 2022], columns=[1, 2, 3, 4],
    )  # fmt: skip
    monkeypatch.setattr(PeriodFacts, "past_years", lambda self, unit="", level=None: past)
    lines = pd.DataFrame([line("people_enrolled", 437, unit="186", plan_value=760.0, percent_of_plan=57.5)])
    vi, en = both(unit_sheet.in_season, facts(unit="186", lines=lines))
    assert "thường đã có 64,1% số người của cả năm (từng năm: từ 55,4% đến 72,7%)." in vi
    assert "64.1% of a year's people by now (year by year: 55.4% to 72.7%)." in en


def test_a_unit_without_a_quota_is_told_its_own_count_and_no_goal_of_the_place():
    lines = pd.DataFrame([line("people_enrolled", 335, unit="186", index_last_year=116.7)])
    vi, _ = both(unit_sheet.in_season, facts(unit="186", lines=lines))
    assert vi == (
        "Huyện Hữu Lũng chưa được giao chỉ tiêu riêng; tính đến hết 9 tháng đầu năm 2023 đã tuyển 335 người, "
        "bằng 116,7% so với cùng kỳ."
    )
    rows = [row[0] for row in worded(unit_sheet.table(facts(unit="186", lines=lines)), "vi").rows]
    assert rows == ["Chỉ tiêu năm (người)", "Lũy kế từ đầu năm (người)", "So với cùng kỳ năm trước (%)"]


@pytest.mark.parametrize(
    ("state", "days", "vi"),
    [("on_time", 0, "đúng hạn"), ("late", 7, "muộn 7 ngày"), ("missing", None, "chưa gửi.")],
)
def test_how_the_units_report_came(state, days, vi):
    assert vi in both(unit_sheet.lateness, facts(unit="186", matrix=matrix(("186", state, days))))[0]


@pytest.mark.parametrize(
    ("state", "days", "received", "told"),
    [
        ("on_time", 0, "2023-09-18", (None, "2023-09-18")),
        ("late", 7, "2023-09-25", (7, "2023-09-25")),
        ("corrected", 2, "2023-09-20", (None, "2023-09-20")),
        ("missing", 3, "", (None, "")),
        ("refused", 3, "2023-09-18", (None, "")),
    ],
)
def test_the_day_a_report_came_is_told_where_it_counts(state, days, received, told):
    came = matrix(("186", state, days)).assign(received=received)
    facts_of = unit_sheet.lateness(facts(unit="186", matrix=came)).facts
    assert (facts_of["days"], facts_of["received"]) == told
    assert facts_of["due"] == "2023-09-18"


def test_a_unit_is_told_of_its_own_overdue_report_alone():
    late = matrix(("186", "missing", None), ("183", "missing", None))
    (vi, en) = both(outlook.send_now, facts(unit="186", matrix=late))
    assert (
        vi
        == "Đề nghị UBND huyện Hữu Lũng gửi báo cáo 9 tháng đầu năm 2023 (hạn 18/9/2023, đã quá hạn) chậm nhất 5 "
        "ngày làm việc sau ngày ra thông báo này."
    )
    assert en.startswith(
        "The People's Committee of Hữu Lũng district: please send the overdue report for the first nine months of 2023"
    )
    assert outlook.send_now(facts(unit="182", matrix=late)) is None
    assert "Cao Lộc" in sentence(outlook.send_now(facts(matrix=late)), "vi")


def test_a_sheet_has_a_row_of_each_counted_level_with_a_figure_or_a_quota():
    college, elementary, short = "college", "elementary", "short_course"
    rows = [
        line("people_enrolled", 30, "186", level=elementary, plan_value=40.0),
        line("people_enrolled", math.nan, "186", level=college, plan_value=20.0),
        line("people_enrolled", math.nan, "186", level="intermediate"),
        line("people_enrolled", 500, "186", level=short),
        line("people_enrolled", 530, "186", plan_value=60.0),
    ]
    table = worded(unit_sheet.table(facts(unit="186", lines=pd.DataFrame(rows))), "en")
    names = [row[0] for row in table.rows]
    counted = {level.name.en for level in PLAN.levels if level.counted}
    assert {level.name.en for level in PLAN.levels if level.id == short} & counted == set()
    shown = [name for name in names if any(level.lower() in name.lower() for level in counted)]
    wanted = [level.name.en for level in PLAN.levels if level.id in (college, elementary)]
    assert len(shown) == len(wanted) == 2


@pytest.mark.parametrize(
    ("years", "step", "left", "at", "needed"),
    [
        ([[100, 300, 600, 1000]], 3, 700, 2, 300),
        ([[100, 300, 600, 1000]], 4, 700, 2, 700),
        ([[100, 300, 600, 1000], [0, 100, 400, 1000]], 3, 800, 2, 300),
        ([[0, 1000, 1000, 1000]], 3, 70, 2, 70),
        ([[100, None, 600, 1000], [100, 300, 600, 1000]], 3, 700, 2, 300),
    ],
)
def test_what_is_needed_follows_the_season(years, step, left, at, needed):
    frame = pd.DataFrame(years, index=range(2020, 2020 + len(years)), columns=[1, 2, 3, 4], dtype=float)
    assert season_of(frame).needed_by(step, left, at) == pytest.approx(needed)


def test_without_a_whole_past_year_there_is_no_season():
    assert season_of(pd.DataFrame([[1.0, 2.0, 3.0, math.nan]], index=[2022], columns=[1, 2, 3, 4])) is None
    assert season_of(pd.DataFrame([[0.0, 0.0, 0.0, 0.0]], index=[2022], columns=[1, 2, 3, 4])) is None


def test_a_return_that_never_came_leaves_the_other_steps_of_its_year_known():
    nan = float("nan")
    years = pd.DataFrame({1: [10, 20], 2: [30, 40], 3: [60, nan], 4: [100, 100]}, index=[2022, 2023])
    season = season_of(years)
    assert season.shares == pytest.approx((0.15, 0.35, 0.6, 1.0))
    assert season.seen_by(2) == (0.3, 0.4)
    assert (season.seen_by(3), season.years_by(3), season.years_by(2)) == ((0.6, 0.6), (2022,), (2022, 2023))
    assert season_of(years.loc[[2023]]) is None  # of nine months no year tells


def test_nobody_usually_has_more_than_the_people_of_the_year():
    """Nine months of 2022 were told by the place, the end by its units."""
    years = pd.DataFrame({1: [10, 20], 2: [50, 40], 3: [110, 100], 4: [100, 100]}, index=[2022, 2023])
    season = season_of(years)
    assert season.shares == pytest.approx((0.15, 0.45, 1.0, 1.0))
    assert season.needed_by(3, 50, at=2) == 50
