"""Published figures held against others: places, definitions, shares, jumps, days, tables that are not there."""

import shlex
import shutil
from pathlib import Path

import pandas as pd
import pytest

from vetanalysis.cli.main import main
from vetanalysis.errors import DataRefused
from vetanalysis.loading import load_observations
from vetanalysis.observations import published
from vetanalysis.observations.checks import COLUMNS
from vetanalysis.observations.published import load_published, load_published_file
from vetanalysis.plan import load_plan

FOLDER = Path(__file__).parent.parent / "data" / "published"
PLANS = FOLDER.parent / "plans"
ROW = {"unit": "20", "period": "2020-FY", "indicator": "trained_rate", "value": "56", "measure": "percent"}
ROW |= {"basis": "stock", "status": "estimate", "illustrative": "false", "base": "labour_force"}
ROW |= {"concept": "administrative", "source": "lstv2021", "vintage": "2021-12-14", "certainty": "high"}
NEXT = ROW | {"period": "2021-FY", "value": "57.2"}
COUNT = ROW | {"indicator": "labour_force", "measure": "persons", "base": "", "concept": "ICLS-13"}
WITHOUT_WORK = ROW | {"indicator": "unemployment_rate"}


def table(*rows):
    return pd.DataFrame([dict.fromkeys(COLUMNS, "") | row for row in rows])


def write(folder, *rows):
    folder.mkdir(exist_ok=True)
    table(*rows).to_csv(folder / "own.csv", index=False)
    return folder / "own.csv"


def found(folder, *rows, plan=None):
    """(severity, rule, place) of everything that is said of a table."""
    try:
        findings = load_published_file(write(folder, *rows), plan).attrs.get("findings", ())
    except DataRefused as refusal:
        findings = refusal.findings
    assert all(one.file == "own.csv" and one.found.vi and one.remedy.en for one in findings)
    return {(one.severity, one.rule, one.place) for one in findings}


@pytest.fixture
def read_on_a_day(monkeypatch):
    monkeypatch.setattr(published, "_today", lambda: "2026-08-31")


@pytest.fixture(scope="module")
def plan():
    return load_plan("lang-son-2023-example")


@pytest.mark.parametrize(
    ("changed", "rule", "column"),
    [
        ({"unit": "2O"}, "unknown-unit", "unit"),
        ({"unit": "99"}, "unknown-unit", "unit"),
        ({"unit": "178"}, "unknown-unit", "unit"),  # a district: known with a plan that has it
        ({"base": "labor_force"}, "unknown-base", "base"),
        ({"concept": "labor_force"}, "unknown-concept", "concept"),
        ({"concept": "labour_force"}, "unknown-concept", "concept"),
        ({"value": "0.572"}, "share-for-percent", "value"),
        ({"vintage": "2026-09-01"}, "vintage-ahead", "vintage"),
        ({"period": "2031-FY"}, "known-before", "period"),
        ({"period": "2027-FY", "vintage": ""}, "known-before", "period"),
    ],
)
@pytest.mark.usefixtures("read_on_a_day")
def test_what_would_move_an_answer_is_refused_at_its_cell(changed, rule, column, tmp_path):
    assert found(tmp_path / "in", ROW, NEXT | changed) == {("error", rule, f"row 3, {column}")}


@pytest.mark.usefixtures("read_on_a_day")
def test_figures_in_order_are_read_without_a_word(tmp_path, plan):
    assert found(tmp_path / "a", ROW, NEXT | {"vintage": "2026-08-31"}) == set()
    assert found(tmp_path / "b", ROW | {"unit": "178"}, plan=plan) == set()
    below_one = [WITHOUT_WORK | {"period": f"{2000 + k}-FY", "value": f"{1.3 - k / 4}"} for k in range(4)]
    assert found(tmp_path / "c", *below_one) == set()


def test_a_digit_typed_as_a_letter_is_recognised(tmp_path):
    with pytest.raises(DataRefused, match='Did you mean "20"'):
        load_published_file(write(tmp_path / "in", NEXT | {"unit": "2O"}))


def test_a_place_that_the_table_s_own_list_names_is_known(tmp_path):
    path = write(tmp_path / "in", NEXT | {"unit": "99"})
    (path.parent / "places.csv").write_text("code,name_vi\n99,Nơi khác\n", encoding="utf-8")
    assert load_published_file(path)["unit"].tolist() == ["99"]
    assert len(load_published(path.parent)) == 1


def test_shares_alone_are_told_by_the_target_or_by_their_number(tmp_path, plan):
    share = NEXT | {"value": "0.572"}
    assert found(tmp_path / "in", share, plan=plan) == {("error", "share-for-percent", "row 2, value")}
    several = [share | {"period": f"{year}-FY"} for year in (2018, 2019, 2020)]
    assert {rule for _, rule, _ in found(tmp_path / "in", *several)} == {"share-for-percent"}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ((ROW, NEXT | {"value": "75.2"}), True),  # 19.2 points in a year; 8.6 is the most of any province
        ((ROW, NEXT | {"value": "65.9"}), False),
        ((ROW, NEXT | {"value": "0"}), True),
        (
            (ROW | {"period": "2010-FY", "value": "35"}, ROW | {"value": "66"}),
            False,
        ),  # 31 points in ten years
        ((ROW | {"period": "2010-FY", "value": "35"}, ROW | {"value": "67"}), True),  # 10 * sqrt(10) is 31.6
        ((ROW, NEXT | {"value": "75.2", "unit": "86"}), False),  # another place
        ((ROW, NEXT | {"value": "75.2", "base": "employed"}), False),  # another series
        ((COUNT | {"value": "450000"}, COUNT | {"period": "2021-FY", "value": "450"}), True),  # thousands
        ((COUNT | {"value": "450000"}, COUNT | {"period": "2021-FY", "value": "4500000"}), True),
        ((COUNT | {"value": "450000"}, COUNT | {"period": "2021-FY", "value": "930000"}), False),
        ((COUNT | {"value": "320"}, COUNT | {"period": "2021-FY", "value": "3235"}), False),  # a small number
    ],
)
def test_a_jump_is_told_and_counts(rows, told, tmp_path):
    assert found(tmp_path / "in", *rows) == ({("warning", "jump", "row 3, value")} if told else set())


