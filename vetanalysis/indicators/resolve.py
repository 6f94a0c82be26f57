"""Every unit's and the place's figure for every indicator: own, added up, or a ratio of sums."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vetanalysis.indicators.network import OF, OWN, SUMS, Network, Routes, add_up, single
from vetanalysis.indicators.ratios import of_parts
from vetanalysis.indicators.tally import DIMENSIONS, among, rows_of
from vetanalysis.indicators.tiers import APART
from vetanalysis.observations.checks import are_totals
from vetanalysis.plan.catalogue import MADE_OF, PARTS

if TYPE_CHECKING:
    from vetanalysis.plan.catalogue import Entry

_LINE = ["unit", "indicator", *DIMENSIONS]
_SUMMED = ("sum", "stock_sum")
_OF_RATIO = ("numerator", "denominator", "numerator_step", "denominator_step")


@dataclass
class Resolved:
    """`figures`: one row per unit, indicator and breakdown; `ways`: indicator -> how the place's figure came about.

    `missing`: indicator -> members that have not reported; `expected`: indicator -> how many units were to be added.
    `all_levels`: indicators that are held against the year before over all levels, also those that do not count.
    `beyond`: (unit, indicator) of totals told without levels that hold also those that do not count.
    """

    figures: pd.DataFrame
    ways: Routes = field(default_factory=Routes)
    missing: dict[str, tuple[str, ...]] = field(default_factory=dict)
    expected: dict[str, int] = field(default_factory=dict)
    all_levels: frozenset[str] = frozenset()
    beyond: frozenset[tuple[str, str]] = frozenset()


def resolve(views: pd.DataFrame, entries: dict[str, Entry], net: Network, targets: set[str]) -> Resolved:
    """Figures of all units and of the place. `targets`: indicators of the plan's targets, taken as reported first."""
    units = _with_parts(single(views), entries, net, targets)
    result = Resolved(
        units,
        all_levels=frozenset(views.loc[views["all_levels"], "indicator"]),
        beyond=_beyond(views, net),
    )
    senders = {name: _senders(name, entries) for name in units["indicator"].unique()}
    figures = _with_place(units, senders, entries, net, result)
    pairs = _pairs(units, entries, targets)
    senders = {name: _senders_of_parts(entries[name], entries) for name in pairs["indicator"].unique()}
    pairs = _with_place(pairs, senders, {}, net, result)
    result.figures = _with_ratios(figures, pairs, entries, net, targets)
    return result


def _beyond(views: pd.DataFrame, net: Network) -> frozenset[tuple[str, str]]:
    """Units and their totals that hold also levels that do not count, and the place's totals that add such up."""
    lines = views.loc[views["beyond"] & views["now"].notna(), ["unit", "indicator"]]
    told = set(rows_of(lines, "unit", "indicator"))
    return frozenset(told | {(net.place, indicator) for _, indicator in told})


def _with_parts(
    own: pd.DataFrame, entries: dict[str, Entry], net: Network, targets: set[str]
) -> pd.DataFrame:
    """Own figures, and for units without one the sum of the units that stand under them, of the lowest tier first.

    Not of an indicator whose sums are something else than what the units tell themselves (`_of_parts`), unless it is
    that of a target: its people are counted so wherever they are told (`assessment.counting`).
    """
    summed = {name for name, one in entries.items() if one.over_units in _SUMMED} | set(PARTS)
    for under in net.steps_up():
        sums = add_up(own[own["indicator"].isin(list(summed))], under)
        own = _filled(own, sums[sums["indicator"].isin({*_of_parts(own, sums, under), *targets})])
    return own


def _of_parts(own: pd.DataFrame, sums: pd.DataFrame, under: dict[str, str]) -> list[str]:
    """The indicators whose totals are the sums of the units below: of all but those where more units tell otherwise.

    Sessions that a district held are not those that its centres held. A unit tells where it has a total of its own and
    all below it have theirs; where some are missing only if these alone are more. Nothing speaks against an indicator
    of which no unit tells.
    """
    totals = own.loc[are_totals(own), ["unit", "indicator", "now"]]
    both = sums[are_totals(sums)].merge(totals, on=["unit", "indicator"], suffixes=("", "_own"))
    left, room = both["now"] - both["now_own"], APART * both["now_own"].abs()
    whole = both["reported"] >= both["unit"].map(Counter(under.values()))
    told = np.select([(left > room) | ((left < -room) & whole), whole & (left.abs() <= room)], [-1, 1], 0)
    score = pd.Series(told, both.index).groupby(both["indicator"], observed=True).sum()
    otherwise = set(score.index[score < 0])
    return [name for name in sums["indicator"].unique() if name not in otherwise]


