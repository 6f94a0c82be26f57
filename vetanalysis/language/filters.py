"""The filters of a line of words: how a fact is written in the line's language.

Every filter takes a missing figure (None, NaN) and writes the words for it; `word` alone refuses one, so that
a figure is never printed without saying how. Text and Said are worded in the line's language wherever a
filter takes words.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from numbers import Integral, Real
from typing import Any, TypeGuard, TypeVar

from jinja2 import Undefined

from vetanalysis.blocks import LANGUAGES, Said, Text
from vetanalysis.language import chances, lines, numbers
from vetanalysis.language.lines import is_line
from vetanalysis.language.numbers import DECIMALS

Known = TypeVar("Known")
Word = Callable[[Any], str]
_WORDED = ("percent", "percentage_points", "persons", "people", "million_dong", "billion_dong", "dong")
# How many units are called by name; where there are more, the first are and the others counted, or none is.
UNITS_NAMED = {
    "list": 5,  # in a list within a sentence or beside a figure: who lacks, who has not reported, who came when
    "period": 8,  # in a sentence on the period as a whole; of more it points to the annex
    "table": 15,  # in a table of the body; the annex has them all
    "text": 5,  # in brackets behind what they all wrote
    "request": 2,  # in a request to several, whom another part of the report names
    "share_change": 3,  # those that moved the place's share of its quotas most
    "picture": 4,  # late ones in the picture of arrivals; more would print over each other
}
LISTED = 30  # names that any list holds at most; what is beyond is counted
_OTHERS = Said("numbers.others")
_MORE = Said("numbers.more")
_UNCOUNTED = 1e15  # nothing that is counted is that many: such a figure has an exponent


def known(value: Known | None) -> TypeGuard[Known]:
    """True for a figure that is there (the test `x is known`)."""
    return value is not None and not isinstance(value, Undefined) and value == value


def worded(value: Any, lang: str, render: Callable[[Said], str]) -> str:
    """What stands alone in `{{ }}`: words as they are, Text and Said in the language, whole numbers as digits.

    Any other value is a TypeError: a decimal number, a missing one, a list each need a filter that says how.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, Said):
        return render(value)
    if isinstance(value, Text):
        return value.get(lang)
    if isinstance(value, Integral) and not isinstance(value, bool):
        return str(int(value))
    if type(value) is Undefined:  # `a if x` without an else
        return ""
    if isinstance(value, Undefined):
        return str(value)  # raises, with the name
    raise TypeError(f"{value!r} needs a filter that says how it is written")


def capital(text: str) -> str:
    """The text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def inside(text: str, lang: str = "vi") -> str:
    """A label inside a sentence: no full stop, in our languages a small first letter (not of an abbreviation)."""
    text = text.strip().rstrip(".")
    return text if text[1:2].isupper() or lang not in LANGUAGES else text[:1].lower() + text[1:]


def the(label: str, lang: str) -> str:
    """A label with its article: "the trained-labour rate", "people trained"; other languages than English have none."""
    return f"the {label}" if lang == "en" and not label.startswith("people ") else label


def listed(parts: Sequence[str], lang: str) -> str:
    """A list in words: "a, b và c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {lines.plain('numbers.and', lang)} {parts[-1]}"


def amount(value: Any, measure: str, lang: str) -> str:
    """A value in its measure: people, percent, percentage points, money; other measures as a bare number."""
    if not known(value):
        return numbers.missing(lang)
    if measure == "percentage_points":
        return numbers.points(value, lang)
    return numbers.quantity(value, measure, lang) if measure in _WORDED else numbers.number(value, lang)


def filters_of(lang: str, render: Callable[[Said], str]) -> dict[str, Callable[..., Any]]:
    """The filters by name, for lines in `lang`; `render` words a Said that stands in another's line."""

    def word(value: Any) -> str:
        return worded(value, lang, render)

    found = (
        _figures(lang)
        | _times(lang)
        | _judgements(lang, render)
        | _names(lang, word, render)
        | _lists(lang, word)
    )
    return {**found, "abs": lambda value: abs(value) if known(value) else value}


