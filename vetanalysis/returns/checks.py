"""Checking one return alone: its name and folder, its period and window, its figures against each other.

`check_file` runs every rule of the themes "file" and "figures" that needs no other file; what needs several
is in `together`. An error here refuses the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from vetanalysis.blocks import Said, Text
from vetanalysis.errors import Finding, VetanalysisError
from vetanalysis.observations.between_rows import LOOSELY, WITHIN
from vetanalysis.periods import Cutoff, cutoff_day, parse_cutoff, parse_day, step_window, window
from vetanalysis.plan import Plan, Unit
from vetanalysis.returns.files import Received
from vetanalysis.returns.findings import (
    QuantityWords,
    day_words,
    finding_of,
    measure_words,
    period_words,
    quantity_words,
)
from vetanalysis.returns.form_layout import FROM_COMMUNES, START_STOCK
from vetanalysis.returns.key import Key, sheet_and_cell
from vetanalysis.returns.lists import (
    WHOLE,
    by_unit,
    illustrative_plan,
    indicators_owed,
    quota_of,
    reporting_units,
)
from vetanalysis.returns.readings import Figure, Reading
from vetanalysis.returns.units_of_measure import ENROLMENTS
from vetanalysis.returns.whose import of_others, own_part, sender_of, unit_words


@dataclass(frozen=True)
class Figures:
    """All figures of one file, as the rules ask for them; rows without a value are not there. `words`: the plan's."""

    file: str
    read: Reading
    words: QuantityWords

    @cached_property
    def rows(self) -> tuple[Figure, ...]:
        """One by one."""
        return tuple(one for one in self.read.figures if one.value == one.value)

    @cached_property
    def by_key(self) -> dict[Key, Figure]:
        """The first of each quantity."""
        first: dict[Key, Figure] = {}
        for one in self.rows:
            first.setdefault(one.quantity, one)
        return first

    def whole(self, key: Key, **changed: str) -> Figure | None:
        """The figure with some columns of the key changed, or None when it was not reported."""
        return self.by_key.get(key._replace(**changed))

    @cached_property
    def blocks(self) -> dict[Key, dict[Key, Figure]]:
        """The figures of each unit, period and quantity together; the key given has no breakdown."""
        blocks: dict[Key, dict[Key, Figure]] = {}
        for key, figure in self.by_key.items():
            plain = Key(key.indicator, period=key.period, unit=key.unit)
            blocks.setdefault(plain, {})[key] = figure
        return blocks

    def named(self, key: Key) -> Said | Text:
        """The quantity with its breakdowns, in the plan's words."""
        return self.words.quantity(key)

    def broken(self, rule: str, figure: Figure, line: str, severity: str = "", /, **facts: Any) -> Finding:
        """A finding at the cell of a figure; its words get the `name` of the quantity, too."""
        sheet, place = sheet_and_cell(figure.source)
        what = Said(line, **{"name": self.named(figure.key), **facts})
        return finding_of(rule, self.file, place, what, sheet=sheet, severity=severity)

    def above(
        self, rule: str, part: Figure, whole: Figure, limit: Said | Text, severity: str = ""
    ) -> Finding:
        """A finding at a part above its whole; `limit`: what the whole is called."""
        facts = {"value": part.value, "whole": whole.value, "cell": whole.source.rpartition("!")[2] or "-"}
        return self.broken(rule, part, "returns.above", severity, limit=limit, **facts)


FILLED_IN = (START_STOCK,)
PEOPLE = "persons"
#: Parts that do not overlap, so that all of them together are the whole. Groups overlap and are not among them.
EXCLUSIVE = ("level", "sex", "residence", "trade", "fund_source", "channel")
_WHOLE_SETS = {"sex": frozenset(("female", "male")), "residence": frozenset(("urban", "rural"))}
_TOLERANCE = 0.5


def check_file(found: Received, read: Reading, plan: Plan) -> list[Finding]:
    """Every breach of the rules that look at one file; `found` is what its name and folder say."""
    cutoff = _cutoff(read.period or found.period, plan)
    unit = sender_of(found, read, plan)
    figures = Figures(found.path.name, own_part(found, read, plan), quantity_words(plan))
    findings = [
        *_names(found, read, plan),
        *of_others(found, read, plan),
        *_period(found, read, plan, cutoff),
        *_marked(found, read, plan),
        *_communes(found, read, plan, cutoff),
    ]
    on_form = frozenset(read.missing["indicator"]) if read.own_form else None
    asked = Asked.of(plan, unit, cutoff, on_form)
    findings += [told for check in VALUE_CHECKS for told in check(figures, asked)]
    findings += [told for check in SUM_CHECKS for told in check(figures)]
    return findings


def cumulative(period: str) -> str:
    """The cut-off at which a period ends: a quarter alone is told with the year so far, in the same folder.

    "" for a file of which nothing says the period.
    """
    return str(parse_cutoff(period).end) if period else ""


