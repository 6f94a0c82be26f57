"""Gaps between districts and groups: limits of chance, small numbers, spread."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetanalysis.indicators.gaps import SMALLEST, funnel_limits, gaps, spread


def test_limits_are_two_standard_errors_around_the_rate_of_all():
    lower, upper = funnel_limits(0.5, np.array([100]))
    assert (lower[0], upper[0]) == (pytest.approx(0.4), pytest.approx(0.6))


@given(st.floats(0, 1), st.integers(1, 10_000))
def test_limits_stay_between_0_and_1_and_hold_the_share(share, people):
    lower, upper = funnel_limits(share, np.array([people]))
    assert 0 <= lower[0] <= share + 1e-9
    assert share - 1e-9 <= upper[0] <= 1


def test_limits_of_a_quota_do_not_close_where_it_is_done_and_may_lie_above_it():
    lower, upper = funnel_limits(1.0, np.array([100]), may_exceed=True)
    assert lower[0] < 1 < upper[0]


def test_a_rate_on_few_people_is_not_shown_and_nobody_is_named_for_it():
    frame = gaps(pd.Series({"a": 0, "b": 90}), pd.Series({"a": SMALLEST - 1, "b": 100}))
    assert frame.loc["a", "suppressed"]
    assert math.isnan(frame.loc["a", "rate"])
    assert math.isnan(frame.loc["a", "count"])
    assert frame.loc["a", "outside"] == ""
    assert not frame.loc["b", "suppressed"]


def test_ten_people_are_enough():
    frame = gaps(pd.Series({"a": 5, "b": 50}), pd.Series({"a": SMALLEST, "b": 100}))
    assert frame.loc["a", "rate"] == 50


def test_a_large_unit_far_below_is_named_and_a_small_one_is_not():
    counts = pd.Series({"large": 700, "small": 9, "rest": 9000})
    totals = pd.Series({"large": 1000, "small": 12, "rest": 10_000})
    frame = gaps(counts, totals)
    assert frame.loc["large", "outside"] == "below"
    assert frame.loc["small", "outside"] == ""


def test_groups_that_overlap_are_compared_with_everybody():
    frame = gaps(pd.Series({"female": 40, "poor": 10}), pd.Series({"female": 80, "poor": 40}), pooled=60.0)
    assert frame["difference"].tolist() == [-10, -35]


def test_a_missing_count_is_missing():
    frame = gaps(pd.Series({"a": np.nan, "b": 50}), pd.Series({"a": 100, "b": 100}))
    assert math.isnan(frame.loc["a", "rate"])
    assert frame.loc["b", "difference"] == 0


def test_spread_by_hand():
    apart = spread(pd.Series({"a": 40.0, "b": 60.0}), pd.Series({"a": 100, "b": 300}))
    assert (apart.gap, apart.ratio, apart.units) == (20, 1.5, 2)
    assert apart.weighted_sd == pytest.approx(math.sqrt(0.25 * 15**2 + 0.75 * 5**2))


def test_no_spread_of_one_rate():
    assert math.isnan(spread(pd.Series({"a": 40.0}), pd.Series({"a": 100})).gap)


def test_no_ratio_to_zero():
    assert math.isnan(spread(pd.Series({"a": 0.0, "b": 60.0}), pd.Series({"a": 10, "b": 10})).ratio)


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(10, 100)), min_size=2, max_size=9))
def test_spread_does_not_depend_on_the_order(units):
    rates = pd.Series([min(count, total) / total * 100 for count, total in units])
    totals = pd.Series([total for _, total in units])
    turned = spread(rates[::-1], totals[::-1])
    assert turned.gap == spread(rates, totals).gap
    assert turned.weighted_sd == pytest.approx(spread(rates, totals).weighted_sd)
