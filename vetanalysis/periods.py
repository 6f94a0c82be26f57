"""Reporting periods of a plan year: cut-offs, the days they count, the day a report is due.

A plan year starts on any day of the year and is named by the calendar year in which it starts. Two rules say
which days a period counts:

- `decree-09-2019`: Decree 09/2019/NĐ-CP, article 12: from day 15 of the month before the period to day 14 of
  its last month. The decree does not define nine months; they are the windows of three quarters together.
- `calendar`: the whole months themselves, from the first to the last day.

Article 8.5 of the decree leaves at least one working day between the cut-off and the deadline, set per level.
"""

from __future__ import annotations

import calendar as months
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import total_ordering

from vetanalysis.blocks import Said
from vetanalysis.checks import nearest
from vetanalysis.errors import WrongCall

CUMULATIVE = {"start": 0, "Q1": 1, "H1": 2, "9M": 3, "FY": 4}
ALONE = {"Q2": 2, "Q3": 3, "Q4": 4}
CODES = (*CUMULATIVE, *ALONE)
WINDOW_RULES = ("decree-09-2019", "calendar")
# Days off that fall on the same date every year (Labour Code, article 112); the lunar ones go into the plan.
FIXED_HOLIDAYS = ("01-01", "04-30", "05-01", "09-02")

_PATTERN = re.compile(r"(\d{4})-(\w+)")


@total_ordering
@dataclass(frozen=True, slots=True)
class Cutoff:
    """A cut-off of a plan year, or a quarter alone.

    `code`: `start` (nothing of the year is counted yet), `Q1`, `H1`, `9M`, `FY` since the year began,
    `Q2`, `Q3`, `Q4` for that quarter alone (the first quarter alone is `Q1`). Ordered by the time they
    end; a quarter alone comes after the cumulative cut-off of the same day.
    """

    year: int
    code: str

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise WrongCall(Said("calls.period_code", given=repr(self.code), known=CODES))

    @property
    def quarters(self) -> int:
        """How many quarters of the year have gone by at its end, 0 to 4."""
        return CUMULATIVE.get(self.code, ALONE.get(self.code, 0))

    @property
    def alone(self) -> bool:
        """True for a quarter alone (`Q2`, `Q3`, `Q4`): it does not count what came before."""
        return self.code in ALONE

    def _key(self) -> tuple[int, int, bool]:
        return (self.year, self.quarters, self.alone)

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Cutoff):
            return NotImplemented
        return self._key() < other._key()

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.code}"


@dataclass(frozen=True, slots=True)
class Calendar:
    """When the plan year starts, which days a period counts and how long a sender has.

    `year_starts`: "MM-DD". `deadline_working_days`: working days after the cut-off by kind of sender
    (`district`, `institution`, `body`, `province`), with `default` for the rest; never less than one.
    `holidays`: ISO days off besides the fixed ones, for instance those of the lunar new year.
    """

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012 - read by pydantic, not a field

    year_starts: str = "01-01"
    window_rule: str = "decree-09-2019"
    deadline_working_days: Mapping[str, int] = field(default_factory=lambda: {"default": 1})
    holidays: tuple[str, ...] = ()

    @property
    def start_month(self) -> int:
        """Month in which the plan year starts, 1 to 12."""
        return int(self.year_starts[:2])

    @property
    def start_day(self) -> int:
        """Day of that month."""
        return int(self.year_starts[3:])

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
        for kind, days in self.deadline_working_days.items():
            if days < 1:
                found[f"deadline_working_days.{kind}"] = Said("plan.calendar.working_days", given=days)
        for day in self.holidays:
            if parse_day(day) is None:
                found["holidays"] = Said("plan.calendar.holiday", given=day)
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
    """`"2023-9M"` as a `Cutoff`; anything else is a WrongCall that says what would be right."""
    if isinstance(text, Cutoff):
        return text
    match = _PATTERN.fullmatch(str(text).strip())
    by_upper = {code.upper(): code for code in CODES}
    code = by_upper.get(match[2].upper()) if match else None
    if match is None or code is None:
        example = tuple(f"2023-{code}" for code in CODES)
        raise WrongCall(Said("calls.period", given=repr(text), example=example))
    return Cutoff(int(match[1]), code)


def cutoffs(year: int, start: bool = False) -> tuple[Cutoff, ...]:
    """The four reporting cut-offs of a plan year in order; `start=True` puts the empty one first."""
    return tuple(Cutoff(year, code) for code in CUMULATIVE if start or code != "start")


def same_last_year(cutoff: Cutoff) -> Cutoff:
    """The same cut-off one year earlier ("cùng kỳ năm trước")."""
    return Cutoff(cutoff.year - 1, cutoff.code)


def previous(cutoff: Cutoff) -> Cutoff:
    """The reporting cut-off before: H1 after 9M, the full year before after Q1 and after `start`.

    A quarter alone is preceded by the quarter alone before it.
    """
    if cutoff.quarters <= 1:
        return Cutoff(cutoff.year - 1, "FY")
    if cutoff.alone:
        return Cutoff(cutoff.year, f"Q{cutoff.quarters - 1}")
    return cutoffs(cutoff.year)[cutoff.quarters - 2]


def window(cutoff: Cutoff, calendar: Calendar) -> tuple[date, date]:
    """First and last day counted, both inclusive.

    For `start` the window is empty: it ends the day before it begins.

    Examples under Decree 09/2019: Q1 2023 counts 15/12/2022 to 14/3/2023, the year 15/12/2022 to 14/12/2023.
    """
    first_quarter = cutoff.quarters - 1 if cutoff.alone else 0
    return _boundary(cutoff.year, first_quarter, calendar), cutoff_day(cutoff, calendar)


def cutoff_day(cutoff: Cutoff, calendar: Calendar) -> date:
    """The last day counted at the cut-off; for `start` the day before the year's window begins."""
    return _boundary(cutoff.year, cutoff.quarters, calendar) - timedelta(days=1)


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


def _boundary(year: int, quarter: int, calendar: Calendar) -> date:
    """First day counted by the quarter that starts after `quarter` whole quarters of the year."""
    month = calendar.start_month - 1 + 3 * quarter
    if calendar.window_rule == "decree-09-2019":
        month -= 1
    year, month = year + month // 12, month % 12 + 1
    if calendar.window_rule == "decree-09-2019":
        return date(year, month, 15)
    return date(year, month, min(calendar.start_day, months.monthrange(year, month)[1]))


def _is_working(day: date, calendar: Calendar) -> bool:
    off = day.isoformat() in calendar.holidays or f"{day:%m-%d}" in FIXED_HOLIDAYS
    return day.weekday() < 5 and not off
