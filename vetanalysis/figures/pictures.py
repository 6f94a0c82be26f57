"""The pictures of a report: one for each target, and those of a period's returns; without a language until drawn.

The same pictures stand in notebooks and in documents. Titles are built from the numbers; nothing is typed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment
from vetanalysis.blocks import Appendix, Document, Figure, Picture, Said, Text
from vetanalysis.figures.bars import funds_picture
from vetanalysis.figures.cumulative import has_path, path_alt, path_of
from vetanalysis.figures.drawn import Drawing
from vetanalysis.figures.facets import districts_picture
from vetanalysis.figures.fan import fan_alt, fan_of, neighbour, sources_of
from vetanalysis.figures.units import Standings, standing_picture

if TYPE_CHECKING:
    from vetanalysis.study import Study


def has_figures(one: Assessment) -> bool:
    """Whether there is anything to draw for a target: figures of its own or of a neighbour."""
    return bool(one.points) or has_path(one) or neighbour(one) is not None


def picture_of(one: Assessment) -> Picture:
    """The picture of a target in a document, with words for who cannot see it.

    The fan over the years; for people counted within the year the running total beside past years.
    """
    label, target = one.target.label, one.target.id
    if has_path(one):
        path = path_of(one)
        title = Said("figures.described.path", label=label)
        return Picture(f"path-{target}", path, title, path_alt(one, path), caption_of(one))
    fan = fan_of(one)
    return Picture(
        f"fan-{target}", fan, Said("figures.described.rate", label=label), fan_alt(one, fan), caption_of(one)
    )


def caption_of(one: Assessment) -> Said:
    """Source and date: the message stands inside the figure, the description in its title."""
    if has_path(one):
        return Said("figures.caption.returned", as_of=one.counted_to)
    beside = neighbour(one)
    sources = sources_of(one.points or (() if beside is None else beside.points))
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
        people = next(
            (one for one in study.assessments if isinstance(one, PeopleAssessment) and one.cumulative), None
        )
        if people is None:
            return {}
        return {"path": replace(picture_of(facts.as_reported(people)), width_mm=125.0)}
    place = study.at(unit=study.plan.place.code)
    mine = facts.lines[(facts.lines["unit"] == facts.unit) & (facts.lines["basis"] != "period")]
    made = {
        "standing": (standing_picture(study, facts), 160.0),
        "districts": (districts_picture(place, facts.lines), 150.0),
        "funding": (funds_picture(place, mine[mine["fund_source"] != ""]), 150.0),
    }
    caption = Said("figures.caption.returns", as_of=str(study.as_of))
    return {
        name: replace(one, title=Said(f"figures.described.{name}"), caption=caption, width_mm=width)
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
    return Figure(block.id, title, Drawing(block.data, lang), alt, caption, block.width_mm)


def _said(words: Said | Text | str, lang: str) -> str:
    return words if isinstance(words, str) else words.get(lang)
