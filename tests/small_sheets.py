"""Small workbooks as people send them, and what reading says of each of their cells: tables of their own, row by row,
and forms of the example in which something was changed."""

from collections.abc import Callable, Iterable
from pathlib import Path

import openpyxl

from tests.any_file.paper import table, workbook
from tests.any_file.sheet import Sheet
from vetanalysis.errors import Finding
from vetanalysis.paths import data_root
from vetanalysis.plan import Plan
from vetanalysis.returns.files import Received
from vetanalysis.returns.mapping import load_mapping
from vetanalysis.returns.read import read_return
from vetanalysis.returns.read_all import reading_of
from vetanalysis.returns.readings import Reading

NAME, PERIOD = "183__2023-09-15", "2023-9M"
#: Rows that many such tables have: whose it is, of when, its head; levels of which two are left blank.
WHOSE, WHEN = ("Đơn vị: Huyện Cao Lộc",), ("Kết quả 9 tháng đầu năm 2023",)
HEAD = ("STT", "Nội dung", "Thực hiện")
LEVELS = (
    (1, "Tuyển mới"),
    (None, "Sơ cấp", 150),
    (None, "Trung cấp"),
    (None, "Cao đẳng"),
    (2, "Tốt nghiệp", 40),
)


def received(path: Path, plan: Plan) -> Reading:
    """A file read and checked as one of its unit, its name and its folder say whose and of when."""
    unit, _, day = path.stem.partition("__")
    period = path.parent.name
    return reading_of(Received(path, f"{period}/{path.name}", unit, period, day), plan)


def written(folder: Path, *rows: tuple, name=NAME, sheet="Sheet", merged=(), csv=False) -> Path:
    """A file of one sheet with these rows."""
    page = Sheet(name=sheet)
    for row in rows:
        page.line(*row)
    page.merge(*merged)
    folder.mkdir(exist_ok=True, parents=True)
    path = folder / f"{name}.{'csv' if csv else 'xlsx'}"
    path.write_bytes(table(page.paper, "utf-8-sig", ";") if csv else workbook([page.paper]))
    return path


def read_rows(plan: Plan, folder: Path, *rows: tuple, period=PERIOD, mapping="", **how) -> Reading:
    """A sheet with these rows, read by itself; `how`: see `written`."""
    path = written(folder / period, *rows, **how)
    if mapping:
        (folder / "layout.yaml").write_text(mapping, encoding="utf-8")
    return read_return(path, plan, load_mapping(folder / "layout.yaml", plan) if mapping else None)


def check_rows(plan: Plan, folder: Path, *rows: tuple, period=PERIOD, **how) -> Reading:
    """A sheet with these rows, read and checked."""
    return received(written(folder / period, *rows, **how), plan)


def figures(reading: Reading, *names: str, parts: Iterable[str] = ()) -> dict[str, tuple]:
    """Columns of each figure by its cell, and those of its parts that are said."""
    rows = ({**row, "value": round(row["value"], 9)} for row in reading.observations.to_dict("records"))
    return {
        row["source"].rpartition("!")[2]: (
            *(row[one] for one in names),
            *(row[one] for one in parts if row[one]),
        )
        for row in rows
    }


def missing(reading: Reading) -> set[str]:
    """The cells in which a figure was asked and none given."""
    return {one.rpartition("!")[2] for one in reading.missing["source"]}


def rules(reading: Reading, told: Callable[[Finding], bool] = lambda one: True) -> dict[str, set[str]]:
    """The rules that were broken at each cell, without mere notes."""
    found: dict[str, set[str]] = {}
    for one in reading.findings:
        if one.severity != "info" and told(one):
            found.setdefault(one.place, set()).add(one.rule)
    return found


def changed_form(plan: Plan, folder: Path, which: str, change=lambda book: None, *, values=True) -> Reading:
    """A form of the example ("2023-9M/183") after a function of its workbook; `values`: formulas as they came out."""
    (sent,) = (data_root() / "returns" / plan.name).glob(f"{which}__*.xlsx")
    book = openpyxl.load_workbook(sent, data_only=values)
    change(book)
    book.save(folder / sent.name)
    return read_return(folder / sent.name, plan)


def unmerged(sheet):
    """A sheet without merged cells, so that rows and columns can be put in."""
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    return sheet
