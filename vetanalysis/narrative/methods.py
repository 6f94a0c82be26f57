"""The annex on methods and sources: how each target is read, what its figures are, how sure it is, what was tried.

Nothing here is needed to sign a report, and nothing of it stands in the body: readings and definitions, sources, the
grade of the evidence with its reasons, paces, what such statements were worth, other organisations' rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vetanalysis.assessment import rules
from vetanalysis.assessment.assessment import (
    Assessment,
    Beside,
    PeopleAssessment,
    RateAssessment,
    in_its_measure,
)
from vetanalysis.blocks import LANGUAGES, Column, Heading, Paragraph, Said, Table, Text
from vetanalysis.language.filters import known
from vetanalysis.narrative import count, evidence, rates, record, targets
from vetanalysis.observations.series import cited, returned
from vetanalysis.observations.territory import merger_of
from vetanalysis.periods import parse_cutoff, window
from vetanalysis.plan import Plan

Sources = Mapping[str, Said | Text]


def annex(
    plan: Plan,
    assessments: Sequence[Assessment],
    sources: Sources,
    known_by: str = "",
    *,
    returns: bool = True,
) -> tuple[Any, ...]:
    """The blocks of the annex: a heading and a list for each target, other organisations' rules, notes on the plan.

    What holds word for word of two targets, as of two levels of one rate, stands once. `returns`: units have reported,
    on days that are told.
    """
    blocks: list[Any] = []
    told: set[str] = set()
    for one in assessments:
        every = notes(one, sources, plan=plan, known_by=known_by)
        said = [sentence for sentence in every if sentence.get(LANGUAGES[0]) not in told]
        told |= {sentence.get(LANGUAGES[0]) for sentence in said}
        if said:
            blocks += [
                Heading(2, Said("answers.name", label=one.target.label)),
                Paragraph(tuple(said), "list"),
            ]
    compared = other_rules(assessments)
    blocks += [compared] if compared else []
    about = [plan_notes(plan), *(territory(plan, one.as_of, sources) for one in assessments[:1])]
    about += [counted_days(plan, one.as_of) for one in assessments[:1] if returns]
    return (*blocks, *(Paragraph((one,)) for one in about if one))


def other_rules(assessments: Sequence[Assessment]) -> Table | None:
    """What other organisations' rules say of each rate beside this report's answer; None where no rule can be applied.

    Which figures a rule takes and how it judges is told in notebook 7.
    """
    shown = [
        one for one in assessments
        if isinstance(one, RateAssessment) and any(rules.is_applied(words) for words in one.anchors.values())
    ]  # fmt: skip
    if not shown:
        return None
    names = tuple(shown[0].anchors)
    rows = tuple(
        (
            Said("tables.label", label=one.target.label),
            *(Said("tables.label", label=rules.untried(one.anchors[name])) for name in names),
            Said("tables.label", label=targets.verdict(one)),
        )
        for one in shown
    )
    idle = tuple(Said("targets.inside", label=one.target.label) for one in assessments if one not in shown)
    columns = (
        Column(Said("answers.table.target"), align="left", width=2),
        *(
            Column(Said("tables.label", label=Said(f"names.rule.{name}")), align="left", width=1.6)
            for name in names
        ),
        Column(Said("tables.rules.own"), align="left", width=1.6),
    )
    return Table(
        "other_rules", Said("tables.rules.title"), columns, rows, (Said("tables.rules.note", idle=idle),)
    )


def plan_notes(plan: Plan) -> Said | None:
    """The notes of plan.yaml in one breath: what the text leaves open, when a school year starts; None without any."""
    return Said("report.plan_notes", id="plan.notes", notes=tuple(plan.notes)) if plan.notes else None


def territory(plan: Plan, as_of: str, sources: Sources) -> Said | None:
    """Which provinces the plan's place was merged from, so that their published figures are not its own; or None."""
    merged = merger_of(plan, parse_cutoff(as_of))
    if merged is None:
        return None
    return Said(
        "report.territory", id="plan.territory", on=merged.on, name=plan.place.name, parts=tuple(merged.parts.values()),
        text=cited(merged.source, sources),
    )  # fmt: skip


