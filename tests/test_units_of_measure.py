"""Units of measure over, in and beside the tables of others: read as they are written, or told where they are not."""

import pytest

from tests import small_sheets
from vetanalysis.plan import load_plan

WHEN = ("9 tháng đầu năm 2023",)
WHOSE = ("Đơn vị: Huyện Cao Lộc",)


@pytest.fixture(scope="module")
def plan():
    return load_plan("lang-son-2023")


@pytest.fixture
def read(plan, tmp_path):
    """Figures by cell, missing cells, and rules by cell, of a sheet with these rows.

    Neither infos nor that a district tells of another.
    """

    def of(*rows, **how):
        reading = small_sheets.check_rows(plan, tmp_path, *rows, name="so-ldtbxh__2023-09-15", **how)
        told = small_sheets.rules(reading, lambda one: one.place and one.rule != "unit-differs")
        names = "unit", "indicator", "value", "measure"
        return small_sheets.figures(reading, *names), small_sheets.missing(reading), told

    return of


MONEY_UNITS = {
    "nghìn đồng": 23, "1.000đ": 23, "1.000 đ": 23, "nghìn đ": 23, "ngàn đ": 23, "ngđ": 23, "nghìn VNĐ": 23,
    "1.000 VNĐ": 23, "Nghin dong": 23, "đ": 0.023, "VND": 0.023, "đồng": 0.023, "trđ": 23000, "tr.đ": 23000,
    "triệu": 23000, "triệu đ": 23000, "1.000.000 đồng": 23000, "triệu đồng/năm": 23000, "tỷ": 23e6, "tỷ đ": 23e6,
}  # fmt: skip


@pytest.mark.parametrize(("unit", "true"), MONEY_UNITS.items())
def test_money_is_read_in_the_unit_that_stands_over_or_beside_it(read, unit, true):
    wanted = ("183", "budget_assigned", true, "million_dong")
    rows = (("Huyện Cao Lộc", 23000), ("Huyện Bắc Sơn", None))
    in_head, _, _ = read(WHEN, ("Đơn vị", f"Kinh phí được giao ({unit.removesuffix('/năm')})"), *rows)
    in_title, _, _ = read(WHEN, (f"ĐVT: {unit}",), ("Đơn vị", "Kinh phí được giao"), *rows)
    assert (in_head["B3"], in_title["B4"]) == (wanted, wanted)
    lines = (("Kinh phí đã giải ngân", unit, 23000), ("Kinh phí được giao", unit, 23000))
    in_column, _, _ = read(WHOSE, WHEN, ("Nội dung", "ĐVT", "Thực hiện"), *lines)
    assert in_column["C5"] == wanted
    label = (f"Kinh phí được giao ({unit.removesuffix('/năm')})", 23000)
    in_label, _, _ = read(WHOSE, WHEN, ("Nội dung", "Thực hiện"), ("Kinh phí đã giải ngân", 1), label)
    assert in_label["B5"] == wanted


@pytest.mark.parametrize(
    ("unit", "true", "measure"),
    [
        ("nghìn người", 2000, "persons"), ("1.000 HV", 2000, "persons"), ("nghìn lao động", 2000, "persons"),
        ("nghìn học viên", 2000, "persons"), ("trăm người", 200, "persons"), ("nghìn", 2000, "persons"),
        ("người dân tộc", 2, "persons"), ("nghìn lượt người", 2000, "enrolments"), ("lớp", 2, "classes"),
        ("hộ", 2, "households"),
    ],
)  # fmt: skip
def test_people_classes_and_households_are_what_the_unit_beside_them_says(read, unit, true, measure):
    rows = WHOSE, WHEN, ("Nội dung", "ĐVT", "Thực hiện"), ("Tốt nghiệp", unit, 1), ("Tuyển mới", unit, 2)
    figures, _, _ = read(*rows)
    assert figures["C5"] == ("183", "people_enrolled", true, measure)


@pytest.mark.parametrize("unit", ["lớp", "hộ", "khóa", "xã", "USD"])
def test_what_is_no_number_of_people_is_refused_where_people_are_asked(read, unit):
    _, _, rules = read(
        WHOSE, WHEN, ("Nội dung", "ĐVT", "Thực hiện"), ("Tốt nghiệp", "người", 1), ("Tuyển mới", unit, 2)
    )
    assert rules == {"C5": {"measures-mixed"}}


