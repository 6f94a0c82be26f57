"""The simple methods for one rate: values worked out apart."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.single_rate_peers import exponential_smoothing, local_linear_trend, random_walk_drift

GOLDEN = pd.Series([0.521, 0.534, 0.55, 0.562, 0.579, 0.591, 0.602], index=range(2016, 2023))


# Worked by hand from the formula of the docstring, seven yearly rates from 52.1 to 60.2 %.
@pytest.mark.parametrize(
    ("options", "expected"),
    [({"prior_freedom": 0}, 0.0510), ({}, 0.3095), ({"prior_freedom": 2}, 0.2741)],
)
def test_random_walk_with_drift_golden(options, expected):
    assert random_walk_drift(GOLDEN, 2023, **options).probability(0.62) == pytest.approx(expected, abs=5e-5)


def test_random_walk_with_drift_more_golden():
    np.testing.assert_allclose(
        random_walk_drift(GOLDEN, 2023).quantile([0.1, 0.5, 0.9]), [0.6018, 0.6151, 0.6282], atol=5e-5
    )
    assert random_walk_drift(GOLDEN, 2024).probability(0.64) == pytest.approx(0.2096, abs=5e-5)
    assert random_walk_drift(GOLDEN.drop(2021), 2023).probability(0.62) == pytest.approx(0.3201, abs=5e-5)


def test_other_peers_golden():
    assert local_linear_trend(GOLDEN, 2023).probability(0.62) == pytest.approx(0.1595, abs=5e-5)
    assert local_linear_trend(GOLDEN, 2023, published=False).probability(0.62) == pytest.approx(
        0.1338, abs=5e-5
    )
    assert exponential_smoothing(GOLDEN, 2023).probability(0.62) == pytest.approx(0.328, abs=2e-3)
    assert exponential_smoothing(GOLDEN, 2023, plug_in=True).probability(0.62) < 5e-4
