"""Sentences about a target itself: will it be reached, how far is it, how is it read, when is it likely.

`results` and `prospects` are the two of a report's body, where the period is said once at its top; the others carry
their date and stand in notebooks and in the annex. Here, too: the latest figure of a series and what changed before
it, and the first year in which the target is as likely reached as not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment, in_its_measure
from vetanalysis.assessment.record import MARK, came
from vetanalysis.blocks import Said, Text
from vetanalysis.language import numbers
from vetanalysis.language.chances import status_name
from vetanalysis.language.filters import known
from vetanalysis.observations.series import Point, cited, definition
from vetanalysis.periods import parse_cutoff
from vetanalysis.plan.model import ADMINISTRATIVE, Target, aim, due, wanted

_SAID_OTHERWISE = ("even", "almost_no_chance")  # words that English builds another sentence around
DOUBTFUL = ("medium", "low", "unverified")


def asked_of(assessments: Sequence[Assessment], is_place: bool) -> tuple[Assessment, ...]:
    """The targets that a unit is asked for: those on people, where the plan has any; the plan's place every one."""
    people = tuple(one for one in assessments if one.kind == "people")
    return tuple(assessments) if is_place or not people else people


@in_its_measure
def verdict(one: Assessment) -> Said:
    """The status in words: what became of a target that is judged, else how likely it is with the range.

    Of a unit that was given nothing to reach: that, and what it has counted.
    """
    if not one.target.has_value:
        return _no_quota(one)
    if one.is_judged and not one.is_reached:
        return Said("targets.verdict.missed", maturity=one.points[-1].status)
    if awaits_figure(one):
        case = "contradicted" if one.is_contradicted else "awaited"
        return Said(f"targets.verdict.{case}", own=is_by_estimate(one))
    return Said("targets.verdict", status=one.status, probability=one.probability, past=came(one.past))


def awaits_figure(one: Assessment) -> bool:
    """Whether all that is left to say of a rate is that its period is over and its figure has not come."""
    return one.is_awaited and one.projection is None


def is_by_estimate(one: Assessment) -> bool:
    """Whether a rate is judged by the lead body's own figure, which that body enters and nobody publishes for it."""
    return one.kind == "rate" and one.target.concept == ADMINISTRATIVE


def _no_quota(one: Assessment) -> Said:
    target, until = one.target, None if one.target.of_whole_year else one.target.period
    if one.newest is None:
        return Said("targets.verdict.no_quota", until=until, zero=one.given_zero)
    value, period = one.newest
    before = one.same_period if isinstance(one, PeopleAssessment) and period == one.counted_to else None
    return Said(
        "targets.verdict.no_quota.counted", value=value, same_period=before, done=done(target.counts, value),
        period=None if period == one.as_of else period, until=until, zero=one.given_zero,
    )  # fmt: skip


def done(counts: str, value: float, worded: Said | str = "", to_day: Said | str = "") -> Said:
    """People in the verb of what is counted: "đã tuyển 8.758 người", as a source words them, with their last day."""
    return Said(f"targets.done.{counts or 'counted'}", value=value, worded=worded, to_day=to_day)


def newest(one: Assessment) -> Point | None:
    """The newest figure on the target's own definition, be it an estimate made within the year; None without any."""
    target, latest = one.target, one.latest
    own = (target.indicator, target.base, target.concept)
    within = [
        other.points[-1] for other in one.beside
        if other.points and (other.indicator, other.base, other.concept) == own
    ]  # fmt: skip
    known_ones = [*within, *([latest] if latest else [])]
    return max(known_ones, key=lambda point: parse_cutoff(point.period), default=None)


def has_figures(assessments: Sequence[Assessment]) -> bool:
    """Whether any target has a figure of the year reported on."""
    periods = [point.period for point in map(newest, assessments) if point is not None]
    periods += [one.newest[1] for one in assessments if one.newest is not None]
    return any(period[:4] == one.as_of[:4] for one in assessments[:1] for period in periods)


def illustrative_mark(one: Assessment) -> Said | str:
    """ " (số liệu minh họa)" behind a statement on invented figures; nothing behind one on real ones."""
    return Said("targets.mark") if one.illustrative else ""


