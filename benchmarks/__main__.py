"""`python -m benchmarks [PART ...] [--panels DIR]`: every table; without `--panels` or `--date` the stored ones.

Parts: rates, yearly_totals, year_totals, short_years (accuracy: need the panels), pipeline, cluster, desk, national,
country, returns (speed).
`python -m benchmarks national --date 2026-11-24` measures one part anew; `--panels DIR` alone measures all of them,
dated today.
"""

import argparse
import importlib
import sys
from datetime import date
from pathlib import Path

ACCURACY, SPEED = (
    ("rates", "yearly_totals", "year_totals", "short_years"),
    ("pipeline", "cluster", "desk", "national", "country", "returns"),
)


def main(argv: list[str] | None = None) -> int:
    """Print the tables of the parts asked for; measured anew where a day or the panels are given, else as stored."""
    parser = argparse.ArgumentParser(
        prog="benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"{', '.join((*ACCURACY, *SPEED))}; default: all"
    )
    parser.add_argument("--panels", type=Path, default=None, help="folder of the panels of real series")
    parser.add_argument(
        "--date", default="", help="day stored with the tables (with --panels default: today)"
    )
    options = parser.parse_args(argv)
    if unknown := [name for name in options.parts if name not in (*ACCURACY, *SPEED)]:
        parser.error(f"no such part: {', '.join(unknown)}")
    day = options.date or (date.today().isoformat() if options.panels else "")
    for name in options.parts or (*ACCURACY, *SPEED):
        asked = ["--date", day] if day else []
        if name in ACCURACY:
            asked = ["--panels", str(options.panels), *asked] if options.panels else []
        importlib.import_module(f"benchmarks.{name}").main(asked)
        print(flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
