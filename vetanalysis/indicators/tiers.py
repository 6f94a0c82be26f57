"""Counts and quotas of a place at any number of tiers, added from the units below.

Whoever reports is taken at its word: a unit's own figure comes first, and the sum over the units that stand under it
fills what it leaves open. Such a sum is a whole only where everybody below is in who is due: units with a quota of the
year, those that reported within it, and where no quota tells, those that reported the year before. Parts that came to
something else than the unit's own figure, wherever both are known, are not all of it and fill nothing.

Tables have the index (level, unit, year) and a column per step of the year, people since the year began.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from vetanalysis.plan import Plan

KEY = ["level", "unit", "year"]
APART = 0.02  # of a unit's own figure, by which the sum of its parts may differ and still be all of it


@dataclass(frozen=True, eq=False)
class Tiers:
    """Who stands under whom. `parent`: by code of every unit but the place; `kind`: by code."""

    place: str
    parent: Mapping[str, str]
    kind: Mapping[str, str]

    @cached_property
    def depth(self) -> dict[str, int]:
        """How many units stand between a unit and the top; the place has 0."""
        return {code: len(self.above(code)) for code in (self.place, *self.parent)}

    @cached_property
    def _lines(self) -> dict[str, tuple[str, ...]]:
        return {code: self._line(code) for code in (self.place, *self.parent)}

    @cached_property
    def tops(self) -> frozenset[str]:
        """The units under which others stand."""
        return frozenset(self.parent.values())

    @cached_property
    def _families(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for code, line in self._lines.items():
            for one in (code, *line):
                found.setdefault(one, set()).add(code)
        return {code: frozenset(under) for code, under in found.items()}

    def family(self, top: str) -> frozenset[str]:
        """A unit and all that stand under it."""
        return self._families.get(top, frozenset((top,)))

    def above(self, unit: str) -> tuple[str, ...]:
        """The units above one, its parent first and the place last."""
        return self._lines.get(unit, ())

    def _line(self, unit: str) -> tuple[str, ...]:
        found: list[str] = []
        while unit in self.parent and self.parent[unit] not in found:
            unit = self.parent[unit]
            found.append(unit)
        return tuple(found)

    def child_above(self, unit: str, top: str) -> str:
        """The unit directly under `top` of which `unit` is a part, itself perhaps; "" where it stands elsewhere."""
        line = (unit, *self.above(unit))
        return line[line.index(top) - 1] if top in line[1:] else ""

    def speaks_for_others(self, unit: str) -> bool:
        """Whether its figures are others' people, counted only with a quota: a body, and a commune below a district."""
        kind = self.kind.get(unit, "")
        return kind == "body" or (kind == "commune" and self.parent.get(unit) != self.place)

    def under(self, top: str, codes: Iterable[str]) -> list[str]:
        """Those of the codes that are `top` or stand under it."""
        return [code for code in codes if code == top or top in self.above(code)]


@lru_cache(maxsize=8)
def tiers_of(plan: Plan) -> Tiers:
    """The tiers of a plan; whoever has no unit above it in the table stands directly under the place."""
    place = plan.place.code
    units = plan.units.drop_duplicates("code", keep="last")
    codes = set(units["code"])
    parent = {
        code: above if above in codes and above != code else place
        for code, above in zip(units["code"], units["parent"], strict=True)
        if code != place
    }
    return Tiers(place, parent, dict(zip(units["code"], units["kind"], strict=True)))


def kind_below(plan: Plan) -> str:
    """The kind of units the place is made of: of those directly under it the first in the plan with quotas.

    Where no unit was given a quota, the first at all; "" for a place without units.
    """
    tiers = tiers_of(plan)
    given = {tiers.child_above(unit, tiers.place) for unit in plan.quotas["unit"].unique()}
    under = [
        code for code, above in tiers.parent.items()
        if above == tiers.place and not tiers.speaks_for_others(code)
    ]  # fmt: skip
    kinds = [tiers.kind[code] for code in under if code in given] or [tiers.kind[code] for code in under]
    return kinds[0] if kinds else ""


def units_below(plan: Plan) -> list[str]:
    """The units directly under the place of the kind it is made of, in the plan's order."""
    tiers, kind = tiers_of(plan), kind_below(plan)
    return [code for code, above in tiers.parent.items() if above == tiers.place and tiers.kind[code] == kind]


def kind_words(plan: Plan) -> dict[str, Any]:
    """What the units of the place are called, as facts of a line: `kind` of one, `kinds` of several."""
    name = kind_below(plan) or "unit"
    return {"kind": plan.kind_name(name), "kinds": plan.kind_name(name, several=True)}


@dataclass(frozen=True, eq=False)
class Upward:
    """`table`: every unit with figures or dues under it; `partial`: units whose parts are known not to be all of it."""

    table: pd.DataFrame
    partial: frozenset[str]


