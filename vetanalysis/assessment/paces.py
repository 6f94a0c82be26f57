"""Paces: how fast it would have to go, how fast it went, how fast others went.

Values are in the target's own measure (percent or persons); `direction` is ">=" where more is better and
"<=" for an upper limit.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.blocks import Said
from vetanalysis.errors import WrongCall

if TYPE_CHECKING:
    from vetanalysis.forecast.projection import Projection

DIRECTIONS = (">=", "<=")


@dataclass(frozen=True, slots=True)
class PaceRank:
    """`share` of observed paces that were slower than the one required, and how many paces that rests on."""

    share: float | None
    places: int


@dataclass(frozen=True, slots=True)
class FirstPassage:
    """The first year in which the target is reached with at least the asked probability (None: in none)."""

    year: int | None
    probabilities: Mapping[int, float]


def _sign(direction: str) -> int:
    if direction not in DIRECTIONS:
        raise WrongCall(
            Said("calls.one_of", name="direction", given=repr(direction), known=tuple(DIRECTIONS))
        )
    return 1 if direction == ">=" else -1


def reaches(value: float, target: float, direction: str = ">=") -> bool:
    """Whether an unrounded value reaches the target; equality counts. NaN never reaches."""
    return value >= target if _sign(direction) > 0 else value <= target


def required_pace(latest: float, target: float, years: float) -> float | None:
    """The change per year that leads from `latest` to `target` in `years`: (target - latest) / years.

    In points or persons a year. Negative where the value must fall or the target is already passed. None
    where no time is left or a value is missing.
    """
    if years <= 0 or math.isnan(latest) or math.isnan(target):
        return None
    return (target - latest) / years


def seen_pace(values: Mapping[int, float], window: int | None = None) -> float | None:
    """The yearly change from the first to the last figure of a series (year -> value), gaps skipped.

    `window` keeps only the figures of the last so many years before the latest. None with fewer than two
    figures.
    """
    known = sorted((int(year), float(value)) for year, value in values.items() if not math.isnan(value))
    if known and window is not None:
        known = [(year, value) for year, value in known if year >= known[-1][0] - window]
    if len(known) < 2:
        return None
    (first_year, first), (last_year, last) = known[0], known[-1]
    return (last - first) / (last_year - first_year)


def percentile_of_pace(required: float | None, paces: Iterable[float], direction: str = ">=") -> PaceRank:
    """The share of observed paces slower than `required`: 0.9 means nine in ten went slower.

    A pace equal to the required one is not slower. Missing paces are left out; without any: None.
    """
    sign = _sign(direction)
    known = [float(pace) for pace in paces if not math.isnan(pace)]
    if required is None or not known:
        return PaceRank(None, len(known))
    return PaceRank(sum(sign * pace < sign * required for pace in known) / len(known), len(known))


def required_per_step(so_far: float, target: float, steps_left: int) -> float | None:
    """People needed in each remaining quarter or month; 0 when the target is reached, None with none left."""
    if steps_left <= 0 or math.isnan(so_far):
        return None
    return max(target - so_far, 0.0) / steps_left


def extra_for_probability(
    projection: Projection, target: float, probability: float = 0.8, direction: str = ">="
) -> float:
    """What must be added to the outcome for a chance of `probability`, in the projection's unit.

    The shift x with P(X + x >= t) = p is t - Q(1 - p); for an upper limit x is what must be taken off,
    Q(p) - t. 0 where the probability is already that high.
    """
    shift = _sign(direction) * (target - float(projection.target_for(probability, direction)))
    return max(shift, 0.0)


def first_passage(
    projection: Projection,
    target: float,
    direction: str = ">=",
    probability: float = 0.5,
    *,
    known: Mapping[int, float] | None = None,
) -> FirstPassage:
    """The first projected year in which P(target reached) >= `probability`, from several horizons.

    `known`: chances by year that stand for the projection's own, as where a year was judged with more figures.
    """
    by_year = pd.Series(projection.probability(target, direction))
    chances = {int(year): float(value) for year, value in by_year.items()} | dict(known or {})
    year = next((year for year in sorted(chances) if chances[year] >= probability), None)
    return FirstPassage(year, chances)


def milestones(latest_year: int, latest: float, target_year: int, target: float) -> dict[int, float]:
    """The values on a straight line from the latest figure to the target, one a year after the latest."""
    years = target_year - latest_year
    if years <= 0:
        return {}
    return {latest_year + k: latest + (target - latest) * k / years for k in range(1, years + 1)}
