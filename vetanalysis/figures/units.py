"""Districts as tiles laid by hand where they lie, and the same small picture for each of them.

Are districts really different, or only small? Shares against size with the limits chance allows.

The limits are those of `indicators.gaps.funnel_limits` around the pooled share.

Units on their share of quota, each with the band that chance allows for a quota of its size.

Returns received over time: how many were there each day, counted from every unit's own deadline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import isnan
from typing import TYPE_CHECKING

import numpy as np

from vetanalysis.blocks import Text
from vetanalysis.figures.style import (
    FACT,
    FONT,
    ILLUSTRATIVE,
    INK,
    LEVEL_INK,
    LEVEL_LINE,
    MISSING,
    PALE,
    SOFT,
    STAMP,
    TARGET,
    TARGET_INK,
    amount,
    dress,
    level_words,
    mark_unit,
    note,
    number_axis,
)
from vetanalysis.indicators.gaps import funnel_limits

if TYPE_CHECKING:
    from matplotlib.axes import Axes


# Tints of one blue, evenly spaced in lightness, so that order survives a photocopy.
_SHADES = ("#e8f1f8", "#b9d6ea", "#7fb2d6", "#2f76a8", "#0b5a8e")
_WHITE_FROM = 3
_LIGHT = Text("dưới", "below")
_DARK = Text("từ", "from")
_UP = Text("trở lên", "upwards")


@dataclass(frozen=True, slots=True)
class Tiles:
    """`layout`: unit code -> (row, column), row 0 in the north; `names`, `values` by code, missing as None.

    `edges`: four values that part the five shades, lightest first.
    """

    title: str
    layout: Mapping[str, tuple[int, int]]
    names: Mapping[str, str]
    values: Mapping[str, float | None]
    edges: tuple[float, float, float, float] = (25, 50, 75, 100)
    measure: str = "percent"
    digits: int = 0
    source: str = ""
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """One small picture: x (quarters or years) and values (NaN or None where unknown), its target."""

    label: str
    x: Sequence[float]
    values: Sequence[float | None]
    target: float | None = None


@dataclass(frozen=True, slots=True)
class SmallMultiples:
    """Panels on one scale; `ticks` name x positions, empty: as numbers."""

    title: str
    axis: str
    panels: tuple[Panel, ...]
    ticks: Mapping[float, str] = field(default_factory=dict)
    measure: str = ""
    source: str = ""
    illustrative: bool = False


def tiles(data: Tiles, ax: Axes, lang: str) -> Axes:
    """One tile per unit with its name and figure; a unit without figure is hatched and says so."""
    from matplotlib.patches import Rectangle

    for code, (row, column) in data.layout.items():
        value = data.values.get(code)
        missing = value is None or isnan(value)
        shade = 0 if missing else sum(value >= edge for edge in data.edges)
        ax.add_patch(
            Rectangle(
                (column + 0.03, row + 0.03),
                0.94,
                0.94,
                facecolor="white" if missing else _SHADES[shade],
                edgecolor=SOFT,
                linewidth=0.8,
                hatch="////" if missing else None,
                gid=f"tile-{code}",
            )
        )
        ink = "white" if not missing and shade >= _WHITE_FROM else INK
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1.2} if missing else None
        words = MISSING.get(lang) if missing else amount(value, lang, data.measure, data.digits)
        ax.text(column + 0.5, row + 0.36, data.names.get(code, code), ha="center", va="center", fontsize=9,
                color=ink, bbox=box, gid="name")  # fmt: skip
        ax.text(column + 0.5, row + 0.68, words, ha="center", va="center", color=ink, bbox=box, gid="value",
                fontsize=8 if missing else 11, fontweight="normal" if missing else "bold")  # fmt: skip
    _draw_key(ax, data, lang)
    ax.set_xticks([])
    ax.set_yticks([])
    dress(ax, data.title, data.source, data.illustrative, lang)
    for side in ax.spines.values():
        side.set_visible(False)
    return ax


def _draw_key(ax: Axes, data: Tiles, lang: str) -> None:
    from matplotlib.patches import Rectangle

    rows = max(row for row, _ in data.layout.values()) + 1
    columns = max(column for _, column in data.layout.values()) + 1
    edges = [amount(edge, lang, data.measure, data.digits) for edge in data.edges]
    words = [f"{_LIGHT.get(lang)} {edges[0]}"]
    words += [f"{low} – {_LIGHT.get(lang)} {high}" for low, high in pairwise(edges)]
    words.append(f"{_DARK.get(lang)} {edges[-1]} {_UP.get(lang)}" if lang == "vi" else f"{edges[-1]} or more")
    step = columns / len(_SHADES)
    for index, shade in enumerate(_SHADES):
        ax.add_patch(
            Rectangle((index * step + 0.03, rows + 0.2), step - 0.06, 0.16, facecolor=shade, edgecolor=SOFT,
                      linewidth=0.6, gid="key")
        )  # fmt: skip
        ax.text(index * step + step / 2, rows + 0.52, words[index], ha="center", va="center", fontsize=8.5,
                color=INK, gid="key-label")  # fmt: skip
    ax.set_xlim(0, columns)
    ax.set_ylim(rows + 0.7, 0)


def small_multiples(data: SmallMultiples, axes, lang: str):
    """Draw one panel per unit on `axes` (any array of axes, at least as many as panels); returns `axes`.

    All share one scale, from zero; axes left over are hidden. The title goes above the whole figure.
    """
    import numpy as np

    places = list(np.ravel(axes))
    if len(places) < len(data.panels):
        raise ValueError(f"{len(data.panels)} panels need as many axes, {len(places)} given")
    known = [
        v for panel in data.panels for v in (*panel.values, panel.target) if v is not None and not isnan(v)
    ]
    top = max(known, default=1) * 1.15 or 1
    for ax, panel in zip(places, data.panels, strict=False):
        _draw_panel(ax, panel, data, top, lang)
    for ax in places[len(data.panels) :]:
        ax.set_visible(False)
    figure = places[0].figure
    if data.illustrative:
        figure.text(0.99, 0.985, ILLUSTRATIVE.get(lang), ha="right", va="top", fontfamily=FONT, **STAMP)
    figure.suptitle(data.title, x=0.01, ha="left", fontsize=12, color=INK, fontfamily=FONT)
    figure.supxlabel(data.source, x=0.01, ha="left", fontsize=8.5, color=SOFT, fontfamily=FONT)
    figure.supylabel(data.axis, fontsize=10, color=INK, fontfamily=FONT)
    return axes


def _draw_panel(ax: Axes, panel: Panel, data: SmallMultiples, top: float, lang: str) -> None:
    values = [float("nan") if v is None else float(v) for v in panel.values]
    ax.plot(panel.x, values, color=FACT, marker="o", markersize=3.5, linewidth=1.6, gid="values")
    if panel.target is not None:
        ax.axhline(panel.target, color=TARGET, linewidth=1.2, gid="target")
    known = [(x, v) for x, v in zip(panel.x, values, strict=True) if not isnan(v)]
    if known:
        note(
            ax, amount(known[-1][1], lang, data.measure), known[-1], (0, 4), "label", ha="center", fontsize=8
        )
    else:
        ax.text(0.5, 0.5, MISSING.get(lang), transform=ax.transAxes, ha="center", va="center", fontsize=8,
                style="italic", gid="missing")  # fmt: skip
    ax.set_ylim(0, top)
    if data.ticks:
        ax.set_xticks(list(data.ticks), list(data.ticks.values()))
        low, high = min(data.ticks), max(data.ticks)
        ax.set_xlim(low - 0.35, high + 0.35)
    number_axis(ax.yaxis, lang, data.measure)
    dress(ax, panel.label, lang=lang)
    ax.set_title(panel.label, loc="left", fontsize=9.5, color=INK, fontfamily=FONT, pad=4)
    ax.tick_params(labelsize=7.5)


LIMITS = {0.95: 1.959964, 0.998: 3.090232}  # coverage -> normal quantile
_KEY = Text(
    "Giữa hai đường nét liền (95%) và nét đứt (99,8%), khác biệt có thể chỉ do ngẫu nhiên.",
    "Between the solid (95%) and dashed (99.8%) lines a difference may be chance alone.",
)


@dataclass(frozen=True, slots=True)
class FunnelUnit:
    """`count` of `total` people (graduates of those followed ...); units without a total are left out."""

    name: str
    count: float
    total: float


@dataclass(frozen=True, slots=True)
class Funnel:
    """`axis` names the share, `size_axis` the total."""

    title: str
    axis: str
    size_axis: str
    units: tuple[FunnelUnit, ...]
    source: str = ""
    illustrative: bool = False


def pooled_share(units: tuple[FunnelUnit, ...]) -> float:
    """Counts of all units over their totals."""
    return sum(unit.count for unit in units) / sum(unit.total for unit in units)


def funnel(data: Funnel, ax: Axes, lang: str) -> Axes:
    """Points with limits; units outside the 95 % limits are named and, outside 99.8 %, marked as squares."""
    units = tuple(unit for unit in data.units if unit.total > 0)
    share = pooled_share(units)
    totals = np.array([unit.total for unit in units], dtype=float)
    grid = np.linspace(max(totals.min() * 0.6, 1), totals.max() * 1.12, 200)
    for coverage, z in LIMITS.items():
        for side in funnel_limits(share, grid, z):
            ax.plot(grid, side * 100, color=SOFT, linestyle="-" if coverage == 0.95 else "--", linewidth=1,
                    gid=f"limit-{coverage:g}")  # fmt: skip
    ax.axhline(share * 100, gid="pooled", **LEVEL_LINE)
    note(ax, level_words(share * 100, lang), (1.01, share * 100), (0, 0), "pooled-label", ha="left", va="center",
         color=LEVEL_INK, xycoords=("axes fraction", "data"))  # fmt: skip
    for unit in units:
        rate = unit.count / unit.total
        outside = [
            not lo <= rate <= hi for lo, hi in (funnel_limits(share, unit.total, z) for z in LIMITS.values())
        ]
        mark_unit(ax, unit.total, rate * 100, outside=outside[0], square=outside[1])
        if outside[0]:
            note(ax, unit.name, (unit.total, rate * 100), (0, 7 if rate > share else -7), "name", ha="center")
    ax.set_xlim(grid[0], grid[-1])
    ax.margins(y=0.12)
    number_axis(ax.yaxis, lang, "percent")
    number_axis(ax.xaxis, lang)
    ax.set_xlabel(data.size_axis, color=INK)
    ax.set_ylabel(data.axis, color=INK)
    return dress(ax, data.title, data.source, data.illustrative, lang, _KEY.get(lang))


_STANDING_KEY = Text(
    "Dải xám: phạm vi ngẫu nhiên quanh mức chung, rộng hơn ở đơn vị có chỉ tiêu nhỏ.",
    "Grey bands: what chance allows around all units together, wider for smaller quotas.",
)


@dataclass(frozen=True, slots=True)
class StandingUnit:
    """`share` of quota in percent, `lower` and `upper` the band of chance; `outside`: whether it lies beyond."""

    name: str
    share: float
    lower: float
    upper: float
    outside: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """`common`: all units together, in percent; units from the lowest share to the highest."""

    title: str
    axis: str
    common: float
    units: tuple[StandingUnit, ...]
    source: str = ""
    illustrative: bool = False


def standing(data: Standing, ax: Axes, lang: str) -> Axes:
    """A row per unit: the band, the point, its number; what lies outside is a square in another colour."""
    for place, unit in enumerate(data.units):
        ax.barh(
            place, unit.upper - unit.lower, left=unit.lower, height=0.62, color=PALE, zorder=1, gid="band"
        )
        mark_unit(ax, unit.share, place, outside=unit.outside, square=unit.outside)
        right = max(unit.upper, unit.share)
        note(
            ax,
            amount(unit.share, lang, "percent", 1),
            (right, place),
            (6, 0),
            "share",
            ha="left",
            va="center",
        )
    ax.axvline(data.common, zorder=2, gid="common", **LEVEL_LINE)
    note(ax, level_words(data.common, lang), (data.common, 1.0), (0, -2), "common-label", ha="center", va="bottom",
         color=LEVEL_INK, xycoords=("data", "axes fraction"))  # fmt: skip
    ax.set_yticks(range(len(data.units)), [unit.name for unit in data.units])
    ax.set_ylim(-0.7, len(data.units) - 0.1)
    ends = [value for unit in data.units for value in (unit.lower, unit.upper, unit.share)]
    width = max(ends) - min(ends)
    ax.set_xlim(max(0.0, min(ends) - 0.05 * width), max(ends) + 0.16 * width)
    number_axis(ax.xaxis, lang, "percent")
    ax.set_xlabel(data.axis, color=INK)
    return dress(ax, data.title, data.source, data.illustrative, lang, _STANDING_KEY.get(lang))


_AXIS = Text("Số đơn vị đã gửi", "Units that have reported")
_DAYS = Text("Số ngày so với hạn gửi của từng đơn vị", "Days from each unit's own deadline")
_DEADLINE = Text("Hạn gửi", "Deadline")
_ALL = Text("Phải gửi: {due}", "Must report: {due}")
_LEFT = Text("còn {left} đơn vị chưa gửi", "{left} not received")
_NAMED = 4  # late units called by name; more would print over each other


@dataclass(frozen=True, slots=True)
class ReceivedPeriod:
    """`days`: days after its own deadline on which each return came (negative: before), one per return."""

    label: str
    due: int
    days: tuple[int, ...]

    def steps(self, first: int, last: int) -> list[int]:
        """How many had come by each day from `first` to `last`."""
        return [sum(one <= day for one in self.days) for day in range(first, last + 1)]


@dataclass(frozen=True, slots=True)
class Received:
    """`current`: the period asked about; `past`: those before it; `late`: (days after the deadline, unit)."""

    title: str
    current: ReceivedPeriod
    past: tuple[ReceivedPeriod, ...] = ()
    late: Sequence[tuple[int, str]] = field(default_factory=tuple)
    source: str = ""
    illustrative: bool = False

    @property
    def span(self) -> tuple[int, int]:
        """First and last day shown: a day before the first return and two after the last, the deadline inside."""
        days = [day for one in (self.current, *self.past) for day in one.days]
        return min([-2, *(day - 1 for day in days)]), max([3, *(day + 2 for day in days)])


def received(data: Received, ax: Axes, lang: str) -> Axes:
    """Earlier periods thin and grey, this one black, the deadline a line; late units named where they came."""
    first, last = data.span
    days = range(first, last + 1)
    for one in data.past:
        ax.step(days, one.steps(first, last), where="post", color=SOFT, linewidth=1.0, zorder=2,
                linestyle=(0, (4, 2)), gid=f"past-{one.label}")  # fmt: skip
    counts = data.current.steps(first, last)
    ax.step(days, counts, where="post", color=FACT, linewidth=2.2, zorder=4, gid="current")
    _name_lines(data, ax)
    ax.axvline(0, color=TARGET, linewidth=1.4, zorder=1.5, gid="deadline")
    note(ax, _DEADLINE.get(lang), (0, 0.02), (-5, 0), "deadline-label", ha="right", va="bottom", color=TARGET_INK,
         fontweight="bold", xycoords=("data", "axes fraction"))  # fmt: skip
    ax.axhline(data.current.due, color=PALE, linewidth=1.2, zorder=1, gid="due")
    due = _ALL.get(lang).format(due=data.current.due)
    note(ax, due, (0.005, data.current.due), (0, 3), "due-label", ha="left", color=SOFT,
         xycoords=("axes fraction", "data"))  # fmt: skip
    _name_late(data, ax)
    left = data.current.due - counts[-1]
    if left:
        words = _LEFT.get(lang).format(left=left)
        note(ax, words, (last, data.current.due), (0, 3), "left-label", ha="right", color=TARGET_INK)
    ax.set_xlim(first, last)
    ax.set_ylim(0, max([data.current.due, *(one.due for one in data.past)]) * 1.12)
    number_axis(ax.yaxis, lang)
    number_axis(ax.xaxis, lang)
    ax.set_xlabel(_DAYS.get(lang), color=INK)
    ax.set_ylabel(_AXIS.get(lang), color=INK)
    return dress(ax, data.title, data.source, data.illustrative, lang, _key(data, lang))


def _name_lines(data: Received, ax: Axes) -> None:
    """This period beside its line on the day of the deadline, where the count is read."""
    on_time = sum(day <= 0 for day in data.current.days)
    words = f"{data.current.label}: {on_time}"
    note(ax, words, (0, on_time), (6, -6), "current-label", ha="left", va="top", fontweight="bold")


def _name_late(data: Received, ax: Axes) -> None:
    named = sorted(data.late)
    if len(named) > _NAMED:
        return
    last = data.span[1]
    thread = {"arrowstyle": "-", "color": SOFT, "linewidth": 0.8, "shrinkA": 0, "shrinkB": 4}
    for place, (day, unit) in enumerate(named):
        at = (day, sum(one <= day for one in data.current.days))
        ax.plot(*at, marker="o", markersize=5, color=FACT, zorder=5, gid="late")
        side = "left" if day < last / 2 else "right"
        offset = (8 if side == "left" else -8, -26 - 14 * place)
        note(
            ax,
            f"{unit} (+{day})",
            at,
            offset,
            "late-label",
            ha=side,
            va="top",
            fontsize=8.5,
            arrowprops=thread,
        )


def _key(data: Received, lang: str) -> str:
    if not data.past:
        return ""
    labels = ", ".join(one.label for one in data.past)
    return Text(f"Nét đứt: {labels}.", f"Dashed: {labels}.").get(lang)
