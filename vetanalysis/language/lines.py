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
from typing import Any

import yaml

from vetanalysis.blocks import LANGUAGES
from vetanalysis.checks import nearest
from vetanalysis.errors import VetanalysisError

Words = Mapping[str, Mapping[str, str] | str]
_FOLDER = Path(__file__).parent
_FACT = re.compile(r"\{\{\s*([A-Za-z]\w*)\s*\}\}")
_OF_PLAN: ContextVar[Words | None] = ContextVar("words_of_plan", default=None)


class LineError(VetanalysisError):
    """A line of words that is missing, not allowed, or that its facts do not fit."""


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
    own = (words or {}).get(key)
    said = own if isinstance(own, str) else (own or {}).get(lang)
    if said is None:
        family, _, name = key.partition(".")
        line = lines_of(family).get(name)
        if line is None:
            raise LineError(f"{family}.yaml has no line {name!r}{_near(name, lines_of(family))}")
        said = line.get(lang)
    if not isinstance(said, str):
        raise LineError(f"{key} is not worded in {lang!r}")
    return unicodedata.normalize("NFC", said)


def _near(word: str, known: Any) -> str:
    found = nearest(word, known)
    return f"; nearest: {found!r}" if found else ""


@contextmanager
def in_words_of(words: Words | None) -> Iterator[None]:
    """Within it plain lines are worded as a plan words them."""
    before = _OF_PLAN.set(words)
    try:
        yield
    finally:
        _OF_PLAN.reset(before)


def plain(key: str, lang: str, **facts: object) -> str:
    """A line with its facts put in as they are; KeyError for a language or a fact that is not there, LineError."""
    words = _OF_PLAN.get()
    form = _form(written(key, lang, words)) if words and key in words else _own_form(key, lang)
    return form.format_map(facts)


def is_plain(line: str) -> bool:
    """Whether a line holds facts alone, without a filter or an expression."""
    return "{{" not in _FACT.sub("", line)


@cache
def _own_form(key: str, lang: str) -> str:
    if lang not in LANGUAGES:
        raise KeyError(f"language {lang!r}: use one of {', '.join(LANGUAGES)}")
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
