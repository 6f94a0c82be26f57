"""Whatever goes wrong in a notebook ends in one line that names it, and the last good report stays."""

import errno
import json
import os
import shutil
import signal
import sys
import threading
import time
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import nbformat
import psutil
import pytest

from vetanalysis import paths
from vetanalysis.blocks import Text
from vetanalysis.cli import report
from vetanalysis.errors import DataRefused, Finding, WrongCall
from vetanalysis.pipeline import execute, run
from vetanalysis.pipeline.execute import NotebookFailed, check_parameters
from vetanalysis.pipeline.jobs import NOTEBOOKS, OF_A_UNIT, Job, Report
from vetanalysis.pipeline.run import Progress, run_job, run_jobs
from vetanalysis.pipeline.server import MEMORY, ProcessEnded, can_fork, in_fork, warm_kernels
from vetanalysis.pipeline.store import NotWritable, only_run, run_folder

ROOT = Path(__file__).resolve().parent.parent
PARAMETERS = (
    'plan = ""\nas_of = ""\nunit = ""\nlang = ""\nreturns = ""\npublished = ""\nknown_by = ""\nseed = 1'
)
REPORT = Report("lang-son-2023", "2023-start", "20", "vi", "", returns="none", notebooks=("3_trained_rate",))
needs_fork = pytest.mark.skipif(not can_fork(), reason="kernels cannot be forked here")


@pytest.fixture(scope="module")
def warm():
    """Kernels and documents in forks of a process that has opened what the reports below are about."""
    with warm_kernels(prepare=REPORT.parameters()):
        yield


@pytest.fixture
def job(tmp_path, monkeypatch, warm):
    """A report of one notebook in a folder of its own; a good report is in its place already."""
    monkeypatch.setattr(paths, "notebooks_root", lambda: tmp_path)
    place = tmp_path / "reports" / "20" / "vi"
    place.mkdir(parents=True)
    (place / "report.html").write_text("good", encoding="utf-8")
    return replace(REPORT, place=str(place))


def _made(report):
    """What became of one report, made alone."""
    return run_job(Job((report,)))[0]


def _notebook(folder, *cells, parameters=PARAMETERS):
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(text) for text in (parameters, *cells)]
    )
    notebook.cells[0].metadata["tags"] = ["parameters"]
    notebook.metadata["kernelspec"] = {"name": "python3", "language": "python", "display_name": "Python 3"}
    nbformat.write(notebook, folder / "3_trained_rate.ipynb")


def _arguments(out, **options):
    """What the command line gives for the plan's own report from published figures."""
    given = {
        "plan": "lang-son-2023", "as_of": "2023-start", "unit": [], "all_units": False, "returns": "none",
        "published": "default", "known_by": "", "seed": 1, "out": out, "jobs": 2, "quiet": False, "log": None,
        "dry_run": False, "scheduler": "", "plain_kernels": True, "pdf": False,
    }  # fmt: skip
    return Namespace(**{**given, **options})


def _kernels():
    return [one for one in psutil.Process().children(recursive=True) if one.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "raise ValueError('no such district')",
            "3_trained_rate.ipynb, cell 2: ValueError: no such district",
        ),
        ("import os; os._exit(3)", "its kernel ended"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "its kernel ended"),
        ("import sys; sys.exit()", "calls exit"),
        ("exit()", "ended|calls exit"),
        ("import time; time.sleep(60)", "a cell took longer than 2 s"),
        ("for _ in range(400): print('x' * 1000)", "shows more than"),
        ("print('x' * 400_000)", "shows more than"),
    ],
)
def test_a_notebook_that_fails_is_told_in_one_line_and_kept(job, tmp_path, monkeypatch, code, said):
    monkeypatch.setattr(execute, "CELL_TIMEOUT", 2)
    monkeypatch.setattr(execute, "OUTPUT_LIMIT", 200_000)
    _notebook(tmp_path, code, "after = 1")
    before = {one.pid for one in _kernels()}
    outcome = _made(job)
    assert outcome.state == "failed"
    assert any(part in outcome.message for part in said.split("|")), outcome.message
    assert "\n" not in outcome.message
    assert (Path(job.place) / "report.html").read_text(encoding="utf-8") == "good"
    assert (Path(job.place).with_name("vi.failed")).is_dir()
    _none_left(before)


