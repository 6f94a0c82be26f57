"""From what was projected and what came to tables: scores by method, coverage, words, PIT."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vetanalysis.track.rolling import COVERAGES, RULE, Rolled
from vetanalysis.track.scores import (
    binomial_band,
    brier,
    independent_cases,
    reliability,
    skill,
    spread_over,
)

OURS = "ours"
_SAME = ["place", "origin", "horizon"]
RATE_COLUMNS = (
    "method", "horizon", "cases", "places", "crps", "against_last_value", "against_last_value_se", "against_drift",
    "against_drift_se", "brier", "brier_skill", "brier_skill_se",
    "hindsight_skill", "hindsight_skill_se", "inside_50", "inside_80", "inside_95",
)  # fmt: skip
COVERAGE_COLUMNS = (
    "kind", "horizon", "level", "cases", "inside", "share", "low", "high", "within", "error", "independent",
)  # fmt: skip


def rate_scores(rolled: Rolled) -> pd.DataFrame:
    """One row per method and horizon (0: all horizons), in `RATE_COLUMNS`.

    `crps` in percentage points; `against_...`: CRPS as a ratio to that method's on the same tasks, below 1 is
    better. `brier`: over all steps. `brier_skill`: for targets beyond the last figure, against the frequency with which
    they were reached at the same horizon. `hindsight_skill`: for all targets, against the frequency at the same horizon
    and step; it is known only afterwards, which makes it a hard reference. `_se`: whole years drawn anew.
    The CAGR rule says yes or no and has no range.
    """
    if rolled.forecasts.empty:
        return pd.DataFrame(columns=list(RATE_COLUMNS))
    rows = []
    for method in dict.fromkeys(rolled.statements["method"]):
        for horizon in (*sorted(rolled.statements["horizon"].unique()), 0):
            said = _at(rolled.statements, method, horizon)
            made = _at(rolled.forecasts, method, horizon)
            row = {"method": method, "horizon": int(horizon), "places": said["place"].nunique()}
            row |= {"cases": len(said.drop_duplicates(_SAME)), **_brier(said)}
            if len(made):
                row |= _crps(made, rolled.forecasts)
            rows.append(row)
    return pd.DataFrame(rows).reindex(columns=list(RATE_COLUMNS))


def _at(frame: pd.DataFrame, method: str, horizon: int) -> pd.DataFrame:
    chosen = frame[frame["method"] == method]
    return chosen if horizon == 0 else chosen[chosen["horizon"] == horizon]


def _brier(said: pd.DataFrame) -> dict[str, float]:
    row = {"brier": float(brier(said["came"], said["probability"]).mean())}
    beyond = said[said["step"] > 0]
    for name, part, keys in (
        ("brier_skill", beyond, ["horizon"]),
        ("hindsight_skill", said, ["horizon", "step"]),
    ):
        came = part["came"].to_numpy(dtype=float)
        usual = part.groupby(keys)["came"].transform("mean").to_numpy(dtype=float)
        own, base = brier(came, part["probability"].to_numpy()), brier(came, usual)
        row[name] = skill(float(own.sum()), float(base.sum()))
        years = part["year"].to_numpy()
        row[f"{name}_se"] = spread_over(years, np.column_stack([own, base]), lambda s: 1 - s[0] / s[1])
    return row


def _crps(made: pd.DataFrame, everyone: pd.DataFrame) -> dict[str, float]:
    row = {"crps": float(made["crps"].mean())}
    for other in ("last_value", "drift"):
        theirs = everyone.loc[everyone["method"] == other, [*_SAME, "crps"]]
        both = made.merge(theirs, on=_SAME, suffixes=("", "_other"))
        pair = both[["crps", "crps_other"]].to_numpy()
        if len(pair):
            row[f"against_{other}"] = float(pair[:, 0].sum() / pair[:, 1].sum())
            row[f"against_{other}_se"] = spread_over(both["year"].to_numpy(), pair, lambda s: s[0] / s[1])
    for level in COVERAGES:
        row[f"inside_{100 * level:.0f}"] = float(made[f"inside_{100 * level:.0f}"].mean())
    return row


def rate_coverage(rolled: Rolled) -> pd.DataFrame:
    """How often our ranges held what came, by horizon (0: all) and level, in `COVERAGE_COLUMNS`.

    `low`, `high`: the binomial band of independent cases; `within`: whether the share lies in it. `error`: standard
    error of the share when whole years are drawn anew; `independent`: to how many independent cases that amounts.
    """
    if rolled.forecasts.empty:
        return pd.DataFrame(columns=list(COVERAGE_COLUMNS))
    rows = []
    for horizon in (*sorted(rolled.forecasts["horizon"].unique()), 0):
        made = _at(rolled.forecasts, OURS, horizon)
        for level in COVERAGES:
            inside = made[f"inside_{100 * level:.0f}"].to_numpy(dtype=float)
            rows.append(coverage_row("rate", int(horizon), level, inside, made["year"].to_numpy()))
    return pd.DataFrame(rows, columns=list(COVERAGE_COLUMNS))


def coverage_row(kind: str, horizon: int, level: float, inside: np.ndarray, years: np.ndarray) -> tuple:
    """One row in `COVERAGE_COLUMNS`; `inside` (N,) 0 or 1, `years` (N,) in which it was decided."""
    cases, share = len(inside), float(inside.mean()) if len(inside) else np.nan
    low, high = binomial_band(level, cases)
    error = spread_over(years, np.column_stack([inside, np.ones(cases)]), lambda s: s[0] / s[1])
    within = bool(low <= share <= high)
    alone = independent_cases(cases, level, error)
    return (kind, horizon, level, cases, int(inside.sum()), share, low, high, within, error, alone)


def rate_reliability(rolled: Rolled) -> pd.DataFrame:
    """`scores.reliability` of our statements about rates, with column `kind`."""
    if rolled.statements.empty:
        return reliability(np.empty(0), np.empty(0, dtype=bool)).assign(kind="rate")
    said = _at(rolled.statements, OURS, 0)
    return reliability(said["probability"].to_numpy(), said["came"].to_numpy()).assign(kind="rate")


__all__ = ["COVERAGE_COLUMNS", "OURS", "RATE_COLUMNS", "RULE", "coverage_row", "rate_coverage",
           "rate_reliability", "rate_scores"]  # fmt: skip
