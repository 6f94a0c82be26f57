"""Figures of units that were renamed, merged, split or abolished, carried over to the units of a later day.

`crosswalk.csv` of a plan says which unit went over into which, from what day on and, where a unit was
divided, with what share of it. What is carried is marked in `note`; nothing is invented: without a share a
divided unit's figures stay where they were and are listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

import pandas as pd

from vetanalysis.blocks import Said
from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.observations.table import latest_vintage
from vetanalysis.observations.territory import of_own_territory
from vetanalysis.periods import Calendar, Cutoff, cutoff_day, cutoffs, parse_cutoff
from vetanalysis.plan import Plan

# Measures that add up over units.
COUNTED = ("persons", "enrolments", "institutions", "classes", "million_dong")
CARRIED = Said("observations.carried")
_KEY = ("unit", "period", "indicator", *BREAKDOWNS, "basis")


def on_units_of(plan: Plan, obs: pd.DataFrame, as_of: Cutoff) -> tuple[Plan, pd.DataFrame]:
    """The plan's quotas and the observations on the units that exist at a cut-off.

    Counts of a period that ended before a change go to the successor times its share; where several units
    merged, or one or a part of it into another that stays, they add up, and are missing where one that was there did
    not report. Rates go over only where a unit was merely renamed; what it still sends under its former code later
    goes over too. A figure the successor reports itself comes first. A unit abolished without successor keeps its last
    running total to the end of that year. Figures of a divided unit without a stated share stay with the old code and
    are listed in
    `.attrs["not_carried"]`.
    Figures that were published before the place itself came out of a merger are of another territory and left out.
    Plan and frame are returned as they are when nothing changed by then.
    """
    day = cutoff_day(as_of, plan.calendar)
    obs = of_own_territory(plan, obs, as_of)
    changes = plan.crosswalk[plan.crosswalk["valid_from"] <= day.isoformat()]
    if changes.empty:
        return plan, obs
    there = frozenset(plan.units_on(day)["code"])
    for change_day in sorted(changes["valid_from"].unique()):
        rows = _changes_of(plan, change_day)
        obs = _carried(obs, rows, change_day, plan, as_of, there)
        plan = plan.model_copy(update={"quotas": _quotas(plan.quotas, rows, change_day, plan.calendar)})
    return plan, obs


@lru_cache(maxsize=8)
def quotas_by_unit(plan: Plan, indicator: str) -> pd.DataFrame:
    """The plan's quotas for a count, and beside them those of former units on the units that took over from them.

    For what is asked of one unit under whichever code; added up over units the quotas of former units count twice.
    """
    given = carried = plan.quotas_of(indicator)
    for change_day in sorted(plan.crosswalk["valid_from"].unique()):
        rows = _changes_of(plan, change_day)
        carried = _quotas(carried, rows, change_day, plan.calendar)
    fresh = carried[~carried["unit"].isin(set(given["unit"]))]
    return pd.concat([given, fresh], ignore_index=True) if len(fresh) else given


def renamed_by(plan: Plan, cutoff: Cutoff) -> dict[str, str]:
    """The units that had another code by the cut-off: code -> the last one that followed."""
    day = cutoff_day(cutoff, plan.calendar).isoformat()
    table = plan.crosswalk
    rows = table[(table["kind"] == "renamed") & (table["valid_from"] <= day)]
    follows = dict(zip(rows["unit"], rows["successor"], strict=True))
    last = dict(follows)
    for _ in follows:  # a chain is no longer than there are renames, a circle ends here too
        last = {unit: follows.get(code, code) for unit, code in last.items()}
    return last


def _changes_of(plan: Plan, day: str) -> pd.DataFrame:
    """The rows of a day, and one for each unit that stayed and took another in, whole or a part of it: its own past is
    a part of the whole.

    A code that the crosswalk has going over into another unit was given to a new one on that day.
    """
    rows = plan.crosswalk[plan.crosswalk["valid_from"] == day]
    before = set(plan.units_on((date.fromisoformat(day) - timedelta(days=1)).isoformat())["code"])
    taken_in = rows["kind"].isin(["merged", "split"]) & rows["share"].notna()
    stayed = rows[taken_in & rows["successor"].isin(before - {*rows["unit"]})].drop_duplicates("successor")
    return pd.concat([rows, stayed.assign(unit=stayed["successor"], share=1.0)], ignore_index=True)


def _carried(
    obs: pd.DataFrame,
    changes: pd.DataFrame,
    day: str,
    plan: Plan,
    as_of: Cutoff,
    there: frozenset[str],
) -> pd.DataFrame:
    """The observations after the changes of one day; `there`: codes in use at the cut-off, by units old or new."""
    renamed = set(changes.loc[changes["kind"] == "renamed", "unit"])
    moved = obs["unit"].isin(set(changes["unit"])) & _ended_before(obs["period"], day, plan.calendar)
    moved |= obs["unit"].isin(renamed - there)
    if not moved.any():
        return obs
    old, stay = latest_vintage(obs[moved]), obs[~moved]
    divided = set(changes.loc[changes["share"].isna() & (changes["successor"] != ""), "unit"])
    abolished = set(changes.loc[changes["successor"] == "", "unit"])
    counted = old["measure"].isin(COUNTED)
    may_go = ~old["unit"].isin(divided | abolished) & (counted | old["unit"].isin(renamed))
    going = _on_successors(old[may_go], changes)
    vi, en = CARRIED.vi, CARRIED.en
    going = going.assign(
        value=going["value"] * going["share"].where(going["measure"].isin(COUNTED), 1.0),
        unit=going["successor"],
        note=[f"{vi} {code} / {en} {code}" for code in going["_old"]],
    )
    new = _added(going[~_lacking(going, plan)][list(obs.columns)])
    kept = old[~may_go]
    held = _held(old[old["unit"].isin(abolished)], day, plan.calendar, as_of)
    result = pd.concat([_without(new, stay, _KEY), stay, kept, held], ignore_index=True)
    result.attrs = {name: value for name, value in obs.attrs.items() if name != "not_carried"}
    listed = kept.loc[kept["unit"].isin(divided), ["unit", "period", "indicator", "value"]].to_dict("records")
    result.attrs["not_carried"] = (*obs.attrs.get("not_carried", ()), *listed)
    return result


def _lacking(going: pd.DataFrame, plan: Plan) -> pd.Series:
    """Rows of a successor, indicator and period for which one of the merged units reported nothing, though it reports
    that indicator in other periods and was there then: their sum would pass for a whole.
    """
    if going.empty:
        return pd.Series(False, index=going.index)
    of = ["successor", "indicator"]
    told = going[[*of, "period", "_old"]].drop_duplicates()
    whole = told[[*of, "period"]].drop_duplicates().merge(told[[*of, "_old"]].drop_duplicates(), on=of)
    ends = {period: cutoff_day(parse_cutoff(period), plan.calendar) for period in whole["period"].unique()}
    there = {period: {*plan.units_on(end)["code"]} for period, end in ends.items()}
    due = [old in there[period] for old, period in zip(whole["_old"], whole["period"], strict=True)]
    open_of = whole[due].merge(told, how="left", indicator="_told").query("_told == 'left_only'")
    key = [*of, "period"]
    lacking = pd.MultiIndex.from_frame(going[key]).isin(pd.MultiIndex.from_frame(open_of[key]))
    return pd.Series(lacking, index=going.index)


def _ended_before(periods: pd.Series, day: str, calendar: Calendar) -> pd.Series:
    before = date.fromisoformat(day)
    ends = {period: cutoff_day(parse_cutoff(period), calendar) < before for period in periods.unique()}
    return periods.map(ends).astype(bool)


def _added(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows that now say the same thing, added."""
    if rows.empty:
        return rows
    same = [
        name for name in rows.columns
        if name not in ("value", "source", "vintage", "note", "status", "certainty", "illustrative")
    ]  # fmt: skip
    grouped = rows.groupby(same, sort=False, dropna=False)
    joined = grouped.agg(
        value=("value", lambda values: values.sum(skipna=False)),
        source=("source", lambda texts: "; ".join(dict.fromkeys(texts))),
        vintage=("vintage", lambda days: "" if (days == "").any() else days.max()),
        note=("note", lambda texts: "; ".join(dict.fromkeys(texts))),
        status=("status", lambda states: "final" if (states == "final").all() else "provisional"),
        certainty=("certainty", "first"),
        illustrative=("illustrative", "any"),
    ).reset_index()
    return joined[list(rows.columns)]


