"""Rates that nobody sends as such: worked out of counts that units return, as employed after training of graduates.

Only of counts that add up over the year, and where the place has no figure of its own for the period.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.assessment.counting import counted
from vetanalysis.observations.checks import are_totals
from vetanalysis.observations.table import RETURNS, normalise
from vetanalysis.plan.catalogue import catalogue

if TYPE_CHECKING:
    from vetanalysis.assessment.flows import Flow
    from vetanalysis.periods import Cutoff
    from vetanalysis.plan import Plan, Target


def worked_out(plan: Plan, obs: pd.DataFrame, cutoff: Cutoff) -> pd.DataFrame:
    """Rows of the place for its targets on rates, at the end of every year and at the cut-offs of the running one."""
    entries, place = catalogue(plan), plan.place.code
    rows: list[tuple[str, str, str, float, bool]] = []
    for target in plan.targets:
        one = entries.get(target.indicator)
        parts = [entries[part] for part in one.parts if part in entries] if one is not None else []
        added_up = len(parts) == 2 and all(
            (part.measure, part.basis) == ("persons", "cumulative") for part in parts
        )
        if target.measure != "percent" or not added_up or target.indicator in {row[1] for row in rows}:
            continue
        known = obs[(obs["unit"] == place) & (obs["indicator"] == target.indicator)]
        told = set(known.loc[are_totals(known), "period"])
        flows = [_flow(plan, obs, target, part.id, cutoff) for part in parts]
        (top, below), invented = map(dict, map(_totals, flows)), any(flow.illustrative for flow in flows)
        rows += [
            (place, target.indicator, period, 100 * top[period] / of, invented)
            for period, of in below.items() if of > 0 and period in top and period not in told
        ]  # fmt: skip
    made = pd.DataFrame(rows, columns=["unit", "indicator", "period", "value", "illustrative"])
    return normalise(made.assign(measure="percent", basis="stock", source=RETURNS), plan)


def _flow(plan: Plan, obs: pd.DataFrame, target: Target, part: str, cutoff: Cutoff) -> Flow:
    """The place's counts of one part, all levels together."""
    whole = {
        "indicator": part,
        "measure": "persons",
        "levels": (),
        "since": "",
        "period": f"{cutoff.year}-FY",
    }
    found = counted(plan, obs, target.model_copy(update=whole), cutoff)
    return found.flow(plan.place.code).as_reported


def _totals(flow: Flow) -> Iterator[tuple[str, float]]:
    """The count of every date with everybody in it: ends of years, cut-offs of the running one."""
    for year, people in flow.years()[flow.steps].dropna().items():
        yield f"{year}-FY", float(people)
    now = flow.current()
    for step in now.columns:
        if len(now) and now[step].notna().all():
            yield str(flow.calendar.cutoff(flow.year, step)), float(now[step].sum())
