"""From an assessment to a figure: which data, which message, which words under it.

The same pictures stand in notebooks and in documents. Titles are built from the numbers; nothing is typed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from vetanalysis.assessment.assessment import Assessment, Beside, PeopleAssessment, RateAssessment
from vetanalysis.blocks import Figure, Text
from vetanalysis.figures import Cumulative, Fan, FanBreak, FanTarget, cumulative, draw_png, fan, pieces_of
from vetanalysis.language import names, numbers
from vetanalysis.language.numbers import period_name, quantity, year_tick
from vetanalysis.narrative.sentence import about, bare_goal, capital, known, label, likelihood
from vetanalysis.periods import parse_cutoff

if TYPE_CHECKING:
    import pandas as pd

    from vetanalysis.assessment.people_projected import YearOfPeople
    from vetanalysis.figures.of_indicators import Drawn
    from vetanalysis.observations.series import Point
    from vetanalysis.study import Study

SOURCE = Text("Nguồn", "Source")
RETURNED = Text("báo cáo của các đơn vị", "returns of the units")
PEOPLE = Text("Số người, lũy kế từ đầu năm", "People since the year began")
DESCRIBED = {
    "rate": Text("số liệu các năm và dự báo", "figures by year and projection"),
    "path": Text("lũy kế trong năm so với các năm trước", "running total beside past years"),
    "standing": Text("Tỷ lệ thực hiện chỉ tiêu của các đơn vị", "Share of quota by unit"),
    "districts": Text("Tỷ lệ thực hiện chỉ tiêu của các huyện, thành phố", "Share of quota by district"),
    "funding": Text(
        "Kinh phí được giao và đã giải ngân theo nguồn", "Funds assigned and disbursed by source"
    ),
}


def fan_of(one: Assessment, lang: str) -> Fan:
    """The fan chart of a target: its own figures and projection, or, where it is not assessed, its first neighbour."""
    if one.projection is None and not one.points:
        neighbour = next((beside for beside in one.beside if len(beside.points) > 1), None)
        if neighbour is not None:
            return _beside_fan(one, neighbour, lang)
    target = one.target
    return Fan(
        title=title_of(one, lang),
        axis=_axis(target.indicator, target.base, lang, target.label),
        pieces=pieces_of(one.points),
        projection=one.path or one.projection,
        target=FanTarget(target.value, int(target.period[:4]), _target_label(one, lang)),
        breaks=_breaks(one, lang),
        source=sources_line(one.points, lang),
        measure=target.measure,
        scale=one.scale,
        joined=isinstance(one, RateAssessment),
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
    """The figure of a target in a document, with words for who cannot see it.

    The fan over the years; for people counted within the year the running total beside past years.
    """
    path = has_path(one)
    described = DESCRIBED["path" if path else "rate"].get(lang)
    if path:
        data = path_of(one, lang)
        png, alt = draw_png(cumulative, data, lang), alt_of_path(one, data, lang)
    else:
        data = fan_of(one, lang)
        png, alt = draw_png(fan, data, lang), alt_of(one, data, lang)
    return Figure(
        id=f"{'path' if path else 'fan'}-{one.target.id}",
        title=f"{capital(label(one.target, lang))}: {described}",
        png=png,
        alt=alt,
        caption=caption_of(one, lang),
    )


def has_path(one: Assessment) -> bool:
    """Whether the year's people are counted, so that their path says more than past years' totals."""
    return isinstance(one, PeopleAssessment) and bool(one.cumulative) and known(one.so_far)


def path_of(one: PeopleAssessment, lang: str) -> Cumulative:
    """This year's people so far beside past years, and where the year may end.

    The quarter of the cut-off holds what was reported for it; units without a report are named under the figure.
    """
    target = one.target
    cutoff = parse_cutoff(one.counted_to)
    years = {int(year): dict(path) for year, path in one.cumulative.items()}
    current = years.pop(cutoff.year, {})
    if known(one.so_far):
        current[cutoff.quarters] = float(one.so_far)
    received, due = one.received, one.due
    since = numbers.up_to(one.counted_to, lang)
    source = f"{SOURCE.get(lang)}: {RETURNED.get(lang)}, {since}"
    if due is not None and received != due:
        source += Text(f" ({received}/{due} đơn vị)", f" ({received} of {due} units)").get(lang)
    return Cumulative(
        title=title_of(one, lang),
        axis=PEOPLE.get(lang),
        year=cutoff.year,
        current=current,
        past=years,
        projection=one.projection,
        target=target.value,
        target_label=_target_label(one, lang),
        source=source,
        illustrative=one.illustrative,
    )


class OfPeriod(Protocol):
    """What is read of the facts of a period to draw its figures (see `narrative.period.PeriodFacts`)."""

    is_place: bool
    unit: str
    lines: pd.DataFrame
    year: YearOfPeople | None
    behind: pd.DataFrame

    def name(self, unit: str, lang: str) -> str:
        """A unit's short name."""

    def as_reported(self, one: Assessment) -> Assessment:
        """The assessment with the counts reported for this very period."""


