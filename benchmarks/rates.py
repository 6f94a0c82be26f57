"""How good are the projections of yearly rates? Measured on indicators their priors never saw, beside other methods.

    python -m benchmarks.rates --panels DIR [--date 2026-11-24] [--peers] [--provinces CSV]

Without --panels nothing is run: the stored table is printed with its date.
"""

from __future__ import annotations

import argparse
import json
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.fit_rate_priors import SEED as FIT_SEED
from benchmarks.fit_rate_priors import fit
from benchmarks.rate_pairs import measure_pairs
from benchmarks.rate_peers import PEERS, drift
from benchmarks.rate_scores import ALL_LEVELS, Answers, scores
from benchmarks.rate_tasks import HORIZONS, Tasks, draw_tasks, kept_aside, read_panel, read_provinces
from vetanalysis.forecast.priors import Prior, from_table
from vetanalysis.forecast.rate import project_rates

RESULTS = Path(__file__).parent / "results" / "rates.json"
SEED = 5
PROVINCE_ORIGINS = 4
PEER_TASKS = 600
FIRST_YEAR = 2000
COLUMNS = {
    "crps_ratio": "CRPS / drift",
    "crps_ratio_se": "se",
    "brier_skill": "Brier skill",
    "brier_skill_se": "se",
    "coverage_80": "in 80 %",
    "coverage_95": "in 95 %",
    "calibration_slope": "slope",
    "ece": "ECE",
    "cpu_per_1000": "CPU s / 1,000",
}
PAIR_COLUMNS = {
    "crossing": "paths crossed",
    "any_crossing": "tasks crossed",
    "joint_80%": "both in 80 %",
    "joint_80%_se": "se",
    "joint_95%": "both in 95 %",
    "whole_80%": "whole 80 %",
    "part_80%": "part 80 %",
    "stated": "P(both)",
    "came": "both came",
    "brier_skill": "Brier skill",
}


def ensemble(tasks: Tasks, prior: Prior | None = None) -> Answers:
    """The package's `project_rates`, called as anyone would call it: all series of one length at once."""
    quantiles = np.empty((*tasks.future.shape, len(ALL_LEVELS)))
    chances = np.empty_like(tasks.targets)
    targets = tasks.targets
    for length in np.unique(tasks.length):
        rows = np.flatnonzero(tasks.length == length)
        years = range(FIRST_YEAR, FIRST_YEAR + length)
        frame = pd.DataFrame(tasks.history[rows, :length].T, index=years, columns=rows)
        until = [int(year) for year in FIRST_YEAR + length - 1 + HORIZONS]
        sides = {row: ">=" if tasks.better[row] > 0 else "<=" for row in rows}
        for row, projection in project_rates(frame, until, direction=sides, prior=prior).items():
            quantiles[row] = projection.quantile(ALL_LEVELS).to_numpy()
            chances[row] = projection.probability(targets[row], sides[row])
    return Answers(quantiles, chances)


def unseen_ensemble(panel: pd.DataFrame) -> Callable[[Tasks], Answers]:
    """The ensemble with priors fitted on the half of the families that does not hold the task's own."""
    aside = panel["indicator"].map(kept_aside)
    tables = [fit(draw_tasks(panel[aside != half], FIT_SEED)) for half in (False, True)]
    priors = [from_table("general", {**table["common"], **table["kinds"]["general"]}) for table in tables]

    def method(tasks: Tasks) -> Answers:
        half = np.array([kept_aside(name) for name in tasks.indicator])
        answers = Answers(np.empty((*tasks.future.shape, len(ALL_LEVELS))), np.empty_like(tasks.targets))
        for side in (False, True):
            if (half == side).any():
                part = ensemble(tasks.where(half == side), priors[side])
                answers.quantiles[half == side], answers.chances[half == side] = part.quantiles, part.chances
        return answers

    return method


def _rows(tasks: Tasks, methods: dict[str, Callable[[Tasks], Answers]]) -> dict[str, dict[str, float]]:
    reference = drift(tasks)
    return {name: measure(tasks, method, reference) for name, method in methods.items()}


