"""The other ways to make the same reports, for the benchmark of the runner."""

import multiprocessing
import subprocess
import sys
import time
from pathlib import Path

from vetanalysis.paths import notebooks_root
from vetanalysis.pipeline.due import units_with_quota
from vetanalysis.pipeline.jobs import NOTEBOOKS, Report, reports_of

LOOPED, EXECUTED = 3, 4  # reports measured
OPTIONS = {"returns": "default", "published": "default", "known_by": "", "seed": 1}


def all_reports(plan: str, as_of: str, out: Path) -> list[Report]:
    units = units_with_quota(plan)
    return reports_of(plan, as_of, units, ["vi", "en"], out, OPTIONS, units[0])


def of_units(plan: str, as_of: str, out: Path) -> list[Report]:
    """All but those of the place, which run more notebooks."""
    return [one for one in all_reports(plan, as_of, out) if not one.is_place]


def shell_loop(plan: str, as_of: str, out: Path) -> float:
    """Seconds per report of papermill's command, called for one notebook after the other."""
    out.mkdir()
    started = time.perf_counter()
    for report in of_units(plan, as_of, out)[:LOOPED]:
        for name in report.notebooks:
            given = [word for key, value in report.parameters().items() for word in ("-r", key, str(value))]
            given[given.index("seed") - 1] = "-p"
            subprocess.run(
                [sys.executable, "-m", "papermill", str(notebooks_root() / f"{name}.ipynb"), str(out / "out.ipynb"),
                 *given, "-k", "python3", "--no-progress-bar"],
                check=True, capture_output=True, cwd=notebooks_root(),
            )  # fmt: skip
    return (time.perf_counter() - started) / LOOPED


_ONE_BY_ONE = """
import sys, time, json
began = time.perf_counter()
import papermill
from benchmarks.pipeline_baselines import EXECUTED, of_units
from vetanalysis.paths import notebooks_root
from pathlib import Path
reports = of_units(sys.argv[1], sys.argv[2], Path(sys.argv[3]))[:EXECUTED]
imported = time.perf_counter()
for one in reports:
    for name in one.notebooks:
        papermill.execute_notebook(notebooks_root() / f"{name}.ipynb", Path(sys.argv[3]) / "out.ipynb",
            parameters=one.parameters(), kernel_name="python3", progress_bar=False, cwd=str(notebooks_root()))
print(imported - began, (time.perf_counter() - imported) / len(reports))
"""


def one_by_one(plan: str, as_of: str, out: Path) -> dict[str, float]:
    """Seconds for imports and per report of `execute_notebook`, one process, plain kernels."""
    out.mkdir()
    said = subprocess.run(
        [sys.executable, "-c", _ONE_BY_ONE, plan, as_of, str(out)], check=True, capture_output=True, text=True,
        cwd=Path(__file__).resolve().parent.parent,
    )  # fmt: skip
    start, each = said.stdout.split()[-2:]
    return {"start": float(start), "each": float(each)}


def floor(plan: str, as_of: str, out: Path) -> float:
    """Seconds for all reports as plain functions: the notebooks' cells, documents and manifest, a process per core."""
    out.mkdir()
    reports = all_reports(plan, as_of, out)
    context = multiprocessing.get_context("spawn")
    gate = context.Barrier(3)
    parts = [reports[number::2] for number in range(2)]
    workers = [context.Process(target=_plainly, args=(part, gate)) for part in parts]
    for one in workers:
        one.start()
    gate.wait()  # every process has imported what it needs
    started = time.perf_counter()
    for one in workers:
        one.join()
    if any(one.exitcode for one in workers):
        raise RuntimeError("the plain functions failed")
    return time.perf_counter() - started


def _plainly(reports: list[Report], gate: object) -> None:
    import IPython.display

    from vetanalysis.pipeline.prepare import hold

    IPython.display.display = lambda *shown: [_formats(one) for one in shown]
    codes = {name: _code(name) for name in NOTEBOOKS}
    gate.wait()
    hold(reports[0].parameters())
    for one in reports:
        _one(one, codes)


def _one(report: Report, codes: dict[str, list[object]]) -> None:
    from vetanalysis.hashes import write_json
    from vetanalysis.pipeline.jobs import inputs_of
    from vetanalysis.pipeline.record import write_documents

    for notebook in report.notebooks:
        names = dict(report.parameters())
        for kind, code in codes[notebook]:
            shown = eval(code, names) if kind == "eval" else exec(code, names)
            _formats(shown)
    folder = Path(report.place)
    folder.mkdir(parents=True)
    found = write_documents([report], [folder])[report.lang]
    write_json({**inputs_of(report).record(), **found}, folder / "manifest.json")


def _formats(shown: object) -> None:
    """What a notebook would store of an output."""
    for name in ("_repr_html_", "_repr_markdown_", "_repr_png_"):
        if hasattr(shown, name):
            getattr(shown, name)()
    repr(shown)


def _code(name: str) -> list[tuple[str, object]]:
    """A notebook's code cells after its parameters, compiled; single expressions keep their value."""
    import nbformat

    found = []
    for cell in nbformat.read(notebooks_root() / f"{name}.ipynb", as_version=4).cells:
        if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", []):
            try:
                found.append(("eval", compile(cell.source, name, "eval")))
            except SyntaxError:
                found.append(("exec", compile(cell.source, name, "exec")))
    return found
