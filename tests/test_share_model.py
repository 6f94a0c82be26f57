"""The share model: hand-made golden values, then what must always hold."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetanalysis.forecast.expected_total import expectations, plan_expectation
from vetanalysis.forecast.usual_share import (
    SHARE_SD,
    UsualShare,
    beforehand,
    beta_share,
    chance_of_course,
    least_usual,
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
    assert golden().probability(13500) == pytest.approx(0.447, abs=0.0005)


def test_quantiles_agree_with_the_formula_integrated_by_scipy():
    from scipy.integrate import quad
    from scipy.stats import beta, t

    expected = expectations(2023, YEARS, TOTALS, 13500.0, PLANS)
    (centre,), (scale,), (nu,) = expected.centre, expected.scale, expected.nu
    share = usual_share(6, HALF_YEAR, TOTALS)
    kappa, mean = share.kappa, share.mean

    def density(log_total):
        part = 4700 / np.exp(log_total)
        prior = t.pdf((log_total - centre) / scale, nu)
        return prior * beta.pdf(part, kappa * mean, kappa * (1 - mean)) * part

    low, high = np.log(4700.01), np.log(13500) + 1.2
    above = quad(density, np.log(13500), high)[0] / quad(density, low, high, limit=200)[0]
    assert golden().probability(13500) == pytest.approx(above, abs=0.002)


def test_own_years_pull_the_spread_away_from_the_prior():
    steady = plan_expectation(13500, np.full(8, 12000.0), np.full(8, 12000.0))
    assert steady.scale < plan_expectation(13500, np.array([12000.0]), np.array([12000.0])).scale
    wild = usual_share(6, np.array([1000, 9000, 2000, 8000.0]), np.full(4, 12000.0))
    assert wild.variance > SHARE_SD[6] ** 2 * 2


def test_kappa_is_at_least_two():
    assert UsualShare(0.5, 10.0).kappa == 2.0


def test_the_course_of_a_year_is_weighed_as_a_dirichlet_would():
    """The same density from the quarters' parts of the last count, and the change of variables between both."""
    from scipy.stats import dirichlet

    counts = np.array([180, 420, 700.0])
    for spread in (0.01, 0.03, 0.09):
        share = UsualShare(0.75, spread**2)
        parts = np.diff(counts, prepend=0) / counts[-1]
        by_parts = dirichlet.pdf(parts, np.full(3, share.kappa / 4)) * counts[1] / counts[2]
        assert chance_of_course(counts, (3, 6, 9), share) == pytest.approx(by_parts, rel=1e-9)
    assert chance_of_course([700], [9], share) == 1
    assert 0 < chance_of_course([0, 0, 5], (3, 6, 9), UsualShare(0.75, 1.0)) < np.inf


def test_of_totals_alone_an_even_year_is_read_more_narrowly_than_an_uneven_one():
    past = pd.DataFrame({4: [940.0, 1080.0, 1000.0]}, index=[2020, 2021, 2022])
    even, uneven = (
        project_year_total(past, pd.Series({1: first, 2: 480, 3: 720}), rng=1) for first in (240, 60)
    )
    wide = [float(one.quantile(0.9) - one.quantile(0.1)) for one in (even, uneven)]
    assert wide[0] < 0.8 * wide[1]
    assert even.median == pytest.approx(720 / 0.75, rel=0.02)  # what an even course comes to
    chances = [
        project_year_total(past, pd.Series({1: 240, 2: 480, 3: count}), rng=1).probability(1000)
        for count in (480, 600, 700, 701, 720, 750, 900)
    ]
    assert (np.diff(chances) >= 0).all()


def test_an_even_course_of_a_year_that_grows_has_less_behind_it():
    rate, places = 0.2, (np.arange(12000) + 0.5) / 12000
    amounts = np.exp(rate * places)
    for month in (3, 6, 9):
        share = usual_share(month, np.array([]), np.array([]), growth=rate)
        assert share.mean == pytest.approx(amounts[places < month / 12].sum() / amounts.sum(), rel=1e-6)
        assert usual_share(month, np.array([]), np.array([])).mean == month / 12


@settings(max_examples=60, deadline=None)
@given(
    counted=st.floats(0, 60000),
    plan=st.floats(50, 50000),
    mean=st.floats(0.01, 0.99),
    spread=st.floats(0.005, 0.3),
)
def test_never_below_the_count_and_monotone(counted, plan, mean, spread):
    expected = plan_expectation(plan, np.array([plan]), np.array([plan]))
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
    before = beforehand(expectations(2023, YEARS, TOTALS, 13500.0, PLANS))
    assert least_usual(before, 4700, share) == 4700
    lowest = least_usual(before, 0, share)
    assert 2500 < lowest < 4000  # five in a hundred years have fewer by the middle of the year
    assert least_usual(before, 250, share) == pytest.approx(lowest)
    assert least_usual(before, lowest + 1, share) == lowest + 1


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
