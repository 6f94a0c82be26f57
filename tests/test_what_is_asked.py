"""What is asked of whom by when: of units as their chance calls for it, of others by what they answer for."""

import math
import re
from dataclasses import replace

import narrative_cases as cases
import pandas as pd
import pytest
from opened import opened
from period_cases import PLAN, both, course, facts, line, matrix, standing, year

from vetanalysis.blocks import LANGUAGES, Paragraph
from vetanalysis.language.cells import worded
from vetanalysis.language.render import sentence
from vetanalysis.narrative import (
    actions,
    behind,
    evidence,
    opening,
    outlook,
    targets,
    unit_sheet,
)
from vetanalysis.narrative.period import PeriodFacts
from vetanalysis.periods import parse_cutoff
from vetanalysis.plan import load_plan
from vetanalysis.report import period_of


@pytest.fixture
def in_season(monkeypatch):
    """Every unit came in by a tenth, three tenths and six tenths of its year, over the two years before."""
    monkeypatch.setattr(
        PeriodFacts, "past_years", lambda self, unit="", level=None: course((0.1, 0.3, 0.6, 1.0))
    )


def test_who_is_asked_for_how_many_by_when_the_least_likely_first(in_season):
    """324 missing at half-year: 3/7 of them by nine months, as (0.6 - 0.3) of (1 - 0.3) usually come."""
    units = standing(("183", 590, 210, "within"), ("186", 760, 436, "behind"), ("178", 120, 100, "within"))
    units["probability"] = [0.3, 0.1, 0.7]
    table = worded(behind.behind_table(facts(cutoff=parse_cutoff("2023-H1"), year=year(units))), "vi")
    assert table.title.startswith("Đơn vị có xác suất đạt chỉ tiêu năm 2023 dưới 45%"), "10% is no 'unlikely'"
    assert [row[1] for row in table.rows] == [
        "UBND huyện Hữu Lũng", "UBND huyện Cao Lộc", "Cộng các đơn vị trên", "1 đơn vị khác chưa đủ chỉ tiêu",
        "Tổng cộng",
    ]  # fmt: skip
    assert table.rows[0][2:] == ("760", "436", "57,4", "30,0", "760", "10%", "139", "324")
    assert table.rows[1][2:] == ("590", "210", "35,6", "30,0", "590", "30%", "163", "380")
    assert table.rows[2][2:] == ("1.350", "646", "47,9", "", "", "", "302", "704")
    assert table.rows[3][2:] == ("120", "100", "83,3", "", "", "", "9", "20")
    held = facts(cutoff=parse_cutoff("2023-H1"), year=year(units), not_held={"unlikely": (50, 30, 0.3)})
    marked = worded(behind.behind_table(held), "vi")
    assert [row[7] for row in marked.rows[:2]] == ["10%", "30%(†)"], "only the word that did not hold"
    held = "“ít khả năng đạt” 60% (đã nêu 30%)."
    assert marked.notes == (f"(†): theo mô phỏng lại, đạt nhiều hơn: {held}", *table.notes)
    (note,) = table.notes
    assert note.endswith("Đơn vị khác chưa đủ chỉ tiêu: TP Lạng Sơn."), "who the last row is of is named"
    assert "quy mô, mức tăng các năm trước" in note, "the projection weighs more than the pace"
    assert table.rows[4][2:] == ("1.470", "746", "50,7", "", "", "", "311", "724")
    assert behind.asked_soon(facts(cutoff=parse_cutoff("2023-H1"), year=year(units))) == 139 + 163 + 9
    assert [column.label for column in table.columns[-2:]] == ["đến 14/9/2023", "đến 14/12/2023"]
    assert all(len(row) == len(table.columns) for row in (*table.rows, *table.values))


