"""Where nobody has reported a cut-off a reminder is written: what is owed by whom, what is known, and no report."""

import pytest
from opened import opened

from vetanalysis.blocks import LANGUAGES, Figure, Heading, OfficePlace, Paragraph, Table
from vetanalysis.documents.brief import message_of, page_of
from vetanalysis.narrative.count import required_against_seen
from vetanalysis.narrative.tables import answer
from vetanalysis.pipeline.record import answers_of
from vetanalysis.report import document_of, told_of

PLAN = "lang-son-2023-example"


@pytest.fixture(scope="module")
def study():
    """All returns of nine months have come, of the year none yet."""
    return opened(PLAN, "2023-FY")


def lines_of(document, kind):
    return [
        one.text
        for block in document.blocks
        if isinstance(block, Paragraph) and block.kind == kind
        for one in block.sentences
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_reminder_has_no_section_no_place_for_words_and_no_forecast(study, lang):
    document = document_of(study.at(lang=lang))
    assert [type(block) for block in document.blocks] == [Paragraph] * len(document.blocks)
    assert document.head.kind == ("THÔNG BÁO" if lang == "vi" else "NOTICE")
    told = " ".join(one.text for block in document.blocks for one in block.sentences)
    assert "13.900" not in told
    assert "13,900" not in told
    assert not any(word in told for word in ("khoảng dự báo 80%", "80% range", "khả năng đạt", "likely"))


@pytest.mark.parametrize(
    ("unit", "said", "number"),
    [
        ("20", "chưa đơn vị nào gửi báo cáo năm 2023", "8.758 người (9 tháng 2023), đạt 64,9% kế hoạch năm"),
        ("181", "chưa gửi báo cáo năm 2023", "328 người (9 tháng 2023), đạt 72,9% kế hoạch năm"),
    ],
)
def test_the_list_of_reports_and_the_notebooks_forecast_no_year_that_is_over_either(
    study, unit, said, number
):
    view = study.at(unit=unit, lang="vi")
    answers = answers_of(view, document_of(view), "")["answers"]
    people = next(one for one in answers if one["target"] == "people_enrolled")
    assert (people["verdict"]["vi"], people["number"]["vi"]) == (said, number)
    assert (people["status"], people["probability"], people["chance"]) == ("not_assessed", None, "")
    assert all(one["verdict"]["vi"] == "chờ số ước" for one in answers if one is not people)
    pace = required_against_seen(view.assessment("people_enrolled")).get("vi")
    assert pace.startswith("số đã báo cáo đến hết 9 tháng đầu năm 2023 còn thiếu "), "no quarter is left"


def test_who_owes_what_since_when_and_what_is_known(study):
    document = document_of(study)
    assert lines_of(document, "key") == [
        "Chưa có đơn vị nào trong 52 đơn vị gửi báo cáo năm 2023 hợp lệ.",
        "Đề nghị các đơn vị chưa báo cáo nêu tại phụ lục (đơn vị trực thuộc huyện, thành phố: do huyện, thành phố đôn "
        "đốc) gửi báo cáo năm 2023 (đã quá hạn) chậm nhất 5 ngày làm việc sau ngày ra thông báo này; hạn gửi là ngày "
        "15/12/2023 (cơ sở giáo dục nghề nghiệp) và 18/12/2023 (huyện, thành phố, sở, ngành).",
        "Đề nghị TT GDNN cấp tỉnh 2 gửi cả báo cáo 9 tháng đầu năm 2023 chưa có.",
        "Đề nghị UBND huyện Chi Lăng sửa hoặc giải trình 1 điểm kiểm tra của báo cáo trước, cùng báo cáo năm 2023.",
    ]
    *_, people, covered = lines_of(document, "body")
    assert "tính đến hết 9 tháng đầu năm 2023: đã tuyển 8.758 người, đạt 64,9% kế hoạch năm" in people
    assert covered.startswith("Có 22 trên 23 đơn vị đã báo cáo 9 tháng đầu năm 2023")
    assert "; khi đó còn thiếu 4.742 người" in people, "the year is over: so many lacked at nine months"
    (annex,) = document.appendices
    (table,) = annex.blocks
    assert isinstance(table, Table)
    assert len(table.rows) == 51
    assert table.notes == ("Ngoài ra, số liệu của chính Sở LĐTBXH chưa được tổng hợp.",)
    assert document.head.subject.startswith("Đôn đốc gửi báo cáo năm 2023 quá hạn thực hiện Kế hoạch")
    assert document.head.addressee == ("Các đơn vị chưa gửi báo cáo",)
    assert "/TB-" in document.head.number_line
    assert "Thông báo số" in annex.attached_to


def test_a_unit_is_reminded_of_its_own_report(study):
    document = document_of(study.at(unit="186"))
    assert lines_of(document, "key") == [
        "Báo cáo năm 2023 của huyện Hữu Lũng (hạn 18/12/2023): chưa gửi.",
        "Đề nghị UBND huyện Hữu Lũng gửi báo cáo năm 2023 (hạn 18/12/2023, đã quá hạn) chậm nhất 5 ngày làm "
        "việc sau ngày ra thông báo này.",
        "TT GDNN-GDTX Hữu Lũng và TT DVNN Hữu Lũng chưa gửi báo cáo năm 2023 (hạn 15/12/2023); đề nghị UBND huyện Hữu "
        "Lũng đôn đốc để gửi chậm nhất 5 ngày làm việc sau ngày ra thông báo này.",
    ]
    lead, *rest = lines_of(document, "body")[-2:]
    assert lead == "Chưa có báo cáo năm 2023 của đơn vị; số liệu mới nhất đã biết:"
    assert "tính đến hết 9 tháng đầu năm 2023: đã tuyển 437 người" in rest[0]
    seen = opened(PLAN, "2023-FY", known_by="2023-12-28").at(unit="186")
    assert (
        "đã quá hạn 10 ngày tính đến 28/12/2023) chậm nhất 5 ngày làm việc"
        in lines_of(document_of(seen), "key")[1]
    )
    assert document.appendices == ()


def test_a_unit_that_missed_two_cut_offs_is_told_how_far_its_last_figure_goes_and_that_both_lack(study):
    for lang, until, before in (
        ("vi", "98 người (đến hết 6 tháng đầu năm 2023)", "Số liệu 9 tháng đầu năm 2023 của đơn vị cũng chưa có."),
        (
            "en", "98 people (to the end of the first six months of 2023)",
            "Its figures for the first nine months of 2023 have not come, either.",
        ),
    ):  # fmt: skip
        *_, newest, lacking = lines_of(document_of(study.at(unit="gdnn-tinh-2", lang=lang)), "body")
        assert until in newest
        assert lacking == before
    assert "cũng chưa có" not in " ".join(lines_of(document_of(study.at(unit="186")), "body"))


def test_before_the_deadline_the_days_are_told_instead(study):
    early = opened(PLAN, "2023-FY", known_by="2023-12-01")
    told = lines_of(document_of(early), "key")
    assert "quá hạn" not in " ".join(told)
    assert told[0] == (
        "Đề nghị 51 đơn vị gửi báo cáo năm 2023: cơ sở giáo dục nghề nghiệp chậm nhất ngày 15/12/2023; huyện, thành "
        "phố và sở, ngành chậm nhất ngày 18/12/2023."
    )
    assert [one.split(" gửi cả")[0].split(" sửa hoặc")[0] for one in told[1:]] == [
        "Đề nghị TT GDNN cấp tỉnh 2",
        "Đề nghị UBND huyện Chi Lăng",
    ]
    assert document_of(early).head.subject.startswith("Nhắc hạn gửi báo cáo năm 2023 thực hiện")
    own = lines_of(document_of(early.at(unit="187", lang="en")), "key")
    assert own[0].endswith("please send the report for 2023 by 18 December 2023.")
    assert "correct or explain the 1 point that the checks found in earlier reports" in own[1]


def test_the_screen_says_that_it_is_a_reminder(study):
    assert "văn bản đôn đốc, không phải báo cáo kết quả" in answer(study, "vi")
    assert "a reminder, not a report of results" in answer(study, "en")
    assert "đôn đốc" not in answer(study.at("2023-9M"), "vi")


def test_where_anybody_reported_it_is_a_report(study):
    nine = document_of(study.at("2023-9M"))
    assert {Heading, OfficePlace, Table, Figure} <= {type(block) for block in nine.blocks}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_short_form_reminds_too(study, lang):
    told = told_of(study.at(lang=lang))
    page = page_of(told)
    message = message_of(page, study.unit.label, lang, study.plan.words)
    assert len(message) <= 400
    lines = " ".join(lines_of(document_of(study.at(lang=lang), page), "key"))
    assert "phụ lục" not in lines, "the page has none"
    assert "appendix" not in lines
    assert ("gửi báo cáo" if lang == "vi" else "please send") in message
