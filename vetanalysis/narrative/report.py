"""A whole report from a plan and its assessments, in one language.

Sections I to V as offices write them; the sentences come from the numbers, what no number says is left as
a marked place for the office. Only figures of high certainty stand in the text to be signed: sentences that
rest on less, readings, other definitions and other rules follow as notes.

What a reader must know about the plan itself, in the words of its own notes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment, RateAssessment
from vetanalysis.blocks import (
    LANGUAGES,
    Appendix,
    Document,
    Figure,
    Heading,
    OfficePlace,
    Paragraph,
    Sentence,
    Table,
    Text,
)
from vetanalysis.language import names
from vetanalysis.language.cells import worded
from vetanalysis.language.render import spoken
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
from vetanalysis.narrative.period import HEADINGS, PROMPTS, SHEET, PeriodFacts
from vetanalysis.narrative.sentence import known, say
from vetanalysis.narrative.tables import target_table
from vetanalysis.periods import Cutoff, parse_cutoff
from vetanalysis.plan import Plan

if TYPE_CHECKING:
    from vetanalysis.blocks import Sentence
    from vetanalysis.plan import Plan


def plan_notes(plan: Plan, lang: str) -> Sentence | None:
    """The notes of plan.yaml in one breath: what the text leaves open, when a school year starts; None without any."""
    if not plan.notes:
        return None
    vi, en = (" ".join(note.get(which) for note in plan.notes) for which in LANGUAGES)
    text = Text(f"Về văn bản kế hoạch: {vi}", f"On the text of the plan: {en}")
    return say("plan.notes", lang, text)


_SURE = ("high", "")  # the certainty of a figure that may stand in a signed text; returns carry none


def report_document(
    plan: Plan,
    assessments: Sequence[Assessment],
    lang: str,
    *,
    as_of: str | Cutoff,
    unit: str = "",
    figures: Sequence[Figure] = (),
    seed: int = 1,
    known_by: str = "",
    extra_tables: Sequence[Table] = (),
    sources: Mapping[str, Text] | None = None,
    period: PeriodFacts | None = None,
) -> Document:
    """The report on a plan's targets as a `Document`.

    `unit`: code of the unit reported on, empty for the plan's place. A figure whose id ends with a target's
    id stands with that target; other figures and `extra_tables` follow the table of targets. `sources`:
    how each source is named in a sentence; the package's own table when None. `period`: what the returns of the
    period hold; with it the report has the period's figures, tables and appendices, and for a unit other than the
    place it is the unit's own sheet.
    """
    cutoff = parse_cutoff(as_of)
    unit = unit or plan.place.code
    named = _own_sources() if sources is None else sources
    illustrative = any(one.illustrative for one in assessments)
    if period is not None:
        illustrative = illustrative or bool(period.lines["illustrative"].any())
    head = opening.head(plan, cutoff, unit, lang)
    sheet = period is not None and not period.is_place
    if unit != plan.place.code:  # what is asked of a unit are people; rates are the place's
        assessments = [one for one in assessments if isinstance(one, PeopleAssessment)] or assessments
    blocks = [
        Paragraph(
            (
                opening.occasion(
                    plan, cutoff, unit, lang, targets=len(assessments), returned=period is not None
                ),
            )
        ),
        *_brief(assessments, cutoff, lang),
        *of_period.changes(assessments, period, lang),
    ]
    if sheet:
        blocks += worded(tuple(unit_sheet.blocks(period)), lang)
    elif unit != plan.place.code:
        blocks += _prospects(plan, assessments, cutoff, lang, named, figures, known_by)
    else:
        blocks += _sections(plan, assessments, cutoff, lang, named, figures, extra_tables, period, known_by)
    return Document(
        lang=lang,
        title=head.subject,
        head=head,
        blocks=tuple(blocks),
        signature=opening.signature(plan, cutoff, lang),
        appendices=() if period is None else worded(appendices.appendices(period), lang),
        illustrative=illustrative,
        banner=opening.ILLUSTRATIVE.get(lang) if illustrative else "",
        meta={
            "plan": plan.name, "as_of": str(cutoff), "unit": unit, "lang": lang, "seed": str(seed),
            "known_by": known_by,
        },
    )  # fmt: skip


def _sections(
    plan: Plan, assessments: Sequence[Assessment], cutoff: Cutoff, lang: str, sources: Mapping[str, Text],
    figures: Sequence[Figure], extra_tables: Sequence[Table], period: PeriodFacts | None, known_by: str,
) -> list[Any]:  # fmt: skip
    """Sections I to V of the report on the place."""
    return [
        Heading(1, HEADINGS["direction"].get(lang)),
        *of_period.direction(period, lang),
        OfficePlace(PROMPTS["direction"].get(lang)),
        Heading(1, HEADINGS["results"].get(lang)),
        Heading(2, HEADINGS["targets"].get(lang)),
        target_table(assessments, str(cutoff), lang),
        *(figure for figure in figures if _shows(figure, assessments) is None),
        *extra_tables,
        *_targets(assessments, lang, sources, figures, plan.name, known_by),
        *(Paragraph((sentence,), "note") for sentence in (plan_notes(plan, lang),) if sentence),
        Heading(2, HEADINGS["tasks"].get(lang)),
        *(_tasks(plan, lang) if period is None else worded(tuple(tasks.tasks(period)), lang)),
        Heading(2, HEADINGS["funding"].get(lang)),
        *of_period.money(period, lang),
        *of_period.duties(period, lang),
        Heading(1, HEADINGS["difficulties"].get(lang)),
        *of_period.behind(assessments, period, lang),
        Paragraph((evidence.data_limits(assessments, str(cutoff), lang),)),
        OfficePlace(
            PROMPTS["causes"].get(lang), of_period.own_words(period, ("difficulties", "causes"), lang)
        ),
        Heading(1, HEADINGS["next"].get(lang)),
        *_paragraphs([_next(one, lang) for one in assessments]),
        *of_period.ahead(assessments, period, lang),
        OfficePlace(PROMPTS["next"].get(lang)),
        Heading(1, HEADINGS["proposals"].get(lang)),
        *_paragraphs([[opening.to_be_supplied(assessments, str(cutoff), lang)]]),
        OfficePlace(PROMPTS["proposals"].get(lang), of_period.own_words(period, ("proposals",), lang)),
    ]


def _prospects(
    plan: Plan, assessments: Sequence[Assessment], cutoff: Cutoff, lang: str, sources: Mapping[str, Text],
    figures: Sequence[Figure], known_by: str,
) -> list[Any]:  # fmt: skip
    """The sheet of a unit while no return of the period is there: its targets and what is to be done."""
    return [
        Heading(1, SHEET["prospects"].get(lang)),
        target_table(assessments, str(cutoff), lang),
        *_targets(assessments, lang, sources, figures, plan.name, known_by),
        Heading(1, SHEET["ahead"].get(lang)),
        *_paragraphs([_next(one, lang) for one in assessments]),
        OfficePlace(PROMPTS["unit"].get(lang)),
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
    from vetanalysis.observations.reference import load_sources

    return names.source_texts(load_sources())


def _brief(assessments: Sequence[Assessment], cutoff: Cutoff, lang: str) -> list[Paragraph]:
    """The answer first: targets of high certainty in the text to be signed, the others as a note."""
    sure = [one for one in assessments if one.target.certainty == "high"]
    others = [one for one in assessments if one.target.certainty != "high"]
    found = []
    if sure:
        found.append(Paragraph((opening.in_brief(sure, str(cutoff), lang),)))
    if others:
        found.append(Paragraph((opening.in_brief(others, str(cutoff), lang, name="in_brief_noted"),), "note"))
    return found


def _shows(figure: Figure, assessments: Sequence[Assessment]) -> Assessment | None:
    """The target a figure belongs to, by its id; the longest matching id where one ends another."""
    fitting = [one for one in assessments if figure.id.endswith(one.target.id)]
    return max(fitting, key=lambda one: len(one.target.id), default=None)


def _targets(
    assessments: Sequence[Assessment], lang: str, sources: Mapping[str, Text], figures: Sequence[Figure],
    plan: str, known_by: str,
) -> list[Any]:  # fmt: skip
    """Per target a heading, the text to be signed, its figure, and the notes."""
    blocks: list[Any] = []
    for letter, one in zip("abcdefghijklmnopqrstuvwxyz", assessments, strict=False):
        blocks.append(Heading(3, f"{letter}) {targets.heading_label(one, lang)}"))
        signed, notes = signed_and_notes(one, lang, sources, plan=plan, known_by=known_by)
        noted = [Paragraph((sentence,), "note") for sentence in notes]
        first = 0 if signed else 1  # the answer comes before its figure, also where it is a note
        blocks += [*_paragraphs(signed), *noted[:first]]
        blocks += [figure for figure in figures if _shows(figure, assessments) is one]
        blocks += noted[first:]
    return blocks


def signed_and_notes(
    one: Assessment, lang: str, sources: Mapping[str, Text], *, plan: str = "", known_by: str = ""
) -> tuple[list[list[Sentence]], list[Sentence]]:
    """What is said of a target in the text to be signed, by paragraph, and in the notes.

    The signed text holds the answer, the latest figure and the evidence, as far as they rest on figures of
    high certainty; of a target that is itself less certain everything is a note.
    """
    last_sure = one.latest is None or one.latest.certainty in _SURE
    pair_sure = last_sure and (len(one.points) < 2 or one.points[-2].certainty in _SURE)
    figures = [targets.latest_figure(one, lang, sources), targets.gap(one, lang)] if one.points else []
    change = [targets.change_since(one, lang)] if len(one.points) > 1 else []
    told, checks = _of_the_year(one, lang), None
    if told:  # this year's count says more than the last whole years
        figures, change = [], []
        if known(one.median):
            compared = count.cross_checks(f"{one.target.id}.checks", one.median, one.cross_checks, one.as_of)
            checks = spoken(compared, lang)
    signed = [
        [targets.headline(one, lang), targets.illustrative(one, lang)],
        [*(figures if last_sure else []), *(change if pair_sure else []), *told],
        [evidence.grade(one, lang) if one.points else None, targets.mostly_prior(one, lang)],
    ]
    notes = [
        targets.unverified_target(one, lang),
        *([] if last_sure else figures),
        *([] if pair_sure else change),
        targets.uncertain_figures(one, lang, sources),
        count.required_against_seen(one, lang) if isinstance(one, RateAssessment) else None,
        targets.first_passage(one, lang),
        checks,
        spoken(count.fallen(one), lang),
        spoken(count.corrections(one, only_known=True), lang),
        record.past_statements(one, plan, lang, known_by),
        evidence.prior_sensitivity(one, lang),
        evidence.true_level(one, lang),
        targets.both_reached(one, lang),
        targets.reading(one, lang),
        *(evidence.neighbour(one, other, lang, sources) for other in one.beside),
        _definition(one, lang, sources),
        evidence.other_rules(one, lang),
    ]
    said = [[sentence for sentence in group if sentence] for group in signed]
    noted = [sentence for sentence in notes if sentence]
    if one.target.certainty != "high":
        return [], [sentence for group in said for sentence in group] + noted
    return said, noted


def _of_the_year(one: Assessment, lang: str) -> list[Sentence | None]:
    """What the year has counted so far, for people once returns are in; nothing without `so_far`."""
    if not isinstance(one, PeopleAssessment):
        return []
    target = one.target
    if one.so_far is None:
        return [sentence for sentence in (spoken(count.late_known(one), lang),) if sentence]
    total = count.running_total(
        f"{target.id}.total", target.label, one.so_far, target.value, one.counted_to,
        same_period=one.same_period,
    )  # fmt: skip
    left = count.still_missing(f"{target.id}.gap", one.so_far, target.value, one.counted_to)
    told = [
        spoken(count.counted_to(one), lang),
        spoken(total, lang),
        of_period.same_units(one, lang),
        spoken(left, lang),
        of_period.estimate(one, lang),
    ]
    if one.due is not None:
        late = [name.get(lang) for name in one.late]
        covered = evidence.coverage(
            one.received, one.due, late, one.counted_to, lang, share_of_plan=one.coverage
        )
        told.append(replace(covered, facts={**covered.facts, "late": list(one.late_codes)}))
    told.append(spoken(count.late_known(one), lang))
    return told


def _definition(one: Assessment, lang: str, sources: Mapping[str, Text]) -> Sentence | None:
    if not isinstance(one, RateAssessment) or one.definition_effect is None:
        return None
    if one.target.base != "labour_force":  # the effect is on a share of the labour force
        return None
    return evidence.definition_effect(one, one.definition_effect, lang, sources)


def _next(one: Assessment, lang: str) -> list[Sentence | None]:
    """What is needed from here on: pace, pace elsewhere, what 80 % would take."""
    if one.target.certainty != "high" or parse_cutoff(one.as_of) >= parse_cutoff(one.target.period):
        return []  # once the target's own period is over, no pace is left to ask for
    return [
        count.required_against_seen(one, lang, with_seen=False),
        count.paces_elsewhere(one, lang),
        count.for_80(one, lang),
    ]


def _tasks(plan: Plan, lang: str) -> list[Any]:
    """A marked place for each task of the plan, under its name."""
    if not plan.tasks:
        return [OfficePlace(PROMPTS["task"].get(lang))]
    return [OfficePlace(tasks.place_of(task).get(lang)) for task in plan.tasks]


def _paragraphs(groups: Sequence[Sequence[Sentence | None]]) -> list[Paragraph]:
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
