"""The answer in the terminal says what the report says, in both languages."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from opened import opened

import vetanalysis as va
from vetanalysis.checks import finding
from vetanalysis.language.cells import printed, worded
from vetanalysis.language.numbers import people
from vetanalysis.narrative.tables import answer, open_findings, row_of

ROOT = Path(__file__).resolve().parent.parent


def row(one, lang):
    return [printed(cell, lang) for cell in row_of(one)]


@pytest.fixture(scope="module")
def nine_months():
    return opened("lang-son-2023-example", "2023-9M")


def test_the_answer_names_every_target_and_the_reason(capsys):
    from vetanalysis.cli.main import main

    assert main(["assess", "lang-son-2023", "--as-of", "2023-start"]) == 0
    said = capsys.readouterr().out
    assert "62%" in said
    assert "13.500 người" in said
    assert "13,500 people" in said
    assert "not assessed" in said
    assert "chưa đủ dữ liệu để đánh giá" in said
    assert "12.000 người (2021, số ước)(*)" in said
    assert "(*): nguồn không nêu rõ phạm vi của số liệu." in said
    lines = [line for line in said.splitlines() if line.startswith("- ")]
    for caveat in (
        "; nguồn số liệu không nêu rõ phạm vi.",
        "; the source does not state the scope of its figures.",
    ):
        (line,) = (line for line in lines if line.endswith(caveat))
        assert ("trình độ sơ cấp" in line) or ("elementary" in line)
    assert "Notes on the plan:\n- The text at hand" in said


def test_the_newest_figure_of_a_running_total_is_what_the_year_counts(nine_months):
    one = nine_months.assessments[-1]
    assert one.newest == (one.so_far, "2023-9M")
    assert row(one, "vi")[2] == f"{people(one.so_far, 'vi')} (9 tháng 2023)"


def test_where_nothing_of_the_year_is_counted_the_newest_figure_is_the_last_of_the_series():
    one = opened("lang-son-2023", "2023-start").assessments[-1]
    assert one.newest == (12000.0, "2021-FY")
    assert row(one, "vi")[2] == "gần 12.000 người (2021, số ước)"
    assert row(one, "en")[3] == "12,000 people (5,900 - 24,200)"


def test_a_target_without_figures_says_so_in_every_cell():
    one = opened("lang-son-2023", "2023-start").assessments[1]
    assert one.newest is None
    assert row(one, "vi")[2:5] == ["-", "-", "-"]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_row_prints_the_numbers_of_the_reports_table(nine_months, lang):
    from vetanalysis.narrative.tables import target_table

    reported = worded(target_table(nine_months.assessments, "2023-9M"), lang).rows
    for one, line in zip(nine_months.assessments, reported, strict=True):
        cells = ["-" if cell == ".." else cell for cell in line]
        shown = row(one, lang)
        assert shown[1].split(" ", 1)[1] == cells[1]
        figure = cells[2].split(" (")[
            0
        ]  # the report says before it, the terminal behind it that it is an estimate
        assert shown[2].split(" (")[0] == figure.removeprefix("ước ").removeprefix("est. ")
        assert shown[3] == cells[4]
        assert shown[4] == "-" or all(number in cells[5] for number in re.findall(r"^\d+%", shown[4]))
        assert ("(" in shown[4]) is (one.past is not None), "what its word came to, where that did not hold"


@pytest.mark.parametrize(
    ("lang", "told"), [("vi", "Lưu ý: còn 1 cảnh báo chưa xử lý"), ("en", "Note: 1 warning still open")]
)
def test_it_says_when_counted_returns_carry_open_warnings(nine_months, lang, told):
    said = answer(nine_months, lang)
    assert told in said
    assert "vetanalysis check lang-son-2023-example --as-of 2023-9M" in said


def test_without_returns_nothing_is_open():
    assert "Note:" not in answer(opened("lang-son-2023", "2023-start", lang="en"), "en")


@pytest.mark.parametrize(
    ("lang", "told"), [("vi", "không đạt (số sơ bộ)"), ("en", "not reached (provisional figure)")]
)
def test_a_year_that_is_counted_is_no_chance_but_an_outcome(lang, told):
    truth = "data/returns/lang-son-2023-example-truth"
    said = answer(opened("lang-son-2023-example", "2023-FY", returns=str(ROOT / truth)), lang)
    assert f": {told}." in said


def test_figures_of_unknown_day_are_told_apart_and_other_findings_are_counted():
    doubt = finding("a.csv", "row 5", "jump", "findings.not_utf8", severity="warning")
    undated = finding("b.csv", "", "no-known-day", "findings.not_utf8", severity="warning")
    plan = va.load_plan("lang-son-2023")
    study = SimpleNamespace(
        findings=[doubt, undated, doubt], ledger=None, plan=plan, as_of="2023-9M", returns="", published="",
        known_by="",
    )  # fmt: skip
    left_out, others = open_findings(study)
    assert (left_out.facts["found"], left_out.facts["remedy"]) == (undated.found, undated.remedy)
    assert [(one.key, one.facts["count"]) for one in others.facts["found"]] == [("answers.open.warning", 2)]
