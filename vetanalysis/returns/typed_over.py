"""Cells of our own form that are printed or worked out, and hold something else: told, because they are never read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vetanalysis.blocks import Text
from vetanalysis.errors import VetanalysisError
from vetanalysis.periods import parse_cutoff
from vetanalysis.returns.cells import Grid, Workbook
from vetanalysis.returns.draft import Draft
from vetanalysis.returns.form_layout import tables_for
from vetanalysis.returns.form_parts import Formula, Key, Table
from vetanalysis.returns.form_sheets import FIRST_ROW, address, formula_at, quota_key
from vetanalysis.returns.quantity_words import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vetanalysis.plan import Plan

RULE = "typed-over"
_TOLERANCE = {"ratio": 0.06}  # of a percentage written with one decimal; counts may differ by half


def note_typed_over(
    book: Workbook, plan: Plan, unit: str, period: str, quotas: Mapping[Key, float], draft: Draft
) -> None:
    """Note every protected cell of a form in its printed layout that says something else than it should.

    Columns that a formula fills are held against what the cells beside them give, the printed quota against the
    plan's. What was reported last time is printed too, and not looked at: the form does not keep what was printed.
    """
    try:
        tables = tables_for(plan, plan.unit(unit), parse_cutoff(period))
    except VetanalysisError:
        return
    for table in tables:
        grid = book.grid(table.sheet)
        if grid is not None:
            _look_at(grid, table, tables, quotas, draft)


def _look_at(
    grid: Grid, table: Table, tables: list[Table], quotas: Mapping[Key, float], draft: Draft
) -> None:
    here = {
        address(number, place): value
        for number in range(len(table.rows))
        for place in range(len(table.columns))
        if (value := _number_at(grid, number, place)) is not None
    }
    for number, row in enumerate(table.rows):
        if row.heading:
            continue
        for place, column in enumerate(table.columns):
            stated = here.get(address(number, place))
            if stated is None or column.role in ("input", "unit", "previous", "balance"):
                continue
            formula = formula_at(table, number, place, tables)
            should = _should(formula, quotas.get(quota_key(table, row, column)), column.role, here)
            if should is None or abs(stated - should) <= _TOLERANCE.get(column.role, 0.5):
                continue
            what = Text(
                f"“{column.head}” ghi {shown(stated, 'vi')}, đúng ra là {shown(should, 'vi')}",
                f'"{column.head}" says {shown(stated, "en")} and should be {shown(should, "en")}',
            )
            draft.note(RULE, what, grid, (FIRST_ROW - 1 + number, 1 + place))


def _should(
    formula: Formula | None, quota: float | None, role: str, here: Mapping[str, float]
) -> float | None:
    if formula is None:
        return quota if role == "quota" else None
    value = formula.value(here)
    return None if isinstance(value, str) else value


def _number_at(grid: Grid, number: int, place: int) -> float | None:
    at = (FIRST_ROW - 1 + number, 1 + place)
    value = grid.at(*at)
    if isinstance(value, bool) or not isinstance(value, int | float) or at in grid.structure.unstored:
        return None
    return float(value)
