"""A bar where somebody looks, after a while, and nothing anywhere else."""

import io
import sys
import types

import pytest

from vetanalysis import progress
from vetanalysis.progress import quiet, watched


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch):
    there = Terminal()
    monkeypatch.setattr(progress, "sys", types.SimpleNamespace(stderr=there, modules=sys.modules))
    return there


@pytest.fixture
def at_once(monkeypatch):
    """Without the two seconds: from the first thing on."""
    monkeypatch.setattr(progress, "AFTER", 0.0)


def counted(work):
    return list(watched(work, 3))


def test_what_is_passed_on_is_what_was_given(terminal, at_once):
    assert counted(iter("abc")) == ["a", "b", "c"]
    assert "3/3" in terminal.getvalue() or "0/3" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r")  # nothing of it stays on the line


def test_what_is_quick_shows_nothing(terminal):
    counted("abc")
    assert terminal.getvalue() == ""


def test_nothing_is_shown_where_nobody_looks(monkeypatch, at_once, capsys):
    counted("abc")
    assert capsys.readouterr().err == ""


def test_quiet_shows_nothing_and_ends(terminal, at_once):
    with quiet():
        counted("abc")
    assert terminal.getvalue() == ""
    with quiet(False):
        counted("abc")
    assert terminal.getvalue() != ""


def test_there_is_one_bar_at_a_time(terminal, at_once):
    for _ in watched("ab", 2):
        list(watched("xyz", 3))
    assert "/2 " in terminal.getvalue()
    assert "/3 " not in terminal.getvalue()


@pytest.mark.parametrize("asked", [True, False])
def test_in_a_notebook_a_person_sees_a_bar_that_is_empty_at_the_end(monkeypatch, at_once, asked):
    """A runner answers no questions (`allow_stdin`): it gets none, so that nothing of it is stored."""
    import IPython
    import IPython.display

    shown = []

    class Handle:
        def update(self, data, raw):
            shown.append(data["text/plain"])

    def display(data, raw, display_id):
        shown.append(data["text/plain"])
        return Handle()

    shell = types.SimpleNamespace(kernel=types.SimpleNamespace(_allow_stdin=asked))
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
    monkeypatch.setattr(IPython.display, "display", display)
    assert counted("abc") == ["a", "b", "c"]
    assert bool(shown) == asked
    if asked:
        assert "/3 " in shown[0]
        assert shown[-1] == ""
