"""Counts that are not complete: units without a report are drawn; rules of thumb for the year's total.

A missing unit is never zero and never left out. Units that have reported tell how the year goes, the missing
unit's own past tells how it differs, and its count is drawn, never below what it has itself reported before.

    log((C_d + .5) / plan_d) = year + delta_d + noise
    delta_d = k * mean over the past of (its ratio - the year's),   k = J v / (J v + s^2),  v = .25^2

The second part of the module are rules an analyst would use for the year's total, printed beside the
projection and never instead: chain ladder with Mack's standard error (Mack 1993, ASTIN Bulletin 23),
Bornhuetter-Ferguson (1972, Proceedings of the Casualty Actuarial Society 59), last year's share, and the
share of the year that has passed. Counts are people since the year began; `totals` and `counted` are the same
past years, (J,).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import pandas as pd

from vetanalysis.blocks import Said
from vetanalysis.errors import NotAssessable, WrongCall
from vetanalysis.forecast.projection import DRAWS_OF_UNITS, DrawsProjection
from vetanalysis.forecast.year_total import project_year_total

LEAST_COVERAGE = 0.60  # share of the plan that must have reported before a probability is given
UNIT_VARIANCE = 0.25**2  # between units, of the log ratio to the plan
NOISE_SD = 0.25  # within a unit, between years; prior, worth NU0 years
NU0 = 4.0
COUNT_NODES = 9


@dataclass(frozen=True, slots=True, eq=False)
class CompletedCount:
    """The count of all units together: reported ones as reported, missing ones drawn.

    `draws` (S,) sums over all units; `by_unit` (S x units) frame; `coverage` the plan share of the units that
    reported; `late` the missing units.
    """

    draws: np.ndarray
    by_unit: pd.DataFrame
    coverage: float
    late: tuple

    @property
    def probability_allowed(self) -> bool:
        """Whether enough of the plan has reported for a probability; below it only a range is shown."""
        return self.coverage >= LEAST_COVERAGE


def complete_for_late(
    reported: pd.Series,
    plan: pd.Series,
    past: pd.DataFrame | None = None,
    past_plan: pd.DataFrame | None = None,
    *,
    least: pd.Series | None = None,
    total: float | None = None,
    rng: int | np.random.Generator = 0,
    size: int = DRAWS_OF_UNITS,
) -> CompletedCount:
    """Draw the counts of the units that have not reported.

    `reported`: unit -> people counted by the cut-off, NaN or absent = not reported; `plan`: unit -> plan, all
    units; `past`: units x years, people counted by the same cut-off; `past_plan` the same for plans (None:
    this year's plan). `least`: unit -> people it had reported at an earlier cut-off of the year; no draw of a
    unit falls below (NaN or absent: nothing known). `total`: what they came to together, where that is known: the units
    that are missing share the rest of it. NotAssessable where nobody has reported or a plan is missing or
    not above zero.
    """
    units = plan.index
    plans = plan.to_numpy(dtype=float)
    _check(reported, plan, plans)
    counts = reported.reindex(units).to_numpy(dtype=float)
    has = np.isfinite(counts)
    rng = np.random.default_rng(rng)
    differ, left_variance, noise = _units_past(units, plans, past, past_plan)
    spread = noise + left_variance
    year = (
        (np.log((counts[has] + 0.5) / plans[has]) - differ[has]) @ (1 / spread[has]) / (1 / spread[has]).sum()
    )
    of_year = rng.standard_normal((size, 1)) / sqrt((1 / spread[has]).sum())
    of_units = rng.standard_normal((size, len(units))) * np.sqrt(spread)
    drawn = plans * np.exp(year + differ + of_year + of_units) - 0.5
    floor = np.zeros(len(units)) if least is None else least.reindex(units).fillna(0.0).to_numpy(dtype=float)
    by_unit = np.where(has, counts, np.maximum(np.round(drawn), floor))
    rest = -1.0 if total is None else total - counts[has].sum()
    if not has.all() and rest >= floor[~has].sum():
        above = by_unit[:, ~has] - floor[~has] + 1e-9
        by_unit[:, ~has] = floor[~has] + above * ((rest - floor[~has].sum()) / above.sum(axis=1))[:, None]
    coverage = float(plans[has].sum() / plans.sum())
    frame = pd.DataFrame(by_unit, columns=units)
    return CompletedCount(by_unit.sum(axis=1), frame, coverage, tuple(units[~has]))


def project_uncertain_count(
    past: pd.DataFrame | None,
    current: pd.Series,
    counts: np.ndarray,
    *,
    floor: float = 0.0,
    rng: int | np.random.Generator = 0,
    **options,
) -> DrawsProjection:
    """The year's total where the last count itself is uncertain (late units, corrections).

    `counts` (S,) draws of the last count of `current`; the projection is made at nine of their quantiles
    and the draws are put together. No total falls below `floor` (what has been reported), though the count
    from which it is projected may. Other arguments as in `project_year_total`.
    """
    levels = (np.arange(COUNT_NODES) + 0.5) / COUNT_NODES
    known = current.dropna()
    if known.empty:
        raise NotAssessable(Said("forecast.nothing_this_year"))
    earlier = known.iloc[:-1]
    rng = np.random.default_rng(rng)
    parts = []
    for node in np.quantile(np.asarray(counts, dtype=float), levels):
        count = max(round(float(node)), float(earlier.max()) if len(earlier) else 0.0)
        now = pd.concat([earlier, pd.Series([count], index=known.index[-1:])]).rename(current.name)
        parts.append(project_year_total(past, now, rng=rng, **options))
    draws = _joined(parts, floor)
    alternatives = {
        factor: DrawsProjection(
            _joined([part.alternatives[factor] for part in parts], floor), parts[0].periods[0]
        )
        for factor in (0.5, 2.0)
    }
    return DrawsProjection(
        rng.permutation(draws),
        parts[0].periods[0],
        n_points=parts[0].n_points,
        prior_share=float(np.mean([part.prior_share for part in parts])),
        lower_bound=float(draws.min()) if floor == 0 else floor,
        alternatives=alternatives,
    )


def _joined(parts: Sequence[DrawsProjection], floor: float) -> np.ndarray:
    return np.maximum(np.concatenate([part.draws[:, 0] for part in parts]), floor)


def _check(reported: pd.Series, plan: pd.Series, plans: np.ndarray) -> None:
    wrong = [str(unit) for unit in plan.index[~(np.isfinite(plans) & (plans > 0))]]
    if wrong:
        raise NotAssessable(Said("forecast.units_without_plan", units=wrong))
    unknown = [str(unit) for unit in reported.index if unit not in plan.index]
    if unknown:
        raise NotAssessable(Said("forecast.reported_without_plan", units=unknown))
    if not reported.notna().any():
        raise NotAssessable(Said("forecast.nobody_reported"))


def _units_past(
    units: pd.Index, plans: np.ndarray, past: pd.DataFrame | None, past_plan: pd.DataFrame | None
) -> tuple[np.ndarray, np.ndarray, float]:
    """How each unit differs from the year (D,), what stays unknown of that (D,), and the noise variance."""
    if past is None or not past.shape[1]:
        return np.zeros(len(units)), np.full(len(units), UNIT_VARIANCE), NOISE_SD**2
    counted = past.reindex(units).to_numpy(dtype=float)
    planned = plans[:, None] if past_plan is None else past_plan.reindex(units)[past.columns].to_numpy(float)
    ratios = np.log((counted + 0.5) / planned)
    seen = np.isfinite(ratios)
    of_year = np.where(seen, ratios, 0.0).sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
    from_year = np.where(seen, ratios - of_year, np.nan)
    known = seen.sum(axis=1)
    mean = np.where(known > 0, np.nansum(from_year, axis=1) / np.maximum(known, 1), 0.0)
    scatter = np.nansum((from_year - mean[:, None]) ** 2)
    noise = (NU0 * NOISE_SD**2 + scatter) / (NU0 + max(seen.sum() - (known > 0).sum(), 0))
    shrink = known * UNIT_VARIANCE / (known * UNIT_VARIANCE + noise)
    return shrink * mean, (1 - shrink) * UNIT_VARIANCE, float(noise)


@dataclass(frozen=True, slots=True)
class ChainLadder:
    """The chain ladder's total, its standard error (None with one year) and J - 1 degrees of freedom."""

    total: float
    error: float | None
    degrees: int

    def interval(self, coverage: float = 0.8) -> tuple[float, float] | None:
        """The central range from Mack's error with a t of J - 1 degrees of freedom; None with one year."""
        if self.error is None:
            return None
        from scipy.stats import t

        reach = float(t.ppf((1 + coverage) / 2, self.degrees)) * self.error
        return self.total - reach, self.total + reach


def chain_ladder(counted_now: float, counted: np.ndarray, totals: np.ndarray) -> ChainLadder:
    """The count so far times all past totals over all past counts by now.

    f = sum(totals) / sum(counted);  total = f C;  Mack's error^2 = C^2 s^2 (1 / C + 1 / sum(counted)),
    s^2 = sum(counted (totals / counted - f)^2) / (J - 1).
    NotAssessable without a past year that has both figures above zero.
    """
    counted, totals = _both(counted, totals)
    factor = totals.sum() / counted.sum()
    total = float(counted_now * factor)
    degrees = len(counted) - 1
    if not degrees or counted_now <= 0:
        return ChainLadder(total, None, degrees)
    variance = (counted * (totals / counted - factor) ** 2).sum() / degrees
    error = counted_now * sqrt(variance * (1 / counted_now + 1 / counted.sum()))
    return ChainLadder(total, float(error), degrees)


def bornhuetter_ferguson(
    counted_now: float, expected: float, counted: np.ndarray, totals: np.ndarray
) -> float:
    """The count so far plus the part of the expected total that usually comes after now.

    C + expected (1 - share), share = sum(counted) / sum(totals); `expected` is the plan times its usual
    attainment (`usual_attainment`).
    """
    counted, totals = _both(counted, totals)
    return float(counted_now + expected * (1 - counted.sum() / totals.sum()))


def usual_attainment(totals: np.ndarray, plans: np.ndarray) -> float:
    """The mean of total / plan over the past years that have both; 1 without such a year."""
    totals, plans = np.asarray(totals, dtype=float), np.asarray(plans, dtype=float)
    known = np.isfinite(totals) & np.isfinite(plans) & (plans > 0)
    return float((totals[known] / plans[known]).mean()) if known.any() else 1.0


def last_year_share(counted_now: float, counted: np.ndarray, totals: np.ndarray) -> float:
    """The count so far over the share that was counted by now in the last year that has both figures."""
    counted, totals = _both(counted, totals)
    return float(counted_now * totals[-1] / counted[-1])


def elapsed_time(counted_now: float, months: int) -> float:
    """The count so far over the part of the year that has passed; `months` 1 to 12."""
    if months not in range(1, 13):
        raise WrongCall(Said("forecast.call.months", given=repr(months)))
    return counted_now * 12 / months


def _both(counted: np.ndarray, totals: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    counted, totals = np.asarray(counted, dtype=float), np.asarray(totals, dtype=float)
    if counted.shape != totals.shape:
        raise WrongCall(Said("forecast.call.same_years", counts=counted.size, totals=totals.size))
    known = np.isfinite(counted) & np.isfinite(totals) & (counted > 0) & (totals > 0)
    if not known.any():
        raise NotAssessable(Said("forecast.no_past_share"))
    return counted[known], totals[known]
