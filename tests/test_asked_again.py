"""What a notice says that the one before it asked for is what that one asked for, whatever became known since."""

import re

import four_counts
import pandas as pd
import pytest
from report_text import texts_of

import vetanalysis as va
from vetanalysis.report import document_of

DAYS = {"Q1": "04-01", "H1": "07-01", "9M": "10-01", "FY": "12-31"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = four_counts.write(tmp_path_factory.mktemp("plans") / "p", "people_enrolled>=1600")
    rows = [(unit, "elementary", "2026-FY", 560, "QĐ", "") for unit in four_counts.SCHOOLS]
    columns = ["unit", "level", "period", "value", "source", "indicator"]
    pd.DataFrame(rows, columns=columns).to_csv(place / "quotas.csv", index=False)
    return place


def texts(folder, as_of, known_by):
    """The notice to one school; nine months of the year before are corrected on 1 September."""
    rows = four_counts.returns("9M")
    rows = rows[rows["indicator"] == "people_enrolled"]
    rows = rows.assign(vintage=[f"{period[:4]}-{DAYS[period[5:]]}" for period in rows["period"]])
    late = rows[rows["period"] == "2025-9M"].assign(vintage="2026-09-01")
    late = late.assign(value=(late["value"] * 1.25).round())
    study = va.open_study(
        folder,
        as_of,
        unit="s1",
        lang="en",
        returns=pd.concat([rows, late]),
        published="none",
        known_by=known_by,
    )
    return " ".join(text for _, text in texts_of(document_of(study)))


def test_people_asked_for_by_nine_months_are_those_of_the_notice_of_the_half_year(folder):
    (asked,) = re.findall(r"(\d+) (?:of them )?by 30 September", texts(folder, "2026-H1", "2026-07-03"))
    later = texts(folder, "2026-9M", "2026-10-03")
    assert (
        f"Due after H1 2026 (recalculated): {asked} people asked for by 30 September 2026, 90 came" in later
    )
