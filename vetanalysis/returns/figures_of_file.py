"""The figures of one file ready to be held against each other: by key, with the cell each stands in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from vetanalysis.blocks import Text
from vetanalysis.errors import Finding
from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.returns.check_rules import broken
from vetanalysis.returns.quantity_words import QuantityWords


class Key(NamedTuple):
    """Which figure: columns of the observations, "" = all."""

    unit: str
    period: str
    indicator: str
    level: str = ""
    sex: str = ""
    group: str = ""
    residence: str = ""
    trade: str = ""
    fund_source: str = ""
    channel: str = ""


class Figure(NamedTuple):
    """One figure and where it stands (`source` is file!sheet!cell)."""

    key: Key
    value: float
    measure: str
    basis: str
    source: str


@dataclass(frozen=True)
class Figures:
    """All figures of one file. `by_key` holds the first of each key; missing ones are not there."""

    file: str
    rows: tuple[Figure, ...]
    by_key: dict[Key, Figure] = field(repr=False)
    words: QuantityWords = field(default_factory=QuantityWords, repr=False)

    def whole(self, key: Key, **changed: str) -> Figure | None:
        """The figure with some columns of the key changed, or None when it was not reported."""
        return self.by_key.get(key._replace(**changed))

    def blocks(self) -> Iterator[tuple[Key, dict[Key, Figure]]]:
        """The figures of each unit, period and quantity together; the key given has no breakdown."""
        blocks: dict[Key, dict[Key, Figure]] = {}
        for key, figure in self.by_key.items():
            blocks.setdefault(Key(*key[:3]), {})[key] = figure
        yield from blocks.items()

    def named(self, key: Key) -> Text:
        """The quantity with its breakdowns, in the plan's words."""
        return self.words.quantity(key)

    def broken(self, rule: str, figure: Figure, what: Text, *, severity: str = "") -> Finding:
        """A finding at the cell of a figure."""
        sheet, place = sheet_and_cell(figure.source)
        return broken(rule, self.file, place, what, sheet=sheet, severity=severity)


def figures_of(file: str, frame: pd.DataFrame, words: QuantityWords | None = None) -> Figures:
    """The figures of a frame of observations; rows without a value are left out. `words`: the plan's labels."""
    columns = [frame[name].tolist() for name in ("unit", "period", "indicator", *BREAKDOWNS)]
    rest = [frame[name].tolist() for name in ("value", "measure", "basis", "source")]
    rows = tuple(
        Figure(Key(*key), value, measure, basis, source)
        for key, value, measure, basis, source in zip(zip(*columns, strict=True), *rest, strict=True)
        if value == value
    )
    by_key: dict[Key, Figure] = {}
    for row in rows:
        by_key.setdefault(row.key, row)
    return Figures(file, rows, by_key, words or QuantityWords())


def sheet_and_cell(source: str) -> tuple[str, str]:
    """Sheet and cell of a source `file!sheet!cell`; "" for what it does not name."""
    parts = source.rsplit("!", 2)
    return (parts[1], parts[2]) if len(parts) == 3 else ("", parts[1] if len(parts) == 2 else "")
