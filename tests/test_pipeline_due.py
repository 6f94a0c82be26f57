"""What is due is decided from content, and nothing else runs."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from vetanalysis import paths
from vetanalysis.hashes import plan_folders, read_json, write_json
from vetanalysis.pipeline.due import KEPT, PERHAPS, RUN, decide, settle, units_with_quota
from vetanalysis.pipeline.jobs import NOTEBOOKS, OF_A_UNIT, Report, inputs_of, jobs_of, reports_of
from vetanalysis.plan import load_plan

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def world(tmp_path, monkeypatch):
    """A copy of plans and published figures with two returns, and two reports that were made from them."""
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data" / "plans", data / "plans")
    shutil.copytree(ROOT / "data" / "published", data / "published")
    returns = data / "returns" / "lang-son-2023-example" / "2023-9M"
    returns.mkdir(parents=True)
    for unit in ("178", "180"):
        (returns / f"{unit}__2023-09-15.xlsx").write_bytes(unit.encode())
    notebooks = tmp_path / "notebooks"
    shutil.copytree(ROOT / "notebooks", notebooks)
    monkeypatch.setenv("VETANALYSIS_DATA", str(data))
    monkeypatch.setattr(paths, "notebooks_root", lambda: notebooks)
    reports = [_report(tmp_path, unit) for unit in ("20", "178", "180")]
    for one in reports:
        _made(one)
    return tmp_path, reports


def _report(tmp_path, unit, lang="vi", **options):
    place = tmp_path / "reports" / "lang-son-2023-example" / "2023-9M" / unit / lang
    return Report(
        "lang-son-2023-example", "2023-9M", unit, lang, str(place), is_place=unit == "20", **options
    )


def _made(report, result="same"):
    place = Path(report.place)
    place.mkdir(parents=True)
    (place / "report.docx").write_bytes(b"x")
    record = {
        **inputs_of(report).record(),
        "files": ["report.docx"],
        "result": result,
    }
    write_json(record, place / "manifest.json")


def _states(reports):
    return [one.state for one in decide(reports)]


def test_nothing_changed_keeps_everything(world):
    assert _states(world[1]) == [KEPT, KEPT, KEPT]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("data/plans/lang-son-2023-example/plan.yaml", "lang-son-2023-example/plan.yaml changed"),
        ("data/plans/lang-son-2023/units.csv", "lang-son-2023/units.csv changed"),
        ("data/published/trained_rate.csv", "published/trained_rate.csv changed"),
        ("notebooks/4_people_trained.ipynb", "notebooks/4_people_trained.ipynb changed"),
    ],
)
def test_a_changed_file_that_all_read_makes_all_due_and_is_named(world, file, said):
    path = world[0] / file
    path.write_bytes(path.read_bytes() + b"\n")
    decisions = decide(world[1])
    assert [one.state for one in decisions] == [RUN, RUN, RUN]
    assert {one.why for one in decisions} == {said}


def test_a_time_alone_changes_nothing(world):
    (world[0] / "data" / "published" / "trained_rate.csv").touch()
    assert _states(world[1]) == [KEPT, KEPT, KEPT]


def test_a_corrected_return_is_due_for_its_unit_and_the_place(world):
    path = world[0] / "data" / "returns" / "lang-son-2023-example" / "2023-9M" / "178__2023-09-20.xlsx"
    path.write_bytes(b"corrected")
    assert _states(world[1]) == [RUN, RUN, PERHAPS]
    assert [one.state for one in settle(decide(world[1]), lambda reports: ["same"] * len(reports))] == [
        RUN,
        RUN,
        KEPT,
    ]
    assert _states(world[1]) == [RUN, RUN, KEPT], "what was settled is not asked again"


def test_a_unit_whose_own_statements_move_runs_too(world):
    path = world[0] / "data" / "returns" / "lang-son-2023-example" / "2023-9M" / "178__2023-09-20.xlsx"
    path.write_bytes(b"corrected")
    last = settle(decide(world[1]), lambda reports: ["other"] * len(reports))[-1]
    assert (last.state, last.why) == (RUN, "returns changed figures it shows")


def test_what_one_language_says_decides_for_both(world):
    tmp_path, (_, _, report) = world
    english = _report(tmp_path, report.unit, "en")
    _made(english, result="the same in English")
    path = tmp_path / "data" / "returns" / "lang-son-2023-example" / "2023-9M" / "178__2023-09-20.xlsx"
    path.write_bytes(b"corrected")
    asked = []

    def results(reports):
        asked.extend(one.unit for one in reports)
        return ["same"] * len(reports)

    settled = settle(decide([report, english]), results, workers=2)
    assert [one.state for one in settled] == [KEPT, KEPT]
    assert asked == ["180"]


def test_other_parameters_code_or_versions_make_it_due(world, monkeypatch):
    tmp_path, (_, report, _) = world
    assert decide([_report(tmp_path, "178", seed=2)])[0].why == "seed is now 2"
    manifest = Path(report.place) / "manifest.json"
    good = read_json(manifest)
    write_json({**good, "program": "0"}, manifest)
    assert decide([report])[0].why == "the package changed"
    write_json({**good, "versions": {**good["versions"], "pandas": "2.0"}}, manifest)
    assert decide([report])[0].why.startswith("pandas 2.0 is now")


@pytest.mark.parametrize("damage", ["manifest", "half a manifest", "document"])
def test_what_is_missing_is_made_again(world, damage):
    report = world[1][1]
    manifest = Path(report.place) / "manifest.json"
    if damage == "manifest":
        manifest.unlink()
    elif damage == "document":
        (Path(report.place) / "report.docx").unlink()
    else:
        manifest.write_text(manifest.read_text(encoding="utf-8")[:100], encoding="utf-8")
    assert _states(world[1]) == [KEPT, RUN, KEPT]


def test_hidden_files_and_locks_of_open_workbooks_are_no_input(world):
    folder = world[0] / "data" / "returns" / "lang-son-2023-example" / "2023-9M"
    (folder / "~$178__2023-09-15.xlsx").write_bytes(b"lock")
    (folder / ".DS_Store").write_bytes(b"mac")
    assert _states(world[1]) == [KEPT, KEPT, KEPT]


def test_the_first_look_finds_the_same_units_as_the_plan():
    plan = load_plan("lang-son-2023-example")
    owing = plan.quotas["unit"].drop_duplicates().tolist()
    assert set(units_with_quota("lang-son-2023-example")) == {plan.place.code, *owing}
    assert units_with_quota("lang-son-2023-example")[0] == plan.place.code


def test_the_folders_of_a_plan_include_what_it_extends(tmp_path):
    names = [folder.name for folder in plan_folders(ROOT / "data" / "plans" / "lang-son-2023-example")]
    assert names == ["lang-son-2023-example", "lang-son-2023"]
    (tmp_path / "plan.yaml").write_text(f"extends: {tmp_path.name}\n", encoding="utf-8")
    assert plan_folders(tmp_path) == [tmp_path]


def test_a_job_is_a_unit_in_every_language_and_only_the_place_runs_all_notebooks():
    jobs = jobs_of(reports_of("p", "2023-9M", ["a", "b"], ["vi", "en"], Path("out"), {}, "a"))
    assert [[f"{one.unit}{one.lang}" for one in job.reports] for job in jobs] == [
        ["avi", "aen"],
        ["bvi", "ben"],
    ]
    assert [job.reports[0].notebooks for job in jobs] == [NOTEBOOKS, OF_A_UNIT]
    assert [one.is_place for job in jobs for one in job.reports] == [True, True, False, False]


def test_deciding_imports_nothing_heavy():
    code = (
        "import sys, vetanalysis.cli, vetanalysis.cli.report, vetanalysis.pipeline.due as due\n"
        "from vetanalysis.pipeline.jobs import Report\n"
        "due.units_with_quota('lang-son-2023')\n"
        "due.decide([Report('lang-son-2023', '2023-start', '20', 'vi', 'nowhere')])\n"
        "print([m for m in ('pandas', 'numpy', 'pydantic', 'papermill', 'matplotlib') if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert json.loads(said.replace("'", '"')) == []
