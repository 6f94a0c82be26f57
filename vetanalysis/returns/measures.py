"""Figures in another unit of measure than their column asks: dong for million dong, a share for per cent.

A figure that is far from what the unit reported before (or from what its quota lets expect), and near it once its unit
of measure is changed, was typed in that unit of measure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from vetanalysis.blocks import Said
from vetanalysis.errors import Finding
from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.plan import Plan
from vetanalysis.returns.findings import finding_at, measure_words, quantity_words
from vetanalysis.returns.guesses import population_of
from vetanalysis.returns.key import Key
from vetanalysis.returns.lists import quota_of
from vetanalysis.returns.readings import Reading

SUSPECT = "measure-suspect"
_MONEY = "million_dong"
#: Other units of measure in which a figure may have been typed, with what it is times then.
_OTHERS: Mapping[str, Mapping[str, float]] = {
    "percent": {"share": 100.0},
    _MONEY: {"dong": 1e-6, "thousand_dong": 1e-3, "billion_dong": 1e3},
}
_FAR = {"percent": 0.7, _MONEY: 1.5}  # powers of ten between a figure and what is known
_OUTSIDE = 0.5  # the same of the range that the plan lets expect, where nothing was reported before
_NEAR = 1.0
_CERTAIN = 0.6  # nearer to that range than this, a figure may be right as it is
_PER_LEARNER = (0.01, 100.0)  # million dong that a place in training may cost
_PER_INHABITANT = 0.03  # million dong that one unit may spend, for everybody of the place


class _Known(NamedTuple):
    """From where to where figures are known to lie, and the words for it."""

    low: float
    high: float
    said: Said

    def distance(self, value: float) -> float:
        """Powers of ten between a figure above zero and the range."""
        return max(math.log10(self.low / value) if self.low > 0 else 0.0, math.log10(value / self.high), 0.0)


def other_measures(reading: Reading, earlier: Sequence[Mapping[Key, float]], plan: Plan) -> Iterator[Finding]:
    """A finding at each figure that fits only in another unit of measure; a warning where it may be right as it is."""
    columns = reading.columns
    for number, (measure, value) in enumerate(zip(columns["measure"], columns["value"], strict=True)):
        kind = "percent" if measure == "percent" else _MONEY if str(measure).startswith(_MONEY) else ""
        if not kind or not value > 0 or (kind == "percent" and value > 1):
            continue
        row = {name: columns[name][number] for name in ("indicator", *BREAKDOWNS, "measure", "basis")}
        key = Key(**row)
        before, expected = _before(key, earlier), _planned(key, reading, plan)
        known = before or expected
        if not known:
            if kind == "percent":  # nothing to hold it against: it may be a small rate
                what = Said(
                    "returns.measure_suspect.small_rate", name=quantity_words(plan).quantity(key), value=value
                )
                yield finding_at(SUSPECT, columns["source"][number], what, severity="warning")
            continue
        as_it_is = min(one.distance(value) for one in known)
        nearest = [
            (one.distance(value * factor), other, value * factor, one.said)
            for other, factor in _OTHERS[kind].items()
            for one in known
        ]
        distance, other, converted, said = min(nearest, key=lambda one: one[0])
        far = _FAR[kind] if before else _OUTSIDE
        if as_it_is <= far or distance > min(_NEAR, max(as_it_is - 1, 0.0)):
            continue
        what = Said(
            "returns.measure_suspect", name=quantity_words(plan).quantity(key), value=value, known=said,
            measure=measure_words(str(measure)), other=Said(f"returns.measure_suspect.{other}"), converted=converted,
        )  # fmt: skip
        may_be = min((one.distance(value) for one in expected), default=as_it_is) < _CERTAIN
        yield finding_at(SUSPECT, columns["source"][number], what, severity="warning" if may_be else "")


def _before(key: Key, earlier: Sequence[Mapping[Key, float]]) -> list[_Known]:
    values = [ref[key] for ref in earlier if ref.get(key, 0.0) > 0]
    return [_Known(one, one, Said("returns.measure_suspect.history", value=one)) for one in values]


def _planned(key: Key, reading: Reading, plan: Plan) -> list[_Known]:
    """What the plan lets expect: its targets for a rate, the unit's quota for money, else the people of the place."""
    if key.measure == "percent":
        values = [
            one.value
            for one in plan.targets
            if one.indicator == key.indicator and one.measure == "percent" and one.value > 1
        ]
        return [_Known(one, one, Said("returns.measure_suspect.target", value=one)) for one in values]
    if key.measure != _MONEY:
        return []
    quota = quota_of(plan, reading.unit, int(reading.period[:4])) if reading.period[:4].isdigit() else None
    if quota:
        low, high = (quota * one for one in _PER_LEARNER)
        return [_Known(low, high, Said("returns.measure_suspect.quota", value=quota))]
    people = population_of(plan)
    return (
        [_Known(0.0, people * _PER_INHABITANT, Said("returns.measure_suspect.population", value=people))]
        if people
        else []
    )
