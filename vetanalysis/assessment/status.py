"""From a probability to a status: which band it falls in, and when a label may change.

How good the evidence is (`evidence`) and how fast one would have to go (`paces`) are statements of their
own.
"""

from __future__ import annotations

import math

from vetanalysis.assessment.evidence import ICD203, band_of
from vetanalysis.assessment.paces import reaches

STATUSES = (
    "reached",
    "reached_provisional",
    *(band.status for band in ICD203),
    "not_reached",
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


def hysteresis(previous_status: str | None, probability: float, *, margin: float = 0.05) -> str:
    """The status after the last report's: a label moves by one band only if P crosses the border by `margin`.

    A move of two bands or more is immediate. The margin is never more than half the width of the band
    entered, so that the outer bands (5 points wide) can be entered at all. After "reached", "not_reached",
    "not_assessed" or no report the band of P itself counts.
    """
    bands = ICD203
    order = [band.status for band in bands]
    now = order.index(band_of(probability).status)
    if previous_status not in order:
        return order[now]
    before = order.index(previous_status)
    if abs(now - before) != 1:
        return order[now]
    upper = 1.0 if now == 0 else bands[now - 1].lower
    needed = min(margin, (upper - bands[now].lower) / 2)
    # into a better band over its lower border, into a worse one under its upper border
    crossed = probability - bands[now].lower if now < before else upper - probability
    return order[now] if crossed >= needed - 1e-12 else previous_status
