"""What a run keeps is found by key and state, computed once, and never a second truth."""

import functools
import threading
import time
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from vetanalysis.remember import (
    content_digest,
    remembered,
    remembered_each,
    remembered_within,
    remembering,
    run_folder,
    state_of,
    within,
)


def test_outside_a_run_everything_is_computed(monkeypatch):
    monkeypatch.delenv("VETANALYSIS_RUN_FOLDER", raising=False)
    asked = []
    assert [remembered("x", ("k",), lambda: asked.append(1) or len(asked)) for _ in range(2)] == [1, 2]
    assert run_folder() is None


def test_in_a_run_the_same_key_is_computed_once_and_another_anew(tmp_path):
    asked = []

    def compute():
        asked.append(1)
        return len(asked)

    with remembering(tmp_path):
        assert [remembered("x", ("k",), compute) for _ in range(3)] == [1, 1, 1]
        assert remembered("x", ("other",), compute) == 2
        assert remembered("y", ("k",), compute) == 3
    assert run_folder() is None
    assert {path.suffix for path in tmp_path.iterdir()} == {".pickle"}


def test_two_at_once_compute_once(tmp_path):
    asked, found = [], []

    def slow():
        asked.append(1)
        time.sleep(0.3)
        return 7

    with remembering(tmp_path):
        threads = [
            threading.Thread(target=lambda: found.append(remembered("x", ("k",), slow))) for _ in range(3)
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert (len(asked), found) == (1, [7, 7, 7])


def test_damage_and_what_cannot_be_kept_are_no_error(tmp_path):
    with remembering(tmp_path):
        remembered("x", ("k",), lambda: 1)
        next(tmp_path.iterdir()).write_bytes(b"half")
        assert remembered("x", ("k",), lambda: 2) == 2
        assert remembered("x", ("f",), lambda: lambda: 3)() == 3
    assert not [path for path in tmp_path.iterdir() if path.suffix != ".pickle"]


def test_an_error_is_not_kept_and_holds_nobody_up(tmp_path):
    def fails():
        raise ValueError("no")

    with remembering(tmp_path):
        for _ in range(2):
            try:
                remembered("x", ("k",), fails)
            except ValueError:
                continue
        assert remembered("x", ("k",), lambda: 1) == 1


def test_the_state_of_files_moves_with_content_and_time(tmp_path):
    (tmp_path / "a").write_text("1", encoding="utf-8")
    before = state_of([tmp_path, None, tmp_path / "missing"])
    assert state_of([tmp_path, None, tmp_path / "missing"]) == before
    (tmp_path / "a").write_text("12", encoding="utf-8")
    assert state_of([tmp_path]) != before


@dataclass(frozen=True)
class _Record:
    value: object
    png: bytes = b""


def test_a_digest_sees_every_value_and_no_picture():
    def records():
        return [
            _Record({"a": 1.5, "b": None}),
            _Record(np.arange(3.0)),
            _Record(pd.DataFrame({"x": [1, 2]})),
            _Record(functools.partial(max, 1)),
            _Record(("a", ["b"])),
        ]

    assert content_digest(records()) == content_digest(records())
    assert len({content_digest(one) for one in records()}) == 5
    assert content_digest(_Record(np.arange(3.0))) != content_digest(_Record(np.arange(3.0) + 1e-9))
    assert content_digest(_Record(1, b"x")) == content_digest(_Record(1, b"y"))
    assert content_digest("1") != content_digest(1)


def test_a_part_is_kept_under_what_it_belongs_to_and_never_without(tmp_path):
    asked = []

    def compute():
        asked.append(1)
        return len(asked)

    def part():
        return remembered_within("x", ("k",), compute)

    with remembering(tmp_path):
        with within("files", "9M"):
            assert [part(), part()] == [1, 1]
        with within("files", "H1"):
            assert part() == 2
        with within():
            assert [part(), part()] == [3, 4], "nothing is known of where it comes from"
        assert part() == 5


def test_one_of_many_is_kept_apart_and_computed_with_the_others_once(tmp_path):
    calls = []

    def all_of_them():
        calls.append(1)
        return {"a": [1], "b": [2]}

    with remembering(tmp_path):
        assert remembered_each("unit", ("k",), "a", all_of_them) == [1]
        assert remembered_each("unit", ("k",), "b", all_of_them) == [2]
        assert len(calls) == 1
        assert remembered_each("unit", ("other",), "b", all_of_them) == [2]
        assert len(calls) == 2
        assert len(list(tmp_path.glob("unit-*.pickle"))) == 4
    assert remembered_each("unit", ("k",), "a", all_of_them) == [1]
    assert len(calls) == 3


def test_figures_read_once_in_a_run_are_not_read_by_a_study_that_never_looks(tmp_path, monkeypatch):
    from vetanalysis import observations, open_study

    with remembering(tmp_path):
        first = open_study("lang-son-2023", "2023-start", returns="none")
        monkeypatch.setattr(observations, "load_observations", lambda *a, **k: pytest.fail("read again"))
        second = open_study("lang-son-2023", "2023-start", returns="none")
        assert callable(second.__dict__["_observations"])
        other = second.at(unit="186")
        assert callable(other.__dict__["_observations"])
        pd.testing.assert_frame_equal(second.observations, first.observations)
        assert second.observations is second.observations
        assert second.left_out == ()
