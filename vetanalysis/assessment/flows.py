"""People counted over the year, put in order for projection (`Flow`): by unit, level, year and step.

What becomes part of it is decided in `counting`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from vetanalysis.forecast.nowcast import LEAST_COVERAGE
from vetanalysis.forecast.year_total import Revision, revision
from vetanalysis.periods import Calendar, Cutoff, cutoff_day, following, parse_cutoff


@dataclass(frozen=True, eq=False)
class Flow:
    """Cumulative counts of a target's people.

    `calendar`: the plan's, which says whether a year has 4 steps or 12.
    `counts`: index (level, unit, year), columns 1 to `steps`, people since the year began, NaN = not reported.
    `reported`: the same as it was published; `counts` is what follows where a running total fell (`settled`).
    `first`: the same as first told, NaN where that can be held against nothing (`first_figures`).
    `planned`: index (level, unit, year). `units`: those with a quota in the target's year, in the plan's order.
    `year`, `step`: the cut-off (step 0: nothing of the year is counted). `illustrative`: whether any figure is.
    `status`: "final" where every figure of the year is; `final`: the units of which every figure of the year is.
    `fallen`: units of which a running total of the year fell.
    `senders`: whose counts were added where no unit has a quota, none where quotas say who counts;
    `whole`: whether it is known that nobody is missing there; `sent`: by step, how many of them have a figure of the
    year, also where that is too few for a sum; `unstated`: whether its counts name no level.
    `parts`: the flow of the units below that carry the figures, where those are not the units themselves; `over`: of
    which unit each is a part. `above`: what the place reported of itself, index (level, year), its total under "".
    """

    counts: pd.DataFrame
    reported: pd.DataFrame
    first: pd.DataFrame
    planned: pd.Series
    units: tuple[str, ...]
    levels: tuple[str, ...]
    year: int
    step: int
    illustrative: bool
    status: str
    final: frozenset[str] = frozenset()
    fallen: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    whole: bool = True
    sent: Mapping[int, int] = field(default_factory=dict)
    unstated: bool = False
    parts: Flow | None = None
    over: Mapping[str, str] = field(default_factory=dict)
    above: pd.DataFrame | None = None
    calendar: Calendar = Calendar()  # noqa: RUF009 - it is frozen

    @property
    def as_reported(self) -> Flow:
        """The flow with its counts as they were published."""
        parts = None if self.parts is None else self.parts.as_reported
        return replace(self, counts=self.reported, parts=parts)

    @property
    def steps(self) -> int:
        """How many steps the year has; the last is its end."""
        return self.calendar.steps

    @property
    def lowest(self) -> Flow:
        """The flow of the units that carry the figures, at the same cut-off."""
        return self if self.parts is None else replace(self.parts, step=self.step)

    @property
    def reported_any(self) -> bool:
        """Whether any unit has a figure of the cut-off's year."""
        return bool(self.step) and bool(self.lowest.current().notna().any().any())

    @property
    def cutoff(self) -> Cutoff:
        """The cut-off as a period."""
        return self.calendar.cutoff(self.year, self.step)

    def last_counted(self, level: str | None = None) -> Flow:
        """The flow at the last cut-off of the year of which anybody has a figure; as it is where nobody has."""
        known = self.lowest.current(level).notna().any().to_numpy().nonzero()[0]
        return replace(self, step=int(known[-1]) + 1) if len(known) else self

    def current(self, level: str | None = None) -> pd.DataFrame:
        """Unit x steps 1..k of the year, all levels added or one; NaN where a unit did not report."""
        known = list(range(1, self.step + 1))
        return self.of_year(self.year, level).reindex(columns=known)

    def past(self, level: str | None = None) -> pd.DataFrame:
        """Index (unit, year), columns 1 to `steps`, the years before."""
        counts = self._by_unit[level]
        years = sorted({year for year in counts.index.unique("year") if year < self.year})
        rows = pd.MultiIndex.from_tuples(
            [(unit, year) for year in years for unit in self.units], names=["unit", "year"]
        )
        return counts.reindex(rows).dropna(how="all")

    def years(self, level: str | None = None) -> pd.DataFrame:
        """Past years of all units together: index year; a step that any unit lacks is missing.

        What the place reported of itself stands where its units are not all in.
        """
        together = added(self.past(level), self.past_plans(level))
        told = self.told_above(level)
        return together.combine_first(told[told.index < self.year])

    def told_above(self, level: str | None = None) -> pd.DataFrame:
        """What the place reported of itself, all levels together or one: index year."""
        if self.above is None or (level or "") not in self.above.index:
            return pd.DataFrame(columns=self.counts.columns, dtype=float)
        return self.above.loc[level or ""]

    def plans(self, year: int, level: str | None = None) -> pd.Series:
        """Quota by unit in a year; units without one are left out."""
        rows = self.planned[self.planned.index.get_level_values("year") == year]
        if level is not None:
            rows = rows[rows.index.get_level_values("level") == level]
        return rows.groupby(level="unit", sort=False).sum()

    def past_plans(self, level: str | None = None) -> pd.Series:
        """Quota with index (unit, year), the years before."""
        rows = self.planned[self.planned.index.get_level_values("year") < self.year]
        if level is not None:
            rows = rows[rows.index.get_level_values("level") == level]
        return rows.groupby(level=["unit", "year"]).sum()

    @cached_property
    def corrections(self) -> pd.DataFrame:
        """First and last known figure of every earlier cut-off: level, unit, year, step, `first`, `last`.

        Only of cut-offs before the present one: whoever reported again had occasion to correct, and a figure of
        today is not proven right by nobody having corrected it yet. Figures without a first one say nothing.
        Corrected is what was told again with another value: a running total that fell corrects nothing before it.
        """
        told = self.lowest
        both = pd.DataFrame({"first": told.first.stack(), "last": told.reported.stack()})
        both.index = both.index.set_names(["level", "unit", "year", "step"])
        both = both.reset_index()
        both["unit"] = both["unit"].map(self.over).fillna(both["unit"]) if self.over else both["unit"]
        before = (both["year"] < self.year) | ((both["year"] == self.year) & (both["step"] < self.step))
        return both[before & both["last"].notna()].reset_index(drop=True)

    def revision(self, level: str | None = None) -> Revision | None:
        """How the newest count of the place may yet be corrected, by what earlier cut-offs came to; None if final.

        The units' counts of a cut-off are added first, because their sum is what is corrected.
        """
        if self.status == "final":
            return None
        rows = self.corrections
        return _seen(_by_cutoff(rows if level is None else rows[rows["level"] == level], ["year", "step"]))

    def revisions(self) -> dict[Hashable, Revision]:
        """The same for each unit, its levels added, from its own corrections alone; without units that are final."""
        known = _by_cutoff(self.corrections, ["unit", "year", "step"])
        by_unit = {unit: rows for unit, rows in known.groupby(level="unit")}
        nothing = known.iloc[:0]
        return {unit: _seen(by_unit.get(unit, nothing)) for unit in self.units if unit not in self.final}

    def of_year(self, year: int, level: str | None = None) -> pd.DataFrame:
        """Unit x steps of a year, all levels added or one; NaN where a unit did not report."""
        counts = self._by_unit[level]
        rows = counts[counts.index.get_level_values("year") == year]
        return rows.droplevel("year").reindex(list(self.units))

    @cached_property
    def _by_unit(self) -> Mapping[str | None, pd.DataFrame]:
        """Counts with index (unit, year): of each level, and under None of all levels added."""
        # a level left blank where the unit reported others keeps its last count: missing is not zero
        keys = ["unit", "year"]
        reported = self.counts.notna().groupby(level=keys).transform("any")
        together = self.counts.ffill(axis=1).where(reported).groupby(level=keys).sum(min_count=1)
        nothing = together.iloc[:0]
        each = {level: rows.droplevel("level") for level, rows in self.counts.groupby(level="level")}
        return defaultdict(lambda: nothing, {None: together, **each})


