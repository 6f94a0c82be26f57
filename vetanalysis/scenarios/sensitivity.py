"""What matters: one input at a time at its low and at its high end, the others as they are.

- A rate's projection (`of_projection`): the pace (10 % and 90 % of the paces other provinces managed), the
  prior's spread (halved, doubled) and each figure of the series (left out).
- The stock-and-flow account (`of_flow`): its own inputs at their 10 % and 90 % points.
- The chance of a target on people (`of_people`): each level, the units without a report, the unit that moves
  the chance most, corrections of the newest counts, and the prior's spread (halved, doubled). A level or unit
  at an end is held there in every path, so that its own spread no longer counts; a correction at an end
  changes the counts themselves and the year is projected again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment, RateAssessment
from vetanalysis.assessment.counting import Told
from vetanalysis.assessment.people_projected import PlaceFlow, YearOfPeople
from vetanalysis.assessment.rates import better_side, history_for, project
from vetanalysis.assessment.targets import assess_count
from vetanalysis.blocks import Said
from vetanalysis.errors import NotAssessable, WrongCall
from vetanalysis.forecast.mixture import MixtureProjection
from vetanalysis.forecast.projection import DRAWS_OF_UNITS
from vetanalysis.forecast.stock_account import after
from vetanalysis.forecast.units import joint_draws
from vetanalysis.forecast.year_total import revise
from vetanalysis.periods import parse_cutoff
from vetanalysis.scenarios.moves import Move, moved_rate, pace_elsewhere
from vetanalysis.scenarios.stock_flow import INDICATORS, accounts, learners_of, people_target
from vetanalysis.scenarios.stock_flow_inputs import CONCEPTS, Input, Inputs, load_inputs

if TYPE_CHECKING:
    from vetanalysis.forecast.projection import Projection
    from vetanalysis.plan import Target
    from vetanalysis.study import Study


LOW, HIGH = 0.1, 0.9
PROBABILITY, RATE = "probability", "rate"
PRIOR_LABEL = Said("scenarios.input.prior")


@dataclass(frozen=True, slots=True)
class Moved:
    """The outcome (percent) with one input at its low and at its high end, None where it has only one.

    `low_end`, `high_end`: the ends in `measure` (percent or persons), None where they are not numbers.
    """

    name: str
    label: Said
    low: float | None
    high: float | None
    low_end: float | None = None
    high_end: float | None = None
    measure: str = ""
    assumed: bool = False

    def width(self, base: float) -> float:
        """How far the input moves the outcome from one end to the other."""
        values = [base, *(value for value in (self.low, self.high) if value is not None)]
        return max(values) - min(values)


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What moves one outcome, the strongest first; `outcome`: PROBABILITY of the target or the RATE's median."""

    target: Target
    outcome: str
    concept: str
    base: float
    moved: tuple[Moved, ...]
    illustrative: bool = False

    @property
    def assumed(self) -> bool:
        """Whether any of the inputs is assumed."""
        return any(moved.assumed for moved in self.moved)


def of_projection(study: Study, assessment: Assessment) -> Sensitivity:
    """What moves the probability of a rate target, from published figures alone; in percent.

    Raises NotAssessable where the rate is not projected, WrongCall for a target on people.
    """
    if not isinstance(assessment, RateAssessment):
        raise WrongCall(f"target {assessment.target.id} is no rate")
    base = moved_rate(study, assessment, Move("rate", "extra", 0.0))  # raises where there is no projection
    target, direction = assessment.target.value / 100, assessment.target.operator
    moves = [*_pace(study, assessment), *_prior(assessment), *_figures(study, assessment)]
    return Sensitivity(
        assessment.target, PROBABILITY, "", 100 * base.probability(target, direction), _ordered(moves, assessment),
        assessment.illustrative,
    )  # fmt: skip


