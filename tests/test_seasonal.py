"""The seasonal ensemble: its priors, its covariances, and agreement with a state-space smoother."""

import numpy as np
import pytest
from scipy.stats import t

from vetanalysis.forecast.even_draws import even_normals, even_order, even_points, even_stretch
from vetanalysis.forecast.seasonal import (
    SeasonalPriors,
    covariance,
    draw_pieces,
    from_scale,
    layout,
    load_priors,
    to_scale,
)


def one_member(own=0.5, change=0.1, slope=0.5, persistence=0.8, size=4.0, drift=0.1, scale=0.1):
    member = np.array([[own, change, slope, persistence, size, drift]])
    return SeasonalPriors(np.zeros(1), member, np.array([scale]), np.zeros((1, 1, 1)), 1e6)


def test_priors_are_complete_and_add_up():
    priors = load_priors()
    assert priors.members.shape[1] == 6
    assert priors.log_weights.shape == (len(priors.powers), len(priors.members), len(priors.scales))
    assert np.exp(priors.log_weights).sum() == pytest.approx(1)
    assert priors.nu0 > 2


def test_covariances_are_positive_and_nested():
    members = load_priors().members
    whole = covariance(np.arange(24), members)
    assert (np.linalg.eigvalsh(whole) > -1e-6).all()
    some = np.array([0, 1, 5, 22])
    assert covariance(some, members) == pytest.approx(
        whole[np.ix_(range(len(members)), some, some)], rel=1e-9
    )


def test_season_adds_to_nothing_over_a_year():
    member = one_member(own=0.0, change=0.0, slope=0.0, size=3.0, drift=0.0).members
    season = (
        covariance(np.arange(4), member)[0]
        - covariance(np.arange(4), one_member(own=0.0, change=0.0, slope=0.0, size=0.0, drift=0.0).members)[0]
    )
    assert season.sum(axis=0) == pytest.approx(np.zeros(4), abs=1e-9)
    assert np.diag(season) == pytest.approx(np.full(4, 0.75 * 9))


def test_level_with_noise_agrees_with_statsmodels():
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    rng, own, v = np.random.default_rng(1), 0.4, 0.01
    logs = np.cumsum(rng.normal(0, np.sqrt((1 - own) * v), 20)) + rng.normal(0, np.sqrt(own * v), 20) + 5
    model = UnobservedComponents(logs, "local level", use_exact_diffuse=True)
    smoothed = model.smooth([own * v, (1 - own) * v])
    member = one_member(own=own, change=0, slope=0, size=0, drift=0, scale=0.1)
    factors = layout(tuple(range(20)), (20, 21), member.members)
    whitened = factors.whiten[0] @ (logs - logs.mean())
    centre = logs.mean() + whitened @ factors.carry[0]
    forecast = smoothed.get_forecast(2)
    assert centre == pytest.approx(forecast.predicted_mean, abs=1e-5)
    variance = v * (factors.root[0] @ factors.root[0].T)
    assert np.diag(variance) == pytest.approx(forecast.var_pred_mean, rel=1e-3)


def test_draws_follow_the_members_law():
    priors = one_member()
    rng = np.random.default_rng(2)
    logs = rng.normal(0, 0.1, 14) + np.tile([0, 0.3, 0.1, -0.2], 4)[:14] + 6
    draws = np.log(draw_pieces(np.exp(logs), tuple(range(14)), (14, 15), 20000, 2, priors=priors))
    factors = layout(tuple(range(14)), (14, 15), priors.members)
    centre = logs.mean() + (factors.whiten[0] @ (logs - logs.mean())) @ factors.carry[0]
    assert draws.mean(axis=0) == pytest.approx(centre, abs=0.004)
    assert np.cov(draws.T) == pytest.approx(0.01 * factors.root[0] @ factors.root[0].T, rel=0.05)