def period_figures(study: Study, facts: OfPeriod) -> dict[str, Figure]:
    """The figures of a report with returns beside those of its targets: units, districts, funds; or a unit's path."""
    from vetanalysis.figures import of_indicators as drawn

    place = study if facts.is_place else study.at(unit=study.plan.place.code)
    lang, caption = study.lang, caption_of_returns(study)
    made: dict[str, Figure] = {}
    if not facts.is_place:
        people = next(
            (one for one in study.assessments if isinstance(one, PeopleAssessment) and one.cumulative), None
        )
        if people is not None:
            made["path"] = replace(figure_of(facts.as_reported(people), lang), width_mm=125.0)
        return made
    mine = facts.lines[(facts.lines["unit"] == facts.unit) & (facts.lines["basis"] != "period")]
    told = (
        ("standing", _standing(study, facts), DESCRIBED["standing"], 160.0),
        ("districts", drawn.districts(place, facts.lines), DESCRIBED["districts"], 150.0),
        ("funding", drawn.funds(place, mine[mine["fund_source"] != ""]), DESCRIBED["funding"], 150.0),
    )
    for name, one, title, width in told:
        if one is not None:
            made[name] = Figure(name, title.get(lang), one.png, one.alt, caption, width)
    return made


def caption_of_returns(study: Study) -> str:
    """Source and date of a figure made from returns."""
    return f"{SOURCE.get(study.lang)}: {RETURNED.get(study.lang)}, {numbers.up_to(study.as_of, study.lang)}."


def alt_of(one: Assessment, data: Fan, lang: str) -> str:
    """What the figure shows, in words built from the same numbers."""
    measure = data.measure
    seen = "; ".join(
        f"{year_tick(point.year)}: {quantity(point.value, measure, lang)}"
        for piece in data.pieces
        for point in piece.points
    )
    parts = [data.title + ".", Text(f"Số liệu: {seen}.", f"Figures: {seen}.").get(lang) if seen else ""]
    if one.median is not None and one.points:
        low, mid, high = (about(v, measure, lang) for v in (one.lower_80, one.median, one.upper_80))
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
    """Source and date: the message stands inside the figure, the description in its title."""
    since = numbers.up_to(one.counted_to if has_path(one) else one.as_of, lang)
    points = one.points or next((beside.points for beside in one.beside if len(beside.points) > 1), ())
    made = (
        RETURNED.get(lang)
        if has_path(one)
        else sources_line(points, lang).removeprefix(f"{SOURCE.get(lang)}: ")
    )
    return f"{SOURCE.get(lang)}: {made}; {since}." if made else f"{capital(since)}."


def alt_of_path(one: Assessment, data: Cumulative, lang: str) -> str:
    """What the path shows, in words built from the same numbers."""
    shown = "; ".join(
        f"{numbers.period_name(_CODES[quarter].format(data.year), lang)}: {numbers.people(value, lang)}"
        for quarter, value in sorted(data.current.items())
        if quarter in _CODES and known(value)
    )
    parts = [f"{data.title}.", Text(f"Lũy kế: {shown}.", f"Running total: {shown}.").get(lang)]
    if one.projection is not None and known(one.median):
        low, mid, high = (about(value, "persons", lang) for value in (one.lower_80, one.median, one.upper_80))
        parts.append(
            Text(
                f"Ước cả năm {mid}, khoảng 80% từ {low} đến {high}.",
                f"Estimate for the year {mid}, 80% range {low} to {high}.",
            ).get(lang)
        )
    parts.append(
        Text(f"Chỉ tiêu: {bare_goal(one.target, 'vi')}.", f"Target: {bare_goal(one.target, 'en')}.").get(lang)
    )
    return " ".join(parts)


