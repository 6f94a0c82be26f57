"""What the benchmarks of speed measure and print; nothing here is timed."""

import numpy as np
import pytest

from benchmarks import flat, national
from benchmarks.__main__ import ACCURACY, SPEED, main
from benchmarks.generated import COUNTED, PLACE, TOTAL, network, observations_of, tiers, write_plan
from benchmarks.runs import WARM_UP, Run, cost
from vetanalysis.pipeline.prepare import _highest_and_lowest


def test_the_cost_of_a_report_is_told_apart_from_what_a_run_costs_to_start():
    ends = tuple(9.0 + 1.5 * number for number in range(1, 21))
    run = Run(
        seconds=ends[-1],
        done=ends,
        spent=tuple(end / 2 for end in ends),
        memory=((1.0, 90.0), (2.0, 100.0)),
        said="",
    )
    assert run.each == pytest.approx((1.5, 0.0))
    assert run.work == pytest.approx(0.75)
    assert run.start == pytest.approx(9.0)
    assert run.peak == 100.0


def test_a_slow_beginning_and_one_pause_do_not_move_the_cost():
    ends = np.cumsum(np.ones(40))
    ends[:WARM_UP] += 7.0
    ends[WARM_UP:] += 7.0
    ends[30:] += 5.0
    assert cost(tuple(ends))[0] == pytest.approx(1.0)
    assert cost(tuple(ends))[1] > 0.1, "the pause shows in the error"


@pytest.mark.parametrize("units", [1, 12, 96])
def test_an_invented_plan_shares_out_exactly_the_people_of_the_plan(units):
    schools = network(units, seed=1)
    assert len({one.code for one in schools}) == units
    assert sum(one.quota[level] for one in schools for level in COUNTED) == TOTAL


def test_an_invented_province_is_judged_with_its_units(tmp_path):
    schools = network(3, seed=1)
    plan = write_plan(tmp_path / "invented", schools)
    assert plan.quotas.query("period == '2023-FY'")["unit"].nunique() == 3
    assert plan.place.code == PLACE
    reported = observations_of(schools, seed=1)
    assert set(reported["period"].str[:4]) == {"2020", "2021", "2022", "2023"}
    assert reported["illustrative"].all()
    assert "2023-FY" not in set(reported["period"])


def test_the_national_case_judges_every_target_of_every_unit(tmp_path):
    found = national.judge(tmp_path, provinces=1)
    assert found["units"] == national.DISTRICTS + 1
    assert found["targets"] == 3 * found["units"]
    assert found["answered"] > found["units"], "people of every unit, and a rate of the place"


def test_costs_are_uneven_by_the_largest_over_the_smallest():
    assert flat.unevenness({"12": {"each": 1.0}, "96": {"each": 1.08}}) == pytest.approx(0.08)


def test_without_a_day_every_table_is_shown_and_nothing_is_run(capsys, monkeypatch):
    for name in SPEED:
        monkeypatch.setattr(f"benchmarks.{name}.measure", None)
    assert main([]) == 0
    said = capsys.readouterr().out
    assert said.count("nothing was run") + said.count("Nothing was run") + said.count(
        "nothing stored"
    ) >= len((*ACCURACY, *SPEED))


def test_an_unknown_part_is_told(capsys):
    with pytest.raises(SystemExit):
        main(["nation"])
    assert "no such part: nation" in capsys.readouterr().err


def test_the_districts_of_an_invented_country_stand_below_its_provinces(tmp_path):
    plan = write_plan(tmp_path / "country", tiers(network(4, seed=1), 2), 2)
    units = plan.units.set_index("code")["parent"]
    assert units[["p01", "p02", "g001", "g002", "g003"]].tolist() == [PLACE, PLACE, "p01", "p02", "p01"]
    assert _highest_and_lowest(plan) == ["p01", "g004"], "a run prepares what the units of every tier share"
