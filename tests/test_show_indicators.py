"""What the notebook of indicators shows, for the province and one district, in both languages."""

from __future__ import annotations

import pandas as pd
import pytest
from opened import opened

from vetanalysis import show
from vetanalysis.blocks import Picture
from vetanalysis.indicators.table import indicator_table
from vetanalysis.narrative.shown_indicators import heatmap, of_unit
from vetanalysis.observations.table import normalise
from vetanalysis.plan import load_plan
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


def part(one, name, *about):
    return show.block(one, f"indicators.{name}", *about)


def study(plan, obs, unit="", lang="vi"):
    return Study(plan, obs, plan.check_cutoff("2023-9M"), plan.unit(unit or "20"), lang, "", 1)


@pytest.mark.parametrize(("unit", "lang"), [("", "vi"), ("183", "en")])
def test_everything_shows(plan, obs, unit, lang):
    one = study(plan, obs, unit, lang)
    assert part(one, "targets_picture").data[:4] == b"\x89PNG"
    assert part(one, "path_picture").data[:4] == b"\x89PNG"
    assert part(one, "districts_picture").data[:4] == b"\x89PNG"
    assert part(one, "districts_paths").data[:4] == b"\x89PNG"
    assert part(one, "funds_picture").data[:4] == b"\x89PNG"
    assert len(part(one, "targets")) == 16
    assert len(part(one, "levels")) >= 1
    assert len(part(one, "groups")) == 2
    told = part(one, "of_tasks")
    assert len(told) == 2 * len(plan.tasks)
    assert len(told[3]) == 5  # the rows of the second task stand behind its name
    assert len(part(one, "bodies")) > 20
    for said in ("overview", "targets_said", "path_said", "groups_said", "funds_said"):
        assert len(part(one, said).data) > 20


def test_pictures_are_described_by_the_same_numbers(plan, obs):
    one = study(plan, obs, "183", "en")
    total = next(iter(of_unit(one, one.lines).query("id == 'people_enrolled'")["value"]))
    assert f"{total:.0f} people" in part(one, "path_picture").alt


def test_the_district_shown_furthest_is_the_one_with_the_highest_share(plan, obs):
    one = study(plan, obs)
    lines = one.lines
    from vetanalysis.figures.maps import lines_below

    best = lines_below(one, lines).sort_values("percent_of_plan").iloc[-1]
    assert plan.unit(best["unit"]).short_name in part(one, "districts_said").data.split("thấp nhất")[0]


def test_a_half_yearly_figure_is_read_when_it_was_due(plan, obs):
    one = study(plan, obs)
    text = part(one, "gaps_said", "employed_after_training_rate", "district").data
    assert "6 tháng đầu năm 2023" in text
    picture = part(one, "gaps_picture", "employed_after_training_rate", "district")
    assert picture.data[:4] == b"\x89PNG"


def test_a_plan_without_districts_quotas_or_people_shows_what_it_has():
    one = opened("viet-nam-2025", "2025-start", lang="vi", returns=None)
    assert "Chưa có số liệu" in part(one, "gaps_said", "employed_after_training_rate").data
    assert part(one, "path_said").data == ""
    for name in ("levels", "groups", "bodies"):  # never the heads of a table over nothing
        assert part(one, name).data == "*Chưa có số liệu để so sánh hoặc vẽ hình.*", name
    assert [one.data for one in part(one, "of_tasks")] == ["*Kế hoạch không nêu nhiệm vụ nào.*"]
    assert part(one, "targets_picture").data[:4] == b"\x89PNG"


def test_without_figures_it_says_so_and_draws_nothing(plan):
    one = opened("lang-son-2023", "2023-start", lang="en", returns=None)
    assert "no figures" in part(one, "path_picture").data
    assert "no figures" in part(one, "districts_picture").data
    assert "no figures" in part(one, "districts_said").data
    assert part(one, "targets_picture").data[:4] == b"\x89PNG"
    assert "No quotas" in part(one, "overview").data
    assert one.ledger is None


def test_indicators_of_the_districts_are_drawn_side_by_side(plan, obs):
    picture = heatmap(study(plan, obs), indicator_table(plan, obs, "2023-9M"))
    assert isinstance(picture, Picture)
    assert len(picture.data.rows) == len(DISTRICTS)
