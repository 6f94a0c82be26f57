"""Each return held against what is known of its unit, between reading and judging.

These rules need the other files of the unit, and refuse the file whose figures fail them: its unit stays without a
figure until somebody decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from vetanalysis.blocks import Said
from vetanalysis.errors import Finding, VetanalysisError
from vetanalysis.periods import Cutoff, cutoff_day, parse_cutoff, parse_day
from vetanalysis.plan import Plan
from vetanalysis.returns.findings import day_words, finding_of
from vetanalysis.returns.guesses import above_population, unsupported
from vetanalysis.returns.key import Key
from vetanalysis.returns.measures import other_measures
from vetanalysis.returns.moved import Sheet, figures_of_sheets, moved, sheets_of
from vetanalysis.returns.readings import Reading

_EARLIER = 4  # periods before it that a return is held against
_LATE = 2  # years after the last period anybody reported in which no file can come any more


def held(readings: Sequence[Reading], plan: Plan, without: Collection[str] = ()) -> list[Reading]:
    """The readings, with a finding at each cell or file that fails a rule. `without`: names of rules not applied."""
    periods = {one.file: _cutoff(one.period) for one in readings}
    last = max((period for period in periods.values() if period), default=None)
    earlier = _Earlier(readings, periods)
    kept = []
    for one in readings:
        before = earlier.of(one)
        found = [
            *above_population(one, plan),
            *unsupported(one, readings, plan),
            *other_measures(one, before, plan),
            *moved(one.file, earlier.sheets(one), before),
            *_received_late(one, last, plan),
        ]
        found = [told for told in found if told.rule not in without]
        kept.append(replace(one, findings=(*one.findings, *found)) if found else one)
    return kept


class _Earlier:
    """What each unit reported before: figures by key, one mapping per period, the latest first."""

    def __init__(self, readings: Sequence[Reading], periods: Mapping[str, Cutoff | None]) -> None:
        self.periods = periods
        self.by_unit: dict[str, dict[Cutoff, Reading]] = {}
        self._sheets: dict[str, dict[str, Sheet]] = {}
        for one in sorted(readings, key=lambda reading: (reading.received, reading.file)):
            period = periods[one.file]
            if one.unit and period is not None and not one.refused:
                self.by_unit.setdefault(one.unit, {})[period] = one

    def sheets(self, reading: Reading) -> dict[str, Sheet]:
        if reading.file not in self._sheets:
            self._sheets[reading.file] = sheets_of(reading)
        return self._sheets[reading.file]

    def of(self, reading: Reading) -> list[Mapping[Key, float]]:
        period = self.periods[reading.file]
        if period is None:
            return []
        before = sorted((one for one in self.by_unit.get(reading.unit, ()) if one < period), reverse=True)
        return [figures_of_sheets(self.sheets(self.by_unit[reading.unit][one])) for one in before[:_EARLIER]]


def _cutoff(period: str) -> Cutoff | None:
    try:
        return parse_cutoff(period) if period else None
    except VetanalysisError:
        return None


def _received_late(reading: Reading, last: Cutoff | None, plan: Plan) -> Iterator[Finding]:
    """A day received years after the last period that anybody reported: its year is mistyped, and the file would
    count before every later correction.
    """
    day = parse_day(reading.received)
    begun = min((target.first_year for target in plan.targets), default=0)
    end = cutoff_day(max(last or Cutoff(begun, "start"), Cutoff(begun, "start")), plan.calendar)
    if day is not None and day.year > end.year + _LATE:
        what = Said("returns.received_late", came=day_words(reading.received), end=day_words(end.isoformat()))
        yield finding_of("received-late", reading.file, "", what)
