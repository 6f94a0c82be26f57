"""Every unit's and the place's figure for every indicator: own, added up, or a ratio of sums."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from vetanalysis.indicators import employment, funding, people, process, rates, streaming
from vetanalysis.indicators.over_units import VIEWS, Network, add_up, single
from vetanalysis.indicators.tally import DIMENSIONS, PARTS
from vetanalysis.plan.catalogue import MADE_OF

if TYPE_CHECKING:
    from vetanalysis.plan.catalogue import Entry

#: What computes an indicator from others, by id.
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "trained_rate": rates.percentage,
    "certified_rate": rates.certified_rate,
    "trained_rate_gap": rates.gap,
    "trained_rate_pace_required": rates.pace_required,
    "certified_share_of_trained": rates.certified_share_of_trained,
    "plan_completion": people.plan_completion,
    "index_same_period": rates.percentage,
    "full_year_projection": people.full_year_by_past_shares,
    "people_still_needed": people.people_still_needed,
    "people_needed_per_quarter": people.people_needed_per_quarter,
    "people_in_training": people.stock_at_end,
    "streaming_lower_secondary": streaming.streaming_lower_secondary,
    "streaming_upper_secondary": streaming.streaming_upper_secondary,
    "employed_after_training_rate": employment.employed_after_training_rate,
    "follow_up_rate": employment.follow_up_rate,
    "stable_job_rate": employment.stable_job_rate,
    "hired_by_ordering_firm_rate": employment.hired_by_ordering_firm_rate,
    "placement_rate": employment.placement_rate,
    "disbursement_rate": funding.disbursement_rate,
    "cost_per_learner": funding.cost_per_learner,
    "funds_allocated_share": funding.funds_allocated_share,
    "estimate_spent_share": funding.estimate_spent_share,
    "units_with_plan_share": process.units_with_plan_share,
    "communes_with_targets_share": process.communes_with_targets_share,
    "equipment_reviewed_share": process.equipment_reviewed_share,
    "equipment_use_rate": process.equipment_use_rate,
    "capacity_use_rate": process.capacity_use_rate,
    "inspected_share": process.inspected_share,
    "violations_fixed_share": process.violations_fixed_share,
    "farm_classes_supervised_share": process.farm_classes_supervised_share,
    "schools_with_guidance_share": process.schools_with_guidance_share,
    "teachers_to_standard_share": process.teachers_to_standard_share,
    "teachers_digital_share": process.teachers_digital_share,
    "online_modules_share": process.online_modules_share,
    "farm_labour_share": process.farm_labour_share,
    "unemployment_rate": process.unemployment_rate,
}

_LINE = ["unit", "indicator", *DIMENSIONS]
_SUMMED = ("sum", "stock_sum")
_PAIRED = (*VIEWS, "for_last", "for_before", "for_quarter_last", "for_quarter_before")


@dataclass
class Resolved:
    """`figures`: one row per unit, indicator and breakdown; `ways`: indicator -> how the place's figure came about.

    A way is "own", a body's code, or the kind of units added; `missing`: indicator -> members that have not reported.
    """

    figures: pd.DataFrame
    ways: dict[str, str] = field(default_factory=dict)
    missing: dict[str, tuple[str, ...]] = field(default_factory=dict)
    expected: dict[str, int] = field(default_factory=dict)
    reported_by: dict[str, list[str]] = field(default_factory=dict)


def resolve(views: pd.DataFrame, entries: dict[str, Entry], net: Network, targets: set[str]) -> Resolved:
    """Figures of all units and of the place. `targets`: indicators of the plan's targets, taken as reported first."""
    own = single(views)
    units = _with_districts(own, views, entries, net)
    pairs = _pairs(units, entries, targets)
    members = pd.concat([units, pairs], ignore_index=True)
    result = Resolved(members)
    place = _of_place(members, entries, net, result)
    whole = pd.concat([members[members["unit"] != net.place], place], ignore_index=True)
    result.figures = _ratios(whole, entries, net, targets)
    return result


