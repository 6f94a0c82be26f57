"""Figure, target and difference of one sentence or row have the same decimals and add up as they are printed."""

import re

import narrative_cases as cases
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetanalysis.assessment.assessment import Beside
from vetanalysis.blocks import LANGUAGES, Said
from vetanalysis.language import numbers
from vetanalysis.language.cells import printed
from vetanalysis.language.render import sentence
from vetanalysis.narrative import count, opening, tables, targets


def vinh_long(value=21.55, goal=20.11, **changes):
    """The certified rate of Vĩnh Long in August 2022, beside a target of 20.11 %."""
    return cases.rate(target=cases.rate_target(value=goal), points=(cases.point(2022, value),), **changes)


def test_a_figure_has_the_decimals_of_its_target():
    one = vinh_long()
    assert "21,55% (năm 2022), cao hơn mức 20,11% là 1,44 điểm phần trăm" in sentence(
        targets.results(one), "vi"
    )
    assert "21.55% (2022), 1.44 percentage points above 20.11%" in sentence(targets.results(one), "en")
    assert sentence(opening._reached(one), "vi").endswith("21,55% (năm 2022).")
    assert printed(tables.target_table([one], "2022-9M").rows[0][2], "vi") == "21,55% (2022)"
    assert "1,44 điểm phần trăm" in sentence(targets.gap(one), "vi")
    assert "là 21,55% năm 2022" in sentence(targets.latest_figure(one), "vi")


def test_a_figure_gets_no_decimals_that_it_has_not():
    assert "21,6% (năm 2022), cao hơn mức 20,11% là 1,49 điểm" in sentence(
        targets.results(vinh_long(21.6)), "vi"
    )
    assert "60,8% (năm 2022), còn thiếu 1,2 điểm" in sentence(targets.results(vinh_long(60.8341, 62)), "vi")
    assert "57,0% (năm 2022), còn thiếu 5,5 điểm" in sentence(targets.results(vinh_long(57, 62.5)), "vi")


def test_what_is_left_of_a_year_and_what_is_beside_it_are_said_alike():
    half = cases.point(2023, 19.55, period="2023-H1")
    own = ("trained_rate", "labour_force", "administrative")
    one = vinh_long(18.2, beside=(Beside(*own, (half,), None, None, None, None, Said("targets.mark")),))
    assert "19,55%" in sentence(targets.results(one), "vi")
    assert "còn thiếu 0,56 điểm" in sentence(targets.results(one), "vi")
    assert "tăng 0,56 điểm" in sentence(count.required_against_seen(one), "vi")


def test_less_than_is_printed_is_said_so():
    assert "còn thiếu chưa đến 0,1 điểm phần trăm" in sentence(targets.results(vinh_long(61.98, 62)), "vi")
    assert "còn thiếu chưa đến 0,01 điểm" in sentence(targets.results(vinh_long(20.1096, 20.11)), "vi")


@pytest.mark.parametrize(
    ("before", "after", "vi"),
    [
        (20.04, 21.55, "tăng 1,6 điểm phần trăm"),
        (57.24, 57.26, "tăng 0,1 điểm phần trăm"),
        (57.2, 57.24, "không thay đổi"),
    ],
)
def test_a_change_is_that_of_the_figures_as_printed(before, after, vi):
    assert numbers.change(before, after, "percent", "vi") == vi


@given(
    st.floats(0, 100).map(lambda value: round(value, 4)), st.integers(0, 10000).map(lambda goal: goal / 100),
    st.sampled_from(LANGUAGES),
)  # fmt: skip
def test_every_distance_adds_up_on_the_page(value, goal, lang):
    told = [
        float(number.replace(",", ".")) for number in re.findall(r"\d+(?:[.,]\d+)?", _sum(value, goal, lang))
    ]
    figure, target, apart = told
    assert apart == pytest.approx(abs(target - figure), abs=1e-9)


def _sum(value, goal, lang):
    digits = numbers.decimals_beside(value, goal)
    away = numbers.away(value, goal, "percent")
    parts = (
        numbers.beside(value, goal, "percent", lang),
        numbers.percent(goal, lang, None),
        numbers.difference(away, "percent", lang, max(digits, numbers.decimals_beside(away, away))),
    )
    return " ".join(parts)
