"""Yearly rates: where may a share of something be in a coming year?

The method is one shared-prior ensemble for every series, however short: local-level and damped-trend filters
on the logit scale (`state_space.py`), crossed with sizes of a usual yearly change, weighted by what thousands
of real series taught (`priors.py`) and by how well each explains the series at hand. The answer is a mixture
of Student t distributions in closed form: nothing is simulated, nothing leaves 0 to 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from vetanalysis.blocks import Said, Text
from vetanalysis.errors import DataRefused, NotAssessable, WrongCall
from vetanalysis.forecast.mixture import MixtureBatch, MixtureProjection, logit, logit_slope
from vetanalysis.forecast.priors import Prior, resolve
from vetanalysis.forecast.projection import NotAssessed, Projection, check_direction
from vetanalysis.forecast.rate_input import (
    check_columns,
    check_survey_error,
    check_table,
    check_years,
    until_years,
    whole_years,
)
from vetanalysis.forecast.state_space import (
    Posterior,
    SamplingErrorPosterior,
    posterior,
    sampling_error_posterior,
)

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
    standard error of the figures (share, up to 0.5), one number or by year, NaN where unknown; `.true_level`
    is then the rate itself, without the error of the coming figure. `rng` is accepted as in the other
    projections and not used: the answer is exact.

    Raises NotAssessable with fewer than two figures or a year that is not ahead of them, DataRefused for a
    value outside [0, 1], a year given twice or an index that holds no years, WrongCall for options that are
    none. Method: a mixture over local-level and damped-trend models (West & Harrison 1997, Bayesian
    Forecasting and Dynamic Models).

    >>> rates = pd.Series({2018: 0.50, 2019: 0.52, 2020: 0.55, 2021: 0.56})
    >>> projection = project_rate(rates, 2023, direction=">=")
    >>> round(projection.median, 3), round(projection.probability(0.62), 2)
    (0.583, 0.11)
    >>> surveyed = project_rate(rates, 2023, direction=">=", survey_se=0.015)
    >>> round(surveyed.probability(0.62), 3), round(surveyed.true_level.probability(0.62), 3)
    (0.141, 0.127)
    """
    if isinstance(rates, pd.DataFrame):
        raise WrongCall(Said("forecast.call.one_series"))
    if not isinstance(rates, pd.Series):
        rates = pd.Series(rates)
    frame = rates.to_frame(name="rate")
    frame.attrs = dict(rates.attrs)
    result = _project(frame, until, direction, prior, survey_se, raising=True)["rate"]
    assert isinstance(result, MixtureProjection)
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
    with the reason; the others are not affected. A frame whose index is no list of years, or names a year or a
    column twice, is a DataRefused.

    >>> rates = pd.Series({2018: 0.50, 2019: 0.52, 2020: 0.55, 2021: 0.56})
    >>> by_place = project_rates(pd.DataFrame({"20": rates, "04": rates.where(rates.index == 2021)}), 2023)
    >>> round(by_place["20"].median, 3)
    0.578
    >>> by_place["04"].reason.en
    'one figure only: its pace of change is unknown'
    """
    return _project(frame, until, direction, prior, survey_se, raising=False)


@dataclass(frozen=True, eq=False)
class _Group:
    """Series that share a prior, whether the better side is known, and whether errors are.

    `places`: their columns in the table; `signs`: -1 where less is better; `errors`: by column, None where unknown.
    """

    prior: Prior
    known_side: bool
    names: list[Any] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    signs: list[float] = field(default_factory=list)
    errors: list[np.ndarray | None] = field(default_factory=list)


def _project(
    frame: pd.DataFrame, until: Any, direction: Any, prior: Any, survey_se: Any, raising: bool
) -> dict[Any, Projection | NotAssessed]:
    periods, single = until_years(until)
    years = whole_years(frame.index)
    check_years(years, "index")
    check_columns(frame.columns)
    results: dict[Any, Projection | NotAssessed] = {}
    groups: dict[tuple[int, bool, bool], _Group] = {}
    table, errors = check_table(years, frame, periods)
    years = np.sort(years)
    attrs = frame.attrs
    for place, name in enumerate(frame.columns):
        if place in errors:
            if raising:
                raise errors[place]
            results[name] = NotAssessed(_reason(errors[place]))
            continue
        side = direction.get(name) if isinstance(direction, Mapping) else direction
        if side is not None:
            check_direction(side)
        chosen = resolve(prior.get(name) if isinstance(prior, Mapping) else prior, attrs)
        error = check_survey_error(survey_se, name, years)
        key = (id(chosen), side is not None, error is not None)
        group = groups.setdefault(key, _Group(chosen, side is not None))
        group.names.append(name)
        group.places.append(place)
        group.signs.append(-1.0 if side == "<=" else 1.0)
        group.errors.append(error)
    for group in groups.values():
        for start in range(0, len(group.places), _ROWS_AT_ONCE):
            some = slice(start, start + _ROWS_AT_ONCE)
            results.update(_project_group(group, some, years, table, periods, single))
    return {name: results[name] for name in frame.columns}


def _project_group(
    group: _Group, some: slice, years: np.ndarray, table: np.ndarray, periods: tuple[int, ...], single: bool
) -> Iterator[tuple[Any, Projection]]:
    """Projections of some series of a group, from the table of shares (years ascending, columns)."""
    prior, names, errors = group.prior, group.names[some], group.errors[some]
    shares, signs = table[:, group.places[some]].T, np.array(group.signs[some])
    known = ~np.isnan(shares)
    first = years[known.argmax(axis=1)]
    last = years[len(years) - 1 - known[:, ::-1].argmax(axis=1)]
    z = np.full((len(names), (last - first).max() + 1), np.nan)
    row, column = np.nonzero(known)
    z[row, years[column] - first[row]] = logit(shares[known], prior.margin) * signs[row]
    sets: Sequence[_Joint | _WithSamplingError]
    if errors[0] is None:
        sets = _sets(posterior(z, prior, group.known_side), last, signs, periods)
    else:
        variance, coming = _on_line(errors, shares, known, years, first, z.shape, prior.margin)
        erring = sampling_error_posterior(z, variance, coming, prior, group.known_side)
        sets = [
            _WithSamplingError(erring, row, signs[row], _ahead(periods, last[row]))
            for row in range(len(names))
        ]
    for joint in sets:
        for place, row in enumerate(joint.rows.tolist()):
            yield names[row], _Series(joint, place, row, periods, single).projection()


def _sets(after: Posterior, last: np.ndarray, signs: np.ndarray, periods: tuple[int, ...]) -> list[_Joint]:
    """Series with the same last year and degrees of freedom, which are solved together."""
    rows_of: dict[tuple[int, float], list[int]] = {}
    for row, year in enumerate(last.tolist()):
        rows_of.setdefault((year, after.freedom(row)), []).append(row)
    return [
        _Joint(after, np.array(rows), signs[rows], _ahead(periods, year))
        for (year, _), rows in rows_of.items()
    ]


def _ahead(periods: tuple[int, ...], last: int) -> np.ndarray:
    return np.array(periods) - last


def _on_line(
    errors: list[np.ndarray | None],
    shares: np.ndarray,
    known: np.ndarray,
    years: np.ndarray,
    first: np.ndarray,
    shape: tuple[int, int],
    margin: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Error variances of the figures on the logit scale, (S, T) by year, 0 where unknown, and of the coming one.

    error^2 slope^2, the slope taken no nearer to 0 and 1 than the error itself: a straight line says nothing there.
    """
    variance, coming = np.zeros(shape), np.zeros(len(errors))
    for row, error in enumerate(errors):
        assert error is not None
        seen = known[row]
        error = error[seen]
        inside = np.nan_to_num(error)
        on_line = (error * logit_slope(np.clip(shares[row, seen], inside, 1 - inside), margin)) ** 2
        variance[row, years[seen] - first[row]] = np.nan_to_num(on_line)
        coming[row] = on_line[~np.isnan(on_line)][-1]
    return variance, coming