def outlook(one: Assessment, *, alone: bool = False) -> Said:
    """How likely a target is, in words with the chance in brackets: "có khả năng đạt (khoảng 70%)".

    Where the word did not hold what came, `alone` with what did, else with the mark of the note under the table.
    """
    # in Vietnamese its words are a number, which is that of the chance
    line = "targets.outlook.even" if one.status == "even" else "targets.outlook"
    told, mark = (came(one.past), "") if alone else ("", MARK if one.past else "")
    return Said(
        line, words=status_name(one.status), probability=one.probability, past=told, mark=mark,
        scope=scope(one) if alone else "",
    )  # fmt: skip


def scope(one: Assessment) -> Said | str:
    """That the source of the figures does not say whom they count, beside a chance told without its evidence."""
    return Said("targets.scope") if one.is_unscoped else ""


def basis(one: Assessment) -> Said:
    """What a projection goes by: the course so far, or earlier years where nobody of the year is counted yet."""
    uncounted = isinstance(one, PeopleAssessment) and one.newest_count is None and not one.late_known
    return Said(f"targets.basis.{('years' if one.points else 'nothing') if uncounted else 'trend'}")


def past(one: Assessment) -> Said | str:
    """What became of earlier statements in the same word, where it did not hold, at length; else nothing."""
    return Said("targets.past", said=one.past[0], share=100 * one.past[1] / one.past[0]) if one.past else ""


def distance(one: Assessment, value: float) -> Said:
    """How far a value is from the target, without its date: "còn thiếu 4,8 điểm phần trăm để đạt 62%"."""
    target = one.target
    at_least = target.operator == ">="
    short = target.value - value if at_least else value - target.value
    there = "none" if short == 0 else "above" if at_least else "below"
    case = ("short" if at_least else "fall") if short > 0 else there
    by = short_by(short, value, target)
    return Said(f"targets.distance.{case}", by=by, goal=target.value, measure=target.measure)


def short_by(short: float, value: float, target: Target) -> Said:
    """How much a figure is away from its target, of both as they are printed; "hardly" where nothing is left of it."""
    printed = numbers.away(value, target.value, target.measure)
    if short != 0 and printed == 0:
        return Said("targets.gap.hardly", digits=numbers.decimals_beside(value, target.value))
    digits = max(numbers.DECIMALS, numbers.decimals_beside(printed, printed))
    return Said("targets.gap.distance", value=printed, measure=target.measure, digits=digits)


def left(one: PeopleAssessment, value: float) -> Said:
    """How many people are missing to the target or more than it, or how far from a number not to be passed."""
    more, limit = one.target.value - value, one.target.operator == "<="
    case = "none" if numbers.rounded(more) == 0 else "short" if more > 0 else "past"
    case = f"limit.{case}" if limit else "lacks" if case == "short" and one.is_judged else case
    return Said(f"targets.left.{case}", people=abs(more), about=one.about)


@in_its_measure
def results(one: Assessment, completed: Said | str = "") -> Said:
    """What was reached so far, before any probability, for the body of a report.

    People against plan and same period, a rate against its target. `completed`: how many units have reached their
    quotas, said of a closed period.
    """
    over = one.is_judged or one.is_reached
    if (
        isinstance(one, PeopleAssessment)
        and known(one.newest_count)
        and (one.target.of_whole_year or not over)
    ):
        return _people_results(one, one.newest_count, completed)
    if over:
        return outcome(one)
    target, point, name = one.target, newest(one), f"{one.target.id}.results"
    if point is None:
        return Said("targets.results.none", id=name, as_of=one.as_of)
    estimated = point.maturity(target.measure) == "estimate"
    facts: dict[str, Any] = {
        "worded": point.worded, "value": point.value, "measure": target.measure, "goal": target.value,
        "period": point.period, "distance": distance(one, point.value), "mark": illustrative_mark(one),
        "point_mark": Said("targets.mark") if point.illustrative else "", "estimated": estimated,
    }  # fmt: skip
    whole = [earlier for earlier in one.points if earlier.period.endswith("-FY") and earlier is not point]
    before = known_before(one)
    if before is not None and before.facts["late"] is not None:
        return Said("targets.results.people.late", id=name, before=before, mark=facts["mark"])
    if isinstance(one, PeopleAssessment):
        unstated = "unstated" if one.scope_unstated else "before"
        return Said(f"targets.results.people.{unstated}", id=name, **facts, as_of=one.as_of)
    if not point.period.endswith("-FY"):
        if not whole:
            return Said("targets.results.within_year.only", id=name, **facts, **_within_year(one, point))
        last = whole[-1]
        return Said(
            "targets.results.within_year", id=name, **facts, before=last.value, before_period=last.period,
            before_worded=last.worded, before_mark=Said("targets.mark") if last.illustrative else "",
        )  # fmt: skip
    return Said("targets.results", id=name, **facts, change=changed(one) or "")


