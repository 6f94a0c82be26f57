"""How many people a year will come to, from what is counted so far and what earlier years came to.

What each method says, and how far it counts, is in `in_year.py`. Nothing is ever below what is already counted.

The second part is what earlier corrections say of the newest count, which may be corrected later
(`revision`). Each known correction is the last known figure of a cut-off over the first one; the count so far
is multiplied by

    exp(m + s t_nu),   nu = 4 + J,   m = sum(log rho) / (k + J),   k = 4 / max(1, J mean(log rho)^2 / .02^2)

so that without any correction known the count is uncertain by about 2 % (a prior worth four corrections) and
each known one, also one of exactly nothing, moves that. Corrections further from nothing than a scatter of 2 %
explains enter nearly with their size. What a corrected count does to the year's total is read draw by draw from
three further projections, of the count C' that is expected after correction and of one slightly lower and higher, all
standing on the same points: log T is linear in log C between them and beyond.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import sqrt
from typing import Any

import numpy as np
import pandas as pd

from vetanalysis.blocks import Said
from vetanalysis.errors import NotAssessable, WrongCall
from vetanalysis.forecast.in_year import draws_of_total
from vetanalysis.forecast.projection import DrawsProjection, NotAssessed
from vetanalysis.forecast.year_input import YearInput, read_input

CORRECTION_NU0 = 4.0
REVISION_SD = 0.02  # of the log of final / first; prior


@dataclass(frozen=True, slots=True)
class Revision:
    """How first figures were corrected: log(final / first) ~ t(mean, spread) with `nu` degrees of freedom."""

    mean: float
    spread: float
    nu: float
    known: int


def revision(first: np.ndarray, final: np.ndarray) -> Revision:
    """What past corrections say of the next one; `first`, `final` (J,) figures of the same cut-offs.

    Mean and spread are drawn towards no correction with a spread of 2 %, worth four corrections; the mean less, the
    further it lies from nothing.
    """
    first, final = np.asarray(first, dtype=float), np.asarray(final, dtype=float)
    known = np.isfinite(first) & np.isfinite(final) & (first > 0) & (final > 0)
    logs = np.log(final[known] / first[known])
    count = len(logs)
    beyond = logs.sum() ** 2 / count / REVISION_SD**2 if count else 0.0  # squared, in errors of the mean
    mean = float(logs.sum() / (CORRECTION_NU0 / max(beyond, 1.0) + count))
    nu = CORRECTION_NU0 + count
    scatter = CORRECTION_NU0 * REVISION_SD**2 + ((logs - mean) ** 2).sum() + CORRECTION_NU0 * mean**2
    return Revision(mean, sqrt(scatter / nu * (1 + 1 / nu)), nu, count)


def revise(counts: np.ndarray, seen: Revision, rng: int | np.random.Generator = 0) -> np.ndarray:
    """Draws (S,) of what the counts will be once corrected; a count of zero stays zero."""
    counts = np.asarray(counts, dtype=float)
    rng = np.random.default_rng(rng)
    return counts * np.exp(seen.mean + seen.spread * rng.standard_t(seen.nu, counts.shape))


SIZE = 4000  # draws of a projection, spread evenly
FACTORS = (0.5, 2.0)  # of the prior's spread
SIZE_ALTERNATIVE = 2000  # of the same with the prior halved or doubled
LEAST_STEP = 0.02  # of the log of a count between the projections that tell what its correction does


def project_year_total(
    past: pd.DataFrame | None,
    current: pd.Series | None,
    *,
    planned: float | None = None,
    past_planned: pd.Series | Mapping[int, float] | None = None,
    rng: int | np.random.Generator | None = None,
    year: int | None = None,
    revision: Revision | None = None,
    steps: int = 4,
) -> DrawsProjection:
    """The distribution of the year's total of one unit.

    `past`: index = past years, columns 1 to `steps` (4 quarters or 12 months) = people counted from the start of the
    year to the end of that quarter or month (NaN or absent columns allowed: a year of which only the total is known
    has the last column alone; of a past year known by quarter the share counted by a month is interpolated and wider).
    `current`: Series, index 1 to k, cumulative so far (empty or None: nothing counted yet). `planned`: the
    year's plan; `past_planned`: plans by past year. The plan is read where a past total has its plan beside it, or
    where no total is known; else it says nothing and moves nothing. `year`: the year projected (default: the name of
    `current` where that is a later year, else the one after the last); the further away, the wider.
    `rng`: a seed or Generator; None is seed 0. The draws stand on points that depend on the seed alone: the same
    figures give the same draws, alone or in a batch, and one person more counted never lowers the chance of a target.
    `revision`: how such counts were corrected later (the function `revision`), where the last count is provisional;
    None takes it as it stands. A corrected count may be lower; the total is still never below what stands reported
    today.

    The result has `.prior_share` and `.mostly_prior` (with no or one past year nearly everything was learned
    elsewhere) and `.alternatives` (prior halved, doubled). Raises NotAssessable with the reason for figures
    that cannot be used: neither a past total nor a plan nor a count of the year, cumulative counts that fall, a plan
    of zero, a step too many, texts, negative or infinite counts. Method: the module `in_year`.

    >>> past = pd.DataFrame(
    ...     {1: [1900, 2100], 2: [4600, 5000], 3: [8200, 8900], 4: [12000, 13000]}, index=[2021, 2022]
    ... )
    >>> so_far = pd.Series({1: 2200, 2: 5200})
    >>> total = project_year_total(past, so_far, rng=1)
    >>> round(total.median, -2), round(total.probability(13500), 2), total.lower_bound
    (13400.0, 0.43, 5200.0)
    """
    return _project(read_input(past, current, planned, past_planned, year, steps), _seed(rng), revision)


def project_year_totals(
    past: pd.DataFrame | None,
    current: pd.DataFrame,
    *,
    planned: Mapping[Hashable, float] | pd.Series | None = None,
    past_planned: pd.Series | None = None,
    rng: int | np.random.Generator | None = None,
    year: int | None = None,
    revisions: Mapping[Hashable, Revision] | None = None,
    steps: int = 4,
) -> dict[Hashable, DrawsProjection | NotAssessed]:
    """The same for many units: {unit: Projection, or NotAssessed with the reason}.

    `past`: index (unit, year), columns 1 to `steps`. `current`: units x 1..k, NaN = not reported; units that stand
    only in `past` are projected too. `planned`: plan by unit; `past_planned`: Series with index (unit, year);
    `revisions`: by unit, where its last count is provisional. A unit that cannot be assessed leaves the others as
    they are, and so does the order of units. Raises WrongCall for tables that are not by unit.

    >>> past = pd.DataFrame({2: [460, 500], 4: [1200, 1300]}, index=[2021, 2022])
    >>> so_far = pd.DataFrame({1: [220.0, 100.0], 2: [520.0, 40.0]}, index=["181", "182"])
    >>> by_unit = project_year_totals(pd.concat({"181": past}), so_far, rng=1)
    >>> round(by_unit["181"].median, -1), type(by_unit["182"]).__name__
    (1360.0, 'NotAssessed')
    """
    if past is not None and len(past) and past.index.nlevels != 2:
        raise WrongCall(Said("forecast.call.past_by_unit"))
    if not isinstance(current, pd.DataFrame):
        raise WrongCall(Said("forecast.call.current_by_unit"))
    if planned is not None and not isinstance(planned, Mapping | pd.Series):
        raise WrongCall(Said("forecast.call.planned_by_unit"))
    if past_planned is not None and (
        not isinstance(past_planned, pd.Series) or past_planned.index.nlevels != 2
    ):
        raise WrongCall(Said("forecast.call.past_planned_by_unit"))
    seed = _seed(rng)
    history = _by_unit(past)
    earlier_plans = _by_unit(past_planned)
    result: dict[Hashable, DrawsProjection | NotAssessed] = {}
    for unit in [*current.index, *(unit for unit in history if unit not in current.index)]:
        try:
            counted = current.loc[unit] if unit in current.index else None
            if isinstance(counted, pd.DataFrame):
                raise NotAssessable(Said("forecast.unit_twice", unit=str(unit)))
            if counted is not None:
                counted = counted.rename(None)
            figures = read_input(
                history.get(unit),
                counted,
                None if planned is None else planned.get(unit),
                earlier_plans.get(unit),
                year,
                steps,
            )
            result[unit] = _project(figures, seed, None if revisions is None else revisions.get(unit))
        except NotAssessable as problem:
            result[unit] = NotAssessed(problem.reason)
    return result


def _project(figures: YearInput, seed: int, revision: Revision | None = None) -> DrawsProjection:
    drawn = partial(_drawn, figures, _Correction.of(figures, seed, revision), seed)
    return drawn(1.0, SIZE, alternatives=Alternatives(drawn))


def _drawn(
    figures: YearInput,
    correction: _Correction,
    seed: int,
    factor: float,
    size: int = SIZE_ALTERNATIVE,
    **options: Any,
) -> DrawsProjection:
    """The projection whose prior weighs `factor` of what it was found to be."""
    counts = (figures.counted, *correction.nodes)
    (draws, *ends), prior_share = draws_of_total(figures, counts, size, seed, factor)
    return DrawsProjection(
        correction.of_draws(draws, ends),
        figures.year or "FY",
        n_points=int(np.isfinite(figures.totals).sum()) + int(np.isfinite(figures.current).sum()),
        lower_bound=figures.counted,
        prior_share=prior_share,
        **options,
    )


class Alternatives(Mapping[float, DrawsProjection]):
    """The same projection with its prior halved and doubled, each drawn when it is first asked for."""

    def __init__(self, draw: Callable[[float], DrawsProjection]) -> None:
        self._draw = draw
        self._drawn: dict[float, DrawsProjection] = {}

    def __getitem__(self, factor: float) -> DrawsProjection:
        if factor not in FACTORS:
            raise KeyError(factor)
        if factor not in self._drawn:
            self._drawn[factor] = self._draw(factor)
        return self._drawn[factor]

    def __iter__(self) -> Iterator[float]:
        return iter(FACTORS)

    def __len__(self) -> int:
        return len(FACTORS)


@dataclass(frozen=True, slots=True)
class _Correction:
    """What turns draws of the total into draws of it once the last count is corrected; the year's own end is final.

    `nodes`: corrected counts with which the total is drawn, too; none where nothing will be corrected.
    """

    count: float
    whole: bool
    seed: int
    revision: Revision | None = None
    nodes: tuple[float, ...] = ()

    @classmethod
    def of(cls, figures: YearInput, seed: int, revision: Revision | None) -> _Correction:
        """How the last count of these figures may be corrected."""
        count, whole = figures.counted, figures.whole_numbers
        if revision is None or figures.step in (0, figures.steps) or count <= 0:
            return cls(count, whole, seed)
        earlier = np.nanmax(np.append(figures.current[: figures.step - 1], 0.0))
        step = max(2 * revision.spread, LEAST_STEP)
        nodes = count * np.exp(revision.mean + step * np.array([-1.0, 0.0, 1.0]))
        nodes = np.round(nodes) + np.array([-1.0, 0.0, 1.0]) if whole else nodes
        nodes = np.maximum(nodes, max(earlier, 1.0 if whole else 0.0))
        return cls(count, whole, seed, revision, tuple(nodes.tolist()))

    def of_draws(self, draws: np.ndarray, at_nodes: Sequence[np.ndarray]) -> np.ndarray:
        """The draws corrected; `at_nodes`: the same draws at each of the nodes."""
        seen, nodes = self.revision, self.nodes
        if seen is None:
            return draws
        middle, steps = np.log(nodes[1]), np.maximum(np.abs(np.diff(np.log(nodes))), 1e-9)
        ends = [np.log(np.maximum(at, nodes[0])) for at in at_nodes]
        elastic = np.clip(np.diff(ends, axis=0) / steps[:, None], 0.0, 2.0)
        errors = np.random.default_rng([self.seed, 1]).standard_t(seen.nu, len(draws))
        beyond = np.log(self.count) + seen.mean + seen.spread * errors - middle
        totals = np.exp(ends[1] + np.where(beyond < 0, elastic[0], elastic[1]) * beyond)
        return np.maximum(np.round(totals) if self.whole else totals, self.count)


def _by_unit(table: pd.DataFrame | pd.Series | None) -> dict[Hashable, Any]:
    if table is None or not len(table):
        return {}
    return {unit: part.droplevel(0) for unit, part in table.groupby(level=0, sort=False)}


def _seed(rng: int | np.random.Generator | None) -> int:
    """One whole number from whatever was given."""
    if isinstance(rng, np.random.Generator):
        return int(rng.integers(2**63))
    if rng is None:
        return 0
    if isinstance(rng, bool) or not isinstance(rng, int | np.integer) or rng < 0:
        raise WrongCall(Said("forecast.call.rng", given=repr(rng)))
    return int(rng)
