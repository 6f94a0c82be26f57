"""What figures of one table say against each other: the same twice, totals that fall, parts above their whole."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from vetanalysis.checks import finding
from vetanalysis.errors import Finding
from vetanalysis.observations.checks import BREAKDOWNS, KEY, LISTED, Sheet
from vetanalysis.periods import PERIOD, parse_cutoff

#: Quantities of which one is part of the other.
WITHIN = (
    ("certified_rate", "trained_rate"),
    ("certified_workers", "trained_workers"),
    ("trained_workers", "labour_force"),
    ("graduates_followed", "people_graduated"),
    ("graduates_employed", "graduates_followed"),
    ("job_placements", "job_referrals"),
    ("budget_disbursed", "budget_assigned"),
    ("lower_secondary_to_vet", "lower_secondary_leavers"),
    ("upper_secondary_to_vet", "upper_secondary_leavers"),
)
#: Not strictly within: those followed may have graduated the year before, money of the year before may be spent.
LOOSELY = ("graduates_followed", "budget_disbursed")
_TOLERANCE = 0.5


def check_between_rows(sheet: Sheet) -> Iterator[Finding]:
    """What rows of a table say against each other."""
    for check in (_twice, _falls, _parts):
        yield from check(sheet)


def _twice(sheet: Sheet) -> Iterator[Finding]:
    table = pd.DataFrame({name: sheet.text[name] for name in KEY})
    again = table.duplicated(keep=False)
    if not again.any():
        return
    value = pd.to_numeric(sheet.text["value"], errors="coerce")
    repeated = table[again].assign(value=value[again], row=np.flatnonzero(again))
    for _, group in repeated.groupby(list(KEY), sort=False):
        differ = group["value"].nunique(dropna=False) > 1
        rows = tuple(int(row) + sheet.first for row in group["row"])
        values = tuple(f"{value:g}" for value in group["value"])
        yield finding(
            sheet.file,
            f"row {group['row'].iloc[-1] + sheet.first}, value",
            "same-figure-twice",
            "observations.twice",
            severity="error" if differ else "warning",
            rows=rows,
            values=values,
        )


def _falls(sheet: Sheet) -> Iterator[Finding]:
    """Running totals below that of an earlier cut-off of the same year; of several vintages the last one counts."""
    table = pd.DataFrame({name: sheet.text[name] for name in KEY})
    table["number"] = pd.to_numeric(sheet.text["value"], errors="coerce").astype(float)
    table["row"] = np.arange(len(table)) + sheet.first
    table = table[(table["basis"] == "cumulative") & np.isfinite(table["number"])]
    table = table[table["period"].str.fullmatch(PERIOD)]
    order = {text: place for place, text in enumerate(sorted(set(table["period"]), key=parse_cutoff))}
    table = table.assign(year=table["period"].str[:4], order=table["period"].map(order))
    same = [name for name in KEY if name not in ("period", "source", "vintage")] + ["year"]
    table = table.sort_values(["order", "vintage"], kind="stable").drop_duplicates(
        [*same, "order"], keep="last"
    )
    before = table.groupby(same)[["number", "period"]].shift()
    fell = table.assign(earlier=before["number"], since=before["period"])[table["number"] < before["number"]]
    for one in fell.sort_values("row").head(LISTED).itertuples():
        yield finding(
            sheet.file,
            f"row {one.row}, value",
            "cumulative-falls",
            "observations.falls",
            severity="warning",
            value=f"{one.number:.15g}",
            earlier=f"{one.earlier:.15g}",
            period=one.since,
        )


def _parts(sheet: Sheet) -> Iterator[Finding]:
    """Parts above their whole: women above all, one quantity above the one that holds it (`WITHIN`), same source."""
    table = pd.DataFrame({name: sheet.text[name] for name in KEY})
    table["source"] = table["source"].str.replace(r"!.*", "", regex=True)  # the file, not the cell
    table["number"] = pd.to_numeric(sheet.text["value"], errors="coerce").astype(float)
    table["row"] = np.arange(len(table)) + sheet.first
    table = table[np.isfinite(table["number"])]
    counts = table[~table["measure"].isin(("percent", "percentage_points", "date", "status"))]
    counts = counts[~counts["measure"].str.contains("_per_", regex=False)]
    for column in (name for name in BREAKDOWNS if (counts[name] != "").any()):
        parts, wholes = counts[counts[column] != ""], counts[counts[column] == ""]
        yield from _above(sheet, parts, wholes, [name for name in KEY if name != column], column, _TOLERANCE)
    present = set(table["indicator"])
    for part, whole in (pair for pair in WITHIN if present.issuperset(pair)):
        parts, wholes = table[table["indicator"] == part], table[table["indicator"] == whole]
        key = [name for name in KEY if name != "indicator"]
        yield from _above(sheet, parts, wholes, key, "indicator", 1e-9, loosely=part in LOOSELY)


def _above(
    sheet: Sheet,
    parts: pd.DataFrame,
    wholes: pd.DataFrame,
    key: list[str],
    column: str,
    tolerance: float,
    loosely: bool = False,
) -> Iterator[Finding]:
    if parts.empty or wholes.empty:
        return
    both = parts.merge(wholes, on=key, suffixes=("", "_whole"))
    for one in both[both["number"] > both["number_whole"] + tolerance].head(LISTED).itertuples():
        yield finding(
            sheet.file,
            f"row {one.row}, value",
            "part-above-whole",
            "observations.part_above",
            severity="warning" if loosely else "error",
            part=getattr(one, column),
            value=f"{one.number:.15g}",
            whole=f"{one.number_whole:.15g}",
            row=int(one.row_whole),
        )
