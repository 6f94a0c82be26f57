"""What must agree within plan.yaml, and between it and the tables; each disagreement is a finding.

The checks look at the merged text of the files, not at the records, so that one wrong key does not
hide the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vetanalysis.checks import given_twice, is_number, within
from vetanalysis.errors import Finding, WrongCall
from vetanalysis.periods import Calendar, parse_cutoff
from vetanalysis.plan.files import PLAN_FILE, PlanFiles
from vetanalysis.plan.findings import column, day_findings, items, period_findings, unit_kinds, unknown
from vetanalysis.plan.tables import check_tables

MEASURE_OF = {"percent": {"percent"}, "persons": {"persons", "enrolments"}}
# Lists of which every item has a code of its own, and the key that holds it.
CODED = {
    "targets": "id", "tasks": "id", "bodies": "code", "levels": "id", "unit_kinds": "id", "groups": "id",
    "funding_sources": "id", "citations": "id", "ambiguities": "id",
}  # fmt: skip


def check_plan(files: PlanFiles) -> list[Finding]:
    """All findings about what plan.yaml and the tables say together."""
    checks = (_years, _calendar, _place, _targets, _parts, _ids, _days, _references, check_tables)
    return [finding for check in checks for finding in check(files)]


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


def _place(files: PlanFiles) -> Iterator[Finding]:
    place = files.raw.get("place")
    codes = column(files, "units", "code")
    if isinstance(place, dict) and isinstance(place.get("code"), str) and place["code"] not in codes:
        yield unknown(files, "place.code", "unit", place["code"], codes, "plan-unit")


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
        yield from period_findings(files, f"{path}.period", target.get("period"))
        for sub, item in items(target, "milestones"):
            yield from _value(files, f"{path}.{sub}", {**item, "measure": target.get("measure")}, "")
            yield from period_findings(files, f"{path}.{sub}.period", item.get("period"))
            yield from _before(files, f"{path}.{sub}.period", item.get("period"), target.get("period"))
        for level in target.get("levels") or []:
            if level not in levels:
                yield unknown(files, f"{path}.levels", "level", level, levels, "plan-level")
        for key in ("related", "evidence_from"):
            for sub, item in items(target, key):
                yield from _related(files, f"{path}.{sub}", item, measures)


def _indicator(files: PlanFiles, path: str, given: Any, known: dict[str, str]) -> Iterator[Finding]:
    if isinstance(given, str) and given not in known:
        yield unknown(files, f"{path}.indicator", "indicator", given, known, "plan-indicator")


def _before(files: PlanFiles, path: str, period: Any, end: Any) -> Iterator[Finding]:
    """A milestone lies before the target it leads to."""
    try:
        late = parse_cutoff(period) >= parse_cutoff(end)
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
    if is_number(value) and measure == "persons" and (value <= 0 or value != int(value)):
        yield files.error(place, rule, "persons", given=value)
    if measure in MEASURE_OF and of_indicator and not MEASURE_OF[measure] & set(of_indicator.split("|")):
        facts = {"given": measure, "of_indicator": of_indicator}
        yield files.error(f"{path}.measure", "plan-measure", "measure", **facts)


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
