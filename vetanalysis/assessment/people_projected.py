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
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from vetanalysis.assessment.counting import Counted
from vetanalysis.assessment.flows import Flow
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
from vetanalysis.forecast.year_total import Revision, project_year_total, project_year_totals, revise


@dataclass(frozen=True, eq=False)
class YearOfPeople:
    """The projected year. `direct`: the place by itself; `reconciled`: place and units together.

    `late`: units without a figure at the cut-off, of whichever tier; `open_units`: those directly under the place that
    they are a part of; `coverage`: share of the quotas that has reported; `allowed`: whether enough has for a
    probability; `units`: frame of `forecast.units.standing`, one row per unit with a quota.
    """

    direct: DrawsProjection
    reconciled: Reconciled
    late: tuple[str, ...]
    open_units: tuple[str, ...]
    coverage: float
    allowed: bool
    units: pd.DataFrame
    cross_checks: Mapping[str, float]
    by_level: Mapping[Hashable, DrawsProjection]


Units = Mapping[Hashable, DrawsProjection | NotAssessed]


@dataclass(frozen=True, eq=False)
class PlaceFlow:
    """The flow of a place and what is projected from it for all its units, each computed when first asked for.

    `counted`: the counts of all units from which it was taken; `published`: the figures of the year where all of them
    were published, None where any was returned.
    """

    flow: Flow
    seed: int
    counted: Counted
    published: pd.DataFrame | None = None

    @cached_property
    def units(self) -> Units:
        """`project_units` of the flow."""
        return project_units(self.flow, self.seed)

    def unit(self, flow: Flow) -> DrawsProjection | NotAssessed:
        """The year of one unit, of whichever tier, by its own flow at the cut-off of this one."""
        (unit,) = flow.units
        return self.units[unit] if unit in self.flow.units else project_units(flow, self.seed)[unit]

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
    completed = _completed(flow, seed)
    reported = flow.current()[flow.step]
    planned = flow.plans(flow.year).reindex(list(flow.units))
    direct, by_level = _direct(flow, seed, completed)
    by_unit = project_units(flow, seed) if found is None else found
    units = _assessed(flow, by_unit, seed)
    so_far = _floor(flow).round()  # a divided unit's counts reach its successors by shares
    reconciled = reconcile(direct, units, so_far, planned, rng=seed)
    given = planned[planned > 0].index
    table = standing(
        replace(reconciled, units=reconciled.units[list(given)]), planned[given], reported[given],
        steps_left=flow.steps - flow.step, dispersion=None, own=units,
    )  # fmt: skip
    return YearOfPeople(
        direct=direct,
        reconciled=reconciled,
        late=completed.late,
        open_units=tuple(dict.fromkeys(flow.over.get(unit, unit) for unit in completed.late)),
        coverage=completed.coverage,
        allowed=completed.probability_allowed,
        units=table,
        cross_checks=cross_checks(flow, float(np.median(completed.draws))),
        by_level=by_level,
    )


def _floor(flow: Flow) -> pd.Series:
    """People counted so far by unit, of units below it that did not report at the cut-off those of an earlier one."""
    lowest = flow.lowest
    counted = lowest.current().ffill(axis=1)[flow.step]
    if flow.parts is None:
        return counted
    added_up = counted.groupby(counted.index.map(flow.over)).sum(min_count=1).reindex(list(flow.units))
    return flow.current()[flow.step].combine_first(added_up)


def _completed(flow: Flow, seed: int) -> CompletedCount:
    """The count of everybody at the cut-off; of a total that the place reported itself late units share the rest."""
    lowest = flow.lowest
    return complete_for_late(
        lowest.current()[flow.step],
        _with_all(lowest),
        *_past_at(lowest, None),
        least=lowest.current().ffill(axis=1)[flow.step],
        total=_told(flow),
        rng=seed,
    )


def _with_all(flow: Flow) -> pd.Series:
    """Quotas by unit; of one without a quota what it would be by its people."""
    planned = flow.plans(flow.year).reindex(list(flow.units))
    lacks = ~(planned > 0)
    return planned.where(~lacks, _by_its_people(flow).fillna(0.0).clip(lower=1.0)) if lacks.any() else planned


