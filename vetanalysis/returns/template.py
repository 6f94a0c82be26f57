"""The form: one workbook per unit that must report, ready to send, in Vietnamese.

Every form carries three hidden sheets by which a program reads it back whatever a person does to the looks:
`_form` (what the form is), `_cells` (which figure each open cell holds) and `_texts` (which words).
Where they are lost, the tables can still be found by what they say: title block with unit and period, two
header rows,
a row of column letters, labels in the first column, `Tổng cộng` at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.errors import WrongCall
from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.observations.crosswalk import quotas_by_unit
from vetanalysis.periods import Cutoff, deadline, parse_cutoff, window
from vetanalysis.periods import previous as period_before
from vetanalysis.returns.checks import illustrative_plan
from vetanalysis.returns.form_book import Form, add_hidden
from vetanalysis.returns.form_cover import (
    COMMUNES,
    COVER,
    DOCUMENTS,
    EXPLANATIONS,
    Words,
    draw_communes,
    draw_cover,
    draw_documents,
    draw_explanations,
)
from vetanalysis.returns.form_layout import START_STOCK, tables_for
from vetanalysis.returns.form_parts import Key, Register
from vetanalysis.returns.form_sheets import Heading, draw_table
from vetanalysis.returns.form_words import DISTRICT_SCOPE, ILLUSTRATIVE_LINE, period_words
from vetanalysis.returns.obligations import reporting_units

if TYPE_CHECKING:
    from vetanalysis.plan import Plan, Unit

__all__ = ["build_form", "file_name", "write_template", "write_templates"]

FORM_VERSION = "1"
DOCUMENT_LINES = 8


def write_template(
    plan: Plan, unit: str, period: str | Cutoff, path: str | Path, previous: pd.DataFrame | None = None
) -> Path:
    """Write the blank form of one unit for one period to `path` and return it.

    `previous`: observations (the tidy table) from which what the unit reported last time is filled in;
    rows of other units and periods are ignored, None leaves the cells empty. Raises WrongCall for an unknown
    unit, for a unit that need not report, and for a period that is no reporting cut-off of the plan.
    """
    return build_form(plan, unit, period, previous=previous).save(Path(path))


def write_templates(
    plan: Plan, period: str | Cutoff, folder: str | Path, obs: pd.DataFrame | None = None
) -> list[Path]:
    """Write one form per unit that must report for the period: `<unit>.xlsx` in `folder`; returns the
    paths."""
    cutoff = _reporting_cutoff(plan, period)
    return [
        write_template(plan, unit, cutoff, Path(folder) / file_name(unit), obs)
        for unit in reporting_units(plan, cutoff)
    ]


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
    days = f"từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}"
    heading = Heading(
        unit=f"Đơn vị báo cáo: {known.name}",
        period=f"Kỳ báo cáo: {period_words(cutoff)} ({days})",
        warning=ILLUSTRATIVE_LINE if illustrative else "",
    )
    register, book, texts = Register(), Workbook(), words or {}
    tables = tables_for(plan, known, cutoff)
    before = _figures(previous, unit, str(period_before(cutoff)))
    filled = _start_stock(previous, unit, cutoff) | dict(figures or {})
    cover = book.active
    cover.title = COVER
    for table in tables:
        draw_table(
            book.create_sheet(table.sheet), table, heading, register,
            tables=tables, figures=filled, previous=before, quotas=quotas,
        )  # fmt: skip
    listed = [(table.sheet, table.title.capitalize()) for table in tables]
    tasks = [(task.id, f"{task.number}. {task.label.vi}") for task in plan.tasks]
    tasks.append(("general", "Nội dung khác, kiến nghị chung"))
    draw_explanations(book.create_sheet(EXPLANATIONS), heading, tasks, register, texts)
    listed.append((EXPLANATIONS, "Khó khăn, nguyên nhân, đề xuất theo từng nhiệm vụ"))
    inside = _communes(plan, known, last)
    if inside:
        quota = sum(quotas.values()) if quotas else None
        draw_communes(book.create_sheet(COMMUNES), heading, inside, quota, register, texts)
        listed.append((COMMUNES, "Chỉ tiêu giao cho từng xã, phường, thị trấn"))
    draw_documents(book.create_sheet(DOCUMENTS), heading, DOCUMENT_LINES, register, texts)
    listed.append((DOCUMENTS, "Kế hoạch và văn bản triển khai của đơn vị"))
    draw_cover(
        cover, heading, _facts(plan, known, cutoff, quotas, before), listed,
        DISTRICT_SCOPE if known.kind == "district" else "", register, texts,
    )  # fmt: skip
    about = {
        "form": "vetanalysis", "form_version": FORM_VERSION, "plan": plan.name, "unit": unit,
        "period": str(cutoff),
        "window_start": first.isoformat(), "window_end": last.isoformat(), "basis": "cumulative",
        "illustrative": "true" if illustrative else "false",
    }  # fmt: skip
    add_hidden(book, register, about)
    book.properties.title = f"{known.name}, {period_words(cutoff)}"
    return Form(book, register, last)


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
        value for key, value in before.items() if key.indicator == "people_enrolled" and _by_level_only(key)
    ]
    quota = f"{sum(quotas.values()):,.0f} người".replace(",", ".") if quotas else "chưa giao"
    seen = f"{sum(enrolled):,.0f} người tuyển mới".replace(",", ".") if enrolled else "chưa có số liệu"
    return [
        ("Kế hoạch", plan.title.vi + (f" (số {plan.number})" if plan.number else "")),
        ("Đơn vị báo cáo", unit.name),
        ("Mã đơn vị", unit.code),
        ("Kỳ báo cáo", period_words(cutoff)),
        ("Thời gian tính số liệu", f"từ {first:%d/%m/%Y} đến hết ngày {last:%d/%m/%Y}"),
        ("Hạn gửi báo cáo", f"{deadline(cutoff, plan.calendar, unit.kind):%d/%m/%Y}"),
        ("Nơi nhận báo cáo", to),
        (f"Chỉ tiêu được giao năm {cutoff.year}", quota),
        (f"Đã báo cáo kỳ trước ({period_words(period_before(cutoff))})", seen),
    ]


def _by_level_only(key: Key) -> bool:
    """Whether a figure is the total of a level: no other breakdown."""
    return replace(key, indicator="", level="", measure="", basis="") == Key()


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
        if key.indicator == "people_in_training" and key.level and _by_level_only(key)
    }
