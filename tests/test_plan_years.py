"""Years are named as the plan's calendar has them, and only while that plan is worded."""

from types import SimpleNamespace

import pytest

from vetanalysis.language.numbers import (
    in_years_of_study,
    period_name,
    short_period,
    up_to,
    year_name,
    years_of,
)
from vetanalysis.periods import Calendar

SCHOOL, CIVIL = Calendar(year_starts="09-01", window_rule="calendar"), Calendar()
NAMES = [
    ("2025-FY", "năm học 2025-2026", "the 2025-2026 school year", "2025-2026"),
    ("2025-start", "đầu năm học 2025-2026", "the start of the 2025-2026 school year", "đầu năm 2025-2026"),
    ("2025-9M", "9 tháng đầu năm học 2025-2026", "the first nine months of the 2025-2026 school year",
     "9 tháng 2025-2026"),
    ("2025-Q3", "quý III năm học 2025-2026", "the third quarter of the 2025-2026 school year", "quý III/2025-2026"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "vi", "en", "short"), NAMES)
def test_a_school_year_bears_both_years(code, vi, en, short):
    with years_of(SCHOOL):
        assert (period_name(code, "vi"), period_name(code, "en"), short_period(code, "vi")) == (vi, en, short)


@pytest.mark.parametrize(("code", "vi", "en", "short"), NAMES)
def test_a_year_from_january_bears_one(code, vi, en, short):
    with years_of(CIVIL):
        assert period_name(code, "vi") == vi.replace("năm học 2025-2026", "năm 2025")
        assert period_name(code, "en") == en.replace("the 2025-2026 school year", "2025")
        assert short_period(code, "vi") == short.replace("2025-2026", "2025")


def test_one_plan_inside_another_and_nothing_left_behind():
    with years_of(SCHOOL):
        with years_of(CIVIL):
            assert year_name(2025, "vi") == "năm 2025"
        assert up_to("2025-FY", "vi") == "tính đến hết năm học 2025-2026"
    assert year_name(2025, "vi") == "năm 2025"


def test_a_display_that_fails_leaves_nothing_behind():
    @in_years_of_study
    def shown(study, digits):
        raise ValueError(period_name("2025-FY", "en"))

    with pytest.raises(ValueError, match="2025-2026 school year"):
        shown(SimpleNamespace(plan=SimpleNamespace(calendar=SCHOOL)), 3)
    assert period_name("2025-FY", "en") == "2025"
