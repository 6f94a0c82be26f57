"""What is asked of those who answer for targets, points of the checks to clear up, and who gets a copy."""

from dataclasses import replace

import narrative_cases as cases
import pandas as pd
import pytest
from opened import opened
from period_cases import PLAN, both, facts

from vetanalysis.blocks import LANGUAGES, Paragraph, Text
from vetanalysis.language.cells import worded
from vetanalysis.language.render import sentence
from vetanalysis.narrative import (
    actions,
    clear_up,
    of_period,
    opening,
    points,
)
from vetanalysis.periods import parse_cutoff
from vetanalysis.plan import load_plan
from vetanalysis.report import document_of


def test_more_points_than_a_sheet_lists_are_said_to_be_more():
    found = pd.DataFrame([("186", "warning")] * 9, columns=["unit", "severity"])
    vi, en = both(clear_up.count, facts(unit="186", findings=found))
    assert "có 9 điểm cần sửa hoặc giải trình" in vi
    assert "dưới đây nêu 8 điểm" in vi
    assert "8 are listed below" in en
    few = facts(unit="186", findings=found[:8])
    assert "dưới đây nêu" not in both(clear_up.count, few)[0]


def test_what_the_checks_found_is_asked_of_whom_by_when_and_where_it_stands():
    """Three points of Hữu Lũng, one of a centre: most first, each by the day of its kind, as its own sheet says."""
    rows = [("186", "warning")] * 3 + [("gdnn-tinh-2", "error"), ("183", "info")]
    found = pd.DataFrame(rows, columns=["unit", "severity"])
    given = facts(findings=found)
    vi, en = both(clear_up.request, given)
    assert (
        "còn 4 điểm; đề nghị UBND huyện Hữu Lũng (3), TT GDNN cấp tỉnh 2 (1) sửa hoặc giải trình cùng" in vi
    )
    assert vi.endswith("Từng điểm nêu tại thông báo gửi đơn vị.")
    assert "Hữu Lũng district (3), Provincial vocational centre 2 (1): please correct or explain them" in en
    for unit, day in (("186", "18/12/2023"), ("gdnn-tinh-2", "15/12/2023")):
        assert f"chậm nhất ngày {day}" in vi
        own = facts(unit=unit, findings=found)
        points = "3 điểm" if unit == "186" else "1 điểm"
        assert f"có {points} cần sửa hoặc giải trình" in both(clear_up.count, own)[0]
        request = both(clear_up.own_request, own)[0]
        assert f"sửa hoặc giải trình {points} kiểm tra chậm nhất ngày {day}, cùng báo cáo năm 2023" in request
        assert [one.id for one in actions.unit_duties(own)] == ["clear_up", "own_deadline"]
    assert clear_up.table(given) is None, "all are named"
    assert clear_up.request(facts()) is None


def test_of_many_units_with_points_the_annex_has_each():
    """One to seven points: the three with most are named; of six units with one each none stands before the others."""
    units = ("186", "183", "178", "180", "181", "182", "gdnn-tinh-2")
    rows = [(unit, "warning") for number, unit in enumerate(units, 1) for _ in range(number)]
    given = facts(findings=pd.DataFrame(rows, columns=["unit", "severity"]))
    vi, en = both(clear_up.request, given)
    assert "đề nghị TT GDNN cấp tỉnh 2 (7), " in vi
    assert "(5) và 4 đơn vị khác (phụ lục) sửa hoặc giải trình" in vi
    assert "(5) and 4 other units (annex): please" in en
    table = worded(clear_up.table(given), "vi")
    assert [row[1:] for row in (table.rows[0], table.rows[-2], table.rows[-1])] == [
        ("TT GDNN cấp tỉnh 2", "7", "15/12/2023"), ("Hữu Lũng", "1", "18/12/2023"), ("Tổng cộng", "28", ""),
    ]  # fmt: skip
    alike = facts(
        findings=pd.DataFrame([(unit, "error") for unit in units[:6]], columns=["unit", "severity"])
    )
    vi, en = both(clear_up.request, alike)
    assert "còn 6 điểm; đề nghị 6 đơn vị (phụ lục) sửa hoặc giải trình" in vi
    assert "leave 6 points. 6 units (annex): please" in en


