"""The whole report: its parts, what may stand in the text to be signed, and the manifest of figures."""

import json
import re
import unicodedata
from dataclasses import replace
from datetime import date

import narrative_cases as cases
import pytest

from vetanalysis.blocks import LANGUAGES, Figure, Heading, OfficePlace, Paragraph, Table, Text
from vetanalysis.language.cells import worded
from vetanalysis.language.render import sentence
from vetanalysis.narrative import methods, opening
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


def annexed(one):
    return worded(Paragraph(tuple(methods.notes(one, {}))), "vi").sentences


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


def test_the_opening_says_who_reports():
    signs = PLAN.signatory_on(date(2023, 10, 1))
    said = opening.occasion(PLAN, parse_cutoff("2023-9M"), "20")
    assert f"the {signs.organisation.en} reports on" in said.get("en")
    nobody = PLAN.model_copy(update={"report_signatory": ()})
    assert "reports on" in opening.occasion(nobody, parse_cutoff("2023-9M"), "20").get("en")


@pytest.mark.parametrize(("layout", "sources", "assigned", "there"), [
    ("decree-30", False, False, True), ("plain", True, False, True), ("plain", False, True, True),
    ("plain", False, False, False),
])  # fmt: skip
def test_a_plain_report_speaks_of_money_where_its_plan_has_sources_or_a_budget(
    layout, sources, assigned, there
):
    kept = PLAN.indicators["id"].ne("budget_assigned") | assigned
    given = {"layout": layout, "indicators": PLAN.indicators[kept]} | (
        {} if sources else {"funding_sources": ()}
    )
    plan = PLAN.model_copy(update=given)
    told = compose.report_document(plan, ASSESSMENTS, as_of="2023-start", sources={})
    assert ("report.heading.funding" in [one.text.key for one in blocks(told, Heading)]) == there


def test_a_report_of_the_whole_year_is_dated_when_it_is_due():
    # the window of the year 2023 closes on 14 December 2023
    assert report("vi", as_of="2023-FY").head.place_date.endswith("năm 2023")


def test_only_a_report_on_a_year_with_figures_tells_results():
    """Of the year 2023 nothing is known: the newest of these figures are of 2021."""
    assert report("vi", as_of="2023-9M").head.subject == (
        "Đánh giá khả năng thực hiện Kế hoạch triển khai công tác giáo dục nghề nghiệp năm 2023 trên địa bàn tỉnh Lạng "
        "Sơn, số liệu tính đến 9 tháng đầu năm 2023"
    )
    assert report("en", as_of="2023-9M").head.subject.startswith("Prospects under the plan for vocational")
    known = cases.rate(points=(cases.point(2021, 57.2), cases.point(2023, 60.8, period="2023-H1")))
    assert report("vi", (known,), as_of="2023-9M").head.subject.startswith(
        "Kết quả 9 tháng đầu năm 2023 thực hiện"
    )
    assert report("vi", (known,)).head.subject.startswith("Đánh giá khả năng thực hiện Kế hoạch")


def test_who_reports_who_receives_and_who_signs_is_said_or_a_marked_place():
    """A ministry has no body above it; who signs "by order of the minister" does so in a position."""
    plan = load_plan("viet-nam-2025")
    at = parse_cutoff("2025-H1")
    head, signature = (
        worded(one, "vi") for one in (opening.head(plan, at, "VN"), opening.signature(plan, at))
    )
    assert head.addressee == ("[cơ quan nhận báo cáo]",)
    assert signature.lines == ("TL. BỘ TRƯỞNG", "[CHỨC VỤ NGƯỜI KÝ]")
    assert signature.recipients == ("Như trên", "Lưu: VT")
    nobody = PLAN.model_copy(update={"report_signatory": ()})
    head, signature = (
        worded(one, "en") for one in (opening.head(nobody, at, "20"), opening.signature(nobody, at))
    )
    assert (head.issuing_body, head.addressee) == ("[REPORTING BODY]", ("[addressee]",))
    assert head.place_date.startswith("[place], ")
    assert signature.lines == ("[POSITION OF THE SIGNATORY]",)


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


