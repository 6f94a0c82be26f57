"""The same quantity from two kinds of senders, side by side: what must not be added, and how far it lies apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.indicators.over_units import add_up, network, single, views
from vetanalysis.indicators.tally import DIMENSIONS, tally
from vetanalysis.plan.catalogue import catalogue

if TYPE_CHECKING:
    from vetanalysis.periods import Cutoff
    from vetanalysis.plan import Plan

RECONCILED = ("indicator", "sender", "value", "reported", "expected", "difference", "taken")


def reconciliation(plan: Plan, obs: pd.DataFrame, as_of: str | Cutoff) -> pd.DataFrame:
    """Indicators that more than one kind of sender reports for the place, in `RECONCILED`.

    `sender`: "own" (the place itself), a body's code, or the kind of units added up; `taken` marks the one the table of
    indicators uses, `difference` is value - value taken. Only sums and levels; a difference between partial sums is
    no contradiction: compare `reported` with `expected` first.
    """
    cutoff = plan.check_cutoff(as_of)
    entries = catalogue(plan)
    net = network(plan, cutoff)
    lines = views(tally(plan, obs, cutoff, entries), cutoff, entries)
    whole = lines[(lines[list(DIMENSIONS)] == "").all(axis=1) & lines["now"].notna()]
    rows = []
    for name, one in entries.items():
        mine = whole[whole["indicator"] == name]
        if mine.empty or one.over_units not in ("sum", "stock_sum"):
            continue
        own = single(mine[mine["unit"] == net.place])
        found = [("own", float(own["now"].iloc[0]), 1, 1)] if len(own) else []
        for route in net.routes(one.senders):
            total = add_up(mine, dict.fromkeys(route.members, net.place))
            if len(total):
                found.append(
                    (
                        route.name,
                        float(total["now"].iloc[0]),
                        int(total["reported"].iloc[0]),
                        len(route.members),
                    )
                )
        if len(found) > 1:
            taken = found[0][1]
            rows += [(name, *told, told[1] - taken, at == 0) for at, told in enumerate(found)]
    return pd.DataFrame(rows, columns=list(RECONCILED))
