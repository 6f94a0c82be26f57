"""Tables of units and of years: people by level, every unit against quota and season, this year beside earlier ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vetanalysis.assessment.evidence import band_of
from vetanalysis.assessment.record import MARK, notes
from vetanalysis.blocks import MISSING_CELL, Cell, Column, Said, Table, Text, Wording
from vetanalysis.language.filters import known
from vetanalysis.narrative.period import PeriodFacts

if TYPE_CHECKING:
    from vetanalysis.plan import Level

FEW = 10  # fewer cases than these a year ago make no percentage
FEW_CELL = "*"  # stands in its place


def level_table(facts: PeriodFacts) -> Table | None:
    """Quota and people of every unit, by level, and the whole place; None where nothing is counted.

    The units are those directly under the place; people of none of them and those beside its quotas are named.
    """
    levels = [one for one in facts.plan.levels if _any(facts, level=one.id) and one.counted]
    if not levels:
        return None
    columns = [
        Column(Said("tables.number"), align="center", width=0.6),
        Column(Said("tables.unit"), align="left", width=2.8),
    ]
    for name in [*(one.name for one in levels), Said("tables.by_level.all")]:
        columns.append(Column(Said("tables.quota"), group=name))
        columns.append(Column(Said("tables.done"), group=name))
        columns.append(Column("%", group=name, width=0.8))
    units, place = [*facts.carriers, *facts.without_quota], facts.plan.place.code
    rows: list[tuple[Cell | Said | Text | str, ...]] = [
        (Cell(number, "ordinal"), facts.called(unit), *_by_level(facts, unit, levels))
        for number, unit in enumerate(units, 1)
    ]
    rest = _rest(facts, units, levels)
    if any(cell.value for cell in rest):
        rows.append(("", Said("tables.by_level.rest"), *rest))
    rows.append(("", Said("tables.total"), *_by_level(facts, place, levels)))
    title = Said("tables.by_level.title", as_of=str(facts.cutoff))
    notes = (*_marks(rows), *_beside_quotas(facts, units, levels))
    return Table("by_level", title, tuple(columns), tuple(rows), notes, frozenset({len(rows) - 1}), True)


def _marks(rows: Sequence[Sequence[Wording]]) -> list[Said]:
    """What the marks of the table by level mean, of those that it has."""
    empty = {cell.missing for row in rows for cell in row if isinstance(cell, Cell) and not known(cell.value)}
    told = [Said(f"tables.by_level.{name}") for name, mark in _MARKS.items() if mark in empty]
    return [Said("tables.by_level.notes", told=tuple(told))] if told else []


_MARKS = {"silent": MISSING_CELL, "neither": "-"}


def _splits(levels: Sequence[Level]) -> list[dict[str, str]]:
    return [*({"level": one.id} for one in levels), {}]


def _rest(facts: PeriodFacts, units: Sequence[str], levels: Sequence[Level]) -> list[Cell]:
    """What the place has of quotas and people by level beyond its units; empty cells where they add up to it."""
    cells = []
    for split in _splits(levels):
        lines = [facts.line(facts.people, unit, **split) or {} for unit in units]
        whole = facts.line(facts.people, facts.plan.place.code, **split) or {}
        for name in ("plan_value", "value"):
            total, parts = _figure(whole, name), [_figure(line, name) for line in lines]
            more = None if total is None else total - sum(part for part in parts if part is not None)
            some = any(part is not None for part in parts)
            cells.append(Cell(more if some and more and abs(more) >= 0.5 else None, "count", missing="-"))
        cells.append(Cell(None, "decimal", missing="-"))
    return cells


def _beside_quotas(facts: PeriodFacts, units: Sequence[str], levels: Sequence[Level]) -> list[Said]:
    """A note that names the units that count people in a level for which they were given no quota, and how many."""
    counted: dict[str, float] = {}
    for unit in units:
        lines = [facts.line(facts.people, unit, level=level.id) or {} for level in levels]
        if _figure(facts.line(facts.people, unit) or {}, "plan_value") is not None and not any(
            _figure(line, "plan_value") is not None for line in lines
        ):
            continue  # its quota is of all levels together
        for line in lines:
            done = _figure(line, "value")
            if done and _figure(line, "plan_value") is None:
                counted[unit] = counted.get(unit, 0.0) + done
    given = any(_figure(facts.line(facts.people, unit) or {}, "plan_value") is not None for unit in units)
    if not counted or not given:
        return []
    names = tuple(facts.called(unit) for unit in counted)
    return [Said("tables.by_level.no_quota", units=names, count=len(names), people=sum(counted.values()))]


def _by_level(facts: PeriodFacts, unit: str, levels: Sequence[Level]) -> list[Cell]:
    """Quota, people and share of each level and of all together; "-" for a unit that has neither of a level."""
    cells = []
    for split in _splits(levels):
        line = facts.line(facts.people, unit, **split) or {}
        quota, done, share = (_figure(line, name) for name in ("plan_value", "value", "percent_of_plan"))
        if quota is None and done is None:
            none = "-" if split and unit != facts.plan.place.code else MISSING_CELL
            cells += [Cell(None, "count", missing=none)] * 3
        else:
            cells += [Cell(quota, "count", missing="-"), Cell(done, "count"), Cell(share, "decimal")]
    return cells


def units_table(facts: PeriodFacts) -> Table | None:
    """Every unit directly under the place and the place: people against quota, same period and season, the estimate.

    Quota, people, share, share of the same period, the share of a year usually there by now, what is still needed,
    and the year's estimate, range and chance, which end with the year. None where nothing is counted.
    """
    codes = [*facts.carriers, *facts.without_quota]
    if not codes or not _any(facts):
        return None
    rows: list[tuple[Wording, ...]] = [
        (Cell(number, "ordinal"), facts.called(unit), *standing_of(facts, unit), *_estimate_of(facts, unit))
        for number, unit in enumerate(codes, 1)
    ]
    place = facts.plan.place.code
    rows.append(("", Said("tables.total"), *standing_of(facts, place), *whole_estimate(facts)))
    projected = Said("tables.units.estimate")
    columns = [
        Column(Said("tables.number"), align="center", width=0.6),
        Column(Said("tables.unit"), align="left", width=2.2),
        Column(Said("tables.quota")),
        Column(Said("tables.done"), width=1.1),
        Column(Said("tables.of_quota")),
        Column(Said("tables.of_last_year" if facts.closed else "tables.of_same_period"), width=1.25),
        Column(Said("tables.usual"), width=1.1),
        Column(Said("tables.short_or_above" if facts.closed else "tables.lacking")),
        Column(Said("tables.units.median"), group=projected),
        Column(Said("tables.units.range"), group=projected, width=1.6),
        Column(Said("tables.chance"), width=1.1),
    ]
    kept = tuple(range(len(columns)))
    if facts.closed or facts.year is None:
        kept = kept[:8]
    if facts.closed or all(facts.usual(unit) is None for unit in codes):  # no season is known, or it is over
        kept = tuple(place for place in kept if place != 6)
    title = Said(f"tables.units.title{'.closed' if facts.closed else ''}", as_of=str(facts.cutoff))
    return Table(
        "units", title, tuple(columns[place] for place in kept),
        tuple(tuple(row[place] for place in kept) for row in rows),
        (*marks(rows), *past_note(facts, rows), *_unit_notes(facts, codes)),
        frozenset({len(rows) - 1}), landscape=True,
        measure=Said("tables.in_measure", measure=facts.plan.counted_in),
    )  # fmt: skip


def _unit_notes(facts: PeriodFacts, codes: Sequence[str]) -> tuple[Said, ...]:
    """What the marks mean, and why what is still needed of the place is not the sum over its units."""
    notes = []
    if not facts.closed and any(facts.usual(unit) is not None for unit in codes):
        notes.append(Said("tables.units.usual"))
    whole = _needed(facts.line(facts.people, facts.plan.place.code) or {})
    lines = {unit: facts.line(facts.people, unit) or {} for unit in codes}
    if whole is None:
        return tuple(notes)
    both = [(_figure(line, "plan_value") or 0.0, _figure(line, "value")) for line in lines.values()]
    silent = sum(quota for quota, done in both if done is None)
    beyond = sum(max(done - quota, 0.0) for quota, done in both if done is not None)  # or without a quota
    rest = whole - sum(_needed(line) or 0.0 for line in lines.values()) - silent + beyond
    told = [(quota, done) for quota, done in both if done is not None and quota]
    together = 100 * sum(done for _, done in told) / sum(quota for quota, _ in told) if told else None
    why = [Said("tables.units.silent", people=silent, reported=together)] if silent else []
    why += [Said("tables.units.beyond", people=beyond)] if beyond and not facts.closed else []
    why += [Said("tables.units.other", people=rest)] if abs(rest) >= 0.5 else []
    return (*notes, Said("tables.units.total", needed=whole, why=tuple(why))) if why else tuple(notes)


def marks(rows: Sequence[Sequence[Wording]]) -> tuple[Said, ...]:
    """What ".." and "*" mean, under a table that has them."""
    cells = [cell if isinstance(cell, Cell) else Cell(cell, "words") for row in rows for cell in row]
    empty = [cell.missing if not known(cell.value) else cell.value for cell in cells if cell.words is None]
    told = ((MISSING_CELL, Said("tables.no_figure")), (FEW_CELL, Said("tables.few_cases", few=FEW)))
    return tuple(note for mark, note in told if mark in empty)


def past_note(facts: PeriodFacts, rows: Sequence[Sequence[Wording]]) -> tuple[Said, ...]:
    """What came of earlier statements with the words of the chances that are marked; nothing where none is."""
    marked = [cell.value for row in rows for cell in row if isinstance(cell, Cell) and cell.flag == MARK]
    return notes(
        {status: facts.not_held[status] for status in sorted({band_of(one).status for one in marked})}
    )


def standing_of(facts: PeriodFacts, unit: str) -> tuple[Cell, ...]:
    """The same in the table of all units; once the year is over how many people are short of the quota or above it."""
    *others, needed = standing(facts, unit)
    line = facts.line(facts.people, unit) or {}
    quota, done = _figure(line, "plan_value"), _figure(line, "value")
    if facts.closed and quota is not None and done is not None:
        needed = Cell(float(done) - float(quota), "signed")
    return (*others, needed)


def standing(facts: PeriodFacts, unit: str) -> tuple[Cell, ...]:
    """A unit's quota, people, share of quota and of the same period, share of a year usual by now, still needed."""
    line = facts.line(facts.people, unit) or {}
    quota = _figure(line, "plan_value")
    return (
        Cell(quota, "count", words=Said("tables.not_given") if quota is None else None),
        Cell(_figure(line, "value"), "count"),
        Cell(_figure(line, "percent_of_plan"), "decimal", missing=MISSING_CELL if quota else "-"),
        Cell(of_last_year(line), "decimal", missing=FEW_CELL if is_of_few_cases(line) else MISSING_CELL),
        Cell(facts.usual(unit), "usual"),
        Cell(_needed(line), "count", missing=MISSING_CELL if quota else "-"),
    )


