"""The example year does not contradict itself: parts within wholes, shares of whole numbers, nothing that falls.

Asked of every cut-off of 2023, the end of the year included, as every unit of the example knows it.
"""

import shutil

import numpy as np
import pandas as pd
import pytest
from opened import opened, year_of

from tests.illustrative_year import SEED
from tests.illustrative_year.network import COUNTED, DISTRICTS, PROVINCIAL, schools
from tests.illustrative_year.wording import words_of
from vetanalysis.observations.checks import BREAKDOWNS, are_totals
from vetanalysis.periods import Cutoff
from vetanalysis.plan import load_plan
from vetanalysis.plan.catalogue import catalogue
from vetanalysis.returns.read import read_return

PLAN = load_plan("lang-son-2023-example")
PERIODS = ("2023-Q1", "2023-H1", "2023-9M", "2023-FY")
CODES = [school.code for school in schools()]
CENTRE, FINANCE, LABOUR = "tt-dvvl", "so-tc", "so-ldtbxh"
INSPECTORATE, FARMING = "thanh-tra-so", "so-nnptnt"


@pytest.fixture(scope="module", params=[SEED, 1], ids="seed {}".format)
def year(request):
    """Every figure of 2023, reported or still to come true."""
    made = year_of(request.param)
    table = pd.concat([made.reported, made.truth], ignore_index=True)
    return table[table["period"].str.startswith("2023")]


@pytest.fixture(scope="module")
def told(year):
    """One row per unit and cut-off, one column per quantity without a breakdown."""
    rows = year[are_totals(year)]
    return rows.pivot(index=["unit", "period"], columns="indicator", values="value").sort_index()


@pytest.fixture(scope="module")
def learners(year):
    """The same of learners: over the levels that count, and over all levels as `all_<indicator>`."""
    rows = year[are_totals(year, but=("level",)) & (year["level"] != "")]

    def added(some):
        return some.groupby(["unit", "period", "indicator"])["value"].sum().unstack()

    return added(rows[rows["level"].isin(COUNTED)]).join(added(rows).add_prefix("all_"))


def of(table, units):
    """The rows of these units, their cut-offs in order."""
    order = pd.MultiIndex.from_product([units, PERIODS], names=["unit", "period"])
    return table.reindex(order)


def alone(told, unit):
    """The cut-offs of one unit."""
    return of(told, [unit]).droplevel("unit")


def within(part, whole):
    """What of a part lies above its whole."""
    both = pd.DataFrame({"part": part, "whole": whole}).dropna()
    assert len(both)
    return both[both["part"] > both["whole"] + 1e-6].index.tolist()


def test_a_breakdown_lies_within_what_it_is_part_of(year):
    parts = {"sex", "group", "residence"}
    key = ["unit", "period", "indicator", *(name for name in BREAKDOWNS if name not in parts)]
    whole = year[are_totals(year, but=[name for name in BREAKDOWNS if name not in parts])]
    rows = year.merge(whole[[*key, "value"]], on=key, suffixes=("", "_whole"))
    assert len(rows) > 5000
    assert rows[rows["value"] > rows["value_whole"]].empty


def test_women_and_rural_people_are_as_many_over_the_trades_as_over_the_levels(year):
    new = year[(year["indicator"] == "people_enrolled") & ((year["sex"] != "") | (year["residence"] != ""))]
    keys = ["unit", "period", "sex", "residence"]
    trades, levels = (new[new[name] != ""].groupby(keys)["value"].sum() for name in ("trade", "level"))
    assert len(trades) > 100
    assert trades.equals(levels.reindex(trades.index))


def test_running_totals_do_not_fall_within_the_year(year):
    counts = year[(year["basis"] == "cumulative") & (year["measure"] != "percent")]
    at = counts["period"].map({period: place for place, period in enumerate(PERIODS)})
    key = ["unit", "indicator", *BREAKDOWNS]
    steps = counts.assign(at=at).sort_values("at").groupby(key)["value"].diff().dropna()
    assert len(steps) > 5000
    assert steps.min() > -1e-6


