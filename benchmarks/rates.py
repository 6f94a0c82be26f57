"""How good are the projections of yearly rates? Measured on indicators kept aside, beside other methods.

    python -m benchmarks.rates --panels DIR [--date 2026-11-24] [--peers] [--provinces CSV]

Without --panels nothing is run: the stored table is printed with its date.
"""

from __future__ import annotations

import argparse
import json
import time
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.rate_peers import PEERS, drift
from benchmarks.rate_scores import ALL_LEVELS, Answers, scores
from benchmarks.rate_tasks import HORIZONS, Tasks, draw_tasks, kept_aside, read_panel, read_provinces

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


def ensemble(tasks: Tasks) -> Answers:
    """The package's `project_rates`, called as anyone would call it: all series of one length at once."""
    from vetanalysis.forecast.rate import project_rates

    quantiles = np.empty((*tasks.future.shape, len(ALL_LEVELS)))
    chances = np.empty_like(tasks.targets)
    targets = tasks.targets
    for length in np.unique(tasks.length):
        rows = np.flatnonzero(tasks.length == length)
        years = range(FIRST_YEAR, FIRST_YEAR + length)
        frame = pd.DataFrame(tasks.history[rows, :length].T, index=years, columns=rows)
        until = [int(year) for year in FIRST_YEAR + length - 1 + HORIZONS]
        sides = {row: ">=" if tasks.better[row] > 0 else "<=" for row in rows}
        for row, projection in project_rates(frame, until, direction=sides).items():
            quantiles[row] = projection.quantile(ALL_LEVELS).to_numpy()
            for step in range(targets.shape[2]):
                chances[row, :, step] = projection.probability(targets[row, :, step], sides[row])
    return Answers(quantiles, chances)


def measure(tasks: Tasks, method: Any, reference: Answers) -> dict[str, float]:
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
    aside = draw_tasks(panel[panel["indicator"].map(kept_aside)], SEED)
    reference = drift(aside)
    tables = {"kept aside": {"ensemble": measure(aside, ensemble, reference)}}
    for name in ("last value", "drift"):
        tables["kept aside"][name] = measure(aside, PEERS.get(name, drift), reference)
    for length in np.unique(aside.length):
        some = aside.where(aside.length == length)
        tables[f"kept aside, {length} years of history"] = {"ensemble": measure(some, ensemble, drift(some))}
    if provinces is not None:
        places = draw_tasks(read_provinces(provinces), SEED, (5,), PROVINCE_ORIGINS)
        tables["provinces of Viet Nam, certified share"] = {
            name: measure(places, method, drift(places))
            for name, method in {
                "ensemble": ensemble,
                "last value": PEERS["last value"],
                "drift": drift,
            }.items()
        }
    if peers:
        rows = np.random.default_rng(SEED).choice(
            len(aside.length), min(PEER_TASKS, len(aside.length)), False
        )
        part = aside.where(np.sort(rows))
        methods = {"ensemble": ensemble, **PEERS}
        tables["kept aside, a part, with slower methods"] = {
            name: measure(part, method, drift(part)) for name, method in methods.items()
        }
    thousand = aside.where(np.arange(len(aside.length)) < 1000)
    return {"tables": tables, "memory_mb_per_1000": peak_memory(thousand), "series": len(set(aside.series))}


def show(result: dict[str, Any]) -> str:
    """The tables as text."""
    lines = []
    for title, rows in result["tables"].items():
        lines += ["", title, "  " + " " * 24 + "".join(f"{label:>14}" for label in COLUMNS.values())]
        for name, row in rows.items():
            lines.append(f"  {name:<24}" + "".join(f"{row[key]:>14.3f}" for key in COLUMNS))
    lines.append(f"\nmemory for 1,000 series: {result['memory_mb_per_1000']:.0f} MB")
    return "\n".join(lines)


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
