"""What published figures are held against: places, sources, the day, and how far figures of their kind have moved.

A rate is compared with the figure before it of the same place, breakdown, base and concept. Of 63 provinces,
six regions and the country the largest change of a rate was 8.6 percentage points in a year and 8.2 in two
(`data/published`, 1995 to 2024), and the largest ratio of two counts above ten thousand 7.2. What moved
further is told, not refused: it may be true. A share where percent is asked is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vetanalysis.checks import finding
from vetanalysis.errors import Finding
from vetanalysis.observations.checks import BREAKDOWNS, LISTED, Sheet, is_day
from vetanalysis.periods import PERIOD, Calendar, Cutoff, cutoff_day, parse_cutoff
from vetanalysis.plan import Plan

MOST_POINTS = 10.0  # percentage points that a rate moves in a year; in n years sqrt(n) times as many
MOST_TIMES = 8.0  # one count over the one before, where the larger is at least `LARGE`
LARGE = 10_000
_ORDINARY = 10.0  # per cent: an indicator whose figures are usually above it has none below one per cent
_ENOUGH = 3  # figures below one per cent, and none above, of which shares are suspected
_SERIES = ("unit", "indicator", *BREAKDOWNS, "measure", "basis", "base", "concept")


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

    `plan`: whose calendar says when a year begins, and whose targets say what is usual for their indicators.
    """
    yield from _days(sheet, getattr(plan, "calendar", None) or Calendar(), today)
    table = pd.DataFrame({name: sheet.text[name] for name in (*_SERIES, "period", "vintage")})
    table["number"] = pd.to_numeric(sheet.text["value"], errors="coerce").astype(float)
    shares = _shares(table, plan)
    for row in np.flatnonzero(shares):
        yield _told(sheet, row, "share-for-percent", "share", value=f"{table['number'].iloc[row]:.15g}")
    yield from _jumps(sheet, table[~shares])


def _told(sheet: Sheet, row: int, rule: str, line: str, **facts: Any) -> Finding:
    severity = "error" if rule == "share-for-percent" else "warning"
    place = f"row {row + sheet.first}, value"
    return finding(sheet.file, place, rule, f"observations.{line}", severity=severity, **facts)


def _days(sheet: Sheet, calendar: Calendar, today: str) -> Iterator[Finding]:
    vintage, period = sheet.text["vintage"], sheet.text["period"]
    dated = is_day(vintage)
    ahead = dated & (vintage > today)
    yield from sheet.findings(ahead, "vintage", "vintage-ahead", "vintage_ahead", today=today)
    years = period.where(period.str.fullmatch(PERIOD), "").str[:4]
    begins = {year: str(cutoff_day(Cutoff(int(year), "start"), calendar)) for year in set(years) - {""}}
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
    table = table[table["period"].str.fullmatch(PERIOD)].assign(row=lambda frame: frame.index)
    ends = {code: parse_cutoff(code) for code in table["period"].unique()}
    years = {code: one.year + one.months / 12 for code, one in ends.items()}
    part = (
        table["period"].str[5:].mask(table["basis"] == "stock", "")
    )  # counts of half a year are no step to a year's
    table = table.assign(year=table["period"].map(years), part=part).sort_values(
        ["year", "vintage"], kind="stable"
    )
    table = table.drop_duplicates([*_SERIES, "period"], keep="last")
    before = table.groupby([*_SERIES, "part"], sort=False)[["number", "year", "period"]].shift()
    gap = (table["year"] - before["year"]).clip(lower=1)
    points = (table["number"] - before["number"]).abs() > MOST_POINTS * np.sqrt(gap)
    high, low = np.maximum(table["number"], before["number"]), np.minimum(table["number"], before["number"])
    times = (high > MOST_TIMES * low) & (high >= LARGE)
    jumped = table.assign(earlier=before["number"], since=before["period"])[
        points.where(table["measure"] == "percent", times)
    ]
    for one in jumped.sort_values("row").head(LISTED).itertuples():
        yield _told(
            sheet,
            one.row,
            "jump",
            "jump",
            value=f"{one.number:.15g}",
            earlier=f"{one.earlier:.15g}",
            period=one.since,
        )
