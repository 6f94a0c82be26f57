"""The sentence about the first year in which a target is as likely reached as not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vetanalysis.assessment import Assessment
from vetanalysis.documents.model import Sentence
from vetanalysis.narrative import numbers
from vetanalysis.narrative.sentence import bare_goal, chance, goal, known, say
from vetanalysis.text import Text

if TYPE_CHECKING:
    from vetanalysis.plan import Target

_EVEN = Text("gần 50%", "just under 50%")


def first_passage(one: Assessment, lang: str) -> Sentence | None:
    """The first year with a chance of 50 % or more, or that no year in sight has one and which comes closest.

    From `facts["first_passage"]`; None without it and where the latest figure already reaches the target.
    """
    found = one.facts.get("first_passage")
    if found is None or not known(one.gap) or one.gap <= 0:
        return None
    target = one.target
    aim = _aim(target)
    last, best = max(found.probabilities), max(found.probabilities, key=found.probabilities.get)
    year = best if found.year is None else found.year
    probability = found.probabilities[year]
    how = chance(probability, one.evidence, lang)
    if found.year is None and "50%" in how:
        how = _EVEN.get(lang)
    when, until = (numbers.period_name(f"{each}-FY", lang) for each in (year, last))
    if found.year is not None:
        text = Text(
            f"theo dự báo, năm đầu tiên có xác suất {aim.vi} từ 50% trở lên là {when} ({how}).",
            f"by the projection, the first year with a chance of 50% or more of {aim.en} is {when} ({how}).",
        )
    else:
        text = Text(
            f"theo dự báo, đến {until} vẫn chưa có năm nào có xác suất {aim.vi} từ 50% trở lên; "
            f"cao nhất là {how}, vào {when}.",
            f"by the projection, no year up to {until} has a chance of 50% or more of {aim.en}; "
            f"the highest is {how}, in {when}.",
        )
    return say(
        f"{target.id}.first_passage",
        lang,
        text,
        year=found.year,
        until=last,
        closest=year,
        probability=probability,
    )


def _aim(target: Target) -> Text:
    """What is to be done with the value: reach it, or keep to it where it is an upper limit."""
    if target.operator == ">=":
        return Text(f"đạt {bare_goal(target, 'vi')}", f"reaching {bare_goal(target, 'en')}")
    return Text(f"giữ ở mức {goal(target, 'vi')}", f"staying at {bare_goal(target, 'en')} or below")
