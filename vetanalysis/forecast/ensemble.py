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
    _terms: dict[tuple[int, ...], tuple[np.ndarray, ...]] = field(default_factory=dict, repr=False)

    def freedom(self, row: int) -> float:
        """Degrees of freedom of every member for one series, rounded down to an even number.

        For these the distribution function is a short algebraic expression.
        """
        return float(max(2 * np.floor((self.prior.freedom + self.filtered.errors[row]) / 2), 2))

    def weights(self, row: int, factor: float = 1.0) -> np.ndarray:
        """Posterior weights of the members for one series, shape (M,), with all scales times `factor`."""
        if factor not in self._evidence:
            self._evidence[factor] = log_evidence(self.filtered, self.members, self.prior.freedom, factor)
        log_weight = self._log_prior(int(self.filtered.points[row])) + self._evidence[factor][row]
        weight = np.exp(log_weight - log_weight.max())
        return weight / weight.sum()

    def predict(
        self, row: int, ahead: np.ndarray, factor: float = 1.0, published: bool = True
    ) -> tuple[np.ndarray, ...]:
        """Members that count for one series: weights (K,), location and spread (H, K), their index (K,)."""
        weight = self.weights(row, factor)
        keep = np.flatnonzero(weight > NEGLIGIBLE)
        weight = weight[keep]
        weight = weight / weight.sum()
        reach, squared, noise = self._horizon_terms(tuple(ahead.tolist()))
        f, freedom = self.filtered, self.prior.freedom
        location = f.level[row] + reach * f.slope[row]
        variance = f.level_var[row] + 2 * reach * f.cross_var[row] + squared * f.slope_var[row] + noise
        chosen = self.members.index[keep]
        squares = freedom * (self.members.scale[keep] * factor) ** 2 + f.squares[row][chosen]
        spread = np.sqrt(variance[:, chosen] * (squares / (freedom + f.errors[row])))
        return with_jump(weight, location[:, chosen], spread, keep, self.prior)

    def _log_prior(self, points: int) -> np.ndarray:
        """Logarithm of the prior weights for a history of `points` figures, (M,)."""
        if points not in self._prior_weights:
            with np.errstate(divide="ignore"):
                self._prior_weights[points] = np.log(self.prior.weights_for(points))
        return self._prior_weights[points]

    def _horizon_terms(self, ahead: tuple[int, ...]) -> tuple[np.ndarray, ...]:
        """`horizon_terms`, with the square of the first between."""
        if ahead not in self._terms:
            reach, noise = horizon_terms(self.members.grid, np.array(ahead))
            self._terms[ahead] = reach, reach**2, noise
        return self._terms[ahead]

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


def with_jump(
    weight: np.ndarray, location: np.ndarray, spread: np.ndarray, keep: np.ndarray, prior: Prior
) -> tuple[np.ndarray, ...]:
    """Members as in `predict`, the spread of each times `prior.calm`, and one wide member for jumps.

    The wide member has the mean of all, `prior.jump_size` times their standard deviation and the weight
    `prior.jump`; within a path it moves as the heaviest member does.
    """
    if not prior.jump:
        return weight, location, spread * prior.calm, keep
    mean = (location @ weight)[:, None]
    wide = prior.jump_size * np.sqrt((spread**2 + (location - mean) ** 2) @ weight)[:, None]
    return (
        np.concatenate([weight * (1 - prior.jump), [prior.jump]]),
        np.concatenate([location, mean], axis=1),
        np.concatenate([spread * prior.calm, wide * prior.calm], axis=1),
        np.append(keep, keep[weight.argmax()]),
    )


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
