"""People counted over the year, put in order for projection (`Flow`): by unit, level, year and step.

Only the sender type that carries the plan's quotas is added up (districts and the institutions directly under
the place), so that nobody is counted twice; courses outside the target's levels stay out.

Where no unit was given a quota, what the place reports of itself is taken first, by level or, where nothing
is told by level, as one number; else the counts of its units are added, of each branch only the highest that
reports. A cut-off is counted only where everybody is in: whoever reported within the year or the year before.
Without a quota nothing else says who is missing. Where there is no year before, that cannot be known at all,
and then no probability is given.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vetanalysis.forecast.nowcast import LEAST_COVERAGE
from vetanalysis.forecast.year_total import Revision, revision
from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.observations.table import RETURNS, latest_vintage, publisher_of
from vetanalysis.periods import Calendar, Cutoff, cutoff_day, following, parse_cutoff

if TYPE_CHECKING:
    from vetanalysis.plan import Plan, Target


@dataclass(frozen=True, eq=False)
class Flow:
    """Cumulative counts of a target's people.

    `calendar`: the plan's, which says whether a year has 4 steps or 12.
    `counts`: index (level, unit, year), columns 1 to `steps`, people since the year began, NaN = not reported.
    `reported`: the same as it was published; `counts` is what follows where a running total fell (`settled`).
    `first`: the same as first told, NaN where no figure is proven to have come in time (`first_figures`).
    `planned`: index (level, unit, year). `units`: those with a quota in the target's year, in the plan's order.
    `year`, `step`: the cut-off (step 0: nothing of the year is counted). `illustrative`: whether any figure is.
    `status`: "final" where every figure of the year is; `final`: the units of which every figure of the year is.
    `fallen`: units of which a running total of the year fell.
    `senders`: whose counts were added where no unit has a quota (`own_counts`), none where quotas say who counts;
    `whole`: whether it is known that nobody is missing there; `unstated`: whether its counts name no level.
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
    unstated: bool = False
    calendar: Calendar = Calendar()  # noqa: RUF009 - it is frozen

    @property
    def as_reported(self) -> Flow:
        """The flow with its counts as they were published."""
        return replace(self, counts=self.reported)

    @property
    def steps(self) -> int:
        """How many steps the year has; the last is its end."""
        return self.calendar.steps

    @property
    def reported_any(self) -> bool:
        """Whether any unit has a figure of the cut-off's year."""
        return bool(self.step) and bool(self.current().notna().any().any())

    @property
    def cutoff(self) -> Cutoff:
        """The cut-off as a period."""
        return self.calendar.cutoff(self.year, self.step)

    def last_counted(self, level: str | None = None) -> Flow:
        """The flow at the last cut-off of the year of which anybody has a figure; as it is where nobody has."""
        known = self.current(level).notna().any().to_numpy().nonzero()[0]
        return replace(self, step=int(known[-1]) + 1) if len(known) else self

    def current(self, level: str | None = None) -> pd.DataFrame:
        """Unit x steps 1..k of the year, all levels added or one; NaN where a unit did not report."""
        known = list(range(1, self.step + 1))
        return self._of_year(self.year, level).reindex(columns=known)

    def past(self, level: str | None = None) -> pd.DataFrame:
        """Index (unit, year), columns 1 to `steps`, the years before."""
        years = sorted({year for year in self.counts.index.get_level_values("year") if year < self.year})
        parts = {year: self._of_year(year, level) for year in years}
        if not parts:
            return self.counts.iloc[:0].droplevel("level")
        joined = pd.concat(parts, names=["year", "unit"]).swaplevel()
        return joined.dropna(how="all")

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
        today is not proven right by nobody having corrected it yet. Figures without a first one that came in time
        say nothing and are left out.
        """
        both = pd.DataFrame({"first": self.first.stack(), "last": self.counts.stack()})
        both.index = both.index.set_names(["level", "unit", "year", "step"])
        both = both.reset_index()
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

    def _of_year(self, year: int, level: str | None) -> pd.DataFrame:
        rows = self.counts[self.counts.index.get_level_values("year") == year]
        if level is not None:
            rows = rows[rows.index.get_level_values("level") == level]
        else:  # a level left blank where the unit reported others keeps its last count: missing is not zero
            reported = rows.notna().groupby(level="unit").transform("any")
            rows = rows.ffill(axis=1).where(reported)
        added = rows.groupby(level="unit", sort=False).sum(min_count=1)
        return added.reindex(list(self.units))


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
    """The first vintage of each figure, where it came before the next cut-off: later it would be no first figure.

    Past years that come on one form after their end have none but for their last cut-off; figures whose day is
    not known have none either.
    """
    until = {
        period: cutoff_day(following(parse_cutoff(period), calendar), calendar)
        for period in rows["period"].unique()
    }
    ordered = rows[rows["value"].notna()].sort_values("vintage", kind="stable")
    first = ordered.drop_duplicates(["level", "unit", "period"])
    latest_day = first["period"].map({period: day.isoformat() for period, day in until.items()})
    return first[(first["vintage"] != "") & (first["vintage"] <= latest_day)]


def table_of(cells: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Index (level, unit, year), a column for each step of the year, 1 to 4 or 12."""
    table = cells.pivot_table(index=["level", "unit", "year"], columns="step", values="value", aggfunc="last")
    return table.reindex(columns=list(range(1, calendar.steps + 1))).astype(float)


