"""Another plan and another analyst: invented colleges, their figures in tidy files of three vintages a quarter."""

import importlib.util
import re

import pandas as pd
import pytest
from invented import schools
from report_text import found_in, text_of_file

import vetanalysis as va
from vetanalysis.cli.main import main
from vetanalysis.errors import DataRefused, WrongCall
from vetanalysis.indicators.derived import courses
from vetanalysis.returns.lists import indicators_owed, quota_of, quotas_of, reporting_units

NETWORK = schools.Network()
QUOTA_OF_RENAMED = sum(schools.quota(schools.OLD, level, 2025) for level in schools.LEVELS[:2])
CORRECTED = {"unit": "c001", "period": "2025-Q1", "level": "certificate"}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """The folder with the plan `colleges` and its figures."""
    return schools.write(tmp_path_factory.mktemp("another")).folder.parent


@pytest.fixture(scope="module")
def data(place):
    return place / "colleges-data"


@pytest.fixture(scope="module")
def plan(place):
    return va.load_plan(place / "colleges")


@pytest.fixture(scope="module")
def obs(plan, data):
    return va.load_observations(plan, returns=data, published=None)


@pytest.fixture(scope="module")
def table(plan, obs):
    return va.assess(plan, obs, as_of="2025-9M").set_index("target")


def test_two_tiers_and_three_levels(plan):
    assert (plan.units["kind"] == "region").sum() == 3
    assert len(plan.units_on("2025-12-31", "institution")) == 12
    assert len(plan.units_on("2026-02-01", "institution")) == 12
    assert [level.name.vi for level in plan.levels] == ["Chứng chỉ", "Bằng nghề", "Thợ cả"]


def test_every_target_gets_an_answer(table):
    assert table.loc["dropout_rate_2024", "status"] == "reached_provisional"
    assert table.loc["dropout_rate_2025", "direction"] == "<="
    assert 0 < table.loc["dropout_rate_2025", "probability"] < 1
    assert 0 < table.loc["people_enrolled", "probability"] < 1
    assert 0 < table.loc["apprentice_share", "probability"] < 1


def test_the_renamed_college_has_a_past_and_a_quota(plan, obs):
    """Past years stand under the old code, nine months under the new one."""
    own = va.assess(plan, obs, as_of="2025-9M", unit=schools.NEW).set_index("target")
    year, code = own.loc["people_enrolled", "latest_period"].split("-")
    counted = NETWORK.counted(int(year), code)
    assert own.loc["people_enrolled", "latest_value"] == counted.query("unit == @schools.NEW")["value"].sum()
    assert own.loc["people_enrolled", "target_value"] == QUOTA_OF_RENAMED
    assert own.loc["people_enrolled", "status"] != "not_assessed"


def test_the_table_of_indicators_tells_the_past_of_the_renamed_college(plan, obs):
    """Nine months stand under the new code, the same nine months a year before under the old one."""

    def line(as_of):
        lines = va.indicator_table(plan, obs, as_of, unit=schools.NEW).set_index(["id", "level", "basis"])
        return lines.loc[("people_enrolled", "", "cumulative")]

    def total(year, code):
        counted = NETWORK.counted(year, code)
        return counted[counted["unit"] == schools.NEW]["value"].sum()

    assert line("2025-9M")["value"] == total(2025, "9M")
    assert line("2025-9M")["last_year_value"] == total(2024, "9M")
    assert line("2025-9M")["plan_value"] == QUOTA_OF_RENAMED  # the quota of the old code
    assert line("2025-H1")["value"] == total(2025, "H1")  # sent under the old code, a month after it ended
    paths = courses(plan, obs, "2025-9M")[schools.NEW]
    assert paths[2025][2] == total(2025, "H1")
    assert paths[2024][3] == total(2024, "9M")


def test_the_quota_of_the_renamed_college_stands_under_both_codes(plan):
    assert quota_of(plan, schools.OLD, 2025) == quota_of(plan, schools.NEW, 2025) == QUOTA_OF_RENAMED
    assert quotas_of(plan, schools.NEW, 2025) == quotas_of(plan, schools.OLD, 2025)
    assert quota_of(plan, "r02", 2025) is None


def test_an_office_reports_until_it_hands_over_and_its_heir_from_then_on(plan):
    """The duty passes on 28 February 2026, the last day of the first half of the school year."""
    before, after = plan.check_cutoff("2025-Q1"), plan.check_cutoff("2025-H1")
    asked = plan.model_copy(update={"indicators": plan.indicators.assign(periods="Q|H|Y")})
    assert {schools.OFFICE, schools.HEIR} & set(reporting_units(asked, before)) == {schools.OFFICE}
    assert {schools.OFFICE, schools.HEIR} & set(reporting_units(asked, after)) == {schools.HEIR}
    assert {schools.OFFICE, schools.HEIR}.isdisjoint(reporting_units(plan, before)), "asked once a year"
    year = plan.check_cutoff("2025-FY")
    assert "apprentice_share" in set(indicators_owed(plan, plan.unit(schools.HEIR), year)["id"])
    assert indicators_owed(plan, plan.unit(schools.OFFICE), year).empty


