"""Sentences about what people trained in a year do to the share of trained labour at its end.

A sentence that rests on assumed inputs says so in its first words and carries `assumed` among its facts.
Those from published figures alone name year and labour-force concept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vetanalysis.assessment.status import status_of
from vetanalysis.blocks import Sentence, Text
from vetanalysis.language import names, numbers
from vetanalysis.narrative.sentence import about, chance, from_to, inside, label, likelihood, listed, say, the
from vetanalysis.scenarios.published_stock import (
    BY_DEFINITION,
    Ceiling,
    DefinitionPart,
    PublishedChange,
    Residual,
)
from vetanalysis.scenarios.stock_flow import PER, RateFlow, StockFlow, Summary

if TYPE_CHECKING:
    from vetanalysis.assessment.assessment import Assessment
    from vetanalysis.plan import Target

LIKELY, UNLIKELY = 0.8, 0.2


def implies(flow: StockFlow, rate: RateFlow, concept: str, lang: str) -> Sentence | None:
    """Whether the year's learners are enough for a rate target, with range and chance; None without a target."""
    target = rate.target
    if target is None or rate.probability is None:
        return None
    low, high = (100 * value for value in rate.rate.interval(0.8))
    median = 100 * rate.rate.median
    words = likelihood(status_of(rate.probability), lang, rate.probability)
    odds = chance(rate.probability, "weak", lang)
    goal = numbers.percent(target.value, lang, None)
    enough = _enough(rate.probability)
    where = names.CONCEPTS[concept].get(lang)
    learners, name = _learners(flow, lang), the(label(target, lang), lang)
    level, spread = numbers.percent(median, lang), from_to(low, high, "percent", lang)
    text = Text(
        f"{_basis(flow, 'vi')}{numbers.up_to(flow.as_of, 'vi')}, đào tạo {learners} trong năm {flow.year} "
        f"{enough.vi} {name} đạt {goal} đến hết năm {flow.year}: mức tính được là {level}, với xác suất 80% nằm "
        f"trong khoảng {spread}; {words}, với xác suất {odds} ({where}).",
        f"{_basis(flow, 'en')}{numbers.up_to(flow.as_of, 'en')}, training {learners} in {flow.year} {enough.en} "
        f"{name} to reach {goal} by the end of {flow.year}: the account gives {level}, with an 80% chance of lying "
        f"{spread}; {words}, with a chance of {odds} ({where}).",
    )
    return _say(
        f"{target.id}.implied", lang, text, flow, concept=concept, learners=flow.total, median=median,
        lower_80=low, upper_80=high, probability=rate.probability, target=target.value,
    )  # fmt: skip


def needed(flow: StockFlow, rate: RateFlow, concept: str, lang: str) -> Sentence | None:
    """How many learners the target would take, as a range; None without a target."""
    target = rate.target
    if target is None or rate.needed is None:
        return None
    goal = numbers.percent(target.value, lang, None)
    name, where = the(label(target, lang), lang), names.CONCEPTS[concept].get(lang)
    spread = rate.needed.people
    if spread is None:
        text = Text(
            f"{_basis(flow, 'vi')}không số người học nào đủ để {name} đạt {goal} ({where}), vì phần lớn người học "
            f"đã qua đào tạo từ trước.",
            f"{_basis(flow, 'en')}no number of learners is enough for {name} to reach {goal} ({where}), because "
            f"most learners were trained before.",
        )
    elif spread.median <= 0:
        text = Text(
            f"{_basis(flow, 'vi')}{name} đạt {goal} đến hết năm {flow.year} mà không cần đào tạo thêm ({where}).",
            f"{_basis(flow, 'en')}{name} reaches {goal} by the end of {flow.year} without training anyone "
            f"({where}).",
        )
    else:
        people, extent = about(spread.median, "persons", lang), _people_range(spread, lang)
        times = numbers.number(spread.median / flow.total, lang, 1)
        plan = numbers.people(flow.total, lang)
        text = Text(
            f"{_basis(flow, 'vi')}để {name} đạt {goal} đến hết năm {flow.year} chỉ bằng đào tạo, cần khoảng {people} "
            f"học trong năm (khoảng 80%: {extent}), bằng {times} lần mức {plan} của kế hoạch ({where}).",
            f"{_basis(flow, 'en')}for {name} to reach {goal} by the end of {flow.year} through training alone, about "
            f"{people} would have to be trained in the year (80% range {extent}), {times} times the plan's {plan} "
            f"({where}).",
        )
    return _say(
        f"{target.id}.needed", lang, text, flow, concept=concept, target=target.value, learners=flow.total,
        needed=None if spread is None else spread.median, impossible=rate.needed.impossible,
    )  # fmt: skip


