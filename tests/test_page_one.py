"""What a first reader asks of page one and of the table of what is asked: who must act, and whether the sums hold."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from types import SimpleNamespace

import narrative_cases as cases
import pandas as pd
import pytest
from opened import opened
from period_cases import facts, line, standing, year

import vetanalysis as va
from vetanalysis.blocks import LANGUAGES, Column, Figure, Paragraph, Picture, Said, Table, same
from vetanalysis.documents.brief import message_of
from vetanalysis.figures.captions import named, target_label
from vetanalysis.figures.cumulative import path_alt, path_of
from vetanalysis.language.cells import worded
from vetanalysis.language.render import sentence
from vetanalysis.narrative import behind, evidence, opening, targets, unit_tables
from vetanalysis.narrative.asked import Asked
from vetanalysis.periods import parse_cutoff
from vetanalysis.pipeline.record import _answer
from vetanalysis.pipeline.store import _target
from vetanalysis.report import document_of, told_of

EXAMPLE = "lang-son-2023-example"
LABELS = {  # of its three targets, inside a sentence
    "vi": ("tỷ lệ lao động qua đào tạo", "có bằng, chứng chỉ", "số người được đào tạo|tuyển"),
    "en": ("trained-labour rate", "with a degree or certificate", "people trained|enrol"),
}


@pytest.fixture(scope="module")
def example():
    return opened(EXAMPLE, "2023-9M")


def text_of(document, kind=""):
    paragraphs = [block for block in document.blocks if isinstance(block, Paragraph)]
    return " ".join(block.text for block in paragraphs if not kind or block.kind == kind)


def table_of(blocks, name):
    return next(block for block in blocks if isinstance(block, Table) and block.id == name)


def number(text):
    return int(re.sub(r"[.,]", "", text))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("at", ["start", "Q1", "H1", "9M"])
def test_of_every_target_that_is_unlikely_or_not_assessed_somebody_is_asked_something_on_page_one(
    example, at, lang
):
    study = example.at(f"2023-{at}", lang=lang)
    told = text_of(document_of(study), "key")
    asked = re.split("Việc cần làm: |To do: ", told)[1]
    lacking = ["unlikely", "very_unlikely", "almost_no_chance", "not_assessed"]
    wanted = [
        label for label, one in zip(LABELS[lang], study.assessments, strict=True) if one.status in lacking
    ]
    assert wanted
    for label in wanted:
        assert re.search(label, asked), asked
    assert len(re.findall(r"\(\d\) ", asked)) <= 3


def test_at_nine_months_the_department_is_asked_about_the_62_percent_before_the_day_it_is_judged(example):
    told = {lang: text_of(document_of(example.at(lang=lang)), "key") for lang in LANGUAGES}
    assert (
        "The Department of Labour, Invalids and Social Affairs will submit measures on the trained-labour rate "
        "(62%) to the Lạng Sơn Provincial People's Committee within 10 working days of this report."
    ) in told["en"]
    assert (
        "Sở Lao động - Thương binh và Xã hội trình UBND tỉnh Lạng Sơn giải pháp về tỷ lệ lao động qua đào tạo "
        "(62%) trong 10 ngày làm việc kể từ ngày ra báo cáo này."
    ) in told["vi"]
    assert "gửi báo cáo (hạn 15/9/2023, đã quá hạn) chậm nhất 5 ngày làm việc" in told["vi"]
    assert "the overdue report (due on 15 September 2023) within 5 working days" in told["en"]


@pytest.mark.parametrize("at", ["H1", "9M"])
def test_page_one_answers_for_every_target_and_a_message_holds_no_mark_of_its_table(example, at):
    told = {}
    for lang in LANGUAGES:
        study = example.at(f"2023-{at}", lang=lang)
        told[lang] = text_of(document_of(study), "key")
        assert "(†)" not in message_of(told_of(study), study.unit.label, lang, study.plan.words)
    assert (
        "Chỉ tiêu khác: tỷ lệ lao động qua đào tạo 62%: ít khả năng đạt (khoảng 25%(†)); tỷ lệ lao động qua đào tạo "
        "có bằng, chứng chỉ 25%: khả năng đạt khoảng 50%(†). Việc cần làm: "
    ) in told["vi"]
    assert (
        "Other targets: trained-labour rate 62%: unlikely (about 25%(†)); trained-labour rate with a degree or "
        "certificate 25%: roughly even chance (about 50%(†)). To do: "
    ) in told["en"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("at", "missing", "silent"), [("H1", 13500 - 4533, 0), ("9M", 13500 - 8758, 260)])
def test_what_is_asked_adds_up_to_what_is_missing(example, at, missing, silent, lang):
    """With the quota of a unit that is asked for its report first."""
    document = document_of(example.at(f"2023-{at}", lang=lang))
    rows = table_of(document.blocks, "behind").rows
    first = next(at for at, row in enumerate(rows) if not row[0])
    named = sum(number(row[-1]) for row in rows[:first])
    assert number(rows[first][-1]) == named
    assert sum(number(row[-1]) for row in rows[first:-1]) == number(rows[-1][-1]) == missing
    assert number(rows[-1][2]) == 13500
    duties = next(
        block.text for block in document.blocks if isinstance(block, Paragraph) and block.kind == "list"
    )
    of_units = r"tuyển (?:đủ )?([\d.]+) người|remaining ([\d,]*\d)"
    asked = sum(number(next(filter(None, found))) for found in re.findall(of_units, duties))
    assert asked + silent == missing


def test_units_past_their_quota_without_a_report_and_people_of_no_unit_stand_in_the_table_too():
    """900 people of 1,500: 60 and 30 missing, 20 too many, a quota of 100 unheard of; 30 counted beyond the units."""
    units = standing(
        ("186", 400, 340, "behind"),
        ("183", 500, 470, "on"),
        ("178", 40, 60, "on"),
        ("181", 100, math.nan, ""),
    )
    units["probability"] = [0.1, 0.7, 0.99, 0.2]
    lines = pd.DataFrame([line("people_enrolled", 900, plan_value=1500.0)])
    table = worded(behind.behind_table(facts(lines=lines, year=year(units))), "en")
    rows = {row[1]: (row[2], row[3], row[-1]) for row in table.rows}
    assert rows["These units"] == ("400", "340", "60")
    assert rows["1 other unit below quota"] == ("500", "470", "30")
    assert rows["1 unit at or past quota"] == ("40", "60", "-20")
    assert rows["1 unit without a report"] == ("100", "..", "100")
    assert rows["Difference from the total"] == ("460", "30", "430")
    assert rows["Total"] == ("1,500", "900", "600")


def test_the_last_quarter_says_whose_people_it_lacks(example):
    """4,323 and 4,533 are not 8,758: 98 people of one unit stand in the half-year alone."""
    annexed = document_of(example.at(lang="en")).appendices[0].blocks
    row = next(row for row in table_of(annexed, "indicators").rows if row[1] == "People newly enrolled")
    assert (row[4], row[5]) == ("4,323", "8,758")
    told = re.search(r"the ([\d,]+) people of H1 2023 hold ([\d,]+) people of 1 unit lacking now", row[-1])
    before, gone = (number(found) for found in told.groups())
    assert before - gone + 4323 == 8758
    assert before == 4533


def test_a_quarter_lacks_whoever_did_not_send_the_report_before():
    """Of 40 and 70 people the second came anew: the quarter is 10 and no 80."""
    now = pd.DataFrame({1: [30.0, math.nan], 2: [40.0, 70.0]}, index=["183", "186"])
    flow = SimpleNamespace(as_reported=SimpleNamespace(lowest=SimpleNamespace(current=lambda: now)))
    given = facts(cutoff=parse_cutoff("2023-H1"), counted=SimpleNamespace(flow=lambda unit: flow))
    (said,) = unit_tables.one_sided(given)
    assert sentence(said, "en") == "The total holds 70 people of 1 unit without a report for Q1 2023"
    assert "lũy kế gồm 70 người của 1 đơn vị chưa báo cáo quý I/2023" in said.get("vi")


def test_a_quarter_says_which_people_stand_in_a_later_report_alone():
    """Of 30 people of the quarter 20 are of a unit whose own report of the date before never came."""
    now = pd.DataFrame({3: [30.0, 50.0], 4: [40.0, 70.0]}, index=["183", "186"])
    flow = SimpleNamespace(told_at=lambda step: now[step])
    alone = line("people_enrolled", 30.0, basis="period", period="2023-Q4")
    given = facts(
        cutoff=parse_cutoff("2023-FY"), counted=SimpleNamespace(flow=lambda unit: flow), before_as_of="2023-9M",
        asked_before=Asked(came={"186": "", "178": "2023-09-20"}), lines=pd.DataFrame([alone]),
    )  # fmt: skip
    (said,) = unit_tables.came_later(given)
    assert sentence(said, "en") == (
        "The 30 people of the quarter hold 20 people of 1 unit whose figure for 9M 2023 stands only in a later "
        "report"
    )
    assert "gồm 20 người của 1 đơn vị có số 9 tháng 2023 chỉ trong báo cáo sau" in said.get("vi")
    assert unit_tables.came_later(replace(given, asked_before=Asked(came={"186": "2023-09-20"}))) == []


def test_a_unit_without_a_report_reads_that_first_and_last_year_as_last_year(example):
    silent = example.at(unit="gdnn-tinh-2", lang="en")
    first = next(
        block for block in document_of(silent).blocks if isinstance(block, Paragraph) and block.kind == "key"
    )
    assert first.sentences[0].text == (
        "Result for the first nine months of 2023: no report has come; the last it reported is 98 people (to the "
        "end of the first six months of 2023); "
        "the whole of 2022 had 242 people (illustrative figures)."
    )
    over = text_of(document_of(silent.at("2023-FY")))
    assert "no figures of the year yet" not in over
    assert over.index("missing") < over.index("98 people") < over.index("the whole of 2022 had 242 people")


def test_before_the_year_counts_anything_last_year_is_last_year(example):
    first = text_of(document_of(example.at("2023-start", "186", "vi")), "key")
    assert "chưa có số thực hiện của năm; cả năm 2022 có 664 người" in first
    assert "Việc đề nghị UBND huyện Hữu Lũng: (1) Tuyển 760 người chậm nhất ngày 14/12/2023" in first


def test_a_figure_of_a_whole_year_is_called_so_beside_newer_ones(example):
    said = targets.latest_figure(example.assessment("people_enrolled"))
    assert sentence(said, "en").startswith("The latest whole-year figure for people trained")
    assert sentence(said, "vi").startswith("Số liệu cả năm mới nhất về số người được đào tạo")
    half = cases.rate(points=(cases.point(2023, 60.8, period="2023-H1"),))
    assert sentence(targets.latest_figure(half), "en").startswith("The latest figure for")


def test_a_pace_tells_the_newest_figure_beside_the_last_whole_year(example):
    said = {lang: va.pace(example.at(lang=lang), "trained_rate").sentence for lang in LANGUAGES}
    assert "From 57.2% (2021)" in said["en"]
    assert (
        "by the newest figure, 60.8% in the first six months of 2023, it is 1.2 percentage points short"
        in said["en"]
    )
    assert "theo số mới nhất, 60,8% của 6 tháng đầu năm 2023, còn thiếu 1,2 điểm phần trăm" in said["vi"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_chance_of_a_target_has_its_own_name_wherever_it_stands(example, lang):
    name, table_head, other, past, cell = {
        "vi": ("Theo diễn biến đến nay: ", "Khả năng đạt theo diễn biến", "Theo số công bố của 7 chỉ tiêu tương tự",
               "(khoảng 25%(†))", "khoảng 50%(†)"),
        "en": ("On the trend so far: ", "Judgement on the trend", "Going by the figures published for 7 similar",
               "(about 25%(†))", "(about 50%(†))"),
    }[lang]  # fmt: skip
    document = document_of(example.at(lang=lang))
    assert name in text_of(document, "key")
    assert table_head in [column.label for column in table_of(document.blocks, "targets").columns]
    body = text_of(document, "body")
    assert body.count(name) == 3
    assert body.index(past) < body.index(other)
    assert cell in str(table_of(document.blocks, "targets").rows)


def test_the_page_that_lists_reports_tells_what_a_word_that_did_not_hold_came_to(example):
    listed = [_target(_answer(example, one)).words for one in example.assessments]
    assert [one.en for one in listed] == [
        "unlikely (20-45%; of such targets, 45% were reached)",
        "roughly even chance (45-55%; of such targets, 63% were reached)", "likely (55-80%)",
    ]  # fmt: skip
    assert listed[1].vi == "khả năng đạt khoảng 50% (45-55%; những lần nhận định như vậy, 63% đã đạt)"


@pytest.mark.parametrize(("status", "chance"), [("almost_certain", 0.97), ("almost_no_chance", 0.02)])
def test_a_word_of_certainty_on_weak_evidence_is_followed_by_that_and_why_in_a_sentence_of_its_own(
    status, chance
):
    one = cases.rate(status=status, probability=chance)
    said = evidence.beside_certainty(one)
    assert sentence(said, "en") == "Evidence: weak, because the series has 2 figures."
    assert sentence(said, "vi") == "Độ tin cậy: thấp, do chuỗi số liệu có 2 số."
    assert (
        evidence.beside_certainty(cases.rate(status=status, probability=chance, evidence="moderate")) is None
    )
    assert evidence.beside_certainty(cases.rate(status="likely", probability=0.7)) is None
    over = cases.rate(status=status, probability=chance, projection=None, points=(cases.point(2023, 60.0),))
    assert evidence.beside_certainty(over) is None, "what is known needs no such word"


def test_page_one_of_a_plan_that_is_almost_certain_says_how_well_that_is_known():
    told = text_of(document_of(opened("vinh-long-2022", "2022-M08", lang="vi")))
    assert told.count("gần như chắc chắn đạt (trên 95%)") == 2
    assert (
        len(
            re.findall(r"gần như chắc chắn đạt \(trên 95%\)[^.]*(?:\.\d[^.]*)*\. Độ tin cậy: thấp, do ", told)
        )
        == 2
    )


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("status", "chance", "printed"), [("even", 0.46, 45), ("unlikely", 0.24, 25), ("even", 0.5, 50)]
)
def test_a_message_carries_the_chance_and_not_the_word_alone(lang, status, chance, printed):
    one = cases.rate(status=status, probability=chance)
    told = opening.key(va.load_plan("lang-son-2023"), one, [one], None)
    assert (
        f"{printed}%" in next(line for line in worded(told, lang).sentences if line.id == "key.outlook").text
    )


@pytest.mark.parametrize("unit", ["gdnn-tinh-2", ""])
def test_the_message_of_a_report_has_the_printed_chance(example, unit):
    for lang in LANGUAGES:
        study = example.at(unit=unit or "20", lang=lang)
        message = message_of(told_of(study), study.unit.label, lang, study.plan.words)
        assert ("45%" if unit else "70%") in message


def test_the_share_of_the_plan_and_of_those_that_reported_are_told_apart(example):
    """8,758 of 13,500 and of the 13,240 of the 22 units that reported."""
    annexed = [block for one in document_of(example.at(lang="en")).appendices for block in one.blocks]
    notes = " ".join(table_of(annexed, "units").notes)
    assert f"(the others have reached {100 * 8758 / 13240:.1f}% of their own)" in notes
    assert table_of(annexed, "units").rows[-1][4] == f"{100 * 8758 / 13500:.1f}"


def test_a_target_in_a_picture_carries_no_number_of_a_paragraph():
    assert target_label(cases.rate()).get("en") == "Target 62%"
    assert "(section II.1 of the plan)" in sentence(targets.reading(cases.rate()), "en")


def test_a_picture_names_people_and_what_is_asked_of_them_as_the_text_does(example):
    """“Enrolled” beside the plan's “people trained”, a unit's quota as such; a name that says so says it once."""
    for lang, word in (("en", "(enrolled)"), ("vi", "(tuyển mới)")):
        for unit in ("20", "cdn-ls"):
            document = document_of(example.at(unit=unit, lang=lang))
            first = next(one for one in document.blocks if isinstance(one, Figure))
            assert word in first.title
    unit = example.at(unit="cdn-ls").assessment("people_enrolled")
    assert target_label(unit).get("en") == "Quota 2,700 people"
    assert path_alt(unit, path_of(unit)).get("en").endswith("Quota: 2,700 people.")
    assert target_label(example.assessment("people_enrolled")).get("en") == "Target 13,500 people"
    own = named(opened("vinh-long-2022", "2022-M08").plan.target("people_enrolled"))
    assert [
        sentence(own, lang).casefold().count(word) for lang, word in (("vi", "tuyển"), ("en", "enrol"))
    ] == [1, 1]


def test_a_table_of_many_targets_leaves_the_picture_of_page_one_no_room():
    """With six rows it stands on page two, which what follows fills; with three it closes page one."""
    text = Paragraph((Said("targets.heading", number=1, label=same("x" * 800)),))
    picture = Picture("path-x", None, same("x"), same("x"))

    def fills(rows):
        table = Table("targets", same("x"), (Column(same("x")),), tuple((same("x"),) for _ in range(rows)))
        return opening.fills_page_one([text, table, picture])

    assert [fills(rows) for rows in (1, 3, 4, 5, 6)] == [True, True, True, False, False]
