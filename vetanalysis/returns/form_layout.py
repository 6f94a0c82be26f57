"""The form as data: which tables a unit owes for a period, with their rows, columns, keys and formulas.

Nothing is drawn here (`form_sheets`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.blocks import Said, Text
from vetanalysis.language.filters import capital
from vetanalysis.periods import Cutoff, cutoff_day
from vetanalysis.returns.findings import measure_words
from vetanalysis.returns.key import NO_KEY, Key
from vetanalysis.returns.lists import CHANNELS, LANGUAGE, TRADES, indicators_owed, named, written

if TYPE_CHECKING:
    from vetanalysis.plan import Plan, Unit

#: Columns of the hidden sheet `_cells`, one row per cell a person fills with a number.
CELL_COLUMNS = (
    "sheet", "cell", "indicator", "level", "sex", "group", "residence", "trade",
    "fund_source", "channel", "measure", "basis",
)  # fmt: skip
#: Columns of the hidden sheet `_texts`, one row per cell a person fills with words.
TEXT_COLUMNS = ("sheet", "cell", "kind", "ref")
FLOWS = ("people_enrolled", "people_in_training", "people_graduated", "people_dropped_out")
#: The stock at the beginning of the year, which the identity of stocks and flows needs.
START_STOCK = "people_in_training_start"
STREAMING = {"streaming_lower_secondary": "lower_secondary", "streaming_upper_secondary": "upper_secondary"}
EMPLOYMENT = ("graduates_followed", "graduates_employed")
MONEY = ("budget_assigned", "budget_disbursed")
# Worked out from the sheet of commune quotas, so not asked for a second time.
FROM_COMMUNES = ("communes_with_targets_share", "targets_assigned_total")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table. `total` names the labels of rows it adds up (a formula row); `heading` spans
    the table.

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
    - "balance": stock at the start + new - graduated - dropped out - stock at the end, over four sheets;
    - "plus"/"ratio": a formula over other columns of the same row, `plus` minus `minus`, or 100 x plus /
      minus.

    `head` and `over` are the two lines of the header (columns with the same `over` stand under one merged
    cell), `unit` is the unit of measure printed with it.
    """

    head: str
    role: str = "input"
    over: str = ""
    unit: str = ""
    key: Key = NO_KEY
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    width: float = 11.0


@dataclass(frozen=True, slots=True)
class Table:
    """One table on a sheet of its own."""

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
        return row.key.under(column.key.under(self.key))


@dataclass(frozen=True, slots=True)
class Formula:
    """A sum of cells minus other cells, or 100 x the one over the other; empty while nothing is filled in.

    References are cell addresses, with a sheet in quotes where it is another one. Written as a formula every
    spreadsheet program understands, and computed here too, so that the stored value is right.
    """

    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()
    ratio: bool = False

    def text(self) -> str:
        """The formula as it stands in the cell."""
        plus, minus = ",".join(_ranges(self.plus)), ",".join(_ranges(self.minus))
        if self.ratio:
            return f'=IF(OR(COUNT({plus})=0,SUM({minus})=0),"",100*SUM({plus})/SUM({minus}))'
        if not self.minus:
            return f'=IF(COUNT({plus})=0,"",SUM({plus}))'
        return f'=IF(OR(COUNT({plus})=0,COUNT({minus})=0),"",SUM({plus})-SUM({minus}))'

    def value(self, numbers: Mapping[str, float]) -> float | str:
        """The result for the numbers given by address; an address without a number counts as empty."""
        plus = [numbers[ref] for ref in self.plus if ref in numbers]
        minus = [numbers[ref] for ref in self.minus if ref in numbers]
        if not plus or (self.minus and not minus):
            return ""
        if self.ratio:
            return 100 * sum(plus) / sum(minus) if sum(minus) else ""
        return sum(plus) - sum(minus)


