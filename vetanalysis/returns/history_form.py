"""The form for a past year: one sheet, the four cut-offs of the year side by side.

An office that begins with the program has past years in its drawers; this is the form to bring them in with.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vetanalysis.periods import Cutoff, cutoffs, window
from vetanalysis.returns.form_book import Form, add_hidden
from vetanalysis.returns.form_cover import Words
from vetanalysis.returns.form_layout import (
    EMPLOYMENT,
    FLOWS,
    MONEY,
    START_STOCK,
    breakdown_columns,
    level_rows,
)
from vetanalysis.returns.form_parts import Column, Key, Register, Row, Table
from vetanalysis.returns.form_sheets import FIRST_ROW, Heading, draw_table
from vetanalysis.returns.form_styles import dress, put_text
from vetanalysis.returns.form_words import ILLUSTRATIVE_LINE, TRADES, measure_word
from vetanalysis.returns.obligations import indicators_owed

if TYPE_CHECKING:
    from vetanalysis.plan import Plan, Unit

HISTORY_SHEET = "Lũy kế theo quý"
_HEADS = ("Quý I", "6 tháng", "9 tháng", "Cả năm")
_SINGLE = ("jobs_created", *EMPLOYMENT)


def write_history_template(plan: Plan, unit: str, year: int, path: str | Path) -> Path:
    """Write the blank form of one unit for a past year and return its path. WrongCall for an unknown unit."""
    return build_history(plan, unit, year).save(Path(path))


def owes_history(plan: Plan, unit: str, year: int) -> bool:
    """Whether the form for a past year has anything for this unit to fill in."""
    return bool(history_table(plan, plan.unit(unit), year).rows)


def build_history(
    plan: Plan,
    unit: str,
    year: int,
    figures: Mapping[Key, float] | None = None,
    words: Words | None = None,
    illustrative: bool = False,
) -> Form:
    """The form of one unit for a past year, blank or filled with `figures` by `Key` (with `period`).

    `words` by (kind, ref), as in `_texts`; the form asks for the contact only.
    """
    from openpyxl import Workbook

    known, cutoff = plan.unit(unit), Cutoff(year, "FY")
    first, last = window(cutoff, plan.calendar)
    heading = Heading(
        unit=f"Đơn vị báo cáo: {known.name}",
        period=f"Kỳ báo cáo: năm {year} (từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}), lũy kế đến từng kỳ",
        warning=ILLUSTRATIVE_LINE if illustrative else "",
    )
    register, book = Register(), Workbook()
    book.active.title = HISTORY_SHEET
    table = history_table(plan, known, year)
    draw_table(book.active, table, heading, register, figures=figures)
    _contacts(book.active, len(table.rows), register, words or {})
    about = {
        "form": "vetanalysis", "form_version": "1", "plan": plan.name, "unit": unit, "period": str(cutoff),
        "window_start": first.isoformat(), "window_end": last.isoformat(), "basis": "cumulative",
        "illustrative": "true" if illustrative else "false",
    }  # fmt: skip
    add_hidden(book, register, about)
    book.properties.title = f"{known.name}, {year}"
    return Form(book, register, last)


def _contacts(sheet: Any, rows: int, register: Register, words: Words) -> None:
    """Below the table: whom to phone."""
    fields = (("Người lập biểu (họ và tên)", "contact_name"), ("Điện thoại liên hệ", "contact_phone"))
    for number, (label, kind) in enumerate(fields, start=FIRST_ROW + rows + 1):
        put_text(sheet.cell(number, 1), label)
        dress(sheet.cell(number, 1), "label")
        sheet.merge_cells(start_row=number, end_row=number, start_column=2, end_column=6)
        put_text(sheet.cell(number, 2), str(words.get((kind, ""), "")))
        for place in range(2, 7):
            dress(sheet.cell(number, place), "input_text")
        sheet.cell(number, 2).number_format = "@"
        register.texts[HISTORY_SHEET, f"B{number}"] = (kind, "")
        sheet.row_dimensions[number].height = 20


def history_table(plan: Plan, unit: Unit, year: int) -> Table:
    """The only table of the form: a block per quantity the unit owes, a column per cut-off."""
    cutoff = Cutoff(year, "FY")
    owed = indicators_owed(plan, unit, cutoff)
    ids = set(owed["id"])
    rows: list[Row] = []
    for indicator, (_, title) in FLOWS.items():
        if indicator in ids:
            rows += _block(plan, cutoff, indicator, title)
    singles = owed[owed["id"].isin(_SINGLE)]
    if len(singles):
        rows.append(Row("VIỆC LÀM", heading=True))
    for item in singles.itertuples():
        rows.append(Row(item.label_vi, Key(item.id, measure="persons", basis="cumulative"), "người"))
    if ids & set(MONEY):
        rows.append(Row("KINH PHÍ", heading=True))
        for indicator, words in zip(MONEY, ("Được giao", "Đã giải ngân"), strict=True):
            for source in plan.funding_sources:
                key = Key(indicator, fund_source=source.id, measure="million_dong", basis="cumulative")
                rows.append(
                    Row(f"{words}: {source.text.vi.rstrip(' .;')}", key, measure_word("million_dong"))
                )
    periods = zip(_HEADS, cutoffs(year), strict=True)
    columns = (
        Column("ĐVT", "unit", width=12),
        *(Column(head, over=f"Lũy kế từ đầu năm {year}", key=Key(period=str(one))) for head, one in periods),
    )
    return Table(
        HISTORY_SHEET, f"KẾT QUẢ NĂM {year} THEO KỲ", "Nội dung", tuple(rows), columns, stub_width=66
    )


def _block(plan: Plan, cutoff: Cutoff, indicator: str, title: str) -> list[Row]:
    """Heading, levels with totals, then women and groups of all levels; trades for new enrolments."""
    key = Key(
        indicator, measure="persons", basis="stock" if indicator == "people_in_training" else "cumulative"
    )
    rows = [Row(title, heading=True)]
    rows += [
        Row(row.label, row.key.under(key) if not row.total else Key(), "người", row.total)
        for row in level_rows(plan, cutoff)
    ]
    if indicator == "people_in_training":
        start = Key(START_STOCK, measure="persons", basis="stock")
        rows += [
            Row(f"Đang học đầu năm: {row.label}", row.key.under(start), "người")
            for row in level_rows(plan, cutoff)
            if not row.total
        ]
    if indicator in ("people_enrolled", "people_graduated"):
        rows += [
            Row(f"trong đó: {column.head}", column.key.under(key), "người")
            for column in breakdown_columns(plan, indicator)
        ]
    if indicator == "people_enrolled":
        rows += [Row(name, Key(trade=code).under(key), "người") for code, name in TRADES.items()]
    return rows
