"""What a table of observations must satisfy: every finding at once, with row, column and remedy."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vetanalysis.errors import Finding
from vetanalysis.text import Text

if TYPE_CHECKING:
    from vetanalysis.plan import Plan

OBLIGATORY = ("unit", "period", "indicator", "value")
BREAKDOWNS = ("level", "sex", "group", "residence", "trade", "fund_source", "channel")
COLUMNS = (
    *("unit", "period", "indicator", *BREAKDOWNS, "value", "measure", "basis", "status", "illustrative"),
    *("base", "concept", "source", "vintage", "certainty", "note"),
)
KEY = ("unit", "period", "indicator", *BREAKDOWNS, "measure", "basis", "base", "concept", "source", "vintage")

PERIOD = r"\d{4}-(?:start|Q[1-4]|H1|9M|FY)"
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


def _is_day(text: pd.Series) -> pd.Series:
    shaped = text.str.fullmatch(r"\d{4}-\d{2}-\d{2}")
    parsed = pd.to_datetime(text.where(shaped), format="%Y-%m-%d", errors="coerce")
    return shaped & parsed.notna()


def _near(word: str, known: Collection[str]) -> Text:
    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    if near:
        return Text(f"Có phải là “{near[0]}”?", f'Did you mean "{near[0]}"?')
    few = ", ".join(sorted(known)[:12])
    return Text(f"Các mã đã biết: {few}.", f"Known: {few}.")


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
        self, bad: pd.Series, column: str, rule: str, found: Text, remedy: Text, severity: str = "error"
    ) -> Iterator[Finding]:
        """One finding per row of `bad`; `{value}` in `found` is what stands there.

        A column that the table does not have is silent: its absence is a finding of its own.
        """
        if column in self.absent:
            return
        rows = np.flatnonzero(bad.to_numpy(dtype=bool))
        for row in rows[:_LISTED]:
            value = self.text[column].iloc[row]
            yield Finding(
                severity,
                self.file,
                f"row {row + self.first}, {column}",
                rule,
                Text(found.vi.replace("{value}", value), found.en.replace("{value}", value)),
                remedy,
            )
        if len(rows) > _LISTED:
            more = len(rows) - _LISTED
            yield Finding(
                severity,
                self.file,
                f"rows {rows[_LISTED] + self.first} to {rows[-1] + self.first}, {column}",
                rule,
                Text(f"còn {more} dòng khác có cùng lỗi này", f"{more} more rows with the same problem"),
                remedy,
            )


def missing_columns(frame: pd.DataFrame, needed: Collection[str], file: str) -> list[Finding]:
    """A finding for each needed column that the table does not have."""
    return [
        Finding(
            "error",
            file,
            f"row 1, {name}" if file else name,
            "missing-column",
            Text(f"thiếu cột “{name}”", f'column "{name}" is missing'),
            Text(f"Thêm cột “{name}” vào dòng tiêu đề", f'Add a column "{name}" to the header line'),
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
    `plan.units`. `indicators`, `sources`: known ids; None leaves ids unchecked. `published=True` holds
    the table to the rules of `data/published`: all columns present, no blank value, source, base,
    concept, status and certainty stated. Elsewhere a blank value is "not reported" and passes.
    `file` is the name shown; rows are counted as in the file (the header is row 1).
    """
    problems = missing_columns(frame, COLUMNS if published else OBLIGATORY, file)
    if any(name not in frame.columns for name in OBLIGATORY):
        return problems  # without the key columns every further finding would only repeat this one
    sheet = _Sheet(frame, file)
    for check in (_codes, _values, _words, _days, _rates, _periods, _twice):
        problems.extend(check(sheet, published))
    problems.extend(_known(sheet, plan, indicators, sources, published))
    return problems


def _codes(sheet: _Sheet, published: bool) -> Iterator[Finding]:
    for column, pattern, example in (
        ("unit", UNIT, "20, 178, VN"),
        ("period", PERIOD, "2023-FY, 2023-9M, 2023-Q2"),
        ("indicator", INDICATOR, "trained_rate, people_enrolled"),
    ):
        yield from sheet.findings(
            ~sheet.text[column].str.fullmatch(pattern),
            column,
            f"{column}-code",
            Text("“{value}” không đúng dạng mã", '"{value}" is not a well-formed code'),
            Text(f"Viết như: {example}", f"Write it like: {example}"),
        )


def _values(sheet: _Sheet, published: bool) -> Iterator[Finding]:
    text = sheet.text["value"]
    blank = text == ""
    number = pd.to_numeric(text.where(~blank), errors="coerce")
    bad = ~blank & ~np.isfinite(number.astype(float))
    yield from sheet.findings(
        bad,
        "value",
        "not-a-number",
        Text("“{value}” không phải là số", '"{value}" is not a number'),
        Text(
            "Ghi bằng chữ số, dấu chấm thập phân (57.2); chưa có số liệu thì bỏ dòng, không ghi “..” hay “-”",
            'Write digits with a decimal point (57.2); where there is no figure drop the row, no ".." or "-"',
        ),
    )
    if published:
        yield from sheet.findings(
            blank,
            "value",
            "blank-value",
            Text("ô giá trị để trống", "the value is blank"),
            Text(
                "Điền số đã công bố hoặc bỏ dòng này: thiếu không phải là số 0",
                "Give the published figure or drop the row: missing is not zero",
            ),
        )
    percent = sheet.text["measure"] == "percent"
    yield from sheet.findings(
        percent & (number > 100) & ~sheet.text["base"].isin(OVER_100),
        "value",
        "percent-range",
        Text("tỷ lệ {value} % lớn hơn 100", "a rate of {value} % is above 100"),
        Text("Kiểm tra dấu thập phân hoặc cột measure", "Check the decimal point or the column measure"),
    )
    yield from sheet.findings(
        number < 0,
        "value",
        "negative",
        Text("giá trị {value} nhỏ hơn 0", "the value {value} is below 0"),
        Text("Kiểm tra lại số liệu với nguồn", "Check the figure against its source"),
    )


