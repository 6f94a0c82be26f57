"""Judging targets on people who are there on a day (teachers, learners in training): a level, never a year's total.

Its own date has a figure and decides, or the newest figure is told against the target with the change it takes and the
change seen. No chance is given: how far such counts move from year to year was never checked.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from vetanalysis.assessment.assessment import StockAssessment
from vetanalysis.assessment.counting import counted
from vetanalysis.assessment.paces import required_pace, seen_pace
from vetanalysis.assessment.people_until import judged_at, known_for, no_quota, quota_until
from vetanalysis.assessment.status import NOT_FORECAST, status_of
from vetanalysis.blocks import Said
from vetanalysis.observations.series import Point
from vetanalysis.observations.table import RETURNS
from vetanalysis.periods import Cutoff, parse_cutoff

if TYPE_CHECKING:
    import pandas as pd

    from vetanalysis.assessment.flows import Flow
    from vetanalysis.plan import Plan, Target


def assess_stock(
    plan: Plan, obs: pd.DataFrame, target: Target, cutoff: Cutoff, unit: str, *, quota: bool = True
) -> StockAssessment:
    """The `StockAssessment` of one target, for the plan's place or against what one unit was given to reach.

    `quota` False: of a unit, too, against the target's own value.
    """
    at, given = min(cutoff, judged_at(target)), None
    mine = known_for(obs, target)
    mine = mine[(mine["indicator"] == target.indicator) & (mine["basis"] == "stock")]
    # units, levels and who is missing are those of a count at its cut-off; as reported, for a level may fall
    flow = counted(plan, mine.assign(basis="cumulative"), target, at).flow(unit).as_reported
    if quota and unit != plan.place.code:
        given = quota_until(plan, target, unit)
        target = target.model_copy(update={"value": given or math.nan})
    points = tuple(_points(flow))
    base = StockAssessment(
        target=target, as_of=str(cutoff), unit=unit, horizon=0, points=points, status="not_assessed",
        evidence_reasons=(Said("evidence.reason.untested"),), illustrative=flow.illustrative,
    )  # fmt: skip
    if not target.has_value:
        return replace(base, reason=no_quota(target, given))
    if not points:
        return replace(base, reason=Said("assessment.not_assessed.no_past_people"))
    return _judged(base) if points[-1].period == target.period else _told(base)


def _points(flow: Flow) -> Iterator[Point]:
    """The count at the end of every year, and the newest one within the year."""
    known = flow.dates()
    for year, step in known:
        period = str(flow.calendar.cutoff(year, step))
        if step == flow.steps or (year, step) == max(known):
            status = flow.status if year == flow.year else "final"
            value = known[year, step]
            yield Point(period, year, value, status, RETURNS, "", illustrative=flow.illustrative)


def _judged(base: StockAssessment) -> StockAssessment:
    """The target's own date has a figure: it is reached or it is not."""
    target, point = base.target, base.points[-1]
    sign = 1 if target.operator == ">=" else -1
    reached = sign * (point.value - target.value) >= 0
    return replace(
        base, status=status_of(float(reached), point.value, point.status, target.value, target.operator),
        probability=float(reached), median=point.value, lower_80=point.value, upper_80=point.value,
        gap=sign * (target.value - point.value), pace_seen=_seen(base),
    )  # fmt: skip


def _told(base: StockAssessment) -> StockAssessment:
    """What is known before: how far the newest figure is from the target, the pace it takes, the pace seen."""
    target, latest = base.target, base.points[-1]
    if base.is_awaited:
        return replace(base, reason=Said("assessment.not_assessed.not_yet", period=target.period))
    due, since = parse_cutoff(target.period), parse_cutoff(latest.period)
    years = due.year - since.year + (due.months - since.months) / 12
    sign = 1 if target.operator == ">=" else -1
    return replace(
        base, status=NOT_FORECAST, reason=Said("assessment.not_assessed.stock"),
        gap=sign * (target.value - latest.value), pace_seen=_seen(base),
        pace_required=required_pace(latest.value, target.value, years),
    )  # fmt: skip


def _seen(base: StockAssessment) -> float | None:
    """The yearly change so far, from the end of one year to the end of another."""
    return seen_pace({one.year: one.value for one in base.points if one.period.endswith("-FY")})
