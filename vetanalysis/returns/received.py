"""What a folder of returns says before a file is opened: unit, period and the day of arrival, from names alone.

A return lies at `<period>/<unit>__<YYYY-MM-DD>.xlsx` (further words may follow the day). Files that people leave
lying about (notes, mapping files, hidden and lock files) are no returns.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from vetanalysis.blocks import Text
from vetanalysis.errors import VetanalysisError, WrongCall
from vetanalysis.periods import Cutoff, parse_cutoff, parse_day

NOT_RETURNS = frozenset({".md", ".yaml", ".yml", ".lock", ".tmp", ".ini", ".db"})
WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".csv"})
_NAME = re.compile(r"^(?P<unit>.*?)(?:__(?P<day>\d{4}-\d{2}-\d{2})(?P<rest>.*))?$")


@dataclass(frozen=True, slots=True)
class Received:
    """One file as found. `file` is its path below the folder with forward slashes; `unit` "" where the name gives
    no unit of the plan, `period` "" where the folder is no period, `day` "" where the name states no day.
    """

    path: Path
    file: str
    unit: str
    period: str
    day: str


def list_returns(folder: Path, units: Collection[str]) -> list[Received]:
    """Every return under a folder (or the one file given), sorted by name; `units` are the codes of the plan.

    A folder that bears the name of a workbook is listed too: reading it gives a finding.
    """
    if not folder.exists():
        raise WrongCall(Text(f"báo cáo nhận được: không có {folder}", f"returns: {folder} does not exist"))
    if folder.is_file():
        return [_received(folder, folder.parent, frozenset(units))]
    codes = frozenset(units)
    return [_received(path, folder, codes) for path in _files(folder)]


def _files(folder: Path) -> list[Path]:
    found: list[Path] = []
    try:
        entries = sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError:
        return [folder]
    for path in entries:
        if path.name.startswith((".", "~$")):
            continue
        if path.is_dir() and path.suffix.lower() not in WORKBOOKS and not path.is_symlink():
            found += _files(path)
        elif path.suffix.lower() not in NOT_RETURNS:
            found.append(path)
    return found


def _received(path: Path, folder: Path, codes: frozenset[str]) -> Received:
    match = _NAME.match(path.stem)
    unit, day = (match["unit"], match["day"] or "") if match else ("", "")
    return Received(
        path=path,
        file=path.relative_to(folder).as_posix(),
        unit=unit if unit in codes else "",
        period=_period(path, folder),
        day=day if parse_day(day) else "",
    )


def _period(path: Path, folder: Path) -> str:
    """The period of the nearest folder that is named like one, the given folder included."""
    for parent in path.parents:
        cutoff = _cutoff(parent.name)
        if cutoff is not None:
            return str(cutoff)
        if parent == folder:
            return ""
    return ""


def _cutoff(name: str) -> Cutoff | None:
    try:
        cutoff = parse_cutoff(name)
    except VetanalysisError:
        return None
    return None if cutoff.alone or cutoff.code == "start" else cutoff
