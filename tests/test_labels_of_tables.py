"""What the words of tables that are not ours say of a figure: the result of the period, or something else."""

import pytest

from tests import small_sheets
from tests.small_sheets import HEAD, WHEN, WHOSE
from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.plan import load_plan
from vetanalysis.returns.draft import context_of
from vetanalysis.returns.meanings import title_meaning

UNCLEAR = {"not-understood"}


@pytest.fixture(scope="module")
def plan():
    return load_plan("lang-son-2023")


@pytest.fixture
def read(plan, tmp_path):
    """Figures by cell (indicator, parts, period, value) and rules by cell, of a sheet with these rows."""

    def of(*rows, **how):
        reading = small_sheets.read_rows(plan, tmp_path, *rows, **how)
        one = small_sheets.figures(reading, "period", "value", parts=())
        kinds = small_sheets.figures(reading, "indicator", parts=BREAKDOWNS)
        return {cell: kinds[cell] + one[cell] for cell in one}, small_sheets.rules(reading)

    return of


GRADUATED = (2, "Số người tốt nghiệp", 160)


@pytest.mark.parametrize(
    ("label", "meant"),
    [
        ("Số người tuyển mới trong quý III", ("people_enrolled", "2023-Q3", 5)),
        ("Số người tuyển mới quý II", ("people_enrolled", "2023-Q2", 5)),
        ("Số người tuyển mới trong quý", ("people_enrolled", "2023-Q3", 5)),
        ("Số người tuyển mới 6 tháng đầu năm", ("people_enrolled", "2023-H1", 5)),
        ("Số người tuyển mới cùng kỳ năm 2022", ("people_enrolled", "2022-9M", 5)),
        ("Số người tuyển mới cùng kỳ năm trước", ("people_enrolled", "2022-9M", 5)),
        ("Số người tuyển mới năm 2023", ("people_enrolled", "2023-9M", 5)),
        ("Lũy kế số người tuyển mới", ("people_enrolled", "2023-9M", 5)),
        ("Kết quả thực hiện chỉ tiêu tuyển mới", ("people_enrolled", "2023-9M", 5)),
        ("Tuyển mới sơ cấp từ 3 đến 12 tháng", ("people_enrolled", "elementary", "2023-9M", 5)),
        ("Đã tuyển", ("people_enrolled", "2023-9M", 5)),
        ("Số người tuyển được", ("people_enrolled", "2023-9M", 5)),
        ("Số người tốt nghiệp có việc làm", ("graduates_employed", "2023-9M", 5)),
        ("Số người có việc làm sau khi tốt nghiệp", ("graduates_employed", "2023-9M", 5)),
        ("Tỷ lệ giải ngân so với kinh phí được giao", ("disbursement_rate", "2023-9M", 5)),
        ("Nhu cầu học nghề nông nghiệp", ("farm_trade_demand", "2023-9M", 5)),
        ("Kinh phí được giao theo kế hoạch", ("budget_assigned", "2023-9M", 5)),
    ],
)
def test_a_row_is_read_for_the_time_and_the_thing_its_label_says(read, label, meant):
    figures, rules = read(WHOSE, WHEN, HEAD, (1, label, 5), GRADUATED)
    assert figures.get("C4") == meant
    assert not rules


@pytest.mark.parametrize(
    "label",
    [
        "Số người chưa tốt nghiệp", "Nhu cầu tuyển mới", "Số người đăng ký tuyển mới", "Số người không tuyển mới được",
        "Kinh phí chưa giải ngân", "Kinh phí còn lại chưa giải ngân", "Số học sinh tốt nghiệp THCS", "Số lớp tuyển mới",
        "Số nhà giáo tuyển mới", "Số người tuyển mới năm 2022", "Số người tuyển mới trong tháng 9",
        "Kế hoạch tuyển mới đã thực hiện", "Không thuộc hộ nghèo", "Cao đẳng, trung cấp", "Hộ nghèo, hộ cận nghèo",
        "Sơ cấp và đào tạo dưới 3 tháng", "Tuyển mới và tốt nghiệp", "Tổng số / Nữ",
    ],
)  # fmt: skip
def test_a_row_that_is_not_or_not_clearly_a_result_is_told_and_does_not_count(read, label):
    figures, rules = read(WHOSE, WHEN, HEAD, GRADUATED, (2, label, 5))
    assert figures == {"C4": ("people_graduated", "2023-9M", 160)}
    assert rules == {"C5": UNCLEAR}


