"""Once a year is over its report states results: nothing is projected of it any more."""

from dataclasses import replace

import figure_cases
import narrative_cases as cases
import pandas as pd
import period_cases
import pytest
from opened import opened

from vetanalysis.assessment.issued import statement_of
from vetanalysis.blocks import LANGUAGES
from vetanalysis.figures.pictures import fan_of
from vetanalysis.language.cells import worded
from vetanalysis.language.render import sentence
from vetanalysis.narrative import (
    actions,
    appendices,
    evidence,
    methods,
    of_period,
    rates,
    tables,
    targets,
)
from vetanalysis.narrative.behind import levels_behind
from vetanalysis.narrative.period import PeriodFacts
from vetanalysis.periods import parse_cutoff
from vetanalysis.plan import load_plan
from vetanalysis.report import document_of, reported


@pytest.fixture(scope="module")
def rate():
    study = opened("lang-son-2023", "2023-FY")
    return next(one for one in study.assessments if one.target.id == "trained_rate")


def test_of_a_rate_without_the_figure_of_its_year_nothing_is_projected(rate):
    """Its figures stay, and that the year is over; picture, table and annex have no chance and no range."""
    one = rate
    assert one.is_awaited
    assert (one.status, one.probability, one.median) == ("not_assessed", None, None)
    assert rates.published(one) is None
    assert fan_of(one).projection is None
    assert fan_of(one).pieces == fan_of(opened("lang-son-2023", "2023-9M").assessment("trained_rate")).pieces
    assert all(other.projection is None and other.median is None for other in one.beside)
    said = (
        "Đã hết kỳ báo cáo năm 2023, chưa có số ước của kỳ này nên chưa kết luận được chỉ tiêu đạt hay "
        "không đạt."
    )
    assert sentence(targets.prospects(one), "vi") == said
    assert sentence(targets.prospects(one), "en").startswith(
        "The period (2023) is over and the estimate for it is still to come"
    )
    table = worded(tables.target_table([one], "2023-FY"), "en")
    assert [column.heading for column in table.columns] == ["Target", "Plan", "Latest", "Outcome"]
    assert table.rows[0][-1] == "○ estimate awaited"
    told = " ".join(sentence(said, "en") for said in methods.notes(one, {}))
    for words in (
        "80% chance",
        "first year",
        "halved",
        "evidence",
        "mostly comes",
        "projection",
        "projected",
    ):
        assert words not in told


def test_a_rate_of_a_survey_waits_for_what_is_published_one_of_the_department_for_what_it_enters(rate):
    surveyed = replace(rate, target=rate.target.model_copy(update={"concept": "ICLS-19", "base": "employed"}))
    for one, words in ((rate, "estimate awaited"), (surveyed, "figure awaited")):
        assert sentence(targets.verdict(one), "en").casefold() == words
    assert "has not been published" in sentence(targets.prospects(surveyed), "en")
    asked = actions.to_be_supplied(load_plan("lang-son-2023"), [surveyed])
    assert "publish" in sentence(asked, "en")


def test_within_the_year_it_still_is():
    study = opened("lang-son-2023", "2023-9M")
    assert not any(one.is_awaited for one in study.assessments)


def test_the_figure_of_a_year_that_is_over_is_overdue(rate):
    told = actions.to_be_supplied(load_plan("lang-son-2023"), [rate])
    assert sentence(told, "vi").endswith(
        "báo cáo số ước cả năm về tỷ lệ lao động qua đào tạo (2023) chậm nhất 5 ngày làm việc sau ngày ra "
        "báo cáo này."
    )
    assert "within 5 working days of this report" in sentence(told, "en")
    within = replace(cases.unknown(), as_of="2023-H1")
    told = sentence(actions.to_be_supplied(load_plan("lang-son-2023"), [within]), "vi")
    assert "chậm nhất ngày 14/9/2023" in told


def test_a_target_that_waits_for_its_figure_is_no_target_without_data(rate):
    limits = evidence.data_limits([rate, cases.people(evidence="strong")], "2023-FY")
    assert sentence(limits, "en").endswith("1 waits for the figure of the period now over.")


def test_the_reason_why_the_report_goes_by_the_other_statement_is_told_once():
    one = cases.rate(published=cases.published(with_history=True))
    assert "The judgement goes by the trend" in sentence(rates.published(one), "en")
    assert "judgement" not in sentence(rates.published(one, again=True), "en")


@pytest.mark.parametrize(
    ("outcome", "side", "vi"),
    [(13380, "within", "nằm trong"), (12800, "below", "thấp hơn"), (15100, "above", "cao hơn")],
)
def test_the_outcome_is_held_against_what_was_projected_before(outcome, side, vi):
    then = statement_of(
        cases.people(probability=0.68, median=13900.0, lower_80=12900.0, upper_80=15000.0, status="likely")
    )
    closed = cases.people(
        as_of="2023-FY", projection=None, status="almost_no_chance", probability=0.0, so_far=float(outcome),
        points=(cases.point(2023, outcome, status="provisional"),), gap=13500.0 - outcome,
    )  # fmt: skip
    period = period_cases.facts(cutoff=parse_cutoff("2023-FY"), before=(then,), before_as_of="2023-9M")
    told = of_period.change(closed, period)
    english = sentence(told, "en")
    assert "a chance of about 70% and projected 13,900 people (80% range 12,900 to 15,000)" in english
    assert side in english.rsplit("lies ", 1)[1]
    assert f"kết quả cả năm {vi} khoảng này" in sentence(told, "vi")