def measure(tasks: Tasks, method: Callable[[Tasks], Answers], reference: Answers) -> dict[str, float]:
    """Scores of a method and its CPU seconds per 1,000 series with all horizons, quantiles and targets."""
    start = time.process_time()
    answers = method(tasks)
    spent = time.process_time() - start
    return {**scores(tasks, answers, reference), "cpu_per_1000": spent / len(tasks.length) * 1000}


def peak_memory(tasks: Tasks) -> float:
    """Highest memory of the ensemble above what was in use, in MB."""
    tracemalloc.start()
    ensemble(tasks)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def run(panels: Path, provinces: Path | None, peers: bool) -> dict[str, Any]:
    """All tables: kept-aside indicators, provinces of Viet Nam, and peers on a part of the tasks."""
    panel = read_panel(panels)
    tasks = draw_tasks(panel, SEED)
    unseen = unseen_ensemble(panel)
    simple = {"last value": PEERS["last value"], "drift": drift}
    tables = {"all families, each unseen by its prior": _rows(tasks, {"ensemble": unseen, **simple})}
    for half in (0, 1):
        some = tasks.where(np.array([kept_aside(name) for name in tasks.indicator]) == half)
        tables[f"half {half + 1} of the families"] = _rows(some, {"ensemble": unseen})
    for length in np.unique(tasks.length):
        some = tasks.where(tasks.length == length)
        tables[f"{length} years of history"] = _rows(some, {"ensemble": unseen})
    if provinces is not None:
        places = draw_tasks(read_provinces(provinces), SEED, (5,), PROVINCE_ORIGINS)
        tables["provinces of Viet Nam, certified share"] = _rows(places, {"ensemble": ensemble, **simple})
    if peers:
        rows = np.random.default_rng(SEED).choice(
            len(tasks.length), min(PEER_TASKS, len(tasks.length)), False
        )
        some = tasks.where(np.sort(rows))
        tables["a part of the tasks, with slower methods"] = _rows(some, {"ensemble": unseen, **PEERS})
    thousand = tasks.where(np.arange(len(tasks.length)) < 1000)
    return {
        "tables": tables,
        "pairs": measure_pairs(panel, SEED),
        "memory_mb_per_1000": peak_memory(thousand),
        "series": len(set(tasks.series)),
    }


def show(result: dict[str, Any]) -> str:
    """The tables as text."""
    lines = []
    for title, rows in result["tables"].items():
        lines += ["", title, "  " + " " * 24 + "".join(f"{label:>14}" for label in COLUMNS.values())]
        for name, row in rows.items():
            lines.append(f"  {name:<24}" + "".join(f"{row[key]:>14.3f}" for key in COLUMNS))
    lines += ["", *show_pairs(result["pairs"])]
    lines.append(f"\nmemory for 1,000 series: {result['memory_mb_per_1000']:.0f} MB")
    return "\n".join(lines)


def show_pairs(pairs: dict[str, dict[str, float]]) -> list[str]:
    """The table of a whole and its part, as lines."""
    first = next(iter(pairs.values()))
    title = "a whole and its part, {tasks} outcomes in {countries} countries, {refused} histories refused"
    lines = [
        title.format(**first),
        "  " + " " * 24 + "".join(f"{label:>14}" for label in PAIR_COLUMNS.values()),
    ]
    for name, row in pairs.items():
        lines.append(f"  {name:<24}" + "".join(f"{row[key]:>14.3f}" for key in PAIR_COLUMNS))
    return lines


def main(argv: list[str] | None = None) -> int:
    """Run and store, or show what is stored."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--panels", type=Path, help="folder with yearly_rates.csv.gz")
    parser.add_argument("--provinces", type=Path, help="table of the certified share by province")
    parser.add_argument("--date", default="", help="day of the run, stored with the table")
    parser.add_argument("--peers", action="store_true", help="statsmodels' methods too (minutes)")
    options = parser.parse_args(argv)
    if options.panels is None:
        if not RESULTS.exists():
            print("Nothing was run and no table is stored. Give --panels DIR.")
            return 2
        stored = json.loads(RESULTS.read_text(encoding="utf-8"))
        print(f"Nothing was run. Table of {stored['date'] or 'an unknown day'}:")
        print(show(stored))
        return 0
    result = {"date": options.date, **run(options.panels, options.provinces, options.peers)}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(show(result))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
