"""Judging targets on a rate: its own base and concept only, neighbours beside it and never in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from vetanalysis.assessment.assessment import CONTRADICTION, Beside, RateAssessment
from vetanalysis.assessment.evidence import evidence_grade
from vetanalysis.assessment.histories import (
    History,
    adopted,
    history_of,
    in_year_figure,
    kind_of,
)
from vetanalysis.assessment.paces import (
    FirstPassage,
    extra_for_probability,
    first_passage,
    percentile_of_pace,
    required_pace,
    seen_pace,
)
from vetanalysis.assessment.people_until import known_for
from vetanalysis.assessment.published_outcome import Announced, announced_pairs, learn, outcome
from vetanalysis.assessment.record import backtest_inside
from vetanalysis.assessment.status import status_of
from vetanalysis.blocks import Said
from vetanalysis.errors import DataRefused, NotAssessable
from vetanalysis.forecast.part_of_year import rate_by
from vetanalysis.observations.published import (
    EFFECT_OF,
    DefinitionEffect,
    definition_effect,
    load_announced,
    observed_paces,
    rank_among_provinces,
)
from vetanalysis.observations.series import pieces
from vetanalysis.observations.table import to_percent, to_share
from vetanalysis.observations.territory import OTHER_TERRITORY, merger_of
from vetanalysis.periods import parse_cutoff
from vetanalysis.plan.model import ADMINISTRATIVE

if TYPE_CHECKING:
    from vetanalysis.assessment.targets import FiguresAt
    from vetanalysis.forecast.nested import NestedProjection
    from vetanalysis.forecast.projection import Projection
    from vetanalysis.observations.published import Rank
    from vetanalysis.plan import Plan, Related, Target


PACE_INDICATOR = "certified_rate"  # the only rate published yearly for every province
FEWEST_PACES = 10
YEARS_IN_SIGHT = 12  # how far past the latest figure the first year of reaching a target is looked for
COMPARABLE = ("trained_rate", "certified_rate")  # rates whose pace may be set beside that of provinces


def figures_of_rates(plan: Plan, obs: pd.DataFrame) -> pd.DataFrame:
    """The figures that the plan's targets on rates are judged on, and those set beside them; see `adopted`."""
    targets = [target for target in plan.targets if target.is_rate]
    beside = (related.indicator for target in targets for related in target.related)
    named = {PACE_INDICATOR, *EFFECT_OF, *(target.indicator for target in targets), *beside}
    if plan.in_viet_nam:
        announced = load_announced()
        named |= set(announced.loc[announced["measure"] == "percent", "indicator"])
    return adopted(plan, obs[obs["indicator"].isin(named)], targets)


def assess_rates(figures: FiguresAt, targets: Sequence[Target], unit: str) -> dict[str, RateAssessment]:
    """A `RateAssessment` for each rate target, by id. A part is projected inside its whole where both have figures.

    Where a part exceeds its whole in some year neither is judged and the reason says so; other targets are unharmed.
    """
    plan, obs = figures.plan, figures.rates
    own = obs[obs["unit"] == unit]
    histories = {target.id: history_for(figures, target, unit) for target in targets}
    nested, refused = nested_pairs(plan, targets, histories, figures.seed)
    pairs: tuple[Announced, ...] = ()
    if plan.in_viet_nam and unit == plan.place.code:  # its own figure is the one that is published
        pairs = announced_pairs(load_announced(), obs)
    return {
        target.id: _assess_rate(
            figures, own, target, histories[target.id], unit, nested.get(target.id), refused.get(target.id),
            pairs if _is_like(target, pairs) else (),
        )
        for target in targets
    }  # fmt: skip


def history_for(figures: FiguresAt, target: Target, unit: str) -> History:
    """The figures a target is judged on for a unit, with what other units teach before them."""
    obs = figures.rates[figures.rates["unit"] == unit]
    history = history_of(known_for(obs, target), target, unit)
    return figures.elsewhere.taught(history, target, unit, better_side(figures.plan, target))


def better_side(plan: Plan, target: Target) -> str:
    """The side on which a rate counts as better, by its indicator: a floor and a ceiling on it share a projection.

    That of the target where the indicator has none.
    """
    rows = plan.indicators
    of = rows.loc[rows["id"] == target.indicator, "direction"].tolist()
    return {"up": ">=", "down": "<="}.get(of[0] if of else "", target.operator)


def _is_like(target: Target, pairs: Sequence[Announced]) -> bool:
    """Whether the announced targets are of its kind: rates that departments count, of the same quantity, to rise."""
    alike = target.concept == ADMINISTRATIVE and target.operator == ">="
    return alike and target.indicator in {one.indicator for one in pairs}


