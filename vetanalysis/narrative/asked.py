"""What came of what the report before this one asked units for by a day that has come: reports, people, points."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from vetanalysis.blocks import OfficePlace, Said
from vetanalysis.language.filters import UNITS_NAMED, known
from vetanalysis.language.numbers import rounded
from vetanalysis.narrative import clear_up, outlook
from vetanalysis.narrative.period import PeriodFacts
from vetanalysis.periods import cutoff_day, cutoffs, parse_cutoff
from vetanalysis.returns.matrix import REPORTED

if TYPE_CHECKING:
    from vetanalysis.narrative.year_before import YearBefore


@dataclass(frozen=True, slots=True)
class Asked:
    """What the last report asked for: the returns of its period that units owed, and people, by unit, and points.

    `came`: the day on which the return of its period came from each unit that owed it, "" where none came.
    `people`: how many each unit was to enrol by this cut-off; `lacked`: how many it then lacked to its quota.
    `others`: how many of them the units not behind were to enrol by it.
    `points`: how many that the checks had found were to be corrected; None where that is not known.
    """

    came: dict[str, str] = field(default_factory=dict)
    people: dict[str, float] = field(default_factory=dict)
    lacked: dict[str, float] = field(default_factory=dict)
    others: dict[str, float] = field(default_factory=dict)
    points: int | None = None

    def owed(self, unit: str) -> bool:
        """Whether nothing of a unit was known then: it owed its report, and none below it stood for it."""
        return unit in self.came and unit not in self.lacked and unit not in self.others


def outcome(facts: PeriodFacts) -> Said | None:
    """In the report on the place: of the units asked how many have sent or enrolled it since, and who has not."""
    if not facts.is_place:
        return None
    year = facts.year_before
    parts = (_people(facts), _returns(facts), _points(facts)) if year is None else _of_year(facts, year)
    told = [one for one in parts if one is not None]
    earlier = (
        _earlier(facts) if year is None else _by(year.period, year.issued_on, kept=year.kept, notice=False)
    )
    return Said("period.asked.place", id="asked_before", earlier=earlier, told=tuple(told)) if told else None


def _of_year(facts: PeriodFacts, year: YearBefore) -> tuple[Said | None, ...]:
    """The same in the first report of a year, of what the last one of the year before asked for."""
    gave = set(facts.said("causes")["unit"])
    left = [unit for unit in year.behind if unit not in gave]
    causes = Said(
        "period.asked.causes", units=len(year.behind), gave=len(year.behind) - len(left), period=str(facts.cutoff),
        left=_names(facts, left if len(left) < len(year.behind) else []),
    )  # fmt: skip
    came, asked = year.asked.came, year.asked.points
    found = clear_up.asked_of(year.found)
    points = _settled(facts, len(found) if asked is None and not year.kept else asked, found)
    sent = tuple(
        Said("period.asked.sent", unit=facts.inside(unit), day=day) for unit, day in came.items() if day
    )
    when = sent if len(sent) <= UNITS_NAMED["period"] else ()
    return (
        _overdue(facts, came, year.period, when=when) if came else None,
        causes if year.behind else None,
        points,
    )


def of_measures(facts: PeriodFacts) -> list[OfficePlace]:
    """The place for what came of the measures that the last report asked for, which the office alone knows.

    On the targets that were unlikely then, but people whom units with quotas were asked for; not in a unit's sheet.
    """
    if not facts.is_place or not facts.before_as_of:
        return []
    by_units = facts.people if facts.carriers else ""
    asked = {
        said.target for said in facts.before
        if outlook.asked_of(said.probability) == "plan"
        and parse_cutoff(facts.before_as_of) < parse_cutoff(said.period)
    }  # fmt: skip
    told = tuple(
        Said("opening.measures.rate", label=one.label, goal="")
        for one in facts.plan.targets
        if one.id in asked and one.indicator != by_units
    )
    if not told:
        return []
    kept, on = not facts.before_known_by, facts.issued_on
    return [
        OfficePlace(Said("report.prompt.measures", told=told, period=facts.before_as_of, kept=kept, on=on))
    ]


def of_year_before(facts: PeriodFacts) -> list[OfficePlace]:
    """In the first report of a plan that follows another: what came of what the other's last report asked for.

    None where the report tells it itself.
    """
    before, first = facts.plan.before, cutoffs(facts.plan.years[0], facts.plan.calendar)[0]
    if not facts.is_place or not before or facts.cutoff != first or facts.year_before is not None:
        return []
    return [OfficePlace(Said("report.prompt.year_before", period=f"{before[0].years[1]}-FY"))]


def of_plan(facts: PeriodFacts) -> list[OfficePlace]:
    """In the sheet of a unit the place for when its plan came that the last notice asked for; that stands in no return.

    None of a unit that then owed its report, which is asked for first.
    """
    own, asked = facts.own, facts.asked_before
    if facts.is_place or own is None or (asked is not None and facts.unit in asked.came):
        return []
    said = next((one for one in facts.before if one.target == own.target.id), None)
    if said is None or outlook.asked_of(said.probability) != "plan":
        return []
    on, kept = facts.issued_on, not facts.before_known_by
    return [OfficePlace(Said("report.prompt.plan", period=facts.before_as_of, kept=kept, on=on))]


def own_people(facts: PeriodFacts) -> Said | None:
    """Of the people that the unit's last sheet asked for by this cut-off, how many have come.

    Of a unit that then owed its report those that it lacked at most, once the year is over: by its end they were asked.
    """
    asked = facts.asked_before
    now, quota = facts.value(facts.people), (facts.line(facts.people) or {}).get("plan_value")
    if asked is None or not known(now) or not known(quota):
        return None
    owed = asked.owed(facts.unit)
    if owed and not facts.closed:
        return None
    then = _then(facts, {facts.unit: float(quota) - asked.lacked.get(facts.unit, float("nan"))})[facts.unit]
    wanted = float(quota) - then if owed else asked.people.get(facts.unit)
    if not known(wanted) or wanted <= 0 or not known(then):
        return None
    return Said(
        "period.asked.own.people", id="asked_before", earlier=_earlier(facts), asked=wanted, at_most=owed,
        day=_day(facts), came=float(now) - then,
    )  # fmt: skip


def _then(facts: PeriodFacts, printed: Mapping[str, float]) -> dict[str, float]:
    """What each unit had by the last report's cut-off as known now, else as printed; who then owed it had its last."""
    asked, calendar = facts.asked_before, facts.plan.calendar
    step = calendar.steps_at(parse_cutoff(facts.before_as_of))
    flow = None if facts.counted is None else facts.counted.flow(facts.unit)
    if flow is None or asked is None:
        return dict(printed)
    told: dict[int, Any] = {at: flow.told_at(at) for at in range(1, step + 1)}
    if not facts.is_place:
        told = {at: {facts.unit: float(people.sum())} for at, people in told.items() if len(people)}
    found = {}
    for unit, people in printed.items():
        owed = asked.owed(unit)
        steps = [at for at in told if unit in told[at] and (at < step if owed else at == step)]
        found[unit] = float(told[max(steps)][unit]) if steps else 0.0 if owed else people
    return found


