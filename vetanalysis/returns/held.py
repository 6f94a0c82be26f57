"""Each return held against what is known of its unit, between reading and judging.

These rules need the other files of the unit, and refuse the file whose figures fail them: its unit stays without a
figure until somebody decides. A number that reads two ways and was taken in the thousands (84,5 as 84,500) counts
only where the unit's quota, what it reported before and its size agree; a figure that fits only in another unit of
measure does not.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from vetanalysis.blocks import Said, Text
from vetanalysis.errors import Finding, VetanalysisError
from vetanalysis.observations.checks import are_totals
from vetanalysis.observations.crosswalk import renamed_by
from vetanalysis.observations.table import normalise, published_root, read_csv
from vetanalysis.periods import Cutoff, cutoff_day, find_cutoff, parse_day
from vetanalysis.plan import Plan
from vetanalysis.returns.findings import (
    day_words,
    finding_at,
    finding_of,
    measure_words,
    period_words,
    quantity_words,
)
from vetanalysis.returns.form_layout import FLOWS
from vetanalysis.returns.key import Key, sheet_and_cell
from vetanalysis.returns.lists import quota_of, quotas_of
from vetanalysis.returns.moved import Sheet, figures_of_sheets, moved, same_figures, sheets_of, typed_figures
from vetanalysis.returns.readings import Reading
from vetanalysis.returns.typed_numbers import LARGEST_COUNT

_RECEIVED_LATE = "received-late"
_FORM = "form-plan"
_EARLIER = 4  # periods before it that a return is held against
_LATE = 2  # years after the last period anybody reported in which no file can come any more
_FAR = 3.0
_SMALLEST = 20.0  # earlier figures below this may well grow several times over
#: No place whose population is published has fewer; spares reading it for small figures.
_LEAST_POPULATION = 100_000.0
_TWO_WAYS = ("returns.typed.thousands", "returns.typed.two_ways")
_MONEY = "million_dong"
#: Other units of measure in which a figure may have been typed, with what it is times then.
_OTHERS: Mapping[str, Mapping[str, float]] = {
    "percent": {"share": 100.0},
    _MONEY: {"dong": 1e-6, "thousand_dong": 1e-3, "billion_dong": 1e3},
}
_APART = {"percent": 0.7, _MONEY: 1.5}  # powers of ten between a figure and what is known
_OUTSIDE = 0.5  # the same of the range that the plan lets expect, where nothing was reported before
_NEAR = 1.0
_CERTAIN = 0.6  # nearer to that range than this, a figure may be right as it is
_PER_LEARNER = (0.01, 100.0)  # million dong that a place in training may cost
_PER_INHABITANT = 0.03  # million dong that one unit may spend, for everybody of the place


def held(
    readings: Sequence[Reading], plan: Plan, without: Collection[str] = (), among: Sequence[Reading] = ()
) -> list[Reading]:
    """The readings, with a finding at each cell or file that fails a rule. `without`: names of rules not applied.

    `among`: these and others, as they came out when they were held together: one whose unit sent none of the others
    about an earlier period comes out as it did then.
    """
    periods = {one.file: find_cutoff(one.period) for one in readings}
    last = max((period for period in periods.values() if period), default=None)
    names = renamed_by(plan, last) if last else {}
    earlier, as_then = _Earlier(readings, periods, names), _as_then(periods, among, names)
    kept = []
    for one in readings:
        late = [*_received_late(one, last, plan)]
        if one.file in as_then and not late:
            kept.append(as_then[one.file])
            continue
        before = earlier.of(one)
        found = [
            *above_population(one, plan),
            *unsupported(one, readings, plan, names),
            *other_measures(one, before, plan),
            *moved(one.file, earlier.sheets(one), before),
            *_of_last_year(one, earlier),
            *late,
        ]
        found = [told for told in found if told.rule not in without]
        kept.append(replace(one, findings=(*one.findings, *found)) if found else one)
    return kept


def _as_then(
    periods: Mapping[str, Cutoff | None], among: Sequence[Reading], names: Mapping[str, str]
) -> dict[str, Reading]:
    """Those of `among` that were held against what they are held against now, by file; `periods`: of all files now.

    Not where a number reads two ways: every other return of the unit speaks for or against it. Nor what was found late.
    """
    first: dict[str, Cutoff] = {}
    for one in among:
        period = find_cutoff(one.period)
        if one.file not in periods and period:
            unit = names.get(one.unit, one.unit)
            first[unit] = min(period, first.get(unit, period))
    return {
        one.file: one
        for one in among
        if (period := periods.get(one.file))
        and ((unit := names.get(one.unit, one.unit)) not in first or period <= first[unit])
        and not any(_guesses(one))
        and not any(told.rule == _RECEIVED_LATE for told in one.findings)
    }


class _Earlier:
    """What each unit reported before, under whichever code: figures by key, one mapping per period, the latest first.

    `names`: the code that a unit has now by the one it had.
    """

    def __init__(
        self, readings: Sequence[Reading], periods: Mapping[str, Cutoff | None], names: Mapping[str, str]
    ) -> None:
        self.periods, self.names = periods, names
        self.by_unit: dict[str, dict[Cutoff, Reading]] = {}
        self._sheets: dict[str, dict[str, Sheet]] = {}
        self._figures: dict[str, Mapping[Key, float]] = {}
        for one in sorted(readings, key=lambda reading: (reading.received, reading.file)):
            period = periods[one.file]
            if one.unit and period is not None and not one.refused:
                self.by_unit.setdefault(names.get(one.unit, one.unit), {})[period] = one

    def sheets(self, reading: Reading) -> dict[str, Sheet]:
        if reading.file not in self._sheets:
            self._sheets[reading.file] = sheets_of(reading)
        return self._sheets[reading.file]

    def before(self, reading: Reading) -> list[Reading]:
        period = self.periods[reading.file]
        mine = self.by_unit.get(self.names.get(reading.unit, reading.unit), {}) if period else {}
        return [mine[one] for one in sorted(mine, reverse=True) if period and one < period]

    def of(self, reading: Reading) -> list[Mapping[Key, float]]:
        return [self._figures_of(one) for one in self.before(reading)[:_EARLIER]]

    def _figures_of(self, reading: Reading) -> Mapping[Key, float]:
        if reading.file not in self._figures:
            self._figures[reading.file] = figures_of_sheets(self.sheets(reading))
        return self._figures[reading.file]


def _of_last_year(reading: Reading, earlier: _Earlier) -> Iterator[Finding]:
    """An error where a form of the year before holds a return's very figures: its titles alone are new."""
    if any(told.rule == _FORM for told in reading.findings):
        mine = typed_figures(earlier.sheets(reading))
        for other in earlier.before(reading):
            given = typed_figures(earlier.sheets(other))
            alike = same_figures(mine, given) or (len(mine) if mine == given else 0)
            if alike:
                same = Said(
                    "returns.repeated.period",
                    count=alike,
                    period=period_words(other.period),
                    other=other.file,
                )
                yield finding_of(_FORM, reading.file, "", same)


