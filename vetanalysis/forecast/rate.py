"""Yearly rates: where may a share of something be in a coming year?

The method is one shared-prior ensemble for every series, however short: local-level and damped-trend filters
on the logit scale (`state_space.py`), crossed with sizes of a usual yearly change, weighted by what thousands
of real series taught (`priors.py`) and by how well each explains the series at hand. The answer is a mixture
of Student t distributions in closed form: nothing is simulated, nothing leaves 0 to 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from vetanalysis.blocks import Said, Text
from vetanalysis.errors import DataRefused, NotAssessable, WrongCall
from vetanalysis.forecast.known_errors import SamplingErrorPosterior, sampling_error_posterior
from vetanalysis.forecast.mixture import MixtureBatch, MixtureProjection, logit_slope
from vetanalysis.forecast.neighbours import Neighbours, aligned
from vetanalysis.forecast.priors import PANEL, Prior, resolve
from vetanalysis.forecast.projection import NotAssessed, Projection, check_direction
from vetanalysis.forecast.rate_input import (
    MONTHS,
    check_columns,
    check_survey_error,
    check_table,
    check_years,
    label_of,
    month_steps,
    until_steps,
)
from vetanalysis.forecast.state_space import Posterior, posterior
from vetanalysis.forecast.within_year import InYearError, errors_of

FACTORS = (0.5, 2.0)
_ROWS_AT_ONCE = 256


def project_rate(
    rates: pd.Series,
    until: Any,
    *,
    direction: str | None = None,
    prior: str | Prior | None = None,
    survey_se: float | pd.Series | None = None,
    rng: Any = None,
) -> Projection:
    """The predictive distribution of a rate in one or several coming years.

    `rates`: index = year (any order, gaps allowed), values = shares in [0, 1], two or more; NaN is a missing
    year. A figure of June has the index 2023.5, 2023-06-30 or a period that ends with June, other months likewise; it
    comes before the figure of the year 2023 and is an observation of the same rate with an error of its own, larger the
    longer before (`within_year`), so that one alone is enough. `until`: a year, a month of one, or a list of them,
    after the last figure. `direction`: ">=" where more is better, "<=" where less is: the prior then leans slightly to
    the better side; None: no lean. `prior`: "survey", "administrative", "general" or a Prior; None: as
    `rates.attrs["kind"]`, else "general". `survey_se`: standard error of the figures (share, up to 0.5), one number
    or by year: 0 where a figure is exact, NaN where its error is unknown (it is then taken for that of the others; with
    none known, noise is estimated). `.true_level` is then the rate itself, without the error of the coming figure.
    `rng` is accepted as in the other projections and not used: the answer is exact.

    Raises NotAssessable with fewer than two figures or a year that is not ahead of them, DataRefused for a
    value outside [0, 1], a year given twice or an index that holds neither years nor their months, WrongCall for
    options that are none. Method: a mixture over local-level and damped-trend models (West & Harrison 1997,
    Bayesian Forecasting and Dynamic Models).

    >>> rates = pd.Series({2018: 0.50, 2019: 0.52, 2020: 0.55, 2021: 0.56})
    >>> projection = project_rate(rates, 2023, direction=">=")
    >>> round(projection.median, 3), round(projection.probability(0.62), 2)
    (0.583, 0.09)
    >>> surveyed = project_rate(rates, 2023, direction=">=", survey_se=0.015)
    >>> round(surveyed.probability(0.62), 3), round(surveyed.true_level.probability(0.62), 3)
    (0.121, 0.106)
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
    until: Any,
    *,
    direction: str | Mapping[Any, str | None] | None = None,
    prior: str | Prior | Mapping[Any, str | Prior | None] | None = None,
    survey_se: float | pd.Series | pd.DataFrame | None = None,
    rng: Any = None,
) -> dict[Any, Projection | NotAssessed]:
    """`project_rate` for every column of `frame` in one pass; the numbers are the same to the last digit.

    `direction` and `prior` may be mappings by column. With `prior` "panel" a column learns how such a rate moves from
    the other columns, of their figures up to its own last year, starting from the prior of the kind in
    `frame.attrs["kind"]` (`neighbours`); `.taught_by` says from how many, 0 where there are fewer than five. A column
    that cannot be projected becomes a NotAssessed with the reason; the others are not affected. A frame whose index
    is no list of years, or names a year or a column twice, is a DataRefused.

    >>> rates = pd.Series({2018: 0.50, 2019: 0.52, 2020: 0.55, 2021: 0.56})
    >>> by_place = project_rates(pd.DataFrame({"20": rates, "04": rates.where(rates.index == 2021)}), 2023)
    >>> round(by_place["20"].median, 3)
    0.575
    >>> by_place["04"].reason.en
    'one figure only: its pace of change is unknown'
    """
    return _project(frame, until, direction, prior, survey_se, raising=False)


