"""How changes to the program are made, and how what became of them is counted; none is tried here."""

import ast
import json
from types import SimpleNamespace

import pytest

from benchmarks import mutants
from benchmarks.covering import Map
from benchmarks.mutations import changes

MODULE = '''
"""A module: 1 < 2."""
from __future__ import annotations

LIMIT: int = 3


def chosen(values: list[int] | None, *, most: float = 0.5) -> list[int] | None:
    """Some of them."""
    if not values or len(values) < LIMIT:
        return None
    print(f"{len(values) + 1} left")
    return [one * 2 for one in values[1:] if one in (most, "é")]
'''


def test_every_kind_of_change_is_made_where_it_can_be():
    assert {(one.kind, one.line, one.shown) for one in changes(MODULE)} == {
        ("constant", 5, "3 -> 4"),
        ("constant", 8, "0.5 -> 1.5"),
        ("comparison", 10, "len(values) < LIMIT -> len(values) <= LIMIT"),
        ("condition", 10, "not values or len(values) < LIMIT -> not (not values or len(values) < LIMIT)"),
        ("not", 10, "not values -> values"),
        ("and/or", 10, "not values or len(values) < LIMIT -> not values and len(values) < LIMIT"),
        ("constant", 13, "1 -> 2"),
        ("constant", 13, "2 -> 3"),
        ("return", 13, "[one * 2 for one in values[1:] if one in (most, 'é')] -> None"),
        ("operation", 13, "one * 2 -> one / 2"),
        ("comparison", 13, "one in (most, 'é') -> one not in (most, 'é')"),
        ("slice", 13, "values[1:] -> values[:]"),
    }


def test_a_change_alters_nothing_else_of_the_module():
    for change in changes(MODULE):
        assert ast.dump(ast.parse(change.text)) != ast.dump(ast.parse(MODULE))
        before, after = MODULE.splitlines(), change.text.splitlines()
        assert [
            number for number, pair in enumerate(zip(before, after, strict=True), 1) if len(set(pair)) == 2
        ] == [change.line]


def test_tests_that_ran_the_line_come_first_and_of_these_those_of_the_cheapest_file():
    known = Map(
        cost={"a::dear": 3.0, "a::cheap": 0.1, "b::cheap": 0.2, "b::beside": 0.1, "c::far": 0.1},
        lines={"m.py": {13: {"a::dear", "a::cheap", "b::cheap"}, 10: {"c::far"}}},
    )
    doubled = next(one for one in changes(MODULE) if one.kind == "operation")
    assert mutants.tests_for("m.py", doubled, known) == ["b::cheap", "a::cheap", "a::dear", "b::beside"]
    limit, default = (next(one for one in changes(MODULE) if one.line == line) for line in (5, 8))
    assert mutants.tests_for("m.py", limit, known) == ["c::far"], "of a constant: what reads it"
    assert set(mutants.tests_for("m.py", default, known)) == set(known.cost), "of a default: the function"


def test_what_changes_nothing_is_counted_apart(monkeypatch, tmp_path):
    listed = tmp_path / "equivalent.json"
    listed.write_text(
        '[{"module": "vetanalysis/forecast/a.py", "code": "x < 1", "change": "1 -> 2", "why": "so"}]'
    )
    monkeypatch.setattr(mutants, "EQUIVALENT", listed)
    tried = [
        mutants.Tried("vetanalysis/forecast/a.py", 7, "constant", "1 -> 2", "x < 1", "survived"),
        mutants.Tried("vetanalysis/forecast/a.py", 9, "constant", "1 -> 2", "y < 1", "survived"),
        mutants.Tried(
            "vetanalysis/forecast/a.py", 9, "comparison", "y < 1 -> y <= 1", "y < 1", "killed", by="t"
        ),
    ]
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / mutants.COMMIT).write_text("abc1234\n")
    result = mutants.result_of(tried, SimpleNamespace(date="2026-11-28", seed=1, scratch=tmp_path))
    assert result["all"] == {"killed": 1, "survived": 1, "equivalent": 1, "gone": 0}
    assert result["kinds"]["constant"] == {"killed": 0, "survived": 1, "equivalent": 1, "gone": 0}
    said = mutants.table(result, ran=False)
    assert "nothing was run" in said
    assert "1 of    2   50 %  (1 equivalent)" in said
    assert "equivalent vetanalysis/forecast/a.py:7 1 -> 2\n      so\n" in said


