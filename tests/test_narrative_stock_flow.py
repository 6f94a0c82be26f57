"""Sentences on learners and rates: both languages, every outcome, and nothing assumed in a signed text."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from opened import opened

from vetanalysis import open_study, run_scenarios, show
from vetanalysis.blocks import Text
from vetanalysis.forecast.projection import DrawsProjection
from vetanalysis.language.render import spoken
from vetanalysis.narrative import scenarios as told
from vetanalysis.narrative import scenarios as words
from vetanalysis.narrative.shown_scenarios import sensitivities
from vetanalysis.scenarios import sensitivity
from vetanalysis.scenarios.published_stock import (
    Residual,
    ceilings,
    definition_part,
    implied_residual,
    published_change,
)
from vetanalysis.scenarios.sensitivity import of_flow, of_projection
from vetanalysis.scenarios.stock_flow import Needed, Summary, stock_flow
from vetanalysis.scenarios.stock_flow_inputs import load_inputs
from vetanalysis.scenarios.what_if import BASE, FLOW, PROJECTION

LANGS = ("vi", "en")
NEW = "ICLS-19"


@pytest.fixture(scope="module")
def real():
    return opened("lang-son-2023", "2023-start", returns="none")


@pytest.fixture(scope="module")
def example():
    return opened("lang-son-2023-example", "2023-start", returns="none")


@pytest.fixture(scope="module")
def run(example):
    return run_scenarios(example)


@pytest.fixture(scope="module")
def real_run(real):
    return run_scenarios(real)


def sourced(example):
    """The same account with every input sourced: what an office with its own surveys would have."""
    inputs = load_inputs(example.plan)
    for one in inputs.rows:
        inputs = inputs.with_row(replace(one, assumed=False, source="survey"))
    return stock_flow(example, inputs=inputs)


def at(rate, share, low=0.01, target=None):
    """A rate's flow ending around `share`."""
    draws = np.linspace(share - low, share + low, 1001)
    projection = DrawsProjection(draws, "year", lower_bound=0.0, upper_bound=1.0)
    goal = (target or rate.target).value / 100
    return replace(rate, rate=projection, probability=projection.probability(goal))


@pytest.mark.parametrize(
    ("share", "vi", "en"),
    [
        (0.60, "không đủ để", "is not enough for"),
        (0.62, "chưa chắc đủ để", "may or may not be enough for"),
        (0.64, "đủ để", "is enough for"),
    ],
)
def test_whether_the_learners_are_enough_in_both_languages(run, share, vi, en):
    rate = at(run.flow.by_concept[NEW]["trained"], share)
    said = {lang: spoken(words.implies(run.flow, rate, NEW), lang) for lang in LANGS}
    assert f"13.500 người trong năm 2023 {vi} tỷ lệ lao động qua đào tạo đạt 62%" in said["vi"].text
    assert f"13,500 people in 2023 {en} the trained-labour rate to reach 62%" in said["en"].text
    assert "tính đến đầu năm 2023" in said["vi"].text
    assert said["vi"].facts == said["en"].facts
    assert said["vi"].facts["probability"] == rate.probability


def test_every_sentence_on_assumed_inputs_begins_by_saying_so_and_may_not_be_signed(run):
    flow, rate = run.flow, run.flow.by_concept[NEW]["trained"]
    for lang, lead in (("vi", "Theo 19 đầu vào giả định, "), ("en", "On 19 assumed inputs, ")):
        said = [spoken(make(flow, rate, NEW), lang) for make in (words.implies, words.needed, words.effect)]
        for one in said:
            assert one.text.startswith(lead)
            assert one.facts["assumed"] is True
        assert "văn bản ký" in spoken(words.assumed_inputs(flow), "vi").text


def test_with_sourced_inputs_the_sentences_may_be_signed(example):
    flow = sourced(example)
    assert flow.assumed == ()
    said = spoken(words.implies(flow, flow.by_concept[NEW]["trained"], NEW), "vi")
    assert said.text.startswith("Tính đến đầu năm 2023")
    assert spoken(words.assumed_inputs(flow), "vi") is None


