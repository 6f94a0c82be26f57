"""What stands in our form around its entry cells: heads, units of measure, printed and worked-out cells, other numbers.

Nothing of it is counted. What says something else than the blank form is told at its cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from vetanalysis.blocks import Said
from vetanalysis.returns.draft import Draft, Vocabulary, is_total
from vetanalysis.returns.form_sheets import FIRST_ROW, HEAD_ROW, LETTER_ROW, Cell, Formula, Sheet
from vetanalysis.returns.grid import Grid
from vetanalysis.returns.key import Place, address
from vetanalysis.returns.names import fold
from vetanalysis.returns.typed_numbers import VALUE, ZERO, parse_number

TYPED_OVER, WORDS_CHANGED = "typed-over", "form-words-changed"
Moved = tuple[Mapping[int, int], Mapping[int, int]]


@dataclass(frozen=True)
class Standing:
    """A sheet of figures of the blank form and the sheet in the file.

    `moved`: rows and columns of the blank form (from 0) to those of the sheet; None where all stand as printed.
    """

    sheet: Sheet
    grid: Grid
    moved: Moved | None

    def now(self, row: int, column: int) -> Place | None:
        """Where a cell of the blank form (from 1) stands; None where it was not found again."""
        if self.moved is None:
            return row - 1, column - 1
        place = self.moved[0].get(row - 1), self.moved[1].get(column - 1)
        return None if place[0] is None or place[1] is None else (place[0], place[1])

    @cached_property
    def cells(self) -> dict[tuple[int, int], tuple[Cell, Place]]:
        """The cells of the blank form that were found, and where."""
        where = {at: self.now(*at) for at in self.sheet.cells}
        return {at: (self.sheet.cells[at], place) for at, place in where.items() if place is not None}

    @cached_property
    def head_row(self) -> int | None:
        """The first of the two rows of heads (from 0); None where they were not found again."""
        heads, letters = self.now(HEAD_ROW, 1), self.now(LETTER_ROW, 1)
        return heads[0] if heads else letters[0] - (LETTER_ROW - HEAD_ROW) if letters else None

    @cached_property
    def renamed(self) -> set[int]:
        """Rows (from 0) that stand where one of the form should and bear another label: each is told as lost."""
        rows: Mapping[int, int] = self.moved[0] if self.moved else {}
        after = {row: rows.get(row - 2, -1) + 1 for row, column in self.sheet.cells if column == 1}
        return {place for row, place in after.items() if row - 1 not in rows} - set(rows.values())

    @cached_property
    def numbers(self) -> dict[str, float]:
        """The numbers beside the labels, by the address on the blank form."""
        found = {
            address((row - 1, column - 1)): figure_in(self.grid.at(*place))
            for (row, column), (_, place) in self.cells.items()
            if row >= FIRST_ROW and column > 1
        }
        return {ref: value for ref, value in found.items() if value is not None}


def standing(here: Mapping[str, Grid], sheets: Iterable[Sheet], moves: Mapping[str, Moved]) -> list[Standing]:
    """The sheets of figures that are there."""
    return [
        Standing(sheet, here[sheet.name], moves.get(sheet.name))
        for sheet in sheets
        if sheet.name in here and any(cell.key is not None for cell in sheet.cells.values())
    ]


def heads_of(top: Sequence[object], low: Sequence[object]) -> list[str]:
    """What each column is called by its two lines of heads, measures left out; the upper line goes on over a group."""
    found, over = [], ""
    for above, below in zip(top, low, strict=True):
        name, own = _name_and_measure(above)[0], _name_and_measure(below)[0]
        over = name or over
        found.append(f"{over} {own}".strip() if name or own else "")
    return found


def printed_heads(sheet: Sheet) -> list[str]:
    """The heads of the blank form."""
    width = max(column for _, column in sheet.cells)
    return heads_of(*(_printed(sheet, row, width) for row in (HEAD_ROW, HEAD_ROW + 1)))


def heads_at(grid: Grid, row: int) -> list[str]:
    """The heads of a sheet that stand in a row (from 0) and the next."""
    return heads_of(*([grid.at(one, column) for column in range(grid.width)] for one in (row, row + 1)))


def _printed(sheet: Sheet, row: int, width: int) -> list[object]:
    cells = (sheet.cells.get((row, column)) for column in range(1, width + 1))
    return ["" if cell is None or cell.value is None else cell.value for cell in cells]


def _name_and_measure(text: object) -> tuple[str, str]:
    """A head, folded, and the unit of measure in brackets behind it; "" where it has none."""
    words = str(text).strip()
    name, bracket, measure = words.rpartition("(")
    return (fold(name), measure[:-1]) if bracket and words.endswith(")") else (fold(words), "")


def look_around(sheets: Iterable[Standing], words: Vocabulary, draft: Draft) -> None:
    """Note what stands outside the entry cells and is not as it should be."""
    sheets = list(sheets)
    every = {f"'{one.sheet.name}'!{ref}": value for one in sheets for ref, value in one.numbers.items()}
    for one in sheets:
        _note_heads(one, words, draft)
        _note_units(one, words, draft)
        _note_typed_over(one, every | one.numbers, draft)
        _note_outside(one, draft)


def _note_heads(one: Standing, words: Vocabulary, draft: Draft) -> None:
    """Note each head that is another one, or has another unit of measure: an error above entry cells."""
    if one.head_row is None:
        return
    asked = {column for (_, column), cell in one.sheet.cells.items() if cell.key is not None}
    wanted, here = printed_heads(one.sheet), heads_at(one.grid, one.head_row)
    for column in range(2, len(wanted) + 1):
        at = column - 1 if one.moved is None else one.moved[1].get(column - 1)
        if at is None:
            continue
        other = here[at : at + 1] != [wanted[column - 1]]
        for place, line in (((one.head_row, at), HEAD_ROW), ((one.head_row + 1, at), HEAD_ROW + 1)):
            cell, seen = one.sheet.cells.get((line, column)), str(one.grid.at(*place))
            printed = str(cell.value or "") if cell else ""
            (name, measure), (name_here, measure_here) = map(_name_and_measure, (printed, seen))
            if other and name != name_here:
                kind = "head_changed"
            elif not other and measure and measure_here and not _same_measure(measure, measure_here, words):
                kind, printed, seen = "measure_changed", measure, measure_here
            else:
                continue
            severity = "error" if column in asked and seen else "warning"
            words_of = {"seen": " ".join(seen.split())[:60], "printed": " ".join(printed.split())}
            draft.note(
                WORDS_CHANGED, Said(f"returns.form.{kind}", **words_of), one.grid, place, severity=severity
            )


def _note_units(one: Standing, words: Vocabulary, draft: Draft) -> None:
    """Note each unit of measure beside entry cells that is another one."""
    asked = {row for (row, _), cell in one.sheet.cells.items() if cell.key is not None}
    for (row, _), (cell, place) in one.cells.items():
        if row not in asked or cell.look != "word" or not cell.value:
            continue
        seen = str(one.grid.at(*place)).strip()
        if not _same_measure(str(cell.value), seen, words):
            what = Said("returns.form.measure_changed", seen=seen[:60], printed=cell.value)
            draft.note(WORDS_CHANGED, what, one.grid, place, severity="error" if seen else "warning")


def _same_measure(one: str, other: str, words: Vocabulary) -> bool:
    """Whether two ways to write a unit of measure are the same words or mean the same."""
    meant, said = (words.read(text).get("measure", "") for text in (one, other))
    return fold(one) == fold(other) or bool(meant and meant == said)


def _note_typed_over(one: Standing, numbers: Mapping[str, float], draft: Draft) -> None:
    """Note every protected cell beside or below figures that says something else than it should.

    Cells that a formula fills are held against what the cells they are made of give; the printed quota against the
    plan's, where every row is in its place. What was reported last time is printed too, and not looked at: the form
    does not keep what was printed.
    """
    filled_in = {column for (_, column), cell in one.sheet.cells.items() if cell.key is not None}
    for (row, column), (cell, place) in one.cells.items():
        stated = one.numbers.get(address((row - 1, column - 1)))
        worked_out = isinstance(cell.value, Formula)
        if stated is None or cell.key is not None or cell.asked is not None or (one.moved and not worked_out):
            continue
        should: Any = cell.value.value(numbers) if isinstance(cell.value, Formula) else cell.value
        printed = _printed_head(one.sheet, column)
        head = printed.partition("\n")[0]
        if should == "" and not (stated == 0 and place in one.grid.structure.formulas):
            what = Said("returns.form.typed_alone", column=head, stated=stated)
            draft.note(TYPED_OVER, what, one.grid, place)
        if should is None or isinstance(should, str) or abs(stated - should) <= _tolerance(cell.value):
            continue
        if column in filled_in:
            named = {"row": str(one.sheet.cells[row, 1].value), "column": " ".join(printed.split())}
            what = Said("returns.subtotal.of", stated=stated, sum=should, **named)
            draft.note("subtotal-mismatch", what, one.grid, place)
        else:
            what = Said("returns.form.typed_over", column=head, stated=stated, should=should)
            draft.note(TYPED_OVER, what, one.grid, place)


def _printed_head(sheet: Sheet, column: int) -> str:
    """What is printed lowest above a column, its unit of measure in a line of its own."""
    heads = (sheet.cells[at, column].value for at in (HEAD_ROW + 1, HEAD_ROW) if (at, column) in sheet.cells)
    return next((str(text) for text in heads if text), "")


def _tolerance(value: Any) -> float:
    """Of a percentage written with one decimal; counts may differ by half."""
    return 0.06 if isinstance(value, Formula) and value.ratio else 0.5


def _note_outside(one: Standing, draft: Draft) -> None:
    """A number where the form asks for none and prints none: beside the table, below it, or in a row or column that was
    put in. A total of somebody's own is only said again, and so is what a formula within the table gives.
    """
    places = {place for _, place in one.cells.values()}
    figures = [place for cell, place in one.cells.values() if cell.key is not None]
    if not figures:
        return
    letters = one.now(LETTER_ROW, 1)
    stub = letters[1] if letters else 0
    first = letters[0] + 1 if letters else min(row for row, _ in figures)
    last = FIRST_ROW + len(one.sheet.labels)
    below = max(place[0] for at, (_, place) in one.cells.items() if at[0] < last)
    for place, stated in _from(one.grid, first):
        row, column = place
        inside = row <= below
        if place in places or (inside and (column < stub or place in one.grid.structure.formulas)):
            continue
        if inside and row in one.renamed:
            continue
        if is_total(str(one.grid.at(row, stub))) and column > stub:
            continue
        figure = figure_in(stated)
        if figure is not None:
            draft.note("not-understood", Said("returns.form.outside_entries", value=figure), one.grid, place)


def _from(grid: Grid, first: int) -> Iterator[tuple[Place, object]]:
    for row in range(first, len(grid.rows)):
        yield from (((row, column), cell) for column, cell in enumerate(grid.rows[row]) if cell != "")


def figure_in(cell: object) -> float | None:
    """The number that a cell holds, also as text; None for anything else."""
    number = parse_number(cell)
    return number.value if number.state in (VALUE, ZERO) else None
