"""The example year: agrees with what was published, same for a seed, has its faults, knows no forecasting."""

import csv
import io
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from opened import year_of

from tests.illustrative_year import SEED, write_example
from tests.illustrative_year.example import past_units
from tests.illustrative_year.network import COUNTED, DISTRICTS, JOB_CENTRE, PROVINCIAL, quota_rows, schools
from tests.illustrative_year.tcvn3 import font_for, to_tcvn3
from vetanalysis.periods import deadline, parse_cutoff
from vetanalysis.plan import load_plan
from vetanalysis.returns.read import read_return

PLAN = load_plan("lang-son-2023-example")
RETURNS = Path(__file__).parent.parent / "data" / "returns"
TOP = [*DISTRICTS, *PROVINCIAL]
WRITTEN = ("187", "cdn-ls", "tt-dvvl", "gdnn-gdtx-184")
KEY = ["period", "indicator", "level", "sex", "group", "residence", "trade", "fund_source", "channel"]


@pytest.fixture(scope="module")
def example():
    return year_of(SEED)


def totals(frame, indicator, levels=COUNTED):
    """Totals by level, without a further breakdown, of the units that together are the province."""
    whole = (frame[["sex", "group", "residence", "trade"]] == "").all(axis=1)
    return frame[
        (frame["indicator"] == indicator) & whole & frame["level"].isin(levels) & frame["unit"].isin(TOP)
    ]


def test_nearly_12000_trained_in_2021(example):
    # Lạng Sơn television, December 2021: nearly 12,000 people trained in 2021
    rows = totals(example.reported, "people_enrolled")
    assert rows[rows["period"] == "2021-FY"]["value"].sum() == 11960


def test_14100_jobs_in_2021(example):
    # the same source: 14,100 jobs created in 2021
    rows = example.reported[
        (example.reported["indicator"] == "jobs_created") & (example.reported["period"] == "2021-FY")
    ]
    assert rows["value"].sum() == 14100
    assert set(rows["unit"]) == {*DISTRICTS, JOB_CENTRE}


def test_scale_of_enrolment_and_training_above_18600_in_2020(example):
    levels = (*COUNTED, "short_course")
    by_school = example.reported["unit"].isin([school.code for school in schools()])
    start = example.reported[
        by_school
        & (example.reported["indicator"] == "people_in_training_start")
        & (example.reported["period"] == "2020-Q1")
    ]["value"].sum()
    new = totals(example.reported, "people_enrolled", levels)
    assert 18600 < start + new[new["period"] == "2020-FY"]["value"].sum() < 18700


def test_quotas_of_2023_add_up_to_the_plan():
    rows = quota_rows()
    assert (
        sum(int(row["value"]) for row in rows if row["period"] == "2023-FY") == PLAN.targets[2].value == 13500
    )
    assert {row["unit"] for row in rows} == {*DISTRICTS, *PROVINCIAL}
    assert all(row["source"].startswith("illustrative") for row in rows)
    with (PLAN.folder / "quotas.csv").open(encoding="utf-8", newline="") as handle:
        assert list(csv.DictReader(handle)) == rows


def test_institutions_are_those_of_2021():
    # 21 institutions, 11 district agricultural centres and the extension centre (VCCI, 2021)
    codes = [school.code for school in schools()]
    assert len(codes) == len(set(codes)) == 33
    assert sum(not code.startswith(("dvnn", "khuyen")) for code in codes) == 21


def test_college_and_intermediate_learners_come_in_autumn(example):
    rows = totals(example.reported, "people_enrolled", ("college", "intermediate"))
    year = rows[rows["period"].str.startswith("2022")].groupby("period")["value"].sum()
    assert year["2022-H1"] < 0.2 * year["2022-FY"]
    spread = totals(example.reported, "people_enrolled", ("elementary",))
    year = spread[spread["period"].str.startswith("2022")].groupby("period")["value"].sum()
    assert 0.35 < year["2022-H1"] / year["2022-FY"] < 0.55


def test_districts_hold_what_their_centres_did(example):
    frame = example.reported[(example.reported["indicator"] == "people_enrolled")]
    centres = [school.code for school in schools() if school.parent == "187"]
    keys = [*KEY[:1], *KEY[2:]]
    own = frame[frame["unit"] == "187"].groupby(keys)["value"].sum()
    parts = frame[frame["unit"].isin(centres)].groupby(keys)["value"].sum()
    assert (own == parts.reindex(own.index)).all()


def test_farm_trades_are_the_same_learners_wherever_they_are_told(example):
    """Learners of the Department of Agriculture are the districts' rural workers in farm trades, within the plan."""
    rows = example.reported[example.reported["period"].str.startswith("2023")]
    by_unit = rows.groupby(["period", "unit", "indicator"])["value"].sum().unstack()
    for period, told in by_unit.groupby(level="period"):
        farm = told.droplevel("period").loc["so-nnptnt"]
        districts = told.droplevel("period").loc[list(DISTRICTS), "rural_workers_trained_farm"].sum()
        assert farm["farm_trade_learners"] == farm["rural_workers_trained_farm"] == districts, period
        assert farm["farm_trade_learners"] <= farm["farm_trade_planned"] <= farm["farm_trade_demand"]
        assert 20 <= farm["farm_trade_learners"] / farm["farm_classes_opened"] <= 30


