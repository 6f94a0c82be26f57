"""How good the projections of in-year totals are, on series that nothing was learned from.

    python -m benchmarks.year_totals --panels DIR --date 2026-11-24     # run and store
    python -m benchmarks.year_totals                                    # the stored table; nothing is run

3, 5 and 8 past years, one to three quarters known, one random origin per series. CRPS is twice the mean
pinball loss over 19 quantiles, divided by the series' mean yearly change. Reference: last year's share of
the same cut-off, normal on the log scale with the spread of the same rule's errors in the history. Brier
skill is measured against the frequency of the event by quarters known, past years and target; targets are
the last total plus 0.5, 1 and 2 mean yearly changes. Standard errors treat series as independent.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.panel_totals import TotalsTask, read_totals, stored_or_run, tasks
from benchmarks.total_peers import PEERS, reference
from benchmarks.yearly_totals import fingerprint

RESULTS = Path(__file__).with_name("results") / "year_totals.json"
LEVELS = np.arange(1, 20) / 20
OUTER = np.array([0.025, 0.975])
STEPS = (0.5, 1.0, 2.0)
PAST_YEARS = (3, 5, 8)
QUARTERS = (1, 2, 3)
MUST = {"crps_ratio": (None, 0.69), "cover_80": (0.77, 0.83), "cover_95": (0.92, 0.97)}
MUST |= {"brier_skill": (0.60, None)}
AIM = {"crps_ratio": (None, 0.64), "brier_skill": (0.64, None)}
PEER_SERIES = 60  # series per row for peers that are slow


def crps(quantiles: np.ndarray, value: float) -> float:
    """Twice the mean pinball loss of the 19 quantiles."""
    error = value - quantiles
    return float(2 * np.maximum(LEVELS * error, (LEVELS - 1) * error).mean())


def projected(task: TotalsTask, quarter: int) -> tuple[np.ndarray, np.ndarray, list[float]]:
    """The package's quantiles at LEVELS and OUTER and the probabilities of the targets, for one task."""
    from vetanalysis.forecast.year_total import project_year_total

    cumulative = task.quarters.cumsum(axis=1)
    years = range(2000, 2000 + len(cumulative) - 1)
    past = pd.DataFrame(cumulative[:-1], index=years, columns=[1, 2, 3, 4])
    current = pd.Series(cumulative[-1, :quarter], index=range(1, quarter + 1))
    projection = project_year_total(past, current, rng=1)
    quantiles = projection.quantile(np.concatenate([LEVELS, OUTER])).to_numpy()
    targets = [cumulative[-2, -1] + step * task.change for step in STEPS]
    return quantiles[:19], quantiles[19:], [float(projection.probability(target)) for target in targets]


def score_rows(half: list, seed: int = 5) -> pd.DataFrame:
    """One row per task and quarters known: scores of the projection and of the reference."""
    rows = []
    for years in PAST_YEARS:
        for task in tasks(half, years, seed + years):
            total = float(task.quarters[-1].sum())
            for quarter in QUARTERS:
                inner, outer, chances = projected(task, quarter)
                row = {
                    "series": task.series,
                    "years": years,
                    "quarters": quarter,
                    "crps": crps(inner, total) / task.change,
                    "reference": crps(reference(task, quarter, LEVELS), total) / task.change,
                    "in_80": inner[1] <= total <= inner[17],
                    "in_95": outer[0] <= total <= outer[1],
                }
                last = float(task.quarters[-2].sum())
                for step, chance in zip(STEPS, chances, strict=True):
                    row[f"chance_{step}"] = chance
                    row[f"event_{step}"] = float(total >= last + step * task.change)
                rows.append(row)
    return pd.DataFrame(rows)


def ratio(rows: pd.DataFrame, column: str = "crps") -> tuple[float, float]:
    """Mean score over the reference's, each row of the design weighing the same, and its standard error."""
    weights = 1 / rows.groupby(["years", "quarters"])["crps"].transform("size")
    value = (rows[column] * weights).sum() / (rows["reference"] * weights).sum()
    left = ((rows[column] - value * rows["reference"]) * weights).groupby(rows["series"]).sum()
    return float(value), float(np.sqrt((left**2).sum()) / (rows["reference"] * weights).sum())


def brier_skill(rows: pd.DataFrame) -> float:
    """1 - Brier score / that of the event's frequency in the same row of the design."""
    lost = chance = 0.0
    for step in STEPS:
        event, said = rows[f"event_{step}"], rows[f"chance_{step}"]
        usual = event.groupby([rows["years"], rows["quarters"]]).transform("mean")
        lost += ((said - event) ** 2).mean()
        chance += ((usual - event) ** 2).mean()
    return float(1 - lost / chance)


