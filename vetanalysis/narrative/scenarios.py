"""Sentences about scenarios, and about what training people in a year does to the share of trained labour.

A sentence that rests on assumed inputs says so in its first words and carries `assumed` among its facts.
Those from published figures alone name year and labour-force concept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vetanalysis.assessment.assessment import Assessment, RateAssessment
from vetanalysis.assessment.paces import milestones
from vetanalysis.assessment.status import status_of
from vetanalysis.blocks import Said, Text
from vetanalysis.figures.effects import ends_of
from vetanalysis.language.chances import closed_up, printed_probability
from vetanalysis.language.numbers import rounded
from vetanalysis.scenarios.published_stock import Ceiling, DefinitionPart, PublishedChange, Residual
from vetanalysis.scenarios.sensitivity import PROBABILITY, Moved, Sensitivity
from vetanalysis.scenarios.stock_flow import PER, RateFlow, StockFlow
from vetanalysis.scenarios.what_if import FLOW, Outcome, Scenarios

if TYPE_CHECKING:
    from vetanalysis.assessment.assessment import Assessment
    from vetanalysis.plan import Target


GOOD_CHANCE = 0.8


def difference(run: Scenarios, outcome: Outcome) -> Said:
    """One scenario against the base: the centre and the chance, before and after."""
    base, target = run.base_of(outcome), outcome.target
    return Said(
        "scenarios.difference", id=f"{target.id}.scenario.{outcome.scenario}", median=outcome.median,
        base=base.median, probability=outcome.probability, base_probability=base.probability,
        stage=outcome.stage, concept=outcome.concept, assumed=outcome.assumed, lead=_lead(outcome),
        called=run.label(outcome.scenario), what=target.label, measure=target.measure,
        moved=moved_by(base, outcome), risen=chance_moved(base, outcome),
    )  # fmt: skip


def strongest_scenario(run: Scenarios, target: str, stage: str) -> Said | None:
    """Which scenario raises the chance most, and whether any gives a chance of 80 %; None where none was run.

    The straight line to the target is left out: its chance is one half by construction.
    """
    outcomes = [each for each in run.about(target, stage) if each.scenario not in ("base", "straight_line")]
    if not outcomes:
        return None
    best = max(outcomes, key=lambda outcome: outcome.probability)
    base, aim = run.base_of(best), best.target
    risen = chance_moved(base, best)
    raises = risen.key == "scenarios.chance.up"
    return Said(
        "scenarios.strongest" if raises else "scenarios.strongest.none", id=f"{aim.id}.strongest.{stage}",
        scenario=best.scenario, probability=best.probability, base_probability=base.probability,
        as_of=run.as_of, assumed=best.assumed, lead=_lead(best), called=run.label(best.scenario),
        what=aim.label, target=aim.value, measure=aim.measure, count=len(outcomes),
        risen=risen, passed=_passed(best.probability),
    )  # fmt: skip


def _passed(probability: float) -> Said | str:
    """Whether the chance is 80 % or more, where the printed number does not say it already."""
    if "80%" in closed_up(printed_probability(probability)):
        return ""
    return Said("scenarios.passed.good" if probability >= GOOD_CHANCE else "scenarios.passed.below")


def straight_line(one: Assessment) -> Said | None:
    """The values on the straight line from the latest figure to the target; None where none is left."""
    if one.latest is None or not isinstance(one, RateAssessment):
        return None
    target, latest = one.target, one.latest
    values = milestones(latest.year, latest.value, int(target.period[:4]), target.value)
    if not values:
        return None
    steps = tuple(Said("scenarios.line.step", year=year, value=value) for year, value in values.items())
    return Said(
        "scenarios.line", id=f"{target.id}.straight_line", start=latest.value, what=target.label,
        year=latest.year, pace=(target.value - latest.value) / len(values), steps=steps,
        **{str(year): value for year, value in values.items()},
    )  # fmt: skip


def moved_by(base: Outcome, outcome: Outcome) -> Said:
    """The change of the centre in words, people in tens or hundreds."""
    measure, before, after = outcome.target.measure, base.median, outcome.median
    if measure == "persons":
        step = 100 if abs(after - before) >= 1000 else 10
        before, after = (rounded(value / step) * step for value in (before, after))
    return Said("scenarios.moved", before=before, after=after, measure=measure)


def chance_moved(base: Outcome, outcome: Outcome) -> Said:
    """How the printed chance moves: "tăng từ khoảng 15%", "gần như không đổi"."""
    before, now = base.probability, outcome.probability
    if printed_probability(before) == printed_probability(now):
        return Said("scenarios.chance.same")
    return Said(f"scenarios.chance.{'up' if now > before else 'down'}", before=before)


def what_matters(sensitivity: Sensitivity) -> Said | None:
    """The input that moves the outcome most, and the next; None without any."""
    if not sensitivity.moved:
        return None
    target, chance = sensitivity.target, sensitivity.outcome == PROBABILITY
    first, *others = sensitivity.moved
    then: Said | str = ""
    if others:
        second = others[0]
        then = Said("scenarios.matters.then", input=second.label, moves=_moves(second, sensitivity))
    outcome = Said("scenarios.matters.chance" if chance else "scenarios.matters.rate", what=target.label)
    return Said(
        "scenarios.matters", id=f"{target.id}.matters.{sensitivity.outcome}", base=sensitivity.base,
        first=first.name, low=first.low, high=first.high, assumed=sensitivity.assumed,
        lead=Said("scenarios.on.assumed") if sensitivity.assumed else "", outcome=outcome,
        concept=sensitivity.concept, shown=_shown(sensitivity.base, sensitivity), input=first.label,
        moves=_moves(first, sensitivity), then=then,
    )  # fmt: skip


def left_out(run: Scenarios, *, account_told: bool = True) -> list[Said]:
    """What was not run, one sentence for each reason; `account_told`: why the account was not run stands above."""
    by_reason: dict[Said | Text, list[Said]] = {}
    for each in run.left_out:
        what = Said("scenarios.flow") if each.target is None else each.target.label
        no_account = each.stage == FLOW and run.flow is None
        reason = _no_account(each.reason, account_told) if no_account else each.reason
        called = Said("scenarios.not_run.scenario", called=run.label(each.scenario), what=what)
        by_reason.setdefault(reason, []).append(called)
    return [
        Said(
            "scenarios.not_run", id=f"scenarios.left_out.{number}", reason=reason.en, assumed=False,
            scenarios=tuple(dict.fromkeys(called)), why=reason,
        )
        for number, (reason, called) in enumerate(by_reason.items())
    ]  # fmt: skip


def _no_account(reason: Said | Text, told: bool) -> Said | Text:
    """Why the account of learners could not be run, as short as a sentence can hold it."""
    lacking = isinstance(reason, Said) and reason.key == "stock_flow.reason.inputs_missing"
    return Said(f"scenarios.reason.no_{'account' if told else 'inputs'}") if told or lacking else reason


def all_run(run: Scenarios) -> Said:
    """That every scenario could be run."""
    return Said("scenarios.all_run", id="scenarios.all_run", count=len(run.scenarios), assumed=False)


def _moves(moved: Moved, sensitivity: Sensitivity) -> Said:
    if moved.high is None or moved.low is None:
        (value,) = (one for one in (moved.low, moved.high) if one is not None)
        return Said("scenarios.moves.one", value=_shown(value, sensitivity))
    low, high = (_shown(value, sensitivity) for value in (moved.low, moved.high))
    return Said("scenarios.moves.both", ends=ends_of(moved), low=low, high=high)


def _shown(value: float, sensitivity: Sensitivity) -> Said:
    if sensitivity.outcome == PROBABILITY:
        return Said("scenarios.outcome.chance", value=value / 100)
    return Said("scenarios.outcome.rate", value=value)


def _lead(outcome: Outcome) -> Said | str:
    if outcome.assumed:
        return Said("scenarios.on.assumed")
    return Said("scenarios.on.illustrative") if outcome.illustrative else ""


ENOUGH, TOO_FEW = 0.8, 0.2  # chances from which, and up to which, learners are said to be so
WHOLE_CHANGE = 0.8  # a residual of this part of the published change, or more, is about all of it


def implies(flow: StockFlow, rate: RateFlow, concept: str) -> Said | None:
    """Whether the year's learners are enough for a rate target, with range and chance; None without a target."""
    target = rate.target
    if target is None or rate.probability is None:
        return None
    low, high = (100 * value for value in rate.rate.interval(0.8))
    case = "likely" if rate.probability >= ENOUGH else "unlikely" if rate.probability <= TOO_FEW else "unsure"
    return _of_flow(
        "implied", f"{target.id}.implied", flow, concept=concept, learners=flow.total,
        median=100 * rate.rate.median, lower_80=low, upper_80=high, probability=rate.probability,
        target=target.value, what=target.label, enough=Said(f"stock_flow.enough.{case}"),
        status=status_of(rate.probability),
    )  # fmt: skip


