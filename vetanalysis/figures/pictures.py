"""The pictures of a report, without a language until they are drawn, and drawn once for what they show.

One for each target and those of a period's returns; the same stand in notebooks and in documents. Titles are
built from the numbers. The same data in the same language are the same bytes wherever they stand.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from contextvars import Context, copy_context
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment, RateAssessment
from vetanalysis.blocks import Appendix, Document, Figure, Picture, Said, Table, Text
from vetanalysis.figures.bars import funds_picture
from vetanalysis.figures.captions import (
    axis_of,
    axis_over,
    cited_once,
    named,
    neighbour,
    source_line,
    target_alt,
    target_label,
    title_of,
)
from vetanalysis.figures.cumulative import has_path, last_counted, path_alt, path_of
from vetanalysis.figures.fan import Fan, FanBreak, pieces_of
from vetanalysis.figures.maps import districts_picture
from vetanalysis.figures.standing import Standings, standing_picture
from vetanalysis.figures.style import Chart, in_language
from vetanalysis.hashes import content_digest
from vetanalysis.indicators.tiers import kind_words
from vetanalysis.language.cells import printed, worded
from vetanalysis.language.filters import known
from vetanalysis.language.lines import words_at_hand
from vetanalysis.language.numbers import year_tick
from vetanalysis.paths import shared_folder

if TYPE_CHECKING:
    from vetanalysis.observations.series import Point
    from vetanalysis.study import Study


MOST = 64  # pictures kept in memory
_WIDE = 125.0  # mm on paper, where a figure's words of 12 points are 9 points high


@dataclass(frozen=True, eq=False)
class Drawing:
    """A chart in one language, drawn when its bytes are first asked for.

    `words`: in whose years and words it is worded (`language.numbers.of_plan`), as where it was made.
    """

    chart: Chart
    lang: str
    dpi: int = 200
    words: Context = field(default_factory=copy_context)

    @property
    def png(self) -> bytes:
        """The picture as PNG: the same content gives the same bytes."""
        return KEPT.of(self)

    @cached_property
    def key(self) -> str:
        """SHA-256 of everything the bytes depend on."""
        kind = type(self.chart)
        parts = (
            kind.__module__,
            kind.__qualname__,
            content_digest(self.chart),
            self.lang,
            self.words.copy().run(year_tick, 2000),
            content_digest(self.words.copy().run(words_at_hand)),
            str(self.dpi),
        )
        return hashlib.sha256("\0".join(parts).encode("utf-8")).hexdigest()

    def drawn(self) -> bytes:
        """The bytes, drawn now."""
        return self.words.copy().run(self.chart.png, self.lang, self.dpi)


@dataclass
class Kept:
    """Pictures by content: the latest in memory, within a run of reports all in the folder that its processes share."""

    memory: dict[str, bytes] = field(default_factory=dict)
    drawing: threading.Lock = field(default_factory=threading.Lock)  # matplotlib's settings are the process's

    def of(self, picture: Drawing) -> bytes:
        """The picture's bytes, drawn where nobody has yet."""
        key = picture.key
        png = self.memory.get(key) or self._stored(key)
        if not png:
            with self.drawing:
                png = picture.drawn()
            self._store(key, png)
        self.memory[key] = png
        while len(self.memory) > MOST:
            self.memory.pop(next(iter(self.memory)), None)
        return png

    def _stored(self, key: str) -> bytes:
        if folder := shared_folder():
            with contextlib.suppress(OSError):
                return (folder / f"{key}.png").read_bytes()
        return b""

    def _store(self, key: str, png: bytes) -> None:
        """What cannot be stored is drawn again: no error."""
        folder = shared_folder()
        if folder is None:
            return
        part = folder / f"{key}.{os.getpid()}-{threading.get_ident()}.part"
        with contextlib.suppress(OSError):
            part.write_bytes(png)
            part.replace(folder / f"{key}.png")


KEPT = Kept()


def has_figures(one: Assessment) -> bool:
    """Whether there is anything to draw for a target: figures of its own or of a neighbour."""
    return one.target.has_value and (bool(one.points) or has_path(one) or neighbour(one) is not None)


