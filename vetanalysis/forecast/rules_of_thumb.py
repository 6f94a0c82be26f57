"""Four rules an analyst would use for the year's total, printed beside the projection and never instead.

Chain ladder with Mack's standard error (Mack 1993, ASTIN Bulletin 23), Bornhuetter-Ferguson (1972,
Proceedings of the Casualty Actuarial Society 59), last year's share, and the share of the year that has
passed. Counts are people since the year began; `totals` and `counted` are the same past years, (J,).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from vetanalysis.errors import NotAssessable, WrongCall
from vetanalysis.text import Text


@dataclass(frozen=True, slots=True)
class ChainLadder:
    """The chain ladder's total, its standard error (None with one year) and J - 1 degrees of freedom."""

    total: float
    error: float | None
    degrees: int

    def interval(self, coverage: float = 0.8) -> tuple[float, float] | None:
        """The central range from Mack's error with a t of J - 1 degrees of freedom; None with one year."""
        if self.error is None:
            return None
        from scipy.stats import t

        reach = float(t.ppf((1 + coverage) / 2, self.degrees)) * self.error
        return self.total - reach, self.total + reach


def chain_ladder(counted_now: float, counted: np.ndarray, totals: np.ndarray) -> ChainLadder:
    """The count so far times all past totals over all past counts by now.

    f = sum(totals) / sum(counted);  total = f C;  Mack's error^2 = C^2 s^2 (1 / C + 1 / sum(counted)),
    s^2 = sum(counted (totals / counted - f)^2) / (J - 1).
    NotAssessable without a past year that has both figures above zero.
    """
    counted, totals = _both(counted, totals)
    factor = totals.sum() / counted.sum()
    total = float(counted_now * factor)
    degrees = len(counted) - 1
    if not degrees or counted_now <= 0:
        return ChainLadder(total, None, degrees)
    variance = (counted * (totals / counted - factor) ** 2).sum() / degrees
    error = counted_now * sqrt(variance * (1 / counted_now + 1 / counted.sum()))
    return ChainLadder(total, float(error), degrees)


def bornhuetter_ferguson(
    counted_now: float, expected: float, counted: np.ndarray, totals: np.ndarray
) -> float:
    """The count so far plus the part of the expected total that usually comes after now.

    C + expected (1 - share), share = sum(counted) / sum(totals); `expected` is the plan times its usual
    attainment (`usual_attainment`).
    """
    counted, totals = _both(counted, totals)
    return float(counted_now + expected * (1 - counted.sum() / totals.sum()))


def usual_attainment(totals: np.ndarray, plans: np.ndarray) -> float:
    """The mean of total / plan over the past years that have both; 1 without such a year."""
    totals, plans = np.asarray(totals, dtype=float), np.asarray(plans, dtype=float)
    known = np.isfinite(totals) & np.isfinite(plans) & (plans > 0)
    return float((totals[known] / plans[known]).mean()) if known.any() else 1.0


def last_year_share(counted_now: float, counted: np.ndarray, totals: np.ndarray) -> float:
    """The count so far over the share that was counted by now in the last year that has both figures."""
    counted, totals = _both(counted, totals)
    return float(counted_now * totals[-1] / counted[-1])


def elapsed_time(counted_now: float, quarters: int) -> float:
    """The count so far over the part of the year that has passed; `quarters` 1 to 4."""
    if quarters not in (1, 2, 3, 4):
        raise WrongCall(f"quarters {quarters!r}: use 1, 2, 3 or 4")
    return counted_now * 4 / quarters


def _both(counted: np.ndarray, totals: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    counted, totals = np.asarray(counted, dtype=float), np.asarray(totals, dtype=float)
    if counted.shape != totals.shape:
        raise WrongCall(f"{counted.size} past counts for {totals.size} totals: give the same years")
    known = np.isfinite(counted) & np.isfinite(totals) & (counted > 0) & (totals > 0)
    if not known.any():
        raise NotAssessable(
            Text(
                "Chưa năm nào trước đó có cả số đến kỳ này và tổng số cả năm",
                "No earlier year has both the count by this point and the total",
            )
        )
    return counted[known], totals[known]