@dataclass(frozen=True, slots=True)
class Agreement:
    """A check in words: the sum of cells against one cell."""

    parts: tuple[str, ...]
    whole: str

    def text(self) -> str:
        """The formula as it stands in the cell."""
        parts = ",".join(_ranges(self.parts))
        none, no_quota, agrees, differs = _answers()
        return (
            f'=IF(COUNT({parts})=0,"{none}",IF(COUNT({self.whole})=0,"{no_quota}",'
            f'IF(SUM({parts})={self.whole},"{agrees}","{differs}")))'
        )

    def value(self, numbers: Mapping[str, float]) -> str:
        """The word the formula gives."""
        parts = [numbers[ref] for ref in self.parts if ref in numbers]
        none, no_quota, agrees, differs = _answers()
        if not parts:
            return none
        if self.whole not in numbers:
            return no_quota
        return agrees if sum(parts) == numbers[self.whole] else differs


def _answers() -> tuple[str, str, str, str]:
    """What a check in words answers: nothing given, no whole to hold it against, both agree, they differ."""
    none, no_quota = written("agreement.none"), written("agreement.no_quota")
    return none, no_quota, written("agreement.agrees"), written("agreement.differs")


@dataclass(slots=True)
class Register:
    """What was drawn so far: where each figure, each text and each formula stands."""

    cells: dict[tuple[str, str], Key] = field(default_factory=dict)
    texts: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    numbers: dict[tuple[str, str], float] = field(default_factory=dict)
    formulas: dict[tuple[str, str], Formula | Agreement] = field(default_factory=dict)


def _ranges(refs: tuple[str, ...]) -> list[str]:
    """Neighbouring cells of one column joined into a range: C7, C8, C9 is C7:C9."""
    groups: list[list[str]] = []
    for ref in refs:
        if groups and _follows(groups[-1][-1], ref):
            groups[-1].append(ref)
        else:
            groups.append([ref])
    return [group[0] if len(group) == 1 else f"{group[0]}:{group[-1]}" for group in groups]


def _follows(first: str, second: str) -> bool:
    if "!" in first or "!" in second:
        return False
    split = [(ref.rstrip("0123456789"), int(ref[len(ref.rstrip("0123456789")) :])) for ref in (first, second)]
    return split[0][0] == split[1][0] and split[0][1] + 1 == split[1][1]


def measure_name(measure: str) -> str:
    """A unit of measure as the form writes it."""
    return measure_words(measure).get(LANGUAGE)


def tables_for(plan: Plan, unit: Unit, cutoff: Cutoff) -> list[Table]:
    """The tables of figures this unit owes at the cut-off, in the order of the sheets.

    Empty when the plan asks this unit for no figure at this cut-off; it then still reports its explanations.
    """
    owed = indicators_owed(plan, unit, cutoff)
    ids = set(owed["id"])
    tables = [_flow(plan, unit, cutoff, one) for one in FLOWS if one in ids]
    if "people_enrolled" in ids:
        tables.append(_trades())
    if ids & set(EMPLOYMENT):
        tables.append(_employment(plan, cutoff))
    if ids & set(STREAMING):
        tables.append(_streaming(unit))
    own_tables = {*FLOWS, *EMPLOYMENT, *STREAMING, *MONEY, *FROM_COMMUNES}
    tables += _tasks(plan, owed[~owed["id"].isin(own_tables)])
    if ids & set(MONEY):
        tables.append(_funds(plan))
    return tables


def levels_on(plan: Plan, cutoff: Cutoff) -> list[tuple[str, str, bool]]:
    """(id, name on the form, whether the plan's head count includes it) of the levels in force, in the
    plan's order."""
    day = cutoff_day(cutoff, plan.calendar).isoformat()
    return [
        (level.id, capital(level.name.get(LANGUAGE)), level.counted)
        for level in plan.levels
        if level.valid_from <= day and (not level.valid_to or day <= level.valid_to)
    ]


def level_rows(plan: Plan, cutoff: Cutoff) -> tuple[Row, ...]:
    """A row per level, a subtotal of the levels the plan counts, and the total of all."""
    levels = levels_on(plan, cutoff)
    counted = tuple(name for _, name, counts in levels if counts)
    other = tuple(name for _, name, counts in levels if not counts)
    rows = [Row(name, Key(level=level)) for level, name, counts in levels if counts]
    if counted and other:
        rows.append(Row(written("row.counted_levels"), total=counted))
        rows += [Row(name, Key(level=level)) for level, name, counts in levels if not counts]
    return (*rows, Row(written("row.total"), total=counted + other, beyond_quota=bool(counted and other)))


