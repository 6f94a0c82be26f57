"""Sentences about what stands beside a target and never in its place: other definitions, other rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from vetanalysis import anchors
from vetanalysis.assessment import Assessment, Beside
from vetanalysis.documents.model import Sentence
from vetanalysis.narrative import names, numbers
from vetanalysis.narrative.latest import described
from vetanalysis.narrative.sentence import about, from_to, inside, known, listed, say, terms_of
from vetanalysis.narrative.targets import verdict
from vetanalysis.text import Text

if TYPE_CHECKING:
    from vetanalysis.published import DefinitionEffect

_PERSONS = ("people_", "jobs_", "labour_force", "population")


def neighbour(
    one: Assessment, other: Beside, lang: str, sources: Mapping[str, Text] | None = None
) -> Sentence:
    """A figure of another concept, base or scope, its projection if there is one, why it is only beside."""
    terms = terms_of(one, lang)
    target = one.target
    measure = "persons" if other.indicator.startswith(_PERSONS) else "percent"
    name = f"{target.id}.beside.{other.indicator}.{other.concept or other.base or 'any'}"
    what = names.indicator(other.indicator, lang)
    note = inside(other.note.get(lang))
    lead = Text(
        f"số liệu tham khảo bên cạnh chỉ tiêu {terms.aim}", f"for reference beside the target of {terms.aim}"
    ).get(lang)
    if not other.points:
        text = Text(
            f"{lead}: chưa có số liệu về {what} ({note}).",
            f"{lead}: there is no figure for the {what} ({note}).",
        )
        return say(name, lang, text, indicator=other.indicator, base=other.base, concept=other.concept)
    last = other.points[-1]
    figure = described(last, measure, lang, sources or {})
    future = _still_missing(one, other, lang)
    if known(other.median) and known(other.lower_80) and known(other.upper_80):
        median = about(other.median, measure, lang)
        spread = from_to(other.lower_80, other.upper_80, measure, lang)
        future = Text(
            f"; dự báo {terms.due} có trung vị {median} và với xác suất 80% nằm trong khoảng {spread}",
            f"; projected {terms.due} at {median}, with an 80% chance of lying {spread}",
        ).get(lang)
    text = Text(
        f"{lead}: {what} là {figure}{future}; {note}.", f"{lead}: the {what} is {figure}{future}; {note}."
    )
    return say(
        name, lang, text, indicator=other.indicator, base=other.base, concept=other.concept, value=last.value,
        period=last.period, median=other.median, lower_80=other.lower_80, upper_80=other.upper_80,
        source=last.source,
    )  # fmt: skip


def _still_missing(one: Assessment, other: Beside, lang: str) -> str:
    """How far an estimate made within the year, on the target's own definition, is from the target."""
    target, last = one.target, other.points[-1]
    own = (other.indicator, other.base, other.concept) == (target.indicator, target.base, target.concept)
    if not own or last.period.endswith("-FY"):
        return ""
    lacking = target.value - last.value if target.operator == ">=" else last.value - target.value
    if numbers.rounded(lacking, 1) <= 0:
        return Text("; so với số này, chỉ tiêu đã đạt", "; by this figure the target is reached").get(lang)
    lacks = numbers.difference(lacking, target.measure, lang)
    return Text(
        f"; so với số này, {terms_of(one, 'vi').due} còn thiếu {lacks}",
        f"; by this figure {lacks} are lacking {terms_of(one, 'en').due}",
    ).get(lang)