@pytest.mark.parametrize(
    "label",
    ["Chỉ tiêu tuyển mới năm 2023", "Kế hoạch tuyển mới", "Tuyển mới so với cùng kỳ", "Tuyển mới kỳ trước"],
)
def test_a_row_of_a_plan_or_of_what_compares_is_left_aside_with_what_leans_on_it(plan, read, label):
    rows = (WHOSE, WHEN, HEAD, (1, label, 590), (None, "Trong đó: nữ", 90), (None, "Sơ cấp", 300))
    figures, rules = read(*rows, (2, "Số người tốt nghiệp", 160), (None, "Trong đó: nữ", 60))
    assert figures == {
        "C7": ("people_graduated", "2023-9M", 160), "C8": ("people_graduated", "female", "2023-9M", 60),
    }  # fmt: skip
    assert not rules


@pytest.mark.parametrize(
    ("label", "counted"),
    [
        ("Số người tuyển mới (không kể liên kết)", True), ("Số người tuyển mới, chưa tính hệ vừa làm vừa học", True),
        ("Số người tuyển mới không bao gồm lớp ngoài tỉnh", True), ("Số người tuyển mới không kể dưới 3 tháng", False),
        ("Số người tuyển mới (không gồm nữ)", False), ("Số người không tuyển mới được", False),
    ],
)  # fmt: skip
def test_what_a_label_leaves_out_is_told_beside_its_figure(read, label, counted):
    figures, rules = read(WHOSE, WHEN, HEAD, (1, label, 5), GRADUATED)
    assert ("C4" in figures) == counted
    assert figures.get("C4", ("people_enrolled", "2023-9M", 5)) == ("people_enrolled", "2023-9M", 5)
    assert rules == ({"B4": {"note-in-cell"}} if counted else {"C4": UNCLEAR})
    figures, rules = read(WHOSE, WHEN, ("Nội dung", label), ("Sơ cấp", 5), ("Trung cấp", 6))
    assert (figures.keys(), rules) == (
        ({"B4", "B5"}, {"B4": {"note-in-cell"}})
        if counted
        else (set(), {"B4": {"column-unknown"}, "": {"nothing-read"}})
    )


@pytest.mark.parametrize("label", ["Kế hoạch tuyển mới", "Số phòng học"])
def test_of_a_row_that_does_not_count_nothing_is_said_of_what_it_leaves_out(read, label):
    _, rules = read(WHOSE, WHEN, HEAD, GRADUATED, (1, f"{label} (không kể liên kết)", 5))
    assert "note-in-cell" not in {rule for told in rules.values() for rule in told}


def test_what_is_left_aside_is_mentioned(plan, tmp_path):
    reading = small_sheets.read_rows(
        plan, tmp_path, WHOSE, WHEN, HEAD, (1, "Kế hoạch tuyển mới", 590), GRADUATED
    )
    (found,) = (one for one in reading.findings if one.place == "B4")
    assert (found.rule, found.severity) == ("not-understood", "info")
    assert "“Kế hoạch tuyển mới”" in found.found.vi


def test_a_total_of_plans_is_no_result(read):
    title = ("Số người tuyển mới 9 tháng đầu năm 2023",)
    figures, _ = read(WHOSE, title, HEAD, (1, "Kế hoạch sơ cấp", 300), (2, "Kế hoạch trung cấp", 90),
                      (None, "Tổng cộng", 390))  # fmt: skip
    assert figures == {}


@pytest.mark.parametrize(
    ("first", "second", "left"),
    [
        ("Kế hoạch", "Thực hiện", {}),
        ("Năm 2022", "9 tháng năm 2023", {}),
        ("Cùng kỳ năm trước", "Thực hiện", {"C5": ("people_enrolled", "2022-9M", 590)}),
        ("Nhu cầu", "Kết quả", {}),
    ],
)
def test_a_heading_over_sections_says_what_their_figures_are(read, first, second, left):
    figures, _ = read(
        WHOSE, WHEN, HEAD, ("A", first), (1, "Số người tuyển mới", 590), ("B", second),
        (1, "Số người tốt nghiệp", 160), (2, "Số lao động được tạo việc làm mới", 7),
    )  # fmt: skip
    done = {"C7": ("people_graduated", "2023-9M", 160), "C8": ("jobs_created", "2023-9M", 7)}
    assert figures == done | left


