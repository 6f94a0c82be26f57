"""Rows of the table worked out from other rows: gap and pace, share of the plan, what is still needed.

Counts of people are running totals since the plan year began; people are never added to enrolments (lượt
người): one person in two courses is two enrolments. What was promised to whom (year plans, quotas) stands
here, too, and the course of people through the year, from which the whole year is estimated by past years'
shares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from vetanalysis.indicators import reasons
from vetanalysis.indicators.network import Network, network
from vetanalysis.indicators.ratios import certified_share_of_trained, gap, pace_required, percentage
from vetanalysis.indicators.tally import DIMENSIONS, Tally, rows_of, tally
from vetanalysis.indicators.tiers import quotas_given, quotas_together, quotas_upward, tiers_of
from vetanalysis.observations.checks import are_totals
from vetanalysis.observations.crosswalk import on_units_of
from vetanalysis.plan.catalogue import catalogue

if TYPE_CHECKING:
    from vetanalysis.periods import Cutoff
    from vetanalysis.plan import Plan, Target
    from vetanalysis.plan.catalogue import Entry

_KEY = ["unit", *DIMENSIONS]
_COPIED = ("place", "illustrative", "status", "source", "reported", "latest", "corrected")


@dataclass(frozen=True, slots=True)
class QuotaCheck:
    """Sum of the quotas of districts and provincial institutions against the plan's number of people.

    `total` None: no quotas were assigned. `difference`: total - target, positive where more was assigned.
    """

    target: float | None
    total: float | None
    districts: float | None
    provincial: float | None

    @property
    def difference(self) -> float | None:
        """Quotas - target; None where either is missing."""
        return None if self.total is None or self.target is None else self.total - self.target

    @property
    def agrees(self) -> bool | None:
        """Whether both are equal; None where either is missing."""
        return None if self.difference is None else self.difference == 0


def people_indicator(plan: Plan) -> str:
    """The indicator that quotas of people are about: that of the plan's head-count target, "" where there is none."""
    return next(iter(plan.counts), "")


def reconcile_quotas(plan: Plan, year: int, indicator: str = "") -> QuotaCheck:
    """The check of section V.8: districts + provincial institutions must equal the year's plan (13,500 in 2023).

    `indicator`: the count whose quotas are checked, empty that of the plan's first target on people.
    """
    indicator = indicator or people_indicator(plan)
    return _reconciled(plan, year, indicator, _of_year(plan, year, indicator))


def _reconciled(plan: Plan, year: int, indicator: str, quotas: pd.DataFrame) -> QuotaCheck:
    found = _target_on(plan, year, indicator)
    target = None if found is None else found.value
    quotas = quotas[quotas["top"] & (quotas["level"] == "")]
    if quotas.empty:
        return QuotaCheck(target, None, None, None)
    kind = quotas["unit"].map(plan.units.drop_duplicates("code", keep="last").set_index("code")["kind"])
    districts, provincial = (quotas.loc[kind == one, "value"] for one in ("district", "institution"))
    return QuotaCheck(
        target,
        float(quotas["value"].sum()),
        *(float(part.sum()) if len(part) else None for part in (districts, provincial)),
    )


def plan_values(plan: Plan, year: int) -> pd.DataFrame:
    """Plan values of a year: unit, indicator, level, plan_value.

    The place has the targets (rates in percent); its levels the sums of the quotas of that level, where the
    quotas add up to the target or there is none. A unit has its quotas by level and their sum.
    """
    rows: list[tuple[str, str, str, float | None]] = [
        (plan.place.code, one.indicator, "", one.value)
        for one in plan.targets
        if one.of_whole_year and one.first_year == year
    ]
    for people in plan.counts:
        quotas = _of_year(plan, year, people)
        if quotas.empty:
            continue
        check = _reconciled(plan, year, people, quotas)
        rows += [(one.unit, people, one.level, one.value) for one in quotas.itertuples()]
        if check.agrees is not False:
            whole = quotas[(quotas["level"] != "") & quotas["top"]].groupby("level")["value"].sum()
            rows += [(plan.place.code, people, level, value) for level, value in whole.items()]
        if check.target is None:
            rows.append((plan.place.code, people, "", check.total))
    frame = pd.DataFrame(rows, columns=["unit", "indicator", "level", "plan_value"])
    return frame.drop_duplicates(["unit", "indicator", "level"], keep="first").astype({"plan_value": float})


