"""How what is wrong with a plan is told: the findings its checks share, and those of the record check.

Checks share an unknown word, a wrong period, a wrong pair of days. What the record check found is told with
its key path, what was found and what to write instead.
"""

from __future__ import annotations

import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import is_dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from vetanalysis.blocks import Said
from vetanalysis.checks import nearest, within
from vetanalysis.errors import Finding, WrongCall
from vetanalysis.periods import Cutoff, parse_cutoff, parse_day
from vetanalysis.plan.files import PLAN_FILE, PlanFiles

UNIT_KINDS = ("country", "region", "province", "district", "commune", "institution", "enterprise", "body")


def unit_kinds(files: PlanFiles) -> tuple[str, ...]:
    """The kinds of units every plan knows and those this plan adds."""
    added = [str(item["id"]) for _, item in items(files.raw, "unit_kinds") if item.get("id")]
    return (*UNIT_KINDS, *added)


def items(raw: dict[str, Any], key: str) -> list[tuple[str, dict[str, Any]]]:
    """(key path, item) of a list of mappings; whatever is not one is left to the record check."""
    value = raw.get(key)
    if isinstance(value, dict):
        return [(key, value)]
    return (
        [(f"{key}[{n}]", item) for n, item in enumerate(value or []) if isinstance(item, dict)]
        if isinstance(value, list)
        else []
    )


def unknown(
    files: PlanFiles,
    path: str,
    kind: str,
    given: Any,
    known: Iterable[Any],
    rule: str,
    table: str = PLAN_FILE,
) -> Finding:
    """An unknown word at a place, with the nearest known one as remedy, else the first twenty.

    `kind`: what it should name, as in the lines `plan.kind.…`.
    """
    words = list(dict.fromkeys(str(word) for word in known if str(word)))
    near = nearest(given, words)
    if near is not None:
        remedy = Said("plan.unknown.near", near=near)
    elif words:
        remedy = Said("plan.unknown.known", known=tuple(words[:20]), more=len(words) > 20)
    else:
        remedy = Said("plan.unknown.none")
    named = Said(f"plan.kind.{kind}")
    return files.error(path, rule, "unknown", table=table, remedy=remedy, kind=named, given=repr(given))


def column(files: PlanFiles, table: str, column: str) -> list[str]:
    """A column of one of the tables as a list; empty when the table lacks it."""
    frame = getattr(files, table)
    return frame[column].tolist() if column in frame else []


def year_range(files: PlanFiles) -> tuple[int, int] | None:
    """The plan's first and last year, or None while they are not usable."""
    years = files.raw.get("years")
    if not isinstance(years, list) or len(years) != 2 or not all(type(year) is int for year in years):
        return None
    return (years[0], years[1]) if years[0] <= years[1] else None


def span(period: Any) -> tuple[str, str] | None:
    """The first and the last period of a total over several years; None for anything but two texts."""
    if isinstance(period, list) and len(period) == 2 and all(isinstance(one, str) for one in period):
        return period[0], period[1]
    return None


def period_findings(files: PlanFiles, path: str, period: Any, table: str = PLAN_FILE) -> Iterator[Finding]:
    """Findings about one period: its form, and whether it lies in the plan's years."""
    if not isinstance(period, str):
        return
    try:
        cutoff: Cutoff = parse_cutoff(period)
    except WrongCall as error:
        yield files.error(path, "plan-period", "period", table=table, given=period, error=error.message)
        return
    step = (files.raw.get("calendar") or {}).get("step", "quarter")
    if cutoff.code.startswith("M") and step != "month":
        yield files.error(path, "plan-period", "period_month", table=table, given=period)
    if cutoff.code == "start":
        before = cutoff.year - 1
        yield files.error(path, "plan-period", "period_start", table=table, given=period, before=before)
    years = year_range(files)
    if years and not within(cutoff.year, *years):
        first, last = years
        yield files.error(
            path, "plan-period", "period_outside", table=table, given=period, first=first, last=last
        )