NOW = "def f(a, b):\n    return a < b and b\n\n\ndef g(a):\n    return a + 1\n"


def test_what_survived_is_tried_again_where_its_line_stands_now(monkeypatch, tmp_path):
    """One noticed where it was, one in another module, one gone, one listed as changing nothing."""
    room = "vetanalysis/forecast"
    (tmp_path / "copy" / room).mkdir(parents=True)
    (tmp_path / "copy" / room / "b.py").write_text(NOW)
    (tmp_path / "copy" / mutants.COMMIT).write_text("def5678\n")

    def survived(module, line, kind, change, code, **more):
        return {"module": f"{room}/{module}", "line": line, "kind": kind, "change": change, "code": code,
                "verdict": "survived", **more}  # fmt: skip

    before = [
        survived("a.py", 9, "comparison", "a < b -> a <= b", "return a < b and b"),
        survived("b.py", 3, "operation", "a + 1 -> a - 1", "return a + 1"),
        survived("b.py", 3, "constant", "1 -> 2", "return a + 1"),
        survived("b.py", 7, "constant", "7 -> 8", "return 7"),
        survived("c.py", 1, "constant", "0 -> 1", "x = 0", why="so") | {"verdict": "equivalent"},
    ]
    counts = {"killed": 10, "survived": 4, "equivalent": 1}
    stored = {
        "date": "2026-11-28", "commit": "abc1234", "seed": 1, "sample": 15, "all": counts,
        "rooms": {"forecast": counts, "returns": {**counts, "killed": 0}},
        "kinds": {"operation": {**counts, "killed": 3}, "slice": {**counts, "killed": 2}}, "not_noticed": before,
    }  # fmt: skip
    monkeypatch.setattr(mutants, "RESULTS", tmp_path / "stored.json")
    mutants.RESULTS.write_text(json.dumps(stored))
    monkeypatch.setattr(
        mutants, "try_change",
        lambda scratch, module, change, known: ("survived", "") if change.kind == "constant" else ("killed", "t"),
    )  # fmt: skip
    tried = [mutants.again(tmp_path / "copy", one, Map({}, {})) for one in mutants.stored()]
    result = mutants.renewed(tried, SimpleNamespace(date="2026-11-29", seed=1, scratch=tmp_path))
    assert result["all"] == {"killed": 12, "survived": 1, "equivalent": 1, "gone": 1}
    assert result["rooms"]["returns"] == {"killed": 0, "survived": 0, "equivalent": 0, "gone": 0}
    assert [result["kinds"][name]["killed"] for name in ("operation", "slice")] == [4, 2]
    assert (result["commit"], result["again"]) == ("abc1234", {"date": "2026-11-29", "commit": "def5678"})
    assert {one["code"]: one["verdict"] for one in result["not_noticed"]} == {
        "x = 0": "equivalent", "return 7": "gone", "return a + 1": "survived",
    }  # fmt: skip
    said = mutants.table(result, ran=False)
    assert "measured 2026-11-28 at abc1234: 15 sampled, seed 1; what survived tried again 2026-11-29" in said
    assert "  12 of   13   92 %  (1 equivalent, 1 gone)" in said


@pytest.mark.parametrize("module", ["vetanalysis/forecast/mixture.py", "vetanalysis/returns/checks.py"])
def test_the_rooms_of_figures_and_words_are_changed(module):
    assert module in mutants.modules(mutants.EQUIVALENT.parent.parent)
