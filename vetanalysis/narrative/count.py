"""Sentences about people counted over a year: the running total, what it rests on, and the speed.

What a count rests on: how far it runs, what late units had reported, how counts were corrected. Speed: what
is needed, what was seen, what others managed, and what it takes for a chance of 80 %.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment, RateAssessment, in_its_measure
from vetanalysis.assessment.rates import PACE_INDICATOR
from vetanalysis.blocks import Said, Text
from vetanalysis.language import numbers
from vetanalysis.language.filters import known
from vetanalysis.language.lines import is_line
from vetanalysis.narrative import targets
from vetanalysis.observations.series import Point
from vetanalysis.periods import Cutoff, parse_cutoff
from vetanalysis.plan.model import aim, due


def counted(
    name: str, label: Text, value: float, as_of: str, same_period: float | None = None, since: str = "",
    *, present: bool = False,
) -> Said:  # fmt: skip
    """The total since the year began, held against no goal; against the same period last year where it is given.

    `since`: the first of several years that are counted together. `present`: those who are there on the last day.
    """
    if present:
        return Said("count.total.present", id=name, what=label, value=value, as_of=as_of)
    if since:
        return Said("count.total.over", id=name, what=label, value=value, as_of=as_of, since=since)
    return Said("count.total.alone", id=name, what=label, value=value, as_of=as_of, same_period=same_period)


def cross_checks(
    name: str, median: float, checks: Mapping[str, float], as_of: str, step: str = "quarter", late: int = 0
) -> Said | None:
    """What simpler methods give for the whole year, and why they differ where they lie 10 % apart.

    `late`: units without a report, whose people the count so far holds as they are projected.
    """
    found = {method: value for method, value in checks.items() if known(value)}
    if not found:
        return None
    low, high = min(found.values()), max(found.values())
    methods = tuple(_by(method, value, step) for method, value in found.items())
    apart = low > 0 and high / low > 1.1
    return Said(
        "count.checks", id=name, **found, median=median, as_of=as_of, methods=methods, apart=apart, late=late
    )


def _by(method: str, value: float, step: str) -> Said:
    by_step = f"{method}.{step}"  # the chain ladder is called after the steps that it links
    method = by_step if is_line(f"names.method.{by_step}") else method
    named = is_line(f"names.method.{method}")
    return Said("count.by_method" if named else "count.by_unnamed_method", method=method, value=value)


def counted_to(one: Assessment) -> Said | None:
    """That not all have reported the cut-off, or nobody, and how far the figures go; None where they go that far."""
    since = one.counted_to
    if since in (one.as_of, one.target.period) or one.projection is None:
        return None
    told = {"counted_to": since, "as_of": one.as_of}
    name = f"{one.target.id}.counted_to"
    if isinstance(one, PeopleAssessment) and one.ahead:
        return Said("count.counted_to.some", id=name, **told, ahead=one.ahead, due=one.due)
    return Said("count.counted_to", id=name, **told)


@in_its_measure
def late_known(one: Assessment) -> Said | None:
    """What units without a report for the cut-off had reported before; None where there is nothing of the kind."""
    if not isinstance(one, PeopleAssessment) or not one.late_known or not one.late:
        return None
    key = "count.late_known.itself" if one.so_far is None else "count.late_known"
    name = f"{one.target.id}.late_known"
    return Said(
        key,
        id=name,
        late_known=one.late_known,
        late=len(one.late),
        counted_to=one.counted_to,
        until=one.late_known_to,
    )


def fallen(one: Assessment) -> Said | None:
    """Whose running total of the year fell from one cut-off to the next; None where nobody's did."""
    if not isinstance(one, PeopleAssessment) or not one.fallen:
        return None
    return Said("count.fallen", id=f"{one.target.id}.fallen", fallen=one.fallen, counted_to=one.counted_to)


@in_its_measure
def two_totals(one: Assessment) -> Said | None:
    """That a unit's own figure and the sum of its parts differ, and which is used; None where they do not."""
    if not isinstance(one, PeopleAssessment) or one.two_totals is None or one.so_far is None:
        return None
    own, parts = one.two_totals
    used = "own" if abs(one.so_far - own) < abs(one.so_far - parts) else "parts"
    return Said(
        f"count.two_totals.{used}", id=f"{one.target.id}.two_totals", own=own, parts=parts,
        difference=abs(own - parts), counted_to=one.counted_to,
    )  # fmt: skip


