"""Running jobs: each in its own staged folder, side by side, one failure never stopping the others.

What a person sees while reports are made: a line for each, a bar with the time that is left, a log for later.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from datetime import datetime
from pathlib import Path
from typing import Any

from vetanalysis.errors import VetanalysisError, WrongCall
from vetanalysis.paths import notebooks_root
from vetanalysis.pipeline import execute as limits
from vetanalysis.pipeline.execute import Stopped, execute, stopping
from vetanalysis.pipeline.jobs import Job, Outcome
from vetanalysis.pipeline.kernels import warm_kernels
from vetanalysis.pipeline.store import staged

WAITING = 3  # reports that may wait for a kernel beside those that compute; with one worker none


class InputsChanged(VetanalysisError):
    """A plan, a notebook or figures changed while a report was made from them."""


def run_jobs(
    jobs: Sequence[Job],
    *,
    workers: int = 2,
    warm: bool | None = True,
    executor: Executor | None = None,
    run: Callable[[Job], Outcome] | None = None,
) -> Iterator[Outcome]:
    """Run `jobs` and yield their outcomes as they end.

    `workers` reports are made at a time, and `WAITING` more while others wait for theirs; on forked warm kernels,
    or on plain ones with `warm=False` and where the system cannot fork (None: as the caller has chosen with
    `warm_kernels`). `executor`: any `concurrent.futures.Executor` in place of the local threads, `run` what it is given
    to run. When the caller stops early (an interruption), kernels are ended and nothing half-made stays.
    """
    if executor is not None:
        yield from _outcomes(executor, jobs, run or run_job)
        return
    chosen = contextlib.nullcontext() if warm is None else warm_kernels(warm)
    with chosen, ThreadPoolExecutor(workers + WAITING * (workers > 1)) as threads:
        before = _children()
        try:
            yield from _outcomes(threads, jobs, run or run_job)
        except BaseException:
            _end_kernels(threads, before)
            raise


def _outcomes(executor: Executor, jobs: Iterable[Job], run: Callable[[Job], Outcome]) -> Iterator[Outcome]:
    waiting: dict[Future[Outcome], Job] = {executor.submit(run, job): job for job in jobs}
    try:
        for future in as_completed(waiting):
            error = future.exception()
            if error is None:
                yield future.result()
            else:
                yield Outcome(waiting[future], "failed", 0.0, f"{type(error).__name__}: {error}")
    finally:
        for future in waiting:
            future.cancel()


def _end_kernels(threads: ThreadPoolExecutor, before: set[int]) -> None:
    """Let every thread end at once by ending the processes it waits for."""
    import psutil

    stopping.set()
    try:
        threads.shutdown(wait=False, cancel_futures=True)
        for _ in range(100):
            for pid in _children() - before:
                with contextlib.suppress(psutil.Error):
                    psutil.Process(pid).kill()
            if not any(thread.is_alive() for thread in threads._threads):
                return
            time.sleep(0.2)
    finally:
        stopping.clear()


def _children() -> set[int]:
    """The processes below this one."""
    import psutil

    return {child.pid for child in psutil.Process().children(recursive=True)}


def run_job(job: Job) -> Outcome:
    """Make one report in its staged folder and put it in place; a failure is an outcome, not an exception."""
    started = time.perf_counter()
    if stopping.is_set():
        raise Stopped
    try:
        with staged(Path(job.place)) as folder:
            make_report(job, folder)
    except VetanalysisError as error:
        return Outcome(job, "failed", time.perf_counter() - started, str(error))
    except OSError as error:
        message = f"{job.place}: {error.strerror or error}. Free space or rights on the reports folder, then run again."
        return Outcome(job, "failed", time.perf_counter() - started, message)
    except Exception as error:
        message = f"{type(error).__name__}: {error}"
        return Outcome(job, "failed", time.perf_counter() - started, message)
    return Outcome(job, "done", time.perf_counter() - started)


def make_report(job: Job, folder: Path) -> None:
    """Write everything of one report into `folder`: executed notebooks and their pages, Word, HTML, manifest."""
    from vetanalysis.documents.html import write_html
    from vetanalysis.documents.word import write_word
    from vetanalysis.documents.workbook import write_workbook
    from vetanalysis.hashes import write_json
    from vetanalysis.pipeline.jobs import changes, inputs_of
    from vetanalysis.pipeline.record import manifest_of
    from vetanalysis.report import document_of, study_of
    from vetanalysis.study import plan_of

    place = plan_of(job.plan).place.code == job.unit
    inputs = inputs_of(job, place)
    until = time.monotonic() + limits.JOB_TIMEOUT
    for name in job.notebooks:
        executed = execute(notebooks_root() / f"{name}.ipynb", job, folder, until)
        if name != "report":
            _write_page(executed, name, job)
    study = study_of(job.parameters())
    document = document_of(study)
    write_word(document, folder / "report.docx")
    if job.pdf:
        _write_pdf(folder)
    write_html(document, folder / "report.html")
    if place:
        write_workbook(document, folder / "report.xlsx")
    record = manifest_of(inputs, study, document)
    if why := changes(inputs.record(), inputs_of(job, place)):
        raise InputsChanged(f"{job.label}: {why} while the report was made. Run again.")
    record["files"] = sorted(path.name for path in folder.iterdir())
    write_json(record, folder / "manifest.json")


def _write_pdf(folder: Path) -> None:
    from vetanalysis.documents.pdf import PdfFailed, write_pdf

    try:
        write_pdf(folder / "report.docx", folder / "report.pdf")
    except PdfFailed:
        if stopping.is_set():  # the program was ended with the run
            raise Stopped from None
        raise


def _write_page(executed: Path, name: str, job: Job) -> None:
    from vetanalysis.documents.html import notebook_html
    from vetanalysis.report import NOTEBOOK_TITLES

    page = notebook_html(executed, NOTEBOOK_TITLES[name].get(job.lang), job.lang)
    executed.with_suffix(".html").write_text(page, encoding="utf-8", newline="\n")


class Progress:
    """Says lines on stdout (not when quiet) and in the log with their time; failures always also on stderr."""

    def __init__(self, quiet: bool = False, log: Path | None = None) -> None:
        self._quiet = quiet
        self._bar: Any = None
        self._log = None
        if log is not None:
            try:
                log.parent.mkdir(parents=True, exist_ok=True)
                self._log = log.open("a", encoding="utf-8", newline="\n")
            except OSError as error:
                raise WrongCall(f"--log {log}: cannot be written ({error.strerror or error})") from error

    def say(self, line: str) -> None:
        """One line for the reader and the log."""
        self._write(line)
        if not self._quiet:
            if self._bar is None:
                print(line, flush=True)
            else:
                self._bar.write(line, file=sys.stdout)

    def fail(self, line: str) -> None:
        """One line about what went wrong, also when quiet."""
        self._write(line)
        print(line, file=sys.stderr, flush=True)

    def _write(self, line: str) -> None:
        if self._log is not None:
            for part in line.splitlines() or [""]:
                print(f"{datetime.now():%Y-%m-%d %H:%M:%S} {part}".rstrip(), file=self._log, flush=True)

    def follow(self, outcomes: Iterable[Outcome], total: int) -> Iterator[Outcome]:
        """Pass outcomes on, each with its line; a bar on stderr where that is a terminal."""
        with self._shown(total) as bar:
            for number, outcome in enumerate(outcomes, start=1):
                line = f"[{number}/{total}] {outcome.state:6} {outcome.job.label}  {outcome.seconds:.1f} s"
                self.say(f"{line}  {outcome.message}".rstrip())
                if bar is not None:
                    bar.update()
                yield outcome

    @contextlib.contextmanager
    def _shown(self, total: int) -> Iterator[Any]:
        if self._quiet or not sys.stderr.isatty():
            yield None
            return
        from tqdm import tqdm

        with tqdm(
            total=total, unit="report", file=sys.stderr, dynamic_ncols=True, smoothing=0.1
        ) as self._bar:
            yield self._bar
        self._bar = None

    def close(self) -> None:
        """Close the log."""
        if self._log is not None:
            self._log.close()
