"""Which tests run which lines, at what cost; and running some of them on a changed package.

A copy of the repository is made in a scratch folder, so that no change reaches the files that others work with. One
process imports the heavy libraries and is forked for every test file and for every change: what is forked imports the
package anew. Needs a system that forks, and `coverage`, which nbval brings.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import importlib
import json
import os
import resource
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
HEAVY = (
    "babel.dates", "babel.numbers", "docx", "hypothesis.strategies", "jinja2", "matplotlib.pyplot", "numpy.random",
    "openpyxl", "pandas", "pydantic", "python_calamine", "scipy.optimize", "scipy.special", "scipy.stats", "seaborn",
    "statsmodels.tsa.statespace.structural", "yaml",
)  # fmt: skip
DEAR = 8.0  # processor seconds; a test that takes longer is left out
OF_A_FILE = 10.0  # processor seconds; the tests of a file beyond them are left out
LEFT_OUT = (
    "any_", "benchmarks", "documentation", "figures", "form", "heatmaps", "hostile", "html", "index.", "invented_note",
    "language", "new_plan", "notebooks", "own_language", "packaging", "pipeline", "plan_hostile", "plan_words",
    "project.", "rate_pairs", "reader", "readme", "report_command", "report_pdf", "single_rate", "store",
    "template", "word", "workbook", "year_total_bench",
)  # fmt: skip  # test files of other rooms and of whole programs, by how their names begin
COMMIT = "commit.txt"  # in the copy: the commit of its package
MEMORY = 5 * 2**30  # bytes a forked process may ask for


class Stopwatch:
    """A pytest plugin: runs the tests asked for, in that order, each no longer than its limit, all no longer than
    `budget` (processor seconds), and keeps what failed and what each took."""

    def __init__(
        self, order: list[str] | None = None, limits: dict[str, float] | None = None, budget: float = 1e9
    ):
        self.order, self.limits, self.left = order, limits or {}, budget
        self.failed, self.took, self.ended, self.begin = [], {}, False, lambda nodeid: None

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Only the tests asked for, in their order."""
        if self.order is None:
            return
        by_id = {item.nodeid: item for item in items}
        items[:] = [by_id[nodeid] for nodeid in self.order if nodeid in by_id]

    def pytest_collectreport(self, report: Any) -> None:
        """A file that cannot be imported has failed."""
        if report.failed:
            self.failed.append(f"collecting {report.nodeid}")

    def pytest_runtest_logreport(self, report: Any) -> None:
        """A test, or what it stands on, has failed."""
        if report.failed:
            self.failed.append(report.nodeid)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: Any) -> Any:
        """One test, with its limit."""
        started = time.process_time()
        self.begin(item.nodeid)
        signal.setitimer(signal.ITIMER_PROF, self.limits.get(item.nodeid, DEAR))
        yield
        signal.setitimer(signal.ITIMER_PROF, 0)
        self.took[item.nodeid] = time.process_time() - started
        self.left -= self.took[item.nodeid]
        if self.left < 0:
            self.ended = True
            item.session.shouldstop = "no time is left"


def copy_repository(scratch: Path) -> None:
    """The files that git knows, and the new ones, in the scratch folder, with their times.

    The package is copied once, since the map tells its lines; tests are copied every time.
    """
    package_is_there = (scratch / "vetanalysis").exists()
    if not package_is_there:
        asked = ["git", "rev-parse", "--short", "HEAD"]
        (scratch / COMMIT).write_bytes(
            subprocess.run(asked, cwd=ROOT, check=True, capture_output=True).stdout
        )
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True,
    ).stdout.decode()  # fmt: skip
    for name in filter(None, listed.split("\0")):
        if package_is_there and not name.startswith("tests/"):
            continue
        if (ROOT / name).is_file() and not (ROOT / name).is_symlink():
            (scratch / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, scratch / name)


def warm_up() -> None:
    """Import what every forked process needs."""
    for name in HEAVY:
        importlib.import_module(name)
    gc.freeze()  # what all share need not be looked through in each


