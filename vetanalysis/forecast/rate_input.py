"""What a series of rates must be before it is projected; each refusal names the value and the remedy.

Learning the pace from before a change of definition without joining the two series.

After a break only the new definition's figures say where the rate stands. How fast it moves and how much it
jumps from year to year is still worth learning from the years before. `bridge` moves each earlier piece so that
the step over the break is the earlier piece's own average step: the size of the break is thrown away, because it
says nothing about people. The result feeds a projection; it is never a series to show or publish.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vetanalysis.blocks import Text
from vetanalysis.errors import DataRefused, Finding, NotAssessable, WrongCall

YEARS = (1800, 2200)  # labels outside are counters or codes, not years


@dataclass(frozen=True, eq=False)
class Rates:
    """One series ready to be projected: `years` ascending, `shares` in [0, 1], none missing."""

    years: np.ndarray
    shares: np.ndarray


def whole_years(labels: Any, what: str = "index") -> np.ndarray:
    """Labels as whole years; a DataRefused names the first label that is none."""
    years = []
    for label in labels:
        year = label.year if hasattr(label, "year") else label
        try:
            number = float(year)
        except (TypeError, ValueError):
            number = np.nan
        if isinstance(label, bool) or not YEARS[0] <= number <= YEARS[1] or number != np.floor(number):
            raise _refused(what, repr(label), "whole-years", _not_a_year(label))
        years.append(int(number))
    return np.array(years, dtype=int)


def until_years(until: Any) -> tuple[tuple[int, ...], bool]:
    """The years asked for, and whether it was one year alone."""
    single = np.ndim(until) == 0
    labels = [until] if single else list(until)
    if not labels:
        raise WrongCall("until: give a year or a list of years")
    try:
        years = tuple(int(year) for year in whole_years(labels, "until"))
    except DataRefused as error:
        raise WrongCall(f"until {until!r}: give a year or a list of years") from error
    if len(set(years)) != len(years):
        raise WrongCall(f"until {list(years)}: a year is given twice")
    return years, single


def check_columns(names: pd.Index) -> None:
    """Refuse a table in which two series bear one name."""
    twice = names[names.duplicated()].unique()
    if len(twice):
        listed = ", ".join(map(str, twice[:5]))
        raise _refused(
            "columns",
            listed,
            "one-column-a-series",
            (
                Text(f"có hơn một cột tên {listed}", f"more than one column is named {listed}"),
                Text("Đặt cho mỗi chuỗi một tên.", "Give each series a name of its own."),
            ),
        )


def check_years(years: np.ndarray, name: str) -> None:
    """Refuse an index that holds a year twice."""
    values, counts = np.unique(years, return_counts=True)
    twice = values[counts > 1]
    if len(twice):
        listed = ", ".join(map(str, twice[:5]))
        raise _refused(
            name,
            listed,
            "one-figure-a-year",
            (
                Text(f"năm {listed} có nhiều hơn một số liệu", f"more than one figure for {listed}"),
                Text("Giữ một số liệu cho mỗi năm.", "Keep one figure for each year."),
            ),
        )


def check_rates(years: np.ndarray, values: Any, until: tuple[int, ...], name: str) -> Rates:
    """The figures of one series by year; DataRefused or NotAssessable when it cannot be projected."""
    shares = _numbers(values, years, name)
    known = ~np.isnan(shares)
    for year, share in zip(years[known], shares[known], strict=True):
        if not 0 <= share <= 1:
            raise _refused(name, str(year), "share-in-0-1", _outside(year, share))
    if known.sum() < 2:
        raise NotAssessable(_too_few(int(known.sum())))
    order = np.argsort(years[known], kind="stable")
    rates = Rates(years[known][order], shares[known][order])
    if min(until) <= rates.years[-1]:
        raise NotAssessable(_not_ahead(min(until), int(rates.years[-1])))
    return rates


def check_table(
    years: np.ndarray, frame: pd.DataFrame, until: tuple[int, ...]
) -> tuple[np.ndarray, dict[int, DataRefused | NotAssessable]]:
    """Shares by ascending year and column; and why the columns at some places cannot be projected."""
    errors: dict[int, DataRefused | NotAssessable] = {}
    table = _numbers_of(years, frame, errors)
    known = ~np.isnan(table)
    last = np.where(known, years[:, None], min(until)).max(axis=0, initial=years.min(initial=min(until)))
    wrong = ((table < 0) | (table > 1)).any(axis=0) | (known.sum(axis=0) < 2) | (last >= min(until))
    for place in np.flatnonzero(wrong).tolist():
        try:
            check_rates(years, table[:, place], until, str(frame.columns[place]))
        except (NotAssessable, DataRefused) as error:
            errors.setdefault(place, error)
    return table[np.argsort(years, kind="stable")], errors


def _numbers_of(
    years: np.ndarray, frame: pd.DataFrame, errors: dict[int, DataRefused | NotAssessable]
) -> np.ndarray:
    """The figures as numbers; a column that holds something else is missing and has its error entered."""
    if all(isinstance(kind, np.dtype) and kind.kind in "fiu" for kind in frame.dtypes):
        return frame.to_numpy(dtype=float)
    table = np.full(frame.shape, np.nan)
    for place, name in enumerate(frame.columns):
        try:
            table[:, place] = _numbers(frame.iloc[:, place].to_numpy(), years, str(name))
        except DataRefused as error:
            errors[place] = error
    return table


def check_survey_error(survey_se: Any, name: Any, years: np.ndarray) -> np.ndarray | None:
    """Standard errors (shares) of one series' figures, NaN where unknown; None where none is known."""
    if survey_se is None:
        return None
    if isinstance(survey_se, pd.DataFrame):
        if name not in survey_se.columns:
            return None
        survey_se = survey_se[name]
    if isinstance(survey_se, pd.Series) and survey_se.index.has_duplicates:
        raise WrongCall("survey_se: a year is given twice")
    try:
        if isinstance(survey_se, pd.Series):
            errors = pd.to_numeric(survey_se).reindex(years).to_numpy(dtype=float)
        else:
            errors = np.full(len(years), float(survey_se))
    except (TypeError, ValueError):
        raise WrongCall(
            f"survey_se {survey_se!r}: give one number, or a Series by year, of shares from 0 to 0.5"
        ) from None
    wrong = errors[(errors < 0) | (errors > 0.5)]
    if len(wrong):
        raise WrongCall(f"survey_se {wrong[0]:g}: a standard error of a share lies between 0 and 0.5")
    return None if np.isnan(errors).all() or np.nanmax(errors) == 0 else errors


