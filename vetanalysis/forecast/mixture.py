"""A projection in closed form: a mixture of Student t distributions on the logit scale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from vetanalysis.forecast.bounded import from_line, to_line
from vetanalysis.forecast.mixture_roots import Mixtures, roots
from vetanalysis.forecast.projection import Projection
from vetanalysis.forecast.student import cdf


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
    _shared: Callable[[np.ndarray], np.ndarray] | None = field(default=None, init=False, repr=False)

    def solved_by(self, shared: Callable[[np.ndarray], np.ndarray]) -> MixtureProjection:
        """The same projection, its quantiles (levels (Q,) -> shares (H, Q)) taken from `shared`.

        For series that are solved together with the same numbers. A copy with other members forgets it.
        """
        object.__setattr__(self, "_shared", shared)
        return self

    def _quantiles(self, levels: np.ndarray) -> np.ndarray:
        if self._shared is not None and levels.ndim == 1:
            return self._shared(levels)
        return from_line(roots(self._mixtures, np.atleast_2d(levels)), self.margin)

    @cached_property
    def _mixtures(self) -> Mixtures:
        """The periods as columns."""
        location, spread = (np.ascontiguousarray(part.T) for part in (self.location, self.spread))
        weights = np.broadcast_to(self.weights[:, None], location.shape)
        return Mixtures(weights, location, spread, self.freedom)

    def _cdf(self, z: np.ndarray) -> np.ndarray:
        """The distribution function at z, (H, T), on the logit scale."""
        x = z[:, :, None] - self.location[:, None, :]
        x /= self.spread[:, None, :]
        below = cdf(x, self.freedom)
        below *= self.weights
        return below.sum(axis=2)

    def _below(self, values: np.ndarray, inclusive: bool) -> np.ndarray:
        held = np.minimum(np.maximum(values, 0.0), 1.0)
        if self.margin:
            below = self._cdf(to_line(held, self.margin))
        else:
            inner = (held > 0) & (held < 1)
            below = np.where(inner, self._cdf(to_line(np.where(inner, held, 0.5), self.margin)), held)
        if held.min() > 0 and held.max() < 1:
            return below
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
