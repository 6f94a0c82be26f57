"""A figure of the last report that is another now is said to be, where it is quoted and in the annex, with why."""

import json
import shutil
from dataclasses import asdict, replace
from types import SimpleNamespace

import narrative_cases as cases
import period_cases
import pytest
import raw_workbooks
from opened import keep_report, opened

from vetanalysis.assessment.issued import statement_of
from vetanalysis.blocks import LANGUAGES, Figure, Paragraph, Said, Table
from vetanalysis.language.cells import worded
from vetanalysis.language.render import sentence
from vetanalysis.narrative import of_period
from vetanalysis.narrative.asked import outcome
from vetanalysis.narrative.period import Revised
from vetanalysis.narrative.report import sentences
from vetanalysis.paths import reports_at
from vetanalysis.periods import parse_cutoff
from vetanalysis.report import (
    _causes,
    _changed,
    _counted,
    _facts,
    document_of,
    last_report,
    period_of,
    reported,
)

PLAN = "lang-son-2023-example"
COLLEGE = "CĐ nghề Lạng Sơn"


@pytest.fixture(scope="module")
def study():
    return opened(PLAN, "2023-9M")


def said_in(document, part):
    paragraphs = [block for block in document.blocks if isinstance(block, Paragraph)]
    annexed = [block for one in document.appendices for block in one.blocks if isinstance(block, Paragraph)]
    return [one.text for block in (*paragraphs, *annexed) for one in block.sentences if part in one.text]


def test_a_return_sent_again_after_the_last_report_revises_what_it_said(study):
    """At six months the college first sent 200 people, later 162: 4,571 in all became 4,533, 8,929 missing 8,967."""
    (quoted,) = said_in(document_of(study), "(đã hiệu chỉnh từ")
    assert (
        "số còn thiếu giảm từ 8.967 người (đã hiệu chỉnh từ 8.929 người) xuống nhiều nhất 4.644 người"
        in quoted
    )
    (annexed,) = said_in(document_of(study), "nay là 4.533 người")
    why = f"nay là 4.533 người do {COLLEGE} (-38) gửi lại báo cáo."
    then = "số 6 tháng đầu năm 2023 là 4.571 người theo báo cáo nhận đến ngày 20/6/2023 (tính lại)"
    assert annexed.endswith(f"{then}, {why}")
    (english,) = said_in(document_of(study.at(lang="en")), "(revised from")
    assert "has fallen from 8,967 (revised from 8,929) to at most 4,644" in english


def test_a_unit_reads_of_its_own_figure_and_of_no_other(study):
    (new,) = period_of(study.at(unit="cdn-ls")).revised
    assert (new.before - new.now, new.again, new.late) == (38.0, (("cdn-ls", -38.0),), ())
    (told,) = said_in(document_of(study.at(unit="cdn-ls")), "gửi lại báo cáo")
    assert f"nay là {new.now:.0f} người do {COLLEGE} (-38)" in told
    assert not said_in(document_of(study.at(unit="186")), "hiệu chỉnh")


def test_what_a_made_report_said_is_what_was_revised(study, tmp_path):
    """One that was made from all returns already said 4,533: nothing was revised since."""
    before = study.at("2023-H1")
    for gap, revised in (
        (8967.0, False),
        (9000.0, True),
        (13500.0, False),
    ):  # the last had counted nobody yet
        made = [asdict(statement_of(one)) for one in reported(before)]
        made[-1]["gap"] = gap
        folder = tmp_path / f"{gap:.0f}" / PLAN / "2023-H1" / "20" / "vi"
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text(json.dumps({"statements": made}), encoding="utf-8")
        with reports_at(tmp_path / f"{gap:.0f}"):
            found = [new for new in period_of(study).revised if new.target == "people_enrolled"]
        assert bool(found) == revised
        forget(study, "20")


