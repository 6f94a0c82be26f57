"""The example year as tables: what every unit reported from 2020 to 2023-9M, what came true, what was
received when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.illustrative_year.activity import add_up, jobs, money, over_levels, tasks
from tests.illustrative_year.deliveries import Delivery, deliveries
from tests.illustrative_year.network import (
    DISTRICTS,
    JOB_CENTRE,
    PLAN,
    PROVINCIAL,
    YEARS,
    quota_rows,
    schools,
)
from tests.illustrative_year.people import Figure, simulate
from vetanalysis.observations.checks import COLUMNS
from vetanalysis.observations.table import normalise
from vetanalysis.periods import Calendar, Cutoff

if TYPE_CHECKING:
    from vetanalysis.plan import Plan

SEED = 2023
REPORTED = ("Q1", "H1", "9M")
SOURCE = "illustrative: example year"


@dataclass(frozen=True)
class ExampleYear:
    """The tables of the example, all of it invented.

    `reported`: observations to 2023-9M as the units know them, without the faults of the files; `truth`: the
    observations of 2023-FY; `received`: unit, period, received, version, fault; `quotas`: as in `quotas.csv`.
    """

    reported: pd.DataFrame
    truth: pd.DataFrame
    received: pd.DataFrame
    quotas: pd.DataFrame


def example_year(seed: int = SEED, plan: Plan | None = None) -> ExampleYear:
    """The example for a seed: the same seed gives the same tables. `plan`: by default the example plan."""
    return _tables(*draw(seed, plan))


def draw(seed: int = SEED, plan: Plan | None = None) -> tuple[list[Figure], list[Delivery]]:
    """Figures and deliveries of the example, from which tables and workbooks are made."""
    plan = plan or _plan()
    people_rng, jobs_rng, money_rng, task_rng, post_rng = np.random.default_rng(seed).spawn(5)
    network = schools()
    people = simulate(network, people_rng)
    people += add_up(people, network)
    people += over_levels(people)
    figures = [*people, *jobs(jobs_rng), *money(people, money_rng)]
    figures += tasks(plan, YEARS[-1], figures, task_rng)
    past = [
        one
        for year in YEARS[:-1]
        for one in deliveries(plan, Cutoff(year, "FY"), post_rng)
        if one.unit in past_units()
    ]
    now = [one for code in REPORTED for one in deliveries(plan, Cutoff(YEARS[-1], code), post_rng)]
    return figures, [*past, *now]


def past_units() -> tuple[str, ...]:
    """Units whose past years are in the example: districts, every institution, the job centre."""
    return (*DISTRICTS, *(school.code for school in schools()), JOB_CENTRE)


def end_units() -> tuple[str, ...]:
    """Units whose end of 2023 is in the example: together they are the province."""
    return (*DISTRICTS, *PROVINCIAL, JOB_CENTRE)


def as_observations(figures: list[Figure]) -> pd.DataFrame:
    """Figures as observations in the project's columns, marked illustrative."""
    rows = []
    for one in figures:
        row = dict.fromkeys(COLUMNS, "")
        row |= {
            "unit": one.unit, "period": str(Calendar().cutoff(one.year, one.quarter)), "indicator": one.indicator,
            "level": one.level, "trade": one.trade, "fund_source": one.fund_source, "channel": one.channel,
            "value": one.value, "measure": one.measure, "basis": one.basis, "status": "provisional",
            "illustrative": True, "source": SOURCE,
        }  # fmt: skip
        row |= breakdown(one.breakdown)
        rows.append(row)
    return normalise(pd.DataFrame(rows, columns=list(COLUMNS)))


def breakdown(name: str) -> dict[str, str]:
    """The column and code a breakdown stands in: women are a sex, rural people a residence, the rest
    groups."""
    if name == "female":
        return {"sex": "female"}
    if name == "rural":
        return {"residence": "rural"}
    return {"group": name} if name else {}


def _tables(figures: list[Figure], received: list[Delivery]) -> ExampleYear:
    table = as_observations(figures)
    last = str(Cutoff(YEARS[-1], "FY"))
    # Past years carry learners, jobs and money only; the year's end is what came true.
    reported = table[table["period"] != last].reset_index(drop=True)
    posted = pd.DataFrame([{name: getattr(one, name) for name in Delivery.__slots__} for one in received])
    posted["received"] = posted["received"].map(lambda day: day.isoformat())
    return ExampleYear(
        reported, table[table["period"] == last].reset_index(drop=True), posted, pd.DataFrame(quota_rows())
    )


def _plan() -> Plan:
    from vetanalysis.plan import load_plan

    return load_plan(PLAN)
