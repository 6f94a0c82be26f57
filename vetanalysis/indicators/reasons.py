"""The state of each line of the table: why it has no figure, what must be known beside the figure it has.

`reasons_for` finds the reason of every line; their words stand in `language/indicators.yaml` under `why` and
`beside`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from vetanalysis.blocks import Said, Text, same
from vetanalysis.indicators.gaps import SMALLEST
from vetanalysis.indicators.network import OWN, Network
from vetanalysis.indicators.resolve import Resolved
from vetanalysis.indicators.tally import Tally, rows_of
from vetanalysis.language.filters import UNITS_NAMED
from vetanalysis.observations.checks import are_totals
from vetanalysis.periods import MONTHS_OF, is_due

if TYPE_CHECKING:
    from vetanalysis.periods import Cutoff
    from vetanalysis.plan.catalogue import Entry

_FROM_LEDGER = ("reports_on_time_share", "reports_received_share", "reports_corrected")
_FROM_QUOTAS = ("targets_assigned_total", "institution_target")
#: What each derived row is worked out from.
_FROM = {
    "trained_rate_gap": "trained_rate",
    "trained_rate_pace_required": "trained_rate",
    "certified_share_of_trained": "certified_rate",
    "plan_completion": "people_enrolled",
    "index_same_period": "people_enrolled",
    "full_year_projection": "people_enrolled",
    "people_still_needed": "people_enrolled",
    "people_needed_per_quarter": "people_enrolled",
}


class Line(NamedTuple):
    """What a reason is told from: one line of the table before it is finished."""

    unit: str
    indicator: str
    basis: str
    state: str
    reported: float
    expected: float
    place: float
    last_paired: float
    corrected: object
    why: object
    numerator: float
    denominator: float
    is_whole: bool


@dataclass(frozen=True)
class Surroundings:
    """Everything a reason may need to look up.

    `have`: (unit, indicator) of lines with a value, `alone`: of units with a step alone; `totals`: what stands there of
    totals; `told_before`: by indicator the units that told a total at the step before; `told_by`: by indicator who told
    figures of now, `asked`: the units that send it, themselves or through their institutions.
    """

    result: Resolved
    laid_out: Tally
    net: Network
    entries: dict[str, Entry]
    cutoff: Cutoff
    have: frozenset[tuple[str, str]]
    alone: frozenset[tuple[str, str]]
    totals: dict[tuple[str, str], float]
    told_before: dict[str, frozenset[str]]
    told_by: dict[str, Told]
    asked: dict[str, frozenset[str]]


class Told(NamedTuple):
    """How many figures of an indicator were told, by how many units, and between which values."""

    figures: int
    units: int
    low: float
    high: float


def reasons_for(
    table: pd.DataFrame,
    result: Resolved,
    laid_out: Tally,
    net: Network,
    entries: dict[str, Entry],
    cutoff: Cutoff,
) -> pd.DataFrame:
    """The table with `state`, `why_vi`, `why_en`, `expected`, `reported` and `way` for every line."""
    at_place = table["unit"] == net.place
    missing = table["value"].isna()
    expected = table["indicator"].map(result.expected).where(at_place, 1).astype(float)
    expected = _of_districts(table, net, expected)
    reported = table["reported"].mask(missing & ~at_place, 0).fillna(0)
    small = ~missing & _small_base(table, entries)
    ways = {name: one.name for name, one in result.ways.items()}
    table = table.assign(
        expected=expected.where(expected >= reported, reported),
        reported=reported,
        way=table["indicator"].map(lambda name: ways.get(name, "")).where(at_place, OWN.name),
        state=np.select([small, ~missing], ["suppressed", "computed"], "no_figure"),
        why=table.get("why"),
        is_whole=are_totals(table) & (table["basis"] != "period"),
    )
    have = frozenset(rows_of(table[~missing], "unit", "indicator"))
    whole = table[table["is_whole"] & ~missing]
    totals = dict(zip(rows_of(whole, "unit", "indicator"), whole["value"].tolist(), strict=True))
    steps = result.figures[result.figures["step"].notna()]
    alone = frozenset(rows_of(steps, "unit", "indicator"))
    around = Surroundings(
        result,
        laid_out,
        net,
        entries,
        cutoff,
        have,
        alone,
        totals,
        _told_before(laid_out, cutoff),
        _told_by(result),
        {name: _asked(one, net) for name, one in entries.items()},
    )
    told = [_told(Line(*values), around) for values in rows_of(table, *Line._fields)]
    words: dict[Said | None, tuple[str, str]] = {None: ("", "")}  # few are different
    words |= {why: (why.vi, why.en) for why in {why for _, why in told} if why is not None}
    spoken = [words[why] for _, why in told]
    return table.assign(
        state=[state for state, _ in told], why_vi=[vi for vi, _ in spoken], why_en=[en for _, en in spoken]
    )


def _told_before(laid_out: Tally, cutoff: Cutoff) -> dict[str, frozenset[str]]:
    """By indicator the units that told a total at the step before the cut-off; none before the first year."""
    before = laid_out.place(cutoff) - 1
    if before < 0:
        return {}
    told = laid_out.keys[~np.isnan(laid_out.total[:, before])]
    return {str(name): frozenset(units) for name, units in told.groupby("indicator", observed=True)["unit"]}


def _told_by(result: Resolved) -> dict[str, Told]:
    told = result.figures[result.figures["now"].notna()].groupby("indicator", observed=True)
    rows = told.agg(
        figures=("now", "size"), units=("unit", "nunique"), low=("now", "min"), high=("now", "max")
    )
    return {str(row.Index): Told(*row[1:]) for row in rows.itertuples()}


def _of_districts(table: pd.DataFrame, net: Network, expected: pd.Series) -> pd.Series:
    """A unit that is the sum of the units under it expects all of them."""
    children = {
        code: len(net.children(code)) for code in net.kind if code != net.place and net.children(code)
    }
    many = table["reported"].fillna(0) > 1
    return expected.mask(many & table["unit"].isin(list(children)), table["unit"].map(children))


def _small_base(table: pd.DataFrame, entries: dict[str, Entry]) -> pd.Series:
    """Rates on fewer people than are shown."""
    by_people = [
        name
        for name, one in entries.items()
        if one.parts and one.parts[1] in entries and entries[one.parts[1]].measure == "persons"
    ]
    return table["indicator"].isin(by_people) & (table["denominator"] < SMALLEST)


def _told(line: Line, around: Surroundings) -> tuple[str, Said | None]:
    if line.state == "suppressed":
        return line.state, _why("suppressed")
    if line.state == "computed":
        return line.state, _beside(line, around)
    if around.entries[line.indicator].narrative_only:
        return "narrative_only", _why("narrative_only")
    return "no_figure", _absent(line, around)


def _why(name: str, **facts: Any) -> Said:
    return Said(f"indicators.why.{name}", **facts)


def beside(name: str, **facts: Any) -> Said:
    """What must be known beside a figure, by the name of its line."""
    return Said(f"indicators.beside.{name}", **facts)


def _beside(line: Line, around: Surroundings) -> Said | None:
    """What must be known beside a figure that was computed; None where nothing must."""
    said = [line.why] if isinstance(line.why, Said) else []
    if line.reported < line.expected:
        names = tuple(around.net.names.get(code, same(code)) for code in _lacking(line, around))
        said.append(partial(int(line.reported), int(line.expected), names))
    parts = (line.numerator, line.denominator)
    if _of_other_parts(line, parts, around):
        name = "of_parts" if line.unit == around.net.place else "of_parts.all_levels"
        said.append(beside(name, part=parts[0], whole=parts[1]))
    if line.basis == "stock" and line.place >= 0:
        period = around.laid_out.periods[int(line.place)]
        if period != _end(around.cutoff):
            said.append(beside("older", period=period))
    if 0 < line.last_paired < line.reported:
        said.append(beside("fewer_compared", paired=int(line.last_paired), reported=int(line.reported)))
    if line.indicator in around.result.all_levels and line.last_paired:
        said.append(beside("all_levels"))
    if line.is_whole and (line.unit, line.indicator) in around.result.beyond:
        said.append(beside("beyond.some" if line.reported > 1 else "beyond"))
    if line.corrected == 1 and around.entries[line.indicator].measure != "percent":  # a share falls by itself
        said.append(beside("corrected"))
    return Said("indicators.beside", parts=tuple(said)) if said else None


def _lacking(line: Line, around: Surroundings) -> tuple[str, ...]:
    """The units that the place's sum lacks: of a step alone also those that told no total at the one before."""
    name = line.indicator
    if line.unit != around.net.place:
        return ()
    if line.basis != "period" or around.entries[name].basis == "period":
        return around.result.missing.get(name, ())
    return tuple(one for one in around.result.ways[name].members if (one, name) not in around.alone)


