"""The indicators as pure functions: published figures first, then what must hold for any figures."""

from __future__ import annotations

import doctest
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetanalysis.indicators import derived, gaps, ratios
from vetanalysis.indicators.tally import complete, cumulative_to_steps
from vetanalysis.plan import load_plan
from vetanalysis.plan.catalogue import catalogue

PUBLISHED = pd.read_csv(Path(__file__).parent / "published" / "indicators.csv")
counts = st.floats(0, 1e7)


@pytest.mark.parametrize("row", list(PUBLISHED.itertuples()), ids=list(PUBLISHED["id"]))
def test_published_percentages_come_out_as_printed(row):
    assert round(ratios.percentage(row.numerator, row.denominator), row.digits) == row.percent


def test_enrolment_of_2019_and_the_plan_behind_it():
    # Viet Nam 2019: 2.33 million enrolled, 103.5 % of the plan.
    plan = 2_330_000 / 1.035
    assert ratios.percentage(2_330_000, plan) == pytest.approx(103.5)
    assert derived.people_still_needed(2_330_000, plan) < 0


def test_the_pace_of_lang_son_from_2021_to_2023():
    # 57.2 % in 2021, 62 % wanted at the end of 2023: 2.4 points a year.
    distance = ratios.gap(62, 57.2)
    assert distance == pytest.approx(4.8)
    assert ratios.pace_required(distance, 2) == pytest.approx(2.4)


@pytest.mark.parametrize(
    ("distance", "left", "pace"), [(0.0, 2, 0.0), (-1.0, 2, 0.0), (-1.0, 0, 0.0), (3.0, 0.25, 12.0)]
)
def test_pace_of_what_is_left(distance, left, pace):
    assert ratios.pace_required(distance, left) == pace


def test_no_pace_without_time_or_figure():
    assert math.isnan(ratios.pace_required(1.0, 0))
    assert math.isnan(ratios.pace_required(math.nan, 1))


def test_a_target_to_stay_under_turns_the_gap_round():
    assert ratios.gap(3, 4, "<=") == 1
    assert ratios.gap(3, 2, "<=") == -1


def test_no_share_where_certified_exceeds_trained():
    assert math.isnan(ratios.certified_share_of_trained(63, 62))
    assert ratios.certified_share_of_trained(62, 62) == 100


RATIOS = [one for one in catalogue(load_plan("lang-son-2023")).values() if one.parts]


@pytest.mark.parametrize("one", RATIOS, ids=[one.id for one in RATIOS])
def test_nothing_is_divided_by_zero_or_by_what_is_missing(one):
    for top, bottom in ((5, 0), (0, 0), (math.nan, 5), (5, math.nan)):
        assert math.isnan(ratios.of_parts(one, top, bottom))


@pytest.mark.parametrize("one", RATIOS, ids=[one.id for one in RATIOS])
def test_zero_is_a_figure(one):
    assert ratios.of_parts(one, 0, 12) == 0


@pytest.mark.parametrize("one", RATIOS, ids=[one.id for one in RATIOS])
def test_a_ratio_stands_in_its_own_measure(one):
    assert ratios.of_parts(one, 3, 12) == (25 if one.measure == "percent" else 0.25)


def test_ratios_of_series_keep_their_index():
    top, bottom = pd.Series([1.0, 2.0], index=["a", "b"]), pd.Series([4.0, 0.0], index=["a", "b"])
    for one in RATIOS:
        found = ratios.of_parts(one, top, bottom)
        assert found.index.tolist() == ["a", "b"]
        assert found.isna().tolist() == [False, True]


@given(counts, st.floats(1, 1e7))
def test_what_is_still_needed_and_what_is_done_make_the_plan(done, plan):
    assert derived.people_still_needed(done, plan) + done == pytest.approx(plan, abs=1e-6)
    assert ratios.percentage(done, plan) == pytest.approx(100 * done / plan)


@given(counts, st.floats(1, 1e7), st.integers(1, 4))
def test_the_quarters_left_make_up_what_is_needed(done, plan, left):
    assert derived.people_needed_per_step(done, plan, left) * left == pytest.approx(
        max(plan - done, 0), abs=1e-6
    )


def test_nothing_is_needed_per_quarter_once_the_year_is_over():
    assert math.isnan(derived.people_needed_per_step(100, 200, 0))


def test_the_whole_year_by_past_shares_is_no_even_spread():
    estimate = derived.full_year_by_past_shares(2100, [210, 300], [1000, 1000])
    assert estimate == (7000, pytest.approx(2100 / 0.255), 10_000, 2)


def test_no_whole_year_without_a_past_one():
    assert derived.full_year_by_past_shares(2100, [], []) is None
    assert derived.full_year_by_past_shares(2100, [math.nan], [1000]) is None
    assert derived.full_year_by_past_shares(math.nan, [210], [1000]) is None


@given(counts, counts, counts, counts)
def test_who_is_in_training_at_the_end_and_who_left_are_all_who_came(start, new, graduated, left):
    end = derived.stock_at_end(start, new, graduated, left)
    assert end + graduated + left == pytest.approx(start + new, abs=1e-6)


@given(st.lists(st.integers(0, 10_000), min_size=4, max_size=4))
def test_quarters_and_totals_are_each_others_inverse(alone):
    total = np.cumsum(alone)
    back = cumulative_to_steps(total)
    assert back.values.tolist() == alone
    assert not back.corrected.any()


def test_a_total_that_falls_is_a_correction_and_not_activity():
    quarters = cumulative_to_steps(np.array([100.0, 90.0, 130.0, 130.0]))
    assert quarters.values.tolist() == [100, -10, 40, 0]
    assert quarters.corrected.tolist() == [False, True, False, False]


def test_a_missing_total_leaves_its_quarters_missing():
    quarters = cumulative_to_steps(np.array([100.0, np.nan, 130.0, np.nan]))
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


@pytest.mark.parametrize("module", [ratios, gaps, derived], ids=lambda one: one.__name__)
def test_examples_in_docstrings_come_out_as_printed(module):
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0
