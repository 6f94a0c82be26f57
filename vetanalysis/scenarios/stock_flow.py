"""What training people in a year does to the share of trained labour at its end.

`stock_flow` puts the plan's number of learners through the account of `forecast.stock_account`, with every input a
distribution from the plan's folder (`stock_flow_inputs.py`), under both labour-force concepts. It answers
whether the target on people implies the targets on the rates. Where an input is missing it refuses and names
it; where one is assumed the answer carries it in `.assumed`, and nothing of it may enter a signed text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from vetanalysis.blocks import Said
from vetanalysis.checks import check_whole_number
from vetanalysis.errors import NotAssessable, WrongCall
from vetanalysis.forecast.projection import DrawsProjection
from vetanalysis.forecast.stock_account import (
    PART,
    WHOLE,
    Course,
    Stocks,
    Year,
    after,
    effect,
    needed,
    parts,
    points,
)
from vetanalysis.indicators.tiers import quotas_everywhere, quotas_given, tiers_of
from vetanalysis.periods import parse_cutoff
from vetanalysis.scenarios.stock_flow_inputs import CONCEPTS, DRAWS, KINDS, Input, Inputs, load_inputs

if TYPE_CHECKING:
    from vetanalysis.plan import Plan, Target
    from vetanalysis.study import Study

INDICATORS = {"trained_rate": WHOLE, "certified_rate": PART}
NOT_CERTIFYING = ("short_course",)  # under three months: the paper given does not make a person certified
PLACE_ONLY = Said("stock_flow.reason.place_only")
PER = 1000  # people, for the effect of learners on a rate


@dataclass(frozen=True, slots=True)
class Summary:
    """Median, 80 % range and mean; percent, points or persons as stated. Means of parts add up, medians do not."""

    median: float
    lower_80: float
    upper_80: float
    mean: float


@dataclass(frozen=True, slots=True)
class Needed:
    """Learners needed for a rate to reach its target; `impossible`: share of draws in which no number would do."""

    people: Summary | None  # None where no number would do in half of the draws or more
    impossible: float


@dataclass(frozen=True, slots=True, eq=False)
class RateFlow:
    """What the learners do to one rate under one labour-force concept.

    `start` (percent) is the rate at the start of the year, `rate` (shares) the one at its end. `parts`: what
    each flow adds in persons, `points`: in percentage points, "labour_force" included. `effect`: points per
    1,000 learners.
    """

    which: str
    start: Summary
    rate: DrawsProjection
    people_added: Summary
    parts: Mapping[str, Summary]
    points: Mapping[str, Summary]
    effect: Summary
    target: Target | None
    probability: float | None
    needed: Needed | None


@dataclass(frozen=True, slots=True, eq=False)
class StockFlow:
    """The answer: `by_concept[concept][which]` for both labour-force concepts and both rates.

    `learners`: people by level; `inputs`: every input used, with source and date; `assumed`: those that are
    assumed, so that the answer may not be signed when there is one.
    """

    year: int
    as_of: str
    seed: int
    learners: Mapping[str, float]
    by_concept: Mapping[str, Mapping[str, RateFlow]]
    inputs: tuple[Input, ...]
    file: str

    @property
    def total(self) -> float:
        """Learners of all levels."""
        return sum(self.learners.values())

    @property
    def assumed(self) -> tuple[Input, ...]:
        """The assumed inputs among those used."""
        return tuple(row for row in self.inputs if row.assumed)

    @property
    def concept(self) -> str:
        """The labour-force concept in force last among those computed."""
        return list(self.by_concept)[-1]


def stock_flow(
    study: Study,
    *,
    inputs: Inputs | None = None,
    learners: Mapping[str, float] | None = None,
    size: int = DRAWS,
) -> StockFlow:
    """Whether the plan's people target implies its rate targets, in the study's year and with its seed.

    `inputs`: None for those of the plan's folder known by the study's `known_by`. `learners`: persons by level;
    None for the plan's quotas of the year, or its people target as one group where it has no quotas. `size`:
    draws. Raises NotAssessable naming every missing input, or saying that the plan has no target on people or
    that the study is of one unit (the labour force is known for the whole place); PlanInvalid for a file that
    cannot be used.

    >>> from vetanalysis import open_study
    >>> study = open_study("lang-son-2023-example", "2023-start", returns="none")
    >>> answer = stock_flow(study, size=1000)
    >>> answer.total, len(answer.assumed)
    (13500.0, 19)
    >>> round(answer.by_concept["ICLS-19"]["trained"].probability, 2)
    0.06
    """
    check_whole_number("size", size, 1)
    for level, count in (learners or {}).items():
        if not count >= 0:
            raise WrongCall(f"learners of {level}: {count!r}; give a number of people, 0 or more")
    plan, year = study.plan, study.as_of.year
    if study.unit.code != plan.place.code:
        raise NotAssessable(PLACE_ONLY)
    inputs = load_inputs(plan).known_by(study.known_by) if inputs is None else inputs
    learners = learners_of(plan, year) if learners is None else dict(learners)
    runs, used = accounts(study, inputs, learners, size=size)
    targets = {INDICATORS[target.indicator]: target for target in plan.targets if _judged(target, year)}
    by_concept = {
        concept: {which: _rate_flow(which, before, moves, targets.get(which)) for which in (WHOLE, PART)}
        for concept, (before, moves) in runs.items()
    }
    return StockFlow(year, str(study.as_of), study.seed, learners, by_concept, used, inputs.file)


def accounts(
    study: Study,
    inputs: Inputs,
    learners: Mapping[str, float],
    *,
    size: int = DRAWS,
    concepts: tuple[str, ...] = CONCEPTS,
) -> tuple[dict[str, tuple[Stocks, Year]], tuple[Input, ...]]:
    """Draws of the stocks at the start and of what moves them, by concept, and the inputs used.

    Raises NotAssessable naming every input that is missing.
    """
    drawn = _Drawn(inputs, size, study.seed)
    courses = tuple(drawn.course(level, people) for level, people in learners.items())
    runs = {concept: (drawn.stocks(concept), drawn.year(courses, concept)) for concept in concepts}
    if drawn.missing:
        raise NotAssessable(_missing(drawn.missing, study.plan))
    return runs, tuple(drawn.used.values())


def people_target(plan: Plan, year: int) -> Target | None:
    """The plan's target on people trained in that year, or None."""
    targets = (
        target
        for target in plan.head_counts
        if target.of_whole_year and parse_cutoff(target.period).year == year
    )
    return next(targets, None)


