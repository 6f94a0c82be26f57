"""Simple methods for one rate, called as `project_rate` is: what an analyst could pick instead of the ensemble.

`random_walk_drift` is exact and takes any gaps; `local_linear_trend` is a small Bayesian grid;
`exponential_smoothing` goes through statsmodels. All work on logit(p) and return a Projection.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from vetanalysis.blocks import Text
from vetanalysis.errors import NotAssessable
from vetanalysis.forecast.mixture import MixtureProjection, logit
from vetanalysis.forecast.rate_input import MONTHS, check_rates, check_years, month_steps, until_steps


def random_walk_drift(
    rates: pd.Series, until: int | list[int], *, prior_sd: float = 0.055, prior_freedom: float = 4.0
) -> MixtureProjection:
    """A random walk with the drift of first to last figure and a moderated variance, in closed form.

    With z = logit(p), D_i the years between figures, m differences and b = (z_n - z_1) / span: SSR = sum
    (dz_i - b D_i)^2 / D_i, nu = prior_freedom + m - 1, s^2 = (prior_freedom prior_sd^2 + SSR) / nu, and
    z_{n+h} ~ z_n + h b + s sqrt(h + h^2 / span) t_nu. (Smyth 2004, Stat. Appl. Genet. Mol. Biol. 3, for the
    variance.) `prior_freedom` 0 leaves the series to itself and then needs three figures.
    """
    years, z, ahead, periods, single = _prepared(rates, until)
    gaps = np.diff(years)
    span, changes = years[-1] - years[0], len(gaps)
    drift = (z[-1] - z[0]) / span
    squares = ((np.diff(z) - drift * gaps) ** 2 / gaps).sum()
    freedom = prior_freedom + changes - 1
    if freedom <= 0:
        raise NotAssessable(
            Text(
                "cần ít nhất ba số liệu khi không có tiên nghiệm", "three figures are needed without a prior"
            )
        )
    size = np.sqrt((prior_freedom * prior_sd**2 + squares) / freedom)
    return _mixture(
        np.ones(1),
        (z[-1] + ahead * drift)[:, None],
        (size * np.sqrt(ahead + ahead**2 / span))[:, None],
        freedom,
        periods,
        single,
        len(z),
        prior_freedom / freedom,
    )


def exponential_smoothing(
    rates: pd.Series,
    until: int | list[int],
    *,
    prior_sd: float = 0.055,
    prior_freedom: float = 4.0,
    plug_in: bool = False,
) -> MixtureProjection:
    """Damped-trend exponential smoothing by statsmodels, its variance moderated and its trend's error added.

    Regular yearly figures, six or more. phi in [0.8, 0.98]; z_{n+h} ~ f_h + s sqrt(c_h + h^2/(n-1)) t_nu with
    the class-1 variance c_h of Hyndman et al. 2008, nu = prior_freedom + max(n - 4, 1). `plug_in`: the
    model's own normal interval.
    """
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    years, z, ahead, periods, single = _prepared(rates, until)
    if len(z) < 6 or np.any(np.diff(years) != 1):
        raise NotAssessable(
            Text("cần sáu năm liền nhau trở lên", "six or more years without a gap are needed")
        )
    model = ETSModel(z, error="add", trend="add", damped_trend=True, bounds={"damping_trend": (0.8, 0.98)})
    fit = model.fit(disp=False)
    forecast = np.asarray(fit.forecast(int(ahead.max())))[ahead - 1]
    alpha, beta = fit.params[0], fit.params[1]
    phi = fit.params[2]
    powers = np.cumsum(phi ** np.arange(1, ahead.max() + 1))
    terms = np.concatenate([[0.0], np.cumsum((alpha + beta * powers) ** 2)])
    growth = 1 + terms[ahead - 1]
    squares, n = float((np.asarray(fit.resid) ** 2).sum()), len(z)
    if plug_in:
        spread = np.sqrt(growth * squares / n)
        freedom = np.inf
    else:
        freedom = prior_freedom + max(n - 4, 1)
        spread = np.sqrt((prior_freedom * prior_sd**2 + squares) / freedom * (growth + ahead**2 / (n - 1)))
    return _mixture(
        np.ones(1), forecast[:, None], spread[:, None], freedom, periods, single, n, prior_freedom / freedom
    )


def local_linear_trend(
    rates: pd.Series, until: int | list[int], *, published: bool = True
) -> MixtureProjection:
    """A local level with a damped drift, averaged over a grid of settings (phi, level shock q, noise r).

    State (mu, b), T = [[1, phi], [0, phi]], Q = diag(q^2, (0.2 q)^2), b_1 ~ N(0.05, 0.07^2); phi in {0.8,
    0.9, 1}, nine q from 0.008 to 0.15, seven r from 0.008 to 0.12, log-normal priors around 0.04 and 0.03.
    `published`: of the coming figure, with its noise; else of the level itself.
    """
    years, z, ahead, periods, single = _prepared(rates, until)
    phi, q, r = (axis.ravel() for axis in np.meshgrid(*_TREND_GRID, indexing="ij"))
    log_weight = -0.5 * ((np.log(q / 0.04) / 0.7) ** 2 + (np.log(r / 0.03) / 0.7) ** 2)
    state = (
        np.full_like(phi, z[0]),
        np.full_like(phi, 0.05),
        r**2,
        np.zeros_like(phi),
        np.full_like(phi, 0.07**2),
    )
    for value, gap in zip(z[1:], np.diff(years), strict=True):
        for _ in range(gap):
            state = _step(state, phi, q)
        mu, b, pll, plb, pbb = state
        variance, error = pll + r**2, value - mu
        log_weight = log_weight - 0.5 * (np.log(variance) + error**2 / variance)
        gain, gain_b = pll / variance, plb / variance
        state = (
            mu + gain * error,
            b + gain_b * error,
            pll - gain * pll,
            plb - gain * plb,
            pbb - gain_b * plb,
        )
    weight = np.exp(log_weight - log_weight.max())
    locations, spreads = {}, {}
    for step in range(1, ahead.max() + 1):
        state = _step(state, phi, q)
        locations[step], spreads[step] = state[0], np.sqrt(state[2] + (r**2 if published else 0.0))
    location = np.array([locations[step] for step in ahead])
    spread = np.array([spreads[step] for step in ahead])
    return _mixture(weight / weight.sum(), location, spread, np.inf, periods, single, len(z), 1 / len(z))


_TREND_GRID = ((0.8, 0.9, 1.0), np.geomspace(0.008, 0.15, 9), np.geomspace(0.008, 0.12, 7))
_State = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _step(state: _State, phi: np.ndarray, q: np.ndarray) -> _State:
    """One year ahead: level, drift, and their variances and covariance."""
    mu, b, pll, plb, pbb = state
    ahead = pll + 2 * phi * plb + phi**2 * pbb + q**2
    return mu + phi * b, phi * b, ahead, phi * plb + phi**2 * pbb, phi**2 * pbb + (0.2 * q) ** 2


def _prepared(
    rates: pd.Series, until: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray, tuple[int, ...], bool]:
    """Years and logits of the figures, steps ahead, the periods asked for and whether it was one alone."""
    ends, single = until_steps(until)
    rates = pd.Series(rates)
    steps = month_steps(rates.index)
    check_years(steps, "index")
    checked = check_rates(steps, rates.to_numpy(), ends, "rate")
    z = logit(np.clip(checked.shares, 0.001, 0.999), 0.0)
    years, periods = checked.steps // MONTHS, tuple((ends // MONTHS).tolist())
    return years, z, np.array(periods) - years[-1], periods, single


def _mixture(
    weights: np.ndarray,
    location: np.ndarray,
    spread: np.ndarray,
    freedom: float,
    periods: tuple[int, ...],
    single: bool,
    points: int,
    prior_share: float,
) -> MixtureProjection:
    return MixtureProjection(
        periods=periods,
        single=single,
        n_points=points,
        prior_share=prior_share,
        weights=weights,
        location=location,
        spread=spread,
        freedom=float(freedom),
    )
