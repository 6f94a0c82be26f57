"""The counts of a target's people and the quotas for them, of every unit at once, and the flow of any one of them.

`counted` reads the figures once; `Counted.flow` takes from it what is due to one unit. Only figures of the target's
levels enter, or what a unit told without levels where it told none of them. Quarters and months alone are summed to
running totals where all of a year so far are there.

The place is added up from the units directly under it, whichever tier below carries figures or quotas (`tiers`): the
answer is the same wherever the data stand. People counted in a unit without a quota are people; a unit that was given
a quota and tells nothing is missing and never zero.

Where no unit was given a quota, what the place reports of itself is taken first; else the counts of its units are
added, of each branch only the highest that reports. A cut-off is counted only where everybody is in: whoever reported
within the year or the year before. Without a quota nothing else says who is missing. Where there is no year before,
that cannot be known at all, and then no probability is given.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from vetanalysis.assessment.flows import Flow, apart, dated, first_figures, settled, table_of
from vetanalysis.indicators.tally import complete
from vetanalysis.indicators.tiers import (
    KEY,
    Tiers,
    Upward,
    carriers,
    counts_upward,
    one_level,
    quotas_everywhere,
    quotas_given,
    quotas_together,
    quotas_upward,
    shared_out,
    sums,
    tiers_of,
)
from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.observations.table import RETURNS, latest_vintage, publisher_of
from vetanalysis.periods import Calendar, Cutoff, cutoff_day, parse_cutoff

if TYPE_CHECKING:
    from vetanalysis.plan import Plan, Target


def flow_of(plan: Plan, obs: pd.DataFrame, target: Target, cutoff: Cutoff, unit: str) -> Flow:
    """The flow of a target's people for the plan's place (`unit` its code) or for one unit of any tier."""
    return counted(plan, obs, target, cutoff).flow(unit)


def counted(plan: Plan, obs: pd.DataFrame, target: Target, cutoff: Cutoff) -> Counted:
    """The counts and quotas of all units, at a cut-off."""
    levels = plan.levels_of(target)
    tiers = tiers_of(plan)
    cells = cells_of(obs, target, levels, {tiers.place, *tiers.parent})
    own = cells["unit"] == tiers.place
    told = Told.of(plan, cells[~own], bool(target.levels))
    place = Told.of(plan, cells[own], bool(target.levels))
    quotas = quotas_given(plan, target.indicator, levels)
    year = parse_cutoff(target.period).year
    if told.unstated or (quotas.index.get_level_values("level") == "").any():
        told, quotas, levels = told.whole, quotas_together(quotas, bool(target.levels)), ("",)
    there = set(plan.units_on(cutoff_day(cutoff, plan.calendar))["code"])
    return Counted(
        tiers=tiers, calendar=plan.calendar, cutoff=cutoff, due_year=year, order=tuple(tiers.parent),
        there=frozenset(there), levels=levels, told=told, place=place, quotas=quotas,
    )  # fmt: skip


def cells_of(
    obs: pd.DataFrame, target: Target, levels: Sequence[str], units: Collection[str]
) -> pd.DataFrame:
    """Every vintage of the counts of some units by level, or of all levels together, without any other breakdown.

    Running totals, and quarters alone. Where the target names levels, what was published without one says nothing of
    them; what somebody returned is its word.
    """
    chosen = obs[(obs["indicator"] == target.indicator) & obs["unit"].isin(list(units))]
    chosen = chosen[(chosen["measure"] == target.measure) & chosen["basis"].isin(["cumulative", "period"])]
    for name in BREAKDOWNS:
        if name != "level":
            chosen = chosen[chosen[name] == ""]
    bare = chosen["level"] == ""
    if target.levels:
        bare &= publisher_of(chosen["source"]) == RETURNS
    return chosen[bare | chosen["level"].isin(list(levels))]


class Seen(NamedTuple):
    """Units with a figure of the year (`told`), with one that is not final (`open`), with an invented one of any."""

    told: frozenset[str]
    open: frozenset[str]
    invented: frozenset[str]


@dataclass(frozen=True, eq=False)
class Told:
    """What units told: `rows` the newest cells, `reported` and `first` their tables.

    `by_level`: whether the target names its levels, so that a figure without one does not state its scope.
    `unstated`: whether a figure as it was told counts that names no level.
    """

    rows: pd.DataFrame
    reported: pd.DataFrame
    first: pd.DataFrame
    by_level: bool
    unstated: bool

    @classmethod
    def of(cls, plan: Plan, cells: pd.DataFrame, by_level: bool) -> Told:
        """What these cells tell."""
        calendar = plan.calendar
        rows = dated(latest_vintage(cells), calendar)
        first = dated(first_figures(cells, calendar), calendar)
        reported = _running(rows, calendar)
        return cls(rows, reported, _running(first, calendar), by_level, _unstated(reported, by_level))

    @cached_property
    def whole(self) -> Told:
        """The same with all levels together."""
        tables = (one_level(table, self.by_level) for table in (self.reported, self.first))
        return replace(self, **dict(zip(("reported", "first"), tables, strict=True)))


def _unstated(reported: pd.DataFrame, by_level: bool) -> bool:
    """Whether a figure counts that names no level."""
    bare = reported.index.get_level_values("level") == ""
    if not bare.any() or not by_level:
        return bool(bare.any())
    known = one_level(reported[~bare], True)
    return bool((reported[bare].notna() & known.reindex(reported.index[bare]).isna()).any(axis=None))


def _running(rows: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Running totals, those of steps or quarters alone where all of the year so far are there."""
    alone = rows["basis"] == "period"
    totals = table_of(rows[~alone], calendar)
    if not alone.any():
        return totals
    of_quarter = alone & (rows["period"].str[5] == "Q") & (calendar.step == "month")
    layers = [totals, *(table_of(rows[mine], calendar) for mine in (alone & ~of_quarter, of_quarter))]
    index = totals.index.union(layers[1].index).union(layers[2].index).set_names(KEY)
    both, _ = complete(*(layer.reindex(index).to_numpy() for layer in layers))
    return pd.DataFrame(both.values, index=index, columns=totals.columns).dropna(how="all")


