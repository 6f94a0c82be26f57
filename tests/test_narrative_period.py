"""Sentences and tables of a report with returns, each with its cases, in both languages."""

import math
import re
import unicodedata
from dataclasses import replace
from types import SimpleNamespace

import narrative_cases as cases
import pandas as pd
import pytest

from vetanalysis.documents.model import OfficePlace, Paragraph
from vetanalysis.indicators.table import COLUMNS
from vetanalysis.narrative import (
    appendices,
    difficulties,
    districts,
    funding,
    next_period,
    of_period,
    opening,
    since_last,
    tasks,
    unit_sheet,
)
from vetanalysis.narrative.period import PeriodFacts
from vetanalysis.periods import parse_cutoff
from vetanalysis.plan import load_plan
from vetanalysis.text import LANGUAGES

PLAN = load_plan("lang-son-2023")
NAMES = {"186": "Hữu Lũng", "183": "Cao Lộc", "178": "Lạng Sơn"}


def line(indicator, value, unit="20", **changes):
    row = dict.fromkeys(COLUMNS, math.nan)
    texts = ("level", "sex", "group", "residence", "fund_source", "channel", "why_vi", "why_en", "sources")
    row |= dict.fromkeys(texts, "")
    row |= {
        "unit": unit, "id": indicator, "row": 5, "label_vi": "Số người tuyển mới", "label_en": "People newly enrolled",
        "period": "2023-9M", "basis": "cumulative", "value": value, "measure": "persons", "state": "computed",
        "illustrative": False, "status": "provisional",
    }  # fmt: skip
    return row | changes


def matrix(*rows):
    columns = ["unit", "name", "period", "state", "deadline", "received", "days_late", "file"]
    made = [
        (unit, unit, "2023-9M", state, "2023-09-18", "" if state == "missing" else "2023-09-18", late, "")
        for unit, state, late in rows
    ]
    return pd.DataFrame(made, columns=columns)


def standing(*rows, common=0.66):
    """Units: (code, quota, counted, side)."""
    made = [
        {
            "unit": unit, "plan": plan, "counted": counted, "share_of_plan": counted / plan if plan else math.nan,
            "needed": plan - counted, "needed_per_quarter": plan - counted, "median": plan, "lower_80": plan * 0.9,
            "upper_80": plan * 1.1, "probability": 0.1 if side == "behind" else 0.5, "extra_for_80": 0.0,
            "common": common, "lower": 0.58,
            "upper": 0.74, "side": side, "beyond": 0.0,
        }
        for unit, plan, counted, side in rows
    ]  # fmt: skip
    return pd.DataFrame(made).set_index("unit")


class Flat:
    """A projection whose every chance is the same."""

    def __init__(self, probability=0.7):
        self.given = probability

    def probability(self, target, direction=">="):
        return self.given


def year(units, by_level=None, allowed=True):
    return SimpleNamespace(
        units=units, by_level=by_level or {}, allowed=allowed, late=(),
        reconciled=SimpleNamespace(projection=lambda unit=None: Flat()),
    )  # fmt: skip


def said(*rows):
    return pd.DataFrame(rows, columns=["unit", "ref", "kind", "text"])


def facts(**changes):
    given = {
        "plan": PLAN, "cutoff": parse_cutoff("2023-9M"), "unit": "20",
        "lines": pd.DataFrame([line("people_enrolled", 9000)]),
        "matrix": matrix(("186", "on_time", 0)), "explanations": said(), "people": "people_enrolled",
        "documents": pd.DataFrame(columns=["unit", "type"]), "findings": pd.DataFrame(columns=["unit", "severity"]),
    }  # fmt: skip
    return PeriodFacts(**(given | changes))


def both(function, *arguments):
    """The sentence in both languages; same figures, no loose ends, no English word in the Vietnamese."""
    vi, en = (function(*arguments, lang) for lang in LANGUAGES)
    assert vi.facts == en.facts
    for one in (vi, en):
        lint(one.text)
    assert not ENGLISH.search(vi.text), vi.text
    return vi.text, en.text


