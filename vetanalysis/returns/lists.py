"""Lists the form is made of: who must report what, quotas.

Who owes what is read off the plan's bodies, indicators and targets.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import pandas as pd

from vetanalysis.language.numbers import whole_measures
from vetanalysis.observations.crosswalk import quotas_by_unit
from vetanalysis.periods import Cutoff, cutoff_day, is_due
from vetanalysis.plan import Plan, Target, Unit
from vetanalysis.returns.key import Key

#: Measures of which there are only whole ones; the form refuses fractions there.
WHOLE = frozenset(whole_measures())


@lru_cache(maxsize=32)
def by_unit(plan: Plan, column: str) -> dict[str, str]:
    """A column of the plan's table of units ("name", "kind", "parent") by the code of the unit."""
    return dict(zip(plan.units["code"], plan.units[column], strict=True))


@lru_cache(maxsize=64)
def reporting_units(plan: Plan, cutoff: Cutoff) -> tuple[str, ...]:
    """Codes of the units that must report at the cut-off, in the order of the plan's table of units.

    Districts and institutions report when a body of the plan stands for their kind, and it sends something or the plan
    has tasks to explain. A single body reports when the indicators name it as a sender and the plan gives duties to it
    or to the body above it; a statistics office that only publishes is therefore not asked. Where duties were handed
    over by the cut-off the one that took over reports, and the former holder no longer does. The place itself reports
    what is asked of a body that is no unit, when something is due. Without tasks nobody reports when nothing is due.
    """
    holders = duty_holders(plan, cutoff)
    with_duties = {body.code for body in plan.bodies} | set(holders.values())
    named = _senders(plan)
    senders = {holders.get(name, name) for name in named}
    kinds = {body.unit_kind for body in plan.bodies if body.unit_kind and (body.code in named or plan.tasks)}
    units = plan.units_on(cutoff_day(cutoff, plan.calendar))
    single = (
        (units["kind"] == "body")
        & units["code"].isin(senders)
        & (units["code"].isin(with_duties) | units["parent"].isin(with_duties))
    )
    place = plan.unit(plan.place.code)
    single |= (units["code"] == place.code) & bool(len(indicators_owed(plan, place, cutoff)))
    asked = units[units["kind"].isin(kinds - {"body"}) | single]["code"]
    return tuple(code for code in asked if plan.tasks or len(indicators_owed(plan, plan.unit(code), cutoff)))


@lru_cache(maxsize=64)
def duty_holders(plan: Plan, cutoff: Cutoff) -> Mapping[str, str]:
    """For every single body of the plan the code of the unit that has its duties on the last day of the cut-off.

    A successor that is no unit of the plan on that day cannot report: the duties are then still asked of the body.
    """
    day = cutoff_day(cutoff, plan.calendar)
    there = set(plan.units_on(day)["code"])
    held = {body.code: body.holder(day).code for body in plan.bodies if not body.unit_kind}
    return {code: holder if holder in there else code for code, holder in held.items()}


@lru_cache(maxsize=8)
def _senders(plan: Plan) -> frozenset[str]:
    """The words in the column `sender` of the indicators."""
    return frozenset(plan.indicators["sender"].str.split("|").explode())


def sender_names(plan: Plan, unit: Unit, cutoff: Cutoff) -> frozenset[str]:
    """The words in the column `sender` of the indicators that mean this unit at the cut-off.

    Its code unless its duties went to another, the codes of bodies whose duties it took over, its kind of body. The
    place speaks for every single body that is no unit of its own.
    """
    holders = duty_holders(plan, cutoff)
    if unit.code == plan.place.code:
        units = set(plan.units["code"])
        names = {unit.code, *(code for code, holder in holders.items() if not {code, holder} & units)}
        return _senders(plan) & names
    names = {code for code, holder in holders.items() if holder == unit.code}
    names |= set() if unit.code in holders else {unit.code}
    names |= {body.code for body in plan.bodies if body.unit_kind == unit.kind and unit.kind != "body"}
    return _senders(plan) & names


def indicators_owed(plan: Plan, unit: Unit, cutoff: Cutoff) -> pd.DataFrame:
    """Rows of the indicators this unit sends at the cut-off; what a target is judged on also at the target's period.

    Left out: what the program works out itself (kind `derived`, rates whose two parts are asked for), what it
    counts from the returns (`unit` among the breakdowns), and what the plan keeps as narrative only.
    """
    return owed_by(plan, sender_names(plan, unit, cutoff), cutoff)


@lru_cache(maxsize=64)
def owed_by(plan: Plan, names: frozenset[str], cutoff: Cutoff) -> pd.DataFrame:
    """What senders of these names owe: units of one kind owe the same."""
    table = plan.indicators
    ids = set(table["id"])
    sent = table["sender"].map(lambda text: bool(names & set(text.split("|"))))
    due = table["periods"].map(lambda text: is_due(text.split("|"), cutoff))
    due |= table["id"].isin([target.indicator for target in plan.targets if target.period == str(cutoff)])
    counted_here = table["breakdowns"].map(lambda text: "unit" in text.split("|"))
    worked_out = (table["kind"].isin(["derived", "context"])) | (
        (table["measure"] == "percent") & table["numerator"].isin(ids) & table["denominator"].isin(ids)
    )
    worked_out &= ~table["id"].isin({target.indicator for target in plan.targets})
    words = table["measure"].isin(["date", "status"])
    return table[sent & due & ~worked_out & ~counted_here & ~words & ~table["narrative_only"]].reset_index(
        drop=True
    )


def judged_on(plan: Plan, indicator: str) -> list[Target]:
    """The targets that are judged on an indicator."""
    return [target for target in plan.targets if target.indicator == indicator]


def counted_indicator(plan: Plan) -> str:
    """The head count that the plan's quotas are part of: that of its first target on people."""
    return next(iter(plan.counts), "people_enrolled")


@lru_cache(maxsize=8)
def illustrative_plan(plan: Plan) -> bool:
    """Whether a plan holds invented figures: its title or a quota's source says so."""
    marked = "illustrative" in plan.title.en.lower() or "minh họa" in plan.title.vi.lower()
    return marked or bool(plan.quotas["source"].str.lower().str.startswith("illustrative").any())


def quota_of(plan: Plan, unit: str, year: int) -> float | None:
    """A unit's quota of a year over all levels, its own or that of units it took over from; None without one."""
    quotas = quotas_of(plan, unit, year)
    return sum(quotas.values()) if quotas else None


def quotas_of(plan: Plan, unit: str, year: int) -> dict[Key, float]:
    """The unit's quotas of the year by level, else those of the units it took over from.

    A quota without level only where there are none by level.
    """
    return _quotas(plan).get((unit, f"{year}-FY"), {})


@lru_cache(maxsize=8)
def _quotas(plan: Plan) -> dict[tuple[str, str], dict[Key, float]]:
    table = quotas_by_unit(plan, counted_indicator(plan))
    columns = (table.loc[table["value"].notna(), name] for name in ("unit", "level", "period", "value"))
    found: dict[tuple[str, str], dict[Key, float]] = {}
    for unit, level, period, value in zip(*columns, strict=True):
        quotas = found.setdefault((unit, period), {})
        quotas[Key(level=level)] = quotas.get(Key(level=level), 0.0) + float(value)
    by_level = {who: {key: one for key, one in held.items() if key.level} for who, held in found.items()}
    return {who: by_level[who] or held for who, held in found.items()}
