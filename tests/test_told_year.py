"""A real year told month by month: each row from what was known that day, beside the last count."""

import pytest
from opened import opened

import vetanalysis as va
from vetanalysis.language.cells import worded
from vetanalysis.language.render import sentence
from vetanalysis.narrative.record import months_table, reading_of_months
from vetanalysis.track.months import told_year


@pytest.fixture(scope="module")
def target():
    return next(one for one in va.load_plan("vinh-long-2022").targets if one.id == "people_enrolled")


@pytest.fixture(scope="module")
def year(target):
    return told_year(va.load_plan("vinh-long-2022"), target)


def test_each_row_is_what_would_have_been_said_that_day(year):
    assert list(year.said["on"]) == ["2022-06-30", "2022-08-23", "2022-10-22"]
    assert list(year.said["as_of"]) == ["2022-H1", "2022-M08", "2022-M10"]
    assert (year.last, year.approximate, year.on) == (38_500, "over", "2022-11-24")
    study = opened("vinh-long-2022", "2022-M08", known_by="2022-08-23")
    one, row = study.assessment("people_enrolled"), year.said.iloc[1]
    assert (row["median"], row["probability"]) == (one.median, one.probability)


def test_an_approximate_count_is_worded_as_its_source_words_it(year, target):
    for lang, nearly, over in (("vi", "gần 20.000", "trên 38.500"), ("en", "nearly 20,000", "over 38,500")):
        table = worded(months_table(year, target), lang)
        assert table.rows[0][1] == nearly
        assert {row[-1] for row in table.rows} == {over}
        assert over in sentence(reading_of_months(year), lang)


def test_of_a_day_no_later_count_is_told(target):
    plan = va.load_plan("vinh-long-2022")
    year = told_year(plan, target, "2022-10-31")
    assert (list(year.said["on"]), year.on) == (["2022-06-30", "2022-08-23"], "2022-10-22")
    assert told_year(plan, target, "2022-07-01") is None
    told = {
        day: va.show.block(
            opened("vinh-long-2022", "2022-H1", known_by=day), "track_record.months", record=None
        )
        for day in ("2022-07-01", "2022-10-31")
    }
    assert [day for day, shown in told.items() if "30/6/2022" in repr(shown)] == ["2022-10-31"]


def test_without_two_published_counts_there_is_nothing_to_tell():
    plan = va.load_plan("lang-son-2023")
    people = next(one for one in plan.targets if one.measure == "persons")
    assert told_year(plan, people) is None
