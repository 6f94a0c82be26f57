"""A total that is not the sum of its parts: which figure is used, the other one and the difference are said."""

import pandas as pd
import pytest
from tier_cases import PLACE, assess, at, people, plan_of, told

import vetanalysis as va
from vetanalysis.assessment.targets import figures_at
from vetanalysis.assessment.totals_apart import totals_apart
from vetanalysis.narrative.count import two_totals
from vetanalysis.periods import parse_cutoff


@pytest.fixture(scope="module")
def given():
    quotas, counts = people(2)
    now = counts["period"] == "2023-9M"
    return plan_of(2, quotas), counts, float(counts.loc[now, "value"].sum())


def higher(counts, tier, by, period="2023-9M"):
    """The figures of a tier above beside those of the schools, each of one period `by` people higher in one level."""
    rows = at(counts[counts["period"] == period], tier)
    rows.loc[rows.index[0], "value"] += by
    return pd.concat([counts, rows])


def found(plan, obs):
    return totals_apart(figures_at(plan, obs, parse_cutoff("2023-9M"), 1))


def test_a_total_of_the_place_apart_from_its_units_is_said_with_the_figure_that_is_used(given):
    plan, counts, total = given
    obs = told(higher(counts, "place", 40), plan)
    one = assess(plan, obs)
    assert one.so_far == total
    said = two_totals(one)
    assert (said.key, said.facts["own"], said.facts["parts"], said.facts["difference"]) == (
        "count.two_totals.parts", total + 40, total, 40,
    )  # fmt: skip
    assert "a difference of 40 people" in said.en
    assert "chênh lệch 40 người" in said.vi
    (warning,) = found(plan, obs)
    assert (warning.severity, warning.rule) == ("warning", "total-apart")
    assert "40" in warning.found.en


def test_a_region_that_tells_something_else_than_its_schools_is_taken_at_its_word(given):
    plan, counts, _ = given
    obs = told(higher(counts, "regions", 3), plan)
    said = two_totals(assess(plan, obs, unit="r0"))
    assert said.key == "count.two_totals.own"
    assert said.facts["difference"] == 3
    assert two_totals(assess(plan, obs, unit="r1")) is None
    assert [one.found.facts["unit"].en for one in found(plan, obs)] == ["r0"]


def test_without_quotas_the_place_is_taken_at_its_word(given):
    plan, counts, total = given
    bare = plan.model_copy(update={"quotas": plan.quotas.iloc[:0]})
    rows = at(counts, "place")
    rows["value"] += 100.0
    one = assess(bare, told(pd.concat([counts, rows]), bare))
    assert one.so_far == total + 300  # three levels
    assert two_totals(one).key == "count.two_totals.own"
    assert two_totals(one).facts["difference"] == 300


def test_figures_that_agree_and_sums_that_lack_somebody_are_no_contradiction(given):
    plan, counts, _ = given
    for rows in (higher(counts, "place", 0), higher(counts, "place", 40, "2022-9M"), counts):
        obs = told(rows, plan)
        assert found(plan, obs) == []
        assert two_totals(assess(plan, obs)) is None
    late = (counts["unit"] == "r0s1") & (counts["period"] == "2023-9M")
    obs = told(pd.concat([counts[~late], at(counts, "place")]), plan)
    assert found(plan, obs) == []
    assert two_totals(assess(plan, obs)) is None


def test_the_study_and_check_carry_the_finding(given, tmp_path, capsys):
    plan, counts, _ = given
    rows = higher(counts, "place", 40).assign(indicator="people_enrolled", basis="cumulative")
    study = va.open_study(plan, "2023-9M", lang="en", returns=rows, published=None)
    assert [one.rule for one in study.findings if one.rule == "total-apart"] == ["total-apart"]
    assert study.plan.place.code == PLACE
