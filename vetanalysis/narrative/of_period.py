"""What a report with returns says beyond its targets, part by part; nothing where there are no returns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vetanalysis.assessment import Assessment
from vetanalysis.documents.model import Heading, OfficePlace, Paragraph, Sentence
from vetanalysis.narrative import (
    bodies,
    difficulties,
    funding,
    next_period,
    numbers,
    opening,
    since_last,
    tasks,
)
from vetanalysis.narrative.period import PeriodFacts
from vetanalysis.narrative.plan_years import year_name
from vetanalysis.narrative.sections import HEADINGS, PROMPTS
from vetanalysis.narrative.sentence import about, known, say
from vetanalysis.text import LANGUAGES, Text


def as_reported(one: Assessment, period: PeriodFacts, lang: str) -> Assessment:
    """See `PeriodFacts.as_reported`."""
    return period.as_reported(one)


def same_units(one: Assessment, lang: str) -> Sentence | None:
    """That the same period is of the units that reported, with its number; None where all have."""
    late, before = one.facts.get("late", ()), one.facts.get("same_period")
    if not late or not known(before):
        return None
    units, last = one.facts["received"], numbers.people(before, lang)
    vi, en = (year_name(int(one.as_of[:4]) - 1, which) for which in LANGUAGES)
    text = Text(
        f"cùng kỳ {vi} của chính {units} đơn vị đã báo cáo là {last}.",
        f"the same period of {en} had {last} in the {units} units that have reported.",
    )
    return say(f"{one.target.id}.same_units", lang, text, same_period=before, units=units)


def estimate(one: Assessment, lang: str) -> Sentence | None:
    """The estimate for the whole year and its share of the plan; the range stands in the headline."""
    if not known(one.median):
        return None
    vi, en = (year_name(int(one.as_of[:4]), which) for which in LANGUAGES)
    middle = about(one.median, "persons", lang)
    since, goal = numbers.up_to(one.as_of, lang), one.target.value
    share = numbers.percent(100 * one.median / goal, lang, 0) if goal else numbers.MISSING.get(lang)
    text = Text(
        f"ước thực hiện cả {vi} là {middle}, đạt khoảng {share} kế hoạch năm ({since}).",
        f"the estimate for the whole of {en} is {middle}, about {share} of the year's plan ({since}).",
    )
    return say(f"{one.target.id}.estimate", lang, text, median=one.median, plan=goal, as_of=one.as_of)


def direction(period: PeriodFacts | None, lang: str) -> list[Any]:
    """Who reported and what plan documents the bodies named."""
    if period is None:
        return []
    return _paragraph([difficulties.reporting(period, lang), opening.plan_documents(period, lang)])


def changes(assessments: Sequence[Assessment], period: PeriodFacts | None, lang: str) -> list[Any]:
    """What changed since the last report, of the targets that stand in the signed text."""
    if period is None:
        return []
    earlier = {one.target.id: one for one in period.before}
    told = [
        since_last.since_last(one, earlier.get(one.target.id), period.before_as_of, lang)
        for one in assessments
        if one.target.certainty == "high"
    ]
    return _paragraph(told)


def money(period: PeriodFacts | None, lang: str) -> list[Any]:
    """Funds by source, or the place for the office's own words."""
    return [OfficePlace(PROMPTS["funding"].get(lang))] if period is None else funding.funding(period, lang)


def duties(period: PeriodFacts | None, lang: str) -> list[Any]:
    """The table of bodies under its heading."""
    made = None if period is None else bodies.table(period, lang)
    return [] if made is None else [Heading(2, HEADINGS["bodies"].get(lang)), made]


def behind(assessments: Sequence[Assessment], period: PeriodFacts | None, lang: str) -> list[Any]:
    """Units and levels behind, doubtful figures, the pictures of units and districts."""
    if period is None:
        return []
    told = [
        difficulties.units_behind(period, lang),
        difficulties.levels_behind(period, people_evidence(assessments), lang),
        difficulties.doubtful_figures(period, lang),
    ]
    pictures = [period.figures[name] for name in ("standing", "districts") if name in period.figures]
    return [*_paragraph(told), *pictures]


def ahead(assessments: Sequence[Assessment], period: PeriodFacts | None, lang: str) -> list[Any]:
    """The pace of every unit as a table, then who must do what by when."""
    if period is None:
        return []
    made = next_period.pace_table(period, people_evidence(assessments), lang)
    todo = tuple(next_period.duties(period, lang))
    return [*([made] if made else []), *([Paragraph(todo, "list")] if todo else [])]


def own_words(period: PeriodFacts | None, kinds: Sequence[str], lang: str) -> tuple[str, ...]:
    """What the units wrote of these kinds, over all tasks."""
    if period is None:
        return ()
    return tuple(text for kind in kinds for text in tasks.own_words(period, kind, "", lang))


def people_evidence(assessments: Sequence[Assessment]) -> str:
    """The grade of the evidence on people, which decides how coarsely chances are printed."""
    return next((one.evidence for one in assessments if one.target.measure == "persons"), "weak")


def _paragraph(told: Sequence[Sentence | None]) -> list[Paragraph]:
    kept = tuple(sentence for sentence in told if sentence is not None)
    return [Paragraph(kept)] if kept else []
