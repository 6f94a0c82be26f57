"""Reports of every kind of unit and period read to the end: no empty section, no leavings, one language."""

import pytest
from opened import opened
from printed_widths import cut_words
from report_text import empty_sections, in_the_other_language, leavings, said_too_often, too_long

from vetanalysis.language.numbers import period_name
from vetanalysis.report import document_of

REPORTS = [
    *(("lang-son-2023-example", "2023-Q1", unit) for unit in ("", "186", "cdn-ls")),
    *(("lang-son-2023-example", "2023-9M", unit) for unit in ("", "gdnn-tinh-2")),  # a centre that is late
    *(("lang-son-2023-example", "2023-FY", unit) for unit in ("", "178")),  # nobody has reported yet
    ("lang-son-2023-example", "2023-start", "186"),
    ("lang-son-2023", "2023-start", ""),
    ("viet-nam-2025", "2023-FY", ""),
]


@pytest.mark.parametrize(
    ("plan", "period", "unit", "lang"),
    [
        (*report, lang)
        for number, report in enumerate(REPORTS)
        for lang in (("vi", "en") if not report[2] else ("vi", "en")[number % 2 :][:1])
    ],
)
def test_a_report_reads_clean_to_the_end(plan, period, unit, lang):
    study = opened(plan, period, unit=unit, lang=lang)
    document = document_of(study)
    assert empty_sections(document) == []
    assert leavings(document) == []
    assert in_the_other_language(document) == []
    assert cut_words(document) == []
    if not unit:
        assert too_long(document) == []
        assert said_too_often(document, names_in(study, period, lang)) == {}


def names_in(study, period, lang):
    """What units, targets, who signs and the period are called."""
    plan = study.plan
    names = [*(target.label for target in plan.targets), *plan.short_names().values()]
    names += [one.organisation for one in plan.report_signatory]
    return [*(name.get(lang) for name in names), period_name(period, lang)]
