"""Units that have not reported, and totals built on counts that are drawn."""

import numpy as np
import pandas as pd
import pytest

from vetanalysis.errors import NotAssessable
from vetanalysis.forecast.nowcast import (
    NOISE_SD,
    NU0,
    UNIT_VARIANCE,
    complete_for_late,
    project_uncertain_count,
)
from vetanalysis.forecast.year_total import project_year_total


def world(rng, units=11, years=4):
    """Counts by unit and year with a unit's own level, a year's and noise; the last year is the current one."""
    plan = pd.Series(rng.integers(300, 2500, units).astype(float), index=[f"d{i}" for i in range(units)])
    logs = -1 + rng.normal(0, 0.25, (units, 1)) + rng.normal(0, 0.1, years + 1)
    counts = np.round(plan.to_numpy()[:, None] * np.exp(logs + rng.normal(0, 0.15, (units, years + 1))))
    frame = pd.DataFrame(counts, index=plan.index, columns=range(2018, 2019 + years))
    return plan, frame.iloc[:, :-1], frame.iloc[:, -1]


class TestLate:
    def test_nothing_missing_is_the_sum(self):
        plan, past, now = world(np.random.default_rng(1))
        done = complete_for_late(now, plan, past)
        assert (done.draws == now.sum()).all()
        assert done.coverage == 1
        assert done.late == ()

    def test_reported_units_stay_as_reported_and_missing_ones_are_drawn(self):
        plan, past, now = world(np.random.default_rng(1))
        now["d3"] = np.nan
        done = complete_for_late(now.drop("d5"), plan, past)
        assert set(done.late) == {"d3", "d5"}
        assert (done.by_unit["d0"] == now["d0"]).all()
        assert done.by_unit["d3"].std() > 0
        assert (done.draws >= now.drop("d5").sum()).all()
        assert done.coverage == pytest.approx(1 - plan[["d3", "d5"]].sum() / plan.sum())

    def test_sums_with_a_fifth_missing_are_right_and_ranges_honest(self):
        rng, inside, bias, zero = np.random.default_rng(7), [], [], []
        for _ in range(150):
            plan, past, now = world(rng)
            late = rng.choice(plan.index, 2, replace=False)
            done = complete_for_late(now.drop(late), plan, past, size=500, rng=1)
            low, middle, high = np.quantile(done.draws, [0.1, 0.5, 0.9])
            inside.append(low <= now.sum() <= high)
            bias.append(middle / now.sum() - 1)
            zero.append(now.drop(late).sum() / now.sum() - 1)
        assert 0.72 <= np.mean(inside) <= 0.92
        assert abs(np.mean(bias)) < 0.02
        assert np.mean(zero) < -0.15  # what leaving them out would have said

    def test_own_past_tells_a_unit_from_the_others(self):
        plan = pd.Series(1000.0, index=list("abcd"))
        past = pd.DataFrame({y: [600, 400, 400, 400] for y in range(2018, 2023)}, index=plan.index)
        done = complete_for_late(pd.Series({"b": 400, "c": 400, "d": 400}), plan, past)
        assert 520 < done.by_unit["a"].median() < 620

    def test_a_small_count_is_carried_over_as_it_is(self):
        """log((count + 1/2) / plan) is normal about that of the other unit, with the variances of both."""
        plan = pd.Series({"a": 1000.0, "b": 500.0})
        done = complete_for_late(pd.Series({"a": 20.0}), plan, size=100_000)
        spread = np.sqrt(2 * (UNIT_VARIANCE + NOISE_SD**2))
        for level, z in ((0.1, -1.28155), (0.5, 0.0), (0.9, 1.28155)):
            wanted = 10.25 * np.exp(z * spread) - 0.5
            assert done.by_unit["b"].quantile(level) == pytest.approx(wanted, abs=0.75)  # counts are whole
        assert done.coverage == pytest.approx(2 / 3)

    def test_what_a_unit_did_before_counts_by_its_years(self):
        """Five years without scatter, 600 beside 400: each lies half the log ratio from the year, shrunk."""
        plan = pd.Series(1000.0, index=list("ab"))
        past = pd.DataFrame({year: [600, 400] for year in range(2018, 2023)}, index=plan.index)
        done = complete_for_late(pd.Series({"b": 400}), plan, past, size=100_000)
        noise = NU0 * NOISE_SD**2 / (NU0 + 10 - 2)
        shrunk = 5 * UNIT_VARIANCE / (5 * UNIT_VARIANCE + noise) * np.log(600.5 / 400.5) / 2
        left = UNIT_VARIANCE * noise / (5 * UNIT_VARIANCE + noise)
        assert done.by_unit["a"].median() == pytest.approx(400.5 * np.exp(2 * shrunk) - 0.5, abs=3)
        low, high = done.by_unit["a"].quantile([0.1, 0.9])
        assert np.log(high / low) == pytest.approx(2 * 1.28155 * np.sqrt(2 * (noise + left)), rel=0.02)
        by_other_plans = complete_for_late(
            pd.Series({"b": 400}), plan, past, 2 * past.where(past < 0, 500.0), size=100_000
        )
        assert by_other_plans.by_unit["a"].median() == pytest.approx(done.by_unit["a"].median(), abs=3)

    def test_what_all_came_to_is_shared_by_those_that_lack_beyond_what_they_had_told(self):
        plan = pd.Series(1000.0, index=list("abc"))
        told = {"least": pd.Series({"a": 390.0}), "total": 1300.0}
        done = complete_for_late(pd.Series({"c": 400.0}), plan, **told)
        assert done.draws == pytest.approx(1300)
        assert (done.by_unit["a"] >= 390).all()
        assert done.by_unit["a"].median() - 390 < done.by_unit["b"].median()
        less_than_told = complete_for_late(pd.Series({"c": 400.0}), plan, **told | {"total": 700.0})
        assert (less_than_told.by_unit["a"] >= 390).all()
        assert less_than_told.draws.std() > 0, "a total below its parts shares out nothing"

    def test_no_probability_below_sixty_per_cent_of_the_plan(self):
        plan = pd.Series({"a": 600.0, "b": 400.0, "c": 1.0})
        assert not complete_for_late(pd.Series({"b": 100}), plan).probability_allowed
        assert not complete_for_late(pd.Series({"a": 100}), plan).probability_allowed  # 59.9 %
        assert complete_for_late(pd.Series({"a": 100, "c": 1}), plan).probability_allowed

    def test_without_a_past_the_range_is_wider(self):
        plan, past, now = world(np.random.default_rng(3))
        with_past, without = (complete_for_late(now.drop("d2"), plan, p) for p in (past, None))
        assert without.draws.std() > with_past.draws.std()

    def test_the_same_seed_gives_the_same_draws(self):
        plan, past, now = world(np.random.default_rng(3))
        first, second = (complete_for_late(now.drop("d2"), plan, past, rng=5).draws for _ in range(2))
        assert (first == second).all()

    def test_refusals(self):
        plan = pd.Series({"a": 600.0, "b": 0.0})
        with pytest.raises(NotAssessable, match="without a plan above zero: b"):
            complete_for_late(pd.Series({"a": 1.0}), plan)
        plan["b"] = 5
        with pytest.raises(NotAssessable, match="No unit has reported"):
            complete_for_late(pd.Series({"a": np.nan}), plan)
        with pytest.raises(NotAssessable, match="without a plan: z"):
            complete_for_late(pd.Series({"z": 1.0}), plan)


