"""Holding what was read of a file against what its maker knows to stand in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import openpyxl

from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.returns.key import letters, place_of
from vetanalysis.returns.readings import Reading


class Figure(NamedTuple):
    """What one cell truly says; `period` is the cut-off or, of a quarter alone, the quarter."""

    unit: str
    period: str
    indicator: str
    value: float
    measure: str = "persons"
    basis: str = "cumulative"
    parts: frozenset[tuple[str, str]] = frozenset()


@dataclass
class Known:
    """A workbook of which the figures are known: `figures` by (sheet, cell)."""

    book: openpyxl.Workbook
    figures: dict[tuple[str, str], Figure] = field(default_factory=dict)

    def save(self, path: Path) -> Path:
        """Write the workbook."""
        self.book.save(path)
        return path


def wrongs(read: Reading, truth: dict[tuple[str, str], Figure]) -> list[str]:
    """Every figure that differs from the truth, or is lost, without a finding; empty is what must be.

    A wrong figure is told by a finding at its cell or an error of the file, a lost one also by one at its row or its
    column (a name or a header that is not understood).
    """
    refused = any(one.severity == "error" for one in read.findings)
    cells = {(one.sheet, one.place) for one in read.findings if one.severity != "info"}
    columns = {(sheet, place.rstrip("0123456789")) for sheet, place in cells}
    rows = {(sheet, place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for sheet, place in cells}
    found = {}
    for row in read.observations.to_dict("records"):
        _, sheet, cell = row["source"].rsplit("!", 2)
        parts = frozenset((name, row[name]) for name in BREAKDOWNS if row[name])
        found[sheet, cell] = Figure(
            row["unit"],
            row["period"],
            row["indicator"],
            round(row["value"], 6),
            row["measure"],
            row["basis"],
            parts,
        )
    said = []
    for at, figure in found.items():
        if at not in truth and not refused and at not in cells:
            said.append(f"{at}: {figure} read of a cell that holds no figure")
    for at, figure in truth.items():
        sheet, cell = at
        if at in found:
            if found[at] != figure and not refused and at not in cells:
                said.append(f"{at}: {found[at]} for {figure}")
        elif not refused and at not in cells:
            row, column = place_of(cell)
            if (sheet, letters(column)) not in columns and (sheet, str(row + 1)) not in rows:
                said.append(f"{at}: {figure} lost")
    return said
