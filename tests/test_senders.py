"""One quantity from two kinds of senders: side by side, told whether they agree, never added."""

import narrative_cases as cases
import pandas as pd
import pytest
from opened import opened

from vetanalysis import load_plan, show
from vetanalysis.blocks import LANGUAGES, Text
from vetanalysis.indicators.network import RECONCILED
from vetanalysis.narrative import tasks as words

LABELS = {
    "jobs_created": Text("Số lao động được tạo việc làm mới", "Workers given a new job"),
    "budget_assigned": Text("Kinh phí được giao", "Funds assigned"),
    "labour_supplied_outside": Text(
        "Số lao động cung ứng ngoài tỉnh", "Workers supplied outside the province"
    ),
}


def pair(indicator, first, second, reported=1):
    return [
        (indicator, "district", first, 11, 11, 0.0, True),
        (indicator, "tt-dvvl", second, reported, 1, second - first, False),
    ]


def told(*rows):
    table = pd.DataFrame([one for both in rows for one in both], columns=list(RECONCILED))
    found = cases.told(words.compared(table, LABELS, "2023-9M"))
    return found[0].facts, found[0].text, found[1].text


def test_one_that_differs_is_named_and_one_that_agrees_is_counted():
    facts, vi, en = told(pair("jobs_created", 1000.0, 500.0), pair("budget_assigned", 42.4, 42.4))
    assert (facts["agree"], facts["differ"], facts["partial"]) == (
        ("budget_assigned",),
        ("jobs_created",),
        (),
    )
    assert vi == (
        "Tính đến hết 9 tháng đầu năm 2023, 2 chỉ tiêu có từ hai nơi gửi trở lên và không được cộng vào nhau: 1 chỉ "
        "tiêu khớp nhau, 1 chỉ tiêu khác nhau (số lao động được tạo việc làm mới); khác nhau có thể do phạm vi mỗi nơi "
        "tính khác nhau, cần hỏi cả hai nơi trước khi dùng."
    )
    assert en == (
        "As of the end of the first nine months of 2023, 2 quantities have two or more senders, which are never added: "
        "1 agrees, 1 differs (workers given a new job); senders may count different things, so ask both before the "
        "figures are used."
    )


def test_a_sum_that_lacks_a_unit_contradicts_nobody():
    facts, vi, en = told(pair("jobs_created", 1000.0, 500.0, reported=0))
    assert facts["partial"] == ("jobs_created",)
    assert "chưa so được vì còn đơn vị chưa báo cáo" in vi
    assert "ask both" not in en


def test_rounding_is_no_difference():
    assert told(pair("budget_assigned", 42614.4, 42614.4 + 7e-12))[0]["agree"] == ("budget_assigned",)
    assert told(pair("budget_assigned", 0.0, 0.0))[0]["agree"] == ("budget_assigned",)
    assert told(pair("jobs_created", 1000.0, 999.0))[0]["differ"] == ("jobs_created",)


def test_no_quantity_with_two_senders_is_said_as_nought():
    facts, vi, en = told()
    assert facts["quantities"] == 0
    assert "có 0 chỉ tiêu" in vi
    assert "0 quantities" in en


@pytest.mark.parametrize("lang", LANGUAGES[:1])
def test_the_notebook_shows_every_sender_and_marks_the_one_used(lang):
    study = opened("lang-son-2023-example", "2023-9M", lang=lang)
    frame = show.block(study, "indicators.senders").frame
    used = frame[frame.columns[-1]] != ""
    assert used.groupby(frame[frame.columns[0]], sort=False).sum().eq(1).all()
    assert not frame[frame.columns[1]].isin(["district", "institution", "own", "tt-dvvl", "so-tc"]).any()
    assert show.block(study, "indicators.senders_said").data.startswith("**")


def test_one_unit_and_a_year_without_returns_have_nothing_to_compare():
    start = opened("lang-son-2023", "2023-start", lang="en")
    assert show.block(start, "indicators.senders").data == ""
    assert "0 quantities" in show.block(start, "indicators.senders_said").data
    unit = opened("lang-son-2023-example", "2023-9M", unit="180", lang="en")
    assert show.block(unit, "indicators.senders").data == ""
    assert "whole place" in show.block(unit, "indicators.senders_said").data


def test_senders_are_called_by_their_names():
    plan = load_plan("lang-son-2023-example")
    assert words.sender(plan, "own").en == "the place's own report"
    assert words.sender(plan, "so-tc").vi == "Sở TC"
    assert words.sender(plan, "so-tc").en == "Department of Finance"
