import numpy as np
import pandas as pd
import pytest

from vetanalysis.errors import DataRefused, NotAssessable, WrongCall
from vetanalysis.forecast.nested import project_nested
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


def test_same_seed_same_draws():
    first, second = (project_nested(WHOLE, PART, 2023, rng=7).part.draws for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_correlation_is_shrunk():
    rng = np.random.default_rng(2)
    shock = rng.normal(0, 0.1, 8).cumsum()
    whole = pd.Series(1 / (1 + np.exp(-shock)), index=range(2010, 2018))
    nested = project_nested(whole, whole * whole, 2018)  # the share is the whole itself: correlation 1
    assert nested.correlation == pytest.approx(7 / 15, abs=0.02)


def test_a_part_above_the_whole_is_refused_with_every_year():
    part = WHOLE.copy()
    part[2017] += 0.1
    part[2020] += 0.1
    with pytest.raises(DataRefused) as refused:
        project_nested(WHOLE, part, 2023)
    assert [finding.place for finding in refused.value.findings] == ["2017", "2020"]


def test_without_two_common_years_it_is_not_assessable():
    with pytest.raises(NotAssessable):
        project_nested(WHOLE, PART.loc[[2016]], 2023)


def test_a_percentage_as_target_is_a_wrong_call():
    with pytest.raises(WrongCall):
        project_nested(WHOLE, PART, 2023).joint_probability(whole=62, part=25)
