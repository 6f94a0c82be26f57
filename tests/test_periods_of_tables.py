"""The period of a table that is not ours: by its title, its heads and its folder, which must agree."""

import pytest

from tests import small_sheets
from vetanalysis.plan import load_plan
from vetanalysis.returns.draft import read_period

WHOSE, HEAD, ROW = ("UBND huyện Cao Lộc",), ("STT", "Nội dung", "Thực hiện"), (1, "Số người tuyển mới", 410)


@pytest.fixture(scope="module")
def plan():
    return load_plan("lang-son-2023")


@pytest.fixture
def sent(plan, tmp_path):
    """Periods with their basis by cell, and the rules broken, of a table that came in a folder."""

    def of(*rows, folder="2023-9M", **how):
        reading = small_sheets.check_rows(plan, tmp_path, *rows, period=folder, **how)
        broken = {one.rule for one in reading.findings if one.severity == "error"}
        return small_sheets.figures(reading, "period", "basis"), broken

    return of


@pytest.mark.parametrize(
    ("title", "rules"),
    [
        ("KẾT QUẢ 9 THÁNG ĐẦU NĂM 2022", {"period-differs"}),
        ("KẾT QUẢ 6 THÁNG ĐẦU NĂM 2023", {"period-differs"}),
        ("BÁO CÁO QUÝ II NĂM 2023", {"period-differs"}),
        ("KẾT QUẢ NĂM 2021", {"period-differs"}),
        ("KẾT QUẢ 9 THÁNG ĐẦU NĂM 2023", set()),
        ("BÁO CÁO QUÝ III NĂM 2023", set()),
        ("KẾT QUẢ NĂM 2023", set()),
        ("ƯỚC THỰC HIỆN NĂM 2023", {"period-differs"}),
        ("ƯỚC THỰC HIỆN 9 THÁNG NĂM 2023", set()),
        ("SO SÁNH 9 THÁNG NĂM 2022 VÀ 9 THÁNG NĂM 2023", set()),
        ("KẾT QUẢ theo Kế hoạch số 12/KH-UBND năm 2022", set()),
        ("KẾT QUẢ TUYỂN SINH", set()),
    ],
)
def test_the_title_and_the_folder_name_one_period(sent, title, rules):
    assert sent(WHOSE, (title,), HEAD, ROW)[1] == rules


def test_a_further_table_of_another_period_is_no_other_return(sent):
    periods, rules = sent(
        WHOSE,
        ("KẾT QUẢ 9 THÁNG ĐẦU NĂM 2023",),
        HEAD,
        ROW,
        (None,),
        ("II. Kết quả 6 tháng đầu năm 2023",),
        HEAD,
        ROW,
    )
    assert set(periods.values()) == {("2023-9M", "cumulative"), ("2023-H1", "cumulative")}
    assert not rules


@pytest.mark.parametrize("folder", ["2023-9M", "returned"])
def test_what_a_title_announces_for_the_next_quarter_is_not_its_period(plan, tmp_path, folder):
    lines = ["KẾT QUẢ 9 THÁNG ĐẦU NĂM, PHƯƠNG HƯỚNG QUÝ IV NĂM 2023"]
    assert read_period(lines) == ("2023-9M", False)
    reading = small_sheets.read_rows(plan, tmp_path, WHOSE, lines, HEAD, ROW, period=folder, name="183")
    assert small_sheets.figures(reading, "period", "basis") == {"C4": ("2023-9M", "cumulative")}


@pytest.mark.parametrize(
    ("lines", "period"),
    [
        (["Kết quả 9 tháng (quý I, II, III) năm 2023"], ("2023-9M", False)),
        (["BÁO CÁO QUÝ III VÀ LŨY KẾ 9 THÁNG NĂM 2023"], ("2023-9M", True)),
        (["Phương hướng 6 tháng cuối năm, kết quả 6 tháng đầu năm 2023"], ("2023-H1", False)),
        (["Kết quả năm 2022", "Quý I năm 2023"], ("2023-Q1", False)),
    ],
)
def test_of_several_periods_the_first_is_meant(lines, period):
    assert read_period(lines) == period


