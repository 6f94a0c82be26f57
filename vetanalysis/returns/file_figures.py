"""All figures of one file together, as the rules that look at one file ask for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from vetanalysis.blocks import Said, Text
from vetanalysis.errors import Finding
from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.returns.findings import QuantityWords, finding_of
from vetanalysis.returns.key import Key, sheet_and_cell


class Figure(NamedTuple):
    """One figure and where it stands (`source` is file!sheet!cell); its key leaves measure and basis empty."""

    key: Key
    value: float
    measure: str
    basis: str
    source: str


@dataclass(frozen=True)
class Figures:
    """All figures of one file. `by_key` holds the first of each key; missing ones are not there. `blank`: where what
    was asked and not given should stand, by key.
    """

    file: str
    rows: tuple[Figure, ...]
    by_key: dict[Key, Figure] = field(repr=False)
    words: QuantityWords = field(default_factory=QuantityWords, repr=False)
    blank: Mapping[Key, str] = field(default_factory=dict, repr=False)

    def whole(self, key: Key, **changed: str) -> Figure | None:
        """The figure with some columns of the key changed, or None when it was not reported."""
        return self.by_key.get(key._replace(**changed))

    def blocks(self) -> Iterator[tuple[Key, dict[Key, Figure]]]:
        """The figures of each unit, period and quantity together; the key given has no breakdown."""
        blocks: dict[Key, dict[Key, Figure]] = {}
        for key, figure in self.by_key.items():
            plain = Key(key.indicator, period=key.period, unit=key.unit)
            blocks.setdefault(plain, {})[key] = figure
        yield from blocks.items()

    def named(self, key: Key) -> Said | Text:
        """The quantity with its breakdowns, in the plan's words."""
        return self.words.quantity(key)

    def broken(self, rule: str, figure: Figure, what: Said, *, severity: str = "") -> Finding:
        """A finding at the cell of a figure."""
        sheet, place = sheet_and_cell(figure.source)
        return finding_of(rule, self.file, place, what, sheet=sheet, severity=severity)


def figures_of(
    file: str,
    columns: Mapping[str, Sequence[Any]],
    words: QuantityWords | None = None,
    missing: Mapping[str, Sequence[str]] | None = None,
) -> Figures:
    """The figures of lists by column; rows without a value are left out. `words`: the plan's labels; `missing`: what
    was asked and not given."""
    rest = (columns[name] for name in ("value", "measure", "basis", "source"))
    rows = tuple(
        Figure(key, value, *said)
        for key, value, *said in zip(_keys(columns), *rest, strict=True)
        if value == value
    )
    by_key: dict[Key, Figure] = {}
    for row in rows:
        by_key.setdefault(row.key, row)
    blank = dict(zip(_keys(missing), missing["source"], strict=True)) if missing else {}
    return Figures(file, rows, by_key, words or QuantityWords(), blank)


def _keys(columns: Mapping[str, Sequence[Any]]) -> Iterator[Key]:
    what = zip(*(columns[name] for name in ("indicator", *BREAKDOWNS)), strict=True)
    for quantity, period, unit in zip(what, columns["period"], columns["unit"], strict=True):
        yield Key(*quantity)._replace(period=period, unit=unit)
