"""Hand-made observations for the tests of the table of indicators, and how one line of it is picked."""

from __future__ import annotations

import pandas as pd

from vetanalysis.indicators.tally import DIMENSIONS
from vetanalysis.observations.table import normalise

DISTRICTS = ("178", "180", "181", "182", "183", "184", "185", "186", "187", "188", "189")


def figures(*rows, **same):
    """Observations from (unit, period, indicator, value[, breakdowns])."""
    frame = [
        {
            "unit": unit,
            "period": period,
            "indicator": name,
            "value": value,
            "source": f"{unit}.xlsx!A!B1",
            **same,
            **more,
        }
        for unit, period, name, value, *rest in rows
        for more in (rest[0] if rest else {},)
    ]
    return normalise(pd.DataFrame(frame))


def line(table, unit, name, basis="", **breakdown):
    """The one line of a unit and indicator; the running total or level unless `basis` says otherwise."""
    mine = table[(table["unit"] == unit) & (table["id"] == name)]
    for dimension in DIMENSIONS:
        mine = mine[mine[dimension] == breakdown.get(dimension, "")]
    mine = mine[mine["basis"] == basis] if basis else mine.iloc[:1]
    assert len(mine) == 1, (unit, name, basis, breakdown, len(mine))
    return mine.iloc[0]


def level(name):
    return {"level": name}
