"""Quotas belong to the count they were given for; one figure is enough where it is the target's own."""

import pandas as pd
import pytest
import yaml

import vetanalysis as va
from vetanalysis.blocks import Paragraph, Table
from vetanalysis.cli.main import main, parser
from vetanalysis.cli.new_plan import run
from vetanalysis.errors import PlanInvalid, WrongCall
from vetanalysis.indicators.derived import plan_values, reconcile_quotas
from vetanalysis.language.render import sentence
from vetanalysis.loading import received_of
from vetanalysis.narrative import returns, shown_returns, shown_scenarios
from vetanalysis.narrative.report import sentences
from vetanalysis.periods import parse_cutoff
from vetanalysis.report import document_of
from vetanalysis.scenarios.what_if import run_scenarios

QUOTAS = ["a,elementary,2025-FY,300,invented", "b,elementary,2025-FY,200,invented"]


def plan_of(root, *targets, quotas=(), head="unit,level,period,value,source"):
    """Two schools; targets as `new-plan` takes them."""
    root.mkdir(exist_ok=True)
    (root / "units.csv").write_text("code,name,kind\na,A,institution\nb,B,institution\n", encoding="utf-8")
    call = ["--place", "P", "--place-name", "Nơi", "--place-name-en", "Place", "--years", "2023-2025"]
    call += [word for target in targets for word in ("--target", target)]
    assert main(["new-plan", str(root / "plan"), *call, "--units", str(root / "units.csv")]) == 0
    (root / "plan" / "quotas.csv").write_text("\n".join([head, *quotas, ""]), encoding="utf-8")
    return va.load_plan(root / "plan")


def assessed(plan, rows, as_of="2025-FY", unit=None):
    """By target, each row a unit, a period, an indicator and a value, perhaps with a level."""
    table = pd.DataFrame(
        [(*row, "")[:5] for row in rows], columns=["unit", "period", "indicator", "value", "level"]
    )
    obs = va.load_observations(plan, returns=table, published=None)
    return {one.target.id: one for one in va.assess_targets(plan, obs, as_of, unit=unit)}


VACCINATED = [
    (unit, f"{year}-{code}", "people_vaccinated", value)
    for year in (2023, 2024, 2025)
    for code, value in (("H1", 200), ("FY", 450))
    if (year, code) != (2025, "FY")
    for unit in "ab"
]
TWO = (
    "people_vaccinated=Người tiêm|People vaccinated>=900@2025-FY",
    "people_enrolled[elementary]>=500@2025-FY",
)


def test_a_count_without_levels_does_not_take_the_quotas_by_level_of_another(tmp_path):
    plan = plan_of(tmp_path, *TWO, quotas=QUOTAS)
    found = assessed(plan, VACCINATED, "2025-H1")
    bare = assessed(plan_of(tmp_path / "bare", *TWO), VACCINATED, "2025-H1")
    mine = found["people_vaccinated"]
    assert (mine.so_far, mine.has_quota) == (400, False)  # 2 x 200, and every year doubled to 900 and more
    assert mine.median == bare["people_vaccinated"].median == pytest.approx(900, rel=0.02)
    assert not found["people_enrolled_elementary"].points
    values = plan_values(plan, 2025).set_index(["unit", "indicator", "level"])["plan_value"].to_dict()
    assert values["a", "people_enrolled", ""] == values["a", "people_enrolled", "elementary"] == 300
    assert ("a", "people_vaccinated", "") not in values
    assert reconcile_quotas(plan, 2025).total is None  # nothing was given out of the people vaccinated
    assert reconcile_quotas(plan, 2025, "people_enrolled").agrees


def test_quotas_name_their_count(tmp_path):
    head = "unit,level,period,value,source,indicator"
    rows = [
        "a,,2025-FY,500,x,people_vaccinated",
        "b,,2025-FY,400,x,people_vaccinated",
        *(f"{one}," for one in QUOTAS),
    ]
    plan = plan_of(tmp_path, *TWO, quotas=rows, head=head)
    for unit, goal, enrolled in (("a", 500, 300), ("b", 400, 200)):
        one = assessed(plan, VACCINATED, "2025-H1", unit=unit)
        assert (one["people_vaccinated"].target.value, one["people_enrolled_elementary"].target.value) == (
            goal,
            enrolled,
        )
    with pytest.raises(PlanInvalid, match="people_vaccinatedde"):
        plan_of(tmp_path / "wrong", *TWO, quotas=[rows[0] + "de"], head=head)