def _figures(lang: str) -> dict[str, Callable[..., Any]]:
    def about(value: Any, measure: str = "", bare: bool = False, goal: Any = None) -> str:
        told = numbers.about_bare if bare and known(value) else numbers.about
        return told(value, measure or numbers.counted(), lang, goal)

    def from_to(lower: Any, upper: Any, measure: str = "") -> str:
        if not (known(lower) and known(upper)):
            return numbers.missing(lang)
        return numbers.from_to(lower, upper, measure or numbers.counted(), lang)

    def figure(value: Any) -> str:
        if known(value) and abs(value) >= _UNCOUNTED:
            return f"{value:g}"
        return numbers.number(value, lang)

    def typed(value: Any) -> str:
        decimal = lines.plain("numbers.decimal", lang)
        return f"{value:g}".replace(".", decimal) if known(value) else numbers.missing(lang)

    def plain(value: Any) -> str:
        return f"{value:g}" if known(value) else numbers.missing(lang)

    def letter(number: int) -> str:
        alphabet = lines.plain("numbers.alphabet", lang).split()
        again, place = divmod(number - 1, len(alphabet))
        return alphabet[place] * (again + 1)

    return {
        "letter": letter,
        "number": lambda value, digits=None: numbers.number(value, lang, _digits(digits)),
        "count": lambda value: numbers.number(value, lang, 0),
        "people": lambda value, step=1: numbers.people(value, lang, step),
        "percent": lambda value, digits=DECIMALS: numbers.percent(value, lang, _digits(digits)),
        "points": lambda value, digits=DECIMALS: numbers.points(value, lang, _digits(digits)),
        "money": lambda value, measure="million_dong", digits=DECIMALS: numbers.money(
            value, lang, measure, _digits(digits)
        ),
        "quantity": lambda value, measure, digits=DECIMALS: numbers.quantity(value, measure, lang, _digits(digits)),
        "amount": lambda value, measure: amount(value, measure, lang),
        "beside": lambda value, goal, measure: numbers.beside(value, goal, measure, lang),
        "difference": lambda value, measure, digits=DECIMALS: numbers.difference(value, measure, lang, _digits(digits)),
        "change": lambda before, after, measure, goal=None: numbers.change(before, after, measure, lang, goal),
        "signed": lambda value: numbers.signed(value, lang),
        "index": lambda value, before: numbers.index(value, before, lang),
        "of_plan": lambda value, plan: numbers.share_of_plan(value, plan, lang),
        "about": about,
        "from_to": from_to,
        "figure": figure,
        "typed": typed,
        "plain": plain,
    }  # fmt: skip


def _digits(digits: int | None) -> int | None:
    if digits is not None and not 0 <= digits <= 6:
        raise ValueError(f"digits {digits!r}: 0 to 6, or none for as many as needed")
    return digits


def _times(lang: str) -> dict[str, Callable[..., Any]]:
    def of_year(worded: Callable[..., str], *more: Any) -> Callable[[Any], str]:
        def told(value: Any) -> str:
            if not known(value) or value == "":
                return numbers.missing(lang)
            return worded(
                int(value[:4]) if isinstance(value, str) else int(getattr(value, "year", value)), *more
            )

        return told

    def of_code(worded: Callable[[Any, str], str]) -> Callable[[Any], str]:
        return lambda value: worded(value, lang) if known(value) and value != "" else numbers.missing(lang)

    def time(value: Any) -> str:
        return (
            value.strftime("%H:%M")
            if isinstance(value, datetime.datetime | datetime.time)
            else numbers.missing(lang)
        )

    def short_date(day: Any, without: str = "") -> str:
        told = of_code(numbers.short_date)(day)
        return told.removesuffix(f"/{without}").removesuffix(f" {without}") if without else told

    return {
        "period": of_code(numbers.period_name),
        "up_to": of_code(numbers.up_to),
        "short_period": of_code(numbers.short_period),
        "year": of_year(numbers.year_name, lang),
        "year_number": of_year(numbers.year_number),
        "year_tick": of_year(numbers.year_tick),
        "date": of_code(numbers.date),
        "short_date": short_date,
        "cell_date": of_code(numbers.cell_date),
        "time": time,
    }


