"""A method for a year's total where history is short: the share usually counted by now (`beta_share`).

Two pieces of knowledge are multiplied on a grid of log totals: what the year may come to before anything is
counted (the plan times its usual attainment, or the last total times its usual yearly change, Student t on the
log scale), and how likely the count so far is for each such total (the share counted by now, Beta). The answer
is exact on the grid and never below the count.

    L ~ t(nu, log base + shift, spread)      C / e^L ~ Beta(kappa m, kappa (1 - m))
    kappa = max(m (1 - m) / var(share) - 1, 2)

A count far below what is usual by now is not read as a year of a few people: it is lifted to the lowest count
that is still usual (`least_usual`), and what it lacks is taken from every total afterwards. Priors of the two spreads
carry the weight of `NU0` years. After Mendoza and de Alba (2006), International Journal of Forecasting 22.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import lgamma, log, pi, sqrt

import numpy as np
from scipy.special import betainc

NU0 = 4.0
ATTAINMENT_SD = 0.12  # log of total / plan, where earlier plans are known
ATTAINMENT_SD_UNKNOWN = 0.20  # the same where no earlier plan is known
# Yearly change of log totals: 63 provinces' numbers of learners in professional secondary schools, 2001 to
# 2015 (General Statistics Office): median change 22 %, standard deviation .46. A t with 4 degrees of freedom
# and this scale has both.
YEARLY_CHANGE = 0.325
SHARE_SD = {3: 0.035, 6: 0.06, 9: 0.055}  # share counted by the end of a month, between years of one unit
# The same between units, for when no own year is known. Quarterly totals of other topics have means .25, .49 and .74
# and spreads .03 to .04; training crowds into the months after summer, so twice to three times that is assumed.
SHARE_SD_ELSEWHERE = {3: 0.08, 6: 0.11, 9: 0.09}
UNUSUAL = 0.05  # chance of a count this low or lower, under which a count is no longer usual
GRID_NODES = 4001
_NODES_OF_TAIL = 400
_REACH = 1.2  # the grid ends at the plan times e^1.2


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the log total may be before this year's count: a Student t, with its weight among several.

    `centre` and `scale` on the log scale, `nu` degrees of freedom; `known` counts the own years behind it.
    """

    centre: float
    scale: float
    nu: float
    weight: float = 1.0
    known: int = 0
    end: float = 0.0  # where the grid of totals may end

    def log_density(self, log_total: np.ndarray) -> np.ndarray:
        """Log density at `log_total`, the weight included."""
        constant = lgamma((self.nu + 1) / 2) - lgamma(self.nu / 2) - 0.5 * log(self.nu * pi)
        distance = (log_total - self.centre) / self.scale
        tail = -(self.nu + 1) / 2 * np.log1p(distance**2 / self.nu)
        return log(self.weight) + constant - log(self.scale) + tail


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
        return np.interp(level, np.cumsum(self.weights), self.totals)

    def probability(self, target: float) -> float:
        """P(total >= target): the sum of the weights from the target on."""
        return float(self.weights[self.totals >= target].sum())

    def draws(self, uniforms: np.ndarray) -> np.ndarray:
        """Totals at the given probabilities."""
        return self.quantile(uniforms)


def plan_expectation(
    plan: float, totals: np.ndarray, plans: np.ndarray, prior: float = 1.0, counts: bool = False
) -> Expectation:
    """The plan times its usual attainment.

    `totals`, `plans`: (J,) past years where both are known. Without one, the plan is taken at face value
    with a spread of `ATTAINMENT_SD_UNKNOWN`. `prior` scales the prior's spread (sensitivity). `counts`:
    the totals are people, so that the prior's variance also holds what counting alone brings (1 / plan on
    the log scale); own years hold it already.
    """
    attained = np.log(totals / plans)
    years = len(attained)
    chance = 1 / plan if counts else 0.0
    if not years:
        spread = sqrt((ATTAINMENT_SD_UNKNOWN * prior) ** 2 + chance)
        return Expectation(log(plan), spread, NU0, end=log(plan) + _REACH + 8 * spread)
    nu = NU0 + years - 1
    scatter = ((attained - attained.mean()) ** 2).sum()
    variance = (NU0 * ((ATTAINMENT_SD * prior) ** 2 + chance) + scatter) / nu * (1 + 1 / years)
    return Expectation(
        log(plan) + float(attained.mean()), sqrt(variance), nu, known=years, end=log(plan) + _REACH
    )


