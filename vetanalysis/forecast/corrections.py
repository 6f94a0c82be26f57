"""Counts that are corrected later: what earlier corrections say of the count that is the newest today.

Each known correction is the last known figure of a cut-off over the first one; the count so far is multiplied by

    exp(m + s t_nu),   nu = 4 + J,   m = sum(log rho) / (4 + J)

so that without any correction known the count is uncertain by about 2 % (a prior worth four corrections) and each
known one, also one of exactly nothing, moves that. What a corrected count does to the year's total is read from two
further projections, from a slightly lower and a slightly higher count: quantile by quantile, the elasticity

    e(u) = (log Q_high(u) - log Q_low(u)) / (log C_high - log C_low),    total = Q(u) (C' / C)^e(u)
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

NU0 = 4.0
REVISION_SD = 0.02  # of the log of final / first; prior


@dataclass(frozen=True, slots=True)
class Revision:
    """How first figures were corrected: log(final / first) ~ t(mean, spread) with `nu` degrees of freedom."""

    mean: float
    spread: float
    nu: float
    known: int


def revision(first: np.ndarray, final: np.ndarray) -> Revision:
    """What past corrections say of the next one; `first`, `final` (J,) figures of the same cut-offs.

    Mean and spread are drawn towards no correction with a spread of 2 %, worth four corrections.
    """
    first, final = np.asarray(first, dtype=float), np.asarray(final, dtype=float)
    known = np.isfinite(first) & np.isfinite(final) & (first > 0) & (final > 0)
    logs = np.log(final[known] / first[known])
    count = len(logs)
    mean = float(logs.sum() / (NU0 + count))
    nu = NU0 + count
    scatter = NU0 * REVISION_SD**2 + ((logs - mean) ** 2).sum() + NU0 * mean**2
    return Revision(mean, sqrt(scatter / nu * (1 + 1 / nu)), nu, count)


def revise(counts: np.ndarray, seen: Revision, rng: int | np.random.Generator = 0) -> np.ndarray:
    """Draws (S,) of what the counts will be once corrected; a count of zero stays zero."""
    counts = np.asarray(counts, dtype=float)
    rng = np.random.default_rng(rng)
    return counts * np.exp(seen.mean + seen.spread * rng.standard_t(seen.nu, counts.shape))


def elasticity(low: np.ndarray, high: np.ndarray, step: float) -> np.ndarray:
    """By quantile (S,): how many per cent the total moves with one per cent of the count.

    `low`, `high`: draws (S,) of the total from two counts whose logarithms are `step` apart.
    """
    first, second = (np.log(np.maximum(np.sort(draws), 0.5)) for draws in (low, high))
    return np.clip((second - first) / step, 0.0, 2.0)


def revised(draws: np.ndarray, elastic: np.ndarray, seen: Revision, rng: np.random.Generator) -> np.ndarray:
    """The draws (S,) of a total once its count is corrected; `elastic` (any length) runs over their quantiles."""
    rank = np.empty(len(draws))
    rank[np.argsort(draws, kind="stable")] = (np.arange(len(draws)) + 0.5) / len(draws)
    own = np.interp(rank, (np.arange(len(elastic)) + 0.5) / len(elastic), elastic)
    return draws * np.exp(own * (seen.mean + seen.spread * rng.standard_t(seen.nu, len(draws))))
