"""Plans of other places: communes directly below a province, a college and its faculties, a school year, ceilings."""

import narrative_cases as cases
import pandas as pd
import pytest

from vetanalysis.assessment.published_outcome import announced_pairs
from vetanalysis.assessment.rates import _is_like
from vetanalysis.blocks import Said, same
from vetanalysis.cli.main import main
from vetanalysis.indicators.network import network
from vetanalysis.loading import load_observations
from vetanalysis.narrative.count import required_against_seen
from vetanalysis.narrative.targets import left
from vetanalysis.observations.published import load_announced
from vetanalysis.periods import parse_cutoff
from vetanalysis.pipeline.cited import _tables
from vetanalysis.plan import load_plan
from vetanalysis.report import document_of, period_of, reported
from vetanalysis.study import open_study
from vetanalysis.track.statements import in_year

COMMUNES = "code,name,kind,parent\nx1,xã Một,commune,97\nx2,xã Hai,commune,97\nx3,phường Ba,commune,97\n"
FACULTIES = "code,name,kind,parent\nit,Khoa CNTT,institution,CDX\nco,Khoa Cơ khí,institution,CDX\n"


def made(folder, place, kind, units, *options):
    table = folder.with_suffix(".csv")
    table.write_text(units, encoding="utf-8")
    asked = ["new-plan", str(folder), "--place", place, "--place-name", "Nơi lập", "--place-kind", kind]
    assert main([*asked, "--years", "2026", "--country", "VN", "--units", str(table), *options]) == 0
    return load_plan(folder)


def told(plan, indicator="people_enrolled", period="2026-Q1", levels=("elementary",), people=(10, 20, 33)):
    """Every unit below the place reports so many people of each level."""
    units = [code for code in plan.units["code"] if code != plan.place.code]
    rows = [
        (unit, period, indicator, level, count)
        for unit, count in zip(units, people, strict=False) for level in levels
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["unit", "period", "indicator", "level", "value"])
    return frame.assign(
        measure="persons", basis="cumulative", source="test", vintage="2026-04-01", status="provisional"
    )


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plans") / "tinh-x"
    return made(folder, "97", "province", COMMUNES, "--target", "people_enrolled>=300")


def sentences(document):
    return [one.text for block in document.blocks for one in getattr(block, "sentences", ())]


def test_what_communes_directly_below_a_province_did_is_in_its_report(province):
    study = open_study(province, "2026-Q1", lang="en", returns=told(province), published="none")
    line = study.lines.query(
        "unit == '97' and id == 'people_enrolled' and level == '' and basis == 'cumulative'"
    )
    assert line["value"].tolist() == [63.0]
    assert any("63 people enrolled" in text for text in sentences(document_of(study)))


def test_communes_below_districts_stay_parts_of_them():
    plan = load_plan("lang-son-2023")
    assert not set(network(plan, parse_cutoff("2023-9M")).of_kind("commune"))
    later = network(plan, parse_cutoff("2026-Q1"))
    assert {later.parent[code] for code in later.of_kind("commune")} <= {"20"}


def test_communes_below_districts_that_have_quotas_are_in_the_table_as_they_are_in_the_count(tmp_path):
    """Nobody else reports: the report said that nobody had, beside a count of 63 people."""
    units = COMMUNES.replace("commune,97", "commune,d1") + "d1,Huyện Một,district,97\n"
    plan = made(tmp_path / "tinh-y", "97", "province", units, "--target", "people_enrolled>=300")
    quotas = "".join(f"{code},,2026-FY,100,s\n" for code in ("x1", "x2", "x3"))
    (plan.folder / "quotas.csv").write_text(f"unit,level,period,value,source\n{quotas}", encoding="utf-8")
    plan = load_plan(plan.folder)
    study = open_study(plan, "2026-Q1", lang="en", returns=told(plan), published="none")
    lines = study.lines.query("id == 'people_enrolled' and level == '' and basis == 'cumulative'")
    assert lines.set_index("unit")["value"][["97", "d1", "x3"]].tolist() == [63.0, 63.0, 33.0]
    assert [one.so_far for one in study.counts] == [63.0]


