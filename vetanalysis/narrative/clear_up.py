"""What the checks of the period's returns leave to the units: how many points, whose, asked back by which day."""

from __future__ import annotations

from typing import Any

import pandas as pd

from vetanalysis.blocks import Cell, Column, Said, Table, Text
from vetanalysis.narrative import outlook
from vetanalysis.narrative.period import PeriodFacts

_ONE_BY_ONE = 8  # points of a unit that its sheet tells; the rest is counted
_NAMED = 3  # units that the request names at most


def left_to(facts: PeriodFacts, unit: str = "") -> pd.DataFrame:
    """The findings that a unit, or any, is to correct or explain."""
    mine = facts.findings[facts.findings["severity"].isin(["error", "warning"])]
    return mine[mine["unit"] == unit] if unit else mine[mine["unit"] != ""]


def points(facts: PeriodFacts) -> dict[str, int]:
    """How many of them each unit has, most first."""
    counted = left_to(facts)["unit"].value_counts(sort=False).sort_values(ascending=False, kind="stable")
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
    return Said(
        "outlook.clear_up", id="clear_up", findings=sum(found.values()), units=list(found), named=named,
        others=len(found) - len(named), period=str(facts.cutoff), ahead=str(ahead),
        told=outlook.days_of(facts, ahead, list(found)),
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
    ahead = outlook.own_deadline(facts).facts
    return Said(
        key, id="finding_count", period=str(facts.cutoff), findings=found, who=facts.asked(facts.unit),
        day=ahead["day"], ahead=ahead["period"],
    )  # fmt: skip


def one_by_one(facts: PeriodFacts) -> list[Said]:
    """What the checks found in the unit's own return, with sheet, cell and remedy."""
    told = []
    for number, row in enumerate(left_to(facts, facts.unit).head(_ONE_BY_ONE).itertuples(index=False), 1):
        where = ", ".join(part for part in (str(row.sheet or ""), str(row.cell or "")) if part)
        told.append(
            Said(
                "sheet.finding" if where else "sheet.finding.nowhere", id=f"finding_{number}", where=where,
                found=Text(row.found_vi, row.found_en), remedy=Text(row.remedy_vi, row.remedy_en),
                rule=row.rule, severity=row.severity,
            )
        )  # fmt: skip
    return told
