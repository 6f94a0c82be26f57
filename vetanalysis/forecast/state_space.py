"""State-space filters of many short yearly series, and the weighted members they become in a projection.

Every series is seen by every member of a grid of local-level and damped-trend models

    y_t = l_t + e_t,                 e ~ N(0, r s^2)
    l_t = l_{t-1} + b_t + u_t,       u ~ N(0, q s^2)
    b_t = phi b_{t-1} + w_t,         w ~ N(0, k s^2),     b_1 ~ N(b0, tau^2 s^2)

in which s, the size of a usual yearly change, is common and unknown. With an inverse gamma prior on
s^2 it is integrated out exactly, and a coming value has a Student t distribution (West & Harrison 1997,
Bayesian Forecasting and Dynamic Models, section 4.5). A missing year is a step without an observation.

With s^2 ~ inverse gamma(f/2, f s0^2/2), m one-step errors, S their sum of standardised squares and D
the product of their variances, a member (filter, s0) has the posterior weight

    w  ~  prior weight * (f s0^2)^(f/2) * (f s0^2 + S)^(-(f+m)/2) * D^(-1/2)

and predicts y_{T+h} as a Student t with f + m degrees of freedom around a_h with the squared spread

    v_h (f s0^2 + S) / (f + m),

where a_h and v_h come from its filter. Errors count less the older they are (`Prior.memory`); m, S and log D
are then sums with those weights. A small weight is left for a jump, see `with_jump`.

Where figures of months within a year are known or asked for (`within_year`), a year has `parts` steps, 2 or 12: the
slope is that of its year and moves the level by its part, u has its part of the variance, and the slope changes as the
year begins. At the ends of years this is the model above to the last digit.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from vetanalysis.forecast.mixture import MixtureBatch
from vetanalysis.forecast.priors import FIELDS, Prior


@dataclass(frozen=True, eq=False)
class Grid:
    """Members of the ensemble, each field an array of shape (G,).

    `noise` is the part of the variance of a yearly change that is gone the next year (observation noise): r =
    noise / 2, q = 1 - noise, so that s has one meaning for all members. `persistence` is phi, `slope_sd` tau,
    `slope_mean` b0 on the logit scale, `slope_noise` k as a part of what would keep the slope's spread at
    tau: k = slope_noise (1 - phi^2) tau^2.
    """

    noise: np.ndarray
    persistence: np.ndarray
    slope_sd: np.ndarray
    slope_noise: np.ndarray
    slope_mean: np.ndarray

    @property
    def observation_variance(self) -> np.ndarray:
        """r, in units of s^2."""
        return self.noise / 2

    @property
    def level_variance(self) -> np.ndarray:
        """q, in units of s^2."""
        return 1 - self.noise

    @property
    def slope_variance(self) -> np.ndarray:
        """k, in units of s^2."""
        return self.slope_noise * (1 - self.persistence**2) * self.slope_sd**2


@dataclass(frozen=True, eq=False)
class Filtered:
    """What the members know after the last observation; arrays of shape (S, G), variances in units of s^2.

    `level`, `slope` and their covariance; `squares`: sum of squared standardised one-step errors; `log_det`:
    sum of the logarithms of their variances; `errors`: how many there were, shape (S,). In these three an
    error counts memory^a, a being its age in years. `points`: figures of each series, shape (S,).
    """

    level: np.ndarray
    slope: np.ndarray
    level_var: np.ndarray
    cross_var: np.ndarray
    slope_var: np.ndarray
    squares: np.ndarray
    log_det: np.ndarray
    errors: np.ndarray
    points: np.ndarray


def run(
    z: np.ndarray,
    grid: Grid,
    extra: np.ndarray | None = None,
    memory: float = 1.0,
    gone: np.ndarray | None = None,
    parts: int = 1,
    bound: float = np.inf,
) -> Filtered:
    """Filter `z`, shape (S, T): rows begin with an observation, later NaN is a missing year.

    `extra`: known observation variance of each figure in units of s^2, shape (S, T, G) (0 where none is
    known). Rows may end in NaN: the state is the one after the last observation. `memory`: how much of the
    evidence on the size of changes and on the fit of a member is left after a year (1: all; variance
    discounting of West & Harrison 1997, section 10.8): old years say less about how a series moves now.
    `parts`: steps of a year, 1, 2 or 12; `gone`: how many of them have gone by at each step, (S, T), 0 at a year's end
    (needed where they are more than one).
    `bound`: where a rate of 1 lies on this scale (a rate of 0 at minus that). A figure that stays at a bound says
    nothing of the size of changes, and is no evidence of it: a count of none stays none while what is behind it moves.
    """
    part = 1 / parts
    memory = memory**part
    seen = ~np.isnan(z)
    last = z.shape[1] - 1 - np.argmax(seen[:, ::-1], axis=1)
    r, q, k = grid.observation_variance, grid.level_variance, grid.slope_variance
    phi = grid.persistence
    shape = (z.shape[0], len(phi))
    level = np.repeat(z[:, :1], shape[1], axis=1)
    slope = np.broadcast_to(grid.slope_mean, shape).copy()
    pll = np.broadcast_to(r, shape) + (0.0 if extra is None else extra[:, 0])
    plb = np.zeros(shape)
    pbb = np.broadcast_to(grid.slope_sd**2, shape).copy()
    squares, log_det, errors = np.zeros(shape), np.zeros(shape), np.zeros((shape[0], 1))
    before = z[:, :1]
    for t in range(1, z.shape[1]):
        going = (t <= last)[:, None]
        new = seen[:, t][:, None] & going
        turn = True if gone is None or parts == 1 else gone[:, t : t + 1] == 1
        if t == 1 or not np.any(turn):
            step, clb, cbb = slope, plb, pbb
        elif np.all(turn):
            step, clb, cbb = phi * slope, phi * plb, phi * phi * pbb + k
        else:
            kept = np.where(turn, phi, 1.0)
            step, clb, cbb = kept * slope, kept * plb, kept * kept * pbb + np.where(turn, k, 0.0)
        ahead = level + part * step
        all_ = pll + 2 * part * clb + part * part * cbb + part * q
        alb = clb + part * cbb
        variance = all_ + r if extra is None else all_ + r + extra[:, t]
        error = np.where(new, z[:, t : t + 1] - ahead, 0.0)
        gain_l, gain_b = np.where(new, all_ / variance, 0.0), np.where(new, alb / variance, 0.0)
        fade = np.where(going, memory, 1.0)
        tells = new & ~((z[:, t : t + 1] == before) & (np.abs(before) >= bound))
        before = np.where(new, z[:, t : t + 1], before)
        squares = fade * squares + np.where(tells, error * error / variance, 0.0)
        log_det = fade * log_det + np.where(tells, np.log(variance), 0.0)
        errors = fade * errors + tells
        level = np.where(going, ahead + gain_l * error, level)
        slope = np.where(going, step + gain_b * error, slope)
        pll = np.where(going, all_ - gain_l * all_, pll)
        pbb = np.where(going, cbb - gain_b * alb, pbb)
        plb = np.where(going, alb - gain_l * alb, plb)
    return Filtered(level, slope, pll, plb, pbb, squares, log_det, errors[:, 0], seen.sum(axis=1))


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
    """All series of one prior after their last figure; rows are series.

    `weights`: of the prior's members for each series before its own figures, (S, M).
    """

    members: Members
    filtered: Filtered
    prior: Prior
    weights: np.ndarray
    _evidence: dict[float, np.ndarray] = field(default_factory=dict, repr=False)

    def freedom(self, row: int) -> float:
        """Degrees of freedom of every member for one series, rounded down to an even number.

        For these the distribution function is a short algebraic expression.
        """
        return float(max(2 * np.floor((self.prior.freedom + self.filtered.errors[row]) / 2), 2))

    def predictive(self, rows: np.ndarray, ahead: np.ndarray, factor: float) -> MixtureBatch:
        """What is foreseen for series of the same freedom, `ahead` steps (H,) on, with all scales times `factor`."""
        if factor not in self._evidence:
            self._evidence[factor] = log_evidence(self.filtered, self.members, self.prior.freedom, factor)
        f, index = self.filtered, self.members.index
        with np.errstate(divide="ignore"):
            log_weight = np.log(self.weights[rows]) + self._evidence[factor][rows]
        weight, order, count = _that_count(log_weight)
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
        return MixtureBatch(weight, location, spread, order, count, freedom, self.prior.margin)

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
    """Members (S, K) as in `MixtureBatch`, the spread of each times `prior.calm`, and one wide member for jumps.

    The wide member has the mean of all, `prior.jump_size` times their standard deviation and the weight
    `prior.jump`; within a path it moves as the heaviest member does. It stands after the members that count.
    """
    if not prior.jump:
        return weight, location, spread * prior.calm, order, count
    per_horizon = weight[:, None, :]
    mean = (location * per_horizon).sum(axis=2)
    wide = prior.jump_size * np.sqrt(
        ((spread**2 + (location - mean[:, :, None]) ** 2) * per_horizon).sum(axis=2)
    )
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


def horizon_terms(
    grid: Grid, ahead: np.ndarray, parts: int = 1, gone: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """For `ahead` steps, shape (H,): the sum of phi^j up to h, and the variance of what is new, both (H, G).

    The variance holds level and slope shocks and the observation noise of the coming figure, in units of s^2.
    `gone`: how many of the `parts` steps of its year have gone by at the last figure.
    """
    if parts > 1:
        reach, shocks, years = _reaches(grid, ahead, parts, gone)
        noise = years[:, None] * grid.level_variance + grid.slope_variance * (shocks**2).sum(axis=0)
        return reach, noise + grid.observation_variance
    longest = int(ahead.max())
    powers = grid.persistence ** np.arange(1, longest + 1)[:, None]
    reach = np.cumsum(powers, axis=0)
    shocks = np.cumsum(np.vstack([np.ones_like(reach[:1]), 1 + reach[:-1]]) ** 2, axis=0)
    steps = ahead[:, None]
    noise = steps * grid.level_variance + grid.slope_variance * shocks[ahead - 1] + grid.observation_variance
    return reach[ahead - 1], noise


def _reaches(
    grid: Grid, ahead: np.ndarray, parts: int, gone: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How far one unit of the slope, (H, G), and of each coming slope shock, (J, H, G), moves the level; years (H,)."""
    part, longest = 1 / parts, int(ahead.max())
    size = np.ones((1, len(grid.persistence)))  # of the slope and, below it, of each shock so far
    moved, table = np.zeros_like(size), np.zeros((longest, longest // parts + 2, size.shape[1]))
    for step in range(1, longest + 1):
        if (gone + step) % parts == 1 % parts:
            size = np.vstack([grid.persistence * size, np.ones_like(size[:1])])
            moved = np.vstack([moved, np.zeros_like(moved[:1])])
        moved = moved + part * size
        table[step - 1, : len(moved)] = moved
    chosen = table[ahead - 1].transpose(1, 0, 2)
    return chosen[0], chosen[1:], part * ahead


def posterior(z: np.ndarray, prior: Prior, improving: bool, weights: np.ndarray) -> Posterior:
    """Filter `z` (S, T), rows beginning with a figure, and keep what the prior's members know; `weights` (S, M)."""
    members = Members.of(prior, improving)
    filtered = run(z, members.grid, memory=prior.memory, bound=prior.bound)
    return Posterior(members, filtered, prior, weights)


def path_correlation(
    filtered: Filtered,
    grid: Grid,
    row: int,
    columns: np.ndarray,
    filters: np.ndarray,
    ahead: np.ndarray,
    parts: int = 1,
    gone: int = 0,
) -> np.ndarray:
    """Correlation over `ahead` (H,) of one series' coming figures for members (N,): (N, H, H).

    `columns`: where the members stand in `filtered`; `filters`: where they stand in `grid`.
    """
    reach, shocks, years = _reaches(grid, ahead, parts, gone)
    a, q = reach[:, filters].T, grid.level_variance[filters]
    k, r = grid.slope_variance[filters], grid.observation_variance[filters]
    level, cross, slope = (
        v[row][columns] for v in (filtered.level_var, filtered.cross_var, filtered.slope_var)
    )
    covariance = level[:, None, None] + cross[:, None, None] * (a[:, :, None] + a[:, None, :])
    covariance = covariance + slope[:, None, None] * a[:, :, None] * a[:, None, :]
    covariance = covariance + q[:, None, None] * np.minimum(years[:, None], years[None, :])
    for shock in shocks[:, :, filters]:
        covariance = covariance + k[:, None, None] * shock.T[:, :, None] * shock.T[:, None, :]
    covariance = covariance + r[:, None, None] * np.eye(len(ahead))
    scale = np.sqrt(np.einsum("nii->ni", covariance))
    return covariance / (scale[:, :, None] * scale[:, None, :])
