"""Difficulties and the period ahead: who is behind or has not reported, and who must do what by which day.

Difficulties are those the figures show: units that did not report, units and levels behind, doubts about
figures. The period ahead holds the pace each unit needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vetanalysis.blocks import Cell, Column, Said, Table, Text
from vetanalysis.language.filters import UNITS_NAMED, known
from vetanalysis.narrative.period import UNLIKELY, PeriodFacts
from vetanalysis.periods import deadline, following
from vetanalysis.returns.lists import reporting_units


def reporting(facts: PeriodFacts) -> Said | None:
    """How many of the units due reported, how many of them late, and who did not; None where nobody is due."""
    matrix = facts.matrix
    due = matrix[matrix["state"] != "not_due"]
    if due.empty:
        return None
    late, missing = due[due["state"] == "late"], facts.missing
    came = len(due) - len(missing)
    more = []
    if len(late):
        more.append(_late(facts, late))
    if missing and came:
        more.append(Said("reporting.period.missing", count=len(missing), units=named(facts, missing)))
    return Said(
        f"reporting.period.{'came' if came else 'none'}", id="reporting", due=len(due), came=came, late=len(late),
        missing=missing, period=str(facts.cutoff), more=tuple(more),
    )  # fmt: skip


def units_behind(facts: PeriodFacts) -> Said | None:
    """Units whose share of quota is lower than chance allows, or that there is none; None without projected units."""
    if facts.year is None or facts.year.units.empty:
        return None
    units = facts.year.units
    known = units[units["side"] != "unknown"]
    shares = facts.behind.sort_values("share_of_plan")["share_of_plan"]
    common = float(known["common"].iloc[0]) if len(known) else float("nan")
    given: dict[str, Any] = {
        "id": "units_behind",
        "as_of": str(facts.cutoff),
        "units": len(known),
        "common": common,
    }
    if known["share_of_plan"].nunique() <= 1 and len(known) > 1:
        return Said("outlook.units.equal", **given)
    if shares.empty:
        return Said("outlook.units.none", **given)
    behind = {str(code): float(share) for code, share in shares.items()}
    told = tuple(Said("outlook.unit", unit=facts.called(code), share=share) for code, share in behind.items())
    return Said("outlook.units.behind", **given, behind=behind, told=told)


def levels_behind(facts: PeriodFacts, evidence: str) -> Said | None:
    """Levels less likely than not to reach their quota, each with its share so far; None without levels."""
    if facts.year is None or not facts.year.by_level or not facts.year.allowed:
        return None
    found = []
    for level in facts.plan.levels:
        line = facts.line(facts.people, facts.plan.place.code, level=level.id)
        if line is None or level.id not in facts.year.by_level or not line["plan_value"]:
            continue
        if not known(line["plan_value"]) or not known(line["value"]):
            continue
        probability = facts.year.by_level[level.id].probability(line["plan_value"], ">=")
        if probability < UNLIKELY:
            found.append((probability, level, line["percent_of_plan"]))
    as_of = str(facts.cutoff)
    if not found:
        return Said("outlook.levels.none", id="levels_behind", as_of=as_of, levels=())
    found.sort(key=lambda one: one[0])
    told = tuple(
        Said("outlook.level", level=level.name, share=share, probability=probability, evidence=evidence)
        for probability, level, share in found
    )
    values = {level.id: probability for probability, level, _ in found}
    return Said("outlook.levels.behind", id="levels_behind", as_of=as_of, told=told, **values)


def doubtful_figures(facts: PeriodFacts) -> Said | None:
    """How many figures of the period's returns the checks doubt, and whose; None where there is none."""
    mine = facts.findings[facts.findings["severity"].isin(["error", "warning"])]
    if mine.empty:
        return None
    units = list(dict.fromkeys(unit for unit in mine["unit"] if unit))
    many = len(units) > UNITS_NAMED["period"]
    return Said(
        "reporting.doubtful", id="doubtful_figures", period=str(facts.cutoff), findings=len(mine), units=units,
        whose=Said("reporting.units.counted", count=len(units)) if many else named(facts, units),
    )  # fmt: skip


def _late(facts: PeriodFacts, late: Any) -> Said:
    told = tuple(
        Said("reporting.period.late_unit", unit=facts.called(row.unit), days=int(row.days_late))
        for row in late.sort_values("days_late", ascending=False)
        .head(UNITS_NAMED["period"])
        .itertuples(index=False)
    )
    return Said("reporting.period.late", count=len(late), units=told, cut=len(late) > UNITS_NAMED["period"])


def named(facts: PeriodFacts, units: Sequence[str]) -> Said:
    """Units by name, or where they are listed when they are too many for a sentence."""
    if len(units) > UNITS_NAMED["period"]:
        return Said("reporting.units.annexed")
    return Said("reporting.units.named", units=tuple(facts.called(unit) for unit in units))


