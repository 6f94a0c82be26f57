"""Figures that used to be read as something else in silence: each cell with its right answer."""

import math
import shutil
from dataclasses import replace

import openpyxl
import pytest

from vetanalysis.paths import data_root
from vetanalysis.plan import load_plan
from vetanalysis.returns.held import held
from vetanalysis.returns.key import Key
from vetanalysis.returns.ledger import load_ledger
from vetanalysis.returns.read import read_return
from vetanalysis.returns.template import build_form, build_history
from vetanalysis.returns.typed_numbers import parse_number

ENROLLED = Key("people_enrolled", level="elementary", measure="persons", basis="cumulative")
WOMEN = ENROLLED._replace(sex="female")
QUOTA = 120  # of Lạng Sơn city, elementary


@pytest.fixture(scope="module")
def plan():
    return load_plan("lang-son-2023-example")


@pytest.fixture(scope="module")
def sent(plan, tmp_path_factory):
    """The form of Lạng Sơn city with 84 people newly enrolled, in C8."""
    form = build_form(plan, "178", "2023-9M", figures={ENROLLED: 84.0, WOMEN: 40.0}, illustrative=True)
    return form.save(tmp_path_factory.mktemp("form") / "178__2023-09-15.xlsx")


def changed(sent, root, changes, name="178__2023-09-15.xlsx", period="2023-9M"):
    """The form in a folder of returns, with cells changed; `changes` by (sheet, cell)."""
    book = openpyxl.load_workbook(sent)
    for (sheet, cell), value in changes.items():
        book[sheet][cell].value = value
    path = root / period / name
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def received(sent, plan, root, typed):
    """The ledger of a folder with that one form, C8 as typed, and what was found in C8 by rule."""
    changed(sent, root, {("Tuyển mới", "C8"): typed, ("Tuyển mới", "D8"): None})
    ledger = load_ledger(plan, root)
    return ledger, {one.rule: one for one in ledger.all_findings if one.place == "C8"}


def enrolled(ledger):
    """The figure of C8 that counts and its status; None without one."""
    table = ledger.observations
    row = table[(table["indicator"] == "people_enrolled") & (table["level"] == "elementary")]
    return None if row.empty else (row["value"].iloc[0], row["status"].iloc[0])


def test_the_form_as_it_was_sent_counts(sent, plan, tmp_path):
    ledger, found = received(sent, plan, tmp_path, 84)
    assert enrolled(ledger) == (84, "provisional")
    assert not found
    assert not ledger.has_errors


@pytest.mark.parametrize("typed", [84.5, "84,500", "84.500"])
def test_a_guess_far_above_the_quota_is_an_error_with_both_readings(sent, plan, tmp_path, typed):
    ledger, found = received(sent, plan, tmp_path, typed)
    one = found["guess-unsupported"]
    assert one.severity == "error"
    assert "84.5 or as 84,500" in one.found.en
    assert "84,5 hoặc 84.500" in one.found.vi
    assert str(QUOTA) in one.found.vi
    assert ledger.has_errors
    assert enrolled(ledger) is None
    assert ledger.versions["state"].tolist() == ["refused"]


def test_a_guess_counts_where_somebody_decides(sent, plan, tmp_path):
    received(sent, plan, tmp_path, 84.5)
    changed(sent, tmp_path, {}, name="178__2023-09-16.xlsx")
    assert enrolled(load_ledger(plan, tmp_path)) == (84, "provisional")


def test_a_guess_that_quota_and_history_bear_out_counts(plan, tmp_path):
    big = plan.quotas[(plan.quotas["value"] >= 500) & (plan.quotas["level"] == "elementary")]
    unit = big["unit"].iloc[0]
    form = build_form(plan, unit, "2023-9M", figures={ENROLLED: 1.0}, illustrative=True)
    path = form.save(tmp_path / "form.xlsx")
    name = f"{unit}__2023-09-15.xlsx"
    changed(path, tmp_path / "returns", {("Tuyển mới", "C8"): 1.2}, name)
    ledger = load_ledger(plan, tmp_path / "returns")
    assert enrolled(ledger) == (1200, "provisional")
    assert not ledger.has_errors


def test_what_was_reported_before_speaks_against_a_guess(sent, plan, tmp_path):
    first = build_form(plan, "178", "2023-H1", figures={ENROLLED: 44.0}, illustrative=True)
    path = tmp_path / "2023-H1" / "178__2023-06-20.xlsx"
    path.parent.mkdir()
    first.save(path)
    _, found = received(sent, plan, tmp_path, 84.5)
    assert "the most the unit ever reported, 44 (" in found["guess-unsupported"].found.en


