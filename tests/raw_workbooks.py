"""What stands in the example's workbooks and tables, read with openpyxl and csv alone: nothing of the package."""

import csv
from functools import cache
from pathlib import Path

import openpyxl

DATA = Path(__file__).parent.parent / "data"
RETURNS = DATA / "returns" / "lang-son-2023-example"
TRUTH = DATA / "returns" / "lang-son-2023-example-truth"
LEVELS = {"elementary": 0, "intermediate": 1, "college": 2}  # rows under the first of a table
_STEPS = {"Q1": 2, "H1": 3, "9M": 4, "FY": 5}  # columns of a year told by quarter


@cache
def sheet(unit, period, title=""):
    """The cells of a unit's last workbook of a period by (row, column), counted from 1 and 0; empty without one."""
    found = sorted(
        path for root in (RETURNS, TRUTH) for path in (root / period).glob(f"{unit}__*.xlsx")
    )  # the day of receipt is part of the name
    if not found:
        return {}
    book = openpyxl.load_workbook(found[-1], read_only=True, data_only=True)
    page = book[title or book.sheetnames[0]] if not title or title in book.sheetnames else None
    rows = [] if page is None else list(page.iter_rows(values_only=True))
    book.close()
    return {(n, column): value for n, row in enumerate(rows, 1) for column, value in enumerate(row)}


def number(cells, row, column):
    """A number of a sheet; None where the cell is empty or holds no number."""
    value = cells.get((row, column))
    return float(value) if isinstance(value, int | float) else None


def enrolled(unit, period, level=""):
    """People newly enrolled since the year began, of one level or of the three that count; None without a figure."""
    year, code = period.split("-")
    told = (unit, f"{year}-FY") if year != "2023" or code == "FY" else (unit, period, "Tuyển mới")
    first, column = (9, _STEPS[code]) if len(told) == 2 else (8, 2)
    found = [number(sheet(*told), first + row, column) for name, row in LEVELS.items() if level in ("", name)]
    return added(found)


def of_level_columns(unit, period, column):
    """A column of the sheet of people newly enrolled (women, groups), over the levels that count."""
    cells = sheet(unit, period, "Tuyển mới")
    return added([number(cells, 8 + row, column) for row in LEVELS.values()])


def added(values):
    """The sum of what is there; None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


@cache
def quota(unit, year, level=""):
    """A unit's quota of a year; None without one."""
    given = [
        float(row["value"])
        for row in _table("lang-son-2023-example/quotas.csv")
        if (row["unit"], row["period"]) == (unit, f"{year}-FY") and level in ("", row["level"])
    ]
    return sum(given) if given else None


def tops():
    """The units with a quota of 2023, by their short name."""
    names = {row["code"]: row["short_name"] or row["name"] for row in _table("lang-son-2023/units.csv")}
    given = dict.fromkeys(
        row["unit"] for row in _table("lang-son-2023-example/quotas.csv") if row["period"] == "2023-FY"
    )
    return {unit: names[unit] for unit in given}


@cache
def _table(name):
    with open(DATA / "plans" / name, encoding="utf-8-sig", newline="") as file:
        return tuple(csv.DictReader(file))
