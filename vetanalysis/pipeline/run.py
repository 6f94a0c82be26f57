"""Running jobs: each in its own staged folder, side by side, one failure never stopping the others."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from pathlib import Path

from vetanalysis.errors import VetanalysisError
from vetanalysis.paths import notebooks_root
from vetanalysis.pipeline.jobs import Job, Outcome
from vetanalysis.pipeline.kernels import warm_kernels
from vetanalysis.pipeline.store import staged

CELL_TIMEOUT = 120  # seconds; papermill itself has no limit
START_TIMEOUT = 120


class NotebookFailed(VetanalysisError):
    """A notebook stopped; the message names it, the cell and the error in one line."""


def run_jobs(
    jobs: Sequence[Job], *, workers: int = 2, warm: bool = True, executor: Executor | None = None
) -> Iterator[Outcome]:
    """Run `jobs` and yield their outcomes as they end.

    `workers` notebooks run at a time on forked warm kernels, or on plain ones with `warm=False` and where
    the system cannot fork. `executor`: any `concurrent.futures.Executor` in place of the local threads.
    """
    if executor is not None:
        yield from _outcomes(executor, jobs)
        return
    with warm_kernels(warm), ThreadPoolExecutor(workers) as threads:
        yield from _outcomes(threads, jobs)


def _outcomes(executor: Executor, jobs: Iterable[Job]) -> Iterator[Outcome]:
    waiting = {executor.submit(run_job, job): job for job in jobs}
    try:
        for future in as_completed(waiting):
            error = future.exception()
            yield Outcome(waiting[future], "failed", 0.0, str(error)) if error else future.result()
    finally:
        for future in waiting:
            future.cancel()


def run_job(job: Job) -> Outcome:
    """Make one report in its staged folder and put it in place; a failure is an outcome, not an exception."""
    started = time.perf_counter()
    try:
        with staged(Path(job.place)) as folder:
            make_report(job, folder)
    except VetanalysisError as error:
        return Outcome(job, "failed", time.perf_counter() - started, str(error))
    except OSError as error:
        message = f"{job.place}: {error.strerror or error}. Free space or rights on the reports folder, then run again."
        return Outcome(job, "failed", time.perf_counter() - started, message)
    return Outcome(job, "done", time.perf_counter() - started)


def make_report(job: Job, folder: Path) -> None:
    """Write everything of one report into `folder`: executed notebooks, their pages, Word, HTML and the manifest."""
    from vetanalysis.documents.html import write_html
    from vetanalysis.documents.word import write_word
    from vetanalysis.manifest import write_json
    from vetanalysis.pipeline.inputs import manifest_of
    from vetanalysis.report import document_of, study_of

    for name in job.notebooks:
        execute(name, job, folder)
    study = study_of(job.parameters())
    document = document_of(study)
    write_word(document, folder / "report.docx")
    write_html(document, folder / "report.html")
    write_json(manifest_of(job, study, document), folder / "manifest.json")


def execute(name: str, job: Job, folder: Path) -> Path:
    """Run one notebook with papermill into `folder` and write its page beside it; returns the executed notebook."""
    import papermill
    from papermill.exceptions import PapermillExecutionError
    from traitlets.config import Config

    source = notebooks_root() / f"{name}.ipynb"
    target = folder / f"{name}.ipynb"
    try:
        papermill.execute_notebook(
            source,
            target,
            parameters=job.parameters(),
            kernel_name="python3",
            progress_bar=False,
            request_save_on_cell_execute=False,
            execution_timeout=CELL_TIMEOUT,
            start_timeout=START_TIMEOUT,
            cwd=str(source.parent),
            config=Config(KernelManager={"transport_encryption": "auto", "shutdown_wait_time": 1.0}),
        )
    except PapermillExecutionError as error:
        raise NotebookFailed(_one_line(source, error.cell_index, error.ename, error.evalue)) from error
    except Exception as error:  # a dead kernel, a timeout: nbclient has one class for each
        raise NotebookFailed(_one_line(source, None, type(error).__name__, str(error))) from error
    if name != "report":
        _write_page(target, name, job)
    return target


def _write_page(executed: Path, name: str, job: Job) -> None:
    from vetanalysis.documents.html import notebook_html
    from vetanalysis.report import NOTEBOOK_TITLES

    page = notebook_html(executed, NOTEBOOK_TITLES[name].get(job.lang), job.lang)
    executed.with_suffix(".html").write_text(page, encoding="utf-8", newline="\n")


def _one_line(source: Path, cell: int | None, kind: str, message: str) -> str:
    where = f"{source.name}, cell {cell}" if cell is not None else source.name
    first = next((line for line in message.splitlines() if line.strip()), "")
    return f"{where}: {kind}: {first}"


def report_progress(outcomes: Iterable[Outcome], total: int, say: Callable[[str], None]) -> list[Outcome]:
    """Say one line per finished report; returns all outcomes in the order in which they ended."""
    ended = []
    for outcome in outcomes:
        ended.append(outcome)
        line = f"[{len(ended)}/{total}] {outcome.state:6} {outcome.job.label}  {outcome.seconds:.1f} s"
        say(f"{line}  {outcome.message}".rstrip())
    return ended