def test_the_answer_comes_first_in_a_few_lines_a_table_and_a_picture():
    figures = tuple(Figure(f"fan-{name}", "t", b"", "a", "c") for name in ("people_enrolled", "trained_rate"))
    document = report("vi", figures=figures)
    assert [type(block) for block in document.blocks[1:4]] == [Paragraph, Table, Figure]
    assert document.blocks[3].id == "fan-trained_rate"
    assert [one.text for one in document.blocks[1].sentences[:4]] == [
        "Kết quả: tỷ lệ lao động qua đào tạo 57,2% (năm 2021).",
        "So với chỉ tiêu đến hết năm 2023: còn thiếu 4,8 điểm phần trăm để đạt 62%.",
        "So với năm 2020 (56,0%): năm 2021 tăng 1,2 điểm phần trăm.",
        "Theo diễn biến đến nay: rất ít khả năng đạt (khoảng 15%), mức dự báo 59,6%.",
    ]
    asked = document.blocks[1].sentences[4].text
    assert re.match(
        r"Việc cần làm: \(1\) Sở Lao động - Thương binh và Xã hội trình UBND tỉnh Lạng Sơn giải pháp về tỷ lệ",
        asked,
    )


def test_people_counted_in_the_year_lead():
    counted = {"as_of": "2023-9M", "so_far": 8758.0, "received": 22, "due": 23, "same_period": 8025.0}
    judged = {"gap": 4742.0, "probability": 0.7, "status": "likely", "scope_unstated": False}
    one = cases.people(**counted, late=(Text("A", "A"),), **judged)
    lines = report("vi", (cases.rate(), one), as_of="2023-9M").blocks[1].sentences
    assert [line.text for line in lines[:4]] == [
        "Kết quả 9 tháng đầu năm 2023: đã tuyển 8.758 người, của 22/23 đơn vị đã báo cáo.",
        "So với kế hoạch: đạt 64,9% của 13.500 người, còn thiếu 4.742 người.",
        "So với cùng kỳ năm 2022: bằng 109,1% (8.025 người của cùng 22 đơn vị).",
        "Theo diễn biến đến nay: có khả năng đạt (khoảng 70%), mức dự báo 12.800 người.",
    ]


def test_a_closed_year_has_results_only():
    closed = cases.people(
        as_of="2023-FY", projection=None, status="almost_no_chance", probability=0.0, so_far=13380.0, received=23,
        due=23, same_period=12585.0, points=(cases.point(2023, 13380, status="provisional"),), scope_unstated=False,
        gap=120.0,
    )  # fmt: skip
    document = report("vi", (closed,), as_of="2023-FY")
    told = " ".join(block.text for block in paragraphs(document, "key", "body"))
    assert "Đạt 13.380 người, bằng 99,1% kế hoạch, thiếu 120 người; bằng 106,3% so với năm 2022." in told
    assert re.search(r"Kết luận về số người[^:]*: không đạt \(số sơ bộ\)\.", told), "the target is named"
    assert not re.search("xác suất|dự báo|khả năng", told)
    row = blocks(document, Table)[0].rows[0]
    assert row[2:] == ("13.380 người (2023)", "99,1%", "□ không đạt (số sơ bộ)")


def test_what_a_signature_does_not_need_is_annexed():
    document = report("vi")
    body = " ".join(block.text for block in paragraphs(document, "key", "body", "list"))
    annex = document.appendices[-1]
    notes = " ".join(block.text for block in annex.blocks if isinstance(block, Paragraph))
    assert annex.title == "Phương pháp và nguồn số liệu"
    for words in ("năm 2010: 35,0%", "bình quân tăng 1,2 điểm phần trăm mỗi năm", "Số tính toán để tham khảo", "15,8%",
                  "nguồn:",
                  "tính trên lực lượng lao động", "giả định ban đầu"):  # fmt: skip
        assert words in notes
        assert words not in body


def test_a_latest_figure_of_medium_certainty_says_so_where_it_stands():
    one = cases.rate(points=(cases.point(2020, 56.0), cases.point(2021, 57.2, certainty="medium")))
    (told,) = (
        block
        for block in paragraphs(report("vi", (one,)), "body", "note")
        if "Số mới nhất là 57,2% (năm 2021)" in block.text
    )
    assert told.kind == "body"
    assert "Số liệu mới nhất lấy từ nguồn có độ tin cậy trung bình." in told.text