def _received_late(reading: Reading, last: Cutoff | None, plan: Plan) -> Iterator[Finding]:
    """A day received years after the last period that anybody reported: its year is mistyped, and the file would
    count before every later correction.
    """
    day = parse_day(reading.received)
    begun = min((target.first_year for target in plan.targets), default=0)
    end = cutoff_day(max(last or Cutoff(begun, "start"), Cutoff(begun, "start")), plan.calendar)
    if day is not None and day.year > end.year + _LATE:
        what = Said("returns.received_late", came=day_words(reading.received), end=day_words(end.isoformat()))
        yield finding_of(_RECEIVED_LATE, reading.file, "", what)


class Guess(NamedTuple):
    """A figure taken in the thousands: its cell, what was typed, what it was taken for.

    `usual`: the notation is the file's own (13.500; in an English one 13,500), so that nothing needs to speak for it.
    """

    sheet: str
    cell: str
    plain: float
    taken: float
    usual: bool


def _guesses(reading: Reading) -> Iterator[Guess]:
    for one in reading.findings:
        if not isinstance(one.found, Said) or one.found.key not in _TWO_WAYS:
            continue
        facts = one.found.facts
        plain, taken = facts.get("decimal", facts["given"]), facts["taken"]
        if taken != plain:
            yield Guess(one.sheet, one.place, float(plain), float(taken), facts.get("usual") == taken)


def unsupported(
    reading: Reading, readings: Sequence[Reading], plan: Plan, names: Mapping[str, str]
) -> Iterator[Finding]:
    """An error at each cell whose guess does not fit its unit, of which `readings` are all returns."""
    guesses = list(_guesses(reading))
    if not guesses:
        return
    words = quantity_words(plan)
    rows = {sheet_and_cell(one.source): one for one in reading.figures}
    communes = {sheet_and_cell(str(one["source"])): one for one in reading.commune_quotas}
    for guess in guesses:
        row, commune = rows.get((guess.sheet, guess.cell)), communes.get((guess.sheet, guess.cell))
        name: Said | Text
        if row is not None:
            figure, witnesses = row.value, _witnesses(row.key, reading, readings, plan, names)
            name = words.quantity(row.key)
        elif commune is not None:
            quota = _quota(plan, reading.unit, str(commune["period"]))
            figure, name = float(commune["value"]), Said("returns.guess.commune_quota")
            witnesses = [(quota, Said("returns.guess.quota", value=quota))] if quota else []
        else:
            continue
        against = tuple(said for most, said in witnesses if abs(figure) > _FAR * most)
        if not witnesses and not guess.usual:
            against = (Said("returns.guess.unknown"),)
        if against:
            what = Said("returns.guess", name=name, plain=guess.plain, taken=guess.taken, against=against)
            yield finding_of("guess-unsupported", reading.file, guess.cell, what, sheet=guess.sheet)