def change_expectation(
    years: np.ndarray, totals: np.ndarray, year: int, prior: float = 1.0, counts: bool = False
) -> Expectation:
    """The last known total times its usual yearly change (none on average).

    `years` rising, `totals` (J,), J >= 1. Variance grows with the years between the last total and `year`.
    """
    steps = np.diff(years)
    chance = 2 / totals[-1] if counts else 0.0
    scatter = (np.diff(np.log(totals)) ** 2 / steps).sum()
    nu = NU0 + len(steps)
    variance = (NU0 * ((YEARLY_CHANGE * prior) ** 2 + chance) + scatter) / nu * (year - years[-1])
    scale = sqrt(variance)
    return Expectation(log(totals[-1]), scale, nu, known=len(steps), end=log(totals[-1]) + 8 * scale)


def count_expectation(month: int, counted: float) -> Expectation:
    """What a year may come to of which nothing is known but its count so far: anything, about the usual share of it.

    So wide that the share counted by now (`usual_share`) decides, of which nothing but other series is known either.
    """
    centre = log(counted * 12 / month)
    return Expectation(centre, 1.0, NU0, end=centre + _REACH)


def expectations(
    year: int,
    years: np.ndarray,
    totals: np.ndarray,
    plan: float | None,
    plans: np.ndarray,
    prior: float = 1.0,
    counts: bool = False,
) -> tuple[Expectation, ...]:
    """What may be expected of the year before it is counted.

    `years`, `totals` (J,) past years with a total, `plans` (J,) their plans (NaN where unknown). With two or
    more attained plans, and without any total, the plan speaks alone. With one, the plan and the last total's change
    are pooled (weights .75 and .25): a linear pool and not a product, because whoever set the plan knew the last
    total, so that the two are not independent evidence.
    """
    both = np.isfinite(plans) & (totals > 0)
    seen = totals > 0
    change = change_expectation(years[seen], totals[seen], year, prior, counts) if seen.any() else None
    if plan is None:
        return () if change is None else (change,)
    planned = plan_expectation(plan, totals[both], plans[both], prior, counts)
    if change is None or planned.known > 1:
        return (planned,)
    return replace(planned, weight=0.75), replace(change, weight=0.25)


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
) -> UsualShare:
    """The share counted by the end of `month` (1 to 11) in the past years (J,) where it is known.

    `between` (J,): the variance of a year's share that was interpolated. It is the same course that is not known in
    every such year, so that more years do not make it less. Without a year the share is the part of the year gone by.
    """
    years = len(counted)
    if not years:
        return UsualShare(month / 12, (spread_at(month, SHARE_SD_ELSEWHERE) * prior) ** 2)
    shares = counted / totals
    mean = float(np.clip(shares.mean(), 0.001, 0.999))
    chance = mean * (1 - mean) / totals.mean() if counts else 0.0
    scatter = ((shares - shares.mean()) ** 2).sum()
    squares = NU0 * ((spread_at(month, SHARE_SD) * prior) ** 2 + chance) + scatter
    unknown = 0.0 if between is None else float(between.mean())
    return UsualShare(mean, float(squares / (NU0 + years - 1) * (1 + 1 / years)) + unknown, known=years)


def beta_share(
    expected: tuple[Expectation, ...], counted: float = 0.0, share: UsualShare | None = None
) -> TotalOnGrid:
    """The year's total given what was expected and, where `share` is given, the count so far.

    `counted` people so far (0 allowed: half a person is then assumed, since a share of exactly zero says
    nothing about a total). The total is never below the count.
    """
    floor = log(max(counted, 0.5) * 1.0005)
    top = max(max(e.end for e in expected), log(max(counted, 0.5)) + 1.5 if share is not None else floor)
    bottom = min(e.centre - max(6.0, 8 * e.scale) for e in expected)
    start = floor if share is not None else max(floor, bottom)
    grid = np.linspace(start, max(top, start + 0.5), GRID_NODES)
    density = np.logaddexp.reduce([e.log_density(grid) for e in expected], axis=0)
    if share is not None:
        part = np.minimum(max(counted, 0.5) / np.exp(grid), 1 - 1e-9)
        first, second = _beta_of(share)
        density = density + first * np.log(part) + (second - 1) * np.log1p(-part)
    weights = np.exp(density - density.max())
    return TotalOnGrid(np.exp(grid), weights / weights.sum())


def least_usual(expected: tuple[Expectation, ...], counted: float, share: UsualShare) -> float:
    """The count from which a year may be read: `counted`, or the lowest usual one where it lies below.

    Usual is a count of which, before counting, the chance of it or fewer by now is at least `UNUSUAL`.
    """
    levels = (np.arange(_NODES_OF_TAIL) + 0.5) / _NODES_OF_TAIL
    before = beta_share(expected).draws(levels)

    def chance(count: float) -> float:
        return float(betainc(*_beta_of(share), np.minimum(count / before, 1.0)).mean())

    if chance(counted) >= UNUSUAL:
        return counted
    low, high = counted, float(before[-1])
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if chance(middle) >= UNUSUAL else (middle, high)
    return high


def _beta_of(share: UsualShare) -> tuple[float, float]:
    return share.kappa * share.mean, share.kappa * (1 - share.mean)