def test_a_count_of_half_a_year_is_no_step_to_that_of_the_year(tmp_path):
    half = COUNT | {"indicator": "people_enrolled", "basis": "cumulative", "period": "2020-Q1"}
    year = half | {"period": "2020-FY", "value": "40000", "vintage": "2021-12-14"}
    assert found(tmp_path / "in", half | {"value": "900"}, year) == set()


def test_a_table_or_list_that_is_not_there_is_named(tmp_path):
    folder = shutil.copytree(FOLDER, tmp_path / "copy")
    (folder / "trained_rate.csv").unlink()
    with pytest.raises(DataRefused, match=r'indicators.csv, row 2, tables: the table "trained_rate.csv" is'):
        load_published(folder)


def test_our_own_lists_must_be_there(tmp_path, monkeypatch):
    data = tmp_path / "data"
    (data / "published").mkdir(parents=True)
    monkeypatch.setattr("vetanalysis.observations.table.data_root", lambda: data)
    write(data / "published", NEXT)
    with pytest.raises(DataRefused, match=r"sources.csv: this file is missing") as caught:
        load_published()
    missing = {one.file for one in caught.value.findings if one.rule == "missing-file"}
    assert missing == {"sources.csv", "indicators.csv", "places.csv", "targets.csv"}


@pytest.mark.parametrize("name", ["lang-son-2023", "viet-nam-2025"])
def test_our_own_tables_are_above_suspicion(name):
    assert load_published(plan=load_plan(name)).attrs.get("findings", ()) == ()


@pytest.mark.parametrize("door", ["file", "folder", "frame"])
def test_every_door_tells_the_same(door, plan, tmp_path):
    jump = NEXT | {"value": "75.2"}
    path = write(tmp_path / "in", ROW, jump)
    given = {"file": path, "folder": path.parent, "frame": table(ROW, jump)}[door]
    kept = load_observations(plan, returns=None, published=given).attrs["findings"]
    assert [(one.severity, one.rule) for one in kept] == [("warning", "jump")]
    share = {"file": write(tmp_path / "in", ROW, NEXT | {"value": "0.572"}), "folder": path.parent}
    share["frame"] = table(ROW, NEXT | {"value": "0.572"})
    with pytest.raises(DataRefused, match="share-for-percent"):
        load_observations(plan, returns=None, published=share[door])


def test_what_is_told_reaches_check_and_the_command_that_assess_prints_runs(tmp_path, capsys):
    folder = shutil.copytree(PLANS / "lang-son-2023", tmp_path / "my plan")
    path = write(tmp_path / "own tables", ROW, NEXT | {"value": "75.2"})
    asked = [str(folder), "--as-of", "2023-9M", "--published", str(path), "--known-by", "2023-10-10"]
    assert main(["assess", *asked, "--lang", "en"]) == 0
    (note,) = [line for line in capsys.readouterr().out.splitlines() if "still open" in line]
    assert "1 warning" in note
    command = shlex.split(note.split("see: vetanalysis ")[1])
    assert command[:2] == ["check", str(folder)]
    assert main([*command, "--lang", "en"]) == 0
    assert "own.csv, row 3, value: 75.2 after 56 of 2020" in capsys.readouterr().out
    write(tmp_path / "own tables", ROW, NEXT | {"value": "0.572"})
    assert main([*command, "--lang", "en"]) == 1
    assert "share-for-percent" in capsys.readouterr().out


def test_a_plan_that_names_no_country_is_told_what_is_assumed(tmp_path, capsys):
    folder = shutil.copytree(PLANS / "lang-son-2023", tmp_path / "plan")
    text = (folder / "plan.yaml").read_text(encoding="utf-8")
    (line,) = [one for one in text.splitlines(keepends=True) if one.strip().startswith("country: VN")]
    assert load_plan(folder).warnings == ()
    (folder / "plan.yaml").write_text(text.replace(line, ""), encoding="utf-8")
    (told,) = load_plan(folder).warnings
    assert (told.severity, told.file) == ("warning", "plan/plan.yaml")
    assert told.place.startswith("place.country")
    assert "country: VN" in told.remedy.en
    asked = [str(folder), "--as-of", "2023-9M", "--lang", "en"]
    assert main(["assess", *asked]) == 0
    assert "country: VN" in capsys.readouterr().err
    assert main(["check", *asked]) == 0
    assert "country: VN" in capsys.readouterr().out
    (folder / "plan.yaml").write_text(text.replace(line, '  country: ""\n'), encoding="utf-8")
    assert load_plan(folder).warnings == ()