@pytest.mark.parametrize(
    ("heads", "first", "second"),
    [
        (("Năm 2022", "Năm 2023"), "2022-9M", "2023-9M"),
        (("Thực hiện năm 2022", "Thực hiện 9 tháng năm 2023"), "2022-FY", "2023-9M"),
        (("Thực hiện năm 2022", "Thực hiện"), "2022-FY", "2023-9M"),
    ],
)
def test_years_beside_each_other_are_the_months_of_the_title(sent, heads, first, second):
    periods, rules = sent(
        WHOSE,
        ("KẾT QUẢ 9 THÁNG ĐẦU NĂM 2023",),
        ("STT", "Nội dung", *heads),
        (1, "Số người tuyển mới", 398, 410),
    )
    assert {cell: one[0] for cell, one in periods.items()} == {"C4": first, "D4": second}
    assert not rules


@pytest.mark.parametrize(
    ("first", "period", "ahead", "severity"),
    [
        ("Thực hiện năm 2023", "2023-9M", "Ước thực hiện năm 2023", "info"),
        ("Thực hiện 9 tháng", "2023-9M", "Ước 12 tháng", "info"),
        ("Thực hiện quý III", "2023-Q3", "Ước quý IV", "info"),
        ("Thực hiện 9 tháng", "2023-9M", "Ước cả năm", "info"),
        ("Thực hiện đến 30/9", "2023-9M", "Ước thực hiện đến 31/12", "info"),
        ("Thực hiện 9 tháng", "2023-9M", "Ước thực hiện đến hết năm", "info"),
        ("Thực hiện 9 tháng", "2023-9M", "Dự kiến cuối năm", "info"),
        ("Ước thực hiện 9 tháng", "2023-9M", "Ước thực hiện cả năm 2023", "info"),
        ("Thực hiện 9 tháng", "2023-9M", "Thực hiện cả năm", "warning"),
        ("Cả năm 2022", "2022-FY", "Năm 2023", "warning"),
    ],
)
@pytest.mark.parametrize("over", [False, True])
def test_a_column_of_a_period_that_is_not_over_is_told_and_no_result(
    plan, tmp_path, first, period, ahead, severity, over
):
    heads = [(first, ahead)] if not over else [(first, None, ahead, None), ("Tổng số", "Nữ") * 2]
    figures = (398, 410) if not over else (398, 90, 410, 95)
    reading = small_sheets.read_rows(
        plan, tmp_path, WHOSE, ("KẾT QUẢ 9 THÁNG ĐẦU NĂM 2023",), ("STT", "Nội dung", *heads[0]),
        *((None, None, *one) for one in heads[1:]), (1, "Số người tuyển mới", *figures),
        merged=("C3:D3", "E3:F3") if over else (),
    )  # fmt: skip
    counted = small_sheets.figures(reading, "period", "value")
    assert list(counted.values()) == [(period, value) for value in figures[: len(figures) // 2]]
    told = [(one.place, one.severity) for one in reading.findings if one.rule == "not-understood"]
    assert told == ([("E5", severity), ("F5", severity)] if over else [("D4", severity)])


@pytest.mark.parametrize(
    ("heads", "merged"),
    [
        ([("Tuyển mới 9 tháng", "Ước tuyển mới cả năm")], ()),
        ([("Tuyển mới 9 tháng", "Tuyển mới ước cả năm 2023")], ()),
        ([("Tuyển mới", None), ("9 tháng", "Ước cả năm")], ("C3:D3",)),
        ([("Tuyển mới", None), ("9 tháng", "Ước 12 tháng")], ("C3:D3",)),
    ],
)
def test_a_column_that_names_its_indicator_and_a_period_that_is_not_over_is_no_result(
    plan, tmp_path, heads, merged
):
    reading = small_sheets.read_rows(
        plan, tmp_path, WHOSE, ("KẾT QUẢ 9 THÁNG ĐẦU NĂM 2023",), ("STT", "Trình độ", *heads[0]),
        *((None, None, *one) for one in heads[1:]), (1, "Sơ cấp", 398, 410), merged=merged,
    )  # fmt: skip
    assert [*small_sheets.figures(reading, "period", "value").values()] == [("2023-9M", 398)]
    told = [(one.place[0], one.severity) for one in reading.findings if one.rule == "not-understood"]
    assert told == [("D", "info")]


@pytest.mark.parametrize("year", ["cả năm", "năm 2023", "cả năm 2023"])
def test_an_amount_assigned_for_the_year_is_known_before_it_is_over(plan, tmp_path, year):
    name, title = f"Kinh phí được giao {year}", ("KẾT QUẢ 9 THÁNG ĐẦU NĂM 2023",)
    row = small_sheets.read_rows(plan, tmp_path, WHOSE, title, HEAD, ROW, (2, name, 590))
    assert small_sheets.figures(row, "period", "value")["C5"] == ("2023-9M", 590)
    heads = ("Đơn vị", name, "Kinh phí đã giải ngân 9 tháng")
    column = small_sheets.read_rows(plan, tmp_path, title, heads, ("Huyện Cao Lộc", 590, 40))
    assert small_sheets.figures(column, "period", "value")["B3"] == ("2023-9M", 590)
    assert not small_sheets.rules(row)
    assert not small_sheets.rules(column)


@pytest.mark.parametrize(
    "label",
    [
        "Số người tuyển mới, ước cả năm",
        "Ước tuyển mới cả năm 2023",
        "Tuyển mới quý IV",
        "Ước tuyển mới năm 2023",
    ],
)
def test_a_row_of_a_period_that_is_not_over_is_mentioned_and_no_result(plan, tmp_path, label):
    reading = small_sheets.read_rows(
        plan, tmp_path, WHOSE, ("KẾT QUẢ 9 THÁNG ĐẦU NĂM 2023",), HEAD, ROW, (2, label, 590)
    )
    assert small_sheets.figures(reading, "period", "value") == {"C4": ("2023-9M", 410)}
    assert ("B5", "info") in {(one.place, one.severity) for one in reading.findings}


def test_a_row_that_says_only_that_its_period_is_not_over_is_mentioned_with_what_leans_on_it(plan, tmp_path):
    rows = (1, "Tuyển mới", 410), (None, "Ước cả năm", 590), (None, "Trong đó: nữ", 90), (2, "Tốt nghiệp", 5)
    reading = small_sheets.read_rows(plan, tmp_path, WHOSE, ("KẾT QUẢ 9 THÁNG ĐẦU NĂM 2023",), HEAD, *rows)
    assert small_sheets.figures(reading, "value") == {"C4": (410,), "C7": (5,)}
    assert not small_sheets.rules(reading)
    assert ("B5", "info") in {(one.place, one.severity) for one in reading.findings}


@pytest.mark.parametrize("length", ["từ 3 đến 12 tháng", "3-12 tháng", "dưới 12 tháng", "6 tháng trở lên"])
def test_the_length_of_a_course_in_a_head_is_no_period(sent, length):
    periods, rules = sent(
        WHOSE, ("KẾT QUẢ TUYỂN MỚI 9 THÁNG ĐẦU NĂM 2023",), ("Đơn vị", f"Sơ cấp ({length})", "Trung cấp"),
        ("Huyện Cao Lộc", 398, 410),
    )  # fmt: skip
    assert periods == dict.fromkeys(("B4", "C4"), ("2023-9M", "cumulative"))
    assert not rules


@pytest.mark.parametrize("length", ["trong 12 tháng", "trong vòng 6 tháng", "sau 6 tháng"])
def test_the_time_in_which_work_was_found_is_no_period(sent, length):
    heads = ("Đơn vị", f"Số người có việc làm sau tốt nghiệp {length}", "Tốt nghiệp")
    periods, rules = sent(WHOSE, ("KẾT QUẢ 9 THÁNG ĐẦU NĂM 2023",), heads, ("Huyện Cao Lộc", 5, 8))
    assert periods == dict.fromkeys(("B4", "C4"), ("2023-9M", "cumulative"))
    assert not rules


def test_men_and_women_are_no_whole_year(sent):
    periods, _ = sent(
        WHOSE, ("KẾT QUẢ 9 THÁNG ĐẦU NĂM 2023",), HEAD, (1, "Tuyển mới (cả nam và nữ)", 410), ROW
    )
    assert {period for period, _ in periods.values()} == {"2023-9M"}


def test_years_under_a_title_of_a_quarter_are_that_quarter_of_each_year(sent):
    periods, _ = sent(
        WHOSE, ("BÁO CÁO QUÝ III NĂM 2023",), ("STT", "Nội dung", "Năm 2022", "Năm 2023"),
        (1, "Số người tuyển mới", 98, 110),
    )  # fmt: skip
    assert periods == {"C4": ("2022-Q3", "period"), "D4": ("2023-Q3", "period")}


def test_a_quarter_in_a_head_is_the_quarter_alone_whatever_the_title_counts(sent):
    periods, rules = sent(
        WHOSE, ("BÁO CÁO QUÝ III VÀ LŨY KẾ 9 THÁNG NĂM 2023",), ("STT", "Nội dung", "Quý III", "9 tháng"),
        (1, "Số người tuyển mới", 179, 410),
    )  # fmt: skip
    assert periods == {"C4": ("2023-Q3", "period"), "D4": ("2023-9M", "cumulative")}
    assert not rules


@pytest.mark.parametrize(
    ("folder", "title", "period"),
    [
        ("2023-FY", "KẾT QUẢ NĂM 2023, PHƯƠNG HƯỚNG NHIỆM VỤ QUÝ I NĂM 2024", "2023-FY"),
        ("2023-FY", "Kết quả năm 2023 và nhiệm vụ 6 tháng đầu năm 2024", "2023-FY"),
        ("2023-9M", "Kết quả 9 tháng, nhiệm vụ quý IV/2023", "2023-9M"),
        ("2023-9M", "Kết quả 9 tháng đầu năm, dự kiến quý IV/2023", "2023-9M"),
        ("2023-9M", "Kết quả 9 tháng so với cùng kỳ năm 2022", "2023-9M"),
        ("2023-9M", "Kết quả 9 tháng đầu năm, kế hoạch năm 2024", "2023-9M"),
        ("2023-Q1", "Kết quả quý I, nhiệm vụ quý II/2023", "2023-Q1"),
    ],
)
def test_what_a_title_plans_or_compares_with_is_not_its_period(sent, folder, title, period):
    periods, broken = sent(WHOSE, (title,), HEAD, ROW, folder=folder)
    assert "period-differs" not in broken
    assert [one for one, _ in periods.values()] == [period]


@pytest.mark.parametrize("what", ["nhiệm vụ 9 tháng đầu năm 2022", "kế hoạch năm 2022"])
def test_tasks_and_plans_that_were_carried_out_are_of_their_own_time(sent, what):
    assert "period-differs" in sent(WHOSE, (f"Kết quả thực hiện {what}",), HEAD, ROW)[1]


def test_a_title_of_both_keeps_the_running_total(sent):
    title = "Kết quả trong kỳ và lũy kế 9 tháng đầu năm 2023"
    assert set(sent(WHOSE, (title,), HEAD, ROW)[0].values()) == {("2023-9M", "cumulative")}
