"""`python -m benchmarks [--panels DIR]`: every table; without the panels the stored ones, with their day."""

import argparse
import importlib
import sys
from datetime import date
from pathlib import Path

PARTS = ("rates", "year_totals", "pipeline")


def main(argv: list[str] | None = None) -> int:
    """Print the tables of all parts; with `--panels` accuracy and speed are measured anew."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--panels", type=Path, default=None, help="folder of the panels of real series")
    parser.add_argument("--date", default=None, help="day stored with the tables (default: today)")
    options = parser.parse_args(argv)
    day = options.date or date.today().isoformat()
    asked = ["--panels", str(options.panels), "--date", day] if options.panels else []
    for name in PARTS:
        part = importlib.import_module(f"benchmarks.{name}")
        part.main(
            [word for word in asked if name != "pipeline" or word not in ("--panels", str(options.panels))]
        )
        print(flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
