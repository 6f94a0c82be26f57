"""Where the tables of a sheet that is not ours lie: title block, head, letter row, rows of figures, signatures.

`find_tables` gives them from top to bottom and left to right. A second head below, with titles of its own, begins the
next table; so does a second column of names beside figures.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from vetanalysis.returns.draft import Vocabulary, is_identity, is_signature, read_period
from vetanalysis.returns.grid import Grid, text_of, words_in
from vetanalysis.returns.key import Place
from vetanalysis.returns.names import NameBook, fold
from vetanalysis.returns.table_columns import (
    column_of_measures,
    identity_by_content,
    label_column,
    running_numbers,
)
from vetanalysis.returns.typed_numbers import MISSING, UNREADABLE, parse_number

HEADER_ROWS = 4
_LETTER = re.compile(r"^\(?(?:[A-Za-zĐđ]|\d{1,2})\)?(?:\.0)?$|^\(?\d{1,2}\)?\s*=.+$")
_BEGINS = re.compile(r"['’]?[\d+\-−(.~≈±<>≤≥]|(?:ước|khoảng|gần|hơn)\s+\d", re.IGNORECASE)
_NUMBERED = re.compile(
    r"\d{1,2}(?:\.\d{1,2})*\s*[.)/-]\s*[^\W\d]|\d{1,6}/[^\W\d]"
)  # "2. Tốt nghiệp", "123/BC-SLĐTBXH"
_OF_TIME = re.compile(r"\d{1,4} (?:thang|quy)\b")


@dataclass
class Table:
    """A table found on a sheet; rows and columns counted from 0.

    `titles`: the lines above the header, which begins at row `top` and ends before row `first`; `headers`: per column
    the texts of its rows from top to bottom;
    `label`, `number`, `measure`: the columns with the names of the rows, their numbers, their units of measure;
    `beside`: further columns of names ("Trình độ" right of "Huyện"); `identity`: columns with personal data, never
    read; `columns`: where it begins and ends, None for the whole width.
    """

    titles: list[str]
    top: int
    first: int
    last: int
    headers: dict[int, list[str]]
    label: int
    number: int | None = None
    measure: int | None = None
    beside: tuple[int, ...] = ()
    identity: dict[int, str] = field(default_factory=dict)
    columns: range | None = None

    def figures_in(self, grid: Grid, row: int) -> list[int]:
        """Its columns that hold a figure in a row."""
        return [one for one in figures_in(grid, row) if self.columns is None or one in self.columns]


def find_tables(grid: Grid, words: Vocabulary, book: NameBook) -> Iterator[Table]:
    """The tables of a sheet; none where no row of figures stands under a header."""
    start = 0
    while (table := _next_table(grid, words, book, start)) is not None:
        yield from _side_by_side(grid, table, words, book)
        start = table.last + 1


def _next_table(grid: Grid, words: Vocabulary, book: NameBook, top: int) -> Table | None:
    """The first table below a row, over the whole width of the sheet."""
    first = _first_data_row(grid, top, words, book)
    if first is None:
        return None
    end = _end_of_head(grid, first, top)
    if end == first and _is_heading(grid, end - 1, top):
        end, first = end - 1, first - 1
    while _is_unreadable(grid, end - 1, top, first, words, book):
        first = end - 1
        end = _end_of_head(grid, first, top)
    filled = _filled(grid, max(top, end - HEADER_ROWS - 2), end)
    start = end
    while start > top and end - start < HEADER_ROWS:
        distinct = {text for text in filled.get(start - 1, []) if text}
        if len(distinct) < 2 and not (start == end and distinct):
            break
        start -= 1
    headers: dict[int, list[str]] = {}
    for column in range(grid.width):
        stack: list[str] = []
        for row in range(start, end):
            line = filled.get(row, [])
            text = line[column] if column < len(line) else ""
            if text and (not stack or stack[-1] != text):
                stack.append(text)
        headers[column] = stack
    last = _last_data_row(grid, first, words, book)
    return _described(grid, range(top, start), start, first, last, headers, words, book)


def _described(
    grid: Grid,
    above: range,
    top: int,
    first: int,
    last: int,
    headers: dict[int, list[str]],
    words: Vocabulary,
    book: NameBook,
    columns: range | None = None,
) -> Table:
    """A table with what each of its columns is for."""
    within = range(grid.width) if columns is None else columns
    headers = {column: headers[column] for column in within}
    identity = identity_by_content(grid, first, last, words, book, within) | {
        column: " ".join(stack) for column, stack in headers.items() if is_identity(" ".join(stack))
    }
    number, measure = (
        next(
            (c for c, stack in headers.items() if stack and words.exact(stack[-1]).get("role") == role), None
        )
        for role in ("number", "measure")
    )
    if measure is None:
        measure = column_of_measures(grid, first, last, words, within)
    label = label_column(grid, headers, first, last, words, {number, measure, *identity})
    if number is None:
        number = running_numbers(grid, first, last, [c for c in within if c < label and not headers[c]])
    rows = range(first, min(last, first + 200) + 1)
    leftmost = min(
        (c for row in rows for c in figures_in(grid, row) if c in within and c > label), default=grid.width
    )
    beside = tuple(
        column
        for column in within
        if label < column < leftmost and column not in (number, measure, *identity)
        and (
            any(words.exact(text).get("role") == "name" for text in headers[column])
            or any(words.exact(words_in(grid.at(row, column))) for row in rows)
        )
    )  # fmt: skip
    return Table(
        _titles(grid, above, columns),
        top,
        first,
        last,
        headers,
        label,
        number,
        measure,
        beside,
        identity,
        columns,
    )


def _titles(grid: Grid, above: range, columns: range | None) -> list[str]:
    """The lines above a head; of tables side by side those that stand, or are merged, over their columns."""
    titles = []
    for row in above:
        for column, value in enumerate(grid.rows[row]):
            text = words_in(value)
            over = columns is None or column in columns
            if text and columns is not None and not over:
                over = any(
                    (top, left) == (row, column) and right >= columns.start
                    for top, left, _, right in grid.structure.merged
                )
            if text and over:
                titles.append(text)
    return titles


def _side_by_side(grid: Grid, table: Table, words: Vocabulary, book: NameBook) -> Iterator[Table]:
    """A table as it is, or the tables that lie beside each other in it: each has its own names before its figures."""
    rows = range(table.first, min(table.last, table.first + 200) + 1)
    texts = {
        column: [text for row in rows if (text := words_in(grid.at(row, column))) and _is_name(text)]
        for column in range(grid.width)
    }
    figures = columns_of_figures(grid, table, words, book)
    numbers = {
        column
        for column in figures
        if any(words.exact(text).get("role") == "number" for text in table.headers[column])
        or (
            not table.headers[column] and running_numbers(grid, table.first, table.last, [column]) is not None
        )
    }
    starts, figures = [0], figures - numbers
    for column in range(grid.width):
        before = range(starts[-1], column)
        named = any(words.exact(text).get("role") == "name" for text in table.headers[column][-1:])
        units = sum(bool(book.find(text)) for text in texts[column])
        if not (named and texts[column]) and units < min(2, len(texts[column]) or 1):
            continue
        names = any(texts[one] for one in before if one not in figures)
        if names and figures & set(before) and any(one > column for one in figures):
            starts.append(column - 1 if column - 1 in numbers else column)
    if len(starts) == 1:
        yield table
        return
    above = range(max(0, table.top - 12), table.top)
    for begin, end in pairwise((*starts, grid.width)):
        yield _described(
            grid, above, table.top, table.first, table.last, table.headers, words, book, range(begin, end)
        )


def columns_of_figures(grid: Grid, table: Table, words: Vocabulary, book: NameBook) -> set[int]:
    """The columns with a figure, and those that should hold some: their head asks for figures, and what stands below is
    neither figure nor name ("12/15", "l5")."""
    rows = range(table.first, table.last + 1)
    held = {column for row in rows for column in table.figures_in(grid, row)}
    for column, header in table.headers.items():
        if column in (*held, table.label, *table.beside) or not header:
            continue
        below = [text for row in rows if (text := words_in(grid.at(row, column)))]
        digits = any(map(str.isdigit, "".join(below)))
        asked = any(_asks_for_figures(text, words) for text in (header if digits else header[-1:]))
        if asked and below and not any(_names(text, words, book) for text in below):
            held.add(column)
    return held


def _asks_for_figures(head: str, words: Vocabulary) -> bool:
    said = words.read(head)
    role = said.pop("role", "")
    if role in ("name", "number", "measure", "note"):
        return False
    return bool(role or said.keys() - {"measure", "basis"} or read_period([head], "2000"))


def _is_letters(grid: Grid, row: int) -> bool:
    """A row of column letters and numbers: A, B, 1, 2, 3=2/1*100."""
    cells = [str(value).strip() for value in grid.rows[row] if str(value).strip()]
    if len(cells) < 2 or not all(_LETTER.match(cell) for cell in cells):
        return False
    digits = [cell.strip("()").removesuffix(".0") for cell in cells]
    numbers = [int(cell) for cell in digits if cell.isdigit()]
    if not numbers:
        return True
    gaps = len(cells) - len(numbers)  # a formula such as 3=2/1*100 takes a number of its own
    return numbers[0] in (0, 1) and all(0 < b - a <= 1 + gaps for a, b in pairwise(numbers))


def figures_in(grid: Grid, row: int) -> list[int]:
    """Columns of a row that hold a number, as a number, as text or as a formula whose value is not stored."""
    found = []
    for column, value in enumerate(grid.rows[row]):
        if isinstance(value, bool):
            continue
        if (
            isinstance(value, (int, float))
            or (row, column) in grid.structure.unstored
            or (isinstance(value, str) and _is_figure(value))
        ):
            found.append(column)
    return found


def outside(grid: Grid, tables: Collection[Table], words: Vocabulary) -> Iterator[Place]:
    """Every figure of a sheet in none of its tables: above, between, below; years and numbers of columns over a table
    are none."""
    within = {row for table in tables for row in range(table.first, table.last + 1)}
    heads = {row for table in tables for row in range(table.top, table.first)}
    over = max(within, default=0)
    for row in range(len(grid.rows)):
        if row in within or (row < over and _is_letters(grid, row)):
            continue
        for column in figures_in(grid, row):
            text = text_of(grid.at(row, column))
            beside = re.sub(r"[\d.,\s]+", " ", text) if row in heads else ""
            named = any(map(str.isalpha, beside)) and not words.exact(beside)
            if not named and not words.exact(text) and not (row < over and _is_year(text)):
                yield row, column


def _is_figure(text: str) -> bool:
    """Whether a text is a number with its measure; "9 tháng" in a head and "2. Tốt nghiệp" are none."""
    if not _BEGINS.match(text) or _NUMBERED.match(text) or _OF_TIME.match(fold(text)):
        return False
    number = parse_number(text)
    return bool(number.refused) or number.state not in (UNREADABLE, MISSING)


def _is_name(text: str) -> bool:
    """Whether a text is neither a figure nor a mark for one that is missing."""
    return not _is_figure(text) and parse_number(text).state != MISSING


def _is_year(value: object) -> bool:
    return bool(re.fullmatch(r"199\d|20\d\d|2100", text_of(value)))


def _first_data_row(grid: Grid, top: int, words: Vocabulary, book: NameBook) -> int | None:
    for row in range(max(top, 1), len(grid.rows)):
        if _is_letters(grid, row):
            continue
        figures = figures_in(grid, row)
        texts = [
            column for column, value in enumerate(grid.rows[row]) if words_in(value) and column not in figures
        ]
        years = all(_is_year(grid.rows[row][column]) for column in figures) and not (
            any(words_in(grid.at(row - 1, one)) for one in figures)
            and any(_names(grid.rows[row][one], words, book) for one in texts)
        )  # "Huyện Cao Lộc | 2010" below a head is a figure
        if figures and texts and not years and max(figures) > min(texts):
            while row > top and any(not _is_year(grid.at(row - 1, one)) for one in figures_in(grid, row - 1)):
                if _is_letters(grid, row - 1):
                    break
                row -= 1  # a row of figures without a name is no head
            return _back_over_headings(grid, row, top)
    return None


def _names(value: object, words: Vocabulary, book: NameBook) -> bool:
    """Whether a cell says what the figures of its row are of."""
    text = words_in(value)
    return bool(words.read(text).keys() - {"role", "measure", "basis"}) or bool(book.find(text))


def _back_over_headings(grid: Grid, row: int, top: int) -> int:
    """Include rows of labels without figures that follow the letter row (headings, units that sent nothing)."""
    for above in range(row - 1, max(row - 6, top - 1), -1):
        if _is_letters(grid, above):
            return above + 1
    return row


def _is_heading(grid: Grid, row: int, top: int) -> bool:
    """Whether a row between head and figures holds the name of a section: a text alone, where names stand."""
    if row <= top:
        return False
    texts = [column for column, value in enumerate(grid.rows[row]) if words_in(value)]
    head = [column for column, value in enumerate(grid.rows[row - 1]) if words_in(value)]
    figures = figures_in(grid, row + 1)
    below = [
        column for column, value in enumerate(grid.rows[row + 1]) if words_in(value) and column not in figures
    ]
    names = bool(texts) and bool(below) and texts[-1] <= below[0]
    return names and len(texts) <= 1 + below[0] and len(head) > len(texts)


def _end_of_head(grid: Grid, row: int, top: int) -> int:
    """The row after the last words above a row, without letters and blank rows."""
    while row > top and (_is_letters(grid, row - 1) or not any(map(words_in, grid.rows[row - 1]))):
        row -= 1
    return row


def _is_unreadable(grid: Grid, row: int, top: int, first: int, words: Vocabulary, book: NameBook) -> bool:
    """Whether a row above the first figures is a row of the table whose figures cannot be read, and no head: "Huyện Cao
    Lộc | 12 tháng", "Số người tuyển mới | 12/15" under a head of their columns."""
    texts = {column: text for column, value in enumerate(grid.rows[row]) if (text := words_in(value))}
    names = next(
        (c for c, one in enumerate(grid.rows[first]) if words_in(one) and not _is_figure(words_in(one))), -1
    )
    name = texts.pop(names, "")
    head = _end_of_head(grid, row, top) - 1
    if row <= top or not name or not any(words_in(grid.at(head, column)) for column in texts):
        return False
    others = [text for text in texts.values() if not book.find(text)]
    if any(words.read(text).keys() - {"measure"} and not _BEGINS.match(text) for text in others):
        return False
    typed = any(_BEGINS.match(text) and not _OF_TIME.match(fold(text)) for text in others)
    return any(map(book.find, (name, *texts.values()))) or (typed and _names(name, words, book))