@pytest.mark.parametrize("code", ["1 / 0", "1"])
def test_why_there_are_no_documents_is_told_before_what_a_notebook_beside_them_says(
    job, tmp_path, monkeypatch, code
):

    def documents(making, _):
        until = time.monotonic() + 20
        while code == "1 / 0" and making[0].error is None and time.monotonic() < until:
            time.sleep(0.05)
        return {job.lang: "no room on the disk"}

    monkeypatch.setattr(run, "_documents", documents)
    _notebook(tmp_path, code)
    outcome = _made(job)
    assert (outcome.state, outcome.message) == ("failed", "no room on the disk")


def test_a_notebook_that_makes_no_page_fails_its_language_alone(job, tmp_path, monkeypatch):
    def written(function, *arguments):
        if function is run.write_pages:
            pages = arguments[0]
            (pages[-1][1] / "3_trained_rate.ipynb").write_text("no notebook", encoding="utf-8")
        return in_fork(function, *arguments)

    monkeypatch.setattr(run, "in_fork", written)
    _notebook(tmp_path, "1")
    other = replace(job, lang="en", place=str(Path(job.place).with_name("en")))
    first, second = run_job(Job((job, other)))
    assert (first.state, second.state) == ("done", "failed")
    assert "JSON" in second.message
    assert (Path(job.place) / "3_trained_rate.html").is_file()


def test_a_notebook_runs_in_its_folder_and_the_run_stays_where_it_was(job, tmp_path):
    """The folder is the whole process's: two reports side by side would leave it in the other's."""
    _notebook(
        tmp_path, f"import os, time\nassert os.path.samefile(os.getcwd(), {str(tmp_path)!r})", "time.sleep(1)"
    )
    ended, seen = [], {os.getcwd()}
    run = threading.Thread(target=lambda: ended.append(_made(job)))
    run.start()
    while run.is_alive():
        seen.add(os.getcwd())
        time.sleep(0.01)
    assert seen == {os.getcwd()}
    assert ended[0].state == "done", ended[0].message


def _none_left(before):
    until = time.monotonic() + 10
    while time.monotonic() < until and {one.pid for one in _kernels()} - before - _server():
        time.sleep(0.1)
    assert {one.pid for one in _kernels()} - before - _server() == set(), "a kernel stayed behind"


def _server():
    """The process that kernels are forked from and the tracker that Python starts with it."""
    return {one.pid for one in psutil.Process().children()}


@needs_fork
def test_a_notebook_that_wants_all_memory_fails_alone(job, tmp_path, monkeypatch):
    monkeypatch.setenv(MEMORY, "4096")
    _notebook(tmp_path, "much = bytearray(8 * 1024**3)")
    outcome = _made(job)
    assert "MemoryError" in outcome.message


def test_the_notebooks_of_a_report_share_one_limit_of_time(job, tmp_path, monkeypatch):
    monkeypatch.setattr(execute, "JOB_TIMEOUT", 2)
    _notebook(tmp_path, *["import time; time.sleep(0.8)"] * 6)
    assert "longer than" in _made(job).message


def test_a_changed_parameter_name_is_told_before_any_job_starts(job, tmp_path):
    _notebook(tmp_path, parameters=PARAMETERS.replace("known_by", "known_until"))
    with pytest.raises(NotebookFailed, match=r"lacks known_by. It has known_until"):
        check_parameters("3_trained_rate", job)


