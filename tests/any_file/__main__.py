"""`python -m tests.any_file COUNT --seed N --from FIRST`: read so many variants and list what is wrong."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from tests.any_file.judge import judged
from tests.any_file.variants import SEED, variants
from vetanalysis.plan import load_plan


def main() -> int:
    """List what is wrong, and keep the files that show it."""
    parser = argparse.ArgumentParser(prog="python -m tests.any_file", description=__doc__)
    parser.add_argument("count", type=int, help="how many variants")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--from", type=int, default=0, dest="first", help="number of the first")
    given = parser.parse_args()
    plan, bad, read, figures, refused = load_plan("lang-son-2023"), 0, 0, 0, 0
    kept = Path(tempfile.mkdtemp(prefix="any-file-"))
    started = time.process_time()
    numbers = range(given.first, given.first + given.count)
    for number, one in zip(numbers, variants(plan, numbers, given.seed), strict=True):
        verdict = judged(one, kept, plan)
        read, figures, refused = read + verdict.read, figures + verdict.figures, refused + verdict.refused
        if verdict.wrong:
            bad += 1
            (kept / f"{number}-{one.name}").write_bytes(one.data)
            print(f"{number}: {', '.join(one.changes)}", *verdict.wrong[:4], sep="\n    ")
    seconds = time.process_time() - started
    print(
        f"{bad} of {given.count} wrong, {refused} refused, {read} figures read of {figures}; {seconds:.0f} s; {kept}"
    )
    return int(bad > 0)


if __name__ == "__main__":
    raise SystemExit(main())