def _target_on(plan: Plan, year: int, indicator: str) -> Target | None:
    """The plan's first target on a count of people in one whole year."""
    of_year = (one for one in plan.targets if one.of_whole_year and one.first_year == year)
    return next((one for one in of_year if one.measure == "persons" and one.indicator == indicator), None)


def _of_year(plan: Plan, year: int, indicator: str) -> pd.DataFrame:
    """Quotas of a count in one year of every unit, its own or those below it: unit, level, value, `top`.

    The level "" holds what the target counts of all levels together. `top`: whether the unit stands directly under the
    place, so that these add up to the place's.
    """
    target = _target_on(plan, year, indicator) or next(
        (one for one in plan.targets if one.indicator == indicator), None
    )
    tiers, counted = tiers_of(plan), plan.levels_of(target)
    given = quotas_given(plan, indicator, [level.id for level in plan.levels])
    given = given[given.index.get_level_values("year") == year]
    level = given.index.get_level_values("level")
    together = quotas_together(given[level.isin([*counted, ""])], bool(target and target.levels))
    parts = [quotas_upward(one, tiers) for one in (given[level != ""], together)]
    table = pd.concat(parts).rename("value").reset_index()
    return table.assign(top=table["unit"].map(tiers.parent) == tiers.place)


class FullYear(NamedTuple):
    """The whole year by the course of past years; `years` is how many of them it rests on."""

    low: float
    middle: float
    high: float
    years: int


def people_still_needed(running_total: Any, year_plan: Any) -> Any:
    """Year plan - running total, in people; zero or less once the plan is reached."""
    return year_plan - running_total


def people_needed_per_step(running_total: Any, year_plan: Any, steps_left: int) -> Any:
    """(year plan - running total) / quarters or months left, never below zero; missing after the last one.

    An average only: intake is not spread evenly over the year (college and intermediate learners come in
    autumn), so that it is no yardstick for a single one.

    >>> float(people_needed_per_step(9_000, 13_500, 2)), float(people_needed_per_step(14_000, 13_500, 1))
    (2250.0, 0.0)
    """
    if steps_left <= 0:
        return (year_plan - running_total) * np.nan
    return np.maximum(year_plan - running_total, 0) / steps_left


def full_year_by_past_shares(running_total: float, so_far: Any, whole_year: Any) -> FullYear | None:
    """Running total / share of the whole year reached by the same cut-off in past years, with its range.

    `so_far`, `whole_year`: one number per past year, in people. The middle takes the median share, the
    range the highest and the lowest share. Never an even spread over the year. None without a complete past
    year or without a figure; the probability of reaching the plan is the projection's business, not this one's.

    >>> full_year_by_past_shares(2_000, [200, 250, 400], [1_000, 1_000, 1_000])
    FullYear(low=5000.0, middle=8000.0, high=10000.0, years=3)
    """
    shares = np.asarray(so_far, dtype=float) / np.where(
        np.asarray(whole_year, dtype=float) > 0, np.asarray(whole_year, dtype=float), np.nan
    )
    shares = shares[np.isfinite(shares) & (shares > 0)]
    if not len(shares) or np.isnan(running_total):
        return None
    low, middle, high = (
        float(running_total / share) for share in (shares.max(), np.median(shares), shares.min())
    )
    return FullYear(low, middle, high, len(shares))


def stock_at_end(at_start: Any, enrolled: Any, graduated: Any, dropped_out: Any) -> Any:
    """In training at the cut-off = at the start of the year + enrolled - graduated - dropped out, in people.

    >>> stock_at_end(1_200, 400, 350, 50)
    1200
    """
    return at_start + enrolled - graduated - dropped_out


