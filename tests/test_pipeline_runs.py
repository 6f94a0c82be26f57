"""Whole runs: interrupted, killed, side by side, corrected; what a run shares changes nothing it writes."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from multiprocessing import forkserver
from pathlib import Path

import psutil
import pytest

from vetanalysis.cli.main import main

ROOT = Path(__file__).resolve().parent.parent
PLAN, UNITS = "lang-son-2023-example", ("178", "180")
pytestmark = pytest.mark.slow
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def _command(out, *options):
    return [
        sys.executable, "-m", "vetanalysis", "report", "lang-son-2023", "--as-of", "2023-start", "--returns", "none",
        "--out", str(out), *options,
    ]  # fmt: skip


def _started(out, interrupt=signal.SIG_DFL):
    """A run in a process of its own, once kernels are at work; with every process below it.

    `interrupt`: what SIGINT does when it starts; a shell that put the tests in the background has it ignored.
    """
    run = subprocess.Popen(
        _command(out), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, interrupt),
    )  # fmt: skip
    until = time.monotonic() + 60
    while time.monotonic() < until and len(psutil.Process(run.pid).children(recursive=True)) < 4:
        time.sleep(0.05)
    time.sleep(0.3)
    return run, psutil.Process(run.pid).children(recursive=True)


def _gone(processes):
    _, alive = psutil.wait_procs(processes, timeout=15)
    return not [one for one in alive if one.status() != psutil.STATUS_ZOMBIE]


def _names(out):
    return sorted(path.name for path in out.rglob("*") if path.is_dir() or path.name.startswith("."))


@posix
def test_a_run_keeps_others_out_and_is_interrupted_by_a_signal_that_is_meant_for_it(tmp_path):
    """Put in the background by a script it is not ended by ctrl-C, which is meant for others."""
    out = tmp_path / "out"
    run, below = _started(out, signal.SIG_IGN)
    run.send_signal(signal.SIGINT)
    second = subprocess.run(_command(out), capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert f"process {run.pid} is writing reports here" in second.stderr
    assert run.poll() is None, "the first one goes on"
    run.terminate()
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130, said
    assert "interrupted" in said
    assert _gone(below)
    assert not [name for name in _names(tmp_path) if ".new-" in name or name.startswith(".run")]


@posix
def test_after_a_killed_run_the_next_one_finishes_clears_up_and_loads_nothing_that_makes_reports(tmp_path):
    out = tmp_path / "out"
    run, below = _started(out)
    run.kill()
    run.communicate()
    assert _gone(below), "kernels end with the process that asked for them"
    place = out / "lang-son-2023" / "2023-start" / "20"
    assert not (place / "vi" / "report.docx").exists()
    code = (
        "import sys\n"
        "from vetanalysis.cli.main import main\n"
        "code, heavy = main(sys.argv[1:]), ('pandas', 'numpy', 'matplotlib', 'nbconvert', 'docx')\n"
        "print(code, [name for name in heavy if name in sys.modules])"
    )
    words = [sys.executable, "-c", code, *_command(out, "--lang", "vi")[3:]]
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[-1] == "0 []", ended.stdout
    assert [path.name for path in place.iterdir()] == ["vi"]
    assert {path.name for path in out.iterdir()} == {"index.html", "lang-son-2023"}


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """What two districts sent in the example year, in a copy that may be changed."""
    root = tmp_path_factory.mktemp("example")
    data = root / "data"
    for name in ("plans", "published"):
        shutil.copytree(ROOT / "data" / name, data / name)
    for unit in UNITS:
        for sent in (ROOT / "data" / "returns" / PLAN).glob(f"2023-*/{unit}__*.xlsx"):
            (data / "returns" / PLAN / sent.parent.name).mkdir(parents=True, exist_ok=True)
            shutil.copy(sent, data / "returns" / PLAN / sent.parent.name)
    before = os.environ.get("VETANALYSIS_DATA")
    os.environ["VETANALYSIS_DATA"] = str(data)
    yield root
    os.environ.pop("VETANALYSIS_DATA")
    if before is not None:
        os.environ["VETANALYSIS_DATA"] = before


def _example(root, *options):
    return main(
        [
            "report",
            PLAN,
            "--as-of",
            "2023-9M",
            "--unit",
            *UNITS,
            "--lang",
            "vi",
            "--published",
            "none",
            "--out",
            str(root / "out"),
            *options,
        ]
    )


def test_a_corrected_return_runs_its_unit_only(example, capsys, monkeypatch):
    assert _example(example) == 0
    docx = example / "out" / PLAN / "2023-9M" / "180" / "vi" / "report.docx"
    made = docx.stat().st_mtime_ns
    folder = example / "data" / "returns" / PLAN / "2023-9M"
    shutil.copy(folder / "178__2023-09-15.xlsx", folder / "178__2023-09-29.xlsx")
    _correct(folder / "178__2023-09-29.xlsx")
    capsys.readouterr()
    assert _example(example) == 0
    said = capsys.readouterr().out
    assert f"kept   {PLAN} 2023-9M 180 vi" in said
    assert "1 made, 1 kept, 0 failed." in said
    assert docx.stat().st_mtime_ns == made
    monkeypatch.setattr(forkserver, "ensure_running", lambda: pytest.fail("a process is started for nothing"))
    assert _example(example) == 0
    assert "Nothing changed, reports kept: 2." in capsys.readouterr().out


def _correct(path):
    """Raise the first count of people in a workbook that people typed, by one."""
    import openpyxl

    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets[1:]:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, int) and not isinstance(cell.value, bool) and cell.value > 20:
                    cell.value += 1
                    book.save(path)
                    return
    raise AssertionError("no count in the workbook")


def test_a_report_of_a_run_says_what_the_study_says_alone(example, tmp_path):
    from vetanalysis import open_study
    from vetanalysis.documents.html import write_html
    from vetanalysis.documents.word import write_word
    from vetanalysis.report import document_of

    made = example / "out" / PLAN / "2023-9M" / "178" / "vi"
    if not (made / "manifest.json").is_file():
        assert _example(example) == 0
    document = document_of(open_study(PLAN, "2023-9M", unit="178", published="none"))
    result = json.loads((made / "manifest.json").read_text(encoding="utf-8"))["result"]
    write_html(document, tmp_path / "report.html")
    write_word(replace(document, meta={"report": result, **document.meta}), tmp_path / "report.docx")
    for name in ("report.html", "report.docx"):
        assert (made / name).read_bytes() == (tmp_path / name).read_bytes(), name
