"""Scores of rate projections on tasks: CRPS, Brier skill, coverage, calibration, with standard errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.rate_tasks import Tasks, family

LEVELS = np.arange(1, 20) / 20
ALL_LEVELS = np.unique(np.concatenate([LEVELS, [0.025, 0.975]]).round(3))
RESAMPLES = 400


@dataclass(frozen=True, eq=False)
class Answers:
    """A method's `quantiles` (T, H, len(ALL_LEVELS)) and P of `Tasks.targets`, (T, H, 3)."""

    quantiles: np.ndarray
    chances: np.ndarray


def crps(tasks: Tasks, answers: Answers) -> np.ndarray:
    """Twice the mean pinball loss over 19 quantiles in units of the series' mean yearly change, (T, H)."""
    quantiles = answers.quantiles[:, :, np.isin(ALL_LEVELS, LEVELS.round(3))]
    error = tasks.future[:, :, None] - quantiles
    return 2 * np.maximum(LEVELS * error, (LEVELS - 1) * error).mean(axis=-1) / tasks.change[:, None]


def scores(tasks: Tasks, answers: Answers, reference: Answers) -> dict[str, float]:
    """Every score of one method; ratios are against `reference`, standard errors draw whole families anew."""
    known = ~np.isnan(tasks.future)
    own, other = crps(tasks, answers), crps(tasks, reference)
    events = tasks.events.astype(float)
    squared = ((answers.chances - events) ** 2).mean(axis=2)
    base = np.array([events[k, h].mean() if k.any() else 0.0 for h, k in enumerate(known.T)])
    squared_base = ((base[None, :, None] - events) ** 2).mean(axis=2)
    families = np.array([family(name) for name in tasks.indicator])
    if len(set(families)) == 1:
        families = tasks.series
    sums = _sums(families, known, own, other, squared, squared_base)
    inside = {level: _inside(tasks, answers, level)[known].mean() for level in (0.8, 0.95)}
    three = np.broadcast_to(known[:, :, None], events.shape)
    each = np.broadcast_to(families[:, None, None], events.shape)[three]
    slope, intercept, slope_se = calibration_line(answers.chances[three], events[three], each)
    return {
        "crps_ratio": float(sums[:, 0].sum() / sums[:, 1].sum()),
        "crps_ratio_se": _spread(sums, lambda s: s[0] / s[1]),
        "brier_skill": float(1 - sums[:, 2].sum() / sums[:, 3].sum()),
        "brier_skill_se": _spread(sums, lambda s: 1 - s[2] / s[3]),
        "coverage_80": float(inside[0.8]),
        "coverage_95": float(inside[0.95]),
        "calibration_slope": slope,
        "calibration_slope_se": slope_se,
        "calibration_intercept": intercept,
        "ece": expected_calibration_error(answers.chances[three], events[three]),
        "tasks": int(known.sum()),
    }


def calibration_line(
    chances: np.ndarray, events: np.ndarray, groups: np.ndarray, edge: float = 0.01
) -> tuple[float, float, float]:
    """Slope and intercept of the logistic regression of events on logit P, P held within [edge, 1 - edge].

    And the standard error of the slope where events of one group (N,) hang together (Liang & Zeger 1986).
    """
    held = np.clip(chances, edge, 1 - edge)
    x = np.column_stack([np.ones_like(held), np.log(held / (1 - held))])
    beta = np.zeros(2)
    for _ in range(50):
        mean = 1 / (1 + np.exp(-x @ beta))
        inverse = np.linalg.inv((x * (mean * (1 - mean))[:, None]).T @ x)
        beta = beta + np.clip(inverse @ (x.T @ (events - mean)), -0.5, 0.5)
    names, place = np.unique(groups, return_inverse=True)
    sums = np.array([np.bincount(place, column, len(names)) for column in (x * (events - mean)[:, None]).T])
    spread = inverse @ sums @ sums.T @ inverse * len(names) / max(len(names) - 1, 1)
    return float(beta[1]), float(beta[0]), float(np.sqrt(spread[1, 1]))


def expected_calibration_error(chances: np.ndarray, events: np.ndarray, bins: int = 10) -> float:
    """Mean distance of stated chance and frequency over `bins` equal classes of the chance."""
    place = np.clip((chances * bins).astype(int), 0, bins - 1)
    gap = [abs((chances - events)[place == b].sum()) for b in range(bins)]
    return float(sum(gap) / len(chances))


def _inside(tasks: Tasks, answers: Answers, level: float) -> np.ndarray:
    low, high = (np.argmin(np.abs(ALL_LEVELS - side)) for side in ((1 - level) / 2, (1 + level) / 2))
    return (tasks.future >= answers.quantiles[:, :, low]) & (tasks.future <= answers.quantiles[:, :, high])


def _sums(families: np.ndarray, known: np.ndarray, *values: np.ndarray) -> np.ndarray:
    """Sum of every value over the known futures of each family, (families, values)."""
    names, place = np.unique(families, return_inverse=True)
    return np.array(
        [np.bincount(place, np.where(known, value, 0).sum(axis=1), len(names)) for value in values]
    ).T


def _spread(sums: np.ndarray, ratio: object) -> float:
    """Standard error of a ratio of sums when whole families are drawn anew."""
    rng = np.random.default_rng(0)
    drawn = rng.integers(0, len(sums), (RESAMPLES, len(sums)))
    return float(np.std([ratio(sums[rows].sum(axis=0)) for rows in drawn]))  # type: ignore[operator]