@dataclass(frozen=True, eq=False)
class _Joint:
    """Series `rows` of a posterior, all projected `ahead` (H,) steps; `signs`: -1 where the scale is turned round."""

    after: Posterior
    rows: np.ndarray
    signs: np.ndarray
    ahead: np.ndarray
    by_factor: dict[float, MixtureBatch] = field(default_factory=dict, repr=False)

    def members(self, place: int, factor: float, published: bool) -> tuple[Any, ...]:
        """Weights (K,), location and spread (H, K) and index (K,) of one series' members, and who solves them."""
        if factor not in self.by_factor:
            batch = self.after.predictive(self.rows, self.ahead, factor)
            self.by_factor[factor] = batch.turned(self.signs)
        return self.by_factor[factor].one(place)


@dataclass(frozen=True, eq=False)
class _WithSamplingError:
    """One series with known errors."""

    after: SamplingErrorPosterior
    row: int
    sign: float
    ahead: np.ndarray

    @property
    def rows(self) -> np.ndarray:
        return np.array([self.row])

    def members(self, place: int, factor: float, published: bool) -> tuple[Any, ...]:
        """As of `_Joint`; `published`: with the error of the coming figure."""
        weight, location, spread, keep = self.after.predict(self.row, self.ahead, factor, published)
        return weight, location * self.sign, spread, keep, None


@dataclass(frozen=True, eq=False)
class _Series(Mapping[float, Projection]):
    """One series after its last figure; as a mapping: its projection with the prior halved and doubled."""

    joint: _Joint | _WithSamplingError
    place: int
    row: int
    periods: tuple[int, ...]
    single: bool

    def projection(self, factor: float = 1.0, published: bool = True) -> MixtureProjection:
        """The mixture on the logit scale, with the sizes of the prior times `factor`."""
        weight, location, spread, keep, quantiles = self.joint.members(self.place, factor, published)
        after, ahead = self.joint.after, self.joint.ahead
        points, prior = int(after.filtered.points[self.row]), after.prior
        with_error = published and isinstance(after, SamplingErrorPosterior)
        projection = MixtureProjection(
            periods=self.periods,
            single=self.single,
            n_points=points,
            prior_share=prior.share(points),
            alternatives=self if factor == 1.0 and published else {},
            true_level=self.projection(factor, published=False) if with_error else None,
            weights=weight,
            location=location,
            spread=spread,
            freedom=after.freedom(self.row),
            joint=partial(_correlation, after, self.row, ahead, keep),
            margin=prior.margin,
        )
        return projection if quantiles is None else projection.solved_by(quantiles)

    def __getitem__(self, factor: float) -> Projection:
        if factor not in FACTORS:
            raise KeyError(factor)
        return self.projection(factor)

    def __iter__(self) -> Iterator[float]:
        return iter(FACTORS)

    def __len__(self) -> int:
        return len(FACTORS)


def _correlation(
    after: Posterior | SamplingErrorPosterior,
    row: int,
    ahead: np.ndarray,
    keep: np.ndarray,
    chosen: np.ndarray,
) -> np.ndarray:
    return after.correlation(row, ahead, keep[chosen])


def _reason(error: NotAssessable | DataRefused) -> Text | Said:
    """Why a series is not assessed, from the error it would raise alone."""
    if isinstance(error, NotAssessable):
        return error.reason
    finding = error.findings[0]
    return Said("forecast.refused", found=finding.found, remedy=finding.remedy)
