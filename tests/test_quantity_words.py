"""Findings speak in the plan's words: labels for ids, names for codes, days and figures as an office writes them."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest

from vetanalysis.observations.listed import CHANNELS, TRADES
from vetanalysis.plan import load_plan
from vetanalysis.returns.checks import check_file
from vetanalysis.returns.files import list_returns
from vetanalysis.returns.findings import (
    QuantityWords,
    day_words,
    measure_words,
    period_words,
    place_words,
    quantity_words,
)
from vetanalysis.returns.form_words import FormWords
from vetanalysis.returns.key import Key
from vetanalysis.returns.read import read_return
from vetanalysis.returns.readings import columns_of, frame_of
from vetanalysis.returns.template import build_form
from vetanalysis.returns.together import check_together

PLAN = load_plan("lang-son-2023-example")
ID = re.compile(
    r"\b[a-z]+_[a-z_]+\b|\b(?:elementary|intermediate|college|female|male|rural|poor|persons|percent)\b"
)


def test_a_quantity_is_named_by_the_labels_of_the_plan():
    words = quantity_words(PLAN)
    key = Key("people_enrolled", "elementary", "female", period="2023-H1", unit="187")
    assert words.quantity(key).vi == "Số người tuyển mới (Sơ cấp, nữ)"
    assert words.quantity(Key("jobs_created")).vi == "Số lao động được tạo việc làm mới"
    assert (
        words.quantity(Key("people_in_training_start", "college")).vi
        == "Số người đang học đầu năm (Cao đẳng)"
    )
    assert words.one("trade", "not-in-any-table").vi == "not-in-any-table", "what has no label keeps its id"


def test_every_id_of_the_plan_has_a_label():
    words = quantity_words(PLAN)
    assert all(words.one("indicator", name).vi != name for name in PLAN.indicators["id"])
    for column, items in (
        ("level", PLAN.levels),
        ("group", PLAN.groups),
        ("fund_source", PLAN.funding_sources),
    ):
        assert all(words.one(column, one.id).vi != one.id for one in items)
    own = QuantityWords()
    assert all(own.one("trade", name).vi == FormWords("vi").named("trade", name) != name for name in TRADES)
    assert all(
        own.one("channel", name).vi == FormWords("vi").named("channel", name) != name for name in CHANNELS
    )


def test_days_periods_measures_and_places_as_an_office_writes_them():
    assert (day_words("2023-06-14").vi, day_words("?")) == ("14/6/2023", "?")
    assert (period_words("2023-H1").vi, period_words("never")) == ("6 tháng đầu năm 2023", "never")
    money = measure_words("million_dong")
    assert (money.vi, money.en) == ("triệu đồng", "million dong")
    assert [measure_words("percentage_points|percent").vi, measure_words("days_off").en] == [
        "điểm %",
        "days off",
    ]
    place = place_words("2022-FY/188.xlsx!Tuyển mới!C8")
    assert place.vi == "ô C8, trang Tuyển mới, tệp 2022-FY/188.xlsx"
    assert place.en == "cell C8, sheet Tuyển mới, file 2022-FY/188.xlsx"


def figure(
    indicator: str, value: float, cell: str, period: str = "2023-H1", **more: object
) -> dict[str, object]:
    return {"unit": "187", "period": period, "indicator": indicator, "value": value, "measure": "persons",
            "basis": "cumulative", "source": f"{period}/187__2023-06-15.xlsx!Tuyển mới!{cell}", **more}  # fmt: skip


def test_findings_across_files_name_no_id():
    rows = [
        figure("people_enrolled", 300, "C8", "2023-Q1", level="elementary"),
        figure("people_enrolled", 200, "C8", level="elementary"),
        figure("people_enrolled", 9000, "C9", level="intermediate"),
        figure("people_in_training", 100, "C8", "2022-FY", level="college", basis="stock"),
        figure("people_in_training_start", 90, "B8", level="college", basis="stock"),
        figure("people_enrolled", 250, "C8", level="elementary", unit="gdnn-gdtx-187"),
    ]
    found = check_together(PLAN, frame_of(columns_of(rows)), ())
    assert {"cumulative-falls", "start-stock", "far-above-quota", "district-below-institutions"} <= {
        one.rule for one in found
    }
    for one in found:
        assert not ID.search(one.found.vi), one.found.vi
        assert not re.search(r"\d{4}-(?:\d\d|H1|Q\d)(?![^,;)]*\.xlsx|/)", one.found.vi), one.found.vi


def sent(tmp_path: Path, unit: str, cells: dict[tuple[str, str], object], day: str = "2023-06-15"):
    """A form of 2023-H1 with cells typed in, read and checked: (what was read, all findings)."""
    path = build_form(PLAN, unit, "2023-H1").save(tmp_path / "2023-H1" / f"{unit}__{day}.xlsx")
    book = openpyxl.load_workbook(path)
    for (sheet, cell), value in cells.items():
        book[sheet][cell] = value
    book.save(path)
    (received,) = list_returns(tmp_path, PLAN.units["code"])
    read = read_return(path, PLAN)
    return read, [*read.findings, *check_file(received, read, PLAN)]


def test_findings_of_one_file_name_no_id(tmp_path):
    cells = {
        ("Tuyển mới", "C8"): 1250, ("Tuyển mới", "D8"): 1300, ("Tuyển mới", "C9"): "60 %", ("Tuyển mới", "C12"): -5,
        ("Theo nghề", "B8"): 30, ("Theo nghề", "B9"): 40, ("Tuyển mới", "C10"): 12.53333,
    }  # fmt: skip
    _, found = sent(tmp_path, "187", cells, "2023-06-10")
    rules = {one.rule for one in found}
    assert {"part-above-whole", "measure-mismatch", "negative", "parts-and-total", "received-early"} <= rules
    for one in found:
        assert not ID.search(one.found.vi), one.found.vi
    (part,) = [one for one in found if one.rule == "part-above-whole"]
    assert part.found.vi == "Số người tuyển mới (Sơ cấp, nữ) là 1.300, lớn hơn tổng số 1.250 (C8)"
    (measure,) = [one for one in found if one.rule == "measure-mismatch"]
    assert measure.found.vi == "“60 %” không theo đơn vị tính của cột (người)"


@pytest.mark.parametrize("unit", ["so-nnptnt", "dvnn-181", "gdnn-gdtx-180", "187"])
def test_a_form_sent_out_for_the_example_plan_is_taken_back(tmp_path, unit):
    """Also where the unit has no quota: a form that is not marked would be refused when it comes back."""
    sheet = "Nhiệm vụ" if unit == "so-nnptnt" else "Tuyển mới"
    book = openpyxl.load_workbook(build_form(PLAN, unit, "2023-H1").save(tmp_path / "form.xlsx"))
    (tmp_path / "form.xlsx").unlink()
    cell = next(
        c.coordinate for row in book[sheet].iter_rows(min_row=8) for c in row if not c.protection.locked
    )
    read, found = sent(tmp_path, unit, {(sheet, cell): 5})
    assert read.illustrative
    assert [one.rule for one in found if one.severity == "error"] == []


def test_a_form_of_the_real_plan_is_not_marked():
    form = build_form(load_plan("lang-son-2023"), "187", "2023-H1")
    assert form.book["_form"]["B10"].value == "false"


def test_zeros_beside_a_filled_in_start_are_all_zero(tmp_path):
    rows = [figure("people_in_training_start", 24, "B8", level="elementary", basis="stock")]
    frame = frame_of(columns_of(rows))
    path = tmp_path / "2023-H1" / "dvnn-181__2023-06-15.xlsx"
    book = openpyxl.load_workbook(build_form(PLAN, "dvnn-181", "2023-H1", previous=frame).save(path))
    for row in book["Tuyển mới"].iter_rows(min_row=8):
        for cell in row:
            if not cell.protection.locked:
                cell.value = 0
    book["Đang học"]["B8"] = 24
    book.save(path)
    (received,) = list_returns(tmp_path, PLAN.units["code"])
    assert "all-zero" in {one.rule for one in check_file(received, read_return(path, PLAN), PLAN)}


MAPPING = """
unit: cdyt-ls
period: 2023-H1
basis: cumulative
sheets:
  - {sheet: S, first_row: 2, label: A, ignore: [C], columns: {B: {indicator: people_enrolled, measure: persons}}}
"""


def test_a_column_that_a_mapping_does_not_name_is_listed(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "S"
    for line in (
        ["Trình độ", "Tổng số", "Ghi chú", "Dân tộc"],
        ["Cao đẳng", 30, 1, 12],
        ["Trung cấp", 20, 2, 9],
    ):
        book.active.append(line)
    book.save(tmp_path / "x.xlsx")
    (tmp_path / "m.yaml").write_text(MAPPING, encoding="utf-8")
    read = read_return(tmp_path / "x.xlsx", PLAN, tmp_path / "m.yaml")
    assert read.observations["value"].tolist() == [30, 20]
    assert [(one.rule, one.place) for one in read.findings] == [("column-unknown", "D2")]