def test_late_returns_are_named_as_late():
    facts = period_cases.facts(
        revised=(
            Revised("people_enrolled", "2023-9M", 8280.0, 8758.0, late=(("186", 300.0), ("183", 178.0))),
        )
    )
    (told,) = of_period.revisions(cases.people(), facts)
    since = "Số 9 tháng đầu năm 2023 đã hiệu chỉnh từ 8.280 người thành 8.758 người"
    assert sentence(told, "vi") == f"{since} do Hữu Lũng (+300) và Cao Lộc (+178) gửi báo cáo muộn."
    assert sentence(told, "en").endswith(
        "because Hữu Lũng district (+300) and Cao Lộc district (+178) reported late."
    )


def test_causes_of_a_revision_add_up_to_it(study):
    """A centre without a half-year return told its figure of nine months late; of others nothing changed.

    From 8,280 known in time to 8,910: 478 people came late, 152 only with a later return. Of a report that had
    printed 8,758 the later ones alone are the cause; where nothing adds up, nobody is named.
    """
    facts = period_of(study)
    late, again, first = "gdnn-tu-thuc-2", "cdn-ls", parse_cutoff("2023-H1")
    now = facts.counted.flow("20").told_at(2)
    then = study.last and _counted(study.last).flow("20").told_at(2)
    assert float(now.sum() - then.sum()) == -38
    assert _causes(study, facts, first, -38.0, "2023-06-20") == {"again": ((again, -38.0),)}
    assert _causes(study, facts, first, -38.0, "2023-12-31") == {"later": ((again, -38.0),)}
    assert _causes(study, facts, first, -40.0, "2023-06-20") == {}
    new = Revised(
        "people_enrolled", "2023-9M", 8280.0, 8910.0, late=((late, 478.0),), later=(("gdnn-tinh-2", 152.0),)
    )
    (told,) = of_period.revisions(cases.people(), replace(facts, revised=(new,)))
    assert "Private vocational centre 2 (+478) reported late and" in sentence(told, "en")
    assert sentence(told, "en").endswith(
        "Provincial vocational centre 2 (+152) reported it only with a later return."
    )


def test_who_holds_a_report_made_after_the_late_returns_finds_its_figure(study):
    """8,280 on the day it was due, 8,758 with the late return, 8,910 with what came only later: all three, in steps."""
    new = Revised(
        "people_enrolled", "2023-9M", 8280.0, 8910.0, late=(("gdnn-tu-thuc-2", 478.0),),
        later=(("gdnn-tinh-2", 152.0),), known_by="2023-09-20",
    )  # fmt: skip
    (told,) = of_period.revisions(cases.people(), replace(period_of(study), revised=(new,)))
    assert sentence(told, "vi") == (
        "Số 9 tháng đầu năm 2023 là 8.280 người theo báo cáo nhận đến ngày 20/9/2023 (tính lại), 8.758 người sau khi "
        "TT GDNN tư thục 2 (+478) gửi báo cáo muộn, nay là 8.910 người do TT GDNN cấp tỉnh 2 (+152) đến báo cáo sau "
        "mới có số."
    )
    assert (
        "(recalculated), 8,758 people after Private vocational centre 2 (+478) reported late, and is"
        in sentence(told, "en")
    )


def test_a_figure_known_in_time_only_through_those_below_a_unit_says_so(study):
    """Đình Lập's own return came on 25 September; its two institutions had reported their people by the 15th."""
    new = Revised(
        "people_enrolled", "2023-9M", 8280.0, 8758.0, late=(("gdnn-tu-thuc-2", 478.0),), known_by="2023-09-20",
        below=(("189", 243.0),),
    )  # fmt: skip
    (told,) = of_period.revisions(cases.people(), replace(period_of(study), revised=(new,)))
    assert "20/9/2023 (tính lại; Đình Lập (243) theo báo cáo của đơn vị trực thuộc)" in sentence(told, "vi")
    assert "(recalculated; Đình Lập district (243) by the returns of units below it)" in sentence(told, "en")


