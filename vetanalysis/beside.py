"""Work done beside what a process does next: in forks of it, where somebody knows that it has no threads."""

from __future__ import annotations

import contextlib
import os
import pickle
import sys
import tempfile
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


def begun_for_forks(work: Callable[[], Value]) -> Callable[[], Value]:
    """`begun_in_fork` of what this process never waits for: its later forks may ask, each for itself.

    The fork is begun by one that ends at once, so that nobody has to look for its end.
    """
    if sys.platform == "win32":
        return work
    receive, send = os.pipe()  # carries nothing: it ends with the work
    stream = tempfile.TemporaryFile()  # noqa: SIM115  forks read it
    child = os.fork()
    if not child:
        with contextlib.suppress(BaseException):
            if not os.fork():
                pickle.dump(work(), stream, pickle.HIGHEST_PROTOCOL)
                stream.flush()
        os._exit(0)
    os.close(send)
    os.waitpid(child, 0)

    def given() -> Value:
        os.read(receive, 1)
        try:
            return pickle.loads(os.pread(stream.fileno(), os.fstat(stream.fileno()).st_size, 0))
        except (EOFError, pickle.UnpicklingError):
            return work()

    return given