def definition_effect(
    one: Assessment, effect: DefinitionEffect, lang: str, sources: Mapping[str, Text] | None = None
) -> Sentence:
    """What the 2021 labour-force definition alone does to a certified share: an inference, said to be one.

    The share is printed in whole percent: numerator and denominator do not always stand on the same census.
    """
    terms = terms_of(one, lang)
    target = one.target
    workers = numbers.people(effect.certified_workers, lang, 100)
    force = numbers.people(effect.labour_force, lang, 100)
    then, now = numbers.percent(effect.rate_then, lang), numbers.percent(effect.implied_rate, lang, 0)
    early = Text(", số sơ bộ", ", preliminary").get(lang) if effect.preliminary else ""
    rough = "" if effect.one_population_base else Text(
        "; tử số và mẫu số suy rộng theo hai cuộc tổng điều tra dân số khác nhau nên chỉ là số gần đúng",
        "; numerator and denominator are raised to different censuses, so it is approximate",
    ).get(lang)  # fmt: skip
    cited = listed([names.source(name, sources or {}, lang) for name in effect.sources], lang)
    where = Text(f"; nguồn số liệu gốc: {cited}", f"; sources of the figures: {cited}").get(lang)
    text = Text(
        f"suy luận của đơn vị phân tích, không phải số liệu công bố: khoảng {workers} có bằng, chứng chỉ năm "
        f"{effect.year_then} ({then} lao động có việc làm) đã bằng khoảng {now} lực lượng lao động năm "
        f"{effect.year_now} theo khái niệm mới ({force}{early}), so với chỉ tiêu {terms.aim}{rough}; phần đạt được "
        f"nhờ thay đổi này phải ghi là đạt do thay đổi cách tính{where}.",
        f"our inference, not a published figure: the roughly {workers} with a degree or certificate in "
        f"{effect.year_then} ({then} of employed persons) already equal about {now} of the {effect.year_now} "
        f"labour force on the new definition ({force}{early}), against a target of {terms.aim}{rough}; what is "
        f"reached through this change must be reported as reached by a change of definition{where}.",
    )
    return say(
        f"{target.id}.definition_effect", lang, text, certified_workers=effect.certified_workers,
        year_then=effect.year_then, rate_then=effect.rate_then, labour_force=effect.labour_force,
        year_now=effect.year_now, implied_rate=effect.implied_rate,
    )  # fmt: skip


def other_rules(one: Assessment, lang: str) -> Sentence | None:
    """What other organisations' rules say of the same figures, and whether they agree.

    Rules that cannot be applied are named once, after the others. None without figures.
    """
    terms = terms_of(one, lang)
    if not one.anchors or one.latest is None:
        return None
    target = one.target
    idle = [rule for rule, words in one.anchors.items() if not anchors.is_applied(words)]
    if len(idle) == len(one.anchors):
        return _no_rule(one, lang)
    said = [
        Text(
            f"theo quy tắc của {names.RULES[rule].vi} là “{words.vi}”",
            f"by the rule of {names.RULES[rule].en} “{words.en}”",
        ).get(lang)
        for rule, words in one.anchors.items() if rule not in idle
    ]  # fmt: skip
    same = anchors.agree(one.anchors.values())
    differ = Text("; các quy tắc không thống nhất với nhau", "; the rules do not agree")
    added = "" if same else differ.get(lang)
    if idle:
        without = listed([names.RULES[rule].get(lang) for rule in idle], lang)
        added += Text(
            f"; chưa áp dụng được quy tắc của {without}", f"; not applicable: the rule of {without}"
        ).get(lang)
    if known(one.probability):
        own = verdict(one, lang)
        added += Text(f"; đánh giá trong báo cáo này: {own}", f"; the judgement of this report: {own}").get(
            lang
        )
    period = numbers.period_name(one.latest.period, lang)
    text = Text(
        f"với cùng số liệu đến {period}, chỉ tiêu {terms.aim} {listed(said, 'vi')}{added}; các quy tắc này "
        f"không cho biết xác suất nên chỉ để đối chiếu.",
        f"on the same figures to {period}, the target of {terms.aim} is {listed(said, 'en')}{added}; these "
        f"rules give no probability and serve for comparison only.",
    )
    facts = {rule: words.en for rule, words in one.anchors.items()}
    return say(f"{target.id}.anchors", lang, text, period=one.latest.period, **facts)


def _no_rule(one: Assessment, lang: str) -> Sentence:
    """That none of the rules can be applied, with the number of figures they would have had."""
    named = listed([names.RULES[rule].get(lang) for rule in one.anchors], lang)
    count, aim = len(one.points), terms_of(one, lang).aim
    text = Text(
        f"chưa áp dụng được quy tắc của {named} cho chỉ tiêu {aim} vì mới có {count} số liệu cùng khái niệm.",
        f"the rules of {named} cannot be applied to the target of {aim}: its own definition has {count} "
        f"{'figure' if count == 1 else 'figures'} only.",
    )
    return say(f"{one.target.id}.anchors", lang, text, period=one.latest.period, figures=count)
