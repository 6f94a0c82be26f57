"""A figure of units: each one's share of its quota, beside the share of a year that it usually has by now."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Protocol

from vetanalysis.assessment.evidence import lower_limit
from vetanalysis.blocks import LANGUAGES, Cell, Picture, Said, Text
from vetanalysis.figures.places import Frame, Place
from vetanalysis.figures.style import (
    INK,
    LEVEL_INK,
    LEVEL_LINE,
    SOFT,
    TEXT_SIZE,
    Chart,
    Part,
    Words,
    amount,
    axes_size,
    dress,
    folded,
    in_language,
    mark_unit,
    note,
    number_axis,
)
from vetanalysis.figures.values import Value, Values

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from vetanalysis.assessment.people_projected import YearOfPeople
    from vetanalysis.study import Study


_NAME, _SHARE = 215.0, 46.0  # points that a unit's name takes in one line, and the number beside a mark
_NEXT_LINE = 0.8  # of a row: what each further line of a name takes


@dataclass(frozen=True, slots=True)
class StandingUnit(Part):
    """`share` of quota in percent, `usual` by now (None: unknown); `outside`: below even chances of its quota.

    Once the year is over nothing is usual by now, and none is marked.
    """

    name: Words
    share: float
    usual: float | None
    outside: bool

    @property
    def marks(self) -> tuple[float, ...]:
        """Where it is marked, in percent."""
        return (self.share,) if self.usual is None else (self.share, self.usual)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing(Chart):
    """`common`: the units shown together, in percent; from the lowest share to the highest; `key`: what marks mean.

    `due`: how many units have a quota, where not all of them are shown.
    """

    common: float
    due: int = 0
    units: tuple[StandingUnit, ...]
    key: Words = ""

    @property
    def size(self) -> tuple[float, float]:
        """Higher with more units, and with names of several lines."""
        return 160.0, 45 + 5.8 * max(_rows(in_language(self.units, lang))[1] for lang in LANGUAGES)

    def drawn_on(self, ax: Axes, lang: str) -> Axes:
        """A row per unit: its share, a coloured square where its quota is in danger; what is usual as a stroke."""
        places, rows = _rows(self.units)
        for place, unit in zip(places, self.units, strict=True):
            if unit.usual is not None:
                ax.plot(unit.usual, place, "|", ms=13, mew=2, color=SOFT, zorder=3, gid="usual")
            mark_unit(ax, unit.share, place, outside=unit.outside, square=unit.outside)
        ax.axvline(self.common, zorder=2, gid="common", **LEVEL_LINE)
        ends = [value for unit in self.units for value in unit.marks]
        ax.set_yticks(places, [_name(unit) for unit in self.units], linespacing=0.9)
        ax.set_ylim(-0.7, rows + 1.6)  # with two lines for the level of all
        number_axis(ax.xaxis, lang, "percent")
        ax.set_xlabel(self.axis, color=INK)
        wide = axes_size(ax, self, lang, str(self.key))[0]
        room = max(
            wide - 2 * _SHARE, 0.3 * wide
        )  # the rest is for numbers beside the first and the last mark
        beside = _SHARE * (max(ends) - min(ends)) / room
        ax.set_xlim(max(0.0, min(ends) - beside), max(ends) + beside)
        self._write_level(ax, lang)
        self._write_shares(ax, lang)
        return dress(ax, self, lang, str(self.key))

    def _write_level(self, ax: Axes, lang: str) -> None:
        """What the line of the units together means, to its left where it would not end within the axes."""
        due = self.due or len(self.units)
        told: dict[str, Any] = {"units": len(self.units), "due": due, "share": self.common}
        level = Said(f"figures.standing.level{'' if due == len(self.units) else '.reported'}", **told).get(
            lang
        )
        frame = Frame.of(ax, self, lang, str(self.key))
        late = frame.box(level, self.common, 0.0, Place((4, 0), "left", "top"))[2] > frame.size[0]
        note(ax, level, (self.common, 1.0), (-4 if late else 4, -1), "common-label",
             ha="right" if late else "left", va="top", color=LEVEL_INK, xycoords=("data", "axes fraction"))  # fmt: skip

    def _write_shares(self, ax: Axes, lang: str) -> None:
        """Each number beside its unit's marks, where neither a stroke nor the line of all runs through it."""
        frame = Frame.of(ax, self, lang, str(self.key))
        places, rows = _rows(self.units)
        frame.add_line([(self.common, -0.7), (self.common, rows - 0.5)])
        right, left = Place((6, 0), "left", "center"), Place((-6, 0), "right", "center")
        apart = 4 / frame.size[0] * (frame.across[1] - frame.across[0])
        for place, unit in zip(places, self.units, strict=True):
            if unit.usual is not None:
                frame.add_line([(unit.usual - apart, place), (unit.usual + apart, place)])
            words = amount(unit.share, lang, "percent", 1)
            beside = (
                (unit.share, right),
                (unit.share, left),
                (max(unit.marks), right),
                (min(unit.marks), left),
            )
            free = (one for one in beside if frame.is_free(frame.box(words, one[0], place, one[1])))
            at, chosen = next(free, beside[2])
            note(ax, words, (at, place), chosen.offset, "share", ha=chosen.across, va=chosen.up)

    def values_shown(self) -> Values:
        """A row for each unit, the highest share first; until the year is over with what is usual by now."""
        made = []
        for unit in reversed(self.units):
            made.append(Value(unit.name, Said("figures.values.share"), Cell(unit.share, "percent")))
            if unit.usual is not None:
                made.append(Value(unit.name, Said("figures.values.usual"), Cell(unit.usual, "percent")))
        return Values(Said("figures.values.unit"), tuple(made))


