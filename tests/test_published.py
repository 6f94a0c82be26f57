"""Published truth first, then what may not be spliced or known too early."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetanalysis.errors import DataRefused, WrongCall
from vetanalysis.loading import load_observations
from vetanalysis.observations.checks import COLUMNS
from vetanalysis.observations.published import definition_effect, load_published, observed_paces
from vetanalysis.observations.series import pieces
from vetanalysis.observations.table import latest_vintage, load_indicators, load_sources, only_known_by
from vetanalysis.paths import data_root

TRUTH = Path(__file__).parent / "published"
FOLDER = Path(__file__).parent.parent / "data" / "published"


@pytest.fixture(scope="module")
def obs():
    return load_published(FOLDER)


def truth(name):
    return pd.read_csv(TRUTH / name, dtype={"unit": "str", "vintage": "str"}, encoding="utf-8")


def series(obs, indicator, unit, **definition):
    """The yearly values of the one definition there is."""
    held = [
        one
        for one in pieces(obs, indicator, unit)
        if all(getattr(one, part) == word for part, word in definition.items())
    ]
    (piece,) = held
    return piece.values


# Published truth


def test_certified_rate_of_lang_son_is_the_published_one(obs):
    expected = truth("certified_lang_son.csv")
    found = series(obs, "certified_rate", "20", base="employed", concept="ICLS-13")
    assert found.to_dict() == dict(zip(expected["year"], expected["percent"], strict=True))
    (piece,) = pieces(obs, "certified_rate", "20")
    assert [point.status for point in piece.points] == list(expected["status"])
    assert found.diff().std() == pytest.approx(1.19, abs=0.005)


def test_broad_rate_of_lang_son_has_three_published_points(obs):
    assert series(obs, "trained_rate", "20").to_dict() == {2010: 35.0, 2020: 56.0, 2021: 57.2}
    (piece,) = pieces(obs, "trained_rate", "20")
    assert [point.status for point in piece.points] == ["final", "estimate", "estimate"]
    assert [point.vintage for point in piece.points] == ["2011-08-02", "2021-12-14", "2021-12-14"]
    national = obs[(obs["indicator"] == "trained_rate") & (obs["unit"] == "VN")].set_index("period")
    assert national.loc[["2018-FY", "2023-FY", "2024-FY", "2025-FY"], "value"].to_list() == [
        58.6,
        68.0,
        69.0,
        70.0,
    ]
    assert set(national.loc["2020-FY", "value"]) == {64.5}  # foreseen in September, and published later
    assert national.loc["2018-FY", "base"] == "employed"


def test_labour_force_of_lang_son_in_both_vintages(obs):
    rows = obs[(obs["indicator"] == "labour_force") & (obs["unit"] == "20")]
    for expected in truth("labour_force_lang_son.csv").itertuples():
        one = rows[(rows["vintage"] == expected.vintage) & (rows["period"] == f"{expected.year}-FY")]
        assert one["value"].item() / 1000 == pytest.approx(expected.thousand_persons, abs=0.05)


def test_the_2021_definition_dropped_the_labour_force(obs):
    for expected in truth("labour_force_2021_break.csv").itertuples():
        before = series(obs, "labour_force", expected.unit, concept="ICLS-13").loc[2020]
        after = series(obs, "labour_force", expected.unit, concept="ICLS-19").loc[2021]
        assert 100 * (after / before - 1) == pytest.approx(expected.change_percent, abs=0.05)
    changes = {}
    provinces = obs.loc[(obs["indicator"] == "labour_force") & obs["unit"].str.fullmatch(r"\d\d"), "unit"]
    for unit in provinces.unique():
        found = {piece.concept: piece.values for piece in pieces(obs, "labour_force", unit)}
        changes[unit] = found["ICLS-19"].loc[2021] / found["ICLS-13"].loc[2020]
    assert sorted(changes, key=changes.get)[:3] == ["04", "12", "20"]
    assert len(changes) == 63


def test_definition_effect_of_lang_son(obs):
    effect = definition_effect(obs, "20")
    assert (effect.year_then, effect.year_now, effect.rate_then) == (2016, 2021, 15.8)
    assert effect.certified_workers / 1000 == pytest.approx(78.8, abs=0.05)
    assert effect.implied_rate == pytest.approx(24.4, abs=0.05)
    assert "suy luận của chúng tôi" in effect.note.vi
    assert "sơ bộ" in effect.note.vi
    assert "Our inference" in effect.note.en
    assert "preliminary" in effect.note.en
    assert definition_effect(obs[obs["concept"] != "ICLS-19"], "20") is None
    assert definition_effect(only_known_by(obs, "2022-12-31"), "20") is None  # the new figures came in 2023


def test_yearly_changes_of_63_provinces(obs):
    paces = observed_paces(obs, "certified_rate", 1)
    points = paces["points_per_year"]
    assert paces["unit"].nunique() == 63
    assert len(paces) == 63 * 8
    assert points.mean() == pytest.approx(0.69, abs=0.005)
    assert points.std() == pytest.approx(1.86, abs=0.005)
    assert (points < 0).mean() == pytest.approx(0.33, abs=0.005)
    assert points.quantile(0.05) == pytest.approx(-2.2, abs=0.05)
    assert points.quantile(0.95) == pytest.approx(4.0, abs=0.05)


def test_paces_of_two_years_are_annualised(obs):
    paces = observed_paces(obs, "certified_rate", 2).set_index(["unit", "start"])
    one = paces.loc[("20", 2014)]  # 15.8 in 2014, 15.8 in 2016
    assert one["end"] == 2016
    assert one["points_per_year"] == pytest.approx(0.0, abs=1e-12)
    first = paces.loc[("20", 2008)]  # 11.0 to 12.1
    assert first["points_per_year"] == pytest.approx(0.55)
    assert observed_paces(obs, "certified_rate", 30).empty
    with pytest.raises(WrongCall):
        observed_paces(obs, "certified_rate", 0)


def test_paces_never_cross_a_definition(obs):
    paces = observed_paces(obs, "certified_rate", 6)
    assert not ((paces["unit"] == "86") & (paces["end"] == 2022)).any()  # 2016 ICLS-13, 2022 ICLS-19


def test_vinh_long_published_two_certified_rates_for_one_year(obs):
    found = {(piece.publisher, piece.concept): piece.values for piece in pieces(obs, "certified_rate", "86")}
    department = found["Vĩnh Long province", "administrative"].loc[2022]
    office = found["General Statistics Office", "ICLS-19"].loc[2022]
    assert (department, office) == (20.11, 16.46)


def test_people_trained_in_lang_son_has_one_year_of_unstated_scope(obs):
    """Nearly 12,000 as the province says it, 11,370 as its department does: two makers, never one series."""
    later, nearly = pieces(obs, "people_trained", "20")
    assert (nearly.values.to_dict(), later.values.to_dict()) == ({2021: 12000.0}, {2021: 11370.0})
    assert nearly.points[0].approximate == "nearly"
    assert "scope not stated" in nearly.points[0].note
    assert series(obs, "people_enrolled", "VN").to_dict() == {
        2019: 2_330_000.0, 2023: 2_295_000.0, 2024: 2_430_000.0,
    }  # fmt: skip


def test_the_vocational_rate_is_an_indicator_of_its_own(obs):
    """Cao Bằng's 34.4 and 40.0 are qua đào tạo nghề: neither the broad rate nor the certified one."""
    assert series(obs, "vocational_rate", "04").to_dict() == {2021: 34.4, 2025: 40.0}
    assert "administrative" not in {piece.concept for piece in pieces(obs, "certified_rate", "04")}
    assert set(obs.loc[(obs["unit"] == "04") & (obs["source"] == "laodong_caobang"), "vintage"]) == {
        "2025-09-16"
    }