@pytest.mark.parametrize("unit", ["suất", "nt", "hỗ trợ đồng", "nghìn suất", '"'])
def test_a_unit_that_is_stated_and_not_understood_is_told_at_its_figures(read, unit):
    lines = (("Tuyển mới", unit, 12), ("Kinh phí được giao", "-", 20), ("Tốt nghiệp", None, 7))
    figures, missing, rules = read(WHOSE, WHEN, ("Nội dung", "ĐVT", "Thực hiện"), *lines)
    assert rules["C4"] == {"measure-mismatch"}
    assert set(figures) == {"C5", "C6"}
    assert not missing


def test_a_unit_not_understood_over_a_table_or_a_column_is_told(read):
    rows = (("Huyện Cao Lộc", 23, 9), ("Huyện Bắc Sơn", 41, 8))
    _, _, over_all = read(WHEN, ("ĐVT: suất",), ("Đơn vị", "Tuyển mới", "Tốt nghiệp"), *rows)
    assert {place for place, told in over_all.items() if told == {"measure-mismatch"}} == {
        "B4",
        "C4",
        "B5",
        "C5",
    }
    figures, _, rules = read(WHEN, ("Đơn vị", "Kinh phí được giao (nghìn USD)", "Tốt nghiệp"), *rows)
    assert (set(figures), set(rules)) == ({"C3", "C4"}, {"B3", "B4"})


@pytest.mark.parametrize(
    "units", ["Người/triệu đồng", "người, triệu đồng", "triệu đồng và người", "Người; tr.đ"]
)
@pytest.mark.parametrize("line", ["Đơn vị tính: {}", "Biểu 1 (ĐVT: {})", "({})"])
def test_of_several_units_over_a_table_none_holds_for_all(read, units, line):
    rows = ("Nội dung", "Thực hiện"), ("Tuyển mới", 150), ("Kinh phí được giao", 40)
    figures, _, rules = read(WHOSE, WHEN, (line.format(units),), *rows)
    assert [figure[2:] for figure in figures.values()] == [(150, "persons"), (40, "million_dong")]
    assert not rules
    rows = ("Đơn vị", f"Kinh phí được giao ({units})", "Tốt nghiệp"), ("Huyện Cao Lộc", 40, 7)
    figures, _, _ = read(WHEN, *rows)
    assert figures["B3"][2:] == (40, "million_dong")


@pytest.mark.parametrize("units", ["người, nghìn đồng", "nghìn đồng và người", "Người; 1.000đ"])
@pytest.mark.parametrize("head", [False, True])
def test_of_several_units_over_a_table_each_figure_has_that_of_its_kind(read, units, head):
    heads = (
        ((f"({units})",), ("Nội dung", "Thực hiện")) if not head else (("Nội dung", f"Kết quả ({units})"),)
    )
    rows = ("Tuyển mới", 150), ("Kinh phí được giao", 40000)
    figures, _, rules = read(WHOSE, WHEN, *heads, *rows)
    assert [figure[2:] for figure in figures.values()] == [(150, "persons"), (40, "million_dong")]
    assert not rules


@pytest.mark.parametrize("unit", ["người/triệu đồng", "triệu đồng/lớp", "người, lượt"])
def test_several_units_beside_one_figure_are_told(read, unit):
    lines = (("Tuyển mới", unit, 12), ("Tốt nghiệp", "người", 7))
    figures, _, rules = read(WHOSE, WHEN, ("Nội dung", "ĐVT", "Thực hiện"), *lines)
    assert (figures.keys(), rules) == ({"C5"}, {"C4": {"measure-mismatch"}})


@pytest.mark.parametrize("words", ["(theo QĐ 1956)", "(tỷ lệ nữ cao)", "(hệ TC)", "(gồm cả liên kết)", "(A)"])
def test_brackets_that_hold_no_unit_are_none(read, words):
    lines = (f"Số người tuyển mới {words}", 12), (f"(đ) Số người tốt nghiệp {words}", 7)
    figures, _, rules = read(WHOSE, WHEN, ("Nội dung", "Thực hiện"), *lines)
    assert {one[3] for one in figures.values()} <= {"persons"}
    assert "measure-mismatch" not in {rule for told in rules.values() for rule in told}


@pytest.mark.parametrize(
    "line", ["Kết quả theo địa bàn (xã, phường)", "Chia theo: hộ", "Tính đến hết quý (tháng)"]
)
def test_what_is_no_unit_over_a_table_is_none_of_its_figures(read, line):
    figures, _, rules = read(
        WHEN, (line,), ("Đơn vị", "Tuyển mới"), ("Huyện Cao Lộc", 23), ("Huyện Bắc Sơn", 41)
    )
    assert {one[3] for one in figures.values()} == {"persons"}
    assert not rules


