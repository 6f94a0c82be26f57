"""What other series of the same rate teach: who is left out, what is learned, where it is used."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from opened import opened
from scipy.stats import multivariate_t

import vetanalysis as va
from vetanalysis.assessment.targets import assess_targets
from vetanalysis.forecast.neighbours import FEWEST, PARTS, ROUNDS, WORTH, Neighbours, learned_weights
from vetanalysis.forecast.priors import load_prior
from vetanalysis.forecast.rate import project_rate, project_rates
from vetanalysis.forecast.state_space import Members


def walks(size, columns=12, years=9, seed=0):
    """Rates that move by about `size` a year on the logit scale, each by its own chance."""
    steps = np.random.default_rng(seed).normal(0.0, size, (years, columns)).cumsum(axis=0)
    return pd.DataFrame(1 / (1 + np.exp(-steps)), index=range(2010, 2010 + years), columns=range(columns))


def neighbours(frame, prior=None):
    return Neighbours(
        frame.to_numpy(),
        frame.index.to_numpy(),
        np.ones(frame.shape[1]),
        prior or load_prior(),
        improving=False,
    )


def test_calm_neighbours_make_the_range_narrow_and_restless_ones_make_it_wide():
    own = pd.Series([0.40, 0.41, 0.42], index=[2016, 2017, 2018])
    width = {}
    for name, size in (("calm", 0.01), ("restless", 0.4)):
        frame = walks(size).assign(own=own)
        found = project_rates(frame, 2020, prior="panel")["own"]
        assert found.taught_by == 12
        width[name] = np.subtract(*found.interval(0.8)[::-1])
    shipped = np.subtract(*project_rate(own, 2020).interval(0.8)[::-1])
    assert width["calm"] < 0.75 * shipped
    assert width["restless"] > 1.2 * shipped


def test_a_series_teaches_others_and_never_itself():
    frame = walks(0.05)
    before = [neighbours(frame).prior_of(place, 9, 2018).weights for place in (3, 4)]
    wild = frame.copy()
    wild[3] = [0.1, 0.9] * 4 + [0.1]
    after = [neighbours(wild).prior_of(place, 9, 2018).weights for place in (3, 4)]
    np.testing.assert_array_equal(after[0], before[0])
    assert not np.allclose(after[1], before[1])


def test_what_came_after_its_last_year_teaches_a_series_nothing():
    frame = walks(0.05)
    frame.loc[2016:, 0] = np.nan
    later = frame.copy()
    later.loc[2016:, 1:] = [[0.1], [0.9], [0.1]] * np.ones((3, 11))
    for until in (2016, 2018):
        found = [project_rates(table, until, prior="panel") for table in (frame, later)]
        assert found[0][0].interval(0.8) == found[1][0].interval(0.8)


@pytest.mark.parametrize("others", [FEWEST - 1, FEWEST])
def test_fewer_than_five_others_teach_nothing(others):
    frame = walks(0.02, columns=others + 1)
    frame["one figure"] = np.where(frame.index == 2018, 0.5, np.nan)
    found = project_rates(frame, 2020, prior="panel")[0]
    assert found.taught_by == (others if others >= FEWEST else 0)
    same = found.interval(0.8) == project_rate(frame[0], 2020).interval(0.8)
    assert same == (others < FEWEST)


def test_the_prior_of_its_kind_is_where_learning_starts():
    frame = walks(0.05)
    frame.attrs["kind"] = "survey"
    found = project_rates(frame, 2020, prior="panel")[2]
    taught = neighbours(frame, load_prior("survey")).prior_of(2, 9, 2018)
    assert (
        found.quantile([0.1, 0.9]).tolist()
        == project_rate(frame[2], 2020, prior=taught).quantile([0.1, 0.9]).tolist()
    )
    assert taught.taught_by == found.taught_by == 11


def test_columns_that_are_no_shares_and_single_figures_teach_nothing():
    frame = walks(0.05, columns=8)
    kept = project_rates(frame, 2020, prior="panel")
    frame["percent"] = 100 * frame[0]
    frame["text"] = "x"
    found = project_rates(frame, 2020, prior="panel")
    assert found[0].taught_by == 7
    assert found[0].interval(0.8) == kept[0].interval(0.8)


def test_the_direction_of_the_scale_does_not_matter():
    frame = walks(0.05)
    up = project_rates(frame, 2020, direction=">=", prior="panel")
    down = project_rates(1 - frame, 2020, direction="<=", prior="panel")
    assert up[0].probability(0.55) == pytest.approx(down[0].probability(0.45, "<="), abs=1e-9)


def likelihood_of_random_walk(z, size, freedom):
    """Density of the changes when each is normal and s^2 is inverse gamma: the multivariate Student t, by hand."""
    steps = np.diff(z)
    return multivariate_t(np.zeros(len(steps)), size**2 * np.eye(len(steps)), df=freedom).pdf(steps)


def test_weights_equal_expectation_maximisation_by_hand():
    """Two random walks, a small and a large: likelihoods from the multivariate t, the sum written out."""
    members = np.array([[0, 0, 0, 0, 0.05], [0, 0, 0, 0, 0.2]])
    prior = replace(load_prior(), members=members, weights=np.array([0.7, 0.3]), lengths=())
    frame = walks(0.08, columns=9, years=6)
    margin = prior.margin
    z = np.log((frame + margin) / (1 - frame + margin)).to_numpy()
    likely = np.array(
        [[likelihood_of_random_walk(z[:, i], size, prior.freedom) for size in (0.05, 0.2)] for i in range(9)]
    )
    weights = np.array([0.7, 0.3])
    for _ in range(ROUNDS):
        total = WORTH * np.array([0.7, 0.3])
        for i in range(9):
            if i != 2:
                total += weights * likely[i] / (weights @ likely[i])
        weights = total / (WORTH + 8)
    assert Members.of(prior, False).scale.tolist() == [0.05, 0.2]
    np.testing.assert_allclose(neighbours(frame, prior).prior_of(2, 6, 2015).weights, weights, rtol=1e-9)


def test_every_round_makes_the_others_likelier():
    rng = np.random.default_rng(3)
    likely, start = rng.uniform(0.01, 1, (20, 6)), np.full((1, 6), 1 / 6)
    learned = learned_weights(likely, start, np.ones((1, 20)))

    def score(weights):
        return np.log(weights @ likely.T).sum() + WORTH * (start * np.log(weights)).sum()

    assert learned.sum() == pytest.approx(1)
    assert score(learned) > score(start)


def test_in_a_large_table_the_own_part_is_left_out():
    frame = walks(0.05, columns=PARTS + 6)
    assert project_rates(frame, 2020, prior="panel")[0].taught_by == PARTS + 6 - 2
    assert project_rates(frame, 2020, prior="panel")[40].taught_by == PARTS + 6 - 1


def test_the_certified_share_beside_the_target_is_taught_by_the_62_other_provinces():
    study = opened("lang-son-2023", "2023-start")
    beside = study.assessment("certified_rate").beside[-1]
    assert (beside.indicator, beside.base, beside.projection.taught_by) == ("certified_rate", "employed", 62)
    own = study.assessment("trained_rate")
    assert own.projection.taught_by == 0
    assert own.evidence_reasons[-1].key == "evidence.reason.untaught"


def test_districts_teach_each_other_and_the_evidence_says_how_many():
    plan = va.load_plan("lang-son-2023")
    obs = va.load_observations(plan, returns=None)
    rows = obs[
        (obs["unit"] == "20") & (obs["indicator"] == "trained_rate") & obs["period"].str.endswith("-FY")
    ]
    districts = plan.units.loc[plan.units["kind"] == "district", "code"].tolist()
    shifted = [
        rows.assign(unit=code, value=rows["value"] + place - 5) for place, code in enumerate(districts)
    ]
    figures = pd.concat([obs, *shifted], ignore_index=True)
    found = assess_targets(plan, figures, "2023-start", unit=districts[0])[0]
    assert found.projection.taught_by == len(districts) - 1 == 10
    assert found.evidence_reasons[-1].facts["count"] == 10
    assert "10 other units" in found.evidence_reasons[-1].get("en")
    assert "10 đơn vị khác" in found.evidence_reasons[-1].get("vi")
    province = assess_targets(plan, figures, "2023-start")[0]
    assert province.projection.taught_by == 0, "districts do not teach the province they are part of"