def test_a_projection_short_of_the_quota_is_quoted_short_of_it():
    """536 of 540 was printed as 536: quoted later it is not rounded to the quota."""
    small = cases.people_target().model_copy(update={"value": 540})
    then = statement_of(
        cases.people(
            target=small, probability=0.45, median=536.0, lower_80=490.0, upper_80=600.0, status="unlikely"
        )
    )
    closed = cases.people(
        target=small, as_of="2023-FY", projection=None, status="almost_no_chance", probability=0.0, so_far=528.0,
        points=(cases.point(2023, 528, status="provisional"),), gap=12.0,
    )  # fmt: skip
    period = period_cases.facts(cutoff=parse_cutoff("2023-FY"), before=(then,), before_as_of="2023-9M")
    told = of_period.change(closed, period)
    assert "mức dự báo 536 người" in sentence(told, "vi")
    assert "projected 536 people" in sentence(told, "en")


def test_columns_that_no_unit_fills_are_left_out_and_nobody_is_called_late():
    matrix = period_cases.matrix(("186", "missing", None), ("183", "missing", None))
    table = worded(appendices.not_reported(period_cases.facts(matrix=matrix)), "en")
    assert table.title.startswith("Units without a report, ")
    assert [column.heading for column in table.columns] == ["No.", "Unit", "State", "Due"]
    matrix = period_cases.matrix(("186", "missing", None), ("183", "late", 7))
    table = worded(appendices.not_reported(period_cases.facts(matrix=matrix)), "en")
    assert table.title.startswith("Units without a report or late, ")
    assert [column.heading for column in table.columns][-2:] == ["Received", "Days late"]
    assert table.rows[1][-1] == "7"


def test_a_sum_of_too_few_senders_is_left_out_of_the_table_and_named_under_it():
    """Three fifths of 33 senders are 19.8: a sum of 20 stands, one of 19 does not."""
    many = period_cases.line("graduates_a", 700, row=59, way="institution", expected=33, reported=20)
    few = period_cases.line(
        "graduates_b", 600, row=59, way="institution", expected=33, reported=19, label_vi="Số người thôi học",
        label_en="People who dropped out",
    )  # fmt: skip
    given = period_cases.facts(lines=pd.DataFrame([many, few]))
    assert (given.stands(many), given.stands(few)) == (True, False)
    table = worded(appendices.indicator_lines(given), "en")
    assert [row[5] for row in table.rows] == ["700"]
    assert any("people who dropped out (19 of 33 units)" in note for note in table.notes)


def test_a_level_ahead_of_its_course_is_not_called_behind(monkeypatch):
    """Two levels with a chance of 40 %: 15 % of quota where 14 % is usual is ahead, where 20 % is usual behind."""
    lines = [
        period_cases.line("people_enrolled", 150, plan_value=1000.0, percent_of_plan=15.0, level="elementary")
    ]
    year = period_cases.year(
        period_cases.standing(("186", 1000, 150, "within")), {"elementary": period_cases.Flat(0.4)}
    )
    given = period_cases.facts(lines=pd.DataFrame(lines), year=year)
    for usual, behind in ((14.0, False), (20.0, True)):
        monkeypatch.setattr(PeriodFacts, "usual", lambda self, unit="", level=None, usual=usual: usual)
        assert bool(levels_behind(given).facts["told"]) is behind


def test_the_mark_of_invented_figures_stands_behind_these_alone():
    june = cases.point(2023, 60.8, period="2023-H1", illustrative=True)
    one = cases.rate(points=(cases.point(2021, 57.2), june), illustrative=True)
    told = sentence(targets.results(one), "en")
    assert "60.8% (illustrative figures)" in told
    assert "57.2% (2021)." in told


def test_a_district_below_a_border_is_shaded_below_it():
    chart = replace(figure_cases.MAP, values={"a": 64.7}, edges=(60, 65, 70, 75), digits=1)
    assert (chart._shade("a"), replace(chart, values={"a": 65.0})._shade("a")) == (1, 2)


def test_of_several_targets_their_number_is_told_as_the_table_names_them(rate):
    told = actions.to_be_supplied(load_plan("lang-son-2023"), [rate] * 2)
    assert "báo cáo số ước cả năm của 2 chỉ tiêu đang chờ (bảng 1) chậm nhất 5 ngày làm việc" in sentence(
        told, "vi"
    )
    assert (
        "will report its estimate for the year that 2 targets await (table 1), within 5 working days"
        in sentence(told, "en")
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_of_published_figures_alone_a_rate_of_a_year_that_is_over_waits_too(lang):
    """No return of the year came at all: the rates are told as waiting, with no chance and no range."""
    study = opened("lang-son-2023", "2023-FY", lang=lang)
    rates_told = [one for one in reported(study) if one.kind == "rate"]
    assert rates_told
    assert all(one.is_awaited and one.projection is None and one.probability is None for one in rates_told)
    (table,) = (block for block in document_of(study).blocks if getattr(block, "id", "") == "targets")
    waits = {"vi": "○ chờ số ước", "en": "○ estimate awaited"}[lang]
    assert sum(waits in row for row in table.rows) == len(rates_told)
