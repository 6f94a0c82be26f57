"""Figures pasted beside their cells, used again or left without their total: told, and only then.

The returns are those of Lạng Sơn city in the illustrative year, with the last one changed. It holds, in rows 8
(elementary) and 12 (under three months): 84 people, 43 women, 52 of ethnic minorities, 2, 2 and 1 of poor, nearly poor
and disabled people, 37 rural; and 58, 27, 36, 3, 1, 1, 24.
"""

import shutil
from dataclasses import replace

import openpyxl
import pytest

from vetanalysis.paths import data_root
from vetanalysis.plan import load_plan
from vetanalysis.returns.ledger import load_ledger
from vetanalysis.returns.moved import sheets_of
from vetanalysis.returns.readings import Reading, columns_of

UNIT, LAST = "178", "2023-9M/178__2023-09-15.xlsx"
ENTRIES = ("C", "D", "F", "G", "H", "I", "J")
ROWS = (8, 12)


@pytest.fixture(scope="module")
def plan():
    return load_plan("lang-son-2023-example")


@pytest.fixture
def root(plan, tmp_path):
    """The city's returns since 2021."""
    source = data_root() / "returns" / plan.name
    for path in source.glob(f"*/{UNIT}__*.xlsx"):
        if path.parent.name >= "2021":
            (tmp_path / path.parent.name).mkdir(exist_ok=True)
            shutil.copy(path, tmp_path / path.parent.name)
    return tmp_path


def found(plan, root, change=None, file=LAST):
    """Findings by rule after a change of the last return's sheet `Tuyển mới`; those of the file alone."""
    if change is not None:
        book = openpyxl.load_workbook(root / file)
        change(book)
        book.save(root / file)
    ledger = load_ledger(plan, root)
    return {one.rule: one for one in ledger.all_findings if one.file.endswith(file)}


def moved(belongs, keep=()):
    """A change: each (cell) gets what stood in the cell it is given; cells nobody gives anything stay if kept."""

    def change(book):
        sheet = book["Tuyển mới"]
        old = {cell: sheet[cell].value for cell in {*belongs, *belongs.values()}}
        for cell in {*belongs.values()} - {*belongs} - {*keep}:
            sheet[cell].value = None
        for cell, source in belongs.items():
            sheet[cell].value = old[source]

    return change


def shifted(step):
    """Entry cells of both rows, `step` entry columns to the right."""
    pairs = zip(ENTRIES[max(step, 0) :], ENTRIES[max(-step, 0) :], strict=False)
    if step < 0:
        pairs = zip(ENTRIES[:step], ENTRIES[-step:], strict=True)
    return {f"{to}{row}": f"{source}{row}" for to, source in pairs for row in ROWS}


def test_returns_as_they_were_sent_say_nothing_of_it(plan, root):
    assert not {"moved-figures", "total-blank", "repeated", "measure-suspect"} & found(plan, root).keys()


@pytest.mark.parametrize("keep", [(), ("C8", "C12")])
def test_figures_pasted_one_column_to_the_right_are_refused(plan, root, keep):
    rules = found(plan, root, moved(shifted(1), keep))
    one = rules["moved-figures"]
    assert (one.severity, one.sheet, one.place) == ("error", "Tuyển mới", "D8")
    assert one.found.en.startswith("12 figures from D8 to J12")
    assert one.found.en.endswith("one column too far right")
    assert ("total-blank" in rules) == (not keep)


def test_figures_pasted_one_column_to_the_left_are_refused(plan, root):
    rules = found(plan, root, moved(shifted(-1)))
    assert rules["moved-figures"].found.vi.endswith("lệch một cột sang trái")
    assert "part-above-whole" in rules  # 52 of minorities among 43 people


def test_a_level_pasted_one_row_down_is_refused(plan, root):
    belongs = {f"{column}{row + 1}": f"{column}{row}" for column in ENTRIES for row in (8, 9)}
    one = found(plan, root, moved(belongs))["moved-figures"]
    assert one.found.en.endswith("rows 8 and 9 changed places")
    assert (one.severity, one.place) == ("error", "C9")


@pytest.mark.parametrize(("one", "other"), [("F", "I"), ("D", "G"), ("H", "J")])
def test_two_columns_that_changed_places_are_told(plan, root, one, other):
    belongs = {f"{a}{row}": f"{b}{row}" for a, b in ((one, other), (other, one)) for row in ROWS}
    rules = found(plan, root, moved(belongs))
    assert rules["moved-figures"].found.en.endswith(f"columns {one} and {other} changed places")


def test_tasks_pasted_one_row_down_are_told(plan, root):
    """Sessions, people reached, rural people trained, in farming: 15, 642, 64, 61, then in other trades."""

    def change(book):
        sheet = book["Nhiệm vụ"]
        values = [sheet[f"D{row}"].value for row in (9, 10, 11, 12)]
        for row, value in zip((10, 11, 12, 13), values, strict=True):
            sheet[f"D{row}"].value = value
        sheet["D9"].value = None

    one = found(plan, root, change)["moved-figures"]
    assert (one.sheet, one.place) == ("Nhiệm vụ", "D10")


