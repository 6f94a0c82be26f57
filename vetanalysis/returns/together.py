"""Checks that need several files: the period before, the year before, districts and institutions, quotas."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pandas as pd

from vetanalysis.blocks import Said, Text
from vetanalysis.errors import Finding
from vetanalysis.observations.checks import BREAKDOWNS, are_totals, numbered
from vetanalysis.periods import CUMULATIVE, Cutoff, find_cutoff, is_due, parse_cutoff
from vetanalysis.plan import Plan
from vetanalysis.returns.findings import (
    QuantityWords,
    finding_at,
    finding_of,
    period_words,
    place_words,
    quantity_words,
)
from vetanalysis.returns.key import Key
from vetanalysis.returns.lists import by_unit, counted_indicator, quota_of
from vetanalysis.returns.moved import REPEATED, same_figures, sheets_of, typed_figures
from vetanalysis.returns.readings import Reading, Version

_QUANTITY = ("indicator", *BREAKDOWNS, "measure", "basis")
_SMALLEST = 20  # figures below this may well grow tenfold
_PEERS = 3  # units needed to say how a quantity usually grows
_POWERS = np.array([10.0, 100.0, 1000.0])
_NEAR = (0.75, 1.35)  # how near to a power of ten a ratio must be
CLASSES = ("people_enrolled", "people_graduated")
_OF_A_CLASS = ("level", "trade")
_SMALLEST_CLASS = 15
_FAR = 3.0
_LISTED = 20  # findings of one rule and file shown one by one; the rest are counted in a last line


@dataclass(frozen=True)
class Joined:
    """`table`: the observations with `year`, `month` (1 to 12, cut-offs of the year), `quantity`, a number per
    indicator and breakdown, and `series`, a number per unit and quantity; one row per series and cut-off (the
    latest received where files repeat one), in that order.
    """

    plan: Plan
    table: pd.DataFrame
    versions: tuple[Version, ...]

    @property
    def words(self) -> QuantityWords:
        """The plan's labels of quantities."""
        return quantity_words(self.plan)

    def unit(self, code: str) -> Text | str:
        """The name of a unit; its code where the plan has none."""
        return self.names.get(code, code)

    @cached_property
    def names(self) -> dict[str, Text]:
        """What every unit is called."""
        return self.plan.names()

    @cached_property
    def whole(self) -> pd.Series:
        """Which figures are totals or of a single level."""
        return are_totals(self.table, but=("level",))

    @cached_property
    def classes(self) -> pd.DataFrame:
        """Enrolments and graduates by level or trade, without any other breakdown."""
        rows = self.table[self.table["indicator"].isin(CLASSES)]
        by_class = are_totals(rows, but=_OF_A_CLASS) & ((rows["level"] != "") | (rows["trade"] != ""))
        return rows.loc[by_class, ["unit", "period", "indicator", *BREAKDOWNS, "value", "source"]]

    def breaches(self, rule: str, rows: pd.DataFrame, says: Callable[[Any], Said]) -> Iterator[Finding]:
        """A finding of a rule for each row, at the cell its figure came from; `says`: of a row as a named tuple."""
        for row in rows.itertuples(index=False):
            yield finding_at(rule, row.source, says(row))

    def against(self, rule: str, which: pd.Series, reference: pd.DataFrame) -> Iterator[Finding]:
        """A finding for the figures of `which`, each beside the one in the same row of the reference."""
        rows = self.table.assign(
            other=reference["value"], since=reference["period"], there=reference["source"]
        )
        yield from self.breaches(
            rule,
            rows[which & (rows["measure"] != "percent")],
            lambda row: Said(
                "returns.against", name=self.words.quantity(row), value=row.value, other=row.other,
                period=period_words(row.since), place=place_words(row.there),
            ),
        )  # fmt: skip


def join(plan: Plan, observations: pd.DataFrame, versions: Sequence[Version]) -> Joined:
    """Prepare the observations that count; quarters and months alone are left out, they have no earlier part."""
    months = {one: CUMULATIVE.get(one[5:], 0) for one in observations["period"].unique()}
    monthly = [one for one in months if one[5:6] == "M"]
    alone = observations["period"].isin(monthly) & (observations["basis"] == "period")
    counted = [one for one, number in months.items() if number]
    kept = observations[observations["period"].isin(counted) & ~alone & observations["value"].notna()]
    quantity = numbered(kept, _QUANTITY)
    table = kept.assign(
        year=kept["period"].map({one: int(one[:4]) for one in counted}).astype("int64"),
        month=kept["period"].map(months).astype("int64"),
        quantity=quantity,
        series=numbered(kept, ("unit",), quantity),
    )
    order = table.sort_values(["series", "year", "month", "vintage"], kind="stable")
    order = order.drop_duplicates(["series", "year", "month"], keep="last").reset_index(drop=True)
    return Joined(plan, order, tuple(versions))


