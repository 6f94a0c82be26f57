"""People counted over the year, from rows to a judged target: nobody twice, nobody as zero."""

import numpy as np
import pandas as pd
import pytest

import vetanalysis as va
from vetanalysis.assessment.counting import flow_of
from vetanalysis.assessment.flows import added
from vetanalysis.assessment.people_projected import project_people, project_units
from vetanalysis.observations.table import normalise
from vetanalysis.periods import parse_cutoff

SHARES = {"Q1": 0.16, "H1": 0.38, "9M": 0.66, "FY": 1.0}


@pytest.fixture(scope="module")
def plan():
    return va.load_plan("lang-son-2023-example")


def returns(plan, until="9M", missing=(), scale=1.0):
    """Rows as units report them: every quota unit meets its quota of each year times `scale`, in the same shares."""
    codes = list(SHARES)
    rows = []
    for quota in plan.quotas.itertuples():
        year = int(quota.period[:4])
        last = until if year == 2023 else "FY"
        for code in codes[: codes.index(last) + 1]:
            if (quota.unit, year, code) in missing:
                continue
            value = round(float(quota.value) * SHARES[code] * scale)
            rows.append((quota.unit, f"{year}-{code}", "people_enrolled", quota.level, value))
    frame = pd.DataFrame(rows, columns=["unit", "period", "indicator", "level", "value"])
    frame = frame.assign(measure="persons", basis="cumulative", source="test", illustrative=True)
    return normalise(frame, plan)


def assess(plan, obs, as_of="2023-9M", unit=None):
    return next(
        one for one in va.assess_targets(plan, obs, as_of, unit=unit) if one.target.measure == "persons"
    )


def flow(plan, obs, as_of="2023-9M", unit="20"):
    return flow_of(plan, obs, plan.target("people_enrolled"), parse_cutoff(as_of), unit)


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


def test_more_people_so_far_never_lower_the_chance(plan):
    chances = [assess(plan, returns(plan, scale=scale)).probability for scale in (0.85, 1.0, 1.15)]
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


def test_a_unit_is_judged_against_its_own_quota(plan):
    one = assess(plan, returns(plan), unit="186")
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


def test_what_is_known_of_corrections_is_told_with_their_mean(plan):
    seen = assess(plan, corrected(plan, "186", "2023-H1", 0.5)).revision
    known = flow(plan, corrected(plan, "186", "2023-H1", 0.5)).corrections.dropna(subset=["first"])
    assert (seen.figures, seen.provisional) == (len(known), 1)
    assert seen.corrected == (known["first"] != known["last"]).sum() > 0
    assert seen.mean == pytest.approx(known["last"].sum() / known["first"].sum() - 1)
    assert -0.1 < seen.mean < 0


def test_a_unit_without_an_english_name_is_called_by_its_own(plan):
    units = plan.units.copy()
    units.loc[units["code"] == "186", "name_en"] = ""
    nameless = plan.model_copy(update={"units": units})
    one = assess(nameless, returns(plan, missing={("186", 2023, "9M")}))
    assert [(name.vi, name.en) for name in one.late] == [("Hữu Lũng", "Hữu Lũng")]


def test_same_seed_same_numbers_whatever_the_order_of_rows(plan):
    obs = returns(plan)
    first, second = assess(plan, obs), assess(plan, obs.sample(frac=1, random_state=3))
    assert first.probability == second.probability
    assert (first.median, first.lower_80) == (second.median, second.lower_80)


def test_rules_of_thumb_stand_beside(plan):
    checks = assess(plan, returns(plan)).cross_checks
    assert set(checks) == {"last_share", "elapsed", "chain_ladder", "bornhuetter_ferguson"}
    assert checks["chain_ladder"] == pytest.approx(13500, rel=0.01)
    assert checks["elapsed"] == pytest.approx(13500 * 0.66 / 0.75, rel=0.01)


def test_a_units_own_numbers_are_the_same_alone_in_a_batch_and_whatever_the_others_sent(plan):
    obs = returns(plan)
    together = project_units(flow(plan, obs), seed=1)
    alone = project_units(flow(plan, obs, unit="186"), seed=1)
    assert (alone["186"].draws == together["186"].draws).all()
    judged = assess(plan, obs, unit="186")
    assert judged.median == together["186"].median
    others = obs.assign(value=obs["value"].where(obs["unit"] == "186", obs["value"] * 0.5))
    assert assess(plan, others, unit="186").probability == judged.probability


