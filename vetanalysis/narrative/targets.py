"""Sentences about a target itself: will it be reached, how far is it, how is it read.

Sentences about the latest figure of a series and what changed before it.

The sentence about the first year in which a target is as likely reached as not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment, RateAssessment
from vetanalysis.blocks import Sentence, Text
from vetanalysis.language import names, numbers
from vetanalysis.narrative.sentence import (
    about,
    bare_goal,
    capital,
    chance,
    from_to,
    goal,
    inside,
    known,
    label,
    likelihood,
    say,
    terms_of,
)
from vetanalysis.observations.series import Point

if TYPE_CHECKING:
    from vetanalysis.plan import Target


def is_judged(one: Assessment) -> bool:
    """Whether the target's own period has a figure, so that nothing is left to project."""
    return one.latest is not None and one.latest.period == one.target.period and one.projection is None


def verdict(one: Assessment, lang: str) -> str:
    """The status in words: what became of a target that is judged, else how likely it is with the range."""
    if is_judged(one) and one.status not in ("reached", "reached_provisional"):
        maturity = names.MATURITY[one.latest.status]
        return Text(f"không đạt ({maturity.vi})", f"not reached ({maturity.en} figure)").get(lang)
    return likelihood(one.status, lang, one.probability)


def headline(one: Assessment, lang: str) -> Sentence:
    """Will the target be reached: words, probability, middle and 80 % range; or why that is not assessed."""
    terms = terms_of(one, lang)
    if one.status in ("reached", "reached_provisional") or is_judged(one):
        return outcome(one, lang)
    if one.status == "not_assessed" or not known(one.probability):
        return not_assessed(one, lang)
    target, words = one.target, likelihood(one.status, lang, one.probability)
    chances = chance(one.probability, one.evidence, lang)
    median = about(one.median, target.measure, lang)
    spread = from_to(one.lower_80, one.upper_80, target.measure, lang)
    en = {
        "even": f"to have a {words} of being reached",
        "almost_no_chance": f"to have {words} of being reached",
    }.get(one.status, f"{words} to be reached")
    text = Text(
        f"{terms.since}, chỉ tiêu {terms.wanted} được đánh giá là {words}, với xác suất {chances}; mức dự "
        f"báo trung vị là {median} và với xác suất 80% nằm trong khoảng {spread}.",
        f"{terms.since}, the target of {terms.wanted} is judged {en}, with a probability of {chances}; the "
        f"median projection is {median}, with an 80% chance of lying {spread}.",
    )
    return say(
        f"{target.id}.headline", lang, text, as_of=one.as_of, target=target.value, status=one.status,
        probability=one.probability, median=one.median, lower_80=one.lower_80, upper_80=one.upper_80,
    )  # fmt: skip


def outcome(one: Assessment, lang: str) -> Sentence:
    """What became of a target whose own period has a figure: reached (and how surely), or not reached."""
    terms = terms_of(one, lang)
    target, latest = one.target, one.latest
    value = numbers.quantity(latest.value, target.measure, lang)
    maturity, period = names.MATURITY[latest.status], numbers.period_name(latest.period, lang)
    wanted = terms.wanted
    if lang == "vi" and target.operator == ">=":
        wanted = f"{terms.the} {terms.aim}"  # "đạt" is said once, by the verdict
    if one.status in ("reached", "reached_provisional"):
        vi, en = f"đã đạt ({maturity.vi})", f"has been reached ({maturity.en} figure)"
    else:
        vi, en = f"không đạt ({maturity.vi})", f"has not been reached ({maturity.en} figure)"
    text = Text(
        f"chỉ tiêu {wanted} {vi}: {period} là {value}.", f"the target of {wanted} {en}: {value} for {period}."
    )
    return say(
        f"{target.id}.headline", lang, text, target=target.value, value=latest.value, period=latest.period,
        maturity=latest.status, status=one.status,
    )  # fmt: skip


