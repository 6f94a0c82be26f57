"""Earlier figures of the year, of what has none at a cut-off or only those of some of its senders."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from vetanalysis.indicators.derived import people_indicator
from vetanalysis.indicators.placed import is_of_few, records
from vetanalysis.observations.checks import are_totals
from vetanalysis.observations.table import Carried
from vetanalysis.periods import Cutoff, cutoffs
from vetanalysis.plan import Plan


def carried(
    plan: Plan,
    obs: pd.DataFrame,
    lines: pd.DataFrame,
    cutoff: Cutoff,
    lines_at: Callable[[Cutoff], pd.DataFrame],
) -> pd.DataFrame:
    """The place's lines of the year's earlier cut-offs that may stand in for lines of this one, the latest first.

    `lines_at`: the table of indicators at an earlier cut-off, the place's lines at least. It is asked only where what
    still lacks a figure of most of its senders, or a part of it, has one of that period.
    """
    place, listed, people = plan.place.code, plan.indicators, people_indicator(plan)
    now = lines[(lines["unit"] == place) & (lines["basis"] != "period") & lines["value"].notna()]
    whole = now[are_totals(now) & ~(now["reported"] < now["expected"])]
    lacking = listed[~listed["id"].isin(set(whole["id"])) & (listed["kind"] != "derived")]
    ever = set(obs["indicator"].unique())
    rows = lacking[["id", "numerator", "denominator"]].to_numpy()
    told_by = {name: {name, *(parts if ever.issuperset(parts) else ())} for name, *parts in rows}
    of_period = obs.groupby("period", observed=True)["indicator"].agg(set)
    found: list[pd.DataFrame] = []
    for earlier in reversed(cutoffs(cutoff.year, plan.calendar)):
        wanted = set().union(*told_by.values())
        if earlier >= cutoff or wanted.isdisjoint(of_period.get(str(earlier), ())):
            continue
        table = lines_at(earlier)
        mine = table["value"].notna() & table["id"].isin(set(told_by)) & (table["basis"] != "period")
        of_year = table["period"].astype(str).str.startswith(str(cutoff.year))
        found.append(table[mine & of_year & (table["unit"] == place) & are_totals(table)])
        for line in records(found[-1], ["id", "reported", "expected"]):
            if line["id"] == people or not is_of_few(line):
                told_by.pop(line["id"], None)
    made = pd.concat(found, ignore_index=True) if found else lines.iloc[:0]
    ways = (item for table in reversed(found) for item in table.attrs["ways"].items())
    made.attrs["ways"] = Carried(ways)
    return made
