"""The stock account in the projection of a rate: how much it may say, and when it may not speak."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from vetanalysis import open_study
from vetanalysis.errors import NotAssessable, WrongCall
from vetanalysis.forecast.account_member import LARGEST_WEIGHT, AccountRate, account_rate
from vetanalysis.forecast.bounded import to_line
from vetanalysis.forecast.rate import project_rate
from vetanalysis.forecast.stock_flow import stock_flow
from vetanalysis.forecast.stock_flow_checks import load_inputs
from vetanalysis.forecast.stock_flow_inputs import Inputs

RATES = pd.Series({2020: 0.56, 2021: 0.572, 2022: 0.58})
ACCOUNT = AccountRate(2023, 0.585, 0.592, 0.599)


@pytest.fixture(scope="module")
def example():
    return open_study("lang-son-2023-example", "2023-start", returns="none")


def test_a_precise_account_weighs_one_third_and_not_more():
    alone, joined = project_rate(RATES, 2023), project_rate(RATES, 2023, account=ACCOUNT)
    assert joined.weights[-1] == LARGEST_WEIGHT
    for target in (0.57, 0.592, 0.62):
        by_account = joined.probability(target) - (1 - LARGEST_WEIGHT) * alone.probability(target)
        assert 0 <= by_account <= LARGEST_WEIGHT + 1e-12
    assert joined.probability(0.592) == pytest.approx(
        2 / 3 * alone.probability(0.592) + 1 / 6, abs=1e-12
    )  # half of what the account says lies above its own median


def test_a_vague_account_weighs_what_its_range_is_worth():
    vague = AccountRate(2023, 0.2, 0.6, 0.9)
    alone = project_rate(RATES, 2023)
    own = np.diff(to_line(np.array(alone.interval(0.8)), alone.margin))[0]
    other = np.diff(to_line(np.array([0.2, 0.9]), alone.margin))[0]
    wanted = (1 / other**2) / (1 / own**2 + 1 / other**2)
    assert project_rate(RATES, 2023, account=vague).weights[-1] == pytest.approx(wanted)
    assert wanted < 0.02


def test_the_answer_is_a_projection_like_any_other():
    joined = project_rate(RATES, 2023, direction=">=", survey_se=0.004, account=ACCOUNT)
    chances = np.array([0.05, 0.2, 0.5, 0.8, 0.95])
    np.testing.assert_allclose(joined.probability(joined.target_for(chances)), chances, atol=1e-9)
    assert set(joined.alternatives) == {0.5, 2.0}
    assert joined.alternatives[2.0].weights[-1] == LARGEST_WEIGHT
    assert joined.true_level.weights[-1] == LARGEST_WEIGHT
    draws = joined.sample(40_000, 1)
    np.testing.assert_allclose(np.quantile(draws, [0.1, 0.9]), joined.interval(0.8), atol=3e-3)


def test_an_account_is_for_its_own_year_and_has_a_range():
    for until in (2024, [2023, 2024]):
        with pytest.raises(WrongCall, match="2023"):
            project_rate(RATES, until, account=ACCOUNT)
    with pytest.raises(WrongCall, match="range"):
        project_rate(RATES, 2023, account=AccountRate(2023, 0.6, 0.6, 0.6))


def test_an_account_with_an_assumed_input_has_no_say(example):
    flow = stock_flow(example)
    assert flow.assumed
    with pytest.raises(NotAssessable) as error:
        account_rate(flow, "trained")
    assert f"{len(flow.assumed)}/{len(flow.inputs)} inputs" in error.value.reason.en
    assert "không được gộp vào dự báo" in error.value.reason.vi


def test_an_account_of_sourced_inputs_has_one(example):
    rows = [
        replace(row, assumed=False, source="x", date="2023-01-01") for row in load_inputs(example.plan).rows
    ]
    flow = stock_flow(example, inputs=Inputs(tuple(rows)))
    said = account_rate(flow, "trained", "ICLS-13")
    rate = flow.by_concept["ICLS-13"]["trained"].rate
    assert (said.year, said.median) == (2023, rate.median)
    assert (said.lower, said.upper) == rate.interval(0.8)
    assert project_rate(RATES, 2023, account=said).weights[-1] <= LARGEST_WEIGHT
    one = replace(rows[0], assumed=True)
    with pytest.raises(NotAssessable, match="1/"):
        account_rate(stock_flow(example, inputs=Inputs((one, *rows[1:]))), "trained")
