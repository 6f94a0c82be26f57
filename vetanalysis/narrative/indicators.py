"""Sentences about indicators, built from lines of the table of indicators (mappings of its columns).

Sentences about gaps between units: what moved the place's share of its quotas, how far districts lie apart.

What the measures of indicators are called in a table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from vetanalysis.assessment.share_change import ShareChange
from vetanalysis.blocks import Sentence, Text
from vetanalysis.indicators.derived import QuotaCheck
from vetanalysis.indicators.gaps import Spread
from vetanalysis.language import numbers
from vetanalysis.narrative.sentence import first_of, inside, known, listed, say

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
    told = first_of(told, LISTED, lang)
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


_WORDED = ("percent", "percentage_points", "persons", "people", "million_dong", "billion_dong", "dong")
MEASURES = {
    "persons": Text("người", "people"),
    "attendances": Text("lượt người", "attendances"),
    "enrolments": Text("lượt người", "enrolments"),
    "percent": Text("%", "%"),
    "percentage_points": Text("điểm phần trăm", "points"),
    "million_dong": Text("triệu đồng", "million dong"),
    "million_dong_per_month": Text("triệu đồng/tháng", "million dong a month"),
    "million_dong_per_person": Text("triệu đồng/người", "million dong a person"),
    "activities": Text("hoạt động", "activities"),
    "agreements": Text("thỏa thuận", "agreements"),
    "cases": Text("vụ", "cases"),
    "classes": Text("lớp", "classes"),
    "contracts": Text("hợp đồng", "contracts"),
    "date": Text("ngày", "day"),
    "documents": Text("văn bản", "documents"),
    "enterprises": Text("doanh nghiệp", "firms"),
    "households": Text("hộ", "households"),
    "institutions": Text("cơ sở", "institutions"),
    "items": Text("tin, bài", "items"),
    "programmes": Text("chương trình", "programmes"),
    "projects": Text("dự án", "projects"),
    "reports": Text("báo cáo", "reports"),
    "sessions": Text("buổi", "sessions"),
    "status": Text("tình trạng", "state"),
    "trades": Text("nghề", "trades"),
    "visits": Text("cuộc", "visits"),
}


def measure_name(measure: str, lang: str) -> str:
    """A measure in words; an unknown one as its code with spaces."""
    first = measure.split("|")[0]
    return MEASURES[first].get(lang) if first in MEASURES else first.replace("_", " ")


def amount(value: float | None, measure: str, lang: str) -> str:
    """A value in its measure: people, percent, points, money; other measures as a bare number."""
    if not known(value):
        return numbers.MISSING.get(lang)
    if measure == "percentage_points":
        return numbers.points(value, lang)
    return numbers.quantity(value, measure, lang)


def with_measure(value: float, measure: str, lang: str) -> str:
    """A value with its measure: "64,2%", "2,7 triệu đồng/người"; what is counted in pieces is named by the label."""
    if measure in _WORDED:
        return amount(value, measure, lang)
    told = numbers.number(value, lang, 1 if measure.startswith("million_dong") else None)
    return f"{told} {measure_name(measure, lang)}" if measure.startswith("million_dong") else told


def standing(line: Mapping[str, Any], lang: str) -> Sentence:
    """One line: value, share of the plan, against the same period last year; or why there is none."""
    label = inside(line[f"label_{lang}"])
    name, period = f"{line['unit']}.{line['id']}", numbers.period_name(line["period"], lang)
    facts = {"value": line["value"], "plan": line["plan_value"], "last_year": line["last_year_value"]}
    if line["state"] != "computed":
        text = Text(f"{label} ({period}): {line['why_vi']}.", f"{label} ({period}): {line['why_en']}.")
        return say(name, lang, text, state=line["state"])
    parts = [amount(line["value"], line["measure"], lang)]
    if known(line["percent_of_plan"]):
        parts.append(numbers.share_of_plan(line["value"], line["plan_value"], lang))
    if known(line["index_last_year"]):
        parts.append(numbers.index(line["index_last_year"], 100, lang))
    elif known(line["change_last_year"]):
        parts.append(_change(line, lang))
    words = ", ".join(parts) + _limits(line, lang)
    return say(name, lang, Text(f"{label}, {period}: {words}.", f"{label}, {period}: {words}."), **facts)


def _change(line: Mapping[str, Any], lang: str) -> str:
    now, then = line["last_year_value"] + line["change_last_year"], line["last_year_value"]
    moved = numbers.change(then, now, line["measure"], lang)
    return Text(f"{moved} so với cùng kỳ năm trước", f"{moved} on the same period last year").get(lang)


def _limits(line: Mapping[str, Any], lang: str) -> str:
    why = line[f"why_{lang}"]
    marks = [why] if why else []
    if line["illustrative"]:
        marks.append(Text("số liệu minh họa", "illustrative").get(lang))
    return f" ({'; '.join(marks)})" if marks else ""


def coverage(line: Mapping[str, Any], lang: str) -> Sentence:
    """How many of the units behind a total have reported."""
    got, due = int(line["reported"]), int(line["expected"] if known(line["expected"]) else 0)
    label = inside(line[f"label_{lang}"])
    share = numbers.percent(100 * got / due, lang, 0) if due else numbers.MISSING.get(lang)
    text = Text(
        f"{label}: {got}/{due} đơn vị đã báo cáo ({share}).",
        f"{label}: {got} of {due} units have reported ({share}).",
    )
    return say(f"{line['unit']}.{line['id']}.coverage", lang, text, reported=got, expected=due)


def counted_rows(states: Mapping[str, int], as_of: str, lang: str) -> Sentence:
    """How many rows of the plan have a figure, and how many not, by reason."""
    total = sum(states.values())
    have = states.get("computed", 0)
    told = {
        "no_figure": Text("chưa có số liệu", "have no figure"),
        "narrative_only": Text("chỉ thuyết minh", "are told in words only"),
        "suppressed": Text("quá ít người để công bố", "rest on too few people"),
    }
    rest = [f"{states[one]} {words.get(lang)}" for one, words in told.items() if states.get(one)]
    since = numbers.up_to(as_of, lang)
    tail = f"; {listed(rest, lang)}" if rest else ""
    text = Text(
        f"{since}, {have}/{total} chỉ tiêu theo dõi của kế hoạch có số liệu{tail}.",
        f"{since}, {have} of the {total} quantities the plan follows have a figure{tail}.",
    )
    return say("rows", lang, text, **dict(states))


def quota_sum(check: QuotaCheck, lang: str) -> Sentence:
    """Whether the quotas of districts and provincial institutions add up to the plan."""
    facts = {"target": check.target, "total": check.total}
    if check.total is None:
        text = Text(
            "chưa giao chỉ tiêu cho huyện và cơ sở nên không cộng đối chiếu được.",
            "no quotas were assigned to districts and institutions, so there is no sum to compare.",
        )
        return say("quotas", lang, text, **facts)
    total = numbers.people(check.total, lang)
    if check.difference is None:
        text = Text(f"chỉ tiêu đã giao cộng lại là {total}.", f"the quotas add up to {total}.")
        return say("quotas", lang, text, **facts)
    goal, left = numbers.people(check.target, lang), numbers.people(abs(check.difference), lang)
    if check.agrees:
        text = Text(
            f"chỉ tiêu đã giao cộng lại là {total}, khớp với kế hoạch.",
            f"the quotas add up to {total}, as planned.",
        )
    elif check.difference < 0:
        text = Text(
            f"chỉ tiêu đã giao cộng lại là {total}, còn thiếu {left} so với {goal}.",
            f"the quotas add up to {total}, {left} short of {goal}.",
        )
    else:
        text = Text(
            f"chỉ tiêu đã giao cộng lại là {total}, vượt {left} so với {goal}.",
            f"the quotas add up to {total}, {left} above {goal}.",
        )
    return say("quotas", lang, text, **facts)


def ranking(lines: Sequence[Mapping[str, Any]], names: Mapping[str, str], lang: str) -> Sentence | None:
    """The district that is furthest and the one that is least far with its quota; None without two of them."""
    done = sorted(
        (line["percent_of_plan"], names.get(line["unit"], line["unit"]))
        for line in lines
        if known(line["percent_of_plan"])
    )
    if len(done) < 2:
        return None
    (low, last), (high, first) = done[0], done[-1]
    missing = len(lines) - len(done)
    lowest, highest = numbers.percent(low, lang), numbers.percent(high, lang)
    vi = f"so với chỉ tiêu được giao, cao nhất là {first} ({highest}), thấp nhất là {last} ({lowest})"
    en = f"against the quotas, {first} is furthest ({highest}) and {last} least far ({lowest})"
    if missing:
        vi, en = f"{vi}; {missing} đơn vị chưa có số liệu", f"{en}; {missing} have no figure"
    return say("ranking", lang, Text(f"{vi}.", f"{en}."), low=low, high=high, missing=missing)


def gap_words(
    frame: pd.DataFrame, apart: Spread, label: str, as_of: str, lang: str, name: str = "gaps"
) -> Sentence:
    """How far districts or groups lie apart on a rate, and which lie outside what chance allows."""
    what = f"{inside(label)} ({numbers.up_to(as_of, lang)})"
    facts = {"gap": apart.gap, "units": apart.units, "outside": int((frame["outside"] != "").sum())}
    if apart.units < 2:
        text = Text(f"{what}: chưa đủ số liệu để so sánh.", f"{what}: too few figures to compare.")
        return say(name, lang, text, **facts)
    beyond = {side: list(frame.loc[frame["outside"] == side, "name"]) for side in ("above", "below")}
    told = [
        Text(f"cao hơn mức chung: {', '.join(beyond['above'])}", f"above all: {', '.join(beyond['above'])}").get(lang)
        if beyond["above"] else "",
        Text(f"thấp hơn mức chung: {', '.join(beyond['below'])}", f"below all: {', '.join(beyond['below'])}").get(lang)
        if beyond["below"] else "",
    ]  # fmt: skip
    named = "; ".join(part for part in told if part)
    chance = Text(
        "khác biệt giữa các đơn vị có thể chỉ do ngẫu nhiên", "the differences may be chance alone"
    ).get(lang)
    hidden = int(frame["suppressed"].sum())
    small = Text(
        f"; {hidden} đơn vị dưới 10 người không nêu", f"; {hidden} with fewer than 10 people are not shown"
    )
    points = numbers.points(apart.gap, lang)
    text = Text(
        f"{what}: chênh lệch giữa mức cao nhất và thấp nhất {points}; {named or chance}{small.vi if hidden else ''}.",
        f"{what}: {points} between the highest and the lowest; {named or chance}{small.en if hidden else ''}.",
    )
    return say(name, lang, text, **facts)


def shares(parts: pd.DataFrame, names: Mapping[str, str], lang: str, name: str = "shares") -> Sentence:
    """Which part of the people belongs to each group; the parts overlap."""
    told = [
        f"{inside(names.get(str(code), str(code)))} {numbers.percent(row.percent, lang)}"
        for code, row in zip(parts.index, parts.itertuples(), strict=True)
        if known(row.percent)
    ]
    if not told:
        text = Text("chưa có số liệu theo đối tượng.", "there are no figures by group.")
        return say(name, lang, text)
    text = Text(
        f"trong số đó: {', '.join(told)} (một người có thể thuộc nhiều đối tượng, không cộng các tỷ lệ).",
        f"among them: {', '.join(told)} (one person may belong to several groups; the shares are not added).",
    )
    return say(name, lang, text, **{str(code): float(value) for code, value in parts["percent"].items()})


def funds(assigned: float | None, disbursed: float | None, as_of: str, lang: str) -> Sentence:
    """Money assigned and disbursed since the year began."""
    since = numbers.up_to(as_of, lang)
    facts = {"assigned": assigned, "disbursed": disbursed}
    if not (known(assigned) and known(disbursed)):
        text = Text(
            f"{since}, chưa có đủ số liệu kinh phí.", f"{since}, the figures on funds are not complete."
        )
        return say("funds", lang, text, **facts)
    had, spent = numbers.money(assigned, lang), numbers.money(disbursed, lang)
    share = numbers.percent(100 * disbursed / assigned, lang) if assigned else numbers.MISSING.get(lang)
    text = Text(
        f"{since}, đã giải ngân {spent} trên {had} được giao, đạt {share}.",
        f"{since}, {spent} of the {had} assigned were disbursed: {share}.",
    )
    return say("funds", lang, text, **facts)
