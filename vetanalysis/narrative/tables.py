"""The table of targets: asked for, latest, projected, how likely, on what evidence.

Units and districts side by side: people by level, share of quota, the same period, the estimate, the chance.

The table of answers: a row per target, worded and rounded as in the report, and the same as lines of text.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment
from vetanalysis.blocks import Column, Said, Table, Text
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


_MISSING = numbers.MISSING_CELL


def level_table(facts: PeriodFacts, lang: str) -> Table | None:
    """Quota and people of every unit with a quota, by level, and the whole place; None where nothing is counted."""
    levels = [one for one in facts.plan.levels if _any(facts, level=one.id) and one.counted]
    if not levels:
        return None
    columns = [
        Column(Text("STT", "No.").get(lang), align="center", width=0.6),
        Column(Text("Đơn vị", "Unit").get(lang), align="left", width=2.8),
    ]
    whole = Text("Cộng các trình độ", "All levels").get(lang)
    for name in [*(one.name.get(lang) for one in levels), whole]:
        columns.append(Column(Text("Chỉ tiêu", "Quota").get(lang), group=name))
        columns.append(Column(Text("Thực hiện", "Done").get(lang), group=name))
        columns.append(Column("%", group=name, width=0.8))
    rows, values = [], []
    for number, unit in enumerate([*facts.carriers, facts.plan.place.code], 1):
        total = unit == facts.plan.place.code
        label = Text("Tổng cộng", "Total").get(lang) if total else facts.name(unit, lang)
        cells: list[str] = ["" if total else str(number), label]
        raw: list[Any] = ["" if total else number, label]
        for split in [*({"level": one.id} for one in levels), {}]:
            line = facts.line(facts.people, unit, **split)
            three = (
                [None, None, None]
                if line is None
                else [line["plan_value"], line["value"], line["percent_of_plan"]]
            )
            three = [float(one) if known(one) else None for one in three]
            if three[0] is None and (line is None or not known(line["value"])):
                cells += ["-", "-", "-"] if split and not total else [_MISSING] * 3
            else:
                cells += [_whole(three[0], lang, "-"), _whole(three[1], lang), _one(three[2], lang)]
            raw += three
        rows.append(tuple(cells))
        values.append(tuple(raw))
    title = Text(
        f"Số người tuyển mới theo trình độ và đơn vị, {numbers.up_to(facts.cutoff, 'vi')}",
        f"People newly enrolled by level and unit, {numbers.up_to(facts.cutoff, 'en')}",
    ).get(lang)
    notes = (
        Text(
            "“..”: chưa có báo cáo; “-”: không giao và không có.",
            "“..”: no report; “-”: neither quota nor people.",
        ).get(lang),
    )
    return Table(
        "by_level", title, tuple(columns), tuple(rows), notes, frozenset({len(rows) - 1}), True, tuple(values)
    )


def district_table(facts: PeriodFacts, lang: str) -> Table | None:
    """Every district: quota, people, share, same period, estimate with range, chance; None without districts."""
    codes = [unit for unit in facts.carriers if facts.kinds.get(unit) == "district"]
    return standing_table(facts, codes, lang, landscape=True) if codes and _any(facts) else None


def standing_table(facts: PeriodFacts, codes: Sequence[str], lang: str, *, landscape: bool) -> Table:
    """Quota, people, share, same period, estimate, range and chance of these units."""
    rows, values = [], []
    for number, unit in enumerate(codes, 1):
        cells, raw = standing(facts, unit, lang)
        rows.append((str(number), facts.name(unit, lang), *cells))
        values.append((number, facts.name(unit, lang), *raw))
    estimate = Text("Ước cả năm", "Estimate for the year").get(lang)
    columns = (
        Column(Text("STT", "No.").get(lang), align="center", width=0.6),
        Column(Text("Huyện, thành phố", "District").get(lang), align="left", width=2.2),
        Column(Text("Chỉ tiêu năm", "Year's quota").get(lang)),
        Column(Text("Lũy kế", "So far").get(lang)),
        Column(Text("% chỉ tiêu", "% of quota").get(lang)),
        Column(Text("% cùng kỳ", "% of same period").get(lang)),
        Column(Text("Mức giữa", "Median").get(lang), group=estimate),
        Column(Text("Khoảng 80%", "80% range").get(lang), group=estimate, width=1.5),
        Column(Text("Xác suất đạt", "Chance").get(lang)),
    )
    title = Text(
        f"Số người tuyển mới theo huyện, thành phố, {numbers.up_to(facts.cutoff, 'vi')}",
        f"People newly enrolled by district, {numbers.up_to(facts.cutoff, 'en')}",
    ).get(lang)
    notes = (Text("“..”: chưa có số liệu.", "“..”: no figure.").get(lang),)
    return Table("districts", title, columns, tuple(rows), notes, landscape=landscape, values=tuple(values))


def standing(facts: PeriodFacts, unit: str, lang: str) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """A unit as cells and as values: quota, people, share, same period, median, range, chance."""
    line = facts.line(facts.people, unit) or {}
    quota, done, share, index = (
        float(line[name]) if known(line.get(name)) else None
        for name in ("plan_value", "value", "percent_of_plan", "index_last_year")
    )
    row = facts.year.units.loc[unit] if facts.year is not None and unit in facts.year.units.index else None
    median = low = high = probability = None
    if row is not None:
        median, low, high = float(row["median"]), float(row["lower_80"]), float(row["upper_80"])
        probability = float(row["probability"])
    spread = _MISSING
    if median is not None:
        low_words, high_words = (about(one, "persons", lang).split(" ")[0] for one in (low, high))
        spread = f"{low_words} - {high_words}"
    chance = _MISSING if probability is None else printed_probability(probability, "weak").replace(" %", "%")
    middle = _MISSING if median is None else about(median, "persons", lang).split(" ")[0]
    cells = (
        _whole(quota, lang),
        _whole(done, lang),
        _one(share, lang),
        _one(index, lang),
        middle,
        spread,
        chance,
    )
    return cells, (quota, done, share, index, median, spread, probability)


def _any(facts: PeriodFacts, **split: str) -> bool:
    return any(facts.value(facts.people, unit, **split) is not None for unit in facts.carriers)


def _whole(value: float | None, lang: str, missing: str = _MISSING) -> str:
    return missing if value is None else numbers.number(value, lang, 0)


def _one(value: float | None, lang: str) -> str:
    return _MISSING if value is None else numbers.number(value, lang, 1)


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
