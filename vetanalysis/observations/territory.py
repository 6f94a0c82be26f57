"""Provinces that were merged: from which day on a code and a name stand for another territory.

`data/published/places.csv` has the codes of before July 2025 with what became of each. What was published of a period
that ended before a merger is of one of the old provinces, whatever its code or name: it is no figure of the merged one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.blocks import Text, same
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
    rows = list(load_mergers().itertuples())
    parts: dict[tuple[str, str], dict[str, Text]] = {}
    for row in rows:
        parts.setdefault((row.merged_into, row.merged_on), {})[str(row.Index)] = same(row.name_vi)
    return {
        str(row.Index): Merger(
            row.merged_on, row.merged_into, row.merged_name, parts[row.merged_into, row.merged_on], row.merged_by
        )
        for row in rows
    }  # fmt: skip


def became_of(plan: Plan, as_of: Cutoff) -> Merger | None:
    """What the code of the plan's place was merged into by a cut-off; else None."""
    found = mergers().get(plan.place.code) if plan.in_viet_nam else None
    if found is None or cutoff_day(as_of, plan.calendar) < date.fromisoformat(found.on):
        return None
    return found


def merger_of(plan: Plan, as_of: Cutoff) -> Merger | None:
    """The merger that the plan's place came out of, where it lies before a cut-off; else None.

    None for an old province, too, whose code went out of use or stands for one of another name since.
    """
    found = became_of(plan, as_of)
    if found is None or found.code != plan.place.code:
        return None
    old = found.parts[found.code].vi
    is_old = old != found.name and old.casefold() in plan.place.name.vi.casefold()
    return None if is_old else found


def of_own_territory(plan: Plan, obs: pd.DataFrame, as_of: Cutoff) -> pd.DataFrame:
    """The observations without what was published of the place's code while it stood for another territory.

    Of a merged province that is what was published of before, of an old one what was published since. What units
    returned is theirs, of whatever year; figures of other places stay. `.attrs[OTHER_TERRITORY]` names the indicators
    of what was left out.
    """
    became = became_of(plan, as_of)
    if became is None:
        return obs
    own, day = obs["unit"] == plan.place.code, date.fromisoformat(became.on)
    periods = obs.loc[own, "period"].unique()
    before = [one for one in periods if cutoff_day(parse_cutoff(one), plan.calendar) < day]
    of_before = obs["period"].isin(before)
    other = of_before if merger_of(plan, as_of) else ~of_before
    left = own & other & (publisher_of(obs["source"]) != RETURNS)
    kept = obs[~left]
    kept.attrs[OTHER_TERRITORY] = frozenset(obs.loc[left, "indicator"])
    return kept


def since_merger(obs: pd.DataFrame) -> pd.Series:
    """The day since which the place of each whole-year figure has its territory; "" for one of before or never merged.

    What a place returns is of its own territory, of whatever year.
    """
    days = obs["unit"].map({code: one.on for code, one in mergers().items()}).fillna("").astype(str)
    since = (days <= obs["period"].str[:4] + "-12-31") & (publisher_of(obs["source"]) != RETURNS)
    return days.where(since, "")
