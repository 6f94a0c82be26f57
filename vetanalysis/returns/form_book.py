"""A form in memory: its workbook, what stands where, and the file it becomes."""

from __future__ import annotations

import io
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from vetanalysis.returns.form_parts import CELL_COLUMNS, TEXT_COLUMNS, Key, Register
from vetanalysis.returns.form_styles import protect
from vetanalysis.returns.settled_zip import settle

FORM_SHEET, CELLS_SHEET, TEXTS_SHEET = "_form", "_cells", "_texts"


@dataclass(slots=True)
class Form:
    """`book` is the openpyxl workbook, `day` the day stamped into the file (no clock is read)."""

    book: Any
    register: Register
    day: date

    def results(self) -> dict[tuple[str, str], float | str]:
        """The value of every formula, for the numbers that stand in the form now."""
        numbers = dict(self.register.numbers)
        found: dict[tuple[str, str], float | str] = {}
        for _ in range(len(self.register.formulas)):
            before = dict(found)
            by_sheet = _by_sheet({**numbers, **{k: v for k, v in found.items() if not isinstance(v, str)}})
            for (sheet, ref), formula in self.register.formulas.items():
                found[sheet, ref] = formula.value(by_sheet.get(sheet, {}) | by_sheet[""])
            if found == before:
                break
        return found

    def overwrite(self, sheet: str, ref: str, value: float) -> None:
        """Put a typed number in a cell, as a person does who overwrites a formula."""
        self.register.formulas.pop((sheet, ref), None)
        self.register.numbers[sheet, ref] = value
        self.book[sheet][ref].value = value

    def to_bytes(self) -> bytes:
        """The file: the same bytes for the same content, every formula with its value."""
        self.book.properties.creator = self.book.properties.lastModifiedBy = "vetanalysis"
        raw = io.BytesIO()
        self.book.save(raw)
        parts: dict[str, dict[str, float | str]] = {}
        names = {
            sheet.title: f"xl/worksheets/sheet{n}.xml" for n, sheet in enumerate(self.book.worksheets, 1)
        }
        for (sheet, ref), value in self.results().items():
            parts.setdefault(names[sheet], {})[ref] = value
        lists = [names[sheet] for sheet in (FORM_SHEET, CELLS_SHEET, TEXTS_SHEET) if sheet in names]
        return settle(raw.getvalue(), self.day, parts, lists)

    def save(self, path: Path) -> Path:
        """Write the file; its folder is made when missing."""
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.to_bytes())
        return path


def _by_sheet(numbers: dict[tuple[str, str], float]) -> dict[str, dict[str, float]]:
    """Numbers by sheet and address, and under "" by address with the sheet in front."""
    found: dict[str, dict[str, float]] = {"": {}}
    for (sheet, ref), value in numbers.items():
        found.setdefault(sheet, {})[ref] = value
        found[""][f"'{sheet}'!{ref}"] = value
    return found


def add_hidden(book: Any, register: Register, about: dict[str, str]) -> None:
    """The hidden sheets by which a program finds every figure: `_form`, `_cells`, `_texts`.

    `_cells` has the column `period` only where a figure belongs to another period than the form's.
    """
    sheet = _hidden(book, FORM_SHEET, ("key", "value"))
    for key, value in about.items():
        _append(sheet, (key, value))
    sheet = _hidden(book, CELLS_SHEET, CELL_COLUMNS)
    with_period = any(key.period for key in register.cells.values())
    if with_period:
        sheet.cell(1, len(CELL_COLUMNS) + 1).value = "period"
    names = [one.name for one in fields(Key)]
    wanted = [*CELL_COLUMNS[2:], *(["period"] if with_period else [])]
    assert set(wanted) <= set(names)
    for (name, ref), key in register.cells.items():
        _append(sheet, (name, ref, *(getattr(key, column) for column in wanted)))
    sheet = _hidden(book, TEXTS_SHEET, TEXT_COLUMNS)
    for (name, ref), (kind, what) in register.texts.items():
        _append(sheet, (name, ref, kind, what))


def _hidden(book: Any, name: str, header: tuple[str, ...]) -> Any:
    sheet = book.create_sheet(name)
    sheet.sheet_state = "hidden"
    _append(sheet, header)
    protect(sheet)
    return sheet


def _append(sheet: Any, values: tuple[str, ...]) -> None:
    """A row of words; each stays words (a code like 05971 keeps its zero)."""
    row = 1 if sheet.max_row == 1 and sheet.cell(1, 1).value is None else sheet.max_row + 1
    for place, value in enumerate(values, start=1):
        if value != "":
            cell = sheet.cell(row, place)
            cell.value = value
            cell.data_type = "s"
