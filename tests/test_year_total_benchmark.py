"""The benchmark of in-year totals: its scores, its tasks, and what it says when nothing is run."""

import json

import numpy as np
import pandas as pd
import pytest

from benchmarks import short_years, yearly_totals
from benchmarks.panel_totals import tasks
from benchmarks.year_totals import LEVELS, brier_skill, crps, main, ratio
from benchmarks.yearly_totals import drift_line


def test_crps_of_a_point_is_its_distance():
    assert crps(np.full(19, 10.0), 13.0) == pytest.approx(3.0)


def test_crps_of_a_normal_is_near_the_closed_form():
    from scipy.stats import norm

    exact = 2 * norm.pdf(0.5) + 0.5 * (2 * norm.cdf(0.5) - 1) - 1 / np.sqrt(np.pi)
    assert crps(norm.ppf(LEVELS), 0.5) == pytest.approx(exact, rel=0.06)  # 19 levels are coarse


def test_windows_hold_the_past_and_one_year_more():
    series = [("a", np.arange(1, 41, dtype=float).reshape(10, 4)), ("short", np.ones((3, 4)))]
    (window,) = tasks(series, 3, seed=1)
    assert window.quarters.shape == (4, 4)
    assert window.change == 16.0


def test_the_reference_against_itself_is_one_and_certainty_is_full_skill():
    rows = pd.DataFrame(
        {"series": list("abcd"), "years": 3, "quarters": [1, 1, 2, 2], "crps": [1.0, 2, 3, 4]}
    )
    rows["reference"] = rows["crps"]
    for step in (0.5, 1.0, 2.0):
        rows[f"event_{step}"] = [0.0, 1.0, 0.0, 1.0]
        rows[f"chance_{step}"] = [0.0, 1.0, 0.0, 1.0]
    assert ratio(rows) == pytest.approx((1.0, 0.0))
    assert brier_skill(rows) == 1.0


def test_without_panels_the_stored_table_says_that_nothing_was_run(capsys):
    main([])
    shown = capsys.readouterr().out
    assert "nothing was run" in shown
    assert "2026-" in shown
    assert "must: reached" in shown


def test_the_drift_line_of_even_growth_is_a_point_and_of_others_spreads_with_the_years():
    assert drift_line(np.array([100.0, 110.0, 121.0]), 2) == pytest.approx(np.full(19, 146.41))
    near, far = (drift_line(np.array([100.0, 120.0, 100.0]), ahead) for ahead in (1, 3))
    assert near[9] == far[9] == pytest.approx(100)
    spread = np.log(1.2) * np.sqrt(2)  # two steps of log 1.2 about none, one degree of freedom
    assert np.log(near[17] / near[9]) == pytest.approx(spread * np.sqrt(1.5) * 1.2815516)
    assert np.log(far[17] / far[9]) == pytest.approx(spread * np.sqrt(7.5) * 1.2815516)


def test_the_stored_table_of_yearly_totals_reaches_what_it_must(capsys):
    yearly_totals.main([])
    shown = capsys.readouterr().out
    assert "nothing was run" in shown
    assert "must: reached" in shown


def test_with_few_years_of_quarters_the_stored_error_is_below_that_of_last_years_share(capsys):
    short_years.main([])
    assert "nothing was run" in capsys.readouterr().out
    stored = json.loads(short_years.RESULTS.read_text(encoding="utf-8"))["halves"]["kept aside"]
    known = [row["error_ratio"] for name, row in stored.items() if ", 0 years" not in name]
    assert len(known) == 12
    assert max(known) < 1


def test_places_and_small_units_are_seven_years_of_quarters():
    half = [(f"family/{n}", np.random.default_rng(n).uniform(5, 9, (9, 4))) for n in range(8)]
    kinds = list(short_years.courses(half, 1))
    assert {quarters.shape for _, quarters in kinds} == {(7, 4)}
    small = [quarters for kind, quarters in kinds if kind == "small unit"]
    assert all((quarters == np.round(quarters)).all() for quarters in small)
    assert 100 < np.mean([quarters.sum(axis=1).mean() for quarters in small]) < 400