@pytest.mark.parametrize(
    ("plan", "as_of", "target", "signed", "vi", "en"),
    [
        (
            "lang-son-2023", "2023-Q1", "certified_rate", True,
            "Sở Lao động - Thương binh và Xã hội tổng hợp số đúng khái niệm của chỉ tiêu về tỷ lệ lao động qua đào tạo",
            "The Department of Labour, Invalids and Social Affairs will supply figures on",
        ),
        (
            "lang-son-2023", "2023-Q1", "certified_rate", False,
            "Đề nghị Sở Lao động - Thương binh và Xã hội cung cấp số đúng khái niệm của chỉ tiêu",
            "The Department of Labour, Invalids and Social Affairs: please supply figures on",
        ),
        (
            "viet-nam-2025", "2025-H1", "certified_rate_low", True,
            "Đề nghị Cơ quan thống kê quốc gia cung cấp số đúng khái niệm", ": please supply figures on",
        ),
    ],
)  # fmt: skip
def test_a_figure_is_asked_of_who_makes_it_on_the_target_s_own_definition(
    plan, as_of, target, signed, vi, en
):
    """The department's own rate of the department, also where the plan has the statistics office send another one."""
    plan = load_plan(plan)
    plan = plan if signed else plan.model_copy(update={"report_signatory": ()})
    one = replace(cases.unknown(), target=plan.target(target), as_of=as_of)
    told = actions.to_be_supplied(plan, [one])
    assert sentence(told, "vi").startswith(vi)
    assert en in sentence(told, "en")
    assert "Cục Thống kê" not in sentence(told, "vi")


@pytest.mark.parametrize(
    ("plan", "as_of", "target", "vi"),
    [
        (
            "viet-nam-2025",
            "2025-H1",
            "trained_rate",
            "Bộ Giáo dục và Đào tạo đề ra giải pháp về tỷ lệ",
        ),
        (
            "viet-nam-2025",
            "2024-FY",
            "trained_rate",
            "Bộ Lao động - Thương binh và Xã hội đề ra giải pháp về tỷ lệ",
        ),
        (
            "vinh-long-2022",
            "2022-M08",
            "certified_rate",
            "Sở Lao động - Thương binh và Xã hội trình UBND tỉnh Vĩnh Long giải pháp về tỷ lệ",
        ),
    ],
)
def test_a_target_that_lags_names_who_answers_for_it(plan, as_of, target, vi):
    plan = load_plan(plan)
    one = cases.rate(target=plan.target(target), as_of=as_of, probability=0.3, status="unlikely")
    (asked,) = actions.measures(plan, [one], None)
    assert sentence(asked, "vi").startswith(vi)
    assert sentence(asked, "vi").endswith(" trong 10 ngày làm việc kể từ ngày ra báo cáo này.")
    assert sentence(asked, "en").endswith(" within 10 working days of this report.")
    likely = cases.rate(target=plan.target(target), as_of=as_of, probability=0.7, status="likely")
    assert actions.measures(plan, [likely], None) == []


def test_where_the_plan_names_nobody_the_lead_body_is_asked_and_that_is_said():
    plan = load_plan("lang-son-2023").model_copy(update={"bodies": (), "report_signatory": ()})
    one = cases.rate(probability=0.3, status="unlikely")
    (asked,) = actions.actions(plan, [one], None)
    assert sentence(asked, "vi").startswith(
        "Đề nghị đơn vị chủ trì (kế hoạch không nêu tên) đề ra giải pháp về tỷ lệ lao động qua đào tạo "
    )
    assert "The lead body (the plan names none): please set out measures on the trained" in sentence(
        asked, "en"
    )


def test_another_body_than_who_signs_sends_its_measures_and_its_figures_to_who_signs():
    """The body that makes the rate is not the department that signs: it is asked, and the report says where to send."""
    plan = load_plan("lang-son-2023")
    (signs, *_) = plan.report_signatory
    other = Text("Sở Giáo dục và Đào tạo", "Department of Education and Training")
    plan = plan.model_copy(update={"report_signatory": (signs.model_copy(update={"organisation": other}),)})
    one = cases.rate(probability=0.3, status="unlikely")
    (asked,) = actions.measures(plan, [one], None)
    assert sentence(asked, "vi").startswith(
        "Đề nghị Sở Lao động - Thương binh và Xã hội gửi Sở Giáo dục và Đào tạo giải pháp về tỷ lệ lao động qua đào tạo"
    )
    assert sentence(asked, "en").startswith(
        "The Department of Labour, Invalids and Social Affairs: please send the Department of Education and Training "
        "measures on the trained-labour rate ("
    )
    (figure,) = actions.newest_asked(plan, [replace(one, as_of="2023-H1")], None)
    assert sentence(figure, "vi").startswith(
        "Đề nghị Sở Lao động - Thương binh và Xã hội cung cấp số năm 2022 về tỷ lệ lao động qua đào tạo chậm nhất ngày "
    )
    assert ": please supply the figure for 2022 of the trained-labour rate by " in sentence(figure, "en")
    (own,) = actions.newest_asked(load_plan("lang-son-2023"), [replace(one, as_of="2023-H1")], None)
    assert sentence(own, "en").startswith(
        "The Department of Labour, Invalids and Social Affairs will compile the figure for 2022 of the trained"
    )


