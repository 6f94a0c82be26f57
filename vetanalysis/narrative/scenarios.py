"""Sentences about scenarios: what each changes against the base, which changes most, what could not be run."""

from __future__ import annotations

from vetanalysis.assessment.assessment import Assessment, RateAssessment
from vetanalysis.assessment.paces import milestones
from vetanalysis.blocks import Said, Text
from vetanalysis.figures.effects import ends_of
from vetanalysis.language.chances import closed_up, printed_probability
from vetanalysis.language.numbers import rounded
from vetanalysis.scenarios.sensitivity import PROBABILITY, Moved, Sensitivity
from vetanalysis.scenarios.what_if import FLOW, Outcome, Scenarios

GOOD_CHANCE = 0.8


def difference(run: Scenarios, outcome: Outcome, evidence: str = "weak") -> Said:
    """One scenario against the base: the centre and the chance, before and after."""
    base, target = run.base_of(outcome), outcome.target
    return Said(
        "scenarios.difference", id=f"{target.id}.scenario.{outcome.scenario}", median=outcome.median,
        base=base.median, probability=outcome.probability, base_probability=base.probability,
        stage=outcome.stage, concept=outcome.concept, assumed=outcome.assumed, lead=_lead(outcome),
        called=run.label(outcome.scenario), what=target.label, measure=target.measure,
        moved=moved_by(base, outcome), risen=chance_moved(base, outcome), evidence=evidence,
    )  # fmt: skip


def strongest_scenario(run: Scenarios, target: str, stage: str, evidence: str = "weak") -> Said | None:
    """Which scenario raises the chance most, and whether any gives a chance of 80 %; None where none was run.

    The straight line to the target is left out: its chance is one half by construction.
    """
    outcomes = [each for each in run.about(target, stage) if each.scenario not in ("base", "straight_line")]
    if not outcomes:
        return None
    best = max(outcomes, key=lambda outcome: outcome.probability)
    base, aim = run.base_of(best), best.target
    raises = best.probability > base.probability
    return Said(
        "scenarios.strongest" if raises else "scenarios.strongest.none", id=f"{aim.id}.strongest.{stage}",
        scenario=best.scenario, probability=best.probability, base_probability=base.probability,
        as_of=run.as_of, assumed=best.assumed, lead=_lead(best), called=run.label(best.scenario),
        what=aim.label, target=aim.value, measure=aim.measure, count=len(outcomes), evidence=evidence,
        risen=chance_moved(base, best), passed=_passed(best.probability, evidence),
    )  # fmt: skip


def _passed(probability: float, evidence: str) -> Said | str:
    """Whether the chance is 80 % or more, where the printed number does not say it already."""
    if "80%" in closed_up(printed_probability(probability, evidence)):
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
    """The change of the chance in whole points: "tăng 9 điểm phần trăm", "gần như không đổi"."""
    moved = rounded(100 * (outcome.probability - base.probability))
    if moved == 0:
        return Said("scenarios.chance.same")
    return Said(f"scenarios.chance.{'up' if moved > 0 else 'down'}", points=abs(moved))


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


def left_out(run: Scenarios) -> list[Said]:
    """What was not run, one sentence for each reason."""
    by_reason: dict[Said | Text, list[Said]] = {}
    for each in run.left_out:
        what = Said("scenarios.flow") if each.target is None else each.target.label
        no_account = each.stage == FLOW and run.flow is None
        reason = Said("scenarios.reason.no_account") if no_account else each.reason
        called = Said("scenarios.not_run.scenario", called=run.label(each.scenario), what=what)
        by_reason.setdefault(reason, []).append(called)
    return [
        Said(
            "scenarios.not_run", id=f"scenarios.left_out.{number}", reason=reason.en, assumed=False,
            scenarios=tuple(dict.fromkeys(called)), why=reason,
        )
        for number, (reason, called) in enumerate(by_reason.items())
    ]  # fmt: skip


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