def corrections(one: Assessment, *, only_known: bool = False) -> Said | None:
    """How figures of earlier cut-offs were corrected, and that the range allows for it.

    None where every figure is final, nothing of the year is counted, or, with `only_known`, none was corrected.
    """
    if not isinstance(one, PeopleAssessment) or one.projection is None or one.revision is None:
        return None
    seen = one.revision
    if not seen.provisional or (only_known and not seen.corrected):
        return None
    case = "unknown" if not seen.figures else "some" if seen.corrected else "none"
    said = Said(
        f"count.corrections.{case}",
        id=f"{one.target.id}.corrections",
        **seen._asdict(),
        counted_to=one.counted_to,
    )
    return said.given(together=_together(100 * seen.mean)) if case == "some" else said


def _together(change: float) -> Said:
    """What the corrections come to in all, in per cent of the figures."""
    if abs(change) < 0.05:
        return Said("count.together.hardly")
    return Said(f"count.together.{'down' if change < 0 else 'up'}", change=change)


def _pace(value: float, measure: str, step: str = "quarter") -> Said:
    """A pace in words with its sign: "tăng 2,4 điểm phần trăm mỗi năm", "a rise of 400 people a quarter"."""
    if numbers.printed_change(0, abs(value), measure) == 0:
        return Said("count.pace.none")
    return Said(f"count.pace.{'rise' if value > 0 else 'fall'}", pace=abs(value), measure=measure, step=step)


@in_its_measure
def required_against_seen(one: Assessment, *, with_seen: bool = True) -> Said | None:
    """What is needed from the newest figure to the target's day, against the pace seen; None where none is computed.

    By the year only where whole years are told from the start or the end of one (`_each_year`); a level that is
    reached is held. `with_seen=False` leaves the pace seen out, where the figures behind it may not stand in a signed
    text.
    """
    target, latest = one.target, one.latest
    if isinstance(one, PeopleAssessment) and known(one.pace_required):
        return _people_per_step(one, one.pace_required) if target.operator == ">=" else None
    if latest is None or not known(one.pace_required):
        return None
    name, newest = f"{target.id}.pace", targets.newest(one) or latest
    required = target.value - newest.value
    facts: dict[str, Any] = {
        "required": required,
        "from": newest.period,
        "target": target.value,
        "aim": aim(target),
    }
    better = required > 0 if target.operator == ">=" else required < 0
    if not better:
        return Said("count.required.hold", id=name, **facts, seen=one.pace_seen)
    each = _each_year(one, newest)
    size = targets.short_by(abs(required), newest.value, target)
    facts["need"] = Said(f"count.change.{'rise' if required > 0 else 'fall'}", size=size, each=each)
    if not newest.period.endswith("-FY") or not (with_seen or each):
        return Said("count.required.within", id=f"{name}_required", **facts)
    if not with_seen:
        return Said("count.required.alone", id=f"{name}_required", **facts)
    if not known(one.pace_seen):
        return Said("count.required.none_seen", id=name, **facts, seen=one.pace_seen)
    return Said(
        "count.required", id=name, **facts, seen=one.pace_seen, first=one.points[0].period,
        seen_pace=_pace(one.pace_seen, target.measure),
    )  # fmt: skip


def _each_year(one: Assessment, newest: Point) -> Said | str:
    """What is needed a year on average, with the years; nothing within a year, of one year or of part of one.

    Told in September, a pace by the year would read as if the whole of the year were left.
    """
    target = one.target
    years = range(newest.year + 1, int(target.period[:4]) + 1)
    whole = (
        newest.period.endswith("-FY") and target.of_whole_year and parse_cutoff(one.as_of).months in (0, 12)
    )
    pace = abs(target.value - newest.value) / max(len(years), 1)
    if not whole or len(years) < 2 or numbers.printed_change(0, pace, target.measure) == 0:
        return ""
    return Said("count.change.each", pace=pace, measure=target.measure, first=years[0], last=years[-1])