ENGLISH = re.compile(
    r"\b(the|of|and|units?|people|reports?|quota|chance|year|is|are|not|since)\b", re.IGNORECASE
)


def lint(text):
    assert text == unicodedata.normalize("NFC", text)
    assert text[0] == text[0].upper()
    assert text.endswith(".")
    assert "  " not in text
    assert "nan" not in text.lower().split()
    assert text.count("(") == text.count(")")


# reporting


def test_everybody_reported():
    vi, en = both(
        difficulties.reporting, facts(matrix=matrix(("186", "on_time", 0), ("183", "corrected", 2)))
    )
    assert vi == "Đã có 2/2 đơn vị gửi báo cáo 9 tháng đầu năm 2023."
    assert en == "2 of 2 units sent their report for the first nine months of 2023."


def test_late_and_missing_units_are_named_with_their_days():
    vi, en = both(
        difficulties.reporting,
        facts(matrix=matrix(("186", "late", 7), ("183", "missing", None), ("178", "on_time", 0))),
    )
    assert "2/3 đơn vị" in vi
    assert "1 đơn vị gửi muộn (Hữu Lũng: 7 ngày)" in vi
    assert "chưa có báo cáo hợp lệ: Cao Lộc" in vi
    assert "7 days" in en
    assert "1 has no valid report" in en


def test_one_day_late_is_one_day():
    assert "1 day)" in both(difficulties.reporting, facts(matrix=matrix(("186", "late", 1))))[1]


def test_nobody_due_says_nothing():
    assert difficulties.reporting(facts(matrix=matrix(("186", "not_due", 0))), "vi") is None


# units behind


def test_a_unit_behind_by_more_than_chance_is_named_with_its_share():
    units = standing(("186", 760, 437, "behind"), ("183", 590, 410, "within"))
    vi, en = both(difficulties.units_behind, facts(year=year(units)))
    assert "1/2 đơn vị đã báo cáo chậm hơn mức chung" in vi
    assert "Hữu Lũng (57,5%)" in vi
    assert "Cao Lộc" not in vi
    assert "1 of 2 units is behind" in en


def test_a_unit_that_is_low_in_season_is_not_called_behind():
    units = standing(("cdsp-ls", 170, 2, "behind"), ("183", 590, 410, "within"))
    units.loc["cdsp-ls", "probability"] = 0.5
    assert "không đơn vị nào" in both(difficulties.units_behind, facts(year=year(units)))[0]
    told = both(unit_sheet.against_all, facts(unit="cdsp-ls", year=year(units)))
    assert "nhưng theo tiến độ các năm trước vẫn có xác suất đạt 50%" in told[0]


def test_nobody_behind():
    units = standing(("186", 760, 500, "within"), ("183", 590, 410, "ahead"))
    assert "không đơn vị nào trong 2 đơn vị" in both(difficulties.units_behind, facts(year=year(units)))[0]


def test_all_districts_equal():
    units = standing(("186", 100, 66, "within"), ("183", 50, 33, "within"))
    vi, en = both(difficulties.units_behind, facts(year=year(units)))
    assert "2 đơn vị đều đạt 66,0% chỉ tiêu" in vi
    assert "all 2 units" in en


def test_a_unit_without_a_figure_is_never_called_behind():
    units = standing(
        ("186", 760, math.nan, "unknown"), ("183", 590, 410, "within"), ("178", 100, 50, "within")
    )
    vi, _ = both(difficulties.units_behind, facts(year=year(units)))
    assert "Hữu Lũng" not in vi
    assert "2 đơn vị" in vi


def test_without_a_projected_year_nobody_is_behind():
    assert difficulties.units_behind(facts(), "vi") is None


# levels behind


@pytest.mark.parametrize(("chance", "told"), [(0.3, True), (0.44, True), (0.45, False), (0.9, False)])
def test_a_level_is_named_below_an_even_chance(chance, told):
    lines = pd.DataFrame(
        [line("people_enrolled", 500, level="college", plan_value=950.0, percent_of_plan=52.6)]
    )
    made = year(standing(("186", 1, 1, "within")), {"college": Flat(chance)})
    vi, en = both(lambda lang: difficulties.levels_behind(facts(lines=lines, year=made), "weak", lang))
    assert ("cao đẳng đạt 52,6% chỉ tiêu" in vi) == told
    assert ("college at 52.6% of quota" in en) == told


