"""Reading returns: our own form in any state, foreign tables, plain observations, mapping files."""

import unicodedata

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vetanalysis.errors import DataRefused, WrongCall
from vetanalysis.observations.checks import COLUMNS
from vetanalysis.plan import load_plan
from vetanalysis.returns.draft import Draft, is_signature, is_total, read_period, read_window, vocabulary
from vetanalysis.returns.grid import read_cells
from vetanalysis.returns.mapping import load_mapping
from vetanalysis.returns.read import read_return, understand
from vetanalysis.returns.template import build_form

KEY = [name for name in COLUMNS if name not in ("source", "note", "standard_error")]


@pytest.fixture(scope="module")
def plan():
    return load_plan("lang-son-2023")


@pytest.fixture(scope="module")
def filled(plan, tmp_path_factory):
    """A form of a district with every open cell filled in, and what was written."""
    form = build_form(plan, "183", "2023-9M")
    written = {}
    for number, ((sheet, ref), key) in enumerate(form.cells.items(), start=1):
        form.book[sheet][ref].value = number
        form.numbers[sheet, ref] = number
        written[sheet, ref] = (key, number)
    for (sheet, ref), (kind, what) in form.texts.items():
        words = {
            "difficulties": f"thiếu\nnhà giáo {what}",
            "contact_name": "Lê Thị Hoa",
            "contact_phone": "0912345678",
        }
        if kind in words:
            form.book[sheet][ref].value = words[kind]
        if kind == "commune_quota":
            form.book[sheet][ref].value = 10
        if kind == "document_number" and what == "1":
            form.book[sheet][ref].value = "12/KH-UBND"
    path = form.save(tmp_path_factory.mktemp("form") / "183.xlsx")
    return path, written


def table(rows, tmp_path, name="a.xlsx", merged=()):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for one in merged:
        book.active.merge_cells(one)
    path = tmp_path / name
    book.save(path)
    return path


def figures(result):
    return result.observations[KEY].sort_values(KEY).to_numpy().tolist()


def rules_of(result):
    return {finding.rule for finding in result.findings}


def test_what_was_written_in_the_form_is_read_back(filled, plan):
    path, written = filled
    result = read_return(path, plan)
    assert (result.unit, result.period, result.basis) == ("183", "2023-9M", "cumulative")
    assert result.window == ("2022-12-15", "2023-09-14")
    assert len(result.observations) == len(written)
    by_source = result.observations.set_index("source")
    for (sheet, ref), (key, number) in written.items():
        row = by_source.loc[f"183.xlsx!{sheet}!{ref}"]
        assert row["value"] == number
        for name in ("indicator", "level", "sex", "group", "residence", "measure", "basis"):
            assert row[name] == getattr(key, name)
    assert tuple(result.observations.columns) == COLUMNS
    assert result.contacts == {"name": "Lê Thị Hoa", "phone": "0912345678"}
    assert {one["kind"] for one in result.explanations} == {"difficulties"}
    assert "thiếu\nnhà giáo task-1" in [one["text"] for one in result.explanations]
    assert [one["value"] for one in result.commune_quotas] == [10.0] * 22  # Cao Lộc had 22 communes in 2023
    assert [one["number"] for one in result.documents] == ["12/KH-UBND"]
    assert not result.findings


def test_the_blank_form_is_all_missing_and_nothing_is_zero(plan, tmp_path):
    path = build_form(plan, "183", "2023-9M").save(tmp_path / "b.xlsx")
    result = read_return(path, plan)
    assert result.observations.empty
    assert len(result.missing["mark"]) > 40
    assert not result.refused


def mess(path, out, change):
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(out)
    return out