def breakdown_columns(plan: Plan, indicator: str) -> tuple[Column, ...]:
    """The columns women, the groups and rural people, as far as the indicator's breakdowns in the plan
    name them."""
    named_there = set(
        plan.indicators.loc[plan.indicators["id"] == indicator, "breakdowns"].str.split("|").explode()
    )
    people, groups = measure_name("persons"), written("column.groups")
    columns = []
    if "sex" in named_there:
        over = written("column.in_year")
        columns.append(Column(capital(named("sex", "female")), over=over, unit=people, key=Key(sex="female")))
    columns += [
        Column(group.name.get(LANGUAGE), over=groups, unit=people, key=Key(group=group.id))
        for group in plan.groups
        if group.id in named_there
    ]
    if "residence" in named_there:
        rural = capital(named("residence", "rural"))
        columns.append(Column(rural, over=groups, unit=people, key=Key(residence="rural")))
    return tuple(columns)


def _flow(plan: Plan, unit: Unit, cutoff: Cutoff, indicator: str) -> Table:
    stock = indicator == "people_in_training"
    over = written("column.on_day" if stock else "column.in_year")
    people, whole, before = measure_name("persons"), written("column.all"), written("column.previous")
    parts = breakdown_columns(plan, indicator)
    women = [one for one in parts if one.key.sex]
    men = [
        Column(written("column.men"), "plus", over=over, unit=people, plus=(whole,), minus=(one.head,))
        for one in women
    ]
    columns = [
        Column(whole, over=over, unit=people),
        *(replace(one, over=over) for one in women),
        *men,
        *(one for one in parts if not one.key.sex),
        Column(before, "previous", unit=people),
    ]
    if stock:
        start = Column(written("column.start"), unit=people, key=Key(indicator=START_STOCK))
        columns = [start, *columns, Column(written("column.balance"), "balance", unit=people)]
    elif plan.calendar.steps_at(cutoff) > 1:
        columns.append(
            Column(written("column.in_period"), "plus", unit=people, plus=(whole,), minus=(before,))
        )
    if indicator == "people_enrolled":
        quota = written("column.quota")
        columns = [Column(quota, "quota", unit=people), *columns]
        percent = measure_name("percent")
        columns.append(
            Column(
                written("column.against_quota"), "ratio", unit=percent, plus=(whole,), minus=(quota,), width=9
            )
        )
    key = Key(indicator=indicator, measure="persons", basis="stock" if stock else "cumulative")
    rows, notes = level_rows(plan, cutoff), ("note.stock",) if stock else ()
    return _table(indicator, "column.level", rows, columns, key, notes)


def _table(
    name: str,
    stub: str,
    rows: Sequence[Row],
    columns: Sequence[Column],
    key: Key = NO_KEY,
    notes: Sequence[str] = (),
    stub_width: float = 34.0,
) -> Table:
    """A table on its sheet; `name`, `stub` and `notes` are lines of the form's words."""
    return Table(
        written(f"sheet.{name}"), written(f"title.{name}"), written(stub), tuple(rows), tuple(columns), key,
        tuple(map(written, notes)), stub_width,
    )  # fmt: skip


def _trades() -> Table:
    over, people = written("column.in_year"), measure_name("persons")
    names = tuple(named("trade", code) for code in TRADES)
    rows = (
        *(Row(name, Key(trade=code)) for code, name in zip(TRADES, names, strict=True)),
        Row(written("row.total"), total=names),
    )
    women, rural = (capital(named(*one)) for one in (("sex", "female"), ("residence", "rural")))
    columns = (
        Column(written("column.all"), over=over, unit=people),
        Column(women, over=over, unit=people, key=Key(sex="female")),
        Column(rural, over=over, unit=people, key=Key(residence="rural")),
        Column(written("column.previous"), "previous", unit=people),
    )
    key = Key(indicator="people_enrolled", measure="persons", basis="cumulative")
    return _table("trades", "column.trade", rows, columns, key, ("note.trades",))


