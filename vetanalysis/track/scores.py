"""Scores of probabilities and ranges, as pure functions of arrays.

Outcomes come first, then what was projected. Lower is better for CRPS and Brier; a coverage, a PIT and a
reliability have a right value instead. What is not known (NaN) is left out by the callers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from vetanalysis.errors import WrongCall

LEVELS = np.arange(1, 20) / 20
"""The 19 quantile levels of the CRPS, 5 % to 95 %."""

BAND = 0.95  # of the binomial acceptance bands
RESAMPLES = 1000


def crps_quantiles(outcome: np.ndarray, quantiles: np.ndarray, levels: np.ndarray = LEVELS) -> np.ndarray:
    """CRPS as twice the mean pinball loss over `levels`, in the unit of `outcome`.

    CRPS = 2 / K sum_k max(a_k (y - q_k), (a_k - 1)(y - q_k)). `outcome` (...), `quantiles` (..., K). It tends to the
    integral form as the levels become dense (Gneiting & Ranjan 2011, doi 10.1198/jbes.2010.08110).
    """
    outcome, quantiles = np.asarray(outcome, dtype=float), np.asarray(quantiles, dtype=float)
    levels = np.asarray(levels, dtype=float)
    if quantiles.shape != (*outcome.shape, len(levels)):
        raise WrongCall(
            f"quantiles of shape {quantiles.shape} for outcomes of shape {outcome.shape} and {len(levels)} levels"
        )
    error = outcome[..., None] - quantiles
    return 2 * np.maximum(levels * error, (levels - 1) * error).mean(axis=-1)


def brier(came: np.ndarray, probability: np.ndarray) -> np.ndarray:
    """Squared distance of each probability from what came (1 it came true, 0 it did not)."""
    return (np.asarray(probability, dtype=float) - np.asarray(came, dtype=float)) ** 2


def sign_test(up: int, down: int) -> float:
    """Two-sided p-value that `up` rises and `down` falls come from a fair coin; NaN where nothing moved.

    2 P(Bin(up + down, 1/2) <= min(up, down)), at most 1 (Dixon & Mood 1946, doi 10.1080/01621459.1946.10501898). With
    five moves or fewer it never falls under 5 %.
    """
    from math import comb

    moved = up + down
    if not moved:
        return np.nan
    return min(1.0, 2 * sum(comb(moved, k) for k in range(min(up, down) + 1)) / 2**moved)


def binomial_band(share: float, cases: int, level: float = BAND) -> tuple[float, float]:
    """Between which shares `cases` independent statements of `share` come true with probability `level`.

    Quantiles of the binomial distribution over `cases`; NaN without a case.
    """
    if not 0 <= share <= 1:
        raise WrongCall(f"share {share!r}: use a number from 0 to 1")
    if cases < 1:
        return np.nan, np.nan
    from scipy.stats import binom

    tail = (1 - level) / 2
    return float(binom.ppf(tail, cases, share) / cases), float(binom.ppf(1 - tail, cases, share) / cases)


def independent_cases(cases: int, share: float, error: float) -> int:
    """To how many independent statements `cases` amount, when their share has the standard error `error`.

    n = p (1 - p) / error^2, between 1 and `cases`: what happens in one year happens to many places at once.
    """
    if cases < 1:
        return 0
    if not np.isfinite(error) or error <= 0:
        return cases
    return int(np.clip(np.floor(share * (1 - share) / error**2), 1, cases))


def pit_histogram(pit: np.ndarray, bins: int = 10) -> np.ndarray:
    """How many outcomes fell into each of `bins` equal classes of their own distribution; level when it was right."""
    pit = np.asarray(pit, dtype=float)
    if ((pit < 0) | (pit > 1)).any():
        raise WrongCall("PIT: use values of a distribution function, 0 to 1")
    return np.histogram(pit, bins=bins, range=(0.0, 1.0))[0]


def pit_spread(pit: np.ndarray) -> float:
    """12 times the variance of the PIT: 1 when the ranges were right, above 1 too narrow, below 1 too wide."""
    pit = np.asarray(pit, dtype=float)
    return float(12 * pit.var()) if pit.size else np.nan


def reliability(probability: np.ndarray, came: np.ndarray) -> pd.DataFrame:
    """What the words were worth: one row per status word of the probabilities, best first.

    Columns: status, said (statements), came (targets reached), share, stated (mean probability), low and high
    (the band in which the share lies with 95 % if each probability held and statements were independent).
    Words never said have said 0.
    """
    from vetanalysis.attainment import ICD203, band_of

    probability, came = np.asarray(probability, dtype=float), np.asarray(came, dtype=bool)
    if probability.shape != came.shape:
        raise WrongCall(f"{probability.size} probabilities for {came.size} outcomes")
    status = np.array([band_of(p).status for p in probability], dtype=object)
    rows = []
    for band in ICD203:
        mine = status == band.status
        said, reached = int(mine.sum()), int(came[mine].sum())
        stated = float(probability[mine].mean()) if said else np.nan
        low, high = binomial_band(stated, said) if said else (np.nan, np.nan)
        rows.append((band.status, said, reached, reached / said if said else np.nan, stated, low, high))
    return pd.DataFrame(rows, columns=["status", "said", "came", "share", "stated", "low", "high"])


def skill(score: float, reference: float) -> float:
    """1 - score / reference: 1 perfect, 0 no better than the reference, below 0 worse; NaN for a reference of 0."""
    return 1 - score / reference if reference else np.nan


def spread_over(
    groups: np.ndarray, values: np.ndarray, ratio: Callable[[np.ndarray], Any], *, seed: int = 0
) -> float:
    """Standard error of `ratio(sums)` when whole groups (years) are drawn anew.

    `groups` (N,) labels; `values` (N, V); `ratio` takes sums (V,) over the drawn groups. Errors of one year are
    dependent, so years are drawn and not rows. NaN with fewer than two groups.
    """
    names, place = np.unique(groups, return_inverse=True)
    if len(names) < 2:
        return np.nan
    values = np.asarray(values, dtype=float).reshape(len(place), -1)
    sums = np.array([np.bincount(place, column, len(names)) for column in values.T]).T
    drawn = np.random.default_rng(seed).integers(0, len(names), (RESAMPLES, len(names)))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.array([ratio(sums[rows].sum(axis=0)) for rows in drawn], dtype=float)
    return float(np.nanstd(found))
