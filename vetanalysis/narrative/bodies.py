"""The plan's bodies in a report: whether each kind reported, and what it answers for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from vetanalysis.blocks import MISSING_CELL, Column, Said, Table, Text
from vetanalysis.indicators.tiers import tiers_of
from vetanalysis.narrative import targets, tasks, unit_tables
from vetanalysis.narrative.indicators import month_alone
from vetanalysis.narrative.period import PeriodFacts
from vetanalysis.returns.matrix import REPORTED, STATES

if TYPE_CHECKING:
    import pandas as pd

_BODY = "body"  # the kind of the units that are bodies or parts of them
_MOST = 4  # figures shown for one body; all of them stand in the appendix


def bodies_table(facts: PeriodFacts) -> Table | None:
    """A row per body: reported or not, then the figures of its section of the plan; None without any."""
    rows: list[tuple[Any, ...]] = []
    refs = dict(zip(facts.plan.indicators["id"], facts.plan.indicators["plan_ref"], strict=True))
    quotas = _quotas(facts)
    for body in facts.plan.bodies:
        of_quota = _of_quotas(facts, body.unit_kind) if body.unit_kind else None
        mine = [
            facts.latest(line)
            for key, line in facts.by_line.items()
            if key[0] == facts.unit and not any(key[2:]) and refs.get(key[1]) == f"V.{body.number}"
            and facts.stands(facts.latest(line)) and not (of_quota and key[1] in quotas)
        ]  # fmt: skip
        told = [
            one for one in (of_quota, *(_dated(facts, line, quotas) for line in mine)) if one is not None
        ][:_MOST]
        shown = Said("tasks.bodies.figures", told=tuple(told))
        sent = _sent(facts, body.code, body.unit_kind)
        rows.append((body.name, sent, shown if told else MISSING_CELL))
    if all(row[-1] is MISSING_CELL for row in rows):
        return None
    columns = (
        Column(Said("tasks.bodies.body"), align="left", width=2.3),
        Column(Said("tasks.bodies.report"), align="left", width=1.2),
        Column(Said("tasks.bodies.result"), align="left", width=4),
    )
    title = Said("tasks.bodies.title", as_of=str(facts.cutoff))
    return Table("bodies", title, columns, tuple(rows), unit_tables.marks(rows))


def _quotas(facts: PeriodFacts) -> frozenset[str]:
    """The indicators that are people given to be reached: nothing that anybody has done."""
    listed = facts.plan.indicators
    given = (listed["direction"] == "plan") & (listed["measure"] == "persons") & (listed["kind"] == "process")
    return frozenset(listed.loc[given, "id"])


def _of_quotas(facts: PeriodFacts, kind: str) -> Said | None:
    """What the units of a kind have counted of the quotas they were given; None where none of them was given any."""
    if facts.year is None or facts.year.units.empty:
        return None
    units = facts.year.units
    mine = units[[facts.kinds.get(str(code)) == kind for code in units.index]]
    mine = mine[mine["plan"].notna() & (mine["plan"] > 0)]
    came = int(mine["counted"].notna().sum())
    if not came:
        return None
    short = len(mine) - came
    lacking = Said("tasks.unreported", units=short) if short else None
    value, quota = float(mine["counted"].sum()), float(mine["plan"].sum())
    counts = next(one.counts for one in facts.plan.targets if one.indicator == facts.people)
    done = Said(
        "tasks.bodies.of_quotas", units=len(mine), done=targets.done(counts, value), value=value, quota=quota,
        share=100 * value / quota,
    )  # fmt: skip
    return Said("tasks.limited", what=done, lacking=lacking) if lacking else done


def _dated(facts: PeriodFacts, line: Mapping[str, Any], quotas: frozenset[str]) -> Said | Text:
    """A figure with its period where that is not the cut-off, and of how many it is where they are few."""
    lacking, month = tasks.lacking_of(facts, line), month_alone(line)
    if line["id"] in quotas:  # a sum of quotas is no share of a plan that somebody reached
        line = {**line, "percent_of_plan": None}
    figure = tasks.limited(
        tasks.figure_at(facts, line),
        lacking if lacking is not None and lacking.key == "tasks.of_few" else None,
    )
    if month:
        return Said("tasks.figure.of_month", figure=figure, month=month)
    if line["period"] != str(facts.cutoff):
        return Said("tasks.figure.dated", figure=figure, period=line["period"])
    return figure


def _sent(facts: PeriodFacts, code: str, kind: str) -> Any:
    """Whether a body and its parts, or how many of a kind without a row of their own, sent their reports of the period.

    "-" where a kind has no other units.
    """
    matrix = facts.matrix[facts.matrix["state"] != "not_due"] if kind else facts.matrix
    above = tiers_of(facts.plan).parent
    if kind:
        alone = [one for one in facts.plan.bodies if not one.unit_kind]
        listed = {name for one in alone for name in (one.code, *(later.code for later in one.successors))}
        parts = {unit for unit, body in above.items() if body in listed and facts.kinds.get(unit) == _BODY}
        mine = matrix[matrix["unit"].map(facts.kinds.get).eq(kind) & ~matrix["unit"].isin(listed | parts)]
        return _of_several(mine) if len(mine) > 1 else _of_one(facts, mine, "-")
    sent = _of_one(facts, matrix[matrix["unit"] == code], MISSING_CELL)
    below = matrix[matrix["unit"].map(above.get).eq(code) & matrix["unit"].map(facts.kinds.get).eq(_BODY)]
    below = below[below["state"] != "not_due"]
    if below.empty or not isinstance(sent, Said):
        return sent
    return Said("tasks.bodies.with_parts", own=sent, parts=_of_several(below))


def _of_one(facts: PeriodFacts, mine: pd.DataFrame, none: str) -> Said | str:
    return none if mine.empty else state_of(facts, str(mine["unit"].iloc[0]), str(mine["state"].iloc[0]))


def _of_several(units: pd.DataFrame) -> Said:
    """How many of these units sent their reports, and how many of them late."""
    came, late = int(units["state"].isin(REPORTED).sum()), int((units["state"] == "late").sum())
    return Said("tasks.bodies.sent", came=came, due=len(units), late=late)


def state_of(facts: PeriodFacts, unit: str, state: str) -> Said:
    """The state of a unit's return in words; the body that signs the report has its own figures to enter."""
    return Said("tasks.bodies.not_entered") if state == "missing" and facts.signs(unit) else STATES[state]