def _with_districts(
    own: pd.DataFrame, views: pd.DataFrame, entries: dict[str, Entry], net: Network
) -> pd.DataFrame:
    """Own figures, and for districts without one the sum of their institutions."""
    under = {
        code: net.parent[code]
        for code in net.of_kind("institution")
        if net.kind.get(net.parent[code]) == "district"
    }
    summed = {name for name, one in entries.items() if one.over_units in _SUMMED} | set(PARTS)
    sums = add_up(views[views["indicator"].isin(list(summed))], under)
    if sums.empty:
        return own
    mine = own.loc[own["now"].notna(), ["unit", "indicator"]].drop_duplicates()
    fresh = sums.merge(mine, on=["unit", "indicator"], how="left", indicator=True)
    fresh = fresh[fresh["_merge"] == "left_only"].drop(columns="_merge")
    taken = fresh[["unit", "indicator"]].drop_duplicates().assign(_taken=True)
    kept = own.merge(taken, on=["unit", "indicator"], how="left")
    kept = kept[kept["_taken"].isna()].drop(columns="_taken")
    return pd.concat([kept, fresh], ignore_index=True)


def _pairs(units: pd.DataFrame, entries: dict[str, Entry], targets: set[str]) -> pd.DataFrame:
    """Numerators and denominators of the units that have both, as indicators `id#a` and `id#b`."""
    made = [(name, *one.parts) for name, one in entries.items() if len(one.parts) == 2]
    if not made:
        return units.iloc[:0]
    names = pd.DataFrame(made, columns=["ratio", "a", "b"])
    top = units.merge(names[["ratio", "a"]], left_on="indicator", right_on="a")
    bottom = units.merge(names[["ratio", "b"]], left_on="indicator", right_on="b")
    both = top.merge(bottom, on=["unit", "ratio", *DIMENSIONS], suffixes=("", "_b"))
    file, file_b = both["source"].str.split("!").str[0], both["source_b"].str.split("!").str[0]
    both = both[~both["ratio"].isin(list(targets)) | (file == file_b)]
    rows = []
    for end, suffix in (("#a", ""), ("#b", "_b")):
        part = both[units.columns.tolist()].copy()
        for view in _PAIRED:
            complete = both[view].notna() & both[f"{view}_b"].notna()
            part[view] = both[f"{view}{suffix}"].where(complete)
        rows.append(part.assign(indicator=both["ratio"] + end, place=both[["place", "place_b"]].max(axis=1)))
    return pd.concat(rows, ignore_index=True)


def _of_place(
    members: pd.DataFrame, entries: dict[str, Entry], net: Network, result: Resolved
) -> pd.DataFrame:
    """The place's figures: its own, else the first way through the senders that has any."""
    known = members[members["now"].notna()]
    last = known.groupby(["indicator", "unit"], observed=True)["place"].max()
    reporting: dict[str, dict[str, int]] = {}
    for (name, code), at in last.items():
        reporting.setdefault(name, {})[code] = at
    chosen: list[tuple[str, str]] = []
    own: list[str] = []
    for name, units in reporting.items():
        result.reported_by[name] = sorted(units)
        senders, adds = _senders(name, entries)
        if net.place in units and not _newer_body(name, known, net, senders, entries):
            own.append(name)
            result.ways[name], result.expected[name] = "own", 1
            continue
        for route in net.routes(senders):
            placed = {code: at for code, at in units.items() if code in route.members}
            if (len(route.members) > 1 and not adds) or not placed:
                continue
            result.ways[name], result.expected[name] = route.name, len(route.members)
            result.missing[name] = tuple(
                code for code in route.members if placed.get(code) != max(placed.values())
            )
            chosen += [(name, member) for member in route.members]
            break
    for name, way in list(result.ways.items()):
        ratio, _, end = name.partition("#")
        if end == "a":
            result.ways[ratio], result.expected[ratio] = way, result.expected[name]
            result.missing[ratio] = result.missing.get(name, ())
    table = pd.DataFrame(chosen, columns=["indicator", "unit"])
    rows = add_up(members.merge(table, on=["indicator", "unit"]), dict.fromkeys(table["unit"], net.place))
    before = members[members["unit"] == net.place]
    mine = before["indicator"].isin(own) | ~before["indicator"].isin(set(table["indicator"]))
    return pd.concat([before[mine], rows], ignore_index=True)


