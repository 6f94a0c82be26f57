"""What a unit has reported, put in order and checked, before a year's total is projected.

Everything that is wrong is refused with a reason that names the quarter or month and the figures. A year is counted
in 4 steps (quarters) or in 12 (months).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from vetanalysis.blocks import Said
from vetanalysis.checks import given_twice
from vetanalysis.errors import NotAssessable, WrongCall

STEPS = (4, 12)
_NEAR = 3  # months between two counts, within which a share between them is interpolated


@dataclass(frozen=True, eq=False)
class YearInput:
    """One unit's figures: `years` (J,) rising, `cumulative` (J, steps), `current` (steps,), all NaN where unknown.

    `year` is the one projected, `plan` its plan or None, `plans` (J,) the plans of the past years. `plan` is None, too,
    where totals but no plans of past years are known: a plan says something only where such plans were held against
    what came, or where nothing else is known.
    """

    years: np.ndarray
    cumulative: np.ndarray
    current: np.ndarray
    year: int
    plan: float | None
    plans: np.ndarray

    @property
    def steps(self) -> int:
        """How many steps a year has: 4 quarters or 12 months."""
        return len(self.current)

    @cached_property
    def step(self) -> int:
        """The last step of the year that is counted, 0 for none."""
        known = np.flatnonzero(np.isfinite(self.current))
        return int(known[-1]) + 1 if len(known) else 0

    @property
    def counted(self) -> float:
        """People counted so far in the year."""
        return float(self.current[self.step - 1]) if self.step else 0.0

    @property
    def month(self) -> int:
        """The month of the year up to which is counted, 0 to 12."""
        return self.step * 12 // self.steps

    @property
    def totals(self) -> np.ndarray:
        """Totals of the past years (J,), NaN where unknown."""
        return self.cumulative[:, -1]

    @cached_property
    def lengths(self) -> tuple[int, ...]:
        """The months of each piece of the year: its quarters, the present one split where its end is not reached."""
        quarter, within = divmod(self.month, 3)
        split = (within, 3 - within) if within else ()
        return (*(3,) * quarter, *split, *(3,) * (4 - quarter - bool(split)))

    @cached_property
    def pieces(self) -> np.ndarray:
        """Amounts of the pieces, past years and this one, (J + 1, pieces), by quarter; NaN where an end is unknown."""
        ends = np.cumsum(self.lengths) * self.steps // 12 - 1
        rows = np.vstack([self.cumulative, self.current[None, :]])[:, ends]
        return np.diff(rows, axis=1, prepend=0.0) * (3 / np.array(self.lengths))

    @cached_property
    def complete_years(self) -> int:
        """Past years of which every piece is known and not empty."""
        return int((self.pieces[:-1] > 0).all(axis=1).sum())

    def by_step(self, step: int) -> tuple[np.ndarray, np.ndarray]:
        """Counts of the past years at the end of `step` (J,), NaN where unknown, and the variance of their shares.

        A count that is missing between two of the same quarter lies evenly between them; where between the two it
        really lay is not known, as little as if every place were as likely: the variance of its share of the year.
        """
        at = step - 1
        counted, variance = self.cumulative[:, at].copy(), np.zeros(len(self.years))
        for row in np.flatnonzero(~np.isfinite(counted)):
            path = np.append(0.0, self.cumulative[row])
            known = np.flatnonzero(np.isfinite(path))
            before, after = known[known <= at].max(), known[known > at].min(initial=self.steps + _NEAR)
            if (after - before) * 12 // self.steps > _NEAR:
                continue
            gone, step = (at + 1 - before) / (after - before), path[after] - path[before]
            counted[row] = path[before] + gone * step
            variance[row] = (step / path[-1] if path[-1] > 0 else 1.0) ** 2 * gone * (1 - gone) / 3
        return counted, variance

    @cached_property
    def whole_numbers(self) -> bool:
        """Whether everything reported is a whole number, as counts of people are."""
        values = np.concatenate([self.cumulative.ravel(), self.current])
        values = values[np.isfinite(values)]
        return bool((values == np.round(values)).all())


def read_input(
    past: pd.DataFrame | None,
    current: pd.Series | None,
    planned: Any = None,
    past_planned: Any = None,
    year: int | None = None,
    steps: int = 4,
) -> YearInput:
    """The figures of one unit as arrays; NotAssessable with the reason where they cannot be used.

    `steps`: 4 quarters or 12 months make the year. `year` None: the name of
    `current` where that is a year after the past ones, else the year after the last.
    """
    if steps not in STEPS:
        raise WrongCall(Said("forecast.call.steps", given=repr(steps)))
    labels = list(range(1, steps + 1))
    years, cumulative = _past(past, labels)
    latest = _current(current, labels)
    target = _target_year(years, current, year)
    for label, row in [*zip(years.tolist(), cumulative, strict=True), (target, latest)]:
        _check_rising(label, row)
    plan = _plan(planned, target)
    plans = np.array([_past_plan(past_planned, y) for y in years.tolist()], dtype=float)
    if not len(years) and plan is None and not (latest > 0).any():
        raise NotAssessable(Said("forecast.no_total_no_plan"))
    has_total = cumulative[:, -1] > 0
    if has_total.any() and not np.isfinite(plans[has_total]).any():
        plan = None  # nobody knows what such plans came to; the unit's own totals speak
    return YearInput(years, cumulative, latest, target, plan, plans)


def _past(past: pd.DataFrame | None, labels: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Years and cumulative counts of the past years that have any figure."""
    if past is not None and not isinstance(past, pd.DataFrame):
        raise WrongCall(Said("forecast.call.past"))
    if past is None or not len(past):
        return np.empty(0, dtype=int), np.empty((0, len(labels)))
    past = past.set_axis(_step_numbers(past.columns), axis=1)
    _refuse_more_steps(past.columns[past.notna().any()], labels)
    if past.columns.has_duplicates:
        raise NotAssessable(Said("forecast.step_twice", steps=len(labels)))
    try:
        years = np.array([int(y) for y in past.index])
    except (TypeError, ValueError):
        raise NotAssessable(Said("forecast.past_year_not_number")) from None
    values = _numbers(past.reindex(columns=labels))
    twice = sorted(given_twice(years.tolist()))
    if twice:
        raise NotAssessable(Said("forecast.past_years_twice", years=twice))
    order = np.argsort(years)
    years, values = years[order], values[order]
    known = np.isfinite(values).any(axis=1)
    return years[known], values[known]


