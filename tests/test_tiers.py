"""Counts and quotas at any tier: the same people give the same answer wherever the figures stand."""

import numpy as np
import pandas as pd
import pytest
from tier_cases import LEVELS, PLACE, SHARES, answer, assess, at, people, plan_of, told

import vetanalysis as va
from vetanalysis.assessment.counting import flow_of
from vetanalysis.assessment.people_projected import project_people, project_units
from vetanalysis.indicators.derived import reconcile_quotas
from vetanalysis.indicators.tiers import KEY, shared_out
from vetanalysis.narrative.period import PeriodFacts
from vetanalysis.narrative.unit_tables import level_table
from vetanalysis.periods import parse_cutoff


class TestTheSamePeopleAtAnotherTier:
    @pytest.mark.parametrize(("tiers", "tier", "given"), [
        (2, "schools", "regions"), (2, "regions", "schools"), (2, "schools", "schools"),
        (3, "schools", "regions"), (3, "provinces", "schools"), (3, "schools", "provinces"),
    ])  # fmt: skip
    def test_give_the_same_answer(self, tiers, tier, given):
        quotas, counts = people(tiers)
        base = plan_of(tiers, at(quotas, "regions"))
        usual = assess(base, told(at(counts, "regions"), base))
        plan = plan_of(tiers, at(quotas, given))
        one = assess(plan, told(at(counts, tier), plan))
        assert one.so_far == counts.loc[counts["period"] == "2023-9M", "value"].sum()
        assert answer(one) == answer(usual)
        assert list(one.year_of_people.units.index) == ["r0", "r1", "r2"]

    def test_and_every_unit_of_every_tier_is_assessed(self):
        quotas, counts = people(3)
        plan = plan_of(3, quotas)
        obs = told(counts, plan)
        for unit in ("r1", "r1p0", "r1p0s2"):
            one = assess(plan, obs, unit=unit)
            mine = counts["unit"].str.startswith(unit) & (counts["period"] == "2023-9M")
            goal = quotas["unit"].str.startswith(unit) & (quotas["year"] == 2023)
            assert one.so_far == counts.loc[mine, "value"].sum()
            assert one.target.value == quotas.loc[goal, "value"].sum()
            assert one.same_period == counts.loc[
                counts["unit"].str.startswith(unit) & (counts["period"] == "2022-9M"), "value"
            ].sum()  # fmt: skip
            assert 0 < one.probability < 1

    def test_figures_of_only_the_place_are_used_against_the_quotas_of_its_units(self):
        quotas, counts = people(2)
        plan = plan_of(2, quotas)
        one = assess(plan, told(at(counts, "place"), plan))
        usual = assess(plan, told(counts, plan))
        assert one.so_far == usual.so_far
        assert one.probability == pytest.approx(usual.probability, abs=0.15)
        assert one.median == pytest.approx(usual.median, rel=0.02)

    def test_some_years_at_one_tier_and_some_at_another(self):
        quotas, counts = people(2)
        plan = plan_of(2, quotas)
        early = counts["period"] < "2022"
        mixed = pd.concat([at(counts[early], "regions"), counts[~early]])
        assert answer(assess(plan, told(mixed, plan))) == answer(assess(plan, told(counts, plan)))


