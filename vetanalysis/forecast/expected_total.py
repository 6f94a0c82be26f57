"""What a year may come to before any of it is counted: from the totals of earlier years, from a plan, from neither.

Every answer is a mixture of Student t laws on the logarithm of the total (`Expectation`).

Totals of earlier years (`change_expectation`) are read by the ensemble of the yearly rates (`state_space.py`), here on
logarithms: a level that wanders, a slope that fades or stays, noise of the year alone, each at several sizes s of a
usual yearly change. The size is integrated out under an inverse gamma prior and a member's weight is its prior weight
times how likely it makes the unit's own totals, so that even growth gives a narrow range and jumps a wide one:

    log total_T+h ~ t(f + m; a_h, v_h (f s^2 + S) / (f + m)),   weight ~ prior * evidence

The prior weights were learned on totals of other topics (`benchmarks/fit_year_total_priors.py`), which move less than
training may. One member is therefore a year that changes as learners of 63 provinces did (`YEARLY_CHANGE`), without
a slope: of one total alone it is the whole answer, since one total says nothing of its changes; from two on it has
three tenths of the weight before the totals speak.

A plan counts as the plan times its usual attainment (`plan_expectation`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from math import log, sqrt
from pathlib import Path

import numpy as np
from scipy.special import gammaln

from vetanalysis.forecast.priors import Prior
from vetanalysis.forecast.state_space import Filtered, Members, horizon_terms, run

PRIORS_FILE = Path(__file__).with_name("year_total_priors.json")
NU0 = 4.0
ATTAINMENT_SD = 0.12  # log of total / plan, where earlier plans are known
ATTAINMENT_SD_UNKNOWN = 0.20  # the same where no earlier plan is known
# Yearly change of log totals: 63 provinces' numbers of learners in professional secondary schools, 2001 to
# 2015 (General Statistics Office): median change 22 %, standard deviation .46. A t with 4 degrees of freedom
# and this scale has both.
YEARLY_CHANGE = 0.325
CHANGE_WEIGHT = {1: 1.0, 2: 0.3}  # prior weight of that member by the number of totals, the last for more
_NEGLIGIBLE = 1e-3
REACH = 1.2  # totals are looked at up to the plan times e^1.2


@dataclass(frozen=True, slots=True, eq=False)
class Expectation:
    """What the log total may be before this year's count: a mixture of Student t laws, arrays (K,).

    `centre` and `scale` on the log scale, `nu` degrees of freedom, `weight` that sums to 1; `known` counts the own
    years behind it; `end`: up to where the log total is looked at.
    """

    centre: np.ndarray
    scale: np.ndarray
    nu: np.ndarray
    weight: np.ndarray
    known: float = 0.0
    end: float = 0.0

    @classmethod
    def one(cls, centre: float, scale: float, nu: float, known: float = 0.0, end: float = 0.0) -> Expectation:
        """A single Student t law."""
        return cls(np.array([centre]), np.array([scale]), np.array([nu]), np.ones(1), known, end)

    def with_(self, other: Expectation, weight: float) -> Expectation:
        """The linear pool of both, `weight` being that of the other."""
        weights = np.concatenate([self.weight * (1 - weight), other.weight * weight])
        centre, scale, nu = (
            np.concatenate([getattr(self, name), getattr(other, name)]) for name in ("centre", "scale", "nu")
        )
        known = (1 - weight) * self.known + weight * other.known
        return Expectation(centre, scale, nu, weights, known, max(self.end, other.end))

    def log_density(self, log_total: np.ndarray) -> np.ndarray:
        """Log density at `log_total` (N,)."""
        nu, scale = self.nu[:, None], self.scale[:, None]
        constant = gammaln((nu + 1) / 2) - gammaln(nu / 2) - 0.5 * np.log(nu * np.pi) - np.log(scale)
        distance = (log_total - self.centre[:, None]) / scale
        logs = constant + np.log(self.weight)[:, None] - (nu + 1) / 2 * np.log1p(distance**2 / nu)
        highest = logs.max(axis=0)
        return highest + np.log(np.exp(logs - highest).sum(axis=0))


def expectations(
    year: int,
    years: np.ndarray,
    totals: np.ndarray,
    plan: float | None,
    plans: np.ndarray,
    prior: float = 1.0,
    counts: bool = False,
) -> Expectation | None:
    """What may be expected of the year before it is counted; None where nothing is known.

    `years`, `totals` (J,) past years with a total, `plans` (J,) their plans (NaN where unknown). With two or
    more attained plans, and without any total, the plan speaks alone. With one, the plan and the totals are pooled
    (weights .75 and .25): a linear pool and not a product, because whoever set the plan knew the last total, so that
    the two are not independent evidence. `prior` scales the prior's spread (sensitivity). `counts`: the totals are
    people, so that the prior's variance also holds what counting alone brings; own years hold it already.
    """
    seen = totals > 0
    both = np.isfinite(plans) & seen
    change = change_expectation(years[seen], totals[seen], year, prior, counts) if seen.any() else None
    if plan is None:
        return change
    planned = plan_expectation(plan, totals[both], plans[both], prior, counts)
    return planned if change is None or planned.known > 1 else planned.with_(change, 0.25)


def plan_expectation(
    plan: float, totals: np.ndarray, plans: np.ndarray, prior: float = 1.0, counts: bool = False
) -> Expectation:
    """The plan times its usual attainment.

    `totals`, `plans`: (J,) past years where both are known. Without one, the plan is taken at face value
    with a spread of `ATTAINMENT_SD_UNKNOWN`. Other arguments as in `expectations`.
    """
    attained = np.log(totals / plans)
    years = len(attained)
    chance = 1 / plan if counts else 0.0
    if not years:
        spread = sqrt((ATTAINMENT_SD_UNKNOWN * prior) ** 2 + chance)
        return Expectation.one(log(plan), spread, NU0, end=log(plan) + REACH + 8 * spread)
    nu = NU0 + years - 1
    scatter = ((attained - attained.mean()) ** 2).sum()
    variance = (NU0 * ((ATTAINMENT_SD * prior) ** 2 + chance) + scatter) / nu * (1 + 1 / years)
    centre = log(plan) + float(attained.mean())
    return Expectation.one(centre, sqrt(variance), nu, known=years, end=log(plan) + REACH)


def change_expectation(
    years: np.ndarray, totals: np.ndarray, year: int, prior: float = 1.0, counts: bool = False
) -> Expectation:
    """What the totals of earlier years make of `year`.

    `years` rising, `totals` (J,) above zero, J >= 1; a missing year is not observed. Other arguments as in
    `expectations`.
    """
    count = len(totals)
    table, weights = _members(CHANGE_WEIGHT[min(count, max(CHANGE_WEIGHT))])
    logs = np.full((1, int(years[-1] - years[0]) + 1), np.nan)
    logs[0, years - years[0]] = np.log(totals)
    after = run(logs, table.grid)
    first = NU0 * ((table.scale * prior) ** 2 + (2 / totals[-1] if counts else 0.0))
    squares, nu = first + after.squares[0, table.index], NU0 + count - 1
    with np.errstate(divide="ignore"):
        logs_of = np.log(weights)
    logs_of = logs_of + 0.5 * (NU0 * np.log(first) - after.log_det[0, table.index] - nu * np.log(squares))
    weight = np.exp(logs_of - logs_of.max())
    keep = weight > _NEGLIGIBLE * weight.sum()
    centre, variance = _ahead(after, table, int(year - years[-1]))
    scale = np.sqrt(variance * squares / nu)
    centre, scale, weight = centre[keep], scale[keep], weight[keep] / weight[keep].sum()
    end = float((centre + 8 * scale).max())
    return Expectation(centre, scale, np.full(len(centre), nu), weight, count - 1, end)


def _ahead(after: Filtered, table: Members, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Centre and variance in units of s^2 of every member (M,), `steps` years after the last total."""
    (reach,), (noise,) = horizon_terms(table.grid, np.array([steps]))
    centre = after.level[0] + reach * after.slope[0]
    variance = after.level_var[0] + 2 * reach * after.cross_var[0] + reach**2 * after.slope_var[0] + noise
    return centre[table.index], variance[table.index]


def count_expectation(month: int, counted: float) -> Expectation:
    """What a year may come to of which nothing is known but its count so far: anything, about the usual share of it.

    So wide that the share counted by now (`usual_share`) decides, of which nothing but other series is known either.
    """
    centre = log(counted * 12 / month)
    return Expectation.one(centre, 1.0, NU0, end=centre + REACH)


def totals_prior(members: np.ndarray, weights: np.ndarray) -> Prior:
    """A table of members (columns `priors.FIELDS`) as a prior of log totals: no side is better, all years count."""
    return Prior(kind="totals", members=members, weights=weights, freedom=NU0, slope_mean=0.0, margin=0.0)


@cache
def _members(change: float) -> tuple[Members, np.ndarray]:
    """The members of the package and their prior weights; the last one changes as the provinces' learners."""
    table = json.loads(PRIORS_FILE.read_text(encoding="utf-8"))["yearly"]
    weights = np.array(table["weights"], dtype=float)
    members = np.vstack([np.array(table["members"], dtype=float), [0.0, 0.0, 0.0, 0.0, YEARLY_CHANGE]])
    weights = np.append(weights / weights.sum() * (1 - change), change)
    return Members.of(totals_prior(members, weights), improving=False), weights