def test_a_file_that_is_no_notebook_is_told_before_any_job_starts(job, tmp_path):
    (tmp_path / "3_trained_rate.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(NotebookFailed, match="cannot be read as a notebook"):
        check_parameters("3_trained_rate", job)


def test_a_changed_parameter_name_stops_the_whole_run_at_once(job, tmp_path):
    for name in reversed(NOTEBOOKS):
        _notebook(tmp_path, parameters=PARAMETERS.replace("seed", "chance"))
        (tmp_path / "3_trained_rate.ipynb").replace(tmp_path / f"{name}.ipynb")
    out = tmp_path / "out"
    with pytest.raises(NotebookFailed, match=r"lacks seed. It has chance"):
        report.report(_arguments(out), ["vi", "en"])
    assert not out.exists(), "no job has started"


def test_a_plan_s_folder_that_changes_while_the_report_is_made_gives_no_report(job, tmp_path, monkeypatch):
    data = tmp_path / "data"
    for part in ("plans", "published"):
        shutil.copytree(ROOT / "data" / part, data / part)
    monkeypatch.setenv("VETANALYSIS_DATA", str(data))
    quotas = data / "plans" / "lang-son-2023" / "quotas.csv"
    _notebook(tmp_path, f"open({str(quotas)!r}, 'a').write('178,elementary,2023-FY,100,late\\n')")
    outcome = _made(job)
    assert "lang-son-2023/quotas.csv changed while the report was made. Run again." in outcome.message
    assert (Path(job.place) / "report.html").read_text(encoding="utf-8") == "good"


def test_a_notebook_that_changes_while_the_report_is_made_gives_no_report(job, tmp_path):
    _notebook(tmp_path, f"open({str(tmp_path / '3_trained_rate.ipynb')!r}, 'a').write(' ')")
    outcome = _made(job)
    assert "3_trained_rate.ipynb changed while the report was made" in outcome.message
    assert (Path(job.place) / "report.html").read_text(encoding="utf-8") == "good"


def test_a_full_disk_is_told_and_the_good_report_stays(job, tmp_path, monkeypatch):
    import vetanalysis.documents.word as word

    def full(*args):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    _notebook(tmp_path, "1")
    monkeypatch.setattr(word, "write_word", full)
    with warm_kernels(False):  # the documents are made in this process
        outcome = _made(job)
    assert "No space left on device" in outcome.message
    assert "Free space" in outcome.message
    assert (Path(job.place) / "report.html").read_text(encoding="utf-8") == "good"


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file size are POSIX")
def test_a_file_that_cannot_grow_leaves_the_good_report(job, tmp_path):
    import resource

    _notebook(tmp_path, "print('x' * 3000)")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
    try:
        outcome = _made(job)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert outcome.state == "failed"
    assert (Path(job.place) / "report.html").read_text(encoding="utf-8") == "good"


def test_one_failure_stops_no_other(job, tmp_path):
    units = ("20", "999", "178", "180")
    jobs = [
        Job((replace(job, unit=unit, place=str(tmp_path / "out" / unit), notebooks=()),)) for unit in units
    ]
    outcomes = {one.report.unit: one for one in run_jobs(jobs, workers=2, warm=None)}
    states = {unit: outcomes[unit].state for unit in units}
    assert states == {"20": "done", "999": "failed", "178": "done", "180": "done"}
    assert "999" in outcomes["999"].message
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"20", "999.failed", "178", "180"}


def test_who_waited_for_documents_starts_none_once_the_run_is_stopped(job, monkeypatch):
    monkeypatch.setattr(run, "in_fork", lambda *_: pytest.fail("documents were begun"))
    monkeypatch.setattr(execute.stopping, "is_set", iter([False, True]).__next__)
    with pytest.raises(execute.Stopped):
        _made(replace(job, notebooks=OF_A_UNIT))
    assert [one.name for one in Path(job.place).parent.iterdir()] == ["vi"]


@pytest.mark.skipif(sys.platform == "win32", reason="sockets are no files there")
@pytest.mark.parametrize(("longest", "transport"), [(execute.LONGEST_CHANNEL, "ipc"), (10, "tcp")])
def test_kernels_of_a_run_are_spoken_to_in_its_own_folder(job, tmp_path, monkeypatch, longest, transport):
    """No port is asked for, which another program could take; where the folder's path is too long ports are."""
    monkeypatch.setattr(execute, "LONGEST_CHANNEL", longest)
    told = tmp_path / "told.json"
    asked = "from ipykernel.connect import get_connection_info"
    _notebook(
        tmp_path, f"{asked}\nfrom pathlib import Path\nPath({str(told)!r}).write_text(get_connection_info())"
    )
    with run_folder() as shared:
        execute.execute(tmp_path / "3_trained_rate.ipynb", job, tmp_path / "reports", time.monotonic() + 60)
        found = json.loads(told.read_text(encoding="utf-8"))
        assert (found["transport"], found["ip"].startswith(str(shared))) == (transport, transport == "ipc")
        assert not [one for one in shared.iterdir() if one.is_socket()], "none is left behind"


@needs_fork
def test_documents_whose_process_is_ended_fail_that_unit_alone(job):
    with pytest.raises(ProcessEnded, match="the process that makes the documents ended"):
        in_fork(os._exit, 3)
    assert in_fork(os.path.basename, "a/b") == "b"


@needs_fork
def test_an_error_comes_back_from_a_fork_as_it_was_raised(job):
    found = Finding("error", "a.csv", "row 1", "rule", Text("sai", "wrong"), Text("sửa", "mend it"))
    with pytest.raises(DataRefused) as raised:
        in_fork(_refuse, found)
    assert raised.value.findings == (found,)
    assert "sai" in raised.value.told("vi")


