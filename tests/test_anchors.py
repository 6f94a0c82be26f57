"""The anchors' rules against values worked out by hand."""

import math

import pytest

from vetanalysis.assessment import rules
from vetanalysis.errors import WrongCall

SMOOTH = {2016 + k: value for k, value in enumerate((52.1, 53.4, 55.0, 56.2, 57.9, 59.1, 60.2))}


def test_eurostat_calls_the_smooth_series_on_track_although_its_line_misses():
    # (60.2/52.1)^(1/6) - 1 = 0.024378; (62/52.1)^(1/7) - 1 = 0.025163; ratio 0.9688
    verdict = rules.eurostat(SMOOTH, 62, 2023)
    assert verdict.numbers["ratio"] == pytest.approx(0.969, abs=0.0005)
    assert verdict.status == "on_track"
    assert rules.un_chart(SMOOTH, 62, 2023).status == "on_track"
    assert 60.2 + (60.2 - 52.1) / 6 < 62


def test_eurostat_and_un_differ_between_one_half_and_six_tenths():
    # 10 % a year observed, 18 % a year required: R = 0.5556
    series, target = {2020: 100, 2022: 121}, 100 * 1.18**3
    assert rules.eurostat(series, target, 2023).numbers["ratio"] == pytest.approx(10 / 18)
    assert rules.eurostat(series, target, 2023).status == "limited"
    assert rules.un_chart(series, target, 2023).status == "accelerate"


def test_a_small_fall_is_deterioration_for_eurostat_and_limited_for_the_un():
    # -0.5 % observed, +10 % required: R = -0.05
    series = {2020: 100.0, 2021: 99.5}
    assert rules.eurostat(series, 121, 2022).status == "deterioration"
    assert rules.un_chart(series, 121, 2022).status == "limited"


@pytest.mark.parametrize(
    ("ratio", "eurostat", "un"),
    [
        (0.951, "on_track", "on_track"),
        (0.949, "accelerate", "accelerate"),
        (0.601, "accelerate", "accelerate"),
        (0.599, "limited", "accelerate"),
        (0.501, "limited", "accelerate"),
        (0.499, "limited", "limited"),
        (0.001, "limited", "limited"),
        (-0.001, "deterioration", "limited"),
        (-0.099, "deterioration", "limited"),
        (-0.101, "deterioration", "deterioration"),
    ],
)
def test_borders(ratio, eurostat, un):
    series = {2020: 100.0, 2021: 100 * (1 + 0.10 * ratio)}
    assert rules.eurostat(series, 121, 2022).status == eurostat
    assert rules.un_chart(series, 121, 2022).status == un


def test_upper_limit():
    # 4.0 -> 3.2 in two years: -10.557 % a year; 4.0 -> 2.0 in five: -12.945 %; R = 0.8156
    series = {2020: 4.0, 2022: 3.2}
    verdict = rules.eurostat(series, 2.0, 2025, "<=")
    assert verdict.numbers["ratio"] == pytest.approx(0.8156, abs=0.0001)
    assert verdict.status == "accelerate"
    assert rules.eurostat({2020: 4.0, 2022: 4.4}, 2.0, 2025, "<=").status == "deterioration"
    assert rules.un_chart({2020: 4.0, 2022: 2.0}, 2.0, 2025, "<=").status == "achieved"


RULES = (rules.eurostat, rules.un_chart, rules.escap)


@pytest.mark.parametrize("rule", RULES)
def test_equality_at_the_target_counts_as_reached(rule):
    assert rule({2020: 60.0, 2021: 61.0, 2022: 62.0}, 62.0, 2023).status == "achieved"


def test_met_then_lost_is_never_on_track():
    lost = {2020: 62.5, 2021: 62.0, 2022: 58.0}
    assert rules.eurostat(lost, 62, 2025).status == "deterioration"
    assert rules.un_chart(lost, 62, 2025).status == "deterioration"
    assert rules.escap(lost, 62, 2025).status == "reverse"
    # met in between, lost at the end, base below: judged from the base
    assert rules.eurostat({2020: 50.0, 2021: 63.0, 2022: 55.0}, 62, 2025).status == "on_track"