def test_a_target_of_less_than_high_certainty_says_so():
    national = cases.rate(target=cases.rate_target(id="national", certainty="unverified"))
    document = report("vi", (cases.unknown(), national))
    assert not paragraphs(document, "note")
    (told,) = (block for block in paragraphs(document, "body") if "Số mới nhất là" in block.text)
    assert "Chỉ tiêu chưa được đối chiếu với văn bản gốc." in told.text
    assert any("cần đối chiếu với văn bản gốc" in sentence.text for sentence in annexed(national))
    assert any("độ tin cậy" in note for note in blocks(document, Table)[0].notes)


def test_the_definition_effect_belongs_to_shares_of_the_labour_force():
    employed = cases.rate(target=cases.rate_target(base="employed", concept="ICLS-19"))
    for one, told in ((cases.rate(), True), (employed, False)):
        assert any(sentence.id.endswith("definition_effect") for sentence in annexed(one)) == told


def test_illustrative_figures_mark_the_whole_document():
    marked = report("vi", (cases.rate(illustrative=True),))
    assert marked.illustrative
    assert "MINH HỌA" in marked.banner
    assert any("số liệu minh họa" in block.text for block in paragraphs(marked, "body"))
    assert report("vi").banner == ""


def test_table_of_targets():
    table = blocks(report("vi"), Table)[0]
    trained = table.rows[0]
    assert trained[0] == "Tỷ lệ lao động qua đào tạo"
    assert trained[1:5] == ("62%", "57,2% (2021)", "-", "59,6% (56,9% - 62,2%)")
    assert trained[5] == "▽▽ rất ít khả năng đạt (khoảng 15%)"
    assert table.rows[1][2:5] == ("..", "-", "..")
    assert [table.tone(row, 5) for row in range(3)] == ["bad", "none", "bad"]
    assert table.values[0][5] == table.rows[0][5], "a workbook, too, says no more than is printed"
    assert len(table.notes) <= 3
    assert len(table.columns) == len(table.rows[0]) == len(table.values[0])
    assert table.values[0][2] == 57.2
    assert table.values[1][2] is None
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
    assert (
        "Đã tuyển 9.200 người, đạt 68,1% kế hoạch năm, bằng 115,0% so với cùng kỳ (8.000 người của cùng 9 đơn vị); "
        "còn thiếu 4.300 người." in signed
    )
    assert "mức dự báo trong năm 2023 là 12.800 người, bằng khoảng 95% chỉ tiêu" in signed
    assert "chưa báo cáo: Bình Gia và Đình Lập" in signed
    assert "13.700 người" not in signed  # other methods are annexed
    assert any("13.700 người" in sentence.text for sentence in annexed(one))
    assert compose.facts_manifest(document)["people_enrolled.total"]["same_period"] == 8000.0


def test_unstated_scope_is_marked_in_the_table():
    table = blocks(report("vi"), Table)[0]
    assert table.rows[2][2] == "12.000 người (2021)(*)"
    assert any("không nêu rõ phạm vi" in note for note in table.notes)


def test_other_figures_and_tables_follow_the_targets():
    figure = Figure("fan", "Hình", b"", "alt", "caption")
    extra = Table("x", "Bảng", (), ())
    document = report("vi", figures=(figure,), extra_tables=(extra,))
    kinds = [type(block) for block in document.blocks]
    assert document.blocks[kinds.index(Figure) + 1] == extra
    assert blocks(document, Table)[1] == extra


def test_a_figure_of_a_target_stands_with_it():
    figure = Figure("fan_people_enrolled", "Hình", b"", "alt", "caption", 80.0)
    document = report("vi", figures=(figure,))
    (place,) = (at for at, block in enumerate(document.blocks) if getattr(block, "id", "") == figure.id)
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
    assert document.head.subject.startswith("Đánh giá khả năng của huyện Cao Lộc thực hiện Kế hoạch")
    assert document.head.subject.endswith("số liệu tính đến đầu năm 2023")


