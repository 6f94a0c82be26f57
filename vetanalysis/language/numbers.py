"""Numbers, dates, periods and plan years as each language writes them.

Vietnamese: dot for thousands, comma for decimals, percent sign closed up, quarters in Roman numerals
("13.500 người", "57,2%", "quý III năm 2023"). The marks stand in `numbers.yaml` (`decimal`, `thousands`,
`percent_sign`), where a plan's own language has its own. Halves round up. A missing value is written as missing
and never as 0. Vietnamese dates follow Decree 30/2020/ND-CP: days under 10 and months 1 and 2 carry a leading 0.

A plan year is named by its number, or by both calendar years where it does not start on 1 January. Period
codes carry the year in which a plan year starts and nothing of the calendar, and a plan may bring words and a
language of its own, so that whoever words a plan's figures does it within `of_plan(plan)`; displays and documents
that take a study are marked `in_words_of_study`.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from decimal import ROUND_HALF_UP, Decimal
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeGuard, TypeVar

from babel.dates import format_date

from vetanalysis.blocks import Said, written_day
from vetanalysis.errors import WrongCall
from vetanalysis.language.lines import in_words_of, is_line, lines_of, plain
from vetanalysis.periods import Cutoff, parse_cutoff

if TYPE_CHECKING:
    from vetanalysis.periods import Calendar


class OfPlan(Protocol):
    """A question about a plan; only its calendar, its words and what it counts are read of it."""

    @property
    def plan(self) -> Any:
        """The plan."""


S = TypeVar("S", bound=OfPlan)
P = ParamSpec("P")
R = TypeVar("R")
_TWO_YEARS: ContextVar[bool] = ContextVar("two_years", default=False)


CALENDAR_YEAR = "01-01"  # the first day of a year that is named by one number


def years_of(calendar: Calendar) -> AbstractContextManager[None]:
    """Within it years are named as those of the calendar: "2025-2026" for one that starts in September."""
    return in_years_from(calendar.year_starts)


@contextmanager
def in_years_from(first_day: str) -> Iterator[None]:
    """Within it years are named as those that start on a day of the year (MM-DD)."""
    before = _TWO_YEARS.set(first_day != CALENDAR_YEAR)
    try:
        yield
    finally:
        _TWO_YEARS.reset(before)


@contextmanager
def of_plan(plan: Any) -> Iterator[None]:
    """Within it everything is worded in the years, the words and the languages of a plan, and in what it counts."""
    with years_of(plan.calendar), in_words_of(plan.words), counting(plan.counted_in):
        yield


def in_words_of_study(worded: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
    """A function of a study, worded as the study's plan is."""

    @wraps(worded)
    def named(study: S, *args: P.args, **more: P.kwargs) -> R:
        with of_plan(study.plan):
            return worded(study, *args, **more)

    return named


def year_number(year: int) -> str:
    """ "2025", or "2025-2026" for a plan year that reaches into the next calendar year."""
    return f"{year}-{year + 1}" if _TWO_YEARS.get() else str(year)


def year_tick(year: int) -> str:
    """ "2025", or "2025-26" on an axis and beside a point."""
    return f"{year}-{(year + 1) % 100:02d}" if _TWO_YEARS.get() else str(year)


def year_name(year: int, lang: str) -> str:
    """ "năm 2025" and "2025"; of two years "2025-2026", or as the plan calls them: "the 2025-2026 school year"."""
    return plain("numbers.year.two" if _TWO_YEARS.get() else "numbers.year", lang, year=year_number(year))


MONEY = ("dong", "million_dong", "billion_dong")
_COUNTED: ContextVar[str] = ContextVar("counted", default="persons")


def missing(lang: str) -> str:
    """What stands for a value that is not there: "chưa có số liệu", "no figure"."""
    return plain("numbers.missing", lang)


def is_known(value: float | None) -> TypeGuard[float]:
    """False for None and NaN."""
    return value is not None and not math.isnan(value)


DECIMALS = 1  # of a percentage, a number of points and an amount of money


def rounded(value: float, digits: int = 0) -> float:
    """The value as it will be printed: halves away from zero, no negative zero."""
    exact = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return float(exact) + 0.0


