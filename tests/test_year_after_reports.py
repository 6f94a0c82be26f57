"""What reports of a year say of the year before: what came of its requests, which of its counts moved since."""

import json
import re
from dataclasses import asdict

import pandas as pd
import pytest
from two_years import NEW, OLD, copied, data, send  # noqa: F401

import vetanalysis as va
from vetanalysis.assessment.issued import statement_of
from vetanalysis.narrative.report import sentences
from vetanalysis.paths import reports_at
from vetanalysis.pipeline.jobs import Report, inputs_of
from vetanalysis.report import document_of
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


@pytest.mark.parametrize(
    ("printed", "says"),
    [
        (60.0, "was revised from 60 people to 65 people."),  # nobody can say who made up the difference
        (70.0, "was revised from 70 people to 65 people, because Lạng Sơn city (-5) reported again."),
    ],
)
def test_a_report_that_is_kept_is_what_the_year_before_is_held_against(closed, tmp_path, printed, says):
    said = [asdict(statement_of(one)) for one in open_study(OLD, "2023-FY").assessments]
    statements = [
        one | {"gap": 13500.0 - printed} if one["target"] == "people_enrolled" else one for one in said
    ]
    folder = tmp_path / "made" / OLD / "2023-FY" / "20" / "en"
    folder.mkdir(parents=True)
    asked = {"send_now": {"units": ["180", "181"]}, "clear_up": {"findings": 0}}
    manifest = {"statements": statements, "sentences": asked}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with reports_at(tmp_path / "made"):
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
