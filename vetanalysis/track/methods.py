"""Ways to project a yearly rate, each in the same form: ours and what an analyst could pick instead.

A method takes a history (index = consecutive years, columns = series, shares, NaN where unknown, the last row
known for every column) and how many years ahead, and answers with a distribution for every column and
horizon.
"""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

_TOO_SMALL = 1e-6  # a spread below it is taken as it, so that a series that never moved has a distribution


class Predictive(ABC):
    """Distributions of N series at H horizons, in shares."""

    @abstractmethod
    def quantiles(self, levels: np.ndarray) -> np.ndarray:
        """Shape (N, H, Q)."""

    @abstractmethod
    def below(self, values: np.ndarray) -> np.ndarray:
        """P(X <= value) for values (N, H, K)."""


@dataclass(frozen=True, eq=False)
class Normals(Predictive):
    """Normal distributions, `middle` and `spread` of shape (N, H)."""

    middle: np.ndarray
    spread: np.ndarray

    def quantiles(self, levels: np.ndarray) -> np.ndarray:
        """Shape (N, H, Q)."""
        from scipy.special import ndtri

        return self.middle[..., None] + np.maximum(self.spread, _TOO_SMALL)[..., None] * ndtri(levels)

    def below(self, values: np.ndarray) -> np.ndarray:
        """P(X <= value)."""
        from scipy.special import ndtr

        return ndtr((values - self.middle[..., None]) / np.maximum(self.spread, _TOO_SMALL)[..., None])


@dataclass(frozen=True, eq=False)
class Projected(Predictive):
    """The projections of the package, one per series, each at all horizons."""

    projections: tuple

    def quantiles(self, levels: np.ndarray) -> np.ndarray:
        """Shape (N, H, Q)."""
        return np.array([projection.quantile(levels).to_numpy() for projection in self.projections])

    def below(self, values: np.ndarray) -> np.ndarray:
        """P(X <= value)."""
        steps = values.shape[2]
        return np.array(
            [
                np.column_stack(
                    [projection.probability(row[:, k], "<=").to_numpy(dtype=float) for k in range(steps)]
                )
                for projection, row in zip(self.projections, values, strict=True)
            ]
        )


Method = Callable[[pd.DataFrame, Sequence[int]], Predictive]


def ours(history: pd.DataFrame, ahead: Sequence[int]) -> Predictive:
    """`project_rates` as the assessments call it: survey figures taught by each other, more is better."""
    from vetanalysis.forecast.priors import PANEL
    from vetanalysis.forecast.rate import project_rates

    last = int(history.index[-1])
    history = history.copy()
    history.attrs["kind"] = "survey"
    projections = project_rates(history, [last + h for h in ahead], direction=">=", prior=PANEL)
    return Projected(tuple(projections[name] for name in history.columns))


def last_value(history: pd.DataFrame, ahead: Sequence[int]) -> Predictive:
    """Nothing changes: the last figure, with the normal range of a random walk without drift."""
    last, steps = _ends(history)[1], np.asarray(ahead, dtype=float)
    size = np.sqrt(np.nanmean(_yearly_changes(history) ** 2, axis=0))
    return Normals(np.repeat(last[:, None], len(steps), axis=1), size[:, None] * np.sqrt(steps))


def drift(history: pd.DataFrame, ahead: Sequence[int]) -> Predictive:
    """The line through first and last figure, with the normal range of a random walk with that drift."""
    first, last, span = _ends(history)
    steps, pace = np.asarray(ahead, dtype=float), (last - first) / span
    rest = _yearly_changes(history) - pace
    count = np.isfinite(rest).sum(axis=0)
    size = np.sqrt(np.nansum(rest**2, axis=0) / np.maximum(count - 1, 1))
    spread = size[:, None] * np.sqrt(steps + steps**2 / span[:, None])
    return Normals(last[:, None] + pace[:, None] * steps, spread)


def damped_smoothing(history: pd.DataFrame, ahead: Sequence[int]) -> Predictive:
    """statsmodels' ETSModel with damped additive trend and its own intervals."""

    return _each(history, ahead, damped_path)


