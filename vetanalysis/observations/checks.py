"""The columns of a table of observations, and what each row must satisfy by itself: findings with row and column."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property, partial
from typing import Any

import numpy as np
import pandas as pd

from vetanalysis.blocks import Said
from vetanalysis.checks import finding, shown
from vetanalysis.errors import Finding, WrongCall
from vetanalysis.periods import PERIOD, parse_day

OBLIGATORY = ("unit", "period", "indicator", "value")
BREAKDOWNS = ("level", "sex", "group", "residence", "trade", "fund_source", "channel")
COLUMNS = (
    *("unit", "period", "indicator", *BREAKDOWNS, "value", "measure", "basis", "status", "illustrative"),
    *("base", "concept", "source", "vintage", "certainty", "note", "standard_error", "window_end"),
    "approximate",
)
# In the measure of the value (blank: unknown, 0: exact); the last day counted where the period had not ended; whether
# the source words the figure as about, nearly or over what is printed.
OPTIONAL = ("standard_error", "window_end", "approximate")
MOST_ERROR = 50.0  # percentage points: a larger standard error of a percentage says nothing
STATED = tuple(name for name in COLUMNS if name not in OPTIONAL)
KEY = ("unit", "period", "indicator", *BREAKDOWNS, "measure", "basis", "base", "concept", "source", "vintage")
SERIES = tuple(name for name in KEY if name not in ("period", "source", "vintage"))

UNIT = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
INDICATOR = r"[a-z][a-z0-9_]*"
ALLOWED = {
    "basis": ("cumulative", "period", "stock"),
    "status": ("final", "provisional", "estimate"),
    "certainty": ("high", "medium", "low"),
    "illustrative": ("true", "false"),
    "sex": ("male", "female"),
    "residence": ("urban", "rural"),
    "approximate": ("about", "nearly", "over"),
}
NEEDED = ("unit", "period", "indicator", "value", "basis", "vintage")  # what a computation reads
LARGEST = {"persons": 1e10, "enrolments": 1e10, "attendances": 1e10}  # more than there are people
LARGEST_OF_ALL = 1e15
OVER_100 = ("year_plan", "same_period")  # bases on which more than 100 % is an ordinary figure

LISTED = 20  # findings of one rule shown one by one; the rest are counted in a last line


def as_text(column: pd.Series) -> pd.Series:
    """A column as stripped text: missing is "", 20 and 20.0 are "20", True is "true"."""
    texts_alone = pd.api.types.infer_dtype(column, skipna=False) == "string"
    if texts_alone or isinstance(column.dtype, pd.StringDtype):
        filled = column.astype("str").fillna("")
        clean = all(word == word.strip() for word in filled.unique())
        return filled if clean else filled.str.strip()

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


def texts_of(frame: pd.DataFrame) -> dict[str, pd.Series]:
    """Every column of the observations as text, rows counted anew; one that the frame lacks is blank."""
    empty = pd.Series([""] * len(frame), dtype="str")
    return {name: as_text(frame[name]).reset_index(drop=True) if name in frame else empty for name in COLUMNS}


def are_totals(frame: pd.DataFrame, but: Collection[str] = ()) -> pd.Series:
    """Which rows are totals: none of the breakdown columns that the frame has is set ("" is not set), `but` apart.

    `but=("level",)` accepts totals and figures of a single level. Index as the frame's.
    """
    columns = [name for name in BREAKDOWNS if name in frame.columns and name not in but]
    return frame[columns].isin([""]).all(axis=1)


def is_day(text: pd.Series) -> pd.Series:
    """Which texts are ISO days."""
    days = {one: parse_day(one) is not None for one in text.unique()}
    return text.map(days).astype(bool)


def numbered(table: pd.DataFrame, names: Collection[str], start: np.ndarray | None = None) -> np.ndarray:
    """A number per distinct row of columns; column by column, which is much faster than grouping texts.

    `start`: numbers by which the rows are told apart, too.
    """
    numbers = np.zeros(len(table), dtype="int64") if start is None else start
    for name in names:
        codes, distinct = pd.factorize(table[name])
        if len(distinct) > 1:
            numbers = pd.factorize(numbers * len(distinct) + codes)[0].astype("int64")
    return numbers


class Sheet:
    """One table under check: its text columns and where its rows stand in the file."""

    def __init__(self, frame: pd.DataFrame, file: str) -> None:
        self.file = file
        self.first = 2 if file else 1  # line 1 of a file is the header
        self.absent = frozenset(COLUMNS).difference(frame.columns)
        self.text = texts_of(frame)

    @cached_property
    def figures(self) -> pd.DataFrame:
        """The columns of `KEY` as text, `number` (NaN for a value that is none) and `row`, the line in the file.

        `series`: a number for each quantity of a place (`SERIES`).
        """
        table = pd.DataFrame({name: self.text[name] for name in KEY})
        number = pd.to_numeric(self.text["value"], errors="coerce").astype(float)
        rows = np.arange(len(table)) + self.first
        return table.assign(number=number, row=rows, series=numbered(table, SERIES))

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
        for row in rows[:LISTED]:
            place, value = f"row {row + self.first}, {column}", self.text[column].iloc[row]
            yield told(place, rule, line, value=value, column=column, **facts)
        if len(rows) > LISTED:
            place = f"rows {rows[LISTED] + self.first} to {rows[-1] + self.first}, {column}"
            more = len(rows) - LISTED
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


def _codes(sheet: Sheet, stated: bool) -> Iterator[Finding]:
    for column, pattern, example in (
        ("unit", UNIT, "20, 178, VN"),
        ("period", PERIOD, "2023-FY, 2023-9M, 2023-Q2, 2023-M08"),
        ("indicator", INDICATOR, "trained_rate, people_enrolled"),
    ):
        wrong = ~sheet.text[column].str.fullmatch(pattern)
        yield from sheet.findings(wrong, column, f"{column}-code", "code", example=example)


def _values(sheet: Sheet, stated: bool) -> Iterator[Finding]:
    blank, number = sheet.text["value"] == "", sheet.figures["number"]
    bad = ~blank & ~np.isfinite(number)
    yield from sheet.findings(bad, "value", "not-a-number", "not_a_number")
    if stated:
        yield from sheet.findings(blank, "value", "blank-value", "blank_value")
    percent = sheet.text["measure"] == "percent"
    above = percent & (number > 100) & ~sheet.text["base"].isin(OVER_100)
    yield from sheet.findings(above, "value", "percent-range", "percent_range")
    yield from sheet.findings(number < 0, "value", "negative", "negative")
    most = sheet.text["measure"].map(LARGEST).fillna(LARGEST_OF_ALL)
    large = np.isfinite(number) & (number > most)
    yield from sheet.findings(large, "value", "too-large", "too_large")


def _standard_errors(sheet: Sheet, stated: bool) -> Iterator[Finding]:
    text = sheet.text["standard_error"]
    number = pd.to_numeric(text.where(text != ""), errors="coerce").astype(float)
    most = np.where(sheet.text["measure"] == "percent", MOST_ERROR, np.inf)
    wrong = (text != "") & ~(np.isfinite(number) & (number >= 0) & (number <= most))
    yield from sheet.findings(wrong, "standard_error", "standard-error", "standard_error")


def _words(sheet: Sheet, stated: bool) -> Iterator[Finding]:
    for column, allowed in ALLOWED.items():
        text = sheet.text[column]
        word = text.str.lower() if column == "illustrative" else text
        must = stated and column in ("basis", "status", "certainty", "illustrative")
        wrong = ~word.isin(allowed) & ((text != "") | must)
        yield from sheet.findings(wrong, column, f"unknown-{column}", "unknown_word", allowed=allowed)


def _days(sheet: Sheet, stated: bool) -> Iterator[Finding]:
    for column in ("vintage", "window_end"):
        text = sheet.text[column]
        yield from sheet.findings(
            (text != "") & ~is_day(text), column, f"{column.replace('_', '-')}-day", "not_a_day"
        )


def _rates(sheet: Sheet, stated: bool) -> Iterator[Finding]:
    percent = sheet.text["measure"] == "percent"
    severity = "error" if stated else "warning"
    for column in ("base", "concept"):
        blank = percent & (sheet.text[column] == "")
        remedy = Said(f"observations.rate_without.{column}.do")
        yield from sheet.findings(
            blank, column, f"rate-without-{column}", "rate_without", severity=severity, remedy=remedy
        )
    if stated:
        yield from sheet.findings(sheet.text["measure"] == "", "measure", "no-measure", "no_measure")


def _periods(sheet: Sheet, stated: bool) -> Iterator[Finding]:
    alone = sheet.text["period"].str.fullmatch(r"\d{4}-Q[234]")
    running = alone & (sheet.text["basis"] == "cumulative")
    yield from sheet.findings(running, "basis", "quarter-alone", "quarter_alone")


def check_rows(sheet: Sheet, stated: bool) -> Iterator[Finding]:
    """What is wrong with single rows; `stated`: every row must state what its figure is (measure, base, status ...)."""
    for check in (_codes, _values, _standard_errors, _words, _days, _rates, _periods):
        yield from check(sheet, stated)


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
