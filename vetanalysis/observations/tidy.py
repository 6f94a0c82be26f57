"""Figures that someone brings without our workbooks: tidy files, one or several vintages of them.

A tidy file is a .csv or .parquet with the columns `unit, period, indicator, value`; every further column of
the observations may stand beside them. A day at the end of a file's name (`figures_2026-01-15.csv`) is the
vintage of the rows that state none. Several lie in one folder, or in a folder for each period.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from vetanalysis.blocks import Said
from vetanalysis.checks import finding, given_twice, refused
from vetanalysis.errors import DataRefused, Finding, WrongCall
from vetanalysis.observations.brought import read_brought
from vetanalysis.observations.checks import BREAKDOWNS, OBLIGATORY, only_errors
from vetanalysis.observations.table import LeftOut, combine, read_csv
from vetanalysis.periods import parse_day
from vetanalysis.plan import Plan

SUFFIXES = (".csv", ".parquet")
PARQUET_INSTALL = 'pip install "vetanalysis[parquet]"'

_DAY = re.compile(r"(?:^|[^0-9])(\d{4}-\d{2}-\d{2})$")
_FIGURE = ("unit", "period", "indicator", *BREAKDOWNS, "measure", "basis", "base", "concept", "vintage")


def tidy_files(path: Path) -> list[Path]:
    """The tidy files a path stands for: itself, or every file of a folder when all of them are tidy; else none.

    Files in folders below count too; one there that is named like a return (`178__2023-09-28.csv`) was sent by a unit
    and makes the folder one of returns.
    """
    if path.is_file():
        return [path] if _is_tidy(path) else []
    entries = _entries(path) if path.is_dir() else []
    sent = any("__" in one.name and one.parent != path for one in entries)
    return entries if entries and not sent and all(_is_tidy(one) for one in entries) else []


def _entries(folder: Path) -> list[Path]:
    """Every file of a folder and of those below it, without hidden ones and notes."""
    found = []
    for one in sorted(folder.iterdir()):
        if not one.name.startswith(".") and one.suffix != ".md":
            found += _entries(one) if one.is_dir() else [one]
    return found


def names_of(paths: Sequence[Path]) -> dict[Path, str]:
    """What each file is called: its name, with its folder's before it where two files bear the same."""
    again = set(given_twice([one.name for one in paths]))
    return {one: f"{one.parent.name}/{one.name}" if one.name in again else one.name for one in paths}


def read_tidy(path: Path, plan: Plan | None = None, name: str = "") -> pd.DataFrame:
    """The checked observations of one tidy file; a row without a source gets the file and its line.

    `name`: what the file is called, where not as it is. What is only doubtful is listed in `.attrs["findings"]`.
    Errors: DataRefused with every finding; WrongCall for a kind of file that is none of `SUFFIXES`, and for
    a .parquet where the reader of such files is not installed (the message says how to install it).
    """
    name = name or path.name
    raw = raw_table(path)
    frame, found = read_brought(raw, plan, name)
    errors = only_errors(found)
    if errors:
        raise DataRefused(errors)
    day = _DAY.search(path.stem)
    if day and parse_day(day[1]):
        frame = frame.assign(vintage=frame["vintage"].where(frame["vintage"] != "", day[1]))
    frame.attrs["findings"] = LeftOut(found)
    lines = pd.Series([f"{name}!{row + 2}" for row in range(len(frame))], dtype="str")
    return frame.assign(source=frame["source"].where(frame["source"] != "", lines))


def read_vintages(paths: Sequence[Path], plan: Plan | None = None) -> pd.DataFrame:
    """Several tidy files as one table; DataRefused with what is wrong in any of them (`read_each`)."""
    held, errors = read_each(paths, plan)
    if errors:
        raise DataRefused(errors)
    return combine(frame for frame in held.values() if frame is not None)


def read_each(
    paths: Sequence[Path], plan: Plan | None = None
) -> tuple[Mapping[str, pd.DataFrame | None], list[Finding]]:
    """Several tidy files by name, None for one that is refused, and every error in them.

    The same figure with two values in two files and no day that orders them is an error.
    """
    held: dict[str, pd.DataFrame | None] = {}
    errors: list[Finding] = []
    for path, name in names_of(paths).items():
        try:
            held[name] = read_tidy(path, plan, name)
        except DataRefused as refusal:
            held[name] = None
            errors += refusal.findings
    frames = [frame for frame in held.values() if frame is not None]
    return held, errors or conflicts(combine(frames))


def conflicts(table: pd.DataFrame) -> list[Finding]:
    """Figures that stand in two files with different values and the same (or no) vintage."""
    known = table[table["value"].notna() & table["source"].str.contains("!", regex=False)]
    again = known[known.duplicated(list(_FIGURE), keep=False)]
    found = []
    for _, rows in again.groupby(list(_FIGURE), sort=False):
        if rows["value"].nunique() == 1:
            continue
        first, last = rows.iloc[0], rows.iloc[-1]
        figure = {name: first[name] for name in ("unit", "period", "indicator")}
        found.append(
            finding(
                last["source"].split("!")[0],
                f"row {last['source'].rsplit('!', 1)[-1]}, value",
                "same-figure-twice",
                "observations.in_two_files",
                **figure,
                places=tuple(rows["source"]),
            )
        )
    return found


def raw_table(path: Path) -> pd.DataFrame:
    """A tidy file, every cell as written (of a .parquet: with its types); see `read_tidy` for errors."""
    if path.suffix.lower() == ".csv":
        return read_csv(path)
    if path.suffix.lower() != ".parquet":
        raise WrongCall(Said("calls.tidy_kind", path=str(path), kinds=SUFFIXES))
    if not path.is_file():
        raise WrongCall(Said("calls.no_file", path=str(path)))
    try:
        frame = pd.read_parquet(path)
    except ImportError:
        raise WrongCall(Said("calls.parquet", path=str(path), install=PARQUET_INSTALL)) from None
    except (OSError, ValueError) as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        line = "observations.unreadable_parquet"
        raise refused(path.name, "", "unreadable-parquet", line, said=said) from None
    return frame


def _is_tidy(path: Path) -> bool:
    """Whether a file is of a kind we read and, for a .csv, has the obligatory columns in its first line."""
    if not path.is_file() or path.suffix.lower() not in SUFFIXES:
        return False
    if path.suffix.lower() == ".parquet":
        return True
    with path.open(encoding="utf-8-sig", errors="replace") as handle:
        names = {name.strip().strip('"').casefold() for name in re.split("[,;\t]", handle.readline())}
    return set(OBLIGATORY) <= names
