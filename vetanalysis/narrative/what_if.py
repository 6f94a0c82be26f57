"""What the what-if page says of a target of a unit: where it stands, on what evidence, what such statements came to.

What is said of a setting that somebody chooses (another target, more people) is worded on the page itself, from the
lines of `language/what_if.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vetanalysis.assessment.assessment import Assessment, RateAssessment
from vetanalysis.assessment.evidence import ICD203
from vetanalysis.blocks import Said, Text
from vetanalysis.errors import NotAssessable
from vetanalysis.narrative import evidence, rates, targets
from vetanalysis.narrative.record import past_statements
from vetanalysis.narrative.shown_questions import assumed_of_people
from vetanalysis.narrative.tables import named
from vetanalysis.periods import Cutoff, cutoffs, parse_cutoff
from vetanalysis.plan.model import due
from vetanalysis.scenarios.moves import Move, moved_people, moved_rate
from vetanalysis.scenarios.what_if import in_time

if TYPE_CHECKING:
    from vetanalysis.plan import Target
    from vetanalysis.study import Study


@dataclass(frozen=True, slots=True)
class Standing:
    """One target of one unit before anything is changed.

    `lines`: what was reached, and why there is no chance where there is none. `varies`: whether there is a projection
    to ask about. `fixed`: why nothing can be added to it, None where something can. `published`: the second statement,
    on the figure to be published. `dates`: until when people may be added, each with why it comes too late, or None.
    """

    assessment: Assessment
    name: Said
    asked: Said
    lines: tuple[Said, ...]
    varies: bool
    judged: Said
    evidence: Said
    fixed: Said | Text | None
    published: Said | None
    dates: tuple[tuple[Said, Said | None], ...]


def standings(study: Study, reported: tuple[Assessment, ...]) -> Iterator[Standing]:
    """The targets that the study's unit is asked for; `reported`: its assessments as its report states them."""
    asked = targets.asked_of(study.assessments, study.unit.code == study.plan.place.code)
    for one, as_reported in zip(study.assessments, reported, strict=True):
        if one in asked:
            yield _standing(study, one, as_reported)


def _standing(study: Study, one: Assessment, reported: Assessment) -> Standing:
    target, varies = one.target, one.projection is not None and one.probability is not None
    if target.has_value:
        told = (targets.results(reported), None if varies else targets.prospects(one))
    else:
        told = (Said("what_if.stop", words=targets.verdict(one)), None)
    side = "at_least" if target.operator == ">=" else "at_most"
    return Standing(
        assessment=one,
        name=Said("answers.name", label=named(one)),
        asked=Said(f"what_if.{side}", goal="{goal}", due=due(target)),
        lines=tuple(line for line in told if line is not None),
        varies=varies,
        judged=Said("what_if.judged", status=one.status, probability=one.probability),
        evidence=evidence.grade(one),
        fixed=_fixed(study, one) if varies else None,
        published=rates.published(one),
        dates=_dates(study, target) if varies and not target.is_rate else (),
    )


def _fixed(study: Study, one: Assessment) -> Said | Text | None:
    """Why nothing can be added, as a scenario would say it."""
    rate = isinstance(one, RateAssessment)
    try:
        move = Move("rate", "add") if rate else Move("people", "add", name=one.target.id)
        (moved_rate if rate else moved_people)(study, one, move)
    except NotAssessable as error:
        return error.reason
    return None


def _dates(study: Study, target: Target) -> tuple[tuple[Said, Said | None], ...]:
    """The cut-offs to come in the study's year, then the ends of the target's and the plan's years."""
    calendar, year = study.plan.calendar, study.as_of.year
    last = max(parse_cutoff(target.period).year, study.plan.years[-1])
    coming = [*cutoffs(year, calendar), parse_cutoff(target.period)]
    coming += [Cutoff(later, "FY") for later in range(year + 1, last + 1)]
    return tuple(
        (
            Said("what_if.by.date", by=str(by)),
            None if in_time(target, by) else Said("questions.too_late", by=str(by), period=target.period),
        )
        for by in sorted(dict.fromkeys(coming))
        if by > study.as_of
    )


def records(study: Study, one: Assessment) -> dict[str, Said | None]:
    """What statements like one that has a chance came to, by the word that its chance may get; None: no record."""
    return {
        band.status: past_statements(replace(one, status=band.status), study.plan, study.known_by)
        for band in ICD203
    }


def assumed() -> dict[str, Said]:
    """What is assumed of what is added; "{people}" stands where the page says how many."""
    return {
        "more": assumed_of_people(1, "{people}"),
        "fewer": assumed_of_people(-1, ""),
        "rate": Said("questions.assumed.rate"),
    }
