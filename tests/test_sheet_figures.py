"""What the tables of a unit's sheet leave out or explain: percentages of few cases, other scopes, one institution."""

import narrative_cases as cases
import pandas as pd
import pytest
from period_cases import course, facts, line, matrix

from vetanalysis.blocks import LANGUAGES, Said
from vetanalysis.language.cells import worded
from vetanalysis.language.render import sentence
from vetanalysis.narrative import appendices, clear_up, unit_sheet
from vetanalysis.narrative.period import PeriodFacts
from vetanalysis.periods import parse_cutoff


def other(unit, *lines, lang="vi"):
    given = facts(unit=unit, lines=pd.DataFrame([line("people_enrolled", 400.0, unit=unit), *lines]))
    return worded(appendices.other_figures(given), lang)


def dropped_out(before, value=11.0):
    return line("people_dropped_out", value, unit="186", row=66, label_vi="Số người thôi học",
                last_year_value=before, index_last_year=100 * value / before)  # fmt: skip


@pytest.mark.parametrize(("before", "printed"), [(2.0, "*"), (9.0, "*"), (10.0, "110,0")])
def test_a_percentage_of_fewer_than_ten_cases_is_not_printed(before, printed):
    table = other("186", dropped_out(before))
    assert table.rows[0][-1] == printed
    assert table.notes == (
        ("“*”: cùng kỳ năm trước dưới 10 trường hợp, không tính tỷ lệ.",) if printed == "*" else ()
    )


def test_counts_that_are_told_no_more_are_named_with_the_cutoff_that_has_them():
    gone = line("people_graduated", float("nan"), unit="186", row=66, label_vi="Số người tốt nghiệp",
                latest_value=80.0, latest_period="2023-H1")  # fmt: skip
    old = gone | {"id": "people_placed", "label_vi": "Số người năm trước", "latest_period": "2022-FY"}
    table = other("186", dropped_out(10.0), gone, old)
    assert table.notes == ("Kỳ này chưa báo cáo, số gần nhất của 6 tháng 2023: Số người tốt nghiệp.",)


def test_learners_of_the_year_are_not_taken_for_those_in_training_on_its_last_day():
    learners = line("nonpublic_learners", 347.0, unit="186", row=35, label_vi="Số người học")
    assert other("186", learners).rows[0][0] == "Số người học tại cơ sở ngoài công lập, lũy kế từ đầu năm"


def test_of_money_every_percentage_is_printed():
    paid = line("budget_disbursed", 12.0, unit="186", row=66, measure="million_dong", last_year_value=8.0,
                index_last_year=150.0)  # fmt: skip
    assert other("186", paid).rows[0][-1] == "150,0"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_figure_does_not_stand_beside_a_percentage_of_other_levels(lang):
    apart = Said("indicators.beside.all_levels")
    employed = line("graduates_employed", 698.0, unit="cdn-ls", row=66, last_year_value=700.0,
                    index_last_year=109.2, why_vi=apart.vi, why_en=apart.en)  # fmt: skip
    table = other("cdn-ls", employed, lang=lang)
    assert table.rows[0][-1] == ""
    assert len(table.columns) == 5, "nor is there a note on it"


def test_a_share_of_institutions_says_nothing_of_one_alone():
    """Lạng Sơn Vocational College is one; what its equipment lacks stands in the same row of the plan and stays."""
    share = {"row": 12, "measure": "percent", "basis": "stock", "label_vi": "Tỷ lệ cơ sở đã rà soát thiết bị"}
    lacks = {"row": 12, "measure": "million_dong", "basis": "stock", "label_vi": "Giá trị thiết bị còn thiếu"}
    table = other(
        "cdn-ls",
        line("equipment_reviewed_share", 75.7, unit="cdn-ls", **share),
        line("equipment_missing_value", 2408.0, unit="cdn-ls", **lacks),
    )
    assert [row[0] for row in table.rows] == ["Giá trị thiết bị còn thiếu"]


def sheet(chance, median, counted=210.0, cutoff="2023-H1"):
    rows = [
        line("people_enrolled", counted, unit="186", plan_value=580.0, percent_of_plan=counted / 5.8,
             period=cutoff),
        line("people_enrolled", 4533.0, plan_value=13500.0, percent_of_plan=33.6, period=cutoff),
    ]  # fmt: skip
    own = cases.people(probability=chance, median=median)
    return facts(unit="186", lines=pd.DataFrame(rows), own=own, cutoff=parse_cutoff(cutoff))


@pytest.mark.parametrize(
    ("chance", "median", "counted", "told"),
    [
        (0.3, 550.0, 210.0, True),  # 36.2 % of the quota, usually 30 % by now
        (0.45, 570.0, 210.0, True),  # about even, and still projected below the quota
        (0.6, 600.0, 210.0, False),
        (0.3, 550.0, 150.0, False),  # 25.9 %: behind its course, too
    ],
)
def test_why_a_unit_ahead_of_its_course_is_unlikely_is_told(monkeypatch, chance, median, counted, told):
    shares = course((0.1, 0.3, 0.6, 1.0))
    monkeypatch.setattr(PeriodFacts, "past_years", lambda self, unit="", level=None: shares)
    for lang, words in (
        ("vi", "Phần chỉ tiêu đã đạt cao hơn phần thường có"),
        ("en", "More of the quota is done than is usual"),
    ):
        notes = worded(unit_sheet.table(sheet(chance, median, counted)), lang).notes
        assert any(words in note for note in notes) == told


