"""What a report of a period says of tasks and of the period ahead, its tables, and a unit's own sheet."""

import math

import pandas as pd
import pytest
from period_cases import PLAN, facts, line, matrix, said, standing, year

from vetanalysis.blocks import LANGUAGES, OfficePlace, Paragraph
from vetanalysis.checks import finding
from vetanalysis.documents.columns import column_widths
from vetanalysis.language.cells import worded
from vetanalysis.language.lines import PlanWords
from vetanalysis.language.render import sentence
from vetanalysis.narrative import appendices, bodies, clear_up, indicators, tasks
from vetanalysis.periods import parse_cutoff

# tasks and the units' own words

WORDS = said(
    ("186", "task-1", "difficulties", "Thiếu  giáo viên."),
    ("183", "task-1", "difficulties", "Thiếu giáo viên."),
    ("178", "task-1", "difficulties", "=cmd|'/c calc'!A0"),
    ("186", "task-1", "progress", "Chậm tiến độ"),
    ("183", "task-1", "progress", "Hoàn thành"),
    ("186", "task-2", "proposals", "Giao kinh phí sớm."),
)


def test_progress_of_all_tasks_is_a_table_of_units_with_how_many_answered():
    table = worded(tasks.progress_table(facts(explanations=WORDS)), "vi")
    assert [column.label for column in table.columns] == ["Nhiệm vụ", "Hoàn thành", "Chậm tiến độ", "Cộng"]
    assert [row[1:] for row in table.rows] == [("1", "1", "2")]
    assert table.rows[0][0].startswith("1. ")
    assert tasks.progress_table(facts()) is None


def test_what_units_type_as_progress_takes_the_place_of_no_answer():
    typed = said(("186", "task-1", "progress", "told"), ("183", "task-1", "progress", "Hoàn thành"))
    table = worded(tasks.progress_table(facts(explanations=typed)), "en")
    assert [column.label for column in table.columns] == ["Task", "Completed", "“told”", "All"]


def test_own_words_stand_once_with_who_wrote_them_the_most_frequent_first():
    words = worded(tasks.own_words(facts(explanations=WORDS), "difficulties", "task-1"), "vi")
    (told,) = words
    assert told.startswith("Khó khăn các đơn vị nêu: “Thiếu giáo viên” (Hữu Lũng, Cao Lộc); “=cmd")
    assert told.endswith("(TP Lạng Sơn).")


def test_a_unit_reads_only_its_own_words():
    mine = facts(explanations=WORDS, unit="186")
    own = tasks.own_words(mine, "difficulties", "")
    assert worded(own, "vi") == ("Khó khăn đơn vị nêu: “Thiếu giáo viên”.",)
    quoted = ("Difficulties, in the unit's own words (in Vietnamese): “Thiếu giáo viên”.",)
    assert worded(own, "en") == quoted
    assert tasks.own_words(mine, "causes", "") == ()


def test_of_many_different_texts_the_rest_is_counted():
    many = said(*(("186", "task-1", "difficulties", f"Khó khăn số {number:02d}") for number in range(12)))
    (words,) = worded(tasks.own_words(facts(explanations=many), "difficulties", ""), "vi")
    assert words.count("“") == 8
    assert words.endswith("; 4 ý kiến khác trong báo cáo của các đơn vị.")


def test_a_task_without_figures_or_words_keeps_its_place_for_the_office():
    blocks = tasks.tasks(facts())
    assert sum(isinstance(block, OfficePlace) for block in blocks) == len(PLAN.tasks)
    assert not any(isinstance(block, Paragraph) for block in blocks)


def test_words_of_units_are_translated_where_the_plan_brings_a_translation():
    words = PlanWords()
    words.own_words = {"Thiếu giáo viên.": {"en": "Too few teachers"}}
    given = facts(explanations=WORDS, plan=PLAN.model_copy(update={"words": words}), unit="186")
    own = tasks.own_words(given, "difficulties", "")
    assert worded(own, "vi") == ("Khó khăn đơn vị nêu: “Thiếu giáo viên”.",)
    told = ("Difficulties, in the unit's own words (translated): “Too few teachers”.",)
    assert worded(own, "en") == told


