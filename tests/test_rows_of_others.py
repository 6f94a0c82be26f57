"""Rows of other units in a sender's table: its communes, whose total it reports, and others, who report themselves."""

import pytest

from tests import small_sheets
from tests.small_sheets import WHEN, WHOSE
from vetanalysis.plan import load_plan


@pytest.fixture(scope="module")
def plan():
    return load_plan("lang-son-2023")


def test_figures_of_others_in_a_table_are_left_aside_and_the_senders_own_count(plan, tmp_path):
    rows = (("Kết quả 9 tháng đầu năm 2023",), ("Đơn vị", "Tuyển mới", "Nữ"), ("Huyện Cao Lộc", 20, 5))
    others = (("Trung tâm GDNN-GDTX huyện Cao Lộc", 12, 3), ("Trường Cao đẳng nghề Lạng Sơn", 40, 70))
    reading = small_sheets.check_rows(plan, tmp_path, *rows, *others)
    assert {*reading.observations["unit"]} == {"183", "gdnn-gdtx-183"}
    assert not reading.refused
    (told,) = (one for one in reading.findings if one.rule == "unit-differs")
    assert (told.place, told.severity) == ("B5", "warning")
    assert "left aside" in told.found.en
    alone = small_sheets.check_rows(plan, tmp_path, *rows[:2], others[1])
    assert alone.refused


COMMUNES = (1, "Xã Gia Cát", 5, 2), (2, "TT Đồng Đăng", 7, 3)
CENTRES = (1, "Trung tâm GDNN-GDTX huyện Cao Lộc", 5, 2), (2, "TT DVNN huyện Cao Lộc", 7, 3)


@pytest.mark.parametrize("parts", [COMMUNES, CENTRES])
@pytest.mark.parametrize("name", ["Tổng cộng", "Toàn huyện"])
@pytest.mark.parametrize("first", [True, False])
def test_the_total_of_what_lies_below_a_district_is_what_it_reports(plan, tmp_path, parts, name, first):
    rows = (
        ("Đơn vị: Huyện Cao Lộc",),
        ("Kết quả tuyển sinh 9 tháng đầu năm 2023",),
        ("STT", "Xã, thị trấn", "Tổng số", "Nữ"),
    )
    total = (None, name, 12, 5)
    reading = small_sheets.read_rows(plan, tmp_path, *rows, *((total, *parts) if first else (*parts, total)))
    found = small_sheets.figures(reading, "unit", "sex", "value").values()
    assert sorted(one for one in found if one[0] == "183") == [("183", "", 12), ("183", "female", 5)]
    assert len(found) == 6
    assert not small_sheets.rules(reading)
    reading = small_sheets.read_rows(plan, tmp_path, *rows, *parts)
    assert "183" not in set(reading.observations["unit"])
    assert small_sheets.rules(reading) == {"B4": {"not-understood"}}


def test_the_total_of_communes_counts_beside_a_rate_which_adds_up_from_nothing(plan, tmp_path):
    rows = (
        ("Đơn vị: Huyện Cao Lộc",),
        ("Kết quả 9 tháng đầu năm 2023",),
        ("STT", "Xã, thị trấn", "Tuyển mới", "Tỷ lệ có việc làm sau đào tạo (%)"),
    )
    parts = (1, "Xã Gia Cát", 5, 80), (2, "TT Đồng Đăng", 7, 90)
    reading = small_sheets.read_rows(plan, tmp_path, *rows, *parts, (None, "Tổng cộng", 12, 86))
    found = small_sheets.figures(reading, "unit", "indicator", "value")
    assert found["C6"] == ("183", "people_enrolled", 12)
    assert {one for one in found.values() if one[0] == "183"} == {found["C6"]}
    assert small_sheets.rules(reading) == {"D6": {"not-understood"}}


SUMMARY = ("STT", "Nội dung", "Thực hiện"), (1, "Tuyển mới", 12), (None, "Trong đó: nữ", 5), ()
ANNEX = (("Biểu 2. Tuyển mới chia theo xã",), ("STT", "Xã, thị trấn", "Tổng số", "Nữ"), *COMMUNES)


@pytest.mark.parametrize("total", [(), ((None, "Tổng cộng", 12, 5),)])
@pytest.mark.parametrize("annex_first", [False, True])
def test_what_a_table_says_of_the_sender_needs_no_total_of_its_communes_and_is_not_said_twice(
    plan, tmp_path, total, annex_first
):
    parts = (*ANNEX, *total, ())
    rows = (*parts, *SUMMARY) if annex_first else (*SUMMARY, *parts)
    reading = small_sheets.check_rows(plan, tmp_path, WHOSE, WHEN, *rows)
    found = sorted(small_sheets.figures(reading, "unit", "sex", "value").values())
    assert [one for one in found if one[0] == "183"] == [("183", "", 12), ("183", "female", 5)]
    assert not small_sheets.rules(reading, lambda one: bool(one.place))


def test_a_total_of_communes_of_which_one_is_of_another_district_is_nobodys_and_told(plan, tmp_path):
    rows = (ANNEX[1], COMMUNES[0], (2, "Phường Tam Thanh", 7, 3), (None, "Tổng cộng", 12, 5))
    reading = small_sheets.check_rows(plan, tmp_path, WHOSE, ("Tuyển mới 9 tháng đầu năm 2023",), *rows)
    assert {*reading.columns["unit"]} == {"06235"}
    assert small_sheets.rules(reading) == {"B4": {"not-understood"}, "C5": {"unit-differs"}}
