"""Sentences about people counted over a year, and about who has reported."""

import narrative_cases as cases
import pytest

from vetanalysis.blocks import Text
from vetanalysis.language.render import spoken
from vetanalysis.narrative import count, evidence

LIKELY = Text("có khả năng đạt", "likely")
LABEL = Text("Số người tuyển mới", "People newly enrolled")

YEAR = {
    "total": lambda lang: spoken(count.running_total("t", LABEL, 9200, 13500, "2023-9M", same_period=8000), lang),
    "total, no last year": lambda lang: spoken(count.running_total("t", LABEL, 9200, 13500, "2023-9M"), lang),
    "total, zero plan": lambda lang: spoken(count.running_total("t", LABEL, 9200, 0, "2023-9M", same_period=0), lang),
    "total, one person": lambda lang: spoken(count.running_total("t", LABEL, 1, 1, "2023-Q1", same_period=1), lang),
    "total, missing": lambda lang: spoken(count.running_total("t", LABEL, None, 13500, "2023-9M"), lang),
    "missing people": lambda lang: spoken(count.still_missing("s", 9200, 13500, "2023-9M"), lang),
    "missing one": lambda lang: spoken(count.still_missing("s", 13499, 13500, "2023-9M"), lang),
    "missing none": lambda lang: spoken(count.still_missing("s", 13500, 13500, "2023-9M"), lang),
    "past plan": lambda lang: spoken(count.still_missing("s", 14000, 13500, "2023-9M"), lang),
    "no plan": lambda lang: spoken(count.still_missing("s", 9200, 0, "2023-9M"), lang),
    "no figure": lambda lang: spoken(count.still_missing("s", None, 13500, "2023-9M"), lang),
    "checks": lambda lang: spoken(
        count.cross_checks(
            "c", 13345, {"chain_ladder": 13712, "bornhuetter_ferguson": 13390, "elapsed": 9400}, "2023-9M"
        ),
        lang,
    ),
    "coverage": lambda lang: evidence.coverage(
        9, 11, ["huyện Bình Gia", "huyện Đình Lập"], "2023-9M", lang, share_of_plan=0.87
    ),
    "all in": lambda lang: evidence.coverage(11, 11, [], "2023-9M", lang, share_of_plan=1.0),
    "one unit": lambda lang: evidence.coverage(1, 1, [], "2023-9M", lang),
    "none due": lambda lang: evidence.coverage(0, 0, [], "2023-9M", lang),
    "many late": lambda lang: evidence.coverage(2, 11, [f"huyện {k}" for k in range(9)], "2023-9M", lang),
    "track record": lambda lang: evidence.track_record(LIKELY.get(lang), 41, 29, "2022-FY", lang),
    "track record, more than stated": lambda lang: evidence.track_record(
        LIKELY.get(lang), 1209, 543, "2020-FY", lang, band=(0.329, 0.303, 0.356)
    ),
    "no track record": lambda lang: evidence.track_record(LIKELY.get(lang), 0, 0, "2022-FY", lang),
    "limits": lambda lang: evidence.data_limits(
        [cases.rate(), cases.unknown(), cases.people()], "2023-start", lang
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", YEAR)
def test_sentences_about_the_year(name):
    assert cases.same_facts(YEAR[name]) is not None


def test_the_year_in_the_words_of_offices():
    assert YEAR["total"]("vi").text == (
        "Lũy kế từ đầu năm đến hết 9 tháng đầu năm 2023, số người tuyển mới là 9.200 người, đạt 68,1% kế "
        "hoạch năm, "
        "bằng 115,0% so với cùng kỳ."
    )
    assert "chưa giao chỉ tiêu" in YEAR["total, zero plan"]("vi").text
    assert "còn thiếu 4.300 người so với 13.500 người" in YEAR["missing people"]("vi").text
    assert "1 person is still needed" in YEAR["missing one"]("en").text
    assert "vừa đúng bằng kế hoạch" in YEAR["missing none"]("vi").text
    assert "chưa có số liệu cùng kỳ" in YEAR["total, no last year"]("vi").text
    assert "chênh lệch trên 10%" in YEAR["checks"]("vi").text
    assert "9 trên 11 đơn vị" in YEAR["coverage"]("vi").text
    assert "và 4 đơn vị khác" in YEAR["many late"]("vi").text
    assert count.cross_checks("c", 13345, {}, "2023-9M") is None


@pytest.mark.parametrize(
    ("came", "vi", "en"),
    [
        (45, "(45%, cao hơn mức bình quân đã nêu 33%)", "(45%, more than the 33% stated on average)"),
        (
            33,
            "(33%, phù hợp với mức bình quân đã nêu 33%)",
            "(33%, in keeping with the 33% stated on average)",
        ),
        (
            24,
            "(24%, phù hợp với mức bình quân đã nêu 33%)",
            "(24%, in keeping with the 33% stated on average)",
        ),
        (10, "(10%, thấp hơn mức bình quân đã nêu 33%)", "(10%, less than the 33% stated on average)"),
    ],
)
def test_the_record_says_whether_words_held(came, vi, en):
    told = [
        evidence.track_record("x", 100, came, "2020-FY", lang, band=(0.329, 0.24, 0.42)).text
        for lang in ("vi", "en")
    ]
    assert vi in told[0]
    assert en in told[1]


def test_limits_of_the_data_name_only_what_there_is():
    weak, none = cases.rate(evidence="weak"), cases.rate(status="not_assessed")
    fine = cases.rate(evidence="strong")
    said = {
        count: evidence.data_limits(targets, "2023-9M", "vi").text.split(": ", 1)[1]
        for count, targets in enumerate([(weak, none, fine), (weak, fine), (none,), (fine, fine)])
    }
    assert said[0] == (
        "trong 3 chỉ tiêu, 1 chỉ tiêu đánh giá được nhưng bằng chứng yếu và 1 chỉ tiêu chưa đủ dữ liệu để đánh giá."
    )
    assert said[1] == "trong 2 chỉ tiêu, 1 chỉ tiêu đánh giá được nhưng bằng chứng yếu."
    assert said[2] == "trong 1 chỉ tiêu, 1 chỉ tiêu chưa đủ dữ liệu để đánh giá."
    assert said[3] == "trong 2 chỉ tiêu, không có chỉ tiêu nào thiếu căn cứ."


def test_one_unit_alone_is_not_all_of_them():
    assert evidence.coverage(1, 1, [], "2023-9M", "vi").text.startswith(
        "Đơn vị duy nhất phải báo cáo đã báo cáo"
    )
    assert evidence.coverage(1, 1, [], "2023-9M", "en").text.startswith("The one unit due has reported")
