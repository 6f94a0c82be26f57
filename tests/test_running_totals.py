"""Running totals of a year from figures of its steps and quarters alone; missing is never zero."""

import numpy as np
import pandas as pd
import pytest

from vetanalysis.assessment.counting import _running, _unstated
from vetanalysis.indicators.tally import complete
from vetanalysis.indicators.tiers import KEY
from vetanalysis.plan import load_plan

NAN = np.nan


@pytest.mark.parametrize(
    ("totals", "alone", "wanted"),
    [
        ([100, NAN, NAN, NAN], [NAN, 50, NAN, 30], [100, 150, NAN, NAN]),
        ([NAN, NAN, 300, NAN], [NAN, 80, 120, NAN], [100, 180, 300, NAN]),
        ([NAN, NAN, NAN, NAN], [10, 20, 30, 40], [10, 30, 60, 100]),
        ([NAN, NAN, NAN, NAN], [NAN, 20, 30, 40], [NAN, NAN, NAN, NAN]),
        ([10, 31, NAN, NAN], [10, 20, 5, NAN], [10, 31, 36, NAN]),  # what was reported stays
        ([NAN, 30, NAN, 90], [NAN, NAN, NAN, 25], [NAN, 30, 65, 90]),
    ],
)
def test_gaps_between_running_totals_are_closed_by_what_each_step_says(totals, alone, wanted):
    found, _ = complete(np.array([totals]), np.array([alone]))
    np.testing.assert_array_equal(found.values, [wanted])


@pytest.mark.parametrize(
    ("step", "marked"), [(1.0, False), (1.0000005, False), (1.0000015, True), (2.0, True)]
)
def test_a_step_that_its_totals_contradict_is_marked(step, marked):
    _, steps = complete(np.array([[1.0, 2.0, NAN, NAN]]), np.array([[NAN, step, NAN, NAN]]))
    assert steps.corrected[0].tolist() == [False, marked, False, False]
    assert steps.values[0, 1] == step, "what was reported stays"


def test_quarters_alone_close_the_totals_at_their_last_month():
    totals, months, quarters = (np.full((1, 12), NAN) for _ in range(3))
    quarters[0, [2, 5, 11]] = 90, 60, 40
    months[0, 6] = 7
    found, _ = complete(totals, months, quarters)
    wanted = np.full(12, NAN)
    wanted[[2, 5, 6]] = 90, 150, 157
    np.testing.assert_array_equal(found.values[0], wanted)
    months[0, [0, 1]] = 20, 30
    assert complete(totals, months, quarters)[0].values[0, :3].tolist() == [20, 50, 90]


def rows(*given):
    columns = ["level", "unit", "year", "step", "period", "basis", "value"]
    return pd.DataFrame(given, columns=columns)


def test_a_units_quarter_alone_continues_its_running_total():
    calendar = load_plan("lang-son-2023").calendar
    found = _running(
        rows(
            ("college", "a", 2023, 1, "2023-Q1", "cumulative", 100.0),
            ("college", "a", 2023, 2, "2023-Q2", "period", 50.0),
            ("college", "b", 2023, 2, "2023-Q2", "period", 30.0),
            ("college", "c", 2023, 1, "2023-Q1", "period", 5.0),
            ("", "c", 2023, 2, "2023-H1", "cumulative", 9.0),
        ),
        calendar,
    )
    assert found.loc["college", "a", 2023].tolist()[:2] == [100, 150]
    assert ("college", "b", 2023) not in found.index, "without the first quarter nothing is known of the year"
    assert found.loc["college", "c", 2023].dropna().tolist() == [5]
    assert found.loc["", "c", 2023].dropna().tolist() == [9]
    assert list(found.index.names) == KEY


def table(*given):
    index = pd.MultiIndex.from_tuples([row[0] for row in given], names=KEY)
    return pd.DataFrame([row[1] for row in given], index=index, columns=[1, 2])


LEVELS = ("college", "a", 2023), [10.0, NAN]


@pytest.mark.parametrize(
    ("bare", "by_level", "unstated"),
    [
        (None, True, False),
        (None, False, False),
        ([10.0, NAN], True, False),  # all of it is told by level, too
        ([10.0, 30.0], True, True),  # at the second step no level is told
        ([10.0, 30.0], False, True),
        ([NAN, NAN], False, True),
    ],
)
def test_a_figure_without_a_level_is_of_unstated_scope_where_it_counts(bare, by_level, unstated):
    given = [LEVELS] if bare is None else [LEVELS, (("", "a", 2023), bare)]
    assert _unstated(table(*given), by_level) is unstated


def test_a_figure_without_a_level_counts_where_no_level_was_told():
    assert _unstated(table(LEVELS, (("", "b", 2023), [7.0, NAN])), True) is True
    assert _unstated(table((("college", "a", 2023), [NAN, 9.0]), (("", "a", 2023), [7.0, 9.0])), True) is True