@pytest.mark.parametrize("line", ["Biểu 2. Đơn vị: nghìn đồng", "(Đơn vị: 1.000đ)", "Biểu 2 - ĐVT: ngđ"])
def test_a_unit_behind_other_words_of_a_line_is_read(read, line):
    rows = ("Đơn vị", "Kinh phí được giao"), ("Huyện Cao Lộc", 23000), ("Huyện Bắc Sơn", 41)
    figures, _, _ = read(WHEN, (line,), *rows)
    assert figures["B4"][2] == 23


def test_a_unit_merged_over_rows_holds_for_each_of_them(read):
    lines = (("Kinh phí được giao", "nghìn đồng", 23000), ("Kinh phí đã giải ngân", None, 12000))
    figures, _, _ = read(WHOSE, WHEN, ("Nội dung", "ĐVT", "Thực hiện"), *lines, merged=("B4:B5",))
    assert (figures["C4"][2], figures["C5"][2]) == (23, 12)


PEOPLE = ("Đơn vị", "Số người tuyển mới", "Nữ")


@pytest.mark.parametrize("typed", ["5 khóa", "12 xã", "3 lớp", "1139 tr.đ", "84 đ", "12 hộ", "84 lượt"])
def test_a_number_of_another_thing_is_no_number_of_people(read, typed):
    figures, _, rules = read(WHEN, PEOPLE, ("Huyện Cao Lộc", typed, 7), ("Huyện Bắc Sơn", 41, 8))
    assert rules == {"B3": {"measure-mismatch"}}
    assert "B3" not in figures


@pytest.mark.parametrize(
    ("cell", "typed"),
    [
        ("C3", "23 nam"), ("B3", "23 nữ"), ("B3", "362 trong quý"), ("B3", "410 kế hoạch"), ("B3", "410 cùng kỳ"),
    ],
)  # fmt: skip
def test_words_that_name_another_figure_than_the_cell_asks_for_are_told(read, cell, typed):
    asked = {"B3": 400, "C3": 7} | {cell: typed}
    figures, _, rules = read(WHEN, PEOPLE, ("Huyện Cao Lộc", *asked.values()), ("Huyện Bắc Sơn", 41, 8))
    assert rules == {cell: {"measure-mismatch"}}
    assert cell not in figures


@pytest.mark.parametrize(
    ("cell", "typed"),
    [
        ("C3", "7 nữ"), ("C3", "7 phụ nữ"), ("B3", "12 người"), ("B3", "12 học viên"), ("B3", "12 HV"),
        ("B3", "120*"), ("B3", "12 lũy kế"), ("B3", "12 em"), ("B3", "12 người dân tộc"), ("B3", "12 chỗ"),
    ],
)  # fmt: skip
def test_words_that_say_what_the_cell_asks_for_are_no_finding(read, cell, typed):
    asked = {"B3": 400, "C3": 7} | {cell: typed}
    figures, _, rules = read(WHEN, PEOPLE, ("Huyện Cao Lộc", *asked.values()), ("Huyện Bắc Sơn", 41, 8))
    assert not rules
    assert figures[cell][2] == int("".join(filter(str.isdigit, typed)))


def test_classes_are_classes_where_they_are_asked(read):
    rows = (
        WHOSE,
        WHEN,
        ("Nội dung", "ĐVT", "Thực hiện"),
        ("Tuyển mới", "lớp", "12 lớp"),
        ("Tốt nghiệp", "người", 2),
    )
    figures, _, rules = read(*rows)
    assert figures["C4"] == ("183", "people_enrolled", 12, "classes")
    assert "measure-mismatch" not in rules["C4"]


@pytest.mark.parametrize(
    "rows",
    [
        (("Đơn vị", "Kinh phí được giao (đồng)"), ("Huyện Cao Lộc", 123456789), ("Huyện Bắc Sơn", 987654321)),
        (("ĐVT: đồng",), ("Đơn vị", "Số tiền được giao"), ("Huyện Cao Lộc", 123456789), ("Huyện Bắc Sơn", 987654321)),
        (WHOSE, ("Mục", "ĐVT", "Số liệu"), ("Được giao", "đồng", "123456789"), ("Đã giải ngân", "đồng", 987654321)),
        (WHOSE, ("Nội dung", "Thực hiện (đồng)"), ("Kinh phí được giao", 123456789012), ("Đã giải ngân", 987654321098)),
    ],
)  # fmt: skip
def test_amounts_in_dong_are_no_citizen_numbers(read, rows):
    figures, _, rules = read(("Kinh phí được giao 9 tháng đầu năm 2023",), *rows)
    assert "identity-column" not in {rule for told in rules.values() for rule in told}
    assert {round(figure[2]) for figure in figures.values()} in ({123, 988}, {123457, 987654})


