"""Reading one variant under limits of time and memory, and what is wrong with how it was read."""

from __future__ import annotations

import signal
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from tests.any_file.truth import wrongs
from tests.any_file.variants import Variant
from vetanalysis.plan import Plan
from vetanalysis.returns.checks import check_file
from vetanalysis.returns.files import Received
from vetanalysis.returns.read import read_return

_SENDER = "so-ldtbxh"  # may tell of every unit
SECONDS = 5.0
MEGABYTES = 500
_PEAK = Path(
    "/proc/self/clear_refs"
)  # 5 written there makes the highest use of memory so far the present one


class Verdict(NamedTuple):
    """`wrong`: what must not be; `read`, `figures`: how many figures were read of how many that stand there."""

    wrong: list[str]
    read: int
    figures: int
    refused: bool


class TookTooLong(BaseException):
    """A file that needs more than its seconds of processor time."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise TookTooLong after so many seconds of processor time."""

    def stop(*_: object) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def memory(name: str) -> int:
    """Kilobytes that the process uses ("VmRSS") or has used at most ("VmHWM"); 0 where no system says so."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else ()
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)


def judged(variant: Variant, folder: Path, plan: Plan) -> Verdict:
    """Read a variant as the command does and hold it against the truth."""
    path = folder / variant.name
    path.write_bytes(variant.data)
    if _PEAK.exists():
        _PEAK.write_text("5", encoding="utf-8")
    before = memory("VmRSS")
    try:
        with within(SECONDS):
            read = read_return(path, plan)
            found = Received(path, path.name, _SENDER, "2023-9M", "2023-09-15")
            findings = check_file(found, replace(read, unit=_SENDER), plan)
    except TookTooLong:
        return Verdict([f"more than {SECONDS:g} s"], 0, 0, False)
    except Exception:
        return Verdict([traceback.format_exc()], 0, 0, False)
    finally:
        path.unlink()
    used = (memory("VmHWM") - before) // 1024
    if used > MEGABYTES:
        return Verdict([f"{used} MB"], 0, 0, False)
    internal = [f"{one.found.en}" for one in read.findings if "layout is not understood" in one.found.en]
    refused = any(one.severity == "error" for one in (*read.findings, *findings))
    return Verdict(
        [*internal, *wrongs(read, variant.known, findings)], read.count, len(variant.known.figures), refused
    )
