"""Rates at their edges: errors of nought, figures at 0 and 1, what rounding leaves behind, wrong calls."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

from vetanalysis.errors import DataRefused, WrongCall
from vetanalysis.forecast.nested import project_nested
from vetanalysis.forecast.priors import load_prior
from vetanalysis.forecast.rate import project_rate, project_rates

RATES = pd.Series([0.521, 0.534, 0.55, 0.562, 0.579, 0.591, 0.602], index=range(2016, 2023))


def ends(series=RATES, until=2023, **options):
    return np.array(project_rate(series, until, direction=">=", **options).interval(0.8))


def test_the_answer_is_continuous_as_a_known_error_goes_to_nought():
    exact = ends(survey_se=0.0)
    for error, far in ((1e-9, 1e-8), (1e-4, 2e-5), (1e-3, 2e-3)):
        np.testing.assert_allclose(ends(survey_se=error), exact, atol=far)


def test_a_larger_known_error_gives_a_wider_range():
    widths = [np.diff(ends(survey_se=error))[0] for error in (0.0, 0.001, 0.005, 0.02)]
    assert widths == sorted(widths)
    assert widths[1] > np.diff(ends())[0], "an unknown error is no reason for a wider range than a known one"


def test_exact_figures_have_a_true_level_and_unknown_errors_have_none():
    assert project_rate(RATES, 2023).true_level is None
    assert project_rate(RATES, 2023, survey_se=pd.Series(np.nan, index=RATES.index)).true_level is None
    exact = project_rate(RATES, 2023, survey_se=0)
    assert exact.true_level.interval(0.8) == exact.interval(0.8)


def test_an_unknown_error_among_known_ones_is_taken_for_their_root_mean_square():
    some = pd.Series([0.01, np.nan, 0.02, np.nan, 0.01, np.nan, 0.02], index=RATES.index)
    usual = np.sqrt((0.01**2 + 0.02**2) / 2)
    np.testing.assert_allclose(ends(survey_se=some), ends(survey_se=some.fillna(usual)), atol=1e-12)


def test_the_true_level_is_tried_with_the_prior_halved_and_doubled():
    true = project_rate(RATES, 2023, survey_se=0.01).true_level
    moved = true.sensitivity(0.62)
    assert list(moved) == [0.5, 1.0, 2.0]
    assert moved[0.5] < moved[1.0] < moved[2.0]


def test_no_probability_is_negative():
    far = project_rate(pd.Series([0.001, 0.002, 0.001], index=[2019, 2020, 2021]), 2022, survey_se=0.4)
    chances = far.probability(np.array([0.0, 1e-9, 0.5, 1 - 1e-12, 1.0]))
    assert ((chances >= 0) & (chances <= 1)).all()
    below = far.probability(np.array([0.0, 1e-9, 0.5, 1.0]), "<=")
    assert ((below >= 0) & (below <= 1)).all()


@pytest.mark.parametrize("bound", [0.0, 1.0])
@pytest.mark.parametrize("figures", [2, 4, 7])
def test_figures_that_stay_at_a_bound_say_nothing_of_the_size_of_changes(bound, figures):
    """One random walk of size 0.1: two years ahead Student t with the prior's own freedom, however many zeros."""
    prior = replace(
        load_prior(),
        members=np.array([[0, 0, 0, 0, 0.1]]),
        weights=np.ones(1),
        lengths=(),
        jump=0.0,
        calm=1.0,
    )
    series = pd.Series(bound, index=range(2022 - figures, 2022))
    found = project_rate(series, 2023, prior=prior)
    one, m = abs(bound - 0.01), prior.margin
    away = abs(np.log((one + m) / (1 - one + m)) - np.log((bound + m) / (1 - bound + m)))
    wanted = student.sf(away / (0.1 * np.sqrt(2)), prior.freedom)
    assert found.probability(one, "<=" if bound else ">=") == pytest.approx(wanted, rel=1e-6)


def test_seven_zeros_do_not_rule_out_one_percent():
    found = project_rate(pd.Series(0.0, index=range(2015, 2022)), 2023)
    assert 0.01 < found.probability(0.01) < 0.2


def test_zeros_that_were_left_again_tell_how_rates_move():
    jumping = project_rate(pd.Series([0.0, 0.02, 0.0, 0.03, 0.0], index=range(2017, 2022)), 2023)
    resting = project_rate(pd.Series(0.0, index=range(2017, 2022)), 2023)
    assert jumping.probability(0.01) > 2 * resting.probability(0.01)


def test_rounding_noise_is_no_error():
    above = RATES.copy()
    above[2022] = np.nextafter(1, 2)
    exact = above.clip(upper=1.0)
    np.testing.assert_array_equal(ends(above), ends(exact))
    whole, part = (
        pd.Series({2018: 0.3, 2019: 0.3, 2020: 0.31}),
        pd.Series({2018: 0.2, 2019: 0.1 + 0.2, 2020: 0.3}),
    )
    assert part[2019] > whole[2019]
    paths = project_nested(whole, part, 2021)
    assert (paths.part.draws <= paths.whole.draws).all()


@pytest.mark.parametrize(("value", "hint"), [(1.004, False), (57.2, True), (100.0, True), (120.0, False)])
def test_only_what_can_be_a_percentage_is_told_to_be_one(value, hint):
    with pytest.raises(DataRefused, match="outside 0 to 1") as refusal:
        project_rate(pd.Series({2020: 0.5, 2021: value}), 2023)
    assert ("is a percentage" in str(refusal.value)) == hint


@pytest.mark.parametrize("target", [62, -0.1, 1.0001])
def test_a_target_that_is_no_share_is_refused(target):
    with pytest.raises(WrongCall, match="a share from 0 to 1"):
        project_rate(RATES, 2023).probability(target)
    with pytest.raises(WrongCall, match="a share from 0 to 1"):
        project_nested(RATES, 0.4 * RATES, 2023).part.probability(target)


@pytest.mark.parametrize("option", [{"direction": {"B": ">="}}, {"prior": {"B": "survey"}}])
def test_a_mapping_that_names_no_column_is_refused(option):
    with pytest.raises(WrongCall, match="there is no column 'B'"):
        project_rates(RATES.to_frame("A"), 2023, **option)


def test_a_part_and_its_whole_may_name_their_years_differently():
    whole, part = RATES, 0.4 * RATES
    wanted = project_nested(whole, part, 2023, rng=1).part.draws
    for index in (pd.period_range("2016", periods=7, freq="Y"), [str(year) for year in RATES.index]):
        named = pd.Series(part.to_numpy(), index=index)
        np.testing.assert_array_equal(project_nested(whole, named, 2023, rng=1).part.draws, wanted)


@pytest.mark.parametrize(
    ("part", "says"),
    [
        (pd.Series([0.2, 0.2], index=[2021, 2021]), "more than one figure for 2021"),
        (pd.Series([0.2, "x"], index=[2020, 2021]), "is not a number"),
        (pd.Series([0.2, 0.2], index=["a", 2021]), "neither a year nor a month"),
    ],
)
def test_what_cannot_be_a_part_is_refused_by_name(part, says):
    with pytest.raises(DataRefused, match=says):
        project_nested(RATES, part, 2023)
