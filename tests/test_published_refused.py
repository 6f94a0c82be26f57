"""What a table of published figures is refused for: everything at once, with file, row, column and remedy."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from vetanalysis.errors import DataRefused, WrongCall
from vetanalysis.observations.checks import COLUMNS
from vetanalysis.observations.published import load_published, load_published_file
from vetanalysis.observations.table import combine, load_sources

FOLDER = Path(__file__).parent.parent / "data" / "published"


HEADER = ",".join(COLUMNS)
WITHOUT_ERRORS = ",".join(name for name in COLUMNS if name != "standard_error")
GOOD = "20,2021-FY,trained_rate,,,,,,,,57.2,percent,stock,estimate,false,labour_force,"
GOOD += "administrative,lstv2021,2021-12-14,high,"


def write(folder, *lines, header=HEADER, name="mine.csv"):
    folder.mkdir(exist_ok=True)
    shutil.copy(FOLDER / "sources.csv", folder / "sources.csv")
    path = folder / name
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return folder


def refused(folder):
    with pytest.raises(DataRefused) as caught:
        load_published(folder)
    assert caught.value.exit_code == 1
    for finding in caught.value.findings:
        assert finding.file == "mine.csv"
        assert finding.found.vi
        assert finding.remedy.vi
        assert finding.remedy.en
    return {(finding.rule, finding.place) for finding in caught.value.findings}


def test_a_good_table_is_read(tmp_path):
    found = load_published(write(tmp_path / "p", GOOD))
    assert found["value"].tolist() == [57.2]
    shorter = load_published(write(tmp_path / "q", GOOD, header=WITHOUT_ERRORS))
    assert shorter["standard_error"].isna().all()


def test_tables_read_together_are_what_each_is_alone(tmp_path):
    other = GOOD.replace("2021-FY", "2020-FY").replace("57.2", "56.0")
    write(tmp_path / "p", GOOD, name="a.csv")
    folder = write(tmp_path / "p", other, header=WITHOUT_ERRORS, name="b.csv")
    each = [load_published_file(folder / name) for name in ("a.csv", "b.csv")]
    pd.testing.assert_frame_equal(load_published(folder), combine(each))


def test_of_several_tables_the_one_at_fault_is_named_with_its_own_row(tmp_path):
    write(tmp_path / "p", GOOD, GOOD.replace("2021-FY", "2020-FY"), name="another.csv")
    assert refused(write(tmp_path / "p", GOOD.replace("57.2", "572"))) == {("percent-range", "row 2, value")}


@pytest.mark.parametrize(("error", "read"), [("1.5", 1.5), ("0", 0.0), ("", None), ("50", 50.0)])
def test_a_standard_error_is_read_in_the_measure_of_the_value(tmp_path, error, read):
    found = load_published(write(tmp_path / "p", f"{GOOD},{error}"))["standard_error"].iloc[0]
    assert found == read if read is not None else found != found


@pytest.mark.parametrize("error", ["-0.1", "51", "khoảng 1", "inf"])
def test_a_standard_error_that_is_none_is_refused(tmp_path, error):
    assert refused(write(tmp_path / "p", f"{GOOD},{error}")) == {("standard-error", "row 2, standard_error")}


@pytest.mark.parametrize(
    ("old", "new", "rule", "place"),
    [
        ("lstv2021", "lstv2012", "unknown-source", "row 2, source"),
        ("lstv2021", "", "unknown-source", "row 2, source"),
        ("57.2", "572", "percent-range", "row 2, value"),
        ("57.2", "-1", "negative", "row 2, value"),
        ("57.2", "khoảng 57", "not-a-number", "row 2, value"),
        ("57.2", "..", "not-a-number", "row 2, value"),
        ("57.2", '"57,2"', "not-a-number", "row 2, value"),
        ("57.2", "inf", "not-a-number", "row 2, value"),
        ("57.2", "", "blank-value", "row 2, value"),
        ("trained_rate", "trainedrate", "unknown-indicator", "row 2, indicator"),
        ("trained_rate", "Tỷ lệ", "indicator-code", "row 2, indicator"),
        ("20,2021", "Lạng Sơn,2021", "unit-code", "row 2, unit"),
        ("20,2021", ",2021", "unit-code", "row 2, unit"),
        ("2021-FY", "2021", "period-code", "row 2, period"),
        ("2021-12-14", "14/12/2021", "vintage-day", "row 2, vintage"),
        ("2021-12-14", "2021-02-30", "vintage-day", "row 2, vintage"),
        ("labour_force,", ",", "rate-without-base", "row 2, base"),
        ("administrative", "", "rate-without-concept", "row 2, concept"),
        ("estimate", "ước", "unknown-status", "row 2, status"),
        ("estimate", "", "unknown-status", "row 2, status"),
        (",high,", ",sure,", "unknown-certainty", "row 2, certainty"),
        ("stock", "total", "unknown-basis", "row 2, basis"),
        (",percent,", ",,", "no-measure", "row 2, measure"),
    ],
)
def test_each_fault_is_named_with_its_place(tmp_path, old, new, rule, place):
    assert (rule, place) in refused(write(tmp_path / "p", GOOD.replace(old, new, 1)))


def test_all_faults_are_shown_together(tmp_path):
    folder = write(
        tmp_path / "p",
        GOOD.replace("57.2", "572"),
        GOOD.replace("2021-FY", "2020-FY").replace("lstv2021", "nobody"),
        GOOD.replace("2021-FY", "2019-FY").replace("57.2", "x"),
    )
    places = {place for _, place in refused(folder)}
    assert places == {"row 2, value", "row 3, source", "row 4, value"}


def test_the_same_figure_twice_with_two_values(tmp_path):
    folder = write(tmp_path / "p", GOOD, GOOD.replace("57.2", "57.3"))
    assert refused(folder) == {("same-figure-twice", "row 3, value")}
    again = write(tmp_path / "q", GOOD, GOOD)  # the same value: one figure, not a contradiction
    assert len(load_published(again)) == 1
    other_vintage = write(
        tmp_path / "r", GOOD, GOOD.replace("57.2", "57.3").replace("2021-12-14", "2022-03-01")
    )
    assert len(load_published(other_vintage)) == 2


def test_missing_columns_are_named(tmp_path):
    header = ",".join(name for name in COLUMNS if name not in ("source", "value"))
    folder = write(tmp_path / "p", "20,2021-FY,trained_rate", header=header)
    assert refused(folder) == {("missing-column", "row 1, source"), ("missing-column", "row 1, value")}


def test_a_file_that_is_not_utf8_or_not_a_table(tmp_path):
    folder = write(tmp_path / "p", GOOD)
    (folder / "mine.csv").write_bytes("unit,value\nLạng Sơn,1\n".encode("utf-16"))
    assert {rule for rule, _ in refused(folder)} == {"not-utf-8"}
    (folder / "mine.csv").write_text("a,b\n1,2,3,4\n5\n1,2,3,4,5,6\n", encoding="utf-8")
    assert {rule for rule, _ in refused(folder)} & {"unreadable-csv", "missing-column"}
    (folder / "mine.csv").write_text("", encoding="utf-8")
    assert {rule for rule, _ in refused(folder)} == {"unreadable-csv"}


def test_one_bad_file_does_not_hide_another(tmp_path):
    folder = write(tmp_path / "p", GOOD.replace("57.2", "572"))
    write(folder, GOOD.replace("lstv2021", "nobody"), name="other.csv")
    with pytest.raises(DataRefused) as caught:
        load_published(folder)
    assert {finding.file for finding in caught.value.findings} == {"mine.csv", "other.csv"}


def test_a_hundred_bad_rows_are_counted_not_listed(tmp_path):
    lines = [GOOD.replace("2021-FY", f"{year}-FY").replace("57.2", "572") for year in range(1920, 2020)]
    folder = write(tmp_path / "p", *lines)
    with pytest.raises(DataRefused) as caught:
        load_published(folder)
    assert len(caught.value.findings) == 21
    assert "80 more rows" in caught.value.findings[-1].found.en


def test_a_misspelt_indicator_gets_a_suggestion(tmp_path):
    with pytest.raises(DataRefused, match='Did you mean "trained_rate"'):
        load_published(write(tmp_path / "p", GOOD.replace("trained_rate", "trained_rte")))


def test_a_folder_that_does_not_exist_is_a_wrong_call(tmp_path):
    with pytest.raises(WrongCall, match="does not exist"):
        load_published(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(WrongCall, match=r"no \.csv table"):
        load_published(tmp_path / "empty")


def test_own_sources_are_added_to_the_package_s(tmp_path):
    folder = write(tmp_path / "p", GOOD.replace("lstv2021", "my_yearbook"))
    header = ",".join(["source_id", *load_sources().columns])
    (folder / "sources.csv").write_text(
        f"{header}\nmy_yearbook,Yearbook,Office,Văn phòng,p. 3,cite,high,2021-12-14,,\n", encoding="utf-8"
    )
    found = load_published(folder)
    assert found["source"].tolist() == ["my_yearbook"]
