"""What `check` prints in the terminal: the ledger of returns with its findings, and what tidy files hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vetanalysis.blocks import Said
from vetanalysis.documents.package import inert
from vetanalysis.errors import SEVERITIES, Finding
from vetanalysis.language.lines import is_line
from vetanalysis.language.numbers import number, period_name, short_date, short_period
from vetanalysis.narrative.tables import ILLUSTRATIVE, columns
from vetanalysis.periods import Cutoff, parse_cutoff
from vetanalysis.returns.lists import illustrative_plan
from vetanalysis.returns.matrix import STATES, whole

if TYPE_CHECKING:
    import pandas as pd

    from vetanalysis.plan import Plan
    from vetanalysis.returns.ledger import Ledger

_PHONE = ("unit", "period", "need", "due", "late", "contact", "number")
_TIDY = ("file", "figures", "units", "latest", "known_since")


def ledger_text(ledger: Ledger, as_of: Cutoff, lang: str, every: bool = False) -> str:
    """Everything `check` prints of workbooks; `every`: notes too, which otherwise are only counted."""
    parts = [
        _heading(ledger, as_of, lang),
        _matrix(ledger.matrix(as_of), lang),
        _coverage(ledger.coverage(as_of), lang),
        _findings(ledger, lang, every),
        _phone(ledger.chase(as_of), lang),
    ]
    return "\n\n".join(parts)


def plan_line(plan: Plan, as_of: Cutoff) -> Said:
    """The plan and the period a text is about."""
    return Said("check.heading", title=plan.title, plan=plan.name, as_of=str(as_of))


def _heading(ledger: Ledger, as_of: Cutoff, lang: str) -> str:
    day = Said("check.known_by", day=ledger.known_by).get(lang) if ledger.known_by else ""
    lines = [plan_line(ledger.plan, as_of).get(lang) + day]
    if illustrative_plan(ledger.plan):
        lines.append(ILLUSTRATIVE.get(lang))
    lines.append(Said("check.files", count=len(ledger.all_versions)).get(lang))
    if ledger.left_out:
        lines.append(Said("check.left_out", count=len(ledger.left_out)).get(lang))
    return "\n".join(inert(line) for line in lines)


def _matrix(frame: pd.DataFrame, lang: str) -> str:
    periods = list(dict.fromkeys(frame["period"]))
    heads = [Said("check.head.code").get(lang), Said("check.head.unit").get(lang)]
    rows = [[*heads, *(short_period(one, lang) for one in periods)]]
    for unit, part in frame.groupby("unit", sort=False):
        said = {row.period: _state(row).get(lang) for row in part.itertuples(index=False)}
        rows.append([unit, part["name"].iloc[0], *(said.get(one, "") for one in periods)])
    return "\n".join(columns([[inert(cell) for cell in row] for row in rows]))


def _state(row: Any) -> Said:
    return Said(
        "check.state",
        state=STATES[row.state],
        days=whole(row.days_late) if row.state != "corrected" else None,
        newer_refused=row.newer_refused and row.state != "refused",
    )


def _coverage(frame: pd.DataFrame, lang: str) -> str:
    lines = [Said("check.reported").get(lang)]
    for row in frame.itertuples(index=False):
        quotas: Said | str = ""
        if row.quota_due:
            quotas = Said(
                "check.coverage.quotas", share=row.quota_percent, reported=row.quota_reported,
                due=row.quota_due,
            )  # fmt: skip
        reported, due = int(row.units_reported), int(row.units_due)
        told = Said("check.coverage", period=row.period, reported=reported, due=due, quotas=quotas)
        lines.append(told.get(lang))
    return "\n".join(lines)


def _findings(ledger: Ledger, lang: str, every: bool) -> str:
    findings = ledger.all_findings if every else ledger.open_findings
    settled = len(ledger.all_findings) - len(ledger.open_findings)
    counts = Counter(one.severity for one in findings)
    total = tuple(
        Said("check.count", count=counts[name], severity=Said(f"check.severity.{name}"))
        for name in SEVERITIES
    )
    lines = [Said("check.findings", counts=total).get(lang)]
    lines += [finding_line(one, lang) for one in findings if every or one.severity != "info"]
    notes = Counter(one.rule for one in findings if one.severity == "info")
    if notes and not every:
        told = tuple(
            Said("check.note", note=_note(rule), count=count) for rule, count in sorted(notes.items())
        )
        lines.append(Said("check.notes", notes=told).get(lang))
    if settled and not every:
        lines.append(Said("check.settled", count=settled).get(lang))
    return "\n".join(lines)


def _note(rule: str) -> Said | str:
    """What notes of a rule are about; a rule that has no words by its name."""
    key = f"check.note.{rule}"
    return Said(key) if is_line(key) else rule


def finding_line(one: Finding, lang: str) -> str:
    """One finding on one line: severity, file, sheet, cell, what was found, what to do, the rule."""
    said = Said(
        "check.finding",
        severity=Said(f"check.severity.{one.severity}"),
        where=tuple(part for part in (one.file, one.sheet, one.place) if part),
        found=one.found,
        remedy=one.remedy,
        rule=one.rule,
    )
    return inert(said.get(lang))


def needed(row: Any, lang: str) -> str:
    """What a unit to phone has to do, with the number of errors where its file has some."""
    return Said(f"check.need.{row.need}").get(lang) + (f" ({row.errors})" if row.errors else "")


def _phone(frame: pd.DataFrame, lang: str) -> str:
    title = Said("check.phone").get(lang)
    if frame.empty:
        return title + "\n" + Said("check.phone.nobody").get(lang)
    rows = [[Said(f"check.phone.{name}").get(lang) for name in _PHONE]]
    for row in frame.itertuples(index=False):
        period, due = short_period(row.period, lang), short_date(row.deadline, lang)
        days = str(whole(row.days_late) or "-")
        who = (row.contact or "-", row.phone or "-")
        rows.append([f"{row.unit} {row.name}", period, needed(row, lang), due, days, *who])
    return "\n".join([title, *columns([[inert(cell) for cell in row] for row in rows])])


def tidy_table(files: Sequence[tuple[Path, pd.DataFrame | None]], lang: str) -> str:
    """What each tidy file holds; None for one that was refused."""
    rows = [[Said(f"check.tidy.{name}").get(lang) for name in _TIDY]]
    for path, frame in files:
        refused = [path.name, Said("check.tidy.refused").get(lang), "-", "-", "-"]
        rows.append(refused if frame is None else _tidy_row(path, frame, lang))
    return "\n".join(columns(rows))


def _tidy_row(path: Path, frame: pd.DataFrame, lang: str) -> list[str]:
    periods = sorted(frame["period"].unique(), key=parse_cutoff)
    days = sorted(day for day in frame["vintage"].unique() if day)
    return [
        path.name,
        number(int(frame["value"].notna().sum()), lang),
        number(frame["unit"].nunique(), lang),
        period_name(periods[-1], lang) if periods else "-",
        " - ".join(dict.fromkeys([days[0], days[-1]])) if days else "-",
    ]


def tidy_missing(plan: Plan, frame: pd.DataFrame, as_of: Cutoff, lang: str) -> str:
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
        said = Said(
            "check.tidy.target",
            target=target.label,
            there=len(due) - len(late),
            due=len(due),
            missing=tuple(f"{code} {plan.unit(code).short.vi}".strip() for code in late),
        )
        lines.append(said.get(lang))
    return "\n".join(lines)