def effect(flow: StockFlow, rate: RateFlow, concept: str, lang: str) -> Sentence:
    """What 1,000 more learners add to the rate."""
    one = rate.effect
    per, added = numbers.people(PER, lang), numbers.points(one.median, lang, 2)
    low, high = (numbers.number(value, lang, 2) for value in (one.lower_80, one.upper_80))
    name = _rate_name(rate, lang)
    where = names.CONCEPTS[concept].get(lang)
    text = Text(
        f"{_basis(flow, 'vi')}cứ thêm {per} học trong năm {flow.year} thì {name} tăng {added} (khoảng 80% từ {low} "
        f"đến {high}; {where}).",
        f"{_basis(flow, 'en')}every {per} more trained in {flow.year} raise {name} by {added} (80% range {low} to "
        f"{high}; {where}).",
    )
    return _say(
        f"{rate.which}.effect", lang, text, flow, concept=concept, effect=one.median, lower_80=one.lower_80,
        upper_80=one.upper_80,
    )  # fmt: skip


def not_assessed(year: int, learners: float | None, reason: Text, lang: str) -> Sentence:
    """That the account cannot be run and why."""
    people = (
        Text("người học", "the learners").get(lang) if learners is None else numbers.people(learners, lang)
    )
    why = inside(reason.get(lang))
    text = Text(
        f"chưa tính được việc đào tạo {people} trong năm {year} làm tỷ lệ lao động qua đào tạo thay đổi bao nhiêu, "
        f"vì {why}.",
        f"how far training {people} in {year} moves the trained-labour rate cannot be computed, because {why}.",
    )
    return say("flow.not_assessed", lang, text, year=year, learners=learners, assumed=False)


def ceiling(limits: tuple[Ceiling, ...], target: Target, one: Assessment, lang: str) -> Sentence | None:
    """The most the learners could add, against what is missing to the target; published figures only."""
    if not limits or one.latest is None:
        return None
    learners = numbers.people(limits[0].learners, lang)
    parts = [
        Text(
            f"{numbers.points(limit.points, 'vi')} (trên {numbers.people(limit.labour_force.value, 'vi', 100)} của năm "
            f"{limit.labour_force.year}, {names.CONCEPTS[limit.concept].vi})",
            f"{numbers.points(limit.points, 'en')} (over {numbers.people(limit.labour_force.value, 'en', 100)} of "
            f"{limit.labour_force.year}, {names.CONCEPTS[limit.concept].en})",
        ).get(lang)
        for limit in limits
    ]
    most = Text(" hoặc ", " or ").get(lang).join(parts)
    gap = numbers.points(target.value - one.latest.value, lang)
    latest, goal = numbers.percent(one.latest.value, lang), numbers.percent(target.value, lang, None)
    name = the(label(target, lang), lang)
    year, since = target.period[:4], one.latest.year
    text = Text(
        f"chỉ từ số liệu công bố: nếu cả {learners} đều chưa qua đào tạo, đều học xong, ở lại tỉnh, tham gia lực "
        f"lượng lao động và không ai đã qua đào tạo rời đi, thì một năm {name} tăng nhiều nhất {most}; từ "
        f"{latest} năm {since} đến {goal} năm {year} còn thiếu {gap}.",
        f"from published figures alone: if all {learners} were untrained before, finished, stayed and worked, and "
        f"nobody trained left, one year would raise {name} by at most {most}; from {latest} in {since} to {goal} "
        f"in {year} {gap} are missing.",
    )
    facts: dict[str, Any] = {limit.concept: limit.points for limit in limits}
    return say(
        f"{target.id}.ceiling", lang, text, learners=limits[0].learners, gap=target.value - one.latest.value,
        latest=one.latest.value, assumed=False, **facts,
    )  # fmt: skip


