"""What a row of a foreign table is among the rows beside it: the head of a section, a part of each, one left blank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from itertools import groupby
from typing import NamedTuple

from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.returns.above import DIVIDED, NO_SECTION, WHOSE, Meaning, is_part
from vetanalysis.returns.names import fold
from vetanalysis.returns.readings import KEY

Part = frozenset[tuple[str, str]]  # what a row says of its part


class Row(NamedTuple):
    """A row while it is read: its name, what it says, its columns with figures, and whether it names a measure, has
    a further name beside the first, and is numbered as a section is (I, A)."""

    number: int
    label: str
    meaning: Meaning
    figures: list[int]
    measured: bool = False
    further: bool = False
    counted: bool = False


def is_section(row: Row, without: Collection[str] = NO_SECTION) -> bool:
    """Whether a row with figures is named like a section ("Trình độ sơ cấp"); `without`: what names none."""
    said = row.meaning.keys() - without
    return bool(row.figures) and bool(said) and said <= set(BREAKDOWNS) and not is_part(row.label)


def of_sections(rows: list[Row]) -> bool:
    """Whether each section of a table of units begins with a row of its sum: not where these are parts of the units."""
    sections = [tuple(row.meaning.items()) for row in rows if is_section(row)]
    first = next((number for number, row in enumerate(rows) if "unit" in row.meaning), 0)
    before = [*map(is_section, rows[:first])]
    return before.count(True) == 1 and before[-1] and len(set(sections)) == len(sections)


def parts_of_each(rows: list[Row]) -> set[int]:
    """The rows of a part that comes again below each of several wholes ("Sơ cấp", "Nam", "Nữ", "Trung cấp", "Nam"):
    each is of the row above it; one that stands once below them all is of all."""
    found: dict[Part, dict[int, int]] = {}
    again: set[int] = set()
    wholes = 0
    for row in rows:
        if row.meaning.keys() & set(WHOSE):
            again |= _below_several(found)
            found = {}
        elif row.meaning and row.meaning.keys() <= NO_SECTION and not is_part(row.label):
            found.setdefault(frozenset(row.meaning.items()), {})[row.number] = wholes
        elif row.label:
            wholes += 1
    return again | _below_several(found)


def is_trade(row: Row) -> bool:
    """Whether a row names a trade and nothing else: one of the words for trades, or one that returns are asked by."""
    return row.meaning.keys() == {"trade"} or row.meaning.get("role") == "trade"


def lone_trades(rows: list[Row]) -> list[Row]:
    """The rows with the only trade of a level, a unit as what that has: "Điện | Trung cấp | 50" is all of its level."""
    of_level = Counter(
        tuple(row.meaning.items()) for row in rows if is_trade(row) and row.meaning.keys() != {"role"}
    )
    alone = {said for said, count in of_level.items() if count == 1}
    return [
        row._replace(meaning={name: row.meaning[name] for name in row.meaning if name != "role"})
        if tuple(row.meaning.items()) in alone
        else row
        for row in rows
    ]


def trades_below(rows: list[Row]) -> dict[int, bool]:
    """The rows of trades that stand below a level: whether they are of it, False where that is unclear.

    Between two levels they are of the one above, as they are below the only one; below the last of several they may
    be of all, where they do not stand below those before it, too.
    """
    found: dict[int, bool] = {}
    run: list[Row] = []
    for row in [*rows, None]:
        if row is not None and not row.meaning.keys() & set(WHOSE):
            run.append(row)
            continue
        levels = [at for at, one in enumerate(run) if "level" in one.meaning]
        trades = {at: one for at, one in enumerate(run) if is_trade(one) and levels and at > levels[0]}
        heads = [at for at, one in enumerate(run) if not one.figures and DIVIDED.match(fold(one.label))]
        before = {tuple(one.meaning.items()) for at, one in trades.items() if at < levels[-1]}
        for at, one in trades.items():
            if any(levels[-1] < head < at for head in heads) and tuple(one.meaning.items()) not in before:
                continue  # "Chia theo lĩnh vực" divides the whole anew
            found[one.number] = len(levels) == 1 or at < levels[-1] or tuple(one.meaning.items()) in before
        run = []
    return found


def _below_several(found: Mapping[Part, Mapping[int, int]]) -> set[int]:
    """The rows of those parts that stand below more than one whole; `found`: below which, by part and row."""
    return {row for rows in found.values() if len({*rows.values()}) > 1 for row in rows}


def blank_among_alike(rows: list[Row], kinds: list[str], parts_of_each: set[int]) -> set[int]:
    """The rows without figures that are no headings: rows beside them name parts of the same kind (levels), some with
    figures or with their total below. "Cao đẳng", left blank under "Sơ cấp | 12", is not what the rows below it are of.
    """
    named = ((row, kind) for row, kind in zip(rows, kinds, strict=True) if row.number not in parts_of_each)
    whole = [(row, kind) for row, kind in named if row.label and not is_part(row.label)]
    found: set[int] = set()
    after = 0
    for parts, run in groupby(whole, lambda one: "" if one[1] else _parts_named(one[0])):
        alike = [row for row, _ in run]
        after += len(alike)
        summed = len(alike) > 1 and after < len(whole) and whole[after][1] == "total"
        if parts and (summed or any(row.figures for row in alike)):
            found.update(row.number for row in alike if not row.figures and not row.counted)
    return found


def _parts_named(row: Row) -> frozenset[str]:
    """The kinds of parts that a row names, where it names nothing else."""
    return frozenset(row.meaning) if row.meaning.keys() <= set(BREAKDOWNS) else frozenset()


def said_by(figure: Mapping[str, object]) -> tuple[object, ...]:
    """What a figure says and of what, so that another table that says the same is known."""
    return tuple(figure.get(name, "") for name in (*KEY, "value"))
