"""Judging targets on people counted over the year, for the plan's place or against the quota of one unit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vetanalysis.assessment.assessment import Corrections, PeopleAssessment
from vetanalysis.assessment.counting import counted
from vetanalysis.assessment.evidence import evidence_grade
from vetanalysis.assessment.flows import Flow
from vetanalysis.assessment.paces import extra_for_probability, required_per_step
from vetanalysis.assessment.people_projected import PlaceFlow, cross_checks
from vetanalysis.assessment.people_until import judged_at, known_for, no_quota, quota_until, until
from vetanalysis.assessment.status import status_of
from vetanalysis.blocks import Said, Text
from vetanalysis.errors import NotAssessable
from vetanalysis.forecast.nowcast import LEAST_COVERAGE
from vetanalysis.forecast.projection import NotAssessed
from vetanalysis.forecast.year_total import project_year_total
from vetanalysis.observations.checks import are_totals
from vetanalysis.observations.series import Point, point_of
from vetanalysis.observations.table import RETURNS, latest_vintage, publisher_of
from vetanalysis.periods import Cutoff, parse_cutoff

if TYPE_CHECKING:
    from vetanalysis.forecast.projection import DrawsProjection, Projection
    from vetanalysis.plan import Plan, Target


def place_flow(plan: Plan, obs: pd.DataFrame, target: Target, cutoff: Cutoff, seed: int) -> PlaceFlow:
    """The flow that a target on people is judged from for every unit, at the last cut-off anybody has reported.

    A target of an earlier period than the cut-off's: at that period's end.
    """
    at = min(cutoff, judged_at(target))
    obs = known_for(obs, target)
    found = counted(plan, obs, target, at)
    return PlaceFlow(
        found.flow(plan.place.code).last_counted(), seed, found, _published(plan, obs, target, at)
    )


def assess_people(
    plan: Plan,
    obs: pd.DataFrame,
    target: Target,
    cutoff: Cutoff,
    unit: str,
    seed: int,
    shared: PlaceFlow | None = None,
) -> PeopleAssessment:
    """The `PeopleAssessment` of one target on people, for the plan's place or against the quota of one unit.

    With returns of the year the place and its units are projected together, from the last cut-off that anybody has
    reported. Without any, the answer rests on past years; where only totals of unstated scope are published it is a
    wide range, marked as mostly prior. A target is judged on its own period, whatever came later: a year's at its
    end, one due at a cut-off within the year on the count at that cut-off. A unit that was given nothing to reach in
    that period is not assessed, its own count is told. `shared`: `place_flow` of the same target, where several units
    are judged.
    """
    place = plan.place.code
    year = parse_cutoff(target.period).year
    at = min(cutoff, judged_at(target))
    place_year = place_flow(plan, obs, target, cutoff, seed) if shared is None else shared
    flow = place_year.flow
    if unit != place:
        unit_flow = place_year.counted.flow(unit).at(flow.step)
        given = unit_flow.plans(year).get(unit) if target.of_whole_year else quota_until(plan, target, unit)
        if given is None or not given > 0:
            return _without_quota(plan, target, cutoff, unit_flow.last_counted(), unit, given)
        target = target.model_copy(update={"value": float(given)})
    else:
        unit_flow = flow
    base = _base(target, cutoff, unit, unit_flow)
    two_totals = place_year.counted.two_totals(unit, unit_flow.step)
    base = replace(
        base, is_quota=unit != place, two_totals=two_totals, **_as_published(place_year.published, unit, at)
    )
    try:
        known = flow.reported_any or (unit != place and unit_flow.step and len(unit_flow.past()))
        if known and at.year == year:
            return _from_returns(base, place_year, unit_flow, plan)
        return _from_past(base, unit_flow, known_for(obs, target), plan, at, seed)
    except NotAssessable as error:
        return not_assessed(base, error.reason)


def _published(plan: Plan, obs: pd.DataFrame, target: Target, at: Cutoff) -> pd.DataFrame | None:
    """The year's counts where all of them were published; None where units returned any."""
    rows = obs[obs["unit"].isin(plan.units["code"]) & (obs["indicator"] == target.indicator)]
    rows = rows[rows["period"].str.startswith(f"{at.year}-") & rows["value"].notna()]
    return None if (publisher_of(rows["source"]) == RETURNS).any() else rows