class TestUncertainCount:
    PAST = pd.DataFrame(
        {2: [3900, 4550, 4300, 4200], 4: [11800, 12350, 12900, 12400]}, index=range(2019, 2023)
    )

    def test_a_sure_count_is_the_plain_projection(self):
        now = pd.Series({2: 4700.0})
        plain = project_year_total(self.PAST, now, planned=13500, rng=1)
        same = project_uncertain_count(self.PAST, now, np.full(50, 4700), planned=13500, rng=1)
        assert same.quantile([0.1, 0.5, 0.9]).to_numpy() == pytest.approx(
            plain.quantile([0.1, 0.5, 0.9]).to_numpy(), rel=0.003
        )

    def test_an_unsure_count_widens_the_range_and_keeps_the_floor(self):
        now = pd.Series({2: 4700.0})
        counts = 4700 * np.exp(np.random.default_rng(1).normal(0, 0.15, 2000))
        sure = project_year_total(self.PAST, now, planned=13500, rng=1).interval(0.8)
        unsure = project_uncertain_count(self.PAST, now, counts, planned=13500, floor=4000.0, rng=1)
        assert unsure.interval(0.8).upper - unsure.interval(0.8).lower > sure.upper - sure.lower
        assert unsure.lower_bound == 4000
        assert set(unsure.alternatives) == {0.5, 2.0}

    def test_nothing_counted(self):
        with pytest.raises(NotAssessable):
            project_uncertain_count(self.PAST, pd.Series(dtype=float), np.ones(5))
