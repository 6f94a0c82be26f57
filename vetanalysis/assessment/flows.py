"""People counted over the year, put in order for projection (`Flow`): by unit, level, year and step.

What becomes part of it is decided in `counting`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from vetanalysis.forecast.nowcast import LEAST_COVERAGE
from vetanalysis.forecast.year_total import Revision, revision
from vetanalysis.indicators.tiers import APART, KEY, numbered
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
    `former`: of units that counted in years before and are gone or asked no more: part of the past alone.
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
    former: Flow | None = None
    calendar: Calendar = Calendar()  # noqa: RUF009 - it is frozen

    @cached_property
    def as_reported(self) -> Flow:
        """The flow with its counts as they were published."""
        parts = None if self.parts is None else self.parts.as_reported
        former = None if self.former is None else self.former.as_reported
        if (parts, former) == (self.parts, self.former) and self.reported.equals(self.counts):
            return self
        return replace(self, counts=self.reported, parts=parts, former=former)

    @property
    def steps(self) -> int:
        """How many steps the year has; the last is its end."""
        return self.calendar.steps

    @cached_property
    def lowest(self) -> Flow:
        """The flow of the units that carry the figures, at the same cut-off."""
        return self if self.parts is None else self.parts.at(self.step)

    def at(self, step: int) -> Flow:
        """The flow at another cut-off of the year."""
        return self if step == self.step else replace(self, step=step)

    @cached_property
    def reported_any(self) -> bool:
        """Whether any unit has a figure of the cut-off's year."""
        return bool(self.step) and bool(self.lowest.current().notna().any().any())

    def told_at(self, step: int) -> pd.Series:
        """People of each of the lowest units as reported at a step of the year; without those that have no figure."""
        now = self.as_reported.lowest.current()
        return now[step].dropna() if step in now else pd.Series(dtype=float)

    @property
    def cutoff(self) -> Cutoff:
        """The cut-off as a period."""
        return self.calendar.cutoff(self.year, self.step)

    def last_counted(self, level: str | None = None) -> Flow:
        """The flow at the last cut-off of the year of which anybody has a figure; as it is where nobody has."""
        known = self.lowest.current(level).notna().any().to_numpy().nonzero()[0]
        return self.at(int(known[-1]) + 1) if len(known) else self

    def current(self, level: str | None = None) -> pd.DataFrame:
        """Unit x steps 1..k of the year, all levels added or one; NaN where a unit did not report."""
        return self._once("current", level, of=self._current)

    def _current(self, level: str | None) -> pd.DataFrame:
        return self.of_year(self.year, level).iloc[:, : self.step]

    def past(self, level: str | None = None) -> pd.DataFrame:
        """Index (unit, year), columns 1 to `steps`, the years before."""
        return self._once("past", level, of=self._past)

    def _past(self, level: str | None) -> pd.DataFrame:
        years = [year for year in self._cube.years if year < self.year]
        rows = self._cube.of(level)[:, : len(years)].swapaxes(0, 1).reshape(-1, self.steps)
        names = [list(self.units) * len(years), np.repeat(np.array(years, dtype=int), len(self.units))]
        index = pd.MultiIndex.from_arrays(names, names=["unit", "year"])
        known = np.isfinite(rows).any(axis=1)
        return pd.DataFrame(rows[known], index=index[known], columns=self.counts.columns)

    def years(self, level: str | None = None) -> pd.DataFrame:
        """Past years of all units together, also of those gone since: index year; a step that any lacks is missing.

        What the place reported of itself stands where its units are not all in.
        """
        return self._once("years", level, of=self._together)

    def _together(self, level: str | None) -> pd.DataFrame:
        flows = [one for one in (self, self.former) if one is not None]
        plans = pd.concat([one.past_plans(level) for one in flows])
        together = added(pd.concat([one.past(level) for one in flows]), plans)
        told = self.told_above(level)
        told = told[told.index < self.year]
        return together.combine_first(told) if len(told) else together

    def told_above(self, level: str | None = None) -> pd.DataFrame:
        """What the place reported of itself, all levels together or one: index year."""
        if self.above is None or (level or "") not in self.above.index:
            return pd.DataFrame(columns=self.counts.columns, dtype=float)
        return self.above.loc[level or ""]

    def dates(self) -> dict[tuple[int, int], float]:
        """By year and step, in order, the count with everybody in it: ends of years, the steps of the running one.

        What the place reported of itself stands where its units are not all in.
        """
        found = {(int(year), self.steps): count for year, count in self.years()[self.steps].items()}
        now, told = self.current(), self.told_above()
        for step in now.columns if len(now) else ():
            whole = now[step].notna().all()
            of_itself = told[step].get(self.year, np.nan) if step in told else np.nan
            found[self.year, step] = now[step].sum() if whole else of_itself
        return {date: float(found[date]) for date in sorted(found) if found[date] == found[date]}

    def plans(self, year: int, level: str | None = None) -> pd.Series:
        """Quota by unit in a year; units without one are left out."""
        return self._once("plans", year, level, of=self._plans)

    def _plans(self, year: int, level: str | None) -> pd.Series:
        found: dict[str, float] = {}
        for (of, unit, when), quota in self.planned.items():
            if when == year and level in (None, of):
                found[unit] = found.get(unit, 0.0) + quota
        return pd.Series(found, index=pd.Index(list(found), name="unit"), name="planned", dtype=float)

    def past_plans(self, level: str | None = None) -> pd.Series:
        """Quota with index (unit, year), the years before."""
        return self._once("past_plans", level, of=self._past_plans)

    def _past_plans(self, level: str | None) -> pd.Series:
        found: dict[tuple[str, int], float] = {}
        for (of, unit, when), quota in self.planned.items():
            if when < self.year and level in (None, of):
                found[unit, when] = found.get((unit, when), 0.0) + quota
        names = ["unit", "year"]
        index = pd.MultiIndex.from_arrays([[one[at] for one in sorted(found)] for at in (0, 1)], names=names)
        return pd.Series([found[one] for one in sorted(found)], index=index, name="planned", dtype=float)

    def plans_together(self, level: str | None = None) -> pd.Series:
        """The quotas of the years before by year, of all units together, also of those gone since."""
        own = self.past_plans(level).groupby(level="year").sum()
        return own if self.former is None else own.add(self.former.plans_together(level), fill_value=0)

    @cached_property
    def corrections(self) -> pd.DataFrame:
        """First and last known figure of every earlier cut-off: level, unit, year, step, `first`, `last`.

        Only of cut-offs before the present one: whoever reported again had occasion to correct, and a figure of
        today is not proven right by nobody having corrected it yet. Figures without a first one say nothing.
        Corrected is what was told again with another value: a running total that fell corrects nothing before it.
        """
        told = self.lowest.reported
        level, unit, year = (told.index.get_level_values(name) for name in KEY)
        steps, last = told.columns.to_numpy(), told.to_numpy()
        due = np.where(year < self.year, self.steps + 1, np.where(year == self.year, self.step, 0))
        row, at = np.nonzero((steps < due[:, None]) & np.isfinite(last))
        first = self.lowest.first.to_numpy()[row, at]
        return pd.DataFrame(
            {"level": level[row], "unit": [self.over.get(one, one) for one in unit[row]], "year": year[row],
             "step": steps[at], "first": first, "last": last[row, at]}
        )  # fmt: skip

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
        index = pd.Index(list(self.units), name="unit")
        return pd.DataFrame(self._cube.of(level, year), index=index, columns=self.counts.columns)

    @cached_property
    def _cube(self) -> Cube:
        return Cube.of_table(self.counts, self.units)

    @cached_property
    def _answers(self) -> dict[tuple[object, ...], Any]:
        return {}

    def _once(self, *asked: Any, of: Callable[..., Any]) -> Any:
        """What `of` gives for what is asked (a name, then its arguments), worked out once."""
        if asked not in self._answers:
            self._answers[asked] = of(*asked[1:])
        return self._answers[asked]


