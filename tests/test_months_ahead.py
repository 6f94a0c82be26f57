"""A year counted by month: its total from what is counted, beside the same year counted by quarter."""

import numpy as np
import pandas as pd
import pytest

from vetanalysis.errors import NotAssessable, WrongCall
from vetanalysis.forecast.seasonal import covariance, load_priors
from vetanalysis.forecast.usual_share import spread_at, usual_share
from vetanalysis.forecast.year_input import read_input
from vetanalysis.forecast.year_total import project_year_total, project_year_totals

WEIGHTS = np.array([3, 4, 6, 7, 8, 7, 5, 6, 20, 18, 10, 6]) / 100
TOTALS = {2021: 12000, 2022: 12600, 2023: 11900, 2024: 12400, 2025: 13000}
PAST = pd.DataFrame(
    {year: np.round(total * np.cumsum(WEIGHTS)) for year, total in TOTALS.items()}, index=range(1, 13)
).T
ENDS = [3, 6, 9, 12]


def by_quarter(table):
    return table[ENDS].set_axis([1, 2, 3, 4], axis=1)


def so_far(months, total=12800):
    return pd.Series(np.round(total * np.cumsum(WEIGHTS))[:months], index=range(1, months + 1))


@pytest.mark.parametrize("quarter", [1, 2, 3])
@pytest.mark.parametrize("years", [1, 5])
def test_at_the_end_of_a_quarter_months_say_what_quarters_say(quarter, years):
    past, now = PAST.iloc[-years:], so_far(3 * quarter)
    months = project_year_total(past, now, planned=12700, rng=1, steps=12)
    quarters = by_quarter(pd.DataFrame([now]).reindex(columns=range(1, 13))).iloc[0].dropna()
    same = project_year_total(by_quarter(past), quarters, planned=12700, rng=1)
    assert months.median == pytest.approx(same.median, rel=0.004)
    assert months.interval(0.8) == pytest.approx(same.interval(0.8), rel=0.02)


def test_every_month_narrows_what_may_come():
    ranges = [project_year_total(PAST, so_far(k), rng=1, steps=12).interval(0.8) for k in (1, 4, 8, 11)]
    widths = [high - low for low, high in ranges]
    assert widths == sorted(widths, reverse=True)
    assert all(low < 12800 < high for low, high in ranges)
    ended = project_year_total(PAST, so_far(12), rng=1, steps=12)
    assert ended.interval(0.95) == (12800, 12800)


def test_the_range_holds_the_year_about_as_often_as_it_says():
    rng, inside = np.random.default_rng(5), 0
    for seed in range(60):
        level = 5000 * np.exp(np.cumsum(rng.normal(0, 0.08, 6)))
        amounts = level[:, None] * WEIGHTS * np.exp(rng.normal(0, 0.12, (6, 12)))
        counts = pd.DataFrame(
            np.round(np.cumsum(amounts, axis=1)), index=range(2020, 2026), columns=range(1, 13)
        )
        low, high = project_year_total(
            counts.iloc[:5], counts.iloc[5, : 1 + seed % 11].rename(None), rng=seed, steps=12
        ).interval(0.8)
        inside += low <= counts.iloc[5, 11] <= high
    assert 40 <= inside <= 58  # 48 expected


