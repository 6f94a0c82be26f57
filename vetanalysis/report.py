"""The report of a study: its document, worded and drawn once, for Word, HTML and the notebook alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from math import ceil
from typing import TYPE_CHECKING, Any

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment, RateAssessment
from vetanalysis.assessment.issued import printed_before, statement_of
from vetanalysis.blocks import Said
from vetanalysis.language.numbers import in_words_of_study, printed_change, rounded
from vetanalysis.narrative import changed, year_before
from vetanalysis.narrative.asked import Asked, days_of_return
from vetanalysis.narrative.behind import asked_of_behind
from vetanalysis.narrative.changed import Changed
from vetanalysis.narrative.clear_up import of_earlier
from vetanalysis.narrative.period import Revised
from vetanalysis.observations.checks import are_totals
from vetanalysis.observations.table import latest_vintage
from vetanalysis.paths import earlier_reports
from vetanalysis.periods import cutoffs, deadline, following, parse_cutoff
from vetanalysis.returns.matrix import REPORTED
from vetanalysis.study import Study, as_known

if TYPE_CHECKING:
    import pandas as pd

    from vetanalysis.assessment.counting import Counted
    from vetanalysis.assessment.issued import Statement
    from vetanalysis.assessment.people_projected import YearOfPeople
    from vetanalysis.blocks import Document, Picture
    from vetanalysis.narrative.period import PeriodFacts
    from vetanalysis.periods import Cutoff
    from vetanalysis.returns.ledger import Ledger


@in_words_of_study
def document_of(study: Study, told: Document | None = None) -> Document:
    """The report as data, worded and drawn; `told`: another than `told_of` gives, such as a part of it."""
    from vetanalysis.figures.pictures import drawn

    return drawn(_worded_of(study) if told is None else _worded(study, told), study.lang)


def _worded_of(study: Study) -> Document:
    """The report as data in the study's language, its pictures not yet drawn."""
    asked = (study.as_of, study.unit.code, study.lang)
    return study.part("worded", *asked, of=lambda: _worded(study, told_of(study)))  # type: ignore[no-any-return]


def _worded(study: Study, told: Document) -> Document:
    from vetanalysis.language.cells import worded

    return worded(told, study.lang, study.plan.words)  # type: ignore[no-any-return]


@in_words_of_study
def told_of(study: Study) -> Document:
    """The report as data: narrative, tables, a figure for each target that has figures to show, appendices.

    For a cut-off within or after the year with returns it is the report of that period (for another unit than the
    plan's place: the unit's own sheet); without any it says what published figures allow.
    """
    return study.part("told", study.as_of, study.unit.code, of=lambda: _told_of(study))  # type: ignore[no-any-return]


def _told_of(study: Study) -> Document:
    from vetanalysis.figures.pictures import has_figures, picture_of
    from vetanalysis.narrative.report import report_document

    period, assessments = period_of(study), reported(study)
    return report_document(
        study.plan,
        assessments,
        as_of=str(study.as_of),
        unit=study.unit.code,
        figures=tuple(
            _with_revisions(picture_of(one), one, period) for one in assessments if has_figures(one)
        ),
        seed=study.seed,
        known_by=study.known_by,
        period=period,
        found=study.findings,
    )


def reported(study: Study) -> tuple[Assessment, ...]:
    """The assessments as the report states them: people of a period are those returned for it."""
    facts = _facts(study)
    return tuple(one if facts is None else facts.as_reported(one) for one in study.assessments)


@in_words_of_study
def period_of(study: Study) -> PeriodFacts | None:
    """What the returns of the study's period hold; None at the start of a year and where there are no returns."""
    from vetanalysis.figures.pictures import period_pictures

    facts = _facts(study)
    if facts is None:
        return None
    facts = replace(facts, **last_report(study))
    facts = replace(facts, revised=_revised(study, facts), **_asked(study, facts))
    facts = replace(
        facts,
        revised=(*facts.revised, *year_before.revised(study, facts)),
        year_before=year_before.followed_up(study, facts),
    )
    facts = replace(facts, changed=_changed(study, facts))
    figures = period_pictures(study, facts)
    if not facts.is_place and facts.own is not None and "path" in figures:
        figures["path"] = _with_revisions(figures["path"], facts.own, facts)
    return replace(facts, figures=figures)


