"""What moves the chance of a target on people: one part of the year at its low and its high end, the rest as projected.

The parts are each level, the units without a report, the unit that moves the chance most, corrections of the newest
counts, and the prior's spread (halved, doubled). A level or unit at an end is held there in every path, so that its own
spread no longer counts; a correction at an end changes the counts themselves and the year is projected again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from vetanalysis.crosswalk import on_units_of
from vetanalysis.errors import NotAssessable, WrongCall
from vetanalysis.flow_counts import Flow
from vetanalysis.flows import flow_of
from vetanalysis.forecast.corrections import revise
from vetanalysis.forecast.sensitivity import HIGH, LOW, PRIOR_LABEL, PROBABILITY, Moved, Sensitivity
from vetanalysis.forecast.together import together
from vetanalysis.judging.people_projected import YearOfPeople, project_people
from vetanalysis.judging.targets import up_to
from vetanalysis.periods import parse_cutoff
from vetanalysis.text import Text

if TYPE_CHECKING:
    from vetanalysis.assessment import Assessment
    from vetanalysis.study import Study

_NOTHING = Text(
    "chưa có số liệu trong năm của các đơn vị được giao chỉ tiêu",
    "nothing of the year has been counted by units with a quota",
)
_LATE = Text("số cả năm của các đơn vị chưa báo cáo", "the year's total of units without a report")
_CORRECTED = Text("sửa số liệu đã báo cáo", "corrections of the figures reported")


def of_people(study: Study, one: Assessment) -> Sensitivity:
    """What moves the probability of a target on people of the plan's place, in percent; the strongest first.

    Raises WrongCall for a rate, NotAssessable where no probability is given or nothing of the year is counted.
    """
    if one.target.measure != "persons":
        raise WrongCall(f"target {one.target.id} is no count of people")
    year = one.facts.get("year_of_people")
    if year is None or one.probability is None or one.projection is None:
        raise NotAssessable(one.reason or _NOTHING)
    base = 100 * one.probability
    units = [*_units(study, one, year)]
    strongest = sorted(units, key=lambda moved: -moved.width(base))[:1]
    found = [*_levels(study, one, year), *_late(one, year), *strongest, *_corrected(study, one), *_prior(one)]
    ordered = tuple(sorted(found, key=lambda moved: -moved.width(base)))
    return Sensitivity(one.target, PROBABILITY, "", base, ordered, one.illustrative)


def _levels(study: Study, one: Assessment, year: YearOfPeople) -> Iterator[Moved]:
    """Each level at its ends, where there are several.

    Levels add up to the place's own projection, which the printed chance is not made of alone: the total asked for is
    the one that this projection reaches with the printed chance.
    """
    if len(year.by_level) < 2:
        return
    joint = together(year.by_level, rng=study.seed)
    goal = year.direct.target_for(one.probability, one.target.operator)
    names = {level.id: level.name for level in study.plan.levels}
    for column, level in enumerate(year.by_level):
        name = names[str(level)]
        label = Text(f"số người trình độ {name.vi.lower()}", f"people at {name.en.lower()} level")
        yield _held(f"level|{level}", label, joint.sum(axis=1), joint[:, column], float(goal), one)


def _units(study: Study, one: Assessment, year: YearOfPeople) -> Iterator[Moved]:
    draws = year.reconciled.units
    if draws.shape[1] < 2:
        return
    for code in draws.columns:
        if code in year.late:
            continue
        unit = study.plan.unit(code)
        name = unit.short_name or unit.name
        label = Text(f"số cả năm của {name}", f"the year's total of {unit.name_en or name}")
        yield _held(
            f"unit|{code}", label, year.reconciled.province, draws[code].to_numpy(), one.target.value, one
        )


def _late(one: Assessment, year: YearOfPeople) -> Iterator[Moved]:
    late = list(year.late)
    if late and len(late) < year.reconciled.units.shape[1]:
        part = year.reconciled.units[late].to_numpy().sum(axis=1)
        yield _held("late", _LATE, year.reconciled.province, part, one.target.value, one)


def _held(name: str, label: Text, total: np.ndarray, part: np.ndarray, goal: float, one: Assessment) -> Moved:
    """The chance with one part of the total (S,) held at its 10 % and at its 90 % point in every path."""
    ends = np.quantile(part, [LOW, HIGH])
    rest = total - part
    low, high = (
        100 * float(((rest + end >= goal) if one.target.operator == ">=" else (rest + end <= goal)).mean())
        for end in ends
    )
    return Moved(name, label, low, high, float(ends[0]), float(ends[1]), "persons")


def _corrected(study: Study, one: Assessment) -> Iterator[Moved]:
    """The newest counts as they would be after a correction at its 10 % and its 90 % point."""
    flow = _flow(study, one)
    seen = flow.revision()
    if seen is None or flow.quarter == 4:
        return
    ends = np.quantile(revise(np.ones(4000), seen, rng=study.seed), [LOW, HIGH])
    low, high = (
        100 * project_people(_with_counts(flow, float(end)), study.seed).reconciled.projection().probability(
            one.target.value, one.target.operator
        )
        for end in ends
    )  # fmt: skip
    down, up = (100 * (float(end) - 1) for end in ends)
    yield Moved("corrections", _CORRECTED, low, high, down, up, "percent")


def _with_counts(flow: Flow, factor: float) -> Flow:
    """The flow with its newest counts times a factor, final, never under the cut-off before."""
    counts = flow.counts.copy()
    now = counts.index.get_level_values("year") == flow.year
    before = counts.loc[now, list(range(1, flow.quarter))].max(axis=1).fillna(0.0)
    newest = (counts.loc[now, flow.quarter] * factor).round()
    counts.loc[now, flow.quarter] = np.maximum(newest, before).where(newest.notna())
    return replace(flow, counts=counts, status="final", final=frozenset(flow.units))


def _flow(study: Study, one: Assessment) -> Flow:
    plan, known = on_units_of(study.plan, up_to(study.observations, study.as_of), study.as_of)
    return flow_of(plan, known, one.target, parse_cutoff(one.counted_to), plan.place.code)


def _prior(one: Assessment) -> Iterator[Moved]:
    if {0.5, 2.0} <= set(one.sensitivity):
        yield Moved("prior", PRIOR_LABEL, 100 * one.sensitivity[0.5], 100 * one.sensitivity[2.0])
