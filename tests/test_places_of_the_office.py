"""Places where the office writes ask for what the report's own figures do not say."""

import pandas as pd
import period_cases
import pytest

from vetanalysis.blocks import LANGUAGES, OfficePlace, Paragraph
from vetanalysis.language.cells import worded
from vetanalysis.narrative import of_period, tasks

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
    assert ("ngoài văn bản của đơn vị" if lang == "vi" else "beside those of the units") in asked
    nothing = worded(of_period.ordered(None), lang).prompt
    assert ("giao chỉ tiêu" if lang == "vi" else "quotas given") in nothing
    assert ("ngoài văn bản" if lang == "vi" else "beside") not in nothing
