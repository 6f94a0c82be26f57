"""The plan's tasks in a report, and what belongs to them: money, figures of two senders.

- Tasks: the figures that track each by who reports them, how far the units say they are; the units' own words.
- Money: assigned and disbursed, in all and by source; one quantity of two kinds of senders: whether they agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

import pandas as pd

from vetanalysis.blocks import (
    LANGUAGES,
    Cell,
    Column,
    OfficePlace,
    Paragraph,
    Picture,
    Said,
    Table,
    Text,
)
from vetanalysis.indicators.network import OWN
from vetanalysis.language.filters import UNITS_NAMED, inside, known
from vetanalysis.language.lines import is_line
from vetanalysis.narrative import indicators
from vetanalysis.narrative.indicators import called_in_report, label_of
from vetanalysis.narrative.period import LEADS, OWN_LEADS, PROMPTS, PeriodFacts
from vetanalysis.plan import Plan, Task
from vetanalysis.returns.form_words import answers, language_of

_NO_THINGS = ("percent", "percentage_points", "million_dong", "million_dong_per_person", "date", "status")
_MOST_BEHIND = 3  # tasks that the text names; the annex has them all
_MOST_WORDS = 8  # texts told of a kind, the most frequent; the rest is counted


def tasks(facts: PeriodFacts) -> list[Any]:
    """Each task with its figures in a paragraph, how far the units say they are, and places for the office's words.

    A task without figures has a place of its own, the others one together.
    """
    blocks: list[Any] = []
    for task in facts.plan.tasks:
        told = figures_of(facts, task.rows, task.number)
        named = Said("tasks.named", id=f"task-{task.number}", number=task.number, label=task.label)
        blocks.append(Paragraph((named, *told)) if told else OfficePlace(place_of(task)))
    if any(isinstance(block, Paragraph) for block in blocks):
        every = [line for task in facts.plan.tasks for line in _told_lines(facts, task.rows)]
        lead = Said(
            "tasks.lead", id="tasks", as_of=str(facts.cutoff), illustrative=any(line["illustrative"] for line in every),
            older=not all(numbers_of(line, facts) for line in every),
        )  # fmt: skip
        blocks.insert(0, Paragraph((lead,)))
        blocks.append(OfficePlace(Said("tasks.place.all")))
    progress = progress_of(facts)
    return [*blocks, *([Paragraph((progress,))] if progress else [])]


def place_of(task: Task) -> Said:
    """The prompt of the place where the office writes what was done for a task."""
    return Said("tasks.place", number=task.number, label=task.label)


def figures_of(facts: PeriodFacts, rows: Sequence[int], number: int) -> list[Said]:
    """The figures that track a task by who reports them: those of this period, then the latest of an earlier one.

    Within the year the latter only where the task has none of this period; the annex has them all.
    """
    lines = _told_lines(facts, rows)
    if not lines:
        return []
    groups = groupby(lines, key=lambda line: (numbers_of(line, facts), line["way"]))
    senders = tuple(_of_sender(facts, str(way), list(mine)) for (_, way), mine in groups)
    values = {line["id"]: line["value"] for line in lines}
    return [Said("tasks.figures", id=f"task-{number}.figures", told=senders, **values)]


def _told_lines(facts: PeriodFacts, rows: Sequence[int]) -> list[dict[str, Any]]:
    """The lines of a task that its text tells, those of this period first."""
    lines = sorted(facts.of_rows(tuple(rows)), key=lambda line: not numbers_of(line, facts))
    now = [line for line in lines if numbers_of(line, facts)]
    return now if now and not facts.closed else lines


def _of_sender(facts: PeriodFacts, way: str, lines: Sequence[Mapping[str, Any]]) -> Said:
    """Figures behind who reports them: one quantity is another's part where another kind of unit counts it.

    Units that all of them lack stand behind the sender, else behind each figure that lacks some.
    """
    who, lacks = sender_of(facts.plan, way), [lacking_of(facts, line) for line in lines]
    alike = who is not None and all(one == lacks[0] for one in lacks)
    told = _joined(facts, lines, () if alike else lacks)
    if who is None:
        return Said("tasks.figures.of_place", told=told)
    return Said("tasks.figures.by", who=limited(who, lacks[0]) if alike else who, told=told)


def numbers_of(line: Mapping[str, Any], facts: PeriodFacts) -> bool:
    """Whether a line is of this cut-off, its last quarter or month alone included."""
    return line["period"] in (str(facts.cutoff), facts.plan.calendar.alone(facts.cutoff))


def _joined(
    facts: PeriodFacts, lines: Sequence[Mapping[str, Any]], lacks: Sequence[Said | None] = ()
) -> tuple[Said | Text, ...]:
    """The figures in a row; parts of the one before ("trong đó: ...") hang on it, the words said once."""
    told: list[tuple[Said | Text, list[Said]]] = []
    for line, lacking in zip(lines, lacks or [None] * len(lines), strict=True):
        part = _part(label_of(line))
        if told and part is not None:
            told[-1][1].append(Said("tasks.part", label=part, value=line["value"], measure=line["measure"]))
        else:
            figure = figure_at(facts, line)
            if not numbers_of(line, facts):
                figure = Said("tasks.figure.dated", figure=figure, period=line["period"])
            told.append((limited(figure, lacking), []))
    lead = Said("tasks.of_whom")
    return tuple(
        Said("tasks.figure.in_parts", figure=whole, of_whom=lead, parts=tuple(parts)) if parts else whole
        for whole, parts in told
    )


def _part(label: Text) -> Text | None:
    """The label of a part without the words that say it is one; None for a whole."""
    return _without(label, Said("tasks.of_whom"))


def _without(label: Text | Said, lead: Said) -> Text | None:
    """A label without the words that open it; None where it does not begin so in Vietnamese."""
    if not inside(label.vi).startswith(f"{lead.vi} ") and not inside(label.vi).startswith(f"{lead.vi}:"):
        return None
    vi, en = (inside(label.get(lang)).removeprefix(lead.get(lang)).lstrip(": ") for lang in LANGUAGES)
    return Text(vi, en)


def figure_at(facts: PeriodFacts, line: Mapping[str, Any]) -> Said:
    """`figure_told` of a line of this cut-off; of an earlier one the figure alone: its comparisons were told then."""
    return figure_told(
        line if numbers_of(line, facts) else {**line, "percent_of_plan": None, "index_last_year": None}
    )


def figure_told(line: Mapping[str, Any]) -> Said:
    """Label and value, with its share of the plan or of the same period where there is one.

    What is a number of things says the number first: "502 buổi tuyên truyền".
    """
    label = called_in_report(line)
    things = None if line["measure"] in _NO_THINGS else _without(label, Said("tasks.number_of"))
    kind, label = ("figure", label) if things is None else ("count", things)
    figure = {"label": label, "value": line["value"], "measure": line["measure"]}
    if known(line["percent_of_plan"]):
        return Said(f"tasks.{kind}.of_plan", **figure, plan=line["plan_value"])
    if known(line["index_last_year"]):
        period = str(line["period"])
        before = f"{int(period[:4]) - 1}-FY" if period.endswith("-FY") else ""
        return Said(f"tasks.{kind}.same_period", **figure, index=line["index_last_year"], before=before)
    return Said(f"tasks.{kind}", **figure)


def out_of(line: Mapping[str, Any]) -> Said | None:
    """Of how many units how many, of a share of units as of reports received; None of any other figure."""
    part, whole = line["numerator"], line["denominator"]
    if line["measure"] != "percent" or line["way"] != "quotas" or not known(part) or not known(whole):
        return None
    return Said("tasks.out_of", part=float(part), whole=float(whole))


_FEW = 0.8  # of the senders of a sum: below it the sum stands with those it is of


def lacking_of(facts: PeriodFacts, line: Mapping[str, Any]) -> Said | None:
    """Which units' figures a sum lacks: how many, or of few how many it is of; None where it lacks none."""
    if not _partial(line):
        return out_of(line)
    reported, expected = int(line["reported"]), int(line["expected"])
    if reported < _FEW * expected:
        kind = str(line["way"]) if line["way"] in set(facts.kinds.values()) else "unit"
        kinds = facts.plan.kind_name(kind, several=True)
        return Said("tasks.of_few", reported=reported, expected=expected, kinds=kinds)
    return Said("tasks.unreported", units=expected - reported)