def test_a_year_begins_with_the_learners_the_year_before_ended_with():
    table = year_of(SEED).reported
    rows = table[are_totals(table, but=("level",)) & (table["level"] != "")]
    year = rows["period"].str[:4].astype(int)
    key = ["unit", "level", "year"]
    ends = rows[(rows["indicator"] == "people_in_training") & rows["period"].str.endswith("FY")]
    ends = ends.assign(year=year + 1)[[*key, "value"]]
    starts = rows[rows["indicator"] == "people_in_training_start"].assign(year=year)[[*key, "value"]]
    both = starts.merge(ends, on=key)
    assert set(both["year"]) == {2021, 2022, 2023}
    assert (both["value_x"] == both["value_y"]).all()


def test_what_an_institution_does_for_its_learners_and_graduates_is_for_some_of_them(told, learners):
    mine, people = of(told, CODES), of(learners, CODES)
    had = people["people_in_training_start"] + people["people_enrolled"]
    supplied = mine["labour_supplied_in_province"] + mine["labour_supplied_outside"]
    assert within(mine["graduates_counselled"], people["people_graduated"]) == []
    assert within(mine["graduates_counselled"], mine["graduate_counselling_sessions"]) == []
    assert within(mine["graduate_counselling_sessions"], 2 * mine["graduates_counselled"]) == []
    assert within(supplied, people["graduates_employed"]) == []
    assert within(people["graduates_employed"], people["graduates_followed"]) == []
    assert within(people["graduates_followed"], people["people_graduated"]) == []
    assert within(mine["learners_on_order"], had) == []
    assert within(mine["linked_learners"], had) == []
    assert within(people["people_enrolled"], mine["licensed_capacity"]) == []


def test_there_are_no_learners_without_an_order_or_a_class(told):
    mine = of(told, CODES)
    assert mine.loc[mine["training_orders"] == 0, "learners_on_order"].eq(0).all()
    assert mine.loc[mine["learners_on_order"] == 0, "hired_by_ordering_firm_rate"].isna().all()
    assert ((mine["linked_classes"] == 0) == (mine["linked_learners"] == 0)).all()
    held = mine[mine["linked_classes"] > 0]
    assert (held["linked_learners"] / held["linked_classes"]).between(5, 25).all()
    some = of(told, [*CODES, *DISTRICTS])
    assert some.loc[some["communication_sessions"] == 0, "communication_attendances"].eq(0).all()


def test_an_institution_reviewed_its_equipment_or_did_not_and_has_its_quota_for_target(told):
    mine = of(told, CODES)
    assert set(mine["equipment_reviewed_share"]) == {0.0, 100.0}
    quota = {one.code: sum(one.quota[level] for level in COUNTED) for one in schools()}
    assert (mine["institution_target"] == mine.index.get_level_values("unit").map(quota)).all()
    assert sum(quota.values()) == 13500
    given = of(told, list(DISTRICTS))["targets_assigned_total"].droplevel("period")
    assert {unit: sum(numbers) for unit, numbers in DISTRICTS.items()} == given.groupby(
        "unit"
    ).max().to_dict()


def test_rural_and_poor_people_of_a_district_are_among_its_learners_of_all_levels(told, learners):
    mine, people = of(told, list(DISTRICTS)), of(learners, list(DISTRICTS))
    rural = mine["rural_workers_trained"]
    assert (rural == mine["rural_workers_trained_farm"] + mine["rural_workers_trained_nonfarm"]).all()
    assert within(rural, people["all_people_enrolled"]) == []
    assert within(rural, mine["learning_demand"]) == []
    assert within(mine["poor_people_trained"], people["all_people_enrolled"]) == []
    assert within(mine["households_out_of_poverty"], mine["poor_people_trained"]) == []


def test_rural_workers_above_the_three_levels_are_said_to_hold_short_courses(told, learners):
    """Nobody reads of more rural workers trained than people enrolled without the word that explains it."""
    mine, people = of(told, list(DISTRICTS)), of(learners, list(DISTRICTS))
    assert len(within(mine["rural_workers_trained"], people["people_enrolled"]))
    label = catalogue(PLAN)["rural_workers_trained"].label
    assert "gồm cả khóa dưới 3 tháng" in label.vi
    assert "courses under three months included" in label.en