def _with_revisions(picture: Picture, one: Assessment, period: PeriodFacts | None) -> Picture:
    """A picture of people counted whose caption says which of its figures the last report had otherwise, and how."""
    revised = () if period is None or not isinstance(one, PeopleAssessment) else period.revised
    told = tuple(
        Said("figures.caption.was", period=new.period, now=new.now, before=new.before, known_by=new.known_by)
        for new in revised
        if new.target == one.target.id
    )
    return (
        replace(picture, caption=Said("figures.caption.revised", caption=picture.caption, told=told))
        if told
        else picture
    )


def _facts(study: Study) -> PeriodFacts | None:
    """The same without pictures and without the report before."""
    return study.part("facts", study.as_of, study.unit.code, of=lambda: _facts_of(study))  # type: ignore[no-any-return]


def _facts_of(study: Study) -> PeriodFacts | None:
    from vetanalysis.indicators.derived import people_indicator
    from vetanalysis.narrative.period import PeriodFacts

    if not study.as_of.months:
        return None
    returned, place = study.period, study.plan.place.code
    if returned is None:
        return None
    if study.unit.code != place:
        returned = returned.of(study.unit.code, place)
    people = people_indicator(study.plan)
    asked = [one for one in study.assessments if one.target.indicator == people]
    own = next((one for one in asked if one.target.of_whole_year), asked[0] if asked else None)
    return PeriodFacts(
        plan=study.plan,
        cutoff=study.as_of,
        unit=study.unit.code,
        people=people,
        own=own,
        year=_year_of(study),
        counted=_counted(study),
        not_held=study.figures.not_held("people"),
        **{one.name: getattr(returned, one.name) for one in fields(returned)},
    )


def _year_of(study: Study) -> YearOfPeople | None:
    """The whole place's projected year of people, where it is counted to the study's cut-off."""
    whole = study.at(unit=study.plan.place.code)
    return next(
        (
            one.year_of_people
            for one in whole.assessments
            if isinstance(one, PeopleAssessment) and one.year_of_people and one.counted_to == str(study.as_of)
        ),
        None,
    )


def _counted(study: Study) -> Counted | None:
    """The counts of people at the study's cut-off; None without a target on them."""
    counted = (flow.counted for flows in study.figures.people.values() for flow in flows)
    return next((one for one in counted if one.cutoff == study.as_of), None)


def last_report(study: Study) -> dict[str, Any]:
    """What the last report said: the signed one, else the one made before this; without any, worked out anew."""
    issued, made = study.last_issued, study.last_made
    if issued is not None:
        return {"before": issued.statements, "before_as_of": issued.as_of, "issued_on": issued.on}
    if made is not None:
        return {"before": made.statements, "before_as_of": made.as_of}
    last = study.last
    return {
        "before": tuple(statement_of(one) for one in last.assessments),
        "before_as_of": str(last.as_of),
        "before_known_by": last.known_by,
    }


def _revised(study: Study, facts: PeriodFacts) -> tuple[Revised, ...]:
    """The figures of the last report that are others now: people counted by its cut-off, and published rates."""
    cutoff = parse_cutoff(facts.before_as_of)
    within = bool(cutoff.months) and cutoff.year == study.as_of.year
    day = facts.issued_on or deadline(cutoff, study.plan.calendar, "province").isoformat() if within else ""
    day = day or year_before.reported_on(study)
    if not day:
        return ()
    told = {said.target: said for said in facts.before}
    found = []
    for one in study.assessments:
        if isinstance(one, RateAssessment):
            found += _revised_points(study, one, day)
        elif (
            within
            and one.target.id in told
            and one.target.indicator == facts.people
            and one.target.of_whole_year
        ):
            found += _revised_count(study, facts, told[one.target.id], cutoff, day)
    return tuple(found)


def _changed(study: Study, facts: PeriodFacts) -> tuple[Changed, ...]:
    """Figures of the place that reports on the year's earlier cut-offs printed and that are others now.

    Without those of `facts.revised`, which are told with why.
    """
    if not facts.is_place:
        return ()
    with_why = {(study.plan.target(new.target).indicator, new.period) for new in facts.revised}
    found: dict[tuple[str, str, str], Changed] = {}
    for cutoff, before, known_by in _printed(study, facts):
        now = changed.listed(study.at(cutoff).lines_of_place, facts.unit)
        for key, value in before.items():
            told = key[2] != "period" and key[:2] in with_why
            if key not in now or told:
                continue
            found.pop(key, None)  # of what several printed, the last counts
            if changed.is_other(now[key], value):
                found[key] = Changed(now[key], value, known_by)
    return tuple(found.values())


