"""Bad input: each fault is a finding with a name, nothing is executed, memory stays bounded, the others go on."""

import io
import os
import re
import struct
import tracemalloc
import zipfile

import openpyxl
import pytest
import xlwt

from vetanalysis.plan import load_plan
from vetanalysis.returns.grid import read_cells
from vetanalysis.returns.read import read_return


@pytest.fixture(scope="module")
def plan():
    return load_plan("lang-son-2023")


def book_with(fill):
    """Bytes of an .xlsx with a good small table on it, changed by `fill(sheet)`."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["Đơn vị báo cáo: Huyện Cao Lộc"],
        ["Quý I năm 2023"],
        ["Trình độ", "Tuyển mới"],
        ["Sơ cấp", 12],
        ["Trung cấp", 5],
    ):
        sheet.append(row)
    fill(sheet)
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def with_parts(data, parts):
    """The zip with parts added or replaced (bytes) or changed (a function of the old bytes)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            change = parts.pop(name, None)
            body = old.read(name)
            new.writestr(name, body if change is None else change(body) if callable(change) else change)
        for name, body in parts.items():
            new.writestr(name, body)
    return out.getvalue()


def stored_as(part, formula, value):
    """A sheet in which the value of a formula is stored as a program would write it."""
    found, count = re.subn(
        f"(<f>{re.escape(formula)}</f>)<v ?(?:/>|></v>)".encode(), rb"\1<v>" + value.encode() + b"</v>", part
    )
    assert count == 1
    return found


def rules_of(result):
    return {finding.rule for finding in result.findings}


def read(tmp_path, plan, data, name="tệp.xlsx"):
    path = tmp_path / name
    path.write_bytes(data)
    return read_return(path, plan)


def test_the_small_table_itself_is_fine(tmp_path, plan):
    result = read(tmp_path, plan, book_with(lambda sheet: None))
    assert result.observations["value"].tolist() == [12, 5]
    assert not result.findings


