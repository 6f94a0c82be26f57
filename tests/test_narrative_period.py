"""What a report of a period says of reports received, units and levels behind, the last report and the year."""

import math
from dataclasses import replace
from types import SimpleNamespace

import narrative_cases as cases
import pandas as pd
import pytest
from period_cases import PLAN, Flat, both, facts, line, matrix, standing, year

from vetanalysis.assessment.issued import statement_of
from vetanalysis.figures.standing import standing_picture
from vetanalysis.language.cells import worded
from vetanalysis.language.render import sentence
from vetanalysis.narrative import actions, behind, of_period, opening, outlook, targets
from vetanalysis.periods import parse_cutoff

# reporting


def test_everybody_reported():
    vi, en = both(outlook.reporting, facts(matrix=matrix(("186", "on_time", 0), ("183", "corrected", 2))))
    assert vi == "Đã có 2/2 đơn vị gửi báo cáo 9 tháng đầu năm 2023."
    assert en == "2 of 2 units sent their report for the first nine months of 2023."


def test_late_and_missing_units_are_named_with_their_days():
    vi, en = both(
        outlook.reporting,
        facts(matrix=matrix(("186", "late", 7), ("183", "missing", None), ("178", "on_time", 0))),
    )
    assert "2/3 đơn vị" in vi
    assert "1 đơn vị gửi muộn (huyện Hữu Lũng: 7 ngày)" in vi
    assert "chưa có báo cáo hợp lệ: huyện Cao Lộc" in vi
    assert "7 days" in en
    assert "1 has no valid report" in en


def test_one_day_late_is_one_day():
    assert "1 day)" in both(outlook.reporting, facts(matrix=matrix(("186", "late", 1))))[1]


def test_before_the_first_report_nobody_has_sent_one():
    vi, en = both(outlook.reporting, facts(matrix=matrix(*((str(n), "missing", None) for n in range(52)))))
    assert vi == "Chưa có đơn vị nào trong 52 đơn vị gửi báo cáo 9 tháng đầu năm 2023 hợp lệ."
    assert en == "None of the 52 units has sent a valid report for the first nine months of 2023."


def test_nobody_due_says_nothing():
    assert outlook.reporting(facts(matrix=matrix(("186", "not_due", 0)))) is None


# units behind


def test_every_unit_unlikely_to_reach_its_quota_is_named_the_least_likely_first():
    units = standing(("183", 590, 410, "within"), ("186", 760, 437, "behind"), ("178", 120, 60, "within"))
    units["probability"] = [0.44, 0.1, 0.45]
    vi, en = both(behind.units_behind, facts(year=year(units)))
    assert vi.startswith("Trong 3 đơn vị được giao chỉ tiêu, 2 đơn vị có xác suất đạt chỉ tiêu năm dưới 45%")
    assert vi.endswith(": huyện Hữu Lũng (57,5%) và huyện Cao Lộc (69,5%).")
    assert "2 of the 3 units with a quota have a chance below 45% of reaching it" in en


def test_a_unit_that_is_low_in_season_is_not_called_behind():
    units = standing(("cdsp-ls", 170, 2, "behind"), ("183", 590, 410, "within"))
    units.loc["cdsp-ls", "probability"] = 0.5
    assert "không đơn vị nào trong 2 đơn vị" in both(behind.units_behind, facts(year=year(units)))[0]


def test_a_unit_without_a_report_is_counted_apart_whatever_its_chance():
    units = standing(("186", 760, math.nan, "unknown"), ("183", 590, 410, "within"))
    units.loc["186", "probability"] = 0.2
    vi, _ = both(behind.units_behind, facts(year=year(units)))
    assert "không đơn vị nào trong 1 đơn vị được giao chỉ tiêu đã báo cáo" in vi, "one base with the picture"
    assert vi.endswith("dưới 45%; 1 đơn vị chưa báo cáo.")