def test_sign_guards_and_zeros():
    assert rules.eurostat({2020: -5.0, 2021: 3.0}, 10, 2025).status == "not_available"
    assert rules.un_chart({2020: 5.0, 2021: -3.0}, 10, 2025).status == "not_available"
    assert rules.un_chart({2020: 5.0, 2021: 6.0}, -10, 2025, ">=").status == "achieved"
    zero_base = rules.eurostat({2020: 0.0, 2021: 1.0}, 10, 2025)
    assert zero_base.numbers["zero_replaced"] == 1.0
    # 0.001 stands for the base: (1000 - 1) / (10000^(1/5) - 1) = 999 / 5.30957
    assert zero_base.numbers["ratio"] == pytest.approx(188.15, abs=0.01)
    assert rules.eurostat({2020: 4.0, 2021: 2.0}, 0, 2025, "<=").numbers["zero_replaced"] == 1.0


@pytest.mark.parametrize("rule", RULES)
def test_one_figure_or_none_says_why(rule):
    for series in ({}, {2020: 50.0}, {2020: 50.0, 2021: math.nan}):
        verdict = rule(series, 62, 2023)
        assert verdict.status == "not_available"
        assert "two years" in verdict.reason.en


def test_target_year_not_after_base_year():
    assert rules.eurostat({2020: 50.0, 2021: 51.0}, 62, 2020).status == "not_available"


@pytest.mark.parametrize("rule", [*RULES, lambda v, t, _y, d: rules.nhs_assurance(v, t, d)])
def test_an_unknown_direction_is_a_wrong_call(rule):
    with pytest.raises(WrongCall, match="direction"):
        rule({2020: 1.0, 2021: 2.0}, 3, 2023, ">")


def test_base_year_starts_at_the_next_year_with_a_figure():
    verdict = rules.eurostat({2010: 10.0, 2016: 40.0, 2020: 50.0}, 62, 2023, base_year=2015)
    assert verdict.numbers["base"] == 40.0


@pytest.mark.parametrize("rule", RULES)
def test_two_figures_are_enough_and_the_numbers_tell_which_they_are(rule):
    given = rule({2012: 9.0, 2015: 40.0, 2020: 50.0}, 62, 2023, base_year=2014).numbers
    assert {name: given[name] for name in ("base_year", "base", "latest_year", "latest", "target")} == {
        "base_year": 2015, "base": 40.0, "latest_year": 2020, "latest": 50.0, "target": 62,
    }  # fmt: skip
    assert given.get("zero_replaced", 0) == 0


def test_escap_as_far_from_the_target_as_the_whole_way_is_not_yet_lost():
    assert rules.escap({0: 10.0, 1: 10.0, 2: 10.0}, 20, 5).status == "accelerate"  # |20 - 10| / 10 = 100 %
    assert rules.escap({0: 10.0, 1: 10.0, 2: 9.9}, 20, 5).status == "reverse"


def test_escap_on_a_straight_line():
    series = {0: 10.0, 1: 12.0, 2: 14.0}
    verdict = rules.escap(series, 30, 5)
    assert verdict.numbers["anticipated"] == pytest.approx(20)
    assert verdict.numbers["csi"] == pytest.approx(2)
    assert verdict.numbers["gap"] == pytest.approx(50)
    assert verdict.status == "accelerate"
    assert rules.escap(series, 20, 5).status == "maintain"
    # |21 - 20| / 11 = 9.09 %; |21.2 - 20| / 11.2 = 10.7 %
    assert rules.escap(series, 21, 5).status == "maintain"
    assert rules.escap(series, 21.2, 5).status == "accelerate"
    # falling: anticipated 0, |20 - 0| / 10 = 200 %
    assert rules.escap({0: 10.0, 1: 8.0, 2: 6.0}, 20, 5).status == "reverse"


def test_escap_weights_recent_years_more():
    # weights 1/3, 2/3, 1: mean year 4/3, mean 13, slope 4 / (10/9) = 3.6, intercept 8.2
    intercept, slope = rules.weighted_line([(0, 10.0), (1, 10.0), (2, 16.0)])
    assert slope == pytest.approx(3.6)
    assert intercept == pytest.approx(8.2)


