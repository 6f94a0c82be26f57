"""What will be published of a target: learned from announced targets and the figures published for them."""

import math

import numpy as np
import pandas as pd
import pytest

import vetanalysis as va
from vetanalysis.assessment.published_outcome import (
    Announced,
    announced_pairs,
    learn,
    outcome,
    outcome_record,
)
from vetanalysis.errors import DataRefused
from vetanalysis.forecast.projection import DrawsProjection
from vetanalysis.observations.published import load_announced, load_published
from vetanalysis.observations.table import published_root

NEAR = 0.005  # of a share of 4,000 draws


@pytest.fixture(scope="module")
def figures():
    return load_published()


@pytest.fixture(scope="module")
def pairs(figures):
    return announced_pairs(load_announced(), figures)


def made(distances, *, unit="99", derived=False):
    """Pairs of one place each, targets of 60, without earlier figures."""
    return [
        Announced(f"X{n}", f"{unit}{n}", "trained_rate", 2020, 60.0, 60.0 + gap, 1, derived, ())
        for n, gap in enumerate(distances)
    ]


def test_the_pairs_are_those_that_were_published(pairs):
    """19 pairs: 15 met, 10 equal to the printed decimal, 6 of 15 where equality tells; at most 0.71 points apart."""
    assert len(pairs) == 19
    assert sum(pair.is_met for pair in pairs) == 15
    assert sum(pair.is_equal for pair in pairs) == 10
    telling = [pair for pair in pairs if pair.tells_equality]
    assert (len(telling), sum(pair.is_equal for pair in telling)) == (15, 6)
    assert max(abs(pair.distance) for pair in pairs) == 0.71
    broad = [pair for pair in pairs if pair.indicator == "trained_rate"]
    assert (len(broad), sum(pair.is_met for pair in broad), sum(pair.is_equal for pair in broad)) == (
        10,
        8,
        5,
    )


def test_every_pair_has_its_figure_in_the_tables(figures):
    announced = load_announced()
    for row in announced[announced["pair"] != ""].itertuples():
        same = (figures["unit"] == row.unit) & (figures["indicator"] == row.indicator)
        same &= figures["source"] == row.result_source
        period = "2022-M11" if row.pair == "F05" else row.period  # the last count of that year
        assert (figures.loc[same, "period"] == period).any(), row.pair


def test_only_what_was_known_by_the_day_is_a_pair(figures):
    then = figures[(figures["vintage"] != "") & (figures["vintage"] <= "2022-12-31")]
    assert {pair.pair for pair in announced_pairs(load_announced(), then)} == {
        "C01", "C04", "C08", "P01", "P02", "P05", "P09",
    }  # fmt: skip


def test_where_figures_always_fall_on_their_targets_the_chance_is_high_and_the_range_narrow():
    learned = learn(made([0.0] * 20))
    far = DrawsProjection(np.random.default_rng(1).normal(0.60, 0.03, 4000), 2023)
    said = outcome(far, 0.62, ">=", learned, discount=False)
    assert learned.weight > 0.95
    assert learned.exactly > 0.9
    assert said.probability > 0.9
    low, high = said.interval
    assert low == pytest.approx(0.62, abs=0.003)
    assert high == pytest.approx(0.62, abs=0.003)
    assert high - low < 0.01


def test_where_figures_fall_anywhere_it_is_what_development_supports():
    rng = np.random.default_rng(2)
    learned = learn(made(rng.normal(0, 5, 40).round(1)))
    projection = DrawsProjection(rng.normal(0.60, 0.03, 4000), 2023)
    said = outcome(projection, 0.62, ">=", learned)
    assert learned.weight < 0.35
    assert abs(said.probability - projection.probability(0.62)) < 0.35