def test_duties_passed_to_one_that_is_no_unit_stay_where_they_were(plan):
    heir = plan.body(schools.OFFICE).successors[0].model_copy(update={"code": "nobody-knows"})
    bodies = [
        one.model_copy(update={"successors": (heir,)}) if one.code == schools.OFFICE else one
        for one in plan.bodies
    ]
    other = plan.model_copy(update={"bodies": tuple(bodies)})
    assert schools.OFFICE in reporting_units(other, plan.check_cutoff("2025-FY"))


def test_an_upper_limit_is_judged_from_below(plan, obs, table):
    """Chances of at most and of at least the same value add up to one."""
    turned = [
        one.model_copy(update={"operator": ">="}) if one.operator == "<=" else one for one in plan.targets
    ]
    other = va.assess(plan.model_copy(update={"targets": tuple(turned)}), obs, as_of="2025-9M").set_index(
        "target"
    )
    both = table.loc["dropout_rate_2025", "probability"] + other.loc["dropout_rate_2025", "probability"]
    assert both == pytest.approx(1, abs=0.25)  # the side that counts as better also moves the prior a little


def test_a_figure_that_was_corrected_is_read_as_it_stood(plan, data):
    """The second file of a quarter raises one figure by three."""
    early = va.load_observations(plan, returns=data, published=None, known_by="2025-12-10")
    late = va.load_observations(plan, returns=data, published=None, known_by="2025-12-24")

    def newest(obs):
        rows = obs[(obs[list(CORRECTED)] == pd.Series(CORRECTED)).all(axis=1)].sort_values("vintage")
        return rows["value"].iloc[-1]

    assert newest(late) == newest(early) + 3
    assert early["vintage"].max() == "2025-12-05"


def test_a_frame_gives_the_same_answer_as_the_files(plan, data, table):
    frames = [pd.read_csv(path).assign(vintage=path.stem[-10:]) for path in sorted(data.iterdir())]
    obs = va.load_observations(plan, returns=pd.concat(frames, ignore_index=True), published=None)
    answer = va.assess(plan, obs, as_of="2025-9M").set_index("target")
    pd.testing.assert_series_equal(answer["probability"], table["probability"])


def test_one_file_alone_is_enough(plan, data, table, tmp_path):
    """Only the newest vintage of every figure, in one file: the answer is that of the folder."""
    frames = [pd.read_csv(path).assign(vintage=path.stem[-10:]) for path in sorted(data.iterdir())]
    every = pd.concat(frames).sort_values("vintage")
    newest = every.drop_duplicates(["unit", "period", "indicator", "level"], keep="last")
    newest.drop(columns="vintage").to_csv(tmp_path / "newest.csv", index=False)
    obs = va.load_observations(plan, returns=tmp_path / "newest.csv", published=None)
    answer = va.assess(plan, obs, as_of="2025-9M").set_index("target")
    pd.testing.assert_series_equal(answer["median"], table["median"], rtol=0.005)


def test_check_lists_files_and_who_is_missing(place, data, capsys, tmp_path):
    command = ["check", str(place / "colleges"), "--as-of", "2025-H1"]
    assert main([*command, "--returns", str(data), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "figures_2026-03-20.csv" in said
    assert "12 of 12 units with a quota have a figure" in said
    few = schools.figures(NETWORK, 2025, ("Q1", "H1"), 3)
    few[~few["unit"].isin(["c003", "c004"])].to_csv(tmp_path / "few.csv", index=False)
    assert main([*command, "--returns", str(tmp_path / "few.csv"), "--lang", "vi"]) == 0
    assert "còn thiếu: 2 cơ sở (Trường 3 và Trường 4)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("c099,2025-Q1,people_enrolled,5", "unknown-unit"),
        ("c001,2025-Q5,people_enrolled,5", "period-code"),
        ("c001,2025-Q1,people_enroled,5", "unknown-indicator"),
        ("c001,2025-Q1,people_enrolled,5 người", "not-a-number"),
        ("c001,2025-Q1,people_enrolled,-5", "negative"),
        ("NET,2024-FY,apprentice_share,365", "percent-range"),
    ],
)
def test_bad_lines_are_refused_with_place_and_remedy(place, plan, tmp_path, line, rule):
    path = tmp_path / "bad.csv"
    path.write_text(
        f"unit,period,indicator,value\nc002,2025-Q1,people_enrolled,4\n{line}\n", encoding="utf-8"
    )
    with pytest.raises(DataRefused) as caught:
        va.load_observations(plan, returns=path, published=None)
    found = caught.value.findings
    assert [one.rule for one in found] == [rule]
    assert found[0].file == "bad.csv"
    assert found[0].place.startswith("row 3")
    assert found[0].remedy.vi
    assert main(["assess", str(place / "colleges"), "--as-of", "2025-9M", "--returns", str(path)]) == 1


