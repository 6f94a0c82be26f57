"""What things are called in a sentence: bases, concepts, maturity, indicators, publishers, methods."""

from __future__ import annotations

from vetanalysis.blocks import Text, same

BASES = {
    "labour_force": Text(
        "tính trên lực lượng lao động từ 15 tuổi trở lên", "of the labour force aged 15 and over"
    ),
    "employed": Text(
        "tính trên lao động có việc làm từ 15 tuổi trở lên", "of employed persons aged 15 and over"
    ),
}

BASES_UNDERSTOOD = {
    name: Text(
        f"nguồn không nêu mẫu số, hiểu là {text.vi.removeprefix('tính trên ')}",
        f"base not printed in the source, taken as {text.en.removeprefix('of ')}",
    )
    for name, text in BASES.items()
}

CONCEPTS = {
    "ICLS-13": Text(
        "khái niệm lao động áp dụng trước năm 2021", "labour concept in force before 2021 (ICLS-13)"
    ),
    "ICLS-19": Text("khái niệm lao động áp dụng từ năm 2021", "labour concept in force since 2021 (ICLS-19)"),
    "administrative": Text("số liệu hành chính của địa phương, ngành", "administrative figure"),
}

MATURITY = {
    "final": Text("số chính thức", "final"),
    "provisional": Text("số sơ bộ", "provisional"),
    "estimate": Text("số ước", "estimate"),
}

SOURCE_CERTAINTY = {
    "medium": Text("có độ tin cậy trung bình", "of medium certainty"),
    "low": Text("có độ tin cậy thấp", "of low certainty"),
    "unverified": Text("chưa kiểm chứng", "that was not verified"),
}

CERTAINTY = {
    "high": Text("cao", "high"),
    "medium": Text("trung bình", "medium"),
    "low": Text("thấp", "low"),
    "unverified": Text("chưa kiểm chứng", "unverified"),
}

INDICATORS = {
    "trained_rate": Text("tỷ lệ lao động qua đào tạo", "trained-labour rate"),
    "certified_rate": Text(
        "tỷ lệ lao động qua đào tạo có bằng, chứng chỉ", "share of labour with a degree or certificate"
    ),
    "people_trained": Text("số người được đào tạo nghề", "number of people trained"),
    "people_enrolled": Text("số người tuyển mới", "number of people newly enrolled"),
    "people_graduated": Text("số người tốt nghiệp", "number of people graduated"),
    "jobs_created": Text("số lao động được tạo việc làm", "number of people given jobs"),
    "labour_force": Text("lực lượng lao động", "labour force"),
    "unemployment_rate": Text("tỷ lệ thất nghiệp", "unemployment rate"),
}

RULES = {
    "eurostat": Text("Eurostat", "Eurostat"),
    "un": Text("Liên hợp quốc", "the UN progress chart"),
    "escap": Text("ESCAP", "ESCAP"),
    "nhs": Text("biểu đồ kiểm soát của ngành y tế Anh", "the control charts of the English health service"),
}

METHODS = {
    "chain_ladder": Text("theo tỷ lệ phát triển giữa các quý của các năm trước", "by the chain ladder"),
    "bornhuetter_ferguson": Text(
        "theo phương pháp Bornhuetter - Ferguson", "by the Bornhuetter-Ferguson method"
    ),
    "last_share": Text("theo tỷ trọng cùng kỳ năm trước", "by last year's share at the same date"),
    "elapsed": Text("nếu chia đều theo thời gian", "by the time elapsed"),
}


def indicator(name: str, lang: str) -> str:
    """The name of an indicator inside a sentence; an unknown id stays as it is."""
    return INDICATORS.get(name, same(name)).get(lang)