class TwoTotals(NamedTuple):
    """People of a unit at a cut-off, all levels together: as it told itself, and as its parts add up."""

    own: float
    parts: float


@dataclass(frozen=True, eq=False)
class Counted:
    """Counts and quotas of all units at a cut-off; `flow` gives those of one.

    `order`: codes in the plan's order; `there`: those that exist; `told`: what units reported, `place`: what the
    place reported of itself; `quotas`: as given, `due_year` the year of the target.
    """

    tiers: Tiers
    calendar: Calendar
    cutoff: Cutoff
    due_year: int
    order: tuple[str, ...]
    there: frozenset[str]
    levels: tuple[str, ...]
    told: Told
    place: Told
    quotas: pd.Series
    _flows: dict[str, Flow] = field(default_factory=dict, init=False, repr=False)  # `flow`

    @cached_property
    def reported(self) -> pd.DataFrame:
        """What every unit reported of itself, running totals that never fall."""
        return settled(self.told.reported)

    @cached_property
    def planned(self) -> pd.Series:
        """Quotas of every unit, those of the units below added where it has none of its own."""
        return quotas_upward(self.quotas, self.tiers)

    @cached_property
    def asked(self) -> pd.Series:
        """The quotas above zero."""
        return self.quotas[self.quotas > 0]

    def with_quota(self, year: int) -> frozenset[str]:
        """Units, the place among them, with a quota of their own in a year; a quota of zero is none."""
        return frozenset(self.asked[_of_year(self.asked, year)].index.unique("unit"))

    @cached_property
    def given(self) -> frozenset[str]:
        """Units with a quota of their own in the year of the cut-off."""
        return self.with_quota(self.cutoff.year)

    @cached_property
    def reporting(self) -> tuple[str, ...]:
        """Units with a figure of the cut-off's year."""
        now = self.reported[_of_year(self.reported, self.cutoff.year)]
        return tuple(now.index[now.notna().any(axis=1)].unique("unit"))

    @cached_property
    def due(self) -> pd.MultiIndex:
        """Rows that are waited for: quotas, and who reported the year before without one.

        Who had a quota that year and was given none now, while units beside it were, is out.
        """
        rows = self.asked.index[self.asked.index.get_level_values("unit") != self.tiers.place]
        before = self.reported[_of_year(self.reported, self.cutoff.year - 1)].index
        beside = {self.tiers.parent[unit] for unit in self.given if unit in self.tiers.parent}
        had = self.with_quota(self.cutoff.year - 1)
        again = [
            (level, unit, self.cutoff.year) for level, unit, _ in before
            if unit in self.there and unit not in self.given
            and (self.tiers.parent[unit] not in beside
                 or (unit not in had and not self.tiers.speaks_for_others(unit)))
        ]  # fmt: skip
        return rows.union(pd.MultiIndex.from_tuples(again, names=KEY)) if again else rows

    @cached_property
    def due_now(self) -> tuple[str, ...]:
        """Units that are waited for in the year of the cut-off."""
        now = self.due[_of_year(self.due, self.cutoff.year)] if len(self.due) else self.due
        return tuple(now.unique("unit"))

    @cached_property
    def upward(self) -> Upward:
        """The counts of all units, filled from the units below."""
        found = counts_upward(self.reported, self.due, self.tiers)
        return Upward(settled(found.table), found.partial)

    @cached_property
    def published(self) -> pd.DataFrame:
        """The same of the figures as they were published, also where a running total fell."""
        return counts_upward(self.told.reported, self.due, self.tiers).table.reindex(self.upward.table.index)

    @cached_property
    def first(self) -> pd.DataFrame:
        """The same of the figures as first told."""
        return counts_upward(self.told.first, self.due, self.tiers).table.reindex(self.upward.table.index)

    @cached_property
    def tops(self) -> tuple[str, ...]:
        """The units directly under the place that are added up: with a quota in or below them, then without."""
        place = self.tiers.place
        year = self.planned[_of_year(self.planned, self.due_year) & (self.planned > 0)]
        under = [self.tiers.child_above(unit, place) for unit in year.index.get_level_values("unit")]
        known = {self.tiers.child_above(unit, place) for unit in (*self.reporting, *self.due_now)}
        more = [one for one in self.order if one in known and not self.tiers.speaks_for_others(one)]
        return tuple(dict.fromkeys(one for one in (*under, *more) if one))

    @cached_property
    def former(self) -> tuple[str, ...]:
        """The units directly under the place that had a quota or a count in years before and are added up no more."""
        rows = (*self.upward.table.index, *self.planned.index[self.planned > 0])
        had = {unit for _, unit, year in rows if year < self.cutoff.year} - {*self.tops}
        under = [one for one in self.order if one in had and self.tiers.parent[one] == self.tiers.place]
        return tuple(one for one in under if not self.tiers.speaks_for_others(one))

    def flow(self, unit: str) -> Flow:
        """The flow of the place, or of one unit alone."""
        if unit not in self._flows:
            self._flows[unit] = self._flow_of_place() if unit == self.tiers.place else self._of((unit,))
        return self._flows[unit]

    def _flow_of_place(self) -> Flow:
        own = self.place.reported[_of_year(self.place.reported, self.cutoff.year)]
        told = not self.reporting and own.iloc[:, :-1].notna().any(axis=None)  # a year's total is no course
        if told or self.with_quota(self.due_year) <= {self.tiers.place}:
            return self._of_the_whole()
        return self._of(self.tops)

    def two_totals(self, unit: str, step: int) -> TwoTotals | None:
        """What a unit told of itself at a step of the year and what its parts come to, where the two differ."""
        if not step or unit not in self.tiers.tops:
            return None
        own = (self.place if unit == self.tiers.place else self.told).whole.reported
        own = own[_of_year(own, self.cutoff.year) & own.index.isin([unit], level="unit")]
        if own.empty:
            return None
        table = self.upward.table[_of_year(self.upward.table, self.cutoff.year)]
        below = table[[self.tiers.parent.get(code) == unit for code in table.index.get_level_values("unit")]]
        parts = float("nan") if below.empty else float(sums(below, self.tiers)[step].sum(skipna=False))
        found = TwoTotals(float(own[step].iloc[0]), parts)
        return found if abs(found.own - found.parts) >= 1 else None

    def _of(self, tops: tuple[str, ...]) -> Flow:
        """The flow of units that are added up, and of those below them that carry their figures."""
        over = carriers(tops, self.tiers, set(self.reporting), self.due_now, self.given, self.upward.partial)
        flow = self._part(tops, over, self.planned)
        if tops == self.tops:
            former = self._part(self.former, {one: one for one in self.former}, self.planned)
            flow = replace(flow, former=former) if self.former else flow
            flow = replace(flow, above=self._above(flow))
        if tuple(over) == tops:
            return flow
        lowest = self._part(
            tuple(over),
            {unit: unit for unit in over},
            shared_out(self.planned, over, self._size(over), self.cutoff.year),
        )
        return replace(flow, parts=lowest, over=over)

    def _part(self, units: tuple[str, ...], over: dict[str, str], planned: pd.Series) -> Flow:
        places = _places(self._rows, units)
        table = self.upward.table.iloc[places]
        planned = planned[planned.index.isin(units, level="unit")]
        due = planned[_of_year(planned, self.due_year) & (planned > 0)].index.unique("level")
        seen = self._seen
        now = seen.told & over.keys()
        open_to = {over[unit] for unit in now & seen.open}
        return Flow(
            counts=table,
            reported=self.published.iloc[places],
            first=self.first.iloc[places],
            planned=planned,
            units=units,
            levels=tuple(level for level in self.levels if level in {*table.index.unique("level"), *due}),
            year=self.cutoff.year,
            step=self.calendar.steps_at(self.cutoff),
            calendar=self.calendar,
            illustrative=any(seen.invented & self.tiers.family(unit) for unit in units),
            status="final" if now and not open_to else "provisional",
            final=frozenset(over[unit] for unit in now) - open_to,
            fallen=self._fallen(over),
            unstated=self.told.unstated and self.told.by_level,
        )

    @cached_property
    def _seen(self) -> Seen:
        rows = self.told.rows
        now = rows[rows["year"] == self.cutoff.year]
        units = now["unit"], now["unit"][now["status"] != "final"], rows["unit"][rows["illustrative"]]
        return Seen(*map(frozenset, units))

    @cached_property
    def _rows(self) -> Mapping[Hashable, np.ndarray]:
        """Where the rows of each unit stand in the table of all."""
        units = self.upward.table.index.get_level_values("unit")
        return pd.Series(range(len(units))).groupby(units).indices

    def _fallen(self, units: Collection[str]) -> tuple[str, ...]:
        """Units of which a running total of the year fell."""
        return tuple(unit for unit in self._all_fallen if unit in units)

    @cached_property
    def _all_fallen(self) -> tuple[str, ...]:
        told = pd.concat([self.told.reported, self.place.reported])
        told = told[_of_year(told, self.cutoff.year)]
        fell = ((told != settled(told)) & told.notna()).any(axis=1)
        return tuple(told.index[fell].unique("unit"))

    def _size(self, units: Collection[str]) -> pd.Series:
        """People that units had by level: a year ago, else this year so far; index (level, unit)."""
        table = self.upward.table[self.upward.table.index.isin(units, level="unit")].ffill(axis=1)
        last = table.iloc[:, -1]
        year = self.cutoff.year
        before, now = (last[_of_year(last, one)].droplevel("year") for one in (year - 1, year))
        return before.combine_first(now)

    def _above(self, flow: Flow) -> pd.DataFrame | None:
        """What the place reported of itself; None where it is not what its units add up to."""
        own = settled(self.place.whole.reported).droplevel(["level", "unit"])
        parts = flow.years().reindex(own.index)
        parts.loc[parts.index == flow.year] = flow.of_year(flow.year).sum(skipna=False).to_numpy()
        if own.empty or apart(own, parts):
            return None
        by_level = settled(self.place.reported).droplevel("unit")
        by_level = by_level[by_level.index.get_level_values("level") != ""]
        return pd.concat([pd.concat({"": own}, names=["level", "year"]), by_level])

    def _of_the_whole(self) -> Flow:
        """The flow of a place of which no unit has a quota or a figure, as one unit (the place) and one level ("")."""
        none = self.quotas.iloc[:0]
        whole = replace(self, told=replace(self.told, reported=self.reported).whole, quotas=none)
        as_told = replace(self, told=self.told.whole, quotas=none)
        place, year = self.tiers.place, self.cutoff.year
        tables = (whole.upward.table, as_told.published, whole.first)
        parts, parts_told, first = (whole._of_place(table) for table in tables)
        own, own_told = settled(self.place.whole.reported), self.place.whole.reported
        if len(own) and len(parts) and apart(own, parts):
            by_itself = _of_year(own, year).any() or not _of_year(parts, year).any()
            if by_itself:
                parts, parts_told = parts.iloc[:0], parts_told.iloc[:0]
            else:
                own, own_told = own.iloc[:0], own_told.iloc[:0]
        counts = settled(own.combine_first(parts)).dropna(how="all")
        told = own[_of_year(own, year)].notna().any(axis=None)
        everybody = [code for code in self.order if self.tiers.parent[code] == place]
        over = carriers(everybody, self.tiers, set(whole.reporting), (), (), whole.upward.partial)
        senders = (place,) if told else tuple(unit for unit in over if unit in set(whole.reporting))
        rows = (self.place if told or not senders else self.told).rows
        used = rows[rows["unit"].isin(senders)]
        told_now = whole.reported[_of_year(whole.reported, year)]
        told_now = told_now[told_now.index.isin(senders, level="unit")].notna().groupby(level="unit").any()
        now = used[used["year"] == year]
        final = bool(len(now)) and bool((now["status"] == "final").all())
        return Flow(
            counts=counts,
            reported=own_told.combine_first(parts_told).reindex(counts.index),
            first=self.place.whole.first.combine_first(first).reindex(counts.index).where(counts.notna()),
            planned=self._quota_of_place(),
            units=(place,),
            levels=("",) if len(counts) else (),
            fallen=self._fallen(senders),
            year=year,
            step=self.calendar.steps_at(self.cutoff),
            calendar=self.calendar,
            illustrative=bool(used["illustrative"].any()),
            status="final" if final else "provisional",
            final=frozenset((place,) if final else ()),
            senders=senders,
            sent={int(step): int(count) for step, count in told_now.sum().items()},
            whole=senders == (place,) or bool(_of_year(whole.told.reported, year - 1).any()),
            unstated=self.told.by_level and (self.place if told else self.told).unstated,
        )

    def _quota_of_place(self) -> pd.Series:
        """What the place was given to reach by year: its own quotas, else those of its units."""
        together = quotas_everywhere(quotas_together(self.quotas, self.told.by_level), self.tiers)
        return together[together.index.get_level_values("unit") == self.tiers.place].rename("planned")

    def _of_place(self, table: pd.DataFrame) -> pd.DataFrame:
        """The sum over the units directly under the place."""
        rows = table[
            [self.tiers.parent.get(unit) == self.tiers.place for unit in table.index.get_level_values("unit")]
        ]
        return sums(rows, self.tiers)


def _places(rows: Mapping[Hashable, np.ndarray], units: Sequence[str]) -> np.ndarray:
    """Where the rows of some units stand, in the order of the table."""
    found = [rows[unit] for unit in units if unit in rows]
    return np.sort(np.concatenate(found)) if found else np.empty(0, dtype=int)


def _of_year(table: pd.DataFrame | pd.Series | pd.MultiIndex, year: int) -> np.ndarray:
    """Which rows are of a year."""
    index = table if isinstance(table, pd.MultiIndex) else table.index
    return (index.get_level_values("year") == year).astype(bool)
