"""Where words go in a figure: beside what they name, clear of its lines and of each other.

Axes get their size when a figure is laid out, after its words are placed: `Frame` says beforehand how large they will
be. All lengths are points, measured from the lower left corner of the axes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from vetanalysis.figures.face import width
from vetanalysis.figures.style import TEXT_SIZE, axes_size

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from vetanalysis.figures.style import Chart

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, lower, right, upper

LINE = 1.2 * TEXT_SIZE  # height of a line of words
_DIGITS = 0.8 * TEXT_SIZE  # of figures, which have nothing below the line
_WORDS, _EDGE, _TARGET, _LINES, _AREA = 16.0, 16.0, 8.0, 4.0, 2.0  # how bad it is to stand on them
_OTHER = 1.0  # how bad it is to take other words than the first
_BEYOND = 1.0  # how bad it is to have the target's line between words and what they name
_APART, _CLEAR = 3.0, 2.0  # beside words to others, over and under words to a line
_FAR = 0.05  # how bad it is to stand a point further away


@dataclass(frozen=True, slots=True)
class Place:
    """Words `offset` points away from what they name; `across` and `up` as matplotlib names alignments."""

    offset: Point
    across: str
    up: str


@dataclass(slots=True)
class Frame:
    """The axes as they will be drawn, what is drawn on them so far, and the words that have their place."""

    size: Point
    across: Point  # the limits of the axes, in data
    up: Point
    lines: list[tuple[Point, Point]] = field(default_factory=list)
    targets: list[tuple[Point, Point]] = field(default_factory=list)
    areas: list[list[Point]] = field(default_factory=list)  # lower edge from left to right, upper edge back
    words: list[Box] = field(default_factory=list)
    floor: float = 0.0  # words may reach so far down, because the axis can

    @classmethod
    def of(cls, ax: Axes, data: Chart, lang: str, key: str = "", end: str = "") -> Frame:
        """The frame of `ax` with its limits as they are now; `key` and `end` are written under it and on its right."""
        return cls(axes_size(ax, data, lang, key, end), ax.get_xlim(), ax.get_ylim())

    def at(self, x: float, y: float) -> Point:
        """A point of the data on paper."""
        (left, right), (low, high) = self.across, self.up
        across, up = (x - left) / (right - left) * self.size[0], (y - low) / (high - low) * self.size[1]
        return float(across), float(up)

    def add_line(self, points: Iterable[Point]) -> None:
        """A line that words keep clear of, of neighbouring points of the data."""
        drawn = [self.at(*one) for one in points]
        self.lines += pairwise(drawn) if len(drawn) > 1 else [(one, one) for one in drawn]

    def add_target(self, y: float, since: float, until: float) -> None:
        """The target's line, from one end to the other in data."""
        self.targets.append((self.at(since, y), self.at(until, y)))

    def add_area(self, x: Sequence[float], low: Sequence[float], high: Sequence[float]) -> None:
        """A range between two lines."""
        lower = [self.at(*one) for one in zip(x, low, strict=True)]
        upper = [self.at(*one) for one in zip(x, high, strict=True)]
        self.areas.append([*lower, *upper[::-1]])

    def box(self, words: str, x: float, y: float, place: Place) -> Box:
        """What words take at a place beside a point of the data."""
        lines = words.split("\n")
        wide = max(width(one, TEXT_SIZE) for one in lines)
        tall = LINE * (len(lines) - 1) + (_DIGITS if words.isdigit() else LINE)
        at = self.at(x, y)
        left = at[0] + place.offset[0] - {"left": 0.0, "center": wide / 2, "right": wide}[place.across]
        low = at[1] + place.offset[1] - {"bottom": 0.0, "center": tall / 2, "top": tall}[place.up]
        return left, low, left + wide, low + tall

    def best(self, x: float, y: float, choices: Sequence[tuple[str, Place]]) -> tuple[str, Place]:
        """The words and the place, of `choices`, that stand on least, near what they name; they are remembered.

        The words of the first choice are those to take where there is room.
        """
        level = self.at(x, y)[1]

        def cost(choice: tuple[str, Place]) -> float:
            box = self.box(choice[0], x, y, choice[1])
            beyond = any(min(level, box[1]) < line[0][1] < max(level, box[3]) for line in self.targets)
            other = choice[0] != choices[0][0]
            return self._cost(box) + _OTHER * other + _FAR * abs(choice[1].offset[1]) + _BEYOND * beyond

        words, place = min(choices, key=cost)
        self.words.append(self.box(words, x, y, place))
        return words, place

    def is_free(self, box: Box) -> bool:
        """Whether words stand within the axes and clear of all other words and of all lines."""
        return self._cost(box) < _LINES

    def _cost(self, box: Box) -> float:
        apart = (box[0] - _APART, box[1], box[2] + _APART, box[3])
        cost = _WORDS * sum(_meet(apart, one) for one in self.words)
        cost += _EDGE * (box[0] < 0 or box[2] > self.size[0] + 1)
        cost += _EDGE * (box[1] < self.floor - LINE / 6) + _FAR * max(-box[1], 0.0)
        wide = (box[0], box[1] - _CLEAR, box[2], box[3] + _CLEAR)
        cost += _TARGET * any(_crosses(wide, line) for line in self.targets)
        cost += _LINES * any(_crosses(wide, line) for line in self.lines)
        return cost + _AREA * any(_lies_on(box, area) for area in self.areas)


def _meet(box: Box, other: Box) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]


def _crosses(box: Box, line: tuple[Point, Point]) -> bool:
    """Whether a line runs through a box, by the part of it that lies between the box's sides (Liang & Barsky 1984)."""
    (x, y), (to_x, to_y) = line
    begins, ends = 0.0, 1.0
    for start, step, low, high in ((x, to_x - x, box[0], box[2]), (y, to_y - y, box[1], box[3])):
        if not step:
            if not low < start < high:
                return False
            continue
        near, far = sorted(((low - start) / step, (high - start) / step))
        begins, ends = max(begins, near), min(ends, far)
    return begins < ends


def _lies_on(box: Box, area: list[Point]) -> bool:
    import numpy as np

    half = len(area) // 2
    x, low = zip(*area[:half], strict=True)
    _, high = zip(*area[: half - 1 : -1], strict=True)
    seen = [one for one in np.linspace(box[0], box[2], 9) if x[0] < one < x[-1]]
    return any(np.interp(at, x, low) < box[3] and np.interp(at, x, high) > box[1] for at in seen)


def spread(levels: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places for words at `levels`, in their order: as near as they come with `gap` between each other.

    Words that would meet are moved together, so that their middle stays where it was; all stand between `low` and
    `high` where there is room.
    """
    order = sorted(range(len(levels)), key=levels.__getitem__)
    groups: list[tuple[float, int]] = []  # middle, how many
    for at in order:
        middle, many = levels[at], 1
        while True:
            reach = gap * (many - 1) / 2
            middle = max(min(middle, high - reach), low + reach)
            if not groups or middle - reach - (groups[-1][0] + gap * (groups[-1][1] - 1) / 2) >= gap - 1e-9:
                break
            before, count = groups.pop()
            middle = (middle * many + before * count) / (many + count)
            many += count
        groups.append((middle, many))
    places = [middle + gap * (one - (many - 1) / 2) for middle, many in groups for one in range(many)]
    placed = dict(zip(order, places, strict=True))
    return [placed[at] for at in range(len(levels))]
