"""What an analyst could use instead for an in-year total: (task, quarters known, levels) -> quantiles."""

from __future__ import annotations

import warnings

import numpy as np
from scipy.stats import norm, t

from benchmarks.panel_totals import TotalsTask

PATHS = 400


def _parts(task: TotalsTask, quarter: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Past counts by now, past totals, the count now."""
    counted = task.quarters[:, :quarter].sum(axis=1)
    return counted[:-1], task.quarters[:-1].sum(axis=1), float(counted[-1])


def reference(task: TotalsTask, quarter: int, levels: np.ndarray) -> np.ndarray:
    """Last year's share, normal on the log scale with the root mean square of its past errors."""
    counted, totals, now = _parts(task, quarter)
    errors = np.log(totals[1:] / (counted[1:] * totals[:-1] / counted[:-1]))
    return now * totals[-1] / counted[-1] * np.exp(np.sqrt((errors**2).mean()) * norm.ppf(levels))


def last_share_point(task: TotalsTask, quarter: int, levels: np.ndarray) -> np.ndarray:
    """Last year's share without a range."""
    counted, totals, now = _parts(task, quarter)
    return np.full(len(levels), now * totals[-1] / counted[-1])


def mean_share(task: TotalsTask, quarter: int, levels: np.ndarray) -> np.ndarray:
    """The mean share of the past years, normal with their relative spread."""
    counted, totals, now = _parts(task, quarter)
    shares = counted / totals
    return now / shares.mean() * (1 + shares.std(ddof=1) / shares.mean() * norm.ppf(levels))


def mack(task: TotalsTask, quarter: int, levels: np.ndarray) -> np.ndarray:
    """Chain ladder with Mack's error and a t of J - 1 degrees of freedom."""
    from vetanalysis.forecast.nowcast import chain_ladder

    counted, totals, now = _parts(task, quarter)
    ladder = chain_ladder(now, counted, totals)
    return ladder.total + ladder.error * t.ppf(levels, ladder.degrees)


def seasonal_naive(task: TotalsTask, quarter: int, levels: np.ndarray) -> np.ndarray:
    """What was left of last year, normal with the root mean square of its past changes."""
    left = task.quarters[:-1, quarter:].sum(axis=1)
    changes = np.diff(left)
    return task.quarters[-1, :quarter].sum() + left[-1] + np.sqrt((changes**2).mean()) * norm.ppf(levels)


def ets(task: TotalsTask, quarter: int, levels: np.ndarray) -> np.ndarray:
    """statsmodels ETS(A,Ad,A) on log quarters, simulated paths of what is left."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    seen = np.log(task.quarters.ravel()[: (len(task.quarters) - 1) * 4 + quarter])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # short series: the optimiser's complaints are not ours
        model = ETSModel(
            seen, error="add", trend="add", damped_trend=True, seasonal="add", seasonal_periods=4
        )
        fitted = model.fit(disp=False)
        paths = fitted.simulate(4 - quarter, anchor="end", repetitions=PATHS, rng=1)
    left = np.exp(np.clip(np.asarray(paths).reshape(4 - quarter, PATHS), -50, 50)).sum(axis=0)
    return task.quarters[-1, :quarter].sum() + np.quantile(left, levels)


def theta(task: TotalsTask, quarter: int, levels: np.ndarray) -> np.ndarray:
    """statsmodels ThetaModel on log quarters; the range of its last quarter is used for the sum."""
    import pandas as pd
    from statsmodels.tsa.forecasting.theta import ThetaModel

    seen = np.log(task.quarters.ravel()[: (len(task.quarters) - 1) * 4 + quarter])
    index = pd.period_range("2000Q1", periods=len(seen), freq="Q")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = ThetaModel(pd.Series(seen, index=index), period=4, method="additive").fit(disp=False)
        steps = 4 - quarter
        centre = fitted.forecast(steps).to_numpy()
        upper = fitted.prediction_intervals(steps, alpha=0.3173).iloc[:, 1].to_numpy()
    spread = np.maximum(upper - centre, 0.0)
    left = np.exp(np.clip(centre[:, None] + spread[:, None] * norm.ppf(levels), -50, 50)).sum(axis=0)
    return task.quarters[-1, :quarter].sum() + left


PEERS = {
    "last year's share, no range": (last_share_point, False),
    "mean share": (mean_share, False),
    "chain ladder (Mack, t)": (mack, False),
    "seasonal naive": (seasonal_naive, False),
    "statsmodels ETSModel (A,Ad,A)": (ets, True),
    "statsmodels ThetaModel": (theta, True),
}
