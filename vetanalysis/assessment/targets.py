"""Judging a plan's targets: which figures may be used, what they project, and what follows for each target.

`assess` gives a frame with one row per target; `assess_targets` the full records behind it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment
from vetanalysis.assessment.record import Past, words_not_held
from vetanalysis.blocks import Said, Text
from vetanalysis.checks import check_whole_number
from vetanalysis.hashes import SEED
from vetanalysis.language.chances import status_words
from vetanalysis.observations.checks import check_observations_given
from vetanalysis.observations.table import to_percent, up_to
from vetanalysis.periods import Cutoff, parse_cutoff
from vetanalysis.plan.read import check_plan_given

if TYPE_CHECKING:
    from vetanalysis.assessment.assessment import Beside
    from vetanalysis.assessment.histories import Elsewhere
    from vetanalysis.assessment.people_projected import PlaceFlow
    from vetanalysis.plan import Plan, Target

TABLE_COLUMNS = (
    "target", "indicator", "base", "concept", "as_of", "period", "direction", "target_value", "measure",
    "latest_value", "latest_period", "latest_status", "median", "lower_80", "upper_80", "probability",
    "probability_true", "probability_published", "published_lower_80", "published_upper_80", "status",
    "words_vi", "words_en", "pace_required", "pace_seen", "extra_for_80", "evidence", "reason", "illustrative",
)  # fmt: skip


def assess(
    plan: Plan, obs: pd.DataFrame, *, as_of: str | Cutoff, seed: int = SEED, unit: str | None = None
) -> pd.DataFrame:
    """Whether the plan's targets will be reached, one row per target.

    `obs`: a frame from `load_observations`; figures of periods after `as_of` are not read. Values, paces and
    ranges are in the target's measure (percent or persons); probabilities are shares. A target the figures do
    not allow to be judged has status "not_assessed", a number present on a day before its date "not_forecast":
    NaN where numbers would stand and a reason. `reason` is English; the records of `assess_targets` hold both
    languages. Raises WrongCall for an unknown unit or an `as_of` outside the plan's years.

    >>> import vetanalysis as va
    >>> plan = va.load_plan("lang-son-2023")
    >>> table = assess(plan, va.load_observations(plan, returns=None), as_of="2023-start")
    >>> table[["target", "median", "status"]].round(1).to_dict("records")[0]
    {'target': 'trained_rate', 'median': 59.2, 'status': 'unlikely'}
    """
    return assessment_table(assess_targets(plan, obs, as_of, unit=unit, seed=seed))


def assess_targets(
    plan: Plan, obs: pd.DataFrame, as_of: str | Cutoff, *, unit: str | None = None, seed: int = SEED
) -> tuple[Assessment, ...]:
    """One `Assessment` per target of the plan, in the plan's order; see `assess`.

    >>> import vetanalysis as va
    >>> plan = va.load_plan("lang-son-2023")
    >>> found = assess_targets(plan, va.load_observations(plan, returns=None), "2023-start")
    >>> [one.status for one in found]
    ['unlikely', 'not_assessed', 'unlikely']
    """
    check_plan_given(plan)
    check_observations_given(obs)
    check_whole_number("seed", seed, 0)
    cutoff, code = plan.check_cutoff(as_of), plan.unit(unit or plan.place.code).code
    return assess_at(figures_at(plan, obs, cutoff, seed), code)


@dataclass(frozen=True, eq=False)
class FiguresAt:
    """What the assessments of all units at one cut-off rest on.

    `plan`: with the units of the cut-off; `known`: the figures up to it, on those units; `people`: by target on people
    the place's flow with its projections, one for each year that the target counts. `elsewhere`: the rates of
    all units, which teach each other; `beside`: what stands beside targets, as far as it was asked for.
    """

    plan: Plan
    known: pd.DataFrame
    cutoff: Cutoff
    seed: int
    people: Mapping[str, tuple[PlaceFlow, ...]]
    elsewhere: Elsewhere
    beside: dict[tuple[object, ...], Beside] = field(default_factory=dict, repr=False)

    @cached_property
    def rates(self) -> pd.DataFrame:
        """The figures that targets on rates are judged on."""
        from vetanalysis.assessment.rates import figures_of_rates
        from vetanalysis.assessment.worked_out import worked_out

        made = worked_out(self.plan, self.known, self.cutoff)
        known = pd.concat([self.known, made], ignore_index=True) if len(made) else self.known
        return figures_of_rates(self.plan, known)

    def flows_of(self, target: Target) -> tuple[PlaceFlow, ...]:
        """The place's flows of a target on people, be it the plan's or a goal of somebody's own."""
        return self.people.of(target) if isinstance(self.people, Flows) else self.people[target.id]

    @cached_property
    def newest(self) -> str:
        """The last day on which one of the figures became known; "" without any."""
        return str(self.known["vintage"].max()) if len(self.known) else ""

    def not_held(self, kind: str) -> dict[str, Past]:
        """What became of earlier statements on rates or people, by status, where the word did not hold.

        The record of rates is of Viet Nam's provinces and says nothing of other places.
        """
        if kind == "rate" and not self.plan.in_viet_nam:
            return {}
        return words_not_held(kind, self.plan.name, known_by=self.newest)


