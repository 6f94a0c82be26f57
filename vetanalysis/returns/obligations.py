"""Who must report for a period, and which figures: read off the plan's bodies and indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.periods import Cutoff, cutoff_day

if TYPE_CHECKING:
    from vetanalysis.plan import Plan, Unit

#: Cut-offs at which an indicator sent every quarter (Q), half year (H) or year (Y) is due.
DUE_AT = {"Q": ("Q1", "H1", "9M", "FY"), "H": ("H1", "FY"), "Y": ("FY",)}


def reporting_units(plan: Plan, cutoff: Cutoff) -> list[str]:
    """Codes of the units that must report at the cut-off, in the order of the plan's table of units.

    Districts and institutions report when a body of the plan stands for their kind. A single body
    reports when the indicators name it as a sender and the plan gives duties to it or to the body above it;
    a statistics
    office that only publishes is therefore not asked.
    """
    kinds = {body.unit_kind for body in plan.bodies if body.unit_kind} - {"body"}
    with_duties = {body.code for body in plan.bodies}
    senders = set(plan.indicators["sender"].str.split("|").explode())
    units = plan.units_on(cutoff_day(cutoff, plan.calendar))
    single = (
        (units["kind"] == "body")
        & units["code"].isin(senders)
        & (units["code"].isin(with_duties) | units["parent"].isin(with_duties))
    )
    return units[units["kind"].isin(kinds) | single]["code"].tolist()


def sender_names(plan: Plan, unit: Unit) -> set[str]:
    """The words in the column `sender` of the indicators that mean this unit: its code, or its kind of
    body."""
    names = {unit.code}
    names |= {body.code for body in plan.bodies if body.unit_kind == unit.kind and unit.kind != "body"}
    return names


def indicators_owed(plan: Plan, unit: Unit, cutoff: Cutoff) -> pd.DataFrame:
    """Rows of the indicators this unit sends at the cut-off.

    Left out: what the program works out itself (kind `derived`, rates whose two parts are asked for), what it
    counts from the returns (`unit` among the breakdowns), and what the plan keeps as narrative only.
    """
    table = plan.indicators
    names, ids = sender_names(plan, unit), set(table["id"])
    sent = table["sender"].map(lambda text: bool(names & set(text.split("|"))))
    due = table["periods"].map(lambda text: any(cutoff.code in DUE_AT[one] for one in text.split("|") if one))
    counted_here = table["breakdowns"].map(lambda text: "unit" in text.split("|"))
    worked_out = (table["kind"].isin(["derived", "context"])) | (
        (table["measure"] == "percent") & table["numerator"].isin(ids) & table["denominator"].isin(ids)
    )
    worked_out &= ~table["id"].isin({target.indicator for target in plan.targets})
    words = table["measure"].isin(["date", "status"])
    return table[sent & due & ~worked_out & ~counted_here & ~words & ~table["narrative_only"]].reset_index(
        drop=True
    )
