"""Series that are projected together: the mixtures of all of them, and quantiles solved for all of them at once.

What one series alone would get, to the last digit; only the work is shared.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from vetanalysis.forecast.bounded import from_line
from vetanalysis.forecast.mixture_roots import Mixtures, roots

_LEVELS_KEPT = 8


@dataclass(frozen=True, eq=False)
class Companions:
    """Mixtures of S series over the same H horizons with the same degrees of freedom.

    `weights` (S, K), `location`, `spread` (S, H, K) on the logit scale with `margin`; row i has `count`[i] members,
    the others repeat one of them with weight 0. `members`: where each stands in the prior, (S, K).
    """

    weights: np.ndarray
    location: np.ndarray
    spread: np.ndarray
    members: np.ndarray
    count: np.ndarray
    freedom: float
    margin: float
    _solved: dict[bytes, dict[int, np.ndarray]] = field(default_factory=dict, repr=False)

    def turned(self, signs: np.ndarray) -> Companions:
        """The same with the scale turned round where `signs` (S,) is -1."""
        return replace(self, location=self.location * signs[:, None, None])

    def one(self, row: int) -> tuple[Any, ...]:
        """Weights (K,), location and spread (H, K) and members (K,) of one series, and its `quantiles`."""
        used = slice(int(self.count[row]))
        parts = (self.weights[row, used], self.location[row, :, used], self.spread[row, :, used])
        return *parts, self.members[row, used], partial(self.quantiles, row)

    def quantiles(self, row: int, levels: np.ndarray) -> np.ndarray:
        """Shares at `levels` (Q,) of one series, (H, Q).

        The first series asked for some levels is solved alone, the second brings all: a question to one series costs
        what it costs alone, the same question to many is answered together.
        """
        key = levels.tobytes()
        known = self._solved.get(key)
        if known is None:
            if len(self._solved) >= _LEVELS_KEPT:
                self._solved.pop(next(iter(self._solved)))
            known = self._solved[key] = {row: self._solve(np.array([row]), levels)[0]}
        elif row not in known:
            known = self._solved[key] = dict(enumerate(self._solve(np.arange(len(self.count)), levels)))
        return known[row].copy()

    def _solve(self, rows: np.ndarray, levels: np.ndarray) -> np.ndarray:
        """Shares at `levels` of some series, (R, H, Q), those with about as many members next to one another."""
        horizons = self.location.shape[1]
        order = np.argsort(self.count[rows], kind="stable")
        rows = rows[order]
        used = self.count[rows].max()
        location, spread = (
            np.ascontiguousarray(part[rows, :, :used].reshape(-1, used).T)
            for part in (self.location, self.spread)
        )
        weights = np.ascontiguousarray(np.repeat(self.weights[rows, :used], horizons, axis=0).T)
        line = roots(Mixtures(weights, location, spread, self.freedom), levels[None, :])
        found = np.empty((len(rows), horizons, len(levels)))
        found[order] = from_line(line.reshape(found.shape), self.margin)
        return found