def _people_per_step(one: PeopleAssessment, required: float) -> Said | None:
    """What is needed until the end; of several steps left the next has its usual part, never an equal share.

    Of a period that is over what its figures so far are short of. None where what is needed is the target itself and no
    more: nothing is done yet, and the target stands in its own sentence.
    """
    target = one.target
    counted, end = parse_cutoff(one.counted_to), parse_cutoff(target.period)
    start = Cutoff(target.first_year, "start")
    left = one.calendar.steps_between(max(counted, start), end)
    over = parse_cutoff(one.as_of) >= end
    still = "last" if left == 1 else "ahead" if counted <= start else "each"
    case = "done" if required <= 0 else "over" if over else still
    needed = required * left
    usual = _usually_next(one, needed) if target.of_whole_year and case == "each" else None
    if required > 0 and usual is None and numbers.rounded(needed) == numbers.rounded(target.value):
        return None
    return Said(
        f"count.steps.{case}", id=f"{target.id}.pace", required=required, needed=needed, steps=left,
        step=one.calendar.step, as_of=one.counted_to, target=target.value, aim=aim(target),
        usual=usual, about=one.about,
        since=one.counted_to if counted < parse_cutoff(one.as_of) else "",
    )  # fmt: skip


def _usually_next(one: PeopleAssessment, needed: float) -> float | None:
    """Of the people still needed those of the next step, by what past years took on then; None without such years."""
    now, year = one.calendar.steps_at(parse_cutoff(one.counted_to)), one.target.first_year
    past = [path for at, path in one.cumulative.items() if at < year]
    whole = [path for path in past if all(known(path.get(at)) for at in (now + 1, one.calendar.steps))]
    whole = [path for path in whole if now == 0 or known(path.get(now))]
    rest = sum(path[one.calendar.steps] - (path[now] if now else 0.0) for path in whole)
    if not whole or rest <= 0:
        return None
    return needed * sum(path[now + 1] - (path[now] if now else 0.0) for path in whole) / rest


def paces_elsewhere(one: Assessment) -> Said | None:
    """How the change needed compares with what other places managed in as many years; None where none are known.

    None within a year, too. The paces are those of the certified share, the only rate published yearly for every
    province.
    """
    if not isinstance(one, RateAssessment) or not one.pace_places:
        return None
    newest = targets.newest(one)
    if (newest is not None and not newest.period.endswith("-FY")) or not one.target.of_whole_year:
        return None  # what is missing is said from that figure on, not by the year
    if not known(one.pace_percentile) or not known(one.pace_required):
        return None
    target, slower = one.target, round(one.pace_percentile * one.pace_places)
    case = "all" if slower == one.pace_places else "none" if slower == 0 else "some"
    allowed = target.operator == ">=" and one.pace_required < 0  # it may still fall
    years = max(one.horizon, 1)
    needed = one.pace_required * years
    size = Said(
        "targets.gap.distance", value=abs(needed), measure=target.measure,
        digits=numbers.decimals_beside(needed, target.value),
    )  # fmt: skip
    return Said(
        "count.elsewhere", id=f"{target.id}.elsewhere", share_slower=one.pace_percentile, paces=one.pace_places,
        required=one.pace_required, years=years, indicator=PACE_INDICATOR, aim=aim(target),
        slower=Said(
            f"count.elsewhere.{'fell' if allowed else 'slower'}.{case}", aim=aim(target),
            share=min(max(100 * one.pace_percentile, 1), 99), fall=size,
            change=Said(f"count.change.{'rise' if needed > 0 else 'fall'}", size=size, each=""),
        ),
    )  # fmt: skip


def for_80(one: Assessment) -> Said | None:
    """The level that has an 80 % chance, and how far from the target it is; None without a projection."""
    target = one.target
    if not known(one.extra_for_80) or not known(one.target_for_80):
        return None
    at_least = target.operator == ">="
    case = "more" if at_least else "less"
    if one.extra_for_80 <= 0:
        case = "already" if at_least else "already.at_most"
    return Said(
        f"count.for_80.{case}", id=f"{target.id}.for_80", extra_for_80=one.extra_for_80,
        target_for_80=one.target_for_80, target=target.value, as_of=one.as_of, measure=target.measure,
        due=due(target), short=numbers.projected_gap(one.target_for_80, target.value, target.measure),
    )  # fmt: skip