def _last_data_row(grid: Grid, first: int, words: Vocabulary, book: NameBook) -> int:
    """The last row before the signatures, or before the title and head of the next table."""
    last, held = first, set[int]()
    for row in range(first, len(grid.rows)):
        texts = {column: text for column, value in enumerate(grid.rows[row]) if (text := words_in(value))}
        figures = figures_in(grid, row)
        if figures or not texts:
            held.update(figures)
            last = row if figures else last
            continue
        if is_signature(texts.values()):
            break
        if _is_head(texts, held, words, book):
            return _before_titles(grid, row, first)
        last = row
    return last


def _is_head(texts: dict[int, str], held: Collection[int], words: Vocabulary, book: NameBook) -> bool:
    """Whether a row without figures is the head of another table: it says what columns that held figures are for."""
    roles = {words.exact(text).get("role") for text in texts.values()}
    said = sum(
        bool(words.read(text)) or read_period([text]) is not None
        for column, text in texts.items()
        if column in held
    )
    least = 1 if roles & {"number", "name"} else 2
    return said >= least and not book.find(next(iter(texts.values())))


def _before_titles(grid: Grid, head: int, first: int) -> int:
    """The last row of the table above the titles of the next one, whose head is given."""
    row = head - 1
    while (
        row > first and not figures_in(grid, row) and len({t for t in map(words_in, grid.rows[row]) if t}) < 2
    ):
        row -= 1
    return row


def _filled(grid: Grid, start: int, end: int) -> dict[int, list[str]]:
    """Rows of the header as texts, merged cells filled with what their first cell holds."""
    rows = {
        row: [text_of(value) for value in grid.rows[row]] + [""] * (grid.width - len(grid.rows[row]))
        for row in range(start, end)
    }
    for top, left, bottom, right in grid.structure.merged:
        if bottom < start or top >= end:
            continue
        text = text_of(grid.at(top, left))
        for row in range(max(top, start), min(bottom + 1, end)):
            for column in range(left, min(right + 1, grid.width)):
                rows[row][column] = text
    return rows
