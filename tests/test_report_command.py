"""The whole way from a plan to reports in their places, run as a user runs it."""

import json
import os
import pickle
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from vetanalysis.cli.main import main

ROOT = Path(__file__).resolve().parent.parent
PLANS = ROOT / "data" / "plans"
STANDARD = ("plan", "as_of", "unit", "lang", "returns", "published", "known_by", "seed")
FILES = {
    "report.docx", "report.html", "report.ipynb", "manifest.json", "figures.json", "3_trained_rate.ipynb",
    "3_trained_rate.html", "4_people_trained.ipynb", "4_people_trained.html",
}  # fmt: skip


def _report(out, *options, plan="lang-son-2023", as_of="2023-start"):
    return main(["report", plan, "--as-of", as_of, "--returns", "none", "--out", str(out), *options])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Both languages of the province's report, made once for the tests below."""
    out = tmp_path_factory.mktemp("reports")
    planted = [_plant(out / name) for name in PLANTED]
    assert _report(out, "--quiet") == 0
    for one in planted:
        one.unlink(missing_ok=True)
    return out


PLANTED = ("run.pickle", "lang-son-2023/study.pickle", "lang-son-2023/2023-start/20/vi/study.pickle")


class Payload:
    """What reading its pickle does: a folder `executed` beside it."""

    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return os.mkdir, (str(self.marker),)


def _plant(place):
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(pickle.dumps(Payload(place.with_name("executed"))))
    return place


def test_a_pickle_planted_among_the_reports_is_never_read(made, tmp_path):
    assert not list(made.rglob("executed"))
    pickle.loads(_plant(tmp_path / "study.pickle").read_bytes())
    assert (tmp_path / "executed").is_dir()  # the plant does work


def _place(out, lang):
    return out / "lang-son-2023" / "2023-start" / "20" / lang


def _manifest(out, lang="vi"):
    return json.loads((_place(out, lang) / "manifest.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_form_of_the_report_is_there_and_nothing_else(made, lang):
    assert {path.name for path in _place(made, lang).iterdir()} >= FILES
    assert {path.name for path in made.iterdir()} == {"index.html", "lang-son-2023"}
    assert {path.name for path in _place(made, lang).parent.iterdir()} == {"vi", "en"}


def test_a_run_of_all_units_makes_the_what_if_page_and_links_it(made):
    assert (made / "lang-son-2023" / "2023-start" / "what-if.html").is_file()
    assert 'href="lang-son-2023/2023-start/what-if.html"' in (made / "index.html").read_text(encoding="utf-8")
    for lang, words in (("vi", "Thử thay đổi"), ("en", "What if")):
        page = (_place(made, lang) / "report.html").read_text(encoding="utf-8")
        assert page.count("what-if.html") == 1
        assert f'<a href="../../what-if.html">{words}</a>' in page
        assert (_place(made, lang) / "../../what-if.html").resolve().is_file()


def test_the_manifest_carries_inputs_versions_and_the_figures_behind_sentences(made):
    manifest = _manifest(made)
    assert set(manifest["parameters"]) == set(STANDARD)
    assert "lang-son-2023/plan.yaml" in manifest["inputs"]
    assert "published/trained_rate.csv" in manifest["inputs"]
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in manifest["inputs"].values())
    assert manifest["versions"]["pandas"]
    figures = manifest["figures"]["trained_rate"]
    assert [(one["period"], one["value"]) for one in figures] == [
        ("2010-FY", 35.0), ("2020-FY", 56.0), ("2021-FY", 57.2),
    ]  # fmt: skip
    headline = manifest["sentences"]["trained_rate.headline"]
    row = next(one for one in manifest["targets"] if one["target"] == "trained_rate")
    assert headline["probability"] == pytest.approx(row["probability"])


def test_both_languages_rest_on_the_same_numbers(made):
    vi, en = _manifest(made, "vi"), _manifest(made, "en")
    assert vi["targets"] == en["targets"]
    assert {key: value for key, value in vi["sentences"].items()} == en["sentences"]


def test_the_certified_target_is_not_assessed_and_says_why(made):
    answers = {one["target"]: one for one in _manifest(made)["answers"]}
    assert answers["certified_rate"]["status"] == "not_assessed"
    assert answers["certified_rate"]["probability"] is None
    html = (_place(made, "en") / "report.html").read_text(encoding="utf-8")
    assert "own base and concept" in html.replace("&#39;", "'")


def test_the_page_loads_nothing_from_elsewhere(made):
    for path in [made / "index.html", *_place(made, "vi").glob("*.html")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"""(src|href)=["'](https?:)?//""", text), path.name
        assert "<script src" not in text


def test_the_executed_notebook_is_the_one_bare_papermill_writes(made, tmp_path):
    """But for what is for readers alone."""
    import papermill

    ours = nbformat.read(_place(made, "vi") / "3_trained_rate.ipynb", as_version=4)
    given = _manifest(made)["parameters"]
    bare = tmp_path / "bare.ipynb"
    papermill.execute_notebook(
        ROOT / "notebooks" / "3_trained_rate.ipynb", bare, kernel_name="python3", progress_bar=False,
        parameters={name: given[name] for name in STANDARD}, cwd=str(ROOT / "notebooks"),
    )  # fmt: skip
    theirs = nbformat.read(bare, as_version=4)
    assert ours.metadata.kernelspec == theirs.metadata.kernelspec
    assert ours.metadata.language_info == theirs.metadata.language_info
    wanted = [one for one in theirs.cells if "lesson" not in one.metadata.get("tags", ())]
    for mine, other in zip(ours.cells, wanted, strict=True):
        assert (mine.cell_type, mine.source) == (other.cell_type, other.source)
        assert mine.get("outputs") == other.get("outputs")
        assert mine.get("execution_count") == other.get("execution_count")


def test_the_report_runs_by_papermill_alone_with_the_four_usual_arguments(tmp_path):
    output = tmp_path / "report.ipynb"
    command = [
        sys.executable, "-m", "papermill", str(ROOT / "notebooks" / "report.ipynb"), str(output),
        "-p", "lang", "en", "-k", "python3", "--no-progress-bar",
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path, env={**os.environ})
    shown = "".join(str(cell.get("outputs", "")) for cell in nbformat.read(output, as_version=4).cells)
    assert "Main targets" in shown


def _copy_plan(tmp_path, change):
    import shutil

    folder = tmp_path / "lang-son-2023"
    shutil.copytree(PLANS / "lang-son-2023", folder)
    path = folder / "plan.yaml"
    text = path.read_text(encoding="utf-8")
    changed = change(text)
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["lang-son-2032", "--as-of", "2023-start"], 2, "lang-son-2023"),
        (["lang-son-2023", "--as-of", "2031-H1"], 2, "2031-H1"),
        (["lang-son-2023", "--as-of", "2023-12"], 2, "2023-9M"),
        (["lang-son-2023", "--as-of", "2023-start", "--unit", "999"], 2, "999"),
        (["lang-son-2023", "--as-of", "2023-start", "--lang", "fr"], 2, "fr"),
        (["lang-son-2023", "--as-of", "2023-start", "--known-by", "yesterday"], 2, "ISO day"),
        (["lang-son-2023", "--as-of", "2023-start", "--jobs", "0"], 2, "--jobs"),
    ],
)
def test_a_wrong_call_says_what_would_be_right_and_ends_with_2(options, code, said, tmp_path, capsys):
    assert main(["report", *options, "--out", str(tmp_path)]) == code
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_option_ends_with_2(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["report", "lang-son-2023", "--as-of", "2023-start", "--colour", "red"])
    assert ended.value.code == 2


