"""A rate that is projected worse than its newest figure says why, and only then."""

import narrative_cases as cases
import pytest

from vetanalysis.assessment.assessment import Beside
from vetanalysis.blocks import Said
from vetanalysis.language.render import sentence
from vetanalysis.narrative import rates

OWN = ("trained_rate", "labour_force", "administrative")


def half_year(value, period="2023-H1", **changes):
    point = cases.point(2023, value, period=period)
    return cases.rate(
        beside=(Beside(*OWN, (point,), None, None, None, None, Said("targets.mark")),), **changes
    )


def test_an_estimate_that_counts_only_in_part():
    counted = (Said("evidence.reason.within", period="2023-H1"),)
    one = half_year(60.8, median=60.6, evidence_reasons=counted)
    assert sentence(rates.behind_newest(one), "vi") == (
        "Mức dự báo thấp hơn số ước 6 tháng đầu năm 2023 (60,8%) vì số ước trong năm có sai số riêng, chỉ được "
        "tính một phần."
    )
    assert "below the estimate for the first six months of 2023 (60.8%)" in sentence(
        rates.behind_newest(one), "en"
    )


def test_an_estimate_that_the_projection_does_not_hold():
    one = half_year(58.6, "2023-M08", median=58.3)
    assert "vì số ước này không được tính vào dự báo" in sentence(rates.behind_newest(one), "vi")


def test_a_figure_of_a_whole_year_that_is_expected_to_fall():
    one = cases.rate(median=57.0)
    assert "thấp hơn số năm 2021 (57,2%)" in sentence(rates.behind_newest(one), "vi")


@pytest.mark.parametrize("median", [60.76, 60.8, 61.0])
def test_nothing_is_said_where_it_is_not_projected_worse_as_printed(median):
    assert rates.behind_newest(half_year(60.8, median=median)) is None


def test_of_a_limit_worse_is_above():
    limit = cases.rate_target(operator="<=")
    above = sentence(rates.behind_newest(half_year(60.8, median=61.5, target=limit)), "vi")
    assert "Mức dự báo cao hơn số ước" in above
    assert rates.behind_newest(half_year(60.8, median=60.0, target=limit)) is None


def test_a_year_that_is_over_says_nothing_of_the_kind():
    assert rates.behind_newest(cases.rate(median=57.0, projection=None)) is None
