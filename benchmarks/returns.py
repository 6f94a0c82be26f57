"""How long reading returns takes: forty workbooks, a folder of returns anew and unchanged.

    python -m benchmarks.returns                       # the stored table
    python -m benchmarks.returns --date 2026-11-24     # measured anew (about two minutes), and stored
    python -m benchmarks.returns --date 2026-11-24 --folder FOLDER --plan PLAN    # workbooks of one's own; not stored

Seconds on the clock and peak memory of the process.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.returns_ledger import measure_ledger
from benchmarks.runs import options_of, shown
from vetanalysis.periods import parse_cutoff
from vetanalysis.plan import load_plan
from vetanalysis.returns.lists import reporting_units
from vetanalysis.returns.read import read_return
from vetanalysis.returns.template import build_form

RESULTS = Path(__file__).parent / "results" / "returns.json"
FORMS = 40


def write_forms(folder: Path, plan, count: int) -> list[Path]:
    paths = []
    for unit in (reporting_units(plan, parse_cutoff("2023-9M")) * count)[:count]:
        form = build_form(plan, unit, "2023-9M")
        for number, ((sheet, ref), _) in enumerate(form.cells.items()):
            form.book[sheet][ref].value = number
            form.numbers[sheet, ref] = number
        paths.append(form.save(folder / str(len(paths)) / f"{unit}.xlsx"))
    return paths


def seconds_of(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds on the clock, and what the work gave."""
    started = time.perf_counter()
    found = work()
    return round(time.perf_counter() - started, 2), found


def measure(date: str, folder: Path | None = None, plan_name: str = "lang-son-2023") -> dict[str, Any]:
    """Everything the table prints."""
    load, plan = os.getloadavg()[0], load_plan(plan_name)
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        paths = sorted(folder.rglob("*.xls*")) if folder else write_forms(room, plan, FORMS)
        alone, results = seconds_of(lambda: [read_return(path, plan) for path in paths])
        with ProcessPoolExecutor(2) as pool:
            two, _ = seconds_of(
                lambda: list(
                    pool.map(partial(read_return, plan=plan), paths, chunksize=max(len(paths) // 4, 1))
                )
            )
    return {
        "date": date, "load": round(load, 1), "workbooks": len(paths), "alone": alone, "two": two,
        "figures": sum(len(one.observations) for one in results),
        "ledger": measure_ledger(folder),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }  # fmt: skip


def table(result: dict[str, Any], ran: bool) -> str:
    """The table in a few lines."""
    ledger = result["ledger"]
    head = (
        f"Reading returns, measured {result['date']} (load of the machine {result['load']} before, two cores)"
    )
    return "\n".join(
        [
            head if ran else head + "; stored, nothing was run",
            f"  {result['workbooks']} workbooks ({result['figures']} figures): {result['alone']} s in one process, "
            f"{result['two']} s in two",
            f"  a folder of {ledger['files']} returns read, checked and joined: {ledger['anew']} s, unchanged "
            f"{ledger['unchanged']} s; checks across files {ledger['together']} s",
            f"  {result['peak_mb']} MB at the peak",
        ]
    )


def main(argv: list[str] | None = None) -> int:
    """Measure and store, or show what is stored."""
    parser = options_of(__doc__)
    parser.add_argument("--folder", type=Path, default=None, help="workbooks of one's own; not stored then")
    parser.add_argument("--plan", default="lang-son-2023", help="the plan these belong to")
    options = parser.parse_args(argv)
    work = partial(measure, options.date, options.folder, options.plan) if options.date else None
    return shown(RESULTS, "Reading returns", table, work, options.folder is None)


if __name__ == "__main__":
    sys.exit(main())
