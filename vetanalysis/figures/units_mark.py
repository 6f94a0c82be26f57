"""A unit among others: how one beyond what chance allows is marked, and how the level of all is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vetanalysis.figures.style import BLUE, FACT, VERMILION, amount
from vetanalysis.text import Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEVEL_INK = "#005a8e"  # BLUE darkened until it reads as text
_ALL = Text("Chung", "All")


def mark_unit(ax: Axes, x: float, y: float, *, outside: bool, square: bool) -> None:
    """A point, in another colour where the unit lies outside; `square`: the shape that says so in grey as well."""
    ax.plot(
        [x], [y], linestyle="none", marker="s" if square else "o", markersize=6,
        color=VERMILION if outside else FACT, zorder=4, gid="outside" if outside else "inside",
    )  # fmt: skip


def level_words(percent: float, lang: str) -> str:
    """`Chung 66,1%`: all units together."""
    return f"{_ALL.get(lang)} {amount(percent, lang, 'percent', 1)}"


LEVEL_LINE = {"color": BLUE, "linewidth": 1.3}
