"""People counted over the year, put in order for projection: by unit, level, year and quarter.

Only the sender type that carries the plan's quotas is added up (districts and the institutions directly under the
place), so that nobody is counted twice; courses outside the target's levels stay out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.flow_counts import Flow, cells_of, dated, first_figures, settled, table_of
from vetanalysis.observation_table import latest_vintage
from vetanalysis.own_counts import own_counts
from vetanalysis.periods import Cutoff, parse_cutoff

if TYPE_CHECKING:
    from vetanalysis.plan import Plan, Target


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
    told = table_of(cells)
    counts = settled(told)
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
        fallen=_fallen(told, counts, cutoff.year),
        final=frozenset(now["unit"]) - frozenset(now.loc[now["status"] != "final", "unit"]),
    )


def _fallen(told: pd.DataFrame, counts: pd.DataFrame, year: int) -> tuple[str, ...]:
    fell = ((told != counts) & told.notna()).any(axis=1)
    rows = told.index[fell & (told.index.get_level_values("year") == year)]
    return tuple(dict.fromkeys(rows.get_level_values("unit")))


def _planned(plan: Plan, levels: tuple[str, ...]) -> pd.Series:
    """Quotas as a Series with index (level, unit, year), of the target's levels."""
    quotas = plan.quotas[plan.quotas["level"].isin(levels)] if levels else plan.quotas
    index = pd.MultiIndex.from_arrays(
        [quotas["level"], quotas["unit"], [parse_cutoff(period).year for period in quotas["period"]]],
        names=["level", "unit", "year"],
    )
    return pd.Series(quotas["value"].to_numpy(dtype=float), index=index, name="planned")
