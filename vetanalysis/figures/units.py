"""Two figures of units: shares against size, returns as they came in.

- `Funnel`: are units really different, or only small? The limits are those of `indicators.gaps.funnel_limits`
  around the pooled share.
- `Received`: how many returns were there each day, counted from every unit's own deadline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from vetanalysis.blocks import LANGUAGES, Picture, Said, Text
from vetanalysis.figures.cumulative import figures_since
from vetanalysis.figures.style import (
    FACT,
    INK,
    LEVEL_INK,
    LEVEL_LINE,
    PALE,
    SOFT,
    TARGET,
    TARGET_INK,
    Chart,
    Part,
    Words,
    dress,
    level_words,
    mark_unit,
    note,
    number_axis,
)
from vetanalysis.indicators import gaps
from vetanalysis.indicators.gaps import funnel_limits
from vetanalysis.language.filters import UNITS_NAMED
from vetanalysis.periods import parse_cutoff, parse_day
from vetanalysis.returns.matrix import REPORTED

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from vetanalysis.study import Study

LIMITS = {0.95: 1.959964, 0.998: 3.090232}  # coverage -> normal quantile


@dataclass(frozen=True, slots=True)
class FunnelUnit(Part):
    """`count` of `total` people (graduates of those followed ...); units without a total are left out."""

    name: Words
    count: float
    total: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel(Chart):
    """`axis` names the share, `size_axis` the total."""

    size_axis: Words
    units: tuple[FunnelUnit, ...]

    @property
    def size(self) -> tuple[float, float]:
        """Room for names beside the points."""
        return 170.0, 100.0

    def drawn_on(self, ax: Axes, lang: str) -> Axes:
        """Points with limits; units outside the 95 % limits are named and, outside 99.8 %, marked as squares."""
        units = tuple(unit for unit in self.units if unit.total > 0)
        share = pooled_share(units)
        totals = np.array([unit.total for unit in units], dtype=float)
        grid = np.linspace(max(totals.min() * 0.6, 1), totals.max() * 1.12, 200)
        for coverage, z in LIMITS.items():
            for side in funnel_limits(share, grid, z):
                ax.plot(grid, side * 100, color=SOFT, linestyle="-" if coverage == 0.95 else "--", linewidth=1,
                        gid=f"limit-{coverage:g}")  # fmt: skip
        ax.axhline(share * 100, gid="pooled", **LEVEL_LINE)
        note(ax, level_words(share * 100, lang), (1.01, share * 100), (0, 0), "pooled-label", ha="left", va="center",
             color=LEVEL_INK, xycoords=("axes fraction", "data"))  # fmt: skip
        for unit in units:
            rate = unit.count / unit.total
            ends = (funnel_limits(share, unit.total, z) for z in LIMITS.values())
            outside = [not low <= rate <= high for low, high in ends]
            mark_unit(ax, unit.total, rate * 100, outside=outside[0], square=outside[1])
            if outside[0]:
                left = unit.total < grid[0] + 0.3 * (grid[-1] - grid[0])  # clear of the axis
                up = 7 if rate > share else -7
                note(
                    ax, unit.name, (unit.total, rate * 100), (0, up), "name", ha="left" if left else "center"
                )
        ax.set_xlim(grid[0], grid[-1])
        ax.margins(y=0.2)
        number_axis(ax.yaxis, lang, "percent")
        number_axis(ax.xaxis, lang)
        ax.set_xlabel(self.size_axis, color=INK)
        ax.set_ylabel(self.axis, color=INK)
        return dress(ax, self, lang, Said("figures.funnel.key").get(lang))


def pooled_share(units: Sequence[FunnelUnit]) -> float:
    """Counts of all units over their totals."""
    return sum(unit.count for unit in units) / sum(unit.total for unit in units)


def funnel_picture(study: Study, lines: pd.DataFrame, indicator: str, kind: str) -> Picture | None:
    """Units of one kind on a rate against their size; None with fewer than two rates."""
    frame = gaps.unit_gaps(study.plan, lines, indicator, kind)
    frame = frame[frame["rate"].notna()]
    if len(frame) < 2:
        return None
    whole_table = lines[lines["id"] == indicator]
    label = Text(*(whole_table[f"label_{lang}"].iloc[0] for lang in LANGUAGES))
    shown = zip(frame["name"], frame["count"], frame["total"], strict=True)
    outside = int((frame["outside"] != "").sum())
    title = Said("figures.funnel.title", label=label, outside=outside, units=len(frame))
    data = Funnel(
        title=title,
        axis=Said("figures.funnel.axis", label=label),
        size_axis=Said("figures.funnel.size"),
        units=tuple(FunnelUnit(name, float(count), float(total)) for name, count, total in shown),
        source=figures_since(study),
        illustrative=bool(whole_table["illustrative"].any()),
    )
    return Picture(f"gaps-{indicator}", data, title, Said("figures.alt", title=title))


@dataclass(frozen=True, slots=True)
class ReceivedPeriod(Part):
    """`days`: days after its own deadline on which each return came (negative: before), one per return."""

    label: Words
    due: int
    days: tuple[int, ...]

    def steps(self, first: int, last: int) -> list[int]:
        """How many had come by each day from `first` to `last`."""
        return [sum(one <= day for one in self.days) for day in range(first, last + 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(Chart):
    """`current`: the period asked about; `past`: those before it; `late`: (days after the deadline, unit)."""

    current: ReceivedPeriod
    past: tuple[ReceivedPeriod, ...] = ()
    late: tuple[tuple[int, Words], ...] = field(default_factory=tuple)

    @property
    def size(self) -> tuple[float, float]:
        """Wide, for the days of a quarter."""
        return 170.0, 95.0

    @property
    def span(self) -> tuple[int, int]:
        """First and last day shown: a day before the first return and two after the last, the deadline inside."""
        days = [day for one in (self.current, *self.past) for day in one.days]
        return min([-2, *(day - 1 for day in days)]), max([3, *(day + 2 for day in days)])

    def drawn_on(self, ax: Axes, lang: str) -> Axes:
        """Earlier periods thin and grey, this one black, the deadline a line; late units named where they came."""
        first, last = self.span
        days = range(first, last + 1)
        for one in self.past:
            ax.step(days, one.steps(first, last), where="post", color=SOFT, linewidth=1.0, zorder=2,
                    linestyle=(0, (4, 2)), gid=f"past-{one.label}")  # fmt: skip
        counts = self.current.steps(first, last)
        ax.step(days, counts, where="post", color=FACT, linewidth=2.2, zorder=4, gid="current")
        _name_lines(self, ax)
        ax.axvline(0, color=TARGET, linewidth=1.4, zorder=1.5, gid="deadline")
        note(ax, Said("figures.received.deadline").get(lang), (0, 0.02), (-5, 0), "deadline-label", ha="right",
             va="bottom", color=TARGET_INK, fontweight="bold", xycoords=("data", "axes fraction"))  # fmt: skip
        ax.axhline(self.current.due, color=PALE, linewidth=1.2, zorder=1, gid="due")
        due = Said("figures.received.due", due=self.current.due).get(lang)
        note(ax, due, (0.005, self.current.due), (0, 3), "due-label", ha="left", color=SOFT,
             xycoords=("axes fraction", "data"))  # fmt: skip
        _name_late(self, ax)
        left = self.current.due - counts[-1]
        if left:
            words = Said("figures.received.left", left=left).get(lang)
            note(ax, words, (last, self.current.due), (0, 3), "left-label", ha="right", color=TARGET_INK)
        ax.set_xlim(first, last)
        ax.set_ylim(0, max([self.current.due, *(one.due for one in self.past)]) * 1.12)
        number_axis(ax.yaxis, lang)
        number_axis(ax.xaxis, lang)
        ax.set_xlabel(Said("figures.received.days").get(lang), color=INK)
        ax.set_ylabel(Said("figures.received.axis").get(lang), color=INK)
        return dress(ax, self, lang, _key(self, lang))


def _name_lines(data: Received, ax: Axes) -> None:
    """This period beside its line on the day of the deadline, where the count is read."""
    on_time = sum(day <= 0 for day in data.current.days)
    words = f"{data.current.label}: {on_time}"
    note(ax, words, (0, on_time), (6, -6), "current-label", ha="left", va="top", fontweight="bold")


def _name_late(data: Received, ax: Axes) -> None:
    named = sorted(data.late)
    if len(named) > UNITS_NAMED["picture"]:
        return
    last = data.span[1]
    thread = {"arrowstyle": "-", "color": SOFT, "linewidth": 0.8, "shrinkA": 0, "shrinkB": 4}
    for place, (day, unit) in enumerate(named):
        at = (day, sum(one <= day for one in data.current.days))
        ax.plot(*at, marker="o", markersize=5, color=FACT, zorder=5, gid="late")
        side = "left" if day < last / 2 else "right"
        offset = (8 if side == "left" else -8, -26 - 14 * place)
        note(
            ax,
            f"{unit} (+{day})",
            at,
            offset,
            "late-label",
            ha=side,
            va="top",
            fontsize=8.5,
            arrowprops=thread,
        )


def _key(data: Received, lang: str) -> str:
    if not data.past:
        return ""
    return Said("figures.received.key", labels=tuple(one.label for one in data.past)).get(lang)


class Came(Protocol):
    """What is read of how a period's returns came in (see `narrative.returns.Arrivals`)."""

    @property
    def period(self) -> str:
        """The cut-off told of."""

    @property
    def on_time(self) -> int:
        """How many came by their deadline."""

    @property
    def late(self) -> tuple[tuple[Words, int], ...]:
        """Who came later, with days after the deadline."""

    @property
    def undated(self) -> int:
        """How many came on a day nobody knows."""

    @property
    def received(self) -> int:
        """How many came in all."""

    @property
    def missing(self) -> tuple[Words, ...]:
        """Who has not reported."""

    @property
    def refused(self) -> tuple[Words, ...]:
        """Whose return was refused."""

    @property
    def until(self) -> str:
        """The day up to which returns are counted."""

    @property
    def due(self) -> int:
        """How many units must report."""