def not_assessed(one: Assessment, lang: str) -> Sentence:
    """That the figures do not allow a judgement, and why."""
    terms = terms_of(one, lang)
    target = one.target
    unknown = Text("không có số liệu phù hợp", "there is no suitable figure")
    reason = inside((one.reason or unknown).get(lang))
    text = Text(
        f"{terms.since}, chưa đủ dữ liệu để đánh giá chỉ tiêu {terms.wanted}: {reason}.",
        f"{terms.since}, the target of {terms.wanted} is not assessed: {reason}.",
    )
    return say(f"{target.id}.headline", lang, text, as_of=one.as_of, target=target.value, status=one.status)


def gap(one: Assessment, lang: str) -> Sentence:
    """How far the latest figure is from the target: short of it, exactly on it, past it, or unknown."""
    terms = terms_of(one, lang)
    target, latest = one.target, one.latest
    name = f"{target.id}.gap"
    if isinstance(one, PeopleAssessment) and known(one.gap):
        return _people_gap(one, lang)
    short = one.gap
    if latest is not None and not known(short):
        short = (target.value - latest.value) * (1 if target.operator == ">=" else -1)
    if latest is None:
        text = Text(
            f"chưa có số liệu để tính khoảng cách đến chỉ tiêu {terms.aim}.",
            f"there is no figure from which to measure the distance to the target of {terms.aim}.",
        )
        return say(name, lang, text, target=target.value)
    value = numbers.quantity(latest.value, target.measure, lang)
    period = numbers.period_name(latest.period, lang)
    amount = numbers.difference(abs(short), target.measure, lang)
    are = "is" if isinstance(one, PeopleAssessment) and numbers.rounded(abs(short)) == 1 else "are"
    if short != 0 and numbers.printed_change(0, abs(short), target.measure) == 0:
        amount = Text("chưa đến 0,1 điểm phần trăm", "less than 0.1 percentage points").get(lang)
    if short == 0:
        text = Text(
            f"mức {value} của {period} vừa đúng bằng chỉ tiêu {terms.aim}.",
            f"the {value} of {period} is exactly the target of {terms.aim}.",
        )
    elif short < 0:
        above, below = Text("cao hơn", "above"), Text("thấp hơn", "below")
        side = (above if target.operator == ">=" else below).get(lang)
        text = Text(
            f"mức {value} của {period} đã {side} chỉ tiêu {terms.aim} là {amount}.",
            f"the {value} of {period} is already {amount} {side} the target of {terms.aim}.",
        )
    elif target.operator == ">=":
        text = Text(
            f"so với mức {value} của {period}, còn thiếu {amount} để đạt {terms.aim}.",
            f"from the {value} of {period}, {amount} {are} still needed to reach {terms.aim}.",
        )
    else:
        text = Text(
            f"so với mức {value} của {period}, còn phải giảm {amount} để không quá {terms.aim}.",
            f"from the {value} of {period}, a fall of {amount} is still needed to be at most {terms.aim}.",
        )
    return say(name, lang, text, gap=short, latest=latest.value, period=latest.period, target=target.value)


