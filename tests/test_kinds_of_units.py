"""Tables and pictures of the units a place is made of, whatever the plan calls their kind."""

import four_counts
import pandas as pd
import pytest
from report_text import texts_of
from tier_cases import PLACE, assess, at, people, plan_of, told

import vetanalysis as va
from vetanalysis.assessment.counting import flow_of
from vetanalysis.assessment.share_change import share_change
from vetanalysis.blocks import Text
from vetanalysis.indicators.derived import courses
from vetanalysis.indicators.gaps import unit_gaps
from vetanalysis.indicators.network import Network
from vetanalysis.indicators.tiers import kind_below, kind_words, units_below
from vetanalysis.narrative.period import PeriodFacts
from vetanalysis.narrative.tasks import sender
from vetanalysis.narrative.unit_tables import units_table
from vetanalysis.periods import parse_cutoff
from vetanalysis.plan.model import UnitKind
from vetanalysis.report import document_of


def called(plan, kind, **names):
    """The plan with its upper units of another kind; `names`: what the plan calls a kind of its own."""
    units = plan.units.assign(kind=plan.units["kind"].replace("district", kind))
    own = tuple(UnitKind(id=kind, name=Text(**names)) for _ in range(1) if names)
    return plan.model_copy(update={"units": units, "unit_kinds": own})


@pytest.mark.parametrize(("names", "kind"), [
    ({}, ("vùng", "region")), ({"vi": "cụm", "en": "cluster"}, ("cụm", "cluster")),
])  # fmt: skip
def test_units_directly_under_the_place_stand_in_the_table_in_the_words_of_the_plan(names, kind):
    quotas, counts = people(2)
    plan = called(plan_of(2, quotas), "cluster" if names else "region", **names)
    obs = told(counts, plan)
    none = pd.DataFrame()
    facts = PeriodFacts(
        plan=plan, cutoff=parse_cutoff("2023-9M"), unit=PLACE, lines=va.indicator_table(plan, obs, "2023-9M"),
        matrix=none, explanations=none, documents=none, findings=none, people="people_enrolled",
        year=assess(plan, obs).year_of_people,
    )  # fmt: skip
    table = units_table(facts)
    regions, goals = (at(rows, "regions").groupby(["unit", period])["value"].sum()
                      for rows, period in ((counts, "period"), (quotas, "year")))  # fmt: skip
    assert [row[1].en for row in table.rows] == ["r0", "r1", "r2", "Total"]
    assert [row[2].value for row in table.rows[:-1]] == [goals[unit, 2023] for unit in ("r0", "r1", "r2")]
    assert [row[3].value for row in table.rows[:-1]] == [
        regions[unit, "2023-9M"] for unit in ("r0", "r1", "r2")
    ]
    assert kind_words(plan)["kinds"].vi == kind[0]
    assert kind_words(plan)["kind"].en == kind[1]
    change = share_change(plan, flow_of(plan, obs, plan.targets[0], parse_cutoff("2023-9M"), plan.place.code))
    assert change.alike.to_dict() == pytest.approx(
        {unit: 100 * regions[unit, "2023-9M"] / goals[unit, 2023] for unit in ("r0", "r1", "r2")}
    )


def test_of_several_kinds_the_first_with_quotas_is_taken():
    quotas, _ = people(2)
    plan = called(plan_of(2, quotas), "region")
    beside = plan.units[plan.units["code"] == "r0"].assign(
        code="x", kind="province", name="x", short_name="x"
    )
    two = plan.model_copy(update={"units": pd.concat([beside, plan.units])})
    assert (kind_below(two), units_below(two)) == ("region", ["r0", "r1", "r2"])
    without = two.model_copy(update={"quotas": two.quotas.iloc[:0]})
    assert units_below(without) == ["x"]
    example = va.load_plan("lang-son-2023-example")
    assert kind_below(example) == kind_below(va.load_plan("lang-son-2023")) == "district"
    assert len(units_below(example)) == 11
    nobody = va.load_plan("viet-nam-2025")
    assert kind_words(nobody)["kinds"].en == "units"