def test_a_plan_below_an_indicator_ends_with_it(read):
    figures, _ = read(
        WHOSE, WHEN, HEAD, ("I", "Số người tuyển mới"), (None, "Kế hoạch"), (1, "Sơ cấp", 300),
        (None, "Thực hiện"), (1, "Sơ cấp", 210), ("II", "Số người tốt nghiệp"), (1, "Sơ cấp", 160),
    )  # fmt: skip
    assert figures == {
        "C8": ("people_enrolled", "elementary", "2023-9M", 210),
        "C10": ("people_graduated", "elementary", "2023-9M", 160),
    }


def test_a_heading_of_plans_above_another_heading_is_no_head(read):
    figures, _ = read(
        WHOSE, WHEN, HEAD, ("A", "Kế hoạch"), ("I", "Số người tuyển mới"), (1, "Sơ cấp", 300),
        ("B", "Thực hiện"), ("I", "Số người tuyển mới"), (1, "Sơ cấp", 210),
    )  # fmt: skip
    assert figures == {"C9": ("people_enrolled", "elementary", "2023-9M", 210)}


@pytest.mark.parametrize("mark", ["", "- "])
def test_plan_and_result_below_an_indicator_are_told_apart(read, mark):
    figures, rules = read(
        WHOSE, WHEN, HEAD, (1, "Số người tuyển mới"), (None, f"{mark}Kế hoạch", 590), (None, f"{mark}Thực hiện", 410),
        (2, "Số người tốt nghiệp", 160), (None, f"{mark}Kế hoạch năm", 300), (None, f"{mark}Cùng kỳ năm trước", 150),
    )  # fmt: skip
    assert figures == {
        "C6": ("people_enrolled", "2023-9M", 410), "C7": ("people_graduated", "2023-9M", 160),
        "C9": ("people_graduated", "2022-9M", 150),
    }  # fmt: skip
    assert not rules


def test_what_was_done_in_the_quarter_and_since_the_year_began_stand_below_each_other(read):
    figures, _ = read(
        WHOSE, WHEN, HEAD, (1, "Số người tuyển mới"), (None, "- Trong quý", 179), (None, "- Lũy kế", 410)
    )
    assert list(figures.values()) == [
        ("people_enrolled", "2023-Q3", 179),
        ("people_enrolled", "2023-9M", 410),
    ]


def test_a_blank_row_of_a_plan_says_nothing_of_the_next(read):
    figures, rules = read(
        WHOSE, WHEN, HEAD, (1, "Kế hoạch tuyển mới"), (2, "Số người tuyển mới", 7), GRADUATED
    )
    assert [figure[-1] for figure in figures.values()] == [7, 160]
    assert not rules


@pytest.mark.parametrize(
    "head",
    [
        "Nam, nữ",
        "Tổng số / Nữ",
        "Tuyển mới trung cấp, cao đẳng",
        "Số người chưa tốt nghiệp",
        "Nhu cầu tuyển mới",
    ],
)
def test_a_head_of_two_kinds_or_of_no_result_is_told(read, head):
    rows = (("Đơn vị", head, "Tốt nghiệp"), ("Huyện Cao Lộc", 410, 3), ("Huyện Bắc Sơn", 20, 4))
    figures, rules = read(WHEN, *rows)
    assert figures.keys() == {"C3", "C4"}
    assert rules == {"B3": {"column-unknown"}}


