"""Tables that somebody brings: one fault, the same answer through every door, and right tables read the same."""

from datetime import date

import pandas as pd
import pytest

from tests.small_sheets import written
from vetanalysis.errors import DataRefused
from vetanalysis.loading import load_observations
from vetanalysis.observations.notation import numbers_in
from vetanalysis.paths import data_root
from vetanalysis.plan import load_plan
from vetanalysis.returns.ledger import load_ledger
from vetanalysis.returns.read import read_return

HEAD = ["unit", "period", "indicator", "value"]
ROW = ["178", "2023-9M", "people_enrolled", "84"]
STATED = {
    "level": "", "sex": "", "group": "", "residence": "", "trade": "", "fund_source": "", "channel": "",
    "measure": "persons", "basis": "cumulative", "status": "final", "illustrative": "false", "base": "",
    "concept": "", "source": "s", "vintage": "2023-10-01", "certainty": "high", "note": "",
}  # fmt: skip
DOORS = ("file", "folder", "period", "frame")


@pytest.fixture(scope="module")
def plan():
    return load_plan("lang-son-2023-example")


def through(door, plan, folder, head, *rows):
    """What a table gives through a door: its figures (None where it is refused) and its findings."""
    if door == "frame":
        frame = pd.DataFrame(list(rows), columns=head, dtype=object)
        given = {"returns": frame, "published": None}
    else:
        folder.mkdir(exist_ok=True, parents=True)
        path = folder / "figures.csv"
        lines = [",".join(f'"{cell}"' for cell in line) for line in (head, *rows)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        if door == "period":
            reading = read_return(path, plan)
            wrong = any(one.severity == "error" for one in reading.findings)
            return None if wrong else reading.observations, reading.findings
        given = {"returns": path if door == "file" else folder, "published": None}
    try:
        table = load_observations(plan, **given)
    except DataRefused as error:
        return None, error.findings
    return table, table.attrs.get("findings", ())


def enrolled(*rows):
    return [["178", "2023-9M", "people_enrolled", *row] for row in rows]


# name: header, rows, what the finding must name, which finding it is
REFUSED = {
    "an accent": ([*HEAD, "séx"], enrolled(["84", "female"]), "sex"),
    "a misspelling": ([*HEAD, "levl"], enrolled(["84", "elementary"]), "level"),
    "another name for a breakdown": ([*HEAD, "gender"], enrolled(["84", "female"]), "sex"),
    "in Vietnamese": ([*HEAD, "giới tính"], enrolled(["84", "Nữ"]), "sex"),
    "two value columns": ([*HEAD, "value"], enrolled(["84", "85"]), "value"),
    "two value columns by case": ([*HEAD, "Value"], enrolled(["84", "85"]), "value"),
    "two readings": (HEAD, enrolled(["13.500"]), "13500"),
    "two readings with a comma": (HEAD, enrolled(["13,500"]), "13.5"),
    "an indicator": (HEAD, [["178", "2023-9M", "people_enroled", "84"]], "people_enrolled"),
    "a level": ([*HEAD, "level"], enrolled(["84", "elementry"]), "elementary"),
    "a level of no plan": ([*HEAD, "level"], enrolled(["84", "doctor"]), "elementary"),
    "a group": ([*HEAD, "group"], enrolled(["84", "poorr"]), "poor"),
    "a source of money": ([*HEAD, "fund_source"], enrolled(["84", "centrl"]), "central"),
    "a base": (
        [*HEAD, "base", "concept"],
        [["20", "2022-FY", "trained_rate", "57.2", "labor_force", "administrative"]],
        "labour_force",
    ),
    "a concept": (
        [*HEAD, "base", "concept"],
        [["20", "2022-FY", "trained_rate", "57.2", "labour_force", "adminstrative"]],
        "administrative",
    ),
    "a measure": ([*HEAD, "measure"], enrolled(["84", "percent"]), "persons"),
    "a part above its whole": ([*HEAD, "sex"], enrolled(["84", ""], ["85", "female"]), "85"),
    "too large": (HEAD, enrolled(["1e308"]), "1e308"),
    "infinity": (HEAD, enrolled(["inf"]), "inf"),
    "a header alone": (HEAD, [], "header"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "door"),
    [
        (fault, door)
        for fault in REFUSED
        for door in DOORS
        if (fault, door) != ("a part above its whole", "period")  # the file's own check, below
    ],
)
def test_what_would_change_a_figure_is_refused(fault, door, plan, tmp_path):
    head, rows, named = REFUSED[fault]
    table, findings = through(door, plan, tmp_path / "in", head, *rows)
    assert table is None
    errors = [one for one in findings if one.severity == "error"]
    assert any(named in one.line("en") for one in errors), [one.line("en") for one in findings]
    assert all(one.line("vi") and one.remedy.get("vi") for one in errors)


def test_a_part_above_its_whole_among_the_returns_is_told_once(plan, tmp_path):
    head, rows, named = REFUSED["a part above its whole"]
    folder = tmp_path / "2023-9M"
    folder.mkdir()
    lines = [",".join(line) for line in (head, *rows)]
    (folder / "178__2023-09-28.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    ledger = load_ledger(plan, tmp_path)
    assert ledger.observations.empty
    errors = [one for one in ledger.all_findings if "above" in one.rule]
    assert [one.rule for one in errors] == ["part-above-whole"]
    assert errors[0].severity == "error"
    assert named in errors[0].line("en")


@pytest.mark.parametrize("door", DOORS)
def test_a_column_is_known_by_its_name_whatever_the_capitals(door, plan, tmp_path):
    """84 women are no total."""
    table, findings = through(door, plan, tmp_path / "in", [*HEAD, "Sex"], [*ROW, "female"])
    assert table[["value", "sex"]].to_numpy().tolist() == [[84.0, "female"]]
    assert [(one.severity, "sex" in one.found.get("en")) for one in findings] == [("warning", True)]


@pytest.mark.parametrize("door", DOORS)
def test_a_column_that_says_nothing_of_the_figure_is_noted(door, plan, tmp_path):
    table, findings = through(door, plan, tmp_path / "in", [*HEAD, "unit_name"], [*ROW, "Thành phố"])
    assert table["value"].tolist() == [84.0]
    assert [(one.severity, "unit_name" in one.found.get("en")) for one in findings] == [("warning", True)]


@pytest.mark.parametrize("door", DOORS)
def test_numbers_that_read_one_way_are_read(door, plan, tmp_path):
    rows = [
        ["178", "2023-9M", "people_enrolled", "1.234.567"],
        ["179", "2023-9M", "people_enrolled", "13 500"],
        ["180", "2023-9M", "people_enrolled", "13500"],
        ["20", "2022-FY", "trained_rate", "57.125"],
        ["20", "2021-FY", "trained_rate", "57,2"],
    ]
    rows = [row for row in rows if row[0] in set(plan.units["code"])]
    table, _ = through(door, plan, tmp_path / "in", HEAD, *rows)
    read = {"1.234.567": 1234567.0, "13 500": 13500.0, "13500": 13500.0, "57.125": 57.125, "57,2": 57.2}
    assert table["value"].tolist() == [read[row[3]] for row in rows]


def test_a_whole_table_that_was_loaded_is_loaded_again(plan):
    rows = [ROW, ["179", "2023-9M", "job_placements", "5"]]
    rows = [row for row in rows if row[0] in set(plan.units["code"])]
    table = load_observations(plan, returns=pd.DataFrame(rows, columns=HEAD))
    again = load_observations(plan, returns=None, published=table)
    pd.testing.assert_frame_equal(again, table)


def test_a_number_that_a_program_brings_is_itself(plan):
    frame = pd.DataFrame([[*ROW[:3], 13.125]], columns=HEAD)
    assert load_observations(plan, returns=frame, published=None)["value"].tolist() == [13.125]


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"value": "13.500"}, "two-ways"),
        ({"value": "1e308"}, "too-large"),
        ({"measure": "percent", "base": "employed", "concept": "ICLS-13"}, "measure-other"),
        ({"base": "labor_force"}, "unknown-base"),
        ({"concept": "ICLS13"}, "unknown-concept"),
        ({"indicator": "populaton"}, "unknown-indicator"),
        ({"level": "elementry"}, "unknown-level"),
    ],
)
def test_a_published_table_passes_the_same_door(changed, rule, plan, tmp_path):
    table = {"unit": "20", "period": "2022-FY", "indicator": "population", "value": "800000", **STATED}
    sources = pd.read_csv(data_root() / "published" / "sources.csv", dtype="str", keep_default_na=False)
    table |= {"source": sources["source_id"][0], "basis": "stock", **changed}
    path = tmp_path / "own.csv"
    pd.DataFrame([table]).to_csv(path, index=False)
    with pytest.raises(DataRefused) as caught:
        load_observations(plan, returns=None, published=path)
    assert rule in [one.rule for one in caught.value.findings]


