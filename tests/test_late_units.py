"""Units that have not reported, and totals built on counts that are drawn."""

import numpy as np
import pandas as pd
import pytest

from vetanalysis.errors import NotAssessable
from vetanalysis.forecast.nowcast import complete_for_late, project_uncertain_count
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
