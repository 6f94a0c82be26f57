"""Tables of a report: of targets and of answers.

- Targets: asked for, latest, projected, how likely, on what evidence.
- Answers: a row per target, worded and rounded as in the report, and the same as lines of text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment
from vetanalysis.assessment.record import MARK, Past, came
from vetanalysis.assessment.record import notes as past_notes
from vetanalysis.blocks import MISSING_CELL, Cell, Column, Said, Table, Text
from vetanalysis.language.cells import printed
from vetanalysis.language.filters import known
from vetanalysis.language.numbers import in_words_of_study
from vetanalysis.language.render import voice
from vetanalysis.narrative.rates import published
from vetanalysis.narrative.targets import (
    awaits_figure,
    has_figures,
    newest,
    outlook,
    scope,
    verdict,
)
from vetanalysis.plan.model import Target, due

if TYPE_CHECKING:
    from vetanalysis.study import Study


_SHARE, _PROJECTED, _SURE = 3, 4, 6  # columns: share of the plan, what is projected, how sure that is


def target_table(assessments: Sequence[Assessment], as_of: str) -> Table:
    """One row per target: asked for, newest figure, share of the plan, projected, how likely, how sure that is.

    A closed period has results only and no such columns, a plan of rates alone no shares of a plan. The cell of the
    judgement has a sign, a word and a colour.
    """
    projected = any(one.projection is not None and known(one.probability) for one in assessments)
    over = all(one.is_judged or awaits_figure(one) for one in assessments)
    judgement = f"judgement{'.over' if over else '.projected' if projected else ''}"
    columns = tuple(
        Column(Said(f"answers.table.{name}"), align=align, width=width)
        for name, align, width in (
            ("target", "left", 2.2), ("plan", "right", 0.8), ("latest", "right", 1.9), ("share", "right", 0.7),
            ("projection", "right", 1.8), (judgement, "left", 2.0),
            ("evidence", "left", 0.8),
        )
    )  # fmt: skip
    rows = tuple(_row(one) for one in assessments)
    counts = any(one.kind == "people" and one.target.has_value for one in assessments)
    left_out = {*(() if counts else (_SHARE,)), *((_PROJECTED, _SURE) if over else ())}
    kept = [place for place in range(len(columns)) if place not in left_out]
    shown = tuple(tuple(row[place] for place in kept) for row in rows)
    return Table(
        id="targets",
        title=Said(
            "answers.table.title", as_of=as_of, of_period=as_of.endswith("start") or has_figures(assessments)
        ),
        columns=tuple(columns[place] for place in kept),
        rows=shown,
        notes=_notes(assessments, shown),
    )


def _row(one: Assessment) -> tuple[Cell | Said, ...]:
    target, measure = one.target, one.target.measure
    count, none = counted(one), "-" if one.is_judged or not target.has_value else MISSING_CELL
    share = 100 * count / target.value if count is not None and target.has_value and target.value else None
    return (
        Said("answers.name", label=named(one)),
        Cell(target.value, "goal", measure, words=_limit(target)),
        _latest(one),
        Cell(
            share,
            "percent",
            missing="-" if measure == "percent" or not target.has_value else MISSING_CELL,
            words=Said("answers.about_share", share=share) if share is not None and _is_rough(one) else None,
        ),
        expected(one) if one.projection is not None and known(one.median) else Cell(missing=none),
        _judgement(one),
        _evidence(one),
    )


def _limit(target: Target) -> Said | None:
    """The words of a number that may not be passed; None of one to be reached."""
    told: dict[str, Any] = {"operator": target.operator, "value": target.value, "measure": target.measure}
    return Said("answers.goal", **told) if target.operator == "<=" and target.has_value else None


def _is_rough(one: Assessment) -> bool:
    return isinstance(one, PeopleAssessment) and bool(one.about)


def _evidence(one: Assessment) -> Said | Cell:
    """The grade of a statement in words; "-" where nothing is stated, or the target's own figure is there."""
    if one.status in ("not_forecast", "not_assessed") or one.is_judged:
        return Cell(missing="-")
    return Said("answers.evidence", evidence=one.evidence)


