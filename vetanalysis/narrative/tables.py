"""Tables of a report: of targets, of units and levels side by side, and of answers.

- Targets: asked for, latest, projected, how likely, on what evidence.
- Units: people by level, share of quota, the same period, the estimate, the chance.
- Answers: a row per target, worded and rounded as in the report, and the same as lines of text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment
from vetanalysis.blocks import MISSING_CELL, Cell, Column, Said, Table, Text
from vetanalysis.indicators.tiers import kind_below, kind_words
from vetanalysis.language.cells import printed
from vetanalysis.language.filters import known
from vetanalysis.language.numbers import in_words_of_study
from vetanalysis.language.render import voice
from vetanalysis.narrative.period import PeriodFacts
from vetanalysis.narrative.targets import published, verdict
from vetanalysis.observations.series import definition
from vetanalysis.plan.model import due

if TYPE_CHECKING:
    from vetanalysis.plan import Level
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


def level_table(facts: PeriodFacts) -> Table | None:
    """Quota and people of every unit, by level, and the whole place; None where nothing is counted.

    The units are those directly under the place; people of none of them and those beside its quotas are named.
    """
    levels = [one for one in facts.plan.levels if _any(facts, level=one.id) and one.counted]
    if not levels:
        return None
    columns = [
        Column(Said("tables.number"), align="center", width=0.6),
        Column(Said("tables.unit"), align="left", width=2.8),
    ]
    for name in [*(one.name for one in levels), Said("tables.by_level.all")]:
        columns.append(Column(Said("tables.quota"), group=name))
        columns.append(Column(Said("tables.by_level.done"), group=name))
        columns.append(Column("%", group=name, width=0.8))
    units, place = [*facts.carriers, *facts.without_quota], facts.plan.place.code
    rows: list[tuple[Cell | Said | Text | str, ...]] = [
        (Cell(number, "ordinal"), facts.called(unit), *_by_level(facts, unit, levels))
        for number, unit in enumerate(units, 1)
    ]
    rest = _rest(facts, units, levels)
    if any(cell.value for cell in rest):
        rows.append(("", Said("tables.by_level.rest"), *rest))
    rows.append(("", Said("tables.total"), *_by_level(facts, place, levels)))
    title = Said("tables.by_level.title", as_of=str(facts.cutoff))
    notes = (Said("tables.by_level.notes"), *_beside_quotas(facts, units, levels))
    return Table("by_level", title, tuple(columns), tuple(rows), notes, frozenset({len(rows) - 1}), True)


def _splits(levels: Sequence[Level]) -> list[dict[str, str]]:
    return [*({"level": one.id} for one in levels), {}]


def _rest(facts: PeriodFacts, units: Sequence[str], levels: Sequence[Level]) -> list[Cell]:
    """What the place has of quotas and people by level beyond its units; empty cells where they add up to it."""
    cells = []
    for split in _splits(levels):
        lines = [facts.line(facts.people, unit, **split) or {} for unit in units]
        whole = facts.line(facts.people, facts.plan.place.code, **split) or {}
        for name in ("plan_value", "value"):
            total, parts = _figure(whole, name), [_figure(line, name) for line in lines]
            more = None if total is None else total - sum(part for part in parts if part is not None)
            some = any(part is not None for part in parts)
            cells.append(Cell(more if some and more and abs(more) >= 0.5 else None, "count", missing="-"))
        cells.append(Cell(None, "decimal", missing="-"))
    return cells


def _beside_quotas(facts: PeriodFacts, units: Sequence[str], levels: Sequence[Level]) -> list[Said]:
    """A note that names the units that count people in a level for which they were given no quota, and how many."""
    counted: dict[str, float] = {}
    for unit in units:
        for level in levels:
            line = facts.line(facts.people, unit, level=level.id) or {}
            done = _figure(line, "value")
            if done and _figure(line, "plan_value") is None:
                counted[unit] = counted.get(unit, 0.0) + done
    given = any(_figure(facts.line(facts.people, unit) or {}, "plan_value") is not None for unit in units)
    if not counted or not given:
        return []
    names = tuple(facts.called(unit) for unit in counted)
    return [Said("tables.by_level.no_quota", units=names, count=len(names), people=sum(counted.values()))]


def _by_level(facts: PeriodFacts, unit: str, levels: Sequence[Level]) -> list[Cell]:
    """Quota, people and share of each level and of all together; "-" for a unit that has neither of a level."""
    cells = []
    for split in _splits(levels):
        line = facts.line(facts.people, unit, **split) or {}
        quota, done, share = (_figure(line, name) for name in ("plan_value", "value", "percent_of_plan"))
        if quota is None and done is None:
            none = "-" if split and unit != facts.plan.place.code else MISSING_CELL
            cells += [Cell(None, "count", missing=none)] * 3
        else:
            cells += [Cell(quota, "count", missing="-"), Cell(done, "count"), Cell(share, "decimal")]
    return cells


def standing_table(facts: PeriodFacts) -> Table | None:
    """Every unit of the kind that the place is made of: quota, people, share, same period, estimate, range, chance.

    None where there are none, or nothing is counted.
    """
    kind, words = kind_below(facts.plan), kind_words(facts.plan)
    codes = [unit for unit in (*facts.carriers, *facts.without_quota) if facts.kinds.get(unit) == kind]
    if not codes or not _any(facts):
        return None
    rows = tuple(
        (Cell(number, "ordinal"), facts.called(unit), *standing(facts, unit))
        for number, unit in enumerate(codes, 1)
    )
    projected = Said("tables.districts.estimate")
    columns = (
        Column(Said("tables.number"), align="center", width=0.6),
        Column(Said("tables.districts.district", **words), align="left", width=2.2),
        Column(Said("tables.districts.quota")),
        Column(Said("tables.districts.so_far")),
        Column(Said("tables.districts.of_quota")),
        Column(Said("tables.of_same_period")),
        Column(Said("tables.districts.median"), group=projected),
        Column(Said("tables.districts.range"), group=projected, width=1.5),
        Column(Said("tables.chance")),
    )
    title = Said("tables.districts.title", as_of=str(facts.cutoff), **words)
    return Table("districts", title, columns, rows, (Said("tables.no_figure"),), landscape=True)


def standing(facts: PeriodFacts, unit: str) -> tuple[Cell, ...]:
    """A unit's quota, people, share of quota, share of the same period, median, range and chance."""
    line = facts.line(facts.people, unit) or {}
    quota = _figure(line, "plan_value")
    counted = (
        Cell(quota, "count", words=Said("tables.not_given") if quota is None else None),
        Cell(_figure(line, "value"), "count"),
        Cell(_figure(line, "percent_of_plan"), "decimal"),
        Cell(_figure(line, "index_last_year"), "decimal"),
    )
    if facts.year is None or unit not in facts.year.units.index:
        return (*counted, *estimate(None, None, None, ""))
    row = facts.year.units.loc[unit]
    spread = (float(row["lower_80"]), float(row["upper_80"]))
    return (*counted, *estimate(row["median"], spread, row["probability"], "weak"))


def estimate(
    median: float | None, spread: tuple[float, float] | None, probability: float | None, evidence: str
) -> tuple[Cell, Cell, Cell]:
    """Median, 80 % range and chance of a year's people; None where there is none."""
    return (
        Cell(None if median is None else float(median), "about_bare"),
        Cell(spread, "spread"),
        Cell(None if probability is None else float(probability), "chance", evidence=evidence),
    )


def _figure(line: Mapping[str, Any], name: str) -> float | None:
    return line[name] if known(line.get(name)) else None


def _any(facts: PeriodFacts, **split: str) -> bool:
    return any(facts.value(facts.people, unit, **split) is not None for unit in facts.carriers)


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
