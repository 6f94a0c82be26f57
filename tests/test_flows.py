"""People counted over the year, from rows to a judged target: nobody twice, nobody as zero."""

import numpy as np
import pandas as pd
import pytest
from flow_cases import assess, flow, returns

import vetanalysis as va
from vetanalysis.assessment.flows import added
from vetanalysis.assessment.people_projected import project_people, project_units
from vetanalysis.periods import parse_cutoff


@pytest.fixture(scope="module")
def plan():
    return va.load_plan("lang-son-2023-example")


@pytest.fixture(scope="module")
def obs(plan):
    """What everybody sent by nine months."""
    return returns(plan)


@pytest.fixture(scope="module")
def whole(plan, obs):
    """The place as judged from it."""
    return assess(plan, obs)


@pytest.fixture(scope="module")
def own(plan, obs):
    """Units as judged from it, each alone."""
    return {unit: assess(plan, obs, unit=unit) for unit in ("186", "178", "cdn-ls")}


def test_only_units_with_a_quota_are_added_up(plan):
    obs = returns(plan)
    centre = obs[obs["unit"] == "180"].assign(
        unit="gdnn-gdtx-180"
    )  # a centre under the district that counts it
    assert flow(plan, pd.concat([obs, centre])).current().sum()[3] == flow(plan, obs).current().sum()[3]


def test_short_courses_and_breakdowns_stay_out(plan):
    obs = returns(plan)
    women, short = obs.assign(sex="female"), obs.assign(level="short_course")
    total = flow(plan, obs).current().sum()[3]
    assert flow(plan, pd.concat([obs, women, short])).current().sum()[3] == total


def test_a_unit_that_did_not_report_is_missing_and_never_zero(plan):
    late = {("186", 2023, "9M")}
    found = flow(plan, returns(plan, missing=late))
    assert np.isnan(found.current().loc["186", 3])
    assert found.current().loc["186", 2] > 0


def test_past_years_with_a_gap_are_not_added_as_if_whole(plan):
    whole = added(flow(plan, returns(plan)).past())
    gap = added(flow(plan, returns(plan, missing={("186", 2021, "H1")})).past())
    assert whole.loc[2021].notna().all()
    assert np.isnan(gap.loc[2021, 2])
    assert gap.loc[2021, 4] == whole.loc[2021, 4]


def test_place_and_units_agree_in_every_path_and_nobody_falls_under_its_count(plan):
    year = project_people(flow(plan, returns(plan)), seed=1)
    paths = year.reconciled.units
    assert (paths.sum(axis=1).to_numpy() == year.reconciled.province).all()
    assert (paths >= year.reconciled.counted).all().all()


def test_more_people_so_far_never_lower_the_chance(plan, whole):
    less, more = (assess(plan, returns(plan, scale=scale)).probability for scale in (0.85, 1.15))
    chances = [less, whole.probability, more]
    assert chances == sorted(chances)
    assert chances[0] < 0.2 < 0.8 < chances[2]


def test_the_answer_says_what_is_counted_who_is_late_and_the_same_period_of_last_year(plan):
    one = assess(plan, returns(plan, missing={("186", 2023, "9M")}))
    assert one.due - one.received == 1
    assert "Hữu Lũng" in one.late[0].vi
    quotas = plan.quotas[plan.quotas["period"] == "2022-FY"].groupby("unit")["value"].sum()
    units = quotas.index.intersection(flow(plan, returns(plan)).units).drop("186")
    assert one.same_period == pytest.approx(quotas[units].sum() * 0.66, abs=30)  # of those that reported
    assert 0.9 < one.coverage < 1
    assert one.illustrative


def test_under_sixty_per_cent_of_the_plan_only_a_range_is_given(plan):
    quotas = plan.quotas[plan.quotas["period"] == "2023-FY"].groupby("unit")["value"].sum()
    biggest = quotas.sort_values(ascending=False)
    out = biggest[biggest.cumsum() <= 0.65 * biggest.sum()].index
    one = assess(plan, returns(plan, missing={(unit, 2023, "9M") for unit in out}))
    assert one.coverage < 0.6
    assert one.status == "not_assessed"
    assert one.probability is None
    assert one.lower_80 < one.upper_80
    assert "60%" in one.reason.vi


