"""How a scenario changes what it acts on: a rate's projection, a year's total, the inputs of the account.

Every move gives a new object and leaves the one it was given as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from vetanalysis.blocks import Said
from vetanalysis.errors import NotAssessable, WrongCall
from vetanalysis.forecast.mixture import MixtureProjection, inverse_logit, logit
from vetanalysis.forecast.projection import DrawsProjection, Projection
from vetanalysis.scenarios.stock_flow import PLACE_ONLY, people_target
from vetanalysis.scenarios.stock_flow_inputs import Inputs

if TYPE_CHECKING:
    import pandas as pd

    from vetanalysis.assessment.assessment import Assessment
    from vetanalysis.plan import Plan, Target
    from vetanalysis.study import Study

FEWEST_PACES = 10
_NOTHING_LEFT = Said("scenarios.reason.nothing_left")


@dataclass(frozen=True, slots=True)
class Move:
    """One change: `stage` is what it acts on ("rate", "people", "flow"), `how` the kind, `value` its size.

    rate: "hold" (as the latest figure), "line" (straight to the target), "pace" (the pace of the quantile
    `value` of the provinces'), "extra" (`value` points a year more), "add" (`value` points in all, signed), "faster"
    (`value` points a year, signed). people: "hold", "places" (`value` more of `level`), "add" (`value` people
    more, whatever else comes), "catch_up" (the `value` units furthest behind their quota reach the whole's share).
    `name`: the target whose people come with "places" or "add", empty: the plan's first head count; see `counts_them`.
    flow: "places" (of `level`, empty: spread over the levels as the learners are), "gap" (the part that fails of
    input `name` times `value`), "scale" (input `name` times `value`).

    >>> Move("people", "add", 500).value
    500
    """

    stage: str
    how: str
    value: float = 0.0
    name: str = ""
    level: str = ""


def moved_rate(study: Study, assessment: Assessment, move: Move) -> Projection:
    """The rate's projection with its centre where the move puts it, its spread on the logit scale kept."""
    if assessment.projection is None or assessment.probability is None or assessment.median is None:
        raise NotAssessable(assessment.reason or _NOTHING_LEFT)
    if assessment.latest is None or assessment.horizon < 1:
        raise NotAssessable(assessment.reason or _NOTHING_LEFT)
    sign = 1 if assessment.target.operator == ">=" else -1
    if move.how == "hold":
        centre = assessment.latest.value
    elif move.how == "line":
        if sign * (assessment.latest.value - assessment.target.value) >= 0:
            raise NotAssessable(Said("scenarios.reason.passed"))
        centre = assessment.target.value
    elif move.how == "add":
        centre = assessment.median + move.value
    elif move.how in ("extra", "faster"):
        better = sign if move.how == "extra" else 1
        centre = assessment.median + better * move.value * assessment.horizon
    elif move.how == "pace":
        q = move.value if sign > 0 else 1 - move.value
        centre = assessment.latest.value + pace_elsewhere(study, assessment.horizon, q) * assessment.horizon
    else:
        raise WrongCall(f"move {move.how!r} does not act on a rate")
    return centred(assessment.projection, min(max(centre, 0.1), 99.9) / 100)


def centred(projection: Projection, median: float) -> Projection:
    """A rate's projection shifted on the logit scale until its median (share) is `median`."""
    margin = getattr(projection, "margin", 0.0)
    delta = logit(np.float64(median), margin) - logit(np.float64(projection.median), margin)
    if isinstance(projection, MixtureProjection):
        return replace(projection, location=projection.location + delta, alternatives={}, true_level=None)
    draws = _by_draws(projection).draws[:, 0]
    inside = np.clip(draws, 1e-9, 1 - 1e-9)
    return DrawsProjection(
        inverse_logit(logit(inside, 0.0) + delta, 0.0),
        projection.periods[0],
        lower_bound=0.0,
        upper_bound=1.0,
    )


def quantiles_to_move(assessment: Assessment, levels: np.ndarray) -> np.ndarray:
    """What the move "add" shifts, at `levels` (Q,): of a rate its logit, of people how many are still to come.

    Raises NotAssessable without a projection.
    """
    projection = assessment.projection
    if projection is None or assessment.probability is None:
        raise NotAssessable(assessment.reason or _NOTHING_LEFT)
    if isinstance(projection, MixtureProjection):
        return projection.logit_quantiles(levels)[0]
    values = np.asarray(projection.quantile(levels))
    if assessment.kind == "rate":
        return logit(np.clip(values, 1e-9, 1 - 1e-9), 0.0)
    return values - counted(projection)


def counted(projection: Projection) -> float:
    """The people of a projected year that are counted already: its total cannot be lower."""
    return _by_draws(projection).lower_bound or 0.0


def _by_draws(projection: Projection) -> DrawsProjection:
    if not isinstance(projection, DrawsProjection):
        raise TypeError(f"{type(projection).__name__} is not known by its draws")
    return projection


def pace_elsewhere(study: Study, years: int, quantile: float) -> float:
    """A quantile of the yearly changes (points) that provinces managed over `years` years.

    Raises NotAssessable where fewer than ten are known.
    """
    from vetanalysis.observations.published import observed_paces

    paces = observed_paces(study.observations, "certified_rate", years)["points_per_year"].to_numpy()
    if len(paces) < FEWEST_PACES:
        raise NotAssessable(Said("scenarios.reason.few_paces"))
    return float(np.quantile(paces, quantile))


def counts_them(plan: Plan, target: Target, move: Move) -> bool:
    """Whether a target on people counts whoever a move adds: the same count, and every level they may come in.

    What more people in one count bring to another one (who enrols to who graduates or drops out) no figure says.
    """
    added = people_added(plan, move.name)
    if added is None or target.indicator != added.indicator:
        return False
    levels = (move.level,) if move.level else plan.levels_of(added)
    return set(levels) <= set(plan.levels_of(target))


def people_added(plan: Plan, target: str = "") -> Target | None:
    """Whose people come on top: those of the target with this id, else of the plan's first head count; None without."""
    return plan.target(target) if target else next(iter(plan.head_counts), None)


def more_people(plan: Plan, people: float, year: int | None, target: str = "") -> list[Move]:
    """People who come on top: of the target with this id where it counts people, else of the plan's first head count.

    They are learners of the account, too, where they are those it begins with; `year`: of the account, None for none.
    """
    name = target if target and plan.target(target).measure == "persons" else ""
    found = [Move("people", "add", people, name=name)]
    added, learners = people_added(plan, name), None if year is None else people_target(plan, year)
    if added is None:  # it says that the plan has no such target
        found.append(Move("flow", "places", people))
    elif learners is not None and added.indicator == learners.indicator:
        found.append(Move("flow", "places", people, level=plan.level_of(added) or ""))
    return found


def moved_people(study: Study, assessment: Assessment, move: Move) -> DrawsProjection:
    """The year's total as the move makes it, never below what is counted already.

    New places fill as the plan does (never by more than their number) and only in the part of the year's people
    that is still to come; people who are added are all counted.
    """
    if assessment.projection is None or assessment.probability is None or assessment.median is None:
        raise NotAssessable(assessment.reason or _NOTHING_LEFT)
    if study.as_of.code == "FY" and study.as_of.year == int(assessment.target.period[:4]):
        raise NotAssessable(Said("scenarios.reason.year_over"))
    if move.how in ("places", "add") and not counts_them(study.plan, assessment.target, move):
        added = people_added(study.plan, move.name)
        raise NotAssessable(Said("scenarios.reason.another_count", what=added and added.label))
    if move.how == "catch_up" and assessment.target.operator == "<=":
        raise NotAssessable(Said("scenarios.reason.ceiling"))
    projection = _by_draws(assessment.projection)
    draws, so_far = projection.draws[:, 0], counted(projection)
    if move.how == "hold":
        last = _last_total(assessment)
        left = (last - so_far) / max(assessment.median - so_far, 1.0)
        new = so_far + (draws - so_far) * max(left, 0.0)
    elif move.how == "places":
        new = draws + move.value * np.clip(draws / assessment.target.value, 0, 1) * _still_open(draws, so_far)
    elif move.how == "add":
        new = np.maximum(draws + move.value, so_far)
    elif move.how == "catch_up":
        new = draws + catching_up(study, assessment, int(move.value))
    else:
        raise WrongCall(f"move {move.how!r} does not act on people")
    return DrawsProjection(
        new, assessment.projection.periods[0], lower_bound=so_far, n_points=assessment.projection.n_points
    )


def _still_open(draws: np.ndarray, counted: float) -> np.ndarray:
    """The part of the year's people that is not yet counted, in every draw."""
    return 1 - np.divide(counted, draws, out=np.ones_like(draws), where=draws > 0)


def catching_up(study: Study, assessment: Assessment, units: int) -> float:
    """People it would take for the `units` furthest behind to reach the share of quota counted so far by all.

    Raises NotAssessable where no unit with a quota has reported in the year.
    """
    if study.unit.code != study.plan.place.code:
        raise NotAssessable(PLACE_ONLY)
    behind = _attainment(study, assessment)
    if len(behind) <= units:
        raise NotAssessable(Said("scenarios.reason.no_returns_by_unit", year=study.as_of.year))
    whole = behind["counted"].sum() / behind["quota"].sum()
    last = behind.assign(share=behind["counted"] / behind["quota"]).nsmallest(units, "share")
    return float((whole * last["quota"] - last["counted"]).clip(lower=0).sum())


def _attainment(study: Study, assessment: Assessment) -> pd.DataFrame:
    """Quota and people counted at the cut-off by unit, for units that have both."""
    import pandas as pd

    from vetanalysis.observations.checks import are_totals
    from vetanalysis.observations.table import latest_vintage

    year, plan = study.as_of.year, study.plan
    quotas = plan.quotas_of(assessment.target.indicator)
    quotas = quotas[quotas["period"] == f"{year}-FY"]
    quotas = quotas[quotas["level"].isin(_counted_levels(study, assessment))].groupby("unit")["value"].sum()
    obs = study.observations
    rows = obs[
        (obs["indicator"] == assessment.target.indicator)
        & (obs["period"] == str(study.as_of))
        & (obs["basis"] == "cumulative")
        & obs["level"].isin(_counted_levels(study, assessment))
    ]
    rows = rows[are_totals(rows, but=("level",)) & rows["value"].notna()]
    counted = latest_vintage(rows).groupby("unit")["value"].sum()
    return pd.DataFrame({"quota": quotas[quotas > 0], "counted": counted}).dropna()


def _counted_levels(study: Study, assessment: Assessment) -> list[str]:
    return list(assessment.target.levels) or [level.id for level in study.plan.levels if level.counted]


def moved_inputs(
    inputs: Inputs, learners: Mapping[str, float], move: Move
) -> tuple[Inputs, dict[str, float]]:
    """Inputs and learners of the account as the move makes them."""
    changed = dict(learners)
    if move.how == "places":
        parts = {move.level: 1.0} if move.level else _shares(changed)
        if not parts or not changed.keys() >= parts.keys():
            raise NotAssessable(Said("scenarios.reason.no_quotas_by_level"))
        more = {level: changed[level] + move.value * part for level, part in parts.items()}
        if min(more.values()) <= 0:
            raise NotAssessable(Said("scenarios.reason.nobody_left"))
        return inputs, changed | more
    if move.how not in ("gap", "scale"):
        raise WrongCall(f"move {move.how!r} does not act on the flows")
    for row in inputs.rows:
        if row.name == move.name:
            mean = 1 - (1 - row.mean) * move.value if move.how == "gap" else row.mean * move.value
            inputs = inputs.with_row(replace(row, mean=mean))
    return inputs, changed


def _shares(learners: Mapping[str, float]) -> dict[str, float]:
    """The part of each level in all learners; empty without any."""
    total = sum(learners.values())
    return {level: people / total for level, people in learners.items()} if total else {}


def _last_total(assessment: Assessment) -> float:
    if assessment.latest is None:
        raise NotAssessable(Said("scenarios.reason.no_total_before"))
    year = int(assessment.target.period[:4])
    before = [point for point in assessment.points if point.year < year]
    return before[-1].value if before else assessment.latest.value
