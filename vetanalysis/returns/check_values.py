"""Checks of single figures of one file: types and ranges, units of measure, figures that stand twice, zeros."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vetanalysis.blocks import Text
from vetanalysis.errors import Finding
from vetanalysis.returns.check_rules import broken
from vetanalysis.returns.figures_of_file import Figures, Key, sheet_and_cell
from vetanalysis.returns.form_layout import FROM_COMMUNES, START_STOCK
from vetanalysis.returns.form_words import WHOLE
from vetanalysis.returns.obligations import indicators_owed
from vetanalysis.returns.quantity_words import measure_text, shown

if TYPE_CHECKING:
    from vetanalysis.periods import Cutoff
    from vetanalysis.plan import Plan, Unit

FILLED_IN = (START_STOCK,)
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
            name = figures.named(one.key)
            what = Text(f"{name.vi} là {shown(one.value, 'vi')}", f"{name.en} is {shown(one.value, 'en')}")
            yield figures.broken("negative", one, what)


def above_100_percent(figures: Figures, asked: Asked) -> Iterator[Finding]:
    """A rate above 100; rates against a plan or the year before may be."""
    for one in figures.rows:
        if (
            one.measure == "percent"
            and one.value > 100
            and not one.key.indicator.startswith(("plan_", "index_"))
        ):
            name = figures.named(one.key)
            what = Text(f"{name.vi} là {shown(one.value, 'vi')}%", f"{name.en} is {shown(one.value, 'en')}%")
            yield figures.broken("above-100-percent", one, what)


def not_whole(figures: Figures, asked: Asked) -> Iterator[Finding]:
    """A fraction where only whole numbers exist."""
    for one in figures.rows:
        if one.measure in WHOLE and one.value % 1 != 0:
            name, unit = figures.named(one.key), measure_text(one.measure)
            what = Text(
                f"{name.vi} là {shown(one.value, 'vi')} {unit.vi}",
                f"{name.en} is {shown(one.value, 'en')} ({unit.en})",
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
            name, told = figures.named(one.key), measure_text(measure)
            wanted = [measure_text(one) for one in sorted(allowed)]
            what = Text(
                f"{name.vi} ghi theo {told.vi}, kế hoạch theo {' / '.join(one.vi for one in wanted)}",
                f"{name.en} is in {told.en}, the plan has {' or '.join(one.en for one in wanted)}",
            )
            yield figures.broken(rule, one, what)
        elif first.setdefault(indicator, measure) != measure:
            name = figures.words.one("indicator", indicator)
            told, before = measure_text(measure), measure_text(first[indicator])
            what = Text(
                f"{name.vi} ghi theo cả {before.vi} và {told.vi}",
                f"{name.en} is given both in {before.en} and in {told.en}",
            )
            yield figures.broken("measures-mixed", one, what)


def same_figure_twice(figures: Figures, asked: Asked) -> Iterator[Finding]:
    """One quantity with two values: an error; the same value again: worth knowing."""
    for one in figures.rows:
        before = figures.by_key[one.key]
        if before is one or (before.measure, before.basis) != (one.measure, one.basis):
            continue
        differ = before.value != one.value
        name, place = figures.named(one.key), sheet_and_cell(before.source)
        what = Text(
            f"{name.vi} ghi hai lần: {shown(before.value, 'vi')} (ô {place[1]}, trang {place[0]}) và "
            f"{shown(one.value, 'vi')}",
            f"{name.en} stands twice: {shown(before.value, 'en')} (cell {place[1]}, sheet {place[0]}) and "
            f"{shown(one.value, 'en')}",
        )
        yield figures.broken("same-figure-twice", one, what, severity="" if differ else "warning")


def all_zero(figures: Figures, asked: Asked) -> Iterator[Finding]:
    """A return of nothing but zeros more often means that nothing is known; what the form brings filled in (those
    in training at the start of the year) says nothing about that.
    """
    told = [one for one in figures.rows if one.key.indicator not in FILLED_IN]
    if len(told) >= 5 and all(one.value == 0 for one in told):
        what = Text(f"cả {len(told)} số liệu đều là 0", f"all {len(told)} figures are zero")
        yield figures.broken("all-zero", told[0], what)


def not_reported(figures: Figures, asked: Asked) -> Iterator[Finding]:
    """Quantities the sender owes for which the file holds no figure at all."""
    if asked.owed is None or not figures.rows:
        return
    blank = [name for name in asked.owed if name not in {one.key.indicator for one in figures.rows}]
    if blank:
        names = [figures.words.one("indicator", name).en for name in blank[:6]]
        labels, more = [asked.owed[name] for name in blank[:6]], " ..." if len(blank) > 6 else ""
        what = Text(
            f"{len(blank)} chỉ tiêu để trống: {'; '.join(labels)}{more}",
            f"{len(blank)} quantities left blank: {'; '.join(names)}{more}",
        )
        yield broken("not-reported", figures.file, "", what)


VALUE_CHECKS: tuple[Callable[[Figures, Asked], Iterator[Finding]], ...] = (
    negative, above_100_percent, not_whole, measures, same_figure_twice, all_zero, not_reported,
)  # fmt: skip

__all__ = ["VALUE_CHECKS", "Asked", "Key"]
