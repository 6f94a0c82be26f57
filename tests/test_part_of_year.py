"""The part of a year that comes by the end of a month, against the formulas worked out by hand."""

import numpy as np
import pytest

from vetanalysis.forecast.part_of_year import count_by, part_to_come, rate_by
from vetanalysis.forecast.projection import DrawsProjection
from vetanalysis.forecast.usual_share import UsualShare, usual_share

TWO_YEARS = {
    "counted": np.array([400.0, 500.0]),
    "by_month": np.array([600.0, 700.0]),
    "totals": np.array([1000.0, 1000.0]),
}


def by_hand(spread):
    """Of 600 and 500 that were left a third and two fifths came; four years' worth of prior, one degree spent."""
    parts = np.array([1 / 3, 2 / 5])
    mean = 11 / 30
    chance = mean * (19 / 30) / 550
    variance = (4 * (spread**2 + chance) + ((parts - mean) ** 2).sum()) / (4 + 2 - 1) * (1 + 1 / 2)
    return mean, variance


@pytest.mark.parametrize("prior", [0.5, 1.0, 2.0])
def test_the_part_of_the_past_years_and_its_scatter(prior):
    part = part_to_come(6, **TWO_YEARS, share=0.4, prior=prior)
    mean, variance = by_hand(0.06 * prior * (1000 / 600 + 1000 / 500) / 2)  # 0.06: usual at the half year
    assert (part.mean, part.known) == (pytest.approx(mean), 2)
    assert part.variance == pytest.approx(variance)


def test_years_that_are_not_known_or_were_complete_tell_nothing():
    more = {name: np.append(values, [np.nan, 900.0]) for name, values in TWO_YEARS.items()}
    more["totals"][2] = 1000.0
    assert part_to_come(6, **more, share=0.4) == part_to_come(6, **TWO_YEARS, share=0.4)


def test_without_a_past_year_the_months_say_what_comes():
    none = {name: np.array([np.nan]) for name in TWO_YEARS}
    part = part_to_come(9, **none, share=0.4, prior=2.0)
    assert part.mean == pytest.approx((0.75 - 0.4) / 0.6)
    assert part.variance == pytest.approx((0.09 * 2 / 0.6) ** 2)
    assert part.known == 0
    assert part_to_come(6, **none, share=0.5).mean == 0.001, "what is counted already is not counted again"
    assert part_to_come(9, **none, share=1.0).mean == 0.001


def test_a_part_is_never_taken_for_nothing_or_everything():
    still = dict(TWO_YEARS, by_month=TWO_YEARS["counted"])
    assert part_to_come(6, **still, share=0.4).mean == 0.001
    done = dict(TWO_YEARS, by_month=TWO_YEARS["totals"])
    assert part_to_come(6, **done, share=0.4).mean == 0.999


def test_a_count_within_the_year_is_what_is_counted_and_a_part_of_the_rest():
    total = DrawsProjection(
        np.full(4001, 1000.0), 2023, n_points=5, prior_share=0.25,
        alternatives={2.0: DrawsProjection(np.full(4001, 1400.0), 2023)},
    )  # fmt: skip
    parts = {1.0: UsualShare(0.3, 0.01), 2.0: UsualShare(0.5, 0.01)}
    by_then = count_by(total, 400.0, parts, "2023-9M", seed=1)
    assert by_then.draws.mean() == pytest.approx(400 + 0.3 * 600, abs=0.5)
    assert by_then.draws.std() == pytest.approx(0.1 * 600, rel=0.01)
    assert by_then.alternatives[2.0].draws.mean() == pytest.approx(400 + 0.5 * 1000, abs=0.5)
    assert (by_then.periods, by_then.n_points, by_then.prior_share) == (("2023-9M",), 5, 0.25)
    assert by_then.lower_bound == 400
    assert (by_then.draws == np.round(by_then.draws)).all()
    passed = count_by(total, 1100.0, parts, "2023-9M", seed=1)
    assert (passed.draws == 1100).all(), "what is counted is never undercut"


def walk(*ends):
    """A path whose yearly ends are known for sure but for a step of 0.02 either way in the last."""
    last = np.linspace(-1, 1, 8001)[:, None] * 0.02
    draws = np.hstack([np.full((8001, 1), end) for end in ends])
    draws[:, -1:] += last
    years = [2021 + k for k in range(len(ends))]
    return DrawsProjection(
        draws[:, 0] if len(ends) == 1 else draws, years[0] if len(ends) == 1 else years, n_points=6
    )


@pytest.mark.parametrize(("ends", "part", "middle"), [((0.6,), 0.25, 0.525), ((0.6, 0.7), 0.5, 0.65)])
def test_a_rate_within_a_year_lies_on_the_line_with_the_scatter_of_a_walk(ends, part, middle):
    path, end = rate_by(walk(*ends), latest=0.5, part=part, period="2023-H1", seed=1)
    assert end.median == pytest.approx(middle, abs=5e-4)
    spread = 0.032 / 2.5631  # the step lies within 0.032 in 80 % of the draws
    sure, walked = part * 0.04 / np.sqrt(12), spread * np.sqrt(part * (1 - part))
    assert end.draws.std() == pytest.approx(np.hypot(sure, walked), rel=0.02)
    assert (path.draws[:, -1] == end.draws[:, 0]).all()
    assert (end.lower_bound, end.upper_bound, end.n_points) == (0.0, 1.0, 6)
    if len(ends) > 1:
        assert (path.draws[:, 0] == ends[0]).all()


def test_a_rate_within_a_year_stays_between_0_and_100():
    _, end = rate_by(walk(0.01), latest=0.0, part=0.5, period="2023-H1", seed=1)
    assert end.draws.min() == 0.0


@pytest.mark.parametrize("prior", [0.5, 1.0, 2.0])
@pytest.mark.parametrize(("counts", "chance"), [(True, 0.45 * 0.55 / 1000), (False, 0.0)])
def test_the_usual_share_of_two_years_and_its_scatter(prior, counts, chance):
    """Of 1,000 people of either year 400 and 500 had been counted; four years' worth of prior, one degree spent."""
    share = usual_share(6, np.array([400.0, 500.0]), np.array([1000.0, 1000.0]), prior, counts)
    wanted = (4 * ((0.06 * prior) ** 2 + chance) + 2 * 0.05**2) / (4 + 2 - 1) * (1 + 1 / 2)
    assert (share.mean, share.known) == (pytest.approx(0.45), 2)
    assert share.variance == pytest.approx(wanted)
    unsure = usual_share(
        6, np.array([400.0, 500.0]), np.array([1000.0, 1000.0]), prior, counts, np.array([0.0, 0.004])
    )
    assert unsure.variance == pytest.approx(wanted + 0.002)


def test_without_a_year_the_share_is_the_part_of_the_year_gone_by():
    share = usual_share(9, np.empty(0), np.empty(0), prior=2.0)
    assert (share.mean, share.known) == (0.75, 0)
    assert share.variance == pytest.approx((0.09 * 2) ** 2)
