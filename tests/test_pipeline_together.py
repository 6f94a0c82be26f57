"""What of a run goes on at the same time: documents, notebooks, and what waits for them."""

import contextlib
import threading
import time
from dataclasses import replace

import pytest

from vetanalysis.pipeline import execute, run
from vetanalysis.pipeline.jobs import NOTEBOOKS, OF_A_UNIT, Job, Report
from vetanalysis.pipeline.run import run_jobs


@pytest.fixture
def job(tmp_path):
    """A report that is never really made."""
    return Report("lang-son-2023", "2023-start", "20", "vi", str(tmp_path / "out" / "vi"), returns="none")


def test_documents_of_no_more_units_than_workers_are_made_at_a_time(job, tmp_path, monkeypatch):
    """They take most memory; those who wait for their kernels let the next ones in."""
    units, made, most = ("20", "178", "180", "181"), [], []
    together, third = threading.Barrier(2), threading.Event()

    def documents(making, side_by_side):
        made.append(making)
        together.wait(timeout=20)  # as many as may come in
        most.append(len(made))
        time.sleep(0.1)  # who must not, would come in now
        most.append(len(made))
        together.wait(timeout=20)
        made.remove(making)
        if len(most) > 4:
            third.set()
        return {one.report.lang: {} for one in making}

    def notebook(one, name):
        one.error = None if third.wait(timeout=20) else RuntimeError("nobody was let in")

    monkeypatch.setattr(run, "_documents", documents)
    monkeypatch.setattr(run._Making, "run_notebook", notebook)
    places = {unit: str(tmp_path / "out" / unit) for unit in units}
    jobs = [
        Job((replace(job, unit=unit, place=place, notebooks=OF_A_UNIT),)) for unit, place in places.items()
    ]
    assert [one.state for one in run_jobs(jobs, workers=2, warm=None)] == ["done"] * 4
    assert max(most) == 2


@pytest.mark.parametrize(("last", "order"), [("out", "d n d written n"), ("a file", "d n written")])
def test_what_waits_for_all_documents_is_begun_beside_the_last_notebook(
    job, tmp_path, monkeypatch, last, order
):
    """Also where the last unit's reports cannot be begun."""
    (tmp_path / "a file").write_text("in the way", encoding="utf-8")
    said = []

    def documents(making, _):
        said.append("d")
        return {one.report.lang: {} for one in making}

    monkeypatch.setattr(run, "_documents", documents)
    monkeypatch.setattr(run._Making, "run_notebook", lambda one, name: said.append("n"))
    places = {"20": tmp_path / "out" / "20", "178": tmp_path / last / "178"}
    jobs = [
        Job((replace(job, unit=unit, place=str(place), notebooks=OF_A_UNIT),))
        for unit, place in places.items()
    ]
    made = list(run_jobs(jobs, workers=1, warm=None, written=lambda: said.append("written")))
    assert " ".join(said) == order
    assert [one.state for one in made] == ["done", "done" if last == "out" else "failed"]


@pytest.mark.parametrize(("workers", "most"), [(1, 1), (2, 6)])
def test_one_worker_runs_one_notebook_at_a_time(job, tmp_path, monkeypatch, workers, most):
    """Several run those of the last unit side by side."""
    running, seen, counting = [], [], threading.Lock()

    def notebook(one, name):
        with counting:
            running.append(name)
        time.sleep(0.3)
        with counting:
            seen.append(len(running))
            running.remove(name)

    monkeypatch.setattr(run, "serves", lambda: True)
    monkeypatch.setattr(run, "_documents", lambda making, _: {one.report.lang: {} for one in making})
    monkeypatch.setattr(run, "_write_pages", lambda making: None)
    monkeypatch.setattr(run._Making, "run_notebook", notebook)
    both = [
        replace(job, lang=lang, place=str(tmp_path / "out" / lang), notebooks=NOTEBOOKS)
        for lang in ("vi", "en")
    ]
    assert [one.state for one in run_jobs([Job(tuple(both))], workers=workers, warm=None)] == ["done"] * 2
    assert max(seen) == most


def test_an_interrupted_run_begins_nothing_when_its_documents_are_left(monkeypatch):
    begun = []
    with contextlib.suppress(KeyboardInterrupt), run.Room(1, 1, lambda: begun.append("raised")):
        raise KeyboardInterrupt
    monkeypatch.setattr(execute.stopping, "is_set", lambda: True)
    with run.Room(1, 1, lambda: begun.append("stopping")):
        pass
    assert begun == []