@pytest.mark.parametrize(("lang", "typed", "usual"), [("vi", "1.350", True), ("vi", "1,350", False),
                                                     ("en", "1,350", True), ("en", "1.350", False)])  # fmt: skip
def test_the_notation_of_the_form_itself_needs_nobody_to_speak_for_it(plan, tmp_path, lang, typed, usual):
    """Learners on order, of whom no quota and no earlier figure says how many there may be."""
    form = build_form(plan, "cdn-ls", "2023-9M", illustrative=True, lang=lang)
    path = form.save(tmp_path / "form.xlsx")
    place = next(place for place, one in form.cells.items() if one.indicator == "learners_on_order")
    changed(path, tmp_path / "returns", {place: typed}, "cdn-ls__2023-09-15.xlsx")
    ledger = load_ledger(plan, tmp_path / "returns")
    assert ledger.observations["value"].tolist() == ([1350] if usual else [])
    assert any(one.rule == "guess-unsupported" for one in ledger.all_findings) != usual


@pytest.mark.parametrize("typed", ["9" * 400, 1e308, "1e308"])
def test_a_number_that_nothing_has_is_an_error_at_its_cell(sent, plan, tmp_path, typed):
    ledger, found = received(sent, plan, tmp_path, typed)
    assert found["number-too-large"].severity == "error"
    assert enrolled(ledger) is None


@pytest.mark.parametrize("typed", [2_500_000, "900.000"])
def test_more_people_than_the_place_has_are_an_error(sent, plan, tmp_path, typed):
    ledger, found = received(sent, plan, tmp_path, typed)
    one = found["above-population"]
    assert one.severity == "error"
    assert "Lạng Sơn" in one.found.vi
    assert enrolled(ledger) is None


@pytest.mark.parametrize(("typed", "meant"), [("1O", "10"), ("1O5", "105")])
def test_a_letter_among_digits_is_refused_with_what_was_meant(sent, plan, tmp_path, typed, meant):
    ledger, found = received(sent, plan, tmp_path, typed)
    assert found["number-mistyped"].severity == "error"
    assert found["number-mistyped"].found.en.endswith(f"; {meant} was probably meant")
    assert enrolled(ledger) is None


@pytest.mark.parametrize("typed", ["10?", "10 (?)", "khoảng 10 người"])
def test_a_doubtful_figure_counts_as_an_estimate_with_a_warning(sent, plan, tmp_path, typed):
    ledger, found = received(sent, plan, tmp_path, typed)
    assert found["number-doubtful"].severity == "warning"
    assert enrolled(ledger) == (10, "estimate")
    assert not ledger.has_errors


@pytest.mark.parametrize("typed", ["≥10", "10 trở lên"])
def test_a_bound_is_no_figure(sent, plan, tmp_path, typed):
    ledger, found = received(sent, plan, tmp_path, typed)
    assert found["number-bound"].severity == "error"
    assert enrolled(ledger) is None


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("≥ 10 người", "number-bound"), (">10", "number-bound"), ("<= 10", "number-bound"), ("10+", "number-bound"),
        ("ít nhất 10", "number-bound"), ("l0", "number-mistyped"), ("1\u041e", "number-mistyped"),
        ("＞10", "number-bound"),
        (math.inf, "number-too-large"), ("-1E+300", "number-too-large"), ("9" * 20 + " tỷ", "number-too-large"),
    ],
)  # fmt: skip
def test_what_is_no_figure_is_refused_by_a_rule(typed, rule):
    assert parse_number(typed, measure="persons").refused == rule


@pytest.mark.parametrize("typed", ["84,5", "0,5", "1234,56", 0.5])
def test_a_fraction_of_a_person_is_no_figure(sent, plan, tmp_path, typed):
    ledger, found = received(sent, plan, tmp_path, typed)
    assert found["not-whole"].severity == "error"
    assert enrolled(ledger) is None


@pytest.mark.parametrize(
    "typed", ["? 10", "10 (đúng không?)", "~10", "±10", "10 (chưa chắc)", "10 chưa đủ", "10 (cần kiểm tra)"]
)
def test_doubt_is_kept_however_it_is_written(typed):
    number = parse_number(typed, measure="persons")
    assert (number.value, number.estimate, number.doubtful) == (10, True, True)


@pytest.mark.parametrize("typed", ["10 (đã kiểm tra)", "10 (hơn 5 xã)", "10 (tạm nghỉ 2)"])
def test_a_note_about_something_else_is_no_doubt(typed):
    number = parse_number(typed, measure="persons")
    assert (number.value, number.estimate, number.doubtful) == (10, False, False)


@pytest.mark.parametrize("typed", ["35 người", "1,2 nghìn người", "500đ", "10 SV", "Số 12", "+10"])
def test_words_beside_a_number_are_no_mistyped_digits(typed):
    assert parse_number(typed).refused == ""