def _within_year(one: Assessment, newest: Point) -> dict[str, Any]:
    """The newest estimate of the year and the one before it, each with its period."""
    known_ones = [*(point for point in one.points if point.period != newest.period), newest][-2:]
    seen = tuple(
        Said(
            "targets.results.within_year.figure", period=point.period, worded=point.worded, value=point.value,
            goal=one.target.value, measure=one.target.measure,
        )
        for point in known_ones
    )  # fmt: skip
    return {"seen": seen, "several": len(seen) > 1}


@in_its_measure
def known_before(one: Assessment) -> Said | None:
    """What a unit without a report had in the year by an earlier one, and in the last whole year; or None."""
    if not isinstance(one, PeopleAssessment) or one.so_far is not None:
        return None
    whole = one.latest if one.latest is not None and one.latest.period.endswith("-FY") else None
    late = one.late_known or None
    if late is None and whole is None:
        return None
    return Said(
        "targets.known_before", late=late, until=one.late_known_to, before=whole and whole.value,
        period=whole and whole.period, worded=whole.worded if whole else "",
    )  # fmt: skip


def changed(one: Assessment) -> Said | None:
    """The change of the last whole year from the figure before, like with like; None where there is none to compare."""
    if len(one.points) < 2:
        return None
    before, latest = one.points[-2], one.points[-1]
    if (before.base, before.concept) != (latest.base, latest.concept) or not latest.period.endswith("-FY"):
        return None
    return Said(
        "targets.changed", before=before.value, latest=latest.value, before_period=before.period,
        measure=one.target.measure, goal=one.target.value,
    )  # fmt: skip


def _people_results(one: PeopleAssessment, value: float, completed: Said | str) -> Said:
    target = one.target
    facts: dict[str, Any] = {
        "value": value, "plan": target.value, "as_of": one.counted_to, "same_period": one.same_period,
        "done": done(target.counts, value, one.worded, one.to_day), "left": left(one, value), "about": one.about,
        "share": 100 * value / target.value if target.value else None, "mark": illustrative_mark(one),
    }  # fmt: skip
    limit, like = target.operator == "<=", {"like": one.alike(value), "of_units": of_units(one)}
    case = "limit" if limit and not one.is_judged else "until"
    if case == "limit" or not target.of_whole_year:
        facts |= {"due": due(target), **like}
        return Said(f"targets.results.people.{case}", id=f"{target.id}.total", **facts)
    if one.is_judged:
        before = one.same_period if known(one.same_period) else None
        ratio = 100 * one.alike(value) / before if before else None
        facts |= {"completed": completed, "ratio": ratio, "limit": limit}
        facts["before"] = f"{target.first_year - 1}-FY"
        return Said("targets.results.people.closed", id=f"{target.id}.total", **facts)
    return Said("targets.results.people", id=f"{target.id}.total", **facts, **like)


def of_units(one: PeopleAssessment) -> Said | str:
    """The same period's own number, and of how many units it is where not all have reported or are new."""
    if not known(one.same_period):
        return ""
    if known(one.compared):
        return Said("targets.of_both", same_period=one.same_period, compared=one.compared)
    case = "units" if one.late and one.received else "all"
    return Said(f"targets.of_{case}", same_period=one.same_period, units=one.received)


