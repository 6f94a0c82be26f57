"""Writes the three plans into a folder: `python -m invented FOLDER [--full]` in `tests/`."""

import argparse
from pathlib import Path

from invented import schools, unemployment, vaccinations

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("folder", type=Path)
parser.add_argument("--full", action="store_true", help="600 colleges and 400 districts instead of 12")
given = parser.parse_args()
for written in (
    schools.write(given.folder, *((12, 50) if given.full else ())),
    unemployment.write(given.folder),
    vaccinations.write(given.folder, *((400,) if given.full else ())),
):
    print(written.folder, written.data)
