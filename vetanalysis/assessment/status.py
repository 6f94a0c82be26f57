"""From a probability to a status: which band it falls in, and when a label may change.

How good the evidence is (`evidence`) and how fast one would have to go (`paces`) are statements of their
own.
"""

from __future__ import annotations

import math

from vetanalysis.assessment.evidence import ICD203, band_of
from vetanalysis.assessment.paces import reaches
from vetanalysis.language.chances import printed_percent

NOT_FORECAST = (
    "not_forecast"  # told against its target, without a chance: a number present on a day before its date
)
STATUSES = (
    "reached",
    "reached_provisional",
    *(band.status for band in ICD203),
    "not_reached",
    NOT_FORECAST,
    "not_assessed",
)
"""Every status an assessment can have, best first."""


def status_of(
    probability: float | None,
    latest_value: float | None = None,
    latest_status: str | None = None,
    target: float | None = None,
    direction: str = ">=",
    *,
    scale: str = "icd203",
) -> str:
    """The status of a target.

    `latest_value` is the figure of the very period the target names (or, for a running total that must
    reach at least the target, the total so far); leave it out otherwise. Where it reaches `target`
    (equality counts, values unrounded) the status is "reached" if `latest_status` is "final" and
    "reached_provisional" if not; where a final one misses it and nothing is left to come (a probability of 0),
    "not_reached". Otherwise the band of the probability; None or NaN is "not_assessed".
    """
    if latest_value is not None and target is not None:
        if reaches(latest_value, target, direction):
            return "reached" if latest_status == "final" else "reached_provisional"
        if latest_status == "final" and probability == 0.0:
            return "not_reached"
    if probability is None or math.isnan(probability):
        return "not_assessed"
    return band_of(probability, scale).status


def hysteresis(
    previous_status: str | None, previous: float | None, probability: float, *, margin: int = 10
) -> str:
    """The status after the last report's: a label moves once P has moved by `margin` points since then, up or down.

    `previous`: the probability of that report. Both count as they are printed (`printed_percent`), so that a
    reader of the two sees why. After "reached", "not_reached", "not_assessed" or no report the band of P itself counts.
    """
    now = band_of(probability).status
    if previous is None or previous_status not in [band.status for band in ICD203]:
        return now
    moved = abs(printed_percent(probability) - printed_percent(previous))
    return now if moved >= margin else previous_status