def _on_successors(rows: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Rows of units that changed, once for each `successor` with its `share`; `_old`: the unit that they are of."""
    followed = changes[["unit", "successor", "share"]].rename(columns={"unit": "_old"})
    return rows.merge(followed, left_on="unit", right_on="_old")


def _without(new: pd.DataFrame, own: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """Carried figures for which the successor has none of its own."""
    return new[~pd.MultiIndex.from_frame(new[[*key]]).isin(pd.MultiIndex.from_frame(own[[*key]]))]


def _held(rows: pd.DataFrame, day: str, calendar: Calendar, as_of: Cutoff) -> pd.DataFrame:
    """The last running total of an abolished unit for the cut-offs of that year it did not live to see."""
    running = rows[rows["basis"] == "cumulative"]
    if running.empty:
        return running
    year = _year_of(day, calendar)
    running = running[running["period"].str[:4] == str(year)]
    order = running["period"].map(lambda period: parse_cutoff(period).months)
    names = ["indicator", "unit", "level", "sex", "group", "residence", "trade", "fund_source"]
    last = running.assign(_q=order).sort_values("_q", kind="stable").drop_duplicates(names, keep="last")
    parts = [
        last[last["_q"] < cutoff.months].assign(period=str(cutoff), note=f"{CARRIED.vi} / {CARRIED.en}")
        for cutoff in cutoffs(year, calendar)
        if cutoff <= as_of
    ]
    return pd.concat(parts)[list(rows.columns)] if parts else last.iloc[:0][list(rows.columns)]


def _year_of(day: str, calendar: Calendar) -> int:
    """The plan year that counts a day."""
    there = date.fromisoformat(day)
    for year in (there.year + 1, there.year, there.year - 1):
        if cutoff_day(Cutoff(year, "start"), calendar) + timedelta(days=1) <= there:
            return year
    return there.year - 1


def _quotas(quotas: pd.DataFrame, changes: pd.DataFrame, day: str, calendar: Calendar) -> pd.DataFrame:
    """Quotas of periods up to the year of the change on the successors, added; a successor's own quota comes first.

    A quota of a divided unit without shares and that of an abolished one stay where they are: the plan promised them.
    """
    whole = changes[changes["share"].notna() & (changes["successor"] != "")]
    through = _year_of(day, calendar)
    moved = quotas["unit"].isin(set(whole["unit"])) & (quotas["period"].str[:4].astype(int) <= through)
    if not moved.any():
        return quotas
    going = _on_successors(quotas[moved], whole)
    going = going.assign(value=going["value"] * going["share"], unit=going["successor"])
    key = ["unit", "level", "period", "indicator"]
    sources = ("source", lambda texts: "; ".join(dict.fromkeys(texts)))
    going = going.groupby(key, sort=False).agg(value=("value", "sum"), source=sources).reset_index()
    stay = quotas[~moved]
    return pd.concat([stay, _without(going, stay, key)[list(quotas.columns)]], ignore_index=True)
