"""From an assessment to a figure: which data, which message, which words under it.

The same pictures stand in notebooks and in documents. Titles are built from the numbers; nothing is typed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vetanalysis.attainment import printed_probability
from vetanalysis.documents.model import Figure
from vetanalysis.evidence import GRADE_WORDS
from vetanalysis.figures import Fan, FanBreak, FanTarget, draw_png, fan, pieces_of
from vetanalysis.narrative import names
from vetanalysis.narrative.numbers import period_name, quantity
from vetanalysis.narrative.sentence import bare_goal, capital, label, likelihood
from vetanalysis.text import Text

if TYPE_CHECKING:
    from vetanalysis.assessment import Assessment, Beside, Point

SOURCE = Text("Nguồn", "Source")


def fan_of(one: Assessment, lang: str) -> Fan:
    """The fan chart of a target: its own figures and projection, or, where it is not assessed, its first neighbour."""
    if one.projection is None and not one.points:
        neighbour = next((beside for beside in one.beside if beside.points), None)
        if neighbour is not None:
            return _beside_fan(one, neighbour, lang)
    target = one.target
    rate = target.measure == "percent"
    return Fan(
        title=title_of(one, lang),
        axis=_axis(target.indicator, target.base, lang),
        pieces=pieces_of(one.points),
        projection=one.path or one.projection,
        target=FanTarget(target.value, int(target.period[:4]), _target_label(one, lang)),
        breaks=_breaks(one, lang),
        source=sources_line(one.points, lang),
        measure=target.measure,
        scale=100.0 if rate else 1.0,
        joined=rate,
        illustrative=one.illustrative,
    )


def title_of(one: Assessment, lang: str) -> str:
    """The message of a target's figure: what is likely and how likely."""
    name = capital(label(one.target, lang))
    if one.probability is None:
        return Text(
            f"{name}: chưa đánh giá được mức đạt {bare_goal(one.target, 'vi')}",
            f"{name}: whether {bare_goal(one.target, 'en')} is reached cannot be assessed",
        ).get(lang)
    words = likelihood(one.status, lang, one.probability)
    return f"{name}: {words}"


def figure_of(one: Assessment, lang: str) -> Figure:
    """The fan chart as a figure of a document, with words for who cannot see it."""
    data = fan_of(one, lang)
    return Figure(
        id=f"fan-{one.target.id}",
        title=data.title,
        png=draw_png(fan, data, lang),
        alt=alt_of(one, data, lang),
        caption=caption_of(one, lang),
    )


def alt_of(one: Assessment, data: Fan, lang: str) -> str:
    """What the figure shows, in words built from the same numbers."""
    measure = data.measure
    seen = "; ".join(
        f"{point.year}: {quantity(point.value, measure, lang)}"
        for piece in data.pieces
        for point in piece.points
    )
    parts = [data.title + ".", Text(f"Số liệu: {seen}.", f"Figures: {seen}.").get(lang) if seen else ""]
    if one.median is not None and one.points:
        low, mid, high = (quantity(v, measure, lang) for v in (one.lower_80, one.median, one.upper_80))
        parts.append(
            Text(
                f"Dự báo đến {period_name(one.target.period, 'vi')}: {mid}, khoảng 80% từ {low} đến {high}.",
                f"Projected for {period_name(one.target.period, 'en')}: {mid}, 80% range {low} to {high}.",
            ).get(lang)
        )
    parts.append(
        Text(f"Chỉ tiêu: {bare_goal(one.target, 'vi')}.", f"Target: {bare_goal(one.target, 'en')}.").get(lang)
    )
    return " ".join(part for part in parts if part)


def caption_of(one: Assessment, lang: str) -> str:
    """Title and how sure it is; the sources stand inside the figure."""
    name = capital(label(one.target, lang))
    if one.probability is None:
        return title_of(one, lang) + "."
    chance, grade = (
        printed_probability(one.probability, one.evidence).replace(" %", "%"),
        GRADE_WORDS[one.evidence],
    )
    return Text(
        f"{name}: số liệu đã có và dự báo; xác suất đạt chỉ tiêu {chance}, bằng chứng {grade.vi}.",
        f"{name}: figures and projection; chance of reaching the target {chance}, evidence {grade.en}.",
    ).get(lang)


def sources_line(points: tuple[Point, ...], lang: str) -> str:
    """Who made the figures, with the ids of the sources and the latest day they were known."""
    from vetanalysis.published import load_sources

    texts = names.source_texts(load_sources())
    said = dict.fromkeys(names.source(point.source, texts, lang) for point in points)
    if not said:
        return ""
    return f"{SOURCE.get(lang)}: {'; '.join(said)}"


def _beside_fan(one: Assessment, beside: Beside, lang: str) -> Fan:
    """The neighbour's figures with the target drawn for orientation, both named for what they are."""
    target = one.target
    return Fan(
        title=title_of(one, lang),
        axis=_axis(beside.indicator, beside.base, lang),
        pieces=pieces_of(beside.points),
        projection=beside.projection,
        target=FanTarget(
            target.value,
            int(target.period[:4]),
            Text(
                f"Chỉ tiêu {bare_goal(target, 'vi')} (khái niệm khác với chuỗi số liệu)",
                f"Target {bare_goal(target, 'en')} (another definition than the series)",
            ).get(lang),
        ),
        source=f"{names.CONCEPTS[beside.concept].get(lang) if beside.concept in names.CONCEPTS else ''}\n"
        f"{sources_line(beside.points, lang)}".strip(),
        measure=target.measure,
        scale=100.0 if target.measure == "percent" else 1.0,
        joined=target.measure == "percent",
        illustrative=any(point.illustrative for point in beside.points),
    )


AXES = {
    "labour_force": Text("% lực lượng lao động 15+", "% of the labour force 15+"),
    "employed": Text("% lao động có việc làm 15+", "% of employed persons 15+"),
}


def _axis(indicator: str, base: str, lang: str) -> str:
    return AXES[base].get(lang) if base in AXES else capital(names.indicator(indicator, lang))


def _target_label(one: Assessment, lang: str) -> str:
    target = one.target
    return Text(
        f"Chỉ tiêu {bare_goal(target, 'vi')} ({target.legal_ref})",
        f"Target {bare_goal(target, 'en')} ({target.legal_ref})",
    ).get(lang)


def _breaks(one: Assessment, lang: str) -> tuple[FanBreak, ...]:
    words = Text("đổi khái niệm", "new definition").get(lang)
    first = one.points[0].year if one.points else None
    return tuple(
        FanBreak(year, words) for year in one.facts.get("breaks", ()) if first is not None and year >= first
    )


def has_figures(one: Assessment) -> bool:
    """Whether there is anything to draw for a target: figures of its own or of a neighbour."""
    return bool(one.points) or any(beside.points for beside in one.beside)
