"""What signed reports said is scored on what came, beside what a replay says on the same cut-off."""

from dataclasses import replace
from types import SimpleNamespace

import narrative_cases as cases
import pandas as pd
import pytest

import vetanalysis as va
from vetanalysis.assessment.issued import Issued, statement_of
from vetanalysis.language.cells import worded
from vetanalysis.language.render import sentence
from vetanalysis.narrative.record import reading_of_sealed, sealed_table
from vetanalysis.track.sealed import sealed_scores, sealed_statements
from vetanalysis.track.statements import COLUMNS

PEOPLE, RATE = "people_enrolled", "trained_rate"


@pytest.fixture(scope="module")
def plan():
    return va.load_plan("lang-son-2023-example")


@pytest.fixture(scope="module")
def published():
    return va.load_observations(va.load_plan("lang-son-2023"), returns=None)


def issued(plan, number, unit, as_of, on, *said, lang="vi"):
    base = statement_of(cases.people())
    targets = {target.id: target for target in plan.targets}
    statements = tuple(
        replace(
            base,
            target=name,
            period=targets[name].period,
            goal=goal,
            probability=chance,
            lower_80=lower,
            upper_80=upper,
        )
        for name, goal, chance, lower, upper in said
    )
    return Issued(number, f"{number}.docx", "", plan.name, as_of, unit, lang, on, statements, "")


def replays(*rows):
    frame = pd.DataFrame(
        [
            {"target": PEOPLE, "unit": u, "year": 2023, "cutoff": c, "probability": p, "outcome": came}
            for u, c, p, came in rows
        ]
    )
    return frame.reindex(columns=list(COLUMNS))


def test_statements_are_scored_beside_the_replay(plan, published):
    reports = [
        issued(plan, 1, "20", "2023-H1", "2023-07-05", (PEOPLE, 13500.0, 0.6, 12000.0, 14000.0)),
        issued(plan, 2, "186", "2023-H1", "2023-07-05", (PEOPLE, 760.0, 0.7, 750.0, 800.0)),
        issued(plan, 3, "178", "2023-start", "2023-01-20", (PEOPLE, 120.0, 0.9, 100.0, 130.0)),
    ]
    then = replays(("20", "H1", 0.5, 13800.0), ("186", "H1", 0.4, 700.0), ("178", "H1", 0.4, 125.0))
    table = sealed_statements(plan, published, reports, then).set_index("unit")
    assert table["came"].to_dict() == {"20": True, "186": False, "178": True}
    assert table.loc["20", "replayed"] == 0.5
    assert pd.isna(table.loc["178", "replayed"])  # nothing was counted at the start of the year
    scores = sealed_scores(table)
    assert (scores["due"], scores["open"], scores["inside_80"], scores["both"]) == (3, 0, 2, 2)
    assert scores["brier"] == pytest.approx((0.4**2 + 0.7**2 + 0.1**2) / 3)
    assert scores["brier_sealed"] == pytest.approx((0.4**2 + 0.7**2) / 2)
    assert scores["brier_replayed"] == pytest.approx((0.5**2 + 0.4**2) / 2)


def test_a_report_signed_in_two_languages_or_corrected_speaks_once(plan, published):
    said = (PEOPLE, 13500.0, 0.6, 12000.0, 14000.0)
    later = (PEOPLE, 13500.0, 0.8, 12000.0, 14000.0)
    reports = [
        issued(plan, 1, "20", "2023-H1", "2023-07-05", said),
        issued(plan, 2, "20", "2023-H1", "2023-07-05", said, lang="en"),
        issued(plan, 3, "20", "2023-H1", "2023-07-20", later),
    ]
    table = sealed_statements(plan, published, reports, replays(("20", "H1", 0.5, 13800.0)))
    assert table["probability"].tolist() == [0.8]


@pytest.mark.parametrize(("value", "brier"), [(62.4, 0.49), (60.1, 0.09)])
def test_a_rate_comes_due_with_its_final_figure(plan, published, value, brier):
    report = issued(plan, 1, "20", "2023-start", "2023-01-20", (RATE, 62.0, 0.3, 50.0, 66.0))
    none = replays()
    open_ = sealed_statements(plan, published, [report], none)
    assert open_["came"].tolist() == [None]
    last = published[(published["unit"] == "20") & (published["indicator"] == RATE)].iloc[[-1]]
    final = last.assign(period="2023-FY", value=value, status="final", vintage="2024-03-01")
    came = sealed_statements(plan, pd.concat([published, final], ignore_index=True), [report], none)
    assert (came["outcome"].tolist(), came["came"].tolist()) == ([value], [value >= 62])
    assert sealed_scores(came)["brier"] == pytest.approx(brier)


def test_another_goal_or_a_target_that_is_gone(plan, published):
    report = issued(plan, 1, "20", "2023-H1", "2023-07-05", (PEOPLE, 14000.0, 0.6, 12000.0, 14000.0))
    then = replays(("20", "H1", 0.5, 13800.0))
    assert sealed_statements(plan, published, [report], then)["came"].tolist() == [False]  # the goal of then
    gone = replace(report, statements=(replace(report.statements[0], target="gone"),))
    assert sealed_statements(plan, published, [gone], then).empty
    earlier = replace(report, statements=(replace(report.statements[0], period="2022-FY"),))
    assert sealed_statements(plan, published, [earlier], then)["came"].tolist() == [None]


def test_the_table_prints_what_was_signed_as_it_was_printed(plan, published):
    report = issued(plan, 1, "20", "2023-H1", "2023-07-05", (PEOPLE, 13500.0, 0.56, 12000.0, 14000.0))
    sealed = sealed_statements(plan, published, [report], replays(("20", "H1", 0.5, 13800.0)))
    record = SimpleNamespace(sealed=sealed)
    told = worded(sealed_table(record, plan), "en")
    (row,) = told.rows
    assert row[:2] == ("H1 2023", "5 July 2023")
    assert row[4:6] == ("55%", "50%")  # as a report prints 0.56 and 0.5
    assert row[7:] == ("13,800 people", "reached")
    assert "Brier score 0.194" in sentence(reading_of_sealed(record), "en")
    assert "0.250 as replayed" in sentence(reading_of_sealed(record), "en")


def test_a_notebook_shows_what_signed_reports_said_and_what_came(plan, published, monkeypatch):
    report = issued(plan, 1, "20", "2023-H1", "2023-07-05", (PEOPLE, 13500.0, 0.56, 12000.0, 14000.0))

    def scored(plan, obs, *, issued, **_):
        then = replays(("20", "H1", 0.5, 13800.0))
        return SimpleNamespace(sealed=sealed_statements(plan, published, issued, then), illustrative=False)

    monkeypatch.setattr("vetanalysis.track.record.track_record", scored)
    for signed, table, said in (
        ([report], "13,800 people", "Brier score 0.194"),
        ([], "no figures to compare", "No report of this plan has been signed"),
        (
            [replace(report, statements=())],
            "no figures to compare",
            "No statement of 1 signed report can be scored",
        ),
    ):
        study = replace(va.open_study("lang-son-2023-example", "2023-9M", lang="en"))  # with parts of its own
        study.parts["issued",] = signed
        shown = va.show.block(study, "track_record.sealed")
        assert table in (shown.frame.to_string() if hasattr(shown, "frame") else shown.data)
        assert said in va.show.block(study, "track_record.sealed_said").data
