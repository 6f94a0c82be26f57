"""From a table that is not ours to figures: columns and rows are read by their words, or by a mapping file.

Totals and subtotals are recognised, held against the sum of their parts and never added. A column or a name
that is not understood is listed; its cells do not count until a mapping file or an alias says what they are.

A plain table of observations (columns unit, period, indicator, value and whatever else is known) is read by
`read_tidy`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Mapped
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.blocks import Said
from vetanalysis.observations.brought import read_brought
from vetanalysis.observations.checks import BREAKDOWNS, COLUMNS, OPTIONAL
from vetanalysis.returns.draft import (
    CONVERSIONS,
    Draft,
    Vocabulary,
    is_signature,
    is_total,
    read_period,
    vocabulary,
)
from vetanalysis.returns.grid import Grid, text_of
from vetanalysis.returns.key import column_number, letters
from vetanalysis.returns.mapping import SheetMapping, Table, figures_in, find_table
from vetanalysis.returns.names import NameBook, fold, name_book

if TYPE_CHECKING:
    from vetanalysis.plan import Plan

_SKIPPED_ROLES = {"number", "note", "plan", "derived", "previous", "measure"}
_PART = re.compile(r"^(?:trong do|t d|chia ra|gom)\b")
_ROMAN = re.compile(r"^[IVX]{1,5}\.?$")
_GENERAL = re.compile(r"^(ghi chu|nguon|don vi tinh|luu y)\b")
_COLUMNS = frozenset(COLUMNS) - frozenset(OPTIONAL)  # a school's return holds no survey figures
_ROW = re.compile(r"rows? (\d+)(?: to \d+)?(?:, (.*))?")
_TOLD_BY_CHECKS = (
    *("negative", "percent-range", "part-above-whole", "same-figure-twice"),
    *("rate-without-base", "rate-without-concept"),
)


@dataclass(frozen=True)
class Context:
    """What is known before a sheet is read: the plan, its words, its names, measures and basis of its indicators."""

    plan: Plan
    words: Vocabulary
    names: NameBook
    usual: Mapped[str, tuple[list[str], str]]


@lru_cache(maxsize=8)
def context_of(plan: Plan) -> Context:
    """The words and names of a plan."""
    table = plan.indicators
    usual = dict(
        zip(table["id"], zip(table["measure"].str.split("|"), table["basis"], strict=True), strict=True)
    )
    return Context(plan, vocabulary(plan), name_book(plan.units), usual)


def read_sheet(grid: Grid, context: Context, draft: Draft, mapping: SheetMapping | None = None) -> None:
    """Read one sheet into the draft; a sheet without a table adds nothing."""
    if mapping is not None:
        table = Table([], mapping.first_row - 1, min((mapping.last_row or len(grid.rows)), len(grid.rows)) - 1,
                      {}, column_number(mapping.label))  # fmt: skip
        columns = mapping.column_meanings()
        title: dict[str, str] = {}
        _say_unmapped(grid, table, columns, mapping, draft)
    else:
        found = find_table(grid, context.words, context.names)
        if found is None:
            return
        table = found
        title = _title_meaning(table, grid, context)
        columns = _columns(grid, table, title, context, draft)
    _say_identity(grid, table, draft)
    columns = {column: one for column, one in columns.items() if column not in table.identity}
    _read_rows(grid, table, columns, title, context, draft, mapping)


def _say_unmapped(
    grid: Grid, table: Table, columns: Mapped[int, object], mapping: SheetMapping, draft: Draft
) -> None:
    """Columns with figures that a mapping neither maps nor tells to ignore: listed, never dropped in silence."""
    known = {*columns, column_number(mapping.label), *(column_number(name) for name in mapping.ignore)}
    rows = range(table.first, table.last + 1)
    held = {column for row in rows for column in figures_in(grid, row)}
    for column in sorted(held - known):
        draft.note("column-unknown", Said("returns.unmapped_column"), grid, (table.first, column))


def _title_meaning(table: Table, grid: Grid, context: Context) -> dict[str, str]:
    meaning: dict[str, str] = {}
    for text in (*table.titles, grid.name):
        for name, value in context.words.read(text).items():
            if name in ("indicator", "basis", "measure", "level"):
                meaning.setdefault(name, value)
    return meaning


def _say_identity(grid: Grid, table: Table, draft: Draft) -> None:
    for column, header in table.identity.items():
        shown = f"{letters(column)} ({header[:40]})" if header else letters(column)
        what = Said("returns.personal_data", column=shown)
        draft.note("identity-column", what, grid, (table.first, column))


def _columns(
    grid: Grid, table: Table, title: Mapped[str, str], context: Context, draft: Draft
) -> dict[int, dict[str, str]]:
    """Meaning of each column of figures; unknown ones are listed."""
    used = {column for row in range(table.first, table.last + 1) for column in figures_in(grid, row)} - {
        table.label,
        table.number,
        *table.identity,
    }
    meanings: dict[int, dict[str, str]] = {}
    for column in sorted(used):
        header = table.headers.get(column, [])
        meaning: dict[str, str] = {}
        for text in reversed(header):  # the lowest line of the header is the most particular
            for name, value in context.words.read(text).items():
                meaning.setdefault(name, value)
        role = meaning.pop("role", "")
        if role == "plan" and meaning.get("indicator") in ("budget_assigned",):
            role = ""
        period = read_period(header)
        if period:
            meaning["period"], meaning["alone"] = period[0], "1" if period[1] else ""
        if role in _SKIPPED_ROLES and not (
            role == "derived" and meaning.get("indicator", "").endswith("rate")
        ):
            continue
        if header and not meaning and role != "whole":
            name = " / ".join(header)
            what = Said("returns.unknown_column", name=name[:80])
            draft.note("column-unknown", what, grid, (table.first, column))
            continue
        if not header and not title.get("indicator"):
            draft.note("column-unknown", Said("returns.column_without_header"), grid, (table.first, column))
            continue
        meanings[column] = meaning
    return meanings


def _read_rows(
    grid: Grid,
    table: Table,
    columns: dict[int, dict[str, str]],
    title: Mapped[str, str],
    context: Context,
    draft: Draft,
    mapping: SheetMapping | None,
) -> None:
    main: dict[str, str] = {}
    leaves: list[dict[int, float]] = []  # figures of the rows that totals add up
    totals: list[tuple[int, int, str]] = []
    for row in range(table.first, table.last + 1):
        label = _label(grid.at(row, table.label))
        if not label and table.identity:
            continue  # a list of persons, already refused
        number = str(grid.at(row, table.number)).strip() if table.number is not None else ""
        figures = [
            column
            for column in columns
            if grid.at(row, column) != "" or (row, column) in grid.structure.unstored
        ]
        if not label and not figures:
            continue
        if _GENERAL.match(fold(label)) or (not figures and is_signature([label])):
            continue
        if is_total(label) or (not label and is_total(number)):
            totals.append((row, len(leaves), "total"))
            continue
        if _ROMAN.match(number) and figures and not _unit(label, context):
            totals.append((row, len(leaves), "roman"))
            continue
        meaning = mapping.labels[label].given() if mapping and label in mapping.labels else None
        if meaning is None:
            meaning = _row_meaning(label, context)
        if not figures and not meaning.get("unit"):
            main = {name: meaning[name] for name in meaning if name == "indicator"} or main
            continue
        if not meaning and label and not mapping:
            _unknown_name(grid, row, table, label, context, draft)
            continue
        part = bool(_PART.match(fold(label)) or label[:1] in "-+•")
        if part:
            meaning = {**main, **meaning}
        elif "indicator" in meaning or "unit" in meaning:
            main = meaning
        if table.measure is not None:
            stated = context.words.read(str(grid.at(row, table.measure))).get("measure")
            meaning = {**meaning, **({"measure": stated} if stated else {})}
        values = {}
        for column in columns:
            full, place = _whole_meaning(title, columns[column], meaning, context, draft), (row, column)
            if column not in figures:
                if full is not None:
                    draft.missing.append({**full, "source": draft.source(grid, place), "mark": ""})
            elif full is None:
                draft.note("not-understood", Said("returns.which_indicator"), grid, place)
            elif (value := draft.figure(grid, place, full)) is not None:
                values[column] = value
        if not part and "group" not in meaning:
            leaves.append(values)
    _check_totals(grid, totals, leaves, columns, draft)


def _label(value: object) -> str:
    return value.strip() if isinstance(value, str) and not value.strip().isdigit() else ""


def _unit(label: str, context: Context) -> str:
    found = context.names.find(label) if label else ()
    return found[0] if len(found) == 1 else ""


def _row_meaning(label: str, context: Context) -> dict[str, str]:
    """What a row label says: a unit, or the words of an indicator, a level, a group ..."""
    unit = _unit(re.sub(r"^[\s\-+•*\d.]+", "", label), context) or _unit(label, context)
    if unit:
        return {"unit": unit}
    return {name: value for name, value in context.words.read(label).items() if name not in ("role", "basis")}


def _unknown_name(grid: Grid, row: int, table: Table, label: str, context: Context, draft: Draft) -> None:
    several = context.names.find(label)
    if len(several) > 1:
        what = Said("returns.ambiguous_name", name=label[:60], codes=tuple(several))
        draft.note("unit-ambiguous", what, grid, (row, table.label))
    else:
        draft.note("unit-unknown", Said("returns.unknown_name", name=label[:60]), grid, (row, table.label))


def _whole_meaning(
    title: Mapped[str, str], column: Mapped[str, str], row: Mapped[str, str], context: Context, draft: Draft
) -> dict[str, object] | None:
    """Title, row and column together as one figure; None without an indicator or a unit."""
    said = {**title, **row, **column}
    if "indicator" in row and "indicator" not in column:
        said["indicator"] = row["indicator"]
    if "measure" in row:
        said["measure"] = row["measure"]
    indicator, unit = said.get("indicator", ""), said.get("unit") or draft.unit
    if not indicator or not unit:
        return None
    measures, usual = context.usual.get(indicator, (["persons"], "cumulative"))
    measure = said.get("measure") or measures[0]
    if measure == "enrolments" and "attendances" in measures:
        measure = "attendances"
    period = said.get("period") or draft.period
    alone = bool(said.get("alone")) if said.get("period") else draft.alone
    if not period:
        return None
    basis = "stock" if usual == "stock" else said.get("basis") or ("period" if alone else usual)
    if basis == "period":
        period = period[:5] + {"H1": "Q2", "9M": "Q3", "FY": "Q4"}.get(period[5:], period[5:])
    return {
        "unit": unit, "period": period, "indicator": indicator, "measure": measure, "basis": basis,
        **{name: said.get(name, "") for name in BREAKDOWNS},
    }  # fmt: skip


def _check_totals(
    grid: Grid,
    totals: list[tuple[int, int, str]],
    leaves: list[dict[int, float]],
    columns: dict[int, dict[str, str]],
    draft: Draft,
) -> None:
    """Each total against the sum of its parts: those since the total before, those that follow, or all."""
    starts = [position for _, position, _ in totals]
    for number, (row, position, kind) in enumerate(totals):
        before = starts[number - 1] if number else 0
        after = starts[number + 1] if number + 1 < len(totals) else len(leaves)
        choices = [leaves[position:after]]
        if kind == "total":
            choices = [leaves[before:position], leaves, *choices]
        for column, meaning in columns.items():
            measure = meaning.get("measure", "persons")
            stated = draft.number(grid, (row, column), measure) if grid.at(row, column) != "" else None
            if stated is None or stated.state not in ("value", "zero") or measure == "percent":
                continue
            sums = [
                sum(part[column] for part in parts)
                for parts in choices
                if parts and all(column in part for part in parts)
            ]
            if not sums:
                continue
            _, factor = CONVERSIONS.get(measure, ("", 1.0))
            if not any(abs(one - stated.value * factor) < 0.5 for one in sums):
                what = Said("returns.subtotal", stated=stated.value, sum=sums[0] / factor)
                draft.note("subtotal-mismatch", what, grid, (row, column))


def read_tidy(grid: Grid, plan: Plan, draft: Draft) -> None:
    """Rows of a plain table into the draft; a row that cannot be used is refused with its reason, others stay.

    The table passes the same door as one given by name (`observations.brought`), so that a column, a number or a
    word means the same wherever it comes from. What its own checks tell of the figures (`check_file`) they tell alone.
    """
    header = [str(cell) for cell in grid.rows[0]]
    numbers = [number for number in range(1, len(grid.rows)) if any(map(text_of, grid.rows[number]))]
    cells = [[_cell(grid, (number, column)) for column in range(len(header))] for number in numbers]
    raw = pd.DataFrame(cells, columns=header, dtype=object)
    table, found = read_brought(raw, plan, draft.file)
    places = {"_".join(name.split()).casefold(): column for column, name in enumerate(header)}
    refused = set()
    for one in found:
        if one.rule in _TOLD_BY_CHECKS:
            continue
        match = _ROW.match(one.place)
        row, name = (int(match[1]), match[2] or "") if match else (1, "")
        number = numbers[row - 2] if 2 <= row < len(numbers) + 2 else 0
        column = places.get("_".join(name.split()).casefold(), 0)
        rule = "row-refused" if number else "column-unknown"
        if one.severity == "error" and number:
            refused.add(number)
        draft.findings.append(
            replace(one, place=f"{letters(column)}{number + 1}", rule=rule, sheet=grid.name)
        )
    if tuple(table.columns) != COLUMNS:
        return
    for number, row in zip(numbers, table.to_dict("records"), strict=True):
        if number in refused:
            continue
        place = (number, places["value"])
        if place in grid.refused:
            continue
        source = draft.source(grid, place)
        texts = {name: row[name] for name in _COLUMNS - {"value", "source"}}
        if row["value"] != row["value"]:
            if place in grid.structure.unstored:
                draft.note("formula-no-value", Said("returns.formula_no_value"), grid, place)
            else:
                draft.missing.append({**texts, "source": source, "mark": ""})
            continue
        if not draft.shown_otherwise(grid, place, str(row["measure"])):
            draft.rows.append({**texts, "value": row["value"], "source": source})


def _cell(grid: Grid, place: tuple[int, int]) -> object:
    """What stands in a cell; a share that the workbook shows in per cent as it is shown."""
    value = grid.at(*place)
    if grid.structure.shown(place).percent and isinstance(value, int | float) and not isinstance(value, bool):
        return round(value * 100, 10)
    return value
