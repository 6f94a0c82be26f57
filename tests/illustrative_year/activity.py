"""Everything in the example that is not a learner: jobs, money, and the counts of tasks the plan asks
for in 2023."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tests.illustrative_year.agreeing import agreeing
from tests.illustrative_year.network import (
    DISTRICTS,
    JOB_CENTRE,
    JOB_CENTRE_SHARE,
    JOBS,
    PROVINCIAL,
    YEARS,
    School,
    schools,
)
from tests.illustrative_year.people import Figure, spread
from vetanalysis.periods import Cutoff
from vetanalysis.returns.lists import indicators_owed, reporting_units

if TYPE_CHECKING:
    from vetanalysis.plan import Plan

_JOB_SEASON = (0.22, 0.29, 0.26, 0.23)
#: Money per person enrolled, in million đồng, and its sources; what is spent of it by the end of each window.
_COST = 2.6
_SOURCES = {"central": 0.52, "local": 0.33, "mobilised": 0.15}
_SPENT = (0.08, 0.33, 0.58, 0.94)
#: What a unit counts in a year where nothing is known about it: by unit of measure, then by quantity.
_YEARLY = {
    "sessions": 24, "attendances": 900, "visits": 12, "documents": 6, "cases": 1, "classes": 12,
    "contracts": 4,
    "enterprises": 120, "households": 40, "institutions": 1, "items": 110, "programmes": 3, "projects": 5,
    "agreements": 1, "trades": 1, "persons": 60, "million_dong": 800,
    "vacancies_surveyed": 4800, "learning_demand": 620, "job_counselling_contacts": 7800,
    "job_fair_sessions": 22,
    "teachers": 24, "farm_trade_demand": 3200, "farm_trade_planned": 2900, "vet_institutions": 21,
    "pupils_counselled": 9400, "nonpublic_institutions_guided": 3, "jobs_from_projects": 340,
    "inspections": 6,
}  # fmt: skip
_RATES = {"trained_rate": 60.1, "certified_rate": 23.7}
#: Quantities the example leaves empty: they would repeat what other cells say.
_LEFT_EMPTY = ("trained_workers", "certified_workers", "people_trained", "labour_force", "employed_workers")


def add_up(figures: Iterable[Figure], network: tuple[School, ...]) -> list[Figure]:
    """The districts' own figures: everything their centres did, added up key by key."""
    parent = {school.code: school.parent for school in network}
    sums: dict[Figure, float] = defaultdict(float)
    for figure in figures:
        if parent[figure.unit] in DISTRICTS:
            sums[replace(figure, unit=parent[figure.unit], value=0)] += figure.value
    return [replace(key, value=value) for key, value in sums.items()]


def over_levels(figures: Iterable[Figure]) -> list[Figure]:
    """Women, groups, rural people and people in work over all levels, as the form for past years asks
    for them."""
    sums: dict[Figure, float] = defaultdict(float)
    for figure in figures:
        flow = figure.indicator in ("people_enrolled", "people_graduated") and figure.breakdown
        work = figure.indicator in ("graduates_followed", "graduates_employed") and not figure.breakdown
        if figure.level and (flow or work):
            sums[replace(figure, level="", value=0)] += figure.value
    return [replace(key, value=value) for key, value in sums.items()]


def jobs(rng: np.random.Generator) -> Iterator[Figure]:
    """Jobs created by district and through the job centre; the year's total is met exactly."""
    weights = np.array([sum(quota) for quota in DISTRICTS.values()], dtype=float) + 120
    for year in YEARS:
        centre = round(JOBS[year] * JOB_CENTRE_SHARE)
        by_district = spread(JOBS[year] - centre, weights * np.exp(rng.normal(0, 0.1, len(weights))))
        for unit, total in zip((*DISTRICTS, JOB_CENTRE), (*by_district, centre), strict=True):
            flow = spread(int(total), rng.dirichlet(120 * np.array(_JOB_SEASON)))
            for quarter, value in enumerate(np.cumsum(flow), start=1):
                yield Figure(unit, year, quarter, "jobs_created", int(value))


def money(figures: Iterable[Figure], rng: np.random.Generator) -> list[Figure]:
    """Funds assigned and disbursed by source, from what each unit enrols in a year."""
    enrolled = {
        (one.unit, one.year): 0.0
        for one in figures
        if one.indicator == "people_enrolled" and one.quarter == 4
    }
    for one in figures:
        if one.indicator == "people_enrolled" and one.quarter == 4 and one.level and not one.breakdown:
            enrolled[one.unit, one.year] += one.value
    made: list[Figure] = []
    for (unit, year), people in enrolled.items():
        for source, share in _SOURCES.items():
            assigned = round(people * _COST * share * float(np.exp(rng.normal(0, 0.1))), 1)
            pace = np.minimum(1, np.array(_SPENT) * np.exp(rng.normal(0, 0.06)))
            for quarter in (1, 2, 3, 4):
                like = {"fund_source": source, "measure": "million_dong"}
                made.append(Figure(unit, year, quarter, "budget_assigned", assigned, **like))
                spent = round(assigned * float(pace[quarter - 1]), 1)
                made.append(Figure(unit, year, quarter, "budget_disbursed", spent, **like))
    return [*made, *_finance_department(made)]


