"""Corrections of earlier reports: what they say of the newest count, and of the total projected from it."""

import numpy as np
import pandas as pd
import pytest

from vetanalysis.assessment.flows import _by_cutoff
from vetanalysis.forecast.year_total import (
    project_year_total,
    project_year_totals,
    revise,
    revision,
)

PAST = pd.DataFrame(
    {1: [1900, 2100, 2000, 2050], 2: [3900, 4550, 4300, 4200], 4: [11800, 12350, 12900, 12400]},
    index=range(2019, 2023),
)
NOW = pd.Series({1: 2150.0, 2: 4700.0})


def total(seen, now=NOW, **options):
    return project_year_total(PAST, now, planned=13500, rng=1, revision=seen, **options)


class TestRevisions:
    def test_no_history_is_two_per_cent_either_way(self):
        seen = revision([], [])
        assert seen.mean == 0
        assert seen.known == 0
        assert seen.spread == pytest.approx(0.02 * np.sqrt(1.25))

    def test_repeated_upward_corrections_raise_the_count(self):
        seen = revision(np.full(12, 1000.0), np.full(12, 1100.0))
        assert seen.mean == pytest.approx(np.log(1.1), rel=0.01)
        assert np.median(revise(np.full(4000, 500.0), seen, 1)) == pytest.approx(550, abs=5)

    def test_a_correction_beyond_the_usual_scatter_enters_nearly_with_its_size(self):
        """Two per cent are usual: one of a single per cent is drawn to nothing, one of six is mostly believed."""
        small, large = revision([1000], [1010]).mean, revision([1000], [1060]).mean
        assert small == pytest.approx(np.log(1.01) / 5)
        assert np.log(1.06) * 2 / 3 < large < np.log(1.06)
        steps = [revision([1000], [1000 + more]).mean for more in range(0, 100, 5)]
        assert (np.diff(steps) > 0).all()

    def test_missing_and_zero_figures_are_left_out(self):
        assert revision([1000, np.nan, 0], [1010, 5, 7]).known == 1

    def test_zero_stays_zero(self):
        assert (revise(np.zeros(5), revision([], []), 1) == 0).all()


class TestTotals:
    def test_without_a_revision_nothing_changes(self):
        assert (total(None).draws == project_year_total(PAST, NOW, planned=13500, rng=1).draws).all()

    def test_an_unsure_count_widens_the_range_and_hardly_moves_its_middle(self):
        plain, unsure = total(None), total(revision([], []))
        assert np.subtract(*unsure.interval(0.8)[::-1]) > np.subtract(*plain.interval(0.8)[::-1])
        assert unsure.median == pytest.approx(plain.median, rel=0.003)
        wide = total(revision([1000, 1000], [1200, 830]))
        assert np.subtract(*wide.interval(0.8)[::-1]) > np.subtract(*unsure.interval(0.8)[::-1])

    @pytest.mark.parametrize("factor", [0.9, 1.1])
    def test_a_sure_correction_gives_the_projection_of_the_corrected_count(self, factor):
        seen = revision(np.full(400, 1000.0), np.full(400, 1000.0 * factor))
        corrected = NOW.copy()
        corrected[2] = round(4700 * factor)
        expected = project_year_total(PAST, corrected, planned=13500, rng=1)
        for level in (0.1, 0.5, 0.9):
            assert total(seen).quantile(level) == pytest.approx(expected.quantile(level), rel=0.012)

    def test_corrections_downwards_never_bring_the_total_under_what_stands_reported(self):
        seen = revision(np.full(20, 1000.0), np.full(20, 600.0))
        late_in_the_year = pd.Series({1: 2150.0, 2: 4700.0, 3: 12000.0})
        found = total(seen, late_in_the_year)
        assert found.draws.min() == 12000
        assert found.lower_bound == 12000

    @pytest.mark.parametrize("pairs", [([], []), ([1000], [1060]), ([1000, 900], [970, 930])])
    def test_one_person_more_never_lowers_a_chance(self, pairs):
        seen = revision(*pairs)
        chances = [
            total(seen, pd.Series({1: 2150.0, 2: count})).probability(13000) for count in range(4700, 4712)
        ]
        assert (np.diff(chances) >= 0).all()

    def test_the_end_of_the_year_and_a_year_not_begun_take_no_correction(self):
        seen = revision([1000], [1300])
        whole = pd.Series({1: 2150.0, 2: 4700.0, 3: 9000.0, 4: 12000.0})
        assert (total(seen, whole).draws == 12000).all()
        nothing = pd.Series(dtype=float)
        assert (total(seen, nothing).draws == total(None, nothing).draws).all()

    def test_alone_and_in_a_batch_the_same_to_the_last_digit(self):
        seen = revision([1000], [1050])
        past = pd.concat({"a": PAST, "b": PAST * 2}, names=["unit", "year"])
        now = pd.DataFrame({"a": NOW, "b": NOW * 2}).T
        both = project_year_totals(
            past, now, planned={"a": 13500, "b": 27000}, rng=1, revisions={"a": seen, "b": revision([], [])}
        )
        assert (both["a"].draws == total(seen).draws).all()

    def test_people_stay_whole_and_the_prior_can_still_be_halved_and_doubled(self):
        found = total(revision([], []))
        assert (found.draws == np.round(found.draws)).all()
        assert set(found.alternatives) == {0.5, 2.0}


def test_ranges_hold_the_truth_where_first_counts_are_corrected_later():
    """Invented years whose nine-month count is corrected by about 6 %: a plain range is far too narrow, this is not."""
    rng = np.random.default_rng(3)
    inside = {"plain": 0, "corrected": 0}
    for seed in range(100):
        level = rng.uniform(500, 5000) * np.exp(np.cumsum(rng.normal(0.03, 0.06, 7)))
        quarters = rng.poisson(
            level[:, None] * [0.14, 0.24, 0.28, 0.34] * np.exp(rng.normal(0, 0.08, (7, 4)))
        )
        counts = quarters.cumsum(axis=1)
        past = pd.DataFrame(counts[:-1], index=range(2000, 2006), columns=[1, 2, 3, 4])
        ratio = np.exp(rng.normal(0, 0.06, 19))
        seen = revision(counts[:-1, :3].ravel() / ratio[:-1], counts[:-1, :3].ravel())
        now = pd.Series(counts[-1, :3].astype(float), index=[1, 2, 3])
        now[3] = max(round(now[3] / ratio[-1]), now[2])
        for name, known in (("plain", None), ("corrected", seen)):
            low, high = project_year_total(past, now, rng=seed, year=2006, revision=known).interval(0.8)
            inside[name] += low <= counts[-1, 3] <= high
    assert inside["plain"] < 65
    assert 70 <= inside["corrected"] <= 90


def test_a_cutoff_counts_where_enough_of_it_has_a_first_figure():
    """Of 1,000 people at the half year 600 have a first figure, of 1,000 at nine months 599."""
    rows = pd.DataFrame(
        [("a", 2, 580.0, 600.0), ("b", 2, np.nan, 400.0), ("a", 3, 580.0, 599.0), ("b", 3, np.nan, 401.0)],
        columns=["unit", "step", "first", "last"],
    )
    assert _by_cutoff(rows, ["step"]).reset_index().values.tolist() == [[2, 580, 600]]
