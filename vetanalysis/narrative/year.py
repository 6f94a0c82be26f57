"""Sentences about people counted over a year: running total, plan, same period, whole-year estimate."""

from __future__ import annotations

from collections.abc import Mapping

from vetanalysis.document import Said
from vetanalysis.language.render import is_line
from vetanalysis.narrative.sentence import known
from vetanalysis.text import Text


def running_total(
    name: str, label: Text, value: float | None, plan: float | None, as_of: str, *, same_period: float | None = None
) -> Said:  # fmt: skip
    """The total since the year began, as a share of the year's plan and of the same period last year."""
    key = "count.total" if known(value) else "count.total.unknown"
    return Said(key, id=name, what=label, value=value, plan=plan, same_period=same_period, as_of=as_of)


def still_missing(name: str, value: float | None, plan: float | None, as_of: str) -> Said:
    """People still missing to the plan: "còn thiếu ... người", exactly on it, past it, or no plan."""
    if not known(plan) or plan == 0:
        case = "no_quota"
    elif not known(value):
        case = "unknown"
    else:
        case = "short" if plan > value else "past" if plan < value else "none"
    return Said(f"count.missing.{case}", id=name, value=value, plan=plan, as_of=as_of)


def cross_checks(name: str, median: float, checks: Mapping[str, float], as_of: str) -> Said | None:
    """What simpler methods give for the whole year, and why they differ where they lie 10 % apart."""
    found = {method: value for method, value in checks.items() if known(value)}
    if not found:
        return None
    low, high = min(found.values()), max(found.values())
    methods = tuple(_by(method, value) for method, value in found.items())
    apart = low > 0 and high / low > 1.1
    return Said("count.checks", id=name, **found, median=median, as_of=as_of, methods=methods, apart=apart)


def _by(method: str, value: float) -> Said:
    named = is_line(f"names.method.{method}")
    return Said("count.by_method" if named else "count.by_unnamed_method", method=method, value=value)