def test_the_signed_report_says_nothing_of_the_account(example):
    """The report's own sentences are built from assessments, which know no assumed input."""
    from vetanalysis.report import document_of

    text = " ".join(getattr(block, "text", "") or "" for block in document_of(example).blocks)
    assert "giả định, " not in text
    assert "dòng người học" not in text


def test_how_many_would_be_needed(run):
    flow, rate = run.flow, run.flow.by_concept[NEW]["trained"]
    some = replace(rate, needed=Needed(Summary(27_150.0, 15_600.0, 41_700.0, 28_000.0), 0.0))
    assert "cần khoảng 27.200 người" in spoken(words.needed(flow, some, NEW), "vi").text
    assert "2,0 lần mức 13.500 người" in spoken(words.needed(flow, some, NEW), "vi").text
    assert "between 15,600 and 41,700 people" in spoken(words.needed(flow, some, NEW), "en").text
    nobody = replace(rate, needed=Needed(Summary(0.0, 0.0, 900.0, 200.0), 0.0))
    assert "không cần đào tạo thêm" in spoken(words.needed(flow, nobody, NEW), "vi").text
    never = replace(rate, needed=Needed(None, 0.9))
    assert "no number of learners is enough" in spoken(words.needed(flow, never, NEW), "en").text
    assert spoken(words.needed(flow, replace(rate, target=None, needed=None), NEW), "vi") is None
    assert spoken(words.implies(flow, replace(rate, target=None), NEW), "vi") is None


def test_published_figures_alone_give_a_bound_with_year_and_concept(real):
    one = real.assessment("trained_rate")
    text = {lang: spoken(words.ceiling(ceilings(real), one.target, one), lang).text for lang in LANGS}
    assert "2,8 điểm phần trăm (trên 487.700 người của năm 2020" in text["vi"]
    assert "4.2 percentage points (over 323,200 people of 2021" in text["en"]
    assert "từ 57,2% năm 2021 đến 62% năm 2023 còn thiếu 4,8 điểm phần trăm" in text["vi"]
    assert spoken(words.ceiling((), one.target, one), "vi") is None


def test_what_a_definition_brings_is_named_for_what_it_is(real):
    part = definition_part(real)
    assert "“đạt do thay đổi cách tính”" in spoken(words.by_definition(part), "vi").text
    assert "8,2 điểm phần trăm" in spoken(words.by_definition(part), "vi").text
    assert "reached through a change of definition" in spoken(words.by_definition(part), "en").text


def test_the_published_change_in_people(real):
    one = real.assessment("trained_rate")
    said = spoken(words.published_change(published_change(real, one), one.target), "vi").text
    for part in (
        "tăng 1,2 điểm phần trăm",
        "5.900 người",
        "3.900 người",
        "12.000 người",
        "giảm 88.300 người",
    ):
        assert part in said
    alone = replace(published_change(real, one), learners=None, people={"ICLS-19": -100.0})
    assert "12.000" not in spoken(words.published_change(alone, one.target), "vi").text


@pytest.mark.parametrize(
    ("low", "mid", "high", "vi"),
    [
        (-300.0, 2_600.0, 5_700.0, "trong khoảng bất định"),
        (1_000.0, 2_600.0, 4_000.0, "ngoài khoảng bất định"),
        (4_000.0, 5_600.0, 6_900.0, "phát hiện chính về chất lượng số liệu"),
    ],
)
def test_the_residual_and_what_it_means(real, low, mid, high, vi):
    target = real.plan.target("trained_rate")
    one = Residual(
        2021, NEW, 5_900.0, Summary(3_300.0, 0, 6_000, 3_300.0), Summary(mid, low, high, mid), 12_000, False
    )
    assert vi in spoken(words.residual(one, target), "vi").text
    assert not spoken(words.residual(one, target), "en").text.startswith("On assumed")
    assert spoken(words.residual(replace(one, assumed=True), target), "vi").text.startswith(
        "Theo các đầu vào giả định"
    )


