"""The first year in which a target is as likely reached as not: judged, told and shown."""

import narrative_cases as cases
import pandas as pd
import pytest
from opened import opened

import vetanalysis as va
from vetanalysis import show
from vetanalysis.assessment.paces import FirstPassage
from vetanalysis.assessment.rates import YEARS_IN_SIGHT
from vetanalysis.blocks import LANGUAGES
from vetanalysis.language.render import sentence
from vetanalysis.narrative.evidence import first_passage
from vetanalysis.narrative.methods import notes
from vetanalysis.narrative.report import body


def told(one):
    pair = cases.told(first_passage(one))
    return None if pair is None else tuple(sentence.text for sentence in pair)


def passing(year, probabilities, make=cases.rate, **changes):
    return make(first_passage=FirstPassage(year, probabilities), **changes)


def test_a_year_in_reach_is_named_with_its_chance():
    vi, en = told(passing(2026, {2022: 0.13, 2023: 0.25, 2026: 0.56, 2027: 0.8}, evidence="moderate"))
    assert vi == ("Theo dự báo, năm đầu tiên có xác suất đạt 62% từ 50% trở lên là năm 2026 (khoảng 55%).")
    assert en == (
        "By the projection, the first year with a chance of 50% or more of reaching 62% is 2026 (about 55%)."
    )


def test_a_first_year_whose_chance_is_printed_like_that_of_the_target_s_own_year_is_not_named():
    assert told(passing(2024, {2023: 0.48, 2024: 0.52})) is None
    assert told(passing(2024, {2023: 0.44, 2024: 0.52})) is not None


def test_a_target_never_in_reach_is_told_with_the_year_that_comes_closest():
    vi, en = told(passing(None, {2022: 0.1, 2030: 0.3, 2033: 0.2}, evidence="moderate"))
    assert vi == (
        "Theo dự báo, đến năm 2033 vẫn chưa có năm nào có xác suất đạt 62% từ 50% trở lên; cao nhất "
        "là khoảng 30%, vào năm 2030."
    )
    assert en == (
        "By the projection, no year up to 2033 has a chance of 50% or more of reaching 62%; the "
        "highest is about 30%, in 2030."
    )


def test_a_chance_that_rounds_to_even_is_not_printed_as_even_where_no_year_has_it():
    vi, en = told(passing(None, {2022: 0.1, 2033: 0.499}))
    assert "gần 50%, vào năm 2033" in vi
    assert "just under 50%, in 2033" in en


def test_an_upper_limit_is_kept_and_not_reached():
    vi, en = told(passing(2024, {2022: 0.3, 2024: 0.62}, cases.unemployment, evidence="moderate"))
    assert "xác suất giữ ở mức không quá 3% từ 50% trở lên là năm 2024" in vi
    assert "of staying at at most 3%" not in en
    assert "of staying at 3% or below is 2024" in en


@pytest.mark.parametrize("one", [
    cases.rate(),
    cases.unknown(),
    cases.people(),
    passing(2022, {2022: 0.9}, gap=-0.5),
    passing(2022, {2022: 0.9}, gap=0.0),
])  # fmt: skip
def test_nothing_is_said_without_figures_or_where_the_target_is_already_met(one):
    assert told(one) is None


@pytest.fixture(scope="module")
def lang_son():
    plan = va.load_plan("lang-son-2023")
    return plan, va.load_observations(plan)


def assessed(plan, figures, **target):
    changed = plan.model_copy(update={"targets": (plan.targets[0].model_copy(update=target),)})
    return va.assess_targets(changed, figures, "2023-start")[0]


def test_the_year_agrees_with_the_chances_it_is_taken_from(lang_son):
    one = assessed(*lang_son)
    found = one.first_passage
    assert list(found.probabilities) == list(range(2022, 2022 + YEARS_IN_SIGHT))
    assert found.probabilities[2023] == one.probability
    assert found.probabilities[found.year] >= 0.5
    assert all(chance < 0.5 for year, chance in found.probabilities.items() if year < found.year)


def test_a_target_just_above_the_last_figure_is_in_reach_before_its_year(lang_son):
    assert assessed(*lang_son, value=57.3).first_passage.year == 2022


def test_a_target_far_away_is_in_reach_in_no_year(lang_son):
    found = assessed(*lang_son, value=99.0).first_passage
    assert found.year is None
    assert max(found.probabilities.values()) < 0.5


def test_an_upper_limit_counts_the_other_side(lang_son):
    assert assessed(*lang_son, operator="<=", value=99.0).first_passage.year == 2022
    assert assessed(*lang_son, operator="<=", value=20.0).first_passage.year is None


def test_a_target_years_away_is_looked_for_up_to_its_year(lang_son):
    plan, figures = lang_son
    one = assessed(plan, figures, period="2040-FY")
    assert max(one.first_passage.probabilities) == 2040


def test_too_few_figures_have_no_first_year(lang_son):
    plan, figures = lang_son
    lone = figures[(figures["indicator"] != "trained_rate") | (figures["period"] == "2021-FY")]
    one = assessed(plan, pd.DataFrame(lone))
    assert one.status == "not_assessed"
    assert one.first_passage is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_notebook_and_report_say_it(lang):
    study = opened("lang-son-2023", "2023-start", lang=lang)
    one = study.assessments[0]
    said = first_passage(one)
    assert sentence(said, lang) in show.reading(study, one).data
    assert said in notes(one, {})
    assert said not in [each for group in body(one) for each in group]
