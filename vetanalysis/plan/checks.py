"""What must agree within plan.yaml, and between it and the tables; each disagreement is a finding.

The checks look at the merged text of the files, not at the records, so that one wrong key does not
hide the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from vetanalysis.blocks import Text
from vetanalysis.errors import Finding, WrongCall
from vetanalysis.periods import Calendar, parse_cutoff
from vetanalysis.plan.files import PLAN_FILE, PlanFiles, error_in
from vetanalysis.plan.findings import column, day_findings, items, period_findings, unit_kinds, unknown
from vetanalysis.plan.tables import check_tables

MEASURE_OF = {"percent": {"percent"}, "persons": {"persons", "enrolments"}}


def check_plan(files: PlanFiles) -> list[Finding]:
    """All findings about what plan.yaml and the three tables say together."""
    checks = (_years, _calendar, _place, _targets, _parts, _ids, _days, _references, check_tables)
    return [finding for check in checks for finding in check(files)]


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
            problem,
            Text("sửa giá trị của khóa này", "correct the value of this key"),
        )


def _place(files: PlanFiles) -> Iterator[Finding]:
    place = files.raw.get("place")
    codes = column(files, "units", "code")
    if isinstance(place, dict) and isinstance(place.get("code"), str) and place["code"] not in codes:
        yield unknown(files, "place.code", "đơn vị", "unit", place["code"], codes, "plan-unit")


def _targets(files: PlanFiles) -> Iterator[Finding]:
    targets = items(files.raw, "targets")
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
        zip(column(files, "indicators", "id"), column(files, "indicators", "measure"), strict=False)
    )
    levels = [item.get("id") for _, item in items(files.raw, "levels")]
    for path, target in targets:
        indicator = target.get("indicator")
        if isinstance(indicator, str) and indicator not in measures:
            yield unknown(
                files,
                f"{path}.indicator",
                "mã chỉ báo",
                "indicator id",
                indicator,
                measures,
                "plan-indicator",
            )
        yield from _value(files, path, target, measures.get(str(indicator), ""))
        yield from period_findings(files, f"{path}.period", target.get("period"))
        for sub, item in items(target, "milestones"):
            yield from _value(files, f"{path}.{sub}", {**item, "measure": target.get("measure")}, "")
            yield from period_findings(files, f"{path}.{sub}.period", item.get("period"))
            yield from _before(files, f"{path}.{sub}.period", item.get("period"), target.get("period"))
        for level in target.get("levels") or []:
            if level not in levels:
                yield unknown(files, f"{path}.levels", "trình độ", "level", level, levels, "plan-level")
        for key in ("related", "evidence_from"):
            for sub, item in items(target, key):
                yield from _related(files, f"{path}.{sub}", item, measures)


def _before(files: PlanFiles, path: str, period: Any, end: Any) -> Iterator[Finding]:
    """A milestone lies before the target it leads to."""
    try:
        late = parse_cutoff(period) >= parse_cutoff(end)
    except WrongCall:
        return  # told already
    if late:
        yield error_in(
            files,
            path,
            "plan-milestone",
            Text(
                f"mốc {period} không trước kỳ của chỉ tiêu {end}",
                f"the milestone {period} is not before {end}",
            ),
            Text("mốc phải sớm hơn kỳ của chỉ tiêu", "a milestone lies before the period of its target"),
        )


def _value(files: PlanFiles, path: str, target: dict[str, Any], of_indicator: str) -> Iterator[Finding]:
    value: Any = target.get("value")
    measure = target.get("measure")
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


def _related(
    files: PlanFiles, path: str, item: dict[str, Any], measures: dict[str, str]
) -> Iterator[Finding]:
    if isinstance(item.get("indicator"), str) and item["indicator"] not in measures:
        yield unknown(
            files,
            f"{path}.indicator",
            "mã chỉ báo",
            "indicator id",
            item["indicator"],
            measures,
            "plan-indicator",
        )
    codes = column(files, "units", "code")
    if item.get("unit") and item["unit"] not in codes:
        yield unknown(files, f"{path}.unit", "đơn vị", "unit", item["unit"], codes, "plan-unit")


def _parts(files: PlanFiles) -> Iterator[Finding]:
    targets = items(files.raw, "targets")
    by_id = {target.get("id"): target for _, target in targets}
    for path, target in targets:
        whole = target.get("part_of")
        if not whole:
            continue
        if whole not in by_id or whole == target.get("id"):
            others = [key for key in by_id if key and key != target.get("id")]
            yield unknown(
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
        ("unit_kinds", "id"),
        ("groups", "id"),
        ("funding_sources", "id"),
        ("citations", "id"),
        ("ambiguities", "id"),
    ):
        found = items(files.raw, key)
        counts = Counter(str(item.get(name)) for _, item in found if item.get(name) is not None)
        for path, item in found:
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
    for path, body in items(files.raw, "bodies"):
        sendings = [(f"{path}.{sub}", item) for sub, item in items(body, "sends")]
        users += sendings
        receivers += sendings
        if body.get("unit_kind") and body["unit_kind"] not in unit_kinds(files):
            yield unknown(
                files,
                f"{path}.unit_kind",
                "loại đơn vị",
                "kind of unit",
                body["unit_kind"],
                unit_kinds(files),
                "plan-unit",
            )
    for path, item in users:
        for row in item.get("rows") or []:
            if row not in rows:
                yield unknown(
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
                yield unknown(
                    files, f"{path}.{key}", "nơi nhận báo cáo", "receiver", item[key], codes, "plan-unit"
                )
    for path, item in items(files.raw, "ambiguities"):
        for target in item.get("targets") or []:
            if targets and target not in targets:
                yield unknown(files, f"{path}.targets", "chỉ tiêu", "target", target, targets, "plan-target")
