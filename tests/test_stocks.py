"""Targets on people who are there on a day: the newest count against the target, its pace, and no chance."""

import four_counts
import pandas as pd
import pytest
from report_text import texts_of

import vetanalysis as va
from vetanalysis.cli.main import main, parser
from vetanalysis.cli.new_plan import run
from vetanalysis.errors import WrongCall
from vetanalysis.report import document_of

OWN = ["--place", "02", "--place-name", "tỉnh A", "--years", "2026"]
TEACHERS = "teachers=Số nhà giáo|Teachers>=120"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return four_counts.write(tmp_path_factory.mktemp("plans") / "four")


@pytest.fixture(scope="module")
def study(folder):
    return four_counts.study(folder)


def teachers(study):
    return study.assessment("teachers")


def said_of(study):
    """What the report says."""
    return "\n".join(text for _, text in texts_of(document_of(study)))


def test_the_newest_count_of_all_units_stands_against_the_target_and_no_chance_is_given(study):
    """87, 93 and 99 at the ends of three years, 105 at the half year; what is missing is 15 and not 120 less a sum."""
    one = teachers(study)
    assert [(point.period, point.value) for point in one.points] == [
        ("2023-FY", 87), ("2024-FY", 93), ("2025-FY", 99), ("2026-H1", 105),
    ]  # fmt: skip
    assert (one.status, one.probability, one.projection) == ("not_forecast", None, None)
    assert (one.gap, one.pace_required, one.pace_seen) == (15, 30, 6)
    assert "no checked method projects such numbers" in one.reason.en


def test_the_report_says_what_is_there_when_and_how_far_it_is(study):
    text = said_of(study)
    assert "The figure for the first six months of 2026 is 105 people, 15 people short of 120 people" in text
    assert "the last figure of a whole year is 99 people (2025)" in text
    assert "Not forecast: this is a number present on a day" in text
    assert "supply figures on the target's own definition" not in text  # they are there


def test_its_own_date_decides(folder):
    short = teachers(four_counts.study(folder, "2026-FY"))
    assert (short.is_judged, short.latest.value, short.gap) == (True, 105, 15)
    assert not short.is_reached
    text = said_of(four_counts.study(folder, "2026-FY"))
    assert "has not been reached (provisional figure): 105 people for 2026" in text
    assert "Projected for 2026: 105" not in text


def test_a_level_that_fell_is_told_as_it_fell(folder):
    rows = four_counts.returns("H1")
    mine = (rows["indicator"] == "teachers") & (rows["period"] == "2026-H1")
    study = va.open_study(
        folder, "2026-H1", returns=rows.assign(value=rows["value"].mask(mine, 20)), published="none"
    )
    assert teachers(study).latest.value == 60


def test_a_date_of_which_a_unit_is_missing_has_no_count(folder):
    rows = four_counts.returns("H1")
    late = (rows["unit"] == "s3") & (rows["period"] == "2026-H1")
    study = va.open_study(folder, "2026-H1", returns=rows[~late], published="none")
    assert teachers(study).latest.period == "2026-Q1"


def test_what_the_place_tells_of_itself_counts(folder):
    rows = pd.DataFrame(
        [("02", f"{year}-FY", "teachers", 90 + year - 2023, "stock") for year in (2023, 2024, 2025)],
        columns=["unit", "period", "indicator", "value", "basis"],
    )
    one = teachers(va.open_study(folder, "2026-H1", returns=rows, published="none"))
    assert [point.value for point in one.points] == [90, 91, 92]


def test_the_pace_within_a_year_is_what_is_missing_and_no_yearly_one(study):
    said = va.pace(study, "teachers").sentence
    assert "must still rise by 15 people; so far the change was 6 people a year" in said
    assert "90 people" not in said
    assert "must still rise by 45 people" in va.pace(study, "teachers", value=150).sentence


def test_a_limit_leaves_people_and_takes_none(study):
    said = va.pace(study, "leavers").sentence
    assert "65 people at most by the end of 2026 leaves 16 people for each quarter to come" in said


def test_more_enrolled_are_no_more_teachers_and_a_stock_is_no_head_count(study):
    plan = study.plan
    assert plan.target("teachers").is_stock
    assert "teachers" not in plan.counts
    assert "(teachers)" in va.what_if(study, people=50).sentence
    assert len(va.units(study, "teachers").frame) == 3


def test_a_stock_that_stands_first_is_not_what_the_plan_counts(tmp_path):
    folder = tmp_path / "p"
    assert main(["new-plan", str(folder), *OWN, "--target", TEACHERS, "--target", "people_enrolled>=900",
                 "--stocks", "teachers"]) == 0  # fmt: skip
    plan = va.load_plan(folder)
    assert plan.counts == ("people_enrolled",)
    assert plan.indicators.set_index("id").loc["teachers", "basis"] == "stock"
    assert "never added up" in plan.target("teachers").reading.en


