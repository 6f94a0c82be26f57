"""What a series of rates must be before it is projected, and how the years before a break teach its pace.

Each refusal names the value and the remedy.

After a break only the new definition's figures say where the rate stands. How fast it moves and how much it
jumps from year to year is still worth learning from the years before. `bridge` moves each earlier piece so
that the step over the break is the earlier piece's own average step: the size of the break is thrown away,
because it says nothing about people. The result feeds a projection; it is never a series to show or publish.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vetanalysis.blocks import Said
from vetanalysis.checks import given_twice, refused, within
from vetanalysis.errors import DataRefused, NotAssessable, WrongCall
from vetanalysis.forecast.mixture import logit

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
            raise refused(what, repr(label), "whole-years", "forecast.not_a_year", given=repr(label))
        years.append(int(number))
    return np.array(years, dtype=int)


def until_years(until: Any) -> tuple[tuple[int, ...], bool]:
    """The years asked for, and whether it was one year alone."""
    single = np.ndim(until) == 0
    labels = [until] if single else list(until)
    if not labels:
        raise WrongCall(Said("forecast.call.until"))
    try:
        years = tuple(int(year) for year in whole_years(labels, "until"))
    except DataRefused as error:
        raise WrongCall(Said("forecast.call.until_given", given=repr(until))) from error
    if len(set(years)) != len(years):
        raise WrongCall(Said("forecast.call.until_twice", given=repr(list(years))))
    return years, single


def check_columns(names: pd.Index) -> None:
    """Refuse a table in which two series bear one name."""
    twice = [str(name) for name in given_twice(names)][:5]
    if twice:
        raise refused(
            "columns", ", ".join(twice), "one-column-a-series", "forecast.columns_twice", names=twice
        )


def check_years(years: np.ndarray, name: str) -> None:
    """Refuse an index that holds a year twice."""
    twice = [str(year) for year in sorted(given_twice(years.tolist()))][:5]
    if twice:
        raise refused(name, ", ".join(twice), "one-figure-a-year", "forecast.years_twice", years=twice)


def check_rates(years: np.ndarray, values: Any, until: tuple[int, ...], name: str) -> Rates:
    """The figures of one series by year; DataRefused or NotAssessable when it cannot be projected."""
    shares = _numbers(values, years, name)
    known = ~np.isnan(shares)
    for year, share in zip(years[known], shares[known], strict=True):
        if not within(share, 0, 1):
            remedy = Said("forecast.outside.percent.do", share=share) if 1 < share <= 100 else None
            raise refused(
                name, str(year), "share-in-0-1", "forecast.outside", remedy=remedy, year=year, share=share
            )
    if known.sum() < 2:
        raise NotAssessable(Said("forecast.one_figure" if known.any() else "forecast.no_figure"))
    order = np.argsort(years[known], kind="stable")
    rates = Rates(years[known][order], shares[known][order])
    if min(until) <= rates.years[-1]:
        raise NotAssessable(Said("forecast.not_ahead", year=min(until), last=int(rates.years[-1])))
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
        raise WrongCall(Said("forecast.call.survey_se_twice"))
    try:
        if isinstance(survey_se, pd.Series):
            errors = pd.to_numeric(survey_se).reindex(years).to_numpy(dtype=float)
        else:
            errors = np.full(len(years), float(survey_se))
    except (TypeError, ValueError):
        raise WrongCall(Said("forecast.call.survey_se", given=repr(survey_se))) from None
    wrong = errors[(errors < 0) | (errors > 0.5)]
    if len(wrong):
        raise WrongCall(Said("forecast.call.survey_se_outside", given=wrong[0]))
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
            raise refused(name, str(year), "number", "forecast.not_a_number", given=repr(value)) from error
    return shares


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
        z = _logit_inside(earlier.to_numpy(dtype=float))
        step = (z[-1] - z[0]) / (years[-1] - years[0])
        gap = float(joined.index[0]) - years[-1]
        moved = z + _logit_inside(joined.to_numpy(dtype=float)[:1])[0] - step * gap - z[-1]
        joined = pd.concat([pd.Series(1 / (1 + np.exp(-moved)), index=earlier.index), joined])
    return joined


def _logit_inside(shares: np.ndarray) -> np.ndarray:
    """The logit of shares held off 0 and 1."""
    return logit(np.clip(shares, _EDGE, 1 - _EDGE), 0.0)