class TestOneYearOfPlaceAndUnits:
    """What is projected from the flow of the place, at nine months."""

    def flow(self, quotas, rows):
        plan = plan_of(2, quotas)
        return flow_of(plan, told(rows, plan), plan.targets[0], parse_cutoff("2023-9M"), PLACE)

    def test_a_region_of_which_one_school_is_late_has_no_fewer_than_were_counted_in_the_others(self):
        quotas, counts = people(2)
        now = counts["period"] == "2023-9M"
        counts.loc[now & counts["unit"].str.startswith("r0"), "value"] *= (
            3  # far beyond any whole year before
        )
        flow = self.flow(quotas, counts[~(now & (counts["unit"] == "r0s1"))])
        here = counts.loc[now & counts["unit"].isin(["r0s0", "r0s2", "r0s3"]), "value"].sum()
        assert project_units(flow, 0)["r0"].quantile(0.001) >= here

    @pytest.mark.parametrize(("quota", "counted"), [(1, 0), (None, 1)])
    def test_a_level_with_a_quota_or_a_count_of_one_person_is_projected(self, quota, counted):
        quotas, counts = people(2)
        of_quotas, of_counts = (one["level"] == "college" for one in (quotas, counts))
        quotas, now = quotas[~of_quotas], counts["period"].str[:4] == "2023"
        if quota:
            quotas = pd.concat(
                [quotas, pd.DataFrame([("r0s0", "college", 2023, quota)], columns=quotas.columns)]
            )
        first = counts["unit"] == "r0s0"
        counts.loc[of_counts & now & first, "value"] = counted
        year = project_people(self.flow(quotas, counts[~(of_counts & now & ~first)]), 0)
        assert "college" in year.by_level

    def test_where_nobody_is_late_the_units_count_and_not_what_the_place_told_beside_them(self):
        quotas, counts = people(2)
        own = at(counts, "place")
        more = own.assign(value=(own["value"] * 1.004).round())  # rounding, not another count
        year = project_people(self.flow(quotas, pd.concat([counts, more])), 0)
        usual = project_people(self.flow(quotas, counts), 0)
        for level in LEVELS:
            assert year.by_level[level].median == usual.by_level[level].median

    def test_a_quota_of_a_region_is_shared_out_by_size_among_schools_without_one(self):
        rows = {("college", "r0", 2023): 100.0, ("college", "r0s0", 2023): 40.0, ("college", "r1", 2023): 7.0}
        planned = pd.Series(rows).rename_axis(KEY)
        size = pd.Series({("college", "r0s1"): 10.0, ("college", "r0s2"): 30.0})
        over = dict.fromkeys(("r0s0", "r0s1", "r0s2"), "r0")
        more = {("college", "r0s1", 2023): 15.0, ("college", "r0s2", 2023): 45.0}
        assert shared_out(planned, over, size, 2023).to_dict() == rows | more
        assert shared_out(planned, {"r0s0": "r0"}, size, 2023).to_dict() == rows


class TestSomebodyIsMissing:
    def test_a_school_that_is_late_is_drawn_and_its_region_is_not_lost(self):
        quotas, counts = people(2)
        plan = plan_of(2, quotas)
        late = counts["unit"].isin(["r0s1", "r1s2", "r2s0"]) & (counts["period"] == "2023-9M")
        one, usual = assess(plan, told(counts[~late], plan)), assess(plan, told(counts, plan))
        assert (one.received, one.due) == (9, 12)
        assert set(one.late_codes) == {"r0s1", "r1s2", "r2s0"}
        assert one.so_far == usual.so_far - counts.loc[late, "value"].sum()
        assert one.coverage == pytest.approx(0.75, abs=0.1)
        assert one.median == pytest.approx(usual.median, rel=0.03)
        assert 0 < one.probability < 1
        region = assess(plan, told(counts[~late], plan), unit="r0")
        assert region.late_codes == ("r0s1",)
        assert region.median == pytest.approx(assess(plan, told(counts, plan), unit="r0").median, rel=0.05)

    def test_what_the_place_knows_of_itself_bounds_those_that_are_missing(self):
        quotas, counts = people(2)
        plan = plan_of(2, quotas)
        late = counts["unit"].str.startswith("r0") & (counts["period"] == "2023-9M")
        own = at(counts, "place")
        one = assess(plan, told(pd.concat([counts[~late], own]), plan))
        usual = assess(plan, told(counts, plan))
        assert one.so_far == usual.so_far
        assert one.median == pytest.approx(usual.median, rel=0.01)
        without = assess(plan, told(counts[~late], plan))
        assert one.upper_80 - one.lower_80 < without.upper_80 - without.lower_80

    def test_a_row_of_the_place_beside_whole_units_changes_nothing(self):
        quotas, counts = people(2)
        plan = plan_of(2, quotas)
        row = at(counts[counts["period"] == "2021-FY"], "place")
        assert answer(assess(plan, told(pd.concat([counts, row]), plan))) == answer(
            assess(plan, told(counts, plan))
        )

    def test_without_quotas_one_row_of_the_place_does_not_blank_its_units(self):
        quotas, counts = people(2)
        plan = plan_of(2, quotas.iloc[:0])
        row = at(counts[counts["period"] == "2021-FY"], "place")
        usual = assess(plan, told(counts, plan))
        assert answer(assess(plan, told(pd.concat([counts, row]), plan))) == answer(usual)
        assert usual.so_far == counts.loc[counts["period"] == "2023-9M", "value"].sum()

    def test_people_of_a_unit_without_a_quota_are_people(self):
        quotas, counts = people(2)
        plan = plan_of(2, quotas[~quotas["unit"].str.startswith("r2")])
        one = assess(plan, told(counts, plan))
        assert one.so_far == counts.loc[counts["period"] == "2023-9M", "value"].sum()
        assert one.probability > 0.9  # the goal is that of two regions, the people are those of three
        paths = one.year_of_people.reconciled
        assert (paths.units.sum(axis=1).to_numpy() == paths.province).all()
        cell = (quotas["unit"] == "r1s1") & (quotas["level"] == "college")
        some = plan_of(2, quotas[~cell])
        whole = plan_of(2, quotas)
        kept = assess(some, told(counts, some))
        assert kept.so_far == assess(whole, told(counts, whole)).so_far
        assert kept.median == pytest.approx(assess(whole, told(counts, whole)).median, rel=0.02)