def figures_at(plan: Plan, obs: pd.DataFrame, cutoff: Cutoff, seed: int) -> FiguresAt:
    """The figures up to a cut-off, once for all units."""
    from vetanalysis.assessment.histories import Elsewhere
    from vetanalysis.assessment.people import place_flow
    from vetanalysis.assessment.people_until import judged_at
    from vetanalysis.assessment.people_years import years_of
    from vetanalysis.observations.crosswalk import on_units_of

    plan, known = on_units_of(plan, up_to(obs, cutoff), cutoff)
    counted = plan.over_time
    flows: dict[tuple[object, ...], PlaceFlow] = {}

    def shared(one: Target) -> PlaceFlow:
        """Targets on the same people of the same year share what is projected of it."""
        key = (one.indicator, one.levels, min(cutoff, judged_at(one)), parse_cutoff(one.period).year)
        if key not in flows:
            flows[key] = place_flow(plan, known, one, cutoff, seed)
        return flows[key]

    people = Flows(counted, lambda target: tuple(shared(one) for one in years_of(target)))
    return FiguresAt(plan, known, cutoff, seed, people, Elsewhere(plan, known))


class Flows(Mapping[str, "tuple[PlaceFlow, ...]"]):
    """The place's flows by target on people, each worked out when it is first asked for: rates need none.

    `of`: those of any target, shared by all on the same people of the same year.
    """

    def __init__(self, targets: Sequence[Target], of: Callable[[Target], tuple[PlaceFlow, ...]]) -> None:
        self._targets, self.of = {target.id: target for target in targets}, of

    def __getitem__(self, target: str) -> tuple[PlaceFlow, ...]:
        return self.of(self._targets[target])

    def __iter__(self) -> Iterator[str]:
        return iter(self._targets)

    def __len__(self) -> int:
        return len(self._targets)


def assess_at(figures: FiguresAt, unit: str) -> tuple[Assessment, ...]:
    """One `Assessment` per target for the unit with this code."""
    from vetanalysis.assessment.rates import assess_rates

    plan = figures.plan
    rates = [target for target in plan.targets if target.is_rate]
    by_target: dict[str, Assessment] = {**assess_rates(figures, rates, unit)}
    for target in plan.targets:
        if target.id not in by_target:
            by_target[target.id] = assess_count(figures, target, unit)
    return tuple(_with_past(by_target[target.id], figures) for target in plan.targets)


def assess_target(figures: FiguresAt, target: Target, unit: str) -> Assessment:
    """What `assess_at` says of one target alone: of people without the rates, of a rate without the people."""
    if not target.is_rate:
        return _with_past(assess_count(figures, target, unit), figures)
    from vetanalysis.assessment.rates import assess_rates

    rates = [one for one in figures.plan.targets if one.is_rate]
    return _with_past(assess_rates(figures, rates, unit)[target.id], figures)