def _of_other_parts(line: Line, parts: tuple[float, float], around: Surroundings) -> bool:
    """Whether a ratio's parts are other figures than those that stand beside it."""
    names = around.entries[line.indicator].parts
    if not names or not line.is_whole or any(map(isnan, parts)):
        return False
    told = [around.totals.get((line.unit, name)) for name in names]
    return None not in told and not np.allclose(parts, np.array(told, dtype=float), rtol=1e-9)


def _end(cutoff: Cutoff) -> str:
    return str(cutoff) if cutoff.months else f"{cutoff.year - 1}-FY"


def _absent(line: Line, around: Surroundings) -> Said:
    """Why there is no figure: the first reason that applies."""
    one, at_place = around.entries[line.indicator], line.unit == around.net.place
    special = _counted_or_derived(line, one, around)
    if special is not None:
        return special
    if not at_place and line.unit not in around.asked[one.id]:
        return _why("not_asked")
    left = around.laid_out.other.get((line.unit, line.indicator))
    if left is not None:
        definition = "/".join(part for part in (left.base, left.concept) if part)
        return _why("other_definition", definition=definition, value=left.value, period=left.period)
    alone = line.basis == "period" and one.basis == "cumulative"
    if alone and (line.unit, line.indicator) in around.have:
        return _no_step(line, around)
    averaged = _not_averaged(one, around.told_by.get(one.id)) if at_place else None
    if averaged is not None:
        return averaged
    if one.basis != "stock" and not around.cutoff.months:
        return _why("not_started")
    if not is_due(one.periods, around.cutoff):
        often = tuple(Said(f"indicators.often.{often}") for often in one.periods if often in MONTHS_OF)
        return _why("not_due", often=often) if often else _why("never_due")
    return _why("not_reported") if at_place else _why("not_sent")