def test_figures_of_a_task_say_who_reports_them_and_a_number_of_things_comes_first():
    parts = {"measure": "persons", "row": 18, "way": "district"}
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
                way="district",
            ),
        ]
    )
    (told,) = tasks.figures_of(facts(lines=lines), (13, 18), 1)
    assert sentence(told, "vi") == (
        "Các huyện, thành phố: 4.731 lao động nông thôn được đào tạo, trong đó nghề nông nghiệp 2.637 người."
    )
    assert sentence(told, "en") == "Districts: 4,731 rural workers, of whom in farm trades 2,637 people."
    (earlier,) = tasks.figures_of(facts(lines=lines), (13,), 1)
    assert sentence(earlier, "vi") == "Các huyện, thành phố: 1 người có nhu cầu (6 tháng 2023)."
    (over,) = tasks.figures_of(facts(lines=lines, cutoff=parse_cutoff("2023-FY")), (13, 18), 1)
    assert "1 người có nhu cầu (6 tháng 2023)" in sentence(over, "vi"), "a finished year tells all it has"


def test_a_quantity_is_called_as_reports_call_it_and_what_a_year_lacks_when_it_is_over_is_short():
    pupils = line(
        "pupils_counselled",
        4660,
        label_vi="Số lượt học sinh (cùng hai tỷ lệ)",
        label_en="Pupils (with rates)",
    )
    assert sentence(tasks.figure_told(pupils), "vi") == "4.660 lượt học sinh được tư vấn hướng nghiệp"
    assert sentence(tasks.figure_told(pupils), "en") == "4,660 attendances of pupils at career guidance"
    lacking = line(
        "people_still_needed", 120, label_vi="Số người còn phải tuyển", label_en="People still needed"
    )
    told = [indicators.called_in_report(lacking, closed) for closed in (False, True)]
    assert [one.get("en") for one in told] == ["People still needed", "People short of the plan"]
    assert "còn" not in told[1].get("vi")


def test_a_count_of_one_report_stands_in_the_column_of_the_quarter_and_not_with_the_running_totals():
    corrected = line("reports_corrected", 1, row=62, basis="period", measure="reports", label_vi="Số lần sửa")
    running = line("jobs_created", 40, row=19, label_vi="Số việc làm")
    table = worded(appendices.indicator_lines(facts(lines=pd.DataFrame([corrected, running]))), "vi")
    by_row = {row[0]: row[4:6] for row in table.rows}
    assert [by_row["62"], by_row["19"]] == [("1", ""), ("", "40")]


def test_a_department_keeps_its_capital_inside_a_sentence():
    name = PLAN.unit("so-tc").label
    told = sentence(indicators.funds(100.0, 40.0, "2023-FY", PLAN.unit("tt-dvvl").label, name), "vi")
    assert "do Sở Tài chính chưa báo cáo" in told


def test_a_whole_year_is_held_against_the_year_before_and_a_part_of_one_against_the_same_period():
    told = {}
    for period in ("2023-FY", "2023-9M"):
        one = line("learning_demand", 40, label_vi="Số người học", index_last_year=102.25, period=period)
        told[period] = [sentence(tasks.figure_told(one), lang) for lang in LANGUAGES]
    assert told["2023-FY"][0].endswith("40 người học, bằng 102,3% so với năm 2022")
    assert told["2023-FY"][1].endswith(", 102.3% of 2022")
    assert told["2023-9M"][0].endswith("so với cùng kỳ")
    assert told["2023-9M"][1].endswith("of the same period last year")


