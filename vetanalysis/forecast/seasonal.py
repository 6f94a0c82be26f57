"""A method for what is left of a year: the seasonal ensemble of quarters (`draw_pieces`).

Amounts of single quarters follow, on a scale between the logarithm and the amounts themselves and in every
member of the ensemble, a level that wanders, a slope that fades, a steady drift, a seasonal figure that may
change slowly, and a shock of the quarter alone. With all variances written relative to one scale v each
member is a Gaussian law with a fixed covariance K:

    y = ((x / g)^p - 1) / p, the log of x / g for p = 0;   g the geometric mean of the quarters seen
    y = level + K-structured noise,   var y = v K,   v ~ inverse gamma(nu0 / 2, nu0 s^2 / 2)

Because g is the geometric mean, the change of scale has the same Jacobian for every p, and members on
different scales are weighed against each other as they are. v integrates out: a member's predictive is a
multivariate Student t, its weight the prior weight times the marginal likelihood of the quarters seen, and
the whole a mixture. The newest piece of the year moves what a member expects and not its weight or spread, so
that a total never falls where more is counted. The prior weights of powers, members and scales were learned by
expectation-maximisation on quarterly totals of other places and topics (`benchmarks/fit_year_total_priors.py`;
`year_total_priors.json` says on what and when). Quarters that are missing are simply not observed. Numbers
are drawn because a sum of such amounts has no closed form. A year counted to a month within a quarter is read in
quarters but for that one, of which what is counted and what is to come stand apart: level, slope and drift are the
quarter's, shock and season of m months have 3 / m times the variance of a quarter's (the months vary independently
around it), so that the pieces together follow the quarters' law.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from vetanalysis.forecast.even_draws import even_levels, even_normals, even_stretch

PRIORS_FILE = Path(__file__).with_name("year_total_priors.json")
_LEVEL_VARIANCE = 1e4  # the level itself is unknown
COUNTING = (
    0.15  # of the variance that counting alone brings, below which no prior goes; own quarters hold it, too
)
_LOG_LIMIT = 12.0  # a quarter is never drawn more than e^12 times the usual


@dataclass(frozen=True, slots=True, eq=False)
class SeasonalPriors:
    """The members of the ensemble and their prior weights.

    `powers` (P,) scales of the amounts: 0 the logarithm, 1 the amounts as they are.
    `members` (G, 6): share of the quarter's own shock in the shock variance, yearly change of the season,
    slope shock, slope persistence, size of the season, steady drift per quarter (all but the first and
    fourth as multiples of the scale). `scales` (Z,) standard deviations of a quarterly shock;
    `log_weights` (P, G, Z); `nu0` degrees of freedom the prior of v carries.
    """

    powers: np.ndarray
    members: np.ndarray
    scales: np.ndarray
    log_weights: np.ndarray
    nu0: float


class Layout(NamedTuple):
    """Everything that depends on which quarters are seen and asked for, but not on their values."""

    whiten: np.ndarray  # (G, n, n) inverse Cholesky factors of the covariance of what is seen
    log_det: np.ndarray  # (G, n) logarithms of the diagonals of the Cholesky factors
    carry: np.ndarray  # (G, n, m) whitened covariance of seen and coming quarters
    root: np.ndarray  # (G, m, m) Cholesky factors of what stays unknown


@lru_cache(maxsize=1)
def load_priors() -> SeasonalPriors:
    """The priors carried with the package."""
    table = json.loads(PRIORS_FILE.read_text(encoding="utf-8"))
    members = np.array([row["member"] for row in table["members"]], dtype=float)
    weights = np.array([row["weights"] for row in table["members"]], dtype=float).swapaxes(0, 1)
    with np.errstate(divide="ignore"):
        logs = np.log(weights / weights.sum())
    powers, scales = np.array(table["powers"], dtype=float), np.array(table["scales"], dtype=float)
    return SeasonalPriors(powers, members, scales, logs, float(table["nu0"]))


def to_scale(amounts: np.ndarray, power: float, middle: float) -> np.ndarray:
    """((x / middle)^power - 1) / power; the logarithm of x / middle for power 0."""
    return np.log(amounts / middle) if power == 0 else ((amounts / middle) ** power - 1) / power


def from_scale(values: np.ndarray, power: float, middle: float) -> np.ndarray:
    """Back to amounts, never below zero."""
    if power == 0:
        return middle * np.exp(np.clip(values, -_LOG_LIMIT, _LOG_LIMIT))
    return middle * np.maximum(1 + power * values, 0.0) ** (1 / power)


Places = tuple[int, ...]
QUARTERS: Places = (3, 3, 3, 3)


def covariance(positions: np.ndarray, members: np.ndarray, lengths: tuple[int, ...] = QUARTERS) -> np.ndarray:
    """Covariances (G, T, T), relative to the scale, of pieces of the year at `positions` (whole numbers from 0).

    `lengths`: the months of each piece of a year; no piece lies in two quarters.
    """
    last = int(np.max(positions)) + 1
    place, year = np.arange(last) % len(lengths), np.arange(last) // len(lengths)
    time = 4 * year + (np.cumsum(lengths) - 1)[place] // 3
    part = 3 / np.array(lengths)[place]
    earlier = np.minimum(time[:, None], time[None, :]).astype(float)
    season = np.where(place[:, None] == place[None, :], part - 0.25, -0.25)
    years = np.minimum(year[:, None], year[None, :])
    quarters = np.arange(time[-1] + 1)
    between = np.abs(quarters[:, None] - quarters[None, :])
    slopes = {
        persistence: _accumulated(persistence**between)[np.ix_(time, time)]
        for persistence in np.unique(members[:, 3])
    }
    place = np.ix_(positions, positions)
    result = np.empty((len(members), len(positions), len(positions)))
    for row, (shock, change, slope, persistence, size, drift) in enumerate(members):
        whole = shock * np.diag(part) + (1 - shock) * (earlier + slope**2 * slopes[persistence])
        whole += season * (size**2 + change * years) + drift**2 * np.outer(time, time)
        result[row] = whole[place]
    return result + _LEVEL_VARIANCE


def _accumulated(slope: np.ndarray) -> np.ndarray:
    """The covariance of the sum of all earlier slopes."""
    total = np.zeros_like(slope)
    total[1:, 1:] = np.cumsum(np.cumsum(slope, axis=0), axis=1)[:-1, :-1]
    return total


def layout(seen: Places, coming: Places, members: np.ndarray, lengths: Places = QUARTERS) -> Layout:
    """The factors for pieces at `seen` and `coming` positions."""
    n = len(seen)
    both = covariance(np.array(seen + coming, dtype=int), members, lengths)
    factor = np.linalg.cholesky(both[:, :n, :n])
    whiten = np.linalg.inv(factor)
    carry = whiten @ both[:, :n, n:]
    left = both[:, n:, n:] - np.swapaxes(carry, 1, 2) @ carry
    left += 1e-9 * np.eye(len(coming))
    return Layout(whiten, np.log(np.diagonal(factor, axis1=1, axis2=2)), carry, np.linalg.cholesky(left))


@lru_cache(maxsize=32)
def _kept_layout(seen: Places, coming: Places, lengths: Places) -> Layout:
    return layout(seen, coming, load_priors().members, lengths)


def log_evidence(
    whitened: np.ndarray, log_det: np.ndarray, scales: np.ndarray, nu0: float
) -> tuple[np.ndarray, np.ndarray]:
    """What the quarters seen say of each member and scale: the log likelihood and the scale of the t, both (G, Z).

    `whitened` (G, n): the quarters on one scale, whitened by each member; `log_det` (G,) of its Cholesky factor.
    """
    nu = nu0 + whitened.shape[1] - 1
    sums = nu0 * scales[None, :] ** 2 + (whitened**2).sum(axis=1)[:, None]
    likelihood = 0.5 * nu0 * np.log(nu0 * scales**2)[None, :] - log_det[:, None] - 0.5 * nu * np.log(sums)
    return likelihood, np.sqrt(sums / nu)


def draw_pieces(
    amounts: np.ndarray,
    seen: Places,
    coming: Places,
    size: int,
    seed: int,
    *,
    newest: int | None = None,
    prior: float = 1.0,
    priors: SeasonalPriors | None = None,
    lengths: Places = QUARTERS,
    counts: bool = False,
) -> np.ndarray:
    """Amounts of the coming quarters, (size, m), member by member; of a piece of one what it would be by quarter.

    `amounts` (n,), all above zero, by quarter, of the pieces at positions `seen` (0 is the first of the first year;
    any gaps), `coming` the positions asked for, `lengths` the months of each piece of a year. Pieces from position
    `newest` on say nothing of scales and weights; of several readings (r, n) that differ in these alone the answers
    are (r, size, m). `prior` scales the prior's spread (sensitivity). `counts`: the
    amounts are people, so that the prior's variance also holds a part of what counting alone brings.
    """
    if priors is None:
        priors, factors = load_priors(), _kept_layout(seen, coming, lengths)
    else:
        factors = layout(seen, coming, priors.members, lengths)
    past = len(seen) if newest is None else sum(position < newest for position in seen)
    readings = np.atleast_2d(amounts)
    middle = float(np.exp(np.log(readings[0, :past]).mean()))
    scales = np.sqrt((priors.scales * prior) ** 2 + (COUNTING / middle if counts else 0.0))
    log_det, carry = factors.log_det[:, :past].sum(axis=1), factors.carry.copy()
    np.maximum(carry[:, past:], 0.0, out=carry[:, past:])
    weights, centres, spreads = [], [], []
    for power, log_weights in zip(priors.powers, priors.log_weights, strict=True):
        values = to_scale(readings, power, middle)
        shift = values[0, :past].mean()
        whitened = factors.whiten @ (values - shift).T
        evidence, spread = log_evidence(whitened[:, :past, 0], log_det, scales, priors.nu0)
        weights.append(evidence + log_weights)
        centres.append(shift + np.einsum("gnr,gnm->rgm", whitened, carry))
        spreads.append(spread)
    logs = np.array(weights)
    share = np.cumsum(np.exp(logs - logs.max()).ravel())
    chosen = np.minimum(np.searchsorted(share, even_levels(size) * share[-1], side="right"), len(share) - 1)
    power, member, scale = np.unravel_index(chosen, logs.shape)
    width, nu = len(coming), priors.nu0 + past - 1
    noise = np.einsum("sij,sj->si", factors.root[member], even_normals(seed, size, width))
    noise *= (np.array(spreads)[power, member, scale] * even_stretch(seed, size, width, nu))[:, None]
    values = np.swapaxes(centres, 0, 1)[:, power, member] + noise
    result = np.empty_like(values)
    for index, exponent in enumerate(priors.powers):
        rows = power == index
        result[:, rows] = from_scale(values[:, rows], exponent, middle)
    return result if amounts.ndim > 1 else result[0]