def damped_path(values: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Middle and upper end of the 80 % range of `damped_smoothing` for 1 to `steps` years behind one series."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    fit = ETSModel(pd.Series(values), error="add", trend="add", damped_trend=True).fit(disp=False)
    table = fit.get_prediction(start=len(values), end=len(values) + steps - 1).summary_frame(alpha=0.2)
    return table["mean"].to_numpy(), table["pi_upper"].to_numpy()


def theta(history: pd.DataFrame, ahead: Sequence[int]) -> Predictive:
    """statsmodels' ThetaModel without season and its own intervals."""

    return _each(history, ahead, theta_path)


def theta_path(values: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Middle and upper end of the 80 % range of `theta` for 1 to `steps` years behind one series.

    It sees percent: of shares, which move by thousandths, its search for the variance stops before it has found it,
    somewhere else on every processor.
    """
    from statsmodels.tsa.forecasting.theta import ThetaModel

    fit = ThetaModel(100 * values, period=1, deseasonalize=False).fit()
    upper = np.asarray(fit.prediction_intervals(steps, alpha=0.2))[:, 1]
    return np.asarray(fit.forecast(steps)) / 100, upper / 100


QUICK: dict[str, Method] = {"ours": ours, "last_value": last_value, "drift": drift}
SLOW: dict[str, Method] = {"ets": damped_smoothing, "theta": theta}


def on_track(history: pd.DataFrame, ahead: Sequence[int], targets: np.ndarray) -> np.ndarray:
    """The CAGR rule as yes (1) or no (0) for targets (N, H, K): on track from 95 % of the growth needed.

    With target rule of Eurostat and the UN chart: (last/first)^(1/span) - 1 over (target/first)^(1/(span + h)) - 1. A
    last figure at or past the target counts as yes, as does growth where the target lies below the first figure.
    """
    first, last, span = (part[:, None, None] for part in _ends(history))
    steps = np.asarray(ahead, dtype=float)[None, :, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        seen = (last / first) ** (1 / span) - 1
        needed = (targets / first) ** (1 / (span + steps)) - 1
        ratio = seen / needed
    yes = (last >= targets) | (np.where(needed > 0, ratio >= 0.95, seen >= 0))
    return yes.astype(float)


def _ends(history: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """First and last figure of every column and the years between them."""
    values = history.to_numpy(dtype=float)
    known = np.isfinite(values)
    columns = np.arange(values.shape[1])
    first = known.argmax(axis=0)
    last = values.shape[0] - 1 - known[::-1].argmax(axis=0)
    return values[first, columns], values[last, columns], (last - first).astype(float)


def _yearly_changes(history: pd.DataFrame) -> np.ndarray:
    """Changes from year to year, NaN where one of the two is unknown."""
    return np.diff(history.to_numpy(dtype=float), axis=0)


def _each(
    history: pd.DataFrame,
    ahead: Sequence[int],
    one: Callable[[np.ndarray, int], tuple[np.ndarray, np.ndarray]],
) -> Predictive:
    """A method fitted series by series; where it fails the last value stands in, as an analyst would do."""
    from scipy.special import ndtri

    stand_in = last_value(history, ahead)
    assert isinstance(stand_in, Normals)
    middle, spread = stand_in.middle.copy(), stand_in.spread.copy()
    places = np.asarray(ahead) - 1
    for row, name in enumerate(history.columns):
        values = history[name].loc[history[name].first_valid_index() :].interpolate().to_numpy(dtype=float)
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # fits on few points complain about convergence; the result counts
            try:
                centre, upper = one(values, int(max(ahead)))
            except (ValueError, np.linalg.LinAlgError, ZeroDivisionError):
                continue
        width = (upper - centre)[places] / ndtri(0.9)
        if np.isfinite(centre[places]).all() and np.isfinite(width).all():
            middle[row], spread[row] = centre[places], width
    return Normals(middle, spread)
