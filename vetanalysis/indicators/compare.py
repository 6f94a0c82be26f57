"""A figure beside its plan, the same period of the year before, and the quarter before.

An index of 105.3 is "bằng 105,3% so với cùng kỳ", a rise of 5.3 %; the change is in the figure's own measure, for
percentages in points. Figures of different definitions, senders or sets of units are not compared.
"""

from __future__ import annotations

from typing import Any

from vetanalysis.indicators.rates import percentage


def percent_of_plan(value: Any, plan: Any) -> Any:
    """100 * value / plan; missing where no plan was set or the plan is zero."""
    return percentage(value, plan)


def index_same_period(value: Any, last_year: Any) -> Any:
    """100 * value / value of the same period of the year before; missing where that was zero or is not known."""
    return percentage(value, last_year)


def change(value: Any, before: Any) -> Any:
    """Value - value before, in the figure's own measure: people, million dong, percentage points."""
    return value - before