def test_with_one_quarter_left_the_year_s_end_is_the_only_day():
    units = standing(("186", 760, 437, "behind"))
    table = worded(behind.behind_table(facts(year=year(units))), "vi")
    assert [column.label for column in table.columns[-2:]] == [
        "Khả năng đạt",
        "Còn thiếu đến 14/12/2023",
    ]
    assert table.rows[0][-1] == "323"
    assert table.rows[0][5] == "..", "no past year tells what is usual"


def test_of_hundreds_the_worst_are_named_and_the_rest_is_counted_so_that_the_table_adds_up():
    rows = [(f"d{number:03d}", 100, 40, "within") for number in range(40)]
    units = standing(*rows)
    units["probability"] = [0.01 * number for number in range(40)]
    table = worded(behind.behind_table(facts(year=year(units))), "vi")
    assert len(table.rows) == 17
    assert table.rows[-2][1] == "25 đơn vị khác (phụ lục)"
    assert table.rows[-2][2:4] == ("2.500", "1.000")
    assert table.rows[-1][2:4] == ("4.000", "1.600")
    shown = [row[-1] for row in table.values[:-1]]
    assert sum(shown) == table.values[-1][-1] == 2400


def test_before_anybody_of_the_year_is_counted_nothing_is_called_the_rest():
    plan = load_plan("lang-son-2023-example")
    start = cases.people(unit="178", as_of="2023-start", probability=0.4, status="unlikely",
                         target=cases.people_target().model_copy(update={"value": 120.0}))  # fmt: skip
    asked, _ = actions.actions(plan, [start], None)
    assert sentence(asked, "vi").endswith(
        "tuyển 120 người chậm nhất ngày 14/12/2023; gửi kế hoạch chậm nhất 5 ngày làm việc sau ngày ra thông "
        "báo này."
    )
    assert "please enrol 120 people by 14 December 2023" in sentence(asked, "en")
    assert sentence(targets.basis(start), "en") == "Going by earlier years"
    silent = replace(start, as_of="2023-H1")
    assert sentence(targets.basis(silent), "vi") == "Theo kết quả các năm trước", (
        "nothing of the year is known"
    )
    assert sentence(targets.basis(replace(silent, so_far=50.0, received=1)), "vi") == "Theo diễn biến đến nay"


def test_before_the_year_begins_units_are_asked_for_their_quota_and_the_first_report_by_its_day():
    """A likely unit, too; a college is due a day before districts, and the place's report asks them all the same."""
    plan = load_plan("lang-son-2023-example")
    for unit, who, day in (
        ("cdn-ls", "CĐ nghề Lạng Sơn", "15/3/2023"),
        ("178", "UBND thành phố Lạng Sơn", "16/3/2023"),
    ):
        target = cases.people_target().model_copy(update={"value": 120.0})
        one = cases.people(unit=unit, as_of="2023-start", probability=0.6, status="likely", target=target)
        assert [sentence(told, "vi") for told in actions.actions(plan, [one], None)] == [
            f"Đề nghị {who} tuyển đủ 120 người chậm nhất ngày 14/12/2023.",
            f"Đề nghị {who} gửi báo cáo quý I năm 2023 chậm nhất ngày {day}.",
        ]
    place = cases.people(unit="20", as_of="2023-start", probability=0.6, status="likely")
    quotas, reports = actions.at_start(plan, [place])
    assert "đề nghị 23 đơn vị được giao chỉ tiêu tuyển đủ 13.500 người" in sentence(quotas, "vi").replace(
        "Đề", "đề"
    )
    assert sentence(quotas, "en").endswith("please enrol at least 13,500 people by 14 December 2023.")
    assert "institutions by 15 March 2023; districts and departments by 16 March 2023" in sentence(
        reports, "en"
    )
    assert actions.at_start(plan, [replace(place, as_of="2023-H1")]) == []


