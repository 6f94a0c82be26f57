"""Which state each line of the table is in, and why, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vetanalysis.indicators import reasons
from vetanalysis.indicators.derived import FROM
from vetanalysis.indicators.over_units import Network
from vetanalysis.indicators.resolve import Resolved
from vetanalysis.indicators.tally import Tally
from vetanalysis.text import Text

if TYPE_CHECKING:
    from vetanalysis.catalogue import Entry
    from vetanalysis.periods import Cutoff

SMALLEST = 10
_DUE_AT = {"Q": (1, 2, 3, 4), "H": (2, 4), "Y": (4,)}
_PERSONS = ("persons",)


def reasons_for(
    table: pd.DataFrame,
    result: Resolved,
    laid_out: Tally,
    net: Network,
    entries: dict[str, Entry],
    cutoff: Cutoff,
) -> pd.DataFrame:
    """`state`, `why_vi`, `why_en`, `expected` and `way` for every line."""
    at_place = (table["unit"] == net.place).to_numpy()
    expected = table["indicator"].map(result.expected).where(at_place, 1).astype(float)
    expected = _of_districts(table, net, expected)
    missing = table["value"].isna()
    small = ~missing & _small_base(table, entries)
    table = table.assign(
        expected=expected.where(expected >= table["reported"].fillna(0), table["reported"]),
        way=table["indicator"].map(result.ways).where(at_place, "own").fillna(""),
        reported=table["reported"].where(~missing, np.where(at_place, table["reported"], 0)).fillna(0),
        state=np.select([small, ~missing], ["suppressed", "computed"], "no_figure"),
    )
    given = table["why"] if "why" in table else pd.Series([None] * len(table), index=table.index)
    told = [_why(line, result, laid_out, net, entries, cutoff) for line in zip(
        table["unit"], table["indicator"], table["basis"], table["state"], table["reported"], table["expected"],
        table["place"], table["last_paired"], table["corrected"], given, table["way"], strict=True)]  # fmt: skip
    return table.assign(
        state=[state for state, _ in told],
        why_vi=[why.vi for _, why in told],
        why_en=[why.en for _, why in told],
    )


def _of_districts(table: pd.DataFrame, net: Network, expected: pd.Series) -> pd.Series:
    children = {code: len(net.children(code)) for code in net.of_kind("district")}
    many = table["reported"].fillna(0) > 1
    return expected.mask(many & table["unit"].isin(list(children)), table["unit"].map(children))


def _small_base(table: pd.DataFrame, entries: dict[str, Entry]) -> pd.Series:
    """Rates on fewer people than are shown."""
    by_people = {
        name for name, one in entries.items()
        if len(one.parts) == 2 and one.parts[1] in entries and entries[one.parts[1]].measure in _PERSONS
    }  # fmt: skip
    return table["indicator"].isin(list(by_people)) & (table["denominator"] < SMALLEST)


def _why(
    line: tuple, result: Resolved, laid_out: Tally, net: Network, entries: dict[str, Entry], cutoff: Cutoff
) -> tuple[str, Text]:
    unit, name, basis, state, reported, expected, place, paired, corrected, given, way = line
    if state == "suppressed":
        return state, reasons.SMALL
    if state == "computed":
        return state, _beside(
            unit,
            name,
            basis,
            reported,
            expected,
            place,
            paired,
            corrected,
            given,
            way,
            result,
            laid_out,
            net,
            cutoff,
        )
    return _absent(unit, name, result, laid_out, net, entries, cutoff)


def _beside(
    unit, name, basis, reported, expected, place, paired, corrected, given, way, result, laid_out, net, cutoff
) -> Text:
    """What must be known beside a figure that was computed."""
    said: list[Text] = []
    if isinstance(given, Text) and given.vi:
        said.append(given)
    if reported < expected:
        names = (
            tuple(net.names.get(code, code) for code in result.missing.get(name, ()))
            if unit == net.place
            else ()
        )
        said.append(reasons.partial(int(reported), int(expected), names))
    if basis == "stock" and place == place and place >= 0 and laid_out.period(int(place)) != _end(cutoff):
        said.append(reasons.older(laid_out.period(int(place))))
    if paired == paired and 0 < paired < reported:
        said.append(reasons.fewer_compared(int(paired), int(reported)))
    if corrected is True or corrected == 1:
        said.append(reasons.CORRECTED)
    return reasons.joined(said)


def _end(cutoff: Cutoff) -> str:
    return str(cutoff) if cutoff.quarters else f"{cutoff.year - 1}-FY"


def _absent(unit, name, result, laid_out, net, entries, cutoff) -> tuple[str, Text]:
    """Why there is no figure."""
    one = entries[name]
    if one.narrative_only:
        return "narrative_only", reasons.NARRATIVE
    why = _special(unit, name, one, net, entries, cutoff)
    if why is None and unit != net.place and not _asked(unit, one, net):
        why = reasons.NOT_ASKED
    if why is None and (unit, name) in laid_out.other:
        left = laid_out.other[unit, name]
        why = reasons.other_definition(left["base"], left["concept"], left["value"], left["period"])
    if why is None and unit == net.place and name in result.reported_by:
        why = _not_summed(name, one, result)
    if why is None and one.basis != "stock" and not cutoff.quarters:
        why = reasons.NOT_STARTED
    if why is None and not any(cutoff.quarters in _DUE_AT[often] for often in one.periods):
        why = reasons.not_due(one.periods)
    if why is None:
        why = reasons.NOT_REPORTED if unit == net.place else reasons.NOT_SENT
    return "no_figure", why


def _special(unit, name, one, net, entries, cutoff) -> Text | None:
    """Reasons of rows that are counted or worked out."""
    if name in ("reports_on_time_share", "reports_received_share", "reports_corrected"):
        return reasons.NO_LEDGER if unit == net.place else reasons.NOT_ASKED
    if name == "units_with_plan_share":
        return reasons.NO_DOCUMENTS if unit == net.place else reasons.NOT_ASKED
    if name in ("targets_assigned_total", "institution_target"):
        return reasons.NO_PLAN
    if name in FROM:
        if one.basis == "cumulative" and not cutoff.quarters:
            return reasons.NOT_STARTED
        if name == "people_needed_per_quarter" and cutoff.quarters == 4:
            return reasons.YEAR_OVER
        if name == "full_year_projection":
            return reasons.YEAR_OVER if cutoff.quarters == 4 else reasons.NO_PAST
        source = entries.get(FROM[name])
        return reasons.needs(source.label) if source else None
    return None


def _asked(unit: str, one: Entry, net: Network) -> bool:
    kind = net.kind.get(unit, "")
    wanted = {net.body_kinds.get(sender, "") for sender in one.senders} - {""}
    if unit in one.senders or kind in wanted or "all" in one.senders:
        return True
    return kind == "district" and "institution" in wanted  # the sum of its institutions


def _not_summed(name: str, one: Entry, result: Resolved) -> Text | None:
    figures = result.figures
    mine = figures[(figures["indicator"] == name) & figures["now"].notna()]
    if one.over_units in ("ratio_of_sums", "not_aggregable") and len(mine) > 1 and one.measure == "percent":
        return reasons.not_averaged(
            mine["unit"].nunique(), float(mine["now"].min()), float(mine["now"].max()), one.formula
        )
    return None
