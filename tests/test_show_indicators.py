"""What the notebook of indicators shows, for the province and one district, in both languages."""

from __future__ import annotations

import pandas as pd
import pytest

from vetanalysis import open_study
from vetanalysis.observations.table import normalise
from vetanalysis.plan import load_plan
from vetanalysis.show import indicators as show
from vetanalysis.study import Study

PATH = (100, 250, 400)
DISTRICTS = ("178", "180", "181", "182", "183", "184", "185", "186", "187", "188", "189")


def observations() -> pd.DataFrame:
    """Two years of eleven districts, with women, poor people and money; invented for this test."""
    rows = []
    for at, unit in enumerate(DISTRICTS):
        for year, codes in ((2022, ("Q1", "H1", "9M", "FY")), (2023, ("Q1", "H1", "9M"))):
            for code, base in zip(codes, (*PATH, 520), strict=False):
                row = {
                    "unit": unit,
                    "period": f"{year}-{code}",
                    "indicator": "people_enrolled",
                    "level": "elementary",
                }
                value = round(base * (0.5 + at / 20))
                rows += [{**row, "value": value}, {**row, "sex": "female", "value": value // 2},
                         {**row, "group": "poor", "value": value // 5}]  # fmt: skip
        for name, value in (("graduates_employed", 60 + at), ("graduates_followed", 90)):
            rows.append(
                {"unit": unit, "period": "2023-H1", "indicator": name, "level": "elementary", "value": value}
            )
        for name, value in (("budget_assigned", 900.0), ("budget_disbursed", 400.0)):
            rows.append({"unit": unit, "period": "2023-9M", "indicator": name, "fund_source": "central",
                         "value": value, "measure": "million_dong"})  # fmt: skip
    return normalise(pd.DataFrame(rows).assign(illustrative=True, source="test"))


@pytest.fixture(scope="module")
def plan():
    return load_plan("lang-son-2023-example")


@pytest.fixture(scope="module")
def obs():
    return observations()


def study(plan, obs, unit="", lang="vi"):
    return Study(plan, obs, plan.check_cutoff("2023-9M"), plan.unit(unit or "20"), lang, "", 1)


@pytest.mark.parametrize("unit", ["", "183"])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_everything_shows(plan, obs, unit, lang):
    one = study(plan, obs, unit, lang)
    lines = show.table(one)
    assert show.targets_picture(one, lines).data[:4] == b"\x89PNG"
    assert show.path_picture(one).data[:4] == b"\x89PNG"
    assert show.districts_picture(one, lines).data[:4] == b"\x89PNG"
    assert show.districts_paths(one).data[:4] == b"\x89PNG"
    assert show.funds_picture(one, lines).data[:4] == b"\x89PNG"
    assert len(show.targets(one, lines)) == 16
    assert len(show.levels(one, lines)) >= 1
    assert len(show.groups(one, lines)) == 2
    assert len(show.task(one, lines, 2)) == 5
    assert len(show.bodies(one, lines)) > 20
    for said in (show.overview, show.targets_said, show.path_said, show.groups_said, show.funds_said):
        args = (one, lines)
        assert len(said(*args).data) > 20


def test_pictures_are_described_by_the_same_numbers(plan, obs):
    one = study(plan, obs, "183", "en")
    total = next(iter(show.of_unit(one, show.table(one)).query("id == 'people_enrolled'")["value"]))
    assert f"{total:.0f} people" in show.path_picture(one).alt


def test_the_district_shown_furthest_is_the_one_with_the_highest_share(plan, obs):
    one = study(plan, obs)
    lines = show.table(one)
    from vetanalysis.figures.facets import district_lines

    best = district_lines(one, lines).sort_values("percent_of_plan").iloc[-1]
    assert plan.unit(best["unit"]).short_name in show.districts_said(one, lines).data.split("thấp nhất")[0]


def test_a_half_yearly_figure_is_read_when_it_was_due(plan, obs):
    one = study(plan, obs)
    half = show.when_due(one, "employed_after_training_rate")
    assert str(half.as_of) == "2023-H1"
    text = show.gaps_said(half, show.table(half), "employed_after_training_rate", "district").data
    assert "6 tháng đầu năm 2023" in text
    assert (
        show.gaps_picture(half, show.table(half), "employed_after_training_rate", "district").data[:4]
        == b"\x89PNG"
    )
    assert str(show.when_due(one, "people_enrolled").as_of) == "2023-9M"


def test_a_plan_without_districts_quotas_or_people_shows_what_it_has():
    one = open_study("viet-nam-2025", "2025-start", lang="vi", returns=None)
    lines = show.table(one)
    work = show.when_due(one, "employed_after_training_rate")
    assert work is one
    assert "Chưa có số liệu" in show.gaps_said(work, lines, "employed_after_training_rate").data
    assert show.path_said(one, lines).data == ""
    assert len(show.levels(one, lines)) == 0
    assert len(show.groups(one, lines)) == 0
    assert show.targets_picture(one, lines).data[:4] == b"\x89PNG"
    assert len(show.bodies(one, lines)) == 0


def test_without_figures_it_says_so_and_draws_nothing(plan):
    one = open_study("lang-son-2023", "2023-start", lang="en", returns=None)
    lines = show.table(one)
    assert "no figures" in show.path_picture(one).data
    assert "no figures" in show.districts_picture(one, lines).data
    assert "no figures" in show.districts_said(one, lines).data
    assert show.targets_picture(one, lines).data[:4] == b"\x89PNG"
    assert "No quotas" in show.overview(one, lines).data
    assert show.ledger(one) is None
