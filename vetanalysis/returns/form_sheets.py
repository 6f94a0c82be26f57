"""Drawing the sheets of the form and remembering what stands in which cell.

The sheets are tables of figures, cover, explanations, commune quotas and own documents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from vetanalysis.returns.form_book import allow_list, allow_numbers, dress, page, put_text
from vetanalysis.returns.form_layout import (
    FLOWS,
    START_STOCK,
    Agreement,
    Column,
    Formula,
    Register,
    Row,
    Table,
    measure_name,
    streaming_key,
)
from vetanalysis.returns.key import Key
from vetanalysis.returns.lists import WHOLE, choices, written

#: Title block, two header rows, the row of column letters; figures begin below.
HEAD_ROW, LETTER_ROW, FIRST_ROW = 5, 7, 8
_HOW_TO = ("yellow", "cumulative", "zero", "groups", "people", "measure", "send")
Words = Mapping[tuple[str, str], str | float]


@dataclass(frozen=True, slots=True)
class Heading:
    """The lines above every table."""

    unit: str
    period: str
    warning: str = ""


def ref_at(row: int, column: int) -> str:
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
            put_text(sheet.cell(HEAD_ROW + 1 if over else HEAD_ROW, place), headed(column.head, column.unit))
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


def headed(head: str, unit: str) -> str:
    """The head of a column with its unit of measure below."""
    return f"{head}\n({unit})" if unit else head


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
    ref = ref_at(number, place)
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
        at = {other.head: ref_at(number, index) for index, other in enumerate(table.columns)}
        return Formula(
            tuple(at[head] for head in column.plus),
            tuple(at[head] for head in column.minus),
            column.role == "ratio",
        )
    if column.role == "balance":
        return _balance(number, tables)
    if row.total and not (column.role == "quota" and row.beyond_quota):
        above = {one.label: index for index, one in enumerate(table.rows[:number])}
        return Formula(tuple(ref_at(above[label], place) for label in row.total))
    return None


def _balance(number: int, tables: Sequence[Table]) -> Formula | None:
    """Start + new - graduated - dropped out - end for one level, over the four sheets of flows and stock."""
    at: dict[str, str] = {}
    whole = written("column.all")
    for table in tables:
        heads = [column.head for column in table.columns]
        if table.key.indicator in FLOWS and table.sheet == written(f"sheet.{table.key.indicator}"):
            at[table.key.indicator] = f"'{table.sheet}'!{ref_at(number, heads.index(whole))}"
            for place, column in enumerate(table.columns):
                if column.key.indicator == START_STOCK:
                    at[START_STOCK] = f"'{table.sheet}'!{ref_at(number, place)}"
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
        put_text(sheet.cell(number, 1), written("note", note=note))
        dress(sheet.cell(number, 1), "note")
        sheet.row_dimensions[number].height = 30


def draw_cover(
    sheet: Any,
    heading: Heading,
    facts: Sequence[tuple[str, str]],
    tables: Sequence[tuple[str, str]],
    is_district: bool,
    register: Register,
    words: Words,
) -> None:
    """What the form is about, who filled it in, which tables it holds and how to fill them in."""
    title_block(sheet, heading, written("title.cover"), 4)
    row = HEAD_ROW + 1
    for label, text in facts:
        _line(sheet, row, label, text)
        row += 1
    for label, kind, start in (
        ("contact.name", "contact_name", ""),
        ("contact.phone", "contact_phone", ""),
        ("status", "figures_status", written("figures_status.provisional")),
    ):
        _line(sheet, row, written(label), str(words.get((kind, ""), start)), look="input_text")
        sheet.cell(row, 2).number_format = "@"
        register.texts[sheet.title, f"B{row}"] = (kind, "")
        if kind == "figures_status":
            allow_list(sheet, f"B{row}", choices("figures_status"))
        row += 1
    sheets = [written("row.part_of", label=name, part=title) for name, title in tables]
    row = _section(sheet, row + 1, written("section.sheets"), sheets)
    how = [written(f"how.{one}") for one in (*_HOW_TO, *(["district"] if is_district else []))]
    row = _section(sheet, row + 1, written("section.how"), how)
    for place, line in ((1, "signature.author"), (4, "signature.head")):
        put_text(sheet.cell(row + 1, place), written(line))
        dress(sheet.cell(row + 1, place), "sign")
    sheet.row_dimensions[row + 1].height = 36
    for column, width in zip("ABCD", (38, 40, 18, 36), strict=True):
        sheet.column_dimensions[column].width = width
    page(sheet, pages_high=1)


def draw_explanations(
    sheet: Any, heading: Heading, tasks: Sequence[tuple[str, str]], register: Register, words: Words
) -> None:
    """Per task: how far it is, difficulties, causes, proposals."""
    title_block(sheet, heading, written("title.explanations"), 5)
    kinds = ("progress", "difficulties", "causes", "proposals")
    _plain_head(sheet, [written(f"column.{one}") for one in ("task", *kinds)], (44, 18, 38, 38, 38))
    for number, (ref, label) in enumerate(tasks, start=FIRST_ROW):
        put_text(sheet.cell(number, 1), label)
        dress(sheet.cell(number, 1), "label")
        for place, kind in enumerate(kinds, start=2):
            cell = sheet.cell(number, place)
            put_text(cell, str(words.get((kind, ref), "")))
            dress(cell, "input_text")
            cell.number_format = "@"
            register.texts[sheet.title, cell.coordinate] = (kind, ref)
        sheet.row_dimensions[number].height = 62
    allow_list(sheet, f"B{FIRST_ROW}:B{FIRST_ROW + len(tasks) - 1}", choices("progress"))
    page(sheet, LETTER_ROW)


def draw_communes(
    sheet: Any,
    heading: Heading,
    communes: Sequence[tuple[str, str]],
    quota: float | None,
    register: Register,
    words: Words,
) -> None:
    """The district's quota by commune; its sum is held against the district's quota."""
    title_block(sheet, heading, written("title.communes"), 3)
    quota_head = headed(written("column.quota"), measure_name("persons"))
    heads = (written("column.commune"), written("column.code"), quota_head)
    _plain_head(sheet, heads, (40, 14, 20), letters="AB1")
    last = FIRST_ROW + len(communes) - 1
    for number, (code, name) in enumerate(communes, start=FIRST_ROW):
        put_text(sheet.cell(number, 1), name)
        put_text(sheet.cell(number, 2), code)
        dress(sheet.cell(number, 1), "label")
        dress(sheet.cell(number, 2), "word")
        cell = sheet.cell(number, 3)
        value = words.get(("commune_quota", code))
        if value is not None:
            cell.value = int(value)
            register.numbers[sheet.title, f"C{number}"] = int(value)
        dress(cell, "input")
        register.texts[sheet.title, f"C{number}"] = ("commune_quota", code)
    refs = tuple(f"C{number}" for number in range(FIRST_ROW, last + 1))
    allow_numbers(sheet, [f"C{FIRST_ROW}:C{last}"], whole=True)
    checks = (
        ("total", Formula(refs)),
        ("given_quota", None),
        ("difference", Formula((f"C{last + 1}",), (f"C{last + 2}",))),
        ("agreement", Agreement(refs, f"C{last + 2}")),
    )
    for number, (label, formula) in enumerate(checks, start=last + 1):
        put_text(sheet.cell(number, 1), written(f"row.{label}"))
        dress(sheet.cell(number, 1), "label_total")
        dress(sheet.cell(number, 2), "word")
        cell = sheet.cell(number, 3)
        if formula is not None:
            cell.value = formula.text()
            register.formulas[sheet.title, f"C{number}"] = formula
        elif quota is not None:
            cell.value = round(quota)
            register.numbers[sheet.title, f"C{number}"] = round(quota)
        dress(cell, "total")
    sheet.freeze_panes = f"A{FIRST_ROW}"
    page(sheet, LETTER_ROW)


def draw_documents(sheet: Any, heading: Heading, lines: int, register: Register, words: Words) -> None:
    """The body's own plan documents: kind, number, date, title. The text key is the line, counted from 1."""
    title_block(sheet, heading, written("title.documents"), 4)
    kinds = ("document_type", "document_number", "document_date", "document_title")
    _plain_head(sheet, [written(f"column.{one}") for one in kinds], (22, 24, 16, 80))
    for line in range(1, lines + 1):
        number = FIRST_ROW + line - 1
        for place, kind in enumerate(kinds, start=1):
            cell = sheet.cell(number, place)
            value = words.get((kind, str(line)), "")
            if kind == "document_date" and value:
                cell.value = value
            else:
                put_text(cell, str(value))
            dress(cell, "input_day" if kind == "document_date" else "input_text")
            if kind == "document_number":
                cell.number_format = "@"
            register.texts[sheet.title, cell.coordinate] = (kind, str(line))
        sheet.row_dimensions[number].height = 32
    allow_list(sheet, f"A{FIRST_ROW}:A{FIRST_ROW + lines - 1}", choices("document_type"))
    page(sheet, LETTER_ROW)