def _printed(
    study: Study, facts: PeriodFacts
) -> Iterator[tuple[Cutoff, dict[tuple[str, str, str], float], str]]:
    """What the report on each earlier cut-off of the year printed of the place, where that may be another now.

    As a report made then holds it; else as it was known on the day on which it was issued. Of the last one, where none
    is kept, as it was known on the day on which it was due, which is given: that one told itself what it had otherwise.
    """
    reports, calendar = earlier_reports(), study.plan.calendar
    asked = (study.plan.name, facts.unit, str(study.as_of), study.known_by)
    made = {} if reports is None else printed_before(reports, *asked)
    for cutoff in (one for one in cutoffs(study.as_of.year, calendar) if one < study.as_of):
        signed = max(
            (one.on for one in study.issued if (one.unit, one.as_of) == (facts.unit, str(cutoff))), default=""
        )
        if not signed and str(cutoff) in made:
            yield cutoff, made[str(cutoff)], ""
            continue
        if not signed and str(cutoff) != facts.before_as_of:
            continue
        day = signed or deadline(cutoff, calendar, "province").isoformat()
        if not _came_after(study, cutoff, day):
            continue
        then = as_known(study, cutoff, day) if signed else study.last
        if not then.is_silent:
            told = changed.told(changed.listed(then.lines_of_place, facts.unit), facts.people)
            yield cutoff, told, "" if signed else then.known_by


def _came_after(study: Study, cutoff: Cutoff, day: str) -> bool:
    """Whether any figure of a cut-off, or of a time before it, became known after an ISO day."""
    later = study.observations.loc[study.observations["vintage"] > day, "period"].unique()
    return any(parse_cutoff(one).end <= cutoff for one in later)


def _asked(study: Study, facts: PeriodFacts) -> dict[str, Any]:
    """What the last report of the year asked for by a day that has come, and which returns the unit did not send.

    As the report made then holds it; of one that was issued, and of none, as the ledger and the figures of its day say.
    """
    cutoff, ledger = parse_cutoff(facts.before_as_of), study.received
    if not cutoff.months or cutoff.year != study.as_of.year or ledger is None:
        return {}
    matrix = _matrix(study, ledger, facts)
    made = None if facts.issued_on else study.last_made
    mine = matrix[(matrix["unit"] == facts.unit) & ~matrix["state"].isin([*REPORTED, "not_due"])]
    day = facts.issued_on or deadline(cutoff, study.plan.calendar, "province").isoformat()
    of_period = matrix[(matrix["period"] == str(cutoff)) & (facts.is_place | (matrix["unit"] == facts.unit))]
    owed = days_of_return(of_period, "" if made else day)
    asked = [one for one in owed if not facts.signs(one)]
    if made and facts.is_place:
        asked = made.told("send_now", "units") or []
    elif made:
        asked = [] if made.told("lateness", "state") in (None, *REPORTED) else [facts.unit]
    came = {unit: owed.get(unit, "") for unit in asked if facts.is_place or unit == facts.unit}
    people, lacked, others = _people_asked(study, facts, cutoff)
    if made:
        points = made.told("clear_up", "findings")
    else:
        points = None if facts.issued_on else len(of_earlier(facts, str(cutoff)))
    return {"asked_before": Asked(came, people, lacked, others, points), "not_sent": tuple(mine["period"])}


def _matrix(study: Study, ledger: Ledger, facts: PeriodFacts) -> pd.DataFrame:
    """Whose returns of the year have come and when, the same for all units."""
    return study.part("matrix", facts.cutoff, of=lambda: ledger.matrix(facts.cutoff))  # type: ignore[no-any-return]