def needed(flow: StockFlow, rate: RateFlow, concept: str) -> Said | None:
    """How many learners the target would take, as a range; None without a target."""
    target = rate.target
    if target is None or rate.needed is None:
        return None
    people = rate.needed.people
    facts: dict[str, Any] = {"needed": None}
    line = "needed.impossible"
    if people is not None:
        line = "needed.nobody" if people.median <= 0 else "needed"
        facts = {"needed": people.median, "lower_80": people.lower_80, "upper_80": people.upper_80}
    return _of_flow(
        line, f"{target.id}.needed", flow, concept=concept, target=target.value, learners=flow.total,
        impossible=rate.needed.impossible, what=target.label, **facts,
    )  # fmt: skip


def effect(flow: StockFlow, rate: RateFlow, concept: str) -> Said:
    """What 1,000 more learners add to the rate."""
    return _of_flow(
        "effect", f"{rate.which}.effect", flow, concept=concept, effect=rate.effect.median,
        lower_80=rate.effect.lower_80, upper_80=rate.effect.upper_80, per=PER, rate=f"{rate.which}_rate",
    )  # fmt: skip


def not_assessed(year: int, learners: float | None, reason: Said | Text | None) -> Said:
    """That the account cannot be run and why."""
    return Said(
        "stock_flow.not_assessed",
        id="flow.not_assessed",
        year=year,
        learners=learners,
        assumed=False,
        why=reason,
    )


