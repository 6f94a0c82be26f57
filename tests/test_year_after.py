"""The plan of the next year: what it takes from the year before, and that nothing of that year changes."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import asdict

import openpyxl
import pandas as pd
import period_cases
import pytest
from indicator_cases import figures, level
from narrative_cases import people, people_target

import vetanalysis as va
from vetanalysis.assessment.counting import flow_of
from vetanalysis.assessment.issued import statement_of
from vetanalysis.cli.main import main
from vetanalysis.cli.new_plan_next import _open_quotas, own_years
from vetanalysis.errors import PlanInvalid, WrongCall
from vetanalysis.hashes import folders_before
from vetanalysis.language.cells import worded
from vetanalysis.loading import received_of
from vetanalysis.narrative import asked, targets
from vetanalysis.narrative.report import sentences
from vetanalysis.observations.series import returned
from vetanalysis.paths import DATA_VARIABLE, data_root, reports_at
from vetanalysis.periods import parse_cutoff
from vetanalysis.pipeline.jobs import Report, inputs_of, returns_folders
from vetanalysis.report import document_of, period_of
from vetanalysis.returns.form_book import CELL_COLUMNS
from vetanalysis.returns.key import Key
from vetanalysis.returns.ledger import load_ledger
from vetanalysis.returns.template import build_form
from vetanalysis.study import open_study
from vetanalysis.track.statements import _aim

OLD, NEW = "lang-son-2023-example", "lang-son-2024-example"
SENT = ("2022-FY/178__*", "2023-Q1/178__*", "2023-Q1/khuyen-nong__*")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A data folder with the example of 2023, few of its returns, and the plan of 2024 made from it."""
    root, there = tmp_path_factory.mktemp("two-years") / "data", data_root()
    for name in ("plans", "published"):
        shutil.copytree(there / name, root / name)
    for pattern in SENT:
        for path in (there / "returns" / OLD).glob(pattern):
            (root / "returns" / OLD / path.parent.name).mkdir(parents=True, exist_ok=True)
            shutil.copy(path, root / "returns" / OLD / path.parent.name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DATA_VARIABLE, str(root))
        assert main(["new-plan", str(root / "plans" / NEW), "--from", OLD]) == 0
        yield root


@pytest.fixture(scope="module")
def plan(data):
    return va.load_plan(NEW)


@pytest.fixture
def copied(data, tmp_path, monkeypatch):
    """The same to change."""
    shutil.copytree(data, tmp_path / "data")
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    return tmp_path / "data"


def send(plan, unit, period, folder, day="2024-03-15", number=30.0):
    """A return of a unit with one figure, on the form of a plan, into a folder of returns."""
    key = next(cells(plan, unit, period))
    form = build_form(plan, unit, period, figures={key: number}, illustrative=True)
    return form.save(folder / period / f"{unit}__{day}.xlsx")


def cells(plan, unit, period):
    """The cells of the newly enrolled of a level on a unit's form."""
    form = build_form(plan, unit, period)
    rows = form.book["_cells"].iter_rows(min_row=2, values_only=True)
    for row in rows:
        cell = dict(zip(CELL_COLUMNS, row, strict=False))
        if cell["indicator"] == "people_enrolled" and cell["level"] == "elementary" and not cell["sex"]:
            yield Key(**{name: cell[name] or "" for name in Key._fields if name in cell})


def test_the_new_plan_is_of_its_own_year_and_follows_the_old(plan):
    assert (plan.years, plan.follows) == ((2024, 2024), OLD)
    assert [one.name for one in plan.before] == [OLD]
    assert "2024" in plan.title.vi
    assert {one.period for one in plan.targets} == {"2024-FY"}


@pytest.mark.parametrize("wrong", ["title: [", "years: x"])
def test_a_plan_before_that_is_at_fault_is_told_as_such_and_not_as_one_of_other_years(copied, wrong):
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


def test_a_study_of_the_new_year_compares_with_the_old(data, plan):
    row = open_study(NEW, "2024-start").observations.query("period == '2023-Q1' and unit == '178'")
    assert len(row)
    assert plan.before[0].years[1] == 2023


def test_a_return_in_the_folder_of_the_other_year_counts_and_is_told(copied):
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


