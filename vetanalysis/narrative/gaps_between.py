"""Sentences about gaps between units: what moved the place's share of its quotas, how far districts lie apart."""

from __future__ import annotations

from collections.abc import Mapping

from vetanalysis.documents.model import Sentence
from vetanalysis.indicators.gaps import Spread
from vetanalysis.indicators.share_change import ShareChange
from vetanalysis.narrative import numbers
from vetanalysis.narrative.sentence import known, listed, say
from vetanalysis.text import Text

NAMED = 3  # units that moved the place's share most
LISTED = 5  # units left out that are named; the others are counted


_DISTRICTS = Text("huyện, thành phố", "districts")
_UNITS = Text("đơn vị", "units")


def moved(change: ShareChange, names: Mapping[str, str], lang: str) -> Sentence:
    """The place's share of its quotas against a year before, split into the units' own shares and their weights.

    `names`: how units are called, by code. Where nothing can be split the sentence says why.
    """
    since = numbers.up_to(str(change.cutoff), lang)
    if change.reason is not None:
        text = Text(
            f"{since}: chưa so sánh được tỷ lệ hoàn thành chỉ tiêu với cùng kỳ năm trước vì {change.reason.vi}.",
            f"{since}: the share of quotas cannot be held against the year before, as {change.reason.en}.",
        )
        return say("share_change", lang, text, cutoff=str(change.cutoff), units=0)
    most = [
        f"{names.get(str(code), str(code))} ({signed(row['moved'], lang)})"
        for code, row in change.units.head(NAMED).iterrows()
    ]
    count, now, before = (
        len(change.units), numbers.percent(change.now, lang), numbers.percent(change.before, lang)
    )  # fmt: skip
    step = numbers.change(change.before, change.now, "percent", lang)
    own, weights = signed(change.rate, lang), signed(change.composition, lang)
    text = Text(
        f"{since}, {count} đơn vị có số liệu và chỉ tiêu của cả hai năm đạt {now} chỉ tiêu, cùng kỳ năm trước {before} "
        f"({step}): phần do tỷ lệ hoàn thành của từng đơn vị thay đổi là {own} điểm phần trăm, phần do tỷ trọng "
        f"chỉ tiêu giữa các đơn vị thay đổi là {weights}; tác động nhiều nhất (điểm phần trăm của cả địa bàn): "
        f"{listed(most, 'vi')}.",
        f"{since}, the {count} units with figures and quotas of both years have done {now} of their quotas, against "
        f"{before} a year before ({step}): the units' own shares account for {own} percentage points, the weights of "
        f"their quotas for {weights}; what moved the place most (its percentage points): {listed(most, 'en')}.",
    )
    return say(
        "share_change", lang, text, cutoff=str(change.cutoff), units=count, now=change.now, before=change.before,
        rate=change.rate, composition=change.composition,
    )  # fmt: skip


def apart(change: ShareChange, names: Mapping[str, str], lang: str) -> Sentence | None:
    """How far districts lie apart in the share of their quotas, beside the year before; None before any count."""
    if change.districts.empty:
        return None
    who = _DISTRICTS if change.of_districts else _UNITS
    since, now, then = numbers.up_to(str(change.cutoff), lang), change.apart, change.apart_before
    facts = {
        "cutoff": str(change.cutoff),
        "range": now.gap,
        "weighted_sd": now.weighted_sd,
        "units": now.units,
    }
    if now.units < 2:
        text = Text(
            f"{since}: chỉ có {now.units} {who.vi} có số liệu và chỉ tiêu nên chưa so sánh được.",
            f"{since}: of the {who.en} only {now.units} has figures and a quota, which leaves nothing to compare.",
        )
        return say("districts_apart", lang, text, **facts)
    low, high = change.districts.idxmin(), change.districts.idxmax()
    ends = Text(*(_ends(change, names, str(low), str(high), one) for one in ("vi", "en")))
    gap, spread = numbers.points(now.gap, lang), numbers.points(now.weighted_sd, lang)
    vi = f"{since}, {ends.vi} cách nhau {gap}; độ lệch chuẩn giữa {now.units} {who.vi}, theo chỉ tiêu, là {spread}"
    en = f"{since}, {ends.en} lie {gap} apart; the standard deviation over {now.units} {who.en}, by quota, is {spread}"
    past = _past(then, lang)
    return say("districts_apart", lang, Text(f"{vi}{past.vi}.", f"{en}{past.en}."), **facts)


def left_out(change: ShareChange, names: Mapping[str, str], lang: str) -> Sentence | None:
    """Which units are not compared and why; None where none is left out or nothing is compared at all."""
    if not change.left_out or change.reason is not None:
        return None
    told = [f"{names.get(code, code)} ({why.get(lang)})" for code, why in change.left_out.items()]
    more = len(told) - LISTED
    if more > 0:
        told = [*told[:LISTED], Text(f"{more} đơn vị khác", f"{more} more").get(lang)]
    count, since = len(change.left_out), numbers.up_to(str(change.cutoff), lang)
    text = Text(
        f"{since}, {count} đơn vị không đưa vào so sánh: {listed(told, 'vi')}.",
        f"{since}, {count} {'unit is' if count == 1 else 'units are'} not compared: {listed(told, 'en')}.",
    )
    return say("share_change_left_out", lang, text, units=tuple(change.left_out))


def signed(value: float, lang: str) -> str:
    """A number of points with its sign: "+1,7", "-0,8", "0,0"."""
    text = numbers.number(value, lang, 1)
    return f"+{text}" if numbers.rounded(value, 1) > 0 else text


def _ends(change: ShareChange, names: Mapping[str, str], low: str, high: str, lang: str) -> str:
    least, most = (numbers.percent(change.districts.loc[code], lang) for code in (low, high))
    called = {code: names.get(code, code) for code in (low, high)}
    return Text(
        f"{called[high]} (hoàn thành {most} chỉ tiêu) và {called[low]} ({least})",
        f"{called[high]} ({most} of its quota) and {called[low]} ({least})",
    ).get(lang)


def _past(then: Spread, lang: str) -> Text:
    if then.units < 2 or not known(then.gap):
        return Text("", "")
    gap, spread = numbers.points(then.gap, lang), numbers.points(then.weighted_sd, lang)
    return Text(f" (cùng kỳ năm trước: {gap} và {spread})", f" (a year before: {gap} and {spread})")
