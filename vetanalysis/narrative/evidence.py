"""Sentences about how good the evidence is; likelihood never stands in the same sentence.

Sentences about what stands beside a target and never in its place: other definitions, other rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from vetanalysis.assessment import rules
from vetanalysis.assessment.assessment import Assessment, Beside, RateAssessment
from vetanalysis.blocks import Said, Sentence, Text
from vetanalysis.language import names, numbers
from vetanalysis.narrative.sentence import (
    about,
    chance,
    first_of,
    from_to,
    inside,
    known,
    listed,
    say,
    terms_of,
)
from vetanalysis.narrative.targets import described, verdict

if TYPE_CHECKING:
    from vetanalysis.observations.published import DefinitionEffect


def grade(one: Assessment, lang: str) -> Sentence:
    """The evidence grade with its reasons, dated by the cut-off and counted in figures."""
    terms = terms_of(one, lang)
    target, count = one.target, len(one.points)
    reasons = {part: "; ".join(reason.get(part) for reason in one.evidence_reasons) for part in ("vi", "en")}
    words = Said(f"names.evidence.{one.evidence}").get(lang)
    figures = "figure" if count == 1 else "figures"
    vi = f"bằng chứng về {terms.the} ({count} số liệu, {terms.since}) được xếp loại {words}"
    en = f"the evidence on {terms.the} ({count} {figures}, {terms.since}) is {words}"
    if one.evidence_reasons:
        vi, en = f"{vi}, do: {reasons['vi']}", f"{en}, because: {reasons['en']}"
    return say(
        f"{target.id}.evidence",
        lang,
        Text(f"{vi}.", f"{en}."),
        evidence=one.evidence,
        figures=count,
        as_of=one.as_of,
    )


def data_limits(assessments: Sequence[Assessment], as_of: str, lang: str) -> Sentence:
    """How many targets rest on weak evidence and how many could not be assessed."""
    since, total = numbers.up_to(as_of, lang), len(assessments)
    missing = sum(one.status == "not_assessed" for one in assessments)
    weak = sum(one.evidence == "weak" and one.status != "not_assessed" for one in assessments)
    parts = {
        "vi": [
            f"{weak} chỉ tiêu đánh giá được nhưng bằng chứng yếu" if weak else "",
            f"{missing} chỉ tiêu chưa đủ dữ liệu để đánh giá" if missing else "",
        ],
        "en": [
            f"{weak} can be assessed but on weak evidence" if weak else "",
            f"{missing} cannot be assessed" if missing else "",
        ],
    }
    vi, en = (listed([part for part in parts[each] if part], each) for each in ("vi", "en"))
    text = Text(
        f"hạn chế về số liệu ({since}): trong {total} chỉ tiêu, {vi or 'không có chỉ tiêu nào thiếu căn cứ'}.",
        f"limits of the data ({since}): of {total} targets, {en or 'none lacks evidence'}.",
    )
    return say("data_limits", lang, text, as_of=as_of, total=total, weak=weak, not_assessed=missing)


def prior_sensitivity(one: Assessment, lang: str) -> Sentence | None:
    """How the probability moves when the prior is halved or doubled; None where that was not computed."""
    terms = terms_of(one, lang)
    if not {0.5, 2.0} <= set(one.sensitivity) or not known(one.probability):
        return None
    target = one.target
    half, double = (chance(one.sensitivity[factor], one.evidence, lang) for factor in (0.5, 2.0))
    main = chance(one.probability, one.evidence, lang)
    what = Text(
        f"xác suất đạt {terms.aim}",
        f"the probability of reaching {terms.aim}",
    ).get(lang)
    if half == double == main:
        text = Text(
            f"giảm một nửa hoặc tăng gấp đôi độ rộng của giả định ban đầu, {what} vẫn là {main}.",
            f"with the spread of the prior halved or doubled, {what} stays at {main}.",
        )
    else:
        text = Text(
            f"giảm một nửa độ rộng của giả định ban đầu thì {what} là {half}, tăng gấp đôi thì là {double} "
            f"(kết quả chính: {main}).",
            f"with the spread of the prior halved {what} is {half}, with it doubled {double} (main result: "
            f"{main}).",
        )
    return say(
        f"{target.id}.sensitivity", lang, text, **{f"prior_{k}": v for k, v in one.sensitivity.items()}
    )


def true_level(one: Assessment, lang: str) -> Sentence | None:
    """The chance of the true level, apart from survey error; None where it is not told apart."""
    terms = terms_of(one, lang)
    if not known(one.probability_true) or not known(one.probability):
        return None
    target = one.target
    true, published = (chance(value, one.evidence, lang) for value in (one.probability_true, one.probability))
    text = Text(
        f"nếu xét mức thực, không tính sai số điều tra, xác suất đạt {terms.aim} là {true}; xét số công bố "
        f"là {published}.",
        f"for the true level, apart from survey error, the probability of reaching {terms.aim} is {true}; "
        f"for the published figure it is {published}.",
    )
    return say(
        f"{target.id}.true_level",
        lang,
        text,
        probability_true=one.probability_true,
        probability=one.probability,
    )


def track_record(
    words: str, said: int, came: int, until: str, lang: str, *, about: Text | None = None,
    band: tuple[float, float, float] | None = None, name: str = "track_record",
) -> Sentence:  # fmt: skip
    """In how many earlier statements with these words the target was reached, and whether that is what was stated.

    `until`: the last period that was checked; `about`: what the statements were about, inside the sentence; `band`:
    the mean probability stated and the binomial limits of the share that should come true.
    """
    period = numbers.period_name(until, lang)
    vi, en = (f" {about.vi}", f" {about.en}") if about is not None else ("", "")
    held = _against_stated(said, came, band)
    if said == 0:
        text = Text(
            f"tính đến {period}, trong các nhận định trước đây{vi} chưa có nhận định “{words}” nào đến hạn kiểm "
            f"nghiệm.",
            f"by {period}, among the earlier statements{en} none of “{words}” had come due for checking.",
        )
    else:
        text = Text(
            f"trong {numbers.number(said, 'vi', 0)} nhận định “{words}”{vi}, đã đến hạn kiểm nghiệm tính đến "
            f"{period}, có {numbers.number(came, 'vi', 0)} trường hợp chỉ tiêu đã đạt{held.vi}.",
            f"of {numbers.number(said, 'en', 0)} statements of “{words}”{en} that had come due by {period}, the "
            f"target was reached in {numbers.number(came, 'en', 0)}{held.en}.",
        )
    return say(name, lang, text, said=said, came=came, until=until)


def _against_stated(said: int, came: int, band: tuple[float, float, float] | None) -> Text:
    """The share that came true against the one stated: higher, lower, or as stated (inside the binomial limits)."""
    if said == 0 or band is None:
        return Text("", "")
    stated, low, high = band
    share = came / said
    vi, en = "phù hợp với mức bình quân đã nêu", "in keeping with the"
    if share > high:
        vi, en = "cao hơn mức bình quân đã nêu", "more than the"
    elif share < low:
        vi, en = "thấp hơn mức bình quân đã nêu", "less than the"
    came_vi, stated_vi = (numbers.percent(100 * value, "vi", 0) for value in (share, stated))
    came_en, stated_en = (numbers.percent(100 * value, "en", 0) for value in (share, stated))
    return Text(f" ({came_vi}, {vi} {stated_vi})", f" ({came_en}, {en} {stated_en} stated on average)")


def coverage(
    received: int, due_units: int, late: list[str], as_of: str, lang: str, *,
    share_of_plan: float | None = None, shown: int = 5,
) -> Sentence:  # fmt: skip
    """How many units have reported, their share of the plan, and who is late (at most `shown` by name)."""
    period = numbers.period_name(as_of, lang)
    facts = {
        "received": received,
        "due": due_units,
        "late": tuple(late),
        "share_of_plan": share_of_plan,
        "as_of": as_of,
    }
    if due_units == 0:
        text = Text(
            f"không có đơn vị nào phải báo cáo {period} (0 đơn vị).",
            f"no unit was due to report on {period} (0 units).",
        )
        return say("coverage", lang, text, **facts)
    share = ""
    if known(share_of_plan):
        part = numbers.percent(100 * share_of_plan, lang)
        share = Text(f", chiếm {part} kế hoạch", f", holding {part} of the plan").get(lang)
    if received >= due_units and not late:
        whole = Text(f"tất cả {due_units} đơn vị", f"all {due_units} units have")
        who = Text("đơn vị duy nhất phải báo cáo", "the one unit due has") if due_units == 1 else whole
        text = Text(f"{who.vi} đã báo cáo {period}{share}.", f"{who.en} reported on {period}{share}.")
        return say("coverage", lang, text, **facts)
    names = first_of(late, shown, lang)
    missing = Text(f"; chưa báo cáo: {listed(names, 'vi')}", f"; still missing: {listed(names, 'en')}").get(
        lang
    )
    text = Text(
        f"có {received} trên {due_units} đơn vị đã báo cáo {period}{share}{missing if late else ''}.",
        f"{received} of {due_units} units have reported on {period}{share}{missing if late else ''}.",
    )
    return say("coverage", lang, text, **facts)


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
    if not isinstance(one, RateAssessment) or not one.anchors or one.latest is None:
        return None
    target = one.target
    idle = [rule for rule, words in one.anchors.items() if not rules.is_applied(words)]
    if len(idle) == len(one.anchors):
        return _no_rule(one, lang)
    said = [
        Text(
            f"theo quy tắc của {names.RULES[rule].vi} là “{words.vi}”",
            f"by the rule of {names.RULES[rule].en} “{words.en}”",
        ).get(lang)
        for rule, words in one.anchors.items() if rule not in idle
    ]  # fmt: skip
    same = rules.agree(one.anchors.values())
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
