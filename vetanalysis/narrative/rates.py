"""Sentences that hold a rate against others: its newest figure, other places, what is published of such targets."""

from __future__ import annotations

from vetanalysis.assessment.assessment import Assessment, Beside, RateAssessment
from vetanalysis.blocks import Said
from vetanalysis.language import numbers
from vetanalysis.language.filters import known
from vetanalysis.narrative.targets import newest
from vetanalysis.observations.table import to_percent
from vetanalysis.plan.model import aim


def behind_newest(one: Assessment) -> Said | None:
    """Why a rate is projected worse than its newest figure; None where it is not, as both are printed."""
    point = newest(one)
    if (
        not isinstance(one, RateAssessment)
        or point is None
        or one.projection is None
        or not known(one.median)
    ):
        return None
    fallen = numbers.printed_change(one.median, point.value, one.target.measure)
    if (fallen if one.target.operator == ">=" else -fallen) <= 0:
        return None
    counted = {said.facts["period"] for said in one.evidence_reasons if said.key == "evidence.reason.within"}
    whole = point.period.endswith("-FY")
    why = "whole" if whole else "within" if point.period in counted else "apart"
    return Said(
        f"rates.behind_newest.{why}", id=f"{one.target.id}.behind_newest", value=point.value, goal=one.target.value,
        measure=one.target.measure, period=point.period, below=one.target.operator == ">=",
    )  # fmt: skip


def among_provinces(one: Assessment, other: Beside | None = None) -> Said | None:
    """Where a published rate stands among those of the provinces, like with like; None where that is not known.

    `other`: a neighbouring figure in place of the target's own.
    """
    if not isinstance(one, RateAssessment):
        return None
    rank, points = (one.rank, one.points) if other is None else (other.rank, other.points)
    if rank is None:
        return None
    name = one.target.id if other is None else f"{one.target.id}.beside.{other.indicator}.{other.concept}"
    goal = one.target.value if other is None else None
    return Said(
        "rates.among_provinces", id=f"{name}.rank", value=points[-1].value, goal=goal, measure=one.target.measure,
        period=points[-1].period, **rank._asdict(),
    )  # fmt: skip


def published(one: Assessment, again: bool = False) -> Said | None:
    """What the figures published for such targets suggest, beside what development supports; None where not said.

    `again`: it was said of another target before, with the reason why the judgement goes by the other.
    """
    if not isinstance(one, RateAssessment) or one.published is None:
        return None
    lower, upper = (to_percent(end) for end in one.published.interval)
    return Said(
        "targets.published", id=f"{one.target.id}.published", published=one.published.probability, lower_80=lower,
        upper_80=upper, pairs=one.published.learned.pairs, measure=one.target.measure, aim=aim(one.target),
        judged=not again,
    )  # fmt: skip


def published_record(one: Assessment) -> Said | None:
    """What that second statement rests on: how many such targets were met, and how it did."""
    if not isinstance(one, RateAssessment) or one.published is None:
        return None
    record = one.published.record
    tested = record.tested and Said(
        "targets.published_record.tested", held=100 * record.tested.held, scored=record.tested.scored,
        skill=record.tested.has_skill,
    )  # fmt: skip
    return Said(
        "targets.published_record", id=f"{one.target.id}.published_record", pairs=record.pairs, met=record.met,
        tested=tested,
    )  # fmt: skip
