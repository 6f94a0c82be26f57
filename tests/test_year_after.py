"""The plan of the next year: what it takes from the year before, and that nothing of that year changes."""

from __future__ import annotations

import shutil

import pandas as pd
import period_cases
import pytest
from indicator_cases import figures, level
from narrative_cases import people, people_target
from two_years import NEW, OLD, cells, copied, data, send  # noqa: F401

import vetanalysis as va
from vetanalysis.assessment.counting import flow_of
from vetanalysis.cli.main import main
from vetanalysis.cli.new_plan_next import _open_quotas, own_years
from vetanalysis.errors import PlanInvalid, WrongCall
from vetanalysis.hashes import folders_before
from vetanalysis.language.cells import worded
from vetanalysis.loading import received_of
from vetanalysis.narrative import asked, targets
from vetanalysis.observations.series import returned
from vetanalysis.periods import parse_cutoff
from vetanalysis.pipeline.jobs import Report, inputs_of, returns_folders
from vetanalysis.report import period_of
from vetanalysis.returns.ledger import load_ledger
from vetanalysis.study import open_study
from vetanalysis.track.statements import _aim


@pytest.fixture(scope="module")
def plan(data):  # noqa: F811
    return va.load_plan(NEW)


def test_the_new_plan_is_of_its_own_year_and_follows_the_old(plan):
    assert (plan.years, plan.follows) == ((2024, 2024), OLD)
    assert [one.name for one in plan.before] == [OLD]
    assert "2024" in plan.title.vi
    assert {one.period for one in plan.targets} == {"2024-FY"}


@pytest.mark.parametrize("wrong", ["title: [", "years: x"])
def test_a_plan_before_that_is_at_fault_is_told_as_such_and_not_as_one_of_other_years(copied, wrong):  # noqa: F811
    path = copied / "plans" / OLD / "plan.yaml"
    path.write_text(path.read_text(encoding="utf-8") + f"\n{wrong}\n", encoding="utf-8")
    with pytest.raises(PlanInvalid, match=f"{OLD}, cannot be used: .*problems"):
        va.load_plan(NEW)
    path = copied / "plans" / NEW / "plan.yaml"  # and of a plan whose own years cannot be read these are told
    path.write_text(
        path.read_text(encoding="utf-8").replace("- 2024\n- 2024", "- x\n- 2024"), encoding="utf-8"
    )
    with pytest.raises(PlanInvalid, match="years") as refused:
        va.load_plan(NEW)
    assert "go up to" not in str(refused.value)


def test_years_that_only_hold_past_figures_are_not_those_of_a_plan(plan):
    assert own_years(va.load_plan(OLD)) == (2023, 2023)  # its years begin in 2020
    assert own_years(plan) == (2024, 2024)
    assert own_years(va.load_plan("viet-nam-2025")) == (
        2021,
        2025,
    )  # rates by 2025, which alone its title names


@pytest.mark.parametrize(
    ("old", "new", "of"),
    [
        ((2025, 2026), (2027, 2028), {"2027": ["a"], "2028": ["a", "b"]}),
        ((2026, 2026), (2027, 2028), {"2027": ["a", "b"], "2028": ["a", "b"]}),
        ((2025, 2026), (2027, 2027), {"2027": ["a", "b"]}),
    ],
)
def test_each_year_of_the_new_plan_has_a_row_for_each_quota_of_the_old(old, new, of):
    rows = [("a", "2025-FY"), ("a", "2026-FY"), ("b", "2026-FY")]
    quotas = pd.DataFrame(rows, columns=["unit", "period"]).assign(
        level="", value="5", source="s", indicator=""
    )
    found = _open_quotas(quotas, old, new)
    assert set(found["value"]) == {""}
    assert found.groupby(found["period"].str[:4])["unit"].apply(list).to_dict() == of


def test_what_the_old_plan_inherits_is_carried_too(plan):
    old = va.load_plan(OLD)
    assert len(plan.crosswalk) == len(old.crosswalk)
    assert len(plan.tiles) == len(old.tiles)
    assert plan.shapes.of.keys() == old.shapes.of.keys()
    assert plan.words.own_words == old.words.own_words


def test_quotas_of_the_year_before_stand_there_and_those_of_the_year_wait(plan):
    by_year = plan.quotas.groupby(plan.quotas["period"].str[:4])["value"].sum()
    assert by_year["2023"] == 13500
    assert "2024" not in by_year
    (empty,) = (one for one in plan.warnings if one.rule == "plan-quota")
    assert "40 " in empty.found.en


