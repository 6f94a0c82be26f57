"""What must hold in crosswalk.csv: which unit went over into which, on what day and with what share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from vetanalysis.errors import Finding
from vetanalysis.periods import parse_day
from vetanalysis.plan.files import PlanFiles, error_in
from vetanalysis.plan.findings import column, unknown
from vetanalysis.text import Text

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