def test_the_residual_of_the_example_is_built_from_its_numbers(example):
    one = example.assessment("trained_rate")
    for concept, rest in implied_residual(example, one).items():
        said = spoken(words.residual(rest, one.target), "en")
        assert said.facts["residual"] == rest.residual.median
        assert said.facts["concept"] == concept


def test_without_inputs_the_reason_is_told(real_run):
    said = spoken(words.not_assessed(2023, 13_500, real_run.flow_reason), "vi")
    assert said.text.startswith("Chưa tính được việc đào tạo 13.500 người trong năm 2023")
    assert "tỷ lệ hoàn thành khóa học" in said.text
    assert "người học" in spoken(words.not_assessed(2025, None, Text("không có", "none")), "vi").text


# Scenarios.


def test_a_scenario_against_the_base(real_run):
    slower = next(one for one in real_run.about("trained_rate") if one.scenario == "unchanged")
    said = spoken(told.difference(real_run, slower), "vi")
    assert "“Giữ nguyên như năm trước”: tỷ lệ lao động qua đào tạo 57,2% (giảm " in said.text
    assert said.facts["base_probability"] > said.facts["probability"]
    assert "a chance of about" in spoken(told.difference(real_run, slower), "en").text


def test_no_change_at_all_is_said(real_run):
    base = real_run.about("trained_rate")[0]
    same = replace(base, scenario="extra_pace")
    assert told.moved_by(base, same).get("vi") == "không thay đổi"
    assert told.chance_moved(base, same).get("vi") == "gần như không đổi"
    alike, more = (replace(base, probability=chance) for chance in (0.68, 0.74))
    near = replace(base, probability=0.7)
    assert told.chance_moved(near, alike).get("en") == "hardly changed", "both are printed as about 70%"
    assert told.chance_moved(near, more).get("vi") == "tăng từ khoảng 70%"
    assert told.chance_moved(more, near).get("en") == "down from about 75%"


def test_the_strongest_scenario_leaves_the_straight_line_out(real_run):
    said = spoken(told.strongest_scenario(real_run, "trained_rate", PROJECTION), "vi")
    assert said.facts["scenario"] == "extra_pace"
    assert "Tính đến đầu năm 2023, trong 3 phương án" in said.text
    assert "vẫn dưới 80%" in said.text
    assert spoken(told.strongest_scenario(real_run, "certified_rate", PROJECTION), "vi") is None
    assert spoken(told.strongest_scenario(real_run, "trained_rate", FLOW), "vi") is None
    worse = tuple(replace(one, probability=0.0) for one in real_run.outcomes)
    none = spoken(
        told.strongest_scenario(replace(real_run, outcomes=worse), "trained_rate", PROJECTION), "en"
    )
    assert "no scenario clearly raises the chance" in none.text
    sure = tuple(replace(one, probability=0.9) for one in real_run.outcomes)
    best = spoken(told.strongest_scenario(replace(real_run, outcomes=sure), "trained_rate", PROJECTION), "en")
    assert "80% or more" in best.text
    near = tuple(replace(one, probability=0.78) for one in real_run.outcomes)
    said = spoken(told.strongest_scenario(replace(real_run, outcomes=near), "trained_rate", PROJECTION), "en")
    assert said.text.endswith("to about 75%, still below 80%.")


def test_the_straight_line_names_each_year(real):
    said = spoken(told.straight_line(real.assessment("trained_rate")), "vi").text
    assert "59,6% năm 2022, 62,0% năm 2023" in said
    assert spoken(told.straight_line(real.assessment("people_enrolled")), "vi") is None
    assert spoken(told.straight_line(real.assessment("certified_rate")), "vi") is None


def test_what_was_left_out_is_told_once_per_reason(real_run, run):
    said = [spoken(each, "vi") for each in told.left_out(real_run)]
    assert len(said) == len({one.facts["reason"] for one in said}) == 3
    assert not any("_" in one.text for one in said)
    assert "Cả 8 phương án" in spoken(told.all_run(run), "vi").text


