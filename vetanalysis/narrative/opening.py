"""How a report begins and is signed: head block, subject, the occasion, the answer in brief."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from vetanalysis.assessment.assessment import Assessment
from vetanalysis.blocks import Head, Sentence, Signature, Text
from vetanalysis.language import numbers
from vetanalysis.narrative.period import PeriodFacts
from vetanalysis.narrative.sentence import capital, chance, inside, known, label, listed, say
from vetanalysis.narrative.targets import verdict
from vetanalysis.periods import Cutoff, cutoff_day
from vetanalysis.plan import Plan, Signatory

NATIONAL_TITLE = Text("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "SOCIALIST REPUBLIC OF VIET NAM")
MOTTO = Text("Độc lập - Tự do - Hạnh phúc", "Independence - Freedom - Happiness")
KIND = Text("BÁO CÁO", "REPORT")
NOTICE = Text("THÔNG BÁO", "NOTICE")  # what an office tells a unit below it
ILLUSTRATIVE = Text("SỐ LIỆU MINH HỌA, KHÔNG PHẢI SỐ LIỆU THỰC TẾ", "ILLUSTRATIVE FIGURES, NOT REAL")
_BLANK = " " * 8
_COMMITTEE = "ỦY BAN NHÂN DÂN"
_KINDS_OF_PLACE = ("tỉnh", "thành", "huyện", "quận", "thị", "xã", "phường")


def signatory(plan: Plan, cutoff: Cutoff) -> Signatory | None:
    """Who signs a report of this cut-off: whoever holds the office on the first day after it."""
    return plan.signatory_on(cutoff_day(cutoff, plan.calendar) + timedelta(days=1))


def head(plan: Plan, cutoff: Cutoff, unit: str, lang: str) -> Head:
    """The head block of Decree 30/2020; number, day and month stay blank for the clerk."""
    signs = signatory(plan, cutoff)
    parent = signs.parent.get(lang) if signs and signs.parent else ""
    place = signs.place.get(lang) if signs and signs.place else ""
    notice, symbol = unit != plan.place.code, symbol_of(plan, cutoff, unit)
    year = max((cutoff_day(cutoff, plan.calendar) + timedelta(days=1)).year, cutoff.year)
    when = Text(f"{place}, ngày{_BLANK}tháng{_BLANK}năm {year}", f"{place},{_BLANK}{_BLANK}{year}")
    return Head(
        parent_body=parent.upper().replace(_COMMITTEE, "UBND"),
        issuing_body=signs.organisation.get(lang).upper() if signs else "",
        number_line=Text(f"Số:{_BLANK}/{symbol}", f"No.:{_BLANK}/{symbol}").get(lang),
        place_date=when.get(lang),
        kind=(NOTICE if notice else KIND).get(lang),
        subject=subject(plan, cutoff, unit, lang),
        addressee=_addressee(plan, unit, parent, lang),
        national_title=NATIONAL_TITLE.get(lang),
        motto=MOTTO.get(lang),
    )


def symbol_of(plan: Plan, cutoff: Cutoff, unit: str) -> str:
    """The letters behind a report's number, "BC-SLĐTBXH"; those of a notice for a unit other than the place."""
    signs = signatory(plan, cutoff)
    symbol = signs.symbol if signs else "BC"
    return symbol if unit == plan.place.code else re.sub(r"^BC\b", "TB", symbol)


def _addressee(plan: Plan, unit: str, parent: str, lang: str) -> tuple[str, ...]:
    """Whom the report goes to: the body above its signatory, a unit's sheet to the unit itself."""
    if unit == plan.place.code:
        return (parent,) if parent else ()
    one = plan.unit(unit)
    if one.kind == "district":
        committee = Text(f"Ủy ban nhân dân {inside(one.label.vi)}", f"People's Committee of {one.label.en}")
        return (committee.get(lang),)
    return (one.label.get(lang),)


def subject(plan: Plan, cutoff: Cutoff, unit: str, lang: str) -> str:
    """What the report is about: the plan, the period and, for a unit, the unit."""
    title = plan.title.get(lang)
    period = numbers.period_name(str(cutoff), lang)
    if cutoff.code == "start":
        told = Text(
            f"Đánh giá khả năng{_of(plan, unit, 'vi')} đạt chỉ tiêu của {title}, số liệu tính đến {period}",
            f"Prospects{_of(plan, unit, 'en')} of reaching the targets of the {inside(title)}, figures as of {period}",
        )
    else:
        told = Text(
            f"Kết quả {period}{_of(plan, unit, 'vi')} thực hiện {title}",
            f"Results{_of(plan, unit, 'en')} for {period} under the {inside(title)}",
        )
    return told.get(lang)


def _of(plan: Plan, unit: str, lang: str) -> str:
    """Whose results a notice tells; nothing in the report on the place itself."""
    if unit == plan.place.code:
        return ""
    return Text(f" của {unit_name(plan, unit, 'vi')}", f" of {unit_name(plan, unit, 'en')}").get(lang)


def unit_name(plan: Plan, unit: str, lang: str) -> str:
    """A unit inside a sentence: "huyện Hữu Lũng"; the name of an institution, or of the country, keeps its capital."""
    label = plan.place.name if unit == plan.place.code else plan.unit(unit).label
    small = lang == "vi" and label.vi.split()[0].lower() in _KINDS_OF_PLACE
    return inside(label.vi) if small else label.get(lang)


