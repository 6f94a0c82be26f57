"""A map: units drawn where they lie, shaded by their figure; one without a figure is hatched and says so.

Their outlines are those the plan brings (`units.geojson`), else a square for each where `tiles.csv` puts it, else
squares in rows of four.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vetanalysis.blocks import Cell, Picture, Said
from vetanalysis.figures.cumulative import figures_since
from vetanalysis.figures.face import family, folded
from vetanalysis.figures.style import (
    INK,
    MISSING,
    MM,
    PERCENT,
    SHADES,
    SOFT,
    TEXT_SIZE,
    Chart,
    Words,
    amount,
    dress,
    edges_between,
)
from vetanalysis.figures.values import Value, Values
from vetanalysis.indicators.derived import people_indicator
from vetanalysis.indicators.tiers import kind_words, units_below
from vetanalysis.language.filters import known
from vetanalysis.language.numbers import DECIMALS, rounded
from vetanalysis.observations.checks import are_totals
from vetanalysis.plan.shapes import Shape, bounds

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path

    from vetanalysis.plan import Plan
    from vetanalysis.study import Study

_DARK = 3  # from this shade on words are white
_ACROSS = 4  # squares in a row
_WIDE = 105.0  # mm, about as wide as the map becomes beside its key
_FINE = 24  # places across a shape at which its name may stand


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaMap(Chart):
    """`areas`: unit code -> outline; `names`, `values` by code, missing as None; `note`: what the outlines are.

    `edges`: four values that part the five shades, lightest first. `stretch`: how much longer a step to the north is
    drawn than one to the east; 0 fills the room.
    """

    areas: Mapping[str, Shape]
    names: Mapping[str, Words]
    values: Mapping[str, float | None]
    edges: tuple[float, float, float, float] = (25, 50, 75, 100)
    stretch: float = 0
    note: Words = ""
    measure: str = PERCENT

    @property
    def size(self) -> tuple[float, float]:
        """Room for the name and the figure of each unit."""
        return 160.0, 115.0

    def drawn_on(self, ax: Axes, lang: str) -> Axes:
        """Outlines with name and figure, the key of shades on the right."""
        from matplotlib.collections import PathCollection

        shaded = {code: shade for code in self.areas if (shade := self._shade(code)) is not None}
        bare = [code for code in self.areas if code not in shaded]
        look: dict[str, Any] = {"edgecolors": "white", "linewidths": 1.6, "gid": "units"}
        colours = [SHADES[shade] for shade in shaded.values()]
        ax.add_collection(
            PathCollection([_path(self.areas[one]) for one in shaded], facecolors=colours, **look)
        )
        look |= {"edgecolors": SOFT, "linewidths": 0.8, "hatch": "////", "gid": "missing"}
        ax.add_collection(
            PathCollection([_path(self.areas[one]) for one in bare], facecolors="white", **look)
        )
        names = without_kind({code: str(self.names.get(code, code)) for code in self.areas})
        for code in self.areas:
            self._name(ax, code, names[code], lang, shaded.get(code))
        ax.margins(0.01)
        ax.autoscale_view()
        ax.set_axis_off()
        if self.stretch:
            ax.set_aspect(self.stretch, anchor="W")
        self._write_key(ax, lang, missing=bool(bare))
        return dress(ax, self, lang, str(self.note))

    def values_shown(self) -> Values:
        """A row for each unit; missing stays missing."""
        column = Said("figures.values.share")
        cells = ((self.names.get(code, code), Cell(self.values.get(code), "percent")) for code in self.areas)
        return Values(Said("figures.values.unit"), tuple(Value(name, column, cell) for name, cell in cells))

    def _shade(self, code: str) -> int | None:
        """The shade of the figure as it is printed; None without one."""
        value = self.values.get(code)
        if value is None or not known(value):
            return None
        return sum(rounded(value, self.digits) >= edge for edge in self.edges)

    def _name(self, ax: Axes, code: str, name: str, lang: str, shade: int | None) -> None:
        """Name and figure where the unit has most room; the name alone where hatching says that there is none."""
        west, _, east, _ = bounds(self.areas.values())
        at = roomiest(self.areas[code], self.stretch)
        room = _across_at(self.areas[code], *at) / (east - west) * _WIDE / MM * 72 - 10
        words = folded(name, room, TEXT_SIZE)
        if shade is not None:
            words += f"\n{amount(self.values[code] or 0, lang, self.measure, self.digits)}"
        ground = {"facecolor": "white", "edgecolor": "none", "pad": 1.5} if shade is None else None
        ax.text(
            *at, words, ha="center", va="center", fontsize=TEXT_SIZE, bbox=ground,
            color="white" if shade is not None and shade >= _DARK else INK, linespacing=1.0, gid=f"unit-{code}",
        )  # fmt: skip

    def _write_key(self, ax: Axes, lang: str, *, missing: bool) -> None:
        """Beside the map: between which values each shade lies."""
        from matplotlib.patches import Patch

        digits = 0 if all(float(edge).is_integer() for edge in self.edges) else self.digits
        edges = [amount(edge, lang, self.measure, digits) for edge in self.edges]
        words = [Said("figures.shade.below", high=edges[0])]
        words += [Said("figures.shade.between", low=low, high=high) for low, high in pairwise(edges)]
        words.append(Said("figures.shade.from", low=edges[-1]))
        marks = [Patch(facecolor=shade, edgecolor=SOFT, linewidth=0.5) for shade in SHADES]
        if missing:
            words.append(MISSING)
            marks.append(Patch(facecolor="white", edgecolor=SOFT, linewidth=0.5, hatch="////"))
        ax.legend(
            marks[::-1], [one.get(lang) for one in words][::-1], loc="center left", bbox_to_anchor=(1.0, 0.5),
            frameon=False, prop={"family": family(), "size": TEXT_SIZE}, handlelength=1.6, handleheight=1.4,
        )  # fmt: skip


def without_kind(names: Mapping[str, str]) -> dict[str, str]:
    """Names without the small word that more than half of them end with: the title says which kind of units these are.

    >>> without_kind({"a": "Cao Loc district", "b": "Loc Binh district", "c": "Lang Son city"})
    {'a': 'Cao Loc', 'b': 'Loc Binh', 'c': 'Lang Son city'}
    """
    last = [name.rsplit(" ", 1)[1] for name in names.values() if " " in name]
    ends = Counter(word for word in last if word.islower())
    word, count = max(ends.items(), key=lambda end: end[1], default=("", 0))
    if count <= len(names) / 2:
        return dict(names)
    return {code: name.removesuffix(f" {word}") for code, name in names.items()}


def _path(shape: Shape) -> Path:
    """All rings of a shape as one path."""
    from matplotlib.path import Path

    rings = [Path([*ring, ring[0]], closed=True) for polygon in shape for ring in polygon]
    return Path.make_compound_path(*rings)


def roomiest(shape: Shape, stretch: float = 1) -> tuple[float, float]:
    """The point of a shape that lies farthest from its borders, from side to side counted half: words are wide."""
    path, (west, south, east, north) = _path(shape), bounds([shape])
    x, y = np.meshgrid(
        *(np.linspace(low, high, _FINE + 1)[1:-1] for low, high in ((west, east), (south, north)))
    )
    points = np.column_stack([x.ravel(), y.ravel()])
    points = points[path.contains_points(points)]
    if not len(points):
        return (west + east) / 2, (south + north) / 2
    scale = np.array([0.5, stretch or (east - west) / (2 * (north - south))])
    away = np.min(
        [_away(points * scale, np.array(ring) * scale) for polygon in shape for ring in polygon], axis=0
    )
    off = np.hypot(
        *((points - [(west + east) / 2, (south + north) / 2]) * scale).T
    )  # of nearly equals the most central
    best = points[int(np.argmax(np.round(away - 0.1 * off, 9)))]
    return float(best[0]), float(best[1])


def _across_at(shape: Shape, x: float, y: float) -> float:
    """How wide a shape is at `y`, taken to both sides of the point (x, y) inside it as far as to the nearer border."""
    crossings = [
        start[0] + (y - start[1]) / (end[1] - start[1]) * (end[0] - start[0])
        for polygon in shape for ring in polygon
        for start, end in zip(ring, (*ring[1:], ring[0]), strict=True)
        if (start[1] > y) != (end[1] > y)
    ]  # fmt: skip
    return 2 * min((abs(crossing - x) for crossing in crossings), default=0.0)


def _away(points: np.ndarray, ring: np.ndarray) -> np.ndarray:
    """How far each point (N, 2) lies from the nearest side of a ring (K, 2)."""
    start, side = ring, np.roll(ring, -1, axis=0) - ring
    length = np.maximum((side**2).sum(axis=1), 1e-18)
    along = np.clip(((points[:, None] - start) * side).sum(axis=2) / length, 0, 1)
    return np.hypot(*np.moveaxis(points[:, None] - start - along[..., None] * side, 2, 0)).min(axis=1)


def lines_below(study: Study, lines: pd.DataFrame) -> pd.DataFrame:
    """People since the year began, one line per unit directly under the place."""
    codes = units_below(study.plan)
    mine = lines["id"].eq(people_indicator(study.plan)) & are_totals(lines) & lines["basis"].eq("cumulative")
    return lines[mine & lines["unit"].isin(codes)]


def districts_picture(study: Study, lines: pd.DataFrame) -> Picture | None:
    """The units directly under the place where they lie, shaded by share of quota; None where no share is known."""
    mine = lines_below(study, lines)
    if mine.empty or mine["percent_of_plan"].isna().all():
        return None
    shares = zip(mine["unit"], mine["percent_of_plan"], strict=True)
    values = {code: float(value) if known(value) else None for code, value in shares}
    names = study.plan.short_names()
    shown = [value for value in values.values() if value is not None]
    low, high = min(shown), max(shown)
    title = Said("figures.map.title", low=low, high=high, **kind_words(study.plan))
    data = AreaMap(
        title=title,
        names=names,
        values=values,
        edges=edges_between(low, high),
        digits=DECIMALS,
        source=figures_since(study),
        illustrative=bool(mine["illustrative"].any()),
        **outlines(study.plan, list(values)),
    )
    told = tuple(
        Said("figures.alt.whole_percent", label=names.get(code, code), value=value)
        for code, value in values.items()
    )
    return Picture("districts", data, title, Said("figures.alt.told", title=title, told=told))


def outlines(plan: Plan, codes: list[str]) -> dict[str, Any]:
    """`areas`, `stretch`, `note` of a map of these units: the plan's shapes where it has one for each, else squares."""
    shapes = plan.shapes
    if shapes is not None and set(codes) <= set(shapes.of):
        areas = {code: shapes.of[code] for code in codes}
        _, south, _, north = bounds(areas.values())
        note = Said("figures.map.shapes", source=shapes.source) if shapes.source else ""
        note = Said("figures.map.schematic") if shapes.schematic else note
        return {"areas": areas, "stretch": 1 / math.cos(math.radians((south + north) / 2)), "note": note}
    tiles = plan.tiles.set_index("code")
    if set(codes) <= set(tiles.index):
        places = {code: (int(tiles["row"][code]), int(tiles["column"][code])) for code in codes}
    else:
        places = {code: divmod(number, _ACROSS) for number, code in enumerate(codes)}
    return {"areas": {code: square(*at) for code, at in places.items()}}


def square(row: int, column: int) -> Shape:
    """A square in a grid, row 0 in the north."""
    west, north = float(column), float(-row)
    return ((((west, north - 1), (west + 1, north - 1), (west + 1, north), (west, north)),),)
