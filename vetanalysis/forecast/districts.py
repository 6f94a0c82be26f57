"""Districts, institutions and the province in one picture whose sums are exact.

Each unit is projected by itself, the province directly, and both are brought together path by path: the
province's total is the precision-weighted mean (on the log scale) of the direct projection and of the sum
of the units, and what is left of the year is shared out so that units add up to it and none falls under
its count. Independent unit ranges are never added: units share a common factor (`together.py`).

    log T = w log P + (1 - w) log sum FY_d,    w = (1 / var log P) / (1 / var log P + 1 / var log sum)
    FY_d' = C_d + R_d (T - sum C) / sum R,     R_d = max(FY_d - C_d, .001 plan_d)

The two are paired by rank, not as independent evidence: both rest on the same reports.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vetanalysis.errors import NotAssessable, WrongCall
from vetanalysis.forecast.district_gaps import funnel
from vetanalysis.forecast.projection import DrawsProjection, NotAssessed, Projection
from vetanalysis.forecast.together import DEPENDENCE, together
from vetanalysis.text import Text

LEAST_LEFT = 0.001  # share of its plan that a unit may still add in every path


@dataclass(frozen=True, slots=True, eq=False)
class Reconciled:
    """Joint draws of units and province that agree in every path.

    `province` (S,) whole people; `units` frame (S x units); `units.sum(axis=1)` equals `province` exactly.
    `weight_direct`: the part the province's own projection has in its total. `period`: label of the year.
    """

    province: np.ndarray
    units: pd.DataFrame
    counted: pd.Series
    weight_direct: float
    period: Hashable

    def projection(self, unit: Hashable | None = None) -> DrawsProjection:
        """The reconciled projection of one unit, or of the province (None)."""
        if unit is None:
            return DrawsProjection(self.province, self.period, lower_bound=float(self.counted.sum()))
        if unit not in self.units.columns:
            raise WrongCall(f"unit {unit!r}: use one of {', '.join(map(str, self.units.columns))}")
        draws = self.units[unit].to_numpy()
        return DrawsProjection(draws, self.period, lower_bound=float(self.counted[unit]))


def reconcile(
    province: Projection,
    units: Mapping[Hashable, Projection | NotAssessed],
    counted: pd.Series,
    plan: pd.Series | None = None,
    *,
    dependence: float = DEPENDENCE,
    size: int = 4000,
    rng: int | np.random.Generator = 0,
) -> Reconciled:
    """Bring the province's projection and its units' together.

    `units`: every part of the province (districts, institutions directly under it); `counted`: people
    counted so far by unit (NaN = nothing reported: its draws start from zero); `plan`: quota by unit
    (keeps a unit that has nothing left from being fixed at its count). NotAssessable names units that are
    not assessed: a sum without them would not be the province's.
    """
    names = list(units)
    draws = together(units, dependence=dependence, size=size, rng=rng)
    have = counted.reindex(names).fillna(0.0).to_numpy(dtype=float)
    if (have != np.round(have)).any():
        raise WrongCall("counted: people are whole numbers")
    least = np.zeros(len(names)) if plan is None else LEAST_LEFT * plan.reindex(names).fillna(0.0).to_numpy()
    left = np.maximum(draws - have, np.maximum(least, 1e-9))
    bottom_up = have.sum() + left.sum(axis=1)
    levels = (np.arange(size) + 0.5) / size
    direct = np.maximum(np.asarray(province.quantile(levels), dtype=float), max(have.sum(), 0.5))
    paired = np.empty(size)
    paired[np.argsort(bottom_up, kind="stable")] = direct
    weight = _weight(np.log(paired), np.log(bottom_up))
    total = np.exp(weight * np.log(paired) + (1 - weight) * np.log(bottom_up))
    total = np.maximum(np.round(total), have.sum())
    to_share = (total - have.sum()).astype(np.int64)
    shared = share_out(left, to_share)
    frame = pd.DataFrame(have + shared, columns=names)
    series = pd.Series(have, index=names)
    return Reconciled(frame.to_numpy().sum(axis=1), frame, series, weight, province.periods[0])


def share_out(parts: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Whole numbers in the proportions of `parts` (S, D) whose rows sum to `totals` (S,) exactly.

    Largest remainders: every part gets its whole people, those left over go to the largest fractions.
    """
    exact = parts * (totals / parts.sum(axis=1))[:, None]
    whole = np.floor(exact)
    over = np.rint(totals - whole.sum(axis=1)).astype(np.int64)
    order = np.argsort(-(exact - whole), axis=1, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(parts.shape[1])[None, :], axis=1)
    return whole + (rank < over[:, None])


def standing(
    reconciled: Reconciled,
    plan: pd.Series,
    reported: pd.Series,
    *,
    quarters_left: int,
    dispersion: float | None = 1.0,
    own: Mapping[Hashable, Projection] | None = None,
) -> pd.DataFrame:
    """One row per unit: where it stands and what it must still do.

    `reported`: people counted so far, NaN = not reported (never zero); `quarters_left` 0 to 3 (4 at the
    start of the year). `own`: the units' own projections, whose numbers are then given, as each unit's own
    report gives them; without it those of the reconciled paths, whose sums are the place's. Columns: plan,
    counted, share_of_plan, needed (people to the quota), needed_per_quarter (NaN at the year's end), median,
    lower_80, upper_80, probability (of the quota), extra_for_80 (people beyond what is usual for an 80 %
    chance, 0 where it has one), and the columns common, lower, upper, side, beyond of `funnel`.
    """
    names = list(reconciled.units.columns)
    plan, reported = plan.reindex(names).astype(float), reported.reindex(names).astype(float)
    lacking = [str(name) for name in names if not plan[name] > 0]
    if lacking:
        listed = ", ".join(lacking)
        raise NotAssessable(Text(f"Chưa giao chỉ tiêu cho: {listed}", f"No quota was given to: {listed}"))
    rows = []
    for name in names:
        projection = reconciled.projection(name) if own is None else own[name]
        low, high = projection.interval(0.8)
        needed = max(plan[name] - reported[name], 0.0) if np.isfinite(reported[name]) else np.nan
        rows.append(
            {
                "plan": plan[name],
                "counted": reported[name],
                "share_of_plan": reported[name] / plan[name],
                "needed": needed,
                "needed_per_quarter": needed / quarters_left if quarters_left else np.nan,
                "median": projection.median,
                "lower_80": low,
                "upper_80": high,
                "probability": projection.probability(plan[name]),
                "extra_for_80": max(plan[name] - projection.target_for(0.8), 0.0),
            }
        )
    table = pd.DataFrame(rows, index=pd.Index(names, name="unit"))
    if not reported.notna().any():
        return table.assign(common=np.nan, lower=np.nan, upper=np.nan, side="unknown", beyond=np.nan)
    limits = funnel(reported, plan, dispersion=dispersion)
    return table.join(limits[["common", "lower", "upper", "side", "beyond"]])


def _weight(direct: np.ndarray, bottom_up: np.ndarray) -> float:
    """The direct projection's weight by precision; one half where neither can change any more."""
    first, second = float(direct.var()), float(bottom_up.var())
    return 0.5 if first + second == 0 else second / (first + second)