def test_once_the_year_is_over_units_below_their_quota_are_named_and_no_chance():
    """A unit at 99 % was no risk by its chance of the day before; it fell short all the same."""
    units = standing(
        ("183", 590, 589, "within"), ("186", 760, 700, "within"), ("178", 120, 120, "within"),
        ("181", 450, math.nan, "unknown"),
    )  # fmt: skip
    over = facts(cutoff=parse_cutoff("2023-FY"), year=year(units))
    vi, en = both(behind.units_behind, over)
    assert "1/4 đơn vị hoàn thành chỉ tiêu; 2 đơn vị chưa hoàn thành" in vi
    assert "huyện Hữu Lũng (92,1%, thiếu 60 người) và huyện Cao Lộc (99,8%, thiếu 1 người)" in vi
    assert vi.endswith("; 1 đơn vị chưa báo cáo.")
    assert "khả năng" not in vi
    assert "1 of 4 units reached their quota; 2 did not" in en
    table = worded(behind.behind_table(over), "vi")
    assert [row[1:] for row in table.rows] == [
        ("Hữu Lũng", "760", "700", "92,1", "-60"), ("Cao Lộc", "590", "589", "99,8", "-1"),
        ("Cộng các đơn vị trên", "1.350", "1.289", "95,5", "-61"),
        ("1 đơn vị đã đủ hoặc vượt chỉ tiêu", "120", "120", "100,0", "0"),
        ("1 đơn vị chưa báo cáo", "450", "..", "..", "-450"), ("Tổng cộng", "1.920", "1.409", "73,4", "-511"),
    ]  # fmt: skip
    assert [column.heading for column in table.columns][-1] == "Thiếu (-), vượt (+)"
    assert not outlook.requests(over)
    (asked,) = actions.asked_of_units(over)  # the largest number short first, whatever the order
    assert sentence(asked, "vi") == (
        "Đề nghị 2 đơn vị chưa hoàn thành chỉ tiêu (bảng tại mục III) nêu nguyên nhân thiếu 61 người, nhiều nhất "
        "là UBND huyện Hữu Lũng (60 người), trong báo cáo quý I năm 2024: huyện, thành phố chậm nhất ngày 18/3/2024."
    )


def test_the_picture_of_units_names_who_is_unlikely_and_once_the_year_is_over_who_fell_short():
    """A unit ahead of the others may be unlikely, too; without a figure none is drawn or counted."""
    units = standing(
        ("183", 590, 410, "behind"), ("186", 760, 437, "within"), ("178", 120, 120, "within"),
        ("181", 450, math.nan, "behind"),
    )  # fmt: skip
    study = SimpleNamespace(as_of="2023-9M")
    drawn = standing_picture(study, facts(year=year(units))).data
    assert drawn.title.vi == "1/3 đơn vị có xác suất đạt chỉ tiêu dưới 45%: Cao Lộc"
    assert drawn.title.en == "1 of 3 units with a chance below 45% of reaching their quota: Cao Lộc district"
    assert drawn.key.vi.startswith("Ô vuông: xác suất đạt chỉ tiêu dưới 45%.")
    assert [unit.outside for unit in drawn.units] == [False, True, False]
    over = standing_picture(study, facts(year=year(units), cutoff=parse_cutoff("2023-FY"))).data
    assert over.title.vi == "2/3 đơn vị chưa hoàn thành chỉ tiêu"
    assert all(unit.usual is None and not unit.outside for unit in over.units)
    assert over.key == ""


def test_without_a_projected_year_nobody_is_behind():
    assert behind.units_behind(facts()) is None


# levels behind


@pytest.mark.parametrize(("chance", "told"), [(0.3, True), (0.44, True), (0.45, False), (0.9, False)])
def test_a_level_is_named_below_an_even_chance(chance, told):
    lines = pd.DataFrame(
        [line("people_enrolled", 500, level="college", plan_value=950.0, percent_of_plan=52.6)]
    )
    made = year(standing(("186", 1, 1, "within")), {"college": Flat(chance)})
    vi, en = both(behind.levels_behind, facts(lines=lines, year=made))
    assert ("cao đẳng đạt 52,6% chỉ tiêu" in vi) == told
    assert ("college at 52.6% of quota" in en) == told


def test_a_level_that_fell_short_is_told_by_how_much_once_the_year_is_over():
    lines = pd.DataFrame(
        [line("people_enrolled", 930, level="college", plan_value=950.0, percent_of_plan=97.9)]
    )
    made = year(standing(("186", 1, 1, "within")), {"college": Flat(0.9)})
    vi, en = both(behind.levels_behind, facts(lines=lines, year=made, cutoff=parse_cutoff("2023-FY")))
    assert "chưa hoàn thành chỉ tiêu: cao đẳng đạt 97,9% chỉ tiêu, thiếu 20 người" in vi
    assert "college at 97.9% of quota, 20 short" in en


def test_a_level_without_a_quota_is_not_judged():
    lines = pd.DataFrame([line("people_enrolled", 500, level="college", plan_value=0.0)])
    made = year(standing(("186", 1, 1, "within")), {"college": Flat(0.1)})
    assert behind.levels_behind(facts(lines=lines, year=made)) is None, "nor said to have reached it"


