"""The place's share of its quotas against a year before, split and told; districts apart; why figures are missing."""

from dataclasses import replace

import narrative_cases as cases
import numpy as np
import pandas as pd
import pytest
from opened import opened

import vetanalysis as va
from vetanalysis import show
from vetanalysis.assessment.counting import flow_of
from vetanalysis.assessment.share_change import NO_QUOTAS, NOT_COUNTED, TOO_FEW, share_change
from vetanalysis.blocks import LANGUAGES
from vetanalysis.language import numbers
from vetanalysis.language.filters import UNITS_NAMED
from vetanalysis.narrative import indicators
from vetanalysis.narrative.shown_indicators import change
from vetanalysis.observations.table import normalise
from vetanalysis.periods import parse_cutoff

DONE = {"178": (60, 70), "180": (50, 40), "cdn-ls": (80, 90)}  # % of quota at 9M, a year before and now
QUOTAS = {"178": (100, 300), "180": (100, 100), "cdn-ls": (200, 200)}
NAMES = {"178": "Thành phố", "180": "Tràng Định", "cdn-ls": "Trường nghề"}


@pytest.fixture(scope="module")
def plan():
    example = va.load_plan("lang-son-2023-example")
    rows = [
        (unit, "elementary", f"{year}-FY", value, "test", "")
        for unit, both in QUOTAS.items() for year, value in zip((2022, 2023), both, strict=True)
    ]  # fmt: skip
    return example.model_copy(update={"quotas": pd.DataFrame(rows, columns=example.quotas.columns)})


def rows_of(done=None, years=(2022, 2023)):
    chosen = DONE if done is None else done
    return [
        (unit, f"{year}-9M", "people_enrolled", "elementary", QUOTAS[unit][year - 2022] * both[year - 2022] / 100)
        for unit, both in chosen.items()
        for year in years
        if not np.isnan(both[year - 2022])
    ]  # fmt: skip


def change_of(plan, rows=None, as_of="2023-9M"):
    told = rows_of() if rows is None else rows
    frame = pd.DataFrame(told, columns=["unit", "period", "indicator", "level", "value"])
    frame = frame.assign(measure="persons", basis="cumulative", source="test", illustrative=False)
    obs = normalise(frame, plan)
    return share_change(
        plan, flow_of(plan, obs, plan.target("people_enrolled"), parse_cutoff(as_of), plan.place.code)
    )


def told(function, change):
    pair = cases.told(function(change, NAMES))
    return None if pair is None else tuple(sentence.text for sentence in pair)


def test_shares_and_their_split_by_hand(plan):
    # before: (60 + 50 + 160) / 400; now: (210 + 40 + 180) / 600
    found = change_of(plan)
    assert found.before == pytest.approx(100 * 270 / 400)
    assert found.now == pytest.approx(100 * 430 / 600)
    # weights 1/4, 1/4, 1/2 become 1/2, 1/6, 1/3; shares move by +10, -10, +10
    assert found.rate == pytest.approx(10 * 3 / 8 - 10 * 5 / 24 + 10 * 5 / 12)
    assert found.composition == pytest.approx(found.now - found.before - found.rate)


def test_units_add_up_to_the_place_and_the_largest_mover_comes_first(plan):
    found = change_of(plan)
    assert found.units["moved"].sum() == pytest.approx(found.now - found.before)
    assert found.units["moved"].abs().is_monotonic_decreasing
    assert found.units[["weight_before", "weight_now"]].sum().tolist() == pytest.approx([100, 100])


def test_the_same_year_twice_has_moved_nothing(plan):
    level = plan.model_copy(
        update={"quotas": plan.quotas.assign(value=[100.0, 100.0, 80.0, 80.0, 200.0, 200.0])}
    )
    alike = [
        (unit, f"{year}-9M", "people_enrolled", "elementary", value)
        for unit, value in (("178", 60), ("180", 50), ("cdn-ls", 150)) for year in (2022, 2023)
    ]  # fmt: skip
    found = change_of(level, alike)
    assert (found.rate, found.composition) == pytest.approx((0, 0))
    vi, en = told(indicators.moved, found)
    assert "không thay đổi" in vi
    assert "no change" in en


def test_districts_lie_apart_by_range_and_weighted_spread(plan):
    found = change_of(plan)
    assert found.alike.to_dict() == pytest.approx({"178": 70, "180": 40})
    assert found.apart.gap == pytest.approx(30)
    assert found.apart.weighted_sd == pytest.approx(30 * np.sqrt(3) / 4)  # 300 and 100 people
    assert (found.apart_before.gap, found.apart_before.weighted_sd) == pytest.approx((10, 5))


def test_a_late_unit_is_left_out_of_both_years_and_named(plan):
    found = change_of(plan, rows_of(DONE | {"180": (50, np.nan)}))
    assert list(found.left_out) == ["180"]
    assert found.before == pytest.approx(100 * 220 / 300)
    vi, en = told(indicators.left_out, found)
    assert (
        vi
        == "Tính đến hết 9 tháng đầu năm 2023, 1 đơn vị không đưa vào so sánh: Tràng Định (chưa báo cáo kỳ này)."
    )
    assert en == (
        "As of the end of the first nine months of 2023, 1 unit is not compared: Tràng Định (not reported now)."
    )


