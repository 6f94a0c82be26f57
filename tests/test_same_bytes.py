"""The same question gives the same bytes wherever, whenever and however it is asked."""

import json
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from invented import unemployment
from sample_document import sample

import vetanalysis as va
from vetanalysis.blocks import Cell, Column, Figure, Paragraph, Sentence, Table
from vetanalysis.documents.html import html_text
from vetanalysis.hashes import write_json
from vetanalysis.language.cells import worded
from vetanalysis.pipeline.jobs import Report
from vetanalysis.pipeline.record import result_digest, results_of, told_digest
from vetanalysis.report import document_of, told_of

ROOT = Path(__file__).resolve().parent.parent
AS_OF, PLACE = "2026-Q1", unemployment.PLACE
EAST = {"TZ": "EAST-14", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}
WEST = {  # never the same day as in the east, no letter but ASCII, another order of sets
    "TZ": "WEST+12", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONHASHSEED": "2",
}  # fmt: skip


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    return unemployment.write(tmp_path_factory.mktemp("plan"))


@pytest.fixture(scope="module")
def runs(plan, tmp_path_factory):
    """Two reports folders of one plan, made under settings that differ in everything."""
    root = tmp_path_factory.mktemp("runs")
    made = []
    for name, settings, options in (
        ("east", EAST, ["--jobs", "1"]),
        ("west", WEST, ["--jobs", "2"]),
    ):
        call = [sys.executable, "-m", "vetanalysis", "report", str(plan.folder), "--returns", str(plan.data)]
        call += ["--as-of", AS_OF, "--lang", "vi", "--out", str(root / name), *options]
        kept = {key: value for key, value in os.environ.items() if key not in ("LANG", "LANGUAGE")}
        ended = subprocess.run(call, env={**kept, **settings}, capture_output=True, check=False, cwd=ROOT)
        assert ended.returncode == 0, ended.stderr.decode("utf-8", "replace")
        made.append(root / name)
    return made


def parts(folder):
    """Every file below a folder by name, a zip by its members; how long a run took is no content."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as book:
                found |= {
                    f"{name}!{one.filename}": (one.date_time, book.read(one)) for one in book.infolist()
                }
        elif path.name == "run.json":
            found[name] = re.sub(r'"seconds": [0-9.]+', "", path.read_text(encoding="utf-8"))
        elif path.is_file():
            found[name] = path.read_bytes()
    return found


@pytest.mark.slow
def test_two_runs_in_other_places_make_the_same_files(runs):
    east, west = map(parts, runs)
    assert list(east) == list(west)
    assert [name for name in east if east[name] != west[name]] == []
    made = ("report.docx!word/document.xml", "report.html", "report.ipynb", "figures.json")
    for name in (*made, "report.xlsx!xl/workbook.xml", "3_trained_rate.ipynb", "4_people_trained.html"):
        assert f"unemployment/{AS_OF}/{PLACE}/vi/{name}" in east


def texts(value):
    """Every text in a notebook."""
    if isinstance(value, dict):
        return [text for key, one in value.items() for text in (key, *texts(one))]
    if isinstance(value, list):
        return [text for one in value for text in texts(one)]
    return [value] if isinstance(value, str) else []


@pytest.mark.slow
def test_an_executed_notebook_names_no_place_on_this_machine_and_no_time(runs, plan):
    books = sorted(runs[1].rglob("*.ipynb"))
    assert len(books) == 3
    places = [str(one) for one in (ROOT, plan.folder.parent, runs[1].parent, Path(sys.prefix), Path.home())]
    for path in books:
        said = texts(json.loads(path.read_text(encoding="utf-8")))
        assert [text for text in said for place in places if place in text] == [], path.name
        assert not [text for text in said if re.search(r"\d\d:\d\d:\d\d", text)], path.name


@pytest.mark.slow
def test_an_executed_notebook_runs_again_in_its_folder(runs, plan, monkeypatch):
    path = runs[0] / "unemployment" / AS_OF / PLACE / "vi" / "report.ipynb"
    (cell,) = (
        one
        for one in nbformat.read(path, as_version=4).cells
        if "injected-parameters" in one.metadata.get("tags", ())
    )
    given = {}
    exec(cell.source, given)
    monkeypatch.chdir(path.parent)
    assert Path(given["plan"]).resolve() == plan.folder.resolve()
    asked = {name: given[name] for name in ("unit", "lang", "returns", "published", "known_by", "seed")}
    study = va.open_study(given["plan"], given["as_of"], **asked)
    made = json.loads((path.parent / "manifest.json").read_text(encoding="utf-8"))
    assert result_digest(study, html_text(document_of(study))) == made["result"]


# What decides whether a report is made again


@pytest.fixture(scope="module")
def study():
    return va.open_study("lang-son-2023", "2023-start", unit="20", lang="en", returns=None)


def digest(study, share, picture=b"a"):
    """The digest of a document that tells one share in a sentence and a table, under a picture."""
    said = Sentence("share", f"A share of {share:.1f}%.", {"share": share})
    cells = (Cell(share, "percent"), Cell(share * 1000, "about"))
    table = Table("shares", "Shares", (Column("Share"), Column("People")), (cells,))
    figure = Figure("share", "Share", picture, "A share", "")
    told = replace(sample("en"), blocks=(Paragraph((said,)), table, figure))
    return result_digest(study, html_text(worded(told, "en")))


def test_what_moves_behind_the_printed_digits_makes_no_report_again(study):
    assert digest(study, 59.3) == digest(study, 59.3 + 1e-9) == digest(study, 59.3 - 1e-9)


def test_what_is_printed_otherwise_makes_it_again(study):
    seen = [digest(study, 59.3), digest(study, 59.4), digest(study, 59.3, b"b")]
    assert len(set(seen)) == len(seen)


def test_what_the_notebook_prints_above_the_report_counts_too(study):
    """The same document under another answer: how many warnings are open, and in which language it is said."""
    other = study.at(unit="", lang="vi")
    assert digest(study, 59.3) != digest(other, 59.3)


def test_a_page_is_made_again_only_where_what_it_tells_moved(study, tmp_path):
    report = Report("lang-son-2023", "2023-start", "20", "en", str(tmp_path), returns="none")
    told = told_digest(study, told_of(study))
    write_json({"result": "as it was", "told": told}, tmp_path / "manifest.json")
    assert results_of([report]) == ["as it was"]
    printed = result_digest(study, html_text(document_of(study)))
    write_json({"result": "as it was", "told": "other figures"}, tmp_path / "manifest.json")
    assert results_of([report]) == [printed]
