"""The other ways to make the same reports, for the benchmark of the runner."""

import multiprocessing
import subprocess
import sys
import time
from pathlib import Path

from vetanalysis.paths import notebooks_root
from vetanalysis.pipeline.due import units_with_quota
from vetanalysis.pipeline.jobs import Job, report_jobs

LOOPED, EXECUTED = 3, 4  # reports measured
OPTIONS = {"returns": "default", "published": "default", "known_by": "", "seed": 1}


def jobs_of(plan: str, as_of: str, out: Path) -> list[Job]:
    return report_jobs(plan, as_of, units_with_quota(plan), ["vi", "en"], out, OPTIONS)


def shell_loop(plan: str, as_of: str, out: Path) -> float:
    """Seconds per report of papermill's command, called for one notebook after the other."""
    out.mkdir()
    started = time.perf_counter()
    for job in jobs_of(plan, as_of, out)[:LOOPED]:
        for name in job.notebooks:
            given = [word for key, value in job.parameters().items() for word in ("-r", key, str(value))]
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
from benchmarks.pipeline_baselines import EXECUTED, jobs_of
from vetanalysis.paths import notebooks_root
from pathlib import Path
jobs = jobs_of(sys.argv[1], sys.argv[2], Path(sys.argv[3]))[:EXECUTED]
imported = time.perf_counter()
for job in jobs:
    for name in job.notebooks:
        papermill.execute_notebook(notebooks_root() / f"{name}.ipynb", Path(sys.argv[3]) / "out.ipynb",
            parameters=job.parameters(), kernel_name="python3", progress_bar=False, cwd=str(notebooks_root()))
print(imported - began, (time.perf_counter() - imported) / len(jobs))
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
    shared = out / "shared"
    shared.mkdir()
    jobs = jobs_of(plan, as_of, out)
    context = multiprocessing.get_context("spawn")
    gate = context.Barrier(3)
    parts = [jobs[number::2] for number in range(2)]
    workers = [context.Process(target=_plainly, args=(part, str(shared), gate)) for part in parts]
    for one in workers:
        one.start()
    gate.wait()  # every process has imported what it needs
    started = time.perf_counter()
    for one in workers:
        one.join()
    if any(one.exitcode for one in workers):
        raise RuntimeError("the plain functions failed")
    return time.perf_counter() - started


def _plainly(jobs: list[Job], shared: str, gate: object) -> None:
    import IPython.display

    from vetanalysis.remember import remembering

    IPython.display.display = lambda *shown: [_formats(one) for one in shown]
    codes = {name: _code(name) for name in jobs[0].notebooks}
    gate.wait()
    with remembering(Path(shared)):
        for job in jobs:
            _one(job, codes)


def _one(job: Job, codes: dict[str, list[object]]) -> None:
    from vetanalysis.documents.html import write_html
    from vetanalysis.documents.word import write_word
    from vetanalysis.hashes import write_json
    from vetanalysis.pipeline.jobs import inputs_of
    from vetanalysis.pipeline.record import manifest_of
    from vetanalysis.report import document_of, study_of

    for cells in codes.values():
        names = dict(job.parameters())
        for kind, code in cells:
            shown = eval(code, names) if kind == "eval" else exec(code, names)
            _formats(shown)
    folder = Path(job.place)
    folder.mkdir(parents=True)
    study = study_of(job.parameters())
    document = document_of(study)
    write_word(document, folder / "report.docx")
    write_html(document, folder / "report.html")
    write_json(manifest_of(inputs_of(job, False), study, document), folder / "manifest.json")


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
