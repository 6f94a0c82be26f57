"""Sentences about the latest figure of a series and what changed before it."""

from __future__ import annotations

from collections.abc import Mapping

from vetanalysis.assessment import Assessment
from vetanalysis.documents.model import Sentence
from vetanalysis.narrative import names, numbers
from vetanalysis.narrative.sentence import capital, say, terms_of
from vetanalysis.series import Point
from vetanalysis.text import Text


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
    if one.facts.get("scope_unstated"):
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
