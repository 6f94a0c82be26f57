"""How long a folder of returns takes to be read, checked and joined, anew and with nothing changed.

    python benchmarks/returns_ledger.py [folder of workbooks] [number of files] [plan]

The workbooks of the folder (by default the example's) are copied under further days until there are enough. Prints
seconds (wall clock and processor) and peak memory; the cache used is a temporary one.
"""

from __future__ import annotations

import os
import resource
import shutil
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

from vetanalysis.paths import data_root
from vetanalysis.plan import load_plan
from vetanalysis.returns.cache import VARIABLE
from vetanalysis.returns.check_together import check_together
from vetanalysis.returns.ledger import load_ledger
from vetanalysis.returns.received import list_returns


def fill(folder: Path, source: Path, plan, files: int) -> None:
    found = [one for one in list_returns(source, plan.units["code"]) if not one.period.endswith("FY")]
    found = [one for one in found if one.unit and one.period][-files:]
    for number in count():
        for one in found:
            if number * len(found) + found.index(one) >= files:
                return
            target = (
                folder / one.period / f"{one.unit}__2024-{number // 28 + 1:02d}-{number % 28 + 1:02d}.xlsx"
            )
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(one.path, target)


def main(arguments: list[str]) -> None:
    plan = load_plan(arguments[2] if len(arguments) > 2 else "lang-son-2023-example")
    source = Path(arguments[0]) if arguments else data_root() / "returns" / plan.name
    with tempfile.TemporaryDirectory() as temporary:
        os.environ[VARIABLE] = str(Path(temporary) / "cache")
        folder = Path(temporary) / "returns"
        fill(folder, source, plan, int(arguments[1]) if len(arguments) > 1 else 40)
        for what in ("anew", "nothing changed"):
            wall, cpu = time.perf_counter(), time.process_time()
            ledger = load_ledger(
                plan, folder, progress=True, jobs=2 if len(list(folder.rglob("*.xlsx"))) > 120 else 1
            )
            print(
                f"{len(ledger.versions)} files, {what}: {time.perf_counter() - wall:.1f} s "
                f"({time.process_time() - cpu:.1f} s processor here)"
            )
        wall = time.perf_counter()
        check_together(plan, ledger.observations, ledger.all_versions)
        print(f"checks across files, {len(ledger.observations)} figures: {time.perf_counter() - wall:.2f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
