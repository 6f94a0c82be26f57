"""The period ahead: who has not reported, and who must do what by which day.

Each unit is held against its own course of earlier years, and what it lacks is asked of it by a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import ceil
from typing import Any

from vetanalysis.blocks import Said, Text
from vetanalysis.language.filters import UNITS_NAMED, known
from vetanalysis.language.numbers import projected_gap
from vetanalysis.narrative.behind import asked_of_behind, on_way
from vetanalysis.narrative.period import UNLIKELY, VERY_UNLIKELY, PeriodFacts
from vetanalysis.periods import Cutoff, cutoff_day, deadline
from vetanalysis.returns.lists import reporting_units
from vetanalysis.returns.matrix import whole

WITHIN = 5  # working days in which an overdue report or figure is to come
MEASURES_WITHIN = 10  # working days of the report: on the day a target is judged it is too late for them


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
        more.append(
            Said("reporting.period.missing", count=len(missing), units=_named_missing(facts, missing))
        )
    return Said(
        f"reporting.period.{'came' if came else 'none'}", id="reporting", due=len(due), came=came, late=len(late),
        missing=missing, period=str(facts.cutoff), more=tuple(more),
    )  # fmt: skip


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


def _named_missing(facts: PeriodFacts, units: Sequence[str]) -> Said:
    """As `named`; of a unit whose people are counted all the same that its figures came from those below it."""
    told = named(facts, units)
    if "units" not in told.facts or facts.year is None:
        return told
    counted = facts.year.units["counted"].reindex(list(units)).notna()
    return told.given(
        units=tuple(
            Said("reporting.units.through", unit=facts.inside(unit)) if counted[unit] else facts.inside(unit)
            for unit in units
        )
    )


def duties(facts: PeriodFacts) -> list[Said]:
    """Who must do what by when: the missing reports, the units behind, the next reports with their days."""
    told = [send_now(facts, counted=True), _by_year_end(facts), next_report(facts)]
    return [one for one in told if one is not None]


def send_now(facts: PeriodFacts, *, counted: bool = False) -> Said | None:
    """Whose report is overdue and must come within `WITHIN` days: of any unit, on a unit's own sheet only its own.

    Who signs the report asks itself for nothing. Where reports were due on several days, each with its kinds of units.
    `counted`: where part I names the units, more than a few by their number and without the days that have passed.
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
    last = max(missing, key=lambda unit: whole(late[unit]))
    days_late = whole(late[last]) or None
    on = None if days_late is None else date.fromisoformat(deadlines[last]) + timedelta(days=days_late)
    senders = _senders(facts, missing)
    below = any(isinstance(one, Said) and one.key == "outlook.for_below" for one in senders)
    many = Said("reporting.units.annexed_missing", annexed=True, below=below)
    who: Said | Text = Said("reporting.units.named", units=senders) if facts.is_place else senders[0]
    if len(missing) > UNITS_NAMED["period"]:
        who = many
    elif counted and len(missing) > UNITS_NAMED["request"] and not below:
        who, due = units_missing(missing), ()
    return Said(
        "outlook.send_now", id="send_now", period=str(facts.cutoff), units=missing, due=due, days=list(of), who=who,
        days_late=days_late, late_on=on, within=WITHIN, this=this(facts),
    )  # fmt: skip


def units_missing(units: Sequence[str]) -> Said:
    """Units without a report by their number, and where the report on the place names them."""
    annexed = len(units) > UNITS_NAMED["period"]
    return Said("outlook.send_now.units", count=len(units), annexed=annexed)


def _senders(facts: PeriodFacts, missing: Sequence[str]) -> tuple[Said | Text, ...]:
    """Whom the place asks for overdue reports: the units, of those below a unit that unit, as its own sheet does."""
    above = dict(zip(facts.plan.units["code"], facts.plan.units["parent"], strict=True))
    below: dict[str, list[Said | Text]] = {}
    for unit in missing:
        head = above.get(unit, "")
        if facts.is_place and head in facts.names and head != facts.plan.place.code and not facts.signs(head):
            below.setdefault(head, []).append(facts.inside(unit))
    told = {unit for head in below for unit in missing if above.get(unit) == head}
    return (
        *(facts.asked(unit) for unit in missing if unit not in told),
        *(
            Said("outlook.for_below", who=facts.asked(head), units=tuple(units))
            for head, units in below.items()
        ),
    )