@pytest.mark.parametrize(("chance", "median", "told"), [(0.1, 683.0, 80), (0.25, 683.0, 0), (0.19, 760.0, 0)])
def test_who_is_very_unlikely_to_get_there_reads_what_is_projected_to_be_missing(chance, median, told):
    """683 are printed as 680, 80 short of 760, beside the 323 that are not there yet."""
    units = standing(("186", 760, 437, "behind"))
    units["probability"], units["median"] = chance, median
    (asked,) = outlook.requests(facts(year=year(units)))
    vi, en = (sentence(asked, lang) for lang in LANGUAGES)
    assert ("tuyển 323 người còn thiếu (dự báo thiếu 80) chậm nhất ngày" in vi) == bool(told)
    assert ("the remaining 323 people (projected 80 short) by" in en) == bool(told)


def test_a_missing_report_is_no_zero_in_what_is_asked():
    units = standing(("186", 760, math.nan, "unknown"), ("183", 590, 400, "within"))
    units["probability"] = [0.2, 0.3]
    table = worded(behind.behind_table(facts(year=year(units))), "vi")
    assert [row[1] for row in table.rows[1:]] == [
        "Cộng các đơn vị trên",
        "1 đơn vị chưa báo cáo",
        "Tổng cộng",
    ]
    assert table.rows[1][2:5] == ("590", "400", "67,8"), "the share is of those that reported"
    assert (*table.rows[2][2:5], table.rows[2][-1]) == ("760", "..", "..", "760"), (
        "its whole quota is missing"
    )
    assert (*table.rows[3][2:5], table.rows[3][-1]) == ("1.350", "400", "29,6", "950")


def test_who_must_do_what_by_when():
    units = standing(("186", 760, 437, "behind"), ("183", 590, 410, "within"))
    given = facts(year=year(units), matrix=matrix(("183", "missing", None), ("178", "on_time", 0)))
    vi, en = ([sentence(one, lang) for one in outlook.duties(given)] for lang in LANGUAGES)
    assert vi[0] == (
        "Đề nghị UBND huyện Cao Lộc gửi báo cáo 9 tháng đầu năm 2023 (hạn 18/9/2023, đã quá hạn) chậm nhất 5 ngày làm "
        "việc sau ngày ra thông báo."
    )
    assert (
        "chậm nhất ngày 14/12/2023: 1 đơn vị nêu tại bảng dưới đây tuyển 323 người còn thiếu, gửi kế hoạch "
        "chậm nhất 5 ngày làm việc sau ngày ra thông báo" in vi[1]
    )
    assert (
        "Asked by 14 December 2023: the 1 unit in the table below to enrol the remaining 323 and send its plan "
        "within 5 working days of the notice" in en[1]
    )
    assert "cơ sở giáo dục nghề nghiệp chậm nhất ngày 15/12/2023" in vi[-1]
    assert "by 15 December 2023" in en[-1]
    (asked,) = outlook.requests(given)
    assert sentence(asked, "vi") == (
        "Đề nghị UBND huyện Hữu Lũng tuyển 323 người còn thiếu chậm nhất ngày 14/12/2023; gửi kế hoạch chậm "
        "nhất 5 ngày làm việc sau ngày ra thông báo."
    )
    assert (
        sentence(asked, "en")
        == "The People's Committee of Hữu Lũng district: please enrol the remaining 323 people by 14 December 2023 "
        "and send your plan within 5 working days of the notice."
    )


