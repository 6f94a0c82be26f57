"""Heads and units of measure of our form are held against the blank: another one is told, what moved is found again."""

import pytest

from tests.small_sheets import changed_form, unmerged
from vetanalysis.plan import load_plan

EXAMPLE = "lang-son-2023-example"


@pytest.fixture(scope="module")
def plan():
    return load_plan(EXAMPLE)


@pytest.fixture
def changed(plan, tmp_path):
    """Read the form of unit 183 for nine months as values, with cells of a sheet changed or the sheet by a function."""

    def read(page="Tuyển mới", change=lambda sheet: None, **cells):
        def both(book):
            change(unmerged(book[page]))
            for place, value in cells.items():
                book[page][place] = value

        return changed_form(plan, tmp_path, "2023-9M/183", both)

    return read


def told(reading):
    return [(one.place, one.severity) for one in reading.findings if one.rule == "form-words-changed"]


def figures(reading):
    columns = ["indicator", "level", "sex", "group", "residence", "fund_source", "value"]
    return sorted(map(tuple, reading.observations[columns].values.tolist()))


@pytest.mark.parametrize(
    ("page", "cell", "words"),
    [
        ("Kinh phí", "B6", "Được giao\n(nghìn đồng)"),
        ("Kinh phí", "C6", "Kế hoạch giải ngân\n(triệu đồng)"),
        ("Tuyển mới", "C5", "Quý III"),
        ("Tuyển mới", "C6", "Tổng số quý III\n(người)"),
        ("Tuyển mới", "F6", "Hộ gia đình\n(hộ)"),
        ("Nhiệm vụ", "D5", "Thực hiện quý III"),
        ("Nhiệm vụ", "B15", "lượt người"),
        ("Nhiệm vụ", "B9", "lớp"),
    ],
)
def test_another_head_or_unit_of_measure_refuses_the_form_at_its_cell(changed, page, cell, words):
    reading = changed(page, **{cell: words})
    assert told(reading) == [(cell, "error")]
    (found,) = (one for one in reading.findings if one.rule == "form-words-changed")
    assert found.sheet == page
    assert "biểu in là" in found.found.vi


@pytest.mark.parametrize(
    ("page", "cell", "words"),
    [
        ("Tuyển mới", "C6", "TỔNG SỐ (người)"),
        ("Tuyển mới", "C6", "Tổng số"),
        ("Tuyển mới", "D5", "Lũy kế từ đầu năm"),
        ("Kinh phí", "B6", "Được giao (tr.đ)"),
        ("Kinh phí", "B6", "Được giao\n(Triệu đồng)"),
        ("Nhiệm vụ", "B15", "Người"),
        ("Nhiệm vụ", "B15", "số người"),
    ],
)
def test_the_same_head_or_measure_written_otherwise_says_nothing(changed, page, cell, words):
    assert told(changed(page, **{cell: words})) == []


def test_a_head_that_is_gone_or_stands_over_no_entry_cells_is_a_warning(changed):
    assert told(changed(C6=None)) == [("C6", "warning")]
    assert told(changed(K5="Quý II", K6=None)) == [("K5", "warning")]
    assert told(changed("Nhiệm vụ", B15=None)) == [("B15", "warning")]


@pytest.mark.parametrize("columns", ["CD", "FG"])
def test_columns_that_changed_places_are_found_by_their_heads(changed, columns):
    def swap(sheet):
        for row in range(6, 14):
            one, other = (sheet[f"{letter}{row}"] for letter in columns)
            if row != 7:  # the numbers of the columns run on
                one.value, other.value = other.value, one.value

    reading = changed(change=swap)
    assert figures(reading) == figures(changed())
    assert {one.rule for one in reading.findings} == {"form-altered"}


def test_a_column_that_is_gone_is_told_once_and_refuses_the_form(changed):
    reading = changed(change=lambda sheet: sheet.delete_cols(4))
    assert told(reading) == [("D6", "error")]
    assert "not-understood" not in {one.rule for one in reading.findings}
