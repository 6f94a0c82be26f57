"""The first page, and the one that says what came of past statements, say what the package says today."""

import re
from pathlib import Path

import pytest
from opened import opened

from vetanalysis.language.chances import printed_probability
from vetanalysis.language.numbers import percent
from vetanalysis.language.render import sentence
from vetanalysis.narrative import rates, targets

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CAME = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")


def test_the_answer_for_lang_son_is_the_one_computed():
    study = opened("lang-son-2023", "2023-start", lang="en", returns="none")
    for one in study.assessments:
        assert f"- {sentence(targets.headline(one), 'en')}\n" in README


def test_the_second_statement_for_lang_son_is_the_one_computed():
    study = opened("lang-son-2023", "2023-start", lang="en", returns="none")
    assert sentence(rates.published(study.assessments[0]), "en") in README


@pytest.mark.parametrize(
    ("cutoff", "day", "row"),
    [("M06", "2022-06-30", "| 30 June 2022 |"), ("M08", "2022-08-23", "| 23 August 2022 |"),
     ("M10", "2022-10-22", "| 22 October 2022 |")],
)  # fmt: skip
def test_what_was_said_of_vinh_long_is_what_would_be_said(cutoff, day, row):
    one = opened("vinh-long-2022", f"2022-{cutoff}", lang="en", known_by=day).assessment("people_enrolled")
    line = next(line for line in CAME.splitlines() if line.startswith(row))
    numbers = [f"{round(value, -2):,.0f}" for value in (one.median, one.lower_80, one.upper_80)]
    assert f"| {numbers[0]} ({numbers[1]} to {numbers[2]}) |" in line
    chance = printed_probability(one.probability)
    assert f"| {' '.join(chance.replace('%', ' %').split())} |" in line


def test_the_evidence_is_as_weak_as_it_says():
    study = opened("lang-son-2023", "2023-start", lang="en", returns="none")
    assert "The evidence is weak in all three" in README
    assert {one.evidence for one in study.assessments} == {"weak"}
    years = [point.year for point in study.assessment("trained_rate").points]
    assert "the broad rate is known for {}, {} and {} only".format(*years) in README


def test_it_is_a_page_and_a_half():
    assert len(README.splitlines()) <= 90
    for name in re.findall(r"\]\((reports/[^)]+\.png)\)", README):
        picture = (ROOT / name).read_bytes()
        assert picture.startswith(b"\x89PNG")
        assert len(picture) < 200_000, name


def test_the_description_of_the_figure_carries_its_numbers():
    one = opened("lang-son-2023", "2023-start", lang="en", returns="none").assessments[0]
    text = README.split("![")[1].split("](")[0]
    for value in (*(point.value for point in one.points), one.median, one.lower_80, one.upper_80):
        assert f"{value:.1f}" in text


def test_what_was_said_of_the_country_is_what_would_be_said():
    study = opened("viet-nam-2025", "2023-start", lang="en", known_by="2023-02-01")
    low, high = study.assessment("certified_rate_low"), study.assessment("certified_rate_high")
    row = next(line for line in CAME.splitlines() if line.startswith("| certified rate at least 28 %"))
    assert f"about {printed_probability(low.probability)}, median {percent(low.median, 'en')[:-1]} %" in row
    assert f"({percent(low.lower_80, 'en')[:-1]} to {percent(low.upper_80, 'en')[:-1]} %)" in row
    row = next(line for line in CAME.splitlines() if line.startswith("| certified rate at least 30 %"))
    assert f"about {printed_probability(high.probability)}" in row
    assert study.assessment("trained_rate").status == "not_assessed"


@pytest.mark.parametrize(("period", "unit", "value"), [("2025-Q1", "VN", 28.8), ("2025-FY", "VN", 29.0)])
def test_what_came_later_is_in_the_published_tables(period, unit, value):
    from vetanalysis.observations.published import load_published

    rows = load_published()
    found = rows[
        (rows["period"] == period) & (rows["unit"] == unit) & (rows["indicator"] == "certified_rate")
    ]
    assert value in found["value"].tolist()
