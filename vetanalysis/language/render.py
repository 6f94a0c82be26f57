"""From a `Said` to words: `<family>.yaml` holds each line in both languages, a `Voice` reads it in one.

    said = Said("targets.left.short", id="people_enrolled.left", people=4300, about="")
    said.get("vi")             as it stands inside a sentence
    sentence(said, "vi")       as a sentence: white space settled, first letter capital
    spoken(said, "vi")         the same with id and figures, as documents hold it (`Sentence`)
    cells.worded(document, "vi")   a whole document of Said, Text and Cell

A line is text with `{{ fact|filter }}`; what it may hold stands in `language/syntax.py`, the filters in
`language/filters.py`, how to write one in `language/README.md`. A family is read when first needed, a line
compiled when first said. `spoken(None, lang)` is None: what does not apply is not said. A line that cannot be
rendered raises `LineError` with file, name, language, line and facts.

A plan may word lines otherwise (`words.yaml`): `language/own_words.py` says what is wrong with its words, and every
function here takes those that are right as `words`: {"targets.left.short": {"vi": "..."}}; left out, those at hand
(`language/lines.py` `in_words_of`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache, cached_property
from numbers import Real
from typing import Any

import jinja2
from jinja2 import meta
from jinja2.sandbox import SandboxedEnvironment

from vetanalysis.blocks import Said, Sentence, Text
from vetanalysis.language import filters, numbers, syntax
from vetanalysis.language.lines import (
    MARKS,
    OTHERWISE,
    LineError,
    PlanWords,
    Words,
    check_language,
    in_words_of,
    languages_of,
    words_at_hand,
    written,
    written_in,
)  # fmt: skip

_BLANK = " " * 8


class _Environment(SandboxedEnvironment):
    intercepted_binops = frozenset("+-*/")

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        for side in (left, right):
            if isinstance(side, bool) or not isinstance(side, Real):
                raise TypeError(f"{side!r} {operator}: only numbers are reckoned with")
        return super().call_binop(context, operator, left, right)


class Voice:
    """One language, with the words that a plan puts in the place of ours.

    Lines are compiled once; a voice is shared by all who speak the language (`voice`).
    """

    def __init__(self, lang: str, words: Words | None = None) -> None:
        check_language(lang, words)
        self.lang = lang
        self.words = words or {}
        self._compiled: dict[str, jinja2.Template | str] = {}
        self._environment = made = _Environment(
            undefined=jinja2.StrictUndefined,
            autoescape=False,
            optimized=False,  # constants are worded when said: in the years of the plan at hand
            finalize=lambda value: filters.worded(value, lang, self.render),
            keep_trailing_newline=True,
        )
        made.globals = {}
        made.filters = filters.filters_of(lang, self.render)
        made.tests = {"none": lambda value: value is None, "known": filters.known}

    @cached_property
    def _otherwise(self) -> Voice:
        """Who says what a plan's own language lacks: English throughout, with numbers as this language writes them."""
        words = PlanWords({key: _by_language(line) for key, line in self.words.items()})
        words.languages = languages_of(self.words)
        for key in MARKS:
            words[key] = {OTHERWISE: written(key, self.lang, self.words)}
        return Voice(OTHERWISE, words)

    def line(self, key: str) -> str:
        """The line of `key` as it is written, the plan's where it has one; LineError where there is none."""
        return written(key, self.lang, self.words)

    def variables(self, line: str) -> frozenset[str]:
        """The facts that a line names; syntax.NotAllowed for one that is no line."""
        return frozenset(meta.find_undeclared_variables(syntax.parsed(line, self._environment)))

    def render(self, said: Said) -> str:
        """The words of `said`, as they stand inside a sentence; LineError."""
        line = self._compiled.get(said.key)
        if line is None:
            if written_in(said.key, self.lang, self.words)[1] != self.lang:
                return self._otherwise.render(said)
            line = self._compiled[said.key] = self._compile(said.key)
        if isinstance(line, str):
            return line
        try:
            if not self.words and "measure" not in said.facts:
                return unicodedata.normalize("NFC", line.render(said.facts))
            with numbers.counting(said.facts.get("measure")), in_words_of(self.words):
                return unicodedata.normalize("NFC", line.render(said.facts))
        except LineError:
            raise
        except Exception as error:
            raise self._failed(said.key, f"{error}; given {dict(said.facts)!r}") from error

    def _compile(self, key: str) -> jinja2.Template | str:
        """What renders the line; where it holds no facts its words, as they are always said."""
        made, line = self._environment, self.line(key)
        try:
            if syntax.is_text(line):
                return unicodedata.normalize("NFC", line)
            tree = syntax.worded_joins(syntax.parsed(line, made))
        except syntax.NotAllowed as error:
            raise self._failed(key, f"not allowed: {error}") from None
        return jinja2.Template.from_code(made, made.compile(tree), made.globals)

    def _failed(self, key: str, why: str) -> LineError:
        family, _, name = key.partition(".")
        source = "the plan's words" if key in self.words else f"language/{family}.yaml"
        return LineError(f"{source}, {name}, {self.lang}: {why}. The line: {self.line(key)}")


def _by_language(line: Mapping[str, str] | str) -> Mapping[str, str]:
    return {OTHERWISE: line} if isinstance(line, str) else line


@cache
def _own_voice(lang: str) -> Voice:
    return Voice(lang)


_VOICES = 8  # of plans kept at a time
_of_plans: list[Voice] = []


def voice(lang: str, words: Words | None = None) -> Voice:
    """The voice of a language; with a plan's words, given or at hand, a voice of its own."""
    words = words or words_at_hand()
    if not words:
        return _own_voice(lang)
    for one in tuple(_of_plans):
        if one.words is words and one.lang == lang:
            return one
    made = Voice(lang, words)
    _of_plans[:] = [*_of_plans[1 - _VOICES :], made]
    return made


def render(said: Said, lang: str) -> str:
    """What `Said.get` gives: the words in `lang`, inside a sentence."""
    return voice(lang).render(said)


def settled(text: str) -> str:
    """A sentence's text: one space where there was white space, the first letter a capital.

    Eight spaces are a place for the clerk's hand (a number, a day) and stay.
    """
    text = _BLANK.join(" ".join(part.split()) for part in text.split(_BLANK))
    return text[:1].upper() + text[1:]


def sentence(said: Said, lang: str, words: Words | None = None) -> str:
    """`said` as a sentence of its own."""
    return settled(voice(lang, words).render(said))


def spoken(said: Said | None, lang: str, words: Words | None = None) -> Sentence | None:
    """`said` as a document holds it, with its id and the figures behind it; None stays None."""
    return None if said is None else spoken_by(voice(lang, words), said)


def spoken_by(speaks: Voice, said: Said) -> Sentence:
    """`spoken` for many sentences in one voice."""
    return Sentence(said.id, settled(speaks.render(said)), figures(said))


def figures(said: Said) -> dict[str, Any]:
    """The facts of `said` for the manifest, the same in every language: words that are facts in Vietnamese."""
    return {name: _figure(value) for name, value in said.facts.items()}


def _figure(value: Any) -> Any:
    if isinstance(value, Text | Said):
        return value.get("vi")
    if isinstance(value, Mapping):
        return {name: _figure(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return tuple(_figure(one) for one in value)
    return value
