"""Words of the form: units of measure, drop-down lists, explanations. Vietnamese, as an office writes
them."""

from __future__ import annotations

from vetanalysis.periods import Cutoff

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

ILLUSTRATIVE = "SỐ LIỆU MINH HỌA"
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
