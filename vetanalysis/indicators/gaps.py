"""Gaps between districts and between groups, with small numbers guarded.

A rate of few people moves by chance. Units are compared with the limits p +- 2 sqrt(p (1 - p) / n) around the
rate of all (a funnel: Spiegelhalter 2005, Statistics in Medicine 24, 1185-1202), and rates on fewer than ten
people are not shown at all. Rates are percentages here; groups overlap, so that each is compared with
everybody and never added.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vetanalysis.blocks import Said, Text, same
from vetanalysis.indicators.ratios import percentage
from vetanalysis.observations.checks import are_totals

if TYPE_CHECKING:
    from vetanalysis.plan import Plan

SMALLEST = 10
WIDTH = 2.0  # standard errors on each side: about 95 % of units stay inside by chance
_OPEN_END = 0.1
GAP_COLUMNS = (
    "name", "count", "total", "rate", "lower", "upper", "difference", "outside", "suppressed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spread:
    """How far rates lie apart: highest - lowest, highest / lowest, SD weighted by people (all of shown rates).

    NaN with fewer than two rates, or for the ratio when the lowest is zero; `units` is how many were shown.
    """

    gap: float
    ratio: float
    weighted_sd: float
    units: int


def chance_error(share: float, totals: Any, *, may_exceed: bool = False) -> Any:
    """Standard error of a share (0 to 1) of each number of people, if all units had this one share.

    `may_exceed`: a share of a quota can pass 1, so that its error does not vanish as it nears 1.
    """
    left = max(1 - share, _OPEN_END) if may_exceed else 1 - share
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.sqrt(share * left / totals)


def funnel_limits(
    share: float, totals: Any, width: float = WIDTH, *, may_exceed: bool = False
) -> tuple[Any, Any]:
    """Lower and upper limit of a share (0 to 1) for each number of people: share -+ width * its standard error.

    `totals`: a number, array or Series; the limits are alike. Cut at 0 and 1, above not where it `may_exceed` 1.

    >>> funnel_limits(0.5, np.array([100.0]))
    (array([0.4]), array([0.6]))
    """
    half = width * chance_error(share, totals, may_exceed=may_exceed)
    return np.clip(share - half, 0, 1), np.clip(share + half, 0, None if may_exceed else 1)


def gaps(counts: pd.Series, totals: pd.Series, pooled: float | None = None) -> pd.DataFrame:
    """Rates of units or groups beside the rate of all, in `GAP_COLUMNS` without `name`; index as given.

    `counts` of `totals` people, both indexed alike. `pooled`: the rate of all in percent; None: sum of counts over sum
    of totals, which is right for units that do not overlap and wrong for groups that do. A rate on fewer than ten
    people is suppressed: rate, count and difference are missing and nobody is named outside the limits.
    """
    frame = pd.DataFrame({"count": counts, "total": totals}, dtype=float)
    both = frame.dropna()
    if pooled is None:
        pooled = percentage(both["count"].sum(), both["total"].sum()) if len(both) else float("nan")
    small = ~(frame["total"] >= SMALLEST)
    lower, upper = (100 * limit for limit in funnel_limits(pooled / 100, frame["total"].to_numpy()))
    rate = percentage(frame["count"], frame["total"]).where(~small)
    outside = np.select([rate < lower, rate > upper], ["below", "above"], "")
    return frame.assign(
        count=frame["count"].where(~small), rate=rate, lower=lower, upper=upper, difference=rate - pooled,
        outside=outside, suppressed=small & frame["total"].notna(),
    )  # fmt: skip


def spread(rates: pd.Series, totals: pd.Series) -> Spread:
    """Highest - lowest (points), highest / lowest, and the SD weighted by people, of the rates that are shown."""
    shown = rates.dropna()
    if len(shown) < 2:
        return Spread(float("nan"), float("nan"), float("nan"), len(shown))
    weight = totals.loc[shown.index].astype(float)
    mean = float((shown * weight).sum() / weight.sum())
    sd = float(np.sqrt((weight * (shown - mean) ** 2).sum() / weight.sum()))
    low, high = float(shown.min()), float(shown.max())
    return Spread(high - low, high / low if low > 0 else float("nan"), sd, len(shown))


def unit_gaps(plan: Plan, table: pd.DataFrame, indicator: str, kind: str = "") -> pd.DataFrame:
    """Units of one kind compared on a ratio indicator of the table (its numerators and denominators), by unit code.

    Without a `kind`, the one of which most units have the ratio; of several the last in the table.
    """
    kinds = plan.units.drop_duplicates("code", keep="last").set_index("code")["kind"]
    mine = _lines(table, indicator)
    mine = mine[mine["unit"] != plan.place.code].assign(kind=mine["unit"].map(kinds)).set_index("unit")
    told = mine.loc[mine["numerator"].notna(), "kind"]
    most = told.value_counts().max()
    if not kind and len(told):
        kind = [one for one in told.unique() if (told == one).sum() == most][-1]
    mine = mine[mine["kind"] == kind]
    names = plan.short_names()
    result = gaps(mine["numerator"], mine["denominator"])
    return result.assign(name=[names[code].vi for code in result.index])[list(GAP_COLUMNS)]


def group_names(plan: Plan, codes: Iterable[str]) -> list[Said | Text]:
    """The names of groups, sexes and residences, in the order of their codes; an unknown code as it stands."""
    known: dict[str, Said | Text] = {group.id: group.name for group in plan.groups}
    known |= {code: Said(f"names.group.{code}") for code in _OTHERS}
    return [known.get(code, same(code)) for code in codes]


def shares_of_people(plan: Plan, table: pd.DataFrame, indicator: str, unit: str = "") -> pd.DataFrame:
    """Part of each sex, group and residence in a count of people: persons, `whole` and percent of it.

    The whole is of the units and levels that told the part, where these are known.

    The parts overlap and do not add up to 100; a part of fewer than ten people is shown as a count, without a rate
    drawn from it.
    """
    unit = unit or plan.place.code
    mine = table[(table["id"] == indicator) & (table["unit"] == unit) & (table["basis"] != "period")]
    whole = mine[are_totals(mine)]["value"]
    parts = mine[~are_totals(mine, but=("level", "fund_source", "channel"))]
    code = parts["sex"] + parts["group"] + parts["residence"]
    total = float(whole.iloc[0]) if len(whole) else float("nan")
    value, of = parts["value"].set_axis(code), parts["whole"].fillna(total).set_axis(code)
    return pd.DataFrame({"value": value, "whole": of, "percent": percentage(value, of)})


_OTHERS = ("female", "male", "rural", "urban")


def _lines(table: pd.DataFrame, indicator: str) -> pd.DataFrame:
    return table[(table["id"] == indicator) & are_totals(table) & (table["basis"] != "period")]
