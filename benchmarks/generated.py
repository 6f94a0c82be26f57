"""Invented plans of any number of units, with the returns those units sent: what the benchmarks of scale run on.

Everything is illustrative. A plan extends the Lạng Sơn plan with institutions of its own, directly under the place,
which share the plan's 13,500 people; their learners are simulated as in the example year.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from tests.illustrative_year.example import as_observations
from tests.illustrative_year.files import key_of
from tests.illustrative_year.network import COUNTED, QUOTA_OF_YEAR, School
from tests.illustrative_year.people import Figure, simulate, spread
from vetanalysis.periods import Cutoff
from vetanalysis.plan import Plan, load_plan
from vetanalysis.returns.template import build_form, build_history

EXTENDS, PLACE, TOTAL = "lang-son-2023", "20", 13500
TRADES = {"farm": 0.25, "industry": 0.4, "services": 0.3, "driving": 0.05}
SHARES = {
    "female": 0.46,
    "rural": 0.8,
    "ethnic_minority": 0.83,
    "poor": 0.12,
    "near_poor": 0.11,
    "disability": 0.006,
}
LEVEL_SHARES = (0.08, 0.2, 0.72)
PAST, NOW = Cutoff(2022, "FY"), Cutoff(2023, "9M")


def network(units: int, seed: int) -> tuple[School, ...]:
    """Institutions of unequal size whose quotas of each level add up to the plan's people."""
    size = np.random.default_rng(seed).uniform(0.5, 1.5, units)
    quotas = [spread(round(TOTAL * share), size) for share in LEVEL_SHARES]
    return tuple(
        School(f"g{number:03}", PLACE, {**dict(zip(COUNTED, map(int, quota), strict=True)), "short_course": 20},
               TRADES, SHARES)
        for number, quota in enumerate(zip(*quotas, strict=True), start=1)
    )  # fmt: skip


def tiers(schools: tuple[School, ...], provinces: int) -> tuple[School, ...]:
    """The same units, dealt out below so many provinces `p01`, `p02` and so on."""
    return tuple(replace(one, parent=f"p{at % provinces + 1:02}") for at, one in enumerate(schools))


def write_plan(folder: Path, schools: tuple[School, ...], provinces: int = 0) -> Plan:
    """The plan of these institutions as a folder, read back; provinces have the quotas of the units below them."""
    folder.mkdir(parents=True)
    title = (
        f"  vi: Kế hoạch minh họa, {len(schools)} đơn vị\n  en: Illustrative plan of {len(schools)} units\n"
    )
    (folder / "plan.yaml").write_text(
        f"extends: {EXTENDS}\ntitle:\n{title}years: [2020, 2023]\n", encoding="utf-8", newline="\n"
    )
    rows = [
        {"code": one.code, "name": f"Cơ sở minh họa {one.code}", "short_name": f"Cơ sở {one.code}",
         "name_en": f"Illustrative institution {one.code}", "kind": "institution", "parent": one.parent,
         "valid_from": "", "valid_to": "", "aliases": ""}
        for one in schools
    ]  # fmt: skip
    above = [f"p{number:02}" for number in range(1, provinces + 1)]
    rows = [
        {**rows[0], "code": code, "name": f"Tỉnh minh họa {code}", "short_name": f"Tỉnh {code}",
         "name_en": f"Illustrative province {code}", "kind": "province", "parent": PLACE}
        for code in above
    ] + rows  # fmt: skip
    pd.DataFrame(rows).to_csv(folder / "units.csv", index=False)
    quotas = [
        {"unit": one.code, "level": level, "period": f"{year}-FY", "value": max(round(one.quota[level] * share), 1),
         "source": "illustrative"}
        for year, share in QUOTA_OF_YEAR.items()
        for one in schools
        for level in COUNTED
    ]  # fmt: skip
    sums = [
        {**one, "unit": code, "value": sum(each["value"] for each in quotas if each["unit"] in below
                                          and (each["level"], each["period"]) == (one["level"], one["period"]))}
        for code, below in ((code, {each.code for each in schools if each.parent == code}) for code in above)
        for one in quotas
        if one["unit"] == min(below)
    ]  # fmt: skip
    pd.DataFrame(sums + quotas).to_csv(folder / "quotas.csv", index=False)
    return load_plan(folder)


def figures_of(schools: tuple[School, ...], seed: int) -> list[Figure]:
    """What the institutions would report from 2020 to the first nine months of 2023."""
    made = simulate(schools, np.random.default_rng(seed))
    return [one for one in made if (one.year, 3 * one.quarter) <= (NOW.year, NOW.months)]


def observations_of(schools: tuple[School, ...], seed: int) -> pd.DataFrame:
    """The same as observations, for work without files."""
    return as_observations(figures_of(schools, seed))


def write_returns(plan: Plan, figures: list[Figure], folder: Path) -> int:
    """Workbooks of the last complete year and of nine months, one per unit and period; returns how many."""
    by_unit = defaultdict(list)
    for one in figures:
        by_unit[one.unit].append(one)
    for unit, mine in by_unit.items():
        past = {
            key_of(one, str(Cutoff(one.year, ("Q1", "H1", "9M", "FY")[one.quarter - 1]))): one.value
            for one in mine
            if one.year == PAST.year
        }
        now = {
            key_of(one): one.value for one in mine if (one.year, 3 * one.quarter) == (NOW.year, NOW.months)
        }
        forms = (
            (PAST, build_history(plan, unit, PAST.year, past, {}, illustrative=True), date(2022, 12, 20)),
            (NOW, build_form(plan, unit, NOW, figures=now, illustrative=True), date(2023, 9, 15)),
        )
        for cutoff, form, day in forms:
            form.day = day
            form.save(folder / str(cutoff) / f"{unit}__{day.isoformat()}.xlsx")
    return 2 * len(by_unit)