def expected(one: Assessment) -> Cell:
    """The projection with its 80 % range: "13.900 người (12.900 - 15.000)"; a workbook holds the median."""
    said = Said(
        "answers.projected", median=one.median, lower_80=one.lower_80, upper_80=one.upper_80,
        measure=one.target.measure, goal=one.target.value,
    )  # fmt: skip
    return Cell(one.median, "about", one.target.measure, words=said, goal=one.target.value)


def counted(one: Assessment) -> float | None:
    """People that the year counts so far, or that the target's own period has; None of a rate and without a count."""
    if not isinstance(one, PeopleAssessment):
        return None
    if one.newest_count is not None:
        return one.newest_count
    return one.latest.value if one.is_judged and one.latest is not None else None


def _latest(one: Assessment) -> Cell:
    target, measure = one.target, one.target.measure
    if isinstance(one, PeopleAssessment) and one.newest_count is not None:
        return _seen(one.newest_count, target, one.counted_to, worded=one.worded, to_day=one.to_day)
    point = newest(one)
    if point is None:
        return Cell(None, "amount", measure)
    mark = _MARK if _scope_unstated(one) else ""
    estimated = measure == "percent" and point.maturity(measure) == "estimate"
    worded = Said("answers.estimate", worded=point.worded) if estimated else point.worded
    return _seen(point.value, target, point.period, flag=mark, worded=worded, to_day=point.to_day)


_TONES = {
    "reached": "good", "reached_provisional": "good", "almost_certain": "good", "very_likely": "good", "likely": "good",
    "even": "even", "unlikely": "bad", "very_unlikely": "bad", "almost_no_chance": "bad", "not_reached": "bad",
    "not_forecast": "none", "not_assessed": "none",
}  # fmt: skip


def _status(one: Assessment) -> str:
    return "not_reached" if one.is_judged and not one.is_reached else one.status


def _judgement(one: Assessment) -> Cell:
    """Sign, word and chance in one cell; a workbook holds the chance."""
    status = _status(one)
    if one.projection is None or not known(one.probability):
        said = Said("answers.judgement", status=status, verdict=verdict(one))
        return Cell(said, "words", tone=_TONES[status])
    said = Said("answers.judgement", status=status, verdict=outlook(one))
    return Cell(one.probability, "chance", words=said, tone=_TONES[status])


def named(one: Assessment) -> Said | Text:
    """The name of a target; of one due within a year with its period, where the name does not hold it already."""
    target = one.target
    if target.since and not all(period[:4] in target.label.en for period in (target.since, target.period)):
        return Said("answers.name.of_years", label=target.label, due=due(target))
    if target.of_whole_year or target.since or target.milestone_of or target.period in target.label.en:
        return target.label
    return Said("answers.name.of_period", label=target.label, period=target.period)


def _scope_unstated(one: Assessment) -> bool:
    return isinstance(one, PeopleAssessment) and one.scope_unstated


def _seen(
    value: float, target: Target, period: str, *, flag: str = "", maturity: str | None = None, worded: Said | str = "",
    to_day: Said | str = "",
) -> Cell:  # fmt: skip
    """A figure with its period and last day, what the source says before it ("nearly"), and where asked how final."""
    said = Said(
        "answers.seen", worded=worded, value=value, measure=target.measure, goal=target.value, period=period,
        maturity=maturity, to_day=to_day,
    )  # fmt: skip
    return Cell(value, "amount", target.measure, words=said, flag=flag)


def _notes(assessments: Sequence[Assessment], rows: Sequence[tuple[Cell | Said, ...]]) -> tuple[Said, ...]:
    """A few short ones: what ".." stands for, where targets are stated, what is unsure; everything else is annexed."""
    notes = []
    cells = [cell for row in rows for cell in row if isinstance(cell, Cell) and cell.words is None]
    if any(cell.value is None and cell.missing == MISSING_CELL for cell in cells):
        notes.append(Said("answers.note.missing"))
    notes += _stated(assessments)
    if any(_scope_unstated(one) for one in assessments):
        notes.append(Said("answers.note.unstated_scope"))
    elif any(one.target.certainty != "high" for one in assessments):
        notes.append(Said("answers.note.unverified", annexed=True))
    return (*notes, *_past_notes(assessments))