def own_returns(facts: PeriodFacts) -> list[Said]:
    """Of each earlier period of the year whose own return did not come in time or at all, what came of it.

    That of the last report's period when it was asked for, with its day; of others only where their people stand in a
    later return alone.
    """
    asked, calendar = facts.asked_before, facts.plan.calendar
    owed = {} if asked is None else asked.came
    told = _own_return_of_year(facts)
    for step in range(1, facts.step):
        period = calendar.cutoff(facts.cutoff.year, step)
        wanted = str(period) == facts.before_as_of and facts.unit in owed
        people = facts.counted_by(period) if str(period) in facts.not_sent else None
        if facts.unit in facts.missing or not (wanted or known(people)):
            continue
        told.append(
            Said(
                "period.asked.own.return", id=f"asked_before_{period}", period=str(period), asked=wanted,
                earlier=_earlier(facts), day=owed.get(facts.unit, "") if wanted else "", people=people,
                later=str(facts.cutoff),
            )
        )  # fmt: skip
    return told


def _own_return_of_year(facts: PeriodFacts) -> list[Said]:
    """In a unit's first sheet of a year what came of its own return on the year before, where that was asked for."""
    year = facts.year_before
    if year is None or facts.unit not in year.asked.came or facts.unit in facts.missing:
        return []
    earlier = _by(year.period, year.issued_on, kept=year.kept, notice=True)
    return [
        Said(
            "period.asked.own.return", id=f"asked_before_{year.period}", period=year.period, asked=True,
            earlier=earlier, day=year.asked.came[facts.unit], people=None, later=str(facts.cutoff),
        )
    ]  # fmt: skip


def _earlier(facts: PeriodFacts) -> Said:
    """What asked: a report as signed, one made; where none is kept what was known on its day."""
    kept = not facts.before_known_by
    return _by(facts.before_as_of, facts.issued_on, kept=kept, notice=not facts.is_place)


def _by(period: str, on: str, *, kept: bool, notice: bool) -> Said:
    case = "issued" if on else "report" if kept else "known"
    return Said(f"period.asked.by.{case}", period=period, on=on, notice=notice)


def _day(facts: PeriodFacts) -> str:
    return cutoff_day(facts.cutoff, facts.plan.calendar).isoformat()


