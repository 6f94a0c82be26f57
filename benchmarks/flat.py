"""Whether a report costs the same in a plan of 12, 48 and 96 units.

    python -m benchmarks.flat                     # 12, 48 and 96 units (about five minutes), printed
    python -m benchmarks.flat --sizes 12 700      # any sizes: 700 units take about a quarter of an hour

For each size an invented plan with a workbook per unit is made and the report of every unit in one language is run,
without the place's own, which in a small plan would be made beside most of the others. What a run costs before its
reports are under way (reading, imports) is told apart from what a further report costs.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.generated import figures_of, network, write_plan, write_returns
from benchmarks.runs import ROOT, report_command, timed_run

SIZES = (12, 48, 96)
FEW = 60  # a plan with fewer units is run as often as makes about so many reports; medians are told


def measure(sizes: tuple[int, ...] = SIZES) -> dict[str, dict[str, float]]:
    """By number of units: `each` (seconds per further report), `spread` (its standard error), `work` (processor
    seconds), `start` (seconds before and beside), `reports`, `peak` (MB)."""
    found = {}
    with tempfile.TemporaryDirectory() as name:
        data = Path(name) / "data"
        for part in ("plans", "published"):
            shutil.copytree(ROOT / "data" / part, data / part)
        env = {"VETANALYSIS_DATA": str(data)}
        for units in sizes:
            schools = network(units, seed=units)
            plan = write_plan(data / "plans" / f"generated-{units}", schools)
            write_returns(plan, figures_of(schools, seed=units), data / "returns" / plan.name)
            asked = report_command(plan.name, "2023-9M", Path(name) / plan.name, "--lang", "vi")
            units_alone = [word for one in schools for word in ("--unit", one.code)]
            timed_run([*asked, "--dry-run"], env)  # the workbooks read into the cache
            runs = []
            for _ in range(max(1, FEW // units)):
                shutil.rmtree(Path(name) / plan.name, ignore_errors=True)
                runs.append(timed_run([*asked, *units_alone], env))
            found[str(units)] = {
                "each": round(median(run.each[0] for run in runs), 3),
                "spread": round(median(run.each[1] for run in runs) / len(runs) ** 0.5, 3),
                "work": round(median(run.work for run in runs), 3),
                "start": round(median(run.start for run in runs), 1),
                "reports": sum(len(run.done) for run in runs),
                "peak": round(max(run.peak for run in runs)),
            }
    return found


def unevenness(result: dict[str, dict[str, Any]], key: str = "each") -> float:
    """The largest cost over the smallest, minus one."""
    costs = [one[key] for one in result.values()]
    return max(costs) / min(costs) - 1


def table(result: dict[str, dict[str, Any]]) -> str:
    """One line per size."""
    lines = ["Cost of a further report by the number of units of the plan"]
    for units, one in result.items():
        lines.append(
            f"  {units:>4} units: {one['each']:.2f} s (standard error {one['spread']:.2f}), {one['work']:.2f} s of "
            f"processor time; start {one['start']:.1f} s; {one['reports']} reports, {one['peak']} MB at the peak"
        )
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="numbers of units")
    found = measure(tuple(parser.parse_args(argv).sizes))
    print(table(found))
    print(
        f"  uneven by {unevenness(found):.0%} on the clock, {unevenness(found, 'work'):.0%} in processor time"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
