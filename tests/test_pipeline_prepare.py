"""What a run prepares once is found by whoever asks the same, and by nobody else."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from opened import opened

from vetanalysis import beside, open_study
from vetanalysis.beside import begun_for_forks, begun_in_fork
from vetanalysis.documents.html import html_text
from vetanalysis.errors import DataRefused
from vetanalysis.figures.face import _regular
from vetanalysis.hashes import content_digest, program_hash
from vetanalysis.pipeline import prepare as pipeline_prepare
from vetanalysis.pipeline import run, server
from vetanalysis.pipeline.cluster import run_elsewhere
from vetanalysis.pipeline.jobs import Job, Report
from vetanalysis.pipeline.prepare import begin_for_forks, hand_on, hold, prepare, release, study_of, take_over
from vetanalysis.pipeline.server import can_fork, in_fork, warm_kernels
from vetanalysis.report import document_of
from vetanalysis.study import PREPARED

ROOT = Path(__file__).resolve().parent.parent
ASKED = {
    "plan": "lang-son-2023", "as_of": "2023-start", "unit": "20", "lang": "vi", "returns": "none",
    "published": "default", "known_by": "", "seed": 1,
}  # fmt: skip
needs_fork = pytest.mark.skipif(not can_fork(), reason="kernels cannot be forked here")


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A copy of plans and published figures; what was held is let go."""
    for part in ("plans", "published"):
        shutil.copytree(ROOT / "data" / part, tmp_path / "data" / part)
    monkeypatch.setenv("VETANALYSIS_DATA", str(tmp_path / "data"))
    release()
    yield tmp_path / "data"
    release()


def _opened(**other):
    options = {name: value for name, value in {**ASKED, **other}.items() if name not in ("plan", "as_of")}
    return open_study(ASKED["plan"], other.get("as_of", ASKED["as_of"]), **options)


def test_the_same_question_shares_what_is_held_in_every_view(data):
    held = hold(ASKED)
    for other in ({}, {"lang": "en"}, {"unit": "178"}, {"as_of": "2023-H1"}):
        assert _opened(**other).parts is held.parts, other
    assert _opened(lang="en", unit="178").unit.code == "178"


@pytest.mark.parametrize("other", [{"seed": 2}, {"known_by": "2023-01-30"}, {"published": "none"}])
def test_another_question_is_computed(data, other):
    held = hold(ASKED)
    assert _opened(**other).parts is not held.parts


@pytest.mark.parametrize("file", ["published/trained_rate.csv", "plans/lang-son-2023/units.csv"])
def test_after_a_file_changed_the_question_is_computed(data, file):
    held = hold(ASKED)
    (data / file).touch()
    assert _opened().parts is held.parts, "a time alone is no change"
    (data / file).write_bytes((data / file).read_bytes() + b"\n")
    assert _opened().parts is not held.parts


def test_a_further_run_holds_its_own_question_alone(data):
    first = hold(ASKED)
    assert hold(ASKED) is first
    hold({**ASKED, "seed": 2})
    assert _opened().parts is not first.parts


def test_figures_that_cannot_be_used_are_told_when_they_are_prepared(data):
    path = data / "published" / "trained_rate.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",57.2,", ",572,"), encoding="utf-8")
    with pytest.raises(DataRefused, match="572"):
        prepare(ASKED)


def test_what_was_worked_out_for_a_unit_is_taken_over_by_who_runs_its_notebooks(tmp_path):
    unit = "cdn-ls"
    release()
    shared = opened("lang-son-2023-example", "2023-9M", unit=unit)
    document_of(shared.at(unit="178"))  # as a run does before its first fork
    study, other = _prepared(shared), _prepared(shared)
    known, told, file = set(study.parts), document_of(study), tmp_path / "handed on"
    hand_on(study, known, file)
    PREPARED["the same in another process"] = other
    take_over(file)
    assert {key[0] for key in other.parts if unit in key} == {"assessments", "worded"}
    assert html_text(document_of(other)) == html_text(told)
    assert ("told", other.as_of, unit) not in other.parts, "nothing is told anew"
    assert document_of(other.at(lang="en")).lang == "en", "in another language it is"
    assert content_digest(other.assessments) == content_digest(study.assessments)
    release()


def _prepared(study):
    """The same study, of which nothing has been worked out for its unit alone."""
    view = replace(study)
    view.parts.update({key: part for key, part in study.parts.items() if study.unit.code not in key})
    return view


def test_what_cannot_be_stored_or_was_not_is_worked_out_again(data, tmp_path):
    study = hold(ASKED)
    study.parts["worded", study.as_of, study.unit.code, study.lang] = lambda: None
    hand_on(study, set(), tmp_path / "none")
    assert not (tmp_path / "none").exists()
    take_over(tmp_path / "none")
    take_over(Path())
    hand_on(study, set(study.parts), tmp_path / "known")
    assert not (tmp_path / "known").exists(), "who was forked from the same has it"


