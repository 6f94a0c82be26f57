"""What a report of a period is written from, gathered once: figures, returns, paths, the last report.

The prompts of the places where the office writes, and what leads up to them, stand here, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment
from vetanalysis.assessment.evidence import lower_limit
from vetanalysis.assessment.seasons import Season, at_same_point, season_of
from vetanalysis.blocks import Said, Text, same
from vetanalysis.indicators.placed import Lines, is_of_few, known_lines, line_of
from vetanalysis.indicators.tally import DIMENSIONS
from vetanalysis.indicators.tiers import tiers_of
from vetanalysis.language.filters import known
from vetanalysis.observations.checks import are_totals
from vetanalysis.periods import Cutoff, cutoff_day, following
from vetanalysis.returns.matrix import REPORTED, nobody_reported

if TYPE_CHECKING:
    from vetanalysis.assessment.counting import Counted
    from vetanalysis.assessment.flows import Flow
    from vetanalysis.assessment.issued import Statement
    from vetanalysis.assessment.people_projected import YearOfPeople
    from vetanalysis.assessment.record import Past
    from vetanalysis.blocks import Picture
    from vetanalysis.narrative.asked import Asked
    from vetanalysis.narrative.changed import Changed
    from vetanalysis.narrative.year_before import YearBefore
    from vetanalysis.plan import Plan, Signatory


def signatory(plan: Plan, cutoff: Cutoff) -> Signatory | None:
    """Who signs a report of this cut-off: whoever holds the office on the first day after it."""
    return plan.signatory_on(cutoff_day(cutoff, plan.calendar) + timedelta(days=1))


def committee(plan: Plan, unit: str) -> Said | None:
    """The committee that answers for a district where the decree holds; None for any other unit."""
    one = plan.unit(unit)
    of_district = plan.is_decree_30 and one.kind == "district"
    return Said("outlook.committee", label=one.label, unit=one.short) if of_district else None


def signs(plan: Plan, cutoff: Cutoff, unit: str) -> bool:
    """Whether a unit of the plan is the body that signs a report of this cut-off."""
    signing, one = signatory(plan, cutoff), plan.unit(unit)
    names = {name.casefold() for name in (one.name, one.short_name, *one.aliases)}
    return signing is not None and signing.organisation.vi.casefold() in names


#: Below these the words are "very unlikely", and "unlikely" or worse.
VERY_UNLIKELY, UNLIKELY = (lower_limit(status) for status in ("unlikely", "even"))
#: Words that open the name of a place.
KINDS_OF_PLACE = frozenset(["tỉnh", "thành", "huyện", "quận", "thị", "xã", "phường"])


class Revised(NamedTuple):
    """A figure of a target that was another when the last report was made: of `period`, in the target's measure.

    `late`, `again`, `later`: units whose return came after that report, came again, or told the figure only with a
    later return, each with the people it adds; none where the figure was published, and where they do not add up to
    the difference. `known_by`: the ISO day by which `before` was known, where no report is kept that printed it.
    `below`: units whose own return had not come by then, with the people that those below them had reported.
    `told`: an earlier report has said it, so that the annex alone repeats it.
    """

    target: str
    period: str
    before: float
    now: float
    late: tuple[tuple[str, float], ...] = ()
    again: tuple[tuple[str, float], ...] = ()
    later: tuple[tuple[str, float], ...] = ()
    known_by: str = ""
    below: tuple[tuple[str, float], ...] = ()
    told: bool = False


@dataclass(frozen=True, eq=False)
class PeriodFacts:
    """The facts of one cut-off for one unit, `unit` the plan's place or another.

    `lines`: table of indicators of all units, `by_key` its running totals and levels for look-ups; `older`: the table
    at the latest cut-off at which half-yearly figures were due; `earlier`: the place's lines of earlier cut-offs of
    the year, the latest first, of what it lacks now. `matrix`: one row per unit due. `explanations`, `findings`: what
    the returns of this period hold, `found_before`: what was found in earlier ones of the year; `documents`: those
    named in the year so far. `year`: the place's projected year of people or None; `counted`: the counts of people
    behind it, of all units and years; `own`: the unit's assessment of people.
    `before`: what the last report said, of `before_as_of`: as issued on the day `issued_on`, with that empty as it was
    made; where no report is kept as it could then have been written, from what was known on `before_known_by`.
    `revised`: figures of targets that are others now; `changed`: of all that reports printed of the place.
    `asked_before`: what it asked for by a day that has come; `not_sent`: earlier periods the unit sent no return of.
    `year_before`: in the first report of a year what the last one of the year before asked for.
    `not_held`: words on people that did not hold, by status.
    """

    plan: Plan
    cutoff: Cutoff
    unit: str
    lines: pd.DataFrame
    matrix: pd.DataFrame
    explanations: pd.DataFrame
    documents: pd.DataFrame
    findings: pd.DataFrame
    found_before: pd.DataFrame | None = None
    by_key: Lines | None = None
    people: str = ""
    year: YearOfPeople | None = None
    counted: Counted | None = None
    own: Assessment | None = None
    older: pd.DataFrame | None = None
    earlier: pd.DataFrame | None = None
    before: tuple[Statement, ...] = ()
    before_as_of: str = ""
    issued_on: str = ""
    before_known_by: str = ""
    revised: tuple[Revised, ...] = ()
    changed: tuple[Changed, ...] = ()
    not_held: Mapping[str, Past] = field(default_factory=dict)
    asked_before: Asked | None = None
    year_before: YearBefore | None = None
    not_sent: tuple[str, ...] = ()
    figures: Mapping[str, Picture] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.by_key is None:
            object.__setattr__(self, "by_key", Lines.of_table(self.lines))

    @property
    def is_place(self) -> bool:
        """Whether the report is about the whole place."""
        return self.unit == self.plan.place.code

    @cached_property
    def names(self) -> dict[str, Text]:
        """Short name of every unit."""
        return self.plan.short_names()

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Kind of every unit."""
        frame = self.plan.units.drop_duplicates("code", keep="last")
        return dict(zip(frame["code"], frame["kind"], strict=True))

    def called(self, unit: str) -> Text:
        """A unit's short name; its code where the plan does not know it."""
        return self.names.get(unit, same(unit))

    def inside(self, unit: str) -> Said | Text:
        """A unit inside a sentence: "huyện Hữu Lũng", a short name; the plan's place as the plan says it."""
        place = self.plan.place
        if unit == place.code and place.name_in:
            return place.name_in
        if unit not in self.names:
            return self.called(unit)
        label, called = self.plan.unit(unit).label, self.called(unit)
        of_place = label.vi.split()[0].lower() in KINDS_OF_PLACE
        return Said("opening.kind_of_place", label=label, unit=called) if of_place else called

    def asked(self, unit: str) -> Said | Text:
        """Whom a request to a unit goes to: a district's committee where the decree holds, else the unit."""
        return (committee(self.plan, unit) if unit in self.names else None) or self.inside(unit)

    @property
    def by_line(self) -> Mapping[tuple[str, ...], dict[str, Any]]:
        """Running totals and levels of the report's unit by (unit, indicator, *DIMENSIONS)."""
        return {} if self.by_key is None else self.by_key.of(self.unit)

    def line(self, indicator: str, unit: str = "", **split: str) -> dict[str, Any] | None:
        """The line of an indicator, of the report's unit or another, whole or of one breakdown; None without one."""
        unit = unit or self.unit
        key = (unit, indicator, *(split.get(name, "") for name in DIMENSIONS))
        return (self.by_line if unit == self.unit else self.by_key or {}).get(key)

    def value(self, indicator: str, unit: str = "", **split: str) -> float | None:
        """The value of a line; None where there is none."""
        found = self.line(indicator, unit, **split)
        return found["value"] if found is not None and known(found["value"]) else None

    def stands(self, line: Mapping[str, Any]) -> bool:
        """Whether a line has a figure that may be told: of a sum enough of those who send it have one.

        People of the year's target stand always: how many units they are of is said with them.
        """
        return known(line["value"]) and (line["id"] == self.people or not is_of_few(line))

    def alone(self, indicator: str) -> float | None:
        """The last quarter or month alone of an indicator of the report's unit; None where it is not known."""
        return self._alone.get(indicator, {}).get("value")

    @cached_property
    def _alone(self) -> dict[str, dict[str, Any]]:
        mine = self.lines[(self.lines["unit"] == self.unit) & (self.lines["basis"] == "period")]
        return {one: line for one, line in known_lines(mine[are_totals(mine)]).items() if self.stands(line)}

    @cached_property
    def older_lines(self) -> dict[str, dict[str, Any]]:
        """Lines of the report's unit in `older` with a figure, by indicator: the whole, else one by source of money."""
        if self.older is None:
            return {}
        mine = self.older[(self.older["unit"] == self.unit) & (self.older["basis"] != "period")]
        return known_lines(mine[are_totals(mine, but=("fund_source", "channel"))])

    def latest(self, line: dict[str, Any]) -> dict[str, Any]:
        """A line, or where it has no figure that may be told the latest of the year that may, with its period."""
        return line if self.stands(line) else self._carried.get(line["id"], line)

    @cached_property
    def _carried(self) -> dict[str, dict[str, Any]]:
        if self.earlier is None:
            return {}
        mine = self.earlier[self.earlier["unit"] == self.unit].to_dict("records")
        return {line["id"]: line_of(line) for line in reversed(mine) if self.stands(line)}

    def of_rows(self, rows: tuple[int, ...]) -> list[dict[str, Any]]:
        """Whole lines of the report's unit for these rows of the plan that have a figure, in the plan's order."""
        found = [self.latest(row) for key, row in self.by_line.items() if not any(key[2:])]
        numbers = set(rows)
        return [row for row in found if known(row["row"]) and int(row["row"]) in numbers and self.stands(row)]

    def as_reported(self, one: Assessment) -> Assessment:
        """An assessment of people whose counts are those reported for this very period.

        Units without a report keep out of the running total, and the same period is that of the units that reported
        and have one; the projection, which draws the others, stays.
        """
        if not isinstance(one, PeopleAssessment) or one.received is None or not one.target.of_whole_year:
            return one
        level = self.plan.level_of(one.target)
        line = None if level is None else self.line(one.target.indicator, one.unit, level=level)
        if line is None or one.projection is None or one.counted_to != str(self.cutoff):
            return one
        value = line["value"] if known(line["value"]) else None
        before = line["last_year_value"] if known(line["last_year_value"]) else None
        alike = None if before is None or value is None else before + line["change_last_year"]
        if (
            alike is not None and abs(alike - value) < 0.5
        ):  # parts of units that were divided are no whole numbers
            alike = None
        counted = replace(one, so_far=value, same_period=before, compared=alike)
        if self.is_place and self.year is not None:
            late = tuple(self.names[unit] for unit in self.year.late)
            counted = replace(counted, late_codes=tuple(self.year.late), late=late)
        if value is None:
            return replace(counted, gap=None, pace_required=None)
        left = self.steps_left
        gap = (one.target.value - value) * (1 if one.target.operator == ">=" else -1)
        pace = max(one.target.value - value, 0.0) / left if left else None
        return replace(counted, gap=gap, pace_required=pace)

    @property
    def steps_left(self) -> int:
        """Quarters, or months, from the cut-off to the end of the year."""
        return self.plan.calendar.steps - self.plan.calendar.steps_at(self.cutoff)

    @property
    def closed(self) -> bool:
        """Whether the year is over: it has results, and nothing is expected of it any more."""
        return self.steps_left == 0

    @property
    def step(self) -> int:
        """How many quarters, or months, of the year are over."""
        return self.plan.calendar.steps_at(self.cutoff)

    @cached_property
    def _flow(self) -> Flow | None:
        return None if self.counted is None else self.counted.flow(self.plan.place.code)

    @cached_property
    def _flow_of_unit(self) -> Flow | None:
        return None if self.counted is None else self.counted.flow(self.unit)

    def past_years(self, unit: str = "", level: str | None = None) -> pd.DataFrame | None:
        """Past years of a unit (the one reported on), all levels or one: index year, columns 1 to 4 or 12.

        None where people are not counted by any target.
        """
        unit, flow = unit or self.unit, self._flow
        if self.counted is None or flow is None:
            return None
        if unit == self.plan.place.code:
            return flow.years(level)
        if unit not in flow.units:
            return self.counted.flow(unit).years(level)
        past = flow.past(level) if level else self._past
        return past.xs(unit, level="unit") if unit in past.index else past.droplevel("unit").iloc[:0]

    @cached_property
    def _past(self) -> pd.DataFrame:
        assert self._flow is not None
        return self._flow.past()

    def counted_by(self, cutoff: Cutoff) -> float | None:
        """People of the unit reported on, counted by a cut-off of the year as known now; None where that is not told.

        The sum of the units that have reported it, as in the table of indicators.
        """
        step = self.plan.calendar.steps_at(cutoff)
        flow = self._flow_of_unit
        if flow is None or cutoff.year != self.cutoff.year or not 0 < step <= self.step:
            return None
        people = flow.told_at(step)
        return float(people.sum()) if len(people) else None

    def last_reported(self, unit: str = "") -> tuple[Cutoff, float] | None:
        """The last earlier cut-off of the year that a unit reported on, with its people then; None without any."""
        flow = None if self.counted is None else self.counted.flow(unit or self.unit)
        if flow is None:
            return None
        now = flow.as_reported.lowest.current()
        for step in range(self.step - 1, 0, -1):
            people = float(now[step].sum(min_count=1)) if step in now else float("nan")
            if known(people):
                return self.plan.calendar.cutoff(self.cutoff.year, step), people
        return None

    def counts(self, unit: str) -> bool:
        """Whether the people of a unit are among those counted for the unit reported on."""
        return self._flow_of_unit is not None and unit in self._flow_of_unit.lowest.units

    def season(self, unit: str = "", level: str | None = None) -> Season | None:
        """The usual course of a unit's year, all levels or one; None where a step of it is known of no year."""
        years = self.past_years(unit, level)
        return None if years is None or years.empty else season_of(years)

    def course(self, unit: str = "") -> Season | None:
        """The usual course of a unit's year, else that of the place's; None where no earlier year is known."""
        return self.season(unit) or self.season(self.plan.place.code)

    def usual(self, unit: str = "", level: str | None = None) -> float | None:
        """The share of a year's people in percent that a unit usually has by now; None where no past year tells."""
        season = self.season(unit, level)
        return None if season is None or not self.step else 100 * season.by(self.step)

    def needed_by(self, left: float, unit: str = "") -> float | None:
        """Of `left` people missing now those due by the next cut-off, by the season of the unit or else of the place.

        None where no past year tells, and where the next cut-off is the year's end.
        """
        season = self.course(unit)
        if season is None or self.steps_left < 2:
            return None
        return season.needed_by(self.step + 1, left, at=self.step)

    @property
    def next_cutoff(self) -> Cutoff:
        """The cut-off after this one."""
        return following(self.cutoff, self.plan.calendar)

    @cached_property
    def same_point(self) -> pd.DataFrame:
        """Up to three past years at this point of the year beside this one: see `at_same_point`. Empty without any."""
        flow = self._flow if self.is_place else self._flow_of_unit
        return at_same_point(flow if flow is not None and self.step <= flow.step else None, self.step)

    @property
    def estimate(self) -> tuple[float, float, float] | None:
        """Median and 80 % range of the reported unit's whole year; None where it is not projected, or is over."""
        one = self.own
        if one is None or one.projection is None or self.closed:
            return None
        if one.median is None or one.lower_80 is None or one.upper_80 is None:
            return None
        return float(one.median), float(one.lower_80), float(one.upper_80)

    @cached_property
    def carriers(self) -> list[str]:
        """Units directly under the place with a quota of people in the year, in the plan's order."""
        if self.year is not None:
            return list(self.year.units.index)
        quotas, tiers = self.plan.quotas_of(self.people), tiers_of(self.plan)
        given = quotas.loc[quotas["period"] == f"{self.cutoff.year}-FY", "unit"]
        tops = (tiers.child_above(unit, tiers.place) for unit in given)
        return list(dict.fromkeys(unit for unit in tops if unit))

    @cached_property
    def without_quota(self) -> list[str]:
        """Units directly under the place that have a figure of people and no quota in or below them."""
        tiers = tiers_of(self.plan)
        mine = self.lines[(self.lines["id"] == self.people) & (self.lines["basis"] == "cumulative")]
        told = set(mine.loc[mine["value"].notna(), "unit"]) - set(self.carriers)
        return [
            code for code, above in tiers.parent.items()
            if code in told and above == tiers.place and not tiers.speaks_for_others(code)
        ]  # fmt: skip

    @cached_property
    def behind(self) -> pd.DataFrame:
        """Units that reported and are unlikely to reach their quota, the least likely first; after the year below it.

        Their chances rest on their own course of earlier years: colleges take in after the summer and stand low before.
        """
        assert self.year is not None
        units = self.year.units
        if self.closed:
            return units[units["counted"] < units["plan"]].sort_values("share_of_plan", kind="stable")
        unlikely = units["counted"].notna() & (units["probability"] < UNLIKELY)
        return units[unlikely].sort_values("probability", kind="stable")

    @cached_property
    def missing(self) -> list[str]:
        """Units whose return of this period has not come or was refused."""
        return list(self.matrix.loc[~self.matrix["state"].isin([*REPORTED, "not_due"]), "unit"])

    @property
    def is_silent(self) -> bool:
        """Whether units other than the place must report for the period and none has: a reminder is written then."""
        return nobody_reported(self.matrix[self.matrix["unit"] != self.plan.place.code])

    def signs(self, unit: str) -> bool:
        """Whether a unit is the body that signs the report of this cut-off."""
        return unit in self.names and signs(self.plan, self.cutoff, unit)

    def said(self, kind: str, ref: str = "") -> pd.DataFrame:
        """What the units wrote: rows of `explanations` of a kind ("difficulties", ...), of one task or of all."""
        mine = self.explanations[self.explanations["kind"] == kind]
        return mine[mine["ref"] == ref] if ref else mine


LEADS = {kind: Said(f"report.lead.{kind}") for kind in ("difficulties", "causes", "proposals")}
OWN_LEADS = {kind: Said(f"report.own_lead.{kind}") for kind in ("difficulties", "causes", "proposals")}
SHEET = {part: Said(f"report.sheet.{part}") for part in ("results", "reporting", "own")}
_PROMPTS = ("unit", "direction", "task", "funding", "causes", "next", "proposals")
PROMPTS = {part: Said(f"report.prompt.{part}") for part in _PROMPTS}
