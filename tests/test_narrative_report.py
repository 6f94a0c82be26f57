"""The whole report: its parts, what may stand in the text to be signed, and the manifest of figures."""

import json
import re
import unicodedata

import narrative_cases as cases
import pytest

from vetanalysis.blocks import LANGUAGES, Figure, Heading, OfficePlace, Paragraph, Table, Text
from vetanalysis.language.cells import worded
from vetanalysis.narrative import opening
from vetanalysis.narrative import report as compose
from vetanalysis.periods import parse_cutoff
from vetanalysis.plan import load_plan

PLAN = load_plan("lang-son-2023")
ASSESSMENTS = (
    cases.rate(points=(cases.point(2010, 35.0, certainty="medium"), *cases.rate().points)),
    cases.unknown(),
    cases.people(),
)


def report(lang, assessments=ASSESSMENTS, **options):
    told = compose.report_document(PLAN, assessments, **({"as_of": "2023-start", "sources": {}} | options))
    return worded(told, lang)


def signed_and_notes(one):
    body, notes = compose.signed_and_notes(one, {})
    signed = [worded(Paragraph(tuple(group)), "vi").sentences for group in body]
    return signed, worded(Paragraph(tuple(notes)), "vi").sentences


def blocks(document, kind):
    return [block for block in document.blocks if isinstance(block, kind)]


def paragraphs(document, *kinds):
    return [block for block in blocks(document, Paragraph) if block.kind in kinds]


def test_head_block_by_decree_30():
    head = report("vi").head
    assert head.parent_body == "UBND TỈNH LẠNG SƠN"
    assert head.issuing_body == "SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI"
    assert re.fullmatch(r"Số: +/BC-LĐTBXH", head.number_line)
    assert re.fullmatch(r"Lạng Sơn, ngày +tháng +năm 2023", head.place_date)
    assert head.kind == "BÁO CÁO"
    assert head.addressee == ("Ủy ban nhân dân tỉnh Lạng Sơn",)
    assert head.national_title == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert report("en").head.national_title == "SOCIALIST REPUBLIC OF VIET NAM"


def test_a_report_of_the_whole_year_is_dated_when_it_is_due():
    # the window of the year 2023 closes on 14 December 2023
    assert report("vi", as_of="2023-FY").head.place_date.endswith("năm 2023")
    assert report("vi", as_of="2023-FY").head.subject.startswith("Kết quả năm 2023 thực hiện Kế hoạch")
    assert report("vi").head.subject.startswith("Đánh giá khả năng đạt chỉ tiêu")


def test_the_signatory_changes_with_the_date():
    assert report("vi").signature.lines == ("GIÁM ĐỐC",)
    assert report("vi").signature.name == ""
    assert "Lưu: VT, GDNN" in report("vi").signature.recipients

    later = worded(opening.head(PLAN, parse_cutoff("2025-H1"), "20"), "vi")
    assert later.issuing_body == "SỞ GIÁO DỤC VÀ ĐÀO TẠO"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sections_one_to_five(lang):
    titles = [block.text for block in blocks(report(lang), Heading) if block.level == 1]
    assert [title.split(".")[0] for title in titles] == ["I", "II", "III", "IV", "V"]
    assert len({block.prompt for block in blocks(report(lang), OfficePlace)}) == 5 + len(PLAN.tasks)


def test_both_languages_have_the_same_shape_and_the_same_figures():
    vi, en = report("vi"), report("en")
    assert [type(block) for block in vi.blocks] == [type(block) for block in en.blocks]
    assert compose.facts_manifest(vi) == compose.facts_manifest(en)
    ids = [sentence.id for sentence in compose.sentences(vi)]
    assert ids == [sentence.id for sentence in compose.sentences(en)]
    assert len(ids) == len(set(ids))


def test_the_answer_comes_first():
    first = report("vi").blocks[1].text
    assert "tỷ lệ lao động qua đào tạo 62%: rất ít khả năng đạt (5-20%), xác suất khoảng 15%" in first
    assert "chưa đủ dữ liệu để đánh giá" in first
    assert "số người được đào tạo 13.500 người: ít khả năng đạt (20-45%), xác suất khoảng 40%" in first


def test_only_figures_of_high_certainty_stand_in_the_text_to_be_signed():
    signed = " ".join(block.text for block in paragraphs(report("vi"), "body", "list"))
    notes = " ".join(block.text for block in paragraphs(report("vi"), "note"))
    assert "35,0%" not in signed
    assert "35,0% năm 2010" in notes
    assert "nhịp độ bình quân từ năm 2010" in notes
    assert "Suy luận" not in signed
    assert "Suy luận" in notes
    assert "15,8%" not in signed


