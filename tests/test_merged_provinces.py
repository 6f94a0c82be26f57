"""Provinces merged on 1 July 2025: a figure of before is of another territory, whatever its code or its name."""

import pandas as pd
import pytest
from report_text import texts_of

import vetanalysis as va
from vetanalysis.assessment.histories import Elsewhere, history_of
from vetanalysis.assessment.rates import project
from vetanalysis.blocks import Text
from vetanalysis.cli.main import main
from vetanalysis.narrative.methods import territory
from vetanalysis.observations.crosswalk import on_units_of
from vetanalysis.observations.published import observed_paces
from vetanalysis.observations.series import pieces
from vetanalysis.observations.table import normalise, place_names
from vetanalysis.observations.territory import merger_of, mergers
from vetanalysis.periods import Cutoff
from vetanalysis.report import document_of
from vetanalysis.scenarios.published_stock import ceilings

RATE = "certified_rate>=30%:employed:ICLS-19"


def made(folder, code, name, years, *options):
    call = ["--place", code, "--place-name", name, "--country", "VN", "--years", years, "--target", RATE]
    assert main(["new-plan", str(folder), *call, *options]) == 0
    return va.load_plan(folder)


def test_34_provinces_are_left_and_23_of_them_were_merged():
    """Resolution 202/2025/QH15: 11 provinces stay as they were; the codes are those of Decision 19/2025/QĐ-TTg."""
    found = mergers()
    new = {one.code: one for one in found.values()}
    provinces = [code for code in place_names() if code.isdigit() and len(code) == 2]
    assert (len(provinces), len(found), len(new)) == (63, 52, 23)
    assert len(provinces) - len(found) + len(new) == 34
    for code, name, parts in (
        ("91", "An Giang", {"89": "An Giang", "91": "Kiên Giang"}),
        ("96", "Cà Mau", {"95": "Bạc Liêu", "96": "Cà Mau"}),
        ("86", "Vĩnh Long", {"83": "Bến Tre", "84": "Trà Vinh", "86": "Vĩnh Long"}),
        ("24", "Bắc Ninh", {"24": "Bắc Giang", "27": "Bắc Ninh"}),
    ):
        assert new[code].name == name
        assert {old: text.vi for old, text in new[code].parts.items()} == parts
    assert all(code in one.parts for code, one in new.items())
    assert "20" not in found  # Lạng Sơn stays


def test_published_figures_of_the_old_territory_are_none_of_the_merged_province(tmp_path):
    """Code 91 was Kiên Giang: its shares of 2008 to 2016 are no history of An Giang; those of others stay."""
    plan = made(tmp_path / "an-giang", "91", "tỉnh An Giang", "2026")
    obs = va.load_observations(plan, returns=None)
    _, known = on_units_of(plan, obs, Cutoff(2026, "start"))
    assert len(obs[obs["unit"] == "91"]) > 0
    assert known[known["unit"] == "91"].empty
    assert len(known[known["unit"] == "20"]) == len(obs[obs["unit"] == "20"])
    study = va.open_study(plan, "2026-start", lang="en")
    one = study.assessment("certified_rate")
    assert (one.status, one.points) == ("not_assessed", ())
    assert "of another territory" in one.reason.en
    text = "\n".join(words for _, words in texts_of(document_of(study)))
    assert "has covered the former An Giang and Kiên Giang (Resolution 202/2025/QH15" in text


def test_before_the_merger_and_where_there_was_none_nothing_changes(tmp_path):
    before = made(tmp_path / "before", "89", "tỉnh An Giang", "2023")
    assert merger_of(before, Cutoff(2023, "FY")) is None
    obs = va.load_observations(before, returns=None)
    assert on_units_of(before, obs, Cutoff(2023, "FY"))[1] is obs
    stays = made(tmp_path / "stays", "20", "tỉnh Lạng Sơn", "2026")
    assert merger_of(stays, Cutoff(2026, "FY")) is None


def test_a_series_is_broken_where_its_province_was_merged():
    """2024 and 2025 of one publisher and definition are two pieces of An Giang and one of Lạng Sơn."""
    rows = [(unit, f"{year}-FY", "certified_rate", 20, "employed", "ICLS-19", "gso2023_nat", "percent")
            for unit in ("91", "20") for year in (2024, 2025)]  # fmt: skip
    columns = ["unit", "period", "indicator", "value", "base", "concept", "source", "measure"]
    obs = normalise(pd.DataFrame(rows, columns=columns))
    assert [len(pieces(obs, "certified_rate", unit)) for unit in ("91", "20")] == [2, 1]


def test_what_the_province_itself_returns_of_earlier_years_counts(tmp_path):
    """Its office may have added up the old provinces: that is its figure, and of its territory."""
    plan = made(tmp_path / "p", "96", "tỉnh Cà Mau", "2026")
    rows = pd.DataFrame(
        [
            ("96", f"{year}-FY", "certified_rate", 20 + year - 2022, "employed", "ICLS-19")
            for year in (2023, 2024, 2025)
        ],
        columns=["unit", "period", "indicator", "value", "base", "concept"],
    )
    study = va.open_study(plan, "2026-start", returns=rows)
    assert [point.value for point in study.assessment("certified_rate").points] == [21, 22, 23]


