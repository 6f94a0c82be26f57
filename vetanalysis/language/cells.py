"""From a document without a language to a worded one: sentences, cells for people and for the workbook.

`worded(document, lang)` goes through every block; what is worded already passes through, so that a document
may be converted function by function. A table whose rows hold cells gets its printed `rows` and the
workbook's `values` from the same cells.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from vetanalysis import blocks
from vetanalysis.blocks import Cell, Said, Text
from vetanalysis.language import chances, filters, numbers
from vetanalysis.language.lines import Words, in_words_of
from vetanalysis.language.render import Voice, spoken_by, voice

_BLOCKS = (
    blocks.Heading, blocks.Paragraph, blocks.OfficePlace, blocks.Column, blocks.Table, blocks.Picture, blocks.Figure,
    blocks.Appendix, blocks.Head, blocks.Signature, blocks.Document,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """How the cells of a kind are printed, and whether a workbook holds the value (else the printed words)."""

    printed: Callable[[Cell, str], str]
    is_value: bool = True


def _figure(cell: Cell, lang: str) -> str:
    if cell.measure in ("percent", "percentage_points") or cell.measure.startswith("million_dong"):
        return numbers.number(float(cell.value), lang, numbers.DECIMALS)
    return numbers.number(float(cell.value), lang, 0 if cell.measure == "persons" else None)


def _spread(cell: Cell, lang: str) -> str:
    low, high = (numbers.about_bare(one, cell.measure or "persons", lang) for one in cell.value)
    return f"{low} - {high}"


def _chance(cell: Cell, lang: str) -> str:
    return chances.closed_up(chances.printed_probability(cell.value), lang)


KINDS = {
    "words": Kind(lambda cell, lang: cell.value, False),  # a Said, Text or string
    "ordinal": Kind(lambda cell, lang: str(int(cell.value))),
    "count": Kind(lambda cell, lang: numbers.number(cell.value, lang, 0)),
    "signed": Kind(lambda cell, lang: ("+" if cell.value > 0 else "") + numbers.number(cell.value, lang, 0)),
    "decimal": Kind(lambda cell, lang: numbers.number(cell.value, lang, numbers.DECIMALS)),
    "usual": Kind(
        lambda cell, lang: numbers.number(cell.value, lang, numbers.DECIMALS)
    ),  # a share over past years
    "number": Kind(lambda cell, lang: numbers.number(cell.value, lang)),
    "percent": Kind(lambda cell, lang: numbers.percent(cell.value, lang)),
    "people": Kind(lambda cell, lang: numbers.people(cell.value, lang)),
    "figure": Kind(_figure),  # without its measure, which stands in the head or in a column of its own
    "amount": Kind(lambda cell, lang: filters.amount(cell.value, cell.measure, lang)),
    "goal": Kind(lambda cell, lang: numbers.quantity(cell.value, cell.measure, lang, None)),
    "about": Kind(lambda cell, lang: numbers.about(cell.value, cell.measure or "persons", lang, cell.goal)),
    "about_bare": Kind(
        lambda cell, lang: numbers.about_bare(cell.value, cell.measure or "persons", lang, cell.goal)
    ),
    "spread": Kind(_spread, False),  # (lower, upper)
    "chance": Kind(_chance, False),  # of a workbook, too, what is printed: it says no more
    "period": Kind(lambda cell, lang: numbers.short_period(cell.value, lang), False),
    "date": Kind(lambda cell, lang: numbers.cell_date(cell.value, lang), False),
}
"""Every kind of cell. The workbook formats a number by its value: whole, or with one to two decimals."""


def worded(block: Any, lang: str, words: Words | None = None) -> Any:
    """A document, block, or tuple of them in `lang`; what is worded already, and what is no block, stays as it is."""
    with in_words_of(words):
        made = _worded(block, voice(lang, words))
    if not isinstance(made, blocks.Document):
        return made
    meta = {name: lang if name == "lang" else value for name, value in made.meta.items()}
    return replace(made, lang=lang, meta=meta)


def printed(cell: Any, lang: str, words: Words | None = None) -> str:
    """What people read in a cell."""
    with in_words_of(words):
        return _printed(cell, voice(lang, words))


def workbook_value(cell: Any, lang: str, words: Words | None = None) -> Any:
    """What a workbook holds for a cell: its number, None where it is missing, or its words."""
    with in_words_of(words):
        return _workbook_value(cell, voice(lang, words))


def _worded(value: Any, speaks: Voice) -> Any:
    if isinstance(value, Said | Text):
        return filters.worded(value, speaks.lang, speaks.render)
    if isinstance(value, tuple):
        return tuple(_worded(one, speaks) for one in value)
    if isinstance(value, blocks.Paragraph):
        told = (spoken_by(speaks, one) if isinstance(one, Said) else one for one in value.sentences)
        return replace(value, sentences=tuple(one for one in told if one is not None))
    if isinstance(value, blocks.Table):
        value = _with_values(value, speaks)
    if isinstance(value, _BLOCKS):
        return replace(
            value, **{part.name: _worded(getattr(value, part.name), speaks) for part in fields(value)}
        )
    return value


def _with_values(table: blocks.Table, speaks: Voice) -> blocks.Table:
    if not any(isinstance(cell, Cell) for row in table.rows for cell in row):
        return table
    tones = tuple(tuple(cell.tone if isinstance(cell, Cell) else "" for cell in row) for row in table.rows)
    return replace(
        table,
        tones=tones if any(map(any, tones)) else (),
        rows=tuple(tuple(_printed(cell, speaks) for cell in row) for row in table.rows),
        values=tuple(tuple(_workbook_value(cell, speaks) for cell in row) for row in table.rows),
    )


def _printed(cell: Any, speaks: Voice) -> str:
    if not isinstance(cell, Cell):
        return filters.worded(cell, speaks.lang, speaks.render)
    if cell.words is not None:
        told = filters.worded(cell.words, speaks.lang, speaks.render)
    elif _missing(cell):
        return cell.missing
    else:
        told = filters.worded(KINDS[cell.kind].printed(cell, speaks.lang), speaks.lang, speaks.render)
    return told + cell.flag


def _workbook_value(cell: Any, speaks: Voice) -> Any:
    if not isinstance(cell, Cell):
        return filters.worded(cell, speaks.lang, speaks.render)
    if not KINDS[cell.kind].is_value:
        return _printed(cell, speaks)
    if _missing(cell):
        return None
    projected = cell.kind in ("about", "about_bare") and numbers.is_whole(cell.measure or "persons")
    if not projected:
        return cell.value
    step = numbers.projected_step(cell.value, cell.goal)
    return numbers.rounded(cell.value / step) * step


def _missing(cell: Cell) -> bool:
    if cell.kind == "spread" and cell.value is not None:
        return not all(filters.known(one) for one in cell.value)
    return not filters.known(cell.value)