def test_an_uncertain_latest_figure_moves_to_the_notes():
    one = cases.rate(points=(cases.point(2020, 56.0), cases.point(2021, 57.2, certainty="medium")))
    body, notes = signed_and_notes(one)
    assert not any("57,2%" in sentence.text for group in body for sentence in group)
    assert any("57,2%" in sentence.text for sentence in notes)


def test_a_target_of_less_than_high_certainty_is_only_noted():
    one = cases.rate(target=cases.rate_target(certainty="medium"))
    body, notes = signed_and_notes(one)
    assert body == []
    assert any("cần đối chiếu với văn bản gốc" in sentence.text for sentence in notes)


def test_less_certain_targets_are_answered_in_a_note_of_their_own():
    national = cases.rate(target=cases.rate_target(id="national", certainty="unverified"))
    document = report("vi", (cases.unknown(), national))
    assert document.blocks[1].kind == "body"
    assert document.blocks[2].kind == "note"
    assert "rất ít khả năng đạt" not in document.blocks[1].text
    assert "rất ít khả năng đạt (5-20%)" in document.blocks[2].text
    notes = " ".join(block.text for block in paragraphs(document, "note"))
    assert "từ nguồn chưa kiểm chứng" in notes


def test_the_definition_effect_belongs_to_shares_of_the_labour_force():
    employed = cases.rate(target=cases.rate_target(base="employed", concept="ICLS-19"))
    for one, told in ((cases.rate(), True), (employed, False)):
        _, notes = signed_and_notes(one)
        assert any(sentence.id.endswith("definition_effect") for sentence in notes) == told


def test_illustrative_figures_mark_the_whole_document():
    marked = report("vi", (cases.rate(illustrative=True),))
    assert marked.illustrative
    assert "MINH HỌA" in marked.banner
    assert any("số liệu minh họa" in block.text for block in paragraphs(marked, "body"))
    assert report("vi").banner == ""


def test_table_of_targets():
    table = blocks(report("vi"), Table)[0]
    trained = table.rows[0]
    assert trained[1] == "Tỷ lệ lao động qua đào tạo"
    assert trained[2:7] == ("62%", "57,2% (2021)", "59,6%", "56,9% - 62,2%", "15%")
    assert trained[7].endswith("rất ít khả năng đạt (5-20%)")
    assert table.rows[1][3:7] == ("..",) * 4
    assert len(table.columns) == len(table.rows[0]) == len(table.values[0])
    assert table.values[0][3] == 57.2
    assert table.values[1][3] is None
    assert "chưa có số liệu" in table.notes[0]


def test_what_the_year_has_counted():
    counted = {
        "so_far": 9200.0,
        "same_period": 8000.0,
        "received": 9,
        "due": 11,
        "late": (Text("Bình Gia", "Bình Gia district"), Text("Đình Lập", "Đình Lập district")),
    }
    one = cases.people(
        as_of="2023-9M", gap=4300.0, coverage=0.87, **counted, cross_checks={"chain_ladder": 13712.0}
    )
    document = report("vi", (one,), as_of="2023-9M")
    signed = " ".join(block.text for block in paragraphs(document, "body"))
    assert "9.200 người, đạt 68,1% kế hoạch năm, bằng 115,0% so với cùng kỳ" in signed
    assert "Ước thực hiện cả năm 2023" in signed
    assert "chưa báo cáo: Bình Gia và Đình Lập" in signed
    assert "Cùng kỳ năm 2022 của chính 9 đơn vị đã báo cáo là 8.000 người" in signed
    assert "13.700 người" not in signed  # other methods stand in a note
    assert "13.700 người" in " ".join(block.text for block in paragraphs(document, "note"))
    assert compose.facts_manifest(document)["people_enrolled.total"]["same_period"] == 8000.0


def test_unstated_scope_is_marked_in_the_table():
    table = blocks(report("vi"), Table)[0]
    assert table.rows[2][3] == "12.000 người (2021)(*)"
    assert any("không nêu rõ phạm vi" in note for note in table.notes)


def test_figures_and_tables_follow_the_table_of_targets():
    figure = Figure("fan", "Hình", b"", "alt", "caption")
    extra = Table("x", "Bảng", (), ())
    document = report("vi", figures=(figure,), extra_tables=(extra,))
    kinds = [type(block) for block in document.blocks]
    assert kinds.index(Figure) == kinds.index(Table) + 1
    assert blocks(document, Table)[1] == extra