def test_two_files_that_disagree_need_a_day(plan, tmp_path):
    for name, value in (("a", 4), ("b", 5)):
        text = f"unit,period,indicator,value\nc002,2025-Q1,people_enrolled,{value}\n"
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DataRefused, match=r"a\.csv!2, b\.csv!2 and nothing says which is newer"):
        va.load_observations(plan, returns=tmp_path, published=None)
    (tmp_path / "b.csv").rename(tmp_path / "b_2026-01-01.csv")
    obs = va.load_observations(plan, returns=tmp_path, published=None)
    assert obs["vintage"].tolist() == ["", "2026-01-01"]


def test_a_file_saved_by_a_vietnamese_excel_is_read(plan, tmp_path):
    """Semicolons between cells, commas for decimals, a byte-order mark."""
    path = tmp_path / "excel.csv"
    path.write_text("unit;period;indicator;value\nNET;2024-FY;apprentice_share;36,5\n", encoding="utf-8-sig")
    obs = va.load_observations(plan, returns=path, published=None)
    assert obs["value"].tolist() == [36.5]
    assert obs["measure"].tolist() == ["percent"]


@pytest.mark.skipif(
    importlib.util.find_spec("pyarrow") is not None, reason="a reader of parquet is installed"
)
def test_parquet_without_its_reader_says_how_to_get_it(plan, tmp_path):
    path = tmp_path / "figures.parquet"
    path.write_bytes(b"PAR1")
    with pytest.raises(WrongCall, match=r'pip install "vetanalysis\[parquet\]"'):
        va.load_observations(plan, returns=path, published=None)


def test_parquet_goes_through_the_same_checks(plan, tmp_path, monkeypatch):
    path = tmp_path / "figures_2026-01-02.parquet"
    path.write_bytes(b"PAR1")
    given = pd.DataFrame(
        {"unit": ["c002"], "period": ["2025-Q1"], "indicator": ["people_enrolled"], "value": [4]}
    )
    monkeypatch.setattr(pd, "read_parquet", lambda _: given)
    obs = va.load_observations(plan, returns=path, published=None)
    assert obs[["unit", "value", "vintage"]].values.tolist() == [["c002", 4.0, "2026-01-02"]]


@pytest.mark.slow
def test_the_report_in_english_without_touching_the_package(place, tmp_path, monkeypatch):
    from docx import Document

    monkeypatch.chdir(place)
    out = tmp_path / "out"
    call = [
        "report",
        "colleges",
        "--as-of",
        "2025-9M",
        "--returns",
        "colleges-data",
        "--out",
        str(out),
        "--jobs",
        "1",
        "--lang",
        "en",
    ]
    assert main([*call, "--quiet"]) == 0
    told = {
        "en": (
            "Highland Republic",
            "nine months of the 2025-2026 school year",
            "A year of the plan starts on 01/09",
        ),
    }
    for lang, (word, years, note) in told.items():
        folder = out / "colleges" / "2025-9M" / "NET" / lang
        text = "\n".join(one.text for one in Document(str(folder / "report.docx")).paragraphs)
        assert word in text
        assert years in text
        assert note in text
        lines = [line for line in text.splitlines() if "Earlier figures" not in line]
        assert "2020-2021" not in "\n".join(lines)  # the track record of rates is of civil years
        assert (folder / "report.html").is_file()
        assert not re.search(r"(?<!about )62%", text), "no target of the model case"
        assert "Lạng Sơn" not in text
        assert "16 units" not in text  # tidy files are figures, not returns that units owe
    for path in folder.iterdir():  # the English one
        if path.suffix in (".docx", ".xlsx", ".html", ".ipynb"):
            assert found_in(text_of_file(path)) == [], path.name


def test_a_drop_out_rate_is_not_set_beside_the_pace_of_trained_rates(plan, data):
    obs = va.load_observations(plan, returns=data)
    found = {one.target.id: one for one in va.assess_targets(plan, obs, "2025-9M")}
    assert found["dropout_rate_2025"].pace_places == 0