def test_people_of_a_year_that_will_be_full_are_no_action():
    plan = load_plan("vinh-long-2022")
    counted = {
        "so_far": 29802.0,
        "received": 1,
        "as_of": "2022-M08",
        "unit": plan.place.code,
        "target": plan.target("people_enrolled"),
    }
    assert (
        actions.actions(plan, [cases.people(**counted, probability=0.97, status="almost_certain")], None)
        == []
    )
    (asked,) = actions.actions(plan, [cases.people(**counted, probability=0.2, status="unlikely")], None)
    assert (
        "trình UBND tỉnh Vĩnh Long giải pháp về số người tuyển mới trong năm 2022 (còn thiếu 4.698 người) trong"
        in sentence(asked, "vi")
    )


def test_units_that_the_report_asks_for_something_receive_a_copy_of_it():
    told = {}
    for asks in (of_period.asks_units(facts()), of_period.asks_units(None)):
        signed = opening.signature(PLAN, parse_cutoff("2023-9M"), asks=asks)
        told[asks] = [[sentence(one, lang) for one in signed.recipients] for lang in LANGUAGES]
    assert told[True] == [
        ["Như trên", "Các đơn vị nêu tại mục IV", "Lưu: VT, GDNN"],
        ["As above", "The units named in part IV", "Archive: VT, GDNN"],
    ]
    assert told[False] == [["Như trên", "Lưu: VT, GDNN"], ["As above", "Archive: VT, GDNN"]]
    assert not of_period.asks_units(facts(unit="186")), "a notice goes to the unit itself"


@pytest.mark.parametrize("unit", ["20", "178"])
def test_what_units_are_asked_before_the_year_begins_is_on_page_one_and_goes_to_them(unit):
    """Of the place, as at later cut-offs: the people its units are to enrol first, and no other body for them."""
    document = document_of(opened("lang-son-2023-example", "2023-start").at(unit=unit, lang="vi"))
    key = next(one.text for one in document.blocks if isinstance(one, Paragraph) and one.kind == "key")
    asked = "(1) Đề nghị 23 đơn vị được giao chỉ tiêu tuyển đủ 13.500 người chậm nhất ngày 14/12/2023."
    assert (asked in key) == (unit == "20")
    assert "cần 13.500 người" not in key
    assert ("Các đơn vị nêu tại mục IV" in document.signature.recipients) == (unit == "20")


@pytest.mark.parametrize(
    ("found", "sheet", "vi", "en"),
    [
        (
            "Số buổi tuyên truyền để trống",
            "",
            "không điểm nào về số người tuyển mới (9.000 người)",
            "none of them on",
        ),
        (
            "số người tuyển mới giảm",
            "",
            "1 điểm về số người tuyển mới (9.000 người)",
            "1 of them on people newly enrolled (9,000 people)",
        ),
        (
            "ô này để trống",
            "Tuyển mới",
            "1 điểm về số người tuyển mới (9.000 người)",
            "1 of them on people newly enrolled (9,000 people)",
        ),
    ],
)
def test_once_the_year_is_over_it_is_told_whether_its_people_rest_on_a_point_that_is_left(
    found, sheet, vi, en
):
    left = pd.DataFrame(
        [
            {
                "unit": "186",
                "severity": "warning",
                "rule": "no-longer-reported",
                "sheet": "",
                "found_vi": "Số lớp",
            },
            {"unit": "183", "severity": "warning", "rule": "start-stock", "sheet": sheet, "found_vi": found},
        ]
    )
    over = parse_cutoff("2023-FY")
    told = both(points.behind_the_result, facts(cutoff=over, findings=left))
    assert "còn 2 điểm, " + vi in told[0]
    assert en in told[1]
    assert "“chỉ tiêu đã báo cáo kỳ trước vẫn được báo cáo kỳ này” (1)" in told[0]
    assert points.behind_the_result(facts(findings=left)) is None, "the year goes on"
    assert points.behind_the_result(facts(cutoff=over)) is None