def _with_past(one: Assessment, figures: FiguresAt) -> Assessment:
    """With what became of earlier statements in the same word, where it did not hold."""
    past = None if one.probability is None else figures.not_held(one.kind).get(one.status)
    return one if past is None else replace(one, past=past)


def assess_count(figures: FiguresAt, target: Target, unit: str) -> Assessment:
    """The assessment of one target on people for a unit: of a year, a part of it, several, or of a day (a stock)."""
    from vetanalysis.assessment.people import assess_people
    from vetanalysis.assessment.people_years import assess_years
    from vetanalysis.assessment.stocks import assess_stock

    if target.is_stock:
        return assess_stock(figures.plan, figures.known, target, figures.cutoff, unit)
    asked = (figures.plan, figures.known, target, figures.cutoff, unit, figures.seed)
    flows = figures.flows_of(target)
    return assess_years(*asked, flows) if target.since else assess_people(*asked, *flows)


def assess_goal(figures: FiguresAt, target: Target, unit: str) -> Assessment:
    """The assessment of a goal of somebody's own: a target of the plan with another value or period.

    A unit's goal on people is the value itself, not its quota; a unit that was given none is not assessed.
    """
    from vetanalysis.assessment.people import projected
    from vetanalysis.assessment.rates import assess_rates
    from vetanalysis.assessment.stocks import assess_stock

    if target.is_rate:
        rates = [one for one in figures.plan.targets if one.is_rate and one.id != target.id]
        return assess_rates(figures, [*rates, target], unit)[target.id]
    if target.is_stock:
        return assess_stock(figures.plan, figures.known, target, figures.cutoff, unit, quota=False)
    one = assess_count(figures, target, unit)
    if not isinstance(one, PeopleAssessment) or one.target.value == target.value or one.projection is None:
        return one
    base, at = replace(one, target=target), parse_cutoff(one.counted_to)
    year = parse_cutoff(target.period).year
    return projected(base, one.projection, at, year, so_far=one.so_far, coverage=one.coverage)


def assessment_table(assessments: Sequence[Assessment]) -> pd.DataFrame:
    """The records as a frame with the columns `TABLE_COLUMNS`; None becomes NaN, no reason an empty text."""
    return pd.DataFrame([_row(assessment) for assessment in assessments], columns=list(TABLE_COLUMNS))


def _row(assessment: Assessment) -> dict[str, object]:
    target, latest = assessment.target, assessment.latest
    published = getattr(assessment, "published", None)
    lower, upper = (to_percent(end) for end in published.interval) if published else (math.nan, math.nan)
    value, period = (latest.value, latest.period) if latest else (math.nan, "")
    words: Said | Text = status_words(assessment.status)
    if not target.has_value:  # no goal of its own: that, and what its year counts
        words = assessment.reason or words
        value, period = assessment.newest or (value, period)
    return {
        "target": target.id,
        "indicator": target.indicator,
        "base": target.base,
        "concept": target.concept,
        "as_of": assessment.as_of,
        "period": target.period,
        "direction": target.operator,
        "target_value": float(target.value),
        "measure": target.measure,
        "latest_value": value,
        "latest_period": period,
        "latest_status": latest.status if latest and latest.period == period else "",
        "median": _number(assessment.median),
        "lower_80": _number(assessment.lower_80),
        "upper_80": _number(assessment.upper_80),
        "probability": _number(assessment.probability),
        "probability_true": _number(assessment.probability_true),
        "probability_published": published.probability if published else math.nan,
        "published_lower_80": lower,
        "published_upper_80": upper,
        "status": assessment.status,
        "words_vi": words.vi,
        "words_en": words.en,
        "pace_required": _number(assessment.pace_required),
        "pace_seen": _number(assessment.pace_seen),
        "extra_for_80": _number(assessment.extra_for_80),
        "evidence": assessment.evidence,
        "reason": assessment.reason.en if assessment.reason else "",
        "illustrative": assessment.illustrative,
    }


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)