def send_below(facts: PeriodFacts) -> Said | None:
    """Whose reports from below the unit reported on are overdue, which the report on the place asks for, too.

    None of the place itself, and where none is missing.
    """
    table = facts.plan.units
    below = set(table.loc[table["parent"] == facts.unit, "code"])
    missing = [] if facts.is_place else [unit for unit in facts.missing if unit in below]
    if not missing:
        return None
    deadlines = dict(zip(facts.matrix["unit"], facts.matrix["deadline"].astype(str).str[:10], strict=True))
    due = tuple(
        Said("outlook.overdue", day=day, kinds=()) for day in sorted({deadlines[unit] for unit in missing})
    )
    return Said(
        "outlook.send_below", id="send_below", who=facts.asked(facts.unit), units=missing, count=len(missing),
        named=tuple(facts.inside(unit) for unit in missing), period=str(facts.cutoff), due=due, within=WITHIN,
        this=this(facts),
    )  # fmt: skip


def this(facts: PeriodFacts) -> Said:
    """The notice from whose day a unit's working days count: "this notice", in the place's report that to the unit."""
    return Said(f"opening.this.{'sent' if facts.is_place and not facts.is_silent else 'notice'}")


def asked_of(chance: float | None) -> str:
    """What is asked of whoever has not reached its quota: "ask", the people that are missing.

    Where it is unlikely to get there "plan": also its plan for that, within `WITHIN` working days, not by the last day.
    """
    return "plan" if known(chance) and chance < UNLIKELY else "ask"


def own_asked(facts: PeriodFacts) -> str:
    """What is asked of the unit reported on."""
    return asked_of(None if facts.own is None else facts.own.probability)


