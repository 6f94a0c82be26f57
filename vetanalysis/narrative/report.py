"""A whole report from a plan and its assessments, without a language.

Sections I to V as offices write them; the sentences come from the numbers, what no number says is left as a
marked place for the office. Only figures of high certainty stand in the text to be signed: sentences that
rest on less, readings, other definitions and other rules follow as notes. What a reader must know about the
plan itself is said in the words of its own notes (`plan_notes`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment, RateAssessment
from vetanalysis.blocks import (
    Appendix,
    Document,
    Heading,
    OfficePlace,
    Paragraph,
    Picture,
    Said,
    Sentence,
    Table,
    Text,
)
from vetanalysis.errors import Finding
from vetanalysis.hashes import SEED
from vetanalysis.language.filters import known
from vetanalysis.narrative import (
    appendices,
    count,
    evidence,
    of_period,
    opening,
    record,
    targets,
    tasks,
    unit_sheet,
)
from vetanalysis.narrative.period import PeriodFacts
from vetanalysis.narrative.tables import target_table
from vetanalysis.observations.series import source_texts
from vetanalysis.periods import Cutoff, parse_cutoff
from vetanalysis.plan import Plan


def plan_notes(plan: Plan) -> Said | None:
    """The notes of plan.yaml in one breath: what the text leaves open, when a school year starts; None without any."""
    return Said("report.plan_notes", id="plan.notes", notes=tuple(plan.notes)) if plan.notes else None


_SURE = ("high", "")  # the certainty of a figure that may stand in a signed text; returns carry none


def report_document(
    plan: Plan,
    assessments: Sequence[Assessment],
    *,
    as_of: str | Cutoff,
    unit: str = "",
    figures: Sequence[Picture] = (),
    seed: int = SEED,
    known_by: str = "",
    extra_tables: Sequence[Table] = (),
    sources: Mapping[str, Text] | None = None,
    period: PeriodFacts | None = None,
    found: Sequence[Finding] = (),
) -> Document:
    """The report on a plan's targets as a `Document` without a language (`language.cells.worded` words it).

    `unit`: code of the unit reported on, empty for the plan's place. A figure whose id ends with a target's
    id stands with that target; other figures and `extra_tables` follow the table of targets. `sources`:
    how each source is named in a sentence; the package's own table when None. `period`: what the returns of the
    period hold; with it the report has the period's figures, tables and appendices, and for a unit other than the
    place it is the unit's own sheet. `found`: what is doubtful in figures that came in tables.
    """
    cutoff = parse_cutoff(as_of)
    unit = unit or plan.place.code
    named = _own_sources() if sources is None else sources
    illustrative = any(one.illustrative for one in assessments)
    if period is not None:
        illustrative = illustrative or bool(period.lines["illustrative"].any())
    head = opening.head(plan, cutoff, unit)
    sheet = None if period is None or period.is_place else period
    if unit != plan.place.code:  # what is asked of a unit are people; rates are the place's
        assessments = [one for one in assessments if isinstance(one, PeopleAssessment)] or assessments
    blocks = [
        Paragraph(
            (opening.occasion(plan, cutoff, unit, targets=len(assessments), returned=period is not None),)
        ),
        *_brief(assessments, cutoff),
        *of_period.changes(assessments, period),
    ]
    if sheet is not None:
        blocks += unit_sheet.blocks(sheet)
    elif unit != plan.place.code:
        blocks += _prospects(plan, assessments, cutoff, named, figures, known_by)
    else:
        blocks += _sections(plan, assessments, cutoff, named, figures, extra_tables, period, known_by)
    return Document(
        lang="",
        title=head.subject,
        head=head,
        blocks=tuple(blocks),
        signature=opening.signature(plan, cutoff),
        appendices=appendices.appendices(plan, cutoff, unit, period, found),
        illustrative=illustrative,
        banner=opening.ILLUSTRATIVE if illustrative else "",
        meta={
            "plan": plan.name, "as_of": str(cutoff), "unit": unit, "lang": "", "seed": str(seed),
            "known_by": known_by,
        },
    )  # fmt: skip


def _sections(
    plan: Plan, assessments: Sequence[Assessment], cutoff: Cutoff, sources: Mapping[str, Text],
    figures: Sequence[Picture], extra_tables: Sequence[Table], period: PeriodFacts | None, known_by: str,
) -> list[Any]:  # fmt: skip
    """Sections I to V of the report on the place; a plain one has none on tasks and money that its plan has not."""
    has_tasks = plan.is_decree_30 or bool(plan.tasks)
    told = [] if not has_tasks else _tasks(plan) if period is None else tasks.tasks(period)
    of_tasks = [Heading(2, Said("report.heading.tasks")), *told] if has_tasks else []
    funded = plan.is_decree_30 or bool(plan.funding_sources) or tasks.ASSIGNED in set(plan.indicators["id"])
    of_money = [Heading(2, Said("report.heading.funding")), *of_period.money(period)] if funded else []
    return [
        Heading(1, Said("report.heading.direction")),
        *of_period.direction(period),
        OfficePlace(Said("report.prompt.direction")),
        Heading(1, Said("report.heading.results")),
        Heading(2, Said("report.heading.targets")),
        target_table(assessments, str(cutoff)),
        *(figure for figure in figures if _shows(figure, assessments) is None),
        *extra_tables,
        *_targets(assessments, sources, figures, plan, known_by),
        *of_period.years(period),
        *(Paragraph((sentence,), "note") for sentence in (plan_notes(plan),) if sentence),
        *of_tasks,
        *of_money,
        *of_period.duties(period),
        Heading(1, Said("report.heading.difficulties")),
        *of_period.behind(period),
        Paragraph((evidence.data_limits(assessments, str(cutoff)),)),
        OfficePlace(Said("report.prompt.causes"), of_period.own_words(period, ("difficulties", "causes"))),
        Heading(1, Said("report.heading.next")),
        *_paragraphs([_next(one) for one in assessments]),
        *of_period.ahead(period),
        OfficePlace(Said("report.prompt.next")),
        Heading(1, Said("report.heading.proposals")),
        *_paragraphs([[opening.to_be_supplied(assessments, str(cutoff))]]),
        OfficePlace(Said("report.prompt.proposals"), of_period.own_words(period, ("proposals",))),
    ]


def _prospects(
    plan: Plan, assessments: Sequence[Assessment], cutoff: Cutoff, sources: Mapping[str, Text],
    figures: Sequence[Picture], known_by: str,
) -> list[Any]:  # fmt: skip
    """The sheet of a unit while no return of the period is there: its targets and what is to be done."""
    return [
        Heading(1, Said("report.sheet.prospects")),
        target_table(assessments, str(cutoff)),
        *_targets(assessments, sources, figures, plan, known_by),
        Heading(1, Said("report.sheet.ahead")),
        *_paragraphs([_next(one) for one in assessments]),
        OfficePlace(Said("report.prompt.unit")),
    ]


def facts_manifest(document: Document) -> dict[str, dict[str, Any]]:
    """The figures behind every sentence, by sentence id, as plain values for a JSON file."""
    found: dict[str, dict[str, Any]] = {}
    for sentence in sentences(document):
        found[sentence.id] = {key: _plain(value) for key, value in sentence.facts.items()}
    return found


def sentences(document: Document) -> list[Sentence]:
    """Every sentence of a document in reading order, appendices included."""
    blocks: list[Any] = list(document.blocks)
    for appendix in document.appendices:
        assert isinstance(appendix, Appendix)
        blocks.extend(appendix.blocks)
    return [sentence for block in blocks if isinstance(block, Paragraph) for sentence in block.sentences]


def _own_sources() -> dict[str, Text]:
    from vetanalysis.observations.table import load_sources

    return source_texts(load_sources())


def _brief(assessments: Sequence[Assessment], cutoff: Cutoff) -> list[Paragraph]:
    """The answer first: targets of high certainty in the text to be signed, the others as a note."""
    sure = [one for one in assessments if one.target.certainty == "high"]
    others = [one for one in assessments if one.target.certainty != "high"]
    found = []
    if sure:
        found.append(Paragraph((opening.in_brief(sure, str(cutoff)),)))
    if others:
        found.append(Paragraph((opening.in_brief(others, str(cutoff), name="in_brief_noted"),), "note"))
    return found


def _shows(figure: Picture, assessments: Sequence[Assessment]) -> Assessment | None:
    """The target a figure belongs to, by its id; the longest matching id where one ends another."""
    fitting = [one for one in assessments if figure.id.endswith(one.target.id)]
    return max(fitting, key=lambda one: len(one.target.id), default=None)


def _targets(
    assessments: Sequence[Assessment], sources: Mapping[str, Text], figures: Sequence[Picture],
    plan: Plan, known_by: str,
) -> list[Any]:  # fmt: skip
    """Per target a heading, the text to be signed, its figure, and the notes."""
    blocks: list[Any] = []
    for letter, one in zip("abcdefghijklmnopqrstuvwxyz", assessments, strict=False):
        blocks.append(Heading(3, Said("targets.heading", letter=letter, label=one.target.label)))
        signed, notes = signed_and_notes(one, sources, plan=plan, known_by=known_by)
        noted = [Paragraph((sentence,), "note") for sentence in notes]
        first = 0 if signed else 1  # the answer comes before its figure, also where it is a note
        blocks += [*_paragraphs(signed), *noted[:first]]
        blocks += [figure for figure in figures if _shows(figure, assessments) is one]
        blocks += noted[first:]
    return blocks


def signed_and_notes(
    one: Assessment, sources: Mapping[str, Text], *, plan: Plan | None = None, known_by: str = ""
) -> tuple[list[list[Said]], list[Said]]:
    """What is said of a target in the text to be signed, by paragraph, and in the notes.

    The signed text holds the answer, the latest figure and the evidence, as far as they rest on figures of
    high certainty; of a target that is itself less certain everything is a note.
    """
    if not one.target.has_value:
        return _without_goal(one)
    last_sure = one.latest is None or one.latest.certainty in _SURE
    pair_sure = last_sure and (len(one.points) < 2 or one.points[-2].certainty in _SURE)
    figures = [targets.latest_figure(one, sources), targets.gap(one)] if one.points else []
    change = [targets.change_since(one)] if len(one.points) > 1 else []
    told, checks = _of_the_year(one), None
    if told:  # this year's count says more than the last whole years
        figures, change = [], []
        if isinstance(one, PeopleAssessment) and known(one.median):
            name, step = f"{one.target.id}.checks", one.calendar.step
            checks = count.cross_checks(name, one.median, one.cross_checks, one.as_of, step)
    signed = [
        [targets.headline(one), targets.published(one), targets.illustrative(one)],
        [*(figures if last_sure else []), *(change if pair_sure else []), *told],
        [evidence.grade(one) if one.points else None, targets.mostly_prior(one)],
    ]
    notes = [
        targets.unverified_target(one),
        *([] if last_sure else figures),
        *([] if pair_sure else change),
        targets.uncertain_figures(one, sources),
        count.required_against_seen(one) if isinstance(one, RateAssessment) else None,
        targets.first_passage(one),
        checks,
        count.fallen(one),
        count.two_totals(one),
        count.corrections(one, only_known=True),
        record.past_statements(one, plan, known_by) if plan else None,
        targets.published_record(one) if plan is None or plan.tells_equal_targets else None,
        evidence.prior_sensitivity(one),
        evidence.true_level(one),
        targets.both_reached(one),
        targets.reading(one),
        *(evidence.neighbour(one, other, sources) for other in one.beside),
        _definition(one, sources),
        evidence.other_rules(one),
    ]
    said = [[sentence for sentence in group if sentence] for group in signed]
    noted = [sentence for sentence in notes if sentence]
    if one.target.certainty != "high":
        return [], [sentence for group in said for sentence in group] + noted
    return said, noted


def _without_goal(one: Assessment) -> tuple[list[list[Said]], list[Said]]:
    """Of a unit that was given nothing to reach: that it is not assessed, and its own count."""
    told = [targets.headline(one)]
    if one.newest is not None:
        value, period = one.newest
        before = one.same_period if isinstance(one, PeopleAssessment) and period == one.counted_to else None
        told.append(
            count.counted(f"{one.target.id}.total", one.target.label, value, period, before, one.target.since)
        )
    signed = [told] if one.target.certainty == "high" else []
    noted = [] if signed else told
    return signed, [*noted, *(sentence for sentence in (targets.illustrative(one),) if sentence)]


def _of_the_year(one: Assessment) -> list[Said | None]:
    """What the year has counted so far, for people once returns are in; nothing without `so_far`."""
    if not isinstance(one, PeopleAssessment):
        return []
    target = one.target
    if one.so_far is None:
        return [sentence for sentence in (count.late_known(one),) if sentence]
    name = f"{target.id}.total"
    left: Said | None = targets.gap(one)
    if target.of_whole_year:
        total = count.running_total(
            name, target.label, one.so_far, target.value, one.counted_to, same_period=one.same_period
        )
        left = count.still_missing(f"{target.id}.gap", one.so_far, target.value, one.counted_to)
    else:
        total = count.counted(name, target.label, one.so_far, one.counted_to, since=target.since)
        left = None if one.is_judged else left
    told = [
        count.counted_to(one),
        total,
        of_period.same_units(one),
        left,
        of_period.estimate(one),
    ]
    if one.due is not None and one.received is not None:
        covered = evidence.coverage(
            one.received, one.due, one.late, one.counted_to,
            share_of_plan=one.coverage if one.has_quota else None, codes=one.late_codes,
        )  # fmt: skip
        told.append(covered)
    told.append(count.late_known(one))
    return told


def _definition(one: Assessment, sources: Mapping[str, Text]) -> Said | None:
    if not isinstance(one, RateAssessment) or one.definition_effect is None:
        return None
    if one.target.base != "labour_force":  # the effect is on a share of the labour force
        return None
    return evidence.definition_effect(one, one.definition_effect, sources)


def _next(one: Assessment) -> list[Said | None]:
    """What is needed from here on: pace, pace elsewhere, what 80 % would take."""
    if one.target.certainty != "high" or parse_cutoff(one.as_of) >= parse_cutoff(one.target.period):
        return []  # once the target's own period is over, no pace is left to ask for
    return [
        count.required_against_seen(one, with_seen=False),
        count.paces_elsewhere(one),
        count.for_80(one),
    ]


def _tasks(plan: Plan) -> list[OfficePlace]:
    """A marked place for each task of the plan, under its name."""
    if not plan.tasks:
        return [OfficePlace(Said("report.prompt.task"))]
    return [OfficePlace(tasks.place_of(task)) for task in plan.tasks]


def _paragraphs(groups: Sequence[Sequence[Said | None]]) -> list[Paragraph]:
    """One paragraph per group that has a sentence."""
    kept = [tuple(sentence for sentence in group if sentence) for group in groups]
    return [Paragraph(group) for group in kept if group]


def _plain(value: Any) -> Any:
    """A fact as JSON can hold it: missing as None, numpy numbers as Python's own."""
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and value != value else value
