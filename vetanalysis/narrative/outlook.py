"""Difficulties and the period ahead: who is behind or has not reported, and who must do what by which day.

Difficulties are those the figures show: units that did not report, units and levels behind, doubts about
figures. Each unit is held against its own course of earlier years, and what it lacks is asked of it by a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil
from typing import Any

from vetanalysis.blocks import MISSING_CELL, Cell, Column, Said, Table, Text
from vetanalysis.language.filters import UNITS_NAMED, known
from vetanalysis.language.numbers import projected_gap, rounded
from vetanalysis.narrative.period import LIKELY, UNLIKELY, VERY_UNLIKELY, PeriodFacts
from vetanalysis.periods import Cutoff, cutoff_day, deadline
from vetanalysis.returns.lists import reporting_units
from vetanalysis.returns.matrix import whole

_FEW = 2  # units behind that a sentence names
_BLANK = Cell(None, missing="")


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
    """Levels below even chances of their quota, once the year is over those below it; None without levels.

    Each with its share so far and the share of a year that it usually has by now.
    """
    if facts.year is None or not facts.year.by_level or not facts.year.allowed:
        return None
    case, place = "closed" if facts.closed else "open", facts.plan.place.code
    found = []
    for level in facts.plan.levels:
        line = facts.line(facts.people, place, level=level.id)
        if line is None or level.id not in facts.year.by_level or not line["plan_value"]:
            continue
        plan, value = line["plan_value"], line["value"]
        if not known(plan) or not known(value):
            continue
        probability = (
            float(value >= plan) if facts.closed else facts.year.by_level[level.id].probability(plan, ">=")
        )
        if probability < UNLIKELY:
            said = Said(
                f"outlook.level.{case}", level=level.name, share=line["percent_of_plan"], probability=probability,
                usual=facts.usual(place, level.id), needed=plan - value,
            )  # fmt: skip
            found.append((probability, said))
    found.sort(key=lambda one: one[0])
    key = f"outlook.levels.{case}" if found else f"outlook.levels.{case}.none"
    return Said(
        key,
        id="levels_behind",
        as_of=str(facts.cutoff),
        limit=UNLIKELY,
        told=tuple(said for _, said in found),
    )


def _late(facts: PeriodFacts, late: Any) -> Said:
    told = tuple(
        Said("reporting.period.late_unit", unit=facts.inside(row.unit), days=int(row.days_late))
        for row in late.sort_values("days_late", ascending=False)
        .head(UNITS_NAMED["period"])
        .itertuples(index=False)
    )
    return Said("reporting.period.late", count=len(late), units=told, cut=len(late) > UNITS_NAMED["period"])


def named(facts: PeriodFacts, units: Sequence[str]) -> Said:
    """Units by name, or where they are listed when they are too many for a sentence."""
    if len(units) > UNITS_NAMED["period"]:
        return Said("reporting.units.annexed")
    return Said("reporting.units.named", units=tuple(facts.inside(unit) for unit in units))


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
    notes = [] if facts.closed else [Said("outlook.behind.note")]
    return Table(
        "behind", title, tuple(columns), tuple(tuple(row[place] for place in kept) for row in rows), tuple(notes),
        frozenset(totals), measure=Said("tables.in_measure", measure="persons"),
    )  # fmt: skip


def _addressed(facts: PeriodFacts, unit: str) -> Said:
    """Whom a request to a unit goes to, in the cell of a table."""
    who = facts.asked(unit)
    if isinstance(who, Said) and who.key == "outlook.committee":
        who = Said("outlook.committee.short", **who.facts)
    return Said("tables.label", label=who)


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
            cells = _sum_of(float(some["plan"].sum()), counted)
        found.append((label, cells))
    line = facts.line(facts.people, facts.plan.place.code)
    if line is not None and known(line["plan_value"]) and known(line["value"]):
        quota = float(line["plan_value"]) - float(units["plan"].sum())
        counted = float(line["value"]) - float(units["counted"].sum())
        if rounded(quota) or rounded(counted):
            found.append((Said("tables.by_level.rest"), _sum_of(quota, counted)))
    return found


def _sum_of(quota: float, counted: float | None) -> tuple[Cell, ...]:
    """Quota, people and what is missing of several units together: all of the quota where nobody has reported."""
    share = 100 * counted / quota if counted is not None and quota > 0 else None
    missing = Cell(quota - (counted or 0.0), "count")
    dots = Cell(counted, "count"), Cell(share, "decimal", missing=MISSING_CELL if counted is None else "")
    return (Cell(quota, "count"), *dots, _BLANK, _BLANK, _BLANK, _BLANK, missing)


def _whole(rows: Sequence[tuple[Cell, ...]]) -> tuple[Cell, ...]:
    """The rows of sums added up: quota, people and what is missing of all, whose report has come or not."""
    quota, counted, missing = (
        sum(float(row[place].value) for row in rows if known(row[place].value)) for place in (0, 1, -1)
    )
    share = 100 * counted / quota if quota > 0 else None
    cells = Cell(quota, "count"), Cell(counted, "count"), Cell(share, "decimal", missing="")
    return (*cells, _BLANK, _BLANK, _BLANK, _BLANK, Cell(missing, "count"))


def _asked_of(facts: PeriodFacts, code: str, row: Any) -> tuple[Cell, ...]:
    """Quota, counted, share, usual share, projected, chance, needed by the next cut-off and year's end of a unit."""
    needed = None if not known(row["needed"]) else float(row["needed"])
    soon = None if needed is None else facts.needed_by(needed, code)
    return (
        Cell(row["plan"], "count"),
        Cell(row["counted"], "count"),
        Cell(None if needed is None else 100 * row["share_of_plan"], "decimal"),
        Cell(facts.usual(code), "usual"),
        Cell(row["median"], "about_bare", goal=row["plan"]),
        Cell(row["probability"], "chance"),
        Cell(None if soon is None else float(ceil(soon)), "count"),
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


def duties(facts: PeriodFacts) -> list[Said]:
    """Who must do what by when: the missing reports, the units behind, the next reports with their days."""
    told = [send_now(facts), _catch_up(facts), _keep_pace(facts), next_report(facts)]
    return [one for one in told if one is not None]


def send_now(facts: PeriodFacts) -> Said | None:
    """Whose report is overdue and must come at once: any unit's in the place's report, in a unit's own only its own.

    Who signs the report asks itself for nothing. Where reports were due on several days, each with its kinds of units.
    In the place's report also how many people of the quotas are missing for want of them.
    """
    missing = [
        unit for unit in facts.missing if not facts.signs(unit) and (facts.is_place or unit == facts.unit)
    ]
    if not missing:
        return None
    deadlines = dict(zip(facts.matrix["unit"], facts.matrix["deadline"].astype(str).str[:10], strict=True))
    kinds: dict[str, dict[str, None]] = {}
    for unit in missing:
        kinds.setdefault(deadlines[unit], {})[facts.kinds.get(unit, "")] = None
    of = {
        day: tuple(facts.plan.kind_name(kind, several=True) for kind in found if kind)
        if len(kinds) > 1
        else ()
        for day, found in sorted(kinds.items())
    }
    due = tuple(Said("outlook.overdue", day=day, kinds=told) for day, told in of.items())
    late = dict(zip(facts.matrix["unit"], facts.matrix["days_late"], strict=True))
    days_late = None if facts.is_place else whole(late[facts.unit]) or None
    many = Said("reporting.units.annexed_missing", annexed=True)
    names = Said("reporting.units.named", units=tuple(facts.asked(unit) for unit in missing))
    return Said(
        "outlook.send_now", id="send_now", period=str(facts.cutoff), units=missing, due=due, days=list(of),
        who=many if len(missing) > UNITS_NAMED["period"] else names, count=len(missing), people=_unreported(facts),
        days_late=days_late,
    )  # fmt: skip


def _unreported(facts: PeriodFacts) -> float | None:
    """The quotas of the units that have not reported, missing in the place's sum; None where there is none."""
    if not facts.is_place or facts.year is None or facts.year.units.empty:
        return None
    units = facts.year.units
    return float(units.loc[units["counted"].isna(), "plan"].sum()) or None


def asked_of(chance: float | None) -> str:
    """What is asked of whoever has not reached its quota: "plan" where that is unlikely, "keep" where it is likely.

    Between the two, and where no chance is known: "ask", the people that are missing.
    """
    if not known(chance) or UNLIKELY <= chance < LIKELY:
        return "ask"
    return "plan" if chance < UNLIKELY else "keep"


def requests(facts: PeriodFacts) -> list[Said]:
    """What is asked of each unit behind, the least likely first: a plan for the people it lacks by the year's end.

    Empty once the year is over. Units that have not reported are asked for their report first.
    """
    if facts.year is None or facts.closed or facts.year.units.empty:
        return []
    behind = facts.behind
    return [
        request(facts.asked(str(code)), float(row["needed"]), year_end(facts), "plan", str(code), _short(row))
        for code, row in behind.iterrows()
    ]


def _short(row: Any) -> float | None:
    """By how many people a unit that is very unlikely to reach its quota is projected to miss it; None of any other.

    From the projected year as it is printed: what a plan must make up for beside the unit's usual course.
    """
    if not known(row["probability"]) or row["probability"] >= VERY_UNLIKELY or not known(row["median"]):
        return None
    if row["median"] >= row["plan"]:
        return None
    return projected_gap(row["median"], float(row["plan"]), "persons") or None


def request(
    who: Said | Text, needed: float, day: str, asked: str, unit: str = "", short: float | None = None,
    soon: Said | str = "", *, begun: bool = True,
) -> Said:  # fmt: skip
    """What somebody is asked for who lacks `needed` people, by an ISO day.

    `asked`: as `asked_of` says, or "left": of whoever is on the way, where no earlier year tells a course to keep to.
    `short`: how many of them are missing by the projection, too; None where that is not said. `soon`: as `soon_of`
    says. `begun`: whether people of the year are counted already, so that these are the rest.
    """
    return Said(
        f"outlook.request.{asked}", who=who, unit=unit, needed=needed, day=day, short=short, soon=soon, begun=begun
    )  # fmt: skip


def soon_of(facts: PeriodFacts, needed: float) -> Said | str:
    """Of the people that the unit reported on lacks those that usually come by the next cut-off, with its day.

    Nothing where no past year tells, and where the next cut-off is the year's end.
    """
    soon = facts.needed_by(needed)
    if soon is None:
        return ""
    day = cutoff_day(facts.next_cutoff, facts.plan.calendar).isoformat()
    return Said("outlook.soon", people=float(ceil(soon)), day=day)


def year_end(facts: PeriodFacts) -> str:
    """The ISO day up to which the year counts."""
    return cutoff_day(Cutoff(facts.cutoff.year, "FY"), facts.plan.calendar).isoformat()


def own_request(facts: PeriodFacts) -> Said | None:
    """What is asked of the unit reported on; None where it lacks nobody, and where it has not reported."""
    line = facts.line(facts.people)
    if facts.closed or line is None or not known(line["plan_value"]) or not known(line["value"]):
        return None
    needed = line["plan_value"] - line["value"]
    asked = asked_of(None if facts.own is None else facts.own.probability)
    if needed <= 0:
        return None
    if asked == "keep" and facts.course(facts.unit) is None:
        asked = "left"
    soon = soon_of(facts, needed) if asked != "left" else ""
    return request(facts.asked(facts.unit), needed, year_end(facts), asked, facts.unit, soon=soon)


def _catch_up(facts: PeriodFacts) -> Said | None:
    """That the units of `behind_table` are asked for a plan, by the year's end."""
    asked = requests(facts)
    if not asked:
        return None
    left = sum(one.facts["needed"] for one in asked)
    return Said("outlook.catch_up", id="catch_up", count=len(asked), left=left, day=year_end(facts))


def _keep_pace(facts: PeriodFacts) -> Said | None:
    """How many units beside those behind are on their way to their quota, and asked to keep to past years' course."""
    if facts.year is None or facts.closed or facts.year.units.empty:
        return None
    units = facts.year.units
    on_way = (units["counted"] < units["plan"]) & ~units.index.isin(facts.behind.index)
    count, left = int(on_way.sum()), float(units.loc[on_way, "needed"].sum())
    key = "outlook.keep_pace" if facts.course() is not None else "outlook.keep_pace.left"
    return Said(key, id="keep_pace", count=count, left=left, others=not facts.behind.empty) if count else None


def next_report(facts: PeriodFacts, ahead: Cutoff | None = None) -> Said | None:
    """The next report, or that of another cut-off, and the day by which each kind of sender must have sent it."""
    ahead, calendar = ahead or facts.next_cutoff, facts.plan.calendar
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
    ahead = facts.next_cutoff
    day = deadline(ahead, facts.plan.calendar, facts.kinds.get(facts.unit, "default")).isoformat()
    return Said(
        "outlook.own_deadline", id="own_deadline", unit=facts.asked(facts.unit), period=str(ahead), day=day
    )
