"""What other organisations' rules would say of the same figures, for comparison only.

Each rule is a pure function of a series (year -> value), a target, its year and the direction that counts
as better. None of them gives a probability; they stand beside one and never in its place.
A value equal to the target has reached it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from vetanalysis.assessment.paces import DIRECTIONS, reaches
from vetanalysis.blocks import Said
from vetanalysis.errors import WrongCall

_ZERO_REPLACED_BY = 0.001
_FIGURES_OF_LIMITS = 12


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says: its id, the class, the class in words and the numbers behind it.

    `reason` is set where the rule cannot be applied (status "not_available").
    """

    rule: str
    status: str
    words: Said
    numbers: Mapping[str, float] = field(default_factory=dict)
    reason: Said | None = None


def _words(status: str) -> Said:
    return Said(f"rules.{status}")


_KINDS = {
    "ahead": ("achieved", "on_track", "maintain", "consistently_pass"),
    "slow": ("accelerate", "accelerate_escap", "limited"),
    "back": ("deterioration", "reverse", "consistently_fail"),
}


def agree(words: Iterable[Said]) -> bool:
    """Whether verdicts (their words) say the same in kind: on the way, too slow, or moving away.

    Left out are rules that could not be applied and control limits that are only on trial or hold the target.
    """
    kind = {_words(status): name for name, statuses in _KINDS.items() for status in statuses}
    return len({kind[said] for said in words if said in kind}) <= 1


def is_applied(words: Said) -> bool:
    """Whether a verdict's words are a verdict, and not that the rule could not be applied."""
    return words != _words("not_available")


def _not_available(rule: str, why: str) -> Verdict:
    return Verdict(rule, "not_available", _words("not_available"), reason=Said(f"rules.{why}"))


def _known(values: Mapping[int, float], direction: str) -> list[tuple[int, float]]:
    if direction not in DIRECTIONS:
        raise WrongCall(
            Said("calls.one_of", name="direction", given=repr(direction), known=tuple(DIRECTIONS))
        )
    return sorted((int(year), float(value)) for year, value in values.items() if not math.isnan(value))


def _growth(before: float, after: float, years: int) -> float:
    """Compound annual growth rate: (after / before)^(1 / years) - 1; both of the same sign."""
    return (after / before) ** (1 / years) - 1


def _from_base(known: list[tuple[int, float]], base_year: int | None) -> list[tuple[int, float]]:
    """The series from the base year, or from the next year that has a figure."""
    return known if base_year is None else [(year, value) for year, value in known if year >= base_year]


def _cagr_ratio(
    rule: str, known: list[tuple[int, float]], target: float, target_year: int, direction: str
) -> Verdict | dict[str, float]:
    """The numbers of a growth-rate rule, or the verdict where it cannot or need not be computed.

    Zero as base or target is replaced by 0.001, as Open SDG does: the ratio then depends on that choice and
    `zero_replaced` is 1. Signs: base, latest and target must agree, else no growth rate exists. Where the
    base already stood at or past the target, growth towards it has no meaning: a latest value on the
    wrong side was met and then lost, which is deterioration.
    """
    if len(known) < 2:
        return _not_available(rule, "too_few_figures")
    (base_year, base), (year, latest) = known[0], known[-1]
    numbers = {"base_year": base_year, "base": base, "latest_year": year, "latest": latest, "target": target}
    if reaches(latest, target, direction):
        return Verdict(rule, "achieved", _words("achieved"), numbers)
    if target_year <= base_year:
        return _not_available(rule, "target_before_base")
    numbers["zero_replaced"] = float(base == 0 or target == 0)
    start, goal = base or _ZERO_REPLACED_BY, target or _ZERO_REPLACED_BY
    if latest == 0 or len({start > 0, latest > 0, goal > 0}) > 1:
        return _not_available(rule, "signs_differ")
    if reaches(base, target, direction):
        return Verdict(rule, "deterioration", _words("deterioration"), numbers)
    observed = _growth(start, latest, year - base_year)
    required = _growth(start, goal, target_year - base_year)
    # required grows towards the target by construction, so the ratio is positive when the series does too
    return numbers | {"cagr_observed": observed, "cagr_required": required, "ratio": observed / required}


