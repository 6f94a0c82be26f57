"""The verb `check` for tidy files: what each holds, what is wrong and where, who is missing at the cut-off."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.errors import DataRefused, Finding
from vetanalysis.narrative.answers_table import columns
from vetanalysis.narrative.numbers import number, period_name
from vetanalysis.narrative.plan_years import years_of
from vetanalysis.periods import Cutoff
from vetanalysis.text import Text

if TYPE_CHECKING:
    from vetanalysis.plan import Plan

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
    from vetanalysis.tidy.files import conflicts, read_tidy

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
    from vetanalysis.crosswalk import on_units_of
    from vetanalysis.judging.targets import up_to

    plan, known = on_units_of(plan, up_to(frame, as_of), as_of)
    lines = []
    for target in plan.targets:
        if target.measure != "persons" or int(target.period[:4]) != as_of.year:
            continue
        due = plan.quotas.loc[plan.quotas["period"].str[:4] == str(as_of.year), "unit"].unique()
        there = known[(known["indicator"] == target.indicator) & (known["period"] == str(as_of))]
        late = [code for code in due if code not in set(there.loc[there["value"].notna(), "unit"])]
        names = ", ".join(f"{code} {plan.unit(code).short_name}".strip() for code in late)
        said = Text(
            f"{len(due) - len(late)}/{len(due)} đơn vị được giao chỉ tiêu đã có số liệu",
            f"{len(due) - len(late)} of {len(due)} units with a quota have a figure",
        ).get(lang)
        lacking = Text("còn thiếu", "missing").get(lang)
        lines.append(f"{target.label.get(lang)}: {said}" + (f"; {lacking}: {names}" if late else ""))
    return "\n".join(lines)
