"""A projection in closed form: a mixture of Student t distributions on the logit scale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from vetanalysis.forecast.bounded import from_line, to_line
from vetanalysis.forecast.projection import Projection
from vetanalysis.forecast.student import cdf_pdf, ppf

_STEPS = 60
_LAST_STEP = 1e-5
_OUTERMOST = 1e-15


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
        levels = np.broadcast_to(levels, (len(self.periods), levels.shape[-1]))
        return from_line(self._line_quantiles(levels), self.margin)

    def _line_quantiles(self, levels: np.ndarray) -> np.ndarray:
        """Roots of the distribution function by Halley's method inside a bracket that always holds them.

        The last step is no larger than `_LAST_STEP` of the width of the distribution, and the error after it is of the
        third order in it.
        """
        inside = np.clip(levels, _OUTERMOST, 1 - _OUTERMOST)
        each = ppf(inside, self.freedom)[:, :, None] * self.spread[:, None, :] + self.location[:, None, :]
        low, high = each.min(axis=2), each.max(axis=2)
        z = (each * self.weights).sum(axis=2)
        width = (self.spread * self.weights).sum(axis=1)[:, None]
        for _ in range(_STEPS):
            below, density, bend = self._cdf_pdf(z)
            low, high = np.where(below <= inside, z, low), np.where(below >= inside, z, high)
            with np.errstate(divide="ignore", invalid="ignore"):
                newton = (below - inside) / density
                step = z - newton / (1 - np.clip(newton * bend / (2 * density), -0.5, 0.5))
            ahead = np.where((step >= low) & (step <= high), step, (low + high) / 2)
            done = np.all(np.abs(ahead - z) <= _LAST_STEP * width)
            z = ahead
            if done:
                break
        return np.where(levels <= 0, -np.inf, np.where(levels >= 1, np.inf, z))

    def _cdf_pdf(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Distribution function, density and its derivative at z, shape (H, T), on the logit scale."""
        narrow = 1 / self.spread
        x = (z[:, :, None] - self.location[:, None, :]) * narrow[:, None, :]
        below, density, bend = cdf_pdf(x, self.freedom)
        first = (self.weights * narrow)[:, :, None]
        second = (self.weights * narrow * narrow)[:, :, None]
        return below @ self.weights, (density @ first)[:, :, 0], (bend @ second)[:, :, 0]

    def _below(self, values: np.ndarray, inclusive: bool) -> np.ndarray:
        with np.errstate(divide="ignore"):
            z = to_line(np.clip(values, 0.0, 1.0), self.margin)
        infinite = np.isinf(z)
        below = self._cdf_pdf(np.where(infinite, 0.0, z))[0]
        below = np.where(infinite, (z > 0).astype(float), below)
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
