"""A total over several years is judged on the sum of the years: counted, running and coming ones."""

import shutil

import numpy as np
import pandas as pd
import pytest
import yaml

import vetanalysis as va
from vetanalysis.cli.main import main
from vetanalysis.errors import PlanInvalid
from vetanalysis.figures.pictures import picture_of
from vetanalysis.forecast.projection import DrawsProjection
from vetanalysis.forecast.several_years import sum_of_years
from vetanalysis.indicators.derived import plan_values, reconcile_quotas
from vetanalysis.narrative.report import sentences
from vetanalysis.report import document_of

SHARES = {"Q1": 0.2, "H1": 0.45, "9M": 0.7, "FY": 1.0}
SIZES = {
    2018: 1000,
    2019: 1010,
    2020: 990,
    2021: 1005,
    2022: 1000,
    2023: 980,
    2024: 1020,
}  # of each of two schools
CALL = ["--place", "P", "--place-name", "Nơi", "--place-name-en", "Place", "--years", "2018-2024"]


def figures(as_of):
    """What both schools had counted by a cut-off; nothing of the year at its start."""
    year, code = int(as_of[:4]), as_of[5:]
    rows = []
    for one, size in SIZES.items():
        known = [*SHARES] if one < year else [*SHARES][: [*SHARES].index(code) + 1] if code in SHARES else []
        rows += [(unit, f"{one}-{name}", "people_enrolled", "elementary", round(size * SHARES[name]))
                 for name in (known if one <= year else ()) for unit in "ab"]  # fmt: skip
    return pd.DataFrame(rows, columns=["unit", "period", "indicator", "level", "value"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("over")
    (root / "units.csv").write_text("code,name,kind\na,A,institution\nb,B,institution\n", encoding="utf-8")
    call = [*CALL, "--units", str(root / "units.csv"), "--target", "people_enrolled>=6100@2024-FY"]
    assert main(["new-plan", str(root / "plan"), *call]) == 0
    spoil(
        root / "plan",
        period=["2022-FY", "2024-FY"],
        milestones=[{"period": "2023-FY", "value": 3900}, {"period": "2024-H1", "value": 4900}],
    )
    return root / "plan"


def spoil(folder, **changes):
    place = folder / "plan.yaml"
    content = yaml.safe_load(place.read_text(encoding="utf-8"))
    content["targets"][0].update(changes)
    place.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def test_the_total_of_several_years_is_no_plan_of_the_last_one(plan):
    assert plan_values(plan, 2024).empty
    assert reconcile_quotas(plan, 2024).target is None


@pytest.fixture(scope="module")
def plan(folder):
    return va.load_plan(folder)


def judged(plan, as_of, **options):
    obs = va.load_observations(plan, returns=figures(as_of), published=None)
    return {one.target.period: one for one in va.assess_targets(plan, obs, as_of, **options)}


@pytest.mark.parametrize(
    ("as_of", "so_far"),
    [("2021-FY", None), ("2022-9M", 1400), ("2023-FY", 3960), ("2024-start", 3960), ("2024-H1", 4878)],
)
def test_years_that_are_over_count_and_those_to_come_are_projected(plan, as_of, so_far):
    one = judged(plan, as_of)["2024-FY"]
    assert one.so_far == so_far
    assert one.median == pytest.approx(6000, rel=0.03)  # about 2,000 a year
    assert one.lower_80 < one.median < one.upper_80
    assert one.projection.lower_bound == (so_far or 0)
    assert one.probability == pytest.approx(one.projection.probability(6100))
    assert (one.status, one.reason) != ("not_assessed", None)
    gone = {"2021-FY": 0, "2022-9M": 3, "2023-FY": 8, "2024-start": 8, "2024-H1": 10}[as_of]
    assert one.pace_required == pytest.approx((6100 - (so_far or 0)) / (12 - gone))


def test_the_range_shrinks_as_years_are_counted(plan):
    widths = [np.ptp((one.lower_80, one.upper_80)) for one in
              (judged(plan, as_of)["2024-FY"] for as_of in ("2021-FY", "2022-FY", "2023-FY", "2024-9M"))]  # fmt: skip
    assert widths[0] > widths[1] > widths[2]
    assert widths[-1] < widths[0] / 3


def test_once_the_last_year_is_counted_the_sum_decides(plan):
    found = judged(plan, "2024-FY")
    whole, years, half = (found[period] for period in ("2024-FY", "2023-FY", "2024-H1"))
    assert (whole.median, whole.probability, whole.status) == (6000, 0.0, "almost_no_chance")  # 2 x 3,000
    assert [point.value for point in whole.points] == [2000, 3960, 6000]
    assert (years.median, years.status) == (3960, "reached_provisional")
    assert (half.median, half.probability) == (4878, 0.0)  # 2 x (1,000 + 980 + 459) of 4,900


@pytest.mark.parametrize(("year", "so_far", "pace"), [(2022, None, None), (2023, 2000, (6100 - 2000) / 8)])
def test_a_year_that_nobody_reported_is_not_zero(plan, year, so_far, pace):
    rows = figures("2024-H1")
    rows = rows[rows["period"].str[:4] != str(year)]
    rows = rows[(rows["period"].str[:4] != "2024") | (year == 2022)]  # else nobody has reported since 2022
    obs = va.load_observations(plan, returns=rows, published=None)
    one = next(one for one in va.assess_targets(plan, obs, "2024-H1") if one.target.period == "2024-FY")
    assert one.so_far == so_far
    assert one.median == pytest.approx(6000, rel=0.05)
    assert one.pace_required == (None if pace is None else pytest.approx(pace))


def test_a_milestone_within_a_later_year_is_the_sum_up_to_it(plan):
    one = judged(plan, "2024-Q1")["2024-H1"]
    assert one.so_far == 3960 + 2 * 204
    assert one.median == pytest.approx(3960 + 2 * 1020 * 0.45, rel=0.01)


def test_texts_and_the_figure_name_the_years_and_add_up_from_the_first(plan):
    study = va.open_study(plan, "2024-H1", returns=figures("2024-H1"), published="none")
    for lang, total, years in (
        ("en", "4,878 people enrolled", "over the years 2022 to 2024"),
        ("vi", "Đã tuyển 4.878 người", "trong các năm 2022-2024"),
    ):  # fmt: skip
        told = {one.id: one.text for one in sentences(document_of(study.at(lang=lang)))}
        name = plan.targets[-1].id
        assert told[f"{name}.total"].startswith(total)
        assert years in told[f"{name}.headline"]
        assert years in told[f"{name}.total"]
        assert "2022" in picture_of(study.assessment(name)).data.axis.get(lang)


def test_years_are_joined_as_a_walk_and_not_as_independent_ones():
    """Against a simulated walk of the logarithm whose steps have a spread of .1 each."""
    rng = np.random.default_rng(3)
    walk = 1000 * np.exp(np.cumsum(0.1 * rng.standard_normal((40_000, 3)), axis=1))
    years = [DrawsProjection(walk[:, k], f"{2025 + k}-FY") for k in range(3)]
    joined = sum_of_years(years, 500.0, "2027-FY", seed=1)
    truth = 500 + walk.sum(axis=1)
    for level in (0.1, 0.5, 0.9):
        assert joined.quantile(level) == pytest.approx(np.quantile(truth, level), rel=0.01)
    apart = 500 + sum(rng.permutation(walk[:, k]) for k in range(3))
    assert np.ptp(joined.interval(0.8)) > 1.15 * np.ptp(np.quantile(apart, [0.1, 0.9]))


def test_a_unit_has_the_sum_of_its_quotas_or_no_goal(plan):
    rows = [("a", "elementary", f"{year}-FY", 1000.0, "invented", "") for year in (2022, 2023, 2024)]
    given = plan.model_copy(update={"quotas": pd.DataFrame(rows, columns=list(plan.quotas.columns))})
    assert judged(given, "2024-H1", unit="a")["2024-FY"].target.value == 3000
    other = judged(given, "2024-H1", unit="b")["2024-FY"]
    assert not other.target.has_value
    assert other.so_far == 1000 + 980 + 459


@pytest.mark.parametrize(
    ("quotas", "zero", "why"),
    [((0, 0, 0), True, "a quota of 0 for each of the years"), ((1000, 1000, 0), False, "no quota of its own above 0"),
     ((0, 1000, 1000), False, "no quota of its own above 0")],
)  # fmt: skip
def test_a_quota_of_zero_in_one_of_the_years_leaves_no_goal(plan, quotas, zero, why):
    rows = [
        ("a", "elementary", f"{2022 + at}-FY", float(one), "invented", "") for at, one in enumerate(quotas)
    ]
    given = plan.model_copy(update={"quotas": pd.DataFrame(rows, columns=list(plan.quotas.columns))})
    one = judged(given, "2024-H1", unit="a")["2024-FY"]
    assert (one.target.has_value, one.given_zero) == (False, zero)
    assert why in one.reason.en


@pytest.mark.parametrize(
    "period", [["2024-FY", "2022-FY"], ["2022-H1", "2024-FY"], ["2022-FY", "2025-FY"], ["2022-FY"]]
)
def test_a_span_that_is_none_is_refused(folder, tmp_path, period):
    copy = shutil.copytree(folder, tmp_path / "plan")
    spoil(copy, period=period, milestones=[])
    with pytest.raises(PlanInvalid) as caught:
        va.load_plan(copy)
    assert {one.place.split(" ")[0] for one in caught.value.findings} == {"targets[0].period"}
