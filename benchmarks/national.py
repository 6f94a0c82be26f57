"""A whole country: 63 provinces of 11 districts each, invented; all judged in one process, reports extrapolated.

    python -m benchmarks.national                       # the stored table
    python -m benchmarks.national --date 2026-11-24     # measured anew (about three minutes on two cores), and stored

Every province is a plan of its own with its units' returns from 2020 to nine months of 2023, and its own published
rates (those of the real plan, moved by chance). All targets of every province and district are judged in one process.
The reports of one province are made by the runner; what a further one cost gives the time for all.
"""

import os
import resource
import shutil
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.generated import PLACE, figures_of, network, observations_of, write_plan, write_returns
from benchmarks.runs import ROOT, options_of, report_command, shown, timed_run

RESULTS = Path(__file__).parent / "results" / "national.json"
PROVINCES, DISTRICTS, LANGUAGES, AS_OF = 63, 11, 2, "2023-9M"


def published_of(plan: Any, seed: int) -> pd.DataFrame:
    """The place's published rates, moved together by up to a few points, so that no two provinces are the same."""
    from vetanalysis.loading import load_observations

    found = load_observations(plan, returns=None)
    found = found[found["unit"] == PLACE]
    rates = found["measure"] == "percent"
    moved = np.clip(found["value"] + np.random.default_rng(seed).normal(0, 3), 0.5, 99.5)
    return found.assign(value=found["value"].where(~rates, moved))


def judge(folder: Path, provinces: int = PROVINCES) -> dict[str, Any]:
    """Seconds for making the figures ready and for judging every target of every province and district."""
    from vetanalysis.assessment.targets import assess_at, figures_at
    from vetanalysis.loading import load_observations

    reading = judging = 0.0
    judged, answered = 0, 0
    for number in range(1, provinces + 1):
        schools = network(DISTRICTS, seed=number)
        plan = write_plan(folder / "plans" / f"province-{number:02}", schools)
        returns, published = observations_of(schools, seed=number), published_of(plan, number)
        started = time.perf_counter()
        obs = load_observations(plan, returns=returns, published=published)
        reading += time.perf_counter() - started
        started = time.perf_counter()
        figures = figures_at(plan, obs, plan.check_cutoff(AS_OF), 1)  # shared by the units of a place
        for unit in (PLACE, *(one.code for one in schools)):
            found = assess_at(figures, unit)
            judged += len(found)
            answered += sum(one.probability is not None for one in found)
        judging += time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "provinces": provinces, "units": provinces * (DISTRICTS + 1), "targets": judged, "answered": answered,
        "reading": round(reading, 1), "judging": round(judging, 1), "peak_mb": round(peak),
    }  # fmt: skip


def sample(folder: Path) -> dict[str, Any]:
    """The reports of one province, made by the runner in both languages."""
    data = folder / "data"
    for part in ("plans", "published"):
        shutil.copytree(ROOT / "data" / part, data / part)
    schools = network(DISTRICTS, seed=1)
    plan = write_plan(data / "plans" / "province-01", schools)
    write_returns(plan, figures_of(schools, seed=1), data / "returns" / plan.name)
    asked = report_command(plan.name, AS_OF, folder / "out", "--all-units")
    run = timed_run(asked, {"VETANALYSIS_DATA": str(data)})
    each, spread = run.each
    return {
        "reports": len(run.done),
        "each": round(each, 3),
        "spread": round(spread, 3),
        "start": round(run.start, 1),
    }


def measure(date: str, provinces: int = PROVINCES) -> dict[str, Any]:
    """Everything the table prints."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        made = sample(Path(name))
        judged = judge(Path(name), provinces)
    reports = judged["units"] * LANGUAGES
    hours = (provinces * made["start"] + reports * made["each"]) / 3600
    return {
        "date": date, "load": round(load, 1), **judged, "sample": made, "all_reports": reports,
        "all_hours": round(hours, 2),
    }  # fmt: skip


def table(result: dict[str, Any], ran: bool) -> str:
    """The national case in a few lines."""
    made = result["sample"]
    head = (
        f"A country of {result['provinces']} provinces and {result['provinces'] * DISTRICTS} districts (invented), "
        f"measured {result['date']} (load of the machine {result['load']} before, two cores)"
    )
    return "\n".join(
        [
            head if ran else head + "; stored, nothing was run",
            f"  all {result['targets']} targets judged in one process: {result['judging']} s, figures put together in "
            f"{result['reading']} s, {result['peak_mb']} MB at the peak; {result['answered']} have a probability",
            f"  a sample of {made['reports']} reports: {made['each']} s for a further one (standard error "
            f"{made['spread']}), {made['start']} s to start a province",
            f"  extrapolated: all {result['all_reports']} reports in two languages take {result['all_hours']} hours",
        ]
    )


def main(argv: list[str] | None = None) -> int:
    """Measure and store, or show what is stored."""
    parser = options_of(__doc__)
    parser.add_argument("--provinces", type=int, default=PROVINCES, help="fewer for a trial; not stored then")
    options = parser.parse_args(argv)
    work = partial(measure, options.date, options.provinces) if options.date else None
    return shown(RESULTS, "The national case", table, work, options.provinces == PROVINCES)


if __name__ == "__main__":
    sys.exit(main())
