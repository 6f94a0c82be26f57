"""`python -m tests.illustrative_year OUT --seed N`: write the example year under a folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.illustrative_year import SEED, write_example


def main(arguments: list[str] | None = None) -> int:
    """Write the example and say how many files there are."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.illustrative_year",
        description="Write the illustrative returns of 2020 to 2023 as workbooks, the end of 2023 apart.",
    )
    parser.add_argument(
        "out", type=Path, metavar="OUT", help="folder to write under, for instance data/returns"
    )
    parser.add_argument("--seed", type=int, default=SEED, help="whole number; the same seed, the same bytes")
    given = parser.parse_args(arguments)
    paths = write_example(given.out, given.seed)
    print(f"{len(paths)} workbooks under {given.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