def _no_step(line: Line, around: Surroundings) -> Said:
    """Why a quarter or month alone has no figure where its running total has one.

    Totals are subtracted sender by sender: of two that came from different ones no step is known.
    """
    if line.denominator == 0:
        return _why("no_base")
    parts = around.entries[line.indicator].parts or (line.indicator,)
    told = frozenset().union(*(around.told_before.get(part, frozenset()) for part in parts)) - {line.unit}
    others = told if line.unit == around.net.place else told.intersection(around.net.children(line.unit))
    return _why("other_senders" if others else "no_total_before")


def _counted_or_derived(line: Line, one: Entry, around: Surroundings) -> Said | None:
    """Reasons of rows that are counted from the ledger or the quotas, or worked out from another row."""
    at_place, months = line.unit == around.net.place, around.cutoff.months
    if one.id in _FROM_LEDGER:
        return _why("no_ledger") if at_place else _why("not_asked")
    if one.id == "units_with_plan_share":
        return _why("no_documents") if at_place else _why("not_asked")
    if one.id in _FROM_QUOTAS:
        return _why("no_plan")
    if one.id not in _FROM:
        return None
    if one.basis == "cumulative" and not months:
        return _why("not_started")
    if one.id in ("people_needed_per_quarter", "full_year_projection") and months == 12:
        return _why("year_over")
    if one.id == "trained_rate_pace_required" and 0 < months < 12:
        return _why("part_of_year")
    source = around.entries.get(_FROM[one.id])
    if (line.unit, _FROM[one.id]) not in around.have or one.id == "certified_share_of_trained":
        return _why("needs", label=source.label) if source else _why("not_reported")
    if one.id == "full_year_projection":
        return _why("no_past")
    if one.id == "index_same_period":
        return _why("no_last_year")
    return _why("place_only") if one.basis == "stock" and not at_place else _why("no_plan")


def _asked(one: Entry, net: Network) -> frozenset[str]:
    """The units that send an indicator, themselves or through their institutions."""
    if "all" in one.senders:
        return frozenset(net.kind)
    kinds = {net.body_kinds.get(sender, "") for sender in one.senders} - {""}
    kinds |= {"district"} if "institution" in kinds else set()
    return frozenset(one.senders).union(unit for unit, kind in net.kind.items() if kind in kinds)


def _not_averaged(one: Entry, told: Told | None) -> Said | None:
    """Units told rates, and the place has none of its own."""
    if one.over_units not in ("ratio_of_sums", "not_aggregable") or one.measure != "percent":
        return None
    if told is None or told.figures < 2:
        return None
    return _why("not_averaged", units=told.units, low=told.low, high=told.high, formula=one.formula)


def partial(reported: int, expected: int, units: tuple[Text, ...]) -> Said:
    """A sum that lacks units; `units`: the names of those lacking."""
    name = "partial.many" if len(units) > UNITS_NAMED["list"] else "partial"
    return beside(name, lacking=expected - reported, expected=expected, units=units)


def past_shares(low: float, high: float, years: int) -> Said:
    """How the estimate of the full year was made."""
    return beside("past_shares", low=low, high=high, years=years)


def quotas(total: float, target: float | None) -> Said:
    """Whether the quotas add up."""
    if target is None:
        return beside("quotas")
    left = total - target
    if left == 0:
        return beside("quotas.agree")
    return beside("quotas.above" if left > 0 else "quotas.short", difference=left)


def stock_differs(difference: float) -> Said:
    """A reported stock against the identity."""
    return beside("stock_above" if difference > 0 else "stock_below", difference=difference)
