"""What must agree within a plan folder; every disagreement is a finding with file, key and remedy.

The checks look at the merged text of the files, not at the records, so that one wrong key does not hide the rest.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from vetanalysis.errors import Finding, WrongCall
from vetanalysis.periods import Cutoff, parse_cutoff, parse_day
from vetanalysis.plan_files import PLAN_FILE, PlanFiles, error_in
from vetanalysis.text import Text

UNIT_KINDS = ("country", "region", "province", "district", "commune", "institution", "enterprise", "body")
MEASURE_OF = {"percent": {"percent"}, "persons": {"persons", "enrolments"}}


def check_plan(files: PlanFiles) -> list[Finding]:
    """All findings about what plan.yaml and the three tables say together."""
    checks = (
        _years,
        _calendar,
        _place,
        _targets,
        _parts,
        _ids,
        _days,
        _references,
        _units,
        _indicators,
        _quotas,
    )
    return [finding for check in checks for finding in check(files)]


def _items(raw: dict[str, Any], key: str) -> list[tuple[str, dict[str, Any]]]:
    """(key path, item) of a list of mappings; whatever is not one is left to the record check."""
    value = raw.get(key)
    if isinstance(value, dict):
        return [(key, value)]
    return (
        [(f"{key}[{n}]", item) for n, item in enumerate(value or []) if isinstance(item, dict)]
        if isinstance(value, list)
        else []
    )


def nearest(given: str, known: Iterable[str]) -> Text:
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


def _unknown(
    files: PlanFiles,
    path: str,
    kind_vi: str,
    kind_en: str,
    given: Any,
    known: Iterable[str],
    rule: str,
    file: str = PLAN_FILE,
) -> Finding:
    found = Text(f"{kind_vi} không xác định: {given!r}", f"unknown {kind_en}: {given!r}")
    return error_in(files, path, rule, found, nearest(str(given), known), file)


def _column(files: PlanFiles, table: str, column: str) -> list[str]:
    frame = getattr(files, table)
    return frame[column].tolist() if column in frame else []


def _year_range(files: PlanFiles) -> tuple[int, int] | None:
    years = files.raw.get("years")
    good = isinstance(years, list) and len(years) == 2 and all(type(year) is int for year in years)
    return (years[0], years[1]) if good and years[0] <= years[1] else None


def _years(files: PlanFiles) -> Iterator[Finding]:
    years = files.raw.get("years")
    if (
        isinstance(years, list)
        and len(years) == 2
        and all(type(year) is int for year in years)
        and years[0] > years[1]
    ):
        yield error_in(
            files,
            "years",
            "plan-years",
            Text(
                f"năm cuối {years[1]} trước năm đầu {years[0]}",
                f"the last year {years[1]} comes before the first {years[0]}",
            ),
            Text(f"đổi thành [{years[1]}, {years[0]}]", f"write [{years[1]}, {years[0]}]"),
        )


def _calendar(files: PlanFiles) -> Iterator[Finding]:
    from vetanalysis.periods import Calendar

    raw = files.raw.get("calendar")
    if not isinstance(raw, dict):
        return
    known = {key: raw[key] for key in Calendar.__dataclass_fields__ if key in raw}
    try:
        problems = Calendar(**known).problems()
    except (TypeError, ValueError, AttributeError):
        return  # wrong types: the record check names them
    for key, problem in problems.items():
        yield error_in(
            files,
            f"calendar.{key}",
            "plan-calendar",
            Text(f"lịch báo cáo không hợp lệ: {problem}", problem),
            Text("sửa giá trị của khóa này", "correct the value of this key"),
        )


def _place(files: PlanFiles) -> Iterator[Finding]:
    place = files.raw.get("place")
    codes = _column(files, "units", "code")
    if isinstance(place, dict) and isinstance(place.get("code"), str) and place["code"] not in codes:
        yield _unknown(files, "place.code", "đơn vị", "unit", place["code"], codes, "plan-unit")


def _targets(files: PlanFiles) -> Iterator[Finding]:
    targets = _items(files.raw, "targets")
    if not targets:
        yield error_in(
            files,
            "targets",
            "plan-no-target",
            Text("kế hoạch không có chỉ tiêu nào", "the plan has no target"),
            Text(
                "thêm ít nhất một chỉ tiêu với id, indicator, operator, value, period",
                "add at least one target with id, indicator, operator, value, period",
            ),
        )
    measures = dict(
        zip(_column(files, "indicators", "id"), _column(files, "indicators", "measure"), strict=False)
    )
    levels = [item.get("id") for _, item in _items(files.raw, "levels")]
    for path, target in targets:
        indicator = target.get("indicator")
        if isinstance(indicator, str) and indicator not in measures:
            yield _unknown(
                files,
                f"{path}.indicator",
                "mã chỉ báo",
                "indicator id",
                indicator,
                measures,
                "plan-indicator",
            )
        yield from _value(files, path, target, measures.get(indicator, ""))
        yield from _period(files, f"{path}.period", target.get("period"))
        for level in target.get("levels") or []:
            if level not in levels:
                yield _unknown(files, f"{path}.levels", "trình độ", "level", level, levels, "plan-level")
        for key in ("related", "evidence_from"):
            for sub, item in _items(target, key):
                yield from _related(files, f"{path}.{sub}", item, measures)


def _value(files: PlanFiles, path: str, target: dict[str, Any], of_indicator: str) -> Iterator[Finding]:
    value, measure = target.get("value"), target.get("measure")
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and measure == "percent" and not 0 <= value <= 100:
        yield error_in(
            files,
            f"{path}.value",
            "plan-value-range",
            Text(f"giá trị {value} nằm ngoài 0 đến 100 phần trăm", f"{value} is outside 0 to 100 percent"),
            Text("viết 62 cho 62%", "write 62 for 62 %"),
        )
    if number and measure == "percent" and 0 < value < 1:
        yield Finding(
            "warning",
            files.file(),
            files.place(f"{path}.value"),
            "plan-value-range",
            Text(f"giá trị {value}% rất nhỏ", f"{value} % is very small"),
            Text("viết 62 cho 62%, không viết 0.62", "write 62 for 62 %, not 0.62"),
        )
    if number and measure == "persons" and (value <= 0 or value != int(value)):
        yield error_in(
            files,
            f"{path}.value",
            "plan-value-range",
            Text(
                f"số người {value} không phải số nguyên dương",
                f"{value} persons is not a positive whole number",
            ),
            Text("viết 13500 cho 13.500 người", "write 13500 for 13,500 persons"),
        )
    if measure in MEASURE_OF and of_indicator and not MEASURE_OF[measure] & set(of_indicator.split("|")):
        yield error_in(
            files,
            f"{path}.measure",
            "plan-measure",
            Text(
                f"đơn vị tính {measure!r} không khớp với chỉ báo ({of_indicator})",
                f"measure {measure!r} does not fit the indicator's ({of_indicator})",
            ),
            Text("sửa measure hoặc chọn chỉ báo khác", "correct measure or choose another indicator"),
        )


def _period(files: PlanFiles, path: str, period: Any, file: str = PLAN_FILE) -> Iterator[Finding]:
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
    years = _year_range(files)
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


def _related(
    files: PlanFiles, path: str, item: dict[str, Any], measures: dict[str, str]
) -> Iterator[Finding]:
    if isinstance(item.get("indicator"), str) and item["indicator"] not in measures:
        yield _unknown(
            files,
            f"{path}.indicator",
            "mã chỉ báo",
            "indicator id",
            item["indicator"],
            measures,
            "plan-indicator",
        )
    codes = _column(files, "units", "code")
    if item.get("unit") and item["unit"] not in codes:
        yield _unknown(files, f"{path}.unit", "đơn vị", "unit", item["unit"], codes, "plan-unit")


def _parts(files: PlanFiles) -> Iterator[Finding]:
    targets = _items(files.raw, "targets")
    by_id = {target.get("id"): target for _, target in targets}
    for path, target in targets:
        whole = target.get("part_of")
        if not whole:
            continue
        if whole not in by_id or whole == target.get("id"):
            others = [key for key in by_id if key and key != target.get("id")]
            yield _unknown(
                files, f"{path}.part_of", "chỉ tiêu bao trùm", "whole of part_of", whole, others, "plan-part"
            )
            continue
        small, large = target.get("value"), by_id[whole].get("value")
        same_time = target.get("period") == by_id[whole].get("period")
        if same_time and isinstance(small, int | float) and isinstance(large, int | float) and small > large:
            yield error_in(
                files,
                f"{path}.value",
                "plan-part",
                Text(
                    f"phần {small} lớn hơn toàn bộ {large} ({whole})",
                    f"the part {small} is above its whole {large} ({whole})",
                ),
                Text("sửa một trong hai giá trị", "correct one of the two values"),
            )


def _ids(files: PlanFiles) -> Iterator[Finding]:
    for key, name in (
        ("targets", "id"),
        ("tasks", "id"),
        ("bodies", "code"),
        ("levels", "id"),
        ("groups", "id"),
        ("funding_sources", "id"),
        ("citations", "id"),
        ("ambiguities", "id"),
    ):
        items = _items(files.raw, key)
        counts = Counter(str(item.get(name)) for _, item in items if item.get(name) is not None)
        for path, item in items:
            if counts[str(item.get(name))] > 1:
                yield error_in(
                    files,
                    f"{path}.{name}",
                    "plan-id-twice",
                    Text(f"mã trùng lặp: {item[name]!r}", f"{item[name]!r} is used twice"),
                    Text("mỗi mã chỉ dùng một lần", "use every code once"),
                )


def _days(files: PlanFiles) -> Iterator[Finding]:
    dated = [
        *_items(files.raw, "report_signatory"),
        *_items(files.raw, "plan_signatory"),
        *_items(files.raw, "levels"),
    ]
    for path, body in _items(files.raw, "bodies"):
        dated += [(f"{path}.{sub}", item) for sub, item in _items(body, "successors")]
    for path, item in dated:
        yield from _range(files, path, item.get("valid_from", ""), item.get("valid_to", ""), PLAN_FILE)


def _range(files: PlanFiles, path: str, first: Any, last: Any, file: str) -> Iterator[Finding]:
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


def _references(files: PlanFiles) -> Iterator[Finding]:
    rows = {int(row) for row in _column(files, "indicators", "row") if row.isdigit()}
    targets = [item.get("id") for _, item in _items(files.raw, "targets")]
    codes = [*_column(files, "units", "code"), *(body.get("code") for _, body in _items(files.raw, "bodies"))]
    users = [*_items(files.raw, "tasks")]
    receivers = [*_items(files.raw, "reporting")]
    for path, body in _items(files.raw, "bodies"):
        sendings = [(f"{path}.{sub}", item) for sub, item in _items(body, "sends")]
        users += sendings
        receivers += sendings
        if body.get("unit_kind") and body["unit_kind"] not in UNIT_KINDS:
            yield _unknown(
                files,
                f"{path}.unit_kind",
                "loại đơn vị",
                "kind of unit",
                body["unit_kind"],
                UNIT_KINDS,
                "plan-unit",
            )
    for path, item in users:
        for row in item.get("rows") or []:
            if row not in rows:
                yield _unknown(
                    files,
                    f"{path}.rows",
                    "dòng chỉ báo",
                    "indicator row",
                    row,
                    map(str, sorted(rows)),
                    "plan-indicator",
                )
    for path, item in receivers:
        for key in ("to", "then_to"):
            if item.get(key) and item[key] not in codes:
                yield _unknown(
                    files, f"{path}.{key}", "nơi nhận báo cáo", "receiver", item[key], codes, "plan-unit"
                )
    for path, item in _items(files.raw, "ambiguities"):
        for target in item.get("targets") or []:
            if target not in targets:
                yield _unknown(files, f"{path}.targets", "chỉ tiêu", "target", target, targets, "plan-target")


def _units(files: PlanFiles) -> Iterator[Finding]:
    frame, file = files.units, "units.csv"
    codes = set(_column(files, "units", "code"))
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(frame.to_dict("records"), start=2):
        place = f"row {number}"
        if not row["code"] or not row["name"]:
            yield error_in(
                files,
                place,
                "plan-unit",
                Text("thiếu mã hoặc tên đơn vị", "code or name is missing"),
                Text("điền cả code và name", "fill in both code and name"),
                file,
            )
        if row["kind"] not in UNIT_KINDS:
            yield _unknown(
                files,
                f"{place}, kind",
                "loại đơn vị",
                "kind of unit",
                row["kind"],
                UNIT_KINDS,
                "plan-unit",
                file,
            )
        if row["parent"] and row["parent"] not in codes:
            yield _unknown(
                files,
                f"{place}, parent",
                "đơn vị cấp trên",
                "parent unit",
                row["parent"],
                codes,
                "plan-unit",
                file,
            )
        key = (row["code"], row["valid_from"])
        if key in seen:
            yield error_in(
                files,
                f"{place}, code",
                "plan-id-twice",
                Text(
                    f"mã đơn vị trùng: {row['code']}",
                    f"unit {row['code']} stands twice with the same valid_from",
                ),
                Text(
                    "xóa một dòng hoặc ghi ngày hiệu lực khác nhau", "remove one or give them different days"
                ),
                file,
            )
        seen.add(key)
        yield from _range(files, place, row["valid_from"], row["valid_to"], file)


def _indicators(files: PlanFiles) -> Iterator[Finding]:
    counts = Counter(_column(files, "indicators", "id"))
    for number, row in enumerate(files.indicators.to_dict("records"), start=2):
        if not re.fullmatch(r"[a-z][a-z0-9_]*", row["id"]):
            yield error_in(
                files,
                f"row {number}, id",
                "plan-indicator",
                Text(f"mã chỉ báo không hợp lệ: {row['id']!r}", f"{row['id']!r} is not an indicator id"),
                Text(
                    "dùng chữ thường không dấu, số và gạch dưới",
                    "use lower-case letters, digits and underscores",
                ),
                "indicators.csv",
            )
        elif counts[row["id"]] > 1:
            yield error_in(
                files,
                f"row {number}, id",
                "plan-id-twice",
                Text(f"mã chỉ báo trùng: {row['id']}", f"indicator {row['id']} stands twice"),
                Text("mỗi đại lượng một mã riêng", "give every quantity its own id"),
                "indicators.csv",
            )


def _quotas(files: PlanFiles) -> Iterator[Finding]:
    units, levels = (
        _column(files, "units", "code"),
        [item.get("id") for _, item in _items(files.raw, "levels")],
    )
    seen: set[tuple[str, str, str]] = set()
    for number, row in enumerate(files.quotas.to_dict("records"), start=2):
        place, file = f"row {number}", "quotas.csv"
        if row["unit"] not in units:
            yield _unknown(files, f"{place}, unit", "đơn vị", "unit", row["unit"], units, "plan-quota", file)
        if row["level"] and row["level"] not in levels:
            yield _unknown(
                files, f"{place}, level", "trình độ", "level", row["level"], levels, "plan-quota", file
            )
        yield from _period(files, f"{place}, period", row["period"], file)
        if not re.fullmatch(r"\d+", row["value"]):
            yield error_in(
                files,
                f"{place}, value",
                "plan-quota",
                Text(
                    f"chỉ tiêu giao không phải số nguyên không âm: {row['value']!r}",
                    f"the quota {row['value']!r} is not a whole number",
                ),
                Text("viết 1200, không có dấu chấm hay dấu phẩy", "write 1200, without dots or commas"),
                file,
            )
        key = (row["unit"], row["level"], row["period"])
        if key in seen:
            yield error_in(
                files,
                place,
                "plan-quota",
                Text("chỉ tiêu giao trùng lặp", "the same quota stands twice"),
                Text("giữ lại một dòng", "keep one row"),
                file,
            )
        seen.add(key)