@pytest.mark.parametrize(("code", "name", "years", "words"), [
    ("91", "tỉnh Kiên Giang", "2026", "the code 91 is that of An Giang"),
    ("89", "tỉnh An Giang", "2026", "now part of An Giang, code 91"),
    ("91", "tỉnh An Giang", "2024", "the code 91 is that of Kiên Giang"),
    ("20", "tỉnh Cao Bằng", "2026", "the code 20 is that of Lạng Sơn"),
    ("79", "TP. Hồ Chí Minh", "2026", ""), ("91", "tỉnh An Giang", "2026", ""), ("20", "Tỉnh Lạng Sơn", "2026", ""),
    ("46", "thành phố Huế", "2026", ""), ("79", "Thành phố Hồ Chí Minh", "2026", ""),
])  # fmt: skip
def test_new_plan_says_where_code_and_name_of_a_province_disagree(tmp_path, capsys, code, name, years, words):
    made(tmp_path / "p", code, name, years)
    said = capsys.readouterr().out
    assert words in said
    assert ("plan.yaml, place: DECIDE" in said) == bool(words)


@pytest.mark.parametrize(("years", "country", "kind"), [
    ("2026", "VN", "commune"), ("2026", "", "commune"), ("2025", "VN", "district"), ("2026", "DE", "district"),
])  # fmt: skip
def test_below_a_province_stand_communes_since_july_2025(tmp_path, years, country, kind):
    table = tmp_path / "units.csv"
    table.write_text("code,name\nx1,Phường Rạch Giá\n", encoding="utf-8")
    call = ["--place", "91", "--place-name", "tỉnh An Giang", "--years", years, "--target", "people_enrolled>=900",
            "--units", str(table), *(["--country", country] if country else [])]  # fmt: skip
    assert main(["new-plan", str(tmp_path / "p"), *call]) == 0
    assert va.load_plan(tmp_path / "p").unit("x1").kind == kind


def test_three_old_provinces_are_listed_as_three(tmp_path):
    plan = made(tmp_path / "p", "86", "tỉnh Vĩnh Long", "2026")
    said = territory(plan, "2026-Q1", {"nq202_2025": Text("nghị quyết", "the resolution")})
    assert "gồm địa bàn của Bến Tre, Trà Vinh và Vĩnh Long trước đây" in said.vi
    assert "has covered the former Bến Tre, Trà Vinh and Vĩnh Long" in said.en


@pytest.mark.parametrize(("code", "name"), [("02", "tỉnh Hà Giang"), ("24", "tỉnh Bắc Giang")])
def test_a_plan_of_an_old_province_stays_one_of_its_own_territory(tmp_path, code, name):
    """Merged in the middle of its plan: it did not become Hà Giang and Tuyên Quang, and its past is its own."""
    plan = made(tmp_path / "p", code, name, "2025")
    at = Cutoff(2025, "9M")
    rows = [(code, f"{year}-FY", "certified_rate", 20, "employed", "ICLS-19", "gso2023_nat", "percent")
            for year in (2023, 2024, 2025)]  # fmt: skip
    columns = ["unit", "period", "indicator", "value", "base", "concept", "source", "measure"]
    _, known = on_units_of(plan, normalise(pd.DataFrame(rows, columns=columns), plan), at)
    assert known["period"].tolist() == ["2023-FY", "2024-FY"]  # 2025 is that of the province its code went to
    assert merger_of(plan, at) is None
    text = "\n".join(words for _, words in texts_of(document_of(va.open_study(plan, "2025-9M", lang="en"))))
    assert "has covered the former" not in text


def test_the_labour_force_of_an_old_province_is_none_of_the_merged_one(tmp_path):
    """924,000 people of Kiên Giang are no measure of what the learners of An Giang come to."""
    plan = made(tmp_path / "p", "91", "tỉnh An Giang", "2026", "--target", "people_enrolled>=20000")
    assert ceilings(va.open_study(plan, "2026-start")) == ()
    before = made(tmp_path / "q", "91", "tỉnh Kiên Giang", "2024", "--target", "people_enrolled>=20000")
    assert [one.labour_force.value for one in ceilings(va.open_study(before, "2024-start"))] == [
        923980,
        917600,
    ]


def test_no_pace_and_no_prior_is_learned_across_a_merger(tmp_path):
    """What code 91 had in 2024 and 2025 is of two provinces: a jump between them is no change of either."""
    rows = [(unit, f"{year}-FY", "certified_rate", value, "employed", "ICLS-19", "gso2023_nat", "percent")
            for unit in ("91", "20", "01", "04", "11", "12")
            for year, value in ((2023, 20), (2024, 21), (2025, 40), (2026, 41))]  # fmt: skip
    columns = ["unit", "period", "indicator", "value", "base", "concept", "source", "measure"]
    plan = made(tmp_path / "p", "20", "tỉnh Lạng Sơn", "2027")
    obs = normalise(pd.DataFrame(rows, columns=columns), plan)
    paces = observed_paces(obs, "certified_rate", 1)
    by_unit = paces.groupby("unit")["points_per_year"].apply(list)
    assert (by_unit["91"], by_unit["20"]) == ([1, 1], [1, 19, 1])
    target, apart = plan.targets[0], (obs["unit"] == "91") & (obs["period"] >= "2025")
    elsewhere = [Elsewhere(plan, obs), Elsewhere(plan, obs.assign(unit=obs["unit"].mask(apart, "97")))]
    history = history_of(obs, target, "20")
    one, other = (
        project(each.taught(history, target, "20", ">="), target, 2027, ">=", 1) for each in elsewhere
    )
    assert one.interval(0.8) == pytest.approx(other.interval(0.8), abs=1e-9)
