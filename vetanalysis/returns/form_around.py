"""What stands in our form outside its entry cells: cells worked out or printed, and numbers where none is asked for.

Nothing of it is counted. What says something else than the blank form is told at its cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from vetanalysis.blocks import Said
from vetanalysis.returns.draft import Draft, is_total
from vetanalysis.returns.form_sheets import FIRST_ROW, HEAD_ROW, LETTER_ROW, Cell, Formula, Sheet
from vetanalysis.returns.grid import Grid
from vetanalysis.returns.key import Place, address
from vetanalysis.returns.typed_numbers import VALUE, ZERO, parse_number

TYPED_OVER = "typed-over"
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


def look_around(sheets: Iterable[Standing], draft: Draft) -> None:
    """Note what stands outside the entry cells and is not as it should be."""
    sheets = list(sheets)
    every = {f"'{one.sheet.name}'!{ref}": value for one in sheets for ref, value in one.numbers.items()}
    for one in sheets:
        _note_typed_over(one, every | one.numbers, draft)
        _note_outside(one, draft)


def _note_typed_over(one: Standing, numbers: Mapping[str, float], draft: Draft) -> None:
    """Note every protected cell beside or below figures that says something else than it should.

    Cells that a formula fills are held against what the cells they are made of give, the printed quota against the
    plan's. What was reported last time is printed too, and not looked at: the form does not keep what was printed.
    """
    filled_in = {column for (_, column), cell in one.sheet.cells.items() if cell.key is not None}
    for (row, column), (cell, place) in one.cells.items():
        stated = one.numbers.get(address((row - 1, column - 1)))
        if stated is None or cell.key is not None or cell.asked is not None:
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
            label = " ".join(str(one.sheet.cells[row, 1].value).split())
            what = Said(
                "returns.subtotal.of", row=label, column=" ".join(printed.split()), stated=stated, sum=should
            )
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
