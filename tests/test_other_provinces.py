"""A rate stands beside those of other provinces where they count alike, and else not."""

import csv
from dataclasses import replace

import narrative_cases as cases
import pytest

import vetanalysis as va
from vetanalysis.language.render import sentence
from vetanalysis.narrative import rates
from vetanalysis.narrative.methods import notes
from vetanalysis.observations.published import Rank
from vetanalysis.paths import data_root


@pytest.fixture(scope="module")
def figures():
    return va.load_observations(va.load_plan("lang-son-2023"))


def published(year):
    """The last vintage of every province's certified rate of a year, read from the table alone."""
    with (data_root() / "published" / "certified_rate.csv").open(encoding="utf-8") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if row["period"] == f"{year}-FY" and row["indicator"] == "certified_rate"
        ]
    split = ("level", "sex", "group", "residence", "trade")
    rows = [row for row in rows if row["unit"].isdigit() and not any(row[name] for name in split)]
    return {row["unit"]: float(row["value"]) for row in sorted(rows, key=lambda row: row["vintage"])}


def judged(figures, **changes):
    """The certified rate of Lạng Sơn as the plan has it, or with another definition."""
    plan = va.load_plan("lang-son-2023")
    targets = tuple(
        one.model_copy(update=changes)
        if one.id == "certified_rate"
        else one.model_copy(update={"part_of": ""})
        for one in plan.targets
    )
    plan = plan.model_copy(update={"targets": targets})
    return next(
        one for one in va.assess_targets(plan, figures, "2023-start") if one.target.id == "certified_rate"
    )


def test_a_published_rate_is_ranked_among_those_of_its_year_and_definition(figures):
    one = judged(figures, base="employed", concept="ICLS-13", related=())
    values = published(one.points[-1].year)
    higher = sum(value > values["20"] for value in values.values())
    assert one.rank == Rank(higher + 1, len(values))
    assert len(values) == 63
    told = sentence(rates.among_provinces(one), "vi")
    assert told.startswith(f"Trong 63 tỉnh, thành phố có số công bố cùng khái niệm năm {one.points[-1].year}")
    assert f"xếp thứ {higher + 1} từ cao xuống thấp" in told


def test_a_department_s_own_rate_is_held_against_nobody_and_its_neighbour_in_the_annex(figures):
    one = judged(figures)
    assert one.rank is None
    assert rates.among_provinces(one) is None
    (beside,) = [other for other in one.beside if other.rank]
    assert (beside.base, beside.concept) == ("employed", "ICLS-13")
    annexed = [sentence(said, "vi") for said in notes(one, {})]
    assert sum("tỉnh, thành phố có số công bố cùng khái niệm" in line for line in annexed) == 1


def test_few_places_and_other_units_have_no_rank(figures):
    few = figures[~figures["unit"].str.fullmatch(r"[3-9]\d")]
    few = few[~few["unit"].isin(["10", "11", "12", "14", "15", "17", "19", "22", "24", "25", "26", "27"])]
    few = few[~few["unit"].isin(["01", "02", "04", "06", "08"])]
    assert judged(few, base="employed", concept="ICLS-13", related=()).rank is None


@pytest.mark.parametrize(("place", "en"), [(1, "is the highest"), (30, "ranks number 30 from the highest")])
def test_the_words(place, en):
    said = rates.among_provinces(replace(cases.rate(), rank=Rank(place, 63)))
    assert en in sentence(said, "en")