# since the last report


def people(probability, gap, status, **changes):
    return cases.people(
        as_of="2023-9M",
        probability=probability,
        gap=gap,
        status=status,
        projection=cases.AnyProjection(),
        **changes,
    )


def test_the_chance_rises_and_the_judgement_moves():
    now, then = people(0.9, 2000.0, "very_likely"), people(0.6, 5000.0, "likely")
    vi, en = both(of_period.since_last, now, statement_of(then), "2023-H1")
    assert " so với báo cáo 6 tháng đầu năm 2023" in vi
    assert "tăng từ" in vi
    assert "số còn thiếu giảm từ 5.000 người xuống 2.000 người" in vi
    assert "chuyển từ có khả năng đạt (55-80%) sang rất có khả năng đạt (80-95%)" in vi
    assert "risen from" in en


def test_the_chance_falls():
    vi, en = both(
        of_period.since_last,
        people(0.1, 3000.0, "very_unlikely"),
        statement_of(people(0.5, 5000.0, "even")),
        "2023-H1",
    )
    assert "giảm từ" in vi
    assert "fallen from" in en


def test_an_unchanged_chance_is_said_as_unchanged():
    vi, en = both(
        of_period.since_last,
        people(0.7, 3000.0, "likely"),
        statement_of(people(0.7, 5000.0, "likely")),
        "2023-H1",
    )
    assert "không đổi (" in vi
    assert "mức đánh giá" not in vi
    assert "is unchanged at" in en


@pytest.mark.parametrize(
    ("before", "now", "vi", "en"),
    [
        (0.68, 0.71, "không đổi (khoảng 70%)", "is unchanged at about 70%"),
        (0.27, 0.68, "tăng từ khoảng 25% lên khoảng 70%", "has risen from about 25% to about 70%"),
        (0.68, 0.004, "giảm từ khoảng 70% xuống dưới 1%", "has fallen from about 70% to below 1%"),
    ],
)
def test_a_chance_is_printed_beside_another_as_everywhere_in_the_report(before, now, vi, en):
    then = statement_of(people(before, 5000.0, "likely"))
    told = both(of_period.since_last, people(now, 3000.0, "likely"), then, "2023-H1")
    assert vi in told[0]
    assert en in told[1]
    assert "68%" not in told[0]


def test_a_step_over_the_border_is_not_yet_a_change_of_judgement():
    vi, en = both(
        of_period.since_last,
        people(0.81, 3000.0, "very_likely"),
        statement_of(people(0.78, 5000.0, "likely")),
        "2023-H1",
    )
    assert "thay đổi nhỏ, qua ranh giới giữa" in vi
    assert "a small move, across the line between likely" in en


def test_at_the_start_of_a_year_there_was_a_judgement_and_no_report():
    one, before = people(0.7, 3000.0, "likely"), people(0.7, 5000.0, "likely")
    vi, en = both(of_period.since_last, one, statement_of(before), "2023-start")
    assert " so với đánh giá đầu năm 2023" in vi
    assert en.startswith("Compared with the judgement at the start of 2023, the chance")


def test_a_filled_target_misses_nothing():
    vi, _ = both(
        of_period.since_last,
        people(0.97, 0.0, "almost_certain"),
        statement_of(people(0.9, 100.0, "very_likely")),
        "2023-H1",
    )
    assert "đã được thực hiện đủ" in vi


@pytest.mark.parametrize("before", [None, statement_of(cases.unknown())])
def test_nothing_to_compare_says_nothing(before):
    assert of_period.since_last(people(0.7, 1.0, "likely"), before, "2023-H1") is None


# the year


@pytest.mark.parametrize(
    ("median", "goal", "vi"),
    [
        (13866.0, 13500, "13.900 người, bằng khoảng 103% chỉ tiêu"),
        (1.0, 1, "1 người, bằng khoảng 100% chỉ tiêu"),
        (
            5.0,
            0,
            "mức dự báo trong năm 2023 là 5 người (khoảng dự báo 80%: từ ",
        ),  # of nothing there is no share
    ],
)
def test_the_estimate_of_the_year(median, goal, vi):
    one = cases.people(
        target=cases.people_target().model_copy(update={"value": goal}), median=median, as_of="2023-9M"
    )
    assert vi in both(targets.prospects, one)[0]


