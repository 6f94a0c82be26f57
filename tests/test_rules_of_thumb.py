"""Chain ladder, Bornhuetter-Ferguson and their like: worked values and what Mack's formula must give."""

import numpy as np
import pytest

from vetanalysis.errors import NotAssessable, WrongCall
from vetanalysis.forecast.nowcast import (
    bornhuetter_ferguson,
    chain_ladder,
    elapsed_time,
    last_year_share,
    usual_attainment,
)

TOTALS = np.array([11800, 12350, 12900, 12400.0])
COUNTED = np.array([3900, 4550, 4300, 4200.0])
PLANS = np.array([12000, 12500, 13000, 13000.0])


def test_golden_values():
    assert chain_ladder(4700, COUNTED, TOTALS).total == pytest.approx(13712, abs=1)
    expected = 13500 * usual_attainment(TOTALS, PLANS)
    assert bornhuetter_ferguson(4700, expected, COUNTED, TOTALS) == pytest.approx(13390, abs=1)
    assert elapsed_time(4700, 6) == 9400
    assert last_year_share(4700, COUNTED, TOTALS) == pytest.approx(4700 / (4200 / 12400))


def test_macks_error_is_a_weighted_regression_through_zero():
    import statsmodels.api as sm

    fitted = sm.WLS(TOTALS, COUNTED, weights=1 / COUNTED).fit()
    ladder = chain_ladder(4700, COUNTED, TOTALS)
    variance = fitted.scale * 4700 + 4700**2 * fitted.cov_params()[0, 0]
    assert ladder.total == pytest.approx(4700 * fitted.params[0])
    assert ladder.error == pytest.approx(np.sqrt(variance))
    assert ladder.degrees == 3


def test_range_uses_a_t_with_few_years():
    ladder = chain_ladder(4700, COUNTED, TOTALS)
    low, high = ladder.interval(0.8)
    assert ladder.interval() == (low, high), "unless asked otherwise"
    assert high - low == pytest.approx(2 * 1.6377 * ladder.error, rel=1e-4)  # t with 3 degrees, 90 %
    assert chain_ladder(4700, COUNTED[:1], TOTALS[:1]).interval() is None


def test_rules_agree_when_the_year_runs_as_usual():
    usual = 0.35 * 12000
    counted, totals = np.full(3, usual), np.full(3, 12000.0)
    assert chain_ladder(usual, counted, totals).total == pytest.approx(12000)
    assert bornhuetter_ferguson(usual, 12000, counted, totals) == pytest.approx(12000)
    assert last_year_share(usual, counted, totals) == pytest.approx(12000)


def test_missing_years_are_left_out():
    counted, totals = COUNTED.copy(), TOTALS.copy()
    counted[1], totals[3] = np.nan, np.nan
    expected = chain_ladder(4700, COUNTED[[0, 2]], TOTALS[[0, 2]])
    assert chain_ladder(4700, counted, totals) == expected
    assert last_year_share(4700, counted, totals) == pytest.approx(4700 * 12900 / 4300)
    assert usual_attainment(TOTALS, np.full(4, np.nan)) == 1.0


def test_refusals():
    with pytest.raises(NotAssessable, match="No earlier year"):
        chain_ladder(100, np.array([np.nan, 0]), np.array([100, 200]))
    with pytest.raises(WrongCall, match="same years"):
        chain_ladder(100, COUNTED, TOTALS[:2])
    with pytest.raises(WrongCall, match="1 to 12"):
        elapsed_time(100, 0)


def test_only_years_with_both_figures_tell_anything():
    nan = np.nan
    assert usual_attainment([110, nan, 90, 50], [100, 100, nan, 0]) == pytest.approx(1.1)
    assert usual_attainment([110, 90], [100, 100]) == pytest.approx(1.0)
    assert usual_attainment([nan, 50], [100, 0]) == 1.0
    assert last_year_share(50, np.array([10, 20, nan, 0]), np.array([100, 80, 90, 70])) == pytest.approx(200)
    assert last_year_share(50, np.array([10, 20]), np.array([100, nan])) == pytest.approx(500)
    with pytest.raises(NotAssessable):
        last_year_share(50, np.array([nan, 0]), np.array([100, 90]))
