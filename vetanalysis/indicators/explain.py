"""Which state each line of the table is in, and why, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from vetanalysis.blocks import Text, same
from vetanalysis.indicators import reasons
from vetanalysis.indicators.derived import FROM
from vetanalysis.indicators.gaps import SMALLEST
from vetanalysis.indicators.over_units import Network
from vetanalysis.indicators.resolve import Resolved
from vetanalysis.indicators.tally import Tally

if TYPE_CHECKING:
    from vetanalysis.periods import Cutoff
    from vetanalysis.plan.catalogue import Entry

_DUE_AT = {"Q": (1, 2, 3, 4), "H": (2, 4), "Y": (4,)}
_FROM_LEDGER = ("reports_on_time_share", "reports_received_share", "reports_corrected")
_FROM_QUOTAS = ("targets_assigned_total", "institution_target")


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


@dataclass(frozen=True)
class Surroundings:
    """Everything a reason may need to look up; `have`: (unit, indicator) of lines with a value."""

    result: Resolved
    laid_out: Tally
    net: Network
    entries: dict[str, Entry]
    cutoff: Cutoff
    have: frozenset[tuple[str, str]]


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
    table = table.assign(
        expected=expected.where(expected >= reported, reported),
        reported=reported,
        way=table["indicator"].map(result.ways).where(at_place, "own").fillna(""),
        state=np.select([small, ~missing], ["suppressed", "computed"], "no_figure"),
        why=table.get("why"),
    )
    have = frozenset(zip(table.loc[~missing, "unit"], table.loc[~missing, "indicator"], strict=True))
    around = Surroundings(result, laid_out, net, entries, cutoff, have)
    lines = zip(*(table[name] for name in Line._fields), strict=True)
    told = [_told(Line(*values), around) for values in lines]
    return table.assign(
        state=[state for state, _ in told],
        why_vi=[why.vi for _, why in told],
        why_en=[why.en for _, why in told],
    )


def _of_districts(table: pd.DataFrame, net: Network, expected: pd.Series) -> pd.Series:
    """A district that is the sum of its institutions expects all of them."""
    children = {code: len(net.children(code)) for code in net.of_kind("district")}
    many = table["reported"].fillna(0) > 1
    return expected.mask(many & table["unit"].isin(list(children)), table["unit"].map(children))


def _small_base(table: pd.DataFrame, entries: dict[str, Entry]) -> pd.Series:
    """Rates on fewer people than are shown."""
    by_people = [
        name
        for name, one in entries.items()
        if len(one.parts) == 2 and one.parts[1] in entries and entries[one.parts[1]].measure == "persons"
    ]
    return table["indicator"].isin(by_people) & (table["denominator"] < SMALLEST)


def _told(line: Line, around: Surroundings) -> tuple[str, Text]:
    if line.state == "suppressed":
        return line.state, reasons.SMALL
    if line.state == "computed":
        return line.state, _beside(line, around)
    if around.entries[line.indicator].narrative_only:
        return "narrative_only", reasons.NARRATIVE
    return "no_figure", _absent(line, around)


def _beside(line: Line, around: Surroundings) -> Text:
    """What must be known beside a figure that was computed."""
    said = [line.why] if isinstance(line.why, Text) and line.why.vi else []
    if line.reported < line.expected:
        missing = around.result.missing.get(line.indicator, ()) if line.unit == around.net.place else ()
        names = tuple(around.net.names.get(code, same(code)) for code in missing)
        said.append(reasons.partial(int(line.reported), int(line.expected), names))
    if line.basis == "stock" and line.place >= 0:
        period = around.laid_out.period(int(line.place))
        if period != _end(around.cutoff):
            said.append(reasons.older(period))
    if 0 < line.last_paired < line.reported:
        said.append(reasons.fewer_compared(int(line.last_paired), int(line.reported)))
    if line.corrected is True or line.corrected == 1:
        said.append(reasons.CORRECTED)
    return reasons.joined(said)


def _end(cutoff: Cutoff) -> str:
    return str(cutoff) if cutoff.quarters else f"{cutoff.year - 1}-FY"


def _absent(line: Line, around: Surroundings) -> Text:
    """Why there is no figure: the first reason that applies."""
    one, at_place = around.entries[line.indicator], line.unit == around.net.place
    special = _counted_or_derived(line, one, around)
    if special is not None:
        return special
    if not at_place and not _asked(line.unit, one, around.net):
        return reasons.NOT_ASKED
    left = around.laid_out.other.get((line.unit, line.indicator))
    if left is not None:
        return reasons.other_definition(left["base"], left["concept"], left["value"], left["period"])
    averaged = _not_averaged(one, around.result) if at_place else None
    if averaged is not None:
        return averaged
    if one.basis != "stock" and not around.cutoff.quarters:
        return reasons.NOT_STARTED
    if not any(around.cutoff.quarters in _DUE_AT[often] for often in one.periods):
        return reasons.not_due(one.periods)
    return reasons.NOT_REPORTED if at_place else reasons.NOT_SENT


def _counted_or_derived(line: Line, one: Entry, around: Surroundings) -> Text | None:
    """Reasons of rows that are counted from the ledger or the quotas, or worked out from another row."""
    at_place, quarters = line.unit == around.net.place, around.cutoff.quarters
    if one.id in _FROM_LEDGER:
        return reasons.NO_LEDGER if at_place else reasons.NOT_ASKED
    if one.id == "units_with_plan_share":
        return reasons.NO_DOCUMENTS if at_place else reasons.NOT_ASKED
    if one.id in _FROM_QUOTAS:
        return reasons.NO_PLAN
    if one.id not in FROM:
        return None
    if one.basis == "cumulative" and not quarters:
        return reasons.NOT_STARTED
    if one.id in ("people_needed_per_quarter", "full_year_projection") and quarters == 4:
        return reasons.YEAR_OVER
    source = around.entries.get(FROM[one.id])
    if (line.unit, FROM[one.id]) not in around.have or one.id == "certified_share_of_trained":
        return reasons.needs(source.label) if source else reasons.NOT_REPORTED
    if one.id == "full_year_projection":
        return reasons.NO_PAST
    if one.id == "index_same_period":
        return reasons.NO_LAST_YEAR
    return reasons.PLACE_ONLY if one.basis == "stock" and not at_place else reasons.NO_PLAN


def _asked(unit: str, one: Entry, net: Network) -> bool:
    """Whether a unit sends an indicator, itself or through its institutions."""
    kind = net.kind.get(unit, "")
    wanted = {net.body_kinds.get(sender, "") for sender in one.senders} - {""}
    if unit in one.senders or kind in wanted or "all" in one.senders:
        return True
    return kind == "district" and "institution" in wanted


def _not_averaged(one: Entry, result: Resolved) -> Text | None:
    """Units told rates, and the place has none of its own."""
    if one.over_units not in ("ratio_of_sums", "not_aggregable") or one.measure != "percent":
        return None
    mine = result.figures[(result.figures["indicator"] == one.id) & result.figures["now"].notna()]
    if len(mine) < 2:
        return None
    return reasons.not_averaged(
        mine["unit"].nunique(), float(mine["now"].min()), float(mine["now"].max()), one.formula
    )