def test_a_plan_that_cannot_be_used_leaves_the_last_good_report(made, tmp_path, capsys):
    before = (_place(made, "vi") / "report.docx").read_bytes()
    folder = _copy_plan(tmp_path, lambda text: text.replace("value: 62", "value: 620", 1))
    assert _report(made, plan=str(folder)) == 1
    said = capsys.readouterr().err
    assert "plan.yaml" in said
    assert "620" in said
    assert (_place(made, "vi") / "report.docx").read_bytes() == before


def test_published_figures_that_cannot_be_used_are_told_with_file_and_row(made, tmp_path, capsys):
    import shutil

    folder = tmp_path / "published"
    shutil.copytree(ROOT / "data" / "published", folder)
    path = folder / "trained_rate.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",57.2,", ",572,"), encoding="utf-8")
    before = (_place(made, "vi") / "report.docx").read_bytes()
    assert _report(made, "--lang", "vi", "--published", str(folder)) == 1
    said = capsys.readouterr().err
    assert "trained_rate.csv" in said
    assert "572" in said
    assert (_place(made, "vi") / "report.docx").read_bytes() == before


def test_a_notebook_that_raises_in_one_language_leaves_its_good_report_and_the_other(
    made, tmp_path, monkeypatch, capsys
):
    """What it had shown until then is kept for inspection."""
    from vetanalysis import paths

    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        if path.stem == "4_people_trained":
            notebook.cells[4].source = "if lang == 'en':\n    raise ValueError('no such district')"
        nbformat.write(notebook, notebooks / path.name)
    monkeypatch.setattr(paths, "notebooks_root", lambda: notebooks)
    before = {lang: (_place(made, lang) / "report.docx").read_bytes() for lang in ("vi", "en")}
    assert _report(made, "--lang", "vi,en") == 1
    said = capsys.readouterr()
    assert "1 made, 0 kept, 1 failed." in said.out
    assert "4_people_trained.ipynb, cell" in said.err
    assert "ValueError: no such district" in said.err
    for lang, whole in before.items():
        assert (_place(made, lang) / "report.docx").read_bytes() == whole, lang
    place = _place(made, "en")
    assert {path.name for path in place.parent.iterdir()} == {"vi", "en", "en.failed"}
    assert (place.with_name("en.failed") / "4_people_trained.ipynb").is_file()
