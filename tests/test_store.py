"""A reader sees the old report or the new one, never a half."""

import os
import subprocess
import sys
import time

import pytest

from vetanalysis.pipeline.store import Busy, NotPrivate, check_private, only_run, recover, run_folder, staged


def _good(place, text="old"):
    place.mkdir(parents=True)
    (place / "report.html").write_text(text, encoding="utf-8")
    return place


def _names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_finished_folder_takes_its_place(tmp_path):
    place = _good(tmp_path / "20" / "vi")
    with staged(place) as folder:
        assert (place / "report.html").read_text(encoding="utf-8") == "old"
        (folder / "report.html").write_text("new", encoding="utf-8")
    assert (place / "report.html").read_text(encoding="utf-8") == "new"
    assert _names(place.parent) == ["vi"]


def test_a_failure_keeps_the_good_report_and_what_was_written(tmp_path):
    place = _good(tmp_path / "20" / "vi")
    with pytest.raises(ValueError, match="boom"), staged(place) as folder:
        (folder / "3_trained_rate.ipynb").write_text("half", encoding="utf-8")
        raise ValueError("boom")
    assert (place / "report.html").read_text(encoding="utf-8") == "old"
    assert _names(place.parent) == ["vi", "vi.failed"]
    assert _names(tmp_path / "20" / "vi.failed") == ["3_trained_rate.ipynb"]


def test_an_interruption_leaves_nothing_behind(tmp_path):
    place = _good(tmp_path / "20" / "vi")
    with pytest.raises(KeyboardInterrupt), staged(place):
        raise KeyboardInterrupt
    assert _names(place.parent) == ["vi"]


def test_success_clears_an_earlier_failure(tmp_path):
    place = tmp_path / "20" / "vi"
    with pytest.raises(ValueError, match="x"), staged(place):
        raise ValueError("x")
    with staged(place):
        pass
    assert _names(place.parent) == ["vi"]


def test_recover_puts_back_a_report_whose_exchange_was_cut(tmp_path):
    _good(tmp_path / "20" / "vi.old", "last good")
    _good(tmp_path / "20" / "en", "good")
    _good(tmp_path / "20" / "en.old", "older")
    _good(tmp_path / "20" / "en.new-123", "half")
    assert recover(tmp_path) == [tmp_path / "20" / "vi"]
    assert _names(tmp_path / "20") == ["en", "vi"]
    assert (tmp_path / "20" / "vi" / "report.html").read_text(encoding="utf-8") == "last good"


def test_a_second_run_is_refused_while_the_first_lives(tmp_path):
    with only_run(tmp_path), pytest.raises(Busy, match=str(os.getpid())), only_run(tmp_path):
        pass
    assert _names(tmp_path) == []


def test_the_hold_of_a_dead_run_is_taken_over(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", "pass"])
    dead.wait()
    (tmp_path / ".running").write_text(str(dead.pid), encoding="ascii")
    with only_run(tmp_path):
        assert (tmp_path / ".running").read_text(encoding="ascii") == str(os.getpid())


def test_what_a_run_shares_lies_where_nobody_else_may_write_and_goes_with_it(tmp_path):
    with only_run(tmp_path), run_folder() as folder:
        (folder / "x").write_text("", encoding="utf-8")
        assert tmp_path not in folder.parents
        check_private(folder)
    assert list(tmp_path.iterdir()) == []
    assert not folder.exists()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="folders have no owner here")
def test_a_folder_that_others_may_enter_or_that_is_another_s_is_refused(tmp_path, monkeypatch):
    mine, link = tmp_path / "mine", tmp_path / "link"
    mine.mkdir(mode=0o700)
    link.symlink_to(mine)
    with pytest.raises(NotPrivate, match="TMPDIR"):
        check_private(link)
    mine.chmod(0o770)
    with pytest.raises(NotPrivate):
        check_private(mine)
    mine.chmod(0o700)
    monkeypatch.setattr(os, "getuid", lambda: mine.stat().st_uid + 1)
    with pytest.raises(NotPrivate):
        check_private(mine)


def test_a_hold_without_a_number_yet_is_waited_for(tmp_path):
    (tmp_path / ".running").write_text("", encoding="ascii")
    started = time.monotonic()
    with only_run(tmp_path):
        assert time.monotonic() - started > 0.5


def test_a_reused_process_number_holds_nothing(tmp_path):
    lock = tmp_path / ".running"
    lock.write_text(str(os.getpid()), encoding="ascii")
    os.utime(lock, (1, 1))  # written long before this process began
    with only_run(tmp_path):
        pass
    lock.write_text(str(os.getpid()), encoding="ascii")
    with pytest.raises(Busy), only_run(tmp_path):
        pass


def test_staged_files_reach_the_disk_before_the_exchange(tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr(os, "fsync", lambda handle: told.append((tmp_path / "vi").exists()))
    with staged(tmp_path / "vi") as folder:
        (folder / "report.html").write_text("new", encoding="utf-8")
    assert told == [False]