def _employment(plan: Plan, cutoff: Cutoff) -> Table:
    over, people, percent = written("column.in_year"), measure_name("persons"), measure_name("percent")
    followed, employed = (Key(indicator=one) for one in EMPLOYMENT)
    whole, part = written("column.followed"), written("column.employed")
    before = written("column.previous_of", part=Said("form.column.employed_short"))
    columns = (
        Column(whole, over=over, unit=people, key=followed),
        Column(part, over=over, unit=people, key=employed),
        Column(written("column.employed_women"), over=over, unit=people, key=employed._replace(sex="female")),
        Column(written("column.employed_rate"), "ratio", unit=percent, plus=(part,), minus=(whole,)),
        Column(before, "previous", unit=people, key=employed, width=13),
    )
    key = Key(measure="persons", basis="cumulative")
    return _table("employment", "column.level", level_rows(plan, cutoff), columns, key, ("note.employment",))


def _streaming(unit: Unit) -> Table:
    over, people, percent = written("column.school_year"), measure_name("persons"), measure_name("percent")
    entered = Column(written("column.entered"), over=over, unit=people, key=Key(channel="entered"))
    leavers = Column(written("column.leavers"), over=over, unit=people, key=Key(channel="leavers"))
    rate = Column(written("column.rate"), "ratio", unit=percent, plus=(entered.head,), minus=(leavers.head,))
    columns = (entered,) if unit.kind == "institution" else (leavers, entered, rate)
    rows = [Row(written(f"row.{code}"), Key(indicator=code)) for code in STREAMING.values()]
    key = Key(measure="persons", basis="cumulative")
    return _table("streaming", "column.leavers_of", rows, columns, key, ("note.streaming",))


def streaming_key(key: Key) -> Key:
    """The key of a streaming cell: row and column together name the quantity (`lower_secondary_leavers`
    ...)."""
    if key.channel not in ("entered", "leavers"):
        return key
    name = f"{key.indicator}_{'to_vet' if key.channel == 'entered' else 'leavers'}"
    return Key(indicator=name).under(Key(measure=key.measure, basis=key.basis))


def _tasks(plan: Plan, owed: pd.DataFrame) -> list[Table]:
    if owed.empty:
        return []
    rows: list[Row] = []
    for ref, part in owed.groupby("plan_ref", sort=False):
        rows.append(Row(_heading(plan, str(ref)), heading=True))
        for item in part.itertuples():
            measure = item.measure.split("|")[0]
            key = Key(indicator=item.id, measure=measure, basis=item.basis)
            channels = CHANNELS if "channel" in item.breakdowns.split("|") else ("",)
            for code in channels:
                label = item.label_vi
                if code:
                    label = written("row.part_of", label=label, part=named("channel", code))
                rows.append(Row(label, Key(channel=code).under(key), measure_name(measure)))
    columns = (
        Column(written("column.measure"), "unit", width=13),
        Column(written("column.previous"), "previous", width=13),
        Column(written("column.done"), width=15),
    )
    return [_table("tasks", "column.content", rows, columns, notes=("note.tasks",), stub_width=62)]


def _heading(plan: Plan, ref: str) -> str:
    for task in plan.tasks:
        if ref == f"III.{task.number}":
            return written("row.section", ref=ref, label=task.label)
    return written("row.section_of_plan", ref=ref)


def _funds(plan: Plan) -> Table:
    over, money, percent = written("column.in_year"), measure_name("million_dong"), measure_name("percent")
    assigned, disbursed = written("column.assigned"), written("column.disbursed")
    names = [capital(source_name(source.text)) for source in plan.funding_sources]
    rows = [
        Row(name, Key(fund_source=source.id))
        for name, source in zip(names, plan.funding_sources, strict=True)
    ]
    rate = written("column.disbursed_rate")
    before = written("column.previous_of", part=Said("form.column.disbursed_short"))
    columns = (
        Column(assigned, over=over, unit=money, key=Key(indicator=MONEY[0])),
        Column(disbursed, over=over, unit=money, key=Key(indicator=MONEY[1])),
        Column(rate, "ratio", unit=percent, plus=(disbursed,), minus=(assigned,)),
        Column(before, "previous", unit=money, key=Key(indicator=MONEY[1]), width=14),
    )
    rows.append(Row(written("row.total"), total=tuple(names)))
    key = Key(measure="million_dong", basis="cumulative")
    return _table("funds", "column.source", rows, columns, key, stub_width=60)


def source_name(text: Text) -> str:
    """A source of money as a label: the plan's words without the mark that ends them."""
    return text.get(LANGUAGE).rstrip(" .;")
