"""Returns received over time: how many were there each day, counted from every unit's own deadline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vetanalysis.figures.style import (
    FACT,
    INK,
    PALE,
    SOFT,
    TARGET,
    TARGET_INK,
    dress,
    note,
    number_axis,
)
from vetanalysis.text import Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_AXIS = Text("Số đơn vị đã gửi", "Units that have reported")
_DAYS = Text("Số ngày so với hạn gửi của từng đơn vị", "Days from each unit's own deadline")
_DEADLINE = Text("Hạn gửi", "Deadline")
_ALL = Text("Phải gửi: {due}", "Must report: {due}")
_LEFT = Text("còn {left} đơn vị chưa gửi", "{left} not received")
_NAMED = 4  # late units called by name; more would print over each other


@dataclass(frozen=True, slots=True)
class ReceivedPeriod:
    """`days`: days after its own deadline on which each return came (negative: before), one per return."""

    label: str
    due: int
    days: tuple[int, ...]

    def steps(self, first: int, last: int) -> list[int]:
        """How many had come by each day from `first` to `last`."""
        return [sum(one <= day for one in self.days) for day in range(first, last + 1)]


@dataclass(frozen=True, slots=True)
class Received:
    """`current`: the period asked about; `past`: those before it; `late`: (days after the deadline, unit)."""

    title: str
    current: ReceivedPeriod
    past: tuple[ReceivedPeriod, ...] = ()
    late: Sequence[tuple[int, str]] = field(default_factory=tuple)
    source: str = ""
    illustrative: bool = False

    @property
    def span(self) -> tuple[int, int]:
        """First and last day shown: a day before the first return and two after the last, the deadline inside."""
        days = [day for one in (self.current, *self.past) for day in one.days]
        return min([-2, *(day - 1 for day in days)]), max([3, *(day + 2 for day in days)])


def received(data: Received, ax: Axes, lang: str) -> Axes:
    """Earlier periods thin and grey, this one black, the deadline a line; late units named where they came."""
    first, last = data.span
    days = range(first, last + 1)
    for one in data.past:
        ax.step(days, one.steps(first, last), where="post", color=SOFT, linewidth=1.0, zorder=2,
                linestyle=(0, (4, 2)), gid=f"past-{one.label}")  # fmt: skip
    counts = data.current.steps(first, last)
    ax.step(days, counts, where="post", color=FACT, linewidth=2.2, zorder=4, gid="current")
    _name_lines(data, ax)
    ax.axvline(0, color=TARGET, linewidth=1.4, zorder=1.5, gid="deadline")
    note(ax, _DEADLINE.get(lang), (0, 0.02), (-5, 0), "deadline-label", ha="right", va="bottom", color=TARGET_INK,
         fontweight="bold", xycoords=("data", "axes fraction"))  # fmt: skip
    ax.axhline(data.current.due, color=PALE, linewidth=1.2, zorder=1, gid="due")
    due = _ALL.get(lang).format(due=data.current.due)
    note(ax, due, (0.005, data.current.due), (0, 3), "due-label", ha="left", color=SOFT,
         xycoords=("axes fraction", "data"))  # fmt: skip
    _name_late(data, ax)
    left = data.current.due - counts[-1]
    if left:
        words = _LEFT.get(lang).format(left=left)
        note(ax, words, (last, data.current.due), (0, 3), "left-label", ha="right", color=TARGET_INK)
    ax.set_xlim(first, last)
    ax.set_ylim(0, max([data.current.due, *(one.due for one in data.past)]) * 1.12)
    number_axis(ax.yaxis, lang)
    number_axis(ax.xaxis, lang)
    ax.set_xlabel(_DAYS.get(lang), color=INK)
    ax.set_ylabel(_AXIS.get(lang), color=INK)
    return dress(ax, data.title, data.source, data.illustrative, lang, _key(data, lang))


def _name_lines(data: Received, ax: Axes) -> None:
    """This period beside its line on the day of the deadline, where the count is read."""
    on_time = sum(day <= 0 for day in data.current.days)
    words = f"{data.current.label}: {on_time}"
    note(ax, words, (0, on_time), (6, -6), "current-label", ha="left", va="top", fontweight="bold")


def _name_late(data: Received, ax: Axes) -> None:
    named = sorted(data.late)
    if len(named) > _NAMED:
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
    labels = ", ".join(one.label for one in data.past)
    return Text(f"Nét đứt: {labels}.", f"Dashed: {labels}.").get(lang)