def learners_of(plan: Plan, year: int) -> dict[str, float]:
    """Learners by level: the quotas of the year, or the people target as one group ("") without quotas.

    Quotas count where they are given per level, to every unit that has one, and for the whole year; those of the tier
    that makes up the place. Raises NotAssessable where the plan has no target on people for the year.
    """
    target = people_target(plan, year)
    if target is None:
        raise NotAssessable(Said("stock_flow.reason.no_people_target", year=year))
    quotas = quotas_given(plan, target.indicator, plan.levels_of(target))
    quotas = quotas[(quotas.index.get_level_values("year") == year) & (quotas > 0)]
    bare = quotas.index.get_level_values("level") == ""
    by_level = quotas_everywhere(quotas[~bare], tiers_of(plan))
    alone = set(quotas[bare].index.unique("unit")) - set(by_level.index.unique("unit"))
    keys = [(level.id, (level.id, plan.place.code, year)) for level in plan.levels]
    found = {level: float(by_level[key]) for level, key in keys if key in by_level.index}
    return found if found and not alone else {"": float(target.value)}


@dataclass(slots=True)
class _Drawn:
    """Draws of the inputs, noting which were used and which are missing."""

    inputs: Inputs
    size: int
    seed: int
    used: dict[tuple[str, str, str], Input] = field(default_factory=dict)
    missing: dict[tuple[str, str], None] = field(default_factory=dict)

    def of(self, name: str, level: str = "", concept: str = "") -> np.ndarray:
        row = self.inputs.find(name, level, concept)
        if row is None:
            self.missing[name, level or concept] = None
            return np.full(self.size, np.nan)
        self.used[row.key] = row
        return row.draws(self.size, self.seed)

    def course(self, level: str, people: float) -> Course:
        return Course(
            level, people, self.of("completion", level), self.of("resident", level),
            self.of("participation", level), *self.origins(level), certifies=level not in NOT_CERTIFYING,
        )  # fmt: skip

    def origins(self, level: str) -> tuple[np.ndarray, np.ndarray]:
        """aU and aC; aU takes its share of what aC leaves, so that with aN they add up to 1 in every draw.

        With one effective sample size for both this is a Dirichlet distribution, in which each share alone is
        Beta(mean ess, (1 - mean) ess).
        """
        already, alone = self.of("retrained", level), self.of("upskilled", level)
        rows = self.inputs.find("retrained", level), self.inputs.find("upskilled", level)
        if rows[0] is None or rows[1] is None:
            return alone, already
        room = 1 - rows[0].mean
        if room <= 0:
            return 0.0 * already, already
        within = replace(rows[1], mean=min(rows[1].mean / room, 1.0), spread=rows[1].spread * room)
        return (1 - already) * within.draws(self.size, self.seed), already

    def stocks(self, concept: str) -> Stocks:
        force = self.of("labour_force_before", concept=concept)
        whole = self.of("trained_rate_before", concept=concept)
        part = np.minimum(self.of("certified_rate_before", concept=concept), whole)
        return Stocks(force * part, force * (whole - part), force)

    def year(self, courses: tuple[Course, ...], concept: str) -> Year:
        change = self.of("labour_force_change", concept=concept)
        return Year(courses, **{name: self.of(name) for name in _MOVES}, labour_force_change=change)