def test_tables_of_this_year_stand_beside_workbooks_of_the_year_before(copied):
    """They are read once, not as a return of a unit too, and who sent them is told."""
    plan = va.load_plan(NEW)
    bring(copied / "returns" / NEW, "2024-03-20.csv", 2024, 30)
    counted = va.load_observations(plan, published=None).query("unit == '178' and level == 'elementary'")
    years = counted[counted["indicator"] == "people_enrolled"].groupby(counted["period"].str[:4]).size()
    assert years["2024"] == 1
    assert years["2023"] > 1
    assert set(received_of(plan, "default").observations["period"]) == {"2024-Q1"}


def test_workbooks_of_this_year_are_checked_beside_tables_of_the_year_before(copied, capsys):
    plan = va.load_plan(NEW)
    shutil.rmtree(copied / "returns" / OLD)
    bring(copied / "returns" / OLD, "2023-03-20.csv", 2023, 20)
    send(plan, "178", "2024-Q1", copied / "returns" / NEW)
    main(["check", NEW, "--as-of", "2024-Q1", "--all"])
    assert "2024-Q1/178__2024-03-15.xlsx" in capsys.readouterr().out
    counted = va.load_observations(plan, published=None)
    assert set(counted["period"]) == {"2023-Q1", "2024-Q1"}


def on_last_year_s_form(copied, change):
    """A return of 2024-Q1 written over last year's form, and what its ledger says of it."""
    path = send(va.load_plan(OLD), "178", "2023-Q1", copied / "returns" / NEW, number=44.0)
    path.parent.rename(path.parent.with_name("2024-Q1"))
    path = path.parent.with_name("2024-Q1") / path.name
    book = openpyxl.load_workbook(path)
    lines = [
        cell for sheet in book if sheet.sheet_state == "visible" for row in sheet.iter_rows(max_row=12, max_col=2)
        for cell in row if cell.value and "quý I năm 2023" in str(cell.value)
    ]  # fmt: skip
    for cell in change(lines):
        cell.value = cell.value.replace("2023", "2024").replace("2022", "2023")
    book.save(path)
    ledger = load_ledger(va.load_plan(NEW))
    told = [one for one in ledger.all_findings if one.rule == "form-plan"]
    return told, ledger.observations.query("period == '2024-Q1' and indicator == 'people_enrolled'"), lines


def test_last_year_s_form_with_last_year_s_titles_is_no_return_of_this_year(copied):
    (told,), read, lines = on_last_year_s_form(copied, lambda lines: [])
    assert (told.severity, len(read)) == ("error", 0)
    assert told.place.endswith(lines[0].coordinate)
    assert f"năm trước ({OLD}, quý I năm 2023)" in told.found.vi
    assert "nobody can say of which year" in told.found.en
    assert "write the new period into the line" in told.remedy.en


def test_one_that_names_the_new_period_in_some_titles_alone_is_asked_about(copied):
    (told,), read, lines = on_last_year_s_form(copied, lambda lines: lines[:1])
    assert (told.severity, len(read)) == ("error", 0)
    assert "other sheets the new one" in told.found.en
    assert told.place.endswith(lines[1].coordinate)


def test_one_whose_titles_all_name_the_new_period_is_read_as_of_it(copied):
    (told,), read, _ = on_last_year_s_form(copied, lambda lines: lines)
    assert told.severity == "warning"
    assert told.found.vi.endswith("mọi trang ghi kỳ quý I năm 2024: đọc là số của kỳ này")
    assert read[read["unit"] == "178"]["value"].tolist() == [44.0]
    assert read["source"].str.contains("2024-Q1").all()


def test_a_correction_of_last_year_is_due_in_reports_of_this_year(copied):
    report = Report(NEW, "2024-Q1", "20", "vi", str(copied / "reports" / NEW / "2024-Q1" / "20" / "vi"))
    before = inputs_of(report)
    assert folders_before(copied / "plans" / NEW) == [copied / "plans" / OLD]
    send(va.load_plan(OLD), "178", "2023-Q1", copied / "returns" / OLD, day="2024-04-01")
    assert inputs_of(report).returns != before.returns


@pytest.mark.parametrize("at", ["returns", "{data}/returns", "plans/../returns"])
def test_the_plan_s_own_folder_stands_for_those_before_however_it_is_written(copied, monkeypatch, at):
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
def test_what_stands_against_following_a_plan_is_told(copied, change, says):
    name, old, new = change
    path = copied / "plans" / NEW / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(PlanInvalid, match=says):
        va.load_plan(NEW)


def test_a_year_starts_from_what_was_returned_for_the_end_of_the_year_before(data):
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