def _filled(own: pd.DataFrame, sums: pd.DataFrame) -> pd.DataFrame:
    """The figures, with sums for units that have none of an indicator."""
    if sums.empty:
        return own
    told = set(rows_of(own[own["now"].notna()], "unit", "indicator"))
    fresh = sums[~among(sums, told)]
    kept = own[~among(own, set(rows_of(fresh, "unit", "indicator")))]
    return pd.concat([kept, fresh], ignore_index=True)


def _pairs(units: pd.DataFrame, entries: dict[str, Entry], targets: set[str]) -> pd.DataFrame:
    """One line per unit, ratio and breakdown of the units that have both parts: the numerator, behind `OF` the
    denominator, each view only where both are known.
    """
    ratios = {name: one.parts for name, one in entries.items() if one.parts}
    top = _as_parts(units, {name: parts[0] for name, parts in ratios.items()})
    bottom = _as_parts(units, {name: parts[1] for name, parts in ratios.items()})
    of_people = [
        name for name, parts in ratios.items() if all(_is_count_of_people(entries.get(one)) for one in parts)
    ]
    both = _over_all_levels(_paired(top, bottom), of_people)
    file, other = (both[name].str.split("!").str[0] for name in ("source", f"{OF}source"))
    both = both[~both["indicator"].isin(list(targets)) | (file == other)]
    told = (*SUMS, "like")
    known = {view: both[view].notna() & both[OF + view].notna() for view in told}
    of_all, of_all_below = (both[half + "all_levels"].eq(True) for half in ("", OF))
    known["last"] &= (
        of_all == of_all_below
    )  # one part told over all levels a year ago and the other not: no ratio
    masked = {half + view: both[half + view].where(known[view]) for view in told for half in ("", OF)}
    return both.assign(**masked, place=both[["place", f"{OF}place"]].max(axis=1))


def _is_count_of_people(one: Entry | None) -> bool:
    return one is not None and one.measure == "persons" and one.basis == "cumulative"


def _over_all_levels(both: pd.DataFrame, of_people: list[str]) -> pd.DataFrame:
    """Where one part of a share of people was told over all levels, the other is taken over all levels, too.

    Of the year so far alone: of another time nobody knows over which levels it was told.
    """
    for half, other in (("", OF), (OF, "")):
        over_all, now = both[f"{other}over_all"], both[f"{other}now"]
        apart = (
            (both[f"{half}rank"] == 1)
            & over_all.notna()
            & (over_all != now)
            & both["indicator"].isin(of_people)
        )
        others = {view: both[view].mask(apart) for view in (*SUMS, "like") if view != "now"}
        both = both.assign(**others, **{f"{other}now": over_all.where(apart, now)})
    return both


def _as_parts(units: pd.DataFrame, part_of: dict[str, str]) -> pd.DataFrame:
    """The lines of each ratio's part under the ratio's id; `part_of`: ratio -> its numerator or its denominator."""
    names = pd.DataFrame({"ratio": list(part_of), "indicator": list(part_of.values())}, dtype="str")
    lines = units.merge(names, on="indicator")
    return lines.assign(indicator=lines["ratio"]).drop(columns="ratio")


def _paired(top: pd.DataFrame, bottom: pd.DataFrame) -> pd.DataFrame:
    """Lines of numerators with those of their denominators behind `OF`: as mature as the less mature of the two."""
    other = {name: f"{OF}{name}" for name in bottom.columns if name not in _LINE}
    both = top.merge(bottom.rename(columns=other), on=_LINE)
    return both.assign(
        illustrative=both["illustrative"] | both[f"{OF}illustrative"],
        status=both[["status", f"{OF}status"]].min(axis=1),
        reported=both[["reported", f"{OF}reported"]].min(axis=1),
    )


