"""The benchmark of a whole and its part: what is paired, what the joint region holds, what crosses."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.rate_pairs import PAIRS, _joint_rank, _task_scores, pair_tasks
from benchmarks.rate_tasks import HISTORIES, HORIZONS


def panel(years=16):
    rng = np.random.default_rng(0)
    rows = []
    for indicator, top in zip(PAIRS[0], (0.8, 0.4), strict=True):
        for place in ("aaa", "bbb"):
            values = top + rng.normal(0.004, 0.005, years).cumsum()
            rows.append(
                pd.DataFrame(
                    {
                        "series": f"{indicator}/{place}",
                        "indicator": indicator,
                        "direction": 1,
                        "year": range(2000, 2000 + years),
                        "value": values,
                    }
                )
            )
    return pd.concat(rows, ignore_index=True)


def test_tasks_pair_the_same_place_and_year_and_never_look_ahead():
    tasks = pair_tasks(panel(), 1)
    assert len(tasks) == 2 * len(HISTORIES)
    by_year = panel().set_index(["series", "year"])["value"]
    for task in tasks:
        assert list(task.history.columns) == ["whole", "part"]
        for column, indicator in zip(("whole", "part"), PAIRS[0], strict=True):
            wanted = [by_year[f"{indicator}/{task.place}", year] for year in task.history.index]
            np.testing.assert_array_equal(task.history[column], wanted)
        assert min(task.until) == task.history.index[-1] + 1
        usual = np.abs(np.diff(task.history.to_numpy(), axis=0)).mean(axis=0)
        np.testing.assert_allclose(task.targets[1, 0], task.history.iloc[-1] + usual * 0.5 * np.sqrt(2))


def test_the_joint_region_holds_what_it_says():
    rng = np.random.default_rng(1)
    root = np.array([[1.0, 0.0], [0.8, 0.6]])
    draws = rng.standard_normal((20_000, 2)) @ root.T
    ranks = np.array([_joint_rank(draws, came) for came in rng.standard_normal((400, 2)) @ root.T])
    assert (ranks <= 0.8).mean() == pytest.approx(0.8, abs=0.06)
    assert _joint_rank(draws, np.array([0.0, 0.0])) < 0.01
    assert _joint_rank(draws, np.array([1.0, -1.0])) > _joint_rank(draws, np.array([1.0, 1.0]))
    assert _joint_rank(draws, np.array([9.0, 9.0])) == pytest.approx(1, abs=1e-3)
    assert np.isnan(_joint_rank(draws, np.array([np.nan, 0.0])))


def test_scores_of_paths_that_cross_and_of_both_targets():
    task = pair_tasks(panel(), 1)[0]
    rng = np.random.default_rng(2)
    high, low = (rng.normal(level, 1e-3, (1000, len(HORIZONS))) for level in (0.9, 0.5))
    within, crossed = _task_scores(task, high, low), _task_scores(task, low, high)
    known = ~np.isnan(task.future).any(axis=1)
    assert (within["crossing"][known] == 0).all()
    assert (crossed["crossing"][known] == 1).all()
    assert np.isnan(within["crossing"][~known]).all()
    nearest = within["stated"][known][:, 0]
    assert (nearest == (task.targets[known][:, 0] < [0.9, 0.5]).all(axis=1)).all()
