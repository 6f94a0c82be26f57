"""The table of targets: asked for, latest, projected, how likely, on what evidence.

Units and districts side by side: people by level, share of quota, the same period, the estimate, the chance.

The table of answers: a row per target, worded and rounded as in the report, and the same as lines of text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment
from vetanalysis.blocks import MISSING_CELL, Cell, Column, Said, Table, Text
from vetanalysis.language import names, numbers
from vetanalysis.language.chances import printed_probability, status_symbol
from vetanalysis.language.names import MATURITY
from vetanalysis.language.numbers import in_years_of_study, period_name, quantity, short_period
from vetanalysis.narrative.period import PeriodFacts
from vetanalysis.narrative.sentence import about, bare_goal, capital, known
from vetanalysis.narrative.targets import verdict
from vetanalysis.remember import remembered
from vetanalysis.study_returns import ledger

if TYPE_CHECKING:
    from vetanalysis.plan import Level
    from vetanalysis.study import Study


_PROJECTED = Text("Dự báo", "Projection")
_COLUMNS = (
    (Text("STT", "No."), "center", "", 0.75),
    (Text("Chỉ tiêu", "Target"), "left", "", 2.2),
    (Text("Kế hoạch", "Plan"), "right", "", 1.15),
    (Text("Số mới nhất", "Latest"), "right", "", 1.3),
    (Text("Trung vị", "Median"), "right", _PROJECTED, 1.25),
    (Text("Khoảng 80%", "80% range"), "right", _PROJECTED, 1.3),
    (Text("Xác suất", "Chance"), "right", "", 1.15),
    (Text("Đánh giá", "Judgement"), "left", "", 1.8),
    (Text("Bằng chứng", "Evidence"), "left", "", 1.3),
)
_ID = "targets"


def target_table(assessments: Sequence[Assessment], as_of: str, lang: str) -> Table:
    """One row per target; what is missing stands as "..", explained under the table."""
    columns = tuple(
        Column(label.get(lang), align=align, group=group.get(lang) if group else "", width=width)
        for label, align, group, width in _COLUMNS
    )
    title = Text(
        f"Các chỉ tiêu của kế hoạch, số liệu {numbers.up_to(as_of, 'vi')}",
        f"The targets of the plan, figures {numbers.up_to(as_of, 'en')}",
    )
    return Table(
        id=_ID,
        title=title.get(lang),
        columns=columns,
        rows=tuple(_row(place, one, lang) for place, one in enumerate(assessments, 1)),
        notes=_notes(assessments, lang),
        values=tuple(_values(place, one, lang) for place, one in enumerate(assessments, 1)),
    )


def _row(place: int, one: Assessment, lang: str) -> tuple[str, ...]:
    measure, cell = one.target.measure, numbers.MISSING_CELL
    value = cell
    counted = isinstance(one, PeopleAssessment) and known(one.so_far) and one.projection is not None
    if counted:
        value = f"{numbers.people(one.so_far, lang)} ({numbers.short_period(one.counted_to, lang)})"
    elif one.latest is not None:
        shown = numbers.quantity(one.latest.value, measure, lang)
        mark = "(*)" if _scope_unstated(one) else ""
        value = f"{shown} ({numbers.short_period(one.latest.period, lang)}){mark}"
    projected = known(one.median) and one.projection is not None
    middle = about(one.median, measure, lang) if projected else cell
    spread = cell
    if projected and known(one.lower_80) and known(one.upper_80):
        low, high = about(one.lower_80, measure, lang), about(one.upper_80, measure, lang)
        spread = f"{low.split(' ')[0]} - {high.split(' ')[0]}"
    chances = cell
    if projected and known(one.probability):
        chances = printed_probability(one.probability, one.evidence).replace(" %", "%")
    words = f"{status_symbol(one.status)} {verdict(one, lang)}"
    grade = capital(Said(f"names.evidence.{one.evidence}").get(lang))
    label = capital(one.target.label.get(lang))
    return (str(place), label, bare_goal(one.target, lang), value, middle, spread, chances, words, grade)


def _values(place: int, one: Assessment, lang: str) -> tuple[Any, ...]:
    """The same cells as numbers, for a workbook."""
    row = _row(place, one, lang)
    latest = one.latest.value if one.latest else None
    if isinstance(one, PeopleAssessment) and known(one.so_far) and one.projection is not None:
        latest = one.so_far
    projected = one.projection is not None
    return (
        place, row[1], one.target.value, latest, one.median if projected else None, row[5],
        one.probability if projected else None, row[7], row[8],
    )  # fmt: skip


def _scope_unstated(one: Assessment) -> bool:
    return isinstance(one, PeopleAssessment) and one.scope_unstated


def _notes(assessments: Sequence[Assessment], lang: str) -> tuple[str, ...]:
    notes = [Text("“..”: chưa có số liệu.", "“..”: no figure.").get(lang)]
    if any(_scope_unstated(one) for one in assessments):
        unstated = Text(
            "(*): nguồn không nêu rõ phạm vi của số liệu.", "(*): the source does not state the scope."
        )
        notes.append(unstated.get(lang))
    for one in assessments:
        meaning = names.definition(one.target.base, one.target.concept, lang)
        if meaning:
            notes.append(f"{capital(one.target.label.get(lang))}: {meaning}{_unprinted(one, lang)}.")
        notes += _within_year(one, lang)
    return tuple(notes)


def _unprinted(one: Assessment, lang: str) -> str:
    if one.latest is None or one.latest.base_printed:
        return ""
    return Text(
        "; nguồn của số mới nhất không nêu mẫu số",
        "; the source of the latest figure does not print its base",
    ).get(lang)


def _within_year(one: Assessment, lang: str) -> list[str]:
    """The estimate made within the year, which the column of the latest figures of whole years leaves out."""
    target = one.target
    found = [
        other.points[-1] for other in one.beside
        if (other.indicator, other.base, other.concept) == (target.indicator, target.base, target.concept)
        and other.points and not other.points[-1].period.endswith("-FY")
    ]  # fmt: skip
    return [
        Text(
            f"Số ước trong năm: {numbers.quantity(point.value, target.measure, 'vi')} "
            f"({numbers.short_period(point.period, 'vi')}), chưa phải số của cả năm.",
            f"Estimate within the year: {numbers.quantity(point.value, target.measure, 'en')} "
            f"({numbers.short_period(point.period, 'en')}), not the year's figure.",
        ).get(lang)
        for point in found
    ]


def level_table(facts: PeriodFacts) -> Table | None:
    """Quota and people of every unit with a quota, by level, and the whole place; None where nothing is counted."""
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
    rows = []
    for number, unit in enumerate([*facts.carriers, facts.plan.place.code], 1):
        total = unit == facts.plan.place.code
        head = ("", Said("tables.total")) if total else (Cell(number, "ordinal"), facts.called(unit))
        rows.append((*head, *_by_level(facts, unit, levels)))
    title = Said("tables.by_level.title", as_of=str(facts.cutoff))
    notes = (Said("tables.by_level.notes"),)
    return Table("by_level", title, tuple(columns), tuple(rows), notes, frozenset({len(rows) - 1}), True)


def _by_level(facts: PeriodFacts, unit: str, levels: Sequence[Level]) -> list[Cell]:
    """Quota, people and share of each level and of all together; "-" for a unit that has neither of a level."""
    cells = []
    for split in [*({"level": one.id} for one in levels), {}]:
        line = facts.line(facts.people, unit, **split) or {}
        quota, done, share = (_figure(line, name) for name in ("plan_value", "value", "percent_of_plan"))
        if quota is None and done is None:
            none = "-" if split and unit != facts.plan.place.code else MISSING_CELL
            cells += [Cell(None, "count", missing=none)] * 3
        else:
            cells += [Cell(quota, "count", missing="-"), Cell(done, "count"), Cell(share, "decimal")]
    return cells


def district_table(facts: PeriodFacts) -> Table | None:
    """Every district: quota, people, share, same period, estimate with range, chance; None without districts."""
    codes = [unit for unit in facts.carriers if facts.kinds.get(unit) == "district"]
    return standing_table(facts, codes, landscape=True) if codes and _any(facts) else None


def standing_table(facts: PeriodFacts, codes: Sequence[str], *, landscape: bool) -> Table:
    """Quota, people, share, same period, estimate, range and chance of these units."""
    rows = tuple(
        (Cell(number, "ordinal"), facts.called(unit), *standing(facts, unit))
        for number, unit in enumerate(codes, 1)
    )
    projected = Said("tables.districts.estimate")
    columns = (
        Column(Said("tables.number"), align="center", width=0.6),
        Column(Said("tables.districts.district"), align="left", width=2.2),
        Column(Said("tables.districts.quota")),
        Column(Said("tables.districts.so_far")),
        Column(Said("tables.districts.of_quota")),
        Column(Said("tables.of_same_period")),
        Column(Said("tables.districts.median"), group=projected),
        Column(Said("tables.districts.range"), group=projected, width=1.5),
        Column(Said("tables.chance")),
    )
    title = Said("tables.districts.title", as_of=str(facts.cutoff))
    return Table("districts", title, columns, rows, (Said("tables.no_figure"),), landscape=landscape)


def standing(facts: PeriodFacts, unit: str) -> tuple[Cell, ...]:
    """A unit's quota, people, share of quota, share of the same period, median, range and chance."""
    line = facts.line(facts.people, unit) or {}
    counted = (
        Cell(_figure(line, "plan_value"), "count"),
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
    return float(line[name]) if known(line.get(name)) else None


def _any(facts: PeriodFacts, **split: str) -> bool:
    return any(facts.value(facts.people, unit, **split) is not None for unit in facts.carriers)


SIGNS = {">=": "≥", "<=": "≤"}
COLUMNS = (
    Text("Chỉ tiêu", "Target"),
    Text("Mức", "Goal"),
    Text("Số mới nhất", "Latest figure"),
    Text("Dự báo (khoảng 80%)", "Projection (80% range)"),
    Text("Xác suất đạt", "Chance"),
    Text("Bằng chứng", "Evidence"),
)
ILLUSTRATIVE = Text("SỐ LIỆU MINH HỌA - không phải số liệu thật", "ILLUSTRATIVE FIGURES - not real data")
AS_OF = Text("tính đến", "as of")


@in_years_of_study
def answer(study: Study, lang: str) -> str:
    """The plan's title, a row per target, and under it what the words are and why something is not assessed."""
    plan, found = study.plan, study.assessments
    heading = f"{plan.title.get(lang)} ({plan.name}), {AS_OF.get(lang)} {period_name(str(study.as_of), lang)}"
    lines = [heading, ""]
    if any(one.illustrative for one in found):
        lines.insert(1, ILLUSTRATIVE.get(lang))
    rows = [row_of(one, lang) for one in found]
    for row, one in zip(rows, found, strict=True):
        row[2] += _MARK if _unscoped(one) else ""
    lines += columns([[text.get(lang) for text in COLUMNS], *rows])
    if any(_unscoped(one) for one in found):
        lines.append(f"{_MARK}: {_UNSCOPED.get(lang)}")
    lines.append("")
    lines += [_words(one, lang) for one in found]
    if plan.notes:
        lines += ["", _NOTES.get(lang), *(f"- {note.get(lang)}" for note in plan.notes)]
    warned = open_findings(study, lang)
    if warned:
        lines += ["", _WARNED.get(lang).format(found=warned, plan=plan.name, as_of=study.as_of)]
    return "\n".join(lines)


_MARK = "(*)"
_UNSCOPED = Text("nguồn không nêu rõ phạm vi của số liệu.", "the source does not state the scope.")
_NOTES = Text("Ghi chú về kế hoạch:", "Notes on the plan:")
_WARNED = Text(
    "Lưu ý: còn {found} chưa xử lý trong báo cáo của kỳ; xem: vetanalysis check {plan} --as-of {as_of}",
    "Note: {found} still open in the returns of the period; see: vetanalysis check {plan} --as-of {as_of}",
)


def open_findings(study: Study, lang: str) -> str:
    """What is still open in the returns of the cut-off: "1 lỗi, 2 cảnh báo"; empty where nothing is, or no workbook."""
    given = study.returns
    if not isinstance(given, str | Path) or Path(given).suffix:  # a table brought along has no ledger
        return ""

    def open_ones() -> list[str]:
        returned = ledger(study, str(given))
        period = f"{study.as_of}/"
        found = returned.open_findings if returned is not None else ()
        return [one.severity for one in found if one.file.startswith(period)]

    key = (*study.origin, study.as_of)
    found = remembered("open-findings", key, open_ones) if study.origin else open_ones()
    errors, warnings = found.count("error"), found.count("warning")
    told = [
        Text(f"{count} {vi}", f"{count} {en if count == 1 else en + 's'}").get(lang)
        for count, vi, en in ((errors, "lỗi", "error"), (warnings, "cảnh báo", "warning"))
        if count
    ]
    return ", ".join(told)


def columns(rows: Sequence[Sequence[str]], gap: str = "  ") -> list[str]:
    """Rows of cells as lines, each column as wide as its widest cell, with a rule under the first row."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    lines = [
        gap.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return [lines[0], gap.join("-" * width for width in widths), *lines[1:]]


def row_of(one: Assessment, lang: str) -> list[str]:
    """A target as a row of `COLUMNS`, worded and rounded as in the report; "-" where the figures say nothing."""
    target, measure = one.target, one.target.measure
    goal = f"{SIGNS[target.operator]} {quantity(target.value, measure, lang, None)}"
    seen = chance = spread = "-"
    if one.newest is not None:
        value, period = one.newest
        latest = one.latest
        mark = ""
        if latest is not None and latest.period == period and latest.status != "final":
            mark = f", {MATURITY[latest.status].get(lang)}"
        seen = f"{quantity(value, measure, lang)} ({short_period(period, lang)}{mark})"
    if one.projection is not None and one.median is not None:
        low, high = (about(value, measure, lang).split(" ")[0] for value in (one.lower_80, one.upper_80))
        spread = f"{about(one.median, measure, lang)} ({low} - {high})"
        if one.probability is not None:
            chance = printed_probability(one.probability, one.evidence).replace(" %", "%")
    return [
        target.label.get(lang),
        goal,
        seen,
        spread,
        chance,
        Said(f"names.evidence.{one.evidence}").get(lang),
    ]


def _unscoped(one: Assessment) -> bool:
    """Whether the newest figure is one of unstated scope."""
    return _scope_unstated(one) and one.latest is not None and one.newest == (
        one.latest.value, one.latest.period
    )  # fmt: skip


def _words(one: Assessment, lang: str) -> str:
    said = f"- {one.target.label.get(lang)}: {verdict(one, lang)}"
    return said + (f": {one.reason.get(lang)}" if one.reason else "") + "."
