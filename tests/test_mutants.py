"""How changes to the program are made, and how what became of them is counted; none is tried here."""

import ast
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
    assert result["all"] == {"killed": 1, "survived": 1, "equivalent": 1}
    assert result["kinds"]["constant"] == {"killed": 0, "survived": 1, "equivalent": 1}
    said = mutants.table(result, ran=False)
    assert "nothing was run" in said
    assert "1 of    2   50 %  (1 equivalent)" in said
    assert "equivalent vetanalysis/forecast/a.py:7 1 -> 2\n      so\n" in said


@pytest.mark.parametrize("module", ["vetanalysis/forecast/mixture.py", "vetanalysis/returns/checks.py"])
def test_the_rooms_of_figures_and_words_are_changed(module):
    assert module in mutants.modules(mutants.EQUIVALENT.parent.parent)
