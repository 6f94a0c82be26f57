"""One notebook run by papermill on a kernel of its own, within limits, every failure told in one line."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from functools import cache
from pathlib import Path
from typing import Any

from vetanalysis import paths
from vetanalysis.blocks import Said
from vetanalysis.errors import VetanalysisError
from vetanalysis.pipeline.jobs import Report
from vetanalysis.pipeline.lessons import in_language
from vetanalysis.pipeline.server import HANDED_ON

CELL_TIMEOUT = 120  # seconds; papermill itself has no limit
JOB_TIMEOUT = 900  # seconds for all notebooks of a report, and the documents made beside them
START_TIMEOUT = 120
NEVER_STARTED = (
    "before replying to kernel_info"  # nbclient's words for a kernel that ended before its first cell
)
OUTPUT_LIMIT = 32 * 1024 * 1024  # bytes of text and pictures that one notebook may show

LONGEST_CHANNEL = 100  # bytes of the path of a socket: macOS takes 103, a number is added

ADDED = "injected-parameters"  # papermill's tag of the cell it adds

stopping = threading.Event()  # set when the run is being interrupted: nothing new starts


class NotebookFailed(VetanalysisError):
    """A notebook stopped; the message names it, the cell and the error in one line."""


class TooMuchOutput(Exception):
    """A notebook showed more than `OUTPUT_LIMIT`."""


class CalledExit(Exception):
    """A cell asked its kernel to end."""


class OutOfTime(Exception):
    """The notebooks of a report together took longer than `JOB_TIMEOUT`."""


class Stopped(BaseException):
    """The run was interrupted while a notebook ran."""


def check_parameters(name: str, report: Report) -> None:
    """Hold the parameters cell of a notebook against the parameters that are given to it, before any job starts."""
    import papermill

    path = paths.notebooks_root() / f"{name}.ipynb"
    try:
        known = set(papermill.inspect_notebook(path))
    except Exception as error:
        why = Said("pipeline.unreadable", error=str(error))
        raise NotebookFailed(Said("pipeline.notebook", name=path.name, why=why)) from error
    given = set(report.parameters())
    if missing := sorted(given - known):
        why = Said("pipeline.parameters_lack", missing=missing, others=sorted(known - given))
        raise NotebookFailed(Said("pipeline.notebook", name=path.name, why=why))


def execute(source: Path, report: Report, folder: Path, until: float) -> Path:
    """Run the notebook `source` in the report's language into `folder` and return the executed one.

    `until`: end of its time (monotonic). Its kernel knows what was handed on of the report (`prepare.hand_on`).
    """
    import nbformat
    import papermill
    from papermill.exceptions import PapermillExecutionError
    from traitlets.config import Config

    if stopping.is_set():
        raise Stopped
    target = folder / source.name
    options: dict[str, Any] = {
        "engine_name": _engine(),
        "until": until,
        "parameters": report.parameters(),
        "kernel_name": "python3",
        "progress_bar": False,
        "request_save_on_cell_execute": False,
        "execution_timeout": max(1, min(CELL_TIMEOUT, int(until - time.monotonic()))),
        "start_timeout": START_TIMEOUT,
        "handed_on": report.handed_on,
        "folder": str(source.parent),  # papermill's own `cwd` moves this process, with all its threads
        "config": Config(KernelManager={**_channels(report, source), "shutdown_wait_time": 1.0}),
    }
    try:
        notebook = in_language(nbformat.read(source, as_version=4), report.lang, lessons=False)
        try:
            executed = papermill.execute_notebook(notebook, target, **options)
        except RuntimeError as error:
            if NEVER_STARTED not in str(error) or stopping.is_set():
                raise
            # a port that it was to listen on was taken meanwhile
            executed = papermill.execute_notebook(notebook, target, **options)
    except PapermillExecutionError as error:
        raise NotebookFailed(_one_line(source, error.cell_index, error.ename, error.evalue)) from error
    except Exception as error:
        if stopping.is_set():
            raise Stopped from error
        if isinstance(error, OSError) and not isinstance(error, TimeoutError):
            raise
        raise NotebookFailed(Said("pipeline.notebook", name=source.name, why=_told(error))) from error
    _ran_to_the_end(source, executed)
    target.write_text(_as_kept(executed, report), encoding="utf-8", newline="\n")
    return target


def _channels(report: Report, source: Path) -> dict[str, str]:
    """How its kernel is spoken to: by files in the run's own folder, which nobody else can enter, or by ports.

    A port that was free a moment ago may be taken by then.
    """
    place = report.handed_on.with_suffix(f".{source.stem}") if report.handed_on else None
    if place is None or sys.platform == "win32" or not place.parent.is_dir():
        return {"transport_encryption": "auto"}
    if len(os.fsencode(place)) > LONGEST_CHANNEL:
        return {"transport_encryption": "auto"}
    return {"transport": "ipc", "ip": str(place)}


def _ran_to_the_end(source: Path, executed: Any) -> None:
    """papermill takes a notebook that calls exit for a finished one."""
    for index, cell in enumerate(executed.cells):
        if any(out.output_type == "error" for out in cell.get("outputs", ())):
            why = Said("pipeline.exit_seen")
            raise NotebookFailed(Said("pipeline.notebook_cell", name=source.name, cell=index, why=why))


def _as_kept(executed: Any, report: Report) -> str:
    """An executed notebook as it is stored: no time, no random name, no path of the machine it ran on.

    Paths that were given lead from the folder of the report, where a reader opens it.
    """
    import nbformat
    from papermill.translators import PythonTranslator

    given = report.parameters()
    led = {value: _from_folder(value, report.place) for value in given.values() if _is_path(value)}
    executed.metadata.pop("papermill", None)
    for cell in executed.cells:
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
        if ADDED in cell.metadata.get("tags", ()):
            cell.id = ADDED
            placed = {name: led.get(value, value) for name, value in given.items()}
            cell.source = PythonTranslator.codify(placed, "Parameters")
    text = nbformat.writes(executed)
    for path in sorted(led, key=len, reverse=True):  # a folder after what lies in it
        text = text.replace(json.dumps(path, ensure_ascii=False)[1:-1], led[path])
    return f"{text}\n"


def _is_path(value: Any) -> bool:
    return isinstance(value, str) and os.path.isabs(value)


def _from_folder(path: str, folder: str) -> str:
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # on another drive: nothing leads there
        return path


def _told(error: Exception) -> Said:
    """What happened and what to do, for the failures that have no traceback in a cell."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    if isinstance(error, TooMuchOutput):
        return Said("pipeline.output", megabytes=OUTPUT_LIMIT >> 20)
    if isinstance(error, CalledExit):
        return Said("pipeline.exit")
    if isinstance(error, OutOfTime):
        return Said("pipeline.report_time", seconds=str(JOB_TIMEOUT))
    if isinstance(error, CellTimeoutError | TimeoutError):
        return Said("pipeline.cell_time", seconds=str(CELL_TIMEOUT))
    if isinstance(error, DeadKernelError):
        return Said("pipeline.kernel_ended")
    return Said("pipeline.failed", kind=type(error).__name__, first=_first_line(str(error)))


