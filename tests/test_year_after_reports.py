"""What reports of a year say of the year before: what came of its requests, which of its counts moved since."""

import json
import re
import shutil
from dataclasses import asdict

import openpyxl
import pandas as pd
import pytest
from two_years import NEW, OLD, copied, data, send  # noqa: F401

import vetanalysis as va
from vetanalysis.assessment.issued import Statement, statement_of
from vetanalysis.narrative import asked
from vetanalysis.narrative.report import sentences
from vetanalysis.narrative.year_before import reported_on
from vetanalysis.paths import reports_at
from vetanalysis.pipeline.jobs import Report, inputs_of
from vetanalysis.report import document_of, period_of
from vetanalysis.study import open_study


@pytest.fixture
def closed(copied):  # noqa: F811
    """The end of 2023 came from one unit in time, from another late, from the first again in 2024; then 2024 began."""
    decided = copied / "plans" / NEW
    path = decided / "plan.yaml"
    text = path.read_text(encoding="utf-8").replace("certainty: unverified", "certainty: high")
    path.write_text(text, encoding="utf-8")
    quotas = pd.read_csv(decided / "quotas.csv", dtype=str, keep_default_na=False)
    quotas.assign(value="100", source="QĐ 2024").to_csv(decided / "quotas.csv", index=False)
    old, new, folder = va.load_plan(OLD), va.load_plan(NEW), copied / "returns"
    send(old, "178", "2023-FY", folder / OLD, day="2023-12-15", number=50.0)
    send(old, "180", "2023-FY", folder / OLD, day="2024-01-05", number=20.0)
    send(old, "178", "2023-FY", folder / OLD, day="2024-02-01", number=45.0)
    for unit in ("178", "180"):
        send(new, unit, "2024-Q1", folder / NEW, day="2024-03-15")
    return copied


def sentences_of(as_of, unit="20"):
    return {one.id: one.text for one in sentences(document_of(open_study(NEW, as_of, unit=unit, lang="en")))}


def test_a_report_says_that_the_year_before_is_another_than_its_last_report_knew_and_by_whom(closed):
    told = sentences_of("2024-Q1")
    assert "65 people for 2023 (50 before" in told["people_enrolled.moved_base"]
    listed = told["annex.people_enrolled.2023-FY"]
    assert "the figure for 2023 was 50 people" in listed
    assert "Tràng Định district (+20) reported late" in listed
    assert "Lạng Sơn city (-5) reported again" in listed
    assert "was 50 people" in sentences_of("2024-Q1", unit="178")["people_enrolled.revised.2023-FY"]
    plan = va.load_plan(NEW)
    send(plan, "178", "2024-H1", closed / "returns" / NEW, day="2024-06-17", number=60.0)
    later = sentences_of("2024-H1")  # told once in the body, in the annex of every report
    assert "people_enrolled.moved_base" not in later
    assert later["annex.people_enrolled.2023-FY"] == listed
    send(va.load_plan(OLD), "180", "2023-FY", closed / "returns" / OLD, day="2024-05-02", number=30.0)
    assert "75 people for 2023 (50 before" in sentences_of("2024-H1")["people_enrolled.moved_base"]


def test_the_first_report_follows_up_what_the_last_of_the_year_before_asked_for(closed):
    told = sentences_of("2024-Q1")["asked_before"]
    assert told.startswith("Due after 2023 (recalculated): ")
    assert re.search(r"\d+ overdue reports for 2023: 1 came \(Tràng Định district on 5 January 2024\)", told)
    own = sentences_of("2024-Q1", unit="180")["asked_before_2023-FY"]
    assert own.endswith("the overdue report for 2023 came on 5 January 2024.")
    assert "asked_before_2023-FY" not in sentences_of("2024-Q1", unit="178")
    send(va.load_plan(NEW), "178", "2024-H1", closed / "returns" / NEW, day="2024-06-17", number=60.0)
    assert "2023" not in sentences_of("2024-H1")["asked_before"]


