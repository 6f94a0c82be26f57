"""Who must do what by when, on page one and in the section on what lies ahead: from targets, duties and deadlines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment, in_its_measure
from vetanalysis.blocks import Said, Text
from vetanalysis.indicators.placed import Lines
from vetanalysis.language.filters import UNITS_NAMED, known
from vetanalysis.narrative import clear_up, outlook, targets
from vetanalysis.narrative.period import PeriodFacts, committee, signatory, signs
from vetanalysis.periods import Cutoff, cutoff_day, deadline, parse_cutoff
from vetanalysis.plan import Plan
from vetanalysis.plan.model import Target, due
from vetanalysis.returns.lists import reporting_units

_ACTIONS = 3  # on page one
_IN_A_SENTENCE = 2  # targets that one sentence asks for measures on


def actions(plan: Plan, assessments: Sequence[Assessment], period: PeriodFacts | None) -> list[Said]:
    """What page one asks of whom by when: first for each target that is unlikely or lacks its figures, then reports.

    At most `_ACTIONS`, more only where more than so many bodies answer for such targets.
    """
    if period is not None and not period.is_place:
        return unit_duties(period)
    before = at_start(plan, assessments) if period is None else []
    if before and assessments[0].unit != plan.place.code:
        return before
    units = [*_to_units(before), *(_short(one) for one in asked_of_units(period))]
    supplied = to_be_supplied(plan, assessments)
    lacking = supplied
    if (
        supplied is not None and "day" in supplied.facts
    ):  # what is not assessed for lack of it stands in the table
        lacking = supplied.given(count=None)
    asked = [*measures(plan, assessments, period), *newest_asked(plan, assessments, period)]
    of_targets = [one for one in (*units, *asked, lacking) if one]
    reports = [] if period is None else [_overdue(period), outlook.next_report(period)]
    others = [one for one in reports if one is not None]
    return of_targets + others[: max(_ACTIONS - len(of_targets), 0)]


def of_one_body(plan: Plan, unit: str, asked: Sequence[Said]) -> Any:
    """Of whom all is asked on the page of a unit; None where it is of several, and of one thing alone."""
    first, *others = [one.facts.get("who") for one in asked]
    alike = unit != plan.place.code and bool(others) and all(who == first for who in others)
    return first if alike else None


def at_start(plan: Plan, assessments: Sequence[Assessment]) -> list[Said]:
    """What is asked of the unit reported on, or of all units, before the year has begun; nothing later."""
    if not assessments or parse_cutoff(assessments[0].as_of).months:
        return []
    people = next((one for one in assessments if isinstance(one, PeopleAssessment)), None)
    none = pd.DataFrame(columns=["unit", "state", "severity"])
    facts = PeriodFacts(
        plan, parse_cutoff(assessments[0].as_of), assessments[0].unit, none, none, none, none, none, by_key=Lines(),
        people=people.target.indicator if people is not None else "",
    )  # fmt: skip
    return _of_start(facts, people)


def _of_start(facts: PeriodFacts, people: PeopleAssessment | None) -> list[Said]:
    """What is asked before the year has begun: the quota by its end, and the first report by its day.

    Of the unit reported on, or of all that have quotas; `people`: whose target is on them, None without one.
    """
    asked: list[Said | None] = []
    if people is not None and people.target.of_whole_year and people.target.has_value:
        quota, day, units = people.target.value, outlook.year_end(facts), len(facts.carriers)
        if not facts.is_place:
            who, how, this = (
                facts.asked(facts.unit),
                outlook.asked_of(people.probability),
                outlook.this(facts),
            )
            told = outlook.request(who, quota, day, how, facts.unit, this=this, begun=False)
            asked.append(told.given(id="asked"))
        elif units:
            of = {"targets": [people.target.id], "units": units, "quota": quota, "day": day}
            asked.append(Said("outlook.start_ask", id="asked_of_units", **of))
    if facts.is_place:
        asked.append(outlook.next_report(facts))
    elif facts.unit in reporting_units(facts.plan, facts.next_cutoff):
        asked.append(outlook.own_deadline(facts))
    return [one for one in asked if one is not None]


def _to_units(before: Sequence[Said]) -> list[Said]:
    """Of what is asked before the year has begun the people that units with quotas are to enrol."""
    return [one for one in before if one.id == "asked_of_units"]


def _overdue(period: PeriodFacts) -> Said | None:
    """Whose report is overdue, as short as page one needs it; the part on what lies ahead has period and days.

    More units than page one has room for are counted: part I names them, the annex where that has no room either.
    """
    asked = outlook.send_now(period)
    if asked is None:
        return None
    units = asked.facts["units"]
    who = outlook.units_missing(units) if len(units) > UNITS_NAMED["request"] else asked.facts["who"]
    return Said("outlook.send_now.short", id=asked.id, **{**asked.facts, "who": who})


def _short(explain: Said) -> Said:
    """What units below their quota of the year that is over are asked, as short as page one needs it."""
    several = explain.key == "outlook.explain"
    return Said("outlook.explain.short", id=explain.id, **explain.facts) if several else explain


def asked_of_units(period: PeriodFacts | None) -> list[Said]:
    """What is asked of the units behind, together; the table of part IV names each.

    The people they lack and a plan for that; once the year is over why they fell short. Nothing where none is behind.
    """
    if period is None or period.year is None or period.year.units.empty or period.behind.empty:
        return []
    if period.closed:
        return [one for one in (outlook.explain(period),) if one is not None]
    behind = period.behind
    if len(behind) == 1:
        return outlook.requests(period)
    return [
        Said(
            "outlook.catch_up.together", id="asked_of_units", count=len(behind), left=float(behind["needed"].sum()),
            day=outlook.year_end(period), within=outlook.WITHIN, this=outlook.this(period),
        )
    ]  # fmt: skip


def measures(plan: Plan, assessments: Sequence[Assessment], period: PeriodFacts | None) -> list[Said]:
    """Who must put measures on the targets that are unlikely to be reached to whom and by when: by bodies.

    Of a unit its people are asked; of the place none for people whom units with quotas are asked for.
    """
    lagging = [
        one for one in assessments
        if not one.is_judged and outlook.asked_of(one.probability) == "plan"
        and parse_cutoff(one.as_of) < parse_cutoff(one.target.period)
    ]  # fmt: skip
    people = [one for one in lagging if isinstance(one, PeopleAssessment)]
    if people and people[0].unit != plan.place.code:
        return [_of_unit(plan, one) for one in people[:1]]
    asked = period.people if period is not None and outlook.requests(period) else ""
    if period is None and people and _to_units(at_start(plan, assessments)):
        asked = people[0].target.indicator
    lagging = [one for one in lagging if one.target.indicator != asked]
    return [
        Said(
            f"opening.measures{_signed(plan, told[0], who)}", id=f"{told[0].target.id}.measures", who=who,
            to=_put_to(plan, told[0], who), told=tuple(_about(one) for one in told),
            targets=[one.target.id for one in told], within=outlook.MEASURES_WITHIN,
        )
        for who, mine in _by_body(plan, lagging)
        for told in (mine[at : at + _IN_A_SENTENCE] for at in range(0, len(mine), _IN_A_SENTENCE))
    ]  # fmt: skip


def _day_of_figures(plan: Plan, lagging: Sequence[Assessment]) -> date:
    """By when: the next cut-off; once the last of the year is over, the deadline of this report."""
    cutoff, calendar = parse_cutoff(lagging[0].as_of), plan.calendar
    step = calendar.steps_at(cutoff)
    ahead = calendar.cutoff(cutoff.year + step // calendar.steps, step % calendar.steps + 1)
    over = all(cutoff >= parse_cutoff(one.target.period) for one in lagging)
    return deadline(cutoff, calendar) if over and cutoff.months else cutoff_day(ahead, calendar)


def newest_asked(plan: Plan, assessments: Sequence[Assessment], period: PeriodFacts | None) -> list[Said]:
    """Who must supply figures of the period or of the last whole year, of a plan without returns: one for each body.

    A count of which the year knows nothing, and a rate whose newest figure is older than the last whole year.
    """
    lacking = [one for one in assessments if period is None and one.target.has_value and _newest_lacking(one)]
    return [
        Said(
            f"opening.newest_asked{_signed(plan, mine[0], who)}", id=f"{mine[0].target.id}.newest_asked", who=who,
            targets=[one.target.id for one in mine],
            told=tuple(
                Said("opening.newest_asked.figure", label=one.target.label, period=_newest_lacking(one))
                for one in mine
            ),
            day=deadline(parse_cutoff(assessments[0].as_of), plan.calendar).isoformat(),
        )
        for who, mine in _by_body(plan, lacking)
    ]  # fmt: skip


def _by_body(plan: Plan, some: Sequence[Assessment]) -> list[tuple[Said | Text, list[Assessment]]]:
    """The assessments by who answers for their targets, in their order."""
    found: list[tuple[Said | Text, list[Assessment]]] = []
    for one in some:
        who = _in_charge(plan, parse_cutoff(one.as_of), one.target)
        mine = next((told for body, told in found if body == who), None)
        if mine is None:
            found.append((who, mine := []))
        mine.append(one)
    return found


def _signed(plan: Plan, one: Assessment, who: Said | Text) -> str:
    """The end of a line's key where the office that signs the report is to act itself; else nothing."""
    signing = signatory(plan, parse_cutoff(one.as_of))
    return ".signs" if signing and who.vi.casefold() == signing.organisation.vi.casefold() else ""


