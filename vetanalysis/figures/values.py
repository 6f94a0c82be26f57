"""The values a figure shows: a table of its data, and where in the picture the values stand that can be pointed at.

A PNG carries those places itself (a `tEXt` chunk "values" with fractions of its width and height, from above), so that
a picture that was drawn before, or elsewhere, still has them. It holds no words: those come from the data.
"""

from __future__ import annotations

import json
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vetanalysis.blocks import Cell, Column, Said, Table
from vetanalysis.figures.style import Part, Words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_CHUNK = b"values\0"
_AFTER_HEAD = 33  # bytes of a PNG's signature and head; a chunk may follow


@dataclass(frozen=True, slots=True)
class Value(Part):
    """One value and the row and column of the table it stands in; `at`: where on the axes, None: at no point."""

    row: Words
    column: Words
    cell: Cell
    at: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Values(Part):
    """All values of a figure; `head` names what the rows are."""

    head: Words
    every: tuple[Value, ...]

    def table(self, name: str) -> Table:
        """A row for each that is named, in the order in which they come; words said already (`style.in_language`)."""
        rows, columns = (
            list(dict.fromkeys(getattr(one, side) for one in self.every)) for side in ("row", "column")
        )
        cells = {(one.row, one.column): one.cell for one in self.every}
        return Table(
            name,
            "",
            (Column(self.head), *(Column(one, align="right") for one in columns)),
            tuple((row, *(cells.get((row, one), Cell("")) for one in columns)) for row in rows),
        )

    def pointed_at(self) -> tuple[Value, ...]:
        """Those that stand at a point of the picture."""
        return tuple(one for one in self.every if one.at is not None)


def with_places(png: bytes, figure: Figure, values: Values | None) -> bytes:
    """The PNG of a figure that is drawn, with the places of its values in it."""
    shown = () if values is None else values.pointed_at()
    if not shown:
        return png
    points = figure.axes[0].transData.transform([one.at for one in shown])
    across = figure.transFigure.inverted().transform(points)
    places = [[round(float(x), 4), round(1 - float(y), 4)] for x, y in across]
    data = b"tEXt" + _CHUNK + json.dumps(places).encode("ascii")
    chunk = struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))
    return png[:_AFTER_HEAD] + chunk + png[_AFTER_HEAD:]


def places_in(png: bytes) -> list[tuple[float, float]]:
    """The places of values in a picture, as fractions from its left and upper side; none in one without them."""
    start = _AFTER_HEAD + 8
    if png[start - 4 : start + len(_CHUNK)] != b"tEXt" + _CHUNK:
        return []
    (size,) = struct.unpack(">I", png[_AFTER_HEAD : start - 4])
    return [(x, y) for x, y in json.loads(png[start + len(_CHUNK) : start + size])]


def projected_values(
    row: Words, median: float, ends: tuple[float, float], measure: str, at: float, goal: float | None = None
) -> tuple[Value, ...]:
    """The median and the 80 % range of a projection, in two columns; `at`: where on the axis it stands."""
    measure = measure or "persons"
    return (
        Value(
            row,
            Said("figures.values.median"),
            Cell(median, "about_bare", measure=measure, goal=goal),
            (at, median),
        ),
        Value(row, Said("figures.values.range"), Cell(ends, "spread", measure=measure)),
    )
