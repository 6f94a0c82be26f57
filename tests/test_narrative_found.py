"""What the checks found as reports tell it, who sent reports, and figures told once."""

import math

import pandas as pd
import pytest
from period_cases import both, facts, line, matrix

from vetanalysis.blocks import MISSING_CELL
from vetanalysis.language.cells import worded
from vetanalysis.language.render import sentence
from vetanalysis.narrative import appendices, bodies, clear_up, outlook, tasks, unit_tables
from vetanalysis.periods import parse_cutoff
from vetanalysis.returns.matrix import STATES


def test_who_signs_the_report_asks_itself_for_nothing_and_each_kind_has_its_day():
    """The department's own inspectorate and a college, of which the college was due three days before."""
    units = ("so-ldtbxh", "thanh-tra-so", "cdn-ls")
    late = matrix(*((unit, "missing", None) for unit in units))
    late.loc[late["unit"] == "cdn-ls", "deadline"] = "2023-09-15"
    vi, en = both(outlook.send_now, facts(matrix=pd.concat([late, matrix(("186", "on_time", 0))])))
    assert vi.startswith("Đề nghị Thanh tra Sở và CĐ nghề Lạng Sơn gửi báo cáo")
    assert vi.endswith(
        "(đã quá hạn) chậm nhất 5 ngày làm việc sau ngày ra thông báo; "
        "hạn gửi là ngày 15/9/2023 (cơ sở giáo dục nghề nghiệp) và 18/9/2023 (sở, ngành)."
    )
    assert "the overdue report for the first nine months of 2023 (due on 15 September 2023 (" in en
    assert en.endswith("within 5 working days of the notice.")
    assert outlook.send_now(facts(matrix=late[late["unit"] == "so-ldtbxh"])) is None


def test_who_signs_stands_in_the_table_where_nobody_else_owes_a_report_and_below_it_where_others_do():
    own = matrix(("so-ldtbxh", "missing", None), ("186", "on_time", 0))
    table = worded(appendices.not_reported(facts(matrix=own)), "vi")
    assert [row[1:3] for row in table.rows] == [("Sở LĐTBXH", "Chưa gửi")]
    assert table.notes == ()
    others = pd.concat([own, matrix(("183", "missing", None))])
    table = worded(appendices.not_reported(facts(matrix=others)), "vi")
    assert [row[1] for row in table.rows] == ["Cao Lộc"]
    assert table.notes == ("Ngoài ra, số liệu của chính Sở LĐTBXH chưa được tổng hợp.",)


@pytest.mark.parametrize(("why", "columns"), [("", 5), ("số của 6 tháng 2023", 6)])
def test_other_figures_carry_what_limits_them(why, columns):
    lines = pd.DataFrame([line("learners_present", 94.0, unit="186", row=59, why_vi=why)])
    made = worded(appendices.other_figures(facts(unit="186", lines=lines)), "vi")
    assert len(made.columns) == columns
    assert made.title.startswith("Các số liệu khác đơn vị và các cơ sở trên địa bàn đã báo cáo")
    assert made.rows[0][-1] == why


def test_what_the_checks_found_is_told_with_sheet_and_cell():
    columns = ["unit", "severity", "sheet", "cell", "found_vi", "found_en", "remedy_vi", "remedy_en", "rule"]
    words = ("quá cao", "too high", "xem lại", "look again", "r")
    rows = [
        ("186", "error", "Tuyển mới", "C8", *words), ("186", "warning", "", "D9", *words),
        ("186", "warning", "Tuyển mới", "", *words), ("186", "error", "", "", *words),
        ("186", "info", "Tuyển mới", "C9", *words), ("183", "error", "Tuyển mới", "C10", *words),
    ]  # fmt: skip
    told = clear_up.one_by_one(facts(unit="186", findings=pd.DataFrame(rows, columns=columns)))
    assert [sentence(one, "en") for one in told] == [
        "Too high (sheet “Tuyển mới”, newly enrolled, cell C8); look again.", "Too high (cell D9); look again.",
        "Too high (sheet “Tuyển mới”, newly enrolled); look again.", "Too high; look again.",
    ]  # fmt: skip
    assert sentence(told[0], "vi") == "Quá cao (trang “Tuyển mới”, ô C8); xem lại."
    many = pd.DataFrame([rows[0]] * 9, columns=columns)
    assert len(clear_up.one_by_one(facts(unit="186", findings=many))) == 8
    assert clear_up.count(facts(unit="186", findings=many)).facts["findings"] == 9


def test_a_total_that_does_not_add_up_leaves_the_people_told_as_they_are():
    found = pd.DataFrame(
        [("186", "warning", "Tuyển mới", "C13", "lệch", "off", "xem lại", "look again", "subtotal-mismatch")],
        columns=[
            "unit",
            "severity",
            "sheet",
            "cell",
            "found_vi",
            "found_en",
            "remedy_vi",
            "remedy_en",
            "rule",
        ],
    )
    lines = pd.DataFrame([line("people_enrolled", 358.0, unit="186")])
    (told,) = clear_up.one_by_one(facts(unit="186", findings=found, lines=lines))
    assert "số 358 người nêu trên là của các dòng trình độ, không theo dòng này" in sentence(told, "vi")
    assert "the 358 people above are those of the rows by level" in sentence(told, "en")


