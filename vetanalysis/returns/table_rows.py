"""The rows of a foreign table as figures: whose they are, of which section, parts of what.

A row says little by itself: "Trong đó: nữ" belongs to the row above it, "Sơ cấp" to the district named last, both to
the section begun by a heading. What may be meant in two ways is told and does not count. Totals and subtotals are
held against the sum of their parts and never added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from vetanalysis.blocks import Said
from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.returns.draft import CONVERSIONS, Context, Draft, is_signature, is_total
from vetanalysis.returns.grid import Grid
from vetanalysis.returns.layouts import Table
from vetanalysis.returns.mapping import SheetMapping
from vetanalysis.returns.names import fold

_PART = re.compile(r"^(?:trong do|t d|chia ra|gom)\b")
_DIVIDED = re.compile(r"^(?:phan|chia|theo)\b")
_ROMAN = re.compile(r"^[IVX]{1,5}\.?$")
_GENERAL = re.compile(r"^(ghi chu|nguon|don vi tinh|luu y)\b")
_ONE_MEANING = ("unit", "indicator", *BREAKDOWNS)
_WHOSE = ("unit", "indicator")
_NO_SECTION = {"sex", "group", "residence", "measure"}
Meaning = Mapping[str, str]


class _Row(NamedTuple):
    """A row while it is read: its name, what it says, its columns with figures, and whether it names a measure and has
    a further name beside the first."""

    number: int
    label: str
    meaning: Meaning
    figures: list[int]
    measured: bool = False
    further: bool = False


@dataclass
class _Above:
    """What the rows above say about the next one.

    `section`: by the heading; `main`: the unit and the indicator named last, of which `outer` came first and stays;
    `whole`: the last row that is no part; `dashed`: the last part set in with a dash; `within`: parts of `whole` are
    being listed; `unclear`: the last name was not understood, and nothing that leans on it is; `lost`: nor was the
    last heading.
    """

    section: dict[str, str] = field(default_factory=dict)
    main: dict[str, str] = field(default_factory=dict)
    outer: str = ""
    whole: dict[str, str] = field(default_factory=dict)
    parts: frozenset[str] = frozenset()
    dashed: dict[str, str] | None = None
    within: bool = False
    unclear: bool = False
    lost: bool = False
    headed: bool = False

    def heading(self, label: str, says: Meaning) -> None:
        """A row of a name without figures, which is no unit."""
        said = {name: value for name, value in says.items() if name == "indicator" or name in BREAKDOWNS}
        if _PART.match(fold(label)) and not said:
            self.within = True
        elif is_part(label) or (said and said.keys() <= _NO_SECTION):
            return  # a part nobody gave a figure for
        elif "indicator" in said:
            self.main = {"unit": self.main["unit"]} if self.headed and "unit" in self.main else {}
            self._begin(said)
        elif said:
            self._begin({name: self.section[name] for name in self.section if name == "indicator"} | said)
        elif _DIVIDED.match(fold(label)):
            self._begin(self.section)
        elif self.section:
            self.lost = True

    def _begin(self, section: dict[str, str]) -> None:
        self.section, self.whole, self.parts, self.dashed = (
            section,
            {**section, **self.main},
            frozenset(),
            None,
        )
        self.within = self.unclear = self.lost = False

    def total(self, of_units: bool) -> None:
        """A total: its parts are nobody's in a table of units."""
        self.main = {name: self.main[name] for name in self.main if name == self.outer and not of_units}
        lost = self.lost
        self._begin(self.section)
        self.unclear, self.lost = of_units, lost

    def under(self, label: str, says: Meaning, filled: bool) -> dict[str, str] | None:
        """What a row means where it stands; None where it may mean two things."""
        if self.lost or (not label and self.main):
            return None
        mark, of_which = label[:1], bool(_PART.match(fold(label)))
        if not of_which and mark not in "-+•" and says.keys() & set(_WHOSE):
            return self._named(says, filled)
        if self.unclear:
            return None
        if of_which:
            if self.dashed is not None and not self.within:
                return None  # of the last part, or of the whole?
            self.within = True
            self.dashed = {**self.whole, **says}
            return self.dashed
        if mark == "+" and self.dashed is not None:
            return {**self.dashed, **says}
        if mark and mark in "-+•":
            self.dashed = {**self.whole, **says}
            return self.dashed
        if self.within and not (says.keys() & self.parts):
            return {**self.whole, **says}
        self.whole = {**self.section, **self.main, **says}
        self.parts, self.dashed, self.within = frozenset(says.keys() & set(BREAKDOWNS)), None, False
        return self.whole

    def _named(self, says: Meaning, filled: bool) -> dict[str, str]:
        kind = "unit" if "unit" in says else "indicator"
        self.outer = self.outer or kind
        kept = {} if kind == self.outer else {n: v for n, v in self.main.items() if n == self.outer}
        self.main = kept | {name: says[name] for name in _WHOSE if name in says}
        self.whole = {**self.section, **self.main, **says}
        self.parts, self.dashed = frozenset(says.keys() & set(BREAKDOWNS)), None
        self.within, self.unclear, self.headed = False, False, kind == "unit" and not filled
        return self.whole


