"""The table of indicators: comparisons, quarters, ratios, money, quotas, stocks, completeness."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from indicator_cases import DISTRICTS, figures, level, line

import vetanalysis
from vetanalysis.errors import WrongCall
from vetanalysis.indicators.derived import courses, reconcile_quotas
from vetanalysis.indicators.network import reconciliation
from vetanalysis.indicators.table import indicator_table
from vetanalysis.indicators.tally import DIMENSIONS
from vetanalysis.loading import load_observations
from vetanalysis.observations.table import empty_observations
from vetanalysis.plan import load_plan


@pytest.fixture(scope="module")
def plan():
    return load_plan("lang-son-2023-example")


@pytest.fixture(scope="module")
def real():
    return load_plan("lang-son-2023")


def test_same_period_is_compared_over_the_same_units(plan):
    obs = figures(
        ("183", "2022-9M", "jobs_created", 400), ("183", "2023-9M", "jobs_created", 500),
        ("184", "2022-9M", "jobs_created", 300), ("185", "2023-9M", "jobs_created", 900),
    )  # fmt: skip
    jobs = line(indicator_table(plan, obs, "2023-9M", "20"), "20", "jobs_created")
    assert jobs.value == 1400
    assert (jobs.last_year_value, jobs.index_last_year, jobs.change_last_year) == (400, 125, 100)
    assert "over the 1 of 2 units" in jobs.why_en


def test_a_quarter_alone_is_the_difference_of_two_totals(plan):
    obs = figures(
        ("183", "2023-Q1", "jobs_created", 100), ("183", "2023-H1", "jobs_created", 250),
        ("183", "2023-9M", "jobs_created", 450), ("183", "2022-H1", "jobs_created", 200),
        ("183", "2022-9M", "jobs_created", 300),
    )  # fmt: skip
    quarter = line(indicator_table(plan, obs, "2023-9M", "183"), "183", "jobs_created", basis="period")
    assert (quarter.period, quarter.value) == ("2023-Q3", 200)
    assert (quarter.previous_value, quarter.change_previous) == (150, 50)
    assert (quarter.last_year_value, quarter.index_last_year) == (100, 200)


def test_quarters_alone_add_up_to_the_total(plan):
    rows = [
        ("183", f"2023-{code}", "jobs_created", value)
        for code, value in (("Q1", 100), ("Q2", 150), ("Q3", 200))
    ]
    jobs = line(indicator_table(plan, figures(*rows), "2023-9M", "183"), "183", "jobs_created")
    assert jobs.value == 450


def test_a_total_that_falls_is_told_as_a_correction(plan):
    obs = figures(("183", "2023-H1", "jobs_created", 250), ("183", "2023-9M", "jobs_created", 200))
    quarter = line(indicator_table(plan, obs, "2023-9M", "183"), "183", "jobs_created", basis="period")
    assert quarter.value == -50
    assert quarter.why_en == "the running total fell: an earlier figure was corrected"
    assert quarter.why_vi == "lũy kế giảm so với kỳ trước: số kỳ trước đã được sửa"


def test_of_a_total_that_rises_or_stands_still_nothing_need_be_known(plan):
    for later in (250, 300):
        obs = figures(("183", "2023-H1", "jobs_created", 250), ("183", "2023-9M", "jobs_created", later))
        table = indicator_table(plan, obs, "2023-9M", "183")
        whole = line(table, "183", "jobs_created")
        quarter = line(table, "183", "jobs_created", basis="period")
        assert (whole.value, quarter.value) == (later, later - 250)
        assert (whole.why_vi, whole.why_en, quarter.why_vi, quarter.why_en) == ("", "", "", "")


def test_a_comparison_over_all_units_that_report_needs_no_remark(plan):
    obs = figures(
        ("183", "2022-9M", "jobs_created", 400), ("183", "2023-9M", "jobs_created", 500),
        ("184", "2022-9M", "jobs_created", 300), ("184", "2023-9M", "jobs_created", 900),
    )  # fmt: skip
    jobs = line(indicator_table(plan, obs, "2023-9M", "20"), "20", "jobs_created")
    assert (jobs.last_year_value, jobs.index_last_year) == (700, 200)
    assert "compared" not in jobs.why_en


def test_a_level_says_of_when_it_is_only_where_that_is_earlier(plan):
    def why(period):
        obs = figures(("183", period, "people_in_training", 120, {"basis": "stock"}))
        found = line(indicator_table(plan, obs, "2023-9M", "183"), "183", "people_in_training")
        assert found.value == 120
        return found.why_en

    assert why("2023-9M") == ""
    assert why("2023-H1") == "figure of H1 2023, none later"
    assert why("2022-FY") == "figure of 2022, none later"


def test_a_ratio_is_one_of_sums_over_units_that_have_both(plan):
    obs = figures(
        ("cdn-ls", "2023-H1", "graduates_employed", 80), ("cdn-ls", "2023-H1", "graduates_followed", 100),
        ("cdyt-ls", "2023-H1", "graduates_employed", 10), ("cdyt-ls", "2023-H1", "graduates_followed", 50),
        ("cdsp-ls", "2023-H1", "graduates_followed", 500),
    )  # fmt: skip
    rate = line(indicator_table(plan, obs, "2023-H1", "20"), "20", "employed_after_training_rate")
    assert rate.value == 60
    assert (rate.numerator, rate.denominator, rate.reported) == (90, 150, 2)


def test_rates_of_units_are_not_averaged(plan):
    obs = figures(
        ("cdn-ls", "2023-H1", "equipment_use_rate", 60), ("cdyt-ls", "2023-H1", "equipment_use_rate", 90)
    )
    table = indicator_table(plan, obs, "2023-H1")
    place = line(table, "20", "equipment_use_rate")
    assert place.state == "no_figure"
    assert "60.0% to 90.0%" in place.why_en
    assert line(table, "cdn-ls", "equipment_use_rate").value == 60


def test_a_rate_on_fewer_than_ten_people_is_suppressed(plan):
    obs = figures(
        ("cdn-ls", "2023-H1", "graduates_employed", 3), ("cdn-ls", "2023-H1", "graduates_followed", 9),
        ("cdyt-ls", "2023-H1", "graduates_employed", 5), ("cdyt-ls", "2023-H1", "graduates_followed", 10),
    )  # fmt: skip
    table = indicator_table(plan, obs, "2023-H1")
    small = line(table, "cdn-ls", "employed_after_training_rate")
    assert small.state == "suppressed"
    assert math.isnan(small.value)
    assert line(table, "cdyt-ls", "employed_after_training_rate").value == 50


def test_streaming_joins_two_senders_figures(plan):
    obs = figures(
        ("so-gddt", "2023-FY", "lower_secondary_to_vet", 3000),
        ("so-gddt", "2023-FY", "lower_secondary_leavers", 10_000),
    )
    rate = line(indicator_table(plan, obs, "2023-FY", "20"), "20", "streaming_lower_secondary")
    assert (rate.value, rate.numerator, rate.denominator) == (30, 3000, 10_000)


FLOWS = ("people_in_training_start", "people_enrolled", "people_graduated", "people_dropped_out")


def test_a_stock_that_disagrees_with_its_flows_is_told(plan):
    flows = zip(FLOWS, (500, 200, 150, 10), strict=True)
    rows = [("cdn-ls", "2023-9M", name, value, level("college")) for name, value in flows]
    agrees = figures(*rows, ("cdn-ls", "2023-9M", "people_in_training", 540, level("college")))
    assert (
        line(indicator_table(plan, agrees, "2023-9M", "cdn-ls"), "cdn-ls", "people_in_training").why_en == ""
    )
    rows += [(*row[:4], level("intermediate")) for row in rows]
    two = (
        ("cdn-ls", "2023-9M", "people_in_training", 545, level(one)) for one in ("college", "intermediate")
    )
    table = indicator_table(plan, figures(*rows, *two), "2023-9M")
    assert "10 more than the identity" in line(table, "cdn-ls", "people_in_training").why_en
    assert "thừa 5 người" in line(table, "cdn-ls", "people_in_training", level="college").why_vi
    assert "in 1 unit the stock disagrees" in line(table, "20", "people_in_training").why_en


def test_a_figure_that_was_sent_again_counts_as_it_was_told_last_wherever_it_stands(plan):
    told = (
        ("183", "2023-9M", "jobs_created", 450, {"vintage": "2023-10-20"}),
        ("183", "2023-9M", "jobs_created", 500, {"vintage": "2023-10-05"}),
    )
    table = indicator_table(plan, figures(*told, ("184", "2023-9M", "jobs_created", 10)), "2023-9M")
    assert line(table, "183", "jobs_created").value == 450
    assert line(table, "20", "jobs_created").value == 460


@pytest.mark.parametrize(("aimed_at", "value"), [(False, 80), (True, 75)])
def test_a_rate_told_beside_its_parts_counts_only_where_it_is_a_target(plan, aimed_at, value):
    name = "employed_after_training_rate"
    if aimed_at:
        change = {"id": "employed", "indicator": name, "base": "", "concept": ""}
        target = plan.target("trained_rate").model_copy(update=change)
        plan = plan.model_copy(update={"targets": (*plan.targets, target)})
    obs = figures(
        ("cdn-ls", "2023-H1", "graduates_employed", 80), ("cdn-ls", "2023-H1", "graduates_followed", 100),
        ("cdn-ls", "2023-H1", name, 75, {"measure": "percent"}),
    )  # fmt: skip
    assert line(indicator_table(plan, obs, "2023-H1", "cdn-ls"), "cdn-ls", name).value == value


def test_a_stock_that_was_not_sent_is_worked_out(plan):
    flows = zip(FLOWS, (500, 200, 150, 10), strict=True)
    obs = figures(*(("cdn-ls", "2023-9M", name, value, level("college")) for name, value in flows))
    stock = line(indicator_table(plan, obs, "2023-9M", "cdn-ls"), "cdn-ls", "people_in_training")
    assert stock.value == 540
    assert "worked out" in stock.why_en


def test_money_by_source_and_in_all(plan):
    def money(source):
        return {"fund_source": source, "measure": "million_dong"}

    obs = figures(
        ("so-tc", "2023-9M", "budget_assigned", 600, money("central")),
        ("so-tc", "2023-9M", "budget_assigned", 400, money("local")),
        ("so-tc", "2023-9M", "budget_disbursed", 450, money("central")),
        ("so-tc", "2023-9M", "budget_disbursed", 100, money("local")),
        ("183", "2023-9M", "budget_disbursed", 70, money("local")),
    )
    table = indicator_table(plan, obs, "2023-9M", "20")
    assert line(table, "20", "budget_disbursed").value == 550
    assert line(table, "20", "disbursement_rate").value == 55
    assert line(table, "20", "disbursement_rate", fund_source="central").value == 75


def test_a_total_that_was_reported_stands_before_the_sum_of_its_sources(plan):
    def money(source=""):
        return {"fund_source": source, "measure": "million_dong"}

    parts = [
        ("so-tc", "2023-9M", "budget_assigned", 600, money("central")),
        ("so-tc", "2023-9M", "budget_assigned", 300, money("local")),
    ]
    table = indicator_table(plan, figures(*parts), "2023-9M")
    assert line(table, "so-tc", "budget_assigned").value == 900
    table = indicator_table(
        plan, figures(*parts, ("so-tc", "2023-9M", "budget_assigned", 1000, money())), "2023-9M"
    )
    assert line(table, "so-tc", "budget_assigned").value == 1000
    assert line(table, "so-tc", "budget_assigned", fund_source="central").value == 600


def test_the_levels_the_plan_counts_stand_before_a_total_that_was_reported(plan):
    obs = figures(
        ("183", "2023-9M", "people_enrolled", 430),
        ("183", "2023-9M", "people_enrolled", 300, {"level": "elementary"}),
        ("183", "2023-9M", "people_enrolled", 40, {"level": "intermediate"}),
        ("183", "2023-9M", "people_enrolled", 99, {"group": "poor"}),
        ("183", "2023-9M", "people_enrolled", 60, {"level": "elementary", "group": "poor"}),
        ("183", "2023-9M", "people_enrolled", 20, {"level": "intermediate", "group": "poor"}),
    )
    table = indicator_table(plan, obs, "2023-9M", "183")
    assert line(table, "183", "people_enrolled").value == 340
    assert line(table, "183", "people_enrolled", group="poor").value == 80
    only_whole = figures(("183", "2023-9M", "people_enrolled", 430))
    assert line(indicator_table(plan, only_whole, "2023-9M", "183"), "183", "people_enrolled").value == 430


def test_quotas_add_up_to_the_plan(plan, real):
    check = reconcile_quotas(plan, 2023)
    assert (check.total, check.target, check.agrees) == (13_500, 13_500, True)
    assert check.districts + check.provincial == check.total
    assigned = line(
        indicator_table(plan, empty_observations(), "2023-Q1", unit="20"), "20", "targets_assigned_total"
    )
    assert (assigned.value, assigned.plan_value) == (13_500, 13_500)
    none = reconcile_quotas(real, 2023)
    assert none.total is None
    assert none.agrees is None


class Ledger:
    """What came in: five units, one late, one corrected in time, one missing, one refused; half a year ago all late."""

    def matrix(self, as_of):
        states = ("on_time", "late", "corrected", "missing", "refused")
        now = pd.DataFrame(
            {"unit": DISTRICTS[:5], "period": as_of, "state": states, "days_late": [0, 3, 0, None, None],
             "versions": [1, 1, 3, 0, 1]}
        )  # fmt: skip
        return pd.concat([now.assign(period="2023-H1", state="late", days_late=1, versions=2), now])


def test_completeness_is_counted_from_the_ledger(plan):
    table = indicator_table(plan, empty_observations(), "2023-9M", unit="20", ledger=Ledger())
    received = line(table, "20", "reports_received_share")
    assert (received.value, received.numerator, received.denominator) == (60, 3, 5)
    assert line(table, "20", "reports_on_time_share").value == 40
    assert line(table, "20", "reports_corrected").value == 2


def test_the_whole_year_follows_the_course_of_past_years(plan):
    rows = [("183", f"{year}-{code}", "people_enrolled", value, level("elementary"))
            for year, path in {2021: (210, 1000), 2022: (300, 1000)}.items()
            for code, value in zip(("9M", "FY"), path, strict=True)]  # fmt: skip
    obs = figures(*rows, ("183", "2023-9M", "people_enrolled", 210, level("elementary")))
    estimate = line(indicator_table(plan, obs, "2023-9M", "183"), "183", "full_year_projection")
    assert estimate.value == pytest.approx(210 / 0.255)
    assert "700 to 1,000" in estimate.why_en


def test_paths_are_sums_of_what_was_reported(plan):
    obs = figures(
        ("183", "2022-FY", "people_enrolled", 500, level("elementary")),
        ("183", "2023-Q1", "people_enrolled", 100, level("elementary")),
        ("184", "2023-Q1", "people_enrolled", 50, level("elementary")),
    )
    paths = courses(plan, obs, "2023-9M")
    assert paths["20"][2023][1] == 150
    assert np.isnan(paths["20"][2023][2])
    assert paths["183"][2022][4] == 500


def test_what_comes_later_is_never_read(plan):
    obs = figures(("183", "2023-H1", "jobs_created", 250), ("183", "2023-9M", "jobs_created", 450))
    at_half = indicator_table(plan, obs, "2023-H1")
    without = indicator_table(plan, obs[obs["period"] == "2023-H1"], "2023-H1")
    pd.testing.assert_frame_equal(at_half, without)


def test_the_order_of_the_observations_does_not_matter(plan):
    rows = [(code, period, "people_enrolled", 10 + at, level(name))
            for at, code in enumerate(DISTRICTS) for period in ("2022-9M", "2023-9M")
            for name in ("elementary", "intermediate")]  # fmt: skip
    obs = figures(*rows)
    table = indicator_table(plan, obs, "2023-9M")
    turned = indicator_table(plan, obs.iloc[::-1].reset_index(drop=True), "2023-9M")
    pd.testing.assert_frame_equal(table, turned)


def test_the_provinces_total_is_the_sum_of_its_parts(plan):
    obs = figures(
        *(
            (code, "2023-9M", "people_enrolled", 10 + at, level("elementary"))
            for at, code in enumerate(DISTRICTS)
        )
    )
    table = indicator_table(plan, obs, "2023-9M")
    parts = table[
        (table["id"] == "people_enrolled") & table["unit"].isin(DISTRICTS) & (table["basis"] == "cumulative")
    ]
    whole = parts[(parts[list(DIMENSIONS)] == "").all(axis=1)]["value"].sum()
    assert line(table, "20", "people_enrolled").value == whole


def test_invented_figures_are_marked(plan):
    table = indicator_table(
        plan, figures(("183", "2023-9M", "jobs_created", 5), illustrative=True), "2023-9M"
    )
    assert line(table, "183", "jobs_created").illustrative
    assert line(table, "20", "jobs_created").illustrative
    assert not line(table, "184", "jobs_created").illustrative


def test_a_country_without_districts_has_its_rows_too():
    country = load_plan("viet-nam-2025")
    table = indicator_table(country, load_observations(country, returns=None), "2025-start")
    assert line(table, "VN", "certified_rate").state == "computed"
    assert set(table.loc[table["unit"] == "VN", "row"].dropna()) == {1, 2, 3, 4}


@pytest.mark.parametrize(("as_of", "unit"), [("2030-9M", None), ("2023-Q3", None), ("2023-9M", "999")])
def test_a_wrong_call_is_refused(plan, as_of, unit):
    with pytest.raises(WrongCall):
        indicator_table(plan, empty_observations(), as_of, unit)


def test_the_table_is_public():
    assert vetanalysis.indicator_table is indicator_table


def test_two_senders_of_one_quantity_stand_side_by_side(plan):
    obs = figures(
        ("183", "2023-9M", "jobs_created", 800),
        ("184", "2023-9M", "jobs_created", 200),
        ("tt-dvvl", "2023-9M", "jobs_created", 500),
        ("183", "2023-9M", "learning_demand", 70),
    )
    table = reconciliation(plan, obs, "2023-9M").set_index("sender")
    assert set(table["indicator"]) == {"jobs_created"}
    assert table["value"].to_dict() == {"district": 1000, "tt-dvvl": 500}
    assert table["difference"].to_dict() == {"district": 0, "tt-dvvl": -500}
    assert table.loc["district", "taken"]
    assert (table.loc["district", "reported"], table.loc["district", "expected"]) == (2, 11)