def of_flow(study: Study, target: Target) -> Sensitivity:
    """What moves the rate at the end of the year in the account, under the concept in force last; in percent.

    Inputs that are fixed do not move. Where the plan's people target is projected, the learners move too.
    """
    inputs = load_inputs(study.plan).known_by(study.known_by)
    concept, which = CONCEPTS[-1], INDICATORS[target.indicator]
    learners = learners_of(study.plan, study.as_of.year)

    def rate(inputs: Inputs, learners: Mapping[str, float]) -> float:
        runs, _ = accounts(study, inputs, learners, concepts=(concept,))
        return 100 * float(np.median(after(*runs[concept]).rate(which)))

    _, used = accounts(study, inputs, learners, concepts=(concept,))
    base = rate(inputs, learners)
    moves = []
    for row in used:
        if row.distribution == "fixed":
            continue
        ends = row.quantile(LOW), row.quantile(HIGH)
        low, high = (rate(inputs.with_row(row.held(end)), learners) for end in ends)
        scale = 100.0 if row.kind.measure == "percent" else 1.0
        moves.append(
            Moved(
                "|".join(row.key).strip("|"), _label(study, row), low, high, scale * ends[0], scale * ends[1],
                row.kind.measure, row.assumed,
            )
        )  # fmt: skip
    people = _people(study)
    if people is not None:
        total = sum(learners.values())
        ends = people.quantile(LOW), people.quantile(HIGH)
        low, high = (rate(inputs, {k: v * end / total for k, v in learners.items()}) for end in ends)
        label = Said("scenarios.input.learners")
        moves.append(Moved("learners", label, low, high, *ends, "persons"))
    moved = tuple(sorted(moves, key=lambda moved: -moved.width(base)))
    return Sensitivity(target, RATE, concept, base, moved)


def _pace(study: Study, assessment: Assessment) -> list[Moved]:
    goal, direction = assessment.target.value / 100, assessment.target.operator
    sign = 1 if direction == ">=" else -1
    try:
        ends = [pace_elsewhere(study, assessment.horizon, q if sign > 0 else 1 - q) for q in (LOW, HIGH)]
        runs = [moved_rate(study, assessment, Move("rate", "pace", q)) for q in (LOW, HIGH)]
    except NotAssessable:
        return []
    low, high = (100 * run.probability(goal, direction) for run in runs)
    label = Said("scenarios.input.pace")
    return [Moved("pace", label, low, high, ends[0], ends[1], "points")]


def _figures(study: Study, assessment: Assessment) -> list[Moved]:
    """The series without each of its figures but the latest, which the answer starts from."""
    target, unit = assessment.target, study.unit.code
    goal, direction = assessment.target.value / 100, assessment.target.operator
    history, side = history_for(study.figures, target, unit), better_side(study.plan, target)
    known = history.learned
    if len(known) < 3 or not isinstance(assessment.projection, MixtureProjection):
        return []
    year, moves = int(target.period[:4]), []
    for left in [label for label in known.index[:-1] if label == int(label)]:
        fewer = replace(history, learned=known.drop(left))
        chance = 100 * project(fewer, target, year, side, study.seed).probability(goal, direction)
        label = Said("scenarios.input.without_year", year=int(left))
        moves.append(Moved(f"without_{left}", label, chance, None))
    return moves


def _people(study: Study) -> Projection | None:
    """The projection of the plan's target on people, or None."""
    target = people_target(study.plan, study.as_of.year)
    return None if target is None else study.assessment(target.id).projection


def _label(study: Study, row: Input) -> Said:
    name = row.kind.label
    level = {level.id: level.name for level in study.plan.levels}.get(row.level)
    return name if level is None else Said("scenarios.input.of_level", input=name, level=level)


def _ordered(moves: list[Moved], assessment: Assessment) -> tuple[Moved, ...]:
    base = float("nan") if assessment.probability is None else 100 * assessment.probability
    return tuple(sorted(moves, key=lambda moved: -moved.width(base)))


_NOTHING = Said("scenarios.reason.nothing_counted")
_LATE = Said("scenarios.input.late")
_CORRECTED = Said("scenarios.input.corrections")


def of_people(study: Study, assessment: Assessment) -> Sensitivity:
    """What moves the probability of a target on people, of the place or of a unit, in percent; the strongest first.

    Raises WrongCall for a rate, NotAssessable where no probability is given or nothing of the year is counted.
    """
    if not isinstance(assessment, PeopleAssessment):
        raise WrongCall(f"target {assessment.target.id} is no count of people")
    if assessment.received is None or assessment.probability is None or assessment.projection is None:
        raise NotAssessable(assessment.reason or _NOTHING)
    base, year = 100 * assessment.probability, assessment.year_of_people
    moves = [*_corrected(study, assessment), *_prior(assessment)]
    if year is not None:
        units = [*_units(study, assessment, year)]
        strongest = sorted(units, key=lambda moved: -moved.width(base))[:1]
        moves = [*_levels(study, assessment, year), *_late(assessment, year), *strongest, *moves]
    ordered = tuple(sorted(moves, key=lambda moved: -moved.width(base)))
    return Sensitivity(assessment.target, PROBABILITY, "", base, ordered, assessment.illustrative)