@pytest.mark.parametrize(
    ("title", "heads"),
    [("Danh sách được hỗ trợ kinh phí, ĐVT: đồng", ("Họ và tên", "Số", "Tuyển mới")),
     ("Kinh phí được giao, ĐVT: đồng", ("Đơn vị", "Số", "Tuyển mới")),
     ("Kết quả", ("Đơn vị", "Số", "Tuyển mới"))],
)  # fmt: skip
def test_citizen_numbers_are_refused_though_a_title_speaks_of_money(read, title, heads):
    rows = ("Huyện Cao Lộc", "082345678901", 5), ("Huyện Bắc Sơn", "082345679", 6)
    _, _, rules = read((title,), WHEN, heads, *rows)
    assert rules["B4"] == {"identity-column"}


@pytest.mark.parametrize(
    ("title", "heads", "unit", "cell"),
    [("Hỗ trợ kinh phí được giao (ĐVT: đồng)", ("Học viên", "Số", "Số tiền"), (), "B4"),
     ("Danh sách", ("Học viên", "Số", "Kinh phí được giao (đồng)"), (), "B4"),
     ("Danh sách", ("Học viên", "Mã số", "Số tiền", "ĐVT"), ("đồng",), "B4"),
     ("Danh sách", ("Học viên", "Kinh phí được giao (đồng)"), (), "B5")],
)  # fmt: skip
@pytest.mark.parametrize("first", [123456789, 123456789012])
def test_numbers_beside_names_of_people_are_of_citizens_though_money_stands_beside(
    read, title, heads, unit, cell, first
):
    people = ("Nguyễn Văn An", "Hồ Thị Bé", "LÊ VĂN CƯỜNG")
    rows = ((name, first + at, 1500000, *unit) for at, name in enumerate(people))
    parted = (((None, "Số thẻ", "Số tiền"),), ("B3:C3",)) if cell == "B5" else ((), ())
    _, _, rules = read((title,), WHEN, heads, *parted[0], *rows, merged=parted[1])
    assert rules[cell] == {"identity-column"}


@pytest.mark.parametrize(
    ("first", "second", "cell"),
    [("An - CCCD 123456789012", "Bé - CMND 123456789", "A3"), ("082 345 678 901", "082 345 678 902", "B3")],
)
def test_citizen_numbers_among_words_or_in_groups_are_refused_and_never_shown(
    plan, tmp_path, first, second, cell
):
    rows = [(one, 1500000) if cell == "A3" else ("Học viên", one, 1500000) for one in (first, second)]
    heads = ("Học viên", "Mã", "Kinh phí được giao (đồng)")
    heads = (heads[0], heads[2]) if cell == "A3" else heads
    reading = small_sheets.check_rows(plan, tmp_path, WHEN, heads, *rows)
    assert "identity-column" in small_sheets.rules(reading)[cell]
    assert not any(f"{first} {second}"[-4:] in one.found.en for one in reading.findings)
    one = small_sheets.read_rows(
        plan, tmp_path, WHEN, heads[:2], ("Ông An - CCCD 123456789012", 5), ("Bắc Sơn", 6)
    )
    assert not any("123456789012" in found.found.vi for found in one.findings)


def test_amounts_beside_labels_that_only_sound_like_names_are_no_citizen_numbers(read):
    rows = ("Hỗ trợ học nghề", 123456789), ("Hỗ trợ tiền ăn", 223456789), ("Hỗ trợ đi lại", 323456789)
    _, _, rules = read(WHOSE, ("Kinh phí được giao (đồng)",), WHEN, ("Nội dung", "Số liệu"), *rows)
    assert "identity-column" not in {rule for told in rules.values() for rule in told}


@pytest.mark.parametrize("line", ["Ghi chú: Đơn vị tính nghìn đồng", "(ĐVT: 1.000đ)"])
def test_a_unit_that_stands_below_the_table_holds_for_it(read, line):
    rows = ("Nội dung", "Thực hiện"), ("Kinh phí được giao", 50000), ("Kinh phí đã giải ngân", 40000)
    figures, _, rules = read(WHOSE, WHEN, *rows, (line,))
    assert [figure[2:] for figure in figures.values()] == [(50, "million_dong"), (40, "million_dong")]
    assert not rules
