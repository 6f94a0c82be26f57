"""Rows of the table that are worked out from other rows: gap and pace, share of the plan, what is still needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vetanalysis.blocks import Text
from vetanalysis.indicators import people, rates, reasons
from vetanalysis.indicators.over_units import Network
from vetanalysis.indicators.quotas import people_indicator, reconcile_quotas
from vetanalysis.indicators.tally import DIMENSIONS

if TYPE_CHECKING:
    from vetanalysis.periods import Cutoff
    from vetanalysis.plan import Plan
    from vetanalysis.plan.catalogue import Entry

#: What each derived row is worked out from.
FROM = {
    "trained_rate_gap": "trained_rate",
    "trained_rate_pace_required": "trained_rate",
    "certified_share_of_trained": "certified_rate",
    "plan_completion": "people_enrolled",
    "index_same_period": "people_enrolled",
    "full_year_projection": "people_enrolled",
    "people_still_needed": "people_enrolled",
    "people_needed_per_quarter": "people_enrolled",
}
_KEY = ["unit", *DIMENSIONS]
_COPIED = ("place", "illustrative", "status", "source", "reported", "latest", "corrected")


def derived(
    plan: Plan, figures: pd.DataFrame, plans: pd.DataFrame, cutoff: Cutoff, entries: dict[str, Entry]
) -> pd.DataFrame:
    """Derived rows for every unit that has the figure they need, in the columns of `figures` plus `plan_value`."""
    made: list[pd.DataFrame] = []
    rate = _with_plan(figures, "trained_rate", plans)
    target = next((one for one in plan.targets if one.indicator == "trained_rate"), None)
    rate = rate[rate["plan_value"].notna()]
    if target is not None and len(rate):
        distance = rates.gap(rate["plan_value"], rate["now"], target.operator)
        left = int(target.period[:4]) + 1 - rate["ends"]  # the figure of a year stands at its end
        made.append(_rows("trained_rate_gap", rate, distance, rate["now"], rate["plan_value"]))
        made.append(
            _rows("trained_rate_pace_required", rate, rates.pace_required(distance, left), distance, left)
        )
    made.append(_certified_share(plan, figures, plans))
    count = _with_plan(figures, people_indicator(plan), plans)
    if cutoff.quarters and len(count):
        made += _of_people(count, cutoff)
    kept = [one for one in made if len(one) and one["indicator"].iloc[0] in entries]
    return pd.concat(kept, ignore_index=True) if kept else figures.iloc[:0].assign(plan_value=np.nan)


def _of_people(count: pd.DataFrame, cutoff: Cutoff) -> list[pd.DataFrame]:
    planned = count[count["plan_value"].notna()]
    now, goal = planned["now"], planned["plan_value"]
    left = 4 - cutoff.quarters
    compared = count[count["last"].notna()]
    then_units = compared["for_last"]
    rows = [
        _rows("plan_completion", planned, people.plan_completion(now, goal), now, goal),
        _rows("people_still_needed", planned, people.people_still_needed(now, goal), np.nan, np.nan),
        _rows(
            "index_same_period",
            compared,
            rates.percentage(then_units, compared["last"]),
            then_units,
            compared["last"],
        ),
    ]
    if left:
        per_quarter = people.people_needed_per_quarter(now, goal, left)
        rows.append(
            _rows(
                "people_needed_per_quarter", planned, per_quarter, people.people_still_needed(now, goal), left
            )
        )
    return rows


def _certified_share(plan: Plan, figures: pd.DataFrame, plans: pd.DataFrame) -> pd.DataFrame:
    """Certified share of all trained, where both rates have the same definition and date."""
    wanted = {one.indicator: (one.base, one.concept) for one in plan.targets}
    whole, part = _with_plan(figures, "trained_rate", plans), _with_plan(figures, "certified_rate", plans)
    if wanted.get("trained_rate") != wanted.get("certified_rate") or whole.empty or part.empty:
        return figures.iloc[:0]
    both = part.merge(
        whole[[*_KEY, "now", "last", "place", "plan_value"]], on=[*_KEY, "place"], suffixes=("", "_whole")
    )
    share = rates.certified_share_of_trained(both["now"], both["now_whole"])
    made = _rows("certified_share_of_trained", both, share, both["now"], both["now_whole"])
    return made.assign(
        plan_value=rates.percentage(both["plan_value"], both["plan_value_whole"]).to_numpy(),
        last=rates.certified_share_of_trained(both["last"], both["last_whole"]).to_numpy(),
    )


def _with_plan(figures: pd.DataFrame, indicator: str, plans: pd.DataFrame) -> pd.DataFrame:
    """One indicator's figures with their plan values (totals and levels)."""
    mine = figures[(figures["indicator"] == indicator) & figures["now"].notna()]
    mine = mine.merge(plans, on=["unit", "indicator", "level"], how="left")
    whole = (mine[[name for name in DIMENSIONS if name != "level"]] == "").all(axis=1)
    return mine.assign(plan_value=mine["plan_value"].where(whole))