def derived(
    plan: Plan, figures: pd.DataFrame, plans: pd.DataFrame, cutoff: Cutoff, entries: dict[str, Entry]
) -> pd.DataFrame:
    """Derived rows for every unit that has the figure they need, in the columns of `figures` plus `plan_value`."""
    made: list[pd.DataFrame] = []
    trained = _with_plan(figures, "trained_rate", plans)
    target = next((one for one in plan.targets if one.indicator == "trained_rate"), None)
    rate = trained[trained["plan_value"].notna()]
    if target is not None and len(rate):
        distance = gap(rate["plan_value"], rate["now"], target.operator)
        left = int(target.period[:4]) + 1 - rate["ends"]  # the figure of a year stands at its end
        made.append(_rows("trained_rate_gap", rate, distance, rate["now"], rate["plan_value"]))
        if cutoff.months % 12 == 0:  # within a year a pace by the year would count one that is partly gone
            pace = pace_required(distance, left)
            made.append(_rows("trained_rate_pace_required", rate, pace, distance, left))
    made.append(_certified_share(plan, _with_plan(figures, "certified_rate", plans), trained))
    count = _with_plan(figures, people_indicator(plan), plans)
    if cutoff.months and len(count):
        made += _of_people(count, plan.calendar.steps - plan.calendar.steps_at(cutoff))
    kept = [one for one in made if len(one) and one["indicator"].iloc[0] in entries]
    return pd.concat(kept, ignore_index=True) if kept else figures.iloc[:0].assign(plan_value=np.nan)


def _of_people(count: pd.DataFrame, left: int) -> list[pd.DataFrame]:
    planned = count[count["plan_value"].notna()]
    now, goal = planned["now"], planned["plan_value"]
    compared = count[count["last"].notna()]
    then_units = compared["for_last"]
    rows = [
        _rows("plan_completion", planned, percentage(now, goal), now, goal),
        _rows("people_still_needed", planned, people_still_needed(now, goal), np.nan, np.nan),
        _rows(
            "index_same_period",
            compared,
            percentage(then_units, compared["last"]),
            then_units,
            compared["last"],
        ),
    ]
    if left:
        each = people_needed_per_step(now, goal, left)
        rows.append(_rows("people_needed_per_quarter", planned, each, people_still_needed(now, goal), left))
    return rows