def by_definition(part: DefinitionPart, lang: str) -> Sentence:
    """The part of a rise in the certified share that the new labour force brings, named for what it is."""
    people = numbers.people(part.people, lang, 100)
    before, after = (numbers.percent(value, lang) for value in (part.rate_before, part.rate_after))
    first, last = part.force_before.year, part.force_after.year
    rise = numbers.points(part.points, lang)
    text = Text(
        f"khoảng {people} có bằng, chứng chỉ của năm {part.year_then} bằng {before} lực lượng lao động năm {first} "
        f"theo khái niệm cũ và bằng {after} lực lượng lao động năm {last} theo khái niệm mới: {rise} này không cần "
        f"thêm người nào được đào tạo và phải ghi là “{BY_DEFINITION.vi}” (suy luận, vì biến động thật giữa hai năm "
        f"nằm trong đó).",
        f"the roughly {people} with a degree or certificate in {part.year_then} are {before} of the {first} labour "
        f"force on the old concept and {after} of the {last} labour force on the new one: these {rise} need nobody to "
        f"be trained and must be reported as “{BY_DEFINITION.en}” (an inference, as the true change between the two "
        f"years is inside).",
    )
    return say(
        "definition.part", lang, text, people=part.people, rate_before=part.rate_before, rate_after=part.rate_after,
        points=part.points, year_then=part.year_then, assumed=False,
    )  # fmt: skip


def published_change(change: PublishedChange, target: Target, lang: str) -> Sentence:
    """The last published change of a rate in people, beside the people trained in that year."""
    name = the(label(target, lang), lang)
    moved = numbers.change(change.before.value, change.after.value, "percent", lang)
    parts = [
        Text(
            f"khoảng {numbers.people(abs(people), 'vi', 100)} ({names.CONCEPTS[concept].vi})",
            f"about {numbers.people(abs(people), 'en', 100)} ({names.CONCEPTS[concept].en})",
        ).get(lang)
        for concept, people in change.people.items()
        if concept != "break"
    ]
    trained = ""
    if change.learners is not None:
        count = numbers.people(change.learners.value, lang, 100)
        trained = Text(f", trong khi số người được đào tạo công bố cho năm {change.after.year} là {count}",
                       f", while {count} were reported as trained in {change.after.year}").get(lang)  # fmt: skip
    crossed = change.people.get("break")
    broken = ""
    if crossed is not None:
        lost = numbers.people(abs(crossed), lang, 100)
        way = Text("giảm" if crossed < 0 else "tăng", "fall" if crossed < 0 else "rise")
        broken = Text(
            f"; nếu năm {change.before.year} tính trên khái niệm cũ và năm {change.after.year} trên khái niệm mới thì "
            f"số người qua đào tạo {way.vi} {lost}, nên mẫu số của hai tỷ lệ phải được nêu rõ",
            f"; were {change.before.year} on the old concept and {change.after.year} on the new one, the number "
            f"trained would {way.en} by {lost}, so the base of both rates must be stated",
        ).get(lang)
    amounts = Text(" hoặc ", " or ").get(lang).join(parts)
    text = Text(
        f"từ năm {change.before.year} đến năm {change.after.year}, {name} công bố {moved}, tương ứng {amounts}"
        f"{trained}{broken}.",
        f"from {change.before.year} to {change.after.year}, {name} as published went {moved}, which stands for "
        f"{amounts}{trained}{broken}.",
    )
    return say(
        f"{target.id}.published_change", lang, text, points=change.points, people=dict(change.people),
        learners=None if change.learners is None else change.learners.value, assumed=False,
    )  # fmt: skip