def ceiling(limits: tuple[Ceiling, ...], target: Target, one: Assessment) -> Said | None:
    """The most the learners could add, against what is missing to the target; published figures only."""
    if not limits or one.latest is None:
        return None
    latest = one.latest
    told = tuple(
        Said(
            "stock_flow.ceiling.limit", points=limit.points, labour_force=limit.labour_force.value,
            year=limit.labour_force.year, concept=limit.concept,
        )
        for limit in limits
    )  # fmt: skip
    return Said(
        "stock_flow.ceiling", id=f"{target.id}.ceiling", learners=limits[0].learners,
        gap=target.value - latest.value, latest=latest.value, assumed=False, what=target.label, limits=told,
        since=latest.year, target=target.value, year=target.period[:4],
        **{limit.concept: limit.points for limit in limits},
    )  # fmt: skip


def by_definition(part: DefinitionPart) -> Said:
    """The part of a rise in the certified share that the new labour force brings, named for what it is."""
    return Said(
        "stock_flow.definition_part", id="definition.part", people=part.people, rate_before=part.rate_before,
        rate_after=part.rate_after, points=part.points, year_then=part.year_then, assumed=False,
        first=part.force_before.year, last=part.force_after.year, called=Said("stock_flow.by_definition"),
    )  # fmt: skip


def published_change(change: PublishedChange, target: Target) -> Said:
    """The last published change of a rate in people, beside the people trained in that year."""
    first, last, learners = change.before.year, change.after.year, change.learners
    amounts = tuple(
        Said("stock_flow.published_change.amount", people=abs(people), concept=concept)
        for concept, people in change.people.items()
        if concept != "break"
    )
    trained: Said | str = ""
    if learners is not None:
        trained = Said("stock_flow.published_change.trained", year=last, people=learners.value)
    crossed = change.people.get("break")
    broken: Said | str = ""
    if crossed is not None:
        way = "fall" if crossed < 0 else "rise"
        broken = Said(f"stock_flow.published_change.{way}", first=first, last=last, people=abs(crossed))
    return Said(
        "stock_flow.published_change", id=f"{target.id}.published_change", points=change.points,
        people=dict(change.people), learners=None if learners is None else learners.value, assumed=False,
        first=first, last=last, what=target.label, before=change.before.value, after=change.after.value,
        amounts=amounts, trained=trained, broken=broken,
    )  # fmt: skip


def residual(rest: Residual, target: Target) -> Said:
    """What of the published change the account leaves unexplained."""
    low, high = rest.residual.lower_80, rest.residual.upper_80
    case = "inside" if low <= 0 <= high else "whole" if rest.share >= WHOLE_CHANGE else "outside"
    return Said(
        "stock_flow.residual", id=f"{target.id}.residual", concept=rest.concept, published=rest.published,
        model=rest.model.median, residual=rest.residual.median, share=rest.share, assumed=rest.assumed,
        lead=Said("scenarios.on.assumed") if rest.assumed else "", year=rest.year, what=target.label,
        published_signed=_hundreds(rest.published), model_signed=_hundreds(rest.model.median),
        rest=_hundreds(rest.residual.median), low=_hundreds(low), high=_hundreds(high),
        meaning=Said(f"stock_flow.residual.{case}"),
    )  # fmt: skip


def assumed_inputs(flow: StockFlow) -> Said | None:
    """Which inputs are assumed; None where none is."""
    if not flow.assumed:
        return None
    called = tuple(dict.fromkeys(each.kind.label for each in flow.assumed))
    return _of_flow(
        "assumed", "flow.assumed", flow, count=len(flow.assumed), all=len(flow.inputs), inputs=called
    )


def no_inputs(plan: str) -> Said:
    """That the plan's folder holds no input of the account."""
    return Said("stock_flow.no_inputs", id="flow.no_inputs", plan=plan, assumed=False)


def nothing_published(year: int) -> Said:
    """That no published figure allows even a bound."""
    return Said("stock_flow.nothing_published", id="flow.nothing_published", year=year, assumed=False)


def _hundreds(value: float) -> Said:
    return Said("stock_flow.residual.hundreds", hundreds=int(rounded(value / 100)) * 100)


def _of_flow(line: str, name: str, flow: StockFlow, **facts: Any) -> Said:
    """A line about the account; where inputs are assumed it begins by saying so."""
    lead = Said("stock_flow.on.assumed", count=len(flow.assumed)) if flow.assumed else ""
    return Said(
        f"stock_flow.{line}", id=name, as_of=flow.as_of, year=flow.year, assumed=bool(flow.assumed),
        lead=lead, **facts,
    )  # fmt: skip
