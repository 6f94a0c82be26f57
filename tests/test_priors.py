from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from vetanalysis.errors import WrongCall
from vetanalysis.forecast.priors import FIELDS, KINDS, Prior, load_prior, resolve
from vetanalysis.forecast.rate import project_rate
from vetanalysis.forecast.state_space import Grid, Members, horizon_terms, run


@pytest.mark.parametrize("kind", KINDS)
def test_the_tables_are_priors(kind):
    prior = load_prior(kind)
    assert prior.members.shape[1] == len(FIELDS)
    assert prior.weights.shape == (len(prior.lengths), len(prior.members))
    np.testing.assert_allclose(prior.weights.sum(axis=1), 1)
    assert (prior.weights >= 0).all()
    assert prior.derivation["series"] > 100


def test_viet_nam_was_not_learned_from():
    for kind in KINDS:
        assert not any(
            "vietnam" in name or "vn" in name.split("/") for name in load_prior(kind).derivation["indicators"]
        )


def test_weights_between_lengths_are_blended():
    prior = load_prior("general")
    np.testing.assert_array_equal(prior.weights_for(2), prior.weights[0])
    np.testing.assert_array_equal(prior.weights_for(40), prior.weights[-1])
    low, high = prior.lengths[:2]
    part = 1 / (high - low)
    np.testing.assert_allclose(
        prior.weights_for(low + 1), (1 - part) * prior.weights[0] + part * prior.weights[1]
    )


def test_a_series_may_name_its_kind():
    rates = pd.Series([0.5, 0.52, 0.53], index=[2019, 2020, 2021])
    named = rates.copy()
    named.attrs["kind"] = "survey"
    assert project_rate(named, 2023).median == project_rate(rates, 2023, prior="survey").median
    assert resolve(None) is load_prior("general")
    with pytest.raises(WrongCall, match="register"):
        load_prior("register")


def test_the_doubled_alternative_is_the_prior_with_changes_twice_as_large():
    prior = load_prior("general")
    twice = replace(prior, members=prior.members * [2.0 if name == "scale" else 1.0 for name in FIELDS])
    rates = pd.Series([0.5, 0.52, 0.53], index=[2019, 2020, 2021])
    assert project_rate(rates, 2023, prior=twice).quantile(0.9) == pytest.approx(
        project_rate(rates, 2023).alternatives[2.0].quantile(0.9), abs=1e-12
    )


def test_the_variances_of_a_member_follow_from_its_four_numbers():
    grid = Grid(*(np.array([value]) for value in (0.5, 0.8, 0.4, 0.25, 0.03)))
    assert grid.observation_variance[0] == pytest.approx(0.25)
    assert grid.level_variance[0] == pytest.approx(0.5)
    assert grid.slope_variance[0] == pytest.approx(0.25 * 0.36 * 0.16)


def dense_path(z, grid, member, ahead):
    """Means (ahead,) and covariance of the coming figures by conditioning one large normal vector."""
    steps = len(z) + ahead - 1
    r, q, k = (
        float(v[member]) for v in (grid.observation_variance, grid.level_variance, grid.slope_variance)
    )
    phi, tau, mean = (float(v[member]) for v in (grid.persistence, grid.slope_sd, grid.slope_mean))
    wide = 1e5
    sources = 1 + 1 + steps + steps  # level at the start, first slope, level shocks, slope shocks
    variances = np.diag([wide, tau**2, *[q] * steps, *[0.0] + [k] * (steps - 1)])
    slope, level = np.zeros(sources), np.zeros(sources)
    level[0], slope[1] = 1, 1
    rows = [level.copy()]
    for t in range(1, steps + 1):
        if t > 1:
            slope = phi * slope
            slope[2 + steps + t - 1] += 1
        level = level + slope
        level[2 + t - 1] += 1
        rows.append(level.copy())
    design = np.array(rows)
    covariance = design @ variances @ design.T + r * np.eye(steps + 1)
    expected = design[:, 1] * mean
    seen = np.flatnonzero(~np.isnan(z))
    coming = np.arange(len(z), len(z) + ahead)
    gain = covariance[np.ix_(coming, seen)] @ np.linalg.inv(covariance[np.ix_(seen, seen)])
    location = expected[coming] + gain @ (z[seen] - expected[seen])
    return location, covariance[np.ix_(coming, coming)] - gain @ covariance[np.ix_(seen, coming)]


def dense_answer(z, grid, member, ahead):
    """Mean and variance of a coming figure: the oracle of the filter."""
    location, covariance = dense_path(z, grid, member, ahead)
    return location[-1], covariance[-1, -1]