def _people_gap(one: Assessment, lang: str) -> Sentence:
    """People are counted anew each year: what is missing runs from what the year has counted so far."""
    terms = terms_of(one, lang)
    target, latest = one.target, one.latest
    sign = 1 if target.operator == ">=" else -1
    done = target.value - sign * one.gap
    facts = {"gap": one.gap, "so_far": done, "target": target.value, "as_of": one.counted_to}
    since = numbers.up_to(one.counted_to, lang)
    counted, left = numbers.people(done, lang), numbers.people(abs(one.gap), lang)
    are = "is" if numbers.rounded(abs(one.gap)) == 1 else "are"
    if done == 0:
        text = Text(
            f"{terms.since}, chưa có số thực hiện của năm để so với chỉ tiêu {terms.aim}",
            f"{terms.since}, nothing has been counted yet towards the target of {terms.aim}",
        )
        added = ""
        if latest is not None:
            before, period = numbers.people(latest.value, lang), numbers.period_name(latest.period, lang)
            added = Text(f"; mức của {period} là {before}", f"; {period} had {before}").get(lang)
            facts |= {"before": latest.value, "before_period": latest.period}
        text = Text(f"{text.vi}{added}.", f"{text.en}{added}.")
    elif one.gap == 0:
        text = Text(
            f"{since}, đã thực hiện {counted}, vừa đúng bằng chỉ tiêu {terms.aim}.",
            f"{since}, {counted} have been counted, exactly the target of {terms.aim}.",
        )
    elif sign * one.gap < 0:
        text = Text(
            f"{since}, đã thực hiện {counted}, vượt {left} so với chỉ tiêu {terms.aim}.",
            f"{since}, {counted} have been counted, {left} more than the target of {terms.aim}.",
        )
    else:
        text = Text(
            f"{since}, đã thực hiện {counted}, còn thiếu {left} để đạt {terms.aim}.",
            f"{since}, {counted} have been counted and {left} {are} still needed to reach {terms.aim}.",
        )
    return say(f"{target.id}.gap", lang, text, **facts)


def reading(one: Assessment, lang: str) -> Sentence:
    """How an ambiguous target is read, what was not taken, and which figure decides."""
    terms = terms_of(one, lang)
    target = one.target
    others = [inside(other.get(lang)) for other in target.alternatives]
    vi = f"cách hiểu chỉ tiêu {terms.aim}: {inside(target.reading.vi)}"
    en = f"the target of {terms.aim} is read as follows: {inside(target.reading.en)}"
    if others:
        vi += f"; không lấy cách hiểu: {'; '.join(others)}"
        en += f"; not taken: {'; '.join(others)}"
    text = Text(
        f"{vi}; căn cứ đánh giá: {inside(target.judged_on.vi)}.",
        f"{en}; judged on: {inside(target.judged_on.en)}.",
    )
    return say(f"{target.id}.reading", lang, text, target=target.value, period=target.period)


def mostly_prior(one: Assessment, lang: str) -> Sentence | None:
    """That a projection rests mostly on what other series have done; None where it does not."""
    terms = terms_of(one, lang)
    if not one.mostly_prior:
        return None
    target, count = one.target, len(one.points)
    figures = "figure" if count == 1 else "figures"
    name = f"{target.id}.mostly_prior"
    if not count:
        text = Text(
            f"khoảng dự báo cho chỉ tiêu {terms.aim} chủ yếu suy từ diễn biến của các chuỗi số liệu khác (khoảng "
            f"tiên nghiệm), vì chưa có số liệu cả năm của năm nào trước đó.",
            f"the range for the target of {terms.aim} mostly comes from how other series have moved (a prior "
            f"range), because no earlier year's total is known.",
        )
        return say(name, lang, text, figures=0, target=target.value)
    if isinstance(one, PeopleAssessment) and one.scope_unstated:
        text = Text(
            f"khoảng dự báo cho chỉ tiêu {terms.aim} chủ yếu suy từ diễn biến của các chuỗi số liệu khác "
            f"(khoảng tiên nghiệm), vì chưa có số liệu đúng phạm vi của chỉ tiêu, chỉ có {count} số không "
            f"nêu rõ phạm vi.",
            f"the range for the target of {terms.aim} mostly comes from how other series have moved (a prior "
            f"range), because there is no figure on the target's own scope, only {count} {figures} of "
            f"unstated scope.",
        )
        return say(name, lang, text, figures=count, target=target.value)
    text = Text(
        f"khoảng dự báo cho chỉ tiêu {terms.aim} chủ yếu suy từ diễn biến của các chuỗi số liệu khác (khoảng "
        f"tiên nghiệm), vì chuỗi số liệu của chính chỉ tiêu chỉ có {count} số.",
        f"the range for the target of {terms.aim} mostly comes from how other series have moved (a prior "
        f"range), because the target's own series has only {count} {figures}.",
    )
    return say(name, lang, text, figures=count, target=target.value)


