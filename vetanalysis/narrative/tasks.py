"""The plan's tasks in a report: the figures that track each, how far the units say they are, their own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from vetanalysis.documents.model import Heading, OfficePlace, Paragraph, Sentence
from vetanalysis.narrative import numbers
from vetanalysis.narrative.measures import with_measure
from vetanalysis.narrative.period import PeriodFacts
from vetanalysis.narrative.sections import LEADS, OWN_LEADS, PROMPTS
from vetanalysis.narrative.sentence import capital, inside, known, listed, say
from vetanalysis.text import Text

PROGRESS = {
    "Hoàn thành": Text("hoàn thành", "completed"),
    "Đang thực hiện đúng tiến độ": Text("đúng tiến độ", "on schedule"),
    "Chậm tiến độ": Text("chậm tiến độ", "behind schedule"),
    "Chưa triển khai": Text("chưa triển khai", "not begun"),
    "Không được giao": Text("không được giao", "not assigned it"),
}
_NAMED = 5  # units named in a sentence; more are counted
_MOST_WORDS = 8  # texts told of a kind, the most frequent; the rest is counted


def tasks(facts: PeriodFacts, lang: str) -> list[Any]:
    """Each task with its figures, the units' own judgement of progress and a place with their words."""
    blocks: list[Any] = []
    prompt = PROMPTS["task"].get(lang)
    for task in facts.plan.tasks:
        blocks.append(Heading(3, f"2.{task.number}. {task.label.get(lang)}"))
        told = figures_of(facts, task.rows, task.number, lang)
        progress = progress_of(facts, task.id, task.number, lang)
        told += [] if progress is None else [progress]
        if told:
            blocks.append(Paragraph(tuple(told)))
        blocks.append(
            OfficePlace(
                f"{prompt} {task.number}: {task.label.get(lang)}",
                own_words(facts, "difficulties", task.id, lang),
            )
        )
    return blocks


def figures_of(facts: PeriodFacts, rows: Sequence[int], number: int, lang: str) -> list[Sentence]:
    """The figures that track a task: those of this period in one sentence, those of an earlier date in another."""
    lines = facts.of_rows(tuple(rows))
    now = [line for line in lines if numbers_of(line, facts)]
    older = [line for line in lines if not numbers_of(line, facts)]
    since = numbers.up_to(facts.cutoff, lang)
    told = []
    if now:
        words, marks = _joined(now, lang), _marks(now, lang)
        text = Text(f"{since}: {words}{marks}.", f"{since}: {words}{marks}.")
        told.append(say(f"task-{number}.figures", lang, text, **{line["id"]: line["value"] for line in now}))
    if older:
        dated = (f"{_told(line, lang)} ({numbers.short_period(line['period'], lang)})" for line in older)
        words, marks = "; ".join(dated), _marks(older, lang)
        text = Text(f"số liệu kỳ gần nhất: {words}{marks}.", f"latest figures: {words}{marks}.")
        told.append(say(f"task-{number}.older", lang, text, **{line["id"]: line["value"] for line in older}))
    return told


def numbers_of(line: Mapping[str, Any], facts: PeriodFacts) -> bool:
    """Whether a line is of this cut-off, its own quarter included."""
    return line["period"] in (str(facts.cutoff), f"{facts.cutoff.year}-Q{facts.cutoff.quarters}")


def _joined(lines: Sequence[Mapping[str, Any]], lang: str) -> str:
    """The figures in a row; parts of the one before ("trong đó: ...") hang on it, the words said once."""
    lead = Text("trong đó", "of whom").get(lang)
    told, inside_parts = "", False
    for line in lines:
        label = inside(line[f"label_{lang}"])
        if told and label.startswith(lead):
            part = label.removeprefix(lead).lstrip(": ")
            value = with_measure(line["value"], line["measure"], lang)
            told += f", {part if inside_parts else f'{lead} {part}'} {value}"
            inside_parts = True
            continue
        told += f"{'; ' if told else ''}{_told(line, lang)}"
        inside_parts = False
    return told


def _told(line: Mapping[str, Any], lang: str) -> str:
    """Label and value, with its share of the plan or of the same period where there is one."""
    be = Text(" là", ":").get(lang)
    words = f"{inside(line[f'label_{lang}'])}{be} {with_measure(line['value'], line['measure'], lang)}"
    if known(line["percent_of_plan"]):
        words += f", {numbers.share_of_plan(line['value'], line['plan_value'], lang)}"
    elif known(line["index_last_year"]):
        words += f", {numbers.index(line['index_last_year'], 100, lang)}"
    return words


