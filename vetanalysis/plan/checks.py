"""What must agree within plan.yaml, within its tables and between them; each disagreement is a finding.

The checks look at the merged text of the files, not at the records, so that one wrong key does not hide the
rest. The tables are units.csv, indicators.csv, quotas.csv, crosswalk.csv (which unit went over into which,
when, with what share), tiles.csv and units.geojson (where units lie).
"""

from __future__ import annotations

import contextlib
import re
from collections import defaultdict
from collections.abc import Generator, Iterator
from dataclasses import replace
from typing import Any

from vetanalysis.blocks import Said
from vetanalysis.checks import finding, given_twice, is_number, number_in, within
from vetanalysis.errors import Finding, WrongCall
from vetanalysis.language.numbers import MONEY, whole_measures
from vetanalysis.periods import Calendar, parse_cutoff, parse_day
from vetanalysis.plan.catalogue import PARTS, part_named, part_values
from vetanalysis.plan.files import PLAN_FILE, PlanFiles
from vetanalysis.plan.findings import (
    column,
    day_findings,
    items,
    period_findings,
    span,
    unit_kinds,
    unknown,
    year_range,
)  # fmt: skip
from vetanalysis.plan.model import VIET_NAM
from vetanalysis.plan.shapes import RULE, SHAPES_FILE

WHOLE = r"\d{1,4}(?:\.0)?"  # a row's number
UNITS, INDICATORS, QUOTAS, CROSSWALK = "units.csv", "indicators.csv", "quotas.csv", "crosswalk.csv"
TILES = "tiles.csv"
_WRONG_KIND = (TypeError, AttributeError, ValueError, KeyError, OverflowError)
CHANGES = ("renamed", "merged", "split", "abolished")


def check_tables(files: PlanFiles) -> Iterator[Finding]:
    """All findings about the tables."""
    yield from _units(files)
    yield from _indicators(files)
    yield from _quotas(files)
    yield from _crosswalk(files)
    yield from _tiles(files)
    yield from _shapes(files)


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
    ids = column(files, "indicators", "id")
    twice = given_twice(ids)
    for number, row in enumerate(files.indicators.to_dict("records"), start=2):
        place, given = f"row {number}, id", row["id"]
        if not re.fullmatch(r"[a-z][a-z0-9_]*", given):
            yield files.error(place, "plan-indicator", "indicator_id", table=INDICATORS, given=given)
        elif given in twice:
            yield files.error(place, "plan-id-twice", "indicator_twice", table=INDICATORS, given=given)
        if row["row"] and not re.fullmatch(WHOLE, row["row"]):
            at = f"row {number}, row"
            yield files.error(at, "plan-indicator", "row_number", table=INDICATORS, given=row["row"][:20])
        for part in (
            "numerator",
            "denominator",
        ):  # words are only printed; what is written as an id must be one
            if re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)+", row[part]) and row[part] not in (*ids, *PARTS):
                at, rule = f"row {number}, {part}", "plan-indicator"
                yield unknown(files, at, "indicator", row[part], ids, rule, INDICATORS)
            values = part_values(str(one.get("id")) for _, one in items(files.raw, "groups"))
            named, at = part_named(row[part], values), f"row {number}, {part}"
            if named and named.indicator not in ids:
                yield unknown(files, at, "indicator", named.indicator, ids, "plan-indicator", INDICATORS)
            elif named and not named.breakdown:
                yield unknown(files, at, "part", named.value, values, "plan-indicator", INDICATORS)


def _quotas(files: PlanFiles) -> Iterator[Finding]:
    units = column(files, "units", "code")
    levels = [item.get("id") for _, item in items(files.raw, "levels")]
    counts = [
        one.get("indicator") for _, one in items(files.raw, "targets") if one.get("measure") != "percent"
    ]
    seen: set[tuple[str, ...]] = set()
    for number, row in enumerate(files.quotas.to_dict("records"), start=2):
        place, rule = f"row {number}", "plan-quota"
        if row["unit"] not in units:
            yield unknown(files, f"{place}, unit", "unit", row["unit"], units, rule, QUOTAS)
        if row["level"] and row["level"] not in levels:
            yield unknown(files, f"{place}, level", "level", row["level"], levels, rule, QUOTAS)
        yield from period_findings(files, f"{place}, period", row["period"], QUOTAS)
        # 5239.0: a column of which a cell was empty once; an empty cell is no quota
        if row["value"] and not re.fullmatch(r"\d{1,12}(?:\.0{0,9})?", row["value"]):
            yield files.error(f"{place}, value", rule, "quota", table=QUOTAS, given=row["value"])
        if row["indicator"] and row["indicator"] not in counts:
            at = f"{place}, indicator"
            yield unknown(files, at, "indicator", row["indicator"], counts, rule, QUOTAS)
        key = (row["unit"], row["level"], row["period"], row["indicator"])
        if key in seen:
            yield files.error(place, rule, "quota_twice", table=QUOTAS)
        seen.add(key)
    if empty := column(files, "quotas", "value").count(""):
        yield files.error("value", "plan-quota", "quota_empty", table=QUOTAS, severity="warning", count=empty)


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
    yield from _quotas_of_merged(files)


