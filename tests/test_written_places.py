"""Places that cannot be written or read: a sentence with the path and what to do, and what was there stays."""

import errno
from pathlib import Path

import pytest

from vetanalysis.cli.main import main
from vetanalysis.documents.index import write_index
from vetanalysis.hashes import read_json, write_json
from vetanalysis.pipeline.store import LOCK_NAME, NotWritable, only_run
from vetanalysis.plan import load_plan
from vetanalysis.returns.files import Received
from vetanalysis.returns.read_all import reading_of

EXAMPLE = "lang-son-2023-example"
LONG = "x" * 5000
CALLS = {
    "template into a file": "template lang-son-2023 --period 2023-Q1 --unit 178 --out {file}",
    "new plan below a file": "new-plan {file}/x --from lang-son-2023",
    "new plan of a name too long": "new-plan {folder}/{long} --from lang-son-2023",
    "notebooks below a file": "notebooks {file}/x",
    "plan of a name too long": "assess {long} --as-of 2023-9M",
    "returns of a name too long": "assess lang-son-2023-example --as-of 2023-9M --returns {long}",
    "findings into a folder": "check lang-son-2023-example --as-of 2023-Q1 --returns {empty} --csv {folder}",
    "findings below a file": "check lang-son-2023-example --as-of 2023-Q1 --returns {empty} --csv {file}/x",
    "letters into a file": "check lang-son-2023-example --as-of 2023-Q1 --returns {empty} --reminders {file}",
}


@pytest.mark.parametrize("call", CALLS)
def test_a_place_that_cannot_be_used_is_told_with_its_path(tmp_path, capsys, call):
    places = {name: tmp_path / name for name in ("file", "folder", "empty")}
    places["file"].write_text("mine", encoding="utf-8")
    places["folder"].mkdir()
    places["empty"].mkdir()
    assert main([part.format(long=LONG, **places) for part in CALLS[call].split()]) in (1, 2)
    said = capsys.readouterr().err
    assert str(tmp_path)[:40] in said or "xxxx" in said
    assert "Traceback" not in said
    assert len(said) < 4000
    assert places["file"].read_text(encoding="utf-8") == "mine"
    assert not list(places["folder"].iterdir())


@pytest.fixture
def full_disk(monkeypatch):
    def full(self, data):
        with self.open("wb") as started:
            started.write(data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")  # as the system says it: without the path

    monkeypatch.setattr(Path, "write_bytes", full)


def test_a_full_disk_leaves_what_was_there(tmp_path, full_disk):
    old = tmp_path / "index.html"
    old.write_text("the last good one", encoding="utf-8")
    with pytest.raises(OSError, match="No space left") as raised:
        write_index([], old)
    assert raised.value.filename == str(old)
    mark = tmp_path / "run.json"
    mark.write_text('{"reports": []}', encoding="utf-8")
    with pytest.raises(OSError, match="No space left"):
        write_json({"reports": [1]}, mark)
    assert read_json(mark) == {"reports": []}
    assert old.read_text(encoding="utf-8") == "the last good one"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index.html", "run.json"]


def test_the_command_names_the_file_that_a_full_disk_cut_short(tmp_path, full_disk, capsys):
    place = tmp_path / "findings.csv"
    (tmp_path / "empty").mkdir()
    call = ["check", EXAMPLE, "--as-of", "2023-Q1", "--returns", str(tmp_path / "empty"), "--csv", str(place)]
    assert main(call) == 1
    assert str(place) in capsys.readouterr().err
    assert not place.exists()


def test_a_mark_of_a_run_that_a_full_disk_cut_short_holds_nobody(tmp_path, monkeypatch):
    class Full:
        def __enter__(self):
            raise OSError(errno.ENOSPC, "No space left on device")

        def __exit__(self, *_):
            return None

    monkeypatch.setattr("vetanalysis.pipeline.store.os.fdopen", lambda *_, **__: Full())
    with pytest.raises(NotWritable, match="No space left"), only_run(tmp_path):
        pass
    assert not (tmp_path / LOCK_NAME).exists()


def test_a_mapping_file_that_may_not_be_read_is_a_finding_of_its_return(tmp_path, monkeypatch):
    plan = load_plan(EXAMPLE)
    (sent,) = (plan.folder.parents[1] / "returns" / EXAMPLE / "2023-9M").glob("178__*.xlsx")
    folder = tmp_path / "2023-9M"
    folder.mkdir()
    path = folder / sent.name
    path.write_bytes(sent.read_bytes())
    (folder / "178.yaml").write_text("sheets: []", encoding="utf-8")
    read = Path.read_bytes

    def refuse(self):
        if self.suffix == ".yaml":
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    reading = reading_of(Received(path, f"2023-9M/{sent.name}", "178", "2023-9M", sent.stem[5:]), plan)
    (told,) = [one for one in reading.findings if one.rule == "mapping-unreadable"]
    assert told.severity == "error"
    assert "Permission denied" in told.found.vi
