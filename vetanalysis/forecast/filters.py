"""Local-level and damped-trend filters of many short yearly series at once.

Every series is seen by every member of a grid of state-space models

    y_t = l_t + e_t,                 e ~ N(0, r s^2)
    l_t = l_{t-1} + b_t + u_t,       u ~ N(0, q s^2)
    b_t = phi b_{t-1} + w_t,         w ~ N(0, k s^2),     b_1 ~ N(b0, tau^2 s^2)

in which s, the size of a usual yearly change, is common and unknown. With an inverse gamma prior on
s^2 it is integrated out exactly, and a coming value has a Student t distribution (West & Harrison 1997,
Bayesian Forecasting and Dynamic Models, section 4.5). A missing year is a step without an observation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


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


def run(z: np.ndarray, grid: Grid, extra: np.ndarray | None = None, memory: float = 1.0) -> Filtered:
    """Filter `z`, shape (S, T): rows begin with an observation, later NaN is a missing year.

    `extra`: known observation variance of each figure in units of s^2, shape (S, T, G) (0 where none is
    known). Rows may end in NaN: the state is the one after the last observation. `memory`: how much of the
    evidence on the size of changes and on the fit of a member is left after a year (1: all; variance
    discounting of West & Harrison 1997, section 10.8): old years say less about how a series moves now.
    """
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
    for t in range(1, z.shape[1]):
        going = (t <= last)[:, None]
        new = seen[:, t][:, None] & going
        step, clb, cbb = (slope, plb, pbb) if t == 1 else (phi * slope, phi * plb, phi * phi * pbb + k)
        ahead = level + step
        all_ = pll + 2 * clb + cbb + q
        alb = clb + cbb
        variance = all_ + r if extra is None else all_ + r + extra[:, t]
        error = np.where(new, z[:, t : t + 1] - ahead, 0.0)
        gain_l, gain_b = np.where(new, all_ / variance, 0.0), np.where(new, alb / variance, 0.0)
        fade = np.where(going, memory, 1.0)
        squares = fade * squares + error * error / variance
        log_det = fade * log_det + np.where(new, np.log(variance), 0.0)
        errors = fade * errors + new
        level = np.where(going, ahead + gain_l * error, level)
        slope = np.where(going, step + gain_b * error, slope)
        pll = np.where(going, all_ - gain_l * all_, pll)
        pbb = np.where(going, cbb - gain_b * alb, pbb)
        plb = np.where(going, alb - gain_l * alb, plb)
    return Filtered(level, slope, pll, plb, pbb, squares, log_det, errors[:, 0], seen.sum(axis=1))