def _judgements(lang: str, render: Callable[[Said], str]) -> dict[str, Callable[..., Any]]:
    def chance(probability: Any, bare: bool = False) -> str:
        if not known(probability):
            return numbers.missing(lang)
        if bare:
            return chances.closed_up(chances.printed_probability(probability), lang)
        return chances.closed_up(render(chances.chance(probability)), lang)

    def likelihood(status: Any, probability: Any = None, past: str = "") -> str:
        return (
            chances.closed_up(render(chances.status_words(status, probability, past)), lang)
            if status
            else numbers.missing(lang)
        )

    return {
        "chance": chance,
        "likelihood": likelihood,
        "symbol": lambda status: chances.status_symbol(status) if status else "",
    }


def _names(lang: str, word: Word, render: Callable[[Said], str]) -> dict[str, Callable[..., Any]]:
    def name(code: Any, kind: str) -> str:
        if not known(code):
            return numbers.missing(lang)
        key = f"names.{kind}.{code}"
        return render(Said(key)) if is_line(key) else word(code)

    def measure(code: Any) -> str:
        first = str(code).split("|")[0]
        first = numbers.counted() if first == "persons" else first
        key = f"names.measure.{first}"
        return render(Said(key)) if is_line(key) else first.replace("_", " ")

    def with_measure(value: Any, code: str) -> str:
        if code in _WORDED or not known(value):
            return amount(value, code, lang)
        if not code.startswith("million_dong"):
            return numbers.number(value, lang)
        return f"{numbers.number(value, lang, numbers.DECIMALS)} {measure(code)}"

    def plural(value: Any, one: str, many: str) -> str:
        return one if known(value) and numbers.rounded(value) == 1 else many

    def with_noun(value: Any, one: str, many: str = "") -> str:
        told = numbers.missing(lang) if not known(value) else word(value)
        return f"{told} {plural(value, one, many or f'{one}s')}"

    return {
        "word": word,
        "name": name,
        "measure": measure,
        "with_measure": with_measure,
        "inside": lambda label: inside(word(label), lang),
        "the": lambda label: the(inside(word(label), lang), lang),
        "capital": lambda text: capital(word(text)),
        "lower": lambda text: word(text).lower() if lang in LANGUAGES else word(text),
        "capitals": lambda text: word(text).upper(),
        "replaced": lambda text, old, new: word(text).replace(old, new),
        "n": with_noun,
        "plural": plural,
        "are": lambda value: plural(value, "is", "are"),
        "repr": lambda value: repr(value if isinstance(value, str | Real | None) else word(value)),
    }


def _lists(lang: str, word: Word) -> dict[str, Callable[..., Any]]:
    def cut(items: Iterable[Any] | None, limit: int, others: Any) -> list[str]:
        told = list(items or ())
        more = [f"{len(told) - limit} {word(others)}"] if len(told) > limit else []
        return [*(word(item) for item in told[:limit]), *more]

    def list_of(items: Iterable[Any] | None, limit: int | str | None = None, others: Any = _OTHERS) -> str:
        if isinstance(limit, str):
            limit = UNITS_NAMED[limit]
        return listed(cut(items, limit, others) if limit is not None else cut(items, LISTED, _MORE), lang)

    def joined(items: Iterable[Any] | None, by: str = ", ", limit: int | None = None) -> str:
        if limit is not None or by.isspace() or not by:  # what has no mark between is no list
            return by.join([word(item) for item in items or ()][:limit])
        return by.join(cut(items, LISTED, _MORE))

    return {
        "listed": list_of,
        "joined": joined,
        "length": lambda items: len(items) if items is not None else 0,
    }
