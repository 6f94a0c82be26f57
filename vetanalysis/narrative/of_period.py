"""What a report with returns says beyond its targets, part by part; nothing where there are no returns.

`since_last` compares with the last report: chance, what is still missing, and whether the words change.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment, RateAssessment
from vetanalysis.assessment.issued import Statement
from vetanalysis.assessment.record import MARK
from vetanalysis.assessment.status import hysteresis
from vetanalysis.blocks import Heading, OfficePlace, Paragraph, Said
from vetanalysis.language.chances import printed_probability
from vetanalysis.language.filters import known
from vetanalysis.language.numbers import rounded
from vetanalysis.narrative import (
    actions,
    asked,
    bodies,
    changed,
    clear_up,
    opening,
    outlook,
    points,
    tasks,
    unit_tables,
)
from vetanalysis.narrative.behind import behind_table, levels_behind, units_behind
from vetanalysis.narrative.evidence import at_most
from vetanalysis.narrative.period import PeriodFacts, Revised
from vetanalysis.periods import parse_cutoff
from vetanalysis.plan.model import aim


def since_last(
    one: Assessment, before: Statement | None, before_as_of: str, issued_on: str = "", *, recalculated: bool = False,
    revised: float | None = None, notice: bool = False,
) -> Said | None:  # fmt: skip
    """Chance and distance then and now, and what that does to the words; None where nothing can be compared.

    `revised`: the people counted by the last cut-off, where they are others now.
    `issued_on`: the day on which the report that `before` is quoted from was issued; `recalculated`: no report is kept
    and `before` was worked out anew, which is said. The words move only when the chance has
    moved clearly (`assessment.status.hysteresis`).
    """
    if before is None or not known(one.probability) or not known(before.probability):
        return None
    if one.projection is None or not before.projected:
        return None
    if (before.period, before.goal) != (one.target.period, float(one.target.value)):
        return None  # the report was on another goal
    return Said(
        "period.since_last", id=f"{one.target.id}.since_last", since=before_as_of, as_of=one.as_of,
        before=before.probability, now=one.probability, gap_before=before.gap, gap=one.gap, aim=aim(one.target),
        earlier=_earlier(before_as_of, issued_on, recalculated, notice=notice),
        moved=_chances(one, before, one.probability, before.probability), missing=_gaps(one, before, revised),
        judgement=_words(one, before, one.probability),
    )  # fmt: skip


def _earlier(
    before_as_of: str, issued_on: str, recalculated: bool, known_by: str = "", *, notice: bool = False
) -> Said:
    """What is compared with: a report as signed, one made, what was worked out anew, the judgement at the start.

    `known_by`: the day by whose figures it was worked out anew, where that is told. `notice`: it went to the unit,
    whose own report of the period is another paper.
    """
    start = parse_cutoff(before_as_of).code == "start"  # nothing was reported yet, only judged
    case = "issued" if issued_on else "recalculated" if recalculated else "start" if start else "report"
    to_unit = ".notice" if notice and case in ("issued", "report") else ""
    return Said(f"period.since_last.{case}{to_unit}", period=before_as_of, on=issued_on, known_by=known_by)


def _held_against(one: Assessment, before: Statement, period: PeriodFacts) -> Said | None:
    """What was projected before the year was over, and whether its outcome lies in that range; None without that."""
    value, low, high = None if one.latest is None else one.latest.value, before.lower_80, before.upper_80
    if value is None or low is None or high is None or not known(before.probability):
        return None
    if not before.projected or (before.period, before.goal) != (one.target.period, float(one.target.value)):
        return None
    side = "below" if value < low else "above" if value > high else "inside"
    return Said(
        f"period.since_last.held.{side}", id=f"{one.target.id}.since_last", since=period.before_as_of, value=value,
        as_of=one.as_of, earlier=_earlier(
            period.before_as_of, period.issued_on, bool(period.before_known_by), period.before_known_by,
            notice=not period.is_place,
        ),
        beside=_untrue(one, before, value), before=before.probability, median=before.median, lower_80=before.lower_80,
        upper_80=before.upper_80, measure=one.target.measure, goal=before.goal,
    )  # fmt: skip


def _untrue(one: Assessment, before: Statement, value: float) -> Said | str:
    """That a target judged likely was missed, or one judged unlikely reached, and how far off the middle that was."""
    chance, middle = before.probability, before.median
    if chance is None or middle is None or one.is_reached is (chance >= 0.5) or before.status == "even":
        return ""
    return Said(
        "period.since_last.held.untrue", status=before.status, off=abs(value - middle), below=value < middle,
        measure=one.target.measure, goal=before.goal,
    )  # fmt: skip


def _chances(one: Assessment, before: Statement, now: float, then: float) -> Said:
    same = printed_probability(then) == printed_probability(now)
    case = "stays" if same else "up" if now > then else "down"
    return Said(
        f"period.since_last.{case}", before=then, now=now,
    )  # fmt: skip


def _gaps(one: Assessment, before: Statement, revised: float | None) -> Said | str:
    """What was missing then and is missing now, people only: a rate's distance has its own sentence.

    Of units without a report what they reported before counts now, as it did then: what is missing is that at most.
    """
    if not isinstance(one, PeopleAssessment) or not known(one.gap) or not known(before.gap):
        return ""
    if one.target.operator == "<=":  # how far below or above stands with the count
        return ""
    if one.gap <= 0:
        return Said("period.since_last.filled")
    most = at_most(one.gap, one.late_known)
    now = one.gap if most is None else most
    then = before.gap if revised is None or before.goal is None else before.goal - revised
    if rounded(now) == rounded(then):
        return Said("period.since_last.missing_stays", now=now, most=most)
    case = "less" if now < then else "more"
    printed = None if revised is None else before.gap
    return Said(f"period.since_last.missing_{case}", before=then, now=now, printed=printed, most=most)


def _words(one: Assessment, before: Statement, now: float) -> Said | str:
    """Whether the words stay, stay for lack of a clear move, or change; nothing where the chance itself stays."""
    facts: dict[str, Any] = {"status": one.status, "probability": now, "mark": MARK if one.past else ""}
    if one.status == before.status:
        then = before.probability
        if then is not None and printed_probability(then) == printed_probability(now):
            return ""
        return Said("period.since_last.same_words", **facts)
    clearly = hysteresis(before.status, before.probability, now) == one.status
    return Said(
        f"period.since_last.{'other_words' if clearly else 'near_the_border'}", **facts,
        status_before=before.status, before=before.probability,
    )  # fmt: skip


def direction(period: PeriodFacts | None) -> list[Any]:
    """Who reported, what came of what was asked for, what quotas were given, what plan documents the bodies named."""
    if period is None:
        return []
    told = [
        outlook.reporting(period),
        asked.outcome(period),
        opening.quotas_given(period),
        opening.plan_documents(period),
    ]
    places = [] if period is None else [*asked.of_year_before(period), *asked.of_measures(period)]
    return [*_paragraph(told), *places]


def ordered(period: PeriodFacts | None) -> OfficePlace:
    """The place for what was ordered, asking for what `direction` does not say."""
    quotas = period is not None and opening.quotas_given(period) is not None
    documents = period is not None and opening.plan_documents(period) is not None
    return OfficePlace(Said("report.prompt.direction", quotas=quotas, documents=documents))


def changes(assessments: Sequence[Assessment], period: PeriodFacts | None) -> list[Any]:
    """What changed since the last report, of the targets that stand in the signed text."""
    told = [[change(one, period), *revisions(one, period)] for one in assessments]
    return _paragraph([sentence for each in told for sentence in each])


def change(one: Assessment, period: PeriodFacts | None) -> Said | None:
    """What changed of one target since the last report; None where there was none, and of one less certain."""
    if period is None or one.target.certainty != "high":
        return None
    before = next((said for said in period.before if said.target == one.target.id), None)
    if one.is_judged:
        return _held_against(one, before, period) if before is not None else None
    counted = isinstance(one, PeopleAssessment)
    revised = (
        next((new.now for new in period.revised if new[:2] == (one.target.id, period.before_as_of)), None)
        if counted
        else None
    )
    return since_last(
        one,
        before,
        period.before_as_of,
        period.issued_on,
        recalculated=bool(period.before_known_by),
        revised=revised,
        notice=not period.is_place,
    )


def revisions(one: Assessment, period: PeriodFacts | None) -> list[Said]:
    """Each figure of a target that the body holds and that was another when the last report was made, and why."""
    return [] if period is None else [_revision(one, new, period) for new in revisions_of(one, period)]


def revisions_of(one: Assessment, period: PeriodFacts) -> list[Revised]:
    """Those figures, without those that an earlier report has told."""
    if one.target.certainty != "high":
        return []
    mine = [new for new in period.revised if new.target == one.target.id and not new.told]
    if isinstance(one, RateAssessment):
        held = {point.period for point in one.points[-2:]}
        mine = [new for new in mine if new.period in held]
    return mine


def moved_base(one: Assessment, period: PeriodFacts | None) -> Said | None:
    """In the report on the place that counts of the year before it stands beside are others than that year's report's.

    By whose returns stands in the annex. None where none moved since the last report.
    """
    if period is None or not period.is_place:
        return None
    told = [new for new in revisions_of(one, period) if parse_cutoff(new.period).year < period.cutoff.year]
    points = tuple(
        Said(
            "period.revised.base.point",
            period=new.period,
            before=new.before,
            now=new.now,
            known_by=new.known_by,
        )
        for new in told
    )
    year = f"{period.cutoff.year - 1}-FY"
    return (
        Said("period.revised.base", id=f"{one.target.id}.moved_base", year=year, points=points)
        if told
        else None
    )


def revised_figures(assessments: Sequence[Assessment], period: PeriodFacts | None) -> tuple[Any, ...]:
    """The annex's list of every figure that is another than an earlier report printed it; nothing without any.

    Those of targets since the last report with why, then every other of the year's reports as a table.
    """
    if period is None:
        return ()
    of = {one.target.id: one for one in assessments}
    lines = [(of[new.target], new) for new in period.revised if new.target in of]
    told = tuple(
        Said(
            "period.revised.of", id=f"annex.{one.target.id}.{new.period}", label=one.target.label,
            told=_revision(one, new, period),
        )
        for one, new in lines
    )  # fmt: skip
    others = changed.table(period)
    shown = (*([Paragraph(told, "list")] if told else []), *([others] if others else []))
    return (Heading(2, Said("period.heading.revised")), *shown) if shown else ()


def _revision(one: Assessment, new: Revised, period: PeriodFacts) -> Said:
    """A figure then and now and why; between the two what a report made after the late returns had, where later ones
    moved it again.
    """
    came, later = _why(period, late=new.late, again=new.again), _why(period, later=new.later)
    if isinstance(one, RateAssessment) and not (came or later):
        later = [Said("period.revised.published")]
    facts: dict[str, Any] = {
        "period": new.period, "before": new.before, "now": new.now, "measure": one.target.measure,
        "goal": one.target.value,
    }  # fmt: skip
    name = f"{one.target.id}.revised.{new.period}"
    if not new.known_by:
        return Said("period.revised", id=name, **facts, why=(*came, *later))
    steps = bool(came and later)
    then = new.before + sum(people for _, people in (*new.late, *new.again)) if steps else None
    below = tuple(
        Said("period.revised.below", unit=period.called(unit), people=people) for unit, people in new.below
    )
    return Said(
        "period.revised.recalculated", id=name, **facts, known_by=new.known_by, then=then,
        below=below,
        first=came if steps else (), why=tuple(later if steps else [*came, *later]),
    )  # fmt: skip


def _why(period: PeriodFacts, **cases: Sequence[tuple[str, float]]) -> list[Said]:
    """Whose people make up a difference, in words, those of one kind of cause together."""
    return [
        Said(
            f"period.revised.{case}",
            units=tuple(
                Said("period.revised.unit", unit=period.called(unit), people=people) for unit, people in units
            ),
        )
        for case, units in cases.items()
        if units
    ]


def years(period: PeriodFacts | None) -> list[Any]:
    """This year beside earlier ones at the same point."""
    made = None if period is None else unit_tables.years_table(period)
    return [] if made is None else [made]


def money(period: PeriodFacts | None) -> list[Any]:
    """Funds by source, or the place for the office's own words."""
    return [OfficePlace(Said("report.prompt.funding"))] if period is None else list(tasks.funding(period))


