"""Lines of earlier cut-offs of the year that stand in for what a cut-off lacks, the latest that can be told."""

import numpy as np
import pytest
from opened import opened

from vetanalysis.indicators.carried import carried
from vetanalysis.periods import Cutoff

NAME, PLACE = "training_orders", "20"  # of institutions, by quarter; its returns of the nine months lack some


@pytest.fixture(scope="module")
def study():
    return opened("lang-son-2023-example", "2023-9M")


def stand_ins(study, **at_half_year):
    """The stand-ins for what is lacking after nine months, and the cut-offs asked for them.

    `at_half_year`: cells of the half year's line of `NAME` that are others.
    """
    asked = []

    def lines_at(cutoff: Cutoff):
        asked.append(str(cutoff))
        lines = study.at(cutoff).lines
        mine = (lines["id"] == NAME) & (lines["unit"] == PLACE) & (lines["basis"] != "period")
        if str(cutoff) != "2023-H1" or not at_half_year:
            return lines
        assert mine.sum() == 1
        changed = lines.assign(
            **{name: lines[name].astype(float).mask(mine, value) for name, value in at_half_year.items()}
        )
        changed.attrs = lines.attrs
        return changed

    found = carried(study.plan, study.observations, study.lines, study.as_of, lines_at)
    return found, asked


def periods(found):
    return found.loc[found["id"] == NAME, "period"].tolist()


def test_what_the_latest_cutoff_tells_is_asked_of_no_earlier_one(study):
    found, asked = stand_ins(study)
    assert asked == ["2023-H1"]
    assert found["id"].is_unique
    assert periods(found) == ["2023-H1"]


def test_what_the_latest_does_not_tell_is_taken_from_the_one_before(study):
    found, asked = stand_ins(study, value=np.nan)
    assert asked == ["2023-H1", "2023-Q1"]
    assert periods(found) == ["2023-Q1"]


def test_a_sum_of_few_does_not_stand_in_for_the_one_before(study):
    found, asked = stand_ins(study, reported=3.0)
    assert asked == ["2023-H1", "2023-Q1"]
    assert periods(found) == ["2023-H1", "2023-Q1"], "who reads them takes the first that can be told"


def test_a_stand_in_is_the_line_that_the_table_of_its_own_cutoff_has(study):
    found = study.carried.set_index("id")
    lines = study.at("2023-H1").lines
    lines = lines[(lines["unit"] == PLACE) & (lines["basis"] != "period")]
    lines = lines.drop_duplicates("id").set_index("id")
    assert len(found) > 20
    assert found["value"].equals(lines.loc[found.index, "value"])


def test_at_the_first_cutoff_of_the_year_nothing_is_asked(study):
    first = study.at("2023-Q1")
    assert carried(first.plan, first.observations, first.lines, first.as_of, pytest.fail).empty