def received_picture(told: Came, rows: pd.DataFrame, *, illustrative: bool) -> Picture | None:
    """How many returns had come by each day around the deadline; None for a single unit and where no return
    that came has a day.

    `rows`: the ledger's matrix of the units asked about (`returns.matrix`), up to the period told of.
    """
    if told.due < 2 or told.undated == told.received > 0:
        return None
    parts = [Said("figures.received.on_time", on_time=told.on_time, due=told.due)]
    counts = {"late": len(told.late), "undated": told.undated}
    counts |= {name: len(getattr(told, name)) for name in ("missing", "refused")}
    parts += [Said(f"figures.received.{name}", count=count) for name, count in counts.items() if count]
    title = Said("figures.received.title", period=told.period, parts=tuple(parts))
    data = Received(
        title=title,
        current=_period(rows, told.period),
        past=tuple(
            _period(rows, one) for one in sorted(set(rows["period"]) - {told.period}, key=parse_cutoff)
        ),
        late=tuple((days, name) for name, days in told.late),
        source=Said("figures.received.ledger_on", day=told.until)
        if told.until
        else Said("figures.received.ledger"),
        illustrative=illustrative,
    )
    late = tuple(Said("figures.alt.days", label=name, days=days) for name, days in told.late)
    alt = Said("figures.alt.told", title=title, told=late) if late else Said("figures.alt", title=title)
    return Picture("received", data, title, alt)


def _period(rows: pd.DataFrame, period: str) -> ReceivedPeriod:
    rows = rows[rows["period"] == period]
    came = rows[rows["state"].isin(REPORTED)]
    pairs = [
        (parse_day(due), parse_day(first))
        for due, first in zip(came["deadline"], came["first_received"], strict=True)
    ]
    days = tuple(sorted((first - due).days for due, first in pairs if due and first))
    return ReceivedPeriod(Said("figures.in_short", period=period), len(rows), days)
