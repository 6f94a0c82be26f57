"""A projection at a glance: for every period the ranges of 50, 80 and 95 % and the median, as notebooks show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vetanalysis.figures.style import BLUE, FAN, FONT, INK, PERCENT, amount, new_figure, number_axis, to_png

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from vetanalysis.forecast.projection import Projection

_BAR_MM = 11
_KEY = "median (80 % range); dark, medium, light: 50, 80, 95 %"


def glance(projection: Projection, ax: Axes, lang: str = "en") -> Axes:
    """Draw the ranges of a projection, a row per period, first on top; shares are shown in per cent."""
    low, high = (np.atleast_1d(np.asarray(side, dtype=float)) for side in projection.interval(0.95))
    middle = np.atleast_1d(np.asarray(projection.median, dtype=float))
    share = bool((low >= 0).all() and (high <= 1).all())
    measure, scale, digits = (PERCENT, 100.0, 1) if share else ("", 1.0, 0)
    rows = np.arange(len(middle))
    for coverage in sorted(FAN, reverse=True):
        start, end = (np.atleast_1d(np.asarray(side, dtype=float)) for side in projection.interval(coverage))
        ax.barh(rows, (end - start) * scale, left=start * scale, height=0.5, color=FAN[coverage],
                gid=f"range-{coverage:g}")  # fmt: skip
    ax.plot(middle * scale, rows, color=BLUE, marker="D", markersize=5, linestyle="none", gid="median")
    ends = [np.atleast_1d(np.asarray(side, dtype=float)) for side in projection.interval(0.8)]
    for row, values in enumerate(zip(middle, *ends, strict=True)):
        mid, first, last = (amount(value * scale, lang, measure, digits) for value in values)
        ax.annotate(f"{mid} ({first} – {last})", (high[row] * scale, row), xytext=(6, 0), va="center",
                    textcoords="offset points", fontsize=9, color=INK, fontfamily=FONT,
                    annotation_clip=False, gid="range-label")  # fmt: skip
    ax.set_yticks(rows, [str(period) for period in projection.periods])
    ax.set_ylim(len(middle) - 0.4, -0.6)
    ax.use_sticky_edges = False
    ax.margins(x=0.02)
    ax.set_xlabel(_KEY, fontsize=8, loc="left")
    number_axis(ax.xaxis, lang, measure)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    return ax


def glance_png(projection: Projection) -> bytes:
    """The figure of `glance` as a PNG."""
    figure, ax = new_figure(130.0, 18.0 + _BAR_MM * len(projection.periods))
    glance(projection, ax)
    return to_png(figure, dpi=110)
