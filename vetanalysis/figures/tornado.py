"""What matters most: each input moved to its low and its high end, the others as they are."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vetanalysis.figures.style import (
    BLUE,
    FACT,
    FONT,
    INK,
    ORANGE,
    PALE,
    SOFT,
    TARGET,
    TARGET_INK,
    amount,
    dress,
    note,
    number_axis,
)
from vetanalysis.text import Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_KEY = Text(
    "Cam gạch chéo: đầu vào ở mức thấp (10%); xanh: ở mức cao (90%); đường đen: phương án gốc.",
    "Hatched orange: input at its low end (10%); blue: at its high end (90%); black line: base.",
)
_SINGLE = Text("Xám: không dùng số liệu đó.", "Grey: without that figure.")
_ASSUMED = Text("* đầu vào giả định", "* assumed input")
_LETTERS = 42  # of the title over the bars, whatever room the labels take


@dataclass(frozen=True, slots=True)
class TornadoBar:
    """One input: the outcome with it at its low and at its high end (None: it has no such end).

    `ends`: what low and high stand for, already worded ("80% … 95%"), "" to leave out.
    """

    label: str
    low: float | None
    high: float | None
    ends: str = ""
    assumed: bool = False

    @property
    def single(self) -> bool:
        """Whether it has only one end."""
        return self.low is None or self.high is None

    def width(self, base: float) -> float:
        """The distance between the furthest outcomes, the base included."""
        values = [base, *(value for value in (self.low, self.high) if value is not None)]
        return max(values) - min(values)


@dataclass(frozen=True, slots=True)
class Tornado:
    """Bars around `base`, the outcome with every input as it is; all in one measure."""

    title: str
    axis: str
    base: float
    bars: tuple[TornadoBar, ...]
    measure: str = ""
    digits: int = 1
    target: float | None = None
    target_label: str = ""
    source: str = ""
    illustrative: bool = False

    @property
    def ordered(self) -> tuple[TornadoBar, ...]:
        """The bars, the widest first; equal ones in the order given."""
        return tuple(sorted(self.bars, key=lambda bar: -bar.width(self.base)))


def tornado(data: Tornado, ax: Axes, lang: str) -> Axes:
    """Horizontal bars from the base to each end, the widest on top; assumed inputs carry a star."""
    for place, bar in enumerate(data.ordered):
        for value, gid in ((bar.low, "low"), (bar.high, "high")):
            if value is None:
                continue
            ax.barh(
                place,
                value - data.base,
                left=data.base,
                height=0.6,
                color=PALE if bar.single else ORANGE if gid == "low" else BLUE,
                hatch="///" if gid == "low" and not bar.single else None,
                edgecolor=SOFT if bar.single else "white",
                zorder=2,
                gid=gid,
            )
            side = 1 if value >= data.base else -1
            words = amount(value, lang, data.measure, data.digits)
            note(ax, words, (value, place), (4 * side, 0), "label", ha="left" if side > 0 else "right",
                 va="center", fontsize=8.5)  # fmt: skip
    ax.axvline(data.base, color=FACT, linewidth=1.4, zorder=3, gid="base")
    if data.target is not None:
        ax.axvline(data.target, color=TARGET, linewidth=1.6, linestyle="--", zorder=1, gid="target")
        note(ax, data.target_label, (data.target, -0.6), (4, 0), "target-label", ha="left", va="center",
             color=TARGET_INK, fontweight="bold")  # fmt: skip
    labels = [_label(bar) for bar in data.ordered]
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.5, -0.9)
    ax.margins(x=0.18)
    number_axis(ax.xaxis, lang, data.measure, data.digits)
    ax.set_xlabel(data.axis, color=INK)
    key = [_KEY.get(lang)]
    key += [_SINGLE.get(lang)] if any(bar.single for bar in data.bars) else []
    key += [_ASSUMED.get(lang)] if any(bar.assumed for bar in data.bars) else []
    dress(ax, data.title, data.source, data.illustrative, lang, "\n".join(key))
    ax.tick_params(axis="y", labelsize=8.5)
    letters = _LETTERS - (20 if data.illustrative else 0)
    ax.set_title(
        textwrap.fill(data.title, letters), loc="left", fontsize=12, color=INK, pad=10, fontfamily=FONT
    )
    return ax


def _label(bar: TornadoBar) -> str:
    words = bar.label + ("\u00a0*" if bar.assumed else "")
    return "\n".join([textwrap.fill(words, 38), *([bar.ends] if bar.ends else [])])
