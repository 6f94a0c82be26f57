"""How many small changes to the program a test notices: a sample of changes, each tried on the tests that run its line.

    python -m benchmarks.mutants                                     # the stored table
    python -m benchmarks.mutants --date 2026-11-28                   # 300 changes tried (about an hour), and stored
    python -m benchmarks.mutants --date 2026-11-28 --seed 2 --sample 50
    python -m benchmarks.mutants --date 2026-11-28 --again           # only what survived by the stored table
    python -m benchmarks.mutants --date 2026-11-28 --again --tests tests/test_tiers.py ...    # on these alone

Changed are forecast, assessment, indicators, narrative and the checks of returns. The copy of the package, the map of
tests and lines, and what was tried are kept in the scratch folder: delete it after a change to the package. Tests are
taken as they are.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.covering import COMMIT, Map, Stopwatch, copy_repository, forked, map_of, run_tests, warm_up
from benchmarks.mutations import Change, changes

RESULTS = Path(__file__).parent / "results" / "mutants.json"
EQUIVALENT = Path(__file__).parent / "equivalent_changes.json"
ROOMS = ("forecast", "assessment", "indicators", "narrative")
OF_RETURNS = (
    "checks", "file_figures", "findings", "guesses", "held", "measures", "moved", "number_formats", "together",
    "typed_numbers",
)  # fmt: skip
SAMPLE, SEED = 300, 1
BUDGET = 20.0  # processor seconds of tests for one change; what is not noticed by then has survived
HUNG = 10.0  # processor seconds beyond three times those of its whole file: a test that takes longer hangs


@dataclass(frozen=True)
class Tried:
    """What became of one change: `verdict` is killed, survived, equivalent (then `why`), or gone where later code has
    no such line; `by` the test that noticed it; `code` the line it was made on."""

    module: str
    line: int
    kind: str
    change: str
    code: str
    verdict: str
    by: str = ""
    why: str = ""

    @property
    def room(self) -> str:
        """Forecast, assessment, indicators, narrative or returns."""
        return self.module.split("/")[1]


def modules(root: Path) -> list[str]:
    """The modules that are changed, as paths from the root of the repository."""
    found = [path for room in ROOMS for path in sorted((root / "vetanalysis" / room).glob("*.py"))]
    found += [root / "vetanalysis" / "returns" / f"{name}.py" for name in OF_RETURNS]
    return [path.relative_to(root).as_posix() for path in found if path.name != "__init__.py"]


def sampled(root: Path, size: int, seed: int) -> list[tuple[str, Change]]:
    """So many of all changes that can be made, drawn with the seed."""
    every = [
        (module, change)
        for module in modules(root)
        for change in changes((root / module).read_text(encoding="utf-8"))
    ]
    return random.Random(seed).sample(every, min(size, len(every)))


def tests_for(module: str, change: Change, known: Map) -> list[str]:
    """The tests to run, cheapest file first: those that ran the line, then the other tests of the same files.

    The latter since what one test computed another may take from a cache.
    """
    direct = known.of_lines(module, change.told_by) or known.of_module(module)
    others = {test for test in known.cost if _file(test) in {_file(one) for one in direct}} - direct
    return [*_by_file(direct, known), *_by_file(others, known)]


def _by_file(tests: set[str], known: Map) -> list[str]:
    """Tests by file, those of the cheapest file first: what they cost and the dearest of the file, which had to read
    and compute what its tests share."""
    dearest: dict[str, float] = {}
    for test, seconds in known.cost.items():
        dearest[_file(test)] = max(dearest.get(_file(test), 0.0), seconds)
    cost = Counter({_file(test): dearest[_file(test)] for test in tests})
    for test in tests:
        cost[_file(test)] += known.cost[test]
    return sorted(tests, key=lambda test: (cost[_file(test)], _file(test), known.cost[test], test))


def _file(test: str) -> str:
    return test.partition("::")[0]


def try_change(scratch: Path, module: str, change: Change, known: Map) -> tuple[str, str]:
    """Whether the change is noticed, and by which test; the scratch copy is as before afterwards."""
    tests, path = tests_for(module, change, known), scratch / module
    if not tests:
        return "survived", "no test runs it"
    before, times = path.read_bytes(), path.stat()
    try:
        path.write_text(change.text, encoding="utf-8", newline="\n")
        os.utime(path, (times.st_atime, times.st_mtime + 2))  # else the stored bytecode would count
        found = forked(lambda: _noticed(tests, known), scratch, 20 * BUDGET)
    finally:
        path.write_bytes(before)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    if found is None:
        return "killed", "hangs or dies"
    return ("killed", found[0]) if found else ("survived", "")


def _noticed(tests: list[str], known: Map) -> list[str]:
    """The first test that fails on the package as it is now; a file is read only when it is its turn."""
    signal.signal(signal.SIGPROF, lambda *_: os._exit(1))
    whole: Counter[str] = Counter()
    for test, cost in known.cost.items():
        whole[_file(test)] += cost
    left = BUDGET
    for name, of_file in groupby(tests, key=_file):
        order = list(of_file)
        watch = Stopwatch(order, dict.fromkeys(order, 3 * whole[name] + HUNG), left)
        run_tests(watch, [name], "-x")
        left = watch.left
        if watch.failed or left < 0:
            return watch.failed
    return []


def alone(scratch: Path, tests: list[str]) -> set[str]:
    """Of these tests those that fail on the unchanged package when run as a change runs them."""
    failed: set[str] = set()
    for name in sorted({_file(test) for test in tests}):
        of_file = [test for test in tests if _file(test) == name]

        def run(of_file: list[str] = of_file, name: str = name) -> list[str]:
            watch = Stopwatch(of_file, dict.fromkeys(of_file, 1e6))
            run_tests(watch, [name])
            return watch.failed

        found = forked(run, scratch, 1800)
        failed |= set(of_file if found is None else found)
    return failed


def measure(options: argparse.Namespace) -> list[Tried]:
    """Every change of the sample, tried, or taken from the scratch folder where it was tried before."""
    scratch = options.scratch / "copy"
    scratch.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what ends it lets the copy be put right first
    copy_repository(scratch)
    warm_up()
    known = map_of(scratch, modules(scratch), options.scratch / "map", options.tests)
    if options.again:
        return _by_sound_tests(scratch, [again(scratch, one, known) for one in stored()])
    kept, found = options.scratch / f"tried-{options.seed}.jsonl", []
    earlier = _earlier(kept)
    with kept.open("a", encoding="utf-8") as out:
        for number, (module, change) in enumerate(sampled(scratch, options.sample, options.seed), 1):
            code = (scratch / module).read_text(encoding="utf-8").splitlines()[change.line - 1].strip()
            key = (module, code, change.shown)
            tried = earlier.get(key)
            if tried is None:
                started = time.monotonic()
                verdict, by = try_change(scratch, module, change, known)
                tried = Tried(module, change.line, change.kind, change.shown, code, verdict, by)
                print(json.dumps(asdict(tried), ensure_ascii=False), file=out, flush=True)
                print(
                    f"{number} {verdict} {module}:{tried.line} {tried.change} {by} "
                    f"({time.monotonic() - started:.0f} s)",
                    flush=True,
                )
            found.append(tried)
    return _by_sound_tests(scratch, found)


def _by_sound_tests(scratch: Path, tried: list[Tried]) -> list[Tried]:
    """The same, where what a test noticed counts only if it passes on the unchanged package."""
    failing = alone(scratch, sorted({one.by for one in tried if "::" in one.by}))
    return [replace(one, verdict="survived", by="") if one.by in failing else one for one in tried]


def stored() -> list[Tried]:
    """What the stored table says was not noticed."""
    return [Tried(**one) for one in json.loads(RESULTS.read_text(encoding="utf-8"))["not_noticed"]]


def again(scratch: Path, one: Tried, known: Map) -> Tried:
    """A change that was not noticed, tried where its line stands now; gone where nothing has it any more."""
    if one.verdict == "equivalent":
        return one
    places = moved_to(scratch, one)
    tried = [try_change(scratch, module, change, known) for module, change in places]
    verdict, by = next((told for told in tried if told[0] != "killed"), tried[0]) if tried else ("gone", "")
    print(verdict, one.module, one.code, one.change, by, flush=True)
    return replace(one, verdict=verdict, by=by)


def moved_to(root: Path, one: Tried) -> list[tuple[str, Change]]:
    """Where the same change of the same line can be made: in its own module, else in whichever has the line now."""
    for module in (one.module, *(name for name in modules(root) if name != one.module)):
        source = (root / module).read_text(encoding="utf-8") if (root / module).exists() else ""
        lines = source.splitlines()
        if one.code not in (line.strip() for line in lines):
            continue
        found = [
            (module, change) for change in changes(source)
            if change.shown == one.change and lines[change.line - 1].strip() == one.code
        ]  # fmt: skip
        if found:
            return found
    return []


def _earlier(kept: Path) -> dict[tuple[str, str, str], Tried]:
    lines = kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []
    tried = [Tried(**json.loads(line)) for line in lines]
    return {(one.module, one.code, one.change): one for one in tried}


def judged(tried: list[Tried]) -> list[Tried]:
    """The same with what is known to change nothing named as such, and why."""
    listed = json.loads(EQUIVALENT.read_text(encoding="utf-8")) if EQUIVALENT.exists() else []
    why = {(one["module"], one["code"], one["change"]): one["why"] for one in listed}
    return [
        replace(one, verdict="equivalent", why=why[one.module, one.code, one.change])
        if one.verdict == "survived" and (one.module, one.code, one.change) in why
        else one
        for one in tried
    ]


def renewed(tried: list[Tried], options: argparse.Namespace) -> dict[str, Any]:
    """The stored table with what became of the changes that it says were not noticed."""
    before, now = json.loads(RESULTS.read_text(encoding="utf-8")), result_of(tried, options)

    def both(part: str, name: str) -> dict[str, int]:
        fresh = now[part].get(name, _score([]))
        return {**fresh, "killed": fresh["killed"] + before[part][name]["killed"]}

    return {
        **before,
        "again": {"date": options.date, "commit": now["commit"]},
        "all": {**now["all"], "killed": now["all"]["killed"] + before["all"]["killed"]},
        **{part: {name: both(part, name) for name in before[part]} for part in ("rooms", "kinds")},
        "not_noticed": now["not_noticed"],
    }


def result_of(tried: list[Tried], options: argparse.Namespace) -> dict[str, Any]:
    """What is stored: the score by room and by kind of change, and everything that was not noticed."""
    tried = judged(tried)
    return {
        "date": options.date,
        "commit": (options.scratch / "copy" / COMMIT).read_text().strip(),
        "seed": options.seed,
        "sample": len(tried),
        "all": _score(tried),
        "rooms": {room: _score([one for one in tried if one.room == room]) for room in (*ROOMS, "returns")},
        "kinds": {
            kind: _score([one for one in tried if one.kind == kind])
            for kind in sorted({one.kind for one in tried})
        },
        "not_noticed": [
            {name: value for name, value in asdict(one).items() if value}
            for one in sorted(tried, key=lambda one: (one.verdict, one.module, one.line))
            if one.verdict != "killed"
        ],
    }


def _score(tried: list[Tried]) -> dict[str, int]:
    counts = Counter(one.verdict for one in tried)
    return {name: counts[name] for name in ("killed", "survived", "equivalent", "gone")}


def table(result: dict[str, Any], ran: bool) -> str:
    """The table in lines: shares are of the changes that are not equivalent."""
    head = (
        f"Changes noticed by a test, measured {result['date']} at {result['commit']}: {result['sample']} sampled, "
        f"seed {result['seed']}"
    )
    if "again" in result:
        head += f"; what survived tried again {result['again']['date']} at {result['again']['commit']}"
    rows = {"all": result["all"], **result["rooms"], **result["kinds"]}
    lines = [head if ran else head + "; stored, nothing was run"]
    for name, row in rows.items():
        known = row["killed"] + row["survived"]
        share = f"{100 * row['killed'] / known:.0f} %" if known else ".."
        gone = f", {row['gone']} gone" if row["gone"] else ""
        lines.append(
            f"  {name:12} {row['killed']:4} of {known:4} {share:>6}  ({row['equivalent']} equivalent{gone})"
        )
    for one in result["not_noticed"]:
        lines.append(f"  {one['verdict']} {one['module']}:{one['line']} {one['change']}")
        if "why" in one:
            lines.append(f"      {one['why']}")
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    """Try a sample and store the table, or show what is stored."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--date", default="", help="ISO day, stored with the table; without it nothing is run"
    )
    parser.add_argument("--sample", type=int, default=SAMPLE, help="how many changes")
    parser.add_argument("--seed", type=int, default=SEED, help="which changes; stored with the default alone")
    parser.add_argument("--again", action="store_true", help="try again what survived by the stored table")
    parser.add_argument(
        "--tests", nargs="+", help="test files, or FILE::TEST, to try it on; by default all that are cheap"
    )
    parser.add_argument(
        "--scratch", type=Path, default=Path(tempfile.gettempdir()) / "vetanalysis-mutants",
        help="folder for the copy, the map and what was tried",
    )  # fmt: skip
    options = parser.parse_args(argv)
    if not options.date:
        if not RESULTS.exists():
            print("Changes noticed by a test: nothing stored yet; run with --date")
            return 0
        print(table(json.loads(RESULTS.read_text(encoding="utf-8")), ran=False))
        return 0
    result = (renewed if options.again else result_of)(measure(options), options)
    if (options.sample, options.seed) == (SAMPLE, SEED):
        text = json.dumps(result, indent=1, ensure_ascii=False) + "\n"
        RESULTS.write_text(text, encoding="utf-8", newline="\n")
    print(table(result, ran=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
