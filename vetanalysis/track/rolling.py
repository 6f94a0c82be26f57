"""Rolling origins: stand at the end of each past year, project what was then to come, look at what came.

Nothing after an origin is read before the projections of that origin are made: a method is handed the rows up to
the origin and no other, and the targets are set from the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vetanalysis.track.methods import QUICK, SLOW, Method, Spread, on_track
from vetanalysis.track.scores import LEVELS, crps_quantiles

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
    from vetanalysis.observation_table import to_share
    from vetanalysis.series import pieces

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
    for origin in table.index[:-1] if origins is None else origins:
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


def _forecasts(made: Spread, future: np.ndarray, base: pd.DataFrame) -> pd.DataFrame:
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
