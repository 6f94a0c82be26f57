"""The parts that checks of a plan share: telling an unknown word, a wrong period, a wrong pair of days."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Any

from vetanalysis.errors import Finding, WrongCall
from vetanalysis.periods import Cutoff, parse_cutoff, parse_day
from vetanalysis.plan.files import PLAN_FILE, PlanFiles, error_in
from vetanalysis.text import Text

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


def nearest(given: str, known: Iterable[Any]) -> Text:
    """A remedy: the nearest known word, or the list of them."""
    words = list(dict.fromkeys(str(word) for word in known if str(word)))
    near = difflib.get_close_matches(str(given), words, 1, 0.6)
    if near:
        return Text(
            f"có phải là {near[0]!r} không? Sửa lại cho đúng", f"did you mean {near[0]!r}? Correct it"
        )
    listed = ", ".join(words[:20]) + (" ..." if len(words) > 20 else "")
    return Text(
        f"dùng một trong các mã: {listed or 'chưa có mã nào'}", f"use one of: {listed or 'none defined'}"
    )


def unknown(
    files: PlanFiles,
    path: str,
    kind_vi: str,
    kind_en: str,
    given: Any,
    known: Iterable[Any],
    rule: str,
    file: str = PLAN_FILE,
) -> Finding:
    """An unknown word at a place, with the nearest known one as remedy."""
    found = Text(f"{kind_vi} không xác định: {given!r}", f"unknown {kind_en}: {given!r}")
    return error_in(files, path, rule, found, nearest(str(given), known), file)


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


def period_findings(files: PlanFiles, path: str, period: Any, file: str = PLAN_FILE) -> Iterator[Finding]:
    """Findings about one period: its form, and whether it lies in the plan's years."""
    if not isinstance(period, str):
        return
    try:
        cutoff: Cutoff = parse_cutoff(period)
    except WrongCall as error:
        yield error_in(
            files,
            path,
            "plan-period",
            Text(f"kỳ không hợp lệ: {period!r}", str(error)),
            Text("viết theo mẫu 2023-FY", "write it like 2023-FY"),
            file,
        )
        return
    if cutoff.code == "start":
        yield error_in(
            files,
            path,
            "plan-period",
            Text(
                f"{period}: đầu năm chưa có gì để tính",
                f"{period}: nothing is counted at the start of a year",
            ),
            Text(f"dùng {cutoff.year - 1}-FY", f"use {cutoff.year - 1}-FY"),
            file,
        )
    years = year_range(files)
    if years and not years[0] <= cutoff.year <= years[1]:
        yield error_in(
            files,
            path,
            "plan-period",
            Text(
                f"{period} nằm ngoài các năm của kế hoạch {years[0]}-{years[1]}",
                f"{period} is outside the plan's years {years[0]} to {years[1]}",
            ),
            Text("sửa period hoặc years", "correct period or years"),
            file,
        )


def day_findings(files: PlanFiles, path: str, first: Any, last: Any, file: str) -> Iterator[Finding]:
    """Findings about one pair of days; empty means open."""
    dot = "." if file == PLAN_FILE else ", "
    for name, day in (("valid_from", first), ("valid_to", last)):
        if day and parse_day(str(day)) is None:
            yield error_in(
                files,
                f"{path}{dot}{name}",
                "plan-day",
                Text(f"ngày không hợp lệ: {day!r}", f"{day!r} is not a day"),
                Text("viết theo mẫu 2025-06-30", "write it like 2025-06-30"),
                file,
            )
    start, end = parse_day(str(first)), parse_day(str(last))
    if start and end and end < start:
        yield error_in(
            files,
            f"{path}{dot}valid_to",
            "plan-day-range",
            Text(
                f"kết thúc {last} trước khi bắt đầu {first}",
                f"it ends on {last}, before it starts on {first}",
            ),
            Text("đổi chỗ hoặc sửa một trong hai ngày", "swap or correct the two days"),
            file,
        )
