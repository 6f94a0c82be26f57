"""People counted over a year: share of the plan, what is still needed, the whole year by past years' course.

Counts are running totals since the plan year began. Missing stays missing; people are never added to enrolments
(lượt người): one person in two courses is two enrolments.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from vetanalysis.indicators.rates import percentage


class FullYear(NamedTuple):
    """The whole year by the course of past years; `years` is how many of them it rests on."""

    low: float
    middle: float
    high: float
    years: int


def plan_completion(running_total: Any, year_plan: Any) -> Any:
    """100 * running total / year plan ("đạt ...% kế hoạch năm"); missing where no plan was set."""
    return percentage(running_total, year_plan)


def people_still_needed(running_total: Any, year_plan: Any) -> Any:
    """Year plan - running total, in people; zero or less once the plan is reached."""
    return year_plan - running_total


def people_needed_per_quarter(running_total: Any, year_plan: Any, quarters_left: int) -> Any:
    """(year plan - running total) / quarters left, never below zero; missing after the last quarter.

    An average only: intake is not spread evenly over the year (college and intermediate learners come in
    autumn), so that it is no yardstick for a single quarter.
    """
    if quarters_left <= 0:
        return (year_plan - running_total) * np.nan
    return np.maximum(year_plan - running_total, 0) / quarters_left


def full_year_by_past_shares(running_total: float, so_far: Any, whole_year: Any) -> FullYear | None:
    """Running total / share of the whole year reached by the same cut-off in past years, with its range.

    `so_far`, `whole_year`: one number per past year, in people. The middle takes the median share, the
    range the highest and the lowest share. Never an even spread over quarters. None without a complete past
    year or without a figure; the probability of reaching the plan is the projection's business, not this one's.
    """
    shares = np.asarray(so_far, dtype=float) / np.where(
        np.asarray(whole_year, dtype=float) > 0, np.asarray(whole_year, dtype=float), np.nan
    )
    shares = shares[np.isfinite(shares) & (shares > 0)]
    if not len(shares) or np.isnan(running_total):
        return None
    low, middle, high = (
        float(running_total / share) for share in (shares.max(), np.median(shares), shares.min())
    )
    return FullYear(low, middle, high, len(shares))


def stock_at_end(at_start: Any, enrolled: Any, graduated: Any, dropped_out: Any) -> Any:
    """In training at the cut-off = at the start of the year + enrolled - graduated - dropped out, in people."""
    return at_start + enrolled - graduated - dropped_out


def stock_difference(at_end: Any, at_start: Any, enrolled: Any, graduated: Any, dropped_out: Any) -> Any:
    """What the reported stock has too much (positive) or too little against the identity; zero: it agrees."""
    return at_end - stock_at_end(at_start, enrolled, graduated, dropped_out)
