"""What a sheet of the form is made of: keys, rows, columns, tables, formulas. Data only, no drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

#: Columns of the hidden sheet `_cells`, one row per cell a person fills with a number.
CELL_COLUMNS = (
    "sheet", "cell", "indicator", "level", "sex", "group", "residence", "trade",
    "fund_source", "channel", "measure", "basis",
)  # fmt: skip
#: Columns of the hidden sheet `_texts`, one row per cell a person fills with words.
TEXT_COLUMNS = ("sheet", "cell", "kind", "ref")


@dataclass(frozen=True, slots=True)
class Key:
    """Which figure a cell holds, in the columns of the observations; empty means all.

    `basis`: cumulative since the year began, or stock at the end of the window. `period` is empty for the
    period of the form; the form for past years sets it, because there one sheet holds four cut-offs.
    """

    indicator: str = ""
    level: str = ""
    sex: str = ""
    group: str = ""
    residence: str = ""
    trade: str = ""
    fund_source: str = ""
    channel: str = ""
    measure: str = ""
    basis: str = ""
    period: str = ""

    def under(self, other: Key) -> Key:
        """This key with everything it leaves empty taken from `other`."""
        own = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name)}
        return replace(other, **own)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table. `total` names the labels of rows it adds up (a formula row); `heading` spans
    the table.

    `beyond_quota`: the row counts more than the quota covers, so that it is not held against it.
    """

    label: str
    key: Key = Key()
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
    key: Key = Key()
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
    key: Key = Key()
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
        return (
            f'=IF(COUNT({parts})=0,"chưa giao",IF(COUNT({self.whole})=0,"chưa có chỉ tiêu huyện",'
            f'IF(SUM({parts})={self.whole},"khớp","LỆCH")))'
        )

    def value(self, numbers: Mapping[str, float]) -> str:
        """The word the formula gives."""
        parts = [numbers[ref] for ref in self.parts if ref in numbers]
        if not parts:
            return "chưa giao"
        if self.whole not in numbers:
            return "chưa có chỉ tiêu huyện"
        return "khớp" if sum(parts) == numbers[self.whole] else "LỆCH"


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
