"""Judging a target on people over several years: on the sum of the years.

Years that are over are counted, the running one is projected from its counts and the coming ones from the years before
them, each by the rule of a single year; they are joined before they are added (`forecast.several_years`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from vetanalysis.assessment.assessment import PeopleAssessment
from vetanalysis.assessment.people import (
    assess_people,
    counted_whole,
    not_assessed,
    projected,
    without_chance,
)
from vetanalysis.blocks import Said
from vetanalysis.forecast.several_years import sum_of_years
from vetanalysis.observations.series import Point
from vetanalysis.observations.table import RETURNS
from vetanalysis.periods import Cutoff, parse_cutoff

if TYPE_CHECKING:
    import pandas as pd

    from vetanalysis.assessment.people_projected import PlaceFlow
    from vetanalysis.plan import Plan, Target


def years_of(target: Target) -> tuple[Target, ...]:
    """The target's years one by one, each as a target of its own; of a target on one year itself."""
    if not target.since:
        return (target,)
    first, last = parse_cutoff(target.since).year, parse_cutoff(target.period).year
    periods = [*(f"{year}-FY" for year in range(first, last)), target.period]
    return tuple(target.model_copy(update={"since": "", "period": period}) for period in periods)


def assess_years(
    plan: Plan, obs: pd.DataFrame, target: Target, cutoff: Cutoff, unit: str, seed: int,
    shared: Sequence[PlaceFlow | None],
) -> PeopleAssessment:  # fmt: skip
    """The `PeopleAssessment` of a target over several years; `shared`: the place's flow of each year (`years_of`).

    A unit's goal is the sum of its quotas of all these years; where one of them is missing or 0 it has none. What is
    counted so far runs from the start of the first year.
    """
    alone = zip(years_of(target), shared, strict=True)
    each = [assess_people(plan, obs, one, cutoff, unit, seed, flow) for one, flow in alone]
    value = target.value if unit == plan.place.code else sum(one.target.value for one in each)
    base = _so_far(each, target.model_copy(update={"value": float(value)}), cutoff)
    if math.isnan(value):
        zero = all(one.given_zero for one in each)
        key = "assessment.not_assessed.no_quota_over"
        return not_assessed(base, Said(key, since=target.since, period=target.period, zero=zero))
    ahead = [one for one in each if not _is_counted(one)]
    unknown = next((one for one in ahead if one.projection is None), None)
    if unknown is not None:
        return not_assessed(base, unknown.reason or Said("targets.not_assessed.no_figure"))
    done = sum(_count(one) or 0.0 for one in each if _is_counted(one))
    if not ahead:
        return counted_whole(
            replace(base, points=base.points[:-1]), done, each[-1].points[-1].status, base.points[-1]
        )
    by_year = [one.projection for one in ahead if one.projection is not None]
    direct = [one.year_of_people.direct if one.year_of_people else one.projection for one in ahead]
    assessment = projected(
        replace(base, points=ahead[0].points), sum_of_years(by_year, done, target.period, seed),
        parse_cutoff(base.counted_to), parse_cutoff(target.period).year, coverage=ahead[0].coverage,
        so_far=base.so_far if any(_count(one) is not None for one in each) else 0.0,
        sensitive=sum_of_years([one for one in direct if one is not None], done, target.period, seed),
    )  # fmt: skip
    assessment = replace(assessment, points=base.points)
    doubtful = next((one.reason for one in ahead if one.probability is None and one.reason), None)
    return assessment if doubtful is None else without_chance(assessment, doubtful)


def _is_counted(one: PeopleAssessment) -> bool:
    return one.projection is None and one.probability is not None


def _count(one: PeopleAssessment) -> float | None:
    """What a year has counted, to its end or so far; None where nobody has reported."""
    return one.median if _is_counted(one) else one.so_far


def _so_far(each: Sequence[PeopleAssessment], target: Target, cutoff: Cutoff) -> PeopleAssessment:
    """What the years have counted since the first began, where none of them is missing in between.

    Its points are the sums at the ends of years.
    """
    counts = [count for one in each if (count := _count(one)) is not None]
    whole = len(counts) and counts == [_count(one) for one in each[: len(counts)]]
    newest = next((one for one in reversed(each) if _count(one) is not None), each[0])
    points: list[Point] = []
    for one in takewhile(_is_counted, each):
        before = points[-1].value if points else 0.0
        year, period = parse_cutoff(one.target.period).year, one.target.period
        points.append(
            Point(period, year, before + (_count(one) or 0.0), one.points[-1].status, RETURNS, "",
                  illustrative=one.illustrative)
        )  # fmt: skip
    return replace(
        newest, target=target, as_of=str(cutoff), horizon=0, points=tuple(points), status="not_assessed", reason=None,
        projection=None, probability=None, median=None, lower_80=None, upper_80=None, gap=None, pace_required=None,
        target_for_80=None, extra_for_80=None, sensitivity={}, cross_checks={}, cumulative={}, year_of_people=None,
        same_period=None, past_totals=next((one for one in each if not _is_counted(one)), each[-1]).past_totals,
        so_far=sum(counts) if whole else None,
        reported_to=newest.target.period if _is_counted(newest) else newest.reported_to,
        fallen=tuple(dict.fromkeys(name for one in each for name in one.fallen)),
        illustrative=any(one.illustrative for one in each),
    )  # fmt: skip