def test_a_level_without_a_quota_is_not_judged():
    lines = pd.DataFrame([line("people_enrolled", 500, level="college", plan_value=0.0)])
    made = year(standing(("186", 1, 1, "within")), {"college": Flat(0.1)})
    assert (
        "không trình độ nào" in difficulties.levels_behind(facts(lines=lines, year=made), "weak", "vi").text
    )


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
    vi, en = both(since_last.since_last, now, then, "2023-H1")
    assert "So với báo cáo 6 tháng đầu năm 2023" in vi
    assert "tăng từ" in vi
    assert "số còn thiếu giảm từ 5.000 người xuống 2.000 người" in vi
    assert "chuyển từ có khả năng đạt (55-80%) sang rất có khả năng đạt (80-95%)" in vi
    assert "risen from" in en


def test_the_chance_falls():
    vi, en = both(
        since_last.since_last, people(0.1, 3000.0, "very_unlikely"), people(0.5, 5000.0, "even"), "2023-H1"
    )
    assert "giảm từ" in vi
    assert "fallen from" in en


def test_an_unchanged_chance_is_said_as_unchanged():
    vi, en = both(
        since_last.since_last, people(0.7, 3000.0, "likely"), people(0.7, 5000.0, "likely"), "2023-H1"
    )
    assert "vẫn là" in vi
    assert "mức đánh giá giữ nguyên" in vi
    assert "is unchanged at" in en


def test_a_step_over_the_border_is_not_yet_a_change_of_judgement():
    vi, en = both(
        since_last.since_last, people(0.81, 3000.0, "very_likely"), people(0.78, 5000.0, "likely"), "2023-H1"
    )
    assert "chưa thay đổi rõ" in vi
    assert "close to the border" in en


def test_at_the_start_of_a_year_there_was_a_judgement_and_no_report():
    one, before = people(0.7, 3000.0, "likely"), people(0.7, 5000.0, "likely")
    vi, en = both(since_last.since_last, one, before, "2023-start")
    assert vi.startswith("So với đánh giá đầu năm 2023, xác suất")
    assert en.startswith("Since the judgement at the start of 2023, the chance")


def test_a_filled_target_misses_nothing():
    vi, _ = both(
        since_last.since_last,
        people(0.97, 0.0, "almost_certain"),
        people(0.9, 100.0, "very_likely"),
        "2023-H1",
    )
    assert "đã được thực hiện đủ" in vi


@pytest.mark.parametrize("before", [None, cases.unknown()])
def test_nothing_to_compare_says_nothing(before):
    assert since_last.since_last(people(0.7, 1.0, "likely"), before, "2023-H1", "vi") is None


# the year


@pytest.mark.parametrize(
    ("median", "goal", "vi"),
    [
        (13866.0, 13500, "13.900 người, đạt khoảng 103% kế hoạch"),
        (1.0, 1, "1 người, đạt khoảng 100% kế hoạch"),
    ],
)
def test_the_estimate_of_the_year(median, goal, vi):
    one = cases.people(
        target=cases.people_target().model_copy(update={"value": goal}), median=median, as_of="2023-9M"
    )
    assert vi in both(of_period.estimate, one)[0]


def test_a_plan_of_zero_has_no_share():
    one = cases.people(
        target=cases.people_target().model_copy(update={"value": 0}), median=5.0, as_of="2023-9M"
    )
    assert "chưa có số liệu" in of_period.estimate(one, "vi").text


def test_the_same_period_is_that_of_the_units_that_reported():
    one = cases.people(as_of="2023-9M", facts={"late": ("A",), "same_period": 8025.0, "received": 22})
    assert "cùng kỳ năm 2022 của chính 22 đơn vị" in both(of_period.same_units, one)[0].lower()
    assert of_period.same_units(replace(one, facts={"late": (), "same_period": 8025.0}), "vi") is None
    assert of_period.same_units(replace(one, facts={"late": ("A",), "same_period": None}), "vi") is None


