"""From files to grids: the same table in every format, and what the values do not show."""

import io

import openpyxl
import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P
from openpyxl.comments import Comment
from openpyxl.styles import Font

from vetanalysis.returns.grid import cyclic, decode_csv, delimiter_of, read_cells
from vetanalysis.returns.key import address, letters, place_of

ROWS = [
    ["Biểu 1", "", ""],
    ["Huyện", "Tuyển mới", ""],
    ["", "Tổng", "Nữ"],
    ["Cao Lộc", 12, 5],
    ["Đình Lập", 7.5, "-"],
]


def xlsx(path):
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.active.merge_cells("B2:C2")
    book.save(path)


def xls(path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet")
    for r, row in enumerate(ROWS):
        for c, value in enumerate(row):
            if value != "" and (r, c) != (1, 1):
                sheet.write(r, c, value)
    sheet.write_merge(1, 1, 1, 2, "Tuyển mới")
    book.save(str(path))


def ods(path):
    book = OpenDocumentSpreadsheet()
    table = Table(name="Sheet")
    book.spreadsheet.addElement(table)
    for r, row in enumerate(ROWS):
        line = TableRow()
        for c, value in enumerate(row):
            if (r, c) == (1, 2):
                line.addElement(CoveredTableCell())
                continue
            span = {"numbercolumnsspanned": 2, "numberrowsspanned": 1} if (r, c) == (1, 1) else {}
            if isinstance(value, str):
                cell = TableCell(**({"valuetype": "string"} if value else {}), **span)
                if value:
                    cell.addElement(P(text=value))
            else:
                cell = TableCell(valuetype="float", value=value, **span)
            line.addElement(cell)
        table.addElement(line)
    filler = TableRow(numberrowsrepeated=1_048_000)
    filler.addElement(TableCell(numbercolumnsrepeated=16_384))
    table.addElement(filler)
    book.save(str(path))


@pytest.mark.parametrize(("write", "ending"), [(xlsx, "xlsx"), (xls, "xls"), (ods, "ods")])
def test_the_same_table_from_every_kind_of_workbook(tmp_path, write, ending):
    path = tmp_path / f"a.{ending}"
    write(path)
    book = read_cells(path)
    assert (book.kind, book.findings) == (ending, ())
    grid = book.grids[0]
    for r, row in enumerate(ROWS):
        assert [grid.at(r, c) for c in range(3)] == row
    assert grid.structure.merged == [(1, 1, 1, 2)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1258"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_csv_in_every_usual_encoding_and_separator(tmp_path, encoding, mark):
    text = "\n".join(mark.join(f'"{cell}"' for cell in row) for row in ROWS)
    if encoding == "cp1258":  # this code stores the tone after its vowel
        import unicodedata

        text = "".join(
            c if c.encode("cp1258", errors="ignore") else unicodedata.normalize("NFD", c) for c in text
        )
        if any(not c.encode("cp1258", errors="ignore") for c in text):
            text = split_tones(text)
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    grid = read_cells(path).grids[0]
    assert [str(cell) for cell in grid.rows[4]] == ["Đình Lập", "7.5", "-"]
    assert grid.rows[1][1] == "Tuyển mới"


def split_tones(text):
    """Letters of cp1258: base letters with quality marks, tones as separate marks."""
    import unicodedata

    out = []
    for c in unicodedata.normalize("NFC", text):
        if c.encode("cp1258", errors="ignore"):
            out.append(c)
            continue
        parts = unicodedata.normalize("NFD", c)
        tones = [p for p in parts if p in "\u0300\u0301\u0303\u0309\u0323"]
        out.append(unicodedata.normalize("NFC", "".join(p for p in parts if p not in tones)) + "".join(tones))
    return "".join(out)


def test_structure_of_a_workbook(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["A2"] = "L¹ng S¬n", "tæng céng"
    sheet["A1"].font, sheet["A2"].font = Font(name=".VnTime"), Font(name=".VnTimeH")
    sheet["B1"] = 0.57
    sheet["B1"].number_format = "0.0%"
    sheet["B2"] = "=SUM(B3:B4)"
    sheet["B3"], sheet["B4"] = 3, 4
    sheet["B1"].comment = Comment("số ước", "x")
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet["C1"] = 1
    other = book.create_sheet("Ẩn")
    other.sheet_state = "veryHidden"
    other["A1"] = 1
    path = tmp_path / "a.xlsx"
    book.save(path)
    result = read_cells(path)
    grid, hidden = result.grids
    assert (grid.at(0, 0), grid.at(1, 0)) == ("Lạng Sơn", "TỔNG CỘNG")
    assert [place for place, code in grid.structure.formats.items() if "%" in code] == [(0, 1)]
    assert grid.structure.hidden_rows == {2}
    assert 2 in grid.structure.hidden_columns
    assert grid.at(1, 1) == ""  # a formula without a stored value is missing
    assert grid.structure.unstored == {(1, 1)}
    assert hidden.hidden
    assert {finding.rule for finding in result.findings} == {"old-font", "cell-comment"}


def test_an_old_workbook_shows_fonts_hidden_parts_and_formats(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    sheet.write(0, 0, "L¹ng S¬n", xlwt.easyxf("font: name .VnTime"))
    sheet.write(1, 0, 0.5, xlwt.easyxf(num_format_str="0%"))
    sheet.row(2).hidden = True
    sheet.col(3).hidden = True
    sheet.write(2, 3, 1)
    path = tmp_path / "a.xls"
    book.save(str(path))
    grid = read_cells(path).grids[0]
    assert grid.at(0, 0) == "Lạng Sơn"
    assert [place for place, code in grid.structure.formats.items() if "%" in code] == [(1, 0)]
    assert grid.structure.hidden_rows == {2}
    assert grid.structure.hidden_columns == {3}


def test_vni_and_tcvn3_without_a_font_name(tmp_path):
    path = tmp_path / "a.csv"
    for lines in ("L¹ng S¬n;1\nH÷u Lòng;2\n", "Laïng Sôn;1\nHöõu Luõng;2\n"):
        path.write_bytes(lines.encode("latin-1"))
        result = read_cells(path)
        assert [row[0] for row in result.grids[0].rows] == ["Lạng Sơn", "Hữu Lũng"]
        assert "old-font" in {finding.rule for finding in result.findings}


def test_decomposed_names_are_composed_everywhere(tmp_path):
    import unicodedata

    book = openpyxl.Workbook()
    book.active.title = unicodedata.normalize("NFD", "Biểu một")
    book.active["A1"] = unicodedata.normalize("NFD", "Huyện Cao Lộc")
    path = tmp_path / unicodedata.normalize("NFD", "Lạng Sơn.xlsx")
    book.save(path)
    result = read_cells(path)
    assert (result.file, result.grids[0].name, result.grids[0].at(0, 0)) == (
        "Lạng Sơn.xlsx", "Biểu một", "Huyện Cao Lộc",
    )  # fmt: skip


def test_addresses_go_both_ways():
    for place in ((0, 0), (6, 2), (0, 25), (0, 26), (1_048_575, 16_383)):
        assert place_of(address(place)) == place
    assert letters(701) == "ZZ"
    assert place_of("A0") is None
    assert place_of("12") is None


def test_cycles_are_found_whatever_leads_to_them():
    formulas = {(0, 0): "A2", (1, 0): "SUM(A1:A3)+B9", (4, 0): "A1", (5, 0): "B7"}
    assert cyclic(formulas) == {(0, 0), (1, 0)}
    assert cyclic({(0, 0): "Sheet2!A1+B1"}) == set()


def test_separator_is_the_one_that_cuts_evenly():
    assert delimiter_of("a;b\n1,5;2\n3,5;4\n") == ";"
    assert delimiter_of("a,b\n1,2\n") == ","
    assert decode_csv("é".encode("cp1258") + b"\xe9") != ""


def test_the_hash_is_of_the_bytes(tmp_path):
    import hashlib

    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n1,2\n")
    assert read_cells(path).sha256 == hashlib.sha256(b"a,b\n1,2\n").hexdigest()
    assert io.BytesIO(path.read_bytes()).read()
