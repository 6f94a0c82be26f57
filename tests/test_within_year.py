"""Figures of months within a year: which labels are such, what they move, what they are worth."""

import datetime

import numpy as np
import pandas as pd
import pytest
from opened import opened

from vetanalysis.errors import DataRefused, NotAssessable, WrongCall
from vetanalysis.figures.pictures import caption_of, fan_alt, fan_of
from vetanalysis.forecast.rate import project_rate, project_rates
from vetanalysis.forecast.rate_input import label_of, month_steps
from vetanalysis.forecast.state_space import Grid, horizon_terms, path_correlation, run
from vetanalysis.forecast.within_year import OFFSET, SPREAD, errors_of, in_year_error

RATES = pd.Series([0.521, 0.534, 0.55, 0.562, 0.579, 0.591, 0.602], index=range(2016, 2023))


def with_june(value, year=2023, rates=RATES):
    return pd.concat([rates, pd.Series({year + 0.5: value})])


@pytest.mark.parametrize(
    ("label", "step"),
    [
        (2023, 24276),
        (2023.5, 24270),
        ("2023", 24276),
        (pd.Period("2023", "Y"), 24276),
        (pd.Period("2023-01", "6M"), 24270),
        (pd.Period("2023-07", "6M"), 24276),
        (pd.Period("2023Q2", "Q"), 24270),
        (pd.Timestamp("2023-06-30"), 24270),
        (datetime.date(2023, 6, 15), 24270),
        (pd.Timestamp("2023-12-31"), 24276),
        (pd.Timestamp("2023-01-01"), 24276),
        (2023.25, 24267),
        (2023.67, 24272),
        (2023 + 8 / 12, 24272),
        (pd.Timestamp("2023-08-31"), 24272),
        (pd.Period("2023Q3", "Q"), 24273),
    ],
)
def test_a_month_of_a_year_comes_before_its_year(label, step):
    assert month_steps([label]).tolist() == [step]
    assert month_steps([label_of(step)]).tolist() == [step]
    assert (
        label_of(step) == {24276: 2023, 24270: 2023.5, 24267: 2023.25, 24272: 2023.67, 24273: 2023.75}[step]
    )


@pytest.mark.parametrize("label", [2023.3, 2023.99, "Q1", True, None])
def test_what_is_neither_a_year_nor_a_month_of_one_is_refused(label):
    with pytest.raises(DataRefused, match="neither a year nor a month"):
        project_rate(pd.Series([0.5, 0.6], index=pd.Index([2020, label], dtype=object)), 2024)
    with pytest.raises(WrongCall):
        project_rate(RATES, label)


def test_a_period_index_days_and_decimals_are_the_same_series():
    values = np.linspace(0.4, 0.5, 9)
    decimals = [2018.5, 2018, 2019.5, 2019, 2020.5, 2020, 2021.5, 2021, 2022.5]
    days = [f"{int(year)}-{'06-30' if year % 1 else '12-31'}" for year in decimals]
    answers = [
        project_rate(pd.Series(values, index=index), [2022, 2023.5]).interval(0.8)
        for index in (decimals, pd.to_datetime(days), pd.period_range("2018-01", periods=9, freq="6M"))
    ]
    for other in answers[1:]:
        np.testing.assert_array_equal(other.lower, answers[0].lower)
    assert list(answers[0].lower.index) == [2022, 2023.5]


def test_a_june_figure_moves_the_answer_towards_itself_and_narrows_it():
    without = project_rate(RATES, 2023)
    lower, close, higher = (project_rate(with_june(value), 2023) for value in (0.58, 0.607, 0.64))
    assert lower.median < close.median < higher.median
    assert lower.median < without.median < higher.median
    few = RATES.iloc[[0, 5]]
    widths = [
        np.subtract(*project_rate(rates, 2023).interval(0.8)) for rates in (with_june(0.607, rates=few), few)
    ]
    assert abs(widths[0]) < abs(widths[1])


def test_a_june_figure_with_a_large_error_says_nothing():
    errors = pd.Series({**dict.fromkeys(RATES.index, 0.0), 2023.5: 0.5})
    far = [project_rate(with_june(value), 2023, survey_se=errors).true_level.median for value in (0.3, 0.9)]
    alone = project_rate(RATES, 2023, survey_se=0.0).median
    assert far == pytest.approx([alone, alone], abs=0.004)


