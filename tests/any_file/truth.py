"""Holding what was read of a file against what its maker knows to stand in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.any_file.paper import Figure, Known
from vetanalysis.errors import Finding
from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.returns.key import address, place_of
from vetanalysis.returns.readings import Reading


def wrongs(read: Reading, known: Known, findings: Iterable[Finding] = ()) -> list[str]:
    """Every figure that differs from the truth, or is lost, without a finding; empty is what must be.

    A wrong figure is told by a finding at its cell or an error of the file, a lost one also by one at its row, its
    column or its sheet (a name, a header or a whole sheet that is not understood). `findings`: more of them than the
    reading holds.
    """
    told = [*read.findings, *findings]
    if any(one.severity == "error" for one in told):
        return []
    sheets = {(one.sheet, "all") for one in told if one.severity == "warning" and one.sheet and not one.place}
    cells = {(one.sheet, place_of(one.place)) for one in told if one.severity != "info"}
    rows = {(sheet, "row", place[0]) for sheet, place in cells if place}
    columns = {(sheet, "column", place[1]) for sheet, place in cells if place}
    return list(_wrong(_found(read), known, cells, rows | columns | sheets))


def _wrong(
    found: dict[tuple[str, object], Figure], known: Known, cells: set[object], lines: set[object]
) -> Iterator[str]:
    for at, figure in found.items():
        if at not in known.figures and at not in cells:
            yield f"{at[0]} {address(at[1])}: {figure} read where no such figure stands"
    for at in [*known.figures, *known.unreadable]:
        sheet, place = at
        where, true = f"{sheet} {address(place)}", known.figures.get(at)
        if at in cells or (true is not None and found.get(at) == true):
            continue
        if at in found and true is not None:
            yield f"{where}: {found[at]} for {true}"
        elif at not in found and not lines & {
            (sheet, "row", place[0]),
            (sheet, "column", place[1]),
            (sheet, "all"),
        }:
            yield f"{where}: lost ({true})"


def _found(read: Reading) -> dict[tuple[str, object], Figure]:
    found = {}
    for row in read.observations.to_dict("records"):
        _, sheet, cell = row["source"].rsplit("!", 2)
        parts = frozenset((name, row[name]) for name in BREAKDOWNS if row[name])
        found[sheet, place_of(cell)] = Figure(
            row["unit"],
            row["period"],
            row["indicator"],
            round(row["value"], 6),
            row["measure"],
            row["basis"],
            parts,
        )
    return found
