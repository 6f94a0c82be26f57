"""Words of a table of figures that nobody lists, and what its plan's calendar says of its periods."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import pandas as pd

from vetanalysis.blocks import Said
from vetanalysis.checks import near, nearest
from vetanalysis.errors import Finding
from vetanalysis.observations.checks import INDICATOR, Sheet
from vetanalysis.periods import PERIOD, parse_cutoff, parse_day, window
from vetanalysis.plan import Plan
from vetanalysis.plan.catalogue import catalogue

BASES = (
    *("labour_force", "labour_force_working_age", "employed", "employed_working_age", "population"),
    *("year_plan", "same_period"),
)
CONCEPTS = ("ICLS-13", "ICLS-19", "administrative", "as published")
LEVELS = (
    *("short_course", "elementary", "intermediate", "college"),
    *("primary", "lower_secondary", "upper_secondary", "college_intermediate", "elementary_other"),
)  # of training, and of education as published tables have them
TRADES = ("farm", "industry", "services", "driving")
CHANNELS = ("print", "broadcast", "online", "social", "commune_radio")
_ALIKE = 0.8  # as like as a misspelling


def unknown_names(
    sheet: Sheet, known: Mapping[str, Collection[str] | None], lists: Mapping[str, str]
) -> Iterator[Finding]:
    """Units, indicators and sources that are none of those `known`, by column; None: not judged.

    `lists`: the file in which somebody may list one more, by column. A blank is no unit and no indicator; where sources
    are known every figure names one.
    """
    for column, names in known.items():
        if names is None:
            continue
        text = sheet.text[column]
        unknown = ~text.isin(set(names)) & ((text != "") | (column == "source"))
        if column == "indicator":
            unknown &= text.str.fullmatch(INDICATOR)
        for word in dict.fromkeys(text[unknown]):
            here, line = unknown & (text == word), f"unknown_{column}"
            remedy = near(word, names)
            if column in lists:
                remedy = Said("observations.list_it", remedy=remedy, list=lists[column])
            yield from sheet.findings(here, column, f"unknown-{column}", line, remedy=remedy)


def unlisted_words(sheet: Sheet, plan: Plan | None, closed: bool) -> Iterator[Finding]:
    """Levels, groups, sources of money, trades, channels, bases and concepts that nobody lists.

    A misspelt one is always an error, and so is a base in the column of concepts. `closed`: the plan alone lists
    levels, groups and sources of money; elsewhere figures may have groups and sources of money of their own.
    """
    own: dict[str, set[str]] = {
        "level": {one.id for one in getattr(plan, "levels", ())},
        "group": {one.id for one in getattr(plan, "groups", ())},
        "fund_source": {one.id for one in getattr(plan, "funding_sources", ())},
    }
    targets = getattr(plan, "targets", ())
    own["base"] = {one.base for one in targets if one.base}
    own["concept"] = {one.concept for one in targets if one.concept}
    usual = {"level": LEVELS, "trade": TRADES, "channel": CHANNELS, "base": BASES, "concept": CONCEPTS}
    definitions = own["base"].union(own["concept"], BASES, CONCEPTS)
    for column in (*own, "trade", "channel"):
        listed = own.get(column, set())
        known = listed.union(usual.get(column, ()))
        own_words = not closed and column in ("group", "fund_source")
        if (plan is None or own_words) and not known:
            continue
        text = sheet.text[column]
        unknown = (text != "") & ~text.isin(known)
        for word in dict.fromkeys(text[unknown]):
            alike = definitions if column in ("base", "concept") else known
            misspelt = nearest(word.casefold(), [one.casefold() for one in alike], _ALIKE) is not None
            refused = closed and bool(listed) and column in ("level", "group", "fund_source")
            severity = "error" if refused or misspelt else "warning"
            if own_words and not misspelt:
                continue
            yield from sheet.findings(
                unknown & (text == word), column, f"unknown-{column}", "unlisted", severity=severity,
                remedy=near(word, known) if known else Said("observations.unlisted.do", column=column),
            )  # fmt: skip


def other_measures(sheet: Sheet, known: Mapping[str, Collection[str]]) -> Iterator[Finding]:
    """Figures in a measure that their indicator does not have: a rate in persons, people in per cent."""
    table = pd.DataFrame({name: sheet.text[name] for name in ("indicator", "measure")})
    for indicator, measure in table.drop_duplicates().itertuples(index=False):
        allowed = known.get(indicator, ())
        if not measure or not allowed or measure in allowed:
            continue
        here = (table["indicator"] == indicator) & (table["measure"] == measure)
        yield from sheet.findings(
            here,
            "measure",
            "measure-other",
            "measure_other",
            indicator=indicator,
            allowed=tuple(sorted(allowed)),
        )


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
