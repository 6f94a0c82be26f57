"""A form whose rows, sheets or totals were moved about is still read, and what is lost is said once."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from vetanalysis.errors import DataRefused
from vetanalysis.plan import load_plan
from vetanalysis.returns.mapping import load_mapping
from vetanalysis.returns.read import read_return
from vetanalysis.returns.readings import Reading
from vetanalysis.returns.template import build_form

PLAN = load_plan("lang-son-2023-example")


def opened(tmp_path: Path):
    """A form with three figures in Tuyển mới: 30, 20, 10 at C8 to C10."""
    path = build_form(PLAN, "187", "2023-H1").save(tmp_path / "187.xlsx")
    book = openpyxl.load_workbook(path)
    for row, value in ((8, 30), (9, 20), (10, 10)):
        book["Tuyển mới"][f"C{row}"] = value
    return path, book


def enrolled(read: Reading) -> dict[str, float]:
    rows = read.observations[read.observations["indicator"] == "people_enrolled"]
    return dict(zip(rows["level"], rows["value"], strict=True))


ALL = {"elementary": 30, "intermediate": 20, "college": 10}


def test_rows_that_changed_places_lose_nothing(tmp_path):
    path, book = opened(tmp_path)
    sheet = book["Tuyển mới"]
    for column in (1, 3):
        first, second = sheet.cell(8, column), sheet.cell(9, column)
        first.value, second.value = second.value, first.value
    book.save(path)
    read = read_return(path, PLAN)
    assert enrolled(read) == ALL
    assert {one.rule for one in read.findings} == {"form-altered"}


@pytest.mark.parametrize("row", [None, 9, 12])
def test_a_renamed_sheet_is_known_by_its_title_with_a_row_more_or_not(tmp_path, row):
    path, book = opened(tmp_path)
    if row:
        book["Tuyển mới"].insert_rows(row)
    book["Tuyển mới"].title = "Sheet1"
    book.save(path)
    read = read_return(path, PLAN)
    assert enrolled(read) == ALL
    assert [one.sheet for one in read.findings if one.rule == "form-altered"] == ["Sheet1"] * bool(row)
    assert read.observations["source"].str.contains("!Sheet1!").all()
    assert "form-sheet-missing" not in {one.rule for one in read.findings}


def test_a_sheet_that_is_gone_is_still_missing(tmp_path):
    path, book = opened(tmp_path)
    book.remove(book["Việc làm"])
    book.save(path)
    (finding,) = [one for one in read_return(path, PLAN).findings if one.rule == "form-sheet-missing"]
    assert "Việc làm" in finding.found.vi


def test_a_row_that_is_gone_is_told_once(tmp_path):
    path, book = opened(tmp_path)
    book["Tuyển mới"].delete_rows(10)
    book.save(path)
    read = read_return(path, PLAN)
    lost = [one for one in read.findings if one.rule == "not-understood"]
    assert [(one.place, one.found.vi) for one in lost] == [
        ("C10", "không tìm lại được dòng 10 của biểu (“Cao đẳng”)")
    ]


def test_totals_are_told_without_exponents(tmp_path):
    path, book = opened(tmp_path)
    book["Kinh phí"]["B8"] = 1200000
    book["Kinh phí"]["B11"] = 2200500
    book.save(path)
    (finding,) = [one for one in read_return(path, PLAN).findings if one.rule == "subtotal-mismatch"]
    assert (
        finding.found.vi
        == "dòng “Tổng cộng”, cột “Được giao (triệu đồng)” ghi 2.200.500, các dòng cộng lại 1.200.000"
    )


def test_a_wrong_mapping_speaks_vietnamese(tmp_path):
    path = tmp_path / "m.yaml"
    path.write_text("unit: nope\nsheets: [{first_row: 1, columns: {B: {indicator: foo}}}]", encoding="utf-8")
    with pytest.raises(DataRefused) as refused:
        load_mapping(path, PLAN)
    assert [one.found.vi for one in refused.value.findings] == [
        "kế hoạch không có đơn vị nope", "kế hoạch không có chỉ tiêu foo",
    ]  # fmt: skip


def test_a_sheet_added_to_the_form_is_told(tmp_path):
    path, book = opened(tmp_path)
    added = book.create_sheet("Bổ sung")
    added["A1"], added["B1"] = "Học viên tuyển thêm", 12
    book.create_sheet("Ghi nháp")["A1"] = "chỉ có chữ"
    book.save(path)
    told = [(one.rule, one.sheet, one.severity) for one in read_return(path, PLAN).findings]
    assert told == [("not-understood", "Bổ sung", "warning")]
