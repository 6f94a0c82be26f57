"""Streaming of school leavers into vocational training (Decision 522/QĐ-TTg of 14 May 2018).

Numerator and denominator come from different senders: institutions know who entered, the education department
who left school. Both count one school year; the figure is complete after the autumn intake of the fourth
quarter. Repeaters and leavers of earlier years are excluded from the numerator.
"""

from __future__ import annotations

from typing import Any

from vetanalysis.indicators.rates import percentage


def streaming_lower_secondary(entrants: Any, leavers: Any) -> Any:
    """100 * entrants to elementary and intermediate training / lower-secondary leavers of the school year."""
    return percentage(entrants, leavers)


def streaming_upper_secondary(entrants: Any, leavers: Any) -> Any:
    """100 * entrants to college and other vocational training / upper-secondary leavers of the school year."""
    return percentage(entrants, leavers)
