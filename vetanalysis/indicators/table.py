"""The table of indicators: every row of the plan, computed or with the reason why not.

indicator_table(plan, obs, "2023-9M")                    the province and every unit
indicator_table(plan, obs, "2023-9M", unit="183")        one district
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vetanalysis.indicators.derived import (
    assigned,
    derived,
    full_year,
    members_of,
    people_indicator,
    plan_values,
    stock_identity,
)
from vetanalysis.indicators.network import NO_PART, OWN, Network, Route, counted, network, views
from vetanalysis.indicators.ratios import percentage
from vetanalysis.indicators.reasons import past_shares, reasons_for
from vetanalysis.indicators.resolve import Resolved, resolve
from vetanalysis.indicators.tally import DIMENSIONS, Tally, rows_of, tally
from vetanalysis.observations.checks import are_totals, check_observations_given
from vetanalysis.observations.crosswalk import on_units_of
from vetanalysis.observations.table import Carried
from vetanalysis.periods import Cutoff
from vetanalysis.plan.catalogue import Entry, catalogue
from vetanalysis.plan.read import check_plan_given

if TYPE_CHECKING:
    from vetanalysis.plan import Plan

COLUMNS = (
    "unit", "row", "id", "label_vi", "label_en", "period", "basis", *DIMENSIONS, "value", "whole", "measure",
    "plan_value", "percent_of_plan", "last_year_value", "index_last_year", "change_last_year", "previous_value",
    "change_previous", "status", "illustrative", "coverage", "reported", "expected", "way", "numerator",
    "denominator", "latest_value", "latest_period", "state", "why_vi", "why_en", "sources",
)  # fmt: skip
STATES = ("computed", "no_figure", "narrative_only", "suppressed")
_STATUS = {0.0: "estimate", 1.0: "provisional", 2.0: "final"}
_LINE = ["unit", "indicator", *DIMENSIONS]


def indicator_table(
    plan: Plan, obs: pd.DataFrame, as_of: str | Cutoff, unit: str | None = None, *, ledger: Any = None
) -> pd.DataFrame:
    """Every indicator of the plan at a cut-off, in `COLUMNS`, for the place and every unit, or for one unit.

    `value` is in `measure`: percent as 62, never a share. `basis`: "cumulative" (since the year began) and "period"
    (the quarter or month alone) for what accumulates, "stock" for levels, which stand until there is a newer figure
    (`period` says of when). `coverage`: share of the units to be added up that have reported. `state`: "computed",
    or why there is no value: "no_figure", "narrative_only", "suppressed" (a rate on fewer than 10 people), told in
    `why_vi` and `why_en`. `whole`: of a sex, group or residence the people of the same units and levels that it is a
    part of. Missing is never zero; groups overlap and are never added; a sum never mixes kinds of
    senders, measures or definitions, and is compared with another period over the same units only. Figures and
    quotas of units that were renamed, merged or split stand on the units that exist at the cut-off (`crosswalk.csv`).

    `ledger`: anything with `.matrix(as_of)` (one row per unit due, column `state`) for rows 24 and 62.
    Raises WrongCall for a cut-off outside the plan or an unknown unit.

    >>> import vetanalysis as va
    >>> plan = va.load_plan("lang-son-2023")
    >>> lines = indicator_table(plan, va.load_observations(plan, returns=None), "2023-start")
    >>> lines.query("id == 'trained_rate' and state == 'computed'")[["period", "value"]].values.tolist()
    [['2021-FY', 57.2]]
    """
    check_plan_given(plan)
    check_observations_given(obs)
    cutoff = plan.check_cutoff(as_of)
    chosen = plan.unit(unit).code if unit else None
    plan, obs = on_units_of(plan, obs, cutoff)
    entries = catalogue(plan)
    net = network(plan, cutoff)
    laid_out = tally(plan, obs, cutoff, entries)
    result = resolve(
        views(laid_out, cutoff, entries), entries, net, {target.indicator for target in plan.targets}
    )
    plans = plan_values(plan, cutoff.year)
    figures = _all_figures(plan, laid_out, result, plans, cutoff, entries, net, ledger)
    units = [chosen] if chosen else _units(figures, net)
    table = _grid(figures[figures["unit"].isin(units)], units, entries, cutoff)
    table = reasons_for(table, result, laid_out, net, entries, cutoff)
    table = _finished(plan, table, laid_out, entries, cutoff, units)
    table.attrs["ways"] = Carried(result.ways)
    return table


def _units(figures: pd.DataFrame, net: Network) -> list[str]:
    """The place, then its units by kind, bodies last, that exist at the cut-off, then others that have figures."""
    kinds = [kind for kind in dict.fromkeys(net.kind.values()) if kind not in NO_PART]
    order = [code for kind in (*kinds, "body") for code in net.of_kind(kind)]
    return list(dict.fromkeys([net.place, *order, *figures["unit"]]))


def _all_figures(
    plan: Plan, laid_out: Tally, result: Resolved, plans: pd.DataFrame, cutoff: Cutoff, entries: dict[str, Entry],
    net: Network, ledger: Any,
) -> pd.DataFrame:  # fmt: skip
    """Figures of all units with plan values, derived rows, quotas and what is counted from the ledger."""
    figures = result.figures[result.figures["indicator"].isin(list(entries))]
    figures = figures.assign(ends=laid_out.first_year + (figures["place"] + 1) / plan.calendar.steps)
    more = [derived(plan, figures, plans, cutoff, entries)]
    quotas = assigned(plan, cutoff, net, plans)
    extra = _whole_years(plan, laid_out, result, cutoff, net)
    if ledger is not None and cutoff.months:
        extra += [
            {
                "unit": net.place,
                "indicator": name,
                "now": value,
                "numerator": top,
                "denominator": bottom,
                "source": "ledger",
            }
            for name, (value, top, bottom) in counted(ledger, str(cutoff)).items()
        ]
    told = set(rows_of(figures[figures["now"].notna()], "unit", "indicator"))
    extra = [
        one for one in extra if one["indicator"] in entries and (one["unit"], one["indicator"]) not in told
    ]
    by_quota = {(one["unit"], one["indicator"]) for one in quotas if one["indicator"] in entries}
    extra += [one for one in quotas if one["indicator"] in entries]
    for one in (*extra, *quotas):
        if one["unit"] == net.place:
            result.ways[one["indicator"]], result.expected[one["indicator"]] = Route("quotas"), 1
            result.missing.pop(one["indicator"], None)
    lines = pd.Series(rows_of(figures, "unit", "indicator"), index=figures.index)
    figures = figures[~lines.isin(by_quota)]  # what was assigned counts, not what a unit says was assigned
    if extra:
        more.append(pd.DataFrame([{**dict.fromkeys(DIMENSIONS, ""), "reported": 1, **one} for one in extra]))
    figures = stock_identity(figures, result.figures, net.place)
    figures = figures.merge(plans, on=["unit", "indicator", "level"], how="left")
    figures["plan_value"] = figures["plan_value"].where(are_totals(figures, but=("level",)))
    fresh = pd.concat(more, ignore_index=True)
    figures = pd.concat([fresh, figures], ignore_index=True) if len(fresh) else figures
    figures = figures.sort_values("now", key=pd.isna, kind="stable").drop_duplicates(_LINE)
    return figures.reset_index(drop=True)


def _whole_years(
    plan: Plan, laid_out: Tally, result: Resolved, cutoff: Cutoff, net: Network
) -> list[dict[str, Any]]:
    route = result.ways.get(people_indicator(plan), OWN)
    members = members_of(laid_out, plan, net, route.members)
    invented = set(result.figures.loc[result.figures["illustrative"].fillna(False).astype(bool), "unit"])
    return [
        {"unit": unit, "indicator": "full_year_projection", "now": one.middle, "illustrative": unit in invented,
         "status": 0.0, "why": past_shares(one.low, one.high, one.years), "source": ""}
        for unit, one in full_year(laid_out, plan, members, cutoff).items()
    ]  # fmt: skip


def _grid(figures: pd.DataFrame, units: list[str], entries: dict[str, Entry], cutoff: Cutoff) -> pd.DataFrame:
    """One line per unit, indicator, basis and breakdown; every unit has the total line of every indicator."""
    is_total = are_totals(figures)
    there = set(rows_of(figures[is_total], "unit", "indicator"))
    without = [one for one in product(units, entries) if one not in there]
    whole = pd.DataFrame(without, columns=["unit", "indicator"], dtype="str")
    figures = figures[figures["now"].notna() | figures["plan_value"].notna() | is_total]
    main = pd.concat([figures, whole.assign(**dict.fromkeys(DIMENSIONS, ""))], ignore_index=True)
    about = [
        (name, one.row, one.label.vi, one.label.en, one.measure, one.basis, _has_steps(one))
        for name, one in entries.items()
    ]
    told = ["indicator", "row", "label_vi", "label_en", "measure", "basis", "has_steps"]
    main = main.drop(columns=["row", "basis"]).merge(pd.DataFrame(about, columns=told), on="indicator")
    main = main.assign(
        value=main["now"], last_year=main["last"], for_last_year=main["for_last"],
        previous=main["before"].where(main["basis"] == "stock"), for_previous=main["for_before"],
    )  # fmt: skip
    if not cutoff.months:
        return main
    alone = main[main["has_steps"]]
    alone = alone.assign(
        basis="period", value=alone["step"], reported=alone["step_reported"],
        last_year=alone["step_last"], for_last_year=alone["for_step_last"],
        previous=alone["step_before"], for_previous=alone["for_step_before"],
        plan_value=np.nan, latest=np.nan, latest_value=np.nan,
    )  # fmt: skip
    for name in ("numerator", "denominator"):
        alone[name] = alone.get(f"{name}_step", np.nan)
    return pd.concat([main, alone], ignore_index=True)


def _has_steps(one: Entry) -> bool:
    """Whether a step alone can be told: counts, and rates whose two parts are counted."""
    return (
        one.basis == "cumulative" and one.kind != "derived" and (one.measure != "percent" or bool(one.parts))
    )


def _finished(
    plan: Plan,
    table: pd.DataFrame,
    laid_out: Tally,
    entries: dict[str, Entry],
    cutoff: Cutoff,
    units: list[str],
) -> pd.DataFrame:
    """The columns of the table, compared with plan and other periods, in the plan's order."""
    value = table["value"].where(table["state"] == "computed")
    counts = ~table["measure"].isin(["percent", "percentage_points", "date", "status"])
    last, base = table["last_year"], table["for_last_year"].fillna(table["value"])
    for_previous = table["for_previous"].fillna(table["value"])
    shown = value.notna()
    latest = pd.to_numeric(table["latest"], errors="coerce").fillna(-1).astype(int)
    periods = np.array([*laid_out.periods, ""], dtype=object)  # the last, -1, stands for none
    result = table.assign(
        row=table["row"].astype("Int64"), id=table["indicator"], value=value,
        percent_of_plan=percentage(value.where(counts), table["plan_value"]),
        last_year_value=last.where(shown), previous_value=table["previous"].where(shown),
        index_last_year=percentage(base.where(shown & counts), last),
        change_last_year=(base - last).where(shown),
        change_previous=(for_previous - table["previous"]).where(shown),
        status=table["status"].map(_STATUS).where(shown).fillna(""),
        illustrative=table["illustrative"].fillna(False).astype(bool) & shown,
        coverage=(table["reported"] / table["expected"]).where(table["expected"] > 0),
        latest_period=periods[latest], latest_value=table["latest_value"].where(latest >= 0),
        sources=table["source"].where(shown).fillna(""), period=_periods(table, laid_out, cutoff),
    )  # fmt: skip
    named = {code: at for at, code in enumerate(_breakdown_order(plan))}
    codes = {code for name in DIMENSIONS for code in result[name].unique()}
    ordered = sorted(codes, key=lambda code: (code == "", named.get(code, len(named)), code))
    order = {"unit": units, "indicator": list(entries), **dict.fromkeys(DIMENSIONS, ordered)}
    at = {name: pd.Index(codes).get_indexer(result[name]) for name, codes in order.items()}
    keys = (at["unit"], at["indicator"], ~are_totals(result), *(at[name] for name in DIMENSIONS))
    result = result.iloc[np.lexsort([result["basis"] == "period", *reversed(keys)])]
    return result[list(COLUMNS)].reset_index(drop=True)


def _breakdown_order(plan: Plan) -> tuple[str, ...]:
    """Codes of levels, sexes, groups and sources in the order in which a reader expects them."""
    levels, groups = (one.id for one in plan.levels), (one.id for one in plan.groups)
    return (*levels, "female", "male", *groups, "rural", "urban", *(one.id for one in plan.funding_sources))


def _periods(table: pd.DataFrame, laid_out: Tally, cutoff: Cutoff) -> np.ndarray:
    """When each figure is of: the cut-off, the quarter or month alone, or the date of a level."""
    is_level = (table["basis"] == "stock") & table["value"].notna()
    place = table["place"].where(is_level & (table["place"] >= 0), -1).astype(int)
    found = np.array([*laid_out.periods, str(cutoff)], dtype=object)[place]
    if cutoff.months:
        found[table["basis"] == "period"] = laid_out.calendar.alone(cutoff)
    return found
