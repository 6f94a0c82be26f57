"""Kernels that start warm: each is forked from a process in which the heavy libraries are already imported (`server`).

A plain kernel spends seconds starting Python and importing pandas, matplotlib and statsmodels before the
first line of a notebook runs, and pays that again for every report. A fork of the server is fresh and isolated like a
plain one, without the start.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from jupyter_client.provisioning import LocalProvisioner

from vetanalysis.pipeline.server import HANDED_ON, MEMORY, end_with_parent

if TYPE_CHECKING:
    import subprocess

    from jupyter_client.connect import KernelConnectionInfo


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
    end_with_parent()
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
