"""Units that are renamed, merged, split or abolished in the middle of a plan."""

import pandas as pd
import pytest

import vetanalysis as va
from vetanalysis.cli.main import DEFAULT_LEVELS
from vetanalysis.errors import PlanInvalid
from vetanalysis.observations.crosswalk import on_units_of
from vetanalysis.observations.table import normalise
from vetanalysis.periods import parse_cutoff

UNITS = """code,name,kind,parent,valid_from,valid_to
P,Tỉnh,province,,,
A,Đơn vị A,institution,P,,2026-06-30
B,Đơn vị B,institution,P,,2026-06-30
AB,Đơn vị A và B,institution,P,2026-07-01,
C,Đơn vị C,institution,P,,2026-06-30
C1,Đơn vị C1,institution,P,2026-07-01,
C2,Đơn vị C2,institution,P,2026-07-01,
D,Đơn vị D,institution,P,,2026-06-30
E,Đơn vị E cũ,institution,P,,2026-06-30
E,Đơn vị E mới,institution,P,2026-07-01,
"""
HEAD = "unit,successor,successor_name,valid_from,share,kind,source,note\n"
CHANGES = (
    HEAD
    + """A,AB,,2026-07-01,1,merged,s,
B,AB,,2026-07-01,1,merged,s,
C,C1,,2026-07-01,0.75,split,s,
C,C2,,2026-07-01,0.25,split,s,
D,,,2026-07-01,,abolished,s,
"""
)


def write(folder, crosswalk, units=None):
    from vetanalysis.cli.main import main

    folder.mkdir(exist_ok=True)
    (folder / "units.csv").write_text(units or UNITS, encoding="utf-8")
    call = ["--place", "P", "--place-name", "Tỉnh", "--years", "2025-2026", "--levels", DEFAULT_LEVELS]
    main(
        [
            "new-plan",
            str(folder / "p"),
            *call,
            "--target",
            "people_enrolled>=100",
            "--units",
            str(folder / "units.csv"),
        ]
    )
    lines = [
        f"{unit},elementary,2026-FY,{value},s"
        for unit, value in zip("ABCDE", (10, 20, 40, 8, 12), strict=True)
    ]
    (folder / "p" / "quotas.csv").write_text(
        "\n".join(["unit,level,period,value,source", *lines, ""]), encoding="utf-8"
    )
    (folder / "p" / "crosswalk.csv").write_text(crosswalk, encoding="utf-8")
    return va.load_plan(folder / "p")


@pytest.fixture
def plan(tmp_path):
    return write(tmp_path, CHANGES)


def figures(*rows, indicator="people_enrolled", level="elementary"):
    frame = pd.DataFrame(rows, columns=["unit", "period", "value"]).assign(indicator=indicator, level=level)
    return normalise(frame)


def values(plan, obs, as_of):
    _, found = on_units_of(plan, obs, parse_cutoff(as_of))
    return {(row.unit, row.period): row.value for row in found.itertuples()}


def test_before_the_change_nothing_moves(plan):
    obs = figures(("A", "2026-Q1", 3))
    same, found = on_units_of(plan, obs, parse_cutoff("2026-Q1"))
    assert same is plan
    assert found is obs


def test_merged_units_add_up(plan):
    obs = figures(("A", "2026-H1", 3), ("B", "2026-H1", 4), ("AB", "2026-9M", 11))
    assert values(plan, obs, "2026-9M") == {("AB", "2026-H1"): 7, ("AB", "2026-9M"): 11}


def test_what_one_of_the_merged_did_not_report_is_missing_not_zero(plan):
    obs = figures(("A", "2026-Q1", 1), ("B", "2026-Q1", 2), ("A", "2026-H1", 3), ("B", "2026-H1", None))
    assert values(plan, obs, "2026-9M") == {("AB", "2026-Q1"): 3}


def test_a_divided_unit_goes_by_its_shares(plan):
    assert values(plan, figures(("C", "2026-H1", 40)), "2026-9M") == {
        ("C1", "2026-H1"): 30,
        ("C2", "2026-H1"): 10,
    }