def test_a_figure_of_a_target_stands_with_it():
    figure = Figure("fan_people_enrolled", "Hình", b"", "alt", "caption")
    document = report("vi", figures=(figure,))
    place = document.blocks.index(figure)
    headings = [block.text for block in document.blocks[:place] if isinstance(block, Heading)]
    assert headings[-1] == "c) Số người được đào tạo"


def test_manifest_is_plain_json():
    facts = compose.facts_manifest(report("vi"))
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts
    assert facts["trained_rate.headline"]["probability"] == 0.163
    assert facts["trained_rate.definition_effect"]["labour_force"] == 323200.0


def test_meta_says_what_it_was_made_from():
    meta = report("en", seed=7, known_by="2023-02-01").meta
    assert meta == {
        "plan": "lang-son-2023", "as_of": "2023-start", "unit": "20", "lang": "en", "seed": "7",
        "known_by": "2023-02-01",
    }  # fmt: skip


def test_a_unit_is_named():
    document = report("vi", unit="183")
    assert document.head.subject.startswith("Đánh giá khả năng của huyện Cao Lộc đạt chỉ tiêu")
    assert "của huyện Cao Lộc, số liệu tính đến đầu năm 2023," in document.blocks[0].text


def test_a_unit_is_given_notice_and_the_body_above_a_report():
    assert (report("vi").head.kind, report("en").head.kind) == ("BÁO CÁO", "REPORT")
    assert report("vi").head.number_line.endswith("/BC-LĐTBXH")
    to_unit = report("vi", unit="cdn-ls")
    assert to_unit.head.kind == "THÔNG BÁO"
    assert to_unit.head.number_line.endswith("/TB-LĐTBXH")
    assert "thông báo kết quả đánh giá 1 chỉ tiêu của Trường Cao đẳng nghề Lạng Sơn" in to_unit.blocks[0].text


def test_before_any_return_a_unit_reads_of_the_people_asked_of_it_alone():
    document = report("vi", unit="183")
    headings = [block.text for block in document.blocks if isinstance(block, Heading) and block.level == 1]
    assert headings == ["I. Khả năng đạt chỉ tiêu", "II. Đề nghị"]
    targets = next(block for block in document.blocks if isinstance(block, Table))
    assert [row[1] for row in targets.rows] == ["Số người được đào tạo"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_is_composed_and_sourced(lang):
    document = report(lang, sources=None)
    told = " ".join(block.text for block in blocks(document, Paragraph))
    assert told == unicodedata.normalize("NFC", told)
    assert {"vi": "Đài Phát thanh - Truyền hình Lạng Sơn", "en": "Lạng Sơn Radio and Television"}[
        lang
    ] in told


def test_a_plan_without_number_leaves_it_blank():
    assert re.search(r"\(số +/KH-UBND, ngày +tháng +năm +\)", report("vi").blocks[0].text)


def test_the_national_plan_too():
    plan = load_plan("viet-nam-2025")
    year = plan.years[0]
    for lang in LANGUAGES:
        told = compose.report_document(
            plan, (cases.rate(target=cases.rate_target(certainty="medium", period=f"{year}-FY")),),
            as_of=f"{year}-start", sources={},
        )  # fmt: skip
        document = worded(told, lang)
        assert document.head.parent_body == ""
        assert document.head.addressee == ()


def test_the_country_keeps_its_capital_and_a_province_is_named_by_its_kind():
    told = (opening.unit_name(load_plan("viet-nam-2025"), "VN").vi, opening.unit_name(PLAN, "20").vi)
    assert told == ("Việt Nam", "tỉnh Lạng Sơn")


def test_once_the_targets_year_is_over_no_pace_is_asked_for():
    def asked(as_of):
        told = report("vi", (cases.rate(as_of=as_of),), as_of=as_of)
        return {
            sentence.id.rpartition(".")[2]
            for block in blocks(told, Paragraph)
            for sentence in block.sentences
        } & {"pace_required", "for_80", "elsewhere"}

    assert "pace_required" in asked("2023-9M")
    assert "for_80" in asked("2023-9M")
    assert asked("2023-FY") == set()


def test_an_uncertain_targets_answer_stands_before_its_figure():
    figure = Figure("fan-trained_rate", "t", b"", "a", "c")
    one = cases.rate(target=cases.rate_target(certainty="medium"))
    document = report("vi", assessments=(one,), figures=(figure,))
    place = document.blocks.index(figure)
    assert document.blocks[place - 1].kind == "note"
    assert document.blocks[place - 1].sentences[0].id == "trained_rate.headline"