# lower border of the ratio of growth rates -> class; below the last: deterioration
_BORDERS = {
    "eurostat": ((0.95, "on_track"), (0.60, "accelerate"), (0.0, "limited")),
    "un": ((0.95, "on_track"), (0.50, "accelerate"), (-0.10, "limited")),
}


def _growth_rule(
    rule: str,
    values: Mapping[int, float],
    target: float,
    target_year: int,
    direction: str,
    base_year: int | None,
) -> Verdict:
    """R = CAGR observed / CAGR required, from the base (the first figure, or the first from `base_year` on)."""
    known = _from_base(_known(values, direction), base_year)
    numbers = _cagr_ratio(rule, known, target, target_year, direction)
    if isinstance(numbers, Verdict):
        return numbers
    ratio = numbers["ratio"]
    status = next((status for lower, status in _BORDERS[rule] if ratio >= lower), "deterioration")
    return Verdict(rule, status, _words(status), numbers)


def eurostat(
    values: Mapping[int, float],
    target: float,
    target_year: int,
    direction: str = ">=",
    *,
    base_year: int | None = None,
) -> Verdict:
    """The growth-rate rule of Eurostat and Statistics Canada as coded by Open SDG.

    R = CAGR observed / CAGR required, from the base (the first figure, or the first from `base_year` on):
    R >= 0.95 on track; >= 0.60 progress but acceleration needed; >= 0 limited; below: deterioration.
    Thresholds read in `sdg-build/sdg/ProgressMeasure.py` (commit 139fede); that Eurostat's own text has the
    same 95/60/0 was not checked there. Example: 52.1 in year 0, 60.2 in year 6, target 62 in year 7 gives
    R = 0.969, on track, although the straight continuation of the series stays at 61.5.
    """
    return _growth_rule("eurostat", values, target, target_year, direction, base_year)


def un_chart(
    values: Mapping[int, float],
    target: float,
    target_year: int,
    direction: str = ">=",
    *,
    base_year: int | None = None,
) -> Verdict:
    """The rule of the UN progress chart as coded by UNDP's SDG Accelerator.

    The same ratio as `eurostat` with other borders: >= 0.95 on track; >= 0.50 fair progress but acceleration
    needed; >= -0.10 limited or no progress; below: deterioration. Thresholds read in
    `SDG-Accelerator/src/utils/getStatus.tsx` (commit 3037434). Differences on purpose: a value equal to
    the target has reached it (there it must be passed), and a target met and then lost is deterioration
    (there the ratio of two negative rates can read "on track").
    """
    return _growth_rule("un", values, target, target_year, direction, base_year)


def weighted_line(known: Sequence[tuple[int, float]]) -> tuple[float, float]:
    """Intercept and slope of the least-squares line through (year, value), weights rising with the year.

    The weight of a year is its place counted from the first: (year - first + 1) / (last - first + 1).
    """
    first, last = known[0][0], known[-1][0]
    weights = [(year - first + 1) / (last - first + 1) for year, _ in known]
    total = sum(weights)
    mean_year = sum(w * year for w, (year, _) in zip(weights, known, strict=True)) / total
    mean_value = sum(w * value for w, (_, value) in zip(weights, known, strict=True)) / total
    spread = sum(w * (year - mean_year) ** 2 for w, (year, _) in zip(weights, known, strict=True))
    slope = (
        sum(
            w * (year - mean_year) * (value - mean_value)
            for w, (year, value) in zip(weights, known, strict=True)
        )
        / spread
    )
    return mean_value - slope * mean_year, slope


