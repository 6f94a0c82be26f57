"""The register of indicators: what each one counts, how it is worked out, how it adds up, what breaks it.

Labels, formulas, senders and periods come from the plan's `indicators.csv`; the functions that compute and the
notes on law, aggregation and breaks stand here, by id. `describe` prints an entry in words.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vetanalysis.catalogue_notes import BREAKS, DEFAULT_BREAK, MADE_OF, MEANS, SOURCES, TOTAL_BREAK
from vetanalysis.errors import WrongCall
from vetanalysis.indicators import employment, funding, people, process, rates, streaming
from vetanalysis.text import Text

if TYPE_CHECKING:
    from vetanalysis.plan import Plan

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

OVER_UNITS = {
    "sum": Text(
        "cộng các đơn vị cùng một cấp gửi; số riêng của tỉnh, nếu có, được dùng trước",
        "sum over the units of one kind of sender; the province's own figure, where there is one, comes first",
    ),
    "stock_sum": Text(
        "cộng số có tại ngày chốt của các đơn vị cùng một cấp gửi",
        "sum of the stocks at the cut-off over the units of one kind of sender",
    ),
    "ratio_of_sums": Text(
        "tổng tử số chia tổng mẫu số của những đơn vị có cả hai; không bình quân các tỷ lệ",
        "sum of numerators over sum of denominators of the units that report both; rates are never averaged",
    ),
    "not_aggregable": Text(
        "không cộng, không bình quân giữa các đơn vị; chỉ dùng số của chính đơn vị hoặc của tỉnh",
        "neither added nor averaged over units; only a unit's own figure or the province's is used",
    ),
    "computed": Text(
        "tính từ các chỉ tiêu khác của chính đơn vị", "worked out from the unit's own other figures"
    ),
    "counted": Text("đếm từ sổ nhận báo cáo", "counted from the ledger of returns"),
}
OVER_TIME = {
    "cumulative": Text(
        "lũy kế từ đầu năm; riêng quý bằng hiệu hai số lũy kế",
        "running total since the year began; a quarter alone is the difference of two totals",
    ),
    "stock": Text(
        "số có tại thời điểm, không cộng theo thời gian; giữ nguyên đến khi có số mới",
        "a level at a date, never added over time; it stands until there is a newer one",
    ),
    "period": Text(
        "của riêng kỳ báo cáo, không cộng dồn", "of the reporting period alone, never accumulated"
    ),
}
_COUNTED = ("units_with_plan_share", "reports_on_time_share", "reports_received_share", "reports_corrected")
_NO_SUM = ("date", "status", "percent", "percentage_points")


@dataclass(frozen=True, slots=True)
class Entry:
    """One indicator of a plan.

    `numerator`, `denominator`: in words or ids as the plan gives them; `parts`: the two ids it can be computed from, ()
    where the parts are not asked for. `over_units`, `over_time`: keys of `OVER_UNITS`, `OVER_TIME`. `row` is
    the row of the plan, None for context figures. `function` computes it, None for what is only summed or told.
    """

    id: str
    row: int | None
    plan_ref: str
    label: Text
    measure: str
    direction: str
    senders: tuple[str, ...]
    periods: tuple[str, ...]
    formula: Text
    numerator: str
    denominator: str
    parts: tuple[str, ...]
    kind: str
    breakdowns: tuple[str, ...]
    basis: str
    narrative_only: bool
    over_units: str
    source: Text
    breaks: Text
    function: Callable[..., Any] | None

    @property
    def over_time(self) -> str:
        """How it accumulates: a key of `OVER_TIME`."""
        return self.basis


def catalogue(plan: Plan) -> dict[str, Entry]:
    """Every indicator of the plan by id, in the plan's order; where an id stands in two rows, the first counts."""
    ids = set(plan.indicators["id"])
    entries: dict[str, Entry] = {}
    for row in plan.indicators.to_dict("records"):
        entries.setdefault(row["id"], _entry(row, ids))
    return entries


def entry(plan: Plan, indicator: str) -> Entry:
    """One entry; WrongCall names the nearest id when there is none."""
    entries = catalogue(plan)
    if indicator not in entries:
        near = difflib.get_close_matches(indicator, entries, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise WrongCall(f"unknown indicator {indicator!r} in plan {plan.name}{hint}")
    return entries[indicator]


def describe(indicator: str, lang: str = "vi", plan: Plan | None = None) -> str:
    """An entry in words, one line per property: formula, parts, how it adds up, source, what breaks it.

    `plan`: whose register is read; None takes the package's model plan.
    """
    from vetanalysis.plan import load_plan

    one = entry(plan or load_plan("lang-son-2023"), indicator)
    lines = [f"{one.label.get(lang)} ({one.id})"]
    told = (
        (Text("Dòng của kế hoạch", "Row of the plan"), f"{one.row} ({one.plan_ref})" if one.row else ""),
        (Text("Đơn vị tính", "Measure"), one.measure),
        (Text("Công thức", "Formula"), one.formula.get(lang)),
        (Text("Tử số", "Numerator"), one.numerator),
        (Text("Mẫu số", "Denominator"), one.denominator),
        (Text("Theo đơn vị", "Over units"), OVER_UNITS[one.over_units].get(lang)),
        (Text("Theo thời gian", "Over time"), OVER_TIME[one.over_time].get(lang)),
        (Text("Nơi gửi", "Sent by"), ", ".join(one.senders)),
        (Text("Căn cứ", "Source"), one.source.get(lang)),
        (Text("Điều làm gãy chuỗi số liệu", "What breaks it"), one.breaks.get(lang)),
    )
    lines += [f"{name.get(lang)}: {value}" for name, value in told if value]
    return "\n".join(lines)


def _entry(row: dict[str, Any], ids: set[str]) -> Entry:
    name, measure = row["id"], row["measure"].split("|")[0]
    parts = MADE_OF.get(name) or tuple(part for part in (row["numerator"], row["denominator"]) if part in ids)
    parts = parts if len(parts) == 2 else ()
    place = row["row"]
    ref = row["plan_ref"]
    default = (
        Text(f"Kế hoạch, mục {ref}", f"the plan, section {ref}")
        if ref
        else Text("số liệu bối cảnh", "context")
    )
    return Entry(
        id=name,
        row=None if place is None or place != place else int(place),
        plan_ref=ref,
        label=Text(row["label_vi"], row["label_en"]),
        measure=measure,
        direction=row["direction"],
        senders=_split(row["sender"]),
        periods=_split(row["periods"]),
        formula=Text(row["formula_vi"], row["formula_en"]),
        numerator=row["numerator"],
        denominator=row["denominator"],
        parts=parts,
        kind=row["kind"],
        breakdowns=_split(row["breakdowns"]),
        basis=row["basis"],
        narrative_only=bool(row["narrative_only"]),
        over_units=_over_units(name, measure, row["kind"], row["basis"], parts),
        source=SOURCES.get(name, default),
        breaks=BREAKS.get(name, TOTAL_BREAK if measure in ("persons", "million_dong") else DEFAULT_BREAK),
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
