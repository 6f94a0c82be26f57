"""People who come on top are people of one count: what they bring to another one is not told, and that is said."""

import four_counts
import pytest

import vetanalysis as va
from vetanalysis.blocks import Text
from vetanalysis.documents.what_if import LEVELS, what_if_text
from vetanalysis.scenarios.stock_flow import people_target


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return four_counts.study(four_counts.write(tmp_path_factory.mktemp("plans") / "four"))


def moved(answer):
    asked = answer.frame[answer.frame["scenario"] == "asked"]
    return dict(zip(asked["target"], asked["median_change"], strict=True))


def test_people_who_enrol_move_the_targets_that_count_who_enrols_alone(study):
    """Not those who graduate, never those who drop out; of which level they are nobody said."""
    more = va.what_if(study, people=50)
    assert moved(more) == {"people_enrolled": 50}
    for name in ("people graduated", "people who drop out", "people newly enrolled (College)"):
        assert f"“50 people more” ({name})" in more.sentence
    assert "counted in people newly enrolled; no figure says by how many" in more.sentence


@pytest.mark.parametrize(("target", "others"), [
    ("people_enrolled_college", {"people_enrolled_college": 50}), ("people_graduated", {"people_graduated": 50}),
    ("leavers", {"leavers": 50}),
])  # fmt: skip
def test_people_of_a_target_that_is_named_are_its_own(study, target, others):
    assert moved(va.what_if(study, people=50, target=target)) == others


def test_who_comes_to_one_level_comes_to_all_levels_together(study):
    move = va.Move("people", "add", 50, name="people_enrolled_college")
    run = va.run_scenarios(study, [va.Scenario("more", Text("Thêm", "More"), (move,))])
    assert {one.target.id for one in run.outcomes} == {"people_enrolled", "people_enrolled_college"}


def test_more_drop_outs_make_a_ceiling_less_likely(study):
    frame = va.what_if(study, people=20, target="leavers").frame
    assert frame.iloc[-1]["probability_change"] < 0


def test_new_college_places_are_no_places_of_who_drops_out(study):
    run = va.run_scenarios(study)
    for scenario in ("college_places", "catch_up"):
        assert not {one.target.id for one in run.outcomes if one.scenario == scenario} & {
            "leavers",
            "people_graduated",
        }


def test_the_account_of_learners_begins_with_who_enrols_wherever_that_target_stands(tmp_path):
    targets = (
        "leavers=Số người bỏ học|People who drop out<=65",
        "people_graduated>=1050",
        "people_enrolled>=1300",
    )
    plan = va.load_plan(four_counts.write(tmp_path / "p", *targets))
    assert people_target(plan, 2026).id == "people_enrolled"


def test_the_page_adds_people_to_the_target_that_is_chosen_as_the_call_does(study):
    from test_what_if_page import held

    for told in held(what_if_text(study))["units"][0]["targets"]:
        if "values" not in told:
            continue
        frame = va.what_if(study, people=40, target=told["id"]).frame
        steps, per = told["values"], told["per"]
        middle = sum(steps[: LEVELS.tolist().index(0.5) + 1]) / per
        assert told["counted"] + middle + 40 == pytest.approx(frame.iloc[-1]["median"], abs=1)
        assert told["fixed"] == -1


def test_a_plan_that_counts_nobody_says_so(tmp_path):
    plan = four_counts.write(tmp_path / "p", "dropout_rate<=4%")
    study = va.open_study(plan, "2026-H1", lang="en", returns="none", published="none")
    assert "has no target on people" in va.what_if(study, people=50).sentence