def _newer_body(
    name: str, known: pd.DataFrame, net: Network, senders: tuple[str, ...], entries: dict[str, Entry]
) -> bool:
    """Whether a body that speaks for the place has sent a later level than the place's own last figure."""
    if name not in entries or entries[name].basis != "stock":
        return False
    mine = known[known["indicator"] == name]
    bodies = [one for one in senders if not net.body_kinds.get(one, "")]
    latest = mine.loc[mine["unit"].isin(bodies), "place"].max()
    return latest > mine.loc[mine["unit"] == net.place, "place"].max()


def _senders(name: str, entries: dict[str, Entry]) -> tuple[tuple[str, ...], bool]:
    """Who sends a figure, and whether it may be added over units."""
    base, _, end = name.partition("#")
    if end:
        one = entries[base]
        first = entries.get(one.parts[0])
        return (*one.senders, *(first.senders if first else ())), True
    if name in entries:
        return entries[name].senders, entries[name].over_units in _SUMMED
    if name == "people_in_training_start":
        return entries["people_in_training"].senders if "people_in_training" in entries else (), True
    owner = next((ratio for ratio, parts in MADE_OF.items() if name in parts), "")
    return (entries[owner].senders if owner in entries else ()), True


def _ratios(whole: pd.DataFrame, entries: dict[str, Entry], net: Network, targets: set[str]) -> pd.DataFrame:
    """Ratios from their parts beside what was reported; the place's own fall-back is a ratio of its two totals."""
    is_part = whole["indicator"].str.contains("#", regex=False)
    parts, figures = whole[is_part], whole[~is_part]
    made = []
    for name, one in entries.items():
        if len(one.parts) != 2:
            continue
        top, bottom = (parts[parts["indicator"] == f"{name}{end}"] for end in ("#a", "#b"))
        made.append(_divided(one, top, bottom))
        if name in targets or net.place in set(top["unit"]):
            continue
        top, bottom = (
            figures[(figures["unit"] == net.place) & (figures["indicator"] == part) & figures["now"].notna()]
            for part in one.parts
        )
        made.append(_divided(one, top, bottom))
    ratios = pd.concat([one for one in made if len(one)], ignore_index=True) if any(map(len, made)) else None
    figures = figures.assign(numerator=float("nan"), denominator=float("nan"))
    if ratios is None:
        return figures
    both = pd.concat([figures, ratios], ignore_index=True)
    told = both["indicator"].isin(list(targets)) & both["numerator"].isna() & both["now"].notna()
    worked_out = both["numerator"].notna() & both["now"].notna()
    order = both.assign(_rank=2 - told * 2 - worked_out).sort_values("_rank", kind="stable")
    return order.drop_duplicates(_LINE).drop(columns="_rank").sort_index().reset_index(drop=True)


def _divided(one: Entry, top: pd.DataFrame, bottom: pd.DataFrame) -> pd.DataFrame:
    """The ratio of two sets of rows, view by view, with its two parts."""
    if top.empty or bottom.empty:
        return top.iloc[:0]
    rows = top.merge(bottom, on=["unit", *DIMENSIONS], suffixes=("", "_b"))
    result = rows[top.columns.tolist()].copy()
    divide = FUNCTIONS[one.id]
    for view in _PAIRED:
        result[view] = divide(rows[view], rows[f"{view}_b"])
    return result.assign(
        indicator=one.id, basis=one.basis, numerator=rows["now"], denominator=rows["now_b"],
        numerator_quarter=rows["quarter"], denominator_quarter=rows["quarter_b"],
        illustrative=rows["illustrative"] | rows["illustrative_b"], latest_value=result["now"],
        status=rows[["status", "status_b"]].min(axis=1), reported=rows[["reported", "reported_b"]].min(axis=1),
    )  # fmt: skip