def _with_place(
    members: pd.DataFrame,
    senders: dict[str, tuple[tuple[str, ...], bool]],
    entries: dict[str, Entry],
    net: Network,
    result: Resolved,
) -> pd.DataFrame:
    """The lines with the place's: its own, else the first way through the senders that has any; `result` is told how.

    `senders`: who sends each indicator, and whether it may be added over units. `entries`: those of which a body may
    have sent a newer level than the place's own.
    """
    known = members[members["now"].notna()]
    last = known.groupby(["indicator", "unit"], observed=True)["place"].max()
    reporting: dict[str, dict[str, int]] = {}
    for (name, code), at in last.items():
        reporting.setdefault(name, {})[code] = at
    chosen: set[tuple[str, str]] = set()
    own: list[str] = []
    for name, units in reporting.items():
        sent_by, adds = senders[name]
        if net.place in units and not _newer_body(name, units, net, sent_by, entries):
            own.append(name)
            result.ways[name], result.expected[name] = OWN, 1
            result.missing.pop(name, None)
            continue
        for route in net.routes(sent_by):
            placed = {code: at for code, at in units.items() if code in route.members}
            if (len(route.members) > 1 and not adds) or not placed:
                continue
            result.ways[name], result.expected[name] = route, len(route.members)
            result.missing[name] = tuple(
                code for code in route.members if placed.get(code) != max(placed.values())
            )
            chosen |= {(member, name) for member in route.members}
            break
    taken = known[among(known, chosen)]
    rows = add_up(taken, dict.fromkeys(taken["unit"], net.place))
    of_place = members["unit"] == net.place
    before = members[of_place]
    mine = before["indicator"].isin(own) | ~before["indicator"].isin({name for _, name in chosen})
    return pd.concat([members[~of_place], before[mine], rows], ignore_index=True)


def _newer_body(
    name: str, last: dict[str, int], net: Network, senders: tuple[str, ...], entries: dict[str, Entry]
) -> bool:
    """Whether a body that speaks for the place has sent a later level than the place's own last figure.

    `last`: where the last figure of each unit stands.
    """
    if name not in entries or entries[name].basis != "stock":
        return False
    bodies = (last[one] for one in senders if one in last and not net.body_kinds.get(one, ""))
    return max(bodies, default=-1) > last[net.place]


def _senders(name: str, entries: dict[str, Entry]) -> tuple[tuple[str, ...], bool]:
    """Who sends a figure, and whether it may be added over units."""
    if name in entries:
        return entries[name].senders, entries[name].over_units in _SUMMED
    if name == "people_in_training_start":
        return entries["people_in_training"].senders if "people_in_training" in entries else (), True
    owner = next((ratio for ratio, parts in MADE_OF.items() if name in parts), "")
    return (entries[owner].senders if owner in entries else ()), True


def _senders_of_parts(one: Entry, entries: dict[str, Entry]) -> tuple[tuple[str, ...], bool]:
    """Who sends the parts of a ratio: those of the ratio itself, then those of its numerator; parts may be added."""
    top = entries.get(one.parts[0])
    return (*one.senders, *(top.senders if top else ())), True


def _with_ratios(
    figures: pd.DataFrame, pairs: pd.DataFrame, entries: dict[str, Entry], net: Network, targets: set[str]
) -> pd.DataFrame:
    """Ratios from their parts beside what was reported; the place's own fall-back is a ratio of its two totals."""
    made = []
    have = set(pairs.loc[pairs["unit"] == net.place, "indicator"])
    place = figures[(figures["unit"] == net.place) & figures["now"].notna()]
    for name, one in entries.items():
        if not one.parts:
            continue
        of_units = pairs[pairs["indicator"] == name]
        if len(of_units):
            made.append(_divided(one, of_units))
        if name in targets or name in have:
            continue
        top, bottom = (place[place["indicator"] == part].assign(indicator=name) for part in one.parts)
        if len(top) and len(bottom):
            made.append(_divided(one, _paired(top, bottom)))
    made = [rows for rows in made if len(rows)]
    columns = [*figures.columns, *_OF_RATIO]
    figures = figures.assign(numerator=float("nan"), denominator=float("nan"))
    if not made:
        return figures
    both = pd.concat([figures, pd.concat(made)[columns]], ignore_index=True)
    told = both["indicator"].isin(list(targets)) & both["numerator"].isna() & both["now"].notna()
    worked_out = both["numerator"].notna() & both["now"].notna()
    order = both.assign(_rank=2 - told * 2 - worked_out).sort_values("_rank", kind="stable")
    return order.drop_duplicates(_LINE).drop(columns="_rank").sort_index().reset_index(drop=True)


def _divided(one: Entry, rows: pd.DataFrame) -> pd.DataFrame:
    """The ratio of two parts that stand in one line, view by view, with the two parts of now and of the step alone."""
    ratios = {view: of_parts(one, rows[view], rows[OF + view]) for view in SUMS}
    return rows.assign(
        **ratios, basis=one.basis, latest_value=ratios["now"], numerator=rows["now"], denominator=rows[f"{OF}now"],
        numerator_step=rows["step"], denominator_step=rows[f"{OF}step"],
    )  # fmt: skip
