"""What the checks of the period's returns leave to the units: how many points, whose, asked back by which day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from vetanalysis.blocks import Cell, Column, Said, Table, Text
from vetanalysis.errors import SEVERITIES
from vetanalysis.language.lines import lines_of
from vetanalysis.narrative import outlook
from vetanalysis.narrative.period import PeriodFacts

if TYPE_CHECKING:
    from vetanalysis.errors import Finding
    from vetanalysis.periods import Cutoff
    from vetanalysis.plan import Plan

_ONE_BY_ONE = 8  # points of a unit that its sheet tells; the rest is counted
_ASKED = ("error", "warning")
_IN_A_SENTENCE = 2  # points of an earlier report that its sheet tells
_NAMED = 3  # units that the request names at most
_IN_TABLES = 20  # findings in figures that came in tables, told one by one


def left_to(facts: PeriodFacts, unit: str = "") -> pd.DataFrame:
    """The findings that a unit, or any, is to correct or explain."""
    mine = facts.findings[facts.findings["severity"].isin(_ASKED)]
    return mine[mine["unit"] == unit] if unit else mine[mine["unit"] != ""]


def of_earlier(facts: PeriodFacts, period: str = "") -> pd.DataFrame:
    """The same of earlier returns of the year, or of those of one period, settled or not."""
    found = facts.found_before
    if found is None:
        found = pd.DataFrame(columns=["unit", "period", "severity", "settled"])
    return asked_of(found[found["period"] == period] if period else found)


def asked_of(found: pd.DataFrame) -> pd.DataFrame:
    """Of what was found that which a unit is to correct or explain, settled or not."""
    mine = found[found["severity"].isin(_ASKED) & (found["unit"] != "")]
    return mine.assign(settled=mine["settled"].astype(bool))


def still_open(facts: PeriodFacts, unit: str = "") -> pd.DataFrame:
    """Those of earlier returns that no return sent anew has settled, of a unit or any."""
    mine = of_earlier(facts)
    return mine[~mine["settled"] & ((mine["unit"] == unit) | (not unit))]


def points(facts: PeriodFacts) -> dict[str, int]:
    """How many of them each unit has, those of earlier returns that are open, too; most first."""
    every = pd.concat([left_to(facts)["unit"], still_open(facts)["unit"]])
    counted = every.value_counts(sort=False).sort_values(ascending=False, kind="stable")
    return {str(unit): int(count) for unit, count in counted.items()}


def request(facts: PeriodFacts) -> Said | None:
    """That the units correct or explain what the checks found in their returns, with the next report, by days.

    Those with most points are named, of many the others are annexed. None where nothing was found.
    """
    found = points(facts)
    if not found:
        return None
    counts = list(found.values())
    least = (
        counts[_NAMED] if len(counts) > _NAMED else 0
    )  # who has as many as one that is not named is not either
    named = tuple(
        Said("outlook.clear_up.unit", unit=facts.asked(unit), points=count)
        for unit, count in found.items()
        if count > least
    )
    ahead = facts.next_cutoff
    told = outlook.days_of(facts, ahead, list(found))
    return Said(
        "outlook.clear_up", id="clear_up", findings=len(left_to(facts)), units=list(found), named=named,
        earlier=len(still_open(facts)), points=sum(found.values()),
        others=len(found) - len(named), period=str(facts.cutoff), ahead=str(ahead),
        told=told, last=told[-1].facts["day"],
    )  # fmt: skip


def table(facts: PeriodFacts) -> Table | None:
    """How many points each unit is to correct or explain and by when, most first; None where `request` names all."""
    found = points(facts)
    if len(found) <= _NAMED:
        return None
    rows: list[tuple[Any, ...]] = [
        (
            Cell(number, "ordinal"),
            facts.called(unit),
            Cell(count, "ordinal"),
            Cell(outlook.own_deadline(facts, unit).facts["day"], "date"),
        )
        for number, (unit, count) in enumerate(found.items(), 1)
    ]
    rows.append(("", Said("tables.total"), Cell(sum(found.values()), "ordinal"), ""))
    columns = (
        Column(Said("tables.number"), align="center", width=0.6),
        Column(Said("tables.unit"), align="left", width=3),
        Column(Said("tables.to_clear.points")),
        Column(Said("tables.to_clear.day"), align="center", width=1.4),
    )
    title = Said("tables.to_clear.title", as_of=str(facts.cutoff))
    notes = (Said("tables.to_clear.note"),)
    return Table("to_clear", title, columns, tuple(rows), notes, frozenset({len(rows) - 1}))


def count(facts: PeriodFacts) -> Said | None:
    """How many points the checks leave for the unit to clear up; None where its report did not come."""
    if facts.unit in facts.missing:
        return None
    found = len(left_to(facts, facts.unit))
    key = "sheet.findings" if found else "sheet.findings.none"
    return Said(key, id="finding_count", findings=found, shown=min(found, _ONE_BY_ONE))


def own_request(facts: PeriodFacts) -> Said | None:
    """That the unit reported on corrects or explains them, among what it is asked; None where there are none."""
    before = len(still_open(facts, facts.unit))
    found = before + (0 if facts.unit in facts.missing else len(left_to(facts, facts.unit)))
    ahead = outlook.own_deadline(facts).facts
    return (
        Said(
            "outlook.clear_up.own", id="clear_up", who=facts.asked(facts.unit), findings=found, day=ahead["day"],
            ahead=ahead["period"], earlier=before,
        )
        if found
        else None
    )  # fmt: skip


def told_one_by_one(facts: PeriodFacts) -> pd.DataFrame:
    """Those of the unit's own return that its sheet tells."""
    return left_to(facts, facts.unit).head(_ONE_BY_ONE)


