"""Observations laid out by time: for every unit, indicator and breakdown one line of steps.

Totals are put together from the levels the plan counts (courses under three months stay apart), from sources
of money or from channels, where no total was reported; groups overlap and never add up to one. Running totals
and steps alone (quarters, in a plan that counts by month months) follow each from the other, with corrections shown
instead of hidden.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from vetanalysis.observations.checks import BREAKDOWNS, are_totals, numbered
from vetanalysis.observations.table import latest_vintage
from vetanalysis.periods import parse_cutoff
from vetanalysis.plan.catalogue import PARTS

if TYPE_CHECKING:
    from vetanalysis.periods import Calendar, Cutoff
    from vetanalysis.plan import Plan
    from vetanalysis.plan.catalogue import Entry

DIMENSIONS = tuple(name for name in BREAKDOWNS if name != "trade")
KEY = ["unit", "indicator", *DIMENSIONS]
ALL_LEVELS = "*"  # a level for the sum over all levels, those that the plan does not count among them


def rows_of(table: pd.DataFrame, *names: str) -> list[tuple[Any, ...]]:
    """The cells of some columns row by row; much faster than going through the columns of a table themselves."""
    return list(zip(*(table[name].tolist() for name in names), strict=True))


def among(table: pd.DataFrame, lines: Collection[tuple[str, str]]) -> np.ndarray:
    """Which rows are of one of these units and indicators."""
    return np.array([one in lines for one in rows_of(table, "unit", "indicator")], dtype=bool)


class LeftOut(NamedTuple):
    """The newest figure of a definition that is not the plan's."""

    base: str
    concept: str
    value: float
    period: str


@dataclass(frozen=True)
class Tally:
    """`keys`: one row per unit, indicator and breakdown; the arrays have the same rows and one column per step.

    `calendar`: how many steps a year has. `first_year`: the year of the first columns. `total`: running totals, or the
    stock at the end of the step, or the figure of the period; `alone`: steps alone (only where totals run). `source`:
    row of `rows` that the figure comes from (-1: none). `corrected`: an earlier figure must have been wrong.
    `other`: (unit, indicator) -> what was left out because it follows another definition.
    """

    keys: pd.DataFrame
    first_year: int
    total: np.ndarray
    alone: np.ndarray
    source: np.ndarray
    corrected: np.ndarray
    rows: pd.DataFrame
    other: dict[tuple[str, str], LeftOut]
    calendar: Calendar

    def place(self, cutoff: Cutoff) -> int:
        """Column of a cut-off; the start of a year is the end of the year before. Negative: before the first year."""
        return (cutoff.year - self.first_year) * self.calendar.steps + self.calendar.steps_at(cutoff) - 1

    @cached_property
    def periods(self) -> tuple[str, ...]:
        """The cut-offs whose figures stand in the columns."""
        years, steps = self.total.shape[1] // self.calendar.steps, range(1, self.calendar.steps + 1)
        each = ((self.first_year + year, step) for year in range(years) for step in steps)
        return tuple(str(self.calendar.cutoff(*one)) for one in each)


