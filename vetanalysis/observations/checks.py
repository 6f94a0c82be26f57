"""What a table of observations must satisfy: every finding at once, with row, column and remedy."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vetanalysis.blocks import Said
from vetanalysis.checks import finding, near, nearest, shown
from vetanalysis.errors import Finding, WrongCall
from vetanalysis.observations.in_calendar import months_of_quarters, window_ends
from vetanalysis.periods import PERIOD, parse_cutoff

if TYPE_CHECKING:
    from vetanalysis.plan import Plan

OBLIGATORY = ("unit", "period", "indicator", "value")
BREAKDOWNS = ("level", "sex", "group", "residence", "trade", "fund_source", "channel")
COLUMNS = (
    *("unit", "period", "indicator", *BREAKDOWNS, "value", "measure", "basis", "status", "illustrative"),
    *("base", "concept", "source", "vintage", "certainty", "note", "standard_error", "window_end"),
)
# In the measure of the value (blank: unknown, 0: exact); the last day counted where the period had not ended.
OPTIONAL = ("standard_error", "window_end")
MOST_ERROR = 50.0  # percentage points: a larger standard error of a percentage says nothing
_STATED = tuple(name for name in COLUMNS if name not in OPTIONAL)
KEY = ("unit", "period", "indicator", *BREAKDOWNS, "measure", "basis", "base", "concept", "source", "vintage")

UNIT = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
INDICATOR = r"[a-z][a-z0-9_]*"
ALLOWED = {
    "basis": ("cumulative", "period", "stock"),
    "status": ("final", "provisional", "estimate"),
    "certainty": ("high", "medium", "low"),
    "illustrative": ("true", "false"),
    "sex": ("male", "female"),
    "residence": ("urban", "rural"),
}
NEEDED = ("unit", "period", "indicator", "value", "basis", "vintage")  # what a computation reads
LARGEST = {"persons": 1e10, "enrolments": 1e10, "attendances": 1e10}  # more than there are people
LARGEST_OF_ALL = 1e15
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
OVER_100 = ("year_plan", "same_period")  # bases on which more than 100 % is an ordinary figure

_LISTED = 20  # findings of one rule shown one by one; the rest are counted in a last line


def as_text(column: pd.Series) -> pd.Series:
    """A column as stripped text: missing is "", 20 and 20.0 are "20", True is "true"."""
    if isinstance(column.dtype, pd.StringDtype):
        return column.fillna("").str.strip()

    def one(value: object) -> str:
        if (
            value is None
            or (isinstance(value, float) and np.isnan(value))
            or value is pd.NA
            or value is pd.NaT
        ):
            return ""
        if isinstance(value, bool | np.bool_):
            return "true" if value else "false"
        if isinstance(value, float | np.floating) and float(value).is_integer():
            return str(int(value))
        if hasattr(value, "date") and callable(value.date):  # a day that a program parsed
            return value.date().isoformat()
        return str(value).strip()

    return pd.Series([one(value) for value in column], index=column.index, dtype="str")


def are_totals(frame: pd.DataFrame, but: Collection[str] = ()) -> pd.Series:
    """Which rows are totals: none of the breakdown columns that the frame has is set ("" is not set), `but` apart.

    `but=("level",)` accepts totals and figures of a single level. Index as the frame's.
    """
    columns = [name for name in BREAKDOWNS if name in frame.columns and name not in but]
    return (frame[columns] == "").all(axis=1)


def _is_day(text: pd.Series) -> pd.Series:
    shaped = text.str.fullmatch(r"\d{4}-\d{2}-\d{2}")
    parsed = pd.to_datetime(text.where(shaped), format="%Y-%m-%d", errors="coerce")
    return shaped & parsed.notna()


class _Sheet:
    """One table under check: its text columns and where its rows stand in the file."""

    def __init__(self, frame: pd.DataFrame, file: str) -> None:
        self.file = file
        self.first = 2 if file else 1  # line 1 of a file is the header
        self.absent = frozenset(COLUMNS).difference(frame.columns)
        empty = pd.Series([""] * len(frame), dtype="str")
        self.text = {
            name: as_text(frame[name]).reset_index(drop=True) if name in frame else empty for name in COLUMNS
        }

    def findings(
        self,
        bad: pd.Series,
        column: str,
        rule: str,
        line: str,
        *,
        severity: str = "error",
        remedy: Said | None = None,
        **facts: Any,
    ) -> Iterator[Finding]:
        """One finding per row of `bad`; `observations.line` gets what stands there (`value`) and the `column`.

        A column that the table does not have is silent: its absence is a finding of its own.
        """
        if column in self.absent:
            return
        line = f"observations.{line}"
        remedy = remedy or Said(f"{line}.do", **facts)
        told = partial(finding, self.file, severity=severity, remedy=remedy)
        rows = np.flatnonzero(bad.to_numpy(dtype=bool))
        for row in rows[:_LISTED]:
            place, value = f"row {row + self.first}, {column}", self.text[column].iloc[row]
            yield told(place, rule, line, value=value, column=column, **facts)
        if len(rows) > _LISTED:
            place = f"rows {rows[_LISTED] + self.first} to {rows[-1] + self.first}, {column}"
            more = len(rows) - _LISTED
            yield told(place, rule, "observations.more_rows", more=more)


def each_missing_column(frame: pd.DataFrame, needed: Collection[str], file: str) -> list[Finding]:
    """A finding for each needed column that the table does not have."""
    return [
        finding(
            file,
            f"row 1, {name}" if file else name,
            "missing-column",
            "observations.missing_column",
            name=name,
        )
        for name in needed
        if name not in frame.columns
    ]


def check_observations(
    frame: pd.DataFrame,
    plan: Plan | None = None,
    file: str = "",
    *,
    indicators: Collection[str] | None = None,
    sources: Collection[str] | None = None,
    published: bool = False,
) -> list[Finding]:
    """Everything that is wrong with a table of observations; an empty list when nothing is.

    `frame`: raw (as read, all text) or typed. `plan`: where given, every unit must be one of
    `plan.units` and levels, groups and sources of money must be those it lists. `indicators`, `sources`: known ids;
    None leaves ids unchecked; a mapping of indicators says the measures of each. `published=True` holds
    the table to the rules of `data/published`: all columns but `OPTIONAL` present, no blank value, source, base,
    concept, status and certainty stated. Elsewhere a blank value is "not reported" and passes.
    `file` is the name shown; rows are counted as in the file (the header is row 1).
    """
    problems = each_missing_column(frame, _STATED if published else OBLIGATORY, file)
    if any(name not in frame.columns for name in OBLIGATORY):
        return problems  # without the key columns every further finding would only repeat this one
    sheet = _Sheet(frame, file)
    for check in (_codes, _values, _standard_errors, _words, _days, _rates, _periods, _twice, _falls, _parts):
        problems.extend(check(sheet, published))
    problems.extend(_known(sheet, plan, indicators, sources, published))
    problems.extend(_listed(sheet, plan))
    problems.extend(months_of_quarters(sheet, plan))
    problems.extend(window_ends(sheet, plan))
    if isinstance(indicators, Mapping):
        problems.extend(_measures(sheet, indicators))
    return problems


def _codes(sheet: _Sheet, published: bool) -> Iterator[Finding]:
    for column, pattern, example in (
        ("unit", UNIT, "20, 178, VN"),
        ("period", PERIOD, "2023-FY, 2023-9M, 2023-Q2, 2023-M08"),
        ("indicator", INDICATOR, "trained_rate, people_enrolled"),
    ):
        wrong = ~sheet.text[column].str.fullmatch(pattern)
        yield from sheet.findings(wrong, column, f"{column}-code", "code", example=example)


def _values(sheet: _Sheet, published: bool) -> Iterator[Finding]:
    text = sheet.text["value"]
    blank = text == ""
    number = pd.to_numeric(text.where(~blank), errors="coerce")
    bad = ~blank & ~np.isfinite(number.astype(float))
    yield from sheet.findings(bad, "value", "not-a-number", "not_a_number")
    if published:
        yield from sheet.findings(blank, "value", "blank-value", "blank_value")
    percent = sheet.text["measure"] == "percent"
    above = percent & (number > 100) & ~sheet.text["base"].isin(OVER_100)
    yield from sheet.findings(above, "value", "percent-range", "percent_range")
    yield from sheet.findings(number < 0, "value", "negative", "negative")
    most = sheet.text["measure"].map(LARGEST).fillna(LARGEST_OF_ALL)
    large = np.isfinite(number.astype(float)) & (number > most)
    yield from sheet.findings(large, "value", "too-large", "too_large")


def _standard_errors(sheet: _Sheet, published: bool) -> Iterator[Finding]:
    text = sheet.text["standard_error"]
    number = pd.to_numeric(text.where(text != ""), errors="coerce").astype(float)
    most = np.where(sheet.text["measure"] == "percent", MOST_ERROR, np.inf)
    wrong = (text != "") & ~(np.isfinite(number) & (number >= 0) & (number <= most))
    yield from sheet.findings(wrong, "standard_error", "standard-error", "standard_error")


def _words(sheet: _Sheet, published: bool) -> Iterator[Finding]:
    for column, allowed in ALLOWED.items():
        text = sheet.text[column]
        stated = text.str.lower() if column == "illustrative" else text
        must = published and column in ("basis", "status", "certainty", "illustrative")
        wrong = ~stated.isin(allowed) & ((text != "") | must)
        yield from sheet.findings(wrong, column, f"unknown-{column}", "unknown_word", allowed=allowed)


def _days(sheet: _Sheet, published: bool) -> Iterator[Finding]:
    for column in ("vintage", "window_end"):
        text = sheet.text[column]
        yield from sheet.findings(
            (text != "") & ~_is_day(text), column, f"{column.replace('_', '-')}-day", "not_a_day"
        )


def _rates(sheet: _Sheet, published: bool) -> Iterator[Finding]:
    percent = sheet.text["measure"] == "percent"
    severity = "error" if published else "warning"
    for column in ("base", "concept"):
        blank = percent & (sheet.text[column] == "")
        remedy = Said(f"observations.rate_without.{column}.do")
        yield from sheet.findings(
            blank, column, f"rate-without-{column}", "rate_without", severity=severity, remedy=remedy
        )
    if published:
        yield from sheet.findings(sheet.text["measure"] == "", "measure", "no-measure", "no_measure")


def _periods(sheet: _Sheet, published: bool) -> Iterator[Finding]:
    alone = sheet.text["period"].str.fullmatch(r"\d{4}-Q[234]")
    running = alone & (sheet.text["basis"] == "cumulative")
    yield from sheet.findings(running, "basis", "quarter-alone", "quarter_alone")


def _twice(sheet: _Sheet, published: bool) -> Iterator[Finding]:
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


def _falls(sheet: _Sheet, published: bool) -> Iterator[Finding]:
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
    for one in fell.sort_values("row").head(_LISTED).itertuples():
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


def _known(
    sheet: _Sheet,
    plan: Plan | None,
    indicators: Collection[str] | None,
    sources: Collection[str] | None,
    published: bool,
) -> Iterator[Finding]:
    units = set(map(str, plan.units["code"])) if plan is not None else None
    for column, known in (("unit", units), ("indicator", indicators), ("source", sources)):
        if known is None:
            continue
        text = sheet.text[column]
        unknown = ~text.isin(set(known)) & ((text != "") | (column == "source" and published))
        if column == "indicator":
            unknown &= text.str.fullmatch(INDICATOR)
        for word in dict.fromkeys(text[unknown]):
            here, line = unknown & (text == word), f"unknown_{column}"
            yield from sheet.findings(here, column, f"unknown-{column}", line, remedy=near(word, known))


def _listed(sheet: _Sheet, plan: Plan | None) -> Iterator[Finding]:
    """Levels, groups, sources of money, trades, channels, bases and concepts that nobody lists.

    A misspelt one is always an error. Without a plan what only plans list is not judged.
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
    for column in (*own, "trade", "channel"):
        listed = own.get(column, set())
        known = listed.union(usual.get(column, ()))
        if plan is None and not known:
            continue
        text = sheet.text[column]
        unknown = (text != "") & ~text.isin(known)
        for word in dict.fromkeys(text[unknown]):
            closed = bool(listed) and column in ("level", "group", "fund_source")
            misspelt = nearest(word.casefold(), [one.casefold() for one in known], _ALIKE) is not None
            severity = "error" if closed or misspelt else "warning"
            yield from sheet.findings(
                unknown & (text == word), column, f"unknown-{column}", "unlisted", severity=severity,
                remedy=near(word, known) if known else Said("observations.unlisted.do", column=column),
            )  # fmt: skip


