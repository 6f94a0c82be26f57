"""The form: one workbook per unit that must report, ready to send, in Vietnamese.

Every form carries three hidden sheets by which a program reads it back whatever a person does to the looks:
`_form` (what the form is), `_cells` (which figure each open cell holds) and `_texts` (which words).
Where they are lost, the tables can still be found by what they say: title block with unit and period, two
header rows, a row of column letters, labels in the first column, `Tổng cộng` at the end.

The form for a past year is one sheet, the four cut-offs of the year side by side: an office that begins with
the program has past years in its drawers, and brings them in with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from vetanalysis.errors import WrongCall
from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.observations.crosswalk import quotas_by_unit
from vetanalysis.periods import Cutoff, cutoffs, deadline, parse_cutoff, window
from vetanalysis.periods import previous as period_before
from vetanalysis.returns.form_book import Form, add_hidden, dress, put_text
from vetanalysis.returns.form_layout import (
    EMPLOYMENT,
    FLOWS,
    MONEY,
    START_STOCK,
    Column,
    Register,
    Row,
    Table,
    breakdown_columns,
    level_rows,
    measure_name,
    source_name,
    tables_for,
)
from vetanalysis.returns.form_sheets import (
    FIRST_ROW,
    Heading,
    Words,
    draw_communes,
    draw_cover,
    draw_documents,
    draw_explanations,
    draw_table,
)
from vetanalysis.returns.key import Key
from vetanalysis.returns.lists import (
    LANGUAGE,
    TRADES,
    illustrative_plan,
    indicators_owed,
    named,
    reporting_units,
    written,
)

if TYPE_CHECKING:
    from vetanalysis.plan import Plan, Unit

FORM_VERSION = "1"
DOCUMENT_LINES = 8
_SINGLE = ("jobs_created", *EMPLOYMENT)


def write_template(
    plan: Plan, unit: str, period: str | Cutoff, path: str | Path, previous: pd.DataFrame | None = None
) -> Path:
    """Write the blank form of one unit for one period to `path` and return it.

    `previous`: observations (the tidy table) from which what the unit reported last time is filled in;
    rows of other units and periods are ignored, None leaves the cells empty. Raises WrongCall for an unknown
    unit, for a unit that need not report, and for a period that is no reporting cut-off of the plan.
    """
    return build_form(plan, unit, period, previous=previous).save(Path(path))


def file_name(unit: str, received: str = "") -> str:
    """`178.xlsx` for a form to send out, `178__2023-03-15.xlsx` for a return received on that day."""
    return f"{unit}__{received}.xlsx" if received else f"{unit}.xlsx"


def build_form(
    plan: Plan,
    unit: str,
    period: str | Cutoff,
    *,
    previous: pd.DataFrame | None = None,
    figures: Mapping[Key, float] | None = None,
    words: Words | None = None,
    illustrative: bool | None = None,
) -> Form:
    """The form of one unit for one period, blank or with `figures` and `words` filled in.

    `figures` by `Key` (empty fields = all); `words` by (kind, ref) as in `_texts`. `illustrative` marks
    every sheet as invented; None: as the plan is, so that what is filled in is never taken for real figures.
    """
    from openpyxl import Workbook

    cutoff = _reporting_cutoff(plan, period)
    known = plan.unit(unit)
    if unit not in reporting_units(plan, cutoff):
        raise WrongCall(f"unit {unit} ({known.name}) is not among those that report for {cutoff}")
    quotas = quotas_of(plan, unit, cutoff.year)
    if illustrative is None:
        illustrative = illustrative_plan(plan)
    first, last = window(cutoff, plan.calendar)
    period_line = written("head.period", cutoff=str(cutoff), first=_day(first), last=_day(last))
    heading = _heading(known, period_line, illustrative)
    register, book, texts = Register(), Workbook(), words or {}
    tables = tables_for(plan, known, cutoff)
    before = _figures(previous, unit, str(period_before(cutoff, plan.calendar)))
    filled = _start_stock(previous, unit, cutoff) | dict(figures or {})
    cover = book.active
    cover.title = written("sheet.cover")
    for table in tables:
        draw_table(
            book.create_sheet(table.sheet), table, heading, register,
            tables=tables, figures=filled, previous=before, quotas=quotas,
        )  # fmt: skip
    listed = [(table.sheet, table.title.capitalize()) for table in tables]
    tasks = [*zip((task.id for task in plan.tasks), task_labels(plan), strict=True)]
    tasks.append(("general", written("row.other")))
    sheet, line = _sheet(book, "explanations")
    draw_explanations(sheet, heading, tasks, register, texts)
    listed.append(line)
    inside = _communes(plan, known, last)
    if inside:
        quota = sum(quotas.values()) if quotas else None
        sheet, line = _sheet(book, "communes")
        draw_communes(sheet, heading, inside, quota, register, texts)
        listed.append(line)
    sheet, line = _sheet(book, "documents")
    draw_documents(sheet, heading, DOCUMENT_LINES, register, texts)
    listed.append(line)
    draw_cover(
        cover, heading, _facts(plan, known, cutoff, quotas, before), listed,
        known.kind == "district", register, texts,
    )  # fmt: skip
    about = {
        "form": "vetanalysis", "form_version": FORM_VERSION, "plan": plan.name, "unit": unit,
        "period": str(cutoff),
        "window_start": first.isoformat(), "window_end": last.isoformat(), "basis": "cumulative",
        "illustrative": "true" if illustrative else "false",
    }  # fmt: skip
    add_hidden(book, register, about)
    book.properties.title = f"{known.name}, {written('period', cutoff=str(cutoff))}"
    return Form(book, register, last)


def _heading(unit: Unit, period: str, illustrative: bool) -> Heading:
    warning = written("head.illustrative") if illustrative else ""
    return Heading(written("head.unit", unit=unit.name), period, warning)


def _sheet(book: Any, kind: str) -> tuple[Any, tuple[str, str]]:
    """A new sheet of the form, and how the cover lists it."""
    name = written(f"sheet.{kind}")
    return book.create_sheet(name), (name, written(f"listed.{kind}"))


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def task_labels(plan: Plan) -> list[str]:
    """The plan's tasks as the sheet of explanations numbers them."""
    return [written("row.task", number=task.number, label=task.label) for task in plan.tasks]


