"""All reports of an invented country, really made: interrupted in the middle, taken up again, memory over time.

    python -m benchmarks.country                        # the stored table
    python -m benchmarks.country --date 2026-11-29      # measured anew (a quarter of an hour on two cores), and stored
    python -m benchmarks.country --date 2026-11-29 --provinces 3    # a trial; not stored

One plan: a place, 63 provinces, 692 districts below them, each with a workbook of nine months and one of the year
before. Reports of all 756 in two languages. The run is stopped as by Ctrl-C when half of them are made; the next run
keeps what is there and makes the rest.
"""

import os
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.generated import figures_of, network, tiers, write_plan, write_returns
from benchmarks.runs import ROOT, machine, options_of, report_command, shown, timed_run

RESULTS = Path(__file__).parent / "results" / "country.json"
PROVINCES, DISTRICTS, AS_OF = 63, 692, "2023-9M"


def measure(date: str, provinces: int = PROVINCES) -> dict[str, Any]:
    """Everything the table prints."""
    load = os.getloadavg()[0]
    districts = round(DISTRICTS * provinces / PROVINCES)
    with tempfile.TemporaryDirectory() as name:
        data, out = Path(name) / "data", Path(name) / "out"
        for part in ("plans", "published"):
            shutil.copytree(ROOT / "data" / part, data / part)
        schools = tiers(network(districts, seed=1), provinces)
        plan = write_plan(data / "plans" / "country", schools, provinces)
        write_returns(plan, figures_of(schools, seed=1), data / "returns" / plan.name)
        env = {"VETANALYSIS_DATA": str(data), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        asked, reports = report_command(plan.name, AS_OF, out, "--all-units"), 2 * (1 + provinces + districts)
        half = timed_run(asked, env, stop_after=reports // 2)
        kept = len(list(out.rglob("manifest.json")))
        rest = timed_run(asked, env)
        made = len(list(out.rglob("manifest.json")))
    return {
        "date": date, "load": round(load, 1), **machine(),
        "provinces": provinces, "districts": districts, "reports": made, "expected": reports,
        "before_the_stop": kept, "seconds": [round(half.seconds, 1), round(rest.seconds, 1)],
        "start": [round(half.start, 1), round(rest.start, 1)], "each": [round(half.each[0], 3), round(rest.each[0], 3)],
        "memory": [_over_time(half.memory), _over_time(rest.memory)],
        "resumed": next(line for line in rest.said.splitlines() if " made, " in line),
    }  # fmt: skip


def _over_time(memory: tuple[tuple[float, float], ...]) -> list[int]:
    """The most memory in each tenth of a run, in MB."""
    end = memory[-1][0]
    return [
        round(max((mb for at, mb in memory if tenth <= 10 * at / end <= tenth + 1), default=0))
        for tenth in range(10)
    ]


def table(result: dict[str, Any], ran: bool) -> str:
    """The country in a few lines."""
    head = (
        f"A country of {result['provinces']} provinces and {result['districts']} districts (invented), measured "
        f"{result['date']} (load of the machine {result['load']} before; {result['machine']})"
    )
    first, second = result["seconds"]
    lines = [
        head if ran else head + "; stored, nothing was run",
        f"  {result['reports']} of {result['expected']} reports made in {(first + second) / 60:.1f} minutes, must 12, "
        f"aim 8: {first} s until the stop, which left {result['before_the_stop']} whole, and {second} s for the rest "
        f"({result['resumed']})",
        "  {} and {} s to start, {} and {} s for a further report".format(*result["start"], *result["each"]),
    ]
    lines += [
        f"  memory in tenths of the {which} run: {', '.join(map(str, one))} MB"
        for which, one in zip(("first", "second"), result["memory"], strict=True)
    ]
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    """Measure and store, or show what is stored."""
    parser = options_of(__doc__)
    parser.add_argument("--provinces", type=int, default=PROVINCES, help="fewer for a trial; not stored then")
    options = parser.parse_args(argv)
    work = partial(measure, options.date, options.provinces) if options.date else None
    return shown(RESULTS, "The reports of a country", table, work, options.provinces == PROVINCES)


if __name__ == "__main__":
    sys.exit(main())