def residual(one: Residual, target: Target, lang: str) -> Sentence:
    """What of the published change the account leaves unexplained."""
    name = the(label(target, lang), lang)
    where = names.CONCEPTS[one.concept].get(lang)
    published, model, rest = (
        _signed(value, lang) for value in (one.published, one.model.median, one.residual.median)
    )
    low, high = (_signed(value, lang) for value in (one.residual.lower_80, one.residual.upper_80))
    inside_noise = one.residual.lower_80 <= 0 <= one.residual.upper_80
    if inside_noise:
        found = Text("trong khoảng bất định, chưa có gì phải giải trình",
                     "within the uncertainty: nothing to be explained")  # fmt: skip
    elif one.share >= 0.8:
        found = Text("gần bằng hoặc hơn toàn bộ mức thay đổi: đây là phát hiện chính về chất lượng số liệu",
                     "close to the whole change or more: the main finding on the quality of the figures")  # fmt: skip
    else:
        found = Text("ngoài khoảng bất định, cần giải trình", "outside the uncertainty: to be explained")
    lead = Text("theo các đầu vào giả định, ", "on assumed inputs, ").get(lang) if one.assumed else ""
    text = Text(
        f"{lead}trong thay đổi công bố năm {one.year} của {name} ({published} người) mô hình giải thích {model}; phần "
        f"còn lại là {rest} (khoảng 80% từ {low} đến {high}), {found.vi} ({where}).",
        f"{lead}of the published change of {name} in {one.year} ({published} people) the account explains {model}; "
        f"what remains is {rest} (80% range {low} to {high}), {found.en} ({where}).",
    )
    return say(
        f"{target.id}.residual", lang, text, concept=one.concept, published=one.published, model=one.model.median,
        residual=one.residual.median, share=one.share, assumed=one.assumed,
    )  # fmt: skip


def assumed_inputs(flow: StockFlow, lang: str) -> Sentence | None:
    """Which inputs are assumed; None where none is."""
    if not flow.assumed:
        return None
    called = list(dict.fromkeys(one.kind.label.get(lang) for one in flow.assumed))
    count = f"{len(flow.assumed)}/{len(flow.inputs)}"
    text = Text(
        f"{count} đầu vào là giả định, không phải số liệu ({listed(called, 'vi')}); các kết quả dựa vào chúng chỉ để "
        f"tham khảo, không gộp vào dự báo tỷ lệ và không đưa vào văn bản ký.",
        f"{count} inputs are assumed and are no figures ({listed(called, 'en')}); results that rest on them are for "
        f"orientation, are not pooled into the projection of the rate and stay out of any signed text.",
    )
    return _say("flow.assumed", lang, text, flow, count=len(flow.assumed))


def no_inputs(plan: str, lang: str) -> Sentence:
    """That the plan's folder holds no input of the account."""
    text = Text(
        f"thư mục kế hoạch {plan} chưa có đầu vào nào trong assumptions.csv.",
        f"the folder of plan {plan} holds no input in assumptions.csv.",
    )
    return say("flow.no_inputs", lang, text, plan=plan, assumed=False)


def nothing_published(year: int, lang: str) -> Sentence:
    """That no published figure allows even a bound."""
    text = Text(
        f"chưa có số liệu công bố về lực lượng lao động và số người được đào tạo để tính giới hạn cho năm {year}.",
        f"no labour force and no target on people are known from which a bound for {year} could be computed.",
    )
    return say("flow.nothing_published", lang, text, year=year, assumed=False)


def _enough(probability: float) -> Text:
    if probability >= LIKELY:
        return Text("đủ để", "is enough for")
    if probability <= UNLIKELY:
        return Text("không đủ để", "is not enough for")
    return Text("chưa chắc đủ để", "may or may not be enough for")


def _basis(flow: StockFlow, lang: str) -> str:
    if not flow.assumed:
        return ""
    count = len(flow.assumed)
    return Text(f"theo {count} đầu vào giả định, ", f"on {count} assumed inputs, ").get(lang)


def _learners(flow: StockFlow, lang: str) -> str:
    return numbers.people(flow.total, lang)


def _rate_name(rate: RateFlow, lang: str) -> str:
    indicator = {"trained": "trained_rate", "certified": "certified_rate"}[rate.which]
    return the(names.indicator(indicator, lang), lang)


def _people_range(spread: Summary, lang: str) -> str:
    return from_to(spread.lower_80, spread.upper_80, "persons", lang)


def _signed(value: float, lang: str) -> str:
    rounded = int(numbers.rounded(value / 100)) * 100
    return ("−" if rounded < 0 else "") + numbers.number(abs(rounded), lang, 0)


def _say(name: str, lang: str, text: Text, flow: StockFlow, **facts: Any) -> Sentence:
    return say(name, lang, text, as_of=flow.as_of, year=flow.year, assumed=bool(flow.assumed), **facts)