def falls(joined: Joined) -> Iterator[Finding]:
    """A cumulative count below that of an earlier cut-off of the same year."""
    table = joined.table
    before = _earlier_in_year(table)
    fell = (table["basis"] == "cumulative") & (table["value"] < before["value"] - 1e-6)
    yield from joined.against("cumulative-falls", fell, before)


def ten_times(joined: Joined) -> Iterator[Finding]:
    """About 10, 100 or 1,000 times the same cut-off of the year before (or a fraction of it), or, where that is
    not known, of the cut-off before, set against how the same quantity grew elsewhere (autumn intakes do).
    """
    table = joined.table
    last_year, before = _same_last_year(table), _earlier_in_year(table)
    ratio = table["value"] / last_year["value"].where(last_year["value"] > 0)
    slipped = (_near_power(ratio) | _near_power(1 / ratio)) & (last_year["value"] >= _SMALLEST)
    yield from joined.against("ten-times", slipped & (table["value"] > 0), last_year)
    growth = table["value"] / before["value"].where(before["value"] > 0)
    elsewhere = _usual(growth.groupby([table["quantity"], table["period"]]))
    slipped = (
        _near_power(growth / elsewhere) & (growth > _NEAR[0] * _POWERS[0]) & (before["value"] >= _SMALLEST)
    )
    yield from joined.against("ten-times", slipped & last_year["value"].isna(), before)


def _usual(growth: Any) -> pd.Series:
    """The median growth of each quantity over units, at least 1; 1 where too few tell it."""
    return growth.transform("median").clip(lower=1.0).where(growth.transform("count") >= _PEERS, 1.0)


def no_longer_reported(joined: Joined) -> Iterator[Finding]:
    """Quantities at a level reported at one cut-off and left blank in the next return that came of one at which they
    are due: one finding per file and earlier cut-off, with the first of them named."""
    table = joined.table
    counted = {
        (one.reading.unit, one.reading.period): one.reading.file for one in joined.versions if one.counts
    }
    whole = table[joined.whole & (table["basis"] != "stock")]
    due = dict(zip(joined.plan.indicators["id"], joined.plan.indicators["periods"], strict=True))
    given: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for unit, period, indicator, level in zip(
        *(whole[name] for name in ("unit", "period", "indicator", "level")), strict=True
    ):
        given.setdefault((unit, period), set()).add((indicator, level))
    for (unit, period), before in given.items():
        blank: dict[str, dict[Said | Text, None]] = {}
        for indicator, level in sorted(before):
            told = (one for one in _due_after(period, due.get(indicator, "")) if (unit, one) in counted)
            after = next(told, "")
            later = given.get((unit, after), set())
            if after and (indicator, level) not in later:
                name = joined.words.quantity(Key(indicator, level))
                if level and (indicator, "") in later:
                    name = Said("returns.blank_by_level", name=joined.words.quantity(Key(indicator)))
                blank.setdefault(after, {})[name] = None
        for after, names in blank.items():
            what = Said(
                "returns.no_longer_reported", names=tuple(names), before=period_words(period),
                after=period_words(after),
            )  # fmt: skip
            yield finding_of("no-longer-reported", counted[unit, after], "", what)


def repeated(joined: Joined) -> Iterator[Finding]:
    """A file with the very figures of the unit's file before it; a sheet with those of another sheet, or of a unit
    that is neither above nor below it. What is 0 says nothing, nor what the form brings filled in.
    """
    counted = [one.reading for one in joined.versions if one.counts]
    before: dict[str, tuple[Reading, dict[Key, float]]] = {}
    blocks: dict[tuple[str, frozenset[tuple[Key, float]]], tuple[Reading, str]] = {}
    for one in sorted(counted, key=lambda reading: _when(reading.period)):
        sheets = {name: typed_figures({name: sheet}) for name, sheet in sheets_of(one).items()}
        figures = {key: value for typed in sheets.values() for key, value in typed.items()}
        earlier, given = before.get(one.unit, (one, {}))
        if alike := same_figures(figures, given):
            period = period_words(earlier.period)
            what = Said("returns.repeated.period", count=alike, period=period, other=earlier.file)
            yield finding_of("repeated", one.file, "", what)
        before[one.unit] = one, figures
        for name, typed in sheets.items():
            if len(typed) < REPEATED:
                continue
            block = frozenset((Key(*key[1:8]), value) for key, value in typed.items())
            other, page = blocks.setdefault((one.period, block), (one, name))
            if other is one and page != name:
                what = Said("returns.repeated.sheet", count=len(typed), page=page)
                yield finding_of("repeated", one.file, "", what, sheet=name)
            elif other is not one and not _related(joined, one.unit, other.unit):
                unit = joined.unit(other.unit)
                what = Said("returns.repeated.unit", count=len(typed), unit=unit, other=other.file)
                yield finding_of("repeated", one.file, "", what, sheet=name)