def test_a_published_rate_that_was_revised():
    facts = period_cases.facts(revised=(Revised("trained_rate", "2021-FY", 57.0, 57.2),))
    (told,) = of_period.revisions(cases.rate(), facts)
    assert sentence(told, "vi") == "Số năm 2021 đã hiệu chỉnh từ 57,0% thành 57,2% do nguồn công bố số mới."
    _, listed = of_period.revised_figures([cases.rate()], facts)
    assert worded(listed, "vi").text.startswith("Tỷ lệ lao động qua đào tạo: số năm 2021 đã hiệu chỉnh")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_said_where_nothing_was_revised(lang):
    one = cases.people(gap=4742.0, probability=0.68)
    then = statement_of(replace(one, gap=8967.0, probability=0.56))
    told = sentence(of_period.since_last(one, then, "2023-H1"), lang)
    assert "hiệu chỉnh" not in told
    assert "revised" not in told
    assert of_period.revised_figures([one], period_cases.facts()) == ()


def test_the_notice_to_a_unit_and_the_unit_s_own_report_are_two_papers():
    one = cases.people(gap=4742.0, probability=0.68)
    then = statement_of(replace(one, gap=8967.0, probability=0.56))
    told = of_period.since_last(one, then, "2023-H1", notice=True)
    assert "thông báo 6 tháng đầu năm 2023 gửi đơn vị" in sentence(told, "vi")
    assert "the notice to the unit for H1 2023, the chance" in sentence(told, "en")
    silent = {
        "period": "2023-H1",
        "asked": False,
        "earlier": "",
        "day": "",
        "people": None,
        "later": "2023-9M",
    }
    own = Said("period.asked.own.return", **silent)
    assert sentence(own, "en") == "The unit’s own report for H1 2023 never came."
    assert sentence(own, "vi") == "Báo cáo 6 tháng đầu năm 2023 của đơn vị: đơn vị không gửi."


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The year with every return of the example and those of its end."""
    folder = tmp_path_factory.mktemp("returns")
    for root in (raw_workbooks.RETURNS, raw_workbooks.TRUTH):
        for period in root.glob("20*"):
            shutil.copytree(period, folder / period.name)
    return opened(PLAN, "2023-FY", returns=str(folder))


def asked(view):
    return next((one for one in sentences(document_of(view)) if one.id.startswith("asked_before")), None)


def test_the_next_report_says_what_came_of_the_people_asked_for(study):
    """At six months nine units were behind, asked for 1,367 people by 14 September; 1,450 came, six had theirs."""
    told = asked(study).text
    assert (
        "9 đơn vị cần tuyển 1.367 người chậm nhất ngày 14/9/2023, đã tuyển 1.450 người, 6 đơn vị đủ số"
        in told
    )
    assert "(chưa đủ: huyện Hữu Lũng, huyện Tràng Định và huyện Lộc Bình)" in told
    others = ". Các đơn vị khác (14) cần tuyển 2.728 người, đã tuyển 2.873 người, 10 đơn vị đủ số, "
    assert f"{others}1 đơn vị chưa báo cáo;" in told
    rest = ("178", "181", "182", "183", "184", "189", "cd-cnnl-db", "cdn-ls", "cdyt-ls", "gdnn-cong-doan",
            "gdnn-tu-thuc-2", "khuyen-nong", "truong-cong-dong")  # fmt: skip
    sheets = [asked(study.at(unit=unit)).facts for unit in rest]
    assert sum(one["came"] for one in sheets) == 2873, "as their own sheets say; one has sent nothing"
    assert sum(one["came"] >= one["asked"] for one in sheets) == 10
    own = asked(study.at(unit="186", lang="en"))
    assert own.text.endswith(": 234 people asked for by 14 September 2023, 201 came.")
    assert (own.facts["asked"], own.facts["came"]) == (234.0, 437.0 - 236.0)


def test_it_says_who_has_sent_the_report_it_asked_for_and_who_has_not(whole):
    """On 20 September three returns were out: two came later, one never; its 152 people came with the year's."""
    told = asked(whole).text
    assert "3 báo cáo 9 tháng đầu năm 2023 quá hạn, 2 đã gửi, 1 chưa gửi (TT GDNN cấp tỉnh 2)" in told
    assert (
        "5 đơn vị cần tuyển 999 người chậm nhất ngày 14/12/2023, đã tuyển 813 người, không đơn vị nào đủ số"
        in told
    )
    assert (
        ". Các đơn vị khác (16) cần tuyển 3.241 người, đã tuyển 3.392 người, 8 đơn vị đủ số; 2 đơn vị khi đó "
        "chưa báo cáo cần tuyển nhiều nhất 559 người, đã tuyển 474 người; 3 báo" in told
    )  # of Đình Lập its centres had reported
    silent = " ".join(asked_of_unit(whole, "gdnn-tinh-2"))
    assert "cần tuyển nhiều nhất 162 người chậm nhất ngày 14/12/2023, đơn vị đã tuyển 116 người." in silent
    assert "đơn vị không gửi, 152 người tính đến hết kỳ này chỉ có trong báo cáo năm 2023." in silent
    people, late = asked_of_unit(whole, "gdnn-tu-thuc-2")
    assert people.endswith(
        "cần tuyển nhiều nhất 397 người chậm nhất ngày 14/12/2023, đơn vị đã tuyển 358 người."
    )
    assert late.endswith("đơn vị gửi ngày 26/9/2023.")