def _witnesses(
    key: Key, reading: Reading, readings: Sequence[Reading], plan: Plan, names: Mapping[str, str]
) -> list[tuple[float, Said]]:
    """What is known of the unit that speaks for or against a figure: its size, and the words for it."""
    witnesses = []
    quota = _quota(plan, key.unit, key.period, key.level)
    if quota and key.indicator in FLOWS and key.measure == "persons":
        kind = "quota" if key.indicator == "people_enrolled" else "size"
        witnesses.append((quota, Said(f"returns.guess.{kind}", value=quota)))
    now = names.get(reading.unit, reading.unit)
    same = [one for one in readings if one is not reading and names.get(one.unit, one.unit) == now]
    before = [
        (other.value, other.key.period)
        for one in same
        if not one.refused and not any(_guesses(one))
        for other in one.figures
        if other.key._replace(period=key.period, unit=key.unit) == key and other.value == other.value
    ]
    if before:
        most, when = max(before)
        said = Said("returns.guess.history", value=most, period=period_words(when))
        witnesses.append((max(most, _SMALLEST), said))
    return witnesses


def _quota(plan: Plan, unit: str, period: str, level: str = "") -> float | None:
    """The unit's quota of the year at a level, else over all levels; None without one."""
    if not unit or not period[:4].isdigit():
        return None
    by_level = quotas_of(plan, unit, int(period[:4])) if level else {}
    return by_level.get(Key(level=level)) or quota_of(plan, unit, int(period[:4]))


def above_population(reading: Reading, plan: Plan) -> Iterator[Finding]:
    """An error at each count of people above the population of the place."""
    if not reading.count or max(reading.columns["value"]) <= _LEAST_POPULATION:
        return
    population = population_of(plan)
    most = population or LARGEST_COUNT
    for one in reading.figures:
        if one.key.measure != "persons" or not one.value > most:
            continue
        name = quantity_words(plan).quantity(one.key)
        what = Said("returns.above_population.unknown", name=name, population=most)
        if population:
            what = Said("returns.above_population", name=name, place=plan.place.name, population=most)
        yield finding_at("above-population", one.source, what)


@lru_cache(maxsize=8)
def population_of(plan: Plan) -> float | None:
    """The largest published population of the plan's place; None where none is published."""
    path = published_root() / "population.csv"
    if not path.is_file():
        return None
    try:
        table = normalise(read_csv(path))
    except VetanalysisError:
        return None
    here = (table["unit"] == plan.place.code) & (table["indicator"] == "population")
    rows = table[here & (table["measure"] == "persons") & are_totals(table)]
    return float(rows["value"].max()) if len(rows) else None


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
    for at, (measure, value) in enumerate(
        zip(reading.columns["measure"], reading.columns["value"], strict=True)
    ):
        kind = "percent" if measure == "percent" else _MONEY if measure.startswith(_MONEY) else ""
        if not kind or not value > 0 or (kind == "percent" and value > 1):
            continue
        figure = reading.figure(at)
        key, source = figure.key._replace(unit="", period=""), figure.source
        before = _before(key, earlier)
        known = before or _planned(key, reading, plan)
        if not known:
            if kind == "percent":  # nothing to hold it against: it may be a small rate
                what = Said(
                    "returns.measure_suspect.small_rate", name=quantity_words(plan).quantity(key), value=value
                )
                yield finding_at("measure-suspect", source, what, severity="warning")
            continue
        as_it_is = min(one.distance(value) for one in known)
        if as_it_is <= (_APART[kind] if before else _OUTSIDE):
            continue
        nearest = [
            (one.distance(value * factor), other, value * factor, one.said)
            for other, factor in _OTHERS[kind].items()
            for one in known
        ]
        distance, other, converted, said = min(nearest, key=lambda one: one[0])
        if distance > min(_NEAR, max(as_it_is - 1, 0.0)):
            continue
        what = Said(
            "returns.measure_suspect", name=quantity_words(plan).quantity(key), value=value, known=said,
            measure=measure_words(measure), other=Said(f"returns.measure_suspect.{other}"), converted=converted,
        )  # fmt: skip
        expected = (one.distance(value) for one in _planned(key, reading, plan))
        may_be = min(expected, default=as_it_is) < _CERTAIN
        yield finding_at("measure-suspect", source, what, severity="warning" if may_be else "")


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
