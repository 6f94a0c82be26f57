"""The register of indicators: what each one counts, how it is worked out, how it adds up.

Labels, formulas, senders and periods come from the plan's `indicators.csv`. Here stands what no plan file carries: the
parts of some ratios, what is an average. What computes a figure stands in `vetanalysis.indicators.resolve`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vetanalysis.blocks import Text

if TYPE_CHECKING:
    from vetanalysis.plan import Plan


#: Ratios whose two parts have ids of their own: numerator, denominator.
MADE_OF = {
    "streaming_lower_secondary": ("lower_secondary_to_vet", "lower_secondary_leavers"),
    "streaming_upper_secondary": ("upper_secondary_to_vet", "upper_secondary_leavers"),
}
#: Averages: a unit's own figure only.
MEANS = ("income_after_training",)

_COUNTED = ("units_with_plan_share", "reports_on_time_share", "reports_received_share", "reports_corrected")
_NO_SUM = ("date", "status", "percent", "percentage_points")


@dataclass(frozen=True, slots=True)
class Entry:
    """One indicator of a plan.

    `parts`: the two ids it can be computed from, () where the parts are not asked for. `basis`, over time: "cumulative"
    (running total since the year began), "stock" (a level at a date) or "period" (of the reporting period alone).
    `over_units`: "sum" and "stock_sum" (over the units of one kind of sender), "ratio_of_sums" (over the units that
    report both parts; rates are never averaged), "not_aggregable" (a unit's own figure only), "computed" (from the
    unit's own other figures) or "counted" (from the ledger of returns). `row` is the row of the plan, None for context
    figures.
    """

    id: str
    row: int | None
    label: Text
    measure: str
    senders: tuple[str, ...]
    periods: tuple[str, ...]
    formula: Text
    parts: tuple[str, ...]
    kind: str
    basis: str
    narrative_only: bool
    over_units: str


def catalogue(plan: Plan) -> dict[str, Entry]:
    """Every indicator of the plan by id, in the plan's order; where an id stands in two rows, the first counts."""
    ids = set(plan.indicators["id"])
    entries: dict[str, Entry] = {}
    for row in plan.indicators.to_dict("records"):
        entries.setdefault(row["id"], _entry(row, ids))
    return entries


def _entry(row: dict[str, Any], ids: set[str]) -> Entry:
    name, measure = row["id"], row["measure"].split("|")[0]
    parts = MADE_OF.get(name) or tuple(part for part in (row["numerator"], row["denominator"]) if part in ids)
    parts = parts if len(parts) == 2 else ()
    place = row["row"]
    return Entry(
        id=name,
        row=None if place is None or place != place else int(place),
        label=Text(row["label_vi"], row["label_en"]),
        measure=measure,
        senders=_split(row["sender"]),
        periods=_split(row["periods"]),
        formula=Text(row["formula_vi"], row["formula_en"]),
        parts=parts,
        kind=row["kind"],
        basis=row["basis"],
        narrative_only=bool(row["narrative_only"]),
        over_units=_over_units(name, measure, row["kind"], row["basis"], parts),
    )


def _over_units(name: str, measure: str, kind: str, basis: str, parts: tuple[str, ...]) -> str:
    if name in _COUNTED:
        return "counted"
    if parts:
        return "ratio_of_sums"
    if kind == "derived":
        return "computed"
    if measure in _NO_SUM or name in MEANS:
        return "not_aggregable"
    return "stock_sum" if basis == "stock" else "sum"


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)
