"""Ratios as data: an indicator with a numerator and a denominator is worked out by `of_parts`.

Which figures are divided stands in the columns `numerator` and `denominator` of the plan's `indicators.csv`;
in percent where the measure is percent (62 means 62 %), else as a plain quotient. All functions work on
numbers, arrays and Series alike; a missing part or a denominator of zero gives a missing result, never zero.

What is counted, where the words of the file do not say it all:

- trained rate: group 1 (trained three months or more, holds a degree or certificate) and group 2 (no
  certificate, skills of a grade 1 worker, three years or more in the trade), Decree 97/2016/NĐ-CP, since 2023
  Decree 94/2022/NĐ-CP. Who only attended courses under three months is left out. Broken by the labour-force
  concept of 2021 (ICLS-19).
- certified rate: group 1, over the labour force or the employed; the two differ by about the unemployment
  rate and are never compared. The statistics office's rate and a department's own are two series.
- streaming of school leavers (Decision 522/QĐ-TTg of 14 May 2018): institutions know who entered, the
  education department who left school. Both count one school year, complete after the autumn intake;
  repeaters and leavers of earlier years are left out.
- employed after training: hired by a firm, off-take of products, self-employed, higher productivity or income
  in the old trade, or in a co-operative group. The base is graduates followed up: others are neither employed
  nor unemployed.
- inspected institutions: a second visit does not count again. Unemployment, farm labour: broken by the
  concept of 2021.
- disbursement: whether the base is the central or the provincial assignment must be stated.
- cost per learner: money of one year also pays for learners who complete in another: little is said of long
  courses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from vetanalysis.plan.catalogue import Entry


def percentage(numerator: Any, denominator: Any) -> Any:
    """100 * numerator / denominator; missing where a part is missing or the denominator is zero.

    >>> percentage(31, 50), percentage(0, 5), percentage(5, 0)
    (62.0, 0.0, nan)
    """
    return _divided(100 * np.asarray(numerator, dtype=float), denominator, numerator)


def quotient(numerator: Any, denominator: Any) -> Any:
    """Numerator / denominator, in the numerator's measure for one of the denominator; missing as for `percentage`.

    >>> quotient(90.0, 20)
    4.5
    """
    return _divided(np.asarray(numerator, dtype=float), denominator, numerator)


def of_parts(one: Entry, numerator: Any, denominator: Any) -> Any:
    """An indicator from its two parts, in its own measure: percent or a quotient, with the one exception there is."""
    if one.id == "certified_share_of_trained":
        return certified_share_of_trained(numerator, denominator)
    return (percentage if one.measure == "percent" else quotient)(numerator, denominator)


def certified_share_of_trained(certified: Any, trained: Any) -> Any:
    """100 * certified rate / trained rate, both on one base and concept; missing where it would exceed 100.

    The plan's own targets give 25/62 = 40.3 %. More than 100 means that the two rates have different
    definitions, so that no share is told.

    >>> certified_share_of_trained(31, 62), certified_share_of_trained(63, 62)
    (50.0, nan)
    """
    share = percentage(certified, trained)
    return _like(np.where(np.asarray(share) > 100, np.nan, share), certified, trained)


def gap(target: Any, actual: Any, operator: str = ">=") -> Any:
    """Distance still to go to the target: target - actual, turned round where smaller is better ("<=").

    Percentage points for rates, people for counts; zero or less: reached.

    >>> gap(62, 60), gap(3, 4, "<=")
    (2, 1)
    """
    return target - actual if operator == ">=" else actual - target


def pace_required(distance: Any, years_left: Any) -> Any:
    """Rise needed per year: distance / years left, both from the latest figure on; zero where nothing is left.

    Missing where no time is left and the target is not reached.

    >>> pace_required(3, 2), pace_required(-1, 0), pace_required(1, 0)
    (1.5, 0.0, nan)
    """
    distance = np.asarray(distance, dtype=float)
    left = np.asarray(years_left, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        pace = np.where(left > 0, np.maximum(distance, 0) / left, np.nan)
    result = np.where(distance <= 0, np.where(np.isnan(distance), np.nan, 0.0), pace)
    return _like(np.where(np.isnan(distance), np.nan, result), distance, left)


def _divided(top: np.ndarray, denominator: Any, numerator: Any) -> Any:
    bottom = np.asarray(denominator, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        result = np.where(bottom == 0, np.nan, top / bottom)
    return _like(result, numerator, denominator)


def _like(result: Any, *given: Any) -> Any:
    """A plain number for numbers, a Series for a Series, else an array."""
    for one in given:
        if hasattr(one, "index") and hasattr(one, "iloc"):
            return type(one)(result, index=one.index)
    result = np.asarray(result)
    return float(result) if result.ndim == 0 else result
