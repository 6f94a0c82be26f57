"""Checks between places: a district and the institutions under it, a class told twice, quotas and their sums."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from vetanalysis.blocks import Text
from vetanalysis.errors import Finding
from vetanalysis.observations.checks import BREAKDOWNS
from vetanalysis.returns.check_rules import broken
from vetanalysis.returns.checks import quota_of
from vetanalysis.returns.joined import Joined
from vetanalysis.returns.quantity_words import period_text, place_text, shown

CLASSES = ("people_enrolled", "people_graduated")
_PLAIN = [name for name in BREAKDOWNS if name not in ("level", "trade")]
_SMALLEST_CLASS = 15
_FAR = 3.0


def district_and_institutions(joined: Joined) -> Iterator[Finding]:
    """A district below the sum of its institutions, and classes both tell: they count once, as the district's."""
    rows = _classes(joined)
    parent = dict(zip(joined.plan.units["code"], joined.plan.units["parent"], strict=True))
    key = ["period", "indicator", "level", "trade"]
    above = rows.assign(district=rows["unit"].map(parent))
    districts = rows[rows["unit"].isin(set(above["district"]))]
    both = above.merge(
        districts, left_on=["district", *key], right_on=["unit", *key], suffixes=("", "_district")
    )
    if both.empty:
        return
    sums = both.groupby(["district", *key], sort=True).agg(
        total=("value", "sum"), value=("value_district", "first"), source=("source_district", "first"),
        indicator_name=("indicator", "first"),
    )  # fmt: skip
    low = sums[sums["total"] > sums["value"] + 0.5].reset_index()
    words = [_below(joined, row) for _, row in low.iterrows()]
    yield from joined.breaches("district-below-institutions", low, words)
    same = both[(both["value"] == both["value_district"]) & (both["value"] > 0)]
    for (_, unit, _), group in same.groupby(["district", "unit", "period"], sort=True):
        first = group.iloc[0]
        name, place, value = joined.words.quantity(first), place_text(first["source"]), first["value"]
        what = Text(
            f"{len(group)} số trùng với {joined.unit(unit)} ({place.vi}), ví dụ {name.vi}: {shown(value, 'vi')}",
            f"{len(group)} figures equal those of {joined.unit(unit)} ({place.en}), such as {name.en}: "
            f"{shown(value, 'en')}",
        )
        yield from joined.breaches(
            "same-class", group.head(1).assign(source=first["source_district"]), [what]
        )


def same_class_elsewhere(joined: Joined) -> Iterator[Finding]:
    """A district's class with the very numbers (people, women, rural people) of an institution not under it."""
    table = joined.table
    units = joined.plan.units
    parent = dict(zip(units["code"], units["parent"], strict=True))
    kind = dict(zip(units["code"], units["kind"], strict=True))
    rows = _classes(joined)
    rows = rows[(rows["indicator"] == "people_enrolled") & (rows["value"] >= _SMALLEST_CLASS)]
    key = ["unit", "period", "indicator", "level", "trade"]
    for name, value, column in (("sex", "female", "women"), ("residence", "rural", "rural")):
        others = [other for other in _PLAIN if other != name]
        part = table[(table[name] == value) & (table[others] == "").all(axis=1)]
        rows = rows.merge(part[[*key, "value"]].rename(columns={"value": column}), on=key)
    rows = rows.assign(kind=rows["unit"].map(kind), above=rows["unit"].map(parent))
    match = ["period", "level", "trade", "value", "women", "rural"]
    pairs = rows[rows["kind"] == "district"].merge(
        rows[rows["kind"] == "institution"], on=match, suffixes=("", "_other")
    )
    pairs = pairs[(pairs["above_other"] != pairs["unit"]) & (pairs["women"] > 0)]
    words = (_same_as(joined, row) for row in pairs.itertuples(index=False))
    yield from joined.breaches("same-class-elsewhere", pairs, words)


