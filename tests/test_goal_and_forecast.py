"""What a target asks for moves no forecast; a quota moves one only where such quotas were held against what came."""

import numpy as np
import pandas as pd
import pytest

import vetanalysis as va
from vetanalysis.cli.main import main
from vetanalysis.forecast.year_total import project_year_total

QUANTILES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
CODES = ("Q1", "H1", "9M", "FY")
CALL = ["--place", "P", "--place-name", "Nơi", "--place-name-en", "Place", "--years", "2021-2024"]
TARGETS = ["people_enrolled>=4000@2024-FY", "people_enrolled>=1800@2024-H1", "trained_rate>=60%@2024-FY"]


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    """A place of two schools, a year's goal with one for six months, and a rate; without any quota."""
    root = tmp_path_factory.mktemp("goal")
    units = "code,name,kind\na,Trường A,institution\nb,Trường B,institution\n"
    (root / "units.csv").write_text(units, encoding="utf-8")
    targets = [part for target in TARGETS for part in ("--target", target)]
    assert main(["new-plan", str(root / "plan"), *CALL, "--units", str(root / "units.csv"), *targets]) == 0
    return va.load_plan(root / "plan")


def with_goals(plan, factor):
    """The same plan that asks for more or less."""
    asked = [
        one.model_copy(update={"value": one.value * factor if one.measure == "persons" else 30 * factor})
        for one in plan.targets
    ]
    return plan.model_copy(update={"targets": tuple(asked)})


def with_quotas(plan, years, value=2000.0):
    rows = [(unit, "elementary", f"{year}-FY", value, "invented", "") for year in years for unit in "ab"]
    return plan.model_copy(update={"quotas": pd.DataFrame(rows, columns=list(plan.quotas.columns))})


def table(sizes, until, rates=()):
    """Counts of both schools from 2024 - J on, the last year up to `until`; yearly rates of the place."""
    rows, shares = [], (0.2, 0.45, 0.7, 1.0)
    for number, size in enumerate(sizes):
        year = 2024 - len(sizes) + 1 + number
        known = CODES if year < 2024 else CODES[: CODES.index(until) + 1] if until else ()
        rows += [(unit, f"{year}-{code}", "people_enrolled", "elementary", round(size * share))
                 for code, share in zip(known, shares, strict=False) for unit in "ab"]  # fmt: skip
    rows += [("P", f"{2020 + n}-FY", "trained_rate", "", rate) for n, rate in enumerate(rates)]
    return pd.DataFrame(rows, columns=["unit", "period", "indicator", "level", "value"])


def quantiles(plan, figures, as_of):
    obs = va.load_observations(plan, returns=figures, published=None)
    return [
        None if one.projection is None else [float(one.projection.quantile(level)) for level in QUANTILES]
        for one in va.assess_targets(plan, obs, as_of)
    ]


CASES = {
    "one year, nothing counted": ((900,), "", ()),
    "no year before": ((1000,), "H1", ()),
    "two years": ((400, 700), "Q1", ()),
    "four years": ((5, 9, 12, 8), "9M", ()),
    "quotas of the year alone": ((400, 700, 300), "H1", (2024,)),
    "quotas of every year": ((400, 700, 300), "", (2022, 2023, 2024)),
}


@pytest.mark.parametrize("case", CASES)
def test_no_value_of_a_target_moves_a_quantile(plan, case):
    sizes, until, quotas = CASES[case]
    own = with_quotas(plan, quotas) if quotas else plan
    figures, as_of = table(sizes, until, rates=(50, 52, 53)), f"2024-{until or 'start'}"
    before = quantiles(own, figures, as_of)
    assert any(before)
    for factor in (0.25, 5 / 3):
        assert quantiles(with_goals(own, factor), figures, as_of) == before


def test_the_middle_follows_the_place_itself_and_not_its_goal(plan):
    """Three years of 2 x 1,000 with 45 % by mid-year, 900 counted now: 2,000 whatever is asked for."""
    figures = table((1000, 1000, 1000, 1000), "H1")
    for factor in (0.5, 1.0, 5 / 3):
        found = va.assess(with_goals(plan, factor), va.load_observations(plan, returns=figures, published=None),
                          as_of="2024-H1").set_index("target").loc["people_enrolled_2024"]  # fmt: skip
        assert found["median"] == pytest.approx(2000, rel=0.03)


def test_without_an_earlier_year_the_count_alone_gives_a_wide_range_and_no_chance(plan):
    """2 x 450 by mid-year: by other series 900 is 36 to 64 % of the year, so 1,400 to 2,500, whatever is asked for."""
    obs = va.load_observations(plan, returns=table((1000,), "H1"), published=None)
    for factor in (0.5, 3.0):
        found = (
            va.assess(with_goals(plan, factor), obs, as_of="2024-H1")
            .set_index("target")
            .loc["people_enrolled_2024"]
        )
        assert found["status"] == "not_assessed"
        assert np.isnan(found["probability"])
        assert [found["lower_80"], found["upper_80"]] == pytest.approx([1400, 2600], rel=0.1)


PAST = pd.DataFrame({4: [1000.0, 1010.0, 990.0]}, index=[2021, 2022, 2023])


def test_a_plan_moves_a_total_only_where_past_plans_are_known():
    plain = project_year_total(PAST, None, rng=1)
    untried = project_year_total(PAST, None, planned=3000, rng=1)
    assert untried.quantile(0.5) == plain.quantile(0.5)
    kept = project_year_total(
        PAST, None, planned=3000, past_planned={2021: 1000, 2022: 1000, 2023: 1000}, rng=1
    )
    assert kept.median == pytest.approx(3000, rel=0.05)  # every earlier plan came true
    new = project_year_total(None, None, planned=3000, rng=1)
    assert new.median == pytest.approx(3000, rel=0.05)
    assert new.mostly_prior
