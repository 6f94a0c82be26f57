"""Reading a plan: every problem at once, each with its file, key and remedy; merging; look-ups."""

import dataclasses
import shutil
from pathlib import Path

import pytest
import yaml

from vetanalysis.blocks import Text
from vetanalysis.errors import PlanInvalid, WrongCall
from vetanalysis.paths import data_root
from vetanalysis.periods import Cutoff
from vetanalysis.plan import load_plan, plan_names

REAL = Path(__file__).parent.parent / "data" / "plans" / "lang-son-2023"


@pytest.fixture
def folder(tmp_path):
    """A copy of the real plan that a test may spoil."""
    return Path(shutil.copytree(REAL, tmp_path / "copy"))


def change(folder, edit):
    """Rewrite plan.yaml after `edit(content)`."""
    path = folder / "plan.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["years"] = list(content["years"])
    edit(content)
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


def replace(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def findings(folder):
    with pytest.raises(PlanInvalid) as caught:
        load_plan(folder)
    assert caught.value.exit_code == 1
    for finding in caught.value.findings:
        assert finding.file.startswith(folder.name)
        assert finding.found.vi
        assert finding.found.en
        assert finding.remedy.vi
        assert finding.remedy.en
    return caught.value.findings


def only(folder, place, *words):
    """Exactly one finding, at that place, that mentions the words."""
    found = findings(folder)
    assert len(found) == 1, [one.line() for one in found]
    line = found[0].line()
    assert place in found[0].place, line
    for word in words:
        assert word in line, line
    return found[0]


SPOILS = {
    "no target": (lambda c: c.update(targets=[]), "targets", "no target"),
    "target without value": (lambda c: c["targets"][0].pop("value"), "targets[0].value", "value"),
    "misspelt key": (
        lambda c: c["targets"][0].update(opperator=">="),
        "targets[0].opperator",
        "did you mean 'operator'",
    ),
    "misspelt top key": (lambda c: c.update(recipient=[]), "recipient", "did you mean 'recipients'"),
    "misspelt calendar key": (
        lambda c: c["calendar"].update(window_rul="calendar"),
        "calendar.window_rul",
        "did you mean 'window_rule'",
    ),
    "people without a number": (
        lambda c: c["targets"][2].update(value=float("nan")),
        "targets[2].value",
        "not a positive whole number",
    ),
    "people without an end": (
        lambda c: c["targets"][2].update(value=float("inf")),
        "targets[2].value",
        "not a positive whole number",
    ),
    "unknown operator": (lambda c: c["targets"][0].update(operator="=>"), "targets[0].operator", ">="),
    "unknown unit": (lambda c: c["place"].update(code="21"), "place.code", "'21'"),
    "unknown unit beside": (
        lambda c: c["targets"][1]["related"][0].update(unit="2O"),
        "targets[1].related[0].unit",
        "2O",
    ),
    "unknown indicator": (
        lambda c: c["targets"][2].update(indicator="people_enroled"),
        "targets[2].indicator",
        "did you mean 'people_enrolled'",
    ),
    "years reversed": (lambda c: c.update(years=[2024, 2023]), "years", "[2023, 2024]"),
    "percent above 100": (lambda c: c["targets"][0].update(value=620), "targets[0].value", "0 to 100"),
    "half a person": (lambda c: c["targets"][2].update(value=13.5), "targets[2].value", "13500"),
    "text for a number": (lambda c: c["targets"][0].update(value="62%"), "targets[0].value", "number"),
    "measure mismatch": (
        lambda c: c["targets"][0].update(measure="persons", value=62),
        "targets[0].measure",
        "percent",
    ),
    "id twice": (
        lambda c: [task.update(id="task-1") for task in c["tasks"][1:2]],
        "tasks[",
        "task-1",
    ),
    "part of nothing": (
        lambda c: c["targets"][1].update(part_of="trained_rates"),
        "targets[1].part_of",
        "did you mean 'trained_rate'",
    ),
    "part above whole": (lambda c: c["targets"][1].update(value=63), "targets[1].value", "62"),
    "target outside the years": (
        lambda c: c["targets"][2].update(period="2025-FY"),
        "targets[2].period",
        "2023",
    ),
    "malformed period": (lambda c: c["targets"][2].update(period="2023"), "targets[2].period", "2023-FY"),
    "unknown level": (
        lambda c: c["targets"][2].update(levels=["elementary", "colege"]),
        "targets[2].levels",
        "did you mean 'college'",
    ),
    "body without duties": (lambda c: c["bodies"][3].pop("duties"), "bodies[3].duties", "duties"),
    "body with no duty": (lambda c: c["bodies"][3].update(duties=[]), "bodies[3].duties", "at least one"),
    "signed backwards": (
        lambda c: c["report_signatory"][0].update(valid_from="2025-03-01"),
        "report_signatory[0].valid_to",
        "2025-02-28",
    ),
    "no such day": (
        lambda c: c["report_signatory"][1].update(valid_from="2025-02-30"),
        "report_signatory[1].valid_from",
        "2025-02-30",
    ),
    "one language": (lambda c: c["title"].pop("en"), "title", "both languages"),
    "code without quotes": (lambda c: c["place"].update(code=20), "place.code", "quotes"),
    "unknown row": (lambda c: c["tasks"][0]["rows"].append(99), "tasks[0].rows", "99"),
    "unknown receiver": (lambda c: c["reporting"].update(to="so-ldtbx"), "reporting.to", "so-ldtbxh"),
    "wrong calendar": (lambda c: c["calendar"].update(year_starts="1-1"), "calendar.year_starts", "01-01"),
}


@pytest.mark.parametrize("name", SPOILS)
def test_each_problem_is_named_with_place_and_remedy(folder, name):
    edit, place, word = SPOILS[name]
    change(folder, edit)
    found = findings(folder)
    lines = [one.line() for one in found]
    assert any(place in one.place and word in one.line() for one in found), lines
    expected = 2 if name == "id twice" else 1
    assert len(found) == expected, lines


@pytest.mark.parametrize(("value", "told"), [(0.62, True), (1, False), (0, False)])
def test_a_share_where_percent_is_meant_is_told_and_one_percent_is_none(folder, value, told):
    change(folder, lambda c: c["targets"][1].update(value=value))
    found = [one for one in load_plan(folder).warnings if one.place.startswith("targets[1].value")]
    assert [one.severity for one in found] == ["warning"] * told


def test_all_problems_come_at_once(folder):
    def spoil(content):
        content["targets"][0]["operator"] = ">"
        content["targets"][1]["value"] = 250
        content["place"]["code"] = "99"
        del content["tasks"][2]["text"]
        content["targts"] = []

    change(folder, spoil)
    replace(folder, "units.csv", "178,Thành phố Lạng Sơn", "178,")
    places = " ".join(one.place for one in findings(folder))
    for place in (
        "targets[0].operator",
        "targets[1].value",
        "place.code",
        "tasks[2].text",
        "targts",
        "row 3",
    ):
        assert place in places


def test_broken_yaml_names_file_and_line(folder):
    path = folder / "plan.yaml"
    path.write_text("title:\n  vi: A\n  en: B\nyears: [2023, 2023\nplace: {code: '20'}\n", encoding="utf-8")
    finding = findings(folder)[0]
    assert finding.file == "copy/plan.yaml"
    assert finding.place.startswith("line 5")


def test_key_twice_is_an_error(folder):
    replace(folder, "plan.yaml", "years: [2023, 2023]", "years: [2023, 2023]\nyears: [2022, 2022]")
    assert any(one.rule == "plan-key-twice" and "years" in one.place for one in findings(folder))


def test_places_carry_the_line(folder):
    replace(folder, "plan.yaml", "    value: 62\n", "    value: 162\n")
    line = (folder / "plan.yaml").read_text(encoding="utf-8").split("    value: 162\n")[0].count("\n") + 1
    only(folder, f"targets[0].value (line {line})", "162")


def test_not_utf8(folder):
    (folder / "plan.yaml").write_bytes("title: Kế hoạch".encode("utf-16"))
    assert findings(folder)[0].rule == "plan-encoding"


def test_tables_are_checked(folder):
    replace(
        folder, "quotas.csv", "source\n", "source\n179,elementary,2023-FY,100,x\n178,colege,2023-FY,1.200,x\n"
    )
    replace(
        folder,
        "units.csv",
        "Cao Lộc district,district,20,,2025-06-30",
        "Cao Lộc district,distrikt,2O,2026-01-01,2025-06-30",
    )
    places = {(one.file.split("/")[1], one.place) for one in findings(folder)}
    assert places == {
        ("quotas.csv", "row 2, unit"),
        ("quotas.csv", "row 3, level"),
        ("quotas.csv", "row 3, value"),
        ("units.csv", "row 7, kind"),
        ("units.csv", "row 7, parent"),
        ("units.csv", "row 7, valid_to"),
    }


def test_missing_table_and_column(folder):
    (folder / "quotas.csv").unlink()
    replace(folder, "indicators.csv", ",measure,", ",mesure,")
    found = findings(folder)
    assert any(one.file.endswith("quotas.csv") and "header" in one.remedy.en for one in found)
    assert any("measure" in one.found.en for one in found)


def test_the_part_of_a_ratio_that_is_written_as_an_id_must_be_one(folder):
    replace(
        folder,
        "indicators.csv",
        ",graduates_followed,people_graduated,",
        ",graduates_folowed,people_graduated,",
    )
    told = only(folder, "row 32, numerator", "graduates_folowed", "graduates_followed")
    assert told.file.endswith("indicators.csv")


def test_same_indicator_twice(folder):
    path = folder / "indicators.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")
    assert {one.rule for one in findings(folder)} == {"plan-id-twice"}