def test_a_season_is_found_and_continued():
    season = np.array([0.5, -0.3, 0.1, -0.3])
    logs = np.tile(season, 5) + 7 + np.random.default_rng(3).normal(0, 0.02, 20)
    draws = draw_pieces(np.exp(logs), tuple(range(20)), (20, 21, 22, 23), 4000, 1)
    assert np.log(np.median(draws, axis=0)) == pytest.approx(season + 7, abs=0.06)


def test_missing_quarters_are_not_observed():
    rng = np.random.default_rng(4)
    logs = np.tile([0.4, -0.2, 0.0, -0.2], 5) + 7 + rng.normal(0, 0.02, 20)
    kept = tuple(p for p in range(20) if p not in (6, 13))
    draws = draw_pieces(np.exp(logs[list(kept)]), kept, (20, 21), 4000, 4)
    assert np.log(np.median(draws, axis=0)) == pytest.approx([7.4, 6.8], abs=0.06)


def test_doubling_the_prior_widens():
    logs = np.tile([0.4, -0.2, 0.0, -0.2], 3) + 7 + np.random.default_rng(5).normal(0, 0.05, 12)
    spread = [
        np.log(draw_pieces(np.exp(logs), tuple(range(12)), (12, 13), 4000, 1, prior=f)).std(axis=0).mean()
        for f in (0.5, 1.0, 2.0)
    ]
    assert spread[0] < spread[1] < spread[2]


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0])
def test_scales_go_there_and_back(power):
    amounts = np.array([0.5, 3.0, 40.0])
    assert from_scale(to_scale(amounts, power, 3.0), power, 3.0) == pytest.approx(amounts)
    assert to_scale(np.array([3.0]), power, 3.0)[0] == 0
    assert (from_scale(np.array([-50.0]), power, 3.0) >= 0).all()


def test_with_the_geometric_mean_every_scale_has_the_same_jacobian():
    amounts = np.array([0.5, 3.0, 40.0, 7.0])
    middle, step = np.exp(np.log(amounts).mean()), 1e-6
    logs = [
        np.log((to_scale(amounts + step, p, middle) - to_scale(amounts - step, p, middle)) / (2 * step)).sum()
        for p in (0.0, 0.5, 1.0)
    ]
    assert logs == pytest.approx([logs[0]] * 3, abs=1e-5)


def test_the_newest_piece_moves_what_is_expected_and_neither_weights_nor_spreads():
    logs = np.tile([0.4, -0.2, 0.0, -0.2], 4)[:14] + 7 + np.random.default_rng(6).normal(0, 0.05, 14)
    seen, drawn = tuple(range(14)), []
    for newest in (-0.5, 0.0, 0.002, 0.5):
        moved = np.exp(np.append(logs[:-1], logs[-1] + newest))
        drawn.append(draw_pieces(moved, seen, (14, 15), 2000, 1, newest=13))
    assert (np.diff(drawn, axis=0) >= 0).all()
    without = draw_pieces(np.exp(logs[:-1]), seen[:-1], (14, 15), 2000, 1)
    assert np.log(drawn[1]).std(axis=0) == pytest.approx(np.log(without).std(axis=0), rel=0.35)


def test_the_points_are_even_and_normals_and_stretch_are_what_they_are_called():
    for start in (0, 1500):
        points = even_points(3, 4000, 4)[start : start + 1000]
        assert points.mean(axis=0) == pytest.approx(np.full(4, 0.5), abs=0.005)
        assert np.corrcoef(points.T)[np.triu_indices(4, 1)] == pytest.approx(np.zeros(6), abs=0.05)
    drawn = even_normals(3, 4000, 1)[:, 0] * even_stretch(3, 4000, 1, 5.0)
    levels = np.array([0.05, 0.25, 0.5, 0.9])
    assert np.quantile(drawn, levels) == pytest.approx(t.ppf(levels, 5), abs=0.02)
    assert sorted(even_order(3, 50).tolist()) == list(range(50))
