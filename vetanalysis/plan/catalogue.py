"""The register of indicators: what each one is made of, who sends it when, how it adds up over units.

Labels, formulas, numerators, denominators, senders and periods come from the plan's `indicators.csv`, one row
an indicator; what no plan file carries (figures behind an indicator that are no indicator themselves) stands
here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from vetanalysis.blocks import Text
from vetanalysis.periods import Cutoff, cutoffs, is_due

if TYPE_CHECKING:
    from vetanalysis.plan import Plan

#: Ratios whose two parts have ids of their own: numerator, denominator.
MADE_OF = {
    "streaming_lower_secondary": ("lower_secondary_to_vet", "lower_secondary_leavers"),
    "streaming_upper_secondary": ("upper_secondary_to_vet", "upper_secondary_leavers"),
}
#: Figures that indicators are computed from though they are no indicator of the plan: measure and basis.
PARTS = {"people_in_training_start": ("persons", "stock")} | {
    part: ("persons", "cumulative") for parts in MADE_OF.values() for part in parts
}
_MEANS = ("income_after_training",)  # averages: a unit's own figure only
_COUNTED = ("units_with_plan_share", "reports_on_time_share", "reports_received_share", "reports_corrected")
_SIDES = ("numerator", "denominator")
_NO_SUM = ("date", "status", "percent", "percentage_points")


@dataclass(frozen=True, slots=True)
class Entry:
    """One indicator of a plan.

    `row`: its row in the plan, None for context figures. `measure`: persons, percent, million_dong ...; `formula` in
    words. `parts`: the ids of numerator and denominator, () where it is no ratio or the parts are not asked for.
    `senders`: bodies that send it, `periods`: M every month, Q every quarter, H at six months, Y at the end of the
    year. `basis`: cumulative (since the year began), stock (a level at a date) or period (of the period alone).
    `over_units`: how units give the place's figure: sum, stock_sum (levels at the cut-off), ratio_of_sums (of the units
    that report both parts; rates are never averaged), not_aggregable (a unit's own figure only), computed (from
    the unit's own other figures), counted (from the ledger of returns). `narrative_only`: the plan asks for words.
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


class Part(NamedTuple):
    """A count that a rate is made of: all of an indicator, or of it what is of a `value` of a `breakdown`."""

    indicator: str
    breakdown: str = ""
    value: str = ""


_PART = re.compile(r"([a-z0-9_]{1,60})\[([a-z0-9_]{1,60})\]")
_VALUES = {"female": "sex", "male": "sex", "rural": "residence", "urban": "residence"}


def part_values(groups: Iterable[str]) -> dict[str, str]:
    """What a part of a count may be of, with its breakdown: a sex, a residence, one of the plan's groups."""
    return {**dict.fromkeys(groups, "group"), **_VALUES}


def part_named(text: str, values: Mapping[str, str]) -> Part | None:
    """A part of a count as `numerator` names it, "people_enrolled[female]"; None of any other text.

    `values`: those there are (`part_values`); one that is none of them has no breakdown.
    """
    found = _PART.fullmatch(text)
    return Part(found[1], values.get(found[2], ""), found[2]) if found else None


def parts_of(plan: Plan, indicator: str) -> tuple[Part, ...]:
    """Numerator and denominator of a rate, parts of a count among them; () where it is made of no such figures."""
    entries = catalogue(plan)
    if indicator not in entries:
        return ()
    parts = [Part(one) for one in entries[indicator].parts]
    if not parts:
        row, values = (
            plan.indicators.set_index("id").loc[[indicator]].iloc[0],
            part_values(g.id for g in plan.groups),
        )
        told = [part_named(row[side], values) or Part(row[side]) for side in _SIDES]
        parts = told if any(one.breakdown for one in told) else []
    return tuple(parts) if all(one.indicator in entries for one in parts) else ()


def catalogue(plan: Plan) -> dict[str, Entry]:
    """Every indicator of the plan by id, in the plan's order; where an id stands in two rows, the first counts."""
    ids = set(plan.indicators["id"])
    entries: dict[str, Entry] = {}
    for row in plan.indicators.to_dict("records"):
        entries.setdefault(row["id"], _entry(row, ids))
    return entries


def last_due(plan: Plan, indicator: str, as_of: Cutoff) -> Cutoff:
    """The latest cut-off of the year, not after `as_of`, at which an indicator was due; `as_of` where none was.

    Employment after training is reported at six months and at the end of the year: at nine months it is read at six.
    """
    known = catalogue(plan)
    due = set(known[indicator].periods) if indicator in known else set()
    asked = [one for one in cutoffs(as_of.year, plan.calendar) if one <= as_of and is_due(due, one)]
    return asked[-1] if asked else as_of


def _entry(row: dict[str, Any], ids: set[str]) -> Entry:
    name, measure, place = row["id"], row["measure"].split("|")[0], row["row"]
    parts = MADE_OF.get(name) or tuple(part for part in (row["numerator"], row["denominator"]) if part in ids)
    parts = parts if len(parts) == 2 else ()
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
    if measure in _NO_SUM or name in _MEANS:
        return "not_aggregable"
    return "stock_sum" if basis == "stock" else "sum"


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)
