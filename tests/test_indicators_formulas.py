"""The indicators as pure functions: published figures first, then what must hold for any figures."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetanalysis.indicators import compare, employment, funding, people, rates, streaming
from vetanalysis.indicators.quarters import complete, cumulative_to_quarter

PUBLISHED = pd.read_csv(Path(__file__).parent / "published" / "indicators.csv")
counts = st.floats(0, 1e7)


@pytest.mark.parametrize("row", list(PUBLISHED.itertuples()), ids=list(PUBLISHED["id"]))
def test_published_percentages_come_out_as_printed(row):
    assert round(rates.percentage(row.numerator, row.denominator), row.digits) == row.percent


def test_enrolment_of_2019_and_the_plan_behind_it():
    # Viet Nam 2019: 2.33 million enrolled, 103.5 % of the plan.
    plan = 2_330_000 / 1.035
    assert compare.percent_of_plan(2_330_000, plan) == pytest.approx(103.5)
    assert people.people_still_needed(2_330_000, plan) < 0


def test_the_pace_of_lang_son_from_2021_to_2023():
    # 57.2 % in 2021, 62 % wanted at the end of 2023: 2.4 points a year.
    distance = rates.gap(62, 57.2)
    assert distance == pytest.approx(4.8)
    assert rates.pace_required(distance, 2) == pytest.approx(2.4)


@pytest.mark.parametrize(
    ("distance", "left", "pace"), [(0.0, 2, 0.0), (-1.0, 2, 0.0), (-1.0, 0, 0.0), (3.0, 0.25, 12.0)]
)
def test_pace_of_what_is_left(distance, left, pace):
    assert rates.pace_required(distance, left) == pace


def test_no_pace_without_time_or_figure():
    assert math.isnan(rates.pace_required(1.0, 0))
    assert math.isnan(rates.pace_required(math.nan, 1))


def test_a_target_to_stay_under_turns_the_gap_round():
    assert rates.gap(3, 4, "<=") == 1
    assert rates.gap(3, 2, "<=") == -1


def test_no_share_where_certified_exceeds_trained():
    assert math.isnan(rates.certified_share_of_trained(63, 62))
    assert rates.certified_share_of_trained(62, 62) == 100


@pytest.mark.parametrize(
    "ratio", [rates.percentage, funding.cost_per_learner, streaming.streaming_lower_secondary]
)
def test_nothing_is_divided_by_zero_or_by_what_is_missing(ratio):
    for top, bottom in ((5, 0), (0, 0), (math.nan, 5), (5, math.nan)):
        assert math.isnan(ratio(top, bottom))


def test_zero_is_a_figure():
    assert rates.percentage(0, 5) == 0
    assert employment.employed_after_training_rate(0, 12) == 0


@given(counts, st.floats(1, 1e7))
def test_what_is_still_needed_and_what_is_done_make_the_plan(done, plan):
    assert people.people_still_needed(done, plan) + done == pytest.approx(plan, abs=1e-6)
    assert people.plan_completion(done, plan) == pytest.approx(100 * done / plan)


@given(counts, st.floats(1, 1e7), st.integers(1, 4))
def test_the_quarters_left_make_up_what_is_needed(done, plan, left):
    assert people.people_needed_per_quarter(done, plan, left) * left == pytest.approx(
        max(plan - done, 0), abs=1e-6
    )


def test_nothing_is_needed_per_quarter_once_the_year_is_over():
    assert math.isnan(people.people_needed_per_quarter(100, 200, 0))


def test_the_whole_year_by_past_shares_is_no_even_spread():
    estimate = people.full_year_by_past_shares(2100, [210, 300], [1000, 1000])
    assert estimate == (7000, pytest.approx(2100 / 0.255), 10_000, 2)


def test_no_whole_year_without_a_past_one():
    assert people.full_year_by_past_shares(2100, [], []) is None
    assert people.full_year_by_past_shares(2100, [math.nan], [1000]) is None
    assert people.full_year_by_past_shares(math.nan, [210], [1000]) is None


@given(counts, counts, counts, counts)
def test_the_stock_identity_agrees_with_itself(start, new, graduated, left):
    end = people.stock_at_end(start, new, graduated, left)
    assert people.stock_difference(end, start, new, graduated, left) == 0
    assert people.stock_difference(end + 3, start, new, graduated, left) == pytest.approx(3, abs=1e-6)


@given(st.lists(st.integers(0, 10_000), min_size=4, max_size=4))
def test_quarters_and_totals_are_each_others_inverse(alone):
    total = np.cumsum(alone)
    back = cumulative_to_quarter(total)
    assert back.values.tolist() == alone
    assert not back.corrected.any()


def test_a_total_that_falls_is_a_correction_and_not_activity():
    quarters = cumulative_to_quarter(np.array([100.0, 90.0, 130.0, 130.0]))
    assert quarters.values.tolist() == [100, -10, 40, 0]
    assert quarters.corrected.tolist() == [False, True, False, False]


def test_a_missing_total_leaves_its_quarters_missing():
    quarters = cumulative_to_quarter(np.array([100.0, np.nan, 130.0, np.nan]))
    assert np.isnan(quarters.values).tolist() == [False, True, True, True]


def test_totals_and_quarters_fill_each_other():
    none = np.nan
    totals, quarters = complete(np.array([100.0, none, 150.0, none]), np.array([none, 20.0, none, 50.0]))
    assert totals.values.tolist() == [100, 120, 150, 200]
    assert quarters.values.tolist() == [100, 20, 30, 50]


def test_a_quarter_that_contradicts_the_totals_is_marked_and_kept():
    totals, quarters = complete(
        np.array([100.0, 150.0, np.nan, np.nan]), np.array([np.nan, 40.0, np.nan, np.nan])
    )
    assert totals.values[1] == 150
    assert quarters.values[1] == 40
    assert quarters.corrected[1]
