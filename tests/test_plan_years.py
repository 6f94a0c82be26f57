"""Years are named as the plan's calendar has them, and only while that plan is worded."""

from types import SimpleNamespace

import pytest

from vetanalysis.language.lines import PlanWords
from vetanalysis.language.numbers import (
    in_words_of_study,
    of_plan,
    period_name,
    short_period,
    up_to,
    year_name,
)
from vetanalysis.periods import Calendar
from vetanalysis.plan.layout import words_of_layout


def plan_of(year_starts, year_name=""):
    """What of a plan says how its years are named, and what it counts."""
    raw = {"layout": "decree-30", "year_name": year_name}
    return SimpleNamespace(
        calendar=Calendar(year_starts=year_starts),
        words=words_of_layout(raw, PlanWords()),
        counted_in="persons",
    )


SCHOOL, CIVIL = plan_of("09-01", "school"), plan_of("01-01")
NAMES = [
    ("2025-FY", "năm học 2025-2026", "the 2025-2026 school year", "2025-2026"),
    ("2025-start", "đầu năm học 2025-2026", "the start of the 2025-2026 school year", "đầu năm 2025-2026"),
    ("2025-9M", "9 tháng đầu năm học 2025-2026", "the first nine months of the 2025-2026 school year",
     "9 tháng 2025-2026"),
    ("2025-Q3", "quý III năm học 2025-2026", "the third quarter of the 2025-2026 school year", "quý III/2025-2026"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "vi", "en", "short"), NAMES)
def test_a_school_year_bears_both_years(code, vi, en, short):
    with of_plan(SCHOOL):
        assert (period_name(code, "vi"), period_name(code, "en"), short_period(code, "vi")) == (vi, en, short)


@pytest.mark.parametrize(("code", "vi", "en", "short"), NAMES)
def test_a_year_from_january_bears_one(code, vi, en, short):
    with of_plan(CIVIL):
        assert period_name(code, "vi") == vi.replace("năm học 2025-2026", "năm 2025")
        assert period_name(code, "en") == en.replace("the 2025-2026 school year", "2025")
        assert short_period(code, "vi") == short.replace("2025-2026", "2025")


@pytest.mark.parametrize(
    ("year_name", "starts", "vi", "en"),
    [
        ("calendar", "04-01", "9 tháng đầu năm 2025-2026", "the first nine months of 2025-2026"),
        ("financial", "04-01", "9 tháng đầu năm tài chính 2025-2026",
         "the first nine months of the 2025-2026 financial year"),
        ("financial", "01-01", "9 tháng đầu năm 2025", "the first nine months of 2025"),
        ("", "10-01", "9 tháng đầu năm 2025-2026", "the first nine months of 2025-2026"),
    ],
)  # fmt: skip
def test_only_a_plan_calls_its_years_those_of_schools_or_of_money(year_name, starts, vi, en):
    with of_plan(plan_of(starts, year_name)):
        assert (period_name("2025-9M", "vi"), period_name("2025-9M", "en")) == (vi, en)


def test_one_plan_inside_another_and_nothing_left_behind():
    with of_plan(SCHOOL):
        with of_plan(CIVIL):
            assert year_name(2025, "vi") == "năm 2025"
        assert up_to("2025-FY", "vi") == "tính đến hết năm học 2025-2026"
    assert year_name(2025, "vi") == "năm 2025"


def test_a_display_that_fails_leaves_nothing_behind():
    @in_words_of_study
    def shown(study, digits):
        raise ValueError(period_name("2025-FY", "en"))

    with pytest.raises(ValueError, match="2025-2026 school year"):
        shown(SimpleNamespace(plan=SCHOOL), 3)
    assert period_name("2025-FY", "en") == "2025"
