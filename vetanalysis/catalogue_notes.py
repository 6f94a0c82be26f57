"""Notes to the register that no plan file carries: law behind a definition, what breaks a series, parts of a ratio."""

from __future__ import annotations

from vetanalysis.text import Text

#: Ratios whose two parts have ids of their own: numerator, denominator.
MADE_OF = {
    "streaming_lower_secondary": ("lower_secondary_to_vet", "lower_secondary_leavers"),
    "streaming_upper_secondary": ("upper_secondary_to_vet", "upper_secondary_leavers"),
}
#: Averages: a unit's own figure only.
MEANS = ("income_after_training",)

_DECREE_97 = Text(
    "Nghị định 97/2016/NĐ-CP về nội dung chỉ tiêu thống kê quốc gia; từ năm 2023: Nghị định 94/2022/NĐ-CP",
    "Decree 97/2016/NĐ-CP on the content of national statistical indicators; since 2023 Decree 94/2022/NĐ-CP",
)
_SURVEY = Text(
    "điều tra lao động việc làm của cơ quan thống kê", "the statistics office's labour force survey"
)
_DECREE_522 = Text(
    "Quyết định 522/QĐ-TTg ngày 14/5/2018 về phân luồng học sinh",
    "Decision 522/QĐ-TTg of 14 May 2018 on streaming",
)
_DECREE_09 = Text(
    "Nghị định 09/2019/NĐ-CP, điều 8 và điều 12 về chế độ báo cáo",
    "Decree 09/2019/NĐ-CP, articles 8 and 12, on reporting",
)

SOURCES = {
    "trained_rate": _DECREE_97,
    "trained_workers": _DECREE_97,
    "certified_rate": _DECREE_97,
    "certified_workers": _DECREE_97,
    "labour_force": _SURVEY,
    "employed_workers": _SURVEY,
    "unemployment_rate": _SURVEY,
    "farm_labour_share": _SURVEY,
    "streaming_lower_secondary": _DECREE_522,
    "streaming_upper_secondary": _DECREE_522,
    "reports_on_time_share": _DECREE_09,
    "provincial_report_on_time_share": _DECREE_09,
    "reports_received_share": _DECREE_09,
    "reports_corrected": _DECREE_09,
}

_ICLS = Text(
    "Khái niệm lao động đổi năm 2021 (ICLS-19): người làm nông nghiệp tự tiêu dùng không còn trong lực lượng lao động",
    "The labour concept changed in 2021 (ICLS-19): own-use agricultural producers left the labour force",
)
_RATE = Text(
    _ICLS.vi + "; mẫu số khác (lao động có việc làm) và nơi công bố khác là chuỗi khác",
    _ICLS.en + "; another base (the employed) or another publisher is another series",
)
DEFAULT_BREAK = Text(
    "Đơn vị báo cáo thêm vào hoặc thôi báo cáo; cách đếm thay đổi giữa các kỳ",
    "Units that start or stop reporting; another way of counting from one period to the next",
)
TOTAL_BREAK = Text(
    "Đơn vị thêm vào hoặc thôi báo cáo; huyện và cơ sở cùng báo một lớp; lẫn đơn vị tính",
    "Units that start or stop reporting; a class reported by district and institution; mixed units of measure",
)
_EMPLOYED = Text(
    "Số tháng sau tốt nghiệp hoặc tỷ lệ theo dõi thay đổi; chỉ người được theo dõi nằm trong mẫu số",
    "Another number of months after graduation or another follow-up share; only those followed up are in the base",
)
BREAKS = {
    "trained_rate": _RATE,
    "trained_workers": _ICLS,
    "certified_rate": _RATE,
    "certified_workers": _ICLS,
    "certified_share_of_trained": Text(
        "Hai tỷ lệ phải cùng mẫu số, khái niệm và kỳ", "The two rates must have one base, concept and period"
    ),
    "labour_force": Text(
        _ICLS.vi + "; số cũ quy theo tổng điều tra 2009, số mới theo tổng điều tra 2019",
        _ICLS.en + "; older figures are raised to the 2009 census, newer ones to that of 2019",
    ),
    "employed_workers": _ICLS,
    "unemployment_rate": _ICLS,
    "farm_labour_share": _ICLS,
    "people_enrolled": Text(
        "Không cộng khóa dưới 3 tháng, lượt người; huyện và cơ sở cùng báo một lớp; danh mục trình độ đổi từ năm 2026",
        "Courses under three months and enrolments (lượt) are not added; a class reported by district and "
        "institution; the list of levels changes in 2026",
    ),
    "people_trained": Text(
        "Phạm vi không nêu rõ: không so sánh được với số tuyển mới của ba trình độ",
        "Scope not stated: not comparable with new enrolments at the three levels",
    ),
    "people_in_training": Text(
        "Phải khớp: đầu năm + tuyển mới - tốt nghiệp - thôi học; chuyển lớp giữa hai cơ sở làm lệch",
        "Must agree: at the start + enrolled - graduated - dropped out; moves between institutions disturb it",
    ),
    "employed_after_training_rate": _EMPLOYED,
    "stable_job_rate": _EMPLOYED,
    "follow_up_rate": _EMPLOYED,
    "streaming_lower_secondary": Text(
        "Năm học khác năm kế hoạch; chỉ đủ sau tuyển sinh quý IV; hai nơi gửi",
        "The school year is not the plan year; complete only after the intake of the fourth quarter; two senders",
    ),
    "streaming_upper_secondary": Text(
        "Năm học khác năm kế hoạch; chỉ đủ sau tuyển sinh quý IV; hai nơi gửi",
        "The school year is not the plan year; complete only after the intake of the fourth quarter; two senders",
    ),
    "jobs_created": Text(
        "Huyện và Trung tâm Dịch vụ việc làm có thể cùng tính một người nên không cộng; mốc đếm mỗi năm khác nhau",
        "Districts and the job service centre may count one person twice and are not added; cut-offs differ by year",
    ),
    "disbursement_rate": Text(
        "Mẫu số là dự toán trung ương giao hay tỉnh giao phải ghi rõ",
        "Whether the base is the central or the provincial assignment must be stated",
    ),
    "cost_per_learner": Text(
        "Tiền của năm này trả cả cho người hoàn thành năm khác",
        "Money of one year also pays for those who complete in another",
    ),
    "linked_classes": Text(
        "Nơi chủ trì và nơi đặt lớp cùng báo một lớp",
        "A class reported by both the lead and the host institution",
    ),
    "linked_learners": Text(
        "Nơi chủ trì và nơi đặt lớp cùng báo một lớp",
        "A class reported by both the lead and the host institution",
    ),
}
