"""What somebody typed over a printed or computed cell of our form is told; the form as it should be says nothing."""

import openpyxl
import pytest

from vetanalysis.paths import data_root
from vetanalysis.plan import load_plan
from vetanalysis.returns.form_around import TYPED_OVER
from vetanalysis.returns.key import Key
from vetanalysis.returns.read import read_return
from vetanalysis.returns.template import build_form

ENROLLED = Key("people_enrolled", level="elementary", measure="persons", basis="cumulative")
WOMEN = Key("people_enrolled", level="elementary", sex="female", measure="persons", basis="cumulative")
HEADS = {
    "quota": "Chỉ tiêu năm",
    "men": "Nam (tự tính)",
    "ratio": "So với chỉ tiêu",
    "before": "Kỳ trước đã báo cáo",
}


@pytest.fixture(scope="module")
def plan():
    return load_plan("lang-son-2023-example")


@pytest.fixture(scope="module")
def sent(plan, tmp_path_factory):
    """A filled form as the program prints it."""
    form = build_form(plan, "183", "2023-9M", figures={ENROLLED: 200.0, WOMEN: 80.0}, illustrative=True)
    return form.save(tmp_path_factory.mktemp("form") / "183__2023-09-18.xlsx")


def typed(sent, folder, head, value):
    """The form with one number typed into the column `head` of the row of elementary training."""
    book = openpyxl.load_workbook(sent)
    sheet = book["Tuyển mới"]
    column = next(
        cell.column for row in sheet.iter_rows(5, 6) for cell in row if str(cell.value or "").startswith(head)
    )
    row = next(cell.row for (cell,) in sheet.iter_rows(8, 20, 1, 1) if "ơ cấp" in str(cell.value))
    sheet.cell(row, column).value = value
    path = folder / "183__2023-09-19.xlsx"
    book.save(path)
    return path, sheet.cell(row, column).coordinate


def told(path, plan):
    return [one for one in read_return(path, plan).findings if one.rule == TYPED_OVER]


def test_a_form_left_as_printed_says_nothing(sent, plan):
    assert told(sent, plan) == []


@pytest.mark.parametrize(
    ("head", "value", "should"), [("men", 150, "120"), ("ratio", 99.0, ""), ("quota", 5, "")]
)
def test_a_number_typed_over_is_told_with_its_cell(sent, plan, tmp_path, head, value, should):
    path, cell = typed(sent, tmp_path, HEADS[head], value)
    found = [one for one in told(path, plan) if one.place == cell]
    assert len(found) == 1
    assert found[0].sheet == "Tuyển mới"
    assert HEADS[head] in found[0].found.vi
    assert str(should) in found[0].found.en
    assert found[0].severity == "warning"


def test_the_figures_counted_stay_those_of_the_entry_cells(sent, plan, tmp_path):
    path, _ = typed(sent, tmp_path, HEADS["men"], 150)
    columns = ["indicator", "level", "sex", "value"]
    before, after = (read_return(one, plan).observations[columns].values.tolist() for one in (sent, path))
    assert before == after


def test_the_right_number_in_place_of_a_formula_says_nothing(sent, plan, tmp_path):
    path, _ = typed(sent, tmp_path, HEADS["men"], 120)
    assert told(path, plan) == []


ALONE = {
    "women blank, men typed": ({"D8": None, "E8": 195}, {"E8"}),
    "the quarter typed, the year so far blank": ({"C8": None, "L8": 142}, {"L8"}),
    "a share typed, the year so far blank": ({"C8": None, "M8": 66.5}, {"M8"}),
    "only the total typed": (
        {**{f"{c}{r}": None for c in "CD" for r in (8, 9, 10, 12)}, "C13": 578, "D13": "273 người"},
        {"C13", "D13"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ALONE)
def test_a_worked_out_cell_typed_while_its_entry_cells_are_blank_is_told(plan, tmp_path, case):
    changes, cells = ALONE[case]
    book = openpyxl.load_workbook(data_root() / "returns" / plan.name / "2023-9M" / "183__2023-09-15.xlsx")
    for place, value in changes.items():
        book["Tuyển mới"][place] = value
    book.save(tmp_path / "183__2023-09-15.xlsx")
    found = [one for one in told(tmp_path / "183__2023-09-15.xlsx", plan) if "does not count" in one.found.en]
    assert {one.place for one in found} == cells
    assert all("fill in the entry cells" in one.found.en for one in found)
    assert all("điền vào các ô nhập" in one.found.vi for one in found)
