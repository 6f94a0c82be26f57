"""Units on their share of quota, each with the band that chance allows for a quota of its size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vetanalysis.figures.style import BLUE, FACT, INK, PALE, VERMILION, amount, dress, note, number_axis
from vetanalysis.text import Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_KEY = Text(
    "Dải xám: phạm vi ngẫu nhiên quanh mức chung, rộng hơn ở đơn vị có chỉ tiêu nhỏ.",
    "Grey bands: what chance allows around all units together, wider for smaller quotas.",
)
_ALL = Text("Chung", "All")


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
        ax.plot([unit.share], [place], linestyle="none", marker="s" if unit.outside else "o", markersize=6,
                color=VERMILION if unit.outside else FACT, zorder=4,
                gid="outside" if unit.outside else "inside")  # fmt: skip
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
    ax.axvline(data.common, color=BLUE, linewidth=1.3, zorder=2, gid="common")
    words = f"{_ALL.get(lang)} {amount(data.common, lang, 'percent', 1)}"
    note(ax, words, (data.common, 1.0), (3, -2), "common-label", ha="left", va="bottom", color="#005a8e",
         xycoords=("data", "axes fraction"))  # fmt: skip
    ax.set_yticks(range(len(data.units)), [unit.name for unit in data.units])
    ax.set_ylim(-0.7, len(data.units) - 0.1)
    ends = [value for unit in data.units for value in (unit.lower, unit.upper, unit.share)]
    width = max(ends) - min(ends)
    ax.set_xlim(max(0.0, min(ends) - 0.05 * width), max(ends) + 0.16 * width)
    number_axis(ax.xaxis, lang, "percent")
    ax.set_xlabel(data.axis, color=INK)
    return dress(ax, data.title, data.source, data.illustrative, lang, _KEY.get(lang))
