"""Sentences about indicators: up, down, no change, exactly on plan, missing, no plan, one person; both languages."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from vetanalysis.blocks import same
from vetanalysis.indicators import reasons
from vetanalysis.indicators.derived import QuotaCheck, reconcile_quotas
from vetanalysis.indicators.gaps import gaps, spread
from vetanalysis.language.render import sentence, spoken
from vetanalysis.narrative import indicators as words
from vetanalysis.plan import load_plan

NONE = math.nan


def told(value, plan=NONE, last=NONE, measure="persons", state="computed", why=("", ""), illustrative=False):
    """A line of the table as `standing` reads it."""
    return {
        "unit": "20", "id": "people_enrolled", "label_vi": "Số người tuyển mới", "label_en": "People newly enrolled",
        "period": "2023-9M", "value": value, "plan_value": plan, "measure": measure, "state": state,
        "percent_of_plan": 100 * value / plan if plan == plan and measure == "persons" else NONE,
        "last_year_value": last, "index_last_year": 100 * value / last if last and measure == "persons" else NONE,
        "change_last_year": value - last, "why_vi": why[0], "why_en": why[1], "illustrative": illustrative,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "vi", "en"),
    [
        (
            told(8910, 13500, 8000),
            "Số người tuyển mới, 9 tháng đầu năm 2023: 8.910 người, đạt 66,0% kế hoạch năm, "
            "bằng 111,4% so với cùng kỳ.",
            "People newly enrolled, the first nine months of 2023: 8,910 people, 66.0% of the year's plan, "
            "111.4% of the same period last year.",
        ),
        (
            told(13500, 13500, 13500),
            "Số người tuyển mới, 9 tháng đầu năm 2023: 13.500 người, đạt 100,0% kế hoạch năm, "
            "bằng 100,0% so với cùng kỳ.",
            "People newly enrolled, the first nine months of 2023: 13,500 people, 100.0% of the year's plan, "
            "100.0% of the same period last year.",
        ),
        (
            told(1),
            "Số người tuyển mới, 9 tháng đầu năm 2023: 1 người.",
            "People newly enrolled, the first nine months of 2023: 1 person.",
        ),
        (
            told(57.2, last=56.0, measure="percent"),
            "Số người tuyển mới, 9 tháng đầu năm 2023: 57,2%, tăng 1,2 điểm phần trăm so với cùng kỳ năm trước.",
            "People newly enrolled, the first nine months of 2023: 57.2%, up 1.2 percentage points on the same "
            "period last year.",
        ),
        (
            told(57.2, last=57.2, measure="percent"),
            "Số người tuyển mới, 9 tháng đầu năm 2023: 57,2%, không thay đổi so với cùng kỳ năm trước.",
            "People newly enrolled, the first nine months of 2023: 57.2%, no change on the same period last year.",
        ),
        (
            told(NONE, state="no_figure", why=("chưa có số liệu", "no figure")),
            "Số người tuyển mới (9 tháng đầu năm 2023): chưa có số liệu.",
            "People newly enrolled (the first nine months of 2023): no figure.",
        ),
        (
            told(5, why=("thiếu 1/2 đơn vị", "lacks 1 of 2 units"), illustrative=True),
            "Số người tuyển mới, 9 tháng đầu năm 2023: 5 người (thiếu 1/2 đơn vị; số liệu minh họa).",
            "People newly enrolled, the first nine months of 2023: 5 people (lacks 1 of 2 units; illustrative).",
        ),
    ],
)
def test_a_line_in_a_sentence(line, vi, en):
    assert sentence(words.standing(line), "vi") == vi
    assert sentence(words.standing(line), "en") == en


@pytest.mark.parametrize(
    ("check", "vi", "en"),
    [
        (QuotaCheck(13500, 13500, 5400, 8100), "khớp với kế hoạch", "as planned"),
        (
            QuotaCheck(13500, 13000, 5000, 8000),
            "còn thiếu 500 người so với chỉ tiêu 13.500 người",
            "500 people short of 13,500 people",
        ),
        (
            QuotaCheck(13500, 13501, 5401, 8100),
            "vượt 1 người so với chỉ tiêu 13.500 người",
            "1 person above 13,500 people",
        ),
        (QuotaCheck(13500, None, None, None), "hưa giao chỉ tiêu", "o quotas were assigned"),
        (QuotaCheck(None, 900, 900, None), "cộng lại là 900 người", "add up to 900 people"),
    ],
)
def test_the_sum_of_quotas(check, vi, en):
    assert vi in sentence(words.quota_sum(check), "vi")
    assert en in sentence(words.quota_sum(check), "en")


def test_the_ranking_counts_units_without_a_figure():
    lines = [
        {"unit": "a", "percent_of_plan": 40.0},
        {"unit": "b", "percent_of_plan": 60.0},
        {"unit": "c", "percent_of_plan": NONE},
    ]
    said = words.ranking(lines, {"a": "Cao Lộc", "b": "Bắc Sơn"})
    assert sentence(said, "vi") == (
        "So với chỉ tiêu được giao, cao nhất là Bắc Sơn (60,0%), thấp nhất là Cao Lộc (40,0%); "
        "1 đơn vị chưa có số liệu."
    )
    assert words.ranking(lines[:1], {}) is None


def test_quotas_are_added_by_kind_of_unit_and_held_against_the_plan():
    """5,400 of districts and 8,100 of provincial institutions are the 13,500 of the plan; 120 are the city's."""
    plan = load_plan("lang-son-2023-example")
    whole = reconcile_quotas(plan, 2023)
    assert (whole.target, whole.total, whole.districts, whole.provincial) == (13500, 13500, 5400, 8100)
    assert (whole.difference, whole.agrees) == (0, True)
    left = plan.quotas[plan.quotas["unit"] != "178"]
    short = reconcile_quotas(plan.model_copy(update={"quotas": left}), 2023)
    assert (short.total, short.districts, short.difference, short.agrees) == (13380, 5280, -120, False)
    none = reconcile_quotas(plan.model_copy(update={"quotas": plan.quotas.iloc[:0]}), 2023)
    assert none == QuotaCheck(13500, None, None, None)