def picture_of(one: Assessment) -> Picture:
    """The picture of a target in a document, with words for who cannot see it.

    The fan over the years; for people counted within the year the running total beside past years.
    """
    label, target = named(one.target), one.target.id
    if has_path(one):
        path = path_of(one)
        title = Said("figures.described.path", label=label)
        return Picture(f"path-{target}", path, title, path_alt(one, path), caption_of(one), _WIDE)
    fan = fan_of(one)
    title = Said(f"figures.described.rate{'' if fan.projection is not None else '.figures'}", label=label)
    return Picture(f"fan-{target}", fan, title, fan_alt(one, fan), caption_of(one), _WIDE)


def fan_of(one: Assessment) -> Fan:
    """The fan chart of a target: its own figures and projection, or, where it has none, its first neighbour's figures.

    Those are of another definition: nothing is projected from them and no target stands among them.
    """
    beside = None
    if one.projection is None and not one.points:
        beside = neighbour(one)
    target = one.target
    goal = target.value if target.has_value else None
    common: dict[str, Any] = {
        "title": title_of(one), "target": goal, "target_year": int(target.period[:4]),
        "measure": target.measure, "scale": one.scale, "joined": isinstance(one, RateAssessment),
    }  # fmt: skip
    if beside is not None:
        sources = source_line(beside.points)
        concept = Said("figures.concept", concept=beside.concept) if beside.concept else None
        return Fan(
            axis=axis_of(beside.indicator, beside.base),
            pieces=pieces_of(beside.points),
            source=Said("figures.lines", parts=tuple(part for part in (concept, sources) if part)),
            illustrative=any(point.illustrative for point in beside.points),
            **common | {"target": None},
        )
    return Fan(
        axis=axis_over(target, axis_of(target.indicator, target.base, target.label, target.measure)),
        pieces=pieces_of(one.points),
        projection=one.path or one.projection,
        target_label=target_label(one),
        breaks=_breaks(one),
        source=source_line((*one.points, *_within(one))) or "",
        illustrative=one.illustrative,
        within=_within(one),
        **common,
    )


def _within(one: Assessment) -> tuple[Point, ...]:
    """The newest estimate of the target's own rate made within a year that has no figure yet."""
    target, last = one.target, one.latest
    if last is None or one.is_judged:
        return ()
    own = (target.indicator, target.base, target.concept)
    found = [
        point for other in one.beside for point in other.points[-1:]
        if (other.indicator, other.base, other.concept) == own and not point.period.endswith("-FY")
    ]  # fmt: skip
    return tuple(point for point in found if point.year > last.year)


def _breaks(one: Assessment) -> tuple[FanBreak, ...]:
    if not isinstance(one, RateAssessment) or not one.points:
        return ()
    words = Said("figures.new_definition")
    return tuple(FanBreak(year, words) for year in one.breaks if year > one.points[0].year)


def fan_alt(one: Assessment, data: Fan) -> Said:
    """What the figure shows, in words built from the same numbers."""
    measure = data.measure
    printed: dict[str, Any] = {"measure": measure, "goal": data.target}
    seen = tuple(
        Said("figures.alt.of_year", year=point.year, worded=point.worded, value=point.value, **printed)
        if point.period.endswith("-FY")
        else Said(
            "figures.alt.within_year", period=point.period, worded=point.worded, value=point.value, **printed
        )
        for point in (*(point for piece in data.pieces for point in piece.points), *data.within)
    )
    parts = [Said("figures.alt", title=data.title)]
    if seen:
        parts.append(Said("figures.alt.figures", figures=seen))
    if one.projection is not None and one.median is not None and one.points:
        ends: dict[str, Any] = {"lower": one.lower_80, "median": one.median, "upper": one.upper_80}
        parts.append(Said("figures.alt.projected", period=one.target.period, **printed, **ends))
    if one.target.has_value:
        parts.append(target_alt(one))
    return Said("figures.words", parts=tuple(parts))


