"""What stands at the edges of a form: a hidden list that was damaged, numbers beside and below the table."""

import pytest

from tests.small_sheets import changed_form, unmerged
from vetanalysis.plan import load_plan

EXAMPLE = "lang-son-2023-example"


@pytest.fixture(scope="module")
def plan():
    return load_plan(EXAMPLE)


@pytest.fixture
def read_changed(plan, tmp_path):
    """Read the form of unit 178 for nine months, changed by a function of its workbook."""

    return lambda change: changed_form(plan, tmp_path, "2023-9M/178", change, values=False)


def listed(book, cell):
    """The row of `_cells` that lists a cell of the sheet of new enrolments."""
    hidden = book["_cells"]
    return next(r for r in hidden.iter_rows(min_row=2) if (r[0].value, r[1].value) == ("Tuyển mới", cell))


DAMAGES = {
    "no address": lambda row: setattr(row[1], "value", "C8x"),
    "no sheet": lambda row: setattr(row[0], "value", None),
    "another sheet": lambda row: setattr(row[0], "value", "Tuyển"),
    "another cell": lambda row: setattr(row[1], "value", "C9"),
    "another figure": lambda row: setattr(row[2], "value", "people_graduated"),
    "emptied": lambda row: [setattr(cell, "value", None) for cell in row],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_line_of_the_hidden_list_loses_no_figure(read_changed, damage):
    whole = read_changed(lambda book: None).observations
    result = read_changed(lambda book: DAMAGES[damage](listed(book, "C8")))
    assert "form-altered" in {one.rule for one in result.findings}
    columns = ["indicator", "level", "sex", "group", "source", "value"]
    order = ["source"]
    left, right = (
        frame[columns].sort_values(order).reset_index(drop=True) for frame in (whole, result.observations)
    )
    assert left.equals(right)
    (first,) = right.loc[right["source"].str.endswith("Tuyển mới!C8"), "value"]
    assert first == 84


def beside(result):
    return {one.place for one in result.findings if one.rule == "not-understood" and one.sheet == "Tuyển mới"}


@pytest.mark.parametrize(
    ("cell", "value"), [("Z8", 84), ("Z8", "84"), ("C60", 84), ("A60", 84), ("Z60", "84 người")]
)
def test_a_number_right_of_the_table_or_below_it_is_told_at_its_cell(read_changed, cell, value):
    result = read_changed(lambda book: book["Tuyển mới"].__setitem__(cell, value))
    assert beside(result) == {cell}
    assert len(result.observations) == len(read_changed(lambda book: None).observations)


def test_words_beside_the_table_are_no_numbers(read_changed):
    def notes(book):
        book["Tuyển mới"]["Z8"], book["Tuyển mới"]["A60"] = "đã hỏi lại", "Ngày 15 tháng 9 năm 2023"

    assert not beside(read_changed(notes))


def test_a_number_in_a_second_row_of_one_label_is_told(read_changed):
    def above(book):
        sheet = unmerged(book["Tuyển mới"])
        sheet.insert_rows(8)
        sheet["A8"], sheet["C8"], sheet["D8"] = "Sơ cấp", 100, "40 người"

    whole, result = read_changed(lambda book: None).observations, read_changed(above)
    assert beside(result) == {"C8", "D8"}
    assert sorted(result.observations["value"]) == sorted(whole["value"])


def test_a_number_in_a_column_put_in_is_told(read_changed):
    def between(book):
        sheet = unmerged(book["Tuyển mới"])
        sheet.insert_cols(3)
        sheet["C6"], sheet["C8"], sheet["C9"] = "Kế hoạch tỉnh giao", 600, 30

    whole, result = read_changed(lambda book: None).observations, read_changed(between)
    assert beside(result) == {"C8", "C9"}
    assert sorted(result.observations["value"]) == sorted(whole["value"])


def test_numbers_of_the_rows_put_before_the_labels_are_no_figures(read_changed):
    def numbered(book):
        sheet = unmerged(book["Tuyển mới"])
        sheet.insert_cols(1)
        sheet["A5"] = "STT"
        for number in range(1, 7):
            sheet.cell(7 + number, 1).value = number

    assert not beside(read_changed(numbered))


def test_a_row_of_another_label_is_told_once(read_changed):
    result = read_changed(lambda book: book["Tuyển mới"].__setitem__("A8", "Sơ cấp nghề"))
    assert beside(result) == {"C8"}


def test_quotas_of_communes_are_found_again_by_the_names_of_the_communes(read_changed):
    def put_in(book):
        book["Chỉ tiêu xã"].insert_rows(9)

    def quotas(result):
        return {one["commune"]: one["value"] for one in result.commune_quotas}

    whole, result = read_changed(lambda book: None), read_changed(put_in)
    assert quotas(whole)
    assert quotas(result) == quotas(whole)
    assert {one.sheet for one in result.findings if one.rule == "form-altered"} == {"Chỉ tiêu xã"}