def one_by_one(facts: PeriodFacts) -> list[Said]:
    """What the checks found in the unit's own return, with sheet, cell and remedy."""
    told = []
    for number, row in enumerate(told_one_by_one(facts).itertuples(index=False), 1):
        where = _where(str(row.sheet or ""), str(row.cell or ""))
        told.append(
            Said(
                "sheet.finding", id=f"finding_{number}", where=where, found=Text(row.found_vi, row.found_en),
                remedy=Text(row.remedy_vi, row.remedy_en), unaffected=_unaffected(facts, row.rule, row.sheet),
                rule=row.rule, severity=row.severity,
            )
        )  # fmt: skip
    return told


def _where(sheet: str, cell: str) -> tuple[Said, ...]:
    """The sheet by the name that it has in the file, with its name in the report's language, and the cell."""
    called = next((Said(f"form.{key}") for key in _sheets() if sheet == lines_of("form")[key]["vi"]), "")
    told = [Said("sheet.finding.sheet", name=sheet, called=called)] if sheet else []
    return (*told, *([Said("sheet.finding.cell", name=cell)] if cell else []))


def _sheets() -> list[str]:
    """The lines of the form that name its sheets."""
    return [key for key in lines_of("form") if key.startswith("sheet.")]


def _unaffected(facts: PeriodFacts, rule: str, sheet: str) -> Said | str:
    """That the people told are not those of a total that its rows do not add up to; nothing of any other point."""
    people = facts.value(facts.people)
    enrolled = lines_of("form")["sheet.people_enrolled"].values()
    if rule != "subtotal-mismatch" or sheet not in enrolled or people is None:
        return ""
    return Said("sheet.finding.unaffected", people=people)


def earlier(facts: PeriodFacts) -> list[Said]:
    """Of each earlier report of the year what became of the points found in it; nothing where none was found."""
    if facts.found_before is None:
        return []
    mine = facts.found_before[
        (facts.found_before["unit"] == facts.unit) & facts.found_before["severity"].isin(_ASKED)
    ]
    found = []
    for period, points in mine.groupby("period", sort=False):
        settled = points["settled"].astype(bool)
        counted = {"settled": int(settled.sum()), "open": int((~settled).sum())}
        which = {"open": _which(points[~settled])}
        told = tuple(
            Said(f"sheet.earlier_points.{case}", points=many, which=which.get(case, ()))
            for case, many in counted.items()
            if many
        )
        found.append(
            Said("sheet.earlier_points", id=f"earlier_points_{period}", period=str(period), told=told)
        )
    return found


def _which(points: pd.DataFrame) -> tuple[Said, ...]:
    """Points by what was found and where; none of more than a sentence holds."""
    if len(points) > _IN_A_SENTENCE:
        return ()
    return tuple(
        Said(
            "sheet.earlier_points.which", found=Text(row.found_vi, row.found_en),
            where=_where(str(row.sheet or ""), str(row.cell or "")),
        )
        for row in points.itertuples(index=False)
    )  # fmt: skip


def in_tables(plan: Plan, cutoff: Cutoff, found: Sequence[Finding]) -> Table | None:
    """What is doubtful in figures that came in tables, the gravest first; of very many where the rest is."""
    found = [one for one in found if one.severity != "info"]
    if not found:
        return None
    shown = sorted(found, key=lambda one: SEVERITIES.index(one.severity))[:_IN_TABLES]
    rows = tuple(
        (
            Cell(number, "ordinal"),
            one.file or "-",
            one.place or "-",
            Said("tables.label", label=one.found),
            Said("tables.label", label=one.remedy),
        )
        for number, one in enumerate(shown, 1)
    )
    columns = (
        Column(Said("tables.number"), align="center", width=0.6),
        Column(Said("tables.findings.file"), align="left", width=2),
        Column(Said("tables.findings.place"), align="left", width=1.4),
        Column(Said("tables.findings.found"), align="left", width=4),
        Column(Said("tables.findings.remedy"), align="left", width=3.2),
    )
    more = len(found) - len(shown)
    name = plan.name if plan.asked_for == plan.name else Said("tables.findings.plan")
    rest = Said("tables.findings.more", more=more, plan=name, as_of=str(cutoff))
    title = Said("tables.findings.title", count=len(found))
    return Table("findings", title, columns, rows, (rest,) if more else (), landscape=True)
