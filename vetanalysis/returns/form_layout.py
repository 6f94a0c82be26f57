"""The form as data: which tables a unit owes for a period, with their rows, columns, keys and formulas.

What is asked follows the plan: its indicators and their breakdowns, its levels, and the figures its targets are judged
on. Nothing is drawn here (`form_sheets`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import pandas as pd

from vetanalysis.blocks import Said
from vetanalysis.language.filters import capital
from vetanalysis.language.numbers import of_plan
from vetanalysis.observations.listed import CHANNELS, TRADES
from vetanalysis.observations.series import definition
from vetanalysis.periods import Cutoff, cutoff_day, cutoffs
from vetanalysis.plan import Plan, Unit
from vetanalysis.returns.form_words import FormWords
from vetanalysis.returns.key import NO_KEY, Key
from vetanalysis.returns.lists import counted_indicator, indicators_owed, judged_on, owed_by, sender_names

FLOWS = ("people_enrolled", "people_in_training", "people_graduated", "people_dropped_out")
#: The stock at the beginning of the year, which the identity of stocks and flows needs.
START_STOCK = "people_in_training_start"
STREAMING = {"streaming_lower_secondary": "lower_secondary", "streaming_upper_secondary": "upper_secondary"}
EMPLOYMENT = ("graduates_followed", "graduates_employed")
MONEY = ("budget_assigned", "budget_disbursed")
# Worked out from the sheet of commune quotas, so not asked for a second time.
FROM_COMMUNES = ("communes_with_targets_share", "targets_assigned_total")
_ELSEWHERE = {*EMPLOYMENT, *STREAMING, *MONEY, *FROM_COMMUNES}  # on sheets of their own
_OF_THE_YEAR = Key(measure="persons", basis="cumulative")
_PAST_SINGLES = ("jobs_created", *EMPLOYMENT)  # what a form of a past year asks for in one row each


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table. `total` names the labels of rows it adds up (a formula row); `heading` spans the table.

    `beyond_quota`: the row counts more than the quota covers, so that it is not held against it.
    """

    label: str
    key: Key = NO_KEY
    unit: str = ""
    total: tuple[str, ...] = ()
    heading: bool = False
    beyond_quota: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `role`:

    - "input": a figure to fill in;
    - "previous": what the unit reported last time, protected;
    - "quota": the unit's quota for the year, protected;
    - "unit": the unit of measure of the row;
    - "plus"/"ratio": a formula over other columns of the same row, `plus` minus `minus`, or 100 x plus / minus. They
      are named by their `id`, in another table by `table!id`.

    `head` and `over` are the two lines of the header (columns with the same `over` stand under one merged cell),
    `unit` is the unit of measure printed with it. `of`: what the id of the row's quantity ends with in this column.
    """

    id: str
    head: str
    role: str = "input"
    over: str = ""
    unit: str = ""
    key: Key = NO_KEY
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    width: float = 11.0
    of: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table on a sheet of its own. `id`: its indicator, or what it is about."""

    id: str
    sheet: str
    title: str
    stub: str
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    key: Key = NO_KEY
    notes: tuple[str, ...] = ()
    stub_width: float = 34.0

    def key_of(self, row: Row, column: Column) -> Key:
        """The figure at the crossing of a row and a column."""
        key = row.key._replace(indicator=f"{row.key.indicator}_{column.of}") if column.of else row.key
        return key.under(column.key.under(self.key))

    def place_of(self, column: str) -> int | None:
        """Where a column stands, counted from 0; None where the table has no such column."""
        return next((place for place, one in enumerate(self.columns) if one.id == column), None)


def tables_for(plan: Plan, unit: Unit, cutoff: Cutoff, say: FormWords) -> list[Table]:
    """The tables of figures this unit owes at the cut-off, in the order of the sheets.

    Empty when the plan asks this unit for no figure at this cut-off; it then still reports its explanations.
    """
    return [*_tables(plan, unit.kind, sender_names(plan, unit, cutoff), cutoff, say)]


