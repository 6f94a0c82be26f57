"""From filtered series to the weighted members that make a projection.

With s^2 ~ inverse gamma(f/2, f s0^2/2), m one-step errors, S their sum of standardised squares and D
the product of their variances, a member (filter, s0) has the posterior weight

    w  ~  prior weight * (f s0^2)^(f/2) * (f s0^2 + S)^(-(f+m)/2) * D^(-1/2)

and predicts y_{T+h} as a Student t with f + m degrees of freedom around a_h with the squared spread
v_h (f s0^2 + S) / (f + m), where a_h and v_h come from its filter. Errors count less the older they
are (`Prior.memory`); m, S and log D are then sums with those weights.
A small weight is left for a jump, see `with_jump`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from vetanalysis.forecast.companions import Companions
from vetanalysis.forecast.filters import Filtered, Grid, run
from vetanalysis.forecast.priors import FIELDS, Prior

NEGLIGIBLE = 1e-4


@dataclass(frozen=True, eq=False)
class Members:
    """The filters of a prior, each run once for all scales, and which filter and scale each member has."""

    grid: Grid
    index: np.ndarray
    scale: np.ndarray

    @classmethod
    def of(cls, prior: Prior, improving: bool) -> Members:
        """The members of `prior`; `improving`: the better side is known and up on this scale."""
        shapes, index = np.unique(prior.members[:, :-1], axis=0, return_inverse=True)
        columns = dict(zip(FIELDS[:-1], shapes.T, strict=True))
        mean = np.full(len(shapes), prior.slope_mean if improving else 0.0)
        mean = np.where(columns["slope_sd"] > 0, mean, 0.0)
        return cls(Grid(slope_mean=mean, **columns), index.ravel(), prior.members[:, -1])


@dataclass(frozen=True, eq=False)
class Posterior:
    """All series of one prior after their last figure; rows are series."""

    members: Members
    filtered: Filtered
    prior: Prior
    _evidence: dict[float, np.ndarray] = field(default_factory=dict, repr=False)
    _prior_weights: dict[int, np.ndarray] = field(default_factory=dict, repr=False)

    def freedom(self, row: int) -> float:
        """Degrees of freedom of every member for one series, rounded down to an even number.

        For these the distribution function is a short algebraic expression.
        """
        return float(max(2 * np.floor((self.prior.freedom + self.filtered.errors[row]) / 2), 2))

    def companions(self, rows: np.ndarray, ahead: np.ndarray, factor: float = 1.0) -> Companions:
        """What is foreseen for series of the same freedom, `ahead` steps (H,) on, with all scales times `factor`."""
        if factor not in self._evidence:
            self._evidence[factor] = log_evidence(self.filtered, self.members, self.prior.freedom, factor)
        f, index = self.filtered, self.members.index
        weight, order, count = _that_count(self._log_prior(f.points[rows]) + self._evidence[factor][rows])
        reach, noise = horizon_terms(self.members.grid, ahead)
        level, slope, level_var, cross_var, slope_var = (
            part[rows][:, None, :] for part in (f.level, f.slope, f.level_var, f.cross_var, f.slope_var)
        )
        location = level + reach * slope
        variance = level_var + 2 * reach * cross_var + reach**2 * slope_var + noise
        squares = self.prior.freedom * (self.members.scale * factor) ** 2 + f.squares[rows][:, index]
        size = squares / (self.prior.freedom + f.errors[rows])[:, None]
        chosen = index[order][:, None, :]
        location = np.take_along_axis(location, chosen, axis=2)
        size = np.take_along_axis(size, order, axis=1)[:, None, :]
        spread = np.sqrt(np.take_along_axis(variance, chosen, axis=2) * size)
        weight, location, spread, order, count = with_jump(weight, location, spread, order, count, self.prior)
        freedom = self.freedom(int(rows[0]))
        return Companions(weight, location, spread, order, count, freedom, self.prior.margin)

    def _log_prior(self, points: np.ndarray) -> np.ndarray:
        """Logarithm of the prior weights for histories of `points` figures (S,), (S, M)."""
        for count in set(points.tolist()) - self._prior_weights.keys():
            with np.errstate(divide="ignore"):
                self._prior_weights[count] = np.log(self.prior.weights_for(count))
        return np.array([self._prior_weights[count] for count in points.tolist()])

    def correlation(self, row: int, ahead: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        """Correlation of the coming figures within members, shape (N, H, H)."""
        members = self.members.index[chosen]
        return path_correlation(self.filtered, self.members.grid, row, members, members, ahead)


def log_evidence(
    filtered: Filtered, members: Members, freedom: float, factor: float = 1.0, rows: slice = slice(None)
) -> np.ndarray:
    """Logarithm of how likely each series is under each member, up to a constant of the series: (S, M)."""
    first = freedom * (members.scale * factor) ** 2
    squares = filtered.squares[rows][:, members.index]
    log_det = filtered.log_det[rows][:, members.index]
    half = 0.5 * (freedom + filtered.errors[rows])[:, None]
    return 0.5 * freedom * np.log(first) - 0.5 * log_det - half * np.log(first + squares)


def _that_count(log_weight: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Members whose weight is not negligible first, (S, M): their weights (0 for the rest), index and number (S,)."""
    weight = np.ascontiguousarray(np.exp(log_weight - log_weight.max(axis=1, keepdims=True)))
    weight /= weight.sum(axis=1, keepdims=True)
    counts = weight > NEGLIGIBLE
    order = np.argsort(~counts, axis=1, kind="stable")
    weight = np.take_along_axis(np.where(counts, weight, 0.0), order, axis=1)
    count = counts.sum(axis=1)
    order = np.where(np.arange(order.shape[1]) < count[:, None], order, order[:, :1])
    return weight / weight.sum(axis=1, keepdims=True), order, count


