"""The tasks of the benchmark of rates: nothing of a task but its outcome knows what came; the calibration line."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from benchmarks.rate_peers import PEERS
from benchmarks.rate_scores import ALL_LEVELS, calibration_line
from benchmarks.rate_tasks import HORIZONS, draw_tasks, read_provinces
from vetanalysis.track.methods import SLOW


def walks(series=300, years=14, seed=0):
    """Series that wander by a usual change of 1 point, and nothing else."""
    rng = np.random.default_rng(seed)
    tables = [
        pd.DataFrame(
            {
                "series": f"topic/{number}",
                "indicator": "topic/walk",
                "direction": 1,
                "year": range(2000, 2000 + years),
                "value": 0.5 + rng.normal(0, 0.01, years).cumsum(),
            }
        )
        for number in range(series)
    ]
    return pd.concat(tables, ignore_index=True)


def test_targets_are_what_could_be_set_when_the_history_ended():
    tasks = draw_tasks(walks(20), 1)
    later = replace(tasks, future=tasks.future + 0.3, change=tasks.change * 7)
    np.testing.assert_array_equal(tasks.targets, later.targets)
    own = tasks.history[0, : tasks.length[0]]
    usual = np.abs(np.diff(own)).mean()
    np.testing.assert_allclose(tasks.targets[0, 1], own[-1] + usual * np.sqrt(2) * np.array([0.5, 1.0, 2.0]))


def test_a_forecaster_who_is_right_has_a_slope_of_one_and_below_it_where_targets_know_what_came():
    tasks = draw_tasks(walks(), 1, origins=2)
    known = np.broadcast_to(~np.isnan(tasks.future)[:, :, None], tasks.events.shape)
    series = np.broadcast_to(tasks.series[:, None, None], tasks.events.shape)[known]

    def slope(targets):
        far = (targets - tasks.last[:, None, None]) / np.sqrt(HORIZONS)[:, None]
        came = tasks.future[:, :, None] >= targets
        return calibration_line(norm.sf(far[known] / 0.01), came[known].astype(float), series)

    right, _, error = slope(tasks.targets)
    steps = np.sqrt(HORIZONS)[:, None] * np.array([0.5, 1.0, 2.0])
    moved = np.nanmean(np.abs(np.diff(np.column_stack([tasks.last, tasks.future[:, :3]]), axis=1)), axis=1)
    with_hindsight, _, _ = slope(tasks.last[:, None, None] + moved[:, None, None] * steps)
    assert right == pytest.approx(1.0, abs=3 * error)
    assert error < 0.1
    assert with_hindsight < right - 3 * error


@pytest.mark.parametrize(
    ("name", "method"), [("statsmodels Theta", "theta"), ("statsmodels ETS damped", "ets")]
)
def test_a_peer_is_fitted_as_the_track_record_fits_it(name, method):
    tasks = draw_tasks(walks(4), 1)
    found = PEERS[name](tasks).quantiles
    for row, length in enumerate(tasks.length):
        history = pd.DataFrame({"one": tasks.history[row, :length]}, index=range(length))
        np.testing.assert_allclose(
            found[row], SLOW[method](history, HORIZONS).quantiles(ALL_LEVELS)[0], rtol=1e-9
        )


def test_the_error_of_the_slope_counts_whole_groups():
    rng = np.random.default_rng(3)
    chances = rng.uniform(0.05, 0.95, 400)
    events = (rng.uniform(size=400) < chances).astype(float)
    alone = calibration_line(chances, events, np.arange(400))
    tenfold = calibration_line(np.tile(chances, 10), np.tile(events, 10), np.tile(np.arange(400), 10))
    assert tenfold[:2] == pytest.approx(alone[:2])
    assert tenfold[2] == pytest.approx(alone[2])


def test_the_check_is_the_published_table_of_63_provinces():
    table = read_provinces()
    assert table["series"].nunique() == 63
    assert (table.groupby("series")["year"].agg(["min", "max"]).drop_duplicates() == [2008, 2016]).all(
        axis=None
    )
    assert table["value"].between(0, 1).all()
