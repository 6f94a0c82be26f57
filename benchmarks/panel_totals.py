"""Quarterly totals of the panels as forecasting tasks: one half to learn from, one half to judge on."""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

FILE = "quarterly_totals.csv.gz"
Series = tuple[str, np.ndarray]


@dataclass(frozen=True, slots=True, eq=False)
class TotalsTask:
    """One series up to one year: `quarters` (J + 1, 4) amounts, the last row is the year to be forecast.

    `change` is the mean absolute yearly change of the whole series' totals; scores are divided by it.
    """

    series: str
    quarters: np.ndarray
    change: float


def read_totals(folder: Path) -> tuple[list[Series], list[Series]]:
    """(to learn from, to judge on): lists of (name, (years, 4) amounts), halved by a hash of the name."""
    rows = defaultdict(list)
    with gzip.open(Path(folder) / FILE, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows[row["series"]].append((int(row["year"]), *(float(row[f"q{q}"]) for q in (1, 2, 3, 4))))
    halves: tuple[list[Series], list[Series]] = ([], [])
    for name in sorted(rows):
        amounts = np.array(sorted(rows[name]))[:, 1:]
        half = int(hashlib.sha256(name.encode("utf-8")).hexdigest(), 16) % 2
        halves[half].append((name, amounts))
    return halves


def tasks(half: list[Series], years: int, seed: int, per_series: int = 1) -> list[TotalsTask]:
    """Windows of `years` past years and one more, at random origins, `per_series` of each series."""
    rng = np.random.default_rng(seed)
    result = []
    for name, amounts in half:
        if len(amounts) <= years:
            continue
        change = float(np.abs(np.diff(amounts.sum(axis=1))).mean())
        for origin in rng.integers(years, len(amounts), per_series):
            if change > 0:
                result.append(TotalsTask(name, amounts[origin - years : origin + 1], change))
    return result


def stored_or_run(
    about: str,
    arguments: list[str] | None,
    run: Callable[[Path, str], dict[str, Any]],
    table: Callable[..., str],
    results: Path,
) -> None:
    """The command of a table of totals: printed as stored, or measured anew with --panels and --date, and stored."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--panels", type=Path, help=f"folder with {FILE}")
    parser.add_argument("--date", help="day of the run (ISO), stored with the table; needed with --panels")
    options = parser.parse_args(arguments)
    if options.panels is None:
        print(table(json.loads(results.read_text(encoding="utf-8")), ran=False))
        return
    if options.date is None:
        parser.error("--date is needed with --panels")
    result = run(options.panels, options.date)
    results.parent.mkdir(exist_ok=True)
    results.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(table(result, ran=True))
