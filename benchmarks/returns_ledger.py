"""How long a folder of returns takes to be read, checked and joined, anew and with nothing changed.

The example's workbooks are copied under further days until there are enough; the cache used is a temporary one.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import Any

from vetanalysis.paths import data_root
from vetanalysis.plan import load_plan
from vetanalysis.returns.files import list_returns
from vetanalysis.returns.ledger import load_ledger
from vetanalysis.returns.read_all import CACHE_VARIABLE
from vetanalysis.returns.together import check_together

PLAN = "lang-son-2023-example"


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


def measure_ledger(source: Path | None = None, files: int = 40, plan_name: str = PLAN) -> dict[str, Any]:
    """Seconds to read, check and join `files` returns anew and with nothing changed, and to check them together."""
    plan = load_plan(plan_name)
    found: dict[str, Any] = {}
    before = os.environ.get(CACHE_VARIABLE)
    with tempfile.TemporaryDirectory() as temporary:
        os.environ[CACHE_VARIABLE] = str(Path(temporary) / "cache")
        try:
            folder = Path(temporary) / "returns"
            fill(folder, source or data_root() / "returns" / plan.name, plan, files)
            for what in ("anew", "unchanged"):
                started = time.perf_counter()
                ledger = load_ledger(plan, folder, jobs=2 if files > 120 else 1)
                found[what] = round(time.perf_counter() - started, 2)
            started = time.perf_counter()
            check_together(plan, ledger.observations, ledger.all_versions)
            found["together"] = round(time.perf_counter() - started, 2)
            found["files"] = len(ledger.versions)
        finally:
            os.environ.pop(CACHE_VARIABLE)
            if before is not None:
                os.environ[CACHE_VARIABLE] = before
    return found