def test_extends_takes_the_other_and_adds(folder):
    child = folder.parent / "child"
    child.mkdir()
    (child / "plan.yaml").write_text(
        "extends: copy\ntargets:\n  - {id: trained_rate, value: 63}\n"
        "notes:\n  - {vi: Ví dụ, en: An example}\n",
        encoding="utf-8",
    )
    (child / "quotas.csv").write_text(
        "unit,level,period,value,source\n178,elementary,2023-FY,300,illustrative\n", encoding="utf-8"
    )
    plan, base = load_plan(child), load_plan(folder)
    assert plan.name == "child"
    assert plan.target("trained_rate").value == 63
    assert plan.target("trained_rate").legal_text == base.target("trained_rate").legal_text
    assert [target.id for target in plan.targets] == [target.id for target in base.targets]
    assert plan.quotas["value"].tolist() == [300]
    assert len(plan.units) == len(base.units)
    assert base.quotas.empty


def test_extends_nothing_or_itself(folder):
    replace(folder, "plan.yaml", "title:", "extends: copy\ntitle:")
    assert findings(folder)[0].rule == "plan-extends"
    replace(folder, "plan.yaml", "extends: copy", "extends: nowhere-2020")
    assert "nowhere-2020" in findings(folder)[0].line()


def test_misspelt_name_lists_the_names():
    with pytest.raises(WrongCall, match=r"did you mean lang-son-2023.*viet-nam-2025") as caught:
        load_plan("lang-sn-2023")
    assert caught.value.exit_code == 2
    with pytest.raises(WrongCall, match=r"plan\.yaml"):
        load_plan(Path(__file__).parent)