def test_without_a_share_figures_stay_and_are_listed(tmp_path):
    plan = write(tmp_path, HEAD + "C,C1,,2026-07-01,,split,s,\nC,C2,,2026-07-01,,split,s,\n")
    _, found = on_units_of(plan, figures(("C", "2026-H1", 40)), parse_cutoff("2026-9M"))
    assert found["unit"].tolist() == ["C"]
    assert [row["unit"] for row in found.attrs["not_carried"]] == ["C"]


def test_an_abolished_unit_keeps_what_it_did_to_the_end_of_the_year(plan):
    found = values(plan, figures(("D", "2026-Q1", 2), ("D", "2026-H1", 5)), "2026-FY")
    assert found == {("D", "2026-Q1"): 2, ("D", "2026-H1"): 5, ("D", "2026-9M"): 5, ("D", "2026-FY"): 5}


def test_a_unit_renamed_under_the_same_code_has_the_name_of_its_day(plan):
    assert plan.unit("E", on="2026-06-30").name == "Đơn vị E cũ"
    assert plan.unit("E", on="2026-07-01").name == "Đơn vị E mới"
    assert plan.unit("E").name == "Đơn vị E mới"


def test_rates_are_not_merged(plan):
    obs = figures(("A", "2026-H1", 30.0), ("B", "2026-H1", 50.0), indicator="dropout_rate", level="")
    assert values(plan, obs, "2026-9M") == {("A", "2026-H1"): 30, ("B", "2026-H1"): 50}


def test_quotas_follow_and_their_sum_stays(plan):
    moved, _ = on_units_of(plan, figures(("A", "2026-H1", 3)), parse_cutoff("2026-9M"))
    assert moved.quotas.set_index("unit")["value"].to_dict() == {
        "D": 8,
        "E": 12,
        "AB": 30,
        "C1": 30,
        "C2": 10,
    }
    assert moved.quotas["value"].sum() == plan.quotas["value"].sum()


def test_a_unit_that_stays_keeps_its_own_past_beside_that_of_the_one_merged_into_it(tmp_path):
    """E exists before and after; A went into it: both years' people were there."""
    plan = write(tmp_path, HEAD + "A,E,,2026-07-01,1,merged,s,\n")
    obs = figures(("A", "2026-Q1", 3), ("E", "2026-Q1", 4), ("A", "2026-H1", 5), ("E", "2026-9M", 15))
    assert values(plan, obs, "2026-9M") == {("E", "2026-Q1"): 7, ("E", "2026-9M"): 15}
    moved, _ = on_units_of(plan, obs, parse_cutoff("2026-9M"))
    assert moved.quotas.set_index("unit")["value"].to_dict()["E"] == 22
    assert moved.quotas["value"].sum() == plan.quotas["value"].sum()


def test_a_unit_that_stays_keeps_its_own_past_beside_a_part_of_one_that_was_divided(tmp_path):
    plan = write(tmp_path, HEAD + "C,E,,2026-07-01,0.5,split,s,\nC,C2,,2026-07-01,0.5,split,s,\n")
    obs = figures(("C", "2026-Q1", 10), ("E", "2026-Q1", 4))
    assert values(plan, obs, "2026-9M") == {("E", "2026-Q1"): 9, ("C2", "2026-Q1"): 5}
    moved, _ = on_units_of(plan, obs, parse_cutoff("2026-9M"))
    assert moved.quotas.set_index("unit")["value"].to_dict()["E"] == 32
    assert moved.quotas["value"].sum() == plan.quotas["value"].sum()


@pytest.mark.parametrize("successor", ["E", "AB"])
def test_years_before_a_merged_unit_was_there_are_whole_without_it(tmp_path, monkeypatch, successor):
    """A began in April 2026; what E or B counted before that lacks nothing."""
    began = UNITS.replace("A,Đơn vị A,institution,P,,", "A,Đơn vị A,institution,P,2026-04-01,")
    monkeypatch.setattr("test_crosswalk.UNITS", began)
    beside = "E" if successor == "E" else "B"
    rows = f"A,{successor},,2026-07-01,1,merged,s,\n"
    rows += "B,AB,,2026-07-01,1,merged,s,\n" if beside == "B" else ""
    obs = figures(
        (beside, "2025-FY", 40), (beside, "2026-Q1", 4), ("A", "2026-H1", 5), (beside, "2026-H1", 9)
    )
    found = values(write(tmp_path, HEAD + rows), obs, "2026-9M")
    assert found == {(successor, "2025-FY"): 40, (successor, "2026-Q1"): 4, (successor, "2026-H1"): 14}
    silent = figures((beside, "2026-Q1", 4), ("A", "2026-H1", 5))
    assert values(write(tmp_path / "again", HEAD + rows), silent, "2026-9M") == {(successor, "2026-Q1"): 4}


