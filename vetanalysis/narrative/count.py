"""Sentences about people counted over a year: running total, plan, same period, whole-year estimate.

Sentences about what a count rests on: how far it runs, what late units had reported, how counts were corrected.

Sentences about speed: what is needed, what was seen, what others managed, what 80 % would take.
"""

from __future__ import annotations

from collections.abc import Mapping

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment, RateAssessment
from vetanalysis.blocks import Said, Sentence, Text
from vetanalysis.language import names, numbers
from vetanalysis.language.render import is_line
from vetanalysis.narrative.sentence import about, known, say, terms_of
from vetanalysis.periods import parse_cutoff


def running_total(
    name: str, label: Text, value: float | None, plan: float | None, as_of: str, *, same_period: float | None = None
) -> Said:  # fmt: skip
    """The total since the year began, as a share of the year's plan and of the same period last year."""
    key = "count.total" if known(value) else "count.total.unknown"
    return Said(key, id=name, what=label, value=value, plan=plan, same_period=same_period, as_of=as_of)


def still_missing(name: str, value: float | None, plan: float | None, as_of: str) -> Said:
    """People still missing to the plan: "còn thiếu ... người", exactly on it, past it, or no plan."""
    if not known(plan) or plan == 0:
        case = "no_quota"
    elif not known(value):
        case = "unknown"
    else:
        case = "short" if plan > value else "past" if plan < value else "none"
    return Said(f"count.missing.{case}", id=name, value=value, plan=plan, as_of=as_of)


def cross_checks(name: str, median: float, checks: Mapping[str, float], as_of: str) -> Said | None:
    """What simpler methods give for the whole year, and why they differ where they lie 10 % apart."""
    found = {method: value for method, value in checks.items() if known(value)}
    if not found:
        return None
    low, high = min(found.values()), max(found.values())
    methods = tuple(_by(method, value) for method, value in found.items())
    apart = low > 0 and high / low > 1.1
    return Said("count.checks", id=name, **found, median=median, as_of=as_of, methods=methods, apart=apart)


def _by(method: str, value: float) -> Said:
    named = is_line(f"names.method.{method}")
    return Said("count.by_method" if named else "count.by_unnamed_method", method=method, value=value)


def counted_to(one: Assessment) -> Said | None:
    """That nobody has reported the cut-off and how far the figures go; None where somebody has."""
    since = one.counted_to
    if since in (one.as_of, one.target.period) or one.projection is None:
        return None
    return Said("count.counted_to", id=f"{one.target.id}.counted_to", counted_to=since, as_of=one.as_of)


def late_known(one: Assessment) -> Said | None:
    """What units without a report for the cut-off had reported before; None where there is nothing of the kind."""
    if not isinstance(one, PeopleAssessment) or not one.late_known or not one.late:
        return None
    key = "count.late_known.itself" if one.so_far is None else "count.late_known"
    name = f"{one.target.id}.late_known"
    return Said(key, id=name, late_known=one.late_known, late=len(one.late), counted_to=one.counted_to)


def fallen(one: Assessment) -> Said | None:
    """Whose running total of the year fell from one cut-off to the next; None where nobody's did."""
    if not isinstance(one, PeopleAssessment) or not one.fallen or one.projection is None:
        return None
    return Said("count.fallen", id=f"{one.target.id}.fallen", fallen=one.fallen, counted_to=one.counted_to)


def corrections(one: Assessment, *, only_known: bool = False) -> Said | None:
    """How figures of earlier cut-offs were corrected, and that the range allows for it.

    None where every figure is final, nothing of the year is counted, or, with `only_known`, none was corrected.
    """
    if not isinstance(one, PeopleAssessment) or one.projection is None or one.revision is None:
        return None
    seen = one.revision
    if not seen.provisional or (only_known and not seen.corrected):
        return None
    name, since = f"{one.target.id}.corrections", one.counted_to
    if not seen.figures:
        return Said("count.corrections.unknown", id=name, **seen._asdict(), counted_to=since)
    if not seen.corrected:
        return Said("count.corrections.none", id=name, **seen._asdict(), counted_to=since)
    return Said(
        "count.corrections.some",
        id=name,
        **seen._asdict(),
        counted_to=since,
        together=_together(100 * seen.mean),
    )


