"""From a probability to words: the bands, their printed form and when a label may change.

Three statements are kept apart: how likely the target is to be reached (here), how good the evidence
is (`vetanalysis.assessment.evidence`) and how fast one would have to go (`vetanalysis.assessment.paces`). The
functions of those two modules are offered here as well, so that a reader needs one import.
"""

from __future__ import annotations

import math

from vetanalysis.assessment.evidence import ICD203, IPCC, SCALES, Band, band_of, evidence_grade, scale_of
from vetanalysis.assessment.paces import (
    extra_for_probability,
    first_passage,
    milestones,
    percentile_of_pace,
    reaches,
    required_pace,
    required_per_quarter,
    seen_pace,
)
from vetanalysis.blocks import Text
from vetanalysis.errors import WrongCall

__all__ = [
    "ICD203",
    "IPCC",
    "SCALES",
    "STATUSES",
    "Band",
    "band_of",
    "evidence_grade",
    "extra_for_probability",
    "first_passage",
    "hysteresis",
    "milestones",
    "percentile_of_pace",
    "printed_probability",
    "reaches",
    "required_pace",
    "required_per_quarter",
    "seen_pace",
    "status_of",
    "status_symbol",
    "status_words",
    "words",
]


_WITHOUT_PROBABILITY = {
    "reached": (Text("đã đạt (số chính thức)", "reached (final figure)"), "■"),
    "reached_provisional": (Text("đã đạt (số tạm tính)", "reached (provisional figure)"), "◧"),
    "not_assessed": (Text("chưa đủ dữ liệu để đánh giá", "not assessed"), "○"),
}

STATUSES = ("reached", "reached_provisional", *(band.status for band in ICD203), "not_assessed")
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
    "reached_provisional" if not. Otherwise the band of the probability; None or NaN is "not_assessed".
    """
    if latest_value is not None and target is not None and reaches(latest_value, target, direction):
        return "reached" if latest_status == "final" else "reached_provisional"
    if probability is None or math.isnan(probability):
        return "not_assessed"
    return band_of(probability, scale).status


def _band(status: str, scale: str) -> Band | None:
    band = next((band for band in scale_of(scale) if band.status == status), None)
    if band is None and status not in _WITHOUT_PROBABILITY:
        raise WrongCall(f"status {status!r} is unknown: use one of {', '.join(STATUSES)}")
    return band


def status_symbol(status: str, scale: str = "icd203") -> str:
    """The symbol of a status; it reads in grey and without colour."""
    band = _band(status, scale)
    return band.symbol if band else _WITHOUT_PROBABILITY[status][1]


def status_words(status: str, lang: str, probability: float | None = None, *, scale: str = "icd203") -> str:
    """The words of a status with the range in brackets: "rất có khả năng đạt (80-95 %)".

    With the unrounded `probability` the outer bands say "(> 99 %)" and "(< 1 %)" where that is what holds.
    """
    band = _band(status, scale)
    if band is None:
        return _WITHOUT_PROBABILITY[status][0].get(lang)
    shown = band.range
    if probability is not None and not math.isnan(probability):
        bands = scale_of(scale)
        if probability > 0.99 and band is bands[0]:
            shown = "> 99 %"
        elif probability < 0.01 and band is bands[-1]:
            shown = "< 1 %"
    return f"{band.words.get(lang)} ({shown})"


def words(status: str, lang: str) -> str:
    """The same as `status_words(status, lang)`."""
    return status_words(status, lang)


def printed_probability(probability: float, evidence: str = "moderate") -> str:
    """A probability as printed: to 5 points, to 10 where the evidence is weak, never 0 or 100 %.

    "35 %", "40 %"; "< 1 %" and "> 99 %" at the ends, "< 5 %" and "> 95 %" where rounding would give 0 or 100.
    """
    if not 0.0 <= probability <= 1.0:
        raise WrongCall(f"a probability lies between 0 and 1; received {probability!r}")
    if probability < 0.01:
        return "< 1 %"
    if probability > 0.99:
        return "> 99 %"
    step = 10 if evidence == "weak" else 5
    rounded = step * math.floor(probability * 100 / step + 0.5 + 1e-9)
    if rounded <= 0:
        return "< 5 %"
    if rounded >= 100:
        return "> 95 %" if probability > 0.95 else "95 %"
    return f"{rounded} %"


def hysteresis(previous_status: str | None, probability: float, *, margin: float = 0.05) -> str:
    """The status after the last report's: a label moves by one band only if P crosses the border by `margin`.

    A move of two bands or more is immediate. The margin is never more than half the width of the band
    entered, so that the outer bands (5 points wide) can be entered at all. After "reached",
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
