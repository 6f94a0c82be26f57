"""How a year's people usually come in: the part of them that is there by the end of each quarter or month.

Intake has its season (colleges take in after the summer), so that a unit is held against its own course of earlier
years, and what is still needed is shared out over the year as its people usually come.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, slots=True)
class Season:
    """`shares`: the part of a year's people usually there by the end of step 1, 2, ... `years`: of which.

    `of_years`: the same of each of these years.
    """

    shares: tuple[float, ...]
    years: tuple[int, ...]
    of_years: tuple[tuple[float, ...], ...] = ()

    def by(self, step: int) -> float:
        """The share usually there by the end of a step; 0 before the first."""
        return self.shares[step - 1] if step else 0.0

    def seen_by(self, step: int) -> tuple[float, float]:
        """The lowest and the highest share there by the end of a step in any of these years."""
        seen = [shares[step - 1] for shares in self.of_years] if step else []
        return (min(seen), max(seen)) if seen else (self.by(step), self.by(step))

    def needed_by(self, step: int, left: float, at: int) -> float:
        """Of `left` people still missing at the end of step `at`, those due by the end of a later `step`.

        All of them by the year's end, and where nobody usually comes after `at`.

        >>> Season((0.1, 0.3, 0.6, 1.0), (2021, 2022)).needed_by(3, 700, at=2)
        300.0
        """
        rest = 1 - self.by(at)
        return left * min((self.by(step) - self.by(at)) / rest, 1.0) if rest > 0 else left


def season_of(years: pd.DataFrame) -> Season | None:
    """The mean course of past years that are known at every step; None without any.

    `years`: index year, columns 1 to 4 or 12, people since the year began (NaN = not known).
    """
    known = years.dropna()
    known = known[known.iloc[:, -1] > 0]
    if known.empty:
        return None
    of_years = known.div(known.iloc[:, -1], axis=0)
    return Season(
        tuple(float(one) for one in of_years.mean()),
        tuple(int(year) for year in known.index),
        tuple(tuple(float(one) for one in shares) for shares in of_years.to_numpy()),
    )
