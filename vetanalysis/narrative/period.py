"""What a report of a period is written from, gathered once: figures, returns, paths, the last report.

The prompts of the places where the office writes, and what leads up to them, stand here, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from vetanalysis.assessment.assessment import Assessment, PeopleAssessment
from vetanalysis.blocks import Said, Text, same
from vetanalysis.indicators.tally import DIMENSIONS
from vetanalysis.indicators.tiers import SPEAKS_FOR_OTHERS, tiers_of
from vetanalysis.language.filters import known
from vetanalysis.observations.checks import are_totals

if TYPE_CHECKING:
    import pandas as pd

    from vetanalysis.assessment.issued import Statement
    from vetanalysis.assessment.people_projected import YearOfPeople
    from vetanalysis.blocks import Picture
    from vetanalysis.periods import Cutoff
    from vetanalysis.plan import Plan


UNLIKELY = 0.45  # below it the words are "unlikely" or worse
REPORTED = ("on_time", "late", "corrected", "received")


class OfLine(float):
    """A number of the table of indicators that knows its place there; what is worked out of it is a plain number.

    `at`: unit, indicator, period, basis, the breakdown by `DIMENSIONS`, the column.
    """

    at: tuple[str, ...]

    def __new__(cls, value: float, at: tuple[str, ...] = ()) -> OfLine:
        """A number and its place."""
        number = super().__new__(cls, value)
        number.at = at
        return number


def line_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the table of indicators whose numbers know their places."""
    key = tuple(row[name] for name in ("unit", "id", "period", "basis", *DIMENSIONS))
    return {
        name: OfLine(value, (*key, name)) if isinstance(value, float) and value == value else value
        for name, value in row.items()
    }


