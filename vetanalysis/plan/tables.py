"""What must agree within units.csv, indicators.csv, quotas.csv and crosswalk.csv of a plan folder.

The crosswalk says which unit went over into which, on what day and with what share.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from vetanalysis.blocks import Said
from vetanalysis.checks import given_twice, number_in, within
from vetanalysis.errors import Finding
from vetanalysis.periods import parse_day
from vetanalysis.plan.files import PlanFiles
from vetanalysis.plan.findings import column, day_findings, items, period_findings, unit_kinds, unknown

UNITS, INDICATORS, QUOTAS, CROSSWALK = "units.csv", "indicators.csv", "quotas.csv", "crosswalk.csv"
CHANGES = ("renamed", "merged", "split", "abolished")


def check_tables(files: PlanFiles) -> Iterator[Finding]:
    """All findings about the tables."""
    yield from _units(files)
    yield from _indicators(files)
    yield from _quotas(files)
    yield from _crosswalk(files)


def _units(files: PlanFiles) -> Iterator[Finding]:
    codes, kinds = dict.fromkeys(column(files, "units", "code")), unit_kinds(files)
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(files.units.to_dict("records"), start=2):
        place = f"row {number}"
        if not row["code"] or not row["name"]:
            yield files.error(place, "plan-unit", "unit_blank", table=UNITS)
        if row["kind"] not in kinds:
            yield unknown(files, f"{place}, kind", "unit_kind", row["kind"], kinds, "plan-unit", UNITS)
        if row["parent"] and row["parent"] not in codes:
            yield unknown(files, f"{place}, parent", "parent", row["parent"], codes, "plan-unit", UNITS)
        key = (row["code"], row["valid_from"])
        if key in seen:
            yield files.error(f"{place}, code", "plan-id-twice", "unit_twice", table=UNITS, code=row["code"])
        seen.add(key)
        yield from day_findings(files, place, row["valid_from"], row["valid_to"], UNITS)


def _indicators(files: PlanFiles) -> Iterator[Finding]:
    twice = given_twice(column(files, "indicators", "id"))
    for number, row in enumerate(files.indicators.to_dict("records"), start=2):
        place, given = f"row {number}, id", row["id"]
        if not re.fullmatch(r"[a-z][a-z0-9_]*", given):
            yield files.error(place, "plan-indicator", "indicator_id", table=INDICATORS, given=given)
        elif given in twice:
            yield files.error(place, "plan-id-twice", "indicator_twice", table=INDICATORS, given=given)


def _quotas(files: PlanFiles) -> Iterator[Finding]:
    units = column(files, "units", "code")
    levels = [item.get("id") for _, item in items(files.raw, "levels")]
    seen: set[tuple[str, str, str]] = set()
    for number, row in enumerate(files.quotas.to_dict("records"), start=2):
        place, rule = f"row {number}", "plan-quota"
        if row["unit"] not in units:
            yield unknown(files, f"{place}, unit", "unit", row["unit"], units, rule, QUOTAS)
        if row["level"] and row["level"] not in levels:
            yield unknown(files, f"{place}, level", "level", row["level"], levels, rule, QUOTAS)
        yield from period_findings(files, f"{place}, period", row["period"], QUOTAS)
        if not re.fullmatch(r"\d+", row["value"]):
            yield files.error(f"{place}, value", rule, "quota", table=QUOTAS, given=row["value"])
        key = (row["unit"], row["level"], row["period"])
        if key in seen:
            yield files.error(place, rule, "quota_twice", table=QUOTAS)
        seen.add(key)


def _crosswalk(files: PlanFiles) -> Iterator[Finding]:
    codes, rule = column(files, "units", "code"), "plan-crosswalk"
    shares: dict[tuple[str, str], list[float]] = defaultdict(list)
    for number, row in enumerate(files.crosswalk.to_dict("records"), start=2):
        place = f"row {number}"
        if row["unit"] not in codes:
            yield unknown(files, f"{place}, unit", "unit", row["unit"], codes, rule, CROSSWALK)
        if row["successor"] and row["successor"] not in codes and not row["successor_name"]:
            successor = row["successor"]
            yield unknown(files, f"{place}, successor", "successor", successor, codes, rule, CROSSWALK)
        if parse_day(row["valid_from"]) is None:
            yield files.error(
                f"{place}, valid_from",
                "plan-day",
                "day",
                table=CROSSWALK,
                remedy=Said("plan.day_of_change.do"),
                given=repr(row["valid_from"]),
            )
        if row["kind"] not in CHANGES:
            yield unknown(files, f"{place}, kind", "change", row["kind"], CHANGES, rule, CROSSWALK)
        if (row["kind"] == "abolished") != (row["successor"] == ""):
            yield files.error(f"{place}, successor", rule, "abolished", table=CROSSWALK)
        share = number_in(row["share"] or "0")  # blank: not known, and added up as nothing
        if share is None or not within(share, 0, 1):
            yield files.error(f"{place}, share", rule, "share", table=CROSSWALK, given=row["share"])
        else:
            shares[row["unit"], row["valid_from"]].append(share)
    for (unit, day), parts in shares.items():
        if sum(parts) > 1 + 1e-9:
            total = sum(parts)
            yield files.error(f"unit {unit}, {day}", rule, "shares_above", table=CROSSWALK, sum=total)
