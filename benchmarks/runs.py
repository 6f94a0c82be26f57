"""One run of the report command, watched from outside: when each report was done, at what cost, with what memory."""

import argparse
import compileall
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
REST = 20  # times what a look at the memory took: so long is none, as a look costs time of its own
WARM_UP = 4  # reports that end before the workers are evenly busy; they count as the start


@dataclass(frozen=True)
class Run:
    """`done` and `spent`: seconds on the clock and of processor time by the end of each report; `memory`: MB of all
    its processes by seconds on the clock."""

    seconds: float
    done: tuple[float, ...]
    spent: tuple[float, ...]
    memory: tuple[tuple[float, float], ...]
    said: str

    @property
    def peak(self) -> float:
        """The most memory that was seen, in MB."""
        return max((held for _, held in self.memory), default=0.0)

    @property
    def each(self) -> tuple[float, float]:
        """Seconds on the clock per further report, and their standard error."""
        return cost(self.done)

    @property
    def work(self) -> float:
        """Processor seconds per further report."""
        return cost(self.spent)[0]

    @property
    def start(self) -> float:
        """Seconds that do not depend on the number of reports: what the line through the ends leaves at none."""
        return self.seconds - self.each[0] * len(self.done)


def cost(ends: tuple[float, ...]) -> tuple[float, float]:
    """Slope of the ends over the number of reports after the first `WARM_UP`, and its standard error.

    The median of the slopes between reports a fifth of the run apart: one slow report, or a moment of other load, does
    not move it. The error is that of the mean over five stretches of the run. At least `WARM_UP` + 3 reports.
    """
    late = np.asarray(ends[WARM_UP - 1 :])
    apart = max(len(late) // 5, 3)
    slopes = (late[apart:] - late[:-apart]) / apart
    cuts = np.linspace(0, len(late) - 1, min(6, len(late))).round().astype(int)
    stretches = np.diff(late[cuts]) / np.diff(cuts)
    return float(np.median(slopes)), float(stretches.std(ddof=1) / np.sqrt(len(stretches)))


def machine() -> dict[str, str]:
    """What is stored with every table: the machine in a few words, and the versions the time depends on."""
    import platform
    from importlib.metadata import version

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    names = ("pandas", "numpy", "matplotlib", "papermill", "openpyxl", "python-docx")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return {
        "machine": f"{cores} cores, {platform.system()} {platform.machine()}",
        "versions": f"Python {platform.python_version()}, {versions}",
    }


def compiled(root: Path = ROOT) -> None:
    """The modules of a program that is to be timed are compiled, as those of an installed one are."""
    compileall.compile_dir(root / "vetanalysis", quiet=1)


def options_of(about: str) -> argparse.ArgumentParser:
    """The options that every table has: the first line of its module's text, and the day."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument(
        "--date", default="", help="ISO day, stored with the table; without it nothing is run"
    )
    return parser


def shown(
    stored: Path,
    title: str,
    table: Callable[[dict[str, Any], bool], str],
    measure: Callable[[], dict[str, Any]] | None,
    keep: bool = True,
) -> int:
    """Print what `measure` finds, and store it to `keep` it; without `measure` what was stored last."""
    if measure is None:
        found = json.loads(stored.read_text(encoding="utf-8")) if stored.exists() else {}
        print(table(found, False) if found else f"{title}: nothing stored yet; run with --date")
        return 0
    compiled()
    result = measure()
    if keep:
        stored.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8", newline="\n")
    print(table(result, True))
    return 0


def report_command(plan: str, as_of: str, out: Path, *options: str) -> list[str]:
    """The words of `vetanalysis report`."""
    return [
        sys.executable,
        "-m",
        "vetanalysis",
        "report",
        plan,
        "--as-of",
        as_of,
        "--out",
        str(out),
        *options,
    ]


def timed_run(
    words: list[str], env: dict[str, str] | None = None, root: Path = ROOT, stop_after: int = 0
) -> Run:
    """Run a command in `root`, reading its lines as they come; raises RuntimeError when it fails.

    `stop_after`: interrupted as by Ctrl-C when so many reports are made; that it then ends with an error is meant.
    """
    import psutil

    started = time.perf_counter()
    # what a shell runs in its background ignores interruptions, and so would what is started here
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    run = subprocess.Popen(
        words, stdout=subprocess.PIPE, text=True, env={**os.environ, **(env or {})}, cwd=root
    )
    signal.signal(signal.SIGINT, before)
    process, memory, ended = psutil.Process(run.pid), [], threading.Event()

    def watch() -> None:
        while run.poll() is None:
            asked = time.perf_counter()
            memory.append((asked - started, _memory(process)))
            ended.wait(max(0.5, REST * (time.perf_counter() - asked)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    lines, done, spent = [], [], []
    for line in run.stdout:
        lines.append(line)
        if line.startswith("["):
            done.append(time.perf_counter() - started)
            spent.append(_processor_time(process))
            if len(done) == stop_after:
                run.send_signal(signal.SIGINT)
    run.wait()
    seconds = time.perf_counter() - started
    ended.set()
    watcher.join()
    if bool(run.returncode) != bool(stop_after):
        raise RuntimeError(f"{' '.join(words)}\n{''.join(lines)}")
    return Run(seconds, tuple(done), tuple(spent), tuple(memory), "".join(lines))


def _tree(process: object) -> list[object]:
    import psutil

    try:
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


def _memory(process: object) -> float:
    """Proportional set size of a process and all below it, in MB."""
    import psutil

    total = 0
    for one in _tree(process):
        try:
            total += one.memory_full_info().pss
        except psutil.Error:
            continue
    return total / 1e6


def _processor_time(process: object) -> float:
    """Processor seconds of a process, all below it and all that ended below it."""
    import psutil

    total = 0.0
    for one in _tree(process):
        try:
            total += sum(one.cpu_times()[:4])
        except psutil.Error:
            continue
    return total
