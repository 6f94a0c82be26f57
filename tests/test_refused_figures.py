"""What a caller may hand over by mistake: each is named, and other units and series are unharmed."""

import numpy as np
import pandas as pd
import pytest

import vetanalysis as va
from vetanalysis.errors import DataRefused, NotAssessable, WrongCall

RATES = pd.Series([0.5, 0.52, 0.55], index=[2019, 2020, 2021])
PAST = pd.DataFrame({4: [12000, 12300, 12585]}, index=[2020, 2021, 2022])
UNITS = pd.MultiIndex.from_tuples([("u1", 2022), ("u2", 2022)])
UNITS_PAST = pd.DataFrame({1: [20, 30.0], 4: [150, 140.0]}, index=UNITS)
NOW = pd.DataFrame({1: [25, 31.0]}, index=["u1", "u2"])


@pytest.mark.parametrize("label", [float("inf"), 1e300, 0, 12, True, "spring"])
def test_an_index_that_holds_no_years_is_refused(label):
    with pytest.raises(DataRefused, match="is neither a year"):
        va.project_rate(pd.Series([0.5, 0.6], index=[2020, label]), 2023)


@pytest.mark.parametrize("value", [True, np.bool_(False), 0.5 + 1j])
def test_truth_values_and_complex_numbers_are_no_rates(value):
    with pytest.raises(DataRefused, match="is not a number"):
        va.project_rate(pd.Series([0.5, value], index=[2020, 2021], dtype=object), 2023)
    with pytest.raises(DataRefused, match="is not a number"):
        va.project_rate(pd.Series([value, value], index=[2020, 2021]), 2023)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"survey_se": "x"}, "give one number, or a Series by year"),
        ({"survey_se": pd.Series([0.01, 0.02], index=[2020, 2020])}, "a year is given twice"),
        ({"survey_se": 0.7}, "between 0 and 0.5"),
    ],
)
def test_a_wrong_standard_error_is_a_wrong_call(changes, says):
    with pytest.raises(WrongCall, match=says):
        va.project_rate(RATES, 2023, **changes)


def test_a_frame_where_one_series_belongs_and_two_columns_of_one_name():
    with pytest.raises(WrongCall, match="project_rates takes a frame"):
        va.project_rate(RATES.to_frame(), 2023)
    with pytest.raises(DataRefused, match="more than one column is named a"):
        va.project_rates(pd.concat([RATES, RATES], axis=1, keys=["a", "a"]), 2023)


def test_a_column_of_truth_values_leaves_the_others_alone():
    frame = pd.DataFrame({"good": RATES, "flags": [True, False, True]})
    found = va.project_rates(frame, 2023)
    assert isinstance(found["flags"], va.NotAssessed)
    assert found["good"].median == va.project_rate(RATES, 2023).median


def test_a_target_that_is_no_number_is_a_wrong_call():
    with pytest.raises(WrongCall, match="give a number"):
        va.project_rate(RATES, 2023).probability("a")


@pytest.mark.parametrize("share", [0.0, 0.002, 1.0])
@pytest.mark.parametrize("error", [0.003, 0.01])
def test_a_known_error_larger_than_the_share_widens_without_losing_the_place(share, error):
    series = pd.Series([share] * 4, index=[2018, 2019, 2020, 2021])
    lower, upper = va.project_rate(series, 2023, survey_se=error).interval(0.8)
    assert upper - lower < 6 * error
    assert lower <= share <= upper


@pytest.mark.parametrize("planned", ["13.500", True, "many", [1, 2]])
def test_a_plan_that_is_no_plain_number_is_not_guessed_at(planned):
    with pytest.raises(NotAssessable, match="is not a number"):
        va.project_year_total(PAST, None, planned=planned)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: va.project_year_total(PAST[4], None), "past: give a frame"),
        (lambda: va.project_year_total(PAST, NOW), "current: give one Series"),
        (lambda: va.project_year_total(PAST, None, year="2023"), "give the year as a whole number"),
        (lambda: va.project_year_total(PAST, None, year=True), "give the year as a whole number"),
        (lambda: va.project_year_totals(UNITS_PAST, None), "current: give a frame"),
        (lambda: va.project_year_totals(UNITS_PAST, NOW[1]), "current: give a frame"),
    ],
)
def test_a_wrong_kind_of_table_is_a_wrong_call(call, says):
    with pytest.raises(WrongCall, match=says):
        call()