def _related(joined: Joined, one: str, other: str) -> bool:
    above = by_unit(joined.plan, "parent")
    return one == other or above.get(one) == other or above.get(other) == one


def _when(period: str) -> tuple[int, int]:
    cutoff = find_cutoff(period)
    return (cutoff.year, cutoff.months) if cutoff else (0, 0)


def start_stock(joined: Joined) -> Iterator[Finding]:
    """In training at the start of a year against the end of the year before, by level."""
    table = joined.table
    key = ["unit", "level", "year"]
    ends = table[joined.whole & (table["indicator"] == "people_in_training") & (table["month"] == 12)]
    ends = ends.assign(year=ends["year"] + 1)[[*key, "value", "source"]]
    starts = table[joined.whole & (table["indicator"] == "people_in_training_start")]
    both = starts.merge(ends, on=key, suffixes=("", "_end"))
    rows = both[(both["value"] - both["value_end"]).abs() > 0.5]
    yield from joined.breaches(
        "start-stock",
        rows,
        lambda row: Said(
            "returns.start_stock", name=joined.words.quantity(row), value=row.value, end=row.value_end,
            place=place_words(row.source_end),
        ),
    )  # fmt: skip


def _earlier_in_year(table: pd.DataFrame) -> pd.DataFrame:
    """Per row the figure of the same series at the cut-off reported before it in the year; NaN without one."""
    shifted = table[["series", "year", "period", "value", "source"]].shift(1)
    same = (shifted["series"] == table["series"]) & (shifted["year"] == table["year"])
    shifted.loc[~same.to_numpy(), ["period", "value", "source"]] = np.nan
    return shifted


def _same_last_year(table: pd.DataFrame) -> pd.DataFrame:
    """Per row the figure of the same series at the same cut-off one year earlier; NaN without one."""
    key = ["series", "year", "month"]
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
def _due_after(period: str, periods: str) -> tuple[str, ...]:
    """The later cut-offs of the same year at which an indicator sent every `periods` (M, Q, H, Y) is due."""
    now = parse_cutoff(period)
    later = (one for one in (Cutoff(now.year, code) for code in CUMULATIVE) if one > now)
    return tuple(str(one) for one in later if is_due(periods.split("|"), one))


def district_and_institutions(joined: Joined) -> Iterator[Finding]:
    """A district below the sum of its institutions, and classes both tell: they count once, as the district's."""
    rows = joined.classes
    key = ["period", "indicator", "level", "trade"]
    above = rows.assign(district=rows["unit"].map(by_unit(joined.plan, "parent")))
    districts = rows[rows["unit"].isin(set(above["district"]))]
    both = above.merge(
        districts, left_on=["district", *key], right_on=["unit", *key], suffixes=("", "_district")
    )
    if both.empty:
        return
    sums = both.groupby(["district", *key], sort=True).agg(
        total=("value", "sum"), value=("value_district", "first"), source=("source_district", "first")
    )
    low = sums[sums["total"] > sums["value"] + 0.5].reset_index()
    below, name = "returns.district_below_institutions", joined.words.quantity
    yield from joined.breaches(
        "district-below-institutions",
        low,
        lambda row: Said(below, name=name(row), value=row.value, total=row.total),
    )
    same = both[(both["value"] == both["value_district"]) & (both["value"] > 0)]
    file_of = ["district", "unit", "period"]
    same = same.sort_values(file_of, kind="stable")
    firsts = same.assign(count=same.groupby(file_of)["value"].transform("size")).drop_duplicates(file_of)
    yield from joined.breaches(
        "same-class",
        firsts.rename(columns={"source": "there", "source_district": "source"}),
        lambda row: Said(
            "returns.same_class", count=row.count, unit=joined.unit(row.unit), name=name(row),
            place=place_words(row.there), value=row.value,
        ),
    )  # fmt: skip


