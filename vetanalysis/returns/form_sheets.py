"""Drawing a table of the form on its sheet, and remembering what stands in which cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from vetanalysis.returns.form_layout import FLOWS, START_STOCK, streaming_key
from vetanalysis.returns.form_parts import Column, Formula, Key, Register, Row, Table
from vetanalysis.returns.form_styles import allow_numbers, dress, page, put_text
from vetanalysis.returns.form_words import WHOLE

#: Title block, two header rows, the row of column letters; figures begin below.
HEAD_ROW, LETTER_ROW, FIRST_ROW = 5, 7, 8


@dataclass(frozen=True, slots=True)
class Heading:
    """The lines above every table."""

    unit: str
    period: str
    warning: str = ""


def address(row: int, column: int) -> str:
    """The address of the cell at the row-th row and column-th column of a table, both counted from 0."""
    return f"{chr(ord('B') + column)}{FIRST_ROW + row}"


def title_block(sheet: Any, heading: Heading, title: str, last_column: int) -> None:
    """Unit, title, period and, where it applies, the words that the figures are invented."""
    for number, (text, look) in enumerate(
        ((heading.unit, "unit"), (title, "title"), (heading.period, "period"), (heading.warning, "warning")),
        start=1,
    ):
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=last_column)
        put_text(sheet.cell(number, 1), text)
        dress(sheet.cell(number, 1), look)
    sheet.row_dimensions[2].height = 22


def draw_table(
    sheet: Any,
    table: Table,
    heading: Heading,
    register: Register,
    *,
    tables: Sequence[Table] = (),
    figures: Mapping[Key, float] | None = None,
    previous: Mapping[Key, float] | None = None,
    quotas: Mapping[Key, float] | None = None,
) -> None:
    """Draw one table: title block, merged header, letters, rows, notes.

    `figures`, `previous` and `quotas` give values by key; what they do not hold stays empty (missing is not
    zero). `tables` are the tables of the whole form, which the balance of stocks and flows refers to.
    """
    title_block(sheet, heading, table.title, len(table.columns) + 1)
    _head(sheet, table)
    given = {"input": figures or {}, "previous": previous or {}, "quota": quotas or {}}
    for number, row in enumerate(table.rows):
        label = sheet.cell(FIRST_ROW + number, 1)
        put_text(label, row.label)
        dress(label, "heading" if row.heading else "label_total" if row.total else "label")
        if row.heading:
            sheet.merge_cells(
                start_row=FIRST_ROW + number, end_row=FIRST_ROW + number, start_column=1,
                end_column=len(table.columns) + 1,
            )  # fmt: skip
            continue
        for place in range(len(table.columns)):
            _cell(sheet, table, number, place, register, given, tables)
        sheet.row_dimensions[FIRST_ROW + number].height = 19 if len(row.label) <= table.stub_width else 33
    _validations(sheet, table, register)
    _notes(sheet, table)
    sheet.column_dimensions["A"].width = table.stub_width
    for place, column in enumerate(table.columns):
        sheet.column_dimensions[chr(ord("B") + place)].width = column.width
    sheet.freeze_panes = f"B{FIRST_ROW}"
    page(sheet, LETTER_ROW)


def _head(sheet: Any, table: Table) -> None:
    sheet.merge_cells(start_row=HEAD_ROW, end_row=HEAD_ROW + 1, start_column=1, end_column=1)
    put_text(sheet.cell(HEAD_ROW, 1), table.stub)
    put_text(sheet.cell(LETTER_ROW, 1), "A")
    start = 2
    for over, group in groupby(table.columns, key=lambda column: column.over):
        columns = list(group)
        if over:
            end = start + len(columns) - 1
            sheet.merge_cells(start_row=HEAD_ROW, end_row=HEAD_ROW, start_column=start, end_column=end)
            put_text(sheet.cell(HEAD_ROW, start), over)
        for place, column in enumerate(columns, start=start):
            words = f"{column.head}\n({column.unit})" if column.unit else column.head
            put_text(sheet.cell(HEAD_ROW + 1 if over else HEAD_ROW, place), words)
            if not over:
                sheet.merge_cells(
                    start_row=HEAD_ROW, end_row=HEAD_ROW + 1, start_column=place, end_column=place
                )
        start += len(columns)
    for place, letter in enumerate(_letters(table.columns), start=2):
        put_text(sheet.cell(LETTER_ROW, place), letter)
    for place in range(1, len(table.columns) + 2):
        for number in (HEAD_ROW, HEAD_ROW + 1):
            dress(sheet.cell(number, place), "head")
        dress(sheet.cell(LETTER_ROW, place), "letter")
    sheet.row_dimensions[HEAD_ROW + 1].height = 62


def _letters(columns: Sequence[Column]) -> list[str]:
    """The row of column letters: B for the unit of measure, numbers for figures, and how a formula is
    made."""
    numbers: dict[str, str] = {}
    letters = []
    for column in columns:
        if column.role == "unit":
            letters.append("B")
            continue
        numbers[column.head] = str(len(numbers) + 1)
        plus, minus = ([numbers.get(head, "") for head in part] for part in (column.plus, column.minus))
        made = {
            "plus": f"={'+'.join(plus)}-{'-'.join(minus)}",
            "ratio": f"=100*{'+'.join(plus)}/{'+'.join(minus)}",
        }
        letters.append(numbers[column.head] + made.get(column.role, ""))
    return letters


def _cell(
    sheet: Any,
    table: Table,
    number: int,
    place: int,
    register: Register,
    given: Mapping[str, Mapping[Key, float]],
    tables: Sequence[Table],
) -> None:
    row, column = table.rows[number], table.columns[place]
    ref = address(number, place)
    cell = sheet[ref]
    if column.role == "unit":
        put_text(cell, row.unit)
        dress(cell, "word")
        return
    key = streaming_key(table.key_of(row, column))
    fraction = "_fraction" if column.role == "ratio" or key.measure not in (*WHOLE, "") else ""
    formula = formula_at(table, number, place, tables)
    if formula is not None:
        cell.value = formula.text()
        register.formulas[table.sheet, ref] = formula
        dress(cell, ("total" if row.total else "given") + fraction)
        return
    value = given[column.role].get(key if column.role == "input" else _as_asked(key, column))
    if value is not None:
        cell.value = value if fraction else round(value)
        register.numbers[table.sheet, ref] = cell.value
    if column.role == "input":
        register.cells[table.sheet, ref] = key
    dress(cell, ("input" if column.role == "input" else "given") + fraction)


def quota_key(table: Table, row: Row, column: Column) -> Key:
    """The key under which the quota printed in a cell is looked up."""
    return _as_asked(streaming_key(table.key_of(row, column)), column)


def _as_asked(key: Key, column: Column) -> Key:
    """Quotas are looked up by level only; what was reported last time by the same key."""
    return Key(level=key.level) if column.role == "quota" else key


def formula_at(table: Table, number: int, place: int, tables: Sequence[Table]) -> Formula | None:
    """The formula of a cell of a table (row and column counted from 0); None for one that is filled in or printed."""
    row, column = table.rows[number], table.columns[place]
    if column.role in ("plus", "ratio"):
        at = {other.head: address(number, index) for index, other in enumerate(table.columns)}
        return Formula(
            tuple(at[head] for head in column.plus),
            tuple(at[head] for head in column.minus),
            column.role == "ratio",
        )
    if column.role == "balance":
        return _balance(number, tables)
    if row.total and not (column.role == "quota" and row.beyond_quota):
        above = {one.label: index for index, one in enumerate(table.rows[:number])}
        return Formula(tuple(address(above[label], place) for label in row.total))
    return None


def _balance(number: int, tables: Sequence[Table]) -> Formula | None:
    """Start + new - graduated - dropped out - end for one level, over the four sheets of flows and stock."""
    at: dict[str, str] = {}
    for table in tables:
        heads = [column.head for column in table.columns]
        if table.sheet == FLOWS.get(table.key.indicator, ("",))[0]:
            at[table.key.indicator] = f"'{table.sheet}'!{address(number, heads.index('Tổng số'))}"
            for place, column in enumerate(table.columns):
                if column.key.indicator == START_STOCK:
                    at[START_STOCK] = f"'{table.sheet}'!{address(number, place)}"
    if len(at) < len(FLOWS) + 1:
        return None
    return Formula(
        (at[START_STOCK], at["people_enrolled"]),
        (at["people_graduated"], at["people_dropped_out"], at["people_in_training"]),
    )


def _validations(sheet: Any, table: Table, register: Register) -> None:
    mine = {ref: key for (name, ref), key in register.cells.items() if name == table.sheet}
    whole = [ref for ref, key in mine.items() if key.measure in WHOLE]
    percent = [ref for ref, key in mine.items() if key.measure == "percent"]
    allow_numbers(sheet, whole, whole=True)
    allow_numbers(sheet, percent, whole=False, most=100)
    allow_numbers(sheet, [ref for ref in mine if ref not in {*whole, *percent}], whole=False)


def _notes(sheet: Any, table: Table) -> None:
    for number, note in enumerate(table.notes, start=FIRST_ROW + len(table.rows) + 1):
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=len(table.columns) + 1)
        put_text(sheet.cell(number, 1), f"Ghi chú: {note}")
        dress(sheet.cell(number, 1), "note")
        sheet.row_dimensions[number].height = 30
