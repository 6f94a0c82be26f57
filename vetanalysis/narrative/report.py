"""A whole report from a plan and its assessments, without a language.

Page one answers; sections I to V follow as offices write them; what a reader does not need to sign is annexed
(`methods`). The sentences come from the numbers, what no number says is left as a marked place for the office;
what rests on a text or a figure of less than high certainty says so where it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment, in_its_measure
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
from vetanalysis.narrative import (
    actions,
    appendices,
    count,
    evidence,
    methods,
    of_period,
    opening,
    rates,
    targets,
    tasks,
    unit_sheet,
)
from vetanalysis.narrative.behind import asked_soon
from vetanalysis.narrative.glossary import glossary
from vetanalysis.narrative.period import PeriodFacts
from vetanalysis.narrative.reminder import reminder
from vetanalysis.observations.series import source_texts
from vetanalysis.periods import Cutoff, parse_cutoff
from vetanalysis.plan import Plan


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
    illustrative = any(one.illustrative for one in assessments)
    if period is not None:
        illustrative = illustrative or bool(period.lines["illustrative"].any())
    meta = {
        "plan": plan.name, "as_of": str(cutoff), "unit": unit, "lang": "", "seed": str(seed), "known_by": known_by,
    }  # fmt: skip
    if period is not None and period.is_silent:
        asked = assessments if period.is_place else _of_people(assessments)
        return reminder(period, asked, illustrative=illustrative, meta=meta)
    head = opening.head(plan, cutoff, unit, results=period is not None or targets.has_figures(assessments))
    sheet = None if period is None or period.is_place else period
    if unit != plan.place.code:  # what is asked of a unit are people; rates are the place's
        assessments = _of_people(assessments)
    named = methods.named_sources(plan, assessments, _own_sources() if sources is None else sources)
    blocks: list[Any] = [
        Paragraph(
            (
                opening.occasion(
                    plan,
                    cutoff,
                    unit,
                    targets=len(assessments),
                    returned=period is not None,
                    unassessed=len(evidence.unassessed(assessments)),
                ),
            )
        ),
    ]
    annexed = appendices.appendices(plan, cutoff, unit, period, found)
    before = actions.at_start(plan, assessments) if period is None and unit == plan.place.code else []
    if sheet is not None:
        first = opening.lead(assessments)
        known_of = [one for one in assessments if one.target.has_value or one.newest is not None]
        others = [body(one, period)[0] for one in known_of if one is not first]
        blocks += [opening.key(plan, first, assessments, period), *_paragraphs(others)]
        blocks += of_period.changes(assessments, period)
        blocks += unit_sheet.blocks(sheet)
    else:
        front = opening.front(plan, assessments, cutoff, figures, period)
        blocks += front
        if unit == plan.place.code:
            alone = opening.fills_page_one(front)
            blocks += _sections(plan, assessments, figures, extra_tables, period, before, alone)
        else:
            blocks += _prospects(plan, assessments, figures, period)
        told = methods.annex(plan, assessments, named, known_by, returns=period is not None)
        told += of_period.revised_figures(assessments, period)
        told += glossary((*blocks, *annexed, *told), returns=period is not None)
        annexed = (*annexed, appendices.last(plan, cutoff, unit, told, len(annexed)))
    return Document(
        lang="",
        title=head.subject,
        head=head,
        blocks=tuple(blocks),
        signature=opening.signature(plan, cutoff, asks=of_period.asks_units(period, before)),
        appendices=annexed,
        illustrative=illustrative,
        banner=opening.ILLUSTRATIVE if illustrative else "",
        meta=meta,
    )


def _of_people(assessments: Sequence[Assessment]) -> Sequence[Assessment]:
    """What is asked of a unit: people, those there on a day where it was given a value; all where there are none."""
    of_people = [
        one for one in assessments if one.kind == "people" or (one.kind == "stock" and one.target.has_value)
    ]
    return of_people or assessments


def _sections(
    plan: Plan, assessments: Sequence[Assessment], figures: Sequence[Picture], extra_tables: Sequence[Table],
    period: PeriodFacts | None, before: Sequence[Said], alone: bool,
) -> list[Any]:  # fmt: skip
    """Sections I to V of the report on the place: nothing on tasks that its plan has not, nor, if plain, on money.

    `before`: what is asked of units before the year has begun. `alone`: page one is full without them.
    """
    has_tasks = bool(plan.tasks)
    told = [] if not has_tasks else _tasks(plan) if period is None else tasks.tasks(period)
    of_tasks = [Heading(2, Said("report.heading.tasks")), *told] if has_tasks else []
    whose = ".country" if plan.is_decree_30 and plan.unit(plan.place.code).kind == "country" else ""
    funded = plan.is_decree_30 or bool(plan.funding_sources) or tasks.ASSIGNED in set(plan.indicators["id"])
    number = 2 + len(of_tasks[:1])  # of the heading after the tasks
    of_money = (
        [Heading(2, Said("report.heading.funding", number=number)), *of_period.money(period)]
        if funded
        else []
    )
    mine = [
        *before,
        *actions.measures(plan, assessments, period),
        *actions.newest_asked(plan, assessments, period),
    ]
    supplied = actions.to_be_supplied(plan, assessments) if assessments else None
    if supplied is not None and actions.is_own(supplied):
        mine, supplied = [*mine, supplied], None
    asked = of_period.ahead(period, mine)
    return [
        Heading(1, Said("report.heading.direction"), new_page=alone),
        *of_period.direction(period),
        of_period.ordered(period),
        Heading(1, Said("report.heading.results")),
        Heading(2, Said("report.heading.targets")),
        *_targets(assessments, figures, period),
        *(figure for figure in figures if opening.shown_by(figure, assessments) is None),
        *extra_tables,
        *of_period.years(period),
        *of_tasks,
        *of_money,
        *of_period.duties(period, number + len(of_money[:1])),
        Heading(1, Said("report.heading.difficulties")),
        *of_period.behind(period),
        *_paragraphs([[evidence.data_limits(assessments, assessments[0].as_of)]] if assessments else []),
        of_period.own_words(Said("report.prompt.causes"), period, ("difficulties", "causes")),
        Heading(1, Said("report.heading.next")),
        *_paragraphs([[sentence for one in assessments for sentence in _next(one, period)]]),
        *asked,
        OfficePlace(Said("report.prompt.next", asked=bool(asked))),
        Heading(1, Said("report.heading.proposals")),
        *_paragraphs([[supplied]]),
        of_period.own_words(Said(f"report.prompt.proposals{whose}"), period, ("proposals",)),
    ]


def _prospects(
    plan: Plan, assessments: Sequence[Assessment], figures: Sequence[Picture], period: PeriodFacts | None
) -> list[Any]:
    """The sheet of a unit while no return of the period is there: its targets; page one asks.

    Before the year has begun page one tells of one target all that there is.
    """
    if actions.at_start(plan, assessments) and len(assessments) == 1:
        return []
    return [Heading(1, Said("report.sheet.prospects")), *_targets(assessments, figures, period, needed=True)]


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


def _targets(
    assessments: Sequence[Assessment], figures: Sequence[Picture], period: PeriodFacts | None, *, needed: bool = False
) -> list[Any]:  # fmt: skip
    """Per target a heading, results before probabilities, and its figure where page one does not show it.

    `needed`: also what is needed from here on, which the report on the place says with what is asked.
    """
    blocks: list[Any] = []
    front = opening.lead(assessments) if assessments else None
    again = False  # whether a target before has two statements
    for number, one in enumerate(assessments, 1):
        blocks.append(Heading(3, Said("targets.heading", number=number, label=one.target.label)))
        blocks += _paragraphs([*body(one, period, again), *([_next(one, period)] if needed else [])])
        again = again or rates.published(one) is not None
        if one is not front:
            own = [figure for figure in figures if opening.shown_by(figure, assessments) is one]
            blocks += [opening.of_target(figure, one) for figure in own]
    return blocks


def body(one: Assessment, period: PeriodFacts | None = None, again: bool = False) -> list[list[Said | None]]:
    """What the body says of a target in one or two paragraphs: results; then what is likely, and what changed.

    `again`: of a target before there were two statements, too.
    """
    if not one.target.has_value:
        return [[targets.headline(one), _counted_alone(one)]]
    people = isinstance(one, PeopleAssessment)
    reached = opening.completed(one, period) if isinstance(one, PeopleAssessment) else ""
    covered = None
    if (
        isinstance(one, PeopleAssessment)
        and one.due is not None
        and one.received is not None
        and one.received
    ):
        covered = evidence.coverage(
            one.received, one.due, one.late, one.counted_to,
            share_of_plan=one.coverage if one.has_quota else None, codes=one.late_codes,
            had=one.late_known, gap=None if one.is_judged else one.gap,
        )  # fmt: skip
    if one.status == "not_assessed" and targets.newest(one) is None and not people:
        return [[targets.prospects(one)]]  # it says that there is no figure
    return [
        [
            targets.results(one, reached),
            evidence.beside_definition(one),
            evidence.unsure(one),
            rates.among_provinces(one),
            count.counted_to(one) if people else None,
            covered,
        ],
        [
            targets.prospects(one),
            evidence.beside_scope(one),
            evidence.beside_certainty(one),
            rates.behind_newest(one),
            of_period.change(one, period),
            of_period.moved_base(one, period) if people else None,
            rates.published(one, again),
        ],
    ]


@in_its_measure
def _counted_alone(one: Assessment) -> Said | None:
    """The own count of a unit that was given nothing to reach."""
    if one.newest is None:
        return None
    value, period = one.newest
    before = one.same_period if isinstance(one, PeopleAssessment) and period == one.counted_to else None
    name = f"{one.target.id}.total"
    of_target, present = (one.target.label, value, period, before, one.target.since), one.target.is_stock
    return count.counted(name, *of_target, present=present)


def _next(one: Assessment, period: PeriodFacts | None = None) -> list[Said | None]:
    """What is needed from here on, where its results do not say that already.

    What is due next is what the units are asked for, where the table under it asks them.
    """
    if one.target.certainty != "high" or parse_cutoff(one.as_of) >= parse_cutoff(one.target.period):
        return []  # once the target's own period is over, no pace is left to ask for
    needed = count.required_against_seen(one, with_seen=False)
    each = needed is not None and needed.key == "count.steps.each" and one.target.of_whole_year
    if period is not None and needed is not None and each and one.target.indicator == period.people:
        soon = asked_soon(period)
        needed = needed if soon is None else needed.given(usual=soon)
    said = needed is not None and needed.key in ("count.required.within", "count.steps.last")
    return [None if said else needed]


def _tasks(plan: Plan) -> list[OfficePlace]:
    """A marked place for each task of the plan, under its name."""
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