def limited(what: Said | Text, lacking: Said | None) -> Said | Text:
    """A figure with what limits it in brackets; the figure alone where nothing does."""
    return what if lacking is None else Said("tasks.limited", what=what, lacking=lacking)


def _partial(line: Mapping[str, Any]) -> bool:
    return known(line["expected"]) and known(line["reported"]) and line["reported"] < line["expected"]


def progress_of(facts: PeriodFacts) -> Said | None:
    """The tasks that most units say they are behind with or have not begun; the annex counts all answers."""
    said = facts.said("progress")
    said = said[said["ref"].isin([task.id for task in facts.plan.tasks])]
    if said.empty:
        return None
    behind = said[said["text"].isin([answers("progress")[one] for one in ("behind", "not_begun")])]
    units = {task.number: behind.loc[behind["ref"] == task.id, "unit"].nunique() for task in facts.plan.tasks}
    most = sorted(
        (number for number, count in units.items() if count), key=lambda number: (-units[number], number)
    )
    least = units[most[:_MOST_BEHIND][-1]] if most else 0  # who has as many is named, too
    told = tuple(
        Said("tasks.progress.behind", number=number, units=units[number])
        for number in most
        if units[number] >= least
    )
    count = int(said["unit"].nunique())
    return Said("tasks.progress.most", id="tasks_behind", units=count, told=told)


