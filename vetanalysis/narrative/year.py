"""Sentences about people counted over a year: running total, plan, same period, whole-year estimate."""

from __future__ import annotations

from collections.abc import Mapping

from vetanalysis.documents.model import Sentence
from vetanalysis.narrative import names, numbers
from vetanalysis.narrative.plan_years import year_name
from vetanalysis.narrative.sentence import about, inside, known, listed, say, the
from vetanalysis.text import LANGUAGES, Text


def running_total(
    name: str, label: Text, value: float | None, plan: float | None, as_of: str, lang: str, *,
    same_period: float | None = None,
) -> Sentence:  # fmt: skip
    """The total since the year began, as a share of the year's plan and of the same period last year."""
    period, what = numbers.period_name(as_of, lang), the(inside(label.get(lang)), lang)
    facts = {"value": value, "plan": plan, "same_period": same_period, "as_of": as_of}
    if not known(value):
        text = Text(f"{period}, {what}: chưa có số liệu.", f"{what}, {period}: no figure.")
        return say(name, lang, text, **facts)
    people = numbers.people(value, lang)
    share = numbers.share_of_plan(value, plan, lang)
    index = numbers.index(value, same_period, lang)
    text = Text(
        f"lũy kế từ đầu năm đến hết {period}, {what} là {people}, {share}, {index}.",
        f"from the start of the year to the end of {period}, {what} came to {numbers.number(value, lang, 0)}, {share}; "
        f"{index}.",
    )
    return say(name, lang, text, **facts)


def still_missing(name: str, value: float | None, plan: float | None, as_of: str, lang: str) -> Sentence:
    """People still missing to the plan: "còn thiếu ... người", exactly on it, past it, or no plan."""
    since = numbers.up_to(as_of, lang)
    facts = {"value": value, "plan": plan, "as_of": as_of}
    if not known(plan) or plan == 0:
        count = numbers.people(value, lang)
        text = Text(
            f"{since}, chưa giao chỉ tiêu nên không tính được số còn thiếu (đã thực hiện: {count}).",
            f"{since}, no quota was set, so there is nothing to compare with (counted so far: {count}).",
        )
        return say(name, lang, text, **facts)
    goal = numbers.people(plan, lang)
    if not known(value):
        text = Text(
            f"{since}, chưa có số liệu để so với {goal}.",
            f"{since}, there is no figure to compare with {goal}.",
        )
        return say(name, lang, text, **facts)
    left = plan - value
    amount = numbers.people(abs(left), lang)
    if left > 0:
        be = "is" if numbers.rounded(left) == 1 else "are"
        text = Text(
            f"{since}, còn thiếu {amount} so với {goal}.",
            f"{since}, {amount} {be} still needed to reach {numbers.number(plan, lang, 0)}.",
        )
    elif left < 0:
        text = Text(
            f"{since}, đã vượt {amount} so với {goal}.",
            f"{since}, the plan of {goal} has been exceeded by {amount}.",
        )
    else:
        text = Text(
            f"{since}, vừa đúng bằng kế hoạch {goal}.",
            f"{since}, the plan of {goal} has been reached exactly.",
        )
    return say(name, lang, text, **facts)


def cross_checks(
    name: str, median: float, checks: Mapping[str, float], as_of: str, lang: str
) -> Sentence | None:
    """What simpler methods give for the whole year, and why they differ where they lie 10 % apart."""
    found = {method: value for method, value in checks.items() if known(value)}
    if not found:
        return None
    parts = [
        Text(
            f"{about(v, 'persons', 'vi')} {names.METHODS[m].vi}",
            f"{about(v, 'persons', 'en').split(' ')[0]} {names.METHODS[m].en}",
        ).get(lang)
        if m in names.METHODS
        else f"{m}: {about(v, 'persons', lang)}"
        for m, v in found.items()
    ]
    low, high = min(found.values()), max(found.values())
    why = ""
    if low > 0 and high / low > 1.1:
        why = Text(
            "; chênh lệch trên 10% vì mỗi cách hiểu khác nhau về tiến độ theo mùa trong năm",
            "; they lie more than 10% apart because each takes the seasonal course of the year differently",
        ).get(lang)
    middle = about(median, "persons", lang)
    vi, en = (year_name(int(as_of[:4]), which) for which in LANGUAGES)
    text = Text(
        f"để đối chiếu với mức dự báo {middle} của cả {vi}, các cách tính khác cho {listed(parts, 'vi')}{why}.",
        f"for comparison with the projected {middle} for the whole of {en}, other methods give {listed(parts, 'en')}"
        f"{why}.",
    )
    return say(name, lang, text, median=median, **found)
