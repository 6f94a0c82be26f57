"""Counts of plans without quotas, and milestones within the year."""

import pandas as pd
import pytest
from flow_cases import assess, flow, returns

import vetanalysis as va
from vetanalysis.observations.table import normalise


@pytest.fixture(scope="module")
def plan():
    return va.load_plan("lang-son-2023-example")


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