def test_a_unit_is_judged_against_its_own_quota(own):
    one = own["186"]
    assert one.target.value == 760
    assert one.so_far == pytest.approx(760 * 0.66, abs=2)
    assert one.lower_80 <= one.median <= one.upper_80


def test_a_unit_without_a_quota_is_not_assessed(plan):
    one = assess(plan, returns(plan), unit="gdnn-gdtx-184")
    assert one.status == "not_assessed"
    assert "quota" in one.reason.en


def test_a_complete_year_is_counted_and_equality_reaches(plan):
    one = assess(plan, returns(plan, until="FY"), as_of="2023-FY")
    assert one.median == one.lower_80 == one.upper_80 == 13500
    assert one.status == "reached_provisional"
    assert one.gap == 0
    missed = assess(plan, returns(plan, until="FY", scale=0.999), as_of="2023-FY")
    assert (missed.probability, missed.status) == (0.0, "almost_no_chance")
    assert missed.gap == 13500 - missed.median > 0


def test_a_finished_unit_is_counted_and_a_late_one_projected(plan):
    done = assess(plan, returns(plan, until="FY"), as_of="2023-FY", unit="186")
    assert done.projection is None
    assert done.median == done.so_far == done.points[-1].value
    late = returns(plan, until="FY", missing={("186", 2023, "FY")})
    waiting = assess(plan, late, as_of="2023-FY", unit="186")
    assert waiting.so_far is None
    assert waiting.projection is not None
    assert waiting.lower_80 < waiting.upper_80


def test_a_unit_without_an_english_name_is_called_by_its_own(plan):
    units = plan.units.copy()
    units.loc[units["code"] == "186", "name_en"] = ""
    nameless = plan.model_copy(update={"units": units})
    one = assess(nameless, returns(plan, missing={("186", 2023, "9M")}))
    assert [(name.vi, name.en) for name in one.late] == [("Hữu Lũng", "Hữu Lũng")]


def test_same_seed_same_numbers_whatever_the_order_of_rows(plan, obs, whole):
    first, second = whole, assess(plan, obs.sample(frac=1, random_state=3))
    assert first.probability == second.probability
    assert (first.median, first.lower_80) == (second.median, second.lower_80)


def test_rules_of_thumb_stand_beside(whole):
    checks = whole.cross_checks
    assert set(checks) == {"last_share", "elapsed", "chain_ladder", "bornhuetter_ferguson"}
    assert checks["chain_ladder"] == pytest.approx(13500, rel=0.01)
    assert checks["elapsed"] == pytest.approx(13500 * 0.66 / 0.75, rel=0.01)


def test_a_units_own_numbers_are_the_same_alone_in_a_batch_and_whatever_the_others_sent(plan, obs, own):
    together = project_units(flow(plan, obs), seed=1)
    alone = project_units(flow(plan, obs, unit="186"), seed=1)
    assert (alone["186"].draws == together["186"].draws).all()
    judged = own["186"]
    assert judged.median == together["186"].median
    others = obs.assign(value=obs["value"].where(obs["unit"] == "186", obs["value"] * 0.5))
    assert assess(plan, others, unit="186").probability == judged.probability


def test_all_units_are_judged_from_one_projection_as_each_would_be_alone(plan, obs, whole, own):
    from vetanalysis.assessment.targets import assess_at, figures_at

    together = figures_at(plan, obs, parse_cutoff("2023-9M"), 1)
    for unit in ("186", "178", "20", "186"):
        one = next(one for one in assess_at(together, unit) if one.target.measure == "persons")
        alone = own.get(unit, whole)
        assert (one.median, one.probability, one.so_far) == (
            alone.median,
            alone.probability,
            alone.so_far,
        )
        if unit != "20":
            (flow,) = together.people[one.target.id]
            assert one.projection is flow.units[unit]


def test_where_nobody_has_reported_the_cutoff_the_last_one_reported_is_used(plan):
    late, half = (assess(plan, returns(plan, until="H1"), as_of=as_of) for as_of in ("2023-9M", "2023-H1"))
    assert late.counted_to == half.counted_to == "2023-H1"
    assert (late.probability, late.median) == (half.probability, half.median)
    assert late.so_far == half.so_far
    assert late.as_of == "2023-9M"
    assert late.newest == (half.so_far, "2023-H1")
    own = assess(plan, returns(plan, until="H1"), as_of="2023-9M", unit="186")
    assert own.counted_to == "2023-H1"
    assert own.late == ()


