"""From last year's level to this year's: what each flow adds or takes away."""

from __future__ import annotations

from dataclasses import dataclass
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

if TYPE_CHECKING:
    from matplotlib.axes import Axes


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
    """Columns for both levels, floating columns for the flows: rises blue, falls orange and hatched."""
    level, place = data.start, 0
    ax.bar(0, level, color=FACT, width=0.62, gid="level")
    note(ax, amount(level, lang, data.measure, data.digits), (0, level), (0, 4), "label", ha="center")
    for place, step in enumerate(data.steps, start=1):
        ax.plot([place - 0.7, place + 0.31], [level, level], color=SOFT, linewidth=0.8, gid="join")
        if step.change is None:
            note(ax, MISSING.get(lang), (place, level), (0, 4), "missing", ha="center", style="italic")
            continue
        rises = step.change >= 0
        ax.bar(
            place,
            abs(step.change),
            bottom=min(level, level + step.change),
            width=0.62,
            color=BLUE if rises else ORANGE,
            hatch=None if rises else "///",
            edgecolor="white" if not rises else None,
            gid="rise" if rises else "fall",
        )
        sign = "+" if step.change > 0 else "−" if step.change < 0 else ""
        words = sign + amount(abs(step.change), lang, "", data.digits)
        note(ax, words, (place, max(level, level + step.change)), (0, 4), "label", ha="center")
        level += step.change
    place = len(data.steps) + 1
    ax.plot([place - 0.7, place + 0.31], [level, level], color=SOFT, linewidth=0.8, gid="join")
    ax.bar(place, level, color=FACT, width=0.62, gid="level")
    note(ax, amount(level, lang, data.measure, data.digits), (place, level), (0, 4), "label", ha="center")
    if data.target is not None:
        ax.axhline(data.target, color=TARGET, linewidth=1.4, zorder=0.9, gid="target")
        note(ax, data.target_label, (1.01, data.target), (0, 0), "target-label", ha="left", va="center",
             color=TARGET_INK, fontweight="bold", xycoords=("axes fraction", "data"))  # fmt: skip
    labels = [data.start_label, *(step.label for step in data.steps), data.end_label]
    ax.set_xticks(range(place + 1), [_folded(label) for label in labels])
    ax.set_ylim(bottom=0)
    ax.margins(y=0.12)
    number_axis(ax.yaxis, lang, data.measure)
    ax.set_ylabel(data.axis, color=INK)
    return dress(ax, data.title, data.source, data.illustrative, lang)


def _folded(label: str) -> str:
    import textwrap

    return textwrap.fill(label, 14)