def requests(facts: PeriodFacts) -> list[Said]:
    """What is asked of each unit behind, the least likely first: a plan for the people it lacks by the year's end.

    Empty once the year is over. Units that have not reported are asked for their report first.
    """
    if facts.year is None or facts.closed or facts.year.units.empty:
        return []
    behind = facts.behind
    return [
        request(
            facts.asked(str(code)), float(row["needed"]), year_end(facts), "plan", str(code), _short(row),
            this=this(facts),
        )
        for code, row in behind.iterrows()
    ]  # fmt: skip


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
    soon: Said | str = "", *, this: Said, begun: bool = True,
) -> Said:  # fmt: skip
    """What somebody is asked for who lacks `needed` people, by an ISO day, in the document that calls itself `this`.

    `asked`: as `asked_of` says. `short`: how many of them are missing by the projection, too; None where that is not
    said. `soon`: as `soon_of` says. `begun`: whether people of the year are counted already.
    """
    return Said(
        f"outlook.request.{asked}", who=who, unit=unit, needed=needed, day=day, short=short, soon=soon, begun=begun,
        within=WITHIN, this=this,
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
    """What is asked of the unit reported on; None where it lacks nobody.

    Of one that has not reported those whom it lacks, how many that can be at most. Once the year is over why it fell
    short, with its next report, as the report on the place asks those below quota.
    """
    line = facts.line(facts.people)
    if line is None or not known(line["plan_value"]):
        return None
    if not known(line["value"]):
        return _silent_request(facts, line["plan_value"])
    needed, who = line["plan_value"] - line["value"], facts.asked(facts.unit)
    if needed <= 0:
        return None
    if facts.closed:
        return _explain_one(facts, facts.unit, needed)
    return request(
        who, needed, year_end(facts), own_asked(facts), facts.unit, soon=soon_of(facts, needed), this=this(facts)
    )  # fmt: skip


def _silent_request(facts: PeriodFacts, quota: float) -> Said | None:
    """What is asked of a unit without a report while the year runs; None where its last report had its quota."""
    earlier = facts.last_reported()
    most = quota - (earlier[1] if earlier else 0.0)
    if facts.closed or most <= 0:
        return None
    return Said(
        "outlook.request.silent", who=facts.asked(facts.unit), unit=facts.unit, most=most, day=year_end(facts)
    )


def explain(facts: PeriodFacts) -> Said | None:
    """That the units below their quota of the year that is over give the reasons, with their next reports, by days.

    The one that lacks most people is named. None where none is below it.
    """
    if facts.year is None or facts.year.units.empty or facts.behind.empty:
        return None
    units, lacking = facts.year.units, facts.behind["needed"].astype(float)
    first = str(lacking.idxmax())
    if len(lacking) == 1:
        return _explain_one(facts, first, float(lacking[first])).given(id="asked_of_units")
    past = (units["counted"] - units["plan"]).clip(lower=0.0).sum()
    told = days_of(facts, facts.next_cutoff, [str(code) for code in lacking.index])
    return Said(
        "outlook.explain", id="asked_of_units", count=len(lacking), left=float(lacking.sum()), past=float(past) or None,
        who=facts.asked(first), unit=first, needed=float(lacking[first]), period=str(facts.next_cutoff), told=told,
        last=told[-1].facts["day"],
    )  # fmt: skip


def _explain_one(facts: PeriodFacts, unit: str, needed: float) -> Said:
    ahead = own_deadline(facts, unit).facts
    return Said(
        "outlook.explain.one", id="explain", who=facts.asked(unit), unit=unit, needed=needed, period=ahead["period"],
        day=ahead["day"], levels=short_levels(facts, unit),
    )  # fmt: skip


def short_levels(facts: PeriodFacts, unit: str = "") -> tuple[Said, ...]:
    """The levels at which a unit, that reported on or another, is below its quota, each with how many it lacks.

    Also of a unit whose other levels hide that; none of a unit with a quota at one level alone.
    """
    every = [
        (one.name, facts.line(facts.people, unit, level=one.id)) for one in facts.plan.levels if one.counted
    ]
    given = [(name, line) for name, line in every if line is not None and known(line["plan_value"])]
    return tuple(
        Said("outlook.short_level", level=name, needed=line["plan_value"] - line["value"])
        for name, line in given
        if len(given) > 1 and known(line["value"]) and line["value"] < line["plan_value"]
    )


def _by_year_end(facts: PeriodFacts) -> Said | None:
    """What is asked of every unit below its quota by the year's end, of each as its own sheet says (`asked_of`).

    The people that are missing, of those in `behind_table` their plans, too; then of the units without a report. None
    once the year is over, and where every unit has its quota.
    """
    if facts.year is None or facts.closed or facts.year.units.empty:
        return None
    parts = (("catch_up", facts.behind), ("ask_rest", on_way(facts)))
    there = [(line, some) for line, some in parts if not some.empty]
    asked = asked_of_behind(facts)  # kept with the report: the next one tells what came of it
    soon: dict[str, Any] = {
        "soon": sum(asked["soon"].values()),
        "soon_day": cutoff_day(facts.next_cutoff, facts.plan.calendar).isoformat(),
    }
    told = tuple(
        Said(
            f"outlook.{line}", count=len(some), left=float(some["needed"].sum()), others=at > 0, within=WITHIN,
            this=this(facts), **(soon if line == "catch_up" else {}),
        )
        for at, (line, some) in enumerate(there)
    )  # fmt: skip
    silent = _of_silent(facts, beside=bool(told))
    if not (told or silent):
        return None
    return Said(
        "outlook.by_year_end", id="by_year_end", day=year_end(facts), told=told, asked=asked, silent=silent
    )


def _of_silent(facts: PeriodFacts, *, beside: bool) -> Said | str:
    """What is asked of the units without a report beside it, together as of each its own sheet does (`own_request`).

    The people whom they lack at most: their quotas without what they last reported; "" where they lack nobody.
    `beside`: whether it follows what others are asked for by the same day.
    """
    assert facts.year is not None
    quotas = facts.year.units.loc[facts.year.units["counted"].isna(), "plan"]
    last = [facts.last_reported(str(code)) for code in quotas.index]
    lacked = [quota - (one[1] if one else 0.0) for quota, one in zip(quotas, last, strict=True)]
    short = {str(unit): most for unit, most in zip(quotas.index, lacked, strict=True) if most > 0}
    if not short:
        return ""
    who = tuple(facts.asked(unit) for unit in short) if len(short) <= UNITS_NAMED["request"] else ()
    day = "" if beside else year_end(facts)
    return Said("outlook.ask_silent", count=len(short), most=sum(short.values()), who=who, day=day)


def next_report(facts: PeriodFacts, ahead: Cutoff | None = None) -> Said | None:
    """The next report, or that of another cut-off, and the day by which each kind of sender must have sent it."""
    ahead = ahead or facts.next_cutoff
    told = days_of(facts, ahead, reporting_units(facts.plan, ahead))
    days = [one.facts["day"] for one in told]
    return (
        Said("outlook.next_report", id="next_report", period=str(ahead), days=days, told=told)
        if told
        else None
    )


def days_of(facts: PeriodFacts, ahead: Cutoff, units: Sequence[str]) -> tuple[Said, ...]:
    """The days by which these units must have reported on a cut-off, each with the kinds of units it holds for."""
    days: dict[str, list[Said | Text]] = {}
    senders: dict[str, list[str]] = {}
    for code in units:
        senders.setdefault(facts.plan.unit(code).kind, []).append(code)
    for kind, codes in senders.items():
        who = facts.inside(codes[0]) if len(codes) == 1 else facts.plan.kind_name(kind, several=True)
        days.setdefault(deadline(ahead, facts.plan.calendar, kind).isoformat(), []).append(who)
    return tuple(Said("outlook.next_report.by", who=tuple(who), day=day) for day, who in sorted(days.items()))


def own_deadline(facts: PeriodFacts, unit: str = "") -> Said:
    """The next report of one unit, that reported on or another, and its day."""
    ahead, unit = facts.next_cutoff, unit or facts.unit
    day = deadline(ahead, facts.plan.calendar, facts.kinds.get(unit, "default")).isoformat()
    return Said("outlook.own_deadline", id="own_deadline", who=facts.asked(unit), period=str(ahead), day=day)