def counted_days(plan: Plan, as_of: str) -> Said | None:
    """The days that a cut-off counts, where they are not those of whole months; None where they are."""
    cutoff = plan.check_cutoff(as_of)
    first, last = window(cutoff, plan.calendar)
    if last < first or first.day == 1:
        return None
    return Said("report.counted_days", id="plan.days", as_of=as_of, first=first, last=last)


def notes(one: Assessment, sources: Sources, *, plan: Plan | None = None, known_by: str = "") -> list[Said]:
    """What stands in the annex about one target, in the order in which a reader asks."""
    shared_out = plan is not None and one.unit != plan.place.code
    if not one.target.has_value:
        return [targets.reading(one)]
    over = one.is_judged or targets.awaits_figure(one)
    told = [
        targets.reading(one, shared_out=shared_out),
        evidence.unverified_target(one),
        *_figures(one, sources),
        evidence.grade(one) if one.points and not over else None,
        evidence.mostly_prior(one),
        *(() if over else _ahead(one, plan, known_by)),
        count.fallen(one),
        count.two_totals(one),
        count.corrections(one, only_known=True),
        _definition(one, sources),
    ]
    return [sentence for sentence in told if sentence is not None]


def _figures(one: Assessment, sources: Sources) -> list[Said | None]:
    """The figures with base, concept and source: the latest, those before it, what stands beside the target."""
    return [
        targets.latest_figure(one, sources) if one.points else None,
        targets.change_since(one) if len(one.points) > 1 else None,
        evidence.earlier_figures(one, sources),
        evidence.counts_published(one, sources),
        *(
            said
            for other in one.beside
            if other.points[-1:] != one.points[-1:] and not _superseded(one, other)
            for said in (evidence.neighbour(one, other, sources), rates.among_provinces(one, other))
        ),
    ]


def _superseded(one: Assessment, other: Beside) -> bool:
    """Whether a neighbouring series ended before the target's own began: it tells nothing of what is to come."""
    return bool(one.points and other.points) and other.points[-1].year < one.points[0].year


def _ahead(one: Assessment, plan: Plan | None, known_by: str) -> list[Said | None]:
    """What a statement about what is still to come rests on, and what such statements were worth."""
    return [
        _pace(one),
        count.paces_elsewhere(one),
        count.for_80(one),
        evidence.first_passage(one),
        _checks(one),
        count.late_known(one),
        record.past_statements(one, plan, known_by) if plan else None,
        rates.published_record(one) if plan is None or plan.tells_equal_targets else None,
        evidence.prior_sensitivity(one),
        evidence.true_level(one),
        evidence.both_reached(one),
    ]


@in_its_measure
def _checks(one: Assessment) -> Said | None:
    """What simpler methods give for the whole year; None before anybody is counted."""
    if not isinstance(one, PeopleAssessment) or one.so_far is None or not known(one.median):
        return None
    asked = (one.cross_checks, one.as_of, one.calendar.step, len(one.late))
    return count.cross_checks(f"{one.target.id}.checks", one.median, *asked)


def _pace(one: Assessment) -> Said | None:
    """The pace needed against the pace seen; None where nothing was seen and the body has told what is needed."""
    if not isinstance(one, RateAssessment):
        return None
    pace = count.required_against_seen(one)
    told = one.target.certainty == "high" and pace == count.required_against_seen(one, with_seen=False)
    return None if told else pace


def _definition(one: Assessment, sources: Sources) -> Said | None:
    effect = evidence.effect_on(one)
    return None if effect is None else evidence.definition_effect(one, effect, sources)


def named_sources(plan: Plan, assessments: Sequence[Assessment], sources: Mapping[str, Text]) -> Sources:
    """The sources by name, a return by its sender and period instead of its file."""
    points = [point for one in assessments for point in one.points]
    points += [point for one in assessments for other in one.beside for point in other.points]
    sent = {point.source: returned(point.source) for point in points}
    return {
        **sources,
        **{
            source: Said("names.source.returned_by", period=found[0], unit=_sender(plan, found[1]))
            for source, found in sent.items()
            if found is not None
        },
    }


def _sender(plan: Plan, code: str) -> Text | str:
    return plan.short_names().get(code, code)
