"""A plan's own words: what is wrong with them, and what a language that it brings leaves to English.

`words.yaml` words lines of the package otherwise, in Vietnamese and English; words.de.yaml brings a language.
There a line is a text alone. Lines that no plan can word otherwise (status words with their ranges, marks of invented
figures) may be translated, with their numbers, symbols and facts as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from vetanalysis.blocks import LANGUAGES, Said
from vetanalysis.checks import near
from vetanalysis.errors import Finding
from vetanalysis.language import syntax
from vetanalysis.language.lines import (
    OTHERWISE,
    Words,
    families,
    is_family,
    is_line,
    is_plain,
    lines_of,
    written_in,
)
from vetanalysis.language.render import voice

OF_UNITS = "own_words"  # in words.yaml what units wrote, by their text, in other languages
_MARKS = {  # what may part thousands and decimals, and stand behind the number of a percentage
    "numbers.decimal": (".", ",", "\u066b"),
    "numbers.thousands": (",", ".", "'", "\u2019", "\u066c", " ", "\u00a0", "\u202f", ""),
    "numbers.percent_sign": ("%", " %", "\u00a0%", "\u202f%", "\u066a"),
}
_EXPRESSION = re.compile(r"\{\{(?:(?!\{\{).)*?\}\}")


def check_words(overrides: Any, file: str) -> list[Finding]:
    """What is wrong with a plan's own words, each with file, key and what comes nearest; empty where nothing is.

    `overrides`: {"family.name": {"vi": ..., "en": ...}} as read from the file, a language that is not changed left out;
    a line that reads alike in both may be one string. Words of locked lines cannot be changed, and facts that a line
    `keeps` cannot be left out.
    """
    if not isinstance(overrides, Mapping):
        return [_finding(file, "", "shape", Said("words.shape"))]
    found: list[Finding] = []
    for key, lines in overrides.items():
        if key == OF_UNITS:
            found += _check_of_units(lines, file)
        else:
            found += _check_key(str(key), file) or _check_line(str(key), lines, file)
    return found


def _check_of_units(given: Any, file: str) -> list[Finding]:
    """What units wrote with its translations: {text: {language: text}}."""
    shaped = isinstance(given, Mapping) and all(
        isinstance(text, str) and isinstance(said, Mapping) and said
        and all(lang in LANGUAGES and isinstance(word, str) and word.strip() for lang, word in said.items())
        for text, said in given.items()
    )  # fmt: skip
    return [] if shaped else [_finding(file, OF_UNITS, "shape", Said("words.of_units"))]


def check_language_words(given: Any, lang: str, file: str) -> list[Finding]:
    """What is wrong with the words of a language that a plan brings, {"family.name": "..."} as read from its file."""
    if not is_language(lang):
        return [_finding(file, "", "language", Said("words.unknown_language", lang=lang))]
    if not isinstance(given, Mapping):
        return [_finding(file, "", "shape", Said("words.shape"))]
    found: list[Finding] = []
    for key, line in given.items():
        found += _check_key(str(key), file) or _check_translated(str(key), line, lang, file)
    decimal, thousands = (given.get(key, lines_of("numbers")[key.partition(".")[2]][OTHERWISE])
                          for key in ("numbers.decimal", "numbers.thousands"))  # fmt: skip
    if decimal == thousands:
        found.append(_finding(file, "numbers.decimal", "mark", Said("words.same_marks", mark=str(decimal))))
    return found


def is_language(code: str) -> bool:
    """Whether `code` is that of a language with names of months: "de", "pt"; those of the package have their words."""
    from babel import Locale, UnknownLocaleError

    if code in LANGUAGES:
        return False
    try:
        return re.fullmatch("[a-z]{2,3}", code) is not None and bool(Locale.parse(code))
    except (ValueError, UnknownLocaleError):
        return False


def left_to_english(words: Words, lang: str) -> tuple[int, int]:
    """How many lines a language of a plan's own leaves to English, and of how many."""
    keys = [f"{family}.{name}" for family in families() for name in lines_of(family)]
    return sum(written_in(key, lang, words)[1] != lang for key in keys), len(keys)


def _check_key(key: str, file: str) -> list[Finding]:
    if is_line(key):
        return []
    family = key.partition(".")[0]
    known = [f"{family}.{name}" for name in lines_of(family)] if is_family(family) else []
    known = known or [f"{one}.{name}" for one in families() for name in lines_of(one)]
    return [_finding(file, key, "unknown", Said("words.unknown_key", key=key), near(key, known))]


def _check_line(key: str, lines: Any, file: str) -> list[Finding]:
    if _ours(key).get("locked"):
        return [_finding(file, key, "locked", Said("words.locked", key=key))]
    if isinstance(lines, str):
        lines = dict.fromkeys(LANGUAGES, lines)
    if not isinstance(lines, Mapping) or not lines:
        return [_finding(file, key, "shape", Said("words.shape"))]
    found: list[Finding] = []
    for lang, line in lines.items():
        place = f"{key}.{lang}"
        if lang not in LANGUAGES:
            found.append(_finding(file, place, "language", Said("words.unknown_language", lang=str(lang))))
        else:
            found += _check_text(key, line, place, file)
    return found


def _check_translated(key: str, line: Any, lang: str, file: str) -> list[Finding]:
    found = _check_text(key, line, key, file)
    ours = _ours(key)
    if found or not ours.get("locked") or _fixed(line) in {_fixed(ours[one]) for one in LANGUAGES}:
        return found
    return [_finding(file, key, "fixed", Said("words.fixed", line=ours[OTHERWISE]))]


def _fixed(line: str) -> tuple[Any, ...]:
    """What a translation leaves as it is: facts, numbers and symbols; of a line without a word all but its spaces."""
    facts = tuple(sorted(re.sub(r"\s", "", one) for one in _EXPRESSION.findall(line)))
    rest = _EXPRESSION.sub("", line)
    words = re.search(r"[^\W\d_]", rest)
    return (facts, tuple(re.findall(r"\d+", rest)), "" if words else re.sub(r"\s", "", rest))


def _check_text(key: str, line: Any, place: str, file: str) -> list[Finding]:
    """What is wrong with one line in one language."""
    if key in _MARKS:
        if line in _MARKS[key]:
            return []
        known = tuple(repr(one) for one in _MARKS[key])
        return [_finding(file, place, "mark", Said("words.mark", given=repr(line), known=known))]
    if not isinstance(line, str) or not line.strip():
        return [_finding(file, place, "shape", Said("words.shape"))]
    ours = _ours(key)
    found = []
    if key.startswith("numbers.") and not is_plain(line):
        found.append(_finding(file, place, "plain", Said("words.plain")))
    names = frozenset[str]().union(*(voice(lang).variables(ours[lang]) for lang in LANGUAGES))
    try:
        used = voice(OTHERWISE).variables(line)
    except syntax.NotAllowed as error:
        return [*found, _finding(file, place, "syntax", Said("words.syntax", why=str(error)))]
    found += [
        _finding(file, place, "fact", Said("words.unknown_fact", name=name), near(name, names))
        for name in sorted(used - names)
    ]
    kept = frozenset[str](ours.get("keeps", ()))
    return found + [
        _finding(file, place, "left-out", Said("words.left_out", name=name)) for name in sorted(kept - used)
    ]


def _ours(key: str) -> Mapping[str, Any]:
    family, _, name = key.partition(".")
    return lines_of(family)[name]


def _finding(file: str, place: str, rule: str, found: Said, remedy: Said | None = None) -> Finding:
    return Finding("error", file, place, f"words-{rule}", found, remedy or Said(f"words.remedy.{rule}"))
