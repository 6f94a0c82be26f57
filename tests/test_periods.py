"""Periods: published windows first, then what must hold in every calendar."""

import csv
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetanalysis.errors import WrongCall
from vetanalysis.periods import (
    CODES,
    Calendar,
    Cutoff,
    cutoff_day,
    cutoffs,
    deadline,
    following,
    is_due,
    parse_cutoff,
    previous,
    same_last_year,
    step_window,
    window,
)

DECREE = Calendar()
PUBLISHED = Path(__file__).parent / "published" / "reporting_windows.csv"
with PUBLISHED.open(encoding="utf-8", newline="") as handle:
    WINDOWS = list(csv.DictReader(handle))

years = st.integers(1990, 2100)
starts = st.dates(date(2023, 1, 1), date(2023, 12, 31)).map(lambda day: f"{day:%m-%d}")


@pytest.mark.parametrize("row", WINDOWS, ids=lambda row: row["period"])
def test_windows_of_decree_09_2019(row):
    first, last = window(parse_cutoff(row["period"]), DECREE)
    assert (first.isoformat(), last.isoformat()) == (row["window_start"], row["window_end"])


def test_calendar_year_and_school_year():
    months = Calendar(window_rule="calendar")
    assert window(Cutoff(2021, "FY"), months) == (date(2021, 1, 1), date(2021, 12, 31))
    school = Calendar(year_starts="09-01", window_rule="calendar")
    assert window(Cutoff(2023, "H1"), school) == (date(2023, 9, 1), date(2024, 2, 29))
    assert window(Cutoff(2023, "FY"), Calendar(year_starts="09-01")) == (date(2023, 8, 15), date(2024, 8, 14))
    odd = Calendar(year_starts="04-06", window_rule="calendar")
    assert window(Cutoff(2023, "Q2"), odd) == (date(2023, 7, 6), date(2023, 10, 5))


def test_deadline_counts_working_days():
    assert deadline(Cutoff(2023, "Q1"), DECREE) == date(2023, 3, 15)  # a Wednesday
    late = Calendar(deadline_working_days={"default": 1, "district": 3})
    assert cutoff_day(Cutoff(2023, "9M"), late) == date(2023, 9, 14)  # a Thursday
    assert deadline(Cutoff(2023, "9M"), late, "district") == date(2023, 9, 19)  # over a weekend
    assert deadline(Cutoff(2023, "9M"), late, "college") == date(2023, 9, 15)
    months = Calendar(window_rule="calendar")
    assert deadline(Cutoff(2023, "FY"), months) == date(2024, 1, 2)  # 1 January is a public holiday
    feast = Calendar(window_rule="calendar", holidays=("2024-01-02",))
    assert deadline(Cutoff(2023, "FY"), feast) == date(2024, 1, 3)


def test_nothing_is_due_at_the_start():
    with pytest.raises(WrongCall, match="start"):
        deadline(Cutoff(2023, "start"), DECREE)


def test_parse_and_print():
    assert parse_cutoff("2023-9M") == Cutoff(2023, "9M")
    assert str(parse_cutoff(" 2023-9m ")) == "2023-9M"
    assert parse_cutoff("2023-START").months == 0
    assert [cutoff.months for cutoff in cutoffs(2023, DECREE, start=True)] == [0, 3, 6, 9, 12]
    assert [str(cutoff) for cutoff in cutoffs(2023, DECREE)] == ["2023-Q1", "2023-H1", "2023-9M", "2023-FY"]
    assert parse_cutoff("2023-Q3").alone
    assert not parse_cutoff("2023-Q1").alone


@pytest.mark.parametrize(
    "wrong", ["", "2023", "9M-2023", "2023-12M", "2023-M13", "2023-M00", "2023-Q5", "23-Q1", "2023-9M-x"]
)
def test_malformed_periods_say_what_is_right(wrong):
    with pytest.raises(WrongCall, match="2023-9M"):
        parse_cutoff(wrong)


def test_before_and_a_year_before():
    assert previous(Cutoff(2023, "9M"), DECREE) == Cutoff(2023, "H1")
    assert (
        previous(Cutoff(2023, "Q1"), DECREE) == previous(Cutoff(2023, "start"), DECREE) == Cutoff(2022, "FY")
    )
    assert same_last_year(Cutoff(2023, "Q4")) == Cutoff(2022, "Q4")