def test_once_the_year_is_over_place_and_unit_are_told_the_same_request_with_the_same_day():
    """Hữu Lũng lacks 60, a centre 46, Cao Lộc is 22 above: 106 short beside 22 above; each by the day of its kind."""
    over = parse_cutoff("2023-FY")
    units = standing(
        ("186", 760, 700, "behind"), ("gdnn-tinh-2", 260, 214, "behind"), ("183", 590, 612, "within")
    )
    lines = pd.DataFrame(
        [
            line("people_enrolled", 700.0, unit="186", plan_value=760.0, period="2023-FY"),
            line("people_enrolled", 214.0, unit="gdnn-tinh-2", plan_value=260.0, period="2023-FY"),
            line("people_enrolled", 612.0, unit="183", plan_value=590.0, period="2023-FY"),
        ]
    )
    place = facts(cutoff=over, year=year(units), lines=lines)
    (asked,) = actions.asked_of_units(place)
    vi, en = (sentence(asked, lang) for lang in LANGUAGES)
    assert (
        "nêu nguyên nhân thiếu 106 người (các đơn vị khác vượt 22 người), nhiều nhất là UBND huyện Hữu Lũng (60 "
        "người), trong báo cáo quý I năm 2024" in vi
    )
    assert "are 106 people short, most of all the People's Committee of Hữu Lũng district (60); other" in en
    assert "; other units are 22 over. The 2 units are asked for the reasons" in en
    for unit, day in (("186", "18/3/2024"), ("gdnn-tinh-2", "15/3/2024")):
        own = facts(cutoff=over, unit=unit, lines=lines)
        first, *_ = ([sentence(one, lang) for lang in LANGUAGES] for one in actions.unit_duties(own))
        assert "nêu nguyên nhân" in first[0]
        assert f"trong báo cáo quý I năm 2024, chậm nhất ngày {day}" in first[0]
        assert "short with the report for the first quarter of 2024, by" in first[1]
        assert f"chậm nhất ngày {day}" in vi
    full = facts(cutoff=over, unit="183", lines=lines)
    assert [one.id for one in actions.unit_duties(full)] == ["own_deadline"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("counted", "told"), [(700.0, 2), (math.nan, 2)])
def test_once_the_year_is_over_page_one_alone_asks(counted, told, lang):
    """The reasons and the next report; of a unit without a report that of the year and the next one."""
    lines = pd.DataFrame(
        [line("people_enrolled", counted, unit="186", plan_value=760.0, percent_of_plan=counted / 7.6)]
    )
    came = matrix(("186", "missing" if math.isnan(counted) else "on_time", 0), ("183", "on_time", 0))
    over = facts(cutoff=parse_cutoff("2023-FY"), unit="186", lines=lines, matrix=came)
    one = cases.people(unit="186", as_of="2023-FY", probability=0.0, status="not_reached")
    asked = [sentence(said.given(who=""), lang) for said in actions.unit_duties(over)]
    assert len(asked) == told
    key = worded(opening.key(PLAN, one, [one], over), lang).text
    assert [said for said in asked if said not in key] == []
    sheet = [worded(block, lang) for block in unit_sheet.blocks(over)]
    rest = " ".join(block.text for block in sheet if isinstance(block, Paragraph))
    assert rest
    assert not re.search("ề nghị|[Pp]lease", rest)


def test_the_reasons_are_asked_of_the_levels_that_are_short():
    """College 40 of 60 and elementary 125 of 120: 15 short in all, and it is college that lacks 20."""
    rows = [("", 165.0, 180.0), ("college", 40.0, 60.0), ("elementary", 125.0, 120.0)]
    lines = pd.DataFrame(
        [
            line("people_enrolled", done, unit="186", plan_value=quota, level=level, period="2023-FY")
            for level, done, quota in rows
        ]
    )
    over = facts(cutoff=parse_cutoff("2023-FY"), unit="186", lines=lines)
    alone = facts(cutoff=over.cutoff, lines=lines, year=year(standing(("186", 180, 165, "behind"))))
    assert "(cao đẳng thiếu 20)" in sentence(actions.asked_of_units(alone)[0], "vi"), (
        "the one unit below its quota"
    )
    first = both(outlook.own_request, over)
    assert "nêu nguyên nhân thiếu 15 người (cao đẳng thiếu 20) trong báo cáo" in first[0]
    assert "for the 15 people short (college 20) with the report" in first[1]


