"""What moves the chance of a target on people: every part at its ends, the rest as projected."""

from dataclasses import replace

import numpy as np
import pytest
from opened import opened
from tier_cases import assess, at, people, plan_of, told

from vetanalysis import open_study
from vetanalysis.errors import NotAssessable, WrongCall
from vetanalysis.figures.effects import tornado_of
from vetanalysis.figures.style import in_language
from vetanalysis.scenarios.sensitivity import of_people


@pytest.fixture(scope="module")
def study():
    return opened("lang-son-2023-example", "2023-9M")


@pytest.fixture(scope="module")
def found(study):
    return of_people(study, study.assessment("people_enrolled"))


def test_parts_of_the_year_move_the_chance_from_low_to_high_and_stand_in_order(study, found):
    one = study.assessment("people_enrolled")
    assert found.base == 100 * one.probability
    moved = {part.name: part for part in found.moved}
    levels = {f"level|{level}" for level in ("elementary", "intermediate", "college")}
    assert set(moved) >= levels | {"late", "corrections", "prior"}
    for name, part in moved.items():
        if name != "prior":
            assert part.low < found.base < part.high, name
            assert part.low_end < part.high_end
    assert sum(name.startswith("unit|") for name in moved) == 1
    widths = [part.width(found.base) for part in found.moved]
    assert widths == sorted(widths, reverse=True)
    assert found.illustrative
    assert not found.assumed


def test_a_part_is_held_at_its_end_in_every_path(study, found):
    one = study.assessment("people_enrolled")
    year = one.year_of_people
    code = next(part.name for part in found.moved if part.name.startswith("unit|")).removeprefix("unit|")
    part = next(part for part in found.moved if part.name == f"unit|{code}")
    end = np.quantile(year.reconciled.units[code], 0.9)
    by_hand = np.mean(year.reconciled.units.drop(columns=code).sum(axis=1) + end >= 13500)
    assert part.high_end == end
    assert part.high == pytest.approx(100 * by_hand)
    others = year.reconciled.units.drop(columns=[code, *year.late])
    for other in others.columns:  # no other unit moves it more
        rest = year.reconciled.units.drop(columns=other).sum(axis=1)
        ends = np.quantile(year.reconciled.units[other], [0.1, 0.9])
        assert np.ptp([found.base / 100, *(np.mean(rest + q >= 13500) for q in ends)]) <= (
            part.width(found.base) / 100 + 1e-9
        )


def test_what_has_no_year_of_counts_or_no_chance_has_no_tornado(study):
    one = study.assessment("people_enrolled")
    with pytest.raises(WrongCall):
        of_people(study, study.assessment("trained_rate"))
    with pytest.raises(NotAssessable):
        of_people(study, replace(one, probability=None))
    with pytest.raises(NotAssessable, match="nothing of the year"):
        of_people(study, replace(one, received=None))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_figure_names_the_parts_and_marks_invented_numbers(found, lang):
    data = in_language(tornado_of(found), lang)
    assert data.illustrative
    assert len(data.bars) == len(found.moved)
    assert all(1 <= end <= 99 for bar in data.bars for end in (bar.low, bar.high))
    labels = " ".join(bar.label for bar in data.bars)
    assert ("trình độ sơ cấp" if lang == "vi" else "elementary level") in labels


@pytest.mark.parametrize(("unit", "asked", "as_of"), [
    ("r1", {}, "2023-9M"), ("", {"period": "2023-H1"}, "2023-Q1"), ("", {"since": "2022-FY"}, "2023-9M"),
])  # fmt: skip
def test_a_correction_is_set_against_the_goal_that_was_asked(unit, asked, as_of):
    """The same chance as that of final figures that came to as much more or less: of a unit, a part, several years."""
    quotas, counts = (at(frame, "regions") for frame in people(2, until=as_of[5:]))
    plan = plan_of(2, quotas)
    target = plan.targets[0].model_copy(update=asked)
    plan = plan.model_copy(update={"targets": (target,)})
    middle = assess(plan, told(counts, plan), as_of).median
    plan = plan.model_copy(update={"targets": (target.model_copy(update={"value": middle}),)})
    frame = counts.assign(indicator="people_enrolled")
    study = open_study(plan, as_of, unit=unit, returns=frame, published="none")
    found = of_people(study, study.assessments[0])
    part = next(part for part in found.moved if part.name == "corrections")
    assert part.low < part.high
    for end, chance in ((part.low_end, part.low), (part.high_end, part.high)):
        newest = np.where(counts["period"] == as_of, 1 + end / 100, 1.0)
        final = np.where(counts["period"].str.startswith("2023"), "final", "provisional")
        moved = counts.assign(value=(counts["value"] * newest).round(), status=final)
        assert chance == pytest.approx(100 * assess(plan, told(moved, plan), as_of, unit or None).probability)