def _refuse(found):
    raise DataRefused([found])


@pytest.fixture
def interruptible():
    """Ctrl-C raises KeyboardInterrupt, also where a shell started the tests with it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("notebooks", [("3_trained_rate",), OF_A_UNIT])
def test_stopping_early_ends_what_runs_and_leaves_no_half_report(job, tmp_path, monkeypatch, notebooks):
    """Be it beside the documents or after them that a notebook runs."""
    if notebooks == OF_A_UNIT:
        monkeypatch.setattr(run, "_documents", lambda making, _: {one.report.lang: {} for one in making})
    _notebook(tmp_path, "import time; time.sleep(60)")
    shutil.copy(tmp_path / "3_trained_rate.ipynb", tmp_path / "report.ipynb")
    before = {one.pid for one in _kernels()}
    asked = replace(job, notebooks=notebooks)
    jobs = [Job((replace(asked, unit=unit, place=str(tmp_path / "out" / unit)),)) for unit in ("20", "178")]
    started = time.monotonic()

    def interrupted():
        while not {one.pid for one in _kernels()} - before - _server():
            time.sleep(0.05)
        time.sleep(1.0)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupted, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        list(run_jobs(jobs, workers=2, warm=None))
    assert time.monotonic() - started < 20
    assert list((tmp_path / "out").iterdir()) == []
    _none_left(before)


def test_an_output_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(NotWritable, match="another --out"), only_run(tmp_path / "file" / "reports"):
        pass


def test_a_reports_folder_that_may_only_be_read_is_told_before_any_job(tmp_path, monkeypatch):
    def read_only(*args, **options):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    out = tmp_path / "reports"
    out.mkdir()
    monkeypatch.setattr(os, "open", read_only)
    with pytest.raises(NotWritable, match=r"Read-only file system.*another --out"):
        report.report(_arguments(out), ["vi"])
    assert list(out.iterdir()) == []


def test_a_place_that_cannot_be_written_fails_that_report_alone(job, tmp_path):
    (tmp_path / "taken").write_text("a file where a folder is needed", encoding="utf-8")
    _notebook(tmp_path, "1")
    outcome = _made(replace(job, place=str(tmp_path / "taken" / "20" / "vi")))
    assert outcome.state == "failed"
    assert "Free space or rights on the reports folder" in outcome.message


def test_the_log_holds_every_line_with_its_time_also_when_quiet(tmp_path, capsys):
    progress = Progress(quiet=True, log=tmp_path / "logs" / "run.log")
    progress.say("made")
    progress.fail("failed: x")
    progress.close()
    lines = (tmp_path / "logs" / "run.log").read_text(encoding="utf-8").splitlines()
    assert [line[20:] for line in lines] == ["made", "failed: x"]
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "failed: x\n")


def test_a_log_that_cannot_be_written_is_a_wrong_call(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(WrongCall, match="--log"):
        Progress(log=tmp_path / "file" / "run.log")


def test_a_scheduler_that_is_not_there_is_told_before_any_job(tmp_path, monkeypatch):
    pytest.importorskip("distributed")
    from vetanalysis.pipeline import cluster

    monkeypatch.setattr(cluster, "CONNECT_TIMEOUT", 1)
    with pytest.raises(cluster.ClusterUnfit, match="no scheduler answers"):
        list(
            cluster.run_on_cluster(
                [Job((Report("p", "2023-start", "20", "vi", str(tmp_path / "x")),))], "tcp://127.0.0.1:9"
            )
        )
    assert list(tmp_path.iterdir()) == []


def test_a_worker_with_another_version_takes_no_job(tmp_path):
    from vetanalysis.pipeline.cluster import run_elsewhere

    (outcome,) = run_elsewhere(
        Job((Report("p", "2023-start", "20", "vi", str(tmp_path / "x")),)), "other", "run"
    )
    assert outcome.state == "failed"
    assert "another version" in outcome.message


def test_a_dry_run_says_why_and_writes_nothing(tmp_path, capsys):
    assert report.report(_arguments(tmp_path / "reports", dry_run=True), ["vi", "en"]) == 0
    said = capsys.readouterr().out
    assert "would run  lang-son-2023 2023-start 20 vi  there is no report yet" in said
    assert "Would run 2 reports and keep 0." in said
    assert not (tmp_path / "reports").exists()