def test_gaps_name_only_who_lies_outside_chance():
    frame = gaps(pd.Series({"a": 700, "b": 9000, "c": 1}), pd.Series({"a": 1000, "b": 10_000, "c": 3}))
    frame = frame.assign(name=["A", "B", "C"])
    said = words.gap_words(frame, spread(frame["rate"], frame["total"]), "Employed", "2023-H1")
    text = sentence(said, "en")
    assert "20.0 percentage points" in text
    assert "below all units together: A" in text
    assert "1 with fewer than 10 people are not shown" in text
    assert "C" not in text.replace("Employed", "")
    facts = spoken(said, "en").facts
    assert (facts["units"], facts["outside"]) == (2, 2)
    assert facts["gap"] == pytest.approx(20)


@pytest.mark.parametrize(
    ("said", "en", "vi"),
    [
        (reasons.quotas(13500, 13500), "agrees with the plan", "khớp với kế hoạch"),
        (reasons.quotas(13501, 13500), "1 more than the plan were assigned", "giao vượt kế hoạch 1"),
        (reasons.quotas(13300, 13500), "200 of the plan were not assigned", "còn 200 chưa giao"),
        (reasons.quotas(13500, None), "sum of the quotas assigned", "cộng chỉ tiêu đã giao"),
        (
            reasons.stock_differs(7.0),
            "7 more than the identity of the stock gives",
            "lệch cân đối: thừa 7 người",
        ),
        (
            reasons.stock_differs(-7.0),
            "7 fewer than the identity of the stock gives",
            "lệch cân đối: thiếu 7 người",
        ),
        (
            reasons.partial(2, 3, (same("Cao Lộc"),)),
            "no figures from 1 of 3 units: Cao Lộc",
            "chưa có số của 1/3 đơn vị: Cao Lộc",
        ),
    ],
)
def test_what_must_be_known_beside_a_figure(said, en, vi):
    assert (said.en, said.vi) == (en, vi)


@pytest.mark.parametrize(
    ("had", "spent", "vi", "en"),
    [
        (200.0, 100.0, "đã giải ngân 100,0 triệu đồng trên 200,0 triệu đồng được giao, đạt 50,0%", ", 50.0%"),
        (None, 100.0, "chưa có đủ số liệu kinh phí", "not complete"),
        (200.0, None, "chưa có đủ số liệu kinh phí", "not complete"),
    ],
)
def test_funds(had, spent, vi, en):
    assert vi in sentence(words.funds(had, spent, "2023-9M"), "vi")
    assert en in sentence(words.funds(had, spent, "2023-9M"), "en")


@pytest.mark.parametrize(
    ("reported", "expected", "share"), [(3, 4, 75), (4, 4, 100), (0, 4, 0), (0, 0, None), (0, NONE, None)]
)
def test_the_share_of_units_behind_a_total_is_of_those_expected(reported, expected, share):
    said = words.coverage(told(5) | {"reported": reported, "expected": expected})
    assert (said.facts["reported"], said.facts["share"]) == (reported, share)
    assert said.facts["expected"] == (0 if share is None else 4)


def test_rows_that_have_a_figure():
    said = words.counted_rows({"computed": 90, "no_figure": 20, "narrative_only": 4}, "2023-9M")
    text = sentence(said, "vi")
    assert text == (
        "Tính đến hết 9 tháng đầu năm 2023, 90/114 chỉ tiêu theo dõi của kế hoạch có số liệu; "
        "20 chưa có số liệu và 4 chỉ thuyết minh."
    )


def test_shares_say_that_they_overlap():
    parts = pd.DataFrame({"value": [40, 80], "percent": [40.0, 80.0]}, index=["poor", "ethnic_minority"])
    said = words.shares(parts, {"poor": "Poor households", "ethnic_minority": "Ethnic minorities"})
    text = sentence(said, "en")
    assert text.startswith("Among them: poor households 40.0%, ethnic minorities 80.0%")
    assert "not added" in text
    assert "chưa có số liệu" in words.shares(parts.iloc[:0], {}).vi