def number(value: float | None, lang: str, digits: int | None = None) -> str:
    """A number with the marks of `lang`; `digits` decimals, or as many as needed up to two when None."""
    if not is_known(value):
        return missing(lang)
    places = 2 if digits is None else digits
    whole, _, rest = f"{Decimal(repr(rounded(value, places))):,.{places}f}".partition(".")
    whole = whole.replace(",", plain("numbers.thousands", lang))
    rest = rest.rstrip("0") if digits is None else rest
    return f"{whole}{plain('numbers.decimal', lang)}{rest}" if rest else whole


def percent(value: float | None, lang: str, digits: int | None = DECIMALS) -> str:
    """A percentage (62 for 62 %): "57,2%" and "57.2%"; `digits=None` drops zeros as targets do ("62%")."""
    return f"{number(value, lang, digits)}{percent_sign(lang)}" if is_known(value) else missing(lang)


def percent_sign(lang: str) -> str:
    """What stands behind the number of a percentage: "%"; in a plan's own language perhaps with a space."""
    return plain("numbers.percent_sign", lang)


def points(value: float | None, lang: str, digits: int | None = DECIMALS) -> str:
    """A difference of percentages: "1,2 điểm phần trăm" and "1.2 percentage points"."""
    if not is_known(value):
        return missing(lang)
    one = digits is None and rounded(value, 2) == 1
    return plain("numbers.points.one" if one else "numbers.points", lang, count=number(value, lang, digits))


def people(value: float | None, lang: str, step: int = 1) -> str:
    """A number of people, whole and rounded to `step`: "13.500 người"; "1 person", "13,500 people".

    Within `counting` a number of what is counted there.
    """
    measure = counted()
    if not is_known(value) or not is_whole(measure):
        return quantity(value, measure, lang)
    return _counted(int(rounded(value / step)) * step, measure, lang)


def counted() -> str:
    """The measure of what is counted: people, or what `counting` says."""
    return _COUNTED.get()


@contextmanager
def counting(measure: object) -> Iterator[None]:
    """Within it people are what a statement counts, where its `measure` is one of things or of money."""
    things = isinstance(measure, str) and (is_whole(measure) or measure in MONEY)
    before = _COUNTED.set(measure if things else counted())  # type: ignore[arg-type]
    try:
        yield
    finally:
        _COUNTED.reset(before)


def is_whole(measure: str) -> bool:
    """Whether there are only whole ones of what is measured: people, classes, institutions; `names.yaml` words one."""
    return measure == "people" or is_line(f"names.measure.{measure}.one")


def whole_measures() -> Iterator[str]:
    """Every measure of which there are only whole ones."""
    for name in lines_of("names"):
        if name.startswith("measure.") and name.endswith(".one"):
            yield name.removeprefix("measure.").removesuffix(".one")


def _counted(count: int, measure: str, lang: str) -> str:
    one, told = ".one" if count == 1 else "", number(count, lang, 0)
    if measure in ("persons", "people"):
        return plain(f"numbers.people{one}", lang, count=told)
    return plain("numbers.counted", lang, count=told, measure=plain(f"names.measure.{measure}{one}", lang))


def projected_step(value: float, goal: float | None = None) -> int:
    """To what a projected number of people is rounded, in text and figures alike: hundreds, tens or ones.

    Beside a goal it is printed on the side of it on which it lies: finer where rounding would meet or cross the goal.
    """
    step = 100 if value >= 2000 else 10 if value >= 200 else 1
    while is_known(goal) and step > 1 and (rounded(value / step) * step - goal) * (value - goal) <= 0:
        step //= 10
    return step


def projected_gap(value: float, goal: float, measure: str) -> float:
    """How far a projected value as it is printed is from its goal, without its sign."""
    step = projected_step(value, goal)
    if not is_whole(measure) and (measure not in MONEY or step == 1):
        return rounded(abs(goal - rounded(value, DECIMALS)), max(DECIMALS, _decimals(goal)))
    return abs(goal - rounded(value / step) * step)


