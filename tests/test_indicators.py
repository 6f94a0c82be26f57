"""The table of indicators: every row told, nothing added that may not be, missing never zero."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from indicator_cases import DISTRICTS, figures, level, line
from opened import opened

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


def test_one_unit_alone_reads_as_in_the_table_of_all():
    """So that most of these tests ask for the one unit that they look at."""
    study = opened("lang-son-2023-example", "2023-9M")
    for unit in ("20", "183", "cdn-ls"):
        alone = indicator_table(study.plan, study.observations, study.as_of, unit, ledger=study.ledger)
        assert set(alone["row"].dropna()) == set(range(1, 63))
        whole = study.lines[study.lines["unit"] == unit]
        pd.testing.assert_frame_equal(alone.reset_index(drop=True), whole.reset_index(drop=True))


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
    enrolled = line(indicator_table(plan, obs, "2023-start", "183"), "183", "people_enrolled")
    assert enrolled.state == "no_figure"
    assert enrolled.plan_value == 590
    assert (enrolled.latest_value, enrolled.latest_period) == (500, "2022-FY")


def test_courses_under_three_months_stay_outside_the_head_count(plan):
    obs = figures(
        ("183", "2023-9M", "people_enrolled", 300, level("elementary")),
        ("183", "2023-9M", "people_enrolled", 40, level("intermediate")),
        ("183", "2023-9M", "people_enrolled", 90, level("short_course")),
    )
    table = indicator_table(plan, obs, "2023-9M", "183")
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
    table = indicator_table(plan, obs, "2023-9M", "183")
    assert line(table, "183", "people_enrolled").state == "no_figure"
    assert line(table, "183", "people_enrolled", group="poor").value == 50
    assert line(table, "183", "people_enrolled", group="ethnic_minority").value == 80


def test_enrolments_are_never_added_to_people(plan):
    obs = figures(
        ("183", "2023-9M", "people_enrolled", 100, {"level": "elementary", "measure": "persons"}),
        ("183", "2023-9M", "people_enrolled", 400, {"level": "intermediate", "measure": "enrolments"}),
    )
    assert line(indicator_table(plan, obs, "2023-9M", "183"), "183", "people_enrolled").value == 100


def test_a_class_reported_by_district_and_institution_counts_once(plan):
    obs = figures(
        ("183", "2023-9M", "people_enrolled", 300, level("elementary")),
        ("gdnn-gdtx-183", "2023-9M", "people_enrolled", 200, level("elementary")),
        ("dvnn-183", "2023-9M", "people_enrolled", 100, level("elementary")),
        ("cdn-ls", "2023-9M", "people_enrolled", 1000, level("college")),
    )
    total = line(indicator_table(plan, obs, "2023-9M", "20"), "20", "people_enrolled")
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


def test_people_of_a_target_are_those_of_the_centres_also_where_other_districts_tell_otherwise(plan):
    """The report's count and its table of units add up the same people."""
    rows = [("gdnn-gdtx-183", 63)]
    for district in ("180", "181", "182"):
        rows += [(district, 100), (f"gdnn-gdtx-{district}", 120), (f"dvnn-{district}", 10)]
    obs = figures(*((unit, "2023-9M", "people_enrolled", n, level("elementary")) for unit, n in rows))
    table = indicator_table(plan, obs, "2023-9M")
    assert line(table, "183", "people_enrolled").value == 63
    assert line(table, "20", "people_enrolled").value == 363


@pytest.mark.parametrize(
    ("centres", "silent", "place"),
    [
        ((19,), None, 15),
        ((10, 2), None, 15),
        ((10, 5), 30, 45),
        ((10,), 30, 45),
    ],  # of the last one is missing
)
def test_sessions_of_centres_stand_for_a_silent_district_only_where_they_are_all_of_a_district_s(
    plan, centres, silent, place
):
    below = zip(("gdnn-gdtx-183", "dvnn-183"), centres, strict=False)
    obs = figures(
        ("183", "2023-9M", "communication_sessions", 15),
        *((code, "2023-9M", "communication_sessions", held) for code, held in below),
        ("gdnn-gdtx-189", "2023-9M", "communication_sessions", 30),
        measure="sessions",
    )
    table = indicator_table(plan, obs, "2023-9M")
    value = line(table, "189", "communication_sessions")["value"]
    assert value == silent or (silent is None and math.isnan(value))
    assert line(table, "20", "communication_sessions")["value"] == place


def test_a_partial_sum_says_which_units_it_lacks(plan):
    obs = figures(*((code, "2023-9M", "people_enrolled", 100, level("elementary")) for code in DISTRICTS[:9]))
    total = line(indicator_table(plan, obs, "2023-9M", "20"), "20", "people_enrolled")
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
    total = line(indicator_table(plan, obs, "2023-9M", "20"), "20", "people_enrolled")
    last = plan.short_names()[provincial[0]]
    assert total.why_en == f"no figures from 3 of 23 units: Lộc Bình district, Đình Lập district, {last.en}"
    assert total.why_vi == f"chưa có số của 3/23 đơn vị: Lộc Bình, Đình Lập, {last.vi}"


def test_the_provinces_own_figure_wins_over_a_sum(plan):
    obs = figures(
        ("20", "2023-9M", "jobs_created", 9000),
        ("183", "2023-9M", "jobs_created", 800),
        ("tt-dvvl", "2023-9M", "jobs_created", 500),
    )
    jobs = line(indicator_table(plan, obs, "2023-9M", "20"), "20", "jobs_created")
    assert (jobs.value, jobs.way) == (9000, "own")