@pytest.mark.parametrize("column", ["séx", "Value", "levl"])
def test_the_header_of_a_published_table_is_held_to_the_same_names(column, plan, tmp_path):
    table = {"unit": "20", "period": "2022-FY", "indicator": "population", "value": "800000", **STATED}
    path = tmp_path / "own.csv"
    pd.DataFrame([table | {column: "female"}]).to_csv(path, index=False)
    with pytest.raises(DataRefused):
        load_observations(plan, returns=None, published=path)
    pd.DataFrame([table]).iloc[:0].to_csv(path, index=False)
    with pytest.raises(DataRefused, match="no-rows"):
        load_observations(plan, returns=None, published=path)


def test_a_base_that_is_merely_other_is_noted(plan):
    frame = pd.DataFrame(
        [["20", "2022-FY", "trained_rate", "57.2", "graduates", "administrative"]],
        columns=[*HEAD, "base", "concept"],
    )
    table = load_observations(plan, returns=frame, published=None)
    assert [(one.severity, one.rule) for one in table.attrs["findings"]] == [("warning", "unknown-base")]


@pytest.mark.parametrize(
    ("cell", "measure", "read"),
    [
        ("13.500", "persons", (13.5, 13500.0)),
        ("13,500", "million_dong", (13.5, 13500.0)),
        ("57.125", "percent", (57.125,)),
        ("0.125", "persons", (0.125,)),
        ("1,234.5", "persons", (1234.5,)),
        ("1.234,5", "persons", (1234.5,)),
        ("-5", "persons", (-5.0,)),
        ("1e5", "persons", (100000.0,)),
        ("35 người", "persons", ()),
        ("1.23.4", "persons", ()),
        ("", "persons", ()),
        (13.125, "persons", (13.125,)),
    ],
)
def test_what_a_cell_of_a_table_means(cell, measure, read):
    assert numbers_in(cell, measure) == read