def test_all_units_are_judged_from_one_projection_as_each_would_be_alone(plan):
    from vetanalysis.assessment.targets import assess_at, figures_at

    obs = returns(plan)
    together = figures_at(plan, obs, parse_cutoff("2023-9M"), 1)
    for unit in ("186", "178", "20", "186"):
        one = next(one for one in assess_at(together, unit) if one.target.measure == "persons")
        alone = assess(plan, obs, unit=unit)
        assert (one.median, one.probability, one.so_far) == (
            alone.median,
            alone.probability,
            alone.so_far,
        )
        if unit != "20":
            (flow,) = together.people[one.target.id]
            assert one.projection is flow.units[unit]


def dated(obs, days):
    """The rows with the day on which each period's figures came: in time, or `days` by (unit, period)."""
    usual = {"Q1": "03-16", "H1": "06-16", "9M": "09-16", "FY": "12-16"}
    vintage = [
        days.get((row.unit, row.period), f"{row.period[:4]}-{usual[row.period[5:]]}")
        for row in obs.itertuples()
    ]
    return obs.assign(vintage=vintage)


def corrected(plan, unit, period, factor, day="2023-09-20"):
    """Everything in time, and one unit's figures of a period told again on `day`, times `factor`."""
    obs = dated(returns(plan), {})
    again = obs[(obs["unit"] == unit) & (obs["period"] == period)]
    again = again.assign(value=(again["value"] * factor).round(), vintage=day)
    return pd.concat([obs, again], ignore_index=True)


def test_first_and_last_figures_of_earlier_cutoffs_are_the_corrections_known(plan):
    found = flow(plan, corrected(plan, "186", "2023-H1", 0.5))
    known = found.corrections
    assert set(zip(known["year"], known["step"], strict=True)) == {
        *((year, quarter) for year in (2020, 2021, 2022) for quarter in (1, 2, 3, 4)),
        (2023, 1),
        (2023, 2),  # not the present cut-off: nobody has had occasion to correct it
    }
    moved = known[known["first"] != known["last"]]
    assert set(moved["unit"]) == {"186"}
    assert set(moved["year"] * 10 + moved["step"]) == {20232}
    first, last = (moved[name].sum() for name in ("first", "last"))
    assert last / first == pytest.approx(0.5, abs=0.01)
    assert found.current().loc["186", 2] == last


def test_figures_that_came_long_after_their_cutoff_are_no_first_figures(plan):
    obs = dated(returns(plan), {})
    late = obs.assign(vintage=obs["vintage"].where(obs["period"].str[:4] != "2021", "2021-12-16"))
    known = flow(plan, late).corrections
    told = known[(known["year"] == 2021) & known["first"].notna()]
    assert set(told["step"]) == {4}
    assert flow(plan, returns(plan)).corrections["first"].isna().all()  # no day is known at all
    assert flow(plan, returns(plan)).revision().known == 0


def test_vintages_are_compared_whatever_the_day_on_which_they_came(plan):
    """Everything came after the year's end, one unit's H1 again: that one is a correction, the rest was told once."""
    late = corrected(plan, "186", "2023-H1", 1.5, day="2024-06-01")
    late = late.assign(vintage=late["vintage"].where(late["vintage"] == "2024-06-01", "2024-03-01"))
    known = flow(plan, late).corrections.dropna(subset="first")
    assert set(zip(known["unit"], known["year"], known["step"], strict=True)) == {("186", 2023, 2)}
    assert known["last"].sum() / known["first"].sum() == pytest.approx(1.5, abs=0.01)


def test_a_running_total_that_fell_is_no_correction(plan):
    obs = dated(returns(plan), {})
    now = (obs["unit"] == "178") & (obs["period"] == "2023-9M")
    found = flow(plan, obs.assign(value=obs["value"].where(~now, 1.0)))
    assert found.fallen == ("178",)
    known = found.corrections.dropna(subset="first")
    assert (known["first"] == known["last"]).all()


def test_corrections_of_the_sum_are_read_for_the_place_and_its_own_for_a_unit(plan):
    found = flow(plan, corrected(plan, "186", "2023-H1", 0.5))
    place, units = found.revision(), found.revisions()
    assert place.known == units["186"].known == units["178"].known == 14
    assert units["178"].mean == 0 > place.mean > units["186"].mean
    assert units["178"].spread < place.spread < units["186"].spread


