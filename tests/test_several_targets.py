"""Targets that stand on one figure or on parts of one: milestones gone by, a floor with a ceiling, shares of counts."""

from dataclasses import replace

import four_counts
import pandas as pd
import pytest
from report_text import texts_of

import vetanalysis as va
from vetanalysis.assessment.rates import history_for, nested_pairs
from vetanalysis.cli.main import main
from vetanalysis.report import document_of
from vetanalysis.scenarios.sensitivity import of_projection

PLACE = ["--place", "96", "--place-name", "tỉnh Cà Mau", "--country", "VN"]
COLUMNS = ["unit", "period", "indicator", "value"]


def made(folder, years, *targets, units=None):
    options = [f"--target={one}" for one in targets] + (["--units", str(units)] if units else [])
    assert main(["new-plan", str(folder), *PLACE, "--years", years, *options]) == 0
    return folder


def said_of(study):
    return "\n".join(text for _, text in texts_of(document_of(study)))


@pytest.fixture(scope="module")
def milestones(tmp_path_factory):
    """63 % by 2025, 55, 57 and 59 % by the ends of the years before; 54.6 % came in 2021, 57.3 % in 2022."""
    folder = tmp_path_factory.mktemp("plans") / "p"
    goals = (
        f"trained_rate>={value}%@{year}" for year, value in ((2021, 55), (2022, 57), (2023, 59), (2025, 63))
    )
    made(folder, "2021-2025", *goals)
    rows = [("96", f"{year}-FY", "trained_rate", value) for year, value in
            ((2019, 50.1), (2020, 52.4), (2021, 54.6), (2022, 57.3))]  # fmt: skip
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return va.open_study(folder, "2023-H1", lang="en", returns=frame, published="none")


def test_a_milestone_gone_by_stays_judged_by_its_own_year_when_a_newer_figure_comes(milestones):
    missed, reached = (milestones.assessment(f"trained_rate_{year}") for year in (2021, 2022))
    assert (missed.is_judged, missed.is_reached, missed.latest.value) == (True, False, 54.6)
    assert (reached.is_judged, reached.is_reached, reached.latest.value) == (True, True, 57.3)
    text = said_of(milestones)
    assert "54.6% for 2021" in text
    assert "figure of that period has not come" not in text
    assert "2.3 percentage points above 55%" not in text
    assert milestones.assessment("trained_rate_2023").latest.value == 57.3


