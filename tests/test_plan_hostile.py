"""Plan folders that Excel, another keyboard or a hostile hand has written: told with file and place, in no time."""

import shutil
import unicodedata

import pytest

from vetanalysis.errors import PlanInvalid
from vetanalysis.plan import load_plan
from vetanalysis.returns.mapping import load_mapping

ALIASES = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(load_plan("lang-son-2023").folder, tmp_path / "copy")
    return tmp_path / "copy"


def told(folder):
    with pytest.raises(PlanInvalid) as raised:
        load_plan(folder)
    assert all(one.found.vi and one.remedy.vi for one in raised.value.findings)
    return [(one.file, one.place, one.rule) for one in raised.value.findings if one.severity == "error"]


YAML = {
    "alias bomb": ALIASES,
    "alias that holds itself": "a: &a [*a]\n",
    "mapping that holds itself": "a: &a {b: *a}\n",
    "lists in lists": "a: " + "[" * 5000 + "]" * 5000 + "\n",
    "lists never closed": "a: " + "[" * 5000,
    "number of 5,000 digits": "a: " + "9" * 5000 + "\n",
    "tag that does not fit": "a: !!int abc\n",
    "tag that would run": "a: !!python/object/apply:os.system [x]\n",
    "list as key": "? [a, b]\n: c\n",
}


@pytest.mark.parametrize("kind", YAML)
def test_yaml_that_explodes_is_one_finding(folder, kind):
    path = folder / "plan.yaml"
    path.write_text(path.read_text(encoding="utf-8") + YAML[kind], encoding="utf-8")
    ((file, _, rule),) = told(folder)
    assert (file, rule) == ("copy/plan.yaml", "plan-yaml")


def test_aliases_that_people_write_are_read():
    targets = load_plan("viet-nam-2025").targets  # its plan.yaml uses them
    assert len(targets) > 1


@pytest.mark.parametrize("code", ["cp1258", "utf-16"])
@pytest.mark.parametrize("table", ["units", "indicators"])
def test_a_table_in_another_code_is_refused_by_name(folder, table, code):
    path = folder / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    path.write_bytes(unicodedata.normalize("NFD", text).encode(code, errors="replace"))
    assert (f"copy/{table}.csv", "plan-encoding") in {(file, rule) for file, _, rule in told(folder)}


@pytest.mark.parametrize(("table", "column"), [("units", "code"), ("indicators", "row"), ("quotas", "unit")])
def test_a_column_given_twice_is_named(folder, table, column):
    path = folder / f"{table}.csv"
    head, _, rest = path.read_text(encoding="utf-8").partition("\n")
    path.write_text(f"{head},{column}\n{rest}", encoding="utf-8")
    assert (f"copy/{table}.csv", "row 1", "plan-table") in told(folder)


def test_a_cell_longer_than_any_cell_is_told_with_its_row(folder):
    with (folder / "units.csv").open("a", encoding="utf-8") as table:
        table.write(f"999,{'x' * 140_000},,,district,20,,,\n")
    ((file, place, rule),) = [one for one in told(folder) if one[0].endswith("units.csv")]
    rows = (folder / "units.csv").read_text(encoding="utf-8").count("\n")
    assert (file, place, rule) == ("copy/units.csv", f"row {rows}", "plan-table")


@pytest.mark.parametrize("number", ["inf", "1e400", "nan", "-1", "1.5", "abc"])
def test_a_row_number_that_is_none_is_named(folder, number):
    path = folder / "indicators.csv"
    head, first, *rest = path.read_text(encoding="utf-8").splitlines()
    assert head.startswith("row,")
    first = f"{number}," + first.partition(",")[2]
    path.write_text("\n".join([head, first, *rest]) + "\n", encoding="utf-8")
    assert any(file == "copy/indicators.csv" and place == "row 2, row" for file, place, _ in told(folder))


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("deadline_working_days: {institution", "deadline_working_days: {institutoin", "institutoin"),
        (
            "deadline_working_days: {institution: 1",
            "deadline_working_days: {institution: 99999999",
            "institution",
        ),
        ("  vi: ", "  vn: x\n  vi: ", "title"),
    ],
)
def test_a_key_that_nobody_reads_is_named(folder, before, after, place):
    path = folder / "plan.yaml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    assert any(place in where for _, where, _ in told(folder))


def test_an_unknown_language_is_named_with_those_there_are(folder):
    path = folder / "plan.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("  vi: ", "  vn: x\n  vi: ", 1), encoding="utf-8"
    )
    with pytest.raises(PlanInvalid) as raised:
        load_plan(folder)
    said = next(one for one in raised.value.findings if one.rule == "plan-language-key")
    assert "vn" in said.found.en
    assert "vi" in said.remedy.en


@pytest.mark.parametrize("wrong", ["[a, b]", "{a: b}", "1", ".inf"])
@pytest.mark.parametrize("key", ["calendar", "  - id", "place", "years", "targets", "    value", "bodies"])
def test_a_value_of_another_kind_is_a_finding(folder, key, wrong):
    path = folder / "plan.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith(f"{key}:"))
    indent = len(key) - len(key.lstrip(" -"))
    end = next(
        n
        for n in [*range(at + 1, len(lines)), len(lines)]
        if n == len(lines) or lines[n][: indent + 1].strip()
    )
    path.write_text("\n".join([*lines[:at], f"{key}: {wrong}", *lines[end:]]) + "\n", encoding="utf-8")
    assert told(folder)


def test_a_mapping_file_is_read_through_the_same_door(tmp_path):
    from vetanalysis.errors import DataRefused

    path = tmp_path / "178.yaml"
    for text in (ALIASES, "sheets: &a [*a]\n", "sheets: " + "9" * 5000):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(DataRefused) as raised:
            load_mapping(path)
        assert {one.rule for one in raised.value.findings} == {"mapping-yaml"}