_CODES = {1: "{}-Q1", 2: "{}-H1", 3: "{}-9M", 4: "{}-FY"}


def _standing(study: Study, facts: OfPeriod) -> Drawn | None:
    """Units on their share of quota with the band of chance; None with fewer than two units."""
    from vetanalysis.figures.of_indicators import Drawn
    from vetanalysis.figures.units import Standing, StandingUnit, standing

    if facts.year is None:
        return None
    frame = facts.year.units
    frame = frame[frame["counted"].notna()].sort_values("share_of_plan", kind="stable")
    if len(frame) < 2:
        return None
    lang = study.lang
    outside = facts.behind
    named = ", ".join(facts.name(str(code), lang) for code in outside.index[:4])
    title = Text(
        f"{len(outside)}/{len(frame)} đơn vị chậm và ít khả năng đạt chỉ tiêu{f': {named}' if named else ''}",
        f"{len(outside)} of {len(frame)} units behind and unlikely to reach their quota{f': {named}' if named else ''}",
    ).get(lang)
    units = tuple(
        StandingUnit(
            facts.name(str(code), lang), 100 * row["share_of_plan"], 100 * row["lower"], 100 * row["upper"],
            str(code) in outside.index,
        )
        for code, row in frame.iterrows()
    )  # fmt: skip
    data = Standing(
        title, Text("% chỉ tiêu năm", "% of the year's quota").get(lang), 100 * float(frame["common"].iloc[0]), units,
        caption_of_returns(study).rstrip("."), bool(facts.lines["illustrative"].any()),
    )  # fmt: skip
    told = "; ".join(f"{unit.name}: {numbers.percent(unit.share, lang)}" for unit in units)
    return Drawn(draw_png(standing, data, lang, 170, 32 + 5.4 * len(units)), f"{title}. {told}.")


def sources_line(points: tuple[Point, ...], lang: str) -> str:
    """Who made the figures, with the ids of the sources and the latest day they were known."""
    from vetanalysis.observations.reference import load_sources

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
        source="\n".join(
            part
            for part in (
                capital(names.definition("", beside.concept, lang)),
                sources_line(beside.points, lang),
            )
            if part
        ),
        measure=target.measure,
        scale=one.scale,
        joined=isinstance(one, RateAssessment),
        illustrative=any(point.illustrative for point in beside.points),
    )


AXES = {
    "labour_force": Text("% lực lượng lao động 15+", "% of the labour force 15+"),
    "employed": Text("% lao động có việc làm 15+", "% of employed persons 15+"),
}


def _axis(indicator: str, base: str, lang: str, label: Text | None = None) -> str:
    """What the axis counts: the base of a rate, else the indicator's name, for one of the plan's own its label."""
    if base in AXES:
        return AXES[base].get(lang)
    return capital(
        label.get(lang) if label and indicator not in names.INDICATORS else names.indicator(indicator, lang)
    )


def _target_label(one: Assessment, lang: str) -> str:
    target = one.target
    place = target.legal_ref.strip(" .…")  # dots stand where nobody has filled it in yet
    where = f" ({target.legal_ref})" if place else ""
    return Text(
        f"Chỉ tiêu {bare_goal(target, 'vi')}{where}",
        f"Target {bare_goal(target, 'en')}{where}",
    ).get(lang)


def _breaks(one: Assessment, lang: str) -> tuple[FanBreak, ...]:
    if not isinstance(one, RateAssessment) or not one.points:
        return ()
    words = Text("đổi khái niệm", "new definition").get(lang)
    return tuple(FanBreak(year, words) for year in one.breaks if year > one.points[0].year)


def has_figures(one: Assessment) -> bool:
    """Whether there is anything to draw for a target: figures of its own or of a neighbour."""
    return bool(one.points) or has_path(one) or any(len(beside.points) > 1 for beside in one.beside)
