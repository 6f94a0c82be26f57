"""Are districts really different, or only small? Shares against size with the limits chance allows.

Limits p ± z sqrt(p (1 - p) / n) around the pooled share: Spiegelhalter, "Funnel plots for comparing
institutional performance", Statistics in Medicine 24 (2005), 1185-1202.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vetanalysis.figures.style import INK, SOFT, dress, note, number_axis
from vetanalysis.figures.units_mark import LEVEL_INK, LEVEL_LINE, level_words, mark_unit
from vetanalysis.text import Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

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


def limits(share: float, totals: np.ndarray, z: float) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper limit of a share for each total, cut at 0 and 1."""
    width = z * np.sqrt(share * (1 - share) / totals)
    return np.clip(share - width, 0, 1), np.clip(share + width, 0, 1)


def funnel(data: Funnel, ax: Axes, lang: str) -> Axes:
    """Points with limits; units outside the 95 % limits are named and, outside 99.8 %, marked as squares."""
    units = tuple(unit for unit in data.units if unit.total > 0)
    share = pooled_share(units)
    totals = np.array([unit.total for unit in units], dtype=float)
    grid = np.linspace(max(totals.min() * 0.6, 1), totals.max() * 1.12, 200)
    for coverage, z in LIMITS.items():
        for side in limits(share, grid, z):
            ax.plot(grid, side * 100, color=SOFT, linestyle="-" if coverage == 0.95 else "--", linewidth=1,
                    gid=f"limit-{coverage:g}")  # fmt: skip
    ax.axhline(share * 100, gid="pooled", **LEVEL_LINE)
    note(ax, level_words(share * 100, lang), (1.01, share * 100), (0, 0), "pooled-label", ha="left", va="center",
         color=LEVEL_INK, xycoords=("axes fraction", "data"))  # fmt: skip
    for unit in units:
        rate = unit.count / unit.total
        outside = [not lo <= rate <= hi for lo, hi in (limits(share, unit.total, z) for z in LIMITS.values())]
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
