"""Reporting periods of a plan year: cut-offs, the days they count, the day a report is due.

A plan year starts on any day of the year and is named by the calendar year in which it starts. Two rules say
which days a period counts:

- `decree-09-2019`: Decree 09/2019/NĐ-CP, article 12: from day 15 of the month before the period to day 14 of
  its last month. The decree does not define nine months; they are the windows of three quarters together.
  A month alone counts from day 15 of the month before to its own day 14.
- `calendar`: the whole months themselves, from the first to the last day.

Article 8.5 of the decree leaves at least one working day between the cut-off and the deadline, set per level.
"""

from __future__ import annotations

import calendar as months
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import total_ordering
from typing import Any

from vetanalysis.blocks import Said
from vetanalysis.checks import nearest
from vetanalysis.errors import WrongCall

_OF_QUARTERS = {0: "start", 3: "Q1", 6: "H1", 9: "9M", 12: "FY"}
CUMULATIVE = {_OF_QUARTERS.get(months, f"M{months:02d}"): months for months in range(13)}
ALONE = {"Q2": 6, "Q3": 9, "Q4": 12}
CODES = (*CUMULATIVE, *ALONE)
SECOND_NAMES = {"M03": "Q1", "M06": "H1", "M09": "9M", "M12": "FY"}
# A period as figures state it.
PERIOD = r"\d{4}-(?:start|Q[1-4]|H1|9M|FY|M(?:0[1-9]|1[0-2]))"
STEPS = {"quarter": 4, "month": 12}
MONTHS_OF = {"M": 1, "Q": 3, "H": 6, "Y": 12}  # how often something is sent
YEARS_BESIDE = 3  # years whose count at the same point of the year stands beside this one's
WINDOW_RULES = ("decree-09-2019", "calendar")
# Days off that fall on the same date every year (Labour Code, article 112); the lunar ones go into the plan.
FIXED_HOLIDAYS = ("01-01", "04-30", "05-01", "09-02")

_PATTERN = re.compile(r"(\d{4})-(\w+)")


@total_ordering
@dataclass(frozen=True, slots=True)
class Cutoff:
    """A cut-off of a plan year, or a quarter alone.

    `code`: `start` (nothing of the year is counted yet), `Q1`, `H1`, `9M`, `FY` since the year began, `M01`
    to `M11` to the end of that month of the plan year (`M03`, `M06`, `M09` are `Q1`, `H1`, `9M`), `Q2`, `Q3`,
    `Q4` for that quarter alone (the first quarter alone is `Q1`). Ordered by the time they end; a quarter
    alone comes after the cumulative cut-off of the same day.
    """

    year: int
    code: str

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise WrongCall(Said("calls.period_code", given=repr(self.code), known=CODES))

    @property
    def months(self) -> int:
        """How many months of the year have gone by at its end, 0 to 12."""
        return CUMULATIVE.get(self.code, ALONE.get(self.code, 0))

    @property
    def alone(self) -> bool:
        """True for a quarter alone (`Q2`, `Q3`, `Q4`): it does not count what came before."""
        return self.code in ALONE

    @property
    def end(self) -> Cutoff:
        """The cut-off at which a quarter alone ends; any other is its own."""
        return Cutoff(self.year, tuple(CUMULATIVE)[self.months])

    def _key(self) -> tuple[int, int, bool]:
        return (self.year, self.months, self.alone)

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Cutoff):
            return NotImplemented
        return self._key() < other._key()

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.code}"


