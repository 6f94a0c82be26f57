"""Shares and rates: the trained-labour rate, its certified part, how far and how fast to the target.

All functions work on numbers, arrays and Series alike. Rates are percentages (62 means 62 %). A missing part or
a denominator of zero gives a missing result, never zero.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def percentage(numerator: Any, denominator: Any) -> Any:
    """100 * numerator / denominator; missing where a part is missing or the denominator is zero."""
    bottom = np.asarray(denominator, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        result = np.where(bottom == 0, np.nan, 100 * np.asarray(numerator, dtype=float) / bottom)
    return _like(result, numerator, denominator)


def certified_rate(certified: Any, base: Any) -> Any:
    """Certified rate: 100 * holders of a degree or certificate of three months or more / the stated base.

    Base: the labour force or the employed aged 15 and over; the two differ by about the unemployment rate
    and are never compared. Decree 97/2016/NĐ-CP, group 1. The statistics office's rate and a department's own
    are two series.
    """
    return percentage(certified, base)


def certified_share_of_trained(certified: Any, trained: Any) -> Any:
    """100 * certified rate / trained rate, both on one base and concept; missing where it would exceed 100.

    The plan's own targets give 25/62 = 40.3 %. More than 100 means that the two rates have different
    definitions, so that no share is told.
    """
    share = percentage(certified, trained)
    return _like(np.where(np.asarray(share) > 100, np.nan, share), certified, trained)


def gap(target: Any, actual: Any, operator: str = ">=") -> Any:
    """Distance still to go to the target: target - actual, turned round where smaller is better ("<=").

    Percentage points for rates, people for counts; zero or less: reached.
    """
    return target - actual if operator == ">=" else actual - target


def pace_required(distance: Any, years_left: Any) -> Any:
    """Rise needed per year: distance / years left, both from the latest figure on; zero where nothing is left.

    Missing where no time is left and the target is not reached.
    """
    distance = np.asarray(distance, dtype=float)
    left = np.asarray(years_left, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        pace = np.where(left > 0, np.maximum(distance, 0) / left, np.nan)
    result = np.where(distance <= 0, np.where(np.isnan(distance), np.nan, 0.0), pace)
    return _like(np.where(np.isnan(distance), np.nan, result), distance, left)


def _like(result: Any, *given: Any) -> Any:
    """A plain number for numbers, a Series for a Series, else an array."""
    for one in given:
        if hasattr(one, "index") and hasattr(one, "iloc"):
            return type(one)(result, index=one.index)
    result = np.asarray(result)
    return float(result) if result.ndim == 0 else result