def _measures(sheet: _Sheet, known: Mapping[str, Collection[str]]) -> Iterator[Finding]:
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


def _parts(sheet: _Sheet, published: bool) -> Iterator[Finding]:
    """Parts above their whole: women above all, one quantity above the one that holds it (`WITHIN`), same source."""
    table = pd.DataFrame({name: sheet.text[name] for name in KEY})
    table["source"] = table["source"].str.replace(r"!.*", "", regex=True)  # the file, not the cell
    table["number"] = pd.to_numeric(sheet.text["value"], errors="coerce").astype(float)
    table["row"] = np.arange(len(table)) + sheet.first
    table = table[np.isfinite(table["number"])]
    counts = table[~table["measure"].isin(("percent", "percentage_points", "date", "status"))]
    counts = counts[~counts["measure"].str.contains("_per_", regex=False)]
    for column in BREAKDOWNS:
        parts, wholes = counts[counts[column] != ""], counts[counts[column] == ""]
        yield from _above(sheet, parts, wholes, [name for name in KEY if name != column], column, _TOLERANCE)
    for part, whole in WITHIN:
        parts, wholes = table[table["indicator"] == part], table[table["indicator"] == whole]
        key = [name for name in KEY if name != "indicator"]
        yield from _above(sheet, parts, wholes, key, "indicator", 1e-9, loosely=part in LOOSELY)


def _above(
    sheet: _Sheet,
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
    for one in both[both["number"] > both["number_whole"] + tolerance].head(_LISTED).itertuples():
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


def only_errors(findings: Collection[Finding]) -> list[Finding]:
    """The findings that make a table unusable."""
    return [finding for finding in findings if finding.severity == "error"]


def check_observations_given(obs: Any) -> None:
    """WrongCall for anything but a frame of observations; what stands in it is judged where it is read."""
    if not isinstance(obs, pd.DataFrame):
        raise WrongCall(Said("calls.observations", given=shown(obs)))
    missing = tuple(name for name in NEEDED if name not in obs.columns)
    if missing:
        raise WrongCall(Said("calls.observations_lack", missing=missing))
