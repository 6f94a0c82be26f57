"""Sentences about how far a count runs, what late units had reported and how counts were corrected."""

from dataclasses import replace

import narrative_cases as cases
import pytest
from opened import opened

from vetanalysis.assessment.assessment import Corrections
from vetanalysis.blocks import Text
from vetanalysis.language.render import sentence, spoken
from vetanalysis.narrative import count, evidence
from vetanalysis.narrative.report import sentences
from vetanalysis.report import document_of, period_of


def said(function, lang="vi", as_of="2023-9M", **fields):
    told = spoken(function(cases.people(as_of=as_of, **fields)), lang)
    return told and told.text


def seen(**changes):
    return {"revision": Corrections(200, 1, -0.056, 1)._replace(**changes)}


CASES = {
    "to the half year": (count.counted_to, {"reported_to": "2023-H1"}),
    "one late": (count.late_known, {"late": ("A",), "late_known": 98.0, "so_far": 8758.0}),
    "two late": (count.late_known, {"late": ("A", "B"), "late_known": 1098.0, "so_far": 8758.0}),
    "the unit itself": (count.late_known, {"late": ("A",), "late_known": 98.0, "so_far": None}),
    "fallen": (
        count.fallen,
        {"fallen": (Text("Hữu Lũng", "Hữu Lũng district"), Text("Bình Gia", "Bình Gia district"))},
    ),
    "one corrected": (count.corrections, seen()),
    "several up": (count.corrections, seen(corrected=12, mean=0.021)),
    "hardly": (count.corrections, seen(mean=-0.0002)),
    "none corrected": (count.corrections, seen(corrected=0, mean=0.0)),
    "not known": (count.corrections, seen(figures=0, corrected=0, mean=0.0)),
}


@pytest.mark.parametrize("name", CASES)
def test_both_languages_read_well_and_hold_the_same_figures(name):
    function, fields = CASES[name]
    one = cases.people(as_of="2023-9M", **fields)
    assert cases.told(function(one)) is not None


def test_how_far_the_figures_go_is_said_only_where_nobody_has_reported_the_cutoff():
    assert said(count.counted_to, reported_to="2023-H1") == (
        "Chưa có số liệu 9 tháng đầu năm 2023 của đơn vị nào; dự báo theo số liệu đến hết 6 tháng đầu năm 2023."
    )
    assert said(count.counted_to, reported_to="2023-9M") is None
    assert said(count.counted_to) is None


def test_what_late_units_had_reported_is_told_beside_the_total():
    facts = {"late": ("A",), "late_known": 98.0, "so_far": 8758.0}
    assert said(count.late_known, "en", **facts) == (
        "1 unit without a report on the first nine months of 2023 had reported 98 people at earlier cut-offs; the "
        "running total leaves these out, the projection counts at least these."
    )
    assert said(count.late_known, **(facts | {"late_known": 0.0})) is None
    assert said(count.late_known, **(facts | {"late": ()})) is None


def test_corrections_down_up_hardly_none_and_unknown():
    assert "1 số được sửa sau lần gửi đầu (cộng lại giảm 5,6%)" in said(count.corrections, **seen())
    assert "12 were corrected after they first came (together up by 2.1%)" in said(
        count.corrections, "en", **seen(corrected=12, mean=0.021)
    )
    assert "thay đổi dưới 0,1%" in said(count.corrections, **seen(mean=-0.0002))
    assert "cộng lại giảm 0,6%" in said(count.corrections, **seen(mean=-0.006))
    assert "cộng lại tăng 0,1%" in said(count.corrections, **seen(mean=0.0006))
    assert "không bị sửa" in said(count.corrections, **seen(corrected=0, mean=0.0))
    assert "2%" in said(count.corrections, **seen(figures=0, corrected=0, mean=0.0))
    assert said(count.corrections, **seen(provisional=0)) is None
    assert said(count.corrections) is None
    quiet = cases.people(as_of="2023-9M", **seen(corrected=0))
    assert count.corrections(quiet, only_known=True) is None


def test_a_report_of_a_cutoff_that_nobody_has_reported_tells_how_far_the_figures_go():
    study = opened("lang-son-2023-example", "2023-9M", known_by="2023-07-20")
    document = document_of(study)
    told = {sentence.id: sentence for sentence in sentences(document)}
    assert "chậm nhất ngày 15/9/2023" in " ".join(
        one.text for one in sentences(document)
    )  # nothing is overdue yet
    assert "4.533 người" in told["people_enrolled.known"].text
    assert "6 tháng đầu năm 2023" in told["coverage"].text
    assert (
        period_of(study).year is None
    )  # no table, no picture gives the half year's counts as those of nine months


def test_a_range_without_any_earlier_year_says_so():
    first = replace(cases.people(as_of="2023-9M"), points=(), mostly_prior=True, scope_unstated=True)
    for lang, words in (("vi", "chưa có số liệu cả năm"), ("en", "no earlier year's total")):
        assert words in sentence(evidence.mostly_prior(first), lang)
