"""A projection in closed form: a mixture of Student t distributions on the logit scale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from vetanalysis.forecast.bounded import from_line, to_line
from vetanalysis.forecast.projection import Projection
from vetanalysis.forecast.student import cdf, cdf_pdf, ppf

_STEPS = 60
_LAST_STEP = 1e-4
_OUTERMOST = 1e-15
_TINY = 1e-300


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class MixtureProjection(Projection):
    """A rate whose logit is a mixture of Student t distributions, exact and without simulation.

    `weights`: shape (K,), summing to 1. `location`, `spread`: shape (H, K), on the logit scale of
    `bounded.py` with `margin`. `freedom`: degrees of freedom common to all, `numpy.inf` for normals. `joint`:
    gives the correlation over periods of chosen members, (N,) -> (N, H, H); None: the periods are drawn
    independently.
    """

    weights: np.ndarray = field(repr=False)
    location: np.ndarray = field(repr=False)
    spread: np.ndarray = field(repr=False)
    freedom: float = np.inf
    margin: float = 0.0
    joint: Callable[[np.ndarray], np.ndarray] | None = field(default=None, repr=False)

    def _quantiles(self, levels: np.ndarray) -> np.ndarray:
        levels = np.atleast_2d(levels)
        return from_line(self._line_quantiles(levels), self.margin)

    def _line_quantiles(self, levels: np.ndarray) -> np.ndarray:
        """Roots of the distribution function by Halley's method inside a bracket that always holds them.

        The last step is no larger than `_LAST_STEP` of the width of the distribution, and the error after it is of the
        third order in it. Roots that are found are left alone while others still move.
        """
        inside = np.clip(levels, _OUTERMOST, 1 - _OUTERMOST)
        low, high, z, width = self._start(inside)
        found, low, high = z.ravel(), low.ravel(), high.ravel()
        period = np.repeat(np.arange(len(z)), z.shape[1])
        wanted = np.broadcast_to(inside, z.shape).ravel()
        still = np.arange(found.size)
        for _ in range(_STEPS):
            at, row = found[still], period[still]
            below, density, bend = self._cdf_pdf(at, row)
            miss = below - wanted
            low, high = np.where(miss <= 0, at, low), np.where(miss >= 0, at, high)
            newton = miss / np.maximum(density, _TINY)
            curve = newton * bend / (2 * np.maximum(density, _TINY))
            ahead = at - newton / (1 - np.minimum(np.maximum(curve, -0.5), 0.5))
            ahead = np.where((ahead >= low) & (ahead <= high), ahead, (low + high) / 2)
            found[still] = ahead
            open_ = np.flatnonzero(np.abs(ahead - at) > _LAST_STEP * width[row])
            if not open_.size:
                break
            still, wanted, low, high = still[open_], wanted[open_], low[open_], high[open_]
        z = found.reshape(z.shape)
        return np.where(levels <= 0, -np.inf, np.where(levels >= 1, np.inf, z))

    def _start(self, inside: np.ndarray) -> tuple[np.ndarray, ...]:
        """Bracket and first guess of the roots, (H, T) each, and the width of the distribution, (H,)."""
        t = ppf(inside, self.freedom)
        width = self.spread @ self.weights
        below, above = t * self.spread.min(axis=1)[:, None], t * self.spread.max(axis=1)[:, None]
        low = np.minimum(below, above) + self.location.min(axis=1)[:, None]
        high = np.maximum(below, above) + self.location.max(axis=1)[:, None]
        return low, high, (self.location @ self.weights)[:, None] + width[:, None] * t, width

    @cached_property
    def _narrow(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """1 / spread, and the weights of a density and of its derivative, (H, K) each."""
        narrow = 1 / self.spread
        return narrow, self.weights * narrow, self.weights * narrow * narrow

    def _cdf_pdf(self, z: np.ndarray, period: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Distribution function, density and its derivative at z of `period`, (N,) each, on the logit scale."""
        narrow, first, second = self._narrow
        x = (z[:, None] - self.location[period]) * narrow[period]
        below, density, bend = cdf_pdf(x, self.freedom)
        return (
            below @ self.weights,
            np.einsum("nk,nk->n", density, first[period]),
            np.einsum("nk,nk->n", bend, second[period]),
        )

    def _cdf(self, z: np.ndarray) -> np.ndarray:
        """The distribution function at z, (H, T), on the logit scale."""
        x = (z[:, :, None] - self.location[:, None, :]) * self._narrow[0][:, None, :]
        return cdf(x, self.freedom) @ self.weights

    def _below(self, values: np.ndarray, inclusive: bool) -> np.ndarray:
        held = np.minimum(np.maximum(values, 0.0), 1.0)
        if self.margin:
            below = self._cdf(to_line(held, self.margin))
        else:
            inner = (held > 0) & (held < 1)
            below = np.where(inner, self._cdf(to_line(np.where(inner, held, 0.5), self.margin)), held)
        if inclusive:
            return np.where(values >= 1, 1.0, np.where(values < 0, 0.0, below))
        return np.where(values <= 0, 0.0, np.where(values > 1, 1.0, below))

    def _draws(self, size: int, rng: np.random.Generator) -> np.ndarray:
        member = rng.choice(len(self.weights), size=size, p=self.weights)
        normal = rng.standard_normal((size, len(self.periods)))
        if self.joint is not None and len(self.periods) > 1:
            used, place = np.unique(member, return_inverse=True)
            root = np.linalg.cholesky(self.joint(used))[place]
            normal = np.einsum("shk,sk->sh", root, normal)
        stretch = (
            1.0 if np.isinf(self.freedom) else np.sqrt(self.freedom / rng.chisquare(self.freedom, (size, 1)))
        )
        z = self.location.T[member] + self.spread.T[member] * normal * stretch
        return from_line(z, self.margin)