def test_what_has_no_figure_now_is_told_by_the_latest_of_the_year_with_its_period_all_by_one_rule():
    """Firms are counted now; visits had figures in June and September; orders are of 5 of 33 now, of 32 then."""
    given = {"row": 13, "measure": "visits"}
    orders = {
        "row": 13,
        "way": "institution",
        "expected": 33,
        "label_vi": "Số hợp đồng",
        "label_en": "Orders",
    }
    now = [
        line("firms_surveyed", 7, label_vi="Số cuộc khảo sát", label_en="Surveys", **given),
        line("follow_up_visits", math.nan, label_vi="Số cuộc kiểm tra", label_en="Visits", **given),
        line("training_orders", 20, reported=5, **orders),
    ]
    earlier = [
        line("follow_up_visits", 29, label_vi="Số cuộc kiểm tra", label_en="Visits", **given),
        line("training_orders", 118, reported=32, **orders),
        line("follow_up_visits", 21, label_vi="Số cuộc kiểm tra", period="2023-H1", **given),
    ]
    made = facts(
        cutoff=parse_cutoff("2023-FY"), earlier=pd.DataFrame(earlier),
        lines=pd.DataFrame([one | {"period": "2023-FY"} for one in now]),
    )  # fmt: skip
    (told,) = tasks.figures_of(made, (13,), 1)
    text = sentence(told, "vi")
    assert "7 cuộc khảo sát" in text
    assert "29 cuộc kiểm tra (9 tháng 2023)" in text
    assert "118 hợp đồng (9 tháng 2023)" in text
    assert "21" not in text
    (lead, *_) = tasks.tasks(made)
    assert "số kỳ trước ghi kèm kỳ" in worded(lead, "vi").sentences[0].text


@pytest.mark.parametrize(
    ("reported", "told"),
    [
        (33, "các cơ sở giáo dục nghề nghiệp: 118 hợp đồng; 7.182 người tốt nghiệp."),
        (
            32,
            "các cơ sở giáo dục nghề nghiệp: 118 hợp đồng; 7.182 người tốt nghiệp (chưa có số của 1 đơn vị).",
        ),
        (20, "7.182 người tốt nghiệp (của 20/33 cơ sở giáo dục nghề nghiệp có số)."),
        (19, "các cơ sở giáo dục nghề nghiệp: 118 hợp đồng."),
    ],
)
def test_units_without_a_report_stand_behind_the_figures_to_whose_sum_they_belong(reported, told):
    """Of 20 of 33, fewer than four fifths, the base is told; of 19, fewer than three fifths, no sum.

    What every figure lacks the sender says once.
    """
    way = {"way": "institution", "expected": 33}
    orders = line(
        "x", 118, label_vi="Số hợp đồng", label_en="Number of orders", measure="orders", **way, reported=33
    )
    people = line("y", 7182, label_vi="Số người tốt nghiệp", label_en="Graduates", **way, reported=reported)

    def said(*lines):
        made = facts(lines=pd.DataFrame([{**one, "row": 13} for one in lines]))
        return sentence(tasks.figures_of(made, (13,), 1)[0], "vi")

    assert told in said(orders, people).replace("C", "c", 1)
    assert said(orders, people).count("có số") == (19 < reported < 33)
    if reported == 20:
        assert "(của 20/33 cơ sở giáo dục nghề nghiệp có số): 7.182" in said(people)


def test_money_and_rates_are_no_number_of_things():
    money = line("x", 590.0, label_vi="Số tiền sai phạm phải xử lý", label_en="Money", measure="million_dong")
    rate = line(
        "y", 67.6, label_vi="Tỷ lệ khắc phục sai phạm", label_en="Violations remedied", measure="percent"
    )
    told = [tasks.figure_told(one) for one in (money, rate)]
    assert [one.vi for one in told] == [
        "số tiền sai phạm phải xử lý 590,0 triệu đồng", "tỷ lệ khắc phục sai phạm 67,6%",
    ]  # fmt: skip
    assert told[1].en == "violations remedied: 67.6%"


# what is asked of whom


# tables


def test_funds_by_source_are_totalled_by_the_returns_not_here():
    rows = [
        line(name, value, measure="million_dong", fund_source=source)
        for name, source, value in (
            ("budget_assigned", "central", 100.0), ("budget_disbursed", "central", 40.0),
            ("budget_assigned", "", 150.0), ("budget_disbursed", "", 60.0), ("disbursement_rate", "", 40.0),
        )
    ]  # fmt: skip
    table = worded(tasks.funding_table(facts(lines=pd.DataFrame(rows))), "vi")
    assert table.rows[0][1:] == ("100,0", "40,0", "..")
    assert table.rows[-1] == ("Tổng cộng", "150,0", "60,0", "40,0")
    assert tasks.funding_table(facts()) is None