def test_inspections_violations_and_their_money_hang_together(told):
    mine = alone(told, INSPECTORATE)
    found, amount = mine["violations_found"], mine["violation_amount"]
    assert within(mine["violations_found"].gt(0).astype(int), mine["inspections"]) == []
    assert ((found == 0) == (amount == 0)).all()
    assert amount.diff().gt(0).eq(found.diff().gt(0)).all()
    institutions = alone(told, LABOUR)["vet_institutions"]
    inspected = mine["inspected_share"] * institutions / 100
    assert inspected.to_list() == pytest.approx(inspected.round().to_list(), abs=0.05)
    assert within(inspected.round(), mine["inspections"].clip(upper=institutions)) == []
    fixed = mine["violations_fixed_share"] * found / 100
    assert fixed.isna().eq(found == 0).all()
    assert fixed.dropna().to_list() == pytest.approx(fixed.dropna().round().to_list(), abs=0.01)
    assert within(fixed, found) == []


def test_summary_reports_on_time_are_some_of_those_due_so_far(told):
    share = alone(told, LABOUR)["provincial_report_on_time_share"]
    on_time = share.to_numpy() * np.arange(1, 5) / 100
    assert on_time == pytest.approx(on_time.round(), abs=0.01)
    assert (np.diff(on_time.round()) >= 0).all()


def test_the_job_centre_places_whom_it_refers_in_the_jobs_it_reports(told):
    mine = alone(told, CENTRE)
    assert within(mine["job_placements"], mine["job_referrals"]) == []
    assert within(mine["job_referrals"], mine["job_counselling_contacts"]) == []
    assert within(mine["job_placements"], mine["vacancies_surveyed"]) == []
    supplied = mine["labour_supplied_in_province"] + mine["labour_supplied_outside"]
    assert supplied.eq(mine["job_placements"]).all()
    assert mine["job_placements"].eq(mine["jobs_created"]).all()


def test_money_is_spent_within_what_is_assigned_and_finance_sees_the_sum(year, told):
    money = year[year["fund_source"] != ""].pivot_table(
        index=["unit", "period", "fund_source"], columns="indicator", values="value"
    )
    assert within(money["budget_disbursed"], money["budget_assigned"]) == []
    here = money[money.index.get_level_values("unit").isin([*DISTRICTS, *PROVINCIAL])]
    added = here.groupby(["period", "fund_source"]).sum()
    assert np.allclose(added, money.loc[FINANCE].reindex(added.index), atol=0.06)
    budget = (
        money.loc[FINANCE].drop("mobilised", level="fund_source").groupby("period").sum().reindex(PERIODS)
    )
    mine = alone(told, FINANCE)
    assert np.allclose(mine["estimate_set"], budget["budget_assigned"], atol=0.06)
    spent = 100 * budget["budget_disbursed"] / budget["budget_assigned"]
    assert np.allclose(mine["estimate_spent_share"], spent, atol=0.06)


def test_farm_trades_lie_within_their_plan_and_their_classes(told):
    mine = alone(told, FARMING)
    assert within(mine["farm_trade_learners"], mine["farm_trade_planned"]) == []
    assert within(mine["farm_trade_planned"], mine["farm_trade_demand"]) == []
    assert within(mine["farm_classes_supervised"], mine["farm_classes_opened"]) == []
    demand = of(told, list(DISTRICTS))["learning_demand"].groupby("period").sum()
    assert within(mine["farm_trade_demand"], demand) == []


def test_private_centres_are_what_the_department_counts(told):
    private = [code for code in CODES if code.startswith("gdnn-tu-thuc")]
    centres, mine = of(told, private), alone(told, LABOUR)
    for name in ("nonpublic_institutions_guided", "nonpublic_learners"):
        assert mine[name].eq(centres[name].groupby("period").sum()).all(), name
    assert centres["nonpublic_institutions_guided"].le(1).all()


def test_what_a_unit_completed_stays_completed_and_its_plan_keeps_its_number():
    cutoffs = [Cutoff(2023, code) for code in ("Q1", "H1", "9M")]
    for unit in [*CODES, *DISTRICTS, LABOUR, FINANCE]:
        said = [words_of(PLAN, unit, cutoff) for cutoff in cutoffs]
        assert len({(one["document_number", "1"], one["document_date", "1"]) for one in said}) == 1, unit
        for task in PLAN.tasks:
            done = [one["progress", task.id] == "Hoàn thành" for one in said]
            assert done == sorted(done), (unit, task.id)


