"""Money: assigned and disbursed by source, what a learner costs. Amounts in million dong."""

from __future__ import annotations

from typing import Any

import numpy as np

from vetanalysis.indicators.rates import percentage


def disbursement_rate(disbursed: Any, assigned: Any) -> Any:
    """100 * disbursed / assigned, of one source or of all; the baseline (central or provincial) must be stated."""
    return percentage(disbursed, assigned)


def cost_per_learner(disbursed: Any, completed: Any) -> Any:
    """Disbursed / people who completed, in million dong per person; missing where nobody completed.

    Money of one year also pays for learners who complete in another, so that it says little about courses
    longer than a year.
    """
    bottom = np.asarray(completed, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        result = np.where(bottom == 0, np.nan, np.asarray(disbursed, dtype=float) / bottom)
    if hasattr(disbursed, "iloc"):
        return type(disbursed)(result, index=disbursed.index)
    return float(result) if result.ndim == 0 else result


def funds_allocated_share(allocated: Any, proposed: Any) -> Any:
    """100 * funds allocated / funds that the units proposed for the year."""
    return percentage(allocated, proposed)


def estimate_spent_share(spent: Any, estimate: Any) -> Any:
    """100 * spent since the year began / budget estimate set for the year."""
    return percentage(spent, estimate)
