"""Yearly rates: where may a share of something be in a coming year?

The method is one shared-prior ensemble for every series, however short: local-level and damped-trend filters
on the logit scale (`filters.py`), crossed with sizes of a usual yearly change, weighted by what thousands of
real series taught (`priors.py`) and by how well each explains the series at hand (`ensemble.py`). The answer
is a mixture of Student t distributions in closed form: nothing is simulated, nothing leaves 0 to 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from vetanalysis.errors import DataRefused, NotAssessable
from vetanalysis.forecast.bounded import slope, to_line
from vetanalysis.forecast.ensemble import Posterior, posterior
from vetanalysis.forecast.known_error import KnownErrorPosterior, known_error_posterior
from vetanalysis.forecast.mixture import MixtureProjection
from vetanalysis.forecast.priors import Prior, resolve
from vetanalysis.forecast.projection import NotAssessed, Projection, check_direction
from vetanalysis.forecast.rate_input import (
    Rates,
    check_rates,
    check_survey_error,
    check_years,
    until_years,
    whole_years,
)
from vetanalysis.text import Text

FACTORS = (0.5, 2.0)
_ROWS_AT_ONCE = 256


def project_rate(
    rates: pd.Series,
    until: int | list[int],
    *,
    direction: str | None = None,
    prior: str | Prior | None = None,
    survey_se: float | pd.Series | None = None,
    rng: Any = None,
) -> Projection:
    """The predictive distribution of a rate in one or several coming years.

    `rates`: index = year (any order, gaps allowed), values = shares in [0, 1], two or more; NaN is a missing
    year. `until`: a year, or a list of years, after the last figure. `direction`: ">=" where more is better,
    "<=" where less is: the prior then leans slightly to the better side; None: no lean. `prior`: "survey",
    "administrative", "general" or a Prior; None: as `rates.attrs["kind"]`, else "general". `survey_se`:
    standard error of the figures (share), one number or by year; `.true_level` is then the rate itself,
    without the error of the coming figure. `rng` is accepted as in the other projections and not used: the
    answer is exact.

    Raises NotAssessable with fewer than two figures, DataRefused for a value outside [0, 1], a year given
    twice or an index that holds no years.
    """
    if not isinstance(rates, pd.Series):
        rates = pd.Series(rates)
    frame = rates.to_frame(name="rate")
    frame.attrs = dict(rates.attrs)
    result = _project(frame, until, direction, prior, survey_se, raising=True)["rate"]
    assert isinstance(result, Projection)
    return result


def project_rates(
    frame: pd.DataFrame,
    until: int | list[int],
    *,
    direction: str | Mapping[Any, str | None] | None = None,
    prior: str | Prior | Mapping[Any, str | Prior | None] | None = None,
    survey_se: float | pd.Series | pd.DataFrame | None = None,
    rng: Any = None,
) -> dict[Any, Projection | NotAssessed]:
    """`project_rate` for every column of `frame` in one pass; the numbers are the same to the last digit.

    `direction` and `prior` may be mappings by column. A column that cannot be projected becomes a NotAssessed
    with the reason; the others are not affected. A frame whose index is no list of years, or names a year
    twice, is refused.
    """
    return _project(frame, until, direction, prior, survey_se, raising=False)


@dataclass(frozen=True, eq=False)
class _Task:
    """One series that passed the checks."""

    name: Any
    rates: Rates
    direction: str | None
    prior: Prior
    error: np.ndarray | None


def _project(
    frame: pd.DataFrame, until: Any, direction: Any, prior: Any, survey_se: Any, raising: bool
) -> dict[Any, Projection | NotAssessed]:
    periods, single = until_years(until)
    years = whole_years(frame.index)
    check_years(years, "index")
    results: dict[Any, Projection | NotAssessed] = dict.fromkeys(frame.columns)
    groups: dict[tuple[int, bool, bool], list[_Task]] = {}
    for place, name in enumerate(frame.columns):
        try:
            rates = check_rates(years, frame.iloc[:, place].to_numpy(), periods, str(name))
        except (NotAssessable, DataRefused) as error:
            if raising:
                raise
            results[name] = NotAssessed(_reason(error))
            continue
        side = direction.get(name) if isinstance(direction, Mapping) else direction
        if side is not None:
            check_direction(side)
        chosen = resolve(prior.get(name) if isinstance(prior, Mapping) else prior, frame.attrs)
        error = check_survey_error(survey_se, name, rates.years)
        task = _Task(name, rates, side, chosen, error)
        groups.setdefault((id(chosen), side is not None, error is not None), []).append(task)
    for tasks in groups.values():
        for start in range(0, len(tasks), _ROWS_AT_ONCE):
            some = tasks[start : start + _ROWS_AT_ONCE]
            results.update(_project_group(some, periods, single))
    return results


def _project_group(
    tasks: list[_Task], periods: tuple[int, ...], single: bool
) -> Iterator[tuple[Any, Projection]]:
    """Projections of series that share a prior, whether the better side is known, and whether errors are."""
    prior, known_side = tasks[0].prior, tasks[0].direction is not None
    longest = max(task.rates.years[-1] - task.rates.years[0] for task in tasks) + 1
    z = np.full((len(tasks), longest), np.nan)
    variance, coming = np.zeros_like(z), np.zeros(len(tasks))
    signs = [-1.0 if task.direction == "<=" else 1.0 for task in tasks]
    for row, (task, sign) in enumerate(zip(tasks, signs, strict=True)):
        place = task.rates.years - task.rates.years[0]
        z[row, place] = to_line(task.rates.shares, prior.margin) * sign
        if task.error is not None:
            on_line = (task.error * slope(task.rates.shares, prior.margin)) ** 2
            variance[row, place] = np.nan_to_num(on_line)
            coming[row] = on_line[~np.isnan(on_line)][-1]
    if tasks[0].error is None:
        after = posterior(z, prior, known_side)
    else:
        after = known_error_posterior(z, variance, coming, prior, known_side)
    for row, task in enumerate(tasks):
        ahead = np.array([year - task.rates.years[-1] for year in periods])
        yield task.name, _Series(after, row, ahead, signs[row], periods, single).projection()


@dataclass(frozen=True, eq=False)
class _Series(Mapping[float, Projection]):
    """One series after its last figure; as a mapping: its projection with the prior halved and doubled."""

    after: Posterior | KnownErrorPosterior
    row: int
    ahead: np.ndarray
    sign: float
    periods: tuple[int, ...]
    single: bool

    def projection(self, factor: float = 1.0, published: bool = True) -> MixtureProjection:
        """The mixture on the logit scale, with the sizes of the prior times `factor`."""
        weight, location, spread, keep = self.after.predict(self.row, self.ahead, factor, published)
        points, prior = int(self.after.filtered.points[self.row]), self.after.prior
        with_error = published and isinstance(self.after, KnownErrorPosterior)
        return MixtureProjection(
            periods=self.periods,
            single=self.single,
            n_points=points,
            prior_share=prior.share(points),
            alternatives=self if factor == 1.0 and published else {},
            true_level=self.projection(factor, published=False) if with_error else None,
            weights=weight,
            location=location * self.sign,
            spread=spread,
            freedom=self.after.freedom(self.row),
            joint=partial(_correlation, self.after, self.row, self.ahead, keep),
            margin=prior.margin,
        )

    def __getitem__(self, factor: float) -> Projection:
        if factor not in FACTORS:
            raise KeyError(factor)
        return self.projection(factor)

    def __iter__(self) -> Iterator[float]:
        return iter(FACTORS)

    def __len__(self) -> int:
        return len(FACTORS)


def _correlation(
    after: Posterior | KnownErrorPosterior, row: int, ahead: np.ndarray, keep: np.ndarray, chosen: np.ndarray
) -> np.ndarray:
    return after.correlation(row, ahead, keep[chosen])


def _reason(error: NotAssessable | DataRefused) -> Text:
    """Why a series is not assessed, from the error it would raise alone."""
    if isinstance(error, NotAssessable):
        return error.reason
    finding = error.findings[0]
    return Text(f"{finding.found.vi}. {finding.remedy.vi}", f"{finding.found.en}. {finding.remedy.en}")
