"""What a notebook shows of scenarios: flows of learners into the rates, scenarios, and what matters.

`run` holds the scenarios of the study (`scenarios.what_if.run_scenarios`).
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment
from vetanalysis.blocks import Cell, Paragraph, Picture, Said, Table
from vetanalysis.errors import NotAssessable
from vetanalysis.figures.effects import tornado_picture, waterfall_picture
from vetanalysis.language.numbers import rounded
from vetanalysis.narrative import scenarios as told
from vetanalysis.narrative import scenarios as words
from vetanalysis.narrative.shown_targets import listed, nothing, table, together
from vetanalysis.scenarios import published_stock, sensitivity
from vetanalysis.scenarios.sensitivity import Sensitivity
from vetanalysis.scenarios.stock_flow import Summary, people_target
from vetanalysis.scenarios.stock_flow_inputs import load_inputs
from vetanalysis.scenarios.what_if import BASE, FLOW, PROJECTION, Outcome, Scenarios

if TYPE_CHECKING:
    from vetanalysis.plan import Target
    from vetanalysis.study import Study


def flows(study: Study, run: Scenarios) -> Paragraph:
    """Whether the learners are enough for the rates, how many it would take; or why it cannot be computed."""
    year = study.as_of.year
    if run.flow is None:
        people = people_target(study.plan, year)
        return listed(words.not_assessed(year, None if people is None else people.value, run.flow_reason))
    said: list[Any] = []
    for concept, rates in run.flow.by_concept.items():
        for rate in rates.values():
            said.append(words.implies(run.flow, rate, concept))
            said.append(words.needed(run.flow, rate, concept))
    return listed(*said, words.assumed_inputs(run.flow))


def published(study: Study, run: Scenarios) -> Paragraph:
    """What published figures alone say: the most the learners can add, the change in people, the definition's part."""
    said: list[Said | None] = []
    limits = published_stock.ceilings(study)
    for one in study.of("trained_rate"):
        said.append(words.ceiling(limits, one.target, one))
        change = published_stock.published_change(study, one)
        if change is not None:
            said.append(words.published_change(change, one.target))
        said += _residuals(study, one)
    part = published_stock.definition_part(study)
    said.append(None if part is None else words.by_definition(part))
    if any(one is not None for one in said):
        return listed(*said)
    return together(words.nothing_published(study.as_of.year))


def _residuals(study: Study, one: Assessment) -> list[Any]:
    try:
        found = published_stock.implied_residual(study, one)
    except NotAssessable:
        return []
    return [words.residual(rest, one.target) for rest in found.values()]


def inputs(study: Study, run: Scenarios) -> Table | Paragraph:
    """Every input of the account with its range, source and date; assumed ones marked."""
    levels = {level.id: level.name for level in study.plan.levels}
    used = run.flow.inputs if run.flow is not None else load_inputs(study.plan).known_by(study.known_by).rows
    if not used:
        return together(words.no_inputs(study.plan.name))
    rows = [
        (
            Said("notebooks.capital", words=one.kind.label),
            levels.get(one.level, one.concept),
            *(_value(one.quantile(q), one.kind.measure) for q in (0.5, 0.1, 0.9)),
            Said("notebooks.assumed") if one.assumed else one.source,
            one.date,
            "" if one.note is None else one.note,
        )
        for one in used
    ]
    heads = ("input", "input.level", "input.centre", "input.low", "input.high", "source", "date", "note")
    return table("inputs", heads, rows)


def account(study: Study, run: Scenarios, which: str = "trained") -> Table | Paragraph:
    """The account of one rate under both labour-force concepts, in persons and points; median and 80 % range.

    Where the account could not run, why.
    """
    by_concept = {} if run.flow is None else run.flow.by_concept
    rates = {concept: both[which] for concept, both in by_concept.items() if which in both}
    if not rates:
        return flows(study, run)
    heads = [
        Said(f"notebooks.account.{unit}", concept=concept)
        for concept in rates
        for unit in ("persons", "points")
    ]
    rows = []
    for name in next(iter(rates.values())).points:
        spreads = [
            spread
            for rate in rates.values()
            for spread in (_spread(rate.parts.get(name), "persons"), _spread(rate.points[name], "points"))
        ]
        rows.append((Said(f"names.flow.{name}"), *spreads))
    return table(f"account-{which}", ("account.part", *heads), rows)


def accounts(study: Study, run: Scenarios) -> list[Table | Picture | Paragraph]:
    """For each rate the account: table, figure and what 1,000 more learners add; empty where it could not run."""
    if run.flow is None:
        return []
    shown: list[Table | Picture | Paragraph] = []
    for rate in run.flow.by_concept[run.flow.concept].values():
        both = [(concept, rates[rate.which]) for concept, rates in run.flow.by_concept.items()]
        shown.append(account(study, run, rate.which))
        if rate.target is not None:
            shown.append(waterfall_picture(run, rate))
        shown.append(together(*(words.effect(run.flow, one, concept) for concept, one in both)))
    return shown


