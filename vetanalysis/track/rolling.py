"""Rolling origins: stand at the end of each past year, project, look at what came; and the scores for it.

Nothing after an origin is read before the projections of that origin are made: a method is handed the rows up
to the origin and no other, and the targets are set from the same rows.

Scores of probabilities and ranges are pure functions of arrays, outcomes first, then what was projected.
Lower is better for CRPS and Brier; a coverage, a PIT and a reliability have a right value instead. What is
not known (NaN) is left out by the callers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vetanalysis.blocks import Said
from vetanalysis.errors import WrongCall
from vetanalysis.progress import watched
from vetanalysis.track.methods import QUICK, SLOW, Method, Predictive, on_track

LEVELS = np.arange(1, 20) / 20
"""The 19 quantile levels of the CRPS, 5 % to 95 %."""

BAND = 0.95  # of the binomial acceptance bands
RESAMPLES = 1000


def crps_quantiles(outcome: np.ndarray, quantiles: np.ndarray, levels: np.ndarray = LEVELS) -> np.ndarray:
    """CRPS as twice the mean pinball loss over `levels`, in the unit of `outcome`.

    CRPS = 2 / K sum_k max(a_k (y - q_k), (a_k - 1)(y - q_k)). `outcome` (...), `quantiles` (..., K). It tends to the
    integral form as the levels become dense (Gneiting & Ranjan 2011, doi 10.1198/jbes.2010.08110).
    """
    outcome, quantiles = np.asarray(outcome, dtype=float), np.asarray(quantiles, dtype=float)
    levels = np.asarray(levels, dtype=float)
    if quantiles.shape != (*outcome.shape, len(levels)):
        raise WrongCall(
            Said(
                "calls.quantiles",
                quantiles=str(quantiles.shape),
                outcomes=str(outcome.shape),
                levels=len(levels),
            )
        )
    error = outcome[..., None] - quantiles
    return 2 * np.maximum(levels * error, (levels - 1) * error).mean(axis=-1)


def brier_score(came: np.ndarray, probability: np.ndarray) -> np.ndarray:
    """Squared distance of each probability from what came (1 it came true, 0 it did not)."""
    return (np.asarray(probability, dtype=float) - np.asarray(came, dtype=float)) ** 2


def sign_test(up: int, down: int) -> float:
    """Two-sided p-value that `up` rises and `down` falls come from a fair coin; NaN where nothing moved.

    2 P(Bin(up + down, 1/2) <= min(up, down)), at most 1 (Dixon & Mood 1946, doi 10.1080/01621459.1946.10501898). With
    five moves or fewer it never falls under 5 %.
    """
    from math import comb

    moved = up + down
    if not moved:
        return np.nan
    return min(1.0, 2 * sum(comb(moved, k) for k in range(min(up, down) + 1)) / 2**moved)


def binomial_band(share: float, cases: int, level: float = BAND) -> tuple[float, float]:
    """Between which shares `cases` independent statements of `share` come true with probability `level`.

    Quantiles of the binomial distribution over `cases`; NaN without a case.
    """
    if not 0 <= share <= 1:
        raise WrongCall(Said("calls.share", given=repr(share)))
    if cases < 1:
        return np.nan, np.nan
    from scipy.stats import binom

    tail = (1 - level) / 2
    return float(binom.ppf(tail, cases, share) / cases), float(binom.ppf(1 - tail, cases, share) / cases)


def independent_cases(cases: int, share: float, error: float) -> int:
    """To how many independent statements `cases` amount, when their share has the standard error `error`.

    n = p (1 - p) / error^2, between 1 and `cases`: what happens in one year happens to many places at once.
    """
    if cases < 1:
        return 0
    if not np.isfinite(error) or error <= 0:
        return cases
    return int(np.clip(np.floor(share * (1 - share) / error**2), 1, cases))


def pit_histogram(pit: np.ndarray, bins: int = 10) -> np.ndarray:
    """How many outcomes fell into each of `bins` equal classes of their own distribution; level when it was right."""
    pit = np.asarray(pit, dtype=float)
    if ((pit < 0) | (pit > 1)).any():
        raise WrongCall(Said("calls.pit"))
    return np.histogram(pit, bins=bins, range=(0.0, 1.0))[0]


def pit_spread(pit: np.ndarray) -> float:
    """12 times the variance of the PIT: 1 when the ranges were right, above 1 too narrow, below 1 too wide."""
    pit = np.asarray(pit, dtype=float)
    return float(12 * pit.var()) if pit.size else np.nan


def reliability(probability: np.ndarray, came: np.ndarray) -> pd.DataFrame:
    """What the words were worth: one row per status word of the probabilities, best first.

    Columns: status, said (statements), came (targets reached), share, stated (mean probability), low and high
    (the band in which the share lies with 95 % if each probability held and statements were independent).
    Words never said have said 0.
    """
    from vetanalysis.assessment.evidence import ICD203, band_of

    probability, came = np.asarray(probability, dtype=float), np.asarray(came, dtype=bool)
    if probability.shape != came.shape:
        raise WrongCall(Said("calls.outcomes", probabilities=probability.size, outcomes=came.size))
    status = np.array([band_of(p).status for p in probability], dtype=object)
    rows = []
    for band in ICD203:
        mine = status == band.status
        said, reached = int(mine.sum()), int(came[mine].sum())
        stated = float(probability[mine].mean()) if said else np.nan
        low, high = binomial_band(stated, said) if said else (np.nan, np.nan)
        rows.append((band.status, said, reached, reached / said if said else np.nan, stated, low, high))
    return pd.DataFrame(rows, columns=["status", "said", "came", "share", "stated", "low", "high"])


def skill_score(score: float, reference: float) -> float:
    """1 - score / reference: 1 perfect, 0 no better than the reference, below 0 worse; NaN for a reference of 0."""
    return 1 - score / reference if reference else np.nan


def spread_over(
    groups: np.ndarray, values: np.ndarray, ratio: Callable[[np.ndarray], Any], *, seed: int = 0
) -> float:
    """Standard error of `ratio(sums)` when whole groups (years) are drawn anew.

    `groups` (N,) labels; `values` (N, V); `ratio` takes sums (V,) over the drawn groups. Errors of one year are
    dependent, so years are drawn and not rows. NaN with fewer than two groups, and where a draw divides by nothing.
    """
    names, place = np.unique(groups, return_inverse=True)
    if len(names) < 2:
        return np.nan
    values = np.asarray(values, dtype=float).reshape(len(place), -1)
    sums = np.array([np.bincount(place, column, len(names)) for column in values.T]).T
    drawn = np.random.default_rng(seed).integers(0, len(names), (RESAMPLES, len(names)))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.array([ratio(sums[rows].sum(axis=0)) for rows in drawn], dtype=float)
    known = ratios[~np.isnan(ratios)]
    return float(known.std()) if len(known) and np.isfinite(known).all() else np.nan


HORIZONS = (1, 2, 3)
STEPS = (-1.0, 0.0, 0.5, 1.0, 2.0)
FEWEST = 4  # figures up to the origin
COVERAGES = (0.5, 0.8, 0.95)
RULE = "cagr_rule"
_ENDS = np.array([(1 - c) / 2 for c in COVERAGES] + [(1 + c) / 2 for c in COVERAGES])


@dataclass(frozen=True, eq=False)
class Rolled:
    """What was projected and what came.

    `forecasts`: a row per method, place, origin and horizon: year (origin + horizon), outcome and median
    (percent), crps (percentage points), pit, inside_50, inside_80, inside_95. `statements`: a row per method,
    place, origin, horizon and step: year, target (percent), probability, came.
    """

    forecasts: pd.DataFrame
    statements: pd.DataFrame


def rates_table(obs: pd.DataFrame, indicator: str, *, shortest: int = FEWEST + 1) -> pd.DataFrame:
    """Yearly shares of provinces and of the country, one column per unit and definition, one row per year.

    Columns are (unit, base, concept); only runs of one definition by one publisher, on the base with most
    figures, with `shortest` figures or more, none of low or medium certainty. Regions are left out: they are sums
    of the provinces. `.attrs["known"]`: the day on which the last of the figures was known.
    """
    from vetanalysis.observations.series import pieces
    from vetanalysis.observations.table import to_share

    mine = obs[(obs["indicator"] == indicator) & obs["period"].str.endswith("-FY") & obs["value"].notna()]
    if mine.empty:
        return pd.DataFrame()
    base = mine["base"].value_counts().index[0]
    units = [unit for unit in mine["unit"].unique() if not unit.startswith("R")]
    columns, days = {}, set()
    for unit in sorted(units):
        for piece in pieces(mine[mine["unit"] == unit], indicator, unit, base):
            if len(piece.values) >= shortest and all(p.certainty in ("high", "") for p in piece.points):
                columns[(unit, base, piece.concept)] = to_share(piece.values.astype(float))
                days |= {point.vintage for point in piece.points}
    if not columns:
        return pd.DataFrame()
    table = pd.DataFrame(columns)
    table = table.reindex(range(int(table.index.min()), int(table.index.max()) + 1))
    table.columns = pd.MultiIndex.from_tuples(columns, names=["unit", "base", "concept"])
    table.attrs["known"] = max(days)
    return table


def targets_at(history: pd.DataFrame, ahead: Sequence[int], steps: Sequence[float] = STEPS) -> np.ndarray:
    """Targets (N, H, K): the last figure plus `steps` times a usual change, sqrt(h) x the mean yearly change so far.

    Shares, held inside 0.1 to 99.9 %. Only figures up to the origin count.
    """
    last = history.iloc[-1].to_numpy(dtype=float)
    change = np.nanmean(np.abs(np.diff(history.to_numpy(dtype=float), axis=0)), axis=0)
    far = np.sqrt(np.asarray(ahead, dtype=float))[:, None] * np.asarray(steps, dtype=float)
    return np.clip(last[:, None, None] + change[:, None, None] * far, 0.001, 0.999)


def roll(
    table: pd.DataFrame,
    *,
    methods: Mapping[str, Method] | None = None,
    horizons: Sequence[int] = HORIZONS,
    every: int = 1,
    origins: Sequence[int] | None = None,
) -> Rolled:
    """Project from every origin with `FEWEST` figures or more, and score against the figures of the same table.

    `table`: shares by year, as from `rates_table`. `methods`: None for the quick ones; the CAGR rule is always
    there. With `every` above 1 the methods of `SLOW` see every so many-th place only. `origins`: None for all.
    """
    chosen = dict(QUICK) if methods is None else dict(methods)
    forecasts, statements = [], []
    started = table.index[:-1] if origins is None else origins
    for origin in watched(started, len(started)):
        history = table.loc[:origin]
        able = history.iloc[-1].notna() & (history.notna().sum() >= FEWEST)
        moved = history.max() > history.min()
        history = history.loc[:, able & moved]
        if not history.shape[1]:
            continue
        future = table.reindex([origin + h for h in horizons])[history.columns].to_numpy(dtype=float).T
        for name, method in chosen.items():
            seen = slice(None, None, every if name in SLOW else 1)
            part = history.iloc[:, seen]
            made = method(part, horizons)
            targets = targets_at(part, horizons)
            base = _base(part, int(origin), horizons, name)
            forecasts.append(_forecasts(made, future[seen], base))
            statements.append(_statements(1 - made.below(targets), targets, future[seen], base))
        targets = targets_at(history, horizons)
        yes = on_track(history, horizons, targets)
        base = _base(history, int(origin), horizons, RULE)
        statements.append(_statements(yes, targets, future, base))
    if not forecasts:
        return Rolled(pd.DataFrame(), pd.DataFrame())
    return Rolled(pd.concat(forecasts, ignore_index=True), pd.concat(statements, ignore_index=True))


def _base(part: pd.DataFrame, origin: int, horizons: Sequence[int], method: str) -> pd.DataFrame:
    """Method, place, origin, horizon and year of N x H forecasts, place by place."""
    units = [name[0] if isinstance(name, tuple) else str(name) for name in part.columns]
    steps = np.tile(np.asarray(horizons), len(units))
    return pd.DataFrame(
        {
            "method": method,
            "place": np.repeat(np.array(units, dtype=object), len(horizons)),
            "origin": origin,
            "horizon": steps,
            "year": origin + steps,
        }
    )


def _forecasts(made: Predictive, future: np.ndarray, base: pd.DataFrame) -> pd.DataFrame:
    known = np.isfinite(future).ravel()
    quantiles = made.quantiles(LEVELS)
    ends = made.quantiles(_ENDS)
    outcome = np.nan_to_num(future, nan=0.5)
    low, high = ends[..., : len(COVERAGES)], ends[..., len(COVERAGES) :]
    inside = (outcome[..., None] >= low) & (outcome[..., None] <= high)
    rows = base.assign(
        outcome=100 * outcome.ravel(),
        median=100 * quantiles[..., len(LEVELS) // 2].ravel(),
        crps=100 * crps_quantiles(outcome, quantiles).ravel(),
        pit=made.below(outcome[..., None]).ravel(),
        **{f"inside_{100 * c:.0f}": inside[..., k].ravel() for k, c in enumerate(COVERAGES)},
    )
    return rows[known]


def _statements(
    chance: np.ndarray, targets: np.ndarray, future: np.ndarray, base: pd.DataFrame
) -> pd.DataFrame:
    steps = targets.shape[2]
    known = np.repeat(np.isfinite(future).ravel(), steps)
    came = np.nan_to_num(future, nan=-1.0)[..., None] >= targets - 1e-12
    rows = base.loc[base.index.repeat(steps)].reset_index(drop=True)
    rows = rows.assign(
        step=np.tile(np.asarray(STEPS), len(base)),
        target=100 * targets.ravel(),
        probability=np.clip(chance.ravel(), 0.0, 1.0),
        came=came.ravel(),
    )
    return rows[known]
