"""What corrections of counts change: in the range, in the floor, in who is called late."""

import pandas as pd
import pytest
from flow_cases import assess, flow, returns

import vetanalysis as va
from vetanalysis.assessment.people_projected import project_people, project_units


@pytest.fixture(scope="module")
def plan():
    return va.load_plan("lang-son-2023-example")


def test_what_is_known_of_corrections_is_told_with_their_mean(plan):
    seen = assess(plan, corrected(plan, "186", "2023-H1", 0.5)).revision
    known = flow(plan, corrected(plan, "186", "2023-H1", 0.5)).corrections.dropna(subset=["first"])
    assert (seen.figures, seen.provisional) == (len(known), 1)
    assert seen.corrected == (known["first"] != known["last"]).sum() > 0
    assert seen.mean == pytest.approx(known["last"].sum() / known["first"].sum() - 1)
    assert -0.1 < seen.mean < 0


def dated(obs, days):
    """The rows with the day on which each period's figures came: in time, or `days` by (unit, period)."""
    usual = {"Q1": "03-16", "H1": "06-16", "9M": "09-16", "FY": "12-16"}
    vintage = [
        days.get((row.unit, row.period), f"{row.period[:4]}-{usual[row.period[5:]]}")
        for row in obs.itertuples()
    ]
    return obs.assign(vintage=vintage)


def corrected(plan, unit, period, factor, day="2023-09-20"):
    """Everything in time, and one unit's figures of a period told again on `day`, times `factor`."""
    obs = dated(returns(plan), {})
    again = obs[(obs["unit"] == unit) & (obs["period"] == period)]
    again = again.assign(value=(again["value"] * factor).round(), vintage=day)
    return pd.concat([obs, again], ignore_index=True)


def test_first_and_last_figures_of_earlier_cutoffs_are_the_corrections_known(plan):
    found = flow(plan, corrected(plan, "186", "2023-H1", 0.5))
    known = found.corrections
    assert set(zip(known["year"], known["step"], strict=True)) == {
        *((year, quarter) for year in (2020, 2021, 2022) for quarter in (1, 2, 3, 4)),
        (2023, 1),
        (2023, 2),  # not the present cut-off: nobody has had occasion to correct it
    }
    moved = known[known["first"] != known["last"]]
    assert set(moved["unit"]) == {"186"}
    assert set(moved["year"] * 10 + moved["step"]) == {20232}
    first, last = (moved[name].sum() for name in ("first", "last"))
    assert last / first == pytest.approx(0.5, abs=0.01)
    assert found.current().loc["186", 2] == last


def test_figures_that_came_long_after_their_cutoff_are_no_first_figures(plan):
    obs = dated(returns(plan), {})
    late = obs.assign(vintage=obs["vintage"].where(obs["period"].str[:4] != "2021", "2021-12-16"))
    known = flow(plan, late).corrections
    told = known[(known["year"] == 2021) & known["first"].notna()]
    assert set(told["step"]) == {4}
    assert flow(plan, returns(plan)).corrections["first"].isna().all()  # no day is known at all
    assert flow(plan, returns(plan)).revision().known == 0


def test_vintages_are_compared_whatever_the_day_on_which_they_came(plan):
    """Everything came after the year's end, one unit's H1 again: that one is a correction, the rest was told once."""
    late = corrected(plan, "186", "2023-H1", 1.5, day="2024-06-01")
    late = late.assign(vintage=late["vintage"].where(late["vintage"] == "2024-06-01", "2024-03-01"))
    known = flow(plan, late).corrections.dropna(subset="first")
    assert set(zip(known["unit"], known["year"], known["step"], strict=True)) == {("186", 2023, 2)}
    assert known["last"].sum() / known["first"].sum() == pytest.approx(1.5, abs=0.01)


