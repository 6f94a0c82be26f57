"""Sums of projections that move together: levels of a unit, units of a province.

The draws of each part keep their own distribution and are only put into another order, so that the parts
share a common factor (Iman and Conover 1982, Communications in Statistics 11): a year that is good for one
part is usually good for the others. Adding parts as if they were independent would make the sum's range far
too narrow.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import numpy as np

from vetanalysis.errors import NotAssessable, WrongCall
from vetanalysis.forecast.projection import DrawsProjection, NotAssessed, Projection
from vetanalysis.text import Text

DEPENDENCE = 0.35  # correlation of any two parts on the normal scale, where nothing else is known


def together(
    parts: Mapping[Hashable, Projection],
    *,
    dependence: float = DEPENDENCE,
    size: int = 4000,
    rng: int | np.random.Generator = 0,
) -> np.ndarray:
    """Joint draws (size, parts) of one-period projections with one common factor.

    `dependence` in [0, 1]: correlation of any two parts. Every column has the part's own quantiles at
    (i + 1/2) / size. NotAssessable where a part is not assessed, naming the parts.
    """
    if not 0 <= dependence <= 1:
        raise WrongCall(f"dependence {dependence!r}: use a number from 0 to 1")
    missing = [str(name) for name, part in parts.items() if isinstance(part, NotAssessed)]
    if missing or not parts:
        listed = ", ".join(missing)
        raise NotAssessable(
            Text(f"Chưa đánh giá được phần: {listed}", f"Parts that are not assessed: {listed}")
            if missing
            else Text("Không có phần nào để cộng", "There is nothing to add")
        )
    rng = np.random.default_rng(rng)
    levels = (np.arange(size) + 0.5) / size
    common = rng.standard_normal(size)
    result = np.empty((size, len(parts)))
    for column, part in enumerate(parts.values()):
        score = np.sqrt(dependence) * common + np.sqrt(1 - dependence) * rng.standard_normal(size)
        place = np.empty(size, dtype=int)
        place[np.argsort(score, kind="stable")] = np.arange(size)
        result[:, column] = np.asarray(part.quantile(levels), dtype=float)[place]
    return result


def sum_with_dependence(
    parts: Mapping[Hashable, Projection],
    *,
    dependence: float = DEPENDENCE,
    size: int = 4000,
    rng: int | np.random.Generator = 0,
) -> DrawsProjection:
    """The sum of the parts as a projection; arguments as in `together`."""
    draws = together(parts, dependence=dependence, size=size, rng=rng).sum(axis=1)
    known = list(parts.values())
    return DrawsProjection(
        draws,
        known[0].periods[0],
        n_points=min(part.n_points for part in known),
        prior_share=float(np.mean([part.prior_share for part in known])),
    )
