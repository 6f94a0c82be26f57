"""The tidy table: conversions, types, missing against zero, parts put together, nothing known too early."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetanalysis.errors import DataRefused, WrongCall
from vetanalysis.loading import load_observations
from vetanalysis.observations.brought import check_observations
from vetanalysis.observations.checks import COLUMNS, are_totals
from vetanalysis.observations.table import (
    DTYPES,
    combine,
    empty_observations,
    normalise,
    only_known_by,
    to_percent,
    to_share,
)
from vetanalysis.observations.tidy import read_tidy
from vetanalysis.plan import load_plan


@pytest.fixture
def plan():
    units = pd.DataFrame({"code": ["20", "178", "05977", "VN"]}, dtype="str")
    return SimpleNamespace(name="no-such-plan", units=units, in_viet_nam=True, before=())


def brought(**columns):
    return pd.DataFrame({"unit": ["20"], "period": ["2023-H1"], "indicator": ["people_enrolled"], **columns})


def dtypes(frame):
    return {name: str(dtype) for name, dtype in frame.dtypes.items()}


# Percent and share


def test_sixty_two_percent_is_the_share_0_62():
    assert to_share(62) == 0.62
    assert to_percent(0.25) == 25
    assert np.isnan(to_share(np.nan))
    assert to_share(pd.Series([35.0, np.nan])).isna().tolist() == [False, True]


@given(st.floats(0, 100))
def test_share_and_percent_are_inverse(percent):
    assert to_percent(to_share(percent)) == pytest.approx(percent, abs=1e-12)


# Columns and types


def test_the_empty_table_has_every_column_and_type():
    frame = empty_observations()
    assert tuple(frame.columns) == COLUMNS
    assert dtypes(frame) == dict(DTYPES)
    assert frame.attrs["left_out"] == ()


def test_four_columns_are_enough():
    frame = normalise(brought(value=[120]))
    row = frame.iloc[0]
    assert tuple(frame.columns) == COLUMNS
    assert dtypes(frame) == dict(DTYPES)
    assert (row["value"], row["measure"], row["basis"], row["status"]) == (
        120.0,
        "persons",
        "cumulative",
        "provisional",
    )
    assert row["level"] == ""
    assert row["vintage"] == ""
    assert not row["illustrative"]


@pytest.mark.parametrize(
    ("indicator", "period", "measure", "basis"),
    [
        ("trained_rate", "2023-FY", "percent", "stock"),
        ("labour_force", "2023-FY", "persons", "stock"),
        ("people_graduated", "2023-Q3", "persons", "period"),
        ("people_graduated", "2023-9M", "persons", "cumulative"),
        ("labour_force", "2023-Q3", "persons", "stock"),
        ("employed_after_rate", "2023-FY", "percent", "stock"),
    ],
)
def test_what_is_not_stated_follows_from_the_indicator(indicator, period, measure, basis):
    row = normalise(brought(value=[1]).assign(indicator=indicator, period=period)).iloc[0]
    assert (row["measure"], row["basis"]) == (measure, basis)


def test_a_unit_read_as_a_number_is_a_code_again(plan):
    frame = brought(value=[1])
    assert normalise(frame.assign(unit=20))["unit"].tolist() == ["20"]
    assert normalise(frame.assign(unit=20.0))["unit"].tolist() == ["20"]
    assert normalise(frame.assign(unit="05977"))["unit"].tolist() == ["05977"]
    assert normalise(frame.assign(unit=5977))["unit"].tolist() == ["5977"]  # nobody knows without a plan
    assert normalise(frame.assign(unit=5977), plan)["unit"].tolist() == ["05977"]


def test_missing_is_not_zero():
    frame = normalise(pd.concat([brought(value=[0]), brought(value=[None]), brought(value=[""])]))
    assert frame["value"].tolist()[0] == 0.0
    assert frame["value"].isna().tolist() == [False, True, True]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["20", "178", "VN"]),
            st.sampled_from(["2023-Q1", "2023-Q3", "2022-FY"]),
            st.sampled_from(["trained_rate", "people_enrolled"]),
            st.one_of(st.none(), st.floats(0, 100)),
        ),
        max_size=6,
    )
)
def test_normalise_once_is_enough(rows):
    frame = pd.DataFrame(rows, columns=["unit", "period", "indicator", "value"])
    once = normalise(frame)
    pd.testing.assert_frame_equal(normalise(once), once)
    assert dtypes(once) == dict(DTYPES)


def test_the_given_frame_stays_as_it_was():
    frame = brought(value=["12"])
    before = frame.copy(deep=True)
    normalise(frame)
    pd.testing.assert_frame_equal(frame, before)


# Parts


def test_parts_are_put_together_in_order_and_identical_rows_once():
    one, two = normalise(brought(value=[1])), normalise(brought(value=[2]).assign(unit="178"))
    both = combine([one, empty_observations(), two, one])
    assert both["value"].tolist() == [1.0, 2.0]
    assert dtypes(both) == dict(DTYPES)
    pd.testing.assert_frame_equal(combine([]), empty_observations())


def test_what_was_left_out_of_a_part_is_remembered():
    part = normalise(brought(value=[1], vintage=["2023-07-01"]))
    part.attrs["left_out"] = ({"unit": "20"},)
    again = combine([part, part])
    assert again.attrs["left_out"] == ({"unit": "20"}, {"unit": "20"})
    assert part.attrs["left_out"] == ({"unit": "20"},)  # the part itself is not touched


# Known by a day


def dated(*vintages):
    return normalise(
        pd.DataFrame(
            {
                "unit": "20",
                "period": "2023-H1",
                "indicator": "people_enrolled",
                "value": range(len(vintages)),
                "vintage": vintages,
            }
        )
    )


def test_known_by_is_inclusive_and_unknown_days_are_left_out_and_listed():
    frame = dated("2023-06-14", "2023-06-15", "2023-06-16", "")
    seen = only_known_by(frame, "2023-06-15")
    assert seen["value"].tolist() == [0.0, 1.0]
    (left,) = seen.attrs["left_out"]
    assert left == {
        "unit": "20",
        "period": "2023-H1",
        "indicator": "people_enrolled",
        "value": 3.0,
        "source": "",
    }
    assert only_known_by(frame, None) is frame


def test_load_observations_reads_nothing_later(plan):
    frame = dated("2023-06-14", "2023-06-15", "2023-06-16", "")
    seen = load_observations(plan, returns=frame, published=None, known_by="2023-06-14")
    assert seen["value"].tolist() == [0.0]
    assert len(seen.attrs["left_out"]) == 1
    assert len(load_observations(plan, returns=frame, published=None)) == 4
    for wrong in ("14/6/2023", "2023-06-31", "2023"):
        with pytest.raises(WrongCall, match="is not a day"):
            load_observations(plan, returns=frame, published=None, known_by=wrong)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.dates(pd.Timestamp(2023, 1, 1).date(), pd.Timestamp(2023, 12, 31).date()), max_size=5))
def test_a_later_day_never_shows_less(days):
    frame = dated(*[day.isoformat() for day in days])
    counts = [len(only_known_by(frame, f"2023-{month:02d}-15")) for month in range(1, 13)]
    assert counts == sorted(counts)


# Where figures come from


def test_nothing_asked_for_gives_the_empty_table(plan):
    pd.testing.assert_frame_equal(load_observations(plan, returns=None, published=None), empty_observations())


def test_a_plan_without_a_folder_of_returns_has_none(plan):
    found = load_observations(plan, published=None)
    assert found.empty


def test_published_by_folder_file_list_and_frame_are_the_same(plan):
    folder = Path(__file__).parent.parent / "data" / "published"
    table = folder / "trained_rate.csv"
    default = load_observations(plan, returns=None)
    pd.testing.assert_frame_equal(load_observations(plan, returns=None, published=folder), default)
    by_path = load_observations(plan, returns=None, published=str(table))
    by_list = load_observations(plan, returns=None, published=[table])
    by_frame = load_observations(plan, returns=None, published=by_path)
    assert len(by_path) == 9
    pd.testing.assert_frame_equal(by_list, by_path)
    pd.testing.assert_frame_equal(by_frame, by_path)


def test_a_path_that_does_not_exist_is_a_wrong_call(plan, tmp_path):
    for side in ("returns", "published"):
        with pytest.raises(WrongCall, match="does not exist"):
            load_observations(plan, **{"returns": None, "published": None, side: tmp_path / "nothing"})


def test_a_csv_of_four_columns_is_read_with_its_lines_as_source(plan, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(
        "unit,period,indicator,value\n20,2023-H1,people_enrolled,0\n05977,2023-H1,people_enrolled,\n",
        encoding="utf-8-sig",  # as Excel saves it
    )
    found = load_observations(plan, returns=path, published=None)
    assert found["unit"].tolist() == ["20", "05977"]
    assert found["source"].tolist() == ["mine.csv!2", "mine.csv!3"]
    assert found["value"].isna().tolist() == [False, True]


def test_a_csv_with_faults_is_refused_with_every_one(plan, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(
        "unit,period,indicator,value\n99,2023-H1,people_enrolled,1\n20,2023-H9,people_enrolled,1\n"
        "20,2023-H1,people_enrolled,nhiều\n",
        encoding="utf-8",
    )
    with pytest.raises(DataRefused) as caught:
        read_tidy(path, plan)
    rules = {(finding.rule, finding.place) for finding in caught.value.findings}
    assert rules == {
        ("unknown-unit", "row 2, unit"),
        ("period-code", "row 3, period"),
        ("not-a-number", "row 4, value"),
    }
    assert all(finding.file == "mine.csv" for finding in caught.value.findings)


def test_a_csv_without_a_key_column_is_refused(plan, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("unit,period,value\n20,2023-H1,1\n", encoding="utf-8")
    with pytest.raises(DataRefused, match='column "indicator" is missing'):
        read_tidy(path, plan)


# Checks


def test_a_good_frame_has_no_findings(plan):
    assert check_observations(normalise(brought(value=[12])), plan) == []
    assert check_observations(brought(value=[12]).assign(unit=20), plan) == []


def test_a_rate_that_someone_brings_without_base_is_a_warning(plan):
    rate = brought(value=[40], measure=["percent"], base=[""], concept=["administrative"])
    (finding,) = check_observations(rate.assign(indicator="trained_rate"), plan)
    assert (finding.severity, finding.rule) == ("warning", "rate-without-base")


def test_a_quarter_alone_is_not_cumulative(plan):
    frame = brought(value=[12], basis=["cumulative"]).assign(period="2023-Q2")
    (finding,) = check_observations(frame, plan)
    assert finding.rule == "quarter-alone"
    assert finding.found.vi == "một quý riêng lẻ không thể là số lũy kế"


@pytest.mark.parametrize(
    ("period", "alone"), [("2023-H1", "2023-Q2"), ("2023-9M", "2023-Q3"), ("2023-FY", "2023-Q4")]
)
def test_a_whole_period_told_as_one_alone_is_refused_with_what_to_write(period, alone):
    plan = load_plan("lang-son-2023")
    frame = brought(value=[12], basis=["period"]).assign(period=period)
    (finding,) = check_observations(frame, plan)
    assert (finding.severity, finding.rule, finding.place) == ("error", "alone-or-whole", "row 1, period")
    assert period in finding.found.en
    assert "basis=cumulative" in finding.remedy.vi
    assert alone in finding.remedy.vi
    for good in (
        frame.assign(period=alone),
        frame.assign(basis="cumulative"),
        frame.assign(period="2023-Q1"),
    ):
        assert check_observations(good, plan) == []


def test_a_rate_of_a_whole_year_is_of_its_period():
    plan = load_plan("lang-son-2023")
    rate = brought(
        value=[4.2], measure=["percent"], base=["labour_force"], concept=["ICLS-13"], basis=["period"]
    )
    assert check_observations(rate.assign(indicator="trained_rate", period="2023-FY"), plan) == []


def test_more_than_100_percent_of_a_plan_is_an_ordinary_figure(plan):
    frame = brought(value=[103.5], measure=["percent"], base=["year_plan"], concept=["administrative"])
    assert check_observations(frame, plan) == []
    assert [f.rule for f in check_observations(frame.assign(base="employed"), plan)] == ["percent-range"]


def test_blank_and_zero_for_one_figure_contradict_each_other(plan):
    frame = pd.concat([brought(value=[0.0]), brought(value=[None])])
    assert [finding.rule for finding in check_observations(frame, plan)] == ["same-figure-twice"]


def test_check_takes_typed_and_raw_tables_alike(plan):
    raw = pd.DataFrame(
        {"unit": ["20"], "period": ["2023-H1"], "indicator": ["people_enrolled"], "value": ["-5"]}
    )
    typed = normalise(raw)
    assert [f.rule for f in check_observations(raw, plan)] == ["negative"]
    assert [f.rule for f in check_observations(typed, plan)] == ["negative"]


def test_a_refused_frame_names_the_row(plan):
    frame = pd.concat([brought(value=[1]), brought(value=[-1]).assign(unit="178")])
    with pytest.raises(DataRefused, match="row 2, value"):
        load_observations(plan, returns=frame, published=None)
    with pytest.raises(DataRefused, match='"value" is missing'):
        load_observations(plan, returns=brought(), published=None)


def test_a_rate_out_of_range_is_refused_where_no_measure_is_given(plan):
    """Only the obligatory columns: what the indicator is measured in is known from the plan."""
    table = pd.DataFrame(
        {"unit": ["20"], "period": ["2022-FY"], "indicator": ["trained_rate"], "value": [572.0]}
    )
    with pytest.raises(DataRefused, match="percent-range"):
        load_observations(plan, returns=table, published=None)
    good = load_observations(plan, returns=table.assign(value=57.2), published=None)
    assert good["measure"].tolist() == ["percent"]


def test_totals_have_no_breakdown_set_apart_from_those_accepted():
    frame = pd.DataFrame({"level": ["", "college", ""], "sex": ["", "", "female"]}, index=[5, 6, 7])
    assert are_totals(frame).to_dict() == {5: True, 6: False, 7: False}
    assert are_totals(frame, but=("level",)).to_dict() == {5: True, 6: True, 7: False}