@in_its_measure
def prospects(one: Assessment) -> Said | None:
    """How likely it is and what is projected, for the body of a report; None of what is there to be seen already."""
    if one.is_judged or one.is_reached:
        return None
    target = one.target
    if awaits_figure(one):
        facts = {"period": target.period, "own": is_by_estimate(one)}
        if one.is_contradicted:
            here = one.latest is not None and one.latest.period == target.period
            facts |= {"here": here, "reason": one.reason}
        case = "contradicted" if one.is_contradicted else "awaited"
        return Said(f"targets.prospects.{case}", id=f"{target.id}.headline", **facts)
    if one.status == "not_assessed" or not known(one.probability):
        return Said(
            "targets.prospects.none", id=f"{target.id}.headline", status=one.status, as_of=one.as_of,
            reason=one.reason or Said("targets.not_assessed.no_figure"),
        )  # fmt: skip
    people = isinstance(one, PeopleAssessment) and bool(target.value)
    return Said(
        f"targets.prospects{'.people' if people else ''}", id=f"{target.id}.headline", status=one.status,
        probability=one.probability, median=one.median, lower_80=one.lower_80, upper_80=one.upper_80,
        measure=target.measure, goal=target.value, outlook=outlook(one), basis=basis(one), due=due(target),
        as_of=one.as_of, share=100 * one.median / target.value if people and known(one.median) else None,
    )  # fmt: skip


@in_its_measure
def headline(one: Assessment) -> Said:
    """Will the target be reached: words, probability, middle and 80 % range; or why that is not assessed."""
    if one.is_reached or one.is_judged:
        return outcome(one)
    target = one.target
    facts: dict[str, Any] = {"id": f"{target.id}.headline", "as_of": one.as_of, "wanted": wanted(target)}
    if not target.has_value:
        return Said("targets.no_quota", **facts, zero=one.given_zero)
    if one.status == "not_assessed" or not known(one.probability):
        return not_assessed(one)
    return Said(
        f"targets.headline.{one.status}" if one.status in _SAID_OTHERWISE else "targets.headline",
        **facts, target=target.value, status=one.status, probability=one.probability, median=one.median,
        lower_80=one.lower_80, upper_80=one.upper_80, evidence=one.evidence, measure=target.measure, past=past(one),
        scope=scope(one),
    )  # fmt: skip


def outcome(one: Assessment) -> Said:
    """What became of a target whose own period has a figure: reached (and how surely), or not reached."""
    target, latest = one.target, one.points[-1]
    asked = wanted(target)
    if target.operator == ">=":  # in Vietnamese "đạt" is said once, by the verdict
        asked = Said("targets.wanted.once", label=target.label, aim=aim(target), wanted=asked)
    reached = one.status in ("reached", "reached_provisional")
    of = due(target) if target.since else Said("targets.of_period", period=latest.period)
    return Said(
        f"targets.outcome.{'reached' if reached else 'missed'}", id=f"{target.id}.headline", target=target.value,
        value=latest.value, period=latest.period, maturity=latest.status, status=one.status,
        measure=target.measure, wanted=asked, of=of,
    )  # fmt: skip


def not_assessed(one: Assessment) -> Said:
    """That the figures do not allow a judgement, and why."""
    target = one.target
    return Said(
        "targets.not_assessed", id=f"{target.id}.headline", as_of=one.as_of, target=target.value, status=one.status,
        wanted=wanted(target), reason=one.reason or Said("targets.not_assessed.no_figure"),
    )  # fmt: skip


@in_its_measure
def gap(one: Assessment) -> Said:
    """How far the newest figure is from the target: short of it, exactly on it, past it, or unknown."""
    target, latest = one.target, one.latest
    name = f"{target.id}.gap"
    if isinstance(one, PeopleAssessment) and known(one.gap):
        return _people_gap(one, one.gap)
    if latest is None:
        return Said("targets.gap.unknown", id=name, target=target.value, aim=aim(target))
    latest, at_least = newest(one) or latest, target.operator == ">="
    short = (target.value - latest.value) * (1 if at_least else -1)
    if short == 0:
        case = "none"
    elif short < 0:
        case = "above" if at_least else "below"
    else:
        case = "short" if at_least else "fall"
    return Said(
        f"targets.gap.{case}", id=name, gap=short, latest=latest.value, period=latest.period, target=target.value,
        measure=target.measure, distance=short_by(short, latest.value, target), aim=aim(target),
    )  # fmt: skip