def _put_to(plan: Plan, one: Assessment, who: Said | Text) -> Text | str:
    """Who gets measures: of the office that signs the body above it, of another body that office; "" where none is."""
    signing = signatory(plan, parse_cutoff(one.as_of))
    if signing is None:
        return ""
    return (signing.parent or "") if _signed(plan, one, who) else signing.organisation


def _newest_lacking(one: Assessment) -> str:
    """The period of which a target has no figure though it could: its cut-off, or the last whole year; "" for none."""
    cutoff = parse_cutoff(one.as_of)
    if cutoff.code == "start" or one.is_judged or _unassessed(one) or one.is_awaited:
        return ""
    if isinstance(one, PeopleAssessment):
        return "" if one.newest_count is not None else one.as_of
    point = targets.newest(one)
    return f"{cutoff.year - 1}-FY" if point is not None and point.year < cutoff.year - 1 else ""


@in_its_measure
def _of_unit(plan: Plan, one: PeopleAssessment) -> Said:
    """What is asked of a unit that is unlikely to reach its quota."""
    who = committee(plan, one.unit) or plan.unit(one.unit).label
    day = cutoff_day(parse_cutoff(one.target.period), plan.calendar).isoformat()
    begun, this = one.newest_count is not None, Said("opening.this.notice")
    return outlook.request(who, _still_to_do(one), day, "plan", one.unit, begun=begun, this=this)