def test_a_final_count_takes_no_correction_and_one_units_does_not_bind_another(plan):
    obs = returns(plan)
    final = obs.assign(status=obs["status"].where(obs["unit"] != "186", "final"))
    found = flow(plan, final)
    assert "186" not in found.revisions()
    assert "178" in found.revisions()
    assert found.revision() is not None
    assert flow(plan, obs.assign(status="final")).revision() is None
    sure, unsure = (project_units(flow(plan, one), 1)["186"].interval(0.8) for one in (final, obs))
    assert sure.upper - sure.lower < unsure.upper - unsure.lower


def test_large_corrections_widen_the_range_of_the_place_and_the_floor_holds(plan):
    plain = project_people(flow(plan, dated(returns(plan), {})), 1)
    obs = dated(returns(plan), {})
    again = obs[obs["period"] != "2023-9M"]
    again = again.assign(value=(again["value"] * 0.9).round(), vintage="2023-09-20")
    moved = project_people(flow(plan, pd.concat([obs, again], ignore_index=True)), 1)
    wide, narrow = (year.reconciled.projection().interval(0.8) for year in (moved, plain))
    assert wide.upper - wide.lower > narrow.upper - narrow.lower
    assert (moved.reconciled.units >= moved.reconciled.counted).all().all()
    assert (moved.reconciled.units.sum(axis=1).to_numpy() == moved.reconciled.province).all()


def test_people_so_far_are_those_reported_for_the_cutoff_and_a_late_unit_is_told_apart(plan):
    obs = returns(plan, missing={("186", 2023, "9M")})
    one = assess(plan, obs)
    now = flow(plan, obs).current()
    assert one.so_far == now[3].sum()
    assert one.late_known == now.loc["186", 2]
    assert one.gap == 13500 - now[3].sum()
    year = one.year_of_people
    assert (year.reconciled.units["186"] >= now.loc["186", 2]).all()
    assert one.projection.lower_bound == now[3].sum() + now.loc["186", 2]
    own = assess(plan, obs, unit="186")
    assert own.so_far is None
    assert own.late_known == now.loc["186", 2]
    assert own.gap is None
    assert own.pace_required is None
    assert own.projection.draws.min() >= now.loc["186", 2]


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


class TestWithoutQuotas:
    """Nobody was given a quota: the place's own counts, or its units' added up, against the target itself."""

    @pytest.fixture
    def bare(self, plan):
        return plan.model_copy(update={"quotas": plan.quotas.iloc[:0]})

    def test_the_units_counts_are_added_and_the_target_is_the_plan(self, plan, bare):
        one = assess(bare, returns(plan))
        assert one.so_far == flow(plan, returns(plan)).current().sum()[3]
        assert one.due == one.received == 23
        assert one.status != "not_assessed"
        assert 0 < one.probability < 1
        assert one.projection.draws.min() >= one.so_far
        with_quotas = assess(plan, returns(plan))
        assert one.median == pytest.approx(with_quotas.median, rel=0.03)

    def test_a_centre_under_a_district_that_reports_is_not_added_again(self, plan, bare):
        obs = returns(plan)
        centre = obs[obs["unit"] == "180"].assign(unit="gdnn-gdtx-180")
        both = assess(bare, pd.concat([obs, centre], ignore_index=True))
        assert both.so_far == assess(bare, obs).so_far

    def test_what_the_place_reports_of_itself_comes_first(self, plan, bare):
        obs = returns(plan)
        own = obs.groupby(["period", "indicator", "level"], as_index=False)["value"].sum()
        own = normalise(own.assign(unit="20", measure="persons", basis="cumulative", source="t"), plan)
        own["value"] = (own["value"] * 1.1).round()
        one = assess(bare, pd.concat([obs, own], ignore_index=True))
        assert one.so_far == own[own["period"] == "2023-9M"]["value"].sum()
        assert one.due is None
        assert one.probability is not None

    def test_a_count_of_the_place_without_levels_is_its_word_of_unstated_scope(self, bare):
        row = {"unit": "20", "period": "2023-9M", "indicator": "people_enrolled", "value": 13500}
        obs = normalise(
            pd.DataFrame([{**row, "measure": "persons", "basis": "cumulative", "source": "t"}]), bare
        )
        one = assess(bare, obs)
        assert one.so_far == 13500
        assert one.scope_unstated
        assert one.probability == 1.0
        assert one.evidence == "weak"
        assert assess(bare, obs.assign(value=6000.0)).probability < 0.5

    def test_a_unit_that_is_missing_leaves_the_cutoff_before(self, plan, bare):
        one = assess(bare, returns(plan, missing={("186", 2023, "9M")}))
        assert one.counted_to == "2023-H1"
        gone = {("186", 2023, code) for code in ("Q1", "H1", "9M")}
        nothing = assess(bare, returns(plan, missing=gone))
        assert nothing.received is None  # last year's unit is not there: no count is whole
        assert nothing.projection is not None

    def test_without_a_year_before_nobody_can_tell_who_is_missing(self, plan, bare):
        obs = returns(plan)
        one = assess(bare, obs[obs["period"].str[:4] == "2023"])
        assert one.status == "not_assessed"
        assert one.probability is None
        assert "nobody can tell whose figures are missing" in one.reason.en
        assert one.lower_80 < one.median < one.upper_80

    def test_a_unit_is_still_without_a_quota(self, plan, bare):
        assert "no quota" in assess(bare, returns(plan), unit="186").reason.en

    def test_a_whole_year_is_counted(self, plan, bare):
        one = assess(bare, returns(plan, until="FY"), as_of="2023-FY")
        assert (one.status, one.median) == ("reached_provisional", 13500)