def test_a_district_is_told_of_the_reports_missing_below_it_as_the_report_on_the_place_asks():
    rows = (("186", "on_time", 0), ("gdtx-hl", "missing", None), ("183", "on_time", 0))
    below = PLAN.units.loc[PLAN.units["parent"] == "186", "code"].iloc[0]
    late = matrix(*((below if unit == "gdtx-hl" else unit, *rest) for unit, *rest in rows))
    place, mine, other = (facts(unit=unit, matrix=late) for unit in ("20", "186", "183"))
    name = facts().called(below).vi
    to_place = both(outlook.send_now, place)
    assert to_place[0].startswith(
        f"Đề nghị UBND huyện Hữu Lũng (đối với {name}) gửi báo cáo 9 tháng đầu năm 2023"
    )
    assert to_place[1].startswith("The People's Committee of Hữu Lũng district (for Hữu Lũng ")
    vi, en = both(outlook.send_below, mine)
    assert vi == (
        f"{name} chưa gửi báo cáo 9 tháng đầu năm 2023 (hạn 18/9/2023); đề nghị UBND huyện Hữu Lũng đôn đốc để gửi "
        "chậm nhất 5 ngày làm việc sau ngày ra thông báo này."
    )
    assert "please see that it comes within 5 working days of this notice." in en
    assert outlook.send_below(place) is None
    assert outlook.send_below(other) is None
    assert [one.id for one in actions.unit_duties(mine)] == ["send_below", "own_deadline"]


def test_whatever_its_course_a_unit_on_its_way_is_asked_for_the_people_that_are_missing(in_season):
    """A likely unit is not told to keep to a course: at 1,634 of 1,640 that ends short, at 1,640 it is not the goal."""
    lines = pd.DataFrame([line("people_enrolled", 1200.0, unit="186", plan_value=1640.0)])
    for median in (1634.0, 1640.2):
        given = facts(unit="186", lines=lines, own=cases.people(probability=0.6, median=median))
        vi, en = both(outlook.own_request, given)
        assert vi == "Đề nghị UBND huyện Hữu Lũng tuyển đủ 440 người còn thiếu chậm nhất ngày 14/12/2023."
        assert "please enrol at least the remaining 440 people by 14 December 2023." in en


def test_the_place_asks_units_as_their_own_sheets_do(in_season):
    """Of three on their way, whatever their chances, the rest is asked for; of the one behind its plan, too."""
    units = standing(
        ("186", 760, 437, "behind"),
        ("183", 590, 400, "within"),
        ("178", 120, 100, "within"),
        ("180", 100, 90, "within"),
    )
    units["probability"], units["median"] = [0.1, 0.5, 0.6, 0.9], [680.0, 590.0, 118.0, 110.0]
    (told, *_) = [sentence(one, "vi") for one in outlook.duties(facts(year=year(units)))]
    assert told == (
        "Đề nghị, chậm nhất ngày 14/12/2023: 1 đơn vị nêu tại bảng dưới đây tuyển 323 người còn thiếu, gửi kế hoạch "
        "chậm nhất 5 ngày làm việc sau ngày ra thông báo; 3 đơn vị khác chưa đủ chỉ tiêu (phụ lục) tuyển "
        "đủ 220 người còn thiếu."
    )


@pytest.mark.parametrize(
    ("unit", "vi", "en"),
    [("20", "thông báo", "the notice"), ("186", "thông báo này", "this notice")],
)
def test_the_days_count_from_the_unit_s_notice_in_the_place_s_report_too(unit, vi, en):
    late = matrix(("186", "missing", None), ("183", "on_time", 0))
    told = both(outlook.send_now, facts(unit=unit, matrix=late))
    assert f"sau ngày ra {vi}" in told[0]
    assert f"working days of {en}" in told[1]


