"""From last year's level to this year's: what each flow adds or takes away."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from vetanalysis.figures.style import (
    BLUE,
    FACT,
    INK,
    MISSING,
    ORANGE,
    SOFT,
    TARGET,
    TARGET_INK,
    amount,
    dress,
    note,
    number_axis,
)
from vetanalysis.narrative.numbers import rounded
from vetanalysis.text import Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes


_CUT = Text("Trục đứng không bắt đầu từ 0.", "The vertical axis does not begin at 0.")


@dataclass(frozen=True, slots=True)
class WaterfallStep:
    """A flow with its sign, in the measure of the level; None: no figure, shown as such, not as nothing."""

    label: str
    change: float | None


@dataclass(frozen=True, slots=True)
class Waterfall:
    """`start` and the steps; the end is their sum. `measure` "percent" writes percent signs."""

    title: str
    axis: str
    start: float
    start_label: str
    steps: tuple[WaterfallStep, ...]
    end_label: str
    measure: str = ""
    digits: int = 0
    target: float | None = None
    target_label: str = ""
    source: str = ""
    illustrative: bool = False


def waterfall(data: Waterfall, ax: Axes, lang: str) -> Axes:
    """Columns for both levels, floating columns for the flows: rises blue, falls orange and hatched.

    Where the flows are small beside the level the axis is cut, the columns show it and the key says so.
    """
    floor = axis_floor(data)
    level = data.start
    _level(data, ax, 0, level, floor, lang)
    for place, step in enumerate(data.steps, start=1):
        _join(ax, place, level)
        if step.change is None:
            note(ax, MISSING.get(lang), (place, level), (0, 4), "missing", ha="center", style="italic")
            continue
        _flow(data, ax, place, level, step.change, lang)
        level += step.change
    end = len(data.steps) + 1
    _join(ax, end, level)
    _level(data, ax, end, level, floor, lang)
    if data.target is not None:
        ax.axhline(data.target, color=TARGET, linewidth=1.4, zorder=0.9, gid="target")
        note(ax, data.target_label, (1.01, data.target), (0, 0), "target-label", ha="left", va="center",
             color=TARGET_INK, fontweight="bold", xycoords=("axes fraction", "data"))  # fmt: skip
    labels = [data.start_label, *(step.label for step in data.steps), data.end_label]
    ax.set_xticks(range(end + 1), [textwrap.fill(label, max(60 // len(labels), 8)) for label in labels])
    ax.margins(y=0.12)
    ax.set_ylim(bottom=floor)
    number_axis(ax.yaxis, lang, data.measure)
    ax.set_ylabel(data.axis, color=INK)
    return dress(ax, data.title, data.source, data.illustrative, lang, _CUT.get(lang) if floor else "")


def axis_floor(data: Waterfall) -> float:
    """Where the axis begins: 0, unless everything happens in the upper quarter of the columns."""
    levels = [data.start, *accumulate((s.change or 0.0 for s in data.steps), initial=data.start)]
    levels += [data.target] if data.target is not None else []
    low, high = min(levels), max(levels)
    if low <= 0 or high - low > 0.25 * high:
        return 0.0
    return max(low - 1.2 * (high - low), 0.0)


def _level(data: Waterfall, ax: Axes, place: int, level: float, floor: float, lang: str) -> None:
    ax.bar(place, level - floor, bottom=floor, color=FACT, width=0.62, gid="level")
    if floor:  # two white strokes: the column goes on below
        for cut in (0.05, 0.075):
            ax.plot([place - 0.36, place + 0.36], [cut - 0.008, cut + 0.008], color="white", linewidth=1.5,
                    transform=ax.get_xaxis_transform(), gid="cut")  # fmt: skip
    note(ax, amount(level, lang, data.measure, data.digits), (place, level), (0, 4), "label", ha="center")


def _flow(data: Waterfall, ax: Axes, place: int, level: float, change: float, lang: str) -> None:
    rises = change >= 0
    ax.bar(
        place,
        abs(change),
        bottom=min(level, level + change),
        width=0.62,
        color=BLUE if rises else ORANGE,
        hatch=None if rises else "///",
        edgecolor=None if rises else "white",
        gid="rise" if rises else "fall",
    )
    shown = rounded(change, data.digits)  # what rounds to nothing has no sign
    sign = "+" if shown > 0 else "−" if shown < 0 else ""
    words = sign + amount(abs(change), lang, "", data.digits)
    note(ax, words, (place, max(level, level + change)), (0, 4), "label", ha="center")


def _join(ax: Axes, place: int, level: float) -> None:
    ax.plot([place - 0.7, place + 0.31], [level, level], color=SOFT, linewidth=0.8, gid="join")