def outcomes(study: Study, run: Scenarios, target: Target) -> Table:
    """The scenarios of one target beside the base, from the series and from the flow of learners."""
    return table(f"scenarios-{target.id}", _HEADS, [_outcome(run, one) for one in _of_target(run, target)])


def every_outcome(run: Scenarios) -> Table:
    """The same of all targets, each named before its outcomes."""
    rows = [(target.label, *_outcome(run, one)) for target in run.targets for one in _of_target(run, target)]
    return table("scenarios", ("choose.target", *_HEADS), rows)


def _of_target(run: Scenarios, target: Target) -> list[Outcome]:
    return [*run.about(target.id, PROJECTION), *run.about(target.id, FLOW)]


_HEADS = (
    "scenario", "scenario.stage", "scenario.median", "scenario.range", "scenario.against_base", "scenario.chance",
    "scenario.chance_against_base", "inputs",
)  # fmt: skip


def _outcome(run: Scenarios, one: Outcome) -> tuple[Any, ...]:
    measure, base = one.target.measure, run.base_of(one)
    stage = "series" if one.stage == PROJECTION else "flow"
    inputs = "assumed" if one.assumed else "invented" if one.illustrative else "figures"
    is_base = one.scenario == BASE
    return (
        run.label(one.scenario),
        Said(f"notebooks.scenario.{stage}", concept=one.concept),
        Cell(one.median, "about", measure),
        Said("notebooks.scenario.from_to", lower=one.lower_80, upper=one.upper_80, measure=measure),
        "" if is_base else told.moved_by(base, one),
        Cell(one.probability, "chance"),
        "" if is_base else told.chance_moved(base, one),
        Said(f"notebooks.{inputs}"),
    )


def differences(study: Study, run: Scenarios, target: Target) -> Paragraph:
    """The table in words: the strongest scenario, each of them against the base, the straight line's steps."""
    said: list[Said | None] = []
    for stage in (PROJECTION, FLOW):
        said.append(told.strongest_scenario(run, target.id, stage))
        said += [
            told.difference(run, outcome)
            for outcome in run.about(target.id, stage)
            if outcome.scenario not in (BASE, "straight_line")
        ]
    if any(outcome.scenario == "straight_line" for outcome in run.about(target.id)):
        said.append(told.straight_line(study.assessment(target.id)))
    return listed(*said)


def left_out(study: Study, run: Scenarios) -> Paragraph:
    """What was not run and why."""
    said = told.left_out(run)
    return listed(*said) if said else listed(told.all_run(run))


def what_matters(study: Study, run: Scenarios) -> list[Picture | Paragraph]:
    """What moves each target: for each the tornado and its sentence."""
    shown: list[Picture | Paragraph] = []
    for one in sensitivities(study, run):
        shown += [tornado_picture(one), together(told.what_matters(one))]
    return shown or [nothing()]


def sensitivities(study: Study, run: Scenarios) -> tuple[Sensitivity, ...]:
    """What moves each target: rates on their series and on the account of learners, people on the year's counts.

    A target is left out where it is not projected or where only one thing could move it.
    """
    found = []
    for one in study.rates:
        with contextlib.suppress(NotAssessable):
            found.append(sensitivity.of_projection(study, one))
    if run.flow is not None:
        rates = run.flow.by_concept[run.flow.concept].values()
        found += [sensitivity.of_flow(study, rate.target) for rate in rates if rate.target is not None]
    for one in study.assessments:
        if isinstance(one, PeopleAssessment):
            with contextlib.suppress(NotAssessable):
                found.append(sensitivity.of_people(study, one))
    return tuple(one for one in found if len(one.moved) > 1)


def _value(value: float, measure: str) -> Said:
    if measure == "percent":
        return Said("notebooks.input.percent", value=100 * value)
    side = "below" if value < 0 else "above"
    return Said(f"notebooks.input.{side}", size=abs(rounded(value)))


def _spread(one: Summary | None, unit: str) -> Said | str:
    if one is None:
        return ""
    median, low, high = (_signed(value, unit) for value in (one.median, one.lower_80, one.upper_80))
    return Said("notebooks.account.spread", median=median, low=low, high=high)


def _signed(value: float, unit: str) -> Said:
    return Said(f"notebooks.account.{'below' if value < 0 else 'above'}.{unit}", size=abs(value))


BLOCKS = (flows, published, inputs, account, accounts, outcomes, differences, left_out, what_matters)