def test_of_a_silent_unit_what_it_reported_before_is_not_missing(monkeypatch):
    """260 asked for, 98 reported to mid-year: at most 162."""
    monkeypatch.setattr(PeriodFacts, "last_reported", lambda self, unit="": (parse_cutoff("2023-H1"), 98.0))
    whole = line("people_enrolled", 8758.0, plan_value=13500.0)
    lines = pd.DataFrame([line("people_enrolled", math.nan, unit="186", plan_value=260.0), whole])
    silent = facts(unit="186", lines=lines, matrix=matrix(("186", "missing", None)))
    assert both(unit_sheet.counts_as_missing, silent) == (
        "Khi chưa có báo cáo, cả chỉ tiêu 260 người được tính vào số còn thiếu của tỉnh Lạng Sơn (4.742); tính 98 "
        "người đã báo cáo kỳ trước thì đơn vị còn thiếu nhiều nhất 162, tỉnh Lạng Sơn 4.644.",
        "Until the report comes, all 260 of the quota count as missing in the figures of Lạng Sơn province (4,742 "
        "still to do); with the 98 reported before, at most 162 are, and 4,644 in the whole.",
    )
    assert unit_sheet.counts_as_missing(facts(unit="186", lines=lines)) is None, "no report is missing"
    first = both(outlook.own_request, facts(unit="186", lines=lines))
    assert "tuyển đủ số còn thiếu (nhiều nhất 162 người) chậm nhất ngày 14/12/2023." in first[0]
    assert "please enrol those still missing (at most 162 people) by 14 December 2023." in first[1]
    enough = pd.DataFrame([line("people_enrolled", math.nan, unit="186", plan_value=98.0)])
    assert outlook.own_request(facts(unit="186", lines=enough)) is None
    over = facts(unit="186", lines=lines, cutoff=parse_cutoff("2023-FY"))
    assert outlook.own_request(over) is None
    assert unit_sheet.counts_as_missing(replace(silent, cutoff=over.cutoff)) is None
    units = standing(("186", 760, 437, "behind"), ("183", 260, math.nan, "unknown"))
    table = worded(behind.behind_table(facts(year=year(units))), "vi")
    assert table.rows[-2][1] == "1 đơn vị chưa báo cáo (kỳ trước có 98)"


def test_the_place_s_report_says_how_many_are_missing_at_most():
    """4,742 missing with the whole quota of a silent unit, which had reported 98: at most 4,644."""
    own = cases.people(gap=4742.0, late_known=98.0)
    vi, en = both(lambda: evidence.coverage(22, 23, ["X"], "2023-9M", had=own.late_known, gap=own.gap))
    assert vi.endswith("X (tính cả 98 người đã báo cáo kỳ trước thì còn thiếu nhiều nhất 4.644).")
    assert en.endswith("X (with the 98 reported before at most 4,644 people are still to do).")


def test_a_unit_without_a_quota_has_nothing_to_do():
    assert outlook.own_request(facts(unit="186")) is None


def test_what_is_missing_is_asked_for_as_people_usually_come(in_season):
    lines = pd.DataFrame([line("people_enrolled", 436.0, unit="186", plan_value=760.0, period="2023-H1")])
    half = facts(unit="186", lines=lines, cutoff=parse_cutoff("2023-H1"))
    vi, en = both(outlook.own_request, half)
    assert (
        "324 người còn thiếu chậm nhất ngày 14/12/2023, trong đó 139 người chậm nhất ngày 14/9/2023 (phần thường "
        "có của số còn thiếu)" in vi
    )
    assert "324 people by 14 December 2023, 139 of them by 14 September 2023 (the usual part)" in en