@dataclass(frozen=True, eq=False)
class _Group:
    """Series that share a prior, whether the better side is known, whether errors are, and whether others teach.

    `parts`: steps of a year, more than one where months within a year are among their figures or asked for.
    `prior`: one of theirs; they may differ in their weights, not in their members. `places`: their columns in the
    table; `signs`: -1 where less is better; `errors`: by column, None where unknown.
    """

    prior: Prior
    known_side: bool
    neighbours: Neighbours | None
    parts: int
    priors: list[Prior] = field(default_factory=list)
    names: list[Any] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    signs: list[float] = field(default_factory=list)
    errors: list[np.ndarray | None] = field(default_factory=list)


def _project(
    frame: pd.DataFrame, until: Any, direction: Any, prior: Any, survey_se: Any, raising: bool
) -> dict[Any, Projection | NotAssessed]:
    ends, single = until_steps(until)
    steps = month_steps(frame.index)
    check_years(steps, "index")
    check_columns(frame.columns)
    for option, given in (("direction", direction), ("prior", prior)):
        unknown = [name for name in given if name not in frame.columns] if isinstance(given, Mapping) else []
        if unknown:
            raise WrongCall(Said("forecast.call.no_column", name=option, given=repr(unknown[0])))
    results: dict[Any, Projection | NotAssessed] = {}
    groups: dict[tuple[Any, ...], _Group] = {}
    table, refusals = check_table(steps, frame, ends)
    steps = np.sort(steps)
    asked = Asked(ends, single)
    parts = _parts(table, steps, ends)
    attrs = frame.attrs
    for place, name in enumerate(frame.columns):
        if place in refusals:
            if raising:
                raise refusals[place]
            results[name] = NotAssessed(_reason(refusals[place]))
            continue
        side = direction.get(name) if isinstance(direction, Mapping) else direction
        if side is not None:
            check_direction(side)
        wanted = prior.get(name) if isinstance(prior, Mapping) else prior
        chosen, panel = resolve(wanted, attrs), isinstance(wanted, str) and wanted == PANEL
        error = check_survey_error(survey_se, name, steps)
        key = (*chosen.settings, side is not None, error is not None, panel, int(parts[place]))
        if key not in groups:
            others = _others(frame, table, steps, direction, chosen, side is not None) if panel else None
            groups[key] = _Group(chosen, side is not None, others, int(parts[place]))
        group = groups[key]
        group.priors.append(chosen)
        group.names.append(name)
        group.places.append(place)
        group.signs.append(-1.0 if side == "<=" else 1.0)
        group.errors.append(error)
    for group in groups.values():
        for start in range(0, len(group.places), _ROWS_AT_ONCE):
            some = slice(start, start + _ROWS_AT_ONCE)
            results.update(_project_group(group, some, steps, table, asked))
    return {name: results[name] for name in frame.columns}