def progress_table(facts: PeriodFacts) -> Table | None:
    """How many units say of each task that they have completed it, are on schedule or behind; None if none says."""
    mine = facts.said("progress")
    asked = [task for task in facts.plan.tasks if task.id in set(mine["ref"])]
    if not asked:
        return None
    counts = mine.groupby(["ref", "text"])["unit"].nunique()
    words = set(mine.loc[mine["ref"].isin([task.id for task in asked]), "text"])
    offered = [word for word in answers("progress").values() if word in words]
    others = sorted(words - set(offered))
    rows = []
    for task in asked:
        found = [int(counts.get((task.id, word), 0)) for word in (*offered, *others)]
        units = int(mine.loc[mine["ref"] == task.id, "unit"].nunique())
        named = Said("tasks.progress.task", number=task.number, label=task.label)
        rows.append((named, *(Cell(float(one), "count") for one in (*found, units))))
    columns = (
        Column(Said("tasks.progress.of"), align="left", width=6),
        *(Column(Said("tables.label", label=_progress_words(facts, word))) for word in (*offered, *others)),
        Column(Said("tasks.progress.all")),
    )
    title = Said("tasks.progress.title", period=str(facts.cutoff))
    return Table("progress", title, columns, tuple(rows), measure=Said("tasks.progress.measure"))


def _progress_words(facts: PeriodFacts, word: str) -> Said:
    """A choice of the form in words; what is no choice of the form stays as written."""
    key = f"tasks.progress.{word}"
    return (
        Said(key)
        if word in answers("progress").values() and is_line(key)
        else Said("tasks.quoted", words=_translated(facts, _clean(word)))
    )


def own_words(facts: PeriodFacts, kind: str, ref: str) -> tuple[Any, ...]:
    """A lead and what units wrote of a kind, quoted, the most frequent first, each once with who says it.

    All in one paragraph; empty where none wrote anything.
    """
    mine = facts.said(kind, ref)
    if not facts.is_place:
        mine = mine[mine["unit"] == facts.unit]
    items = told_by(facts, mine) if facts.is_place else [
        Said("tasks.words.own", words=_translated(facts, text))
        for text in dict.fromkeys(_clean(text) for text in mine["text"]) if text
    ]  # fmt: skip
    if not items:
        return ()
    translated = all(isinstance(item.facts["words"], Text) for item in items)
    lead = (LEADS if facts.is_place else OWN_LEADS)[kind].given(
        language=language_of(facts.plan), translated=translated
    )
    more = len(items) - _MOST_WORDS
    if more > 0:
        items = [*items[:_MOST_WORDS], Said("tasks.words.more", count=more)]
    return (Said("tasks.words", lead=lead, items=tuple(items)),)


def _translated(facts: PeriodFacts, text: str) -> Text | str:
    """What a unit wrote, with its translations where the plan brings some."""
    said = {_clean(own): words for own, words in getattr(facts.plan.words, "own_words", {}).items()}.get(text)
    return Text(_clean(said.get("vi", text)), _clean(said.get("en", text))) if said else text


def told_by(facts: PeriodFacts, mine: pd.DataFrame) -> list[Said]:
    """Each text once with its units in brackets, named where they are few; the most frequent first."""
    texts = mine.assign(text=[_clean(text) for text in mine["text"]])
    texts = texts[texts["text"] != ""]
    found = [
        (str(text), list(dict.fromkeys(part["unit"]))) for text, part in texts.groupby("text", sort=True)
    ]
    return [
        Said(
            "tasks.words.named",
            words=_translated(facts, text),
            units=tuple(facts.called(unit) for unit in units),
        )
        if len(units) <= UNITS_NAMED["text"]
        else Said("tasks.words.counted", words=_translated(facts, text), units=len(units))
        for text, units in sorted(found, key=lambda one: (-len(one[1]), one[0]))
    ]


def _clean(text: str) -> str:
    """A unit's text on one line, without the mark at its end: it becomes an item of a list."""
    return " ".join(str(text).split()).rstrip(" .;")


ASSIGNED, _SPENT, _RATE = "budget_assigned", "budget_disbursed", "disbursement_rate"


def funding(facts: PeriodFacts) -> list[Any]:
    """The sentence on all funds; by source, of which table and picture are annexed, that or the office's place."""
    had, spent = facts.value(ASSIGNED), facts.value(_SPENT)
    who = sender_of(facts.plan, str((facts.line(_SPENT) or {}).get("way", "")))
    told = (indicators.funds(had, spent, str(facts.cutoff), who, _silent_sender(facts)),)
    if known(had) and known(spent) and funding_table(facts) is not None:
        return [Paragraph((*told, Said("funding.annexed", id="funds_by_source")))]
    return [Paragraph(told), OfficePlace(PROMPTS["funding"])]


