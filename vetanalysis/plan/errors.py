"""What the record check found, told as findings: key path, what was found, what to write instead."""

from __future__ import annotations

import difflib
import typing
from dataclasses import is_dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from vetanalysis.errors import Finding
from vetanalysis.plan.files import PlanFiles, error_in
from vetanalysis.text import Text

_UNKNOWN_KEY = {"extra_forbidden", "unexpected_keyword_argument"}


def record_findings(error: ValidationError, files: PlanFiles, model: type[BaseModel]) -> list[Finding]:
    """One finding per problem of the records, in the order in which they stand in the file."""
    return [_finding(detail, files, model) for detail in error.errors(include_url=False)]


def _finding(detail: dict[str, Any], files: PlanFiles, model: type[BaseModel]) -> Finding:
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
