"""People counted by a cut-off within the year: what a target that is due there is judged on.

The year's total is projected as ever; how much of what is left of it comes by then is learned from the past years.
Figures of later cut-offs are not read: what came afterwards does not change what was reached by then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vetanalysis.assessment.flows import Flow
from vetanalysis.blocks import Said
from vetanalysis.forecast.part_of_year import count_by, part_to_come
from vetanalysis.forecast.projection import DrawsProjection
from vetanalysis.indicators.tiers import quotas_everywhere, quotas_given, quotas_together, tiers_of
from vetanalysis.observations.table import up_to
from vetanalysis.periods import Cutoff, parse_cutoff

if TYPE_CHECKING:
    from vetanalysis.plan import Plan, Target


def judged_at(target: Target) -> Cutoff:
    """The cut-off at which a target on people is judged: its own, for a whole year the year's end."""
    due = parse_cutoff(target.period)
    return due if not target.of_whole_year else Cutoff(due.year, "FY")


def known_for(obs: pd.DataFrame, target: Target) -> pd.DataFrame:
    """The figures a target may be judged on: all, or those of cut-offs up to its own where that is within the year."""
    if target.of_whole_year:
        return obs
    return up_to(obs, parse_cutoff(target.period))


def until(flow: Flow, target: Target, total: DrawsProjection, seed: int) -> DrawsProjection:
    """The count at the target's own cut-off, from the draws of the year's `total`."""
    due = parse_cutoff(target.period)
    step, units = flow.calendar.steps_at(due), list(flow.units)
    now = flow.current() if flow.year == due.year else flow.current().iloc[:, :0]
    reported = now.notna()
    last = pd.Series([max(now.columns[row], default=0) for row in reported.to_numpy(dtype=bool)], index=units)
    counted = float(now.ffill(axis=1).iloc[:, -1].sum()) if now.shape[1] else 0.0
    plans = flow.plans(due.year).reindex(units)
    weights = plans.fillna(0.0) if plans.gt(0).any() else pd.Series(1.0, index=units)
    share = float((weights * last).sum() / weights.sum()) / flow.steps
    years = _past_years(flow, step, last)
    parts = {
        factor: part_to_come(due.months, *years, share=share, prior=factor)
        for factor in (1.0, *total.alternatives)
    }
    return count_by(total, counted, parts, target.period, seed)


def _past_years(flow: Flow, step: int, last: pd.Series) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """By past year of all units together: counted where each stands now, by `step`, in all; NaN where not known."""
    past = flow.past()
    years = sorted(set(past.index.get_level_values("year")))
    rows = []
    for year in years:
        of_year = past.xs(year, level="year").reindex(list(flow.units))
        at = [0.0 if not last[unit] else of_year.loc[unit, last[unit]] for unit in flow.units]
        rows.append((np.sum(at), of_year[step].sum(skipna=False), of_year[flow.steps].sum(skipna=False)))
    table = np.array(rows, dtype=float).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def quota_until(plan: Plan, target: Target, unit: str) -> float | None:
    """What one unit was given to reach in the target's own period, before the year's end; None where nothing was."""
    due, levels = parse_cutoff(target.period), plan.levels_of(target)
    quotas = quotas_together(
        quotas_given(plan, target.indicator, levels, until=due.code), bool(target.levels)
    )
    found = quotas_everywhere(quotas, tiers_of(plan)).get(("", unit, due.year))
    return None if found is None else float(found)


def no_quota(target: Target, given: float | None) -> Said:
    """Why a unit is not judged: it was given no quota, or one of 0 (`given`), of which nothing is a share."""
    zero = given is not None and given == 0
    if target.of_whole_year:
        return Said("assessment.not_assessed.no_quota", zero=zero)
    return Said("assessment.not_assessed.no_quota_until", zero=zero, period=target.period)