def summary(rows: pd.DataFrame) -> dict[str, float]:
    """The figures of one row of the printed table."""
    value, error = ratio(rows)
    return {
        "crps_ratio": value,
        "crps_error": error,
        "cover_80": float(rows["in_80"].mean()),
        "cover_95": float(rows["in_95"].mean()),
        "brier_skill": brier_skill(rows),
        "forecasts": len(rows),
    }


def peer_ratio(half: list, method: Callable, most: int | None, seed: int = 5) -> dict[str, float]:
    """A peer's CRPS over the reference's on the same tasks (the first `most` of each row where given)."""
    rows, started = [], time.process_time()
    for years in PAST_YEARS:
        for task in tasks(half, years, seed + years)[:most]:
            total = float(task.quarters[-1].sum())
            for quarter in QUARTERS:
                rows.append(
                    {
                        "series": task.series,
                        "years": years,
                        "quarters": quarter,
                        "crps": crps(method(task, quarter, LEVELS), total) / task.change,
                        "reference": crps(reference(task, quarter, LEVELS), total) / task.change,
                    }
                )
    value, error = ratio(pd.DataFrame(rows))
    seconds = 1000 * (time.process_time() - started) / len(rows)
    return {"crps_ratio": value, "crps_error": error, "seconds_per_1000": seconds, "forecasts": len(rows)}


def run(panels: Path, date: str) -> dict:
    """Everything the table prints: row by row from the half that was kept aside, and the other half as one."""
    learned, judge = read_totals(panels)
    started = time.process_time()
    rows = score_rows(judge)
    seconds = 1000 * (time.process_time() - started) / len(rows)
    parts = {"all": summary(rows)}
    for (years, quarter), part in rows.groupby(["years", "quarters"]):
        parts[f"{years} past years, {quarter} quarter(s) known"] = summary(part)
    parts["the half it was learned on"] = summary(score_rows(learned))
    peers = {
        name: peer_ratio(judge, method, PEER_SERIES if slow else None)
        for name, (method, slow) in PEERS.items()
    }
    return {
        "date": date,
        "panel": fingerprint(panels),
        "series": len(judge),
        "seconds_per_1000": seconds,
        "peak_memory_mb": _peak_memory(),
        "rows": parts,
        "peers": peers,
    }


def table(result: dict, ran: bool) -> str:
    """The result as text; `ran` False says that it is the stored table."""
    head = f"In-year totals, {result['series']} series kept aside, {result['date']}, panel {result['panel']}"
    lines = [head if ran else f"{head} (stored; nothing was run: give --panels DIR to run it)", ""]
    lines.append(f"{'':38}{'CRPS ratio':>18}{'80 %':>8}{'95 %':>8}{'Brier skill':>13}")
    for name, row in result["rows"].items():
        lines.append(
            f"{name:38}{row['crps_ratio']:>10.3f} ±{row['crps_error']:.3f} {row['cover_80']:>9.1%}"
            f"{row['cover_95']:>8.1%}{row['brier_skill']:>+13.3f}"
        )
    whole = result["rows"]["all"]
    for label, bounds in (("must", MUST), ("aim", AIM)):
        missed = [name for name, bound in bounds.items() if not _inside(whole[name], bound)]
        lines.append(f"{label}: {'reached' if not missed else 'not reached: ' + ', '.join(missed)}")
    lines += ["", "Other methods on the same tasks (CRPS ratio)"]
    lines += [
        f"  {name:36}{peer['crps_ratio']:>10.3f} ±{peer['crps_error']:.3f}"
        f"   {peer['seconds_per_1000']:.1f} s per 1,000"
        for name, peer in sorted(result["peers"].items(), key=lambda item: item[1]["crps_ratio"])
    ]
    lines.append(
        f"CPU seconds per 1,000 projections {result['seconds_per_1000']:.1f}; "
        f"peak memory {result['peak_memory_mb']} MB"
    )
    return "\n".join(lines)


def _inside(value: float, bound: tuple[float | None, float | None]) -> bool:
    low, high = bound
    return (low is None or value >= low) and (high is None or value <= high)


def _peak_memory() -> int | None:
    """Megabytes; None where the system does not tell."""
    try:
        import resource
    except ImportError:
        return None
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main(arguments: list[str] | None = None) -> None:
    stored_or_run(__doc__, arguments, run, table, RESULTS)


if __name__ == "__main__":
    main()