def test_a_new_unit_is_in_the_count_and_not_in_the_comparison(data):
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


@pytest.fixture
def closed(copied):
    """The end of 2023 came from one unit in time, from another late, from the first again in 2024; then 2024 began."""
    decided = copied / "plans" / NEW
    path = decided / "plan.yaml"
    text = path.read_text(encoding="utf-8").replace("certainty: unverified", "certainty: high")
    path.write_text(text, encoding="utf-8")
    quotas = pd.read_csv(decided / "quotas.csv", dtype=str, keep_default_na=False)
    quotas.assign(value="100", source="QĐ 2024").to_csv(decided / "quotas.csv", index=False)
    old, new, folder = va.load_plan(OLD), va.load_plan(NEW), copied / "returns"
    send(old, "178", "2023-FY", folder / OLD, day="2023-12-15", number=50.0)
    send(old, "180", "2023-FY", folder / OLD, day="2024-01-05", number=20.0)
    send(old, "178", "2023-FY", folder / OLD, day="2024-02-01", number=45.0)
    for unit in ("178", "180"):
        send(new, unit, "2024-Q1", folder / NEW, day="2024-03-15")
    return copied


def sentences_of(as_of, unit="20"):
    return {one.id: one.text for one in sentences(document_of(open_study(NEW, as_of, unit=unit, lang="en")))}


def test_a_report_says_that_the_year_before_is_another_than_its_last_report_knew_and_by_whom(closed):
    told = sentences_of("2024-Q1")
    assert "65 people for 2023 (50 before" in told["people_enrolled.moved_base"]
    listed = told["annex.people_enrolled.2023-FY"]
    assert "the figure for 2023 was 50 people" in listed
    assert "Tràng Định district (+20) reported late" in listed
    assert "Lạng Sơn city (-5) reported again" in listed
    assert "was 50 people" in sentences_of("2024-Q1", unit="178")["people_enrolled.revised.2023-FY"]
    plan = va.load_plan(NEW)
    send(plan, "178", "2024-H1", closed / "returns" / NEW, day="2024-06-17", number=60.0)
    later = sentences_of("2024-H1")  # told once in the body, in the annex of every report
    assert "people_enrolled.moved_base" not in later
    assert later["annex.people_enrolled.2023-FY"] == listed
    send(va.load_plan(OLD), "180", "2023-FY", closed / "returns" / OLD, day="2024-05-02", number=30.0)
    assert "75 people for 2023 (50 before" in sentences_of("2024-H1")["people_enrolled.moved_base"]


def test_the_first_report_follows_up_what_the_last_of_the_year_before_asked_for(closed):
    told = sentences_of("2024-Q1")["asked_before"]
    assert told.startswith("Due after 2023 (recalculated): ")
    assert re.search(r"\d+ overdue reports for 2023: 1 came \(Tràng Định district on 5 January 2024\)", told)
    own = sentences_of("2024-Q1", unit="180")["asked_before_2023-FY"]
    assert own.endswith("the overdue report for 2023 came on 5 January 2024.")
    assert "asked_before_2023-FY" not in sentences_of("2024-Q1", unit="178")
    send(va.load_plan(NEW), "178", "2024-H1", closed / "returns" / NEW, day="2024-06-17", number=60.0)
    assert "2023" not in sentences_of("2024-H1")["asked_before"]


def test_a_report_that_is_kept_is_what_the_year_before_is_held_against(closed, tmp_path):
    statements = [
        asdict(statement_of(one)) | {"gap": 13440.0} if one.target.measure == "persons" else asdict(statement_of(one))
        for one in open_study(OLD, "2023-FY").assessments
    ]  # fmt: skip
    folder = tmp_path / "made" / OLD / "2023-FY" / "20" / "en"
    folder.mkdir(parents=True)
    asked = {"send_now": {"units": ["180", "181"]}, "clear_up": {"findings": 0}}
    manifest = {"statements": statements, "sentences": asked}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with reports_at(tmp_path / "made"):
        told = sentences_of("2024-Q1")
    assert (
        "the figure for 2023 was revised from 60 people to 65 people" in told["annex.people_enrolled.2023-FY"]
    )
    assert told["asked_before"] == (
        "What came of the report for 2023: 2 overdue reports for 2023: 1 came (Tràng Định district on 5 January 2024), "
        "1 did not (Bình Gia district)."
    )


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