def _as_published(rows: pd.DataFrame | None, unit: str, at: Cutoff) -> dict[str, Any]:
    """The `sources` of the year's published counts, the unit's own, and how its newest is worded."""
    if rows is None or rows.empty:
        return {}
    own = rows[(rows["unit"] == unit) & are_totals(rows) & (rows["basis"] == "cumulative")]
    months = own["period"].map(lambda period: parse_cutoff(period).months)
    told = latest_vintage(own[months <= at.months])
    told = told.assign(months=months).sort_values("months", kind="stable")
    counts = tuple(map(point_of, told.to_dict("records")))
    return {
        "sources": tuple(dict.fromkeys(rows["source"])), "published_counts": counts,
        "approximate": counts[-1].approximate if counts else "",
    }  # fmt: skip


_TOO_FEW = Said("assessment.not_assessed.too_few_reported", least=100 * LEAST_COVERAGE)
_WHO_IS_MISSING = Said("assessment.not_assessed.who_is_missing")


def _without_quota(
    plan: Plan, target: Target, cutoff: Cutoff, flow: Flow, unit: str, given: float | None
) -> PeopleAssessment:
    """A unit that was given nothing to reach, or a quota of 0: the count of its year as far as it is known."""
    base = _base(target.model_copy(update={"value": math.nan}), cutoff, unit, flow)
    if flow.reported_any and flow.year == parse_cutoff(target.period).year:
        base = _with_counts(base, flow, plan, (unit,), ())
    return not_assessed(base, no_quota(target, given))


def _base(target: Target, cutoff: Cutoff, unit: str, flow: Flow) -> PeopleAssessment:
    due = judged_at(target)
    totals = (
        flow.years()[flow.calendar.steps_at(due)].dropna()
        if len(flow.counts) or flow.above is not None
        else pd.Series(dtype=float)
    )
    points = tuple(
        Point(
            f"{year}-{due.code}",
            int(year),
            float(total),
            "provisional",
            RETURNS,
            "",
            illustrative=flow.illustrative,
        )
        for year, total in totals.items()
    )
    return PeopleAssessment(
        target=target, as_of=str(cutoff), unit=unit, horizon=0, points=points, status="not_assessed",
        past_totals={point.year: point.value for point in points}, illustrative=flow.illustrative,
        scope_unstated=flow.unstated, has_quota=bool(flow.plans(due.year).gt(0).any()), calendar=flow.calendar,
    )  # fmt: skip


def not_assessed(base: PeopleAssessment, reason: Said | Text) -> PeopleAssessment:
    """That no judgement is possible, and why; what is counted stays told."""
    grade, reasons = evidence_grade(points=len(base.points), are_totals=True)
    return replace(base, reason=reason, evidence=grade, evidence_reasons=reasons)


def _from_returns(
    base: PeopleAssessment, place_year: PlaceFlow, unit_flow: Flow, plan: Plan
) -> PeopleAssessment:
    """The year projected from what has been reported; a complete year is counted and not projected."""
    if not base.target.of_whole_year:
        return _until_from_returns(base, place_year, unit_flow, plan)
    flow = place_year.flow
    if base.unit != plan.place.code or flow.senders:
        return _alone_from_returns(base, place_year, unit_flow, plan)
    year = place_year.year
    base = replace(_with_counts(base, flow, plan, flow.lowest.units, year.late), year_of_people=year)
    if flow.step == flow.steps and not year.late and base.so_far is not None:
        return counted_whole(base, base.so_far, flow.status)
    assessment = projected(
        base, year.reconciled.projection(), flow.cutoff, flow.year, sensitive=year.direct,
        coverage=year.coverage, cross_checks=year.cross_checks, so_far=base.so_far,
    )  # fmt: skip
    return assessment if year.allowed else without_chance(assessment, _TOO_FEW)