def day_findings(files: PlanFiles, path: str, first: Any, last: Any, table: str) -> Iterator[Finding]:
    """Findings about one pair of days; empty means open."""
    dot = "." if table == PLAN_FILE else ", "
    for name, day in (("valid_from", first), ("valid_to", last)):
        if day and parse_day(str(day)) is None:
            yield files.error(f"{path}{dot}{name}", "plan-day", "day", table=table, given=repr(day))
    start, end = parse_day(str(first)), parse_day(str(last))
    if start and end and end < start:
        place = f"{path}{dot}valid_to"
        yield files.error(
            place, "plan-day-range", "days_reversed", table=table, first=str(first), last=str(last)
        )


_UNKNOWN_KEY = {"extra_forbidden", "unexpected_keyword_argument"}
_LINES = {"string_type": "not_text", "two_languages": "two_languages", "too_short": "list_empty"}


def record_findings(error: ValidationError, files: PlanFiles, model: type[BaseModel]) -> list[Finding]:
    """One finding per problem of the records, in the order in which they stand in the file."""
    return [_finding(detail, files, model) for detail in error.errors(include_url=False)]


def _finding(detail: Mapping[str, Any], files: PlanFiles, model: type[BaseModel]) -> Finding:
    place = detail["loc"]
    line, facts, remedy = _told(detail, model)
    rule = f"plan-{detail['type'].replace('_', '-')}"
    return files.error(key_path(place), rule, line, remedy=remedy, **facts)


def _told(detail: Mapping[str, Any], model: type[BaseModel]) -> tuple[str, dict[str, Any], Said | None]:
    """The line for a problem of a record, its facts, and the remedy where it is not the line's own."""
    place, kind, given = detail["loc"], detail["type"], _short(detail.get("input"))
    key = place[-1] if place else ""
    if kind == "missing":
        return ("list_short", {}, None) if isinstance(key, int) else ("required", {"key": key}, None)
    if kind == "language_key":
        return "unknown_key", {"key": detail["ctx"]["key"]}, _key_remedy("", detail["ctx"]["known"])
    if kind in _UNKNOWN_KEY:
        return "unknown_key", {"key": key}, _key_remedy(str(key), keys_at(model, place[:-1]))
    if kind == "literal_error":
        expected = detail["ctx"]["expected"]
        words = [word.strip(" '") for word in expected.replace(" or ", ", ").split(",")]
        near = nearest(given.strip("'"), words, 0.5)
        return "not_allowed", {"given": given, "expected": expected, "near": near}, None
    if kind in _LINES:
        return _LINES[kind], {"given": given}, None
    if kind.startswith(("float", "int", "bool")):
        return "not_number", {"given": given}, None
    return "wrong_form", {"given": given, "said": detail["msg"]}, None


def key_path(location: tuple[int | str, ...]) -> str:
    """`("targets", 1, "value")` as `targets[1].value`."""
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path


def keys_at(model: type, location: tuple[int | str, ...]) -> list[str]:
    """The keys allowed at a place of the plan, to find the one a misspelt key meant."""
    current: Any = model
    for part in location:
        if isinstance(part, int):
            continue
        fields = getattr(current, "model_fields", {})
        current = _record_in(fields[part].annotation) if part in fields else None
    if is_dataclass(current):
        return list(current.__dataclass_fields__)
    return list(getattr(current, "model_fields", {}))


def _record_in(annotation: Any) -> Any:
    """The record type inside an annotation such as `tuple[Target, ...]`."""
    if isinstance(annotation, type) and (is_dataclass(annotation) or issubclass(annotation, BaseModel)):
        return annotation
    return next(filter(None, map(_record_in, typing.get_args(annotation))), None)


def _key_remedy(key: str, known: Iterable[str]) -> Said:
    near = nearest(key, known, 0.5)
    if near is not None:
        return Said("plan.unknown_key.near", near=near)
    return Said("plan.unknown_key.known", known=tuple(known))


def _short(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
