"""How much of what was due has come in: counted from the ledger's matrix of units and periods.

A matrix has one row per unit that must report at the cut-off with `unit` and `state` (on_time, late, corrected,
refused, missing), and where it is known `days_late` and `versions`.
"""

from __future__ import annotations

import pandas as pd

from vetanalysis.indicators.rates import percentage

RECEIVED = ("on_time", "late", "corrected")
_STATE = ("state", "status")


def reports_received_share(received: float, due: float) -> float:
    """100 * reports received and accepted / reports due at the cut-off; a refused file is not received."""
    return percentage(received, due)


def reports_on_time_share(on_time: float, due: float) -> float:
    """100 * reports accepted by the deadline / reports due; a report corrected later counts by its first arrival."""
    return percentage(on_time, due)


def counted(matrix: pd.DataFrame) -> dict[str, tuple[float, float, float]]:
    """Rows 24 and 62: indicator -> value, numerator, denominator; empty when nothing was due.

    A corrected report was on time when its first version was (`days_late` not above zero); without that
    column a corrected report does not count as on time.
    """
    due = len(matrix)
    if not due:
        return {}
    state = matrix[next(name for name in _STATE if name in matrix.columns)].astype(str)
    received = int(state.isin(RECEIVED).sum())
    on_time = state == "on_time"
    if "days_late" in matrix.columns:
        late = pd.to_numeric(matrix["days_late"], errors="coerce")
        on_time |= (state == "corrected") & (late <= 0)
    corrected = int((state == "corrected").sum())
    if "versions" in matrix.columns:
        versions = pd.to_numeric(matrix["versions"], errors="coerce").fillna(0)
        corrected = int((versions - 1).clip(lower=0).sum())
    return {
        "reports_received_share": (reports_received_share(received, due), received, due),
        "reports_on_time_share": (reports_on_time_share(int(on_time.sum()), due), int(on_time.sum()), due),
        "reports_corrected": (float(corrected), float(corrected), float("nan")),
    }
