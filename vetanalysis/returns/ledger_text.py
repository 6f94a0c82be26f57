"""The ledger for the terminal: matrix, coverage, findings with their cells, whom to phone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from vetanalysis.documents.inert import inert
from vetanalysis.errors import Finding
from vetanalysis.narrative.answers_table import ILLUSTRATIVE, columns
from vetanalysis.narrative.numbers import number, percent, period_name, short_date, short_period
from vetanalysis.periods import Cutoff
from vetanalysis.returns.checks import illustrative_plan
from vetanalysis.returns.ledger_matrix import STATES, whole
from vetanalysis.text import Text

if TYPE_CHECKING:
    import pandas as pd

    from vetanalysis.returns.ledger import Ledger

SEVERITY_WORDS = {
    "error": Text("LỖI", "ERROR"),
    "warning": Text("CẢNH BÁO", "WARNING"),
    "info": Text("LƯU Ý", "NOTE"),
}
NOTES = {
    "sheet-hidden": Text("phần bị ẩn", "hidden parts"),
    "cell-comment": Text("ghi chú của ô", "comments"),
    "old-font": Text("phông chữ cũ", "old fonts"),
    "formula-calculated": Text("giá trị tính lại từ công thức", "values calculated from formulas"),
    "formula-in-entry": Text("công thức trong ô nhập", "formulas in entry cells"),
    "number-guess": Text("số phải suy đoán cách đọc", "numbers read by a guess"),
    "note-in-cell": Text("chữ ghi cạnh số trong ô", "notes beside figures"),
    "not-reported": Text("tệp còn chỉ tiêu để trống", "files with quantities left blank"),
    "same-class": Text("lớp do cả huyện và cơ sở báo cáo", "classes told by district and institution"),
}
NEEDS = {
    "missing": Text("chưa gửi", "nothing received"),
    "refused": Text("có lỗi, gửi lại", "errors, send again"),
    "correction": Text("bản sửa có lỗi, gửi lại", "correction has errors, send again"),
}


def ledger_text(ledger: Ledger, as_of: Cutoff, lang: str, every: bool = False) -> str:
    """Everything `check` prints; `every`: notes too, which otherwise are only counted."""
    parts = [
        _heading(ledger, as_of, lang),
        _matrix(ledger.matrix(as_of), lang),
        _coverage(ledger.coverage(as_of), lang),
        _findings(ledger, lang, every),
        _phone(ledger.chase(as_of), lang),
    ]
    return "\n\n".join(parts)


def _heading(ledger: Ledger, as_of: Cutoff, lang: str) -> str:
    plan = ledger.plan
    day = Text(
        f", như đã biết đến hết ngày {short_date(ledger.known_by, 'vi')}" if ledger.known_by else "",
        f", as known on {short_date(ledger.known_by, 'en')}" if ledger.known_by else "",
    ).get(lang)
    lines = [f"{plan.title.get(lang)} ({plan.name}), {period_name(str(as_of), lang)}{day}"]
    if illustrative_plan(plan):
        lines.append(ILLUSTRATIVE.get(lang))
    files = len(ledger.all_versions)
    lines.append(Text(f"{files} tệp đã nhận", f"{files} files received").get(lang))
    if ledger.left_out:
        count = len(ledger.left_out)
        lines.append(
            Text(
                f"{count} số liệu không rõ ngày nhận nên để ngoài",
                f"{count} figures of unknown day are left out",
            ).get(lang)
        )
    return "\n".join(inert(line) for line in lines)


def _matrix(frame: pd.DataFrame, lang: str) -> str:
    periods = list(dict.fromkeys(frame["period"]))
    rows = [
        [
            Text("Mã", "Code").get(lang),
            Text("Đơn vị", "Unit").get(lang),
            *(short_period(one, lang) for one in periods),
        ]
    ]
    for unit, part in frame.groupby("unit", sort=False):
        said = {row.period: _state(row, lang) for row in part.itertuples(index=False)}
        rows.append([unit, part["name"].iloc[0], *(said.get(one, "") for one in periods)])
    return "\n".join(columns([[inert(cell) for cell in row] for row in rows]))


def _state(row: object, lang: str) -> str:
    words = STATES[row.state].get(lang)
    days = whole(row.days_late)
    if days and row.state != "corrected":
        words += Text(f" {days} ngày", f" {days} days").get(lang)
    if row.newer_refused and row.state != "refused":
        words += Text(" (bản mới có lỗi)", " (newer one has errors)").get(lang)
    return words


def _coverage(frame: pd.DataFrame, lang: str) -> str:
    lines = []
    for row in frame.itertuples(index=False):
        words = Text(
            f"{short_period(row.period, 'vi')}: {row.units_reported}/{row.units_due} đơn vị",
            f"{short_period(row.period, 'en')}: {row.units_reported} of {row.units_due} units",
        ).get(lang)
        if row.quota_due:
            told, due = number(row.quota_reported, lang, 0), number(row.quota_due, lang, 0)
            words += Text(
                f", chiếm {percent(row.quota_percent, 'vi')} chỉ tiêu đã giao ({told}/{due} người)",
                f", holding {percent(row.quota_percent, 'en')} of the quotas ({told} of {due} people)",
            ).get(lang)
        lines.append(words)
    return "\n".join([Text("ĐÃ BÁO CÁO", "REPORTED").get(lang), *lines])


def _findings(ledger: Ledger, lang: str, every: bool) -> str:
    findings = ledger.all_findings if every else ledger.open_findings
    settled = len(ledger.all_findings) - len(ledger.open_findings)
    counts = Counter(one.severity for one in findings)
    total = ", ".join(_counted(counts[name], SEVERITY_WORDS[name], lang) for name in SEVERITY_WORDS)
    lines = [Text(f"PHÁT HIỆN: {total}", f"FINDINGS: {total}").get(lang)]
    lines += [finding_line(one, lang) for one in findings if every or one.severity != "info"]
    notes = Counter(one.rule for one in findings if one.severity == "info")
    if notes and not every:
        listed = ", ".join(
            f"{NOTES[rule].get(lang)} {count}" if rule in NOTES else f"{rule} {count}"
            for rule, count in sorted(notes.items())
        )
        lines.append(Text(f"LƯU Ý (xem bằng --all): {listed}", f"NOTES (shown by --all): {listed}").get(lang))
    if settled and not every:
        said = Text(
            f"Đã xử lý: {settled} phát hiện trong tệp mà bản gửi sau đã thay (xem bằng --all)",
            f"Settled: {settled} findings in files that a later one replaced (shown by --all)",
        )
        lines.append(said.get(lang))
    return "\n".join(lines)


def _counted(count: int, word: Text, lang: str) -> str:
    """ "2 lỗi"; "1 error", "2 errors"."""
    plural = "s" if lang == "en" and count != 1 else ""
    return f"{count} {word.get(lang).lower()}{plural}"


def finding_line(one: Finding, lang: str) -> str:
    """One finding on one line: severity, file, sheet, cell, what was found, what to do, the rule."""
    where = ", ".join(part for part in (one.file, one.sheet, one.place) if part)
    words, remedy = SEVERITY_WORDS[one.severity].get(lang), one.remedy.get(lang)
    return inert(f"{words} {where}: {one.found.get(lang)}. {remedy[:1].upper()}{remedy[1:]}. [{one.rule}]")


def _phone(frame: pd.DataFrame, lang: str) -> str:
    title = Text("CẦN LIÊN HỆ", "TO CONTACT").get(lang)
    if frame.empty:
        return title + "\n" + Text("Không có đơn vị nào.", "Nobody.").get(lang)
    heads = (
        Text("Đơn vị", "Unit"), Text("Kỳ", "Period"), Text("Cần", "Needed"), Text("Hạn", "Due"),
        Text("Quá hạn (ngày)", "Days late"), Text("Người liên hệ", "Contact"), Text("Điện thoại", "Phone"),
    )  # fmt: skip
    rows = [[text.get(lang) for text in heads]]
    for row in frame.itertuples(index=False):
        days = str(whole(row.days_late) or "-")
        errors = f" ({row.errors})" if row.errors else ""
        rows.append(
            [
                f"{row.unit} {row.name}", short_period(row.period, lang), NEEDS[row.need].get(lang) + errors,
                short_date(row.deadline, lang), days, row.contact or "-", row.phone or "-",
            ]
        )  # fmt: skip
    return "\n".join([title, *columns([[inert(cell) for cell in row] for row in rows])])
