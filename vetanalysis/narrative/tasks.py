"""The plan's tasks in a report: the figures that track each, how far the units say they are, their own words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from vetanalysis.documents.model import Heading, OfficePlace, Paragraph, Sentence
from vetanalysis.narrative import indicators, numbers
from vetanalysis.narrative.period import PeriodFacts
from vetanalysis.narrative.sections import PROMPTS
from vetanalysis.narrative.sentence import listed, say
from vetanalysis.text import Text

PROGRESS = {
    "Hoàn thành": Text("hoàn thành", "completed"),
    "Đang thực hiện đúng tiến độ": Text("đúng tiến độ", "on schedule"),
    "Chậm tiến độ": Text("chậm tiến độ", "behind schedule"),
    "Chưa triển khai": Text("chưa triển khai", "not begun"),
    "Không được giao": Text("không được giao", "not assigned it"),
}
_NAMED = 5  # units named in a sentence; more are counted


def tasks(facts: PeriodFacts, lang: str) -> list[Any]:
    """Each task with its figures, the units' own judgement of progress and a place with their words."""
    blocks: list[Any] = []
    prompt = PROMPTS["task"].get(lang)
    for task in facts.plan.tasks:
        blocks.append(Heading(3, f"2.{task.number}. {task.label.get(lang)}"))
        told = figures_of(facts, task.rows, lang)
        if told:
            blocks.append(Paragraph(tuple(told), "list"))
        progress = progress_of(facts, task.id, task.number, lang)
        if progress is not None:
            blocks.append(Paragraph((progress,)))
        blocks.append(
            OfficePlace(
                f"{prompt} {task.number}: {task.label.get(lang)}",
                own_words(facts, "difficulties", task.id, lang),
            )
        )
    return blocks


def figures_of(facts: PeriodFacts, rows: Sequence[int], lang: str) -> list[Sentence]:
    """A sentence for each figure that tracks these rows of the plan."""
    return [indicators.standing(line, lang) for line in facts.of_rows(tuple(rows))]


def progress_of(facts: PeriodFacts, ref: str, number: int, lang: str) -> Sentence | None:
    """How many units say they have completed a task, are on schedule or behind, and who is behind; None if none says."""
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
    """What units wrote of a kind, the most frequent first, each once with who says it."""
    mine = facts.said(kind, ref)
    if not facts.is_place:
        mine = mine[mine["unit"] == facts.unit]
        return tuple(dict.fromkeys(_clean(text) for text in mine["text"] if text.strip()))
    return tuple(f"{text}{who}" for text, who in told_by(facts, mine, lang))


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
    return [(f"{text.rstrip('.')}", f"{who}.") for _, text, who in sorted(found)]


def _clean(text: str) -> str:
    return " ".join(str(text).split())