def _words(sheet: _Sheet, published: bool) -> Iterator[Finding]:
    for column, allowed in ALLOWED.items():
        text = sheet.text[column]
        stated = text.str.lower() if column == "illustrative" else text
        must = published and column in ("basis", "status", "certainty", "illustrative")
        yield from sheet.findings(
            ~stated.isin(allowed) & ((text != "") | must),
            column,
            f"unknown-{column}",
            Text(f"{column} “{{value}}” không có trong danh mục", f'unknown {column} "{{value}}"'),
            Text(f"Dùng một trong: {', '.join(allowed)}", f"Use one of: {', '.join(allowed)}"),
        )


def _days(sheet: _Sheet, published: bool) -> Iterator[Finding]:
    text = sheet.text["vintage"]
    yield from sheet.findings(
        (text != "") & ~_is_day(text),
        "vintage",
        "vintage-day",
        Text("“{value}” không phải là ngày", '"{value}" is not a day'),
        Text(
            "Ghi ngày dạng 2023-01-31, để trống nếu nguồn không ghi ngày",
            "Write the day as 2023-01-31, or leave it blank where the source has no date",
        ),
    )


def _rates(sheet: _Sheet, published: bool) -> Iterator[Finding]:
    percent = sheet.text["measure"] == "percent"
    for column, vi, en in (
        ("base", "mẫu số (ví dụ labour_force, employed)", "the denominator (such as labour_force, employed)"),
        ("concept", "khái niệm (ICLS-13, ICLS-19, administrative)", "the concept (ICLS-13, administrative)"),
    ):
        yield from sheet.findings(
            percent & (sheet.text[column] == ""),
            column,
            f"rate-without-{column}",
            Text(f"tỷ lệ không ghi {column}", f"a rate without its {column}"),
            Text(f"Ghi {vi}", f"State {en}"),
            severity="error" if published else "warning",
        )
    if published:
        yield from sheet.findings(
            sheet.text["measure"] == "",
            "measure",
            "no-measure",
            Text("không ghi đơn vị đo", "no unit of measure"),
            Text("Ghi percent, persons, institutions …", "Write percent, persons, institutions …"),
        )


def _periods(sheet: _Sheet, published: bool) -> Iterator[Finding]:
    alone = sheet.text["period"].str.fullmatch(r"\d{4}-Q[234]")
    yield from sheet.findings(
        alone & (sheet.text["basis"] == "cumulative"),
        "basis",
        "quarter-alone",
        Text("một quý riêng lẻ không thể là số lũy kế", "a quarter alone cannot be cumulative"),
        Text(
            "Ghi basis=period, hoặc dùng kỳ H1, 9M, FY", "Write basis=period, or use the periods H1, 9M, FY"
        ),
    )


def _twice(sheet: _Sheet, published: bool) -> Iterator[Finding]:
    table = pd.DataFrame({name: sheet.text[name] for name in KEY})
    again = table.duplicated(keep=False)
    if not again.any():
        return
    value = pd.to_numeric(sheet.text["value"], errors="coerce")
    repeated = table[again].assign(value=value[again], row=np.flatnonzero(again))
    for _, group in repeated.groupby(list(KEY), sort=False):
        differ = group["value"].nunique(dropna=False) > 1
        rows = ", ".join(str(row + sheet.first) for row in group["row"])
        values = ", ".join(f"{value:g}" for value in group["value"])
        yield Finding(
            "error" if differ else "warning",
            sheet.file,
            f"row {group['row'].iloc[-1] + sheet.first}, value",
            "same-figure-twice",
            Text(
                f"cùng một số liệu ghi nhiều lần (các dòng {rows}) với giá trị {values}",
                f"the same figure stands in rows {rows} with the values {values}",
            ),
            Text(
                "Giữ một dòng; nếu là hai lần công bố thì ghi vintage hoặc source khác nhau",
                "Keep one row; if it was published twice give each its own vintage or source",
            ),
        )


def _known(
    sheet: _Sheet,
    plan: Plan | None,
    indicators: Collection[str] | None,
    sources: Collection[str] | None,
    published: bool,
) -> Iterator[Finding]:
    units = set(map(str, plan.units["code"])) if plan is not None else None
    for column, known, vi in (
        ("unit", units, "đơn vị"),
        ("indicator", indicators, "chỉ tiêu"),
        ("source", sources, "nguồn"),
    ):
        if known is None:
            continue
        text = sheet.text[column]
        unknown = ~text.isin(set(known)) & ((text != "") | (column == "source" and published))
        if column == "indicator":
            unknown &= text.str.fullmatch(INDICATOR)
        for word in dict.fromkeys(text[unknown]):
            yield from sheet.findings(
                unknown & (text == word),
                column,
                f"unknown-{column}",
                Text(f"{vi} “{word}” không có trong danh mục", f'unknown {column} "{word}"'),
                _near(word, known),
            )


def only_errors(findings: Collection[Finding]) -> list[Finding]:
    """The findings that make a table unusable."""
    return [finding for finding in findings if finding.severity == "error"]


def is_iso_day(text: str) -> bool:
    """Whether a word is a real day written as 2023-01-31."""
    return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", text)) and bool(
        _is_day(pd.Series([text], dtype="str")).iloc[0]
    )