def _one_line(source: Path, cell: int | None, kind: str, message: str) -> Said:
    why = Said("pipeline.failed", kind=kind, first=_first_line(message))
    return Said("pipeline.notebook_cell", name=source.name, cell=str(cell), why=why)


def _first_line(message: str) -> str:
    return next((line for line in message.splitlines() if line.strip()), "")


@cache
def _engine() -> str:
    """papermill's own engine with a limit on output and on the time of the whole report."""
    from papermill.clientwrap import PapermillNotebookClient
    from papermill.engines import NBClientEngine, papermill_engines
    from papermill.log import logger

    class Limited(PapermillNotebookClient):
        """Counts what the kernel sends and looks at the clock with every message."""

        until = float("inf")
        shown = 0

        def process_message(self, message: Any, *args: Any, **kwargs: Any) -> Any:
            if message["msg_type"] in ("stream", "display_data", "execute_result", "error"):
                self.shown += len(str(message["content"]))
                if self.shown > OUTPUT_LIMIT:
                    raise TooMuchOutput
            if time.monotonic() > self.until:
                raise OutOfTime
            return super().process_message(message, *args, **kwargs)

        async def _check_raise_for_error(self, cell: Any, cell_index: int, exec_reply: Any) -> None:
            content = (exec_reply or {}).get("content", {})
            if any(one.get("source") == "ask_exit" for one in content.get("payload", ())):
                raise CalledExit
            await super()._check_raise_for_error(cell, cell_index, exec_reply)

    class Engine(NBClientEngine):
        """`NBClientEngine` with `Limited` as its client."""

        @classmethod
        def execute_managed_notebook(
            cls, nb_man: Any, kernel_name: str, *, until: float, folder: str, handed_on: Path | None,
            start_timeout: int, execution_timeout: int, input_path: str = "", log_output: bool = False,
            stdout_file: Any = None, stderr_file: Any = None, **options: Any,
        ) -> Any:  # fmt: skip
            client = Limited(
                nb_man, kernel_name=kernel_name, timeout=execution_timeout, startup_timeout=start_timeout,
                log=logger, shutdown_kernel="immediate", resources={"metadata": {"path": folder}}, **options,
            )  # fmt: skip
            client.until = until
            return client.execute(env={**os.environ, **({HANDED_ON: str(handed_on)} if handed_on else {})})

    papermill_engines.register("vetanalysis", Engine)
    return "vetanalysis"
