"""The accounting that joins people trained in a year to the share of trained labour at its end.

Everyone in the labour force L is in one of three stocks: S^c trained with a degree or certificate, S^u
trained without one, N untrained. The rates are p = (S^c + S^u) / L and c = S^c / L. For every level k, with
F_k people, completion g, origin shares aN + aU + aC = 1 (untrained, trained without certificate, already
certified), residence sigma and participation pi:

    eff_k = F_k g sigma pi
    dS^c  = sum eff_k (aN + aU) + H^c - x^c S^c + M^c           levels that certify
    dS^u  = sum eff_k aN (levels that do not) - sum eff_k aU + H^u - x^u S^u + M^u

H: universities and courses outside the count, x: share that leaves (retirement, death, leaving work), M: net
migration. Training people who are certified already adds to neither stock; giving a certificate to people
trained without one moves c and not p. Then, exactly, p_t - p_{t-1} = (dS - p_{t-1} dL) / L_t.

Every number may be a float or an array of draws, shape (S,). Shares are in [0, 1], the rest are persons.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Numbers = Any  # float or array of shape (S,)
WHOLE, PART = "trained", "certified"


@dataclass(frozen=True, slots=True, eq=False)
class Stocks:
    """The labour force at one date, in persons."""

    certified: Numbers
    uncertified: Numbers
    labour_force: Numbers

    @property
    def trained(self) -> Numbers:
        """S = S^c + S^u."""
        return self.certified + self.uncertified

    @property
    def untrained(self) -> Numbers:
        """N = L - S."""
        return self.labour_force - self.trained

    def people(self, which: str) -> Numbers:
        """The stock behind a rate: `WHOLE` or `PART`."""
        return self.trained if which == WHOLE else self.certified

    def rate(self, which: str = WHOLE) -> Numbers:
        """p (`WHOLE`) or c (`PART`), a share."""
        return self.people(which) / self.labour_force


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """The learners of one level in the year and what becomes of them; `certifies`: ends in group 1."""

    level: str
    people: Numbers
    completion: Numbers
    resident: Numbers
    participation: Numbers
    upskilled: Numbers  # aU
    retrained: Numbers  # aC
    certifies: bool = True

    @property
    def effective(self) -> Numbers:
        """eff = F g sigma pi: completers who live in the province and work or look for work."""
        return self.people * self.completion * self.resident * self.participation

    @property
    def new(self) -> Numbers:
        """Those of them who were untrained before."""
        return self.effective * (1 - self.upskilled - self.retrained)

    @property
    def raised(self) -> Numbers:
        """Those of them who were trained without a certificate and now hold one."""
        return self.effective * self.upskilled if self.certifies else 0.0 * self.effective

    def adds(self, which: str) -> Numbers:
        """What the course adds to the trained (`WHOLE`) or to the certified (`PART`)."""
        if which == WHOLE:
            return self.new
        return self.new + self.raised if self.certifies else 0.0 * self.new


@dataclass(frozen=True, slots=True, eq=False)
class Year:
    """Everything that moves the stocks in one year: persons, but `exits_*` are shares of the stock."""

    courses: tuple[Course, ...]
    other_certified: Numbers = 0.0
    other_uncertified: Numbers = 0.0
    exits_certified: Numbers = 0.0
    exits_uncertified: Numbers = 0.0
    migration_certified: Numbers = 0.0
    migration_uncertified: Numbers = 0.0
    labour_force_change: Numbers = 0.0


PARTS = ("courses", "upskilled", "other", "exits", "migration")


def parts(before: Stocks, year: Year, which: str) -> dict[str, Numbers]:
    """What each flow adds to a stock in persons, by the names in `PARTS`; the sum is dS.

    "upskilled" moves people from one trained stock to the other and stands for `PART` only.
    """
    zero = 0.0 * before.labour_force
    exits_c = -year.exits_certified * before.certified
    if which == PART:
        certifying = [course for course in year.courses if course.certifies]
        return {
            "courses": sum((course.new for course in certifying), zero),
            "upskilled": sum((course.raised for course in certifying), zero),
            "other": year.other_certified + zero,
            "exits": exits_c,
            "migration": year.migration_certified + zero,
        }
    return {
        "courses": sum((course.new for course in year.courses), zero),
        "other": year.other_certified + year.other_uncertified + zero,
        "exits": exits_c - year.exits_uncertified * before.uncertified,
        "migration": year.migration_certified + year.migration_uncertified + zero,
    }


def after(before: Stocks, year: Year) -> Stocks:
    """The stocks at the end of the year."""
    whole = sum(parts(before, year, WHOLE).values())
    part = sum(parts(before, year, PART).values())
    return Stocks(
        before.certified + part,
        before.uncertified + whole - part,
        before.labour_force + year.labour_force_change,
    )


def points(before: Stocks, year: Year, which: str) -> dict[str, Numbers]:
    """The same parts as shares of the labour force, with "labour_force" = -p dL / L_t: the sum is p_t - p_{t-1}."""
    end = before.labour_force + year.labour_force_change
    shares = {name: people / end for name, people in parts(before, year, which).items()}
    shares["labour_force"] = -before.rate(which) * year.labour_force_change / end
    return shares


def effect(before: Stocks, year: Year, which: str) -> Numbers:
    """dp/dF: what one more learner, spread over the levels as now, adds to the rate at the end of the year."""
    learners = sum(course.people for course in year.courses)
    added = sum(course.adds(which) for course in year.courses)
    return added / learners / (before.labour_force + year.labour_force_change)


def needed(before: Stocks, year: Year, target: float, which: str) -> Numbers:
    """F_needed: learners, spread over the levels as now, for the rate to end at `target` (a share).

    [target L_t - S_{t-1} (1 - x) - H - M] / (g aN sigma pi), with aN + aU for the certified rate; 0 where the
    target is reached without any, infinite where no number of learners would do (everyone is trained already).
    """
    end = after(before, year)
    learners = sum(course.people for course in year.courses)
    per_learner = effect(before, year, which)
    gap = target - end.rate(which) + per_learner * learners
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        wanted = np.where(np.asarray(gap) <= 0, 0.0, np.asarray(gap) / np.asarray(per_learner))
    return wanted if np.ndim(wanted) else float(wanted)
