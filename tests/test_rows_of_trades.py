"""Tables as they come by e-mail: trades below levels, communes with a total, heads that are years alone."""

import pytest
from small_sheets import HEAD, WHEN, WHOSE, check_rows, figures, rules

import vetanalysis as va
from vetanalysis.returns.draft import context_of
from vetanalysis.returns.meanings import row_meaning
from vetanalysis.returns.personal import masked

OF_PEOPLE = ("Kết quả tuyển mới 9 tháng đầu năm 2023",)
TOLD = {"not-understood"}


@pytest.fixture(scope="module")
def plan():
    return va.load_plan("lang-son-2023-example")


def by_level(reading):
    return figures(reading, "level", "value", parts=("trade",))


def said(reading, place):
    return [one.found.vi for one in reading.findings if one.place == place]


def test_trades_below_a_level_are_of_it_and_the_next_level_is_none_of_theirs(plan, tmp_path):
    rows = (1, "Sơ cấp", 150), ("-", "Nghề may công nghiệp", 90), ("-", "Nghề hàn", 60), (2, "Trung cấp", 50)
    one = check_rows(plan, tmp_path, WHOSE, OF_PEOPLE, ("STT", "Nội dung", "Thực hiện"), *rows)
    assert by_level(one) == {"C4": ("elementary", 150), "C7": ("intermediate", 50)}
    assert "cần một dòng tổng cho mỗi trình độ" in said(one, "B5")[0]
    assert "unit-unknown" not in {rule for found in rules(one).values() for rule in found}


def test_farm_and_other_trades_below_a_level_are_not_of_all_levels(plan, tmp_path):
    rows = (
        (1, "Sơ cấp", 150),
        (2, "Nghề nông nghiệp", 90),
        (3, "Nghề phi nông nghiệp", 60),
        (4, "Trung cấp", 50),
    )
    one = check_rows(plan, tmp_path, WHOSE, OF_PEOPLE, ("STT", "Nội dung", "Thực hiện"), *rows)
    assert by_level(one) == {
        "C4": ("elementary", 150), "C5": ("elementary", 90, "farm"), "C6": ("elementary", 60, "non_farm"),
        "C7": ("intermediate", 50),
    }  # fmt: skip


def test_trades_below_the_last_of_several_levels_may_be_of_all_and_are_told(plan, tmp_path):
    rows = (
        (1, "Sơ cấp", 150),
        (2, "Trung cấp", 50),
        (3, "Nghề nông nghiệp", 120),
        (4, "Nghề phi nông nghiệp", 80),
    )
    one = check_rows(plan, tmp_path, WHOSE, OF_PEOPLE, ("STT", "Nội dung", "Thực hiện"), *rows)
    assert by_level(one) == {"C4": ("elementary", 150), "C5": ("intermediate", 50)}
    assert (rules(one)["C6"], rules(one)["C7"]) == (TOLD, TOLD)


def test_a_level_numbered_in_roman_over_its_trades_is_the_figure_and_no_sum_to_check(plan, tmp_path):
    rows = (
        ("I", "Sơ cấp", 150),
        (1, "Nghề nông nghiệp", 90),
        (2, "Nghề phi nông nghiệp", 60),
        ("II", "Trung cấp", 50),
    )
    one = check_rows(plan, tmp_path, WHOSE, OF_PEOPLE, ("STT", "Nghề đào tạo", "Số người"), *rows)
    assert by_level(one)["C4"] == ("elementary", 150)
    assert "C4" not in rules(one)


@pytest.mark.parametrize("women", ["Trong đó: nữ", "+ Nữ", "Nữ"])
def test_women_below_a_trade_are_not_those_of_the_level(plan, tmp_path, women):
    rows = (
        (1, "Sơ cấp", 150), ("-", "Nghề may công nghiệp", 90), ("", women, 80), ("-", "Nghề hàn", 60), ("", women, 5),
        (2, "Trung cấp", 50), ("", women, 20),
    )  # fmt: skip
    one = check_rows(plan, tmp_path, WHOSE, OF_PEOPLE, HEAD, *rows)
    found = figures(one, "level", "value", parts=("sex",))
    assert found == {
        "C4": ("elementary", 150),
        "C9": ("intermediate", 50),
        "C10": ("intermediate", 20, "female"),
    }
    assert (rules(one)["C6"], rules(one)["C8"]) == (TOLD, TOLD)


