"""A method for a year's total where history is short: the share usually counted by now (`beta_share`).

Two pieces of knowledge are multiplied on a grid of log totals: what the year may come to before anything is
counted (`expected_total.py`), and how likely the count so far is for each such total (the share counted by now,
Beta). The answer is exact on the grid and never below the count.

    L ~ expectation      C / e^L ~ Beta(kappa m, kappa (1 - m))      kappa = max(m (1 - m) / var(share) - 1, 2)

Without an own year the course is taken as even, but for the growth that the totals of earlier years let expect. How
much the share moves is not known, where few own years tell: two or three spreads stand side by side
(`usual_shares`) and are weighed by the own shares of the past and by the counts of the year before the newest one:
by the last of them for what was expected of the year, and, where no own year shows its course, by how evenly they
rose (`chance_of_course`). The newest count changes no weight, so that one person more never makes a total smaller.

A count far below what is usual by now is not read as a year of a few people: it is lifted to the lowest count
that is still usual (`least_usual`), and what it lacks is taken from every total afterwards. Priors of the spreads
carry the weight of `NU0` years. After Mendoza and de Alba (2006), International Journal of Forecasting 22.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import expm1, log, sqrt

import numpy as np
from scipy.special import betainc, betaln

from vetanalysis.forecast.even_draws import even_levels
from vetanalysis.forecast.expected_total import NU0, Expectation

SHARE_SD = {3: 0.035, 6: 0.06, 9: 0.055}  # share counted by the end of a month, between years of one unit
# The same between units, for when no own year is known. Quarterly totals of other topics have means .25, .49 and .74
# and spreads .03 to .04; training crowds into the months after summer, so twice to three times that is assumed.
SHARE_SD_ELSEWHERE = {3: 0.08, 6: 0.11, 9: 0.09}
OWN_SPREADS = {0.3: 0.5, 1.0: 0.5}  # times SHARE_SD, with their prior weights
ELSEWHERE_SPREADS = {0.15: 0.5, 0.4: 0.25, 1.0: 0.25}  # times SHARE_SD_ELSEWHERE
UNUSUAL = 0.05  # chance of a count this low or lower, under which a count is no longer usual
GRID_NODES = 1501
_NODES_OF_TAIL = 200


@dataclass(frozen=True, slots=True)
class UsualShare:
    """The share of the year's total that is counted by now: mean and variance over the years."""

    mean: float
    variance: float
    known: int = 0

    @property
    def kappa(self) -> float:
        """Concentration of the Beta distribution with this mean and variance, at least 2."""
        return max(self.mean * (1 - self.mean) / self.variance - 1, 2.0)


@dataclass(frozen=True, slots=True)
class TotalOnGrid:
    """The distribution of the year's total: `totals` (N,) rising, `weights` (N,) that sum to 1."""

    totals: np.ndarray
    weights: np.ndarray

    def quantile(self, level: float | np.ndarray) -> np.ndarray:
        """The total not passed with probability `level`."""
        return np.interp(level, self._below, self.totals)

    def probability(self, target: float) -> float:
        """P(total >= target)."""
        return 1 - float(np.interp(target, self.totals, self._below, left=0.0, right=1.0))

    @property
    def _below(self) -> np.ndarray:
        """The distribution function at the totals: each holds one half of its weight."""
        return np.cumsum(self.weights) - 0.5 * self.weights


def spread_at(month: int, known: Mapping[int, float]) -> float:
    """A standard deviation of the share counted by the end of a month, 1 to 11, `known` at the ends of quarters.

    Between them it keeps its proportion to sqrt(share (1 - share)).
    """
    if month in known:
        return known[month]
    binomial = {one: sqrt(one / 12 * (1 - one / 12)) for one in (*known, month)}
    proportion = np.interp(month, list(known), [sd / binomial[one] for one, sd in known.items()])
    return float(proportion) * binomial[month]


def usual_share(
    month: int,
    counted: np.ndarray,
    totals: np.ndarray,
    prior: float = 1.0,
    counts: bool = False,
    between: np.ndarray | None = None,
    people: float = np.inf,
    growth: float = 0.0,
) -> UsualShare:
    """The share counted by the end of `month` (1 to 11) in the past years (J,) where it is known.

    `between` (J,): the variance of a year's share that was interpolated. It is the same course that is not known in
    every such year, so that more years do not make it less. Without a year the course is even but for `growth`, the
    yearly rise of the log of the total. Of a year of about `people` counting alone then moves it, too.
    """
    years = len(counted)
    if not years:
        mean = expm1(growth * month / 12) / expm1(growth) if growth else month / 12
        chance = mean * (1 - mean) / people
        return UsualShare(mean, (spread_at(month, SHARE_SD_ELSEWHERE) * prior) ** 2 + chance)
    shares = counted / totals
    mean = float(np.clip(shares.mean(), 0.001, 0.999))
    chance = mean * (1 - mean) / totals.mean() if counts else 0.0
    scatter = ((shares - shares.mean()) ** 2).sum()
    squares = NU0 * ((spread_at(month, SHARE_SD) * prior) ** 2 + chance) + scatter
    unknown = 0.0 if between is None else float(between.mean())
    return UsualShare(mean, float(squares / (NU0 + years - 1) * (1 + 1 / years)) + unknown, known=years)


Spreads = tuple[tuple[float, UsualShare], ...]