def _parts(table: np.ndarray, steps: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """In how many steps a year is gone through, by column: 1, 2 or 12; each month known or asked for is one of them."""
    known, parts = ~np.isnan(table), np.ones(table.shape[1], dtype=int)
    for size, finer in ((MONTHS, 2), (MONTHS // 2, MONTHS)):
        parts[known[steps % size != 0].any(axis=0) | bool((ends % size).any())] = finer
    return parts


def _others(
    frame: pd.DataFrame, table: np.ndarray, steps: np.ndarray, direction: Any, prior: Prior, improving: bool
) -> Neighbours:
    """The columns of a table as series that teach each other; those with a value that is no share teach nothing."""
    wrong = ((table < 0) | (table > 1)).any(axis=0)
    sides = [direction.get(name) if isinstance(direction, Mapping) else direction for name in frame.columns]
    signs = np.array([-1.0 if side == "<=" else 1.0 for side in sides])
    whole = steps % MONTHS == 0
    return Neighbours(np.where(wrong, np.nan, table)[whole], steps[whole] // MONTHS, signs, prior, improving)


def _project_group(
    group: _Group, some: slice, steps: np.ndarray, table: np.ndarray, asked: Asked
) -> Iterator[tuple[Any, Projection]]:
    """Projections of some series of a group, from the table of shares (months ascending, columns)."""
    prior, names, errors = group.prior, group.names[some], group.errors[some]
    places, signs = np.array(group.places[some]), np.array(group.signs[some])
    size = MONTHS // group.parts
    rows = steps % size == 0
    times = steps[rows] // size
    shares = table[rows][:, places].T
    z, first, last = aligned(shares, times, prior.margin, signs)
    known = ~np.isnan(shares)
    points = known.sum(axis=1)
    if group.neighbours is None:
        priors = group.priors[some]
        weights = np.array([own.weights_for(n) for own, n in zip(priors, points.tolist(), strict=True)])
        taught_by = np.array([own.taught_by for own in priors])
    else:
        weights, taught_by = group.neighbours.weights(places, points, last // group.parts)
    sets: Sequence[_Joint | _WithError]
    if errors[0] is None and group.parts == 1:
        sets = _sets(posterior(z, prior, group.known_side, weights), last, signs, asked.years)
    else:
        given = [None if error is None else error[rows] for error in errors]
        variance, coming = _on_line(given, shares, known, times, first, z.shape, prior.margin)
        gone = (first[:, None] + np.arange(z.shape[1])) % group.parts
        within = [_within_years(z[row], variance[row], gone[row], group.parts) for row in range(len(names))]
        erring = sampling_error_posterior(z, variance, prior, group.known_side, weights, gone, group.parts)
        sets = [
            _WithError(
                erring, row, signs[row], asked.ahead(last[row], group.parts), coming[row],
                error is not None, within[row], asked.left,
            )
            for row, error in enumerate(errors)
        ]  # fmt: skip
    for joint in sets:
        for place, row in enumerate(joint.rows.tolist()):
            series = _Series(joint, place, row, asked.labels, asked.single, int(taught_by[row]))
            yield names[row], series.projection()


@dataclass(frozen=True, eq=False)
class Asked:
    """The months asked for, counted through (H,), and whether it was one alone."""

    steps: np.ndarray
    single: bool

    @property
    def left(self) -> np.ndarray:
        """How long before the end of its year each comes, in years, (H,); 0 for a year itself."""
        return -self.steps % MONTHS / MONTHS

    @property
    def years(self) -> tuple[int, ...]:
        """As years, where all are."""
        return tuple((self.steps // MONTHS).tolist())

    @property
    def labels(self) -> tuple[int | float, ...]:
        """As they are called in answers: 2023, or 2023.5 for the middle of 2023; see `label_of`."""
        return tuple(label_of(step) for step in self.steps.tolist())

    def ahead(self, last: int, parts: int) -> np.ndarray:
        """How many steps, `parts` a year, after the last figure."""
        return self.steps // (MONTHS // parts) - last


def _within_years(z: np.ndarray, variance: np.ndarray, gone: np.ndarray, parts: int) -> InYearError:
    """How figures within a year are off in one series; taken out of `z` (T,), entered in `variance` (T,)."""
    bias, errors, learned = errors_of(z, gone, parts)
    z -= bias
    variance += errors
    return learned


def _sets(after: Posterior, last: np.ndarray, signs: np.ndarray, periods: tuple[int, ...]) -> list[_Joint]:
    """Series with the same last year and degrees of freedom, which are solved together."""
    rows_of: dict[tuple[int, float], list[int]] = {}
    for row, year in enumerate(last.tolist()):
        rows_of.setdefault((year, after.freedom(row)), []).append(row)
    return [
        _Joint(after, np.array(rows), signs[rows], np.array(periods) - year)
        for (year, _), rows in rows_of.items()
    ]


def _on_line(
    errors: list[np.ndarray | None],
    shares: np.ndarray,
    known: np.ndarray,
    times: np.ndarray,
    first: np.ndarray,
    shape: tuple[int, int],
    margin: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Error variances of the figures on the logit scale, (S, T) by step, and of the coming one; 0 where none is given.

    error^2 slope^2, the slope taken no nearer to 0 and 1 than the error itself: a straight line says nothing there.
    Where a series has some errors, the others are taken for their root mean square.
    """
    variance, coming = np.zeros(shape), np.zeros(len(errors))
    for row, error in enumerate(errors):
        if error is None:
            continue
        seen = known[row]
        given = error[seen]
        usual = np.sqrt(np.nanmean(given**2)) if np.isfinite(given).any() else 0.0
        filled = np.where(np.isnan(given), usual, given)
        slope = logit_slope(np.clip(shares[row, seen], filled, 1 - filled), margin)
        on_line = (filled * slope) ** 2
        variance[row, times[seen] - first[row]] = on_line
        coming[row] = on_line[~np.isnan(given)][-1] if np.isfinite(given).any() else 0.0
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
class _WithError:
    """One series whose figures have errors of a known size.

    `coming`: variance of the coming figure's survey error, `surveyed`: whether such errors were given at all.
    `within`: how figures within a year are off, `left` (H,): how long before their year's end the coming ones are.
    """

    after: SamplingErrorPosterior
    row: int
    sign: float
    ahead: np.ndarray
    coming: float
    surveyed: bool
    within: InYearError
    left: np.ndarray

    @property
    def rows(self) -> np.ndarray:
        return np.array([self.row])

    def members(self, place: int, factor: float, published: bool) -> tuple[Any, ...]:
        """As of `_Joint`; `published`: with the error of the coming figure."""
        coming = self.within.variance(self.left) + self.coming
        if not published:
            coming = np.zeros(len(self.ahead))
        weight, location, spread, keep = self.after.predict(self.row, self.ahead, factor, coming)
        if published:
            location = location + self.within.bias(self.left)[:, None]
        return weight, location * self.sign, spread, keep, None


@dataclass(frozen=True, eq=False)
class _Series(Mapping[float, Projection]):
    """One series after its last figure; as a mapping: its projection with the prior halved and doubled.

    `published`: of the coming figure, else of the rate itself, without the errors of its figures.
    """

    joint: _Joint | _WithError
    place: int
    row: int
    periods: tuple[int | float, ...]
    single: bool
    taught_by: int
    published: bool = True

    def projection(self, factor: float = 1.0) -> MixtureProjection:
        """The mixture on the logit scale, with the sizes of the prior times `factor`."""
        weight, location, spread, keep, quantiles = self.joint.members(self.place, factor, self.published)
        after, ahead = self.joint.after, self.joint.ahead
        points, prior = int(after.filtered.points[self.row]), after.prior
        with_true = self.published and isinstance(self.joint, _WithError) and self.joint.surveyed
        projection = MixtureProjection(
            periods=self.periods,
            single=self.single,
            n_points=points,
            prior_share=prior.share(points),
            taught_by=self.taught_by,
            alternatives=self if factor == 1.0 else {},
            true_level=replace(self, published=False).projection(factor) if with_true else None,
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
