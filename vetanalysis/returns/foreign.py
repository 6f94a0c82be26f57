"""From tables that are not ours to figures: columns are read by words or a mapping file, rows in `table_rows`.

A column or a name that is not understood is listed; its cells do not count until a mapping file or an alias says
what they are.

A plain table of observations (columns unit, period, indicator, value and whatever else is known) is read by
`read_tidy`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Mapped
from dataclasses import replace

import pandas as pd

from vetanalysis.blocks import Said
from vetanalysis.checks import is_number
from vetanalysis.observations.brought import read_brought
from vetanalysis.observations.checks import COLUMNS, OPTIONAL
from vetanalysis.periods import parse_cutoff
from vetanalysis.plan import Plan
from vetanalysis.returns.draft import Context, Draft
from vetanalysis.returns.grid import Grid, text_of
from vetanalysis.returns.key import column_number, letters
from vetanalysis.returns.layouts import Search, Table, figures_in
from vetanalysis.returns.mapping import SheetMapping
from vetanalysis.returns.meanings import (
    ASIDE,
    UNCLEAR,
    head_meaning,
    is_ahead,
    left_out,
    measure_alone,
    title_meaning,
    years_as_months,
)
from vetanalysis.returns.table_rows import Rows

_SKIPPED_ROLES = ASIDE | {"number", "note", "same_period", "measure"}
_STRAYS = 20
_BARE_ROLES = {"whole", "actual"}
_COLUMNS = frozenset(COLUMNS) - frozenset(OPTIONAL)  # a school's return holds no survey figures
_ROW = re.compile(r"rows? (\d+)(?: to \d+)?(?:, (.*))?")
_TOLD_BY_CHECKS = (
    *("negative", "percent-range", "part-above-whole", "same-figure-twice"),
    *("rate-without-base", "rate-without-concept"),
)


def read_sheet(grid: Grid, context: Context, draft: Draft, mapping: SheetMapping | None = None) -> set[str]:
    """Read one sheet into the draft, each of its tables by itself; a sheet without a table adds nothing.

    Gives the periods of its tables, by their titles.
    """
    if mapping is not None:
        first = mapping.first_row - 1
        last = min(mapping.last_row or len(grid.rows), len(grid.rows)) - 1
        table = Table([], first, first, last, {}, column_number(mapping.label))
        columns = mapping.column_meanings()
        _say_unmapped(grid, table, columns, mapping, draft)
        Rows(grid, table, columns, {}, context, draft, mapping).read()
        return {draft.period}
    search = Search(grid, context.words, context.names, context.money)
    tables, periods = [*search.tables()], set()
    for table in tables:
        title = title_meaning(table.titles, grid.name, context, draft.period)
        now = title.get("period") or draft.period, bool(title.get("alone"))
        columns = years_as_months(_columns(search, table, title, context, draft), table.headers, now)
        _say_identity(grid, table, draft)
        columns = {column: one for column, one in columns.items() if column not in table.identity}
        columns = _results_until(now[0], grid, table, columns, context, draft)
        if title.pop("role", "") in ("plan", "need"):
            columns = _results_in_plan(grid, table, columns, draft)
        periods |= {now[0]} if columns else set()
        Rows(grid, table, columns, title, context, draft).read()
    strays = [*search.outside(tables)]
    for place in strays[:_STRAYS]:
        draft.note("not-understood", Said("returns.outside_any_table"), grid, place)
    if len(strays) > _STRAYS:
        draft.note("not-understood", Said("returns.more", count=len(strays) - _STRAYS), grid, strays[_STRAYS])
    return periods


def _say_unmapped(
    grid: Grid, table: Table, columns: Mapped[int, object], mapping: SheetMapping, draft: Draft
) -> None:
    """Columns with figures that a mapping neither maps nor tells to ignore: listed, never dropped in silence."""
    known = {*columns, column_number(mapping.label), *(column_number(name) for name in mapping.ignore)}
    held = {column for row in table.rows for column in figures_in(grid, row)}
    for column in sorted(held - known):
        draft.note("column-unknown", Said("returns.unmapped_column"), grid, (table.first, column))


def _results_in_plan(
    grid: Grid, table: Table, columns: dict[int, dict[str, str]], draft: Draft
) -> dict[int, dict[str, str]]:
    """The columns of a table of plans or needs that say they are results; the table is told where others are left."""
    results = {column: one for column, one in columns.items() if one.get("role") == "actual"}
    if len(results) < len(columns):
        what = Said("returns.table_of_plans", title=[grid.name, *table.titles][-1][:80])
        draft.note("not-understood", what, grid, (table.first, min(columns.keys() - results.keys())))
    return results


def _results_until(
    period: str,
    grid: Grid,
    table: Table,
    columns: Mapped[int, dict[str, str]],
    context: Context,
    draft: Draft,
) -> dict[int, dict[str, str]]:
    """The columns without those of a period that ends later ("Ước cả năm" at nine months), or between two cut-offs of
    the plan ("Lũy kế 8 tháng" of one by quarters): each is told, and left aside. A warning where it does not say that
    it is an estimate."""
    ahead = {column for column, one in columns.items() if is_ahead(one.get("period", ""), period)}
    for column in sorted(ahead):
        name = " / ".join(table.headers.get(column, []))[:80]
        severity = "info" if columns[column].get("status") == "estimate" else ""
        what = Said("returns.column_ahead", name=name)
        draft.note("not-understood", what, grid, (table.first, column), severity=severity)
    calendar = context.plan.calendar
    between = {
        column for column, one in columns.items()
        if one.get("period") and column not in ahead and not calendar.has(parse_cutoff(one["period"]).end)
    }  # fmt: skip
    for column in sorted(between):
        name, month = " / ".join(table.headers.get(column, []))[:80], columns[column]["period"]
        what = Said("returns.column_between", name=name, period=month)
        draft.note("not-understood", what, grid, (table.first, column))
    return {column: one for column, one in columns.items() if column not in ahead | between}


def _say_identity(grid: Grid, table: Table, draft: Draft) -> None:
    for column, header in table.identity.items():
        shown = f"{letters(column)} ({header[:40]})" if header else letters(column)
        what = Said("returns.personal_data", column=shown)
        draft.note("identity-column", what, grid, (table.first, column))


def _columns(
    search: Search, table: Table, title: Mapped[str, str], context: Context, draft: Draft
) -> dict[int, dict[str, str]]:
    """Meaning of each column of figures; unknown ones are listed."""
    grid = search.grid
    others = {table.label, table.number, table.measure, *table.identity}
    used = search.columns_of_figures(table)
    meanings: dict[int, dict[str, str]] = {}
    headed = any(table.headers.get(column) for column in used - others)
    for column in sorted(used - others):
        header = table.headers.get(column, [])
        meaning = head_meaning(header, context, draft.period[:4])
        role = meaning.get("role", "")
        if role != "actual":
            meaning.pop("role", "")
        rate = context.is_rate(meaning.get("indicator", title.get("indicator", "")))
        if (role in _SKIPPED_ROLES and not (role == "derived" and rate)) or (
            role == "share"
            and meaning.keys() <= {"measure", "sex"}
            and all(map(context.words.covers, header))
        ):
            continue  # what is compared with the plan, or the share of women, says nothing that the counts do not
        unclear = role in UNCLEAR or (role == "share" and not rate) or measure_alone(meaning, header, context)
        if header and (unclear or not (meaning or role in _BARE_ROLES)):
            _say_unknown(grid, table, column, draft)
        elif not header and (headed or not title.get("indicator")):
            draft.note("column-unknown", Said("returns.column_without_header"), grid, (table.first, column))
        else:
            meanings[column] = meaning
            for text in header:
                draft.without(left_out(text, context)[1], grid, (table.first, column))
    until = title.get("period") or draft.period
    done = [one for one in meanings.values() if not is_ahead(one.get("period", ""), until)]
    indicators = {one["indicator"] for one in done if "indicator" in one}
    only = title.get("indicator") or (min(indicators) if len(indicators) == 1 else "")
    read = {}
    for column, meaning in meanings.items():
        of = meaning.get("indicator") or only  # "Tuyển mới" and beside it "Nữ"
        if of and meaning.get("measure") == "percent" and not context.is_rate(of):
            _say_unknown(grid, table, column, draft)
        else:
            inherits = of and "indicator" not in title  # a row says more than the title
            read[column] = {"indicator": of, **meaning} if inherits else meaning
    return read


def _say_unknown(grid: Grid, table: Table, column: int, draft: Draft) -> None:
    what = Said("returns.unknown_column", name=" / ".join(table.headers.get(column, []))[:80])
    draft.note("column-unknown", what, grid, (table.first, column))


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
        if len(grid.merged.get(place, ((),))[0]) > 1:
            draft.merged(grid, place)
        elif row["value"] != row["value"]:
            if place in grid.structure.unstored:
                draft.note("formula-no-value", Said("returns.formula_no_value"), grid, place)
            else:
                draft.missing.append({**texts, "source": source, "mark": ""})
        elif not draft.shown_otherwise(grid, place, str(row["measure"])):
            draft.rows.append({**texts, "value": row["value"], "source": source})


def _cell(grid: Grid, place: tuple[int, int]) -> object:
    """What stands in a cell; a share that the workbook shows in per cent as it is shown."""
    value = grid.at(*place)
    if grid.structure.shown(place).percent and is_number(value):
        return round(value * 100, 10)
    return value