def _numbers(values: Any, years: np.ndarray, name: str) -> np.ndarray:
    plain = np.asarray(values)
    if plain.dtype.kind in "fiu":
        return plain.astype(float)
    shares = np.full(len(years), np.nan)
    for place, (year, value) in enumerate(zip(years, values, strict=True)):
        if value is None or value is pd.NA:
            continue
        try:
            if isinstance(value, bool | np.bool_ | complex):
                raise TypeError(value)
            shares[place] = float(value)
        except (TypeError, ValueError) as error:
            found = Text(f"{value!r} không phải là số", f"{value!r} is not a number")
            remedy = Text("Ghi tỷ lệ bằng số từ 0 đến 1.", "Give the rate as a number from 0 to 1.")
            raise _refused(name, str(year), "number", (found, remedy)) from error
    return shares


def _refused(file: str, place: str, rule: str, texts: tuple[Text, Text]) -> DataRefused:
    return DataRefused([Finding("error", file, place, rule, *texts)])


def _outside(year: int, share: float) -> tuple[Text, Text]:
    found = Text(
        f"tỷ lệ {share:g} của năm {year} nằm ngoài khoảng 0 đến 1",
        f"the rate {share:g} of {year} lies outside 0 to 1",
    )
    if 1 < share <= 100:
        return found, Text(
            f"Nếu {share:g} là phần trăm thì ghi {share / 100:g}.",
            f"If {share:g} is a percentage, give it as {share / 100:g}.",
        )
    return found, Text("Sửa hoặc bỏ số liệu này.", "Correct the figure or leave it out.")


def _not_a_year(label: Any) -> tuple[Text, Text]:
    return (
        Text(f"{label!r} không phải là một năm", f"{label!r} is not a year"),
        Text("Chỉ mục phải là các năm, ví dụ 2021.", "The index must hold years such as 2021."),
    )


def _too_few(points: int) -> Text:
    if not points:
        return Text("không có số liệu nào", "no figure at all")
    return Text(
        "chỉ có một số liệu: chưa thấy được tốc độ thay đổi", "one figure only: its pace of change is unknown"
    )


def _not_ahead(year: int, last: int) -> Text:
    return Text(
        f"năm {year} không ở sau năm có số liệu cuối cùng ({last})",
        f"{year} is not after the year of the last figure ({last})",
    )


_EDGE = 0.001


def bridge(pieces: Sequence[pd.Series]) -> pd.Series:
    """One series of shares on the last piece's definition, for learning only.

    `pieces`: in time order, each indexed by year with shares in [0, 1] and without missing values. A piece of one
    figure before the last cannot show a pace and is left out; years of an earlier piece that the later one also
    covers are left out of the earlier. Shift on the logit scale: z' = z + (first new - b gap - last old), b the
    earlier piece's mean yearly step.
    """
    joined = pieces[-1].sort_index()
    for piece in reversed(pieces[:-1]):
        earlier = piece[piece.index < joined.index[0]].sort_index()
        if len(earlier) < 2:
            continue
        years = earlier.index.to_numpy(dtype=float)
        z = _logit(earlier.to_numpy(dtype=float))
        step = (z[-1] - z[0]) / (years[-1] - years[0])
        gap = float(joined.index[0]) - years[-1]
        moved = z + _logit(joined.to_numpy(dtype=float)[:1])[0] - step * gap - z[-1]
        joined = pd.concat([pd.Series(1 / (1 + np.exp(-moved)), index=earlier.index), joined])
    return joined


def _logit(shares: np.ndarray) -> np.ndarray:
    clipped = np.clip(shares, _EDGE, 1 - _EDGE)
    return np.log(clipped / (1 - clipped))
