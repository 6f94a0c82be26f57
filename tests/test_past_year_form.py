"""The form for a past year is held against its blank as any other: what moved is found again by its labels."""

import pytest

from tests.small_sheets import changed_form, unmerged
from vetanalysis.plan import load_plan

EXAMPLE = "lang-son-2023-example"
KEY = ["period", "indicator", "level", "sex", "group", "trade", "fund_source", "measure"]


@pytest.fixture(scope="module")
def plan():
    return load_plan(EXAMPLE)


@pytest.fixture
def changed(plan, tmp_path):
    """Read the form of unit 183 for 2021 as values, changed by a function of its sheet."""

    def read(change):
        def seen(book):
            change(unmerged(next(one for one in book if one.sheet_state == "visible")))

        return changed_form(plan, tmp_path, "2021-FY/183", seen)

    return read


def figures(reading):
    table = reading.observations
    return dict(zip(map(tuple, table[KEY].values.tolist()), table["value"], strict=True))


def swap(sheet, one, other):
    for column in range(1, 7):
        a, b = sheet.cell(one, column), sheet.cell(other, column)
        a.value, b.value = b.value, a.value


def row_of(sheet, label, after=1):
    return next(row for row in range(after, sheet.max_row + 1) if sheet.cell(row, 1).value == label)


MOVES = {
    "a row above everything": lambda sheet: sheet.insert_rows(1),
    "a row between levels": lambda sheet: sheet.insert_rows(10),
    "a row between trades": lambda sheet: sheet.insert_rows(22),
    "a row among funds": lambda sheet: sheet.insert_rows(29),
    "a column before the quarters": lambda sheet: sheet.insert_cols(2),
    "a column between the quarters": lambda sheet: sheet.insert_cols(4),
    "two levels of one block swapped": lambda sheet: swap(sheet, 9, 10),
    "two trades swapped": lambda sheet: swap(sheet, 21, 22),
    "another name of the sheet": lambda sheet: setattr(sheet, "title", "Sheet1"),
}


@pytest.mark.parametrize("move", MOVES)
def test_every_figure_is_found_again_by_its_labels(changed, move):
    whole = figures(changed(lambda sheet: None))
    assert len(whole) == 88
    reading = changed(MOVES[move])
    assert figures(reading) == whole
    rules = {one.rule for one in reading.findings}
    assert rules == (set() if "name" in move else {"form-altered"})


def test_a_row_that_is_gone_is_told_and_no_other_takes_its_place(changed):
    whole = figures(changed(lambda sheet: None))
    reading = changed(lambda sheet: sheet.delete_rows(21))
    left = figures(reading)
    assert left == {key: value for key, value in whole.items() if key in left}
    assert len(whole) - len(left) == 4
    assert {(one.rule, one.place) for one in reading.findings if one.rule == "not-understood"} == {
        ("not-understood", "C21")
    }


def test_a_total_typed_alone_is_told(changed):
    def totals_only(sheet):
        for row in (9, 10, 11, 13):
            for column in range(3, 7):
                sheet.cell(row, column).value = None
        sheet["F12"] = 500

    found = [one for one in changed(totals_only).findings if one.rule == "typed-over"]
    assert "F12" in {one.place for one in found}


def test_a_number_in_a_row_put_in_is_told(changed):
    def put_in(sheet):
        sheet.insert_rows(10)
        sheet["A10"], sheet["C10"] = "Sơ cấp nghề", 12

    reading = changed(put_in)
    assert {one.place for one in reading.findings if one.rule == "not-understood"} == {"C10"}


@pytest.mark.parametrize("unit", ["183", "cdn-ls"])
@pytest.mark.parametrize("title", ["", "Sheet1"])
def test_a_form_without_its_hidden_sheets_is_read_as_a_whole(plan, tmp_path, unit, title):
    def bare(book):
        for name in ("_form", "_cells", "_texts"):
            del book[name]
        book.active.title = title or book.active.title

    whole = changed_form(plan, tmp_path, f"2021-FY/{unit}")
    reading = changed_form(plan, tmp_path, f"2021-FY/{unit}", bare)
    assert figures(reading) == figures(whole)
    assert (reading.unit, reading.period, reading.illustrative) == (unit, "2021-FY", True)
    assert {one.rule for one in reading.findings} == {"form-altered"}
