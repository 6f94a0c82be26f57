"""People since the year began, quarter by quarter and year by year: for a path chart and the year's estimate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vetanalysis.indicators import people
from vetanalysis.indicators.over_units import Network, network
from vetanalysis.indicators.quotas import people_indicator
from vetanalysis.indicators.tally import DIMENSIONS, Tally, tally
from vetanalysis.observations.crosswalk import on_units_of
from vetanalysis.plan.catalogue import catalogue

if TYPE_CHECKING:
    import pandas as pd

    from vetanalysis.periods import Cutoff
    from vetanalysis.plan import Plan


def members_of(one: Tally, plan: Plan, net: Network, way: str) -> dict[str, tuple[str, ...]]:
    """For each unit the units whose people are added up for it; `way`: how the place's figure came about."""
    keys = one.keys
    own = set(keys.loc[keys["indicator"] == people_indicator(plan), "unit"])
    members: dict[str, tuple[str, ...]] = {code: (code,) for code in net.kind}
    members |= {code: net.children(code) for code in net.of_kind("district") if code not in own}
    if way == "districts_and_provincial":
        under = [one for code in net.of_kind("district") for one in members[code]]
        members[net.place] = (*under, *net.provincial())
    elif way != "own":
        members[net.place] = net.of_kind(way) or (way,)
    return members


def full_year(
    one: Tally, plan: Plan, members: dict[str, tuple[str, ...]], cutoff: Cutoff
) -> dict[str, people.FullYear]:
    """The estimate of the whole year of each unit by the course of past years; `members`: units added up for each.

    Only units with a figure now and with both past figures enter a past year's share: the same units are compared.
    """
    if cutoff.quarters in (0, 4):
        return {}
    rows = _total_rows(one, plan)
    at = one.place(cutoff.year, cutoff.quarters)
    found = {}
    for unit, added in members.items():
        mine = one.total[[rows[code] for code in added if code in rows]]
        mine = mine[~np.isnan(mine[:, at])] if len(mine) else mine
        so_far, whole = [], []
        for place in range(at % 4, at, 4):
            end = place - at % 4 + 3
            both = ~np.isnan(mine[:, place]) & ~np.isnan(mine[:, end]) if len(mine) else np.zeros(0, bool)
            if both.any():
                so_far.append(mine[both, place].sum())
                whole.append(mine[both, end].sum())
        if len(mine):
            estimate = people.full_year_by_past_shares(float(mine[:, at].sum()), so_far, whole)
            if estimate is not None:
                found[unit] = estimate
    return found


def courses(plan: Plan, obs: pd.DataFrame, as_of: str | Cutoff) -> dict[str, dict[int, dict[int, float]]]:
    """Unit -> year -> quarter (1 to 4) -> people since the year began, up to the cut-off; missing as NaN.

    A unit's own figures, a district's from its institutions where it has none, the place's from districts and
    provincial institutions unless it has its own. Sums hold what was reported, without carrying figures forward.
    The past of a unit that was renamed or merged is told under the unit there now.
    """
    cutoff = plan.check_cutoff(as_of)
    plan, obs = on_units_of(plan, obs, cutoff)
    entries = catalogue(plan)
    name = people_indicator(plan)
    net = network(plan, cutoff)
    laid_out = tally(plan, obs, cutoff, {name: entries[name]} if name in entries else {})
    rows = _total_rows(laid_out, plan)
    way = "own" if net.place in rows else "districts_and_provincial"
    found: dict[str, dict[int, dict[int, float]]] = {}
    for unit, added in members_of(laid_out, plan, net, way).items():
        mine = laid_out.total[[rows[code] for code in added if code in rows]]
        if not len(mine):
            continue
        sums = np.where(np.isnan(mine).all(axis=0), np.nan, np.nansum(mine, axis=0))
        found[unit] = {
            laid_out.first_year + row: {quarter: float(path[quarter - 1]) for quarter in (1, 2, 3, 4)}
            for row, path in enumerate(sums.reshape(-1, 4))
            if not np.isnan(path).all()
        }
    return found


def _total_rows(one: Tally, plan: Plan) -> dict[str, int]:
    """Row of each unit's total of people."""
    keys = one.keys
    total = (keys["indicator"] == people_indicator(plan)) & (keys[list(DIMENSIONS)] == "").all(axis=1)
    return dict(zip(keys.loc[total, "unit"], np.flatnonzero(total), strict=True))
