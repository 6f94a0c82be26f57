"""What a report with returns says beyond its targets, part by part; nothing where there are no returns.

What changed since the last report: chance, what is still missing, and whether the words change.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment
from vetanalysis.assessment.status import hysteresis
from vetanalysis.blocks import LANGUAGES, Heading, OfficePlace, Paragraph, Sentence, Text
from vetanalysis.language import numbers
from vetanalysis.language.cells import worded
from vetanalysis.language.numbers import year_name
from vetanalysis.language.render import spoken
from vetanalysis.narrative import opening, outlook, tasks
from vetanalysis.narrative.period import HEADINGS, PROMPTS, PeriodFacts
from vetanalysis.narrative.sentence import about, chance, known, likelihood, say, terms_of
from vetanalysis.periods import parse_cutoff


def since_last(one: Assessment, before: Assessment | None, before_as_of: str, lang: str) -> Sentence | None:
    """Chance and distance then and now, and what that does to the words; None where nothing can be compared.

    The words move to a neighbouring band only when the chance is clearly in it (`attainment.hysteresis`).
    """
    if before is None or not known(one.probability) or not known(before.probability):
        return None
    if one.projection is None or before.projection is None:
        return None
    terms = terms_of(one, lang)
    earlier = _earlier(before_as_of)
    then, now = (chance(each.probability, each.evidence, lang) for each in (before, one))
    facts = {
        "since": before_as_of, "as_of": one.as_of, "before": before.probability, "now": one.probability,
        "gap_before": before.gap, "gap": one.gap,
    }  # fmt: skip
    label = hysteresis(before.status, one.probability)
    if then == now:
        vi = f"so với {earlier.vi}, xác suất đạt {terms.aim} vẫn là {now}"
        en = f"since {earlier.en}, the chance of reaching {terms.aim} is unchanged at {now}"
    else:
        up = one.probability > before.probability
        moved = Text(
            f"tăng từ {then} lên {now}" if up else f"giảm từ {then} xuống {now}",
            f"{'risen' if up else 'fallen'} from {then} to {now}",
        )
        vi = f"so với {earlier.vi}, xác suất đạt {terms.aim} {moved.vi}"
        en = f"since {earlier.en}, the chance of reaching {terms.aim} has {moved.en}"
    gap = _gaps(one, before)
    if gap is not None:
        vi, en = vi + gap.vi, en + gap.en
    words = _words(one, before, label)
    return say(f"{one.target.id}.since_last", lang, Text(f"{vi}; {words.vi}.", f"{en}; {words.en}."), **facts)


def _gaps(one: Assessment, before: Assessment) -> Text | None:
    """What was missing then and is missing now, people only: a rate's distance has its own sentence."""
    if not isinstance(one, PeopleAssessment) or not known(one.gap) or not known(before.gap):
        return None
    if one.gap <= 0:
        return Text(", chỉ tiêu đã được thực hiện đủ", ", and the target is filled")
    then, now = (
        (numbers.people(each.gap, "vi"), numbers.number(each.gap, "en", 0)) for each in (before, one)
    )
    if then == now:
        return Text(f", số còn thiếu vẫn là {now[0]}", f", and {now[1]} people are still needed")
    down = one.gap < before.gap
    return Text(
        f", số còn thiếu {'giảm' if down else 'tăng'} từ {then[0]} {'xuống' if down else 'lên'} {now[0]}",
        f", and the number still needed has {'fallen' if down else 'risen'} from {then[1]} to {now[1]}",
    )


def _earlier(as_of: str) -> Text:
    """The report before; at the start of a year there was none, only the judgement."""
    vi, en = (numbers.period_name(as_of, lang) for lang in ("vi", "en"))
    if parse_cutoff(as_of).code == "start":
        return Text(f"đánh giá {vi}", f"the judgement at {en}")
    return Text(f"báo cáo {vi}", f"the report for {en}")


