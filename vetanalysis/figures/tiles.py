"""Districts as tiles laid by hand where they lie, and the same small picture for each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import isnan
from typing import TYPE_CHECKING

from vetanalysis.figures.style import (
    FACT,
    FONT,
    ILLUSTRATIVE,
    INK,
    MISSING,
    SOFT,
    STAMP,
    TARGET,
    amount,
    dress,
    note,
    number_axis,
)
from vetanalysis.text import Text

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
