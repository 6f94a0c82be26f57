"""The table of answers: a row per target, worded and rounded as in the report, and the same as lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vetanalysis.attainment import printed_probability
from vetanalysis.evidence import GRADE_WORDS
from vetanalysis.narrative.names import MATURITY
from vetanalysis.narrative.numbers import period_name, quantity, short_period
from vetanalysis.narrative.plan_years import in_years_of_study
from vetanalysis.narrative.sentence import about
from vetanalysis.narrative.targets import verdict
from vetanalysis.remember import remembered
from vetanalysis.study_returns import ledger
from vetanalysis.text import Text

if TYPE_CHECKING:
    from vetanalysis.assessment import Assessment
    from vetanalysis.study import Study

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
    return [target.label.get(lang), goal, seen, spread, chance, GRADE_WORDS[one.evidence].get(lang)]


def _unscoped(one: Assessment) -> bool:
    """Whether the newest figure is one of unstated scope."""
    return bool(one.facts.get("scope_unstated")) and one.latest is not None and one.newest == (
        one.latest.value, one.latest.period
    )  # fmt: skip


def _words(one: Assessment, lang: str) -> str:
    said = f"- {one.target.label.get(lang)}: {verdict(one, lang)}"
    return said + (f": {one.reason.get(lang)}" if one.reason else "") + "."