def escap(
    values: Mapping[int, float],
    target: float,
    target_year: int,
    direction: str = ">=",
    *,
    base_year: int | None = None,
) -> Verdict:
    """The Current Status Index and the anticipated progress of the UN regional commissions.

    CSI = 10 (latest - base) / (target - base), 10 at the target, negative when moving away.
    Anticipated value: the time-weighted regression line of all figures at the target year. Gap = 100
    |target - anticipated| / |target - base|, 0 where the anticipated value reaches the target:
    <= 10 maintain, <= 100 accelerate, above: reverse. The wording of the gap is from the technical notes of
    UNECE and ESCAP, the CSI from code of UNICEF MENA; the borders 10 and 100 and the shape of the weights
    (here linear in time) were not seen in a primary text. "achieved" needs the latest and the anticipated
    value. A base already at or past the target leaves no distance: "achieved" or, when lost since, "reverse".
    """
    known = _known(values, direction)
    from_base = _from_base(known, base_year)
    if len(known) < 2 or len(from_base) < 2:
        return _not_available("escap", "too_few_figures")
    base, latest = from_base[0][1], from_base[-1][1]
    numbers = {"base_year": from_base[0][0], "base": base, "latest_year": from_base[-1][0], "latest": latest}
    intercept, slope = weighted_line(known)
    numbers |= {"target": target, "anticipated": intercept + slope * target_year}
    if reaches(base, target, direction):
        status = "achieved" if reaches(latest, target, direction) else "reverse"
        return Verdict("escap", status, _words(status), numbers)
    numbers["csi"] = 10 * (latest - base) / (target - base)
    anticipated = numbers["anticipated"]
    gap = 0.0 if reaches(anticipated, target, direction) else abs(target - anticipated) / abs(target - base)
    numbers["gap"] = 100 * gap
    if reaches(latest, target, direction) and gap == 0:
        return Verdict("escap", "achieved", _words("achieved"), numbers)
    if numbers["gap"] <= 10:
        return Verdict("escap", "maintain", _words("maintain"), numbers)
    if numbers["gap"] <= 100:
        return Verdict("escap", "accelerate", _words("accelerate_escap"), numbers)
    return Verdict("escap", "reverse", _words("reverse"), numbers)


def nhs_assurance(values: Mapping[int, float], target: float, direction: str = ">=") -> Verdict:
    """The assurance rule of the NHS "Making Data Count" charts (XmR limits), as coded in NHSRplotthedots.

    Limits: mean -+ 2.66 x mean moving range, moving ranges above 3.267 x their mean left out first. A target
    beyond the limit on the better side is consistently missed, beyond the limit on the worse side
    consistently reached, between them (or on a limit) hit or miss. Constants read in that package (commit
    050b07d). Under 12 figures the limits are trial limits: `trial` is 1 and the words say so. The figures count in
    their order, without regard to years between them, as there.
    """
    series = [value for _, value in _known(values, direction)]
    if len(series) < 2:
        return _not_available("nhs", "too_few_figures")
    moves = [abs(after - before) for before, after in pairwise(series)]
    screen = 3.267 * sum(moves) / len(moves)
    kept = [move for move in moves if move <= screen]
    mean, half = sum(series) / len(series), 2.66 * sum(kept) / len(kept)
    numbers = {"mean": mean, "lower": mean - half, "upper": mean + half, "target": target}
    numbers |= {"figures": len(series), "trial": float(len(series) < _FIGURES_OF_LIMITS)}
    above, below = target > mean + half, target < mean - half
    if not (above or below):
        status = "hit_or_miss"
    else:
        status = "consistently_fail" if above == (direction == ">=") else "consistently_pass"
    return Verdict("nhs", status, _on_trial(_words(status), len(series)), numbers)


def _on_trial(words: Said, figures: int) -> Said:
    """The words with what few figures do to control limits."""
    if figures >= _FIGURES_OF_LIMITS:
        return words
    return Said("rules.on_trial", words=words, figures=figures, needed=_FIGURES_OF_LIMITS)


def untried(words: Said) -> Said:
    """A verdict's words without what few figures do to control limits."""
    return words.facts["words"] if words.key == "rules.on_trial" else words


def side_by_side(
    values: Mapping[int, float], target: float, target_year: int, direction: str = ">="
) -> dict[str, Verdict]:
    """What each rule says of the same figures, by its id, in the order in which they are printed."""
    verdicts = [rule(values, target, target_year, direction) for rule in (eurostat, un_chart, escap)]
    verdicts.append(nhs_assurance(values, target, direction))
    return {verdict.rule: verdict for verdict in verdicts}
