"""What will be published of a target: a second statement beside what development supports.

An administrative rate is judged on a figure that the judging office makes itself. Of announced targets and the figures
published later for them many are equal to the printed decimal, and none is far off (`data/published/targets.csv`).
So the figure that will be published is a mixture: with a weight it falls on the target or close to it, else it is
drawn from the projection that does not know the target. The weight is learned from all pairs that are known by
expectation-maximisation (tested with each place left out), beside how often "on the target" is exactly on it and how
far off the rest lies.

Sources: the pairs, each with the address of the announcement and of the figure; the mixture with a spike is that of
Mitchell & Beauchamp (1988), JASA 83:1023, for a distribution in place of a coefficient.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from vetanalysis.observations.checks import are_totals
from vetanalysis.observations.table import latest_vintage, to_percent, to_share
from vetanalysis.plan.model import ADMINISTRATIVE

if TYPE_CHECKING:
    from vetanalysis.forecast.projection import Projection

SELECTION = (
    0.8  # of the weight: newspapers favour successes, and some announced targets were found through them
)
LEAST_SPREAD = 0.3  # percentage points: how far off the target a figure close to it lies, at least
LEAST_PAIRS = 5  # of other places; with fewer there is no second statement
_ROUNDS = 50
_FREE_SPREAD = 1.5  # percentage points a year, where fewer than three yearly changes are known


@dataclass(frozen=True, slots=True)
class Announced:
    """An announced target and the figure published for it later; percent.

    `derived`: the target was worked out from a printed "per cent of plan", or the figure was printed as the range that
    was announced. `history`: earlier figures of the same place,
    indicator, base and concept by year.
    """

    pair: str
    unit: str
    indicator: str
    year: int
    target: float
    figure: float
    decimals: int  # printed
    derived: bool
    history: tuple[tuple[int, float], ...]

    @property
    def distance(self) -> float:
        """Figure less target, percentage points."""
        return round(self.figure - self.target, 6)

    @property
    def tells_equality(self) -> bool:
        """Whether it says how often figure and target are equal: not where the target was derived from the figure."""
        return not (self.derived and self.distance == 0)

    @property
    def is_met(self) -> bool:
        """Whether the figure reaches the target; equality counts."""
        return self.distance >= 0

    @property
    def is_equal(self) -> bool:
        """Whether the figure is the target to the printed decimal."""
        return self.distance == 0


def announced_pairs(announced: pd.DataFrame, obs: pd.DataFrame) -> tuple[Announced, ...]:
    """The announced targets whose figure stands in `obs`, by the name of the pair; rates only.

    `announced`: as `observations.published.load_announced` gives it; `obs`: observations, whose vintages decide what
    was known. A target that is a range counts by its lower end. Figures of the place before the target's year are its
    history.
    """
    rates = announced[(announced["pair"] != "") & (announced["measure"] == "percent")]
    places = obs[obs["unit"].isin(set(rates["unit"])) & obs["period"].str.endswith("-FY")]
    places = places[are_totals(places) & (places["concept"] == ADMINISTRATIVE)]
    there = set(zip(*(places[name] for name in ("unit", "indicator", "period", "source")), strict=True))
    result: list[Announced] = []
    for row in rates.sort_values("pair").itertuples():
        if (row.unit, row.indicator, row.period, row.result_source) not in there:
            continue
        of_place = places[(places["unit"] == row.unit) & (places["indicator"] == row.indicator)]
        figure = of_place[(of_place["period"] == row.period) & (of_place["source"] == row.result_source)]
        year = int(row.period[:4])
        known = latest_vintage(of_place[of_place["base"] == row.base])
        before = {
            int(period[:4]): value for period, value in zip(known["period"], known["value"], strict=True)
        }
        history = tuple((when, before[when]) for when in sorted(before) if when < year)
        as_a_range = row.to == row.to and figure["note"].iloc[0].startswith("printed as a range")
        result.append(
            Announced(
                row.pair, row.unit, row.indicator, year, float(row.value), float(figure["value"].iloc[0]),
                int(row.decimals), bool(row.derived or as_a_range), history,
            )
        )  # fmt: skip
    return tuple(result)


@dataclass(frozen=True, slots=True)
class Learned:
    """What pairs teach of the figure that will be published for a target.

    `weight`: chance that it falls on the target or close to it; `exactly`: of those, the share equal to it to the
    printed decimal; `offset`, `spread`: of the rest, mean and standard deviation of figure less target in the better
    direction (percentage points). `pairs`, `equal`, `met`: how many it rests on, are equal, reached their target.
    """

    weight: float
    exactly: float
    offset: float
    spread: float
    pairs: int
    equal: int
    met: int

    @property
    def discounted(self) -> float:
        """The weight after the discount for how the pairs were found."""
        return self.weight * SELECTION


@dataclass(frozen=True)
class Outcome:
    """The predictive distribution of the published figure (shares): its chance to reach the target, its 80 % range."""

    projection: Projection  # of what development supports
    target: float  # share
    direction: str
    learned: Learned
    weight: float  # used: pulled towards 0 where the target lies beyond what development allows
    pairs: tuple[Announced, ...] = ()  # that it was learned from

    @cached_property
    def record(self) -> OutcomeRecord:
        """How such statements did on the pairs it was learned from."""
        return outcome_record(self.pairs)

    @cached_property
    def _sign(self) -> int:
        return 1 if self.direction == ">=" else -1

    def below(self, value: float) -> float:
        """P(published figure <= value), value a share."""
        points = self._sign * to_percent(value - self.target)
        near = ndtr((points - self.learned.offset) / self.learned.spread)
        near = near if self._sign > 0 else 1 - near
        spike = float(value >= self.target)
        on_target = self.learned.exactly * spike + (1 - self.learned.exactly) * near
        return self.weight * on_target + (1 - self.weight) * float(self.projection.probability(value, "<="))

    @property
    def probability(self) -> float:
        """P(the published figure reaches the target); equality counts."""
        near = 1 - ndtr(-self.learned.offset / self.learned.spread)
        on_target = self.learned.exactly + (1 - self.learned.exactly) * near
        free = float(self.projection.probability(self.target, self.direction))
        return self.weight * on_target + (1 - self.weight) * free

    def quantile(self, level: float) -> float:
        """The smallest share that is not passed with probability `level`."""
        low, high = 0.0, 1.0
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (low, middle) if self.below(middle) >= level else (middle, high)
        return high

    @property
    def interval(self) -> tuple[float, float]:
        """The central 80 % range (shares)."""
        return self.quantile(0.1), self.quantile(0.9)


def learn(
    pairs: Sequence[Announced], *, without: Collection[str] = (), free: Mapping[str, float] | None = None
) -> Learned | None:
    """What the pairs of all places but those in `without` teach; None with fewer than `LEAST_PAIRS` of them.

    Each pair is held to be on the target or free by how likely its distance is either way (expectation-maximisation);
    the weight starts from Jeffreys' prior, Beta(1/2, 1/2), and so does the share that is exactly on it. A derived pair
    says that the figure is near its target and nothing about how near. The spread is at least `LEAST_SPREAD`. `free`:
    the density of free movement at the figure by pair, per percentage point, where it is known already.
    """
    used = [pair for pair in pairs if pair.unit not in without]
    if len(used) < LEAST_PAIRS:
        return None
    densities = free if free is not None else free_densities(pairs)
    loose = np.array([densities[pair.pair] for pair in used])
    distance = np.array([pair.distance for pair in used])
    derived = np.array([not pair.tells_equality for pair in used])
    equal = (distance == 0) & ~derived
    weight, exactly, offset, spread = 0.5, 0.5, 0.0, 1.0
    for _ in range(_ROUNDS):
        near = (1 - exactly) * _density(distance, offset, spread) * 0.1
        on_target = np.where(derived, exactly + (1 - exactly) * 0.5, np.where(equal, exactly + near, near))
        chance = np.where(
            derived, loose, loose * 0.1
        )  # a derived pair is near within half a point either way
        share = weight * on_target / (weight * on_target + (1 - weight) * np.minimum(chance, 1.0))
        weight = (0.5 + share.sum()) / (1 + len(used))
        known = share[~derived]
        exactly = (0.5 + share[equal].sum()) / (1 + known.sum())
        off = ~derived & ~equal
        total = 1 + share[off].sum()  # one figure on the target is added: little is known of the rest
        offset = float((share[off] * distance[off]).sum() / total)
        spread = max(float(np.sqrt((share[off] * (distance[off] - offset) ** 2).sum() / total)), LEAST_SPREAD)
    return Learned(
        float(weight), float(exactly), offset, spread, len(used),
        sum(pair.is_equal for pair in used), sum(pair.is_met for pair in used),
    )  # fmt: skip


def _density(values: np.ndarray | float, mean: float, spread: float) -> np.ndarray:
    """That of a normal law."""
    return np.exp(-(((values - mean) / spread) ** 2) / 2) / np.sqrt(2 * np.pi) / spread


def outcome(
    projection: Projection, target: float, direction: str, learned: Learned, *, discount: bool = True,
    pairs: Sequence[Announced] = (),
) -> Outcome:  # fmt: skip
    """The published figure of a target (share) beside its projection.

    The weight falls as the target leaves the 95 % range of the projection.
    `discount`: for how the pairs were found. `pairs`: what `learned` rests on, for the record.
    """
    low, high = projection.interval(0.95)
    reach, centre = (high, projection.median) if direction == ">=" else (low, projection.median)
    beyond = (target - reach) * (1 if direction == ">=" else -1)
    pull = float(np.exp(-max(beyond, 0.0) / max(abs(reach - centre), 1e-6)))
    weight = learned.discounted if discount else learned.weight
    return Outcome(projection, target, direction, learned, weight * pull, tuple(pairs))


def free_projection(pair: Announced, others: Sequence[Announced]) -> Projection | None:
    """What development supports for the figure of a pair: a projection of its history that does not know the target.

    With one earlier figure: its value and the yearly changes of the `others`; without any: None.
    """
    from vetanalysis.forecast.projection import DrawsProjection
    from vetanalysis.forecast.rate import project_rate

    if not pair.history:
        return None
    if len(pair.history) > 1:
        rates = to_share(pd.Series(dict(pair.history), dtype=float))
        return project_rate(rates, pair.year, direction=">=", prior=ADMINISTRATIVE)
    year, value = pair.history[0]
    mean, spread = _yearly_change(others)
    ahead = pair.year - year
    places = ndtri((np.arange(999) + 0.5) / 999)
    points = np.clip(value + ahead * mean + np.sqrt(ahead) * spread * places, 0, 100)
    return DrawsProjection(to_share(points), pair.year)


def _yearly_change(pairs: Sequence[Announced]) -> tuple[float, float]:
    """Mean and standard deviation of the yearly changes in the histories of the pairs, percentage points."""
    changes = [
        (after - before) / (to - since)
        for pair in pairs
        for (since, before), (to, after) in pairwise(pair.history)
    ]
    if len(changes) < 3:
        return 0.0, _FREE_SPREAD
    return float(np.mean(changes)), max(float(np.std(changes, ddof=1)), LEAST_SPREAD)


def free_densities(pairs: Sequence[Announced]) -> dict[str, float]:
    """How likely free movement brings the figure of each pair, per percentage point; without history a wide guess."""
    result: dict[str, float] = {}
    for pair in pairs:
        projection = free_projection(pair, [other for other in pairs if other.unit != pair.unit])
        if projection is None:
            result[pair.pair] = float(_density(0.0, 0.0, 2 * _FREE_SPREAD))
        else:
            result[pair.pair] = max(_within(projection, pair.figure, 0.5), 1e-6)
    return result


def _within(projection: Projection, value: float, half: float) -> float:
    """P(within `half` percentage points of `value`, per cent)."""
    low, high = (float(projection.probability(to_share(value + side * half), "<=")) for side in (-1, 1))
    return high - low


@dataclass(frozen=True, slots=True)
class Tested:
    """How both statements did on `scored` pairs with an earlier figure; each place left out in turn, no discount.

    `brier`, `base_rate`: mean squared error of the chance to reach the target, and of the share of the other places'
    pairs that did. `held`: share of figures within the 80 % range, `width`: its mean width (percentage points).
    `brier_free`, `held_free`, `width_free`: of the first statement, the projection that does not know the target.
    """

    scored: int
    brier: float
    base_rate: float
    held: float
    width: float
    brier_free: float
    held_free: float
    width_free: float

    @property
    def has_skill(self) -> bool:
        """Whether the statement did better than the share of others that reached their target."""
        return self.brier < self.base_rate


@dataclass(frozen=True, slots=True)
class OutcomeRecord:
    """What became of announced targets.

    `met` of `pairs` were reached by the figure published for them; `equal` of `comparable` (`tells_equality`) are equal
    to the printed decimal, and by free movement alone a share of `by_chance` would be (None where no pair has earlier
    figures). `tested`: None where fewer than `LEAST_PAIRS` can be scored.
    """

    pairs: int
    met: int
    comparable: int
    equal: int
    by_chance: float | None
    tested: Tested | None


def outcome_record(pairs: Sequence[Announced]) -> OutcomeRecord:
    """The record over all pairs."""
    scores: list[tuple[float, ...]] = []
    chances: list[float] = []
    densities = free_densities(pairs)
    for pair in pairs:
        learned = learn(pairs, without=(pair.unit,), free=densities)
        others = [other for other in pairs if other.unit != pair.unit]
        projection = free_projection(pair, others)
        if learned is None or projection is None:
            continue
        said = outcome(projection, to_share(pair.target), ">=", learned, discount=False)
        base = sum(other.is_met for other in others) / len(others)
        free = float(projection.probability(to_share(pair.target), ">="))
        squares = [(chance - pair.is_met) ** 2 for chance in (said.probability, base, free)]
        ranges = [_range_of(pair, *ends) for ends in (said.interval, projection.interval(0.8))]
        scores.append((*squares[:2], *ranges[0], squares[2], *ranges[1]))
        if pair.tells_equality:
            chances.append(_within(projection, pair.target, 0.5 * 10.0**-pair.decimals))
    tested = None
    if len(scores) >= LEAST_PAIRS:
        tested = Tested(
            len(scores), *(float(mean) for mean in np.mean(np.array(scores, dtype=float), axis=0))
        )
    comparable = [pair for pair in pairs if pair.tells_equality]
    equal = sum(pair.is_equal for pair in comparable)
    by_chance = float(np.mean(chances)) if chances else None
    return OutcomeRecord(
        len(pairs), sum(pair.is_met for pair in pairs), len(comparable), equal, by_chance, tested
    )


def _range_of(pair: Announced, low: float, high: float) -> tuple[bool, float]:
    """Whether a range (shares) holds the figure of a pair, and its width in percentage points."""
    low, high = to_percent(low), to_percent(high)
    return low - 1e-9 <= pair.figure <= high + 1e-9, high - low
