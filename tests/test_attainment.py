"""Bands, printed probabilities, label changes, paces and the evidence grade."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetanalysis.assessment import paces
from vetanalysis.assessment import status as at
from vetanalysis.assessment.evidence import ICD203, band_of, evidence_grade
from vetanalysis.blocks import LANGUAGES
from vetanalysis.errors import WrongCall
from vetanalysis.language import chances


class Uniform:
    """A projection spread evenly over [low, high]: every answer is known in closed form."""

    def __init__(self, low, high):
        self.low, self.high = low, high

    def quantile(self, q):
        return self.low + q * (self.high - self.low)

    def probability(self, target, direction=">="):
        below = min(max((target - self.low) / (self.high - self.low), 0), 1)
        return 1 - below if direction == ">=" else below

    def target_for(self, probability, direction=">="):
        return self.quantile(1 - probability if direction == ">=" else probability)


@pytest.mark.parametrize(
    ("border", "upper", "lower"),
    [
        (0.95, "almost_certain", "very_likely"),
        (0.80, "very_likely", "likely"),
        (0.55, "likely", "even"),
        (0.45, "even", "unlikely"),
        (0.20, "unlikely", "very_unlikely"),
        (0.05, "very_unlikely", "almost_no_chance"),
    ],
)
def test_a_border_belongs_to_the_upper_band(border, upper, lower):
    assert at.status_of(border) == upper
    assert at.status_of(math.nextafter(border, 0)) == lower


def test_outer_words_hold_beyond_99_and_1_per_cent():
    assert at.status_of(1.0) == "almost_certain"
    assert at.status_of(0.0) == "almost_no_chance"
    assert chances.status_words("almost_certain", 0.997).get("vi") == "gần như chắc chắn đạt (> 99 %)"
    assert chances.status_words("almost_no_chance", 0.003).get("en") == "almost no chance (< 1 %)"
    for inside in (0.97, 0.985, 0.99):
        assert chances.status_words("almost_certain", inside).get("vi") == "gần như chắc chắn đạt (95-99 %)"
    assert chances.status_words("almost_no_chance", 0.01).get("en") == "almost no chance (1-5 %)"


def test_words_carry_the_range_in_brackets():
    assert chances.status_words("very_likely").get("vi") == "rất có khả năng đạt (80-95 %)"
    assert chances.status_words("unlikely").get("en") == "unlikely (20-45 %)"
    for status in at.STATUSES:
        for lang in LANGUAGES:
            words = chances.status_words(status).get(lang)
            assert ("(" in words) == (status not in ("not_forecast", "not_assessed"))
            assert chances.status_symbol(status)


def test_ipcc_scale():
    for p, status in ((0.99, "virtually_certain"), (0.66, "likely"), (0.5, "even"), (0.009, "exceptionally")):
        assert at.status_of(p, scale="ipcc").startswith(status)
    with pytest.raises(WrongCall, match="scale"):
        at.status_of(0.5, scale="traffic-light")


@pytest.mark.parametrize("value", [62.0, 62.4])
def test_reached_by_the_figure_of_the_period_itself(value):
    assert at.status_of(0.3, value, "final", 62, ">=") == "reached"
    assert at.status_of(0.3, value, "provisional", 62, ">=") == "reached_provisional"
    assert at.status_of(0.3, value, "estimate", 62, ">=") == "reached_provisional"


def test_not_reached_is_said_of_a_final_figure_with_nothing_left_to_come():
    assert at.status_of(0.0, 61.9, "final", 62, ">=") == "not_reached"
    assert at.status_of(0.0, 62.1, "final", 62, "<=") == "not_reached"
    assert at.status_of(0.0, 61.9, "provisional", 62, ">=") == "almost_no_chance"
    assert at.status_of(0.3, 9000, "final", 13500, ">=") == "unlikely"  # a running total has time left


def test_values_are_compared_unrounded():
    assert at.status_of(0.3, 61.96, "final", 62, ">=") == "unlikely"
    assert at.status_of(0.9, 2.04, "final", 2.0, "<=") == "very_likely"
    assert at.status_of(None, 2.0, "final", 2.0, "<=") == "reached"


def test_no_probability_is_not_assessed():
    assert at.status_of(None) == at.status_of(math.nan) == "not_assessed"


@pytest.mark.parametrize("p", [-0.01, 1.01])
def test_impossible_probabilities_are_wrong_calls(p):
    with pytest.raises(WrongCall):
        at.status_of(p)
    with pytest.raises(WrongCall):
        chances.printed_probability(p)


@pytest.mark.parametrize(
    ("p", "printed"),
    [
        (0.31, "30 %"),
        (0.325, "35 %"),
        (0.2514, "25 %"),
        (0.78, "75 %"),  # likely (55-80 %): 80 % would be very likely
        (0.8, "80 %"),
        (0.448, "40 %"),
        (0.547, "50 %"),
        (0.552, "55 %"),
        (0.196, "15 %"),
        (0.94, "90 %"),
        (0.96, "95 %"),
        (0.009, "< 1 %"),
        (0.991, "> 99 %"),
        (0.01, "< 5 %"),
        (0.04, "< 5 %"),
        (0.98, "> 95 %"),
    ],
)
def test_printed_probability(p, printed):
    assert chances.printed_probability(p) == printed


def test_words_begin_where_the_printed_chances_stay_within():
    limits = {round(100 * band.lower) for band in ICD203} - {0, 1, 99}
    assert set(chances.BORDERS) == limits


@given(st.floats(0, 1))
def test_a_printed_chance_has_the_word_that_stands_beside_it(p):
    text = chances.printed_probability(p)
    if text[0] not in "<>":
        assert band_of(float(text.strip(" %")) / 100) == band_of(p)


@given(st.floats(0, 1))
def test_never_nought_or_certainty_and_never_far_off(p):
    text = chances.printed_probability(p)
    value = float(text.strip("<> %"))
    assert text not in ("0 %", "100 %")
    assert abs(value - 100 * p) <= 5 + 1e-6
    if text.startswith("<"):
        assert 100 * p < value
    if text.startswith(">"):
        assert 100 * p > value


@pytest.mark.parametrize(
    ("before", "now", "moves"),
    [
        (0.35, 0.17, True),  # printed 35 and 15 %
        (0.17, 0.35, True),
        (0.57, 0.50, False),  # 55 and 50 %
        (0.50, 0.57, False),
        (0.52, 0.60, True),  # 50 and 60 %
        (0.60, 0.52, True),
        (0.81, 0.79, False),  # 80 and 75 %
        (0.30, 0.81, True),
    ],
)
def test_a_label_moves_once_the_printed_chance_moved_by_ten_points_up_or_down(before, now, moves):
    old, new = band_of(before).status, band_of(now).status
    assert old != new
    assert at.hysteresis(old, before, now) == (new if moves else old)


def test_without_an_earlier_judgement_the_band_itself_counts():
    assert at.hysteresis(None, None, 0.81) == at.hysteresis("not_assessed", None, 0.81) == "very_likely"
    assert at.hysteresis("reached", 1.0, 0.81) == "very_likely"


@given(st.sampled_from(at.STATUSES), st.floats(0, 1), st.floats(0, 1))
def test_hysteresis_is_stable(previous, before, p):
    label = at.hysteresis(previous, before, p)
    assert at.hysteresis(label, p, p) == label


def test_required_pace_of_the_model_case():
    # 57.2 % in 2021, 62 % by the end of 2023: 2.4 points a year; 2010-2020 went 2.1 a year
    assert paces.required_pace(57.2, 62, 2) == pytest.approx(2.4)
    assert paces.seen_pace({2010: 35.0, 2020: 56.0}) == pytest.approx(2.1)
    assert paces.seen_pace({2010: 35.0, 2020: 56.0, 2021: 57.2}, window=5) == pytest.approx(1.2)
    assert paces.seen_pace({2019: 50.0, 2020: 56.0, 2021: 57.2}, window=2) == pytest.approx(3.6)
    assert paces.required_pace(4.0, 3.0, 2) == pytest.approx(-0.5)
    assert paces.required_pace(57.2, 62, 0) is None
    assert paces.seen_pace({2020: 56.0}) is None
    assert paces.seen_pace({2019: 50.0, 2020: math.nan, 2021: 52.0}) == pytest.approx(1.0)


def test_percentile_of_pace_counts_only_the_slower():
    elsewhere = [0.5, 1.0, 2.0, 3.0, math.nan]
    assert paces.percentile_of_pace(2.0, elsewhere) == paces.percentile_of_pace(2.0, elsewhere, ">=")
    assert paces.percentile_of_pace(2.0, elsewhere).share == pytest.approx(0.5)
    assert paces.percentile_of_pace(2.0, elsewhere).places == 4
    # an upper limit: -0.5 a year is asked, of four paces only -0.2 and +0.1 were slower
    assert paces.percentile_of_pace(-0.5, [-0.2, 0.1, -0.5, -1.0], "<=").share == pytest.approx(0.5)
    assert paces.percentile_of_pace(None, elsewhere).share is None
    assert paces.percentile_of_pace(1.0, []).share is None


def test_people_per_remaining_quarter():
    assert paces.required_per_step(4700, 13500, 2) == pytest.approx(4400)
    assert paces.required_per_step(14000, 13500, 1) == 0
    assert paces.required_per_step(13000, 13500, 0) is None
    assert paces.required_per_step(math.nan, 13500, 1) is None


@given(st.floats(-20, 20), st.sampled_from([">=", "<="]), st.floats(0.05, 0.95))
def test_the_extra_makes_the_probability_what_was_asked(target, direction, probability):
    projection = Uniform(-10, 10)
    extra = paces.extra_for_probability(projection, target, probability, direction)
    assert extra >= 0
    sign = 1 if direction == ">=" else -1
    shifted = Uniform(-10 + sign * extra, 10 + sign * extra)
    reached = shifted.probability(target, direction)
    assert reached >= probability - 1e-9
    if extra > 0:
        assert reached == pytest.approx(probability)


def test_first_passage():
    class Growing:
        def probability(self, target, direction=">="):
            return {2022: 0.1, 2023: 0.3, 2024: 0.55, 2025: 0.7}

    assert paces.first_passage(Growing(), 0.62).year == 2024
    assert paces.first_passage(Growing(), 0.62, probability=0.55).year == 2024
    assert paces.first_passage(Growing(), 0.62, probability=0.8).year is None
    assert paces.first_passage(Growing(), 0.62).probabilities[2023] == pytest.approx(0.3)
    assert paces.first_passage(Growing(), 0.62, known={2023: 0.5}).year == 2023


def test_milestones_end_at_the_target():
    assert paces.milestones(2021, 57.2, 2023, 62) == pytest.approx({2022: 59.6, 2023: 62})
    assert paces.milestones(2023, 57.2, 2023, 62) == {}


def test_direction_words_are_kept_apart():
    with pytest.raises(WrongCall):
        paces.percentile_of_pace(1.0, [1.0], "up")


STRONG = {
    "points": 8,
    "coverage": 0.95,
    "sensitivity": {0.5: 0.6, 1.0: 0.65, 2.0: 0.7},
    "backtest_inside": True,
}


@pytest.mark.parametrize(
    ("change", "grade"),
    [
        ({}, "strong"),
        ({"coverage": None}, "strong"),
        ({"coverage": 0.90}, "strong"),
        ({"coverage": 0.89}, "moderate"),
        ({"coverage": 0.75}, "moderate"),
        ({"coverage": 0.749}, "weak"),
        ({"points": 6}, "strong"),
        ({"points": 5}, "moderate"),
        ({"points": 4}, "moderate"),
        ({"points": 3}, "weak"),
        ({"backtest_inside": None}, "moderate"),
        ({"backtest_inside": False}, "moderate"),
        ({"sensitivity": None}, "moderate"),
        ({"sensitivity": {0.5: 0.5, 1.0: 0.6, 2.0: 0.7}}, "weak"),
        ({"series_break": 2021}, "weak"),
        ({"mostly_prior": True}, "weak"),
        ({"unstated_scope": True}, "weak"),
    ],
)
def test_evidence_grade(change, grade):
    found, reasons = evidence_grade(**(STRONG | change))
    assert found == grade
    assert reasons
    assert all(reason.vi and reason.en for reason in reasons)


def test_all_weak_reasons_are_collected():
    _, reasons = evidence_grade(points=2, coverage=0.5, series_break=2021, mostly_prior=True)
    assert len(reasons) == 4
