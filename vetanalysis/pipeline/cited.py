"""Figures as they are cited: each row of figures with the file, sheet and cell, or file and row, where it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from vetanalysis.indicators.placed import records
from vetanalysis.indicators.tally import DIMENSIONS
from vetanalysis.observations.checks import BREAKDOWNS, are_totals
from vetanalysis.observations.table import published_root, read_csv

if TYPE_CHECKING:
    from vetanalysis.plan import Plan
    from vetanalysis.plan.catalogue import Entry
    from vetanalysis.study import Study

LINE_VALUES = (
    "value", "numerator", "denominator", "percent_of_plan", "coverage", "latest_value",
    "last_year_value", "index_last_year", "change_last_year", "previous_value", "change_previous", "plan_value",
)  # fmt: skip
_KEY = ("unit", "id", "period", "basis", *DIMENSIONS)
_OF_LINE = (*_KEY, "label_vi", "way", "sources", *LINE_VALUES)
_READ = ("unit", "period", *DIMENSIONS, "value", "source")  # columns of the observations
_PUBLISHED = ("source", "unit", "period", "indicator")

Row = tuple[str, ...]  # place, source where it is another, unit, period, indicator, breakdown, value


class Figure(NamedTuple):
    """A figure; `split`: its breakdown by `DIMENSIONS`; `key`: its value as numbers are compared; `total`: of all."""

    unit: str
    period: str
    indicator: str
    split: tuple[str, ...]
    value: float
    key: str
    total: bool
    source: str


def key_of(value: float) -> str:
    """A number as numbers are compared here: to ten digits."""
    return f"{value:.10g}"


class Figures:
    """The figures of a study by indicator and unit, each read when its indicator is first asked for."""

    def __init__(self, study: Study) -> None:
        obs = study.observations
        finer = [name for name in BREAKDOWNS if name not in DIMENSIONS]  # of these no line has any
        told = obs["value"].notna() & (obs[finer] == "").all(axis=1)
        self._table = obs.loc[told, ["indicator", *_READ]]
        self._at = self._table.groupby("indicator", observed=True).indices
        self._read: dict[str, dict[str, list[Figure]]] = {}
        self._plan, self._published = study.plan, study.published
        self._quotas: dict[str, list[Row]] = {}

    def of(self, indicator: str) -> dict[str, list[Figure]]:
        """The figures of an indicator by unit."""
        if indicator not in self._read:
            found: dict[str, list[Figure]] = defaultdict(list)
            rows = self._table.iloc[self._at.get(indicator, [])]
            totals = are_totals(rows, but=("level",)).tolist()
            for row, total in zip(records(rows, _READ), totals, strict=True):
                split, value = tuple(row[name] for name in DIMENSIONS), row["value"]
                figure = Figure(
                    row["unit"], row["period"], indicator, split, value, key_of(value), total, row["source"]
                )
                found[figure.unit].append(figure)
            self._read[indicator] = dict(found)
        return self._read[indicator]

    def among(self, indicators: Iterable[str], units: Iterable[str] | None = None) -> Iterator[Figure]:
        """The figures of these indicators and units (of all where None)."""
        chosen = None if units is None else sorted(units)
        for indicator in sorted(indicators):
            mine = self.of(indicator)
            for unit in mine if chosen is None else chosen:
                yield from mine.get(unit, ())

    def cited(self, figures: Iterable[Figure]) -> Iterator[Row]:
        """Rows of figures as they are cited; a published one by file and row of its table."""
        for one in figures:
            place = self._places.get((one.source, one.unit, one.period, one.indicator, one.key))
            at = (one.source,) if place is None else (place, one.source)
            yield (*at, one.unit, one.period, one.indicator, " ".join(filter(None, one.split)), one.key)

    def quotas(self, indicator: str, units: Collection[str]) -> list[Row]:
        """The quotas of an indicator and these units as they are cited: file and row, unit, level, period, value."""
        if indicator not in self._quotas:
            quotas = self._plan.quotas_of(indicator)
            table = quotas[["unit", "level", "period", "value"]].itertuples(name=None)
            self._quotas[indicator] = [
                (f"quotas.csv!{row + 2}", unit, level, period, key_of(value))
                for row, unit, level, period, value in table
            ]
        return [row for row in self._quotas[indicator] if row[1] in units]

    @cached_property
    def _places(self) -> dict[tuple[str, ...], str]:
        """File and row of every published figure by source, unit, period, indicator and value."""
        found: dict[tuple[str, ...], str] = {}
        for path in _tables(self._published):
            table = read_csv(path)
            if not {*_PUBLISHED, "value"} <= set(table.columns):
                continue
            values = pd.to_numeric(table["value"], errors="coerce")
            rows = zip(*(table[name] for name in _PUBLISHED), values.map(key_of), strict=True)
            for number, row in enumerate(rows, start=2):
                found.setdefault(row, f"{path.name}!{number}")
        return found


def _tables(published: object) -> list[Path]:
    if published is None or isinstance(published, pd.DataFrame) or str(published) == "none":
        return []
    given = [published] if isinstance(published, str | Path) else list(published)  # type: ignore[call-overload]
    roots = [published_root() if str(one) == "default" else Path(one) for one in given]
    return [path for root in roots for path in (sorted(root.glob("*.csv")) if root.is_dir() else [root])]


def lines_in(frame: pd.DataFrame, unit: str) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """The lines of a unit in a table of indicators by unit, indicator, period, basis and breakdown.

    With `tops`: the units added up for a line of the place, where any were.
    """
    tops = {name: frozenset(way.members) for name, way in frame.attrs["ways"].items()}
    for line in records(frame[frame["unit"] == unit], _OF_LINE):
        line["tops"] = tops.get(line["id"], frozenset())
        yield tuple(line[name] for name in _KEY), line


def inputs_of_all(plan: Plan, entries: Mapping[str, Entry]) -> dict[str, set[str]]:
    """By indicator itself and those that it is worked out from, three steps down."""
    table = plan.indicators
    ratios = dict(zip(table["id"], zip(table["numerator"], table["denominator"], strict=True), strict=True))

    def below(name: str, depth: int = 0) -> set[str]:
        parts = (*(entries[name].parts if name in entries else ()), *ratios.get(name, ()))
        named = set(parts) & set(entries) - {name} if depth < 3 else set()
        return {name}.union(*(below(part, depth + 1) for part in named))

    return {name: below(name) for name in entries}