def test_a_unit_new_to_quotas_or_to_reporting_says_which(plan):
    new = plan.model_copy(
        update={
            "quotas": plan.quotas[~((plan.quotas["unit"] == "180") & (plan.quotas["period"] == "2022-FY"))]
        }
    )
    assert "no quota a year before" in told(indicators.left_out, change_of(new))[1]
    unknown = change_of(plan, rows_of(DONE | {"180": (np.nan, 40)}))
    assert "no figure for the same cut-off a year before" in told(indicators.left_out, unknown)[1]


def test_nothing_counted_no_quotas_and_too_few_units_are_three_reasons(plan):
    start = change_of(plan, as_of="2023-start")
    assert start.reason is NOT_COUNTED
    bare = plan.model_copy(update={"quotas": plan.quotas.iloc[:0]})
    assert change_of(bare).reason is NO_QUOTAS
    few = change_of(plan, rows_of(years=(2023,)))
    assert few.reason is TOO_FEW
    assert np.isnan([few.now, few.before, few.rate, few.composition]).all()
    assert few.units.empty
    for found in (start, few):
        vi, en = told(indicators.moved, found)
        assert found.reason.vi in vi
        assert found.reason.en in en
        assert told(indicators.left_out, found) is None
    assert indicators.apart(start, NAMES) is None
    assert (
        "a year before" not in told(indicators.apart, few)[1]
    )  # districts stand apart now, whatever was before


def test_sentences_of_the_model_case(plan):
    found = change_of(plan)
    vi, en = told(indicators.moved, found)
    assert "3 đơn vị có số liệu và chỉ tiêu của cả hai năm đạt 71,7% chỉ tiêu, cùng kỳ năm trước 67,5%" in vi
    assert "(tăng 4,2 điểm phần trăm)" in vi
    assert "have done 71.7% of their quotas, against 67.5% a year before (up 4.2 percentage points)" in en
    vi, en = told(indicators.apart, found)
    assert "Thành phố (hoàn thành 70,0% chỉ tiêu) và Tràng Định (40,0%) cách nhau 30,0 điểm phần trăm" in vi
    assert "Thành phố (70.0% of its quota) and Tràng Định (40.0%) lie 30.0 percentage points apart" in en
    assert told(indicators.left_out, found) is None


def test_one_district_alone_is_not_called_apart(plan):
    one = change_of(plan, rows_of(DONE | {"180": (50, np.nan)}))
    vi, en = told(indicators.apart, one)
    assert "chỉ có 1 huyện, thành phố" in vi
    assert "of the districts only 1 has" in en


def test_a_place_without_districts_compares_the_units_it_is_made_of(plan):
    no_districts = plan.model_copy(update={"quotas": plan.quotas[plan.quotas["unit"] == "cdn-ls"]})
    found = change_of(no_districts, rows_of({"cdn-ls": DONE["cdn-ls"]}))
    assert "of the institutions only 1 has" in told(indicators.apart, found)[1]


def test_many_units_left_out_are_counted_and_not_all_named(plan):
    found = change_of(plan)
    why = next(iter(change_of(plan, rows_of(DONE | {"180": (50, np.nan)})).left_out.values()))
    many = replace(found, left_out={f"u{k}": why for k in range(8)})
    vi, en = told(indicators.left_out, many)
    assert "3 đơn vị khác" in vi
    assert "3 more" in en
    assert "u5" not in en


@pytest.mark.parametrize(("value", "vi", "en"), [(1.74, "+1,7", "+1.7"), (-0.8, "-0,8", "-0.8"), (0.04, "0,0", "0.0"),
                                                  (-0.04, "0,0", "0.0")])  # fmt: skip
def test_points_carry_their_sign_unless_they_print_as_nothing(value, vi, en):
    assert (numbers.signed(value, "vi"), numbers.signed(value, "en")) == (vi, en)


@pytest.mark.parametrize("lang", LANGUAGES[1:2])
def test_the_notebook_shows_three_units_the_banner_and_the_late_one(lang):
    study = opened("lang-son-2023-example", "2023-9M", lang=lang)
    assert len(show.block(study, "indicators.moved")) == UNITS_NAMED["share_change"]
    text = show.block(study, "indicators.moved_said").data
    assert text.startswith("**")
    assert text.count("\n- ") == 3
    one = study.at(unit="180")
    assert change(one) is None
    assert show.block(one, "indicators.moved").data == ""
    assert show.block(one, "indicators.moved_said").data.startswith("*")


def test_a_plan_without_a_target_on_people_says_so():
    study = opened("viet-nam-2025", "2025-start", lang="en")
    assert change(study) is None
    assert "no target on people" in show.block(study, "indicators.moved_said").data