def _finance_department(figures: Iterable[Figure]) -> list[Figure]:
    """The same money as the Department of Finance sees it: districts and provincial institutions together."""
    sums: dict[Figure, float] = defaultdict(float)
    for figure in figures:
        if figure.unit in DISTRICTS or figure.unit in PROVINCIAL:
            sums[replace(figure, unit="so-tc", value=0)] += figure.value
    return [replace(key, value=round(value, 1)) for key, value in sums.items()]


def tasks(plan: Plan, year: int, known: Iterable[Figure], rng: np.random.Generator) -> list[Figure]:
    """The counts of tasks every unit owes in a year and that nothing else in the example gives."""
    known = list(known)
    have = {(one.unit, one.indicator) for one in known}
    from_people = _from_people(known, year)
    made: list[Figure] = []
    for unit in reporting_units(plan, Cutoff(year, "FY")):
        size = 3.0 if unit.startswith(("cd", "so-", "tt-")) else 1.0
        owed = indicators_owed(plan, plan.unit(unit), Cutoff(year, "FY"))
        for item in owed.itertuples():
            if (unit, item.id) in have or item.id in _LEFT_EMPTY:
                continue
            if item.id.startswith("nonpublic") and not unit.startswith(("so-", "gdnn-tu-thuc")):
                continue
            if (unit, item.id) in from_people:
                made += from_people[unit, item.id]
                continue
            for channel in _channels(item.breakdowns):
                like = {"channel": channel, "measure": item.measure.split("|")[0], "basis": item.basis}
                for quarter, value in enumerate(
                    _course(item.id, item.measure, item.basis, size, rng), start=1
                ):
                    made.append(Figure(unit, year, quarter, item.id, value, **like))
    return agreeing(made, [one for one in known if one.year == year], schools())


def _channels(breakdowns: str) -> tuple[str, ...]:
    from vetanalysis.observations.listed import CHANNELS

    return tuple(CHANNELS) if "channel" in breakdowns.split("|") else ("",)


def _course(indicator: str, measure: str, basis: str, size: float, rng: np.random.Generator) -> list[float]:
    """Four cut-offs of one quantity: a rate that hardly moves, a stock that stays, or a count that only
    rises."""
    if measure == "percent":
        level = _RATES.get(indicator, rng.uniform(62, 93))
        level += rng.normal(0, 0.4)
        return [round(float(min(level + 0.4 * quarter, 100)), 1) for quarter in range(4)]
    if measure.startswith("million_dong_per"):
        return [round(float(rng.uniform(5.8, 8.6)), 1)] * 4
    mean = _YEARLY.get(indicator, _YEARLY.get(measure.split("|")[0], 20) * size)
    if basis == "stock":
        return [float(rng.poisson(mean)) if indicator != "vet_institutions" else 21.0] * 4
    return [float(value) for value in np.cumsum(rng.poisson(mean / 4, 4))]


def _from_people(known: Iterable[Figure], year: int) -> dict[tuple[str, str], list[Figure]]:
    """Quantities that follow from the learners: rural workers by kind of trade, poor people trained."""
    sums: dict[tuple[str, str, int], float] = defaultdict(float)
    for one in known:
        if one.year != year or one.indicator != "people_enrolled":
            continue
        names = []
        if one.breakdown == "rural" and one.trade:
            names = [
                "rural_workers_trained",
                f"rural_workers_trained_{'farm' if one.trade == 'farm' else 'nonfarm'}",
            ]
        if one.unit.startswith("gdnn-tu-thuc") and one.level and not one.breakdown:
            names = ["nonpublic_learners"]
            sums["so-ldtbxh", names[0], one.quarter] += one.value
        if one.breakdown in ("poor", "near_poor") and one.level:
            names = ["poor_people_trained"]
        for name in names:
            sums[one.unit, name, one.quarter] += one.value
            if one.unit in DISTRICTS and name.startswith("rural"):
                sums["so-nnptnt", name, one.quarter] += one.value
    found: dict[tuple[str, str], list[Figure]] = defaultdict(list)
    for (unit, name, quarter), value in sums.items():
        found[unit, name].append(Figure(unit, year, quarter, name, value))
    return found
