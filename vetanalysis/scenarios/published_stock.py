"""What published figures alone say about stocks and flows, without any assumed input.

How far the learners could move a rate at most; how many people a published change of a rate stands for; which
part of a rise comes from the labour-force definition of 2021; and, where the inputs of the account are
known, what of a published change the account does not explain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vetanalysis.assessment.assessment import Assessment, RateAssessment
from vetanalysis.forecast.stock_account import WHOLE
from vetanalysis.observations.series import Point
from vetanalysis.scenarios.stock_flow import INDICATORS, Summary, learners_of, people_target, stock_flow
from vetanalysis.scenarios.stock_flow_inputs import CONCEPTS, Inputs, load_inputs

if TYPE_CHECKING:
    import pandas as pd

    from vetanalysis.study import Study


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most `learners` can add to a rate on one concept: all untrained before, all finish, stay and work.

    `points` = 100 learners / labour_force, nobody leaving the trained stock and the labour force unchanged.
    """

    concept: str
    labour_force: Point
    learners: float
    points: float


@dataclass(frozen=True, slots=True)
class DefinitionPart:
    """A rate across the change of the labour-force concept, split: S (1/L_new - 1/L_old) is the definition's part.

    Rates in percent, `points` in percentage points, `people` the numerator of `year_then`, held constant. The
    two labour forces are of neighbouring years, so that a true change between them is inside: an inference.
    """

    people: float
    year_then: int
    force_before: Point
    force_after: Point
    rate_before: float
    rate_after: float

    @property
    def points(self) -> float:
        """The rise that needs nobody to be trained."""
        return self.rate_after - self.rate_before


@dataclass(frozen=True, slots=True)
class PublishedChange:
    """The last yearly change of a published rate, in people.

    `people`: by labour-force concept held at one labour force, and "break" for the old one at the start and the
    new one at the end. `learners`: people trained in that year as published, None where nothing is.
    """

    before: Point
    after: Point
    people: Mapping[str, float]
    learners: Point | None

    @property
    def points(self) -> float:
        """The published change in percentage points."""
        return self.after.value - self.before.value


@dataclass(frozen=True, slots=True)
class Residual:
    """dS_published - dS_model in persons on one concept; `assumed` says whether an input was assumed."""

    year: int
    concept: str
    published: float
    model: Summary
    residual: Summary
    learners: float
    assumed: bool

    @property
    def share(self) -> float:
        """The residual's part of the published change (1: the account explains nothing of it)."""
        return abs(self.residual.median) / abs(self.published) if self.published else float("inf")


def labour_forces(obs: pd.DataFrame, unit: str) -> dict[str, Point]:
    """The last labour-force figure of a unit on each concept that has one, newest vintage."""
    from vetanalysis.observations.series import pieces

    by_concept: dict[str, Point] = {}
    for piece in pieces(obs, "labour_force", unit):
        last = piece.points[-1]
        held = by_concept.get(piece.concept)
        if held is None or (last.year, last.vintage) > (held.year, held.vintage):
            by_concept[piece.concept] = last
    return {concept: by_concept[concept] for concept in CONCEPTS if concept in by_concept}


def ceilings(study: Study) -> tuple[Ceiling, ...]:
    """The most the plan's learners can add to a rate, on each concept; empty without figures."""
    target = people_target(study.plan, study.as_of.year)
    if target is None or study.unit.code != study.plan.place.code:
        return ()
    people = float(target.value)
    return tuple(
        Ceiling(concept, force, people, 100 * people / force.value)
        for concept, force in labour_forces(study.figures.known, study.unit.code).items()
    )


def split_definition(
    people: float, year_then: int, force_before: Point, force_after: Point
) -> DefinitionPart:
    """The part of a rate's rise that the new labour force alone brings to `people`."""
    rates = (100 * people / force.value for force in (force_before, force_after))
    return DefinitionPart(people, year_then, force_before, force_after, *rates)


def definition_part(study: Study) -> DefinitionPart | None:
    """That part for the certified share, from published figures; None where one of them is missing."""
    from vetanalysis.observations.published import definition_effect

    effect = definition_effect(study.figures.known, study.unit.code)
    forces = labour_forces(study.figures.known, study.unit.code)
    if effect is None or len(forces) < 2:
        return None
    before, after = (forces[concept] for concept in CONCEPTS)
    return split_definition(effect.certified_workers, effect.year_then, before, after)


def published_change(study: Study, assessment: Assessment) -> PublishedChange | None:
    """The last change between two neighbouring years of a rate's figures, in people; None where there is none."""
    forces = labour_forces(study.figures.known, study.unit.code)
    if len(assessment.points) < 2 or not forces or not isinstance(assessment, RateAssessment):
        return None
    before, after = assessment.points[-2:]
    if after.year != before.year + 1:
        return None
    moved = (after.value - before.value) / 100
    people = {concept: moved * force.value for concept, force in forces.items()}
    if len(forces) == 2:
        old, new = (forces[concept].value for concept in CONCEPTS)
        people["break"] = after.value / 100 * new - before.value / 100 * old
    return PublishedChange(before, after, people, _trained_in(study, after.year))


def _trained_in(study: Study, year: int) -> Point | None:
    target = people_target(study.plan, study.as_of.year)
    if target is None:
        return None
    points = study.assessment(target.id).points
    return next((point for point in points if point.year == year), None)


def implied_residual(study: Study, assessment: Assessment) -> dict[str, Residual]:
    """What of a published change the account does not explain, by concept; empty where nothing is published.

    The account runs on the published rate of the year before, on one labour force, with the learners published
    for that year spread over the levels as the plan does. Raises NotAssessable where inputs are missing.
    """
    change = published_change(study, assessment)
    if change is None or change.learners is None:
        return {}
    inputs = load_inputs(study.plan).known_by(study.known_by)
    mix = learners_of(study.plan, study.as_of.year)
    scale = change.learners.value / sum(mix.values())
    run = stock_flow(
        study,
        inputs=_started(inputs, assessment, change),
        learners={level: people * scale for level, people in mix.items()},
    )
    which = INDICATORS[assessment.target.indicator]
    by_concept = {}
    for concept, flows in run.by_concept.items():
        if concept not in change.people:
            continue
        model, published = flows[which].people_added, change.people[concept]
        residual = Summary(
            *(published - value for value in (model.median, model.upper_80, model.lower_80, model.mean))
        )
        by_concept[concept] = Residual(
            change.after.year, concept, published, model, residual, change.learners.value, bool(run.assumed)
        )
    return by_concept


def _started(inputs: Inputs, assessment: Assessment, change: PublishedChange) -> Inputs:
    """The inputs with the published rate at the start and a labour force that stays as it is."""
    name = (
        "trained_rate_before" if INDICATORS[assessment.target.indicator] == WHOLE else "certified_rate_before"
    )
    for row in inputs.rows:
        if row.name == name:
            inputs = inputs.with_row(row.held(change.before.value / 100))
        elif row.name == "labour_force_change":
            inputs = inputs.with_row(row.held(0.0))
    return inputs