def test_of_each_body_its_own_figures_of_the_place_without_breakdowns():
    rows = [
        line("reminders_sent", 3, measure="documents", label_vi="Số văn bản đôn đốc"),
        line("follow_up_visits", 2, measure="visits", label_vi="Số cuộc kiểm tra", period="2023-H1"),
        line("reminders_sent", 71, measure="documents", sex="female"),
        line("reminders_sent", 72, "186", measure="documents"),
        line("people_enrolled", 9000),
    ]
    shown = {
        row[0]: row[2] for row in worded(bodies.bodies_table(facts(lines=pd.DataFrame(rows))), "vi").rows
    }
    body = next(one for one in PLAN.bodies if one.number == 1)
    assert shown[body.name.vi] == "3 văn bản đôn đốc; 2 cuộc kiểm tra (6 tháng 2023)"
    assert len(shown) == len(PLAN.bodies), "a row each"
    assert set(shown.values()) == {shown[body.name.vi], ".."}
    assert bodies.bodies_table(facts()) is None


def test_other_bodies_are_those_without_a_row_of_their_own_so_that_the_rows_add_up_to_all_that_are_due():
    """Six departments have rows, the inspectorate and the job centre stand with theirs; a college is no body."""
    named = ("so-ldtbxh", "so-khdt", "so-tc", "so-tttt", "so-gddt", "so-nnptnt")
    assert [one.code for one in PLAN.bodies if not one.unit_kind] == [*named]
    came = [(unit, "on_time", 0) for unit in (*named, "thanh-tra-so", "186", "183", "cdn-ls")]
    given = matrix(*came, ("tt-dvvl", "missing", None), ("178", "not_due", None))
    lines = pd.DataFrame([line("reminders_sent", 3, measure="documents")])
    for lang, counted in (("vi", ("1/2 đơn vị", "2/2 đơn vị")), ("en", ("1 of 2", "2 of 2"))):
        rows = worded(bodies.bodies_table(facts(lines=lines, matrix=given)), lang).rows
        sent = dict(zip([body.code for body in PLAN.bodies], [row[1] for row in rows], strict=True))
        assert (
            sent["so-ldtbxh"].partition(": " if lang == "en" else "trực thuộc ")[2],
            sent["ubnd-huyen"],
        ) == counted
        assert sent["so-nganh-khac"] == "-", "nobody else is asked"
        assert not any(sent[code][0].isdigit() for code in named)
        other = matrix(*came, ("cuc-thong-ke", "on_time", 0))
        rows = worded(bodies.bodies_table(facts(lines=lines, matrix=other)), lang).rows
        assert dict(zip([body.code for body in PLAN.bodies], rows, strict=True))["so-nganh-khac"][1] != "-"


def test_a_kind_of_units_stands_with_what_it_enrolled_of_its_quotas_and_never_with_the_quotas_as_its_result():
    """The sum of the quotas given is no achievement: 13,500 of 13,500 says nothing of who was enrolled."""
    given = {"label_vi": "Tổng chỉ tiêu giao", "label_en": "Sum of targets"}
    rows = [
        line("targets_assigned_total", 1800, percent_of_plan=100.0, plan_value=1800, **given),
        line("institution_target", 450, **given),
        line("people_dropped_out", 7, label_vi="Số người thôi học", label_en="People who dropped out"),
    ]
    units = standing(
        ("186", 760, 700, "within"), ("183", 590, 600, "within"), ("cdn-ls", 450, math.nan, "within")
    )
    units.loc["cdyt-ls"] = units.loc["186"]
    units.loc["cdyt-ls", ["plan", "counted"]] = [100, 90]
    told = {}
    for lang in LANGUAGES:
        table = worded(bodies.bodies_table(facts(lines=pd.DataFrame(rows), year=year(units))), lang)
        told[lang] = dict(
            zip([body.code for body in PLAN.bodies], [row[2] for row in table.rows], strict=True)
        )
    assert told["vi"]["ubnd-huyen"] == (
        "2 đơn vị được giao chỉ tiêu đã tuyển 1.300 người, đạt 96,3% của 1.350 người"
    )
    assert told["en"]["ubnd-huyen"] == "2 units with quotas: 1,300 people enrolled, 96.3% of their 1,350"
    assert told["en"]["co-so-gdnn"] == (
        "2 units with quotas: 90 people enrolled, 16.4% of their 550 (no figures from 1 unit); "
        "7 people who dropped out"
    )
    alone = worded(bodies.bodies_table(facts(lines=pd.DataFrame(rows))), "en").rows
    assert "Sum of targets: 1,800 people" in [row[2] for row in alone], (
        "without a count the quotas, of no plan"
    )