@lru_cache(maxsize=64)
def _tables(
    plan: Plan, kind: str, senders: frozenset[str], cutoff: Cutoff, say: FormWords
) -> tuple[Table, ...]:
    """The tables that units of one kind owe, whichever of them it is."""
    tables: list[Table] = []
    with of_plan(plan):
        for table in _Layout(plan, kind, owed_by(plan, senders, cutoff), cutoff, say).tables():
            alike = sum(one.sheet.lower().startswith(table.sheet.lower()[:28]) for one in tables)
            tables.append(replace(table, sheet=f"{table.sheet[:28]} {alike + 1}") if alike else table)
    return tuple(tables)


def history_name(plan: Plan, say: FormWords) -> str:
    """The name of the only sheet of the form for a past year."""
    return say("sheet.history", step=plan.calendar.step)


def history_table(plan: Plan, unit: Unit, year: int, say: FormWords) -> Table:
    """The only table of the form for a past year: a block per quantity the unit owes, a column per cut-off."""
    cutoff = Cutoff(year, "FY")
    owed = indicators_owed(plan, unit, cutoff)
    return _Layout(plan, unit.kind, owed, cutoff, say).history(of_place=unit.code == plan.place.code)


@dataclass(frozen=True, slots=True, eq=False)
class _Layout:
    """What the tables of one form are made from; each method makes one of them. `kind`: of the unit."""

    plan: Plan
    kind: str
    owed: pd.DataFrame
    cutoff: Cutoff
    say: FormWords

    def counts(self) -> list[str]:
        """The head counts with a table of their own: stocks and flows, and whatever else a target counts people by."""
        judged = [one.indicator for one in self.plan.targets if one.measure == "persons"]
        ids = set(self.owed["id"]) - _ELSEWHERE
        return [one for one in dict.fromkeys((*FLOWS, *judged)) if one in ids]

    def tables(self) -> Iterator[Table]:
        counts, rows = self.counts(), self.owed.set_index("id", drop=False)
        for one in counts:
            yield self._count(rows.loc[one])
        if "people_enrolled" in counts and self._by_trade(rows.loc["people_enrolled", "breakdowns"]):
            yield self._trades()
        if set(rows.index) & set(EMPLOYMENT):
            yield self._employment()
        if set(rows.index) & set(STREAMING):
            yield self._streaming()
        rest = self.owed[~self.owed["id"].isin({*counts, *_ELSEWHERE})]
        if len(rest):
            yield self._figures(rest)
        if set(rows.index) & set(MONEY):
            yield self._funds()

    def _table(
        self, id: str, stub: str, rows: Sequence[Row], columns: Sequence[Column], notes: Sequence[str] = (),
        sheet: str = "", title: str = "", **more: Any,
    ) -> Table:  # fmt: skip
        """A table on its sheet; what is not given, `stub` and `notes` are lines of the form's words."""
        sheet, title = sheet or self.say(f"sheet.{id}"), title or self.say(f"title.{id}")
        words = tuple(map(self.say, notes))
        return Table(id, sheet, title, self.say(stub), tuple(rows), tuple(columns), notes=words, **more)

    def _column(self, id: str, measure: str = "persons", head: str = "", **more: Any) -> Column:
        unit = self.say.measure(measure) if measure else ""
        return Column(id, head or self.say(f"column.{id}"), unit=unit, **more)

    def _share(self, id: str, part: str, whole: str, **more: Any) -> Column:
        return self._column(id, "percent", role="ratio", plus=(part,), minus=(whole,), **more)

    def _before(self, of: str, measure: str, indicator: str, width: float) -> Column:
        """What was reported last time of one of a table's figures."""
        head = self.say("column.previous_of", part=Said(f"form.column.{of}_short"))
        return self._column(
            "previous", measure, head, role="previous", key=Key(indicator=indicator), width=width
        )

    def levels(self) -> list[tuple[str, str, bool]]:
        """(id, name on the form, whether the plan's head count includes it) of the levels in force, in order."""
        day = cutoff_day(self.cutoff, self.plan.calendar).isoformat()
        return [
            (level.id, capital(self.say.text(level.name)), level.counted)
            for level in self.plan.levels
            if level.valid_from <= day and (not level.valid_to or day <= level.valid_to)
        ]

    def level_rows(self, *indicators: str) -> tuple[Row, ...]:
        """A row per level, a subtotal of the levels the plan counts, and the total of all.

        The total is filled in where a target is judged on all levels together, and the levels are left out where
        nothing is judged on them.
        """
        judged = [target.levels for one in indicators for target in judged_on(self.plan, one)]
        levels = self.levels() if not judged or any(judged) else []
        counted = tuple(name for _, name, counts in levels if counts)
        other = tuple(name for _, name, counts in levels if not counts)
        rows = [Row(name, Key(level=level)) for level, name, counts in levels if counts]
        if counted and other:
            rows.append(Row(self.say("row.counted_levels"), total=counted))
            rows += [Row(name, Key(level=level)) for level, name, counts in levels if not counts]
        together = () if () in judged else counted + other
        return (*rows, Row(self.say("row.total"), total=together, beyond_quota=bool(counted and other)))

    def breakdowns(self, breakdowns: str) -> list[Column]:
        """The columns women, the groups and rural people, as far as the indicator's breakdowns name them."""
        named, say = breakdowns.split("|"), self.say
        women, rural = (capital(say.named(*one)) for one in (("sex", "female"), ("residence", "rural")))
        every = [
            ("sex", "female", women, "column.in_year", Key(sex="female")),
            *((one.id, one.id, say.text(one.name), "column.groups", Key(group=one.id)) for one in self.plan.groups),
            ("residence", "rural", rural, "column.groups", Key(residence="rural")),
        ]  # fmt: skip
        return [
            self._column(id, head=head, over=say(over), key=key)
            for name, id, head, over, key in every
            if name in named
        ]

    def _count(self, row: pd.Series) -> Table:
        """People by level and group, against the quota where it is theirs and what was reported last time."""
        name, stock, known = row["id"], row["basis"] == "stock", row["id"] in FLOWS
        over = self.say("column.on_day" if stock else "column.in_year")
        parts = self.breakdowns(row["breakdowns"])
        women = [replace(one, over=over) for one in parts if one.key.sex]
        men = [self._column("men", over=over, role="plus", plus=("all",), minus=("female",)) for _ in women]
        columns = [
            self._column("all", over=over), *women, *men, *(one for one in parts if not one.key.sex),
            self._column("previous", role="previous"),
        ]  # fmt: skip
        if name == "people_in_training":
            start = self._column("start", key=Key(indicator=START_STOCK))
            identity: dict[str, Any] = {
                "plus": (f"{name}!start", "people_enrolled!all"),
                "minus": ("people_graduated!all", "people_dropped_out!all", f"{name}!all"),
            }
            columns = [start, *columns, self._column("balance", role="plus", **identity)]
        elif not stock and self.plan.calendar.steps_at(self.cutoff) > 1:
            columns.append(self._column("in_period", role="plus", plus=("all",), minus=("previous",)))
        if name == counted_indicator(self.plan):
            columns = [
                self._column("quota", role="quota"), *columns,
                self._share("against_quota", "all", "quota", width=9),
            ]  # fmt: skip
        key = Key(indicator=name, measure="persons", basis=row["basis"])
        label = self._label(row)
        more = {} if known else {"sheet": _sheet_name(label), "title": label.upper()}
        notes = ("note.stock",) if name == "people_in_training" else ()
        rows = self.level_rows(name)
        stub = "column.level" if len(rows) > 1 else "column.content"
        return self._table(name, stub, rows, columns, key=key, notes=notes, **more)

    def _by_trade(self, breakdowns: str) -> bool:
        """Whether the groups of trades, which are those of Viet Nam, are asked for."""
        return self.plan.in_viet_nam and "trade" in breakdowns.split("|")

    def _trades(self) -> Table:
        over, say = self.say("column.in_year"), self.say
        names = tuple(say.named("trade", code) for code in TRADES)
        rows = [Row(name, Key(trade=code)) for code, name in zip(TRADES, names, strict=True)]
        rows.append(Row(say("row.total"), total=names))
        columns = (
            self._column("all", over=over),
            *(replace(one, over=over) for one in self.breakdowns("sex|residence")),
            self._column("previous", role="previous"),
        )
        key = _OF_THE_YEAR._replace(indicator="people_enrolled")
        return self._table("trades", "column.trade", rows, columns, key=key, notes=("note.trades",))

    def _employment(self) -> Table:
        over = self.say("column.in_year")
        followed, employed = (Key(indicator=one) for one in EMPLOYMENT)
        columns = (
            self._column("followed", over=over, key=followed),
            self._column("employed", over=over, key=employed),
            self._column("employed_women", over=over, key=employed._replace(sex="female")),
            self._share("employed_rate", "employed", "followed"),
            self._before("employed", "persons", EMPLOYMENT[1], 13),
        )
        rows, note = self.level_rows(*EMPLOYMENT), "note.employment"
        return self._table("employment", "column.level", rows, columns, [note], key=_OF_THE_YEAR)

    def _streaming(self) -> Table:
        over = self.say("column.school_year")
        entered = self._column("entered", over=over, of="to_vet")
        leavers = self._column("leavers", over=over, of="leavers")
        rate = self._share("rate", "entered", "leavers")
        columns = (entered,) if self.kind == "institution" else (leavers, entered, rate)
        rows = [Row(self.say(f"row.{code}"), Key(indicator=code)) for code in STREAMING.values()]
        note = "note.streaming"
        return self._table("streaming", "column.leavers_of", rows, columns, [note], key=_OF_THE_YEAR)

    def _figures(self, owed: pd.DataFrame) -> Table:
        """Everything else, a row each, under the heads of the plan's sections where it has such."""
        rows: list[Row] = []
        for ref, part in owed.groupby("plan_ref", sort=False):
            rows += [Row(self._section(str(ref)), heading=True)] if ref else []
            rows += [row for item in part.to_dict("records") for row in self._single(item)]
        columns = (
            self._column("measure", "", role="unit", width=13),
            self._column("previous", "", role="previous", width=13),
            self._column("done", "", width=15),
        )  # fmt: skip
        kind = "tasks" if self.plan.tasks else "figures"
        return self._table(kind, "column.content", rows, columns, notes=("note.tasks",), stub_width=62)

    def _section(self, ref: str) -> str:
        task = next((one for one in self.plan.tasks if ref == f"III.{one.number}"), None)
        if task is None:
            return self.say("row.section_of_plan", ref=ref)
        return self.say("row.section", ref=ref, label=task.label)

    def _single(self, item: Any) -> Iterator[Row]:
        """The rows of one indicator: by channel, or by each definition on which a target judges it."""
        measure, label = item["measure"].split("|")[0], self._label(item)
        key, unit = Key(indicator=item["id"], measure=measure, basis=item["basis"]), self.say.measure(measure)
        if "channel" in item["breakdowns"].split("|"):
            for code in CHANNELS:
                of_channel = self.say("row.part_of", label=label, part=self.say.named("channel", code))
                yield Row(of_channel, key._replace(channel=code), unit)
            return
        for base, concept in self._definitions(item["id"]):
            words = "; ".join(
                one if isinstance(one, str) else self.say.text(one) for one in definition(base, concept)
            )
            named = f"{label} ({words})" if words else label
            yield Row(named, key._replace(base=base, concept=concept), unit)

    def _definitions(self, indicator: str) -> list[tuple[str, str]]:
        """Base and concept of each definition that must be asked for by name; one without where none must."""
        judged = judged_on(self.plan, indicator)
        stated = dict.fromkeys(("", "") if one.takes_unstated else (one.base, one.concept) for one in judged)
        return list(stated) or [("", "")]

    def _label(self, item: Any) -> str:
        other = "label_en" if self.say.lang == "vi" else "label_vi"
        return str(item["label_vi" if self.say.lang == "vi" else "label_en"] or item[other])

    def _funds(self) -> Table:
        over, money = self.say("column.in_year"), "million_dong"
        names = [capital(name) for name in self._sources()]
        ids = (source.id for source in self.plan.funding_sources)
        rows = [Row(name, Key(fund_source=id)) for name, id in zip(names, ids, strict=True)]
        columns = (
            self._column("assigned", money, over=over, key=Key(indicator=MONEY[0])),
            self._column("disbursed", money, over=over, key=Key(indicator=MONEY[1])),
            self._share("disbursed_rate", "disbursed", "assigned"),
            self._before("disbursed", money, MONEY[1], 14),
        )
        rows.append(Row(self.say("row.total"), total=tuple(names)))
        key = Key(measure=money, basis="cumulative")
        return self._table("funds", "column.source", rows, columns, key=key, stub_width=60)

    def _sources(self) -> list[str]:
        """The plan's sources of money as labels: its words without the mark that ends them."""
        return [self.say.text(source.text).rstrip(" .;") for source in self.plan.funding_sources]

    def history(self, of_place: bool) -> Table:
        owed, say, year = self.owed, self.say, self.cutoff.year
        rows = [row for name in self.counts() for row in self._block(owed[owed["id"] == name].iloc[0])]
        rates = owed["id"].isin([one.indicator for one in self.plan.targets if one.measure == "percent"])
        singles = owed[owed["id"].isin(_PAST_SINGLES) | (rates & of_place)]
        if owed["id"].isin(_PAST_SINGLES).any():
            rows.append(Row(say("row.employment"), heading=True))
        rows += [row for item in singles.to_dict("records") for row in self._single(item)]
        if owed["id"].isin(MONEY).any():
            rows.append(Row(say("row.funds"), heading=True))
            for indicator, line in zip(MONEY, ("column.assigned", "column.disbursed"), strict=True):
                for source, name in zip(self.plan.funding_sources, self._sources(), strict=True):
                    key = Key(indicator, fund_source=source.id, measure="million_dong", basis="cumulative")
                    label = say("row.part_of", label=say(line), part=name)
                    rows.append(Row(label, key, say.measure("million_dong")))
        over = say("column.in_year_number", year=year)
        columns = (
            self._column("measure", "", role="unit", width=12),
            *(
                self._column(one.code, "", head=self._until(one), over=over, key=Key(period=str(one)))
                for one in cutoffs(year, self.plan.calendar)
            ),
        )
        sheet, title = history_name(self.plan, say), say("title.history", year=year)
        return self._table(
            "history", "column.content", rows, columns, sheet=sheet, title=title, stub_width=66
        )

    def _until(self, cutoff: Cutoff) -> str:
        """A cut-off as it heads a column of running totals."""
        if cutoff.code.startswith("M"):
            return self.say("column.months", months=cutoff.months)
        return self.say(f"column.{cutoff.code}")

    def _block(self, item: pd.Series) -> Iterator[Row]:
        """Heading, levels with totals, then women and groups of all levels; trades for new enrolments."""
        name, say = item["id"], self.say
        key, people = Key(name, measure="persons", basis=item["basis"]), say.measure("persons")
        levels = self.level_rows(name)
        yield Row(say(f"title.{name}") if name in FLOWS else self._label(item).upper(), heading=True)
        for row in levels:
            yield Row(row.label, NO_KEY if row.total else row.key.under(key), people, row.total)
        if name == "people_in_training":
            start = Key(START_STOCK, measure="persons", basis="stock")
            for row in levels:
                if not row.total:
                    label = say("row.part_of", label=say("column.start"), part=row.label)
                    yield Row(label, row.key.under(start), people)
        if name not in ("people_in_training", "people_dropped_out"):
            for column in self.breakdowns(item["breakdowns"]):
                yield Row(say("row.of_which", part=column.head), column.key.under(key), people)
        if name == "people_enrolled" and self._by_trade(item["breakdowns"]):
            for code in TRADES:
                yield Row(say.named("trade", code), key._replace(trade=code), people)


def _sheet_name(label: str) -> str:
    """A label as the name of a sheet: no mark that such a name may not have, at most 31 characters."""
    return "".join(" " if mark in "[]:*?/\\'" else mark for mark in label)[:31].strip()