def test_data_folder_can_be_elsewhere(monkeypatch, tmp_path):
    shutil.copytree(REAL, tmp_path / "plans" / "elsewhere")
    monkeypatch.setenv("VETANALYSIS_DATA", str(tmp_path))
    assert data_root() == tmp_path
    assert plan_names() == ["elsewhere"]
    assert load_plan("elsewhere").place.code == "20"


def test_cutoffs_of_the_plan():
    plan = load_plan("viet-nam-2025")
    assert plan.check_cutoff("2023-start") == Cutoff(2023, "start")
    assert plan.check_cutoff(Cutoff(2025, "FY")) == Cutoff(2025, "FY")
    with pytest.raises(WrongCall, match="covers 2021 to 2025"):
        plan.check_cutoff("2026-Q1")
    with pytest.raises(WrongCall, match="covers 2023;"):
        load_plan(REAL).check_cutoff("2022-FY")
    with pytest.raises(WrongCall, match="alone"):
        plan.check_cutoff("2023-Q2")


def test_unknown_ids_name_the_nearest():
    plan = load_plan(REAL)
    with pytest.raises(WrongCall, match="did you mean certified_rate"):
        plan.target("certifed_rate")
    with pytest.raises(WrongCall, match="unknown unit '179'"):
        plan.unit("179")
    with pytest.raises(WrongCall, match="did you mean so-ldtbxh"):
        plan.body("so-ldtbx")


def test_units_exist_between_their_days():
    plan = load_plan(REAL)
    assert len(plan.units_on("2023-06-30", "district")) == 11
    assert len(plan.units_on("2025-06-30", "district")) == 11
    assert len(plan.units_on("2025-07-01", "district")) == 0
    assert plan.unit("183").label.vi == "Huyện Cao Lộc"
    assert "H. Cao Lộc" in plan.unit("183").aliases


def test_short_names_fall_back_to_the_full_one_and_stand_in_both_languages():
    plan = load_plan(REAL)
    assert plan.unit("178").short == Text("TP Lạng Sơn", "Lạng Sơn city")
    assert dataclasses.replace(plan.unit("178"), short_name="", name_en="").short == Text(
        "Thành phố Lạng Sơn", "Thành phố Lạng Sơn"
    )
    assert plan.short_names()["178"] == plan.unit("178").short
    assert "178" in plan.short_names("2025-06-30")
    assert "178" not in plan.short_names("2025-07-01")


def test_a_plan_is_frozen():
    plan = load_plan(REAL)
    with pytest.raises(ValueError, match="frozen"):
        plan.years = (2020, 2021)
    with pytest.raises(ValueError, match="frozen"):
        plan.targets[0].value = 1
    assert len({plan, plan}) == 1
