"""How good are the projections of yearly rates? Measured on indicators their priors never saw, beside other methods.

    python -m benchmarks.rates --panels DIR [--date 2026-11-24] [--peers]

Without --panels nothing is run: the stored table is printed with its date.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.fit_rate_priors import SEED as FIT_SEED
from benchmarks.fit_rate_priors import fit
from benchmarks.rate_pairs import measure_pairs
from benchmarks.rate_peers import PEERS, drift
from benchmarks.rate_scores import ALL_LEVELS, Answers, scores
from benchmarks.rate_tasks import HORIZONS, Tasks, draw_tasks, family, kept_aside, read_panel, read_provinces
from vetanalysis.forecast.neighbours import Neighbours
from vetanalysis.forecast.priors import PANEL, Prior, from_table, load_prior
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
    "calibration_slope_se": "se",
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


def ensemble(tasks: Tasks, prior: Any = None) -> Answers:
    """The package's `project_rates`, called as anyone would call it: all series of one length at once.

    `prior`: as `project_rates` takes it; a mapping goes by the number of the task.
    """
    quantiles = np.empty((*tasks.future.shape, len(ALL_LEVELS)))
    chances = np.empty_like(tasks.targets)
    targets = tasks.targets
    for length in np.unique(tasks.length):
        rows = np.flatnonzero(tasks.length == length)
        years = range(FIRST_YEAR, FIRST_YEAR + length)
        frame = pd.DataFrame(tasks.history[rows, :length].T, index=years, columns=rows)
        until = [int(year) for year in FIRST_YEAR + length - 1 + HORIZONS]
        sides = {row: ">=" if tasks.better[row] > 0 else "<=" for row in rows}
        own = {row: prior[row] for row in rows} if isinstance(prior, dict) else prior
        for row, projection in project_rates(frame, until, direction=sides, prior=own).items():
            quantiles[row] = projection.quantile(ALL_LEVELS).to_numpy()
            held = np.clip(targets[row], 0.0, 1.0)
            chances[row] = np.where(held == targets[row], projection.probability(held, sides[row]), 0.0)
    return Answers(quantiles, chances)


def taught(tasks: Tasks, panel: pd.DataFrame, prior: Prior) -> Answers:
    """As `ensemble`, each task's prior learned from the other series of its indicator up to the task's last year."""
    priors: dict[int, Prior] = {}
    for name in np.unique(tasks.indicator):
        table = panel[panel["indicator"] == name].pivot(index="year", columns="series", values="value")
        rows = np.flatnonzero(tasks.indicator == name)
        signs = np.full(table.shape[1], tasks.better[rows[0]])
        others = Neighbours(table.to_numpy(), table.index.to_numpy(), signs, prior, improving=True)
        places = {series: place for place, series in enumerate(table.columns)}
        for row in rows.tolist():
            place, length, year = places[tasks.series[row]], tasks.length[row], tasks.year[row]
            priors[row] = others.prior_of(place, int(length), int(year))
    return ensemble(tasks, priors)


def unseen(panel: pd.DataFrame) -> dict[str, Callable[[Tasks], Answers]]:
    """The ensemble, and the same taught by neighbours, on priors fitted on the half that does not hold the task."""
    aside = panel["indicator"].map(kept_aside)
    tables = [fit(draw_tasks(panel[aside != half], FIT_SEED)) for half in (False, True)]
    priors = [from_table("general", {**table["common"], **table["kinds"]["general"]}) for table in tables]

    def by_halves(of_half: Callable[[Tasks, Prior], Answers]) -> Callable[[Tasks], Answers]:
        def method(tasks: Tasks) -> Answers:
            half = np.array([kept_aside(name) for name in tasks.indicator])
            answers = Answers(np.empty((*tasks.future.shape, len(ALL_LEVELS))), np.empty_like(tasks.targets))
            for side in (False, True):
                if (half == side).any():
                    part = of_half(tasks.where(half == side), priors[side])
                    answers.quantiles[half == side] = part.quantiles
                    answers.chances[half == side] = part.chances
            return answers

        return method

    return {
        "neighbours": by_halves(lambda tasks, prior: taught(tasks, panel, prior)),
        "ensemble": by_halves(ensemble),
    }


def measure(tasks: Tasks, method: Callable[[Tasks], Answers], reference: Answers) -> dict[str, float]:
    """Scores of a method and its CPU seconds per 1,000 series with all horizons, quantiles and targets."""
    answers, spent = _timed(tasks, method)
    return {**scores(tasks, answers, reference), "cpu_per_1000": spent}


def _timed(tasks: Tasks, method: Callable[[Tasks], Answers]) -> tuple[Answers, float]:
    start = time.process_time()
    answers = method(tasks)
    return answers, (time.process_time() - start) / len(tasks.length) * 1000


def _rows(tasks: Tasks, methods: dict[str, Callable[[Tasks], Answers]]) -> dict[str, dict[str, float]]:
    reference = drift(tasks)
    return {name: measure(tasks, method, reference) for name, method in methods.items()}


@dataclass(frozen=True, eq=False)
class Answered:
    """What methods answered to all tasks, with the CPU seconds it took, to be scored on any part of them."""

    tasks: Tasks
    reference: Answers
    answers: dict[str, tuple[Answers, float]]

    @classmethod
    def by(cls, tasks: Tasks, methods: dict[str, Callable[[Tasks], Answers]]) -> Answered:
        """Each method asked once."""
        return cls(tasks, drift(tasks), {name: _timed(tasks, method) for name, method in methods.items()})

    def on(self, chosen: np.ndarray, *names: str) -> dict[str, dict[str, float]]:
        """Scores on the chosen tasks (T,) of the methods named, of all where none is."""
        some, reference = self.tasks.where(chosen), _part(self.reference, chosen)
        return {
            name: {**scores(some, _part(answers, chosen), reference), "cpu_per_1000": spent}
            for name, (answers, spent) in self.answers.items()
            if not names or name in names
        }


def _part(answers: Answers, chosen: np.ndarray) -> Answers:
    return Answers(answers.quantiles[chosen], answers.chances[chosen])


def cost(tasks: Tasks, prior: str | None) -> float:
    """CPU seconds of the ensemble for 1,000 series of one length in one table, the quicker of two runs."""
    some = tasks.where(np.flatnonzero(tasks.length == 8)[:1000])
    return min(_timed(some, lambda those: ensemble(those, prior))[1] for _ in range(2))


def peak_memory(tasks: Tasks) -> float:
    """Highest memory of the ensemble above what was in use, in MB."""
    tracemalloc.start()
    ensemble(tasks)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def run(panels: Path, peers: bool) -> dict[str, Any]:
    """All tables: kept-aside indicators, provinces of Viet Nam, and peers on a part of the tasks."""
    panel = read_panel(panels)
    tasks = draw_tasks(panel, SEED)
    methods = unseen(panel)
    simple = {"last value": PEERS["last value"], "drift": drift}
    answered = Answered.by(tasks, {**methods, **simple})
    every = np.ones(len(tasks.length), dtype=bool)
    tables = {"all families, each unseen by its prior": answered.on(every)}
    aside = np.array([kept_aside(name) for name in tasks.indicator])
    for half, role in ((0, "settings not chosen on them"), (1, "settings chosen on them")):
        tables[f"half {half + 1} of the families, {role}"] = answered.on(aside == half, *methods)
    for length in np.unique(tasks.length):
        tables[f"{length} years of history"] = answered.on(tasks.length == length, *methods)
    tables["provinces of Viet Nam, certified share"] = _of_provinces(read_provinces(), simple)
    if peers:
        rows = np.random.default_rng(SEED).choice(
            len(tasks.length), min(PEER_TASKS, len(tasks.length)), False
        )
        some = tasks.where(np.sort(rows))
        tables["a part of the tasks, with slower methods"] = _rows(some, {**methods, **PEERS})
    families = np.array([family(name) for name in tasks.indicator])
    by_family = {name: answered.on(families == name, "neighbours") for name in np.unique(families)}
    thousand = tasks.where(np.arange(len(tasks.length)) < 1000)
    return {
        "data": hashlib.sha256((panels / "yearly_rates.csv.gz").read_bytes()).hexdigest()[:16],
        "tables": tables,
        "families": {name: rows["neighbours"] for name, rows in by_family.items()},
        "pairs": measure_pairs(panel, SEED),
        "memory_mb_per_1000": peak_memory(thousand),
        "cpu_in_one_table": {"neighbours": cost(tasks, PANEL), "ensemble": cost(tasks, None)},
        "series": len(set(tasks.series)),
    }


def _of_provinces(panel: pd.DataFrame, simple: dict[str, Callable[[Tasks], Answers]]) -> dict[str, Any]:
    """With the shipped priors, and taught by the other provinces from the prior of surveys on, as they are judged."""
    tasks, survey = draw_tasks(panel, SEED, (5,), PROVINCE_ORIGINS), load_prior("survey")
    methods = {
        "neighbours": lambda some: taught(some, panel, survey),
        "ensemble, surveys": lambda some: ensemble(some, survey),
        "ensemble": ensemble,
        **simple,
    }
    return _rows(tasks, methods)


def show(result: dict[str, Any]) -> str:
    """The tables as text."""
    lines = [f"data {result['data']}, {result['series']} series"]
    for title, rows in {**result["tables"], "neighbours, by family": result["families"]}.items():
        lines += ["", title, "  " + " " * 24 + "".join(f"{label:>14}" for label in COLUMNS.values())]
        for name, row in rows.items():
            lines.append(f"  {name:<24}" + "".join(f"{row[key]:>14.3f}" for key in COLUMNS))
    lines += ["", *show_pairs(result["pairs"])]
    spent = ", ".join(f"{name} {seconds:.2f}" for name, seconds in result["cpu_in_one_table"].items())
    lines.append(f"\nCPU seconds for 1,000 series in one table: {spent}")
    lines.append(f"memory for 1,000 series: {result['memory_mb_per_1000']:.0f} MB")
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
    result = {"date": options.date, **run(options.panels, options.peers)}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(show(result))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
