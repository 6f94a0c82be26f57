"""Running jobs side by side, each report in its own staged folder, one failure never stopping the others.

A job is a unit: one process makes its documents in all languages asked for, and the notebooks run in each of
them; the one that shows the document knows what was worked out for it. What a person sees meanwhile is a `Progress`:
a line for each report, a bar with the time that is left, a log for later.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from vetanalysis import paths
from vetanalysis.blocks import Said
from vetanalysis.errors import VetanalysisError, WrongCall
from vetanalysis.hashes import write_json
from vetanalysis.pipeline import execute as limits
from vetanalysis.pipeline.execute import Stopped, execute, stopping
from vetanalysis.pipeline.jobs import WITH_DOCUMENT, Inputs, Job, Outcome, Report, Seen, changes, inputs_of
from vetanalysis.pipeline.record import told, write_documents, write_pages
from vetanalysis.pipeline.server import in_fork, serves, warm_kernels
from vetanalysis.pipeline.store import staged
from vetanalysis.progress import bar

WAITING = 2  # units that may wait for their kernels beside those that compute; with one worker none


class InputsChanged(VetanalysisError):
    """A plan, a notebook or figures changed while a report was made from them."""


class DocumentsFailed(VetanalysisError):
    """The documents of a report could not be made."""


def run_jobs(
    jobs: Sequence[Job],
    *,
    workers: int = 2,
    warm: bool | None = True,
    executor: Executor | None = None,
    run: Callable[[Job], list[Outcome]] | None = None,
    written: Callable[[], object] | None = None,
) -> Iterator[Outcome]:
    """Run `jobs` and yield the outcomes of their reports as they end.

    `workers` units are made at a time, and `WAITING` more while others wait for their kernels; each in one language
    after the other but for the last of several workers. Here documents, which take most memory, are made of `workers`
    units at a time; `written`: called when they are made of all, never where `executor` or `run` is given.
    Notebooks run on forked warm kernels, or on plain ones with `warm=False` and where the system cannot fork (None: as
    the caller has chosen with `warm_kernels`). `executor`: any `concurrent.futures.Executor` in place of the local
    threads, `run` what it is given to run. When the caller stops early (an interruption), kernels are ended and nothing
    half-made stays.
    """
    if executor is not None:
        yield from _outcomes(executor, jobs, run or run_job)
        return
    last = set(jobs[-workers:]) if workers > 1 else set()  # behind these nothing waits
    room = Room(workers, len(jobs), written)
    work = run or (lambda job: run_job(job, side_by_side=job in last, room=room))
    chosen = contextlib.nullcontext() if warm is None else warm_kernels(warm)
    with chosen, ThreadPoolExecutor(workers + WAITING * (workers > 1)) as threads:
        before = _children()
        try:
            yield from _outcomes(threads, jobs, work)
        except BaseException:
            _end_kernels(threads, before)
            raise


def _outcomes(
    executor: Executor, jobs: Iterable[Job], run: Callable[[Job], list[Outcome]]
) -> Iterator[Outcome]:
    waiting: dict[Future[list[Outcome]], Job] = {executor.submit(run, job): job for job in jobs}
    try:
        for future in as_completed(waiting):
            error = future.exception()
            if error is None:
                yield from future.result()
            else:
                said = f"{type(error).__name__}: {error}"
                yield from (Outcome(one, "failed", 0.0, said) for one in waiting[future].reports)
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


class Room:
    """Where documents are made, of `places` units at a time.

    `empty`: called when they are made of `jobs` units, unless the run is being interrupted.
    """

    def __init__(self, places: int, jobs: int, empty: Callable[[], object] | None = None) -> None:
        self._places, self._left, self._empty = threading.Semaphore(places), jobs, empty
        self._counting = threading.Lock()

    def __enter__(self) -> None:
        self._places.acquire()

    def __exit__(self, raised: object, *_: object) -> None:
        self._places.release()
        with self._counting:
            self._left -= 1
            last = self._left == 0
        if last and self._empty is not None and raised is None and not stopping.is_set():
            self._empty()


def run_job(job: Job, *, side_by_side: bool = True, room: Room | None = None) -> list[Outcome]:
    """Make a unit's reports, each staged and put in its place by itself: a failure ends its language alone.

    `side_by_side`: its languages at once and as many notebooks at a time, on warm kernels all of them; else one after
    the other. `room`: where its documents are made; without it nobody waits.
    """
    started = time.perf_counter()
    if stopping.is_set():
        raise Stopped
    making = [_Making(report) for report in job.reports]
    try:
        seen: Seen = {}  # the folders as they are now, for all languages
        for one in making:
            one.begin(seen)
        documents = _made([one for one in making if one.error is None], side_by_side, room)
        seen = {}  # and as they are when all is made
        return [one.end(documents.get(one.report.lang, ""), started, seen) for one in making]
    except BaseException as error:
        for one in making:
            one.leave(error)
        raise


def _made(sound: Sequence[_Making], side_by_side: bool, room: Room | None) -> dict[str, dict[str, Any] | str]:
    """Documents, notebooks and their pages of one unit; what `write_documents` tells of each language.

    A notebook that shows what stands in the documents runs after them, all others, on warm kernels, beside them. Of a
    language without documents no further notebook is begun.
    """
    asked = [(one, name) for one in sound for name in one.report.notebooks]
    beside = [pair for pair in asked if pair[1] != WITH_DOCUMENT] if side_by_side and serves() else []
    together = (len(asked) if serves() else len(sound)) if side_by_side else 1
    with ThreadPoolExecutor(max(together, 1)) as notebooks:
        with room or contextlib.nullcontext():
            begun = {pair: notebooks.submit(_Making.run_notebook, *pair) for pair in beside}
            documents = _documents(sound, side_by_side) if sound else {}
        for one in sound:
            if isinstance(said := documents[one.report.lang], str):
                one.error = DocumentsFailed(said)
        after = [pair for pair in asked if pair not in begun]
        begun |= {pair: notebooks.submit(_Making.run_notebook, *pair) for pair in after}
        for (_, name), ran in begun.items():
            if name != WITH_DOCUMENT:
                ran.result()
        _write_pages([one for one in sound if one.error is None])
        for ran in begun.values():
            ran.result()
    return documents


@dataclass(eq=False)
class _Making:
    """One report on its way: its staged folder, what it was begun from, and why it cannot be finished."""

    report: Report
    error: Exception | None = None
    folder: Path = Path()
    inputs: Inputs | None = None
    stage: contextlib.AbstractContextManager[Path] | None = None
    until: float = 0.0  # when the time of its notebooks ends (monotonic), from the first on

    def begin(self, seen: Seen) -> None:
        """Open the staged folder, and look at what goes into it; `seen`: as `inputs_of` takes and fills it."""
        try:
            stage = staged(Path(self.report.place))
            self.folder = stage.__enter__()
            self.stage = stage
            self.inputs = inputs_of(self.report, seen)
        except Exception as error:
            self.error = error

    def run_notebook(self, name: str) -> None:
        """Run one of its notebooks into the folder, unless another failed."""
        if self.error is not None:
            return
        self.until = self.until or time.monotonic() + limits.JOB_TIMEOUT
        try:
            execute(paths.notebooks_root() / f"{name}.ipynb", self.report, self.folder, self.until)
        except Exception as error:
            self.error = self.error or error

    def end(self, said: dict[str, Any] | str, started: float, seen: Seen) -> Outcome:
        """Write the manifest and put the report in place, or keep it as failed. `said`: as `write_documents` tells."""
        try:
            if self.error is not None:
                raise self.error
            if isinstance(said, str) or self.inputs is None or self.stage is None:
                raise RuntimeError("a report ends that was not begun")
            self._finish(said, self.inputs, seen)
            self.stage.__exit__(None, None, None)
        except Exception as error:
            self.leave(error)
            return Outcome(
                self.report, "failed", time.perf_counter() - started, told(error, self.report.place)
            )
        return Outcome(self.report, "done", time.perf_counter() - started)

    def _finish(self, record: dict[str, Any], inputs: Inputs, seen: Seen) -> None:
        if self.report.pdf:
            _write_pdf(self.folder)
        if why := changes(inputs.record(), inputs_of(self.report, seen)):
            raise InputsChanged(Said("pipeline.inputs_changed", report=self.report.label, why=why))
        files = sorted(path.name for path in self.folder.iterdir())
        write_json({**inputs.record(), **record, "files": files}, self.folder / "manifest.json")

    def leave(self, error: BaseException) -> None:
        """Leave the staged folder, as the error asks; the report that was in place stays."""
        if self.stage is not None:
            with contextlib.suppress(BaseException):
                self.stage.__exit__(type(error), error, error.__traceback__)
            self.stage = None


def _documents(making: Sequence[_Making], side_by_side: bool) -> dict[str, dict[str, Any] | str]:
    """`write_documents` of one unit; why all of them failed, where they did before any was written."""
    if stopping.is_set():
        raise Stopped
    reports = [one.report for one in making]
    try:
        folders = [one.folder for one in making]
        return in_fork(write_documents, reports, folders, side_by_side, serves())
    except Exception as error:
        if stopping.is_set():
            raise Stopped from error
        return {one.lang: told(error, one.place) for one in reports}


def _write_pdf(folder: Path) -> None:
    from vetanalysis.documents.pdf import PdfFailed, write_pdf

    try:
        write_pdf(folder / "report.docx", folder / "report.pdf")
    except PdfFailed:
        if stopping.is_set():  # the program was ended with the run
            raise Stopped from None
        raise


def _write_pages(making: Sequence[_Making]) -> None:
    """The executed notebooks as pages, but for the one that shows the document."""
    of_notebooks = [one for one in making if set(one.report.notebooks) - {WITH_DOCUMENT}]
    if not of_notebooks:
        return
    try:
        failed = in_fork(write_pages, [(one.report, one.folder) for one in of_notebooks])
    except Exception as error:
        if stopping.is_set():
            raise Stopped from error
        failed = {one.report.lang: told(error, one.report.place) for one in of_notebooks}
    for one in of_notebooks:
        if why := failed.get(one.report.lang):
            one.error = one.error or DocumentsFailed(why)


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
                why = str(error.strerror or error)
                raise WrongCall(Said("pipeline.log", file=str(log), why=why)) from error

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
        with bar(total, after=0, leave=True) as self._bar:
            for number, outcome in enumerate(outcomes, start=1):
                line = f"[{number}/{total}] {outcome.state:6} {outcome.report.label}  {outcome.seconds:.1f} s"
                self.say(f"{line}  {outcome.message}".rstrip())
                if self._bar is not None:
                    self._bar.update()
                yield outcome
        self._bar = None

    def close(self) -> None:
        """Close the log."""
        if self._log is not None:
            self._log.close()