@needs_fork
def test_forks_find_what_their_server_prepared_and_it_has_no_thread(data):
    with warm_kernels(prepare=ASKED):
        found, threads = in_fork(_found)
    assert {"assessments", "figures", "ledger"} <= set(found)
    assert threads == 1
    assert "VETANALYSIS_PREPARE" not in os.environ


def _found():
    """The parts that a fork has before it computed any, and how many threads the process has that forked it."""
    parts = sorted({str(key[0]) for key in _opened().parts})
    tasks = Path(f"/proc/{os.getppid()}/task")
    return parts, len(list(tasks.iterdir())) if tasks.is_dir() else 1


@needs_fork
def test_a_server_that_could_prepare_nothing_serves_all_the_same(data):
    path = data / "published" / "trained_rate.csv"
    path.write_text("no table", encoding="utf-8")
    with warm_kernels(prepare=ASKED):
        with pytest.raises(DataRefused):
            in_fork(prepare, ASKED)
        assert in_fork(os.path.basename, "a/b") == "b"


@needs_fork
def test_a_worker_of_a_cluster_prepares_once_for_all_units_and_languages(data, tmp_path, monkeypatch):
    forked_from = []
    monkeypatch.setattr(run, "run_job", lambda job, **_: forked_from.append(in_fork(os.getppid)))
    for run_named, unit, lang in (
        ("a", "178", "vi"),
        ("a", "180", "en"),
        ("a", "20", "vi"),
        ("b", "20", "vi"),
    ):
        place = tmp_path / "lang-son-2023" / "2023-start" / unit / lang
        asked = {"returns": "none", "published": "none"}  # what is prepared is told elsewhere
        report = Report("lang-son-2023", "2023-start", unit, lang, str(place), **asked)
        run_elsewhere(Job((report,)), program_hash(), run_named)
    server._stop_server()  # which was kept
    assert len(set(forked_from[:3])) == 1
    assert forked_from[3] not in forked_from[:3], "another run reads its files anew"


@needs_fork
def test_what_a_fork_cannot_send_is_done_here():
    here, elsewhere = os.getpid(), begun_in_fork(os.getpid)
    done = begun_in_fork(lambda: (os.getpid(), lambda: "no process can send this"))
    assert elsewhere() != here
    assert done()[0] == here


@needs_fork
def test_what_was_begun_for_forks_is_given_to_each_that_asks():
    before = set(psutil.Process().children())
    here, done = os.getpid(), begun_for_forks(os.getpid)
    told = [begun_in_fork(done)() for _ in range(2)]
    assert told[0] == told[1] != here
    unsent = begun_for_forks(lambda: (os.getpid(), lambda: "no process can send this"))
    assert unsent()[0] == here
    assert set(psutil.Process().children()) == before, "nobody has to look for the end of what was begun"


@needs_fork
def test_a_fork_opens_the_face_of_words_anew():
    face = _regular()
    assert _regular() is face
    assert not begun_in_fork(lambda: _regular() is face)(), "both would move in the same open file"


def test_a_study_of_many_returns_is_opened_where_it_is_held(monkeypatch):
    monkeypatch.setattr(beside, "FORKS", False)  # put back at the end
    monkeypatch.setattr(pipeline_prepare, "_WORTH_SENDING", -1)
    monkeypatch.setattr(pipeline_prepare, "begun_in_fork", lambda work: pytest.fail("sent from a fork"))
    monkeypatch.setattr(pipeline_prepare, "_prepare_all", lambda study, small: None)
    end = begin_for_forks(ASKED)
    beside.FORKS = False  # this process has threads
    assert not PREPARED
    end()
    assert [str(study.as_of) for study in PREPARED.values()] == [ASKED["as_of"]]
    release()


@pytest.mark.parametrize("small", [True, False])
def test_what_is_told_of_the_place_of_a_small_study_is_begun_for_the_fork_that_asks(small, monkeypatch):
    begun = []
    monkeypatch.setattr(pipeline_prepare, "begun_in_fork", lambda work: work)
    monkeypatch.setattr(pipeline_prepare, "begun_for_forks", lambda work: begun.append(1) or work)
    monkeypatch.setattr(pipeline_prepare, "_share", lambda study: None)
    study = hold({**ASKED, "seed": 2 + small})
    place = ("told", study.as_of, study.plan.place.code)
    pipeline_prepare._prepare_all(study, small)
    assert len(begun) == small
    assert place not in study_of({**ASKED, "seed": 2 + small, "unit": "178"}).parts, "no unit waits for it"
    assert (place in study_of({**ASKED, "seed": 2 + small}).parts) == small
    release()