def test_a_year_of_vinh_long_as_it_was_told_month_by_month(obs):
    """Enrolment of 2022 of a plan of 34,500; a month that was told before it ended says to which day it counts."""
    rows = obs[
        (obs["unit"] == "86") & (obs["indicator"] == "people_enrolled") & obs["period"].str.startswith("2022")
    ]
    told = rows[["period", "value", "approximate", "window_end"]].to_records(index=False).tolist()
    assert told == [
        ("2022-H1", 20000.0, "nearly", ""), ("2022-M08", 29802.0, "", "2022-08-23"),
        ("2022-M10", 35842.0, "", "2022-10-22"), ("2022-M11", 38500.0, "over", "2022-11-24"),
    ]  # fmt: skip


def test_national_certified_rate_in_its_vintages(obs):
    rows = obs[(obs["indicator"] == "certified_rate") & (obs["unit"] == "VN") & (obs["period"] == "2020-FY")]
    assert set(rows["value"]) == {23.62, 24.05, 25.0, 24.1}
    old = series(obs, "certified_rate", "VN", base="employed", concept="ICLS-13")
    assert old.loc[[2012, 2020]].to_dict() == {2012: 16.5, 2020: 23.62}
    assert old.index.max() == 2020
    new = series(obs, "certified_rate", "VN", base="employed", concept="ICLS-19")
    assert new.to_dict() == {2021: 26.1, 2022: 26.3, 2023: 27.1, 2024: 28.3}
    inferred = rows[rows["source"] == "js_array"]
    assert inferred["note"].str.contains("inferred by position").all()


