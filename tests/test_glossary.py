"""A term has one name in everything that reaches a report, and the report says what its terms mean."""

from __future__ import annotations

import re

import pytest

from vetanalysis.assessment.evidence import band_of
from vetanalysis.blocks import LANGUAGES, Heading, Paragraph, Said
from vetanalysis.language.lines import families, lines_of, written
from vetanalysis.narrative.glossary import glossary, terms

# What no report prints: the command, checks of files, forms, questions, notebooks on methods and scenarios
ELSEWHERE = {
    "calls", "check", "cli", "findings", "forecast", "form", "glossary", "letters", "new_plan", "notebooks",
    "observations", "pipeline", "plan", "returns", "rule_examples", "rules", "scenarios", "stock_flow", "trace",
    "words",
}  # fmt: skip
REACHING = sorted(set(families()) - ELSEWHERE)
_EXPRESSION = re.compile(r"\{\{(.*?)\}\}", re.S)
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")


def said(line: str) -> str:
    """What a line may print: its text, and of its expressions what stands in quotes."""

    def quoted(found: re.Match) -> str:
        return " ".join(one or other for one, other in _QUOTED.findall(found[1]))

    return _EXPRESSION.sub(quoted, line).lower()


def not_used(term: str, lang: str) -> list[str]:
    return [one.strip().lower() for one in written(f"glossary.{term}.not", lang).split(",")]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("family", REACHING)
def test_no_line_calls_a_term_by_another_name(family, lang):
    others = [name for term in terms() for name in not_used(term, lang)]
    found = [
        (name, other)
        for name in lines_of(family)
        for other in others
        if re.search(rf"\b{re.escape(other)}\b", said(written(f"{family}.{name}", lang)))
    ]
    assert found == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_term_has_a_name_a_meaning_and_stands_in_some_line(lang):
    everything = " ".join(
        said(written(f"{family}.{name}", lang)) for family in REACHING for name in lines_of(family)
    )
    for term in terms():
        assert written(f"glossary.{term}.term", lang).lower() in everything, term
        assert len(written(f"glossary.{term}.says", lang)) > 15
        assert not set(not_used(term, lang)) & {written(f"glossary.{one}.term", lang) for one in terms()}


def test_a_wrong_name_would_be_found():
    assert said("{{'mức giữa' if late else x}} là {{median|about}}") == "mức giữa là "


def test_the_terms_of_a_report_are_those_its_lines_hold():
    line = Said("opening.key.before", year=2022, ratio=1.0, of_units="")
    heading, listed = glossary((Paragraph((Said("documents.message", name="A", told=line),)),))
    assert isinstance(heading, Heading)
    assert [one.id for one in listed.sentences] == ["glossary.same_period"]
    assert listed.sentences[0].vi.startswith("Cùng kỳ: ")
    assert listed.sentences[0].en.startswith("Same period: ")
    assert glossary((Paragraph((Said("documents.to"),)),)) == ()
    before = (Paragraph((Said("targets.known_before"),)),)
    assert "glossary.reported" in [one.id for one in glossary(before)[1].sentences]
    assert glossary(before, returns=False) == (), "nobody has reported"


def test_a_chance_on_a_border_of_two_ranges_belongs_to_the_higher_one_and_the_glossary_says_so():
    """ICD 203 prints ranges that share their borders: 20-45, 45-55."""
    for border, status in (
        (5, "very_unlikely"),
        (20, "unlikely"),
        (45, "even"),
        (55, "likely"),
        (80, "very_likely"),
    ):
        assert band_of(border / 100).status == status
        assert written(f"likelihood.icd203.{status}.range", "vi").startswith(f"{border}-")
    assert "xác suất đúng ranh giới thuộc phạm vi cao hơn (45% thuộc 45-55%)" in written(
        "glossary.probability.says", "vi"
    )
    assert "a chance on a border belongs to the higher range" in written("glossary.probability.says", "en")
