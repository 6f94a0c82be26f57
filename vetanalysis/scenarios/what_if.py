"""What if: small named changes of what the projections rest on, each set against the base.

A scenario is data (`Scenario`, with its moves); `run_scenarios` works through all of them and leaves the base
untouched. The grammar follows what is used for health targets (straight line to the target, unchanged, the
pace of the best, a given change) with one difference: every scenario gives a distribution and not a number,
and where an input is missing it is left out with the reason instead of starting from nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vetanalysis.assessment.assessment import Assessment, RateAssessment
from vetanalysis.blocks import Said, Text
from vetanalysis.errors import NotAssessable
from vetanalysis.forecast.projection import Projection
from vetanalysis.periods import Cutoff, parse_cutoff
from vetanalysis.scenarios.moves import Move, moved_inputs, moved_people, moved_rate
from vetanalysis.scenarios.stock_flow import INDICATORS, StockFlow, stock_flow
from vetanalysis.scenarios.stock_flow_inputs import Inputs, load_inputs

if TYPE_CHECKING:
    import pandas as pd

    from vetanalysis.plan import Plan, Target
    from vetanalysis.study import Study

BASE = "base"
BASE_LABEL = Said("scenarios.base")
PROJECTION, FLOW = "projection", "flow"
TABLE_COLUMNS = (
    "scenario", "target", "stage", "concept", "measure", "median", "lower_80", "upper_80", "probability",
    "median_change", "probability_change", "assumed", "illustrative",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named change; `moves`: what it changes, one move for each stage it acts on.

    >>> import vetanalysis as va
    >>> study = va.open_study("lang-son-2023", "2023-start", lang="en", returns="none")
    >>> more = va.Scenario("more", Text("Thêm 500 người", "500 more"), (va.Move("people", "add", 500),))
    >>> va.run_scenarios(study, [more]).table.query("scenario == 'more'")["median_change"].tolist()
    [500.0]
    """

    id: str
    label: Said | Text
    moves: tuple[Move, ...]

    def on(self, stage: str) -> Move | None:
        """Its move on a stage, or None."""
        return next((move for move in self.moves if move.stage == stage), None)


def _standard(name: str, *moves: Move) -> Scenario:
    return Scenario(name, Said(f"scenarios.{name}"), moves)


STANDARD: tuple[Scenario, ...] = (
    _standard("unchanged", Move("rate", "hold"), Move("people", "hold")),
    _standard("straight_line", Move("rate", "line")),
    _standard("fastest_quarter", Move("rate", "pace", 0.75)),
    _standard("extra_pace", Move("rate", "extra", 0.5)),
    _standard(
        "college_places",
        Move("people", "places", 500, level="college"),
        Move("flow", "places", 500, level="college"),
    ),
    _standard("catch_up", Move("people", "catch_up", 2)),
    _standard("dropout_halved", Move("flow", "gap", 0.5, name="completion")),
    _standard("retraining_halved", Move("flow", "scale", 0.5, name="retrained")),
)


def standard_of(plan: Plan) -> tuple[Scenario, ...]:
    """The standard scenarios that a plan can have: those that move a training level only where the plan lists it."""
    levels = {"", *(level.id for level in plan.levels)}
    return tuple(one for one in STANDARD if levels.issuperset(move.level for move in one.moves))


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """One target under one scenario (or `BASE`), values in the target's measure.

    `stage`: "projection" of the series, or "flow" for what the learners do to the rate, then under `concept`
    and with `assumed` inputs or not.
    """

    scenario: str
    target: Target
    stage: str
    concept: str
    median: float
    lower_80: float
    upper_80: float
    probability: float
    assumed: bool = False
    illustrative: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is about, whatever the scenario."""
        return self.target.id, self.stage, self.concept


def in_time(target: Target, until: Cutoff, stage: str = PROJECTION) -> bool:
    """Whether a change by `until` is part of what a target is judged on.

    It comes no later than the target's own period; people who are added do not come in a year before it begins.
    """
    begun = stage == FLOW or target.measure == "percent" or target.first_year <= until.year
    return begun and until <= parse_cutoff(target.period)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A scenario that could not be run on a stage, or for one target, and why."""

    scenario: str
    stage: str
    target: Target | None
    reason: Said | Text