def counts_upward(own: pd.DataFrame, due: pd.MultiIndex, tiers: Tiers) -> Upward:
    """The table of all units, filled from the units below; the place itself stays as it reported.

    `own`: as reported; `due`: rows that are waited for. A row of a unit that is missing leaves every sum above it
    missing; a level that a unit left blank when it reported others keeps its last count.
    """
    table = own.reindex(own.index.union(due).set_names(KEY))
    partial: set[str] = set()
    deepest = max((tiers.depth.get(unit, 0) for unit in table.index.unique("unit")), default=0)
    for depth in range(deepest, 1, -1):
        rows = table[[tiers.depth.get(unit) == depth for unit in table.index.get_level_values("unit")]]
        if rows.empty:
            continue
        parts = sums(rows, tiers)
        table = table.reindex(table.index.union(parts.index).set_names(KEY))
        places, units = table.index.get_indexer(parts.index), parts.index.get_level_values("unit")
        own, theirs = table.to_numpy()[places], parts.to_numpy()
        both = np.isfinite(own) & np.isfinite(theirs)
        unit, names = pd.factorize(units)
        told, summed = (np.bincount(unit, np.where(both, one, 0.0).sum(axis=1)) for one in (own, theirs))
        partial |= set(names[np.abs(told - summed) > APART * told])
        filled = np.where(np.isnan(own) & ~units.isin(partial)[:, None], theirs, own)
        counts = table.to_numpy(copy=True)
        counts[places] = filled
        table = pd.DataFrame(counts, table.index, table.columns)
    return Upward(table, frozenset(partial))


def sums(rows: pd.DataFrame, tiers: Tiers) -> pd.DataFrame:
    """Sums over the units of each parent; missing where one of them did not report.

    A level that a unit left blank when it reported others keeps its last count; a unit that is missing altogether is
    missing in every level of its parent.
    """
    if rows.empty:
        return rows
    level, unit, year = (rows.index.get_level_values(name) for name in KEY)
    above, counts = unit.map(tiers.parent), rows.to_numpy(dtype=float)
    one, _ = numbered(unit, year)
    there = group_sums(np.isfinite(counts), one)[one] > 0
    over, _ = numbered(above, year)
    lacking = group_sums(~there, over)[over] > 0
    whole, keys = numbered(level, above, year)
    total = group_sums(np.where(there, carried(counts), 0.0), whole)
    total[group_sums(lacking, whole) > 0] = np.nan
    return pd.DataFrame(total, pd.MultiIndex.from_tuples(keys, names=KEY), rows.columns)


def numbered(*names: Iterable[Any]) -> tuple[np.ndarray, list[tuple[Any, ...]]]:
    """Of each row the place of its names among all there are, and these in the order in which they first come."""
    places: dict[tuple[Any, ...], int] = {}
    rows = [places.setdefault(row, len(places)) for row in zip(*names, strict=True)]
    return np.array(rows, dtype=int), list(places)


def group_sums(rows: np.ndarray, group: np.ndarray) -> np.ndarray:
    """The sum of the rows of each group, numbered from 0."""
    total = np.zeros((group.max() + 1, rows.shape[1]))
    np.add.at(total, group, rows)
    return total


def carried(counts: np.ndarray) -> np.ndarray:
    """Each count or, where it is missing, the last one before it in its row; 0 where there is none."""
    known = np.isfinite(counts)
    last = np.maximum.accumulate(np.where(known, np.arange(counts.shape[1]), 0), axis=1)
    return np.nan_to_num(np.take_along_axis(counts, last, axis=1))


def one_level(table: pd.DataFrame, by_level: bool) -> pd.DataFrame:
    """All levels together under the level "": of a unit and year those told by level, else what names none.

    A level left blank where others were told keeps its last count. `by_level`: whether the sum of levels comes first.
    """
    bare = table.index.get_level_values("level") == ""
    if bare.all():
        return table.sort_index()
    whole = table[bare].droplevel("level")
    split = table[~bare]
    reported = split.notna().groupby(level=["unit", "year"]).transform("any")
    sums = split.ffill(axis=1).where(reported).groupby(level=["unit", "year"], sort=False).sum(min_count=1)
    joined = sums.combine_first(whole) if by_level else whole.combine_first(sums)
    return pd.concat({"": joined}, names=KEY)


def quotas_given(plan: Plan, indicator: str, levels: Sequence[str], *, until: str = "FY") -> pd.Series:
    """Quotas as they were given, index (level, unit, year): of these levels, or of all together (level "").

    `until`: the cut-off at which they end, of whole years unless it is said.
    """
    quotas = plan.quotas_of(indicator)
    quotas = quotas[quotas["level"].isin([*levels, ""]) & quotas["value"].notna()]
    quotas = quotas[quotas["period"].astype(str).str.endswith(f"-{until}")]
    years = [int(period[:4]) for period in quotas["period"].astype(str)]
    index = pd.MultiIndex.from_arrays([quotas["level"], quotas["unit"], years], names=KEY)
    return pd.Series(quotas["value"].to_numpy(dtype=float), index=index, name="planned")