def dated(rows: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """The rows with year and step as numbers; without those of months where the calendar counts by quarter."""
    at = {period: parse_cutoff(period) for period in rows["period"].unique()}
    rows = rows[
        rows["period"].map({period: calendar.has(cutoff) for period, cutoff in at.items()}).astype(bool)
    ]
    return rows.assign(
        year=[at[period].year for period in rows["period"]],
        step=[calendar.steps_at(at[period]) for period in rows["period"]],
    )


def cells_of(obs: pd.DataFrame, target: Target, units: tuple[str, ...]) -> pd.DataFrame:
    """Every vintage of the cumulative counts of the target's levels without any other breakdown."""
    chosen = obs[obs["indicator"] == target.indicator]
    chosen = chosen[
        chosen["unit"].isin(units) & (chosen["basis"] == "cumulative") & (chosen["measure"] == "persons")
    ]
    for name in BREAKDOWNS:
        wanted = (
            chosen["level"].isin(target.levels) if name == "level" and target.levels else chosen[name] == ""
        )
        chosen = chosen[wanted]
    return chosen


def added(past: pd.DataFrame) -> pd.DataFrame:
    """Past years of all units together: index year; a step that any unit lacks is NaN."""
    if past.empty:
        return past.droplevel("unit").astype(float)
    units = past.index.get_level_values("unit").nunique()
    grouped = past.groupby(level="year")
    return grouped.sum(min_count=1).where(grouped.count() == units, np.nan)


def own_counts(plan: Plan, obs: pd.DataFrame, target: Target, cutoff: Cutoff) -> Flow:
    """The flow of a place without quotas, as one unit (the place) and one level (""); its target is no plan."""
    place = plan.place.code
    every = _counting(plan, cells_of(obs, target, tuple(dict.fromkeys(plan.units["code"]))))
    unsplit = _unsplit(obs, target, place) if every.empty else every
    every, unstated = unsplit, every.empty and not unsplit.empty
    calendar = plan.calendar
    rows = dated(latest_vintage(every), calendar)
    reported = table_of(rows, calendar)
    counts = settled(reported)
    last, whole = _added(counts, place, cutoff.year)
    first, _ = _added(table_of(dated(first_figures(every, calendar), calendar), calendar), place, cutoff.year)
    now = rows[rows["year"] == cutoff.year]
    senders = tuple(dict.fromkeys(now["unit"]))
    return Flow(
        counts=last,
        reported=_added(reported, place, cutoff.year)[0].reindex(last.index),
        first=first.reindex(last.index).where(last.notna()),
        planned=pd.Series(dtype=float, index=_index(place, []), name="planned"),
        units=(place,),
        levels=("",) if len(last) else (),
        fallen=_fallen(reported, counts, cutoff.year),
        year=cutoff.year,
        step=calendar.steps_at(cutoff),
        illustrative=bool(rows["illustrative"].any()),
        status="final" if len(now) and (now["status"] == "final").all() else "provisional",
        final=frozenset((place,) if len(now) and (now["status"] == "final").all() else ()),
        senders=senders,
        whole=senders == (place,) or whole,
        unstated=unstated,
        calendar=calendar,
    )


def _unsplit(obs: pd.DataFrame, target: Target, place: str) -> pd.DataFrame:
    """Counts that the place returns of itself without naming levels: its own word, their scope unstated."""
    rows = cells_of(obs, target.model_copy(update={"levels": ()}), (place,))
    return rows[publisher_of(rows["source"]) == RETURNS]


def _counting(plan: Plan, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that are added: those of the place itself, else of every unit above which nobody reports."""
    place = plan.place.code
    if (rows["unit"] == place).any():
        return rows[rows["unit"] == place]
    parents = plan.units.drop_duplicates("code", keep="last").set_index("code")["parent"].to_dict()
    sending = set(rows["unit"])

    def below_a_sender(unit: str) -> bool:
        above, seen = parents.get(unit, ""), {unit}
        while above and above not in seen:
            if above in sending:
                return True
            seen.add(above)
            above = parents.get(above, "")
        return False

    return rows[rows["unit"].isin({unit for unit in sending if not below_a_sender(unit)})]


def _added(table: pd.DataFrame, place: str, now: int) -> tuple[pd.DataFrame, bool]:
    """Counts by year of everybody together, NaN where somebody is missing; whether the year before tells who."""
    by_year = {int(year): rows for year, rows in table.groupby(level="year")}
    units = {year: set(rows.index.get_level_values("unit")) for year, rows in by_year.items()}
    missing = units.get(now - 1, set()) - units.get(now, set())
    sums = {
        year: rows.sum().where(rows.notna().all() & (not missing or year != now), np.nan)
        for year, rows in by_year.items()
    }
    frame = pd.DataFrame(list(sums.values()), index=_index(place, list(sums)), columns=list(table.columns))
    return frame.astype(float).dropna(how="all"), now - 1 in units


def _index(place: str, years: list[int]) -> pd.MultiIndex:
    return pd.MultiIndex.from_tuples([("", place, year) for year in years], names=["level", "unit", "year"])


def flow_of(plan: Plan, obs: pd.DataFrame, target: Target, cutoff: Cutoff, unit: str) -> Flow:
    """The flow of a target's people for the plan's place (`unit` its code) or for one unit.

    A place of which no unit has a quota in the target's year counts as `own_counts` says.
    """
    year = parse_cutoff(target.period).year
    planned = _planned(plan, target.levels)
    this_year = planned[(planned.index.get_level_values("year") == year) & (planned > 0)]
    units = tuple(dict.fromkeys(this_year.index.get_level_values("unit")))
    due = set(this_year.index.get_level_values("level"))
    if unit != plan.place.code:
        units = (unit,)
    elif not units:
        return own_counts(plan, obs, target, cutoff)
    calendar = plan.calendar
    every = cells_of(obs, target, units)
    cells = dated(latest_vintage(every), calendar)
    reported = table_of(cells, calendar)
    counts = settled(reported)
    now = cells[cells["year"] == cutoff.year]
    return Flow(
        counts=counts,
        reported=reported,
        first=table_of(dated(first_figures(every, calendar), calendar), calendar).reindex(counts.index),
        planned=planned[planned.index.get_level_values("unit").isin(units)],
        units=units,
        levels=tuple(level for level in target.levels if level in {*cells["level"], *due}),
        year=cutoff.year,
        step=calendar.steps_at(cutoff),
        illustrative=bool(cells["illustrative"].any()),
        status="final" if len(now) and (now["status"] == "final").all() else "provisional",
        fallen=_fallen(reported, counts, cutoff.year),
        final=frozenset(now["unit"]) - frozenset(now.loc[now["status"] != "final", "unit"]),
        calendar=calendar,
    )


def quota_until(plan: Plan, target: Target, unit: str) -> float | None:
    """What one unit was given to reach in the target's own period, before the year's end; None where nothing was."""
    quotas = plan.quotas[(plan.quotas["unit"] == unit) & (plan.quotas["period"] == target.period)]
    quotas = quotas[quotas["level"].isin(target.levels)] if target.levels else quotas
    return float(quotas["value"].sum()) if len(quotas) else None


def _fallen(reported: pd.DataFrame, counts: pd.DataFrame, year: int) -> tuple[str, ...]:
    fell = ((reported != counts) & reported.notna()).any(axis=1)
    rows = reported.index[fell & (reported.index.get_level_values("year") == year)]
    return tuple(dict.fromkeys(rows.get_level_values("unit")))


def _planned(plan: Plan, levels: tuple[str, ...]) -> pd.Series:
    """Quotas of whole years as a Series with index (level, unit, year), of the target's levels."""
    quotas = plan.quotas[plan.quotas["level"].isin(levels)] if levels else plan.quotas
    quotas = quotas[quotas["period"].astype(str).str.endswith("-FY")]
    index = pd.MultiIndex.from_arrays(
        [quotas["level"], quotas["unit"], [parse_cutoff(period).year for period in quotas["period"]]],
        names=["level", "unit", "year"],
    )
    return pd.Series(quotas["value"].to_numpy(dtype=float), index=index, name="planned")