def test_the_same_period_is_that_of_the_units_that_reported():
    counted = {"so_far": 8758.0, "received": 22, "same_period": 8025.0}
    one = cases.people(as_of="2023-9M", late=("A",), **counted)
    assert "bằng 109,1% so với cùng kỳ (8.025 người của cùng 22 đơn vị)" in both(targets.results, one)[0]
    assert "cùng kỳ (8.025 người);" in both(targets.results, replace(one, late=()))[0]
    assert "chưa có số liệu cùng kỳ" in both(targets.results, replace(one, same_period=None))[0]


@pytest.mark.parametrize(
    ("value", "last", "moved", "same", "compared"),
    [
        (9000.0, 8000.0, 1000.0, 8000.0, None),
        (9000.0, 7600.0, 900.0, 7600.0, 8500.0),  # 500 of them in units that have no year before
        (12.1, 29.0, 12.1 - 29.0, 29.0, None),  # of parts of units: 29.0 + (12.1 - 29.0) is not quite 12.1
        (9000.0, math.nan, math.nan, None, None),
        (math.nan, math.nan, math.nan, None, None),
    ],
)
def test_people_as_reported_for_the_period(value, last, moved, same, compared):
    lines = pd.DataFrame([line("people_enrolled", value, last_year_value=last, change_last_year=moved)])
    one = facts(lines=lines).as_reported(people(0.7, 4400.0, "likely", so_far=9100.0, received=22))
    if math.isnan(value):
        assert one.so_far is None
        assert one.gap is None
    else:
        assert one.so_far == value
        assert one.gap == one.target.value - value
    assert (one.same_period, one.compared) == (same, compared)


@pytest.mark.parametrize(("value", "left"), [(9000.0, 4500.0), (13_500.0, 0.0), (14_000.0, 0.0)])
def test_the_pace_of_the_steps_left_is_nought_once_the_target_is_reached(value, left):
    """One quarter is left after nine months."""
    reported = facts(lines=pd.DataFrame([line("people_enrolled", value)]))
    one = reported.as_reported(people(0.7, 4400.0, "likely", so_far=9100.0, received=22))
    assert (one.pace_required, one.gap) == (left, 13_500 - value)


def test_documents_named_in_returns_are_counted():
    named = pd.DataFrame({"unit": ["186", "186", "183"], "type": ["Kế hoạch"] * 3})
    given = facts(
        documents=named, matrix=matrix(("186", "on_time", 0), ("183", "on_time", 0), ("178", "missing", None))
    )
    vi, _ = both(opening.plan_documents, given)
    assert "2/3 đơn vị" in vi
    assert "đã báo cáo 3 văn bản triển khai" in vi
    assert opening.plan_documents(facts()) is None


def test_a_unit_gets_a_notice_under_the_letters_of_whoever_signs():
    at = parse_cutoff("2023-9M")
    assert opening.symbol_of(PLAN, at, "20") == "BC-LĐTBXH"
    assert opening.symbol_of(PLAN, at, "178") == "TB-LĐTBXH"
    assert opening.symbol_of(PLAN, parse_cutoff("2025-H1"), "178") == "TB-SGDĐT", "the body that took over"
    unsigned = PLAN.model_copy(update={"report_signatory": ()})
    assert [opening.symbol_of(unsigned, at, unit) for unit in ("20", "178")] == ["BC", "TB"]


def test_a_judgement_that_did_not_come_true_is_told_with_how_far_off_it_was():
    before = replace(statement_of(cases.people(probability=0.7, status="likely")), lower_80=12900.0, median=13900.0,
                     upper_80=15000.0)  # fmt: skip
    missed, reached = (
        cases.people(as_of="2023-FY", points=(cases.point(2023, value),), projection=None, status=status)
        for value, status in ((13380.0, "not_reached"), (13600.0, "reached"))
    )
    told = facts(before_as_of="2023-9M")
    vi, en = both(of_period._held_against, missed, before, told)
    assert (
        "nằm trong khoảng này. Nhận định có khả năng đạt (55-80%) khi đó không xảy ra: kết quả thấp hơn" in vi
    )
    assert "did not come true: the outcome is about 520 people below the projection." in en
    assert both(of_period._held_against, reached, before, told)[1].endswith("lies within that range.")


def test_a_quarter_alone_of_few_of_its_senders_is_no_figure_of_the_place():
    def told(reported):
        one = line("budget_disbursed", 30.0) | {"basis": "period", "expected": 10, "reported": reported}
        return facts(lines=pd.DataFrame([one])).alone("budget_disbursed")

    assert told(10) == told(6) == 30
    assert told(5) is None