def without_chance(assessment: PeopleAssessment, reason: Said | Text) -> PeopleAssessment:
    """The range alone: too little is known of who has counted for a probability."""
    return replace(assessment, status="not_assessed", reason=reason, probability=None, sensitivity={})


def _until_from_returns(
    base: PeopleAssessment, place_year: PlaceFlow, flow: Flow, plan: Plan
) -> PeopleAssessment:
    """The count at a cut-off within the year, of the place or a unit: counted once everybody is in, else projected."""
    place = base.unit == plan.place.code
    due = flow.senders or flow.lowest.units
    now = flow.lowest.current()[flow.step]
    late = tuple(unit for unit in due if unit in now.index and pd.isna(now[unit]))
    base = _with_counts(base, flow, plan, due, late)
    whole = flow.whole or not place
    if flow.cutoff == judged_at(base.target) and not late and whole and base.so_far is not None:
        return counted_whole(base, base.so_far, flow.status)
    planned = place and bool(flow.plans(flow.year).gt(0).any())
    total = (place_year if place else replace(place_year, flow=flow)).total
    coverage = place_year.year.coverage if planned else None if place else float(not late)
    assessment = projected(
        base, until(flow, base.target, total, place_year.seed), flow.cutoff, flow.year, coverage=coverage,
        sensitive=until(flow, base.target, place_year.year.direct, place_year.seed) if planned else None,
        so_far=base.so_far,
    )  # fmt: skip
    if whole and (not planned or place_year.year.allowed):
        return assessment
    return without_chance(assessment, _TOO_FEW if whole else _WHO_IS_MISSING)


def _alone_from_returns(
    base: PeopleAssessment, place_year: PlaceFlow, flow: Flow, plan: Plan
) -> PeopleAssessment:
    """The year of a unit, or of a place without quotas, from its own counts alone.

    Another unit's correction moves the place's report, not this one.
    """
    reported = flow.lowest.current()[flow.step]
    late = tuple(reported.index[reported.isna()])
    base = _with_counts(base, flow, plan, flow.senders or flow.lowest.units, late)
    if flow.step == flow.steps and not late and flow.whole and base.so_far is not None:
        return counted_whole(base, base.so_far, flow.status)
    projection = place_year.unit(flow)
    if isinstance(projection, NotAssessed):
        return not_assessed(base, projection.reason)
    assessment = projected(
        base, projection, flow.cutoff, flow.year, coverage=None if flow.senders else float(not late),
        cross_checks=cross_checks(flow, base.so_far) if flow.senders and base.so_far is not None else None,
        so_far=base.so_far,
    )  # fmt: skip
    return assessment if flow.whole else without_chance(assessment, _WHO_IS_MISSING)


def _with_counts(
    base: PeopleAssessment, unit_flow: Flow, plan: Plan, due: Sequence[str], late: Sequence[str]
) -> PeopleAssessment:
    """The record with what is counted of the year and who is missing (`due` and `late`: codes of units)."""
    lowest = unit_flow.lowest
    now = lowest.current()
    reported = now[unit_flow.step]
    of_late = now[reported.isna()]
    known_of_late = of_late.ffill(axis=1)[unit_flow.step].sum()
    told = [step for step in range(1, unit_flow.step) if step in of_late and of_late[step].notna().any()]
    return replace(
        base,
        so_far=_so_far(unit_flow, reported),
        reported_to=str(unit_flow.cutoff),
        late_known=float(known_of_late),
        late_known_to=str(plan.calendar.cutoff(unit_flow.cutoff.year, told[-1])) if told else "",
        same_period=_same_period(unit_flow),
        received=len(due) - len(late),
        ahead=_ahead(unit_flow, parse_cutoff(base.as_of)),
        due=None if unit_flow.senders == (plan.place.code,) else len(due),
        late=tuple(plan.unit(code).short for code in late),
        late_codes=tuple(late),
        cumulative=_cumulative(unit_flow),
        fallen=tuple(plan.unit(code).short for code in unit_flow.fallen),
        revision=_corrections(unit_flow),
    )


