"""How much of what was due has come in: counted from the ledger of returns.

The ledger gives a matrix with one row per unit that must report and period, with `unit`, `state` (on_time, late,
corrected, received, refused, missing, not_due), and where it is known `period`, `days_late` and `versions`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from vetanalysis.indicators.rates import percentage

RECEIVED = ("on_time", "late", "corrected", "received")
PLAN_DOCUMENT = "Kế hoạch"  # the word of the form's list of documents


class Counted(NamedTuple):
    """A figure counted from the ledger, with its parts (denominator NaN for a plain count)."""

    value: float
    numerator: float
    denominator: float


def reports_received_share(received: float, due: float) -> float:
    """100 * reports received and accepted / reports due at the cut-off; a refused file is not received."""
    return percentage(received, due)


def reports_on_time_share(on_time: float, due: float) -> float:
    """100 * reports accepted by the deadline / reports due; a report corrected later counts by its first arrival."""
    return percentage(on_time, due)


def counted(ledger: Any, as_of: str) -> dict[str, Counted]:
    """Rows 23, 24 and 62 from a ledger, by indicator; {} when nothing was due.

    Received: a valid file has come. On time: it came by the deadline; a corrected report counts by its first
    version (`days_late` not above zero), one without a day does not count. Corrected: versions after the first.
    Units with a plan: those whose list of documents (`ledger.documents`) names a plan of their own.
    """
    matrix = ledger.matrix(as_of)
    if "period" in matrix.columns:
        matrix = matrix[matrix["period"].astype(str) == as_of]
    matrix = matrix[matrix["state"] != "not_due"]
    due = len(matrix)
    if not due:
        return {}
    state = matrix["state"].astype(str)
    on_time = state == "on_time"
    if "days_late" in matrix.columns:
        on_time |= (state == "corrected") & (pd.to_numeric(matrix["days_late"], errors="coerce") <= 0)
    corrected = float((state == "corrected").sum())
    if "versions" in matrix.columns:
        corrected = float(
            (pd.to_numeric(matrix["versions"], errors="coerce").fillna(0) - 1).clip(lower=0).sum()
        )
    received, punctual = int(state.isin(RECEIVED).sum()), int(on_time.sum())
    found = {
        "reports_received_share": Counted(reports_received_share(received, due), received, due),
        "reports_on_time_share": Counted(reports_on_time_share(punctual, due), punctual, due),
        "reports_corrected": Counted(corrected, corrected, float("nan")),
    }
    documents = getattr(ledger, "documents", None)
    if isinstance(documents, pd.DataFrame) and len(documents):
        issued = documents.loc[
            (documents["type"] == PLAN_DOCUMENT) & documents["unit"].isin(matrix["unit"]), "unit"
        ]
        found["units_with_plan_share"] = Counted(percentage(issued.nunique(), due), issued.nunique(), due)
    return found
