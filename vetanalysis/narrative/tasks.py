"""The plan's tasks in a report: the figures that track each, how far the units say they are, their own words.

Each kind of body and its duties: whether it reported, and what the figures say of what it answers for.

Money in a report: assigned and disbursed in all and by source, as a sentence and a table.

Words about one quantity that two kinds of senders report: who says what, whether they agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from vetanalysis.blocks import Column, Heading, OfficePlace, Paragraph, Sentence, Table, Text
from vetanalysis.language import numbers
from vetanalysis.narrative import indicators
from vetanalysis.narrative.indicators import with_measure
from vetanalysis.narrative.period import LEADS, OWN_LEADS, PROMPTS, REPORTED, PeriodFacts
from vetanalysis.narrative.sentence import capital, first_of, inside, known, listed, say
from vetanalysis.plan import Plan

PROGRESS = {
    "Hoàn thành": Text("hoàn thành", "completed"),
    "Đang thực hiện đúng tiến độ": Text("đúng tiến độ", "on schedule"),
    "Chậm tiến độ": Text("chậm tiến độ", "behind schedule"),
    "Chưa triển khai": Text("chưa triển khai", "not begun"),
    "Không được giao": Text("không được giao", "not assigned it"),
}
_NAMED = 5  # units named in a sentence; more are counted
_MOST_WORDS = 8  # texts told of a kind, the most frequent; the rest is counted
_MORE_WORDS = Text("ý kiến khác trong báo cáo của các đơn vị", "more in the units' returns")


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
    items = first_of([f"“{capital(text)}”{who}" for text, who in texts], _MOST_WORDS, lang, _MORE_WORDS)
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


_MOST = 4  # figures shown for one body; all of them stand in the appendix


def bodies_table(facts: PeriodFacts, lang: str) -> Table | None:
    """One block of rows per body: reported or not, then the figures of its section of the plan."""
    rows: list[tuple[str, ...]] = []
    refs = dict(zip(facts.plan.indicators["id"], facts.plan.indicators["plan_ref"], strict=True))
    for body in facts.plan.bodies:
        mine = [
            line
            for key, line in facts.by_line.items()
            if key[0] == facts.unit and not any(key[2:]) and refs.get(key[1]) == f"V.{body.number}"
        ]
        told = [line for line in mine if known(line["value"])][:_MOST]
        named, sent = body.name.get(lang), _sent(facts, body.code, body.unit_kind, lang)
        if not told:
            rows.append((named, sent, numbers.MISSING.get(lang), numbers.MISSING_CELL))
        for place, line in enumerate(told):
            value = with_measure(line["value"], line["measure"], lang)
            if line["period"] != str(facts.cutoff):
                value += f" ({numbers.short_period(line['period'], lang)})"
            first = (named, sent) if place == 0 else ("", "")
            rows.append((*first, capital(line[f"label_{lang}"]), value))
    if not rows:
        return None
    columns = (
        Column(Text("Cơ quan, đơn vị", "Body").get(lang), align="left", width=2.3),
        Column(Text("Báo cáo kỳ này", "Report").get(lang), align="left", width=1.2),
        Column(Text("Nội dung theo dõi", "What is followed").get(lang), align="left", width=2.8),
        Column(Text("Kết quả", "Result").get(lang), align="right", width=1.5),
    )
    title = Text(
        f"Kết quả thực hiện nhiệm vụ của các cơ quan, đơn vị {numbers.up_to(facts.cutoff, 'vi')}",
        f"What each kind of body has done, {numbers.up_to(facts.cutoff, 'en')}",
    ).get(lang)
    return Table("bodies", title, columns, tuple(rows))


def _sent(facts: PeriodFacts, code: str, kind: str, lang: str) -> str:
    """Whether a body, or how many of a kind, sent its report of the period."""
    matrix = facts.matrix
    mine = matrix[matrix["unit"] == code] if not kind else matrix[matrix["unit"].map(facts.kinds.get) == kind]
    if mine.empty:
        return numbers.MISSING_CELL
    came = int(mine["state"].isin(REPORTED).sum())
    if len(mine) > 1:
        return Text(f"{came}/{len(mine)} đơn vị", f"{came} of {len(mine)}").get(lang)
    from vetanalysis.returns.ledger_matrix import STATES

    return STATES[mine["state"].iloc[0]].get(lang)


_ASSIGNED, _SPENT, _RATE = "budget_assigned", "budget_disbursed", "disbursement_rate"


def funding(facts: PeriodFacts, lang: str) -> list[Any]:
    """The sentence, the figure by source, and the office's place; the table by source is an appendix."""
    had, spent = facts.value(_ASSIGNED), facts.value(_SPENT)
    blocks: list[Any] = [Paragraph((indicators.funds(had, spent, str(facts.cutoff), lang),))]
    if "funding" in facts.figures:
        blocks.append(facts.figures["funding"])
    blocks.append(OfficePlace(PROMPTS["funding"].get(lang)))
    return blocks