def money(
    value: float | None, lang: str, measure: str = "million_dong", digits: int | None = DECIMALS
) -> str:
    """An amount in dong (or the plan's own currency), in millions or billions of it: "5.674,1 tỷ đồng"."""
    if not is_known(value):
        return missing(lang)
    if measure not in MONEY:
        raise WrongCall(Said("calls.not_money", given=repr(measure), known=MONEY))
    currency = plain("names.currency.dong", lang)
    return plain(f"numbers.money.{measure}", lang, amount=number(value, lang, digits), currency=currency)


def quantity(value: float | None, measure: str, lang: str, digits: int | None = DECIMALS) -> str:
    """A value in the measure of its target: percent, money, people or what else is counted; others as a bare number."""
    if measure == "percent":
        return percent(value, lang, digits)
    if is_known(value) and is_whole(measure):
        return _counted(int(rounded(value)), measure, lang)
    if measure in MONEY:
        return money(value, lang, measure, digits)
    return number(value, lang)


def about(value: float | None, measure: str, lang: str, goal: float | None = None) -> str:
    """A projected value: percentages to one decimal, what is counted to hundreds or tens as its size and goal allow.

    Money, too, where there is so much of it; less of it to one decimal.
    """
    if is_known(value) and measure in MONEY and (step := projected_step(value, goal)) > 1:
        return money(rounded(value / step) * step, lang, measure, None)
    if measure == "people" or not is_whole(measure) or not is_known(value):
        return quantity(value, measure, lang)
    step = projected_step(value, goal)
    return _counted(int(rounded(value / step)) * step, measure, lang)


def about_bare(value: float, measure: str, lang: str, goal: float | None = None) -> str:
    """A projected value as `about` rounds it, without the words of its measure: "13.500", "57,2%"."""
    if is_whole(measure):
        step = projected_step(value, goal) if measure != "people" else 1
        return number(int(rounded(value / step)) * step, lang, 0)
    if measure in MONEY and (step := projected_step(value, goal)) > 1:
        return number(rounded(value / step) * step, lang, 0)
    return number(value, lang, DECIMALS) if measure in MONEY else quantity(value, measure, lang)


def from_to(lower: float, upper: float, measure: str, lang: str) -> str:
    """A range of projected values: "từ 51,2% đến 65,3%", "between 7,500 and 20,700 people"."""
    low = about_bare(lower, measure, lang) if is_whole(measure) else about(lower, measure, lang)
    return plain("numbers.from_to", lang, low=low, high=about(upper, measure, lang))


def decimals_beside(value: float, goal: float | None) -> int:
    """With how many decimals a percentage stands beside its goal: as many as the goal has and it has itself, 1 or 2."""
    return DECIMALS if not is_known(goal) else max(DECIMALS, min(_decimals(goal), _decimals(value)))


def _decimals(value: float) -> int:
    """How many of two decimals a number needs."""
    return 0 if rounded(value, 2) == rounded(value) else 1 if rounded(value, 2) == rounded(value, 1) else 2


def beside(value: float | None, goal: float | None, measure: str, lang: str) -> str:
    """A figure in the measure of its goal, with the goal's decimals: "21,55%" beside 20,11%, "60,8%" beside 62%."""
    digits = decimals_beside(value, goal) if measure == "percent" and is_known(value) else DECIMALS
    return quantity(value, measure, lang, digits)


def away(value: float, goal: float, measure: str) -> float:
    """How far a figure as printed beside its goal is from it, without its sign."""
    digits = decimals_beside(value, goal) if measure == "percent" else _digits_of(measure)
    return rounded(abs(goal - rounded(value, digits)), max(digits, _decimals(goal)))


def difference(value: float | None, measure: str, lang: str, digits: int | None = DECIMALS) -> str:
    """A difference of two values of `measure`: percentage points for percentages, else as a value is written."""
    return points(value, lang, digits) if measure == "percent" else quantity(value, measure, lang)


def printed_change(before: float, after: float, measure: str, goal: float | None = None) -> float:
    """after - before, each as it is printed (beside `goal` where there is one); 0.0 where they are printed alike."""
    digits = [
        decimals_beside(one, goal) if measure == "percent" else _digits_of(measure) for one in (before, after)
    ]
    then, now = (rounded(one, places) for one, places in zip((before, after), digits, strict=True))
    return rounded(now - then, max(digits))


def _digits_of(measure: str) -> int:
    return 0 if is_whole(measure) else DECIMALS