def both_reached(one: Assessment, lang: str) -> Sentence | None:
    """The chance that a part and its whole reach their targets together; None where they are not projected together."""
    if not isinstance(one, RateAssessment):
        return None
    whole, both = one.both_with, one.both_reached
    if whole is None or both is None:
        return None
    terms, likely = terms_of(one, lang), chance(both, one.evidence, lang)
    aims = "; ".join(f"{label(target, lang)} {bare_goal(target, lang)}" for target in (whole, one.target))
    text = Text(
        f"xác suất đạt đồng thời cả hai chỉ tiêu {terms.due} ({aims}) là {likely}.",
        f"the chance that both targets are reached {terms.due} ({aims}) is {likely}.",
    )
    return say(f"{one.target.id}.both", lang, text, whole=whole.id, probability=both)


def illustrative(one: Assessment, lang: str) -> Sentence | None:
    """That the figures behind a target are invented for illustration; None where they are real."""
    terms = terms_of(one, lang)
    if not one.illustrative:
        return None
    target = one.target
    text = Text(
        f"số liệu dùng cho chỉ tiêu {terms.aim} là số liệu minh họa, không phải số liệu thực tế.",
        f"the figures used for the target of {terms.aim} are illustrative, not real.",
    )
    return say(f"{target.id}.illustrative", lang, text, target=target.value)


def unverified_target(one: Assessment, lang: str) -> Sentence | None:
    """That the target itself was not seen in a text of high certainty; None where it was."""
    terms = terms_of(one, lang)
    target = one.target
    if target.certainty == "high":
        return None
    kind = names.SOURCE_CERTAINTY[target.certainty].get(lang)
    text = Text(
        f"chỉ tiêu {terms.aim} được lấy từ nguồn {kind}, cần đối chiếu với văn bản gốc trước khi sử dụng.",
        f"the target of {terms.aim} comes from a source {kind}; compare it with the original text before "
        f"using it.",
    )
    return say(f"{target.id}.certainty", lang, text, target=target.value, certainty=target.certainty)


def latest_figure(one: Assessment, lang: str, sources: Mapping[str, Text] | None = None) -> Sentence:
    """The latest figure with its date, base, concept, maturity and source; or that there is none."""
    terms = terms_of(one, lang)
    target, latest = one.target, one.latest
    name = f"{target.id}.latest"
    if latest is None:
        text = Text(
            f"{terms.since}, chưa có số liệu về {terms.the} đúng khái niệm của chỉ tiêu.",
            f"{terms.since}, there is no figure for {terms.the} on the target's own definition.",
        )
        return say(name, lang, text, as_of=one.as_of)
    figure = described(latest, target.measure, lang, sources or {})
    facts = {
        "value": latest.value, "period": latest.period, "maturity": latest.status, "source": latest.source,
        "vintage": latest.vintage, "base": latest.base, "concept": latest.concept,
        "certainty": latest.certainty,
    }  # fmt: skip
    if isinstance(one, PeopleAssessment) and one.scope_unstated:
        text = Text(
            f"chưa có số liệu đúng phạm vi của chỉ tiêu về {terms.the}; số gần nhất, nguồn không nêu rõ phạm "
            f"vi, là {figure}.",
            f"there is no figure on the target's own scope for {terms.the}; the nearest, of unstated scope, "
            f"is {figure}.",
        )
        return say(name, lang, text, **facts, scope_unstated=True)
    text = Text(
        f"số liệu mới nhất về {terms.the} là {figure}.",
        f"the latest figure for {terms.the} is {figure}.",
    )
    return say(name, lang, text, **facts)


