"""People counted over the year, put in order for projection: by unit, level, year and quarter.

Only the sender type that carries the plan's quotas is added up (districts and the institutions directly under the
place), so that nobody is counted twice; courses outside the target's levels stay out.

People counted over the year where no unit was given a quota: the place's own counts, with its target as the plan.

What the place reports of itself is taken first, by level or, where nothing is told by level, as one number; else the
counts of its units are added, of each branch only the highest that reports, so that nobody is counted twice. A cut-off
is counted only where everybody is in: whoever reported within the year or the year before. Without a quota nothing else
says who is missing. Where there is no year before, that cannot be known at all, and then no probability is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vetanalysis.assessment.flow_counts import (
    QUARTERS,
    Flow,
    cells_of,
    dated,
    first_figures,
    settled,
    table_of,
)
from vetanalysis.observations.table import RETURNS, latest_vintage, publisher_of
from vetanalysis.periods import Cutoff, parse_cutoff

if TYPE_CHECKING:
    from vetanalysis.plan import Plan, Target


def own_counts(plan: Plan, obs: pd.DataFrame, target: Target, cutoff: Cutoff) -> Flow:
    """The flow of a place without quotas, as one unit (the place) and one level ("")."""
    place, year = plan.place.code, parse_cutoff(target.period).year
    every = _counting(plan, cells_of(obs, target, tuple(dict.fromkeys(plan.units["code"]))))
    unsplit = _unsplit(obs, target, place) if every.empty else every
    every, unstated = unsplit, every.empty and not unsplit.empty
    rows = dated(latest_vintage(every))
    last, whole = _added(settled(table_of(rows)), place, cutoff.year)
    first, _ = _added(table_of(dated(first_figures(every, plan.calendar))), place, cutoff.year)
    now = rows[rows["year"] == cutoff.year]
    senders = tuple(dict.fromkeys(now["unit"]))
    return Flow(
        counts=last,
        first=first.reindex(last.index).where(last.notna()),
        planned=pd.Series([float(target.value)], index=_index(place, [year]), name="planned"),
        units=(place,),
        levels=("",) if len(last) else (),
        year=cutoff.year,
        quarter=cutoff.quarters,
        illustrative=bool(rows["illustrative"].any()),
        status="final" if len(now) and (now["status"] == "final").all() else "provisional",
        final=frozenset((place,) if len(now) and (now["status"] == "final").all() else ()),
        senders=senders,
        whole=senders == (place,) or whole,
        unstated=unstated,
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
    frame = pd.DataFrame(list(sums.values()), index=_index(place, list(sums)), columns=list(QUARTERS))
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
    every = cells_of(obs, target, units)
    rows = latest_vintage(every)
    cells = dated(rows)
    reported = table_of(cells)
    counts = settled(reported)
    now = cells[cells["year"] == cutoff.year]
    return Flow(
        counts=counts,
        first=table_of(dated(first_figures(every, plan.calendar))).reindex(counts.index),
        planned=planned[planned.index.get_level_values("unit").isin(units)],
        units=units,
        levels=tuple(level for level in target.levels if level in {*rows["level"], *due}),
        year=cutoff.year,
        quarter=cutoff.quarters,
        illustrative=bool(rows["illustrative"].any()),
        status="final" if len(now) and (now["status"] == "final").all() else "provisional",
        fallen=_fallen(reported, counts, cutoff.year),
        final=frozenset(now["unit"]) - frozenset(now.loc[now["status"] != "final", "unit"]),
    )


def _fallen(reported: pd.DataFrame, counts: pd.DataFrame, year: int) -> tuple[str, ...]:
    fell = ((reported != counts) & reported.notna()).any(axis=1)
    rows = reported.index[fell & (reported.index.get_level_values("year") == year)]
    return tuple(dict.fromkeys(rows.get_level_values("unit")))


def _planned(plan: Plan, levels: tuple[str, ...]) -> pd.Series:
    """Quotas as a Series with index (level, unit, year), of the target's levels."""
    quotas = plan.quotas[plan.quotas["level"].isin(levels)] if levels else plan.quotas
    index = pd.MultiIndex.from_arrays(
        [quotas["level"], quotas["unit"], [parse_cutoff(period).year for period in quotas["period"]]],
        names=["level", "unit", "year"],
    )
    return pd.Series(quotas["value"].to_numpy(dtype=float), index=index, name="planned")