@pytest.mark.parametrize("lengths", [(3, 3, 2, 1, 3), (1, 2, 3, 3, 3), (1,) * 12])
def test_the_parts_of_a_quarter_together_follow_the_law_of_the_quarters(lengths):
    members, pieces = load_priors().members, len(lengths)
    ends = np.cumsum(lengths)
    quarter_of = np.zeros((8, 2 * pieces))
    for year in range(2):
        for piece, (end, months) in enumerate(zip(ends, lengths, strict=True)):
            quarter_of[4 * year + (end - 1) // 3, pieces * year + piece] = months / 3
    together = quarter_of @ covariance(np.arange(2 * pieces), members, lengths) @ quarter_of.T
    assert together == pytest.approx(covariance(np.arange(8), members), rel=1e-12)


def test_a_share_within_a_quarter_lies_between_its_ends_and_is_wider():
    known_by_quarter = PAST.copy()
    known_by_quarter[[month for month in range(1, 13) if month not in ENDS]] = np.nan
    read = read_input(known_by_quarter, so_far(8), steps=12)
    counted, variance = read.by_step(8)
    at_six, at_nine = PAST[6].to_numpy(), PAST[9].to_numpy()
    assert counted == pytest.approx(at_six + (at_nine - at_six) * 2 / 3)
    step = (at_nine - at_six) / PAST[12].to_numpy()
    assert variance == pytest.approx(step**2 * (2 / 3) * (1 / 3) / 3)
    exact, no_variance = read_input(PAST, so_far(8), steps=12).by_step(8)
    assert exact == pytest.approx(PAST[8].to_numpy())
    assert not no_variance.any()
    wide = project_year_total(known_by_quarter, so_far(8), rng=1, steps=12)
    narrow = project_year_total(PAST, so_far(8), rng=1, steps=12)
    assert np.diff(wide.interval(0.8)) > 1.3 * np.diff(narrow.interval(0.8))


def test_a_year_of_which_only_the_total_is_known_has_no_share():
    only_totals = PAST.copy()
    only_totals.loc[:, :11] = np.nan
    counted, _ = read_input(only_totals, so_far(8), steps=12).by_step(8)
    assert np.isnan(counted).all()
    projection = project_year_total(only_totals, so_far(8), rng=1, steps=12)
    assert projection.interval(0.8)[0] >= so_far(8).iloc[-1]


def test_what_is_usual_by_a_month_by_hand():
    shares = np.array([0.44, 0.46])
    share = usual_share(8, 1000 * shares, np.array([1000.0, 1000.0]))
    # at 8 of 12 months, two thirds of the way from 6 to 9: .12 and .12702 of sqrt(s (1 - s))
    spread = (0.12 + (0.055 / np.sqrt(3 / 16) - 0.12) * 2 / 3) * np.sqrt(2 / 3 * 1 / 3)
    assert spread_at(8, {3: 0.035, 6: 0.06, 9: 0.055}) == pytest.approx(spread)
    assert share.mean == pytest.approx(0.45)
    assert share.variance == pytest.approx((4 * spread**2 + 0.0002) / 5 * 1.5)
    assert usual_share(8, np.array([]), np.array([])).mean == pytest.approx(2 / 3)


def test_a_month_without_anybody_leaves_the_year_readable():
    past = PAST.copy()
    past[2] = past[1]  # nobody in February
    now = so_far(8).copy()
    now[2] = now[1]
    projection = project_year_total(past, now, rng=1, steps=12)
    assert projection.interval(0.8)[0] < 12800 < projection.interval(0.8)[1]


def test_many_units_are_the_same_as_each_alone():
    past = pd.concat({"a": PAST, "b": PAST / 2})
    now = pd.DataFrame([so_far(8), so_far(7) / 2], index=["a", "b"])
    found = project_year_totals(past, now, rng=3, steps=12)
    alone = project_year_total(PAST, so_far(8), rng=3, steps=12)
    assert (found["a"].draws == alone.draws).all()
    assert found["b"].lower_bound == so_far(7).iloc[-1] / 2


def test_steps_and_months_that_do_not_exist():
    with pytest.raises(WrongCall, match=r"4 \(quarters\) or 12"):
        project_year_total(PAST, so_far(8), steps=6)
    with pytest.raises(NotAssessable, match="twelve months"):
        project_year_total(PAST, pd.Series({13: 5.0}), steps=12)
    with pytest.raises(NotAssessable, match="end of month 3"):
        project_year_total(PAST, pd.Series({2: 500.0, 3: 400.0}), steps=12)
