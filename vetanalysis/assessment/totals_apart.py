"""Counts of a unit that are something else than what the units directly under it add up to, as findings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from vetanalysis.checks import finding

if TYPE_CHECKING:
    from vetanalysis.assessment.people_projected import PlaceFlow
    from vetanalysis.assessment.targets import FiguresAt
    from vetanalysis.errors import Finding


def totals_apart(figures: FiguresAt) -> list[Finding]:
    """A warning for every unit, of whichever tier, and count of people that differs from its parts at the cut-off."""
    flows = {id(flow): flow for of_target in figures.people.values() for flow in of_target}
    found = (one for flow in flows.values() for one in _of_flow(flow, figures))
    return list(dict.fromkeys(found))


def _of_flow(one: PlaceFlow, figures: FiguresAt) -> Iterable[Finding]:
    counted, period = one.counted, str(one.flow.cutoff)
    for unit in dict.fromkeys((counted.tiers.place, *counted.tiers.parent.values())):
        totals = counted.two_totals(unit, one.flow.step)
        if totals is None:
            continue
        rows = (counted.place if unit == counted.tiers.place else counted.told).rows
        sources = rows.loc[(rows["unit"] == unit) & (rows["period"] == period), "source"]
        file, _, row = (sources.iloc[0] if len(sources) else "").partition("!")
        yield finding(
            file, f"row {row}, value" if row.isdigit() else row, "total-apart", "observations.total_apart",
            severity="warning", unit=figures.plan.unit(unit).short, period=period,
            own=totals.own, parts=totals.parts, difference=abs(totals.own - totals.parts),
        )  # fmt: skip