def _line(sheet: Any, row: int, label: str, text: str, look: str = "given_text") -> None:
    put_text(sheet.cell(row, 1), label)
    dress(sheet.cell(row, 1), "label")
    sheet.merge_cells(start_row=row, end_row=row, start_column=2, end_column=4)
    put_text(sheet.cell(row, 2), text)
    for place in (2, 3, 4):
        dress(sheet.cell(row, place), look)
    sheet.row_dimensions[row].height = 20 if len(text) < 90 else 36


def _section(sheet: Any, row: int, title: str, lines: Sequence[str]) -> int:
    put_text(sheet.cell(row, 1), title)
    dress(sheet.cell(row, 1), "bold")
    for number, text in enumerate(lines, start=row + 1):
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=4)
        put_text(sheet.cell(number, 1), f"{number - row}. {text}")
        dress(sheet.cell(number, 1), "plain")
        sheet.row_dimensions[number].height = 17 if len(text) < 118 else 33
    return row + len(lines) + 1


def _plain_head(sheet: Any, heads: Sequence[str], widths: Sequence[float], letters: str = "") -> None:
    for place, (head, width) in enumerate(zip(heads, widths, strict=True), start=1):
        sheet.merge_cells(start_row=HEAD_ROW, end_row=HEAD_ROW + 1, start_column=place, end_column=place)
        put_text(sheet.cell(HEAD_ROW, place), head)
        put_text(sheet.cell(LETTER_ROW, place), letters[place - 1] if letters else "ABCDE"[place - 1])
        for number in (HEAD_ROW, HEAD_ROW + 1):
            dress(sheet.cell(number, place), "head")
        dress(sheet.cell(LETTER_ROW, place), "letter")
        sheet.column_dimensions["ABCDE"[place - 1]].width = width
