"""How a report begins and is signed: head block, subject, the occasion, the answer in brief."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from vetanalysis.assessment.assessment import Assessment
from vetanalysis.blocks import Head, Said, Signature, Text
from vetanalysis.language.filters import known
from vetanalysis.narrative.period import KINDS_OF_PLACE, PeriodFacts
from vetanalysis.narrative.targets import verdict
from vetanalysis.periods import Cutoff, cutoff_day
from vetanalysis.plan import Plan, Signatory
from vetanalysis.plan.model import called

ILLUSTRATIVE = Said("opening.illustrative")


def signatory(plan: Plan, cutoff: Cutoff) -> Signatory | None:
    """Who signs a report of this cut-off: whoever holds the office on the first day after it."""
    return plan.signatory_on(cutoff_day(cutoff, plan.calendar) + timedelta(days=1))


def head(plan: Plan, cutoff: Cutoff, unit: str) -> Head:
    """The head block of Decree 30/2020, or a plain one: who reports, where and when, on what.

    Number, day and month stay blank for the clerk.
    """
    signs = signatory(plan, cutoff)
    parent = signs.parent if signs and signs.parent else ""
    notice, symbol = unit != plan.place.code, symbol_of(plan, cutoff, unit)
    year = max((cutoff_day(cutoff, plan.calendar) + timedelta(days=1)).year, cutoff.year)
    return Head(
        parent_body=Said("opening.parent_body", body=parent),
        issuing_body=Said("opening.body", body=signs.organisation) if signs else "",
        number_line=Said("opening.number", symbol=symbol) if plan.is_decree_30 else "",
        place_date=Said("opening.place_date", place=signs.place or "" if signs else "", year=year),
        kind=Said(f"opening.kind.{'notice' if notice else 'report'}"),
        subject=subject(plan, cutoff, unit),
        addressee=_addressee(plan, unit, parent),
        national_title=Said("opening.national_title") if plan.is_decree_30 else "",
        motto=Said("opening.motto") if plan.is_decree_30 else "",
    )


def symbol_of(plan: Plan, cutoff: Cutoff, unit: str) -> str:
    """The letters behind a report's number, "BC-SLĐTBXH"; those of a notice for a unit other than the place."""
    signs = signatory(plan, cutoff)
    symbol = signs.symbol if signs else "BC"
    return symbol if unit == plan.place.code else re.sub(r"^BC\b", "TB", symbol)


def _addressee(plan: Plan, unit: str, parent: Text | str) -> tuple[Said | Text, ...]:
    """Whom the report goes to: the body above its signatory, a unit's sheet to the unit itself."""
    if unit == plan.place.code:
        return (parent,) if isinstance(parent, Text) else ()
    one = plan.unit(unit)
    committee = plan.is_decree_30 and one.kind == "district"
    return (Said("opening.committee", label=one.label),) if committee else (one.label,)


def subject(plan: Plan, cutoff: Cutoff, unit: str) -> Said:
    """What the report is about: the plan, the period and, for a unit, the unit."""
    return Said(
        "opening.subject.start" if cutoff.code == "start" else "opening.subject",
        title=title_in(plan),
        period=str(cutoff),
        unit=None if unit == plan.place.code else unit_name(plan, unit),
    )


def title_in(plan: Plan) -> Said | Text:
    """The plan's title inside a sentence, as it says itself; else in quotation marks behind "the plan"."""
    return plan.title_in or Said("opening.title_in", title=plan.title)


def unit_name(plan: Plan, unit: str) -> Said | Text:
    """A unit inside a sentence: "huyện Hữu Lũng"; the name of an institution, or of the country, keeps its capital.

    The plan's place as the plan says itself (`place.name_in`).
    """
    if unit == plan.place.code and plan.place.name_in:
        return plan.place.name_in
    label = plan.place.name if unit == plan.place.code else plan.unit(unit).label
    is_kind = label.vi.split()[0].lower() in KINDS_OF_PLACE
    return Said("opening.kind_of_place", label=label) if is_kind else label


def signature(plan: Plan, cutoff: Cutoff) -> Signature:
    """The signatory's lines and the recipients; the name stays blank unless the plan gives it."""
    signs = signatory(plan, cutoff)
    archive = signs.archive if signs else ""
    recipients = [Said("opening.as_above")] if signs and signs.parent else []
    recipients += [Said("opening.archive", archive=archive)] if archive else []
    return Signature(
        lines=tuple(signs.authority) if signs else (),
        name=signs.name if signs else "",
        recipients_label=Said("opening.recipients") if plan.is_decree_30 else "",
        recipients=tuple(recipients) if plan.is_decree_30 else (),
    )


def occasion(
    plan: Plan, cutoff: Cutoff, unit: str, *, targets: int | None = None, returned: bool = False
) -> Said:
    """Why the report is made: the plan (number and date blank where not known), by whom, on which figures.

    `targets`: how many targets it judges; None for all of the plan. `returned`: it tells the results of the period
    from returns, beyond judging the targets.
    """
    signs = signatory(plan, cutoff)
    symbol = plan.plan_signatory.symbol if plan.plan_signatory else ""
    place, as_of = unit_name(plan, unit), str(cutoff)
    count = len(plan.targets) if targets is None else targets
    number: Said | str = ""
    if plan.number and plan.date:
        number = Said("opening.occasion.number", number=plan.number, date=plan.date)
    elif symbol:
        number = Said("opening.occasion.blank", symbol=symbol)
    if returned:
        what = Said("opening.occasion.results", period=as_of, place=place)
    else:
        what = Said("opening.occasion.judgement", targets=count, place=place, as_of=as_of)
    return Said(
        f"opening.occasion.{'report' if unit == plan.place.code else 'notice'}", id="occasion", as_of=as_of,
        targets=count, title=title_in(plan), number=number, body=signs.organisation if signs else "", what=what,
    )  # fmt: skip


def plan_documents(facts: PeriodFacts) -> Said | None:
    """How many units named their own plan documents in their returns, and how many documents; None where none did."""
    mine = facts.documents
    if mine.empty:
        return None
    return Said(
        "opening.plan_documents", id="plan_documents", documents=len(mine), units=int(mine["unit"].nunique()),
        due=int((facts.matrix["state"] != "not_due").sum()), as_of=str(facts.cutoff),
    )  # fmt: skip


def in_brief(assessments: Sequence[Assessment], as_of: str, *, name: str = "in_brief") -> Said:
    """The answer in one sentence: every target with its value and its status words."""
    told = []
    for one in assessments:
        said = Said("opening.in_brief.target", called=called(one.target), verdict=verdict(one))
        if one.projection is not None and known(one.probability):
            said = Said(
                "opening.in_brief.target_with_chance", **said.facts, probability=one.probability,
                evidence=one.evidence,
            )  # fmt: skip
        told.append(said)
    statuses: dict[str, Any] = {one.target.id: one.status for one in assessments}
    return Said("opening.in_brief", id=name, as_of=as_of, **statuses, told=tuple(told))


def to_be_supplied(assessments: Sequence[Assessment], as_of: str) -> Said | None:
    """Which figures would have to be supplied for what could not be assessed; None where all was."""
    missing = [one.target for one in assessments if one.status == "not_assessed" and one.target.has_value]
    if not missing:
        return None
    return Said(
        "opening.to_be_supplied", id="to_be_supplied", as_of=as_of, targets=[target.id for target in missing],
        count=len(missing),
        named=tuple(
            Said("opening.to_be_supplied.target", label=target.label, year=target.period[:4]) for target in missing
        ),
    )  # fmt: skip
