"""The ledger of figures that came in tables instead of workbooks: who has figures of a period, what was corrected.

A table says since when its figures are known, not on which day a unit sent them: whoever has figures has reported,
nobody was late. What a unit told of a period is a version; figures that became others on a later day make another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import pandas as pd

from vetanalysis.errors import Finding
from vetanalysis.observations.checks import BREAKDOWNS, COLUMNS
from vetanalysis.observations.table import LeftOut, only_known_by
from vetanalysis.periods import cutoff_day, parse_cutoff
from vetanalysis.plan import Plan
from vetanalysis.returns.ledger import Ledger, in_order, joined
from vetanalysis.returns.readings import SUPERSEDED, VALID, Reading, Version

_FIGURE = ("indicator", *BREAKDOWNS, "measure", "basis", "base", "concept", "period")


def ledger_from(
    plan: Plan, figures: pd.DataFrame, known_by: str = "", findings: Iterable[Finding] = ()
) -> Ledger:
    """The ledger of a table of figures with all its vintages, as known by an ISO day ("": everything).

    `findings`: what was found beside those that the table carries. A figure whose day is not known is the first of its
    kind; a day on which figures only came again, or came beside others, makes no version of its own.
    """
    seen = only_known_by(figures, known_by or None)
    versions = tuple(_versions(plan, seen[seen["value"].notna()].sort_values("vintage", kind="stable")))
    told = in_order([*findings, *seen.attrs.get("findings", ())])
    left_out = LeftOut(seen.attrs.get("left_out", ()))
    return Ledger(plan, None, known_by, versions, told, joined(versions), left_out, _asked(plan, figures))


def _asked(plan: Plan, figures: pd.DataFrame) -> frozenset[str] | None:
    """The units with a quota and those of a kind of which anybody sends; None where nobody can be told from others."""
    units = plan.units
    kinds = set(units.loc[units["code"].isin(figures["unit"]), "kind"])
    return frozenset(units.loc[units["kind"].isin(kinds), "code"]) | frozenset(plan.quotas["unit"]) or None


def _versions(plan: Plan, rows: pd.DataFrame) -> Iterable[Version]:
    """The versions of every unit and period, from figures in the order in which they were known.

    Figures of a unit that was renamed before the cut-off are those of the unit under its new code.
    """
    keys = list(zip(*(rows[name] for name in _FIGURE), strict=True))
    period = {code: str(parse_cutoff(code).end) for code in rows["period"].unique()}
    values, days = rows["value"].tolist(), rows["vintage"].tolist()
    renamed = {code: _renamed_by(plan, code) for code in set(period.values())}
    units, codes = rows["unit"].tolist(), rows["period"].tolist()
    told: dict[tuple[str, str], list[dict[tuple[str, ...], int]]] = {}
    for _, places in groupby(range(len(rows)), key=days.__getitem__):
        came: dict[tuple[str, str], list[int]] = {}
        for place in places:
            unit, code = units[place], period[codes[place]]
            came.setdefault((renamed[code].get(unit, unit), code), []).append(place)
        for sender, mine in came.items():
            states = told.setdefault(sender, [{}])
            before = states[-1]
            if any(keys[at] in before and values[before[keys[at]]] != values[at] for at in mine):
                states.append(dict(before))
            states[-1].update((keys[at], at) for at in mine)
    cells = list(zip(*(rows[name].tolist() for name in COLUMNS), strict=True))
    for (unit, code), states in sorted(told.items()):
        for number, state in enumerate(states, start=1):
            reading = _reading(unit, code, [cells[place] for place in state.values()])
            last = number == len(states)
            yield Version(reading, number, VALID if last else SUPERSEDED, ())


def _renamed_by(plan: Plan, period: str) -> dict[str, str]:
    """The units that had another code by the cut-off: code -> the last one that followed."""
    day = cutoff_day(parse_cutoff(period), plan.calendar).isoformat()
    table = plan.crosswalk
    rows = table[(table["kind"] == "renamed") & (table["valid_from"] <= day)]
    follows = dict(zip(rows["unit"], rows["successor"], strict=True))
    last = dict(follows)
    for _ in follows:  # a chain is no longer than there are renames, a circle ends here too
        last = {unit: follows.get(code, code) for unit, code in last.items()}
    return last


def _reading(unit: str, period: str, rows: Sequence[Sequence[Any]]) -> Reading:
    held = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True))
    return Reading(
        file=held["source"][-1].split("!")[0], sha256="", unit=unit, period=period, columns=held,
        illustrative=all(held["illustrative"]),
    )  # fmt: skip