@pytest.mark.parametrize(
    "factor", [{"C": 3, "D": 3, "F": 3, "G": 3, "H": 3, "I": 3, "J": 3}, {"D": 0.6}, {"F": 1.3, "J": 0.7}]
)
def test_growth_and_other_shares_are_no_move(plan, root, factor):
    def change(book):
        for column, times in factor.items():
            for row in ROWS:
                cell = book["Tuyển mới"][f"{column}{row}"]
                cell.value = round(cell.value * times)

    assert "moved-figures" not in found(plan, root, change)


def test_parts_without_their_total_are_told_once_at_the_blank_cell(plan, root):
    one = found(plan, root, moved({"C8": "C9"}))
    assert (one["total-blank"].severity, one["total-blank"].place) == ("warning", "C8")


def test_the_same_figures_as_last_time_are_told(plan, root):
    """The form of nine months with every figure of the half year."""
    before = openpyxl.load_workbook(next(root.glob("2023-H1/*.xlsx")))

    def change(book):
        for sheet in ("Tuyển mới", "Theo nghề", "Nhiệm vụ", "Kinh phí"):
            old = {row[0].value: row for row in before[sheet].iter_rows(min_row=8)}
            for row in book[sheet].iter_rows(min_row=8):
                for cell in row[1:]:
                    if isinstance(cell.value, int | float) and row[0].value in old:
                        cell.value = old[row[0].value][cell.column - 1].value

    one = found(plan, root, change)["repeated"]
    assert one.severity == "warning"
    assert "2023-H1/178" in one.found.en


def test_the_block_of_another_unit_is_told(plan, root):
    """The sheet of Cao Lộc (183) in the form of the city."""
    source = data_root() / "returns" / plan.name / "2023-9M"
    path = next(source.glob("183__*.xlsx"))
    shutil.copy(path, root / "2023-9M")
    other = openpyxl.load_workbook(path)["Tuyển mới"]

    def change(book):
        for column in ENTRIES:
            for row in (8, 9, 10, 12):
                book["Tuyển mới"][f"{column}{row}"].value = other[f"{column}{row}"].value

    found(plan, root, change)
    told = [one for one in load_ledger(plan, root).all_findings if one.rule == "repeated"]
    assert [one.sheet for one in told] == ["Tuyển mới"]
    assert "178" in told[0].found.en or "183" in told[0].found.en


def test_an_earlier_day_holds_a_return_against_what_had_come_by_then(plan, root):
    """The half-year sent again in October, pasted askew as well, is what the nine months then fit."""
    found(plan, root, moved(shifted(1)))
    (half,) = root.glob("2023-H1/*.xlsx")
    book = openpyxl.load_workbook(half)
    moved(shifted(1))(book)
    book.save(half.with_name(f"{UNIT}__2023-10-02.xlsx"))
    whole = load_ledger(plan, root)
    then, was = whole.known_on("2023-09-20"), load_ledger(plan, root, known_by="2023-09-20")
    told = [
        {one.file for one in ledger.all_findings if one.rule == "moved-figures"} for ledger in (whole, then)
    ]
    assert (LAST in told[0], LAST in told[1]) == (False, True)
    assert then.all_findings == was.all_findings


@pytest.mark.parametrize(("day", "told"), [("2099-09-15", True), ("2033-09-15", True), ("2024-09-15", False)])
def test_a_day_years_after_everything_is_an_error(plan, root, day, told):
    path = root / LAST
    path.rename(path.with_name(f"178__{day}.xlsx"))
    rules = found(plan, root, file=f"2023-9M/178__{day}.xlsx")
    assert ("received-late" in rules) == told
    assert not told or rules["received-late"].severity == "error"


def test_a_row_of_negative_figures_is_told_and_stops_nothing(plan, root):
    def change(book):
        book["Tuyển mới"]["C8"].value = -3500

    assert "negative" in found(plan, root, change)


def test_figures_that_differ_in_measure_or_basis_alone_are_not_one_thing_twice():
    usual = {"unit": UNIT, "period": "2023-9M", "level": "college", "illustrative": True}
    rows = [
        usual | {"indicator": "people_in_training", "measure": measure, "basis": basis, "value": value,
                 "source": f"x.xlsx!A!{cell}"}
        for cell, measure, basis, value in (
            ("C8", "persons", "cumulative", 84.0), ("D8", "persons", "stock", 60.0), ("E8", "percent", "stock", 5.0)
        )
    ]  # fmt: skip
    reading = Reading(file="x.xlsx", sha256="0" * 64, unit=UNIT, period="2023-9M", columns=columns_of(rows))
    assert sorted(sheets_of(reading)["A"].values.values()) == [5.0, 60.0, 84.0]
    twice = [*rows, rows[0] | {"source": "x.xlsx!A!C9"}]
    assert sheets_of(replace(reading, columns=columns_of(twice))) == {}