def test_other_series_of_the_table_keep_their_answers():
    frame = pd.DataFrame({"years": RATES, "halves": with_june(0.61)})
    found = project_rates(frame, [2023, 2025])
    alone = project_rate(RATES, [2023, 2025])
    np.testing.assert_array_equal(found["years"].quantile([0.1, 0.9]), alone.quantile([0.1, 0.9]))
    assert found["halves"].n_points == 8
    mid = project_rates(frame, 2024.5)["years"]
    assert found["halves"].periods == (2023, 2025)
    assert mid.interval(0.8).lower < project_rate(RATES, 2023).median < mid.interval(0.8).upper


def test_a_year_that_has_passed_by_june_can_no_longer_be_asked_for():
    with pytest.raises(NotAssessable, match=r"2022 is not after the year of the last figure \(2023.5\)"):
        project_rate(with_june(0.61, rates=RATES.iloc[:-1]), 2022)


def test_one_figure_is_enough_where_it_is_of_mid_year():
    found = project_rate(pd.Series({2023.5: 0.245}), 2023)
    assert found.mostly_prior
    assert found.interval(0.8).lower < 0.245 < found.interval(0.8).upper
    with pytest.raises(NotAssessable, match="one figure only"):
        project_rate(pd.Series({2023: 0.245}), 2024)


@pytest.mark.parametrize("parts", [2, 12])
def test_with_years_alone_steps_within_years_give_the_yearly_filter(parts):
    """Parts of years without a figure change nothing: states, evidence and what is foreseen are those of years."""
    grid = Grid(
        noise=np.array([0.0, 0.4, 0.8, 0.6]),
        persistence=np.array([0.0, 0.7, 0.9, 1.0]),
        slope_sd=np.array([0.0, 0.8, 0.3, 0.5]),
        slope_noise=np.array([0.0, 1.0, 1.0, 0.0]),
        slope_mean=np.array([0.0, 0.03, 0.03, 0.03]),
    )
    z = np.array([[0.1, 0.2, np.nan, 0.15, 0.4]])
    finer = np.full((1, 4 * parts + 1), np.nan)
    finer[:, ::parts] = z
    gone = (np.arange(4 * parts + 1) % parts)[None, :]
    yearly, fine = run(z, grid, memory=0.75), run(finer, grid, memory=0.75, gone=gone, parts=parts)
    for name in ("level", "slope", "level_var", "cross_var", "slope_var", "squares", "log_det", "errors"):
        np.testing.assert_allclose(getattr(fine, name), getattr(yearly, name), rtol=1e-11, atol=1e-12)
    ahead = np.array([1, 2, 5])
    for one, other in zip(horizon_terms(grid, ahead), horizon_terms(grid, parts * ahead, parts), strict=True):
        np.testing.assert_allclose(other, one, rtol=1e-12)
    some = np.arange(4)
    np.testing.assert_allclose(
        path_correlation(fine, grid, 0, some, some, parts * ahead, parts),
        path_correlation(yearly, grid, 0, some, some, ahead),
        rtol=1e-12,
    )


def test_offset_and_spread_are_learned_from_years_that_have_both():
    z, gone = np.full(9, np.nan), np.arange(9) % 2
    z[::2] = [0.0, 0.1, 0.2, 0.3, 0.4]
    none = in_year_error(z, gone, 2)
    assert none == (0.0, SPREAD**2, OFFSET**2)
    z[1::2] = np.array([0.05, 0.15, 0.25, 0.35]) + 0.04
    learned = in_year_error(z, gone, 2)
    spread = 4 * SPREAD**2 / 7
    assert learned.offset == pytest.approx(0.04 * 4 / (4 + spread / OFFSET**2))
    assert learned.variance(np.array(0.5)) == pytest.approx(spread + 1 / (4 / spread + 1 / OFFSET**2))
    assert learned.bias(np.array(0.0)) == learned.variance(np.array(0.0)) == 0


