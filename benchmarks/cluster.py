"""Two Dask workers against one on this machine: how much faster, and whether every byte is the same.

    python -m benchmarks.cluster                       # the stored table
    python -m benchmarks.cluster --date 2026-11-29     # measured anew (about eight minutes on two cores), and stored

The reports of the illustrative year, then those of an invented plan of 96 units, are sent to a scheduler with one
worker of one thread, then with two. Every worker reads the figures for itself before its first report, which weighs
less the more reports there are. Every file of every report is compared. Needs the extra `cluster`.
"""

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.generated import figures_of, network, write_plan, write_returns
from benchmarks.runs import ROOT, machine, options_of, report_command, shown, timed_run

RESULTS = Path(__file__).parent / "results" / "cluster.json"
PLAN, AS_OF, UNITS = "lang-son-2023-example", "2023-9M", 96


@contextmanager
def cluster(workers: int, room: Path, env: dict[str, str]) -> Iterator[str]:
    """Address of a scheduler on this machine with so many workers of one thread; all are ended afterwards."""
    import psutil
    from distributed import Client

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    env = {**os.environ, **env, "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}

    def start(*words: str) -> subprocess.Popen[bytes]:
        call = [sys.executable, "-m", "dask", *words, "--no-dashboard"]
        return subprocess.Popen(call, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)

    started = [start("scheduler", "--host", "127.0.0.1", "--port", str(port))]
    for number in range(workers):
        started.append(
            start("worker", address, "--nthreads", "1", "--local-directory", str(room / str(number)))
        )
    try:
        with Client(address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=60)
        yield address
    finally:
        below = [one for each in started for one in psutil.Process(each.pid).children(recursive=True)]
        for each in started:
            each.terminate()
        psutil.wait_procs(below, timeout=10)
        for each in started:
            each.wait(timeout=20)


def bytes_of(folder: Path) -> dict[str, str]:
    """Hash of every file of the reports; the record of a run tells how long it took and is left out."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "run.json"
    }


def measure(date: str) -> dict[str, Any]:
    """Everything the table prints."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        data = Path(name) / "data"
        for part in ("plans", "published", "returns"):
            shutil.copytree(ROOT / "data" / part, data / part)
        schools = network(UNITS, seed=UNITS)
        large = write_plan(data / "plans" / f"generated-{UNITS}", schools)
        write_returns(large, figures_of(schools, seed=UNITS), data / "returns" / large.name)
        env = {"VETANALYSIS_DATA": str(data), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        runs = [one_against_two(plan, env, Path(name) / plan) for plan in (PLAN, large.name)]
    return {"date": date, "load": round(load, 1), **machine(), "runs": runs}


def one_against_two(plan: str, env: dict[str, str], room: Path) -> dict[str, Any]:
    """The reports of a plan by one worker and by two: seconds, and which files are not the same."""
    seconds, made = {}, {}
    for workers in (1, 2):
        out = room / f"out{workers}"
        with cluster(workers, room / f"room{workers}", env) as address:
            run = timed_run(report_command(plan, AS_OF, out, "--all-units", "--scheduler", address), env)
        seconds[workers], made[workers] = run.seconds, bytes_of(out)
    differ = sorted(key for key in made[1].keys() | made[2].keys() if made[1].get(key) != made[2].get(key))
    return {
        "plan": plan, "reports": len(run.done), "one": round(seconds[1], 1), "two": round(seconds[2], 1),
        "ratio": round(seconds[1] / seconds[2], 2), "files": len(made[1]), "differ": differ,
    }  # fmt: skip


def table(result: dict[str, Any], ran: bool) -> str:
    """The table in a few lines."""
    head = (
        f"Dask, measured {result['date']} (load of the machine {result['load']} before; {result['machine']})"
    )
    lines = [head if ran else head + "; stored, nothing was run"]
    for one in result["runs"]:
        differ = f"{len(one['differ'])} of them not the same {', '.join(one['differ'][:5])}"
        lines.append(
            f"  {one['plan']}: {one['reports']} reports, one worker {one['one']} s, two {one['two']} s, "
            f"{one['ratio']} times as fast, must 1.7; {one['files']} files, {differ}"
        )
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    """Measure and store, or show what is stored."""
    options = options_of(__doc__).parse_args(argv)
    work = partial(measure, options.date) if options.date else None
    return shown(RESULTS, "Dask", table, work)


if __name__ == "__main__":
    sys.exit(main())
