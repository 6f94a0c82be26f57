"""What the measures of indicators are called in a table."""

from __future__ import annotations

from vetanalysis.narrative import numbers
from vetanalysis.narrative.sentence import known
from vetanalysis.text import Text

_WORDED = ("percent", "percentage_points", "persons", "people", "million_dong", "billion_dong", "dong")
MEASURES = {
    "persons": Text("người", "people"),
    "attendances": Text("lượt người", "attendances"),
    "enrolments": Text("lượt người", "enrolments"),
    "percent": Text("%", "%"),
    "percentage_points": Text("điểm phần trăm", "points"),
    "million_dong": Text("triệu đồng", "million dong"),
    "million_dong_per_month": Text("triệu đồng/tháng", "million dong a month"),
    "million_dong_per_person": Text("triệu đồng/người", "million dong a person"),
    "activities": Text("hoạt động", "activities"),
    "agreements": Text("thỏa thuận", "agreements"),
    "cases": Text("vụ", "cases"),
    "classes": Text("lớp", "classes"),
    "contracts": Text("hợp đồng", "contracts"),
    "date": Text("ngày", "day"),
    "documents": Text("văn bản", "documents"),
    "enterprises": Text("doanh nghiệp", "firms"),
    "households": Text("hộ", "households"),
    "institutions": Text("cơ sở", "institutions"),
    "items": Text("tin, bài", "items"),
    "programmes": Text("chương trình", "programmes"),
    "projects": Text("dự án", "projects"),
    "reports": Text("báo cáo", "reports"),
    "sessions": Text("buổi", "sessions"),
    "status": Text("tình trạng", "state"),
    "trades": Text("nghề", "trades"),
    "visits": Text("cuộc", "visits"),
}


def measure_name(measure: str, lang: str) -> str:
    """A measure in words; an unknown one as its code with spaces."""
    first = measure.split("|")[0]
    return MEASURES[first].get(lang) if first in MEASURES else first.replace("_", " ")


def amount(value: float | None, measure: str, lang: str) -> str:
    """A value in its measure: people, percent, points, money; other measures as a bare number."""
    if not known(value):
        return numbers.MISSING.get(lang)
    if measure == "percentage_points":
        return numbers.points(value, lang)
    return numbers.quantity(value, measure, lang)


def with_measure(value: float, measure: str, lang: str) -> str:
    """A value with its measure: "64,2%", "2,7 triệu đồng/người"; what is counted in pieces is named by the label."""
    if measure in _WORDED:
        return amount(value, measure, lang)
    told = numbers.number(value, lang, 1 if measure.startswith("million_dong") else None)
    return f"{told} {measure_name(measure, lang)}" if measure.startswith("million_dong") else told
