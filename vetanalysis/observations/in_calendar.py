"""What a plan's calendar says of figures: which months it counts by, which days a period has."""

from __future__ import annotations

from collections.abc import Iterator

from vetanalysis.errors import Finding
from vetanalysis.observations.checks import Sheet
from vetanalysis.periods import PERIOD, parse_cutoff, parse_day, window
from vetanalysis.plan import Plan
from vetanalysis.plan.catalogue import catalogue


def months_of_quarters(sheet: Sheet, plan: Plan | None) -> Iterator[Finding]:
    """Months in the figures of a plan that counts by quarter: nothing it reckons with could use them."""
    calendar = getattr(plan, "calendar", None)
    if calendar is None or calendar.steps == 12:
        return
    within = sheet.text["period"].str.fullmatch(r"\d{4}-M\d\d")
    ends = sheet.text["period"].str.fullmatch(r"\d{4}-M(?:03|06|09|12)") & (sheet.text["basis"] != "period")
    yield from sheet.findings(within & ~ends, "period", "month-of-quarters", "month_of_quarters")


def alone_or_whole(sheet: Sheet, plan: Plan | None) -> Iterator[Finding]:
    """Half years, nine months and years of their own (basis=period) of what is counted since the year began.

    The period that ends there alone has a code of its own: read as that or as the whole, one of the two is wrong.
    """
    if plan is None or not hasattr(plan, "indicators"):
        return
    counted = [name for name, one in catalogue(plan).items() if one.basis == "cumulative"]
    mine = sheet.text["indicator"].isin(counted) & (sheet.text["basis"] == "period")
    for end, quarter in (("H1", "Q2"), ("9M", "Q3"), ("FY", "Q4")):
        here = mine & sheet.text["period"].str.fullmatch(rf"\d{{4}}-{end}")
        for period in sheet.text["period"][here].unique():
            alone = f"{period[:4]}-{quarter}"
            yield from sheet.findings(
                here & (sheet.text["period"] == period),
                "period",
                "alone-or-whole",
                "alone_or_whole",
                alone=alone,
            )


def window_ends(sheet: Sheet, plan: Plan | None) -> Iterator[Finding]:
    """Last days counted that do not lie within their period."""
    calendar, text = getattr(plan, "calendar", None), sheet.text["window_end"]
    stated = text.map(lambda day: parse_day(day) is not None) & sheet.text["period"].str.fullmatch(PERIOD)
    if calendar is None or not stated.any():
        return
    windows = {
        period: window(parse_cutoff(period), calendar) for period in sheet.text["period"][stated].unique()
    }
    first, last = (
        sheet.text["period"].map({name: str(days[at]) for name, days in windows.items()}) for at in (0, 1)
    )
    outside = stated & ((text < first.fillna("")) | (text > last.fillna("9999")))
    yield from sheet.findings(outside, "window_end", "window-end-outside", "window_end")