def test_inserted_rows_and_columns_and_lost_hidden_sheets(filled, plan, tmp_path):
    path, _ = filled
    expected = figures(read_return(path, plan))

    def rows(book):
        book["Tuyển mới"].insert_rows(9)
        book["Tuyển mới"].insert_rows(1, 2)

    def columns(book):
        book["Kinh phí"].insert_cols(2)

    def hidden(book):
        for name in ("_form", "_cells", "_texts"):
            del book[name]

    for number, changes in enumerate(([rows], [columns], [hidden], [rows, columns, hidden])):
        out = mess(
            path, tmp_path / f"{number}.xlsx", lambda book, changes=changes: [one(book) for one in changes]
        )
        result = read_return(out, plan)
        assert "form-altered" in rules_of(result)
        assert figures(result) == expected
        assert result.contacts["phone"] == "0912345678"


def test_a_deleted_sheet_is_named_and_the_rest_read(filled, plan, tmp_path):
    result = read_return(
        mess(filled[0], tmp_path / "a.xlsx", lambda book: book.remove(book["Kinh phí"])), plan
    )
    assert "form-sheet-missing" in rules_of(result)
    assert "people_enrolled" in set(result.observations["indicator"])
    assert "budget_assigned" not in set(result.observations["indicator"])


def test_cells_of_the_form_as_people_fill_them(filled, plan, tmp_path):
    typed = {
        "C8": "1.200",
        "D8": "35 người",
        "F8": "120 (ước)",
        "G8": "-",
        "H8": "57%",
        "I8": "35 lượt",
        "J8": "nhiều",
        "C9": "=5+2",
    }

    def fill(book):
        for ref, value in typed.items():
            book["Tuyển mới"][ref].value = value

    result = read_return(mess(filled[0], tmp_path / "a.xlsx", fill), plan)
    cells = {source.rpartition("!")[2]: value for source, value in
             zip(result.observations["source"], result.observations["value"], strict=True)
             if "Tuyển mới" in source}  # fmt: skip
    assert (cells["C8"], cells["D8"], cells["F8"]) == (1200, 35, 120)
    assert not {"G8", "H8", "I8", "J8", "C9"} & set(cells)
    by_place = {(finding.place, finding.rule) for finding in result.findings}
    assert {("C8", "number-guess"), ("F8", "note-in-cell"), ("H8", "measure-mismatch"), ("I8", "measure-mismatch"),
            ("J8", "not-understood"), ("C9", "formula-no-value")} <= by_place  # fmt: skip
    assert any(mark == "-" for mark in result.missing["mark"])
    estimate = result.observations[result.observations["source"].str.endswith("Tuyển mới!F8")]
    assert estimate["status"].tolist() == ["estimate"]


def test_a_typed_total_is_held_against_its_parts_and_a_stray_number_is_named(filled, plan, tmp_path):
    def change(book):
        sheet = book["Tuyển mới"]
        total = next(row for row in range(8, 30) if sheet.cell(row, 1).value == "Tổng cộng")
        sheet.cell(total, 3).value = 999
        sheet.cell(total + 1, 3).value = 4

    result = read_return(mess(filled[0], tmp_path / "a.xlsx", change), plan)
    beside = [(finding.rule, finding.place[0]) for finding in result.findings]
    assert beside == [("subtotal-mismatch", "C"), ("not-understood", "C")]
    assert figures(result) == figures(read_return(filled[0], plan))  # the total is never added


def test_a_form_of_another_plan_unit_or_period_is_refused(filled, plan, tmp_path):
    for key, value, rule in (
        ("plan", "viet-nam-2025", "form-plan"), ("unit", "999", "unit-unknown"), ("period", "2019-9M", "period-other"),
    ):  # fmt: skip

        def change(book, key=key, value=value):
            for row in book["_form"].iter_rows():
                if row[0].value == key:
                    row[1].value = value

        result = read_return(mess(filled[0], tmp_path / "a.xlsx", change), plan)
        assert rule in rules_of(result)
        assert result.refused
        assert result.observations.empty