def _cutoff(text: str | None, plan: Plan) -> Cutoff | None:
    try:
        return plan.check_cutoff(parse_cutoff(text).end) if text else None
    except VetanalysisError:
        return None


def _names(found: Received, read: Reading, plan: Plan) -> Iterator[Finding]:
    file = found.path.name
    if read.unit and found.unit and read.unit != found.unit:
        stated, named = unit_words(plan, read.unit), unit_words(plan, found.unit)
        what = Said("returns.unit_differs", stated=stated, named=named)
        yield finding_of("unit-differs", file, "", what)
    if read.period and found.period and cumulative(read.period) != found.period:
        inside, outside = period_words(read.period), period_words(found.period)
        what = Said("returns.period_differs", stated=inside, named=outside, folder=found.period)
        yield finding_of("period-differs", file, "", what)
    if not found.day:
        yield finding_of("no-received-day", file, "", Said("returns.no_received_day"))
    if found.belongs:
        yield finding_of(
            "other-folder",
            file,
            "",
            Said("returns.other_folder", period=period_words(found.period), plan=found.belongs),
        )


def _period(found: Received, read: Reading, plan: Plan, cutoff: Cutoff | None) -> Iterator[Finding]:
    if cutoff is None or cutoff.code == "start":
        return
    first, last = window(cutoff, plan.calendar)
    wanted = (first.isoformat(), last.isoformat())
    alone = tuple(day.isoformat() for day in step_window(cutoff, plan.calendar))
    told_alone = read.basis == "period" and read.window == alone
    if read.window and tuple(read.window) != wanted and not told_alone:
        period, (start, end), (due_start, due_end) = period_words(str(cutoff)), read.window, wanted
        what = Said(
            "returns.window_differs", period=period, first=day_words(start), last=day_words(end),
            due_first=day_words(due_start), due_last=day_words(due_end),
        )  # fmt: skip
        yield finding_of("window-differs", found.path.name, "", what)
    day = parse_day(found.day)
    if day is not None and day <= cutoff_day(cutoff, plan.calendar):
        what = Said("returns.received_early", came=day_words(found.day), end=day_words(wanted[1]))
        yield finding_of("received-early", found.path.name, "", what)
    unit = read.unit or found.unit
    if unit in by_unit(plan, "name") and unit not in reporting_units(plan, cutoff):
        asked = period_words(str(cutoff))
        what = Said("returns.not_a_sender", unit=unit_words(plan, unit), period=asked)
        yield finding_of("not-a-sender", found.path.name, "", what)


def _marked(found: Received, read: Reading, plan: Plan) -> Iterator[Finding]:
    invented = read.illustrative or any(read.columns["illustrative"])
    readable = read.count > 0 or invented
    if invented and not illustrative_plan(plan):
        yield finding_of("illustrative-in-real", found.path.name, "", Said("returns.illustrative_in_real"))
    if readable and not invented and illustrative_plan(plan):
        yield finding_of("real-in-illustrative", found.path.name, "", Said("returns.real_in_illustrative"))


def _communes(found: Received, read: Reading, plan: Plan, cutoff: Cutoff | None) -> Iterator[Finding]:
    communes = read.commune_quotas
    unit = read.unit or found.unit
    quota = quota_of(plan, unit, cutoff.year) if cutoff and unit else None
    if quota is None or not communes:
        return
    total, count = sum(one["value"] for one in communes), len(communes)
    if abs(total - quota) > 0.5:
        sheet, _ = sheet_and_cell(communes[0]["source"])
        what = Said("returns.commune_quotas", count=count, total=total, quota=quota)
        yield finding_of("commune-quotas", found.path.name, "", what, sheet=sheet)


@dataclass(frozen=True)
class Asked:
    """What is asked: measures allowed per indicator, and the indicators asked of this sender with their labels
    (None: not known): what its form asks, else what the plan says it owes.
    """

    measures: Mapping[str, frozenset[str]]
    owed: dict[str, str] | None

    @classmethod
    def of(
        cls, plan: Plan, unit: Unit | None, cutoff: Cutoff | None, form: frozenset[str] | None = None
    ) -> Asked:
        """From the plan's table of indicators; `form`: the indicators of the form where it is our own."""
        table, measures = plan.indicators, _measures(plan)
        if form is not None:
            labels = zip(table["id"], table["label_vi"], strict=True)
            return cls(measures, {name: label for name, label in labels if name in form})
        if unit is None or cutoff is None:
            return cls(measures, None)
        asked = indicators_owed(plan, unit, cutoff)
        labels = zip(asked["id"], asked["label_vi"], strict=True)
        return cls(measures, {name: label for name, label in labels if name not in FROM_COMMUNES})