def test_a_unit_is_given_notice_and_the_body_above_a_report():
    assert (report("vi").head.kind, report("en").head.kind) == ("BÁO CÁO", "REPORT")
    assert report("vi").head.number_line.endswith("/BC-LĐTBXH")
    to_unit = report("vi", unit="cdn-ls")
    assert to_unit.head.kind == "THÔNG BÁO"
    assert to_unit.head.number_line.endswith("/TB-LĐTBXH")
    assert "thông báo kết quả đánh giá 1 chỉ tiêu như sau" in to_unit.blocks[0].text
    assert "của Trường Cao đẳng nghề Lạng Sơn" in to_unit.head.subject


def test_before_any_return_a_unit_reads_of_the_people_asked_of_it_alone():
    document = report("vi", unit="183")
    assert not list(blocks(document, Heading)), "page one tells all"
    targets = next(block for block in document.blocks if isinstance(block, Table))
    assert [row[0] for row in targets.rows] == ["Số người được đào tạo"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_is_composed_and_sourced(lang):
    document = report(lang, sources=None)
    told = " ".join(block.text for block in (*document.blocks, *document.appendices[-1].blocks)
                    if isinstance(block, Paragraph))  # fmt: skip
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
        assert len(document.head.addressee) == 1
        headings = [one.text for one in blocks(document, Heading)]
        assert not [one for one in headings if "Nhiệm vụ" in one or "Tasks" in one]  # the plan has none
        assert {"vi": "2. Kinh phí", "en": "2. Funding"}[lang] in headings
        asked = " ".join(one.prompt for one in blocks(document, OfficePlace))
        assert "Ủy ban nhân dân" not in asked
        assert "People's Committee" not in asked


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_unit_with_several_targets_reads_once_before_the_year_begins_what_is_asked_of_it(lang):
    plan = load_plan("lang-son-2023-example")
    both = [
        cases.people(unit="178", target=cases.people_target().model_copy(update={"id": name, "value": 120.0}))
        for name in ("people_enrolled", "people_enrolled_again")
    ]
    told = compose.report_document(plan, both, as_of="2023-start", unit="178", sources={})
    every = paragraphs(worded(told, lang), "key", "body", "list")
    who = {"vi": "Việc đề nghị UBND thành phố Lạng Sơn: (1) ", "en": "Asked of the People's Committee of "}[
        lang
    ]
    assert " ".join(one.text for one in every).count(who) == 1
    assert sum(len(re.findall(r"\(\d\) ", one.text)) for one in every if one.kind == "key") == 2


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

    assert "pace_required" in asked("2023-start")
    assert asked("2023-9M") == set(), "what is still needed stands with the results"
    assert asked("2023-FY") == set()


def test_days_that_are_not_whole_months_are_told_in_the_annex():
    """Decree 09/2019/NĐ-CP: reports of nine months count from 15 December to 14 September."""
    vi, en = (sentence(methods.counted_days(PLAN, "2023-9M"), lang) for lang in LANGUAGES)
    assert vi.endswith("là tính từ ngày 15/12/2022 đến hết ngày 14/9/2023 theo kỳ báo cáo.")
    assert "15 December 2022" in en or "15/12/2022" in en
    assert methods.counted_days(PLAN, "2023-start") is None
    assert methods.counted_days(load_plan("vinh-long-2022"), "2022-M08") is None


def test_the_first_line_says_of_how_many_units_it_is_where_some_are_missing():
    late = {"late": (Text("Huyện A", "A"),), "late_codes": ("a",)}
    some = cases.people(so_far=8758.0, received=22, due=23, reported_to="2023-9M", as_of="2023-9M", **late)
    first = opening._reached(some)
    assert sentence(first, "vi").startswith(
        "Kết quả 9 tháng đầu năm 2023: đã tuyển 8.758 người, của 22/23 đơn vị"
    )
    assert "8,758 people" in sentence(first, "en")
    assert "from 22 of 23 units" in sentence(first, "en")
    whole = replace(some, late=(), late_codes=(), received=23)
    assert "đơn vị" not in sentence(opening._reached(whole), "vi")