def of_last_year(line: Mapping[str, Any]) -> float | None:
    """The percentage of the same period a year before; None where fewer than `FEW` cases were counted then."""
    return None if is_of_few_cases(line) else _figure(line, "index_last_year")


def is_of_few_cases(line: Mapping[str, Any]) -> bool:
    """Whether so few cases were counted a year before that a percentage of them says nothing; never of money."""
    told = _figure(line, "index_last_year") is not None and "dong" not in line["measure"]
    return told and line["last_year_value"] < FEW


def _needed(line: Mapping[str, Any]) -> float | None:
    """People still missing to the quota, 0 beyond it; None without a quota or a figure."""
    quota, done = _figure(line, "plan_value"), _figure(line, "value")
    return None if quota is None or done is None else max(float(quota) - float(done), 0.0)


def _estimate_of(facts: PeriodFacts, unit: str) -> tuple[Cell, Cell, Cell]:
    if facts.year is None or unit not in facts.year.units.index:
        return estimate(facts, None, None, None)
    row = facts.year.units.loc[unit]
    chance = row["probability"] if facts.year.allowed or known(row["counted"]) else None
    return estimate(
        facts, row["median"], (float(row["lower_80"]), float(row["upper_80"])), chance, row["plan"]
    )


def whole_estimate(facts: PeriodFacts) -> tuple[Cell, Cell, Cell]:
    """Estimate and chance of the place's year, its units together."""
    if facts.year is None:
        return estimate(facts, None, None, None)
    projected, chance = facts.year.reconciled.projection(), None
    quota = (facts.line(facts.people, facts.plan.place.code) or {}).get("plan_value")
    if facts.year.allowed:
        planned = float(quota) if known(quota) else float(facts.year.units["plan"].sum())
        chance = projected.probability(planned, ">=")
    return estimate(facts, projected.median, projected.interval(0.8), chance, quota)


