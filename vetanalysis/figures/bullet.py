"""How far each target is: what has been measured, what may come, all against the target as 100 %."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vetanalysis.figures.style import (
    BLUE,
    FACT,
    INK,
    MISSING,
    SKY,
    TARGET,
    TARGET_INK,
    dress,
    note,
    number_axis,
)
from vetanalysis.text import Text

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
