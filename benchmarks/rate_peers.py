"""What an analyst could pick instead, answered in the same form on the same tasks."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
from scipy.special import ndtr, ndtri

from benchmarks.rate_scores import ALL_LEVELS, Answers
from benchmarks.rate_tasks import HORIZONS, Tasks
from vetanalysis.track.methods import damped_path, theta_path


def drift(tasks: Tasks) -> Answers:
    """Random walk with drift from first to last figure, normal intervals: the reference."""
    n, pace = tasks.length, (tasks.last - tasks.history[:, 0]) / (tasks.length - 1)
    rest = np.diff(tasks.history, axis=1) - pace[:, None]
    size = np.sqrt(np.nansum(rest**2, axis=1) / np.maximum(n - 2, 1))
    spread = size[:, None] * np.sqrt(HORIZONS + HORIZONS**2 / (n - 1)[:, None])
    return _normal(tasks, tasks.last[:, None] + pace[:, None] * HORIZONS, spread)


def last_value(tasks: Tasks) -> Answers:
    """The last figure with the normal interval of a random walk."""
    size = np.sqrt(np.nanmean(np.diff(tasks.history, axis=1) ** 2, axis=1))
    spread = size[:, None] * np.sqrt(HORIZONS)
    return _normal(tasks, np.repeat(tasks.last[:, None], len(HORIZONS), axis=1), spread)


def theta(tasks: Tasks) -> Answers:
    """statsmodels' ThetaModel, fitted as the track record fits it."""
    return _each(tasks, theta_path)


def damped_smoothing(tasks: Tasks) -> Answers:
    """statsmodels' ETSModel with damped additive trend, fitted as the track record fits it."""
    return _each(tasks, damped_path)


PEERS: dict[str, Callable[[Tasks], Answers]] = {
    "last value": last_value,
    "statsmodels Theta": theta,
    "statsmodels ETS damped": damped_smoothing,
}


def _each(tasks: Tasks, one: Callable[[np.ndarray, int], tuple[np.ndarray, np.ndarray]]) -> Answers:
    """A method fitted series by series; where it fails the last value stands in, as an analyst would do."""
    middle = np.repeat(tasks.last[:, None], len(HORIZONS), axis=1)
    spread = np.full_like(middle, 1e-6)
    for row, (history, length) in enumerate(zip(tasks.history, tasks.length, strict=True)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                path, upper = one(history[:length], int(HORIZONS.max()))
            except (ValueError, np.linalg.LinAlgError, ZeroDivisionError):
                continue
        centre, width = path[HORIZONS - 1], (upper - path)[HORIZONS - 1] / ndtri(0.9)
        if np.isfinite(centre).all() and np.isfinite(width).all():
            middle[row], spread[row] = centre, width
    return _normal(tasks, middle, spread)


def _normal(tasks: Tasks, middle: np.ndarray, spread: np.ndarray) -> Answers:
    spread = np.maximum(spread, 1e-9)[:, :, None]
    away = (tasks.targets - middle[:, :, None]) / spread * tasks.better[:, None, None]
    return Answers(middle[:, :, None] + spread * ndtri(ALL_LEVELS), 1 - ndtr(away))