def test_escap_upper_limit():
    # line 10, 8, 6 -> 0 at year 5; limit 2: reached; limit -5: |-5 - 0| / 15 = 33 %
    series = {0: 10.0, 1: 8.0, 2: 6.0}
    assert rules.escap(series, 2, 5, "<=").numbers["gap"] == 0
    assert rules.escap(series, 2, 5, "<=").numbers["csi"] == pytest.approx(5)
    assert rules.escap(series, -5, 5, "<=").numbers["gap"] == pytest.approx(100 / 3)


def test_nhs_limits():
    # moving ranges 2, 1, 2: mean 5/3; 11.5 -+ 4.4333
    series = dict(enumerate((10.0, 12.0, 11.0, 13.0)))
    verdict = rules.nhs_assurance(series, 16)
    assert verdict.numbers["upper"] == pytest.approx(15.9333, abs=1e-4)
    assert verdict.numbers["lower"] == pytest.approx(7.0667, abs=1e-4)
    assert verdict.numbers["trial"] == 1.0
    assert verdict.status == "consistently_fail"
    assert rules.nhs_assurance(series, 7).status == "consistently_pass"
    assert rules.nhs_assurance(series, 12).status == "hit_or_miss"
    assert rules.nhs_assurance(series, 16, "<=").status == "consistently_pass"
    assert rules.nhs_assurance(series, 7, "<=").status == "consistently_fail"


def test_the_four_rules_side_by_side():
    # growth 50 -> 54 in two years against 50 -> 60 in five: 3.923 % / 3.714 %; line of weights 1/3, 2/3, 1 through
    # 50, 51, 54: 52.333 + 2.2 x (year - 2020 - 4/3), 60.4 in 2025; moving ranges 1 and 3: 51.667 -+ 5.32
    said = rules.side_by_side({2020: 50.0, 2021: 51.0, 2022: 54.0}, 60, 2025)
    assert list(said) == ["eurostat", "un", "escap", "nhs"]
    assert [verdict.status for verdict in said.values()] == [
        "on_track",
        "on_track",
        "maintain",
        "consistently_fail",
    ]
    assert said["eurostat"].numbers["ratio"] == said["un"].numbers["ratio"] == pytest.approx(1.0564, abs=1e-4)
    assert said["escap"].numbers["anticipated"] == pytest.approx(60.4)
    assert said["nhs"].numbers["upper"] == pytest.approx(56.9867, abs=1e-4)
    assert (
        said["nhs"].words.en
        == "the target lies outside the usual variation, on the hard side (trial limits from 3 figures, 12 are needed)"
    )
    assert (
        said["nhs"].words.vi
        == "chỉ tiêu nằm ngoài mức dao động thường thấy, về phía khó đạt (giới hạn tạm tính từ 3 số liệu, cần 12)"
    )


def test_limits_of_twelve_figures_are_no_trial():
    assert (
        rules.nhs_assurance(dict(enumerate([10.0, 11.0] * 6)), 30).words.en
        == "the target lies outside the usual variation, on the hard side"
    )


def test_nhs_leaves_out_extreme_moving_ranges():
    # ranges 0, 0, 0, 10: mean 2.5, limit 8.17, so the 10 is left out and nothing varies
    verdict = rules.nhs_assurance(dict(enumerate((10.0, 10.0, 10.0, 10.0, 20.0))), 12)
    assert (verdict.numbers["lower"], verdict.numbers["upper"]) == (12, 12)
    assert verdict.status == "hit_or_miss"


def test_verdicts_agree_by_kind_not_by_word():
    on_track = rules.eurostat(SMOOTH, 62, 2023).words
    maintain = rules.escap(SMOOTH, 61.5, 2023).words
    reverse = rules.escap({0: 10.0, 1: 8.0, 2: 6.0}, 20, 5).words
    none = rules.eurostat({}, 62, 2023).words
    assert on_track != maintain
    assert rules.agree([on_track, maintain, none])
    assert not rules.agree([on_track, reverse])
    limits = dict(enumerate([10.0, 11.0] * 6))
    assert not rules.agree([on_track, rules.nhs_assurance(limits, 30).words])
    assert rules.agree([on_track, rules.nhs_assurance(limits, 10.5).words])
    assert rules.agree([on_track, rules.nhs_assurance({1: 10.0, 2: 11.0}, 30).words])
    assert rules.agree([])
