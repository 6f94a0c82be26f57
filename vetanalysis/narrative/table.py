"""The table of targets: asked for, latest, projected, how likely, on what evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vetanalysis.assessment import Assessment
from vetanalysis.attainment import printed_probability, status_symbol
from vetanalysis.documents.model import Column, Table
from vetanalysis.evidence import GRADE_WORDS
from vetanalysis.narrative import names, numbers
from vetanalysis.narrative.sentence import about, bare_goal, capital, known
from vetanalysis.narrative.targets import verdict
from vetanalysis.text import Text

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
    so_far = one.facts.get("so_far")
    if measure == "persons" and known(so_far) and one.projection is not None:
        value = f"{numbers.people(so_far, lang)} ({numbers.short_period(one.counted_to, lang)})"
    elif one.latest is not None:
        shown = numbers.quantity(one.latest.value, measure, lang)
        mark = "(*)" if one.facts.get("scope_unstated") else ""
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
    grade = capital(GRADE_WORDS[one.evidence].get(lang))
    label = capital(one.target.label.get(lang))
    return (str(place), label, bare_goal(one.target, lang), value, middle, spread, chances, words, grade)


def _values(place: int, one: Assessment, lang: str) -> tuple[Any, ...]:
    """The same cells as numbers, for a workbook."""
    row = _row(place, one, lang)
    latest = one.latest.value if one.latest else None
    if one.target.measure == "persons" and known(one.facts.get("so_far")) and one.projection is not None:
        latest = one.facts["so_far"]
    projected = one.projection is not None
    return (
        place, row[1], one.target.value, latest, one.median if projected else None, row[5],
        one.probability if projected else None, row[7], row[8],
    )  # fmt: skip


def _notes(assessments: Sequence[Assessment], lang: str) -> tuple[str, ...]:
    notes = [Text("“..”: chưa có số liệu.", "“..”: no figure.").get(lang)]
    if any(one.facts.get("scope_unstated") for one in assessments):
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
