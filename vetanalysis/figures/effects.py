"""Two figures of effects: which input matters most, and what each flow adds to a rate or takes away.

The first (`Tornado`) moves each input to its low and its high end, the others as they are.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from vetanalysis.blocks import Picture, Said
from vetanalysis.figures.face import family
from vetanalysis.figures.style import (
    BLUE,
    FACT,
    INK,
    MISSING,
    ORANGE,
    PALE,
    PERCENT,
    SOFT,
    TARGET,
    TARGET_INK,
    Chart,
    Part,
    Words,
    amount,
    dress,
    note,
    number_axis,
)
from vetanalysis.language.numbers import rounded
from vetanalysis.scenarios.sensitivity import PROBABILITY

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from vetanalysis.scenarios.sensitivity import Moved, Sensitivity
    from vetanalysis.scenarios.stock_flow import RateFlow
    from vetanalysis.scenarios.what_if import Scenarios

MOST_BARS = 8
_LETTERS = 42  # of the title over the bars, whatever room the labels take


@dataclass(frozen=True, slots=True)
class TornadoBar(Part):
    """One input: the outcome with it at its low and at its high end (None: it has no such end).

    `ends`: what low and high stand for ("80% … 95%"), "" to leave out.
    """

    label: Words
    low: float | None
    high: float | None
    ends: Words = ""
    assumed: bool = False

    @property
    def single(self) -> bool:
        """Whether it has only one end."""
        return self.low is None or self.high is None

    def width(self, base: float) -> float:
        """The distance between the furthest outcomes, the base included."""
        values = [base, *(value for value in (self.low, self.high) if value is not None)]
        return max(values) - min(values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tornado(Chart):
    """Bars around `base`, the outcome with every input as it is; all in one measure."""

    base: float
    bars: tuple[TornadoBar, ...]
    digits: int = 1

    @property
    def size(self) -> tuple[float, float]:
        """Higher with more bars."""
        return 160.0, 62.0 + 12 * len(self.bars)

    @property
    def ordered(self) -> tuple[TornadoBar, ...]:
        """The bars, the widest first; equal ones in the order given."""
        return tuple(sorted(self.bars, key=lambda bar: -bar.width(self.base)))

    def drawn_on(self, ax: Axes, lang: str) -> Axes:
        """Horizontal bars from the base to each end, the widest on top; assumed inputs carry a star."""
        for place, bar in enumerate(self.ordered):
            for value, gid in ((bar.low, "low"), (bar.high, "high")):
                if value is None:
                    continue
                ax.barh(
                    place,
                    value - self.base,
                    left=self.base,
                    height=0.6,
                    color=PALE if bar.single else ORANGE if gid == "low" else BLUE,
                    hatch="///" if gid == "low" and not bar.single else None,
                    edgecolor=SOFT if bar.single else "white",
                    zorder=2,
                    gid=gid,
                )
                side = 1 if value >= self.base else -1
                words = amount(value, lang, self.measure, self.digits)
                note(ax, words, (value, place), (4 * side, 0), "label", ha="left" if side > 0 else "right",
                     va="center", fontsize=8.5)  # fmt: skip
        ax.axvline(self.base, color=FACT, linewidth=1.4, zorder=3, gid="base")
        if self.target is not None:
            ax.axvline(self.target, color=TARGET, linewidth=1.6, linestyle="--", zorder=1, gid="target")
            note(ax, self.target_label, (self.target, -0.6), (4, 0), "target-label", ha="left", va="center",
                 color=TARGET_INK, fontweight="bold")  # fmt: skip
        labels = [_label(bar) for bar in self.ordered]
        ax.set_yticks(range(len(labels)), labels)
        ax.set_ylim(len(labels) - 0.5, -0.9)
        ax.margins(x=0.18)
        number_axis(ax.xaxis, lang, self.measure, self.digits)
        ax.set_xlabel(textwrap.fill(self.axis, 48), color=INK)
        key = [Said("figures.tornado.key")]
        key += [Said("figures.tornado.single")] if any(bar.single for bar in self.bars) else []
        key += [Said("figures.tornado.assumed")] if any(bar.assumed for bar in self.bars) else []
        dress(ax, self, lang, "\n".join(one.get(lang) for one in key))
        ax.tick_params(axis="y", labelsize=8.5)
        letters = _LETTERS - (20 if self.illustrative else 0)
        ax.set_title(
            textwrap.fill(self.title, letters),
            loc="left",
            fontsize=12,
            color=INK,
            pad=10,
            fontfamily=family(),
        )
        return ax


def _label(bar: TornadoBar) -> str:
    words = bar.label + ("\u00a0*" if bar.assumed else "")
    return "\n".join([textwrap.fill(words, 38), *([bar.ends] if bar.ends else [])])


def tornado_of(one: Sensitivity) -> Tornado:
    """What moves one outcome: the strongest inputs, at most `MOST_BARS`."""
    target, chance = one.target, one.outcome == PROBABILITY
    goal: dict[str, Any] = {"goal": target.value, "measure": target.measure}
    bars = tuple(
        TornadoBar(
            Said("figures.input", label=moved.label),
            _never_sure(moved.low) if chance else moved.low,
            _never_sure(moved.high) if chance else moved.high,
            ends_of(moved),
            moved.assumed,
        )
        for moved in one.moved[:MOST_BARS]
    )
    return Tornado(
        title=Said("figures.tornado.title", first=one.moved[0].label if one.moved else ""),
        axis=Said("figures.tornado.axis.chance", label=target.label, **goal)
        if chance
        else Said("figures.tornado.axis.level", label=target.label),
        base=one.base,
        bars=bars,
        measure=PERCENT,
        digits=0 if chance else 1,
        target=None if chance else target.value,
        target_label=Said("figures.goal", **goal),
        source=Said("figures.tornado.concept", concept=one.concept) if one.concept else "",
        illustrative=one.illustrative or one.assumed,
    )


def tornado_picture(one: Sensitivity) -> Picture:
    """The tornado of one outcome, with its description."""
    data = tornado_of(one)
    told = tuple(_bar_told(bar) for bar in data.ordered)
    alt = Said("figures.alt.told", title=data.title, told=told)
    return Picture(f"tornado-{one.target.id}", data, data.title, alt)


def _bar_told(bar: TornadoBar) -> Said:
    if bar.low is None or bar.high is None:
        return Said("figures.alt.end", label=bar.label, value=bar.high if bar.low is None else bar.low)
    return Said("figures.alt.ends", label=bar.label, low=bar.low, high=bar.high)


def ends_of(moved: Moved) -> Words:
    """The low and the high end of an input in words, "" where they are no numbers."""
    if moved.low_end is None or moved.high_end is None:
        return ""
    low, high = (_end(value, moved.measure) for value in (moved.low_end, moved.high_end))
    return Said(
        "figures.input.points" if moved.measure == "points" else "figures.input.ends", low=low, high=high
    )


def _end(value: float, measure: str) -> Said:
    size = abs(value)
    if measure not in (PERCENT, "points"):
        step = 100 if size >= 1000 else 10
        size, measure = int(rounded(size / step)) * step, "people"
    return Said(f"figures.input.{'below' if value < 0 else 'above'}.{measure}", size=size)


def _never_sure(percent: float | None) -> float | None:
    """A chance as a figure may show it: never 0 or 100 %."""
    return None if percent is None else min(max(percent, 1.0), 99.0)


@dataclass(frozen=True, slots=True)
class WaterfallStep(Part):
    """A flow with its sign, in the measure of the level; None: no figure, shown as such, not as nothing."""

    label: Words
    change: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall(Chart):
    """`start` and the steps; the end is their sum. `measure` "percent" writes percent signs."""

    start: float
    start_label: Words
    steps: tuple[WaterfallStep, ...]
    end_label: Words

    @property
    def size(self) -> tuple[float, float]:
        """Room for names under the columns."""
        return 160.0, 105.0

    def drawn_on(self, ax: Axes, lang: str) -> Axes:
        """Columns for both levels, floating columns for the flows: rises blue, falls orange and hatched.

        Where the flows are small beside the level the axis is cut, the columns show it and the key says so.
        """
        floor = axis_floor(self)
        level = self.start
        _level(self, ax, 0, level, floor, lang)
        for place, step in enumerate(self.steps, start=1):
            _join(ax, place, level)
            if step.change is None:
                note(ax, MISSING.get(lang), (place, level), (0, 4), "missing", ha="center", style="italic")
                continue
            _flow(self, ax, place, level, step.change, lang)
            level += step.change
        end = len(self.steps) + 1
        _join(ax, end, level)
        _level(self, ax, end, level, floor, lang)
        if self.target is not None:
            ax.axhline(self.target, color=TARGET, linewidth=1.4, zorder=0.9, gid="target")
            note(ax, self.target_label, (1.01, self.target), (0, 0), "target-label", ha="left", va="center",
                 color=TARGET_INK, fontweight="bold", xycoords=("axes fraction", "data"))  # fmt: skip
        labels = [self.start_label, *(step.label for step in self.steps), self.end_label]
        ax.set_xticks(range(end + 1), [textwrap.fill(label, max(60 // len(labels), 8)) for label in labels])
        ax.margins(y=0.12)
        ax.set_ylim(bottom=floor)
        number_axis(ax.yaxis, lang, self.measure)
        ax.set_ylabel(self.axis, color=INK)
        return dress(ax, self, lang, Said("figures.waterfall.cut").get(lang) if floor else "")


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


def waterfall_of(run: Scenarios, rate: RateFlow) -> Waterfall:
    """The waterfall of one rate: means of each part in points, which add up."""
    flow, target = run.flow, rate.target
    if flow is None or target is None:
        raise ValueError("a waterfall is drawn of an account that was run, for a rate that has a target")
    added = sum(rate.points[name].mean for name in ("courses", "upskilled") if name in rate.points)
    return Waterfall(
        title=Said("figures.waterfall.title", label=target.label, learners=flow.total, added=added),
        axis=Said("figures.waterfall.axis"),
        start=rate.start.mean,
        start_label=Said("figures.waterfall.start", year=flow.year),
        steps=tuple(WaterfallStep(Said(f"names.flow.{name}"), one.mean) for name, one in rate.points.items()),
        end_label=Said("figures.waterfall.end", year=flow.year),
        measure=PERCENT,
        digits=1,
        target=target.value,
        target_label=Said("figures.goal", goal=target.value, measure=target.measure),
        source=Said(
            "figures.waterfall.source", file=flow.file, concept=flow.concept, assumed=len(flow.assumed),
            inputs=len(flow.inputs),
        ),
        illustrative=bool(flow.assumed),
    )  # fmt: skip


def waterfall_picture(run: Scenarios, rate: RateFlow) -> Picture:
    """From the rate at the start of the year to the one at its end, with its description."""
    data = waterfall_of(run, rate)
    told = tuple(
        Said(f"figures.alt.{'fall' if step.change < 0 else 'rise'}", label=step.label, change=step.change)
        for step in data.steps
        if step.change is not None
    )
    alt = Said("figures.alt.told", title=data.title, told=told)
    return Picture(f"waterfall-{rate.which}", data, data.title, alt)