FOREIGN = [
    ["UBND TỈNH LẠNG SƠN"],
    ["KẾT QUẢ TUYỂN SINH, lũy kế 9 tháng năm 2023 (từ 15/12/2022 đến 14/9/2023)"],
    [],
    ["STT", "Huyện, thành phố", "Kế hoạch", "Tuyển mới (người)", None, None, "% KH", "Cột lạ"],
    [None, None, None, "Tổng số", "Sơ cấp", "Nữ", None, None],
    ["A", "B", "1", "2", "3", "4", "5=2/1*100", "6"],
    ["I", "Các huyện", 300, 1235, 135, 30, 41, None],
    [1, "H. Cao Lộc", 100, "1.200", 100, "20", 50, 1],
    [2, "Huyện Ðình Lập", 100, "35 người", "35", 10, 35, 1],
    [3, "Huyện Mới Lạ", 100, 5, 5, 5, 5, 1],
    [None, "Tổng cộng", 300, 1236, 135, 30, 41, 1],
    [],
    [None, "NGƯỜI LẬP BIỂU", None, None, "Lạng Sơn, ngày 15 tháng 9 năm 2023"],
    [None, "Nguyễn Văn An", None, None, "GIÁM ĐỐC"],
]
MERGED = ("A4:A5", "B4:B5", "C4:C5", "D4:F4", "G4:G5", "H4:H5", "A2:H2")


def test_a_foreign_table_is_read_by_its_words(plan, tmp_path):
    result = read_return(table(FOREIGN, tmp_path, merged=MERGED), plan)
    rows = result.observations.set_index(["unit", "level", "sex"])["value"].to_dict()
    assert rows == {
        ("183", "", ""): 1200, ("183", "elementary", ""): 100, ("183", "", "female"): 20,
        ("189", "", ""): 35, ("189", "elementary", ""): 35, ("189", "", "female"): 10,
    }  # fmt: skip
    assert set(result.observations["indicator"]) == {"people_enrolled"}
    assert set(result.observations["period"]) == {"2023-9M"}
    assert result.window == ("2022-12-15", "2023-09-14")
    unknown = {finding.rule: finding.found.vi for finding in result.findings if "unknown" in finding.rule}
    assert "Huyện Mới Lạ" in unknown["unit-unknown"]
    assert "Cột lạ" in unknown["column-unknown"]
    totals = [finding for finding in result.findings if finding.rule == "subtotal-mismatch"]
    assert [finding.place for finding in totals] == ["D11"]  # 1.236 against 1.200 + 35; the roman row agrees
    assert "1236" in totals[0].found.vi.replace(".", "")


def test_decomposed_text_gives_the_same_figures(plan, tmp_path):
    decomposed = [
        [unicodedata.normalize("NFD", cell) if isinstance(cell, str) else cell for cell in row]
        for row in FOREIGN
    ]
    one = read_return(table(FOREIGN, tmp_path, "a.xlsx", MERGED), plan)
    two = read_return(table(decomposed, tmp_path, "b.xlsx", MERGED), plan)
    assert figures(one) == figures(two)


def test_hidden_rows_are_read_and_said(plan, tmp_path):
    path = table(FOREIGN, tmp_path, merged=MERGED)
    out = mess(
        path, tmp_path / "b.xlsx", lambda book: book.active.row_dimensions[8].__setattr__("hidden", True)
    )
    result = read_return(out, plan)
    assert "sheet-hidden" in rules_of(result)
    assert figures(result) == figures(read_return(path, plan))