def test_the_days_that_are_counted_and_where_terms_stand_are_told():
    vi, en = (worded(unit_sheet.table(sheet(0.6, 600.0)), lang).notes for lang in LANGUAGES)
    assert "Số liệu tính từ ngày 15/12/2022 đến hết ngày 14/6/2023." in vi
    assert "Counted from 15 December 2022 to 14 June 2023." in en
    assert vi[-1] == "Giải thích thuật ngữ ở phụ lục báo cáo của tỉnh Lạng Sơn."


def test_once_the_year_is_over_rows_speak_of_the_year():
    closed = worded(unit_sheet.table(sheet(0.0, 570.0, 570.0, "2023-FY")), "vi")
    assert closed.rows[-1][:2] == ("Thiếu (-), vượt (+) so với chỉ tiêu (người)", "-10")


@pytest.mark.parametrize(
    ("cutoff", "day", "ahead"),
    [("2023-H1", "18/9/2023", "9 tháng đầu năm 2023"), ("2023-FY", "18/3/2024", "quý I năm 2024")],
)
def test_points_that_were_found_are_asked_of_somebody_by_a_day(cutoff, day, ahead):
    found = pd.DataFrame({"unit": ["186", "183"], "severity": ["warning", "error"]})
    given = facts(unit="186", findings=found, cutoff=parse_cutoff(cutoff))
    told = clear_up.own_request(given)
    assert "UBND huyện Hữu Lũng" in told.vi
    assert day in told.vi
    assert ahead in told.vi


def test_people_above_the_quota_are_no_lack_of_none():
    above = worded(unit_sheet.table(sheet(1.0, 740.0, 740.0, "2023-FY")), "vi")
    assert above.rows[-1][:2] == ("Thiếu (-), vượt (+) so với chỉ tiêu (người)", "+160")


def test_of_how_many_units_the_place_s_figures_are_is_told_while_any_lacks():
    rows = [
        line("people_enrolled", 358.0, unit="186", plan_value=540.0, percent_of_plan=66.3),
        line("people_enrolled", 8758.0, plan_value=13500.0, percent_of_plan=64.9, reported=22, expected=23),
    ]
    given = facts(unit="186", lines=pd.DataFrame(rows))
    told = {lang: " ".join(worded(unit_sheet.table(given), lang).notes) for lang in LANGUAGES}
    assert "số đã tuyển và so sánh với các năm trước là của 22/23 đơn vị đã báo cáo" in told["vi"]
    assert "chỉ tiêu và các số tính theo chỉ tiêu, cùng mức dự báo, là của cả 23 đơn vị" in told["vi"]
    assert "quotas, what is measured by them and what is projected are of all 23." in told["en"]
    rows[1]["reported"] = 23
    given = facts(unit="186", lines=pd.DataFrame(rows))
    assert not any("đơn vị đã báo cáo" in note for note in worded(unit_sheet.table(given), "vi").notes)


@pytest.mark.parametrize(
    ("source", "told"), [("2023-9M/186.xlsx!A!F9", "không làm thay đổi"), ("x", "có thể làm")]
)
def test_whether_a_missing_report_below_can_change_the_people_is_told(source, told):
    came = matrix(("186", "on_time", 0), ("gdnn-gdtx-186", "missing", None)).assign(
        file=["2023-9M/186.xlsx", ""]
    )
    rows = pd.DataFrame([line("people_enrolled", 528.0, unit="186", sources=source)])
    said = sentence(unit_sheet.rests_on(facts(unit="186", lines=rows, matrix=came)), "vi")
    assert told in said
    assert "TT GDNN-GDTX Hữu Lũng" in said
    table = appendices.other_figures(facts(unit="186", lines=pd.DataFrame([dropped_out(10.0)]), matrix=came))
    assert "Không có số của TT GDNN-GDTX Hữu Lũng" in worded(table, "vi").notes[-1]
    whole = matrix(("186", "on_time", 0), ("gdnn-gdtx-186", "on_time", 0))
    assert unit_sheet.rests_on(facts(unit="186", lines=rows, matrix=whole)) is None


def test_nor_is_a_percentage_of_few_people_printed_in_the_first_table():
    rows = [
        line("people_enrolled", 12.0, unit="186", plan_value=40.0, percent_of_plan=30.0, last_year_value=before,
             index_last_year=100 * 12 / before)
        for before in (4.0, 10.0)
    ]  # fmt: skip
    tables = [worded(unit_sheet.table(facts(unit="186", lines=pd.DataFrame([row]))), "vi") for row in rows]
    shown = [dict(row[:2] for row in table.rows).get("So với cùng kỳ năm trước (%)") for table in tables]
    assert shown == [None, "120,0"], "a row in which the unit has nothing is left out"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_mark_of_a_sheet_is_explained_under_its_table(lang):
    from opened import opened

    from vetanalysis.blocks import Table
    from vetanalysis.report import document_of

    document = document_of(opened("lang-son-2023-example", "2023-9M").at(unit="186", lang=lang))
    blocks = [block for one in document.appendices for block in one.blocks] + list(document.blocks)
    (table,) = [block for block in blocks if isinstance(block, Table) and block.id == "other"]
    marks = {row[-1] for row in table.rows if row[-1].startswith("(") and row[-1].endswith(")")}
    assert marks
    assert all(any(note.startswith(f"{mark}: ") for note in table.notes) for mark in marks)


@pytest.mark.parametrize("case", ["beyond", "beyond.some"])
def test_figures_of_all_levels_bar_those_of_the_same_year_and_not_the_percentage_of_last_year(case):
    """In 2022 and in 2023 the year's graduates in work are told over all levels: 10,260 are 102.2 % of 10,040."""
    told = Said(f"indicators.beside.{case}")
    assert "earlier figures of the year" in told.en
    assert "số các kỳ trước trong năm" in told.vi