def test_unit_of_counts_is_persons(obs):
    national = series(obs, "population", "VN")
    assert national.loc[1995] == pytest.approx(71_995_500)
    counts = obs[obs["indicator"].isin(["labour_force", "population"])]
    assert (counts["measure"] == "persons").all()
    assert counts["value"].min() > 50_000


# What no table may hold


def test_no_broad_rate_stands_in_a_certified_column(obs):
    keys = ["unit", "period"]
    certified = obs[obs["indicator"] == "certified_rate"]
    assert not (certified["note"].str.contains("broad variant")).any()
    broad = obs[obs["indicator"] == "trained_rate"]
    assert set(broad["concept"]) == {"administrative"}
    both = certified[certified["sex"].eq("") & certified["residence"].eq("")].merge(
        broad, on=keys, suffixes=("_part", "_whole")
    )
    assert len(both) >= 8
    assert (both["value_part"] < both["value_whole"]).all()
    for name in ("certified_rate.csv", "trained_rate.csv"):
        table = pd.read_csv(FOLDER / name, dtype="str", encoding="utf-8")
        assert set(table["indicator"]) == {name.removesuffix(".csv")}


def test_every_row_states_where_it_comes_from(obs):
    sources = load_sources(FOLDER)
    assert tuple(obs.columns) == COLUMNS
    assert obs["source"].isin(sources.index).all()
    assert (sources[["title", "publisher", "publisher_vi", "where", "terms"]] != "").all(axis=None)
    rates = obs[obs["measure"] == "percent"]
    assert (rates[["base", "concept"]] != "").all(axis=None)
    assert obs["value"].notna().all()
    assert not obs["illustrative"].any()
    assert set(obs["indicator"]) <= set(load_indicators().index)
    known = obs["source"].map(sources["first_known"].to_dict())
    assert (obs["vintage"] == known).all()


def test_no_figure_is_known_before_its_year_ends_unless_it_is_an_estimate(obs):
    dated = obs[(obs["vintage"] != "") & obs["period"].str.endswith("-FY")]
    early = dated[dated["vintage"] <= dated["period"].str[:4] + "-12-31"]
    final = early[early["status"] == "final"]
    # counts and shares quoted during the year are of that day
    assert set(final["indicator"]) <= {
        *("vet_institutions", "ethnic_minority_share", "people_enrolled", "people_graduated"),
        *("people_enrolled_jan_may", "enrolled_jan_may_of_plan"),
    }


# One line, one definition


def test_a_series_across_2020_2021_is_two_pieces(obs):
    first, second = pieces(obs, "labour_force", "20")
    assert (first.years[0], first.years[-1], second.years[0]) == (2005, 2020, 2021)
    assert (first.concept, second.concept) == ("ICLS-13", "ICLS-19")


def test_two_census_bases_of_a_count_are_not_one_line(obs):
    both = obs[(obs["indicator"] == "labour_force") & (obs["unit"] == "20") & (obs["concept"] == "ICLS-13")]
    mixed = both[
        ((both["vintage"] == "2018-09-21") & (both["period"] <= "2012-FY"))
        | ((both["vintage"] == "2023-01-31") & (both["period"] > "2012-FY"))
    ]
    assert [one.population_base for one in pieces(mixed, "labour_force", "20")] == [
        "census-2009",
        "census-2019",
    ]
    assert series(mixed, "labour_force", "20", population_base="census-2019").index.min() == 2013


def test_women_stand_below_the_whole_and_men_above_it(obs):
    women, men, whole = (
        series(
            obs[obs["sex"] == sex].assign(sex=""), "certified_rate", "VN", base="employed", concept="ICLS-13"
        )
        for sex in ("female", "male", "")
    )
    assert (women.loc[2009:2011] < whole.loc[2009:2011]).all()
    assert (men.loc[2009:2011] > whole.loc[2009:2011]).all()


def test_nothing_found_is_no_piece(obs):
    assert pieces(obs, "certified_rate", "99") == ()
    assert pieces(obs, "certified_rate", "99") == ()