def test_rows_of_indicators_with_units_of_measure(plan, tmp_path):
    rows = [
        ["Đơn vị: Trường CĐ nghề Lạng Sơn"], ["BÁO CÁO QUÝ III NĂM 2023"], [],
        ["Nội dung", "ĐVT", "Thực hiện trong quý", "Lũy kế từ đầu năm"],
        ["Số người tuyển mới", "người", 40, 300],
        ["Trong đó: nữ", "người", 10, "13.500"],
        ["Số người tốt nghiệp", "nghìn người", "0,2", "1,25"],
        ["Kinh phí đã giải ngân", "tỷ đồng", "1,5", 2],
        ["Số lượt người được tuyên truyền, tư vấn", "lượt", 5, ".."],
    ]  # fmt: skip
    result = read_return(table(rows, tmp_path), plan)
    assert (result.unit, result.period) == ("cdn-ls", "2023-9M")
    found = result.observations.set_index(["indicator", "sex", "period", "basis"])["value"].to_dict()
    assert found["people_enrolled", "", "2023-Q3", "period"] == 40
    assert found["people_enrolled", "", "2023-9M", "cumulative"] == 300
    assert found["people_enrolled", "female", "2023-9M", "cumulative"] == 13500
    assert found["people_graduated", "", "2023-9M", "cumulative"] == 1250
    assert found["budget_disbursed", "", "2023-Q3", "period"] == 1500
    assert result.missing["mark"] == [".."]
    assert set(result.observations.query("indicator == 'budget_disbursed'")["measure"]) == {"million_dong"}


MAPPING = """
name: biểu lạ
unit: "183"
period: 2023-H1
sheets:
  - sheet: "*"
    first_row: 2
    label: A
    labels:
      K1: {level: elementary}
      K2: {level: college}
    columns:
      B: {indicator: people_enrolled, measure: persons, basis: cumulative}
    ignore: [C]
"""


def test_a_mapping_file_explains_a_foreign_layout(plan, tmp_path):
    path = table([["x", "y", "z"], ["K1", 7, 1], ["K2", "-", 2], ["Tổng số", 7, 3]], tmp_path)
    assert read_return(path, plan).observations.empty
    mapping = tmp_path / "m.yaml"
    mapping.write_text(MAPPING, encoding="utf-8")
    result = read_return(path, plan, mapping)
    assert result.observations[["unit", "period", "level", "value"]].to_numpy().tolist() == [
        ["183", "2023-H1", "elementary", 7]
    ]
    assert result.missing["level"] == ["college"]


def test_a_wrong_mapping_file_says_everything_that_is_wrong(plan, tmp_path):
    mapping = tmp_path / "m.yaml"
    mapping.write_text(
        MAPPING.replace("people_enrolled", "people_flown").replace('"183"', '"999"'), encoding="utf-8"
    )
    with pytest.raises(DataRefused) as caught:
        load_mapping(mapping, plan)
    assert {finding.place for finding in caught.value.findings} == {"unit", "sheets.0.columns.B"}
    mapping.write_text("sheets: [{first_row: 0, columns: {B7: {}}}]", encoding="utf-8")
    with pytest.raises(DataRefused) as caught:
        load_mapping(mapping, plan)
    assert len(caught.value.findings) >= 2
    with pytest.raises(WrongCall):
        load_mapping(tmp_path / "none.yaml", plan)


def test_a_plain_table_of_observations(plan, tmp_path):
    path = tmp_path / "o.csv"
    path.write_text(
        "unit,period,indicator,value,level,colour\n183,2023-Q1,people_enrolled,12,elementary,red\n"
        "999,2023-Q1,people_enrolled,12,,\n183,2023-X,people_enrolled,1,,\n183,2023-Q3,people_enrolled,4,,\n",
        encoding="utf-8",
    )
    result = read_return(path, plan)
    assert result.observations[["value", "basis"]].to_numpy().tolist() == [[12, "cumulative"], [4, "period"]]
    refused = [finding for finding in result.findings if finding.rule == "row-refused"]
    assert sorted(finding.place for finding in refused) == ["A3", "B4"]
    (unknown,) = (finding for finding in result.findings if finding.rule == "column-unknown")
    assert (unknown.sheet, unknown.place) == ("o", "F1")
    assert "colour" in unknown.found.en