@pytest.mark.parametrize(
    ("value", "index", "same"),
    [(9000.0, 112.5, 8000.0), (9000.0, math.nan, None), (math.nan, math.nan, None)],
)
def test_people_as_reported_for_the_period(value, index, same):
    lines = pd.DataFrame([line("people_enrolled", value, index_last_year=index)])
    one = of_period.as_reported(
        people(0.7, 4400.0, "likely", facts={"so_far": 9100.0}), facts(lines=lines), "vi"
    )
    if math.isnan(value):
        assert one.facts["so_far"] is None
        assert one.gap is None
    else:
        assert one.facts["so_far"] == value
        assert one.gap == one.target.value - value
    assert one.facts["same_period"] == same


# tasks and the units' own words

WORDS = said(
    ("186", "task-1", "difficulties", "Thiếu  giáo viên."),
    ("183", "task-1", "difficulties", "Thiếu giáo viên."),
    ("178", "task-1", "difficulties", "=cmd|'/c calc'!A0"),
    ("186", "task-1", "progress", "Chậm tiến độ"),
    ("183", "task-1", "progress", "Hoàn thành"),
    ("186", "task-2", "proposals", "Giao kinh phí sớm."),
)


def test_progress_counts_units():
    vi, en = both(tasks.progress_of, facts(explanations=WORDS), "task-1", 1)
    assert "của 2 đơn vị về nhiệm vụ 1: 1 đơn vị hoàn thành, 1 đơn vị chậm tiến độ" in vi
    assert "1 completed, 1 behind schedule" in en
    assert tasks.progress_of(facts(explanations=WORDS), "task-3", 3, "vi") is None


def test_own_words_stand_once_with_who_wrote_them_the_most_frequent_first():
    words = tasks.own_words(facts(explanations=WORDS), "difficulties", "task-1", "vi")
    assert words[:2] == ("Khó khăn các đơn vị nêu:", "- “Thiếu giáo viên” (Hữu Lũng, Cao Lộc);")
    assert words[2].startswith("- “=cmd")
    assert words[2].endswith("(TP Lạng Sơn).")
    assert len(words) == 3


def test_a_unit_reads_only_its_own_words():
    mine = facts(explanations=WORDS, unit="186")
    assert tasks.own_words(mine, "difficulties", "", "vi") == ("Khó khăn đơn vị nêu: “Thiếu giáo viên”.",)
    quoted = ("Difficulties, in the unit's own words: “Thiếu giáo viên”.",)
    assert tasks.own_words(mine, "difficulties", "", "en") == quoted
    assert tasks.own_words(mine, "causes", "", "vi") == ()


def test_of_many_different_texts_the_rest_is_counted():
    many = said(*(("186", "task-1", "difficulties", f"Khó khăn số {number:02d}") for number in range(12)))
    words = tasks.own_words(facts(explanations=many), "difficulties", "", "vi")
    assert len(words) == 10
    assert words[-1] == "- 4 ý kiến khác trong báo cáo của các đơn vị."


def test_a_task_without_figures_or_words_keeps_its_place_for_the_office():
    blocks = tasks.tasks(facts(), "vi")
    assert sum(isinstance(block, OfficePlace) for block in blocks) == len(PLAN.tasks)
    assert not any(isinstance(block, Paragraph) for block in blocks)


def test_figures_of_a_task_are_one_sentence_and_older_ones_another():
    parts = {"measure": "persons", "row": 18}
    lines = pd.DataFrame(
        [
            line(
                "rural_workers_trained",
                4731,
                label_vi="Số lao động nông thôn được đào tạo",
                label_en="Rural workers",
                **parts,
            ),
            line(
                "rural_workers_trained_farm",
                2637,
                label_vi="trong đó: nghề nông nghiệp",
                label_en="of whom in farm trades",
                **parts,
            ),
            line(
                "learning_demand",
                1,
                label_vi="Số người có nhu cầu",
                label_en="People with a demand",
                row=13,
                period="2023-H1",
            ),
        ]
    )
    vi, en = (
        [one.text for one in tasks.figures_of(facts(lines=lines), (13, 18), 1, lang)] for lang in LANGUAGES
    )
    assert vi[0].endswith(
        "số lao động nông thôn được đào tạo là 4.731 người, trong đó nghề nông nghiệp 2.637 người."
    )
    assert en[0].endswith("rural workers: 4,731 people, of whom in farm trades 2,637 people.")
    assert "1 người (6 tháng 2023)" in vi[1]
    assert "1 person (H1 2023)" in en[1]