@lru_cache(maxsize=8)
def _measures(plan: Plan) -> Mapping[str, frozenset[str]]:
    """The measures that each of the plan's indicators may have."""
    table = plan.indicators
    return {
        name: frozenset(text.split("|")) for name, text in zip(table["id"], table["measure"], strict=True)
    }


def negative(figures: Figures, asked: Asked) -> Iterator[Finding]:
    """A count, a rate or an amount below zero."""
    for one in figures.rows:
        if one.value < 0:
            yield figures.broken("negative", one, "returns.value", value=one.value)


def above_100_percent(figures: Figures, asked: Asked) -> Iterator[Finding]:
    """A rate above 100; rates against a plan or the year before may be."""
    for one in figures.rows:
        if (
            one.key.measure == "percent"
            and one.value > 100
            and not one.key.indicator.startswith(("plan_", "index_"))
        ):
            yield figures.broken("above-100-percent", one, "returns.value_percent", value=one.value)


def not_whole(figures: Figures, asked: Asked) -> Iterator[Finding]:
    """A fraction where only whole numbers exist."""
    for one in figures.rows:
        if one.key.measure in WHOLE and one.value % 1 != 0:
            facts = {"value": one.value, "measure": measure_words(one.key.measure)}
            yield figures.broken("not-whole", one, "returns.not_whole", **facts)


def measures(figures: Figures, asked: Asked) -> Iterator[Finding]:
    """A measure the plan does not give the quantity, two measures for one quantity, enrolments told for people."""
    first: dict[str, str] = {}
    for one in figures.rows:
        indicator, measure = one.key.indicator, one.key.measure
        allowed = asked.measures.get(indicator)
        if not measure:
            continue
        if allowed and measure not in allowed:
            rule = "enrolments-as-people" if measure in ENROLMENTS and PEOPLE in allowed else "measures-mixed"
            facts = {"measure": measure_words(measure), "allowed": tuple(map(measure_words, sorted(allowed)))}
            yield figures.broken(rule, one, "returns.measure_differs", **facts)
        elif first.setdefault(indicator, measure) != measure:
            facts = {"before": measure_words(first[indicator]), "measure": measure_words(measure)}
            facts["name"] = figures.words.one("indicator", indicator)
            yield figures.broken("measures-mixed", one, "returns.measures_mixed", **facts)


def same_figure_twice(figures: Figures, asked: Asked) -> Iterator[Finding]:
    """One quantity with two values: an error; the same value again: worth knowing."""
    for one in figures.rows:
        before = figures.by_key[one.quantity]
        if before is one or (before.key.measure, before.key.basis) != (one.key.measure, one.key.basis):
            continue
        severity = "" if before.value != one.value else "warning"
        page, cell = sheet_and_cell(before.source)
        facts = {"first": before.value, "second": one.value, "cell": cell, "page": page}
        yield figures.broken("same-figure-twice", one, "returns.same_figure_twice", severity, **facts)


def all_zero(figures: Figures, asked: Asked) -> Iterator[Finding]:
    """A return of nothing but zeros more often means that nothing is known; what the form brings filled in (those
    in training at the start of the year) says nothing about that.
    """
    told = [one for one in figures.rows if one.key.indicator not in FILLED_IN]
    if len(told) >= 5 and all(one.value == 0 for one in told):
        yield figures.broken("all-zero", told[0], "returns.all_zero", count=len(told))


def not_reported(figures: Figures, asked: Asked) -> Iterator[Finding]:
    """Quantities the sender owes for which the file holds no figure at all."""
    if asked.owed is None or not figures.rows:
        return
    blank = [name for name in asked.owed if name not in {one.key.indicator for one in figures.rows}]
    if blank:
        what = Said("returns.not_reported", names=tuple(figures.words.one("indicator", one) for one in blank))
        yield finding_of("not-reported", figures.file, "", what)


VALUE_CHECKS: tuple[Callable[[Figures, Asked], Iterator[Finding]], ...] = (
    negative, above_100_percent, not_whole, measures, same_figure_twice, all_zero, not_reported,
)  # fmt: skip


def part_above_whole(figures: Figures) -> Iterator[Finding]:
    """Women, a group, rural people, a trade above the total they belong to, at every level."""
    for key, one in figures.by_key.items():
        for name in key.breakdowns:
            whole = figures.whole(key, **{name: ""})
            if (
                whole is not None
                and whole.key.measure == one.key.measure != "percent"
                and one.value > whole.value + 1e-9
            ):
                yield figures.above("part-above-whole", one, whole, Said("returns.above.total"))