def _quotas_of_merged(files: PlanFiles) -> Iterator[Finding]:
    """A unit that took another in, where both have a quota of that year: they are added, which may be once too many."""
    given: dict[tuple[str, str], float] = defaultdict(float)
    for row in files.quotas.to_dict("records"):
        given[row["unit"], row["period"]] += number_in(row["value"] or "0") or 0.0
    for number, row in enumerate(files.crosswalk.to_dict("records"), start=2):
        if (
            row["kind"] not in ("merged", "split")
            or row["successor"] == row["unit"]
            or not number_in(row["share"] or "")
        ):
            continue
        for (unit, period), gone in given.items():
            stays = given.get((row["successor"], period), 0.0)
            if unit == row["unit"] and gone and stays and period[:4] == row["valid_from"][:4]:
                yield files.error(
                    f"row {number}", "plan-quota", "quota_merged", table=CROSSWALK, severity="warning", unit=unit,
                    successor=row["successor"], period=period, gone=gone, stays=stays,
                )  # fmt: skip


def _tiles(files: PlanFiles) -> Iterator[Finding]:
    codes, rule = column(files, "units", "code"), "plan-tiles"
    for number, row in enumerate(files.tiles.to_dict("records"), start=2):
        if row["code"] not in codes:
            yield unknown(files, f"row {number}, code", "unit", row["code"], codes, rule, TILES)
        for name in ("row", "column"):
            if not re.fullmatch(r"\d{1,3}", row[name]):
                yield files.error(f"row {number}, {name}", rule, "tile", table=TILES, given=row[name])


def _shapes(files: PlanFiles) -> Iterator[Finding]:
    """Every feature is a unit, and no unit beside them that lasts to the plan's last year is without one."""
    if files.shapes is None:
        return
    file, place = files.shapes.file, (files.raw.get("place") or {}).get("code")
    units = files.units.to_dict("records")
    codes = dict.fromkeys(row["code"] for row in units)
    drawn = files.shapes.places
    for code, where in drawn.items():
        if code not in codes:
            one = unknown(files, where, "unit", code, codes, RULE, SHAPES_FILE)
            yield replace(one, file=file)
    kinds, end = {row["kind"] for row in units if row["code"] in drawn}, f"{(year_range(files) or (0, 0))[1]}"
    beside = [row for row in units if row["parent"] == place and row["kind"] in kinds]
    lasting = [row for row in beside if not row["valid_to"] or row["valid_to"] >= end]
    without = tuple(f"{row['code']} ({row['name']})" for row in lasting if row["code"] not in drawn)
    if without:
        yield finding(file, "features", RULE, "plan.shapes_missing", units=without)


MEASURES = (
    "percent",
    *MONEY,
    *whole_measures(),
)  # of targets: what is a share, or can be counted and added up
MEASURE_OF = {
    "persons": {"persons", "enrolments"}
}  # measures of indicators besides that of the target itself
# Lists of which every item has a code of its own, and the key that holds it.
CODED = {
    "targets": "id", "tasks": "id", "bodies": "code", "levels": "id", "unit_kinds": "id", "groups": "id",
    "funding_sources": "id", "citations": "id", "ambiguities": "id",
}  # fmt: skip


def check_plan(files: PlanFiles, sound: bool) -> list[Finding]:
    """All findings about what plan.yaml and the tables say together.

    `sound`: every value is of its kind. Where one is not, the record check names it: a check that trips over it ends.
    """
    checks = (_years, _calendar, _place, _targets, _parts, _ids, _days, _references, check_tables)
    found: list[Finding] = []
    for check in checks:
        with contextlib.nullcontext() if sound else contextlib.suppress(*_WRONG_KIND):
            for one in check(files):
                found.append(one)
    return found


def _years(files: PlanFiles) -> Iterator[Finding]:
    years = files.raw.get("years")
    if not isinstance(years, list) or len(years) != 2 or not all(type(year) is int for year in years):
        return
    first, last = years
    if first > last:
        yield files.error("years", "plan-years", "years_reversed", first=first, last=last)


