"""Rows of the table of indicators whose numbers know their places, so that a report can say where each is from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
    columns = (
        [None if one is pd.NA else one for one in table[name].to_numpy(dtype=object)] for name in names
    )
    return (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))


#: Of the senders of a quantity: a sum over fewer is no total of the place.
LEAST_SENDERS = 0.6
Lines = dict[tuple[str, ...], dict[str, Any]]  # by (unit, indicator, *DIMENSIONS)


def lines_by_unit(table: pd.DataFrame) -> dict[str, Lines]:
    """The running totals and levels of a table of indicators, by unit."""
    alone = (table["basis"] == "period") & table["id"].isin(table.loc[table["basis"] == "cumulative", "id"])
    made: dict[str, Lines] = {}
    for row in records(table[~alone], list(table.columns)):
        key = tuple(row[name] for name in ("unit", "id", *DIMENSIONS))
        made.setdefault(row["unit"], {})[key] = line_of(row)
    return made


def known_lines(table: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """The first line with a figure of every indicator of a table."""
    known_rows = table[table["value"].notna()].drop_duplicates("id")
    return {row["id"]: line_of(row) for row in known_rows.to_dict("records")}


def is_of_few(line: Mapping[str, Any]) -> bool:
    """Whether a sum lacks so many of its senders that it is no total (`LEAST_SENDERS`)."""
    due, came = line["expected"], line["reported"]
    return known(due) and known(came) and due > 1 and came < LEAST_SENDERS * due
