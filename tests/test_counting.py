"""What is counted of whom: which figures are first ones, which quotas are whose, who is waited for."""

import flow_cases
import pandas as pd
import pytest
from tier_cases import PLACE, assess, at, people, plan_of, told

import vetanalysis as va
from vetanalysis.assessment.counting import flow_of
from vetanalysis.assessment.flows import first_figures
from vetanalysis.assessment.people_until import quota_until
from vetanalysis.assessment.seasons import at_same_point
from vetanalysis.indicators.derived import plan_values, reconcile_quotas
from vetanalysis.observations.table import normalise
from vetanalysis.periods import Calendar, parse_cutoff
from vetanalysis.scenarios.stock_flow import learners_of


def test_a_month_alone_and_the_running_total_of_the_same_month_are_two_figures():
    rows = [("a", "2023-M05", 40, "period", "2023-06-02"), ("a", "2023-M05", 200, "cumulative", "2023-06-03")]
    frame = pd.DataFrame(rows, columns=["unit", "period", "value", "basis", "vintage"])
    both = normalise(
        frame.assign(indicator="people_enrolled", measure="persons", level="college", source="t")
    )
    first = first_figures(both, Calendar(step="month"))
    assert sorted(first["value"]) == [40, 200]


def test_a_quota_for_all_levels_together_says_nothing_of_what_the_figures_count():
    quotas, counts = people(2)
    whole = quotas.groupby(["unit", "year"], as_index=False)["value"].sum().assign(level="")
    plan = plan_of(2, whole)
    assert plan.targets[0].levels  # the target names its levels, and so do the figures
    one = assess(plan, told(counts, plan))
    assert one.so_far == counts.loc[counts["period"] == "2023-9M", "value"].sum()
    assert not one.scope_unstated
    bare = at(counts.assign(level=""), "schools").groupby(["unit", "level", "period"], as_index=False).sum()
    assert assess(plan, told(bare, plan)).scope_unstated


def test_a_school_without_a_quota_that_is_silent_is_taken_to_be_as_large_as_it_was():
    quotas, counts = people(2)
    plan = plan_of(2, quotas[~quotas["unit"].str.startswith("r2")])
    silent = counts["unit"].isin(["r2s1", "r2s2"]) & counts["period"].str.startswith("2023")
    one, usual = assess(plan, told(counts[~silent], plan)), assess(plan, told(counts, plan))
    assert set(one.late_codes) == {"r2s1", "r2s2"}
    assert one.median == pytest.approx(usual.median, rel=0.04)
    ends = counts[counts["period"] == "2022-FY"].groupby("unit")["value"].sum()
    missing = ends[["r2s1", "r2s2"]].sum() / ends.sum()  # every school is about as large as the year before
    assert one.coverage == pytest.approx(1 - missing, abs=0.02)


class TestAPastYearHoldsThePeopleOfUnitsThatAreGone:
    """What came of 2022 does not change because a region was closed at the end of that year."""

    def flow(self, last, of_place=False):
        quotas, counts = people(2, until="Q1")
        closed = quotas["unit"].str.startswith("r2") & (quotas["year"] == 2023)
        plan = plan_of(2, quotas[~closed])
        units = plan.units.copy()
        units.loc[units["code"].str.startswith("r2"), "valid_to"] = "2022-12-31"
        plan = plan.model_copy(update={"units": units})
        silent = counts["unit"].str.startswith("r2") & (
            counts["period"].map(parse_cutoff) > parse_cutoff(last)
        )
        own = at(counts[counts["period"].str.startswith("2022")], "place")
        obs = told(pd.concat([counts[~silent], own] if of_place else [counts[~silent]]), plan)
        return flow_of(plan, obs, plan.targets[0], parse_cutoff("2023-Q1"), PLACE), quotas, counts

    def test_with_their_quotas(self):
        flow, quotas, counts = self.flow("2022-FY")
        assert flow.units == ("r0", "r1")
        assert flow.years()[4][2022] == counts.loc[counts["period"] == "2022-FY", "value"].sum()
        assert flow.plans_together()[2022] == quotas.loc[quotas["year"] == 2022, "value"].sum()

    def test_and_is_open_where_one_of_them_never_told_it(self):
        flow, *_ = self.flow("2022-9M")
        assert flow.years()[4].isna().to_dict() == {2020: False, 2021: False, 2022: True}

    def test_what_the_place_told_of_that_year_is_held_against_them_too_and_stands_where_one_is_open(self):
        flow, _, counts = self.flow("2022-9M", of_place=True)
        assert flow.years()[4][2022] == counts.loc[counts["period"] == "2022-FY", "value"].sum()


class TestAQuotaOfOnePerson:
    """It is a quota as any other."""

    def flow(self, quotas, counts):
        plan = plan_of(2, quotas)
        return flow_of(plan, told(counts, plan), plan.targets[0], parse_cutoff("2023-9M"), PLACE)

    def test_leaves_its_region_open_while_the_school_is_silent(self):
        quotas, counts = people(2)
        small = pd.DataFrame([("r0s1", "college", 2023, 1.0)], columns=quotas.columns)
        quotas = pd.concat([quotas[quotas["unit"] != "r0s1"], small])
        flow = self.flow(quotas, counts[counts["unit"] != "r0s1"])
        assert "r0s1" in flow.over
        assert flow.current()[3].isna().to_dict() == {"r0": True, "r1": False, "r2": False}

    @pytest.mark.parametrize(("unit", "quota", "units"), [
        ("r0", 1.0, ("r0", "r1", "r2")), ("r0", 0.0, (PLACE,)), (PLACE, 1.0, (PLACE,)),
    ])  # fmt: skip
    def test_of_a_unit_makes_the_place_the_sum_of_its_units(self, unit, quota, units):
        _, counts = people(2)
        given = pd.DataFrame([(unit, "college", 2023, quota)], columns=["unit", "level", "year", "value"])
        assert self.flow(given, counts).units == units


