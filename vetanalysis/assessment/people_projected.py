"""A year's people projected for the place and each of its units at once, in paths whose sums are exact.

By level, because colleges take in after the summer and short courses all year; units that have not reported
are drawn and never zero; place and units are reconciled path by path.

A provisional count may yet be corrected: what earlier cut-offs came to (`Flow.revision`) spreads it both
ways. What stands reported today stays the floor of the year's total, for the place and for each unit: a
correction downwards lowers the count from which the rest of the year is projected and so what may be expected
of it, never the year below the reports. A year reported to its end is taken as it stands, with the status its
figures have.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from vetanalysis.assessment.flows import Flow, added
from vetanalysis.errors import NotAssessable
from vetanalysis.forecast.nowcast import (
    CompletedCount,
    bornhuetter_ferguson,
    chain_ladder,
    complete_for_late,
    elapsed_time,
    last_year_share,
    project_uncertain_count,
    usual_attainment,
)
from vetanalysis.forecast.projection import DrawsProjection, NotAssessed
from vetanalysis.forecast.units import Reconciled, reconcile, standing, sum_with_dependence
from vetanalysis.forecast.year_total import project_year_total, project_year_totals, revise


@dataclass(frozen=True, eq=False)
class YearOfPeople:
    """The projected year. `direct`: the place by itself; `reconciled`: place and units together.

    `late`: units without a figure at the cut-off; `coverage`: share of the quotas that has reported; `allowed`: whether
    enough has for a probability; `units`: frame of `forecast.units.standing`, one row per unit with a quota.
    """

    direct: DrawsProjection
    reconciled: Reconciled
    late: tuple[str, ...]
    coverage: float
    allowed: bool
    units: pd.DataFrame
    cross_checks: Mapping[str, float]
    by_level: Mapping[Hashable, DrawsProjection]


Units = Mapping[Hashable, DrawsProjection | NotAssessed]


@dataclass(frozen=True, eq=False)
class PlaceFlow:
    """The flow of a place and what is projected from it for all its units, each computed when first asked for."""

    flow: Flow
    seed: int

    @cached_property
    def units(self) -> Units:
        """`project_units` of the flow."""
        return project_units(self.flow, self.seed)

    @cached_property
    def year(self) -> YearOfPeople:
        """`project_people` of the flow; raises what that raises."""
        return project_people(self.flow, self.seed, self.units)

    @property
    def total(self) -> DrawsProjection:
        """The projected year of all its units together, or of the one it has; raises why there is none."""
        if len(self.flow.units) > 1:
            return self.year.reconciled.projection()
        found = self.units[self.flow.units[0]]
        if isinstance(found, NotAssessed):
            raise NotAssessable(found.reason)
        return found


def project_people(flow: Flow, seed: int, found: Units | None = None) -> YearOfPeople:
    """Project a place from its units' quotas; NotAssessable where nothing is counted or a unit cannot be projected.

    `found`: its units by themselves (`project_units`), where they are projected already.
    """
    reported = flow.current()[flow.step]
    planned = flow.plans(flow.year).reindex(list(flow.units))
    counted = flow.current().ffill(axis=1)[flow.step]
    completed = complete_for_late(reported, planned, *_past_at(flow, None), least=counted, rng=seed)
    by_level: dict[Hashable, DrawsProjection] = {
        level: _level(flow, level, seed) for level in flow.levels if (flow.plans(flow.year, level) > 0).any()
    }
    direct = _sum_of_levels(by_level, seed)
    by_unit = project_units(flow, seed) if found is None else found
    for projection in by_unit.values():
        if isinstance(projection, NotAssessed):
            raise NotAssessable(projection.reason)
    units = {
        unit: projection for unit, projection in by_unit.items() if not isinstance(projection, NotAssessed)
    }
    so_far = counted.round()  # a divided unit's counts reach its successors by shares
    reconciled = reconcile(direct, units, so_far, planned, rng=seed)
    table = standing(
        reconciled, planned, reported, steps_left=flow.steps - flow.step, dispersion=None, own=units
    )
    return YearOfPeople(
        direct=direct,
        reconciled=reconciled,
        late=completed.late,
        coverage=completed.coverage,
        allowed=completed.probability_allowed,
        units=table,
        cross_checks=cross_checks(flow, float(np.median(completed.draws))),
        by_level=by_level,
    )


def project_units(flow: Flow, seed: int) -> dict[Hashable, DrawsProjection | NotAssessed]:
    """Every unit of the flow by itself, all levels together, in one call: {unit: projection, or why there is none}.

    A unit's numbers come from its own figures and the seed alone: they are the same to the last digit whether its
    report is made alone or with all others, and whatever the others sent.
    """
    by_unit = project_year_totals(
        flow.past(), flow.current(), planned=flow.plans(flow.year), past_planned=flow.past_plans(),
        rng=seed, year=flow.year, revisions=flow.revisions(), steps=flow.steps,
    )  # fmt: skip
    return {unit: by_unit[unit] for unit in flow.units}


def _past_at(flow: Flow, level: str | None) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
    """Units x past years at the same cut-off, and their quotas; None where there is no past."""
    past = flow.past(level)
    if past.empty:
        return None, None
    counts = past[flow.step].unstack("year").reindex(list(flow.units))
    plans = flow.past_plans(level)
    return counts, plans.unstack("year").reindex(list(flow.units)) if len(plans) else None


def _level(flow: Flow, level: str, seed: int) -> DrawsProjection:
    """One level over all units that have a quota for it, late ones drawn.

    Where nobody has reported the level for the cut-off its last one counts, and plan and past alone where it has none.
    """
    flow = flow.last_counted(level)
    planned = flow.plans(flow.year, level)
    planned = planned[planned > 0]
    current = flow.current(level).reindex(planned.index)
    years = added(flow.past(level)[lambda rows: rows.index.get_level_values("unit").isin(planned.index)])
    options: dict[str, Any] = {
        "planned": float(planned.sum()),
        "past_planned": flow.past_plans(level).groupby(level="year").sum(),
        "year": flow.year,
        "steps": flow.steps,
    }
    if not current[flow.step].notna().any():
        return project_year_total(years, None, rng=seed, **options)
    past, past_plan = _past_at(flow, level)
    completed: CompletedCount = complete_for_late(
        current[flow.step],
        planned,
        None if past is None else past.reindex(planned.index),
        None if past_plan is None else past_plan.reindex(planned.index),
        least=current.ffill(axis=1)[flow.step],
        rng=seed,
    )
    so_far = current.ffill(axis=1).sum(min_count=1).rename(flow.year)
    seen = flow.revision(level) if flow.step < flow.steps else None
    if not completed.late:
        return project_year_total(years, so_far, rng=seed, revision=seen, **options)
    draws = completed.draws if seen is None else revise(completed.draws, seen, rng=seed)
    return project_uncertain_count(years, so_far, draws, floor=float(so_far.iloc[-1]), rng=seed, **options)


def _sum_of_levels(by_level: Mapping[Hashable, DrawsProjection], seed: int) -> DrawsProjection:
    """The levels added with dependence, also with the prior halved and doubled."""
    total = sum_with_dependence(by_level, rng=seed)
    alternatives = {
        factor: sum_with_dependence(
            {level: projection.alternatives[factor] for level, projection in by_level.items()}, rng=seed
        )
        for factor in (0.5, 2.0)
    }
    return DrawsProjection(
        total.draws[:, 0], total.periods[0], n_points=total.n_points, prior_share=total.prior_share,
        alternatives=alternatives,
    )  # fmt: skip


def cross_checks(flow: Flow, so_far: float) -> dict[str, float]:
    """What rules of thumb give for the place's whole year from the count so far (late units at their middle draw)."""
    years = added(flow.past()).dropna(subset=[flow.step, flow.steps])
    if years.empty or flow.step == flow.steps:
        return {}
    counted, totals = years[flow.step].to_numpy(), years[flow.steps].to_numpy()
    planned = float(flow.plans(flow.year).sum())
    plans = flow.past_plans().groupby(level="year").sum().reindex(years.index).to_numpy()
    checks = {
        "last_share": last_year_share(so_far, counted, totals),
        "elapsed": elapsed_time(so_far, flow.cutoff.months),
        "chain_ladder": chain_ladder(so_far, counted, totals).total,
    }
    if pd.notna(plans).all():
        expected = planned * usual_attainment(totals, plans)
        checks["bornhuetter_ferguson"] = bornhuetter_ferguson(so_far, expected, counted, totals)
    return {name: float(value) for name, value in checks.items()}