def _still_to_do(one: PeopleAssessment) -> float:
    return one.target.value - (one.newest_count or 0.0)


@in_its_measure
def _about(one: Assessment) -> Said:
    """A target that lags: people with how many are missing, a rate with its goal; how far that is stands with it."""
    facts: dict[str, Any] = {"label": one.target.label, "due": due(one.target)}
    if isinstance(one, PeopleAssessment) and one.target.operator == ">=":
        unknown = one.newest_count is None and parse_cutoff(one.as_of).code != "start"
        if unknown and one.target.of_whole_year:
            return Said("opening.measures.people.unknown", **facts)
        begun = one.newest_count is not None
        return Said(
            "opening.measures.people", **facts, needed=_still_to_do(one), about=one.about, begun=begun
        )
    case = "at_most" if one.target.operator == "<=" else "bare"
    goal = Said(f"targets.goal.{case}", value=one.target.value, measure=one.target.measure)
    named = goal.en in one.target.label.en
    return Said("opening.measures.rate", **facts, goal="" if named else goal)


def _in_charge(plan: Plan, cutoff: Cutoff, target: Target) -> Said | Text:
    """Who answers for a target: the plan's body that sends its row, else who signs the report; "the lead body" if none.

    A body's duties lie with whoever holds them on the day.
    """
    day = cutoff_day(cutoff, plan.calendar)
    rows = plan.indicators.loc[plan.indicators["id"] == target.indicator, "row"]
    numbers = {int(row) for row in rows if known(row) and str(row).strip()}
    for body in plan.bodies:
        if not body.unit_kind and any(numbers & set(sending.rows) for sending in body.sends):
            return body.holder(day).name
    signing = signatory(plan, cutoff)
    return signing.organisation if signing else Said("opening.lead_body")


