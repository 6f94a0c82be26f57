"""Units and their province: projected with sums that are exact, and compared within what chance allows.

Each unit is projected by itself, the province directly, and both are brought together path by path
(`reconcile`): the province's total is the precision-weighted mean (on the log scale) of the direct projection
and of the sum of the units, and what is left of the year is shared out so that units add up to it and none
falls under its count.

    log T = w log P + (1 - w) log sum FY_d,    w = (1 / var log P) / (1 / var log P + 1 / var log sum)
    FY_d' = C_d + R_d (T - sum C) / sum R,     R_d = max(FY_d - C_d, .001 plan_d)

The two are paired by rank, not as independent evidence: both rest on the same reports.

Independent ranges are never added (`joint_draws`, `sum_with_dependence`): draws of each part keep their own
distribution and are only put into another order, so that parts share a common factor (Iman and Conover 1982,
Communications in Statistics 11). A year that is good for one part is usually good for the others.

Differences between units: funnel limits after Spiegelhalter (2005, Statistics in Medicine 24), decomposition
after Kitagawa (1955, Journal of the American Statistical Association 50).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vetanalysis.blocks import Said
from vetanalysis.errors import NotAssessable, WrongCall
from vetanalysis.forecast.projection import DRAWS_OF_UNITS, DrawsProjection, NotAssessed, Projection
from vetanalysis.indicators.gaps import WIDTH, chance_error, funnel_limits


@dataclass(frozen=True, slots=True, eq=False)
class Kitagawa:
    """A difference of two rates split in two: `rate` (units differ in their rates) + `composition` (in size).

    `by_unit`: frame, units x (rate, composition); a unit that gained weight adds as far as its rate is above the mean
    of all. `total` is the whole difference.
    """

    rate: float
    composition: float
    by_unit: pd.DataFrame

    @property
    def total(self) -> float:
        """Second rate minus first rate."""
        return self.rate + self.composition


def funnel(counted: pd.Series, size: pd.Series, *, dispersion: float | None = 1.0) -> pd.DataFrame:
    """How each unit's share stands to the common share, and whether chance explains it.

    `counted` (NaN = not reported), `size`: people counted and the base (quota, labour force) by unit. The
    common share p is that of all units that reported together; limits are p +- 2 sqrt(dispersion p (1 - p)
    / size). `dispersion` 1 is chance alone; None estimates it from the units (at least 1; extreme tenths
    pulled in), so that only units apart from the others' usual scatter are named.

    Columns: share, common, lower, upper, z, side (behind, within, ahead, unknown), beyond (people outside the
    nearer limit: negative when behind, 0 within).
    """
    size = size.astype(float)
    counted = counted.reindex(size.index).astype(float)
    _positive(size)
    has = counted.notna()
    if not has.any():
        raise NotAssessable(Said("forecast.no_unit_counted"))
    common = float(counted[has].sum() / size[has].sum())
    share = counted / size
    error = chance_error(common, size, may_exceed=True)
    z = (share - common) / error.where(error > 0)
    if dispersion is None:
        known = z[has].dropna()
        pulled = known.clip(*known.quantile([0.1, 0.9])) if len(known) else known
        dispersion = max(1.0, float((pulled**2).mean())) if len(known) else 1.0
    elif not dispersion >= 1:
        raise WrongCall(Said("forecast.call.dispersion", given=repr(dispersion)))
    lower, upper = funnel_limits(common, size, WIDTH * np.sqrt(dispersion), may_exceed=True)
    side = np.select([~has, share < lower, share > upper], ["unknown", "behind", "ahead"], "within")
    beyond = np.where(share < lower, share - lower, np.where(share > upper, share - upper, 0.0)) * size
    return pd.DataFrame(
        {
            "share": share,
            "common": common,
            "lower": lower,
            "upper": upper,
            "z": z / np.sqrt(dispersion),
            "side": side,
            "beyond": pd.Series(beyond, index=size.index).where(has),
        },
        index=size.index,
    )


def kitagawa(
    rates_first: pd.Series, weights_first: pd.Series, rates_second: pd.Series, weights_second: pd.Series
) -> Kitagawa:
    """What makes the second overall rate differ from the first: the units' rates, or their sizes.

    p2 - p1 = sum mean(w) (r2 - r1) + sum (mean(r) - mean(p)) (w2 - w1), exact: the weights' changes add up to
    nothing, so that taking the mean of both overall rates off moves no total. Weights are scaled to sum to 1. The same
    units in all four (two years, or two groups); NotAssessable names units that lack a figure.
    """
    units = rates_first.index
    table = pd.DataFrame(
        {"r1": rates_first, "w1": weights_first, "r2": rates_second, "w2": weights_second}, dtype=float
    )
    lacking = sorted(str(unit) for unit in table.index[table.isna().any(axis=1)])
    if lacking:
        raise NotAssessable(Said("forecast.units_lack_figure", units=lacking))
    _positive(table["w1"], total_only=True)
    _positive(table["w2"], total_only=True)
    first, second = table["w1"] / table["w1"].sum(), table["w2"] / table["w2"].sum()
    overall = float((first * table["r1"] + second * table["r2"]).sum()) / 2
    by_unit = pd.DataFrame(
        {
            "rate": (first + second) / 2 * (table["r2"] - table["r1"]),
            "composition": ((table["r1"] + table["r2"]) / 2 - overall) * (second - first),
        }
    ).loc[units]
    return Kitagawa(float(by_unit["rate"].sum()), float(by_unit["composition"].sum()), by_unit)


def _positive(size: pd.Series, total_only: bool = False) -> None:
    wrong = [] if total_only else [str(u) for u in size.index[~(np.isfinite(size) & (size > 0))]]
    if wrong or not size.sum() > 0 or (size < 0).any():
        raise NotAssessable(Said("forecast.base_not_positive", units=wrong or [Said("forecast.total")]))


DEPENDENCE = 0.35  # correlation of any two parts on the normal scale, where nothing else is known


def joint_draws(
    parts: Mapping[Hashable, Projection | NotAssessed],
    *,
    dependence: float = DEPENDENCE,
    size: int = DRAWS_OF_UNITS,
    rng: int | np.random.Generator = 0,
) -> np.ndarray:
    """Joint draws (size, parts) of one-period projections with one common factor.

    `dependence` in [0, 1]: correlation of any two parts. Every column has the part's own quantiles at
    (i + 1/2) / size. NotAssessable where a part is not assessed, naming the parts.
    """
    if not 0 <= dependence <= 1:
        raise WrongCall(Said("forecast.call.dependence", given=repr(dependence)))
    known = [part for part in parts.values() if not isinstance(part, NotAssessed)]
    if len(known) < len(parts):
        missing = [str(name) for name, part in parts.items() if isinstance(part, NotAssessed)]
        raise NotAssessable(Said("forecast.parts_not_assessed", parts=missing))
    if not known:
        raise NotAssessable(Said("forecast.no_parts"))
    rng = np.random.default_rng(rng)
    levels = (np.arange(size) + 0.5) / size
    common = rng.standard_normal(size)
    result = np.empty((size, len(known)))
    for column, part in enumerate(known):
        score = np.sqrt(dependence) * common + np.sqrt(1 - dependence) * rng.standard_normal(size)
        place = np.empty(size, dtype=int)
        place[np.argsort(score, kind="stable")] = np.arange(size)
        result[:, column] = np.asarray(part.quantile(levels), dtype=float)[place]
    return result


def sum_with_dependence(
    parts: Mapping[Hashable, Projection],
    *,
    dependence: float = DEPENDENCE,
    size: int = DRAWS_OF_UNITS,
    rng: int | np.random.Generator = 0,
) -> DrawsProjection:
    """The sum of the parts as a projection; arguments as in `joint_draws`."""
    draws = joint_draws(parts, dependence=dependence, size=size, rng=rng).sum(axis=1)
    known = list(parts.values())
    return DrawsProjection(
        draws,
        known[0].periods[0],
        n_points=min(part.n_points for part in known),
        prior_share=float(np.mean([part.prior_share for part in known])),
    )


_ROWS = 500  # draws shared out at a time: of many units all together would fill the memory
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
            raise WrongCall(
                Said(
                    "forecast.call.unit", given=repr(unit), known=[str(known) for known in self.units.columns]
                )
            )
        draws = self.units[unit].to_numpy()
        return DrawsProjection(draws, self.period, lower_bound=float(self.counted[unit]))


def reconcile(
    province: Projection,
    units: Mapping[Hashable, Projection | NotAssessed],
    counted: pd.Series,
    plan: pd.Series | None = None,
    *,
    dependence: float = DEPENDENCE,
    size: int = DRAWS_OF_UNITS,
    rng: int | np.random.Generator = 0,
) -> Reconciled:
    """Bring the province's projection and its units' together.

    `units`: every part of the province (districts, institutions directly under it); `counted`: people
    counted so far by unit (NaN = nothing reported: its draws start from zero); `plan`: quota by unit
    (keeps a unit that has nothing left from being fixed at its count). NotAssessable names units that are
    not assessed: a sum without them would not be the province's.
    """
    names = list(units)
    draws = joint_draws(units, dependence=dependence, size=size, rng=rng)
    have = counted.reindex(names).fillna(0.0).to_numpy(dtype=float)
    if (have != np.round(have)).any():
        raise WrongCall(Said("forecast.call.whole_people"))
    least = 1e-9 if plan is None else np.fmax(LEAST_LEFT * plan.reindex(names).to_numpy(dtype=float), 1e-9)
    left = np.maximum(draws - have, least)
    bottom_up = have.sum() + left.sum(axis=1)
    levels = (np.arange(size) + 0.5) / size
    direct = np.maximum(np.asarray(province.quantile(levels), dtype=float), max(have.sum(), 0.5))
    paired = np.empty(size)
    paired[np.argsort(bottom_up, kind="stable")] = direct
    weight = _weight(np.log(paired), np.log(bottom_up))
    total = np.exp(weight * np.log(paired) + (1 - weight) * np.log(bottom_up))
    total = np.maximum(np.round(total), have.sum())
    to_share = (total - have.sum()).astype(np.int64)
    still_to_come = share_out(left, to_share)
    frame = pd.DataFrame(have + still_to_come, columns=names)
    series = pd.Series(have, index=names)
    return Reconciled(frame.to_numpy().sum(axis=1), frame, series, weight, province.periods[0])


def share_out(parts: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Whole numbers in the proportions of `parts` (S, D) whose rows sum to `totals` (S,) exactly.

    Largest remainders: every part gets its whole people, those left over go to the largest fractions.
    """
    result = np.empty_like(parts, dtype=float)
    for start in range(0, len(parts), _ROWS):
        rows = slice(start, start + _ROWS)
        exact = parts[rows] * (totals[rows] / parts[rows].sum(axis=1))[:, None]
        whole = np.floor(exact)
        over = np.rint(totals[rows] - whole.sum(axis=1)).astype(np.int64)
        order = np.argsort(-(exact - whole), axis=1, kind="stable")
        rank = np.empty_like(order)
        np.put_along_axis(rank, order, np.arange(parts.shape[1])[None, :], axis=1)
        result[rows] = whole + (rank < over[:, None])
    return result


def standing(
    reconciled: Reconciled,
    plan: pd.Series,
    reported: pd.Series,
    *,
    steps_left: int,
    dispersion: float | None = 1.0,
    own: Mapping[Hashable, Projection] | None = None,
) -> pd.DataFrame:
    """One row per unit: where it stands and what it must still do.

    `reported`: people counted so far, NaN = not reported (never zero); `steps_left`: quarters or months to the
    end of the year. `own`: the units' own projections, whose numbers are then given, as each unit's own
    report gives them; without it those of the reconciled paths, whose sums are the place's. Columns: plan,
    counted, share_of_plan, needed (people to the quota), needed_per_step (NaN at the year's end), median,
    lower_80, upper_80, probability (of the quota), extra_for_80 (people beyond what is usual for an 80 %
    chance, 0 where it has one), and the columns common, lower, upper, side, beyond of `funnel`.
    """
    names = list(reconciled.units.columns)
    plan, reported = plan.reindex(names).astype(float), reported.reindex(names).astype(float)
    lacking = [str(name) for name in names if not plan[name] > 0]
    if lacking:
        raise NotAssessable(Said("forecast.no_quota", units=lacking))
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
                "needed_per_step": needed / steps_left if steps_left else np.nan,
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