def _name(unit: StandingUnit) -> str:
    return folded(str(unit.name), _NAME, TEXT_SIZE)


def _rows(units: tuple[StandingUnit, ...]) -> tuple[list[float], float]:
    """Where each unit stands, in rows above the first of one line, and how many rows all take together."""
    tall = [1 + _NEXT_LINE * _name(unit).count("\n") for unit in units]
    upper = list(accumulate(tall))
    return [end - (own + 1) / 2 for end, own in zip(upper, tall, strict=True)], sum(tall)


class Standings(Protocol):
    """What is read of a period to draw its units (see `narrative.period.PeriodFacts`)."""

    @property
    def year(self) -> YearOfPeople | None:
        """The whole place's projected year of people."""

    @property
    def lines(self) -> pd.DataFrame:
        """The table of indicators of all units."""

    @property
    def behind(self) -> pd.DataFrame:
        """Units below even chances of their quota; once the year is over those below it."""

    @property
    def closed(self) -> bool:
        """Whether the year is over."""

    def called(self, unit: str) -> Text:
        """A unit's short name."""

    def usual(self, unit: str = "", level: str | None = None) -> float | None:
        """The share of a year's people in percent that a unit usually has by now."""


def standing_picture(study: Study, facts: Standings) -> Picture | None:
    """Units on their share of quota, until the year is over beside what is usual; None with fewer than two units."""
    if facts.year is None:
        return None
    frame = facts.year.units
    frame = frame[frame["counted"].notna()].sort_values("share_of_plan", kind="stable")
    if len(frame) < 2:
        return None

    def name(code: object) -> Text:
        return facts.called(str(code))

    behind = [code for code in facts.behind.index if code in frame.index]
    named, case = tuple(name(code) for code in behind), "closed" if facts.closed else "title"
    limit = lower_limit("even")
    title = Said(f"figures.standing.{case}", limit=limit, behind=len(behind), units=len(frame), names=named)
    units = tuple(
        StandingUnit(
            name(code), 100 * row["share_of_plan"], None if facts.closed else facts.usual(str(code)),
            outside=not facts.closed and code in behind,
        )
        for code, row in frame.iterrows()
    )  # fmt: skip
    told = tuple(Said("figures.alt.percent", label=unit.name, value=unit.share) for unit in units)
    data = Standing(
        title=title,
        axis=Said("figures.quota.axis"),
        common=100 * float(frame["common"].iloc[0]),
        due=len(facts.year.units),
        units=units,
        key="" if facts.closed else Said("figures.standing.key", limit=limit),
        source=Said("figures.source.returns", as_of=str(study.as_of)),
        illustrative=bool(facts.lines["illustrative"].any()),
    )
    return Picture("standing", data, title, Said("figures.alt.told", title=title, told=told))
