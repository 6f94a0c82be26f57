"""Files made to harm or saved as something else: told for what they are, in little memory, and the others are read."""

import importlib
import io
import itertools
import lzma
import os
import pkgutil
import re
import resource
import shutil
import signal
import subprocess
import sys
import textwrap
import zipfile

import openpyxl
import pytest

import vetanalysis
from vetanalysis.plan import load_plan
from vetanalysis.returns.ledger import load_ledger
from vetanalysis.returns.read import read_return
from vetanalysis.returns.read_all import CACHE_VARIABLE

EXAMPLE = "lang-son-2023-example"


@pytest.fixture(scope="module")
def plan():
    return load_plan(EXAMPLE)


def zip_of(parts, method=zipfile.ZIP_DEFLATED):
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", method) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return raw.getvalue()


TABLE = b"<table><tr><td>84</td></tr></table>"
SAVED_AS_SOMETHING_ELSE = {
    "xlsb": (zip_of({"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"\x83\x01"}), "a.xlsb", "(.xlsb)"),
    "xlsb as xlsx": (zip_of({"xl/workbook.bin": b"\x83\x01"}), "a.xlsx", "(.xlsb)"),
    "mht": (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n" + TABLE, "a.xls", "(MHT)"),
    "html that begins with div": (b"<div>" + TABLE + b"</div>", "a.xls", "(HTML)"),
    "html behind a mark": (b"\xef\xbb\xbf\r\n <META charset=utf-8>" + TABLE, "a.xls", "(HTML)"),
    "html in UTF-16": ("<html>".encode("utf-16") + TABLE, "a.xls", "(HTML)"),
    "html with a comment": (b"<!-- from the web -->" + TABLE, "a.xlsx", "(HTML)"),
    "xml of 2003": (
        b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "a.xls", "XML 2003",
    ),
    "word": (zip_of({"word/document.xml": b"<w:document/>"}), "a.xlsx", "Word"),
    "fods": (
        b'<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument"/>', "a.ods", "(.fods)",
    ),
    "workbooks in a zip": (zip_of({"183.xlsx": b"PK"}), "a.zip", "giải nén"),
    "rar": (b"Rar!\x1a\x07\x01\x00", "a.rar", "giải nén"),
}  # fmt: skip


@pytest.mark.parametrize("kind", SAVED_AS_SOMETHING_ELSE)
def test_what_is_no_workbook_is_called_by_its_name_with_how_to_save_it(plan, tmp_path, kind):
    data, name, said = SAVED_AS_SOMETHING_ELSE[kind]
    (tmp_path / name).write_bytes(data)
    result = read_return(tmp_path / name, plan)
    (finding,) = result.findings
    assert (finding.rule, finding.severity) == ("file-kind", "error")
    assert said in finding.found.vi
    assert "Save As" in finding.remedy.vi
    assert "Save As" in finding.remedy.en


PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet_reaching(cell):
    body = f'<sheetData><row><c r="{cell}"><v>1</v></c></row></sheetData>'
    return f'<worksheet xmlns="{MAIN}">{body}</worksheet>'.encode()


def workbook_of(sheets):
    """A workbook of sheets given as XML, without styles or shared texts."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    numbers = range(1, len(sheets) + 1)
    listed = "".join(f'<sheet name="Trang {n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
    links = "".join(
        f'<Relationship Id="r{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    return zip_of(
        {
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{office}"><sheets>{listed}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>',
            **{f"xl/worksheets/sheet{n}.xml": body for n, body in zip(numbers, sheets, strict=True)},
        }
    )


@pytest.mark.parametrize("content", [b"<v>1</v>", b"<f>1+1</f>"])
def test_the_limit_of_cells_holds_for_a_file_not_for_a_sheet(plan, tmp_path, content):
    body = sheet_reaching("IU1000").replace(b"<v>1</v>", content)  # 255 columns of 1,000 rows
    (tmp_path / "a.xlsx").write_bytes(workbook_of([body] * 60))
    result = read_return(tmp_path / "a.xlsx", plan)
    told = [(one.rule, one.sheet) for one in result.findings]
    assert told == [("sheet-dimension", "Trang 2")]  # 510,000 cells with the second
    assert "IU1000" in result.findings[0].found.vi


def test_sheets_beyond_those_that_are_read_are_never_left_out_silently(plan, tmp_path):
    book = openpyxl.Workbook()
    for _ in range(200):
        book.create_sheet()
    book.save(tmp_path / "a.xlsx")
    result = read_return(tmp_path / "a.xlsx", plan)
    assert [one.rule for one in result.findings] == ["sheet-count"]
    assert "201" in result.findings[0].found.vi
    assert result.refused


def under(megabytes, script, *arguments):
    """Run Python under a limit of memory and of a minute; what it printed."""

    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))

    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)],
        capture_output=True, encoding="utf-8", preexec_fn=limit, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr[-2000:]
    return ended.stdout.split()


@pytest.mark.skipif(sys.platform != "linux", reason="limits of a process")
def test_files_made_to_fill_the_memory_are_refused_in_little_of_it(tmp_path):
    far = "".join(f'<c r="{c}{r}"><f>1</f></c>' for r in range(1, 900) for c in ("A", "ALL"))
    ods = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="Biểu"><table:table-row table:number-rows-repeated="1048576"><table:table-cell '
        'table:number-columns-repeated="1024" office:value-type="float" office:value="1"><text:p>1</text:p>'
        "</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    files = {
        "sheets.xlsx": workbook_of([sheet_reaching("ALL1000")] * 200),
        "formulas.xlsx": workbook_of([f"<worksheet><sheetData>{far}</sheetData></worksheet>"] * 200),
        "styles.xlsx": zip_of(
            {"xl/workbook.xml": b"<workbook/>", "xl/styles.xml": b"<a>" + b"<b/>" * 9_000_000 + b"</a>"}
        ),
        "repeated.ods": zip_of(
            {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": ods.encode()}
        ),
        "commas.csv": b"," * 2_000_000,
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    script = """
        import resource, sys
        from vetanalysis.returns.grid import read_cells
        at = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        before = at()
        for path in sys.argv[1:]:
            book = read_cells(path)
            print(book.findings[0].rule, len(book.grids), at() - before)
    """
    said = under(4000, script, *(tmp_path / name for name in files))
    told = [tuple(said[at : at + 3]) for at in range(0, len(said), 3)]
    rules = dict(zip(files, (rule for rule, _, _ in told), strict=True))
    assert rules == dict.fromkeys(files, "sheet-dimension") | {"styles.xlsx": "file-damaged"}
    assert all(grids == "0" for _, grids, _ in told)
    assert int(told[-1][2]) < 300  # megabytes, the largest of all


def example_returns(plan, tmp_path):
    """A folder of the example's 9M returns of three units."""
    folder = tmp_path / "returns" / "2023-9M"
    folder.mkdir(parents=True)
    whole = plan.folder.parents[1] / "returns" / EXAMPLE / "2023-9M"
    for unit in ("178", "180", "183"):
        for path in whole.glob(f"{unit}__*.xlsx"):
            shutil.copy(path, folder)
    return folder


@pytest.mark.skipif(sys.platform != "linux", reason="names of bytes")
def test_one_bad_file_stops_no_other(plan, tmp_path, capsys):
    folder = example_returns(plan, tmp_path)
    (good,) = folder.glob("178__*.xlsx")
    shutil.copy(good, os.fsencode(folder) + b"/178__2023-09-16 b\xe1o c\xe1o.xlsx")
    with zipfile.ZipFile(good) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    packed = bytearray(zip_of(parts, zipfile.ZIP_LZMA))
    for at in range(len(packed) // 4, len(packed) // 2, 37):
        packed[at] ^= 0xFF
    (folder / "180__2023-09-28.xlsx").write_bytes(packed)
    (folder.parent / "181__2023-09-28.xlsx").write_bytes(packed)  # nothing says its period
    (folder.parent / "2022-FY").symlink_to(folder, target_is_directory=True)
    ledger = load_ledger(plan, folder.parent)
    files = {one.file for one in ledger.all_findings if one.severity == "error"}
    assert files == {"2023-9M/180__2023-09-28.xlsx", "181__2023-09-28.xlsx", "2022-FY"}
    state = ledger.versions.set_index("file")["state"]
    assert state["2023-9M/178__2023-09-16 b\\xe1o c\\xe1o.xlsx"] == "valid"
    assert set(ledger.observations["unit"]) == {"178", "180", "183"}
    from vetanalysis.cli.main import main

    assert main(["check", EXAMPLE, "--as-of", "2023-9M", "--returns", str(folder.parent)]) in (0, 1)
    told = capsys.readouterr().out
    assert "180__2023-09-28.xlsx" in told
    assert "181__2023-09-28.xlsx" in told


def test_an_archive_that_fails_in_a_way_nobody_foresaw_is_a_finding(plan, tmp_path, monkeypatch):
    monkeypatch.setenv(CACHE_VARIABLE, "off")  # files of these bytes were read before
    folder = example_returns(plan, tmp_path)

    def fail(*_, **__):
        raise lzma.LZMAError("corrupt")

    monkeypatch.setattr("vetanalysis.returns.grid.content_of", fail)
    ledger = load_ledger(plan, folder.parent)
    assert {one.rule for one in ledger.all_findings if one.severity == "error"} == {"file-damaged"}


# Patterns -------------------------------------------------------------------------------------------------------------

LENGTH = 4_000
STEPS = (
    0.05  # seconds of this process alone for one pattern on one text: squared steps take several times that
)
BEFORE = ("", "-", "=", "(", "1", "{{", "cong cac", "extends:", "a=")
AGAIN = (
    " ", "(a", "(", "[", "[a", "1", "1 ", "1,", "a", "a ", "-", "i ", "{{", "{{ a", "=", "_", '"', "A1:", "1+", "O1",
    "CALL(", "CALL",
)  # fmt: skip
AFTER = ("", "x", "!")
#: Patterns that see nothing but what the program itself has written a moment before.
OF_THE_PROGRAM_S_OUTPUT = {"vetanalysis.returns.form_book", "vetanalysis.documents.package"}


class _TooManySteps(Exception):
    pass


def _patterns():
    found = {}
    for module in pkgutil.walk_packages(vetanalysis.__path__, "vetanalysis."):
        if not module.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, re.Pattern):
                    found[value] = f"{module.name}.{name}"
    return {
        pattern: name
        for pattern, name in found.items()
        if name.rpartition(".")[0] not in OF_THE_PROGRAM_S_OUTPUT
    }


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="a limit of steps")
def test_no_pattern_explodes():
    patterns = _patterns()
    assert len(patterns) > 40

    def stop(*_):
        raise _TooManySteps

    before = signal.signal(signal.SIGVTALRM, stop)
    exploded = set()
    try:
        for start, again, end in itertools.product(BEFORE, AGAIN, AFTER):
            text = start + again * (LENGTH // len(again)) + end
            for pattern, name in patterns.items():
                given = text.encode() if isinstance(pattern.pattern, bytes) else text
                signal.setitimer(signal.ITIMER_VIRTUAL, STEPS)
                try:
                    pattern.fullmatch(given)
                    for _ in pattern.finditer(given):
                        pass
                except _TooManySteps:
                    exploded.add((name, start, again, end))
                finally:
                    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    finally:
        signal.signal(signal.SIGVTALRM, before)
    assert not exploded


HOSTILE_CELLS = [
    "(" + "(a" * 1500,
    "1" + "(a)" * 4_000 + "x",
    "-" + " " * 12_000 + "x",
    "[" * 12_000,
    "1 " * 6_000,
    "ươ " * 4_000,
    "L¹ng " * 2_000,
    "quý " * 3_000,
    "h tt p " * 1_000,
]


@pytest.mark.skipif(sys.platform != "linux", reason="limits of a process")
def test_hostile_cells_are_read_in_few_steps(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    rows = [["Đơn vị báo cáo: Huyện Cao Lộc"], ["Quý I năm 2023"], ["Trình độ", "Tuyển mới"], ["Sơ cấp", 12]]
    for row in (*rows, *([cell, cell] for cell in HOSTILE_CELLS)):
        sheet.append(row)
    sheet["D4"] = "=" + " " * 8_000 + "x"
    book.save(tmp_path / "a.xlsx")
    lines = ["Đơn vị báo cáo: Huyện Cao Lộc,", "Quý I năm 2023,", "Trình độ,Tuyển mới", "Sơ cấp,12"]
    (tmp_path / "b.csv").write_text("\n".join([*lines, "-" + " " * 120_000 + "x", *HOSTILE_CELLS]), "utf-8")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    body = parts["xl/worksheets/sheet1.xml"].replace(
        b"<sheetData>", b'<sheetData><row r="90"><c r="A90"><f>' + b" " * 200_000 + b"x</f><v>1</v></c></row>"
    )
    (tmp_path / "c.xlsx").write_bytes(zip_of(parts | {"xl/worksheets/sheet1.xml": body}))
    script = """
        import sys
        from vetanalysis.plan import load_plan
        from vetanalysis.returns.read import read_return
        plan = load_plan("lang-son-2023-example")
        for path in sys.argv[1:]:
            print(bool(read_return(path, plan).sha256))
    """
    assert under(4000, script, tmp_path / "a.xlsx", tmp_path / "b.csv", tmp_path / "c.xlsx") == ["True"] * 3