def _by_its_people(flow: Flow, level: str | None = None) -> pd.Series:
    """What a unit's quota would be: its count over the share of theirs that others have done.

    Of one that is silent what its last known year came to; NaN where it was never counted.
    """
    counts = flow.current(level)
    last_count = counts.ffill(axis=1)[flow.step]
    share = _share_done(flow.plans(flow.year, level).reindex(counts.index), last_count)
    years = flow.past(level).ffill(axis=1)[flow.step if share is None else flow.steps]
    last_year = years.groupby(level="unit").last().reindex(counts.index)
    scale = 1.0 if share is None else share
    return (counts[flow.step] / scale).combine_first(last_year).combine_first(last_count / scale)


def _share_done(planned: pd.Series, now: pd.Series) -> float | None:
    """The share of their quotas that units with both have done; None where nobody has."""
    both = (planned > 0) & (now > 0)
    return float(now[both].sum() / planned[both].sum()) if both.any() else None


def _direct(
    flow: Flow, seed: int, completed: CompletedCount
) -> tuple[DrawsProjection, dict[Hashable, DrawsProjection]]:
    """The place by itself, by level; as one where it told its own total while units were missing."""
    levels = [level for level in flow.levels if _has_level(flow, level)]
    if completed.late and _told(flow) is not None and any(_told(flow, level) is None for level in levels):
        return _as_one(flow, seed), {}
    by_level: dict[Hashable, DrawsProjection] = {level: _level(flow, level, seed) for level in levels}
    return _sum_of_levels(by_level, seed), by_level


def _told(flow: Flow, level: str | None = None) -> float | None:
    """What the place reported of itself for the cut-off."""
    told = flow.told_above(level)[flow.step].get(flow.year)
    return None if told is None or pd.isna(told) else float(told)


def _as_one(flow: Flow, seed: int) -> DrawsProjection:
    """The place from its own total of all levels."""
    told = flow.told_above().loc[flow.year, list(range(1, flow.step + 1))]
    so_far = told.combine_first(flow.current().sum(skipna=False)).rename(flow.year)
    return project_year_total(
        flow.years(), so_far, planned=float(flow.plans(flow.year).sum()), rng=seed, year=flow.year, steps=flow.steps,
        past_planned=flow.plans_together(),
        revision=flow.revision() if flow.step < flow.steps else None,
    )  # fmt: skip


def _has_level(flow: Flow, level: str) -> bool:
    """Whether anybody has a quota for a level or was counted in it this year."""
    return bool((flow.plans(flow.year, level) > 0).any() or flow.lowest.current(level).gt(0).any(axis=None))


def _assessed(flow: Flow, by_unit: Units, seed: int) -> dict[Hashable, DrawsProjection]:
    """The units' projections; of one without a quota and without a past at the pace of the others."""
    units: dict[Hashable, DrawsProjection] = {}
    quotas = flow.plans(flow.year)
    for unit, projection in by_unit.items():
        if isinstance(projection, NotAssessed) and not quotas.get(unit, 0.0) > 0:
            current = flow.current().loc[unit].rename(flow.year)
            projection = project_year_total(
                None,
                current,
                planned=float(_with_all(flow)[unit]),
                rng=seed,
                year=flow.year,
                steps=flow.steps,
            )
        if isinstance(projection, NotAssessed):
            raise NotAssessable(projection.reason)
        units[unit] = projection
    return units


def project_units(flow: Flow, seed: int) -> dict[Hashable, DrawsProjection | NotAssessed]:
    """Every unit of the flow by itself, all levels together, in one call: {unit: projection, or why there is none}.

    A unit's numbers come from its own figures and the seed alone: they are the same to the last digit whether its
    report is made alone or with all others, and whatever the others sent.
    """
    revisions = flow.revisions()
    by_unit = project_year_totals(
        flow.past(), flow.current(), planned=flow.plans(flow.year), past_planned=flow.past_plans(),
        rng=seed, year=flow.year, revisions=revisions, steps=flow.steps,
    )  # fmt: skip
    return {unit: by_unit[unit] for unit in flow.units} | _in_part(flow, seed, revisions)