# the pace ahead


def test_pace_table_puts_the_least_likely_first_and_missing_never_as_zero():
    units = standing(
        ("183", 590, 410, "within"), ("186", 760, 437, "behind"), ("178", 120, math.nan, "unknown")
    )
    units.loc["186", "probability"] = 0.1
    lines = pd.DataFrame([line("people_enrolled", 847, plan_value=1470.0)])
    table = next_period.pace_table(facts(lines=lines, year=year(units)), "weak", "vi")
    assert [row[1] for row in table.rows] == ["TP Lạng Sơn", "Hữu Lũng", "Cao Lộc", "Tổng cộng"]
    assert table.rows[0][3:6] == ("..", "..", "..")
    assert table.rows[1][2:] == ("760", "437", "57,5", "323", "10%")
    assert table.rows[-1][2:4] == ("1.470", "847")
    assert table.values[0][3] is None
    assert all(len(row) == len(table.columns) for row in (*table.rows, *table.values))


def test_with_more_quarters_left_each_quarter_has_its_share():
    units = standing(("186", 760, 236, "within"))
    table = next_period.pace_table(facts(cutoff=parse_cutoff("2023-H1"), year=year(units)), "weak", "en")
    assert "Per remaining quarter" in table.columns[6].heading
    assert table.rows[0][6] == "262"


def test_after_the_year_there_is_no_pace():
    units = standing(("186", 760, 700, "within"))
    assert (
        next_period.pace_table(facts(cutoff=parse_cutoff("2023-FY"), year=year(units)), "weak", "vi") is None
    )


def test_who_must_do_what_by_when():
    units = standing(("186", 760, 437, "behind"), ("183", 590, 410, "within"))
    given = facts(year=year(units), matrix=matrix(("183", "missing", None)))
    vi, en = ([one.text for one in next_period.duties(given, lang)] for lang in LANGUAGES)
    assert vi[0] == "Cao Lộc: gửi ngay báo cáo 9 tháng đầu năm 2023 đã quá hạn ngày 18/9/2023."
    assert "Hữu Lũng còn 323 người" in vi[1]
    assert "cơ sở giáo dục nghề nghiệp trước hết ngày 15/12/2023" in vi[2]
    assert "by 15 December 2023" in en[2]


def test_after_the_year_comes_the_first_quarter_of_the_next():
    assert str(next_period.following(parse_cutoff("2023-FY"))) == "2024-Q1"
    assert str(next_period.following(parse_cutoff("2023-Q1"))) == "2023-H1"


# tables


def test_funds_by_source_are_totalled_by_the_returns_not_here():
    rows = [
        line(name, value, measure="million_dong", fund_source=source)
        for name, source, value in (
            ("budget_assigned", "central", 100.0), ("budget_disbursed", "central", 40.0),
            ("budget_assigned", "", 150.0), ("budget_disbursed", "", 60.0), ("disbursement_rate", "", 40.0),
        )
    ]  # fmt: skip
    table = funding.table(facts(lines=pd.DataFrame(rows)), "vi")
    assert table.rows[0][1:] == ("100,0", "40,0", "..")
    assert table.rows[-1] == ("Tổng cộng", "150,0", "60,0", "40,0")
    assert funding.table(facts(), "vi") is None


def test_groups_are_never_added():
    rows = [
        line("people_enrolled", 1000),
        line("people_enrolled", 450, sex="female"),
        line("people_enrolled", 700, group="ethnic_minority"),
        line("people_enrolled", 5, group="disability"),
    ]
    table = appendices.groups(facts(lines=pd.DataFrame(rows)), "vi")
    assert ("Nữ", "450", "45,0") in table.rows
    assert not any("Tổng" in row[0] for row in table.rows)
    assert "không cộng" in table.notes[0]


