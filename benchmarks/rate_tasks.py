"""The tasks on which projections of yearly rates are fitted and scored.

One task: a history of 5, 8 or 12 years up to a random origin of a series, and what came 1, 2, 3 and 5 years
later. Whole families of indicators are kept aside from fitting, so that no sister of a fitted indicator is
scored.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

PUBLISHED = Path(__file__).parents[1] / "data" / "published" / "certified_rate.csv"
HISTORIES = (5, 8, 12)
HORIZONS = np.array([1, 2, 3, 5])
STEPS = np.array([0.5, 1.0, 2.0])
_TOPICS = ("unemployment", "employment", "workers", "labour_force", "tb_", "water")
_SURVEYS = ("unemployment", "employment", "workers", "labour_force", "contraceptive", "births_attended")
_UNESCO_SURVEYS = ("ea", "prya", "lr", "nara", "cr")


@dataclass(frozen=True, eq=False)
class Tasks:
    """Histories (T, longest), padded with NaN at the end; futures (T, H), NaN where the series had ended.

    `length`: years of history (T,). `better`: 1 where more is better, else -1. `change`: mean absolute yearly
    change of the whole series, the unit of scores. `indicator`, `series`: names (T,). `year`: of the last figure of
    every history (T,).
    """

    history: np.ndarray
    future: np.ndarray
    length: np.ndarray
    better: np.ndarray
    change: np.ndarray
    indicator: np.ndarray
    series: np.ndarray
    year: np.ndarray

    def where(self, chosen: np.ndarray) -> Tasks:
        """The chosen tasks only."""
        return Tasks(**{name: column[chosen] for name, column in vars(self).items()})

    @property
    def last(self) -> np.ndarray:
        """The last figure of every history."""
        return self.history[np.arange(len(self.length)), self.length - 1]

    @property
    def usual(self) -> np.ndarray:
        """Mean absolute yearly change of every history, (T,): what was known when a target was set."""
        return np.nanmean(np.abs(np.diff(self.history, axis=1)), axis=1)

    @property
    def targets(self) -> np.ndarray:
        """Last figure plus 0.5, 1 and 2 usual changes towards the better side, (T, H, 3)."""
        far = np.sqrt(HORIZONS)[:, None] * STEPS
        return self.last[:, None, None] + (self.better * self.usual)[:, None, None] * far

    @property
    def events(self) -> np.ndarray:
        """Whether each target was reached, (T, H, 3)."""
        ahead = (self.future[:, :, None] - self.targets) * self.better[:, None, None]
        return ahead >= 0


def read_panel(folder: Path) -> pd.DataFrame:
    """The yearly rates of a panels folder as shares, sorted by series and year."""
    frame = pd.read_csv(Path(folder) / "yearly_rates.csv.gz", dtype={"series": str, "indicator": str})
    frame["value"] = frame["value"] / 100
    return frame.sort_values(["series", "year"], ignore_index=True)


def family(indicator: str) -> str:
    """Indicators that are breakdowns or neighbours of one another share a family."""
    source, name = indicator.split("/", 1)
    if source == "kolada":
        return f"{source}/{name[:4]}"
    if source == "unesco":
        return f"{source}/{name.split('_')[0]}"
    return f"{source}/{next((topic for topic in _TOPICS if topic in name), name)}"


def kept_aside(indicator: str) -> bool:
    """Whether the indicator's family is for validation: half of them, by a hash of the name."""
    return bool(int(hashlib.sha256(family(indicator).encode()).hexdigest(), 16) % 2)


def kind(indicator: str) -> str:
    """ "survey" where the figures come from household or labour-force surveys, else "administrative"."""
    source, name = indicator.split("/", 1)
    if source == "gapminder":
        return "survey" if any(topic in name for topic in _SURVEYS) else "administrative"
    if source == "unesco":
        return "survey" if name.split("_")[0] in _UNESCO_SURVEYS else "administrative"
    return "administrative"


def draw_tasks(
    frame: pd.DataFrame, seed: int, histories: tuple[int, ...] = HISTORIES, origins: int = 1
) -> Tasks:
    """`origins` random origins per series and history length; series that never change are left out."""
    rng = np.random.default_rng(seed)
    longest, rows = max(histories), []
    for name, group in frame.groupby("series", sort=True):
        values, years = group["value"].to_numpy(), group["year"].to_numpy()
        change = float(np.abs(np.diff(values)).mean())
        better, indicator = float(group["direction"].iloc[0]), group["indicator"].iloc[0]
        for length in histories:
            for _ in range(origins if len(values) > length and change > 0 else 0):
                origin = int(rng.integers(length, len(values)))
                history = np.full(longest, np.nan)
                history[:length] = values[origin - length : origin]
                places = origin + HORIZONS - 1
                future = np.where(places < len(values), values[np.minimum(places, len(values) - 1)], np.nan)
                rows.append((history, future, length, better, change, indicator, name, years[origin - 1]))
    return Tasks(*(np.array(column) for column in zip(*rows, strict=True)))


def read_provinces() -> pd.DataFrame:
    """The certified share of the provinces of Viet Nam, 2008 to 2016, in the columns of a panel."""
    frame = pd.read_csv(PUBLISHED, dtype={"unit": str})
    frame = frame[(frame["source"] == "gso2018_trained") & frame["unit"].str.isdigit()]
    return pd.DataFrame(
        {
            "series": "province/" + frame["unit"],
            "indicator": "vietnam/certified_rate",
            "direction": 1,
            "year": frame["period"].str[:4].astype(int),
            "value": frame["value"] / 100,
        }
    ).sort_values(["series", "year"], ignore_index=True)
