import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from vetanalysis.errors import WrongCall
from vetanalysis.forecast.mixture import (
    MixtureProjection,
    inverse_logit,
    logit,
    logit_slope,
    student_t_cdf_pdf,
    student_t_quantile,
)
from vetanalysis.forecast.projection import DrawsProjection


def mixture(single=True, margin=0.0, freedom=7.0):
    location = np.array([[0.3, 0.45, 0.5], [0.35, 0.6, 0.7]])
    spread = np.array([[0.05, 0.1, 0.4], [0.08, 0.15, 0.6]])
    rows = slice(0, 1) if single else slice(None)
    return MixtureProjection(
        periods=(2023,) if single else (2023, 2025),
        single=single,
        weights=np.array([0.5, 0.3, 0.2]),
        location=location[rows],
        spread=spread[rows],
        freedom=freedom,
        margin=margin,
    )


def drawn(shape=4000, **options):
    return DrawsProjection(np.random.default_rng(1).normal(100, 10, shape), 2023, **options)


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 6, 7, 12, 13, 30, 59, 61, 4.5, np.inf])
def test_student_equals_scipy(freedom):
    x = np.linspace(-30, 30, 501)
    oracle = stats.norm if np.isinf(freedom) else stats.t(freedom)
    below, density, bend = student_t_cdf_pdf(x, freedom)
    np.testing.assert_allclose(below, oracle.cdf(x), atol=1e-14)
    np.testing.assert_allclose(density, oracle.pdf(x), atol=1e-14)
    numeric = (oracle.pdf(x + 1e-5) - oracle.pdf(x - 1e-5)) / 2e-5
    np.testing.assert_allclose(bend, numeric, atol=1e-8)
    levels = np.array([0.01, 0.5, 0.9])
    np.testing.assert_allclose(student_t_quantile(levels, freedom), oracle.ppf(levels), atol=1e-9)


@pytest.mark.parametrize("direction", [">=", "<="])
@pytest.mark.parametrize(
    "projection", [mixture(), mixture(freedom=np.inf), drawn()], ids=["t", "normal", "draws"]
)
def test_probability_and_target_are_inverse(projection, direction):
    chances = np.array([0.001, 0.05, 0.2, 0.5, 0.8, 0.95, 0.999])
    back = projection.probability(projection.target_for(chances, direction), direction)
    np.testing.assert_allclose(back, chances, atol=1e-10)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.001, 0.999), st.floats(-4, 4), st.floats(0.005, 2), st.integers(1, 40))
def test_round_trip_of_any_mixture(chance, place, spread, freedom):
    projection = MixtureProjection(
        periods=(1,),
        weights=np.array([0.7, 0.3]),
        location=np.array([[place, place + 3 * spread]]),
        spread=np.array([[spread, spread / 5]]),
        freedom=float(freedom),
    )
    for direction in (">=", "<="):
        target = projection.target_for(chance, direction)
        if 1e-9 < target < 1 - 1e-6:
            assert projection.probability(target, direction) == pytest.approx(chance, abs=1e-8)


@pytest.mark.parametrize("freedom", [1.0, 4.0, 5.0, 6.0, np.inf])
@pytest.mark.parametrize("count", [3, 41])
def test_quantiles_are_roots_of_the_distribution_function(freedom, count):
    weights = np.array([0.23, 0.31, 0.46])
    location = np.array([[-3.0, 0.0, 4.0], [0.1, 0.1, 0.1]])
    spread = np.array([[0.01, 0.5, 0.02], [1.0, 0.001, 1.0]])
    projection = MixtureProjection(
        periods=(1, 2), single=False, weights=weights, location=location, spread=spread, freedom=freedom
    )
    oracle = stats.norm if np.isinf(freedom) else stats.t(freedom)
    levels = np.linspace(0.004, 0.996, count)
    found = np.log(projection.quantile(levels) / (1 - projection.quantile(levels))).to_numpy()
    for place in range(2):
        for level, z in zip(levels, found[place], strict=True):
            root = optimize.brentq(
                lambda x, at=place, p=level: oracle.cdf((x - location[at]) / spread[at]) @ weights - p,
                -1000,
                1000,
                xtol=1e-13,
            )
            if abs(root) < 12:  # nearer to 0 or 1 the share itself no longer tells the root
                assert z == pytest.approx(root, abs=1e-8)


def test_several_targets_for_several_periods():
    projection = mixture(single=False)
    targets = np.array([[0.5, 0.6, 0.7], [0.4, 0.62, 1.0]])
    for direction in (">=", "<="):
        chances = projection.probability(targets, direction)
        for step in range(3):
            np.testing.assert_array_equal(
                chances[:, step], projection.probability(targets[:, step], direction)
            )
        np.testing.assert_allclose(
            projection.target_for(chances[:, :2], direction), targets[:, :2], atol=1e-9
        )
    with pytest.raises(WrongCall, match="6 values for 2 periods"):
        projection.probability(targets.T)


def test_both_directions_add_up_and_are_monotone():
    projection = mixture()
    targets = np.linspace(0.01, 0.99, 99)
    up, down = projection.probability(targets, ">="), projection.probability(targets, "<=")
    np.testing.assert_allclose(up + down, 1, atol=1e-12)
    assert (np.diff(up) <= 0).all()
    assert (np.diff(down) >= 0).all()


