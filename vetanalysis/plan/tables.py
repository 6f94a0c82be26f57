"""What must agree within units.csv, indicators.csv and quotas.csv of a plan folder.

What must hold in crosswalk.csv: which unit went over into which, on what day and with what share.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from vetanalysis.blocks import Text
from vetanalysis.errors import Finding
from vetanalysis.periods import parse_day
from vetanalysis.plan.files import PlanFiles, error_in
from vetanalysis.plan.findings import column, day_findings, items, period_findings, unit_kinds, unknown

FILE = "crosswalk.csv"
KINDS = ("renamed", "merged", "split", "abolished")


def check_crosswalk(files: PlanFiles) -> Iterator[Finding]:
    """All findings about the table; one that is absent or empty has none."""
    codes = column(files, "units", "code")
    shares: dict[tuple[str, str], list[float]] = defaultdict(list)
    for number, row in enumerate(files.crosswalk.to_dict("records"), start=2):
        place = f"row {number}"
        if row["unit"] not in codes:
            yield unknown(
                files, f"{place}, unit", "đơn vị", "unit", row["unit"], codes, "plan-crosswalk", FILE
            )
        if row["successor"] and row["successor"] not in codes and not row["successor_name"]:
            yield unknown(
                files, f"{place}, successor", "đơn vị kế tiếp", "successor", row["successor"], codes,
                "plan-crosswalk", FILE,
            )  # fmt: skip
        if parse_day(row["valid_from"]) is None:
            yield error_in(
                files,
                f"{place}, valid_from",
                "plan-day",
                Text(f"ngày không hợp lệ: {row['valid_from']!r}", f"{row['valid_from']!r} is not a day"),
                Text("viết theo mẫu 2025-07-01", "write it like 2025-07-01"),
                FILE,
            )
        if row["kind"] not in KINDS:
            yield unknown(
                files,
                f"{place}, kind",
                "loại thay đổi",
                "kind of change",
                row["kind"],
                KINDS,
                "plan-crosswalk",
                FILE,
            )
        if (row["kind"] == "abolished") != (row["successor"] == ""):
            yield error_in(
                files,
                f"{place}, successor",
                "plan-crosswalk",
                Text(
                    "giải thể thì không có đơn vị kế tiếp",
                    "a unit without a successor is abolished, and the reverse",
                ),
                Text(
                    "điền successor hoặc ghi kind là abolished",
                    "fill in successor, or write abolished as kind",
                ),
                FILE,
            )
        share = _share(row["share"])
        if share is None:
            yield error_in(
                files,
                f"{place}, share",
                "plan-crosswalk",
                Text(f"tỷ phần không hợp lệ: {row['share']!r}", f"{row['share']!r} is not a share"),
                Text(
                    "viết từ 0 đến 1, ví dụ 0.4; để trống nếu không biết",
                    "write 0 to 1, like 0.4; blank if unknown",
                ),
                FILE,
            )
        else:
            shares[row["unit"], row["valid_from"]].append(share)
    for (unit, day), parts in shares.items():
        if sum(parts) > 1 + 1e-9:
            yield error_in(
                files,
                f"unit {unit}, {day}",
                "plan-crosswalk",
                Text(
                    f"các tỷ phần cộng lại {sum(parts):g}, lớn hơn 1",
                    f"the shares add up to {sum(parts):g}, above 1",
                ),
                Text("sửa cột share", "correct the column share"),
                FILE,
            )


def _share(text: str) -> float | None:
    """A share as written; blank counts as 0 here, None is none."""
    try:
        share = float(text or 0)
    except ValueError:
        return None
    return share if 0 <= share <= 1 else None


def check_tables(files: PlanFiles) -> Iterator[Finding]:
    """All findings about the tables."""
    yield from _units(files)
    yield from _indicators(files)
    yield from _quotas(files)
    yield from check_crosswalk(files)


def _units(files: PlanFiles) -> Iterator[Finding]:
    frame, file = files.units, "units.csv"
    codes, kinds = set(column(files, "units", "code")), unit_kinds(files)
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
        if row["kind"] not in kinds:
            yield unknown(
                files,
                f"{place}, kind",
                "loại đơn vị",
                "kind of unit",
                row["kind"],
                kinds,
                "plan-unit",
                file,
            )
        if row["parent"] and row["parent"] not in codes:
            yield unknown(
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
        yield from day_findings(files, place, row["valid_from"], row["valid_to"], file)


def _indicators(files: PlanFiles) -> Iterator[Finding]:
    counts = Counter(column(files, "indicators", "id"))
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
        column(files, "units", "code"),
        [item.get("id") for _, item in items(files.raw, "levels")],
    )
    seen: set[tuple[str, str, str]] = set()
    for number, row in enumerate(files.quotas.to_dict("records"), start=2):
        place, file = f"row {number}", "quotas.csv"
        if row["unit"] not in units:
            yield unknown(files, f"{place}, unit", "đơn vị", "unit", row["unit"], units, "plan-quota", file)
        if row["level"] and row["level"] not in levels:
            yield unknown(
                files, f"{place}, level", "trình độ", "level", row["level"], levels, "plan-quota", file
            )
        yield from period_findings(files, f"{place}, period", row["period"], file)
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