def test_senders_are_called_by_the_plan_and_in_plain_words():
    plan = called(plan_of(2, people(2)[0]), "cluster", vi="cụm", en="cluster")
    assert sender(plan, "cluster").vi == "các cụm"
    assert sender(called(plan, "region"), "institution").en == "institutions"
    region = plan_of(2, people(2)[0])
    assert sender(called(region, "region"), "region").en == "regions"


def test_a_rate_is_compared_over_the_kind_most_of_whose_units_have_it():
    plan = called(plan_of(2, people(2)[0]), "region")
    rows = [
        (unit, 5.0 + n, 20.0) for n, unit in enumerate(["r0", "r1", "r2", "r0s0", "r0s1", "r1s0", "r2s3"])
    ]
    table = pd.DataFrame(rows, columns=["unit", "numerator", "denominator"]).assign(
        id="x", level="", sex="", group="", residence="", fund_source="", channel="", basis="cumulative"
    )
    assert list(unit_gaps(plan, table, "x").index) == ["r0s0", "r0s1", "r1s0", "r2s3"]
    assert list(unit_gaps(plan, table[:6], "x").index) == [
        "r0s0",
        "r0s1",
        "r1s0",
    ]
    assert list(unit_gaps(plan, table, "x", "region").index) == ["r0", "r1", "r2"]


def test_the_course_of_the_year_adds_the_units_that_the_table_adds():
    quotas, counts = people(2)
    plan = called(plan_of(2, quotas), "region")
    bodies = tuple(
        one.model_copy(update={"unit_kind": "region" if one.unit_kind == "district" else one.unit_kind})
        for one in plan.bodies
    )
    office = plan.units[plan.units["code"] == "r0"].assign(code="x", kind="office", name="x", short_name="x")
    plan = plan.model_copy(update={"bodies": bodies, "units": pd.concat([plan.units, office])})
    regions = at(counts, "regions")
    obs = told(
        pd.concat([regions, regions[regions["unit"] == "r0"].assign(unit="x")]), plan
    )  # nobody asks it
    table = va.indicator_table(plan, obs, "2023-9M", unit=PLACE)
    line = table[
        (table["id"] == "people_enrolled") & (table["basis"] == "cumulative") & (table["level"] == "")
    ]
    total = counts.loc[counts["period"] == "2023-9M", "value"].sum()
    assert line["value"].tolist() == [total]
    assert courses(plan, obs, "2023-9M")[PLACE][2023][3] == total


def test_the_highest_units_of_some_kinds_are_those_above_which_no_other_of_them_stands():
    kind = {"r": "region", "d": "district", "i": "institution", "j": "institution", "k": "centre"}
    parent = {"r": "p", "d": "r", "i": "d", "j": "p", "k": "i"}
    net = Network("p", {}, kind, parent, {})
    assert net.highest("district", "institution") == ("d", "j")
    assert net.highest("institution") == ("i", "j")
    assert net.highest("region", "institution", "centre") == ("r", "j")
    assert net.highest("district", "centre") == ("d",)
    assert net.highest("ward") == ()
    assert net.provincial() == ("j",)
    assert (net.children("p"), net.children("d"), net.children("k")) == (("r", "j"), ("i",), ())


def test_quotas_are_given_to_those_who_hold_them_and_who_report_them(tmp_path):
    """Two schools with quotas in a district without one: three were given some, of three reports, and not two."""
    plan = va.load_plan(four_counts.write(tmp_path / "p", "people_enrolled>=900"))
    units = pd.concat([plan.units, plan.units.tail(1)], ignore_index=True)
    units.loc[len(units) - 1, ["code", "name", "kind", "parent"]] = ["d", "Huyện D", "district", "02"]
    units.loc[units["code"].isin(["s2", "s3"]), "parent"] = "d"
    rows = [(unit, "", "2026-FY", 300.0, "", "people_enrolled") for unit in four_counts.SCHOOLS]
    quotas = pd.DataFrame(rows, columns=["unit", "level", "period", "value", "source", "indicator"])
    plan = plan.model_copy(update={"units": units, "quotas": quotas})
    sent = four_counts.returns()
    sent = sent[sent["indicator"] == "people_enrolled"]
    study = va.open_study(plan, "2026-H1", lang="en", returns=sent, published="none")
    said = dict(texts_of(document_of(study)))
    assert said["quotas_given"] == "3 units have a quota for the year, 900 people in all."
    assert "All 3 units have reported" in said["coverage"]