def _calendar(files: PlanFiles) -> Iterator[Finding]:
    raw = files.raw.get("calendar")
    if not isinstance(raw, dict):
        return
    known = {key: raw[key] for key in Calendar.__dataclass_fields__ if key in raw}
    try:
        problems = Calendar(**known).problems()
    except (TypeError, ValueError, AttributeError):
        return  # wrong types: the record check names them
    for key, problem in problems.items():
        yield files.error(f"calendar.{key}", "plan-calendar", "calendar", problem=problem)
    kinds = ("default", *unit_kinds(files))
    for kind in known.get("deadline_working_days", ()):
        if kind not in kinds:
            path = f"calendar.deadline_working_days.{kind}"
            yield unknown(files, path, "unit_kind", kind, kinds, "plan-calendar")


def _place(files: PlanFiles) -> Iterator[Finding]:
    place = files.raw.get("place")
    codes = column(files, "units", "code")
    if isinstance(place, dict) and isinstance(place.get("code"), str) and place["code"] not in codes:
        yield unknown(files, "place.code", "unit", place["code"], codes, "plan-unit")
    if isinstance(place, dict) and place.get("country") is None:
        yield files.error("place.country", "plan-country", "no_country", severity="warning")
    country = place.get("country") if isinstance(place, dict) else ""
    if isinstance(country, str) and country not in ("", VIET_NAM) and not _is_country(country):
        yield files.error("place.country", "plan-country", "country", given=repr(country))


def _is_country(code: str) -> bool:
    """Whether it is an ISO 3166 code of two letters; XA to XZ are left to whoever needs one, as an invented country."""
    from babel import Locale

    if re.fullmatch("X[A-Z]", code):
        return True
    return bool(re.fullmatch("[A-Z]{2}", code)) and code in Locale("en").territories


def _targets(files: PlanFiles) -> Iterator[Finding]:
    targets = items(files.raw, "targets")
    if not targets:
        yield files.error("targets", "plan-no-target", "no_target")
    ids, of_ids = column(files, "indicators", "id"), column(files, "indicators", "measure")
    measures = dict(zip(ids, of_ids, strict=False))
    levels = [item.get("id") for _, item in items(files.raw, "levels")]
    for path, target in targets:
        indicator = target.get("indicator")
        yield from _indicator(files, path, indicator, measures)
        yield from _value(files, path, target, measures.get(str(indicator), ""))
        end, since = yield from _period(files, path, target)
        for sub, item in items(target, "milestones"):
            yield from _value(files, f"{path}.{sub}", {**item, "measure": target.get("measure")}, "")
            yield from period_findings(files, f"{path}.{sub}.period", item.get("period"))
            yield from _before(files, f"{path}.{sub}.period", item.get("period"), end, since)
        for level in target.get("levels") or []:
            if level not in levels:
                yield unknown(files, f"{path}.levels", "level", level, levels, "plan-level")
        for key in ("related", "evidence_from"):
            for sub, item in items(target, key):
                yield from _related(files, f"{path}.{sub}", item, measures)


def _indicator(files: PlanFiles, path: str, given: Any, known: dict[str, str]) -> Iterator[Finding]:
    if isinstance(given, str) and given not in known:
        yield unknown(files, f"{path}.indicator", "indicator", given, known, "plan-indicator")


def _period(files: PlanFiles, path: str, target: dict[str, Any]) -> Generator[Finding, None, tuple[Any, Any]]:
    """The last and the first period of a target ("" where it has one alone), with what is wrong about them."""
    ends, place = span(target.get("period")), f"{path}.period"
    if ends is None:
        yield from period_findings(files, place, target.get("period"))
        return target.get("period"), ""
    wrong = [*period_findings(files, place, ends[0]), *period_findings(files, place, ends[1])]
    yield from wrong
    first, last = ends
    if not wrong and not (
        first.endswith("-FY") and first[:4] < last[:4] and target.get("measure") != "percent"
    ):
        yield files.error(place, "plan-period", "period_span", first=first, last=last)
    return last, first


def _before(files: PlanFiles, path: str, period: Any, end: Any, since: Any) -> Iterator[Finding]:
    """A milestone lies before the target it leads to, and not before the first year of a total."""
    try:
        late = parse_cutoff(period) >= parse_cutoff(end)
        late = late or (bool(since) and parse_cutoff(period).year < parse_cutoff(since).year)
    except WrongCall:
        return  # told already
    if late:
        yield files.error(path, "plan-milestone", "milestone_late", given=str(period), end=str(end))