def test_a_floor_and_a_ceiling_on_one_rate_share_a_projection_and_have_names_of_their_own(tmp_path):
    folder = made(tmp_path / "p", "2026", "unemployment_rate>=1.5%", "unemployment_rate<=2.8%")
    rows = [
        ("96", f"{year}-FY", "unemployment_rate", 3.1 - 0.2 * (year - 2022)) for year in range(2022, 2026)
    ]
    study = va.open_study(folder, "2026-H1", returns=pd.DataFrame(rows, columns=COLUMNS), published="none")
    floor, ceiling = study.assessments
    assert (floor.median, floor.lower_80, floor.upper_80) == (
        ceiling.median,
        ceiling.lower_80,
        ceiling.upper_80,
    )
    assert [one.target.label.en for one in study.assessments] == [
        "Unemployment rate (working age) (at least 1.5%)", "Unemployment rate (working age) (at most 2.8%)",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def employed(tmp_path_factory):
    """Schools return who was followed up and who of them works, twice a year; nobody sends the rate."""
    folder = tmp_path_factory.mktemp("plans") / "p"
    units = folder.parent / "units.csv"
    units.write_text("code,name,kind\n" + "".join(f"{one},T,institution\n" for one in four_counts.SCHOOLS))
    made(folder, "2026", "employed_after_training_rate>=80%", "people_enrolled>=900", units=units)
    rows = []
    for at, unit in enumerate(four_counts.SCHOOLS):
        for year in (2023, 2024, 2025, 2026):
            for code, part in (("H1", 1), ("FY", 2)) if year < 2026 else (("H1", 1),):
                rows.append((unit, f"{year}-{code}", "graduates_followed", part * 100))
                rows.append(
                    (unit, f"{year}-{code}", "graduates_employed", part * (70 + 5 * at + year - 2023))
                )
    return folder, pd.DataFrame(rows, columns=COLUMNS)


def test_a_rate_whose_parts_units_return_is_assessed_on_what_they_come_to(employed):
    """70, 75 and 80 of 100 each make 75 % in 2023, and one point more every year."""
    folder, rows = employed
    study = va.open_study(folder, "2026-H1", lang="en", returns=rows, published="none")
    one = study.assessment("employed_after_training_rate")
    assert [(point.period, round(point.value, 6)) for point in one.points] == [
        ("2023-FY", 75), ("2024-FY", 76), ("2025-FY", 77),
    ]  # fmt: skip
    assert one.probability is not None
    text = said_of(study)
    assert (
        "The estimate for the first six months of 2026 is 78.0%, 2.0 percentage points short of 80%" in text
    )
    assert "own definition for the employed after training" not in text


def test_what_moves_a_floor_and_a_ceiling_at_one_value_adds_up_to_certainty(tmp_path):
    """Without one of the figures, too, both are judged on one projection."""
    folder = made(tmp_path / "p", "2026", "unemployment_rate>=2.4%", "unemployment_rate<=2.4%")
    rows = [
        ("96", f"{year}-FY", "unemployment_rate", 3.1 - 0.2 * (year - 2022)) for year in range(2022, 2026)
    ]
    study = va.open_study(folder, "2026-H1", returns=pd.DataFrame(rows, columns=COLUMNS), published="none")
    low, high = (
        {one.name: one.low for one in of_projection(study, each).moved} for each in study.assessments
    )
    left = [name for name in low if name.startswith("without_")]
    assert len(left) == 3
    assert [low[name] + high[name] for name in left] == pytest.approx([100, 100, 100])


def test_a_part_of_a_whole_is_projected_alike_for_a_floor_and_a_ceiling():
    study = va.open_study("lang-son-2023", "2023-start", returns="none")
    floors = [one for one in study.plan.targets if one.measure == "percent"]
    ceilings = [one.model_copy(update={"operator": "<="}) for one in floors]
    shares = {"trained_rate": [0.5, 0.52, 0.54, 0.57], "certified_rate": [0.2, 0.21, 0.22, 0.23]}
    medians, both = [], []
    for targets in (floors, ceilings):
        learned = {one.id: pd.Series(shares[one.id], range(2019, 2023)) for one in targets}
        histories = {
            one.id: replace(history_for(study.figures, one, "20"), learned=learned[one.id]) for one in targets
        }
        pairs, _ = nested_pairs(study.plan, targets, histories, 1)
        medians.append([float(pair.projection.part.median) for pair in pairs.values()])
        both.append([pair.both for pair in pairs.values()])
    assert len(medians[0]) == 1
    assert medians[0] == medians[1]
    assert both[0] != both[1]  # the chance is that of each target's own side


def test_a_part_of_which_a_unit_is_missing_makes_no_rate(employed):
    folder, rows = employed
    late = (rows["unit"] == "s3") & (rows["period"] == "2025-FY")
    study = va.open_study(
        folder, "2026-start", returns=rows[~late & (rows["period"] != "2026-H1")], published="none"
    )
    assert [point.period for point in study.assessment("employed_after_training_rate").points] == [
        "2023-FY",
        "2024-FY",
    ]


def test_a_rate_that_the_place_sends_itself_comes_first(employed):
    folder, rows = employed
    own = pd.DataFrame([("96", "2025-FY", "employed_after_training_rate", 90.0)], columns=COLUMNS)
    study = va.open_study(folder, "2026-H1", returns=pd.concat([rows, own]), published="none")
    assert study.assessment("employed_after_training_rate").points[-1].value == 90


def test_a_ceiling_is_no_plan_that_people_fulfil(tmp_path):
    folder = four_counts.write(tmp_path / "p")
    text = said_of(four_counts.study(folder))
    assert "33 people counted, 50.8% of the limit in 2026" in text
    assert "33 people counted, 50.8% of the year's plan" not in text


def test_what_is_still_needed_over_several_years_is_what_they_lack(tmp_path):
    folder = four_counts.write(tmp_path / "p", "people_enrolled>=90000@2025..2027", years="2025-2027")
    study = four_counts.study(folder)
    one = study.assessment("people_enrolled")
    assert f"{90000 - one.so_far:,.0f} still needed" in said_of(study)
    assert "90,000 still needed" not in said_of(study)


def test_a_total_over_several_years_is_no_result_of_the_last_one(tmp_path):
    folder = four_counts.write(tmp_path / "p", "people_enrolled>=2000@2025..2026", years="2025-2026")
    study = four_counts.study(folder, "2026-FY")
    text, total = said_of(study), f"{study.assessment('people_enrolled').latest.value:,.0f}"
    assert f"Result from the start of 2025 to the end of 2026: {total} people enrolled" in text
    assert f"{total} people, 131.6% of the target" in text
    assert "of the year's plan" not in text


def test_drop_outs_of_a_year_that_is_over_are_a_part_of_their_limit(tmp_path):
    study = four_counts.study(four_counts.write(tmp_path / "p"), "2026-FY")
    text = said_of(study)
    assert "66 people, 101.5% of the limit, 1 above the limit" in text
    assert "People who drop out: 66 people, 101.5% of the limit" in text