@dataclass(frozen=True, eq=False)
class PeriodFacts:
    """The facts of one cut-off for one unit, `unit` the plan's place or another.

    `lines`: table of indicators of all units; `older`: the same at the latest cut-off at which half-yearly figures
    were due, with `older_as_of`. `matrix`: one row per unit due in this period. `explanations`, `documents`,
    `findings`: what the returns of this period hold. `year`: the whole place's projected year of people or None;
    `own`: the assessment of people of the unit reported on.
    `before`: what the last report said, of `before_as_of`: as issued on the day `issued_on`, or, with that empty, as it
    could then be written.
    """

    plan: Plan
    cutoff: Cutoff
    unit: str
    lines: pd.DataFrame
    matrix: pd.DataFrame
    explanations: pd.DataFrame
    documents: pd.DataFrame
    findings: pd.DataFrame
    people: str = ""
    year: YearOfPeople | None = None
    own: Assessment | None = None
    older: pd.DataFrame | None = None
    older_as_of: str = ""
    before: tuple[Statement, ...] = ()
    before_as_of: str = ""
    issued_on: str = ""
    figures: Mapping[str, Picture] = field(default_factory=dict)

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

    def inside(self, unit: str) -> Text:
        """A unit's short name inside a sentence; the plan's place as the plan says it (`place.name_in`)."""
        place = self.plan.place
        return place.name_in if unit == place.code and place.name_in else self.called(unit)

    @cached_property
    def by_line(self) -> dict[tuple[str, ...], dict[str, Any]]:
        """Running totals and levels of the report's unit by (unit, indicator, *DIMENSIONS)."""
        return self._lines_of(self.unit)

    def _lines_of(self, unit: str) -> dict[tuple[str, ...], dict[str, Any]]:
        if unit not in self._read:
            mine = self.lines[self.lines["unit"] == unit]
            mine = mine[~((mine["basis"] == "period") & mine["id"].isin(self._running))]
            keys = ["unit", "id", *DIMENSIONS]
            self._read[unit] = {
                tuple(row[key] for key in keys): line_of(row) for row in mine.to_dict("records")
            }
        return self._read[unit]

    @cached_property
    def _read(self) -> dict[str, dict[tuple[str, ...], dict[str, Any]]]:
        return {}

    @cached_property
    def _running(self) -> set[str]:
        return set(self.lines.loc[self.lines["basis"] == "cumulative", "id"])

    def line(self, indicator: str, unit: str = "", **split: str) -> dict[str, Any] | None:
        """The line of an indicator, of the report's unit or another, whole or of one breakdown; None without one."""
        unit = unit or self.unit
        key = (unit, indicator, *(split.get(name, "") for name in DIMENSIONS))
        return self._lines_of(unit).get(key)

    def value(self, indicator: str, unit: str = "", **split: str) -> float | None:
        """The value of a line; None where there is none."""
        found = self.line(indicator, unit, **split)
        return found["value"] if found is not None and known(found["value"]) else None

    def alone(self, indicator: str) -> float | None:
        """The last quarter or month alone of an indicator of the report's unit; None where it is not known."""
        mine = self.lines[
            (self.lines["unit"] == self.unit)
            & (self.lines["id"] == indicator)
            & (self.lines["basis"] == "period")
        ]
        mine = mine[are_totals(mine) & mine["value"].notna()]
        return line_of(mine.iloc[0])["value"] if len(mine) else None

    def of_rows(self, rows: tuple[int, ...]) -> list[dict[str, Any]]:
        """Whole lines of the report's unit for these rows of the plan that have a figure, in the plan's order."""
        found = [row for key, row in self.by_line.items() if not any(key[2:])]
        numbers = set(rows)
        return [
            row for row in found if known(row["row"]) and int(row["row"]) in numbers and known(row["value"])
        ]

    def as_reported(self, one: Assessment) -> Assessment:
        """An assessment of people whose counts are those reported for this very period.

        Units without a report keep out of the running total, and the same period is that of the units that reported;
        the projection, which draws them, stays.
        """
        if not isinstance(one, PeopleAssessment) or one.received is None or not one.target.of_whole_year:
            return one
        line = self.line(one.target.indicator, one.unit)
        if line is None or one.projection is None or one.counted_to != str(self.cutoff):
            return one
        value = line["value"] if line["value"] == line["value"] else None
        index = line["index_last_year"]
        before = 100 * value / float(index) if value is not None and index == index and index else None
        counted = replace(one, so_far=value, same_period=before)
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
    def estimate(self) -> tuple[float, float, float] | None:
        """Median and 80 % range of the reported unit's whole year; None where it is not projected."""
        one = self.own
        if one is None or one.projection is None:
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
            if code in told and above == tiers.place and tiers.kind[code] not in SPEAKS_FOR_OTHERS
        ]  # fmt: skip

    @property
    def behind(self) -> pd.DataFrame:
        """Units below the common share by more than chance that are also unlikely to reach their quota.

        Both, because intake has its season: colleges take in after the summer and stand low before it.
        """
        assert self.year is not None
        units = self.year.units
        return units[(units["side"] == "behind") & (units["probability"] < UNLIKELY)]

    @cached_property
    def missing(self) -> list[str]:
        """Units whose return of this period has not come or was refused."""
        return list(self.matrix.loc[~self.matrix["state"].isin([*REPORTED, "not_due"]), "unit"])

    def said(self, kind: str, ref: str = "") -> pd.DataFrame:
        """What the units wrote: rows of `explanations` of a kind ("difficulties", ...), of one task or of all."""
        mine = self.explanations[self.explanations["kind"] == kind]
        return mine[mine["ref"] == ref] if ref else mine


LEADS = {kind: Said(f"report.lead.{kind}") for kind in ("difficulties", "causes", "proposals")}
OWN_LEADS = {kind: Said(f"report.own_lead.{kind}") for kind in ("difficulties", "causes", "proposals")}
SHEET = {
    part: Said(f"report.sheet.{part}") for part in ("prospects", "ahead", "results", "reporting", "next")
}
PROMPTS = {
    part: Said(f"report.prompt.{part}")
    for part in ("unit", "direction", "task", "funding", "causes", "next", "proposals")
}
