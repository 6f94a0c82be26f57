"""Quantiles of many mixtures of Student t distributions at once.

Every column is a mixture of its own. Each root is found by steps that no other column touches and each sum runs over
the members in their order, so that a column has the same quantiles to the last digit whatever stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vetanalysis.forecast.student import cdf_pdf, ppf

_STEPS = 60
_LAST_STEP = 1e-4
_LAST_BEND = 1e-3
_NO_STEP = 1e-13
_OUTERMOST = 1e-15
_TINY = 1e-300
_STEEPEST = 1e-6
_MANY = 8
_TERMS_AT_ONCE = 24_576
_NODES = np.array([0.004, 0.03, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97, 0.996])


@dataclass(frozen=True, eq=False)
class Mixtures:
    """`weights`, `location` and `spread` of the members, shape (K, C): a column is a mixture, weights sum to 1.

    A column with fewer members repeats one of them with weight 0. `freedom`: degrees of freedom of all.
    """

    weights: np.ndarray
    location: np.ndarray
    spread: np.ndarray
    freedom: float


def in_order(terms: np.ndarray) -> np.ndarray:
    """The sum over the first axis, added one by one in that order."""
    if terms[0].size == 1:
        return np.cumsum(terms, axis=0)[-1]
    return np.add.reduce(terms, axis=0)


def roots(mixtures: Mixtures, levels: np.ndarray) -> np.ndarray:
    """Quantiles at `levels`, (C, Q) or (1, Q) for all columns, by Halley's method inside a bracket that holds them.

    The last step is no larger than `_LAST_STEP` of the width of the distribution and the density changes by no more
    than about `_LAST_BEND` of itself along it; the error after it is of the third order. Roots that are found are
    left alone while others still move.
    """
    inside = np.clip(levels, _OUTERMOST, 1 - _OUTERMOST)
    terms = _Terms.of(mixtures)
    low, high, found, width = _start(mixtures, inside)
    if inside.shape[1] >= _MANY:
        low, high, found = _start_between_nodes(mixtures, terms, inside, (low, high, found), width)
    shape = found.shape
    low, high, found = low.ravel(), high.ravel(), found.ravel()
    wanted = np.broadcast_to(inside, shape).ravel()
    breadth = np.repeat(width, shape[1])
    column = np.repeat(np.arange(shape[0]), shape[1])
    still = np.arange(found.size)
    for _ in range(_STEPS):
        at = found[still]
        if still.size == found.size:
            sums = terms.at(at.reshape(shape))
        else:
            sums = terms.of_columns(column[still]).at(at[:, None])
        below, density, bend = (total.ravel() for total in sums)
        miss = below - wanted
        low, high = np.where(miss <= 0, at, low), np.where(miss >= 0, at, high)
        density = np.maximum(density, _TINY)
        newton = miss / density
        curve = newton * bend / (2 * density)
        ahead = at - newton / (1 - np.minimum(np.maximum(curve, -0.5), 0.5))
        ahead = np.where((ahead >= low) & (ahead <= high), ahead, (low + high) / 2)
        found[still] = ahead
        step = np.abs(ahead - at) / breadth[still]
        open_ = np.flatnonzero((step > _LAST_STEP) | ((np.abs(curve) > _LAST_BEND) & (step > _NO_STEP)))
        if not open_.size:
            break
        still, wanted, low, high = still[open_], wanted[open_], low[open_], high[open_]
    return np.where(levels <= 0, -np.inf, np.where(levels >= 1, np.inf, found.reshape(shape)))


def _start(mixtures: Mixtures, inside: np.ndarray) -> tuple[np.ndarray, ...]:
    """Bracket and first guess of the roots, (C, Q) each, and the width of the distribution, (C,)."""
    t = ppf(inside, mixtures.freedom)
    location, spread = mixtures.location, mixtures.spread
    width = in_order(spread * mixtures.weights)
    below, above = t * spread.min(axis=0)[:, None], t * spread.max(axis=0)[:, None]
    low = np.minimum(below, above) + location.min(axis=0)[:, None]
    high = np.maximum(below, above) + location.max(axis=0)[:, None]
    return low, high, in_order(location * mixtures.weights)[:, None] + width[:, None] * t, width


def _start_between_nodes(
    mixtures: Mixtures, terms: _Terms, inside: np.ndarray, start: tuple[np.ndarray, ...], width: np.ndarray
) -> tuple[np.ndarray, ...]:
    """Nearer brackets and guesses: what is known at some places of the distribution, interpolated between them.

    The quantile as a function of log(p / (1 - p)) is taken as the polynomial of degree 5 that has its value, slope and
    bend at both neighbouring nodes. Levels beyond the outermost nodes keep their start.
    """
    nodes = _start(mixtures, _NODES[None, :])[2]
    below, density, bend = terms.at(nodes)
    below = np.clip(below, _OUTERMOST, 1 - _OUTERMOST)
    unit = below * (1 - below)
    density = np.maximum(density, _STEEPEST * unit / width[:, None])
    slope = unit / density
    curve = (unit * (1 - 2 * below) - bend * slope**2) / density
    score = np.log(below / (1 - below))
    place = (below[:, :, None] <= inside[:, None, :]).sum(axis=1) - 1
    inner = (place >= 0) & (place < len(_NODES) - 1)
    left = np.clip(place, 0, len(_NODES) - 2)
    at = np.arange(len(nodes))[:, None]
    table = np.stack([nodes, score, slope, curve])
    (z0, s0, d0, c0), (z1, s1, d1, c1) = table[:, at, left], table[:, at, left + 1]
    low, high, guess = start
    gap = s1 - s0
    inner &= gap > 0
    gap = np.where(inner, gap, 1.0)
    x = (np.log(inside / (1 - inside)) - s0) / gap
    rise, d0, d1, c0, c1 = z1 - z0, d0 * gap, d1 * gap, c0 * gap**2 / 2, c1 * gap**2 / 2
    a, b, c = rise - d0 - c0, d1 - d0 - 2 * c0, c1 - c0
    cubic, quartic, quintic = 10 * a - 4 * b + c, -15 * a + 7 * b - 2 * c, 6 * a - 3 * b + c
    between = z0 + x * (d0 + x * (c0 + x * (cubic + x * (quartic + x * quintic))))
    between = np.minimum(np.maximum(between, z0), z1)
    low, high = np.where(inner, z0, low), np.where(inner, z1, high)
    return low, high, np.where(inner, between, guess)


@dataclass(frozen=True, eq=False)
class _Terms:
    """What the sums over members need: `location`, 1 / spread, and the weights of the three sums, (K, C) each.

    `used`: members that count, (C,).
    """

    location: np.ndarray
    narrow: np.ndarray
    weights: tuple[np.ndarray, ...]
    used: np.ndarray
    freedom: float

    @classmethod
    def of(cls, mixtures: Mixtures) -> _Terms:
        narrow = 1 / mixtures.spread
        first = mixtures.weights * narrow
        used = (mixtures.weights > 0).sum(axis=0)
        weights = (mixtures.weights, first, first * narrow)
        return cls(mixtures.location, narrow, weights, used, mixtures.freedom)

    def of_columns(self, columns: np.ndarray) -> _Terms:
        """Those of some columns."""
        location, narrow, *weights = (
            np.take(part, columns, axis=1) for part in (self.location, self.narrow, *self.weights)
        )
        return _Terms(location, narrow, tuple(weights), self.used[columns], self.freedom)

    def at(self, z: np.ndarray) -> np.ndarray:
        """Distribution function, density and its derivative at z (C, Q): (3, C, Q)."""
        sums = np.empty((3, *z.shape))
        at_once = max(1, _TERMS_AT_ONCE // (len(self.location) * z.shape[1]))
        for start in range(0, len(z), at_once):
            block = slice(start, start + at_once)
            rows = slice(self.used[block].max())
            x = z[block] - self.location[rows, block, None]
            x *= self.narrow[rows, block, None]
            parts = cdf_pdf(x, self.freedom)
            for total, part, weights in zip(sums, parts, self.weights, strict=True):
                part *= weights[rows, block, None]
                total[block] = in_order(part)
        return sums