def same_class_elsewhere(joined: Joined) -> Iterator[Finding]:
    """A district's class with the very numbers (people, women, rural people) of an institution not under it."""
    table = joined.table
    rows = joined.classes
    rows = rows[(rows["indicator"] == "people_enrolled") & (rows["value"] >= _SMALLEST_CLASS)]
    key = ["unit", "period", "indicator", "level", "trade"]
    for name, value, column in (("sex", "female", "women"), ("residence", "rural", "rural")):
        part = table[table[name] == value]
        part = part[are_totals(part, but=(*_OF_A_CLASS, name))]
        rows = rows.merge(part[[*key, "value"]].rename(columns={"value": column}), on=key)
    kind, above = (rows["unit"].map(by_unit(joined.plan, column)) for column in ("kind", "parent"))
    rows = rows.assign(kind=kind, above=above)
    match = ["period", "level", "trade", "value", "women", "rural"]
    pairs = rows[rows["kind"] == "district"].merge(
        rows[rows["kind"] == "institution"], on=match, suffixes=("", "_other")
    )
    pairs = pairs[(pairs["above_other"] != pairs["unit"]) & (pairs["women"] > 0)]
    yield from joined.breaches(
        "same-class-elsewhere",
        pairs,
        lambda row: Said(
            "returns.same_class_elsewhere", name=joined.words.quantity(row), value=row.value, women=row.women,
            unit=joined.unit(row.unit_other),
        ),
    )  # fmt: skip


def far_above_quota(joined: Joined) -> Iterator[Finding]:
    """New enrolments at the levels the plan counts above three times the unit's quota of the year."""
    table = joined.table
    counted = {level.id for level in joined.plan.levels if level.counted}
    people = table["indicator"] == counted_indicator(joined.plan)
    rows = table[joined.whole & people & table["level"].isin(counted)]
    rows = rows.assign(total=rows.groupby(["unit", "period"])["value"].transform("sum"))
    largest = rows.sort_values("value", ascending=False, kind="stable").drop_duplicates(["unit", "period"])
    pairs = zip(largest["unit"], largest["year"], strict=True)
    quotas = [quota_of(joined.plan, unit, int(year)) or np.nan for unit, year in pairs]
    largest = largest.assign(quota=np.array(quotas, dtype="float64"))
    far = largest[largest["total"] > _FAR * largest["quota"]]
    yield from joined.breaches(
        "far-above-quota",
        far,
        lambda row: Said(
            "returns.far_above_quota", total=row.total, period=period_words(row.period), quota=row.quota
        ),
    )


def quota_sum(joined: Joined) -> Iterator[Finding]:
    """The units' quotas against the plan's own target of people, for each year that has such a target."""
    plan = joined.plan
    for target in plan.targets:
        if target.measure != "persons" or target.part_of or not target.of_whole_year:
            continue
        quotas = plan.quotas_of(target.indicator)
        quotas = quotas[(quotas["period"] == target.period) & quotas["value"].notna()]
        if target.levels:
            quotas = quotas[quotas["level"].isin(["", *target.levels])]
        quotas = quotas[~_inside_another(joined, quotas)]
        total = float(quotas["value"].sum())
        if len(quotas) and abs(total - target.value) > 0.5:
            what = Said(
                "returns.quota_sum", year=period_words(target.period), count=quotas["unit"].nunique(),
                total=total, target=target.value,
            )  # fmt: skip
            yield finding_of("quota-sum", "quotas.csv", "value", what)


def _inside_another(joined: Joined, quotas: pd.DataFrame) -> pd.Series:
    """Whether a quota is part of another one: its unit lies under a unit, other than the place, that has its own."""
    place = joined.plan.place.code
    have = set(quotas["unit"]) - {place}
    above = quotas["unit"].map(by_unit(joined.plan, "parent"))
    return above.isin(have) | (quotas["unit"] == place)


def check_together(plan: Plan, observations: pd.DataFrame, versions: Sequence[Version]) -> list[Finding]:
    """Every breach of the rules that hold files against each other; `observations` are those that count."""
    joined = join(plan, observations, versions)
    return [finding for check in TOGETHER_CHECKS for finding in _limited(check(joined))]


def _limited(findings: Iterable[Finding]) -> list[Finding]:
    kept: list[Finding] = []
    counted: dict[tuple[str, str], list[Finding]] = {}
    for one in findings:
        group = counted.setdefault((one.rule, one.file), [])
        group.append(one)
        if len(group) <= _LISTED:
            kept.append(one)
    for group in counted.values():
        if (more := len(group) - _LISTED) > 0:
            kept.append(replace(group[-1], found=Said("returns.more", count=more)))
    return kept


TOGETHER_CHECKS: tuple[Callable[[Joined], Iterable[Finding]], ...] = (
    falls, ten_times, repeated, no_longer_reported, start_stock, district_and_institutions, same_class_elsewhere,
    far_above_quota, quota_sum,
)  # fmt: skip
