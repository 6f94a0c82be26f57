"""Units and levels behind: how many they are, how far each is, and what is asked of whom by which day, in a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil
from typing import Any

import pandas as pd

from vetanalysis.blocks import MISSING_CELL, Cell, Column, Said, Table
from vetanalysis.language.filters import UNITS_NAMED, known
from vetanalysis.language.numbers import rounded
from vetanalysis.narrative.period import UNLIKELY, PeriodFacts
from vetanalysis.narrative.unit_tables import chance, past_note
from vetanalysis.periods import Cutoff, cutoff_day

_BLANK = Cell(None, missing="")
_FEW = 2  # units behind that a sentence names


def units_behind(facts: PeriodFacts) -> Said | None:
    """How many units are below even chances of their quota, in a closed year below it; None without projected units.

    A few are named with their share, more stand in `behind_table` alone.
    """
    if facts.year is None or facts.year.units.empty:
        return None
    units, behind = facts.year.units, facts.behind
    case = "closed" if facts.closed else "open"
    told = tuple(
        Said(
            f"outlook.unit.{case}", unit=facts.inside(str(code)), share=share, needed=needed,
        )
        for code, share, needed in zip(behind.index, behind["share_of_plan"], behind["needed"], strict=True)
    )  # fmt: skip
    reported = int(units["counted"].notna().sum())
    return Said(  # units without a report have a chance, too, but are asked for their report
        f"outlook.units.{case}" if told else f"outlook.units.{case}.none", id="units_behind", as_of=str(facts.cutoff),
        units=len(units), behind=len(told), limit=UNLIKELY, done=reported - len(told), silent=len(units) - reported,
        told=told if len(told) <= _FEW else (),
    )  # fmt: skip


def levels_behind(facts: PeriodFacts) -> Said | None:
    """Levels behind their usual course and below even chances, once the year is over below their quota.

    Each with its share of the quota and what the course of earlier years would have made of the quota by now. None
    where no level has both a quota and a count.
    """
    if facts.year is None or not facts.year.by_level or not facts.year.allowed:
        return None
    case, place = "closed" if facts.closed else "open", facts.plan.place.code
    found, judged = [], 0
    for level in facts.plan.levels:
        line = facts.line(facts.people, place, level=level.id)
        if line is None or level.id not in facts.year.by_level or not line["plan_value"]:
            continue
        plan, value = line["plan_value"], line["value"]
        if not known(plan) or not known(value):
            continue
        judged += 1
        probability = (
            float(value >= plan) if facts.closed else facts.year.by_level[level.id].probability(plan, ">=")
        )
        usual, share = facts.usual(place, level.id), line["percent_of_plan"]
        if probability < UNLIKELY and (facts.closed or not known(usual) or share < usual):
            said = Said(
                f"outlook.level.{case}", level=level.name, share=share, probability=probability, usual=usual,
                needed=plan - value,
            )  # fmt: skip
            found.append((probability, said))
    if not judged:
        return None
    found.sort(key=lambda one: one[0])
    key = f"outlook.levels.{case}" if found else f"outlook.levels.{case}.none"
    return Said(
        key,
        id="levels_behind",
        as_of=str(facts.cutoff),
        limit=UNLIKELY,
        told=tuple(said for _, said in found),
    )


def behind_table(facts: PeriodFacts) -> Table | None:
    """The units of `PeriodFacts.behind` with what is asked of them by when; of very many the worst and the rest.

    Quota, counted, share, the share of a year usually there by now, the projected year, chance, and how many more are
    asked for by the next cut-off and by the year's end; once the year is over what they lack. Below them the other
    units, so that the table adds up to the place. None where no unit is behind.
    """
    if facts.year is None or facts.year.units.empty or facts.behind.empty:
        return None
    frame, most = facts.behind, UNITS_NAMED["table"]
    shown = most if len(frame) > most + 1 else len(frame)
    parts = [_asked_of(facts, str(code), row) for code, row in frame.iterrows()]
    rows: list[tuple[Any, ...]] = [
        (
            Cell(number, "ordinal"),
            facts.called(str(code)) if facts.closed else _addressed(facts, str(code)),
            *cells,
        )
        for number, (code, cells) in enumerate(zip(frame.index, parts, strict=True), 1)
    ][:shown]
    if len(frame) > shown:
        more = Said("outlook.behind.more", count=len(frame) - shown)
        rows.append((_BLANK, more, *_together(parts[shown:])))
    others = _others(facts)
    these = "outlook.behind.these" if others else "tables.total"
    rows.append((_BLANK, Said(these), *_together(parts)))
    totals = {len(rows) - 1}
    if others:
        rows += [(_BLANK, label, *cells) for label, cells in others]
        rows.append(
            (_BLANK, Said("tables.total"), *_whole([row[2:] for row in rows[len(rows) - len(others) - 1 :]]))
        )
        totals.add(len(rows) - 1)
    columns = [
        Column(Said("tables.number"), align="center", width=0.6),
        Column(Said("tables.unit" if facts.closed else "outlook.behind.asked"), align="left", width=3.2),
        Column(Said("tables.quota")),
        Column(Said("tables.done")),
        Column(Said("tables.of_quota"), width=0.9),
    ]
    end, calendar = Cutoff(facts.cutoff.year, "FY"), facts.plan.calendar
    if facts.closed:
        columns.append(Column(Said("tables.short_or_above")))
        kept = [0, 1, 2, 3, 4, 9]
        rows = [(*row[:-1], replace(row[-1], value=-row[-1].value, kind="signed")) for row in rows]
    else:
        days = [cutoff_day(one, calendar).isoformat() for one in (facts.next_cutoff, end)]
        asked = Said("outlook.behind.ask")
        columns += [
            Column(Said("tables.usual"), width=1.1),
            Column(Said("outlook.behind.median")),
            Column(Said("tables.chance"), width=0.9),
            *(Column(Said("outlook.behind.by", day=day), group=asked, width=1.1) for day in days),
        ]
        kept = list(range(10))
        if facts.steps_left < 2:  # the next cut-off is the year's end
            columns[8:] = [Column(Said("outlook.behind.ask.by", day=days[1]), width=1.4)]
            del kept[8]
    title = Said(
        f"outlook.behind.title.{'closed' if facts.closed else 'open'}", year=str(end), limit=UNLIKELY
    )
    notes = (
        [] if facts.closed else [*past_note(facts, rows), Said("outlook.behind.note", named=_on_way(facts))]
    )
    return Table(
        "behind", title, tuple(columns), tuple(tuple(row[place] for place in kept) for row in rows), tuple(notes),
        frozenset(totals), measure=Said("tables.in_measure", measure=facts.plan.counted_in),
    )  # fmt: skip


def _addressed(facts: PeriodFacts, unit: str) -> Said:
    """Whom a request to a unit goes to, in the cell of a table."""
    who = facts.asked(unit)
    if isinstance(who, Said) and who.key == "outlook.committee":
        who = Said("outlook.committee.short", **who.facts)
    return Said("tables.label", label=who)


def _on_way(facts: PeriodFacts) -> tuple[Any, ...]:
    """Who the units below quota are that one row of the table holds; none named where the annex has to name them."""
    rest = on_way(facts).index
    return tuple(facts.called(str(code)) for code in rest) if len(rest) <= UNITS_NAMED["period"] else ()


def _others(facts: PeriodFacts) -> list[tuple[Said, tuple[Cell, ...]]]:
    """What the place's quota, people and missing people hold beyond the units behind; empty where that is nothing.

    Units on their way, units at their quota or past it (who lack less than nobody), units without a report, whose
    whole quota is missing, and what no unit with a quota has.
    """
    assert facts.year is not None
    units = facts.year.units
    rest = units[~units.index.isin(facts.behind.index)]
    came = rest["counted"].notna()
    found: list[tuple[Said, tuple[Cell, ...]]] = []
    for name, some in (
        ("on_way", rest[came & (rest["counted"] < rest["plan"])]),
        ("past", rest[came & ~(rest["counted"] < rest["plan"])]),
        ("silent", rest[~came]),
    ):
        if some.empty:
            continue
        earlier = [facts.last_reported(str(code)) for code in some.index] if name == "silent" else []
        known_of = [people for _, people in filter(None, earlier)]
        label = Said(f"outlook.behind.{name}", count=len(some), known=sum(known_of) if known_of else None)
        if name == "on_way":
            cells = _together([_asked_of(facts, str(code), row) for code, row in some.iterrows()])
        else:
            counted = float(some["counted"].sum()) if name == "past" else None
            soon = (
                [_soon(facts, code, row["plan"]) for code, row in some.iterrows()] if name == "silent" else []
            )
            cells = _sum_of(
                float(some["plan"].sum()), counted, sum(one for one in soon if one is not None) or None
            )
        found.append((label, cells))
    line = facts.line(facts.people, facts.plan.place.code)
    if line is not None and known(line["plan_value"]) and known(line["value"]):
        quota = float(line["plan_value"]) - float(units["plan"].sum())
        counted = float(line["value"]) - float(units["counted"].sum())
        if rounded(quota) or rounded(counted):
            found.append((Said("tables.by_level.rest"), _sum_of(quota, counted)))
    return found


def _sum_of(quota: float, counted: float | None, soon: float | None = None) -> tuple[Cell, ...]:
    """Quota, people and what is missing of several units together: all of the quota where nobody has reported.

    `soon`: what of it is due by the next cut-off.
    """
    share = 100 * counted / quota if counted is not None and quota > 0 else None
    missing = Cell(quota - (counted or 0.0), "count")
    dots = Cell(counted, "count"), Cell(share, "decimal", missing=MISSING_CELL if counted is None else "")
    return (Cell(quota, "count"), *dots, _BLANK, _BLANK, _BLANK, Cell(soon, "count", missing=""), missing)


def _whole(rows: Sequence[tuple[Cell, ...]]) -> tuple[Cell, ...]:
    """The rows of sums added up: quota, people and what is missing of all, whose report has come or not."""
    quota, counted, soon, missing = (
        sum(float(row[place].value) for row in rows if known(row[place].value)) for place in (0, 1, -2, -1)
    )
    share = 100 * counted / quota if quota > 0 else None
    cells = Cell(quota, "count"), Cell(counted, "count"), Cell(share, "decimal", missing="")
    return (*cells, _BLANK, _BLANK, _BLANK, Cell(soon or None, "count", missing=""), Cell(missing, "count"))


def _soon(facts: PeriodFacts, code: str, needed: float | None) -> float | None:
    """Of the people a unit lacks those due by the next cut-off, in whole people."""
    soon = facts.needed_by(float(needed), code) if known(needed) else None
    return None if soon is None else float(ceil(soon))


def asked_soon(facts: PeriodFacts) -> float | None:
    """The people whom the units of the place are asked for by the next cut-off, as `behind_table` adds them up.

    None where it has no such column, and where no unit is behind.
    """
    if (
        facts.closed
        or facts.steps_left < 2
        or facts.year is None
        or facts.year.units.empty
        or facts.behind.empty
    ):
        return None
    units = facts.year.units
    lacking = units["needed"].where(units["counted"].notna(), units["plan"])
    soon = [_soon(facts, str(code), needed) for code, needed in lacking[lacking > 0].items()]
    return sum(one for one in soon if one is not None) or None


def asked_of_behind(facts: PeriodFacts) -> dict[str, dict[str, float]]:
    """The people that each unit of the table is asked for by the next cut-off and by the year's end, as a record.

    By the next cut-off only where the table has that column. `others`: those whom the units on their way lack, and
    `others_soon` of them those due by the next cut-off.
    """
    if facts.year is None or facts.closed or facts.year.units.empty:
        return {}
    by_end = {str(code): float(needed) for code, needed in facts.behind["needed"].items()}
    others = {str(code): float(needed) for code, needed in on_way(facts)["needed"].items()}

    def soon(lacked: dict[str, float]) -> dict[str, float]:
        due = (
            {} if facts.steps_left < 2 else {code: _soon(facts, code, left) for code, left in lacked.items()}
        )
        return {code: people for code, people in due.items() if people}

    return {"by_end": by_end, "soon": soon(by_end), "others": others, "others_soon": soon(others)}


def on_way(facts: PeriodFacts) -> pd.DataFrame:
    """The units that reported and are below their quotas without being behind: asked for the people they lack."""
    assert facts.year is not None
    units = facts.year.units
    return units[(units["counted"] < units["plan"]) & ~units.index.isin(facts.behind.index)]


def _asked_of(facts: PeriodFacts, code: str, row: Any) -> tuple[Cell, ...]:
    """Quota, counted, share, usual share, projected, chance, needed by the next cut-off and year's end of a unit."""
    needed = None if not known(row["needed"]) else float(row["needed"])
    return (
        Cell(row["plan"], "count"),
        Cell(row["counted"], "count"),
        Cell(None if needed is None else 100 * row["share_of_plan"], "decimal"),
        Cell(facts.usual(code), "usual"),
        Cell(row["median"], "about_bare", goal=row["plan"]),
        chance(facts, row["probability"]),
        Cell(_soon(facts, code, needed), "count"),
        Cell(needed, "count"),
    )


def _together(rows: Sequence[tuple[Cell, ...]]) -> tuple[Cell, ...]:
    """Units added up; a number that one of them lacks is added over the others, a share is of those that have it."""
    sums = [[row[place].value for row in rows if known(row[place].value)] for place in range(len(rows[0]))]
    added = [float(sum(values)) if values else None for values in sums]
    told = [row for row in rows if known(row[1].value) and row[0].value]
    quota = sum(row[0].value for row in told)
    share = 100 * sum(row[1].value for row in told) / quota if quota else None
    quotas, counted, *_, soon, needed = (Cell(value, "count") for value in added)
    return (quotas, counted, Cell(share, "decimal"), _BLANK, _BLANK, _BLANK, soon, needed)