def test_a_college_adds_up_its_faculties_and_a_level_counts_its_own(tmp_path):
    options = ["--target", "people_enrolled>=100", "--target", "people_enrolled[college]>=50"]
    plan = made(
        tmp_path / "cd-x",
        "CDX",
        "institution",
        FACULTIES,
        "--year-starts",
        "09-01",
        *options,
    )
    rows = told(plan, levels=("intermediate", "college"))
    study = open_study(plan, "2026-Q1", lang="en", returns=rows, published="none")
    assert period_of(study).value("people_enrolled") == 60.0
    shown = {one.target.levels: one.newest_count for one in reported(study)}
    assert sorted(shown.values()) == [30.0, 60.0], "of a level alone its own people"
    assert sorted(map(plan.level_of, plan.targets)) == ["", "college"]
    assert plan.level_of(plan.targets[0].model_copy(update={"levels": ("intermediate", "college")})) is None
    assert network(plan, parse_cutoff("2026-Q1")).highest("institution") == ("it", "co")


def test_a_school_year_is_no_reason_to_refuse_published_years(tmp_path):
    plan = made(tmp_path / "cd-y", "CDX", "institution", FACULTIES,  "--year-starts", "09-01",
                "--target", "people_enrolled>=9")  # fmt: skip
    assert len(load_observations(plan, returns=None)) > 1000


def falling(**changes):
    """At most 1,200 people may drop out; 295 had by the half year."""
    limit = {"operator": "<=", "value": 1200.0, "indicator": "people_dropped_out"}
    target = cases.people_target().model_copy(update=limit)
    return cases.people(target=target, **changes)


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (1158.0, "thấp hơn mức tối đa 42 người", "42 below the limit"),
        (1200.0, "đúng bằng mức tối đa", "exactly the limit"),
        (1205.0, "vượt mức tối đa 5 người", "5 above the limit"),
    ],
)
def test_a_number_that_may_not_be_passed_is_not_still_to_be_reached(value, vi, en):
    one = falling(so_far=value)
    assert (left(one, value).get("vi"), left(one, value).get("en")) == (vi, en)
    assert required_against_seen(falling(so_far=295.0, pace_required=100.0)) is None


def test_the_record_scores_a_number_that_may_not_be_passed_the_right_way_round(tmp_path):
    plan = made(tmp_path / "p", "97", "province", COMMUNES, "--target", "people_dropped_out<=100")
    rows = pd.concat(
        [
            told(plan, "people_dropped_out", f"{year}-{code}")
            for year in (2024, 2025, 2026)
            for code in ("Q1", "H1", "9M", "FY")
        ]
    )
    frame = in_year(
        plan, load_observations(plan, returns=rows, published=None), plan.target("people_dropped_out")
    )
    ours = frame[(frame["unit"] == "97") & frame["came"].notna()]
    assert len(ours)
    assert ours["outcome"].tolist() == [63.0] * len(ours)
    assert ours["came"].all(), "63 are not more than 100"


@pytest.mark.parametrize(("lang", "letters"), [("vi", "a b c d đ e g"), ("en", "a b c d e f g")])
def test_points_are_lettered_in_the_order_of_the_language(lang, letters):
    said = [Said("targets.heading", number=n, label=same("x")).get(lang) for n in range(1, 8)]
    assert [one.partition(")")[0] for one in said] == letters.split()
    assert (
        Said("targets.heading", number=27 if lang == "en" else 24, label=same("x"))
        .get(lang)
        .startswith("aa)")
    )


def test_a_run_without_published_figures_looks_for_none():
    assert _tables("none") == []


def test_what_announced_rates_came_to_says_nothing_of_another_quantity_or_of_a_ceiling():
    pairs = announced_pairs(load_announced(), load_observations(load_plan("lang-son-2023"), returns=None))
    rate = cases.rate_target(concept="administrative")
    assert _is_like(rate, pairs)
    for other in ({"operator": "<="}, {"indicator": "dropout_rate"}, {"concept": "ICLS-19"}):
        assert not _is_like(rate.model_copy(update=other), pairs), other