def _in_part(
    flow: Flow, seed: int, revisions: Mapping[Hashable, Revision]
) -> dict[Hashable, DrawsProjection]:
    """Units of which some of the units below have reported for the cut-off and others not: those are drawn."""
    if flow.parts is None:
        return {}
    lowest, found = flow.lowest, {}
    now, past, plans = lowest.current(), flow.past(), flow.past_plans()
    for unit in flow.current().index[flow.current()[flow.step].isna()]:
        mine = [one for one, top in flow.over.items() if top == unit]
        if not now.loc[mine, flow.step].notna().any():
            continue
        part = replace(lowest, units=tuple(mine))
        completed = complete_for_late(
            part.current()[flow.step], _with_all(part), *_past_at(part, None),
            least=part.current().ffill(axis=1)[flow.step], rng=seed,
        )  # fmt: skip
        so_far = part.current().ffill(axis=1).sum(min_count=1).rename(flow.year)
        seen = revisions.get(unit)
        draws = completed.draws if seen is None else revise(completed.draws, seen, rng=seed)
        found[unit] = project_uncertain_count(
            past.loc[unit] if unit in past.index else None, so_far, draws, floor=float(so_far.iloc[-1]), rng=seed,
            planned=flow.plans(flow.year).get(unit), year=flow.year, steps=flow.steps,
            past_planned=plans.loc[unit] if unit in plans.index else None,
        )  # fmt: skip
    return found


def _past_at(flow: Flow, level: str | None) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
    """Units x past years at the same cut-off, and their quotas; None where there is no past."""
    past = flow.past(level)
    if past.empty:
        return None, None
    counts = past[flow.step].unstack("year").reindex(list(flow.units))
    plans = flow.past_plans(level)
    if not len(plans):
        return counts, None
    return counts, plans.unstack("year").reindex(index=list(flow.units), columns=counts.columns)


def _level(flow: Flow, level: str, seed: int) -> DrawsProjection:
    """One level over all units, late ones drawn; of units without a quota for it those that did report stand as told.

    Where nobody has reported the level for the cut-off its last one counts, and plan and past alone where it has none.
    """
    flow = flow.last_counted(level)
    lowest = flow.lowest
    every = lowest.current(level)
    planned = lowest.plans(flow.year, level)
    given, usual = planned[planned > 0], _by_its_people(lowest, level)
    usual = usual[(usual > 0) & ~usual.index.isin(given.index)]
    silent = usual[lowest.current()[flow.step].isna().reindex(usual.index)]
    planned = pd.concat([given, silent if len(given) or silent.empty else usual])
    current = every.reindex(planned.index)
    counted = every.ffill(axis=1)
    extra = counted[~counted.index.isin(planned.index)].sum()
    years = flow.years(level)
    options: dict[str, Any] = {
        "planned": float(flow.plans(flow.year, level).sum()) or None,
        "past_planned": flow.plans_together(level),
        "year": flow.year,
        "steps": flow.steps,
    }
    so_far = counted.sum(min_count=1).rename(flow.year)
    if given.empty:
        quotas = lowest.plans(flow.year).reindex(every.index)
        if quotas.gt(0).any():
            share = _share_done(quotas, lowest.current()[flow.step])
            options["planned"] = float(so_far.iloc[-1]) / (share or 1.0)
    if planned.empty:
        return project_year_total(years, so_far, rng=seed, revision=flow.revision(level), **options)
    if not current[flow.step].notna().any():
        return project_year_total(years, None, rng=seed, **options)
    past, past_plan = _past_at(lowest, level)
    completed: CompletedCount = complete_for_late(
        current[flow.step],
        planned,
        None if past is None else past.reindex(planned.index),
        None if past_plan is None else past_plan.reindex(planned.index),
        least=current.ffill(axis=1)[flow.step],
        rng=seed,
    )
    seen = flow.revision(level) if flow.step < flow.steps else None
    told = _told(flow, level)
    if completed.late and told is not None:
        so_far[flow.step] = max(told, so_far[flow.step])
    if not completed.late or told is not None:
        return project_year_total(years, so_far, rng=seed, revision=seen, **options)
    draws = completed.draws + float(extra[flow.step])
    draws = draws if seen is None else revise(draws, seen, rng=seed)
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
    years = flow.years().dropna(subset=[flow.step, flow.steps])
    if years.empty or flow.step == flow.steps:
        return {}
    counted, totals = years[flow.step].to_numpy(), years[flow.steps].to_numpy()
    planned = float(flow.plans(flow.year).sum())
    plans = flow.plans_together().reindex(years.index).to_numpy()
    checks = {
        "last_share": last_year_share(so_far, counted, totals),
        "elapsed": elapsed_time(so_far, flow.cutoff.months),
        "chain_ladder": chain_ladder(so_far, counted, totals).total,
    }
    if pd.notna(plans).all():
        expected = planned * usual_attainment(totals, plans)
        checks["bornhuetter_ferguson"] = bornhuetter_ferguson(so_far, expected, counted, totals)
    return {name: float(value) for name, value in checks.items()}