def _value(files: PlanFiles, path: str, target: dict[str, Any], of_indicator: str) -> Iterator[Finding]:
    value: Any = target.get("value")
    measure = target.get("measure")
    place, rule = f"{path}.value", "plan-value-range"
    if is_number(value) and measure == "percent" and not within(value, 0, 100):
        yield files.error(place, rule, "percent_outside", given=value)
    if is_number(value) and measure == "percent" and 0 < value < 1:
        yield files.error(place, rule, "percent_small", severity="warning", given=value)
    if is_number(value) and measure in MEASURES[1:] and not _can_be_counted(value, str(measure)):
        yield files.error(place, rule, "persons", given=value, measure=measure)
    if measure is not None and measure not in MEASURES:
        yield unknown(files, f"{path}.measure", "measure", measure, MEASURES, "plan-measure")
    elif measure and of_indicator and not MEASURE_OF.get(measure, {measure}) & set(of_indicator.split("|")):
        facts = {"given": measure, "of_indicator": of_indicator}
        yield files.error(f"{path}.measure", "plan-measure", "measure", **facts)


def _can_be_counted(value: float, measure: str) -> bool:
    """Whether a target can be so many of a measure: more than none, whole ones of all but money."""
    return value > 0 and (measure in MONEY or float(value).is_integer())


def _related(
    files: PlanFiles, path: str, item: dict[str, Any], measures: dict[str, str]
) -> Iterator[Finding]:
    yield from _indicator(files, path, item.get("indicator"), measures)
    codes = column(files, "units", "code")
    if item.get("unit") and item["unit"] not in codes:
        yield unknown(files, f"{path}.unit", "unit", item["unit"], codes, "plan-unit")


def _parts(files: PlanFiles) -> Iterator[Finding]:
    targets = items(files.raw, "targets")
    by_id = {target.get("id"): target for _, target in targets}
    for path, target in targets:
        whole = target.get("part_of")
        if not whole:
            continue
        if whole not in by_id or whole == target.get("id"):
            others = [key for key in by_id if key and key != target.get("id")]
            yield unknown(files, f"{path}.part_of", "whole", whole, others, "plan-part")
            continue
        small, large = target.get("value"), by_id[whole].get("value")
        same_time = target.get("period") == by_id[whole].get("period")
        if same_time and isinstance(small, int | float) and isinstance(large, int | float) and small > large:
            place = f"{path}.value"
            yield files.error(place, "plan-part", "part_above", part=small, whole=large, of_target=str(whole))


def _ids(files: PlanFiles) -> Iterator[Finding]:
    for key, name in CODED.items():
        found = items(files.raw, key)
        twice = given_twice(str(item[name]) for _, item in found if item.get(name) is not None)
        for path, item in found:
            if str(item.get(name)) in twice:
                yield files.error(f"{path}.{name}", "plan-id-twice", "code_twice", given=repr(item[name]))


def _days(files: PlanFiles) -> Iterator[Finding]:
    dated = [
        *items(files.raw, "report_signatory"),
        *items(files.raw, "plan_signatory"),
        *items(files.raw, "levels"),
    ]
    for path, body in items(files.raw, "bodies"):
        dated += [(f"{path}.{sub}", item) for sub, item in items(body, "successors")]
    for path, item in dated:
        yield from day_findings(files, path, item.get("valid_from", ""), item.get("valid_to", ""), PLAN_FILE)


def _references(files: PlanFiles) -> Iterator[Finding]:
    rows = {int(row) for row in column(files, "indicators", "row") if row.isdigit()}
    targets = [item.get("id") for _, item in items(files.raw, "targets")]
    codes = [*column(files, "units", "code"), *(body.get("code") for _, body in items(files.raw, "bodies"))]
    users = [*items(files.raw, "tasks")]
    receivers = [*items(files.raw, "reporting")]
    kinds = unit_kinds(files)
    for path, body in items(files.raw, "bodies"):
        sendings = [(f"{path}.{sub}", item) for sub, item in items(body, "sends")]
        users += sendings
        receivers += sendings
        if body.get("unit_kind") and body["unit_kind"] not in kinds:
            yield unknown(files, f"{path}.unit_kind", "unit_kind", body["unit_kind"], kinds, "plan-unit")
    for path, item in users:
        for row in item.get("rows") or []:
            if row not in rows:
                yield unknown(files, f"{path}.rows", "row", row, sorted(rows), "plan-indicator")
    for path, item in receivers:
        for key in ("to", "then_to"):
            if item.get(key) and item[key] not in codes:
                yield unknown(files, f"{path}.{key}", "receiver", item[key], codes, "plan-unit")
    for path, item in items(files.raw, "ambiguities"):
        for target in item.get("targets") or []:
            if targets and target not in targets:
                yield unknown(files, f"{path}.targets", "target", target, targets, "plan-target")