def read_rows(
    grid: Grid,
    table: Table,
    columns: Mapping[int, Meaning],
    title: Meaning,
    context: Context,
    draft: Draft,
    mapping: SheetMapping | None,
) -> None:
    """Every figure of a table into the draft, or a finding at its cell."""
    above = _Above()
    leaves: list[dict[int, float]] = []  # figures of the rows that totals add up
    totals: list[tuple[int, int, str]] = []
    rows = list(_rows(grid, table, columns, context, mapping))
    of_whom = {row.further for row in rows if row.meaning.get("unit")}
    _say_nameless(grid, table, {row.number for row in rows if row.label}, columns, draft)
    of_units = any("unit" in row.meaning for row in rows)
    for row in rows:
        kind = _total(grid, table, row)
        if kind:
            totals.append((row.number, len(leaves), kind))
            above.total(of_units)
            continue
        if not row.figures and not row.meaning.get("unit") and not row.measured:
            above.heading(row.label, row.meaning)
            continue
        if not row.meaning and row.label and not mapping:
            _unknown_name(grid, row, table, context, draft)
            above.unclear = True
            continue
        full = above.under(row.label, row.meaning, bool(row.figures)) if not mapping else dict(row.meaning)
        if row.meaning.get("unit") and of_whom == {True, False} and not row.further:
            full = None  # other rows of units say of which part they are
        if full is not None and table.measure is not None:
            full = full | _stated_measure(grid, table, row, context)
        values = {}
        for column, said in columns.items():
            place = row.number, column
            meaning = None if full is None else _whole_meaning(title, said, full, of_units, context, draft)
            if column not in row.figures:
                if meaning is not None:
                    draft.missing.append({**meaning, "source": draft.source(grid, place), "mark": ""})
            elif meaning is None:
                draft.note("not-understood", Said("returns.which_indicator"), grid, place)
            elif (value := draft.figure(grid, place, meaning)) is not None:
                values[column] = value
        if not is_part(row.label) and "group" not in row.meaning:
            leaves.append(values)
    if not leaves and not of_units:
        for number, _, _ in totals:
            _count_total(grid, number, columns, title, context, draft)
        return
    _check_totals(grid, totals, leaves, columns, draft)


def _say_nameless(
    grid: Grid, table: Table, named: set[int], columns: Mapping[int, Meaning], draft: Draft
) -> None:
    """Numbers in a row without a name, in columns that are not read: nobody can know what they are."""
    if table.identity:
        return
    for row in sorted({*range(table.first, table.last + 1)} - named):
        for column in table.figures_in(grid, row):
            if column not in columns and column != table.number:
                draft.note("not-understood", Said("returns.outside_any_table"), grid, (row, column))


def is_part(label: str) -> bool:
    """Whether a label says that its row is a part of one above it."""
    return bool(_PART.match(fold(label)) or (label[:1] and label[:1] in "-+•"))


def _rows(
    grid: Grid, table: Table, columns: Mapping[int, Meaning], context: Context, mapping: SheetMapping | None
) -> Iterator[_Row]:
    """The rows that hold a name or a figure, without notes and signatures."""
    merged = _merged_names(grid, table)
    for number in range(table.first, table.last + 1):
        names = [_label(merged.get((number, c), grid.at(number, c))) for c in (table.label, *table.beside)]
        label = next((name for name in names if name), "")
        if not label and table.identity:
            continue  # a list of persons, already refused
        figures = [
            column
            for column in columns
            if grid.at(number, column) != "" or (number, column) in grid.structure.unstored
        ]
        if not figures and (not label or _GENERAL.match(fold(label)) or is_signature([label])):
            continue
        if mapping and label in mapping.labels:
            yield _Row(number, label, mapping.labels[label].given(), figures)
            continue
        said = [row_meaning(name, context) if name else {} for name in names]
        meaning: dict[str, str] = {}
        for one in reversed(said):  # the first column of names says most: whose the row is
            meaning |= one
        further = next((name for name in names[1:] if name), "")
        shown = further if further and (said[0].get("unit") or not names[0]) else label
        measured = table.measure is not None and grid.at(number, table.measure) != ""
        yield _Row(number, shown if is_part(shown) else label, meaning, figures, measured, bool(further))