def _marks(lines: Sequence[Mapping[str, Any]], lang: str) -> str:
    """In brackets once for all: that figures are illustrative, and how many units are missing at most."""
    short = max((int(line["expected"] - line["reported"]) for line in lines if _partial(line)), default=0)
    marks = []
    if short:
        marks.append(
            Text(
                f"{short} đơn vị chưa báo cáo", f"{short} unit{'' if short == 1 else 's'} without a report"
            ).get(lang)
        )
    if any(line["illustrative"] for line in lines):
        marks.append(Text("số liệu minh họa", "illustrative").get(lang))
    return f" ({'; '.join(marks)})" if marks else ""


def _partial(line: Mapping[str, Any]) -> bool:
    return known(line["expected"]) and known(line["reported"]) and line["reported"] < line["expected"]


def progress_of(facts: PeriodFacts, ref: str, number: int, lang: str) -> Sentence | None:
    """How many units say that they have completed a task, are on schedule or behind; None if none says."""
    mine = facts.said("progress", ref)
    if not facts.is_place:
        mine = mine[mine["unit"] == facts.unit]
    if mine.empty:
        return None
    counts = mine.groupby("text")["unit"].nunique()
    period = numbers.period_name(facts.cutoff, lang)
    name = f"task-{number}.progress"
    values = {str(word): int(count) for word, count in counts.items()}
    if not facts.is_place:
        words = listed([progress_words(word, lang) for word in counts.index], lang)
        text = Text(
            f"đơn vị tự đánh giá tiến độ nhiệm vụ {number} ({period}): {words}.",
            f"the unit's own judgement of task {number} ({period}): {words}.",
        )
        return say(name, lang, text, **values)
    total = int(mine["unit"].nunique())
    order = [word for word in PROGRESS if word in values] + [word for word in values if word not in PROGRESS]
    parts = [
        Text(
            f"{values[word]} đơn vị {progress_words(word, 'vi')}",
            f"{values[word]} {progress_words(word, 'en')}",
        ).get(lang)
        for word in order
    ]
    text = Text(
        f"theo báo cáo {period} của {total} đơn vị về nhiệm vụ {number}: {', '.join(parts)}.",
        f"by the reports of {total} units for {period}, on task {number}: {', '.join(parts)}.",
    )
    return say(name, lang, text, units=total, **values)


def progress_words(word: str, lang: str) -> str:
    """A choice of the form in the report's language; what is no choice of the form stays as written."""
    return PROGRESS[word].get(lang) if word in PROGRESS else f"“{word}”"


def own_words(facts: PeriodFacts, kind: str, ref: str, lang: str) -> tuple[str, ...]:
    """A lead and what units wrote of a kind, quoted, the most frequent first, each once with who says it.

    One text follows its lead, more stand below it as items; empty where none wrote anything.
    """
    mine = facts.said(kind, ref)
    if facts.is_place:
        lead, texts = LEADS[kind], told_by(facts, mine, lang)
    else:
        mine = mine[mine["unit"] == facts.unit]
        lead = OWN_LEADS[kind]
        texts = [(text, "") for text in dict.fromkeys(_clean(text) for text in mine["text"]) if text]
    if not texts:
        return ()
    items = [f"“{capital(text)}”{who}" for text, who in texts[:_MOST_WORDS]]
    more = len(texts) - len(items)
    if more:
        rest = Text(f"{more} ý kiến khác trong báo cáo của các đơn vị", f"{more} more in the units' returns")
        items.append(rest.get(lang))
    if len(items) == 1:
        return (f"{lead.get(lang)} {items[0]}.",)
    last = len(items) - 1
    return (lead.get(lang), *(f"- {item}{'.' if place == last else ';'}" for place, item in enumerate(items)))


def told_by(facts: PeriodFacts, mine: pd.DataFrame, lang: str) -> list[tuple[str, str]]:
    """Each text once with its units in brackets, named where they are few; the most frequent first."""
    texts = mine.assign(text=[_clean(text) for text in mine["text"]])
    texts = texts[texts["text"] != ""]
    found = []
    for text, part in texts.groupby("text", sort=True):
        units = list(dict.fromkeys(part["unit"]))
        names = ", ".join(facts.name(unit, lang) for unit in units)
        count = Text(f"{len(units)} đơn vị", f"{len(units)} units").get(lang)
        found.append((-len(units), str(text), f" ({names if len(units) <= _NAMED else count})"))
    return [(text, who) for _, text, who in sorted(found)]


def _clean(text: str) -> str:
    """A unit's text on one line, without the mark at its end: it becomes an item of a list."""
    return " ".join(str(text).split()).rstrip(" .;")