def duties(period: PeriodFacts | None, number: int) -> list[Any]:
    """The table of bodies under its heading, the `number`th of its section."""
    made = None if period is None else bodies.bodies_table(period)
    return [] if made is None else [Heading(2, Said("report.heading.bodies", number=number)), made]


def behind(period: PeriodFacts | None) -> list[Any]:
    """Units and levels behind; after the year a table of who fell short."""
    if period is None:
        return []
    told = [units_behind(period), levels_behind(period), points.behind_the_result(period)]
    below = behind_table(period) if period.closed else None
    return [*_paragraph(told), *([below] if below else [])]


def ahead(period: PeriodFacts | None, measures: Sequence[Said] = ()) -> list[Any]:
    """What is asked of whom by when, then who is asked for how many more as a table; `measures`: on targets."""
    made = None if period is None or period.closed else behind_table(period)
    explained = actions.asked_of_units(period) if period is not None and period.closed else ()
    duties = [] if period is None else [*outlook.duties(period), clear_up.request(period)]
    todo = tuple(one for one in (*explained, *duties, *measures) if one is not None)
    return [*([Paragraph(todo, "list")] if todo else []), *([made] if made else [])]


def asks_units(period: PeriodFacts | None, at_start: Sequence[Said] = ()) -> bool:
    """Whether the report on the place asks units for something in its part on what lies ahead.

    `at_start`: what it asks of them before the year has begun.
    """
    if period is None:
        return bool(at_start)
    if not period.is_place or period.is_silent:
        return False
    return bool(outlook.duties(period)) or clear_up.request(period) is not None


def own_words(prompt: Said, period: PeriodFacts | None, kinds: Sequence[str]) -> OfficePlace:
    """A place of the office with what the units wrote of these kinds, over all tasks."""
    if period is None:
        return OfficePlace(prompt)
    words = tuple(text for kind in kinds for text in tasks.own_words(period, kind, ""))
    return OfficePlace(prompt, words)


def _paragraph(told: Sequence[Said | None]) -> list[Paragraph]:
    kept = tuple(sentence for sentence in told if sentence is not None)
    return [Paragraph(kept)] if kept else []