def test_quantiles_match_simulation():
    projection = mixture(single=False)
    draws = projection.sample(400_000, 3)
    for column, period in enumerate(projection.periods):
        wanted = projection.quantile([0.1, 0.5, 0.9]).loc[period]
        np.testing.assert_allclose(np.quantile(draws[:, column], [0.1, 0.5, 0.9]), wanted, atol=1.5e-3)
    np.testing.assert_allclose(projection.mean, draws.mean(axis=0), atol=1e-3)


@pytest.mark.parametrize("freedom", [7.0, np.inf])
def test_a_rate_without_a_margin_lies_between_0_and_100_for_sure(freedom):
    projection = mixture(freedom=freedom)
    assert [projection.probability(at) for at in (0.0, 1.0)] == [1.0, 0.0]
    assert [projection.probability(at, "<=") for at in (0.0, 1.0)] == [0.0, 1.0]


def test_beyond_the_margin_is_exactly_zero_or_one():
    projection = MixtureProjection(
        periods=(1,),
        weights=np.ones(1),
        location=np.array([[9.0]]),
        spread=np.ones((1, 1)),
        freedom=5.0,
        margin=0.002,
    )
    assert projection.median == 1.0
    assert projection.probability(1.0) > 0.9
    assert projection.probability(1.0, "<=") == 1.0
    with pytest.raises(WrongCall, match="share from 0 to 1"):
        projection.probability(1.01)
    assert projection.probability(0.0) == 1.0
    assert projection.quantile(0) == 0.0


@pytest.mark.parametrize(
    ("target", "at_least", "at_most"),
    [(9, 1.0, 0.0), (10, 1.0, 0.125), (15, 0.75, 0.25), (20, 0.625, 0.375), (25, 0.5, 0.5), (35, 0.25, 0.75),
     (40, 0.125, 1.0), (41, 0.0, 1.0)],
)  # fmt: skip
def test_between_draws_the_chance_lies_on_the_line_between_their_places(target, at_least, at_most):
    """Four draws have the places 1/8, 3/8, 5/8 and 7/8; nothing lies beyond the first and the last."""
    projection = DrawsProjection([10.0, 20.0, 30.0, 40.0], 2023)
    assert projection.probability(target) == pytest.approx(at_least)
    assert projection.probability(target, "<=") == pytest.approx(at_most)


def test_a_projection_shows_its_period_median_and_range():
    assert repr(DrawsProjection([10.0, 20.0, 30.0], 2023)) == "DrawsProjection(2023: 20 [10, 30])"


def test_equality_counts_as_reached():
    projection = DrawsProjection([5.0, 5.0, 5.0], "FY")
    assert projection.probability(5) == 1.0
    assert projection.probability(5, "<=") == 1.0
    assert projection.probability(5.0001) == 0.0
    assert projection.probability(4.9999, "<=") == 0.0


def test_draws_with_a_jump_at_what_is_counted():
    values = np.concatenate([np.full(50, 100.0), np.linspace(101, 200, 50)])
    projection = DrawsProjection(values, 2023, lower_bound=100)
    assert projection.probability(100) == 1.0
    assert projection.probability(100, "<=") == pytest.approx(0.5, abs=0.01)
    assert projection.probability(150.5) == pytest.approx(0.25, abs=0.01)
    assert projection.quantile(0.2) == 100


def test_shapes_of_answers():
    one, several = mixture(), mixture(single=False)
    assert isinstance(one.median, float)
    lower, upper = one.interval(0.8)
    assert lower < one.median < upper
    assert list(several.median.index) == [2023, 2025]
    lower, upper = several.interval(0.8)
    assert (lower < upper).all()
    assert several.quantile([0.1, 0.9]).shape == (2, 2)
    assert (
        several.probability(pd.Series({2025: 0.7, 2023: 0.6})).loc[2023] == several.probability(0.6).loc[2023]
    )
    assert several.sample(7, 1).shape == (7, 2)
    assert one.sample(7, 1).shape == (7,)


def test_same_seed_same_draws_and_frozen():
    projection = mixture()
    np.testing.assert_array_equal(projection.sample(10, 5), projection.sample(10, np.random.default_rng(5)))
    with pytest.raises(AttributeError):
        projection.periods = (1,)
    with pytest.raises(ValueError, match="read-only"):
        drawn().draws[0] = 1


@pytest.mark.parametrize(
    "call",
    [
        lambda p: p.probability(0.5, ">"),
        lambda p: p.probability(np.nan),
        lambda p: p.quantile(1.2),
        lambda p: p.target_for(62),
        lambda p: p.sample(-1, 1),
        lambda p: p.interval(80),
    ],
)
def test_wrong_calls_are_named(call):
    with pytest.raises(WrongCall):
        call(mixture())


def test_draws_refused():
    for draws, options in (([], {}), ([1.0, np.nan], {}), ([1.0, 2.0], {"lower_bound": 1.5})):
        with pytest.raises(WrongCall):
            DrawsProjection(draws, 2023, **options)
    with pytest.raises(TypeError, match="unknown colour"):
        DrawsProjection([1.0], 2023, colour="red")


@pytest.mark.parametrize("share", [0.0, 0.02, 0.3, 0.5, 0.98, 1.0])
@pytest.mark.parametrize("margin", [0.002, 0.01])
def test_the_slope_of_the_logit_is_its_derivative(share, margin):
    step = 1e-6
    inside = min(max(share, step), 1 - step)
    numeric = (logit(inside + step, margin) - logit(inside - step, margin)) / (2 * step)
    assert logit_slope(inside, margin) == pytest.approx(numeric, rel=1e-4)
    assert inverse_logit(logit(share, margin), margin) == pytest.approx(share, abs=1e-12)
