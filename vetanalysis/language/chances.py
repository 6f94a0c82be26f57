"""Probabilities and judgements as they are printed: rounded, never 0 or 100 %, and words with their range.

Which status a probability has is decided in `vetanalysis.assessment.status`; its words, range and symbol
stand in `likelihood.yaml`, where no plan can change them.
"""

from __future__ import annotations

import math

from vetanalysis.blocks import Said, Text
from vetanalysis.errors import WrongCall
from vetanalysis.language.numbers import percent_sign

BORDERS = (
    5,
    20,
    45,
    55,
    80,
    95,
)  # percent at which another word begins, as `likelihood.yaml` prints its ranges
_POINTS = 5  # a probability is printed to so many percentage points
WITHOUT_PROBABILITY = ("reached", "reached_provisional", "not_reached", "not_forecast", "not_assessed")
_BEYOND = {  # the outer statuses of a scale and the probability beyond which their range is another
    "almost_certain": 0.99, "almost_no_chance": 0.01, "virtually_certain": 0.99, "exceptionally_unlikely": 0.01,
}  # fmt: skip


def status_name(status: str, scale: str = "icd203") -> Said:
    """The words of a status alone: "rất có khả năng đạt", "đã đạt (số chính thức)"."""
    return Said(_key(status, scale))


def status_range(status: str, probability: float | None = None, scale: str = "icd203") -> Said:
    """The range of a status: "80-95 %"; of the outer ones "> 99 %" and "< 1 %" where `probability` lies there."""
    border = _BEYOND.get(status)
    beyond = False
    if border is not None and probability is not None and not math.isnan(probability):
        beyond = probability > border if border > 0.5 else probability < border
    return Said(f"{_key(status, scale)}.range{'.beyond' if beyond else ''}")


def status_words(
    status: str, probability: float | None = None, past: Said | Text | str = "", *, scale: str = "icd203"
) -> Said:
    """The words of a status with the range in brackets: "rất có khả năng đạt (80-95 %)".

    With the unrounded `probability` the outer bands say "(> 99 %)" and "(< 1 %)" where that is what holds. `past`: what
    such words came to, where they did not hold, behind the range.
    """
    named = status_name(status, scale)
    if status in WITHOUT_PROBABILITY:
        return named
    return Said(
        "likelihood.with_range", words=named, range=status_range(status, probability, scale), past=past
    )


def status_symbol(status: str, scale: str = "icd203") -> str:
    """The symbol of a status; it reads in grey and without colour."""
    return Said(f"{_key(status, scale)}.symbol").vi


def printed_probability(probability: float) -> str:
    """A probability as printed: to 5 points, never 0 or 100 %, and everywhere alike.

    It stays within the band of the word that the unrounded probability has: 0.78 is "75 %", for 80 % would read as the
    next band. "< 1 %" and "> 99 %" at the ends, "< 5 %" and "> 95 %" where rounding would give 0 or 100.
    """
    rounded = printed_percent(probability)
    if probability < 0.01:
        return "< 1 %"
    if probability > 0.99:
        return "> 99 %"
    if rounded <= 0:
        return "< 5 %"
    return "> 95 %" if rounded >= 100 else f"{rounded} %"


def printed_percent(probability: float) -> int:
    """The percent that a probability is printed with; 0 below 5 % and 100 above 95 %, which are printed as such."""
    if not 0.0 <= probability <= 1.0:
        raise WrongCall(Said("calls.probability", given=repr(probability)))
    percent = round(100 * probability, 9)
    rounded = _POINTS * math.floor(percent / _POINTS + 0.5)
    if any(percent < border <= rounded for border in BORDERS):
        rounded -= _POINTS
    return rounded


def closed_up(text: str, lang: str = "en") -> str:
    """The text with the percent sign behind its number as `lang` writes it, closed up in ours, as in all texts."""
    return text.replace(" %", "%").replace("%", percent_sign(lang))


def chance(probability: float) -> Said:
    """The printed probability in running text: "khoảng 15%", "dưới 1%", "trên 99%"."""
    text = closed_up(printed_probability(probability))
    if text.startswith("<"):
        return Said("likelihood.chance.below", percent=text[2:])
    if text.startswith(">"):
        return Said("likelihood.chance.above", percent=text[2:])
    return Said("likelihood.chance", percent=text)


def _key(status: str, scale: str) -> str:
    return f"likelihood.{status}" if status in WITHOUT_PROBABILITY else f"likelihood.{scale}.{status}"