def caption_of(one: Assessment) -> Said:
    """Source and date: the message stands inside the figure, the description in its title."""
    if has_path(one) and one.sources:
        return Said("figures.caption.sources", sources=cited_once(one.sources), as_of=one.counted_to)
    if has_path(one):
        received, due = one.received, one.due
        if not known(one.so_far):  # nobody has reported now: what is drawn was returned before
            return Said("figures.caption.returned", as_of=last_counted(one))
        some = due is not None and received != due
        return (
            Said("figures.caption.some", as_of=one.counted_to, received=received, due=due)
            if some
            else Said("figures.caption.returned", as_of=one.counted_to)
        )
    beside = neighbour(one)
    points = (*one.points, *_within(one)) or (() if beside is None else beside.points)
    sources = cited_once(point.source for point in points)
    if not sources:
        return Said("figures.caption.date", as_of=one.as_of)
    return Said("figures.caption.sources", sources=sources, as_of=one.as_of)


class OfPeriod(Standings, Protocol):
    """What is read of the facts of a period to draw its pictures (see `narrative.period.PeriodFacts`)."""

    @property
    def is_place(self) -> bool:
        """Whether the plan's place is reported on."""

    @property
    def unit(self) -> str:
        """The unit reported on."""

    def as_reported(self, one: Assessment) -> Assessment:
        """The assessment with the counts reported for this very period."""


def period_pictures(study: Study, facts: OfPeriod) -> dict[str, Picture]:
    """The pictures of a report with returns beside those of its targets: units, districts, funds; or a unit's path."""
    if not facts.is_place:
        counted = [one for one in study.assessments if isinstance(one, PeopleAssessment) and one.cumulative]
        counted = [one for one in counted if one.target.has_value]
        people = next((one for one in counted if one.target.of_whole_year), counted[0] if counted else None)
        if people is None:
            return {}
        return {"path": replace(picture_of(facts.as_reported(people)), width_mm=_WIDE)}
    place = study.at(unit=study.plan.place.code)
    mine = facts.lines[(facts.lines["unit"] == facts.unit) & (facts.lines["basis"] != "period")]
    made = {
        "standing": (standing_picture(study, facts), 130.0),
        "districts": (districts_picture(place, facts.lines), 115.0),
        "funding": (funds_picture(place, mine[mine["fund_source"] != ""]), _WIDE),
    }
    caption, words = Said("figures.caption.returns", as_of=str(study.as_of)), kind_words(study.plan)
    titles = {name: Said(f"figures.described.{name}", **words) for name in made}
    return {
        name: replace(one, title=titles[name], caption=caption, width_mm=width)
        for name, (one, width) in made.items()
        if one is not None
    }


def drawn(block: Any, lang: str) -> Any:
    """A picture as a figure in `lang`; every one in a document, appendix or tuple; other blocks stay."""
    if isinstance(block, tuple):
        return tuple(drawn(one, lang) for one in block)
    if isinstance(block, Document):
        return replace(block, blocks=drawn(block.blocks, lang), appendices=drawn(block.appendices, lang))
    if isinstance(block, Appendix):
        return replace(block, blocks=drawn(block.blocks, lang))
    if not isinstance(block, Picture):
        return block
    title, alt, caption = (_said(words, lang) for words in (block.title, block.alt, block.caption))
    data = replace(block.data, source="") if caption else block.data  # said once, under the figure
    table, words = _values(block, lang)
    return Figure(block.id, title, Drawing(data, lang), alt, caption, block.width_mm, table, words)


def _values(block: Picture, lang: str) -> tuple[Table | None, tuple[str, ...]]:
    """The table of a picture's data, and the words of the values that one can point at."""
    values = in_language(block.data.values_shown(), lang)
    if values is None:
        return None, ()
    plan = words_at_hand()
    table = worded(values.table(f"{block.id}-data"), lang, plan)
    facts = ((one.row, one.column, printed(one.cell, lang, plan)) for one in values.pointed_at())
    said = (
        Said("figures.values.pointed", row=row, column=column, value=value) for row, column, value in facts
    )
    return table, tuple(one.get(lang) for one in said)


def _said(words: Said | Text | str, lang: str) -> str:
    return words if isinstance(words, str) else words.get(lang)
