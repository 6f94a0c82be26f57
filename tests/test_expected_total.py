"""What a year may come to before it is counted: worked by hand, against an independent computation, and in general."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_t, t

from vetanalysis.forecast.expected_total import (
    NU0,
    YEARLY_CHANGE,
    Expectation,
    change_expectation,
    expectations,
    plan_expectation,
    totals_prior,
)
from vetanalysis.forecast.usual_share import beta_share
from vetanalysis.forecast.year_total import project_year_total

TOTALS = np.array([11800, 12350, 12900, 12400.0])
PLANS = np.array([12000, 12500, 13000, 13000.0])
YEARS = np.arange(2019, 2023)
EVEN = np.arange(10000, 11401, 200.0)


def project(totals, year, first=2015, **options):
    years = pd.Index(range(first, first + len(totals)))
    return project_year_total(pd.DataFrame({4: totals}, index=years), None, year=year, rng=1, **options)


def test_spread_of_yearly_changes_matches_the_provinces():
    # Learners in professional secondary schools, 63 provinces, 2001 to 2015 (General Statistics Office):
    # median absolute yearly change 22 %, standard deviation of its log .46
    assert YEARLY_CHANGE * np.sqrt(NU0 / (NU0 - 2)) == pytest.approx(0.46, abs=0.005)
    assert np.expm1(YEARLY_CHANGE * t.ppf(0.75, NU0)) == pytest.approx(0.22, abs=0.06)


def test_of_one_total_the_provinces_learners_are_the_whole_answer():
    expected = change_expectation(np.array([2021]), np.array([12000.0]), 2023)
    assert expected.centre == pytest.approx([np.log(12000)])
    assert expected.scale == pytest.approx([YEARLY_CHANGE * np.sqrt(2)])
    assert expected.nu.tolist() == [NU0]


def by_hand(members, weights, totals, ahead):
    """Mixture mean and density at log 12,000 from the joint law of all years after the first."""
    n, logs, parts = len(totals), np.log(totals), []
    time = np.arange(n + ahead)
    for (noise, phi, tau, fresh, scale), weight in zip(members, weights, strict=True):
        # y = level + slopes + noise; what is below is the variance around the first level, in units of scale^2
        walk = np.minimum.outer(time, time) * (1 - noise)
        slope = np.zeros((n + ahead, n + ahead))
        loads = [np.where(time > 0, np.cumsum(np.append(0, phi ** np.arange(n + ahead - 1)))[time], 0) * tau]
        new = np.sqrt(fresh * (1 - phi**2)) * tau
        for born in range(2, n + ahead):
            later = np.clip(time - born + 1, 0, None)
            loads.append(np.cumsum(np.append(0, phi ** np.arange(n + ahead)))[later] * new)
        slope = sum(np.outer(load, load) for load in loads)
        whole = walk + slope + np.eye(n + ahead) * noise / 2
        change = np.eye(n + ahead) - np.outer(np.ones(n + ahead), np.eye(n + ahead)[0])
        law = (change @ whole @ change.T)[1:, 1:]  # the first figure stands, as the filter begins
        known, place = np.arange(n - 1), n + ahead - 2
        moved = logs[1:] - logs[0]
        seen = law[np.ix_(known, known)]
        evidence = multivariate_t.pdf(moved, shape=scale**2 * seen, df=NU0)
        gain = np.linalg.solve(seen, law[known, place])
        centre = logs[0] + gain @ moved
        squares = NU0 * scale**2 + moved @ np.linalg.solve(seen, moved)
        spread = np.sqrt((law[place, place] - gain @ law[known, place]) * squares / (NU0 + n - 1))
        parts.append(
            (weight * evidence, centre, t.pdf((np.log(12000) - centre) / spread, NU0 + n - 1) / spread)
        )
    weight, centre, density = np.array(parts).T
    return weight @ centre / weight.sum(), weight @ density / weight.sum()


@pytest.mark.parametrize("ahead", [1, 3])
def test_the_mixture_is_that_of_the_joint_laws(monkeypatch, ahead):
    from vetanalysis.forecast import expected_total
    from vetanalysis.forecast.state_space import Members

    members = np.array(
        [
            [0.0, 0.0, 0.0, 0.0, 0.05],
            [0.5, 0.7, 0.8, 1.0, 0.03],
            [0.2, 1.0, 1.5, 0.0, 0.02],
            [0.0, 0.9, 0.3, 0.0, 0.1],
        ]
    )
    weights = np.array([0.4, 0.3, 0.2, 0.1])
    table = Members.of(totals_prior(members, weights), improving=False)
    monkeypatch.setattr(expected_total, "_members", lambda change: (table, weights))
    expected = change_expectation(YEARS, TOTALS, 2022 + ahead)
    middle, density = by_hand(members, weights, TOTALS, ahead)
    assert float(expected.weight @ expected.centre) == pytest.approx(middle, abs=2e-4)
    assert float(np.exp(expected.log_density(np.log([12000.0])))[0]) == pytest.approx(density, rel=0.005)


def test_even_growth_goes_on_and_its_range_can_be_believed():
    projection = project(EVEN, 2023)
    low, high = projection.interval(0.8)
    assert projection.median == pytest.approx(11600, abs=40)
    assert 11300 < low < 11500
    assert 11700 < high < 11900
    late = project(EVEN, 2025)
    assert late.median == pytest.approx(12000, abs=100)
    assert np.subtract(*late.interval(0.8)[::-1]) > 1.5 * (high - low)


def test_level_totals_stay_and_restless_ones_are_wide():
    level, restless = project([1000, 1010, 990], 2018), project([1000, 1600, 700, 1300], 2019)
    assert level.median == pytest.approx(990, rel=0.02)
    assert level.quantile(0.1) > 870
    assert level.quantile(0.9) < 1110
    assert restless.quantile(0.9) / restless.quantile(0.1) > 2


def test_the_scale_of_the_figures_does_not_matter_where_they_are_no_people():
    small, large = project(EVEN / 1e5 + 1e-7, 2023), project((EVEN / 1e5 + 1e-7) * 1000, 2023)
    assert large.quantile(0.1) == pytest.approx(1000 * small.quantile(0.1), rel=1e-6)


def test_a_missing_year_is_not_observed():
    years = np.array([2015, 2016, 2018, 2019])
    expected = change_expectation(years, np.array([1000, 1040, 1120, 1160.0]), 2021)
    assert np.exp(expected.weight @ expected.centre) == pytest.approx(1240, rel=0.02)


def test_a_plan_without_history_is_taken_at_face_value():
    expected = expectations(2023, np.empty(0), np.empty(0), 13500.0, np.empty(0))
    total = beta_share(expected)
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
    for known, alone in ((0, False), (1, False), (2, True), (4, True)):
        plans = np.where(np.arange(4) < known, PLANS, np.nan)
        expected = expectations(2023, YEARS, TOTALS, 13500.0, plans)
        assert (len(expected.weight) == 1) == alone
        assert expected.weight.sum() == pytest.approx(1)
        assert expected.weight[0] == pytest.approx(1 if alone else 0.75)


def test_nothing_known_expects_nothing():
    assert expectations(2023, np.empty(0), np.empty(0), None, np.empty(0)) is None


def test_own_years_pull_the_spread_away_from_the_prior():
    steady = plan_expectation(13500, np.full(8, 12000.0), np.full(8, 12000.0))
    assert steady.scale < plan_expectation(13500, np.array([12000.0]), np.array([12000.0])).scale


def test_t_density_is_scipys():
    grid = np.linspace(8, 11, 7)
    mixed = Expectation.one(9.4, 0.3, 5.0).with_(Expectation.one(9.0, 0.1, 7.0), 0.25).log_density(grid)
    oracle = 0.75 * t.pdf(grid, 5, 9.4, 0.3) + 0.25 * t.pdf(grid, 7, 9.0, 0.1)
    assert mixed == pytest.approx(np.log(oracle))
