"""Units on their share of quota, each with the band that chance allows for a quota of its size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vetanalysis.figures.style import INK, PALE, amount, dress, note, number_axis
from vetanalysis.figures.units_mark import LEVEL_INK, LEVEL_LINE, level_words, mark_unit
from vetanalysis.text import Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_KEY = Text(
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
    return dress(ax, data.title, data.source, data.illustrative, lang, _KEY.get(lang))
