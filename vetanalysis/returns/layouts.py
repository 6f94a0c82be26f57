"""Where the tables of a sheet that is not ours lie: title block, head, letter row, rows of figures, signatures.

`Search.tables` gives them from top to bottom and left to right. A second head below, with titles of its own, begins
the next table; so does a second column of names beside figures.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from vetanalysis.checks import is_number
from vetanalysis.returns.draft import Vocabulary, is_signature, read_period
from vetanalysis.returns.grid import Grid, text_of, words_in
from vetanalysis.returns.key import Place
from vetanalysis.returns.names import NameBook
from vetanalysis.returns.personal import identity_columns
from vetanalysis.returns.typed_numbers import (
    UNREADABLE,
    begins_as_figure,
    is_figure,
    is_name,
    is_typed,
    is_year,
    parse_number,
)
from vetanalysis.returns.units_of_measure import DONG, states_unit

HEADER_ROWS = 4
_LETTER = re.compile(r"^\(?(?:[A-Za-zĐđ]|\d{1,2})\)?(?:\.0)?$|^\(?\d{1,2}\)?\s*=.+$")


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
    label: int = 0
    number: int | None = None
    measure: int | None = None
    beside: tuple[int, ...] = ()
    identity: dict[int, str] = field(default_factory=dict)
    columns: range | None = None

    def figures_in(self, grid: Grid, row: int) -> list[int]:
        """Its columns that hold a figure in a row."""
        return [one for one in figures_in(grid, row) if self.columns is None or one in self.columns]

    @property
    def rows(self) -> range:
        """The rows of figures."""
        return range(self.first, self.last + 1)


@dataclass(frozen=True)
class Search:
    """A sheet in which tables are looked for by words and names of units; `money`: the indicators that are amounts."""

    grid: Grid
    words: Vocabulary
    names: NameBook
    money: frozenset[str]

    def tables(self) -> Iterator[Table]:
        """The tables of the sheet; none where no row of figures stands under a header."""
        start = 0
        while (table := self._next_table(start)) is not None:
            yield from self._side_by_side(table)
            start = table.last + 1

    def outside(self, tables: Collection[Table]) -> Iterator[Place]:
        """Every figure of the sheet in none of its tables: above, between, below; years and numbers of columns over a
        table are none."""
        within = {row for table in tables for row in table.rows}
        heads = {row for table in tables for row in range(table.top, table.first)}
        over = max(within, default=0)
        for row in range(len(self.grid.rows)):
            if row in within or (row < over and self._is_letters(row)):
                continue
            for column in figures_in(self.grid, row):
                text = text_of(self.grid.at(row, column))
                beside = re.sub(r"[\d.,\s]+", " ", text) if row in heads else ""
                named = any(map(str.isalpha, beside)) and not self.words.exact(beside)
                if not named and not self.words.exact(text) and not (row < over and is_year(text)):
                    yield row, column

    def columns_of_figures(self, table: Table) -> set[int]:
        """The columns with a figure, and those that should hold some: their head asks for figures, and what stands
        below is neither figure nor name ("12/15", "l5")."""
        held = {column for row in table.rows for column in table.figures_in(self.grid, row)}
        for column, header in table.headers.items():
            if column in (*held, table.label, *table.beside) or not header:
                continue
            below = self._below(table, column, most=len(self.grid.rows))
            digits = any(map(str.isdigit, "".join(below)))
            asked = any(map(self._asks_for_figures, header if digits else header[-1:]))
            if asked and below and not any(map(self._says_of_what, below)):
                held.add(column)
        return held

    def _texts(self, row: int) -> dict[int, str]:
        """The words of a row by column."""
        return {column: text for column, value in enumerate(self.grid.rows[row]) if (text := words_in(value))}

    def _below(self, table: Table, column: int, most: int = 200) -> list[str]:
        """The words in a column of a table, in its first rows."""
        return [text for row in table.rows[: most + 1] if (text := words_in(self.grid.at(row, column)))]

    def _has_role(self, texts: Collection[str], role: str) -> bool:
        return any(self.words.exact(text).get("role") == role for text in texts)

    def _next_table(self, top: int) -> Table | None:
        """The first table below a row, over the whole width of the sheet."""
        first = self._first_data_row(top)
        if first is None:
            return None
        end = self._end_of_head(first, top)
        if end == first:
            end = first = end - next((n for n in (3, 2, 1) if self._are_headings(end - n, end, top)), 0)
        while self._is_unreadable(end - 1, top, first):
            first = end - 1
            end = self._end_of_head(first, top)
        filled = self._filled(max(top, end - HEADER_ROWS - 2), end)
        start = end
        while start > top and end - start < HEADER_ROWS:
            distinct = {text for text in filled.get(start - 1, []) if text}
            if len(distinct) < 2 and not (start == end and distinct):
                break
            start -= 1
        headers: dict[int, list[str]] = {}
        for column in range(self.grid.width):
            stack: list[str] = []
            for row in range(start, end):
                text = filled[row][column] if column < len(filled[row]) else ""
                if text and (not stack or stack[-1] != text):
                    stack.append(text)
            headers[column] = stack
        last = self._last_data_row(first)
        counted = (row for row in range(last, first - 1, -1) if figures_in(self.grid, row))
        below = self._titles(range(next(counted, last) + 1, last + 1))
        titles = [*filter(states_unit, below), *self._titles(range(top, start))]  # "Ghi chú: ĐVT nghìn đồng"
        return self._described(Table(titles, start, first, last, headers))

    def _described(self, table: Table) -> Table:
        """A table with what each of its columns is for."""
        within = range(self.grid.width) if table.columns is None else table.columns
        headers = {column: table.headers[column] for column in within}
        table = replace(table, headers=headers)
        identity = self._identity(table)
        number, measure = (
            next((column for column, stack in headers.items() if self._has_role(stack[-1:], role)), None)
            for role in ("number", "measure")
        )
        if measure is None:
            measure = self._column_of_measures(table)
        label = self._label_column(table, {number, measure, *identity})
        if number is None:
            before = [column for column in within if column < label and not headers[column]]
            number = self._running_numbers(table, before)
        right = (
            c for row in table.rows[:201] for c in figures_in(self.grid, row) if c in within and c > label
        )
        leftmost = min(right, default=self.grid.width)
        beside = tuple(
            column
            for column in within
            if label < column < leftmost
            and column not in (number, measure, *identity)
            and (
                self._has_role(headers[column], "name")
                or any(map(self.words.exact, self._below(table, column)))
            )
        )
        return replace(table, label=label, number=number, measure=measure, beside=beside, identity=identity)

    def _titles(self, above: range, columns: range | None = None) -> list[str]:
        """The lines above a head; of tables side by side those that stand, or are merged, over their columns."""
        merged = self.grid.structure.merged
        return [
            text
            for row in above
            for column, text in self._texts(row).items()
            if columns is None
            or column in columns
            or any((top, left) == (row, column) and right >= columns.start for top, left, _, right in merged)
        ]

    def _side_by_side(self, table: Table) -> Iterator[Table]:
        """A table as it is, or the tables that lie beside each other in it: each has its own names before its
        figures."""
        texts = {
            column: [text for text in self._below(table, column) if is_name(text)]
            for column in range(self.grid.width)
        }
        figures = self.columns_of_figures(table)
        numbers = {
            column
            for column in figures
            if self._has_role(table.headers[column], "number")
            or (not table.headers[column] and self._running_numbers(table, [column]) is not None)
        }
        starts, figures = [0], figures - numbers
        for column in range(self.grid.width):
            before = range(starts[-1], column)
            named = self._has_role(table.headers[column][-1:], "name")
            units = sum(bool(self.names.find(text)) for text in texts[column])
            if not (named and texts[column]) and units < min(2, len(texts[column]) or 1):
                continue
            names = any(texts[one] for one in before if one not in figures)
            if names and figures & set(before) and any(one > column for one in figures):
                starts.append(column - 1 if column - 1 in numbers else column)
        if len(starts) == 1:
            yield table
            return
        above = range(max(0, table.top - 12), table.top)
        for begin, end in pairwise((*starts, self.grid.width)):
            part = range(begin, end)
            yield self._described(
                Table(
                    self._titles(above, part), table.top, table.first, table.last, table.headers, columns=part
                )
            )

    def _asks_for_figures(self, head: str) -> bool:
        said = self.words.read(head)
        role = said.pop("role", "")
        if len(self.names.find(head)) == 1:
            return True  # a column of a unit
        if role in ("name", "number", "measure", "note"):
            return False
        return bool(role or said.keys() - {"measure", "basis"} or read_period([head], "2000"))

    def _label_column(self, table: Table, others: Collection[int | None]) -> int:
        """The column of row names, which is none of the others."""
        counts: Counter[int] = Counter()
        for row in table.rows[:201]:
            for column, text in self._texts(row).items():
                if len(text) > 1 and column in table.headers and column not in others:
                    counts[column] += parse_number(text).state == UNREADABLE
        for column, header in table.headers.items():
            if counts[column] and self._has_role(header, "name"):
                return column
        best = max(counts.values(), default=0)
        return next((c for c in sorted(counts) if counts[c] * 2 >= best > 0), min(table.headers, default=0))

    def _running_numbers(self, table: Table, columns: Collection[int]) -> int | None:
        """The column before the names that counts the rows, though nothing stands over it."""
        for column in columns:
            held = [text_of(self.grid.at(row, column)) for row in table.rows[:201]]
            digits = [int(one) for one in held if one.isdigit()]
            if digits and all(one == 1 or one == before + 1 for before, one in pairwise((0, *digits))):
                return column
        return None

    def _column_of_measures(self, table: Table) -> int | None:
        """The column whose every text is a unit of measure, whatever stands over it."""
        for column in table.headers:
            texts = self._below(table, column)
            if texts and all("measure" in self.words.exact(text) for text in texts):
                return column
        return None

    def _identity(self, table: Table) -> dict[int, str]:
        """Columns of personal data, by what stands over them or what they hold; contents never leave."""
        held = {
            column: {row: text for row in table.rows[:401] if (text := text_of(self.grid.at(row, column)))}
            for column in table.headers
        }
        known = functools.cache(lambda text: bool(self.words.exact(text) or self.names.find(text)))
        return identity_columns(held, table.headers, table.titles, known, self._are_of_money)

    def _are_of_money(self, texts: Iterable[str]) -> bool:
        """Whether one of some texts names a unit or an indicator of money."""
        said = map(self.words.read, texts)
        return any(
            one.get("indicator") in self.money or one.get("measure", "").endswith(DONG) for one in said
        )

    def _is_letters(self, row: int) -> bool:
        """A row of column letters and numbers: A, B, 1, 2, 3=2/1*100."""
        cells = [str(value).strip() for value in self.grid.rows[row] if str(value).strip()]
        if len(cells) < 2 or not all(_LETTER.match(cell) for cell in cells):
            return False
        digits = [cell.strip("()").removesuffix(".0") for cell in cells]
        numbers = [int(cell) for cell in digits if cell.isdigit()]
        if not numbers:
            return True
        gaps = len(cells) - len(numbers)  # a formula such as 3=2/1*100 takes a number of its own
        return numbers[0] in (0, 1) and all(0 < b - a <= 1 + gaps for a, b in pairwise(numbers))

    def _first_data_row(self, top: int) -> int | None:
        for row in range(max(top, 1), len(self.grid.rows)):
            if self._is_letters(row):
                continue
            figures = figures_in(self.grid, row)
            texts = [column for column in self._texts(row) if column not in figures]
            years = all(is_year(self.grid.rows[row][column]) for column in figures) and not (
                any(words_in(self.grid.at(row - 1, one)) for one in figures)
                and any(self._says_of_what(self.grid.rows[row][one]) for one in texts)
            )  # "Huyện Cao Lộc | 2010" below a head is a figure
            beyond = figures and texts and (max(figures) > min(texts) or self._is_typed_row(row, texts))
            if beyond and not years:
                while row > top and any(
                    not is_year(self.grid.at(row - 1, one)) for one in figures_in(self.grid, row - 1)
                ):
                    if self._is_letters(row - 1):
                        break
                    row -= 1  # a row of figures without a name is no head
                return self._back_over_headings(row, top)
        return None

    def _is_typed_row(self, row: int, texts: list[int]) -> bool:
        """Whether a row numbered on its left names something and holds what somebody typed as a figure: "12½"."""
        name, *others = (self._texts(row)[column] for column in texts)
        return any(map(is_typed, others)) and self._says_of_what(name)

    def _says_of_what(self, value: object) -> bool:
        """Whether a cell says what the figures of its row are of."""
        text = words_in(value)
        return bool(self.words.read(text).keys() - {"role", "measure", "basis"}) or bool(
            self.names.find(text)
        )

    def _back_over_headings(self, row: int, top: int) -> int:
        """Include rows of labels without figures that follow the letter row (headings, units that sent nothing)."""
        for above in range(row - 1, max(row - 6, top - 1), -1):
            if self._is_letters(above):
                return above + 1
        return row

    def _are_headings(self, start: int, end: int, top: int) -> bool:
        """Whether each row between head and figures holds the name of a section: a text alone, where names stand."""
        if start <= top:
            return False
        figures = figures_in(self.grid, end)
        below = [column for column in self._texts(end) if column not in figures]
        rows = [[*self._texts(row)] for row in range(start, end)]
        if not below or not all(texts and texts[-1] <= below[0] for texts in rows):
            return False
        return len(self._texts(start - 1)) > max(map(len, rows)) and max(map(len, rows)) <= 1 + below[0]

    def _end_of_head(self, row: int, top: int) -> int:
        """The row after the last words above a row, without letters and blank rows."""
        while row > top and (self._is_letters(row - 1) or not self._texts(row - 1)):
            row -= 1
        return row

    def _is_unreadable(self, row: int, top: int, first: int) -> bool:
        """Whether a row above the first figures is a row of the table whose figures cannot be read, and no head: "Huyện
        Cao Lộc | 12 tháng", "Số người tuyển mới | 12/15" under a head of their columns."""
        texts = self._texts(row)
        names = next((column for column, one in self._texts(first).items() if not is_figure(one)), -1)
        name = texts.pop(names, "")
        head = self._end_of_head(row, top) - 1
        if row <= top or not name or not any(words_in(self.grid.at(head, column)) for column in texts):
            return False
        others = [text for text in texts.values() if not self.names.find(text)]
        if any(self.words.read(text).keys() - {"measure"} and not begins_as_figure(text) for text in others):
            return False
        typed = any(map(is_typed, others))
        return any(map(self.names.find, (name, *texts.values()))) or (typed and self._says_of_what(name))

    def _last_data_row(self, first: int) -> int:
        """The last row before the signatures, or before the title and head of the next table."""
        last, held = first, set[int]()
        for row in range(first, len(self.grid.rows)):
            texts, figures = self._texts(row), figures_in(self.grid, row)
            if figures or not texts:
                held.update(figures)
                last = row if figures else last
                continue
            if is_signature(texts.values()):
                break
            if self._is_head(texts, held):
                return self._before_titles(row, first)
            last = row
        return last

    def _is_head(self, texts: dict[int, str], held: Collection[int]) -> bool:
        """Whether a row without figures is the head of another table: it says what columns that held figures are
        for."""
        roles = {self.words.exact(text).get("role") for text in texts.values()}
        said = sum(
            bool(self.words.read(text)) or read_period([text]) is not None
            for column, text in texts.items()
            if column in held
        )
        least = 1 if roles & {"number", "name"} else 2
        return said >= least and not self.names.find(next(iter(texts.values())))

    def _before_titles(self, head: int, first: int) -> int:
        """The last row of the table above the titles of the next one, whose head is given."""
        row = head - 1
        while row > first and not figures_in(self.grid, row) and len({*self._texts(row).values()}) < 2:
            row -= 1
        return row

    def _filled(self, start: int, end: int) -> dict[int, list[str]]:
        """Rows of the header as texts, merged cells filled with what their first cell holds."""
        width = self.grid.width
        rows = {
            row: [text_of(value) for value in self.grid.rows[row]] + [""] * (width - len(self.grid.rows[row]))
            for row in range(start, end)
        }
        for top, left, bottom, right in self.grid.structure.merged:
            if bottom < start or top >= end:
                continue
            text = text_of(self.grid.at(top, left))
            for row in range(max(top, start), min(bottom + 1, end)):
                for column in range(left, min(right + 1, width)):
                    rows[row][column] = text
        return rows


def figures_in(grid: Grid, row: int) -> list[int]:
    """Columns of a row that hold a number, as a number, as text or as a formula whose value is not stored."""
    return [
        column
        for column, value in enumerate(grid.rows[row])
        if is_number(value)
        or ((row, column) in grid.structure.unstored and not isinstance(value, bool))
        or (isinstance(value, str) and is_figure(value))
    ]