def keep(reports, sentences, printed=50.0, unit="20", known_by=""):
    """A report on 2023 that was made and is kept: how many it printed, what its sentences said, up to when it read."""
    said = Statement(
        "people_enrolled", "2023-FY", 13500.0, "not_reached", "reported", projected=False, illustrative=True,
        probability=None, median=None, lower_80=None, upper_80=None, gap=13500.0 - printed,
    )  # fmt: skip
    folder = reports / OLD / "2023-FY" / unit / "en"
    folder.mkdir(parents=True)
    manifest = {"statements": [asdict(said)], "sentences": sentences, "parameters": {"known_by": known_by}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def of_nobody(path):
    """A return that says another unit's name, which nobody knows: a point to correct."""
    book = openpyxl.load_workbook(path)
    (cell,) = (
        one for one in next(book["Thông tin"].iter_cols()) if str(one.value).startswith("Đơn vị báo cáo:")
    )
    cell.value = "Đơn vị báo cáo: Cơ sở Xyz"
    book.save(path)


@pytest.fixture
def with_points(closed):
    """Of 181 in time, which sent it anew without, and of 182 after the report's day."""
    old, folder = va.load_plan(OLD), closed / "returns" / OLD
    of_nobody(send(old, "181", "2023-FY", folder, day="2023-12-15", number=13.0))
    of_nobody(send(old, "182", "2023-FY", folder, day="2024-01-09", number=14.0))
    send(old, "181", "2023-FY", folder, day="2024-02-20", number=13.0)
    return closed


def test_the_first_report_tells_causes_and_points_that_the_last_one_asked_for_and_no_others(with_points):
    told = sentences_of("2024-Q1")["asked_before"]
    assert (
        "2 units below quota were asked for the causes: none wrote of causes in the report for Q1 2024"
        in told
    )
    assert told.endswith("1 point of the checks: 1 corrected by a return sent anew.")
    facts = period_of(open_study(NEW, "2024-Q1"))
    assert asked.of_year_before(facts) == []  # the office is not asked for what is told
    assert "49 báo cáo năm 2023 quá hạn" in asked.outcome(facts).get("vi")


@pytest.mark.parametrize(("known_by", "points", "tells"), [("2024-01-10", 2, True), ("", 2, False)])
def test_points_of_a_report_that_read_returns_of_an_unknown_day_are_not_held_against_others(
    with_points, tmp_path, known_by, points, tells
):
    keep(tmp_path, {"clear_up": {"findings": points}}, known_by=known_by)
    with reports_at(tmp_path):
        told = sentences_of("2024-Q1").get("asked_before", "")
    assert (
        "2 points of the checks: 1 corrected by a return sent anew (left: Văn Lãng district)" in told
    ) == tells


@pytest.mark.parametrize(
    ("unit", "state", "owed"), [("178", None, False), ("178", "on_time", False), ("180", "missing", True)]
)
def test_a_unit_is_told_of_an_overdue_return_only_where_its_sheet_said_so(
    closed, tmp_path, unit, state, owed
):
    keep(tmp_path, {"lateness": {"state": state}} if state else {}, unit=unit)
    with reports_at(tmp_path):
        assert ("asked_before_2023-FY" in sentences_of("2024-Q1", unit=unit)) == owed


def test_nobody_owes_a_return_of_a_year_of_which_none_is_kept(closed):
    shutil.rmtree(closed / "returns" / OLD)
    study = open_study(NEW, "2024-Q1", lang="en")
    assert period_of(study).year_before is None
    assert "asked_before" not in sentences_of("2024-Q1")


def test_a_count_by_the_same_cut_off_that_moved_before_the_last_report_is_told_by_the_first_that_prints_it(
    closed,
):
    old, new, folder = va.load_plan(OLD), va.load_plan(NEW), closed / "returns"
    send(old, "178", "2023-H1", folder / OLD, day="2023-06-15", number=20.0)
    send(old, "178", "2023-H1", folder / OLD, day="2024-02-10", number=25.0)
    send(new, "178", "2024-H1", folder / NEW, day="2024-06-17", number=60.0)
    first, second = (period_of(open_study(NEW, as_of)).revised for as_of in ("2024-Q1", "2024-H1"))
    assert [(one.period, one.told) for one in first] == [("2023-FY", False)]
    assert [(one.period, one.told) for one in second] == [("2023-FY", True), ("2023-H1", False)]
    assert (second[1].before, second[1].now) == (20, 25)


@pytest.mark.parametrize(("known_by", "day"), [("", "2023-12-20"), ("2024-01-10", "2024-01-10")])
def test_a_kept_report_is_of_the_day_up_to_which_it_read_and_of_none_whose_total_is_the_same_by_chance(
    closed, tmp_path, known_by, day
):
    keep(tmp_path, {}, 70.0, known_by=known_by)
    with reports_at(tmp_path):
        study = open_study(NEW, "2024-Q1")
        (moved,) = period_of(study).revised
        assert reported_on(study) == day
    assert (moved.before, moved.now) == (70, 65)
    assert {key[3] for key in study.parts if key[0] == "counted on"} == {day}


@pytest.mark.parametrize(
    ("printed", "says"),
    [
        (60.0, "was revised from 60 people to 65 people."),  # nobody can say who made up the difference
        (70.0, "was revised from 70 people to 65 people, because Lạng Sơn city (-5) reported again."),
    ],
)
def test_a_report_that_is_kept_is_what_the_year_before_is_held_against(closed, tmp_path, printed, says):
    said = {"send_now": {"units": ["180", "181"]}, "clear_up": {"findings": 0}}
    keep(tmp_path, said, printed)
    with reports_at(tmp_path):
        told = sentences_of("2024-Q1")
    assert told["annex.people_enrolled.2023-FY"].endswith(f"the figure for 2023 {says}")
    assert told["asked_before"] == (
        "What came of the report for 2023: 2 overdue reports for 2023: 1 came (Tràng Định district on 5 January 2024), "
        "1 did not (Bình Gia district)."
    )


def test_what_the_last_report_of_the_year_before_said_makes_the_next_be_made_again(copied):  # noqa: F811
    reports = copied / "reports"
    report = Report(NEW, "2024-Q1", "20", "vi", str(reports / NEW / "2024-Q1" / "20" / "vi"))
    known = [inputs_of(report).files]
    folder = reports / OLD / "2023-FY" / "20" / "vi"
    folder.mkdir(parents=True)
    said = [asdict(statement_of(one)) for one in open_study(OLD, "2023-start").assessments]
    for units in (["180"], ["181"]):
        told = {"statements": said, "sentences": {"send_now": {"units": units}}}
        (folder / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
        known.append(inputs_of(report).files)
    assert known[0] != known[1] != known[2]
