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
MONTHS = 12
_TWO_DECIMALS = 0.05  # of a month: how far 2023.67 is from August


@dataclass(frozen=True, eq=False)
class Rates:
    """One series ready to be projected: `steps` (months) ascending, `shares` in [0, 1], none missing."""

    steps: np.ndarray
    shares: np.ndarray


def month_steps(labels: Any, what: str = "index") -> np.ndarray:
    """Labels as months counted through: 12 y for the year y, 12 (y - 1) + m for its month m, which comes before it.

    A year is a whole number, a yearly period, the first of January or a day of December; month m of 2023 is
    2023 + m / 12 (2023.5 is its middle, 2023.67 its August), a period that ends with that month, or a day of it. A
    DataRefused names the first label that is neither.
    """
    return np.array([_month_step(label, what) for label in labels], dtype=int)


def _month_step(label: Any, what: str) -> int:
    try:
        number = np.nan if isinstance(label, bool | np.bool_) else _number_of(label)
    except (TypeError, ValueError):
        number = np.nan
    if not YEARS[0] <= number <= YEARS[1]:
        raise refused(what, repr(label), "years-or-months", "forecast.not_a_year", given=repr(label))
    year = int(number)
    months = round(MONTHS * (number - year))
    if abs(MONTHS * (number - year) - months) > _TWO_DECIMALS or months == MONTHS:
        raise refused(what, repr(label), "years-or-months", "forecast.not_a_year", given=repr(label))
    return MONTHS * year if number == year else MONTHS * (year - 1) + months


def _number_of(label: Any) -> float:
    """A label as a decimal number of years: 2023 + m / 12 for month m of 2023."""
    if not hasattr(label, "year"):
        return float(label)
    day = label
    if isinstance(label, pd.Period):
        if label.freqstr[0] in "YA":
            return float(label.year)
        day = label.end_time
    if day.month == 12 or (day.month, day.day) == (1, 1):
        return float(day.year)
    return float(day.year + day.month / MONTHS)


def label_of(step: int) -> int | float:
    """The year, or 2023 + m / 12 to two decimals for month m of 2023, of a month counted through."""
    year, months = divmod(step, MONTHS)
    return round(year + 1 + months / MONTHS, 2) if months else year


def until_steps(until: Any) -> tuple[np.ndarray, bool]:
    """The months asked for, counted through, and whether it was one alone."""
    single = np.ndim(until) == 0 or isinstance(until, str)
    labels = [until] if single else list(until)
    if not labels:
        raise WrongCall(Said("forecast.call.until"))
    try:
        steps = month_steps(labels, "until")
    except DataRefused as error:
        raise WrongCall(Said("forecast.call.until_given", given=repr(until))) from error
    if len(set(steps.tolist())) != len(steps):
        raise WrongCall(
            Said("forecast.call.until_twice", given=repr([label_of(one) for one in steps.tolist()]))
        )
    return steps, single


def check_columns(names: pd.Index) -> None:
    """Refuse a table in which two series bear one name."""
    twice = [str(name) for name in given_twice(names)][:5]
    if twice:
        raise refused(
            "columns", ", ".join(twice), "one-column-a-series", "forecast.columns_twice", names=twice
        )


def check_years(steps: np.ndarray, name: str) -> None:
    """Refuse an index that holds a year, or a month of one, twice."""
    twice = [str(label_of(step)) for step in sorted(given_twice(steps.tolist()))][:5]
    if twice:
        raise refused(name, ", ".join(twice), "one-figure-a-year", "forecast.years_twice", years=twice)


def check_rates(steps: np.ndarray, values: Any, until: np.ndarray, name: str) -> Rates:
    """The figures of one series by month; DataRefused or NotAssessable when it cannot be projected.

    One figure is enough where it is of a month within a year: how the rate moves is then wholly learned elsewhere.
    """
    shares = numbers(values, steps, name)
    known = ~np.isnan(shares)
    for step, share in zip(steps[known].tolist(), shares[known], strict=True):
        if not within(share, 0, 1):
            percent = 1 + _PERCENT < share <= 100
            remedy = Said("forecast.outside.percent.do", share=share) if percent else None
            year = str(label_of(step))
            raise refused(
                name, year, "share-in-0-1", "forecast.outside", remedy=remedy, year=year, share=share
            )
    order = np.argsort(steps[known], kind="stable")
    rates = Rates(steps[known][order], shares[known][order])
    if len(rates.steps) < 2 and not (rates.steps % MONTHS).any():
        raise NotAssessable(Said("forecast.one_figure" if known.any() else "forecast.no_figure"))
    if min(until) <= rates.steps[-1]:
        year, last = (str(label_of(int(step))) for step in (min(until), rates.steps[-1]))
        raise NotAssessable(Said("forecast.not_ahead", year=year, last=last))
    return rates


