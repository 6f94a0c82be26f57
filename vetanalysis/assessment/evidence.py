"""How good the evidence behind a probability is, and the scales of likelihood that name a probability.

The two stay apart: what will probably be, and how much the figures can carry, are two statements.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vetanalysis.blocks import Said
from vetanalysis.errors import WrongCall


@dataclass(frozen=True, slots=True)
class Band:
    """One step of a scale of likelihood: from `lower` (inclusive) up to the `lower` of the step above.

    Words, range and symbol of a status stand in `language/likelihood.yaml` (`language.chances`).
    """

    status: str
    lower: float


ICD203 = (
    Band("almost_certain", 0.95),
    Band("very_likely", 0.80),
    Band("likely", 0.55),
    Band("even", 0.45),
    Band("unlikely", 0.20),
    Band("very_unlikely", 0.05),
    Band("almost_no_chance", 0.0),
)
"""Bands of the US Intelligence Community Directive 203 (2015), best first.

Bracketed ranges are part of the words: in Wintle et al. 2019 (doi 10.1371/journal.pone.0213522) readers
understood them as meant in 66 % of cases, against 32 % for words alone.
"""

IPCC = (
    Band("virtually_certain", 0.99),
    Band("very_likely", 0.90),
    Band("likely", 0.66),
    Band("even", 0.33),
    Band("unlikely", 0.10),
    Band("very_unlikely", 0.01),
    Band("exceptionally_unlikely", 0.0),
)
"""The scale of the Intergovernmental Panel on Climate Change, cut at 99, 90, 66, 33, 10 and 1 %."""

SCALES = {"icd203": ICD203, "ipcc": IPCC}


def scale_of(name: str) -> tuple[Band, ...]:
    """The bands of a named scale, best first; WrongCall for a name that is none."""
    if name not in SCALES:
        raise WrongCall(Said("calls.scale", given=repr(name), known=tuple(SCALES)))
    return SCALES[name]


def band_of(probability: float, scale: str = "icd203") -> Band:
    """The band of an unrounded probability in [0, 1]; a probability on a border belongs to the upper band.

    The outer bands also hold what lies above 99 % and below 1 %. Outside [0, 1] or NaN: WrongCall.
    """
    if not 0.0 <= probability <= 1.0:
        raise WrongCall(Said("calls.probability", given=repr(probability)))
    return next(band for band in scale_of(scale) if probability >= band.lower)


def lower_limit(status: str, scale: str = "icd203") -> float:
    """The probability from which a status holds: 0.45 of "even"."""
    return next(band.lower for band in scale_of(scale) if band.status == status)


STRONG_COVERAGE, WEAK_COVERAGE = 0.90, 0.75
STRONG_POINTS, WEAK_POINTS = 6, 4


def _coverage(share: float) -> Said:
    return Said("evidence.reason.coverage", share=share)


def _points(count: int, are_totals: bool) -> Said:
    if count:
        return Said("evidence.reason.figures", count=count)
    return Said(f"evidence.reason.{'no_total' if are_totals else 'no_figure'}")


def crosses_border(sensitivity: Mapping[float, float]) -> bool:
    """Whether the probabilities under half, single and double prior fall into more than one status band."""
    return len({band_of(probability).status for probability in sensitivity.values()}) > 1


def evidence_grade(
    *,
    points: int,
    coverage: float | None = None,
    sensitivity: Mapping[float, float] | None = None,
    backtest_inside: bool | None = None,
    series_break: int | None = None,
    mostly_prior: bool = False,
    unstated_scope: bool = False,
    taught_by: int | None = None,
    are_totals: bool = False,
) -> tuple[str, tuple[Said, ...]]:
    """The grade and its reasons.

    weak, if any: coverage < 75 % of the plan; fewer than 4 figures (`points`: years of a series,
    complete past years of a flow, `are_totals`); the answer changes its band when the prior is halved or doubled;
    a break in the series (`series_break`: the year of the last one); the answer is mostly prior; the scope
    of the figures is not stated.
    strong, if all: coverage >= 90 % (None: not applicable), at least 6 figures, back-test inside its
    bands, prior sensitivity known and within one band. Otherwise moderate, with what is missing for strong.
    `taught_by`, of a projected rate: from how many other units it was learned how such a rate moves, 0: from
    other rates; it changes no grade and stands last.
    """
    grade, reasons = _graded(
        points, coverage, sensitivity, backtest_inside, series_break, mostly_prior, unstated_scope, are_totals
    )
    if taught_by is None:
        return grade, reasons
    taught = (
        Said("evidence.reason.taught", count=taught_by) if taught_by else Said("evidence.reason.untaught")
    )
    return grade, (*reasons, taught)


def _graded(
    points: int,
    coverage: float | None,
    sensitivity: Mapping[float, float] | None,
    backtest_inside: bool | None,
    series_break: int | None,
    mostly_prior: bool,
    unstated_scope: bool,
    are_totals: bool,
) -> tuple[str, tuple[Said, ...]]:
    crossing = crosses_border(sensitivity) if sensitivity else None
    weak: list[Said] = []
    if coverage is not None and coverage < WEAK_COVERAGE:
        weak.append(_coverage(coverage))
    if points < WEAK_POINTS:
        weak.append(_points(points, are_totals))
    if crossing:
        weak.append(Said("evidence.reason.prior_decides"))
    if series_break is not None:
        weak.append(Said("evidence.reason.series_break", year=series_break))
    for name, holds in (
        ("mostly_prior", mostly_prior),
        ("unstated_scope", unstated_scope),
    ):
        if holds:
            weak.append(Said(f"evidence.reason.{name}"))
    if weak:
        return "weak", tuple(weak)

    short: list[Said] = []
    if coverage is not None and coverage < STRONG_COVERAGE:
        short.append(_coverage(coverage))
    if points < STRONG_POINTS:
        short.append(_points(points, are_totals))
    if not backtest_inside:
        short.append(Said(f"evidence.reason.{'untested' if backtest_inside is None else 'test_failed'}"))
    if crossing is None:
        short.append(Said("evidence.reason.prior_untried"))
    if short:
        return "moderate", tuple(short)
    strong = [_points(points, are_totals)]
    if coverage is not None:
        strong.insert(0, _coverage(coverage))
    strong.append(Said("evidence.reason.test_held"))
    return "strong", tuple(strong)
