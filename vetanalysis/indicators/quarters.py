"""Running totals and quarters alone: each from the other, with corrections shown instead of hidden."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Quarters(NamedTuple):
    """Values for quarters 1 to 4 on the last axis; `corrected` marks where an earlier figure must have changed.

    For a running total: it falls. For both given: the quarter does not equal the difference of the totals.
    """

    values: np.ndarray
    corrected: np.ndarray


def cumulative_to_quarter(cumulative: np.ndarray) -> Quarters:
    """Quarters alone: total at its end - total at the end of the quarter before (quarter 1: the total itself).

    `cumulative`: (..., 4), missing as NaN. A quarter whose own total or the one before is missing is missing. A total
    that falls gives a negative quarter, marked as a correction: earlier quarters were reported too high.
    """
    total = np.asarray(cumulative, dtype=float)
    before = np.concatenate([np.zeros((*total.shape[:-1], 1)), total[..., :-1]], axis=-1)
    alone = total - before
    with np.errstate(invalid="ignore"):
        return Quarters(alone, alone < 0)


def complete(cumulative: np.ndarray, alone: np.ndarray) -> tuple[Quarters, Quarters]:
    """Running totals and quarters, each filled from the other where only one was reported; (totals, quarters).

    What was reported stays as it is: a gap in the totals is closed by the total before plus the quarter, or by the
    total after minus the quarters between; where both were reported and disagree, the quarter is marked.
    """
    total, quarter = np.array(cumulative, dtype=float), np.array(alone, dtype=float)
    given = ~np.isnan(total)
    for place in range(4):
        before = total[..., place - 1] if place else np.zeros(total.shape[:-1])
        total[..., place] = np.where(given[..., place], total[..., place], before + quarter[..., place])
    for place in (2, 1, 0):
        back = total[..., place + 1] - quarter[..., place + 1]
        total[..., place] = np.where(np.isnan(total[..., place]), back, total[..., place])
    worked_out = cumulative_to_quarter(total)
    with np.errstate(invalid="ignore"):
        disagree = np.abs(worked_out.values - quarter) > 1e-6 * np.maximum(1, np.abs(quarter))
    values = np.where(np.isnan(quarter), worked_out.values, quarter)
    return Quarters(total, worked_out.corrected), Quarters(values, worked_out.corrected | disagree)