def test_the_mixture_is_the_sum_of_its_parts():
    """Weight 0.4 on the target, half of it exactly, the rest symmetric: P = 0.4 (0.5 + 0.5 / 2) + 0.6 P(free)."""
    learned = learn(made([0.0] * 6))
    learned = type(learned)(0.5, 0.5, 0.0, 0.4, 6, 6, 6)
    draws = np.linspace(0.50, 0.70, 4000)
    said = outcome(DrawsProjection(draws, 2023), 0.62, ">=", learned)
    assert said.weight == 0.4
    assert said.probability == pytest.approx(0.4 * 0.75 + 0.6 * 0.4, abs=NEAR)
    # 0.01 points below the target, a fortieth of a spread
    assert said.below(0.6199) == pytest.approx(0.4 * 0.5 * 0.4900 + 0.6 * 0.5995, abs=NEAR)
    jump = said.below(0.62) - said.below(0.62 - 1e-9)
    assert jump == pytest.approx(0.4 * 0.5, abs=NEAR)
    for level in (0.1, 0.5, 0.9):
        assert said.below(said.quantile(level)) >= level - 1e-9


def test_a_limit_is_reached_from_below():
    learned = type(learn(made([0.0] * 6)))(0.5, 0.5, 0.2, 0.4, 6, 6, 6)
    projection = DrawsProjection(np.linspace(0.02, 0.06, 4000), 2023)
    said = outcome(projection, 0.04, "<=", learned)
    better = 0.6915  # normal: a figure on the better side, half a spread off
    assert said.probability == pytest.approx(0.4 * (0.5 + 0.5 * better) + 0.6 * 0.5, abs=NEAR)
    assert said.below(0.04) == pytest.approx(said.probability, abs=NEAR)


def test_a_target_beyond_all_that_development_allows_pulls_the_weight_to_nothing():
    learned = learn(made([0.0] * 20))
    projection = DrawsProjection(np.random.default_rng(1).normal(0.60, 0.01, 4000), 2023)
    weights = [outcome(projection, target, ">=", learned).weight for target in (0.61, 0.63, 0.66, 0.75)]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] == learned.discounted
    assert weights[-1] < 0.01


def test_few_pairs_and_ones_own_place_say_nothing(pairs):
    assert learn(pairs[:4]) is None
    own = made([0.0] * 4, unit="1") + made([3.0] * 6, unit="2")
    assert learn(own, without={"10", "11", "12", "13"}).equal == 0


def test_the_record_over_all_pairs(pairs):
    record = outcome_record(pairs)
    assert (record.pairs, record.met, record.comparable, record.equal) == (19, 15, 15, 6)
    assert 0.02 < record.by_chance < 0.3
    assert record.tested.scored == sum(bool(pair.history) for pair in pairs)
    assert record.tested.width <= 2
    assert 0.75 <= record.tested.held <= 0.9
    assert record.tested.brier < record.tested.base_rate < 0.25  # better than the share that others reached
    assert record.tested.has_skill


def test_assess_gives_both_statements_for_administrative_rates_alone():
    plan = va.load_plan("lang-son-2023")
    table = va.assess(plan, va.load_observations(plan, returns=None), as_of="2023-start").set_index("target")
    rate = table.loc["trained_rate"]
    assert rate["published_lower_80"] < 62 < rate["published_upper_80"]
    assert rate["probability"] < rate["probability_published"] < 1
    assert rate["status"] == "unlikely"  # by what development supports
    assert math.isnan(table.loc["people_enrolled", "probability_published"])
    national = va.load_plan("viet-nam-2025")
    later = va.assess(national, va.load_observations(national, returns=None), as_of="2025-start").set_index(
        "target"
    )
    assert (
        later.loc["trained_rate", "published_lower_80"]
        <= 70
        <= later.loc["trained_rate", "published_upper_80"]
    )
    assert later["probability_published"].notna().sum() == 1  # the rest is the statistics office's


def test_a_wrong_row_of_targets_is_named_with_its_cell(tmp_path):
    text = (published_root() / "targets.csv").read_text(encoding="utf-8")
    lines = text.splitlines()
    row = lines[1].split(",")
    row[0], row[3], row[11] = "XX", "many", "2023-13-01"
    (tmp_path / "targets.csv").write_text("\n".join([lines[0], ",".join(row), *lines[2:]]), encoding="utf-8")
    with pytest.raises(DataRefused) as refused:
        load_announced(tmp_path)
    assert {finding.place for finding in refused.value.findings} == {
        "row 2, unit",
        "row 2, value",
        "row 2, announced",
    }


def test_without_the_table_there_are_no_pairs(tmp_path, figures):
    assert load_announced(tmp_path).empty
    assert announced_pairs(load_announced(tmp_path), figures) == ()
    assert isinstance(load_announced(tmp_path), pd.DataFrame)