def _ahead(flow: Flow, cutoff: Cutoff) -> int:
    """How many have reported on a cut-off after the one that is counted, which the others still lack."""
    step = flow.calendar.steps_at(cutoff) if cutoff.year == flow.year else 0
    return flow.sent.get(step, 0) if step > flow.step else 0


def _so_far(flow: Flow, reported: pd.Series) -> float | None:
    """People counted at the cut-off: by the units; while some are missing by the place itself, where it told."""
    if reported.isna().any():
        told = flow.told_above()[flow.step].get(flow.year)
        if told is not None and pd.notna(told):
            return float(told)
    return None if reported.isna().all() else float(reported.sum())


def _corrections(flow: Flow) -> Corrections:
    """What is known of corrections to the flow's figures."""
    each = flow.corrections[["first", "last"]].to_numpy()
    each = each[np.isfinite(each[:, 0])]
    first, last = each.sum(axis=0).tolist()
    return Corrections(
        figures=len(each),
        corrected=int((each[:, 0] != each[:, 1]).sum()),
        mean=last / first - 1 if first else 0.0,
        provisional=int(flow.status != "final" and flow.step < flow.steps),
    )


def _same_period(flow: Flow) -> float | None:
    """The same cut-off a year earlier of the units that have reported; None where it is not known of one of them."""
    if flow.parts is not None and not flow.current()[flow.step].isna().any():
        flow = replace(flow, parts=None)
    lowest = flow.lowest.as_reported
    reported = lowest.current()[flow.step].notna()
    before = lowest.of_year(flow.year - 1)[flow.step][reported]
    return None if before.isna().any() or not reported.any() else float(before.sum())


def _cumulative(flow: Flow) -> dict[int, dict[int, float]]:
    """Running totals as published, by year and step, for the picture; steps in which a unit is missing are left out."""
    flow = flow.as_reported
    by_year = {
        int(year): {step: count for step, count in counts.items() if count == count}
        for year, counts in flow.years().to_dict("index").items()
    }
    now = flow.current()
    whole = now.columns[now.notna().all()]
    return {**by_year, flow.year: now[whole].sum().to_dict()}


def counted_whole(
    base: PeopleAssessment, total: float, status: str, point: Point | None = None
) -> PeopleAssessment:
    """The whole year is reported: the target is reached or it is not. `point`: the figure, where it was published."""
    target = base.target
    sign = 1 if target.operator == ">=" else -1
    reached = sign * (total - target.value) >= 0
    if point is None:
        point = Point(
            target.period, int(target.period[:4]), total, status, RETURNS, "", illustrative=base.illustrative
        )
    grade, reasons = evidence_grade(points=len(base.points) + 1, coverage=1.0)
    return replace(
        base, points=(*base.points, point),
        status=status_of(float(reached), total, status, target.value, target.operator),
        probability=float(reached), median=total, lower_80=total, upper_80=total,
        gap=sign * (target.value - total), evidence=grade, evidence_reasons=reasons, coverage=1.0,
    )  # fmt: skip


def _from_past(
    base: PeopleAssessment, flow: Flow, obs: pd.DataFrame, plan: Plan, at: Cutoff, seed: int
) -> PeopleAssessment:
    """Nothing of the target's year is counted: earlier years of returns, else published totals.

    Of the year of the cut-off, where that is an earlier one, what is reported so far is read too.
    """
    year = parse_cutoff(base.target.period).year
    if base.points:
        past = flow.years().copy()
        if at.year < year and flow.step:
            now = flow.current()
            past.loc[flow.year] = now.sum().where(now.notna().all()).reindex(past.columns)
        projection = project_year_total(
            past, None, **_quotas(flow, year), rng=seed, year=year, steps=flow.steps
        )
        return projected(base, _by_then(base.target, flow, projection, seed), at, year)
    own_points = _own_points(obs, base.target, base.unit)
    points = tuple(point for point in yearly_totals(obs, base.target, base.unit) if point.year < year)
    unstated = bool(points) and not own_points
    base = replace(
        base, points=points, past_totals={point.year: point.value for point in points},
        illustrative=any(point.illustrative for point in points), scope_unstated=unstated,
    )  # fmt: skip
    year_end = next((point for point in own_points if point.year == year), None)
    if year_end is not None and base.target.of_whole_year:
        return counted_whole(base, year_end.value, year_end.status, year_end)
    if not points:
        raise NotAssessable(Said("assessment.not_assessed.no_past_people"))
    past = pd.DataFrame({4: {point.year: point.value for point in points}})
    projection = project_year_total(past, None, **_quotas(flow, year), rng=seed, year=year)
    return projected(base, _by_then(base.target, flow, projection, seed), at, year)