def test_an_own_figure_of_the_successor_comes_first(plan):
    obs = figures(("A", "2026-H1", 3), ("B", "2026-H1", 4), ("AB", "2026-H1", 8))
    assert values(plan, obs, "2026-9M") == {("AB", "2026-H1"): 8}


def test_several_vintages_of_a_former_unit_count_once(plan):
    obs = pd.concat(
        [
            figures(("A", "2026-H1", value)).assign(vintage=day)
            for value, day in ((3, "2026-07-02"), (5, "2026-08-01"))
        ]
    )
    assert values(plan, obs.reset_index(drop=True), "2026-9M") == {("AB", "2026-H1"): 5}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("X,AB,,2026-07-01,1,merged,s,", "unknown unit: 'X'"),
        ("A,XY,,2026-07-01,1,merged,s,", "unknown successor: 'XY'"),
        ("A,AB,,1/7/2026,1,merged,s,", "is not a day"),
        ("A,AB,,2026-07-01,1,joined,s,", "unknown kind of change"),
        ("A,,,2026-07-01,1,merged,s,", "abolished, and the reverse"),
        ("A,AB,,2026-07-01,75%,split,s,", "is not a share"),
        ("A,AB,,2026-07-01,0.8,split,s,\nA,C1,,2026-07-01,0.4,split,s,", "add up to 1.2"),
    ],
)
def test_a_wrong_crosswalk_is_refused(tmp_path, row, words):
    with pytest.raises(PlanInvalid, match=words):
        write(tmp_path, HEAD + row + "\n")


class TestRealReform:
    """Lạng Sơn, 1 July 2025: 200 communes became 65 (map of the mergers)."""

    def test_the_published_numbers(self):
        cross = va.load_plan("lang-son-2023").crosswalk
        assert cross["successor"].nunique() == 65
        assert set(cross["valid_from"]) == {"2025-07-01"}
        assert cross["unit"].nunique() == 194

    def test_dong_kinh_ward_is_made_of_four(self):
        cross = va.load_plan("lang-son-2023").crosswalk
        of = cross[cross["successor_name"] == "Phường Đông Kinh"]
        assert sorted(of["unit"]) == ["05977", "05980", "05992", "06247"]

    def test_the_year_2023_is_untouched(self):
        plan = va.load_plan("lang-son-2023")
        obs = va.load_observations(plan, returns=None)
        same, found = on_units_of(plan, obs, parse_cutoff("2023-FY"))
        assert same is plan
        assert found is obs


def test_a_unit_that_stays_and_one_that_went_into_it_with_quotas_of_that_year_are_asked_about(tmp_path):
    """Nobody can say from the table whether an amended plan gave the one that stays the sum already."""
    units = UNITS.replace("B,Đơn vị B,institution,P,,2026-06-30", "B,Đơn vị B,institution,P,,")
    plan = write(tmp_path, HEAD + "A,B,,2026-07-01,1,merged,s,\n", units)
    (told,) = [one for one in plan.warnings if one.rule == "plan-quota"]
    assert told.found.en == "A went into B, and both have a quota of 2026 (10 and 20): they are added"
    assert "bỏ các dòng của A ở quotas.csv" in told.remedy.vi
    assert not [one for one in write(tmp_path / "next", CHANGES).warnings if one.rule == "plan-quota"]
    moved, _ = on_units_of(plan, figures(("A", "2026-H1", 3)), parse_cutoff("2026-9M"))
    assert moved.quotas.set_index("unit").loc["B", "value"] == 30
