"""How a plan year is named: by its number, or by both calendar years where it does not start on 1 January.

Period codes carry the year in which a plan year starts and nothing of the calendar. Whoever words a plan's figures
does it within `years_of(plan.calendar)`; displays and documents that take a study are marked `in_years_of_study`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar

from vetanalysis.text import Text

if TYPE_CHECKING:
    from vetanalysis.periods import Calendar


class OfPlan(Protocol):
    """A question about a plan; only the plan's calendar is read of it."""

    plan: Any


S, P, R = TypeVar("S", bound=OfPlan), ParamSpec("P"), TypeVar("R")
_TWO_YEARS: ContextVar[bool] = ContextVar("two_years", default=False)


@contextmanager
def years_of(calendar: Calendar) -> Iterator[None]:
    """Within it years are named as those of the calendar: "năm học 2025-2026" for one that starts in September."""
    before = _TWO_YEARS.set(calendar.year_starts != "01-01")
    try:
        yield
    finally:
        _TWO_YEARS.reset(before)


def in_years_of_study(worded: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
    """A function of a study, worded in the years of the study's plan."""

    @wraps(worded)
    def named(study: S, *args: P.args, **more: P.kwargs) -> R:
        with years_of(study.plan.calendar):
            return worded(study, *args, **more)

    return named


def year_number(year: int) -> str:
    """ "2025", or "2025-2026" for a plan year that reaches into the next calendar year."""
    return f"{year}-{year + 1}" if _TWO_YEARS.get() else str(year)


def year_tick(year: int) -> str:
    """ "2025", or "2025-26" on an axis and beside a point."""
    return f"{year}-{(year + 1) % 100:02d}" if _TWO_YEARS.get() else str(year)


def year_name(year: int, lang: str) -> str:
    """ "năm 2025" and "2025"; "năm học 2025-2026" and "the 2025-2026 school year"."""
    number = year_number(year)
    if _TWO_YEARS.get():
        return Text(f"năm học {number}", f"the {number} school year").get(lang)
    return Text(f"năm {number}", number).get(lang)
