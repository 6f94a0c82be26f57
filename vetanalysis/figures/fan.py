"""A rate over the years: what was measured, where its definition changed, what may come, and the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from vetanalysis.blocks import Cell, Said
from vetanalysis.figures.places import LINE, Frame, Place
from vetanalysis.figures.style import (
    BLUE,
    FACT,
    FAN,
    INK,
    PERCENT,
    SOFT,
    TARGET,
    Chart,
    Part,
    Words,
    amount,
    axes_size,
    before_figure,
    dress,
    note,
    note_at_the_end,
    note_target,
    number_axis,
    projected,
    target_lines,
)
from vetanalysis.figures.values import Value, Values, projected_values
from vetanalysis.language.numbers import decimals_beside, year_tick
from vetanalysis.periods import parse_cutoff

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from vetanalysis.forecast.projection import Projection
    from vetanalysis.observations.series import Point

_BAR = {0.95: 0.02, 0.8: 0.03, 0.5: 0.04}  # half widths of a range without a figure before it, of the axis
_TARGET_AT = 0.01  # of the axes' width: where the target's words begin
_APART = 0.22  # of the axis: so far before the last figure one inside a piece is named
_MUCH = 0.35  # of the axis: so much room before the first figure holds the target's words
_FEW = 5  # a piece this short has every figure written beside it


@dataclass(frozen=True, slots=True)
class FanPiece(Part):
    """Figures of one definition (one base, one concept, one publisher), oldest first; `label` names it."""

    points: tuple[Point, ...]
    label: Words = ""


@dataclass(frozen=True, slots=True)
class FanBreak(Part):
    """A change of definition at the beginning of `year`; no line crosses it."""

    year: int
    label: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan(Chart):
    """Data of a fan chart; `axis` names the quantity and its base, `target` is due in `target_year`.

    `projection` holds shares for rates (`scale` 100 brings them to the points' percent), counts with
    `scale` 1; it continues the last piece, or stands alone when `joined` is False. None: nothing is
    projected. `within`: estimates made within a year whose own figure is still to come.
    """

    pieces: tuple[FanPiece, ...]
    projection: Projection | None = None
    target_year: int = 0
    breaks: tuple[FanBreak, ...] = ()
    measure: str = PERCENT
    scale: float = 100.0
    joined: bool = True
    within: tuple[Point, ...] = ()

    def drawn_on(self, ax: Axes, lang: str) -> Axes:
        """Figures as points, preliminary ones hollow, 50/80/95 % ranges, the target.

        Neighbouring years are joined by a line, years without a figure between them by dots, pieces by nothing.
        Everything is named where it stands; there is no legend.
        """
        for piece in self.pieces:
            _draw_piece(piece, ax, self)
        for point in self.within:
            _draw_estimate(point, ax, self)
        if self.projection is not None:
            _draw_projection(self, self.projection, ax)
        _set_span(self, ax)
        for change in self.breaks:
            _draw_break(change, ax)
        number_axis(ax.yaxis, lang, self.measure)
        ax.set_ylabel(self.axis, color=INK)
        data = replace(
            self, illustrative=self.illustrative or any(point.illustrative for point in self.points)
        )
        key = Said("figures.fan.key").get(lang) if self.projection is not None else ""
        end = "" if self.projection is None else _range_words(self, self.projection, lang)
        _name_all(data, ax, lang, key, end)
        if self.projection is not None:
            tall = axes_size(ax, data, lang, key, end)[1]
            note_at_the_end(ax, end, _scaled(self.projection.median, self.scale)[-1], tall)
        return dress(ax, data, lang, key)

    def values_shown(self) -> Values:
        """Every figure with its year, where the target is due what is projected and what is asked for."""
        figure = Said("figures.values.figure")
        made = [
            Value(_row(point, self.measure), figure, self._cell(point), (_at(point), point.value))
            for point in self.points
        ]
        if self.projection is not None:
            sides = (self.projection.median, *self.projection.interval(0.8))
            scaled = (_scaled(side, self.scale) for side in sides)
            for year, middle, low, high in zip(_horizons(self), *scaled, strict=True):
                made += projected_values(
                    _of_year(int(year)), middle, (low, high), self.measure, year, self.target
                )
        if self.target is not None:
            due, asked = _of_year(self.target_year), Said("figures.values.target")
            cell = Cell(self.target, "goal", measure=self.measure or "persons")
            made.append(Value(due, asked, cell, (self.target_year, self.target)))
        return Values(Said("figures.values.period"), tuple(made))

    def _cell(self, point: Point) -> Cell:
        """A figure as it stands in the picture: with what its source says before it, a rate as finely as its target."""
        if self.measure != PERCENT and not point.worded:
            return Cell(point.value, "count")
        seen = Said("figures.values.seen", worded=point.worded, value=point.value, goal=self.target)
        return Cell(point.value, "amount", words=seen.given(measure=self.measure or "persons"))

    @property
    def points(self) -> tuple[Point, ...]:
        """Every figure that is shown."""
        return (*(point for piece in self.pieces for point in piece.points), *self.within)


def _of_year(year: int) -> Said:
    return Said("figures.in_short", period=f"{year}-FY")


def _row(point: Point, measure: str) -> Said:
    """When a figure was measured, with how far it is settled."""
    period = Said("figures.in_short", period=point.period)
    status = _status(point, measure)
    return Said("figures.values.unsettled", period=period, status=status) if status else period


def _status(point: Point, measure: str) -> Said | None:
    """How far a figure is settled; None where it is final."""
    maturity = point.maturity(measure)
    return None if maturity == "final" else Said(f"figures.status.{maturity}")


def pieces_of(points: Sequence[Point]) -> tuple[FanPiece, ...]:
    """Points cut where base or concept changes, each part in the order of the years."""
    parts: dict[tuple[str, str], list[Point]] = {}
    for point in points:
        parts.setdefault((point.base, point.concept), []).append(point)
    ordered = [tuple(sorted(part, key=lambda point: point.year)) for part in parts.values()]
    return tuple(FanPiece(part) for part in sorted(ordered, key=lambda part: part[0].year))


def _at(point: Point) -> float:
    """Where a figure stands on the axis of years: one within a year stands before its end."""
    return point.year - (12 - parse_cutoff(point.period).months) / 12


def _called(point: Point, lang: str) -> str:
    """The year of a figure, or the period within it."""
    if point.period.endswith("-FY"):
        return str(point.year)
    return Said("figures.in_short", period=point.period).get(lang)


def _draw_piece(piece: FanPiece, ax: Axes, data: Fan) -> None:
    """Figures of one definition and what joins them."""
    points = piece.points
    for before, after in pairwise(points):
        solid = after.year - before.year <= 1
        look: dict[str, Any] = {"color": FACT, "linewidth": 1.8, "gid": "fact-line"}
        if not solid:
            look = {"color": SOFT, "linewidth": 1.2, "linestyle": (0, (1, 3)), "gid": "years-without-figure"}
        ax.plot([_at(before), _at(after)], [before.value, after.value], zorder=4, **look)
    for point in points:
        final = _status(point, data.measure) is None
        ax.plot(
            [_at(point)], [point.value], marker="o", markersize=6, markerfacecolor=FACT if final else "white",
            markeredgecolor=FACT, markeredgewidth=1.4, linestyle="none", zorder=5,
            gid="fact" if final else "fact-provisional",
        )  # fmt: skip


def _draw_estimate(point: Point, ax: Axes, data: Fan) -> None:
    """An estimate of the year that is still running: a mark of its own, joined to nothing."""
    ax.plot(
        [_at(point)], [point.value], marker="^", markersize=8, markerfacecolor="white", markeredgecolor=FACT,
        markeredgewidth=1.4, linestyle="none", zorder=6, gid="estimate-within",
    )  # fmt: skip


def _name_all(data: Fan, ax: Axes, lang: str, key: str, end: str) -> None:
    """The words on the axes, each where it stands on least; the axis goes down as far as they reach, of people to 0."""
    least = min([point.value for point in data.points] + [ax.get_ylim()[0]])
    if data.within:
        _leave_room_above(data, ax, _frame(data, ax, lang, key, end).size[1])
    for reached in (False, True):  # again where the axis had to go down
        frame = _frame(data, ax, lang, key, end)
        named = [_name_of_estimate(point, data, lang, frame) for point in data.within]
        named += [one for piece in data.pieces[::-1] for one in _names(piece, data, lang, frame)]
        lowest = min(
            (frame.box(words, at, value, place)[1] for words, at, value, place in named), default=0.0
        )
        if lowest >= 0 or reached:
            break
        (low, high), tall = ax.get_ylim(), frame.size[1]
        low -= (high - low) * -lowest / (tall + lowest)
        ax.set_ylim(max(low, 0.0) if least >= 0 else low, high)
    for words, at, value, place in sorted(named, key=lambda one: one[1]):
        note(ax, words, (at, value), place.offset, "fact-label", ha=place.across, va=place.up)
    for piece in data.pieces:
        if piece.label:
            highest = max(point.value for point in piece.points)
            first = (_at(piece.points[0]), highest)
            note(ax, piece.label, first, (0, 16), "piece-label", ha="left", color=SOFT)
    if data.target is not None:
        ax.axhline(data.target, color=TARGET, linewidth=1.4, zorder=2.5, gid="target")
        note_target(ax, data.target_label, _TARGET_AT, data.target, until=_until(data, ax))


def _leave_room_above(data: Fan, ax: Axes, tall: float) -> None:
    """Raise the axis until the words of an estimate fit over it and over the target's line."""
    low, high = ax.get_ylim()
    top = max([point.value for point in data.within] + ([] if data.target is None else [data.target]))
    ax.set_ylim(low, max(high, low + (top - low) * tall / max(tall - 1.6 * LINE, LINE)))


def _frame(data: Fan, ax: Axes, lang: str, key: str, end: str) -> Frame:
    """The axes with the lines, the ranges and the target's words that other words keep clear of."""
    left, right = ax.get_xlim()
    if ax.get_ylim()[0] < 0 and data.target is not None and data.target >= 0:
        least = min((point.value for point in data.points), default=0.0)
        ax.set_ylim(bottom=min(least, 0.0))
    frame = Frame.of(ax, data, lang, key, end)
    frame.floor = min(frame.at(left, 0.0)[1], 0.0)
    for piece in data.pieces:
        frame.add_line([(_at(point), point.value) for point in piece.points])
    for point in data.within:
        frame.add_line([(_at(point), point.value)])
    if data.projection is not None:
        x, low, high = _edges(data, data.projection, 0.95)
        frame.add_area(x, low, high)
    if data.target is not None:
        frame.add_target(data.target, left, right)
        words = target_lines(ax, data.target_label, _TARGET_AT, _until(data, ax))
        at = left + _TARGET_AT * (right - left)
        frame.words.append(frame.box(words, at, data.target, Place((0, 3), "left", "bottom")))
    return frame


def _until(data: Fan, ax: Axes) -> float:
    """How far the target's words may reach, of the axes' width."""
    left, right = ax.get_xlim()
    begins = min((_at(point) for point in data.points), default=right)
    free = (begins - left) / (right - left) - 0.02
    return free if free > _MUCH else 1.0


def _names(piece: FanPiece, data: Fan, lang: str, frame: Frame) -> list[tuple[str, float, float, Place]]:
    """Every figure of a short piece with its year, first and last of a long one; of months of one year the last.

    Words, where the figure stands, and where the words stand beside it; the last, which says most, has the choice.
    """
    points, found = piece.points, []
    short, measure = len(points) <= _FEW, data.measure
    statuses = [_status(point, measure) for point in points]
    alike = len(points) > 1 and statuses.count(statuses[0]) == len(points)  # then said once, of the last
    years = points[-1].year > points[0].year
    for index in reversed(range(len(points))):
        point, first, last = points[index], index == 0, index == len(points) - 1
        if not (last or (years and (first or (short and _has_room(point, points, data))))):
            continue
        digits = decimals_beside(point.value, data.target) if measure == PERCENT else 0
        words = before_figure(point.worded, lang) + amount(point.value, lang, measure, digits)
        if short and len(year_tick(point.year)) == 4:  # two years in one name are read off the axis
            words = f"{_called(point, lang)}: {words}"
        said: tuple[str, ...] = (words,)
        if (status := statuses[index]) and (last or not alike):
            stated = f"({status.get(lang)})"
            said = (f"{words}\n{stated}", f"{words} {stated}")
        at = _at(point)
        room = max(frame.at(at, point.value)[0] - 3, 0.0)  # to the axis on its left
        opens = last and piece is data.pieces[-1] and _start(data) is not None
        places = _places(first, last, opens, data, room)
        chosen = frame.best(at, point.value, [(one, place) for one in said for place in places])
        found.append((chosen[0], at, point.value, chosen[1]))
    return found


def _name_of_estimate(point: Point, data: Fan, lang: str, frame: Frame) -> tuple[str, float, float, Place]:
    """An estimate within the year with its months, above it: under it stand those of the years."""
    digits = decimals_beside(point.value, data.target) if data.measure == PERCENT else 0
    figure = before_figure(point.worded, lang) + amount(point.value, lang, data.measure, digits)
    words = Said("figures.within", period=point.period, figure=figure).get(lang)
    broken = Said("figures.within.broken", period=point.period, figure=figure).get(lang)
    places = [
        Place((shift, up), across, "bottom")
        for across, shift in (("center", 0.0), ("right", -8.0), ("left", 8.0), ("right", 12.0))
        for up in (9, 14, 18, 23, 28)
    ]
    at = _at(point)
    chosen = frame.best(at, point.value, [(said, place) for said in (words, broken) for place in places])
    return chosen[0], at, point.value, chosen[1]


def _places(first: bool, last: bool, opens: bool, data: Fan, room: float) -> list[Place]:
    """Where words may stand beside a figure, the best first; `room`: so far is it from the axis on its left.

    `opens`: a range opens from it to its right.
    """
    above = [(8, "bottom"), (14, "bottom"), (22, "bottom")]
    below = [(-8, "top"), (-14, "top")]
    if opens:
        sides = [("right", 4.0), ("center", 0.0), ("left", -4.0)]
        levels = [*below[:1], *above, *below[1:]]
    elif first:
        sides = [("left", -min(room, 24.0)), ("left", -4.0), ("right", 4.0)]
        levels = [*below[:1], *above, *below[1:]]
    else:
        sides = [("center", 0.0), ("right", 8.0), ("left", -8.0), ("right", -16.0)]
        if last and data.projection is None:
            sides = [("right", 5.0)]
        levels = [*above[:1], *below, *above[1:]]
    return [Place((shift, up), across, side) for across, shift in sides for up, side in levels]


def _has_room(point: Point, points: Sequence[Point], data: Fan) -> bool:
    """Whether words at a figure inside a piece keep clear of those at its first, which reach to the right, and last."""
    span, at = _span(data), _at(point)
    return at - _at(points[0]) >= 0.3 * span and _at(points[-1]) - at >= _APART * span


def _draw_projection(data: Fan, projection: Projection, ax: Axes) -> None:
    """Ranges from the last figure to the horizons; one horizon without a figure before it is a bar."""
    years, median = _horizons(data), _scaled(projection.median, data.scale)
    start = _start(data)
    for coverage in sorted(FAN, reverse=True):
        x, low, high = _edges(data, projection, coverage)
        ax.fill_between(x, low, high, color=FAN[coverage], linewidth=0, zorder=2, gid=f"range-{coverage:g}")
    line = [(_at(start), start.value)] if start is not None else []
    line += list(zip(years, median, strict=True))
    ax.plot(*zip(*line, strict=True), color=BLUE, linestyle="--", linewidth=1.6, zorder=3, gid="median")
    ax.plot(years[-1:], median[-1:], color=BLUE, marker="D", markersize=5, linestyle="none", zorder=7,
            gid="median-end")  # fmt: skip


def _edges(data: Fan, projection: Projection, coverage: float) -> tuple[Any, Any, Any]:
    """Years, lower and upper ends of a range: from the last figure on, or of one horizon alone a bar."""
    low, high = (_scaled(side, data.scale) for side in projection.interval(coverage))
    x, start = _horizons(data), _start(data)
    if start is not None:
        began = _at(start), start.value, start.value
        x, low, high = (np.concatenate([[at], rest]) for at, rest in zip(began, (x, low, high), strict=True))
    elif len(x) == 1:
        half = _BAR[coverage] * _span(data)
        x, low, high = x[0] + np.array([-half, half]), np.repeat(low, 2), np.repeat(high, 2)
    return x, low, high


def _start(data: Fan) -> Point | None:
    """The figure the fan opens from, None where the projection stands alone."""
    if data.projection is None or not (data.joined and data.pieces and data.pieces[-1].points):
        return None
    last = data.pieces[-1].points[-1]
    return last if _at(last) < _horizons(data)[0] else None


def _horizons(data: Fan) -> np.ndarray:
    periods = () if data.projection is None else data.projection.periods
    return np.array([int(str(period)[:4]) for period in periods], dtype=float)


def _scaled(values, scale: float) -> np.ndarray:
    return np.atleast_1d(np.asarray(values, dtype=float)) * scale


def _range_words(data: Fan, projection: Projection, lang: str) -> str:
    """The median and the ends of the 80 % range, as they stand to the right of the axes."""
    median = _scaled(projection.median, data.scale)[-1]
    ends = [_scaled(side, data.scale)[-1] for side in projection.interval(0.8)]
    digits = 1 if data.measure == PERCENT else 0
    low, high = (projected(end, lang, data.measure, digits) for end in ends)
    middle = projected(median, lang, data.measure, digits, data.target)
    return Said("figures.range", median=middle, lower=low, upper=high).get(lang)


def _years(data: Fan) -> list[int]:
    years = [int(_at(point)) for piece in data.pieces for point in piece.points]
    if data.projection is not None:
        years += [int(year) for year in _horizons(data)]
    if data.target is not None:
        years.append(data.target_year)
    return years


def _span(data: Fan) -> int:
    return max(max(_years(data)) - min(_years(data)), 1)


def _set_span(data: Fan, ax: Axes) -> None:
    """Whole years on the axis, with room on the right for the labels."""
    years = _years(data)
    if not years:
        return
    first, last, span = min(years), max(years), _span(data)
    ax.set_xlim(first - max(0.06 * span, 0.3), last + max(0.05 * span, 0.25))
    ticks = _few_ticks(years, span) if len(set(years)) <= _FEW + 2 else None
    ticks = ticks or list(range(last, first - 1, -max(1, round(span / 8))))[::-1]
    ax.set_xticks(ticks, [year_tick(tick) for tick in ticks])
    ax.margins(y=0.2)


def _few_ticks(years: list[int], span: int) -> list[int]:
    """The years there is something to show for, without two that would print over each other."""
    ticks: list[int] = []
    for year in sorted(set(years), reverse=True):
        if not ticks or ticks[-1] - year >= span / 11:
            ticks.append(year)
    return ticks[::-1]


def _draw_break(change: FanBreak, ax: Axes) -> None:
    at = change.year - 0.5
    ax.axvline(at, color=SOFT, linestyle=(0, (4, 3)), linewidth=1, zorder=1, gid="break")
    left, right = ax.get_xlim()
    late = at > (left + right) / 2
    note(ax, change.label, (at, 0.03), (-4 if late else 4, 0), "break-label", ha="right" if late else "left",
         va="bottom", color=SOFT, xycoords=("data", "axes fraction"))  # fmt: skip