@pytest.mark.parametrize(("value", "status"), [(61.0, "reached"), (59.0, "not_reached")])
@pytest.mark.parametrize("final", [True, False])
def test_the_one_figure_of_a_rates_own_period_decides(tmp_path, value, status, final):
    plan = plan_of(
        tmp_path, "trained_rate>=60%@2025-FY", "trained_rate>=60%@2024-FY", "trained_rate>=60%@2024-9M"
    )
    for period, target in (("2025-FY", "trained_rate_2025"), ("2024-9M", "trained_rate_2024_9m")):
        table = pd.DataFrame({"unit": ["P"], "period": [period], "indicator": ["trained_rate"], "value": [value],
                              "status": ["final" if final else "provisional"]})  # fmt: skip
        obs = va.load_observations(plan, returns=table, published=None)
        found = {one.target.id: one for one in va.assess_targets(plan, obs, "2025-FY")}
        one = found[target]
        assert (one.median, one.probability, len(one.points)) == (value, float(value >= 60), 1)
        may_change = "reached_provisional" if value >= 60 else "almost_no_chance"
        assert one.status == (status if final else may_change)
        year = found[
            "trained_rate_2024"
        ]  # over, and neither figure is its own: it waits, whatever the other says
        assert (year.status, year.probability, year.median) == ("not_assessed", None, None)
        assert year.is_awaited
        assert [point.period for point in year.points] == [period]
        later = period == "2025-FY"  # no distance is told from a figure of another, later year
        assert year.gap == (None if later else 60 - value)
        assert ("only those of later periods" in sentence(year.reason, "en")) == later


def test_the_one_figure_of_a_counts_own_period_decides(tmp_path):
    plan = plan_of(tmp_path, TWO[0])
    for rows in ([("P", "2025-FY", "people_vaccinated", 950)],):
        one = assessed(plan, rows)["people_vaccinated"]
        assert (one.median, one.probability, one.status) == (950, 1.0, "reached_provisional")


def test_a_target_over_several_years_on_one_line(tmp_path):
    over = "people_enrolled>=40.000@2023-FY..2025-FY"
    plan = plan_of(tmp_path, "people_enrolled>=14000", over, "people_graduated>=9000@2023..2025-H1")
    raw = yaml.safe_load((plan.folder / "plan.yaml").read_text(encoding="utf-8"))
    periods = {one["id"]: one["period"] for one in raw["targets"]}
    assert periods == {
        "people_enrolled_2025": "2025-FY",
        "people_enrolled_2023_2025": ["2023-FY", "2025-FY"],
        "people_graduated": ["2023-FY", "2025-H1"],
    }
    one = plan.target("people_enrolled_2023_2025")
    assert (one.since, one.period, one.value, one.label.en) == (
        "2023-FY", "2025-FY", 40000, "People newly enrolled (2023 – 2025)",
    )  # fmt: skip
    assert main(["new-plan", str(tmp_path / "next"), "--from", str(plan.folder)]) == 0
    carried = va.load_plan(tmp_path / "next").target("people_enrolled_2023_2025")
    assert (carried.since, carried.period) == ("2026-FY", "2028-FY")
    for wrong in (
        "trained_rate>=60%@2023..2025",
        "people_enrolled>=9@2025..2023",
        "people_enrolled>=9@2023-H1..2025",
    ):
        with pytest.raises(WrongCall, match=r"2025\.\.2027"):
            run(parser().parse_args(["new-plan", str(tmp_path / "no"), "--place", "P", "--place-name", "N",
                                     "--years", "2023-2025", "--target", wrong]))  # fmt: skip


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """120 schools; all but 80 of them have figures of the first half of 2025, one corrected its own."""
    root = tmp_path_factory.mktemp("many")
    codes = [f"s{number:03d}" for number in range(120)]
    rows = [f"{code},Trường {code},School {code},institution" for code in codes]
    (root / "units.csv").write_text("\n".join(["code,name,name_en,kind", *rows, ""]), encoding="utf-8")
    call = ["--place", "P", "--place-name", "Nơi", "--place-name-en", "Place", "--years", "2023-2025"]
    call += ["--units", str(root / "units.csv"), "--target", "people_enrolled>=9000", "--levels", "none"]
    assert main(["new-plan", str(root / "plan"), *call]) == 0
    told = [(code, f"{year}-{cutoff}", value, f"{year + (cutoff == 'FY')}-07-10")
            for code in codes for year in (2023, 2024, 2025) for cutoff, value in (("Q1", 10), ("H1", 30), ("FY", 70))
            if year < 2025 or cutoff == "Q1" or (cutoff == "H1" and code < "s040")]  # fmt: skip
    told.append(("s001", "2025-H1", 33, "2025-07-20"))
    table = pd.DataFrame(told, columns=["unit", "period", "value", "vintage"]).assign(
        indicator="people_enrolled"
    )
    table.to_csv(root / "figures.csv", index=False)
    return root