@dataclass(frozen=True, slots=True)
class Pair:
    """A part projected within its whole, and the chance that both targets are reached where both are due together."""

    projection: NestedProjection  # at the part's year
    path: Projection  # of the part, every year up to it
    whole: Target
    both: float | None


def nested_pairs(
    plan: Plan, targets: Sequence[Target], histories: Mapping[str, History], seed: int
) -> tuple[dict[str, Pair], dict[str, Said]]:
    """The pairs by the part's id, where two years or more have both; and why targets in a pair cannot be judged."""
    from vetanalysis.forecast.nested import project_nested

    by_id = {target.id: target for target in targets}
    pairs: dict[str, Pair] = {}
    refused: dict[str, Said] = {}
    for part in targets:
        whole = by_id.get(part.part_of)
        if whole is None or min(len(histories[target.id].learned) for target in (part, whole)) < 2:
            continue
        year = parse_cutoff(part.period).year
        first = max(histories[target.id].next_year for target in (part, whole))
        try:
            paths = project_nested(
                histories[whole.id].learned, histories[part.id].learned, [*range(first, year + 1)] or year,
                direction=better_side(plan, whole), part_direction=better_side(plan, part),
                prior=histories[whole.id].prior, part_prior=kind_of(part), survey_se=histories[whole.id].errors,
                rng=seed,
            )  # fmt: skip
        except NotAssessable:  # no two years in common: each is projected by itself
            continue
        except DataRefused as error:
            refused |= dict.fromkeys((part.id, whole.id), _contradiction(error))
            continue
        pair, both = paths.at_end(), None
        if parse_cutoff(whole.period).year == year:
            both = pair.joint_probability(
                whole=to_share(whole.value), part=to_share(part.value),
                direction=whole.operator, part_direction=part.operator,
            )  # fmt: skip
        pairs[part.id] = Pair(pair, paths.part, whole, both)
    return pairs, refused


def _contradiction(error: DataRefused) -> Said:
    return Said(CONTRADICTION, findings=tuple(finding.found for finding in error.findings))


def project(
    history: History, target: Target | Related, year: int | list[int], direction: str, seed: int
) -> Projection:
    """The predictive distribution (shares) of one definition's rate; NotAssessable as the figures demand."""
    from vetanalysis.forecast.rate import project_rate

    prior = history.prior or kind_of(target)
    return project_rate(
        history.learned, year, direction=direction, prior=prior, survey_se=history.errors, rng=seed
    )


def _assess_rate(
    figures: FiguresAt, obs: pd.DataFrame, target: Target, history: History, unit: str,
    nested: Pair | None, refused: Said | None, pairs: Sequence[Announced],
) -> RateAssessment:  # fmt: skip
    """`obs`: the unit's own figures.

    `pairs`: announced targets, which teach what will be published; empty where this figure is not.
    """
    seed, year = figures.seed, parse_cutoff(target.period).year
    side = better_side(figures.plan, target)
    beside = tuple(_beside(figures, related, unit, year, side) for related in target.related)
    estimate = in_year_figure(obs, target, figures.cutoff, unit)
    if estimate is not None:
        note = f"assessment.within_year.{'counted' if estimate in history.within else 'apart'}"
        shown = Beside(
            target.indicator, target.base, target.concept, (estimate,), None, None, None, None,
            Said(note, period=estimate.period),
        )  # fmt: skip
        beside = (shown, *beside)
    base = RateAssessment(
        target=target, as_of=str(figures.cutoff), unit=unit, horizon=0, points=history.points,
        status="not_assessed", beside=beside, definition_effect=_definition_effect(obs, target, unit),
        rank=_rank(figures, target, unit, history),
    )  # fmt: skip
    if not target.of_whole_year and refused is None:
        own = in_year_figure(known_for(obs, target), target, parse_cutoff(target.period), unit)
        if own is not None and own.period == target.period:
            points = (*(one for one in history.points if one.period != target.period), own)
            without = tuple(other for other in base.beside if other.points[-1:] != (own,))
            return _judged(replace(base, points=points, beside=without), replace(history, points=points))
    if refused is None and target.of_whole_year and year in history.values:  # whatever came afterwards
        points = tuple(one for one in history.points if one.year <= year)
        return _judged(replace(base, points=points), replace(history, points=points))
    base = replace(base, reason=refused)
    if base.is_awaited:
        return _unjudged(base, history)
    if refused is not None or not history.projectable:
        grade, reasons = evidence_grade(points=len(history.points))
        return replace(
            base,
            reason=base.reason or _why_not(figures, obs, target, unit),
            evidence=grade,
            evidence_reasons=reasons,
        )
    latest = history.points[-1]
    years, due = [*range(history.next_year, year + 1)], parse_cutoff(target.period)
    try:
        if nested is None:
            projection = project(history, target, year, side, seed)
            path = project(history, target, years, side, seed)
        else:
            projection, path = nested.projection.part, nested.path
    except NotAssessable as error:
        return replace(base, reason=error.reason)
    if not target.of_whole_year:
        path, projection = rate_by(path, to_share(latest.value), due.months / 12, target.period, seed)
    elif nested is not None and nested.both is not None:
        base = replace(base, both_with=nested.whole, both_reached=nested.both)
    assessment = _projected(base, history, projection, year, figures)
    learned = learn(pairs)
    if learned is not None:
        said = outcome(projection, to_share(target.value), target.operator, learned, pairs=pairs)
        assessment = replace(assessment, published=said)
    passage = _first_passage(history, target, year, assessment.probability, seed, side)
    return replace(assessment, path=path, first_passage=passage)


