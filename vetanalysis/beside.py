"""Work done beside what a process does next: in forks of it, where somebody knows that it has no threads."""

from __future__ import annotations

import contextlib
import os
import pickle
import sys
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")

FORKS = False  # whether `begun` forks: a server of forks says so, which has no threads


def begun(work: Callable[[], Value]) -> Callable[[], Value]:
    """Begin work beside this process where that may be, else when it is asked for; what is returned gives its value."""
    return begun_in_fork(work) if FORKS else work


def begun_in_fork(work: Callable[[], Value]) -> Callable[[], Value]:
    """Begin work in a fork of this process, which must have no threads; what is returned waits for what it gives.

    What the fork could not do, or not send, is done here; all of it where the system has no forks.
    """
    if sys.platform == "win32":
        return work
    receive, send = os.pipe()
    child = os.fork()
    if not child:
        with contextlib.suppress(BaseException):
            os.close(receive)
            with open(send, "wb") as stream:
                pickle.dump(work(), stream, pickle.HIGHEST_PROTOCOL)
        os._exit(0)
    os.close(send)

    def given() -> Value:
        with open(receive, "rb") as stream:
            data = stream.read()
        os.waitpid(child, 0)
        try:
            return pickle.loads(data)  # type: ignore[no-any-return]
        except (EOFError, pickle.UnpicklingError):
            return work()

    return given
