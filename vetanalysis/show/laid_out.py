"""A frame as an HTML table for reading: words to the left, numbers to the right, nothing cut off."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_NUMBER = re.compile(r"[≥≤<>=+\-−–~]*\s*\d")
_DAY = re.compile(r"\d{4}-\w")
_BLANK = frozenset({"", "-", "–"})
_SHORT = 22  # letters of a cell that is not broken over lines
_QUIET = "tex2jax_ignore mathjax_ignore"  # a `$` somebody typed is a dollar sign


def html_table(frame: pd.DataFrame) -> str:
    """The table without its index; a missing value is an empty cell, never a 0 or a word of the computer's.

    A column is set to the right where all it holds are numbers, with or without a measure; days and periods are words.
    """
    written = [[_written(value) for value in row] for row in frame.itertuples(index=False, name=None)]
    sides = [_side([row[k] for row in written]) for k in range(len(frame.columns))]
    head = "".join(
        f'<th style="text-align: {side}">{escape(str(name))}</th>'
        for name, side in zip(frame.columns, sides, strict=True)
    )
    rows = "\n".join(
        f"<tr>{''.join(_cell(text, side) for text, side in zip(row, sides, strict=True))}</tr>"
        for row in written
    )
    return f'<table class="{_QUIET}">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>'


def _written(value: object) -> str:
    if value is None or value != value:
        return ""
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _side(column: list[str]) -> str:
    told = [text for text in column if text not in _BLANK]
    numbers = [bool(_NUMBER.match(text)) and not _DAY.match(text) for text in told]
    return "right" if told and all(numbers) else "left"


def _cell(text: str, side: str) -> str:
    room = "white-space: nowrap" if len(text) <= _SHORT else "min-width: 11em"
    return f'<td style="text-align: {side}; {room}">{escape(text)}</td>'
