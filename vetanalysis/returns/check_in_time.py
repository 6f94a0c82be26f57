"""Checks against earlier periods: counts that fall, slips of a power of ten, what is no longer reported, stocks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import pandas as pd

from vetanalysis.blocks import Text
from vetanalysis.errors import Finding
from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.periods import cutoffs
from vetanalysis.returns.check_rules import broken
from vetanalysis.returns.figures_of_file import Key
from vetanalysis.returns.joined import Joined
from vetanalysis.returns.obligations import DUE_AT
from vetanalysis.returns.quantity_words import period_text, place_text, shown

_SMALLEST = 20  # figures below this may well grow tenfold
_NAMED = 8  # quantities named in one finding
_PEERS = 3  # units needed to say how a quantity usually grows
_POWERS = np.array([10.0, 100.0, 1000.0])
_NEAR = (0.75, 1.35)  # how near to a power of ten a ratio must be


def falls(joined: Joined) -> Iterator[Finding]:
    """A cumulative count below that of an earlier cut-off of the same year."""
    table = joined.table
    before = _earlier_in_year(table)
    fell = (
        (table["basis"] == "cumulative")
        & (table["measure"] != "percent")
        & (table["value"] < before["value"] - 1e-6)
    )
    rows = table[fell]
    yield from joined.breaches("cumulative-falls", rows, _against(joined, rows, before))


def ten_times(joined: Joined) -> Iterator[Finding]:
    """About 10, 100 or 1,000 times the same cut-off of the year before (or a fraction of it), or, where that is
    not known, of the cut-off before, set against how the same quantity grew elsewhere (autumn intakes do).
    """
    table = joined.table
    last_year, before = _same_last_year(table), _earlier_in_year(table)
    ratio = table["value"] / last_year["value"].where(last_year["value"] > 0)
    slipped = (_near_power(ratio) | _near_power(1 / ratio)) & (last_year["value"] >= _SMALLEST)
    yield from _slips(joined, slipped & (table["value"] > 0), last_year)
    growth = table["value"] / before["value"].where(before["value"] > 0)
    elsewhere = growth.groupby([table["quantity"], table["period"]]).transform(_usual)
    slipped = (
        _near_power(growth / elsewhere) & (growth > _NEAR[0] * _POWERS[0]) & (before["value"] >= _SMALLEST)
    )
    yield from _slips(joined, slipped & last_year["value"].isna(), before)


def _slips(joined: Joined, slipped: pd.Series, reference: pd.DataFrame) -> Iterator[Finding]:
    rows = joined.table[slipped & (joined.table["measure"] != "percent")]
    yield from joined.breaches("ten-times", rows, _against(joined, rows, reference))


def _against(joined: Joined, rows: pd.DataFrame, reference: pd.DataFrame) -> Iterator[Text]:
    """Each figure beside the one it is held against."""
    beside = reference.loc[rows.index]
    for (_, row), (_, other) in zip(rows.iterrows(), beside.iterrows(), strict=True):
        name, period = joined.words.quantity(row), period_text(other["period"])
        place, now, then = place_text(other["source"]), row["value"], other["value"]
        yield Text(
            f"{name.vi} là {shown(now, 'vi')}, {period.vi} là {shown(then, 'vi')} ({place.vi})",
            f"{name.en} is {shown(now, 'en')}, in {period.en} {shown(then, 'en')} ({place.en})",
        )


def _usual(growth: pd.Series) -> float:
    """The median growth of one quantity over units; 1 where too few tell it."""
    known = growth.dropna()
    return max(float(known.median()), 1.0) if len(known) >= _PEERS else 1.0


def no_longer_reported(joined: Joined) -> Iterator[Finding]:
    """Quantities at a level reported at one cut-off and left blank at the next one at which they are due: one
    finding per file and earlier cut-off, with the first of them named."""
    table = joined.table
    counted = {
        (one.reading.unit, one.reading.period): one.reading.file for one in joined.versions if one.counts
    }
    whole = table[(table[[name for name in BREAKDOWNS if name != "level"]] == "").all(axis=1)]
    whole = whole[whole["basis"] != "stock"]
    due = dict(zip(joined.plan.indicators["id"], joined.plan.indicators["periods"], strict=True))
    given: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for unit, period, indicator, level in zip(
        *(whole[name] for name in ("unit", "period", "indicator", "level")), strict=True
    ):
        given.setdefault((unit, period), set()).add((indicator, level))
    for (unit, period), before in given.items():
        blank: dict[str, list[Text]] = {}
        for indicator, level in sorted(before):
            after = _next_due(period, due.get(indicator, ""))
            if (unit, after) in counted and (indicator, level) not in given.get((unit, after), set()):
                blank.setdefault(after, []).append(joined.words.quantity(Key("", "", indicator, level)))
        for after, names in blank.items():
            then, now, more = period_text(period), period_text(after), " ..." if len(names) > _NAMED else ""
            what = Text(
                f"{len(names)} số liệu có ở {then.vi}, {now.vi} để trống: "
                f"{'; '.join(name.vi for name in names[:_NAMED])}{more}",
                f"{len(names)} figures given in {then.en} and blank in {now.en}: "
                f"{'; '.join(name.en for name in names[:_NAMED])}{more}",
            )
            yield broken("no-longer-reported", counted[unit, after], "", what)


def start_stock(joined: Joined) -> Iterator[Finding]:
    """In training at the start of a year against the end of the year before, by level."""
    table = joined.table
    plain = (table[[name for name in BREAKDOWNS if name != "level"]] == "").all(axis=1)
    key = ["unit", "level", "year"]
    ends = table[plain & (table["indicator"] == "people_in_training") & (table["quarter"] == 4)]
    ends = ends.assign(year=ends["year"] + 1)[[*key, "value", "source"]]
    starts = table[plain & (table["indicator"] == "people_in_training_start")]
    both = starts.merge(ends, on=key, suffixes=("", "_end"))
    rows = both[(both["value"] - both["value_end"]).abs() > 0.5]
    words = (_start_and_end(joined, row) for _, row in rows.iterrows())
    yield from joined.breaches("start-stock", rows, words)


def _start_and_end(joined: Joined, row: pd.Series) -> Text:
    name, place = joined.words.quantity(row), place_text(row["source_end"])
    return Text(
        f"{name.vi} là {shown(row['value'], 'vi')}, cuối năm trước là {shown(row['value_end'], 'vi')} ({place.vi})",
        f"{name.en}: {shown(row['value'], 'en')}, at the end of the year before {shown(row['value_end'], 'en')} "
        f"({place.en})",
    )


def _earlier_in_year(table: pd.DataFrame) -> pd.DataFrame:
    """Per row the figure of the same series at the cut-off reported before it in the year; NaN without one."""
    shifted = table[["series", "year", "period", "value", "source"]].shift(1)
    same = (shifted["series"] == table["series"]) & (shifted["year"] == table["year"])
    shifted.loc[~same.to_numpy(), ["period", "value", "source"]] = np.nan
    return shifted


def _same_last_year(table: pd.DataFrame) -> pd.DataFrame:
    """Per row the figure of the same series at the same cut-off one year earlier; NaN without one."""
    key = ["series", "year", "quarter"]
    other = table[[*key, "period", "value", "source"]].assign(year=table["year"] + 1)
    found = table[key].merge(other, on=key, how="left")
    found.index = table.index
    return found


def _near_power(ratio: pd.Series) -> pd.Series:
    share = ratio.to_numpy(dtype="float64")[:, None] / _POWERS
    with np.errstate(invalid="ignore"):
        near = ((share >= _NEAR[0]) & (share <= _NEAR[1])).any(axis=1)
    return pd.Series(near, index=ratio.index)


@lru_cache(maxsize=512)
def _next_due(period: str, periods: str) -> str:
    """The next cut-off of the same year at which an indicator sent every `periods` (Q, H, Y) is due; "" for none."""
    codes = {code for one in periods.split("|") if one for code in DUE_AT[one]}
    year = int(period[:4])
    later = [str(one) for one in cutoffs(year) if one.code in codes]
    return next((one for one in later if _order(one) > _order(period)), "")


def _order(period: str) -> int:
    return ("Q1", "H1", "9M", "FY").index(period[5:])