def _together(change: float) -> Said:
    """What the corrections come to in all, in per cent of the figures."""
    if abs(change) < 0.05:
        return Said("count.together.hardly")
    return Said(f"count.together.{'down' if change < 0 else 'up'}", change=change)


def _per(one: Assessment, lang: str) -> str:
    if isinstance(one, PeopleAssessment):
        return Text("mỗi quý", "a quarter").get(lang)
    return Text("mỗi năm", "a year").get(lang)


def _moved(value: float, one: Assessment, lang: str) -> str:
    """A pace in words with its sign: "tăng 2,4 điểm phần trăm mỗi năm", "a rise of 400 people a quarter"."""
    amount = numbers.difference(abs(value), one.target.measure, lang)
    if numbers.printed_change(0, abs(value), one.target.measure) == 0:
        return Text("không thay đổi", "no change").get(lang)
    up = value > 0
    if lang == "vi":
        return f"{'tăng' if up else 'giảm'} {amount} {_per(one, lang)}"
    return f"a {'rise' if up else 'fall'} of {amount} {_per(one, lang)}"


def required_against_seen(one: Assessment, lang: str, *, with_seen: bool = True) -> Sentence | None:
    """The pace needed from the latest figure against the pace seen; None where none can be computed.

    `with_seen=False` leaves the pace seen out, where the figures behind it may not stand in a signed text.
    """
    terms = terms_of(one, lang)
    target, latest = one.target, one.latest
    if isinstance(one, PeopleAssessment) and known(one.pace_required):
        return _people_per_quarter(one, lang)
    if latest is None or not known(one.pace_required):
        return None
    name = f"{target.id}.pace"
    since = numbers.period_name(latest.period, lang)
    facts = {
        "required": one.pace_required,
        "seen": one.pace_seen,
        "from": latest.period,
        "target": target.value,
    }
    better = one.pace_required > 0 if target.operator == ">=" else one.pace_required < 0
    if not better:
        text = Text(
            f"từ {since}, chỉ cần giữ vững mức đã có để đạt {terms.aim}.",
            f"from {since} on, holding the level is enough for {terms.aim}.",
        )
        return say(name, lang, text, **facts)
    need = _moved(one.pace_required, one, lang)
    if not with_seen:
        text = Text(
            f"từ {since}, để đạt {terms.aim} cần {need}.",
            f"from {since} on, reaching {terms.aim} needs {need}.",
        )
        del facts["seen"]
        return say(f"{name}_required", lang, text, **facts)
    if not known(one.pace_seen):
        text = Text(
            f"từ {since}, để đạt {terms.aim} cần {need}; chưa đủ số liệu để tính nhịp độ đã có.",
            f"from {since} on, reaching {terms.aim} needs {need}; there are too few figures to tell the pace "
            f"so far.",
        )
        return say(name, lang, text, **facts)
    first = numbers.period_name(one.points[0].period, lang)
    seen = _moved(one.pace_seen, one, lang)
    text = Text(
        f"từ {since}, để đạt {terms.aim} cần {need}; nhịp độ bình quân từ {first} đến {since} là {seen}.",
        f"from {since} on, reaching {terms.aim} needs {need}; the average pace from {first} to {since} was "
        f"{seen}.",
    )
    return say(name, lang, text, **facts, first=one.points[0].period)


def _people_per_quarter(one: Assessment, lang: str) -> Sentence:
    terms = terms_of(one, lang)
    target = one.target
    need, since = numbers.people(one.pace_required, lang), numbers.up_to(one.counted_to, lang)
    facts = {
        "required": one.pace_required,
        "seen": one.pace_seen,
        "as_of": one.counted_to,
        "target": target.value,
    }
    if one.pace_required <= 0:
        text = Text(
            f"{since}, đã đủ {terms.aim}, không còn phải thực hiện thêm.",
            f"{since}, {terms.aim} is complete and nothing more is needed.",
        )
    else:
        last = parse_cutoff(one.counted_to).quarters == 3
        quarters = (
            Text("quý còn lại", "the remaining quarter")
            if last
            else Text("mỗi quý còn lại", "each remaining quarter")
        )
        vi = f"{since}, để đạt {terms.aim} {quarters.vi} cần {need}"
        en = f"{since}, reaching {terms.aim} needs {need} in {quarters.en}"
        if known(one.pace_seen):
            seen = numbers.people(one.pace_seen, lang)
            vi += f", trong khi bình quân mỗi quý đã qua là {seen}"
            en += f", against {seen} in an average quarter so far"
        text = Text(f"{vi}.", f"{en}.")
    return say(f"{target.id}.pace", lang, text, **facts)