class TestWhoseQuotas:
    """A quota told for a region and for its schools, by level and for all levels: everywhere the same people."""

    def plan(self):
        quotas, _ = people(2)
        both = pd.concat([quotas, at(quotas, "regions")])
        whole = both.groupby(["unit", "year"], as_index=False)["value"].sum().assign(level="")
        return plan_of(2, pd.concat([both, whole])), quotas[quotas["year"] == 2023]

    def test_learners_of_a_year(self):
        plan, given = self.plan()
        assert learners_of(plan, 2023) == given.groupby("level")["value"].sum().to_dict()

    def test_what_is_planned_for_the_year(self):
        plan, given = self.plan()
        values = plan_values(plan, 2023).set_index(["unit", "level"])["plan_value"]
        region = given[given["unit"].str.startswith("r1")]
        assert values["r1", ""] == region["value"].sum()
        assert values["r1", "college"] == region.loc[region["level"] == "college", "value"].sum()
        assert reconcile_quotas(plan, 2023).total == given["value"].sum()

    def test_what_is_asked_for_until_a_cut_off_within_the_year(self):
        plan, given = self.plan()
        half = plan.quotas.assign(period=plan.quotas["period"].str.replace("-FY", "-H1"))
        plan = plan.model_copy(update={"quotas": half})
        target = plan.targets[0].model_copy(update={"period": "2023-H1"})
        assert quota_until(plan, target, PLACE) == given["value"].sum()
        assert quota_until(plan, target, "r0") == given.loc[given["unit"].str[:2] == "r0", "value"].sum()
        assert quota_until(plan, target, "nobody") is None

    def test_some_quotas_without_a_level_leave_no_learners_by_level(self):
        plan, _ = self.plan()
        bare = plan.quotas[(plan.quotas["level"] == "") | ~plan.quotas["unit"].str.startswith("r2")]
        plan = plan.model_copy(update={"quotas": bare})
        assert learners_of(plan, 2023) == {"": plan.targets[0].value}


@pytest.mark.parametrize("lost", [False, True])
def test_a_unit_without_a_quota_that_was_counted_last_year_is_waited_for(lost):
    """Silent it is missing and not zero; where it lost its quota the others' tell that it is out."""
    quotas, counts = (at(frame, "regions") for frame in people(2))
    without = (quotas["unit"] == "r2") & ((quotas["year"] == 2023) | (not lost))
    plan = plan_of(2, quotas[~without])
    silent = (counts["unit"] == "r2") & counts["period"].str.startswith("2023")
    one, usual = assess(plan, told(counts[~silent], plan)), assess(plan, told(counts, plan))
    assert (one.received, one.due, one.late_codes) == ((2, 2, ()) if lost else (2, 3, ("r2",)))
    if not lost:
        assert one.median == pytest.approx(usual.median, rel=0.05)


def test_the_same_point_of_a_year_is_that_of_the_units_that_had_it_and_have_reported_now():
    """Two are new since 2021, one is silent now: 2021 stands beside the others, and never beside the new ones."""
    plan = va.load_plan("lang-son-2023-example")
    units = list(dict.fromkeys(plan.quotas["unit"]))
    new, silent = units[:2], units[2]
    missing = {(unit, 2021, code) for unit in new for code in flow_cases.SHARES} | {(silent, 2023, "9M")}
    flow = flow_cases.flow(plan, flow_cases.returns(plan, missing=missing))
    found = at_same_point(flow, 3)
    now = flow.lowest.current()[3]
    both = [unit for unit in units if unit not in (*new, silent)]
    assert tuple(found.loc[2021, ["now", "units", "reported"]]) == (
        now[both].sum(), len(both), len(units) - 1,
    )  # fmt: skip
    assert found.loc[2021, "then"] == flow.lowest.past().xs(2021, level="year").loc[both, 3].sum()
    assert tuple(found.loc[2022, ["now", "units"]]) == (now.sum(), len(units) - 1)
    assert at_same_point(None, 3).empty
    few = {(unit, 2021, code) for unit in units[: len(units) // 2 + 2] for code in flow_cases.SHARES}
    flow = flow_cases.flow(plan, flow_cases.returns(plan, missing=few | {(silent, 2023, "9M")}))
    assert 2021 not in at_same_point(flow, 3).index
    over = flow_cases.flow(
        plan, flow_cases.returns(plan, "FY", missing=missing | {(silent, 2023, "FY")}), "2023-FY"
    )
    found = at_same_point(over, 4)
    assert (found["then"] == found["whole"]).all()
    assert (found["units"] < found["reported"]).loc[2021]
    assert len(at_same_point(flow_cases.flow(plan, flow_cases.returns(plan, "FY"), "2023-FY"), 4))