def total_blank(figures: Figures) -> Iterator[Finding]:
    """A total left blank beside a part of it that is given (women, a group, rural people), once per blank cell."""
    told: set[Key] = set()
    for key, one in figures.by_key.items():
        for name in ("sex", "group", "residence"):
            if not (getattr(key, name) and one.value > 0):
                continue
            whole = key._replace(**{name: ""})
            if whole in figures.read.blank and whole not in told:
                told.add(whole)
                what = Said(
                    "returns.total_blank", name=figures.named(whole), part=figures.named(key), value=one.value,
                    cell=sheet_and_cell(one.source)[1] or "-",
                )  # fmt: skip
                sheet, cell = sheet_and_cell(figures.read.blank[whole])
                yield finding_of("total-blank", figures.file, cell, what, sheet=sheet)


def quantity_above_whole(figures: Figures) -> Iterator[Finding]:
    """A quantity that is part of another one, above it (`WITHIN`), at every breakdown both have."""
    wholes = dict.fromkeys(part for part, _ in WITHIN)
    for key, one in figures.by_key.items():
        if key.indicator not in wholes:
            continue
        for part, whole_name in WITHIN:
            whole = figures.whole(key, indicator=whole_name) if part == key.indicator else None
            if whole is not None and whole.key.measure == one.key.measure and one.value > whole.value + 1e-9:
                severity, limit = "warning" if part in LOOSELY else "", Key(whole_name)
                yield figures.above("certified-above-trained", one, whole, figures.named(limit), severity)


def parts_and_total(figures: Figures) -> Iterator[Finding]:
    """Levels, both sexes, trades that do not add up to the total that is stated, or not to each other."""
    for block, rows in figures.blocks.items():
        if any(one.key.measure == "percent" for one in rows.values()):
            continue
        sums: dict[str, tuple[float, Figure]] = {}
        of_one: dict[tuple[str, ...], list[Figure]] = {}
        for key, one in rows.items():
            of_one.setdefault(key.breakdowns, []).append(one)
        for name in EXCLUSIVE:
            parts = of_one.get((name,), [])
            given = {getattr(one.key, name) for one in parts}
            if len(parts) < 2 or (name in _WHOLE_SETS and given != _WHOLE_SETS[name]):
                continue
            sums[name] = (sum(one.value for one in parts), parts[0])
            whole = rows.get(block)
            if whole is not None and abs(sums[name][0] - whole.value) > _TOLERANCE:
                facts = {"parts": Said(f"returns.parts.{name}"), "sum": sums[name][0], "total": whole.value}
                yield figures.broken("parts-and-total", whole, "returns.parts_and_total", **facts)
        if block not in rows and {"level", "trade"} <= set(sums):
            levels, trades = sums["level"], sums["trade"]
            if abs(levels[0] - trades[0]) > _TOLERANCE:
                facts = {"name": figures.named(block), "levels": levels[0], "trades": trades[0]}
                yield figures.broken("parts-and-total", trades[1], "returns.levels_and_trades", **facts)


def groups_added(figures: Figures) -> Iterator[Finding]:
    """Totals that are exactly the sums of groups that overlap, wherever groups are given: somebody added them.

    A small total may equal such a sum by chance; two of at least thirty people, or one of a hundred, hardly.
    """
    for rows in figures.blocks.values():
        sums: dict[Key, list[float]] = {}
        for key, one in rows.items():
            if key.group and one.value > 0 and one.key.measure != "percent":
                sums.setdefault(key._replace(group=""), []).append(one.value)
        wholes = [(rows[key], parts) for key, parts in sums.items() if key in rows and len(parts) > 1]
        added = [one for one, parts in wholes if abs(sum(parts) - one.value) < 1e-9]
        alone = len(wholes) == 1 and not wholes[0][0].key.level and wholes[0][0].value >= 100
        many = sum(one.value >= 30 for one in added) > 1
        if len(added) == len(wholes) and (many or alone):
            for one in added:
                yield figures.broken("groups-added", one, "returns.groups_added", total=one.value)


def stock_identity(figures: Figures) -> Iterator[Finding]:
    """In training at the end = at the start + new - graduated - dropped out, by level, where all five are given."""
    for key, end in figures.by_key.items():
        if key.indicator != "people_in_training" or set(key.breakdowns) - {"level"}:
            continue
        names = (START_STOCK, "people_enrolled", "people_graduated", "people_dropped_out")
        start, new, done, left = (figures.whole(key, indicator=name) for name in names)
        if start is None or new is None or done is None or left is None:
            continue
        expected = start.value + new.value - done.value - left.value
        if abs(expected - end.value) > _TOLERANCE:
            yield figures.broken(
                "stock-identity", end, "returns.stock_identity", end=end.value, start=start.value,
                new=new.value, graduated=done.value, left=left.value, expected=expected,
            )  # fmt: skip


SUM_CHECKS: tuple[Callable[[Figures], Iterator[Finding]], ...] = (
    part_above_whole, total_blank, quantity_above_whole, parts_and_total, groups_added, stock_identity,
)  # fmt: skip
