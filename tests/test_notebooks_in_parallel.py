"""Notebooks checked side by side give the same verdicts as one after the other: a notebook stays on one worker."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
VERDICT = re.compile(r"(PASSED|FAILED) .*?(\w+\.ipynb::Cell \d+)")


def _notebook(path, last):
    """Cells that each need the one before; the last one's stored output is `last`."""
    cells = [nbformat.v4.new_code_cell("x = 1"), *(nbformat.v4.new_code_cell("x = x + 1") for _ in range(4))]
    shown = nbformat.v4.new_code_cell("print(x)", execution_count=6)
    shown.outputs = [nbformat.v4.new_output("stream", name="stdout", text=f"{last}\n")]
    shown.metadata["tags"] = ["nbval-check-output"]
    notebook = nbformat.v4.new_notebook(cells=[*cells, shown])
    notebook.metadata["kernelspec"] = {"name": "python3", "language": "python", "display_name": "Python 3"}
    nbformat.write(notebook, path)


def _verdicts(folder, *options):
    command = [
        sys.executable, "-m", "pytest", "-rA", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-c",
        str(folder / "pytest.ini"),
        "--nbval-lax", "--nbval-current-env", *options, str(folder),
    ]  # fmt: skip
    said = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder).stdout
    return sorted(found[::-1] for found in VERDICT.findall(said))


@pytest.mark.slow
def test_both_ways_pass_and_fail_the_same_cells(tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    for name, last in (("a", 5), ("b", 5), ("wrong", 6)):
        _notebook(tmp_path / f"{name}.ipynb", last)
    serial = _verdicts(tmp_path)
    assert [verdict for _, verdict in serial].count("FAILED") == 1
    assert len(serial) == 18
    assert _verdicts(tmp_path, "-n", "2", "--dist", "loadfile") == serial


def test_the_test_command_keeps_a_notebook_on_one_worker():
    line = next(
        line for line in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines() if "--nbval-lax" in line
    )
    assert "--dist loadfile" in line
