"""Places where the office writes ask for what the report's own figures do not say."""

from dataclasses import replace

import narrative_cases as cases
import pandas as pd
import period_cases
import pytest

from vetanalysis.assessment.issued import statement_of
from vetanalysis.blocks import LANGUAGES, OfficePlace, Paragraph
from vetanalysis.language.cells import worded
from vetanalysis.narrative import asked, of_period, tasks

FUNDS = [
    period_cases.line(name, value, measure="million_dong", fund_source=source)
    for name, source, value in (
        ("budget_assigned", "central", 100.0), ("budget_disbursed", "central", 40.0),
        ("budget_assigned", "", 150.0), ("budget_disbursed", "", 60.0), ("disbursement_rate", "", 40.0),
    )
]  # fmt: skip


def test_funds_that_are_told_by_source_are_not_asked_for():
    (told,) = tasks.funding(period_cases.facts(lines=pd.DataFrame(FUNDS)))
    assert isinstance(told, Paragraph)
    assert worded(told, "vi").text.endswith("đạt 40,0%. Số liệu theo từng nguồn ở phụ lục.")


@pytest.mark.parametrize("rows", [FUNDS[2:], FUNDS[:2]])
def test_funds_of_which_a_part_is_told_are_asked_for(rows):
    told = tasks.funding(period_cases.facts(lines=pd.DataFrame(rows)))
    assert isinstance(told[-1], OfficePlace)
    assert "từng nguồn" in worded(told[-1], "vi").prompt


@pytest.mark.parametrize("lang", LANGUAGES)
def test_quotas_and_documents_that_are_told_are_not_asked_for(lang):
    quotas = period_cases.year(
        period_cases.standing(("186", 760, 437, "behind"), ("183", 590, 590, "within"))
    )
    documents = pd.DataFrame({"unit": ["186"], "type": ["x"]})
    given = period_cases.facts(year=quotas, documents=documents)
    said = worded(of_period.direction(given)[0], lang).text
    assert (
        "tổng số 1.350 người" if lang == "vi" else "2 units have a quota for the year, 1,350 people in all"
    ) in said
    asked = worded(of_period.ordered(given), lang).prompt
    assert ("giao chỉ tiêu" if lang == "vi" else "quotas") not in asked
    assert ("ngoài các văn bản nêu trên" if lang == "vi" else "beside those of the units") in asked
    nothing = worded(of_period.ordered(None), lang).prompt
    assert ("giao chỉ tiêu" if lang == "vi" else "quotas given") in nothing
    assert ("ngoài các" if lang == "vi" else "beside") not in nothing


RATE = statement_of(cases.rate(probability=0.3, status="unlikely"))
LAST = {"before": (RATE,), "before_as_of": "2023-H1"}


@pytest.mark.parametrize(
    ("given", "vi", "en"),
    [
        ({}, "báo cáo 6 tháng 2023", "report for H1 2023"),
        (
            {"issued_on": "2023-07-05"}, "báo cáo 6 tháng 2023 ký ngày 05/7/2023",
            "report for H1 2023, signed on 5 July 2023",
        ),
        ({"before_known_by": "2023-06-20"}, "số liệu 6 tháng 2023", "figures for H1 2023"),
        ({"before_as_of": "2023-start"}, "báo cáo đầu năm 2023", "report for start 2023"),
    ],
)  # fmt: skip
def test_the_next_report_has_a_place_for_what_came_of_the_measures_that_were_asked_for(given, vi, en):
    *_, place = of_period.direction(period_cases.facts(**LAST | given))
    assert worded(place, "vi").prompt == f"Kết quả giải pháp về tỷ lệ lao động qua đào tạo ({vi})."
    assert worded(place, "en").prompt == f"What came of the measures on the trained-labour rate ({en})."


def test_no_account_is_asked_of_what_nobody_was_asked_for():
    """A likely rate, one judged on that very day, people asked of units, no report before, the sheet of a unit."""
    people = replace(RATE, target="people_enrolled")
    quotas = period_cases.year(period_cases.standing(("186", 760, 437, "behind")))
    for before in (replace(RATE, probability=0.7), replace(RATE, period="2023-H1"), people):
        assert asked.of_measures(period_cases.facts(**LAST | {"before": (before,)}, year=quotas)) == []
    assert asked.of_measures(period_cases.facts()) == []
    assert asked.of_measures(period_cases.facts(**LAST, unit="186")) == []
    (place,) = asked.of_measures(period_cases.facts(**LAST | {"before": (people,)}))
    assert "số người được đào tạo" in worded(place, "vi").prompt, "no unit has a quota: a body was asked"