def test_a_fraction_below_one_is_never_taken_in_the_thousands():
    assert parse_number(0.5, measure="persons").value == 0.5
    assert math.isnan(parse_number(math.inf).value)


HEAD = "Đơn vị báo cáo: Huyện Cao Lộc"


def reused(path, plan):
    return [one for one in read_return(path, plan).findings if one.rule == "form-reused"]


def everywhere(sent, row, text):
    """The line above every table, written over."""
    book = openpyxl.load_workbook(sent)
    shown = [sheet for sheet in book if sheet.sheet_state == "visible"]
    return {(sheet.title, f"A{row}"): text for sheet in shown if sheet[f"A{row}"].value}


@pytest.mark.parametrize(
    ("row", "text", "seen"),
    [
        (1, HEAD, "Huyện Cao Lộc"),
        (3, "Kỳ báo cáo: 6 tháng đầu năm 2023 (từ 15/12/2022 đến 14/06/2023)", "6 tháng đầu năm 2023"),
        (3, "Kỳ báo cáo: 9 tháng đầu năm 2022", "9 tháng đầu năm 2022"),
    ],
)
def test_a_form_of_another_unit_or_period_used_again_is_refused(sent, plan, tmp_path, row, text, seen):
    path = changed(sent, tmp_path, everywhere(sent, row, text))
    (one,) = reused(path, plan)
    assert one.severity == "error"
    assert seen in one.found.vi
    assert one.place in (f"A{row}", f"B{row}")
    assert load_ledger(plan, tmp_path).observations.empty


def test_another_plan_on_the_cover_is_refused(sent, plan, tmp_path):
    book = openpyxl.load_workbook(sent)
    cover = book.worksheets[0]
    cell = next(row[1] for row in cover.iter_rows(1, 20) if row[0].value == "Kế hoạch")
    path = changed(
        sent, tmp_path, {(cover.title, cell.coordinate): "Kế hoạch đào tạo nghề tỉnh Cao Bằng 2024"}
    )
    (one,) = reused(path, plan)
    assert (one.severity, one.place) == ("error", cell.coordinate)


def test_a_name_the_plan_does_not_know_is_a_warning(sent, plan, tmp_path):
    path = changed(sent, tmp_path, everywhere(sent, 1, "Đơn vị báo cáo: Phòng họp số 3"))
    (one,) = reused(path, plan)
    assert one.severity == "warning"


def test_forms_as_printed_agree_with_their_hidden_sheet(sent, plan, tmp_path):
    history = build_history(plan, "178", 2021, illustrative=True).save(tmp_path / "178__2023-02-01.xlsx")
    real = load_plan("lang-son-2023")
    other = build_form(real, "178", "2023-9M").save(tmp_path / "178__2023-09-15.xlsx")
    assert not reused(sent, plan)
    assert not reused(history, plan)
    assert not reused(other, real)


def test_a_rule_that_is_switched_off_says_nothing(sent, plan, tmp_path):
    changed(sent, tmp_path, {("Tuyển mới", "C8"): 84.5})
    reading = read_return(tmp_path / "2023-9M" / "178__2023-09-15.xlsx", plan)
    assert held([reading], plan, ("guess-unsupported", "above-population")) == [reading]


def test_what_speaks_for_a_guess_has_come_by_its_day(sent, plan, tmp_path):
    """A later return of a unit without a quota holds as many: on the day before it, nothing spoke for them."""
    path = changed(sent, tmp_path, {("Tuyển mới", "C8"): 84.5, ("Tuyển mới", "D8"): None})
    one = replace(read_return(path, plan), unit="new", received="2023-09-15")
    one.columns["unit"][:] = ["new"] * one.count
    figures = {**one.columns, "value": [60_000.0] * one.count}
    other = replace(one, file="later", period="2023-FY", columns=figures, findings=(), received="2023-10-02")
    whole = held([one, other], plan)
    then = held([one], plan, among=whole)
    assert then == held([one], plan) != whole[:1]
    assert "guess-unsupported" in {told.rule for told in then[0].findings}


def test_the_answer_of_the_province_does_not_take_the_guess(plan, tmp_path):
    """The whole illustrative year with C8 = 84.5: the city's figure is missing, not 84,500."""
    root = tmp_path / "returns"
    shutil.copytree(data_root() / "returns" / plan.name / "2023-9M", root / "2023-9M")
    path = root / "2023-9M" / "178__2023-09-15.xlsx"
    changed(path, root, {("Tuyển mới", "C8"): 84.5})
    ledger = load_ledger(plan, root)
    assert ledger.has_errors
    table = ledger.observations
    assert "178" not in set(table["unit"])
    assert table["value"].max() < 84_500