def _people(facts: PeriodFacts) -> Said | None:
    """Of the people that units behind were asked for, how many have come, and which units did not get there."""
    asked = facts.asked_before
    if asked is None or not asked.people or facts.year is None:
        return None
    came = _came(facts, {unit: asked.lacked.get(unit) for unit in asked.people})
    if came is None:
        return None
    others = _came(facts, {unit: asked.lacked.get(unit) for unit in asked.others}) or {}
    owing, most = _of_owing(facts)
    short = [
        unit for unit, wanted in asked.people.items() if (came.get(unit) or 0.0) < wanted and rounded(wanted)
    ]
    named = short if len(short) < len(asked.people) else []
    return Said(
        "period.asked.people", units=len(asked.people), asked=sum(asked.people.values()), day=_day(facts),
        came=sum(people for people in came.values() if people), met=len(asked.people) - len(short),
        silent=sum(people is None for people in came.values()), short=_names(facts, named), others=len(others),
        rest=sum(asked.others.values()), rest_came=sum(people for people in others.values() if people),
        rest_met=sum((people or 0.0) >= asked.others[unit] for unit, people in others.items()),
        rest_silent=sum(people is None for people in others.values()),
        owing=len(owing), most=most, owing_came=sum(owing.values()),
    )  # fmt: skip


def _of_owing(facts: PeriodFacts) -> tuple[dict[str, float], float]:
    """Of the units that then owed their report how many have come since, and those that they lacked at most.

    Once the year is over, by whose end they were asked; nothing of a unit that has not reported it.
    """
    asked = facts.asked_before
    if asked is None or facts.year is None or not facts.closed:
        return {}, 0.0
    units = facts.year.units
    owed = [unit for unit in asked.came if asked.owed(unit) and unit in units.index]
    mine = [unit for unit in owed if known(units["counted"].get(unit))]
    then = _then(facts, dict.fromkeys(mine, 0.0))
    lacked = {unit: float(units["plan"][unit]) - then[unit] for unit in mine}
    came = {unit: float(units["counted"][unit]) - then[unit] for unit in mine if lacked[unit] > 0}
    return came, sum(lacked[unit] for unit in came)


def _came(facts: PeriodFacts, lacked: Mapping[str, float | None]) -> dict[str, float | None] | None:
    """How many have come of the people that each unit lacked; None of any where the plan gives its quotas to others."""
    assert facts.year is not None
    units, came = facts.year.units, {}
    if any(unit not in units.index or lack is None for unit, lack in lacked.items()):
        return None
    then = _then(
        facts, {unit: float(units["plan"][unit]) - float(lack or 0.0) for unit, lack in lacked.items()}
    )
    for unit in lacked:
        now = units["counted"].get(unit)
        came[unit] = float(now) - then[unit] if known(now) else None
    return came


def _returns(facts: PeriodFacts) -> Said | None:
    """Of the units that owed the return of the last report's period how many have sent it, and who has not."""
    asked = facts.asked_before
    if asked is None or not asked.came:
        return None
    flow = None if facts.counted is None else facts.counted.flow(facts.plan.place.code)
    step = facts.plan.calendar.steps_at(parse_cutoff(facts.before_as_of))
    have = set() if flow is None else set(flow.told_at(step).index)
    return _overdue(facts, asked.came, facts.before_as_of, have=have)


def _overdue(
    facts: PeriodFacts,
    came: Mapping[str, str],
    period: str,
    *,
    have: Collection[str] = (),
    when: Sequence[Said] = (),
) -> Said:
    """`have`: units whose people of the period stand in a later return; `when`: who has sent it and when."""
    owing = [unit for unit, day in came.items() if not day]
    return Said(
        "period.asked.returns", units=len(came), sent=len(came) - len(owing), owing=_names(facts, owing),
        left=len(owing), later=sum(unit in have for unit in owing), period=period, when=tuple(when),
    )  # fmt: skip


def _points(facts: PeriodFacts) -> Said | None:
    """Of the points found in the returns of the last report's period how many a return sent anew has settled."""
    asked = facts.asked_before
    if asked is None:
        return None
    return _settled(facts, asked.points, clear_up.of_earlier(facts, facts.before_as_of))


def _settled(facts: PeriodFacts, points: int | None, found: pd.DataFrame) -> Said | None:
    if not points:
        return None
    still = found.loc[~found["settled"], "unit"].astype(str)
    left = _names(facts, list(dict.fromkeys(still)))
    return Said("period.asked.points", points=points, settled=max(points - len(still), 0), left=left)


def _names(facts: PeriodFacts, units: list[str]) -> tuple[Any, ...]:
    """Units by name; none of more than a sentence holds."""
    return tuple(facts.inside(unit) for unit in units) if len(units) <= UNITS_NAMED["period"] else ()


def days_of_return(matrix: pd.DataFrame, day: str) -> dict[str, str]:
    """Of the units whose return of a period had not come by an ISO day: the day on which it came since, or ""."""
    owed = {}
    for row in matrix.itertuples(index=False):
        came = row.state in REPORTED
        if row.state != "not_due" and (not came or str(row.first_received) > day):
            owed[str(row.unit)] = str(row.first_received) if came else ""
    return owed
