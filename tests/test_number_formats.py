"""What a number format makes a reader see: a figure shown otherwise than it is held is refused, not taken as it is."""

import openpyxl
import pytest

from vetanalysis.plan import load_plan
from vetanalysis.returns.key import Key
from vetanalysis.returns.read import read_return
from vetanalysis.returns.structure_xlsx import shown_by
from vetanalysis.returns.template import build_form

ENROLLED = Key("people_enrolled", level="elementary", measure="persons", basis="cumulative")


@pytest.fixture(scope="module")
def plan():
    return load_plan("lang-son-2023-example")


@pytest.fixture(scope="module")
def blank(plan, tmp_path_factory):
    form = build_form(plan, "178", "2023-9M", figures={ENROLLED: 84.0}, illustrative=True)
    return form.save(tmp_path_factory.mktemp("form") / "178__2023-09-15.xlsx")


def read(blank, plan, tmp_path, sheet, cell, value, code):
    """The figure that was read from a cell (None without one) and the rules of the findings there."""
    book = openpyxl.load_workbook(blank)
    book[sheet][cell].value, book[sheet][cell].number_format = value, code
    book.save(path := tmp_path / "178__2023-09-15.xlsx")
    reading = read_return(path, plan)
    table = reading.observations
    row = table[table["source"].str.endswith(f"!{sheet}!{cell}")]["value"].tolist()
    return (row[0] if row else None), {one.rule for one in reading.findings if one.place == cell}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (84_000, "#,##0,"), (84, "#,##0,"), (84, '0.0,"k"'), (84_000, "0,.0"), (84, ";;;"), (84, '0" nghìn"'),
        (84, '[<1000]0;#,##0,"k"'),
    ],
)  # fmt: skip
def test_a_count_that_its_format_shows_otherwise_is_refused(blank, plan, tmp_path, value, code):
    assert read(blank, plan, tmp_path, "Tuyển mới", "C8", value, code) == (None, {"number-format"})


@pytest.mark.parametrize("code", ['0"%"', "0\\%", "0%"])
def test_a_count_shown_with_a_percent_sign_is_refused(blank, plan, tmp_path, code):
    assert read(blank, plan, tmp_path, "Tuyển mới", "C8", 84, code) == (None, {"measure-mismatch"})


@pytest.mark.parametrize(
    "code",
    ["General", "#,##0", "#,##0.00", '#,##0" người"', "_(* #,##0_);_(* \\(#,##0\\);_(@_)", "[Red]0;-0", "@"],
)
def test_a_format_that_shows_the_figure_says_nothing(blank, plan, tmp_path, code):
    assert read(blank, plan, tmp_path, "Tuyển mới", "C8", 84, code) == (84, set())


@pytest.mark.parametrize("code", ['#,##0 "₫"', "#,##0\\ [$₫-42A]", '#,##0" đồng"', '0.0" tỷ đồng"', "#,##0,"])
def test_money_shown_in_another_unit_is_refused(blank, plan, tmp_path, code):
    assert read(blank, plan, tmp_path, "Kinh phí", "B8", 244.8, code) == (None, {"number-format"})


def test_money_shown_in_million_dong_counts(blank, plan, tmp_path):
    assert read(blank, plan, tmp_path, "Kinh phí", "B8", 244.8, '0.0" triệu đồng"') == (244.8, set())


def test_a_percent_sign_in_quotes_is_no_percent_format():
    assert (shown_by('0.0"%"').percent, shown_by('0.0"%"').sign) == (False, True)
    assert (shown_by("0.0%").percent, shown_by("0.0%").sign) == (True, False)


def test_a_format_of_any_length_is_read_at_once():
    assert shown_by('"' * 100_000 + "0,").scaled is False


@pytest.mark.parametrize("code", ['0" lượt"', '0" lớp"', '0" đồng"'])
def test_a_count_shown_in_another_unit_is_refused(blank, plan, tmp_path, code):
    assert read(blank, plan, tmp_path, "Tuyển mới", "C8", 84, code) == (None, {"number-format"})


@pytest.mark.parametrize(
    ("indicator", "measure", "value", "code", "true", "rule"),
    [
        ("disbursement_rate", "percent", 0.84, "0%", 84, ""),
        ("disbursement_rate", "", 0.84, "0.0%", 84, ""),
        ("disbursement_rate", "percent", 84, '0"%"', 84, ""),
        ("people_enrolled", "persons", 84, "0%", None, "measure-mismatch"),
        ("people_enrolled", "", 0.84, "0%", None, "measure-mismatch"),
        ("people_enrolled", "persons", 84, '0"%"', None, "measure-mismatch"),
        ("people_enrolled", "persons", 84, '0" lượt"', None, "number-format"),
        ("budget_assigned", "million_dong", 84.5, "0.0%", None, "measure-mismatch"),
        ("budget_assigned", "million_dong", 84.5, '0.0" tỷ đồng"', None, "number-format"),
        ("budget_assigned", "million_dong", 84.5, '0.0" triệu đồng"', 84.5, ""),
    ],
)
def test_a_format_in_a_table_of_observations_means_what_it_means_elsewhere(
    plan, tmp_path, indicator, measure, value, code, true, rule
):
    book = openpyxl.Workbook()
    book.active.append(["unit", "period", "indicator", "measure", "value"])
    book.active.append(["178", "2023-9M", indicator, measure, value])
    book.active["E2"].number_format = code
    book.save(path := tmp_path / "178__2023-09-15.xlsx")
    reading = read_return(path, plan)
    assert reading.observations["value"].tolist() == ([] if true is None else [true])
    assert {one.rule for one in reading.findings if one.place == "E2"} == ({rule} - {""})


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("0;-0;0%", set()),  # only a zero has it
        ('0;-0;0"%"', set()),
        ("0;-0;0,", set()),
        ("0;0%;0", {"percent"}),  # the second part may be of any figure: `[>100]0;0%`
        ('0;0"%"', {"sign"}),
        ("0;0,;0", {"scaled"}),
        ("0%", {"percent"}),
        ("", set()),
        ("General", set()),
        ("dd/mm/yyyy", set()),
        (";0", {"hidden"}),
        ('"x"', {"hidden"}),
    ],
)
def test_what_a_format_does_is_told_by_its_parts_for_figures_above_zero(code, said):
    shown = shown_by(code)
    assert {name for name in ("percent", "sign", "scaled", "hidden") if getattr(shown, name)} == said


@pytest.mark.parametrize(
    ("code", "words"),
    [('0" người"', "người"), ("#,##0 [$₫-42A]", "dong"), ('0"%"', ""), ("0;0\\k", ""), ("0\\k", "k")],
)
def test_words_of_a_format_are_those_beside_figures_above_zero(code, words):
    assert shown_by(code).words == words
