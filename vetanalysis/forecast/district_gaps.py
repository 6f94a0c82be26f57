"""Differences between districts: who lies outside chance, what a gap is made of.

Funnel limits after Spiegelhalter (2005, Statistics in Medicine 24); decomposition after Kitagawa (1955,
Journal of the American Statistical Association 50).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vetanalysis.errors import NotAssessable, WrongCall
from vetanalysis.text import Text

LIMIT = 2.0  # standard errors on each side: about 95 % of units stay inside by chance
_OPEN_END = 0.1  # a quota can be exceeded: the limits never close as the share nears 1


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
        raise NotAssessable(Text("Chưa đơn vị nào có số liệu", "No unit has a count"))
    common = float(counted[has].sum() / size[has].sum())
    share = counted / size
    error = np.sqrt(common * max(1 - common, _OPEN_END) / size)
    z = (share - common) / error.where(error > 0)
    if dispersion is None:
        known = z[has].dropna()
        pulled = known.clip(*known.quantile([0.1, 0.9])) if len(known) else known
        dispersion = max(1.0, float((pulled**2).mean())) if len(known) else 1.0
    elif not dispersion >= 1:
        raise WrongCall(f"dispersion {dispersion!r}: use 1 or more, or None to estimate it")
    reach = LIMIT * np.sqrt(dispersion) * error
    lower, upper = (common - reach).clip(lower=0.0), common + reach
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
        listed = ", ".join(lacking)
        raise NotAssessable(Text(f"Thiếu số liệu của: {listed}", f"A figure is missing for: {listed}"))
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
        listed = ", ".join(wrong) or "tổng / total"
        raise NotAssessable(
            Text(f"Quy mô phải lớn hơn 0: {listed}", f"The base must be above zero: {listed}")
        )