def pace_table(facts: PeriodFacts, evidence: str) -> Table | None:
    """Quota, counted, share, still to do, per quarter or month left and chance of each unit, the least likely first.

    Units without a quota stand last with their people, so that the total is that of the place. None without projected
    units or after the year's end.
    """
    left = facts.steps_left
    if facts.year is None or facts.year.units.empty or left <= 0:
        return None
    frame = facts.year.units.copy()
    frame["order"] = frame["probability"].where(frame["counted"].notna(), -1.0)
    frame = frame.sort_values("order", kind="stable")
    rows = []
    for number, (code, row) in enumerate(frame.iterrows(), 1):
        probability = row["probability"] if facts.year.allowed or known(row["counted"]) else None
        cells = _cells(row["plan"], row["counted"], left, probability, evidence)
        rows.append((Cell(number, "ordinal"), facts.called(str(code)), *cells))
    beside = {unit: facts.value(facts.people, unit) for unit in facts.without_quota}
    rows += [
        (Cell(number, "ordinal"), facts.called(unit), *_cells(None, people, left, None, evidence))
        for number, (unit, people) in enumerate(beside.items(), len(rows) + 1)
    ]
    told = [people for people in (*frame["counted"], *beside.values()) if known(people)]
    counted = float(sum(told)) if told else None
    plan = facts.line(facts.people, facts.plan.place.code)
    planned = (
        float(plan["plan_value"])
        if plan is not None and known(plan["plan_value"])
        else float(frame["plan"].sum())
    )
    chance = facts.year.reconciled.projection().probability(planned, ">=") if facts.year.allowed else None
    rows.append(("", Said("tables.total"), *_cells(planned, counted, left, chance, evidence)))
    as_of = str(facts.cutoff)
    notes = [Said("tables.pace.sorted_late" if frame["counted"].isna().any() else "tables.pace.sorted")]
    notes += [Said("tables.pace.no_quota")] if beside else []
    people = Said("names.measure.persons")
    columns: tuple[Column, ...] = (
        Column(Said("tables.number"), align="center", width=0.6),
        Column(Said("tables.unit"), align="left", width=2.6),
        Column(Said("tables.quota"), people),
        Column(Said("tables.pace.counted"), people),
        Column(Said("tables.pace.share"), "%", width=0.9),
        Column(Said("tables.pace.still"), people),
        Column(Said("tables.pace.each_step", step=facts.plan.calendar.step), people, width=1.2),
        Column(Said("tables.chance"), width=1.0),
    )
    if left == 1:  # one step is left: what is to be done is what it needs
        columns = columns[:6] + columns[7:]
        rows = [row[:6] + row[7:] for row in rows]
    return Table(
        "pace",
        Said("tables.pace.title", as_of=as_of),
        columns,
        tuple(rows),
        tuple(notes),
        frozenset({len(rows) - 1}),
    )


def _cells(
    plan: float | None, counted: float | None, left: int, probability: float | None, evidence: str
) -> tuple[Cell, ...]:
    """Quota, counted, share of the quota, still to do, the same per quarter or month left, chance.

    Where no quota was given all but the people counted are "-".
    """
    if plan is None:
        none = Cell(missing="-")
        return (none, Cell(counted, "count"), none, none, none, none)
    share = still = each = None
    if known(counted):
        share = 100 * counted / plan if plan else None
        still = max(plan - counted, 0.0)
        each = still / left
    return (
        Cell(plan, "count"),
        Cell(counted, "count"),
        Cell(share, "decimal"),
        Cell(still, "count"),
        Cell(each, "count"),
        Cell(probability, "chance", evidence=evidence),
    )


def duties(facts: PeriodFacts) -> list[Said]:
    """Who must do what by when: the missing reports, the units behind, the next reports with their days."""
    told = [send_now(facts), _catch_up(facts), next_report(facts)]
    return [one for one in told if one is not None]


def send_now(facts: PeriodFacts) -> Said | None:
    """Whose report is overdue and must come at once: any unit's in the place's report, in a unit's own only its own."""
    missing = facts.missing if facts.is_place else [unit for unit in facts.missing if unit == facts.unit]
    if not missing:
        return None
    many = len(missing) > UNITS_NAMED["period"]
    due = facts.matrix.loc[facts.matrix["unit"].isin(missing), "deadline"].astype(str).max()[:10]
    return Said(
        "outlook.send_now", id="send_now", period=str(facts.cutoff), units=missing, due=due,
        who=Said("reporting.units.annexed_missing") if many else named(facts, missing),
    )  # fmt: skip


def _catch_up(facts: PeriodFacts) -> Said | None:
    if facts.year is None or not facts.steps_left or facts.behind.empty:
        return None
    needed = {str(code): float(value) for code, value in facts.behind["needed"].items()}
    told = tuple(
        Said("outlook.catch_up.unit", unit=facts.called(code), needed=value) for code, value in needed.items()
    )
    return Said("outlook.catch_up", id="catch_up", year=f"{facts.cutoff.year}-FY", told=told, **needed)


def next_report(facts: PeriodFacts) -> Said | None:
    """The next report and the day by which each kind of sender must have sent it."""
    ahead, calendar = following(facts.cutoff, facts.plan.calendar), facts.plan.calendar
    days: dict[str, list[Said | Text]] = {}
    senders: dict[str, list[str]] = {}
    for code in reporting_units(facts.plan, ahead):
        senders.setdefault(facts.plan.unit(code).kind, []).append(code)
    for kind, codes in senders.items():
        who = facts.inside(codes[0]) if len(codes) == 1 else facts.plan.kind_name(kind, several=True)
        days.setdefault(deadline(ahead, calendar, kind).isoformat(), []).append(who)
    if not days:
        return None
    told = tuple(Said("outlook.next_report.by", who=tuple(who), day=day) for day, who in sorted(days.items()))
    return Said("outlook.next_report", id="next_report", period=str(ahead), days=sorted(days), told=told)


def own_deadline(facts: PeriodFacts) -> Said:
    """The next report of one unit and its day."""
    ahead = following(facts.cutoff, facts.plan.calendar)
    day = deadline(ahead, facts.plan.calendar, facts.kinds.get(facts.unit, "default")).isoformat()
    return Said(
        "outlook.own_deadline", id="own_deadline", unit=facts.called(facts.unit), period=str(ahead), day=day
    )