def _current(current: pd.Series | None, labels: list[int]) -> np.ndarray:
    """The year's counts at the end of each step."""
    if current is None or not len(current):
        return np.full(len(labels), np.nan)
    if isinstance(current, pd.DataFrame):
        raise WrongCall(Said("forecast.call.current"))
    current = pd.Series(current)
    current = current.set_axis(_step_numbers(current.index))
    _refuse_more_steps(current.index[current.notna()], labels)
    if current.index.has_duplicates:
        raise NotAssessable(Said("forecast.step_twice", steps=len(labels)))
    return _numbers(current.reindex(labels))


def _numbers(values: pd.DataFrame | pd.Series) -> np.ndarray:
    try:
        array = np.array(values, dtype=float)
    except (TypeError, ValueError):
        raise NotAssessable(Said("forecast.text_as_count")) from None
    if np.isinf(array).any():
        raise NotAssessable(Said("forecast.infinite_count"))
    if (array < 0).any():
        raise NotAssessable(Said("forecast.negative_count", least=np.nanmin(array)))
    return array


def _step_numbers(labels: pd.Index) -> pd.Index:
    """Numbers of quarters or months, also where a file brought them as text ("1", " 2 ")."""
    return pd.Index([int(one) if isinstance(one, str) and one.strip().isdecimal() else one for one in labels])


def _refuse_more_steps(given: Any, labels: list[int]) -> None:
    unknown = [str(label) for label in given if label not in labels]
    if unknown:
        raise NotAssessable(Said("forecast.no_such_step", given=unknown, steps=len(labels)))


def _target_year(years: np.ndarray, current: pd.Series | None, year: int | None) -> int:
    if year is not None and (isinstance(year, bool) or not isinstance(year, int | np.integer)):
        raise WrongCall(Said("forecast.call.year", given=repr(year)))
    last = int(years[-1]) if len(years) else None
    if year is None:
        name = getattr(current, "name", None)
        year = 0 if last is None else last + 1
        named = isinstance(name, int | np.integer) and not isinstance(name, bool)
        if name is not None and named and (last is None or name > last):
            year = int(name)
    if last is not None and year <= last:
        raise NotAssessable(Said("forecast.year_not_after", year=year, last=last))
    return int(year)


def _check_rising(year: int, row: np.ndarray) -> None:
    known = np.flatnonzero(np.isfinite(row))
    for before, after in pairwise(known):
        if row[after] < row[before]:
            raise NotAssessable(
                Said(
                    "forecast.falls",
                    steps=len(row),
                    year=year,
                    before=int(before) + 1,
                    more=float(row[before]),
                    after=int(after) + 1,
                    less=float(row[after]),
                )
            )


def _plan(planned: Any, year: int) -> float | None:
    if planned is None or (isinstance(planned, float | np.floating) and np.isnan(planned)):
        return None
    if isinstance(planned, pd.Series):
        raise NotAssessable(Said("forecast.plan_twice"))
    value = _plain_number(planned)
    if value is None:
        raise NotAssessable(Said("forecast.plan_not_number", given=repr(planned)))
    if not np.isfinite(value) or value <= 0:
        raise NotAssessable(Said("forecast.plan_not_positive", year=year, plan=value))
    return value


def _plain_number(value: Any) -> float | None:
    """A number as it is; None for texts ("13.500" is 13,500 to one office and 13.5 to another) and truth values."""
    if isinstance(value, bool | np.bool_ | str | bytes | complex):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _past_plan(past_planned: Any, year: int) -> float:
    """The plan of a past year, NaN where unknown or not above zero (attainment is then undefined)."""
    if past_planned is None:
        return np.nan
    if isinstance(past_planned, Mapping | pd.Series):
        value = past_planned.get(year)
    else:
        raise NotAssessable(Said("forecast.past_plans_by_year"))
    value = np.nan if value is None or value is pd.NA else _plain_number(value)
    if value is None:
        given = repr(past_planned.get(year))
        raise NotAssessable(Said("forecast.past_plan_not_number", year=year, given=given))
    return value if np.isfinite(value) and value > 0 else np.nan
