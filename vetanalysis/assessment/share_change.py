"""The place's share of its quotas against the same cut-off a year before, and what moved it.

The share of a place is the mean of its units' shares weighted by their quotas: it moves because units do more
or less of theirs, or because quotas went to units that do more or less (Kitagawa 1955).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.assessment.flows import Flow
from vetanalysis.blocks import Said, Text
from vetanalysis.forecast.units import kitagawa
from vetanalysis.indicators.gaps import Spread, spread
from vetanalysis.indicators.ratios import percentage
from vetanalysis.indicators.tiers import kind_words, units_below
from vetanalysis.periods import Cutoff

if TYPE_CHECKING:
    from vetanalysis.plan import Plan

FEWEST = 2  # units with both years: one alone has nothing to be split
NOT_COUNTED = Said("assessment.shares.not_counted")
NO_QUOTAS = Said("assessment.shares.no_quotas")
TOO_FEW = Said("assessment.shares.too_few")


@dataclass(frozen=True, slots=True, eq=False)
class ShareChange:
    """The share of quotas that is done (percent) at `cutoff` and a year before, of the units with figures of both.

    `units`: frame by unit code, the largest movers first: `before` and `now` (percent of its quota), `weight_before`
    and `weight_now` (percent of all the compared quotas), `rate` and `composition` (percentage points of the place's
    change), `moved` their sum. `left_out`: why the others are not compared, by code. `alike`: percent
    of the quota of every unit that reported, of the kind that the place is made of, called `who`; `apart` and
    `apart_before`: how far those lie apart, now and a year before. `reason`: why nothing could be split; the numbers
    are then NaN and `units` is empty.
    """

    cutoff: Cutoff
    before: float
    now: float
    rate: float
    composition: float
    units: pd.DataFrame
    left_out: Mapping[str, Said]
    alike: pd.Series
    who: Said | Text
    apart: Spread
    apart_before: Spread
    illustrative: bool
    reason: Said | None = None


def share_change(plan: Plan, flow: Flow) -> ShareChange:
    """The change of the place's share of its quotas at the last cut-off that anybody reported."""
    flow = flow.last_counted()
    table = _both_years(flow)
    known = table.notna().all(axis=1)
    compared = table[known]
    alike = table[table.index.isin(units_below(plan))]
    now, then = (percentage(alike[when], alike[f"quota_{when}"]) for when in ("now", "before"))
    common = {
        "cutoff": flow.cutoff,
        "left_out": {str(unit): _why(table.loc[unit]) for unit in table.index[~known]},
        "alike": now.dropna(),
        "who": kind_words(plan)["kinds"],
        "apart": spread(now, alike["quota_now"]),
        "apart_before": spread(then, alike["quota_before"]),
        "illustrative": flow.illustrative,
    }
    reason = _why_not(flow, len(compared))
    if reason is not None:
        nothing = float("nan")
        return ShareChange(
            before=nothing, now=nothing, rate=nothing, composition=nothing, units=_split(compared[:0]), reason=reason,
            **common,
        )  # fmt: skip
    units = _split(compared)
    return ShareChange(
        before=percentage(compared["before"].sum(), compared["quota_before"].sum()),
        now=percentage(compared["now"].sum(), compared["quota_now"].sum()),
        rate=float(units["rate"].sum()), composition=float(units["composition"].sum()), units=units, **common,
    )  # fmt: skip


def _both_years(flow: Flow) -> pd.DataFrame:
    """By unit: people `before` and `now`, `quota_before` and `quota_now`; NaN where there is none."""
    units = list(flow.units)
    last = flow.year - 1
    past, plans = flow.past(), flow.past_plans()
    none = pd.Series(index=units, dtype=float)
    counted = (
        past.xs(last, level="year")[flow.step].reindex(units)
        if flow.step and last in past.index.get_level_values("year")
        else none
    )
    planned = (
        plans.xs(last, level="year").reindex(units) if last in plans.index.get_level_values("year") else none
    )
    return pd.DataFrame(
        {
            "before": counted,
            "now": flow.current()[flow.step] if flow.step else none,
            "quota_before": planned.where(planned > 0),
            "quota_now": flow.plans(flow.year).reindex(units),
        },
        index=units,
        dtype=float,
    )


def _split(compared: pd.DataFrame) -> pd.DataFrame:
    shares = {when: percentage(compared[when], compared[f"quota_{when}"]) for when in ("before", "now")}
    weights = {
        when: percentage(compared[f"quota_{when}"], compared[f"quota_{when}"].sum()) for when in shares
    }
    table = pd.DataFrame({**shares, **{f"weight_{when}": weight for when, weight in weights.items()}})
    if compared.empty:
        return table.assign(rate=[], composition=[], moved=[])
    split = kitagawa(shares["before"], compared["quota_before"], shares["now"], compared["quota_now"]).by_unit
    table = table.join(split).assign(moved=split.sum(axis=1))
    return table.loc[table["moved"].abs().sort_values(ascending=False, kind="stable").index]


def _why(row: pd.Series) -> Said:
    """Why a unit is not compared: the first thing it lacks."""
    lacks = "now" if pd.isna(row["now"]) else "quota_before" if pd.isna(row["quota_before"]) else "before"
    return Said(f"assessment.shares.lacks.{lacks}")


def _why_not(flow: Flow, compared: int) -> Said | None:
    if not flow.planned.size or flow.senders:
        return NO_QUOTAS
    if not flow.reported_any:
        return NOT_COUNTED
    return TOO_FEW if compared < FEWEST else None
