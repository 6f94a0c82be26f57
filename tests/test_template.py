"""The form: who gets one, what stands in it, that it can be filled in and read back, that its words stay words."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetanalysis.cli.main import main
from vetanalysis.errors import WrongCall
from vetanalysis.periods import Cutoff
from vetanalysis.plan import load_plan
from vetanalysis.returns.form_book import CELL_COLUMNS, TEXT_COLUMNS, put_text
from vetanalysis.returns.form_sheets import Agreement, Formula
from vetanalysis.returns.key import Key
from vetanalysis.returns.lists import indicators_owed, reporting_units
from vetanalysis.returns.template import build_form, build_history

PLAN = load_plan("lang-son-2023")
EXAMPLE = load_plan("lang-son-2023-example")


def opened(form, values=False):
    return openpyxl.load_workbook(io.BytesIO(form.to_bytes()), data_only=values)


def rows_of(sheet):
    return [tuple("" if cell is None else cell for cell in row) for row in sheet.iter_rows(values_only=True)]


@pytest.fixture(scope="module")
def district():
    return opened(build_form(EXAMPLE, "187", "2023-H1"))


@pytest.fixture(scope="module")
def college():
    return opened(build_form(PLAN, "cdn-ls", "2023-FY"))


def test_who_must_report_in_2023():
    units = reporting_units(PLAN, Cutoff(2023, "Q1"))
    kinds = [PLAN.unit(code).kind for code in units]
    assert kinds.count("district") == 11  # 1 city and 10 districts in 2023
    assert kinds.count("institution") == 33  # 21 institutions and 12 agricultural centres that teach
    assert {"tt-dvvl", "so-gddt", "so-tc", "so-ldtbxh"} <= set(units)
    assert not {"cuc-thong-ke", "ubnd-tinh", "20"} & set(units)


def test_a_district_is_not_asked_for_what_the_plan_does_not_ask_of_it(district):
    assert "Đang học" not in district.sheetnames
    sheets = (
        "Thông tin",
        "Tuyển mới",
        "Theo nghề",
        "Việc làm",
        "Kinh phí",
        "Giải trình",
        "Chỉ tiêu xã",
        "Văn bản",
    )
    assert set(sheets) <= set(district.sheetnames)


def test_a_college_reports_stocks_flows_and_streaming_at_the_end_of_the_year(college):
    assert {"Tuyển mới", "Đang học", "Tốt nghiệp", "Thôi học", "Phân luồng"} <= set(college.sheetnames)
    assert "Phân luồng" not in opened(build_form(PLAN, "cdn-ls", "2023-Q1")).sheetnames
    assert "Chỉ tiêu xã" not in college.sheetnames


@pytest.mark.parametrize("code", ["Q1", "H1", "9M", "FY"])
def test_every_indicator_owed_has_a_cell(code):
    from vetanalysis.returns.form_layout import FROM_COMMUNES, STREAMING

    for unit in ("187", "cdn-ls", "so-gddt", "tt-dvvl", "so-tttt", "so-tc"):
        owed = set(indicators_owed(PLAN, PLAN.unit(unit), Cutoff(2023, code))["id"])
        asked = {key.indicator for key in build_form(PLAN, unit, f"2023-{code}").cells.values()}
        assert owed - set(FROM_COMMUNES) - set(STREAMING) <= asked


def test_hidden_sheets_are_as_agreed(district):
    assert [district[name].sheet_state for name in ("_form", "_cells", "_texts")] == ["hidden"] * 3
    about = {row[0].value: row[1].value for row in district["_form"].iter_rows()}
    about.pop("key")
    assert about == {
        "form": "vetanalysis", "form_version": "1", "plan": "lang-son-2023-example", "unit": "187",
        "period": "2023-H1", "window_start": "2022-12-15", "window_end": "2023-06-14", "basis": "cumulative",
        "illustrative": "true",
    }  # fmt: skip
    assert tuple(cell.value for cell in district["_cells"][1]) == CELL_COLUMNS
    assert tuple(cell.value for cell in district["_texts"][1]) == TEXT_COLUMNS


@pytest.mark.parametrize("unit", ["187", "cdn-ls", "so-gddt", "tt-dvvl", "so-tttt"])
def test_listed_cells_are_the_open_ones_and_no_others(unit):
    book = opened(build_form(PLAN, unit, "2023-FY"))
    listed = {(row[0], row[1]) for name in ("_cells", "_texts") for row in rows_of(book[name])[1:]}
    unlocked = {
        (sheet.title, cell.coordinate)
        for sheet in book.worksheets
        if sheet.sheet_state == "visible"
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked and type(cell).__name__ != "MergedCell"
    }
    assert unlocked == listed
    assert all(sheet.protection.sheet and not sheet.protection.password for sheet in book.worksheets)


def test_every_figure_has_a_key_of_its_own():
    for unit in ("178", "cdn-ls", "dvnn-187", "so-ldtbxh", "so-tttt", "tt-dvvl", "thanh-tra-so", "so-gddt"):
        keys = list(build_form(PLAN, unit, "2023-FY").cells.values())
        assert len(keys) == len(set(keys))
        assert all(key.indicator and key.measure and key.basis for key in keys)


def test_title_block_header_letters_and_total_can_be_read_by_eye(college):
    rows = rows_of(college["Tốt nghiệp"])
    assert rows[0][0] == "Đơn vị báo cáo: Trường Cao đẳng nghề Lạng Sơn"
    assert "năm 2023 (từ 15/12/2022 đến 14/12/2023)" in rows[2][0]
    assert rows[4][:2] == ("Trình độ đào tạo", "Lũy kế từ đầu năm")
    assert rows[5][1:4] == ("Tổng số\n(người)", "Nữ\n(người)", "Nam (tự tính)\n(người)")
    assert rows[6][:4] == ("A", "1", "2", "3=1-2")
    labels = [row[0] for row in rows[7:13]]
    assert labels == [
        "Sơ cấp", "Trung cấp", "Cao đẳng", "Cộng các trình độ tính vào chỉ tiêu", "Đào tạo dưới 3 tháng", "Tổng cộng",
    ]  # fmt: skip
    assert rows[12][1] == '=IF(COUNT(B8:B10,B12)=0,"",SUM(B8:B10,B12))'


def test_every_column_of_figures_names_its_unit_of_measure(college):
    for name in ("Tuyển mới", "Đang học", "Tốt nghiệp", "Thôi học", "Theo nghề", "Việc làm", "Kinh phí"):
        top, low = rows_of(college[name])[4:6]
        heads = [b or a for a, b in zip(top[1:], low[1:], strict=True)]
        assert all(head.endswith(("(người)", "(%)", "(triệu đồng)")) for head in heads), name
    units = [row[1] for row in rows_of(college["Nhiệm vụ"])[7:] if row[2] == "" and row[1]]
    assert units
    assert "percent" not in " ".join(units)


def test_blank_form_counts_nothing_as_zero():
    book = opened(build_form(PLAN, "cdn-ls", "2023-Q1"), values=True)
    assert book["Tuyển mới"]["C13"].value in (None, "")


def test_totals_carry_their_value_without_a_calculating_program():
    figures = {
        Key("people_enrolled", level=level, measure="persons", basis="cumulative"): number
        for level, number in (("elementary", 120), ("college", 30), ("short_course", 7))
    }
    book = opened(build_form(PLAN, "cdn-ls", "2023-H1", figures=figures), values=True)
    assert [book["Tuyển mới"][ref].value for ref in ("C8", "C9", "C10", "C11", "C13")] == [
        120,
        None,
        30,
        150,
        157,
    ]


def test_stock_and_flows_are_held_against_each_other():
    like = {"level": "college", "measure": "persons"}
    figures = {
        Key("people_in_training_start", basis="stock", **like): 100,
        Key("people_enrolled", basis="cumulative", **like): 40,
        Key("people_graduated", basis="cumulative", **like): 25,
        Key("people_dropped_out", basis="cumulative", **like): 5,
        Key("people_in_training", basis="stock", **like): 108,
    }
    sheet = opened(build_form(PLAN, "cdn-ls", "2023-H1", figures=figures), values=True)["Đang học"]
    heads = [str(a or b) for a, b in zip(*(rows_of(sheet)[n] for n in (4, 5)), strict=True)]
    column = next(n for n, head in enumerate(heads) if head.startswith("Chênh lệch cân đối"))
    assert rows_of(sheet)[9][column] == 2  # 100 + 40 - 25 - 5 = 110, but 108 reported


def test_quota_and_last_report_are_filled_in():
    obs = pd.DataFrame(
        [
            {"unit": "187", "period": period, "indicator": "people_enrolled", "level": "elementary", "sex": "",
             "group": "", "residence": "", "trade": "", "fund_source": "", "channel": "", "value": value,
             "measure": "persons", "basis": "cumulative"}
            for period, value in (("2023-Q1", 88), ("2022-FY", 999))
        ]
    )  # fmt: skip
    book = opened(build_form(EXAMPLE, "187", "2023-H1", previous=obs), values=True)
    row = rows_of(book["Tuyển mới"])[7]
    assert row[0] == "Sơ cấp"
    assert row[1] == 465  # its quota in quotas.csv
    assert 88 in row
    assert 999 not in row
    cover = [str(row[1]) for row in rows_of(book["Thông tin"])]
    assert "540 người" in cover
    assert "88 người tuyển mới" in cover


def test_quotas_by_commune_are_checked_against_the_district(district):
    sheet = district["Chỉ tiêu xã"]
    communes = PLAN.units_on("2023-06-14", "commune")
    assert [row[1] for row in rows_of(sheet)[7:27]] == communes[communes["parent"] == "187"]["code"].tolist()
    labels = {row[0]: row[2] for row in rows_of(sheet)[27:31]}
    assert labels["Tổng cộng"] == '=IF(COUNT(C8:C27)=0,"",SUM(C8:C27))'
    assert labels["Chỉ tiêu huyện, thành phố được giao"] == 540
    assert "LỆCH" in labels["Kiểm tra tổng"]


def test_all_200_communes_of_2023_stand_on_some_form():
    codes = set()
    for unit in PLAN.units_on("2023-06-14", "district")["code"]:
        refs = build_form(PLAN, unit, "2023-H1").texts.values()
        codes |= {ref for kind, ref in refs if kind == "commune_quota"}
    assert len(codes) == 200  # 181 xã, 5 phường, 14 thị trấn


def test_drop_downs_and_limits_hold_only_what_is_allowed(college):
    rules = [rule for sheet in college.worksheets for rule in sheet.data_validations.dataValidation]
    lists = [rule.formula1 for rule in rules if rule.type == "list"]
    assert any("Chậm tiến độ" in one for one in lists)
    assert any("Quyết định" in one for one in lists)
    assert all(len(one) <= 257 for one in lists)  # Excel takes 255 characters between the quotes
    numbers = [rule for rule in rules if rule.type in ("whole", "decimal")]
    assert numbers
    assert all(rule.formula1 == "0" for rule in numbers)


def test_no_macro_no_link_no_password():
    with zipfile.ZipFile(io.BytesIO(build_form(PLAN, "187", "2023-Q1").to_bytes())) as archive:
        names = archive.namelist()
        text = b"".join(archive.read(name) for name in names)
    assert not [name for name in names if "vba" in name.lower() or "external" in name.lower()]
    assert b"workbookPassword" not in text
    assert b'password="' not in text


def test_same_form_same_bytes():
    assert build_form(PLAN, "187", "2023-Q1").to_bytes() == build_form(PLAN, "187", "2023-Q1").to_bytes()


def test_illustrative_is_said_on_every_sheet(district):
    for sheet in district.worksheets:
        if sheet.sheet_state == "visible":
            assert "SỐ LIỆU MINH HỌA" in sheet["A4"].value
    assert opened(build_form(PLAN, "187", "2023-H1"))["Thông tin"]["A4"].value is None


def test_a_name_that_looks_like_a_formula_stays_a_name():
    units = PLAN.units.copy()
    units.loc[units["code"] == "05971", "name"] = '=HYPERLINK("http://x.vn";"bấm")'
    plan = PLAN.model_copy(update={"units": units})
    cell = opened(build_form(plan, "178", "2023-Q1"))["Chỉ tiêu xã"]["A8"]
    assert cell.data_type == "s"
    assert cell.value.startswith("=HYPERLINK")
    assert cell.quotePrefix


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_whatever_is_written_is_words(text):
    book = openpyxl.Workbook()
    put_text(book.active["A1"], text)
    raw = io.BytesIO()
    book.save(raw)
    raw.seek(0)
    cell = openpyxl.load_workbook(raw).active["A1"]
    assert cell.data_type != "f"


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=6), st.integers(0, 10**6))
def test_values_of_formulas_are_those_of_arithmetic(parts, whole):
    refs = tuple(f"B{8 + n}" for n in range(len(parts)))
    numbers = dict(zip(refs, parts, strict=True)) | {"C8": whole}
    assert Formula(refs).value(numbers) == sum(parts)
    assert Formula(refs, ("C8",)).value(numbers) == sum(parts) - whole
    agreement = Agreement(refs, "C8", "none given", "no whole", "agrees", "DIFFERS")
    assert agreement.value(numbers) == ("agrees" if sum(parts) == whole else "DIFFERS")
    assert Formula(refs).value({}) == ""


@pytest.mark.parametrize(
    ("unit", "period", "words"),
    [
        ("999", "2023-Q1", "unknown unit"),
        ("cuc-thong-ke", "2023-Q1", "not among those that report"),
        ("187", "2023-Q2", "forms exist for"),
        ("187", "2023-start", "forms exist for"),
        ("187", "2031-Q1", "covers 2023"),
        ("187", "quý I", "not a year and a cut-off"),
    ],
)
def test_wrong_calls_say_what_would_be_right(tmp_path, unit, period, words):
    with pytest.raises(WrongCall, match=words):
        build_form(PLAN, unit, period).save(tmp_path / "x.xlsx")
    assert not list(tmp_path.iterdir())


def test_reader_reads_back_what_was_filled_in(tmp_path):
    from vetanalysis.returns.read import read_return

    form = build_form(PLAN, "cdn-ls", "2023-9M")
    figures = {key: float(10 + n) for n, key in enumerate(form.cells.values())}
    path = build_form(PLAN, "cdn-ls", "2023-9M", figures=figures).save(tmp_path / "cdn-ls__2023-09-15.xlsx")
    read = read_return(path, PLAN)
    assert read.unit == "cdn-ls"
    assert read.period == "2023-9M"
    columns = ["indicator", "level", "sex", "group", "residence", "trade", "fund_source", "channel"]
    found = {
        Key(*keys): value
        for *keys, value in read.observations[[*columns, "value"]].itertuples(index=False, name=None)
    }
    assert found == {key._replace(measure="", basis=""): value for key, value in figures.items()}


def test_form_for_a_past_year_holds_its_four_cut_offs(tmp_path):
    book = openpyxl.load_workbook(build_history(PLAN, "cdn-ls", 2021).save(tmp_path / "x.xlsx"))
    cells = rows_of(book["_cells"])
    assert cells[0] == (*CELL_COLUMNS, "period")
    assert {row[-1] for row in cells[1:]} == {"2021-Q1", "2021-H1", "2021-9M", "2021-FY"}


def test_the_command_writes_forms_of_a_past_year_that_come_back_as_figures(tmp_path, capsys):
    from vetanalysis.returns.read import read_return

    forms = tmp_path / "forms"
    call = ["template", "lang-son-2023-example", "--past-year", "2021", "--unit", "cdn-ls", "so-tc", "--out"]
    assert main([*call, str(forms)]) == 0
    assert [Path(line).name for line in capsys.readouterr().out.split()] == ["cdn-ls.xlsx", "so-tc.xlsx"]
    book = openpyxl.load_workbook(forms / "cdn-ls.xlsx")
    sheet, *first = next(row for row in rows_of(book["_cells"])[1:] if row[-1] == "2021-9M")
    book[sheet][first[0]].value = 123
    filled = tmp_path / "cdn-ls__2022-01-20.xlsx"
    book.save(filled)
    read = read_return(filled, EXAMPLE)
    assert not [finding for finding in read.findings if finding.severity == "error"]
    told = read.observations[read.observations["value"].notna()]
    assert told[["period", "value"]].values.tolist() == [["2021-9M", 123.0]]


@pytest.mark.parametrize("year", ["2022", "2024"])
def test_a_year_whose_returns_would_be_refused_gets_no_form(tmp_path, capsys, year):
    assert main(["template", "lang-son-2023", "--past-year", year, "--out", str(tmp_path / "forms")]) == 2
    assert "under years in plan.yaml" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.system
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_keeps_and_calculates(tmp_path):
    figures = {Key("people_enrolled", level="elementary", measure="persons", basis="cumulative"): 120}
    path = build_form(EXAMPLE, "187", "2023-H1", figures=figures).save(tmp_path / "in" / "187.xlsx")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=170)
    book = openpyxl.load_workbook(tmp_path / "187.xlsx", data_only=True)
    assert book["Tuyển mới"]["C13"].value == 120
    assert book["Tuyển mới"].protection.sheet
    assert not book["Tuyển mới"]["C8"].protection.locked
    assert book["_cells"].sheet_state == "hidden"
    assert book["_cells"]["B2"].value == "C8"
