"""Money by source: what was assigned and what has been spent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vetanalysis.figures.style import BLUE, INK, MISSING, PALE, SOFT, amount, dress, note, number_axis
from vetanalysis.text import Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_KEY = Text("Thanh nhạt: dự toán được giao; thanh đậm: đã giải ngân.", "Pale: assigned; dark: disbursed.")


@dataclass(frozen=True, slots=True)
class FundingSource:
    """One source in the figure's unit of money; None where nobody has reported it."""

    label: str
    assigned: float | None
    disbursed: float | None


@dataclass(frozen=True, slots=True)
class Funding:
    """Sources from top to bottom; `axis` names the money ("triệu đồng")."""

    title: str
    axis: str
    sources: tuple[FundingSource, ...]
    digits: int = 0
    source: str = ""
    illustrative: bool = False


def funding(data: Funding, ax: Axes, lang: str) -> Axes:
    """Spent inside assigned, one bar per source, the figures written at its end."""
    for place, one in enumerate(data.sources):
        if one.assigned is not None:
            ax.barh(
                place, one.assigned, height=0.66, color=PALE, edgecolor=SOFT, linewidth=0.8, gid="assigned"
            )
        if one.disbursed is not None:
            ax.barh(place, one.disbursed, height=0.36, color=BLUE, gid="disbursed")
        end = max(one.assigned or 0, one.disbursed or 0)
        note(ax, _words(one, lang, data.digits), (end, place), (5, 0), "label", ha="left", va="center")
    ax.set_yticks(range(len(data.sources)), [one.label for one in data.sources])
    ax.set_ylim(len(data.sources) - 0.5, -0.5)
    ax.set_xlim(left=0)
    number_axis(ax.xaxis, lang)
    ax.set_xlabel(data.axis, color=INK)
    return dress(ax, data.title, data.source, data.illustrative, lang, _KEY.get(lang))


def _words(one: FundingSource, lang: str, digits: int) -> str:
    def told(value: float | None) -> str:
        return MISSING.get(lang) if value is None else amount(value, lang, "", digits)

    if one.assigned is None and one.disbursed is None:
        return MISSING.get(lang)
    words = f"{told(one.disbursed)} / {told(one.assigned)}"
    if one.assigned and one.disbursed is not None:
        words += f" ({amount(one.disbursed / one.assigned * 100, lang, 'percent', 1)})"
    return words
