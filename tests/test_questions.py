"""What an analyst asks in one call: the numbers worked out by another way, and names that are not there."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from opened import opened
from openpyxl import load_workbook

import vetanalysis as va
from vetanalysis import show
from vetanalysis.assessment.targets import assessment_table
from vetanalysis.errors import WrongCall
from vetanalysis.forecast.projection import DrawsProjection

PUBLISHED = Path(__file__).resolve().parent.parent / "data" / "published"


@pytest.fixture(scope="module")
def study():
    return opened("lang-son-2023", "2023-start", lang="en", returns="none")


@pytest.fixture(scope="module")
def counted():
    """Three districts of which one has not reported at nine months, and a year before; quotas 120, 580 and 450."""
    years = {
        "178": {"2022": (20, 50, 80, 110), "2023": (24, 60, 90)},
        "180": {"2022": (100, 220, 350, 560), "2023": (90, 200, 290)},
        "181": {"2022": (80, 180, 300, 440), "2023": (80, 190)},
    }
    codes = ("Q1", "H1", "9M", "FY")
    rows = [
        (unit, f"{year}-{code}", "people_enrolled", "elementary", value)
        for unit, by_year in years.items()
        for year, values in by_year.items()
        for code, value in zip(codes, values, strict=False)
    ]
    frame = pd.DataFrame(rows, columns=["unit", "period", "indicator", "level", "value"])
    return va.open_study("lang-son-2023-example", "2023-9M", lang="en", returns=frame, published="none")


def test_five_hundred_more_people_are_five_hundred_more_in_every_draw(study):
    base = study.assessment("people_enrolled").projection
    moved = va.what_if(study, people=500, by="2023-FY", target="people_enrolled").frame
    asked = moved[moved["scenario"] == "asked"].iloc[0]
    shifted = DrawsProjection(base.draws[:, 0] + 500, base.periods[0])
    assert asked["median"] == base.median + 500
    assert (asked["lower_80"], asked["upper_80"]) == tuple(end + 500 for end in base.interval(0.8))
    assert asked["probability"] == pytest.approx(np.mean(base.draws[:, 0] + 500 >= 13_500), abs=0.002)
    assert asked["probability"] == shifted.probability(13_500)


def test_what_is_assumed_of_them_is_said(study):
    more = va.what_if(study, people=500, by="2023-FY")
    assert "500 people more by the end of 2023" in more.sentence
    assert "on top of those projected" in more.sentence
    assert set(more.frame["target"]) == {"trained_rate", "people_enrolled"}
    assert "500" in va.what_if(study.at(lang="vi"), people=500).sentence


def test_fewer_people_are_never_fewer_than_are_counted(counted):
    fewer = va.what_if(counted.at(unit="178"), people=-100_000, target="people_enrolled").frame
    assert fewer.iloc[-1]["median"] == 90


@pytest.mark.parametrize(
    ("change", "size"), [({"points": 1.5}, 1.5), ({"pace": 0.5}, 1.0), ({"points": -2}, -2)]
)
def test_a_rate_moves_by_points_or_by_a_pace(study, change, size):
    """From the figure of 2021 to 2023 a pace counts twice."""
    made = va.what_if(study, target="trained_rate", **change).frame
    assert made.iloc[-1]["median_change"] == pytest.approx(size)
    assert len(made) == 2


def test_people_who_come_too_late_change_nothing_and_that_is_said(study):
    late = va.what_if(study, people=500, by="2024-FY", target="people_enrolled")
    assert late.frame["scenario"].tolist() == ["base"]
    assert "not part of it" in late.sentence


def test_more_learners_raise_the_rates_where_the_plan_has_the_inputs(counted):
    flow = va.run_scenarios(counted, ()).flow
    if flow is None:
        pytest.skip("the account needs figures that this frame does not hold")
    made = va.what_if(counted, people=1000).frame
    rates = made[(made["stage"] == "flow") & (made["scenario"] == "asked")]
    assert (rates["median_change"] > 0).all()
    assert rates["assumed"].all()


@pytest.mark.parametrize(
    ("asked", "said"),
    [({}, "at least one change"), ({"people": 5, "by": "2022-FY"}, "after 2023-start"),
     ({"points": 1, "pace": 1}, "not by both"), ({"people": "many"}, "use a number"),
     ({"people": 5, "target": "people_enroled"}, "did you mean people_enrolled"),
     ({"people": 5, "by": "soon"}, "'soon'")],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(study, asked, said):
    with pytest.raises(WrongCall, match=said):
        va.what_if(study, **asked)


def test_units_stand_against_their_quota_the_year_before_and_all_together(counted):
    frame = va.units(counted, "people_enrolled").frame.set_index("unit")
    first, late = frame.loc["178"], frame.loc["181"]
    assert (first["done"], first["quota"], first["same_period"]) == (90, 120, 80)
    assert first["share"] == pytest.approx(75.0)
    assert first["of_same_period"] == pytest.approx(112.5)
    assert (first["pace_needed"], first["pace_seen"]) == (30, 30)
    level = 100 * (90 + 290) / (120 + 580)
    assert first["gap"] == pytest.approx(75 - level)
    assert frame.loc["180", "gap"] == pytest.approx(50 - level)
    assert late[["done", "share", "gap", "pace_seen"]].isna().all()  # missing, never zero
    own = counted.at(unit="180").assessment("people_enrolled")
    assert frame.loc["180", "probability"] == own.probability


def test_a_part_of_the_people_that_is_not_there_is_refused(counted):
    assert va.units(counted, "people_enrolled", part="female").frame["part_share"].isna().all()
    with pytest.raises(WrongCall, match="did you mean female"):
        va.units(counted, "people_enrolled", part="femal")


def test_targets_on_an_unknown_indicator_are_not_an_empty_list(counted):
    assert counted.of("population") == ()
    with pytest.raises(WrongCall, match="did you mean certified_rate"):
        counted.of("certfied_rate")


def test_the_units_furthest_behind_are_named(counted):
    said = va.units(counted, "people_enrolled").sentence
    assert "54.3% of their own quotas" in said
    assert "furthest behind: Tràng Định district (50.0%)" in said


def test_a_place_without_units_says_so():
    alone = opened("vinh-long-2022", "2022-start", lang="en")
    made = va.units(alone, "trained_rate")
    assert (len(made), list(made.frame.columns)[:2]) == (0, ["unit", "name"])
    assert made.sentence == "No unit of the place has a quota or a figure on the trained-labour rate."
    nothing = va.what_if(alone, points=1, target="trained_rate")
    assert len(nothing.frame) == 0
    assert "Not run" in nothing.sentence
    assert "Assumed" not in nothing.sentence


def test_every_cutoff_so_far_has_its_statement(counted):
    frame = va.over_time(counted, "people_enrolled").frame
    assert frame["as_of"].tolist() == ["2023-start", "2023-Q1", "2023-H1", "2023-9M"]
    for row in frame.itertuples():
        then = counted.at(row.as_of).assessment("people_enrolled")
        assert row.status == then.status
        assert row.median == pytest.approx(then.median, nan_ok=True)
    assert frame["so_far"].tolist()[1:3] == [24 + 90 + 80, 60 + 200 + 190]


def test_a_pace_is_what_is_missing_over_the_years(study):
    row = va.pace(study, "trained_rate", value=65, by="2025-FY").frame.iloc[0]
    assert row["pace_required"] == pytest.approx((65 - 57.2) / (2025 - 2021))
    assert row["pace_seen"] == pytest.approx((57.2 - 35) / (2021 - 2010))
    own = va.pace(study, "trained_rate").frame.iloc[0]
    assert own["probability"] == study.assessment("trained_rate").probability
    assert own["pace_required"] == pytest.approx((62 - 57.2) / 2)


def test_a_goal_of_a_unit_of_ones_own_is_not_its_quota(counted):
    row = va.pace(counted.at(unit="178"), "people_enrolled", value=150).frame.iloc[0]
    projection = counted.at(unit="178").assessment("people_enrolled").projection
    assert row["target_value"] == 150
    assert row["probability"] == projection.probability(150)
    assert row["pace_required"] == 150 - 90


@pytest.mark.parametrize(
    ("value", "by", "said"),
    [(165, "", "between 0 and 100"), (65, "2021-FY", "after 2023-start"), (65, "2025-M05", "2025-M05")],
)
def test_a_goal_that_is_none_is_refused(study, value, by, said):
    with pytest.raises(WrongCall, match=said):
        va.pace(study, "trained_rate", value=value, by=by)


def test_places_are_compared_by_what_was_published():
    with (PUBLISHED / "certified_rate.csv").open(encoding="utf-8") as lines:
        rows = {
            (row["unit"], row["period"]): float(row["value"])
            for row in csv.DictReader(lines)
            if row["concept"] == "ICLS-13" and not row["sex"] and not row["residence"]
        }
    made = va.compare("certified_rate", places=["Lạng Sơn", "cao bang", "24"], lang="en")
    old = made.frame[made.frame["concept"] == "ICLS-13"]
    assert set(old["place"]) == {"20", "04", "24"}
    for row in old.itertuples():
        assert row.value == rows[row.place, f"{row.year}-FY"]
    assert "Cao Bằng is highest (19.8%), Lạng Sơn lowest (15.8%)" in made.sentence
    assert made.picture.png[:4] == b"\x89PNG"


def test_a_place_may_be_given_by_itself_and_a_language_must_be_one():
    assert va.compare("certified_rate", "Cao Bang", lang="en").frame["place"].unique().tolist() == ["04"]
    with pytest.raises(WrongCall, match="'fr'"):
        va.compare("certified_rate", "Cao Bang", lang="fr")


def test_all_provinces_are_compared_when_none_is_named():
    frame = va.compare("certified_rate").frame
    assert frame["place"].nunique() == 63
    assert "VN" not in set(frame["place"])


@pytest.mark.parametrize(
    ("asked", "said"),
    [(("certfied_rate", "Cao Bang"), "did you mean certified_rate"),
     (("certified_rate", "Cao Bag"), "did you mean Cao Bằng"),
     (("people_enrolled_jan_may", "Cao Bang"), "nothing has been published of Cao Bằng")],
)  # fmt: skip
def test_a_wrong_name_is_refused_with_the_nearest(asked, said):
    with pytest.raises(WrongCall, match=said):
        va.published(*asked)


def test_plans_are_compared_by_their_targets(study):
    made = va.compare("trained_rate", plans=["lang-son-2023", study.at("2023-9M")], lang="en")
    assert made.frame["as_of"].tolist() == ["2023-start", "2023-9M"]
    assert made.frame["plan"].tolist() == ["lang-son-2023"] * 2
    with pytest.raises(WrongCall, match="did you mean trained_rate"):
        va.compare("traned_rate", plans=[study])


def test_a_projection_of_ones_own_is_drawn_with_its_figures():
    rates = pd.Series({2018: 0.41, 2020: 0.45, 2021: 0.47})
    projection = va.project_rate(rates, [2022, 2023])
    made = va.plot(projection, rates, 0.5, lang="en")
    assert made.frame["median"].tolist() == projection.median.tolist()
    assert made.frame["probability"].tolist() == projection.probability(0.5).tolist()
    fan = made.picture.picture.chart
    assert [point.value for piece in fan.pieces for point in piece.points] == pytest.approx([41, 45, 47])
    assert fan.target == 50


def test_the_document_is_the_reports(study):
    assert any(
        "57.2" in row for block in va.document(study).blocks for row in map(str, getattr(block, "rows", ()))
    )


def test_a_table_becomes_a_workbook_of_numbers(counted, tmp_path):
    made = va.units(counted, "people_enrolled")
    sheet = load_workbook(made.to_excel(tmp_path / "units.xlsx")).active
    rows = {row[0]: row[1:] for row in sheet.iter_rows(values_only=True)}
    assert rows["Lạng Sơn city"][:3] == (90, 120, 75)
    assert rows["Bình Gia district"][0] == ".."
    targets = show.table(counted).to_excel(tmp_path / "targets.xlsx")
    assert any("13,500" in str(cell) for row in load_workbook(targets).active.values for cell in row)
    with pytest.raises(WrongCall, match=r"\.xlsx"):
        made.to_excel(tmp_path / "units.csv")


def test_an_answer_shows_itself_with_its_sentence_and_table(counted):
    made = va.units(counted, "people_enrolled")
    assert made.sentence.replace("'", "&#x27;") in made._repr_html_()
    assert "<table" in made._repr_html_()
    assert len(made) == len(made.frame)


def test_a_target_is_shown_by_its_name(study):
    assert show.picture(study, "trained_rate").data == show.picture(study, study.assessments[0]).data
    with pytest.raises(WrongCall, match="did you mean trained_rate"):
        show.reading(study, "trained_rat")


def test_what_is_public_completes_to_calls_before_any_import():
    import subprocess
    import sys

    code = (
        "import vetanalysis as va; names = [n for n in dir(va) if n not in ('__version__', 'show')];"
        "assert all(callable(getattr(va, n)) for n in names), names;"
        "assert all(callable(getattr(va.show, n)) for n in dir(va.show)), dir(va.show)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("target", ["trained_rate", "certified_rate", "people_enrolled"])
def test_a_target_alone_is_judged_as_among_the_others(counted, target):
    """Of each cut-off only what the target needs is worked out, and the same is said."""
    frame = va.over_time(counted, target).frame
    others = assessment_table([counted.at(one).assessment(target) for one in frame["as_of"]])
    pd.testing.assert_frame_equal(frame[others.columns], others)


def test_an_answer_without_a_row_is_its_sentence_alone():
    empty = va.units(opened("lang-son-2023", "2023-start", lang="en", returns="none"), "people_enrolled")
    assert len(empty) == 0
    assert repr(empty) == empty.sentence
    assert "<table" not in empty._repr_html_()
