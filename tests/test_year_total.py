"""In-year totals: the golden case, short histories, what must hold in every case, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetanalysis.errors import NotAssessable, WrongCall
from vetanalysis.forecast.in_year import Weights, pooled
from vetanalysis.forecast.projection import DrawsProjection, NotAssessed
from vetanalysis.forecast.year_total import project_year_total, project_year_totals

NOTHING = pd.Series(dtype=float)
SHORT = pd.DataFrame(
    {2: [3900, 4550, 4300, 4200], 4: [11800, 12350, 12900, 12400]}, index=range(2019, 2023), dtype=float
)
SHORT_PLANS = {2019: 12000, 2020: 12500, 2021: 13000, 2022: 13000}


def quarters(years, seed=1, first=2000, level=12600.0):
    """Cumulative counts of made-up years: 18, 13, 23 and 46 % by quarter, 10 % noise."""
    rng = np.random.default_rng(seed)
    amounts = level * np.array([0.18, 0.13, 0.23, 0.46]) * np.exp(rng.normal(0, 0.1, (years, 4)))
    return pd.DataFrame(
        amounts.cumsum(axis=1).round(), index=range(first, first + years), columns=[1, 2, 3, 4]
    )


def current(*counts):
    return pd.Series(counts, index=range(1, len(counts) + 1), dtype=float)


def reason(past, now, **options):
    with pytest.raises(NotAssessable) as caught:
        project_year_total(past, now, **options)
    assert caught.value.reason.vi
    return caught.value.reason.en


class TestGolden:
    def test_half_years_and_plans(self):
        # beta_share worked by hand: q10/50/90 11,974 / 13,345 / 14,952 (within 10 people), P = .446
        projection = project_year_total(
            SHORT, pd.Series({2: 4700}), planned=13500, past_planned=SHORT_PLANS, rng=1
        )
        assert projection.quantile([0.1, 0.5, 0.9]).to_numpy() == pytest.approx([11974, 13345, 14952], abs=10)
        assert projection.probability(13500) == pytest.approx(0.446, abs=0.002)

    def test_one_published_year_two_years_back(self):
        # Lang Son: 12,000 people in 2021 (scope unstated), the plan asks for 13,500 in 2023
        past = pd.DataFrame({4: [12000]}, index=[2021])
        projection = project_year_total(past, NOTHING, planned=13500, year=2023, rng=1)
        low, high = projection.interval(0.8)
        assert projection.mostly_prior
        assert projection.prior_share > 0.8
        assert low < 9000
        assert high > 18000
        assert 0.3 < projection.probability(13500) < 0.6
        assert projection.periods == (2023,)

    def test_no_past_at_all_is_the_plan_alone(self):
        projection = project_year_total(None, NOTHING, planned=13500)
        assert projection.prior_share == 1
        assert projection.median == pytest.approx(13500, rel=0.01)

    def test_a_year_that_is_over_is_known(self):
        projection = project_year_total(quarters(3), current(2000, 4000, 7000, 12345), rng=1)
        assert projection.median == 12345
        assert projection.probability(12345) == 1
        assert projection.probability(12346) == 0


class TestBehaviour:
    def test_weights_of_the_ensemble_rise_with_the_years(self):
        ensemble = [Weights.of(6, years).ensemble for years in range(5)]
        assert ensemble[0] == 0
        assert ensemble[1] < ensemble[2] < ensemble[3] == ensemble[4] == 1
        with_plans = [Weights.of(6, 4, attained=known).ensemble for known in (1, 2, 3)]
        assert with_plans == pytest.approx([1 / 2, 1 / 3, 1 / 3])
        with_plans = [Weights.of(6, years, attained=1).ensemble for years in range(4)]
        assert with_plans == pytest.approx([0, 1 / 6, 1 / 3, 1 / 2])

    @pytest.mark.parametrize("people", [20.0, 150.0, 5000.0, np.inf])
    @pytest.mark.parametrize("years", [1, 2])
    def test_the_share_counts_early_and_in_small_units_and_rules_of_thumb_late(self, years, people):
        by_month = [Weights.of(month, years, people) for month in (0, 3, 6, 9)]
        for one in by_month:
            assert one.ensemble + one.share + one.rules == pytest.approx(1)
            assert one.share > Weights.of(9, years, people * 2).share or np.isinf(people)
            assert 0.75 < one.width < 1
        assert (np.diff([one.share for one in by_month]) < 0).all()
        assert (np.diff([one.rules for one in by_month]) > 0).all()

    def test_a_small_unit_beside_one_year_gives_half_to_the_share_late_in_the_year(self):
        assert Weights.of(12, 1, 150.0).share == pytest.approx(0.5)

    def test_the_pool_averages_quantiles_on_the_log_scale_and_draws_them_to_the_median(self):
        low, high = np.array([120.0, 80.0, 100.0]), np.array([480.0, 320.0, 400.0])
        np.testing.assert_allclose(pooled([(0.5, low), (0.5, high)]), [160, 200, 240])
        np.testing.assert_allclose(pooled([(1.0, low)], 0.5), [np.sqrt(80 * 100), 100, np.sqrt(120 * 100)])
        np.testing.assert_allclose(pooled([(0.5, np.array([0.0, 100, 120])), (0.5, low)])[0], np.sqrt(1 * 80))

    @pytest.mark.parametrize("years", [0, 1, 2, 5])
    @pytest.mark.parametrize("planned", [None, 12600.0])
    @pytest.mark.parametrize("steps", [1, 2, 3])
    def test_one_person_more_at_the_latest_cut_off_never_lowers_a_chance(self, years, planned, steps):
        totals = pd.DataFrame({4: [11000.0, 11900, 12100]}, index=range(1997, 2000))
        past = pd.concat([totals, quarters(years)])
        plans = {year: 12000.0 for year in past.index} if planned else None
        now, targets = [2300.0, 4000.0, 7000.0][:steps], [9000, 11000, 12600, 14000, 20000]
        chances = []
        for count in (*range(0, 900, 150), *(now[-1] + np.arange(-100, 101, 25)), 8000, 9500, 12000, 25000):
            counts = [*now[:-1], count]
            if count >= max(counts):
                found = project_year_total(past, current(*counts), planned=planned, past_planned=plans, rng=1)
                chances.append(found.probability(targets))
        assert len(chances) > 5
        assert (np.diff(chances, axis=0) >= 0).all()

    def test_the_last_count_of_a_year_before_without_a_total_tells_of_the_next_year(self):
        past = quarters(4).astype(float)
        past.loc[2003, [1, 2, 4]] = np.nan
        usual = project_year_total(past, NOTHING, rng=1).median
        past.loc[2003, 3] *= 1.5
        assert project_year_total(past, NOTHING, rng=1).median > 1.1 * usual

    def test_a_count_missing_before_the_newest_one_does_not_hide_it(self):
        past = quarters(5)
        both, gap = current(2400, 4100), current(np.nan, 4100)
        assert project_year_total(past, gap, rng=1).median == pytest.approx(
            project_year_total(past, both, rng=1).median, rel=0.03
        )
        more = project_year_total(past, current(np.nan, 5000), rng=1).median
        assert more > 1.1 * project_year_total(past, gap, rng=1).median

    def test_one_more_year_does_not_make_the_answer_jump(self):
        now, medians = current(2400, 4100), []
        for years in range(1, 8):
            past = quarters(7).iloc[7 - years :]
            medians.append(project_year_total(past, now, planned=12600, rng=1).median)
        assert max(abs(np.diff(medians))) < 0.06 * 12600

    def test_ranges_narrow_as_the_year_is_counted(self):
        past, year = quarters(6), quarters(7).iloc[-1]
        widths = []
        for known in range(4):
            low, high = project_year_total(past, year.iloc[:known].rename(None), rng=1).interval(0.8)
            widths.append(high - low)
        assert (np.diff(widths) < 0).all()

    def test_further_ahead_is_wider(self):
        past = quarters(6)
        near, far = (project_year_total(past, NOTHING, year=year, rng=1) for year in (2006, 2009))
        assert np.subtract(*far.interval(0.8)[::-1]) > np.subtract(*near.interval(0.8)[::-1])

    def test_the_name_of_the_current_year_sets_how_far_ahead_it_is(self):
        named = NOTHING.rename(2009)
        assert project_year_total(quarters(6), named, rng=1).periods == (2009,)
        assert project_year_total(quarters(6), NOTHING, rng=1).periods == (2006,)

    def test_counts_are_whole_and_vary_more_than_poisson(self):
        past = quarters(6, level=300.0)
        projection = project_year_total(past, current(50, 90), rng=1)
        draws = projection.sample(4000, 1)
        assert (draws == np.round(draws)).all()
        assert draws.var() > (draws - 90).mean()

    def test_amounts_that_are_not_people_stay_unrounded(self):
        draws = project_year_total(quarters(6) / 1000, current(2.41, 4.12), rng=1).sample(100, 1)
        assert (draws != np.round(draws)).any()

    def test_prior_halved_and_doubled(self):
        past = pd.DataFrame({4: [12000]}, index=[2022])
        projection = project_year_total(past, NOTHING, planned=13500, rng=1)
        widths = {
            factor: np.subtract(*part.interval(0.8)[::-1])
            for factor, part in {1.0: projection, **projection.alternatives}.items()
        }
        assert widths[0.5] < widths[1.0] < widths[2.0]
        assert set(projection.sensitivity(20000)) == {0.5, 1.0, 2.0}

    def test_gaps_in_the_past_are_missing_and_not_zero(self):
        past = quarters(6)
        holes = past.copy()
        holes.loc[2002, 2] = np.nan
        holes.loc[2004, 4] = np.nan
        whole, gaps = (project_year_total(p, current(2400, 4100), rng=1) for p in (past, holes))
        assert gaps.median == pytest.approx(whole.median, rel=0.06)

    def test_a_past_year_without_a_total_is_used_as_far_as_it_goes(self):
        past = quarters(5)
        past.loc[2001, [3, 4]] = np.nan
        assert project_year_total(past, current(2400), rng=1).n_points == 5

    def test_zero_so_far_is_a_count_and_not_missing(self):
        past = quarters(4)
        zero = project_year_total(past, current(0), rng=1)
        nothing = project_year_total(past, NOTHING, rng=1)
        assert zero.median < nothing.median
        assert (zero.draws >= 0).all()

    def test_a_quarter_that_is_always_empty(self):
        past = quarters(5)
        past[1] = 0
        projection = project_year_total(past, current(0, 4000), planned=12600, rng=1)
        assert 9000 < projection.median < 16000

    @settings(max_examples=40, deadline=None)
    @given(
        years=st.integers(0, 5),
        known=st.integers(0, 4),
        factor=st.floats(0.01, 20),
        planned=st.booleans(),
        seed=st.integers(0, 5),
    )
    def test_never_below_the_count(self, years, known, factor, planned, seed):
        past = quarters(years, seed) if years else None
        now = (quarters(1, seed + 1).iloc[0] * factor).round().iloc[:known].rename(None)
        if not planned and not years:
            return
        projection = project_year_total(past, now, planned=12000 if planned else None, rng=seed)
        counted = now.iloc[-1] if known else 0
        assert (projection.draws >= counted).all()
        assert projection.probability(counted) == 1
        target = projection.target_for(0.7)
        assert projection.probability(target) >= 0.69
        assert projection.probability(target) >= projection.probability(target * 1.1 + 1)


class TestBatch:
    def batch(self):
        past = pd.concat({f"u{i}": quarters(i + 1, seed=i) for i in range(5)}, names=["unit", "year"])
        now = pd.DataFrame(
            [[2400, 4100], [2000, np.nan], [np.nan, np.nan], [2500, 4000], [1500, 2500]],
            index=[f"u{i}" for i in range(5)],
            columns=[1, 2],
            dtype=float,
        )
        return past, now

    def test_alone_or_in_a_batch_to_the_last_digit(self):
        past, now = self.batch()
        plans = pd.Series(12600.0, index=now.index)
        for units in (now, now.iloc[::-1]):
            everyone = project_year_totals(past, units, planned=plans, rng=7)
            for unit in now.index:
                alone = project_year_total(past.loc[unit], now.loc[unit].rename(None), planned=12600.0, rng=7)
                assert (everyone[unit].draws == alone.draws).all()

    def test_one_broken_unit_leaves_the_others(self):
        past, now = self.batch()
        good = project_year_totals(past, now, rng=7)
        broken = now.copy()
        broken.loc["u3", 2] = 100
        broken.loc["new"] = np.nan
        result = project_year_totals(past, broken, rng=7)
        assert isinstance(result["u3"], NotAssessed)
        assert isinstance(result["new"], NotAssessed)
        assert "2,500 at the end of quarter 1, 100" in result["u3"].reason.en
        for unit in ("u0", "u1", "u2", "u4"):
            assert (result[unit].draws == good[unit].draws).all()

    def test_units_that_stand_only_in_the_past_are_projected(self):
        past, now = self.batch()
        assert isinstance(project_year_totals(past, now.iloc[:2], rng=7)["u4"], DrawsProjection)

    def test_a_fifth_quarter_concerns_only_who_has_it(self):
        past, now = self.batch()
        now[5] = [np.nan, np.nan, np.nan, 9000, np.nan]
        result = project_year_totals(past, now, rng=7)
        assert "four quarters" in result["u3"].reason.en
        assert isinstance(result["u0"], DrawsProjection)

    def test_other_seed_other_draws(self):
        first, second = (project_year_total(quarters(4), current(2400), rng=seed) for seed in (1, 2))
        assert (first.draws != second.draws).any()
        assert first.median == pytest.approx(second.median, rel=0.02)

    def test_a_generator_is_accepted_and_none_is_seed_zero(self):
        drawn = [
            project_year_total(quarters(4), NOTHING, rng=np.random.default_rng(3)).draws for _ in range(2)
        ]
        assert (drawn[0] == drawn[1]).all()
        zero, none = (project_year_total(quarters(4), NOTHING, rng=rng).draws for rng in (0, None))
        assert (zero == none).all()

    def test_wrong_shapes_are_wrong_calls(self):
        past, now = self.batch()
        for options in (
            {"planned": 13500},
            {"past_planned": {2001: 1}},
            {"rng": -1},
            {"rng": "seed"},
        ):
            with pytest.raises(WrongCall):
                project_year_totals(past, now, **options)
        with pytest.raises(WrongCall):
            project_year_totals(quarters(3), now)


class TestCountAlone:
    def test_a_count_of_which_nothing_else_is_known_is_taken_for_the_share_that_other_series_have_by_then(
        self,
    ):
        for now, share in ((current(1000), 0.25), (current(450, 1000), 0.5), (current(400, 800, 1000), 0.75)):
            projection = project_year_total(None, now, rng=1)
            assert projection.median == pytest.approx(1000 / share, rel=0.15)
            assert projection.mostly_prior
            low, high = projection.interval(0.8)
            assert high / low > 1.3
            assert projection.probability(1000) == 1


class TestRefused:
    def test_falling_counts_name_the_quarter_and_the_figures(self):
        text = reason(quarters(4), current(4000, 3900))
        assert "4,000 at the end of quarter 1" in text
        assert "3,900 at the end of quarter 2" in text
        past = quarters(4)
        past.loc[2002, 3] = 1
        assert "of 2002 falls" in reason(past, NOTHING)

    def test_nothing_known(self):
        assert "neither" in reason(None, NOTHING)
        everything_missing = pd.DataFrame(np.nan, index=[2021, 2022], columns=[1, 2, 3, 4])
        assert "neither" in reason(everything_missing, NOTHING)

    def test_no_total_in_any_past_year(self):
        assert "full-year total" in reason(quarters(3)[[1, 2, 3]], NOTHING)
        assert "above zero" in reason(pd.DataFrame({4: [0.0, 0.0]}, index=[2020, 2021]), NOTHING)

    @pytest.mark.parametrize("planned", [0, -5, float("inf"), "many"])
    def test_plan_that_is_none(self, planned):
        assert "plan" in reason(quarters(4), NOTHING, planned=planned).lower()

    def test_more_quarters_than_there_are(self):
        assert "received 5" in reason(quarters(4), current(1, 2, 3, 4, 5))
        past = quarters(4)
        past[6] = 1.0
        assert "received 6" in reason(past, NOTHING)

    def test_negative_infinite_and_text(self):
        assert "negative (-3)" in reason(quarters(4), current(-3))
        assert "infinite" in reason(quarters(4), current(np.inf))
        assert "text" in reason(quarters(4), pd.Series({1: "nhiều"}))

    def test_a_year_twice_and_a_year_that_is_past(self):
        twice = pd.concat([quarters(3), quarters(1)])
        assert "2000 is given more than once" in reason(twice, NOTHING)
        assert "does not come after" in reason(quarters(3), NOTHING, year=2001)

    def test_unsorted_years_are_sorted(self):
        straight, mixed = (project_year_total(p, NOTHING, rng=1) for p in (quarters(5), quarters(5)[::-1]))
        assert (straight.draws == mixed.draws).all()
