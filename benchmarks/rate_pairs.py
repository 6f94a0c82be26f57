"""A whole and its part on real pairs: adults with at least one level of schooling and, within them, with a higher one.

The pairs are the attainment rates of the same country and year in the panel, and the employed within the labour
force. The prior is fitted without their families. Beside the nested projection stand the two rates projected each
alone, their paths joined at random: what it costs to forget that one lies within the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from benchmarks.fit_rate_priors import SEED as FIT_SEED
from benchmarks.fit_rate_priors import fit
from benchmarks.rate_scores import LEVELS
from benchmarks.rate_tasks import HISTORIES, HORIZONS, STEPS, draw_tasks, family
from vetanalysis.errors import DataRefused
from vetanalysis.forecast.nested import project_nested
from vetanalysis.forecast.priors import Prior, from_table
from vetanalysis.forecast.projection import DrawsProjection
from vetanalysis.forecast.rate import project_rate

_ATTAINED = (
    ("1t8_ag25t99", "3t8_ag25t99"),
    ("3t8_ag25t99", "5t8_ag25t99"),
    ("5t8_ag25t99", "6t8_ag25t99"),
    ("6t8_ag25t99", "8_ag25t99"),
    ("2t8_ag25t99_urb", "6t8_ag25t99_urb"),
    ("6t8_ag25t99_urb", "7t8_ag25t99_urb"),
    ("s1t8_ag25t99_rur", "3t8_ag25t99_rur"),
    ("3t8_ag25t99_rur", "6t8_ag25t99_rur"),
)
_WORK = "gapminder/aged_15plus_labour_force_participation_rate_percent"
PAIRS = (
    *((f"unesco/ea_{whole}", f"unesco/ea_{part}") for whole, part in _ATTAINED),
    (_WORK, "gapminder/aged_15plus_employment_rate_percent"),
)
RESAMPLES = 400


@dataclass(frozen=True, eq=False)
class PairTask:
    """A whole and its part up to a random origin, columns "whole" and "part", and what came: `future` (H, 2)."""

    place: str
    history: pd.DataFrame
    future: np.ndarray
    change: np.ndarray

    @property
    def until(self) -> list[int]:
        """The years asked for."""
        return [int(self.history.index[-1] + h) for h in HORIZONS]

    @property
    def targets(self) -> np.ndarray:
        """Last figures plus 0.5, 1 and 2 times the usual change of the history upwards, (H, 3, 2)."""
        far = np.sqrt(HORIZONS)[:, None, None] * STEPS[None, :, None]
        return self.history.to_numpy()[-1] + self.history.diff().abs().mean().to_numpy() * far


def pair_tasks(panel: pd.DataFrame, seed: int) -> list[PairTask]:
    """One random origin per pair, place and history length; pairs of which one never changes are left out."""
    rng = np.random.default_rng(seed)
    place = panel["series"].str.rsplit("/", n=1).str[-1]
    tables = {
        name: group.pivot(index="year", columns="place", values="value")
        for name, group in panel.assign(place=place).groupby("indicator")
        if any(name in pair for pair in PAIRS)
    }
    tasks = []
    for whole, part in PAIRS:
        for name in sorted(set(tables.get(whole, ())) & set(tables.get(part, ()))):
            both = pd.DataFrame({"whole": tables[whole][name], "part": tables[part][name]}).dropna()
            change = both.diff().abs().mean().to_numpy()
            for length in HISTORIES:
                if len(both) <= length or not (change > 0).all():
                    continue
                origin = int(rng.integers(length, len(both)))
                history = both.iloc[origin - length : origin]
                coming = both.reindex([history.index[-1] + h for h in HORIZONS]).to_numpy()
                tasks.append(PairTask(name, history, coming, change))
    return tasks


def measure_pairs(panel: pd.DataFrame, seed: int) -> dict[str, dict[str, float]]:
    """Scores of both ways of drawing a whole and its part, with a prior that never saw their families."""
    seen = {family(name) for pair in PAIRS for name in pair}
    table = fit(draw_tasks(panel[~panel["indicator"].map(family).isin(seen)], FIT_SEED))
    prior = from_table("general", {**table["common"], **table["kinds"]["general"]})
    rows: dict[str, list[dict[str, np.ndarray]]] = {"nested": [], "each alone": []}
    tasks, refused = pair_tasks(panel, seed), 0
    places = []
    for task in tasks:
        try:
            whole, part = _nested(task, prior)
        except DataRefused:
            refused += 1
            continue
        places.append(task.place)
        rows["nested"].append(_task_scores(task, whole, part))
        rows["each alone"].append(_task_scores(task, *_alone(task, prior)))
    result = {name: _summary(some, np.array(places)) for name, some in rows.items()}
    for row in result.values():
        row["refused"] = refused
    return result


def _nested(task: PairTask, prior: Prior) -> tuple[np.ndarray, np.ndarray]:
    found = project_nested(
        task.history["whole"], task.history["part"], task.until, direction=">=", prior=prior
    )
    return found.whole.draws, found.part.draws


def _alone(task: PairTask, prior: Prior) -> tuple[np.ndarray, np.ndarray]:
    drawn = (
        project_rate(task.history[name], task.until, direction=">=", prior=prior).sample(20_000, seed)
        for seed, name in enumerate(("whole", "part"))
    )
    return next(drawn), next(drawn)


def _task_scores(task: PairTask, whole: np.ndarray, part: np.ndarray) -> dict[str, np.ndarray]:
    """Scores by horizon, (H,) or (H, 3), NaN where nothing came."""
    draws = np.stack([whole, part], axis=2)
    known = ~np.isnan(task.future).any(axis=1)
    blank = np.where(known, 1.0, np.nan)
    scores = {"crossing": (part > whole).mean(axis=0) * blank}
    for column, name in enumerate(("whole", "part")):
        projection = DrawsProjection(draws[:, :, column], task.until)
        quantiles = projection.quantile(LEVELS).to_numpy()
        error = task.future[:, column, None] - quantiles
        scores[f"crps_{name}"] = (
            2 * np.maximum(LEVELS * error, (LEVELS - 1) * error).mean(axis=1) / task.change[column]
        )
        for level in (0.8, 0.95):
            lower, upper = projection.interval(level)
            inside = (task.future[:, column] >= lower) & (task.future[:, column] <= upper)
            scores[f"{name}_{level:.0%}"] = inside.to_numpy() * blank
    ranks = np.array([_joint_rank(draws[:, h], task.future[h]) for h in range(len(HORIZONS))])
    for level in (0.8, 0.95):
        scores[f"joint_{level:.0%}"] = (ranks <= level) * blank
    reached = (draws[:, :, None, :] >= task.targets).mean(axis=0)
    both = (draws[:, :, None, :] >= task.targets).all(axis=3).mean(axis=0)
    event = (task.future[:, None, :] >= task.targets).all(axis=2) * 1.0
    scores["stated"], scores["came"] = both * blank[:, None], event * blank[:, None]
    scores["brier"] = (both - event) ** 2 * blank[:, None]
    scores["brier_product"] = (reached.prod(axis=2) - event) ** 2 * blank[:, None]
    return scores


def _joint_rank(draws: np.ndarray, came: np.ndarray) -> float:
    """How far out what came lies among the draws (S, 2), 0 to 1.

    Distance: each rate by its normal score among its own draws, and the correlation of the scores.
    """
    if np.isnan(came).any():
        return np.nan
    size = len(draws)
    place = (np.argsort(np.argsort(draws, axis=0), axis=0) + 0.5) / size
    scores = ndtri(place)
    below = ((draws < came).sum(axis=0) + (draws <= came).sum(axis=0)) / 2
    own = ndtri(np.clip(below, 0.5, size - 0.5) / size)
    inverse = np.linalg.inv(np.corrcoef(scores.T))
    distance = np.einsum("si,ij,sj->s", scores, inverse, scores)
    return float((distance < own @ inverse @ own).mean())


def _summary(rows: list[dict[str, np.ndarray]], places: np.ndarray) -> dict[str, float]:
    """Means over what came; the standard error of the joint coverage draws whole countries anew."""
    result = {name: float(np.nanmean([row[name] for row in rows])) for name in rows[0]}
    result["joint_80%_se"] = _spread([row["joint_80%"] for row in rows], places)
    result["any_crossing"] = float(np.mean([np.nanmax(row["crossing"], initial=0.0) > 0 for row in rows]))
    events = np.array([row["came"] for row in rows])
    frequency = np.nanmean(events, axis=0)
    result["brier_skill"] = 1 - result["brier"] / float(np.nanmean((events - frequency) ** 2))
    result["brier_skill_product"] = 1 - result["brier_product"] / float(np.nanmean((events - frequency) ** 2))
    result["tasks"] = int((~np.isnan([row["joint_80%"] for row in rows])).sum())
    result["countries"] = len(set(places))
    return result


def _spread(values: list[np.ndarray], places: np.ndarray) -> float:
    names = sorted(set(places))
    table = np.array(values)
    sums = np.array([[np.nansum(table[places == n]), (~np.isnan(table[places == n])).sum()] for n in names])
    chosen = np.random.default_rng(0).integers(0, len(names), (RESAMPLES, len(names)))
    drawn = sums[chosen].sum(axis=1)
    return float((drawn[:, 0] / drawn[:, 1]).std())