def estimate(
    facts: PeriodFacts,
    median: float | None,
    spread: tuple[float, float] | None,
    probability: float | None,
    quota: float | None = None,
) -> tuple[Cell, Cell, Cell]:
    """Median, 80 % range and chance of a year's people beside their quota; None where there is none."""
    return (
        Cell(None if median is None else float(median), "about_bare", goal=quota),
        Cell(spread, "spread"),
        chance(facts, probability),
    )


def chance(facts: PeriodFacts, probability: float | None) -> Cell:
    """The chance of a year's people, marked where its word did not hold what came."""
    if probability is None or not known(probability):
        return Cell(None, "chance")
    flag = MARK if band_of(float(probability)).status in facts.not_held else ""
    return Cell(float(probability), "chance", flag=flag)


def one_sided(facts: PeriodFacts) -> list[Said]:
    """Why the last quarter's or month's people are not the difference of two running totals: whose report lacks one.

    Empty where every unit sent both reports, and in the first quarter or month of a year.
    """
    step, calendar = facts.step, facts.plan.calendar
    if facts.counted is None or step < 2 or not facts.is_place:
        return []
    now = facts.counted.flow(facts.plan.place.code).as_reported.lowest.current()
    if step not in now or step - 1 not in now:
        return []
    gone = now.loc[now[step].isna(), step - 1].dropna()
    anew = now.loc[now[step - 1].isna(), step].dropna()
    period = str(calendar.cutoff(facts.cutoff.year, step - 1))
    told = [("left_out", gone), ("came_anew", anew)]
    return [
        Said(
            f"tables.indicators.{name}", people=float(some.sum()), count=len(some), period=period,
            before=float(now[step - 1].sum()),
        )
        for name, some in told
        if len(some)
    ]  # fmt: skip