def test_a_plan_by_month_has_twelve_cutoffs():
    by_month = Calendar(step="month", window_rule="calendar", year_starts="04-06")
    codes = ["M01", "M02", "Q1", "M04", "M05", "H1", "M07", "M08", "9M", "M10", "M11", "FY"]
    assert [cutoff.code for cutoff in cutoffs(2025, by_month)] == codes
    assert [by_month.steps_at(cutoff) for cutoff in cutoffs(2025, by_month, start=True)] == list(range(13))
    assert previous(Cutoff(2025, "9M"), by_month) == Cutoff(2025, "M08")
    assert following(Cutoff(2025, "FY"), by_month) == Cutoff(2026, "M01")
    assert following(Cutoff(2025, "FY"), DECREE) == Cutoff(2026, "Q1")
    assert window(Cutoff(2025, "M08"), by_month) == (date(2025, 4, 6), date(2025, 12, 5))
    assert step_window(Cutoff(2025, "M08"), by_month) == (date(2025, 11, 6), date(2025, 12, 5))
    assert window(Cutoff(2025, "M02"), Calendar(step="month")) == (date(2024, 12, 15), date(2025, 2, 14))
    assert "step" in Calendar(step="week").problems()


def test_the_same_cutoff_has_one_form_under_both_names():
    for month, code in (("M03", "Q1"), ("M06", "H1"), ("M09", "9M"), ("m12", "FY")):
        assert str(parse_cutoff(f"2025-{month}")) == f"2025-{code}"
    assert str(parse_cutoff("2025-m08")) == "2025-M08"
    assert not DECREE.has(parse_cutoff("2025-M08"))
    assert DECREE.has(parse_cutoff("2025-M09"))


def test_what_is_sent_so_often_is_due():
    due = {
        often: [one.code for one in cutoffs(2025, Calendar(step="month")) if is_due(often, one)]
        for often in "MQHY"
    }
    assert len(due["M"]) == 12
    assert (due["Q"], due["H"], due["Y"]) == (["Q1", "H1", "9M", "FY"], ["H1", "FY"], ["FY"])


def test_wrong_calendars_are_told():
    assert set(Calendar(year_starts="13-01").problems()) == {"year_starts"}
    assert "year_starts" in Calendar(year_starts="02-29", window_rule="calendar").problems()
    assert "year_starts" in Calendar(year_starts="01-15").problems()
    rule = Calendar(window_rule="decree-9-2019").problems()["window_rule"]
    assert "decree-09-2019" in rule.en
    assert "decree-09-2019" in rule.vi
    assert "deadline_working_days.district" in Calendar(deadline_working_days={"district": 0}).problems()
    assert not DECREE.problems()


@given(years, st.sampled_from(CODES))
def test_text_and_back(year, code):
    assert parse_cutoff(str(Cutoff(year, code))) == Cutoff(year, code)


@given(years, starts)
def test_quarters_tile_the_year_whatever_day_it_starts(year, start):
    calendar = Calendar(year_starts=start, window_rule="calendar")
    quarters = [window(Cutoff(year, code), calendar) for code in ("Q1", "Q2", "Q3", "Q4")]
    for (_, last), (first, _) in pairwise(quarters):
        assert first == last + timedelta(days=1)
    whole = window(Cutoff(year, "FY"), calendar)
    assert whole == (quarters[0][0], quarters[-1][1])
    assert window(Cutoff(year + 1, "Q1"), calendar)[0] == whole[1] + timedelta(days=1)
    first, last = window(Cutoff(year, "start"), calendar)
    assert last == first - timedelta(days=1)


@given(years, starts)
def test_months_tile_the_year_whatever_day_it_starts(year, start):
    calendar = Calendar(year_starts=start, window_rule="calendar", step="month")
    months = [step_window(cutoff, calendar) for cutoff in cutoffs(year, calendar)]
    for (_, last), (first, _) in pairwise(months):
        assert first == last + timedelta(days=1)
    assert (months[0][0], months[-1][1]) == window(Cutoff(year, "FY"), calendar)


@given(years, st.sampled_from(("decree-09-2019", "calendar")))
def test_order_is_the_order_in_time(year, rule):
    calendar = Calendar(window_rule=rule)
    every = sorted(Cutoff(y, code) for y in (year, year + 1) for code in CODES)
    days = [cutoff_day(cutoff, calendar) for cutoff in every]
    assert days == sorted(days)
    due = [deadline(cutoff, calendar) for cutoff in cutoffs(year, calendar)]
    assert due == sorted(due)
    assert all(
        day > cutoff_day(cutoff, calendar) for day, cutoff in zip(due, cutoffs(year, calendar), strict=True)
    )