_PERCENT = 0.01  # a share above 1 by less is a slip, not a percentage
ROUNDING = 1e-9  # what adding and dividing leave behind


def check_table(
    steps: np.ndarray, frame: pd.DataFrame, until: np.ndarray
) -> tuple[np.ndarray, dict[int, DataRefused | NotAssessable]]:
    """Shares by ascending month and column; and why the columns at some places cannot be projected."""
    errors: dict[int, DataRefused | NotAssessable] = {}
    table = _numbers_of(steps, frame, errors)
    close = (np.abs(table - 0.5) > 0.5) & (np.abs(table - 0.5) <= 0.5 + ROUNDING)
    table = np.where(close, np.round(table), table)
    known = ~np.isnan(table)
    last = np.where(known, steps[:, None], min(until)).max(axis=0, initial=steps.min(initial=min(until)))
    wrong = ((table < 0) | (table > 1)).any(axis=0) | (known.sum(axis=0) < 2) | (last >= min(until))
    for place in np.flatnonzero(wrong).tolist():
        try:
            check_rates(steps, table[:, place], until, str(frame.columns[place]))
        except (NotAssessable, DataRefused) as error:
            errors.setdefault(place, error)
    return table[np.argsort(steps, kind="stable")], errors


def _numbers_of(
    steps: np.ndarray, frame: pd.DataFrame, errors: dict[int, DataRefused | NotAssessable]
) -> np.ndarray:
    """The figures as numbers; a column that holds something else is missing and has its error entered."""
    if all(isinstance(kind, np.dtype) and kind.kind in "fiu" for kind in frame.dtypes):
        return frame.to_numpy(dtype=float)
    table = np.full(frame.shape, np.nan)
    for place, name in enumerate(frame.columns):
        try:
            table[:, place] = numbers(frame.iloc[:, place].to_numpy(), steps, str(name))
        except DataRefused as error:
            errors[place] = error
    return table


def check_survey_error(survey_se: Any, name: Any, steps: np.ndarray) -> np.ndarray | None:
    """Standard errors (shares) of one series' figures, NaN where unknown, 0 where exact; None where none is known."""
    if survey_se is None:
        return None
    if isinstance(survey_se, pd.DataFrame):
        if name not in survey_se.columns:
            return None
        survey_se = survey_se[name]
    try:
        if isinstance(survey_se, pd.Series):
            known = pd.Series(pd.to_numeric(survey_se).to_numpy(), index=month_steps(survey_se.index))
            if known.index.has_duplicates:
                raise WrongCall(Said("forecast.call.survey_se_twice"))
            errors = known.reindex(steps).to_numpy(dtype=float)
        else:
            errors = np.full(len(steps), float(survey_se))
    except (TypeError, ValueError):
        raise WrongCall(Said("forecast.call.survey_se", given=repr(survey_se))) from None
    wrong = errors[(errors < 0) | (errors > 0.5)]
    if len(wrong):
        raise WrongCall(Said("forecast.call.survey_se_outside", given=wrong[0]))
    return None if np.isnan(errors).all() else errors


def numbers(values: Any, steps: np.ndarray, name: str) -> np.ndarray:
    """Values as numbers, NaN where missing; a DataRefused names the first that is none."""
    plain = np.asarray(values)
    if plain.dtype.kind in "fiu":
        return plain.astype(float)
    shares = np.full(len(steps), np.nan)
    for place, (step, value) in enumerate(zip(steps.tolist(), values, strict=True)):
        if value is None or value is pd.NA:
            continue
        try:
            if isinstance(value, bool | np.bool_ | complex):
                raise TypeError(value)
            shares[place] = float(value)
        except (TypeError, ValueError) as error:
            where = str(label_of(step))
            raise refused(name, where, "number", "forecast.not_a_number", given=repr(value)) from error
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