def test_the_figures_of_the_year_before_are_read_where_they_lie(plan):
    old, new = (va.load_observations(one, published=None) for one in (va.load_plan(OLD), plan))
    figure = ["unit", "period", "indicator", "level", "group", "sex", "trade", "value", "vintage"]
    pd.testing.assert_frame_equal(new[figure], old[figure])
    assert set(new["source"].str.split("/").str[0]) == {OLD}
    assert set(new["source"].map(returned)) == set(old["source"].map(returned))  # named by sender and period


def test_a_study_of_the_new_year_compares_with_the_old(data, plan):  # noqa: F811
    row = open_study(NEW, "2024-start").observations.query("period == '2023-Q1' and unit == '178'")
    assert len(row)
    assert plan.before[0].years[1] == 2023


def test_a_return_in_the_folder_of_the_other_year_counts_and_is_told(copied):  # noqa: F811
    plan, old = va.load_plan(NEW), va.load_plan(OLD)
    send(plan, "178", "2024-Q1", copied / "returns" / OLD)
    send(old, "180", "2023-Q1", copied / "returns" / NEW, day="2024-02-01")
    ledger = load_ledger(plan)
    counted = {one.reading.file: one.counts for one in ledger.all_versions}
    early, late = "2023-Q1/180__2024-02-01.xlsx", f"{OLD}/2024-Q1/178__2024-03-15.xlsx"
    assert counted[early]
    assert counted[late]
    told = {one.file for one in ledger.all_findings if one.rule == "other-folder"}
    assert told == {early, late}
    assert ledger.observations.query("unit == '178' and period == '2024-Q1'")["value"].tolist() == [30.0]


def bring(folder, name, year, value):
    """A tidy file of one figure in a plan's folder of returns."""
    folder.mkdir(parents=True, exist_ok=True)
    row = f"178,{year}-Q1,people_enrolled,elementary,{value},true"
    (folder / name).write_text(f"unit,period,indicator,level,value,illustrative\n{row}\n", encoding="utf-8")


def test_tables_of_this_year_stand_beside_workbooks_of_the_year_before(copied):  # noqa: F811
    """They are read once, not as a return of a unit too, and who sent them is told."""
    plan = va.load_plan(NEW)
    bring(copied / "returns" / NEW, "2024-03-20.csv", 2024, 30)
    counted = va.load_observations(plan, published=None).query("unit == '178' and level == 'elementary'")
    years = counted[counted["indicator"] == "people_enrolled"].groupby(counted["period"].str[:4]).size()
    assert years["2024"] == 1
    assert years["2023"] > 1
    assert set(received_of(plan, "default").observations["period"]) == {"2024-Q1"}


def test_workbooks_of_this_year_are_checked_beside_tables_of_the_year_before(copied, capsys):  # noqa: F811
    plan = va.load_plan(NEW)
    shutil.rmtree(copied / "returns" / OLD)
    bring(copied / "returns" / OLD, "2023-03-20.csv", 2023, 20)
    send(plan, "178", "2024-Q1", copied / "returns" / NEW)
    main(["check", NEW, "--as-of", "2024-Q1", "--all"])
    assert "2024-Q1/178__2024-03-15.xlsx" in capsys.readouterr().out
    counted = va.load_observations(plan, published=None)
    assert set(counted["period"]) == {"2023-Q1", "2024-Q1"}


def test_a_correction_of_last_year_is_due_in_reports_of_this_year(copied):  # noqa: F811
    report = Report(NEW, "2024-Q1", "20", "vi", str(copied / "reports" / NEW / "2024-Q1" / "20" / "vi"))
    before = inputs_of(report)
    assert folders_before(copied / "plans" / NEW) == [copied / "plans" / OLD]
    send(va.load_plan(OLD), "178", "2023-Q1", copied / "returns" / OLD, day="2024-04-01")
    assert inputs_of(report).returns != before.returns


