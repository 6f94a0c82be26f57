"""A whole report from a plan and its assessments, in one language.

Sections I to V as offices write them; the sentences come from the numbers, what no number says is left as
a marked place for the office. Only figures of high certainty stand in the text to be signed: sentences that
rest on less, readings, other definitions and other rules follow as notes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vetanalysis.assessment import Assessment
from vetanalysis.documents.model import (
    Appendix,
    Document,
    Figure,
    Heading,
    OfficePlace,
    Paragraph,
    Sentence,
    Table,
)
from vetanalysis.narrative import beside, evidence, latest, names, opening, paces, targets, year
from vetanalysis.narrative.sections import HEADINGS, PROMPTS
from vetanalysis.narrative.table import target_table
from vetanalysis.periods import Cutoff, parse_cutoff
from vetanalysis.plan import Plan
from vetanalysis.text import Text


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
) -> Document:
    """The report on a plan's targets as a `Document`.

    `unit`: code of the unit reported on, empty for the plan's place. `figures` and `extra_tables` follow the
    table of targets. `sources`: how each source is named in a sentence; the package's own table when None.
    """
    cutoff = parse_cutoff(as_of)
    unit = unit or plan.place.code
    known = _own_sources() if sources is None else sources
    illustrative = any(one.illustrative for one in assessments)
    head = opening.head(plan, cutoff, unit, lang)
    blocks = [
        Paragraph((opening.occasion(plan, cutoff, unit, lang),)),
        Paragraph((opening.in_brief(assessments, str(cutoff), lang),)),
        Heading(1, HEADINGS["direction"].get(lang)),
        OfficePlace(PROMPTS["direction"].get(lang)),
        Heading(1, HEADINGS["results"].get(lang)),
        Heading(2, HEADINGS["targets"].get(lang)),
        target_table(assessments, str(cutoff), lang),
        *figures,
        *extra_tables,
        *_targets(assessments, lang, known),
        Heading(2, HEADINGS["tasks"].get(lang)),
        *_tasks(plan, lang),
        Heading(2, HEADINGS["funding"].get(lang)),
        OfficePlace(PROMPTS["funding"].get(lang)),
        Heading(1, HEADINGS["difficulties"].get(lang)),
        Paragraph((evidence.data_limits(assessments, str(cutoff), lang),)),
        OfficePlace(PROMPTS["causes"].get(lang)),
        Heading(1, HEADINGS["next"].get(lang)),
        *_paragraphs([_next(one, lang) for one in assessments]),
        OfficePlace(PROMPTS["next"].get(lang)),
        Heading(1, HEADINGS["proposals"].get(lang)),
        *_paragraphs([[opening.to_be_supplied(assessments, str(cutoff), lang)]]),
        OfficePlace(PROMPTS["proposals"].get(lang)),
    ]
    return Document(
        lang=lang,
        title=head.subject,
        head=head,
        blocks=tuple(blocks),
        signature=opening.signature(plan, cutoff, lang),
        illustrative=illustrative,
        banner=opening.ILLUSTRATIVE.get(lang) if illustrative else "",
        meta={
            "plan": plan.name, "as_of": str(cutoff), "unit": unit, "lang": lang, "seed": str(seed),
            "known_by": known_by,
        },
    )  # fmt: skip


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
    from vetanalysis.published import load_sources

    return names.source_texts(load_sources())


def _targets(assessments: Sequence[Assessment], lang: str, sources: Mapping[str, Text]) -> list[Any]:
    """Per target a heading, the text to be signed, and the notes."""
    blocks: list[Any] = []
    for letter, one in zip("abcdefghijklmnopqrstuvwxyz", assessments, strict=False):
        blocks.append(Heading(3, f"{letter}) {latest.heading_label(one, lang)}"))
        body, notes = signed_and_notes(one, lang, sources)
        blocks += _paragraphs([body])
        blocks += [Paragraph((sentence,), "note") for sentence in notes]
    return blocks


def signed_and_notes(
    one: Assessment, lang: str, sources: Mapping[str, Text]
) -> tuple[list[Sentence], list[Sentence]]:
    """The sentences of a target for the text to be signed, and those for the notes."""
    last_sure = one.latest is None or one.latest.certainty in ("high", "")
    pair_sure = last_sure and (len(one.points) < 2 or one.points[-2].certainty in ("high", ""))
    body = [targets.headline(one, lang), targets.illustrative(one, lang)]
    graded = [evidence.grade(one, lang) if one.points else None, targets.mostly_prior(one, lang)]
    about_latest, change = [], None
    if one.latest is not None:  # without a figure the headline has said so
        about_latest = [latest.latest_figure(one, lang, sources), targets.gap(one, lang)]
        change = latest.change_since(one, lang)
    notes = [
        targets.unverified_target(one, lang),
        None if pair_sure else change,
        latest.uncertain_figures(one, lang, sources),
        paces.required_against_seen(one, lang) if one.target.measure == "percent" else None,
        evidence.prior_sensitivity(one, lang),
        evidence.true_level(one, lang),
        targets.reading(one, lang),
        *(beside.neighbour(one, other, lang, sources) for other in one.beside),
        _definition(one, lang),
        beside.other_rules(one, lang),
    ]
    if last_sure:
        body[1:1] = [*about_latest, change if pair_sure else None]
    else:
        notes[1:1] = about_latest
    body += [*_of_the_year(one, lang), *graded]
    body, notes = [s for s in body if s], [s for s in notes if s]
    return (body, notes) if one.target.certainty == "high" else ([], [*body, *notes])


def _of_the_year(one: Assessment, lang: str) -> list[Sentence | None]:
    """What the year has counted so far, for people once returns are in.

    From `facts`: `so_far` and `same_period` (people); `received`, `due` and `late` (units); nothing without
    `so_far`.
    """
    target, facts = one.target, one.facts
    if target.measure != "persons" or facts.get("so_far") is None:
        return []
    told = [
        year.running_total(
            f"{target.id}.total", target.label, facts["so_far"], target.value, one.as_of, lang,
            same_period=facts.get("same_period"),
        ),
        year.year_estimate(
            f"{target.id}.estimate", target.label, one.median, one.lower_80, one.upper_80, target.value,
            one.as_of, lang,
        ),
    ]  # fmt: skip
    if "due" in facts:
        late = list(facts.get("late", ()))
        told.append(
            evidence.coverage(
                facts["received"], facts["due"], late, one.as_of, lang, share_of_plan=one.coverage
            )
        )
    if one.median is not None:
        told.append(year.cross_checks(f"{target.id}.checks", one.median, one.cross_checks, one.as_of, lang))
    return told


def _definition(one: Assessment, lang: str) -> Sentence | None:
    effect = one.facts.get("definition_effect")
    return beside.definition_effect(one, effect, lang) if effect is not None else None


def _next(one: Assessment, lang: str) -> list[Sentence | None]:
    """What is needed from here on: pace, pace elsewhere, what 80 % would take."""
    if one.target.certainty != "high":
        return []
    return [
        paces.required_against_seen(one, lang, with_seen=False),
        paces.paces_elsewhere(one, lang),
        paces.for_80(one, lang),
    ]


def _tasks(plan: Plan, lang: str) -> list[Any]:
    """A marked place for each task of the plan, under its name."""
    prompt = PROMPTS["task"].get(lang)
    if not plan.tasks:
        return [OfficePlace(prompt)]
    return [OfficePlace(f"{prompt} {task.number}: {task.label.get(lang)}") for task in plan.tasks]


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
