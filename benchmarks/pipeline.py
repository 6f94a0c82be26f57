"""How fast, how steady and how frugal the report runner is, as ratios taken in one run.

    python -m benchmarks.pipeline                       # the stored table
    python -m benchmarks.pipeline --date 2026-11-24     # measured anew (about eight minutes on two cores), and stored
    python -m benchmarks.pipeline --date 2026-11-24 --before 8a6d7fb    # beside that commit, in the same sitting

48 reports (the illustrative year: 24 units, two languages) are made by the runner and, as a floor, by plain functions
in one warm process per core. The two baselines run the same notebooks without pages or Word: a loop over papermill's
command on a few reports, and `execute_notebook` one after the other in one process; their cost per report is measured
and multiplied by 48, since it does not fall with their number. An earlier commit is taken out of git into a temporary
folder and makes the same reports with the same interpreter, of the illustrative year as it stood then: a plan of today
has keys that it refuses.
"""

import io
import os
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import flat
from benchmarks.pipeline_baselines import EXECUTED, LOOPED, floor, one_by_one, shell_loop
from benchmarks.runs import ROOT, compiled, machine, options_of, report_command, shown, timed_run

RESULTS = Path(__file__).parent / "results" / "pipeline.json"
PLAN, AS_OF = "lang-son-2023-example", "2023-9M"


def command(out: Path, *options: str) -> list[str]:
    return report_command(PLAN, AS_OF, out, *options)


def correct(folder: Path, day: str) -> None:
    """A further version of one district's return, received on `day`, with one count raised."""
    import openpyxl

    path = folder / f"178__{day}.xlsx"
    shutil.copy(folder / "178__2023-09-15.xlsx", path)
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets[1:]:
        for row in sheet.iter_rows():
            for cell in row:
                if type(cell.value) is int and cell.value > 20:
                    cell.value += 1
                    book.save(path)
                    return


def earlier(commit: str, folder: Path) -> dict[str, Any]:
    """What the same reports and the same correction cost with the program of an earlier commit; {} without one."""
    if not commit:
        return {}
    (root := folder / "program").mkdir(parents=True)
    packed = subprocess.run(["git", "archive", commit], check=True, cwd=ROOT, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as files:
        files.extractall(root, filter="data")
    compiled(root)
    env = {"PYTHONPATH": str(root), "VETANALYSIS_DATA": str(root / "data")}
    asked = command(folder / "out", "--all-units")
    timed_run([*asked, "--dry-run"], env, root)
    made = timed_run(asked, env, root)
    correct(root / "data" / "returns" / PLAN / AS_OF, "2023-09-28")
    corrected = timed_run(asked, env, root)
    return {
        "commit": commit,
        "seconds": round(made.seconds, 1),
        "start": round(made.start, 1),
        "corrected_seconds": round(corrected.seconds, 1),
        "peak_mb": round(made.peak),
    }


def measure(date: str, before: str = "") -> dict[str, Any]:
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
        ours = timed_run(command(root / "out", "--all-units"))
        again = [timed_run(command(root / "out", "--all-units")).seconds for _ in range(3)]
        plain = floor(PLAN, AS_OF, root / "floor")
        old = earlier(before, root / "earlier")
        correct(root / "data" / "returns" / PLAN / AS_OF, "2023-09-29")
        corrected = timed_run(command(root / "out", "--all-units"))
        looped = shell_loop(PLAN, AS_OF, root / "loop")
        single = one_by_one(PLAN, AS_OF, root / "single")
    os.environ.pop("VETANALYSIS_DATA")
    by_size = flat.measure()
    count, seconds = len(ours.done), ours.seconds
    return {
        "date": date,
        "load": [round(load, 1), round(os.getloadavg()[0], 1)],
        **machine(),
        "reports": count,
        "seconds": round(seconds, 1),
        "start": round(ours.start, 1),
        "each": round(ours.each[0], 3),
        "before": old,
        "against_shell_loop": round(looped * count / seconds, 2),
        "against_execute_notebook": round((single["start"] + single["each"] * count) / seconds, 2),
        "of_floor": round(seconds / plain, 2),
        "each_of_floor": round(ours.each[0] * count / plain, 2),
        "nothing_changed": round(statistics.median(again), 2),
        "corrected": next(line for line in corrected.said.splitlines() if " made, " in line),
        "corrected_seconds": round(corrected.seconds, 1),
        "peak_mb": round(ours.peak),
        "by_size": by_size,
        "shell_loop_each": round(looped, 2),
        "execute_notebook_each": round(single["each"], 2),
        "floor_seconds": round(plain, 1),
    }


def table(result: dict[str, Any], ran: bool) -> str:
    """The table of the runner, with the bounds it is held to."""
    sizes, old = result["by_size"], result["before"]
    costs = ", ".join(f"{n}: {one['each']:.2f} s" for n, one in sizes.items())
    rows = [
        ("against papermill's command, one a unit", f"{result['against_shell_loop']} times faster", "12", "18"),
        ("against execute_notebook one after the other", f"{result['against_execute_notebook']} times faster", "", ""),
        ("time as a multiple of plain functions on warm cores", f"{result['of_floor']}", "1.5", "1.25"),
        ("the same without what the run costs to start", f"{result['each_of_floor']}", "", ""),
        ("before the first of many reports", f"{result['start']} s", "4 s", "3 s"),
        ("one district's return corrected", f"{result['corrected_seconds']} s ({result['corrected']})", "8 s", "5 s"),
        ("nothing changed", f"{result['nothing_changed']} s", "0.5 s", "0.3 s"),
        ("memory at its peak, two workers", f"{result['peak_mb']} MB", "600 MB", "450 MB"),
        (
            f"cost of a further report, plans of {', '.join(sizes)} units",
            f"{costs}; uneven by {flat.unevenness(sizes):.0%}", "10 %", "10 %",
        ),
    ]  # fmt: skip
    if old:
        ratio = f"{result['seconds'] / old['seconds']:.2f} of {old['seconds']} s"
        rows.insert(0, (f"all reports, of what {old['commit']} takes", ratio, "0.5", "0.3"))
    head = f"Report runner: {result['reports']} reports in {result['seconds']} s, measured {result['date']}"
    head += (
        f" (load of the machine {result['load'][0]} before, {result['load'][1]} after; {result['machine']})"
    )
    lines = [head if ran else head + "; stored, nothing was run"]
    lines += [f"  {what:54} {found:44} must {must:8} aim {aim}" for what, found, must, aim in rows]
    lines.append(f"  {result['each']:.2f} s for a further report; {result['versions']}")
    if old:
        lines.append(
            f"  {old['commit']}: {old['start']} s to start, {old['corrected_seconds']} s for the correction, "
            f"{old['peak_mb']} MB"
        )
    lines.append(flat.table(sizes))
    lines.append(
        f"  baselines per report: {result['shell_loop_each']} s ({LOOPED} reports measured), "
        f"{result['execute_notebook_each']} s ({EXECUTED} measured); floor {result['floor_seconds']} s for all"
    )
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    """Measure and store, or show what is stored."""
    parser = options_of(__doc__)
    parser.add_argument("--before", default="", metavar="COMMIT", help="measured beside, in the same sitting")
    options = parser.parse_args(argv)
    work = partial(measure, options.date, options.before) if options.date else None
    return shown(RESULTS, "Report runner", table, work)


if __name__ == "__main__":
    sys.exit(main())
