"""Earlier figures of the year, of what has none at a cut-off or only those of some of its senders."""

from __future__ import annotations

import pandas as pd

from vetanalysis.indicators.table import indicator_table
from vetanalysis.observations.checks import are_totals
from vetanalysis.observations.table import Carried
from vetanalysis.periods import Cutoff, cutoffs
from vetanalysis.plan import Plan


def carried(plan: Plan, obs: pd.DataFrame, lines: pd.DataFrame, cutoff: Cutoff) -> pd.DataFrame:
    """The place's lines of the year's earlier cut-offs that may stand in for lines of this one, the latest first.

    Of a cut-off nothing is computed of whose period none of these indicators has a figure.
    """
    place, listed = plan.place.code, plan.indicators
    now = lines[(lines["unit"] == place) & (lines["basis"] != "period") & lines["value"].notna()]
    whole = now[are_totals(now) & ~(now["reported"] < now["expected"])]
    lacking = listed[~listed["id"].isin(set(whole["id"])) & (listed["kind"] != "derived")]
    parts = {part for column in ("numerator", "denominator") for part in lacking[column] if part}
    mine = obs[obs["indicator"].isin({*lacking["id"], *parts})]
    found = []
    for earlier in reversed(cutoffs(cutoff.year, plan.calendar)):
        if earlier >= cutoff or not (mine["period"] == str(earlier)).any():
            continue
        table = indicator_table(plan, mine, earlier, unit=place)
        told = table["value"].notna() & table["id"].isin(set(lacking["id"])) & (table["basis"] != "period")
        of_year = table["period"].astype(str).str.startswith(str(cutoff.year))
        found.append(table[told & of_year & are_totals(table)])
    made = pd.concat(found, ignore_index=True) if found else lines.iloc[:0]
    ways = (item for table in reversed(found) for item in table.attrs["ways"].items())
    made.attrs["ways"] = Carried(ways)
    return made