def test_counts_that_came_by_shares_of_a_divided_unit_are_still_added_to_whole_people(plan):
    obs = returns(plan)
    halves = obs.assign(value=obs["value"].where(obs["unit"] != "186", obs["value"] * 0.37))
    one = assess(plan, halves)
    assert 0 < one.probability < 1
    paths = one.year_of_people.reconciled.units
    assert (paths.to_numpy() == np.round(paths.to_numpy())).all()


def test_the_places_table_gives_each_unit_the_numbers_of_its_own_report(plan):
    obs = returns(plan)
    table = assess(plan, obs).year_of_people.units
    for unit in ("186", "178", "cdn-ls"):
        own = assess(plan, obs, unit=unit)
        assert table.loc[unit, "probability"] == own.probability
        assert tuple(table.loc[unit, ["median", "lower_80", "upper_80"]]) == (
            own.median, own.lower_80, own.upper_80,
        )  # fmt: skip


def test_a_running_total_that_falls_corrects_the_earlier_one_and_silences_nobody(plan):
    obs = returns(plan)
    fell = (obs["unit"] == "186") & (obs["period"] == "2023-9M") & (obs["level"] == "elementary")
    fallen = obs.assign(value=obs["value"].where(~fell, 50.0))
    found = flow(plan, fallen)
    assert found.fallen == ("186",)
    assert found.current("elementary").loc["186"].tolist() == [50.0, 50.0, 50.0]
    one, usual = assess(plan, fallen), assess(plan, obs)
    assert [name.vi for name in one.fallen] == ["Hữu Lũng"]
    assert one.so_far == usual.so_far - (obs[fell]["value"].iloc[0] - 50)
    assert 0 < one.probability < usual.probability
    alone = assess(plan, fallen, unit="186")
    assert alone.probability < 0.5
    assert alone.upper_80 > alone.median > alone.lower_80 > 0
    assert assess(plan, fallen, unit="178").median == assess(plan, obs, unit="178").median
    assert usual.fallen == ()