def described(point: Point, measure: str, lang: str, sources: Mapping[str, Text]) -> str:
    """A figure with what places it: "57,2% năm 2021 (tính trên ..., số chính thức; nguồn: ...)"."""
    value = numbers.quantity(point.value, measure, lang)
    period = numbers.period_name(point.period, lang)
    meaning = names.definition(point.base, point.concept, lang, base_printed=point.base_printed)
    parts = [meaning, names.MATURITY[point.status].get(lang)]
    cited = point.source in (sources or {})  # a citation carries its own date
    day = f", {numbers.short_date(point.vintage, lang)}" if point.vintage and not cited else ""
    where = Text("nguồn", "source").get(lang)
    kind = ", ".join(part for part in parts if part)
    inner = f"{kind}; {where}: {names.source(point.source, sources, lang)}{day}"
    if point.certainty in names.SOURCE_CERTAINTY:
        inner += f", {names.SOURCE_CERTAINTY[point.certainty].get(lang)}"
    if point.illustrative:
        inner += Text("; số liệu minh họa", "; illustrative").get(lang)
    return f"{value} {Text(period, f'in {period}').get(lang)} ({inner})"


def change_since(one: Assessment, lang: str) -> Sentence:
    """The change from the figure before: up, down, none; a missing last year is named, a break refused."""
    target, name = one.target, f"{one.target.id}.change"
    if one.latest is None or len(one.points) < 2:
        period = numbers.period_name(one.latest.period if one.latest else one.as_of, lang)
        text = Text(
            f"chưa có số liệu kỳ trước để so sánh với {period}.",
            f"there is no earlier figure to compare {period} with.",
        )
        return say(name, lang, text, figures=len(one.points))
    before, latest = one.points[-2], one.latest
    then, now = (numbers.period_name(point.period, lang) for point in (before, latest))
    old, new = (numbers.quantity(point.value, target.measure, lang) for point in (before, latest))
    facts = {"before": before.value, "before_period": before.period}
    facts |= {"latest": latest.value, "period": latest.period}
    if (before.base, before.concept) != (latest.base, latest.concept):
        text = Text(
            f"không so sánh {new} của {now} với {old} của {then} vì mẫu số hoặc khái niệm đã thay đổi.",
            f"the {new} of {now} is not compared with the {old} of {then}: base or concept changed.",
        )
        return say(name, lang, text, **facts)
    up = numbers.change(before.value, latest.value, target.measure, "vi")
    rose = _rose(before.value, latest.value, target.measure)
    vi = f"so với {then} ({old}), {now} ({new}) {up}."
    en = f"from {then} ({old}) to {now} ({new}) it {rose}."
    if latest.year - before.year > 1:
        gap = latest.year - 1
        vi, en = f"chưa có số liệu năm {gap}; {vi}", f"there is no figure for {gap}; {en}"
    return say(name, lang, Text(vi, en), **facts)


def _rose(before: float, after: float, measure: str) -> str:
    moved = numbers.printed_change(before, after, measure)
    if moved == 0:
        return "did not change"
    return f"{'rose' if moved > 0 else 'fell'} by {numbers.difference(abs(moved), measure, 'en')}"


def uncertain_figures(
    one: Assessment, lang: str, sources: Mapping[str, Text] | None = None
) -> Sentence | None:
    """Earlier figures of less than high certainty that a projection rests on too; None without any."""
    used = [point for point in one.points[:-1] if point.certainty not in ("high", "")]
    if not used:
        return None
    told = "; ".join(described(point, one.target.measure, lang, sources or {}) for point in used)
    text = Text(
        f"dự báo còn dựa trên số liệu chưa có độ tin cậy cao: {told}.",
        f"the projection also rests on figures of less than high certainty: {told}.",
    )
    facts = {point.period: point.value for point in used}
    return say(f"{one.target.id}.uncertain", lang, text, figures=facts)


def heading_label(one: Assessment, lang: str) -> str:
    """The target's short name as a heading."""
    return capital(one.target.label.get(lang))


_EVEN = Text("gần 50%", "just under 50%")


def first_passage(one: Assessment, lang: str) -> Sentence | None:
    """The first year with a chance of 50 % or more, or that no year in sight has one and which comes closest.

    None for people, without a projection and where the latest figure already reaches the target.
    """
    found = one.first_passage if isinstance(one, RateAssessment) else None
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