@dataclass(frozen=True, slots=True)
class Calendar:
    """When the plan year starts, how often it is counted, which days a period counts, how long a sender has.

    `year_starts`: "MM-DD". `step`: "quarter" (cut-offs Q1, H1, 9M, FY) or "month" (each of the twelve months).
    `deadline_working_days`: working days after the cut-off by kind of sender (`district`, `institution`, `body`,
    `province`), with `default` for the rest; never less than one.
    `fixed_holidays`: days off of every year, "MM-DD"; those of Viet Nam unless the plan lies elsewhere or says others.
    `holidays`: ISO days off besides, for instance those of the lunar new year.
    """

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012 - read by pydantic, not a field

    year_starts: str = "01-01"
    window_rule: str = "decree-09-2019"
    step: str = "quarter"
    deadline_working_days: Mapping[str, int] = field(default_factory=lambda: {"default": 1})
    holidays: tuple[str, ...] = ()
    fixed_holidays: tuple[str, ...] = FIXED_HOLIDAYS

    @property
    def start_month(self) -> int:
        """Month in which the plan year starts, 1 to 12."""
        return int(self.year_starts[:2])

    @property
    def start_day(self) -> int:
        """Day of that month."""
        return int(self.year_starts[3:])

    @property
    def steps(self) -> int:
        """How many cut-offs a plan year has: 4 quarters or 12 months."""
        return STEPS[self.step]

    def steps_at(self, cutoff: Cutoff) -> int:
        """How many steps of the year have gone by at a cut-off, 0 to `steps`; within a quarter: whole ones."""
        return cutoff.months * self.steps // 12

    def steps_between(self, first: Cutoff, last: Cutoff) -> int:
        """How many steps lie between two cut-offs, also of different years."""
        return (last.year - first.year) * self.steps + self.steps_at(last) - self.steps_at(first)

    def cutoff(self, year: int, step: int) -> Cutoff:
        """The cut-off after so many steps of a plan year, 0 to `steps`."""
        return Cutoff(year, tuple(CUMULATIVE)[step * 12 // self.steps])

    def alone(self, cutoff: Cutoff) -> str:
        """The period of the last step before a cut-off alone: `2023-Q3`, `2023-M08` (with `basis=period`)."""
        months = f"M{cutoff.months:02d}"
        return f"{cutoff.year}-{months if self.step == 'month' else f'Q{self.steps_at(cutoff)}'}"

    def has(self, cutoff: Cutoff) -> bool:
        """Whether figures are counted to this cut-off, not to a month of a plan that counts by quarter."""
        return not cutoff.alone and cutoff.months * self.steps % 12 == 0

    def problems(self) -> dict[str, Said]:
        """What is wrong, by key; empty when the calendar can be used."""
        found: dict[str, Said] = {}
        start = self.year_starts
        if not re.fullmatch(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", start):
            found["year_starts"] = Said("plan.calendar.not_a_day", given=start)
        elif self.start_day > months.monthrange(2023, self.start_month)[1]:
            found["year_starts"] = Said("plan.calendar.not_every_year", given=start)
        elif self.window_rule == "decree-09-2019" and self.start_day != 1:
            found["year_starts"] = Said("plan.calendar.by_months", given=start)
        if self.window_rule not in WINDOW_RULES:
            near = nearest(self.window_rule, WINDOW_RULES)
            known = (near,) if near else WINDOW_RULES
            found["window_rule"] = Said("plan.calendar.no_rule", given=repr(self.window_rule), known=known)
        if self.step not in STEPS:
            found["step"] = Said("plan.calendar.no_step", given=repr(self.step), known=tuple(STEPS))
        for kind, days in self.deadline_working_days.items():
            if not 1 <= days <= 250:
                found[f"deadline_working_days.{kind}"] = Said("plan.calendar.working_days", given=days)
        for day in self.holidays:
            if parse_day(day) is None:
                found["holidays"] = Said("plan.calendar.holiday", given=day)
        for day in self.fixed_holidays:
            if parse_day(f"2024-{day}") is None:
                found["fixed_holidays"] = Said("plan.calendar.fixed_holiday", given=day)
        return found


def parse_day(text: str) -> date | None:
    """An ISO day `YYYY-MM-DD`, or None when the text is empty or not such a day."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text or ""):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def parse_cutoff(text: str | Cutoff) -> Cutoff:
    """`"2023-9M"` (or `"2023-M09"`) as a `Cutoff`; anything else is a WrongCall that says what would be right."""
    if isinstance(text, Cutoff):
        return text
    match = _PATTERN.fullmatch(str(text).strip())
    by_upper = {code.upper(): code for code in CODES} | SECOND_NAMES
    code = by_upper.get(match[2].upper()) if match else None
    if match is None or code is None:
        example = tuple(f"2023-{code}" for code in ("start", "Q1", "H1", "9M", "FY", *ALONE, "M08"))
        raise WrongCall(Said("calls.period", given=repr(text), example=example))
    return Cutoff(int(match[1]), code)


def find_cutoff(text: str) -> Cutoff | None:
    """The cut-off that a text names, None where it names none.

    >>> str(find_cutoff("2023-9M")), find_cutoff("9 months")
    ('2023-9M', None)
    """
    try:
        return parse_cutoff(text)
    except WrongCall:
        return None


def by_one_name(period: Any) -> Any:
    """A cut-off that has two names by its first: `2023-M09` is `2023-9M`; anything else as it is.

    Not for a month alone (`basis=period`), which is another thing than its quarter.
    """
    year, mark, code = period.partition("-") if isinstance(period, str) else ("", "", "")
    return f"{year}{mark}{SECOND_NAMES[code]}" if code in SECOND_NAMES else period


def cutoffs(year: int, calendar: Calendar, start: bool = False) -> tuple[Cutoff, ...]:
    """The reporting cut-offs of a plan year in order; `start=True` puts the empty one first."""
    return tuple(calendar.cutoff(year, step) for step in range(0 if start else 1, calendar.steps + 1))


def same_last_year(cutoff: Cutoff) -> Cutoff:
    """The same cut-off one year earlier ("cùng kỳ năm trước")."""
    return Cutoff(cutoff.year - 1, cutoff.code)


def previous(cutoff: Cutoff, calendar: Calendar) -> Cutoff:
    """The reporting cut-off before: H1 before 9M, the full year before for the first one and for `start`."""
    step = calendar.steps_at(cutoff)
    return calendar.cutoff(cutoff.year, step - 1) if step > 1 else Cutoff(cutoff.year - 1, "FY")


def following(cutoff: Cutoff, calendar: Calendar) -> Cutoff:
    """The reporting cut-off after: the first one of the next year after the full year."""
    step = calendar.steps_at(cutoff)
    if step < calendar.steps:
        return calendar.cutoff(cutoff.year, step + 1)
    return calendar.cutoff(cutoff.year + 1, 1)


def is_due(often: Iterable[str], cutoff: Cutoff) -> bool:
    """Whether what is sent every month (M), quarter (Q), half year (H) or year (Y) is due at a cut-off of the plan."""
    return any(cutoff.months and cutoff.months % MONTHS_OF[one] == 0 for one in often if one in MONTHS_OF)


def window(cutoff: Cutoff, calendar: Calendar) -> tuple[date, date]:
    """First and last day counted, both inclusive.

    For `start` the window is empty: it ends the day before it begins.

    Examples under Decree 09/2019: Q1 2023 counts 15/12/2022 to 14/3/2023, the year 15/12/2022 to 14/12/2023.
    """
    before = cutoff.months - 3 if cutoff.alone else 0
    return _boundary(cutoff.year, before, calendar), cutoff_day(cutoff, calendar)


def step_window(cutoff: Cutoff, calendar: Calendar) -> tuple[date, date]:
    """First and last day of the last quarter, or month, before a cut-off."""
    before = max(cutoff.months - 12 // calendar.steps, 0)
    return _boundary(cutoff.year, before, calendar), cutoff_day(cutoff, calendar)


def cutoff_day(cutoff: Cutoff, calendar: Calendar) -> date:
    """The last day counted at the cut-off; for `start` the day before the year's window begins."""
    return _boundary(cutoff.year, cutoff.months, calendar) - timedelta(days=1)


def deadline(cutoff: Cutoff, calendar: Calendar, kind: str = "default") -> date:
    """The day by which a sender of this kind must have reported: working days after the cut-off.

    Saturdays, Sundays, the fixed public holidays and those of the calendar do not count. Nothing is
    due at the start of a year: WrongCall.
    """
    if cutoff.code == "start":
        raise WrongCall(Said("calls.nothing_due", as_of=str(cutoff)))
    days = calendar.deadline_working_days
    left = days.get(kind, days.get("default", 1))
    day = cutoff_day(cutoff, calendar)
    while left > 0:
        day += timedelta(days=1)
        left -= _is_working(day, calendar)
    return day


def _boundary(year: int, gone: int, calendar: Calendar) -> date:
    """First day counted by the month that starts after `gone` whole months of the year."""
    month = calendar.start_month - 1 + gone
    if calendar.window_rule == "decree-09-2019":
        month -= 1
    year, month = year + month // 12, month % 12 + 1
    if calendar.window_rule == "decree-09-2019":
        return date(year, month, 15)
    return date(year, month, min(calendar.start_day, months.monthrange(year, month)[1]))


def _is_working(day: date, calendar: Calendar) -> bool:
    off = day.isoformat() in calendar.holidays or f"{day:%m-%d}" in calendar.fixed_holidays
    return day.weekday() < 5 and not off