_MOVES = (
    "other_certified", "other_uncertified", "exits_certified", "exits_uncertified", "migration_certified",
    "migration_uncertified",
)  # fmt: skip


def _judged(target: Target, year: int) -> bool:
    return (
        target.indicator in INDICATORS
        and target.base == "labour_force"
        and parse_cutoff(target.period).year == year
    )


def _rate_flow(which: str, before: Stocks, year: Year, target: Target | None) -> RateFlow:
    end = after(before, year)
    rate = DrawsProjection(np.clip(end.rate(which), 0, 1), "year", lower_bound=0.0, upper_bound=1.0)
    goal = None if target is None else target.value / 100
    return RateFlow(
        which=which,
        start=summary(100 * before.rate(which)),
        rate=rate,
        people_added=summary(end.people(which) - before.people(which)),
        parts={name: summary(draws) for name, draws in parts(before, year, which).items()},
        points={name: summary(100 * draws) for name, draws in points(before, year, which).items()},
        effect=summary(100 * PER * effect(before, year, which)),
        target=target,
        probability=None if goal is None or target is None else rate.probability(goal, target.operator),
        needed=None
        if goal is None or target is None or target.operator == "<="
        else _needed(before, year, goal, which),
    )


def _needed(before: Stocks, year: Year, goal: float, which: str) -> Needed:
    wanted = np.broadcast_to(needed(before, year, goal, which), np.shape(before.labour_force))
    impossible = float(np.isinf(wanted).mean())
    return Needed(None if impossible >= 0.5 else summary(wanted), impossible)


def summary(draws: np.ndarray) -> Summary:
    """Median, 80 % range and mean of draws."""
    low, mid, high = np.quantile(draws, (0.1, 0.5, 0.9), method="nearest")
    return Summary(float(mid), float(low), float(high), float(np.mean(draws)))


def _missing(missing: Mapping[tuple[str, str], None], plan: Plan) -> Said:
    names = {level.id: level.name for level in plan.levels}
    by_input: dict[str, list[str]] = {}
    for name, detail in missing:
        by_input.setdefault(name, []).append(detail)
    inputs = tuple(
        Said(
            "stock_flow.reason.input",
            input=KINDS[name].label,
            details=tuple(names.get(detail, detail) for detail in details if detail),
        )
        for name, details in by_input.items()
    )
    return Said("stock_flow.reason.inputs_missing", inputs=inputs)
