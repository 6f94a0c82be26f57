"""The table of indicators: every row told, nothing added that may not be, missing never zero."""

from __future__ import annotations

import math

import pytest
from indicator_cases import DISTRICTS, figures, level, line

from vetanalysis.indicators.network import network
from vetanalysis.indicators.table import COLUMNS, STATES, indicator_table
from vetanalysis.loading import load_observations
from vetanalysis.observations.table import empty_observations
from vetanalysis.periods import parse_cutoff
from vetanalysis.plan import load_plan


@pytest.fixture(scope="module")
def plan():
    return load_plan("lang-son-2023-example")


@pytest.fixture(scope="module")
def real():
    return load_plan("lang-son-2023")


def test_every_row_of_the_plan_is_there_even_when_nothing_is_known(plan):
    table = indicator_table(plan, empty_observations(), "2023-9M")
    assert tuple(table.columns) == COLUMNS
    place = table[table["unit"] == "20"]
    assert set(place["row"].dropna()) == set(range(1, 63))
    assert set(table["state"]) <= set(STATES)
    untold = table[(table["state"] != "computed") & ((table["why_vi"] == "") | (table["why_en"] == ""))]
    assert untold.empty
    assert table.loc[table["state"] != "computed", "value"].isna().all()


def test_one_unit_alone_has_every_row_too(plan):
    table = indicator_table(plan, empty_observations(), "2023-9M", unit="183")
    assert set(table["unit"]) == {"183"}
    assert set(table["row"].dropna()) == set(range(1, 63))


def test_rows_of_words_only_say_so(plan):
    table = indicator_table(plan, empty_observations(), "2023-9M", unit="20")
    assert line(table, "20", "policies_issued").state == "narrative_only"
    assert line(table, "20", "district_plan_date").state == "narrative_only"


def test_published_figures_of_2021(real):
    # Lạng Sơn 2021: 57.2 % trained, 14,100 jobs; the year plan of jobs is not in this plan, so no percentage is told.
    wide = load_plan("lang-son-2023-example")
    obs = load_observations(wide, returns=None)
    table = indicator_table(wide, obs, "2021-FY", unit="20")
    assert line(table, "20", "trained_rate").value == 57.2
    jobs = line(table, "20", "jobs_created")
    assert (jobs.value, jobs.status, jobs.way) == (14100, "estimate", "own")
    assert math.isnan(jobs.percent_of_plan)
    assert not jobs.illustrative


def test_gap_and_pace_at_the_start_of_2023(real):
    table = indicator_table(real, load_observations(real, returns=None), "2023-start", unit="20")
    gap, pace = line(table, "20", "trained_rate_gap"), line(table, "20", "trained_rate_pace_required")
    assert gap.value == pytest.approx(4.8)
    assert gap.period == "2021-FY"
    assert pace.value == pytest.approx(2.4)
    assert "2021" in line(table, "20", "trained_rate").why_en


def test_within_a_year_the_gap_is_told_and_no_pace_by_the_year(real):
    table = indicator_table(real, load_observations(real, returns=None), "2023-9M", unit="20")
    gap, pace = line(table, "20", "trained_rate_gap"), line(table, "20", "trained_rate_pace_required")
    assert gap.value == pytest.approx(4.8)
    assert pace.state == "no_figure"
    assert "only at the start or the end of" in pace.why_en


def test_the_statistics_offices_rate_never_stands_for_the_departments(real):
    table = indicator_table(real, load_observations(real, returns=None), "2023-start", unit="20")
    certified = line(table, "20", "certified_rate")
    assert certified.state == "no_figure"
    assert "15.8" in certified.why_en
    assert "15,8" in certified.why_vi
    assert line(table, "20", "certified_share_of_trained").state == "no_figure"


def test_the_labour_force_is_not_compared_across_the_change_of_concept(real):
    labour = line(
        indicator_table(real, load_observations(real, returns=None), "2023-start", unit="20"),
        "20",
        "labour_force",
    )
    assert labour.value == 323_200
    assert math.isnan(labour.last_year_value)


def test_nothing_is_counted_at_the_start_of_a_year(plan):
    obs = figures(("183", "2022-FY", "people_enrolled", 500, level("elementary")))
    enrolled = line(indicator_table(plan, obs, "2023-start"), "183", "people_enrolled")
    assert enrolled.state == "no_figure"
    assert enrolled.plan_value == 590
    assert (enrolled.latest_value, enrolled.latest_period) == (500, "2022-FY")


def test_courses_under_three_months_stay_outside_the_head_count(plan):
    obs = figures(
        ("183", "2023-9M", "people_enrolled", 300, level("elementary")),
        ("183", "2023-9M", "people_enrolled", 40, level("intermediate")),
        ("183", "2023-9M", "people_enrolled", 90, level("short_course")),
    )
    table = indicator_table(plan, obs, "2023-9M")
    assert line(table, "183", "people_enrolled").value == 340
    assert line(table, "183", "people_enrolled", level="short_course").value == 90
    assert line(table, "183", "plan_completion").value == pytest.approx(100 * 340 / 590)


def test_a_group_is_a_part_of_the_levels_it_was_told_over(plan):
    """Told without levels it is of all 200 people, the 85 of short courses among them; told at a level of the 115."""
    minority = {"group": "ethnic_minority"}
    levels = (
        ("178", "2023-9M", "people_enrolled", 115, level("elementary")),
        ("178", "2023-9M", "people_enrolled", 85, level("short_course")),
    )
    for told, whole in (({}, 200), (level("elementary"), 115)):
        obs = figures(*levels, ("178", "2023-9M", "people_enrolled", 90, told | minority))
        table = indicator_table(plan, obs, "2023-9M")
        for unit in ("178", "20"):
            assert line(table, unit, "people_enrolled", **minority).whole == whole