def _merged_names(grid: Grid, table: Table) -> dict[tuple[int, int], object]:
    """A name merged over several rows stands in each of them."""
    names = {}
    for top, left, bottom, _ in grid.structure.merged:
        if left in (table.label, *table.beside):
            for row in range(max(top + 1, table.first), min(bottom, table.last) + 1):
                names[row, left] = grid.at(top, left)
    return names


def _label(value: object) -> str:
    return value.strip() if isinstance(value, str) and not value.strip().isdigit() else ""


def unit_in(text: str, context: Context) -> str:
    """The code of the one unit that a text names; "" otherwise."""
    found = context.names.find(text) if text else ()
    return found[0] if len(found) == 1 else ""


def row_meaning(label: str, context: Context) -> dict[str, str]:
    """What a row label says: a unit, or the words of an indicator, a level, a group ..."""
    unit = unit_in(re.sub(r"^[\s\-+•*\d.]+", "", label), context) or unit_in(label, context)
    if unit:
        return {"unit": unit}
    return {name: value for name, value in context.words.read(label).items() if name not in ("role", "basis")}


def _total(grid: Grid, table: Table, row: _Row) -> str:
    """ "total" or "roman" for a row that adds up others; "" for any other."""
    number = str(grid.at(row.number, table.number)).strip() if table.number is not None else ""
    if is_total(row.label) or (not row.label and is_total(number)):
        return "total"
    named = row.meaning.get("unit") or row.meaning.get("indicator")
    return "roman" if _ROMAN.match(number) and row.figures and not named else ""


def _unknown_name(grid: Grid, row: _Row, table: Table, context: Context, draft: Draft) -> None:
    several = context.names.find(row.label)
    if len(several) > 1:
        what = Said("returns.ambiguous_name", name=row.label[:60], codes=tuple(several))
        draft.note("unit-ambiguous", what, grid, (row.number, table.label))
    else:
        draft.note(
            "unit-unknown", Said("returns.unknown_name", name=row.label[:60]), grid, (row.number, table.label)
        )


def _stated_measure(grid: Grid, table: Table, row: _Row, context: Context) -> dict[str, str]:
    stated = context.words.read(str(grid.at(row.number, table.measure or 0))).get("measure")
    return {"measure": stated} if stated else {}


def _whole_meaning(
    title: Meaning, column: Meaning, row: Meaning, of_units: bool, context: Context, draft: Draft
) -> dict[str, object] | None:
    """Title, row and column together as one figure; None without an indicator or a unit, or where they disagree."""
    if any(row.get(name, value) != value for name, value in column.items() if name in _ONE_MEANING):
        return None
    said = {**title, **row, **column}
    if "measure" in row:
        said["measure"] = row["measure"]
    indicator, unit = said.get("indicator", ""), said.get("unit") or ("" if of_units else draft.unit)
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
        **({"status": said["status"]} if "status" in said else {}),
    }  # fmt: skip


def _count_total(
    grid: Grid, number: int, columns: Mapping[int, Meaning], title: Meaning, context: Context, draft: Draft
) -> None:
    """A total without any part is the figure itself."""
    for column, said in columns.items():
        if grid.at(number, column) == "":
            continue
        meaning = _whole_meaning(title, said, {}, False, context, draft)
        if meaning is None:
            draft.note("not-understood", Said("returns.which_indicator"), grid, (number, column))
        else:
            draft.figure(grid, (number, column), meaning)


def _check_totals(
    grid: Grid,
    totals: list[tuple[int, int, str]],
    leaves: list[dict[int, float]],
    columns: Mapping[int, Meaning],
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
            sums = [sum(part.get(column, 0.0) for part in parts) for parts in choices if parts]
            if not sums:
                continue
            _, factor = CONVERSIONS.get(measure, ("", 1.0))
            if not any(abs(one - stated.value * factor) < 0.5 for one in sums):
                what = Said("returns.subtotal", stated=stated.value, sum=sums[0] / factor)
                draft.note("subtotal-mismatch", what, grid, (row, column))
