"""How plans, tables, series and inputs are checked, whatever room they belong to: findings and their words.

A check says what is wrong by naming a line of `vetanalysis/language/<family>.yaml`; the line with `.do`
behind its name says what to do about it. What several rooms have in common (a missing column, an unknown name
and the nearest known one) stands in `findings.yaml`.
"""

from __future__ import annotations

import difflib
import math
import numbers
from collections.abc import Collection, Hashable, Iterable
from typing import Any, TypeGuard

from vetanalysis.blocks import Said, Text
from vetanalysis.errors import DataRefused, Finding, WrongCall

_DIGITS = str.maketrans("OoIlS", "00115")  # letters that are typed for digits


def finding(
    file: str,
    place: str,
    rule: str,
    line: str,
    *,
    severity: str = "error",
    remedy: Said | Text | None = None,
    **facts: Any,
) -> Finding:
    """What is wrong at one place of a file: the words of `line`, the remedy those of `line.do` where none is given.

    `line`: "family.name". `facts`: what stands there, by the names that the two lines use.
    """
    return Finding(severity, file, place, rule, Said(line, **facts), remedy or Said(f"{line}.do", **facts))


def refused(file: str, place: str, rule: str, line: str, **facts: Any) -> DataRefused:
    """A single finding that ends the reading; arguments as in `finding`."""
    return DataRefused([finding(file, place, rule, line, **facts)])


def missing_columns(file: str, given: Collection[str], needed: Collection[str], rule: str) -> list[Finding]:
    """One finding in the header row that names every needed column which is not there; else none."""
    missing = tuple(name for name in needed if name not in given)
    if not missing:
        return []
    return [finding(file, "row 1", rule, "findings.missing_columns", missing=missing, needed=tuple(needed))]


def not_utf8(file: str, error: UnicodeDecodeError, rule: str) -> Finding:
    """A text file whose bytes are no UTF-8, with the place of the first that is not."""
    return finding(file, f"byte {error.start}", rule, "findings.not_utf8")


def nearest(given: Any, known: Iterable[Any], least: float = 0.6) -> str | None:
    """The known word that is most like `given`; None where none is as like as `least` (0 to 1)."""
    found = difflib.get_close_matches(str(given), [str(word) for word in known], n=1, cutoff=least)
    return found[0] if found else None


def near(word: str, known: Iterable[str]) -> Said:
    """What to write in place of an unknown word: the nearest of those known, else the first twelve."""
    words = sorted(known)
    found = nearest(word, words) or nearest(word.translate(_DIGITS), words)
    if found is None:
        return Said("findings.known", known=tuple(words[:12]))
    return Said("findings.did_you_mean", near=found)


def given_twice(items: Iterable[Hashable]) -> list[Any]:
    """What stands more than once, each once, in the order in which it comes again."""
    seen: set[Hashable] = set()
    twice: dict[Hashable, None] = {}
    for item in items:
        if item in seen:
            twice[item] = None
        seen.add(item)
    return list(twice)


def is_number(value: Any) -> TypeGuard[float]:
    """Whether a value read from a file is a number; truth values are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def number_in(text: str) -> float | None:
    """The finite number that a text is, with a decimal point; None for anything else."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def within(value: float | None, low: float, high: float) -> bool:
    """Whether a number lies between two, both included; a missing one does not."""
    return value is not None and low <= value <= high


def check_whole_number(name: str, value: Any, least: int) -> None:
    """WrongCall for anything but a whole number of `least` or more."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < least:
        raise WrongCall(Said("calls.whole_number", name=name, given=repr(value), least=least))


def shown(value: Any) -> str:
    """What was given in a call, as Python writes it; a long one by its kind."""
    written = repr(value)
    return written if len(written) < 40 else type(value).__name__