def far_above_quota(joined: Joined) -> Iterator[Finding]:
    """New enrolments at the levels the plan counts above three times the unit's quota of the year."""
    table = joined.table
    counted = {level.id for level in joined.plan.levels if level.counted}
    plain = (table[[name for name in BREAKDOWNS if name != "level"]] == "").all(axis=1)
    rows = table[plain & (table["indicator"] == "people_enrolled") & table["level"].isin(counted)]
    largest = rows.sort_values("value", ascending=False, kind="stable").drop_duplicates(["unit", "period"])
    totals = rows.groupby(["unit", "period"])["value"].sum()
    pairs = list(zip(largest["unit"], largest["period"], largest["year"], strict=True))
    sums = [float(totals[unit, period]) for unit, period, _ in pairs]
    quotas = [quota_of(joined.plan, unit, int(year)) for unit, _, year in pairs]
    far = [bool(quota) and total > _FAR * quota for quota, total in zip(quotas, sums, strict=True)]
    words = [
        Text(
            f"tuyển mới {shown(total, 'vi')} người trong {period_text(period).vi}, chỉ tiêu cả năm "
            f"{shown(quota, 'vi')} người",
            f"{shown(total, 'en')} newly enrolled in {period_text(period).en}, quota of the year {shown(quota, 'en')}",
        )
        for (_, period, _), total, quota, hit in zip(pairs, sums, quotas, far, strict=True)
        if hit
    ]
    yield from joined.breaches("far-above-quota", largest[np.array(far, dtype="bool")], words)


def quota_sum(joined: Joined) -> Iterator[Finding]:
    """The units' quotas against the plan's own target of people, for each year that has such a target."""
    plan = joined.plan
    for target in plan.targets:
        if target.measure != "persons" or target.part_of or not target.period.endswith("-FY"):
            continue
        quotas = plan.quotas[(plan.quotas["period"] == target.period) & plan.quotas["value"].notna()]
        if target.levels:
            quotas = quotas[quotas["level"].isin(["", *target.levels])]
        quotas = quotas[~_inside_another(joined, quotas)]
        total = float(quotas["value"].sum())
        if len(quotas) and abs(total - target.value) > 0.5:
            year = period_text(target.period)
            what = Text(
                f"chỉ tiêu {year.vi} của {quotas['unit'].nunique()} đơn vị cộng lại {shown(total, 'vi')} người, "
                f"kế hoạch giao {shown(target.value, 'vi')} người",
                f"quotas of {year.en} of {quotas['unit'].nunique()} units add up to {shown(total, 'en')}, "
                f"the plan has {shown(target.value, 'en')}",
            )
            yield broken("quota-sum", "quotas.csv", "value", what)


def _inside_another(joined: Joined, quotas: pd.DataFrame) -> pd.Series:
    """Whether a quota is part of another one: its unit lies under a unit, other than the place, that has its own."""
    units = joined.plan.units
    parent = dict(zip(units["code"], units["parent"], strict=True))
    place = joined.plan.place.code
    have = set(quotas["unit"]) - {place}
    return quotas["unit"].map(parent).isin(have) | (quotas["unit"] == place)


def _classes(joined: Joined) -> pd.DataFrame:
    """Enrolments and graduates by level or trade, without any other breakdown."""
    table = joined.table
    plain = (table[_PLAIN] == "").all(axis=1) & ((table["level"] != "") | (table["trade"] != ""))
    columns = ["unit", "period", "indicator", *BREAKDOWNS, "value", "source"]
    return table.loc[plain & table["indicator"].isin(CLASSES), columns]


def _below(joined: Joined, row: pd.Series) -> Text:
    name = joined.words.quantity(row)
    return Text(
        f"{name.vi}: huyện ghi {shown(row['value'], 'vi')}, các cơ sở trực thuộc cộng lại {shown(row['total'], 'vi')}",
        f"{name.en}: the district {shown(row['value'], 'en')}, its institutions together {shown(row['total'], 'en')}",
    )


def _same_as(joined: Joined, row: Any) -> Text:
    name, other = joined.words.quantity(row), joined.unit(row.unit_other)
    return Text(
        f"{name.vi}: {shown(row.value, 'vi')} người ({shown(row.women, 'vi')} nữ) đúng như {other}",
        f"{name.en}: {shown(row.value, 'en')} people ({shown(row.women, 'en')} women), as {other}",
    )