def test_a_month_is_off_by_the_root_of_its_distance_from_the_years_end():
    """August figures off by 0.04 sqrt(2/3) are those of June off by 0.04; the same months of steps or half years."""
    line, gone = np.arange(49) / 120, np.arange(49) % 12
    june, august = (np.where((gone == 0) | (gone == month), line, np.nan) for month in (6, 8))
    june[gone == 6] += 0.04
    august[gone == 8] += 0.04 * np.sqrt(2 / 3)
    learned = [in_year_error(z, gone, 12) for z in (june, august)]
    np.testing.assert_allclose(learned[0], learned[1])
    np.testing.assert_allclose(learned[0], in_year_error(june[::6], gone[::6] // 6, 2))
    left = np.array([3 / 4, 1 / 2, 1 / 3, 1 / 12, 0])
    np.testing.assert_allclose(
        learned[0].variance(left), np.array([1.5, 1, 2 / 3, 1 / 6, 0]) * learned[0].variance(np.array(0.5))
    )


def test_the_figures_of_one_year_say_no_more_of_their_common_offset_than_one():
    gone = np.arange(25) % 12
    z = np.where(np.isin(np.arange(25), [0, 12, 18, 20, 22]), 0.2, np.nan)
    bias, variance, error = errors_of(z, gone, 12)
    assert not bias.any()
    np.testing.assert_allclose(
        variance[[12, 18, 20, 22]],
        np.array([0, 1, 2 / 3, 1 / 3]) * (SPREAD**2 + 3 * OFFSET**2),
    )
    assert error.unknown == OFFSET**2


def test_the_nearer_to_the_years_end_the_more_a_figure_moves_the_answer_and_narrows_it():
    medians, widths = [], []
    for month in (3, 6, 8, 9, 11):
        medians.append(project_rate(with_june(0.65, year=2022.5 + month / 12), 2023).median)
        on_line = float(RATES[2022]) + 0.0115 * month / 12
        low, high = project_rate(with_june(on_line, year=2022.5 + month / 12), 2023).interval(0.8)
        widths.append(high - low)
    assert medians == sorted(medians)
    assert widths == sorted(widths, reverse=True)
    assert medians[1] == project_rate(with_june(0.65), 2023).median


@pytest.fixture(scope="module")
def example():
    return opened("lang-son-2023-example", "2023-9M")


def test_the_departments_june_figures_move_both_answers_and_the_text_says_so(example):
    real = opened("lang-son-2023", "2023-start").assessment("trained_rate")
    trained, certified = (example.assessment(name) for name in ("trained_rate", "certified_rate"))
    assert trained.probability > real.probability + 0.02
    assert trained.upper_80 - trained.lower_80 < 0.7 * (real.upper_80 - real.lower_80)
    for one, value in ((trained, "60.8%"), (certified, "24.5%")):
        assert value in one.evidence_reasons[-1].get("en")
        assert value.replace(".", ",") in one.evidence_reasons[-1].get("vi")
        assert one.illustrative
        assert "uses it as an observation" in one.beside[0].note.get("en")


def test_with_half_years_alone_the_certified_target_is_assessed_weakly(example):
    certified = example.assessment("certified_rate")
    assert certified.evidence == "weak"
    assert certified.latest.period == "2023-H1"
    assert 0.3 < certified.probability < 0.7
    assert certified.lower_80 < 24.5 < certified.upper_80
    assert certified.pace_required == pytest.approx((25 - 24.5) / 0.5)


def test_the_picture_opens_from_mid_year_and_names_the_period(example):
    axes = fan_of(example.assessment("certified_rate")).figure("en").axes[0]
    (point,) = [line for line in axes.lines if line.get_gid() == "fact-provisional"]
    assert point.get_xydata().tolist() == [[2022.5, 24.5]]
    assert any("H1 2023: 24.5%" in text.get_text() for text in axes.texts)


def test_the_departments_june_figure_is_drawn_beside_the_years(example):
    trained = example.assessment("trained_rate")
    axes = fan_of(trained).figure("vi").axes[0]
    (june,) = [line for line in axes.lines if line.get_gid() == "estimate-within"]
    assert june.get_xydata().tolist() == [[2022.5, 60.8]]
    assert any("60,8%" in text.get_text() for text in axes.texts)
    assert "6 tháng 2023: 60,8%" in fan_alt(trained, fan_of(trained)).get("vi")
    assert "6 tháng" in caption_of(trained).get("vi")
