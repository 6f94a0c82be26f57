"""Every number of a document, with the words that stand beside it and say what it is of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from vetanalysis.blocks import Appendix, Cell, Paragraph, Said, Table, Text

if TYPE_CHECKING:
    from vetanalysis.blocks import Document


class Number(NamedTuple):
    """A printed number: its name within, the words that stand beside it, the kind of its cell."""

    path: str
    value: float
    beside: tuple[str, ...]
    kind: str = ""


def printed_numbers(told: Document) -> Iterator[tuple[str, list[Number]]]:
    """The numbers of each sentence by its id, and of each table as `table.ID`, of a document before it is worded."""
    blocks: list[Any] = list(told.blocks)
    for appendix in told.appendices:
        blocks.extend(appendix.blocks if isinstance(appendix, Appendix) else ())
    for block in blocks:
        if isinstance(block, Paragraph):
            for said in block.sentences:
                if isinstance(said, Said) and said.id:
                    yield said.id, list(_numbers(said.facts))
        elif isinstance(block, Table):
            yield f"table.{block.id}", list(_cells(block))


def _cells(table: Table) -> Iterator[Number]:
    heads = [(*_words(column.label), *_words(column.group)) for column in table.columns]
    for row, cells in enumerate(table.rows, start=1):
        labels = tuple(word for cell in cells for word in _words(cell))
        for column, cell in enumerate(cells):
            numbered = column == 0 and isinstance(cell, Cell) and cell.kind == "ordinal"
            if isinstance(cell, Cell | Said) and not numbered:
                path = f"{row}.{column}"
                yield from _numbers({"": cell}, path, (*labels, *heads[column]))


def _words(one: Any) -> Iterator[str]:
    """The names and codes that stand in a label, a cell, or among the facts of what is said."""
    if isinstance(one, Cell):
        one = one.words if one.words is not None else one.value
    if isinstance(one, Said):
        for fact in one.facts.values():
            yield from _words(fact)
    elif isinstance(one, str | Text) and one:
        yield one if isinstance(one, str) else one.vi


def _numbers(
    facts: Mapping[Any, Any], above: str = "", beside: tuple[str, ...] = (), kind: str = ""
) -> Iterator[Number]:
    """Every number among the facts of a sentence and of what is said within it."""
    years = (f"{year}-FY" for name, year in facts.items() if str(name).startswith("year"))
    beside = (*(word for fact in facts.values() for word in _words(fact)), *years, *beside)
    for name, value in facts.items():
        if name == "number":  # of a task or a row
            continue
        path = f"{above}.{name}".strip(".")
        if isinstance(value, Said):
            yield from _numbers(value.facts, path, beside, kind)
        elif isinstance(value, Cell):
            said = value.words.facts if isinstance(value.words, Said) else {}
            yield from _numbers({"": value.value, **said}, path, beside, value.kind)
        elif isinstance(value, Mapping):
            yield from _numbers(value, path, beside, kind)
        elif isinstance(value, list | tuple):
            yield from _numbers(dict(enumerate(value, start=1)), path, beside, kind)
        elif is_number(value):
            yield Number(path, value, beside, kind)


def is_number(value: Any) -> bool:
    """Whether a fact is a number that is there."""
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool | np.bool_)
    return number and bool(np.isfinite(value))


def every_number(value: Any, depth: int = 0) -> Iterator[float]:
    """Every number that a record holds, however deep; `depth`: of what it stands in."""
    if is_number(value):
        yield float(value)
    elif depth > 5 or value is None or isinstance(value, str | Text | Said):
        return
    elif isinstance(value, pd.DataFrame):
        for column in value.select_dtypes("number"):
            yield from (float(one) for one in value[column] if np.isfinite(one))
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from every_number(one, depth + 1)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from every_number(one, depth + 1)
    elif is_dataclass(value):
        for one in fields(value):
            if one.name not in ("projection", "path", "calendar", "year_of_people"):
                yield from every_number(getattr(value, one.name), depth + 1)