def test_latest_vintage_prefers_newest_then_final(obs):
    row = obs[(obs["indicator"] == "labour_force") & (obs["unit"] == "20")].iloc[[0]]
    versions = pd.concat(
        [
            row.assign(value=1.0, vintage="2023-01-31", status="final"),
            row.assign(value=2.0, vintage="2023-01-31", status="provisional"),
            row.assign(value=3.0, vintage="2018-09-21", status="final"),
            row.assign(value=4.0, vintage="", status="final"),
            row.assign(value=np.nan, vintage="2024-01-01", status="final"),
        ],
        ignore_index=True,
    )
    assert latest_vintage(versions)["value"].tolist() == [1.0]
    newer = row.assign(value=5.0, vintage="2023-06-30", status="provisional")
    assert latest_vintage(pd.concat([versions, newer]))["value"].tolist() == [5.0], "newer before more final"


@pytest.mark.parametrize(
    ("column", "better", "worse"),
    [
        ("status", "final", "provisional"),
        ("status", "provisional", "estimate"),
        ("certainty", "high", "medium"),
        ("certainty", "medium", "low"),
    ],
)
def test_of_figures_of_one_day_the_more_final_and_the_more_certain_count(obs, column, better, worse):
    row = obs[(obs["indicator"] == "labour_force") & (obs["unit"] == "20")].iloc[[0]]
    row = row.assign(status="final", certainty="high")
    first = row.assign(value=1.0, **{column: better})
    second = row.assign(value=2.0, **{column: worse})
    for frame in (pd.concat([first, second]), pd.concat([second, first])):
        assert latest_vintage(frame)["value"].tolist() == [1.0]


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_latest_vintage_does_not_depend_on_the_order_of_rows(obs, seed):
    some = obs[(obs["unit"].isin(["20", "VN"])) & (obs["indicator"].isin(["certified_rate", "labour_force"]))]
    shuffled = some.sample(frac=1, random_state=seed)
    keys = list(COLUMNS)
    one = latest_vintage(some).sort_values(keys, ignore_index=True)
    other = latest_vintage(shuffled).sort_values(keys, ignore_index=True)
    pd.testing.assert_frame_equal(one, other)
    pd.testing.assert_frame_equal(latest_vintage(one), one)


# Known by a day


def test_nothing_known_later_is_ever_read(obs):
    for day in ("2011-08-01", "2011-08-02", "2018-09-21", "2021-12-14", "2023-01-30", "2023-02-01"):
        seen = load_observations(None, returns=None, published=obs, known_by=day)
        assert (seen["vintage"] <= day).all()
        assert (seen["vintage"] != "").all()
        assert len(seen.attrs["left_out"]) == (obs["vintage"] == "").sum()
        expected = (obs["vintage"] != "") & (obs["vintage"] <= day)
        assert len(seen) == expected.sum()


def test_known_by_is_inclusive_and_lists_the_undated(obs):
    assert series(only_known_by(obs, "2021-12-13"), "trained_rate", "20").to_dict() == {2010: 35.0}
    seen = only_known_by(obs, "2021-12-14")
    assert series(seen, "trained_rate", "20").to_dict() == {2010: 35.0, 2020: 56.0, 2021: 57.2}
    assert {row["source"] for row in seen.attrs["left_out"]} >= {"js_array", "nhandan_ls"}
    before = only_known_by(obs, "2022-12-31")
    assert series(before, "labour_force", "20").loc[2015] == 508_500  # the vintage of that time


@pytest.fixture
def own_tables(tmp_path, monkeypatch):
    """A copy of the package's tables that may be changed."""
    shutil.copytree(data_root() / "published", tmp_path / "published")
    monkeypatch.setenv("VETANALYSIS_DATA", str(tmp_path))
    return tmp_path / "published"


def test_what_is_read_once_is_read_again_when_a_file_changes(own_tables):
    def rate():
        return series(load_published(), "trained_rate", "20")[2021]

    assert rate() == 57.2
    path = own_tables / "trained_rate.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",57.2,", ",57.25,"), encoding="utf-8")
    assert rate() == 57.25
    path.write_text(path.read_text(encoding="utf-8").replace("\n20,", "\nnew-unit,"), encoding="utf-8")
    with pytest.raises(DataRefused, match="new-unit"):
        load_published()


def test_who_changes_what_was_read_changes_it_for_himself():
    mine = load_published()
    mine["value"] = -1.0
    assert load_published()["value"].min() >= 0