class TestOtherKindsOfFigures:
    def test_quarters_alone_are_summed(self):
        quotas, counts = people(2)
        plan = plan_of(2, quotas)
        wide = counts.assign(code=counts["period"].str[5:], year=counts["period"].str[:4])
        wide = wide.pivot_table(index=["unit", "level", "year"], columns="code", values="value")[list(SHARES)]
        alone = wide.diff(axis=1).fillna({"Q1": wide["Q1"]}).set_axis(["Q1", "Q2", "Q3", "Q4"], axis=1)
        rows = alone.stack().dropna().rename("value").reset_index()
        rows = rows.assign(period=rows["year"] + "-" + rows.iloc[:, 3])[["unit", "level", "period", "value"]]
        one = assess(plan, told(rows, plan, basis="period"))
        assert answer(one) == answer(assess(plan, told(counts, plan)))
        gap = rows[~((rows["unit"] == "r0s0") & (rows["period"] == "2023-Q2"))]
        lacking = assess(plan, told(gap, plan, basis="period"))
        assert lacking.late_codes == ("r0s0",)

    def test_quotas_and_figures_without_a_level(self):
        quotas, counts = people(2)
        one_level = quotas.groupby(["unit", "year"], as_index=False)["value"].sum().assign(level="")
        flat = counts.groupby(["unit", "period"], as_index=False)["value"].sum().assign(level="")
        so_far = counts.loc[counts["period"] == "2023-9M", "value"].sum()
        usual = assess(plan_of(2, quotas), told(counts, plan_of(2, quotas)))
        for given, figures in ((one_level, flat), (one_level, counts), (quotas, flat)):
            plan = plan_of(2, given)
            one = assess(plan, told(figures, plan))
            assert one.so_far == so_far
            assert one.probability == pytest.approx(usual.probability, abs=0.12)
            free = plan.model_copy(update={"targets": (plan.targets[0].model_copy(update={"levels": ()}),)})
            assert assess(free, told(figures, free)).so_far == so_far

    def test_a_unit_above_that_tells_more_than_its_parts_is_taken_at_its_word(self):
        quotas, counts = people(2)
        plan = plan_of(2, at(quotas, "regions"))
        regions = at(counts, "regions")
        more = regions.assign(value=regions["value"] * 2)
        half = more[~((more["unit"] == "r0") & (more["period"] == "2023-9M"))]
        flow = flow_of(
            plan, told(pd.concat([half, counts]), plan), plan.targets[0], parse_cutoff("2023-9M"), PLACE
        )
        assert np.isnan(flow.current().loc["r0", 3])  # its schools are not all of it
        assert flow.current().loc["r1", 3] == 2 * counts.loc[
            counts["unit"].str.startswith("r1") & (counts["period"] == "2023-9M"), "value"
        ].sum()  # fmt: skip


