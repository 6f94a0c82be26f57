"""People counted over the year, put in order for projection: by unit, level, year and quarter.

Only the sender type that carries the plan's quotas is added up (districts and the institutions directly under the
place), so that nobody is counted twice; courses outside the target's levels stay out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vetanalysis.observation_checks import BREAKDOWNS
from vetanalysis.periods import Cutoff, parse_cutoff
from vetanalysis.series import latest_vintage

if TYPE_CHECKING:
    from vetanalysis.plan import Plan, Target

QUARTERS = (1, 2, 3, 4)


@dataclass(frozen=True, eq=False)
class Flow:
    """Cumulative counts of a target's people.

    `counts`: index (level, unit, year), columns 1 to 4, people since the year began, NaN = not reported.
    `planned`: index (level, unit, year). `units`: those with a quota in the target's year, in the plan's order.
    `year`, `quarter`: the cut-off (quarter 0: nothing of the year is counted). `illustrative`: whether any figure is.
    """

    counts: pd.DataFrame
    planned: pd.Series
    units: tuple[str, ...]
    levels: tuple[str, ...]
    year: int
    quarter: int
    illustrative: bool
    status: str

    @property
    def reported_any(self) -> bool:
        """Whether any unit has a figure of the cut-off's year."""
        return bool(self.quarter) and bool(self.current().notna().any().any())

    def current(self, level: str | None = None) -> pd.DataFrame:
        """Unit x quarters 1..k of the year, all levels added or one; NaN where a unit did not report."""
        known = list(range(1, self.quarter + 1))
        return self._of_year(self.year, level).reindex(columns=known)

    def past(self, level: str | None = None) -> pd.DataFrame:
        """Index (unit, year), columns 1 to 4, the years before."""
        years = sorted({year for year in self.counts.index.get_level_values("year") if year < self.year})
        parts = {year: self._of_year(year, level) for year in years}
        if not parts:
            return pd.DataFrame(
                columns=list(QUARTERS), index=pd.MultiIndex.from_tuples([], names=["unit", "year"])
            )
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

    def _of_year(self, year: int, level: str | None) -> pd.DataFrame:
        rows = self.counts[self.counts.index.get_level_values("year") == year]
        if level is not None:
            rows = rows[rows.index.get_level_values("level") == level]
        added = rows.groupby(level="unit", sort=False).sum(min_count=1)
        return added.reindex(list(self.units)).reindex(columns=list(QUARTERS))


def flow_of(plan: Plan, obs: pd.DataFrame, target: Target, cutoff: Cutoff, unit: str) -> Flow:
    """The flow of a target's people for the plan's place (`unit` its code) or for one unit."""
    year = parse_cutoff(target.period).year
    planned = _planned(plan, target.levels)
    units = tuple(dict.fromkeys(u for _, u, when in planned.index if when == year))
    if unit != plan.place.code:
        units = (unit,)
    rows = _rows(obs, target, units)
    cells = rows.assign(
        year=[parse_cutoff(period).year for period in rows["period"]],
        quarter=[parse_cutoff(period).quarters for period in rows["period"]],
    )
    counts = cells.pivot_table(
        index=["level", "unit", "year"], columns="quarter", values="value", aggfunc="last"
    )
    counts = counts.reindex(columns=list(QUARTERS)).astype(float)
    now = cells[cells["year"] == cutoff.year]
    return Flow(
        counts=counts,
        planned=planned[planned.index.get_level_values("unit").isin(units)],
        units=units,
        levels=tuple(level for level in target.levels if level in set(rows["level"])),
        year=cutoff.year,
        quarter=cutoff.quarters,
        illustrative=bool(rows["illustrative"].any()),
        status="final" if len(now) and (now["status"] == "final").all() else "provisional",
    )


def _rows(obs: pd.DataFrame, target: Target, units: tuple[str, ...]) -> pd.DataFrame:
    """The newest cumulative counts of the target's levels without any other breakdown."""
    chosen = obs[
        (obs["indicator"] == target.indicator)
        & obs["unit"].isin(units)
        & (obs["basis"] == "cumulative")
        & (obs["measure"] == "persons")
    ]
    for name in BREAKDOWNS:
        wanted = (
            chosen["level"].isin(target.levels) if name == "level" and target.levels else chosen[name] == ""
        )
        chosen = chosen[wanted]
    return latest_vintage(chosen)


def _planned(plan: Plan, levels: tuple[str, ...]) -> pd.Series:
    """Quotas as a Series with index (level, unit, year), of the target's levels."""
    quotas = plan.quotas[plan.quotas["level"].isin(levels)] if levels else plan.quotas
    index = pd.MultiIndex.from_arrays(
        [quotas["level"], quotas["unit"], [parse_cutoff(period).year for period in quotas["period"]]],
        names=["level", "unit", "year"],
    )
    return pd.Series(quotas["value"].to_numpy(dtype=float), index=index, name="planned")


def added(past: pd.DataFrame) -> pd.DataFrame:
    """Past years of all units together: index year, columns 1 to 4; a quarter that any unit lacks is NaN."""
    if past.empty:
        return pd.DataFrame(columns=list(QUARTERS), dtype=float)
    units = past.index.get_level_values("unit").nunique()
    grouped = past.groupby(level="year")
    return grouped.sum(min_count=1).where(grouped.count() == units, np.nan)
