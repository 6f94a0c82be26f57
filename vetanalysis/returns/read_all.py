"""Reading a whole folder: from the cache where nothing changed, else one file after another or in processes."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING

from vetanalysis.returns.cache import Cache, key_of
from vetanalysis.returns.reading import Reading, reading_of
from vetanalysis.returns.received import Received

if TYPE_CHECKING:
    from vetanalysis.plan import Plan

#: From this many files on starting processes costs less than it saves (about two seconds each).
WORTH_PROCESSES = 120
#: From this many files on a progress bar is shown.
WORTH_A_BAR = 20


def read_all(
    found: Sequence[Received],
    plan: Plan,
    cache: Cache,
    without: Collection[str] = (),
    *,
    jobs: int | None = None,
    progress: bool = False,
) -> list[Reading]:
    """The readings of files, in their order.

    `jobs`: processes, None decides; `progress`: a bar on stderr where that is a terminal.
    """
    keys = [key_of(one, plan, without) for one in found]
    readings: dict[int, Reading] = {}
    for number, key in enumerate(keys):
        stored = cache.get(key)
        if stored is not None:
            readings[number] = stored
    pending = [number for number in range(len(found)) if number not in readings]
    if pending:
        work = _read(
            [found[number] for number in pending], plan, tuple(sorted(without)), _jobs(jobs, len(pending))
        )
        for number, reading in zip(pending, _shown(work, len(pending), progress), strict=True):
            readings[number] = reading
            if not keys[number] or reading.sha256:
                cache.put(keys[number], reading)
        cache.clear_old(frozenset(keys))
    return [readings[number] for number in range(len(found))]


def _jobs(asked: int | None, files: int) -> int:
    if asked is not None:
        return max(1, asked)
    main = sys.modules.get("__main__")
    spec = getattr(main, "__spec__", None)
    # A script without a guard around its main part would be run again by every process.
    safe = not hasattr(main, "__file__") or (spec is not None and spec.name.startswith("vetanalysis"))
    return min(os.cpu_count() or 1, 4) if safe and files >= WORTH_PROCESSES else 1


def _read(found: list[Received], plan: Plan, without: tuple[str, ...], jobs: int) -> Iterator[Reading]:
    done = 0
    if jobs > 1:
        try:
            import multiprocessing

            context = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
            with ProcessPoolExecutor(jobs, context, _start, (plan, without)) as pool:
                for reading in pool.map(_one, found, chunksize=8):
                    done += 1
                    yield reading
        except (BrokenProcessPool, OSError):
            pass  # a process was killed: the rest is read here
    for one in found[done:]:
        yield reading_of(one, plan, without)


_GIVEN: dict[str, object] = {}


def _start(plan: Plan, without: tuple[str, ...]) -> None:
    _GIVEN.update(plan=plan, without=without)


def _one(found: Received) -> Reading:
    return reading_of(found, _GIVEN["plan"], _GIVEN["without"])  # type: ignore[arg-type]


def _shown(work: Iterator[Reading], total: int, progress: bool) -> Iterator[Reading]:
    if not progress or total < WORTH_A_BAR or not sys.stderr.isatty():
        return work
    from tqdm import tqdm

    return iter(tqdm(work, total=total, file=sys.stderr, unit="file", leave=False, mininterval=0.5))