@pytest.mark.parametrize(
    ("label", "meant"),
    [
        ("Nghề (trình độ) sơ cấp", {"level": "elementary"}),
        ("Ngành, nghề trình độ trung cấp", {"level": "intermediate"}),
        ("Nghề dưới 3 tháng", {"level": "short_course"}),
        ("Nghề cho lao động nông thôn", {"residence": "rural"}),
        ("Nghề may công nghiệp", {"role": "trade"}),
    ],
)
def test_a_label_that_begins_with_the_word_for_trades_is_heard_to_its_end(plan, label, meant):
    assert row_meaning(label, context_of(plan), ("2023-9M", False)) == meant


def test_what_is_divided_anew_below_levels_is_of_all_of_them(plan, tmp_path):
    rows = (
        ("I", "Chia theo trình độ"), (1, "Sơ cấp", 150), (2, "Trung cấp", 50),
        ("II", "Chia theo lĩnh vực"), (1, "Nghề nông nghiệp", 120), (2, "Nghề phi nông nghiệp", 80),
    )  # fmt: skip
    one = check_rows(plan, tmp_path, WHOSE, OF_PEOPLE, HEAD, *rows)
    assert by_level(one) == {
        "C5": ("elementary", 150), "C6": ("intermediate", 50), "C8": ("", 120, "farm"), "C9": ("", 80, "non_farm"),
    }  # fmt: skip


def test_a_column_of_trades_beside_rows_that_stand_once_is_a_note(plan, tmp_path):
    of_both = ("Kết quả tuyển mới và tốt nghiệp 9 tháng đầu năm 2023",)
    for at, head in enumerate([("Nghề", "Số người"), ("Số người", "Nghề đào tạo")]):
        said = [("May, hàn", 90), ("Hàn", 60), ("May", 70)]
        cells = [one if at == 0 else one[::-1] for one in said]
        names = ("Tuyển mới", "Tốt nghiệp", "Tuyển mới sơ cấp")
        rows = [
            (number, name, *beside) for number, (name, beside) in enumerate(zip(names, cells, strict=True), 1)
        ]
        one = check_rows(plan, tmp_path / str(at), WHOSE, of_both, ("STT", "Nội dung", *head), *rows)
        assert [found[0] for found in figures(one, "value").values()] == [90, 60, 70]


def test_a_list_of_trades_by_level_asks_for_one_total_of_each_level(plan, tmp_path):
    """Two trades of a level are no figure told twice; the only trade of one is all of it."""
    head = ("STT", "Nghề đào tạo", "Trình độ", "Số người")
    rows = (
        (1, "May công nghiệp", "Sơ cấp", 90),
        (2, "Hàn", "Sơ cấp", 60),
        (3, "Điện dân dụng", "Trung cấp", 50),
    )
    one = check_rows(plan, tmp_path, WHOSE, OF_PEOPLE, head, *rows)
    assert by_level(one) == {"D6": ("intermediate", 50)}
    assert "“May công nghiệp”" in said(one, "C4")[0]
    assert "same-figure-twice" not in {rule for found in rules(one).values() for rule in found}


def test_women_below_the_total_of_communes_are_those_of_the_sender(plan, tmp_path):
    rows = (
        (1, "Xã Hợp Thành", 20), ("", "Trong đó: nữ", 8), (2, "Xã Gia Cát", 30), ("", "Trong đó: nữ", 12),
        ("", "Tổng cộng", 50), ("", "Trong đó: nữ", 20),
    )  # fmt: skip
    one = check_rows(plan, tmp_path, WHOSE, OF_PEOPLE, ("STT", "Đơn vị", "Tuyển mới"), *rows)
    found = figures(one, "unit", "value", parts=("sex",))
    assert (found["C8"], found["C9"]) == (("183", 50), ("183", 20, "female"))
    assert "C9" not in rules(one)