@pytest.mark.parametrize("at", ["returns", "{data}/returns", "plans/../returns"])
def test_the_plan_s_own_folder_stands_for_those_before_however_it_is_written(copied, monkeypatch, at):  # noqa: F811
    monkeypatch.chdir(copied)
    plan = va.load_plan(NEW)
    send(plan, "178", "2024-Q1", copied / "returns" / NEW)
    path = f"{at.format(data=copied)}/{NEW}"
    assert {one.reading.file.split("/")[0] for one in load_ledger(plan, path).all_versions} == {
        OLD,
        "2024-Q1",
    }
    report = Report(NEW, "2024-Q1", "20", "vi", str(copied / "reports"), returns=path)
    assert [one.name for one in returns_folders(report)] == [NEW, OLD]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("plan.yaml", f"follows: {OLD}", "follows: nowhere"), "nowhere"),
        (("plan.yaml", "- 2024\n- 2024", "- 2020\n- 2024"), "go up to 2023, this plan begins in 2020"),
        (
            ("units.csv", "\ngdnn-tinh-2,", "\ngdnn-tinh-9,"),
            f"units of the plan {OLD} are missing: gdnn-tinh-2",
        ),
    ],
)
def test_what_stands_against_following_a_plan_is_told(copied, change, says):  # noqa: F811
    name, old, new = change
    path = copied / "plans" / NEW / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(PlanInvalid, match=says):
        va.load_plan(NEW)


def test_a_year_starts_from_what_was_returned_for_the_end_of_the_year_before(data):  # noqa: F811
    """Returns of 2022-FY came on 15 and 16 December 2022, the last day counted was the 14th."""
    last = open_study(OLD, "2023-Q1").last
    assert str(last.as_of) == "2023-start"
    assert len(last.observations.query("unit == '178' and period == '2022-FY'"))


def test_the_same_period_is_that_of_the_units_that_have_both_years():
    one = people(
        as_of="2024-Q1", target=people_target(), so_far=1683.0, received=22, due=23,
        same_period=1559.0, compared=1651.0,
    )  # fmt: skip
    assert one.alike(1683.0) == 1651.0
    assert targets.of_units(one).get("en") == " (where both years have figures: 1,651 against 1,559)"


def test_a_new_unit_is_in_the_count_and_not_in_the_comparison(data):  # noqa: F811
    """The report's share of the year before is that of its two printed numbers."""
    units = ("178", "180", "181")
    rows = [(unit, f"{year}-Q1", "people_enrolled", n, level("elementary"))
            for unit in units for year, n in ((2022, 100), (2023, 110))]  # fmt: skip
    same = {"illustrative": True, "measure": "persons", "basis": "cumulative"}
    obs = figures(*rows[:-2], rows[-1], **same)  # 181 has no figure of 2022
    study = open_study(OLD, "2023-Q1", returns=obs, published=None)
    facts = period_of(study)
    one = facts.as_reported(study.counts[0])
    assert (one.so_far, one.same_period, one.compared) == (330, 200, 220)


def test_the_record_holds_last_year_s_statements_against_last_year_s_target(plan):
    """Not against the quotas of the units that are still there: 13,500 people were promised."""
    target = plan.target("people_enrolled")
    obs = figures(
        ("178", "2023-Q1", "people_enrolled", 10, level("elementary")), measure="persons", basis="cumulative"
    )
    counts = flow_of(plan, obs, target, parse_cutoff("2024-FY"), plan.place.code)
    assert (_aim(plan, target, counts, 2023).value, _aim(plan, target, counts, 2022).value) == (13500, 12700)
    earlier = target.model_copy(update={"id": "before", "period": "2023-FY", "value": 13000.0})
    of_two_years = plan.model_copy(
        update={"targets": (target, earlier)}
    )  # its own target for that year comes first
    assert _aim(of_two_years, target, counts, 2023).value == 13000


@pytest.mark.parametrize(("as_of", "asks"), [("2024-Q1", True), ("2024-H1", False)])
def test_the_first_report_asks_what_came_of_what_last_year_s_last_report_asked_for(plan, as_of, asks):
    told = asked.of_year_before(period_cases.facts(plan=plan, cutoff=parse_cutoff(as_of)))
    assert [worded(one, "en").prompt for one in told] == [
        "What came of what the report for 2023 asked for: causes that units gave, figures corrected or explained."
    ] * asks
    assert asked.of_year_before(period_cases.facts(cutoff=parse_cutoff("2023-Q1"))) == []


def test_who_asks_for_last_year_is_told_whose_year_it_is(plan, capsys):
    with pytest.raises(WrongCall, match=f"ask the plan of that year: {OLD}"):
        plan.check_cutoff("2023-FY")
    assert main(["template", NEW, "--past-year", "2022"]) == 2
    assert f"covers 2024; ask the plan of that year: {OLD}" in capsys.readouterr().err
    with pytest.raises(WrongCall, match="use for instance 2024-start"):
        plan.check_cutoff("2025-Q1")
