"""Provinces that were merged: from which day on a code and a name stand for another territory.

`data/published/places.csv` has the codes of before July 2025 with what became of each. A figure published before a
merger is of one of the old provinces, whatever its code or name: it is no figure of the merged one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.blocks import Text
from vetanalysis.observations.table import RETURNS, load_mergers, publisher_of
from vetanalysis.periods import Cutoff, cutoff_day, parse_cutoff

if TYPE_CHECKING:
    from vetanalysis.plan import Plan


#: Since this day provinces have communes and wards below them, and no districts (Law 72/2025/QH15).
NO_DISTRICTS = "2025-07-01"


OTHER_TERRITORY = "other_territory"  # attribute of a frame: indicators with figures of a territory of before


@dataclass(frozen=True, slots=True)
class Merger:
    """From the day `on` the province `name` with the code `code` is made up of the old ones in `parts`, by code."""

    on: str
    code: str
    name: str
    parts: Mapping[str, Text]
    source: str


def mergers() -> dict[str, Merger]:
    """The merger that each old code went into; a merged province bears one of the old codes."""
    table = load_mergers()
    found: dict[str, Merger] = {}
    for (code, on), rows in table.groupby(["merged_into", "merged_on"], sort=False):
        first = rows.iloc[0]
        parts = {str(old): Text(name, name) for old, name in rows["name_vi"].items()}
        one = Merger(str(on), str(code), first["merged_name"], parts, first["merged_by"])
        found |= dict.fromkeys(parts, one)
    return found


def merger_of(plan: Plan, as_of: Cutoff) -> Merger | None:
    """The merger that the plan's place came out of, where it lies before a cut-off; else None."""
    found = mergers().get(plan.place.code) if plan.in_viet_nam else None
    if found is None or cutoff_day(as_of, plan.calendar) < date.fromisoformat(found.on):
        return None
    return found


def of_own_territory(plan: Plan, obs: pd.DataFrame, as_of: Cutoff) -> pd.DataFrame:
    """The observations without what was published of the place's code before it stood for the place's territory.

    What units returned is theirs, of whatever year; figures of other places stay. `.attrs[OTHER_TERRITORY]` names the
    indicators of what was left out.
    """
    merged = merger_of(plan, as_of)
    if merged is None:
        return obs
    own = obs["unit"] == plan.place.code
    day = date.fromisoformat(merged.on)
    ended = [
        one for one in obs.loc[own, "period"].unique() if cutoff_day(parse_cutoff(one), plan.calendar) < day
    ]
    old = own & obs["period"].isin(ended) & (publisher_of(obs["source"]) != RETURNS)
    kept = obs[~old]
    kept.attrs[OTHER_TERRITORY] = frozenset(obs.loc[old, "indicator"])
    return kept
