"""What figures of one table say against each other: the same twice, totals that fall, parts above their whole.

Published figures are also held against others of their kind. A rate is compared with the figure before it of the same
place, breakdown, base and concept. Of 63 provinces, six regions and the country the largest change of a rate was 8.6
percentage points in a year and 8.2 in two (`data/published`, 1995 to 2024), and the largest ratio of two counts above
ten thousand 7.2. What moved further is told, not refused: it may be true. A share where percent is asked is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vetanalysis.checks import finding
from vetanalysis.errors import Finding
from vetanalysis.observations.checks import BREAKDOWNS, KEY, LISTED, Sheet, is_day, numbered
from vetanalysis.periods import PERIOD, Calendar, Cutoff, cutoff_day, parse_cutoff
from vetanalysis.plan import Plan

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
MOST_POINTS = 10.0  # percentage points that a rate moves in a year; in n years sqrt(n) times as many
MOST_TIMES = 8.0  # one count over the one before, where the larger is at least `LARGE`
LARGE = 10_000
_ORDINARY = 10.0  # per cent: an indicator whose figures are usually above it has none below one per cent
_ENOUGH = 3  # figures below one per cent, and none above, of which shares are suspected


def check_between_rows(sheet: Sheet) -> Iterator[Finding]:
    """What rows of a table say against each other."""
    for check in (_twice, _falls, _parts):
        yield from check(sheet)


def _told(
    sheet: Sheet, row: int, rule: str, line: str, /, *, severity: str = "warning", **facts: Any
) -> Finding:
    """A finding at the value in a line of the file; numbers among the facts as they are written."""
    shown: dict[str, Any] = {
        name: f"{fact:.15g}" if isinstance(fact, float) else fact for name, fact in facts.items()
    }
    return finding(sheet.file, f"row {row}, value", rule, f"observations.{line}", severity=severity, **shown)


def _twice(sheet: Sheet) -> Iterator[Finding]:
    table = sheet.figures
    alike = pd.Series(numbered(table, ("period", "source", "vintage"), table["series"].to_numpy()))
    again = table[alike.duplicated(keep=False).to_numpy()]
    if again.empty:
        return
    for _, group in again.groupby(list(KEY), sort=False):
        severity = "error" if group["number"].nunique(dropna=False) > 1 else "warning"
        rows, values = tuple(group["row"].tolist()), tuple(f"{value:g}" for value in group["number"])
        yield _told(
            sheet, rows[-1], "same-figure-twice", "twice", severity=severity, rows=rows, values=values
        )


def _falls(sheet: Sheet) -> Iterator[Finding]:
    """Running totals below that of an earlier cut-off of the same year; of several vintages the last one counts."""
    table = sheet.figures
    table = table[(table["basis"] == "cumulative") & np.isfinite(table["number"])]
    table = table[table["period"].str.fullmatch(PERIOD)]
    if table.empty:
        return
    order = {text: place for place, text in enumerate(sorted(set(table["period"]), key=parse_cutoff))}
    table = table.assign(year=table["period"].str[:4], order=table["period"].map(order))
    table = table.sort_values(["order", "vintage"], kind="stable")
    table = table.drop_duplicates(["series", "year", "order"], keep="last")
    before = table.groupby(["series", "year"])[["number", "period"]].shift()
    fell = table.assign(earlier=before["number"], since=before["period"])[table["number"] < before["number"]]
    yield from _against_earlier(sheet, fell, "cumulative-falls", "falls")


def _against_earlier(sheet: Sheet, table: pd.DataFrame, rule: str, line: str) -> Iterator[Finding]:
    """Figures beside the one before them (`earlier`, of the period `since`), the first of them in the file."""
    for one in table.sort_values("row").head(LISTED).itertuples():
        yield _told(sheet, one.row, rule, line, value=one.number, earlier=one.earlier, period=one.since)


def _parts(sheet: Sheet) -> Iterator[Finding]:
    """Parts above their whole: women above all, one quantity above the one that holds it (`WITHIN`), same source."""
    table = sheet.figures[np.isfinite(sheet.figures["number"])]
    table = table.assign(source=table["source"].str.replace(r"!.*", "", regex=True))  # the file, not the cell
    counts = table[~table["measure"].isin(("percent", "percentage_points", "date", "status"))]
    counts = counts[~counts["measure"].str.contains("_per_", regex=False)]
    for column in (name for name in BREAKDOWNS if (counts[name] != "").any()):
        parts, wholes = counts[counts[column] != ""], counts[counts[column] == ""]
        yield from _above(sheet, parts, wholes, column, _TOLERANCE)
    there = set(table["indicator"])
    for part, whole in (pair for pair in WITHIN if there.issuperset(pair)):
        parts, wholes = table[table["indicator"] == part], table[table["indicator"] == whole]
        severity = "warning" if part in LOOSELY else "error"
        yield from _above(sheet, parts, wholes, "indicator", 1e-9, severity)


def _above(
    sheet: Sheet,
    parts: pd.DataFrame,
    wholes: pd.DataFrame,
    column: str,
    tolerance: float,
    severity: str = "error",
) -> Iterator[Finding]:
    """Parts above the whole that differs from them in one column only."""
    if parts.empty or wholes.empty:
        return
    both = parts.merge(wholes, on=[name for name in KEY if name != column], suffixes=("", "_whole"))
    for one in both[both["number"] > both["number_whole"] + tolerance].head(LISTED).itertuples():
        yield _told(
            sheet, one.row, "part-above-whole", "part_above", severity=severity, part=getattr(one, column),
            value=one.number, whole=one.number_whole, row=one.row_whole,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Published:
    """That figures are published ones, and what they may name.

    `places`: codes of places that are known besides the units of the plan. `sources`: ids; None for figures brought as
    a frame, which need not state where they are from nor what else files must state. `today`: the ISO day on which
    they are read; nothing can be known later.
    """

    places: frozenset[str]
    sources: Collection[str] | None
    today: str


def check_published(sheet: Sheet, plan: Plan | None, today: str) -> Iterator[Finding]:
    """Figures that were known too early or are not known yet, shares for percent, jumps.

    `plan`: whose targets say what is usual for their indicators. A year begins with the calendar's, as it does for who
    publishes, or with the plan's where that is earlier.
    """
    yield from _days(sheet, (Calendar(), getattr(plan, "calendar", None) or Calendar()), today)
    shares = _shares(sheet.figures, plan)
    for one in sheet.figures[shares].itertuples():
        yield _told(sheet, one.row, "share-for-percent", "share", severity="error", value=one.number)
    yield from _jumps(sheet, sheet.figures[~shares])


def _days(sheet: Sheet, calendars: Collection[Calendar], today: str) -> Iterator[Finding]:
    vintage, period = sheet.text["vintage"], sheet.text["period"]
    dated = is_day(vintage)
    ahead = dated & (vintage > today)
    yield from sheet.findings(ahead, "vintage", "vintage-ahead", "vintage_ahead", today=today)
    years = period.where(period.str.fullmatch(PERIOD), "").str[:4]
    starts = {year: Cutoff(int(year), "start") for year in set(years) - {""}}
    begins = {year: min(str(cutoff_day(at, one)) for one in calendars) for year, at in starts.items()}
    begun = years.map(lambda year: begins.get(year, ""))
    early = (begun > vintage.where(dated, today)) & ~ahead
    yield from sheet.findings(early, "period", "known-before", "known_before")


def _shares(table: pd.DataFrame, plan: Plan | None) -> np.ndarray:
    """Which percentages are shares: below one, of an indicator that has far larger figures or a far larger target."""
    percent = (table["measure"] == "percent") & (table["number"] > 0)
    small = percent & (table["number"] <= 1)
    usual = table[percent & ~small].groupby("indicator")["number"].median().to_dict()
    for target in getattr(plan, "targets", ()):
        if target.measure == "percent":
            usual.setdefault(target.indicator, float(target.value))
    number = table["indicator"][small].value_counts()
    usual = {name: _ORDINARY for name in number[number >= _ENOUGH].index} | usual
    return (small & (table["indicator"].map(usual) >= _ORDINARY)).to_numpy(dtype=bool)


def _jumps(sheet: Sheet, table: pd.DataFrame) -> Iterator[Finding]:
    table = table[(table["number"] >= 0) & np.isfinite(table["number"])]
    table = table[table["period"].str.fullmatch(PERIOD)]
    ends = {code: parse_cutoff(code) for code in table["period"].unique()}
    years = {code: one.year + one.months / 12 for code, one in ends.items()}
    part = table["period"].str[5:].mask(table["basis"] == "stock", "")  # half a year is no step to a year
    table = table.assign(year=table["period"].map(years), part=part)
    table = table.sort_values(["year", "vintage"], kind="stable")
    table = table.drop_duplicates(["series", "period"], keep="last")
    before = table.groupby(["series", "part"], sort=False)[["number", "year", "period"]].shift()
    gap = (table["year"] - before["year"]).clip(lower=1)
    points = (table["number"] - before["number"]).abs() > MOST_POINTS * np.sqrt(gap)
    high, low = np.maximum(table["number"], before["number"]), np.minimum(table["number"], before["number"])
    times = (high > MOST_TIMES * low) & (high >= LARGE)
    jumped = points.where(table["measure"] == "percent", times)
    table = table.assign(earlier=before["number"], since=before["period"])[jumped]
    yield from _against_earlier(sheet, table, "jump", "jump")