def test_who_reported_in_tables_stands_in_the_report_within_bounds(many, capsys):
    study = va.open_study(many / "plan", "2025-H1", returns=many / "figures.csv", lang="en")
    text = [one.text for one in sentences(document_of(study))]
    assert any("40 of 120 units sent their report for the first six months of 2025" in one for one in text)
    every = [block for part in document_of(study).appendices for block in part.blocks]
    annex = next(one for one in every if isinstance(one, Table) and one.id == "not_reported")
    assert (len(annex.rows), list(annex.notes)) == (60, ["And 20 units more."])
    for name, rows in (("matrix", 120), ("phone", 80)):
        shown = getattr(shown_returns, name)(study, study.received)
        assert (len(shown.rows), shown.notes[0].facts["more"]) == (60, rows - 60)
    assert shown_returns.matrix(study, study.received).rows[0][0] == "s040"  # who is missing comes first
    states = returns.matrix(study, study.received).query("period == '2025-H1'")
    corrected = states.set_index("unit")["state"]
    assert (corrected["s000"], corrected["s001"], corrected["s119"]) == ("received", "corrected", "missing")
    capsys.readouterr()
    assert (
        main(
            [
                "check",
                str(many / "plan"),
                "--as-of",
                "2025-H1",
                "--returns",
                str(many / "figures.csv"),
                "--lang",
                "en",
            ]
        )
        == 0
    )
    out = capsys.readouterr().out
    assert "School s001" in out
    assert "Trường" not in out
    assert "40 of 120 units have a figure" in out
    assert "missing: 80 institutions (School s040" in out


def test_figures_of_a_renamed_unit_are_those_under_its_new_code(tmp_path):
    plan_of(tmp_path, TWO[0])
    with (tmp_path / "plan" / "units.csv").open("a", encoding="utf-8") as table:
        table.write("a2,A mới,,New A,institution,P,2025-04-01,,\n")
    head = "unit,successor,successor_name,valid_from,share,kind,source,note"
    (tmp_path / "plan" / "crosswalk.csv").write_text(
        f"{head}\na,a2,,2025-04-01,1,renamed,x,\n", encoding="utf-8"
    )
    units = tmp_path / "plan" / "units.csv"
    units.write_text(
        units.read_text(encoding="utf-8").replace(
            "a,A,A,,institution,P,,,", "a,A,A,,institution,P,,2025-03-31,"
        ),
        encoding="utf-8",
    )
    plan = va.load_plan(tmp_path / "plan")
    rows = pd.DataFrame([(unit, period, "people_vaccinated", 9) for unit in "ab" for period in ("2025-Q1", "2025-H1")],
                        columns=["unit", "period", "indicator", "value"])  # fmt: skip
    states = (
        received_of(plan, rows)
        .matrix(parse_cutoff("2025-H1"))
        .set_index(["unit", "period"])["state"]
        .to_dict()
    )
    assert states["a", "2025-Q1"] == states["a2", "2025-H1"] == states["b", "2025-H1"] == "received"
    assert ("a", "2025-H1") not in states


def test_milestones_are_called_by_their_period_in_words(tmp_path):
    plan_of(tmp_path, TWO[0])
    place = tmp_path / "plan" / "plan.yaml"
    text = place.read_text(encoding="utf-8")
    stones = "    milestones: [{period: 2024-FY, value: 800}, {period: 2025-H1, value: 400}]\n    period: 2025-FY\n"
    place.write_text(text.replace("    period: 2025-FY\n", stones, 1), encoding="utf-8")
    year, half, _ = va.load_plan(tmp_path / "plan").targets
    assert (year.label.en, half.label.en) == (
        "People vaccinated, milestone 2024",
        "People vaccinated, milestone H1 2025",
    )
    assert half.label.vi == "Người tiêm, mốc 6 tháng 2025"
    assert half.judged_on.en == "the figure of the first six months of 2025"
    place.write_text(place.read_text(encoding="utf-8").replace('"01-01"', '"09-01"'), encoding="utf-8")
    assert va.load_plan(tmp_path / "plan").targets[1].label.en == "People vaccinated, milestone H1 2025-2026"


def test_a_quota_that_was_not_given_is_called_so_in_a_units_sheet(tmp_path):
    plan = plan_of(tmp_path, TWO[0])
    obs = pd.DataFrame(VACCINATED, columns=["unit", "period", "indicator", "value"])
    study = va.open_study(plan, "2025-H1", returns=obs, unit="a")
    table = next(one for one in document_of(study).blocks if isinstance(one, Table) and one.id == "unit")
    assert table.rows[0][1:] == ("không giao", "900")


def test_an_account_that_cannot_run_says_why(tmp_path):
    study = va.open_study(plan_of(tmp_path, TWO[0]), "2025-H1", returns="none")
    assert isinstance(shown_scenarios.account(study, run_scenarios(study)), Paragraph)