def tally(plan: Plan, obs: pd.DataFrame, cutoff: Cutoff, entries: dict[str, Entry]) -> Tally:
    """Lay out everything known up to the cut-off about the plan's indicators and units."""
    chosen = _chosen(plan, obs, cutoff, entries)
    chosen, other = _one_definition(plan, chosen)
    rows = _slices(plan, chosen)
    basis = {name: one.basis for name, one in entries.items()} | {
        name: kind for name, (_, kind) in PARTS.items()
    }
    codes, keys = _codes(rows)
    first = int(rows["year"].min()) if len(rows) else cutoff.year - 1
    first = min(first, cutoff.year - 1)
    steps = plan.calendar.steps
    width = (cutoff.year - first + 1) * steps
    shape = (len(keys), width)
    total, alone, quarters = (np.full(shape, np.nan) for _ in range(3))
    source = np.full(shape, -1)
    column = ((rows["year"] - first) * steps + rows["step"] - 1).to_numpy(dtype=int)
    apart = (rows["basis"] == "period").to_numpy() & (rows["indicator"].map(basis) == "cumulative").to_numpy()
    by_quarter = apart & (rows["of_quarter"].to_numpy(dtype=bool) & (steps != 4))
    value = rows["value"].to_numpy(dtype=float)
    for layer, mine in ((total, ~apart), (alone, apart & ~by_quarter), (quarters, by_quarter)):
        layer[codes[mine], column[mine]] = value[mine]
    source[codes, column] = np.arange(len(rows))
    corrected = np.zeros(shape, dtype=bool)
    runs = (keys["indicator"].map(basis) == "cumulative").to_numpy()
    if runs.any():
        folded = (int(runs.sum()), width // steps, steps)
        totals, apart = complete(*(layer[runs].reshape(folded) for layer in (total, alone, quarters)))
        total[runs] = totals.values.reshape(-1, width)
        alone[runs] = apart.values.reshape(-1, width)
        corrected[runs] = apart.corrected.reshape(-1, width)
    return Tally(keys, first, total, alone, source, corrected, rows, other, plan.calendar)


def _chosen(plan: Plan, obs: pd.DataFrame, cutoff: Cutoff, entries: dict[str, Entry]) -> pd.DataFrame:
    """The figures that may enter: the plan's units and indicators, the measure of the indicator, up to the cut-off."""
    measures = {name: one.measure for name, one in entries.items()} | {
        name: m for name, (m, _) in PARTS.items()
    }
    wanted = obs["indicator"].isin(list(measures)) & obs["unit"].isin(set(plan.units["code"]))
    frame = obs[wanted.to_numpy() & obs["value"].notna().to_numpy() & (obs["trade"] == "").to_numpy()]
    periods = frame["period"].astype("category")
    names, steps = [parse_cutoff(name) for name in periods.cat.categories], plan.calendar.steps
    codes = periods.cat.codes.to_numpy()
    of_quarter = [name[5:6] == "Q" for name in periods.cat.categories]
    told = {
        "year": [name.year for name in names],
        "step": [plan.calendar.steps_at(name) for name in names],
        "of_quarter": of_quarter,
        "counted": [steps == 12 or name[5:6] != "M" for name in periods.cat.categories],
    }
    frame = frame.assign(**{name: np.array(values, dtype=int)[codes] for name, values in told.items()})
    frame = frame[frame["counted"] == 1]
    at_start = frame["step"] == 0  # the stock at the start of a year is that at the end of the year before
    if at_start.any():
        frame = frame.assign(year=frame["year"] - at_start, step=frame["step"].where(~at_start, steps))
    known = (frame["year"] * steps + frame["step"]) <= cutoff.year * steps + plan.calendar.steps_at(cutoff)
    same = frame["measure"].astype(object) == frame["indicator"].map(measures).astype(object)
    basis = frame["indicator"].map({name: one.basis for name, one in entries.items()})
    people = {target.indicator for target in plan.targets if not target.is_rate}
    needed = (frame["year"] >= cutoff.year - 1) | (frame["step"] == steps) | (basis != "cumulative")
    return _newest(frame[known & same & (needed | frame["indicator"].isin(people))])


def _newest(frame: pd.DataFrame) -> pd.DataFrame:
    """One figure per key: the newest vintage; only keys that stand more than once are looked at."""
    key = ["unit", "period", "indicator", *BREAKDOWNS, "basis", "base", "concept"]
    twice = frame.duplicated(key, keep=False)
    if not twice.any():
        return frame
    newest = latest_vintage(frame[twice])
    newest = newest.sort_values("illustrative", kind="stable").drop_duplicates(
        key
    )  # a real figure before an invented one
    return pd.concat([frame[~twice], newest], ignore_index=True)


def _one_definition(plan: Plan, frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[tuple[str, str], LeftOut]]:
    """Only one base and concept per indicator: the target's, else that of the newest figure; what is left out is told.

    A return that names neither base nor concept follows the plan's own form, and so the target's definition.
    """
    if frame.empty:
        return frame, {}
    stated = (frame["base"] != "") | (frame["concept"] != "")
    definition = frame["base"].astype(str) + "|" + frame["concept"].astype(str)
    wanted = {target.indicator: f"{target.base}|{target.concept}" for target in plan.targets}
    order = frame["year"] * plan.calendar.steps + frame["step"]
    for name in frame.loc[stated, "indicator"].unique():
        if name not in wanted or wanted[name] == "|":
            mine = (frame["indicator"] == name) & stated
            wanted[name] = definition[order[mine].idxmax()]
    keep = ~stated | (definition == frame["indicator"].map(wanted).fillna("|"))
    left = frame[~keep].assign(definition=definition[~keep], order=order[~keep]).sort_values("order")
    left = left[are_totals(left)]
    told = (LeftOut(*values) for values in rows_of(left, *LeftOut._fields))
    return frame[keep], dict(zip(rows_of(left, "unit", "indicator"), told, strict=True))


def _slices(plan: Plan, frame: pd.DataFrame) -> pd.DataFrame:
    """Totals and single breakdowns: as reported, or added up over the counted levels, sources or channels."""
    counted = [level.id for level in plan.levels if level.counted]
    filled = {name: (frame[name] != "").to_numpy() for name in BREAKDOWNS}
    number = sum(filled.values(), np.zeros(len(frame), dtype=int))
    alone = {name: (number == 1) & filled[name] for name in BREAKDOWNS}
    is_counted = frame["level"].isin(counted).to_numpy()
    apart = frame.loc[filled["level"] & ~is_counted, "indicator"].unique()
    of_all = alone["level"] & frame["indicator"].isin(apart).to_numpy()
    others = ("sex", "group", "residence")
    ways: list[tuple[np.ndarray, str, int]] = [  # which rows, of which breakdown, the lower the better
        (is_counted & (number == 1), "", 0),
        *((is_counted & filled[name] & (number == 2), name, 0) for name in others),
        (alone["level"], "level", 0),
        (number == 0, "", 1),
        *((alone[name], name, 1) for name in others),
        (of_all, ALL_LEVELS, 0),
        *((alone[name], *way) for name in ("fund_source", "channel") for way in ((name, 0), ("", 2))),
    ]
    rows = [np.flatnonzero(mask) for mask, _, _ in ways]
    of, rank = (np.repeat([way[at] for way in ways], [*map(len, rows)]) for at in (1, 2))
    table = frame.iloc[np.concatenate(rows)].reset_index(drop=True).assign(rank=rank)
    for name in DIMENSIONS:
        table[name] = table[name].where(of == name, "")
    table["level"] = table["level"].mask(of == ALL_LEVELS, ALL_LEVELS)
    return _added(table)


def _added(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of one slice added up, with the number of their `line`; of several ways to a slice the lowest rank."""
    frame = frame.assign(line=numbered(frame, KEY))
    codes = numbered(frame, ("year", "step", "of_quarter", "basis"), frame["line"].to_numpy())
    rank = frame["rank"].to_numpy()
    best = np.full(codes.max(initial=-1) + 1, 9)
    np.minimum.at(best, codes, rank)
    taken = rank == best[codes]
    frame, codes = frame[taken], codes[taken]
    value = np.zeros(len(best))
    np.add.at(value, codes, frame["value"].to_numpy(dtype=float))
    first = pd.Series(codes).drop_duplicates().index.to_numpy()
    result = frame.iloc[first].reset_index(drop=True)
    illustrative = np.zeros(len(best), dtype=bool)
    np.logical_or.at(illustrative, codes, frame["illustrative"].to_numpy(dtype=bool))
    order = codes[first]
    return result.assign(value=value[order], illustrative=illustrative[order])


def _codes(rows: pd.DataFrame) -> tuple[np.ndarray, pd.DataFrame]:
    keys = rows.drop_duplicates("line")[KEY].reset_index(drop=True)
    return pd.factorize(rows["line"])[0], keys


class Steps(NamedTuple):
    """Values by step on the last axis, the 4 quarters or 12 months of a year.

    `corrected` marks where an earlier figure must have changed. For a running total: it falls. For both given: the
    step does not equal the difference of the totals.
    """

    values: np.ndarray
    corrected: np.ndarray


def cumulative_to_steps(cumulative: np.ndarray) -> Steps:
    """Steps alone: total at its end - total at the end of the one before (step 1: the total itself).

    `cumulative`: (..., steps), missing as NaN. A step whose own total or the one before is missing is missing. A total
    that falls gives a negative step, marked as a correction: earlier ones were reported too high.
    """
    total = np.asarray(cumulative, dtype=float)
    before = np.concatenate([np.zeros((*total.shape[:-1], 1)), total[..., :-1]], axis=-1)
    alone = total - before
    with np.errstate(invalid="ignore"):
        return Steps(alone, alone < 0)


def complete(
    cumulative: np.ndarray, alone: np.ndarray, quarters: np.ndarray | None = None
) -> tuple[Steps, Steps]:
    """Running totals and steps alone, each filled from the other where only one was reported; (totals, steps).

    What was reported stays as it is: a gap in the totals is closed by the total before plus the step, or by the total
    after minus the steps between; where both were reported and disagree, the step is marked. `quarters`: quarters
    alone of a year counted by month, in the column of their last month: with the total three months before they
    give the total too.
    """
    total, step = np.array(cumulative, dtype=float), np.array(alone, dtype=float)
    steps = total.shape[-1]
    for place in range(steps):
        before = total[..., place - 1] if place else np.zeros(total.shape[:-1])
        total[..., place] = np.where(
            np.isnan(total[..., place]), before + step[..., place], total[..., place]
        )
        if quarters is not None and steps != 4 and place >= 2:
            before = total[..., place - 3] if place > 2 else np.zeros(total.shape[:-1])
            added = before + quarters[..., place]
            total[..., place] = np.where(np.isnan(total[..., place]), added, total[..., place])
    for place in range(steps - 2, -1, -1):
        back = total[..., place + 1] - step[..., place + 1]
        total[..., place] = np.where(np.isnan(total[..., place]), back, total[..., place])
    worked_out = cumulative_to_steps(total)
    with np.errstate(invalid="ignore"):
        disagree = np.abs(worked_out.values - step) > 1e-6 * np.maximum(1, np.abs(step))
    values = np.where(np.isnan(step), worked_out.values, step)
    return Steps(total, worked_out.corrected), Steps(values, worked_out.corrected | disagree)
