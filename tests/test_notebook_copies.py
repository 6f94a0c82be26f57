"""Copies of the notebooks to work in: nothing that an analyst wrote is lost, nothing that nobody touched grows old."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from vetanalysis.cli import notebooks as copies
from vetanalysis.cli.main import main
from vetanalysis.cli.notebooks import copy_notebooks

ROOT = Path(__file__).resolve().parent.parent


def page(name):
    """A notebook with a text in two languages, its parameters and a result."""
    text = {"cell_type": "markdown", "id": "t", "metadata": {"en": [f"Text {name}"]}, "source": f"Lời {name}"}
    code = {
        "cell_type": "code", "id": "c", "metadata": {"tags": ["parameters"]}, "source": 'lang = "vi"  # or en',
        "execution_count": 1, "outputs": [{"output_type": "stream", "name": "stdout", "text": "kết quả"}],
    }  # fmt: skip
    return json.dumps(
        {"cells": [text, code], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}, ensure_ascii=False
    )


@pytest.fixture
def original(tmp_path, monkeypatch):
    """A folder of notebooks with what an editor leaves in one."""
    folder = tmp_path / "original"
    for name in ("a.ipynb", "b.ipynb", "figures/a.png", ".ipynb_checkpoints/a-checkpoint.ipynb"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(page(name), encoding="utf-8")
    monkeypatch.setattr(copies, "notebooks_root", lambda: folder)
    return folder


def test_notebooks_and_their_pictures_are_copied_and_no_checkpoint(original, tmp_path):
    mine = tmp_path / "mine"
    assert copy_notebooks(mine).copied == ("a.ipynb", "b.ipynb", "figures/a.png")
    assert copy_notebooks(mine) == copies.Copies((), ())
    assert not (mine / ".ipynb_checkpoints").exists()


def test_what_was_changed_stays_and_what_was_not_is_renewed(original, tmp_path, capsys):
    mine = tmp_path / "mine"
    copy_notebooks(mine)
    (mine / "a.ipynb").write_text("mine", encoding="utf-8")
    for name in ("a.ipynb", "b.ipynb"):
        (original / name).write_text(page("newer"), encoding="utf-8")
    assert main(["notebooks", str(mine)]) == 0
    said = capsys.readouterr().out
    assert "1 file copied" in said
    assert "kept as changed there: a.ipynb" in said
    assert "giữ nguyên vì đã sửa ở đó: a.ipynb" in said
    assert (mine / "a.ipynb").read_text(encoding="utf-8") == "mine"
    assert "Lời newer" in (mine / "b.ipynb").read_text(encoding="utf-8")
    (mine / "a.ipynb").unlink()
    assert copy_notebooks(mine).copied == ("a.ipynb",)


def test_a_copy_has_one_language(original, tmp_path):
    """Stored in Vietnamese with its outputs; a copy in English has none of either, and says so to its cells."""
    vi, en = tmp_path / "vi", tmp_path / "en"
    copy_notebooks(vi)
    assert main(["notebooks", str(en), "--lang", "en"]) == 0
    texts = [(folder / "a.ipynb").read_text(encoding="utf-8") for folder in (vi, en)]
    assert [("Lời a.ipynb" in one, "Text a.ipynb" in one, "kết quả" in one) for one in texts] == [
        (True, False, True), (False, True, False),
    ]  # fmt: skip
    assert ['lang = \\"vi\\"' in one for one in texts] == [True, False]
    assert 'lang = \\"en\\"' in texts[1]
    assert (en / "figures" / "a.png").read_bytes() == (original / "figures" / "a.png").read_bytes()
    assert "a.ipynb" in copy_notebooks(en).copied  # nobody touched it: it may change its language


def test_a_file_that_was_there_before_is_somebodys(original, tmp_path):
    (tmp_path / "a.ipynb").write_text("mine", encoding="utf-8")
    assert copy_notebooks(tmp_path).kept == ("a.ipynb",)
    assert (tmp_path / "a.ipynb").read_text(encoding="utf-8") == "mine"


def test_make_lab_asks_for_the_first_notebook_on_this_machine_only():
    """The options that JupyterLab is started with; root is allowed where one is root, the token stays."""
    told = subprocess.run(["make", "-n", "lab"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "--ip=127.0.0.1" in told
    assert "/lab/tree/0_start_here.ipynb" in told
    assert ("--allow-root" in told) == (os.getuid() == 0)
    assert "token" not in told.lower()