def test_periods_windows_totals_and_signatures_in_words():
    assert read_period(["Quý III năm 2023"]) == ("2023-9M", True)
    assert read_period(["Quí 1/2023"]) == ("2023-Q1", False)
    assert read_period(["6 tháng đầu năm 2023"]) == ("2023-H1", False)
    assert read_period(["9 THÁNG NĂM 2023"]) == ("2023-9M", False)
    assert read_period(["Kế hoạch năm 2023", "báo cáo quý II"]) == ("2023-H1", True)
    assert read_period(["Báo cáo năm 2023"]) == ("2023-FY", False)
    assert read_period(["không có kỳ"]) is None
    assert read_window(["từ ngày 15/12/2022 đến ngày 14/03/2023"]) == ("2022-12-15", "2023-03-14")
    assert read_window(["từ 31/02/2023 đến 14/03/2023"]) is None
    for label in ("Tổng cộng", "TỔNG SỐ", "Cộng", "Cộng I", "Toàn tỉnh"):
        assert is_total(label), label
    assert not is_total("Cộng Hòa")
    assert is_signature(["NGƯỜI LẬP BIỂU"])
    assert not is_signature(["Huyện Cao Lộc"])


def test_words_of_headers(plan):
    words = vocabulary(plan)
    assert words.read("Số người tuyển mới, trình độ sơ cấp (người)") == {
        "indicator": "people_enrolled", "level": "elementary", "measure": "persons",
    }  # fmt: skip
    assert words.read("Năm 2023") == {}
    assert words.read("Nam")["sex"] == "male"


CELLS = st.one_of(
    st.none(), st.integers(-(10**6), 10**6), st.floats(allow_nan=False, allow_infinity=False, width=32), st.booleans(),
    st.sampled_from([
        "Tổng cộng", "Huyện Cao Lộc", "H. Cao Lộc", "Tuyển mới", "Sơ cấp", "Nữ", "Lũy kế", "Quý I năm 2023", "A", "1",
        "3=2/1*100", "I", "II", "13.500", "1,5", "57,2%", "120 (ước)", "-", "..", "x", "Họ và tên", "=A1",
        "=SUM(A1:C3)",
        "=cmd|' /C calc'!A0", "L¹ng S¬n", "Laïng Sôn", "NGƯỜI LẬP BIỂU", "Trong đó: nữ", "người", "nghìn người", "ĐVT",
    ]),
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELLS, max_size=7), max_size=12), merge=st.booleans())
def test_no_generated_workbook_raises_anything(rows, merge, plan, tmp_path):
    path = table(rows, tmp_path, merged=("A1:C2",) if merge else ())
    book = read_cells(path)
    draft = Draft(book.file)
    if book.kind:
        understand(book, plan, draft)  # without the guard of read_return
    result = read_return(path, plan)
    assert result.observations["value"].notna().all()
    assert all(finding.place or finding.file for finding in result.findings)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(st.one_of(st.none(), st.integers(0, 10**6)), min_size=8, max_size=8), words=st.text(
    alphabet="aăâbcdđeêghikklmnoôơpqrstuưvxy ,.;:%()=+-@", max_size=60))  # fmt: skip
def test_what_a_form_was_given_is_what_is_read(values, words, plan, tmp_path):
    form = build_form(plan, "183", "2023-Q1")
    keys = list(form.cells.items())[: len(values)]
    for ((sheet, ref), _), value in zip(keys, values, strict=True):
        form.book[sheet][ref].value = value
    place = next(at for at, (kind, _) in form.texts.items() if kind == "causes")
    cell = form.book[place[0]][place[1]]
    cell.value = words or None
    if words:
        cell.data_type = "s"
    result = read_return(form.save(tmp_path / "183.xlsx"), plan)
    read = {source.split("!", 1)[1]: value for source, value in
            zip(result.observations["source"], result.observations["value"], strict=True)}  # fmt: skip
    given = {
        f"{sheet}!{ref}": value
        for ((sheet, ref), _), value in zip(keys, values, strict=True)
        if value is not None
    }
    assert read == given
    kept = " ".join(words.split())
    expected = [] if kept.lower() in ("", "-", "..", "x") else [kept]
    assert [one["text"] for one in result.explanations] == expected
