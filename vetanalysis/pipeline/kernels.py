"""Kernels that start warm: each is forked from a process in which the heavy libraries are already imported.

A plain kernel spends seconds starting Python and importing pandas, matplotlib and statsmodels before the
first line of a notebook runs, and pays that again for every report. Here one clean server process imports
them once and every kernel is a fork of it: fresh and isolated like a plain one, without the start. The server
also prepares the study that the reports of a run share (`prepare`), so that every fork has it; the documents
are made in forks too (`in_fork`).

The provisioner is chosen by `warm_kernels` through the variable that jupyter_client reads; where a process
cannot be forked (Windows) plain kernels are used and nothing else changes.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from jupyter_client.provisioning import LocalProvisioner

from vetanalysis import beside
from vetanalysis.blocks import Said
from vetanalysis.errors import VetanalysisError

if TYPE_CHECKING:
    import subprocess

    from jupyter_client.connect import KernelConnectionInfo

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
    warm = enabled and can_fork()
    if warm:
        from multiprocessing import forkserver

    for name in THREADS:
        os.environ.setdefault(name, "1")
    if warm:
        from jupyter_client.provisioning import KernelProvisionerFactory

        os.environ[CHOICE] = PROVISIONER
        KernelProvisionerFactory.clear_instance()  # the factory read its default once and kept it
        asked = json.dumps(dict(prepare or {}))
        if not keep or ((asked, state) != _prepared and not _users):
            _stop_server()  # one started earlier would not have the imports, or have prepared something else
            _prepared = (asked, state)
        multiprocessing.get_context("forkserver").set_forkserver_preload(PRELOAD)
        if prepare is not None:
            os.environ[PREPARE] = asked
        forkserver.ensure_running()
        os.environ.pop(PREPARE, None)
    served, _serves, _users = _serves, warm, _users + 1
    try:
        yield warm
    finally:
        _users -= 1
        _serves = _serves if keep and _users else served
        if warm:
            KernelProvisionerFactory.clear_instance()
            if not keep:
                _stop_server()
                multiprocessing.get_context("forkserver").set_forkserver_preload([])
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


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
    _end_with_parent()
    try:
        said = (True, function(*arguments))
    except Exception as error:
        said = (False, error)
    try:
        send.send(said)
    except (TypeError, AttributeError, pickle.PicklingError):  # an error that cannot travel
        send.send((False, VetanalysisError(f"{type(said[1]).__name__}: {said[1]}")))


class WarmProvisioner(LocalProvisioner):
    """A local provisioner whose kernel process is a fork of the warm server."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel for the connection file that `cmd` names; the rest of `cmd` is a plain kernel's start."""
        arguments = cmd[cmd.index("-f") :] if "-f" in cmd else cmd[1:]
        context = multiprocessing.get_context("forkserver")
        process = context.Process(
            target=run_kernel,
            args=(arguments, dict(kwargs.get("env") or os.environ), str(kwargs.get("cwd") or os.getcwd())),
        )
        process.start()
        self.process = cast("subprocess.Popen[Any]", _AsPopen(process))
        self.pid = process.pid
        self.pgid = process.pid
        return self.connection_info


class _AsPopen:
    """The part of `subprocess.Popen` that jupyter_client's local provisioner uses, over a forked process."""

    stdin = stdout = stderr = None

    def __init__(self, process: Any) -> None:
        self._process = process
        self.pid = process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int | None:
        self._process.join(timeout)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def run_kernel(arguments: list[str], environment: dict[str, str], folder: str) -> None:
    """The forked process: become a kernel of its own, with its own group, folder, environment and random state."""
    from vetanalysis.pipeline.prepare import take_over

    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    _end_with_parent()
    _limit_memory(environment.get(MEMORY, ""))
    _reseed()
    take_over(Path(environment.get(HANDED_ON, "")))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # jupyter_client interrupts a cell this way
    from ipykernel.kernelapp import IPKernelApp

    # Without an inline backend chosen here, figures of a matplotlib imported before the shell are lost.
    # The parent handle is normally read from the environment at import, which was in the server.
    IPKernelApp.launch_instance(
        argv=[
            *arguments,
            "--IPKernelApp.matplotlib=inline",
            "--HistoryManager.enabled=False",
            f"--IPKernelApp.parent_handle={os.getppid()}",
        ]
    )


def _end_with_parent() -> None:
    """End this process's whole group when the one that asked for it is gone, however it went: a thread looks."""
    beside.FORKS = False
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os.killpg(os.getpgid(0), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def _limit_memory(megabytes: str) -> None:
    """Let the kernel fail with a MemoryError instead of taking the machine down."""
    if megabytes.isdigit():
        import resource

        size = int(megabytes) * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _reseed() -> None:
    """Forks of one server would otherwise draw the same 'random' numbers."""
    import random

    import numpy as np

    random.seed()
    np.random.seed()  # noqa: NPY002  a notebook that uses the global state gets a fresh one
