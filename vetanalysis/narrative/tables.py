"""Tables of a report: of targets and of answers.

- Targets: asked for, latest, projected, how likely, on what evidence.
- Answers: a row per target, worded and rounded as in the report, and the same as lines of text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment
from vetanalysis.blocks import Cell, Column, Said, Table, Text
from vetanalysis.language.cells import printed
from vetanalysis.language.filters import known
from vetanalysis.language.numbers import in_words_of_study
from vetanalysis.language.render import voice
from vetanalysis.narrative.targets import published, verdict
from vetanalysis.observations.series import definition
from vetanalysis.plan.model import due

if TYPE_CHECKING:
    from vetanalysis.study import Study


def target_table(assessments: Sequence[Assessment], as_of: str) -> Table:
    """One row per target; what is missing stands as "..", explained under the table."""
    projected = Said("answers.table.projected")
    columns = tuple(
        Column(Said(f"answers.table.{name}"), align=align, group=group, width=width)
        for name, align, group, width in (
            ("number", "center", "", 0.75), ("target", "left", "", 2.2), ("plan", "right", "", 1.15),
            ("latest", "right", "", 1.3), ("median", "right", projected, 1.25), ("spread", "right", projected, 1.3),
            ("chance", "right", "", 1.15), ("judgement", "left", "", 1.8), ("evidence", "left", "", 1.3),
        )
    )  # fmt: skip
    return Table(
        id="targets",
        title=Said("answers.table.title", as_of=as_of),
        columns=columns,
        rows=tuple(_row(place, one) for place, one in enumerate(assessments, 1)),
        notes=_notes(assessments),
    )


def _row(place: int, one: Assessment) -> tuple[Cell | Said, ...]:
    measure = one.target.measure
    latest = Cell(None, "amount", measure)
    going_on = one.projection is not None or not one.target.has_value
    if isinstance(one, PeopleAssessment) and known(one.so_far) and going_on:
        latest = _seen(one.so_far, measure, one.counted_to)
    elif one.latest is not None:
        mark = _MARK if _scope_unstated(one) else ""
        latest = _seen(one.latest.value, measure, one.latest.period, flag=mark, worded=one.latest.worded)
    projected = one.projection is not None
    spread = one.projection is not None and known(one.median)
    return (
        Cell(place, "ordinal"),
        Said("answers.name", label=named(one)),
        Cell(one.target.value, "goal", measure),
        latest,
        Cell(one.median if projected else None, "about", measure),
        Cell((one.lower_80, one.upper_80) if spread else None, "spread", measure),
        Cell(one.probability if projected else None, "chance", evidence=one.evidence),
        Said("answers.judgement", status=one.status, verdict=verdict(one)),
        Said("answers.evidence", evidence=one.evidence),
    )


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
    value: float, measure: str, period: str, *, flag: str = "", maturity: str | None = None, worded: Said | str = "",
) -> Cell:  # fmt: skip
    """A figure with its period, what the source says before it ("nearly"), and where asked how final it is."""
    said = Said("answers.seen", worded=worded, value=value, measure=measure, period=period, maturity=maturity)
    return Cell(value, "amount", measure, words=said, flag=flag)


def _notes(assessments: Sequence[Assessment]) -> tuple[Said, ...]:
    notes = [Said("answers.note.missing")]
    if any(_scope_unstated(one) for one in assessments):
        notes.append(Said("answers.note.unstated_scope"))
    for one in assessments:
        meaning = definition(one.target.base, one.target.concept)
        if meaning:
            printed = one.latest is None or one.latest.base_printed
            key = "answers.note.definition" if printed else "answers.note.definition_understood"
            notes.append(Said(key, label=one.target.label, meaning=meaning))
        notes += _within_year(one)
        said = published(one)
        if said is not None:
            notes.append(Said("answers.note.published", **said.facts, label=one.target.label))
    return tuple(notes)


def _within_year(one: Assessment) -> list[Said]:
    """The estimate made within the year, which the column of the latest figures of whole years leaves out."""
    target = one.target
    found = [
        other.points[-1] for other in one.beside
        if (other.indicator, other.base, other.concept) == (target.indicator, target.base, target.concept)
        and other.points and not other.points[-1].period.endswith("-FY")
    ]  # fmt: skip
    return [
        Said("answers.note.within_year", value=point.value, measure=target.measure, period=point.period)
        for point in found
    ]


COLUMNS = tuple(
    Said(f"answers.column.{name}")
    for name in ("target", "goal", "latest", "projection", "chance", "evidence")
)
ILLUSTRATIVE = Said("answers.illustrative")
_MARK = "(*)"


@in_words_of_study
def answer(study: Study, lang: str) -> str:
    """The plan's title, a row per target, and under it what the words are and why something is not assessed."""
    plan, found = study.plan, study.assessments
    speaks = voice(lang, plan.words)
    told: list[Said] = [Said("answers.title", title=plan.title, plan=plan.name, as_of=str(study.as_of))]
    told += [ILLUSTRATIVE] if any(one.illustrative for one in found) else []
    lines = [*(speaks.render(said) for said in told), ""]
    rows = [_marked(one) for one in found]
    lines += columns([[printed(cell, lang, plan.words) for cell in row] for row in (COLUMNS, *rows)])
    if any(_unscoped(one) for one in found):
        lines.append(speaks.render(Said("answers.note.unstated_scope")))
    lines.append("")
    lines += [speaks.render(_words(one)) for one in found]
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
        found += [one.severity for one in study.ledger.open_findings if one.file.startswith(period)]
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
    if one.newest is not None:
        value, period = one.newest
        seen, latest = _seen(value, measure, period), one.latest
        if latest is not None and (latest.value, latest.period) == one.newest:
            maturity = None if latest.status == "final" else latest.status
            seen = _seen(value, measure, period, maturity=maturity, worded=latest.worded)
    if one.projection is not None and one.median is not None:
        said = Said(
            "answers.projected", median=one.median, lower_80=one.lower_80, upper_80=one.upper_80, measure=measure,
        )  # fmt: skip
        spread = Cell(one.median, "about", measure, words=said)
        chance = Cell(one.probability, "chance", evidence=one.evidence, missing="-")
    return (
        Said("answers.name", label=named(one)),
        goal,
        seen,
        spread,
        chance,
        Said(f"names.evidence.{one.evidence}"),
    )


def _marked(one: Assessment) -> tuple[Any, ...]:
    """The row with a mark behind a figure of unstated scope."""
    row = row_of(one)
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
    return Said("answers.words", label=label, verdict=verdict(one), by_published=beside)
