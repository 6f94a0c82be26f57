"""How a sentence is put together: its text in one language, its figures for the manifest."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vetanalysis.assessment.status import printed_probability, status_words
from vetanalysis.blocks import Sentence, Text
from vetanalysis.language import numbers

if TYPE_CHECKING:
    from vetanalysis.assessment.assessment import Assessment
    from vetanalysis.plan import Target


def say(name: str, lang: str, text: Text, **facts: Any) -> Sentence:
    """The sentence `name` in `lang`; `facts` are the figures behind it, the same in both languages."""
    return Sentence(name, capital(" ".join(text.get(lang).split())), facts)


def capital(text: str) -> str:
    """The text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def inside(text: str) -> str:
    """A label inside a sentence: small first letter (not of an abbreviation), no full stop."""
    text = text.strip().rstrip(".")
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def known(value: float | None) -> bool:
    """True for a number that is there."""
    return value is not None and not math.isnan(value)


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


def the(label: str, lang: str) -> str:
    """A label with its article: "the trained-labour rate", "people trained"; Vietnamese needs none."""
    return label if lang == "vi" or label.startswith("people ") else f"the {label}"


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


def about(value: float | None, measure: str, lang: str) -> str:
    """A projected value: percentages to one decimal, people to hundreds or tens as their size allows."""
    if measure != "persons" or not known(value):
        return numbers.quantity(value, measure, lang)
    return numbers.people(value, lang, numbers.projected_step(value))


def from_to(lower: float, upper: float, measure: str, lang: str) -> str:
    """A range of projected values: "từ 51,2% đến 65,3%", "between 7,500 and 20,700 people"."""
    low, high = about(lower, measure, lang), about(upper, measure, lang)
    if measure == "persons":
        low = low.split(" ")[0]
    return Text(f"từ {low} đến {high}", f"between {low} and {high}").get(lang)


def likelihood(status: str, lang: str, probability: float | None = None) -> str:
    """The status words with the range in brackets, the percent sign closed up as in all running text."""
    return status_words(status, lang, probability).replace(" %", "%")


def chance(probability: float, evidence: str, lang: str) -> str:
    """The printed probability in running text: "khoảng 15%", "dưới 1%", "trên 99%"."""
    text = printed_probability(probability, evidence).replace(" %", "%")
    if text.startswith("<"):
        return Text(f"dưới {text[2:]}", f"below {text[2:]}").get(lang)
    if text.startswith(">"):
        return Text(f"trên {text[2:]}", f"above {text[2:]}").get(lang)
    return Text(f"khoảng {text}", f"about {text}").get(lang)


def listed(parts: list[str], lang: str) -> str:
    """A list in words: "a, b và c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {Text('và', 'and').get(lang)} {parts[-1]}"