def test_a_head_over_two_kinds_is_told_apart_by_those_beneath(read):
    figures, rules = read(
        WHEN, ("Đơn vị", "Trung cấp, cao đẳng", None, "Kế hoạch tuyển mới"),
        (None, "Tuyển mới trung cấp", "Tuyển mới cao đẳng", "Tổng số"), ("Huyện Cao Lộc", 4, 3, 9),
        ("Huyện Bắc Sơn", 5, 6, 9),
    )  # fmt: skip
    assert {cell: figure[1] for cell, figure in figures.items()} == {
        "B4": "intermediate", "C4": "college", "B5": "intermediate", "C5": "college",
    }  # fmt: skip
    assert not rules


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("CHỈ TIÊU TUYỂN MỚI NĂM 2023", True),
        ("ĐĂNG KÝ NHU CẦU TUYỂN MỚI NĂM 2023", True),
        ("Biểu 1. Kế hoạch tuyển sinh 9 tháng năm 2023", True),
        ("KẾT QUẢ THỰC HIỆN CHỈ TIÊU TUYỂN MỚI 9 THÁNG NĂM 2023", False),
        ("TÌNH HÌNH TUYỂN SINH THEO KẾ HOẠCH 9 THÁNG NĂM 2023", False),
        ("SỐ NGƯỜI TUYỂN MỚI 9 THÁNG NĂM 2023", False),
        ("TUYỂN SINH 9 THÁNG NĂM 2023 (kèm theo Kế hoạch số 12/KH-UBND)", False),
    ],
)
def test_a_table_of_plans_is_told_and_gives_no_result(read, title, told):
    figures, rules = read(
        (title,), ("STT", "Đơn vị", "Số lượng"), (1, "Huyện Cao Lộc", 590), (2, "Huyện Bắc Sơn", 6)
    )
    assert figures.keys() == (set() if told else {"C3", "C4"})
    assert rules.get("C3", set()) == (UNCLEAR if told else set())


def test_a_column_of_results_counts_in_a_table_of_plans(read):
    figures, rules = read(
        ("CHỈ TIÊU TUYỂN MỚI NĂM 2023",), ("Đơn vị", "Chỉ tiêu", "Thực hiện 9 tháng năm 2023", "% KH"),
        ("Huyện Cao Lộc", 590, 410, 69), ("Huyện Bắc Sơn", 300, 150, 50),
    )  # fmt: skip
    assert figures.keys() == {"C3", "C4"}
    assert not rules


@pytest.mark.parametrize(
    ("title", "estimate"),
    [
        ("ƯỚC THỰC HIỆN 9 THÁNG ĐẦU NĂM 2023", True),
        ("Báo cáo ước kết quả tuyển mới 9 tháng", True),
        ("KẾT QUẢ 9 THÁNG, ƯỚC THỰC HIỆN CẢ NĂM 2023", False),
        ("Số người tuyển mới 9 tháng đầu năm 2023, dự kiến cả năm", False),
        ("Kết quả nước sạch", False),
    ],
)
def test_a_title_of_estimates_holds_for_its_figures(plan, title, estimate):
    assert (title_meaning([title], "", context_of(plan), "2023-9M").get("status") == "estimate") == estimate


@pytest.mark.parametrize(
    "name",
    [
        "Trường Trung cấp Kinh tế - Kỹ thuật Đông Bắc", "Trung tâm đào tạo lái xe cơ giới ABC", "Hội Phụ nữ huyện",
        "Hội Người khuyết tật", "Xã Nam Định", "Công ty Nông nghiệp ABC",
    ],
)  # fmt: skip
@pytest.mark.parametrize("above", ["Trường Cao đẳng nghề Lạng Sơn", "Số người tuyển mới"])
def test_a_body_that_nobody_knows_is_no_part_of_what_stands_above(read, name, above):
    figures, rules = read(
        ("Kết quả tuyển sinh 9 tháng đầu năm 2023",),
        ("STT", "Đơn vị", "Tuyển mới"),
        (1, above, 300),
        (2, name, 120),
    )
    assert figures.keys() == {"C3"}
    assert rules == {"B4": {"unit-unknown"}}


@pytest.mark.parametrize(
    ("label", "part"),
    [("Xã hội hóa", "mobilised"), ("Phụ nữ", "female"), ("Trong đó: trường trung cấp", "intermediate")],
)
def test_a_part_whose_name_only_resembles_a_body_is_read(read, label, part):
    figures, _ = read(WHOSE, WHEN, HEAD, (1, "Kinh phí được giao", 300), (None, label, 120))
    assert part in figures["C5"]


ELEVEN = ("Tràng Định", "Bình Gia", "Văn Lãng", "Cao Lộc", "Văn Quan", "Bắc Sơn", "Hữu Lũng", "Chi Lăng",
          "Lộc Bình", "Đình Lập")  # fmt: skip


