"""The parts that checks of a plan share: telling an unknown word, a wrong period, a wrong pair of days.

What the record check found, told as findings: key path, what was found, what to write instead.
"""

from __future__ import annotations

import difflib
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import is_dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from vetanalysis.blocks import Text
from vetanalysis.errors import Finding, WrongCall
from vetanalysis.periods import Cutoff, parse_cutoff, parse_day
from vetanalysis.plan.files import PLAN_FILE, PlanFiles, error_in

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


_UNKNOWN_KEY = {"extra_forbidden", "unexpected_keyword_argument"}


def record_findings(error: ValidationError, files: PlanFiles, model: type[BaseModel]) -> list[Finding]:
    """One finding per problem of the records, in the order in which they stand in the file."""
    return [_finding(detail, files, model) for detail in error.errors(include_url=False)]


def _finding(detail: Mapping[str, Any], files: PlanFiles, model: type[BaseModel]) -> Finding:
    path = key_path(detail["loc"])
    kind, given = detail["type"], _short(detail.get("input"))
    if kind == "missing":
        found = Text(
            f"thiếu khóa bắt buộc {detail['loc'][-1]!r}", f"the required key {detail['loc'][-1]!r} is missing"
        )
        remedy = Text(f"thêm {detail['loc'][-1]}", f"add {detail['loc'][-1]}")
        if isinstance(detail["loc"][-1], int):
            found = Text("danh sách còn thiếu giá trị", "the list is too short")
            remedy = Text(
                "viết đủ các giá trị, ví dụ [2023, 2025]", "write every value, for instance [2023, 2025]"
            )
    elif kind in _UNKNOWN_KEY:
        found = Text(f"khóa không xác định {detail['loc'][-1]!r}", f"unknown key {detail['loc'][-1]!r}")
        remedy = _key_remedy(str(detail["loc"][-1]), keys_at(model, detail["loc"][:-1]))
    elif kind == "literal_error":
        expected = detail["ctx"]["expected"]
        words = [word.strip(" '") for word in expected.replace(" or ", ", ").split(",")]
        near = difflib.get_close_matches(given.strip("'"), words, 1, 0.5)
        hint_vi, hint_en = (f"; gần nhất: {near[0]}", f"; nearest: {near[0]}") if near else ("", "")
        found = Text(f"giá trị không được chấp nhận: {given}", f"{given} is not allowed")
        remedy = Text(f"dùng một trong: {expected}{hint_vi}", f"use one of: {expected}{hint_en}")
    elif kind == "string_type":
        found = Text(f"phải là chữ, đang là {given}", f"must be text, is {given}")
        remedy = Text(f'đặt trong dấu nháy: "{given}"', f'put it in quotes: "{given}"')
    elif kind == "two_languages":
        found = Text("phải có cả hai thứ tiếng", "must stand in both languages")
        remedy = Text(
            "viết hai khóa vi và en, đều có nội dung", "write the two keys vi and en, both with text"
        )
    elif kind == "too_short":
        found = Text("danh sách trống", "the list is empty")
        remedy = Text("thêm ít nhất một mục", "add at least one item")
    elif kind.startswith(("float", "int", "bool")):
        found = Text(f"phải là số, đang là {given}", f"must be a number, is {given}")
        remedy = Text(
            "viết số bằng dấu chấm thập phân, không có dấu nháy", "write a plain number with a decimal point"
        )
    else:
        found = Text(f"dạng giá trị không đúng: {given}", f"{detail['msg']}: {given}")
        remedy = Text("xem các kế hoạch có sẵn trong data/plans để biết cách viết",
                      "see the plans under data/plans for how it is written")  # fmt: skip
    return error_in(files, path, f"plan-{kind.replace('_', '-')}", found, remedy)


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


def _key_remedy(key: str, known: list[str]) -> Text:
    near = difflib.get_close_matches(key, known, 1, 0.5)
    if near:
        return Text(f"có phải là {near[0]!r} không?", f"did you mean {near[0]!r}?")
    listed = ", ".join(known)
    return Text(f"bỏ khóa này; các khóa được dùng: {listed}", f"remove it; allowed keys: {listed}")


def _short(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
