"""The account of learners and rates: what is published, what must always hold, what is refused."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opened import opened

from vetanalysis.errors import NotAssessable, PlanInvalid
from vetanalysis.forecast.stock_account import (
    PART,
    WHOLE,
    Course,
    Stocks,
    Year,
    after,
    effect,
    needed,
    parts,
    points,
)
from vetanalysis.paths import plans_root
from vetanalysis.plan import load_plan
from vetanalysis.scenarios.published_stock import (
    ceilings,
    definition_part,
    implied_residual,
    published_change,
)
from vetanalysis.scenarios.stock_flow import learners_of, stock_flow
from vetanalysis.scenarios.stock_flow_inputs import COLUMNS, Input, Inputs, load_inputs

REAL, EXAMPLE = "lang-son-2023", "lang-son-2023-example"


@pytest.fixture(scope="module")
def real():
    return opened(REAL, "2023-start", returns="none")


@pytest.fixture(scope="module")
def example():
    return opened(EXAMPLE, "2023-start", returns="none")


# Published truth: labour force of Lạng Sơn 487,720 (2020) and 323,200 (2021, preliminary), General Statistics
# Office 2023 (gso2023_lf); trained rate 56.0 % (2020) and 57.2 % (2021), Lạng Sơn 14 December 2021 (lstv2021).


def test_the_most_13500_learners_can_add_follows_from_the_published_labour_force(real):
    by_concept = {one.concept: one for one in ceilings(real)}
    assert by_concept["ICLS-13"].points == pytest.approx(100 * 13_500 / 487_720, abs=1e-9)
    assert by_concept["ICLS-19"].points == pytest.approx(100 * 13_500 / 323_200, abs=1e-9)
    assert (by_concept["ICLS-13"].labour_force.year, by_concept["ICLS-19"].labour_force.year) == (2020, 2021)


def test_the_definition_of_2021_alone_lifts_the_certified_share_by_eight_points(real):
    part = definition_part(real)
    assert part.people == pytest.approx(78_800, abs=100)
    assert part.rate_before == pytest.approx(16.16, abs=0.05)
    assert part.rate_after == pytest.approx(24.39, abs=0.05)
    assert part.points == pytest.approx(part.people * (1 / 323_200 - 1 / 487_720) * 100, abs=1e-9)


def test_the_published_rise_of_2021_in_people(real):
    change = published_change(real, real.assessment("trained_rate"))
    assert change.points == pytest.approx(1.2)
    assert change.people["ICLS-13"] == pytest.approx(0.012 * 487_720)
    assert change.people["ICLS-19"] == pytest.approx(0.012 * 323_200)
    assert change.people["break"] == pytest.approx(0.572 * 323_200 - 0.56 * 487_720)
    assert change.learners.value == 12_000


def test_two_neighbouring_figures_are_a_change_and_one_is_none(real):
    one = real.assessment("trained_rate")
    two = published_change(real, replace(one, points=one.points[-2:]))
    assert (two.before, two.after) == one.points[-2:]
    assert published_change(real, replace(one, points=one.points[-1:])) is None
    assert published_change(real, real.assessment("people_enrolled")) is None


def test_nothing_later_than_known_by_is_read():
    early = opened(REAL, "2023-start", returns="none", known_by="2023-01-30")
    assert [one.concept for one in ceilings(early)] == ["ICLS-13"]
    assert definition_part(early) is None
    assert not load_inputs(early.plan).known_by("2023-01-30").rows


# Worked example of the method: 480,000 -> 483,000 persons, 60 % trained, F = 13,500, g .90, sigma .95, pi .95,
# no retraining, exits 1.5 %, 1,100 trained leave, no other sources; by hand.


def by_hand(retrained=0.0, exits=0.015):
    before = Stocks(480_000 * 0.20, 480_000 * 0.40, 480_000.0)
    course = Course("elementary", 13_500, 0.9, 0.95, 0.95, 0.0, retrained)
    year = Year((course,), exits_certified=exits, exits_uncertified=exits, migration_certified=-1_100.0,
                labour_force_change=3_000.0)  # fmt: skip
    return before, year


def test_worked_example_by_hand():
    before, year = by_hand()
    gained = 13_500 * 0.9 * 0.95 * 0.95
    stock = 288_000 + gained - 0.015 * 288_000 - 1_100
    assert after(before, year).rate() == pytest.approx(stock / 483_000, abs=1e-12)
    assert 0.59 <= after(*by_hand(0.5, 0.025)).rate() < after(before, year).rate() <= 0.608 + 1e-3
    assert effect(before, year, WHOLE) == pytest.approx(0.9 * 0.95 * 0.95 / 483_000)
    wanted = (0.62 * 483_000 - 288_000 * (1 - 0.015) + 1_100) / (0.9 * 0.95 * 0.95)
    assert needed(before, year, 0.62, WHOLE) == pytest.approx(wanted)
    assert 20_000 < needed(before, year, 0.62, WHOLE) < needed(*by_hand(0.5, 0.025), 0.62, WHOLE) < 50_000


share = st.floats(0.0, 1.0)
count = st.floats(0.0, 50_000.0)


@st.composite
def account(draw):
    force = draw(st.floats(100_000, 1_000_000))
    whole = draw(st.floats(0.05, 0.9))
    part = whole * draw(share)
    courses = []
    for certifies in draw(st.lists(st.booleans(), min_size=1, max_size=3)):
        raised = draw(share)
        courses.append(
            Course("level", draw(st.floats(1, 50_000)), draw(share), draw(share), draw(share), raised,
                   (1 - raised) * draw(share), certifies)
        )  # fmt: skip
    moves = Year(
        tuple(courses), draw(count), draw(count), draw(st.floats(0, 0.1)), draw(st.floats(0, 0.1)),
        -draw(count), draw(count), draw(st.floats(-30_000, 30_000)),
    )  # fmt: skip
    return Stocks(force * part, force * (whole - part), force), moves


@given(account())
@settings(max_examples=200, deadline=None)
def test_the_identity_is_exact_and_the_parts_add_up(case):
    before, year = case
    for which in (WHOLE, PART):
        end = after(before, year)
        change = end.people(which) - before.people(which)
        moved = (change - before.rate(which) * year.labour_force_change) / end.labour_force
        assert np.max(np.abs(end.rate(which) - before.rate(which) - moved)) <= 1e-9
        assert sum(parts(before, year, which).values()) == pytest.approx(
            end.people(which) - before.people(which), abs=1e-6
        )
        assert sum(points(before, year, which).values()) == pytest.approx(
            end.rate(which) - before.rate(which), abs=1e-9
        )
    assert end.untrained + end.trained == pytest.approx(end.labour_force)


@given(account(), st.floats(0.05, 0.95))
@settings(max_examples=100, deadline=None)
def test_the_learners_needed_bring_the_rate_to_the_target(case, target):
    before, year = case
    for which in (WHOLE, PART):
        wanted = needed(before, year, target, which)
        if np.isinf(wanted):
            assert effect(before, year, which) == pytest.approx(0, abs=1e-15)
            continue
        scale = wanted / sum(course.people for course in year.courses)
        if scale > 1e6:
            continue
        courses = tuple(replace(course, people=course.people * scale) for course in year.courses)
        reached = after(before, replace(year, courses=courses)).rate(which)
        assert reached >= target - 1e-6 if wanted == 0 else reached == pytest.approx(target, abs=1e-6)


@given(account())
@settings(max_examples=100, deadline=None)
def test_retraining_the_certified_moves_nothing(case):
    before, year = case
    courses = tuple(replace(course, retrained=1.0, upskilled=0.0) for course in year.courses)
    alone = Year(courses)
    end = after(before, alone)
    assert (end.certified, end.uncertified) == (before.certified, before.uncertified)
    assert np.isinf(needed(before, alone, min(before.rate() + 0.01, 1), WHOLE))


@given(account())
@settings(max_examples=100, deadline=None)
def test_a_certificate_for_the_skilled_moves_the_certified_rate_only(case):
    before, year = case
    courses = tuple(replace(one, retrained=0.0, upskilled=1.0, certifies=True) for one in year.courses)
    end = after(before, Year(courses))
    assert end.trained == pytest.approx(before.trained, abs=1e-6)
    assert end.certified - before.certified == pytest.approx(sum(one.effective for one in courses), abs=1e-6)


def test_a_short_course_never_certifies():
    before = Stocks(50_000.0, 50_000.0, 300_000.0)
    end = after(before, Year((Course("short_course", 1_000, 1, 1, 1, 0.3, 0.0, certifies=False),)))
    assert end.certified == before.certified
    assert end.uncertified == pytest.approx(before.uncertified + 700)


# The plan's own inputs.


def test_the_real_plan_is_not_assessed_and_every_missing_input_is_named(real):
    with pytest.raises(NotAssessable) as caught:
        stock_flow(real)
    for words in ("tỷ lệ hoàn thành", "di cư thuần", "biến động lực lượng lao động (ICLS-13, ICLS-19)"):
        assert words in caught.value.reason.vi
    assert "completion" in caught.value.reason.en


def test_the_real_folder_holds_no_assumed_value():
    assert not any(one.assumed for one in load_inputs(load_plan(REAL)).rows)
    assert all(one.source and one.date for one in load_inputs(load_plan(REAL)).rows)


def test_the_example_takes_over_the_sourced_inputs_and_marks_the_rest(example):
    flow = stock_flow(example)
    assumed = {one.name for one in flow.assumed}
    assert "labour_force_before" not in assumed
    assert {"completion", "retrained", "trained_rate_before"} <= assumed
    assert len(flow.assumed) < len(flow.inputs)


def test_both_labour_force_concepts_side_by_side(example):
    flow = stock_flow(example)
    assert list(flow.by_concept) == ["ICLS-13", "ICLS-19"]
    assert flow.concept == "ICLS-19"
    old, new = (flow.by_concept[one][WHOLE] for one in flow.by_concept)
    assert new.effect.median > old.effect.median  # the same people weigh more on the smaller labour force
    assert old.parts["courses"].median == pytest.approx(new.parts["courses"].median)
    assert flow.total == pytest.approx(13_500)


def test_the_certified_part_stays_within_the_whole_and_probabilities_agree(example):
    for rates in stock_flow(example).by_concept.values():
        assert np.all(rates[PART].rate.draws <= rates[WHOLE].rate.draws + 1e-12)
        for rate in rates.values():
            direct = float((rate.rate.draws[:, 0] >= rate.target.value / 100).mean())
            assert rate.probability == pytest.approx(direct, abs=1e-3)


def test_the_same_seed_gives_the_same_numbers_and_the_order_of_inputs_does_not_matter(example):
    inputs = load_inputs(example.plan)
    turned = Inputs(tuple(reversed(inputs.rows)), inputs.file)
    first, second = (stock_flow(example, inputs=one, size=2_000) for one in (inputs, turned))
    assert np.array_equal(
        first.by_concept["ICLS-19"][WHOLE].rate.draws, second.by_concept["ICLS-19"][WHOLE].rate.draws
    )
    other = replace(example, seed=2)
    assert stock_flow(other, size=2_000).by_concept["ICLS-19"][WHOLE].rate.median != pytest.approx(
        first.by_concept["ICLS-19"][WHOLE].rate.median, abs=1e-12
    )


def test_origin_shares_follow_their_beta_distributions(example):
    """With one effective sample size for both, aU alone is Beta(mean ess, (1 - mean) ess)."""
    from vetanalysis.scenarios.stock_flow import accounts

    inputs = load_inputs(example.plan)
    for name, mean in (("upskilled", 0.3), ("retrained", 0.2)):
        inputs = inputs.with_row(Input(name, "college", "", "beta", mean, 20))
    runs, _ = accounts(example, inputs, {"college": 100.0})
    course = runs["ICLS-19"][1].courses[0]
    for draws, mean in ((course.upskilled, 0.3), (course.retrained, 0.2)):
        assert draws.mean() == pytest.approx(mean, abs=0.005)
        assert draws.var() == pytest.approx(mean * (1 - mean) / 21, rel=0.06)
    assert np.all(course.upskilled + course.retrained <= 1)


def test_learners_by_level_come_from_the_quotas_or_stand_as_one_group(real, example):
    assert learners_of(real.plan, 2023) == {"": 13_500.0}
    by_level = learners_of(example.plan, 2023)
    assert sum(by_level.values()) == 13_500
    assert "short_course" not in by_level
    with pytest.raises(NotAssessable, match="2025"):
        learners_of(load_plan("viet-nam-2025"), 2025)


def test_the_residual_is_what_the_account_leaves_unexplained(example):
    found = implied_residual(example, example.assessment("trained_rate"))
    for concept, force in (("ICLS-13", 487_720), ("ICLS-19", 323_200)):
        one = found[concept]
        assert one.published == pytest.approx(0.012 * force)
        assert one.residual.median == pytest.approx(one.published - one.model.median)
        assert one.residual.lower_80 < one.residual.median < one.residual.upper_80
        assert one.assumed
        assert one.year == 2021


# A file that cannot be used: every problem, with file and row.


@pytest.fixture
def folder(tmp_path):
    target = tmp_path / REAL
    shutil.copytree(plans_root() / REAL, target)
    return target


def write(folder, *rows):
    text = "\n".join([",".join(COLUMNS), *rows])
    (folder / "assumptions.csv").write_text(text, encoding="utf-8")
    return load_plan(folder)


@pytest.mark.parametrize(
    ("row", "place", "rule"),
    [
        ("speed,,,fixed,1,,,percent,,2022-12-31,true,,", "input", "assumption-input"),
        ("completion,doctoral,,beta,90,50,,percent,,2022-12-31,true,,", "level", "assumption-level"),
        ("exits_certified,college,,beta,2,50,,percent,,2022-12-31,true,,", "level", "assumption-level"),
        (
            "labour_force_before,,ICLS-21,fixed,5,,,persons,,2022-12-31,true,,",
            "concept",
            "assumption-concept",
        ),
        ("completion,,,triangle,90,,,percent,,2022-12-31,true,,", "distribution", "assumption-distribution"),
        (
            "other_certified,,,beta,90,50,,persons,,2022-12-31,true,,",
            "distribution",
            "assumption-distribution",
        ),
        ("completion,,,beta,190,50,,percent,,2022-12-31,true,,", "value", "assumption-value"),
        ('completion,,,beta,"90,5",50,,percent,,2022-12-31,true,,', "value", "assumption-value"),
        ("other_certified,,,fixed,-1,,,persons,,2022-12-31,true,,", "value", "assumption-value"),
        ("completion,,,beta,90,,,percent,,2022-12-31,true,,", "ess", "assumption-spread"),
        ("other_certified,,,normal,90,,0,persons,,2022-12-31,true,,", "sd", "assumption-spread"),
        ("completion,,,beta,90,50,,persons,,2022-12-31,true,,", "measure", "assumption-measure"),
        ("completion,,,beta,90,50,,percent,,31/12/2022,true,,", "date", "assumption-date"),
        ("completion,,,beta,90,50,,percent,,2022-12-31,false,,", "source", "assumption-source"),
        ("completion,,,beta,90,50,,percent,,2022-12-31,yes,,", "assumed", "assumption-assumed"),
    ],
)
def test_a_wrong_row_is_named_with_file_row_and_remedy(folder, row, place, rule):
    plan = write(folder, "resident,,,beta,90,50,,percent,,2022-12-31,true,,", row)
    with pytest.raises(PlanInvalid) as caught:
        load_inputs(plan)
    found = [one for one in caught.value.findings if one.rule == rule]
    assert [one.place for one in found] == [f"row 3, {place}"]
    assert found[0].file == f"{REAL}/assumptions.csv"
    assert found[0].remedy.vi
    assert caught.value.exit_code == 1


def test_every_problem_is_told_at_once_and_doubles_are_found(folder):
    good = "resident,,,beta,90,50,,percent,,2022-12-31,true,,"
    plan = write(folder, good, good, "speed,,,fixed,1,,,percent,,2022-12-31,true,,",
                 "retrained,,,beta,60,50,,percent,,2022-12-31,true,,",
                 "upskilled,,,beta,50,50,,percent,,2022-12-31,true,,")  # fmt: skip
    with pytest.raises(PlanInvalid) as caught:
        load_inputs(plan)
    assert {one.rule for one in caught.value.findings} == {
        "assumption-twice", "assumption-input", "assumption-origins",
    }  # fmt: skip


def test_a_file_without_its_columns_or_not_utf8_is_refused(folder):
    (folder / "assumptions.csv").write_text("input,value\ncompletion,90\n", encoding="utf-8")
    with pytest.raises(PlanInvalid, match="missing columns"):
        load_inputs(load_plan(folder))
    (folder / "assumptions.csv").write_bytes("input,ghi chú\n".encode("cp1258", errors="replace") + b"\xff")
    with pytest.raises(PlanInvalid, match="UTF-8"):
        load_inputs(load_plan(folder))


def test_a_plan_without_the_file_has_no_inputs(folder):
    (folder / "assumptions.csv").unlink()
    assert load_inputs(load_plan(folder)).rows == ()


@pytest.mark.parametrize(
    "one", [Input("completion", "", "", "beta", 0.9, 50), Input("other_certified", "", "", "normal", 900, 90)]
)
def test_quantiles_agree_with_the_draws(one):
    for q in (0.1, 0.5, 0.9):
        assert one.quantile(q) == pytest.approx(np.quantile(one.draws(20_000, 1), q), rel=0.02)
    assert one.held(0.5).draws(3, 1).tolist() == [0.5] * 3
