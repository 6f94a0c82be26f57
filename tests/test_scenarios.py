"""Scenarios: named changes against an untouched base, what is left out and why, what matters most."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from opened import opened

from vetanalysis import open_study, run_scenarios
from vetanalysis.blocks import Text
from vetanalysis.errors import NotAssessable, WrongCall
from vetanalysis.figures import Tornado, TornadoBar, new_figure
from vetanalysis.figures.effects import tornado_of, waterfall_of
from vetanalysis.figures.style import in_language
from vetanalysis.forecast.projection import DrawsProjection
from vetanalysis.observations.checks import COLUMNS
from vetanalysis.observations.published import observed_paces
from vetanalysis.observations.table import normalise
from vetanalysis.scenarios.moves import (
    Move,
    catching_up,
    centred,
    moved_inputs,
    moved_people,
    moved_rate,
    pace_elsewhere,
)
from vetanalysis.scenarios.sensitivity import of_flow, of_projection
from vetanalysis.scenarios.stock_flow_inputs import load_inputs
from vetanalysis.scenarios.what_if import BASE, FLOW, PROJECTION, STANDARD, Scenario


@pytest.fixture(scope="module")
def real():
    return opened("lang-son-2023", "2023-start", returns="none")


@pytest.fixture(scope="module")
def example():
    return opened("lang-son-2023-example", "2023-start", returns="none")


@pytest.fixture(scope="module")
def real_run(real):
    return run_scenarios(real)


@pytest.fixture(scope="module")
def example_run(example):
    return run_scenarios(example)


def row(run, scenario, target, stage=PROJECTION, concept=""):
    table = run.table
    chosen = table[
        (table["scenario"] == scenario) & (table["target"] == target) & (table["stage"] == stage)
        & (table["concept"] == concept)
    ]  # fmt: skip
    assert len(chosen) == 1
    return chosen.iloc[0]


def test_half_a_point_a_year_faster_is_that(real, real_run):
    one = real.assessment("trained_rate")
    faster = row(real_run, "extra_pace", "trained_rate")
    assert faster["median"] == pytest.approx(one.median + 0.5 * one.horizon)
    assert not faster["illustrative"]


def test_what_the_account_gives_is_assumed_and_not_invented(example_run):
    flow = example_run.table[example_run.table["stage"] == FLOW]
    assert len(flow)
    assert flow["assumed"].all()
    assert not flow["illustrative"].any()


def test_the_base_is_the_assessment_itself(real, real_run):
    for one in real.assessments:
        if one.projection is None:
            continue
        base = row(real_run, BASE, one.target.id)
        assert base["probability"] == one.probability
        assert base["median"] == pytest.approx(one.median)
        assert (base["median_change"], base["probability_change"]) == (0, 0)


def test_running_scenarios_changes_neither_the_study_nor_the_inputs(example):
    inputs = load_inputs(example.plan)
    before = [(one.probability, one.median) for one in example.assessments]
    figures, rows = example.observations.copy(), inputs.rows
    draws = example.assessment("people_enrolled").projection.draws.copy()
    first = run_scenarios(example, inputs=inputs)
    second = run_scenarios(example, inputs=inputs)
    assert [(one.probability, one.median) for one in example.assessments] == before
    pd.testing.assert_frame_equal(example.observations, figures)
    assert inputs.rows is rows
    assert np.array_equal(example.assessment("people_enrolled").projection.draws, draws)
    pd.testing.assert_frame_equal(first.table, second.table)


def test_unchanged_from_last_year_is_centred_on_the_last_figure(real, real_run):
    rate, people = row(real_run, "unchanged", "trained_rate"), row(real_run, "unchanged", "people_enrolled")
    assert rate["median"] == pytest.approx(57.2)
    assert rate["probability_change"] < 0
    assert people["median"] == pytest.approx(12_000, abs=1)


def test_the_straight_line_ends_at_the_target_with_a_chance_of_one_half(real_run):
    line = row(real_run, "straight_line", "trained_rate")
    assert line["median"] == pytest.approx(62)
    assert line["probability"] == pytest.approx(0.5, abs=1e-6)


def test_the_fastest_quarter_is_the_upper_quartile_of_observed_paces(real, real_run):
    one = real.assessment("trained_rate")
    paces = observed_paces(real.observations, "certified_rate", one.horizon)["points_per_year"]
    quartile = float(np.quantile(paces, 0.75))
    assert pace_elsewhere(real, one.horizon, 0.75) == pytest.approx(quartile)
    assert row(real_run, "fastest_quarter", "trained_rate")["median"] == pytest.approx(
        57.2 + quartile * one.horizon
    )
    assert sorted(pace_elsewhere(real, 2, q) for q in (0.25, 0.5, 0.75)) == [
        pace_elsewhere(real, 2, q) for q in (0.25, 0.5, 0.75)
    ]


def test_a_faster_pace_adds_its_points_each_year_and_raises_the_chance_steadily(real):
    one = real.assessment("trained_rate")
    runs = [moved_rate(real, one, Move("rate", "extra", value)) for value in (-0.5, 0.0, 0.5, 1.0)]
    medians = [100 * run.median for run in runs]
    assert np.diff(medians) == pytest.approx([0.5 * one.horizon] * 3)
    assert medians[1] == pytest.approx(one.median)
    chances = [run.probability(0.62) for run in runs]
    assert chances == sorted(chances)
    assert chances[1] == pytest.approx(one.probability)


def test_a_moved_rate_never_leaves_0_to_100_and_keeps_its_spread(real):
    projection = real.assessment("trained_rate").projection
    for median in (0.02, 0.5, 0.98):
        moved = centred(projection, median)
        assert moved.median == pytest.approx(median, abs=1e-6)
        assert 0 <= moved.quantile(0.001) < moved.quantile(0.999) <= 1
    draws = DrawsProjection(np.array([0.2, 0.4, 0.6]), 2023, lower_bound=0.0, upper_bound=1.0)
    assert centred(draws, 0.7).median == pytest.approx(0.7)
    same = centred(projection, projection.median)
    assert same.quantile(0.9) == pytest.approx(projection.quantile(0.9))


def test_500_more_places_add_what_is_filled_and_no_more(real):
    one = real.assessment("people_enrolled")
    moved = moved_people(real, one, Move("people", "places", 500, level="college"))
    added = moved.draws - one.projection.draws
    assert np.all((added >= 0) & (added <= 500))
    assert np.all(added[one.projection.draws >= one.target.value] == pytest.approx(500))


def test_people_never_fall_below_what_is_counted(real):
    one = real.assessment("people_enrolled")
    counted = DrawsProjection(np.array([9_000.0, 13_000.0, 15_000.0]), 2023, lower_bound=9_000.0)
    later = replace(one, projection=counted, median=13_000.0)
    moved = moved_people(real, later, Move("people", "hold"))
    assert moved.draws.min() == 9_000
    assert moved.median == pytest.approx(12_000)


def returns(plan, counted):
    rows = [
        dict.fromkeys(COLUMNS, "")
        | {
            "unit": unit, "period": "2023-9M", "indicator": "people_enrolled", "level": level, "value": value,
            "measure": "persons", "basis": "cumulative", "status": "provisional", "illustrative": True,
        }
        for (unit, level), value in counted.items()
    ]  # fmt: skip
    return normalise(pd.DataFrame(rows))


def test_two_units_catch_up_with_the_share_of_all(example):
    quotas = example.plan.quotas
    of_year = quotas[(quotas["period"] == "2023-FY") & quotas["unit"].isin(["181", "182", "183", "184"])]
    full = of_year.groupby(["unit", "level"])["value"].sum()
    shares = {"181": 0.2, "182": 0.4, "183": 0.8, "184": 0.8}
    counted = {key: shares[key[0]] * value for key, value in full.items()}
    table = pd.concat([example.observations, returns(example.plan, counted)], ignore_index=True)
    study = open_study(example.plan, "2023-9M", returns="none")
    study = replace(study, observations=table)
    one = replace(study.assessments[0], target=study.plan.target("people_enrolled"))
    by_unit = full.groupby("unit").sum()
    whole = sum(counted.values()) / by_unit.sum()
    wanted = sum((whole - shares[unit]) * by_unit[unit] for unit in ("181", "182"))
    assert catching_up(study, one, 2) == pytest.approx(wanted)


def test_without_returns_nobody_catches_up_and_the_reason_is_given(real, real_run):
    with pytest.raises(NotAssessable):
        catching_up(real, real.assessment("people_enrolled"), 2)
    left = next(one for one in real_run.left_out if one.scenario == "catch_up")
    assert "báo cáo năm 2023" in left.reason.vi
    assert not (real_run.table["scenario"] == "catch_up").any()


def test_what_needs_assumed_inputs_is_left_out_of_the_real_plan(real_run):
    assert real_run.flow is None
    assert "completion" in real_run.flow_reason.en
    assert {one.scenario for one in real_run.left_out if one.stage == FLOW} == {
        "college_places", "dropout_halved", "retraining_halved",
    }  # fmt: skip
    assert not real_run.table["assumed"].any()
    certified = [
        one for one in real_run.left_out if one.target is not None and one.target.id == "certified_rate"
    ]
    assert certified
    assert all("base and concept" in one.reason.en for one in certified)


def test_flows_of_the_example_rest_on_assumed_inputs_and_say_so(example_run):
    table = example_run.table
    flows = table[table["stage"] == FLOW]
    assert flows["assumed"].all()
    assert set(flows["concept"]) == {"ICLS-13", "ICLS-19"}
    assert not table[table["stage"] == PROJECTION]["assumed"].any()


@pytest.mark.parametrize("concept", ["ICLS-13", "ICLS-19"])
@pytest.mark.parametrize("target", ["trained_rate", "certified_rate"])
@pytest.mark.parametrize("scenario", ["college_places", "dropout_halved", "retraining_halved"])
def test_each_change_of_the_flows_raises_the_rates(example_run, scenario, target, concept):
    found = row(example_run, scenario, target, FLOW, concept)
    assert 0 < found["median_change"] < 1
    assert found["probability_change"] >= 0


def test_drop_out_is_halved_and_nothing_else_changes(example):
    inputs = load_inputs(example.plan)
    changed, learners = moved_inputs(inputs, {"college": 1.0}, Move("flow", "gap", 0.5, name="completion"))
    for old, new in zip(
        sorted(inputs.rows, key=lambda r: r.key), sorted(changed.rows, key=lambda r: r.key), strict=True
    ):
        if old.name == "completion":
            assert 1 - new.mean == pytest.approx((1 - old.mean) / 2)
        else:
            assert new == old
    assert learners == {"college": 1.0}


def test_places_need_quotas_by_level_and_an_unknown_move_is_a_wrong_call(real, example):
    inputs = load_inputs(example.plan)
    with pytest.raises(NotAssessable):
        moved_inputs(inputs, {"": 13_500.0}, Move("flow", "places", 500, level="college"))
    with pytest.raises(WrongCall):
        moved_inputs(inputs, {}, Move("flow", "double"))
    with pytest.raises(WrongCall):
        moved_rate(real, real.assessment("trained_rate"), Move("rate", "double"))
    with pytest.raises(WrongCall):
        moved_people(real, real.assessment("people_enrolled"), Move("people", "double"))


def test_an_own_scenario_is_run_like_the_others(real):
    own = Scenario("double", Text("Nhanh gấp đôi", "Twice as fast"), (Move("rate", "extra", 2.0),))
    run = run_scenarios(real, (own,))
    assert row(run, "double", "trained_rate")["median_change"] == pytest.approx(2.0 * 2)
    assert run.label("double").en == "Twice as fast"


def test_scenarios_have_names_in_both_languages():
    assert len({one.id for one in STANDARD}) == len(STANDARD)
    assert all(one.label.vi != one.label.en for one in STANDARD)


def test_the_pace_of_the_fastest_quarter_needs_ten_paces(real):
    few = replace(real, observations=real.observations[real.observations["unit"] == "20"])
    with pytest.raises(NotAssessable):
        pace_elsewhere(few, 2, 0.75)


def test_another_plan_without_a_people_target_runs_too():
    run = run_scenarios(opened("viet-nam-2025", "2025-start", returns="none"))
    assert run.flow is None
    assert "2025" in run.flow_reason.vi
    assert "unchanged" in set(run.table["scenario"])


# What matters most.


def test_each_input_moves_the_outcome_from_its_low_to_its_high_end(real):
    found = of_projection(real, real.assessment("trained_rate"))
    assert found.base == pytest.approx(100 * real.assessment("trained_rate").probability)
    assert not found.assumed
    pace = next(one for one in found.moved if one.name == "pace")
    assert pace.low < found.base < pace.high
    prior = next(one for one in found.moved if one.name == "prior")
    chances = real.assessment("trained_rate").sensitivity
    assert (prior.low, prior.high) == pytest.approx((100 * chances[0.5], 100 * chances[2.0]))
    assert {one.name for one in found.moved} >= {"without_2010", "without_2020"}
    widths = [one.width(found.base) for one in found.moved]
    assert widths == sorted(widths, reverse=True)


def test_signs_of_the_flow_inputs(example):
    found = {one.name: one for one in of_flow(example, example.plan.target("trained_rate")).moved}
    for name in ("trained_rate_before", "other_uncertified", "completion|elementary", "resident", "learners"):
        assert found[name].low < found[name].high
    for name in ("retrained", "upskilled", "exits_uncertified", "labour_force_change||ICLS-19"):
        assert found[name].low > found[name].high
    assert "labour_force_before||ICLS-19" not in found  # fixed: a published figure
    assert found["resident"].assumed
    assert not found["learners"].assumed
    certified = {one.name: one for one in of_flow(example, example.plan.target("certified_rate")).moved}
    assert certified["upskilled"].width(25) < found["upskilled"].width(60)


def test_a_target_on_people_has_no_tornado_and_an_unprojected_rate_is_not_assessed(real):
    with pytest.raises(WrongCall):
        of_projection(real, real.assessment("people_enrolled"))
    with pytest.raises(NotAssessable):
        of_projection(real, real.assessment("certified_rate"))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_tornado_shows_its_bars_in_order_with_labels_and_marks(lang):
    bars = (
        TornadoBar("narrow", 59.9, 60.1),
        TornadoBar("wide", 58.0, 63.0, "80% – 95%", assumed=True),
        TornadoBar("single", 59.0, None),
    )
    data = Tornado(
        title="title", axis="axis", base=60.0, bars=bars, measure="percent", target=62.0, target_label="62%",
        illustrative=True,
    )  # fmt: skip
    _, ax = new_figure()
    data.draw(ax, lang)
    assert [label.get_text().split("\n")[0] for label in ax.get_yticklabels()] == [
        "wide\u00a0*",
        "single",
        "narrow",
    ]
    drawn = {(patch.get_gid(), round(patch.get_x(), 1), round(patch.get_width(), 1)) for patch in ax.patches}
    assert {("low", 60.0, -2.0), ("high", 60.0, 3.0), ("low", 60.0, -1.0), ("low", 60.0, -0.1)} <= drawn
    words = {text.get_text() for text in ax.texts}
    assert {"62%", "58,0%" if lang == "vi" else "58.0%"} <= words
    assert {line.get_gid() for line in ax.lines} >= {"base", "target"}
    key = ax.figure.get_supxlabel()
    assert ("giả định" if lang == "vi" else "assumed") in key
    assert ax.get_title(loc="right")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_figures_are_built_from_the_numbers(real, example, example_run, lang):
    data = in_language(tornado_of(of_projection(real, real.assessment("trained_rate"))), lang)
    assert data.bars[0].label in data.title or data.bars[0].label.lower() in data.title.lower()
    assert not data.illustrative
    flow = tornado_of(of_flow(example, example.plan.target("trained_rate")))
    assert flow.illustrative
    assert flow.target == 62
    rate = example_run.flow.by_concept["ICLS-19"]["certified"]
    fall = waterfall_of(example_run, rate)
    assert fall.start + sum(step.change for step in fall.steps) == pytest.approx(
        100 * rate.rate.mean, abs=1e-6
    )


def test_new_places_fill_only_in_what_is_left_of_the_year(real):
    one = real.assessment("people_enrolled")
    draws = DrawsProjection(np.array([9_000.0, 12_000.0, 13_500.0]), 2023, lower_bound=9_000.0)
    later = replace(one, projection=draws, median=12_000.0)
    added = moved_people(real, later, Move("people", "places", 500)).draws - draws.draws
    assert added[:, 0] == pytest.approx([0, 500 * (12 / 13.5) * 0.25, 500 / 3])


def test_where_no_probability_may_be_given_no_scenario_gives_one(real):
    one = real.assessment("people_enrolled")
    late = replace(
        one, probability=None, status="not_assessed", reason=Text("thiếu báo cáo", "too few returns")
    )
    with pytest.raises(NotAssessable, match="too few returns"):
        moved_people(real, late, Move("people", "hold"))
    study = replace(real)
    study.parts["assessments", study.as_of, study.unit.code] = (late,)
    run = run_scenarios(study)
    assert run.base == ()
    assert run.outcomes == ()
    assert {left.scenario for left in run.left_out if left.stage == PROJECTION} >= {
        "unchanged",
        "college_places",
    }


def test_one_unit_has_no_account_of_its_own():
    study = opened("lang-son-2023-example", "2023-start", unit="178", returns="none")
    run = run_scenarios(study)
    assert run.flow is None
    assert "toàn bộ địa bàn" in run.flow_reason.vi


def test_there_is_no_line_to_a_target_that_is_passed():
    run = run_scenarios(opened("viet-nam-2025", "2025-start", returns="none"))
    low = [one for one in run.left_out if one.target is not None and one.target.id == "certified_rate_low"]
    assert [one.scenario for one in low] == ["straight_line"]
    assert "at the target already" in low[0].reason.en
    assert row(run, "straight_line", "certified_rate_high")["median"] == pytest.approx(30)


def test_a_year_of_the_plan_without_targets_runs_without_an_account():
    run = run_scenarios(opened("lang-son-2023-example", "2021-9M", returns="none"))
    assert run.flow is None
    assert "2021" in run.flow_reason.vi