def test_a_running_total_that_fell_is_no_correction(plan):
    obs = dated(returns(plan), {})
    now = (obs["unit"] == "178") & (obs["period"] == "2023-9M")
    found = flow(plan, obs.assign(value=obs["value"].where(~now, 1.0)))
    assert found.fallen == ("178",)
    known = found.corrections.dropna(subset="first")
    assert (known["first"] == known["last"]).all()


def test_corrections_of_the_sum_are_read_for_the_place_and_its_own_for_a_unit(plan):
    found = flow(plan, corrected(plan, "186", "2023-H1", 0.5))
    place, units = found.revision(), found.revisions()
    assert place.known == units["186"].known == units["178"].known == 14
    assert units["178"].mean == 0 > place.mean > units["186"].mean
    assert units["178"].spread < place.spread < units["186"].spread


def test_a_final_count_takes_no_correction_and_one_units_does_not_bind_another(plan):
    obs = returns(plan)
    final = obs.assign(status=obs["status"].where(obs["unit"] != "186", "final"))
    found = flow(plan, final)
    assert "186" not in found.revisions()
    assert "178" in found.revisions()
    assert found.revision() is not None
    assert flow(plan, obs.assign(status="final")).revision() is None
    sure, unsure = (project_units(flow(plan, one), 1)["186"].interval(0.8) for one in (final, obs))
    assert sure.upper - sure.lower < unsure.upper - unsure.lower


def test_large_corrections_widen_the_range_of_the_place_and_the_floor_holds(plan):
    plain = project_people(flow(plan, dated(returns(plan), {})), 1)
    obs = dated(returns(plan), {})
    again = obs[obs["period"] != "2023-9M"]
    again = again.assign(value=(again["value"] * 0.9).round(), vintage="2023-09-20")
    moved = project_people(flow(plan, pd.concat([obs, again], ignore_index=True)), 1)
    wide, narrow = (year.reconciled.projection().interval(0.8) for year in (moved, plain))
    assert wide.upper - wide.lower > narrow.upper - narrow.lower
    assert (moved.reconciled.units >= moved.reconciled.counted).all().all()
    assert (moved.reconciled.units.sum(axis=1).to_numpy() == moved.reconciled.province).all()


def test_people_so_far_are_those_reported_for_the_cutoff_and_a_late_unit_is_told_apart(plan):
    obs = returns(plan, missing={("186", 2023, "9M")})
    one = assess(plan, obs)
    now = flow(plan, obs).current()
    assert one.so_far == now[3].sum()
    assert one.late_known == now.loc["186", 2]
    assert one.gap == 13500 - now[3].sum()
    year = one.year_of_people
    assert (year.reconciled.units["186"] >= now.loc["186", 2]).all()
    assert one.projection.lower_bound == now[3].sum() + now.loc["186", 2]
    own = assess(plan, obs, unit="186")
    assert own.so_far is None
    assert own.late_known == now.loc["186", 2]
    assert own.gap is None
    assert own.pace_required is None
    assert own.projection.draws.min() >= now.loc["186", 2]


def test_a_running_total_that_falls_corrects_the_earlier_one_and_silences_nobody(plan):
    obs = returns(plan)
    fell = (obs["unit"] == "186") & (obs["period"] == "2023-9M") & (obs["level"] == "elementary")
    fallen = obs.assign(value=obs["value"].where(~fell, 50.0))
    found = flow(plan, fallen)
    assert found.fallen == ("186",)
    assert found.current("elementary").loc["186"].tolist() == [50.0, 50.0, 50.0]
    one, usual = assess(plan, fallen), assess(plan, obs)
    assert [name.vi for name in one.fallen] == ["Hữu Lũng"]
    assert one.so_far == usual.so_far - (obs[fell]["value"].iloc[0] - 50)
    assert 0 < one.probability < usual.probability
    alone = assess(plan, fallen, unit="186")
    assert alone.probability < 0.5
    assert alone.upper_80 > alone.median > alone.lower_80 > 0
    assert assess(plan, fallen, unit="178").median == assess(plan, obs, unit="178").median
    assert usual.fallen == ()