def _communes(plan: Plan, unit: Unit, day: date) -> list[tuple[str, str]]:
    """(code, name) of the communes of a district on a day; none for any other unit."""
    communes = plan.units_on(day, "commune")
    inside = communes[communes["parent"] == unit.code] if unit.kind == "district" else communes[:0]
    return list(zip(inside["code"], inside["name"], strict=True))


def _reporting_cutoff(plan: Plan, period: str | Cutoff) -> Cutoff:
    cutoff = parse_cutoff(period)
    if cutoff.alone or cutoff.code == "start":
        raise WrongCall(f"period {cutoff}: forms exist for Q1, H1, 9M and FY")
    return plan.check_cutoff(cutoff)


def _facts(
    plan: Plan, unit: Unit, cutoff: Cutoff, quotas: Mapping[Key, float], before: Mapping[Key, float]
) -> list[tuple[str, str]]:
    first, last = window(cutoff, plan.calendar)
    to = plan.unit(plan.reporting.to).name if plan.reporting else ""
    enrolled = [
        value
        for key, value in before.items()
        if key.indicator == "people_enrolled" and key.breakdowns in ((), ("level",))
    ]
    given = sum(quotas.values())
    quota = written("people", value=given) if quotas else written("fact.no_quota")
    seen = written("fact.enrolled", value=sum(enrolled)) if enrolled else written("fact.none")
    title = plan.title.get(LANGUAGE)
    return [
        (
            written("fact.plan"),
            written("fact.plan_number", title=title, number=plan.number) if plan.number else title,
        ),
        (written("fact.unit"), unit.name),
        (written("column.code"), unit.code),
        (written("fact.period"), written("period", cutoff=str(cutoff))),
        (written("fact.days"), written("fact.days_between", first=_day(first), last=_day(last))),
        (written("fact.deadline"), _day(deadline(cutoff, plan.calendar, unit.kind))),
        (written("fact.to"), to),
        (written("fact.quota", year=cutoff.year), quota),
        (written("fact.previous", cutoff=str(period_before(cutoff, plan.calendar))), seen),
    ]


def quotas_of(plan: Plan, unit: str, year: int) -> dict[Key, float]:
    """The unit's quotas of the year by level, else those of the units it took over from.

    A quota without level only where there are none by level.
    """
    quotas = quotas_by_unit(plan)
    rows = quotas[(quotas["unit"] == unit) & (quotas["period"] == f"{year}-FY")]
    by_level = rows[rows["level"] != ""]
    kept = by_level if len(by_level) else rows
    return {Key(level=level): float(value) for level, value in zip(kept["level"], kept["value"], strict=True)}


def _figures(frame: pd.DataFrame | None, unit: str, period: str) -> dict[Key, float]:
    """Figures of one unit and period by key, without measure and basis removed from the key."""
    if frame is None or frame.empty:
        return {}
    rows = frame[(frame["unit"] == unit) & (frame["period"] == period) & frame["value"].notna()]
    columns = [name for name in ("indicator", *BREAKDOWNS, "measure", "basis") if name in rows.columns]
    return {
        Key(**dict(zip(columns, map(str, values), strict=True))): float(value)
        for *values, value in rows[[*columns, "value"]].itertuples(index=False, name=None)
    }


