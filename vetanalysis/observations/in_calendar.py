"""What a plan's calendar says of figures: which months it counts by, which days a period has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vetanalysis.periods import PERIOD, parse_cutoff, parse_day, window

if TYPE_CHECKING:
    from vetanalysis.errors import Finding
    from vetanalysis.observations.checks import Sheet
    from vetanalysis.plan import Plan


def months_of_quarters(sheet: Sheet, plan: Plan | None) -> Iterator[Finding]:
    """Months in the figures of a plan that counts by quarter: nothing it reckons with could use them."""
    calendar = getattr(plan, "calendar", None)
    if calendar is None or calendar.steps == 12:
        return
    within = sheet.text["period"].str.fullmatch(r"\d{4}-M\d\d")
    ends = sheet.text["period"].str.fullmatch(r"\d{4}-M(?:03|06|09|12)") & (sheet.text["basis"] != "period")
    yield from sheet.findings(within & ~ends, "period", "month-of-quarters", "month_of_quarters")


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