def test_a_commune_of_a_name_that_several_have_is_that_of_the_district_that_reports(plan, tmp_path):
    rows = ("I", "Các xã vùng I"), (1, "Xã Gia Cát", 30), ("II", "Các xã vùng II"), (2, "Xã Tân Thành", 25)
    one = check_rows(
        plan, tmp_path, WHOSE, OF_PEOPLE, ("STT", "Đơn vị", "Tuyển mới"), *rows, ("", "Tổng cộng", 55)
    )
    found = figures(one, "unit", "value")
    assert plan.unit(found["C7"][0]).parent == "183"
    assert found["C8"] == ("183", 55)
    assert not {"B7", "C8"} & rules(one).keys()


def test_the_total_of_the_city_is_not_that_of_the_province_of_its_name(plan, tmp_path):
    whose = ("Đơn vị: Sở Lao động - Thương binh và Xã hội tỉnh Lạng Sơn",)
    rows = (1, "Lạng Sơn", 30), (2, "Cao Lộc", 200), (3, "Chi Lăng", 100), ("", "Toàn tỉnh", 330)
    one = check_rows(
        plan, tmp_path, whose, OF_PEOPLE, ("STT", "Đơn vị", "Tuyển mới"), *rows, name="20__2023-09-15"
    )
    found = figures(one, "unit", "value")
    assert (found["C4"], found["C5"]) == (("178", 30), ("183", 200))


@pytest.mark.parametrize(
    "years", [(2022, 2023), ("2022", "2023"), ("9 tháng năm 2022", "Thực hiện năm 2023")]
)
def test_heads_that_are_years_alone_are_as_many_months_of_each(plan, tmp_path, years):
    rows = (1, "Sơ cấp", 80, 90), (2, "Trung cấp", 40, 50)
    one = check_rows(
        plan, tmp_path, WHOSE, ("Kết quả tuyển mới 9 tháng",), ("STT", "Nội dung", *years), *rows
    )
    assert {place: found[0] for place, found in figures(one, "period").items()} == {
        "C4": "2022-9M", "C5": "2022-9M", "D4": "2023-9M", "D5": "2023-9M",
    }  # fmt: skip
    assert not {"C4", "D4"} & rules(one).keys()


def test_the_year_before_as_a_whole_stays_one_beside_months(plan, tmp_path):
    head = ("STT", "Nội dung", "Năm 2022", "9 tháng năm 2023")
    one = check_rows(plan, tmp_path, WHOSE, ("Kết quả tuyển mới",), head, (1, "Sơ cấp", 120, 90))
    assert {found[0] for found in figures(one, "period").values()} <= {"2022-FY", "2023-9M"}


def test_the_year_beside_its_own_months_is_not_as_many_months(plan, tmp_path):
    head = ("STT", "Nội dung", "9 tháng năm 2023", "Năm 2023")
    one = check_rows(plan, tmp_path, WHOSE, ("Kết quả tuyển mới 9 tháng",), head, (1, "Sơ cấp", 90, 120))
    assert figures(one, "period", "value") == {"C4": ("2023-9M", 90)}


def test_an_estimate_of_a_month_to_come_is_left_aside_as_one(plan, tmp_path):
    """It needs no correction, though the plan is counted by quarters."""
    head = ("STT", "Nội dung", "Ước lũy kế 10 tháng năm 2023", "9 tháng năm 2023")
    one = check_rows(plan, tmp_path, WHOSE, ("Kết quả tuyển mới",), head, (1, "Sơ cấp", 99, 90))
    assert figures(one, "period", "value") == {"D4": ("2023-9M", 90)}
    assert "C4" not in rules(one)


