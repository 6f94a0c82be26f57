"""Scales of likelihood: which words, range and symbol belong to a probability."""

from __future__ import annotations

from dataclasses import dataclass

from vetanalysis.errors import WrongCall
from vetanalysis.text import Text


@dataclass(frozen=True, slots=True)
class Band:
    """One step of a scale of likelihood: from `lower` (inclusive) up to the `lower` of the step above."""

    status: str
    lower: float
    words: Text
    range: str  # printed in brackets, in per cent; the same in both languages
    symbol: str


ICD203 = (
    Band("almost_certain", 0.95, Text("gần như chắc chắn đạt", "almost certain"), "95-99 %", "▲▲▲"),
    Band("very_likely", 0.80, Text("rất có khả năng đạt", "very likely"), "80-95 %", "▲▲"),
    Band("likely", 0.55, Text("có khả năng đạt", "likely"), "55-80 %", "▲"),
    Band("even", 0.45, Text("khả năng đạt và không đạt ngang nhau", "roughly even chance"), "45-55 %", "◆"),
    Band("unlikely", 0.20, Text("ít khả năng đạt", "unlikely"), "20-45 %", "▽"),
    Band("very_unlikely", 0.05, Text("rất ít khả năng đạt", "very unlikely"), "5-20 %", "▽▽"),
    Band("almost_no_chance", 0.0, Text("gần như không thể đạt", "almost no chance"), "1-5 %", "▽▽▽"),
)
"""Bands of the US Intelligence Community Directive 203 (2015), best first; Vietnamese words are ours.

Bracketed ranges are part of the words: in Wintle et al. 2019 (doi 10.1371/journal.pone.0213522) readers
understood them as meant in 66 % of cases, against 32 % for words alone.
"""

IPCC = (
    Band("virtually_certain", 0.99, Text("hầu như chắc chắn đạt", "virtually certain"), "99-100 %", "▲▲▲"),
    Band("very_likely", 0.90, Text("rất có khả năng đạt", "very likely"), "90-99 %", "▲▲"),
    Band("likely", 0.66, Text("có khả năng đạt", "likely"), "66-90 %", "▲"),
    Band(
        "even", 0.33, Text("khả năng đạt và không đạt gần như nhau", "about as likely as not"), "33-66 %", "◆"
    ),
    Band("unlikely", 0.10, Text("ít khả năng đạt", "unlikely"), "10-33 %", "▽"),
    Band("very_unlikely", 0.01, Text("rất ít khả năng đạt", "very unlikely"), "1-10 %", "▽▽"),
    Band(
        "exceptionally_unlikely", 0.0, Text("gần như không thể đạt", "exceptionally unlikely"), "0-1 %", "▽▽▽"
    ),
)
"""The scale of the Intergovernmental Panel on Climate Change, cut at 99, 90, 66, 33, 10 and 1 %."""

SCALES = {"icd203": ICD203, "ipcc": IPCC}


def scale_of(name: str) -> tuple[Band, ...]:
    """The bands of a named scale, best first; WrongCall for a name that is none."""
    if name not in SCALES:
        raise WrongCall(f"scale {name!r} is unknown: use one of {', '.join(SCALES)}")
    return SCALES[name]


def band_of(probability: float, scale: str = "icd203") -> Band:
    """The band of an unrounded probability in [0, 1]; a probability on a border belongs to the upper band.

    The outer bands also hold what lies above 99 % and below 1 %. Outside [0, 1] or NaN: WrongCall.
    """
    if not 0.0 <= probability <= 1.0:
        raise WrongCall(f"a probability lies between 0 and 1; received {probability!r}")
    return next(band for band in scale_of(scale) if probability >= band.lower)