def forget(view, unit):
    """What is told of a unit is told anew, of the reports that are at hand then."""
    for key in [key for key in view.parts if key[0] in ("told", "worded", "made") and unit in key]:
        view.parts.pop(key)


def asked_of_unit(view, unit):
    told = sentences(document_of(view.at(unit=unit)))
    return [one.text for one in told if one.id.startswith("asked_before")]


def test_people_come_since_are_counted_from_what_is_known_now_of_the_last_cutoff(study, tmp_path):
    """The college's half year was corrected from 800 to 762: 1,853 at nine months are 1,091 more, not 1,053."""
    keep_report(tmp_path, opened(PLAN, "2023-H1", unit="cdn-ls", known_by="2023-06-20"))
    with reports_at(tmp_path):
        (told,) = asked_of_unit(study, "cdn-ls")
    forget(study, "cdn-ls")
    assert told.endswith("cần tuyển 986 người chậm nhất ngày 14/9/2023, đơn vị đã tuyển 1.091 người.")


def test_a_notice_that_reminded_of_a_report_is_answered_in_the_next_one(whole, tmp_path):
    """The private centre's nine-month report was overdue on 20 September and came on the 26th."""
    unit = "gdnn-tu-thuc-2"
    keep_report(tmp_path, opened(PLAN, "2023-9M", unit=unit, known_by="2023-09-20"))
    forget(whole, unit)
    with reports_at(tmp_path):
        people, late = asked_of_unit(whole, unit)
    forget(whole, unit)
    notice = "Kết quả thực hiện đề nghị tại thông báo 9 tháng đầu năm 2023: "
    assert people.startswith(f"{notice}cần tuyển nhiều nhất 397 người")
    assert late == f"{notice}báo cáo 9 tháng đầu năm 2023 quá hạn, đơn vị gửi ngày 26/9/2023."


def test_what_was_asked_is_what_the_report_before_holds(study, tmp_path):
    """A report kept in the folder is quoted: what it asked for, of whom, and nothing that it did not ask for."""
    told = {
        "by_year_end": {"asked": {"soon": {"186": 234.0}, "by_end": {"186": 524.0}}},
        "send_now": {"units": ["cdn-ls"]}, "clear_up": {"findings": 2},
    }  # fmt: skip
    keep_report(tmp_path, study.at("2023-H1"), told)
    with reports_at(tmp_path):
        found = sentence(outcome(period_of(study)), "vi")
    forget(study, "20")
    assert found == (
        "Kết quả thực hiện đề nghị tại báo cáo 6 tháng đầu năm 2023: 1 đơn vị cần tuyển 234 người chậm nhất ngày"
        " 14/9/2023, đã tuyển 201 người, không đơn vị nào đủ số; 1 báo cáo 6 tháng đầu năm 2023 quá hạn, 1 đã gửi;"
        " 2 điểm kiểm tra cần sửa, 2 đã sửa bằng báo cáo gửi lại."
    )