class TestTablesOfTiers:
    """The table of indicators and that of levels: every total is its parts, or the difference stands in a row."""

    def lines(self, plan, obs):
        table = va.indicator_table(plan, obs, "2023-9M")
        table = table[(table["id"] == "people_enrolled") & (table["basis"] == "cumulative")]
        return table.set_index(["unit", "level"])

    def test_units_of_every_tier_have_the_sums_of_quotas_and_people_below_them(self):
        quotas, counts = people(3)
        plan = plan_of(3, quotas)
        found = self.lines(plan, told(counts, plan))
        now, given = counts[counts["period"] == "2023-9M"], quotas[quotas["year"] == 2023]
        for unit in ("r0", "r1p1", "r2p0s3"):
            for level in LEVELS:
                mine, goal = (
                    rows[rows["unit"].str.startswith(unit) & (rows["level"] == level)]["value"].sum()
                    for rows in (now, given)
                )
                assert found.loc[(unit, level), ["value", "plan_value"]].tolist() == [mine, goal]
        assert found.loc[(PLACE, ""), ["value", "plan_value"]].tolist() == [
            now["value"].sum(),
            given["value"].sum(),
        ]
        assert found.loc[(PLACE, ""), "expected"] == 3

    def test_a_quota_at_two_tiers_is_counted_once(self):
        quotas, _ = people(2)
        plan = plan_of(2, pd.concat([quotas, at(quotas, "regions")]))
        total = quotas.loc[quotas["year"] == 2023, "value"].sum()
        assert reconcile_quotas(plan, 2023).total == total

    def test_people_beside_quotas_are_named_and_the_rows_add_up_to_the_total(self):
        quotas, counts = people(2)
        beside = (quotas["unit"].str.startswith("r1") & (quotas["level"] == "college")) | (
            quotas["unit"].str.startswith("r2")
        )
        plan = plan_of(2, quotas[~beside])
        table = self.table(plan, told(counts, plan))
        done = [[row[2 + 3 * at + 1].value for at in range(4)] for row in table.rows]
        assert [sum(column) for column in zip(*done[:-1], strict=True)] == done[-1]
        assert [row[1].en for row in table.rows[:-1]] == ["r0", "r1", "r2"]
        named = next(note for note in table.notes if note.key == "tables.by_level.no_quota")
        now = counts[counts["period"] == "2023-9M"]
        outside = now.merge(
            quotas[beside & (quotas["year"] == 2023)][["unit", "level"]], on=["unit", "level"]
        )
        assert named.facts["people"] == outside["value"].sum()
        assert "r1" in named.get("en")
        assert "r2" in named.get("vi")

    def test_people_that_only_the_place_knows_of_stand_in_a_row_of_their_own(self):
        quotas, counts = people(2)
        plan = plan_of(2, quotas)
        late = (counts["unit"] == "r0s1") & (counts["period"] == "2023-9M")
        table = self.table(plan, told(pd.concat([counts[~late], at(counts, "place")]), plan))
        rest, whole = table.rows[-2], table.rows[-1]
        assert rest[1].key == "tables.by_level.rest"
        assert rest[12].value == counts.loc[late, "value"].sum()
        assert whole[12].value == counts.loc[counts["period"] == "2023-9M", "value"].sum()

    def table(self, plan, obs):
        year = assess(plan, obs).year_of_people
        none = pd.DataFrame()
        facts = PeriodFacts(
            plan=plan, cutoff=parse_cutoff("2023-9M"), unit=PLACE, lines=va.indicator_table(plan, obs, "2023-9M"),
            matrix=none, explanations=none, documents=none, findings=none, people="people_enrolled", year=year,
        )  # fmt: skip
        return level_table(facts)