@pytest.mark.parametrize("seed", [1, 2])
def test_running_totals_never_fall_and_stocks_balance(seed):
    made = year_of(seed)
    frame = made.reported
    flow = frame[(frame["basis"] == "cumulative") & (frame["measure"] != "percent")]
    order = flow.assign(
        year=flow["period"].str[:4], quarter=flow["period"].str[5:].map({"Q1": 1, "H1": 2, "9M": 3, "FY": 4})
    )
    keys = ["unit", "year", *KEY[1:]]
    assert (order.sort_values("quarter").groupby(keys)["value"].diff().dropna() >= -1e-9).all()
    at = {
        name: totals(frame, name, (*COUNTED, "short_course")).set_index(["unit", "period", "level"])["value"]
        for name in ("people_in_training_start", "people_enrolled", "people_graduated", "people_dropped_out",
                     "people_in_training")
    }  # fmt: skip
    end = (
        at["people_in_training_start"]
        + at["people_enrolled"]
        - at["people_graduated"]
        - at["people_dropped_out"]
    )
    assert (end == at["people_in_training"]).all()
    assert (end >= 0).all()
    assert not frame.duplicated(["unit", *KEY]).any()


def test_everything_is_marked_illustrative(example):
    for frame in (example.reported, example.truth):
        assert frame["illustrative"].all()
        assert frame["source"].str.startswith("illustrative").all()


def test_another_seed_is_another_year(example):
    assert not year_of(1).reported["value"].equals(example.reported["value"])


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A few units' files as the generator writes them: a correction, a wrong total and an old font among them."""
    folder = tmp_path_factory.mktemp("example")
    return {
        path.relative_to(folder): path.read_bytes()
        for path in write_example(folder, SEED, PLAN, units=WRITTEN)
    }


def test_stored_files_are_what_the_generator_writes(written):
    assert len(written) > 20
    assert [str(path) for path, made in written.items() if (RETURNS / path).read_bytes() != made] == []


def test_faults_of_real_life_are_in_it(example):
    faults = example.received.set_index("unit")["fault"]
    assert sorted(faults[faults != ""]) == [
        "correction",
        "late",
        "late",
        "old_font",
        "superseded",
        "wrong_total",
    ]
    nine_months = set(example.received[example.received["period"] == "2023-9M"]["unit"])
    first_quarter = set(example.received[example.received["period"] == "2023-Q1"]["unit"])
    assert first_quarter - nine_months == {"gdnn-tinh-2"}


def test_only_the_two_late_ones_are_late(example):
    late = set()
    for row in example.received.itertuples():
        last = deadline(parse_cutoff(row.period), PLAN.calendar, PLAN.unit(row.unit).kind)
        if row.received > last.isoformat() and row.fault != "correction":
            late.add(row.unit)
    assert late == {"189", "gdnn-tu-thuc-2"}


def test_stored_files_are_those_the_table_lists(example):
    listed = {f"{row.period}/{row.unit}__{row.received}.xlsx" for row in example.received.itertuples()}
    stored = {
        path.relative_to(RETURNS / PLAN.name).as_posix() for path in (RETURNS / PLAN.name).glob("*/*.xlsx")
    }
    assert stored == listed
    assert not list((RETURNS / PLAN.name).glob("2023-FY/*"))  # the year's end is kept apart


@pytest.mark.parametrize(
    "file",
    [
        "2023-Q1/187__*",
        "2023-H1/gdnn-gdtx-184__*",
        "2023-9M/tt-dvvl__*",
        "2021-FY/cdn-ls__*",
        "2022-FY/187__*",
    ],
)
def test_stored_files_read_back_as_generated(example, file):
    (path,) = (RETURNS / PLAN.name).glob(file)
    read = read_return(path, PLAN)
    known = example.reported[example.reported["unit"] == read.unit].set_index(KEY)["value"]
    found = read.observations.set_index(KEY)["value"]
    assert len(found) > 4
    assert found.index.isin(known.index).all()
    assert ((found - known.reindex(found.index)).abs() < 1e-6).all()
    assert read.observations["illustrative"].all()
    assert {one.severity for one in read.findings} <= {"info"}


def test_old_font_file_is_in_the_old_font():
    (path,) = (RETURNS / PLAN.name).glob("2023-H1/gdnn-gdtx-184__*")
    cell = openpyxl.load_workbook(path)["Tuyển mới"]["A1"]
    assert cell.font.name == ".VnTime"
    assert cell.value.startswith("§¬n vÞ b¸o c¸o")


def test_wrong_total_is_a_number_where_a_formula_was():
    (path,) = (RETURNS / PLAN.name).glob("2023-9M/187__*")
    sheet = openpyxl.load_workbook(path)["Tuyển mới"]
    parts = sum(sheet[ref].value or 0 for ref in ("C8", "C9", "C10", "C12"))
    assert sheet["C13"].value == parts + 40


def test_first_version_of_the_corrected_return_counted_a_class_twice():
    first, second = sorted((RETURNS / PLAN.name).glob("2023-H1/cdn-ls__*"))
    values = [openpyxl.load_workbook(path)["Tuyển mới"]["C8"].value for path in (first, second)]
    assert values[0] - values[1] == 38


def test_every_stored_workbook_says_it_is_invented():
    for path in sorted(RETURNS.glob("lang-son-2023-example*/*/*.xlsx"))[::23]:
        book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), read_only=True)
        about = {row[0].value: row[1].value for row in book["_form"].iter_rows(max_col=2)}
        assert about["illustrative"] == "true"
    assert len(past_units()) == 45


def test_generator_shares_nothing_with_the_forecasting():
    program = (
        "import sys, tests.illustrative_year.__main__\n"
        "print([name for name in sys.modules if 'forecast' in name or name == 'statsmodels'])"
    )
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=root,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_old_font_letters():
    # "L¹ng S¬n" is how Lạng Sơn looks in a Unicode font when it was typed in TCVN3
    assert to_tcvn3("Lạng Sơn") == "L¹ng S¬n"
    assert to_tcvn3("123 (%)") == "123 (%)"
    assert font_for("BÁO CÁO") == ".VnTimeH"
    assert font_for("Báo cáo") == ".VnTime"