def test_the_picture_says_which_of_its_figures_the_last_report_had_otherwise(whole, tmp_path):
    """The nine-month report printed 8,758; the year's picture draws 8,910, with 152 people that came later."""
    captions = [one.caption for one in document_of(whole).blocks if isinstance(one, Figure)]
    assert captions[0].endswith(" 9 tháng 2023: 8.910 (nhận đến 20/9/2023: 8.280).")
    assert "hiệu chỉnh" not in "".join(captions[1:])
    keep_report(tmp_path, opened(PLAN, "2023-9M"), {})
    forget(whole, "20")
    with reports_at(tmp_path):
        captions = [one.caption for one in document_of(whole).blocks if isinstance(one, Figure)]
    assert captions[0].endswith(" 9 tháng 2023 hiệu chỉnh thành 8.910 (đã báo cáo 8.758).")
    forget(whole, "20")


def listed(document):
    """The rows of the table of figures that are others now, by quantity and period, and its notes."""
    every = [block for one in document.appendices for block in one.blocks]
    (table,) = [block for block in every if isinstance(block, Table) and block.id == "changed"]
    return {(row[0], row[2]): row[3:] for row in table.rows}, table.notes


def test_every_figure_that_an_earlier_report_printed_and_that_is_another_now_is_listed(whole, tmp_path):
    """The nine-month report printed 8,744 in training, 8,923 graduated, 371 who left; now 8,830, 9,109 and 374."""
    keep_report(tmp_path, opened(PLAN, "2023-9M"), {})
    forget(whole, "20")
    with reports_at(tmp_path):
        rows, notes = listed(document_of(whole))
    forget(whole, "20")
    nine_months = {label: told for (label, period), told in rows.items() if period == "9 tháng 2023"}
    assert nine_months["Số người đang học cuối kỳ"] == ("8.744", "8.830")
    assert nine_months["Số người tốt nghiệp"] == ("8.923", "9.109")
    assert nine_months["Số người thôi học"] == ("371", "374")
    assert "Số người tuyển mới" not in nine_months, "told above, with why"
    assert not [period for _, period in rows if period == "6 tháng 2023"], "told by the nine-month report"
    assert notes == ()


def test_without_a_report_the_last_one_is_worked_out_anew_and_no_earlier_one(whole, study):
    found = _changed(whole, replace(_facts(whole), **last_report(whole), revised=()))
    assert {one.known_by for one in found} == {"2023-09-20"}
    at_nine = _changed(study, replace(_facts(study), **last_report(study), revised=()))
    half = {
        one.line["id"]: (one.before, one.line["value"]) for one in at_nine if one.line["period"] == "2023-H1"
    }
    assert half["people_enrolled"] == (4571.0, 4533.0)
    assert {one.known_by for one in at_nine} == {"2023-06-20"}


@pytest.mark.parametrize(("day", "known"), [("2023-06-21", True), ("2023-12-31", False)])
def test_a_signed_report_printed_what_was_known_on_its_day(study, day, known):
    """The college sent its half year again after 20 June: a report signed later printed 4,533 itself."""
    signed = SimpleNamespace(unit="20", as_of="2023-H1", on=day)
    held = study.part("issued", of=tuple)
    study.parts[("issued",)] = (signed,)
    try:
        found = _changed(study, replace(_facts(study), revised=()))
    finally:
        study.parts[("issued",)] = held
    half = {one.line["id"]: one.before for one in found if one.line["period"] == "2023-H1"}
    assert half.get("people_enrolled") == (4571.0 if known else None)
    assert not any(one.known_by for one in found)