def _by_cutoff(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Rows of `Flow.corrections` added; a cut-off of which too little has a first figure is left out."""
    known = rows[rows["first"].notna()].groupby(keys)[["first", "last"]].sum()
    whole = rows.groupby(keys)["last"].sum().reindex(known.index)
    return known[known["last"] >= LEAST_COVERAGE * whole]


def _seen(known: pd.DataFrame) -> Revision:
    return revision(known["first"].to_numpy(), known["last"].to_numpy())


def settled(counts: pd.DataFrame) -> pd.DataFrame:
    """Running totals (a column per step) that never fall: a later one that is lower corrects those before it.

    Whoever reports fewer people than at the cut-off before has taken some back, or has made a mistake that the checks
    of the returns tell; either way the newest figure is the one reported.
    """
    lowest = counts.iloc[:, ::-1].cummin(axis=1, skipna=True).iloc[:, ::-1]
    return counts.where(counts.isna(), lowest)


def first_figures(rows: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """The first vintage of each figure that can be held against a later one: it was told again on another day, or came
    before the next cut-off, when there was occasion to correct it.

    What came once, on a form after the next cut-off, as past years do, was never first told; figures whose day is not
    known have no first one either.
    """
    until = {
        period: cutoff_day(following(parse_cutoff(period), calendar), calendar).isoformat()
        for period in rows["period"].unique()
    }
    known = rows[rows["value"].notna() & (rows["vintage"] != "")].sort_values("vintage", kind="stable")
    figure = known.groupby(["level", "unit", "period", "basis"], sort=False).ngroup()
    day = pd.Series(pd.factorize(known["vintage"])[0], known.index)  # in order, as the rows are
    again = day != day.groupby(figure).transform("max")
    in_time = known["vintage"] <= known["period"].map(until)
    first = ~figure.duplicated()
    return known[first & (again | in_time)]


def table_of(cells: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Index (level, unit, year), a column for each step of the year, 1 to 4 or 12."""
    keys = ["level", "unit", "year", "step"]
    table = cells.dropna(subset="value").drop_duplicates(keys, keep="last").set_index(keys)["value"].unstack()
    return table.reindex(columns=list(range(1, calendar.steps + 1))).astype(float)


def dated(rows: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """The rows with year and step as numbers; without those of months where the calendar counts by quarter."""
    at = {period: parse_cutoff(period).end for period in rows["period"].unique()}
    rows = rows[
        rows["period"].map({period: calendar.has(cutoff) for period, cutoff in at.items()}).astype(bool)
    ]
    return rows.assign(
        year=[at[period].year for period in rows["period"]],
        step=[calendar.steps_at(at[period]) for period in rows["period"]],
    )


def added(past: pd.DataFrame, plans: pd.Series | None = None) -> pd.DataFrame:
    """Past years of all units together: index year; a step that any unit lacks is NaN.

    A unit without any figure of a year lacks it, unless the year's quotas (`plans`, index unit and year) are known and
    do not name it.
    """
    if past.empty:
        return past.droplevel("unit").astype(float)
    units = past.index.unique("unit")
    grouped = past.groupby(level="year")
    due = pd.Series(len(units), index=grouped.size().index)
    if plans is not None and len(plans):
        given = plans[plans > 0].index
        for year in given.unique("year").intersection(due.index):
            there = past.index[past.index.get_level_values("year") == year].unique("unit")
            named = given[given.get_level_values("year") == year].unique("unit")
            due[year] = len(there.union(units.intersection(named)))
    return grouped.sum(min_count=1).where(grouped.count().eq(due, axis=0), np.nan)
