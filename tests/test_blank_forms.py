"""The notice to a unit whose form leaves its people blank: about its quota, never about what it was not asked for."""

import four_counts
import pandas as pd
import pytest
from report_text import texts_of

import vetanalysis as va
from vetanalysis.report import document_of

LEAVERS = "leavers=Số người bỏ học|People who drop out<=65"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The ceiling stands first among the targets; quotas are of who enrols."""
    place = four_counts.write(tmp_path_factory.mktemp("plans") / "p", LEAVERS, "people_enrolled>=1000")
    rows = [(unit, "elementary", "2026-FY", 300, "QĐ", "") for unit in four_counts.SCHOOLS]
    columns = ["unit", "level", "period", "value", "source", "indicator"]
    pd.DataFrame(rows, columns=columns).to_csv(place / "quotas.csv", index=False)
    return place


def notice(folder, blank):
    rows = four_counts.returns("H1")
    rows = rows[(rows["indicator"].isin(["people_enrolled", "leavers"])) & (rows["period"].str[:4] == "2026")]
    gone = (rows["unit"] == "s1") & (rows["indicator"].isin(blank))
    study = va.open_study(folder, "2026-H1", unit="s1", lang="en", returns=rows[~gone], published="none")
    return study, [text for _, text in texts_of(document_of(study))]


def test_quotas_are_of_what_more_people_help_and_not_of_a_ceiling(folder):
    plan = va.load_plan(folder)
    assert plan.counts == ("people_enrolled", "leavers")
    assert len(plan.quotas_of("people_enrolled")) == 3
    assert plan.quotas_of("leavers").empty


def test_a_form_without_people_is_told_as_blank_and_drop_outs_do_not_open_the_notice(folder):
    _, texts = notice(folder, ["people_enrolled"])
    assert (
        "Result for the first six months of 2026: the return that came leaves people newly enrolled blank."
        in texts
    )
    said = texts.index(next(text for text in texts if "leaves people newly enrolled blank" in text))
    drop_outs = [at for at, text in enumerate(texts) if "drop out" in text]
    assert all(at > said for at in drop_outs)
    assert "With no earlier years to go by" in " ".join(texts)  # nothing of the years before is known here


def test_a_count_that_a_unit_has_no_quota_of_and_left_blank_is_not_spoken_of(folder):
    _, texts = notice(folder, ["people_enrolled", "leavers"])
    assert not [text for text in texts if "drop out" in text and "quota" in text]


def test_a_count_without_a_quota_that_came_is_told(folder):
    _, texts = notice(folder, [])
    assert any("drop out" in text for text in texts)
