"""How a sentence is put together: its text in one language, its figures for the manifest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vetanalysis.blocks import Sentence, Text
from vetanalysis.language import chances, numbers
from vetanalysis.language.filters import capital, inside, known, listed, the
from vetanalysis.language.numbers import about, from_to

__all__ = [
    "Terms", "about", "bare_goal", "capital", "chance", "due", "from_to", "goal", "inside", "known", "label",
    "likelihood", "listed", "say", "terms_of", "the",
]  # fmt: skip

if TYPE_CHECKING:
    from vetanalysis.assessment.assessment import Assessment
    from vetanalysis.plan import Target

_MORE_UNITS = Text("đơn vị khác", "more")


def say(name: str, lang: str, text: Text, **facts: Any) -> Sentence:
    """The sentence `name` in `lang`; `facts` are the figures behind it, the same in both languages."""
    return Sentence(name, capital(" ".join(text.get(lang).split())), facts)


def label(target: Target, lang: str) -> str:
    """The target's short name inside a sentence."""
    return inside(target.label.get(lang))


def due(target: Target, lang: str) -> str:
    """By when: "đến hết năm 2023" for a level, "trong năm 2023" for people counted over the year."""
    name = numbers.period_name(target.period, lang)
    if target.measure == "persons":
        return Text(f"trong {name}", f"in {name}").get(lang)
    return Text(f"đến hết {name}", f"by the end of {name}").get(lang)


def goal(target: Target, lang: str) -> str:
    """The value asked for with its side: "đạt 62%", "không quá 3%"; "at least 62%", "at most 3%"."""
    value = numbers.quantity(target.value, target.measure, lang, None)
    if target.operator == ">=":
        return Text(f"đạt {value}", f"at least {value}").get(lang)
    return Text(f"không quá {value}", f"at most {value}").get(lang)


def bare_goal(target: Target, lang: str) -> str:
    """The value asked for alone: "62%", "13.500 người"."""
    return numbers.quantity(target.value, target.measure, lang, None)


@dataclass(frozen=True, slots=True)
class Terms:
    """How one assessment's target and dates are called in one language.

    `the`: its short name with article; `wanted`: name, value and date, "tỷ lệ lao động qua đào tạo đạt 62%
    đến hết năm 2023"; `aim`: value and date, "62% đến hết năm 2023"; `due`: the date; `since`: how far the
    figures go.
    """

    the: str
    wanted: str
    aim: str
    due: str
    since: str


def terms_of(one: Assessment, lang: str) -> Terms:
    """The terms of an assessment."""
    target = one.target
    name, value, by = label(target, lang), goal(target, lang), due(target, lang)
    if lang == "vi":
        wanted = f"{name} {value} {by}"
    elif name.startswith("people ") and value.endswith(" people"):
        wanted = f"{value.removesuffix('people')}{name} {by}"
    else:
        wanted = f"{value} for {the(name, lang)} {by}"
    aim = f"{bare_goal(target, lang)} {by}"
    return Terms(the(name, lang), wanted, aim, by, numbers.up_to(one.as_of, lang))


def likelihood(status: str, lang: str, probability: float | None = None) -> str:
    """The status words with the range in brackets, the percent sign closed up as in all running text."""
    return chances.closed_up(chances.status_words(status, probability).get(lang))


def chance(probability: float, evidence: str, lang: str) -> str:
    """The printed probability in running text: "khoảng 15%", "dưới 1%", "trên 99%"."""
    return chances.chance(probability, evidence).get(lang)


def first_of(names: Sequence[str], shown: int, lang: str, rest: Text = _MORE_UNITS) -> list[str]:
    """The first `shown` names and, where there are more, how many as a last item: "a", "b", "12 đơn vị khác".

    >>> first_of(["a", "b", "c", "d"], 2, "en")
    ['a', 'b', '2 more']
    """
    more = len(names) - shown
    return [*names[:shown], f"{more} {rest.get(lang)}"] if more > 0 else list(names)