def _start_stock(frame: pd.DataFrame | None, unit: str, cutoff: Cutoff) -> dict[Key, float]:
    """People in training at the end of the year before, as the stock this year begins with."""
    last_year = _figures(frame, unit, f"{cutoff.year - 1}-FY")
    return {
        Key(START_STOCK, level=key.level, measure=key.measure, basis=key.basis): value
        for key, value in last_year.items()
        if key.indicator == "people_in_training" and key.breakdowns == ("level",)
    }


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
    period_line = written("head.history", year=year, first=_day(first), last=_day(last))
    heading = _heading(known, period_line, illustrative)
    register, book = Register(), Workbook()
    table = history_table(plan, known, year)
    book.active.title = table.sheet
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
    fields = (("contact.name", "contact_name"), ("contact.phone", "contact_phone"))
    for number, (line, kind) in enumerate(fields, start=FIRST_ROW + rows + 1):
        put_text(sheet.cell(number, 1), written(line))
        dress(sheet.cell(number, 1), "label")
        sheet.merge_cells(start_row=number, end_row=number, start_column=2, end_column=6)
        put_text(sheet.cell(number, 2), str(words.get((kind, ""), "")))
        for place in range(2, 7):
            dress(sheet.cell(number, place), "input_text")
        sheet.cell(number, 2).number_format = "@"
        register.texts[sheet.title, f"B{number}"] = (kind, "")
        sheet.row_dimensions[number].height = 20


def history_table(plan: Plan, unit: Unit, year: int) -> Table:
    """The only table of the form: a block per quantity the unit owes, a column per cut-off."""
    cutoff = Cutoff(year, "FY")
    owed = indicators_owed(plan, unit, cutoff)
    ids = set(owed["id"])
    rows: list[Row] = []
    people = measure_name("persons")
    for indicator in FLOWS:
        if indicator in ids:
            rows += _block(plan, cutoff, indicator, people)
    singles = owed[owed["id"].isin(_SINGLE)]
    if len(singles):
        rows.append(Row(written("row.employment"), heading=True))
    for item in singles.itertuples():
        rows.append(Row(item.label_vi, Key(item.id, measure="persons", basis="cumulative"), people))
    if ids & set(MONEY):
        rows.append(Row(written("row.funds"), heading=True))
        money = measure_name("million_dong")
        for indicator, line in zip(MONEY, ("column.assigned", "column.disbursed"), strict=True):
            for source in plan.funding_sources:
                key = Key(indicator, fund_source=source.id, measure="million_dong", basis="cumulative")
                label = written("row.part_of", label=written(line), part=source_name(source.text))
                rows.append(Row(label, key, money))
    over = written("column.in_year_number", year=year)
    columns = (
        Column(written("column.measure"), "unit", width=12),
        *(Column(_column(one), over=over, key=Key(period=str(one))) for one in cutoffs(year, plan.calendar)),
    )
    return Table(
        written("sheet.history", step=plan.calendar.step), written("title.history", year=year),
        written("column.content"), tuple(rows),
        columns, stub_width=66,
    )  # fmt: skip


def _column(cutoff: Cutoff) -> str:
    """A cut-off as it heads a column of running totals."""
    line = "months" if cutoff.code.startswith("M") else cutoff.code
    return written(f"column.{line}", **({"months": cutoff.months} if line == "months" else {}))


def _block(plan: Plan, cutoff: Cutoff, indicator: str, people: str) -> list[Row]:
    """Heading, levels with totals, then women and groups of all levels; trades for new enrolments."""
    key = Key(
        indicator, measure="persons", basis="stock" if indicator == "people_in_training" else "cumulative"
    )
    rows = [Row(written(f"title.{indicator}"), heading=True)]
    rows += [
        Row(row.label, row.key.under(key) if not row.total else Key(), people, row.total)
        for row in level_rows(plan, cutoff)
    ]
    if indicator == "people_in_training":
        start = Key(START_STOCK, measure="persons", basis="stock")
        rows += [
            Row(
                written("row.part_of", label=written("column.start"), part=row.label),
                row.key.under(start),
                people,
            )
            for row in level_rows(plan, cutoff)
            if not row.total
        ]
    if indicator in ("people_enrolled", "people_graduated"):
        rows += [
            Row(written("row.of_which", part=column.head), column.key.under(key), people)
            for column in breakdown_columns(plan, indicator)
        ]
    if indicator == "people_enrolled":
        rows += [Row(named("trade", code), Key(trade=code).under(key), people) for code in TRADES]
    return rows