def signed(value: float | None, lang: str) -> str:
    """A number of points with its sign: "+1,7", "-0,8", "0,0"."""
    told = number(value, lang, DECIMALS)
    return f"+{told}" if is_known(value) and rounded(value, DECIMALS) > 0 else told


def change(
    before: float | None, after: float | None, measure: str, lang: str, goal: float | None = None
) -> str:
    """The change in words: "tăng 1,2 điểm phần trăm", "giảm 300 người", "không thay đổi"; `goal`: as `beside`.

    With a value missing on either side there is nothing to compare, and the words say so.
    """
    if not (is_known(before) and is_known(after)):
        return plain("numbers.nothing_to_compare", lang)
    moved = printed_change(before, after, measure, goal)
    if moved == 0:
        return plain("numbers.unchanged", lang)
    amount = difference(abs(moved), measure, lang, max(_decimals(moved), DECIMALS))
    return plain("numbers.up" if moved > 0 else "numbers.down", lang, amount=amount)


def index(value: float | None, before: float | None, lang: str) -> str:
    """The index to the same period of the year before: "bằng 105,3% so với cùng kỳ" (a rise of 5.3 %).

    Without a figure for that period, or with zero, there is no index and the words say so.
    """
    if not is_known(value):
        return missing(lang)
    if not is_known(before):
        return plain("numbers.index.unknown", lang)
    if before == 0:
        return plain("numbers.index.zero", lang)
    return plain("numbers.index", lang, ratio=percent(100 * value / before, lang))


def share_of_plan(value: float | None, plan: float | None, lang: str) -> str:
    """ "đạt 42,2% kế hoạch năm"; without a plan no quota was given, of one of zero nothing is a share."""
    if not is_known(value):
        return missing(lang)
    if not is_known(plan) or plan == 0:
        return plain(f"numbers.of_plan.{'zero' if is_known(plan) else 'none'}", lang)
    return plain("numbers.of_plan", lang, ratio=percent(100 * value / plan, lang))


def _day(day: datetime.date | str) -> datetime.date:
    try:
        return day if isinstance(day, datetime.date) else datetime.date.fromisoformat(day)
    except ValueError:
        raise WrongCall(Said("calls.not_a_day", given=repr(day))) from None


def date(day: datetime.date | str, lang: str) -> str:
    """ "ngày 05 tháng 01 năm 2024" and "5 January 2024", from a date or an ISO day."""
    day = _day(day)
    written = written_day(day) if lang == "vi" else format_date(day, "d/MMMM/y", locale=lang)
    number, month, year = written.split("/")
    return plain("numbers.date", lang, day=number, month=month, year=year)


def short_date(day: datetime.date | str, lang: str) -> str:
    """ "14/12/2021", "05/01/2024", "15/9/2023" and "14 December 2021"."""
    day = _day(day)
    return written_day(day) if lang == "vi" else date(day, lang)


def cell_date(day: datetime.date | str, lang: str) -> str:
    """A day in a table cell: "15/9/2023" and "15 Sep 2023"."""
    return short_date(day, lang) if lang == "vi" else format_date(_day(day), "d MMM y", locale=lang)


def period_name(code: str | Cutoff, lang: str) -> str:
    """A period as it is read: "2023-9M" is "9 tháng đầu năm 2023" and "the first nine months of 2023".

    Within `of_plan` of a plan with school years: "9 tháng đầu năm học 2023-2024".
    """
    cutoff = parse_cutoff(code)
    return plain(f"numbers.period.{cutoff.code}", lang, year=year_name(cutoff.year, lang))


def short_period(code: str | Cutoff, lang: str) -> str:
    """A period in a table cell: "2021", "9 tháng 2023", "quý I/2023"; "9M 2023", "Q1 2023" in English."""
    cutoff = parse_cutoff(code)
    return plain(f"numbers.short_period.{cutoff.code}", lang, year=year_number(cutoff.year))


def up_to(code: str | Cutoff, lang: str) -> str:
    """How far the figures go: "tính đến đầu năm 2023", "tính đến hết 9 tháng đầu năm 2023"."""
    line = "numbers.up_to.start" if parse_cutoff(code).code == "start" else "numbers.up_to"
    return plain(line, lang, period=period_name(code, lang))
