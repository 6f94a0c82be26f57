from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetanalysis.errors import DataRefused, NotAssessable, WrongCall
from vetanalysis.forecast.projection import NotAssessed
from vetanalysis.forecast.rate import project_rate, project_rates

GOLDEN = pd.Series([0.521, 0.534, 0.55, 0.562, 0.579, 0.591, 0.602], index=range(2016, 2023))


def walks(columns=40, years=9, seed=0):
    steps = np.random.default_rng(seed).normal(0.02, 0.08, (years, columns)).cumsum(axis=0)
    return pd.DataFrame(1 / (1 + np.exp(-steps)), index=range(2010, 2010 + years))


def test_alone_and_in_a_batch_are_equal_to_the_last_digit():
    frame = walks(columns=300)
    frame.iloc[3, 0] = np.nan
    batch = project_rates(frame, [2019, 2023], direction=">=")
    for column in (0, 7, 299):
        alone = project_rate(frame[column], [2019, 2023], direction=">=")
        np.testing.assert_array_equal(
            alone.quantile([0.1, 0.5, 0.9]), batch[column].quantile([0.1, 0.5, 0.9])
        )
        np.testing.assert_array_equal(alone.probability(0.6), batch[column].probability(0.6))


def test_alone_and_in_a_batch_with_gaps_and_ragged_ends():
    frame = walks(columns=90, years=12, seed=4)
    frame = frame.mask(np.random.default_rng(5).uniform(size=frame.shape) < 0.3)
    sides = {column: (">=", "<=", None)[column % 3] for column in frame}
    levels = np.arange(1, 20) / 20
    for until in ([2022, 2024, 2030], 2023):
        batch = project_rates(frame, until, direction=sides)
        for some in (levels, 0.5):
            together = {column: projection.quantile(some) for column, projection in batch.items()}
            for column in (0, 1, 2, 45, 89):
                alone = project_rate(frame[column], until, direction=sides[column])
                np.testing.assert_array_equal(alone.quantile(some), together[column])
                np.testing.assert_array_equal(
                    alone.alternatives[2.0].quantile(some), batch[column].alternatives[2.0].quantile(some)
                )
                np.testing.assert_array_equal(alone.sample(5, 1), batch[column].sample(5, 1))


def test_an_answer_is_the_askers_own():
    batch = project_rates(walks(columns=3), [2020, 2021])
    first = batch[0].quantile([0.1, 0.9])
    wanted = first.copy()
    first.iloc[:, :] = 9.0
    pd.testing.assert_frame_equal(batch[0].quantile([0.1, 0.9]), wanted)


def test_a_copy_with_other_members_is_solved_anew():
    one = project_rates(walks(columns=3), 2020)[0]
    moved = replace(one, location=one.location + 0.5)
    assert moved.median > one.median + 0.05
    assert moved.probability(moved.median) == pytest.approx(0.5, abs=1e-9)


def test_columns_of_numbers_and_of_other_things():
    frame = pd.DataFrame(
        {"kept": [0.4, 0.42, 0.43], "text": [0.4, "x", 0.43], "none": [0.4, None, 0.41]},
        index=[2019, 2020, 2021],
    ).astype(object)
    result = project_rates(frame, 2023)
    assert "is not a number" in result["text"].reason.en
    assert result["kept"].median == project_rate(frame["kept"].astype(float), 2023).median
    assert result["none"].n_points == 2


def test_one_broken_series_harms_no_other():
    frame = walks(columns=4)
    frame[1] = np.nan
    frame[2] = [0.5] * 8 + [62.0]
    result = project_rates(frame, 2020)
    assert isinstance(result[1], NotAssessed)
    assert isinstance(result[2], NotAssessed)
    assert "0.62" in result[2].reason.en
    assert "0.62" in result[2].reason.vi
    assert result[3].median == project_rate(frame[3], 2020).median


def test_order_of_years_and_missing_years_do_not_matter():
    shuffled = GOLDEN.iloc[[3, 0, 6, 2, 5, 1, 4]]
    assert project_rate(shuffled, 2024).median == project_rate(GOLDEN, 2024).median
    with_hole = GOLDEN.copy()
    with_hole[2018] = np.nan
    assert project_rate(with_hole, 2024).median == project_rate(GOLDEN.drop(2018), 2024).median


def test_two_points_and_a_gap_longer_than_the_series():
    few = project_rate(pd.Series({2010: 0.34, 2021: 0.575}), 2023, direction=">=")
    assert few.mostly_prior
    assert few.n_points == 2
    lower, upper = few.interval(0.8)
    assert 0 < lower < few.median < upper < 1
    far = project_rate(pd.Series({2020: 0.5, 2021: 0.51}), 2060)
    assert far.interval(0.8)[1] - far.interval(0.8)[0] > 0.2
    assert not project_rate(walks(1, 20)[0], 2031).mostly_prior


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.one_of(st.floats(0, 1), st.sampled_from([0.0, 1.0])), min_size=2, max_size=14),
    st.integers(1, 12),
)
def test_nothing_leaves_zero_to_one(values, ahead):
    rates = pd.Series(values, index=range(2000, 2000 + len(values)))
    projection = project_rate(rates, 1999 + len(values) + ahead)
    quantiles = projection.quantile([0, 0.001, 0.1, 0.5, 0.9, 0.999, 1]).to_numpy()
    assert ((quantiles >= 0) & (quantiles <= 1)).all()
    assert (np.diff(quantiles) >= 0).all()
    assert 0 <= projection.probability(0.5) <= 1


@pytest.mark.parametrize("value", [0.0, 0.37, 1.0])
def test_constant_series_stay_near_their_value(value):
    projection = project_rate(pd.Series(value, index=range(2015, 2021)), 2021)
    assert projection.median == pytest.approx(value, abs=0.002)
    lower, upper = projection.interval(0.8)
    assert upper - lower < 0.05