def _past_notes(assessments: Sequence[Assessment]) -> tuple[Said, ...]:
    """What came of the words that are marked, each once."""
    shown = (one for one in assessments if one.projection is not None and known(one.probability))
    return past_notes({one.status: one.past for one in shown if one.past})


def _stated(assessments: Sequence[Assessment]) -> list[Said]:
    """Which texts other than the plan state the targets, and which two are levels of one rate, of a range or not."""
    targets = [one.target for one in assessments if one.target.has_value]
    texts: dict[Text | str, list[Target]] = {}
    for target in targets:
        if not target.in_the_plan and target.stated_in:
            texts.setdefault(target.stated_in, []).append(target)
    several = len(texts) > 1 or sum(len(some) for some in texts.values()) < len(targets)
    told = tuple(
        Said("answers.note.stated.text", stated=text, goals=tuple(map(_goal, some)) if several else ())
        for text, some in texts.items()
    )
    ends: dict[tuple[str, ...], list[Target]] = {}
    for target in targets:
        levels = " ".join(sorted(target.levels))
        alike = target.indicator, levels, target.base, target.concept, target.period, target.operator
        ends.setdefault(alike, []).append(target)
    ranges = [sorted(some, key=lambda one: one.value) for some in ends.values() if len(some) == 2]
    return [
        *([Said("answers.note.stated", told=told)] if told else []),
        *(
            Said(f"answers.note.{_together(low, high)}", lower=_goal(low), upper=_goal(high))
            for low, high in ranges
        ),
    ]


def _together(low: Target, high: Target) -> str:
    """What two levels of one rate are: the ends of a range that one text states, or each from a text of its own."""
    one_text = low.stated_in == high.stated_in or (low.in_the_plan and high.in_the_plan)
    return "range" if one_text else "two_texts"


def _goal(target: Target) -> Said:
    return Said("answers.note.goal", goal=target.value, measure=target.measure)


COLUMNS = tuple(
    Said(f"answers.column.{name}")
    for name in ("target", "goal", "latest", "projection", "chance", "evidence")
)
ILLUSTRATIVE = Said("answers.illustrative")
_MARK = "(*)"


def unpainted(text: str, tone: str) -> str:
    """The text as it is, whatever its tone."""
    return text


@in_words_of_study
def answer(study: Study, lang: str, paint: Callable[[str, str], str] = unpainted) -> str:
    """The plan's title, a row per target, and under it what the words are and why something is not assessed.

    `paint`: gives a line the colour of its tone ("title" or one of `blocks.TONES`), where it is read in colours.
    """
    plan, found = study.plan, study.assessments
    speaks = voice(lang, plan.words)
    told: list[Said] = [Said("answers.title", title=plan.title, plan=plan.name, as_of=str(study.as_of))]
    told += [ILLUSTRATIVE] if any(one.illustrative for one in found) else []
    told += [Said("reminder.on_screen", period=str(study.as_of))] if study.is_silent else []
    lines = [*(paint(speaks.render(said), "title") for said in told), ""]
    rows = [_marked(one) for one in found]
    lines += columns([[printed(cell, lang, plan.words) for cell in row] for row in (COLUMNS, *rows)])
    if any(_unscoped(one) for one in found):
        lines.append(speaks.render(Said("answers.note.unstated_scope")))
    lines += [speaks.render(said) for said in _past_notes(found)]
    lines.append("")
    lines += [paint(speaks.render(_words(one)), _TONES[_status(one)]) for one in found]
    if plan.notes:
        lines += ["", speaks.render(Said("answers.notes")), *(f"- {note.get(lang)}" for note in plan.notes)]
    lines += [f"\n{speaks.render(said)}" for said in open_findings(study)]
    return "\n".join(lines)