def _rows(name: str, like: pd.DataFrame, value: Any, numerator: Any, denominator: Any) -> pd.DataFrame:
    rows = like[[*_KEY, *_COPIED]].assign(
        indicator=name, now=value, numerator=numerator, denominator=denominator, plan_value=np.nan
    )
    return rows[rows["now"].notna()]


def stock_identity(figures: pd.DataFrame, known: pd.DataFrame, place: str) -> pd.DataFrame:
    """People in training held against start + enrolled - graduated - dropped out, unit by unit and level by level.

    A unit that did not report its stock but all four parts gets the stock worked out; one whose stock disagrees is told
    by how much, and the place how many units disagree (its own parts come from different sets of units).
    `known` also holds the stock at the start. Returns `figures` with `why` on these lines.
    """
    parts = ("people_in_training_start", "people_enrolled", "people_graduated", "people_dropped_out")
    held = known[known["unit"] != place].set_index(_KEY)
    columns = [
        held.loc[(held["indicator"] == name) & held["now"].notna(), "now"]
        for name in (*parts, "people_in_training")
    ]
    table = pd.concat(columns, axis=1, keys=(*parts, "people_in_training"))
    table = table.dropna(subset=list(parts))
    expected = people.stock_at_end(*(table[name] for name in parts))
    missing = table["people_in_training"].isna()
    off = people.stock_difference(table["people_in_training"], *(table[name] for name in parts))
    off = off[~missing & (off.abs() > 0.5)]
    notes = {key: reasons.stock_differs(value) for key, value in off.items()}
    whole = [key for key in notes if not any(key[1:])]
    if whole:
        notes[(place, *[""] * len(DIMENSIONS))] = reasons.stocks_differ(len(whole))
    mine = figures["indicator"] == "people_in_training"
    keys = list(zip(*(figures[name] for name in _KEY), strict=True))
    why = [notes.get(key) if own else None for key, own in zip(keys, mine, strict=True)]
    figures = figures.assign(why=pd.Series(why, index=figures.index, dtype=object))
    if not missing.any():
        return figures
    like = known[(known["indicator"] == "people_enrolled") & known["now"].notna()].set_index(_KEY)
    fresh = like.loc[like.index.intersection(table.index[missing])].reset_index()
    value = expected.reindex(pd.MultiIndex.from_frame(fresh[_KEY])).to_numpy()
    rows = _rows("people_in_training", fresh, value, np.nan, np.nan).drop(columns="plan_value")
    return pd.concat([figures, rows.assign(why=reasons.WORKED_OUT)], ignore_index=True)


def assigned(plan: Plan, cutoff: Cutoff, net: Network, plans: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows 56 and 58 from the quotas: the sum over districts and provincial institutions, each institution's target."""
    check = reconcile_quotas(plan, cutoff.year)
    rows: list[dict[str, Any]] = []
    if check.total is None:
        return rows
    why = reasons.quotas(check.total, check.target)
    place = {
        "unit": net.place,
        "indicator": "targets_assigned_total",
        "now": check.total,
        "plan_value": check.target,
    }
    rows.append(
        {**place, "why": why, "source": "quotas.csv", "numerator": check.districts, "denominator": np.nan}
    )
    if check.provincial is not None:
        provincial = {"unit": net.place, "indicator": "institution_target", "now": check.provincial}
        rows.append({**provincial, "why": reasons.PROVINCIAL_ONLY, "source": "quotas.csv"})
    own = plans[(plans["indicator"] == people_indicator(plan)) & (plans["unit"] != net.place)]
    for one in own.itertuples():
        kind = net.kind.get(one.unit, "")
        name = {"institution": "institution_target", "district": "targets_assigned_total"}.get(kind)
        if name and (kind == "institution" or not one.level):
            rows.append({"unit": one.unit, "indicator": name, "level": one.level, "now": one.plan_value,
                         "source": "quotas.csv", "why": Text("", "")})  # fmt: skip
    return rows