def test_what_matters_names_the_two_strongest_inputs(real, example):
    found = of_projection(real, real.assessment("trained_rate"))
    text = spoken(told.what_matters(found), "vi").text
    assert "nhịp độ mỗi năm như các tỉnh" in text
    assert not text.startswith("Theo các đầu vào giả định")
    flow = of_flow(example, example.plan.target("trained_rate"))
    assert spoken(told.what_matters(flow), "vi").text.startswith("Theo các đầu vào giả định")
    assert spoken(told.what_matters(replace(found, moved=())), "vi") is None
    alone = spoken(told.what_matters(replace(found, moved=found.moved[-1:])), "en").text
    assert "then" in alone
    assert "next comes" not in alone


@pytest.mark.parametrize(("inputs", "shown"), [(1, False), (2, True)])
def test_what_only_one_thing_could_move_is_left_out(real, monkeypatch, inputs, shown):
    found = of_projection(real, real.assessment("trained_rate"))
    fewer = replace(found, moved=found.moved[:inputs])
    monkeypatch.setattr(sensitivity, "of_projection", lambda study, one: fewer)
    assert bool(sensitivities(real, SimpleNamespace(flow=None))) == shown


# What the notebook shows.


def part(study, name, run, *about):
    return show.block(study, f"scenarios.{name}", *about, run=run)


@pytest.fixture(scope="module", params=["lang-son-2023", "lang-son-2023-example"])
def at_the_start(request):
    """A study without returns and its scenarios."""
    study = open_study(request.param, "2023-start", returns="none")
    return study, run_scenarios(study)


@pytest.mark.parametrize("lang", LANGS)
def test_everything_shown_is_text_a_reader_understands(at_the_start, lang):
    study, found = at_the_start[0].at(lang=lang), at_the_start[1]
    texts = [
        *(part(study, name, found).data for name in ("flows", "published", "left_out")),
        *(part(study, "differences", found, target).data for target in found.targets),
        *(one.data for one in part(study, "what_matters", found)[1::2]),
    ]
    for text in texts:
        assert text.strip()
        assert not re.search(r"nan|None|inf\b|\{|\d{4,}\.\d", text)
        assert "  " not in text
    english = re.compile(r"\b(the|of|and|people)\b")
    assert any(english.search(text) for text in texts) == (lang == "en")


def test_assumed_inputs_are_marked_in_every_table(example, run, real, real_run):
    table = part(example, "inputs", run).frame
    marked = table[table.iloc[:, 5] == "GIẢ ĐỊNH"]
    assert len(marked) == len(run.flow.assumed)
    assert (table.iloc[:, 5] == "gso2023_lf").sum() == 2
    rows = part(example, "outcomes", run, example.plan.target("trained_rate")).frame
    assert set(rows.loc[rows.iloc[:, 1].str.startswith("dòng"), "Đầu vào"]) == {"GIẢ ĐỊNH"}
    assert set(rows.loc[rows.iloc[:, 1].str.startswith("chuỗi"), "Đầu vào"]) == {"số liệu"}
    assert not part(real, "inputs", real_run).frame.isin(["GIẢ ĐỊNH"]).any(axis=None)


def test_the_account_is_shown_for_both_concepts_and_the_base_comes_first(example, run, real, real_run):
    table = part(example, "account", run, "certified").frame
    assert [name for name in table.columns if NEW in name]
    assert [name for name in table.columns if "ICLS-13" in name]
    assert part(real, "accounts", real_run) == []
    first = part(real, "outcomes", real_run, real.plan.target("trained_rate")).frame.iloc[0]
    assert first.iloc[0] == "Phương án gốc"
    assert real_run.base[0].scenario == BASE


def test_nothing_published_and_no_inputs_are_said_so():
    study = opened("viet-nam-2025", "2025-start", returns="none", published="none")
    assert "Chưa có số liệu công bố" in part(study, "published", None).data
    assert "assumptions.csv" in part(study, "inputs", run_scenarios(study)).data


@pytest.mark.parametrize(
    ("value", "told"), [(12_345, "12,300"), (12_350, "12,400"), (-12_345, "−12,300"), (49, "0"), (51, "100")]
)
def test_what_an_account_leaves_is_told_in_hundreds(value, told):
    assert words._hundreds(value).en == told