def open_findings(study: Study) -> list[Said]:
    """What is still open in the returns of the cut-off and in tables brought along, and which figures were left out.

    Of a unit that is not the place only what its own files say.
    """
    carried = study.findings
    undated = [one for one in carried if one.rule == "no-known-day"]
    found = [one.severity for one in carried if one not in undated]
    if study.ledger is not None:
        own = "" if study.unit.code == study.plan.place.code else f"{study.unit.code}__"
        period = f"{study.as_of}/{own}"
        found += [one.severity for one in study.ledger.open_findings if f"/{period}" in f"/{one.file}"]
    told = [Said("answers.left_out", found=one.found, remedy=one.remedy) for one in undated]
    counted = tuple(
        Said(f"answers.open.{severity}", count=found.count(severity))
        for severity in ("error", "warning")
        if severity in found
    )
    if counted:
        asked = {"returns": study.returns, "published": study.published, "known-by": study.known_by}
        options = " ".join(
            f"--{name} {quote(str(given))}"
            for name, given in asked.items()
            if isinstance(given, str | Path) and given not in ("", "default")
        )
        plan, as_of = quote(study.plan.asked_for), str(study.as_of)
        told.append(Said("answers.open", found=counted, plan=plan, as_of=as_of, options=options))
    return told


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of cells as lines, each column as wide as its widest cell, with a rule under the first row."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return [lines[0], "  ".join("-" * width for width in widths), *lines[1:]]


def row_of(one: Assessment) -> tuple[Any, ...]:
    """A target as a row of `COLUMNS`, worded and rounded as in the report; "-" where the figures say nothing."""
    target, measure = one.target, one.target.measure
    side = ">=" if target.operator == ">=" else "<="
    goal: Said | Cell = Said("answers.goal", operator=side, value=target.value, measure=measure)
    if not target.has_value:
        goal = Cell(missing="-")
    seen, spread, chance = Cell(missing="-"), Cell(missing="-"), Cell(missing="-")
    point = newest(one)
    if isinstance(one, PeopleAssessment) and one.newest_count is not None and not one.is_judged:
        seen = _seen(one.newest_count, target, one.counted_to, worded=one.worded, to_day=one.to_day)
    elif point is not None:
        maturity = point.maturity(target.measure)
        settled = None if maturity == "final" else maturity
        seen = _seen(
            point.value, target, point.period, maturity=settled, worded=point.worded, to_day=point.to_day
        )
    if one.projection is not None and one.median is not None:
        spread = expected(one)
        chance = chance_of(one.probability, one.past)
    return (
        Said("answers.name", label=named(one)),
        goal,
        seen,
        spread,
        chance,
        Said(f"names.evidence.{one.evidence}"),
    )


def chance_of(probability: float | None, held: Past | None) -> Cell:
    """A chance with what its word came to in brackets, where the word did not hold; "-" where there is none."""
    told = Said("answers.chance", probability=probability, past=came(held)) if held else None
    return Cell(probability, "chance", missing="-", words=told)


def _marked(one: Assessment) -> tuple[Any, ...]:
    """The row with marks behind a figure of unstated scope and a chance whose word did not hold what came."""
    row = row_of(one)
    if one.past and row[4].words is not None:
        row = (*row[:4], replace(row[4], words=None, flag=MARK), *row[5:])
    return (*row[:2], replace(row[2], flag=_MARK), *row[3:]) if _unscoped(one) else row


def _unscoped(one: Assessment) -> bool:
    """Whether the newest figure is one of unstated scope."""
    return _scope_unstated(one) and one.latest is not None and one.newest == (
        one.latest.value, one.latest.period
    )  # fmt: skip


def _words(one: Assessment) -> Said:
    label = Said("answers.name", label=named(one))
    if one.reason and one.target.has_value:
        return Said("answers.words_and_reason", label=label, verdict=verdict(one), reason=one.reason)
    said = published(one)
    beside = Said("answers.by_published", **said.facts) if said else ""
    words = verdict(one).given(past="")
    return Said("answers.words", label=label, verdict=words, by_published=beside, scope=scope(one))
