"""The form as data: which tables a unit owes for a period, with their rows, columns, keys and formulas. No drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.periods import Cutoff, cutoff_day
from vetanalysis.returns.key import NO_KEY, Key
from vetanalysis.returns.lists import CHANNELS, TRADES, indicators_owed, measure_word

if TYPE_CHECKING:
    from vetanalysis.plan import Plan, Unit

#: Columns of the hidden sheet `_cells`, one row per cell a person fills with a number.
CELL_COLUMNS = (
    "sheet", "cell", "indicator", "level", "sex", "group", "residence", "trade",
    "fund_source", "channel", "measure", "basis",
)  # fmt: skip
#: Columns of the hidden sheet `_texts`, one row per cell a person fills with words.
TEXT_COLUMNS = ("sheet", "cell", "kind", "ref")
FLOWS = {
    "people_enrolled": ("Tuyển mới", "SỐ NGƯỜI TUYỂN MỚI THEO TRÌNH ĐỘ VÀ ĐỐI TƯỢNG"),
    "people_in_training": ("Đang học", "SỐ NGƯỜI ĐANG HỌC TẠI NGÀY CHỐT SỐ LIỆU"),
    "people_graduated": ("Tốt nghiệp", "SỐ NGƯỜI TỐT NGHIỆP THEO TRÌNH ĐỘ VÀ ĐỐI TƯỢNG"),
    "people_dropped_out": ("Thôi học", "SỐ NGƯỜI THÔI HỌC THEO TRÌNH ĐỘ VÀ ĐỐI TƯỢNG"),
}
#: The stock at the beginning of the year, which the identity of stocks and flows needs.
START_STOCK = "people_in_training_start"
STREAMING = {
    "streaming_lower_secondary": ("lower_secondary", "Tốt nghiệp trung học cơ sở (THCS)"),
    "streaming_upper_secondary": ("upper_secondary", "Tốt nghiệp trung học phổ thông (THPT)"),
}
EMPLOYMENT = ("graduates_followed", "graduates_employed")
MONEY = ("budget_assigned", "budget_disbursed")
# Worked out from the sheet of commune quotas, so not asked for a second time.
FROM_COMMUNES = ("communes_with_targets_share", "targets_assigned_total")
TOTAL = "Tổng cộng"
_TOP = "Lũy kế từ đầu năm"
_GROUP_TOP = "Trong đó theo đối tượng (không cộng với nhau)"


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
        tables.append(_employment(plan, cutoff, "people_graduated" in ids))
    if ids & set(STREAMING):
        tables.append(_streaming(unit))
    own_tables = {*FLOWS, *EMPLOYMENT, *STREAMING, *MONEY, *FROM_COMMUNES}
    tables += _tasks(plan, owed[~owed["id"].isin(own_tables)])
    if ids & set(MONEY):
        tables.append(_funds(plan))
    return tables


def levels_on(plan: Plan, cutoff: Cutoff) -> list[tuple[str, str, bool]]:
    """(id, Vietnamese name, whether the plan's head count includes it) of the levels in force, in the
    plan's order."""
    day = cutoff_day(cutoff, plan.calendar).isoformat()
    return [
        (level.id, level.name.vi[:1].upper() + level.name.vi[1:], level.counted)
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
        rows.append(Row("Cộng các trình độ tính vào chỉ tiêu", total=counted))
        rows += [Row(name, Key(level=level)) for level, name, counts in levels if not counts]
    return (*rows, Row(TOTAL, total=counted + other, beyond_quota=bool(counted and other)))


def breakdown_columns(plan: Plan, indicator: str) -> tuple[Column, ...]:
    """The columns women, the groups and rural people, as far as the indicator's breakdowns in the plan
    name them."""
    named = set(
        plan.indicators.loc[plan.indicators["id"] == indicator, "breakdowns"].str.split("|").explode()
    )
    columns = [Column("Nữ", over=_TOP, unit="người", key=Key(sex="female"))] if "sex" in named else []
    columns += [
        Column(group.name.vi, over=_GROUP_TOP, unit="người", key=Key(group=group.id))
        for group in plan.groups
        if group.id in named
    ]
    if "residence" in named:
        columns.append(
            Column("Lao động nông thôn", over=_GROUP_TOP, unit="người", key=Key(residence="rural"))
        )
    return tuple(columns)


def _flow(plan: Plan, unit: Unit, cutoff: Cutoff, indicator: str) -> Table:
    sheet, title = FLOWS[indicator]
    stock = indicator == "people_in_training"
    over = "Tại ngày chốt số liệu" if stock else _TOP
    women = [one for one in breakdown_columns(plan, indicator) if one.key.sex]
    men = [
        Column("Nam (tự tính)", "plus", over=over, unit="người", plus=("Tổng số",), minus=(one.head,))
        for one in women
    ]
    columns = [
        Column("Tổng số", over=over, unit="người"),
        *(replace(one, over=over) for one in women),
        *men,
        *(one for one in breakdown_columns(plan, indicator) if not one.key.sex),
        Column("Kỳ trước đã báo cáo", "previous", unit="người"),
    ]
    if stock:
        start = Column("Đang học đầu năm", unit="người", key=Key(indicator=START_STOCK))
        columns = [start, *columns, Column("Chênh lệch cân đối", "balance", unit="người")]
    elif cutoff.quarters > 1:
        columns.append(
            Column(
                "Phát sinh trong kỳ", "plus", unit="người", plus=("Tổng số",), minus=("Kỳ trước đã báo cáo",)
            )
        )
    if indicator == "people_enrolled":
        columns = [Column("Chỉ tiêu năm", "quota", unit="người"), *columns]
        columns.append(
            Column("So với chỉ tiêu", "ratio", unit="%", plus=("Tổng số",), minus=("Chỉ tiêu năm",), width=9)
        )
    key = Key(indicator=indicator, measure="persons", basis="stock" if stock else "cumulative")
    notes = (_stock_note(),) if stock else ()
    return Table(sheet, title, "Trình độ đào tạo", level_rows(plan, cutoff), tuple(columns), key, notes)


def _stock_note() -> str:
    return (
        "Đang học tại ngày chốt = đang học đầu năm + tuyển mới - tốt nghiệp - thôi học. "
        "Cột chênh lệch cân đối phải bằng 0; nếu khác, nêu lý do ở trang Giải trình."
    )


def _trades() -> Table:
    names = tuple(TRADES.values())
    rows = (*(Row(name, Key(trade=code)) for code, name in TRADES.items()), Row(TOTAL, total=names))
    columns = (
        Column("Tổng số", over=_TOP, unit="người"),
        Column("Nữ", over=_TOP, unit="người", key=Key(sex="female")),
        Column("Lao động nông thôn", over=_TOP, unit="người", key=Key(residence="rural")),
        Column("Kỳ trước đã báo cáo", "previous", unit="người"),
    )
    key = Key(indicator="people_enrolled", measure="persons", basis="cumulative")
    notes = ("Tổng cộng của biểu này phải bằng Tổng cộng ở trang Tuyển mới.",)
    return Table("Theo nghề", "SỐ NGƯỜI TUYỂN MỚI THEO NHÓM NGHỀ", "Nhóm nghề", rows, columns, key, notes)


def _employment(plan: Plan, cutoff: Cutoff, with_graduates: bool) -> Table:
    followed, employed = EMPLOYMENT
    columns = [
        Column("Tốt nghiệp được theo dõi", over=_TOP, unit="người", key=Key(indicator=followed)),
        Column("Có việc làm sau đào tạo", over=_TOP, unit="người", key=Key(indicator=employed)),
        Column("trong đó: nữ", over=_TOP, unit="người", key=Key(indicator=employed, sex="female")),
        Column("Tỷ lệ có việc làm", "ratio", unit="%", plus=("Có việc làm sau đào tạo",),
               minus=("Tốt nghiệp được theo dõi",)),
        Column("Kỳ trước đã báo cáo (có việc làm)", "previous", unit="người", key=Key(indicator=employed),
               width=13),
    ]  # fmt: skip
    notes = (
        "Có việc làm trong vòng 6 tháng sau khi tốt nghiệp: được tuyển dụng, được bao tiêu sản phẩm, "
        "tự tạo việc làm, "
        "làm nghề cũ có năng suất, thu nhập cao hơn, vào tổ hợp tác, hợp tác xã.",
    )
    key = Key(measure="persons", basis="cumulative")
    return Table(
        "Việc làm",
        "VIỆC LÀM SAU ĐÀO TẠO",
        "Trình độ đào tạo",
        level_rows(plan, cutoff),
        tuple(columns),
        key,
        notes,
    )


def _streaming(unit: Unit) -> Table:
    entered = Column("Vào học giáo dục nghề nghiệp", over="Năm học", unit="người", key=Key(channel="entered"))
    leavers = Column("Số học sinh tốt nghiệp", over="Năm học", unit="người", key=Key(channel="leavers"))
    rate = Column("Tỷ lệ", "ratio", unit="%", plus=(entered.head,), minus=(leavers.head,))
    columns = (entered,) if unit.kind == "institution" else (leavers, entered, rate)
    rows = tuple(Row(name, Key(indicator=code)) for code, name in STREAMING.values())
    notes = (
        "Cột vào học: sau THCS tính sơ cấp và trung cấp; sau THPT tính cao đẳng và trình độ khác. "
        "Tính theo năm học vừa kết thúc.",
    )
    return Table(
        "Phân luồng", "PHÂN LUỒNG HỌC SINH SAU TỐT NGHIỆP THCS, THPT", "Đối tượng", rows, columns,
        Key(measure="persons", basis="cumulative"), notes,
    )  # fmt: skip


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
            channels = CHANNELS if "channel" in item.breakdowns.split("|") else {"": ""}
            for code, name in channels.items():
                label = f"{item.label_vi}: {name}" if name else item.label_vi
                rows.append(Row(label, Key(channel=code).under(key), measure_word(measure)))
    columns = (
        Column("ĐVT", "unit", width=13),
        Column("Kỳ trước đã báo cáo", "previous", width=13),
        Column("Thực hiện lũy kế từ đầu năm", width=15),
    )
    notes = (
        "Cột thực hiện: lũy kế từ đầu năm; riêng số hiện có (nhà giáo, quy mô, nhu cầu) ghi tại ngày chốt.",
    )
    title = "KẾT QUẢ THỰC HIỆN NHIỆM VỤ, GIẢI PHÁP CỦA KẾ HOẠCH"
    return [Table("Nhiệm vụ", title, "Nội dung", tuple(rows), columns, notes=notes, stub_width=62)]


def _heading(plan: Plan, ref: str) -> str:
    for task in plan.tasks:
        if ref == f"III.{task.number}":
            return f"Mục {ref}. {task.label.vi}"
    return f"Mục {ref} của Kế hoạch"


def _funds(plan: Plan) -> Table:
    names = [_source_name(source.text.vi) for source in plan.funding_sources]
    rows = [
        Row(name, Key(fund_source=source.id))
        for name, source in zip(names, plan.funding_sources, strict=True)
    ]
    columns = (
        Column("Được giao", over="Lũy kế từ đầu năm", unit="triệu đồng", key=Key(indicator=MONEY[0])),
        Column("Đã giải ngân", over="Lũy kế từ đầu năm", unit="triệu đồng", key=Key(indicator=MONEY[1])),
        Column("Tỷ lệ giải ngân", "ratio", unit="%", plus=("Đã giải ngân",), minus=("Được giao",)),
        Column(
            "Kỳ trước đã báo cáo (giải ngân)",
            "previous",
            unit="triệu đồng",
            key=Key(indicator=MONEY[1]),
            width=14,
        ),
    )
    return Table(
        "Kinh phí", "KINH PHÍ THỰC HIỆN THEO NGUỒN", "Nguồn kinh phí", (*rows, Row(TOTAL, total=tuple(names))),
        columns,
        Key(measure="million_dong", basis="cumulative"), stub_width=60,
    )  # fmt: skip


def _source_name(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(" .;")