def funding_table(facts: PeriodFacts, lang: str) -> Table | None:
    """Assigned, disbursed and the share by source; None where no source has a figure."""
    rows, values = [], []
    for source in facts.plan.funding_sources:
        line = _row(facts, capital(source.text.get(lang)), lang, fund_source=source.id)
        if line is not None:
            rows.append(line[0])
            values.append(line[1])
    if not rows:
        return None
    total = _row(facts, Text("Tổng cộng", "Total").get(lang), lang)
    bold: frozenset[int] = frozenset()
    if total is not None:
        bold = frozenset({len(rows)})
        rows.append(total[0])
        values.append(total[1])
    title = Text(
        f"Kinh phí theo nguồn, số liệu {numbers.up_to(facts.cutoff, 'vi')}",
        f"Funds by source, figures {numbers.up_to(facts.cutoff, 'en')}",
    ).get(lang)
    money = Text("triệu đồng", "million dong").get(lang)
    columns = (
        Column(Text("Nguồn kinh phí", "Source").get(lang), align="left", width=3.4),
        Column(Text("Được giao", "Assigned").get(lang), money),
        Column(Text("Đã giải ngân", "Disbursed").get(lang), money),
        Column(Text("Tỷ lệ giải ngân", "Share disbursed").get(lang), "%"),
    )
    return Table("funding", title, columns, tuple(rows), bold_rows=bold, values=tuple(values))


def _row(
    facts: PeriodFacts, label: str, lang: str, **split: str
) -> tuple[tuple[str, ...], tuple[Any, ...]] | None:
    had, spent, rate = (facts.value(name, **split) for name in (_ASSIGNED, _SPENT, _RATE))
    if had is None and spent is None:
        return None
    cells = [
        numbers.MISSING_CELL if one is None else numbers.number(one, lang, 1) for one in (had, spent, rate)
    ]
    return (label, *cells), (label, had, spent, rate)


ALIKE = 1e-6  # part of a value that is rounding and no difference
_KINDS = {
    "own": Text("báo cáo chung của cả địa bàn", "the place's own report"),
    "district": Text("các huyện, thành phố", "districts"),
    "institution": Text("các cơ sở giáo dục nghề nghiệp", "institutions"),
    "districts_and_provincial": Text("huyện và cơ sở cấp tỉnh", "districts and provincial institutions"),
}


def sender(plan: Plan, code: str, lang: str) -> str:
    """How a kind of senders or a single body is called."""
    if code in _KINDS:
        return _KINDS[code].get(lang)
    return plan.unit(code).short.get(lang)


def compared(table: pd.DataFrame, labels: Mapping[str, Text], as_of: str, lang: str) -> Sentence:
    """How many quantities have two senders, which agree, which differ, which cannot be held against each other yet.

    `table`: as `indicators.network.reconciliation` gives it. Senders of whom some have not reported are no
    contradiction: their sums are partial.
    """
    since = numbers.up_to(as_of, lang)
    if table.empty:
        text = Text(
            f"{since}, có 0 chỉ tiêu được từ hai nơi trở lên cùng báo cáo.",
            f"{since}, 0 quantities are reported by two kinds of senders.",
        )
        return say("senders", lang, text, quantities=0)
    partial, agree, differ = [], [], []
    for name, rows in table.groupby("indicator", sort=False):
        size = rows["value"].abs().max()
        if (rows["reported"] < rows["expected"]).any():
            partial.append(str(name))
        elif (rows["difference"].abs() <= ALIKE * size).all():
            agree.append(str(name))
        else:
            differ.append(str(name))
    told = {"vi": [], "en": []}
    for la in told:
        if agree:
            told[la].append(
                Text(
                    f"{len(agree)} chỉ tiêu khớp nhau",
                    f"{len(agree)} {'agrees' if len(agree) == 1 else 'agree'}",
                ).get(la)
            )
        if differ:
            which = listed([inside(labels[name].get(la)) for name in differ], la)
            told[la].append(
                Text(
                    f"{len(differ)} chỉ tiêu khác nhau ({which})",
                    f"{len(differ)} {'differs' if len(differ) == 1 else 'differ'} ({which})",
                ).get(la)
            )
        if partial:
            told[la].append(
                Text(
                    f"{len(partial)} chỉ tiêu chưa so được vì còn đơn vị chưa báo cáo",
                    f"{len(partial)} cannot be compared yet, as some units have not reported",
                ).get(la)
            )
    total = len(partial) + len(agree) + len(differ)
    warning = Text("", "")
    if differ:
        warning = Text(
            "; khác nhau có thể do phạm vi mỗi nơi tính khác nhau, cần hỏi cả hai nơi trước khi dùng",
            "; senders may count different things, so ask both before the figures are used",
        )
    text = Text(
        f"{since}, {total} chỉ tiêu có từ hai nơi gửi trở lên và không được cộng vào nhau: "
        f"{', '.join(told['vi'])}{warning.vi}.",
        f"{since}, {total} quantities have two or more senders, which are never added: "
        f"{', '.join(told['en'])}{warning.en}.",
    )
    return say(
        "senders",
        lang,
        text,
        quantities=total,
        agree=tuple(agree),
        differ=tuple(differ),
        partial=tuple(partial),
    )
