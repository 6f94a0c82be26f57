"""What is written for a cut-off on which nobody has reported: a reminder of what is owed, and no report.

That nothing came, who owes what since when, and what is known up to the last cut-off that was reported on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment
from vetanalysis.blocks import Appendix, Document, Paragraph, Said
from vetanalysis.language.filters import UNITS_NAMED
from vetanalysis.narrative import appendices, clear_up, evidence, opening, outlook, targets, unit_sheet
from vetanalysis.narrative.period import PeriodFacts
from vetanalysis.periods import deadline
from vetanalysis.returns.lists import reporting_units


def reminder(
    facts: PeriodFacts, assessments: Sequence[Assessment], *, illustrative: bool, meta: dict[str, str]
) -> Document:
    """The reminder to all units, or to the one reported on, without a language; `meta`: as a report's."""
    plan, cutoff = facts.plan, facts.cutoff
    head = opening.head(plan, cutoff, facts.unit, reminds=True)
    if facts.missing and isinstance(head.subject, Said):
        head = replace(head, subject=Said("reminder.subject.overdue", **head.subject.facts))
    owed = appendices.not_reported(facts) if facts.is_place else None
    blocks: list[Any] = [
        Paragraph((opening.occasion(plan, cutoff, facts.unit, reminds=True),)),
        Paragraph(tuple(owing(facts)), "key"),
    ]
    told = [
        Paragraph((*known_of(one), *_before(facts, one)))
        for one in assessments
        if one.newest or targets.newest(one)
    ]
    if told:
        blocks += [
            Paragraph(
                (Said(f"reminder.lead{'' if facts.is_place else '.unit'}", id="known", period=str(cutoff)),)
            ),
            *told,
        ]
    annexed: tuple[Appendix, ...] = ()
    if owed is not None:
        annexed = (appendices.of_notice(plan, cutoff, facts.unit, "not_reported", (owed,)),)
    return Document(
        lang="", title=head.subject, head=head, blocks=tuple(blocks), signature=opening.signature(plan, cutoff),
        appendices=annexed, illustrative=illustrative, banner=opening.ILLUSTRATIVE if illustrative else "", meta=meta,
    )  # fmt: skip


def owing(facts: PeriodFacts) -> list[Said]:
    """That nothing came, and who must send what at once, or by when where it is not due yet."""
    if not facts.missing:
        return [one for one in (_ask(facts), _ask_before(facts), _ask_points(facts)) if one is not None]
    came = outlook.reporting(facts) if facts.is_place else unit_sheet.lateness(facts)
    told = came, outlook.send_now(facts), outlook.send_below(facts), _ask_before(facts), _ask_points(facts)
    return [one for one in told if one is not None]


def _ask(facts: PeriodFacts) -> Said | None:
    """Before the day: how many units are asked for the report and by when, of its own sheet the unit."""
    due = [unit for unit in reporting_units(facts.plan, facts.cutoff) if not facts.signs(unit)]
    if facts.is_place:
        told = outlook.days_of(facts, facts.cutoff, due)
        return (
            Said("reminder.ask", id="ask", count=len(due), period=str(facts.cutoff), told=told)
            if due
            else None
        )
    if facts.unit not in due:
        return None
    day = deadline(facts.cutoff, facts.plan.calendar, facts.kinds.get(facts.unit, "default")).isoformat()
    return Said(
        "outlook.own_deadline", id="ask", who=facts.asked(facts.unit), period=str(facts.cutoff), day=day
    )


def _ask_before(facts: PeriodFacts) -> Said | None:
    """Who still owes the report that the last one asked for; None where nobody does."""
    owed = {} if facts.asked_before is None else facts.asked_before.came
    named = tuple(facts.asked(unit) for unit, day in owed.items() if not day)
    if not named or len(named) > UNITS_NAMED["period"]:
        return None
    return Said("reminder.ask.before", id="ask_before", named=named, period=facts.before_as_of)


def _ask_points(facts: PeriodFacts) -> Said | None:
    """Whose points of earlier reports are open; None where none is, and where they are too many to name."""
    found = clear_up.still_open(facts, "" if facts.is_place else facts.unit)["unit"].value_counts()
    if found.empty or len(found) > UNITS_NAMED["period"]:
        return None
    many = [(facts.asked(str(unit)), int(points)) for unit, points in found.items()]
    named = (
        tuple(Said("outlook.clear_up.unit", unit=unit, points=points) for unit, points in many)
        if len(many) > 1
        else (many[0][0],)
    )
    period = str(facts.cutoff)
    return Said("reminder.ask.points", id="ask_points", named=named, points=int(found.sum()), period=period)


def known_of(one: Assessment) -> tuple[Said, ...]:
    """What a target has by the last figures that came, and the units that they are of; nothing of what may be."""
    results = targets.results(one) if one.target.has_value else targets.headline(one)
    counted = isinstance(one, PeopleAssessment) and one.newest_count is not None and one.target.of_whole_year
    if "left" in results.facts and one.counted_to != one.as_of:
        results = results.given(left=Said("reminder.left", left=results.facts["left"]))
    said = Said(
        f"reminder.known{'.people' if counted else ''}", id=f"{one.target.id}.known", label=one.target.label,
        results=results, until=one.counted_to,
    )  # fmt: skip
    if not isinstance(one, PeopleAssessment) or one.due is None or one.due < 2 or not one.received:
        return (said,)
    covered = evidence.coverage(
        one.received, one.due, one.late, one.counted_to, codes=one.late_codes,
        share_of_plan=one.coverage if one.has_quota else None,
    )  # fmt: skip
    return said, covered


def _before(facts: PeriodFacts, one: Assessment) -> tuple[Said, ...]:
    """The cut-offs of the year between the last that the unit reported its people on and this one: they lack, too."""
    last = facts.last_reported() if isinstance(one, PeopleAssessment) and not facts.is_place else None
    if last is None:
        return ()
    calendar = facts.plan.calendar
    between = [
        calendar.cutoff(facts.cutoff.year, step) for step in range(calendar.steps_at(last[0]) + 1, facts.step)
    ]
    owed = tuple(
        Said("reminder.period", period=str(ahead))
        for ahead in between
        if facts.unit in reporting_units(facts.plan, ahead)
    )
    return (Said("reminder.before", id="known_before", periods=owed),) if owed else ()
