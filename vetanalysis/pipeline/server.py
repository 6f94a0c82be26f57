"""The server that kernels and documents are forked from: one clean process with the heavy libraries imported.

It is started beside whatever its caller does next, prepares the study that the reports of a run share (`prepare`), so
that every fork has it, and is asked by `in_fork`. Its kernels (`kernels.WarmProvisioner`) are chosen by `warm_kernels`
through the variable that jupyter_client reads; where a process cannot be forked (Windows) plain kernels are used and
nothing else changes.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from vetanalysis import beside
from vetanalysis.blocks import Said
from vetanalysis.errors import VetanalysisError

PROVISIONER = "vetanalysis-warm"
PRELOAD = ["vetanalysis.pipeline.preload"]
CHOICE = "JUPYTER_DEFAULT_PROVISIONER_NAME"
HANDED_ON = "VETANALYSIS_HANDED_ON"  # file of what is known of the unit whose notebook a warm kernel runs
MEMORY = "VETANALYSIS_KERNEL_MEMORY"  # megabytes of address space a warm kernel may take; unset: no limit
PREPARE = (
    "VETANALYSIS_PREPARE"  # from this process to its server alone: what to prepare before the first fork
)
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def can_fork() -> bool:
    """True where kernels can be forked from a warm process; a worker that may have no children cannot."""
    return (
        "forkserver" in multiprocessing.get_all_start_methods()
        and not multiprocessing.current_process().daemon
    )


@contextlib.contextmanager
def warm_kernels(
    enabled: bool = True,
    *,
    prepare: Mapping[str, Any] | None = None,
    state: str = "",
    keep: bool = False,
) -> Iterator[bool]:
    """Kernels started inside this block are warm where the system can; yields whether they are.

    The numeric libraries of every kernel get one thread, as reports already run side by side. The server is started
    at once, beside whatever the caller does next, and ends with the block (`keep`: with this process), so that a
    later run never works with modules imported earlier. `prepare`: parameters of the question whose study every fork
    is to have; `state`: names the run, which reads its files once. A kept server that prepared something else is
    started anew when nobody uses it.
    """
    global _serves, _prepared, _users
    before = {name: os.environ.get(name) for name in (CHOICE, *THREADS)}
    warm, served, free = enabled and can_fork(), _serves, not _users
    _serves, _users = warm, _users + 1
    try:
        for name in THREADS:
            os.environ.setdefault(name, "1")
        if warm:
            os.environ[CHOICE] = PROVISIONER
            asked = json.dumps(dict(prepare or {}))
            if not keep or ((asked, state) != _prepared and free):
                _stop_server()  # one started earlier would not have the imports, or have prepared something else
                _prepared = (asked, state)
            _start_server(None if prepare is None else asked)
            _choose_anew()  # imported while the server is busy with its own
        yield warm
    finally:
        _users -= 1
        _serves = _serves if keep and _users else served
        if warm and not keep:
            _stop_server()
            multiprocessing.get_context("forkserver").set_forkserver_preload([])
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        if warm:
            _choose_anew()


def _choose_anew() -> None:
    """Let the next kernel ask which provisioner is chosen: their factory reads it once and keeps it."""
    from jupyter_client.provisioning import KernelProvisionerFactory

    KernelProvisionerFactory.clear_instance()


def _start_server(asked: str | None) -> None:
    """Start the server unless one runs; `asked`: what it is to prepare."""
    from multiprocessing import forkserver

    multiprocessing.get_context("forkserver").set_forkserver_preload(PRELOAD)
    try:
        if asked is not None:
            os.environ[PREPARE] = asked
        forkserver.ensure_running()
    finally:
        os.environ.pop(PREPARE, None)


def _stop_server() -> None:
    """End the server if one runs, also while it prepares; its kernels have ended before, or end with this process."""
    from multiprocessing import forkserver

    pid = getattr(forkserver._forkserver, "_forkserver_pid", None)
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    stop = getattr(forkserver._forkserver, "_stop", None)  # there is no public way
    if stop is not None:
        with contextlib.suppress(OSError):
            stop()


_serves = False  # whether a warm server runs for this process
_prepared = ("", "")  # what it was asked to prepare, and for which run
_users = 0  # blocks of `warm_kernels` that are open
_one_at_a_time = threading.Lock()
Value = TypeVar("Value")


def make_ready(parameters: Mapping[str, Any], whole: bool) -> None:
    """Open what a report's parameters ask, with everything that all units share for the `whole`, and hold it here.

    Raises what `open_study` raises. What it needs is loaded in the process that does it.
    """
    from vetanalysis.pipeline.prepare import hold, prepare

    (prepare if whole else hold)(parameters)


def forget() -> None:
    """Hold nothing any longer of what was made ready in this process."""
    if prepare := sys.modules.get("vetanalysis.pipeline.prepare"):
        prepare.release()


class ProcessEnded(VetanalysisError):
    """A process that was to answer ended before it did."""


def serves() -> bool:
    """Whether `in_fork` works in a process of its own; else it works here, where threads run."""
    return _serves


def in_fork(function: Callable[..., Value], *arguments: Any) -> Value:
    """`function(*arguments)` in a fork of the warm server, which holds the study; without a server here, one at a time.

    Raises what it raised; `ProcessEnded` where the process was ended from outside.
    """
    if not _serves:
        with _one_at_a_time:
            return function(*arguments)
    context = multiprocessing.get_context("forkserver")
    receive, send = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(send, dict(os.environ), os.getcwd(), function, arguments))
    process.start()
    send.close()
    try:
        good, said = receive.recv()
    except EOFError:
        raise ProcessEnded(Said("pipeline.ended")) from None
    except BaseException:  # an interruption does not wait for the answer
        process.kill()
        raise
    finally:
        receive.close()
        process.join()
    if not good:
        raise said
    return said


def _answer(
    send: Any,
    environment: dict[str, str],
    folder: str,
    function: Callable[..., Any],
    arguments: tuple[Any, ...],
) -> None:
    """The forked process: what `function` gives or raises goes back to who asked."""
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    end_with_parent()
    try:
        said = (True, function(*arguments))
    except Exception as error:
        said = (False, error)
    try:
        send.send(said)
    except (TypeError, AttributeError, pickle.PicklingError):  # an error that cannot travel
        send.send((False, VetanalysisError(f"{type(said[1]).__name__}: {said[1]}")))


def end_with_parent() -> None:
    """End this process's whole group when the one that asked for it is gone, however it went: a thread looks."""
    beside.FORKS = False
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os.killpg(os.getpgid(0), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()