def test_two_kinds_of_senders_are_never_added(plan):
    obs = figures(("183", "2023-9M", "jobs_created", 800), ("tt-dvvl", "2023-9M", "jobs_created", 500))
    jobs = line(indicator_table(plan, obs, "2023-9M", "20"), "20", "jobs_created")
    assert (jobs.value, jobs.way) == (800, "district")


def _spent(*told):
    rows = (
        (unit, f"2023-{at}", "budget_disbursed", value, {"fund_source": "central"})
        for unit, at, value in told
    )
    return figures(*rows, measure="million_dong")


def test_a_quarter_alone_is_worked_out_sender_by_sender(plan):
    """The department told 100 at nine months and nothing since; the units had told 40 and 50 by then."""
    units = (("183", "9M", 40), ("183", "FY", 70), ("184", "9M", 50), ("184", "FY", 80))
    obs = _spent(("so-tc", "9M", 100), *units)
    before = line(indicator_table(plan, obs, "2023-9M", "20"), "20", "budget_disbursed")
    assert (before.value, before.way) == (100, "so-tc")
    table = indicator_table(plan, obs, "2023-FY", "20")
    assert line(table, "20", "budget_disbursed", "cumulative").value == 150
    alone = line(table, "20", "budget_disbursed", "period")
    assert (alone.value, alone.way, alone.reported) == (30 + 30, "districts_and_provincial", 2)


def test_other_periods_are_those_of_the_senders_of_now(plan):
    """Of a year ago and of the quarter before the department told more than the units did."""
    of_units = (("183", "H1", 25), ("183", "9M", 40), ("183", "FY", 70))
    then = figures(
        ("so-tc", "2022-FY", "budget_disbursed", 200, {"fund_source": "central"}),
        ("183", "2022-FY", "budget_disbursed", 60, {"fund_source": "central"}),
        measure="million_dong",
    )
    now = _spent(("so-tc", "H1", 50), ("so-tc", "9M", 100), *of_units)
    table = indicator_table(plan, pd.concat([then, now], ignore_index=True), "2023-FY", "20")
    whole = line(table, "20", "budget_disbursed", "cumulative")
    assert (whole.last_year_value, whole.change_last_year) == (60, 10)
    alone = line(table, "20", "budget_disbursed", "period")
    assert (alone.value, alone.previous_value, alone.change_previous) == (30, 15, 15)


def test_totals_of_different_senders_leave_the_quarter_unknown_and_say_why(plan):
    now = (("183", "FY", 70), ("184", "FY", 80))
    table = indicator_table(plan, _spent(("so-tc", "9M", 100), *now), "2023-FY", "20")
    alone = line(table, "20", "budget_disbursed", "period")
    assert (alone.state, alone.why_en) == (
        "no_figure",
        "the two totals came from different senders and are not subtracted",
    )
    for code, obs in (("183", _spent(("so-tc", "9M", 100), *now)), ("20", _spent(*now))):
        alone = line(indicator_table(plan, obs, "2023-FY", code), code, "budget_disbursed", "period")
        assert alone.why_en.startswith("there is no total of the period before"), code
        assert math.isnan(alone.value)


def test_a_districts_quarter_is_not_what_it_told_less_what_its_institutions_had_told(plan):
    obs = _spent(("gdnn-gdtx-183", "9M", 30), ("183", "FY", 70))
    assert line(indicator_table(plan, obs, "2023-9M", "183"), "183", "budget_disbursed").value == 30
    alone = line(indicator_table(plan, obs, "2023-FY", "183"), "183", "budget_disbursed", "period")
    assert math.isnan(alone.value)
    assert alone.why_en == "the two totals came from different senders and are not subtracted"


def test_a_quarter_names_the_units_whose_earlier_total_is_not_known(plan):
    provincial = network(plan, parse_cutoff("2023-FY")).provincial()
    told = [(code, at, value) for code in (*DISTRICTS, *provincial) for at, value in (("9M", 10), ("FY", 15))]
    table = indicator_table(plan, _spent(*told[:-2], told[-1]), "2023-FY", "20")
    assert line(table, "20", "budget_disbursed", "cumulative").why_en == ""
    alone = line(table, "20", "budget_disbursed", "period")
    last = plan.short_names()[provincial[-1]].en
    assert (alone.value, alone.why_en) == (22 * 5, f"no figures from 1 of 23 units: {last}")


def test_a_share_of_what_did_not_grow_in_the_quarter_says_so(plan):
    spent = ((unit, at, value) for unit in ("183", "184") for at, value in (("9M", 40), ("FY", 70)))
    given = figures(
        *((unit, f"2023-{at}", "budget_assigned", 90, {"fund_source": "central"}) for unit in ("183", "184")
          for at in ("9M", "FY")),
        measure="million_dong",
    )  # fmt: skip
    table = indicator_table(plan, pd.concat([_spent(*spent), given], ignore_index=True), "2023-FY", "20")
    rate = line(table, "20", "disbursement_rate", "cumulative")
    assert rate.value == pytest.approx(100 * 140 / 180)
    alone = line(table, "20", "disbursement_rate", "period")
    assert alone.why_en == "nothing was added in this period alone to what it is a share of"


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
