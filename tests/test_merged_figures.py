"""A figure merged over several rows or columns is nobody's: told at its cell, and counted for none of them."""

import pytest

from tests.small_sheets import HEAD, LEVELS, WHEN, WHOSE, changed_form, read_rows, rules
from tests.small_sheets import figures as figures_of
from vetanalysis.plan import load_plan

UNITS = ("Đơn vị", "Tuyển mới", "Tốt nghiệp")
UNCLEAR = {"not-understood"}


@pytest.fixture(scope="module")
def plan():
    return load_plan("lang-son-2023")


@pytest.fixture
def read(plan, tmp_path):
    """Figures by cell and rules by cell of a sheet with these rows."""

    def of(*rows, merged=()):
        reading = read_rows(plan, tmp_path, *rows, merged=merged)
        return figures_of(reading, "unit", "indicator", "level", "value"), rules(reading)

    return of


def test_a_figure_merged_over_levels_is_of_none_of_them(read):
    figures, told = read(WHOSE, WHEN, HEAD, *LEVELS, merged=("C5:C7",))
    assert figures == {"C8": ("183", "people_graduated", "", 40)}
    assert told == {"C5": UNCLEAR}


def test_the_total_of_a_unit_merged_down_its_levels_is_not_that_of_the_first(read):
    figures, told = read(
        WHEN, ("Đơn vị", "Trình độ", "Tuyển mới", "Tốt nghiệp"), ("Huyện Cao Lộc", "Sơ cấp", 20, 50),
        (None, "Trung cấp", 4), ("Huyện Bắc Sơn", "Sơ cấp", 7, 3), merged=("A3:A4", "D3:D4"),
    )  # fmt: skip
    assert figures == {
        "C3": ("183", "people_enrolled", "elementary", 20),
        "C4": ("183", "people_enrolled", "intermediate", 4),
        "C5": ("185", "people_enrolled", "elementary", 7),
        "D5": ("185", "people_graduated", "elementary", 3),
    }
    assert told == {"D3": UNCLEAR}


def test_a_figure_merged_over_units_or_over_columns_is_told(read):
    rows = WHEN, UNITS, ("Huyện Cao Lộc", 20, 5), ("Huyện Bắc Sơn", None, 7)
    figures, told = read(*rows, merged=("B3:B4",))
    assert (figures.keys(), told) == ({"C3", "C4"}, {"B3": UNCLEAR})
    figures, told = read(WHEN, UNITS, ("Huyện Cao Lộc", 20), ("Huyện Bắc Sơn", 4, 7), merged=("B3:C3",))
    assert (figures.keys(), told) == ({"B4", "C4"}, {"B3": UNCLEAR})


@pytest.mark.parametrize(
    ("rows", "merged"),
    [
        ((UNITS, ("Huyện Cao Lộc", 20, 5), (), ("Huyện Bắc Sơn", 4, 7)), ("A3:A4", "B3:B4", "C3:C4")),
        ((UNITS, ("Huyện Cao Lộc", 20, 5), (), ("Huyện Bắc Sơn", 4, 7)), ("B3:B4",)),
        ((("Đơn vị", "Tuyển mới", None, "Tốt nghiệp"), ("Huyện Cao Lộc", 20, None, 5), ("Huyện Bắc Sơn", 4, None, 7)),
         ("B2:C2", "B3:C3", "B4:C4")),
        (((*UNITS, "Ghi chú"), ("Huyện Cao Lộc", 20, 5), ("Huyện Bắc Sơn", 4, 7)), ("C3:D3",)),
    ],
)  # fmt: skip
def test_a_figure_merged_within_its_own_row_and_head_counts(read, rows, merged):
    figures, told = read(WHEN, *rows, merged=merged)
    assert sorted(figure[-1] for figure in figures.values()) == [4, 5, 7, 20]
    assert not told


def test_a_mark_for_what_is_missing_over_several_rows_is_no_figure(read):
    figures, told = read(
        WHEN, UNITS, ("Huyện Cao Lộc", "-", 5), ("Huyện Bắc Sơn", None, 7), merged=("B3:B4",)
    )
    assert (figures.keys(), told) == ({"C3", "C4"}, {})


def test_entry_cells_of_the_form_that_were_merged_are_told(tmp_path):
    plan = load_plan("lang-son-2023-example")
    whole = changed_form(plan, tmp_path, "2023-9M/183").observations["source"]
    reading = changed_form(
        plan, tmp_path, "2023-9M/183", lambda book: book["Tuyển mới"].merge_cells("C8:C10")
    )
    assert rules(reading)["C8"] == UNCLEAR
    lost = {one.partition("!")[2] for one in {*whole} - {*reading.observations["source"]}}
    assert lost == {"Tuyển mới!C8", "Tuyển mới!C9"}