def paces_elsewhere(one: Assessment, lang: str) -> Sentence | None:
    """How the pace needed compares with those other places managed; None where none are known.

    The paces are those of the certified share, the only rate published yearly for every province.
    """
    terms = terms_of(one, lang)
    if not isinstance(one, RateAssessment) or not one.pace_places:
        return None
    if not known(one.pace_percentile) or not known(one.pace_required):
        return None
    target, places = one.target, numbers.number(one.pace_places, lang, 0)
    pace = _moved(one.pace_required, one, lang)
    slower = round(one.pace_percentile * one.pace_places)
    if slower == one.pace_places:
        vi, en = "tất cả các lần đều chậm hơn", "all were slower"
    elif slower == 0:
        vi, en = "không có lần nào chậm hơn", "none was slower"
    else:
        share = numbers.percent(min(max(100 * one.pace_percentile, 1), 99), lang, 0)
        vi, en = f"có {share} số lần chậm hơn", f"{share} were slower"
    years = max(one.horizon, 1)
    what = names.indicator("certified_rate", lang)
    span = Text(
        "một năm" if years == 1 else f"{years} năm", "one year" if years == 1 else f"{years} years"
    ).get(lang)
    text = Text(
        f"trong {places} lần thay đổi qua {span} của {what} đã quan sát ở các tỉnh, {vi} mức cần có để đạt "
        f"{terms.aim} ({pace}).",
        f"of {places} changes over {span} in the {what} seen in the provinces, {en} than the pace needed for "
        f"{terms.aim} ({pace}).",
    )
    return say(
        f"{target.id}.elsewhere", lang, text, share_slower=one.pace_percentile, paces=one.pace_places,
        required=one.pace_required, years=years,
    )  # fmt: skip


def for_80(one: Assessment, lang: str) -> Sentence | None:
    """What an 80 % chance would take, and the level that has it; None without a projection."""
    terms = terms_of(one, lang)
    target = one.target
    if not known(one.extra_for_80) or not known(one.target_for_80):
        return None
    reachable = about(one.target_for_80, target.measure, lang)
    facts = {
        "extra_for_80": one.extra_for_80, "target_for_80": one.target_for_80, "target": target.value,
        "as_of": one.as_of,
    }  # fmt: skip
    name = f"{target.id}.for_80"
    if one.extra_for_80 <= 0:
        text = Text(
            f"{terms.since}, xác suất đạt {terms.aim} đã từ 80% trở lên; mức có 80% khả năng đạt là "
            f"{reachable}.",
            f"{terms.since}, the chance of reaching {terms.aim} is already 80% or more; the level with an "
            f"80% chance is {reachable}.",
        )
        return say(name, lang, text, **facts)
    if isinstance(one, PeopleAssessment):
        extra = about(one.extra_for_80, target.measure, lang)
    else:
        extra = numbers.difference(one.extra_for_80, target.measure, lang)
    if target.operator == ">=":
        vi, en = (
            f"cần thêm khoảng {extra} so với mức dự báo",
            f"about {extra} more than projected would be needed",
        )
    else:
        vi, en = (
            f"cần thấp hơn mức dự báo khoảng {extra}",
            f"about {extra} less than projected would be needed",
        )
    text = Text(
        f"{terms.since}, để có 80% khả năng đạt {terms.aim} {vi}; mức có 80% khả năng đạt là {reachable}.",
        f"{terms.since}, for an 80% chance of reaching {terms.aim} {en}; the level with an 80% chance is "
        f"{reachable}.",
    )
    return say(name, lang, text, **facts)
