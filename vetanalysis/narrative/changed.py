"""Figures of the place that reports on earlier cut-offs of the year printed and that are others now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from vetanalysis.blocks import MISSING_CELL, Cell, Column, Said, Table
from vetanalysis.indicators.placed import is_of_few, line_of
from vetanalysis.language.cells import printed
from vetanalysis.language.filters import known
from vetanalysis.language.numbers import rounded
from vetanalysis.narrative.appendices import NOT_LISTED, measure_in_words
from vetanalysis.narrative.indicators import called_in_report
from vetanalysis.observations.checks import are_totals
from vetanalysis.periods import Cutoff, parse_cutoff

if TYPE_CHECKING:
    from vetanalysis.narrative.period import PeriodFacts

Printed = dict[tuple[str, str, str], dict[str, Any]]  # by indicator, period and basis
_NOT_COMPARED = (*NOT_LISTED, "full_year_projection")  # an estimate moves with every report


class Changed(NamedTuple):
    """A whole figure of the place that is another than a report printed: its line as it is now, and what it was.

    `known_by`: the ISO day by which it was so known, where no report is kept that printed it.
    """

    line: Mapping[str, Any]
    before: float
    known_by: str = ""


def listed(lines: pd.DataFrame, unit: str) -> Printed:
    """The lines of a table of indicators that a unit's report lists, with a figure or without, each whole."""
    mine = lines[(lines["unit"] == unit) & lines["row"].notna() & ~lines["id"].isin(_NOT_COMPARED)]
    mine = mine[are_totals(mine) & (mine["sources"] != "ledger")]
    rows = map(line_of, mine.to_dict("records"))
    return {(row["id"], row["period"], row["basis"]): row for row in rows}


def told(lines: Printed, people: str) -> dict[tuple[str, str, str], float]:
    """The figures of these lines that a report prints; `people`: what is printed of however few units."""
    return {
        key: line["value"]
        for key, line in lines.items()
        if known(line["value"]) and (key[0] == people or not is_of_few(line))
    }


def is_other(line: Mapping[str, Any], before: float) -> bool:
    """Whether a line's figure is printed otherwise than `before`, or is gone."""
    then, now = (
        printed(Cell(one, "figure", line["measure"]), "en") for one in (float(before), line["value"])
    )
    return then != now


def causes_of(
    then: pd.Series,
    now: pd.Series,
    came: Mapping[str, Sequence[tuple[str, str]]],
    day: str,
    difference: float,
) -> dict[str, Any]:
    """Whose people make up the difference of a count from what a report of a day had: late, again, only later.

    Of the kinds of causes those that add up to it, as not all need have come after that report; else none.

    `then`, `now`: people by unit. `came`: the days of the first and the last of each unit's returns.
    """
    found: dict[str, list[tuple[str, float]]] = {}
    for unit in dict.fromkeys([*now.index, *then.index]):
        more = float(now.get(unit, 0.0) - then.get(unit, 0.0))
        first, last = (any(one[at] > day for one in came.get(unit, ())) for at in (0, 1))
        if rounded(more):
            found.setdefault("late" if first else "again" if last else "later", []).append((str(unit), more))
    for count in range(len(found), 0, -1):
        for some in combinations(found, count):
            if rounded(sum(people for case in some for _, people in found[case]) - difference) == 0:
                return {case: tuple(found[case]) for case in some}
    return {}


def table(facts: PeriodFacts) -> Table | None:
    """Each figure as it was printed and as it is now, in the plan's order; None where none is another."""
    if not facts.changed:
        return None
    places = {name: place for place, name in enumerate(facts.plan.indicators["id"])}
    order = sorted(facts.changed, key=lambda one: (places[one.line["id"]], _when(one.line)))
    rows = tuple(
        (
            Said("tables.label", label=called_in_report(one.line)),
            measure_in_words(one.line),
            Cell(one.line["period"], "period"),
            Cell(float(one.before), "figure", one.line["measure"]),
            Cell(one.line["value"], "figure", one.line["measure"], missing=MISSING_CELL),
        )
        for one in order
    )
    # Of all or of none: only the last report is worked out anew, where none is kept
    day = facts.changed[0].known_by
    columns = (
        Column(Said("tables.quantity"), align="left", width=3.6),
        Column(Said("tables.measure"), align="center", width=1.2),
        Column(Said("tables.topic.period"), align="center", width=1.4),
        Column(Said("tables.changed.known", day=day) if day else Said("tables.changed.before")),
        Column(Said("tables.changed.now")),
    )
    return Table("changed", Said("tables.changed.title"), columns, rows)


def _when(line: Mapping[str, Any]) -> tuple[Cutoff, bool]:
    """The end of a figure's period; what counts a quarter or month alone comes behind the running total."""
    return parse_cutoff(line["period"]).end, line["basis"] == "period"