@pytest.mark.parametrize("member", range(4))
def test_filter_equals_conditioning_one_large_normal(member):
    grid = Grid(
        noise=np.array([0.0, 0.4, 0.8, 0.6]),
        persistence=np.array([0.0, 0.7, 0.9, 1.0]),
        slope_sd=np.array([0.0, 0.8, 0.3, 0.5]),
        slope_noise=np.array([0.0, 1.0, 0.0, 0.0]),
        slope_mean=np.array([0.0, 0.03, 0.03, 0.03]),
    )
    z = np.array([0.1, 0.2, np.nan, 0.15, 0.4, np.nan, np.nan, 0.5])
    after = run(z[None, :], grid)
    for ahead in (1, 2, 5):
        reach, noise = horizon_terms(grid, np.array([ahead]))
        location = after.level[0] + reach[0] * after.slope[0]
        variance = after.level_var[0] + 2 * reach[0] * after.cross_var[0]
        variance = variance + reach[0] ** 2 * after.slope_var[0] + noise[0]
        wanted = dense_answer(z, grid, member, ahead)
        assert location[member] == pytest.approx(wanted[0], abs=2e-4)
        assert variance[member] == pytest.approx(wanted[1], abs=2e-4)


@pytest.mark.parametrize(("direction", "side"), [(None, 0), (">=", 1), ("<=", -1)])
def test_a_projection_of_one_member_is_what_conditioning_one_large_normal_gives(direction, side):
    """Its size is the prior's, worth its degrees of freedom, and that of the errors made from figure to figure."""
    prior = Prior(kind="x", members=np.array([[0.4, 0.7, 0.8, 1.0, 0.1]]), weights=np.ones(1))
    grid = Members.of(prior, improving=side != 0).grid
    rates = pd.Series({2010: 0.52, 2011: 0.53, 2013: 0.525, 2014: 0.55, 2016: 0.56})
    z = np.log((rates + prior.margin) / (1 + prior.margin - rates)).reindex(range(2010, 2017)).to_numpy() * (
        side or 1
    )
    seen = np.flatnonzero(~np.isnan(z))
    errors = [
        (z[now] - location) ** 2 / variance
        for before, now in pairwise(seen)
        for location, variance in [dense_answer(z[: before + 1], grid, 0, now - before)]
    ]
    size = (prior.freedom * 0.1**2 + sum(errors)) / (prior.freedom + len(errors))
    projection = project_rate(rates, [2018, 2021], prior=prior, direction=direction)
    for row, ahead in enumerate((2, 5)):
        location, variance = dense_answer(z, grid, 0, ahead)
        assert projection.location[row, 0] * (side or 1) == pytest.approx(location, abs=1e-5)
        assert projection.spread[row, 0] == pytest.approx(np.sqrt(variance * size), rel=1e-4)
    assert projection.freedom == prior.freedom + len(errors)
    _, covariance = dense_path(z, grid, 0, 5)
    tied = covariance[1, 4] / np.sqrt(covariance[1, 1] * covariance[4, 4])
    correlation = projection.joint(np.array([0]))[0]
    assert correlation == pytest.approx(np.array([[1.0, tied], [tied, 1.0]]), abs=1e-4)


def test_memory_fades_old_evidence():
    grid = Grid(*(np.array([v]) for v in (0.0, 0.0, 0.0, 0.0, 0.0)))
    z = np.array([[0.0, 3.0, 3.0, 3.0]])
    assert run(z, grid).squares[0, 0] == pytest.approx(9)
    assert run(z, grid, memory=0.5).squares[0, 0] == pytest.approx(9 * 0.25)
    assert run(z, grid, memory=0.5).errors[0] == pytest.approx(1.75)


def test_members_share_filters():
    prior = Prior(kind="x", members=np.array([[0, 0, 0, 0, 0.1], [0, 0, 0, 0, 0.2]]), weights=np.ones(2) / 2)
    table = Members.of(prior, improving=True)
    assert len(table.grid.noise) == 1
    assert list(table.index) == [0, 0]


def test_a_jump_widens_the_tails_and_calm_narrows_the_middle():
    steady = replace(load_prior("general"), jump=0.0, calm=1.0)
    jumping = replace(steady, jump=0.1, jump_size=4.0, calm=0.85)
    rates = pd.Series([0.5, 0.52, 0.53, 0.55, 0.56], index=range(2017, 2022))
    before, after = (project_rate(rates, 2023, prior=prior) for prior in (steady, jumping))
    assert after.weights[-1] == pytest.approx(0.1)
    assert after.weights.sum() == pytest.approx(1)
    for level, wider in ((0.5, False), (0.999, True)):
        widths = [np.subtract(*projection.interval(level)[::-1]) for projection in (before, after)]
        assert (widths[1] > widths[0]) == wider
    assert after.median == pytest.approx(before.median, abs=2e-3)
    assert before.freedom % 2 == after.freedom % 2 == 0
