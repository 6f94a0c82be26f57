"""The lines of words as they are written in the files, and those that need no more than facts put in.

`plain` words a line whose facts are words or whole numbers already: `{{fact}}` and nothing else. The words of numbers,
days and periods (`numbers.yaml`) and of the command line are such lines, since they are said on every path, many times
or before anything is loaded. Every other line is rendered by `vetanalysis.language.render`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from vetanalysis.blocks import LANGUAGES
from vetanalysis.checks import nearest
from vetanalysis.errors import VetanalysisError

Words = Mapping[str, Mapping[str, str] | str]
MARKS = ("numbers.decimal", "numbers.thousands", "numbers.percent_sign")
OTHERWISE = "en"  # what a language of a plan's own does not say is said in English
_FOLDER = Path(__file__).parent
_FACT = re.compile(r"\{\{\s*([A-Za-z]\w*)\s*\}\}")
_OF_PLAN: ContextVar[Words | None] = ContextVar("words_of_plan", default=None)


class LineError(VetanalysisError):
    """A line of words that is missing, not allowed, or that its facts do not fit."""


class PlanWords(dict[str, Mapping[str, str]]):
    """What a plan words otherwise than the package, by key and language; `languages`: all in which it can be read.

    `own_words`: what units wrote in their returns, as they wrote it, in another language.
    """

    languages: tuple[str, ...] = LANGUAGES
    own_words: Mapping[str, Mapping[str, str]] = MappingProxyType({})


def languages_of(words: Words | None) -> tuple[str, ...]:
    """The languages of the package and those that a plan's words bring."""
    return getattr(words, "languages", LANGUAGES)


def check_language(lang: str, words: Words | None = None) -> None:
    """KeyError for a language that neither the package speaks nor the words (or those at hand) bring."""
    known = languages_of(words or words_at_hand())
    if lang not in known:
        raise KeyError(f"language {lang!r}: use one of {', '.join(known)}")


def families() -> tuple[str, ...]:
    """The names of all files of words."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


@cache
def lines_of(family: str) -> Mapping[str, Mapping[str, Any]]:
    """The lines of a family by name, each {"vi", "en"} and, perhaps "locked", "keeps", "only"; LineError."""
    path = _FOLDER / f"{family}.yaml"
    if not family.isidentifier() or not path.is_file():
        raise LineError(f"no words {family!r}: there are {', '.join(families())}")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    read = yaml.load(path.read_text(encoding="utf-8"), loader) or {}
    return {name: {"vi": line, "en": line} if isinstance(line, str) else line for name, line in read.items()}


def is_family(name: str) -> bool:
    """Whether there is a file of words of that name."""
    return name in _families()


def is_line(key: str) -> bool:
    """Whether `key` ("family.name") names a line."""
    family, _, name = key.partition(".")
    return is_family(family) and name in lines_of(family)


@cache
def _families() -> frozenset[str]:
    return frozenset(families())


def written(key: str, lang: str, words: Words | None = None) -> str:
    """The line of `key` as it is written, the plan's where its `words` have one; LineError where there is none."""
    return written_in(key, lang, words)[0]


def written_in(key: str, lang: str, words: Words | None = None) -> tuple[str, str]:
    """The line of `key` and the language it is in: a language of a plan's own leaves to English what it lacks.

    A line that reads alike in ours holds no words and is of every language.
    """
    own = (words or {}).get(key)
    if isinstance(own, str):
        return unicodedata.normalize("NFC", own), lang
    for one in dict.fromkeys((lang, lang if lang in LANGUAGES else OTHERWISE)):
        said = (own or {}).get(one) or _line(key).get(one)
        if isinstance(said, str):
            alike = one == OTHERWISE and (own or _line(key)).get("vi") == said
            return unicodedata.normalize("NFC", said), lang if alike else one
    raise LineError(f"{key} is not worded in {lang!r}")


def _line(key: str) -> Mapping[str, Any]:
    family, _, name = key.partition(".")
    line = lines_of(family).get(name)
    if line is None:
        raise LineError(f"{family}.yaml has no line {name!r}{_near(name, lines_of(family))}")
    return line


def _near(word: str, known: Any) -> str:
    found = nearest(word, known)
    return f"; nearest: {found!r}" if found else ""


@contextmanager
def in_words_of(words: Words | None) -> Iterator[None]:
    """Within it everything is worded as a plan words it, and in the languages that it brings."""
    before = _OF_PLAN.set(words)
    try:
        yield
    finally:
        _OF_PLAN.reset(before)


def words_at_hand() -> Words | None:
    """The words of the plan that is being worded (`in_words_of`)."""
    return _OF_PLAN.get()


def plain(key: str, lang: str, **facts: object) -> str:
    """A line with its facts put in as they are; KeyError for a language or a fact that is not there, LineError."""
    words = _OF_PLAN.get()
    if lang not in LANGUAGES:
        check_language(lang)
    if words and key in words:
        return _form(written(key, lang, words)).format_map(facts)
    return _own_form(key, lang if lang in LANGUAGES else OTHERWISE).format_map(facts)


def is_plain(line: str) -> bool:
    """Whether a line holds facts alone, without a filter or an expression."""
    return "{{" not in _FACT.sub("", line)


@cache
def _own_form(key: str, lang: str) -> str:
    return _form(written(key, lang))


@lru_cache(maxsize=1024)
def _form(line: str) -> str:
    """The line as `str.format` takes it."""
    if not is_plain(line):
        raise LineError(f"facts alone may stand in this line: {line}")
    texts = _FACT.split(line)  # text, fact, text, fact, ..., text
    return "".join(
        "{" + part + "}" if place % 2 else part.replace("{", "{{").replace("}", "}}")
        for place, part in enumerate(texts)
    )
