"""What a year will have counted by the end of a month within it, from the draws of its total.

Of what is still to come of the year, T - c, a part B comes by then; what is counted already is never undercut:

    C = c + (T - c) B,    B ~ Beta with the mean and variance of that part in the past years

The part of a past year is taken from what had then been counted at the same cut-off by those who have reported now. The
less is left of the year the more the part varies: by 1 / (1 - share counted). Without a past year it is that of
other series, wide (`usual_share.SHARE_SD_ELSEWHERE`).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.special import betaincinv

from vetanalysis.forecast.expected_total import NU0
from vetanalysis.forecast.projection import SPREADS_WITHIN, DrawsProjection, Projection
from vetanalysis.forecast.usual_share import (
    SHARE_SD,
    SHARE_SD_ELSEWHERE,
    UsualShare,
    spread_at,
)
from vetanalysis.forecast.year_total import SIZE

_LEAST = 0.001  # a part is never taken for nothing or for everything


def part_to_come(
    month: int,
    counted: np.ndarray,
    by_month: np.ndarray,
    totals: np.ndarray,
    share: float,
    prior: float = 1.0,
) -> UsualShare:
    """The part of the rest of a year that comes by the end of `month` (1 to 11).

    By past year (J,), NaN where not known: `counted` by those who have reported now, at the same cut-off, `by_month`
    and `totals` of everybody. `share`: of the year's people that is usually counted by now, where no past year tells.
    """
    left, coming = totals - counted, by_month - counted
    known = np.isfinite(left) & np.isfinite(coming) & (left > 0)
    if not known.any():
        rest = max(1 - share, _LEAST)
        mean = float(np.clip((month / 12 - share) / rest, _LEAST, 1 - _LEAST))
        return UsualShare(mean, (spread_at(month, SHARE_SD_ELSEWHERE) * prior / rest) ** 2)
    parts, years = coming[known] / left[known], int(known.sum())
    mean = float(np.clip(parts.mean(), _LEAST, 1 - _LEAST))
    spread = spread_at(month, SHARE_SD) * prior * float((totals[known] / left[known]).mean())
    chance = mean * (1 - mean) / float(left[known].mean())
    own = NU0 * (spread**2 + chance) + ((parts - parts.mean()) ** 2).sum()
    return UsualShare(mean, float(own / (NU0 + years - 1) * (1 + 1 / years)), known=years)


def count_by(
    total: DrawsProjection, counted: float, parts: Mapping[float, UsualShare], period: str, seed: int
) -> DrawsProjection:
    """The count of people at the end of `period`, draw by draw of the year's `total`; `counted`: those so far.

    `parts`: the part to come by the weight of the prior, 1 the answer's own, others where `total` has alternatives.
    """

    def by_then(totals: np.ndarray, part: UsualShare) -> np.ndarray:
        levels = (np.random.default_rng(seed).permutation(len(totals)) + 0.5) / len(totals)
        first, second = part.kappa * part.mean, part.kappa * (1 - part.mean)
        draws = counted + np.maximum(totals - counted, 0.0) * betaincinv(first, second, levels)
        return np.maximum(np.round(draws), counted)

    return DrawsProjection(
        by_then(total.draws[:, 0], parts[1.0]), period, n_points=total.n_points,
        prior_share=total.prior_share, lower_bound=counted,
        alternatives={
            factor: DrawsProjection(by_then(other.draws[:, 0], parts[factor]), period, lower_bound=counted)
            for factor, other in total.alternatives.items()
        },
    )  # fmt: skip


def rate_by(
    path: Projection, latest: float, part: float, period: str, seed: int
) -> tuple[DrawsProjection, DrawsProjection]:
    """A rate when `part` (0 to 1) of the last year of its yearly `path` has gone by: its path to then, and that end.

    `path`: shares at the ends of the years after the figure `latest`. Between two ends of a year the rate walks: its
    middle is on the line between them, and a step of variance s^2 leaves part (1 - part) s^2 to chance.
    """

    def walked(of: Projection) -> np.ndarray:
        rng = np.random.default_rng(seed)
        draws = np.asarray(of.sample(SIZE, rng)).reshape(SIZE, -1).copy()
        before = draws[:, -2] if draws.shape[1] > 1 else np.full(SIZE, latest)
        step = draws[:, -1] - before
        spread = float(np.diff(np.quantile(step, [0.1, 0.9]))[0]) / SPREADS_WITHIN
        chance = spread * np.sqrt(part * (1 - part)) * rng.standard_normal(SIZE)
        draws[:, -1] = np.clip(before + part * step + chance, 0.0, 1.0)
        return draws

    draws, bounds = walked(path), {"lower_bound": 0.0, "upper_bound": 1.0}
    known = {"n_points": path.n_points, "prior_share": path.prior_share}
    others = {
        factor: DrawsProjection(walked(other)[:, -1], period, **bounds)
        for factor, other in getattr(path, "alternatives", {}).items()
    }
    end = DrawsProjection(draws[:, -1], period, alternatives=others, **bounds, **known)
    return DrawsProjection(draws, list(path.periods), **bounds, **known), end