@dataclass(frozen=True, slots=True, eq=False)
class Scenarios:
    """`base` and `outcomes` (in the order of the scenarios), what was left out, the account where it could run."""

    as_of: str
    scenarios: tuple[Scenario, ...]
    base: tuple[Outcome, ...]
    outcomes: tuple[Outcome, ...]
    left_out: tuple[LeftOut, ...]
    flow: StockFlow | None
    flow_reason: Said | Text | None

    def base_of(self, outcome: Outcome) -> Outcome:
        """The base an outcome is to be compared with."""
        return next(base for base in self.base if base.key == outcome.key)

    def label(self, scenario: str) -> Said | Text:
        """How a scenario is called."""
        return next((known.label for known in self.scenarios if known.id == scenario), BASE_LABEL)

    @property
    def targets(self) -> tuple[Target, ...]:
        """The targets with a base, in the plan's order."""
        ids = dict.fromkeys(outcome.target.id for outcome in self.base)
        return tuple(
            next(outcome.target for outcome in self.base if outcome.target.id == name) for name in ids
        )

    def about(self, target: str, stage: str = PROJECTION) -> tuple[Outcome, ...]:
        """Base and outcomes of one target on one stage, under the concept in force last."""
        outcomes = [
            outcome for outcome in (*self.base, *self.outcomes)
            if (outcome.target.id, outcome.stage) == (target, stage)
        ]  # fmt: skip
        last = outcomes[-1].concept if outcomes else ""
        if stage == FLOW and self.flow is not None:
            last = self.flow.concept
        return tuple(outcome for outcome in outcomes if outcome.concept == last)

    @property
    def table(self) -> pd.DataFrame:
        """A row per outcome, base first: values, probability, and both as differences from the base."""
        import pandas as pd

        rows: list[tuple[object, ...]] = []
        for outcome in (*self.base, *self.outcomes):
            base = self.base_of(outcome)
            rows.append(
                (
                    outcome.scenario,
                    outcome.target.id,
                    outcome.stage,
                    outcome.concept,
                    outcome.target.measure,
                    outcome.median,
                    outcome.lower_80,
                    outcome.upper_80,
                    outcome.probability,
                    outcome.median - base.median,
                    outcome.probability - base.probability,
                    outcome.assumed,
                    outcome.illustrative,
                )
            )
        return pd.DataFrame(rows, columns=list(TABLE_COLUMNS))


def run_scenarios(
    study: Study, scenarios: Sequence[Scenario] | None = None, *, inputs: Inputs | None = None
) -> Scenarios:
    """Every scenario on every target of the study it can act on, against the base.

    `scenarios`: None for the standard ones of the plan. `inputs`: of the account, None for the plan's own. What cannot
    run (no figures, no returns, no inputs) is in `left_out` with the reason; nothing is put in its place. The study and
    the inputs are not changed; the same study gives the same numbers.

    >>> from vetanalysis import open_study
    >>> faster = Scenario("faster", Said("scenarios.extra_pace"), (Move("rate", "extra", 0.5),))
    >>> run = run_scenarios(open_study("lang-son-2023", "2023-start", returns="none"), (faster,))
    >>> run.table.loc[run.table["target"] == "trained_rate", ["scenario", "median"]].round(1).to_dict("records")
    [{'scenario': 'base', 'median': 59.2}, {'scenario': 'faster', 'median': 60.2}]
    """
    scenarios = standard_of(study.plan) if scenarios is None else scenarios
    base: list[Outcome] = []
    outcomes: list[Outcome] = []
    left_out: list[LeftOut] = []
    for assessment in study.assessments:
        if assessment.projection is not None and assessment.probability is not None:
            projection, invented = assessment.projection, assessment.illustrative
            base.append(_outcome(BASE, assessment.target, projection, illustrative=invented))
        for outcome in _on_projection(study, assessment, scenarios):
            if isinstance(outcome, LeftOut):
                left_out.append(outcome)
            else:
                outcomes.append(outcome)
    flow, reason = None, None
    try:
        inputs = load_inputs(study.plan).known_by(study.known_by) if inputs is None else inputs
        flow = stock_flow(study, inputs=inputs)
        base += _of_flow(BASE, flow)
    except NotAssessable as error:
        reason = error.reason
    for scenario in scenarios:
        move = scenario.on("flow")
        if move is None:
            continue
        if flow is None or inputs is None:
            if reason is not None:
                left_out.append(LeftOut(scenario.id, FLOW, None, reason))
            continue
        try:
            changed, learners = moved_inputs(inputs, flow.learners, move)
            outcomes += _of_flow(scenario.id, stock_flow(study, inputs=changed, learners=learners))
        except NotAssessable as error:
            left_out.append(LeftOut(scenario.id, FLOW, None, error.reason))
    return Scenarios(
        str(study.as_of), tuple(scenarios), tuple(base), tuple(outcomes), tuple(left_out), flow, reason
    )


def _on_projection(
    study: Study, assessment: Assessment, scenarios: Sequence[Scenario]
) -> Iterator[Outcome | LeftOut]:
    rate = isinstance(assessment, RateAssessment)
    for scenario in scenarios:
        move = scenario.on("rate" if rate else "people")
        if move is None:
            continue
        try:
            moved = (moved_rate if rate else moved_people)(study, assessment, move)
        except NotAssessable as error:
            yield LeftOut(scenario.id, PROJECTION, assessment.target, error.reason)
            continue
        yield _outcome(scenario.id, assessment.target, moved, illustrative=assessment.illustrative)


def _outcome(
    scenario: str, target: Target, projection: Projection, *, illustrative: bool, stage: str = PROJECTION,
    concept: str = "", assumed: bool = False,
) -> Outcome:  # fmt: skip
    scale = 100.0 if target.measure == "percent" else 1.0
    lower, upper = projection.interval(0.8)
    return Outcome(
        scenario=scenario,
        target=target,
        stage=stage,
        concept=concept,
        median=scale * projection.median,
        lower_80=scale * lower,
        upper_80=scale * upper,
        probability=projection.probability(target.value / scale, target.operator),
        assumed=assumed,
        illustrative=illustrative,
    )


def _of_flow(scenario: str, flow: StockFlow) -> list[Outcome]:
    return [
        _outcome(
            scenario, rate.target, rate.rate, stage=FLOW, concept=concept, assumed=bool(flow.assumed),
            illustrative=False,
        )
        for concept, rates in flow.by_concept.items()
        for rate in (rates[which] for which in INDICATORS.values())
        if rate.target is not None
    ]  # fmt: skip