def test_one_unit_s_bad_plans_leave_the_others_alone():
    good = pd.Series([160.0, 150.0], index=UNITS)
    bad = good.astype(object)
    bad.iloc[0] = "x"
    alone = va.project_year_totals(
        UNITS_PAST, NOW, planned={"u1": 170, "u2": 160}, past_planned=good, year=2023
    )
    found = va.project_year_totals(
        UNITS_PAST, NOW, planned={"u1": 170, "u2": 160}, past_planned=bad, year=2023
    )
    assert "The plan of 2022 'x' is not a number" in found["u1"].reason.en
    np.testing.assert_array_equal(found["u2"].draws, alone["u2"].draws)
    twice = va.project_year_totals(
        UNITS_PAST,
        NOW,
        planned=pd.Series([170, 160, 160], index=["u1", "u1", "u2"]),
        past_planned=good,
        year=2023,
    )
    assert twice["u1"].reason.en == "The plan is given more than once"
    np.testing.assert_array_equal(twice["u2"].draws, alone["u2"].draws)


@pytest.fixture(scope="module")
def plan():
    return va.load_plan("lang-son-2023")


@pytest.fixture(scope="module")
def figures(plan):
    return va.load_observations(plan)


@pytest.mark.parametrize("function", [va.assess, va.assess_targets, va.indicator_table])
def test_plan_and_observations_of_a_wrong_kind_are_named(function, plan, figures):
    for obs in (None, {}, RATES, pd.DataFrame({"unit": ["20"]})):
        with pytest.raises(WrongCall, match="as load_observations returns it"):
            function(plan, obs, as_of="2023-9M")
    with pytest.raises(WrongCall, match="as load_plan returns it"):
        function("lang-son-2023", figures, as_of="2023-9M")


@pytest.mark.parametrize("name", [None, 3, ["lang-son-2023"]])
def test_a_plan_s_name_is_a_text(name):
    with pytest.raises(WrongCall, match="give the name of a plan or its folder"):
        va.load_plan(name)


@pytest.mark.parametrize("changes", [{"every": 0}, {"every": 1.5}, {"seed": "x"}, {"seed": -1}])
def test_a_track_record_takes_whole_numbers(changes, plan, figures):
    with pytest.raises(WrongCall, match="use a whole number of"):
        va.track_record(plan, figures, **changes)


def test_a_stock_account_takes_people_and_draws():
    study = va.open_study("lang-son-2023", "2023-9M", returns=None)
    for size in (0, -1, 2.5):
        with pytest.raises(WrongCall, match="size"):
            va.stock_flow(study, size=size)
    with pytest.raises(WrongCall, match="learners of elementary"):
        va.stock_flow(study, learners={"elementary": -3})


COURSE = pd.DataFrame(
    {1: [2000.0, 2150], 2: [4550, 4200], 3: [8100, 7900], 4: [12350, 12400]}, index=[2021, 2022]
)


def test_quarters_brought_as_text_are_quarters_and_others_are_refused():
    so_far = pd.Series({1: 2100.0, 2: 4500})
    plain = va.project_year_total(COURSE, so_far, rng=1)
    told = va.project_year_total(COURSE.rename(columns=str), so_far.rename(index=str), rng=1)
    assert (told.draws == plain.draws).all()
    for wrong in ({"Q1": 2100.0}, {"5": 2100.0}, {0: 2100.0}):
        with pytest.raises(NotAssessable, match="four quarters"):
            va.project_year_total(COURSE, pd.Series(wrong))
    with pytest.raises(NotAssessable, match="is given twice"):
        va.project_year_total(COURSE, pd.Series({1: 2100.0, "1": 2100.0}))


@pytest.mark.parametrize("counted", [{}, {1: 2100.0}, {1: 2100.0, 2: 4500.0}])
@pytest.mark.parametrize("past", [COURSE, COURSE[[4]], COURSE[[1, 2, 4]]])
def test_totals_in_large_units_are_no_persons(past, counted):
    """In units of 100,000 people everything is a hundred-thousandth, to the last draw."""
    persons = past + 0.25, pd.Series(counted, dtype=float) + 0.25
    whole, large = (
        va.project_year_total(years / unit, now / unit, year=2023, rng=1) for unit in (1, 1e5)
        for years, now in [persons]
    )  # fmt: skip
    assert large.draws * 1e5 == pytest.approx(whole.draws, rel=1e-9)
