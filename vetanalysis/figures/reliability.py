"""Did what was called likely happen? Stated probabilities against how often it came true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vetanalysis.blocks import Text
from vetanalysis.figures.style import BLUE, INK, SOFT, amount, dress, note, number_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_STATED = Text("Xác suất đã nêu", "Probability stated")
_CAME_TRUE = Text("Tỷ lệ đã xảy ra", "Share that came true")
_IDEAL = Text("đúng như đã nêu", "exactly as stated")
_CASES = Text("{n} lần", "{n} cases")
_KEY = Text("Vạch đứng: khoảng tin cậy 90% (Wilson).", "Bars: 90% confidence interval (Wilson).")
_Z90 = 1.644854


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Statements with about the same probability: their mean (share), how many, how many came true."""

    stated: float
    cases: int
    came_true: int


@dataclass(frozen=True, slots=True)
class Reliability:
    """Bins in any order; a bin without cases is left out."""

    title: str
    bins: tuple[ReliabilityBin, ...]
    source: str = ""
    illustrative: bool = False


def wilson(came_true: int, cases: int, z: float = _Z90) -> tuple[float, float]:
    """Wilson's score interval of a share (Wilson, JASA 22 (1927), 209-212)."""
    share = came_true / cases
    centre = (share + z * z / (2 * cases)) / (1 + z * z / cases)
    half = z / (1 + z * z / cases) * (share * (1 - share) / cases + z * z / (4 * cases * cases)) ** 0.5
    return max(centre - half, 0.0), min(centre + half, 1.0)


def reliability(data: Reliability, ax: Axes, lang: str) -> Axes:
    """Points with number of cases and interval; on the diagonal, statements were neither bold nor timid."""
    ax.plot([0, 100], [0, 100], color=SOFT, linestyle="--", linewidth=1.2, gid="ideal")
    note(ax, _IDEAL.get(lang), (100, 100), (-2, 5), "ideal-label", ha="right", color=SOFT, fontsize=8.5)
    bins = sorted((one for one in data.bins if one.cases > 0), key=lambda one: one.stated)
    for one in bins:
        low, high = wilson(one.came_true, one.cases)
        ax.plot([one.stated * 100] * 2, [low * 100, high * 100], color=BLUE, linewidth=1.4, gid="interval")
        at = (one.stated * 100, one.came_true / one.cases * 100)
        note(
            ax,
            _CASES.get(lang).format(n=amount(one.cases, lang)),
            at,
            (7, -3),
            "cases",
            ha="left",
            fontsize=8.5,
        )
    ax.plot(
        [one.stated * 100 for one in bins],
        [one.came_true / one.cases * 100 for one in bins],
        color=BLUE,
        marker="o",
        linewidth=1.2,
        gid="observed",
    )
    ax.set_xlim(0, 108)
    ax.set_ylim(-2, 108)
    number_axis(ax.xaxis, lang, "percent")
    number_axis(ax.yaxis, lang, "percent")
    ax.set_xlabel(_STATED.get(lang), color=INK)
    ax.set_ylabel(_CAME_TRUE.get(lang), color=INK)
    return dress(ax, data.title, data.source, data.illustrative, lang, _KEY.get(lang))