def quotas_together(own: pd.Series, by_level: bool) -> pd.Series:
    """Quotas with all levels together under the level "", by the rule of the counts (`one_level`)."""
    return one_level(own.to_frame(), by_level)[own.name]


def quotas_everywhere(own: pd.Series, tiers: Tiers) -> pd.Series:
    """Quotas of all units and of the place: its own of a year, else the sum over the units directly under it."""
    planned = quotas_upward(own, tiers)
    under = planned[planned.index.get_level_values("unit").map(tiers.parent) == tiers.place]
    whole = under.groupby(level=["level", "year"], sort=False).sum()
    index = [(level, tiers.place, year) for level, year in whole.index]
    whole = pd.Series(
        whole.to_numpy(), index=pd.MultiIndex.from_tuples(index, names=KEY) if index else own.index[:0]
    )
    mine = own[own.index.get_level_values("unit") == tiers.place]
    whole = whole[~whole.index.get_level_values("year").isin(mine.index.get_level_values("year"))]
    return pd.concat([planned, mine, whole]).rename(own.name)


def quotas_upward(own: pd.Series, tiers: Tiers) -> pd.Series:
    """Quotas of all units below the place: its own ones, else the sum of those given to the units under it."""
    planned = own[own.index.get_level_values("unit") != tiers.place]
    deepest = max((tiers.depth.get(unit, 0) for unit in planned.index.unique("unit")), default=0)
    for depth in range(deepest, 1, -1):
        rows = planned[planned.index.get_level_values("unit").map(tiers.depth).to_numpy() == depth]
        if rows.empty:
            continue
        level, unit, year = (rows.index.get_level_values(name) for name in KEY)
        sums = rows.groupby([level, unit.map(tiers.parent), year], sort=False).sum().rename_axis(KEY)
        given = pd.MultiIndex.from_frame(planned.index.to_frame(index=False)[["unit", "year"]])
        planned = pd.concat([planned, sums[~sums.index.droplevel("level").isin(given)]])
    return planned.rename(own.name)


def carriers(
    tops: Sequence[str], tiers: Tiers, reporting: Collection[str], due: Collection[str], given: Collection[str],
    partial: Collection[str],
) -> dict[str, str]:  # fmt: skip
    """The units whose figures make up those of `tops`: {unit: the top it is a part of}, nobody above another.

    `reporting`: units with a figure of the year; `due`: units that are waited for; `given`: units with a quota of
    their own; `partial`: units whose parts are not all of them.
    """
    below: dict[str, dict[str, None]] = {}
    active: set[str] = set()
    concerned = frozenset[str]().union(*map(tiers.family, tops))
    for unit in (one for one in (*reporting, *due) if one in concerned):
        line = (unit, *tiers.above(unit))
        active |= set(line) if unit in reporting else set()
        for child, above in pairwise(line):
            below.setdefault(above, {})[child] = None

    def made_of(unit: str) -> list[str]:
        parts = below.get(unit, {})
        waits = unit in given and unit not in active
        if unit in reporting or unit in partial or waits or not parts:
            return [unit]
        return [code for part in parts for code in made_of(part)]

    return {code: top for top in tops for code in made_of(top)}


def shared_out(planned: pd.Series, units: Mapping[str, str], size: pd.Series, year: int) -> pd.Series:
    """Quotas of a year of the carriers: their own, and for those without the rest of their top's, by size.

    `planned`: index (level, unit, year) of carriers and tops; `units`: carrier -> top; `size`: index (level, unit),
    people that a carrier usually has.
    """
    rows = planned[planned.index.get_level_values("year") == year].droplevel("year")
    has = set(rows.index.get_level_values("unit"))
    open_to = {
        top: [one for one, of in units.items() if of == top and one not in has] for top in units.values()
    }
    made = []
    for top, lacking in open_to.items():
        if not lacking:
            continue
        told = [one for one, of in units.items() if of == top and one in has]
        for level in rows.index.unique("level"):
            rest = float(rows.get((level, top), 0.0)) - sum(
                float(rows.get((level, one), 0.0)) for one in told
            )
            if not rest > 0:
                continue
            weights = np.array([float(size.get((level, one), np.nan)) for one in lacking])
            usual = np.nanmean(weights) if np.isfinite(weights).any() else 1.0
            weights = np.where(np.isfinite(weights), weights, usual)
            if weights.sum() > 0:
                made += [
                    ((level, one, year), rest * part)
                    for one, part in zip(lacking, weights / weights.sum(), strict=True)
                ]
    if not made:
        return planned
    more = pd.Series(
        [value for _, value in made], index=pd.MultiIndex.from_tuples([key for key, _ in made], names=KEY)
    )
    return pd.concat([planned, more[more > 0]])
