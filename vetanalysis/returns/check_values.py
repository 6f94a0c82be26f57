"""Checks of single figures of one file: types and ranges, units of measure, figures that stand twice, zeros."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vetanalysis.errors import Finding
from vetanalysis.returns.check_rules import broken
from vetanalysis.returns.figures_of_file import Figures, Key, named, shown
from vetanalysis.returns.form_layout import FROM_COMMUNES
from vetanalysis.returns.form_words import WHOLE, measure_word
from vetanalysis.returns.obligations import indicators_owed
from vetanalysis.text import Text

if TYPE_CHECKING:
    from vetanalysis.periods import Cutoff
    from vetanalysis.plan import Plan, Unit

PEOPLE, ENROLMENTS = "persons", ("enrolments", "attendances")


@dataclass(frozen=True)
class Asked:
    """What is asked: measures allowed per indicator, and the indicators asked of this sender with their labels
    (None: not known): what its form asks, else what the plan says it owes.
    """

    measures: dict[str, frozenset[str]]
    owed: dict[str, str] | None

    @classmethod
    def of(
        cls, plan: Plan, unit: Unit | None, cutoff: Cutoff | None, form: frozenset[str] | None = None
    ) -> Asked:
        """From the plan's table of indicators; `form`: the indicators of the form where it is our own."""
        table = plan.indicators
        measures = {
            name: frozenset(text.split("|")) for name, text in zip(table["id"], table["measure"], strict=True)
        }
        if form is not None:
            asked = table[table["id"].isin(form)]
        elif unit is None or cutoff is None:
            return cls(measures, None)
        else:
            asked = indicators_owed(plan, unit, cutoff)
            asked = asked[~asked["id"].isin(FROM_COMMUNES)]
        return cls(measures, dict(zip(asked["id"], asked["label_vi"], strict=True)))


def negative(figures: Figures, asked: Asked) -> Iterator[Finding]:
    """A count, a rate or an amount below zero."""
    for one in figures.rows:
        if one.value < 0:
            what = Text(f"{named(one.key)} là {shown(one.value)}", f"{named(one.key)} is {shown(one.value)}")
            yield figures.broken("negative", one, what)


def above_100_percent(figures: Figures, asked: Asked) -> Iterator[Finding]:
    """A rate above 100; rates against a plan or the year before may be."""
    for one in figures.rows:
        if (
            one.measure == "percent"
            and one.value > 100
            and not one.key.indicator.startswith(("plan_", "index_"))
        ):
            what = Text(
                f"{named(one.key)} là {shown(one.value)} %", f"{named(one.key)} is {shown(one.value)} %"
            )
            yield figures.broken("above-100-percent", one, what)


def not_whole(figures: Figures, asked: Asked) -> Iterator[Finding]:
    """A fraction where only whole numbers exist."""
    for one in figures.rows:
        if one.measure in WHOLE and one.value % 1 != 0:
            what = Text(
                f"{named(one.key)} là {shown(one.value)} {measure_word(one.measure)}",
                f"{named(one.key)} is {shown(one.value)} ({one.measure})",
            )
            yield figures.broken("not-whole", one, what)


def measures(figures: Figures, asked: Asked) -> Iterator[Finding]:
    """A measure the plan does not give the quantity, two measures for one quantity, enrolments told for people."""
    first: dict[str, str] = {}
    for one in figures.rows:
        indicator, measure = one.key.indicator, one.measure
        allowed = asked.measures.get(indicator)
        if not measure:
            continue
        if allowed and measure not in allowed:
            rule = "enrolments-as-people" if measure in ENROLMENTS and PEOPLE in allowed else "measures-mixed"
            wanted = " / ".join(measure_word(name) for name in sorted(allowed))
            what = Text(
                f"{named(one.key)} ghi theo {measure_word(measure)}, kế hoạch theo {wanted}",
                f"{named(one.key)} is in {measure}, the plan has {' or '.join(sorted(allowed))}",
            )
            yield figures.broken(rule, one, what)
        elif first.setdefault(indicator, measure) != measure:
            what = Text(
                f"{indicator} ghi theo cả {measure_word(first[indicator])} và {measure_word(measure)}",
                f"{indicator} is given both in {first[indicator]} and in {measure}",
            )
            yield figures.broken("measures-mixed", one, what)


def same_figure_twice(figures: Figures, asked: Asked) -> Iterator[Finding]:
    """One quantity with two values: an error; the same value again: worth knowing."""
    for one in figures.rows:
        before = figures.by_key[one.key]
        if before is one or (before.measure, before.basis) != (one.measure, one.basis):
            continue
        differ = before.value != one.value
        what = Text(
            f"{named(one.key)} ghi hai lần: {shown(before.value)} ({before.source}) và {shown(one.value)}",
            f"{named(one.key)} stands twice: {shown(before.value)} ({before.source}) and {shown(one.value)}",
        )
        yield figures.broken("same-figure-twice", one, what, severity="" if differ else "warning")


def all_zero(figures: Figures, asked: Asked) -> Iterator[Finding]:
    """A return of nothing but zeros more often means that nothing is known."""
    if len(figures.rows) >= 5 and all(one.value == 0 for one in figures.rows):
        what = Text(f"cả {len(figures.rows)} số liệu đều là 0", f"all {len(figures.rows)} figures are zero")
        yield figures.broken("all-zero", figures.rows[0], what)


def not_reported(figures: Figures, asked: Asked) -> Iterator[Finding]:
    """Quantities the sender owes for which the file holds no figure at all."""
    if asked.owed is None or not figures.rows:
        return
    blank = [name for name in asked.owed if name not in {one.key.indicator for one in figures.rows}]
    if blank:
        labels = "; ".join(asked.owed[name] for name in blank[:6]) + (" ..." if len(blank) > 6 else "")
        what = Text(
            f"{len(blank)} chỉ tiêu để trống: {labels}",
            f"{len(blank)} quantities left blank: {', '.join(blank[:6])}{' ...' if len(blank) > 6 else ''}",
        )
        yield broken("not-reported", figures.file, "", what)


VALUE_CHECKS: tuple[Callable[[Figures, Asked], Iterator[Finding]], ...] = (
    negative, above_100_percent, not_whole, measures, same_figure_twice, all_zero, not_reported,
)  # fmt: skip

__all__ = ["VALUE_CHECKS", "Asked", "Key"]