@pytest.mark.parametrize("unit", ["180", "gdnn-tinh-2"])
def test_the_annual_form_has_no_figure_that_no_return_was_asked_for(unit):
    (file,) = (PLAN.folder.parents[1] / "returns" / f"{PLAN.name}-truth").glob(f"2023-FY/{unit}__*")
    read = read_return(file, PLAN).observations
    work = read[read["indicator"].isin(["graduates_followed", "graduates_employed"])]
    assert set(work["period"]) == {"2023-H1", "2023-FY"}
    assert set(read[read["indicator"] == "people_enrolled"]["period"]) == set(PERIODS)


@pytest.mark.parametrize("period", PERIODS[:3])
def test_an_average_is_the_quotient_of_the_totals_beside_it_or_says_of_what_it_is(period):
    lines = opened(PLAN.name, period).lines
    here = lines[(lines["unit"] == PLAN.place.code) & are_totals(lines) & (lines["basis"] != "period")]
    here = here[here["value"].notna()].set_index("id")
    ratios = {name: one for name, one in catalogue(PLAN).items() if one.parts and name in here.index}
    checked = 0
    for name, one in ratios.items():
        if not set(one.parts) <= set(here.index):
            continue
        part, whole = here.loc[list(one.parts), "value"]
        quotient = part / whole * (100 if one.measure == "percent" else 1)
        if here.loc[name, "value"] != pytest.approx(quotient):
            said = here.loc[name, "why_en"]
            numbers = (
                f"{here.loc[name, half]:,.1f}".removesuffix(".0") for half in ("numerator", "denominator")
            )
            assert all(number in said for number in numbers), (name, said)
        checked += 1
    assert checked >= 3


@pytest.mark.parametrize(
    ("unit", "followed", "graduated"), [("khuyen-nong", 399, 491), ("cdyt-ls", 263, 336)]
)
def test_followed_up_over_all_levels_is_a_share_of_graduates_over_all_levels(
    tmp_path, unit, followed, graduated
):
    """The annual form tells those followed up without their levels: of them no more than graduated."""
    returns = PLAN.folder.parents[1] / "returns"
    for file in returns.glob(f"{PLAN.name}*/2023-*/{unit}__*"):
        (tmp_path / file.parent.name).mkdir(exist_ok=True)
        shutil.copy(file, tmp_path / file.parent.name)
    lines = opened(PLAN.name, "2023-FY", returns=str(tmp_path)).lines
    line = lines[are_totals(lines) & (lines["unit"] == unit) & (lines["id"] == "follow_up_rate")]
    line = line[line["basis"] == "cumulative"].iloc[0]
    assert line["value"] == pytest.approx(100 * followed / graduated)
    assert line["why_en"] == f"worked out over all levels: {followed} and {graduated}"
    assert line["why_vi"] == f"tính trên mọi trình độ: {followed} và {graduated}"
    counts = lines[are_totals(lines) & (lines["unit"] == unit) & (lines["basis"] == "cumulative")].set_index(
        "id"
    )
    assert counts.loc["graduates_followed", "why_vi"].startswith(
        "mọi trình độ, kể cả ngoài chỉ tiêu; không so với"
    )
    assert counts.loc["graduates_followed", "why_en"].startswith("all levels, also those outside the quotas")
    assert not counts.loc["people_graduated", "why_vi"], "told by level, of the quotas' levels alone"


@pytest.mark.parametrize("period", PERIODS[:3])
def test_no_share_of_people_is_above_all_of_them(period):
    lines = opened(PLAN.name, period).lines
    shares = lines[
        (lines["measure"] == "percent") & lines["numerator"].notna() & (lines["unit"] != PLAN.place.code)
    ]
    people = [name for name, one in catalogue(PLAN).items() if one.kind == "outcome" and one.parts]
    assert len(lines[lines["id"].isin(people)])
    assert shares[
        shares["id"].isin([*people, "disbursement_rate", "placement_rate"]) & (shares["value"] > 100)
    ].empty


@pytest.mark.parametrize("period", PERIODS[:3])
def test_units_with_a_plan_of_their_own_are_as_many_in_both_places_of_a_report(period):
    study = opened(PLAN.name, period)
    share = study.lines.set_index(["unit", "id"]).loc[(PLAN.place.code, "units_with_plan_share")]
    assert study.period.documents["unit"].nunique() == share["numerator"] == share["denominator"] == 52
    assert len(study.period.documents) == 52
