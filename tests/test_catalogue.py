"""The register of indicators: every row of the plan has a formula and a way to add up."""

from __future__ import annotations

import pytest

from vetanalysis.plan import load_plan
from vetanalysis.plan.catalogue import PARTS, catalogue

WAYS = ("sum", "stock_sum", "ratio_of_sums", "not_aggregable", "computed", "counted")


@pytest.fixture(scope="module")
def plan():
    return load_plan("lang-son-2023")


def test_every_row_of_the_plan_is_in_the_register(plan):
    rows = {one.row for one in catalogue(plan).values() if one.row}
    assert rows == set(range(1, 63))


def test_every_entry_says_how_it_is_worked_out_and_adds_up(plan):
    for one in catalogue(plan).values():
        assert one.formula.vi, one.id
        assert one.formula.en, one.id
        assert one.over_units in WAYS, one.id
        assert one.basis in ("cumulative", "stock", "period"), one.id


def test_percentages_are_never_added(plan):
    for one in catalogue(plan).values():
        if one.measure in ("percent", "percentage_points"):
            assert one.over_units not in ("sum", "stock_sum"), one.id


def test_a_ratio_has_two_parts(plan):
    ratios = [one for one in catalogue(plan).values() if one.over_units == "ratio_of_sums"]
    assert {"employed_after_training_rate", "disbursement_rate", "streaming_lower_secondary"} <= {
        one.id for one in ratios
    }
    assert all(len(one.parts) == 2 for one in ratios)


def test_parts_that_are_no_indicator_are_known_with_measure_and_basis(plan):
    entries = catalogue(plan)
    assert all(part in entries or part in PARTS for one in entries.values() for part in one.parts)


def test_another_plan_has_its_own_register():
    assert set(catalogue(load_plan("viet-nam-2025"))) < set(catalogue(load_plan("lang-son-2023")))
