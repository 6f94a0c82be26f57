"""A year as its counts were told to the public: what was said on each of those days, and the last count found.

Each row is made by the same code as today's answers, from what was known by its day and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vetanalysis.hashes import SEED
from vetanalysis.observations.checks import are_totals
from vetanalysis.observations.table import only_known_by
from vetanalysis.periods import cutoffs, parse_cutoff

if TYPE_CHECKING:
    from vetanalysis.plan import Plan, Target

COLUMNS = (
    "as_of", "on", "counted", "approximate", "median", "lower_80", "upper_80", "probability", "status",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class ToldYear:
    """`said`: a row for each count but the last, in `COLUMNS` (people; chances as shares; `on`: ISO day).

    `last`, `approximate`, `on`: the last count, how its source words it ("over") and the day on which it was known.
    """

    said: pd.DataFrame
    last: float
    approximate: str
    on: str

    @property
    def reach_beyond(self) -> int:
        """How many of the 80 % ranges reach beyond the last count."""
        return int((self.said["upper_80"] > self.last).sum())


def told_year(plan: Plan, target: Target, known_by: str = "") -> ToldYear | None:
    """What was said of a target on people each time a count of its year was published; None with fewer than two counts.

    The counts are the running totals of the plan's place in the published tables whose day is known; none after the
    ISO day `known_by`, where it is given.
    """
    from vetanalysis.assessment.targets import assess_count, figures_at
    from vetanalysis.loading import load_observations

    year = parse_cutoff(target.period).year
    obs = load_observations(plan, returns=None, known_by=known_by or None)
    rows = obs[(obs["unit"] == plan.place.code) & (obs["indicator"] == target.indicator) & are_totals(obs)]
    rows = rows[rows["period"].str.startswith(f"{year}-") & (rows["basis"] == "cumulative")]
    rows = rows[(rows["vintage"] != "") & rows["value"].notna()].sort_values("vintage", kind="stable")
    if len(rows) < 2:
        return None
    by_month = {cutoff.months: cutoff for cutoff in cutoffs(year, plan.calendar)}
    said = []
    for row in rows.iloc[:-1].itertuples():
        as_of = by_month[parse_cutoff(row.period).months]
        known = figures_at(plan, only_known_by(obs, row.vintage), as_of, SEED)
        one = assess_count(known, target, plan.place.code)
        numbers = {name: getattr(one, name) for name in ("median", "lower_80", "upper_80", "probability")}
        said.append(
            {
                "as_of": str(as_of), "on": row.vintage, "counted": row.value, "approximate": row.approximate,
                **{name: np.nan if value is None else value for name, value in numbers.items()},
                "status": one.status,
            }
        )  # fmt: skip
    end = rows.iloc[-1]
    return ToldYear(
        pd.DataFrame(said, columns=list(COLUMNS)), float(end["value"]), end["approximate"], end["vintage"]
    )