def test_of_a_body_with_many_figures_the_first_four_are_shown():
    refs = PLAN.indicators.set_index("id")["plan_ref"]
    mine = refs.index[refs.str.startswith("V.")]
    number = refs[mine].value_counts().index[0]
    many = [name for name in mine if refs[name] == number]
    assert len(many) > 4
    rows = [line(name, 10 + place, label_vi=f"Số {name}") for place, name in enumerate(many)]
    shown = worded(bodies.bodies_table(facts(lines=pd.DataFrame(rows))), "vi").rows
    (told,) = (row[2] for row in shown if row[2] != "..")
    assert [one.split()[0] for one in told.split("; ")] == ["10", "11", "12", "13"]


def test_groups_are_never_added():
    rows = [
        line("people_enrolled", 1000),
        line("people_enrolled", 450, sex="female"),
        line("people_enrolled", 700, group="ethnic_minority"),
        line("people_enrolled", 5, group="disability"),
    ]
    table = worded(appendices.groups(facts(lines=pd.DataFrame(rows))), "vi")
    assert ("Nữ", "450", "45,0") in table.rows
    assert not any("Tổng" in row[0] for row in table.rows)
    assert "không cộng" in table.notes[0]


def test_a_group_told_over_all_levels_is_a_share_of_all_levels():
    """129 of 115 at the counted levels and 85 in short courses: 64.5 % of 200."""
    rows = [line("people_enrolled", 115), line("people_enrolled", 129, group="ethnic_minority", whole=200)]
    table = worded(appendices.groups(facts(lines=pd.DataFrame(rows))), "vi")
    assert table.rows == (("Người dân tộc thiểu số", "129", "200", "64,5"),)
    assert "gồm cả trình độ không tính vào chỉ tiêu, khác với 115 người" in table.notes[0]
    assert table.title == "Số người tuyển mới ở mọi trình độ theo đối tượng tính đến hết 9 tháng đầu năm 2023"


def test_the_appendix_of_indicators_leaves_out_what_has_no_figure():
    rows = [
        line("people_enrolled", 9000, plan_value=13500.0, percent_of_plan=66.7),
        line("jobs_created", math.nan),
    ]
    table = worded(appendices.indicator_lines(facts(lines=pd.DataFrame(rows))), "vi")
    assert len(table.rows) == 1
    assert table.rows[0][3:7] == ("13.500", "", "9.000", "66,7")
    assert table.landscape


def test_units_without_a_report_come_before_late_ones():
    given = facts(matrix=matrix(("186", "late", 7), ("183", "missing", None)))
    table = worded(appendices.not_reported(given), "vi")
    assert [row[1] for row in table.rows] == ["Cao Lộc", "Hữu Lũng"]
    assert table.rows[0][4] == ".."
    assert table.rows[1][5] == "7"
    assert appendices.not_reported(facts()) is None


def test_of_the_table_of_findings_two_thirds_are_for_what_is_wrong_and_what_to_do():
    found = [finding("a.csv", "row 5", "no-known-day", "findings.not_utf8") for _ in range(3)]
    widths = column_widths(worded(clear_up.in_tables(PLAN, parse_cutoff("2023-9M"), found), "en"), 240, 11)
    assert sum(widths[3:]) == pytest.approx(160, abs=10)
    assert widths[0] < widths[2] < widths[1] < widths[4] < widths[3]


# a unit's own sheet
