"""The verbs `check` and `template`.

The ledger for the terminal: matrix, coverage, findings with their cells, whom to phone.

The verb `check` for tidy files: what each holds, what is wrong and where, who is missing at the cut-off.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.blocks import Text
from vetanalysis.documents.package import inert
from vetanalysis.errors import DataRefused, Finding, WrongCall
from vetanalysis.language.numbers import number, percent, period_name, short_date, short_period, years_of
from vetanalysis.narrative.tables import ILLUSTRATIVE, columns
from vetanalysis.periods import Cutoff, parse_cutoff
from vetanalysis.plan import Plan, load_plan
from vetanalysis.returns.checks import illustrative_plan
from vetanalysis.returns.matrix import STATES, whole

if TYPE_CHECKING:
    import pandas as pd

    from vetanalysis.plan import Plan
    from vetanalysis.returns.ledger import Ledger


def check(arguments: argparse.Namespace, lang: str) -> int:
    """Print matrix, findings and phone list; 1 when anything still open is an error.

    `arguments`: plan, as_of, returns, known_by, reminders, csv, without, all.
    """
    from vetanalysis.cli.forms import write_reminders
    from vetanalysis.observations.tidy import tidy_files
    from vetanalysis.returns.ledger import inert_csv, load_ledger

    plan = load_plan(arguments.plan)
    as_of = plan.check_cutoff(arguments.as_of)
    if as_of.code == "start":
        raise WrongCall(
            Text(
                f"--as-of {as_of}: đầu năm chưa có báo cáo nào đến hạn; dùng một trong Q1, H1, 9M, FY",
                f"--as-of {as_of}: nothing is due at the start of a year; use one of Q1, H1, 9M, FY",
            )
        )
    brought = [] if arguments.returns == "default" else tidy_files(Path(arguments.returns))
    if brought:
        return check_tidy(plan, brought, as_of, lang)
    ledger = load_ledger(
        plan, arguments.returns, arguments.known_by or None, without=arguments.without, progress=True
    )
    with years_of(plan.calendar):
        print(ledger_text(ledger, as_of, lang, every=arguments.all))
    if arguments.csv:
        arguments.csv.parent.mkdir(parents=True, exist_ok=True)
        arguments.csv.write_text(inert_csv(ledger.findings), encoding="utf-8-sig", newline="")
        print(f"\n{arguments.csv}")
    if arguments.reminders:
        with years_of(plan.calendar):
            reminders = write_reminders(plan, ledger, as_of, arguments.reminders, lang)
        for path in reminders:
            print(path)
    return 1 if ledger.has_errors else 0


def template(arguments: argparse.Namespace) -> int:
    """Write the form of each unit that must report, or of those named, and print the paths.

    `arguments`: plan, period, past_year (the form with a whole year on one sheet; `period` is then None), unit (list,
    empty = all), out (None: `forms/<plan>/<period>`).
    """
    from vetanalysis.returns.ledger import load_ledger
    from vetanalysis.returns.lists import reporting_units
    from vetanalysis.returns.template import file_name, owes_history, write_history_template, write_template

    plan = load_plan(arguments.plan)
    past = arguments.past_year
    cutoff = _end_of(plan, past) if past else plan.check_cutoff(parse_cutoff(arguments.period))
    must = [unit for unit in reporting_units(plan, cutoff) if not past or owes_history(plan, unit, past)]
    chosen = [plan.unit(code).code for code in arguments.unit] or must
    idle = [code for code in chosen if code not in must]
    if idle:
        named, listed = ", ".join(idle), ", ".join(must)
        raise WrongCall(
            Text(
                f"--unit {named}: không thuộc các đơn vị phải báo cáo kỳ {cutoff}: {listed}",
                f"--unit {named}: not among the units that report for {cutoff}: {listed}",
            )
        )
    folder = arguments.out or Path("forms") / plan.name / str(cutoff)
    before = None if past else load_ledger(plan, units=chosen, progress=True).observations
    with years_of(plan.calendar):
        for unit in chosen:
            path = folder / file_name(unit)
            if past:
                print(write_history_template(plan, unit, past, path))
            else:
                print(write_template(plan, unit, cutoff, path, before))
    print(f"{len(chosen)} biểu mẫu trong {folder} / {len(chosen)} forms in {folder}", file=sys.stderr)
    return 0


def _end_of(plan: Plan, year: int) -> Cutoff:
    """The end of one of the plan's years; WrongCall for a year whose returns the plan would refuse."""
    first, last = plan.years
    if not first <= year <= last:
        raise WrongCall(
            Text(
                f"--past-year {year}: kế hoạch {plan.name} có các năm {first} đến {last}; ghi năm đó vào mục years của "
                "plan.yaml thì báo cáo của năm đó mới được đọc",
                f"--past-year {year}: plan {plan.name} covers {first} to {last}; add the year under years in plan.yaml "
                "so that its returns are read",
            )
        )
    return Cutoff(year, "FY")


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