def test_a_length_before_a_year_is_no_quarter(plan, tmp_path):
    head = ("STT", "Nội dung", "Đào tạo dưới 3 tháng năm 2023", "Sơ cấp năm 2023")
    one = check_rows(plan, tmp_path, WHOSE, WHEN, head, (1, "Tuyển mới", 50, 150))
    assert figures(one, "period", "level", "value") == {
        "C4": ("2023-9M", "short_course", 50), "D4": ("2023-9M", "elementary", 150),
    }  # fmt: skip


def test_a_word_in_brackets_for_who_trains_is_no_unit_of_measure(plan, tmp_path):
    one = check_rows(plan, tmp_path, WHOSE, OF_PEOPLE, HEAD, (1, "Tuyển mới (cơ sở)", 50))
    assert figures(one, "measure", "value") == {"C4": ("persons", 50)}


def test_what_runs_to_the_month_before_is_not_what_runs_to_the_period(plan, tmp_path):
    """80 after eight months is no count of nine."""
    head = ("STT", "Nội dung", "Lũy kế 8 tháng", "Lũy kế 9 tháng")
    one = check_rows(plan, tmp_path, WHOSE, ("Kết quả tuyển mới",), head, (1, "Sơ cấp", 80, 90))
    assert figures(one, "period", "value") == {"D4": ("2023-9M", 90)}
    assert "không phải một kỳ báo cáo của kế hoạch" in said(one, "C4")[0]
    head = ("STT", "Nội dung", "Lũy kế đến tháng trước", "Trong tháng", "Lũy kế từ đầu năm")
    one = check_rows(plan, tmp_path / "b", WHOSE, OF_PEOPLE, head, (1, "Sơ cấp", 80, 10, 90))
    assert figures(one, "period", "value") == {"E4": ("2023-9M", 90)}


def test_no_message_shows_the_name_of_a_person(plan, tmp_path):
    rows = (
        (1, "Tuyển mới", 150), (2, "Nguyễn Văn An", 1), (3, "Ông Lê Văn Tám, trưởng phòng", 3),
        (4, "Tốt nghiệp", "Nguyễn Văn An"),
    )  # fmt: skip
    one = check_rows(plan, tmp_path, WHOSE, WHEN, ("STT", "Nội dung", "Thực hiện"), *rows)
    told = " ".join(found.line(lang) for found in one.findings for lang in ("vi", "en"))
    assert not any(name in told for name in ("Nguyễn", "Văn", "Tám"))
    assert {"B5", "B6", "C7"} <= rules(one).keys()


@pytest.mark.parametrize(
    ("text", "shown"),
    [("2. Ông Lê Văn Tám, trưởng phòng", "2. Ông ***, trưởng phòng"), ("Hộ nghèo", "Hộ nghèo"),
     ("Trần Thị Bích Ngọc lớp may", "*** lớp may"), ("Huyện Hà Quảng", "Huyện Hà Quảng"), ("", ""),
     ("HỘ NGHÈO", "HỘ NGHÈO"), ("LƯỢNG NGƯỜI", "LƯỢNG NGƯỜI"), ("Nguyen Van An", "***")],
)  # fmt: skip
def test_what_of_a_text_may_be_shown(text, shown):
    assert masked(text) == shown


def test_a_row_nobody_knows_is_no_unit_where_the_table_names_none(plan, tmp_path):
    """Nobody is told to write "Học phí thu được" among the names of a unit; a centre that is not known is one."""
    rows = (1, "Tuyển mới", 150), (2, "Học phí thu được", 12), (3, "Trung tâm Hoa Mai", 30)
    one = check_rows(plan, tmp_path, WHOSE, WHEN, ("STT", "Nội dung", "Thực hiện"), *rows)
    assert (rules(one)["B5"], rules(one)["B6"]) == (TOLD, {"unit-unknown"})


def test_a_commune_named_after_a_person_is_shown(plan, tmp_path):
    rows = (1, "Tuyển mới", 80), (2, "Hoàng Văn Thụ", 10)
    one = check_rows(plan, tmp_path, WHOSE, WHEN, HEAD, *rows)
    assert "“Hoàng Văn Thụ”" in said(one, "B5")[0]
