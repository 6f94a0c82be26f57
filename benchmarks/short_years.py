"""In-year totals where little of the own course is known: none, one or two past years of quarters.

    python -m benchmarks.short_years --panels DIR --date 2026-11-28     # run and store
    python -m benchmarks.short_years                                    # the stored table; nothing is run

Places are two to six series of the panel added up, each brought to a size of its own, over the same seven years; small
units are one series, brought to 150 a year and counted anew (a Poisson number per quarter). All are cut: three years of
totals alone, then none, one or two years of quarters, then the year that is asked, one to three quarters of it known.
The mean absolute error of the median, in units of the mean yearly change, is compared with the total that last year's
share gives. Where no year of quarters is known there is no last year's share; the part of the year gone by stands in
its place, and the last total beside it. Both halves of the series are told apart; settings were chosen on the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.panel_totals import Series, read_totals, stored_or_run
from benchmarks.rate_scores import LEVELS
from benchmarks.yearly_totals import fingerprint, pinball

RESULTS = Path(__file__).with_name("results") / "short_years.json"
YEARS, TOTALS_ALONE = 7, 3
WITH_QUARTERS = (0, 1, 2)
QUARTERS = (1, 2, 3)
PLACES, UNITS = 400, 200
SIZE, UNIT_SIZE, SIZE_SPREAD = 1000.0, 150.0, 0.8
MUST = (0.75, 0.87)


def courses(half: list[Series], seed: int) -> Iterator[tuple[str, np.ndarray]]:
    """(kind, quarters (YEARS, 4)) of places and small units."""
    rng = np.random.default_rng(seed)
    by_family: dict[str, list[np.ndarray]] = {}
    for name, amounts in half:
        if len(amounts) >= YEARS and (amounts > 0).all():
            by_family.setdefault(name.split("/")[0], []).append(amounts)
    families = sorted(by_family)
    sizes = np.array([len(by_family[family]) for family in families], dtype=float)

    def added(count: int, size: float) -> np.ndarray:
        series = by_family[families[rng.choice(len(families), p=sizes / sizes.sum())]]
        total = np.zeros((YEARS, 4))
        for place in rng.choice(len(series), count, replace=False):
            start = rng.integers(0, len(series[place]) - YEARS + 1)
            part = series[place][start : start + YEARS]
            total += part / part.sum(axis=1).mean() * size * np.exp(rng.normal(0, SIZE_SPREAD))
        return total

    for _ in range(PLACES):
        yield "place", added(int(rng.integers(2, 7)), SIZE)
    for _ in range(UNITS):
        yield "small unit", rng.poisson(added(1, UNIT_SIZE)).astype(float)


def score_rows(half: list[Series], seed: int = 9) -> pd.DataFrame:
    """One row per place, years of quarters and quarters known."""
    from vetanalysis.forecast.year_total import project_year_total

    rows = []
    for kind, quarters in courses(half, seed):
        change = float(np.abs(np.diff(quarters.sum(axis=1))).mean())
        if change == 0 or (quarters.sum(axis=1) == 0).any():
            continue
        for years in WITH_QUARTERS:
            counts = quarters[-(TOTALS_ALONE + years + 1) :].cumsum(axis=1)
            past = pd.DataFrame(counts[:-1], columns=[1, 2, 3, 4], index=range(2000, 2000 + len(counts) - 1))
            past.iloc[:TOTALS_ALONE, :3] = np.nan
            came, last = counts[-1, 3], counts[-2, 3]
            for quarter in QUARTERS:
                now = pd.Series(counts[-1, :quarter], index=range(1, quarter + 1))
                quantiles = project_year_total(past, now, rng=1).quantile(LEVELS).to_numpy()
                share = counts[-2, quarter - 1] / last if years else quarter / 4
                rule = now.iloc[-1] / share if share else last
                rows.append(
                    {
                        "kind": kind, "years": years, "quarters": quarter,
                        "error": abs(quantiles[9] - came) / change, "rule": abs(rule - came) / change,
                        "last": abs(last - came) / change, "crps": pinball(quantiles, came) / change,
                        "in_80": quantiles[1] <= came <= quantiles[17],
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)


def summary(rows: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Figures by years of quarters and quarters known."""
    return {
        f"{kind}, {years} years, {quarter} quarter(s)": {
            "error_ratio": float(part["error"].mean() / part["rule"].mean()),
            "error_to_last_total": float(part["error"].mean() / part["last"].mean()),
            "crps_ratio": float(part["crps"].mean() / part["rule"].mean()),
            "cover_80": float(part["in_80"].mean()),
            "forecasts": len(part),
        }
        for (kind, years, quarter), part in rows.groupby(["kind", "years", "quarters"])
    }


def run(panels: Path, date: str) -> dict:
    """Everything the table prints."""
    learned, judged = read_totals(panels)
    halves = {"kept aside": summary(score_rows(judged)), "chosen on": summary(score_rows(learned))}
    return {"date": date, "panel": fingerprint(panels), "halves": halves}


def table(result: dict, ran: bool) -> str:
    """The result as text; `ran` False says that it is the stored table."""
    head = f"In-year totals with few years of quarters, {result['date']}, panel {result['panel']}"
    lines = [head if ran else f"{head} (stored; nothing was run: give --panels DIR to run it)", ""]
    for half, rows in result["halves"].items():
        lines.append(f"{half:34}{'error / rule':>14}{'/ last total':>14}{'CRPS / rule':>13}{'80 %':>8}")
        lines += [
            f"  {name:32}{row['error_ratio']:>14.3f}{row['error_to_last_total']:>14.3f}{row['crps_ratio']:>13.3f}"
            f"{row['cover_80']:>8.1%}"
            for name, row in rows.items()
        ]
        missed = [
            name
            for name, row in rows.items()
            if name.startswith("place")
            and not (row["error_ratio"] <= 1 and MUST[0] <= row["cover_80"] <= MUST[1])
        ]
        lines.append(f"  must for places: {'reached' if not missed else 'not reached: ' + '; '.join(missed)}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    stored_or_run(__doc__, arguments, run, table, RESULTS)


if __name__ == "__main__":
    main()
