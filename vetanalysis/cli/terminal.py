"""What `check` prints in the terminal: the ledger of returns with its findings, and what tables hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sized
from typing import Any, TypeAlias

import pandas as pd

from vetanalysis.blocks import Said, Text
from vetanalysis.documents.package import inert
from vetanalysis.errors import SEVERITIES, Finding
from vetanalysis.language.lines import is_line
from vetanalysis.language.numbers import number, period_name, short_date, short_period
from vetanalysis.narrative.tables import ILLUSTRATIVE, columns
from vetanalysis.observations.checks import are_totals
from vetanalysis.periods import Cutoff, parse_cutoff
from vetanalysis.plan import Plan
from vetanalysis.returns.ledger import Ledger
from vetanalysis.returns.lists import illustrative_plan
from vetanalysis.returns.matrix import STATES, whole

Held: TypeAlias = "Mapping[str, pd.DataFrame | None]"  # tables by file, None for one that is refused

_PHONE = ("unit", "period", "need", "due", "late", "contact", "number")
_TABLE = ("file", "figures", "units", "latest", "known_since")
_MOST = 60  # units, findings or units to contact that are shown one by one; `--all` shows all of them


def ledger_text(
    ledger: Ledger, as_of: Cutoff, lang: str, held: Held | None = None, every: bool = False
) -> str:
    """Everything `check` prints; `every`: all units and notes, which otherwise are only counted.

    `held`: of figures that came in tables, what each file holds.
    """
    names = {code: name.get(lang) for code, name in ledger.plan.names().items()}
    parts = [_heading(ledger, as_of, len(held or ledger.all_versions), lang)]
    if held:
        parts += [_tables(held, lang), _figures(ledger, as_of, lang)]
    parts += [
        _matrix(ledger.matrix(as_of), names, lang, every),
        _coverage(ledger.coverage(as_of), lang),
        _findings(ledger, lang, every),
        _phone(ledger.chase(as_of), names, lang, every),
    ]
    return "\n\n".join(part for part in parts if part)


def plan_line(plan: Plan, as_of: Cutoff) -> Said:
    """The plan and the period a text is about."""
    return Said("check.heading", title=plan.title, plan=plan.name, as_of=str(as_of))


def _heading(ledger: Ledger, as_of: Cutoff, files: int, lang: str) -> str:
    day = Said("check.known_by", day=ledger.known_by).get(lang) if ledger.known_by else ""
    lines = [plan_line(ledger.plan, as_of).get(lang) + day]
    if illustrative_plan(ledger.plan):
        lines.append(ILLUSTRATIVE.get(lang))
    lines.append(Said("check.files", count=files).get(lang))
    return "\n".join(inert(line) for line in lines)


def _matrix(frame: pd.DataFrame, names: Mapping[str, str], lang: str, every: bool) -> str:
    """Units by period; of very many units those that stand otherwise than most, and how many stand alike."""
    if frame.empty:
        return ""
    periods = list(dict.fromkeys(frame["period"]))
    heads = [Said("check.head.code").get(lang), Said("check.head.unit").get(lang)]
    told: dict[tuple[str, str], tuple[str, ...]] = {}
    for unit, part in frame.groupby("unit", sort=False):
        said = {row.period: _state(row).get(lang) for row in part.itertuples(index=False)}
        told[str(unit), names[str(unit)]] = tuple(said.get(one, "") for one in periods)
    shown, notes = list(told), []
    if len(told) > _MOST and not every:
        alike, count = Counter(told.values()).most_common(1)[0]
        shown = [unit for unit in told if told[unit] != alike]
        notes = [Said("check.alike", count=count, states=tuple(dict.fromkeys(alike)))] if count > 1 else []
        notes += [_more(shown)] if len(shown) > _MOST else []
    rows = [[*heads, *(short_period(one, lang) for one in periods)]]
    rows += [[*unit, *told[unit]] for unit in shown[: None if every else _MOST]]
    lines = columns([[inert(cell) for cell in row] for row in rows]) if shown else []
    return "\n".join([*lines, *(inert(note.get(lang)) for note in notes)])


def _more(rows: Sized) -> Said:
    return Said("check.more", more=len(rows) - _MOST)


def _state(row: Any) -> Said:
    return Said(
        "check.state",
        state=STATES[row.state],
        days=whole(row.days_late) if row.state != "corrected" else None,
        newer_refused=row.newer_refused and row.state != "refused",
    )


def _coverage(frame: pd.DataFrame, lang: str) -> str:
    if not frame["units_due"].any():
        return ""
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
    listed = [one for one in findings if every or one.severity != "info"]
    lines += [finding_line(one, lang) for one in listed[: None if every else _MOST]]
    if len(listed) > _MOST and not every:
        lines.append(_more(listed).get(lang))
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


def _phone(frame: pd.DataFrame, names: Mapping[str, str], lang: str, every: bool) -> str:
    title = Said("check.phone").get(lang)
    if frame.empty:
        return title + "\n" + Said("check.phone.nobody").get(lang)
    rows = [[Said(f"check.phone.{name}").get(lang) for name in _PHONE]]
    for row in frame.head(len(frame) if every else _MOST).itertuples(index=False):
        period, due = short_period(row.period, lang), short_date(row.deadline, lang)
        days = str(whole(row.days_late) or "-")
        who = (row.contact or "-", row.phone or "-")
        rows.append([f"{row.unit} {names[row.unit]}", period, needed(row, lang), due, days, *who])
    more = [_more(frame).get(lang)] if len(frame) > _MOST and not every else []
    return "\n".join([title, *columns([[inert(cell) for cell in row] for row in rows]), *more])


def _tables(held: Held, lang: str) -> str:
    """What each table holds; None for one that was refused."""
    rows = [[Said(f"check.table.{name}").get(lang) for name in _TABLE]]
    for name, frame in held.items():
        refused = [name, Said("check.table.refused").get(lang), "-", "-", "-"]
        rows.append(refused if frame is None else _table(name, frame, lang))
    return "\n".join(columns([[inert(cell) for cell in row] for row in rows]))


def _table(name: str, frame: pd.DataFrame, lang: str) -> list[str]:
    periods = sorted(frame["period"].unique(), key=parse_cutoff)
    days = sorted(day for day in frame["vintage"].unique() if day)
    return [
        name,
        number(int(frame["value"].notna().sum()), lang),
        number(frame["unit"].nunique(), lang),
        period_name(periods[-1], lang) if periods else "-",
        " - ".join(dict.fromkeys([days[0], days[-1]])) if days else "-",
    ]


def _figures(ledger: Ledger, as_of: Cutoff, lang: str) -> str:
    """What is known for each target: of people of the year, which units have a figure at the cut-off; else the
    newest figure of the place, of a count that of any unit."""
    from vetanalysis.observations.crosswalk import on_units_of
    from vetanalysis.observations.table import up_to
    from vetanalysis.plan.catalogue import catalogue

    plan, known = on_units_of(ledger.plan, up_to(ledger.observations, as_of), as_of)
    year = str(as_of.year)
    senders = tuple(ledger.matrix(as_of)["unit"].drop_duplicates())
    names = {name: entry.label for name, entry in catalogue(plan).items()}
    lines, seen = [], set()
    for target in plan.targets:
        this_year = target.measure == "persons" and target.period[:4] == year
        if (target.indicator, this_year) in seen:
            continue  # a milestone is counted from the same figures
        seen.add((target.indicator, this_year))
        name = names.get(target.indicator, target.label)
        mine = known[(known["indicator"] == target.indicator) & known["value"].notna()]
        given = plan.quotas_of(target.indicator)
        quotas = tuple(given.loc[given["period"].str[:4] == year, "unit"].unique())
        due = quotas or senders
        there = set(mine.loc[mine["period"] == str(as_of), "unit"])
        own = mine[(mine["unit"] == plan.place.code) & are_totals(mine, but=("level",))]
        latest = own if target.measure != "persons" or len(own) else mine
        if this_year and due:
            missing = [code for code in due if code not in there]
            told = Said(
                "check.units", target=name, there=len(due) - len(missing), due=len(due),
                as_of=str(as_of), quotas=bool(quotas), missing=by_kind(plan, missing),
            )  # fmt: skip
            lines.append(told.get(lang))
        elif latest.empty:
            lines.append(Said("check.no_figure", target=name).get(lang))
        else:
            period = max(latest["period"].unique(), key=parse_cutoff)
            lines.append(Said("check.newest", target=name, period=period).get(lang))
    return "\n".join(inert(line) for line in lines)


def by_kind(plan: Plan, codes: Iterable[str]) -> tuple[Said, ...]:
    """Units by kind: how many, and the names of the first."""
    kinds: dict[str, list[Text]] = {}
    for code in codes:
        unit = plan.unit(code)
        kinds.setdefault(unit.kind, []).append(unit.short)
    told = {kind: plan.kind_name(kind, several=len(names) != 1) for kind, names in kinds.items()}
    return tuple(
        Said("check.kind", count=len(names), kind=told[kind], units=tuple(names))
        for kind, names in kinds.items()
    )