def units_of(read_units, *names):
    rows = [(number, name, 40 + number) for number, name in enumerate(names, start=1)]
    return read_units(
        ("Kết quả tuyển sinh 9 tháng đầu năm 2023",), ("STT", "Huyện, thành phố", "Tuyển mới"), *rows
    )


@pytest.fixture
def read_units(plan, tmp_path):
    """Units in the order of their rows, and rules by cell."""

    def of(*rows):
        reading = small_sheets.read_rows(plan, tmp_path, *rows, name="so-ldtbxh__2023-09-15")
        warned = {one.place: one.rule for one in reading.findings if one.severity != "info"}
        return list(reading.observations["unit"]), warned

    return of


def test_short_names_are_of_the_level_of_the_rows_beside_them(read_units):
    codes = ["178", *(str(code) for code in range(180, 190))]
    assert units_of(read_units, "Lạng Sơn", *ELEVEN) == (codes, {})
    assert units_of(read_units, "Lạng Sơn", "Huyện Cao Lộc") == (["178", "183"], {})
    assert units_of(read_units, "1. Lạng Sơn", "2. H. Cao Lộc") == (["178", "183"], {})


def test_a_name_with_its_kind_or_of_a_unit_that_stands_by_itself_is_not_changed(read_units):
    assert units_of(read_units, "Tỉnh Lạng Sơn", *ELEVEN)[0][0] == "20"
    assert units_of(read_units, "Lạng Sơn", "TP Lạng Sơn", *ELEVEN)[0][:2] == ["20", "178"]


def test_a_name_that_may_be_of_either_level_stays_unclear(read_units):
    assert set(units_of(read_units, "Cao Lộc", "Bắc Sơn")[1].values()) >= {"unit-ambiguous"}


@pytest.mark.parametrize(
    "head", ["Thực hiện cùng kỳ", "Kết quả thực hiện cùng kỳ năm ngoái", "TH cùng kỳ năm trước"]
)
def test_what_was_done_a_year_before_is_not_of_this_year(read, head):
    figures, _ = read(
        WHOSE, WHEN, ("STT", "Nội dung", head, "Thực hiện 9 tháng"), (1, "Số người tuyển mới", 398, 410)
    )
    assert figures.pop("D4") == ("people_enrolled", "2023-9M", 410)
    assert all(told[1:] == ("2022-9M", 398) for told in figures.values())


def test_a_row_of_what_was_done_a_year_before_is_not_of_this_year(read):
    figures, _ = read(WHOSE, WHEN, HEAD, (1, "Kết quả tuyển mới cùng kỳ năm trước", 398), GRADUATED)
    assert figures["C5"] == ("people_graduated", "2023-9M", 160)
    assert figures.get("C4", ("", "2022-9M"))[1] == "2022-9M"


def test_a_title_of_two_units_of_measure_says_none(read):
    title = ("Kết quả 9 tháng đầu năm 2023 (ĐVT: người, triệu đồng)",)
    figures, rules = read(WHOSE, title, HEAD, (1, "Kinh phí đã giải ngân", 500), GRADUATED)
    assert figures["C4"] == ("budget_disbursed", "2023-9M", 500)
    assert not rules


@pytest.mark.parametrize(
    ("label", "counted"),
    [
        ("Số người tuyển mới theo Kế hoạch số 12/KH-UBND", True),
        ("Chỉ tiêu 1: Số người tuyển mới", True),
        ("Số người tuyển mới trong kỳ (báo cáo)", True),
        ("Số người tuyển mới đạt 80% kế hoạch", False),
        ("Tuyển mới (so với cùng kỳ tăng 5%)", False),
    ],
)
def test_a_plan_named_beside_a_result_is_told_where_it_may_be_meant(read, label, counted):
    figures, rules = read(WHOSE, WHEN, HEAD, (1, label, 50), GRADUATED)
    assert (figures.get("C4") == ("people_enrolled", "2023-9M", 50)) == counted
    assert (rules.get("C4") == UNCLEAR) != counted, "read, or told at its cell"


def test_a_title_that_says_a_word_often_is_read_at_once(plan):
    assert title_meaning(["sơ cấp " * 4000], "Sheet", context_of(plan), "2023-9M") == {"level": "elementary"}