def _quotas(flow: Flow, year: int) -> dict[str, Any]:
    """The quotas of the year and of the years before; what the target itself asks for is none of them."""
    return {
        "planned": flow.plans(year).sum() or None,
        "past_planned": flow.plans_together(),
    }


def _by_then(target: Target, flow: Flow, total: DrawsProjection, seed: int) -> DrawsProjection:
    """The year's total, or what of it is counted at the target's own cut-off within the year."""
    return total if target.of_whole_year else until(flow, target, total, seed)


def yearly_totals(obs: pd.DataFrame, target: Target, unit: str) -> tuple[Point, ...]:
    """Totals of whole years on the target's own count, else those of the figures it accepts as weak evidence."""
    points = _own_points(obs, target, unit)
    if points:
        return points
    from vetanalysis.observations.series import pieces

    for related in target.evidence_from:
        series = pieces(obs, related.indicator, related.unit or unit)
        if series:
            return series[-1].points
    return ()


def _own_points(obs: pd.DataFrame, target: Target, unit: str) -> tuple[Point, ...]:
    from vetanalysis.observations.series import pieces

    series = pieces(obs, target.indicator, unit)
    return series[-1].points if series else ()


def projected(
    base: PeopleAssessment,
    projection: Projection,
    cutoff: Cutoff,
    year: int,
    *,
    sensitive: Projection | None = None,
    coverage: float | None = None,
    cross_checks: Mapping[str, float] | None = None,
    so_far: float | None = 0.0,
) -> PeopleAssessment:
    """The assessment that follows from a projected total.

    `so_far` is what is counted by the cut-off (None: not reported, then nothing is said to be missing); `sensitive`
    the projection that knows its prior, where `projection` was reconciled with others and no longer does.
    """
    target, direction = base.target, base.target.operator
    probability = projection.probability(target.value, direction)
    known = projection if sensitive is None else sensitive
    sensitivity = known.sensitivity(target.value, direction)
    lower, upper = projection.interval(0.8)
    left = base.calendar.steps_between(max(cutoff, Cutoff(target.first_year, "start")), judged_at(target))
    sign = 1 if direction == ">=" else -1
    grade, reasons = evidence_grade(
        points=len(base.points), coverage=coverage, sensitivity=sensitivity,
        mostly_prior=known.mostly_prior, unstated_scope=base.scope_unstated, are_totals=True,
    )  # fmt: skip
    return replace(
        base,
        horizon=max(year - base.points[-1].year, 0) if base.points else 0,
        status=status_of(probability),
        projection=projection,
        probability=probability,
        median=projection.median,
        lower_80=lower,
        upper_80=upper,
        gap=None if so_far is None else sign * (target.value - so_far),
        pace_required=None if so_far is None else required_per_step(so_far, target.value, left),
        target_for_80=projection.target_for(0.8, direction),
        extra_for_80=extra_for_probability(projection, target.value, 0.8, direction),
        evidence=grade,
        evidence_reasons=reasons,
        mostly_prior=known.mostly_prior,
        sensitivity=sensitivity,
        coverage=coverage,
        cross_checks=dict(cross_checks or {}),
        illustrative=base.illustrative or any(point.illustrative for point in base.points),
    )
