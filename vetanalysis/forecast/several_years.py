"""A total over several years: the years that are counted, and the projected ones joined before they are added.

Years are not independent: a year that comes out low starts the next one low. The logarithm of a year's total is taken
for a walk whose steps are independent, so that two years with spreads s_j <= s_k of it are correlated by s_j / s_k;
each year keeps its own projection (a Gaussian copula) and the draws are added.

    Z_k = (sum of steps up to year k) / s_k,    var(step k) = s_k^2 - s_(k-1)^2,    total = counted + sum Q_k(Phi(Z_k))
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr

from vetanalysis.forecast.projection import SPREADS_WITHIN, DrawsProjection, Projection
from vetanalysis.forecast.year_total import SIZE


def sum_of_years(years: Sequence[Projection], counted: float, period: str, seed: int) -> DrawsProjection:
    """The total of the years to come, in their order, and of what earlier years have `counted`.

    What each year has counted already stays the floor of the sum.
    """
    floors = [float(getattr(one, "lower_bound", None) or 0.0) for one in years]
    factors = set.intersection(*(set(getattr(one, "alternatives", {})) for one in years))
    floor = counted + sum(floors)
    return DrawsProjection(
        _sums(years, counted, floor, seed), period, n_points=max(one.n_points for one in years),
        prior_share=float(np.average([one.prior_share for one in years], weights=[one.median for one in years])),
        lower_bound=floor,
        alternatives={
            factor: DrawsProjection(
                _sums([one.alternatives[factor] for one in years], counted, floor, seed), period, lower_bound=floor
            )
            for factor in sorted(factors)
        },
    )  # fmt: skip


def _sums(years: Sequence[Projection], counted: float, floor: float, seed: int) -> np.ndarray:
    spreads = np.maximum.accumulate([_spread(one) for one in years])
    steps = np.random.default_rng(seed).standard_normal((SIZE, len(years)))
    walk = np.cumsum(steps * np.sqrt(np.diff(spreads**2, prepend=0.0)), axis=1) / np.maximum(spreads, 1e-12)
    parts = [np.asarray(one.quantile(ndtr(place))) for one, place in zip(years, walk.T, strict=True)]
    return np.maximum(counted + np.sum(parts, axis=0), floor)


def _spread(one: Projection) -> float:
    """The standard deviation of the logarithm of a year's total."""
    low, high = one.interval(0.8)
    return float(np.log(max(float(high), 0.5) / max(float(low), 0.5)) / SPREADS_WITHIN)
