"""How far each target is: what has been measured, what may come, all against the target as 100 %.

What matters most: each input moved to its low and its high end, the others as they are.

From last year's level to this year's: what each flow adds or takes away.

Money by source: what was assigned and what has been spent.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from vetanalysis.blocks import Text
from vetanalysis.figures.style import (
    BLUE,
    FACT,
    FONT,
    INK,
    MISSING,
    ORANGE,
    PALE,
    SKY,
    SOFT,
    TARGET,
    TARGET_INK,
    amount,
    dress,
    note,
    number_axis,
)
from vetanalysis.language.numbers import rounded

if TYPE_CHECKING:
    from matplotlib.axes import Axes


_AXIS = Text("% so với mục tiêu", "% of the target")
_TARGET = Text("Mục tiêu", "Target")
_KEY = Text(
    "Thanh đen: số mới nhất; dải xanh: khoảng dự báo 80%; hình thoi: mức giữa.",
    "Black bar: latest figure; blue band: 80% range projected; diamond: median.",
)


@dataclass(frozen=True, slots=True)
class BulletRow:
    """One target, all numbers in its own measure; None where nothing is known or projected.

    `label` names it; `words` (optional) stand at the right end: figures and status, already worded.
    """

    label: str
    target: float
    latest: float | None = None
    median: float | None = None
    lower_80: float | None = None
    upper_80: float | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Bullet:
    """Rows from top to bottom; `title` is the one message."""

    title: str
    rows: tuple[BulletRow, ...]
    source: str = ""
    illustrative: bool = False


def bullet(data: Bullet, ax: Axes, lang: str) -> Axes:
    """One row per target on a scale where the target is 100; a missing figure is said, never drawn as 0."""
    top = 120.0
    for place, row in enumerate(data.rows):
        share = 100 / row.target
        if row.lower_80 is not None and row.upper_80 is not None:
            low, high = row.lower_80 * share, row.upper_80 * share
            ax.barh(place, high - low, left=low, height=0.62, color=SKY, zorder=1, gid="range")
            top = max(top, high * 1.05)
        if row.latest is None:
            note(ax, MISSING.get(lang), (0, place), (4, 0), "missing", ha="left", va="center", style="italic")
        else:
            ax.barh(place, row.latest * share, height=0.26, color=FACT, zorder=2, gid="latest")
            top = max(top, row.latest * share * 1.05)
        if row.median is not None:
            ax.plot(
                [row.median * share],
                [place],
                marker="D",
                color=BLUE,
                markeredgecolor="white",
                linestyle="none",
                zorder=4,
                gid="median",
            )
        if row.words:
            note(ax, row.words, (1.01, place), (0, 0), "words", ha="left", va="center",
                 xycoords=("axes fraction", "data"))  # fmt: skip
    ax.axvline(100, color=TARGET, linewidth=2, zorder=3, gid="target")
    note(ax, _TARGET.get(lang), (100, -0.86), (-5, -1), "target-label", ha="right", color=TARGET_INK,
         fontweight="bold")  # fmt: skip
    ax.set_yticks(range(len(data.rows)), [row.label for row in data.rows])
    ax.set_ylim(len(data.rows) - 0.5, -0.9)
    ax.set_xlim(0, top)
    number_axis(ax.xaxis, lang, "percent")
    ax.set_xlabel(_AXIS.get(lang), color=INK)
    projected = any(row.median is not None for row in data.rows)
    key = _KEY.get(lang) if projected else ""
    return dress(ax, data.title, data.source, data.illustrative, lang, key)


_TORNADO_KEY = Text(
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
    key = [_TORNADO_KEY.get(lang)]
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


_FUNDING_KEY = Text(
    "Thanh nhạt: dự toán được giao; thanh đậm: đã giải ngân.", "Pale: assigned; dark: disbursed."
)


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
    return dress(ax, data.title, data.source, data.illustrative, lang, _FUNDING_KEY.get(lang))


def _words(one: FundingSource, lang: str, digits: int) -> str:
    def told(value: float | None) -> str:
        return MISSING.get(lang) if value is None else amount(value, lang, "", digits)

    if one.assigned is None and one.disbursed is None:
        return MISSING.get(lang)
    words = f"{told(one.disbursed)} / {told(one.assigned)}"
    if one.assigned and one.disbursed is not None:
        words += f" ({amount(one.disbursed / one.assigned * 100, lang, 'percent', 1)})"
    return words
