import numpy as np
import pandas as pd
import pytest

from vetanalysis.errors import DataRefused, NotAssessable, WrongCall
from vetanalysis.forecast.mixture import MARGIN
from vetanalysis.forecast.nested import NestedProjection, project_nested
from vetanalysis.forecast.projection import DrawsProjection
from vetanalysis.forecast.rate import project_rate

WHOLE = pd.Series([0.521, 0.534, 0.55, 0.562, 0.579, 0.591, 0.602], index=range(2016, 2023))
PART = pd.Series([0.19, 0.2, 0.207, 0.213, 0.221, 0.226, 0.231], index=range(2016, 2023))


def test_the_part_stays_within_the_whole_in_every_path():
    nearly_all = WHOLE * 0.985
    nested = project_nested(WHOLE, nearly_all, [2023, 2030], direction=">=", rng=1)
    assert (nested.part.draws <= nested.whole.draws).all()
    assert nested.part.draws.min() >= 0


def test_margins_agree_with_the_rates_alone():
    nested = project_nested(WHOLE, PART, 2023, direction=">=", rng=1)
    whole, part = project_rate(WHOLE, 2023, direction=">="), project_rate(PART, 2023, direction=">=")
    np.testing.assert_allclose(
        nested.whole.quantile([0.1, 0.5, 0.9]), whole.quantile([0.1, 0.5, 0.9]), atol=1e-3
    )
    np.testing.assert_allclose(
        nested.part.quantile([0.1, 0.5, 0.9]), part.quantile([0.1, 0.5, 0.9]), atol=8e-3
    )


def test_joint_probability_lies_within_its_bounds():
    nested = project_nested(WHOLE, PART, [2023, 2024], direction=">=", rng=1)
    joint = nested.joint_probability(whole=0.61, part=0.236)
    one, other = nested.whole.probability(0.61), nested.part.probability(0.236)
    assert list(joint.index) == [2023, 2024]
    assert (joint <= np.minimum(one, other) + 1e-3).all()
    assert (joint >= one + other - 1 - 1e-3).all()
    assert nested.joint_probability(whole=0.0, part=0.0).eq(1).all()
    assert (
        nested.joint_probability(whole=0.2, part=0.3).eq(nested.joint_probability(whole=0.3, part=0.3)).all()
    )


def by_hand(whole, part, years):
    one, other = (
        DrawsProjection(np.array(draws), years, lower_bound=0.0, upper_bound=1.0, n_points=n)
        for draws, n in ((whole, 7), (part, 5))
    )
    return NestedProjection(one, other, correlation=0.3)


def test_paths_that_reach_both_targets_are_counted_and_equality_counts():
    both = by_hand([0.5, 0.6, 0.7, 0.7], [0.2, 0.3, 0.1, 0.3], 2023)
    assert both.joint_probability(whole=0.6, part=0.3) == 0.5
    assert both.joint_probability(whole=0.6, part=0.3, direction="<=") == 0.5
    assert both.joint_probability(whole=0.7, part=0.1, part_direction="<=") == 0.25
    assert both.joint_probability(whole=0.7, part=0.1, direction="<=", part_direction=">=") == 1.0
    assert both.joint_probability(whole=0.0, part=1.0, direction=">=", part_direction="<=") == 1.0


def test_the_last_year_alone_keeps_its_paths():
    last = by_hand([[0.5, 0.6], [0.6, 0.8]], [[0.2, 0.3], [0.3, 0.4]], [2023, 2024]).at_end()
    assert (last.whole.draws.tolist(), last.part.draws.tolist()) == ([[0.6], [0.8]], [[0.3], [0.4]])
    assert (last.whole.periods, last.whole.n_points, last.part.n_points, last.correlation) == (
        (2024,),
        7,
        5,
        0.3,
    )
    assert last.joint_probability(whole=0.7, part=0.3) == 0.5


def test_same_seed_same_draws():
    first, second = (project_nested(WHOLE, PART, 2023, rng=7).part.draws for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_correlation_is_shrunk():
    rng = np.random.default_rng(2)
    shock = rng.normal(0, 0.1, 8).cumsum()
    whole = pd.Series(1 / (1 + np.exp(-shock)), index=range(2010, 2018))
    nested = project_nested(whole, whole * whole, 2018)  # the share is the whole itself: correlation 1
    assert nested.correlation == pytest.approx(7 / 15, abs=0.02)


def test_a_correlation_needs_three_changes_of_both():
    assert project_nested(WHOLE.iloc[:3], PART.iloc[:3], 2023).correlation == 0.0
    whole = pd.Series([0.52, 0.53, 0.55, 0.56], index=[2010, 2011, 2015, 2016])
    share = pd.Series([0.30, 0.33, 0.31, 0.34], index=whole.index)
    changes = [
        np.diff(np.log((rate + MARGIN) / (1 + MARGIN - rate))) / np.sqrt([1, 4, 1]) for rate in (whole, share)
    ]
    by_hand = 3 / (3 + 8) * np.corrcoef(*changes)[0, 1]
    assert project_nested(whole, whole * share, 2018).correlation == pytest.approx(by_hand, rel=1e-9)
    level = pd.Series(0.5, index=WHOLE.index)
    assert project_nested(level, PART, 2023).correlation == 0.0, "what never moved moves with nothing"


def test_a_part_above_the_whole_is_refused_with_every_year():
    part = WHOLE.copy()
    part[2017] += 0.1
    part[2020] += 0.1
    with pytest.raises(DataRefused) as refused:
        project_nested(WHOLE, part, 2023)
    assert [finding.place for finding in refused.value.findings] == ["2017", "2020"]
    part[2017] = 0.634000004  # what no source prints is not shown
    with pytest.raises(DataRefused, match=r"the part 63\.4% exceeds the whole 53\.4% of 2017"):
        project_nested(WHOLE, part, 2023)


def test_without_two_common_years_it_is_not_assessable():
    with pytest.raises(NotAssessable):
        project_nested(WHOLE, PART.loc[[2016]], 2023)


def test_a_percentage_as_target_is_a_wrong_call():
    with pytest.raises(WrongCall):
        project_nested(WHOLE, PART, 2023).joint_probability(whole=62, part=25)
