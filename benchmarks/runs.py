"""One run of the report command, watched from outside: when each report was done, at what cost, with what memory."""

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
WARM_UP = 4  # reports that end before the workers are evenly busy; they count as the start


@dataclass(frozen=True)
class Run:
    """`done` and `spent`: seconds on the clock and of processor time by the end of each report; `peak` in MB."""

    seconds: float
    done: tuple[float, ...]
    spent: tuple[float, ...]
    peak: float
    said: str

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


def timed_run(words: list[str], env: dict[str, str] | None = None) -> Run:
    """Run a command, reading its lines as they come; raises RuntimeError when it fails."""
    import psutil

    started = time.perf_counter()
    run = subprocess.Popen(
        words, stdout=subprocess.PIPE, text=True, env={**os.environ, **(env or {})}, cwd=ROOT
    )
    process, peak = psutil.Process(run.pid), [0.0]

    def watch() -> None:
        while run.poll() is None:
            peak[0] = max(peak[0], _memory(process))
            time.sleep(0.5)

    watcher = threading.Thread(target=watch)
    watcher.start()
    lines, done, spent = [], [], []
    for line in run.stdout:
        lines.append(line)
        if line.startswith("["):
            done.append(time.perf_counter() - started)
            spent.append(_processor_time(process))
    run.wait()
    watcher.join()
    if run.returncode:
        raise RuntimeError(f"{' '.join(words)}\n{''.join(lines)}")
    return Run(time.perf_counter() - started, tuple(done), tuple(spent), peak[0], "".join(lines))


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