def with_jump(
    weight: np.ndarray,
    location: np.ndarray,
    spread: np.ndarray,
    order: np.ndarray,
    count: np.ndarray,
    prior: Prior,
) -> tuple[np.ndarray, ...]:
    """Members (S, K) as in `Companions`, the spread of each times `prior.calm`, and one wide member for jumps.

    The wide member has the mean of all, `prior.jump_size` times their standard deviation and the weight
    `prior.jump`; within a path it moves as the heaviest member does. It stands after the members that count.
    """
    if not prior.jump:
        return weight, location, spread * prior.calm, order, count
    each = weight[:, None, :]
    mean = (location * each).sum(axis=2)
    wide = prior.jump_size * np.sqrt(((spread**2 + (location - mean[:, :, None]) ** 2) * each).sum(axis=2))
    heaviest = np.take_along_axis(order, weight.argmax(axis=1)[:, None], axis=1)[:, 0]
    weight, order, location, spread = (
        np.concatenate([part, part[..., :1]], axis=-1)
        for part in (weight * (1 - prior.jump), order, location, spread)
    )
    weight[:, -1] = 0.0
    rows = np.arange(len(count))
    weight[rows, count], order[rows, count] = prior.jump, heaviest
    location[rows, :, count], spread[rows, :, count] = mean, wide
    return weight, location, spread * prior.calm, order, count + 1


def horizon_terms(grid: Grid, ahead: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For `ahead` steps, shape (H,): the sum of phi^j up to h, and the variance of what is new, both (H, G).

    The variance holds level and slope shocks and the observation noise of the coming figure, in units of s^2.
    """
    longest = int(ahead.max())
    powers = grid.persistence ** np.arange(1, longest + 1)[:, None]
    reach = np.cumsum(powers, axis=0)
    shocks = np.cumsum(np.vstack([np.ones_like(reach[:1]), 1 + reach[:-1]]) ** 2, axis=0)
    steps = ahead[:, None]
    noise = steps * grid.level_variance + grid.slope_variance * shocks[ahead - 1] + grid.observation_variance
    return reach[ahead - 1], noise


def posterior(z: np.ndarray, prior: Prior, improving: bool) -> Posterior:
    """Filter `z` (S, T), rows beginning with a figure, and keep what the prior's members know."""
    members = Members.of(prior, improving)
    return Posterior(members, run(z, members.grid, memory=prior.memory), prior)


def path_correlation(
    filtered: Filtered, grid: Grid, row: int, columns: np.ndarray, filters: np.ndarray, ahead: np.ndarray
) -> np.ndarray:
    """Correlation over `ahead` (H,) of one series' coming figures for members (N,): (N, H, H).

    `columns`: where the members stand in `filtered`; `filters`: where they stand in `grid`.
    """
    reach, _ = horizon_terms(grid, ahead)
    a = reach[:, filters].T
    phi, q = grid.persistence[filters], grid.level_variance[filters]
    k, r = grid.slope_variance[filters], grid.observation_variance[filters]
    level, cross, slope = (
        v[row][columns] for v in (filtered.level_var, filtered.cross_var, filtered.slope_var)
    )
    covariance = level[:, None, None] + cross[:, None, None] * (a[:, :, None] + a[:, None, :])
    covariance = covariance + slope[:, None, None] * a[:, :, None] * a[:, None, :]
    covariance = covariance + q[:, None, None] * np.minimum(ahead[:, None], ahead[None, :])
    for shock in range(1, int(ahead.max()) + 1):
        left = ahead - shock
        sums = np.cumsum(phi[:, None] ** np.arange(max(left.max() + 1, 1)), axis=1)
        part = np.where(left >= 0, sums[:, np.clip(left, 0, None)], 0.0)
        covariance = covariance + k[:, None, None] * part[:, :, None] * part[:, None, :]
    covariance = covariance + r[:, None, None] * np.eye(len(ahead))
    scale = np.sqrt(np.einsum("nii->ni", covariance))
    return covariance / (scale[:, :, None] * scale[:, None, :])