def test_a_level_that_nobody_has_reported_yet_is_projected_from_what_is_known_of_it(plan):
    obs = returns(plan)
    college = obs["level"] == "college"
    half = assess(plan, obs[~(college & (obs["period"] == "2023-9M"))])
    assert half.status != "not_assessed"
    assert half.year_of_people.by_level["college"].median == pytest.approx(
        assess(plan, obs).year_of_people.by_level["college"].median, rel=0.15
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


def test_a_quota_of_zero_is_none(plan):
    zero = plan.quotas.assign(
        value=plan.quotas["value"].where(
            (plan.quotas["unit"] != "178") | (plan.quotas["period"] != "2023-FY"), 0.0
        )
    )
    bare = plan.model_copy(update={"quotas": zero})
    whole, without = assess(plan, returns(plan)), assess(bare, returns(plan))
    assert without.so_far == whole.so_far  # who has no quota is counted all the same
    assert "178" not in without.year_of_people.units.index
    assert assess(bare, returns(plan)).probability is not None
    assert "no quota" in assess(bare, returns(plan), unit="178").reason.en


def test_a_quota_of_one_person_is_one(plan):
    one = plan.quotas.assign(
        value=plan.quotas["value"].where(
            (plan.quotas["unit"] != "178") | (plan.quotas["period"] != "2023-FY"), 1.0
        )
    )
    found = flow(plan.model_copy(update={"quotas": one}), returns(plan))
    assert "178" in found.units
    assert found.plans(2023)["178"] == len(one[(one["unit"] == "178") & (one["period"] == "2023-FY")])


class TestMilestones:
    """A target over several years has one of its own for an earlier year: judged on that year, whatever came later."""

    @pytest.fixture
    def two_years(self, plan):
        whole = plan.target("people_enrolled")
        stone = {"id": "people_2022", "period": "2022-FY", "value": 12700.0, "milestone_of": whole.id}
        return plan.model_copy(update={"targets": (whole.model_copy(update=stone), whole)})

    def judged(self, plan, obs, as_of, unit=None):
        return {one.target.id: one for one in va.assess_targets(plan, obs, as_of, unit=unit)}

    def test_a_past_milestone_is_counted_and_the_target_still_projected(self, two_years):
        found = self.judged(two_years, returns(two_years), "2023-9M")
        stone = found["people_2022"]
        assert (stone.status, stone.median, stone.probability) == ("reached_provisional", 12700, 1.0)
        assert stone.latest.period == "2022-FY"
        assert stone.gap == 0
        assert 0 < found["people_enrolled"].probability < 1
        missed = self.judged(two_years, returns(two_years, scale=0.99), "2023-9M")["people_2022"]
        assert (missed.status, missed.probability) == ("almost_no_chance", 0.0)

    def test_a_unit_is_judged_on_that_years_quota(self, two_years):
        quota = two_years.quotas[
            (two_years.quotas["period"] == "2022-FY") & (two_years.quotas["unit"] == "186")
        ]
        stone = self.judged(two_years, returns(two_years), "2023-9M", unit="186")["people_2022"]
        assert stone.target.value == stone.median == quota["value"].sum()

    def test_a_unit_that_never_sent_the_year_is_drawn(self, two_years):
        stone = self.judged(two_years, returns(two_years, missing={("186", 2022, "FY")}), "2023-9M")[
            "people_2022"
        ]
        assert stone.counted_to == "2022-FY"
        assert stone.received == stone.due - 1
        assert 0 < stone.probability < 1
        assert stone.pace_required is None

    def test_before_its_year_is_over_the_milestone_is_a_target_like_any_other(self, two_years):
        obs = returns(two_years)
        until = obs[obs["period"] <= "2022-9M"]
        found = self.judged(two_years, until[until["period"] != "2022-FY"], "2022-9M")
        assert found["people_2022"].counted_to == "2022-9M"
        later = found["people_enrolled"]
        assert later.status != "not_assessed"
        assert later.upper_80 - later.lower_80 > found["people_2022"].upper_80 - found["people_2022"].lower_80

    def test_the_quarters_of_the_year_before_are_read_for_the_next(self, two_years):
        obs = returns(two_years)
        known = obs[(obs["period"] <= "2022-9M") & (obs["period"] != "2022-FY")]
        more = known.assign(
            value=known["value"].where(known["period"].str[:4] != "2022", known["value"] * 1.5)
        )
        usual, strong = (
            self.judged(two_years, one, "2022-9M")["people_enrolled"].median for one in (known, more)
        )
        assert strong > usual

    def test_a_published_total_of_the_year_judges_it_where_there_are_no_returns(self, two_years):
        total = {"unit": "20", "period": "2022-FY", "indicator": "people_enrolled", "value": 12500}
        obs = normalise(pd.DataFrame([{**total, "measure": "persons", "source": "t"}]), two_years)
        stone = self.judged(two_years, obs, "2023-start")["people_2022"]
        assert (stone.median, stone.probability) == (12500, 0.0)
        assert stone.latest.source == "t"

    def test_sentences_can_be_made_of_it(self, two_years):
        from vetanalysis.narrative import methods, report

        for missing in ((), {("186", 2022, "FY")}):
            stone = self.judged(two_years, returns(two_years, missing=missing), "2023-9M")["people_2022"]
            groups = (*report.body(stone), methods.notes(stone, {}, plan=two_years))
            for lang in ("vi", "en"):
                told = " ".join(said.get(lang) for group in groups for said in group if said)
                assert "2022" in told
                assert "nan" not in told