def signature(plan: Plan, cutoff: Cutoff, lang: str) -> Signature:
    """The signatory's lines and the recipients; the name stays blank unless the plan gives it."""
    signs = signatory(plan, cutoff)
    lines = tuple(line.get(lang) for line in signs.authority) if signs else ()
    archive = signs.archive if signs else ""
    recipients = [Text("Như trên", "As above").get(lang)] if signs and signs.parent else []
    recipients += [Text(f"Lưu: {archive}", f"Archive: {archive}").get(lang)] if archive else []
    return Signature(
        lines=lines,
        name=signs.name if signs else "",
        recipients_label=Text("Nơi nhận:", "Copies to:").get(lang),
        recipients=tuple(recipients),
    )


def occasion(
    plan: Plan, cutoff: Cutoff, unit: str, lang: str, *, targets: int | None = None, returned: bool = False
) -> Sentence:
    """Why the report is made: the plan (number and date blank where not known), by whom, on which figures.

    `targets`: how many targets it judges; None for all of the plan. `returned`: it tells the results of the period
    from returns, beyond judging the targets.
    """
    signs = signatory(plan, cutoff)
    symbol = plan.plan_signatory.symbol if plan.plan_signatory else ""
    place = Text(*(unit_name(plan, unit, one) for one in ("vi", "en")))
    notice = unit != plan.place.code
    body = signs.organisation.get(lang) if signs else ""
    if plan.number and plan.date:
        number = Text(
            f" số {plan.number} {numbers.date(plan.date, 'vi')}",
            f" (No. {plan.number} of {numbers.date(plan.date, 'en')})",
        )
    elif symbol:
        number = Text(
            f" (số{_BLANK}/{symbol}, ngày{_BLANK}tháng{_BLANK}năm{_BLANK})",
            f" (No.{_BLANK}/{symbol}, dated{_BLANK})",
        )
    else:
        number = Text("", "")
    title, count = plan.title.get(lang), len(plan.targets) if targets is None else targets
    said = Text("thông báo" if notice else "báo cáo", "gives notice of" if notice else "reports on")
    period = numbers.period_name(cutoff, lang) if returned else numbers.up_to(cutoff, lang)
    if returned:
        what = Text(f"kết quả {period} của {place.vi}", f"the results of {place.en} for {period}")
    else:
        what = Text(
            f"kết quả đánh giá {count} chỉ tiêu của {place.vi}, số liệu {period},",
            f"its judgement of {count} target{'' if count == 1 else 's'} of {place.en}, with figures {period}",
        )
    text = Text(
        f"thực hiện {title}{number.vi}, {body} {said.vi} {what.vi} như sau:",
        f"under the {inside(title)}{number.en}, the {body} {said.en} {what.en}, as follows:",
    )
    # not `say`: the blanks are for the clerk and keep their width
    return Sentence("occasion", capital(text.get(lang)), {"as_of": str(cutoff), "targets": count})


def plan_documents(facts: PeriodFacts, lang: str) -> Sentence | None:
    """How many units named their own plan documents in their returns, and how many documents; None where none did."""
    mine = facts.documents
    if mine.empty:
        return None
    period = numbers.period_name(facts.cutoff, lang)
    count, units = len(mine), int(mine["unit"].nunique())
    due = int((facts.matrix["state"] != "not_due").sum())
    text = Text(
        f"theo báo cáo {period}, {units}/{due} đơn vị đã nêu văn bản triển khai của mình, tổng số {count} văn bản.",
        f"by the reports for {period}, {units} of {due} units named their own plan documents, {count} in all.",
    )
    return say("plan_documents", lang, text, documents=count, units=units, due=due)


def in_brief(assessments: Sequence[Assessment], as_of: str, lang: str, *, name: str = "in_brief") -> Sentence:
    """The answer in one sentence: every target with its value and its status words."""
    since = numbers.up_to(as_of, lang)
    parts = []
    for one in assessments:
        words = verdict(one, lang)
        if one.projection is not None and known(one.probability):
            chances = chance(one.probability, one.evidence, lang)
            words += Text(f", xác suất {chances}", f", probability {chances}").get(lang)
        parts.append(f"{_asked(one, lang)}: {words}")
    told = "; ".join(parts)
    text = Text(f"tóm tắt ({since}): {told}.", f"in brief ({since}): {told}.")
    return say(name, lang, text, as_of=as_of, **{one.target.id: one.status for one in assessments})


def _asked(one: Assessment, lang: str) -> str:
    """A target by name and value: "tỷ lệ lao động qua đào tạo 62%", "people trained, 13,500"."""
    name, target = label(one.target, lang), one.target
    if lang == "en" and name.startswith("people ") and target.measure == "persons":
        return f"{name}, {numbers.number(target.value, lang, 0)}"
    return f"{name} {numbers.quantity(target.value, target.measure, lang, None)}"


def to_be_supplied(assessments: Sequence[Assessment], as_of: str, lang: str) -> Sentence | None:
    """Which figures would have to be supplied for what could not be assessed; None where all was."""
    missing = [one for one in assessments if one.status == "not_assessed"]
    if not missing:
        return None
    named = listed([f"{label(one.target, lang)} ({one.target.period[:4]})" for one in missing], lang)
    since = numbers.up_to(as_of, lang)
    text = Text(
        f"{since}, đề nghị cơ quan có số liệu cung cấp các số đúng mẫu số và khái niệm của chỉ tiêu về "
        f"{named}, vì chưa có các số này thì chưa đánh giá được {len(missing)} chỉ tiêu nêu trên.",
        f"{since}, those who hold them are asked for figures on the target's own base and concept for the "
        f"{named}; without them {len(missing)} of the targets cannot be assessed.",
    )
    return say("to_be_supplied", lang, text, as_of=as_of, targets=[one.target.id for one in missing])