def _first_passage(
    history: History, target: Target, due: int, when_due: float | None, seed: int, side: str
) -> FirstPassage:
    """The first year with a chance of 50 % or more; the target's own year has the answer's own chance, `when_due`."""
    after = history.next_year
    years = list(range(after, max(after + YEARS_IN_SIGHT, due + 1)))
    ahead = project(history, target, years, side, seed)
    known = {} if when_due is None else {due: when_due}
    return first_passage(ahead, to_share(target.value), target.operator, known=known)


def _judged(base: RateAssessment, history: History) -> RateAssessment:
    """The target's own year has a figure: it is reached or it is not, and no probability is needed."""
    target = base.target
    year = parse_cutoff(target.period).year
    of_year = [point for point in history.points if point.year == year]
    point = next((point for point in of_year if point.period == target.period), history.points[-1])
    sign = 1 if target.operator == ">=" else -1
    reached = sign * (point.value - target.value) >= 0
    status = status_of(float(reached), point.value, point.status, target.value, target.operator)
    grade, reasons = evidence_grade(points=len(history.points))
    return replace(
        base, status=status, probability=1.0 if reached else 0.0, median=point.value, lower_80=point.value,
        upper_80=point.value, gap=sign * (target.value - point.value), pace_seen=seen_pace(history.values),
        evidence=grade, evidence_reasons=reasons, illustrative=point.illustrative,
    )  # fmt: skip


def _unjudged(base: RateAssessment, history: History) -> RateAssessment:
    """What is known of a rate whose period is over and whose figure has not come: nothing is projected any more.

    Nor of one whose figures contradict each other, which is then why it is not judged.
    """
    bare: dict[str, Any] = {"projection": None, "median": None, "lower_80": None, "upper_80": None}
    beside = (
        replace(other, **bare, note=Said("assessment.within_year", **other.note.facts))
        if isinstance(other.note, Said) and other.note.key.startswith("assessment.within_year.")
        else replace(other, **bare)
        for other in base.beside
    )
    target, latest, sign = base.target, base.latest, 1 if base.target.operator == ">=" else -1
    passed = latest is not None and parse_cutoff(latest.period) > parse_cutoff(target.period)
    waits = Said(f"assessment.not_assessed.{'own_period' if passed else 'not_yet'}", period=target.period)
    return replace(
        base,
        reason=base.reason or waits,
        gap=None if latest is None or passed or base.reason else sign * (target.value - latest.value),
        beside=tuple(beside),
        illustrative=history.illustrative,
        breaks=history.breaks,
    )


def _projected(
    base: RateAssessment, history: History, projection: Projection, year: int, figures: FiguresAt
) -> RateAssessment:
    """What follows from a projection; its record counts where the place lies where the record is from."""
    target, latest = base.target, history.points[-1]
    goal, direction = to_share(target.value), target.operator
    sensitivity = projection.sensitivity(goal, direction)
    probability = projection.probability(goal, direction)
    lower, upper = projection.interval(0.8)
    horizon = max(year - latest.year, 1)
    left = year - latest.year - (12 - parse_cutoff(target.period).months) / 12
    left += 1 - parse_cutoff(latest.period).months / 12
    required = required_pace(latest.value, target.value, left)
    paces = _paces(figures.rates, horizon) if target.indicator in COMPARABLE else []
    rank = percentile_of_pace(required, paces, direction)
    true = projection.true_level
    broken = history.breaks[-1] if history.breaks else None
    grade, reasons = evidence_grade(
        points=len(history.points), sensitivity=sensitivity, series_break=broken,
        mostly_prior=projection.mostly_prior, taught_by=projection.taught_by,
        backtest_inside=backtest_inside(
            target.indicator, target.concept, horizon, known_by=figures.newest
        ) if figures.plan.in_viet_nam else None,
    )  # fmt: skip
    reasons += _within_a_year(history, target)
    sign = 1 if direction == ">=" else -1
    return replace(
        base,
        horizon=horizon,
        status=status_of(probability),
        projection=projection,
        probability=probability,
        probability_true=None if true is None else true.probability(goal, direction),
        median=to_percent(projection.median),
        lower_80=to_percent(lower),
        upper_80=to_percent(upper),
        gap=sign * (target.value - latest.value),
        pace_required=required,
        pace_seen=seen_pace(history.values),
        pace_percentile=rank.share,
        pace_places=rank.places,
        target_for_80=to_percent(projection.target_for(0.8, direction)),
        extra_for_80=to_percent(extra_for_probability(projection, goal, 0.8, direction)),
        evidence=grade,
        evidence_reasons=reasons,
        mostly_prior=projection.mostly_prior,
        sensitivity=sensitivity,
        anchors=_anchors(history.values, target, year) if history.values else {},
        illustrative=history.illustrative,
        breaks=history.breaks,
    )