def test_what_became_of_points_of_earlier_reports_is_told():
    found = pd.DataFrame(
        [("186", "warning", "2023-H1", True), ("186", "warning", "2023-9M", False), ("186", "info", "2023-9M", False),
         ("183", "error", "2023-9M", False)],
        columns=["unit", "severity", "period", "settled"],
    ).assign(found_vi="Tổng số ghi 560", found_en="The total is 560", sheet="Tuyển mới", cell="C13")  # fmt: skip
    half, nine = clear_up.earlier(facts(unit="186", found_before=found, cutoff=parse_cutoff("2023-FY")))
    assert "6 tháng đầu năm 2023: 1 điểm đã được sửa bằng báo cáo gửi lại." in sentence(half, "vi")
    assert "9 tháng đầu năm 2023: 1 điểm chưa có báo cáo gửi lại để sửa: Tổng số ghi 560 (" in sentence(
        nine, "vi"
    )
    assert "1 not corrected by a return sent anew: The total is 560 (" in sentence(nine, "en")
    assert "C13" in sentence(nine, "vi")


def test_a_point_of_an_earlier_report_that_is_not_corrected_is_asked_for_again():
    """Hữu Lũng has one point of nine months open beside its two of the year, Cao Lộc one alone: four in all."""
    before = pd.DataFrame(
        [("186", "warning", "2023-9M", False), ("186", "error", "2023-H1", True), ("183", "error", "2023-9M", False)],
        columns=["unit", "severity", "period", "settled"],
    )  # fmt: skip
    now = pd.DataFrame([("186", "warning")] * 2, columns=["unit", "severity"])
    given = {"findings": now, "found_before": before, "cutoff": parse_cutoff("2023-FY")}
    assert clear_up.points(facts(**given)) == {"186": 3, "183": 1}
    vi, en = both(clear_up.request, facts(**given))
    assert "báo cáo 2023 còn 2 điểm, báo cáo các kỳ trước còn 2 điểm; đề nghị UBND huyện Hữu Lũng (3)" in vi
    assert (
        "leave 2 points, and those of earlier reports 2. The People's Committee of Hữu Lũng district (3)"
        in en
    )
    own = both(clear_up.own_request, facts(unit="183", **given))
    assert "sửa hoặc giải trình 1 điểm kiểm tra (1 điểm của báo cáo trước) chậm nhất ngày 18/3/2024" in own[0]
    assert "the 1 point of the checks (1 from an earlier report) by 18 March 2024" in own[1]


def test_of_a_kind_of_senders_it_is_told_how_many_sent_and_of_a_single_one_how():
    came = matrix(("186", "on_time", 0), ("183", "missing", None), ("cdn-ls", "late", 2))
    given = facts(matrix=came)
    assert sentence(bodies._sent(given, "", "district"), "en") == "1 of 2"
    assert bodies._sent(given, "", "institution") == STATES["late"]
    assert bodies._sent(given, "186", "") == STATES["on_time"]
    assert bodies._sent(given, "178", "") is MISSING_CELL


def test_an_older_figure_is_of_the_same_unit_and_indicator():
    older = pd.DataFrame(
        [
            line("job_seekers", 7, "186", period="2023-H1"), line("people_graduated", 9, period="2023-H1"),
            line("job_seekers", 3, period="2023-H1", basis="period"), line("job_seekers", 5, period="2023-H1"),
        ]
    )  # fmt: skip
    assert appendices._latest(facts(older=older), "job_seekers")["value"] == 5
    assert appendices._latest(facts(older=older), "people_employed") is None
    assert appendices._latest(facts(older=older), "people_enrolled")["value"] == 9000, "of the cut-off itself"
    assert appendices._latest(facts(), "job_seekers") is None


def test_parts_hang_on_the_figure_before_them_and_a_part_without_one_stands_alone():
    def named(vi, en, value):
        return line("learning_demand", value, label_vi=vi, label_en=en)

    first, second = named("Số người học", "Learners", 40), named("Số người tốt nghiệp", "Graduates", 30)
    part = named("Trong đó: nữ", "Of whom: women", 12)
    joined = tasks._joined(facts(), [first, second, part, part, first])
    assert [len(one.facts.get("parts", ())) for one in joined] == [0, 2, 0]
    assert len(tasks._joined(facts(), [part, first])) == 2
    assert tasks._joined(facts(), []) == ()


@pytest.mark.parametrize("row", [1, 9, 10, 23, 24, 25, 56, 57, 58, 62, 63])
def test_figures_told_in_the_first_table_or_in_words_are_not_told_again(row):
    lines = pd.DataFrame([line("learners_present", 94.0, unit="186", row=row)])
    again = appendices.other_figures(facts(unit="186", lines=lines)) is not None
    assert again is (row not in (*range(1, 10), 24, 56, 58, 62))


@pytest.mark.parametrize(
    ("whole", "parts", "more"),
    [(100, (60, 30), 10), (100, (60, 40), None), (100.4, (60, 40), None), (100.5, (60, 40), 0.5), (80, (60, 30), -10),
     (100, (), None), (None, (60, 30), None), (100, (60, None), 40)],
)  # fmt: skip
def test_what_a_place_has_beyond_its_units_is_shown_where_they_have_some(whole, parts, more):
    units = ("186", "183")[: len(parts)]
    given = [("20", whole), *zip(units, parts, strict=True)]
    rows = [line("people_enrolled", math.nan if value is None else value, unit) for unit, value in given]
    cells = unit_tables._rest(facts(lines=pd.DataFrame(rows)), units, ())
    assert cells[1].value == (None if more is None else pytest.approx(more))
    assert cells[0].value is None, "no quotas"