def test_a_row_says_what_it_is_of_before_the_title_does(read):
    figures, rules = read(
        WHOSE, ("Kết quả tuyển sinh 9 tháng đầu năm 2023",), HEAD, (1, "Sơ cấp", 12), GRADUATED
    )
    assert figures == {
        "C4": ("people_enrolled", "elementary", "2023-9M", 12), "C5": ("people_graduated", "2023-9M", 160),
    }  # fmt: skip
    assert not rules


@pytest.mark.parametrize(
    "line",
    ["Đơn vị báo cáo: Trường Cao đẳng nghề Lạng Sơn", "TRƯỜNG CAO ĐẲNG NGHỀ LẠNG SƠN",
     "Kết quả của Trường Cao đẳng nghề Lạng Sơn 9 tháng năm 2023"],
)  # fmt: skip
def test_the_name_of_a_school_is_no_level_of_its_learners(read, line):
    figures, _ = read((line,), WHEN, HEAD, (1, "Số người tuyển mới", 323), name="cdn-ls__2023-09-15")
    assert figures == {"C4": ("people_enrolled", "2023-9M", 323)}
    figures, _ = read(
        ("Tuyển mới trình độ cao đẳng",), WHEN, HEAD, (1, "Tổng số", 323), name="cdn-ls__2023-09-15"
    )
    assert figures == {"C4": ("people_enrolled", "college", "2023-9M", 323)}


@pytest.mark.parametrize(
    ("label", "title"),
    [("Số học viên nội trú", "tuyển sinh"), ("Số em chuyển đến", "tuyển sinh"),
     ("Người được hỗ trợ", "tuyển sinh"), ("Học phí thu được (triệu đồng)", "kinh phí được giao")],
)  # fmt: skip
def test_a_label_of_which_only_the_unit_of_measure_is_known_is_not_what_stands_over_it(read, label, title):
    over = (f"Kết quả {title} 9 tháng đầu năm 2023",)
    figures, rules = read(WHOSE, over, HEAD, (1, label, 5), GRADUATED)
    assert (figures.keys(), rules) == ({"C5"}, {"B4": {"not-understood"}})
    figures, rules = read(over, ("Đơn vị", label, "Tốt nghiệp"), ("Huyện Cao Lộc", 5, 160))
    assert (figures.keys(), rules) == ({"C3"}, {"B3": {"column-unknown"}})


@pytest.mark.parametrize(
    "label",
    ["Số người", "Tổng số học viên", "Số lượng (người)", "Số học sinh, sinh viên", "Số lượng người học"],
)
def test_a_label_that_says_nothing_but_people_is_what_stands_over_it(read, label):
    over = ("Kết quả tuyển sinh 9 tháng đầu năm 2023",)
    figures, rules = read(over, ("Đơn vị", label, "Tốt nghiệp"), ("Huyện Cao Lộc", 5, 160))
    assert (figures["B3"], rules) == (("people_enrolled", "2023-9M", 5), {})


@pytest.mark.parametrize("label", ["Số người học", "Số người 9 tháng", "Số học viên 9 tháng đầu năm"])
def test_a_row_that_says_nothing_but_people_and_the_months_of_the_title_is_what_stands_over_it(read, label):
    figures, rules = read(WHOSE, WHEN, HEAD, ("I", "Tuyển mới"), (1, label, 5), GRADUATED)
    assert (figures["C5"], rules) == (("people_enrolled", "2023-9M", 5), {})


def test_a_label_that_asks_for_reasons_is_of_its_number(read):
    figures, rules = read(WHOSE, WHEN, HEAD, (1, "Số người thôi học (nêu rõ lý do)", 5), GRADUATED)
    assert (figures["C4"], rules) == (("people_dropped_out", "2023-9M", 5), {})


def test_people_under_a_head_of_money_are_told(read):
    head = ("Nội dung", "Số người", "Kinh phí (triệu đồng)")
    figures, rules = read(WHOSE, WHEN, head, ("Tuyển mới", 50, 100), ("Kinh phí được giao", None, 80))
    assert figures == {"B4": ("people_enrolled", "2023-9M", 50), "C5": ("budget_assigned", "2023-9M", 80)}
    assert rules == {"C4": UNCLEAR}
