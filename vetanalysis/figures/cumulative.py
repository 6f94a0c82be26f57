"""People trained since the year began: this year's path beside past years' paths, and where it may end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isnan
from typing import TYPE_CHECKING

import numpy as np

from vetanalysis.blocks import Text
from vetanalysis.figures.style import (
    BLUE,
    FACT,
    FAN,
    INK,
    SOFT,
    TARGET,
    TARGET_INK,
    amount,
    dress,
    note,
    number_axis,
    projected,
)
from vetanalysis.language.numbers import year_tick

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from vetanalysis.forecast.projection import Projection

_QUARTERS = (
    Text("Đầu năm", "Start"),
    Text("Quý I", "Q1"),
    Text("6 tháng", "6 months"),
    Text("9 tháng", "9 months"),
    Text("Cả năm", "Year"),
)
_HALF = Text("mức giữa", "median")
_SHADES = Text(
    "Màu đậm, vừa, nhạt: khoảng dự báo với xác suất 50%, 80%, 95%.",
    "Dark, medium, light: range projected with a probability of 50%, 80%, 95%.",
)


@dataclass(frozen=True, slots=True)
class Cumulative:
    """`past`: year -> cumulative counts at the end of quarters 1 to 4 (NaN where unknown).

    `current`: the same for the quarters reported so far (NaN: not reported). `projection`: of the whole
    year, in counts.
    """

    title: str
    axis: str
    year: int
    current: Mapping[int, float]
    past: Mapping[int, Mapping[int, float]] = field(default_factory=dict)
    projection: Projection | None = None
    target: float | None = None
    target_label: str = ""
    source: str = ""
    illustrative: bool = False


def cumulative(data: Cumulative, ax: Axes, lang: str) -> Axes:
    """Past years thin and grey, this year black, the projection a fan to the end of the year.

    A quarter without figure leaves a gap: lines join neighbouring quarters only.
    """
    for year, path in sorted(data.past.items()):
        _draw_path(ax, path, color=SOFT, linewidth=1.0, zorder=2, gid=f"past-{year}")
    _name_past(ax, data.past)
    known = _known(data.current)
    _draw_path(
        ax,
        data.current,
        color=FACT,
        linewidth=2.2,
        zorder=5,
        marker="o",
        markersize=6,
        gid=f"year-{data.year}",
    )
    for quarter, value in known.items():
        note(ax, amount(value, lang), (quarter, value), (-4, 8), "fact-label", ha="right")
    last = max(known.items(), default=(0, 0.0))  # at the start of the year nobody has been counted
    named = year_tick(data.year)
    ax.set_xlim(-0.1, 4.45 if len(named) == 4 else 4.75)  # room for the names of past years
    note(ax, named, last, (7, -9), "year-label", ha="left", fontweight="bold") if known else None
    if data.projection is not None and last[0] < 4:
        _draw_projection(ax, data.projection, last, data.target, lang)
    if data.target is not None:
        ax.axhline(data.target, color=TARGET, linewidth=1.4, zorder=1.5, gid="target")
        note(ax, data.target_label or amount(data.target, lang), (0.01, data.target), (0, 4), "target-label",
             ha="left", color=TARGET_INK, fontweight="bold", xycoords=("axes fraction", "data"))  # fmt: skip
    ax.set_xticks(range(5), [one.get(lang) for one in _QUARTERS])
    ax.set_ylim(bottom=0)
    ax.margins(y=0.12)
    number_axis(ax.yaxis, lang)
    ax.set_ylabel(data.axis, color=INK)
    shades = _SHADES.get(lang) if data.projection is not None and last[0] < 4 else ""
    return dress(ax, data.title, data.source, data.illustrative, lang, shades)


def _known(path: Mapping[int, float]) -> dict[int, float]:
    return {int(q): float(v) for q, v in sorted(path.items()) if v is not None and not isnan(v)}


def _draw_path(ax: Axes, path: Mapping[int, float], **look) -> None:
    """The path from zero at the start of the year; unknown quarters are holes, not zeros and not bridges."""
    known = {0: 0.0, **_known(path)}
    ax.plot(range(5), [known.get(quarter, np.nan) for quarter in range(5)], **look)


def _name_past(ax: Axes, past: Mapping[int, Mapping[int, float]]) -> None:
    """Years at the right ends, moved apart where they would print over each other."""
    ends = sorted((_known(path).get(4, np.nan), year) for year, path in past.items())
    ends = [(value, year) for value, year in ends if not isnan(value)]
    if not ends:
        return
    gap = max(value for value, _ in ends) * 0.065
    place = -np.inf
    for value, year in ends:
        place = max(value, place + gap)
        ax.annotate(
            year_tick(year),
            (4, value),
            xytext=(4.06, place),
            textcoords="data",
            ha="left",
            va="center",
            fontsize=8.5,
            color=SOFT,
            annotation_clip=False,
            gid="past-label",
        )


def _draw_projection(ax: Axes, projection: Projection, last, target: float | None, lang: str) -> None:
    quarter, value = last
    median = float(np.ravel(projection.median)[-1])
    for coverage in sorted(FAN, reverse=True):
        low, high = (float(np.ravel(side)[-1]) for side in projection.interval(coverage))
        ax.fill_between(
            [quarter, 4],
            [value, low],
            [value, high],
            color=FAN[coverage],
            linewidth=0,
            zorder=1,
            gid=f"range-{coverage:g}",
        )
    ax.plot([quarter, 4], [value, median], color=BLUE, linestyle="--", linewidth=1.6, zorder=4, gid="median")
    low, high = (float(np.ravel(side)[-1]) for side in projection.interval(0.8))
    words = (
        f"{_HALF.get(lang)} {projected(median, lang)}\n80%: {projected(low, lang)} – {projected(high, lang)}"
    )
    away = "bottom" if target is not None and target < median else "top"
    note(
        ax,
        words,
        (ax.get_xlim()[1], median),
        (4, -6 if away == "bottom" else 6),
        "range-label",
        ha="left",
        va=away,
    )