def came_later(facts: PeriodFacts) -> list[Said]:
    """How many of the last quarter's or month's people are of units whose report before never came, only its figure.

    Empty where there are none, and where it is not known who owed that report.
    """
    step, calendar, alone = facts.step, facts.plan.calendar, facts.alone(facts.people)
    if facts.counted is None or facts.asked_before is None or not facts.is_place or alone is None:
        return []
    if step < 2 or facts.before_as_of != str(calendar.cutoff(facts.cutoff.year, step - 1)):
        return []
    flow = facts.counted.flow(facts.plan.place.code)
    people = (flow.told_at(step) - flow.told_at(step - 1)).dropna()
    people = people[people.index.isin([unit for unit, day in facts.asked_before.came.items() if not day])]
    if people.empty:
        return []
    return [
        Said(
            "tables.indicators.came_later", alone=alone, step=calendar.step, people=float(people.sum()),
            count=len(people), period=facts.before_as_of,
        )
    ]  # fmt: skip


def missing_below(facts: PeriodFacts) -> tuple[Text, ...]:
    """Units under the one reported on whose return of this period has not come; none of the place's."""
    table = facts.plan.units
    below = set(table.loc[table["parent"] == facts.unit, "code"])
    return () if facts.is_place else tuple(facts.called(unit) for unit in facts.missing if unit in below)


def years_table(facts: PeriodFacts) -> Table | None:
    """This year beside up to three before it at the same point, of the units that have reported; None without any.

    Against a year that not all of them have, this year is that of those that have both; how many these are is noted.
    """
    now, past = facts.value(facts.people), facts.same_point
    if now is None or past.empty:
        return None
    none, of_both = Cell(missing="-"), past[past["units"] < past["reported"]]
    rows: list[tuple[Cell | Said, ...]] = [
        (
            Cell(f"{year}-FY", "words", words=Said("tables.years.year", year=int(year))),
            Cell(row["then"], "count"),
            Cell(
                100 * (row["now"] if year in of_both.index else now) / row["then"]
                if row["then"] > 0
                else None,
                "decimal",
            ),
            Cell(row["whole"], "count"),
            Cell(100 * row["then"] / row["whole"] if row["whole"] > 0 else None, "usual"),
        )
        for year, row in past.iterrows()
    ]
    this = Said("tables.years.year", year=facts.cutoff.year)
    rows.append((this, Cell(now, "count"), none, none, none))
    columns = (
        Column(Said("tables.years"), align="left"),
        Column(Said("tables.years.whole" if facts.closed else "tables.years.then"), width=1.3),
        Column(Said("tables.years.now"), width=1.3),
        Column(Said("tables.years.whole")),
        Column(Said("tables.years.share"), width=1.3),
    )
    kept = (0, 1, 2) if facts.closed else (0, 1, 2, 3, 4)
    title = f"tables.years.title{'.closed' if facts.closed else ''}"
    late = len(facts.year.late) if facts.is_place and facts.year is not None else 0
    notes = (
        *((Said("tables.years.note", late=late),) if late else ()),
        *(
            Said("tables.years.both", years=tuple(Said("tables.years.year", year=int(year)) for year in alike.index),
                 units=int(of[0]), reported=int(of[1]), now=of[2])
            for of, alike in of_both.groupby(["units", "reported", "now"], sort=False)
        ),
    )  # fmt: skip
    return Table(
        "years", Said(title, as_of=str(facts.cutoff), unit=facts.inside(facts.unit)),
        tuple(columns[place] for place in kept), tuple(tuple(row[place] for place in kept) for row in rows), notes,
        frozenset({len(rows) - 1}), measure=Said("tables.in_measure", measure=facts.plan.counted_in),
    )  # fmt: skip


def _figure(line: Mapping[str, Any], name: str) -> float | None:
    return line[name] if known(line.get(name)) else None


def _any(facts: PeriodFacts, **split: str) -> bool:
    return any(facts.value(facts.people, unit, **split) is not None for unit in facts.carriers)
