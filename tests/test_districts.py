"""Districts and the province: exact sums, floors, funnel limits and decompositions worked by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetanalysis.blocks import Text
from vetanalysis.errors import NotAssessable, WrongCall
from vetanalysis.forecast.projection import DrawsProjection, NotAssessed
from vetanalysis.forecast.units import (
    funnel,
    joint_draws,
    kitagawa,
    reconcile,
    share_out,
    standing,
    sum_with_dependence,
)

UNITS = tuple(f"d{i}" for i in range(11))


def example(seed=1, province_factor=1.0):
    """Eleven districts and a province whose own projection may differ from their sum."""
    rng = np.random.default_rng(seed)
    plan = pd.Series(rng.integers(400, 2500, 11).astype(float), index=UNITS)
    counted = (plan * rng.uniform(0.2, 0.6, 11)).round()
    units = {}
    for unit in UNITS:
        left = (plan[unit] - counted[unit]) * np.exp(rng.normal(0, 0.25, 2000))
        units[unit] = DrawsProjection(
            np.round(counted[unit] + left), 2023, lower_bound=counted[unit], n_points=4
        )
    middle = plan.sum() * province_factor
    direct = np.maximum(np.round(middle * np.exp(rng.normal(0, 0.06, 2000))), counted.sum())
    return DrawsProjection(direct, 2023), units, counted, plan


class TestReconcile:
    @settings(max_examples=20, deadline=None)
    @given(seed=st.integers(0, 1000), factor=st.floats(0.3, 2.0))
    def test_sums_are_exact_and_nobody_falls_under_the_count(self, seed, factor):
        province, units, counted, plan = example(seed, factor)
        result = reconcile(province, units, counted, plan, size=300, rng=seed)
        assert (result.units.sum(axis=1).to_numpy() == result.province).all()
        assert (result.units.to_numpy() >= counted.to_numpy()).all()
        assert (result.units.to_numpy() == np.round(result.units.to_numpy())).all()
        assert result.projection().probability(counted.sum()) == 1

    def test_the_province_lies_between_its_own_projection_and_the_sum(self):
        province, units, counted, plan = example(province_factor=1.15)
        result = reconcile(province, units, counted, plan)
        summed = sum_with_dependence(units).median
        assert summed < result.projection().median < province.median
        assert 0 < result.weight_direct < 1

    def test_the_surer_side_weighs_more(self):
        _, units, counted, plan = example()
        rng = np.random.default_rng(2)
        narrow, wide = (
            DrawsProjection(np.maximum(15000 * np.exp(rng.normal(0, s, 2000)), counted.sum()), 2023)
            for s in (0.02, 0.3)
        )
        first, second = (reconcile(p, units, counted, plan).weight_direct for p in (narrow, wide))
        assert first > 0.7 > 0.3 > second

    def test_the_province_is_wider_than_independent_districts(self):
        province, units, counted, plan = example()
        low, high = reconcile(province, units, counted, plan).projection().interval(0.8)
        alone = sum_with_dependence(units, dependence=0.0).interval(0.8)
        assert high - low > 1.1 * (alone.upper - alone.lower)

    def test_a_known_truth_is_covered_about_as_often_as_said(self):
        # the year's common shock and each district's own are drawn from the law the projections are built on
        rng, inside, repeats = np.random.default_rng(5), 0, 150
        plan = pd.Series(np.linspace(400, 2400, 8).round(), index=UNITS[:8])
        counted = (plan * 0.4).round()
        left = plan - counted
        units = {
            u: DrawsProjection(counted[u] + left[u] * np.exp(rng.normal(0, 0.25, 1500)), 2023)
            for u in plan.index
        }
        direct = DrawsProjection(counted.sum() + left.sum() * np.exp(rng.normal(0, 0.165, 1500)), 2023)
        low, high = reconcile(direct, units, counted, plan, size=1500).projection().interval(0.8)
        for _ in range(repeats):
            shock = np.sqrt(0.35) * rng.normal() + np.sqrt(0.65) * rng.normal(size=8)
            truth = (counted + left * np.exp(0.25 * shock)).sum()
            inside += low <= truth <= high
        assert 0.72 <= inside / repeats <= 0.90

    def test_the_same_seed_gives_the_same_draws(self):
        first, second = (reconcile(*example(), size=200, rng=3).units for _ in range(2))
        assert (first == second).all().all()

    def test_a_unit_that_is_not_assessed_is_named(self):
        province, units, counted, plan = example()
        units["d4"] = NotAssessed(Text("lý do", "reason"))
        with pytest.raises(NotAssessable, match="d4"):
            reconcile(province, units, counted, plan)

    def test_a_unit_without_a_report_starts_from_zero(self):
        province, units, counted, plan = example()
        counted["d0"] = np.nan
        result = reconcile(province, units, counted, plan, size=200)
        assert (result.units["d0"] >= 0).all()
        assert (result.units.sum(axis=1) == result.province).all()

    @pytest.mark.parametrize("plan", [None, pd.Series({"open": 200.0})])
    def test_a_unit_without_a_quota_whose_year_is_counted_gets_nobody_more(self, plan):
        paths = np.linspace(150, 250, 200).round()
        units = {"done": DrawsProjection(np.full(200, 100.0), 2023), "open": DrawsProjection(paths, 2023)}
        province = DrawsProjection(paths + 100, 2023)
        counted = pd.Series({"done": 100.0, "open": 100.0})
        result = reconcile(province, units, counted, plan, size=200)
        assert (result.units["done"] == 100).all()
        assert result.units["open"].median() == pytest.approx(200, abs=5)

    def test_a_finished_year_stays_as_counted(self):
        _, _, counted, _ = example()
        units = {u: DrawsProjection(np.full(50, counted[u]), 2023) for u in UNITS}
        province = DrawsProjection(np.full(50, counted.sum()), 2023)
        result = reconcile(province, units, counted, size=50)
        assert (result.units.to_numpy() == counted.to_numpy()).all()

    @given(
        parts=st.lists(st.floats(0.001, 1e4), min_size=2, max_size=12),
        total=st.integers(0, 10**6),
    )
    @settings(max_examples=100, deadline=None)
    def test_sharing_out_is_exact_and_off_by_less_than_one(self, parts, total):
        row = np.array([parts])
        shared = share_out(row, np.array([total]))
        assert shared.sum() == total
        assert (np.abs(shared - row * total / row.sum()) < 1 + 1e-6).all()


class TestTogether:
    def test_parts_keep_their_own_distribution(self):
        _, units, _, _ = example()
        draws = joint_draws(units, size=1000)
        levels = (np.arange(1000) + 0.5) / 1000
        for column, unit in enumerate(UNITS):
            assert np.sort(draws[:, column]) == pytest.approx(units[unit].quantile(levels).to_numpy())

    def test_dependence_is_what_was_asked_for(self):
        rng = np.random.default_rng(1)
        parts = {i: DrawsProjection(rng.normal(0, 1, 4000), 2023) for i in range(2)}
        seen = np.corrcoef(joint_draws(parts, dependence=0.6, size=4000).T)[0, 1]
        assert seen == pytest.approx(0.6, abs=0.05)

    def test_full_dependence_adds_quantiles(self):
        _, units, _, _ = example()
        total = sum_with_dependence(units, dependence=1.0)
        expected = sum(part.quantile(0.9) for part in units.values())
        assert total.quantile(0.9) == pytest.approx(expected, rel=0.002)

    def test_refusals(self):
        _, units, _, _ = example()
        with pytest.raises(WrongCall, match="0 to 1"):
            joint_draws(units, dependence=1.5)
        with pytest.raises(NotAssessable):
            joint_draws({})


class TestStanding:
    def test_what_each_must_still_do(self):
        province, units, counted, plan = example()
        reported = counted.copy()
        reported["d2"] = np.nan
        table = standing(reconcile(province, units, counted, plan), plan, reported, steps_left=2)
        assert table.loc["d0", "needed"] == plan["d0"] - counted["d0"]
        assert table.loc["d0", "needed_per_step"] == table.loc["d0", "needed"] / 2
        assert np.isnan(table.loc["d2", "needed"])
        assert table.loc["d2", "side"] == "unknown"
        assert table.loc["d0", "share_of_plan"] == pytest.approx(counted["d0"] / plan["d0"])
        assert ((table["lower_80"] <= table["median"]) & (table["median"] <= table["upper_80"])).all()

    def test_extra_people_give_eighty_per_cent(self):
        province, units, counted, plan = example(province_factor=0.9)
        result = reconcile(province, units, counted, plan)
        table = standing(result, plan, counted, steps_left=1)
        for unit in UNITS:
            chance = result.projection(unit).probability(plan[unit] - table.loc[unit, "extra_for_80"])
            assert chance >= 0.79
            if table.loc[unit, "extra_for_80"] > 0:
                assert chance == pytest.approx(0.8, abs=0.01)

    def test_year_end_and_nobody_reported(self):
        province, units, counted, plan = example()
        result = reconcile(province, units, counted, plan)
        assert standing(result, plan, counted, steps_left=0)["needed_per_step"].isna().all()
        nobody = standing(result, plan, counted * np.nan, steps_left=4)
        assert (nobody["side"] == "unknown").all()

    def test_a_missing_quota_is_named(self):
        province, units, counted, plan = example()
        plan["d3"] = np.nan
        with pytest.raises(NotAssessable, match="d3"):
            standing(reconcile(province, units, counted), plan, counted, steps_left=1)


class TestFunnel:
    def test_limits_by_hand(self):
        # common share .5; unit of 400: .5 +- 2 sqrt(.25 / 400) = .45 to .55; unit of 100: .40 to .60
        size = pd.Series({"a": 400, "b": 100, "c": 400})
        table = funnel(pd.Series({"a": 160.0, "b": 40.0, "c": 250.0}), size)
        assert table.loc["a", "common"] == 0.5
        assert table.loc["a", ["lower", "upper"]].tolist() == pytest.approx([0.45, 0.55])
        assert table["side"].tolist() == ["behind", "within", "ahead"]
        assert table.loc["a", "beyond"] == pytest.approx((0.40 - 0.45) * 400)
        assert table.loc["b", "beyond"] == 0

    def test_a_unit_far_off_does_not_widen_the_limits_of_the_others(self):
        size = pd.Series(400.0, index=list("abcdefghijk"))
        counted = pd.Series(200.0, index=size.index)
        counted["a"], counted["b"] = 100.0, 300.0
        chance, usual = funnel(counted, size), funnel(counted, size, dispersion=None)
        pd.testing.assert_frame_equal(chance, usual)
        assert usual["side"].tolist() == ["behind", "ahead"] + ["within"] * 9

    def test_scatter_that_everyone_shares_is_not_a_district_lagging(self):
        rng = np.random.default_rng(3)
        size = pd.Series(np.full(30, 2000.0))
        counted = (size * rng.normal(0.5, 0.06, 30)).round()
        chance, usual = funnel(counted, size), funnel(counted, size, dispersion=None)
        assert (chance["side"] != "within").sum() > 15
        assert (usual["side"] != "within").sum() <= 5

    def test_nothing_but_chance_names_few(self):
        rng = np.random.default_rng(4)
        size = pd.Series(rng.integers(50, 3000, 500).astype(float))
        counted = pd.Series(rng.binomial(size.astype(int), 0.4).astype(float))
        assert (funnel(counted, size)["side"] != "within").mean() < 0.07

    def test_a_unit_that_did_not_report_is_neither_behind_nor_part_of_the_share(self):
        table = funnel(pd.Series({"a": 200.0, "b": np.nan}), pd.Series({"a": 400, "b": 400}))
        assert table.loc["b", "side"] == "unknown"
        assert np.isnan(table.loc["b", "beyond"])
        assert table.loc["a", "common"] == 0.5

    def test_refusals(self):
        with pytest.raises(NotAssessable, match="above zero: b"):
            funnel(pd.Series({"a": 1.0, "b": 1.0}), pd.Series({"a": 10, "b": 0}))
        with pytest.raises(NotAssessable, match="No unit"):
            funnel(pd.Series({"a": np.nan}), pd.Series({"a": 10}))
        with pytest.raises(WrongCall):
            funnel(pd.Series({"a": 1.0}), pd.Series({"a": 10}), dispersion=0.5)


class TestGaps:
    def test_kitagawa_by_hand(self):
        # rates .5 and .6 with weights .5, .5 against .6 and .6 with weights .25, .75: .55 -> .60
        first, second = pd.Series({"a": 0.5, "b": 0.6}), pd.Series({"a": 0.6, "b": 0.6})
        split = kitagawa(first, pd.Series({"a": 50, "b": 50}), second, pd.Series({"a": 25, "b": 75}))
        assert split.rate == pytest.approx(0.375 * 0.1)
        assert split.composition == pytest.approx(0.55 * -0.25 + 0.6 * 0.25)
        assert split.total == pytest.approx(0.05)
        # the overall rates average .575: "a" at .55 lost weight and "b" at .60 gained it, each adds .025 x .25
        assert split.by_unit["composition"].tolist() == pytest.approx([0.00625, 0.00625])

    @given(st.integers(0, 10**6))
    @settings(max_examples=50, deadline=None)
    def test_kitagawa_adds_up(self, seed):
        rng = np.random.default_rng(seed)
        r1, r2, w1, w2 = (pd.Series(rng.uniform(0.01, 1, 7)) for _ in range(4))
        total = np.average(r2, weights=w2) - np.average(r1, weights=w1)
        split = kitagawa(r1, w1, r2, w2)
        assert split.total == pytest.approx(total, abs=1e-12)
        assert split.by_unit.to_numpy().sum() == pytest.approx(total, abs=1e-12)

    def test_kitagawa_names_what_is_missing(self):
        rates = pd.Series({"a": 0.5, "b": np.nan})
        with pytest.raises(NotAssessable, match="b"):
            kitagawa(rates, rates, rates, rates)
