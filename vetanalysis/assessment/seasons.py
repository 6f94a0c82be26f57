"""How a year's people usually come in: the part of them that is there by the end of each quarter or month.

Intake has its season (colleges take in after the summer), so that a unit is held against its own course of earlier
years, and what is still needed is shared out over the year as its people usually come.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.periods import YEARS_BESIDE

if TYPE_CHECKING:
    from vetanalysis.assessment.flows import Flow

#: Of the units that have reported, the part that must have a past year's figure, too, for it to stand beside this one.
ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Season:
    """`shares`: the part of a year's people usually there by the end of step 1, 2, ... `years`: of which.

    `of_years`: the same of each of these years, NaN for a step that is not known of it.
    """

    shares: tuple[float, ...]
    years: tuple[int, ...]
    of_years: tuple[tuple[float, ...], ...] = ()

    def by(self, step: int) -> float:
        """The share usually there by the end of a step; 0 before the first."""
        return self.shares[step - 1] if step else 0.0

    def seen_by(self, step: int) -> tuple[float, float]:
        """The lowest and the highest share there by the end of a step in any of these years."""
        seen = [one for shares in self.of_years if step and not isnan(one := shares[step - 1])]
        return (min(seen), max(seen)) if seen else (self.by(step), self.by(step))

    def years_by(self, step: int) -> tuple[int, ...]:
        """The years of which the share by the end of a step is known."""
        told = zip(self.years, self.of_years, strict=True)
        return tuple(year for year, shares in told if not isnan(shares[step - 1]))

    def needed_by(self, step: int, left: float, at: int) -> float:
        """Of `left` people still missing at the end of step `at`, those due by the end of a later `step`.

        All of them by the year's end, and where nobody usually comes after `at`.

        >>> Season((0.1, 0.3, 0.6, 1.0), (2021, 2022)).needed_by(3, 700, at=2)
        300.0
        """
        rest = 1 - self.by(at)
        return left * min((self.by(step) - self.by(at)) / rest, 1.0) if rest > 0 else left


def season_of(years: pd.DataFrame) -> Season | None:
    """The mean course of past years; of a step the mean of the years in which it is known, as is their end.

    One return that never came leaves a step of its year open, not the others. None where a step is known of no year.

    `years`: index year, columns 1 to 4 or 12, people since the year began (NaN = not known).
    """
    known = years[years.iloc[:, -1] > 0]
    of_years = known.div(known.iloc[:, -1], axis=0)
    of_years = of_years[of_years.iloc[:, :-1].notna().any(axis=1)]
    # of other years a later step may have a smaller mean, and a corrected year end with fewer people than it had
    shares = of_years.mean().cummax().clip(upper=1.0)
    if of_years.empty or shares.isna().any():
        return None
    return Season(
        tuple(float(one) for one in shares),
        tuple(int(year) for year in of_years.index),
        tuple(tuple(float(one) for one in row) for row in of_years.to_numpy()),
    )


def at_same_point(flow: Flow | None, step: int) -> pd.DataFrame:
    """The last years of a flow at a step beside this one, index year: people `then`, in the `whole` year, and `now`.

    Where every unit has reported, now and then, all against all. Else the units that have reported now and had that
    year, too: `units` of `reported`; `now` are their people, so that like is held against like. A year of which fewer
    than ENOUGH of them have a figure is left out; empty without any.
    """
    none = pd.DataFrame(columns=["then", "whole", "now", "units", "reported"], dtype=float)
    if flow is None or not step:
        return none
    here, past = flow.lowest.current()[step], flow.lowest.past()
    years = sorted(past.index.unique("year"))[-YEARS_BESIDE:]
    now, of_all, end = here.dropna(), flow.years().reindex(years), flow.steps
    rows = {}
    for year in years if len(now) else ():
        of_year = past.xs(year, level="year")
        both = of_year[of_year.index.isin(now.index)].dropna(subset=[step])
        if here.notna().all() and pd.notna(of_all.loc[year, step]):
            rows[year] = (of_all.loc[year, step], of_all.loc[year, end], now.sum(), len(now), len(now))
        elif len(both) >= ENOUGH * len(now):
            then, whole = both[step].sum(), both[end].sum(skipna=False)
            rows[year] = (then, whole, now[both.index].sum(), len(both), len(now))
    found = pd.DataFrame.from_dict(rows, orient="index", columns=none.columns)
    return found.dropna(how="all", subset=["then", "whole"]) if rows else none
