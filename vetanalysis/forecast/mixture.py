"""Projections in closed form: mixtures of Student t distributions on the logit scale.

One series is a `MixtureProjection`, many together are a `MixtureBatch`; what both are computed with stands
above them:

- Student t: for whole degrees of freedom the distribution function is a finite sum (Abramowitz & Stegun 1964,
  26.7.3 and 26.7.4), seven times quicker than the incomplete beta function at the same accuracy.
- Quantiles of many mixtures at once: no step of one column touches another and each sum runs over the members
  in their order. A column has the same quantiles to the last digit whatever stands beside it, so that a batch
  gives each series what it would get alone.
- The logit scale, z = log((p + m) / (1 - p + m)): nothing leaves 0 to 1. The margin m gives a rate of exactly
  0 or 1 a finite place; the part of a distribution beyond it is probability of exactly 0 or 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from math import exp, lgamma, pi, sqrt
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from vetanalysis.forecast.projection import Projection

_LONGEST_SUM = 60


def student_t_cdf_pdf(x: np.ndarray, freedom: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """P(T <= x), the density of t with `freedom` > 0 degrees of freedom (inf: the normal) and its derivative."""
    if np.isinf(freedom):
        density = np.exp(-0.5 * x * x) / sqrt(2 * pi)
        return ndtr(x), density, -x * density
    inverse, ratio = _inverse_and_ratio(x, freedom)
    constant = exp(lgamma((freedom + 1) / 2) - lgamma(freedom / 2)) / sqrt(freedom * pi)
    if _summed(freedom):
        below = _finite_sum(x * inverse, ratio, int(freedom))
        density = _whole_power(ratio, int(freedom) // 2)
        density *= ratio if freedom % 2 else inverse
        density *= constant if freedom % 2 else constant * sqrt(freedom)
    else:
        below, density = stdtr(freedom, x), constant * ratio ** ((freedom + 1) / 2)
    bend = x * density
    bend *= ratio
    bend *= -(1 + freedom) / freedom
    return below, density, bend


def student_t_cdf(x: np.ndarray, freedom: float) -> np.ndarray:
    """P(T <= x) alone, to the last digit that of `student_t_cdf_pdf`."""
    if np.isinf(freedom):
        return ndtr(x)
    if not _summed(freedom):
        return stdtr(freedom, x)
    inverse, ratio = _inverse_and_ratio(x, freedom)
    return _finite_sum(x * inverse, ratio, int(freedom))


def student_t_quantile(level: np.ndarray, freedom: float) -> np.ndarray:
    """The value that t does not pass with probability `level`."""
    return ndtri(level) if np.isinf(freedom) else stdtrit(freedom, level)


def _summed(freedom: float) -> bool:
    return freedom == int(freedom) and freedom <= _LONGEST_SUM


def _inverse_and_ratio(x: np.ndarray, freedom: float) -> tuple[np.ndarray, np.ndarray]:
    """1 / sqrt(freedom + x^2), and freedom / (freedom + x^2), the cos^2 of arctan(x / sqrt(freedom))."""
    inverse = x * x
    inverse += freedom
    np.sqrt(inverse, out=inverse)
    np.divide(1.0, inverse, out=inverse)
    ratio = inverse * inverse
    ratio *= freedom
    return inverse, ratio


def _finite_sum(sine: np.ndarray, ratio: np.ndarray, freedom: int) -> np.ndarray:
    """The distribution function from sin and cos^2 (`ratio`) of arctan(x / sqrt(freedom)); `sine` is used up."""
    factors = [1.0]
    for j in range(2 + freedom % 2, freedom - 1, 2):
        factors.append(factors[-1] * (j - 1) / j)
    if freedom % 2 == 0:
        factors = [factor / 2 for factor in factors]
    total = ratio * factors[-1] if len(factors) > 1 else np.full_like(ratio, factors[0])
    for factor in factors[-2:0:-1]:
        total += factor
        total *= ratio
    if len(factors) > 1:
        total += factors[0]
    if freedom % 2:
        angle = np.arctan2(sine, np.sqrt(ratio))
        first = 0.0 if freedom == 1 else sine * np.sqrt(ratio) * total
        return 0.5 + (angle + first) / pi
    sine *= total
    sine += 0.5
    return sine


def _whole_power(base: np.ndarray, power: int) -> np.ndarray:
    """base ** power by multiplications, a new array."""
    result = None
    while power:
        if power % 2:
            result = base.copy() if result is None else result * base
        power //= 2
        base = base * base if power else base
    return np.ones_like(base) if result is None else result


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


def mixture_quantiles(mixtures: Mixtures, levels: np.ndarray) -> np.ndarray:
    """Quantiles at `levels`, (C, Q) or (1, Q) for all columns, by Halley's method inside a bracket that holds them.

    The last step is no larger than `_LAST_STEP` of the width of the distribution and the density changes by no more
    than about `_LAST_BEND` of itself along it; the error after it is of the third order. Roots that are found are
    left alone while others still move.
    """
    inside = np.clip(levels, _OUTERMOST, 1 - _OUTERMOST)
    terms = _Terms.of(mixtures)
    low, high, roots, width = _start(mixtures, inside)
    if inside.shape[1] >= _MANY:
        low, high, roots = _start_between_nodes(mixtures, terms, inside, (low, high, roots), width)
    shape = roots.shape
    low, high, roots = low.ravel(), high.ravel(), roots.ravel()
    wanted = np.broadcast_to(inside, shape).ravel()
    breadth = np.repeat(width, shape[1])
    column = np.repeat(np.arange(shape[0]), shape[1])
    still = np.arange(roots.size)
    for _ in range(_STEPS):
        at = roots[still]
        if still.size == roots.size:
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
        roots[still] = ahead
        step = np.abs(ahead - at) / breadth[still]
        open_ = np.flatnonzero((step > _LAST_STEP) | ((np.abs(curve) > _LAST_BEND) & (step > _NO_STEP)))
        if not open_.size:
            break
        still, wanted, low, high = still[open_], wanted[open_], low[open_], high[open_]
    return np.where(levels <= 0, -np.inf, np.where(levels >= 1, np.inf, roots.reshape(shape)))


def _start(mixtures: Mixtures, inside: np.ndarray) -> tuple[np.ndarray, ...]:
    """Bracket and first guess of the roots, (C, Q) each, and the width of the distribution, (C,)."""
    t = student_t_quantile(inside, mixtures.freedom)
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
            parts = student_t_cdf_pdf(x, self.freedom)
            for total, part, weights in zip(sums, parts, self.weights, strict=True):
                part *= weights[rows, block, None]
                total[block] = in_order(part)
        return sums


MARGIN = 0.01


def logit(share: np.ndarray, margin: float = MARGIN) -> np.ndarray:
    """log((p + margin) / (1 - p + margin)) of shares p in [0, 1]; NaN stays NaN."""
    return np.log((share + margin) / (1.0 - share + margin))


def inverse_logit(z: np.ndarray, margin: float = MARGIN) -> np.ndarray:
    """The inverse of `logit`; what lies beyond 0 or 1 is 0 or 1."""
    from scipy.special import expit

    return np.clip((1.0 + 2.0 * margin) * expit(z) - margin, 0.0, 1.0)


def logit_slope(share: np.ndarray, margin: float = MARGIN) -> np.ndarray:
    """dz/dp at a share: turns a small standard error of the share into one on the logit scale."""
    return 1.0 / (share + margin) + 1.0 / (1.0 - share + margin)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class MixtureProjection(Projection):
    """A rate whose logit is a mixture of Student t distributions, exact and without simulation.

    `weights`: shape (K,), summing to 1. `location`, `spread`: shape (H, K), on the logit scale
    with `margin`. `freedom`: degrees of freedom common to all, `numpy.inf` for normals. `joint`:
    gives the correlation over periods of chosen members, (N,) -> (N, H, H); None: the periods are drawn
    independently.
    """

    weights: np.ndarray = field(repr=False)
    location: np.ndarray = field(repr=False)
    spread: np.ndarray = field(repr=False)
    freedom: float = np.inf
    margin: float = 0.0
    joint: Callable[[np.ndarray], np.ndarray] | None = field(default=None, repr=False)
    _batch_quantiles: Callable[[np.ndarray], np.ndarray] | None = field(default=None, init=False, repr=False)

    def solved_by(self, quantiles: Callable[[np.ndarray], np.ndarray]) -> MixtureProjection:
        """The same projection, its quantiles (levels (Q,) -> shares (H, Q)) taken from `quantiles`.

        For series that are solved together with the same numbers. A copy with other members forgets it.
        """
        object.__setattr__(self, "_batch_quantiles", quantiles)
        return self

    @property
    def _is_share(self) -> bool:
        return True

    def _quantiles(self, levels: np.ndarray) -> np.ndarray:
        if self._batch_quantiles is not None and levels.ndim == 1:
            return self._batch_quantiles(levels)
        return inverse_logit(self.logit_quantiles(levels), self.margin)

    def logit_quantiles(self, levels: np.ndarray) -> np.ndarray:
        """Quantiles at `levels`, (Q,) or (H, Q), on the logit scale with `margin`, not cut at 0 and 1: (H, Q)."""
        return mixture_quantiles(self._mixtures, np.atleast_2d(levels))

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
        below = student_t_cdf(x, self.freedom)
        below *= self.weights
        return np.clip(below.sum(axis=2), 0.0, 1.0)

    def _below(self, values: np.ndarray, inclusive: bool) -> np.ndarray:
        held = np.minimum(np.maximum(values, 0.0), 1.0)
        if self.margin:
            below = self._cdf(logit(held, self.margin))
        else:
            inner = (held > 0) & (held < 1)
            below = np.where(inner, self._cdf(logit(np.where(inner, held, 0.5), self.margin)), held)
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
        return inverse_logit(z, self.margin)


_LEVELS_KEPT = 8


@dataclass(frozen=True, eq=False)
class MixtureBatch:
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

    def turned(self, signs: np.ndarray) -> MixtureBatch:
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
        line = mixture_quantiles(Mixtures(weights, location, spread, self.freedom), levels[None, :])
        shares = np.empty((len(rows), horizons, len(levels)))
        shares[order] = inverse_logit(line.reshape(shares.shape), self.margin)
        return shares
