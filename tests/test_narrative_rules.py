"""What stands beside a judgement: other organisations' rules, and what a change of definition does by itself."""

from dataclasses import replace

import narrative_cases as cases
from narrative_cases import text

from vetanalysis.assessment.rules import side_by_side
from vetanalysis.blocks import Paragraph, Said, Text
from vetanalysis.language.cells import worded
from vetanalysis.language.render import sentence
from vetanalysis.narrative import evidence, methods
from vetanalysis.narrative.report import body
from vetanalysis.plan import load_plan


def test_rules_that_disagree_are_named_beside_our_judgement():
    vi, en = text(evidence.other_rules, cases.rate())
    assert "theo quy tắc của Eurostat là “đúng tiến độ”" in vi
    assert "các quy tắc không thống nhất" in vi
    assert "the judgement of this report: very unlikely (5-20%)" in en
    agreeing = replace(
        cases.rate(),
        anchors={
            "eurostat": Said("rules.on_track"),
            "escap": Said("rules.maintain"),
        },
    )
    assert "không thống nhất" not in sentence(evidence.other_rules(agreeing), "vi")


def test_rules_that_cannot_be_applied_are_named_once():
    idle = Said("rules.not_available")
    some = cases.rate(anchors={"eurostat": Said("rules.on_track"), "nhs": idle})
    vi, en = text(evidence.other_rules, some)
    assert "theo quy tắc của Eurostat là “đúng tiến độ”; chưa áp dụng được quy tắc của" in vi
    assert "“cannot be applied”" not in en
    none = cases.rate(anchors={"eurostat": idle, "un": idle}, points=(cases.point(2021, 57.2),))
    vi, en = text(evidence.other_rules, none)
    assert vi.startswith("Chưa áp dụng được quy tắc của Eurostat và Liên hợp quốc cho chỉ tiêu 62%")
    assert vi.endswith("vì mới có 1 số liệu cùng khái niệm.")
    assert en.endswith("its own definition has 1 figure only.")


def test_the_annex_has_one_table_of_rules_beside_this_reports_answer():
    """Eurostat and NHS classes worked out by hand in the tests of the rules; a rule that cannot be applied says so."""
    words = {rule: one.words for rule, one in side_by_side({2020: 56.0, 2021: 57.2}, 62.0, 2023).items()}
    idle = cases.rate(anchors={"eurostat": Said("rules.not_available")})
    table = worded(methods.other_rules([replace(cases.rate(), anchors=words), idle, cases.people()]), "vi")
    assert [column.label for column in table.columns][1:] == [
        "Eurostat", "Liên hợp quốc", "ESCAP", "Biểu đồ kiểm soát của ngành y tế Anh", "Báo cáo này",
    ]  # fmt: skip
    (row,) = table.rows
    assert row[4:] == (
        "Chỉ tiêu nằm ngoài mức dao động thường thấy, về phía khó đạt",
        "Rất ít khả năng đạt (5-20%)",
    )
    assert len(table.notes) == 1
    assert methods.other_rules([idle, cases.people()]) is None


def test_control_limits_stand_beside_the_other_rules():
    words = side_by_side({2020: 56.0, 2021: 57.2}, 62.0, 2023)
    said = replace(cases.rate(), anchors={rule: verdict.words for rule, verdict in words.items()})
    vi, en = text(evidence.other_rules, said)
    # mean 56.6, one moving range of 1.2: limits 53.4 and 59.8, 62 lies beyond the upper one
    assert (
        "ngành y tế Anh là “chỉ tiêu nằm ngoài mức dao động thường thấy, "
        "về phía khó đạt (giới hạn tạm tính từ 2 số liệu, cần 12)”" in vi
    )
    assert (
        "health service “the target lies outside the usual variation, on the hard side "
        "(trial limits from 2 figures, 12 are needed)”" in en
    )
    assert "không cho biết xác suất" in vi
    assert "give no probability" in en


def test_definition_effect_is_our_inference():
    vi, en = text(
        lambda one: evidence.definition_effect(one, cases.effect()),
        cases.rate(target=cases.rate_target(value=25)),
    )
    assert vi.startswith("Số tính toán để tham khảo, không phải số liệu công bố")
    assert "78.800 người" in vi
    assert "khoảng 24% lực lượng lao động năm 2021" in vi
    assert "số gần đúng" not in vi
    assert "đạt do thay đổi cách tính" in vi
    assert en.startswith("Worked out here, not a published figure")
    little = text(lambda one: evidence.definition_effect(one, cases.effect()), cases.rate())
    assert "change of definition" in en
    assert "change of definition" not in little[1], "62% lies too far for the definition to bring it"


def test_beside_a_figure_the_body_warns_of_what_the_definition_alone_did():
    near = cases.rate(target=cases.rate_target(value=25))
    vi, en = text(evidence.beside_definition, near)
    assert vi.startswith(
        "Lưu ý: theo tính toán để tham khảo, riêng đổi khái niệm lực lượng lao động có thể đã đưa tỷ lệ"
    )
    assert en.startswith(
        "By a calculation, not a published figure, the new definition of the labour force alone may put"
    )
    assert any(said is not None and said.id == "trained_rate.beside_definition" for said in body(near)[0])
    for one in (
        cases.rate(),  # 62 % lies too far for the definition to bring it
        cases.rate(target=cases.rate_target(value=25), points=()),
        cases.rate(target=cases.rate_target(value=25, base="employed", concept="ICLS-19")),
    ):
        assert evidence.beside_definition(one) is None


def test_definition_effect_says_what_it_rests_on():
    rough = replace(cases.effect(), preliminary=True, one_population_base=False, sources=("x",))
    vi, en = text(
        lambda one: evidence.definition_effect(one, rough, {"x": Text("bảng X", "table X")}),
        cases.rate(),
    )
    assert "(323.200 người, số sơ bộ)" in vi
    assert "hai cuộc tổng điều tra dân số khác nhau nên chỉ là số gần đúng" in vi
    assert vi.endswith("nguồn số liệu gốc: bảng X.")
    assert "preliminary" in en
    assert en.endswith("sources of the figures: table X.")


def test_what_holds_of_two_levels_of_one_rate_stands_once_in_the_annex():
    low, high = (
        cases.rate(target=cases.rate_target(id=name, value=value))
        for name, value in (("a", 58.0), ("b", 62.0))
    )
    blocks = [methods.annex(load_plan("lang-son-2023"), some, {}) for some in ((low,), (low, high))]
    told = [
        [said for block in one if isinstance(block, Paragraph) for said in block.sentences] for one in blocks
    ]
    changes = [sum(said.key.startswith("targets.change") for said in some) for some in told]
    assert changes == [1, 1]
    assert len(told[1]) > len(told[0])
