"""The register of indicators: every row of the plan has a formula, a way to add up and a note on what breaks it."""

from __future__ import annotations

import pytest

from vetanalysis.catalogue import FUNCTIONS, OVER_TIME, OVER_UNITS, catalogue, describe, entry
from vetanalysis.errors import WrongCall
from vetanalysis.plan import load_plan


@pytest.fixture(scope="module")
def plan():
    return load_plan("lang-son-2023")


def test_every_row_of_the_plan_is_in_the_register(plan):
    rows = {one.row for one in catalogue(plan).values() if one.row}
    assert rows == set(range(1, 63))


def test_every_entry_says_how_it_is_worked_out_and_what_breaks_it(plan):
    for one in catalogue(plan).values():
        assert one.formula.vi, one.id
        assert one.formula.en, one.id
        assert one.over_units in OVER_UNITS, one.id
        assert one.over_time in OVER_TIME, one.id
        assert all((one.breaks.vi, one.breaks.en, one.source.vi, one.source.en)), one.id


def test_every_function_belongs_to_an_indicator_and_has_its_formula(plan):
    assert set(FUNCTIONS) <= set(catalogue(plan))
    for name, function in FUNCTIONS.items():
        assert len(function.__doc__ or "") > 40, name


def test_percentages_are_never_added(plan):
    for one in catalogue(plan).values():
        if one.measure in ("percent", "percentage_points"):
            assert one.over_units not in ("sum", "stock_sum"), one.id


def test_a_ratio_has_a_function_and_two_parts(plan):
    ratios = [one for one in catalogue(plan).values() if one.over_units == "ratio_of_sums"]
    assert {"employed_after_training_rate", "disbursement_rate", "streaming_lower_secondary"} <= {
        one.id for one in ratios
    }
    assert all(len(one.parts) == 2 and one.function is not None for one in ratios)


@pytest.mark.parametrize(("lang", "words"), [("vi", "Điều làm gãy chuỗi số liệu"), ("en", "What breaks it")])
def test_an_entry_in_words(plan, lang, words):
    text = describe("trained_rate", lang, plan)
    assert words in text
    assert "97/2016" in text
    assert "ICLS-19" in text


def test_an_unknown_indicator_names_the_nearest(plan):
    with pytest.raises(WrongCall, match="did you mean trained_rate"):
        entry(plan, "trained_rat")


def test_another_plan_has_its_own_register():
    assert set(catalogue(load_plan("viet-nam-2025"))) < set(catalogue(load_plan("lang-son-2023")))
