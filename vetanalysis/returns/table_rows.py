"""The rows of a foreign table as figures: whose they are, of which section, parts of what.

A row says little by itself: "Trong đó: nữ" belongs to the row above it, "Sơ cấp" to the district named last, both to
the section begun by a heading. What may be meant in two ways is told and does not count. Totals and subtotals are
held against the sum of their parts and never added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import pairwise
from typing import NamedTuple

from vetanalysis.blocks import Said
from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.returns.above import Above, Meaning, is_part
from vetanalysis.returns.draft import RATES, Context, Draft, is_signature, is_total
from vetanalysis.returns.grid import Grid
from vetanalysis.returns.key import Place
from vetanalysis.returns.layouts import Table
from vetanalysis.returns.lists import by_unit
from vetanalysis.returns.mapping import SheetMapping
from vetanalysis.returns.meanings import (
    ASIDE,
    UNCLEAR,
    columns_of_trades,
    left_out,
    measure_alone,
    names_body,
    names_of_trades,
    only_senses,
    row_meaning,
    units_alike,
)
from vetanalysis.returns.names import fold
from vetanalysis.returns.personal import masked
from vetanalysis.returns.siblings import (
    Row,
    blank_among_alike,
    is_section,
    is_trade,
    lone_trades,
    of_sections,
    parts_of_each,
    said_by,
    trades_below,
)  # fmt: skip
from vetanalysis.returns.typed_numbers import MISSING, parse_number, sized
from vetanalysis.returns.units_of_measure import (
    CONVERSIONS,
    DONG,
    MILLION_DONG,
    UNKNOWN,
    of_size,
    unit_stated,
)

_ROMAN = re.compile(r"^[IVX]{1,5}\.?$")
_SECTION = re.compile(r"^(?:[IVX]{1,5}|[A-HĐ])[.)]?$")  # the number of a section
_COUNT = re.compile(r"^\(?(?:[IVX]{1,5}|[A-Za-zĐđ]|[\d.]+)[.)]*$")  # a row's number
_GENERAL = re.compile(r"^(ghi chu|nguon|don vi tinh|luu y)\b")
_ONE_MEANING = ("unit", "indicator", "period", "basis", *BREAKDOWNS)
Values = dict[int, tuple[str, float]]  # by column: the measure in which a figure was written, and the figure


class _Total(NamedTuple):
    """A row that adds up others: how many of these stand above it, whether it is numbered in Roman, what it means where
    it is a figure itself (None where that is unclear), the measure beside it, and the parts of it that follow."""

    row: Row
    position: int
    kind: str
    meant: Meaning | None
    measure: str
    parts: list[Row]


@dataclass(frozen=True)
class Rows:
    """The rows of a table while they are read into a draft; `columns`: what each column with figures means, `title`:
    what stands over all of them; `mapping`: how the sheet is laid out, where somebody says it."""

    grid: Grid
    table: Table
    columns: Mapping[int, Meaning]
    title: Meaning
    context: Context
    draft: Draft
    mapping: SheetMapping | None = None

    def read(self) -> None:
        """Every figure of a table into the draft, or a finding at its cell."""
        above, after_total = Above(), False
        leaves: list[Values] = []  # figures of the rows that totals add up
        totals: list[_Total] = []
        rows = lone_trades(list(self._rows()))
        of_whom = {row.further for row in rows if row.meaning.get("unit")}
        named = {row.number for row in rows if row.label}
        self._say_nameless(named)
        of_units, sectioned = any("unit" in row.meaning for row in rows), of_sections(rows)
        kinds = self._kinds(rows)
        again = parts_of_each(rows)
        blank, trades = blank_among_alike(rows, kinds, again), trades_below(rows)
        for row, kind in zip(rows, kinds, strict=True):
            begins = (sectioned and is_section(row)) or (kind == "roman" and is_section(row, frozenset()))
            nameless = bool(named) and not row.label and not self.mapping
            if begins:
                above.begin(row.meaning)
            if kind or begins:
                meant = above.total(of_units)
                if meant and meant.get("role") in ASIDE | UNCLEAR:
                    continue  # of figures that do not count
                totals.append(_Total(row, len(leaves), kind or "roman", meant, self._measure_of(row), []))
                after_total = bool(kind)
                if nameless and row.counted:
                    above.nameless(counted=True)
                continue
            if nameless:
                above.nameless(row.counted)
                self._figures(row, None, of_units)
                continue
            named_alone = not row.figures and not row.meaning.get("unit") and not row.measured
            if named_alone and row.number not in blank:
                above.heading(row.label, row.meaning, row.counted or (of_units and not above.main))
                continue
            if row.meaning.get("role") == "trade":
                self._say_no_result(row, "trade")
                above.trade = True
                continue
            if after_total and of_units and is_part(row.label):
                totals[-1].parts.append(row)
                continue
            after_total = False
            if not row.meaning and row.label and not self.mapping:
                self._say_unknown(row, of_units)
                above.unclear = True
                continue
            within = above.within
            above.within = within or row.number in again or trades.get(row.number, False)
            full = None if self.mapping else above.under(row.label, row.meaning, bool(row.figures))
            full = dict(row.meaning) if self.mapping else full
            if row.number in again or row.number in trades:
                above.within = within  # the next level is no part of this one
            if row.meaning.get("unit") and of_whom == {True, False} and not row.further:
                full = None  # other rows of units say of which part they are
            values = self._figures(row, full if trades.get(row.number, True) else None, of_units)
            if not (is_part(row.label) or "group" in row.meaning or row.number in {*again, *trades}):
                leaves.append(values)
        if any(leaves) or of_units:
            self._check_totals(totals, leaves)
            units = {row.meaning["unit"]: row for row in rows if "unit" in row.meaning}
            self.draft.at_the_end.append(partial(self._of_all_below, units, totals))
            return
        apart = any(row.meaning.get("role") in ASIDE | UNCLEAR for row in rows)
        for total in totals:  # without any part it is the figure itself, but not where these are plans
            self._figures(total.row, None if apart else total.meant, of_units)

    def _figures(self, row: Row, says: Meaning | None, of_units: bool) -> Values:
        """The figures of a row into the draft; what is blank or not understood is said. `says`: None where unclear."""
        values, measure = {}, self._measure_of(row)
        role = says.get("role", "") if says else ""
        if role in ASIDE or role in UNCLEAR:
            self._say_no_result(row, role)
            return {}
        if says is not None and measure:
            says = {**says, "measure": measure}
        for column, said in self.columns.items():
            place = row.number, column
            meaning = None if says is None else self._whole_meaning(said, says, of_units)
            if column not in row.figures:
                if meaning is not None and not str(meaning["measure"]).startswith(UNKNOWN):
                    source = self.draft.source(self.grid, place)
                    self.draft.missing.append({**meaning, "source": source, "mark": ""})
            elif self._shared(place):
                self.draft.merged(self.grid, place)
            elif meaning is None:
                self.draft.note("not-understood", Said("returns.which_indicator"), self.grid, place)
            elif (value := self.draft.figure(self.grid, place, meaning)) is not None:
                values[column] = str(meaning["measure"]), value
        if values:
            self.draft.without(
                left_out(row.label, self.context)[1], self.grid, (row.number, self.table.label)
            )
        return values

    def _say_no_result(self, row: Row, role: str) -> None:
        """A row that is no result of the period, or none for certain: at its name, or at each of its figures."""
        name = masked(row.label)
        if role in (*ASIDE, "trade"):
            what = Said(f"returns.row_{'trade' if role == 'trade' else 'aside'}", name=name)
            mild = "" if role == "trade" and row.meaning.keys() != {"role"} else "info"
            self.draft.note("not-understood", what, self.grid, (row.number, self.table.label), severity=mild)
            return
        what = Said("returns.row_several" if role == "several" else "returns.row_unclear", name=name)
        for column in row.figures:
            self.draft.note("not-understood", what, self.grid, (row.number, column))

    def _say_nameless(self, named: set[int]) -> None:
        """Numbers in a row without a name, in columns that are not read: nobody can know what they are."""
        if self.table.identity:
            return
        for row in sorted({*self.table.rows} - named):
            for column in self.table.figures_in(self.grid, row):
                if column not in self.columns and column != self.table.number:
                    what = Said("returns.outside_any_table")
                    self.draft.note("not-understood", what, self.grid, (row, column))

    def _rows(self) -> Iterator[Row]:
        """The rows that hold a name or a figure, without notes and signatures."""
        grid, table, merged = self.grid, self.table, self.merged
        own = self.title.get("period")
        now = (own, bool(self.title.get("alone"))) if own else (self.draft.period, self.draft.alone)
        named = {number: self._names(number, merged) for number in table.rows}
        every = (name for names, _ in named.values() for name in names)
        alike = units_alike(every, self.context, self.draft.unit)
        of_trades = columns_of_trades(table.headers, self.context) - self.columns.keys()
        for number, (names, count) in named.items():
            label = next((name for name in names if name), "")
            if not label and table.identity:
                continue  # a list of persons, already refused
            figures = [
                column
                for column in self.columns
                if grid.at(number, column) != "" or (number, column) in grid.structure.unstored
            ]
            measured = table.measure is not None and grid.at(number, table.measure) != ""
            numbered = table.number is not None and grid.at(number, table.number) != ""
            counted = bool(_SECTION.match(count))
            if not figures and not label and (measured or numbered):
                yield Row(number, "", {}, [], measured, counted=counted)
                continue
            if not figures and (not label or _GENERAL.match(fold(label)) or is_signature([label])):
                continue
            if self.mapping and label in self.mapping.labels:
                yield Row(number, label, self.mapping.labels[label].given(), figures)
                continue
            said = [row_meaning(name, self.context, now, alike) if name else {} for name in names]
            meaning: dict[str, str] = {}
            for one in reversed(said):  # the first column of names says most: whose the row is
                meaning |= one
            of_trade = (_label(grid.at(number, one)) for one in of_trades if figures)
            if trade := next(names_of_trades(of_trade, self.context, now), ""):
                label, meaning = trade, {**meaning, "role": "trade"}
            role = meaning.get("role")
            if only_senses(meaning) and (
                role in ("negated", "other")
                or (
                    figures
                    and role not in ("ahead", "trade")
                    and not self.context.labels.covers(re.sub(r"\d", " ", left_out(label, self.context)[0]))
                )
            ):
                meaning = {}  # of what?
            if figures and measure_alone(meaning, [label], self.context):
                meaning = {}
            further = next((name for name in names[1:] if name), "")
            shown = further if further and (said[0].get("unit") or not names[0]) else label
            label = shown if is_part(shown) else label
            yield Row(number, label, meaning, figures, measured, bool(further), counted)

    def _names(self, row: int, merged: Mapping[tuple[int, int], object]) -> tuple[list[str], str]:
        """The names of a row by their columns, and its number where that is a text (I, A)."""
        grid, table = self.grid, self.table
        names = [_label(merged.get((row, c), grid.at(row, c))) for c in (table.label, *table.beside)]
        count = "" if table.number is None else _label(grid.at(row, table.number))
        if count and not any(names) and not _COUNT.match(count):
            names[0], count = count, ""  # a name merged over the column of numbers
        return names, count

    @cached_property
    def merged(self) -> dict[tuple[int, int], object]:
        """A name or a unit of measure merged over several rows stands in each of them."""
        names, table = {}, self.table
        for top, left, bottom, _ in self.grid.structure.merged:
            if left in (table.label, table.measure, *table.beside):
                for row in range(max(top + 1, table.first), min(bottom, table.last) + 1):
                    names[row, left] = self.grid.at(top, left)
        return names

    def _shared(self, place: Place) -> bool:
        """Whether a figure is merged over further rows with a name of their own, or columns with another head."""
        rows, columns = self.grid.merged.get(place, (range(0), range(0)))
        if not rows or parse_number(str(self.grid.at(*place))).state == MISSING:
            return False  # "-" over several is no figure
        heads = [self.table.headers.get(column) or [""] for column in (place[1], *columns)]
        return any(any(self._names(row, {})[0]) for row in rows[1:] if row in self.table.rows) or any(
            head[-1] and head != heads[0] and self.context.words.exact(head[-1]) != {"role": "note"}
            for head in heads
        )

    def _total(self, row: Row) -> str:
        """ "total" or "roman" for a row that adds up others; "" for any other."""
        column = self.table.number
        number = str(self.grid.at(row.number, column)).strip() if column is not None else ""
        if is_total(row.label) or (not row.label and is_total(number)):
            return "total"
        named = row.meaning.get("unit") or row.meaning.get("indicator")
        return "roman" if _ROMAN.match(number) and row.figures and not named else ""

    def _kinds(self, rows: list[Row]) -> list[str]:
        """What each row adds up, see `_total`; a row that the mapping names is as it says.

        A row numbered in Roman adds up nothing where no row follows before the next total.
        """
        labels = self.mapping.labels if self.mapping else ()
        kinds = ["" if row.label in labels else self._total(row) for row in rows]
        follows = ""  # of the next row that is no part
        for number in reversed(range(len(rows))):
            kind = kinds[number]
            if kind == "roman" and follows != "row":
                kinds[number] = ""
            follows = follows if is_part(rows[number].label) else kind or "row"
        for number, (row, below) in enumerate(pairwise(rows)):
            if "level" in row.meaning and is_trade(below):
                kinds[number] = ""  # "II. Sơ cấp" is of its trades, which are no figures of their own
        return kinds

    def _say_unknown(self, row: Row, of_units: bool) -> None:
        several = tuple(self.context.names.find(row.label))
        line, rule = "unknown_row", "not-understood"
        if len(several) > 1:
            line, rule = "ambiguous_name", "unit-ambiguous"
        elif of_units or names_body(row.label, self.context):
            line, rule = "unknown_name", "unit-unknown"
        name = row.label[:60] if several else masked(row.label)  # "Hoàng Văn Thụ" is a commune, too
        what = Said(f"returns.{line}", name=name, codes=several)
        self.draft.note(rule, what, self.grid, (row.number, self.table.label))

    def _measure_of(self, row: Row) -> str:
        """The measure beside a row; "" where none stands there, `UNKNOWN` and its words where it is not understood."""
        if self.table.measure is None:
            return ""
        at = row.number, self.table.measure
        text = str(self.merged.get(at, self.grid.at(*at)))
        return "" if parse_number(text).state == MISSING else unit_stated(text)

    def _whole_meaning(self, column: Meaning, row: Meaning, of_units: bool) -> dict[str, object] | None:
        """Title, row and column together as one figure; None without an indicator or a unit, or where they disagree."""
        if any(row.get(name, value) != value for name, value in column.items() if name in _ONE_MEANING):
            return None
        said = {**self.title, **row, **column}
        if "measure" in row:
            said["measure"] = row["measure"]
        indicator, unit = said.get("indicator", ""), said.get("unit") or ("" if of_units else self.draft.unit)
        if not indicator or not unit:
            return None
        measures, usual = self.context.usual.get(indicator, (["persons"], "cumulative"))
        measure = of_size(said.get("measure", ""), measures[0]) or measures[0]
        if measure in RATES and measure not in measures:
            return None
        money = measure.endswith(DONG), measures[0].startswith(MILLION_DONG)
        if "measure" in column and "measure" not in row and money[0] != money[1] and measure[:1] != UNKNOWN:
            return None  # people under "Kinh phí (triệu đồng)"
        if measure == "enrolments" and "attendances" in measures:
            measure = "attendances"
        period = said.get("period") or self.draft.period
        alone = bool(said.get("alone")) if said.get("period") else self.draft.alone
        if not period:
            return None
        nearer = {**row, **column}  # "Quý III" in a head counts before "lũy kế" in the title
        over = "" if "period" in nearer else said.get("basis")
        basis = "stock" if usual == "stock" else nearer.get("basis") or over or ("period" if alone else usual)
        if basis == "period":
            period = period[:5] + {"H1": "Q2", "9M": "Q3", "FY": "Q4"}.get(period[5:], period[5:])
        return {
            "unit": unit, "period": period, "indicator": indicator, "measure": measure, "basis": basis,
            **{name: said.get(name, "") for name in BREAKDOWNS},
            **({"status": said["status"]} if "status" in said else {}),
        }  # fmt: skip

    def _of_all_below(self, units: Mapping[str, Row], totals: list[_Total]) -> None:
        """The total of what lies below a sender (communes, centres) is what it reports: nobody adds them up for it.

        Not where another table says the same of it.
        """
        sender, rows, is_rate = self.draft.unit, self.draft.rows, self.context.is_rate
        parents = by_unit(self.context.plan, "parent")
        below = {one for one in units if sender and parents[one] == sender}
        none = not below or sender in (*units, self.context.plan.place.code) or bool(self.mapping)
        whole = not none and below == units.keys() and len(totals) == 1 and totals[0].meant is not None
        for part in () if whole else [part for total in totals for part in total.parts]:
            self._figures(part, None, True)
        if none:
            return
        if whole:
            counts = {
                column: one
                for column, one in self.columns.items()
                if not is_rate({**self.title, **one}.get("indicator", ""))
            }
            known, before = {*map(said_by, rows)}, len(rows)
            for row in (totals[0].row, *totals[0].parts):
                says = {**(totals[0].meant or {}), **row.meaning, "unit": sender}
                replace(self, columns=counts)._figures(row, says, True)
            rows[before:] = [row for row in rows[before:] if said_by(row) not in known]
            return
        told = {row["indicator"] for row in rows if row["unit"] == sender}
        alone = {row["indicator"] for row in rows if row["unit"] in below} - told
        if not all(is_rate(str(one)) for one in alone):
            place = min(units[one].number for one in below), self.table.label
            self.draft.note("not-understood", Said("returns.parts_alone"), self.grid, place)

    def _check_totals(self, totals: list[_Total], leaves: list[Values]) -> None:
        """Each total against the sum of its parts: those since the total before, those that follow, or all.

        One without a measure beside it is written as its parts are. Rates add up to nothing, nor do figures in several
        measures; a total without any part in its column is told.
        """
        starts = [total.position for total in totals]
        for number, total in enumerate(totals):
            before = starts[number - 1] if number else 0
            after = starts[number + 1] if number + 1 < len(totals) else len(leaves)
            choices = [leaves[total.position : after]]
            if total.kind == "total":
                choices = [leaves[before : total.position], leaves, *choices]
            for column in total.row.figures:
                parts = [
                    held for one in choices if (held := [part[column] for part in one if column in part])
                ]
                self._check_total(total, column, parts)

    def _check_total(self, total: _Total, column: int, parts: list[list[tuple[str, float]]]) -> None:
        written = {measure for one in parts for measure, _ in one}
        usual = min(written) if len(written) == 1 else self.columns[column].get("measure", "")
        measure = total.measure or usual
        held_in = {CONVERSIONS.get(one, (one,))[0] for one in (measure, *written)}
        place = total.row.number, column
        if measure in RATES:
            self.draft.note("not-understood", Said("returns.total_of_rates"), self.grid, place)
        if len(held_in) > 1 or measure in RATES or (parts and place in self.grid.structure.unstored):
            return
        stated = self.draft.number(self.grid, place, measure)
        if stated is None or stated.state not in ("value", "zero"):
            return
        sums = [sum(value for _, value in one) for one in parts]
        factor = sized("", measure).factor
        if any(abs(one - stated.value) < 0.5 * min(factor, 1.0) for one in sums or [0.0]):
            return
        what = Said("returns.total_alone", stated=stated.value / factor)
        if sums:
            what = Said("returns.subtotal", stated=stated.value / factor, sum=sums[0] / factor)
        self.draft.note("subtotal-mismatch", what, self.grid, place)


def _label(value: object) -> str:
    return value.strip() if isinstance(value, str) and not value.strip().isdigit() else ""
