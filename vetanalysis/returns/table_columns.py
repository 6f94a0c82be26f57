"""What the columns of a foreign table are for: names of rows, their numbers, units of measure, personal data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from itertools import pairwise

from vetanalysis.returns.draft import Vocabulary
from vetanalysis.returns.grid import Grid, text_of, words_in
from vetanalysis.returns.names import NameBook, fold
from vetanalysis.returns.typed_numbers import UNREADABLE, parse_number

_SURNAMES = frozenset(
    ["nguyen", "tran", "le", "pham", "hoang", "vu", "vo", "dang", "bui", "do", "ho", "ngo", "duong", "ly", "nong",
     "be", "trieu", "lam", "luong", "phung", "chu", "hua", "vi", "ma", "mong", "dinh", "ha", "phan", "luc"]
)  # fmt: skip


def label_column(
    grid: Grid,
    headers: dict[int, list[str]],
    first: int,
    last: int,
    words: Vocabulary,
    others: Collection[int | None],
) -> int:
    """The column of row names, which is none of the others."""
    counts: Counter[int] = Counter()
    for row in range(first, min(last, first + 200) + 1):
        for column, value in enumerate(grid.rows[row]):
            text = words_in(value)
            if len(text) > 1 and column in headers and column not in others:
                counts[column] += parse_number(text).state == UNREADABLE
    for column in headers:
        named = any(words.exact(text).get("role") == "name" for text in headers.get(column, []))
        if counts[column] and named:
            return column
    best = max(counts.values(), default=0)
    return next((c for c in sorted(counts) if counts[c] * 2 >= best > 0), min(headers, default=0))


def running_numbers(grid: Grid, first: int, last: int, columns: Collection[int]) -> int | None:
    """The column before the names that counts the rows, though nothing stands over it."""
    for column in columns:
        held = [
            text
            for row in range(first, min(last, first + 200) + 1)
            if (text := text_of(grid.at(row, column)))
        ]
        digits = [int(one) for one in held if one.isdigit()]
        if digits and all(one == 1 or one == before + 1 for before, one in pairwise((0, *digits))):
            return column
    return None


def column_of_measures(
    grid: Grid, first: int, last: int, words: Vocabulary, within: Collection[int]
) -> int | None:
    """The column whose every text is a unit of measure, whatever stands over it."""
    for column in within:
        texts = [
            text
            for row in range(first, min(last, first + 200) + 1)
            if (text := words_in(grid.at(row, column)))
        ]
        if texts and all("measure" in words.exact(text) for text in texts):
            return column
    return None


def identity_by_content(
    grid: Grid, first: int, last: int, words: Vocabulary, book: NameBook, within: Collection[int]
) -> dict[int, str]:
    """Columns that hold citizen numbers or people's names, whatever their header says; contents never leave."""
    found = {}
    for column in within:
        values = [grid.at(row, column) for row in range(first, min(last, first + 400) + 1)]
        texts = [text_of(value) for value in values if value != ""]
        numbers = sum(bool(re.fullmatch(r"\d{9}|\d{12}", text)) for text in texts)
        if numbers >= 2 and numbers * 2 >= len(texts):
            found[column] = ""
            continue
        names = [fold(text).split() for text in texts if text and not words.exact(text)]
        people = sum(2 <= len(one) <= 5 and one[0] in _SURNAMES for one in names)
        if people >= 5 and people * 10 >= 7 * len(texts):
            units = sum(bool(book.find(text)) for text in texts[:40])
            if units * 2 < len(texts[:40]):
                found[column] = ""
    return found
