"""How long reading takes: forty workbooks, and a register of one million learners.

    python benchmarks/returns.py [folder with workbooks] [plan]

Forty filled forms are written to a temporary folder when none is given. Prints seconds (wall clock) and peak memory.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from vetanalysis.plan import load_plan
from vetanalysis.returns.obligations import reporting_units
from vetanalysis.returns.reader import read_return
from vetanalysis.returns.register import read_register
from vetanalysis.returns.template import build_form, parse_cutoff


def write_forms(folder: Path, plan, count: int) -> list[Path]:
    paths = []
    for unit in (reporting_units(plan, parse_cutoff("2023-9M")) * count)[:count]:
        form = build_form(plan, unit, "2023-9M")
        for number, ((sheet, ref), _) in enumerate(form.register.cells.items()):
            form.book[sheet][ref].value = number
            form.register.numbers[sheet, ref] = number
        paths.append(form.save(folder / str(len(paths)) / f"{unit}.xlsx"))
    return paths


def write_register(path: Path, rows: int) -> Path:
    rng = np.random.default_rng(1)
    columns = {
        "unit": ["178", "180", "Huyện Cao Lộc", "cdn-ls", "H. Đình Lập"],
        "period": ["2023-Q1", "2023-Q2", "2023-Q3"],
        "level": ["elementary", "Trung cấp", "college"],
        "sex": ["Nam", "Nữ"],
        "ethnic_minority": ["0", "1"],
        "poor": ["", "x"],
    }
    frame = {name: np.array(values)[rng.integers(0, len(values), rows)] for name, values in columns.items()}
    pd.DataFrame(frame).to_csv(path, index=False)
    return path


def say(what: str, seconds: float) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what}: {seconds:.2f} s, peak {peak:.0f} MB", flush=True)


def main() -> None:
    plan = load_plan(sys.argv[2] if len(sys.argv) > 2 else "lang-son-2023")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given = sorted(Path(sys.argv[1]).rglob("*.xls*")) if len(sys.argv) > 1 else []
        paths = given or write_forms(folder, plan, 40)
        start = time.perf_counter()
        results = [read_return(path, plan) for path in paths]
        say(f"{len(paths)} workbooks, one process", time.perf_counter() - start)
        start = time.perf_counter()
        with ProcessPoolExecutor(2) as pool:
            list(pool.map(partial(read_return, plan=plan), paths, chunksize=10))
        say(f"{len(paths)} workbooks, two processes", time.perf_counter() - start)
        print(f"{sum(len(one.observations) for one in results)} figures")
        register = write_register(folder / "register.csv", 1_000_000)
        start = time.perf_counter()
        counted = read_register(register, plan)
        say(f"a register of {counted.rows} rows", time.perf_counter() - start)


if __name__ == "__main__":
    main()