def _people_gap(one: PeopleAssessment, gap: float) -> Said:
    """People are counted anew each year: what is missing runs from what the year has counted so far."""
    target, latest = one.target, one.latest
    sign = 1 if target.operator == ">=" else -1
    done = target.value - sign * gap
    facts: dict[str, Any] = {"gap": gap, "so_far": done, "target": target.value, "as_of": one.counted_to}
    if done == 0:
        case = "nothing" if latest is None else "nothing_but_before"
        facts |= {"at": one.as_of}
        if latest is not None:
            facts |= {"before": latest.value, "before_period": latest.period, "worded": latest.worded}
    elif gap == 0:
        case = "none"
    else:
        case = "past" if sign * gap < 0 else "short"
    return Said(f"targets.gap.people.{case}", id=f"{target.id}.gap", **facts, aim=aim(target))


def reading(one: Assessment, *, shared_out: bool = False) -> Said:
    """Where a target is stated (a quota `shared_out` of it), how it is read, what was not taken, what decides."""
    target, stated = one.target, one.target.stated_in
    return Said(
        "targets.reading", id=f"{target.id}.reading", target=target.value, period=target.period, aim=aim(target),
        reading=target.reading, judged_on=target.judged_on, stated=stated,
        section=target.in_the_plan, shared_out=shared_out,
        others=tuple(Said("targets.inside", label=other) for other in target.alternatives),
    )  # fmt: skip


@in_its_measure
def latest_figure(one: Assessment, sources: Mapping[str, Said | Text] | None = None) -> Said:
    """The latest figure with its date, base, concept, maturity and source; or that there is none."""
    target, latest = one.target, one.latest
    name = f"{target.id}.latest"
    if latest is None:
        return Said("targets.latest.none", id=name, as_of=one.as_of, label=target.label)
    said = Said(
        "targets.latest", id=name, value=latest.value, period=latest.period, maturity=latest.maturity(target.measure),
        source=latest.source, vintage=latest.vintage, base=latest.base, concept=latest.concept,
        certainty=latest.certainty, label=target.label, whole=latest.period.endswith("-FY") and not target.since,
        figure=described(latest, target.measure, sources, target.value),
    )  # fmt: skip
    if isinstance(one, PeopleAssessment) and one.scope_unstated:
        return Said("targets.latest.unstated_scope", id=name, **said.facts, scope_unstated=True)
    return said


def described(
    point: Point, measure: str, sources: Mapping[str, Said | Text] | None = None, goal: float | None = None
) -> Said:
    """A figure with what places it: "57,2% năm 2021 (tính trên ..., số chính thức; nguồn: ...)"; `goal`: its target."""
    named = point.source in (sources or {})  # a citation carries its own date
    kind = definition(point.base, point.concept, base_printed=point.base_printed)
    return Said(
        "targets.figure", worded=point.worded, value=point.value, measure=measure, goal=goal, period=point.period,
        kind=(*kind, Said(f"names.maturity.{point.maturity(measure)}")), source=cited(point.source, sources or {}),
        vintage=None if named or not point.vintage else point.vintage,
        certainty=point.certainty if point.certainty in DOUBTFUL else None,
        mark=Said("targets.figure.illustrative") if point.illustrative else "",
    )  # fmt: skip


@in_its_measure
def change_since(one: Assessment) -> Said:
    """The change from the figure before: up, down, none; a missing last year is named, a break refused."""
    target, name = one.target, f"{one.target.id}.change"
    if one.latest is None or len(one.points) < 2:
        period = one.latest.period if one.latest else one.as_of
        return Said("targets.change.no_earlier", id=name, figures=len(one.points), period=period)
    before, latest = one.points[-2], one.latest
    facts = {
        "before": before.value, "before_period": before.period, "latest": latest.value, "period": latest.period,
        "measure": target.measure, "goal": target.value,
    }  # fmt: skip
    if (before.base, before.concept) != (latest.base, latest.concept):
        return Said("targets.change.other_definition", id=name, **facts)
    moved = numbers.printed_change(before.value, latest.value, target.measure, target.value)
    case = "none" if moved == 0 else "up" if moved > 0 else "down"
    digits = numbers.decimals_beside(moved, target.value)
    told = Said(f"targets.change.{case}", id=name, **facts, change=moved, digits=digits)
    if latest.year - before.year > 1:
        return Said(
            "targets.change.after_a_missing_year", id=name, **facts, missing_year=latest.year - 1, told=told
        )
    return told
