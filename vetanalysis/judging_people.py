"""Judging targets on people counted over the year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.assessment import Assessment, Point
from vetanalysis.attainment import evidence_grade, extra_for_probability, status_of
from vetanalysis.errors import NotAssessable
from vetanalysis.periods import Cutoff, parse_cutoff
from vetanalysis.text import Text

if TYPE_CHECKING:
    from vetanalysis.forecast.projection import Projection
    from vetanalysis.plan import Plan, Target


def assess_people(
    plan: Plan, obs: pd.DataFrame, target: Target, cutoff: Cutoff, unit: str, seed: int
) -> Assessment:
    """The `Assessment` of one target on people.

    Without a return of the year it rests on the plan and on the yearly totals that `evidence_from` allows,
    whose scope may be unstated: a wide range, marked as mostly prior.
    """
    points = yearly_totals(obs, target, unit)
    base = Assessment(
        target=target, as_of=str(cutoff), unit=unit, horizon=0, points=points, status="not_assessed",
        past_totals={point.year: point.value for point in points},
        facts={"scope_unstated": bool(points) and not _own_points(obs, target, unit)},
    )  # fmt: skip
    year = parse_cutoff(target.period).year
    try:
        projection = _from_totals(points, target, year, seed)
    except NotAssessable as error:
        grade, reasons = evidence_grade(points=len(points))
        return replace(base, reason=error.reason, evidence=grade, evidence_reasons=reasons)
    return projected(base, projection, cutoff, year)


def yearly_totals(obs: pd.DataFrame, target: Target, unit: str) -> tuple[Point, ...]:
    """Totals of whole years on the target's own count, else those of the figures it accepts as weak evidence."""
    own = _own_points(obs, target, unit)
    if own:
        return own
    from vetanalysis.published import pieces

    for related in target.evidence_from:
        found = pieces(obs, related.indicator, related.unit or unit)
        if found:
            return found[-1].points
    return ()


def _own_points(obs: pd.DataFrame, target: Target, unit: str) -> tuple[Point, ...]:
    from vetanalysis.published import pieces

    found = pieces(obs, target.indicator, unit)
    return found[-1].points if found else ()


def _from_totals(points: tuple[Point, ...], target: Target, year: int, seed: int) -> Projection:
    from vetanalysis.forecast.year_total import project_year_total

    if not points:
        raise NotAssessable(
            Text(
                "chưa có số liệu nào về số người được đào tạo, kể cả các năm trước",
                "there is no figure of people trained, not even for earlier years",
            )
        )
    past = pd.DataFrame({4: {point.year: point.value for point in points}}).reindex(columns=[1, 2, 3, 4])
    return project_year_total(past, None, planned=target.value, rng=seed, year=year)


def projected(
    base: Assessment,
    projection: Projection,
    cutoff: Cutoff,
    year: int,
    *,
    coverage: float | None = None,
    cross_checks: Mapping[str, float] | None = None,
    so_far: float = 0.0,
) -> Assessment:
    """The assessment that follows from a projected total; `so_far` is what is counted by the cut-off."""
    target, direction = base.target, base.target.operator
    probability = projection.probability(target.value, direction)
    sensitivity = projection.sensitivity(target.value, direction)
    lower, upper = projection.interval(0.8)
    left = 4 - cutoff.quarters if cutoff.year == year else 4
    sign = 1 if direction == ">=" else -1
    grade, reasons = evidence_grade(
        points=len(base.points), coverage=coverage, sensitivity=sensitivity,
        mostly_prior=projection.mostly_prior, unstated_scope=bool(base.facts.get("scope_unstated")),
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
        gap=sign * (target.value - so_far),
        pace_required=max(target.value - so_far, 0.0) / left if left else None,
        target_for_80=projection.target_for(0.8, direction),
        extra_for_80=extra_for_probability(projection, target.value, 0.8, direction),
        evidence=grade,
        evidence_reasons=reasons,
        mostly_prior=projection.mostly_prior,
        sensitivity=sensitivity,
        coverage=coverage,
        cross_checks=dict(cross_checks or {}),
        illustrative=any(point.illustrative for point in base.points),
    )
