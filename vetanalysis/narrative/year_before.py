"""The year before: what its last report asked units for, what came of it, and which of its counts are others now.

A plan that follows another finds that year in the plan that it follows, one of several years in its own earlier year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from vetanalysis.assessment.assessment import PeopleAssessment
from vetanalysis.assessment.counting import Counted, counted
from vetanalysis.assessment.issued import Issued, Made, issued_reports, last_issued, made_of
from vetanalysis.language.numbers import rounded
from vetanalysis.narrative.asked import Asked, days_of_return
from vetanalysis.narrative.changed import causes_of
from vetanalysis.narrative.clear_up import asked_of
from vetanalysis.narrative.period import PeriodFacts, Revised
from vetanalysis.observations.crosswalk import on_units_of
from vetanalysis.paths import earlier_reports
from vetanalysis.periods import Cutoff, cutoffs, deadline, parse_cutoff
from vetanalysis.returns.matrix import REPORTED, matrix, nobody_reported, standings

if TYPE_CHECKING:
    from vetanalysis.plan import Plan, Target
    from vetanalysis.study import Study


@dataclass(frozen=True, eq=False)
class YearBefore:
    """What the last report on the year before asked for, of `period`, and what is known of it now.

    `issued_on`: the day on which it was signed; `kept`: whether one is kept, signed or made. `found`: what the checks
    found in the returns of its period by its day, settled or not. `behind`: units asked for the causes of a shortfall.
    """

    period: str
    asked: Asked
    found: pd.DataFrame
    issued_on: str = ""
    kept: bool = False
    behind: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class _Report:
    """The last report on the year before: of the plan `of`, as it is kept or else as it could be written on `day`.

    `day`: on which it was signed; of one made that up to which it read; where neither is known, on which it was due.
    """

    of: Plan
    cutoff: Cutoff
    day: str
    issued: Issued | None
    made: Made | None


def _report(study: Study) -> _Report | None:
    """Where the plan begins with this year that of the plan it follows; None without one, or where none was kept."""
    cutoff, unit = Cutoff(study.as_of.year - 1, "FY"), study.unit.code
    of = next((one for one in study.plan.before if one.years[0] <= cutoff.year <= one.years[1]), study.plan)
    if of is study.plan and not of.years[0] <= cutoff.year:
        return None
    signed = [one for one in issued_reports(of.name, study.known_by) if one.as_of == str(cutoff)]
    issued, reports = last_issued(signed, unit, str(study.as_of)), earlier_reports()
    made = None if issued or reports is None else made_of(reports, of.name, unit, cutoff, study.known_by)
    if of is study.plan and issued is None and made is None:
        return None  # its earlier years may hold past figures alone, on which nobody reported
    known = issued.on if issued else made.known_by if made else ""
    day = known or deadline(cutoff, of.calendar, "province").isoformat()
    return _Report(of, cutoff, day, issued, made)


def reported_on(study: Study) -> str:
    """The ISO day whose figures the last report on the year before holds; "" where there was none."""
    report = _report(study)
    return "" if report is None else report.day


def followed_up(study: Study, facts: PeriodFacts) -> YearBefore | None:
    """In the first report of a year: what the last one of the year before asked for; None in any other."""
    first = cutoffs(study.as_of.year, study.plan.calendar)[0]
    report = _report(study) if facts.cutoff == first else None
    if report is None or study.received is None:
        return None
    of_year, kept = _matrix(study, report), bool(report.issued or report.made)
    if not kept and nobody_reported(of_year[of_year["unit"] != report.of.place.code]):
        return None  # its returns were never kept here: nobody can say who owed one
    mine = of_year[
        (of_year["period"] == str(report.cutoff)) & (facts.is_place | (of_year["unit"] == facts.unit))
    ]
    owed = days_of_return(mine, "" if report.made else report.day)
    asked = [unit for unit in owed if not facts.signs(unit)]
    if report.made:
        told = report.made.told("send_now", "units") or []
        late = report.made.told("lateness", "state") not in (None, *REPORTED)
        asked = [unit for unit in told if unit in owed] if facts.is_place else asked if late else []
    found = study.received.findings
    found = found[(found["period"] == str(report.cutoff)) & (facts.is_place | (found["unit"] == facts.unit))]
    versions = (one.reading for one in study.received.all_versions)
    found = found[found["file"].isin([one.file for one in versions if one.received <= report.day])]
    points = report.made.told("clear_up", "findings") if report.made else None
    if points != len(asked_of(found)):
        points = None  # it read returns of another day: nobody can say which of its points are settled
    return YearBefore(
        str(report.cutoff), Asked({unit: owed[unit] for unit in asked}, points=points), found,
        report.issued.on if report.issued else "", kept, _behind(study, facts, report),
    )  # fmt: skip


def _behind(study: Study, facts: PeriodFacts, report: _Report) -> tuple[str, ...]:
    """Units that had told fewer people than their quota by the report's day; none where it counted others."""
    target = next((one for one in study.plan.targets if one.indicator == facts.people), None)
    if not facts.is_place or target is None:
        return ()
    then = _counted_on(study, target, report.day)
    plans, told = then.flow(facts.unit).plans(report.cutoff.year), _people(then, facts.unit, report.cutoff)
    behind = tuple(
        str(unit) for unit in told.index if told[unit] < plans.get(unit, 0.0) and not facts.signs(unit)
    )
    printed = report.made.told("asked_of_units", "count") if report.made else len(behind)
    return behind if printed == len(behind) else ()