def unit_duties(period: PeriodFacts) -> list[Said]:
    """What a unit itself must do next: what is overdue, whom it lacks, its points to clear up, its next report."""
    overdue = outlook.send_now(period), outlook.send_below(period)
    told = [*overdue, outlook.own_request(period), clear_up.own_request(period), outlook.own_deadline(period)]
    return [one for one in told if one is not None]


def to_be_supplied(plan: Plan, assessments: Sequence[Assessment]) -> Said | None:
    """Which figures must be supplied, and by whom; None where every target has its own.

    Those of targets that could not be assessed, by the next cut-off, and of targets whose period is over without a
    figure of it, which are overdue.
    """
    asked = [one for one in assessments if one.target.has_value and (_unassessed(one) or one.is_awaited)]
    missing = [one.target for one in asked]
    if not missing:
        return None
    cutoff = parse_cutoff(assessments[0].as_of)
    who: list[Said | Text] = []
    for target in missing:
        owner = _in_charge(plan, cutoff, target) if target.takes_unstated else _supplier(plan, cutoff, target)
        who += [owner] if owner not in who else []
    signed = _signed(plan, assessments[0], who[0]) if len(who) == 1 else ""
    facts: dict[str, Any] = {
        "as_of": assessments[0].as_of, "who": tuple(who), "targets": [target.id for target in missing],
        "named": tuple(
            Said("opening.to_be_supplied.target", label=target.label, year=target.period[:4]) for target in missing
        ),
    }  # fmt: skip
    if all(one.is_awaited for one in asked):
        few = len(missing) == 1
        own = ".own" if all(targets.is_by_estimate(one) for one in asked) else ""
        facts |= {"count": len(missing), "few": few, "within": outlook.WITHIN}
        return Said(f"opening.overdue_figures{own}{signed}", id="to_be_supplied", **facts)
    without = len(missing) if all(_unassessed(one) for one in asked) else None
    day = _day_of_figures(plan, asked).isoformat()
    return Said(f"opening.to_be_supplied{signed}", id="to_be_supplied", **facts, count=without, day=day)


def is_own(asked: Said) -> bool:
    """Whether figures are asked of the office that signs, which proposes nothing to itself."""
    return asked.key.endswith(".signs")


def _unassessed(one: Assessment) -> bool:
    """Whether it takes other figures to judge a target; those of a stock that is told are there, its date decides."""
    return one.status == "not_assessed"


def _supplier(plan: Plan, cutoff: Cutoff, target: Target) -> Said | Text:
    """Who sends figures on a definition of surveys: a body other than who signs, else a statistics office.

    Figures of the plan's own returns are no such figures: of a target on these `_in_charge` answers.
    """
    senders = dict(zip(plan.indicators["id"], plan.indicators["sender"].astype(str), strict=True))
    bodies = [
        code for code in senders.get(target.indicator, "").split("|") if code in set(plan.units["code"])
    ]
    first = next((code for code in bodies if not signs(plan, cutoff, code)), "")
    return plan.unit(first).label if first else Said("opening.statistics_office")