def _words(one: Assessment, before: Assessment, label: str) -> Text:
    """Whether the words stay, stay for lack of a clear move, or change."""
    old = Text(
        likelihood(before.status, "vi", before.probability),
        likelihood(before.status, "en", before.probability),
    )
    new = Text(likelihood(one.status, "vi", one.probability), likelihood(one.status, "en", one.probability))
    if one.status == before.status:
        return Text(f"mức đánh giá giữ nguyên: {new.vi}", f"the judgement is unchanged: {new.en}")
    if label != one.status:
        return Text(
            f"mức đánh giá chưa thay đổi rõ: kỳ trước {old.vi}, kỳ này {new.vi} nhưng sát ranh giới giữa hai mức",
            f"the judgement has not clearly moved: {old.en} then, {new.en} now but close to the border between the two",
        )
    return Text(
        f"mức đánh giá chuyển từ {old.vi} sang {new.vi}", f"the judgement moves from {old.en} to {new.en}"
    )


def as_reported(one: Assessment, period: PeriodFacts, lang: str) -> Assessment:
    """See `PeriodFacts.as_reported`."""
    return period.as_reported(one)


def same_units(one: Assessment, lang: str) -> Sentence | None:
    """That the same period is of the units that reported, with its number; None where all have."""
    if not isinstance(one, PeopleAssessment) or not one.late or not known(one.same_period):
        return None
    before, units = one.same_period, one.received
    last = numbers.people(before, lang)
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
    return _paragraph([spoken(outlook.reporting(period), lang), opening.plan_documents(period, lang)])


def changes(assessments: Sequence[Assessment], period: PeriodFacts | None, lang: str) -> list[Any]:
    """What changed since the last report, of the targets that stand in the signed text."""
    if period is None:
        return []
    earlier = {one.target.id: one for one in period.before}
    told = [
        since_last(one, earlier.get(one.target.id), period.before_as_of, lang)
        for one in assessments
        if one.target.certainty == "high"
    ]
    return _paragraph(told)


def money(period: PeriodFacts | None, lang: str) -> list[Any]:
    """Funds by source, or the place for the office's own words."""
    if period is None:
        return [OfficePlace(PROMPTS["funding"].get(lang))]
    return list(worded(tuple(tasks.funding(period)), lang))


def duties(period: PeriodFacts | None, lang: str) -> list[Any]:
    """The table of bodies under its heading."""
    made = None if period is None else worded(tasks.bodies_table(period), lang)
    return [] if made is None else [Heading(2, HEADINGS["bodies"].get(lang)), made]


def behind(assessments: Sequence[Assessment], period: PeriodFacts | None, lang: str) -> list[Any]:
    """Units and levels behind, doubtful figures, the pictures of units and districts."""
    if period is None:
        return []
    told = [
        spoken(outlook.units_behind(period), lang),
        spoken(outlook.levels_behind(period, people_evidence(assessments)), lang),
        spoken(outlook.doubtful_figures(period), lang),
    ]
    pictures = [period.figures[name] for name in ("standing", "districts") if name in period.figures]
    return [*_paragraph(told), *pictures]


def ahead(assessments: Sequence[Assessment], period: PeriodFacts | None, lang: str) -> list[Any]:
    """The pace of every unit as a table, then who must do what by when."""
    if period is None:
        return []
    made = worded(outlook.pace_table(period, people_evidence(assessments)), lang)
    todo = tuple(spoken(one, lang) for one in outlook.duties(period))
    return [*([made] if made else []), *([Paragraph(todo, "list")] if todo else [])]


def own_words(period: PeriodFacts | None, kinds: Sequence[str], lang: str) -> tuple[str, ...]:
    """What the units wrote of these kinds, over all tasks."""
    if period is None:
        return ()
    return worded(tuple(text for kind in kinds for text in tasks.own_words(period, kind, "")), lang)


def people_evidence(assessments: Sequence[Assessment]) -> str:
    """The grade of the evidence on people, which decides how coarsely chances are printed."""
    return next((one.evidence for one in assessments if isinstance(one, PeopleAssessment)), "weak")


def _paragraph(told: Sequence[Sentence | None]) -> list[Paragraph]:
    kept = tuple(sentence for sentence in told if sentence is not None)
    return [Paragraph(kept)] if kept else []