def forked(work: Callable[[], Any], scratch: Path, seconds: float) -> Any:
    """What `work` gives as JSON in a process of its own that begins in the scratch folder; None if it died, was
    ended after so many seconds or gave nothing."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(read)
            os.setsid()
            _at_home(scratch)
            answer = json.dumps(work())
            with os.fdopen(write, "w") as pipe:
                pipe.write(answer)
            code = 0
        finally:
            os._exit(code)
    os.close(write)
    try:
        answer = _read_all(read, time.monotonic() + seconds)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(read)
    return json.loads(answer) if answer else None


def _at_home(scratch: Path) -> None:
    """Begin in the scratch folder, with the package from there, silent, with bounded memory."""
    os.chdir(scratch)
    for name in [
        name for name in sys.modules if name.partition(".")[0] in ("vetanalysis", "tests", "benchmarks")
    ]:
        del sys.modules[name]
    sys.path[:] = [str(scratch), *(place for place in sys.path if place and Path(place).resolve() != ROOT)]
    os.environ |= {
        "PYTHONPATH": str(scratch), "PYTHONDONTWRITEBYTECODE": "1", "XDG_CACHE_HOME": str(scratch / ".cache"),
        "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "Agg",
    }  # fmt: skip
    silent = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silent, stream)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


def _read_all(descriptor: int, until: float) -> bytes:
    parts = []
    while (left := until - time.monotonic()) > 0 and select.select([descriptor], [], [], left)[0]:
        part = os.read(descriptor, 65536)
        if not part:
            return b"".join(parts)
        parts.append(part)
    return b""


def run_tests(watch: Stopwatch, files: list[str], *options: str) -> None:
    """Run test files as `watch` orders it."""
    without = [f"-pno:{name}" for name in ("cacheprovider", "nbval", "unraisableexception", "xdist")]
    pytest.main(
        ["-q", *without, "--basetemp", ".pytest-tmp", "-m", "not slow and not system", *options, *files],
        plugins=[watch],
    )


# ---------------------------------------------------------------------------
# Which tests run which lines
# ---------------------------------------------------------------------------


@dataclass
class Map:
    """`cost`: processor seconds by test. `lines`: by module and line the tests that ran it."""

    cost: dict[str, float]
    lines: dict[str, dict[int, set[str]]]

    def of_lines(self, module: str, lines: Iterable[int]) -> set[str]:
        """The tests that ran any of these lines."""
        known = self.lines.get(module, {})
        return set().union(*(known.get(line, ()) for line in lines))

    def of_module(self, module: str) -> set[str]:
        """The tests that ran anything of a module beyond its import."""
        return set().union(*self.lines.get(module, {}).values())


def map_of(scratch: Path, modules: list[str], folder: Path, only: list[str] | None = None) -> Map:
    """The map of all test files, or of `only` these files and tests; what has not changed since is not run again.

    Every file has a process of its own: what it keeps in caches counts for its own tests alone.
    """
    folder.mkdir(exist_ok=True)
    for path in sorted((scratch / "tests").glob("test_*.py")):
        stored, name = folder / f"{path.stem}.json", f"tests/{path.name}"
        asked = [name] if only is None else [one for one in only if one.partition("::")[0] == name]
        if not asked or (only is None and path.name.removeprefix("test_").startswith(LEFT_OUT)):
            continue
        digest = hashlib.sha256(path.read_bytes() + repr(asked).encode()).hexdigest()
        if stored.exists() and json.loads(stored.read_text())["digest"] == digest:
            continue
        started = time.monotonic()
        found = forked(lambda asked=asked: _one_file(asked, modules), scratch, 900) or {
            "cost": {},
            "lines": {},
        }
        stored.write_text(json.dumps(found | {"digest": digest}))
        print(f"{name}: {len(found['cost'])} tests in {time.monotonic() - started:.0f} s", flush=True)
    return stored_map(folder)


def stored_map(folder: Path) -> Map:
    """The map of the test files that were run."""
    found = Map({}, {})
    for stored in sorted(folder.glob("*.json")):
        kept = json.loads(stored.read_text())
        found.cost |= kept["cost"]
        for module, by_line in kept["lines"].items():
            known = found.lines.setdefault(module, {})
            for line, tests in by_line.items():
                known.setdefault(int(line), set()).update(tests)
    return found


def _one_file(asked: list[str], modules: list[str]) -> dict[str, Any]:
    """Run a test file or some tests of it: what those that pass and are not dear cost and which lines they ran."""
    import coverage

    def too_long(*_: object) -> None:
        pytest.fail("dear")

    signal.signal(signal.SIGPROF, too_long)
    watch = Stopwatch(budget=OF_A_FILE)
    tracer = coverage.Coverage(
        data_file=None, include=[f"*/{module}" for module in modules], config_file=False
    )
    tracer.start()
    watch.begin = tracer.switch_context
    run_tests(watch, asked)
    tracer.stop()
    data, lines = tracer.get_data(), {}
    passed = {
        nodeid: took for nodeid, took in watch.took.items() if nodeid not in watch.failed and took < DEAR
    }
    for path in data.measured_files():
        by_line = {
            line: kept
            for line, tests in data.contexts_by_lineno(path).items()
            if (kept := [test for test in tests if test in passed])
        }
        lines[os.path.relpath(path)] = by_line
    return {"cost": passed, "lines": lines}
