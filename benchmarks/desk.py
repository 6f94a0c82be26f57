"""What a person waits for at a desk: returns checked, forms written, an answer on screen, the next unit's document.

    python -m benchmarks.desk                       # the stored table
    python -m benchmarks.desk --date 2026-11-29     # measured anew (about a minute and a half), and stored

Every command is started anew, as it is typed, three times; nothing that was read before is used by `check`. Seconds
on the clock are the least of the three; processor seconds tell what other load on the machine does not move.
"""

import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.runs import ROOT, machine, options_of, shown
from vetanalysis.returns.read_all import CACHE_VARIABLE

RESULTS = Path(__file__).parent / "results" / "desk.json"
PLAN, AS_OF, REPEATS = "lang-son-2023-example", "2023-9M", 3
SCREEN = ("assess", "lang-son-2023", "--as-of", "2023-start", "--returns", "none", "--lang", "vi", "--quiet")

_NEXT_UNIT = f"""
import time
from IPython.core.interactiveshell import InteractiveShell
from vetanalysis import open_study, show

shown_as = InteractiveShell.instance().display_formatter

def document(unit):
    study = open_study("{PLAN}", "{AS_OF}", unit=unit, lang="vi")
    for shown in (show.answer(study), show.document(study)):
        shown_as.format(shown)

began = time.perf_counter()
document("")
first = time.perf_counter() - began
took = []
for unit in ("178", "186", "cdn-ls"):
    began = time.perf_counter()
    document(unit)
    took.append(time.perf_counter() - began)
print(first, sorted(took)[1])
"""


def timed(words: list[str], env: dict[str, str]) -> tuple[float, float]:
    """Seconds on the clock and of the processor of one command."""
    before, started = os.times(), time.perf_counter()
    run = subprocess.run(words, env={**os.environ, **env}, cwd=ROOT, capture_output=True, text=True)
    seconds, after = time.perf_counter() - started, os.times()
    if run.returncode not in (0, 1):  # check ends with 1 where returns have errors
        raise RuntimeError(f"{' '.join(words)}\n{run.stdout}{run.stderr}")
    spent = (after.children_user + after.children_system) - (before.children_user + before.children_system)
    return seconds, spent


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "vetanalysis", *words]


def measure(date: str) -> dict[str, Any]:
    """Everything the table prints."""
    load, one_thread = os.getloadavg()[0], {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    found: dict[str, list[tuple[float, float]]] = {"check": [], "forms": [], "screen": []}
    with tempfile.TemporaryDirectory() as name:
        for number in range(REPEATS):
            room = Path(name) / str(number)
            cold = {**one_thread, CACHE_VARIABLE: str(room / "cache")}
            found["check"].append(timed(command("check", PLAN, "--as-of", AS_OF, "--quiet"), cold))
            written = command(
                "template", PLAN, "--period", AS_OF, "--out", str(room / "forms"), "--lang", "vi"
            )
            found["forms"].append(timed(written, one_thread))
            forms = len(list((room / "forms").rglob("*.xlsx")))
            found["screen"].append(timed(command(*SCREEN), one_thread))
        env = {**os.environ, **one_thread, CACHE_VARIABLE: str(Path(name) / "0" / "cache")}
        said = subprocess.run(
            [sys.executable, "-c", _NEXT_UNIT], check=True, cwd=ROOT, env=env, capture_output=True, text=True
        )
    first, following = map(float, said.stdout.split()[-2:])
    return {
        "date": date, "load": round(load, 1), **machine(),
        "check": _least(found["check"]), "forms": _least(found["forms"]), "number_of_forms": forms,
        "screen": _least(found["screen"]),
        "first_document": round(first, 2), "next_document": round(following, 2),
    }  # fmt: skip


def _least(runs: list[tuple[float, float]]) -> dict[str, float]:
    return {"seconds": round(min(one for one, _ in runs), 2), "spent": round(min(one for _, one in runs), 2)}


def table(result: dict[str, Any], ran: bool) -> str:
    """The table in a few lines, with the bounds."""
    head = f"At the desk, measured {result['date']} (load of the machine {result['load']} before; {result['machine']})"
    rows = [
        ("check of the example, nothing read before", result["check"], "6 s", "4 s"),
        (f"{result['number_of_forms']} forms written", result["forms"], "6 s", "4 s"),
        ("assess on screen, published figures", result["screen"], "1.5 s", "1.0 s"),
    ]
    lines = [head if ran else head + "; stored, nothing was run"]
    lines += [
        f"  {what:50} {one['seconds']} s ({one['spent']} of the processor){'':10} must {must:6} aim {aim}"
        for what, one, must, aim in rows
    ]
    lines.append(
        f"  {'a document in a notebook that has shown another':50} {result['next_document']} s "
        f"(the first: {result['first_document']} s){'':10} must 0.5 s  aim 0.2 s"
    )
    return "\n".join([*lines, f"  {result['versions']}"])


def main(argv: list[str] | None = None) -> int:
    """Measure and store, or show what is stored."""
    options = options_of(__doc__).parse_args(argv)
    work = partial(measure, options.date) if options.date else None
    return shown(RESULTS, "At the desk", table, work)


if __name__ == "__main__":
    sys.exit(main())