def test_a_full_rate_can_stay_full():
    full = project_rate(pd.Series(1.0, index=range(2015, 2021)), 2021, direction=">=")
    assert full.probability(1.0) > 0.4
    assert full.probability(1.0, "<=") == 1.0


def test_turning_the_question_round_changes_nothing():
    up = project_rate(GOLDEN, 2023, direction=">=")
    down = project_rate(1 - GOLDEN, 2023, direction="<=")
    assert up.probability(0.62, ">=") == pytest.approx(down.probability(0.38, "<="), abs=1e-12)
    assert up.median == pytest.approx(1 - down.median, abs=1e-12)


def test_known_better_side_leans_to_it():
    flat = pd.Series([0.4, 0.41, 0.4], index=[2019, 2020, 2021])
    up, unknown, down = (project_rate(flat, 2024, direction=side).median for side in (">=", None, "<="))
    assert down < unknown < up


def test_prior_halved_and_doubled():
    projection = project_rate(pd.Series({2020: 0.5, 2021: 0.52}), 2023)
    assert set(projection.alternatives) == {0.5, 2.0}
    width = {
        f: np.subtract(*p.interval(0.8)[::-1])
        for f, p in {**projection.alternatives, 1.0: projection}.items()
    }
    assert width[0.5] < width[1.0] < width[2.0]
    moved = projection.sensitivity(0.55)
    assert list(moved) == [0.5, 1.0, 2.0]
    assert moved[1.0] == projection.probability(0.55)


@pytest.mark.parametrize("error", [None, 0.01])
@pytest.mark.parametrize("start", [0.003, 0.4])
def test_who_has_and_who_has_not_are_mirror_images_where_no_side_is_better(start, error):
    """Also where the figures lie nearer to 0 or 100 than the error of a survey."""
    series = pd.Series(start + np.array([0.0, 0.001, 0.003, 0.001, 0.002]), index=range(2016, 2021))
    levels = [0.05, 0.25, 0.5, 0.75, 0.95]
    with_it, without = (project_rate(one, 2023, survey_se=error) for one in (series, 1 - series))
    np.testing.assert_allclose(with_it.quantile(levels), 1 - without.quantile(levels)[::-1], atol=1e-9)
    if error is not None:
        with_it, without = with_it.true_level, without.true_level
        np.testing.assert_allclose(with_it.quantile(levels), 1 - without.quantile(levels)[::-1], atol=1e-9)


def test_known_survey_error_widens_what_is_published():
    plain = project_rate(GOLDEN, 2023)
    assert plain.true_level is None
    nearly = project_rate(GOLDEN, 2023, survey_se=1e-6)
    np.testing.assert_allclose(nearly.quantile([0.1, 0.5, 0.9]), plain.quantile([0.1, 0.5, 0.9]), atol=5e-4)
    surveyed = project_rate(GOLDEN, 2023, survey_se=0.008)
    published, true = surveyed.interval(0.8), surveyed.true_level.interval(0.8)
    assert published.upper - published.lower > true.upper - true.lower
    by_year = project_rate(GOLDEN, 2023, survey_se=pd.Series(0.008, index=GOLDEN.index))
    assert by_year.median == surveyed.median


def test_joint_draws_follow_the_closed_form():
    projection = project_rate(GOLDEN, [2023, 2026])
    draws = projection.sample(100_000, 1)
    for column, year in enumerate((2023, 2026)):
        wanted = projection.quantile([0.1, 0.5, 0.9]).loc[year]
        np.testing.assert_allclose(np.quantile(draws[:, column], [0.1, 0.5, 0.9]), wanted, atol=2e-3)
    assert 0.3 < np.corrcoef(draws.T)[0, 1] < 0.95


@pytest.mark.parametrize(
    ("series", "error", "says"),
    [
        (pd.Series({2021: 0.5}), NotAssessable, "one figure only"),
        (pd.Series({2020: np.nan, 2021: np.nan}), NotAssessable, "no figure"),
        (pd.Series({2020: 61.0, 2021: 62.0}), DataRefused, "give it as 0.61"),
        (pd.Series({2020: 0.5, 2021: -0.1}), DataRefused, "-0.1"),
        (pd.Series({2020: 0.5, 2021: np.inf}), DataRefused, "inf"),
        (pd.Series([0.5, 0.6, 0.7], index=[2020, 2021, 2021]), DataRefused, "more than one figure for 2021"),
        (pd.Series([0.5, 0.6], index=["a", "b"]), DataRefused, "is neither a year"),
        (pd.Series(["x", 0.6], index=[2020, 2021]), DataRefused, "is not a number"),
        (pd.Series({2020: 0.5, 2030: 0.6}), NotAssessable, "not after"),
    ],
)
def test_bad_series_are_named(series, error, says):
    with pytest.raises(error, match=says):
        project_rate(series, 2025)


@pytest.mark.parametrize(
    "options",
    [
        {"direction": "up"},
        {"prior": "guess"},
        {"survey_se": -0.1},
        {"until": []},
        {"until": [2023, 2023]},
        {"until": "x"},
    ],
)
def test_wrong_calls_are_named(options):
    with pytest.raises(WrongCall):
        project_rate(GOLDEN, **{"until": 2023, **options})


def test_the_future_is_never_read():
    frame = walks()
    poisoned = frame.copy()
    poisoned.loc[2030] = 0.999
    until = [2020, 2022]
    clean = project_rate(frame[0], until)
    cut = project_rate(poisoned[0].loc[:2018], until)
    np.testing.assert_array_equal(clean.quantile([0.1, 0.9]), cut.quantile([0.1, 0.9]))