def test_the_appendix_of_indicators_leaves_out_what_has_no_figure():
    rows = [
        line("people_enrolled", 9000, plan_value=13500.0, percent_of_plan=66.7),
        line("jobs_created", math.nan),
    ]
    table = appendices.indicator_lines(facts(lines=pd.DataFrame(rows)), "vi")
    assert len(table.rows) == 1
    assert table.rows[0][3:7] == ("13.500", "", "9.000", "66,7")
    assert table.landscape


def test_districts_side_by_side():
    rows = [
        line("people_enrolled", 437, unit="186", plan_value=760.0, percent_of_plan=57.5, index_last_year=96.9)
    ]
    units = standing(("186", 760, 437, "behind"))
    table = districts.district_table(facts(lines=pd.DataFrame(rows), year=year(units)), "vi")
    assert table.rows[0][1:6] == ("Hữu Lũng", "760", "437", "57,5", "96,9")
    assert districts.district_table(facts(), "vi") is None


def test_units_without_a_report_come_before_late_ones():
    table = appendices.not_reported(facts(matrix=matrix(("186", "late", 7), ("183", "missing", None))), "vi")
    assert [row[1] for row in table.rows] == ["Cao Lộc", "Hữu Lũng"]
    assert table.rows[0][4] == ".."
    assert table.rows[1][5] == "7"
    assert appendices.not_reported(facts(), "vi") is None


# a unit's own sheet


@pytest.mark.parametrize(
    ("side", "vi", "en"),
    [
        ("behind", "chậm hơn mức chung", "behind the others by more than chance"),
        ("ahead", "nhanh hơn mức chung", "ahead of the others by more than chance"),
        ("within", "trong phạm vi ngẫu nhiên", "within what chance allows"),
        ("unknown", "chưa có số liệu để so sánh", "no figure to compare"),
    ],
)
def test_a_unit_beside_all_others(side, vi, en):
    units = standing(("186", 760, 437, side))
    told = both(unit_sheet.against_all, facts(unit="186", year=year(units)))
    assert vi in told[0]
    assert en in told[1]


@pytest.mark.parametrize(
    ("counted", "quota", "vi"),
    [
        (437.0, 760.0, "còn thiếu 323 người"),
        (760.0, 760.0, "vừa đúng bằng kế hoạch 760 người"),
        (800.0, 760.0, "đã vượt 40 người"),
        (759.0, 760.0, "còn thiếu 1 người"),
        (math.nan, 760.0, "chưa có số liệu"),
        (5.0, 0.0, "chưa giao chỉ tiêu"),
    ],
)
def test_what_a_unit_still_has_to_do(counted, quota, vi):
    lines = pd.DataFrame([line("people_enrolled", counted, unit="186", plan_value=quota)])
    assert vi in both(unit_sheet.to_do, facts(unit="186", lines=lines))[0]


def test_a_unit_without_a_quota_has_nothing_to_do():
    assert unit_sheet.to_do(facts(unit="186"), "vi") is None


@pytest.mark.parametrize(
    ("state", "days", "vi"),
    [("on_time", 0, "đúng hạn"), ("late", 7, "muộn 7 ngày"), ("missing", None, "chưa gửi.")],
)
def test_how_the_units_report_came(state, days, vi):
    assert vi in both(unit_sheet.lateness, facts(unit="186", matrix=matrix(("186", state, days))))[0]


def test_documents_named_in_returns_are_counted():
    named = pd.DataFrame({"unit": ["186", "186", "183"], "type": ["Kế hoạch"] * 3})
    given = facts(
        documents=named, matrix=matrix(("186", "on_time", 0), ("183", "on_time", 0), ("178", "missing", None))
    )
    vi, _ = both(opening.plan_documents, given)
    assert "2/3 đơn vị" in vi
    assert "tổng số 3 văn bản" in vi
    assert opening.plan_documents(facts(), "vi") is None