def test_invented_figures_stay_marked_when_the_year_is_the_first(plan):
    obs = returns(plan)
    only_now = obs[obs["period"].str[:4] == "2023"]
    one = assess(plan, only_now)
    assert one.points == ()
    assert one.illustrative


def test_counts_that_came_by_shares_of_a_divided_unit_are_still_added_to_whole_people(plan):
    obs = returns(plan)
    halves = obs.assign(value=obs["value"].where(obs["unit"] != "186", obs["value"] * 0.37))
    one = assess(plan, halves)
    assert 0 < one.probability < 1
    paths = one.year_of_people.reconciled.units
    assert (paths.to_numpy() == np.round(paths.to_numpy())).all()


def test_the_places_table_gives_each_unit_the_numbers_of_its_own_report(whole, own):
    table = whole.year_of_people.units
    for unit, one in own.items():
        assert table.loc[unit, "probability"] == one.probability
        found = tuple(table.loc[unit, ["median", "lower_80", "upper_80"]])
        assert found == (one.median, one.lower_80, one.upper_80)


def test_a_level_that_nobody_has_reported_yet_is_projected_from_what_is_known_of_it(plan, obs, whole):
    college = obs["level"] == "college"
    half = assess(plan, obs[~(college & (obs["period"] == "2023-9M"))])
    assert half.status != "not_assessed"
    assert half.year_of_people.by_level["college"].median == pytest.approx(
        whole.year_of_people.by_level["college"].median, rel=0.15
    )
    never = assess(plan, obs[~(college & (obs["period"].str[:4] == "2023"))])
    assert never.year_of_people.by_level["college"].median > 0
    no_past = assess(plan, obs[~college])
    quota = plan.quotas[(plan.quotas["level"] == "college") & (plan.quotas["period"] == "2023-FY")]
    assert no_past.year_of_people.by_level["college"].median == pytest.approx(quota["value"].sum(), rel=0.1)


def test_a_level_left_blank_keeps_its_last_count_and_is_not_zero(plan):
    obs = returns(plan)
    blank = (obs["unit"] == "cdn-ls") & (obs["level"] == "college") & (obs["period"] == "2023-9M")
    found, whole = flow(plan, obs[~blank]), flow(plan, obs)
    college, total = whole.current("college").loc["cdn-ls"], whole.current().loc["cdn-ls"]
    assert found.current().loc["cdn-ls", 3] == total[3] - college[3] + college[2]
    assert np.isnan(found.current("college").loc["cdn-ls", 3])
    assert assess(plan, obs[~blank], unit="cdn-ls").status != "not_assessed"


def test_two_small_units_alone_give_only_a_range(plan):
    obs = returns(plan)
    few = obs[(obs["period"] != "2023-9M") | obs["unit"].isin(["178", "189"])]
    one = assess(plan, few)
    assert one.status == "not_assessed"
    assert "60%" in one.reason.en
    assert one.lower_80 < one.upper_80


def test_a_quota_of_zero_is_no_goal_and_is_told_as_a_quota(plan, obs, whole):
    zero = plan.quotas.assign(
        value=plan.quotas["value"].where(
            (plan.quotas["unit"] != "178") | (plan.quotas["period"] != "2023-FY"), 0.0
        )
    )
    bare = plan.model_copy(update={"quotas": zero})
    without = assess(bare, obs)
    assert without.so_far == whole.so_far  # who has no quota is counted all the same
    assert "178" not in without.year_of_people.units.index
    assert without.probability is not None
    mine = assess(bare, obs, unit="178")
    assert (mine.given_zero, mine.target.has_value) == (True, False)
    assert "was given a quota of 0 for the year" in mine.reason.en
    assert "bằng 0" in mine.reason.vi


def test_a_quota_of_one_person_is_one(plan):
    one = plan.quotas.assign(
        value=plan.quotas["value"].where(
            (plan.quotas["unit"] != "178") | (plan.quotas["period"] != "2023-FY"), 1.0
        )
    )
    found = flow(plan.model_copy(update={"quotas": one}), returns(plan))
    assert "178" in found.units
    assert found.plans(2023)["178"] == len(one[(one["unit"] == "178") & (one["period"] == "2023-FY")])