class Cube(NamedTuple):
    """Counts (units, years, steps) of each level and, under None, of all levels added; NaN where nothing is known.

    `years`: in order.
    """

    years: tuple[int, ...]
    counts: Mapping[str | None, np.ndarray]

    @classmethod
    def of_table(cls, table: pd.DataFrame, units: Sequence[str]) -> Cube:
        """From a table with index (level, unit, year); rows of other units are left out."""
        rows = [*table.index]
        levels = {level: place for place, level in enumerate(dict.fromkeys(level for level, _, _ in rows))}
        years = {year: place for place, year in enumerate(sorted({int(year) for _, _, year in rows}))}
        codes = {code: place for place, code in enumerate(units)}
        places = [(levels[level], codes.get(unit, -1), years[year]) for level, unit, year in rows]
        level, unit, year = np.array(places, dtype=int).reshape(-1, 3).T
        counts = np.full((len(levels), len(codes), len(years), table.shape[1]), np.nan)
        mine = unit >= 0
        counts[level[mine], unit[mine], year[mine]] = table.to_numpy()[mine]
        return cls(tuple(years), {**dict(zip(levels, counts, strict=True)), None: _levels_added(counts)})

    def of(self, level: str | None, year: int | None = None) -> np.ndarray:
        """Counts (units, years, steps) of one level or of all, or (units, steps) of a year."""
        whole = self.counts[None]
        counts = self.counts.get(level, np.full_like(whole, np.nan))
        if year is None:
            return counts
        if year in self.years:
            return counts[:, self.years.index(year)]
        return np.full((len(whole), whole.shape[-1]), np.nan)