def _levels(study: Study, assessment: Assessment, year: YearOfPeople) -> Iterator[Moved]:
    """Each level at its ends, where there are several.

    Levels add up to the place's own projection, which the printed chance is not made of alone: the total asked for is
    the one that this projection reaches with the printed chance.
    """
    if len(year.by_level) < 2:
        return
    joint = joint_draws(year.by_level, rng=study.seed)
    goal = year.direct.target_for(assessment.probability, assessment.target.operator)
    names = {level.id: level.name for level in study.plan.levels}
    for column, level in enumerate(year.by_level):
        label = Said("scenarios.input.level", level=names[str(level)])
        yield _held(f"level|{level}", label, joint.sum(axis=1), joint[:, column], float(goal), assessment)


def _units(study: Study, assessment: Assessment, year: YearOfPeople) -> Iterator[Moved]:
    draws = year.reconciled.units
    if draws.shape[1] < 2:
        return
    for code in draws.columns:
        if code in year.open_units:
            continue
        label = Said("scenarios.input.unit", unit=study.plan.unit(code).short)
        yield _held(
            f"unit|{code}",
            label,
            year.reconciled.province,
            draws[code].to_numpy(),
            assessment.target.value,
            assessment,
        )


def _late(assessment: Assessment, year: YearOfPeople) -> Iterator[Moved]:
    late = list(year.open_units)
    if late and len(late) < year.reconciled.units.shape[1]:
        part = year.reconciled.units[late].to_numpy().sum(axis=1)
        yield _held("late", _LATE, year.reconciled.province, part, assessment.target.value, assessment)


def _held(
    name: str, label: Said, total: np.ndarray, part: np.ndarray, goal: float, assessment: Assessment
) -> Moved:
    """The chance with one part of the total (S,) held at its 10 % and at its 90 % point in every path."""
    ends = np.quantile(part, [LOW, HIGH])
    rest = total - part
    low, high = (
        100
        * float(((rest + end >= goal) if assessment.target.operator == ">=" else (rest + end <= goal)).mean())
        for end in ends
    )
    return Moved(name, label, low, high, float(ends[0]), float(ends[1]), "persons")


def _corrected(study: Study, assessment: Assessment) -> Iterator[Moved]:
    """The newest counts as they would be after a correction at its 10 % and its 90 % point, and the target anew."""
    figures, unit = study.figures, assessment.unit
    target = figures.plan.target(assessment.target.id)
    shared = figures.people[target.id]
    newest = next(one for one in shared if one.flow.year == parse_cutoff(assessment.counted_to).year)
    flow = newest.flow
    if unit != figures.plan.place.code:
        flow = replace(newest.counted.flow(unit), step=flow.step)
    seen = flow.revision()
    if seen is None or flow.step == flow.steps:
        return
    ends = np.quantile(revise(np.ones(DRAWS_OF_UNITS), seen, rng=study.seed), [LOW, HIGH])
    chances = []
    for end in ends:
        moved = tuple(_with_counts(one, float(end)) if one is newest else one for one in shared)
        again = assess_count(replace(figures, people={target.id: moved}), target, unit)
        if again.probability is None:
            return
        chances.append(100 * again.probability)
    (low, high), (down, up) = chances, (100 * (float(end) - 1) for end in ends)
    yield Moved("corrections", _CORRECTED, low, high, down, up, "percent")


def _with_counts(of_place: PlaceFlow, factor: float) -> PlaceFlow:
    """The flow with its newest counts times a factor, final, never under the cut-off before."""
    counted, year, step = of_place.counted, of_place.flow.year, of_place.flow.step

    def corrected(told: Told) -> Told:
        table, rows = told.reported.copy(), told.rows
        now = table.index.get_level_values("year") == year
        before = table.loc[now, list(range(1, step))].max(axis=1).fillna(0.0)
        newest = (table.loc[now, step] * factor).round()
        table.loc[now, step] = np.maximum(newest, before).where(newest.notna())
        final = rows.assign(status=rows["status"].where(rows["year"] != year, "final"))
        return replace(told, reported=table, rows=final)

    counted = replace(counted, told=corrected(counted.told), place=corrected(counted.place))
    return replace(of_place, flow=replace(counted.flow(counted.tiers.place), step=step), counted=counted)


def _prior(assessment: Assessment) -> Iterator[Moved]:
    if {0.5, 2.0} <= set(assessment.sensitivity):
        yield Moved(
            "prior", PRIOR_LABEL, 100 * assessment.sensitivity[0.5], 100 * assessment.sensitivity[2.0]
        )
