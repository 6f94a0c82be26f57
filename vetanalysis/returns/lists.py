"""Lists the form is made of (measures, trades, answers to choose from), who must report, and which figures.

The words are Vietnamese, as an office writes them; who owes what is read off the plan's bodies and indicators.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.periods import Cutoff, cutoff_day

if TYPE_CHECKING:
    from vetanalysis.plan import Plan, Unit

MEASURES = {
    "persons": "người",
    "thousand_persons": "nghìn người",
    "enrolments": "lượt người",
    "attendances": "lượt người",
    "percent": "%",
    "percentage_points": "điểm %",
    "million_dong": "triệu đồng",
    "million_dong_per_month": "triệu đồng/tháng",
    "million_dong_per_person": "triệu đồng/người",
    "activities": "hoạt động",
    "agreements": "thỏa thuận",
    "cases": "vụ",
    "classes": "lớp",
    "contracts": "hợp đồng",
    "documents": "văn bản",
    "enterprises": "doanh nghiệp",
    "households": "hộ",
    "institutions": "cơ sở",
    "items": "tin, bài",
    "programmes": "chương trình",
    "projects": "dự án",
    "reports": "báo cáo",
    "sessions": "buổi, phiên",
    "trades": "nghề",
    "visits": "cuộc",
}
#: Measures of which there are only whole ones; the form refuses fractions there.
WHOLE = frozenset(MEASURES) - {
    "thousand_persons", "percent", "percentage_points", "million_dong", "million_dong_per_month",
    "million_dong_per_person",
}  # fmt: skip
TRADES = {
    "farm": "Nghề nông nghiệp",
    "industry": "Nghề công nghiệp, xây dựng",
    "services": "Nghề dịch vụ",
    "driving": "Lái xe cơ giới",
}
CHANNELS = {
    "print": "Báo in, bản tin",
    "broadcast": "Phát thanh, truyền hình",
    "online": "Trang thông tin điện tử",
    "social": "Mạng xã hội",
    "commune_radio": "Đài truyền thanh cấp xã",
}
PROGRESS = ("Hoàn thành", "Đang thực hiện đúng tiến độ", "Chậm tiến độ", "Chưa triển khai", "Không được giao")
DOCUMENT_TYPES = ("Kế hoạch", "Quyết định", "Công văn", "Báo cáo", "Chương trình phối hợp", "Khác")
FIGURE_STATUS = ("Chính thức", "Sơ bộ", "Ước thực hiện")
ILLUSTRATIVE_LINE = "SỐ LIỆU MINH HỌA: số do chương trình sinh ra, không phải số liệu thật của đơn vị"
HOW_TO = (
    "Chỉ điền vào các ô nền vàng; ô nền xám là công thức hoặc số đã có, không sửa.",
    "Số liệu lũy kế từ đầu năm kế hoạch đến hết ngày chốt ghi ở trên; riêng số đang học tính tại ngày chốt.",
    "Không có phát sinh thì ghi 0; chưa có số liệu thì để trống, không ghi 0 thay.",
    "Một người thuộc nhiều đối tượng được ghi ở từng cột; các cột đối tượng không cộng với nhau.",
    "Số người (không phải lượt người): một người học nhiều lớp trong năm chỉ tính một lần ở mỗi trình độ.",
    "Đơn vị tính ghi ở đầu cột hoặc cột ĐVT; tiền tính bằng triệu đồng.",
    "Gửi tệp này, không đổi tên trang tính, không chuyển sang PDF hay ảnh.",
)
DISTRICT_SCOPE = (
    "Số của huyện, thành phố gồm mọi lớp của cơ sở trực thuộc "
    "(trung tâm GDNN - GDTX, trung tâm dịch vụ nông nghiệp); "
    "không gồm lớp của cơ sở trực thuộc tỉnh mở trên địa bàn."
)
#: Cut-offs at which an indicator sent every quarter (Q), half year (H) or year (Y) is due.
DUE_AT = {"Q": ("Q1", "H1", "9M", "FY"), "H": ("H1", "FY"), "Y": ("FY",)}


def period_words(cutoff: Cutoff) -> str:
    """The period as an office names it: "quý I năm 2023", "6 tháng đầu năm 2023", "9 tháng năm 2023",
    "năm 2023"."""
    words = {"Q1": "quý I năm", "H1": "6 tháng đầu năm", "9M": "9 tháng đầu năm", "FY": "năm"}
    words |= {"Q2": "quý II năm", "Q3": "quý III năm", "Q4": "quý IV năm"}
    return f"{words[cutoff.code]} {cutoff.year}"


def measure_word(measure: str) -> str:
    """The Vietnamese name of a measure; where two are allowed ("persons|thousand_persons") the first."""
    first = measure.split("|")[0]
    return MEASURES.get(first, first)


def reporting_units(plan: Plan, cutoff: Cutoff) -> list[str]:
    """Codes of the units that must report at the cut-off, in the order of the plan's table of units.

    Districts and institutions report when a body of the plan stands for their kind. A single body
    reports when the indicators name it as a sender and the plan gives duties to it or to the body above it;
    a statistics office that only publishes is therefore not asked. Where duties were handed over by the cut-off the
    one that took over reports, and the former holder no longer does.
    """
    kinds = {body.unit_kind for body in plan.bodies if body.unit_kind} - {"body"}
    holders = duty_holders(plan, cutoff)
    with_duties = {body.code for body in plan.bodies} | set(holders.values())
    senders = {holders.get(name, name) for name in plan.indicators["sender"].str.split("|").explode()}
    units = plan.units_on(cutoff_day(cutoff, plan.calendar))
    single = (
        (units["kind"] == "body")
        & units["code"].isin(senders)
        & (units["code"].isin(with_duties) | units["parent"].isin(with_duties))
    )
    return units[units["kind"].isin(kinds) | single]["code"].tolist()


def duty_holders(plan: Plan, cutoff: Cutoff) -> dict[str, str]:
    """For every single body of the plan the code of the unit that has its duties on the last day of the cut-off.

    A successor that is no unit of the plan on that day cannot report: the duties are then still asked of the body.
    """
    day = cutoff_day(cutoff, plan.calendar)
    there = set(plan.units_on(day)["code"])
    held = {body.code: body.holder(day).code for body in plan.bodies if not body.unit_kind}
    return {code: holder if holder in there else code for code, holder in held.items()}


def sender_names(plan: Plan, unit: Unit, cutoff: Cutoff) -> set[str]:
    """The words in the column `sender` of the indicators that mean this unit at the cut-off.

    Its code unless its duties went to another, the codes of bodies whose duties it took over, its kind of body.
    """
    holders = duty_holders(plan, cutoff)
    names = {code for code, holder in holders.items() if holder == unit.code}
    names |= set() if unit.code in holders else {unit.code}
    names |= {body.code for body in plan.bodies if body.unit_kind == unit.kind and unit.kind != "body"}
    return names


def indicators_owed(plan: Plan, unit: Unit, cutoff: Cutoff) -> pd.DataFrame:
    """Rows of the indicators this unit sends at the cut-off.

    Left out: what the program works out itself (kind `derived`, rates whose two parts are asked for), what it
    counts from the returns (`unit` among the breakdowns), and what the plan keeps as narrative only.
    """
    table = plan.indicators
    names, ids = sender_names(plan, unit, cutoff), set(table["id"])
    sent = table["sender"].map(lambda text: bool(names & set(text.split("|"))))
    due = table["periods"].map(lambda text: any(cutoff.code in DUE_AT[one] for one in text.split("|") if one))
    counted_here = table["breakdowns"].map(lambda text: "unit" in text.split("|"))
    worked_out = (table["kind"].isin(["derived", "context"])) | (
        (table["measure"] == "percent") & table["numerator"].isin(ids) & table["denominator"].isin(ids)
    )
    worked_out &= ~table["id"].isin({target.indicator for target in plan.targets})
    words = table["measure"].isin(["date", "status"])
    return table[sent & due & ~worked_out & ~counted_here & ~words & ~table["narrative_only"]].reset_index(
        drop=True
    )
