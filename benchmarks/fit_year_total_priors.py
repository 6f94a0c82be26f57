"""Learn the prior weights of the seasonal ensemble from quarterly totals of other places and topics.

    python -m benchmarks.fit_year_total_priors PANELS --date 2026-11-24

Series are split in two by a hash of their name; only the first half is read here. Each series gives up to two
windows (at a random origin) of 3, 5 and 8 past years and the year after. Expectation-maximisation then finds
the weights of powers x members x scales under which the windows are most likely. Members with next to no
weight are left out of the stored table.
"""

from __future__ import annotations

import argparse
import json
from itertools import product
from pathlib import Path

import numpy as np

from benchmarks.panel_totals import TotalsTask, read_totals, tasks
from vetanalysis.forecast.seasonal import PRIORS_FILE, covariance, log_evidence, to_scale

OWN_SHOCK = (0.15, 0.5, 0.85)
SEASON_CHANGE = (0.0, 0.05, 0.3)
SLOPE = ((0.0, 1.0), (0.25, 0.8), (0.8, 0.8), (0.8, 0.95))
SEASON_SIZE = (0.0, 0.5, 1.5, 4.0, 10.0, 25.0)
DRIFT = (0.0, 0.1, 0.4)
POWERS = (0.0, 0.5, 1.0)
SCALES = (0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64)
NU0 = 8.0
PAST_YEARS = (3, 5, 8)
ROUNDS = 400
FLOOR = 0.002  # windows that every member is given on top of its own
KEPT = 0.95  # share of the weight that the stored members hold


def member_grid() -> np.ndarray:
    """Every combination, (G, 6) in the order of `SeasonalPriors.members`."""
    rows = product(OWN_SHOCK, SEASON_CHANGE, SLOPE, SEASON_SIZE, DRIFT)
    return np.array([(own, change, *slope, size, drift) for own, change, slope, size, drift in rows])


def likelihoods(windows: list[TotalsTask], members: np.ndarray) -> np.ndarray:
    """Log likelihood (W, P, G, Z) of every window's quarters."""
    result = []
    for years in sorted({len(window.quarters) for window in windows}):
        factor = np.linalg.cholesky(covariance(np.arange(4 * years), members))
        whiten = np.linalg.inv(factor)
        log_det = np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=1)
        for window in windows:
            if len(window.quarters) == years:
                amounts = window.quarters.ravel()
                middle = float(np.exp(np.log(amounts).mean()))
                result.append(
                    [
                        log_evidence(
                            to_scale(amounts, power, middle), whiten, log_det, np.array(SCALES), NU0
                        )[0]
                        for power in POWERS
                    ]
                )
    return np.array(result)


def maximise(evidence: np.ndarray, rounds: int = ROUNDS) -> np.ndarray:
    """The weights (P, G, Z) under which the windows are most likely, by expectation-maximisation."""
    flat = evidence.reshape(len(evidence), -1)
    likelihood = np.exp(flat - flat.max(axis=1, keepdims=True))
    weights = np.full(flat.shape[1], 1 / flat.shape[1])
    for _ in range(rounds):
        parts = likelihood * weights
        weights = (parts / parts.sum(axis=1, keepdims=True)).sum(axis=0) + FLOOR
        weights /= weights.sum()
    return weights.reshape(evidence.shape[1:])


def _short(weights: np.ndarray) -> list[float]:
    """Three significant digits; a weight below a millionth is nothing."""
    return [float(f"{w:.3g}") if w >= 1e-6 else 0 for w in weights]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("panels", type=Path, help="folder with quarterly_totals.csv.gz")
    parser.add_argument("--date", required=True, help="day of the fit (ISO), stored with the table")
    options = parser.parse_args()
    learn, _ = read_totals(options.panels)
    windows = [w for years in PAST_YEARS for w in tasks(learn, years, seed=1 + years, per_series=2)]
    members = member_grid()
    weights = maximise(likelihoods(windows, members))
    of_member = weights.sum(axis=(0, 2))
    order = np.argsort(-of_member, kind="stable")
    held = np.searchsorted(np.cumsum(of_member[order]), KEPT) + 1
    table = {
        "about": "Prior weights of the seasonal ensemble for in-year totals (forecast/seasonal.py)",
        "learned_on": f"{len(learn)} series of quarterly totals (M1, M3 and tourism competitions), "
        "one half by a hash of the series' name",
        "fitted": options.date,
        "columns": ["own_shock", "season_change", "slope", "persistence", "season_size", "drift"],
        "nu0": NU0,
        "powers": list(POWERS),
        "scales": list(SCALES),
        "members": [
            {"member": members[i].tolist(), "weights": [_short(row) for row in weights[:, i]]}
            for i in sorted(order[:held])
        ],
    }
    rows = ",\n  ".join(json.dumps(row) for row in table.pop("members"))
    head = json.dumps(table, indent=1)[:-2]
    PRIORS_FILE.write_text(f'{head},\n "members": [\n  {rows}\n ]\n}}\n', encoding="utf-8")
    print(f"{held} of {len(members)} members, {len(windows)} windows: {PRIORS_FILE}")


if __name__ == "__main__":
    main()