def test_a_unit_reads_how_far_its_stock_is_from_what_it_was_given(tmp_path):
    folder = four_counts.write(tmp_path / "p")
    (folder / "quotas.csv").write_text(
        "unit,level,period,value,source,indicator\ns3,,2026-FY,45,x,teachers\n", encoding="utf-8"
    )
    given, not_given = (said_of(four_counts.study(folder, unit=unit)) for unit in ("s3", "s2"))
    assert "Result: teachers 40 people (the first six months of 2026)" in given
    assert "5 people short" in given
    assert "no quota of its own for the teachers" not in not_given


def test_a_stock_without_a_value_is_told_as_of_its_day_and_never_since_the_year_began(tmp_path):
    rows = four_counts.returns("H1")
    folder = tmp_path / "p"
    units = tmp_path / "units.csv"
    units.write_text("code,name,kind,parent\ns1,Trường s1,institution,\n", encoding="utf-8")
    boarders = ["--target", "boarders=Số nội trú|Boarders>=9", "--stocks", "teachers,boarders"]
    assert main(["new-plan", str(folder), *OWN, "--target", TEACHERS, *boarders, "--units", str(units)]) == 0
    mine = rows[(rows["unit"] == "s1") & (rows["indicator"] == "teachers")]
    both = pd.concat([mine, mine.assign(indicator="boarders")])
    text = said_of(va.open_study(folder, "2026-H1", unit="s1", lang="en", returns=both, published="none"))
    assert "the first six months of 2026, the boarders came to 30" in text
    assert "From the start of the year" not in text


def test_of_two_stocks_each_has_its_own_quotas(tmp_path):
    """A plan of stocks alone counts nothing over time; its quotas are no less of the indicator they name."""
    rooms = ["--target", "boarders=Số học viên nội trú|Boarders>=60", "--stocks", "teachers,boarders"]
    folder = tmp_path / "p"
    assert main(["new-plan", str(folder), *OWN, "--target", TEACHERS, *rooms]) == 0
    (folder / "quotas.csv").write_text(
        "unit,level,period,value,source,indicator\n"
        "02,,2026-FY,120,x,\n02,,2026-FY,60,x,boarders\n", encoding="utf-8"
    )  # fmt: skip
    plan = va.load_plan(folder)
    assert [plan.quotas_of(one)["value"].tolist() for one in ("teachers", "boarders")] == [[120], [60]]


def test_new_plan_asks_which_counts_are_stocks_and_marks_them_where_nobody_said(tmp_path):
    asked = []

    def ask(question):
        asked.append(question)
        found = {
            "Code": "02",
            "Its name": "tỉnh A",
            "Year,": "2026",
            "The targets": TEACHERS,
            "Which of": "teachers",
        }
        return next((answer for name, answer in found.items() if name in question.splitlines()[1]), "")

    run(parser().parse_args(["new-plan", str(tmp_path / "p")]), ask)
    assert any("teachers" in question for question in asked)
    assert va.load_plan(tmp_path / "p").target("teachers").is_stock
    assert main(["new-plan", str(tmp_path / "q"), *OWN, "--target", TEACHERS]) == 0
    plan = va.load_plan(tmp_path / "q")
    assert not plan.target("teachers").is_stock
    assert "stock as its basis" in plan.indicators.set_index("id").loc["teachers", "formula_en"]


@pytest.mark.parametrize(("target", "stocks"), [
    (TEACHERS, "teacher"), ("people_enrolled>=900", "people_enrolled"), ("posts=Vị trí|Posts>=90@2025..2026", "posts"),
    ("share=Tỷ lệ|Share>=9%", "share"), ("people_in_training>=900@2025..2026", ""),
])  # fmt: skip
def test_what_cannot_be_a_stock_or_added_over_years_is_refused(tmp_path, target, stocks):
    with pytest.raises(WrongCall, match="of your own on people" if stocks else "people are added"):
        run(
            parser().parse_args(
                ["new-plan", str(tmp_path / "p"), *OWN, "--target", target, "--stocks", stocks]
            )
        )


def test_counts_of_a_first_year_stand_in_the_table_of_figures_as_they_are_drawn(tmp_path):
    """A year without a whole one before it has a picture in the report, so the notebook has figures to show."""
    from vetanalysis import show

    place = four_counts.write(tmp_path / "p", "people_enrolled>=1300")
    rows = four_counts.returns("H1")
    rows = rows[(rows["indicator"] == "people_enrolled") & (rows["period"].str[:4] == "2026")]
    study = va.open_study(place, "2026-H1", lang="en", returns=rows, published="none")
    assert show.figures(study, "people_enrolled").frame["Value"].tolist() == ["330 people", "660 people"]


def test_a_sum_of_units_is_traced_to_what_each_of_them_sent(study):
    from vetanalysis.language.numbers import of_plan
    from vetanalysis.pipeline.origins import origins_of
    from vetanalysis.report import told_of

    with of_plan(study.plan):
        traced = origins_of(study, told_of(study))
    (name,) = {name for _, value, name in traced["figures"]["teachers.results"] if value == 105}
    rows = [traced["rows"][at] for at in traced["origins"][name]["rows"]]
    assert {row[1] for row in rows if row[2] == "2026-H1"} == set(four_counts.SCHOOLS)