def _certified_share(plan: Plan, part: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """Certified share of all trained, where both rates have the same definition and date."""
    wanted = {one.indicator: (one.base, one.concept) for one in plan.targets}
    if wanted.get("trained_rate") != wanted.get("certified_rate") or whole.empty or part.empty:
        return part.iloc[:0]
    both = part.merge(
        whole[[*_KEY, "now", "last", "place", "plan_value"]], on=[*_KEY, "place"], suffixes=("", "_whole")
    )
    share = certified_share_of_trained(both["now"], both["now_whole"])
    made = _rows("certified_share_of_trained", both, share, both["now"], both["now_whole"])
    return made.assign(
        plan_value=percentage(both["plan_value"], both["plan_value_whole"]).to_numpy(),
        last=certified_share_of_trained(both["last"], both["last_whole"]).to_numpy(),
    )


def _with_plan(figures: pd.DataFrame, indicator: str, plans: pd.DataFrame) -> pd.DataFrame:
    """One indicator's figures with their plan values (totals and levels)."""
    mine = figures[(figures["indicator"] == indicator) & figures["now"].notna()]
    mine = mine.merge(plans[plans["indicator"] == indicator], on=["unit", "indicator", "level"], how="left")
    return mine.assign(plan_value=mine["plan_value"].where(are_totals(mine, but=("level",))))


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
    parts = ["people_in_training_start", "people_enrolled", "people_graduated", "people_dropped_out"]
    of_stock = [*parts, "people_in_training"]
    held = known[known["indicator"].isin(of_stock) & known["now"].notna() & (known["unit"] != place)]
    table = held.set_index([*_KEY, "indicator"])["now"].unstack().reindex(columns=of_stock)
    table = table.dropna(subset=parts)
    expected = stock_at_end(*(table[name] for name in parts))
    missing = table["people_in_training"].isna()
    off = table["people_in_training"] - expected
    off = off[~missing & (off.abs() > 0.5)]
    notes = {key: reasons.stock_differs(value) for key, value in off.items()}
    whole = [key for key in notes if not any(key[1:])]
    if whole:
        notes[(place, *[""] * len(DIMENSIONS))] = reasons.beside("stocks_differ", units=len(whole))
    mine = figures["indicator"] == "people_in_training"
    keys = rows_of(figures, *_KEY)
    why = [notes.get(key) if own else None for key, own in zip(keys, mine.tolist(), strict=True)]
    figures = figures.assign(why=pd.Series(why, index=figures.index, dtype=object))
    if not missing.any():
        return figures
    like = known[(known["indicator"] == "people_enrolled") & known["now"].notna()].set_index(_KEY)
    fresh = like.loc[like.index.intersection(table.index[missing])].reset_index()
    value = expected.reindex(pd.MultiIndex.from_frame(fresh[_KEY])).to_numpy()
    rows = _rows("people_in_training", fresh, value, np.nan, np.nan).drop(columns="plan_value")
    return pd.concat([figures, rows.assign(why=reasons.beside("worked_out"))], ignore_index=True)


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
        rows.append({**provincial, "why": reasons.beside("provincial_only"), "source": "quotas.csv"})
    own = plans[(plans["indicator"] == people_indicator(plan)) & (plans["unit"] != net.place)]
    for one in own.itertuples():
        kind = net.kind.get(one.unit, "")
        name = {"institution": "institution_target", "district": "targets_assigned_total"}.get(kind)
        if name and (kind == "institution" or not one.level):
            rows.append({"unit": one.unit, "indicator": name, "level": one.level, "now": one.plan_value,
                         "source": "quotas.csv"})  # fmt: skip
    return rows


def members_of(one: Tally, plan: Plan, net: Network, tops: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """For each unit the units whose people are added up for it; `tops`: those that make up the place's figure."""
    keys = one.keys
    own = set(keys.loc[keys["indicator"] == people_indicator(plan), "unit"])

    def made_of(code: str) -> tuple[str, ...]:
        below = () if code in own else net.children(code)
        return tuple(one for child in below for one in made_of(child)) or (code,)

    members = {code: made_of(code) for code in net.kind if code != net.place}
    members[net.place] = tuple(one for code in tops for one in members.get(code, (code,))) or (net.place,)
    return members


def full_year(
    one: Tally, plan: Plan, members: dict[str, tuple[str, ...]], cutoff: Cutoff
) -> dict[str, FullYear]:
    """The estimate of the whole year of each unit by the course of past years; `members`: units added up for each.

    Only units with a figure now and with both past figures enter a past year's share: the same units are compared.
    """
    if cutoff.months in (0, 12):
        return {}
    rows = _total_rows(one, plan)
    at, steps = one.place(cutoff), one.calendar.steps
    found = {}
    for unit, added in members.items():
        mine = one.total[[rows[code] for code in added if code in rows]]
        mine = mine[~np.isnan(mine[:, at])] if len(mine) else mine
        so_far, whole = [], []
        for place in range(at % steps, at, steps):
            end = place - at % steps + steps - 1
            both = ~np.isnan(mine[:, place]) & ~np.isnan(mine[:, end]) if len(mine) else np.zeros(0, bool)
            if both.any():
                so_far.append(mine[both, place].sum())
                whole.append(mine[both, end].sum())
        if len(mine):
            estimate = full_year_by_past_shares(float(mine[:, at].sum()), so_far, whole)
            if estimate is not None:
                found[unit] = estimate
    return found


def courses(plan: Plan, obs: pd.DataFrame, as_of: str | Cutoff) -> dict[str, dict[int, dict[int, float]]]:
    """Unit -> year -> step (1 to 4, or to 12) -> people since the year began, up to the cut-off; missing as NaN.

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
    members = members_of(laid_out, plan, net, ())
    if net.place not in rows and name in entries:
        members = members_of(laid_out, plan, net, _first_way(net, entries[name].senders, members, rows))
    found: dict[str, dict[int, dict[int, float]]] = {}
    for unit, added in members.items():
        mine = laid_out.total[[rows[code] for code in added if code in rows]]
        if not len(mine):
            continue
        sums = np.where(np.isnan(mine).all(axis=0), np.nan, np.nansum(mine, axis=0))
        found[unit] = {
            laid_out.first_year + row: {step: float(value) for step, value in enumerate(path, 1)}
            for row, path in enumerate(sums.reshape(-1, plan.calendar.steps))
            if not np.isnan(path).all()
        }
    return found


def _first_way(
    net: Network, senders: tuple[str, ...], members: dict[str, tuple[str, ...]], rows: dict[str, int]
) -> tuple[str, ...]:
    """The units added up for the place: of the first way of which anybody, or a unit below, has a figure."""
    ways = (route.members for route in net.routes(senders))
    return next((tops for tops in ways if any(set(members.get(top, ())) & set(rows) for top in tops)), ())


def _total_rows(one: Tally, plan: Plan) -> dict[str, int]:
    """Row of each unit's total of people."""
    keys = one.keys
    total = (keys["indicator"] == people_indicator(plan)) & are_totals(keys)
    return dict(zip(keys.loc[total, "unit"], np.flatnonzero(total), strict=True))
