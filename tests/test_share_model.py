"""The share model: hand-made golden values, then what must always hold."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetanalysis.forecast.usual_share import (
    NU0,
    SHARE_SD,
    YEARLY_CHANGE,
    Expectation,
    UsualShare,
    beta_share,
    change_expectation,
    expectations,
    least_usual,
    plan_expectation,
    usual_share,
)
from vetanalysis.forecast.year_total import project_year_total

TOTALS = np.array([11800, 12350, 12900, 12400.0])
HALF_YEAR = np.array([3900, 4550, 4300, 4200.0])
PLANS = np.array([12000, 12500, 13000, 13000.0])
YEARS = np.arange(2019, 2023)


def golden():
    expected = expectations(2023, YEARS, TOTALS, 13500.0, PLANS)
    return beta_share(expected, 4700, usual_share(6, HALF_YEAR, TOTALS))


def test_golden_values():
    assert usual_share(6, HALF_YEAR, TOTALS).kappa == pytest.approx(81.38, abs=0.005)
    quantiles = golden().quantile(np.array([0.1, 0.5, 0.9]))
    assert quantiles == pytest.approx([11974, 13345, 14952], abs=10)
    assert golden().probability(13500) == pytest.approx(0.446, abs=0.0005)


def test_quantiles_agree_with_the_formula_integrated_by_scipy():
    from scipy.integrate import quad
    from scipy.stats import beta, t

    (expected,) = expectations(2023, YEARS, TOTALS, 13500.0, PLANS)
    share = usual_share(6, HALF_YEAR, TOTALS)
    kappa, mean = share.kappa, share.mean

    def density(log_total):
        part = 4700 / np.exp(log_total)
        prior = t.pdf((log_total - expected.centre) / expected.scale, expected.nu)
        return prior * beta.pdf(part, kappa * mean, kappa * (1 - mean)) * part

    low, high = np.log(4700.01), np.log(13500) + 1.2
    above = quad(density, np.log(13500), high)[0] / quad(density, low, high, limit=200)[0]
    assert golden().probability(13500) == pytest.approx(above, abs=0.002)


def test_spread_of_yearly_changes_matches_the_provinces():
    # Learners in professional secondary schools, 63 provinces, 2001 to 2015 (General Statistics Office):
    # median absolute yearly change 22 %, standard deviation of its log .46
    from scipy.stats import t

    assert YEARLY_CHANGE * np.sqrt(NU0 / (NU0 - 2)) == pytest.approx(0.46, abs=0.005)
    assert np.expm1(YEARLY_CHANGE * t.ppf(0.75, NU0)) == pytest.approx(0.22, abs=0.06)


def test_a_plan_without_history_is_taken_at_face_value():
    (expected,) = expectations(2023, np.empty(0), np.empty(0), 13500.0, np.empty(0))
    total = beta_share((expected,))
    assert total.quantile(0.5) == pytest.approx(13500, rel=0.01)
    assert total.quantile(0.1) < 11000 < 16500 < total.quantile(0.9)


def test_one_total_and_a_plan_are_pooled_and_wider_than_either_is_narrow():
    unknown = np.array([np.nan])
    pool = beta_share(expectations(2023, np.array([2021]), np.array([12000.0]), 13500.0, unknown))
    plan = beta_share(expectations(2023, np.empty(0), np.empty(0), 13500.0, np.empty(0)))
    change = beta_share(expectations(2023, np.array([2021]), np.array([12000.0]), None, unknown))
    width = [float(np.diff(part.quantile(np.array([0.1, 0.9])))[0]) for part in (plan, pool, change)]
    assert width[0] < width[1] < width[2]
    assert 12000 < pool.quantile(0.5) < 13500


def test_the_plan_speaks_alone_from_two_attained_plans_on():
    for known, parts in ((0, 2), (1, 2), (2, 1), (4, 1)):
        plans = np.where(np.arange(4) < known, PLANS, np.nan)
        expected = expectations(2023, YEARS, TOTALS, 13500.0, plans)
        assert len(expected) == parts
        assert sum(e.weight for e in expected) == pytest.approx(1)


def test_nothing_known_expects_nothing():
    assert expectations(2023, np.empty(0), np.empty(0), None, np.empty(0)) == ()


def test_further_ahead_is_wider():
    near = change_expectation(np.array([2021]), np.array([12000.0]), 2022)
    far = change_expectation(np.array([2021]), np.array([12000.0]), 2025)
    assert far.scale == pytest.approx(2 * near.scale)


def test_own_years_pull_the_spread_away_from_the_prior():
    steady = plan_expectation(13500, np.full(8, 12000.0), np.full(8, 12000.0))
    assert steady.scale < plan_expectation(13500, np.array([12000.0]), np.array([12000.0])).scale
    wild = usual_share(6, np.array([1000, 9000, 2000, 8000.0]), np.full(4, 12000.0))
    assert wild.variance > SHARE_SD[6] ** 2 * 2


def test_kappa_is_at_least_two():
    assert UsualShare(0.5, 10.0).kappa == 2.0


def test_t_density_is_scipys():
    from scipy.stats import t

    grid = np.linspace(8, 11, 7)
    mine = Expectation(9.4, 0.3, 5.0, weight=0.25).log_density(grid)
    assert mine == pytest.approx(t.logpdf(grid, 5, 9.4, 0.3) + np.log(0.25))


@settings(max_examples=60, deadline=None)
@given(
    counted=st.floats(0, 60000),
    plan=st.floats(50, 50000),
    mean=st.floats(0.01, 0.99),
    spread=st.floats(0.005, 0.3),
)
def test_never_below_the_count_and_monotone(counted, plan, mean, spread):
    expected = (plan_expectation(plan, np.array([plan]), np.array([plan])),)
    total = beta_share(expected, counted, UsualShare(mean, spread**2))
    assert total.totals[0] >= counted
    assert total.weights.sum() == pytest.approx(1)
    quantiles = total.quantile(np.linspace(0.01, 0.99, 25))
    assert (np.diff(quantiles) >= 0).all()
    chances = [total.probability(target) for target in np.linspace(0, 3 * plan, 15)]
    assert (np.diff(chances) <= 1e-12).all()
    assert total.probability(counted) == pytest.approx(1)


def test_more_counted_means_more_expected():
    share = usual_share(6, HALF_YEAR, TOTALS)
    expected = expectations(2023, YEARS, TOTALS, 13500.0, PLANS)
    medians = [float(beta_share(expected, c, share).quantile(0.5)) for c in (0, 3000, 4700, 6000, 9000)]
    assert (np.diff(medians) > 0).all()


def test_a_usual_count_stands_and_a_lower_one_is_lifted_to_the_least_usual():
    share = usual_share(6, HALF_YEAR, TOTALS)
    expected = expectations(2023, YEARS, TOTALS, 13500.0, PLANS)
    assert least_usual(expected, 4700, share) == 4700
    lowest = least_usual(expected, 0, share)
    assert 2500 < lowest < 4000  # five in a hundred years have fewer by the middle of the year
    assert least_usual(expected, 250, share) == pytest.approx(lowest)
    assert least_usual(expected, lowest + 1, share) == lowest + 1


@pytest.mark.parametrize("planned", [13500.0, None])
@pytest.mark.parametrize("earlier", [{}, {1: 0}])
def test_one_person_more_never_makes_the_year_another(planned, earlier):
    past = pd.DataFrame({2: HALF_YEAR, 4: TOTALS}, index=YEARS)
    plans = pd.Series(PLANS, index=YEARS) if planned else None
    quarter = 2 if earlier else 1
    past = past.assign(**{"1": HALF_YEAR / 3}).rename(columns={"1": 1})

    def median(count):
        current = pd.Series({**earlier, quarter: count})
        found = project_year_total(past, current, planned=planned, past_planned=plans, year=2023, rng=1)
        assert found.quantile(0.01) >= count
        return found.median

    few = [median(count) for count in (0, 1, 3, 10, 30)]
    assert max(few) - min(few) < 0.02 * max(few)
    assert min(few) > 0.5 * TOTALS.mean() * (1 if quarter == 1 else 0.9)


def test_chances_rise_with_the_count_where_a_plan_is_known():
    past = pd.DataFrame({2: HALF_YEAR, 4: TOTALS}, index=YEARS)
    chances = [
        project_year_total(
            past,
            pd.Series({2: count}),
            planned=13500,
            past_planned=pd.Series(PLANS, index=YEARS),
            year=2023,
            rng=1,
        ).probability(12500)
        for count in (0, 500, 1500, 2500, 3500, 4200, 5000)
    ]
    assert (np.diff(chances) > -0.01).all()
    assert chances[0] < 0.05 < chances[-1]


@pytest.mark.parametrize(
    ("years", "planned"), [(0, 13500.0), (1, 13500.0), (4, 13500.0), (1, None), (4, None)]
)
def test_fewer_counted_never_makes_a_target_likelier(years, planned):
    past = pd.DataFrame({1: HALF_YEAR / 3, 2: HALF_YEAR, 3: TOTALS * 0.7, 4: TOTALS}, index=YEARS)
    totals = [
        project_year_total(past[4 - years :], pd.Series({1: count}), planned=planned, year=2023, rng=1)
        for count in (0, 1, 50, 200, 400, 700, 1000, 1400, 2000, 3000)
    ]
    assert (np.diff([one.probability(12500) for one in totals]) > -0.015).all()
    for level in (0.1, 0.5, 0.9):
        ends = np.array([one.quantile(level) for one in totals])
        assert (np.diff(ends) > -0.015 * ends[:-1]).all()
