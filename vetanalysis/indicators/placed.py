"""Rows of the table of indicators whose numbers know their places, so that a report can say where each is from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from vetanalysis.indicators.tally import DIMENSIONS
from vetanalysis.language.filters import known


class OfLine(float):
    """A number of the table of indicators that knows its place there; what is worked out of it is a plain number.

    `at`: unit, indicator, period, basis, the breakdown by `DIMENSIONS`, the column.
    """

    __slots__ = ("at",)
    at: tuple[str, ...]

    def __new__(cls, value: float, at: tuple[str, ...] = ()) -> OfLine:
        """A number and its place."""
        number = super().__new__(cls, value)
        number.at = at
        return number


def line_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the table of indicators whose numbers know their places."""
    key = tuple(row[name] for name in ("unit", "id", "period", "basis", *DIMENSIONS))
    return {
        name: OfLine(value, (*key, name)) if isinstance(value, float) and value == value else value
        for name, value in row.items()
    }


def records(table: pd.DataFrame, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The rows of a table, each with these columns, as `to_dict` gives them; column by column, which is far faster."""
    columns = (_told(table[name]) for name in names)
    return (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))


def _told(column: pd.Series) -> list[Any]:
    return [None if one is pd.NA else one for one in column.to_numpy(dtype=object)]


#: Of the senders of a quantity: a sum over fewer is no total of the place.
LEAST_SENDERS = 0.6


@dataclass(frozen=True, eq=False)
class Lines(Mapping[tuple[str, ...], dict[str, Any]]):
    """The running totals and levels of a table of indicators by (unit, indicator, *DIMENSIONS).

    A line is put together when it is asked for: of most units only a few are.
    """

    _columns: Mapping[str, list[Any]] = field(default_factory=dict, repr=False)
    _rows: Mapping[tuple[str, ...], int] = field(default_factory=dict, repr=False)
    _of: dict[str, dict[tuple[str, ...], dict[str, Any]]] = field(
        default_factory=dict, init=False, repr=False
    )

    @classmethod
    def of_table(cls, table: pd.DataFrame) -> Lines:
        """Those of a table of indicators."""
        running = table.loc[table["basis"] == "cumulative", "id"]
        told = table[(table["basis"] != "period") | ~table["id"].isin(running)]
        columns = {name: _told(told[name]) for name in table.columns}
        keys = zip(*(columns[name] for name in ("unit", "id", *DIMENSIONS)), strict=True)
        return cls(columns, {key: row for row, key in enumerate(keys)})

    def __getitem__(self, key: tuple[str, ...]) -> dict[str, Any]:
        row = self._rows[key]
        return line_of({name: column[row] for name, column in self._columns.items()})

    def of(self, unit: str) -> Mapping[tuple[str, ...], dict[str, Any]]:
        """The lines of one unit, each put together once."""
        if unit not in self._of:
            self._of[unit] = {key: self[key] for key in self._rows if key[0] == unit}
        return self._of[unit]

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def known_lines(table: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """The first line with a figure of every indicator of a table."""
    known_rows = table[table["value"].notna()].drop_duplicates("id")
    return {row["id"]: line_of(row) for row in known_rows.to_dict("records")}


def is_of_few(line: Mapping[str, Any]) -> bool:
    """Whether a sum lacks so many of its senders that it is no total (`LEAST_SENDERS`)."""
    due, came = line["expected"], line["reported"]
    return known(due) and known(came) and due > 1 and came < LEAST_SENDERS * due
