"""How good the projections of totals are of which only whole years are known, on series nothing was learned from.

    python -m benchmarks.yearly_totals --panels DIR --date 2026-11-28     # run and store
    python -m benchmarks.yearly_totals                                    # the stored table; nothing is run

The panel's quarters are summed to years. Histories of 3, 5 and 8 totals up to two random origins of every series;
what came 1, 2 and 3 years later is asked. CRPS is twice the mean pinball loss over 19 quantiles, in units of the
series' mean yearly change, as a ratio to a drift line: a random walk with drift on the logarithm, from first to last
total, with normal intervals. Both halves of the series are told apart: the prior was learned on one and saw nothing
of the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import norm

from benchmarks.panel_totals import FILE, Series, read_totals, stored_or_run
from benchmarks.rate_scores import LEVELS

RESULTS = Path(__file__).with_name("results") / "yearly_totals.json"
HISTORIES = (3, 5, 8)
HORIZONS = np.array([1, 2, 3])
PER_SERIES = 2
OUTER = np.array([0.025, 0.975])
MUST = {"crps_ratio": (0.0, 1.0), "cover_80": (0.77, 0.85)}


def windows(
    half: list[Series], length: int, seed: int
) -> Iterator[tuple[str, np.ndarray, np.ndarray, float]]:
    """(series, totals known (length,), what came 1 to 3 years later with NaN where unknown, mean yearly change)."""
    rng = np.random.default_rng(seed)
    for name, quarters in half:
        totals = quarters.sum(axis=1)
        change = float(np.abs(np.diff(totals)).mean()) if len(totals) > 1 else 0.0
        if len(totals) <= length or change == 0 or (totals <= 0).any():
            continue
        for origin in rng.integers(length, len(totals), PER_SERIES):
            future = np.full(len(HORIZONS), np.nan)
            came = totals[origin : origin + len(HORIZONS)]
            future[: len(came)] = came
            yield name, totals[origin - length : origin], future, change


def drift_line(known: np.ndarray, ahead: int) -> np.ndarray:
    """Quantiles of the reference."""
    logs, span = np.log(known), len(known) - 1
    pace = (logs[-1] - logs[0]) / span
    spread = np.sqrt(((np.diff(logs) - pace) ** 2).sum() / (span - 1))
    return np.exp(logs[-1] + ahead * pace + spread * np.sqrt(ahead + ahead**2 / span) * norm.ppf(LEVELS))


def score_rows(half: list[Series], seed: int = 7) -> pd.DataFrame:
    """One row per history and horizon."""
    from vetanalysis.forecast.year_total import project_year_total

    rows = []
    for length in HISTORIES:
        for name, known, future, change in windows(half, length, seed + length):
            past = pd.DataFrame({4: known}, index=range(2000, 2000 + length))
            for ahead, came in zip(HORIZONS.tolist(), future, strict=True):
                if np.isnan(came):
                    continue
                projection = project_year_total(past, None, year=1999 + length + ahead, rng=1)
                inner = projection.quantile(LEVELS).to_numpy()
                outer = projection.quantile(OUTER).to_numpy()
                loss = [pinball(quantiles, came) / change for quantiles in (inner, drift_line(known, ahead))]
                rows.append(
                    {
                        "family": name.split("/")[0], "series": name, "length": length, "ahead": ahead,
                        "crps": loss[0], "reference": loss[1],
                        "in_80": inner[1] <= came <= inner[17], "in_95": outer[0] <= came <= outer[1],
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)


def pinball(quantiles: np.ndarray, value: float) -> float:
    """CRPS: twice the mean pinball loss of the 19 quantiles."""
    error = value - quantiles
    return float(2 * np.maximum(LEVELS * error, (LEVELS - 1) * error).mean())


def summary(rows: pd.DataFrame) -> dict[str, float]:
    """The figures of one row of the table; the standard error treats series as independent."""
    ratio = rows["crps"].sum() / rows["reference"].sum()
    left = (rows["crps"] - ratio * rows["reference"]).groupby(rows["series"]).sum()
    return {
        "crps_ratio": float(ratio),
        "crps_error": float(np.sqrt((left**2).sum()) / rows["reference"].sum()),
        "cover_80": float(rows["in_80"].mean()),
        "cover_95": float(rows["in_95"].mean()),
        "forecasts": len(rows),
    }


def fingerprint(panels: Path) -> str:
    """The first sixteen digits of the SHA-256 of the panel."""
    return hashlib.sha256((Path(panels) / FILE).read_bytes()).hexdigest()[:16]


def run(panels: Path, date: str) -> dict:
    """Everything the table prints."""
    learned, judged = read_totals(panels)
    rows = score_rows(judged)
    parts = {"all": rows}
    parts |= {f"{length} totals known": rows[rows["length"] == length] for length in HISTORIES}
    parts |= {f"{ahead} year(s) ahead": rows[rows["ahead"] == ahead] for ahead in HORIZONS.tolist()}
    parts |= {f"family {family}": part for family, part in rows.groupby("family")}
    parts["the half it was learned on"] = score_rows(learned)
    return {
        "date": date,
        "panel": fingerprint(panels),
        "series": int(rows["series"].nunique()),
        "rows": {name: summary(part) for name, part in parts.items()},
    }


def table(result: dict, ran: bool) -> str:
    """The result as text; `ran` False says that it is the stored table."""
    head = f"Totals known by year only, {result['series']} series kept aside, {result['date']}, panel {result['panel']}"
    lines = [head if ran else f"{head} (stored; nothing was run: give --panels DIR to run it)", ""]
    lines.append(f"{'':38}{'CRPS / drift line':>18}{'80 %':>8}{'95 %':>8}")
    lines += [
        f"{name:38}{row['crps_ratio']:>10.3f} ±{row['crps_error']:.3f} {row['cover_80']:>9.1%}{row['cover_95']:>8.1%}"
        for name, row in result["rows"].items()
    ]
    whole = result["rows"]["all"]
    missed = [name for name, (low, high) in MUST.items() if not low <= whole[name] <= high]
    lines.append(f"must: {'reached' if not missed else 'not reached: ' + ', '.join(missed)}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    stored_or_run(__doc__, arguments, run, table, RESULTS)


if __name__ == "__main__":
    main()
