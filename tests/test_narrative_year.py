"""Sentences about people counted over a year, and about who has reported."""

import narrative_cases as cases
import pytest

from vetanalysis.blocks import Text
from vetanalysis.language.render import sentence
from vetanalysis.narrative import count, evidence

LIKELY = Text("có khả năng đạt", "likely")

YEAR = {
    "checks": count.cross_checks(
        "c", 13345, {"chain_ladder": 13712, "bornhuetter_ferguson": 13390, "elapsed": 9400}, "2023-9M"
    ),
    "coverage": evidence.coverage(
        9, 11, ["huyện Bình Gia", "huyện Đình Lập"], "2023-9M", share_of_plan=0.87
    ),
    "all in": evidence.coverage(11, 11, [], "2023-9M", share_of_plan=1.0),
    "one unit": evidence.coverage(1, 1, [], "2023-9M"),
    "none due": evidence.coverage(0, 0, [], "2023-9M"),
    "many late": evidence.coverage(2, 11, [f"huyện {k}" for k in range(9)], "2023-9M"),
    "track record": evidence.track_record(LIKELY, 41, 29, "2022-FY"),
    "track record, more than stated": evidence.track_record(
        LIKELY, 1209, 543, "2020-FY", band=(0.329, 0.303, 0.356)
    ),
    "no track record": evidence.track_record(LIKELY, 0, 0, "2022-FY"),
    "limits": evidence.data_limits(
        [cases.rate(), cases.unknown(), cases.people()], "2023-start"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", YEAR)
def test_sentences_about_the_year(name):
    assert cases.told(YEAR[name]) is not None


def test_the_year_in_the_words_of_offices():
    assert "chênh lệch trên 10%" in sentence(YEAR["checks"], "vi")
    assert "9 trên 11 đơn vị" in sentence(YEAR["coverage"], "vi")
    assert "và 4 đơn vị khác" in sentence(YEAR["many late"], "vi")
    assert count.cross_checks("c", 13345, {}, "2023-9M") is None


@pytest.mark.parametrize(
    ("came", "vi", "en"),
    [
        (
            45,
            "(45%, cao hơn, quá phạm vi ngẫu nhiên quanh mức bình quân đã nêu 33%; xác suất không sửa theo số này)",
            "(45%, more than chance allows of the 33% stated on average; the chances are not adjusted for it)",
        ),
        (
            33,
            "(33%, trong phạm vi ngẫu nhiên quanh mức bình quân đã nêu 33%)",
            "(33%, within chance of the 33% stated on average)",
        ),
        (
            24,
            "(24%, trong phạm vi ngẫu nhiên quanh mức bình quân đã nêu 33%)",
            "(24%, within chance of the 33% stated on average)",
        ),
        (
            10,
            "(10%, thấp hơn, quá phạm vi ngẫu nhiên quanh mức bình quân đã nêu 33%; xác suất không sửa theo số này)",
            "(10%, less than chance allows of the 33% stated on average; the chances are not adjusted for it)",
        ),
    ],
)
def test_the_record_says_whether_words_held(came, vi, en):
    told = [
        sentence(evidence.track_record("x", 100, came, "2020-FY", band=(0.329, 0.24, 0.42)), lang)
        for lang in ("vi", "en")
    ]
    assert vi in told[0]
    assert en in told[1]
    held = evidence.track_record("x", 100, came, "2020-FY", band=(0.329, 0.24, 0.42)).facts["held"]
    assert (held.facts["share"], held.facts["stated"]) == (came, pytest.approx(32.9))


def test_limits_of_the_data_name_only_what_there_is():
    weak, none = cases.rate(evidence="weak"), cases.rate(status="not_assessed")
    fine = cases.rate(evidence="strong")
    said = {
        count: sentence(evidence.data_limits(targets, "2023-9M"), "vi")
        .split(": ", 1)[1]
        .replace(" (9 tháng 2023)", "")
        for count, targets in enumerate([(weak, none, fine), (none,)])
    }
    assert said[0] == (
        "trong 3 chỉ tiêu, 1 chỉ tiêu đánh giá được nhưng độ tin cậy còn thấp "
        "và 1 chỉ tiêu chưa đủ dữ liệu để đánh giá (tỷ lệ lao động qua đào tạo)."
    )
    assert said[1] == "chỉ tiêu chưa đủ dữ liệu để đánh giá."
    told = cases.rate(status="not_forecast")
    assert "1 is told and not forecast" in sentence(evidence.data_limits((told, fine), "2023-9M"), "en")
    alone = sentence(evidence.data_limits((told,), "2023-9M"), "vi")
    assert alone.endswith("chỉ tiêu (9 tháng 2023) chỉ nêu kết quả (chưa dự báo).")
    assert evidence.data_limits((weak, weak, weak), "2023-9M") is None  # table 1 says it of each
    assert evidence.data_limits((weak, fine), "2023-9M") is None


def test_one_unit_alone_is_not_all_of_them():
    assert sentence(evidence.coverage(1, 1, [], "2023-9M"), "vi").startswith(
        "Đơn vị duy nhất phải báo cáo đã báo cáo"
    )
    assert sentence(evidence.coverage(1, 1, [], "2023-9M"), "en").startswith("The one unit due has reported")