HEADS = (
    Text("Tệp", "File"),
    Text("Số liệu", "Figures"),
    Text("Đơn vị", "Units"),
    Text("Kỳ mới nhất", "Latest period"),
    Text("Biết từ ngày", "Known since"),
)


def check_tidy(plan: Plan, files: Sequence[Path], as_of: Cutoff, lang: str) -> int:
    """Print what the files hold, their findings and who is missing; 1 when a file is refused, else 0."""
    with years_of(plan.calendar):
        return _told(plan, files, as_of, lang)


def _told(plan: Plan, files: Sequence[Path], as_of: Cutoff, lang: str) -> int:
    from vetanalysis.observations.tidy import conflicts, read_tidy

    frames: list[pd.DataFrame] = []
    findings: list[Finding] = []
    rows = [[head.get(lang) for head in HEADS]]
    for path in files:
        try:
            frame = read_tidy(path, plan)
        except DataRefused as error:
            findings += error.findings
            rows.append([path.name, Text("không dùng được", "refused").get(lang), "-", "-", "-"])
            continue
        frames.append(frame)
        rows.append(_row(path, frame, lang))
    if not findings:
        findings += conflicts(pd.concat(frames, ignore_index=True))
    print(f"{plan.title.get(lang)} ({plan.name}), {period_name(str(as_of), lang)}\n")
    print("\n".join(columns(rows)))
    print("".join(f"\n{one.line(lang)}" for one in findings))
    if frames:
        print(_missing(plan, pd.concat(frames, ignore_index=True), as_of, lang))
    return 1 if findings else 0


def _row(path: Path, frame: pd.DataFrame, lang: str) -> list[str]:
    from vetanalysis.periods import parse_cutoff

    periods = sorted(frame["period"].unique(), key=parse_cutoff)
    days = sorted(day for day in frame["vintage"].unique() if day)
    return [
        path.name,
        number(int(frame["value"].notna().sum()), lang),
        number(frame["unit"].nunique(), lang),
        period_name(periods[-1], lang) if periods else "-",
        " - ".join(dict.fromkeys([days[0], days[-1]])) if days else "-",
    ]


def _missing(plan: Plan, frame: pd.DataFrame, as_of: Cutoff, lang: str) -> str:
    """Which units with a quota of the year have no figure of the targets' head counts at the cut-off."""
    from vetanalysis.assessment.targets import up_to
    from vetanalysis.observations.crosswalk import on_units_of

    plan, known = on_units_of(plan, up_to(frame, as_of), as_of)
    lines = []
    for target in plan.targets:
        if target.measure != "persons" or int(target.period[:4]) != as_of.year:
            continue
        due = plan.quotas.loc[plan.quotas["period"].str[:4] == str(as_of.year), "unit"].unique()
        there = known[(known["indicator"] == target.indicator) & (known["period"] == str(as_of))]
        late = [code for code in due if code not in set(there.loc[there["value"].notna(), "unit"])]
        names = ", ".join(f"{code} {plan.unit(code).short.vi}".strip() for code in late)
        said = Text(
            f"{len(due) - len(late)}/{len(due)} đơn vị được giao chỉ tiêu đã có số liệu",
            f"{len(due) - len(late)} of {len(due)} units with a quota have a figure",
        ).get(lang)
        lacking = Text("còn thiếu", "missing").get(lang)
        lines.append(f"{target.label.get(lang)}: {said}" + (f"; {lacking}: {names}" if late else ""))
    return "\n".join(lines)