def _within_a_year(history: History, target: Target) -> tuple[Said, ...]:
    """That figures of months count: the newest, and how many of its year came before it; nothing without any."""
    if not history.within:
        return ()
    newest = history.within[-1]
    earlier = sum(point.year == newest.year for point in history.within[:-1])
    return (
        Said(
            "evidence.reason.within", value=newest.value, goal=target.value, measure=target.measure,
            period=newest.period, earlier=earlier,
        ),
    )  # fmt: skip


def _paces(obs: pd.DataFrame, years: int) -> list[float]:
    """Yearly changes over `years` years (percentage points) that provinces managed, or none where too few are known."""
    paces = observed_paces(obs, PACE_INDICATOR, years)
    values = [float(value) for value in paces["points_per_year"]] if len(paces) else []
    return values if len(values) >= FEWEST_PACES else []


def _anchors(values: Mapping[int, float], target: Target, year: int) -> dict[str, Said]:
    """What four published rules would say of the same figures."""
    from vetanalysis.assessment import rules

    verdicts = rules.side_by_side(values, target.value, year, target.operator)
    return {rule: verdict.words for rule, verdict in verdicts.items()}


def _beside(figures: FiguresAt, related: Related, unit: str, year: int, direction: str) -> Beside:
    """A neighbouring definition projected to the same year, to stand next to the target.

    That of another place is the same beside the targets of all units.
    """
    key = (related, related.unit or unit, year, direction)
    if key not in figures.beside:
        figures.beside[key] = _projected_beside(figures, *key)
    return figures.beside[key]


def _projected_beside(figures: FiguresAt, related: Related, of: str, year: int, direction: str) -> Beside:
    obs = figures.rates[figures.rates["unit"] == of]
    history = figures.elsewhere.taught(history_of(obs, related, of), related, of, direction)
    projection = None
    if history.projectable and history.next_year <= year:
        try:
            projection = project(history, related, year, direction, figures.seed)
        except NotAssessable:
            projection = None
    numbers: tuple[float | None, float | None, float | None] = (None, None, None)
    if projection is not None:
        lower, upper = projection.interval(0.8)
        numbers = (to_percent(projection.median), to_percent(lower), to_percent(upper))
    rank = _rank(figures, related, of, history)
    return Beside(
        related.indicator,
        related.base,
        related.concept,
        history.points,
        projection,
        *numbers,
        related.note,
        rank,
    )


def _rank(figures: FiguresAt, wanted: Target | Related, unit: str, history: History) -> Rank | None:
    """Where the last figure stands among those of the provinces; None where the plan is of another country."""
    if not figures.plan.in_viet_nam or not history.points:
        return None
    return rank_among_provinces(figures.rates, wanted.indicator, unit, history.points[-1])


def _definition_effect(obs: pd.DataFrame, target: Target, unit: str) -> DefinitionEffect | None:
    """The effect of the 2021 labour-force definition on a certified share, where the figures for it are known."""
    return definition_effect(obs, unit) if target.indicator == PACE_INDICATOR else None


def _why_not(figures: FiguresAt, obs: pd.DataFrame, target: Target, unit: str) -> Said:
    """Why a rate target cannot be judged, naming the definitions that do have figures."""
    plan, merged = figures.plan, merger_of(figures.plan, figures.cutoff)
    known = pieces(obs, target.indicator, unit)
    alike = [piece for piece in known if (piece.base, piece.concept) == (target.base, target.concept)]
    if sum(len(piece.points) for piece in alike) == 1:
        return Said("assessment.not_assessed.one_figure")
    others = [piece for piece in known if piece.points]
    if not others and unit != plan.place.code:
        return Said("assessment.not_assessed.of_the_place")
    if merged is not None and target.indicator in figures.known.attrs.get(OTHER_TERRITORY, ()):
        return Said("assessment.not_assessed.merged", on=merged.on)
    if not others:
        return Said("assessment.not_assessed.nothing_published")
    return Said("assessment.not_assessed.other_definition", year=others[-1].points[-1].year)