def usual_shares(
    month: int,
    counted: np.ndarray,
    totals: np.ndarray,
    between: np.ndarray,
    prior: float = 1.0,
    counts: bool = False,
    people: float = np.inf,
    growth: float = 0.0,
) -> Spreads:
    """The same with each of several spreads of the prior, and how likely each makes the shares of the past.

    Arguments as of `usual_share`. The weights add up to 1.
    """
    before = OWN_SPREADS if len(counted) else ELSEWHERE_SPREADS
    factors = np.array(list(before))
    known = [
        usual_share(month, counted, totals, prior * factor, counts, between, people, growth)
        for factor in factors
    ]
    first = NU0 * (factors * spread_at(month, SHARE_SD) * prior) ** 2
    shares = counted / totals
    squares = ((shares - shares.mean()) ** 2).sum() if len(shares) else 0.0
    fit = NU0 / 2 * np.log(first) - (NU0 + max(len(shares), 1) - 1) / 2 * np.log(first + squares)
    weights = np.array(list(before.values())) * np.exp(fit - fit.max())
    return tuple(zip((weights / weights.sum()).tolist(), known, strict=True))


def chance_of_count(expected: Expectation, counted: float, share: UsualShare, counts: bool = True) -> float:
    """How likely the count was before it came, up to what is common to all shares."""
    counted = _least(expected, counted, counts)
    grid, width = _grid(expected, counted, shared=True)
    prior = np.exp(expected.log_density(grid)) * width
    first, second = _beta_of(share)
    part = np.minimum(counted / np.exp(grid), 1 - 1e-9)
    logs = first * np.log(part) + (second - 1) * np.log1p(-part) - betaln(first, second)
    return float((prior * np.exp(logs)).sum())


def chance_of_course(counted: Sequence[float], months: Sequence[int], share: UsualShare) -> float:
    """How likely the counts (J,) at the ends of `months` (J,) were, given the last of them, in an even course.

    The months of such a year share its total as a Dirichlet with the concentration of `share`, so that a count is a
    Beta share of the next one. One count alone says nothing of a course: 1.
    """
    counts, month = np.asarray(counted, dtype=float), np.asarray(months) / 12
    part = np.clip(counts[:-1] / np.maximum(counts[1:], 0.5), 1e-3, 1 - 1e-3)
    first, second = share.kappa * month[:-1], share.kappa * np.diff(month)
    logs = (first - 1) * np.log(part) + (second - 1) * np.log1p(-part) - betaln(first, second)
    return float(np.exp(logs.sum()))


def beta_share(
    expected: Expectation, counted: float = 0.0, share: UsualShare | None = None, counts: bool = True
) -> TotalOnGrid:
    """The year's total given what was expected and, where `share` is given, the count so far.

    `counted` people so far (0 allowed: half a person, or a ten-thousandth of what is expected where the figures are
    no people, is then assumed, since a share of exactly zero says nothing about a total). The total is never below
    the count.
    """
    counted = _least(expected, counted, counts)
    grid, width = _grid(expected, counted, share is not None)
    density = expected.log_density(grid)
    if share is not None:
        part = np.minimum(counted / np.exp(grid), 1 - 1e-9)
        first, second = _beta_of(share)
        density = density + first * np.log(part) + (second - 1) * np.log1p(-part)
    weights = np.exp(density - density.max()) * width
    return TotalOnGrid(np.exp(grid), weights / weights.sum())


def _least(expected: Expectation, counted: float, counts: bool) -> float:
    return max(counted, 0.5 if counts else 1e-4 * float(np.exp(expected.weight @ expected.centre)))


def _grid(expected: Expectation, counted: float, shared: bool) -> tuple[np.ndarray, np.ndarray]:
    """Log totals (N,) from the count up, close together about what is expected, and how far apart they stand."""
    floor = log(counted * 1.0005)
    top = max(expected.end, log(counted) + 1.5 if shared else floor)
    bottom = float((expected.centre - np.maximum(6.0, 8 * expected.scale)).min())
    start = floor if shared else max(floor, bottom)
    top = max(top, start + 0.5)
    middle, unit = float(expected.weight @ expected.centre), float(expected.scale.min())
    ends = np.arcsinh((np.array([start, top]) - middle) / unit)
    places = np.linspace(*ends, GRID_NODES)
    return middle + unit * np.sinh(places), np.cosh(places)


def beforehand(expected: Expectation, counts: bool = True) -> np.ndarray:
    """Totals at even levels before anything is counted, for `least_usual`."""
    return beta_share(expected, counts=counts).quantile(even_levels(_NODES_OF_TAIL))


def least_usual(before: np.ndarray, counted: float, share: UsualShare) -> float:
    """The count from which a year may be read: `counted`, or the lowest usual one where it lies below.

    Usual is a count of which, `before` counting (`beforehand`), the chance of it or fewer by now is at least `UNUSUAL`.
    """

    def chance(count: float, totals: np.ndarray = before) -> float:
        return float(betainc(*_beta_of(share), np.minimum(count / totals, 1.0)).mean())

    if (
        chance(counted, before[9::10]) >= UNUSUAL or chance(counted) >= UNUSUAL
    ):  # at least that of the higher ones
        return counted
    low, high = counted, float(before[-1])
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if chance(middle) >= UNUSUAL else (middle, high)
    return high


def _beta_of(share: UsualShare) -> tuple[float, float]:
    return share.kappa * share.mean, share.kappa * (1 - share.mean)