@pytest.mark.parametrize(
    ("chance", "counted", "vi", "en"),
    [
        (0.10, 437.0, "; gửi kế hoạch chậm nhất 5 ngày làm việc", " and send your plan within 5"),
        (0.44, 437.0, "; gửi kế hoạch chậm nhất 5 ngày làm việc", " and send your plan within 5"),
        (0.50, 437.0, "chậm nhất ngày 14/12/2023.", "please enrol at least the remaining 323 people by 14"),
        (0.95, 730.0, "chậm nhất ngày 14/12/2023.", "please enrol at least the remaining 30 people by 14"),
    ],
)  # fmt: skip
def test_a_unit_is_asked_for_what_its_chance_calls_for(in_season, chance, counted, vi, en):
    lines = pd.DataFrame([line("people_enrolled", counted, unit="186", plan_value=760.0)])
    own = cases.people(probability=chance)
    told = both(outlook.own_request, facts(unit="186", lines=lines, own=own))
    assert vi in told[0]
    assert en in told[1]
    assert f"{760 - counted:.0f} người" in told[0]
    assert ("kế hoạch" in told[0]) == (chance < 0.45)
    assert "còn thiếu chậm nhất ngày 14/12/2023" in told[0]


def test_nothing_is_asked_of_a_unit_at_its_quota_and_of_one_without_a_report_the_report_and_its_people():
    full = pd.DataFrame([line("people_enrolled", 760.0, unit="186", plan_value=760.0)])
    assert outlook.own_request(facts(unit="186", lines=full)) is None
    silent = pd.DataFrame([line("people_enrolled", math.nan, unit="186", plan_value=760.0)])
    given = facts(unit="186", lines=silent, matrix=matrix(("186", "missing", None)))
    assert "(nhiều nhất 760 người)" in sentence(outlook.own_request(given), "vi")
    assert "gửi báo cáo 9 tháng đầu năm 2023 (hạn 18/9/2023, đã quá hạn) chậm nhất 5 ngày" in sentence(
        outlook.send_now(given), "vi"
    )


def test_units_at_their_quota_are_asked_for_nothing_and_one_below_it_alone_is_no_other():
    units = standing(
        ("186", 760, 437, "behind"), ("183", 590, 400, "within"), ("178", 120, 120, "within"),
        ("180", 100, math.nan, "unknown"),
    )  # fmt: skip
    units["probability"] = [0.1, 0.6, 1.0, 0.5]
    told = [sentence(outlook.duties(facts(year=year(units)))[0], lang) for lang in LANGUAGES]
    assert told[0].endswith(
        "; 1 đơn vị khác chưa đủ chỉ tiêu (phụ lục) tuyển đủ 190 người còn thiếu. Đề nghị UBND huyện Tràng Định "
        "tuyển đủ số còn thiếu (nhiều nhất 100 người) chậm nhất cùng ngày."
    )
    assert told[1].endswith(
        "; the 1 other below quota (annex) the remaining 190. The People's Committee of Tràng Định district: "
        "those still missing (at most 100) by the same day."
    )
    silent = sentence(outlook.duties(facts(year=year(units.loc[["178", "180"]])))[0], "vi")
    assert silent == (
        "Đề nghị UBND huyện Tràng Định tuyển đủ số còn thiếu (nhiều nhất 100 người) chậm nhất ngày 14/12/2023."
    )
    alone = facts(year=year(units.loc[["183", "178"]]))
    assert "1 đơn vị chưa đủ chỉ tiêu (phụ lục) tuyển đủ 190 người" in sentence(
        outlook.duties(alone)[0], "vi"
    )


def test_units_without_a_report_are_asked_for_the_people_that_they_may_lack():
    """Provincial centre 2 had reported 98 of 260 by June: its own sheet asks for at most 162, too."""
    told = {
        one.id: sentence(one, "vi")
        for one in outlook.duties(period_of(opened("lang-son-2023-example", "2023-9M")))
    }
    assert told["by_year_end"].startswith("Đề nghị, chậm nhất ngày 14/12/2023: ")
    assert told["by_year_end"].endswith(
        ". Đề nghị TT GDNN cấp tỉnh 2 tuyển đủ số còn thiếu (nhiều nhất 162 người) chậm nhất cùng ngày."
    )
