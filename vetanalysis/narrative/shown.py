"""What the blocks that notebooks show have in common: tables, sentences, the mark of invented figures.

A block that is None shows nothing. A tuple of paragraphs stands together; a mark before a table belongs to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from vetanalysis.blocks import Column, Paragraph, Said, Sentence, Table, Text


def table(name: str, heads: Sequence[Said | Text | str], rows: Iterable[Sequence[Any]]) -> Table:
    """A table with these heads; a head that is a string names a line of `language/notebooks.yaml`."""
    labels = (Said(f"notebooks.{head}") if isinstance(head, str) else head for head in heads)
    columns = tuple(Column(label) for label in labels)
    return Table(name, "", columns, tuple(tuple(row) for row in rows))


def listed(*said: Said | Sentence | None) -> Paragraph:
    """Sentences as a list; those that do not apply (None) are left out."""
    return Paragraph(tuple(one for one in said if one is not None), "list")


def together(*said: Said | Sentence | None) -> Paragraph:
    """Sentences as one paragraph; those that do not apply (None) are left out."""
    return Paragraph(tuple(one for one in said if one is not None))


def aside(words: Said) -> Paragraph:
    """What stands where there is nothing else to show."""
    return Paragraph((words,), "note")


def mark(line: str = "notebooks.illustrative") -> Paragraph:
    """That what stands beside it rests on invented figures."""
    return Paragraph((Said(line),), "mark")
