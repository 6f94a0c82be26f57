"""Rates that nobody sends as such: worked out of counts that units return, as employed after training of graduates.

Also of a part of a count (women) among all of it, where returns give both. Only of counts that add up over the year or
are there on its days, and where the place has no figure of its own for the period.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.assessment.counting import counted
from vetanalysis.observations.checks import are_totals
from vetanalysis.observations.table import RETURNS, normalise
from vetanalysis.periods import cutoffs, parse_cutoff
from vetanalysis.plan.catalogue import Part, catalogue, parts_of

if TYPE_CHECKING:
    from vetanalysis.assessment.flows import Flow
    from vetanalysis.periods import Cutoff
    from vetanalysis.plan import Plan, Target


def worked_out(plan: Plan, obs: pd.DataFrame, cutoff: Cutoff) -> pd.DataFrame:
    """Rows of the place for its targets on rates, at the end of every year and at the cut-offs of the running one."""
    entries, place = catalogue(plan), plan.place.code
    rows: list[tuple[str, str, str, float, bool]] = []
    for target in plan.targets:
        parts = parts_of(plan, target.indicator)
        bases = {(entries[part.indicator].measure, entries[part.indicator].basis) for part in parts}
        added_up = bases == {("persons", "cumulative")} or (
            bases == {("persons", "stock")} and any(one.value for one in parts)
        )
        if not target.is_rate or not added_up or target.indicator in {row[1] for row in rows}:
            continue
        known = obs[(obs["unit"] == place) & (obs["indicator"] == target.indicator)]
        told = set(known.loc[are_totals(known), "period"])
        for part in parts:
            told |= _untold(plan, obs[obs["unit"] != place], part) if part.value else set()
        top, below = (_flow(plan, obs, target, part, cutoff) for part in parts)
        invented, counts = top.illustrative or below.illustrative, top.dates()
        for date, of in below.dates().items():
            period = str(below.calendar.cutoff(*date))
            if of > 0 and date in counts and period not in told:
                rows.append((place, target.indicator, period, 100 * counts[date] / of, invented))
    made = pd.DataFrame(rows, columns=["unit", "indicator", "period", "value", "illustrative"])
    return normalise(made.assign(measure="percent", basis="stock", source=RETURNS), plan)


def _flow(plan: Plan, obs: pd.DataFrame, target: Target, part: Part, cutoff: Cutoff) -> Flow:
    """The place's counts of one part, all levels together, as they were reported."""
    if part.value:
        obs = obs[obs[part.breakdown] == part.value].assign(**{part.breakdown: ""})
    mine = obs[(obs["indicator"] == part.indicator) & obs["basis"].isin(["stock", "cumulative", "period"])]
    mine = mine.assign(basis=mine["basis"].replace("stock", "cumulative"))
    whole = {
        "indicator": part.indicator,
        "measure": "persons",
        "levels": (),
        "since": "",
        "period": f"{cutoff.year}-FY",
    }
    found = counted(plan, mine, target.model_copy(update=whole), cutoff)
    return found.flow(plan.place.code).as_reported


def _untold(plan: Plan, obs: pd.DataFrame, part: Part) -> set[str]:
    """The cut-offs to which somebody counted all of something, but not at each of its levels the part: that is not 0.

    A quarter alone without its part leaves the rest of the year without it, where no running total has it.
    """
    mine = obs[(obs["indicator"] == part.indicator) & are_totals(obs, but=("level", part.breakdown))]
    sides = (
        mine[(mine["value"] > 0) & (mine[part.breakdown] == "")],
        mine[mine[part.breakdown] == part.value],
    )
    whole, given = (side.groupby(["unit", "period", "basis"])["level"].agg(set) for side in sides)
    found: set[str] = set()
    for (unit, period, basis), levels in whole.items():
        has = given.get((unit, period, basis), set())
        if "" in has or (has and levels - {""} <= has):
            continue
        end = parse_cutoff(period).end
        later = [str(one) for one in cutoffs(end.year, plan.calendar) if one >= end]
        running = [one for one in later if (unit, one, "cumulative") not in given]
        found.update(running if basis == "period" else [str(end)])
    return found
