"""Which figure, and where it stands: the key of a cell in the columns of the observations, and its address."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from vetanalysis.observations.checks import BREAKDOWNS

Place = tuple[int, int]
_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")


class Key(NamedTuple):
    """Which figure, in columns of the observations; "" is all, or not said.

    `basis`: cumulative since the year began, or stock at the end of the window. `period` and `unit` are empty where
    the form says them for all its figures; the form for past years sets `period`, because there one sheet holds
    four cut-offs. `base` and `concept`: the definition of a rate, where the form asks for it by name.
    """

    indicator: str = ""
    level: str = ""
    sex: str = ""
    group: str = ""
    residence: str = ""
    trade: str = ""
    fund_source: str = ""
    channel: str = ""
    measure: str = ""
    basis: str = ""
    period: str = ""
    unit: str = ""
    base: str = ""
    concept: str = ""

    def under(self, other: Key) -> Key:
        """This key with everything it leaves empty taken from `other`."""
        return Key(*[own or given for own, given in zip(self, other, strict=True)])

    @property
    def breakdowns(self) -> tuple[str, ...]:
        """The columns by which the figure is broken down."""
        return tuple(name for name in BREAKDOWNS if getattr(self, name))


#: Nothing said yet.
NO_KEY = Key()


def letters(column: int) -> str:
    """The letters of a column counted from 0: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def address(place: Place) -> str:
    """`(6, 2)` as "C7"."""
    return f"{letters(place[1])}{place[0] + 1}"


@cache
def column_number(name: str) -> int:
    """`"C"` as 2."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


@lru_cache(maxsize=4096)  # the cells of a form are the same in every file
def place_of(text: str) -> Place | None:
    """`"C7"` or `"$C$7"` as (6, 2); None for anything else."""
    match = _PLACE.fullmatch(text)
    return (int(match.group(2)) - 1, column_number(match.group(1))) if match and int(match.group(2)) else None


def sheet_and_cell(source: str) -> tuple[str, str]:
    """Sheet and cell of a source `file!sheet!cell`; "" for what it does not name."""
    parts = source.rsplit("!", 2)
    return (parts[1], parts[2]) if len(parts) == 3 else ("", parts[1] if len(parts) == 2 else "")
