"""The answer as a table for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vetanalysis.attainment import printed_probability, status_words
from vetanalysis.evidence import GRADE_WORDS
from vetanalysis.narrative.numbers import period_name, quantity
from vetanalysis.text import Text

if TYPE_CHECKING:
    from vetanalysis.assessment import Assessment
    from vetanalysis.study import Study

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


def answer(study: Study, lang: str) -> str:
    """The plan's title, a row per target, and under it what the words are and why something is not assessed."""
    plan, found = study.plan, study.assessments
    heading = f"{plan.title.get(lang)} ({plan.name}), {AS_OF.get(lang)} {period_name(str(study.as_of), lang)}"
    lines = [heading, ""]
    if any(one.illustrative for one in found):
        lines.insert(1, ILLUSTRATIVE.get(lang))
    lines += columns([[text.get(lang) for text in COLUMNS], *(row_of(one, lang) for one in found)])
    lines.append("")
    lines += [_words(one, lang) for one in found]
    warned = open_warnings(study)
    if warned:
        lines += ["", _WARNED.get(lang).format(count=warned, plan=plan.name, as_of=study.as_of)]
    return "\n".join(lines)


_WARNED = Text(
    "Lưu ý: {count} lỗi, cảnh báo còn mở trong báo cáo của kỳ; xem: vetanalysis check {plan} --as-of {as_of}",
    "Note: {count} open errors and warnings in returns of the period; see: vetanalysis check {plan} --as-of {as_of}",
)


def open_warnings(study: Study) -> int:
    """How many errors and warnings are still open in the returns of the cut-off; 0 without workbooks."""
    from vetanalysis.show.indicators import ledger

    given = study.returns
    if not isinstance(given, str | Path) or Path(given).suffix:  # a table brought along has no ledger
        return 0
    returned = ledger(study, str(given))
    if returned is None:
        return 0
    period = f"{study.as_of}/"
    return sum(one.severity != "info" and one.file.startswith(period) for one in returned.open_findings)


def columns(rows: Sequence[Sequence[str]], gap: str = "  ") -> list[str]:
    """Rows of cells as lines, each column as wide as its widest cell, with a rule under the first row."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    lines = [
        gap.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return [lines[0], gap.join("-" * width for width in widths), *lines[1:]]


def row_of(one: Assessment, lang: str) -> list[str]:
    """A target as a row of `COLUMNS`, worded."""
    target, latest = one.target, one.latest
    goal = f"{target.operator} {quantity(target.value, target.measure, lang, None)}"
    seen = f"{quantity(latest.value, target.measure, lang)} ({latest.year})" if latest else "-"
    spread = "-"
    if one.median is not None:
        ends = [quantity(value, target.measure, lang) for value in (one.lower_80, one.upper_80)]
        spread = f"{quantity(one.median, target.measure, lang)} ({ends[0]} - {ends[1]})"
    chance = "-" if one.probability is None else printed_probability(one.probability, one.evidence)
    return [target.label.get(lang), goal, seen, spread, chance, GRADE_WORDS[one.evidence].get(lang)]


def _words(one: Assessment, lang: str) -> str:
    said = f"- {one.target.label.get(lang)}: {status_words(one.status, lang, one.probability)}"
    return said + (f": {one.reason.get(lang)}" if one.reason else "") + "."
