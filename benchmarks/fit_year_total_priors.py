"""Learn the prior weights of both ensembles of totals from quarterly totals of other places and topics.

    python -m benchmarks.fit_year_total_priors PANELS --date 2026-11-24

Series are split in two by a hash of their name; only the first half is read here. Each series gives up to two
windows (at a random origin) of 3, 5 and 8 past years and the year after. Expectation-maximisation then finds
the weights of powers x members x scales under which the windows are most likely. Members with next to no
weight are left out of the stored table.

The ensemble of yearly totals (`expected_total.py`) learns from the same series summed to years: histories of 2, 3, 5
and 8 totals and each of the three years after them; the heaviest members stay.
"""

from __future__ import annotations

import argparse
import json
from itertools import product
from pathlib import Path

import numpy as np
from scipy.special import gammaln

from benchmarks.fit_rate_priors import maximise_likelihood
from benchmarks.panel_totals import Series, TotalsTask, read_totals, tasks
from benchmarks.yearly_totals import HORIZONS, windows
from vetanalysis.forecast.expected_total import totals_prior
from vetanalysis.forecast.seasonal import PRIORS_FILE, covariance, log_evidence, to_scale
from vetanalysis.forecast.state_space import Members, horizon_terms, run
from vetanalysis.forecast.state_space import log_evidence as yearly_evidence

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
NOISES, PERSISTENCES, SLOPE_SDS = (0.0, 0.2, 0.5, 0.8), (0.4, 0.7, 0.9, 1.0), (0.3, 0.8, 1.5)
YEARLY_SCALES = tuple(0.004 * 2.0**step for step in range(8))
YEARLY_LENGTHS, YEARLY_KEPT, YEARLY_ROUNDS = (2, 3, 5, 8), 16, 60


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
                            whiten @ centred(to_scale(amounts, power, middle)), log_det, np.array(SCALES), NU0
                        )[0]
                        for power in POWERS
                    ]
                )
    return np.array(result)


def centred(values: np.ndarray) -> np.ndarray:
    """The values about their mean."""
    return values - values.mean()


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


def yearly_candidates() -> np.ndarray:
    """Every member of the yearly ensemble, columns as `priors.FIELDS`."""
    shapes = [(noise, 0.0, 0.0, 0.0) for noise in NOISES]
    shapes += [
        (*rest, fresh) for rest in product(NOISES, PERSISTENCES, SLOPE_SDS) for fresh in (0.0, 1.0)
        if not (rest[1] == 1 and fresh)
    ]  # fmt: skip
    return np.array([(*shape, scale) for shape in shapes for scale in YEARLY_SCALES])


def fit_yearly(learn: list[Series]) -> dict[str, object]:
    """Members and weights under which histories and futures of yearly totals are most likely."""
    tasks_of = [task for length in YEARLY_LENGTHS for task in windows(learn, length, seed=1 + length)]
    known = np.full((len(tasks_of), max(YEARLY_LENGTHS)), np.nan)
    for row, (_, totals, _, _) in enumerate(tasks_of):
        known[row, : len(totals)] = np.log(totals)
    members = yearly_candidates()
    prior = totals_prior(members, np.ones(len(members)))
    table = Members.of(prior, improving=False)
    after = run(known, table.grid)
    freedom = prior.freedom + after.errors[:, None]
    size = (prior.freedom * table.scale**2 + after.squares[:, table.index]) / freedom
    constant = gammaln((freedom + 1) / 2) - gammaln(freedom / 2) - 0.5 * np.log(freedom * np.pi)
    came = np.log([future for _, _, future, _ in tasks_of])
    density = np.empty((len(came), len(HORIZONS), len(members)), np.float32)
    for place, (reach, noise) in enumerate(zip(*horizon_terms(table.grid, HORIZONS), strict=True)):
        centre = (after.level + reach * after.slope)[:, table.index]
        own = after.level_var + 2 * reach * after.cross_var + reach**2 * after.slope_var + noise
        variance = own[:, table.index] * size
        distance = (came[:, place : place + 1] - centre) ** 2 / variance / freedom
        density[:, place] = constant - 0.5 * np.log(variance) - (freedom + 1) / 2 * np.log1p(distance)
    evidence = yearly_evidence(after, table, prior.freedom)
    weights = np.full(len(members), 1 / len(members))
    weights = maximise_likelihood(evidence, density, weights, YEARLY_ROUNDS)
    keep = np.sort(np.argsort(-weights, kind="stable")[:YEARLY_KEPT])
    start = weights[keep] / weights[keep].sum()
    weights = maximise_likelihood(evidence[:, keep], density[:, :, keep], start, YEARLY_ROUNDS)
    return {"members": members[keep].tolist(), "weights": _short(weights)}


def _short(weights: np.ndarray) -> list[float]:
    """Three significant digits; a weight below a millionth is nothing."""
    return [float(f"{w:.3g}") if w >= 1e-6 else 0 for w in weights]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("panels", type=Path, help="folder with quarterly_totals.csv.gz")
    parser.add_argument("--date", required=True, help="day of the fit (ISO), stored with the table")
    options = parser.parse_args()
    learn, _ = read_totals(options.panels)
    windows_of = [w for years in PAST_YEARS for w in tasks(learn, years, seed=1 + years, per_series=2)]
    members = member_grid()
    weights = maximise(likelihoods(windows_of, members))
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
    PRIORS_FILE.write_text(_written(table, fit_yearly(learn)), encoding="utf-8")
    print(f"{held} of {len(members)} members, {len(windows_of)} windows: {PRIORS_FILE}")


def _written(table: dict, yearly: dict) -> str:
    """One member a line."""
    rows = ",\n  ".join(json.dumps(row) for row in table.pop("members"))
    of_years = ",\n  ".join(f'"{name}": {json.dumps(value)}' for name, value in yearly.items())
    head = json.dumps(table, indent=1)[:-2]
    return f'{head},\n "yearly": {{\n  {of_years}\n }},\n "members": [\n  {rows}\n ]\n}}\n'


if __name__ == "__main__":
    main()
