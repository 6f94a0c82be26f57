"""Scores of probabilities and ranges: hand-computed values, closed forms, properties."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri
from scipy.stats import binomtest, norm

from vetanalysis.errors import WrongCall
from vetanalysis.track import rolling
from vetanalysis.track.methods import Normals, drift, last_value, on_track


def test_crps_of_quantiles_by_hand():
    # three quantiles 1, 2, 3 at 25, 50, 75 %; outcome 2.5: losses .375, .25, .125; twice their mean is .5
    found = rolling.crps_quantiles(np.array(2.5), np.array([1.0, 2.0, 3.0]), np.array([0.25, 0.5, 0.75]))
    assert found == pytest.approx(2 * (0.25 * 1.5 + 0.5 * 0.5 + 0.25 * 0.5) / 3)
    assert found == pytest.approx(0.5)


def crps_normal(outcome, mean, spread):
    """Gneiting & Raftery 2007, doi 10.1198/016214506000001437: s (z (2 F(z) - 1) + 2 f(z) - 1 / sqrt(pi))."""
    z = (outcome - mean) / spread
    return spread * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi))


@given(y=st.floats(-3, 3), m=st.floats(-2, 2), s=st.floats(0.2, 3))
@settings(max_examples=40, deadline=None)
def test_dense_quantiles_give_the_closed_form(y, m, s):
    levels = (np.arange(4000) + 0.5) / 4000
    found = rolling.crps_quantiles(np.array(y), m + s * ndtri(levels), levels)
    assert found == pytest.approx(crps_normal(y, m, s), rel=0.01, abs=1e-3)


def test_sign_test_by_hand():
    # one of six rose: 2 (1 + 6) / 64; the same coin either way round; five alike are not yet under 5 %
    assert rolling.sign_test(1, 5) == rolling.sign_test(5, 1) == pytest.approx(14 / 64)
    assert rolling.sign_test(0, 5) == pytest.approx(2 / 32)
    assert rolling.sign_test(0, 6) == pytest.approx(2 / 64)
    assert rolling.sign_test(3, 3) == rolling.sign_test(0, 1) == 1
    assert np.isnan(rolling.sign_test(0, 0))


@given(up=st.integers(0, 40), down=st.integers(0, 40))
def test_sign_test_agrees_with_scipy(up, down):
    if up + down:
        assert rolling.sign_test(up, down) == pytest.approx(binomtest(up, up + down).pvalue)


def test_crps_is_zero_only_for_the_outcome_itself():
    quantiles = np.full((2, 19), 5.0)
    found = rolling.crps_quantiles(np.array([5.0, 6.0]), quantiles)
    assert found[0] == 0
    assert found[1] == pytest.approx(1.0)  # a point forecast: the absolute error


def test_crps_refuses_other_shapes():
    with pytest.raises(WrongCall, match="19 levels"):
        rolling.crps_quantiles(np.zeros(2), np.zeros((2, 3)))


def test_brier_and_skill_by_hand():
    found = rolling.brier_score(np.array([1, 0, 1]), np.array([0.7, 0.2, 0.5]))
    assert found == pytest.approx([0.09, 0.04, 0.25])
    assert rolling.skill_score(0.19, 0.25) == pytest.approx(0.24)
    assert np.isnan(rolling.skill_score(0.1, 0.0))


@pytest.mark.parametrize(
    ("cases", "low", "high"), [(3, 1 / 3, 1), (20, 0.60, 0.95), (60, 0.70, 0.90), (200, 0.745, 0.855)]
)
def test_binomial_bands_of_80_percent(cases, low, high):
    """The acceptance bands by which the FPEM's validation is read, for 3 to 200 left-out figures."""
    assert rolling.binomial_band(0.8, cases) == pytest.approx((low, high), abs=0.006)


def test_binomial_band_edges():
    assert all(np.isnan(rolling.binomial_band(0.8, 0)))
    with pytest.raises(WrongCall):
        rolling.binomial_band(80, 10)