def _people_asked(
    study: Study, facts: PeriodFacts, cutoff: Cutoff
) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """The people whom the last report asked for by this cut-off, and those lacking then, by unit; none if by later.

    Then, of the place, the people asked of the units that were not behind.
    """
    if not facts.closed and following(cutoff, study.plan.calendar) != facts.cutoff:
        return {}, {}, {}
    if not facts.is_place:
        said = next((one for one in facts.before if facts.own and one.target == facts.own.target.id), None)
        if said is None or said.gap is None or said.gap <= 0:
            return {}, {}, {}
        known = replace(facts, counted=_counted(study.last)) if study.last.as_of == cutoff else facts
        then = study.plan.calendar.steps_at(cutoff)
        season = known.course()  # as that sheet knew the years before
        if facts.closed:
            return {facts.unit: said.gap}, {facts.unit: said.gap}, {}
        soon = None if season is None else ceil(season.needed_by(then + 1, said.gap, at=then))
        return ({facts.unit: float(soon)}, {facts.unit: said.gap}, {}) if soon else ({}, {}, {})
    made = None if facts.issued_on else study.last_made
    if made is not None:
        asked = made.told("by_year_end", "asked") or {}
    elif study.last.as_of == cutoff:
        last = study.last.at(unit=study.plan.place.code)
        asked = asked_of_behind(replace(facts, cutoff=cutoff, year=_year_of(last), counted=_counted(last)))
    else:
        asked = {}
    due = asked.get("by_end" if facts.closed else "soon", {})
    lacked = asked.get("by_end", {}) | asked.get("others", {})
    return due, lacked, asked.get("others" if facts.closed else "others_soon", {})


def _revised_count(
    study: Study, facts: PeriodFacts, before: Statement, cutoff: Cutoff, day: str
) -> list[Revised]:
    """People counted by the cut-off of the last report, where it had counted some and they are not as many now."""
    goal, gap, now = before.goal, before.gap, facts.counted_by(cutoff)
    if (
        goal is None
        or gap is None
        or now is None
        or facts.counted_by(facts.cutoff) != facts.value(facts.people)
    ):
        return []
    if rounded(goal - gap) in (0, rounded(now)):
        return []
    causes = _causes(study, facts, cutoff, now - (goal - gap), day)
    below = _by_those_below(study, facts, cutoff, day)
    known_by = facts.before_known_by
    return [Revised(before.target, str(cutoff), goal - gap, now, **causes, known_by=known_by, below=below)]


def _by_those_below(
    study: Study, facts: PeriodFacts, cutoff: Cutoff, day: str
) -> tuple[tuple[str, float], ...]:
    """Units counted by a day on which their own return had not come: of them those below had reported."""
    counted = _counted(study.last)
    if counted is None or study.received is None:
        return ()
    matrix = _matrix(study, study.received, facts)
    came = matrix[matrix["period"] == str(cutoff)].set_index("unit")["first_received"]
    then = counted.flow(study.unit.code).told_at(study.plan.calendar.steps_at(cutoff))
    return tuple(
        (str(unit), float(people)) for unit, people in then.items() if people > 0 and came.get(unit, "") > day
    )


def _causes(study: Study, facts: PeriodFacts, cutoff: Cutoff, difference: float, day: str) -> dict[str, Any]:
    """Whose people make up the difference of a count from what the last report had."""
    counted, step = _counted(study.last), study.plan.calendar.steps_at(cutoff)
    if counted is None or facts.counted is None or study.received is None:
        return {}
    then, now = (one.flow(study.unit.code).told_at(step) for one in (counted, facts.counted))
    matrix = _matrix(study, study.received, facts)
    of_period = matrix[matrix["period"] == str(cutoff)]
    came = {row.unit: [(row.first_received, row.received)] for row in of_period.itertuples()}
    return changed.causes_of(then, now, came, day, difference)


def _revised_points(study: Study, one: RateAssessment, day: str) -> list[Revised]:
    """Figures of a rate that became others after the last report, as they are printed."""
    rows, target = study.observations, one.target
    if not one.points:
        return []
    rows = rows[
        (rows["unit"] == one.unit) & (rows["indicator"] == target.indicator) & (rows["vintage"] <= day)
    ]
    rows = rows[(rows["base"] == target.base) & (rows["concept"] == target.concept) & are_totals(rows)]
    rows = latest_vintage(rows).set_index("period")["value"]
    found = []
    for point in one.points:
        then = rows.get(point.period)
        if point.vintage <= day or not isinstance(then, float) or then != then:
            continue
        if printed_change(then, point.value, target.measure, target.value):
            found.append(Revised(target.id, point.period, then, point.value))
    return found
