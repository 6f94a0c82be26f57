"""Units that have not reported: their count is drawn.

A missing unit is never zero and never left out. Units that have reported tell how the year goes, the missing
unit's own past tells how it differs, and its count is drawn, never below what it has itself reported before.

    log((C_d + .5) / plan_d) = year + delta_d + noise
    delta_d = k * mean over the past of (its ratio - the year's),   k = J v / (J v + s^2),  v = .25^2
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import pandas as pd

from vetanalysis.errors import NotAssessable
from vetanalysis.forecast.projection import DrawsProjection
from vetanalysis.forecast.year_total import project_year_total
from vetanalysis.text import Text

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
    rng: int | np.random.Generator = 0,
    size: int = 4000,
) -> CompletedCount:
    """Draw the counts of the units that have not reported.

    `reported`: unit -> people counted by the cut-off, NaN or absent = not reported; `plan`: unit -> plan, all
    units; `past`: units x years, people counted by the same cut-off; `past_plan` the same for plans (None:
    this year's plan). `least`: unit -> people it had reported at an earlier cut-off of the year; no draw of a
    unit falls below (NaN or absent: nothing known). NotAssessable where nobody has reported or a plan is missing or
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
    shared = rng.standard_normal((size, 1)) / sqrt((1 / spread[has]).sum())
    own = rng.standard_normal((size, len(units))) * np.sqrt(spread)
    drawn = plans * np.exp(year + differ + shared + own) - 0.5
    floor = np.zeros(len(units)) if least is None else least.reindex(units).fillna(0.0).to_numpy(dtype=float)
    by_unit = np.where(has, counts, np.maximum(np.round(drawn), floor))
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
        raise NotAssessable(Text("Chưa có số liệu nào của năm nay", "Nothing of the year is counted yet"))
    earlier = known.iloc[:-1]
    rng = np.random.default_rng(rng)
    parts = []
    for node in np.quantile(np.asarray(counts, dtype=float), levels):
        count = max(round(float(node)), float(earlier.max()) if len(earlier) else 0.0)
        now = pd.concat([earlier, pd.Series([count], index=known.index[-1:])]).rename(current.name)
        parts.append(project_year_total(past, now, rng=rng, **options))
    draws = _together(parts, floor)
    alternatives = {
        factor: DrawsProjection(
            _together([part.alternatives[factor] for part in parts], floor), parts[0].periods[0]
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


def _together(parts: Sequence[DrawsProjection], floor: float) -> np.ndarray:
    return np.maximum(np.concatenate([part.draws[:, 0] for part in parts]), floor)


def _check(reported: pd.Series, plan: pd.Series, plans: np.ndarray) -> None:
    wrong = [str(unit) for unit in plan.index[~(np.isfinite(plans) & (plans > 0))]]
    if wrong:
        listed = ", ".join(wrong)
        raise NotAssessable(
            Text(f"Đơn vị chưa có chỉ tiêu lớn hơn 0: {listed}", f"Units without a plan above zero: {listed}")
        )
    unknown = [str(unit) for unit in reported.index if unit not in plan.index]
    if unknown:
        listed = ", ".join(unknown)
        raise NotAssessable(
            Text(
                f"Đơn vị báo cáo không có trong kế hoạch: {listed}",
                f"Units that reported without a plan: {listed}",
            )
        )
    if not reported.notna().any():
        raise NotAssessable(Text("Chưa đơn vị nào gửi báo cáo", "No unit has reported"))


def _units_past(
    units: pd.Index, plans: np.ndarray, past: pd.DataFrame | None, past_plan: pd.DataFrame | None
) -> tuple[np.ndarray, np.ndarray, float]:
    """How each unit differs from the year (D,), what stays unknown of that (D,), and the noise variance."""
    if past is None or not past.shape[1]:
        return np.zeros(len(units)), np.full(len(units), UNIT_VARIANCE), NOISE_SD**2
    counted = past.reindex(units).to_numpy(dtype=float)
    planned = plans[:, None] if past_plan is None else past_plan.reindex(units)[past.columns].to_numpy(float)
    ratios = np.log((counted + 0.5) / planned)
    from_year = ratios - np.nanmean(ratios, axis=0)
    seen = np.isfinite(from_year)
    known = seen.sum(axis=1)
    mean = np.where(known > 0, np.nansum(from_year, axis=1) / np.maximum(known, 1), 0.0)
    scatter = np.nansum((from_year - mean[:, None]) ** 2)
    noise = (NU0 * NOISE_SD**2 + scatter) / (NU0 + max(seen.sum() - (known > 0).sum(), 0))
    shrink = known * UNIT_VARIANCE / (known * UNIT_VARIANCE + noise)
    return shrink * mean, (1 - shrink) * UNIT_VARIANCE, float(noise)
