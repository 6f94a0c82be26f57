"""Sentences about what a count rests on: how far it runs, what late units had reported, how counts were corrected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vetanalysis.assessment import Assessment
from vetanalysis.documents.model import Sentence
from vetanalysis.narrative import numbers
from vetanalysis.narrative.sentence import listed, say
from vetanalysis.text import Text


def counted_to(one: Assessment, lang: str) -> Sentence | None:
    """That nobody has reported the cut-off and how far the figures go; None where somebody has."""
    since = one.counted_to
    if since == one.as_of or since == one.target.period or one.projection is None:
        return None
    now, then = numbers.period_name(one.as_of, lang), numbers.period_name(since, lang)
    text = Text(
        f"chưa có số liệu {now} của đơn vị nào; dự báo theo số liệu đến hết {then}.",
        f"nobody has reported on {now} yet; the projection rests on the figures to the end of {then}.",
    )
    return say(f"{one.target.id}.counted_to", lang, text, counted_to=since, as_of=one.as_of)


def late_known(one: Assessment, lang: str) -> Sentence | None:
    """What units without a report for the cut-off had reported before; None where there is nothing of the kind."""
    people, late = one.facts.get("late_known", 0.0), one.facts.get("late", ())
    if not people or not late:
        return None
    count, period = numbers.people(people, lang), numbers.period_name(one.counted_to, lang)
    if one.facts.get("so_far") is None:
        text = Text(
            f"đơn vị chưa báo cáo {period}; số gần nhất đơn vị đã báo cáo trong năm là {count}, dự báo căn cứ vào số "
            "này.",
            f"the unit has not reported on {period}; it last reported {count} in the year and is projected from that.",
        )
    else:
        units = "unit" if len(late) == 1 else "units"
        text = Text(
            f"{len(late)} đơn vị chưa báo cáo {period}, các kỳ trước đã báo cáo {count}; số này không nằm trong số lũy "
            "kế nêu trên, được dùng làm mức thấp nhất của các đơn vị đó khi dự báo.",
            f"{len(late)} {units} without a report on {period} had reported {count} at earlier cut-offs; the running "
            "total leaves these out, the projection counts at least these.",
        )
    return say(f"{one.target.id}.late_known", lang, text, late_known=people, late=len(late))


def fallen(one: Assessment, lang: str) -> Sentence | None:
    """Whose running total of the year fell from one cut-off to the next; None where nobody's did."""
    units = list(one.facts.get("fallen", ()))
    if not units or one.projection is None:
        return None
    since, who = numbers.up_to(one.counted_to, lang), listed([name.get(lang) for name in units], lang)
    text = Text(
        f"{since}, số lũy kế của {who} thấp hơn kỳ trước; số mới nhất được dùng như số sửa lại của các "
        "kỳ trước, cần kiểm tra với đơn vị.",
        f"{since}, the running total of {who} is lower than at an earlier cut-off; the newest figure "
        "is taken as correcting the earlier ones and should be checked with the unit.",
    )
    return say(f"{one.target.id}.fallen", lang, text, fallen=[name.vi for name in units])


def corrections(one: Assessment, lang: str, *, only_known: bool = False) -> Sentence | None:
    """How figures of earlier cut-offs were corrected, and that the range allows for it.

    None where every figure is final, nothing of the year is counted, or, with `only_known`, none was corrected.
    """
    seen = one.facts.get("revision")
    if one.projection is None or not seen or not seen["provisional"]:
        return None
    if only_known and not seen["corrected"]:
        return None
    period = numbers.period_name(one.counted_to, lang)
    told = _told(seen, lang)
    if not seen["figures"]:
        text = Text(
            f"{told.vi}; khoảng dự báo tính thêm sai lệch 2% của số liệu {period}.",
            f"{told.en}; the range allows for a correction of 2% of the figures of {period}.",
        )
    elif not seen["corrected"]:
        text = Text(
            f"{told.vi}; khoảng dự báo vẫn tính đến khả năng số liệu {period} được sửa.",
            f"{told.en}; the range still allows for corrections of the figures of {period}.",
        )
    else:
        text = Text(
            f"{told.vi}; khoảng dự báo đã tính đến khả năng số liệu {period} được sửa như vậy.",
            f"{told.en}; the range allows for such corrections of the figures of {period}.",
        )
    return say(f"{one.target.id}.corrections", lang, text, **seen, counted_to=one.counted_to)


def _told(seen: Mapping[str, Any], lang: str) -> Text:
    """What happened to earlier figures: not known, nothing, or how many moved and by how much together."""
    if not seen["figures"]:
        return Text(
            "chưa biết số liệu các kỳ trước được sửa thế nào sau lần gửi đầu",
            "how figures of earlier cut-offs were corrected after they first came is not known",
        )
    figures, moved = (numbers.number(seen[key], lang, 0) for key in ("figures", "corrected"))
    if not seen["corrected"]:
        return Text(
            f"{figures} số liệu các kỳ trước không bị sửa sau lần gửi đầu",
            f"the {figures} figures of earlier cut-offs were not corrected after they first came",
        )
    change = 100 * seen["mean"]
    if abs(change) < 0.05:
        by = Text("cộng lại thay đổi dưới 0,1%", "together by less than 0.1%")
    else:
        size = numbers.percent(abs(change), lang, 1)
        down = change < 0
        by = Text(
            f"cộng lại {'giảm' if down else 'tăng'} {size}", f"together {'down' if down else 'up'} by {size}"
        )
    came = "was corrected after it" if seen["corrected"] == 1 else "were corrected after they"
    return Text(
        f"trong {figures} số liệu các kỳ trước, {moved} số được sửa sau lần gửi đầu ({by.vi})",
        f"of {figures} figures of earlier cut-offs, {moved} {came} first came ({by.en})",
    )
