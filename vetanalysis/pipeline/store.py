"""Putting a finished folder in its place, so that a reader sees the old report or the new one, never a half.

A report is written to `<place>.new-<pid>` beside its place. When it is complete the old folder is moved to
`<place>.old`, the new one takes its name and the old one goes. A run that dies in between leaves names that
`recover` understands: the next run puts the last good report back and removes what was never finished.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from vetanalysis.errors import VetanalysisError

LOCK_NAME = ".running"


class Busy(VetanalysisError):
    """Another run is writing to the same reports folder."""


@contextlib.contextmanager
def staged(place: Path) -> Iterator[Path]:
    """A folder to write a report into; on success it becomes `place`, on an error `place` stays as it was.

    After an error what was written is kept as `<place>.failed` for inspection, in the place of an earlier
    failure; the error is raised again.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    new = place.with_name(f"{place.name}.new-{os.getpid()}")
    failed = place.with_name(f"{place.name}.failed")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    try:
        yield new
    except Exception:
        shutil.rmtree(failed, ignore_errors=True)
        with contextlib.suppress(OSError):
            new.rename(failed)
        raise
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    old = place.with_name(f"{place.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    new.rename(place)
    shutil.rmtree(old, ignore_errors=True)
    shutil.rmtree(failed, ignore_errors=True)


def recover(root: Path) -> list[Path]:
    """Finish or undo what an interrupted run left under `root`; returns the places that were put back."""
    restored = []
    for old in sorted(root.rglob("*.old")):
        place = old.with_name(old.name.removesuffix(".old"))
        if old.is_dir() and not place.exists():
            old.rename(place)
            restored.append(place)
        elif old.is_dir():
            shutil.rmtree(old, ignore_errors=True)
    for new in sorted(root.rglob("*.new-*")):
        if new.is_dir():
            shutil.rmtree(new, ignore_errors=True)
    return restored


@contextlib.contextmanager
def only_run(root: Path) -> Iterator[None]:
    """Hold the reports folder for one run; `Busy` when a living process holds it, a dead one's hold is taken over."""
    root.mkdir(parents=True, exist_ok=True)
    lock = root / LOCK_NAME
    for _ in range(2):
        try:
            handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
            break
        except FileExistsError:
            holder = _holder(lock)
            if holder and _alive(holder):
                raise Busy(
                    f"{root}: process {holder} is writing reports here. Wait for it, or choose another --out."
                ) from None
            lock.unlink(missing_ok=True)
    else:
        raise Busy(f"{root}: another run took the folder at the same moment. Start again.")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(str(os.getpid()))
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _holder(lock: Path) -> int | None:
    try:
        return int(lock.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def _alive(pid: int) -> bool:
    import psutil  # comes with ipykernel; os.kill(pid, 0) would end the process on Windows

    return psutil.pid_exists(pid)
