"""How fast, how steady and how frugal the report runner is, as ratios taken in one run.

    python -m benchmarks.pipeline                       # the stored table
    python -m benchmarks.pipeline --date 2026-11-24     # measured anew (about nine minutes on two cores), and stored

48 reports (the illustrative year: 24 units, two languages) are made by the runner and, as a floor, by plain functions
in one warm process per core. The two baselines run the same notebooks without pages or Word: a loop over papermill's
command on a few reports, and `execute_notebook` one after the other in one process; their cost per report is measured
and multiplied by 48, since it does not fall with their number.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import flat
from benchmarks.pipeline_baselines import EXECUTED, LOOPED, floor, one_by_one, shell_loop
from benchmarks.runs import ROOT, report_command, timed_run

RESULTS = Path(__file__).parent / "results" / "pipeline.json"
PLAN, AS_OF = "lang-son-2023-example", "2023-9M"


def command(out: Path, *options: str) -> list[str]:
    return report_command(PLAN, AS_OF, out, *options)


def correct(folder: Path) -> None:
    """A second version of one district's return, with one count raised."""
    import openpyxl

    path = folder / "178__2023-09-29.xlsx"
    shutil.copy(folder / "178__2023-09-15.xlsx", path)
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets[1:]:
        for row in sheet.iter_rows():
            for cell in row:
                if type(cell.value) is int and cell.value > 20:
                    cell.value += 1
                    book.save(path)
                    return


def measure(date: str) -> dict[str, Any]:
    """Everything the table prints."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for part in ("plans", "published", "returns"):
            shutil.copytree(ROOT / "data" / part, root / "data" / part)
        env = {"VETANALYSIS_DATA": str(root / "data"), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        os.environ.update(env)
        subprocess.run(
            command(root / "warm", "--unit", "178", "--dry-run"), check=True, cwd=ROOT, capture_output=True
        )
        published = ("lang-son-2023", "2023-start")
        first = timed_run(report_command(*published, root / "first", "--returns", "none"))
        ours = timed_run(command(root / "out", "--all-units"))
        again = [timed_run(command(root / "out", "--all-units")).seconds for _ in range(3)]
        plain = floor(PLAN, AS_OF, root / "floor")
        correct(root / "data" / "returns" / PLAN / AS_OF)
        corrected = timed_run(command(root / "out", "--all-units"))
        looped = shell_loop(PLAN, AS_OF, root / "loop")
        single = one_by_one(PLAN, AS_OF, root / "single")
    os.environ.pop("VETANALYSIS_DATA")
    by_size = flat.measure()
    count, seconds = len(ours.done), ours.seconds
    return {
        "date": date,
        "load": [round(load, 1), round(os.getloadavg()[0], 1)],
        "reports": count,
        "seconds": round(seconds, 1),
        "start": round(ours.start, 1),
        "each": round(ours.each[0], 3),
        "against_shell_loop": round(looped * count / seconds, 2),
        "against_execute_notebook": round((single["start"] + single["each"] * count) / seconds, 2),
        "of_floor": round(seconds / plain, 2),
        "each_of_floor": round(ours.each[0] * count / plain, 2),
        "nothing_changed": round(statistics.median(again), 2),
        "corrected": next(line for line in corrected.said.splitlines() if " made, " in line),
        "corrected_seconds": round(corrected.seconds, 1),
        "peak_mb": round(ours.peak),
        "by_size": by_size,
        "first_report": round(first.done[0], 1),
        "shell_loop_each": round(looped, 2),
        "execute_notebook_each": round(single["each"], 2),
        "floor_seconds": round(plain, 1),
    }


def table(result: dict[str, Any], ran: bool) -> str:
    """The table of the runner, with the bounds it is held to."""
    sizes = result["by_size"]
    costs = ", ".join(f"{n}: {one['each']:.2f} s" for n, one in sizes.items())
    rows = [
        (
            "against a loop over papermill's command",
            f"{result['against_shell_loop']} times faster",
            ">= 4.5",
            ">= 8",
        ),
        (
            "against execute_notebook one after the other",
            f"{result['against_execute_notebook']} times faster",
            ">= 4",
            ">= 6",
        ),
        ("time as a multiple of plain functions on warm cores", f"{result['of_floor']}", "<= 2.4", "<= 1.6"),
        ("the same without what the run costs to start", f"{result['each_of_floor']}", "", "<= 1.6"),
        ("nothing changed", f"{result['nothing_changed']} s", "<= 3 s", "<= 1 s"),
        (
            "one district's return corrected",
            f"{result['corrected']} ({result['corrected_seconds']} s)",
            "2 units",
            "",
        ),
        ("memory at its peak, two workers", f"{result['peak_mb']} MB", "<= 1200", "<= 800"),
        (
            f"cost of a further report, plans of {', '.join(sizes)} units",
            f"{costs}; uneven by {flat.unevenness(sizes):.0%}",
            "10 %",
            "",
        ),
        ("first report on screen", f"{result['first_report']} s", "<= 15 s", "<= 8 s"),
    ]
    head = f"Report runner: {result['reports']} reports in {result['seconds']} s, measured {result['date']}"
    head += f" (load of the machine {result['load'][0]} before, {result['load'][1]} after, two cores)"
    lines = [head if ran else head + "; stored, nothing was run"]
    lines += [f"  {what:54} {found:44} must {must:8} aim {aim}" for what, found, must, aim in rows]
    lines.append(f"  {result['each']:.2f} s for a further report, {result['start']} s to start the run")
    lines.append(flat.table(sizes))
    lines.append(
        f"  baselines per report: {result['shell_loop_each']} s ({LOOPED} reports measured), "
        f"{result['execute_notebook_each']} s ({EXECUTED} measured); floor {result['floor_seconds']} s for all"
    )
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    """Measure and store, or show what is stored."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--date", default="", help="ISO day, stored with the table; without it nothing is run"
    )
    options = parser.parse_args(argv)
    if not options.date:
        stored = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
        if "by_size" in stored:
            print(table(stored, ran=False))
        else:
            print("Report runner: nothing stored yet; run with --date")
        return 0
    result = measure(options.date)
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8", newline="\n")
    print(table(result, ran=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
