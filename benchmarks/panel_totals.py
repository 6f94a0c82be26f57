"""Quarterly totals of the panels as forecasting tasks: one half to learn from, one half to judge on."""

from __future__ import annotations

import csv
import gzip
import hashlib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

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
