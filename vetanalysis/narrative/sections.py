"""The headings of a report and the prompts of the places where the office writes."""

from __future__ import annotations

from vetanalysis.text import Text

HEADINGS = {
    "direction": Text("I. Tình hình chỉ đạo, triển khai", "I. Direction and implementation"),
    "results": Text("II. Kết quả thực hiện", "II. Results"),
    "targets": Text("1. Chỉ tiêu chủ yếu", "1. Main targets"),
    "tasks": Text("2. Nhiệm vụ, giải pháp", "2. Tasks and measures"),
    "funding": Text("3. Kinh phí", "3. Funding"),
    "bodies": Text("4. Nhiệm vụ của các cơ quan, đơn vị", "4. Duties of the bodies"),
    "difficulties": Text("III. Khó khăn, hạn chế, nguyên nhân", "III. Difficulties and their causes"),
    "next": Text("IV. Phương hướng, nhiệm vụ kỳ tới", "IV. Next period"),
    "proposals": Text("V. Kiến nghị, đề xuất", "V. Proposals"),
}

LEADS = {
    "difficulties": Text("Khó khăn các đơn vị nêu:", "Difficulties, in the units' own words:"),
    "causes": Text("Nguyên nhân các đơn vị nêu:", "Causes, in the units' own words:"),
    "proposals": Text("Các đơn vị đề xuất:", "Proposals, in the units' own words:"),
}

OWN_LEADS = {
    "difficulties": Text("Khó khăn đơn vị nêu:", "Difficulties, in the unit's own words:"),
    "causes": Text("Nguyên nhân đơn vị nêu:", "Causes, in the unit's own words:"),
    "proposals": Text("Đơn vị đề xuất:", "Proposals, in the unit's own words:"),
}

SHEET = {
    "prospects": Text("I. Khả năng đạt chỉ tiêu", "I. Prospects of reaching the target"),
    "ahead": Text("II. Việc cần làm tiếp", "II. What to do next"),
    "results": Text("I. Kết quả tuyển mới", "I. People newly enrolled"),
    "reporting": Text("II. Chất lượng báo cáo", "II. Reporting"),
    "next": Text("III. Việc cần làm tiếp", "III. What to do next"),
}

PROMPTS = {
    "unit": Text(
        "Khó khăn, giải pháp, đề xuất của đơn vị.", "The unit's difficulties, measures and proposals."
    ),
    "direction": Text(
        "Các văn bản chỉ đạo, triển khai đã ban hành; việc giao chỉ tiêu, phân công nhiệm vụ.",
        "Directions issued; quotas given and duties assigned.",
    ),
    "task": Text("Kết quả nhiệm vụ", "Results of task"),
    "funding": Text(
        "Kinh phí đã giao, đã giải ngân theo từng nguồn.", "Funds assigned and disbursed by source."
    ),
    "causes": Text(
        "Khó khăn, hạn chế; nguyên nhân khách quan, nguyên nhân chủ quan.",
        "Difficulties; causes beyond the office's control and within it.",
    ),
    "next": Text("Nhiệm vụ trọng tâm, đơn vị thực hiện, thời hạn.", "Main tasks, who does them and by when."),
    "proposals": Text(
        "Kiến nghị với Trung ương, Ủy ban nhân dân tỉnh, các sở, ngành.",
        "Proposals to the central level, the People's Committee and departments.",
    ),
}