def _silent_sender(facts: PeriodFacts) -> Said | Text | None:
    """The body that reports the funds first and has not this time, so that others' figures stand; else None."""
    senders = dict(zip(facts.plan.indicators["id"], facts.plan.indicators["sender"].astype(str), strict=True))
    first = senders.get(_SPENT, "").split("|")[0]
    return facts.plan.unit(first).label if first in facts.missing else None


def funding_picture(facts: PeriodFacts) -> Picture | None:
    """The picture of funds by source, under it who reports them; None without one."""
    picture = facts.figures.get("funding")
    who = sender_of(facts.plan, str((facts.line(_SPENT) or {}).get("way", "")))
    if picture is None or who is None:
        return picture
    return replace(picture, caption=Said("funding.sent_by", who=who, as_of=str(facts.cutoff)))


def funding_table(facts: PeriodFacts) -> Table | None:
    """Assigned, disbursed and the share by source; None where no source has a figure."""
    by_source = (
        _row(facts, Said("tables.label", label=source.text), fund_source=source.id)
        for source in facts.plan.funding_sources
    )
    rows = [row for row in by_source if row is not None]
    if not rows:
        return None
    total = _row(facts, Said("tables.total"))
    bold: frozenset[int] = frozenset()
    if total is not None:
        bold = frozenset({len(rows)})
        rows.append(total)
    columns = (
        Column(Said("funding.source"), align="left", width=3.4),
        Column(Said("funding.assigned")),
        Column(Said("funding.disbursed")),
        Column(Said("funding.share"), "%"),
    )
    who = sender_of(facts.plan, str((facts.line(_SPENT) or {}).get("way", "")))
    title = Said("funding.title", as_of=str(facts.cutoff))
    notes = () if who is None else (Said("funding.sent_by", who=who, as_of=str(facts.cutoff)),)
    measure = Said("tables.in_measure", measure="million_dong")
    return Table("funding", title, columns, tuple(rows), notes, bold, measure=measure)


def _row(facts: PeriodFacts, label: Said, **split: str) -> tuple[Any, ...] | None:
    had, spent, rate = (facts.value(name, **split) for name in (ASSIGNED, _SPENT, _RATE))
    if had is None and spent is None:
        return None
    return (label, *(Cell(one, "decimal") for one in (had, spent, rate)))


ALIKE = 1e-6  # part of a value that is rounding and no difference


def sender(plan: Plan, code: str) -> Said | Text:
    """How a kind of senders or a single body is called."""
    key = f"senders.sender.{code}"
    if is_line(key):
        return Said(key)
    if code in set(plan.units["kind"]):
        return Said("senders.kind", kinds=plan.kind_name(code, several=True))
    return plan.unit(code).short


def sender_of(plan: Plan, way: str) -> Said | Text | None:
    """Who reports what came about on this way (`indicators.network.Route`); None where no sender stands behind it."""
    if way == OWN.name:
        return None
    if way in set(plan.units["code"]):
        return plan.unit(way).label
    return sender(plan, way) if is_line(f"senders.sender.{way}") or way in set(plan.units["kind"]) else None


def compared(table: pd.DataFrame, labels: Mapping[str, Text], as_of: str) -> Said:
    """How many quantities have two senders, which agree, which differ, which cannot be held against each other yet.

    `table`: as `indicators.network.reconciliation` gives it. Senders of whom some have not reported are no
    contradiction: their sums are partial.
    """
    if table.empty:
        return Said("senders.none", id="senders", quantities=0, as_of=as_of)
    partial, agree, differ = [], [], []
    for name, rows in table.groupby("indicator", sort=False):
        size = rows["value"].abs().max()
        if (rows["reported"] < rows["expected"]).any():
            partial.append(str(name))
        elif (rows["difference"].abs() <= ALIKE * size).all():
            agree.append(str(name))
        else:
            differ.append(str(name))
    which = tuple(Said("indicators.label", label=labels[name]) for name in differ)
    told = [
        Said("senders.agree", count=len(agree)) if agree else None,
        Said("senders.differ", count=len(differ), which=which) if differ else None,
        Said("senders.partial", count=len(partial)) if partial else None,
    ]
    return Said(
        "senders.compared", id="senders", as_of=as_of, quantities=len(partial) + len(agree) + len(differ),
        told=tuple(one for one in told if one is not None),
        agree=tuple(agree), differ=tuple(differ), partial=tuple(partial),
    )  # fmt: skip