SHEET = "xl/worksheets/sheet1.xml"
FAULTS = {
    "empty": (b"", "a.xlsx", "file-empty"),
    "blank": (b" \n\n ", "a.csv", "file-empty"),
    "pdf": (b"%PDF-1.7 ...", "a.xlsx", "file-kind"),
    "web page": (b"<html><table><tr><td>1</td></tr></table></html>", "a.xls", "file-kind"),
    "binary": (bytes(range(256)) * 10, "a.csv", "file-kind"),
    "other zip": (with_parts(book_with(lambda s: None), {}).replace(b"xl/", b"yl/"), "a.xlsx", "file-kind"),
    "truncated": (book_with(lambda s: None)[:2500], "a.xlsx", "file-damaged"),
    "broken xml": (
        with_parts(book_with(lambda s: None), {SHEET: lambda body: body[:-40]}), "a.xlsx", "file-damaged",
    ),
    "entity": (
        with_parts(
            book_with(lambda s: None),
            {SHEET: lambda body: b'<!DOCTYPE a [<!ENTITY b "c">]>' + body[body.index(b"<worksheet") :]},
        ),
        "a.xlsx", "file-damaged",
    ),
    "no header of an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 2000, "a.xls", "file-damaged"),
    "encrypted": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"0" * 600,
        "a.xlsx", "file-password",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_that_cannot_be_used_is_one_finding(tmp_path, plan, fault):
    data, name, rule = FAULTS[fault]
    result = read(tmp_path, plan, data, name)
    assert rule in rules_of(result)
    assert result.refused
    assert result.observations.empty
    assert all(finding.found.vi and finding.remedy.vi for finding in result.findings)


def old_workbook():
    book = xlwt.Workbook()
    sheet = book.add_sheet("Biểu")
    rows = (
        ["Đơn vị: Huyện Cao Lộc"],
        ["Quý I năm 2023"],
        ["Trình độ", "Tuyển mới"],
        ["Sơ cấp", 12],
        ["Trung cấp", 5],
    )
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def test_an_old_workbook_is_read_and_a_truncated_one_is_damaged(tmp_path, plan):
    data = old_workbook()
    assert read(tmp_path, plan, data, "a.xls").observations["value"].tolist() == [12, 5]
    for length in (600, 3000, len(data) - 1100):
        assert read(tmp_path, plan, data[:length], "b.xls").refused


def test_an_old_workbook_with_a_password(tmp_path, plan):
    data = bytearray(old_workbook())
    at = data.index(b"\x09\x08\x10\x00") + 20  # after the first BOF record: its follower becomes FILEPASS
    length = struct.unpack_from("<H", data, at + 2)[0]
    data[at : at + 2] = b"\x2f\x00"
    assert length >= 0
    result = read(tmp_path, plan, bytes(data), "a.xls")
    assert rules_of(result) & {"file-password", "file-damaged"}
    assert result.observations.empty


def test_a_wrong_extension_is_read_by_content(tmp_path, plan):
    result = read(tmp_path, plan, book_with(lambda sheet: None), "a.xls")
    assert rules_of(result) == {"file-extension"}
    assert result.observations["value"].tolist() == [12, 5]


def test_a_folder_a_missing_file_and_an_unreadable_one(tmp_path, plan, monkeypatch):
    assert rules_of(read_return(tmp_path, plan)) == {"file-directory"}
    assert rules_of(read_return(tmp_path / "không có.xlsx", plan)) == {"file-missing"}
    path = tmp_path / "a.xlsx"
    path.write_bytes(book_with(lambda sheet: None))
    if os.name == "posix" and os.getuid() != 0:
        path.chmod(0)
    else:

        def refuse(*_, **__):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(type(path), "open", refuse)
    assert rules_of(read_return(path, plan)) == {"file-unreadable"}


def test_a_zip_bomb_is_not_unpacked(tmp_path, plan):
    data = with_parts(book_with(lambda sheet: None), {"xl/media/zeros.bin": bytes(300 * 2**20)})
    assert len(data) < 2**20
    tracemalloc.start()
    result = read(tmp_path, plan, data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rules_of(result) == {"file-zip-bomb"}
    assert peak < 30 * 2**20


def test_a_zip_that_lies_about_its_sizes(tmp_path, plan):
    data = bytearray(with_parts(book_with(lambda sheet: None), {"xl/media/zeros.bin": bytes(5 * 2**20)}))
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 10)  # declared size of the last part in the directory
    result = read(tmp_path, plan, bytes(data))
    assert result.refused
    assert rules_of(result) <= {"file-damaged", "file-zip-bomb"}


@pytest.mark.parametrize("place", ["XFD1048576", "A1048576"])
def test_a_sheet_that_reaches_to_the_last_cell_is_refused_by_name(tmp_path, plan, place):
    result = read(tmp_path, plan, book_with(lambda sheet: sheet.__setitem__(place, 1)))
    if place == "XFD1048576":
        assert "sheet-dimension" in rules_of(result)
        assert any(place in finding.found.en for finding in result.findings)
    assert result.file == "tệp.xlsx"


def test_a_declared_dimension_of_two_gigabytes_is_only_a_claim(tmp_path, plan):
    def lie(body):
        import re

        return re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', body)

    result = read(tmp_path, plan, with_parts(book_with(lambda sheet: None), {SHEET: lie}))
    assert result.observations["value"].tolist() == [12, 5]


def test_ten_thousand_merged_ranges(tmp_path, plan):
    ranges = b"".join(b'<mergeCell ref="A%d:C%d"/>' % (row, row) for row in range(100, 10_100))
    merged = b'</sheetData><mergeCells count="10000">' + ranges + b"</mergeCells>"
    data = with_parts(book_with(lambda s: None), {SHEET: lambda body: body.replace(b"</sheetData>", merged)})
    result = read(tmp_path, plan, data)
    assert "sheet-merged" in rules_of(result)
    assert result.observations["value"].tolist() == [12, 5]


def test_formulas_that_would_run_something_are_named_and_not_used(tmp_path, plan):
    def inject(sheet):
        sheet["B4"] = "=cmd|' /C calc'!A0"
        sheet["C6"] = '=WEBSERVICE("http://example.org")'
        sheet["C7"].value, sheet["C7"].data_type = "=cmd|' /C calc'!A0", "s"

    result = read(tmp_path, plan, book_with(inject))
    places = {finding.place for finding in result.findings if finding.rule == "formula-command"}
    assert {"B4", "C6", "C7"} <= places
    assert result.observations["value"].tolist() == [5]


def test_formulas_of_a_csv_are_words(tmp_path, plan):
    text = (
        "Đơn vị;Huyện Cao Lộc\nQuý I năm 2023;\nTrình độ;Tuyển mới\nSơ cấp;=cmd|' /C calc'!A0\nTrung cấp;5\n"
    )
    result = read(tmp_path, plan, text.encode(), "a.csv")
    assert "formula-command" in rules_of(result)
    assert result.observations["value"].tolist() == [5]


def test_cyclic_references(tmp_path, plan):
    def loop(sheet):
        sheet["B4"], sheet["C4"], sheet["D4"] = "=C4", "=SUM(D4:D9)", "=B4+1"

    result = read(tmp_path, plan, book_with(loop))
    cycle = [finding for finding in result.findings if finding.rule == "formula-cycle"]
    assert len(cycle) == 1
    assert all(cell in cycle[0].found.en for cell in ("B4", "C4", "D4"))
    assert result.observations["value"].tolist() == [5]


@pytest.mark.parametrize("formulas", [("=7+5", 5), (12, "=SUM(1,4)"), ("=7+5", "=SUM(1,4)")])
def test_a_formula_without_a_stored_value_is_missing_and_refuses_the_file(tmp_path, plan, formulas):
    def typed(sheet):
        sheet["B4"], sheet["B5"] = formulas

    result = read(tmp_path, plan, book_with(typed))
    told = [finding for finding in result.findings if finding.rule == "formula-no-value"]
    wanted = [cell for cell, value in zip(("B4", "B5"), formulas, strict=True) if isinstance(value, str)]
    assert [(finding.place, finding.severity) for finding in told] == [(cell, "error") for cell in wanted]
    assert "Excel" in told[0].remedy.vi
    assert "LibreOffice" in told[0].remedy.en
    assert result.refused
    assert result.observations["value"].tolist() == [value for value in formulas if isinstance(value, int)]


def test_a_total_without_a_stored_value_is_no_figure_and_refuses_nothing(tmp_path, plan):
    def total(sheet):
        sheet["A6"], sheet["B6"] = "Tổng cộng", "=SUM(B4:B5)"

    result = read(tmp_path, plan, book_with(total))
    assert result.observations["value"].tolist() == [12, 5]
    assert "formula-no-value" not in rules_of(result)


@pytest.mark.parametrize(("formula", "other"), [("SUM(1,4)", 0), ("D4+D5", 4), ("SUM($D$4:D9)", 4)])
def test_a_zero_stored_by_a_program_for_a_sum_of_what_is_not_zero_is_no_figure(
    tmp_path, plan, formula, other
):
    def typed(sheet):
        sheet["B4"], sheet["D4"] = f"={formula}", other or None

    def read_with(stored):
        data = with_parts(
            book_with(typed), {"xl/worksheets/sheet1.xml": lambda part: stored_as(part, formula, stored)}
        )
        return read(tmp_path, plan, data)

    told = [one for one in read_with("0").findings if one.rule == "formula-no-value"]
    assert [(one.place, one.severity) for one in told] == [("B4", "error")]
    worked_out = read_with("5")
    assert "formula-no-value" not in rules_of(worked_out)
    assert 5 in worked_out.observations["value"].tolist()


@pytest.mark.parametrize("formula", ["D4-D5", "D4*D6", "SUM(E4:E9)", "IF(D4=9,1,0)"])
def test_a_formula_that_may_well_be_zero_keeps_its_zero(tmp_path, plan, formula):
    def typed(sheet):
        sheet["B4"], sheet["D4"], sheet["D5"] = f"={formula}", 4, 4

    data = with_parts(
        book_with(typed), {"xl/worksheets/sheet1.xml": lambda part: stored_as(part, formula, "0")}
    )
    assert "formula-no-value" not in rules_of(read(tmp_path, plan, data))


def test_macros_and_links_are_named_and_the_values_read(tmp_path, plan):
    data = with_parts(
        book_with(lambda sheet: None),
        {"xl/vbaProject.bin": b"macro", "xl/externalLinks/externalLink1.xml": b"<externalLink/>"},
    )
    result = read(tmp_path, plan, data, "a.xlsm")
    assert rules_of(result) == {"file-macros", "file-links"}
    assert result.observations["value"].tolist() == [12, 5]


def test_identity_columns_are_refused_and_nothing_of_them_is_kept(tmp_path, plan):
    def people(sheet):
        sheet["C3"], sheet["D3"] = "Họ và tên", "Mã"
        for row, (name, number) in enumerate(
            (("Nguyễn Văn An", "012345678901"), ("Trần Thị Bình", "012345678902")), 4
        ):
            sheet.cell(row, 3).value, sheet.cell(row, 4).value = name, number

    result = read(tmp_path, plan, book_with(people))
    assert sum(finding.rule == "identity-column" for finding in result.findings) == 2
    everything = repr(result) + result.observations.to_csv() + repr(result.missing)
    assert "Nguyễn Văn An" not in everything
    assert "01234567890" not in everything
    assert result.observations["value"].tolist() == [12, 5]


def test_one_bad_file_does_not_stop_the_others(tmp_path, plan):
    good = book_with(lambda sheet: None)
    files = {"1.xlsx": b"", "2.xlsx": good, "3.xlsx": good[:900], "4.xlsx": good}
    results = [read(tmp_path, plan, data, name) for name, data in files.items()]
    assert [len(result.observations) for result in results] == [0, 2, 0, 2]


def test_opening_never_raises_on_changed_bytes(tmp_path):
    data = bytearray(book_with(lambda sheet: None))
    for at in range(0, len(data), max(1, len(data) // 60)):
        changed = bytearray(data)
        changed[at] ^= 0xFF
        path = tmp_path / "a.xlsx"
        path.write_bytes(changed)
        assert read_cells(path).file == "a.xlsx"
    old = bytearray(old_workbook())
    for at in range(0, len(old), max(1, len(old) // 120)):
        changed = bytearray(old)
        changed[at] ^= 0xFF
        path = tmp_path / "a.xls"
        path.write_bytes(changed)
        assert read_cells(path).file == "a.xls"
