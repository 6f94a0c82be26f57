"""The register of indicators: what each one counts, how it is worked out, how it adds up.

Labels, formulas, senders and periods come from the plan's `indicators.csv`; the functions that compute stand here, by
id.

Notes to the register that no plan file carries: parts of a ratio, what is an average.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vetanalysis.blocks import Text
from vetanalysis.indicators import employment, funding, people, process, rates, streaming

if TYPE_CHECKING:
    from vetanalysis.plan import Plan


#: Ratios whose two parts have ids of their own: numerator, denominator.
MADE_OF = {
    "streaming_lower_secondary": ("lower_secondary_to_vet", "lower_secondary_leavers"),
    "streaming_upper_secondary": ("upper_secondary_to_vet", "upper_secondary_leavers"),
}
#: Averages: a unit's own figure only.
MEANS = ("income_after_training",)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "trained_rate": rates.percentage,
    "certified_rate": rates.certified_rate,
    "trained_rate_gap": rates.gap,
    "trained_rate_pace_required": rates.pace_required,
    "certified_share_of_trained": rates.certified_share_of_trained,
    "plan_completion": people.plan_completion,
    "index_same_period": rates.percentage,
    "full_year_projection": people.full_year_by_past_shares,
    "people_still_needed": people.people_still_needed,
    "people_needed_per_quarter": people.people_needed_per_quarter,
    "people_in_training": people.stock_at_end,
    "streaming_lower_secondary": streaming.streaming_lower_secondary,
    "streaming_upper_secondary": streaming.streaming_upper_secondary,
    "employed_after_training_rate": employment.employed_after_training_rate,
    "follow_up_rate": employment.follow_up_rate,
    "stable_job_rate": employment.stable_job_rate,
    "hired_by_ordering_firm_rate": employment.hired_by_ordering_firm_rate,
    "placement_rate": employment.placement_rate,
    "disbursement_rate": funding.disbursement_rate,
    "cost_per_learner": funding.cost_per_learner,
    "funds_allocated_share": funding.funds_allocated_share,
    "estimate_spent_share": funding.estimate_spent_share,
    "units_with_plan_share": process.units_with_plan_share,
    "communes_with_targets_share": process.communes_with_targets_share,
    "equipment_reviewed_share": process.equipment_reviewed_share,
    "equipment_use_rate": process.equipment_use_rate,
    "capacity_use_rate": process.capacity_use_rate,
    "inspected_share": process.inspected_share,
    "violations_fixed_share": process.violations_fixed_share,
    "farm_classes_supervised_share": process.farm_classes_supervised_share,
    "schools_with_guidance_share": process.schools_with_guidance_share,
    "teachers_to_standard_share": process.teachers_to_standard_share,
    "teachers_digital_share": process.teachers_digital_share,
    "online_modules_share": process.online_modules_share,
    "farm_labour_share": process.farm_labour_share,
    "unemployment_rate": process.unemployment_rate,
}

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
    figures. `function` computes it, None for what is only summed or told.
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
    function: Callable[..., Any] | None


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
        function=FUNCTIONS.get(name),
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
