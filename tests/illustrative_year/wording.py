"""Words in the example's returns: explanations, contact, documents, quotas by commune. Invented, and say
so."""

from __future__ import annotations

import hashlib
import zlib
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from tests.illustrative_year.people import spread
from vetanalysis.periods import Cutoff, cutoff_day, cutoffs

if TYPE_CHECKING:
    from vetanalysis.plan import Plan

_TROUBLES = (
    ("Lao động trong độ tuổi đi làm ăn xa, khó mở lớp đủ người.", "Thu nhập tại chỗ thấp.",
     "Cho phép mở lớp từ 20 người trở lên."),
    ("Kinh phí giao chậm nên một số lớp phải lùi thời gian khai giảng.", "Thủ tục phân bổ vốn kéo dài.",
     "Giao kinh phí ngay từ đầu năm."),
    ("Thiết bị thực hành của một số nghề còn thiếu.", "Chưa bố trí được vốn mua sắm.",
     "Bổ sung danh mục thiết bị vào kế hoạch đầu tư."),
    ("Nhà giáo dạy thực hành còn thiếu.", "Khó tuyển người có tay nghề.",
     "Cho hợp đồng nhà giáo thỉnh giảng."),
)  # fmt: skip
_COMPLETED = "Hoàn thành"
_PROGRESS = (*["Đang thực hiện đúng tiến độ"] * 5, *["Chậm tiến độ"] * 2, _COMPLETED)


def words_of(plan: Plan, unit: str, cutoff: Cutoff) -> dict[tuple[str, str], str | float | date]:
    """The words of one return by (kind, ref). Chosen by the unit's code, so they need no seed."""
    codes = [one.code for one in cutoffs(cutoff.year, plan.calendar) if one <= cutoff]
    pick, of_plan = _pick(unit, codes[-1]), _pick(unit, codes[0])
    known = plan.unit(unit)
    words: dict[tuple[str, str], str | float | date] = {
        ("contact_name", ""): "Cán bộ tổng hợp (minh họa)",
        ("contact_phone", ""): "0205 000 0000",
        ("figures_status", ""): "Sơ bộ",
    }
    for task in plan.tasks:
        words["progress", task.id] = _progress(unit, codes, task.id)
    task = plan.tasks[pick % len(plan.tasks)].id
    for kind, text in zip(("difficulties", "causes", "proposals"), _TROUBLES[pick % 4], strict=True):
        words[kind, task] = text
    words["document_type", "1"] = "Kế hoạch"
    words["document_number", "1"] = f"{10 + of_plan % 90:02d}/KH (minh họa)"
    words["document_date", "1"] = date(cutoff.year, 1 + of_plan % 2, 5 + of_plan % 20)
    words["document_title", "1"] = (
        f"Triển khai công tác giáo dục nghề nghiệp năm {cutoff.year} (văn bản minh họa)"
    )
    if known.kind == "district":
        words |= _commune_quotas(plan, unit, cutoff)
    return words


def _pick(unit: str, code: str) -> int:
    return zlib.crc32(f"{unit} {code}".encode())


def _progress(unit: str, codes: list[str], task: str) -> str:
    """How far a unit says it is with a task; what it completed at an earlier cut-off of the year stays completed."""
    picks = [hashlib.sha256(f"{unit} {code} {task}".encode()).digest()[0] for code in codes]
    said = [_PROGRESS[pick % len(_PROGRESS)] for pick in picks]
    return _COMPLETED if _COMPLETED in said else said[-1]


def _commune_quotas(plan: Plan, unit: str, cutoff: Cutoff) -> dict[tuple[str, str], float]:
    """The district's quota spread over its communes; the sum is the district's."""
    quotas = plan.quotas
    mine = quotas[(quotas["unit"] == unit) & (quotas["period"] == f"{cutoff.year}-FY")]
    communes = plan.units_on(cutoff_day(cutoff, plan.calendar), "commune")
    codes = communes[communes["parent"] == unit]["code"].tolist()
    weights = np.array([1 + (int(code) * 37 % 11) / 10 for code in codes])
    return {
        ("commune_quota", code): int(value)
        for code, value in zip(codes, spread(int(mine["value"].sum()), weights), strict=True)
    }