def test_cases_of_one_year_are_worth_less():
    # 100 cases in 2 years, all inside in one and none in the other: the share says nothing
    inside = np.repeat([1.0, 0.0], 50)
    years = np.repeat([2015, 2016], 50)
    error = rolling.spread_over(years, np.column_stack([inside, np.ones(100)]), lambda s: s[0] / s[1])
    assert error == pytest.approx(np.sqrt(0.125), abs=0.02)  # 0, 1/2, 1 with 1/4, 1/2, 1/4
    assert rolling.independent_cases(100, 0.5, error) <= 2
    assert rolling.independent_cases(100, 0.8, 0.0) == 100
    assert np.isnan(rolling.spread_over(np.zeros(5), np.ones((5, 1)), lambda s: s[0]))


def test_pit_histogram_and_spread():
    pit = (np.arange(1000) + 0.5) / 1000
    assert rolling.pit_histogram(pit).tolist() == [100] * 10
    assert rolling.pit_spread(pit) == pytest.approx(1, abs=1e-5)
    assert rolling.pit_spread(np.array([0.0, 1.0] * 10)) == pytest.approx(
        3
    )  # everything in the tails: too narrow
    assert rolling.pit_spread(np.full(10, 0.5)) == 0
    with pytest.raises(WrongCall):
        rolling.pit_histogram(np.array([1.2]))


def test_reliability_by_words():
    table = rolling.reliability(
        np.array([0.6, 0.7, 0.79, 0.80, 0.03, 0.55]), np.array([1, 0, 1, 1, 0, 1], dtype=bool)
    ).set_index("status")
    assert table.loc["likely", ["said", "came"]].tolist() == [4, 3]  # 55 % counts, 80 % is the word above
    assert table.loc["likely", "share"] == 0.75
    assert table.loc["likely", "stated"] == pytest.approx(0.66)
    assert table.loc["very_likely", ["said", "came"]].tolist() == [1, 1]
    assert table.loc["almost_no_chance", ["said", "came"]].tolist() == [1, 0]
    assert table.loc["even", "said"] == 0
    assert np.isnan(table.loc["even", "share"])


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40))
@settings(max_examples=40, deadline=None)
def test_every_statement_is_counted_once(said):
    table = rolling.reliability(np.array([p for p, _ in said]), np.array([c for _, c in said], dtype=bool))
    assert table["said"].sum() == len(said)
    assert table["came"].sum() == sum(c for _, c in said)
    assert (table["came"] <= table["said"]).all()


HISTORY = pd.DataFrame(
    {"a": [0.10, 0.12, 0.11, 0.13], "b": [np.nan, 0.2, 0.25, 0.3]}, index=range(2011, 2015)
)


def test_last_value_and_drift_by_hand():
    still, line = last_value(HISTORY, (1, 4)), drift(HISTORY, (1, 2))
    assert isinstance(still, Normals)
    assert isinstance(line, Normals)
    assert still.middle.tolist() == [[0.13, 0.13], [0.3, 0.3]]
    assert still.spread[1] == pytest.approx([0.05, 0.10])
    assert line.middle == pytest.approx(np.array([[0.14, 0.15], [0.35, 0.40]]))
    # steps .02, -.01, .02 around .01: squares .0001, .0004, .0001 over 2 degrees; times 1 + 1/3
    assert line.spread[0, 0] == pytest.approx(np.sqrt(0.0003 * (1 + 1 / 3)))


def test_a_normal_knows_its_quantiles():
    line = drift(HISTORY, (1,))
    ends = line.quantiles(np.array([0.1, 0.9]))
    assert line.below(ends) == pytest.approx(np.array([[[0.1, 0.9]], [[0.1, 0.9]]]))


def test_the_cagr_rule_says_yes_from_95_percent_of_the_growth_needed():
    """The series and target of the golden example: 52.1 to 60.2 in six years, 62 the next: ratio 0.969, on track."""
    series = pd.DataFrame({"x": [0.521, 0.534, 0.550, 0.562, 0.579, 0.591, 0.602]}, index=range(2016, 2023))
    targets = np.array([[[0.60, 0.62, 0.64]]])
    assert on_track(series, (1,), targets).tolist() == [[[1.0, 1.0, 0.0]]]
