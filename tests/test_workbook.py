"""The workbook of a report's tables: numbers stay numbers, text stays text."""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from sample_document import BANNER, HOSTILE, sample, small_table

from vetanalysis.blocks import Cell, Column, Table
from vetanalysis.documents.package import inert
from vetanalysis.documents.pdf import LibreOfficeMissing, PdfFailed, write_pdf
from vetanalysis.documents.word import write_word
from vetanalysis.documents.workbook import tables_of, write_workbook
from vetanalysis.language.cells import workbook_value


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return write_workbook(sample("vi"), tmp_path_factory.mktemp("book") / "report.xlsx")


@pytest.fixture(scope="module")
def book(path):
    return openpyxl.load_workbook(path)


def test_one_sheet_per_table_after_the_contents(book):
    assert book.sheetnames[0] == "Mục lục"
    assert len(book.sheetnames) == 1 + len(tables_of(sample("vi"))) == 5
    assert all(len(name) <= 31 for name in book.sheetnames)
    assert book["Mục lục"]["A4"].value == "Bảng 1. Chỉ tiêu của Kế hoạch"


def test_numbers_are_numbers_and_missing_is_as_worded(book):
    sheet = book.worksheets[1]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4, max_row=6)]
    assert rows[0] == ["TT", "Chỉ tiêu", "Kế hoạch (%)"]
    assert rows[1] == [1, "Tỷ lệ lao động qua đào tạo", 62]
    assert rows[2][2] == ".."
    assert sheet["C5"].data_type == "n"
    assert sheet["A5"].font.bold


def test_text_never_becomes_a_formula(book, path):
    cell = book.worksheets[1]["B6"]
    assert cell.data_type == "s"
    assert cell.value == inert(HOSTILE)
    assert cell.quotePrefix
    with zipfile.ZipFile(path) as package:
        sheets = [
            package.read(n).decode("utf-8") for n in package.namelist() if n.startswith("xl/worksheets/")
        ]
    assert not any("<f>" in one or "<f " in one for one in sheets)


def test_what_is_printed_with_a_number_stands_behind_it(tmp_path):
    """A range, a period or "nearly" is no number: the number stays one, the words have a column of their own."""
    rows = (("Tỷ lệ", "62%", "60,6% (57,2% - 63,9%)"), ("Số người", "..", ".."), ("Số lớp", "12", "gần 12"))
    values = (("Tỷ lệ", 62, 60.6), ("Số người", None, None), ("Số lớp", 12, 12))
    columns = tuple(Column(name) for name in ("Chỉ tiêu", "Kế hoạch", "Dự báo"))
    table = Table("one", "Các chỉ tiêu", columns, rows, values=values, bold_rows=frozenset({0}))
    made = write_workbook(replace(sample("vi"), blocks=(table,), appendices=()), tmp_path / "one.xlsx")
    told = [row[:4] for row in openpyxl.load_workbook(made).worksheets[1].iter_rows(values_only=True)][-4:]
    assert told == [
        ("Chỉ tiêu", "Kế hoạch", "Dự báo", "Dự báo (như in trong báo cáo)"),
        ("Tỷ lệ", 62, 60.6, "60,6% (57,2% - 63,9%)"),
        ("Số người", "..", "..", None),
        ("Số lớp", 12, 12, "gần 12"),
    ]


@pytest.mark.parametrize("start", ["=1+1", "+1+1", "-2+3", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_every_way_to_begin_a_formula_stays_text(tmp_path, start):
    table = replace(small_table("vi"), rows=((start, start, start),), values=())
    made = write_workbook(replace(sample("vi"), blocks=(table,), appendices=()), tmp_path / "x.xlsx")
    row = openpyxl.load_workbook(made).worksheets[1][5]
    assert [cell.value for cell in row] == [start] * 3
    assert {cell.data_type for cell in row} == {"s"}
    assert all(cell.quotePrefix for cell in row)


def test_grouped_headers_are_merged_and_frozen(book):
    sheet = book.worksheets[2]
    assert {str(one) for one in sheet.merged_cells.ranges} == {"A4:A5", "B4:C4", "D4:E4", "F4:F5"}
    assert sheet.freeze_panes == "A6"
    assert sheet.print_title_rows == "$4:$5"
    assert sheet.page_setup.orientation == "landscape"


def test_invented_data_are_marked_on_every_sheet(book):
    for sheet in book.worksheets:
        assert sheet["A2"].value == BANNER.vi
    assert BANNER.vi not in [c.value for c in openpyxl_plain().worksheets[1]["A"]]


def openpyxl_plain():
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        return openpyxl.load_workbook(
            write_workbook(sample("vi", illustrative=False), folder + "/plain.xlsx")
        )


def test_sheets_of_the_same_title_get_different_names(tmp_path):
    long = replace(small_table("vi"), title="Kết quả [rất] dài: " + "x" * 60, id="a")
    document = replace(sample("vi"), blocks=(long, long), appendices=())
    names = openpyxl.load_workbook(write_workbook(document, tmp_path / "x.xlsx")).sheetnames
    assert len({name.lower() for name in names}) == 3
    assert not any(set(name) & set("[]:*?/\\'") for name in names)


def test_two_writes_give_the_same_bytes(tmp_path, path):
    assert write_workbook(sample("vi"), tmp_path / "again.xlsx").read_bytes() == path.read_bytes()


def test_english_words_in_the_english_workbook(tmp_path):
    book = openpyxl.load_workbook(write_workbook(sample("en"), tmp_path / "en.xlsx"))
    assert book.sheetnames[0] == "Contents"
    assert book.worksheets[1]["A1"].value.startswith("Table 1.")


def test_without_libreoffice_a_pdf_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr("vetanalysis.documents.pdf.find_libreoffice", lambda: None)
    with pytest.raises(LibreOfficeMissing, match="apt install libreoffice-writer"):
        write_pdf(tmp_path / "report.docx", tmp_path / "report.pdf")
    assert not (tmp_path / "report.pdf").exists()


@pytest.mark.system
@pytest.mark.skipif(not (shutil.which("soffice") or shutil.which("libreoffice")), reason="needs LibreOffice")
def test_libreoffice_makes_a_pdf_or_says_that_it_did_not(tmp_path):
    docx = write_word(sample("vi", rows=3), tmp_path / "báo cáo.docx")
    made = write_pdf(docx, tmp_path / "out" / "báo cáo.pdf")
    assert made.read_bytes().startswith(b"%PDF")
    assert (
        write_pdf(docx, tmp_path / "again.pdf").read_bytes() == made.read_bytes()
    )  # no clock, no chance in it
    assert b"/MarkInfo<</Marked true>>" in made.read_bytes()  # tagged: a screen reader finds its way
    with pytest.raises(PdfFailed, match=r"missing\.docx"):
        write_pdf(tmp_path / "missing.docx", tmp_path / "x.pdf")


def test_a_workbook_holds_projected_people_and_chances_as_they_are_printed():
    for cell, held in (
        (Cell(13856.5, "about_bare"), 13900),
        (Cell(13856.5, "about", "persons"), 13900),
        (Cell(59.34, "about", "percent"), 59.34),
        (Cell(0.2514, "chance"), "25%"),
    ):
        assert workbook_value(cell, "vi") == held
