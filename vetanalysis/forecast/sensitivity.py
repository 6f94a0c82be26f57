"""What matters: one input at a time at its low and at its high end, the others as they are.

For a rate's projection the inputs are the pace (10 % and 90 % of the paces other provinces managed), the
prior's spread (halved, doubled) and each figure of the series (left out). For the stock-and-flow account they
are its own inputs at their 10 % and 90 % points. Targets on people: `people_sensitivity`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from vetanalysis.errors import NotAssessable, WrongCall
from vetanalysis.forecast.mixture import MixtureProjection
from vetanalysis.forecast.scenario_moves import Move, moved_rate, pace_elsewhere
from vetanalysis.forecast.stock_account import after
from vetanalysis.forecast.stock_flow import INDICATORS, accounts, learners_of, people_target
from vetanalysis.forecast.stock_flow_checks import load_inputs
from vetanalysis.forecast.stock_flow_inputs import CONCEPTS, Input, Inputs
from vetanalysis.judging.rate_history import history_of
from vetanalysis.judging.rates import project
from vetanalysis.text import Text, same

if TYPE_CHECKING:
    from vetanalysis.assessment import Assessment
    from vetanalysis.forecast.projection import Projection
    from vetanalysis.plan import Target
    from vetanalysis.study import Study

LOW, HIGH = 0.1, 0.9
PROBABILITY, RATE = "probability", "rate"
PRIOR_LABEL = Text(
    "độ rộng của giả định ban đầu (giảm nửa, gấp đôi)", "spread of the prior (halved, doubled)"
)


@dataclass(frozen=True, slots=True)
class Moved:
    """The outcome (percent) with one input at its low and at its high end, None where it has only one.

    `low_end`, `high_end`: the ends in `measure` (percent or persons), None where they are not numbers.
    """

    name: str
    label: Text
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
        return any(one.assumed for one in self.moved)


def of_projection(study: Study, one: Assessment) -> Sensitivity:
    """What moves the probability of a rate target, from published figures alone; in percent.

    Raises NotAssessable where the rate is not projected, WrongCall for a target on people.
    """
    if one.target.measure != "percent":
        raise WrongCall(f"target {one.target.id} is no rate")
    base = moved_rate(study, one, Move("rate", "extra", 0.0))  # raises where there is no projection
    target, direction = one.target.value / 100, one.target.operator
    found = []
    for reader in (_pace, _prior, _figures):
        found += reader(study, one)
    return Sensitivity(
        one.target, PROBABILITY, "", 100 * base.probability(target, direction), _ordered(found, one),
        one.illustrative,
    )  # fmt: skip


def of_flow(study: Study, target: Target, *, inputs: Inputs | None = None) -> Sensitivity:
    """What moves the rate at the end of the year in the account, under the concept in force last; in percent.

    Inputs that are fixed do not move. Where the plan's people target is projected, the learners move too.
    """
    inputs = load_inputs(study.plan).known_by(study.known_by) if inputs is None else inputs
    concept, which = CONCEPTS[-1], INDICATORS[target.indicator]
    learners = learners_of(study.plan, study.as_of.year)

    def rate(inputs: Inputs, learners: Mapping[str, float]) -> float:
        runs, _ = accounts(study, inputs, learners, concepts=(concept,))
        return 100 * float(np.median(after(*runs[concept]).rate(which)))

    _, used = accounts(study, inputs, learners, concepts=(concept,))
    base = rate(inputs, learners)
    found = []
    for row in used:
        if row.distribution == "fixed":
            continue
        ends = row.quantile(LOW), row.quantile(HIGH)
        low, high = (rate(inputs.with_row(row.held(end)), learners) for end in ends)
        scale = 100.0 if row.kind.measure == "percent" else 1.0
        found.append(
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
        label = Text("số người được đào tạo trong năm (dự báo)", "people trained in the year (projected)")
        found.append(Moved("learners", label, low, high, *ends, "persons"))
    moved = tuple(sorted(found, key=lambda one: -one.width(base)))
    return Sensitivity(target, RATE, concept, base, moved)


def _pace(study: Study, one: Assessment) -> list[Moved]:
    goal, direction = one.target.value / 100, one.target.operator
    sign = 1 if direction == ">=" else -1
    try:
        ends = [pace_elsewhere(study, one.horizon, q if sign > 0 else 1 - q) for q in (LOW, HIGH)]
        runs = [moved_rate(study, one, Move("rate", "pace", q)) for q in (LOW, HIGH)]
    except NotAssessable:
        return []
    low, high = (100 * run.probability(goal, direction) for run in runs)
    label = Text("nhịp độ mỗi năm như các tỉnh", "yearly pace as in the provinces")
    return [Moved("pace", label, low, high, ends[0], ends[1], "points")]


def _prior(study: Study, one: Assessment) -> list[Moved]:
    if not one.sensitivity:
        return []
    low, high = (100 * one.sensitivity[factor] for factor in (0.5, 2.0))
    return [Moved("prior", PRIOR_LABEL, low, high)]


def _figures(study: Study, one: Assessment) -> list[Moved]:
    """The series without each of its figures but the latest, which the answer starts from."""
    history = history_of(study.observations, one.target, study.unit.code)
    known = history.learned
    if len(known) < 3 or not isinstance(one.projection, MixtureProjection):
        return []
    year, goal, direction = int(one.target.period[:4]), one.target.value / 100, one.target.operator
    found = []
    for left in known.index[:-1]:
        fewer = replace(history, learned=known.drop(left))
        chance = 100 * project(fewer, one.target, year, direction, study.seed).probability(goal, direction)
        label = Text(f"không dùng số liệu năm {left}", f"without the figure of {left}")
        found.append(Moved(f"without_{left}", label, chance, None))
    return found


def _people(study: Study) -> Projection | None:
    """The projection of the plan's target on people, or None."""
    target = people_target(study.plan, study.as_of.year)
    return None if target is None else study.assessment(target.id).projection


def _label(study: Study, row: Input) -> Text:
    name = row.kind.label
    detail = {level.id: level.name for level in study.plan.levels}.get(row.level)
    detail = detail or (same(row.concept) if row.concept else None)
    if detail is None:
        return name
    return Text(f"{name.vi} ({detail.vi.lower()})", f"{name.en} ({detail.en.lower()})") if row.level else name


def _ordered(found: list[Moved], one: Assessment) -> tuple[Moved, ...]:
    base = 100 * one.probability
    return tuple(sorted(found, key=lambda moved: -moved.width(base)))