@pytest.mark.parametrize("typed", ["2023-09-15", "15/09/2023", "15/9/2023", "15.9.2023", "15-09-2023"])
@pytest.mark.parametrize("door", DOORS)
def test_a_day_is_read_as_people_write_it_the_day_first(plan, tmp_path, door, typed):
    table, findings = through(door, plan, tmp_path / "t", [*HEAD, "vintage"], [*ROW, typed])
    assert table["vintage"].tolist() == ["2023-09-15"]
    assert not [one for one in findings if one.severity == "error"]


@pytest.mark.parametrize("typed", ["09/15/2023", "31/02/2023", "15/9/23", "15/9"])
def test_what_is_no_day_is_refused(plan, tmp_path, typed):
    table, findings = through("file", plan, tmp_path / "t", [*HEAD, "vintage"], [*ROW, typed])
    assert table is None
    assert "vintage" in findings[0].place


def test_a_day_that_a_workbook_or_a_frame_holds_as_one_is_that_day(plan, tmp_path):
    table, _ = through("frame", plan, tmp_path, [*HEAD, "vintage"], [*ROW, pd.Timestamp("2023-09-15")])
    assert table["vintage"].tolist() == ["2023-09-15"]
    path = written(
        tmp_path / "2023-9M", [*HEAD, "vintage"], ["178", "2023-9M", "people_enrolled", 84, date(2023, 9, 15)]
    )
    assert read_return(path, plan).observations["vintage"].tolist() == ["2023-09-15"]