def test_groups_overlap_and_never_make_a_total(plan):
    obs = figures(
        ("183", "2023-9M", "people_enrolled", 80, {"level": "elementary", "group": "ethnic_minority"}),
        ("183", "2023-9M", "people_enrolled", 20, {"level": "elementary", "group": "poor"}),
        ("183", "2023-9M", "people_enrolled", 30, {"level": "intermediate", "group": "poor"}),
    )
    table = indicator_table(plan, obs, "2023-9M")
    assert line(table, "183", "people_enrolled").state == "no_figure"
    assert line(table, "183", "people_enrolled", group="poor").value == 50
    assert line(table, "183", "people_enrolled", group="ethnic_minority").value == 80


def test_enrolments_are_never_added_to_people(plan):
    obs = figures(
        ("183", "2023-9M", "people_enrolled", 100, {"level": "elementary", "measure": "persons"}),
        ("183", "2023-9M", "people_enrolled", 400, {"level": "intermediate", "measure": "enrolments"}),
    )
    assert line(indicator_table(plan, obs, "2023-9M"), "183", "people_enrolled").value == 100


def test_a_class_reported_by_district_and_institution_counts_once(plan):
    obs = figures(
        ("183", "2023-9M", "people_enrolled", 300, level("elementary")),
        ("gdnn-gdtx-183", "2023-9M", "people_enrolled", 200, level("elementary")),
        ("dvnn-183", "2023-9M", "people_enrolled", 100, level("elementary")),
        ("cdn-ls", "2023-9M", "people_enrolled", 1000, level("college")),
    )
    total = line(indicator_table(plan, obs, "2023-9M"), "20", "people_enrolled")
    assert total.value == 1300
    assert total.way == "districts_and_provincial"


def test_a_district_without_a_figure_is_the_sum_of_its_institutions(plan):
    obs = figures(
        ("gdnn-gdtx-183", "2023-9M", "people_enrolled", 200, level("elementary")),
        ("dvnn-183", "2023-9M", "people_enrolled", 100, level("elementary")),
    )
    table = indicator_table(plan, obs, "2023-9M")
    assert line(table, "183", "people_enrolled").value == 300
    assert line(table, "20", "people_enrolled").value == 300


def test_a_partial_sum_says_which_units_it_lacks(plan):
    obs = figures(*((code, "2023-9M", "people_enrolled", 100, level("elementary")) for code in DISTRICTS[:9]))
    total = line(indicator_table(plan, obs, "2023-9M"), "20", "people_enrolled")
    assert (total.value, total.reported, total.expected) == (900, 9, 23)
    assert total.coverage == pytest.approx(9 / 23)
    assert "no figures from 14 of 23 units: Lộc Bình district, Đình Lập district" in total.why_en
    assert "chưa có số của 14/23 đơn vị: Lộc Bình, Đình Lập" in total.why_vi
    assert total.why_en.endswith(" and 9 more")
    assert total.why_vi.endswith(" và 9 đơn vị khác")


def test_few_units_that_a_sum_lacks_are_all_named(plan):
    provincial = network(plan, parse_cutoff("2023-9M")).provincial()
    sent = (*DISTRICTS[:9], *provincial[1:])
    obs = figures(*((code, "2023-9M", "people_enrolled", 100, level("elementary")) for code in sent))
    total = line(indicator_table(plan, obs, "2023-9M"), "20", "people_enrolled")
    last = plan.short_names()[provincial[0]]
    assert total.why_en == f"no figures from 3 of 23 units: Lộc Bình district, Đình Lập district, {last.en}"
    assert total.why_vi == f"chưa có số của 3/23 đơn vị: Lộc Bình, Đình Lập, {last.vi}"


def test_the_provinces_own_figure_wins_over_a_sum(plan):
    obs = figures(
        ("20", "2023-9M", "jobs_created", 9000),
        ("183", "2023-9M", "jobs_created", 800),
        ("tt-dvvl", "2023-9M", "jobs_created", 500),
    )
    jobs = line(indicator_table(plan, obs, "2023-9M"), "20", "jobs_created")
    assert (jobs.value, jobs.way) == (9000, "own")


def test_two_kinds_of_senders_are_never_added(plan):
    obs = figures(("183", "2023-9M", "jobs_created", 800), ("tt-dvvl", "2023-9M", "jobs_created", 500))
    jobs = line(indicator_table(plan, obs, "2023-9M"), "20", "jobs_created")
    assert (jobs.value, jobs.way) == (800, "district")


def test_zero_is_a_figure_and_a_blank_is_none(plan):
    obs = figures(("183", "2023-9M", "jobs_created", 0), ("184", "2023-9M", "jobs_created", math.nan))
    table = indicator_table(plan, obs, "2023-9M")
    assert line(table, "183", "jobs_created").value == 0
    assert line(table, "184", "jobs_created").state == "no_figure"
    assert line(table, "20", "jobs_created").reported == 1


def test_how_lines_came_about_is_one_record_for_every_part_of_the_table(plan):
    table = indicator_table(plan, figures(("183", "2023-9M", "jobs_created", 0)), "2023-9M")
    part = table[table["unit"] == "183"]
    assert part.attrs["ways"] is table.attrs["ways"]
    assert table.attrs["ways"]