def _levels_added(counts: np.ndarray) -> np.ndarray:
    """The sum over levels (the first axis); a level left blank where others were told keeps its last count."""
    known = np.isfinite(counts)
    last = np.maximum.accumulate(np.where(known, np.arange(counts.shape[-1]), 0), axis=-1)
    kept = np.take_along_axis(counts, last, axis=-1)
    return np.where(known.any(axis=0), np.nansum(kept, axis=0), np.nan)


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
    told = counts.to_numpy(dtype=float)
    lowest = np.fmin.accumulate(told[:, ::-1], axis=1)[:, ::-1]
    return pd.DataFrame(np.where(np.isnan(told), np.nan, lowest), counts.index, counts.columns)


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
    steps = list(range(1, calendar.steps + 1))
    known = cells[cells["value"].notna() & cells["step"].isin(steps)]
    if known.empty:
        return known.set_index(KEY).reindex(columns=steps).astype(float)
    row, keys = numbered(*(known[name] for name in KEY))
    counts = np.full((len(keys), len(steps)), np.nan)
    counts[row, known["step"].to_numpy() - 1] = known[
        "value"
    ]  # of two cells of one figure the later one stays
    return pd.DataFrame(counts, pd.MultiIndex.from_tuples(keys, names=KEY), steps).sort_index()


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
    unit, units = pd.factorize(past.index.get_level_values("unit"))
    year, years = pd.factorize(past.index.get_level_values("year"), sort=True)
    counts = np.full((len(years), len(units), past.shape[1]), np.nan)
    counts[year, unit] = past.to_numpy()
    due = np.ones(counts.shape[:2], dtype=bool)
    given = set() if plans is None else set(plans.index[plans > 0])
    for place in np.flatnonzero(years.isin({one for _, one in given})):
        due[place] = [(code, years[place]) in given for code in units]
        due[place, unit[year == place]] = True
    whole = np.isfinite(counts).sum(axis=1) == due.sum(axis=1)[:, None]
    sums = np.where(whole, np.nansum(counts, axis=1), np.nan)
    return pd.DataFrame(sums, index=years.rename("year"), columns=past.columns)


def apart(own: pd.DataFrame, parts: pd.DataFrame) -> bool:
    """Whether sums of parts came to something else than the unit's own figures, where both are known."""
    parts = parts.reindex(own.index)
    mine, theirs = own.where(parts.notna()), parts.where(own.notna())
    return abs(mine.sum().sum() - theirs.sum().sum()) > APART * mine.sum().sum()
