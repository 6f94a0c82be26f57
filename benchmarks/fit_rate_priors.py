"""Learn the priors of yearly rates from a panels folder and write `vetanalysis/forecast/rate_priors.json`.

    python -m benchmarks.fit_rate_priors PANELS

Weights by expectation-maximisation on the likelihood of history and future together: of all candidates, then
of the heaviest, then for each history length. Kinds start from the general weights. What such priors are
worth is measured by
`benchmarks.rates` with priors that never saw the family of the indicator they are scored on.
"""

from __future__ import annotations

import argparse
import itertools
import json
from math import lgamma, pi
from pathlib import Path

import numpy as np

from benchmarks.rate_tasks import HISTORIES, HORIZONS, Tasks, draw_tasks, kind, read_panel
from vetanalysis.forecast.mixture import logit
from vetanalysis.forecast.priors import Prior
from vetanalysis.forecast.state_space import Members, horizon_terms, log_evidence, run

OUT = Path(__file__).parents[1] / "vetanalysis" / "forecast" / "rate_priors.json"
SEED = 1
COMMON = {
    "freedom": 4.0,
    "slope_mean": 0.04,
    "memory": 0.75,
    "jump": 0.08,
    "jump_size": 3.0,
    "calm": 0.85,
    "margin": 0.01,
}
NOISES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
PERSISTENCES = (0.4, 0.7, 0.9, 1.0)
SLOPE_SDS = (0.3, 0.8, 1.2)
SCALES = tuple(0.0125 * 2.0**step for step in range(8))
KEPT_MEMBERS = 30
ITERATIONS = 40
KIND_ITERATIONS = 15


def candidates() -> np.ndarray:
    """Every member considered, columns as `priors.FIELDS`; a constant slope (phi 1) has no slope noise."""
    shapes = [(noise, 0.0, 0.0, 0.0) for noise in NOISES]
    for noise, phi, tau, fresh in itertools.product(NOISES, PERSISTENCES, SLOPE_SDS, (0.0, 1.0)):
        if not (phi == 1 and fresh):
            shapes.append((noise, phi, tau, fresh))
    return np.array([(*shape, scale) for shape in shapes for scale in SCALES])


def log_densities(members: np.ndarray, tasks: Tasks) -> tuple[np.ndarray, np.ndarray]:
    """Log evidence of the histories (T, M) and log predictive densities of the futures (T, H, M)."""
    prior = Prior(kind="fit", members=members, weights=np.ones(len(members)), **COMMON)
    table = Members.of(prior, improving=True)
    after = run(logit(tasks.history, prior.margin) * tasks.better[:, None], table.grid, memory=prior.memory)
    y = logit(tasks.future, prior.margin) * tasks.better[:, None]
    freedom = prior.freedom + after.errors[:, None]
    squares = (prior.freedom * table.scale**2 + after.squares[:, table.index]) / freedom
    constant = np.array([lgamma((f + 1) / 2) - lgamma(f / 2) - 0.5 * np.log(f * pi) for f in freedom[:, 0]])
    reach, noise = horizon_terms(table.grid, HORIZONS)
    density = np.empty((len(y), len(HORIZONS), len(members)), np.float32)
    for h in range(len(HORIZONS)):
        location = after.level + reach[h] * after.slope
        variance = (
            after.level_var + 2 * reach[h] * after.cross_var + reach[h] ** 2 * after.slope_var + noise[h]
        )
        variance = variance[:, table.index] * squares
        ratio = (y[:, h : h + 1] - location[:, table.index]) ** 2 / variance
        density[:, h] = (
            constant[:, None] - 0.5 * np.log(variance) - (freedom + 1) / 2 * np.log1p(ratio / freedom)
        )
    return log_evidence(after, table, prior.freedom), density


def maximise_likelihood(
    evidence: np.ndarray, density: np.ndarray, start: np.ndarray, iterations: int
) -> np.ndarray:
    """Mixture weights by expectation-maximisation; every history counts with each of its known futures."""
    rows = [evidence[~np.isnan(d[:, 0])] + d[~np.isnan(d[:, 0])] for d in density.transpose(1, 0, 2)]
    joint = np.concatenate(rows)
    joint = np.exp(joint - joint.max(axis=1, keepdims=True)).astype(np.float32)
    weights = start
    for _ in range(iterations):
        weights = weights * (joint / (joint @ weights)[:, None]).mean(axis=0)
    return weights / weights.sum()


def fit(tasks: Tasks) -> dict[str, object]:
    """The content of `rate_priors.json`: common settings, members, and weights by kind and history length."""
    members = candidates()
    evidence, density = log_densities(members, tasks)
    weights = maximise_likelihood(evidence, density, np.full(len(members), 1 / len(members)), 60)
    keep = np.sort(np.argsort(-weights)[:KEPT_MEMBERS])
    evidence, density = evidence[:, keep], density[:, :, keep]
    start = weights[keep] / weights[keep].sum()
    start = maximise_likelihood(evidence, density, start, 60)
    is_survey = np.array([kind(indicator) == "survey" for indicator in tasks.indicator])
    everything = np.ones(len(is_survey), bool)

    def by_length(chosen: np.ndarray, starts: list[np.ndarray], iterations: int) -> list[np.ndarray]:
        rows = [chosen & (tasks.length == n) for n in HISTORIES]
        pairs = zip(rows, starts, strict=True)
        return [maximise_likelihood(evidence[r], density[r], w, iterations) for r, w in pairs]

    general = by_length(everything, [start] * len(HISTORIES), ITERATIONS)
    kinds = {}
    for name, chosen in (("general", everything), ("survey", is_survey), ("administrative", ~is_survey)):
        rows = general if name == "general" else by_length(chosen, general, KIND_ITERATIONS)
        kinds[name] = {
            "weights": [[round(float(w), 6) for w in row] for row in rows],
            "derivation": {
                "tasks": int(chosen.sum()),
                "series": len(set(tasks.series[chosen])),
                "indicators": sorted(set(tasks.indicator[chosen])),
            },
        }
    common = {**COMMON, "lengths": list(HISTORIES), "members": members[keep].round(6).tolist()}
    return {
        "fields": ["noise", "persistence", "slope_sd", "slope_noise", "scale"],
        "common": common,
        "kinds": kinds,
    }


def main(argv: list[str] | None = None) -> int:
    """Fit and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("panels", type=Path)
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args(argv)
    panel = read_panel(options.panels)
    table = fit(draw_tasks(panel, SEED))
    text = json.dumps(table, ensure_ascii=False).replace('"kinds"', '\n"kinds"').replace("], [", "],\n[")
    options.out.write_text(text + "\n", encoding="utf-8")
    print(f"{options.out}: {len(table['common']['members'])} members from {panel['series'].nunique()} series")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