def revised(study: Study, facts: PeriodFacts) -> list[Revised]:
    """People counted in the year before, whole and by the same cut-off, that are others than its last report knew.

    `told`: no return that came after the last report of this year moved them, so that one has said it; those by the
    same cut-off no earlier report of this year was about.
    """
    report = _report(study)
    targets = [
        one.target for one in study.assessments
        if isinstance(one, PeopleAssessment) and one.target.indicator == facts.people and one.target.of_whole_year
    ]  # fmt: skip
    if report is None or facts.counted is None or not targets:
        return []
    found, last, day = [], parse_cutoff(facts.before_as_of or str(facts.cutoff)), ""
    if last.months and last.year == study.as_of.year:
        day = facts.issued_on or deadline(last, study.plan.calendar, "province").isoformat()
    for target in targets[:1]:
        printed = _printed(report, facts.people)
        for cutoff in dict.fromkeys((report.cutoff, Cutoff(report.cutoff.year, facts.cutoff.code))):
            now = _people(facts.counted, facts.unit, cutoff)
            then = _people(_counted_on(study, target, report.day), facts.unit, cutoff)
            as_printed = printed if cutoff == report.cutoff else None
            before = float(then.sum()) if as_printed is None else as_printed
            if now.empty or not rounded(before) or rounded(before) == rounded(float(now.sum())):
                continue
            told = cutoff == report.cutoff and bool(day)
            told = told and _people(_counted_on(study, target, day), facts.unit, cutoff).equals(now)
            difference = float(now.sum()) - before
            causes = causes_of(then, now, _came(study, report), report.day, difference)
            known_by = report.day if as_printed is None else ""
            found.append(
                Revised(
                    target.id, str(cutoff), before, float(now.sum()), known_by=known_by, told=told, **causes
                )
            )
    return found


def _printed(report: _Report, people: str) -> float | None:
    """The people that the report said were counted in the whole year; None where none is kept."""
    kept, of = report.issued or report.made, {one.id: one for one in report.of.targets}
    for said in kept.statements if kept else ():
        target = of.get(said.target)
        if target is None or not target.of_whole_year:
            continue
        if (target.indicator, said.period) != (people, str(report.cutoff)):
            continue
        if said.goal is not None and said.gap is not None:
            return said.goal - said.gap * (1 if target.operator == ">=" else -1)
    return None


def _counted_on(study: Study, target: Target, day: str) -> Counted:
    """The counts as the figures known on a day say."""
    from vetanalysis.study import as_known

    def of() -> Counted:
        known_then = study.last if study.last.known_by == day else as_known(study, study.as_of, day)
        return counted(*on_units_of(study.plan, known_then.observations, study.as_of), target, study.as_of)

    return study.part("counted on", study.as_of, target.id, day, of=of)  # type: ignore[no-any-return]


def _people(counts: Counted, unit: str, cutoff: Cutoff) -> pd.Series:
    """People of each unit as reported by a cut-off of an earlier year, also of those gone since.

    Of the place those of each unit directly under it, whichever below it told them.
    """
    flow, step = counts.flow(unit).as_reported, counts.calendar.steps_at(cutoff)
    past = pd.concat([one.lowest.past()[step] for one in (flow, flow.former) if one is not None])
    told = past[past.index.get_level_values("year") == cutoff.year].droplevel("year").dropna().astype(float)
    place = counts.tiers.place
    if unit == place:
        told = told.groupby(
            [counts.tiers.child_above(str(one), place) or str(one) for one in told.index]
        ).sum()
    return told


def _matrix(study: Study, report: _Report) -> pd.DataFrame:
    """Whose returns of the year before came and when, as far as is known now."""
    if study.received is None:
        return matrix(report.of, [])
    received = study.received
    every = standings(report.of, received.all_versions, report.cutoff, received.known_by, None)
    return matrix(report.of, every)


def _came(study: Study, report: _Report) -> dict[str, list[tuple[str, str]]]:
    """The days of each unit's first and last return on the end of the year, also of those it stands for since."""
    cross, days = study.plan.crosswalk, dict[str, list[tuple[str, str]]]()
    into = dict(zip(cross["unit"], cross["successor"], strict=True))
    for row in _matrix(study, report).itertuples():
        if row.period == str(report.cutoff):
            for unit in {row.unit, into.get(row.unit, row.unit)}:
                days.setdefault(unit, []).append((row.first_received, row.received))
    return days
